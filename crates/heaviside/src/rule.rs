//! A small network as a rule a person can read, in the units of the data.
//!
//! Entry points: [`rule`], and [`without_specks`] before it where the points are at hand.

use bdnn::exact::patterns;
use bdnn::{Layer, Network, Points, Rational, Scaler, significant};
use std::borrow::Cow;

/// Largest number of features that weigh anything, and of neurons a layer, for which a rule is printed.
const READABLE: usize = 6;
/// Significant digits of the coefficients shown.
const DIGITS: usize = 5;
/// A weight whose term is nowhere more than this part of the largest term of its neuron is a speck.
const SPECK: f64 = 1e-9;

/// The network without the specks of its first layer, where it does the same at every point, neuron by neuron; else as it is. Cost
/// O(points * weights).
#[must_use]
pub fn without_specks<'n>(network: &'n Network, points: &Points) -> Cow<'n, Network> {
    if features_used(network) > READABLE {
        return Cow::Borrowed(network);
    }
    let mut swept = network.clone();
    let mut largest = vec![0.0_f64; points.num_features()];
    for i in 0..points.len() {
        largest.iter_mut().zip(points.scaled(i)).for_each(|(largest, x)| *largest = largest.max(x.abs()));
    }
    if let Some(first) = swept.layers.first_mut() {
        for weights in first.weights.chunks_mut(first.inputs.max(1)) {
            let term = |(w, x): (&f64, &f64)| (w * x).abs();
            let most = weights.iter().zip(&largest).map(term).fold(0.0, f64::max);
            let specks = weights.iter_mut().zip(&largest).filter(|(w, x)| term((&**w, *x)) <= SPECK * most);
            specks.for_each(|(w, _)| *w = 0.0);
        }
    }
    let same = swept == *network || patterns(points, network) == patterns(points, &swept);
    if same { Cow::Owned(swept) } else { Cow::Borrowed(network) }
}

/// The rule, one line a neuron; `None` when the network is too large to read, or its coefficients are beyond floats.
///
/// A neuron of the first layer is an inequality over the features, with rounded coefficients. A later neuron sees only
/// zeros and ones: it is written as the shortest sets of conditions that make it fire, found exactly.
///
/// ```
/// use heaviside::{Layer, Network, Scaler, rule};
///
/// let layer = Layer { inputs: 2, outputs: 1, weights: vec![1.0, -0.5], biases: vec![-3.0] };
/// let names = |names: [&str; 2]| names.map(str::to_owned);
/// let lines = rule(&Network { layers: vec![layer] }, &Scaler::identity(2), &names(["x", "y"]), &names(["no", "yes"]));
/// assert_eq!(lines.unwrap(), ["yes if x - 0.5 y >= 3, else no"]);
/// ```
#[must_use]
pub fn rule(network: &Network, scaler: &Scaler, features: &[String], classes: &[String]) -> Option<Vec<String>> {
    if features_used(network) > READABLE || network.layers.iter().any(|layer| layer.outputs > READABLE) {
        return None;
    }
    let depth = network.layers.len();
    let mut lines = vec![];
    let mut inputs = vec![];
    for (k, layer) in network.layers.iter().enumerate() {
        let names: Vec<String> = (1..=layer.outputs).map(|j| neuron_name(k, j, depth, classes)).collect();
        for (j, name) in names.iter().enumerate() {
            let condition =
                if k == 0 { inequality(layer, j, scaler, features)? } else { conditions(layer, j, &inputs) };
            let otherwise = if k + 1 == depth && classes.len() == 2 { classes.first() } else { None };
            lines.push(line(name, &condition, otherwise));
        }
        inputs = names;
    }
    Some(lines)
}

/// Features that some neuron of the first layer gives a weight.
fn features_used(network: &Network) -> usize {
    let Some(first) = network.layers.first() else { return 0 };
    (0..first.inputs).filter(|&l| (0..first.outputs).any(|j| first.neuron(j)[l] != 0.0)).count()
}

/// Why [`rule`] gives none for a network.
#[must_use]
pub fn unreadable(network: &Network) -> String {
    if features_used(network) > READABLE {
        format!("more than {READABLE} features with weights")
    } else if network.layers.iter().any(|layer| layer.outputs > READABLE) {
        format!("more than {READABLE} neurons in a layer")
    } else {
        "numbers beyond floats".to_owned()
    }
}

/// When a neuron fires, as a sentence; `otherwise` is what the network says when its only output does not.
fn line(name: &str, condition: &Condition, otherwise: Option<&String>) -> String {
    match (condition, otherwise) {
        (Condition::Always, _) => format!("{name} always"),
        (Condition::Never, Some(otherwise)) => format!("{otherwise} always"),
        (Condition::Never, None) => format!("{name} never"),
        (Condition::If(text), Some(otherwise)) => format!("{name} if {text}, else {otherwise}"),
        (Condition::If(text), None) => format!("{name} if {text}"),
    }
}

/// When a neuron fires.
#[derive(Debug, PartialEq)]
enum Condition {
    Always,
    Never,
    If(String),
}

/// `h1`, `h2` in a single hidden layer, `h1.2` for neuron 2 of layer 1 of several, a class at the output.
fn neuron_name(k: usize, j: usize, depth: usize, classes: &[String]) -> String {
    match (k + 1 == depth, depth) {
        (true, _) if classes.len() == 2 => classes[1].clone(),
        (true, _) => classes[j - 1].clone(),
        (false, 2) => format!("h{j}"),
        (false, _) => format!("h{}.{j}", k + 1),
    }
}

/// `w_1 x_1 + .. + w_n x_n >= t` with the scaling folded in. Whole coefficients stay; others are divided by the largest,
/// a single one is divided away. Computed exactly, since a quotient may be no float though the inequality is fine; `None`
/// if a number that would be shown is none either.
fn inequality(layer: &Layer, j: usize, scaler: &Scaler, features: &[String]) -> Option<Condition> {
    let exact = |x: f64| Rational::try_from(x).unwrap_or(Rational::ZERO);
    let coefficients: Vec<Rational> =
        layer.neuron(j).iter().zip(&scaler.divisor).map(|(&w, &d)| exact(w) / exact(d)).collect();
    let terms = coefficients.iter().zip(&scaler.shift);
    let threshold = terms.fold(-exact(layer.biases[j]), |sum, (c, &s)| sum + c * exact(s));
    let used = || coefficients.iter().filter(|c| **c != Rational::ZERO);
    let absolute = |c: &Rational| if *c < Rational::ZERO { -c } else { c.clone() };
    let Some(largest) = used().map(absolute).max() else {
        return Some(if threshold <= Rational::ZERO { Condition::Always } else { Condition::Never });
    };
    let float = |c: &Rational| c.to_f64().value();
    let whole = used().map(float).all(|c| c.is_finite() && c.fract() == 0.0);
    // Dividing by a negative number turns the inequality: a single term, or a sum that would open with a minus.
    let turned = used().next().is_some_and(|c| *c < Rational::ZERO);
    let size = if whole && used().count() > 1 { Rational::ONE } else { largest };
    let divisor = if turned { -size } else { size };

    let mut sum = String::new();
    for (coefficient, feature) in coefficients.iter().zip(features).filter(|(c, _)| **c != Rational::ZERO) {
        let coefficient = float(&(coefficient / &divisor));
        if !coefficient.is_normal() {
            return None;
        }
        let sign = match (sum.is_empty(), coefficient < 0.0) {
            (true, _) => "",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        let factor = coefficient.abs();
        let factor = if factor == 1.0 { String::new() } else { significant(factor, DIGITS) + " " };
        sum += &format!("{sign}{factor}{}", term(feature));
    }
    let relation = if turned { "<=" } else { ">=" };
    let threshold = float(&(threshold / &divisor));
    threshold.is_finite().then(|| Condition::If(format!("{sum} {relation} {}", significant(threshold, DIGITS))))
}

/// A feature's name in a sum, in quotes where it could be read as a number, an operator or several words.
fn term(name: &str) -> Cow<'_, str> {
    let starts = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let plain = starts && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '[' | ']'));
    if plain { name.into() } else { format!("\"{}\"", name.replace('"', "\"\"")).into() }
}

/// The neuron as a disjunction of its prime implicants. With the literal of input `l` taken true in the direction of its
/// weight, a threshold function is monotone: a set of true literals is enough iff the neuron fires when all others are
/// false. Cost O(4^d), d <= 6.
fn conditions(layer: &Layer, j: usize, inputs: &[String]) -> Condition {
    let exact = |x: f64| Rational::try_from(x).unwrap_or(Rational::ZERO);
    let weights: Vec<Rational> = layer.neuron(j).iter().map(|&w| exact(w)).collect();
    let fires_with = |set: u32| {
        let sum = weights.iter().enumerate().fold(exact(layer.biases[j]), |sum, (l, w)| {
            let literal = set >> l & 1 == 1;
            // A false literal on a negative weight is an input that fires.
            if literal == (*w > Rational::ZERO) { sum + w } else { sum }
        });
        sum >= Rational::ZERO
    };
    let used = (0..weights.len()).filter(|&l| weights[l] != Rational::ZERO).fold(0_u32, |set, l| set | 1 << l);
    let mut sets: Vec<u32> = (0..1 << weights.len()).filter(|set| set & !used == 0 && fires_with(*set)).collect();
    sets.sort_by_key(|set| (set.count_ones(), set.reverse_bits()));
    let mut minimal: Vec<u32> = vec![];
    for set in sets {
        if !minimal.iter().any(|smaller| smaller & set == *smaller) {
            minimal.push(set);
        }
    }
    minimal.sort_by_key(|set| (set.count_ones(), std::cmp::Reverse(set.reverse_bits())));
    let conjunction = |set: &u32| {
        let literals = (0..weights.len()).filter(|l| set >> l & 1 == 1);
        let words = literals
            .map(|l| if weights[l] < Rational::ZERO { format!("not {}", inputs[l]) } else { inputs[l].clone() });
        words.collect::<Vec<_>>().join(" and ")
    };
    match minimal.as_slice() {
        [] => Condition::Never,
        [0] => Condition::Always,
        [one] => Condition::If(conjunction(one)),
        several => {
            let part = |set: &u32| match set.count_ones() {
                1 => conjunction(set),
                _ => format!("({})", conjunction(set)),
            };
            Condition::If(several.iter().map(part).collect::<Vec<_>>().join(" or "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|&s| s.to_owned()).collect()
    }

    #[test]
    fn later_neurons_read_as_logic() {
        let inputs = names(&["h1", "h2", "h3"]);
        for (weights, bias, text) in [
            ([1.0, 1.0, 0.0], -2.0, "h1 and h2"),
            ([1.0, 1.0, 0.0], -1.0, "h1 or h2"),
            ([1.0, -1.0, 0.0], -1.0, "h1 and not h2"),
            ([1.0, 1.0, 1.0], -2.0, "(h1 and h2) or (h1 and h3) or (h2 and h3)"),
            ([-1.0, -1.0, -1.0], 0.0, "not h1 and not h2 and not h3"),
            ([0.5, 0.25, 0.25], -0.5, "h1 or (h2 and h3)"),
            ([1.0, 1.0, 1.0], 0.0, "always"),
            ([1.0, 1.0, 1.0], -3.5, "never"),
            ([0.0, 0.0, 0.0], 0.0, "always"),
            // In floats 0.1 + 0.2 is 0.30000000000000004; the exact sum of the two floats stays below it.
            ([0.1, 0.2, 0.0], -0.300_000_000_000_000_04, "never"),
        ] {
            let layer = Layer { inputs: 3, outputs: 1, weights: weights.to_vec(), biases: vec![bias] };
            let otherwise = "no".to_owned();
            let line = line("yes", &conditions(&layer, 0, &inputs), Some(&otherwise));
            let expected = match text {
                "always" => "yes always".to_owned(),
                "never" => "no always".to_owned(),
                text => format!("yes if {text}, else no"),
            };
            assert_eq!(line, expected, "{weights:?} {bias}");
        }
    }

    #[test]
    fn scaling_is_folded_into_the_inequality() {
        // (x - 1) / 2 * 1 - (y - 3) / 4 * 0.5 + 0.25 >= 0  <=>  0.5 x - 0.125 y >= 0.5 - 0.375 - 0.25
        let network =
            Network { layers: vec![Layer { inputs: 2, outputs: 1, weights: vec![1.0, -0.5], biases: vec![0.25] }] };
        let scaler = Scaler { shift: vec![1.0, 3.0], divisor: vec![2.0, 4.0] };
        let lines = rule(&network, &scaler, &names(&["x", "y"]), &names(&["no", "yes"])).unwrap();
        assert_eq!(lines, ["yes if x - 0.25 y >= -0.25, else no"]);
    }

    #[test]
    fn inequalities_are_easy_to_read() {
        let features = names(&["x", "y"]);
        for (weights, bias, divisor, text) in [
            ([0.0, -0.5], 1.0, 4.0, "y <= 8"),
            ([1.0, -1.0], 0.0, 1.0, "x - y >= 0"),
            ([-3.0, 2.0], 1.0, 1.0, "3 x - 2 y <= 1"),
            ([-0.5, 1.0], 0.25, 2.0, "0.5 x - y <= 0.5"),
        ] {
            let layer = Layer { inputs: 2, outputs: 1, weights: weights.to_vec(), biases: vec![bias] };
            let scaler = Scaler { shift: vec![0.0; 2], divisor: vec![divisor; 2] };
            assert_eq!(inequality(&layer, 0, &scaler, &features), Some(Condition::If(text.to_owned())));
        }
        let constant = Layer { inputs: 2, outputs: 1, weights: vec![0.0; 2], biases: vec![-1.0] };
        assert_eq!(inequality(&constant, 0, &Scaler::identity(2), &features), Some(Condition::Never));
    }

    /// No name runs into the arithmetic around it.
    #[test]
    fn names_that_are_no_words_stand_in_quotes() {
        let layer = Layer { inputs: 2, outputs: 1, weights: vec![1.0, -0.5], biases: vec![-0.5] };
        let shown = |feature: &str| inequality(&layer, 0, &Scaler::identity(2), &names(&[feature, "y"]));
        for (feature, term) in [
            ("5.1", "\"5.1\""),
            ("-3", "\"-3\""),
            ("2nd", "\"2nd\""),
            ("a - b", "\"a - b\""),
            ("petal length", "\"petal length\""),
            ("3\" pipe", "\"3\"\" pipe\""),
            ("", "\"\""),
            ("größe", "größe"),
            ("x.1[2]", "x.1[2]"),
        ] {
            assert_eq!(shown(feature), Some(Condition::If(format!("{term} - 0.5 y >= 0.5"))));
        }
        // Divided by the largest weight; a single one is divided away.
        let single = Layer { inputs: 1, outputs: 1, weights: vec![2.0], biases: vec![-1.0] };
        let rule = rule(&Network { layers: vec![single] }, &Scaler::identity(1), &names(&["5.1"]), &names(&["0", "1"]));
        assert_eq!(rule.unwrap(), ["1 if \"5.1\" >= 0.5, else 0"]);
    }

    /// A feature whose range is subnormal: the weight over it is no float.
    #[test]
    fn tiny_and_huge_scales() {
        let features = names(&["x", "y"]);
        let layer = |weights: [f64; 2]| Layer { inputs: 2, outputs: 1, weights: weights.to_vec(), biases: vec![-0.5] };
        let rule = |weights, divisor: [f64; 2]| {
            let scaler = Scaler { shift: vec![0.0, 2.0], divisor: divisor.to_vec() };
            inequality(&layer(weights), 0, &scaler, &features)
        };
        let shown = |text: &str| Some(Condition::If(text.to_owned()));
        assert_eq!(rule([1.0, 0.0], [1e-320, 1.0]), shown("x >= 5e-321"));
        assert_eq!(rule([0.0, -1.0], [1.0, f64::MAX]), shown("y <= -8.9885e307"));
        assert_eq!(rule([1.0, 1.0], [1e-320, 1e300]), None);
    }

    /// What rounding left of a weight is not shown, unless a point rests on it.
    #[test]
    fn specks_are_swept_where_nothing_rests_on_them() {
        let layer = |weights: [f64; 2]| Layer { inputs: 2, outputs: 1, weights: weights.to_vec(), biases: vec![-1.0] };
        let points = |rows: &[f64]| Points::merge(2, 2, rows, &vec![0; rows.len() / 2], Scaler::identity(2));
        for (weights, rows, kept) in [
            ([1.0, 1e-13], &[0.0, 1.0, 2.0, -1.0][..], [1.0, 0.0]),
            ([1.0, 1e-13], &[0.0, 1.0, 1.0, -1.0], [1.0, 1e-13]),
            ([1.0, 1e-13], &[0.0, 1e12, 2.0, -1e12], [1.0, 1e-13]),
            ([1.0, 1e-6], &[0.0, 1.0, 2.0, -1.0], [1.0, 1e-6]),
            ([0.0, 1e-13], &[0.0, 1.0, 2.0, -1.0], [0.0, 1e-13]),
        ] {
            let network = Network { layers: vec![layer(weights)] };
            assert_eq!(without_specks(&network, &points(rows)).layers[0].weights, kept, "{weights:?} {rows:?}");
        }
    }

    /// Of many features those count that weigh something.
    #[test]
    fn sparse_networks_of_many_features_have_a_rule() {
        let columns: Vec<String> = (0..9).map(|l| format!("x{l}")).collect();
        let mut layer = Layer::zeros(9, 1);
        (layer.weights[3], layer.weights[8], layer.biases[0]) = (1.0, -2.0, -0.5);
        let of = |layer: &Layer| {
            rule(&Network { layers: vec![layer.clone()] }, &Scaler::identity(9), &columns, &names(&["a", "b"]))
        };
        assert_eq!(of(&layer).unwrap(), ["b if x3 - 2 x8 >= 0.5, else a"]);
        layer.weights[..7].fill(1.0);
        assert_eq!(of(&layer), None);
        assert_eq!(unreadable(&Network { layers: vec![layer] }), "more than 6 features with weights");
    }

    #[test]
    fn wide_networks_have_no_rule() {
        let network = Network { layers: vec![Layer::zeros(2, 7), Layer::zeros(7, 1)] };
        assert_eq!(rule(&network, &Scaler::identity(2), &names(&["x", "y"]), &names(&["a", "b"])), None);
    }
}

//! The optimum of tiny problems by enumeration.
//!
//! A neuron matters only by which of its inputs make it fire: its *dichotomies*. [`optimum`] lists them for the first
//! layer, tries every choice of one a neuron, and does the same on the patterns that come out, layer by layer; nothing
//! is bounded, cut off or learned. Dichotomies of integer weights come from trying all weights and all thresholds;
//! those of continuous weights from the exact separation room, whose every answer carries its own proof.

use bdnn::separation::{Semantics, separate};
use bdnn::{ErrorLimit, Loss, Norm, Problem, Rational, WeightDomain};
use std::collections::{BTreeMap, BTreeSet};

/// One way a neuron can fire on its inputs, with the least regularisation that does it.
type Dichotomy = (Vec<bool>, f64);

/// The least objective over all networks (loss, plus l0 and l1 terms). `epsilon: None` is the ideal semantics.
///
/// Continuous weights: up to about 8 points, 3 features and 3 neurons a layer; integer ones also need a small
/// (2B + 1)^n. An l1 term needs integer weights.
///
/// # Panics
/// With an l1 term on continuous weights, or with prices of weights beside limits on errors.
#[must_use]
pub fn optimum(problem: &Problem) -> f64 {
    if !problem.error_limits.is_empty() {
        assert!(problem.l0 == 0.0 && problem.l1 == 0.0, "this oracle has no prices within limits");
        return losses_within_limits(problem).first().map_or(f64::INFINITY, |&loss| loss as f64);
    }
    let continuous = problem.architecture.weights == WeightDomain::Continuous;
    assert!(problem.l1 == 0.0 || !continuous, "this oracle has no least weights over the reals");
    let mut best = f64::INFINITY;
    each_last_layer(problem, &mut |choices, input_of, cost| {
        best = best.min(cost + best_outputs(problem, choices, input_of));
    });
    best
}

/// The outputs at all points, point after point, that networks have, each with its loss.
#[must_use]
pub fn labellings(problem: &Problem) -> BTreeMap<Vec<bool>, u64> {
    let outputs = problem.architecture.outputs();
    let mut found = BTreeMap::new();
    each_last_layer(problem, &mut |choices, input_of, _| {
        for chosen in tuples(choices.len(), outputs) {
            let output = |&input: &usize| chosen.iter().map(|&c| choices[c].0[input]).collect::<Vec<bool>>();
            let labelling: Vec<bool> = input_of.iter().flat_map(output).collect();
            let loss = labelling.chunks_exact(outputs).enumerate().map(|(i, y)| problem.point_loss(i, y)).sum();
            found.insert(labelling, loss);
        }
    });
    found
}

/// The losses of all labellings that keep the limits on errors, ascending.
#[must_use]
pub fn losses_within_limits(problem: &Problem) -> Vec<u64> {
    let keeps = |labelling: &[bool]| {
        let errors = |limit: &ErrorLimit| -> u64 {
            let outputs = labelling.chunks_exact(problem.architecture.outputs()).enumerate();
            outputs.map(|(i, output)| problem.class_errors(i, limit.class, output)).sum()
        };
        problem.error_limits.iter().all(|limit| errors(limit) <= limit.most)
    };
    let all = labellings(problem);
    let mut losses: Vec<u64> = all.iter().filter(|(labelling, _)| keeps(labelling)).map(|(_, loss)| *loss).collect();
    losses.sort_unstable();
    losses
}

/// What to do with a choice of all hidden neurons: the dichotomies of the outputs on the distinct patterns, which of these each point has, and
/// what the hidden neurons cost.
type Visit<'a> = dyn FnMut(&[Dichotomy], &[usize], f64) + 'a;

fn each_last_layer(problem: &Problem, visit: &mut Visit<'_>) {
    let points: Vec<Vec<Rational>> = (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect();
    let mut first = dichotomies(problem, 0, &points);
    if let Some(parts) = &problem.partition {
        let shared =
            |fires: &[bool]| (0..fires.len()).all(|i| (0..i).all(|k| parts[i] != parts[k] || fires[i] == fires[k]));
        first.retain(|(fires, _)| shared(fires));
    }
    let mut oracle = Oracle { problem, known: BTreeMap::new() };
    oracle.visit(0, &first, &(0..points.len()).collect::<Vec<_>>(), 0.0, visit);
}

/// All dichotomies of `inputs` for a neuron of layer `layer` (from 0).
#[must_use]
pub fn dichotomies(problem: &Problem, layer: usize, inputs: &[Vec<Rational>]) -> Vec<Dichotomy> {
    let semantics = Semantics::of_layer(problem, layer);
    match problem.architecture.weights {
        WeightDomain::Continuous => continuous(problem, inputs, &semantics),
        WeightDomain::Integer(bound) => integer(problem, inputs, &semantics, i64::from(bound)),
    }
}

struct Oracle<'a> {
    problem: &'a Problem,
    /// Dichotomies of the patterns that occur, by layer.
    known: BTreeMap<(usize, Vec<Vec<bool>>), Vec<Dichotomy>>,
}

impl Oracle<'_> {
    /// All choices of the hidden neurons from `layer` on, given the dichotomies of its distinct inputs and which of these
    /// each point has.
    fn visit(&mut self, layer: usize, choices: &[Dichotomy], input_of: &[usize], cost: f64, visit: &mut Visit<'_>) {
        if layer == self.problem.architecture.hidden.len() {
            visit(choices, input_of, cost);
            return;
        }
        let width = self.problem.architecture.hidden[layer];
        // Neurons of a layer have no order: non-decreasing indices are enough.
        for chosen in multisets(choices.len(), width) {
            let cost = cost + chosen.iter().map(|&c| choices[c].1).sum::<f64>();
            let pattern = |i: usize| chosen.iter().map(|&c| choices[c].0[input_of[i]]).collect::<Vec<bool>>();
            let of_point: Vec<Vec<bool>> = (0..input_of.len()).map(pattern).collect();
            let distinct: Vec<Vec<bool>> = of_point.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
            let index = |pattern: &Vec<bool>| distinct.binary_search(pattern).expect("collected from these");
            let next: Vec<usize> = of_point.iter().map(index).collect();
            let next_choices = self.of_patterns(layer + 1, &distinct);
            self.visit(layer + 1, &next_choices, &next, cost, visit);
        }
    }

    fn of_patterns(&mut self, layer: usize, patterns: &[Vec<bool>]) -> Vec<Dichotomy> {
        let problem = self.problem;
        let compute = || {
            let number = |&h: &bool| if h { Rational::ONE } else { Rational::ZERO };
            let inputs: Vec<Vec<Rational>> = patterns.iter().map(|p| p.iter().map(number).collect()).collect();
            dichotomies(problem, layer, &inputs)
        };
        self.known.entry((layer, patterns.to_vec())).or_insert_with(compute).clone()
    }
}

/// The least loss over all choices of the outputs' dichotomies.
fn best_outputs(problem: &Problem, choices: &[Dichotomy], input_of: &[usize]) -> f64 {
    let outputs = problem.architecture.outputs();
    if problem.loss == Loss::Hamming || outputs == 1 {
        // Outputs do not share a cost.
        return (0..outputs).map(|j| best_output(problem, j, choices, input_of)).sum();
    }
    let mut best = f64::INFINITY;
    for chosen in tuples(choices.len(), outputs) {
        let cost: f64 = chosen.iter().map(|&c| choices[c].1).sum();
        let loss = |(i, &input): (usize, &usize)| {
            let output: Vec<bool> = chosen.iter().map(|&c| choices[c].0[input]).collect();
            problem.point_loss(i, &output)
        };
        best = best.min(cost + input_of.iter().enumerate().map(loss).sum::<u64>() as f64);
    }
    best
}

fn best_output(problem: &Problem, j: usize, choices: &[Dichotomy], input_of: &[usize]) -> f64 {
    let wrong = |i: usize, fires: bool| -> u32 {
        let counts = problem.points.counts(i).iter().enumerate();
        counts.filter(|&(class, _)| problem.architecture.target(class)[j] != fires).map(|(_, count)| count).sum()
    };
    let objective = |(fires, cost): &Dichotomy| {
        cost + input_of.iter().enumerate().map(|(i, &input)| f64::from(wrong(i, fires[input]))).sum::<f64>()
    };
    choices.iter().map(objective).fold(f64::INFINITY, f64::min)
}

/// Dichotomies over the reals: a set of points is extended one by one, keeping what is separable (what is not, stays
/// so). The l0 cost is that of the smallest set of features that does it.
fn continuous(problem: &Problem, inputs: &[Vec<Rational>], semantics: &Semantics) -> Vec<Dichotomy> {
    let features = problem_features(inputs);
    let supports: Vec<Vec<bool>> = match problem.l0 {
        0.0 => vec![vec![true; features]],
        _ => tuples(2, features).map(|bits| bits.iter().map(|&bit| bit == 1).collect()).collect(),
    };
    let mut found: BTreeMap<Vec<bool>, f64> = BTreeMap::new();
    for support in supports {
        let masked = |x: &Vec<Rational>| -> Vec<Rational> {
            x.iter().zip(&support).map(|(x, &kept)| if kept { x.clone() } else { Rational::ZERO }).collect()
        };
        let points: Vec<Vec<Rational>> = inputs.iter().map(masked).collect();
        let mut prefixes: Vec<Vec<bool>> = vec![vec![]];
        for k in 1..=points.len() {
            let longer = prefixes.iter().flat_map(|prefix| [false, true].map(|last| [&prefix[..], &[last]].concat()));
            prefixes = longer.filter(|fires| separate(&points[..k], fires, semantics).is_separable()).collect();
        }
        let cost = problem.l0 * support.iter().filter(|&&kept| kept).count() as f64;
        for fires in prefixes {
            let least = found.entry(fires).or_insert(cost);
            *least = least.min(cost);
        }
    }
    found.into_iter().collect()
}

/// Dichotomies of integer weights: every weight vector, and every threshold between its values.
fn integer(problem: &Problem, inputs: &[Vec<Rational>], semantics: &Semantics, bound: i64) -> Vec<Dichotomy> {
    let number = |value: f64| Rational::try_from(value).expect("finite");
    let epsilon = semantics.epsilon.map(number);
    let mut found: BTreeMap<Vec<bool>, f64> = BTreeMap::new();
    let values = usize::try_from(2 * bound + 1).expect("a small bound");
    for digits in tuples(values, problem_features(inputs)) {
        let weights: Vec<i64> = digits.iter().map(|&d| i64::try_from(d).expect("small") - bound).collect();
        let magnitudes: Vec<i64> = weights.iter().map(|w| w.abs()).collect();
        let (sum, most): (i64, i64) = (magnitudes.iter().sum(), magnitudes.iter().copied().max().unwrap_or(0));
        let reach = semantics.robust.map_or(Rational::ZERO, |robust| {
            number(robust.radius) * Rational::from(if robust.norm == Norm::Linf { sum } else { most })
        });
        let value = |x: &Vec<Rational>| -> Rational {
            x.iter().zip(&weights).fold(Rational::ZERO, |total, (x, &w)| total + x * Rational::from(w))
        };
        let of_input: Vec<Rational> = inputs.iter().map(value).collect();
        let rests = |top: &Rational| match &epsilon {
            None => *top < Rational::ZERO,
            Some(epsilon) => *top <= -epsilon.clone(),
        };
        let cost = problem.l0 * magnitudes.iter().filter(|&&w| w > 0).count() as f64 + problem.l1 * sum as f64;
        let mut keep = |fires: Vec<bool>| {
            let least = found.entry(fires).or_insert(cost);
            *least = least.min(cost);
        };
        if !semantics.bias {
            let fires: Vec<bool> = of_input.iter().map(|v| *v >= Rational::ZERO).collect();
            let decided = |(v, &fires): (&Rational, &bool)| if fires { *v >= reach } else { rests(&(v + &reach)) };
            if of_input.iter().zip(&fires).all(decided) {
                keep(fires);
            }
            continue;
        }
        // Firing from the value v on: the bias that puts v - reach at 0 is the best for the points below.
        for v in &of_input {
            let below = of_input.iter().filter(|other| *other < v).max();
            if below.is_none_or(|below| rests(&(below - v + &reach + &reach))) {
                keep(of_input.iter().map(|other| other >= v).collect());
            }
        }
        keep(vec![false; inputs.len()]);
    }
    found.into_iter().collect()
}

fn problem_features(inputs: &[Vec<Rational>]) -> usize {
    inputs.first().map_or(0, Vec::len)
}

/// All vectors of `length` digits below `base`.
fn tuples(base: usize, length: usize) -> impl Iterator<Item = Vec<usize>> {
    let power = u32::try_from(length).expect("few digits");
    (0..base.pow(power)).map(move |mut code| {
        let digit = |_| {
            let digit = code % base;
            code /= base;
            digit
        };
        (0..length).map(digit).collect()
    })
}

/// All non-decreasing vectors of `length` digits below `base`.
fn multisets(base: usize, length: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![vec![]];
    for _ in 0..length {
        let extend = |set: &Vec<usize>| {
            let from = set.last().copied().unwrap_or(0);
            (from..base).map(|last| [&set[..], &[last]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(extend).collect();
    }
    all
}

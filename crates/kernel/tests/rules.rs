//! The rules against brute force: all assignments of a few variables, all networks on a few points of a line.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects
)]

mod support;

use kernel::assignment::Assignment;
use kernel::constraint::{Constraint, Lit, Sum};
use kernel::fault::Budget;
use kernel::number::Int;
use proptest::prelude::*;
use support::Random;

const VARIABLES: usize = 4;

type Terms = Vec<(usize, bool, i128)>;

fn sum(terms: &Terms, degree: i128) -> Sum {
    let mut sum = Sum::new(degree);
    terms.iter().try_for_each(|&(var, value, times)| sum.add(Lit::new(var, value), times)).unwrap();
    sum
}

/// Whether the assignment, bit v - 1 for variable v, makes a literal true.
fn holds(lit: Lit, assignment: usize) -> bool {
    (assignment >> (lit.var() - 1) & 1 == 1) == lit.value()
}

fn satisfies(constraint: &Constraint, assignment: usize) -> bool {
    let left: i128 = constraint.terms().iter().filter(|(lit, _)| holds(*lit, assignment)).map(|(_, times)| times).sum();
    left >= constraint.degree()
}

/// The same of the terms as they were given.
fn terms_reach(terms: &Terms, degree: i128, assignment: usize) -> bool {
    let value =
        |&(var, value, times): &(usize, bool, i128)| if holds(Lit::new(var, value), assignment) { times } else { 0 };
    terms.iter().map(value).sum::<i128>() >= degree
}

fn terms() -> impl Strategy<Value = (Terms, i128)> {
    (prop::collection::vec((1..=VARIABLES, any::<bool>(), -4i128..=4), 0..7), -6i128..=8)
}

fn times(a: &Int, b: &Int) -> Int {
    a.times(b, &Budget::of(0)).unwrap()
}

proptest! {
    #[test]
    fn normal_forms_mean_the_same((terms, degree) in terms()) {
        let constraint = sum(&terms, degree).divided(1).unwrap();
        for assignment in 0..1 << VARIABLES {
            prop_assert_eq!(satisfies(&constraint, assignment), terms_reach(&terms, degree, assignment));
            prop_assert_ne!(satisfies(&constraint.negation().unwrap(), assignment), satisfies(&constraint, assignment));
        }
        let none = (0..1 << VARIABLES).all(|assignment| !satisfies(&constraint, assignment));
        prop_assert_eq!(constraint.is_contradiction().unwrap(), none);
    }

    #[test]
    fn sums_and_quotients_follow((one, a) in terms(), (two, b) in terms(), times in 1i128..5, divisor in 1i128..5) {
        let (one, two) = (sum(&one, a).divided(1).unwrap(), sum(&two, b).divided(1).unwrap());
        let mut both = Sum::new(0);
        both.add_constraint(&one, times).unwrap();
        both.add_constraint(&two, 1).unwrap();
        let result = both.divided(divisor).unwrap();
        for assignment in 0..1 << VARIABLES {
            if satisfies(&one, assignment) && satisfies(&two, assignment) {
                prop_assert!(satisfies(&result, assignment));
            }
        }
    }

    #[test]
    fn propagation_follows(constraints in prop::collection::vec(terms(), 1..4)) {
        let constraints: Vec<_> = constraints.iter().map(|(terms, degree)| sum(terms, *degree).divided(1).unwrap()).collect();
        let mut values = Assignment::default();
        let mut conflict = false;
        for constraint in &constraints {
            conflict = conflict || values.propagate(constraint).unwrap();
        }
        for assignment in 0..1 << VARIABLES {
            if constraints.iter().all(|constraint| satisfies(constraint, assignment)) {
                prop_assert!(!conflict);
                for var in 1..=VARIABLES {
                    let lit = Lit::new(var, true);
                    prop_assert!(values.of(lit).is_none_or(|value| value == holds(lit, assignment)));
                }
            }
        }
    }

    #[test]
    fn substitution_means_what_the_image_says((terms, degree) in terms(), images in prop::collection::vec((0..=VARIABLES, any::<bool>()), VARIABLES)) {
        let constraint = sum(&terms, degree).divided(1).unwrap();
        let image = |lit: Lit| {
            let (var, value) = images[lit.var() - 1];
            let value = value == lit.value();
            Ok(if var == 0 { Err(value) } else { Ok(Lit::new(var, value)) })
        };
        let after = constraint.substituted(image).unwrap();
        for assignment in 0..1usize << VARIABLES {
            let bit = |&(var, value): &(usize, bool)| if var == 0 { value } else { holds(Lit::new(var, value), assignment) };
            let moved = images.iter().rev().fold(0, |moved, image| moved << 1 | usize::from(bit(image)));
            prop_assert_eq!(satisfies(&after, assignment), satisfies(&constraint, moved));
        }
    }

    #[test]
    fn clauses_want_one_literal(lits in prop::collection::vec((1..=VARIABLES, any::<bool>()), 1..6)) {
        let clause = Constraint::clause(lits.iter().map(|&(var, value)| Lit::new(var, value))).unwrap();
        for assignment in 0..1 << VARIABLES {
            let any = lits.iter().any(|&(var, value)| holds(Lit::new(var, value), assignment));
            prop_assert_eq!(satisfies(&clause, assignment), any);
        }
        prop_assert!(clause.terms().iter().all(|&(_, times)| times == 1));
    }

    #[test]
    fn whole_numbers_of_any_size(a in any::<i64>(), b in any::<i64>(), c in any::<i64>()) {
        let int = |value: i128| Int::parse(&value.to_string()).unwrap();
        let (x, y, z) = (i128::from(a), i128::from(b), i128::from(c));
        prop_assert_eq!(int(x).plus(&int(y)), int(x + y));
        prop_assert_eq!(int(x).minus(&int(y)), int(x - y));
        prop_assert_eq!(times(&int(x), &int(y)), int(x * y));
        prop_assert_eq!(int(x).abs(), int(x.abs()));
        prop_assert_eq!(int(x).max(int(y)), int(x.max(y)));
        prop_assert_eq!(int(x).sign(), x.cmp(&0));
        // Beyond 128 bits: (x + y) z (x + y) z = (x z + y z)^2.
        let (sum, product) = (int(x).plus(&int(y)), times(&int(x), &int(z)).plus(&times(&int(y), &int(z))));
        prop_assert_eq!(times(&times(&times(&sum, &int(z)), &sum), &int(z)), times(&product, &product));
        prop_assert_eq!(product.minus(&product), Int::default());
    }
}

#[test]
fn numbers_are_read_strictly() {
    for text in ["", "-", "-0", "00", "01", "+1", "1.", "1e3", "--1", "0x1", "1 ", "\u{661}"] {
        assert_eq!(Int::parse(text), None, "{text}");
    }
    let long = format!("-1{}", "0".repeat(77));
    let ten = Int::parse("10").unwrap();
    let power = (0..77).fold(Int::parse("-1").unwrap(), |power, _| times(&power, &ten));
    assert_eq!(Int::parse(&long), Some(power));
    assert_eq!(Int::from(0), Int::default());
    assert_eq!(Int::from(usize::MAX), Int::parse(&usize::MAX.to_string()).unwrap());
}

/// All activations that a neuron has at whole points of a line: from some point on, or up to it.
fn thresholds(points: &[i64], bias: bool) -> Vec<Vec<bool>> {
    let mut all: Vec<Vec<bool>> = vec![];
    for slope in [-1, 0, 1] {
        let cuts = if bias { -100..=100 } else { 0..=0 };
        all.extend(cuts.map(|cut| points.iter().map(|x| 2 * slope * x + cut >= 0).collect::<Vec<bool>>()));
    }
    all.sort();
    all.dedup();
    all
}

/// The least loss on points of a line, one hidden layer of two: the output may be any threshold function of the two.
fn least(points: &[i64], labels: &[bool], hidden: bool) -> usize {
    let neurons = thresholds(points, true);
    let loss = |outputs: &dyn Fn(usize) -> bool| (0..points.len()).filter(|&i| outputs(i) != labels[i]).count();
    if !hidden {
        return neurons.iter().map(|neuron| loss(&|i| neuron[i])).min().unwrap();
    }
    let functions: Vec<usize> = (0..16).filter(|&table| table != 0b0110 && table != 0b1001).collect();
    let mut best = points.len();
    for one in &neurons {
        for two in &neurons {
            for table in &functions {
                best = best.min(loss(&|i| table >> (usize::from(one[i]) + 2 * usize::from(two[i])) & 1 == 1));
            }
        }
    }
    best
}

/// Random steps on random problems: whatever bound is accepted is true.
#[test]
fn accepted_bounds_are_true() {
    let mut random = Random(7);
    let (mut accepted, mut tight, mut reds) = (0, 0, 0);
    for _ in 0..60_000 {
        let m = 2 + random.below(4);
        let hidden = random.below(2) == 1;
        let points: Vec<i64> = (0..m).map(|_| random.below(6) as i64).collect();
        let labels: Vec<bool> = (0..m).map(|_| random.below(2) == 1).collect();
        let text_of_points: String =
            (0..m).map(|i| format!("point {i} {} : {} 1 ;\n", points[i], usize::from(labels[i]))).collect();
        let claim = random.below(3);
        let mut text = format!(
            "kernel 1 ; inputs 1 ; hidden {} ; classes 2 ; bias yes ; loss hamming ; epsilon 0 ; ball linf 0 ;\n\
             unit 1 1 ; shift 0 ; factor 1 ;\n{text_of_points}limits ; claim {claim} none ;\n",
            if hidden { "2" } else { "" }
        );
        let variables = if hidden { 3 * m + 4 } else { m };
        let axioms = if hidden { 8 * m } else { 0 };
        let mut last = axioms;
        for _ in 0..random.below(6) {
            let lit = |random: &mut Random| {
                format!("{}{}", if random.below(2) == 1 { "-" } else { "" }, 1 + random.below(variables))
            };
            let id = |random: &mut Random| 1 + random.below(last.max(1));
            let (step, numbers) = match random.below(if hidden { 4 } else { 3 }) {
                0 => {
                    // Of three points the middle one is a mean of the others.
                    let [a, b, c] = [(); 3].map(|()| random.below(m));
                    let (l, r) = (points[c] - points[b], points[b] - points[a]);
                    (
                        format!("lemma 1 {a} {} {c} {} : {b} {}", l.max(0), r.max(0), (l + r).max(0)),
                        if hidden { 4 } else { 2 },
                    )
                }
                1 => (
                    format!(
                        "pol {} {} {}*{} : {}",
                        1 + random.below(3),
                        id(&mut random),
                        1 + random.below(2),
                        id(&mut random),
                        lit(&mut random)
                    ),
                    1,
                ),
                2 => {
                    let hints: String = (0..random.below(5)).map(|_| format!(" {}", id(&mut random))).collect();
                    (format!("rup 1 {} {} :{hints}", lit(&mut random), lit(&mut random)), 1)
                }
                _ => {
                    let exchange = ["2 1", "-1 2", "1 -2", "-2 1", "-2 -1"][random.below(5)];
                    reds += 1;
                    (format!("red 1 {exchange} : 1 {} {}", lit(&mut random), lit(&mut random)), 1)
                }
            };
            // A step that does not hold would end it all.
            let trial = format!("{text}{step} ;\nend none ;").replace(&format!("claim {claim} none"), "claim 0 none");
            if kernel::check(&trial).is_ok() {
                text.push_str(&format!("{step} ;\n"));
                last += numbers;
            }
        }
        let end = (0..last + 2).map(|id| if id > last { "none".to_owned() } else { id.to_string() });
        if end.into_iter().any(|id| kernel::check(&format!("{text}end {id} ;")).is_ok()) {
            let truth = least(&points, &labels, hidden);
            // Equal points are parts of their own here, which only makes more possible.
            assert!(claim <= truth, "claims {claim}, and {truth} is true:\n{text}");
            accepted += 1;
            tight += usize::from(claim == truth && claim > 0);
        }
    }
    assert!(accepted > 1000 && tight > 100 && reds > 1000, "{accepted} {tight} {reds}");
}

/// Whether some neuron with whole weights up to `cap` on points of a plane keeps these bounds (place, whether it holds) and fires and rests as told
/// (point, whether it fires): a bias is between what firing and resting leave, in units.
fn possible(
    points: &[[i64; 2]],
    cap: i64,
    told: (bool, i64, bool, i64),
    sites: &[(usize, bool)],
    bounds: &[(usize, bool)],
) -> bool {
    let (bias, epsilon, linf, radius) = told;
    let all = (-cap..=cap).flat_map(|a| (-cap..=cap).map(move |b| [a, b]));
    all.into_iter().any(|w| {
        let kept = |&(place, holds): &(usize, bool)| {
            let (l, n) = (place / (2 * cap as usize), (place % (2 * cap as usize)) as i64);
            (w[l] > n - cap) == holds
        };
        let norm = if linf { w[0].abs() + w[1].abs() } else { w[0].abs().max(w[1].abs()) };
        let value = |i: usize| w[0] * points[i][0] + w[1] * points[i][1];
        let fires = sites.iter().filter(|site| site.1).map(|site| radius * norm - value(site.0)).max();
        let rests = sites.iter().filter(|site| !site.1).map(|site| -value(site.0) - radius * norm - epsilon).min();
        // The bias is at least the one and below the other, or at most that with a margin.
        let below = |low: i64, high: i64| if epsilon > 0 { low <= high } else { low < high };
        let free = fires.is_none_or(|low| rests.is_none_or(|high| below(low, high)));
        let none = fires.is_none_or(|low| low <= 0) && rests.is_none_or(|high| below(0, high));
        bounds.iter().all(kept) && if bias { free } else { none }
    })
}

/// Random lemmas of a neuron with whole weights: what is accepted no neuron does, and what no pair of points allows once all weights are fixed is accepted.
#[test]
fn lemmas_of_whole_weights_are_true() {
    let mut random = Random(11);
    let (mut accepted, mut complete) = (0, 0);
    for _ in 0..40_000 {
        let cap = 1 + random.below(2);
        let points: Vec<[i64; 2]> = (0..4).map(|_| [(); 2].map(|()| random.below(9) as i64 - 4)).collect();
        let told = (random.below(2) == 1, random.below(2) as i64 * 3, random.below(2) == 1, [0, 0, 1][random.below(3)]);
        let (bias, epsilon, linf, radius) = told;
        let or = |holds: bool, yes: &'static str, no: &'static str| if holds { yes } else { no };
        let text_of_points: String =
            (0..4).map(|i| format!("point {i} {} {} : {} 1 ;\n", points[i][0], points[i][1], i % 2)).collect();
        let head = format!(
            "kernel 1 ; inputs 2 ; hidden ; classes 2 ; bias {} ; weights {cap} ; loss hamming ; epsilon {epsilon} ; ball {} {radius} ;\n\
             unit 4 1 ; shift 0 0 ; factor 1 1 ;\n{text_of_points}limits ; claim 0 none ;\n",
            or(bias, "yes", "no"),
            or(linf, "linf", "l1"),
        );
        let fixed = random.below(2) == 1;
        let weights: Vec<usize> = (0..2).map(|_| random.below(2 * cap + 1)).collect();
        let bounds: Vec<(usize, bool)> = if fixed {
            (0..4 * cap).map(|place| (place, place % (2 * cap) < weights[place / (2 * cap)])).collect()
        } else {
            (0..random.below(4)).map(|_| (random.below(4 * cap), random.below(2) == 1)).collect()
        };
        let pair = [(random.below(4), true), (random.below(4), false)];
        let sites: Vec<(usize, bool, usize)> = if fixed {
            let taken = if bias { 0..2 } else { [0..1, 1..2][random.below(2)].clone() };
            pair[taken].iter().map(|&(site, fires)| (site, fires, 1)).collect()
        } else {
            (0..1 + random.below(4)).map(|_| (random.below(4), random.below(2) == 1, 1 + random.below(2))).collect()
        };
        let of = |side: bool| -> String {
            sites.iter().filter(|site| site.1 == side).map(|(site, _, times)| format!(" {site} {times}")).collect()
        };
        let bounded: String =
            bounds.iter().map(|&(place, holds)| format!(" {}{}", if holds { "" } else { "-" }, place + 1)).collect();
        let lemma = format!("lemma 1{} :{} :{bounded} ;", of(true), of(false));
        let plain: Vec<(usize, bool)> = sites.iter().map(|&(site, fires, _)| (site, fires)).collect();
        let can_be = possible(&points, cap as i64, told, &plain, &bounds);
        let checked = kernel::check(&format!("{head}{lemma} end none ;"));
        assert!(checked.is_err() || !can_be, "{head}{lemma}");
        accepted += usize::from(checked.is_ok());
        if fixed {
            assert!(checked.is_ok() || can_be, "{head}{lemma}");
            complete += usize::from(checked.is_ok());
        }
    }
    assert!(accepted > 2000 && complete > 1000, "{accepted} {complete}");
}

/// Random steps about two hidden neurons with ternary weights, or one neuron: whatever bound is accepted is true. On a line a neuron with a weight of 1, 0 or -1 does what any does; so points
/// are on a plane.
#[test]
fn accepted_bounds_of_whole_weights_are_true() {
    let mut random = Random(13);
    let (mut accepted, mut tight, mut reds) = (0, 0, 0);
    for _ in 0..30_000 {
        let m = 2 + random.below(3);
        let hidden = random.below(3) == 0;
        let points: Vec<[i64; 2]> = (0..m).map(|_| [(); 2].map(|()| random.below(4) as i64)).collect();
        let labels: Vec<bool> = (0..m).map(|_| random.below(2) == 1).collect();
        let text_of_points: String = (0..m)
            .map(|i| format!("point {i} {} {} : {} 1 ;\n", points[i][0], points[i][1], usize::from(labels[i])))
            .collect();
        let claim = 1 + random.below(2);
        let width = if hidden { 2 } else { 1 };
        let mut text = format!(
            "kernel 1 ; inputs 2 ; hidden {} ; classes 2 ; bias yes ; weights 1 ; loss hamming ; epsilon 0 ; ball linf 0 ;\n\
             unit 1 1 ; shift 0 0 ; factor 1 1 ;\n{text_of_points}limits ; claim {claim} none ;\n",
            if hidden { "2" } else { "" }
        );
        let variables = width * (m + 4) + if hidden { m + 4 + 4 } else { 0 };
        let mut last = 2 * width + if hidden { 8 * m + 2 } else { 0 };
        let neurons = dichotomies(&points);
        for _ in 0..2 + random.below(7) {
            let lit = |random: &mut Random| {
                format!("{}{}", if random.below(2) == 1 { "-" } else { "" }, 1 + random.below(variables))
            };
            let id = |random: &mut Random| 1 + random.below(last);
            let (step, numbers) = match random.below(if hidden { 4 } else { 3 }) {
                0 => {
                    let bounds: String = (0..random.below(3))
                        .map(|_| format!(" {}{}", if random.below(2) == 1 { "-" } else { "" }, 1 + random.below(4)))
                        .collect();
                    (format!("lemma 1 {} 1 : {} 1 :{bounds}", random.below(m), random.below(m)), 2 * width)
                }
                1 => (
                    format!(
                        "pol {} {} {} : {}",
                        1 + random.below(2),
                        id(&mut random),
                        id(&mut random),
                        lit(&mut random)
                    ),
                    1,
                ),
                2 => {
                    let hints: String = (0..random.below(6)).map(|_| format!(" {}", id(&mut random))).collect();
                    let lits: String = (0..1 + random.below(3)).map(|_| format!(" {}", lit(&mut random))).collect();
                    (format!("rup 1{lits} :{hints}"), 1)
                }
                _ => {
                    let exchange = ["2 1", "-1 2", "1 -2", "-2 1", "-2 -1"][random.below(5)];
                    reds += 1;
                    (format!("red 1 {exchange} : 1 {} {} : 0 1 2", lit(&mut random), lit(&mut random)), 1)
                }
            };
            let trial = format!("{text}{step} ;\nend none ;").replace(&format!("claim {claim} none"), "claim 0 none");
            if kernel::check(&trial).is_ok() {
                text.push_str(&format!("{step} ;\n"));
                last += numbers;
            }
        }
        if (1..=last).any(|id| kernel::check(&format!("{text}end {id} ;")).is_ok()) {
            let truth = least_of(&neurons, &labels, hidden);
            assert!(claim <= truth, "claims {claim}, and {truth} is true:\n{text}");
            accepted += 1;
            tight += usize::from(claim == truth);
        }
    }
    assert!(reds > 1000, "{accepted} {tight} {reds}");
}

/// What neurons with ternary weights do at points of a plane, with any bias.
fn dichotomies(points: &[[i64; 2]]) -> Vec<Vec<bool>> {
    let mut all: Vec<Vec<bool>> = vec![];
    for (a, b) in (-1..=1).flat_map(|a| (-1..=1).map(move |b| (a, b))) {
        all.extend((-10..=10).map(|cut| points.iter().map(|x| a * x[0] + b * x[1] + cut >= 0).collect::<Vec<bool>>()));
    }
    all.sort();
    all.dedup();
    all
}

/// The least loss with these neurons, alone or two of them below any threshold function.
fn least_of(neurons: &[Vec<bool>], labels: &[bool], hidden: bool) -> usize {
    let loss = |outputs: &dyn Fn(usize) -> bool| (0..labels.len()).filter(|&i| outputs(i) != labels[i]).count();
    if !hidden {
        return neurons.iter().map(|neuron| loss(&|i| neuron[i])).min().unwrap();
    }
    let functions = (0..16).filter(|&table| table != 0b0110 && table != 0b1001);
    let pairs = neurons.iter().flat_map(|one| neurons.iter().map(move |two| (one, two)));
    let losses = pairs.flat_map(|(one, two)| {
        functions.clone().map(move |table| loss(&|i| table >> (usize::from(one[i]) + 2 * usize::from(two[i])) & 1 == 1))
    });
    losses.min().unwrap()
}

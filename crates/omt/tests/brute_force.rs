//! The engine against brute force over all dichotomies of small point sets.

use bdnn::separation::{self, Semantics};
use bdnn::{
    Architecture, Limits, Loss, Network, Norm, Points, Problem, Rational, Request, Robust, Scaler, Status, WeightDomain,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// All patterns over `points` that some neuron of `layer` can have.
fn dichotomies(problem: &Problem, layer: usize, points: &[Vec<Rational>], seen: &mut Seen) -> Vec<u32> {
    if let Some(known) = seen.get(&(layer, points.to_vec())) {
        return known.clone();
    }
    let patterns = enumerate(problem, layer, points);
    seen.insert((layer, points.to_vec()), patterns.clone());
    patterns
}

type Seen = BTreeMap<(usize, Vec<Vec<Rational>>), Vec<u32>>;

fn enumerate(problem: &Problem, layer: usize, points: &[Vec<Rational>]) -> Vec<u32> {
    let semantics = Semantics::of_layer(problem, layer);
    let possible = |fires: &[bool]| match problem.architecture.weights {
        WeightDomain::Continuous => separation::separate(points, fires, &semantics).is_separable(),
        WeightDomain::Integer(bound) => {
            let all = vectors(points[0].len(), i32::try_from(bound).expect("small"));
            all.iter().any(|weights| separation::biases(points, fires, weights, &semantics).is_some())
        }
    };
    (0..1_u32 << points.len())
        .filter(|pattern| possible(&(0..points.len()).map(|i| pattern >> i & 1 == 1).collect::<Vec<bool>>()))
        .collect()
}

/// All whole vectors in a box.
fn vectors(length: usize, bound: i32) -> Vec<Vec<Rational>> {
    let mut all = vec![vec![]];
    for _ in 0..length {
        let longer = |v: Vec<Rational>| {
            (-bound..=bound).map(move |w| v.iter().cloned().chain([Rational::from(w)]).collect::<Vec<Rational>>())
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    all
}

/// The least loss over all choices of patterns layer by layer, `None` if no network satisfies the problem.
fn brute_force(problem: &Problem) -> Option<u64> {
    let points: Vec<Vec<Rational>> = (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect();
    let mut best = None;
    deepen(problem, 0, &points, &mut best, &mut Seen::new());
    best
}

fn deepen(problem: &Problem, layer: usize, inputs: &[Vec<Rational>], best: &mut Option<u64>, seen: &mut Seen) {
    let widths = problem.architecture.widths();
    if layer + 1 == widths.len() {
        let loss = (0..inputs.len())
            .map(|i| {
                let output: Vec<bool> = inputs[i].iter().map(|x| *x == Rational::ONE).collect();
                problem.point_loss(i, &output)
            })
            .sum();
        *best = Some(best.map_or(loss, |b: u64| b.min(loss)));
        return;
    }
    // Equal inputs must get equal outputs: choose over the distinct ones.
    let mut distinct: Vec<Vec<Rational>> = inputs.to_vec();
    distinct.sort();
    distinct.dedup();
    let place: Vec<usize> = inputs.iter().map(|x| distinct.binary_search(x).expect("it is among its own")).collect();
    let mut patterns = dichotomies(problem, layer, &distinct, seen);
    if let Some(partition) = problem.partition.as_ref() {
        let alike = |pattern: u32| {
            (0..inputs.len()).all(|a| {
                (0..a).all(|b| partition[a] != partition[b] || pattern >> place[a] & 1 == pattern >> place[b] & 1)
            })
        };
        patterns.retain(|&p| alike(p));
    }
    let width = widths[layer + 1];
    let output_layer = layer + 2 == widths.len();
    let mut choice = vec![0_usize; width];
    if patterns.is_empty() {
        return;
    }
    loop {
        // Hidden neurons are interchangeable: only non-decreasing choices.
        if output_layer || choice.windows(2).all(|w| w[0] <= w[1]) {
            let next: Vec<Vec<Rational>> = place
                .iter()
                .map(|&at| choice.iter().map(|&c| Rational::from(u8::from(patterns[c] >> at & 1 == 1))).collect())
                .collect();
            deepen(problem, layer + 1, &next, best, seen);
        }
        let Some(at) = (0..width).find(|&j| choice[j] + 1 < patterns.len()) else { return };
        choice[at] += 1;
        choice[..at].fill(0);
    }
}

fn agree(problem: &Problem) {
    for threads in [1, 2] {
        let limits = Limits { threads, ..Limits::default() };
        let training = omt::train(Request::new(problem, &limits)).expect("a sound problem");
        match brute_force(problem) {
            Some(best) => {
                assert_eq!((training.status, training.loss), (Status::Optimal, best), "{problem:?}");
                assert_eq!(training.bound, best as f64);
                let network: Network = training.network.expect("optimal");
                assert_eq!(bdnn::exact::check(problem, &network).expect("feasible"), best);
            }
            None => assert_eq!(training.status, Status::Infeasible),
        }
    }
}

fn problem(n: usize, classes: usize, raw: &[i32], labels: &[usize], hidden: Vec<usize>, bias: bool) -> Problem {
    let rows: Vec<f64> = raw[..n * labels.len()].iter().map(|&v| f64::from(v) / 2.0).collect();
    let labels: Vec<usize> = labels.iter().map(|l| l % classes).collect();
    let points = Points::merge(n, classes, &rows, &labels, Scaler::identity(n));
    let architecture = Architecture { inputs: n, hidden, classes, bias, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::ZeroOne)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn one_hidden_layer(
        n in 1_usize..3,
        d in 1_usize..3,
        raw in prop::collection::vec(-4_i32..5, 16),
        labels in prop::collection::vec(0_usize..2, 1..8),
        bias in any::<bool>(),
    ) {
        agree(&problem(n, 2, &raw, &labels, vec![d], bias));
    }

    #[test]
    fn margin_robust_and_parts(
        n in 1_usize..3,
        hidden in prop_oneof![Just(vec![]), Just(vec![1]), Just(vec![2])],
        raw in prop::collection::vec(-4_i32..5, 10),
        labels in prop::collection::vec(0_usize..2, 1..6),
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.125)),
        robust in prop::option::of((Just(0.3), prop_oneof![Just(Norm::Linf), Just(Norm::L1)])),
        parts in prop::option::of(1_usize..4),
    ) {
        let mut problem = problem(n, 2, &raw, &labels, hidden, bias);
        problem.epsilon = epsilon;
        problem.robust = robust.map(|(radius, norm)| Robust { radius, norm });
        problem.partition = parts.map(|parts| {
            let parts = parts.min(problem.points.len());
            (0..problem.points.len()).map(|i| i % parts).collect()
        });
        agree(&problem);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn three_hidden_neurons(
        n in 1_usize..3,
        raw in prop::collection::vec(-4_i32..5, 14),
        labels in prop::collection::vec(0_usize..2, 4..8),
    ) {
        agree(&problem(n, 2, &raw, &labels, vec![3], true));
    }

    #[test]
    fn deep(
        n in 1_usize..3,
        raw in prop::collection::vec(-4_i32..5, 10),
        labels in prop::collection::vec(0_usize..2, 3..6),
        hidden in prop_oneof![Just(vec![1, 2]), Just(vec![2, 1]), Just(vec![2, 2])],
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.125)),
    ) {
        let mut problem = problem(n, 2, &raw, &labels, hidden, bias);
        problem.epsilon = epsilon;
        agree(&problem);
    }

    #[test]
    fn several_classes(
        n in 1_usize..3,
        raw in prop::collection::vec(-4_i32..5, 10),
        labels in prop::collection::vec(0_usize..3, 3..6),
        hidden in prop_oneof![Just(vec![]), Just(vec![1]), Just(vec![2])],
        bias in any::<bool>(),
        hamming in any::<bool>(),
    ) {
        let mut problem = problem(n, 3, &raw, &labels, hidden, bias);
        problem.loss = if hamming { Loss::Hamming } else { Loss::ZeroOne };
        agree(&problem);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// Single neurons with whole weights: all bounds, margins and radii; coordinates that fit into words and that do not.
    #[test]
    fn whole_neurons(
        n in 1_usize..4,
        bound in 1_u32..4,
        classes in 2_usize..4,
        raw in prop::collection::vec(-4_i32..5, 18),
        labels in prop::collection::vec(0_usize..3, 1..8),
        bias in any::<bool>(),
        epsilon in prop::option::of(prop_oneof![Just(0.125), Just(1.0), Just(2.0)]),
        robust in prop::option::of((prop_oneof![Just(0.3), Just(0.5)], prop_oneof![Just(Norm::Linf), Just(Norm::L1)])),
        tiny in any::<bool>(),
    ) {
        let count = labels.len().min(18 / n).min(6);
        let mut problem = problem(n, classes, &raw, &labels[..count], vec![], bias);
        if tiny {
            let rows: Vec<f64> = raw[..n * count].iter().map(|&v| f64::from(v) + f64::from(v * v) * 1e-20).collect();
            let labels: Vec<usize> = labels[..count].iter().map(|l| l % classes).collect();
            let shift: Vec<f64> = vec![1e-30; n];
            let scaler = Scaler { shift, divisor: vec![0.7; n] };
            problem.points = Points::merge(n, classes, &rows, &labels, scaler);
        }
        problem.loss = Loss::Hamming;
        problem.architecture.weights = WeightDomain::Integer(bound);
        problem.epsilon = epsilon;
        problem.robust = robust.map(|(radius, norm)| Robust { radius, norm });
        agree(&problem);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Where whole weights leave room for a margin, it costs nothing; more than that, it may.
    #[test]
    fn margins_that_lose_nothing(
        n in 1_usize..3,
        raw in prop::collection::vec(-4_i32..5, 12),
        labels in prop::collection::vec(0_usize..2, 2..6),
        hidden in prop_oneof![Just(vec![]), Just(vec![1]), Just(vec![2])],
        bias in any::<bool>(),
        divisor in prop_oneof![Just(1.0), Just(3.0), Just(0.7)],
        epsilon in prop_oneof![Just(1e-4), Just(0.125), Just(0.5)],
    ) {
        let mut problem = problem(n, 2, &raw, &labels, hidden, bias);
        let rows: Vec<f64> = raw[..n * labels.len()].iter().map(|&v| f64::from(v)).collect();
        let scaler = Scaler { shift: vec![-4.0; n], divisor: vec![divisor; n] };
        problem.points = Points::merge(n, 2, &rows, &labels, scaler);
        problem.architecture.weights = WeightDomain::Integer(1);
        let lost = brute_force(&problem);
        prop_assert!(problem.is_whole_above(epsilon) || divisor != 1.0);
        if problem.is_whole_above(epsilon) {
            prop_assert_eq!(brute_force(&Problem { epsilon: Some(epsilon), ..problem }), lost);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Hidden layers of neurons with whole weights.
    #[test]
    fn whole_layers(
        n in 1_usize..3,
        bound in 1_u32..3,
        raw in prop::collection::vec(-4_i32..5, 12),
        labels in prop::collection::vec(0_usize..2, 2..7),
        hidden in prop_oneof![Just(vec![1]), Just(vec![2]), Just(vec![3])],
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.125)),
    ) {
        let mut problem = problem(n, 2, &raw, &labels, hidden, bias);
        problem.architecture.weights = WeightDomain::Integer(bound);
        problem.epsilon = epsilon;
        agree(&problem);
    }
}

/// Coordinates that differ in their last digits, as they come out of sums that are the same on paper.
fn last_digits(
    n: usize,
    raw: &[(f64, i32)],
    labels: &[usize],
    hidden: Vec<usize>,
    bias: bool,
    scaled: bool,
) -> Problem {
    let moved = |&(base, ulps): &(f64, i32)| (0..ulps).fold(base, |x: f64, _| x.next_up());
    let rows: Vec<f64> = raw[..n * labels.len()].iter().map(moved).collect();
    let scaler = if scaled { Scaler { shift: vec![0.1; n], divisor: vec![0.7; n] } } else { Scaler::identity(n) };
    let architecture = Architecture { inputs: n, hidden, classes: 2, bias, weights: WeightDomain::Continuous };
    Problem::new(Points::merge(n, 2, &rows, labels, scaler), architecture, Loss::ZeroOne)
}

/// The run ends by itself, and what it says is true: of `least`, what real weights lose, as far as anybody can say.
fn ends_truly(problem: &Problem, training: &bdnn::Training, least: Option<u64>) {
    let least = least.expect("constant neurons are always there") as f64;
    let loss = training.network.as_ref().map(|network| bdnn::exact::check(problem, network));
    assert!(training.bound <= least && least <= training.objective, "{training:?} {problem:?}");
    assert_eq!(loss, Some(Ok(training.loss)), "{problem:?}");
    match training.status {
        Status::Optimal => assert_eq!((training.objective, training.bound), (least, least), "{problem:?}"),
        Status::Unresolved => {
            assert!(training.bound < training.objective && training.doubt().is_some(), "{problem:?}");
        }
        status => panic!("{status:?} after {} conflicts: {problem:?}", training.statistics.conflicts),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What floats cannot tell apart, or cannot show, neither keeps a run from its end nor its words from being true.
    #[test]
    fn last_digits_are_decided_or_left_open(
        n in 1_usize..3,
        raw in prop::collection::vec((prop_oneof![Just(0.3), Just(1e15), Just(-0.1), Just(0.0), Just(1.0)], 0..3), 12),
        labels in prop::collection::vec(0_usize..2, 2..7),
        hidden in prop_oneof![
            Just(vec![]), Just(vec![1]), Just(vec![2]), Just(vec![1, 1]), Just(vec![2, 1]), Just(vec![1, 2])
        ],
        bias in any::<bool>(),
        scaled in any::<bool>(),
        epsilon in prop_oneof![3 => Just(None), 1 => Just(Some(0.125))],
    ) {
        let problem = Problem { epsilon, ..last_digits(n, &raw, &labels, hidden, bias, scaled) };
        let least = brute_force(&problem);
        let limits = Limits { threads: 1, nodes: 5_000, ..Limits::default() };
        ends_truly(&problem, &omt::train(Request::new(&problem, &limits)).expect("sound"), least);
        let path = std::env::temp_dir().join(format!("heaviside-last-digits-{}", std::process::id()));
        let folder = omt::proof::Folder::create(&path, false).expect("a writable folder");
        let (training, written) = omt::proof::train(Request::new(&problem, &limits), &folder, None).expect("sound");
        ends_truly(&problem, &training, least);
        prop_assert_eq!(written.and_then(|written| written.bound).map(|bound| bound as f64), Some(training.bound));
    }
}

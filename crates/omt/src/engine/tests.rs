//! Different ways to write a problem down lead to the same optimum.

use super::flats::Flat;
use super::*;
use crate::dual;
use bdnn::{Architecture, Layer, Loss, Norm, Points, Robust, Scaler, WeightDomain};
use proptest::prelude::*;

fn problem(n: usize, classes: usize, raw: &[i32], labels: &[usize], hidden: &[usize], bias: bool) -> Problem {
    let rows: Vec<f64> = raw[..n * labels.len()].iter().map(|&v| f64::from(v)).collect();
    let labels: Vec<usize> = labels.iter().map(|l| l % classes).collect();
    let points = Points::merge(n, classes, &rows, &labels, Scaler::identity(n));
    let hidden = hidden.to_vec();
    let architecture = Architecture { inputs: n, hidden, classes, bias, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::ZeroOne)
}

fn solve(problem: &Problem, style: Style) -> Training {
    let limits = Limits { threads: 1, ..Limits::default() };
    let training = search(Request::new(problem, &limits), None, style, None).expect("no state is read").0;
    if let Some(network) = &training.network {
        assert_eq!(bdnn::exact::check(problem, network), Ok(training.loss));
    }
    training
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Clauses alone and the dual tree prove the same optimum.
    #[test]
    fn clauses_and_the_dual_tree_agree(
        n in 2_usize..4,
        d in 1_usize..4,
        raw in prop::collection::vec(-20_i32..21, 42),
        labels in prop::collection::vec(0_usize..2, 10..15),
    ) {
        let problem = problem(n, 2, &raw, &labels, &[d], true);
        let tree = solve(&problem, Style::default());
        let clauses = solve(&problem, Style { dual: false, look_ahead: false, ..Style::default() });
        prop_assert_eq!((tree.status, clauses.status), (Status::Optimal, Status::Optimal));
        prop_assert_eq!(tree.loss, clauses.loss);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// Truth tables that grow with the patterns that occur prove what whole tables and output functions prove.
    #[test]
    fn tables_may_grow(
        n in 1_usize..3,
        classes in 2_usize..4,
        raw in prop::collection::vec(-6_i32..7, 16),
        labels in prop::collection::vec(0_usize..3, 4..8),
        hidden in prop_oneof![Just(vec![2]), Just(vec![3]), Just(vec![2, 2]), Just(vec![3, 1])],
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.125)),
        robust in prop::option::of(Just(Robust { radius: 0.3, norm: Norm::Linf })),
        widest_table in 0_usize..3,
    ) {
        let problem = Problem { epsilon, robust, ..problem(n, classes, &raw, &labels, &hidden, bias) };
        let whole = solve(&problem, Style::default());
        let growing = solve(&problem, Style { functions: false, widest_table, ..Style::default() });
        prop_assert_eq!((whole.status, whole.loss), (growing.status, growing.loss));
        prop_assert_eq!(whole.bound.to_bits(), growing.bound.to_bits());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Split into parts from the first conflict on, the search proves the same, and a second thread changes nothing.
    #[test]
    fn parts_add_up(
        n in 2_usize..4,
        classes in 2_usize..4,
        raw in prop::collection::vec(-20_i32..21, 42),
        labels in prop::collection::vec(0_usize..3, 8..14),
        functions in any::<bool>(),
        widest_table in 1_usize..3,
    ) {
        let problem = problem(n, classes, &raw, &labels, &[2], true);
        let whole = Style { functions, widest_table, dual: false, split_after: u64::MAX, blocks: false, ..Style::default() };
        let parts = Style { split_after: 0, ..whole };
        let outcome = |style, threads, nodes| {
            let limits = Limits { threads, nodes, ..Limits::default() };
            let training = search(Request::new(&problem, &limits), None, style, None).expect("no state is read").0;
            let more: Vec<u64> = training.statistics.more.iter().map(|(_, value)| value.to_bits()).collect();
            (training.status, training.loss, training.bound.to_bits(), training.network, more)
        };
        let (one, two) = (outcome(parts, 1, u64::MAX), outcome(parts, 2, u64::MAX));
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(outcome(parts, 1, 300), outcome(parts, 3, 300));
        let whole = outcome(whole, 1, u64::MAX);
        prop_assert_eq!((one.0, one.1, one.2), (whole.0, whole.1, whole.2));
    }
}

/// Blocks of a run, and what they prove in the end: each round's networks are what they say, bounds only rise, and a second thread changes nothing.
fn bound_by_blocks(
    problem: &Problem,
    network: Option<&Network>,
    parameters: (Parameters, dual::Parameters),
    style: Style,
) -> Option<Blocks> {
    let blocks = || Blocks::new(problem, parameters, style);
    let (mut blocks, mut others) = (blocks()?, blocks()?);
    let threads = pool(2).expect("threads");
    for round in 0..20 {
        let share = Share { conflicts: parameters.0.sample_conflicts << round, most: u64::MAX };
        let before = blocks.bound;
        for Confirmed { network, loss, .. } in blocks.advance(problem, network, share, false, &|| false) {
            assert_eq!(bdnn::exact::check(problem, &network), Ok(loss));
        }
        threads.install(|| others.advance(problem, network, share, true, &|| false));
        assert!(before <= blocks.bound);
        assert_eq!((blocks.bound, blocks.count, blocks.conflicts), (others.bound, others.count, others.conflicts));
    }
    // Nothing is proven without time.
    let ended = Share { conflicts: 1 << 20, most: u64::MAX };
    let proven = blocks.bound;
    blocks.advance(problem, network, ended, false, &|| true);
    assert_eq!(blocks.bound, proven);
    Some(blocks)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Blocks prove the optimum in the end and never more, since the last block is the whole: several classes, layers and copies of rows, whole weights,
    /// and neurons without bias too. A margin or a radius ties points to others, and there are no blocks.
    #[test]
    fn blocks_bound_from_below(
        (n, hidden) in prop_oneof![
            Just((1, vec![2])), Just((1, vec![3])), Just((1, vec![2, 2])), Just((2, vec![1])), Just((2, vec![2])),
        ],
        classes in 2_usize..4,
        raw in prop::collection::vec(-9_i32..10, 48),
        labels in prop::collection::vec(0_usize..3, 16..24),
        copies in 1_usize..4,
        bias in any::<bool>(),
        weights in prop_oneof![Just(WeightDomain::Continuous), Just(WeightDomain::Integer(2))],
        allowance in 1_u64..100,
        blocks_together in 2_usize..7,
        functions in any::<bool>(),
    ) {
        let raw = raw[..n * labels.len()].repeat(copies);
        let mut problem = problem(n, classes, &raw, &labels.repeat(copies), &hidden, bias);
        problem.architecture.weights = weights;
        let style = Style { functions, blocks: false, ..Style::default() };
        let parameters =
            Parameters { sample_conflicts: allowance, block_points: 1, blocks_together, ..Parameters::default() };
        let parameters = (parameters, dual::Parameters::default());
        for tied in [Problem { epsilon: Some(0.125), ..problem.clone() },
            Problem { robust: Some(Robust { radius: 0.3, norm: Norm::Linf }), ..problem.clone() }]
        {
            prop_assert!(bound_by_blocks(&tied, None, parameters, style).is_none());
        }
        if let Some(blocks) = bound_by_blocks(&problem, None, parameters, style) {
            prop_assert_eq!(blocks.bound, solve(&problem, style).loss);
        }
    }

    /// Points that agree in a feature are blocks for the dual tree where a network loses many of them, and cost together what each costs alone.
    #[test]
    fn flats_bound_from_below(
        raw in prop::collection::vec(-30_i32..31, 40),
        labels in prop::collection::vec(0_usize..2, 40),
        copies in 1_usize..3,
        allowance in 1_u64..100,
    ) {
        let raw: Vec<i32> = raw.iter().zip(0..).flat_map(|(&x, i)| [x, i % 2 * 5]).collect();
        let problem = problem(2, 2, &raw.repeat(copies), &labels.repeat(copies), &[2], true);
        let tree = dual::Parameters { alone_rank: 1, ..dual::Parameters::default() };
        let parameters = Parameters { sample_conflicts: allowance, block_points: 2, ..Parameters::default() };
        let style = Style { blocks: false, ..Style::default() };
        let network = Network { layers: vec![Layer::zeros(2, 2), Layer::zeros(2, 1)] };
        let blocks = bound_by_blocks(&problem, Some(&network), (parameters, tree), style).expect("enough points");
        let flats = flats::choose(&problem, &network, &tree, &|| false);
        prop_assert!(flats.iter().all(|flat| flat.members.iter().all(|&i| problem.points.raw(i)[1] == problem.points.raw(flat.members[0])[1])));
        let alone = |flat: &Flat| {
            let part = Problem { points: problem.points.pick(&flat.members), ..problem.clone() };
            solve(&part, style).loss - part.floor()
        };
        let least = problem.floor() + flats.iter().map(alone).sum::<u64>();
        prop_assert!(least <= blocks.bound && blocks.bound <= solve(&problem, style).loss, "{} {}", least, blocks.bound);
        let excess = |i: usize| problem.point_loss(i, &[true]) - problem.point_floor(i);
        let half = |k: usize| (0..problem.points.len()).filter(|&i| problem.points.raw(i)[1] == 5.0 * k as f64).map(excess).sum::<u64>();
        prop_assert_eq!(flats.len(), (0..2).filter(|&k| half(k) > 5).count());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The dual tree alone, or beside clauses: a second thread changes nothing, under a limit of nodes either, and what a limit leaves proven
    /// is true.
    #[test]
    fn cells_of_weight_space_wait_for_nobody(
        n in 2_usize..6,
        d in 1_usize..4,
        raw in prop::collection::vec(-9_i32..10, 5 * 30),
        labels in prop::collection::vec(0_usize..2, 18..30),
        nodes in 1_u64..40,
    ) {
        let problem = problem(n, 2, &raw, &labels, &[d], true);
        let outcome = |threads, nodes| {
            let limits = Limits { threads, nodes, ..Limits::default() };
            let training = search(Request::new(&problem, &limits), None, Style::default(), None).expect("no state is read").0;
            let more: Vec<u64> = training.statistics.more.iter().map(|(_, value)| value.to_bits()).collect();
            (training.status, training.loss, training.bound, training.network, more)
        };
        let (whole, part) = (outcome(1, 2000), outcome(1, nodes));
        prop_assert_eq!(&whole, &outcome(3, 2000));
        prop_assert_eq!(&part, &outcome(2, nodes));
        prop_assert!(part.2 <= whole.1 as f64 && whole.2 <= part.1 as f64, "{:?} {:?}", whole, part);
    }
}

/// Cases, blocks and the dual tree together keep to the limit.
#[test]
fn node_limits_hold_for_blocks_too() {
    let mut state = 1_u64;
    let mut random = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    // Every fifth number is one of two: a flat of four dimensions.
    let raw: Vec<i32> = (0..5 * 120).map(|k| if k % 5 == 4 { random(2) as i32 } else { random(1000) as i32 }).collect();
    let labels: Vec<usize> = (0..120).map(|_| random(2) as usize).collect();
    let problem = problem(5, 2, &raw, &labels, &[2], true);
    for nodes in [1, 3, 700, 1901, 2600] {
        let limits = Limits { threads: 1, nodes, ..Limits::default() };
        let Training { status, statistics, .. } = crate::train(Request::new(&problem, &limits)).expect("sound");
        assert_eq!(status, Status::NodeLimit);
        assert!(statistics.conflicts <= nodes, "{} of {nodes}", statistics.conflicts);
    }
}

/// Forty points on a line with alternating labels: two cuts leave 19 errors, and disjoint blocks of a few points prove many of them.
#[test]
fn blocks_add_up() {
    let raw: Vec<i32> = (0..40).collect();
    let labels: Vec<usize> = (0..40).map(|i| i % 2).collect();
    let problem = problem(1, 2, &raw, &labels, &[2], true);
    let parameters = (Parameters { block_points: 2, ..Parameters::default() }, dual::Parameters::default());
    let mut blocks = Blocks::new(&problem, parameters, Style::default()).expect("enough points");
    blocks.advance(&problem, None, Share { conflicts: 200, most: u64::MAX }, false, &|| false);
    assert!(blocks.count > 1 && blocks.bound >= 8 && blocks.bound <= 19, "{}", blocks.bound);
}

/// Eight hidden neurons: no truth table of 2^8 entries, and the optimum all the same.
#[test]
fn wide_layers_are_trained() {
    // Sixteen points on a line with alternating labels need more than eight cuts.
    let raw: Vec<i32> = (0..16).collect();
    let labels: Vec<usize> = (0..16).map(|i| i % 2).collect();
    for (hidden, expected) in [(7, 4), (8, 4), (15, 0)] {
        let training = solve(&problem(1, 2, &raw, &labels, &[hidden], true), Style::default());
        assert_eq!((training.status, training.loss), (Status::Optimal, expected), "{hidden} hidden neurons");
    }
}

/// A companion that knows one network.
struct Knows {
    network: Option<(Network, u64)>,
    turns: u64,
}

impl bdnn::Companion for Knows {
    fn last(&self) -> u64 {
        0
    }

    fn turn(&mut self, best: u64) -> bdnn::Turn {
        self.turns += 1;
        let found = self.network.take().filter(|(_, loss)| *loss < best);
        bdnn::Turn { work: u64::from(found.is_some()), found }
    }
}

/// What a companion finds counts at once, and it is asked no more once nothing is left for it to do.
#[test]
fn a_companion_is_heard() {
    let raw: Vec<i32> = (0..200).map(|k| (k * k * 7 + 13 * k) % 41 - 20).collect();
    let labels: Vec<usize> = (0..40).map(|k| (k * 5 + k * k) % 7 % 2).collect();
    let problem = problem(5, 2, &raw, &labels, &[2], true);
    let best = solve(&problem, Style { dual: false, ..Style::default() });
    let network = best.network.clone().map(|network| (network, best.loss));
    let mut companion = Knows { network, turns: 0 };
    let limits = Limits { threads: 1, nodes: 5, ..Limits::default() };
    let style = Style { dual: false, blocks: false, ..Style::default() };
    let run = |other: &mut Knows| {
        search(Request::new(&problem, &limits), None, style, Some(other)).expect("no state is read").0
    };
    let training = run(&mut companion);
    assert_eq!((training.loss, companion.turns), (best.loss, 2));
    let mut ignorant = Knows { network: None, turns: 0 };
    let training = run(&mut ignorant);
    assert!(training.loss > best.loss && ignorant.turns == 1, "{} {}", training.loss, ignorant.turns);
}

/// A start that nothing can beat is the answer at once, whatever the width.
#[test]
fn a_start_at_the_floor_is_optimal() {
    let problem = problem(1, 2, &[0, 0, 1, 2], &[0, 1, 1, 1], &[40, 9], true);
    let mut start = Network { layers: vec![Layer::zeros(1, 40), Layer::zeros(40, 9), Layer::zeros(9, 1)] };
    start.layers[0].weights[0] = 1.0;
    let limits = Limits { threads: 1, nodes: 0, ..Limits::default() };
    let training = crate::train(Request::new(&problem, &limits).with_start(Some(&start))).expect("sound");
    assert_eq!((training.status, training.loss), (Status::Optimal, problem.floor()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whole weights as variables prove what lists of dichotomies prove.
    #[test]
    fn whole_weights_are_listed_or_variables(
        n in 1_usize..4,
        bound in 1_u32..3,
        classes in 2_usize..4,
        raw in prop::collection::vec(-4_i32..5, 24),
        labels in prop::collection::vec(0_usize..3, 3..9),
        hidden in prop_oneof![Just(vec![1]), Just(vec![2]), Just(vec![3]), Just(vec![2, 2])],
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.125)),
        robust in prop::option::of((Just(0.3), prop_oneof![Just(Norm::Linf), Just(Norm::L1)])),
        functions in any::<bool>(),
    ) {
        let count = labels.len().min(24 / n);
        let robust = robust.map(|(radius, norm)| Robust { radius, norm });
        let mut problem = Problem { epsilon, robust, ..problem(n, classes, &raw, &labels[..count], &hidden, bias) };
        problem.architecture.weights = WeightDomain::Integer(bound);
        let plain = Style { functions, blocks: false, ..Style::default() };
        let listed = solve(&problem, plain);
        let variables = solve(&problem, Style { listed: false, ..plain });
        prop_assert_eq!((listed.status, listed.loss), (variables.status, variables.loss));
        prop_assert_eq!(listed.bound.to_bits(), variables.bound.to_bits());
    }
}

/// Dichotomies that no float weights show are passed by: others lose as little.
#[test]
fn what_floats_cannot_show_hides_nothing() {
    let rows = [
        -0.5,
        -0.2,
        -0.5,
        -0.2,
        0.0,
        0.30000000000000004,
        -0.2,
        -0.2,
        -0.4,
        -0.1,
        0.2,
        0.2,
        0.2,
        -0.1,
        -0.1,
        0.2,
        0.30000000000000004,
        0.1,
        -0.4,
        -0.2,
        -0.30000000000000004,
        0.0,
        -0.6000000000000001,
        -0.30000000000000004,
        -0.30000000000000004,
        0.0,
    ];
    let labels = [0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 1];
    let spread =
        [-0.002, -1e8, -1.0, -3e8, 0.0, 3e8, 0.0, -2e-9, -0.003, 0.002, 3e8, -0.001, 2.0, 0.0, 2e-9, 1e8, -1.0, -0.003];
    let spread_labels = [0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1];
    for (n, rows, labels, d, least) in [(2, &rows[..], &labels[..], 1, 4), (1, &spread[..], &spread_labels[..], 2, 7)] {
        let points = Points::merge(n, 2, rows, labels, Scaler::identity(n));
        let architecture =
            Architecture { inputs: n, hidden: vec![d], classes: 2, bias: true, weights: WeightDomain::Continuous };
        let training = solve(&Problem::new(points, architecture, Loss::ZeroOne), Style::default());
        assert_eq!((training.status, training.loss, training.bound), (Status::Optimal, least, least as f64));
    }
}

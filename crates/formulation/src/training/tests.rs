use super::judge::Judge;
use super::polish::{Guide, Polished, Polisher};
use super::train;
use crate::{Formulation, FormulationOptions};
use bdnn::exact;
use bdnn::separation::{Semantics, separate};
use bdnn::start;
use bdnn::tolerances::BOUND_ACCURACY;
use bdnn::{
    Architecture, Budget, Layer, Limits, Loss, Network, Norm, Points, Problem, Progress, Rational, Request, Robust,
    Scaler, Silent, Status, WeightDomain,
};
use milp::{Control, Judgement};

fn problem(features: usize, rows: &[f64], labels: &[usize], hidden: &[usize]) -> Problem {
    let classes = labels.iter().max().map_or(2, |most| most + 1).max(2);
    let points = Points::merge(features, classes, rows, labels, Scaler::identity(features));
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs: features, hidden: hidden.to_vec(), classes, bias: true, weights };
    Problem { epsilon: Some(1e-4), ..Problem::new(points, architecture, Loss::ZeroOne) }
}

fn formulate(problem: &Problem) -> Formulation {
    Formulation::new(problem, &FormulationOptions { symmetry: false, ..FormulationOptions::default() })
        .expect("well formed")
}

const SQUARE: [f64; 8] = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];

/// A candidate with the given activations of one layer and weights of no use.
fn claim(formulation: &Formulation, layer: usize, fires: &[bool]) -> Vec<f64> {
    let mut candidate = vec![0.0; formulation.model().num_vars()];
    for (u, &fires) in formulation.structure().layers[layer].activations.iter().zip(fires) {
        candidate[u.index()] = f64::from(u8::from(fires));
    }
    candidate
}

#[test]
fn a_claim_that_no_neuron_can_keep_is_refuted() {
    let formulation = formulate(&problem(2, &SQUARE, &[0, 0, 1, 1], &[]));
    let limits = Limits::default();
    let budget = Budget::new(&limits, &Silent);
    let mut judge = Judge::new(std::slice::from_ref(&formulation), &budget, &Silent, None);
    let exclusive_or = claim(&formulation, 0, &[false, false, true, true]);
    assert!(matches!(judge.judge(&exclusive_or), Judgement::Infeasible));
}

#[test]
fn equal_inputs_with_different_outputs_are_refuted() {
    let formulation = formulate(&problem(1, &[0.0, 1.0], &[0, 1], &[1]));
    let limits = Limits::default();
    let budget = Budget::new(&limits, &Silent);
    let mut judge = Judge::new(std::slice::from_ref(&formulation), &budget, &Silent, None);
    // The hidden neuron rests everywhere, the output fires on the second point alone.
    let candidate = claim(&formulation, 1, &[false, true]);
    assert!(matches!(judge.judge(&candidate), Judgement::Infeasible));
}

/// As in the wrong optimum on Breast Cancer Wisconsin: the weights do not do what the binaries say, but some do.
#[test]
fn a_claim_with_useless_weights_gets_a_network_that_keeps_it() {
    let formulation = formulate(&problem(2, &SQUARE, &[0, 1, 1, 1], &[]));
    let limits = Limits::default();
    let budget = Budget::new(&limits, &Silent);
    let mut judge = Judge::new(std::slice::from_ref(&formulation), &budget, &Silent, None);
    let candidate = claim(&formulation, 0, &[false, true, true, true]);
    let Judgement::Replace(point) = judge.judge(&candidate) else { panic!("or is separable") };
    let network = formulation.decode(&point);
    assert_eq!(exact::check(formulation.problem(), &network), Ok(0));
    assert_eq!(formulation.model().objective(&point), 0.0);
    // The largest margin of or in the box: w = (1, 1), b halfway between 0 and 1.
    assert_eq!(network.layers[0].weights, [1.0, 1.0]);
    assert!((network.layers[0].biases[0] + 0.5 + 0.5e-4).abs() < 1e-12);
}

/// Both of two opposite pairs fire without bias only if w is orthogonal to both: real weights exist, floats do not.
fn beyond_floats() -> Problem {
    let (x, y) = ([0.1, 0.7, 0.3], [0.9, 0.2, 0.6]);
    let rows = [x, x.map(|v: f64| -v), y, y.map(|v: f64| -v), [0.3, 0.4, -0.8]].concat();
    let mut problem = problem(3, &rows, &[1, 1, 1, 1, 0], &[]);
    problem.architecture.bias = false;
    problem
}

#[test]
fn what_floats_cannot_represent_is_rejected_and_leaves_the_optimum_open() {
    let problem = beyond_floats();
    let formulation = formulate(&problem);
    let limits = Limits::default();
    let budget = Budget::new(&limits, &Silent);
    let mut judge = Judge::new(std::slice::from_ref(&formulation), &budget, &Silent, None);
    let candidate = claim(&formulation, 0, &[true, true, true, true, false]);
    assert!(matches!(judge.judge(&candidate), Judgement::Reject));
    let training = train(Request::new(&problem, &Limits::default())).expect("well formed");
    assert_eq!((training.status, training.loss, training.bound), (Status::Unresolved, 1, 0.0));
}

#[test]
fn least_weights_are_found_and_priced() {
    // Loss 0 needs |w| = epsilon = 1/2; a constant costs one error.
    let base = Problem { epsilon: Some(0.5), ..problem(1, &[0.0, 1.0], &[0, 1], &[]) };
    let objective = |l0, l1| {
        let training = train(Request::new(&Problem { l0, l1, ..base.clone() }, &Limits::default())).expect("fine");
        assert_eq!(training.status, Status::Optimal, "l0 {l0}, l1 {l1}: {training:?}");
        training.objective
    };
    assert!((objective(0.0, 1.0) - 0.5).abs() < 1e-6);
    assert_eq!(objective(0.0, 3.0), 1.0);
    assert_eq!(objective(0.25, 0.0), 0.25);
    assert_eq!(objective(1.5, 0.0), 1.0);
}

/// An objective of weights alone may be as small as it likes: "optimal" is said of its share, not of a difference in rows lost.
#[test]
fn small_prices_are_proven_to_a_share_of_the_objective() {
    let base = Problem { epsilon: Some(1e-4), ..problem(2, &[0.0, 0.1, 0.3, 0.7, 1.0, 0.2], &[0, 1, 0], &[]) };
    for l1 in [1e-1, 1e-3, 1e-5] {
        let training = train(Request::new(&Problem { l1, ..base.clone() }, &Limits::default())).expect("fine");
        let (status, objective, bound) = (training.status, training.objective, training.bound);
        assert_eq!((status, training.loss), (Status::Optimal, 0), "{l1}: {objective} {bound}");
        assert!(bound > 0.0 && objective - bound <= BOUND_ACCURACY * objective, "{l1}: {objective} {bound}");
    }
}

#[test]
fn whole_weights_keep_their_values_and_get_the_middle_bias() {
    let mut whole = problem(1, &[0.0, 0.25, 1.0], &[0, 0, 1], &[]);
    whole.architecture.weights = WeightDomain::Integer(2);
    let formulation = formulate(&whole);
    let limits = Limits::default();
    let budget = Budget::new(&limits, &Silent);
    let guide = Guide {
        network: Network { layers: vec![Layer { inputs: 1, outputs: 1, weights: vec![2.0], biases: vec![9.0] }] },
        signs: None,
    };
    let fires = [false, false, true].map(|f| vec![vec![f]]);
    let polisher = Polisher::new(&formulation, &budget);
    let Polished::Network(network, _) = polisher.polish(&fires, &guide) else { panic!("2 x - 1.25") };
    assert_eq!(network.layers[0].weights, [2.0]);
    assert!((network.layers[0].biases[0] + 1.25 + 0.5e-4).abs() < 1e-12);
    let down = Guide {
        network: Network { layers: vec![Layer { weights: vec![-1.0], ..network.layers[0].clone() }] },
        ..guide
    };
    assert!(matches!(polisher.polish(&fires, &down), Polished::Impossible));
}

#[test]
fn every_kind_of_problem_has_a_first_network() {
    for bias in [true, false] {
        for hidden in [&[][..], &[1], &[2, 3]] {
            for (labels, norm) in [([0, 1, 0, 1], Norm::Linf), ([0, 1, 2, 1], Norm::L1)] {
                for weights in [WeightDomain::Continuous, WeightDomain::Integer(2)] {
                    let mut problem = problem(2, &SQUARE, &labels, hidden);
                    problem.architecture = Architecture { bias, weights, ..problem.architecture };
                    problem.robust = Some(Robust { radius: 0.125, norm });
                    let mut networks = start::networks(&problem, &bdnn::budget::never);
                    assert!(networks.any(|network| exact::check(&problem, &network).is_ok()), "{problem:?}");
                    let limits = Limits { nodes: 0, ..Limits::default() };
                    let training = train(Request::new(&problem, &limits)).expect("well formed");
                    let network = training.network.expect("limits return some network");
                    assert_eq!(exact::check(&problem, &network), Ok(training.loss));
                }
            }
        }
    }
}

#[test]
fn the_best_threshold_is_among_the_first_networks() {
    // Feature 1 tells 6 of 7 rows; the constants 4.
    let rows = [0.5, 0.1, 0.5, 0.2, 0.5, 0.3, 0.5, 0.4, 0.5, 0.6, 0.5, 0.7, 0.5, 0.8];
    let problem = problem(2, &rows, &[0, 0, 1, 0, 1, 1, 1], &[2, 2]);
    let losses: Vec<u64> = start::networks(&problem, &bdnn::budget::never)
        .filter_map(|network| exact::check(&problem, &network).ok())
        .collect();
    assert_eq!(losses.iter().min(), Some(&1));
}

/// A start far from the box and without margin is solved again, and bounds the search from the first node.
#[test]
fn a_given_network_is_taken_with_its_activations() {
    let problem = problem(2, &SQUARE, &[0, 0, 1, 1], &[2]);
    let layer = |inputs, outputs, weights: &[f64], biases: &[f64]| Layer {
        inputs,
        outputs,
        weights: weights.to_vec(),
        biases: biases.to_vec(),
    };
    let exclusive_or = Network {
        layers: vec![
            layer(2, 2, &[900.0, 900.0, -900.0, -900.0], &[-1e-6, 900.0]),
            layer(2, 1, &[1e-7, 1e-7], &[-1.5e-7]),
        ],
    };
    assert!(exact::check(&problem, &exclusive_or).is_err());
    assert_eq!(exact::loss(&problem, &exclusive_or), 0);
    let training =
        train(Request::new(&problem, &Limits { nodes: 0, ..Limits::default() }).with_start(Some(&exclusive_or)))
            .expect("fine");
    assert_eq!((training.status, training.loss, training.statistics.nodes), (Status::Optimal, 0, 0));
}

struct Impatient;

impl Progress for Impatient {
    fn should_stop(&self) -> bool {
        true
    }
}

/// A model that memory does not hold is not built: what stands without one comes back.
#[test]
fn without_memory_for_the_model_a_network_comes_back() {
    let problem = problem(2, &SQUARE, &[0, 0, 1, 1], &[2]);
    let limits = Limits { memory: 0.0, ..Limits::default() };
    let training = train(Request::new(&problem, &limits)).expect("sound");
    assert_eq!(training.status, Status::MemoryLimit);
    let network = training.network.expect("the most frequent answer at least");
    assert_eq!(exact::check(&problem, &network), Ok(training.loss));
    assert_eq!(training.bound, problem.floor() as f64);
}

#[test]
fn an_interrupted_run_returns_its_best_network_and_an_honest_bound() {
    // Alternating labels on a parabola: far from proven before the first question whether to stop.
    let rows: Vec<f64> = (0..12).flat_map(|i| [f64::from(i) / 12.0, f64::from(i * i) / 144.0]).collect();
    let labels: Vec<usize> = (0..12).map(|i| i % 2).collect();
    let problem = problem(2, &rows, &labels, &[2]);
    let training = train(Request::new(&problem, &Limits::default()).with_progress(&Impatient)).expect("well formed");
    assert_eq!(training.status, Status::Interrupted, "{training:?}");
    let network = training.network.expect("the start");
    assert_eq!(exact::check(&problem, &network), Ok(training.loss));
    assert!(training.bound < training.objective);
}

/// Coordinates are thirds, which floats are not, and margins are just attained: rows in floats would cut such networks off, and what is proven
/// would be false of the data. Every dichotomy of one neuron is asked of exact separation.
#[test]
fn margins_just_attained_between_rounded_coordinates_are_not_cut_off() {
    let (mut attained, mut proven) = (0, 0);
    for pattern in 0..1_u32 << 4 {
        for (raw, epsilon) in [
            ([0.5, -1.0, 1.5, 0.0], 0.5),
            ([0.5, -1.0, -1.0, 1.5], 0.5),
            ([1.5, 0.75, -1.5, 0.0], 0.25),
            ([-1.25, -0.5, 0.25, 1.0], 0.25),
        ] {
            let labels: Vec<usize> = (0..4).map(|i| (pattern >> i & 1) as usize).collect();
            let scaler = Scaler { shift: vec![-1.5], divisor: vec![3.0] };
            let points = Points::merge(1, 2, &raw, &labels, scaler);
            let problem = Problem { points, epsilon: Some(epsilon), ..problem(1, &raw, &labels, &[]) };
            let at: Vec<Vec<Rational>> = (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect();
            let semantics = Semantics::of_layer(&problem, 0);
            let least = (0..1_u32 << at.len())
                .map(|fires| (0..at.len()).map(|i| fires >> i & 1 == 1).collect::<Vec<bool>>())
                .filter(|fires| separate(&at, fires, &semantics).is_separable())
                .map(|fires| fires.iter().enumerate().map(|(i, &fires)| problem.point_loss(i, &[fires])).sum::<u64>())
                .min()
                .expect("a constant");
            let training = train(Request::new(&problem, &Limits::default())).expect("sound");
            let context = || format!("{training:?} {problem:?}");
            assert!(training.bound <= least as f64 && training.loss >= least, "{least} {}", context());
            match training.status {
                Status::Optimal => proven += 1,
                Status::Unresolved => attained += 1,
                _ => panic!("{}", context()),
            }
        }
    }
    assert!(attained > 0 && proven > attained, "{attained} {proven}");
}

//! The traps others have fallen into, each with a case counted by hand, and cases of every architecture.

use bdnn::{
    Architecture, Layer, Limits, Loss, Network, Norm, Points, Problem, Request, Robust, Scaler, Status, Training,
    WeightDomain, exact,
};

fn problem(features: usize, classes: usize, rows: &[f64], labels: &[usize], hidden: &[usize]) -> Problem {
    let points = Points::merge(features, classes, rows, labels, Scaler::identity(features));
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs: features, hidden: hidden.to_vec(), classes, bias: true, weights };
    Problem { epsilon: Some(1e-4), ..Problem::new(points, architecture, Loss::ZeroOne) }
}

fn with(problem: &Problem, change: impl Fn(&mut Architecture)) -> Problem {
    let mut problem = problem.clone();
    change(&mut problem.architecture);
    problem
}

fn train(problem: &Problem) -> Training {
    formulation::train(Request::new(problem, &Limits::default())).unwrap_or_else(|error| panic!("{error}"))
}

/// The proven optimum, kept by a network that satisfies the problem.
fn optimum(problem: &Problem) -> u64 {
    let training = train(problem);
    assert_eq!(training.status, Status::Optimal);
    assert_eq!(exact::check(problem, &training.network.expect("an optimum is a network")), Ok(training.loss));
    training.loss
}

const SQUARE: [f64; 8] = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];

/// The model fires at a >= 0; a prediction with a > 0 would count the origin wrong.
#[test]
fn zero_fires() {
    let origin = with(&problem(1, 2, &[0.0, 1.0], &[1, 0], &[]), |a| a.bias = false);
    assert_eq!(optimum(&origin), 0);
    let network = Network { layers: vec![Layer { inputs: 1, outputs: 1, weights: vec![-1.0], biases: vec![0.0] }] };
    assert_eq!(exact::check(&origin, &network), Ok(0));
}

/// All thresholds at 0 (the paper's first model) is a poorer class.
#[test]
fn no_bias_is_a_poorer_class() {
    let line = problem(1, 2, &[1.0, 2.0, 3.0], &[0, 0, 1], &[]);
    assert_eq!(optimum(&line), 0);
    assert_eq!(optimum(&with(&line, |a| a.bias = false)), 1);
    // A hidden layer does not help: without biases all positive points have equal activations.
    assert_eq!(optimum(&with(&line, |a| (a.bias, a.hidden) = (false, vec![3]))), 1);
}

#[test]
fn exclusive_or_needs_two_hidden_neurons_or_two_layers_of_them() {
    let with_hidden = |hidden: &[usize]| optimum(&problem(2, 2, &SQUARE, &[0, 0, 1, 1], hidden));
    assert_eq!(with_hidden(&[]), 1);
    assert_eq!(with_hidden(&[1]), 1);
    assert_eq!(with_hidden(&[2]), 0);
    assert_eq!(with_hidden(&[2, 1]), 0);
    assert_eq!(with_hidden(&[2, 2]), 0);
    // A single neuron first throws away what later layers would need.
    assert_eq!(with_hidden(&[1, 3]), 1);
}

/// Alternating labels on a line: d first-layer neurons cut it at d places.
#[test]
fn a_line_needs_a_neuron_for_every_change_of_label() {
    let line: Vec<f64> = (0..5).map(f64::from).collect();
    let alternating = |hidden: &[usize]| optimum(&problem(1, 2, &line, &[0, 1, 0, 1, 0], hidden));
    assert_eq!(alternating(&[]), 2);
    // Two cuts make three intervals, so one of the five changes is missed.
    assert_eq!(alternating(&[2]), 1);
    assert_eq!(alternating(&[4]), 0);
}

/// Three classes on a line, one output a class: the middle one is an interval, which takes two cuts.
#[test]
fn three_classes_on_a_line() {
    let line: Vec<f64> = (0..6).map(f64::from).collect();
    let classes = problem(1, 3, &line, &[0, 0, 1, 1, 2, 2], &[]);
    // Without hidden layer the two ends are half-lines; the middle output rests everywhere: two rows wrong.
    assert_eq!(optimum(&classes), 2);
    assert_eq!(optimum(&Problem { loss: Loss::Hamming, ..classes.clone() }), 2);
    assert_eq!(optimum(&with(&classes, |a| a.hidden = vec![2])), 0);
    // With one hidden neuron two patterns exist, so two classes can be right.
    assert_eq!(optimum(&with(&classes, |a| a.hidden = vec![1])), 2);
}

/// Hamming counts outputs, zero-one rows. A point with one row of each of three classes: outputs of all 0 cost
/// 3 outputs; any single class costs 2 rows (and 4 outputs).
#[test]
fn conflicting_duplicates_cost_differently_in_the_two_losses() {
    let same = problem(1, 3, &[0.5; 3], &[0, 1, 2], &[]);
    assert_eq!((same.floor(), optimum(&same)), (2, 2));
    let hamming = Problem { loss: Loss::Hamming, ..same };
    assert_eq!((hamming.floor(), optimum(&hamming)), (3, 3));
}

/// Duplicates count as often as they occur: the two rows at 1 outweigh the one at 0 and the one at 2.
#[test]
fn merged_points_carry_their_weights() {
    let weighted = problem(1, 2, &[0.0, 1.0, 1.0, 2.0, 1.0], &[1, 0, 0, 1, 1], &[]);
    assert_eq!(weighted.points.len(), 3);
    assert_eq!(weighted.floor(), 1);
    assert_eq!(optimum(&weighted), 2);
    assert_eq!(optimum(&with(&weighted, |a| a.hidden = vec![2])), 1);
}

/// The authors' big-M forgets the radius and cuts off networks once r n > 1; two far points stay separable.
#[test]
fn a_large_radius_keeps_feasible_networks() {
    for norm in [Norm::Linf, Norm::L1] {
        for bias in [true, false] {
            let far = with(&problem(2, 2, &[-4.0, -4.0, 4.0, 4.0], &[0, 1], &[]), |a| a.bias = bias);
            let ball = |radius| Problem { robust: Some(Robust { radius, norm }), ..far.clone() };
            assert_eq!(optimum(&ball(3.5)), 0, "{norm:?}, bias {bias}");
            assert_eq!(optimum(&ball(0.0)), optimum(&far));
            // At radius 4 the boxes touch; the l1 balls do at radius 8.
            let touch = if norm == Norm::Linf { 4.0 } else { 8.0 };
            assert_eq!(optimum(&ball(touch)), 1, "{norm:?}, bias {bias}");
        }
    }
}

/// opt(ideal) <= opt(margin): a margin too wide for the data costs errors, and the result says which margin it was.
#[test]
fn the_margin_is_part_of_the_problem() {
    let near = problem(1, 2, &[0.0, 0.001, 1.0], &[0, 1, 1], &[]);
    let margin = |epsilon| Problem { epsilon: Some(epsilon), ..near.clone() };
    assert_eq!(optimum(&margin(0.001)), 0);
    assert_eq!(optimum(&margin(0.0011)), 1);
    let named = |training: &Training| {
        training.statistics.more.iter().find(|(name, _)| *name == "epsilon").map(|&(_, value)| value)
    };
    assert_eq!(named(&train(&margin(0.0011))), Some(0.0011));
    assert_eq!(named(&train(&Problem { epsilon: None, ..near.clone() })), Some(1e-4));
}

/// Unscaled data would leak through big-M: refused, with advice.
#[test]
fn unscaled_data_is_refused_rather_than_trained_wrongly() {
    let dollars = problem(1, 2, &[0.0, 2e6, 5e6], &[0, 1, 0], &[]);
    let refused = formulation::train(Request::new(&dollars, &Limits::default())).expect_err("5e6 * 1e-9 > 1e-5");
    assert!(refused.to_string().contains("scale the data"), "{refused}");
}

/// Whole weights that continuous ones beat: the separating direction (1, 2) is not ternary.
#[test]
fn integer_weights_are_a_poorer_class() {
    let rows = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, -1.0, -1.0, 1.0];
    let labels = [0, 0, 1, 1, 0, 0];
    let plane = problem(2, 2, &rows, &labels, &[]);
    let integer = |bound| optimum(&with(&plane, |a| a.weights = WeightDomain::Integer(bound)));
    assert_eq!(optimum(&plane), 0);
    assert_eq!(integer(3), 0);
    assert!(integer(1) > 0);
}

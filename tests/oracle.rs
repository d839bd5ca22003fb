//! The enumeration that other tests trust, on cases counted by hand.

use bdnn::{Architecture, Loss, Norm, Points, Problem, Robust, Scaler, WeightDomain};
use heaviside_acceptance::oracle::{dichotomies, optimum};

fn problem(features: usize, rows: &[f64], labels: &[usize], hidden: &[usize], bias: bool) -> Problem {
    let points = Points::merge(features, 2, rows, labels, Scaler::identity(features));
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs: features, hidden: hidden.to_vec(), classes: 2, bias, weights };
    Problem::new(points, architecture, Loss::ZeroOne)
}

const SQUARE: [f64; 8] = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];

#[test]
fn exclusive_or_needs_two_hidden_neurons() {
    let with = |hidden: &[usize], bias| optimum(&problem(2, &SQUARE, &[0, 0, 1, 1], hidden, bias));
    assert_eq!(with(&[], true), 1.0);
    assert_eq!(with(&[1], true), 1.0);
    assert_eq!(with(&[2], true), 0.0);
    // Without bias the origin fires whatever the weights, and is wrong.
    assert_eq!(with(&[], false), 2.0);
}

#[test]
fn cover_counts_the_dichotomies_of_points_in_general_position() {
    // Cover (1965): 2 (C(m-1, 0) + .. + C(m-1, n)) with biases; six points on a parabola: 2 (1 + 5 + 10).
    let parabola: Vec<f64> = (0..6).flat_map(|i| [f64::from(i), f64::from(i * i)]).collect();
    let problem = problem(2, &parabola, &[0, 1, 0, 1, 0, 1], &[], true);
    let points: Vec<_> = (0..6).map(|i| problem.points.scaled_exact(i)).collect();
    assert_eq!(dichotomies(&problem, 0, &points).len(), 32);
    let integer = |bound| {
        let weights = WeightDomain::Integer(bound);
        Problem { architecture: Architecture { weights, ..problem.architecture.clone() }, ..problem.clone() }
    };
    // With |w| <= 1 every direction orders these points by x or by -x, or ties the first two: 5 cuts from either end and
    // the 2 constants.
    assert_eq!(dichotomies(&integer(1), 0, &points).len(), 12);
    assert!(dichotomies(&integer(5), 0, &points).len() > 12);
}

#[test]
fn three_bits_have_104_threshold_functions() {
    let cube: Vec<f64> = (0..8).flat_map(|i| [i & 1, i >> 1 & 1, i >> 2 & 1].map(f64::from)).collect();
    let problem = problem(3, &cube, &[0; 8], &[], true);
    let points: Vec<_> = (0..8).map(|i| problem.points.scaled_exact(i)).collect();
    assert_eq!(dichotomies(&problem, 0, &points).len(), 104);
}

#[test]
fn balls_that_touch_leave_only_the_constants() {
    let base = problem(1, &[0.0, 1.0], &[0, 1], &[], true);
    let with = |radius, epsilon| {
        let robust = Some(Robust { radius, norm: Norm::Linf });
        optimum(&Problem { robust, epsilon, ..base.clone() })
    };
    assert_eq!(with(0.25, None), 0.0);
    assert_eq!(with(0.5, None), 1.0);
    assert_eq!(with(0.25, Some(0.5)), 0.0);
    assert_eq!(with(0.25, Some(0.75)), 1.0);
}

//! Training by the mixed-integer model against enumeration: hundreds of random tiny problems of every kind.

use bdnn::tolerances::BOUND_ACCURACY;
use bdnn::{Limits, Problem, Request, Robust, Status, Training, WeightDomain, exact};
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::Source;

const CONTINUOUS: WeightDomain = WeightDomain::Continuous;

fn train(problem: &Problem) -> Training {
    let limits = Limits { threads: 1, ..Limits::default() };
    formulation::train(Request::new(problem, &limits)).unwrap_or_else(|error| panic!("{error}\n{problem:?}"))
}

/// The trained objective, after checking that the result keeps its word.
fn proven(problem: &Problem) -> f64 {
    let training = train(problem);
    assert_eq!(training.status, Status::Optimal, "{problem:?}\n{training:?}");
    let network = training.network.expect("an optimum is a network");
    assert_eq!(exact::check(problem, &network), Ok(training.loss), "{problem:?}\n{network:?}");
    let Training { bound, objective, .. } = training;
    let met = bound <= objective && objective - bound <= BOUND_ACCURACY * objective.abs();
    assert!(met, "objective {objective}, bound {bound}\n{problem:?}");
    training.objective
}

fn agrees(problem: &Problem) {
    let (found, least) = (proven(problem), optimum(problem));
    assert!(
        (found - least).abs() <= BOUND_ACCURACY * least.abs(),
        "found {found}, enumeration says {least}\n{problem:?}"
    );
}

#[test]
fn continuous_weights_agree_with_all_separable_dichotomies() {
    let mut source = Source::new(1);
    for case in 0..120 {
        let (features, rows) = (source.whole(1, 2), source.whole(2, 8));
        let hidden: &[usize] = [&[][..], &[1], &[2], &[3]][case % 4];
        let points = source.points(if hidden == [3] { rows.min(6) } else { rows }, features, 2);
        agrees(&source.problem(points, hidden, CONTINUOUS, true));
    }
}

#[test]
fn continuous_weights_without_bias_agree_with_all_separable_dichotomies() {
    let mut source = Source::new(2);
    for case in 0..60 {
        let (features, rows) = (source.whole(1, 3), source.whole(2, 7));
        let points = source.points(rows, features, 2);
        agrees(&source.problem(points, [&[][..], &[2], &[3]][case % 3], CONTINUOUS, false));
    }
}

#[test]
fn integer_weights_agree_with_all_networks() {
    let mut source = Source::new(3);
    for case in 0..120 {
        let (features, rows, bound) = (source.whole(1, 3), source.whole(2, 7), source.whole(1, 2));
        let bias = case % 2 == 0;
        let points = source.points(rows, features, 2);
        let weights = WeightDomain::Integer(u32::try_from(bound).expect("small"));
        agrees(&source.problem(points, [&[][..], &[1], &[2]][case / 2 % 3], weights, bias));
    }
}

#[test]
fn robust_training_agrees_and_never_gains_from_a_larger_radius() {
    let mut source = Source::new(4);
    for case in 0..60 {
        let (features, rows) = (source.whole(1, 2), source.whole(2, 6));
        let points = source.points(rows, features, 2);
        let weights = if case % 2 == 0 { CONTINUOUS } else { WeightDomain::Integer(1) };
        let plain = source.problem(points, [&[][..], &[2]][case / 2 % 2], weights, with_bias(case));
        let ball = source.robust();
        let with = |radius| Problem { robust: Some(Robust { radius, ..ball }), ..plain.clone() };
        let losses = [0.0, ball.radius, 4.0 * ball.radius].map(|radius| {
            agrees(&with(radius));
            proven(&with(radius))
        });
        assert_eq!(losses[0], proven(&plain));
        assert!(losses.is_sorted(), "{losses:?}\n{plain:?}");
    }
}

fn with_bias(case: usize) -> bool {
    !case.is_multiple_of(3)
}

#[test]
fn several_classes_agree_in_both_losses() {
    let mut source = Source::new(5);
    for case in 0..40 {
        let (features, rows) = (source.whole(1, 2), source.whole(3, 5));
        let points = source.points(rows, features, 3);
        let weights = if case % 2 == 0 { CONTINUOUS } else { WeightDomain::Integer(1) };
        agrees(&source.problem(points, [&[][..], &[1], &[2]][case / 2 % 3], weights, with_bias(case)));
    }
}

#[test]
fn deep_networks_agree() {
    let mut source = Source::new(6);
    for case in 0..30 {
        let rows = source.whole(2, 5);
        let points = source.points(rows, 1, 2);
        let weights = if case % 2 == 0 { CONTINUOUS } else { WeightDomain::Integer(1) };
        agrees(&source.problem(points, [&[2, 2][..], &[1, 2], &[2, 1, 1]][case / 2 % 3], weights, with_bias(case)));
    }
}

#[test]
fn partitions_agree_and_one_part_a_point_is_the_full_model() {
    let mut source = Source::new(7);
    for case in 0..40 {
        let (features, rows) = (source.whole(1, 2), source.whole(2, 7));
        let points = source.points(rows, features, 2);
        let count = points.len();
        let full = source.problem(points, [&[][..], &[2]][case % 2], CONTINUOUS, true);
        let parts = source.partition(count, 4);
        let split = Problem { partition: Some(parts), ..full.clone() };
        agrees(&split);
        let single = Problem { partition: Some((0..count).collect()), ..full.clone() };
        assert_eq!(proven(&single), proven(&full));
        assert!(proven(&split) >= proven(&full));
    }
}

#[test]
fn counting_and_shrinking_weights_agree() {
    let mut source = Source::new(8);
    for case in 0..60 {
        let (features, rows) = (source.whole(1, 2), source.whole(2, 6));
        let points = source.points(rows, features, 2);
        let integer = case % 2 == 0;
        let weights = if integer { WeightDomain::Integer(1) } else { CONTINUOUS };
        let plain = source.problem(points, [&[][..], &[2]][case / 2 % 2], weights, with_bias(case));
        let (l0, l1) = [(0.25, 0.0), (0.0, 0.125), (0.75, 0.25)][case % 3];
        agrees(&Problem { l0, l1: if integer { l1 } else { 0.0 }, ..plain });
    }
}

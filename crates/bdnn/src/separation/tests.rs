use super::{Effort, Semantics, Sign, Verdict, biases, exact, separate, separate_signed};
use crate::{Norm, Rational, Robust};
use proptest::prelude::*;

const IDEAL: Semantics = Semantics { bias: true, bound: 1.0, epsilon: None, robust: None };

fn points(rows: &[&[f64]]) -> Vec<Vec<Rational>> {
    rows.iter().map(|row| row.iter().map(|&x| exact(x)).collect()).collect()
}

fn conflict(verdict: Verdict) -> super::Conflict {
    match verdict {
        Verdict::Inseparable(conflict) => conflict,
        Verdict::Separable(neuron) => panic!("separated by {neuron:?}"),
    }
}

#[test]
fn exclusive_or_is_a_conflict_of_its_two_diagonals() {
    let square = points(&[&[0.0, 0.0], &[1.0, 1.0], &[0.0, 1.0], &[1.0, 0.0]]);
    let proof = conflict(separate(&square, &[true, true, false, false], &IDEAL));
    let half = Rational::from_parts(1.into(), 2u8.into());
    assert_eq!(proof.firing, [(0, half.clone()), (1, half.clone())]);
    assert_eq!(proof.resting, [(2, half.clone()), (3, half)]);
    assert!(proof.holds(&square, &IDEAL));
}

#[test]
fn one_point_on_both_sides_is_a_conflict_of_two() {
    let twice = points(&[&[0.1, 0.7], &[0.3, 0.1], &[0.1, 0.7]]);
    assert_eq!(conflict(separate(&twice, &[true, true, false], &IDEAL)).len(), 2);
}

#[test]
fn collinear_decimals_are_judged_as_the_floats_they_are() {
    let line = points(&[&[0.1, 0.1], &[0.2, 0.2], &[0.3, 0.3]]);
    let fires = [true, false, true];
    assert!(!separate(&line, &fires, &IDEAL).is_separable());
    // In floats 0.1 + 0.2 > 0.3, by 5.6e-17: not on one line, and the ideal neuron exists.
    let bent = points(&[&[0.1, 0.1], &[0.2, 0.2], &[0.3, 0.1 + 0.2]]);
    let Verdict::Separable(neuron) = separate(&bent, &fires, &IDEAL) else { panic!("three points off the line") };
    assert!(neuron.holds(&bent, &fires, &IDEAL));
}

#[test]
fn a_margin_beyond_the_box_is_refused_and_one_at_its_edge_is_kept() {
    // One feature, |w| <= 1, points 1/4 apart: the largest epsilon is exactly 1/4.
    let pair = points(&[&[0.25], &[0.5]]);
    let with = |epsilon| Semantics { epsilon: Some(epsilon), ..IDEAL };
    let Verdict::Separable(edge) = separate(&pair, &[false, true], &with(0.25)) else { panic!("at the edge") };
    assert_eq!((edge.weights[0].clone(), edge.bias), (exact(1.0), exact(-0.5)));
    let beyond = with(0.25 + f64::EPSILON);
    assert!(conflict(separate(&pair, &[false, true], &beyond)).holds(&pair, &beyond));
    let wider = Semantics { bound: 2.0, ..beyond };
    assert!(separate(&pair, &[false, true], &wider).is_separable());
}

#[test]
fn without_bias_the_origin_fires_and_opposite_points_never_both_rest() {
    let no_bias = Semantics { bias: false, ..IDEAL };
    let line = points(&[&[0.0, 0.0], &[1.0, 2.0], &[-1.0, -2.0]]);
    assert!(separate(&line, &[true, true, false], &no_bias).is_separable());
    assert_eq!(conflict(separate(&line, &[false, true, false], &no_bias)).resting, [(0, Rational::ONE)]);
    let proof = conflict(separate(&line, &[true, false, false], &no_bias));
    assert!(proof.holds(&line, &no_bias) && proof.len() <= 3);
    // Both fire only on the hyperplane through them; another point rests, so the weights are not 0.
    let with_rest = points(&[&[1.0, 2.0], &[-1.0, -2.0], &[0.5, 0.0]]);
    let fires = [true, true, false];
    let Verdict::Separable(neuron) = separate(&with_rest, &fires, &no_bias) else { panic!("w = (-2, 1) does it") };
    assert!(neuron.holds(&with_rest, &fires, &no_bias));
}

#[test]
fn balls_that_touch_are_a_conflict_in_the_ideal_sense() {
    // Distance 1 in each feature: boxes of radius 1/2 touch, smaller ones are separated; the l1 balls need radius 1.
    let pair = points(&[&[0.0, 0.0], &[1.0, 1.0]]);
    let with = |radius, norm| Semantics { robust: Some(Robust { radius, norm }), ..IDEAL };
    for (norm, touch) in [(Norm::Linf, 0.5), (Norm::L1, 1.0)] {
        assert!(separate(&pair, &[true, false], &with(touch - 1e-9, norm)).is_separable());
        let touching = with(touch, norm);
        assert!(conflict(separate(&pair, &[true, false], &touching)).holds(&pair, &touching));
    }
}

#[test]
fn biases_are_the_interval_between_the_two_sides() {
    let line = points(&[&[0.0], &[0.25], &[1.0]]);
    let w = [exact(1.0)];
    let margin = Semantics { epsilon: Some(0.25), ..IDEAL };
    let fires = [false, false, true];
    assert_eq!(biases(&line, &fires, &w, &margin), Some((exact(-1.0), exact(-0.5))));
    assert_eq!(biases(&line, &fires, &[exact(-1.0)], &margin), None);
    assert_eq!(biases(&line, &[true; 3], &w, &margin), Some((exact(0.0), exact(0.0))));
    assert_eq!(biases(&line, &[false; 3], &w, &margin), Some((exact(-1.25), exact(-1.25))));
    let ball = Semantics { robust: Some(Robust { radius: 0.25, norm: Norm::Linf }), ..margin };
    assert_eq!(biases(&line, &fires, &w, &ball), Some((exact(-0.75), exact(-0.75))));
}

/// A question on a small grid, where conflicts, touching and exact edges are common.
fn question() -> impl Strategy<Value = (Vec<Vec<Rational>>, Vec<bool>, Semantics)> {
    let robust = prop_oneof![
        3 => Just(None),
        1 => (0u8..4).prop_map(|r| Some(Robust { radius: f64::from(r) / 8.0, norm: Norm::Linf })),
        1 => (0u8..4).prop_map(|r| Some(Robust { radius: f64::from(r) / 8.0, norm: Norm::L1 })),
    ];
    let epsilon = prop_oneof![Just(None), Just(Some(1e-4)), Just(Some(0.25)), Just(Some(0.5))];
    let semantics = (any::<bool>(), epsilon, robust, 1u8..3).prop_map(|(bias, epsilon, robust, bound)| Semantics {
        bias,
        epsilon,
        robust,
        bound: f64::from(bound),
    });
    (1usize..4, 1usize..8)
        .prop_flat_map(|(n, m)| {
            let point = proptest::collection::vec((-4i32..5).prop_map(|k| exact(f64::from(k) / 4.0)), n);
            (proptest::collection::vec(point, m), proptest::collection::vec(any::<bool>(), m))
        })
        .prop_flat_map(move |(points, fires)| (Just(points), Just(fires), semantics.clone()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// The same where weights have signs.
    #[test]
    fn every_verdict_with_signs_proves_itself(
        (points, fires, semantics) in question(),
        allowed in proptest::collection::vec(any::<(bool, bool)>(), 3),
    ) {
        let sign = |&(positive, negative): &(bool, bool)| Sign { positive, negative };
        let signs: Vec<Sign> = allowed.iter().take(points[0].len()).map(sign).collect();
        let verdict = separate_signed(&points, &fires, &signs, &semantics, &mut Effort::unlimited());
        match verdict.expect("nothing says stop") {
            Verdict::Separable(neuron) => {
                prop_assert!(neuron.holds(&points, &fires, &semantics), "{neuron:?}");
                for (w, sign) in neuron.weights.iter().zip(&signs) {
                    prop_assert!(sign.positive || *w <= Rational::ZERO, "{neuron:?} {signs:?}");
                    prop_assert!(sign.negative || *w >= Rational::ZERO, "{neuron:?} {signs:?}");
                }
            }
            Verdict::Inseparable(conflict) => {
                prop_assert!(conflict.holds_signed(&points, &signs, &semantics), "{conflict:?} {signs:?}");
            }
        }
    }

    /// Both answers carry their own proof, so exactly one of them can be right.
    #[test]
    fn every_verdict_proves_itself((points, fires, semantics) in question()) {
        match separate(&points, &fires, &semantics) {
            Verdict::Separable(neuron) => {
                prop_assert!(neuron.holds(&points, &fires, &semantics), "{neuron:?}");
                let interval = biases(&points, &fires, &neuron.weights, &semantics);
                prop_assert!(interval.is_some_and(|(low, _)| semantics.bias || low.is_zero()));
            }
            Verdict::Inseparable(conflict) => {
                prop_assert!(conflict.holds(&points, &semantics), "{conflict:?}");
                prop_assert!(conflict.len() <= points[0].len() + 2);
                prop_assert!(conflict.firing.iter().all(|&(i, _)| fires[i]));
                prop_assert!(conflict.resting.iter().all(|&(i, _)| !fires[i]));
            }
        }
    }
}

//! The exact pass against a naive one that does everything in rationals.

use super::*;
use crate::{Architecture, Layer, Loss, Norm, Robust, WeightDomain};
use proptest::prelude::*;

fn exact(value: f64) -> Rational {
    Rational::try_from(value).unwrap()
}

/// a^k of all layers, term by term in rationals.
fn naive(network: &Network, scaler: &Scaler, raw: &[f64]) -> Vec<Vec<Rational>> {
    let mut inputs: Vec<Rational> = raw.iter().enumerate().map(|(j, &x)| scaler.scale_exact(j, x)).collect();
    let mut all = vec![];
    for layer in &network.layers {
        let value = |j: usize| {
            let products = layer.neuron(j).iter().zip(&inputs).map(|(&w, x)| exact(w) * x);
            products.fold(exact(layer.biases[j]), |sum, term| sum + term)
        };
        let values: Vec<Rational> = (0..layer.outputs).map(value).collect();
        inputs = values.iter().map(|a| if *a >= Rational::ZERO { Rational::ONE } else { Rational::ZERO }).collect();
        all.push(values);
    }
    all
}

fn naive_class(values: &[Rational]) -> usize {
    if values.len() == 1 {
        return usize::from(values[0] >= Rational::ZERO);
    }
    let rank = |j: usize| (values[j] >= Rational::ZERO, values[j].clone(), std::cmp::Reverse(j));
    (0..values.len()).max_by_key(|&j| rank(j)).unwrap()
}

/// Numbers that provoke ties, cancellation, overflow and underflow.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-4i8..=4).prop_map(f64::from),
        2 => (-8i8..=8).prop_map(|k| f64::from(k) / 8.0),
        2 => (-10i8..=10).prop_map(|k| f64::from(k) / 10.0),
        1 => prop::sample::select(vec![f64::MIN_POSITIVE, -f64::from_bits(1), f64::from_bits(3), 1e300, -1e300, 1e-300]),
        1 => prop::sample::select(vec![1.0 + f64::EPSILON, -1.0 + f64::EPSILON, 1e16, -1e16, f64::MAX, -f64::MAX]),
        1 => any::<f64>().prop_filter("finite", |x| x.is_finite()),
    ]
}

fn positive() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => prop::sample::select(vec![1.0, 2.0, 3.0, 7.0, 9.0, 0.1]),
        1 => prop::sample::select(vec![1e300, 1e-300, f64::from_bits(1), f64::MAX]),
        1 => any::<f64>().prop_map(f64::abs).prop_filter("positive", |x| *x > 0.0 && x.is_finite()),
    ]
}

fn layer(inputs: usize, outputs: usize) -> impl Strategy<Value = Layer> {
    (prop::collection::vec(number(), inputs * outputs), prop::collection::vec(number(), outputs))
        .prop_map(move |(weights, biases)| Layer { inputs, outputs, weights, biases })
}

/// A network with up to two hidden layers and up to three outputs, a scaler, and points in raw units.
fn case() -> impl Strategy<Value = (Network, Scaler, Vec<Vec<f64>>)> {
    (1usize..4, prop::collection::vec(1usize..4, 1..4)).prop_flat_map(|(features, widths)| {
        let inputs = std::iter::once(features).chain(widths.clone());
        let layers: Vec<_> = inputs.zip(widths).map(|(from, to)| layer(from, to).boxed()).collect();
        let scaler = (prop::collection::vec(number(), features), prop::collection::vec(positive(), features))
            .prop_map(|(shift, divisor)| Scaler { shift, divisor });
        let points = prop::collection::vec(prop::collection::vec(number(), features), 1..6);
        (layers.prop_map(|layers| Network { layers }), scaler, points)
    })
}

/// Weights divided into [-1, 1], and one output instead of two.
fn into_box(mut network: Network) -> Network {
    for layer in &mut network.layers {
        let bound = layer.weights.iter().fold(1.0, |most: f64, w| most.max(w.abs()));
        layer.weights.iter_mut().for_each(|w| *w /= bound);
    }
    let last = network.layers.last_mut().unwrap();
    if last.outputs == 2 {
        last.outputs = 1;
        last.weights.truncate(last.inputs);
        last.biases.truncate(1);
    }
    network
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_rationals((network, scaler, points) in case()) {
        let fast = ExactNetwork::new(&network, &scaler);
        for raw in &points {
            let slow = naive(&network, &scaler, raw);
            let fires: Pattern =
                slow.iter().map(|layer| layer.iter().map(|a| *a >= Rational::ZERO).collect()).collect();
            prop_assert_eq!(fast.activations(raw), fires);
            prop_assert_eq!(fast.predict(raw), naive_class(slow.last().unwrap()));
            prop_assert_eq!(fast.pre_activations(raw), slow);
        }
    }

    /// Integer points and weights, scaled to [0, 1]: a good part of the points lie on the hyperplanes.
    #[test]
    fn exact_on_hyperplanes(
        weights in prop::collection::vec(-3i8..=3, 3),
        bias in -3i8..=3,
        raw in prop::collection::vec(prop::collection::vec(0u8..=9, 3), 1..20),
    ) {
        let scaler = Scaler { shift: vec![0.0; 3], divisor: vec![9.0; 3] };
        // w'(x/9) + b >= 0 iff w'x + 9b >= 0: the quotients x/9 round, only exactness keeps such points on their side.
        let biases = vec![f64::from(bias)];
        let network = Network {
            layers: vec![Layer { inputs: 3, outputs: 1, weights: weights.iter().map(|&w| f64::from(w)).collect(), biases }],
        };
        let fast = ExactNetwork::new(&network, &scaler);
        for point in raw {
            let sum: i32 = weights.iter().zip(&point).map(|(&w, &x)| i32::from(w) * i32::from(x)).sum();
            let raw: Vec<f64> = point.iter().map(|&x| f64::from(x)).collect();
            prop_assert_eq!(fast.outputs(&raw), vec![sum + 9 * i32::from(bias) >= 0]);
        }
    }

    /// Margins and the three checks, against their definition in rationals.
    #[test]
    fn checks_agree_with_rationals(
        (network, scaler, rows) in case(),
        radius in prop::sample::select(vec![0.0, 0.125, 0.1, 1.0]),
        epsilon in prop::sample::select(vec![None, Some(1e-4), Some(1.0)]),
        norm in prop::sample::select(vec![Norm::Linf, Norm::L1]),
    ) {
        let network = into_box(network);
        let widths = network.widths();
        let outputs = widths[widths.len() - 1];
        let classes = if outputs == 1 { 2 } else { outputs };
        let flat: Vec<f64> = rows.concat();
        let points = Points::merge(widths[0], classes, &flat, &vec![0; rows.len()], scaler.clone());
        let architecture = Architecture {
            inputs: widths[0],
            hidden: widths[1..widths.len() - 1].to_vec(),
            classes,
            bias: true,
            weights: WeightDomain::Continuous,
        };
        let mut problem = Problem::new(points, architecture, Loss::ZeroOne);
        problem.epsilon = epsilon;
        problem.robust = Some(Robust { radius, norm });

        let mut fine = true;
        let mut least: Vec<Vec<[Option<Rational>; 2]>> =
            network.layers.iter().map(|layer| vec![[None, None]; layer.outputs]).collect();
        for i in 0..problem.points.len() {
            for (k, values) in naive(&network, &scaler, problem.points.raw(i)).into_iter().enumerate() {
                for (j, a) in values.into_iter().enumerate() {
                    let weights = network.layers[k].neuron(j).iter().map(|&w| exact(w.abs()));
                    let dual = match norm {
                        Norm::Linf => weights.fold(Rational::ZERO, |sum, w| sum + w),
                        Norm::L1 => weights.max().unwrap(),
                    };
                    let reach = if k == 0 { exact(radius) * dual } else { Rational::ZERO };
                    let keeps = |side: &mut Option<Rational>, value: &Rational| {
                        *side = Some(side.take().map_or(value.clone(), |old| old.min(value.clone())));
                    };
                    if a >= Rational::ZERO {
                        keeps(&mut least[k][j][0], &a);
                        fine &= a - reach >= Rational::ZERO;
                    } else {
                        let rest = -a;
                        keeps(&mut least[k][j][1], &rest);
                        fine &= match epsilon {
                            Some(epsilon) => rest >= reach + exact(epsilon),
                            None => rest > reach,
                        };
                    }
                }
            }
        }
        for (bounds, least) in margin_bounds(&problem.points, &network, &|| false).unwrap().iter().flatten().zip(least.iter().flatten()) {
            for (&bound, least) in [bounds.fires, bounds.rests].iter().zip(least) {
                let holds = |least: &Rational| bound == f64::NEG_INFINITY || exact(bound) <= *least;
                prop_assert_eq!(bound == f64::INFINITY, least.is_none());
                prop_assert!(least.as_ref().is_none_or(holds), "{} {:?}", bound, least);
            }
        }
        match check(&problem, &network) {
            Ok(found) => {
                prop_assert!(fine);
                prop_assert_eq!(found, loss(&problem, &network));
            }
            Err(violation) => prop_assert!(!fine, "{}", violation),
        }
    }
}

fn two_points() -> Problem {
    let points = Points::merge(1, 2, &[0.0, 1.0, 1.0], &[0, 1, 0], Scaler::identity(1));
    let architecture =
        Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::ZeroOne)
}

fn line(weight: f64, bias: f64) -> Network {
    Network { layers: vec![Layer { inputs: 1, outputs: 1, weights: vec![weight], biases: vec![bias] }] }
}

/// Numbers of ordinary size lose a few roundings.
#[test]
fn bounds_on_margins_are_close() {
    let [bounds] = &margin_bounds(&two_points().points, &line(0.7, -0.3), &|| false).unwrap()[0][..] else {
        panic!("one neuron")
    };
    assert!((0.4 - 1e-14..0.4).contains(&bounds.fires) && (0.3 - 1e-14..0.3).contains(&bounds.rests), "{bounds:?}");
}

#[test]
fn counts_every_row() {
    assert_eq!(check(&two_points(), &line(1.0, -0.5)), Ok(1));
    assert_eq!(loss(&two_points(), &line(-1.0, 0.5)), 2);
    assert_eq!(loss(&two_points(), &line(0.0, 0.0)), 2);
}

#[test]
fn refuses_what_the_problem_forbids() {
    let mut problem = two_points();
    assert!(matches!(check(&problem, &line(1.5, 0.0)), Err(Violation::Weight { .. })));
    assert!(matches!(check(&problem, &line(f64::NAN, 0.0)), Err(Violation::Shape(_))));
    problem.architecture.weights = WeightDomain::Integer(2);
    assert!(matches!(check(&problem, &line(0.5, 0.0)), Err(Violation::Weight { .. })));
    assert_eq!(check(&problem, &line(2.0, -1.0)), Ok(1));
    problem.architecture.bias = false;
    assert!(matches!(check(&problem, &line(2.0, -1.0)), Err(Violation::Bias { .. })));
    problem.architecture.bias = true;
    problem.partition = Some(vec![0, 0]);
    assert_eq!(check(&problem, &line(2.0, -1.0)), Err(Violation::Part { first: 0, second: 1 }));
    problem.architecture.inputs = 2;
    assert!(matches!(check(&problem, &line(1.0, 0.0)), Err(Violation::Shape(_))));
}

#[test]
fn margin_and_ball_meet_exactly() {
    let mut problem = two_points();
    problem.epsilon = Some(0.5);
    assert_eq!(check(&problem, &line(1.0, -0.5)), Ok(1));
    problem.epsilon = Some(0.5 + f64::EPSILON);
    assert_eq!(check(&problem, &line(1.0, -0.5)), Err(Violation::Undecided { layer: 0, neuron: 0, point: 0 }));
    problem.epsilon = None;
    problem.robust = Some(Robust { radius: 0.5, norm: Norm::Linf });
    // The firing point keeps 0.5 - 0.5 >= 0; the resting one needs -0.5 + 0.5 < 0.
    assert_eq!(check(&problem, &line(1.0, -0.5)), Err(Violation::Undecided { layer: 0, neuron: 0, point: 0 }));
    problem.robust = Some(Robust { radius: 0.25, norm: Norm::Linf });
    assert_eq!(check(&problem, &line(1.0, -0.75)), Ok(1));
}

//! Parts of all networks: they cover each network once, and the least of their bounds is the optimum.

use bdnn::{
    Architecture, ErrorLimit, Layer, Limits, Loss, Network, Norm, Points, Problem, Request, Robust, Scaler, Status,
    WeightDomain,
};
use omt::cubes::{self, Condition, Cube, Divided, Form, Vertex};
use proptest::prelude::*;

fn limits() -> Limits {
    Limits { threads: 1, ..Limits::default() }
}

/// The leaves of a division, each with its part.
fn leaves(divided: &Divided) -> Vec<(Cube, Vertex)> {
    let cubes = divided.cubes(&Cube::default()).into_iter().zip(divided.vertices.iter().copied());
    cubes.filter(|(_, vertex)| !matches!(vertex, Vertex::Split { .. })).collect()
}

/// The optimum by parts: of the best network known to any of them, and the least bound; `None` if there is no network.
fn by_parts(problem: &Problem, divided: &Divided, form: Form) -> (Option<u64>, f64) {
    let mut best = divided.best.clone();
    let mut bound = f64::INFINITY;
    for (cube, vertex) in leaves(divided) {
        if vertex == Vertex::Refuted {
            bound = best.as_ref().map_or(bound, |(_, loss)| bound.min(*loss as f64));
            continue;
        }
        let limits = limits();
        let start = best.as_ref().map(|(network, _)| network);
        let training = cubes::train(Request::new(problem, &limits).with_start(start), (&cube, 0), form, None);
        let training = training.expect("a sound problem");
        assert!(!training.status.is_limit(), "{training:?}");
        bound = bound.min(training.bound);
        if let Some(network) = training.network {
            assert_eq!(bdnn::exact::check(problem, &network), Ok(training.loss));
            if best.as_ref().is_none_or(|(_, loss)| training.loss < *loss) {
                best = Some((network, training.loss));
            }
        }
    }
    (best.map(|(_, loss)| loss), bound)
}

/// The same by one run and by parts.
fn agree(problem: &Problem, count: usize, form: Form) -> Result<Divided, TestCaseError> {
    let limits = limits();
    let plain = omt::train(Request::new(problem, &limits)).expect("a sound problem");
    let all = Cube::default();
    let divided = cubes::divide(Request::new(problem, &limits), (&all, 0), form, count);
    let divided = divided.expect("a sound problem").expect("no limit");
    let (loss, bound) = by_parts(problem, &divided, form);
    match plain.status {
        Status::Optimal => {
            prop_assert_eq!(loss, Some(plain.loss));
            prop_assert_eq!(bound, plain.bound);
        }
        Status::Infeasible => {
            prop_assert_eq!(loss, None);
            prop_assert_eq!(bound, f64::INFINITY);
        }
        _ => {}
    }
    Ok(divided)
}

/// Networks of small random numbers, some neurons of which are constant or the same.
fn network(architecture: &Architecture, mut numbers: impl Iterator<Item = i32>) -> Network {
    let widths = architecture.widths();
    let mut number = || f64::from(numbers.next().unwrap_or(0)) / 4.0;
    let layer = |(inputs, outputs): (usize, usize)| {
        let weights = (0..inputs * outputs).map(|_| number()).collect();
        let biases = (0..outputs).map(|_| if architecture.bias { number() } else { 0.0 }).collect();
        Layer { inputs, outputs, weights, biases }
    };
    Network { layers: widths.windows(2).map(|pair| (pair[0], pair[1])).map(layer).collect() }
}

/// Every network is in one leaf.
fn once(problem: &Problem, divided: &Divided, form: Form, networks: &[Vec<i32>]) -> Result<(), TestCaseError> {
    let limits = limits();
    let canonical = cubes::Canonical::new(Request::new(problem, &limits), form, &|| false).expect("never stopped");
    for numbers in networks {
        let network = network(&problem.architecture, numbers.iter().copied().cycle().take(200));
        if bdnn::exact::check(problem, &network).is_err() {
            continue;
        }
        let place = canonical.place(&network, &|| false).expect("a form");
        let found = leaves(divided).iter().filter(|(cube, _)| place.is_in(problem, cube)).count();
        prop_assert_eq!(found, 1, "{:?}", network);
    }
    Ok(())
}

fn small(raw: &[i32], labels: &[usize], units: &[u32], shape: (usize, usize, Vec<usize>, bool)) -> Problem {
    let (n, classes, hidden, bias) = shape;
    let rows: Vec<f64> = raw[..n * labels.len()].iter().map(|&v| f64::from(v)).collect();
    let mut counts = vec![0; classes * labels.len()];
    for (i, label) in labels.iter().enumerate() {
        counts[i * classes + label % classes] = units[i % units.len()];
    }
    let points = Points::weighted(n, classes, &rows, &counts, Scaler::identity(n));
    let architecture = Architecture { inputs: n, hidden, classes, bias, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::ZeroOne)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parts_are_the_whole(
        n in 1_usize..3,
        d in 1_usize..4,
        classes in 2_usize..4,
        raw in prop::collection::vec(-3_i32..4, 24),
        labels in prop::collection::vec(0_usize..3, 3..10),
        units in prop::collection::vec(1_u32..4, 1..5),
        bias in any::<bool>(),
        provable in any::<bool>(),
        count in 1_usize..12,
        networks in prop::collection::vec(prop::collection::vec(-4_i32..5, 5..20), 12),
    ) {
        let problem = small(&raw, &labels, &units, (n, classes, vec![d], bias));
        let form = if provable { Form::Provable } else { Form::Ordered };
        let divided = agree(&problem, count, form)?;
        once(&problem, &divided, form, &networks)?;
    }

    /// Margins, balls, limits on errors, whole weights, two hidden layers, none.
    #[test]
    fn of_any_problem(
        raw in prop::collection::vec(-3_i32..4, 16),
        labels in prop::collection::vec(0_usize..2, 3..8),
        kind in 0_usize..7,
        count in 1_usize..10,
        networks in prop::collection::vec(prop::collection::vec(-4_i32..5, 5..20), 8),
    ) {
        let hidden = match kind {
            0 => vec![],
            1 => vec![2, 2],
            _ => vec![2],
        };
        let mut problem = small(&raw, &labels, &[1], (2, 2, hidden, true));
        match kind {
            2 => problem.epsilon = Some(0.25),
            3 => problem.robust = Some(Robust { radius: 0.125, norm: Norm::Linf }),
            4 => problem.error_limits = vec![ErrorLimit { class: 1, most: 0 }],
            5 => problem.architecture.weights = WeightDomain::Integer(1),
            6 => problem.partition = Some((0..problem.points.len()).map(|i| i % 3.min(problem.points.len())).collect()),
            _ => {}
        }
        let divided = agree(&problem, count, Form::Ordered)?;
        if kind != 5 {
            once(&problem, &divided, Form::Ordered, &networks)?;
        }
    }
}

#[test]
fn what_means_nothing_is_refused() {
    let problem = small(&[0, 1, 2, 3, 4], &[0, 1, 0, 1], &[1], (1, 2, vec![2], true));
    let limits = limits();
    for condition in [
        Condition::Function(2),
        Condition::Fires { neuron: 2, point: 0 },
        Condition::Fires { neuron: 0, point: 4 },
        Condition::Fires { neuron: usize::MAX, point: usize::MAX },
    ] {
        let cube = Cube::default().with(condition, true);
        let refused = cubes::train(Request::new(&problem, &limits), (&cube, 0), Form::Ordered, None);
        assert!(refused.unwrap_err().to_string().contains("does not fit"), "{condition:?}");
    }
}

/// A part without networks at all is closed at once, and a part that contradicts itself as well.
#[test]
fn nothing_is_in_an_empty_part() {
    let problem = small(&[0, 1, 2, 3, 4], &[0, 1, 0, 1], &[1], (1, 2, vec![2], true));
    let limits = limits();
    let condition = Condition::Fires { neuron: 0, point: 1 };
    let cube = Cube::default().with(condition, true).with(condition, false);
    let training = cubes::train(Request::new(&problem, &limits), (&cube, 0), Form::Ordered, None).expect("sound");
    assert_eq!((training.status, training.bound), (Status::Infeasible, f64::INFINITY));
    // With a network of another part the bound is its loss.
    let best = training.network.or_else(|| omt::train(Request::new(&problem, &limits)).expect("sound").network);
    let request = Request::new(&problem, &limits).with_start(best.as_ref());
    let training = cubes::train(request, (&cube, 0), Form::Ordered, None).expect("sound");
    assert_eq!((training.status, training.bound), (Status::Optimal, training.loss as f64));
}

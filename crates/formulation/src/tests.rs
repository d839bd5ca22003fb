use super::{Formulation, FormulationOptions, Size, Use, supports};
use crate::Error;
use bdnn::exact;
use bdnn::{Architecture, Layer, Loss, Network, Norm, Points, Problem, Robust, Scaler, WeightDomain};
use milp::Model;
use proptest::prelude::*;

fn points(features: usize, classes: usize, rows: &[f64], labels: &[usize]) -> Points {
    Points::merge(features, classes, rows, labels, Scaler::identity(features))
}

fn architecture(inputs: usize, hidden: &[usize], classes: usize) -> Architecture {
    Architecture { inputs, hidden: hidden.to_vec(), classes, bias: true, weights: WeightDomain::Continuous }
}

fn formulate(problem: &Problem) -> Formulation {
    Formulation::new(problem, &FormulationOptions::default()).expect("the problem is well formed")
}

/// What does not fit is refused before it is built, with what it would take.
#[test]
fn the_size_is_known_beforehand() {
    let rows: Vec<f64> = (0..40).map(f64::from).collect();
    let labels: Vec<usize> = (0..20).map(|i| i % 2).collect();
    for (hidden, partition) in [(&[][..], None), (&[3], None), (&[3, 2], Some((0..20).map(|i| i / 2).collect()))] {
        let problem = Problem {
            partition,
            ..Problem::new(points(2, 2, &rows, &labels), architecture(2, hidden, 2), Loss::Hamming)
        };
        let size = Size::of(&problem);
        let built = formulate(&problem).model().num_nonzeros() as f64;
        assert!((0.7..1.5).contains(&(size.entries / built)), "{hidden:?}: {size:?}, {built}");
        assert!(size.check(Use::Solve, None).is_ok() && size.check(Use::Build, Some(1 << 20)).is_ok());
        let refused = size.check(Use::Solve, Some(1000)).expect_err("1000 bytes");
        assert!(refused.to_string().contains("GB where 0.0 GB are left"), "{refused}");
    }
    let wide = Problem::new(points(2, 2, &rows, &labels), architecture(2, &[3000, 3000], 2), Loss::Hamming);
    assert!(supports(&wide).is_err_and(|refused| refused.to_string().contains("GB")));
}

fn index(model: &Model, name: &str) -> usize {
    model.variables.iter().position(|var| var.name == name).unwrap_or_else(|| panic!("no variable {name}"))
}

/// The largest violation of a row or bound, with its name.
fn violation(model: &Model, x: &[f64]) -> (f64, String) {
    let columns = model
        .variables
        .iter()
        .zip(x)
        .map(|(var, &x)| (var.lower - x).max(x - var.upper))
        .zip(model.variables.iter().map(|var| var.name.clone()));
    let rows = model.rows.iter().map(|row| {
        let value: f64 = row.terms.iter().map(|&(var, a)| a * x[var.index()]).sum();
        ((row.lower - value).max(value - row.upper), row.name.clone())
    });
    columns.chain(rows).max_by(|x, y| x.0.total_cmp(&y.0)).expect("a model has columns")
}

#[test]
fn a_single_neuron_has_the_rows_of_the_paper() {
    // Two points 0 and 2 on a line: D = 2, |b| <= 2.
    let problem = Problem {
        epsilon: Some(0.25),
        ..Problem::new(points(1, 2, &[0.0, 2.0], &[1, 0]), architecture(1, &[], 2), Loss::ZeroOne)
    };
    let formulation = formulate(&problem);
    let model = formulation.model();
    let names: Vec<&str> = model.variables.iter().map(|var| var.name.as_str()).collect();
    assert_eq!(names, ["w_1_0_0", "b_1_0", "u_1_0_0", "u_1_1_0"]);
    assert_eq!((model.variables[1].lower, model.variables[1].upper), (-2.0, 1.75));
    assert_eq!((model.offset, model.variables[2].cost, model.variables[3].cost), (1.0, -1.0, 1.0));
    let row = |name: &str| model.rows.iter().find(|row| row.name == name).expect("named so");
    let terms = |name: &str| row(name).terms.iter().map(|&(var, a)| (var.index(), a)).collect::<Vec<_>>();
    // w 2 + b >= -2 (1 - u) and w 2 + b <= (1.75 + 0.25) u - 0.25.
    assert_eq!((row("fire_1_1_0").lower, terms("fire_1_1_0")), (-2.0, vec![(0, 2.0), (1, 1.0), (3, -2.0)]));
    assert_eq!((row("rest_1_1_0").upper, terms("rest_1_1_0")), (-0.25, vec![(0, 2.0), (1, 1.0), (3, -2.0)]));
}

#[test]
fn conflicting_labels_enter_as_a_constant() {
    // Three rows of class 1 and two of class 0 at one point: 3 - u.
    let data = points(1, 2, &[1.0; 5], &[1, 0, 1, 0, 1]);
    let formulation = formulate(&Problem::new(data, architecture(1, &[], 2), Loss::Hamming));
    let u = &formulation.model().variables[index(formulation.model(), "u_1_0_0")];
    assert_eq!((formulation.model().offset, u.cost), (3.0, -1.0));
    // Three classes, zero-one: right for at most one of the two present.
    let data = points(1, 3, &[1.0; 3], &[0, 2, 2]);
    let formulation = formulate(&Problem::new(data, architecture(1, &[], 3), Loss::ZeroOne));
    let model = formulation.model();
    assert_eq!(model.variables[index(model, "e_0_0")].cost, 1.0);
    assert_eq!(model.variables[index(model, "e_0_2")].cost, 2.0);
    assert!(model.rows.iter().any(|row| row.name == "floor_0" && row.lower == 1.0));
}

#[test]
fn three_equal_hidden_layers_have_names_that_tell_them_apart() {
    let data = points(2, 2, &[0.0, 0.0, 1.0, 0.5, 0.2, 0.9], &[0, 1, 0]);
    let problem = Problem {
        l0: 0.1,
        l1: 0.1,
        robust: Some(Robust { radius: 0.1, norm: Norm::L1 }),
        ..Problem::new(data, architecture(2, &[2, 2, 2], 2), Loss::Hamming)
    };
    let formulation = formulate(&problem);
    let model = formulation.model();
    let mut names: Vec<&str> = model.variables.iter().map(|var| var.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), model.num_vars());
    let mut rows: Vec<&str> = model.rows.iter().map(|row| row.name.as_str()).collect();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), model.num_rows());
    let layer = &formulation.structure().layers[2];
    assert_eq!(model.variables[layer.activation(1, 0).index()].name, "u_3_1_0");
    assert_eq!(model.variables[layer.product(2, 1, 0).index()].name, "s_3_2_1_0");
}

/// Breast Cancer's trap: nine features in [0, 1], epsilon = 1e-4, and the usual tolerances of 1e-5 and 1e-6.
#[test]
fn leaking_tolerances_are_refused_with_what_to_change() {
    let corners: Vec<f64> = [[0.0; 9], [1.0; 9]].concat();
    let problem = Problem {
        epsilon: Some(1e-4),
        ..Problem::new(points(9, 2, &corners, &[0, 1]), architecture(9, &[], 2), Loss::Hamming)
    };
    let formulation = formulate(&problem);
    assert!(formulation.check_tolerances(1e-9, 1e-9).is_ok());
    let refused = formulation.check_tolerances(1e-6, 1e-5).expect_err("9 * 1e-5 is close to 1e-4");
    let message = refused.to_string();
    assert!(message.contains("raise epsilon") && message.contains("scale the data"), "{message}");
    let Error::Tolerances { enough, .. } = refused else { panic!("{refused:?}") };
    let raised = Problem { epsilon: Some(enough * (1.0 + 1e-9)), ..problem };
    assert!(formulate(&raised).check_tolerances(1e-6, 1e-5).is_ok());
    assert!(formulate(&Problem { epsilon: Some(enough * 0.9), ..raised }).check_tolerances(1e-6, 1e-5).is_err());
}

/// No margin does where the points are beyond all floats apart, and the message names none.
#[test]
fn data_too_large_for_any_margin_are_to_be_scaled() {
    let far = [-1.7e308, -1.7e308, 1.7e308, 1.7e308];
    let problem = Problem::new(points(2, 2, &far, &[0, 1]), architecture(2, &[], 2), Loss::Hamming);
    let refused = crate::check_tolerances(&problem, 1e-6, 1e-5).expect_err("no margin is enough");
    let message = refused.to_string();
    assert!(message.contains("scale the data") && !message.contains("raise epsilon"), "{message}");
    assert!(!message.contains("NaN") && !message.contains("inf"), "{message}");
}

/// Later layers and large weights leak more.
#[test]
fn leaks_grow_with_the_bound_of_the_weights() {
    let data = points(1, 2, &[0.0, 1.0], &[0, 1]);
    let wide = |bound| Architecture { weights: WeightDomain::Integer(bound), ..architecture(1, &[4], 2) };
    let with = |bound| Problem { epsilon: Some(1e-4), ..Problem::new(data.clone(), wide(bound), Loss::Hamming) };
    assert!(formulate(&with(1)).check_tolerances(1e-7, 1e-7).is_ok());
    let refused = formulate(&with(100)).check_tolerances(1e-7, 1e-7).expect_err("M = 400 in the second layer");
    assert!(matches!(refused, Error::Tolerances { layer: 2, big_m: 400.0, .. }), "{refused:?}");
}

#[test]
fn problems_that_do_not_fit_together_are_refused() {
    let good = Problem::new(points(1, 2, &[0.0, 1.0], &[0, 1]), architecture(1, &[2], 2), Loss::Hamming);
    let bad = Problem { partition: Some(vec![0, 2]), ..good };
    let refused = Formulation::new(&bad, &FormulationOptions::default()).expect_err("part 1 is missing");
    assert!(matches!(refused, Error::Problem(_)), "{refused:?}");
}

/// With r * n > 1 the all-weights-at-their-bound network must stay feasible: its big-M has to carry the radius, or (as
/// here) not need it.
#[test]
fn a_radius_beyond_1_over_n_keeps_wide_networks() {
    for norm in [Norm::Linf, Norm::L1] {
        for bias in [true, false] {
            let data = points(2, 2, &[-2.0, -2.0, 2.0, 2.0], &[0, 1]);
            let problem = Problem {
                robust: Some(Robust { radius: 1.5, norm }),
                architecture: Architecture { bias, ..architecture(2, &[], 2) },
                ..Problem::new(data, architecture(2, &[], 2), Loss::Hamming)
            };
            let formulation = formulate(&problem);
            let network =
                Network { layers: vec![Layer { inputs: 2, outputs: 1, weights: vec![1.0, 1.0], biases: vec![0.0] }] };
            let start = formulation.encode(&network).expect("boxes [-3.5, -0.5] and [0.5, 3.5] are apart");
            let (most, name) = violation(formulation.model(), &start);
            assert!(most <= 1e-9, "{name} is violated by {most} ({norm:?}, bias {bias})");
            assert_eq!(formulation.model().objective(&start), 0.0);
        }
    }
}

#[derive(Clone, Debug)]
struct Case {
    problem: Problem,
    network: Network,
    options: FormulationOptions,
}

/// Random problems of every kind with a random network in the domain of their weights; coarse weights make constant
/// neurons and ties likely.
fn case() -> impl Strategy<Value = Case> {
    let domain = prop_oneof![Just(WeightDomain::Continuous), (1u32..4).prop_map(WeightDomain::Integer)];
    let shape = (1usize..4, proptest::collection::vec(1usize..4, 0..3), 2usize..5, any::<bool>(), domain)
        .prop_map(|(inputs, hidden, classes, bias, weights)| Architecture { inputs, hidden, classes, bias, weights });
    let robust = prop_oneof![
        2 => Just(None),
        1 => (0.0..0.3).prop_map(|radius| Some(Robust { radius, norm: Norm::Linf })),
        1 => (0.0..0.3).prop_map(|radius| Some(Robust { radius, norm: Norm::L1 })),
    ];
    let semantics = (robust, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (shape, 1usize..9, semantics).prop_flat_map(|(shape, rows, semantics)| {
        let (robust, zero_one, regular, split, symmetry) = semantics;
        let widths = shape.widths();
        let size: usize = widths.windows(2).map(|w| w[1] * (w[0] + 1)).sum();
        let data = proptest::collection::vec(-2.0..2.0, rows * shape.inputs);
        let labels = proptest::collection::vec(0..shape.classes, rows);
        let numbers = proptest::collection::vec((-1.0..1.0, any::<bool>()), size);
        (data, labels, numbers).prop_map(move |(data, labels, numbers)| {
            let network = network(&shape, &numbers);
            let points = points(shape.inputs, shape.classes, &data, &labels);
            let loss = if zero_one { Loss::ZeroOne } else { Loss::Hamming };
            let partition = split.then(|| by_pattern(&points, &network));
            let (l0, l1) = if regular { (0.25, 0.125) } else { (0.0, 0.0) };
            let problem = Problem { robust, partition, l0, l1, ..Problem::new(points, shape.clone(), loss) };
            Case { problem, network, options: FormulationOptions { symmetry, outward: symmetry } }
        })
    })
}

fn network(shape: &Architecture, numbers: &[(f64, bool)]) -> Network {
    let mut numbers = numbers.iter();
    let bound = shape.weights.bound();
    let mut weight = |most: f64, keep: bool| {
        let &(value, zero) = numbers.next().expect("one number a weight and bias");
        if zero && !keep { 0.0 } else { value * most }
    };
    let widths = shape.widths();
    let layers = widths.windows(2).map(|width| {
        let mut layer = Layer::zeros(width[0], width[1]);
        let whole = shape.weights != WeightDomain::Continuous;
        layer.weights.iter_mut().for_each(|w| {
            *w = weight(bound, false);
            *w = if whole { w.round() + 0.0 } else { *w };
        });
        let most = if shape.bias { 3.0 * bound } else { 0.0 };
        layer.biases.iter_mut().for_each(|b| *b = weight(most, true) + 0.0);
        layer
    });
    Network { layers: layers.collect() }
}

/// One part for every two neighbouring points of equal pattern.
fn by_pattern(points: &Points, network: &Network) -> Vec<usize> {
    let patterns = exact::patterns(points, network);
    let mut parts = vec![0; points.len()];
    for i in 1..points.len() {
        parts[i] = if patterns[i] == patterns[i - 1] { parts[i - 1] } else { parts[i - 1] + 1 };
    }
    parts
}

fn regularisation(problem: &Problem, network: &Network) -> f64 {
    let weights = || network.layers.iter().flat_map(|layer| &layer.weights);
    problem.l0 * weights().filter(|&&w| w != 0.0).count() as f64 + problem.l1 * weights().map(|w| w.abs()).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A network that satisfies the problem satisfies every row, with its own loss as objective.
    #[test]
    fn no_network_is_cut_off(case in case()) {
        let formulation = Formulation::new(&case.problem, &case.options).expect("well formed");
        let start = match formulation.encode(&case.network) {
            Ok(start) => start,
            Err(violation) => return Err(TestCaseError::reject(violation.to_string())),
        };
        let (most, name) = violation(formulation.model(), &start);
        prop_assert!(most <= 1e-9, "{name} is violated by {most}");
        let decoded = formulation.decode(&start);
        let loss = exact::loss(&case.problem, &case.network);
        prop_assert_eq!(exact::loss(&case.problem, &decoded), loss);
        let objective = loss as f64 + regularisation(&case.problem, &decoded);
        prop_assert!((formulation.model().objective(&start) - objective).abs() <= 1e-9);
        prop_assert!(regularisation(&case.problem, &decoded) <= regularisation(&case.problem, &case.network) + 1e-12);
        let claimed = formulation.activations(&start);
        let of_points: Vec<_> = formulation.structure().part_of.iter().map(|&part| claimed[part].clone()).collect();
        prop_assert_eq!(exact::patterns(&case.problem.points, &decoded), of_points);
    }
}

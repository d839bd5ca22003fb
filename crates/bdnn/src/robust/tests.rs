use super::*;
use crate::budget::never;
use crate::exact::ExactNetwork;
use crate::{Layer, Network, Norm, Rational, Robust, Scaler};
use proptest::prelude::*;

const UNLIMITED: u64 = u64::MAX;

fn rational(value: f64) -> Rational {
    Rational::try_from(value).unwrap()
}

/// A network with widths `widths`, its numbers quarters from `numbers` (cycled), so that ties are common.
fn network(widths: &[usize], numbers: &[i8]) -> Network {
    let mut next = numbers.iter().cycle().map(|&v| f64::from(v) / 4.0);
    let layers = widths
        .windows(2)
        .map(|pair| Layer {
            inputs: pair[0],
            outputs: pair[1],
            weights: next.by_ref().take(pair[0] * pair[1]).collect(),
            biases: next.by_ref().take(pair[1]).collect(),
        })
        .collect();
    Network { layers }
}

/// Whether a point of a two-dimensional ball gets another class, by every face of the arrangement of the neurons' lines
/// and the ball's edges: a bounded face is the hull of its vertices, so the mean of one, two or three of them lies in
/// its interior, and the class is constant on each face (for one layer: the lines where two outputs tie).
fn arrangement_says(network: &Network, exact: &ExactNetwork, raw: &[f64; 2], ball: Robust) -> bool {
    let first = &network.layers[0];
    // Lines c0 d0 + c1 d1 + c = 0 in the moves d.
    let value = |j: usize| exact.pre_activations(raw)[0][j].clone();
    let mut lines: Vec<[Rational; 3]> = vec![];
    for j in 0..first.outputs {
        let line = |i: usize| [rational(first.neuron(i)[0]), rational(first.neuron(i)[1]), value(i)];
        lines.push(line(j));
        if network.layers.len() == 1 {
            let difference = |i: usize| {
                let (a, b) = (line(i), line(j));
                [&a[0] - &b[0], &a[1] - &b[1], &a[2] - &b[2]]
            };
            lines.extend((0..j).map(difference));
        }
    }
    let (r, one) = (rational(ball.radius), Rational::ONE);
    let edges = match ball.norm {
        Norm::Linf => [[1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]],
        Norm::L1 => [[1, 1, 1], [1, 1, -1], [1, -1, 1], [1, -1, -1]],
    };
    lines.extend(edges.map(|e| e.map(Rational::from)).map(|[a, b, s]| [a, b, s * &r]));
    let size = |d: &[Rational; 2]| {
        let [a, b] = d.clone().map(|v| if v < Rational::ZERO { -v } else { v });
        if ball.norm == Norm::Linf { a.max(b) } else { a + b }
    };
    let mut vertices: Vec<[Rational; 2]> = vec![];
    for (i, p) in lines.iter().enumerate() {
        for q in &lines[..i] {
            let det = &p[0] * &q[1] - &p[1] * &q[0];
            if det.is_zero() {
                continue;
            }
            let d = [(&p[1] * &q[2] - &q[1] * &p[2]) / &det, (&q[0] * &p[2] - &p[0] * &q[2]) / &det];
            if size(&d) <= r && !vertices.contains(&d) {
                vertices.push(d);
            }
        }
    }
    if vertices.is_empty() {
        vertices.push([Rational::ZERO, Rational::ZERO]);
    }
    let class = exact.predict(raw);
    let mean = |of: &[&[Rational; 2]]| {
        let count = &one * Rational::from(of.len() as u32);
        [0, 1].map(|k| of.iter().fold(Rational::ZERO, |sum, v| sum + &v[k]) / &count)
    };
    for (i, u) in vertices.iter().enumerate() {
        for (k, v) in vertices[..=i].iter().enumerate() {
            for w in &vertices[..=k] {
                if exact.predict_moved_exactly(raw, &mean(&[u, v, w])) != class {
                    return true;
                }
            }
            if exact.predict_moved_exactly(raw, &mean(&[u, v])) != class {
                return true;
            }
        }
    }
    false
}

fn norms() -> impl Strategy<Value = Norm> {
    prop::sample::select(vec![Norm::Linf, Norm::L1])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// The verdict is that of the arrangement, and attacks are attacks.
    #[test]
    fn two_features_against_the_arrangement(
        hidden in prop::collection::vec(1_usize..4, 0..3),
        classes in 2_usize..5,
        numbers in prop::collection::vec(-4_i8..5, 47),
        raw in prop::array::uniform2(-4_i8..5),
        radius in 0_u8..7,
        norm in norms(),
    ) {
        let widths: Vec<usize> =
            [2].into_iter().chain(hidden).chain([if classes == 2 { 1 } else { classes }]).collect();
        let network = network(&widths, &numbers);
        let exact = ExactNetwork::new(&network, &Scaler { shift: vec![0.5, 0.0], divisor: vec![1.0, 3.0] });
        let raw = raw.map(|v| f64::from(v) / 2.0);
        let ball = Robust { radius: f64::from(radius) / 8.0, norm };
        let verdict = WorstCase::new(&exact, ball, UNLIMITED).decide(&raw);
        if let Verdict::Attackable(attack) = &verdict {
            prop_assert!(attack.holds(&exact, &raw, ball), "{attack:?}");
        }
        prop_assert_ne!(&verdict, &Verdict::Undecided);
        let attackable = matches!(verdict, Verdict::Attackable(_));
        prop_assert_eq!(attackable, arrangement_says(&network, &exact, &raw, ball));
    }

    /// In more dimensions and with weights that floats round: samples never break a certified point.
    #[test]
    fn samples_do_not_break_certified_points(
        hidden in prop::collection::vec(1_usize..7, 1..3),
        classes in 2_usize..4,
        numbers in prop::collection::vec(-1.0_f64..1.0, 113),
        raw in prop::collection::vec(-1.0_f64..1.0, 5),
        radius in 0.0_f64..0.6,
        norm in norms(),
        seed in 0_u64..1000,
    ) {
        let widths: Vec<usize> =
            [5].into_iter().chain(hidden).chain([if classes == 2 { 1 } else { classes }]).collect();
        let mut network = network(&widths, &[0]);
        let mut next = numbers.iter().cycle();
        for layer in &mut network.layers {
            layer.weights.iter_mut().chain(&mut layer.biases).for_each(|v| *v = *next.next().unwrap());
        }
        let exact = ExactNetwork::new(&network, &Scaler { shift: vec![0.1; 5], divisor: vec![0.7; 5] });
        let ball = Robust { radius, norm };
        match WorstCase::new(&exact, ball, UNLIMITED).decide(&raw) {
            Verdict::Attackable(attack) => prop_assert!(attack.holds(&exact, &raw, ball), "{attack:?}"),
            Verdict::Undecided => prop_assert!(false, "without a limit everything is decided"),
            Verdict::Certified => {
                let class = exact.predict(&raw);
                prop_assert_eq!(random_attack(&exact, &[&raw], &[class], ball, 200, seed, &never), vec![1; 200]);
                // A grid of fractions of a vertex.
                let inner = |share: f64| Robust { radius: radius * share, norm };
                for share in [0.25, 0.5, 0.75] {
                    prop_assert_eq!(random_attack(&exact, &[&raw], &[class], inner(share), 50, seed, &never), vec![1; 50]);
                }
            }
        }
    }

    /// The decision in rationals agrees with the search on every set of activations: the floats only save time.
    #[test]
    fn rationals_agree_with_guesses(
        numbers in prop::collection::vec(-4_i8..5, 31),
        raw in prop::array::uniform3(-2_i8..3),
        radius in 1_u8..9,
        norm in norms(),
    ) {
        let network = network(&[3, 4, 1], &numbers);
        let exact = ExactNetwork::new(&network, &Scaler::identity(3));
        let raw = raw.map(f64::from);
        let ball = Robust { radius: f64::from(radius) / 4.0, norm };
        let case = WorstCase::new(&exact, ball, UNLIMITED);
        let around = confirm::Ball { case: &case, at: Inputs { scaled: &raw, raw: &raw } };
        let class = exact.predict(&raw);
        let mut attackable = false;
        for bits in 0_u32..16 {
            let first: Vec<bool> = (0..4).map(|j| bits >> j & 1 == 1).collect();
            let wanted: Vec<Option<bool>> = first.iter().map(|&fires| Some(fires)).collect();
            match around.decide(&wanted, &never) {
                confirm::Exact::Feasible(delta) => {
                    prop_assert_eq!(around.activations_exactly(&delta), first.clone());
                    attackable |= exact.class_after(&first) != class;
                }
                confirm::Exact::Infeasible => {}
                confirm::Exact::TooLarge => prop_assert!(false, "it is small"),
            }
        }
        prop_assert_eq!(matches!(case.decide(&raw), Verdict::Attackable(_)), attackable);
    }
}

/// Firing is closed and resting is open: a ball that just touches the hyperplane changes a resting neuron, not a firing
/// one. The same with a hidden layer in between, where only rationals can tell.
#[test]
fn balls_that_touch() {
    let linear = Network { layers: vec![Layer { inputs: 2, outputs: 1, weights: vec![1.0, 1.0], biases: vec![0.0] }] };
    let pass = Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-0.5] };
    let hidden = Network { layers: vec![linear.layers[0].clone(), pass] };
    for (norm, radius) in [(Norm::Linf, 0.25), (Norm::L1, 0.5)] {
        for network in [&linear, &hidden] {
            let exact = ExactNetwork::new(network, &Scaler::identity(2));
            let decide = |raw: [f64; 2], radius| WorstCase::new(&exact, Robust { radius, norm }, 1000).decide(&raw);
            assert_eq!(decide([0.25, 0.25], radius), Verdict::Certified, "fires at a = 0");
            assert_ne!(decide([0.25, 0.25], radius.next_up()), Verdict::Certified);
            assert!(matches!(decide([-0.25, -0.25], radius), Verdict::Attackable(_)), "fires at a = 0");
            assert_eq!(decide([-0.25, -0.25], radius.next_down()), Verdict::Certified);
        }
    }
}

/// Two half-planes that share only a line: firing on both is possible there, firing on one and resting on the other
/// side never is. Neurons x >= 0 and -x >= 0; the output needs both.
#[test]
fn a_line_is_a_cell() {
    let first = Layer { inputs: 2, outputs: 2, weights: vec![1.0, 0.0, -1.0, 0.0], biases: vec![0.0, 0.0] };
    let both = Layer { inputs: 2, outputs: 1, weights: vec![1.0, 1.0], biases: vec![-2.0] };
    let none = Layer { inputs: 2, outputs: 1, weights: vec![-1.0, -1.0], biases: vec![0.5] };
    for (last, attackable) in [(both, true), (none, false)] {
        let network = Network { layers: vec![first.clone(), last] };
        let exact = ExactNetwork::new(&network, &Scaler { shift: vec![0.0; 2], divisor: vec![3.0; 2] });
        let ball = Robust { radius: 0.5, norm: Norm::Linf };
        let verdict = WorstCase::new(&exact, ball, UNLIMITED).decide(&[1.0, 1.0]);
        match verdict {
            Verdict::Attackable(attack) => assert!(attackable && attack.holds(&exact, &[1.0, 1.0], ball)),
            verdict => assert!(!attackable && verdict == Verdict::Certified),
        }
    }
}

/// The class changes only in a cell that no vertex shows; without work the point stays undecided, never certified.
#[test]
fn limits_are_told() {
    // Fires inside |x| + |y| < 0.25 around (0.5, 0.5), by four half-planes.
    let weights = vec![1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0];
    let first = Layer { inputs: 2, outputs: 4, weights, biases: vec![-0.75, 0.25, 0.25, 1.25] };
    let all = Layer { inputs: 4, outputs: 1, weights: vec![1.0; 4], biases: vec![-4.0] };
    let network = Network { layers: vec![first, all] };
    let exact = ExactNetwork::new(&network, &Scaler::identity(2));
    let decide = |radius, work| WorstCase::new(&exact, Robust { radius, norm: Norm::Linf }, work).decide(&[0.0, 0.0]);
    assert_eq!(exact.predict(&[0.5, 0.5]), 1);
    assert_eq!(decide(0.3, UNLIMITED), Verdict::Certified);
    assert!(matches!(decide(1.0, UNLIMITED), Verdict::Attackable(_)));
    assert_eq!(decide(1.0, 0), Verdict::Undecided);
}

#[test]
fn tallies_add_up() {
    let network = Network { layers: vec![Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![0.0] }] };
    let exact = ExactNetwork::new(&network, &Scaler::identity(1));
    let case = WorstCase::new(&exact, Robust { radius: 0.5, norm: Norm::Linf }, 10);
    let rows = [(1.0, 1), (2.0, 0), (0.25, 1), (-1.0, 0)];
    let tally = rows.iter().fold(Tally::default(), |sum, &(x, label)| sum.plus(Tally::of(&case, &[x], label, &never)));
    assert_eq!(tally, Tally { certified: 3, attackable: 1, undecided: 0, robust: 2, open: 0 });
    assert_eq!(tally.points(), 4);
}

#[test]
fn random_attacks_repeat() {
    let network = network(&[3, 1], &[4, 4, 4, -6]);
    let exact = ExactNetwork::new(&network, &Scaler::identity(3));
    let rows: Vec<[f64; 3]> = (0..40).map(|i| [f64::from(i) / 40.0, f64::from(i * 7 % 40) / 40.0, 0.3]).collect();
    let rows: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
    let labels: Vec<usize> = rows.iter().map(|row| exact.predict(row)).collect();
    let attack =
        |radius, seed| random_attack(&exact, &rows, &labels, Robust { radius, norm: Norm::Linf }, 4, seed, &never);
    assert_eq!(attack(0.0, 0), vec![40; 4]);
    assert_eq!(attack(0.5, 1), attack(0.5, 1));
    assert!(attack(0.5, 1).iter().any(|&right| right < 40));
}

/// Whoever says stop gets no verdict, and no repeat that was not finished.
#[test]
fn what_is_stopped_is_undecided() {
    let network = Network {
        layers: vec![
            Layer { inputs: 1, outputs: 2, weights: vec![1.0, -1.0], biases: vec![0.0, 1.0] },
            Layer { inputs: 2, outputs: 1, weights: vec![1.0, 1.0], biases: vec![-2.0] },
        ],
    };
    let exact = ExactNetwork::new(&network, &Scaler::identity(1));
    let ball = Robust { radius: 0.1, norm: Norm::Linf };
    let case = WorstCase::new(&exact, ball, 1000);
    assert_eq!(case.decide(&[0.5]), Verdict::Certified);
    assert_eq!(case.decide_within(&[0.5], &|| true), Verdict::Undecided);
    let tally = Tally::of(&case, &[0.5], 1, &|| true);
    assert_eq!((tally.undecided, tally.open), (1, 1));
    assert_eq!(random_attack(&exact, &[&[0.5][..]], &[1], ball, 3, 0, &|| true), Vec::<usize>::new());
}

//! The float theory and its lemmas against the exact separation of bdnn.

use super::*;
use bdnn::budget::never;
use bdnn::separation::{self, Effort, Semantics};
use bdnn::{Architecture, Loss, Norm, Points, Problem, Robust, Scaler, WeightDomain};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;

fn problem(n: usize, raw: &[i32], bias: bool, epsilon: Option<f64>, robust: Option<Robust>) -> Problem {
    let rows: Vec<f64> = raw[..raw.len() / n * n].iter().map(|&v| f64::from(v)).collect();
    let labels = vec![0; rows.len() / n];
    let points = Points::merge(n, 2, &rows, &labels, Scaler::identity(n));
    let architecture = Architecture { inputs: n, hidden: vec![], classes: 2, bias, weights: WeightDomain::Continuous };
    Problem { epsilon, robust, ..Problem::new(points, architecture, Loss::ZeroOne) }
}

/// Whether exact arithmetic separates these assertions.
fn separable(problem: &Problem, asserted: &[(u32, Side)]) -> bool {
    let points: Vec<_> = asserted.iter().map(|&(i, _)| problem.points.scaled_exact(i as usize)).collect();
    let fires: Vec<bool> = asserted.iter().map(|&(_, side)| side == Side::Fires).collect();
    let mut semantics = Semantics::of_layer(problem, 0);
    // The box on the weights excludes the bias here and there: give the oracle the same constant neurons.
    semantics.bound = 1.0;
    separation::separate(&points, &fires, &semantics).is_separable()
}

fn semantics() -> impl Strategy<Value = (bool, Option<f64>, Option<Robust>)> {
    let robust = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Robust { radius: 0.25, norm: Norm::Linf })),
        1 => Just(Some(Robust { radius: 0.25, norm: Norm::L1 })),
    ];
    (any::<bool>(), prop_oneof![2 => Just(None), 1 => Just(Some(0.125))], robust)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Assertions come and go in random order; the verdict, the lemma and the implied assertions are exact.
    #[test]
    fn agrees_with_exact_separation(
        n in 1_usize..4,
        raw in prop::collection::vec(-3_i32..4, 24),
        steps in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), 0_usize..4), 1..24),
        (bias, epsilon, robust) in semantics(),
    ) {
        let problem = problem(n, &raw, bias, epsilon, robust);
        let geometry = Arc::new(Geometry::first_layer(&problem));
        let mut theory = Separation::new(geometry.clone());
        for (site, fires, undo) in steps {
            let site = u32::try_from(site.index(problem.points.len())).expect("few points");
            let side = if fires { Side::Fires } else { Side::Silent };
            if theory.asserted().iter().any(|&(s, _)| s == site) {
                theory.retract(theory.len().saturating_sub(undo));
                continue;
            }
            theory.assert(site, side);
            let truth = separable(&problem, theory.asserted());
            match theory.check() {
                Ok(()) => {
                    prop_assert!(truth, "float says separable, exact says no: {:?}", theory.asserted());
                    let (mut supports, mut implied) = (Vec::new(), Vec::new());
                    let known: Vec<u32> = theory.asserted().iter().map(|a| a.0).collect();
                    theory.implied(|s| known.contains(&s), &mut supports, &mut implied);
                    for found in implied {
                        let lemma = geometry.confirm(&supports[found.start..found.start + found.len], &never);
                        let lemma = lemma.expect("an implied literal has a lemma");
                        let others = |a: &(u32, Side)| *a == (found.site, found.side) || theory.asserted().contains(a);
                        prop_assert!(lemma.atoms.iter().all(others));
                        prop_assert!(!separable(&problem, &lemma.atoms));
                    }
                }
                Err(support) => {
                    prop_assert!(!truth, "float says inseparable, exact says yes: {:?}", theory.asserted());
                    let lemma = geometry.confirm(&support, &never).expect("a conflict has a lemma");
                    prop_assert!(lemma.atoms.len() <= n + 2);
                    prop_assert!(lemma.atoms.iter().all(|a| theory.asserted().contains(a)));
                    prop_assert!(!separable(&problem, &lemma.atoms));
                    if robust.is_none() {
                        for k in 0..lemma.atoms.len() {
                            let mut fewer = lemma.atoms.clone();
                            fewer.remove(k);
                            prop_assert!(epsilon.is_some() || separable(&problem, &fewer), "not minimal");
                        }
                        let multipliers = geometry.multipliers(&lemma);
                        prop_assert_eq!(multipliers.len(), lemma.atoms.len());
                    }
                    if geometry.closed_under_complement() {
                        let flipped: Vec<_> = lemma.atoms.iter().map(|&(s, side)| (s, side.flip())).collect();
                        prop_assert!(!separable(&problem, &flipped));
                    }
                    theory.retract(theory.len() - 1);
                }
            }
        }
    }
}

#[test]
fn weights_realise_the_pattern() {
    let problem = problem(2, &[0, 0, 4, 0, 0, 4, 4, 4, 2, 1], true, None, None);
    let mut theory = Separation::new(Arc::new(Geometry::first_layer(&problem)));
    let pattern = [Side::Silent, Side::Fires, Side::Silent, Side::Fires, Side::Fires];
    for (i, &side) in pattern.iter().enumerate() {
        theory.assert(u32::try_from(i).expect("small"), side);
    }
    let (weights, bias) = theory.widest(&never).expect("separable");
    for (i, side) in pattern.iter().enumerate() {
        let x = problem.points.scaled(i);
        let activation = weights[0] * x[0] + weights[1] * x[1] + bias;
        assert_eq!(activation > 0.0, *side == Side::Fires);
    }
}

/// However small the points, a bias of -epsilon rests at all of them.
#[test]
fn a_neuron_may_rest_everywhere() {
    for robust in [None, Some(Robust { radius: 0.0625, norm: Norm::L1 })] {
        let problem = problem(1, &[0], true, Some(0.125), robust);
        let mut theory = Separation::new(Arc::new(Geometry::first_layer(&problem)));
        theory.assert(0, Side::Silent);
        assert!(theory.check().is_ok());
    }
    let patterns = Geometry::patterns(1, &[vec![false], vec![true]], true, Some(2.0));
    let mut theory = Separation::new(Arc::new(patterns));
    theory.assert(0, Side::Silent);
    theory.assert(1, Side::Silent);
    assert!(theory.check().is_ok());
}

#[test]
fn a_support_that_holds_two_contradictions_is_cut_down_to_one() {
    // Full precision in many dimensions, and a middle that rests between two that fire, twice.
    let dimensions = 24;
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for _ in 0..2 {
        // Whole numbers below 2^50: sums and halves are exact.
        let mut row = || -> Vec<f64> {
            (0..dimensions)
                .map(|_| rng.random_range(0.0..f64::from(1_u32 << 30)).floor() * f64::from(1 << 20) + 1.0)
                .collect()
        };
        let (a, b) = (row(), row());
        rows.push(a.iter().zip(&b).map(|(a, b)| (a + b) / 2.0).collect());
        rows.extend([a, b]);
    }
    let labels = [0, 1, 1, 0, 1, 1];
    let points = Points::merge(dimensions, 2, &rows.concat(), &labels, Scaler::identity(dimensions));
    let architecture =
        Architecture { inputs: dimensions, hidden: vec![2], classes: 2, bias: true, weights: WeightDomain::Continuous };
    let geometry = Geometry::first_layer(&Problem::new(points, architecture, Loss::ZeroOne));
    let site = |i: u32| Support::Site(i, if i.is_multiple_of(3) { Side::Silent } else { Side::Fires });
    let lemma =
        geometry.confirm(&(0..6).map(site).collect::<Vec<_>>(), &never).expect("each middle is a contradiction");
    assert_eq!(lemma.atoms.len(), 3);
    // One middle alone, with a point of the other triple, says nothing.
    assert_eq!(geometry.confirm(&[site(0), site(1), site(4)], &never), None);
    // A guess that costs too much counts as none.
    let asserted: Vec<(u32, Side)> = lemma.atoms;
    let mut spent = Effort { words: 10, stop: &|| false };
    assert_eq!(geometry.confirm_all(&asserted, &mut spent), None);
    assert!(geometry.confirm_all(&asserted, &mut Effort::unlimited()).is_some());
}

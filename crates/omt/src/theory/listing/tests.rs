//! The list against all weights and all thresholds, one by one in rationals.

use super::*;
use crate::theory::{Discrete, Geometry, Separation};
use bdnn::budget::never;
use bdnn::{Norm, Robust};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Thousands of features need no arithmetic to be too many.
#[test]
fn too_many_weights_show_without_the_points() {
    assert!(too_many(10_000, 200, 1) && too_many(3, 2000, 1) && too_many(20, 4, 1));
    assert!(!too_many(3, 40, 1));
}

/// Biases worth trying: around all values a point can put at a border.
fn brute_force(points: &[Vec<Rational>], semantics: &Semantics, bound: i64) -> BTreeSet<Vec<bool>> {
    let n = points[0].len();
    let count = (2 * bound + 1).pow(u32::try_from(n).expect("small"));
    let mut found = BTreeSet::new();
    for code in 0..count {
        let weights = weights_of(u64::try_from(code).expect("positive"), n, bound);
        let exact: Vec<Rational> = weights.iter().map(|&w| Rational::from(w)).collect();
        let reach = semantics.reach(&exact);
        let values: Vec<Rational> = points
            .iter()
            .map(|x| x.iter().zip(&exact).fold(Rational::ZERO, |sum, (x, w)| sum + x.clone() * w.clone()))
            .collect();
        let mut biases = vec![Rational::ZERO];
        if semantics.bias {
            // The least bias that fires at a point, and one that fires nowhere.
            biases = values.iter().map(|v| reach.clone() - v.clone()).collect();
            biases.push(-values.iter().max().expect("points").clone() - reach.clone() - Rational::from(9_u8));
        }
        for bias in biases {
            let margin = semantics.epsilon.map(|e| Rational::try_from(e).expect("finite"));
            let activations: Vec<Rational> = values.iter().map(|v| v.clone() + bias.clone()).collect();
            let fires: Vec<bool> = activations.iter().map(|a| *a >= reach).collect();
            let kept = activations.iter().zip(&fires).all(|(a, &fires)| {
                let top = a.clone() + reach.clone();
                fires || margin.as_ref().map_or(top < Rational::ZERO, |m| top <= -m.clone())
            });
            if kept {
                found.insert(fires);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn lists_what_there_is(
        n in 1_usize..4,
        bound in 1_u32..3,
        raw in prop::collection::vec(-4_i32..5, 18),
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.125)),
        robust in prop::option::of((Just(0.3), prop_oneof![Just(Norm::Linf), Just(Norm::L1)])),
        huge in any::<bool>(),
    ) {
        // Coordinates far apart in magnitude need big integers.
        let factor = Rational::try_from(if huge { 1e-30 } else { 0.25 }).expect("finite");
        let points: Vec<Vec<Rational>> = raw[..6 * n]
            .chunks(n)
            .map(|x| x.iter().map(|&v| Rational::from(v) * factor.clone() + Rational::from(v)).collect())
            .collect();
        let robust = robust.map(|(radius, norm)| Robust { radius, norm });
        let semantics = Semantics { bias, bound: f64::from(bound), epsilon, robust };
        prop_assert!(affordable(n, &points, &semantics, bound));
        let listing = Listing::new(n, &points, &semantics, bound, &never).expect("nothing says stop");
        let listed: BTreeSet<Vec<bool>> =
            (0..listing.len()).map(|e| (0..6).map(|i| listing.fires(e, i)).collect()).collect();
        prop_assert_eq!(listed.len(), listing.len());
        prop_assert_eq!(&listed, &brute_force(&points, &semantics, i64::from(bound)));
        for entry in 0..listing.len() {
            let (weights, bias) = listing.neuron(entry);
            for (i, point) in points.iter().enumerate() {
                let exact = |v: f64| Rational::try_from(v).expect("finite");
                let value = point.iter().zip(&weights).fold(exact(bias), |sum, (x, &w)| sum + x.clone() * exact(w));
                prop_assert_eq!(value >= Rational::ZERO, listing.fires(entry, i));
            }
        }
    }

    /// Assertions come and go; verdicts, implied assertions and lemmas are those of the list.
    #[test]
    fn is_a_theory(
        raw in prop::collection::vec(-4_i32..5, 16),
        steps in prop::collection::vec((0_u32..8, any::<bool>(), 0_usize..4), 1..30),
    ) {
        let points: Vec<Vec<Rational>> =
            raw.chunks(2).map(|x| x.iter().map(|&v| Rational::from(v)).collect()).collect();
        let semantics = Semantics { bias: true, bound: 1.0, epsilon: None, robust: None };
        let listing = Arc::new(Listing::new(2, &points, &semantics, 1, &never).expect("nothing says stop"));
        let geometry = Arc::new(Geometry::of_whole(Discrete::Listing(listing.clone())));
        let meets = |atoms: &[(u32, Side)]| {
            let meets = |e: usize| {
                atoms.iter().all(|&(site, side)| listing.fires(e, site as usize) == (side == Side::Fires))
            };
            (0..listing.len()).any(meets)
        };
        let mut theory = Separation::new(geometry.clone());
        for (site, fires, undo) in steps {
            if theory.asserted().iter().any(|&(s, _)| s == site) {
                theory.retract(theory.len().saturating_sub(undo));
                continue;
            }
            theory.assert(site, if fires { Side::Fires } else { Side::Silent });
            match theory.check() {
                Ok(()) => {
                    prop_assert!(meets(theory.asserted()));
                    let (mut supports, mut implied) = (Vec::new(), Vec::new());
                    let known: Vec<u32> = theory.asserted().iter().map(|a| a.0).collect();
                    theory.implied(|s| known.contains(&s), &mut supports, &mut implied);
                    for found in implied {
                        let lemma = geometry.confirm(&supports[found.start..found.start + found.len], &never);
                        let lemma = lemma.expect("an implied assertion has a lemma");
                        prop_assert!(lemma.atoms.contains(&(found.site, found.side)));
                        prop_assert!(!meets(&lemma.atoms));
                    }
                }
                Err(support) => {
                    prop_assert!(!meets(theory.asserted()));
                    let lemma = geometry.confirm(&support, &never).expect("a conflict has a lemma");
                    prop_assert!(!meets(&lemma.atoms));
                    for k in 0..lemma.atoms.len() {
                        let mut fewer = lemma.atoms.clone();
                        fewer.remove(k);
                        prop_assert!(meets(&fewer), "not minimal");
                    }
                    theory.retract(theory.len() - 1);
                }
            }
        }
    }
}

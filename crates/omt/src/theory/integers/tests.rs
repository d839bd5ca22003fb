//! The theory against all weights of a box.

use super::{Integers, Meaning};
use crate::theory::{Discrete, Geometry, Separation, Side};
use bdnn::budget::never;
use bdnn::separation::{Semantics, biases};
use bdnn::{Norm, Rational, Robust};
use proptest::prelude::*;
use std::sync::Arc;

/// Whether some whole weights and some bias meet the assertions.
fn meets(integers: &Integers, points: &[Vec<Rational>], semantics: &Semantics, atoms: &[(u32, Side)]) -> bool {
    let (n, bound) = (points[0].len(), integers.bound);
    let base = usize::try_from(2 * bound + 1).expect("positive");
    (0..base.pow(u32::try_from(n).expect("small"))).any(|code| {
        let weight =
            |j: usize| i32::try_from(code / base.pow(u32::try_from(j).expect("small")) % base).expect("small") - bound;
        let told = |&(site, side): &(u32, Side)| match integers.meaning(site) {
            Meaning::Point(_) => true,
            Meaning::Weight { input, value } => (weight(input) >= value) == (side == Side::Fires),
        };
        let side = |&(site, side): &(u32, Side)| match integers.meaning(site) {
            Meaning::Point(point) => Some((points[point].clone(), side == Side::Fires)),
            Meaning::Weight { .. } => None,
        };
        let (sites, fires): (Vec<_>, Vec<_>) = atoms.iter().filter_map(side).unzip();
        let weights: Vec<Rational> = (0..n).map(|j| Rational::from(weight(j))).collect();
        atoms.iter().all(told) && biases(&sites, &fires, &weights, semantics).is_some()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Assertions come and go; what is refuted or excluded cannot be, and once all is asserted what cannot be is refuted.
    #[test]
    fn refutes_what_cannot_be(
        n in 1_usize..4,
        bound in 1_u32..4,
        raw in prop::collection::vec(-4_i32..5, 15),
        bias in any::<bool>(),
        epsilon in prop::option::of(Just(0.5)),
        robust in prop::option::of((Just(0.3), prop_oneof![Just(Norm::Linf), Just(Norm::L1)])),
        tiny in any::<bool>(),
        steps in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), 0_usize..4), 1..40),
    ) {
        let factor = Rational::try_from(if tiny { 1e-30 } else { 0.25 }).expect("finite");
        let points: Vec<Vec<Rational>> = raw[..5 * n]
            .chunks(n)
            .map(|x| x.iter().map(|&v| Rational::from(v) * factor.clone() + Rational::from(v)).collect())
            .collect();
        let robust = robust.map(|(radius, norm)| Robust { radius, norm });
        let semantics = Semantics { bias, bound: f64::from(bound), epsilon, robust };
        let integers = Integers::new(n, 5, |i| points[i].clone(), &semantics, bound, &never).expect("nothing says stop");
        let integers = Arc::new(integers);
        let geometry = Arc::new(Geometry::of_whole(Discrete::Integers(integers.clone())));
        let possible = |atoms: &[(u32, Side)]| meets(&integers, &points, &semantics, atoms);
        let mut theory = Separation::new(geometry.clone());
        for (index, fires, undo) in steps {
            let site = u32::try_from(index.index(geometry.sites())).expect("few");
            if theory.asserted().iter().any(|&(s, _)| s == site) {
                theory.retract(theory.len().saturating_sub(undo));
                continue;
            }
            theory.assert(site, if fires { Side::Fires } else { Side::Silent });
            match theory.check() {
                Ok(()) => {
                    let all = (0..geometry.sites()).all(|s| theory.asserted().iter().any(|a| a.0 as usize == s));
                    prop_assert!(!all || possible(theory.asserted()));
                    let (mut supports, mut implied) = (Vec::new(), Vec::new());
                    let known: Vec<u32> = theory.asserted().iter().map(|a| a.0).collect();
                    theory.implied(|s| known.contains(&s), &mut supports, &mut implied);
                    for found in implied {
                        let lemma = geometry.confirm(&supports[found.start..found.start + found.len], &never);
                        // With a doubt a guess may be refused.
                        if let Some(lemma) = lemma {
                            prop_assert!(lemma.atoms.contains(&(found.site, found.side)));
                            prop_assert!(!possible(&lemma.atoms));
                            let mirrored: Vec<_> = lemma.atoms.iter().map(|&atom| geometry.mirror(atom)).collect();
                            prop_assert!(!bias || !possible(&mirrored));
                        } else {
                            prop_assert!(integers.doubt > 0);
                        }
                    }
                }
                Err(support) => {
                    prop_assert!(!possible(theory.asserted()));
                    let lemma = geometry.confirm(&support, &never).expect("a conflict has a lemma");
                    prop_assert!(!possible(&lemma.atoms));
                    theory.retract(theory.len() - 1);
                }
            }
        }
    }
}

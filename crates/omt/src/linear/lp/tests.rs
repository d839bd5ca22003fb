//! The tree against brute force, and the simplex against its own certificates.

use super::claim::Claim;
use super::simplex::{End, Literal, Simplex};
use super::{Host, Quota, Separation, State, Tree};
use crate::linear::tests::{brute_force, instance, points};
use crate::linear::{Conduct, Geometry, Member, Task};
use budget::Pace;
use proptest::prelude::*;

/// Knows a cost and learns nothing.
struct Told(u64);

impl Host for Told {
    fn offer(&mut self, _w: &[f64]) -> u64 {
        self.0
    }

    fn settle(&mut self, _decided: &[Option<bool>], _right: &[bool]) -> Option<Vec<Member>> {
        None
    }
}

fn bound(geometry: &Geometry, task: &Task, upper: u64) -> (u64, u64) {
    let mut tree = Tree::new(&task.weight, upper, &Conduct { seed: 3, ..Conduct::default() });
    let mut at = Separation::new(geometry, task, &|| false);
    let mut before = 0;
    while tree.advance(&mut at, Quota { work: 1000, nodes: 1 }, &mut Told(upper)) != State::Over {
        assert!(tree.bound() >= before, "a bound never falls");
        before = tree.bound();
    }
    (tree.bound(), tree.lost())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Told the optimum the tree proves it; told more it proves no more than the optimum.
    #[test]
    fn the_tree_proves_the_optimum_and_no_more((features, rows, costs) in instance(), bias in any::<bool>()) {
        let points = points(features, &rows);
        let task = Task::new(costs[..points.len()].iter().copied());
        let geometry = Geometry::new(&points, bias);
        let least = brute_force(&points, bias, &task);
        let (proven, lost) = bound(&geometry, &task, least);
        prop_assert_eq!(proven, least, "lost {}", lost);
        for more in [1, 2, 1000] {
            let (proven, _) = bound(&geometry, &task, least + more);
            prop_assert!(proven <= least, "{} above {}", proven, least);
        }
    }

    /// Coordinates a hair away from collinear: floats guess wrong, and bounds stay bounds.
    #[test]
    fn near_ties_raise_no_bound(
        (features, rows, costs) in instance(), jitter in proptest::collection::vec(-1.0..1.0, 24), size in 0..3
    ) {
        let size = [1.0, 1e-7, 1e-14][size as usize];
        let moved = |i: usize, j: usize| rows[i][j] + size * jitter[(3 * i + j) % jitter.len()];
        let rows: Vec<Vec<f64>> = (0..rows.len()).map(|i| (0..features).map(|j| moved(i, j)).collect()).collect();
        let points = points(features, &rows);
        let task = Task::new(costs[..points.len()].iter().copied());
        let least = brute_force(&points, true, &task);
        let (proven, _) = bound(&Geometry::new(&points, true), &task, least + 1);
        prop_assert!(proven <= least, "{} above {}", proven, least);
    }

    /// Random clauses: the claim of the duals is the value of the program, and below every cover; clauses and decisions that
    /// come later change nothing of that.
    #[test]
    fn claims_are_values_and_bounds(
        weights in proptest::collection::vec(1_u64..5, 6),
        clauses in proptest::collection::vec(proptest::collection::btree_map(0_u32..6, any::<bool>(), 1..5), 1..14),
        decisions in proptest::collection::vec(proptest::option::weighted(0.3, any::<bool>()), 6),
    ) {
        let clauses: Vec<Vec<Literal>> =
            clauses.iter().map(|c| c.iter().map(|(&j, &negated)| 2 * j + u32::from(negated)).collect()).collect();
        let mut simplex = Simplex::new(weights.iter().copied());
        for (count, decisions) in [(1, [None; 6].to_vec()), (clauses.len(), [None; 6].to_vec()), (clauses.len(), decisions)] {
            (simplex.rows.len()..count).for_each(|k| simplex.add(&clauses[k], k));
            decisions.iter().enumerate().for_each(|(j, &value)| simplex.decide(j, value));
            let end = simplex.solve(1000.0, 1000, &mut Pace::new(&mut || false));
            let terms = simplex.certificate();
            let claim = Claim::new(&weights, &decisions, terms.iter().map(|&(k, y)| (&clauses[k][..], y)));
            let obeys = |x: &u32| decisions.iter().enumerate().all(|(j, d)| d.is_none_or(|d| d == (x >> j & 1 == 1)));
            let covers = |x: &u32| clauses[..count].iter().all(|c| c.iter().any(|l| (x >> (l >> 1) & 1 == 1) == (l & 1 == 0)));
            let cost = |x: u32| (0..6).filter(|j| x >> j & 1 == 1).map(|j| weights[j]).sum::<u64>();
            let best = (0..64).filter(obeys).filter(covers).map(cost).min();
            match end {
                End::Optimal => {
                    prop_assert!((simplex.objective() - claim.value()).abs() < 1e-3);
                    prop_assert!(best.is_none_or(|best| claim.bound() <= best));
                }
                End::Cutoff => {
                    prop_assert_eq!(best, None);
                    prop_assert!(claim.bound() >= 1000);
                }
                End::Stopped => prop_assert!(false, "no reason to stop"),
            }
            for (j, decided) in decisions.iter().enumerate() {
                let with = |value: bool| {
                    (0..64).filter(obeys).filter(covers).filter(|x| (x >> j & 1 == 1) == value).map(cost).min()
                };
                if decided.is_none() && let Some(forced) = claim.implied(j, best.unwrap_or(5) + 1) {
                    prop_assert!(with(!forced).is_none_or(|other| other > best.unwrap_or(5)));
                }
            }
        }
    }
}

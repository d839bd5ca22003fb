//! The search against brute force, without and with theories.

use super::*;
use proptest::prelude::*;

fn never() -> bool {
    false
}

fn solve(formula: &Formula, bound: Option<u64>) -> (Verdict, Solver) {
    let mut solver = Solver::new(formula, Box::new(NoProof));
    solver.set_bound(bound);
    let verdict = solver.search(&[], &Budget { conflicts: u64::MAX, stop: &never });
    (verdict, solver)
}

fn cost_of(formula: &Formula, assignment: u32) -> Option<u64> {
    let holds = |lit: Lit| (assignment >> lit.var().0 & 1 == 1) == lit.polarity();
    let satisfied = formula.clauses.iter().all(|clause| clause.iter().any(|&lit| holds(lit)));
    satisfied.then(|| formula.objective.iter().filter(|(lit, _)| holds(*lit)).map(|(_, weight)| weight).sum())
}

prop_compose! {
    fn formulas()(
        clauses in prop::collection::vec(prop::collection::vec((0_u32..9, any::<bool>()), 1..4), 0..32),
        weights in prop::collection::vec(1_u64..4, 9),
        penalties in 0_usize..9,
    ) -> Formula {
        Formula {
            variables: 9,
            clauses: clauses
                .iter()
                .map(|c| c.iter().map(|&(v, value)| Var(v).is(value)).collect())
                .collect(),
            objective: weights[..penalties].iter().zip(0..).map(|(&w, v)| (Var(v).is(true), w)).collect(),
            ..Formula::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_brute_force(formula in formulas(), bound in 0_u64..12) {
        let best = (0..1_u32 << formula.variables).filter_map(|a| cost_of(&formula, a)).min();
        let (verdict, solver) = solve(&formula, Some(bound));
        if best.is_some_and(|best| best <= bound) {
            prop_assert_eq!(verdict, Verdict::Satisfied);
            let assignment = (0..formula.variables)
                .filter(|&v| solver.value(Var(v).is(true)) == Some(true))
                .fold(0, |a, v| a | 1 << v);
            prop_assert!(cost_of(&formula, assignment).is_some_and(|cost| cost <= bound));
        } else {
            prop_assert_eq!(verdict, Verdict::Refuted);
        }
    }

    #[test]
    fn cores_are_refutable(formula in formulas(), assumed in prop::collection::vec(any::<bool>(), 9)) {
        let assumptions: Vec<Lit> = assumed.iter().zip(0..).map(|(&value, v)| Var(v).is(value)).collect();
        let mut solver = Solver::new(&formula, Box::new(NoProof));
        let verdict = solver.search(&assumptions, &Budget { conflicts: u64::MAX, stop: &never });
        if let Verdict::Core(core) = verdict {
            prop_assert!(core.iter().all(|lit| assumptions.contains(lit)));
            let mut with_core = formula.clone();
            with_core.clauses.extend(core.iter().map(|&lit| vec![lit]));
            prop_assert!((0..1_u32 << 9).all(|a| cost_of(&with_core, a).is_none()));
        } else {
            let mut fixed = formula.clone();
            fixed.clauses.extend(assumptions.iter().map(|&lit| vec![lit]));
            let possible = (0..1_u32 << 9).any(|a| cost_of(&fixed, a).is_some());
            prop_assert_eq!(verdict == Verdict::Satisfied, possible);
        }
    }
}

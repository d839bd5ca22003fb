//! The search against brute force, without and with theories.

use super::*;
use crate::theory::Lemma;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};

fn never() -> bool {
    false
}

fn solve(formula: &Formula, bound: Option<u64>, look_ahead: bool) -> (Verdict, Solver) {
    let mut solver = Solver::new(formula, Box::new(NoProof));
    if look_ahead {
        solver.always_look_ahead();
    }
    solver.set_bound(bound);
    let verdict = solver.search(&[], &Allowance { conflicts: u64::MAX, stop: &never });
    (verdict, solver)
}

fn cost_of(formula: &Formula, assignment: u32) -> Option<u64> {
    let holds = |lit: Lit| (assignment >> lit.var().0 & 1 == 1) == lit.polarity();
    let paid =
        |terms: &[(Lit, u64)]| terms.iter().filter(|(lit, _)| holds(*lit)).map(|(_, weight)| weight).sum::<u64>();
    let satisfied = formula.clauses.iter().all(|clause| clause.iter().any(|&lit| holds(lit)))
        && formula.limits.iter().all(|limit| paid(&limit.terms) <= limit.most);
    satisfied.then(|| formula.objective.iter().filter(|(lit, _)| holds(*lit)).map(|(_, weight)| weight).sum())
}

prop_compose! {
    fn formulas()(
        clauses in prop::collection::vec(prop::collection::vec((0_u32..9, any::<bool>()), 1..4), 0..32),
        weights in prop::collection::vec(1_u64..4, 9),
        penalties in 0_usize..9,
        limits in prop::collection::vec((prop::collection::vec((any::<bool>(), 0_u64..4), 9), 0_u64..10), 0..3),
    ) -> Formula {
        let limit = |(terms, most): &(Vec<(bool, u64)>, u64)| Limit {
            terms: (0..).zip(terms).map(|(v, &(value, weight))| (Var(v).is(value), weight)).filter(|(_, w)| *w > 0).collect(),
            most: *most,
        };
        Formula {
            variables: 9,
            clauses: clauses
                .iter()
                .map(|c| c.iter().map(|&(v, value)| Var(v).is(value)).collect())
                .collect(),
            objective: weights[..penalties].iter().zip(0..).map(|(&w, v)| (Var(v).is(true), w)).collect(),
            limits: limits.iter().map(limit).collect(),
            ..Formula::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_brute_force(formula in formulas(), bound in 0_u64..12, look_ahead in any::<bool>()) {
        let best = (0..1_u32 << formula.variables).filter_map(|a| cost_of(&formula, a)).min();
        let (verdict, solver) = solve(&formula, Some(bound), look_ahead);
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
        let sink = Rup { formula: formula.clone(), clauses: vec![None], bound: u64::MAX, ..Rup::default() };
        let mut solver = Solver::new(&formula, Box::new(sink));
        let verdict = solver.search(&assumptions, &Allowance { conflicts: u64::MAX, stop: &never });
        if let Verdict::Core(core, _) = verdict {
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

/// A checker of learned clauses by reverse unit propagation that shares nothing with the search: through the antecedents
/// alone, in passes over all of them.
#[derive(Default)]
struct Rup {
    formula: Formula,
    /// Clauses by step; deleted ones are gone.
    clauses: Vec<Option<Vec<Lit>>>,
    /// Limits by step.
    limits: std::collections::BTreeMap<Step, Limit>,
    bound: u64,
    /// Clauses told, and whether an empty one was among them.
    told: Arc<Mutex<(usize, bool)>>,
}

impl Rup {
    fn keep(&mut self, clause: &[Lit]) -> Step {
        self.clauses.push(Some(clause.to_vec()));
        Step(u32::try_from(self.clauses.len() - 1).expect("few"))
    }

    /// What a constraint implies under these true literals; `None` if it is violated.
    fn implied(&self, step: Step, holds: &[Lit]) -> Option<Vec<Lit>> {
        let counter = match self.limits.get(&step) {
            Some(limit) => Some((&limit.terms, limit.most)),
            None => (step == Step::COUNTER).then_some((&self.formula.objective, self.bound)),
        };
        if let Some((terms, most)) = counter {
            let free = |(lit, _): &&(Lit, u64)| !holds.contains(lit) && !holds.contains(&!*lit);
            let paid: u64 = terms.iter().filter(|(lit, _)| holds.contains(lit)).map(|(_, w)| w).sum();
            let slack = most.checked_sub(paid)?;
            let unaffordable = terms.iter().filter(free).filter(|(_, weight)| *weight > slack);
            return Some(unaffordable.map(|(lit, _)| !*lit).collect());
        }
        let clause = self.clauses[step.0 as usize].as_ref().expect("not deleted");
        if clause.iter().any(|lit| holds.contains(lit)) {
            return Some(vec![]);
        }
        let mut free: Vec<Lit> = clause.iter().copied().filter(|&lit| !holds.contains(&!lit)).collect();
        free.dedup();
        match free[..] {
            [] => None,
            [unit] => Some(vec![unit]),
            _ => Some(vec![]),
        }
    }
}

impl ProofSink for Rup {
    fn listens(&self) -> bool {
        true
    }
    fn problem(&mut self, index: usize) -> Step {
        if self.clauses.is_empty() {
            self.clauses.push(None);
        }
        let clause = self.formula.clauses[index].clone();
        self.keep(&clause)
    }
    fn limit(&mut self, index: usize) -> Step {
        if self.clauses.is_empty() {
            self.clauses.push(None);
        }
        let step = self.keep(&[]);
        self.limits.insert(step, self.formula.limits[index].clone());
        step
    }
    fn lemma(&mut self, _: usize, lemma: &Lemma, _: usize, _: bool, clause: &[Lit]) -> Step {
        assert!(!lemma.atoms.is_empty());
        self.keep(clause)
    }
    fn learned(&mut self, clause: &[Lit], antecedents: &[Step]) -> Step {
        let mut holds: Vec<Lit> = clause.iter().map(|&lit| !lit).collect();
        let conflict = 'passes: loop {
            let before = holds.len();
            for &step in antecedents {
                match self.implied(step, &holds) {
                    None => break 'passes true,
                    Some(implied) => holds.extend(implied),
                }
            }
            if holds.len() == before {
                break false;
            }
        };
        assert!(conflict, "{clause:?} does not follow from {antecedents:?}");
        let mut told = self.told.lock().expect("no panic while held");
        *told = (told.0 + 1, told.1 || clause.is_empty());
        drop(told);
        self.keep(clause)
    }
    fn deleted(&mut self, step: Step) {
        assert!(self.clauses[step.0 as usize].take().is_some(), "deleted once");
    }
    fn bound(&mut self, bound: u64) {
        self.bound = bound;
    }
}

fn refute_with_log(formula: &Formula, bound: u64) -> (Verdict, usize, bool) {
    let told = Arc::new(Mutex::new((0, false)));
    let sink =
        Rup { formula: formula.clone(), clauses: vec![None], bound: u64::MAX, told: told.clone(), ..Rup::default() };
    let mut solver = Solver::new(formula, Box::new(sink));
    solver.set_bound(Some(bound));
    let verdict = solver.search(&[], &Allowance { conflicts: u64::MAX, stop: &never });
    let (steps, refuted) = *told.lock().expect("no panic while held");
    (verdict, steps, refuted)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Every learned clause follows from its antecedents, and a refutation is told.
    #[test]
    fn logs_what_follows(formula in formulas(), bound in 0_u64..12) {
        let (verdict, _, refuted) = refute_with_log(&formula, bound);
        prop_assert_eq!(verdict == Verdict::Refuted, refuted);
    }
}

/// The formulas of a random problem with two hidden neurons.
fn pattern_formulas(seed: u64, points: usize) -> Vec<Formula> {
    let mut state = 7 * seed + 1;
    let mut random = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let rows: Vec<f64> = (0..2 * points).map(|_| random(1000) as f64).collect();
    let labels: Vec<usize> = (0..points).map(|_| usize::from(random(2) == 0)).collect();
    let points = bdnn::Points::merge(2, 2, &rows, &labels, bdnn::Scaler::identity(2));
    let architecture = bdnn::Architecture {
        inputs: 2,
        hidden: vec![2],
        classes: 2,
        bias: true,
        weights: bdnn::WeightDomain::Continuous,
    };
    let problem = bdnn::Problem::new(points, architecture, bdnn::Loss::ZeroOne);
    let geometry = Arc::new(crate::theory::Geometry::first_layer(&problem));
    let sites = crate::encode::Sites::new(&problem);
    let functions = crate::encode::cases(&problem).expect("one hidden layer");
    let formula =
        |function| crate::encode::shallow(&sites, &geometry, function, crate::encode::Order::Full, false).formula;
    functions.into_iter().map(formula).collect()
}

/// Looking ahead changes no optimum, closes nodes, and leaves fewer conflicts to the search.
#[test]
fn looking_ahead_finds_the_same_optimum() {
    let (mut plain, mut ahead) = (0, 0);
    for formula in (0..3).flat_map(|seed| pattern_formulas(seed, 30)) {
        let mut bound = formula.objective.iter().map(|(_, weight)| weight).sum();
        loop {
            let (verdict, without) = solve(&formula, Some(bound), false);
            let (same, with) = solve(&formula, Some(bound), true);
            assert_eq!(verdict, same, "at most {bound}");
            if verdict == Verdict::Refuted {
                plain += without.counts().conflicts;
                ahead += with.counts().conflicts;
                assert!(with.counts().closed_ahead > 0);
                break;
            }
            bound = without.paid().min(with.paid()) - 1;
        }
    }
    assert!(ahead < plain, "{ahead} conflicts with and {plain} without");
}

/// The same with neurons: lemmas, implied literals, restarts and forgetting.
#[test]
fn logs_what_follows_from_lemmas() {
    for formula in (0..4).flat_map(|seed| pattern_formulas(seed, 36)) {
        let (verdict, steps, refuted) = refute_with_log(&formula, 5);
        assert_eq!(verdict == Verdict::Refuted, refuted);
        assert!(steps > 10, "a search that learns: {steps}");
    }
}

//! Incremental interfaces against a model of them: bytes are read as a sequence of calls, and after each answer a solver that starts
//! afresh and an exact oracle say what it had to be.
//!
//! * [`simplex`]: bounds set and taken back, rows added, bases kept and loaded, limits in iterations and cutoffs in between;
//! * [`clauses`]: the clause engine with theories: clauses added, the bound lowered, assumptions, budgets, phases forgotten,
//!   look-ahead switched, copies, lemmas handed to another solver.
//!
//! `fuzz_targets/` hands these functions to libFuzzer; `tests/fuzz_sequences.rs` runs them on bytes from a seed.
//!
//! Reference: C. Artho, A. Biere and M. Seidl, Model-based testing for verification back-ends, TAP 2013.

use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain};
use checker::Rational;
use heaviside_acceptance::exact::lp::{Row, Solved, minimise};
use milp::simplex::{Basis, Limits, LpProblem, LpStatus, NewRow, Simplex, SimplexOptions};
use milp::{Model, VarKind};
use omt::search::{Allowance, Formula, Limit, Lit, Neuron, NoProof, Solver, Var, Verdict};
use omt::theory::Geometry;
use std::sync::Arc;

/// Calls of one sequence.
const CALLS: usize = 24;

/// Bytes as numbers; after the last one all are 0.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    /// From `-most` to `most`.
    fn number(&mut self, most: i32) -> f64 {
        f64::from(i32::from(self.byte()) % (2 * most + 1) - most)
    }
}

/// A linear program as the calls so far have made it; variables are columns, then rows.
struct Program {
    cost: Vec<f64>,
    rows: Vec<Vec<(usize, f64)>>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Program {
    fn bounds(choices: &mut Choices<'_>) -> (f64, f64) {
        let low = choices.number(4);
        match choices.below(8) {
            0 => (f64::NEG_INFINITY, f64::INFINITY),
            1 => (low, f64::INFINITY),
            2 => (f64::NEG_INFINITY, low),
            3 => (low, low),
            _ => (low, low + f64::from(choices.byte() % 6)),
        }
    }

    fn row(columns: usize, choices: &mut Choices<'_>) -> Vec<(usize, f64)> {
        let terms = (0..columns).map(|j| (j, choices.number(3)));
        terms.filter(|(_, value)| *value != 0.0).collect()
    }

    /// The same program from scratch.
    fn problem(&self) -> Arc<LpProblem> {
        let mut model = Model::new("");
        let columns = self.cost.len();
        let ids: Vec<_> = (0..columns)
            .map(|j| model.add_var("", self.lower[j], self.upper[j], self.cost[j], VarKind::Continuous))
            .collect();
        for (i, row) in self.rows.iter().enumerate() {
            let (lower, upper) = (self.lower[columns + i], self.upper[columns + i]);
            model.add_row("", lower, upper, row.iter().map(|&(j, value)| (ids[j], value)));
        }
        Arc::new(LpProblem::from_model(&model))
    }

    fn truth(&self) -> Solved {
        let crossed = self.lower.iter().zip(&self.upper).any(|(lower, upper)| lower > upper);
        if crossed {
            return Solved::Infeasible;
        }
        let exact = |value: f64| Rational::try_from(value).expect("finite");
        let side = |value: f64| value.is_finite().then(|| exact(value));
        let columns = self.cost.len();
        let row = |(i, terms): (usize, &Vec<(usize, f64)>)| Row {
            terms: terms.iter().map(|&(j, value)| (j, exact(value))).collect(),
            lower: side(self.lower[columns + i]),
            upper: side(self.upper[columns + i]),
        };
        let rows: Vec<Row> = self.rows.iter().enumerate().map(row).collect();
        let cost: Vec<Rational> = self.cost.iter().map(|&cost| exact(cost)).collect();
        let bounds = |of: &[f64]| -> Vec<Option<Rational>> { of[..columns].iter().map(|&value| side(value)).collect() };
        minimise(&cost, &rows, &bounds(&self.lower), &bounds(&self.upper))
    }

    /// Whether an answer is the truth.
    fn check(&self, status: LpStatus, objective: f64, cutoff: f64, who: &str) {
        let truth = self.truth();
        match (&truth, status) {
            (Solved::Optimal { objective: exact, .. }, LpStatus::Optimal) => {
                let exact = exact.to_f64().value();
                assert!((objective - exact).abs() <= 1e-6 * (1.0 + exact.abs()), "{who}: {objective}, exactly {exact}");
            }
            (Solved::Optimal { objective: exact, .. }, LpStatus::Cutoff) => {
                let exact = exact.to_f64().value();
                assert!(exact >= cutoff - 1e-6 * (1.0 + cutoff.abs()), "{who}: cut off at {cutoff}, exactly {exact}");
            }
            // What holds no point holds none below the cutoff either.
            (Solved::Infeasible, LpStatus::Infeasible | LpStatus::Cutoff)
            | (Solved::Unbounded, LpStatus::Unbounded)
            | (_, LpStatus::IterationLimit) => {}
            _ => panic!("{who}: {status:?}, exactly {truth:?}"),
        }
    }
}

/// The simplex method with rows and bounds that come and go.
pub fn simplex(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let columns = 1 + choices.below(5);
    let mut program = Program { cost: vec![], rows: vec![], lower: vec![], upper: vec![] };
    let rows = choices.below(4);
    for variable in 0..columns + rows {
        let (lower, upper) = Program::bounds(&mut choices);
        program.lower.push(lower);
        program.upper.push(upper);
        if variable < columns {
            program.cost.push(choices.number(5));
        } else {
            program.rows.push(Program::row(columns, &mut choices));
        }
    }
    let mut simplex = Simplex::new(program.problem(), SimplexOptions::default());
    let mut undo: Vec<(usize, f64, f64)> = Vec::new();
    let mut kept: Option<Basis> = None;
    for _ in 0..CALLS {
        if choices.is_over() {
            break;
        }
        let mut limits = Limits::default();
        match choices.below(9) {
            0 | 1 => {
                let variable = choices.below(program.lower.len());
                let (lower, upper) = Program::bounds(&mut choices);
                undo.push((variable, program.lower[variable], program.upper[variable]));
                (program.lower[variable], program.upper[variable]) = (lower, upper);
                simplex.set_bounds(variable, lower, upper);
                continue;
            }
            2 => {
                if let Some((variable, lower, upper)) = undo.pop() {
                    (program.lower[variable], program.upper[variable]) = (lower, upper);
                    simplex.set_bounds(variable, lower, upper);
                }
                continue;
            }
            3 => {
                let new = (0..1 + choices.below(2)).map(|_| {
                    let (lower, upper) = Program::bounds(&mut choices);
                    NewRow { lower, upper, terms: Program::row(columns, &mut choices) }
                });
                let new: Vec<NewRow> = new.collect();
                for row in &new {
                    program.rows.push(row.terms.clone());
                    program.lower.push(row.lower);
                    program.upper.push(row.upper);
                }
                simplex.add_rows(&new);
                kept = None;
                continue;
            }
            4 => {
                match kept.take() {
                    Some(basis) => simplex.load_basis(&basis),
                    None => kept = Some(simplex.basis()),
                }
                continue;
            }
            5 => limits.iterations = u64::from(choices.byte() % 4),
            6 => limits.cutoff = choices.number(9),
            _ => {}
        }
        let status = simplex.solve(&limits).expect("small whole numbers give no trouble");
        program.check(status, simplex.objective(), limits.cutoff, "warm");
        let mut fresh = Simplex::new(program.problem(), SimplexOptions::default());
        let status = fresh.solve(&Limits::default()).expect("small whole numbers give no trouble");
        program.check(status, fresh.objective(), f64::INFINITY, "fresh");
    }
}

/// Points in the plane, and which of their patterns a neuron can make.
struct Plane {
    problem: Problem,
    /// By pattern, bit i for point i firing.
    possible: Vec<bool>,
}

impl Plane {
    fn new(choices: &mut Choices<'_>) -> Self {
        let wanted = 2 + choices.below(3);
        let mut places: Vec<[i32; 2]> = Vec::new();
        for _ in 0..wanted {
            let place = [choices.number(2) as i32, choices.number(2) as i32];
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let raw: Vec<f64> = places.iter().flatten().map(|&x| f64::from(x)).collect();
        let labels = vec![0; places.len()];
        let points = Points::merge(2, 2, &raw, &labels, Scaler::identity(2));
        let hidden = vec![2];
        let architecture =
            Architecture { inputs: 2, hidden, classes: 2, bias: true, weights: WeightDomain::Continuous };
        let problem = Problem::new(points, architecture, Loss::Hamming);
        // Points may stand in another order than they were given in.
        let place = |i: usize| problem.points.raw(i).to_vec();
        let places: Vec<Vec<f64>> = (0..problem.points.len()).map(place).collect();
        let possible = (0..1_usize << places.len()).map(|pattern| is_possible(&places, pattern)).collect();
        Self { problem, possible }
    }
}

/// Whether some plane has exactly these points on its firing side: with room to both sides, which finitely many points allow.
fn is_possible(places: &[Vec<f64>], pattern: usize) -> bool {
    let exact = |value: f64| Rational::try_from(value).expect("finite");
    let row = |(i, place): (usize, &Vec<f64>)| {
        let terms = place.iter().copied().chain([1.0]).enumerate().map(|(j, value)| (j, exact(value))).collect();
        let fires = pattern >> i & 1 == 1;
        let (lower, upper) = if fires { (Some(Rational::ONE), None) } else { (None, Some(-Rational::ONE)) };
        Row { terms, lower, upper }
    };
    let rows: Vec<Row> = places.iter().enumerate().map(row).collect();
    minimise(&vec![Rational::ZERO; 3], &rows, &vec![None; 3], &vec![None; 3]) != Solved::Infeasible
}

/// What the calls so far have asked of an assignment.
struct Question {
    plane: Plane,
    formula: Formula,
    bound: Option<u64>,
}

impl Question {
    fn cost(&self, assignment: usize) -> u64 {
        let objective = self.formula.objective.iter().filter(|(lit, _)| holds(assignment, *lit));
        objective.map(|(_, weight)| weight).sum()
    }

    fn admits(&self, assignment: usize) -> bool {
        let points = self.plane.problem.points.len();
        let satisfied = self.formula.clauses.iter().all(|clause| clause.iter().any(|&lit| holds(assignment, lit)));
        let pattern = |neuron: usize| assignment >> (neuron * points) & ((1 << points) - 1);
        let keeps = |limit: &Limit| {
            let paid = limit.terms.iter().filter(|(lit, _)| holds(assignment, *lit)).map(|(_, weight)| weight);
            paid.sum::<u64>() <= limit.most
        };
        satisfied
            && self.formula.limits.iter().all(keeps)
            && (0..2).all(|neuron| self.plane.possible[pattern(neuron)])
            && self.bound.is_none_or(|bound| self.cost(assignment) <= bound)
    }

    fn has_answer(&self, assumptions: &[Lit]) -> bool {
        let all = 0..1_usize << self.formula.variables;
        all.into_iter().any(|a| assumptions.iter().all(|&lit| holds(a, lit)) && self.admits(a))
    }

    fn check(&self, solver: &Solver, verdict: &Verdict, assumptions: &[Lit]) {
        match verdict {
            Verdict::Satisfied => {
                let value = |v: u32| usize::from(solver.value(Var(v).is(true)).expect("assigned")) << v;
                let assignment: usize = (0..self.formula.variables).map(value).sum();
                assert!(self.admits(assignment), "{assignment:b} is no answer");
                assert!(assumptions.iter().all(|&lit| holds(assignment, lit)));
            }
            Verdict::Refuted => assert!(!self.has_answer(&[]), "refuted, and there is an answer"),
            Verdict::Core(core, _) => {
                assert!(core.iter().all(|lit| assumptions.contains(lit)));
                assert!(!self.has_answer(core), "a core with an answer");
            }
            Verdict::Budget => {}
            Verdict::Stopped => panic!("nobody said stop"),
        }
    }
}

fn holds(assignment: usize, lit: Lit) -> bool {
    (assignment >> lit.var().0 & 1 == 1) == lit.polarity()
}

fn literal(variables: u32, choices: &mut Choices<'_>) -> Lit {
    let byte = u32::from(choices.byte());
    Var((byte >> 1) % variables).is(byte & 1 == 1)
}

/// Some variables, each with a sign and a weight, and what they may add up to.
fn limit(variables: u32, choices: &mut Choices<'_>) -> Limit {
    let byte = choices.byte();
    let term = |v: u32| (Var(v).is((u32::from(byte) >> (v % 8)) & 1 == 1), 1 + u64::from(v + u32::from(byte)) % 3);
    let step = 1 + usize::from(byte % 3);
    Limit { terms: (0..variables).step_by(step).map(term).collect(), most: u64::from(choices.byte() % 12) }
}

/// The clause engine with theories: two neurons over points in the plane, and two variables that are nothing but that.
pub fn clauses(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let plane = Plane::new(&mut choices);
    let points = plane.problem.points.len();
    let variables = 2 * points as u32 + 2;
    let atoms = |neuron: usize| {
        (0..points).map(move |i| Var((neuron * points + i) as u32)).map(|v| [Some(v.is(true)), Some(v.is(false))])
    };
    let formula = Formula {
        variables,
        clauses: Vec::new(),
        objective: (0..choices.below(variables as usize))
            .map(|v| (Var(v as u32).is(v % 3 != 0), 1 + v as u64 % 3))
            .collect(),
        offset: 0,
        limits: (0..choices.below(3)).map(|_| limit(variables, &mut choices)).collect(),
        layers: vec![Arc::new(Geometry::first_layer(&plane.problem))],
        neurons: (0..2).map(|neuron| Neuron { layer: 0, atoms: atoms(neuron).collect() }).collect(),
    };
    let mut solver = Solver::new(&formula, Box::new(NoProof));
    let mut other = Solver::new(&formula, Box::new(NoProof));
    let mut question = Question { plane, formula, bound: None };
    let never = || false;
    for _ in 0..CALLS {
        if choices.is_over() {
            break;
        }
        let mut assumptions = Vec::new();
        let mut conflicts = u64::MAX;
        match choices.below(10) {
            0..=2 => {
                let clause: Vec<Lit> = (0..1 + choices.below(3)).map(|_| literal(variables, &mut choices)).collect();
                for solver in [&mut solver, &mut other] {
                    solver.add_clause(&clause);
                }
                question.formula.clauses.push(clause);
                continue;
            }
            3 => {
                let bound = question.bound.unwrap_or(u64::MAX).min(u64::from(choices.byte() % 12));
                for solver in [&mut solver, &mut other] {
                    solver.set_bound(Some(bound));
                }
                question.bound = Some(bound);
                continue;
            }
            4 => {
                solver.reset_phases();
                continue;
            }
            5 => {
                solver.allow_look_ahead(choices.byte() & 1 == 1);
                continue;
            }
            6 => {
                for (layer, lemma) in solver.take_lemmas() {
                    other.import_lemma(layer, &lemma);
                }
                std::mem::swap(&mut solver, &mut other);
                continue;
            }
            7 => {
                other = solver.clone();
                continue;
            }
            8 => conflicts = u64::from(choices.byte() % 4),
            _ => assumptions = (0..choices.below(5)).map(|_| literal(variables, &mut choices)).collect(),
        }
        let verdict = solver.search(&assumptions, &Allowance { conflicts, stop: &never });
        question.check(&solver, &verdict, &assumptions);
    }
    // In the end both know all there is to know.
    for solver in [&mut solver, &mut other] {
        let verdict = solver.search(&[], &Allowance { conflicts: u64::MAX, stop: &never });
        question.check(solver, &verdict, &[]);
        assert_eq!(verdict == Verdict::Satisfied, question.has_answer(&[]));
    }
}

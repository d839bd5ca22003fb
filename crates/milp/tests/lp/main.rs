//! Linear programs: instances with known optima, and random tiny ones against an exact oracle.

#[path = "../support/mod.rs"]
mod support;

mod oracle;

use std::path::Path;
use std::sync::Arc;

use milp::Budget;
use milp::io::read_model;
use milp::simplex::{Limits, LpProblem, LpStatus, NewRow, Simplex, SimplexOptions, VarStatus, safe_bound};
use milp::{Model, Sense, VarKind};
use oracle::Truth;
use proptest::prelude::*;

fn simplex(problem: &Arc<LpProblem>) -> Simplex {
    Simplex::new(Arc::clone(problem), SimplexOptions::default())
}

/// Largest violations of bounds and rows beyond what rounding does to sums of this size, from the model alone.
fn violation(model: &Model, x: &[f64]) -> f64 {
    let outside = |value: f64, lower: f64, upper: f64| (lower - value).max(value - upper).max(0.0);
    let bounds = model.variables.iter().zip(x).map(|(var, &x)| outside(x, var.lower, var.upper));
    let rows = model.rows.iter().map(|row| {
        let terms = row.terms.iter().map(|&(var, a)| a * x[var.index()]);
        let size: f64 = terms.clone().map(f64::abs).sum();
        (outside(terms.sum(), row.lower, row.upper) - 2e-13 * size).max(0.0)
    });
    bounds.chain(rows).fold(0.0, f64::max)
}

/// Checks multipliers of an infeasibility proof without the solver's own bound: the row combination must miss zero
/// over the box. Coefficients on unbounded variables may be rounding residue.
fn assert_farkas(problem: &LpProblem, lower: &[f64], upper: &[f64], y: &[f64]) {
    let n = problem.num_cols();
    let least = |d: f64, lower: f64, upper: f64, size: f64| {
        if d.abs() <= 1e-9 * size { 0.0 } else { d * if d > 0.0 { lower } else { upper } }
    };
    let mut bound = 0.0;
    for j in 0..n {
        let d: f64 = problem.columns.column(j).map(|(i, a)| -a * y[i]).sum();
        let size: f64 = problem.columns.column(j).map(|(i, a)| (a * y[i]).abs()).sum();
        bound += least(d, lower[j], upper[j], size);
    }
    for (i, &y) in y.iter().enumerate() {
        bound += least(y, lower[n + i], upper[n + i], 0.0);
    }
    assert!(bound > 0.0, "the multipliers prove {bound}");
}

#[test]
#[ignore = "needs ../shared"]
fn shared_instances_have_the_known_status_and_optimum() {
    let solved = have_the_known_status_and_optimum(&support::shared("mps"));
    assert!(solved >= 30, "only {solved} instances were read");
}

#[test]
fn small_models_have_the_known_status_and_optimum() {
    assert_eq!(have_the_known_status_and_optimum(&support::models()), 11);
}

fn have_the_known_status_and_optimum(folder: &Path) -> usize {
    let mut solved = 0;
    for line in support::expected(folder).iter().filter(|line| line.kind == "lp") {
        let Ok(model) = read_model(&folder.join(&line.file)) else {
            assert!(line.file.starts_with("2821"), "{} is no linear model for the reader", line.file);
            continue;
        };
        let problem = Arc::new(LpProblem::from_model(&model));
        let mut simplex = simplex(&problem);
        let status = simplex.solve(&Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", line.file));
        let expected = match line.status.as_str() {
            "optimal" => LpStatus::Optimal,
            "infeasible" => LpStatus::Infeasible,
            "unbounded" => LpStatus::Unbounded,
            other => panic!("unknown status {other}"),
        };
        assert_eq!(status, expected, "{}", line.file);
        if let Some(objective) = line.objective {
            let found = model.objective(simplex.primal());
            assert!((found - objective).abs() <= 1e-9 * objective.abs().max(1.0), "{}: {found}", line.file);
            assert!(violation(&model, simplex.primal()) <= 1e-9, "{}", line.file);
            let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
            // Variables without a bound get one well beyond the solution; then the duals must prove the optimum.
            let radius = simplex.primal().iter().fold(1.0_f64, |top, x| top.max(2.0 * x.abs()));
            let boxed = |bounds: &[f64]| {
                let close = |(var, &bound): (usize, &f64)| {
                    if var < problem.num_cols() && bound.is_infinite() { radius.copysign(bound) } else { bound }
                };
                bounds.iter().enumerate().map(close).collect::<Vec<f64>>()
            };
            let (lower, upper) = (boxed(&problem.lower), boxed(&problem.upper));
            let bound = safe_bound(&problem, &lower, &upper, simplex.row_duals(), true).value;
            assert!(bound <= sign * found + 1e-9 * found.abs().max(1.0), "{}: a bound above the optimum", line.file);
            assert!(sign * found - bound <= 1e-6 * found.abs().max(1.0), "{}: bound {bound}", line.file);
        }
        if status == LpStatus::Infeasible {
            assert_farkas(&problem, &problem.lower, &problem.upper, simplex.farkas().expect("multipliers"));
        }
        solved += 1;
    }
    solved
}

#[test]
#[ignore = "needs ../shared"]
fn relaxations_of_networks_hold_tight_tolerances() {
    let folder = support::shared("bdnn-mps");
    let files = std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "mps")).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let model = read_model(&file).expect("a model");
        let problem = Arc::new(LpProblem::from_model(&model));
        let mut simplex = simplex(&problem);
        assert_eq!(simplex.solve(&Limits::default()).expect("solved"), LpStatus::Optimal);
        assert!(violation(&model, simplex.primal()) <= 1e-9);
        dive(&model, &problem, &mut simplex);
    }
}

/// Fixes one fractional binary after the other to its nearer value and compares each warm-started solve with a fresh
/// one.
fn dive(model: &Model, problem: &Arc<LpProblem>, warm: &mut Simplex) {
    for _ in 0..12 {
        let fractional = (0..model.num_vars())
            .filter(|&j| model.variables[j].kind == VarKind::Integer)
            .max_by(|&a, &b| fraction(warm.primal()[a]).total_cmp(&fraction(warm.primal()[b])));
        let Some(j) = fractional else { return };
        let value = warm.primal()[j].round();
        warm.set_bounds(j, value, value);
        let status = warm.solve(&Limits::default()).expect("solved");
        let mut cold = simplex(problem);
        let (lower, upper) = warm.bounds();
        for var in 0..problem.num_vars() {
            cold.set_bounds(var, lower[var], upper[var]);
        }
        assert_eq!(cold.solve(&Limits::default()).expect("solved"), status);
        if status != LpStatus::Optimal {
            return;
        }
        assert!((warm.objective() - cold.objective()).abs() <= 1e-7);
        assert!(violation(model, warm.primal()) <= 1e-9);
    }
}

fn fraction(x: f64) -> f64 {
    (x - x.round()).abs()
}

/// Bounds of every sort: free, one-sided, boxed, fixed, and now and then crossed.
fn bounds() -> impl Strategy<Value = (f64, f64)> {
    let value = || (-4_i32..=4).prop_map(f64::from);
    prop_oneof![
        2 => Just((0.0, f64::INFINITY)),
        1 => Just((f64::NEG_INFINITY, f64::INFINITY)),
        1 => value().prop_map(|u| (f64::NEG_INFINITY, u)),
        1 => value().prop_map(|l| (l, f64::INFINITY)),
        1 => value().prop_map(|v| (v, v)),
        3 => (value(), 0_i32..6).prop_map(|(l, width)| (l, l + f64::from(width))),
    ]
}

prop_compose! {
    fn model(max_rows: usize, max_columns: usize)
        (rows in 0..=max_rows, columns in 1..=max_columns)
        (columns in proptest::collection::vec((bounds(), -3_i32..=3), columns),
         rows in proptest::collection::vec(
            (bounds(), proptest::collection::vec(prop_oneof![2 => Just(0), 3 => -3_i32..=3], columns)), rows),
         maximise in any::<bool>())
    -> Model {
        let mut model = Model::new("random");
        model.sense = if maximise { Sense::Maximise } else { Sense::Minimise };
        model.offset = 1.0;
        let mut ids = Vec::new();
        for ((lower, upper), cost) in columns {
            ids.push(model.add_var("x", lower, upper, f64::from(cost), VarKind::Continuous));
        }
        for ((lower, upper), terms) in rows {
            model.add_row("r", lower, upper, ids.iter().copied().zip(terms.into_iter().map(f64::from)));
        }
        model
    }
}

fn assert_truth(simplex: &mut Simplex, problem: &LpProblem) {
    let status = simplex.solve(&Limits::default()).expect("a tiny problem is solved");
    let (lower, upper) = simplex.bounds();
    let (lower, upper) = (lower.to_vec(), upper.to_vec());
    match oracle::solve(problem, &lower, &upper) {
        Truth::Optimal(objective) => {
            assert_eq!(status, LpStatus::Optimal);
            assert!((simplex.objective() - objective).abs() <= 1e-7, "{} for {objective}", simplex.objective());
            let bound = simplex.safe_objective_bound();
            if bound.rigorous {
                assert!(bound.value <= objective + 1e-14 * objective.abs(), "{bound:?} above {objective}");
            }
            assert!(bound.value >= objective - 1e-6);
        }
        Truth::Infeasible => {
            assert_eq!(status, LpStatus::Infeasible);
            if let Some(y) = simplex.farkas() {
                assert_farkas(problem, &lower, &upper, y);
            }
        }
        Truth::Unbounded => {
            assert_eq!(status, LpStatus::Unbounded);
            let ray = simplex.ray().expect("a ray");
            assert!(problem.cost.iter().zip(ray).map(|(c, r)| c * r).sum::<f64>() < 0.0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn random_problems_agree_with_the_exact_oracle(model in model(5, 5)) {
        let problem = Arc::new(LpProblem::from_model(&model));
        assert_truth(&mut simplex(&problem), &problem);
    }

    #[test]
    fn any_multipliers_give_a_bound_below_the_optimum(
        model in model(4, 4),
        y in proptest::collection::vec(-3.0..3.0, 4),
    ) {
        let problem = LpProblem::from_model(&model);
        let bound = safe_bound(&problem, &problem.lower, &problem.upper, &y, true);
        if let Truth::Optimal(objective) = oracle::solve(&problem, &problem.lower, &problem.upper) {
            prop_assert!(!bound.rigorous || bound.value <= objective);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn warm_starts_agree_with_the_exact_oracle(
        model in model(5, 6),
        changes in proptest::collection::vec((0_usize..11, bounds(), any::<bool>()), 1..12),
    ) {
        let problem = Arc::new(LpProblem::from_model(&model));
        let mut warm = simplex(&problem);
        let mut saved = warm.basis();
        for (var, (lower, upper), reload) in changes {
            warm.set_bounds(var % problem.num_vars(), lower, upper);
            if reload {
                let now = warm.basis();
                warm.load_basis(&saved);
                saved = now;
            }
            assert_truth(&mut warm, &problem);
        }
    }

    #[test]
    fn added_rows_agree_with_the_exact_oracle(
        model in model(4, 5),
        rows in proptest::collection::vec((bounds(), proptest::collection::vec(-3_i32..=3, 5)), 1..4),
    ) {
        let mut problem = LpProblem::from_model(&model);
        let mut warm = simplex(&Arc::new(problem.clone()));
        assert_truth(&mut warm, &problem);
        for ((lower, upper), terms) in rows {
            let terms = terms.iter().take(problem.num_cols()).enumerate().filter(|(_, a)| **a != 0);
            let row = NewRow { lower, upper, terms: terms.map(|(j, &a)| (j, f64::from(a))).collect() };
            warm.add_rows(std::slice::from_ref(&row));
            problem.add_rows(&[row]);
            assert_truth(&mut warm, &problem);
        }
    }

    #[test]
    fn rows_come_and_go(
        model in model(4, 5),
        rows in proptest::collection::vec((bounds(), proptest::collection::vec(-3_i32..=3, 5)), 1..5),
        keep in proptest::collection::vec(proptest::collection::vec(any::<bool>(), 9), 5),
    ) {
        let mut problem = LpProblem::from_model(&model);
        let mut warm = simplex(&Arc::new(problem.clone()));
        for (((lower, upper), terms), keep) in rows.into_iter().zip(keep) {
            let terms = terms.iter().take(problem.num_cols()).enumerate().filter(|(_, a)| **a != 0);
            let row = NewRow { lower, upper, terms: terms.map(|(j, &a)| (j, f64::from(a))).collect() };
            warm.add_rows(std::slice::from_ref(&row));
            problem.add_rows(&[row]);
            assert_truth(&mut warm, &problem);
            let keep = &keep[..problem.num_rows()];
            warm.retain_rows(keep);
            problem.retain_rows(keep);
            prop_assert_eq!(warm.problem().num_rows(), problem.num_rows());
            assert_truth(&mut warm, &problem);
        }
    }

    #[test]
    fn tableau_rows_vanish_on_the_solution_space(model in model(5, 6)) {
        let problem = Arc::new(LpProblem::from_model(&model));
        let mut simplex = simplex(&problem);
        if simplex.solve(&Limits::default()).expect("solved") == LpStatus::Optimal {
            let n = problem.num_cols();
            // Any point (x, s = A x) satisfies every tableau row.
            let x: Vec<f64> = (0..n).map(|j| j as f64 * 0.75 - 1.0).collect();
            let mut point = x.clone();
            point.resize(problem.num_vars(), 0.0);
            for (j, x) in x.iter().enumerate() {
                problem.columns.column(j).for_each(|(i, a)| point[n + i] += a * x);
            }
            for position in 0..problem.num_rows() {
                let row = simplex.tableau_row(position);
                prop_assert_eq!(simplex.var_status(row.basic), VarStatus::Basic);
                let sum = point[row.basic] + row.terms.iter().map(|&(var, a)| a * point[var]).sum::<f64>();
                prop_assert!(sum.abs() <= 1e-9, "tableau row {} misses by {sum}", position);
            }
        }
    }
}

#[test]
fn a_cutoff_below_the_optimum_is_proven_and_one_above_it_is_not() {
    let mut model = Model::new("knapsack");
    let ids: Vec<_> = (0..8).map(|j| model.add_var("x", 0.0, 1.0, -1.0 - f64::from(j), VarKind::Continuous)).collect();
    model.add_row("w", 0.0, 4.5, ids.iter().enumerate().map(|(j, &id)| (id, 1.0 + (j % 3) as f64)));
    let problem = Arc::new(LpProblem::from_model(&model));
    let Truth::Optimal(optimum) = oracle::solve(&problem, &problem.lower, &problem.upper) else {
        panic!("the knapsack has an optimum");
    };
    let solve = |cutoff| simplex(&problem).solve(&Limits { cutoff, ..Limits::default() }).expect("solved");
    assert_eq!(solve(optimum + 0.1), LpStatus::Optimal);
    assert_eq!(solve(optimum - 0.1), LpStatus::Cutoff);
}

#[test]
fn limits_end_a_solve_and_leave_it_ready_to_go_on() {
    let mut model = Model::new("assignment");
    let ids: Vec<_> = (0..36_u32)
        .map(|k| model.add_var("x", 0.0, f64::INFINITY, f64::from((k * 17 + 5) % 23), VarKind::Continuous))
        .collect();
    for i in 0..6 {
        model.add_row("r", 1.0, 1.0, (0..6).map(|j| (ids[6 * i + j], 1.0)));
        model.add_row("c", 1.0, 1.0, (0..6).map(|j| (ids[6 * j + i], 1.0)));
    }
    let problem = Arc::new(LpProblem::from_model(&model));
    let mut limited = simplex(&problem);
    let budget = Budget::default().stopped_by(&|| true);
    let stopped = limited.solve(&Limits { budget: Some(&budget), ..Limits::default() });
    assert_eq!(stopped.expect("ok"), LpStatus::Interrupted);
    let single = Limits { iterations: 1, ..Limits::default() };
    let mut calls = 0;
    while limited.solve(&single).expect("ok") == LpStatus::IterationLimit {
        calls += 1;
        assert!(calls < 1000, "no progress under a limit of one iteration a call");
    }
    assert!(calls > 2);
    let mut free = simplex(&problem);
    assert_eq!(free.solve(&Limits::default()).expect("ok"), LpStatus::Optimal);
    assert!((free.objective() - limited.objective()).abs() < 1e-9);
}

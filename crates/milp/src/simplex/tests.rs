//! The two algorithms against each other, explicit duals, and the edge of the tolerance.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Attempt, Limits, LpProblem, LpStatus, Simplex, SimplexOptions, Stage};
use crate::model::{Model, Sense, VarId, VarKind};

/// A random model with many ties: small integer data, degenerate sides, all sorts of bounds.
fn random_model(rng: &mut ChaCha8Rng) -> Model {
    let mut model = Model::new("random");
    let (rows, columns) = (rng.random_range(1..40), rng.random_range(1..40));
    let ids: Vec<VarId> = (0..columns)
        .map(|_| {
            let lower = f64::from(rng.random_range(-3..=3));
            let (lower, upper) = match rng.random_range(0..8) {
                0 => (f64::NEG_INFINITY, f64::INFINITY),
                1 => (lower, lower),
                2 => (f64::NEG_INFINITY, lower),
                3 | 4 => (0.0, f64::INFINITY),
                _ => (lower, lower + f64::from(rng.random_range(1..6))),
            };
            model.add_var("x", lower, upper, f64::from(rng.random_range(-5..=8)), VarKind::Continuous)
        })
        .collect();
    for _ in 0..rows {
        let mut terms = Vec::new();
        for &id in &ids {
            if rng.random_range(0..6) == 0 {
                terms.push((id, f64::from(rng.random_range(-4..=4))));
            }
        }
        let side = f64::from(rng.random_range(0..12));
        match rng.random_range(0..5) {
            0 => model.add_row("r", 0.0, 0.0, terms),
            1 => model.add_row("r", -side, side, terms),
            2 => model.add_row("r", -side, f64::INFINITY, terms),
            _ => model.add_row("r", f64::NEG_INFINITY, side, terms),
        };
    }
    model
}

/// The primal simplex alone, from the slack basis.
fn solve_primal(problem: &Arc<LpProblem>) -> (LpStatus, f64) {
    let mut simplex = Simplex::new(Arc::clone(problem), SimplexOptions::default());
    simplex.core.start();
    match simplex.run(Attempt::Primal, &Limits::default(), 0) {
        Stage::Proven(status) => (status, simplex.objective()),
        other => panic!("the primal simplex ended with {other:?}"),
    }
}

fn solve(problem: &Arc<LpProblem>) -> (LpStatus, f64) {
    let mut simplex = Simplex::new(Arc::clone(problem), SimplexOptions::default());
    let status = simplex.solve(&Limits::default()).expect("solved");
    (status, simplex.objective())
}

#[test]
fn primal_and_dual_simplex_agree() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut seen = [0; 3];
    for case in 0..600 {
        let problem = Arc::new(LpProblem::from_model(&random_model(&mut rng)));
        let (status, objective) = solve(&problem);
        let (again, primal_objective) = solve_primal(&problem);
        // A problem that is neither primal nor dual feasible may be called by either name only if it has no point,
        // so the two must agree.
        assert_eq!(status, again, "case {case}");
        if status == LpStatus::Optimal {
            assert!((objective - primal_objective).abs() <= 1e-7 * objective.abs().max(1.0), "case {case}");
        }
        seen[status as usize] += 1;
    }
    assert!(seen.iter().all(|&count| count > 20), "one of the outcomes hardly occurs: {seen:?}");
}

/// `max b'y` over `A'y + z = c`, `z` of the sign that the bounds of x give: the explicit dual of
/// `min c'x, A x >= b, 0 <= x`, whose optimum is the same.
#[test]
fn explicit_duals_have_the_same_optimum() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut optimal = 0;
    for case in 0..200 {
        let (rows, columns) = (rng.random_range(1..25), rng.random_range(1..25));
        let mut primal = Model::new("primal");
        let mut dual = Model { sense: Sense::Maximise, ..Model::new("dual") };
        let a: Vec<Vec<f64>> =
            (0..rows).map(|_| (0..columns).map(|_| f64::from(rng.random_range(-2..=4_i32).max(0))).collect()).collect();
        let b: Vec<f64> = (0..rows).map(|_| f64::from(rng.random_range(-1..=6))).collect();
        let c: Vec<f64> = (0..columns).map(|_| f64::from(rng.random_range(0..=6))).collect();
        let x: Vec<VarId> =
            c.iter().map(|&c| primal.add_var("x", 0.0, f64::INFINITY, c, VarKind::Continuous)).collect();
        let y: Vec<VarId> = b.iter().map(|&b| dual.add_var("y", 0.0, f64::INFINITY, b, VarKind::Continuous)).collect();
        for (row, &b) in a.iter().zip(&b) {
            primal.add_row("r", b, f64::INFINITY, x.iter().copied().zip(row.iter().copied()));
        }
        for (j, &c) in c.iter().enumerate() {
            dual.add_row("c", f64::NEG_INFINITY, c, y.iter().copied().zip(a.iter().map(|row| row[j])));
        }
        let (status, objective) = solve(&Arc::new(LpProblem::from_model(&primal)));
        let (dual_status, dual_objective) = solve(&Arc::new(LpProblem::from_model(&dual)));
        match status {
            LpStatus::Optimal => {
                optimal += 1;
                assert_eq!(dual_status, LpStatus::Optimal, "case {case}");
                assert!((objective + dual_objective).abs() <= 1e-7 * objective.abs().max(1.0), "case {case}");
            }
            LpStatus::Infeasible => assert_ne!(dual_status, LpStatus::Optimal, "case {case}"),
            _ => assert_eq!(dual_status, LpStatus::Infeasible, "case {case}"),
        }
    }
    assert!(optimal > 50);
}

/// Two equations on one variable that miss each other by `gap`.
fn nearly_consistent(gap: f64) -> LpStatus {
    let mut model = Model::new("edge");
    let x = model.add_var("x", 0.0, 10.0, 1.0, VarKind::Continuous);
    let y = model.add_var("y", 0.0, 10.0, 1.0, VarKind::Continuous);
    model.add_row("first", 3.0, 3.0, [(x, 1.0), (y, 1.0)]);
    model.add_row("second", 3.0 + gap, 3.0 + gap, [(x, 1.0), (y, 1.0)]);
    solve(&Arc::new(LpProblem::from_model(&model))).0
}

#[test]
fn infeasible_means_by_more_than_the_tolerance() {
    assert_eq!(nearly_consistent(0.0), LpStatus::Optimal);
    assert_eq!(nearly_consistent(0.5e-9), LpStatus::Optimal);
    assert_eq!(nearly_consistent(1.5e-9), LpStatus::Optimal);
    assert_eq!(nearly_consistent(1e-8), LpStatus::Infeasible);
    assert_eq!(nearly_consistent(1.0), LpStatus::Infeasible);
}

#[test]
fn crossed_bounds_are_infeasible_without_multipliers() {
    let mut model = Model::new("crossed");
    model.add_var("x", 1.0, 0.0, 1.0, VarKind::Continuous);
    let mut simplex = Simplex::new(Arc::new(LpProblem::from_model(&model)), SimplexOptions::default());
    assert_eq!(simplex.solve(&Limits::default()).expect("solved"), LpStatus::Infeasible);
    assert!(simplex.farkas().is_none());
    simplex.set_bounds(0, 0.0, 1.0);
    assert_eq!(simplex.solve(&Limits::default()).expect("solved"), LpStatus::Optimal);
    assert_eq!(simplex.primal(), [0.0]);
}

#[test]
fn badly_scaled_rows_and_columns_do_not_change_the_optimum() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for case in 0..60 {
        let model = random_model(&mut rng);
        let mut scaled = model.clone();
        let factors: Vec<f64> = (0..model.num_vars()).map(|_| 2.0_f64.powi(rng.random_range(-8..=8))).collect();
        for (var, factor) in scaled.variables.iter_mut().zip(&factors) {
            var.lower /= factor;
            var.upper /= factor;
            var.cost *= factor;
        }
        for row in &mut scaled.rows {
            let unit = 2.0_f64.powi(rng.random_range(-8..=8));
            row.lower *= unit;
            row.upper *= unit;
            row.terms.iter_mut().for_each(|(var, a)| *a *= unit * factors[var.index()]);
        }
        let (status, objective) = solve(&Arc::new(LpProblem::from_model(&model)));
        let (again, other) = solve(&Arc::new(LpProblem::from_model(&scaled)));
        assert_eq!(status, again, "case {case}");
        if status == LpStatus::Optimal {
            assert!((objective - other).abs() <= 1e-6 * objective.abs().max(1.0), "case {case}");
        }
    }
}

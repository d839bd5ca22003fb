//! Duals of linear models, and what comes back with them.

use rand::SeedableRng;

use super::models::{FEATURES, draw};
use super::truth::kind;
use super::*;

/// Duals of the reduced model that prove its optimum come back as duals that prove that of the original: costs are paid exactly, and only
/// what binds pays.
#[test]
fn duals_come_back_exactly() {
    let mut proven = 0;
    let mut steps = [0; 9];
    for feature in 0..FEATURES.len() {
        let mut random = ChaCha8Rng::seed_from_u64(300 + feature as u64);
        for _ in 0..400 {
            let mut model = draw(feature, &mut random);
            model.variables.iter_mut().for_each(|var| var.kind = VarKind::Continuous);
            let Presolved::Smaller(reduction) = presolve(&model, &Parameters::default(), &Budget::default()) else {
                continue;
            };
            let reduced = &reduction.model;
            let lp = ExactRelaxation::of(reduced);
            let budget = Budget::default();
            let mut status = vec![VarStatus::Lower; reduced.num_vars()];
            status.resize(reduced.num_vars() + reduced.num_rows(), VarStatus::Basic);
            let ExactEnd::Optimal { point, duals } = lp.solve(&status, &mut Meter::of(&budget)) else { continue };
            let columns = left_of_costs(reduced, &duals);
            let duals = reduction.restore_duals(Duals { rows: duals, columns });
            let x = reduction.restore(&point, &Budget::default()).expect("no limits");
            assert!(holds_at(&model, &x, &budget), "{model:?}");
            assert_eq!(left_of_costs(&model, &duals.rows), duals.columns, "{model:?}\n{:?}", reduction.steps);
            for (j, var) in model.columns_by_id() {
                let sides = [(Datum::Lower(j), var.lower), (Datum::Upper(j), var.upper)];
                let sides = sides.map(|(datum, bound)| model.decimals.side(datum, bound));
                assert!(
                    pays(&duals.columns[j.index()], &x[j.index()], &sides),
                    "column {j:?}\n{model:?}\n{:?}",
                    reduction.steps
                );
            }
            for (i, row) in model.rows_by_id() {
                let activity = row.terms.iter().fold(RBig::ZERO, |sum, &(j, a)| sum + decimal(a) * &x[j.index()]);
                let sides = [(Datum::RowLower(i), row.lower), (Datum::RowUpper(i), row.upper)];
                let sides = sides.map(|(datum, side)| model.decimals.side(datum, side));
                assert!(pays(&duals.rows[i.index()], &activity, &sides), "row {i:?}\n{model:?}\n{:?}", reduction.steps);
            }
            proven += 1;
            reduction.steps.iter().for_each(|step| steps[kind(step.as_ref())] += 1);
        }
    }
    assert!(proven > 1000 && steps.iter().all(|&count| count > 5), "{proven} {steps:?}");
}

/// A positive dual pays for a lower side, a negative one for an upper side.
fn pays(dual: &RBig, value: &RBig, [lower, upper]: &[Option<RBig>; 2]) -> bool {
    (*dual <= RBig::ZERO || lower.as_ref() == Some(value)) && (*dual >= RBig::ZERO || upper.as_ref() == Some(value))
}

/// What duals (minimised) leave of the costs.
fn left_of_costs(model: &Model, duals: &[RBig]) -> Vec<RBig> {
    let cost = |(j, var): (VarId, &crate::model::Variable)| {
        let cost = model.decimals.value(Datum::Cost(j), var.cost);
        if model.sense == Sense::Maximise { -cost } else { cost }
    };
    let mut left: Vec<RBig> = model.columns_by_id().map(cost).collect();
    for ((i, row), dual) in model.rows_by_id().zip(duals) {
        for &(j, a) in &row.terms {
            left[j.index()] -= model.decimals.value(Datum::Entry(i, j), a) * dual;
        }
    }
    left
}

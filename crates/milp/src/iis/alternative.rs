//! The alternative program of the relaxation: multipliers of its sides and bounds that show it infeasible.
//!
//! `{y >= 0, A'y = 0, b'y = 1}` over all sides and bounds `a x >= b` has a point if and only if the relaxation has none (Farkas), and
//! the support of a vertex is irreducible: its columns are linearly independent, so `A'y = 0` has one solution on it up to multiples, and none on a part of
//! it (Gleeson and Ryan). The vertex comes from the basis of a simplex, computed in rationals.

use std::sync::Arc;

use super::part::{Inequality, Part, parts};
use crate::exact_lp::{ExactEnd, Meter};
use crate::model::{Datum, Model, VarId, VarKind};
use crate::number::approximately;
use crate::options::Options;
use crate::relaxation::{Effort, ExactRelaxation, Relaxation, Verdict};
use crate::simplex::LpProblem;
use crate::{Budget, Error, Rational};

/// An irreducible infeasible set of sides and bounds, if the relaxation of the model has no point and exact arithmetic comes to an end within
/// the budget; and simplex iterations. Of all such sets one that has small multipliers.
pub(super) fn vertex(model: &Model, options: &Options, budget: &Budget) -> Result<(Option<Vec<Part>>, u64), Error> {
    let all: Vec<Part> = parts(model).filter(|part| !matches!(part, Part::Whole(_))).collect();
    let Some(program) = program(model, &all, budget) else { return Ok((None, 0)) };
    let mut relaxation = Relaxation::new(&program, Arc::new(LpProblem::varying(&program)), options);
    let verdict = relaxation.solve(Effort::full(), budget)?;
    let iterations = relaxation.iterations();
    if verdict != Verdict::Solved {
        return Ok((None, iterations));
    }
    let exact = ExactRelaxation::of(&program);
    let end = exact.solve(&relaxation.basis().status, &mut Meter::of(budget));
    let ExactEnd::Optimal { point, .. } = end else { return Ok((None, iterations)) };
    let support = all.into_iter().zip(&point).filter(|(_, y)| !y.is_zero()).map(|(part, _)| part);
    Ok((Some(support.collect()), iterations))
}

/// `min 1'y`, a column for each part, a row for each column of the model and one for the sides and bounds.
fn program(model: &Model, all: &[Part], budget: &Budget) -> Option<Model> {
    let mut program = Model::new("alternative");
    let mut rows: Vec<Vec<(VarId, Rational)>> = vec![Vec::new(); model.num_vars() + 1];
    for part in all {
        (!budget.spend(16 * part.size(model))).then_some(())?;
        let Some(Inequality { terms, right, is_upper }) = part.inequality(model) else { continue };
        let y = program.add_var("", 0.0, f64::INFINITY, 1.0, VarKind::Continuous);
        let signed = |value: Rational| if is_upper { -value } else { value };
        terms.into_iter().for_each(|(j, a)| rows[j.index()].push((y, signed(a))));
        rows[model.num_vars()].push((y, signed(right)));
    }
    for (j, terms) in rows.into_iter().enumerate() {
        (!budget.spend(16 * terms.len())).then_some(())?;
        let right = if j == model.num_vars() { 1.0 } else { 0.0 };
        let terms: Vec<_> = terms.into_iter().filter(|(_, a)| !a.is_zero()).collect();
        let i = program.add_row("", right, right, terms.iter().map(|(y, a)| (*y, approximately(a))));
        for (y, a) in terms {
            program.decimals.state(Datum::Entry(i, y), approximately(&a), a);
        }
    }
    Some(program)
}

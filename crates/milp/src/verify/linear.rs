//! The claims of linear programs: what the end of the simplex proves, and rational arithmetic where that is not enough.
//!
//! Entry point: [`settle`]. Small models are solved in rationals from the basis at hand at once, which costs next to nothing. For
//! others the duals give a bound with every rounding error counted, leaning on implied bounds where columns have none; if it
//! meets the point within the gap asked for, that is the claim. Otherwise rationals decide, for as long as the limits allow.

use std::sync::Arc;

use dashu::rational::RBig;

use super::duals::Projection;
use super::{Units, implied_bounds};
use crate::Budget;
use crate::check::{dot, is_feasible, outside, row_activity};
use crate::exact_lp::{ExactEnd, Meter};
use crate::model::{Model, Sense};
use crate::number::approximately;
use crate::options::Options;
use crate::outcome::{Status, Verified};
use crate::relaxation::{ExactRelaxation, Relaxation, Verdict};
use crate::simplex::{Combination, Limits, LpProblem, Simplex, SimplexOptions};
use crate::tolerances::{
    COST_SHIFT, LP_GAP, PROJECTION_WORK, PROJECTION_WORK_SHARE, SHIFTED_DUAL_FEASIBILITY, SHIFTED_ITERATIONS,
    SMALL_PROGRAM, SMALL_WORK, VIOLATIONS_EFFECT,
};

/// What is true of a linear model, in its own sense.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub status: Status,
    pub verified: Verified,
    pub point: Option<Vec<f64>>,
    /// The point without rounding, and a ray from it.
    pub exact: Option<Vec<RBig>>,
    pub ray: Option<Vec<RBig>>,
    pub objective: Option<f64>,
    pub bound: f64,
    pub duals: Option<Vec<f64>>,
}

/// What may be said after the simplex ended with `verdict` on the relaxation of `model`, which has no integer columns.
pub(crate) fn settle(
    model: &Model,
    options: &Options,
    relaxation: &mut Relaxation<'_>,
    verdict: Verdict,
    budget: &Budget,
) -> Claim {
    let mut court = Court { model, options, relaxation, units: Units::of(model) };
    if let Verdict::Stopped(status) = verdict {
        return court.nothing(status, None, budget);
    }
    let size = model.num_nonzeros() + model.num_rows() + model.num_vars();
    let first = Meter::new(SMALL_WORK, budget);
    if size <= SMALL_PROGRAM
        && let Some(claim) = court.exactly(first)
    {
        return claim;
    }
    let floats = match verdict {
        Verdict::Solved => court.optimum(budget),
        Verdict::Infeasible => court.infeasibility(budget),
        _ => None,
    };
    if let Some(claim) = floats.or_else(|| court.exactly(Meter::of(budget))) {
        return claim;
    }
    let status = budget.over().unwrap_or(Status::Unresolved);
    let point = (verdict == Verdict::Solved).then(|| court.relaxation.solution().to_vec());
    let point = point.filter(|point| court.is_feasible(point));
    court.nothing(status, point, budget)
}

struct Court<'a, 'm> {
    model: &'a Model,
    options: &'a Options,
    relaxation: &'a mut Relaxation<'m>,
    units: Units,
}

impl Court<'_, '_> {
    fn is_feasible(&self, point: &[f64]) -> bool {
        is_feasible(self.model, point, self.options.feasibility_tolerance, 0.0)
    }

    fn sign(&self) -> f64 {
        if self.model.sense == Sense::Maximise { -1.0 } else { 1.0 }
    }

    /// The varying part of the objective, minimised.
    fn value(&self, point: &[f64]) -> f64 {
        let costs = &self.relaxation.problem().cost;
        dot(costs.iter().copied().zip(point.iter().copied())).0
    }

    /// Work of rationals on duals before the whole basis is factored in them: a share of what the simplex took.
    fn work(&self) -> u64 {
        let simplex = self.relaxation.simplex();
        PROJECTION_WORK
            + (PROJECTION_WORK_SHARE * simplex.iterations() as f64 * simplex.problem().num_rows as f64) as u64
    }

    /// The duals' bound on the varying part, minus infinity if they prove none. If it is below `wanted` they are corrected, and if
    /// that is not enough, those of shifted costs are asked.
    fn bound(&self, wanted: f64, budget: &Budget) -> f64 {
        let simplex = self.relaxation.simplex();
        let plain = simplex.safe_objective_bound();
        let plain = if plain.rigorous { plain.value } else { f64::NEG_INFINITY };
        if plain >= wanted && plain.is_finite() {
            return plain;
        }
        // Points above the objective at hand are no better than it.
        let ceiling = self.relaxation.objective();
        let (problem, (lower, upper)) = (self.relaxation.problem(), simplex.bounds());
        let (low, high) = implied_bounds(problem, lower, upper, ceiling);
        let implied = Some((low.as_slice(), high.as_slice()));
        let combination = Combination { problem, lower, upper, implied, with_cost: true, exact: true };
        let bound = self.prove(combination, simplex.row_duals(), Some(simplex.primal()), wanted, budget);
        let bound = plain.max(bound.min(ceiling));
        let has_free = low.iter().zip(&high).any(|(low, high)| low.is_infinite() && high.is_infinite());
        // The reduced cost of a free column must be exactly zero, which no shift makes it.
        if bound >= wanted || has_free {
            return bound;
        }
        let options = SimplexOptions { dual_tolerance: SHIFTED_DUAL_FEASIBILITY, ..SimplexOptions::default() };
        let mut shifted = Simplex::new(Arc::new(self.shifted()), options);
        shifted.load_basis(&simplex.basis());
        let limits = Limits { iterations: SHIFTED_ITERATIONS, budget: Some(budget), ..Limits::default() };
        // Whatever it ends with, its duals are judged on the true costs.
        let judged = shifted.solve(&limits).map(|_| combination.bound(shifted.row_duals(), |_| false));
        match judged {
            Ok(judged) if judged.rigorous => bound.max(judged.value.min(ceiling)),
            _ => bound,
        }
    }

    /// The program with costs moved a little towards the side on which a column has no bound: its duals keep a distance from
    /// being infeasible for the true costs, more than rounding takes (Steffy, Wolter, *Valid linear programming bounds for exact
    /// mixed-integer programming*, INFORMS J. Computing 25, 2013, shift in a like way by an interior point).
    fn shifted(&self) -> LpProblem {
        let mut problem = self.relaxation.problem().clone();
        let duals = self.relaxation.simplex().row_duals();
        for j in 0..problem.num_cols() {
            let terms = problem.columns.column(j).map(|(i, a)| (a * duals[i]).abs());
            let shift = COST_SHIFT * terms.fold(problem.cost[j].abs(), |sum, term| sum + term);
            if problem.upper[j].is_infinite() {
                problem.cost[j] -= shift;
            } else if problem.lower[j].is_infinite() {
                problem.cost[j] += shift;
            }
        }
        problem
    }

    /// What multipliers of the rows prove once they are corrected.
    fn prove(
        &self,
        combination: Combination<'_>,
        y: &[f64],
        point: Option<&[f64]>,
        wanted: f64,
        budget: &Budget,
    ) -> f64 {
        let row_factors = &self.relaxation.simplex().row_factors();
        let projection = Projection { model: self.model, combination, row_factors, point };
        projection.bound(y, wanted, &mut Meter::new(self.work(), budget))
    }

    /// By how much the objective would change, to first order, if bounds and rows were met exactly: what is within the tolerance of a
    /// row may be worth any amount.
    fn effect_of_violations(&self, point: &[f64]) -> f64 {
        let simplex = self.relaxation.simplex();
        let columns = self.model.variables.iter().zip(point).zip(simplex.reduced_costs());
        let of_bounds: f64 = columns.map(|((var, &x), d)| d.abs() * outside(x, var.lower, var.upper)).sum();
        let rows = self.model.rows.iter().zip(simplex.row_duals()).filter(|(_, y)| **y != 0.0);
        let of_rows: f64 =
            rows.map(|(row, y)| y.abs() * outside(row_activity(row, point).0, row.lower, row.upper)).sum();
        of_bounds + of_rows
    }

    /// The basic solution as it is, if its bound meets it.
    fn optimum(&mut self, budget: &Budget) -> Option<Claim> {
        let point = self.relaxation.solution().to_vec();
        let value = self.value(&point);
        let unit = self.relaxation.problem().cost.iter().fold(0.0_f64, |top, cost| top.max(cost.abs())).min(1.0);
        let size = value.abs().min(self.units.objective_near(value).abs());
        let absolute = self.options.mip_abs_gap.unwrap_or(LP_GAP * size.max(unit));
        let gap = absolute.max(self.options.mip_rel_gap * size);
        let bound = self.bound(value - gap, budget);
        // An objective below the bound is one that only tolerances allow; one beyond floats has no distance from it.
        let is_met = value.is_finite() && bound.is_finite() && (value - bound).abs() <= gap;
        if !is_met
            || !self.is_feasible(&point)
            || self.effect_of_violations(&point) > VIOLATIONS_EFFECT * size.max(unit)
        {
            return None;
        }
        let sign = self.sign();
        Some(Claim {
            status: Status::Optimal,
            verified: Verified::Tolerance,
            objective: Some(self.model.objective_of_decimals(&point)),
            bound: self.units.bound(bound),
            point: Some(point),
            exact: None,
            ray: None,
            duals: Some(self.relaxation.simplex().row_duals().iter().map(|y| sign * y).collect()),
        })
    }

    /// Farkas multipliers that hold in spite of rounding, corrected where columns have no bounds.
    fn infeasibility(&mut self, budget: &Budget) -> Option<Claim> {
        let simplex = self.relaxation.simplex();
        let proven = simplex.infeasibility_is_rigorous()
            || simplex.farkas().is_some_and(|y| {
                let (problem, (lower, upper)) = (simplex.problem(), simplex.bounds());
                let (low, high) = implied_bounds(problem, lower, upper, f64::INFINITY);
                let implied = Some((low.as_slice(), high.as_slice()));
                let combination = Combination { problem, lower, upper, implied, with_cost: false, exact: true };
                self.prove(combination, y, None, f64::MIN_POSITIVE, budget) > 0.0
            });
        proven.then(|| self.infeasible(Verified::Rigorous))
    }

    fn infeasible(&self, verified: Verified) -> Claim {
        Claim {
            status: Status::Infeasible,
            verified,
            point: None,
            exact: None,
            ray: None,
            objective: None,
            bound: self.sign() * f64::INFINITY,
            duals: None,
        }
    }

    /// No claim but a bound, and a point within tolerances.
    fn nothing(&mut self, status: Status, point: Option<Vec<f64>>, budget: &Budget) -> Claim {
        let bound = self.bound(f64::NEG_INFINITY, budget);
        Claim {
            status,
            verified: if point.is_some() { Verified::Tolerance } else { Verified::Rigorous },
            exact: None,
            ray: None,
            objective: point.as_ref().map(|point| self.model.objective_of_decimals(point)),
            point,
            bound: self.units.bound(bound),
            duals: None,
        }
    }

    /// From the basis at hand in rationals; `None` if the meter runs out. An optimum that no float holds is left open: what could
    /// be printed of it is false.
    fn exactly(&mut self, mut meter: Meter<'_>) -> Option<Claim> {
        let lp = ExactRelaxation::of(self.model);
        let floats = |point: &[RBig]| point.iter().map(|x| approximately(x) + 0.0).collect();
        let claim = |status| Claim { status, ..self.infeasible(Verified::Exact) };
        Some(match lp.solve(&self.relaxation.basis().status, &mut meter) {
            ExactEnd::Optimal { point, duals } => {
                let value = lp.objective(&point);
                let objective = Some(self.units.objective(&value)).filter(|objective| objective.is_finite());
                let sign = self.sign();
                let claim = Claim {
                    point: Some(floats(&point)),
                    exact: Some(point),
                    objective,
                    bound: self.units.exact_bound(&value),
                    duals: Some(duals.iter().map(|y| sign * approximately(y) + 0.0).collect()),
                    ..claim(Status::Optimal)
                };
                match objective {
                    Some(_) => claim,
                    None => Claim { status: Status::Unresolved, verified: Verified::Rigorous, duals: None, ..claim },
                }
            }
            ExactEnd::Infeasible { .. } => claim(Status::Infeasible),
            ExactEnd::Unbounded { point, ray } => Claim {
                point: Some(floats(&point)),
                exact: Some(point),
                ray: Some(ray),
                bound: -self.sign() * f64::INFINITY,
                ..claim(Status::Unbounded)
            },
            ExactEnd::Unfinished => return None,
        })
    }
}

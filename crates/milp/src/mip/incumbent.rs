//! The best point so far and the bound that new ones must beat.

use super::objective::ObjectiveGrid;
use super::relaxation::{Effort, Relaxation, Verdict};
use crate::check::is_feasible;
use crate::control::{Hooks, Judgement};
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::proof::Certificate;
use crate::tolerances::{OBJECTIVE_NOISE, STEP_ROUNDING};
use crate::{Budget, Error, Status};

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It counts as it is, and is the incumbent if it is better.
    Accepted,
    /// The caller put another point in its place, which may be worse.
    Replaced,
    /// No completion of these integers is feasible: proven, by the simplex or by the caller.
    Infeasible,
    /// Floating point or the caller refuses the point; nothing is proven about its integers.
    Refused,
    /// A limit or interruption while it was completed.
    Stopped(Status),
}

pub(crate) struct Incumbent {
    best: Option<(f64, Vec<f64>)>,
    grid: Option<ObjectiveGrid>,
    absolute_gap: f64,
    relative_gap: f64,
    feasibility: f64,
    integrality: f64,
}

impl Incumbent {
    pub fn new(grid: Option<ObjectiveGrid>, options: &Options) -> Self {
        Self {
            best: None,
            grid,
            absolute_gap: options.mip_abs_gap,
            relative_gap: options.mip_rel_gap,
            feasibility: options.feasibility_tolerance,
            integrality: options.integrality_tolerance,
        }
    }

    /// Objective of the best point (minimised).
    pub fn objective(&self) -> Option<f64> {
        self.best.as_ref().map(|(objective, _)| *objective)
    }

    /// The best point (length `num_vars()`).
    pub fn point(&self) -> Option<&[f64]> {
        self.best.as_ref().map(|(_, point)| point.as_slice())
    }

    /// Differences of the objective up to this count as closed: the gaps asked for, and what floating point cannot
    /// tell apart.
    pub fn tolerated_gap(&self) -> f64 {
        let size = self.objective().map_or(1.0, f64::abs);
        self.absolute_gap.max(self.relative_gap * size).max(OBJECTIVE_NOISE * size.max(1.0))
    }

    /// A node whose bound (after [`Self::round_up`]) reaches this is closed; infinite before the first incumbent.
    pub fn cutoff(&self) -> f64 {
        self.objective().map_or(f64::INFINITY, |value| value - self.tolerated_gap())
    }

    /// The least relaxation objective whose rounded bound reaches [`Self::cutoff`].
    pub fn relaxation_cutoff(&self) -> f64 {
        match (self.objective(), &self.grid) {
            // From a little above the grid value below the incumbent, rounding up gives the incumbent's own.
            (Some(value), Some(grid)) => self.cutoff().min(value - grid.step * (1.0 - 2.0 * STEP_ROUNDING)),
            _ => self.cutoff(),
        }
    }

    /// A valid bound, raised to the next value that the objective can take.
    pub fn round_up(&self, bound: f64) -> f64 {
        self.grid.as_ref().map_or(bound, |grid| grid.round_up(bound))
    }

    /// Tries the integers of `x`: rounds them, completes the continuous columns by the relaxation, checks the point
    /// against the original model and lets the caller judge it. With a certificate a better point must also have an exact
    /// completion. Leaves bounds and basis of the relaxation changed.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn consider(
        &mut self,
        x: &[f64],
        model: &Model,
        relaxation: &mut Relaxation,
        (budget, hooks): (&Budget, &Hooks),
        certificate: Option<&mut Certificate>,
    ) -> Result<Fate, Error> {
        let mut point = x.to_vec();
        for (value, var) in point.iter_mut().zip(&model.variables) {
            if var.kind == VarKind::Integer {
                *value = value.round();
                if !(var.lower..=var.upper).contains(value) {
                    return Ok(Fate::Refused);
                }
            }
        }
        match self.complete(&mut point, model, relaxation, budget)? {
            Verdict::Solved => {}
            Verdict::Infeasible => return Ok(Fate::Infeasible),
            Verdict::Stopped(status) => return Ok(Fate::Stopped(status)),
            _ => return Ok(Fate::Refused),
        }
        if !self.is_feasible(model, &point) && !self.complete_apart(&mut point, model, relaxation, budget)? {
            return Ok(Fate::Refused);
        }
        let (point, fate) = match hooks.borrow_mut().judge(&point) {
            Judgement::Accept => (point, Fate::Accepted),
            Judgement::Replace(other) if other.len() == model.num_vars() && self.is_feasible(model, &other) => {
                (other, Fate::Replaced)
            }
            Judgement::Replace(_) | Judgement::Reject => return Ok(Fate::Refused),
            Judgement::Infeasible => return Ok(Fate::Infeasible),
        };
        let objective = relaxation.problem().objective(&point);
        if self.objective().is_none_or(|best| objective < best) {
            let exists =
                |certificate: &mut Certificate| certificate.complete(&point, &relaxation.basis().status, budget);
            if !certificate.is_none_or(exists) {
                return Ok(Fate::Refused);
            }
            self.best = Some((objective, point));
        }
        Ok(fate)
    }

    /// Fixes the integer columns and solves for the others.
    fn complete(
        &self,
        point: &mut [f64],
        model: &Model,
        relaxation: &mut Relaxation,
        budget: &Budget,
    ) -> Result<Verdict, Error> {
        let whole = |j: usize| model.variables[j].kind == VarKind::Integer;
        if (0..model.num_vars()).all(|j| whole(j) || model.variables[j].lower == model.variables[j].upper) {
            return Ok(Verdict::Solved);
        }
        for j in relaxation.integers().to_vec() {
            relaxation.set_bounds(j, point[j], point[j]);
        }
        let verdict = relaxation.solve(Effort::full(), budget)?;
        if verdict == Verdict::Solved {
            for (j, (value, &solved)) in point.iter_mut().zip(relaxation.solution()).enumerate() {
                if !whole(j) {
                    *value = solved;
                }
            }
        }
        Ok(verdict)
    }

    /// The second attempt at the continuous columns: without the integer ones, whose fixings the simplex keeps only
    /// within tolerance.
    fn complete_apart(
        &self,
        point: &mut [f64],
        model: &Model,
        relaxation: &Relaxation,
        budget: &Budget,
    ) -> Result<bool, Error> {
        let mut apart = relaxation.substitute(model, point);
        if apart.solve(Effort::full(), budget)? != Verdict::Solved {
            return Ok(false);
        }
        let continuous =
            model.variables.iter().zip(point.iter_mut()).filter(|(var, _)| var.kind == VarKind::Continuous);
        for ((_, value), &solved) in continuous.zip(apart.solution()) {
            *value = solved;
        }
        Ok(self.is_feasible(model, point))
    }

    fn is_feasible(&self, model: &Model, point: &[f64]) -> bool {
        is_feasible(model, point, self.feasibility, self.integrality)
    }
}

//! The best point so far and the bound that new ones must beat.
//!
//! A point counts if rows over whole columns hold exactly ([`crate::check`]). Its continuous columns are completed in rationals
//! where the work allowed suffices; otherwise rows that have such columns hold within the tolerance.
//!
//! Objectives are compared as floats where those tell, and otherwise exactly ([`Best::objective`], [`Incumbent::is_met_by`]). A
//! float of an objective or a bound is the number that it is, not its decimal, and rounded towards the safe side.

use std::sync::Arc;

use dashu::base::Sign;
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use serde::{Deserialize, Serialize};

use super::objective::ObjectiveGrid;
use crate::check::{dot, holds_at, is_feasible, is_nearly_feasible};
use crate::control::{Hooks, Judgement};
use crate::model::{Datum, Model, Sense, VarKind};
use crate::number::{approximately, decimal, float_above};
use crate::options::Options;
use crate::proof::Certificate;
use crate::relaxation::{Completion, Effort, Relaxation, Verdict};
use crate::tolerances::{
    DEFAULT_ABSOLUTE_GAP, DEFAULT_RELATIVE_GAP, LARGEST_WHOLE, OBJECTIVE_DOUBT, OBJECTIVE_ROUNDING,
};
use crate::verify::Units;
use crate::{Budget, Error, Status};

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fate {
    /// It counts as it is, and is the incumbent if it is better.
    Accepted,
    /// The caller put another point in its place, which may be worse.
    Replaced,
    /// No completion of these integers is feasible: proven, by the simplex, in rationals or by the caller.
    Infeasible,
    /// Floating point or the caller refuses the point; nothing is proven about its integers.
    Refused,
    /// Its objective is beyond all floats: it can be neither kept nor compared.
    Beyond,
    /// Time limit or interruption while it was completed.
    Stopped(Status),
}

/// The best point.
pub(crate) struct Best {
    /// Objective (minimised, the varying part): not below the exact one.
    pub value: f64,
    /// The exact objective, where it is known.
    pub objective: Option<RBig>,
    pub point: Vec<f64>,
    /// The point without rounding, where it satisfies the model exactly.
    pub exact: Option<Vec<RBig>>,
}

impl Best {
    /// What is to be kept of it.
    pub fn save(&self) -> SavedBest {
        let exact = self.exact.as_ref().map(|values| values.iter().map(SavedRational::of).collect());
        SavedBest { point: self.point.clone(), exact }
    }
}

/// The best point as a checkpoint has it: what its objective is, is computed again.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedBest {
    point: Vec<f64>,
    exact: Option<Vec<SavedRational>>,
}

/// A rational: sign, numerator and denominator as little-endian bytes.
#[derive(Serialize, Deserialize)]
struct SavedRational(bool, Vec<u8>, Vec<u8>);

impl SavedRational {
    fn of(value: &RBig) -> Self {
        let (sign, numerator) = value.numerator().clone().into_parts();
        Self(sign == Sign::Negative, numerator.to_le_bytes().into(), value.denominator().to_le_bytes().into())
    }

    /// `None` without a denominator.
    fn restored(self) -> Option<RBig> {
        let (numerator, denominator) = (UBig::from_le_bytes(&self.1), UBig::from_le_bytes(&self.2));
        let sign = if self.0 { Sign::Negative } else { Sign::Positive };
        (denominator != UBig::ZERO).then(|| RBig::from_parts(IBig::from_parts(sign, numerator), denominator))
    }
}

#[derive(Clone)]
pub(crate) struct Incumbent {
    best: Option<Arc<Best>>,
    /// What points have to beat beside the best one (minimised, the varying part), infinite if nothing is known from elsewhere.
    ceiling: f64,
    /// The same exactly, no more than the float.
    exact_ceiling: Option<RBig>,
    grid: Option<ObjectiveGrid>,
    absolute_gap: Option<f64>,
    relative_gap: f64,
    /// What the search leaves out of its objective: gaps are relative to the smaller of both, so that neither a great constant nor
    /// one that cancels a great rest lets anything pass.
    left_out: f64,
    /// Of the model as it is given, where this one is reduced.
    scale: Scale,
    feasibility: f64,
    /// Whether all columns are integer.
    is_whole: bool,
}

/// What gaps are measured by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// What a search leaves out of the objective of the model: its constant, and the costs of fixed columns.
    left_out: f64,
    /// The unit of the absolute gap where none is asked for: the largest cost, 1 at most.
    unit: f64,
}

impl Scale {
    pub fn of(model: &Model) -> Self {
        let varying = model.columns_by_id().filter(|(j, _)| !model.is_fixed(*j));
        let largest = varying.fold(0.0_f64, |top, (_, var)| top.max(var.cost.abs()));
        let unit = if largest > 0.0 { largest.min(1.0) } else { 1.0 };
        Self { left_out: Units::of(model).left_out(), unit }
    }
}

impl Incumbent {
    /// `scale` is that of the model as it is given, of which `model` may be a reduced one.
    pub fn new(model: &Model, grid: Option<ObjectiveGrid>, options: &Options, (left_out, scale): (f64, Scale)) -> Self {
        Self {
            best: None,
            ceiling: f64::INFINITY,
            exact_ceiling: None,
            grid,
            absolute_gap: options.mip_abs_gap,
            relative_gap: options.mip_rel_gap,
            left_out,
            scale,
            feasibility: options.feasibility_tolerance,
            is_whole: model.variables.iter().all(|var| var.kind == VarKind::Integer),
        }
    }

    pub fn best(&self) -> Option<&Arc<Best>> {
        self.best.as_ref()
    }

    /// Objective of the best point (minimised).
    pub fn objective(&self) -> Option<f64> {
        self.best.as_ref().map(|best| best.value)
    }

    /// The objective from elsewhere that points have to beat, infinite if there is none.
    pub fn ceiling(&self) -> f64 {
        self.ceiling
    }

    /// Puts a point that was kept in the place of the best one, and the ceiling. The point is checked as if it were new; `None` if it is no
    /// point of the model.
    pub fn restore(
        &mut self,
        (best, ceiling): (Option<SavedBest>, f64),
        (model, cost): (&Model, &[f64]),
        hooks: &Hooks,
    ) -> Option<()> {
        if ceiling.is_nan() {
            return None;
        }
        self.best = None;
        // One that is known exactly says more than its float.
        if ceiling != self.ceiling {
            (self.ceiling, self.exact_ceiling) = (ceiling, RBig::try_from(ceiling).ok());
        }
        let Some(SavedBest { mut point, exact }) = best else { return Some(()) };
        let exact = match exact {
            Some(values) => Some(values.into_iter().map(SavedRational::restored).collect::<Option<Vec<RBig>>>()?),
            None => None,
        };
        if point.len() != model.num_vars() || exact.as_ref().is_some_and(|values| values.len() != point.len()) {
            return None;
        }
        let budget = Budget::default();
        let exact = exact.map(|values| rounded(&mut point, values));
        let holds = match &exact {
            Some(values) => holds_at(model, values, &budget),
            None => self.is_nearly_feasible(model, &point),
        };
        // A caller who judges points has a state of its own.
        if !holds || hooks.counts().is_some_and(|counts| !counts(&point, &budget)) {
            return None;
        }
        let (value, _) = dot(cost.iter().copied().zip(point.iter().copied()));
        self.keep(point, exact, value, model).then_some(())
    }

    /// Lowers the objective that points have to beat, by the knowledge of one elsewhere, which may be none that a point here can have: then it
    /// is the next one above. A value just below that would close points that are better by a whole step.
    pub fn lower_ceiling(&mut self, objective: &RBig) {
        let on_grid = self.grid.as_ref().map(|grid| grid.round_up_exactly(objective));
        let float = self.grid.as_ref().zip(on_grid.as_ref()).and_then(|(grid, value)| grid.value_of(value));
        self.ceiling = self.ceiling.min(float.unwrap_or_else(|| float_above(objective)));
        let exact = on_grid.unwrap_or_else(|| objective.clone());
        if self.exact_ceiling.as_ref().is_none_or(|least| exact < *least) {
            self.exact_ceiling = Some(exact);
        }
    }

    /// The same by what was a ceiling of this model before.
    pub fn keep_ceiling(&mut self, ceiling: f64) {
        if ceiling < self.ceiling {
            (self.ceiling, self.exact_ceiling) = (ceiling, RBig::try_from(ceiling).ok());
        }
    }

    /// The objective that points have to beat.
    pub fn to_beat(&self) -> Option<f64> {
        let known = self.objective().map_or(self.ceiling, |value| value.min(self.ceiling));
        (known < f64::INFINITY).then_some(known)
    }

    /// Differences of the objective up to this count as closed: the gaps asked for, but of a positive objective no more than all
    /// of it. So [`Self::cutoff`] never rises when the objective falls, and what it closed once is closed for good.
    fn tolerated_gap(&self, value: f64) -> f64 {
        let shown = value + self.left_out;
        let varying = value + (self.left_out - self.scale.left_out);
        let size = varying.abs().min(shown.abs());
        let asked = if varying > 0.0 || shown > 0.0 { self.relative_gap.min(1.0) } else { self.relative_gap } * size;
        match (self.absolute_gap, &self.grid) {
            (Some(gap), _) => gap.max(asked),
            (None, Some(_)) => asked,
            (None, None) => (DEFAULT_ABSOLUTE_GAP * self.scale.unit).max(DEFAULT_RELATIVE_GAP * size).max(asked),
        }
    }

    /// A node whose bound (after [`Self::round_up`]) reaches this is closed; infinite before the first incumbent.
    pub fn cutoff(&self) -> f64 {
        self.to_beat().map_or(f64::INFINITY, |value| value - self.tolerated_gap(value))
    }

    /// The least relaxation objective whose rounded bound reaches [`Self::cutoff`].
    pub fn relaxation_cutoff(&self) -> f64 {
        match (self.to_beat(), &self.grid) {
            (Some(value), Some(grid)) => self.cutoff().min(grid.least_reaching(value)),
            _ => self.cutoff(),
        }
    }

    /// Whether an exact bound of a node leaves no point in it that is better than the best one, or than what is known from elsewhere.
    pub fn is_met_by(&self, bound: &RBig) -> bool {
        let best = self.best.as_ref().and_then(|best| best.objective.as_ref());
        best.into_iter().chain(&self.exact_ceiling).any(|known| match &self.grid {
            Some(grid) => grid.round_up_exactly(bound) >= *known,
            None => bound >= known,
        })
    }

    /// Whether floats leave it open if a point is better than the best one, and no gap closes the difference: its objective in
    /// floats, and the sum of its terms' magnitudes.
    fn hides_differences(&self, value: f64, size: f64) -> bool {
        let Some(best) = self.objective() else { return false };
        let rounding = OBJECTIVE_ROUNDING * size.max(best.abs());
        let difference = self.grid.as_ref().map_or(best - self.cutoff(), |grid| grid.step / 2.0);
        difference < rounding && value - best < rounding
    }

    /// Whether a bound falls short of [`Self::cutoff`] by so little that it may be rounding alone, and the gap asked for is no
    /// larger.
    pub fn is_in_doubt(&self, bound: f64) -> bool {
        let Some(value) = self.to_beat() else { return false };
        let (doubt, cutoff) = (OBJECTIVE_DOUBT * value.abs(), self.cutoff());
        value - cutoff < doubt && (cutoff - doubt..cutoff).contains(&bound)
    }

    /// A valid bound, raised to the next value that the objective can take.
    pub fn round_up(&self, bound: f64) -> f64 {
        self.grid.as_ref().map_or(bound, |grid| grid.round_up(bound))
    }

    /// The exact value that a bound stands for, where it is one that the objective can take.
    pub fn on_grid(&self, bound: f64) -> Option<RBig> {
        self.grid.as_ref()?.exact(bound)
    }

    /// Tries the integers of `x`: rounds them, completes the continuous columns by the relaxation, checks the point
    /// against the original model and lets the caller judge it. What the caller puts in its place is the caller's to answer for:
    /// it is checked, but not completed again. With a certificate a better point must have an exact completion. Leaves bounds and
    /// basis of the relaxation changed.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn consider(
        &mut self,
        x: &[f64],
        model: &Model,
        relaxation: &mut Relaxation<'_>,
        (budget, hooks): (&Budget, &Hooks),
        certificate: Option<&mut Certificate>,
    ) -> Result<Fate, Error> {
        let mut point = x.to_vec();
        for (value, var) in point.iter_mut().zip(&model.variables) {
            if var.kind == VarKind::Integer {
                *value = value.round();
                if !(var.lower..=var.upper).contains(value) || value.abs() > LARGEST_WHOLE {
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
        let mut exact = None;
        if !self.is_nearly_feasible(model, &point) {
            if self.is_whole {
                return Ok(Fate::Infeasible);
            }
            if !self.complete_apart(&mut point, model, relaxation, budget)? {
                match relaxation.complete_exactly(&point, budget) {
                    Completion::Point(values) => exact = Some(rounded(&mut point, values)),
                    Completion::None => return Ok(Fate::Infeasible),
                    Completion::Unknown => return Ok(Fate::Refused),
                }
            }
        }
        let (mut point, fate) = match hooks.judge(&point, budget) {
            Judgement::Accept => (point, Fate::Accepted),
            Judgement::Replace(other) if other.len() == model.num_vars() && self.is_nearly_feasible(model, &other) => {
                exact = None;
                (other, Fate::Replaced)
            }
            Judgement::Replace(_) | Judgement::Reject => return Ok(Fate::Refused),
            Judgement::Infeasible => return Ok(Fate::Infeasible),
        };
        let (value, size) = dot(relaxation.problem().cost.iter().copied().zip(point.iter().copied()));
        let is_worse = value.is_finite() && self.objective().is_some_and(|best| value >= best);
        if is_worse && !self.hides_differences(value, size) || value >= self.ceiling {
            return Ok(fate);
        }
        if fate == Fate::Accepted && exact.is_none() {
            match self.exactly(&point, model, relaxation, budget) {
                Completion::Point(values) => exact = Some(rounded(&mut point, values)),
                Completion::None => return Ok(Fate::Infeasible),
                Completion::Unknown if !self.is_feasible(model, &point) => return Ok(Fate::Refused),
                Completion::Unknown => {}
            }
            // Exact completion may have moved the point.
            if !hooks.keeps_lazy_rows(&point) {
                return Ok(Fate::Refused);
            }
        }
        let exists = |certificate: &mut Certificate| certificate.complete(&point, &relaxation.basis().status, budget);
        if !certificate.is_none_or(exists) {
            return Ok(Fate::Refused);
        }
        Ok(if self.keep(point, exact, value, model) { fate } else { Fate::Beyond })
    }

    /// The point of least objective with the integers of `point`, without rounding.
    fn exactly(&self, point: &[f64], model: &Model, relaxation: &mut Relaxation<'_>, budget: &Budget) -> Completion {
        match (self.is_whole, self.is_feasible(model, point)) {
            (true, true) => Completion::Point(point.iter().map(|&x| decimal(x)).collect()),
            (true, false) => Completion::None,
            _ => relaxation.complete_exactly(point, budget),
        }
    }

    /// Takes a point for the best if it is better; false if no float holds its objective.
    fn keep(&mut self, point: Vec<f64>, exact: Option<Vec<RBig>>, value: f64, model: &Model) -> bool {
        // On a grid the objective depends on whole columns alone.
        let objective = match &exact {
            Some(values) => Some(objective(model, values.iter().cloned())),
            None => self.grid.is_some().then(|| objective(model, point.iter().map(|&x| decimal(x)))),
        };
        let value = match (&objective, &self.grid) {
            (Some(objective), Some(grid)) => grid.value_of(objective).unwrap_or_else(|| float_above(objective)),
            (Some(objective), None) => float_above(objective),
            _ => value,
        };
        if !value.is_finite() || objective.as_ref().is_some_and(|objective| !approximately(objective).is_finite()) {
            return false;
        }
        self.adopt(&Arc::new(Best { value, objective, point, exact }));
        true
    }

    /// Takes a point for the best if it is better, and says so. Of two that floats do not tell apart it is the one whose objective is known
    /// exactly: another search may have closed nodes by that.
    pub fn adopt(&mut self, other: &Arc<Best>) -> bool {
        let is_better = match (self.best.as_deref(), &other.objective) {
            (None, _) => true,
            (Some(Best { objective: Some(best), .. }), Some(objective)) => objective < best,
            (Some(Best { value, objective: None, .. }), Some(_)) => other.value <= *value,
            (Some(best), None) => other.value < best.value,
        };
        if is_better {
            self.best = Some(other.clone());
        }
        is_better
    }

    /// A point that satisfies the model exactly, found in rationals where floats did not decide.
    pub fn offer_exact(
        &mut self,
        values: Vec<RBig>,
        (budget, hooks): (&Budget, &Hooks),
        model: &Model,
        certificate: Option<&mut Certificate>,
    ) -> Fate {
        let mut point = vec![0.0; values.len()];
        let exact = rounded(&mut point, values);
        match hooks.judge(&point, budget) {
            Judgement::Accept => {
                if let Some(certificate) = certificate {
                    certificate.offer(exact.clone());
                }
                let is_kept = self.keep(point, Some(exact), f64::INFINITY, model);
                if is_kept { Fate::Accepted } else { Fate::Beyond }
            }
            Judgement::Infeasible => Fate::Infeasible,
            Judgement::Replace(_) | Judgement::Reject => Fate::Refused,
        }
    }

    /// Fixes the integer columns and solves for the others.
    fn complete(
        &self,
        point: &mut [f64],
        model: &Model,
        relaxation: &mut Relaxation<'_>,
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
        relaxation: &Relaxation<'_>,
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
        Ok(self.is_nearly_feasible(model, point))
    }

    fn is_nearly_feasible(&self, model: &Model, point: &[f64]) -> bool {
        is_nearly_feasible(model, point, self.feasibility)
    }

    /// Integer columns are whole already.
    fn is_feasible(&self, model: &Model, point: &[f64]) -> bool {
        is_feasible(model, point, self.feasibility, 0.0)
    }
}

/// Puts the nearest floats of exact values into a point.
fn rounded(point: &mut [f64], values: Vec<RBig>) -> Vec<RBig> {
    for (x, value) in point.iter_mut().zip(&values) {
        *x = approximately(value) + 0.0;
    }
    values
}

/// The varying part of the objective, minimised.
fn objective(model: &Model, values: impl Iterator<Item = RBig>) -> RBig {
    let columns = model.columns_by_id().zip(values).filter(|((j, var), _)| var.cost != 0.0 && !model.is_fixed(*j));
    let costs = columns.map(|((j, var), x)| model.decimals.value(Datum::Cost(j), var.cost) * x);
    let sum = costs.fold(RBig::ZERO, |sum, cost| sum + cost);
    if model.sense == Sense::Maximise { -sum } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search may have closed nodes by an objective that is less than its float; then that point has to be the best of all.
    #[test]
    fn of_points_alike_the_exact_one_is_the_best() {
        let mut model = Model::new("m");
        model.add_var("x", 0.0, 9.0, 1.0, VarKind::Continuous);
        let new = || Incumbent::new(&model, None, &Options::default(), (0.0, Scale::of(&model)));
        let rounded = Arc::new(Best { value: 5.0, objective: None, point: vec![5.0], exact: None });
        let objective = decimal(5.0) - decimal(1e-30);
        let exact = Arc::new(Best {
            value: float_above(&objective),
            objective: Some(objective.clone()),
            point: vec![5.0],
            exact: Some(vec![objective.clone()]),
        });
        assert_eq!(exact.value, rounded.value);
        for order in [[&rounded, &exact], [&exact, &rounded]] {
            let mut incumbent = new();
            order.into_iter().for_each(|best| _ = incumbent.adopt(best));
            assert!(incumbent.is_met_by(&objective), "a node of that bound may have been closed");
            assert!(!incumbent.adopt(&rounded) && !incumbent.adopt(&exact));
        }
    }

    /// A point from a file counts by what it is, and not by what is said of it.
    #[test]
    fn kept_points_are_checked_again() {
        let mut model = Model::new("m");
        let x = model.add_var("x", 0.0, 9.0, 1.0, VarKind::Integer);
        let y = model.add_var("y", 0.0, 9.0, 1.0, VarKind::Continuous);
        model.add_row("", 4.0, f64::INFINITY, [(x, 1.0), (y, 2.0)]);
        let (mut quiet, cost) = (crate::Quiet, [1.0, 1.0]);
        let hooks = Hooks::new(&mut quiet);
        let restored = |point: &[f64], exact: Option<Vec<SavedRational>>| {
            let mut incumbent = Incumbent::new(&model, None, &Options::default(), (0.0, Scale::of(&model)));
            let best = SavedBest { point: point.to_vec(), exact };
            incumbent.restore((Some(best), f64::INFINITY), (&model, &cost), &hooks)?;
            incumbent.objective()
        };
        let exactly = |values: &[f64]| Some(values.iter().map(|&x| SavedRational::of(&decimal(x))).collect());
        assert_eq!(restored(&[2.0, 1.0], None), Some(3.0));
        assert_eq!(restored(&[0.0, 0.0], exactly(&[2.0, 1.25])), Some(3.25), "the exact point counts");
        for point in [&[2.0, 0.5][..], &[1.5, 2.0], &[2.0, f64::NAN], &[2.0], &[2.0, 10.0]] {
            assert_eq!(restored(point, None), None, "{point:?}");
        }
        assert_eq!(restored(&[2.0, 1.0], exactly(&[2.0, 0.875])), None);
        assert_eq!(restored(&[2.0, 1.0], exactly(&[1.5, 2.0])), None);
        assert_eq!(restored(&[2.0, 1.0], exactly(&[2.0])), None);
        let nothing = || SavedRational(true, vec![1], vec![]);
        assert_eq!(restored(&[2.0, 1.0], Some(vec![nothing(), nothing()])), None);
    }
}

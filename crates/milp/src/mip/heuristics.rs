//! Looking for incumbents beside the tree: fix-and-propagate from a relaxation's solution, and diving.
//!
//! Reference: Berthold, *Primal Heuristics for Mixed Integer Programs* (2006), sections 2.2 (diving) and 3 (rounding);
//! fix-and-propagate as in Fischetti, Salvagnin, *Feasibility pump 2.0* (2009), section 2.

use super::incumbent::Fate;
use super::search::Search;
use crate::Error;
use crate::bounds::{BoundChange, Reason};
use crate::relaxation::Verdict;

impl Search<'_> {
    /// Fixes the integer columns one by one at the whole number nearest to `x`, those nearest to one first, with
    /// propagation after each; then completes the continuous columns. The box is as before afterwards.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn fix_and_propagate(&mut self, x: &[f64], source: char) -> Result<(), Error> {
        let mark = self.domain.mark();
        let distance = |j: usize| (x[j] - x[j].round()).abs();
        let mut order = self.relaxation.integers().to_vec();
        order.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
        let complete = order.into_iter().all(|j| !self.budget.spend(1) && self.fix_near(j, x[j]));
        if complete {
            let point = self.domain.lower().to_vec();
            if let Fate::Stopped(status) = self.try_point(&point, source, 0)? {
                self.stopped = Some(status);
            }
        }
        self.domain.undo_to(mark);
        self.relaxation.install(&self.domain);
        Ok(())
    }

    /// Fixes column j at the whole number of its box nearest to `value`, else at the next one; false if both end in
    /// a conflict.
    fn fix_near(&mut self, j: usize, value: f64) -> bool {
        let (lower, upper) = (self.domain.lower()[j], self.domain.upper()[j]);
        let nearest = value.round().max(lower).min(upper);
        let other = if value >= nearest { nearest + 1.0 } else { nearest - 1.0 };
        [nearest, other].into_iter().filter(|whole| (lower..=upper).contains(whole)).any(|whole| {
            let mark = self.domain.mark();
            let both = [BoundChange::lower(j, whole), BoundChange::upper(j, whole)];
            let mut assume = |change| self.propagator.assume(&mut self.domain, change, Reason::Guess);
            let fixed = both.into_iter().try_for_each(&mut assume);
            let fixed = fixed.and_then(|()| self.propagator.propagate(&mut self.domain, self.budget)).is_ok();
            if !fixed {
                self.domain.undo_to(mark);
            }
            fixed
        })
    }

    /// Dives from the solved relaxation at hand: rounds the candidate nearest to a whole number, propagates, solves
    /// again, until the solution is integral or the box is empty. Box, bounds and basis are as before afterwards.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn dive(&mut self, depth: u32) -> Result<(), Error> {
        let before = self.relaxation.iterations();
        self.last_dive = self.report.statistics.nodes;
        let mark = self.domain.mark();
        let basis = self.relaxation.basis();
        for _ in 0..self.options.parameters.dive_length {
            let candidates = self.fractional();
            let distance = |value: f64| (value - value.round()).abs();
            let nearest = candidates.iter().min_by(|a, b| distance(a.value).total_cmp(&distance(b.value)));
            let Some(candidate) = nearest.copied() else {
                let x = self.relaxation.solution().to_vec();
                if let Fate::Stopped(status) = self.try_point(&x, 'H', depth)? {
                    self.stopped = Some(status);
                }
                break;
            };
            if !self.fix_near(candidate.var, candidate.value) {
                break;
            }
            match self.relax()? {
                Verdict::Solved => {}
                Verdict::Stopped(status) => {
                    self.stopped = Some(status);
                    break;
                }
                _ => break,
            }
        }
        self.domain.undo_to(mark);
        self.relaxation.install(&self.domain);
        self.relaxation.load_basis(&basis);
        self.dive_iterations += self.relaxation.iterations() - before;
        Ok(())
    }

    /// Whether some nodes have passed since the last dive, and dives have not used up their share of iterations.
    pub fn is_time_to_dive(&self) -> bool {
        let (parameters, iterations) = (&self.options.parameters, self.relaxation.iterations());
        parameters.dives
            && self.report.statistics.nodes >= self.last_dive + parameters.dive_distance
            && self.dive_iterations * parameters.dive_iterations <= iterations
    }
}

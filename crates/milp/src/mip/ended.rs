//! What a search leaves: its [`Outcome`].

use dashu::rational::RBig;

use super::search::Search;
use crate::outcome::{Outcome, Status, Verified, Violations};

impl Search<'_> {
    /// What a bound stands for, which may have been rounded up: what is closed at the best point's value is closed at its objective.
    pub(super) fn exact_bound(&self, bound: f64) -> Option<RBig> {
        let best = self.incumbent.best().filter(|best| best.value == bound);
        best.and_then(|best| best.objective.clone()).or_else(|| self.incumbent.on_grid(bound))
    }

    pub(super) fn outcome(mut self, status: Status) -> Outcome {
        let bound = match status {
            Status::Infeasible if self.incumbent.ceiling() == f64::INFINITY => f64::INFINITY,
            Status::Unbounded => f64::NEG_INFINITY,
            _ => self.bound(),
        };
        self.current_bound = bound;
        self.note('E', 0);
        let best = self.incumbent.best();
        let exact_bound = self.exact_bound(bound);
        let units = self.report.units();
        let bound = exact_bound.as_ref().map_or_else(|| units.bound(bound), |bound| units.exact_bound(bound));
        // There is no best objective where there is no end to better ones.
        let bounded = best.filter(|_| status != Status::Unbounded);
        let objective = bounded.map(|best| match &best.objective {
            Some(exact) => units.objective(exact),
            None => self.model.objective_of_decimals(&best.point),
        });
        let verified = match best {
            Some(best) if best.exact.is_none() => Verified::Tolerance,
            Some(best) if exact_bound.is_some() && best.objective == exact_bound => Verified::Exact,
            _ => Verified::Rigorous,
        };
        let solution = best.map(|best| best.point.clone());
        let exact_solution = best.and_then(|best| best.exact.clone());
        self.report.statistics.verify_seconds = self.relaxation.exact_time.as_secs_f64();
        Outcome {
            status,
            verified,
            objective,
            bound,
            violations: match (&solution, &exact_solution) {
                (Some(x), None) => Violations::of(self.model, x),
                _ => Violations::default(),
            },
            solution,
            exact_solution,
            ray: self.ray,
            duals: None,
            statistics: self.report.finish(),
        }
    }
}

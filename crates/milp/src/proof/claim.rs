//! What a certificate claims, in a word, and whether that is what the run found.
//!
//! Entry points: [`Proven::claim`] and [`Proven::confirms`].

use crate::tolerances::{SAME_BOUND, SAME_EXACT_BOUND};
use crate::{Model, Outcome, Sense, Status, Verified};

use super::file::Proven;

impl Proven {
    /// `optimal`, `bounds`, `infeasible`, `unbounded`, or `none` where nothing is claimed.
    #[must_use]
    pub fn claim(&self) -> &'static str {
        match (self.infeasible, self.exact) {
            (true, _) => "infeasible",
            _ if self.unbounded => "unbounded",
            (_, true) => "optimal",
            _ if self.lower.is_none() && self.upper.is_none() => "none",
            _ => "bounds",
        }
    }

    /// Whether the certificate proves the status of `outcome` and, up to the rounding of floats, its bound.
    #[must_use]
    pub fn confirms(&self, model: &Model, outcome: &Outcome) -> bool {
        let stated = (outcome.status == Status::Infeasible, outcome.status == Status::Unbounded);
        if stated != (false, false) || self.infeasible || self.unbounded {
            return stated == (self.infeasible, self.unbounded);
        }
        // No bound needs no proof; what is no number, or beyond every point, has none.
        let nothing = if model.sense == Sense::Maximise { f64::INFINITY } else { f64::NEG_INFINITY };
        if !outcome.bound.is_finite() {
            return outcome.bound == nothing;
        }
        let same = if outcome.verified == Verified::Exact { SAME_EXACT_BOUND } else { SAME_BOUND };
        let slack = same * outcome.bound.abs().max(1.0);
        match model.sense {
            Sense::Minimise => self.lower.is_some_and(|lower| lower >= outcome.bound - slack),
            Sense::Maximise => self.upper.is_some_and(|upper| upper <= outcome.bound + slack),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Statistics, Violations};

    use super::*;

    /// The warning appears where the certificate says less than the outcome, in either sense, and only there.
    #[test]
    fn certificates_that_say_less_are_not_confirmed() {
        let mut model = Model::new("t");
        let outcome = |status, bound| Outcome {
            status,
            verified: Verified::Rigorous,
            objective: None,
            bound,
            solution: None,
            exact_solution: None,
            ray: None,
            duals: None,
            violations: Violations::default(),
            statistics: Statistics::default(),
        };
        let proven =
            |lower, upper| Proven { infeasible: false, unbounded: false, lower, upper, exact: false, derivations: 1 };
        let confirms = |model: &Model, outcome: &Outcome, proven: &Proven| proven.confirms(model, outcome);
        let limit = outcome(Status::NodeLimit, 10.0);
        assert!(confirms(&model, &limit, &proven(Some(10.0), None)));
        assert!(confirms(&model, &limit, &proven(Some(11.0), None)));
        assert!(!confirms(&model, &limit, &proven(Some(9.0), Some(12.0))));
        assert!(!confirms(&model, &limit, &proven(None, Some(10.0))));
        assert!(confirms(&model, &outcome(Status::TimeLimit, f64::NEG_INFINITY), &proven(None, None)));
        for bound in [f64::NAN, f64::INFINITY] {
            assert!(!confirms(&model, &outcome(Status::Optimal, bound), &proven(Some(1.0), Some(1.0))), "{bound}");
        }
        // An optimum that is known exactly is proven exactly, or not at all.
        let exact = Outcome { verified: Verified::Exact, ..outcome(Status::Optimal, 1e9) };
        assert!(confirms(&model, &exact, &proven(Some(1e9), Some(1e9))));
        assert!(!confirms(&model, &exact, &proven(Some(1e9 - 1.0), Some(1e9))));
        let infeasible = Proven { infeasible: true, ..proven(None, None) };
        assert!(confirms(&model, &outcome(Status::Infeasible, f64::INFINITY), &infeasible));
        assert!(!confirms(&model, &outcome(Status::Infeasible, f64::INFINITY), &proven(Some(9.0), None)));
        assert!(!confirms(&model, &limit, &infeasible));
        let unbounded = Proven { unbounded: true, ..proven(None, None) };
        assert!(confirms(&model, &outcome(Status::Unbounded, f64::NEG_INFINITY), &unbounded));
        assert!(!confirms(&model, &outcome(Status::Unbounded, f64::NEG_INFINITY), &proven(None, Some(3.0))));
        assert!(!confirms(&model, &outcome(Status::TimeLimit, f64::NEG_INFINITY), &unbounded));
        model.sense = Sense::Maximise;
        assert!(confirms(&model, &limit, &proven(None, Some(10.0))));
        assert!(!confirms(&model, &limit, &proven(Some(10.0), Some(11.0))));
    }
}

//! What the lines of a certificate say of the objective, held against the outcome of its run.
//!
//! Entry point: [`Certificate::retract`]. The search claims by floats with their errors bounded, the certificate by rationals
//! alone: where the two exclude each other one of them is wrong, and neither is printed as true.

use dashu::rational::RBig;

use super::Certificate;
use crate::model::{Datum, Model, Sense};
use crate::number::{decimal, printed_above, printed_below};
use crate::outcome::{Outcome, Status, Verified};
use crate::tolerances::CLAIM_ROUNDING;

/// What is proven of the objective (minimised, without constant).
struct Range {
    is_empty: bool,
    is_unbounded: bool,
    below: Option<RBig>,
    above: Option<RBig>,
}

impl Certificate {
    fn range(&self) -> Range {
        let above = self.best.as_ref().map(|best| best.objective.clone());
        let root = self.tree.root.as_ref().map(|root| root.bound.clone());
        let below = match (&root, &above) {
            (Some(bound), Some(above)) => Some(bound.as_ref().map_or(above, |bound| bound.min(above)).clone()),
            (bound, _) => bound.clone().flatten(),
        };
        let is_empty = root == Some(None) && above.is_none();
        Range { is_empty, is_unbounded: self.unbounded.is_some(), below, above }
    }

    /// Takes back what of the outcome the certificate refutes: its status, which becomes [`Status::Unresolved`], and its bound,
    /// which becomes the certificate's.
    pub(crate) fn retract(&self, outcome: &mut Outcome, model: &Model) {
        let Range { is_empty, is_unbounded, below, above } = self.range();
        let maximise = model.sense == Sense::Maximise;
        let offset = model.decimals.value(Datum::Offset, model.offset);
        let minimised = |value: f64| {
            let value = value.is_finite().then(|| decimal(value) - &offset)?;
            Some(if maximise { -value } else { value })
        };
        let slack = |value: f64| decimal(value).max(-decimal(value)) * decimal(CLAIM_ROUNDING);
        let has_point = above.is_some() || is_unbounded;
        let nothing = if maximise { f64::INFINITY } else { f64::NEG_INFINITY };
        let is_false_bound = match minimised(outcome.bound) {
            Some(bound) => is_unbounded || above.is_some_and(|above| bound > above + slack(outcome.bound)),
            None => has_point && outcome.bound != nothing,
        };
        let is_too_good = |objective: f64| {
            let value = minimised(objective).filter(|_| outcome.verified != Verified::Tolerance);
            value.zip(below.as_ref()).is_some_and(|(value, below)| value + slack(objective) < *below)
        };
        let is_false_status = match outcome.status {
            Status::Infeasible => has_point,
            Status::Unbounded => is_empty || below.is_some(),
            Status::Optimal => is_empty || is_unbounded || is_false_bound || outcome.objective.is_some_and(is_too_good),
            _ => false,
        };
        if is_false_status {
            outcome.status = Status::Unresolved;
            outcome.ray = None;
            let is_exact = outcome.solution.is_none() || outcome.exact_solution.is_some();
            outcome.verified = if is_exact { Verified::Rigorous } else { Verified::Tolerance };
        }
        if is_false_status || is_false_bound {
            let value = below.map(|below| if maximise { &offset - below } else { below + &offset });
            outcome.bound =
                value.map_or(nothing, |value| if maximise { printed_above(&value) } else { printed_below(&value) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::closing::Closed;
    use super::super::exact::ExactPoint;
    use super::*;
    use crate::model::VarKind;
    use crate::outcome::{Statistics, Violations};

    fn outcome(status: Status, objective: Option<f64>, bound: f64) -> Outcome {
        Outcome {
            status,
            verified: Verified::Exact,
            solution: objective.map(|x| vec![x]),
            exact_solution: objective.map(|x| vec![decimal(x)]),
            ray: None,
            objective,
            bound,
            violations: Violations::default(),
            duals: None,
            statistics: Statistics::default(),
        }
    }

    /// `min x` or `max x` over whole x.
    fn model(sense: Sense) -> Model {
        let mut model = Model::new("t");
        model.sense = sense;
        model.add_var("x", 0.0, 100.0, 1.0, VarKind::Integer);
        model
    }

    /// The outcome beside a certificate with this point and this bound (`Some(None)` for a contradiction), minimised.
    fn beside(sense: Sense, above: Option<f64>, root: Option<Option<f64>>, mut outcome: Outcome) -> (Status, f64) {
        let model = model(sense);
        let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
        certificate.best =
            above.map(|value| ExactPoint { values: vec![decimal(value.abs())], objective: decimal(value) });
        certificate.tree.root = root.map(|bound| Closed { line: 0, bound: bound.map(decimal) });
        certificate.retract(&mut outcome, &model);
        (outcome.status, outcome.bound)
    }

    #[test]
    fn what_the_certificate_excludes_is_not_claimed() {
        use Sense::{Maximise, Minimise};
        use Status::{Infeasible, NodeLimit, Optimal, Unbounded, Unresolved};
        let inf = f64::INFINITY;
        for sense in [Minimise, Maximise] {
            let turn = |value: f64| if sense == Minimise { value } else { -value };
            let claimed =
                |status, objective: Option<f64>, bound: f64| outcome(status, objective.map(turn), turn(bound));
            let told = |status, bound: f64| (status, turn(bound));
            let at = Some;
            // Confirmed.
            assert_eq!(beside(sense, at(3.0), Some(None), claimed(Optimal, Some(3.0), 3.0)), told(Optimal, 3.0));
            assert_eq!(beside(sense, None, Some(None), claimed(Infeasible, None, inf)), told(Infeasible, inf));
            assert_eq!(beside(sense, None, None, claimed(Unbounded, Some(1.0), -inf)), told(Unbounded, -inf));
            assert_eq!(beside(sense, at(3.0), Some(Some(1.0)), claimed(Optimal, Some(3.0), 3.0)), told(Optimal, 3.0));
            assert_eq!(beside(sense, at(3.0), None, claimed(NodeLimit, Some(4.0), 2.0)), told(NodeLimit, 2.0));
            // Refuted: a better point, a better bound, no point, a point.
            assert_eq!(
                beside(sense, at(2.0), Some(Some(1.0)), claimed(Optimal, Some(3.0), 3.0)),
                told(Unresolved, 1.0)
            );
            assert_eq!(beside(sense, at(5.0), Some(None), claimed(Optimal, Some(3.0), 3.0)), told(Unresolved, 5.0));
            assert_eq!(beside(sense, None, Some(None), claimed(Optimal, Some(3.0), 3.0)), told(Unresolved, -inf));
            assert_eq!(beside(sense, at(2.0), None, claimed(Infeasible, None, inf)), told(Unresolved, -inf));
            assert_eq!(
                beside(sense, None, Some(Some(0.0)), claimed(Unbounded, Some(1.0), -inf)),
                told(Unresolved, 0.0)
            );
            assert_eq!(beside(sense, at(2.0), Some(Some(1.0)), claimed(NodeLimit, None, 2.5)), told(NodeLimit, 1.0));
        }
    }
}

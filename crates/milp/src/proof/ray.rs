//! The claim that a model is unbounded: an exact point and an exact ray.
//!
//! A ray of the relaxation is enough for integer columns, too: the data are rational, so some multiple of it is whole.

use dashu::rational::RBig;

use super::Certificate;
use super::exact::{ExactModel, ExactPoint, Unbounded};

impl Certificate {
    /// The model is unbounded from `point` along `ray` (a value a column each): from now on that is what the certificate claims.
    /// False, and nothing is claimed, unless the point satisfies the model exactly, integrality included, and the ray keeps all
    /// finite bounds and sides and improves the objective. Cost: the non-zeros of the model.
    pub(crate) fn unbounded(&mut self, point: Vec<RBig>, ray: Vec<RBig>) -> bool {
        let proven = self.model.admits(&point) && self.model.recedes(&ray);
        if proven {
            let objective = self.model.cost_of(&point);
            self.unbounded = Some(Unbounded { point: ExactPoint { values: point, objective }, ray });
        }
        proven
    }
}

impl ExactModel {
    /// The objective of a point, minimised and without constant.
    pub(super) fn cost_of(&self, point: &[RBig]) -> RBig {
        self.cost.iter().zip(point).fold(RBig::ZERO, |sum, (cost, x)| sum + cost * x)
    }

    /// Whether a point satisfies bounds, integrality and rows.
    fn admits(&self, point: &[RBig]) -> bool {
        let inside = |value: &RBig, lower: &Option<RBig>, upper: &Option<RBig>| {
            lower.as_ref().is_none_or(|lower| lower <= value) && upper.as_ref().is_none_or(|upper| value <= upper)
        };
        point.len() == self.num_cols()
            && (0..point.len())
                .all(|j| inside(&point[j], &self.lower[j], &self.upper[j]) && (!self.integer[j] || point[j].is_int()))
            && self.rows.iter().enumerate().all(|(i, row)| inside(&self.activity(i, point), &row.lower, &row.upper))
    }

    /// Whether a ray keeps every finite bound and side, and improves the objective.
    fn recedes(&self, ray: &[RBig]) -> bool {
        let keeps = |step: &RBig, lower: &Option<RBig>, upper: &Option<RBig>| {
            (lower.is_none() || *step >= RBig::ZERO) && (upper.is_none() || *step <= RBig::ZERO)
        };
        ray.len() == self.num_cols()
            && (0..ray.len()).all(|j| keeps(&ray[j], &self.lower[j], &self.upper[j]))
            && self.rows.iter().enumerate().all(|(i, row)| keeps(&self.activity(i, ray), &row.lower, &row.upper))
            && self.cost_of(ray) < RBig::ZERO
    }

    /// The value of a row at a point.
    fn activity(&self, row: usize, point: &[RBig]) -> RBig {
        let terms = self.rows[row].entries.iter();
        let scaled =
            terms.fold(RBig::ZERO, |sum, entry| sum + RBig::from(entry.value.clone()) * &point[entry.column as usize]);
        scaled / RBig::from(self.scale.clone())
    }
}

//! The grid on which the objective lies: bounds between two values it can take are rounded up to the next.

use dashu::rational::RBig;

use crate::model::Model;
use crate::number::{approximately, decimal};
use crate::proof::objective_step;
use crate::tolerances::STEP_ROUNDING;

/// Multiples beyond this have no room for a fraction in a float.
const MOST_STEPS: f64 = (1_u64 << 52) as f64;

/// The varying part of the objective (see [`crate::verify::Units`]) takes whole multiples of a step at integral points.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ObjectiveGrid {
    exact: RBig,
    pub step: f64,
}

impl ObjectiveGrid {
    /// The [`objective_step`]; any, where nothing varies.
    pub fn detect(model: &Model) -> Option<Self> {
        let varies = model.columns_by_id().any(|(j, var)| var.cost != 0.0 && !model.is_fixed(j));
        let exact = if varies { objective_step(model)? } else { RBig::ONE };
        Some(Self { step: approximately(&exact), exact })
    }

    /// The least value on the grid that is not below `bound`, where floats can tell; one that nearly is a value of the grid counts
    /// as that.
    pub fn round_up(&self, bound: f64) -> f64 {
        let steps = bound / self.step;
        let value = self.value((steps - self.doubt(steps)).ceil());
        // A value beyond floats is that of no point that could be told.
        if steps.abs() < MOST_STEPS && value.is_finite() { bound.max(value) } else { bound }
    }

    /// The value of a whole number of steps: each has one float, so that they compare as the numbers of steps do.
    pub fn value(&self, steps: f64) -> f64 {
        self.step * steps
    }

    /// The float of an exact value on the grid; `None` where floats are too coarse to tell one step from the next.
    pub fn value_of(&self, exact: &RBig) -> Option<f64> {
        let steps = approximately(&(exact / &self.exact));
        (steps.abs() < MOST_STEPS).then(|| self.value(steps))
    }

    /// [`Self::round_up`] without rounding errors.
    pub fn round_up_exactly(&self, bound: &RBig) -> RBig {
        RBig::from((bound / &self.exact).ceil()) * &self.exact
    }

    /// The exact value on the grid that a float stands for, if it is one of [`Self::value`].
    pub fn exact(&self, value: f64) -> Option<RBig> {
        let steps = (value / self.step).round();
        let is_on_grid = steps.abs() < MOST_STEPS && self.value(steps) == value;
        is_on_grid.then(|| decimal(steps) * &self.exact)
    }

    /// The least relaxation objective that [`Self::round_up`] takes to `value`, which is on the grid.
    pub fn least_reaching(&self, value: f64) -> f64 {
        let steps = value / self.step;
        self.step * (steps - 1.0 + 2.0 * self.doubt(steps))
    }

    /// How much of a step is forgiven: a share, and the rounding of the division.
    fn doubt(&self, steps: f64) -> f64 {
        STEP_ROUNDING + 4.0 * f64::EPSILON * steps.abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VarKind::{self, Continuous, Integer};

    fn grid(costs: &[(f64, VarKind)]) -> Option<ObjectiveGrid> {
        let mut model = Model::new("t");
        for (j, &(cost, kind)) in costs.iter().enumerate() {
            model.add_var(format!("x{j}"), 0.0, 5.0, cost, kind);
        }
        ObjectiveGrid::detect(&model)
    }

    #[test]
    fn steps() {
        let step = |costs: &[(f64, VarKind)]| grid(costs).map(|grid| grid.step);
        assert_eq!(step(&[(4.0, Integer), (-6.0, Integer), (0.0, Continuous)]), Some(2.0));
        assert_eq!(step(&[(0.5, Integer), (0.25, Integer)]), Some(0.25));
        assert_eq!(step(&[(0.3, Integer), (0.2, Integer)]), Some(0.1));
        assert_eq!(step(&[(1e12, Integer), (-1.0, Integer)]), Some(1.0));
        assert_eq!(step(&[(1.0, Integer), (1.0, Continuous)]), None);
        assert_eq!(step(&[(1.0, Integer), (0.300_000_000_000_000_04, Integer)]), None, "as fine as floats");
        assert_eq!(step(&[(0.0, Integer), (0.0, Continuous)]), Some(1.0));
    }

    #[test]
    fn rounding_up() {
        let grid = grid(&[(2.0, Integer)]).unwrap();
        assert_eq!(grid.round_up(0.6), 2.0);
        assert_eq!(grid.round_up(2.0), 2.0);
        assert_eq!(grid.round_up(2.0 + 1e-9), 2.0 + 1e-9, "noise above a grid value is no proof of the next");
        assert_eq!(grid.round_up(f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert_eq!(grid.round_up(grid.least_reaching(8.0)), 8.0);
        assert!(grid.least_reaching(8.0) < 6.1);
        assert_eq!(super::tests::grid(&[(1e300, Integer)]).unwrap().round_up(f64::MAX), f64::MAX);
    }

    #[test]
    fn tenths_are_tenths() {
        let grid = grid(&[(0.1, Integer)]).unwrap();
        let three = RBig::from_parts(3.into(), 10_u8.into());
        assert_eq!(grid.exact(grid.value_of(&three).unwrap()), Some(three.clone()));
        assert_eq!(Some(grid.round_up(0.21)), grid.value_of(&three));
        assert_eq!(grid.value_of(&decimal(1e15)), None);
        assert_eq!(grid.exact(0.31), None);
    }
}

//! The grid on which the objective lies: bounds between two values it can take are rounded up to the next.

use crate::model::{Model, VarKind};
use crate::simplex::LpProblem;
use crate::tolerances::STEP_ROUNDING;

/// Denominators tried to make all costs whole: decimal prices, and the binary fractions below them.
const DENOMINATORS: [f64; 6] = [1.0, 2.0, 4.0, 10.0, 100.0, 1000.0];

/// Beyond this a cost has too few digits after the point to be called whole.
const LARGEST_WHOLE: f64 = 1e9;

/// `offset + step * k`, k whole, holds every value the objective takes at integral points; `None` when continuous
/// columns have costs or the costs have no common step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ObjectiveGrid {
    offset: f64,
    pub step: f64,
}

impl ObjectiveGrid {
    pub fn detect(model: &Model, problem: &LpProblem) -> Option<Self> {
        let mut costs = Vec::new();
        for (var, &cost) in model.variables.iter().zip(&problem.cost) {
            let constant = var.lower == var.upper && cost.fract() == 0.0 && var.lower.fract() == 0.0;
            match var.kind {
                _ if cost == 0.0 => {}
                VarKind::Continuous if !constant => return None,
                _ => costs.push(cost.abs()),
            }
        }
        let denominator = DENOMINATORS.iter().find(|&&denominator| {
            costs.iter().all(|cost| {
                let scaled = cost * denominator;
                scaled.fract() == 0.0 && scaled <= LARGEST_WHOLE
            })
        })?;
        let divisor = costs.iter().fold(0_u64, |divisor, cost| gcd(divisor, (cost * denominator) as u64));
        (divisor > 0).then(|| Self { offset: problem.offset, step: divisor as f64 / denominator })
    }

    /// The least value on the grid that is not below `bound`, forgiving a small share of a step.
    pub fn round_up(&self, bound: f64) -> f64 {
        if bound.is_finite() {
            bound.max(self.offset + self.step * ((bound - self.offset) / self.step - STEP_ROUNDING).ceil())
        } else {
            bound
        }
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(costs: &[(f64, VarKind)], offset: f64) -> Option<ObjectiveGrid> {
        let mut model = Model::new("t");
        model.offset = offset;
        for (j, &(cost, kind)) in costs.iter().enumerate() {
            model.add_var(format!("x{j}"), 0.0, 5.0, cost, kind);
        }
        ObjectiveGrid::detect(&model, &LpProblem::from_model(&model))
    }

    #[test]
    fn steps() {
        use VarKind::{Continuous, Integer};
        let step = |costs: &[(f64, VarKind)]| grid(costs, 0.0).map(|grid| grid.step);
        assert_eq!(step(&[(4.0, Integer), (-6.0, Integer), (0.0, Continuous)]), Some(2.0));
        assert_eq!(step(&[(0.5, Integer), (0.25, Integer)]), Some(0.25));
        assert_eq!(step(&[(1.0, Integer), (1.0, Continuous)]), None);
        assert_eq!(step(&[(1.0 / 3.0, Integer)]), None);
        assert_eq!(step(&[(0.0, Integer)]), None);
    }

    #[test]
    fn rounding_up() {
        let grid = grid(&[(2.0, VarKind::Integer)], 0.5).unwrap();
        assert_eq!(grid.round_up(0.6), 2.5);
        assert_eq!(grid.round_up(2.5), 2.5);
        assert_eq!(grid.round_up(2.5 + 1e-9), 2.5 + 1e-9, "noise above a grid value is no proof of the next");
        assert_eq!(grid.round_up(f64::NEG_INFINITY), f64::NEG_INFINITY);
    }
}

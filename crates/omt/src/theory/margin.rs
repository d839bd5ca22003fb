//! Weights with a large margin for a separable pattern.

use super::simplex::Separation;
use crate::tolerances::MARGIN_STEPS;

impl Separation {
    /// Weights and bias that realise the assertions, with the largest functional margin relative to the largest
    /// weight in ideal semantics (found by halving the box on the weights), and any feasible ones with a margin.
    /// `None` if the assertions are not separable in floating point.
    pub fn widest(&mut self) -> Option<(Vec<f64>, f64)> {
        self.check().ok()?;
        let mut best = self.neuron();
        if self.geometry().scalable() {
            let mut high = self.column_values().iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let mut low = 0.0;
            for _ in 0..MARGIN_STEPS {
                if high <= 0.0 {
                    break;
                }
                let middle = if low > 0.0 { f64::sqrt(low * high) } else { high / 8.0 };
                self.box_columns(Some(middle));
                if self.check().is_ok() {
                    best = self.neuron();
                    high = self.column_values().iter().fold(0.0_f64, |m, v| m.max(v.abs())).min(middle);
                } else {
                    low = middle;
                }
            }
            self.box_columns(None);
        }
        Some(best)
    }
}

//! Weights with a large margin for a separable pattern.

use super::simplex::Separation;
use crate::tolerances::{EXTRA_MARGIN, MARGIN_STEPS};
use bdnn::Stop;

impl Separation {
    /// Weights and bias that realise the assertions, in the units of the rows: in ideal semantics with the largest
    /// functional margin relative to the largest weight (the box on the weights is halved while it separates), with
    /// a margin those that exceed it by most, up to a factor of two; whole weights are those of the list. Once `stop` says so,
    /// the widest so far. `None` if floating point finds the assertions inseparable, or was stopped before it knew.
    pub fn widest(&mut self, stop: &Stop<'_>) -> Option<(Vec<f64>, f64)> {
        self.check_within(stop)?.ok()?;
        if self.geometry().discrete().is_some() {
            return self.whole_neuron();
        }
        Some(if self.geometry().scalable() { self.smallest_box(stop) } else { self.largest_margin(stop) })
    }

    fn largest_column(&self) -> f64 {
        self.column_values().iter().fold(0.0_f64, |most, v| most.max(v.abs()))
    }

    fn smallest_box(&mut self, stop: &Stop<'_>) -> (Vec<f64>, f64) {
        let mut best = self.neuron();
        let mut high = self.largest_column();
        let mut low = 0.0;
        for _ in 0..MARGIN_STEPS {
            if high <= 0.0 {
                break;
            }
            let middle = if low > 0.0 { f64::sqrt(low * high) } else { high / 8.0 };
            self.box_columns(Some(middle));
            match self.check_within(stop) {
                Some(Ok(())) => {
                    best = self.neuron();
                    high = self.largest_column().min(middle);
                }
                Some(Err(_)) => low = middle,
                None => break,
            }
        }
        self.box_columns(None);
        best
    }

    fn largest_margin(&mut self, stop: &Stop<'_>) -> (Vec<f64>, f64) {
        let mut best = self.neuron();
        let mut extra = EXTRA_MARGIN.0;
        while extra > EXTRA_MARGIN.1 {
            self.widen_margin(extra);
            match self.check_within(stop) {
                Some(Ok(())) => {
                    best = self.neuron();
                    break;
                }
                Some(Err(_)) => extra /= 2.0,
                None => break,
            }
        }
        self.widen_margin(0.0);
        best
    }
}

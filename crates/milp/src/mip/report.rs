//! Statistics, the progress table and the primal-dual integral.

use std::time::Instant;

use crate::control::{Control, ProgressRow};
use crate::outcome::Statistics;
use crate::verify::Units;

/// Wall seconds between two regular lines.
const SECONDS_BETWEEN_ROWS: f64 = 1.0;

/// The clock of a run. It times lines and integrals and never decides anything.
pub(crate) struct Report {
    start: Instant,
    pub statistics: Statistics,
    units: Units,
    last_row: f64,
    last_gap: f64,
    last_change: f64,
}

/// What a line says; values in the minimised sense, where not said otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Progress {
    pub source: char,
    pub open: usize,
    pub depth: u32,
    pub bound: f64,
    pub incumbent: Option<f64>,
}

impl Report {
    pub fn new(units: Units) -> Self {
        let statistics = Statistics::default();
        Self { start: Instant::now(), statistics, units, last_row: 0.0, last_gap: 1.0, last_change: 0.0 }
    }

    pub fn start(&self) -> Instant {
        self.start
    }

    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Notes the state of the search; writes a line if the source is not `' '` or the last one is a while ago.
    pub fn note(&mut self, progress: Progress, control: &mut dyn Control) {
        self.integrate(progress.bound, progress.incumbent);
        if progress.source != ' ' || self.last_change - self.last_row >= SECONDS_BETWEEN_ROWS {
            let incumbent = progress.incumbent.map(|value| self.units.objective_near(value));
            self.write(Progress { bound: self.units.bound(progress.bound), incumbent, ..progress }, control);
        }
    }

    /// Writes a line whose values are in the sense of the model.
    pub fn note_claim(&mut self, progress: Progress, control: &mut dyn Control) {
        self.integrate(progress.bound, progress.incumbent);
        self.write(progress, control);
    }

    fn integrate(&mut self, bound: f64, incumbent: Option<f64>) {
        let seconds = self.start.elapsed().as_secs_f64();
        self.statistics.primal_dual_integral += (seconds - self.last_change) * self.last_gap;
        self.last_change = seconds;
        self.last_gap = relative_gap(bound, incumbent);
    }

    fn write(&mut self, progress: Progress, control: &mut dyn Control) {
        self.last_row = self.last_change;
        control.progress(&ProgressRow {
            source: progress.source,
            nodes: self.statistics.nodes,
            open: progress.open,
            depth: progress.depth,
            bound: progress.bound,
            incumbent: progress.incumbent,
            cuts: 0,
            conflicts: self.statistics.conflicts,
            lp_iterations: self.statistics.lp_iterations,
            seconds: self.last_change,
        });
    }

    /// The statistics at the end.
    pub fn finish(mut self) -> Statistics {
        self.statistics.seconds = self.start.elapsed().as_secs_f64();
        self.statistics.primal_dual_integral += (self.statistics.seconds - self.last_change) * self.last_gap;
        self.statistics
    }
}

/// The gap in [0, 1] that the primal-dual integral sums up: 1 while a side is missing or the signs differ (Berthold,
/// *Measuring the impact of primal heuristics*, OR Letters 41, 2013).
fn relative_gap(bound: f64, incumbent: Option<f64>) -> f64 {
    match incumbent {
        Some(value) if value == bound => 0.0,
        Some(value) if bound.is_finite() && value * bound >= 0.0 => {
            ((value - bound).abs() / value.abs().max(bound.abs())).min(1.0)
        }
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps() {
        assert_eq!(relative_gap(0.0, None), 1.0);
        assert_eq!(relative_gap(3.0, Some(3.0)), 0.0);
        assert_eq!(relative_gap(0.0, Some(0.0)), 0.0);
        assert_eq!(relative_gap(1.0, Some(4.0)), 0.75);
        assert_eq!(relative_gap(-1.0, Some(4.0)), 1.0);
        assert_eq!(relative_gap(f64::NEG_INFINITY, Some(4.0)), 1.0);
    }
}

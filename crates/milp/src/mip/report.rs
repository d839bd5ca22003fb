//! Statistics, the progress table and the primal-dual integral.

use ::budget::Instant;

use ::budget::GapIntegral;

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
    gaps: GapIntegral,
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
        Self { start: Instant::now(), statistics, units, last_row: 0.0, gaps: GapIntegral::default() }
    }

    /// With what was counted before.
    pub fn counting_from(self, statistics: Statistics) -> Self {
        Self { statistics, ..self }
    }

    pub fn start(&self) -> Instant {
        self.start
    }

    pub fn units(&self) -> &Units {
        &self.units
    }

    /// Notes the state of the search; writes a line if the source is not `' '` or the last one is a while ago.
    pub fn note(&mut self, progress: Progress, control: &mut dyn Control) {
        let seconds = self.integrate(progress.bound, progress.incumbent);
        if progress.source != ' ' || seconds - self.last_row >= SECONDS_BETWEEN_ROWS {
            let incumbent = progress.incumbent.map(|value| self.units.objective_near(value));
            self.write(seconds, Progress { bound: self.units.bound(progress.bound), incumbent, ..progress }, control);
        }
    }

    /// Writes a line whose values are in the sense of the model.
    pub fn note_claim(&mut self, progress: Progress, control: &mut dyn Control) {
        let seconds = self.integrate(progress.bound, progress.incumbent);
        self.write(seconds, progress, control);
    }

    /// Tells the integral, and returns the time.
    fn integrate(&mut self, bound: f64, incumbent: Option<f64>) -> f64 {
        let seconds = self.start.elapsed().as_secs_f64();
        self.gaps.note(seconds, bound, incumbent);
        seconds
    }

    fn write(&mut self, seconds: f64, progress: Progress, control: &mut dyn Control) {
        self.last_row = seconds;
        control.progress(&ProgressRow {
            source: progress.source,
            nodes: self.statistics.nodes,
            open: progress.open as u64,
            depth: progress.depth,
            learned: 0,
            bound: progress.bound,
            incumbent: progress.incumbent,
            conflicts: self.statistics.conflicts,
            lp_iterations: self.statistics.lp_iterations,
            seconds,
        });
    }

    /// The statistics at the end.
    pub fn finish(mut self) -> Statistics {
        self.statistics.seconds = self.start.elapsed().as_secs_f64();
        self.statistics.primal_dual_integral = self.gaps.until(self.statistics.seconds);
        self.statistics
    }
}

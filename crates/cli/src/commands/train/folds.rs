//! `train --folds`: cross-validation beside the run on all rows.

use super::units::UnitsJson;
use crate::args::LimitArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{in_units, percent, plural};
use crate::interrupt::{self, Interrupt};
use clap::Args;
use heaviside::{Dataset, Fold, Part, Progress, Status, Trainer};
use serde::Serialize;

/// The options of cross-validation.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
pub struct FoldArgs {
    /// Then train K more times, each time without a K-th of the points, and report the accuracy on them, mean and deviation.
    /// The limit of time is shared by all K + 1 runs, other limits hold for each
    #[arg(long, value_name = "K", value_parser = count, group = "divided", conflicts_with = "kept_apart")]
    folds: Option<u32>,
}

fn count(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|&count| count >= 2)
        .ok_or_else(|| format!("expected a whole number from 2 to {}", u32::MAX))
}

/// The folds that were asked for, and those that were done.
pub struct Folds {
    wanted: u32,
    done: Vec<Fold>,
    interrupted: bool,
}

/// The object `cross_validation` of `train --json`.
#[derive(Serialize)]
pub struct FoldsJson {
    /// How many were asked for.
    folds: u32,
    /// Mean and standard deviation of the accuracies on the folds that have a network.
    accuracy: Option<f64>,
    deviation: Option<f64>,
    /// Those that were done.
    runs: Vec<FoldJson>,
}

#[derive(Serialize)]
struct FoldJson {
    status: &'static str,
    loss: Option<u64>,
    bound: f64,
    /// What they count; absent without weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    units: Option<UnitsJson>,
    train: Option<Part>,
    test: Option<Part>,
}

/// Says nothing and hears Ctrl-C.
struct Heard(Interrupt);

impl Progress for Heard {
    fn should_stop(&self) -> bool {
        self.0.raised()
    }
}

impl FoldArgs {
    /// What the run on all rows may take of these seconds.
    pub fn share(&self, seconds: f64) -> f64 {
        seconds / f64::from(1 + self.folds.unwrap_or(0))
    }

    /// Whether one run is all there is.
    pub fn are_none(&self) -> bool {
        self.folds.is_none()
    }

    /// Refuses folds that the rows do not make, before anything runs.
    pub fn check(&self, trainer: &Trainer, data: &Dataset) -> Result<(), Failure> {
        let Some(wanted) = self.folds else { return Ok(()) };
        Ok(trainer.check_folds(data, wanted as usize)?)
    }

    /// The folds, if they are asked for; a line for each as it is done.
    pub fn run(
        &self,
        trainer: &Trainer,
        data: &Dataset,
        limits: &LimitArgs,
        console: &Console,
    ) -> Result<Option<Folds>, Failure> {
        let Some(wanted) = self.folds else { return Ok(None) };
        let interrupt = interrupt::attend();
        if interrupt.raised() {
            return Ok(Some(Folds { wanted, done: vec![], interrupted: true }));
        }
        let mut limits = limits.limits();
        limits.time = interrupt::left(limits.time);
        let mut number = 0;
        let mut tell = |fold: &Fold| {
            number += 1;
            console.note(&format!("fold {number} of {wanted}: {}", line(fold)));
        };
        let trainer = trainer.clone().limits(limits);
        let done = trainer.cross_validate_watched(data, wanted as usize, &Heard(interrupt), &mut tell)?;
        Ok(Some(Folds { wanted, done, interrupted: interrupt.raised() }))
    }
}

fn line(fold: &Fold) -> String {
    let status = fold.status.as_str();
    match (fold.loss, fold.test) {
        (Some(loss), Some(test)) => {
            let (right, points) = (test.points - test.errors, test.points);
            let unit = fold.units.as_ref().and_then(|units| units.unit.parse().ok());
            let [loss, bound] = [loss as f64, fold.bound].map(|number| in_units(number, unit.as_ref()));
            format!("{status}, loss {loss} (bound {bound}); {right} of {points} points predicted rightly")
        }
        _ => format!("{status}, no network"),
    }
}

impl Folds {
    /// `95.3% ± 2.1% ..`, and what is missing.
    pub fn text(&self) -> String {
        let judged = self.done.iter().filter(|fold| fold.test.is_some()).count();
        let optimal = self.done.iter().filter(|fold| fold.status == Status::Optimal).count();
        let Some((mean, deviation)) = Fold::accuracy(&self.done) else {
            return format!("none of {} has a network: {}", plural(u64::from(self.wanted), "fold"), self.why_none());
        };
        let of = if judged < self.wanted as usize { format!(" of {}", self.wanted) } else { String::new() };
        let (mean, deviation) = (percent(mean), percent(deviation));
        format!(
            "{mean} ± {deviation} of the points kept apart predicted rightly ({judged}{of} folds, {optimal} proven optimal)"
        )
    }

    /// Why no fold has a network.
    fn why_none(&self) -> String {
        let ended = |status: Status| self.done.iter().filter(|fold| fold.status == status).count();
        if self.interrupted {
            "the run was interrupted".to_owned()
        } else if ended(Status::Infeasible) > 0 {
            format!(
                "no network meets the conditions on the rows of {}",
                plural(ended(Status::Infeasible) as u64, "run")
            )
        } else if self.done.is_empty() || ended(Status::TimeLimit) > 0 {
            format!("--time-limit is too short for {} runs, which share it", self.wanted + 1)
        } else {
            "the limits came first".to_owned()
        }
    }

    /// For `--json`.
    pub fn json(&self) -> FoldsJson {
        let (accuracy, deviation) = Fold::accuracy(&self.done).unzip();
        let run = |fold: &Fold| FoldJson {
            status: fold.status.as_str(),
            loss: fold.loss,
            bound: fold.bound,
            units: fold.units.clone().map(UnitsJson::new),
            train: fold.train,
            test: fold.test,
        };
        FoldsJson { folds: self.wanted, accuracy, deviation, runs: self.done.iter().map(run).collect() }
    }
}

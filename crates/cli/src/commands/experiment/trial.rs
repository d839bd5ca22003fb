//! One training run of an experiment.

use super::cpu;
use crate::console::Console;
use crate::failure::Failure;
use crate::format;
use crate::interrupt::Interrupt;
use bdnn::{Architecture, Limits, Loss, Points, Problem, Progress, Request, Status, Training, WeightDomain};
use heaviside::{Auto, Engine, Omt, exact_engine};

/// Runs trials under the same limits.
#[derive(Debug)]
pub struct Runner<'a> {
    limits: Limits,
    only: Option<String>,
    interrupt: Interrupt,
    console: &'a Console,
}

/// The end of a trial.
#[derive(Clone, Debug)]
pub struct Trial {
    pub loss: u64,
    /// What conflicting labels force.
    pub floor: u64,
    pub bound: f64,
    pub proven: bool,
    pub nodes: u64,
    pub conflicts: u64,
    pub seconds: f64,
    /// Of all threads; those of the wall where few ticks say little.
    pub cpu: f64,
}

impl<'a> Runner<'a> {
    pub fn new(limits: Limits, only: Option<String>, interrupt: Interrupt, console: &'a Console) -> Self {
        Self { limits, only, interrupt, console }
    }

    /// Whether trials on data of this name were asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|text| name.contains(text.as_str()))
    }

    /// Whether the user has asked to end: what is done so far makes the table.
    pub fn stopped(&self) -> bool {
        self.interrupt.raised()
    }

    /// The limits of every trial.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A line on standard error.
    pub fn say(&self, line: &str) {
        self.console.note(line);
    }

    /// The seed all data and searches start from.
    pub fn seed(&self) -> u64 {
        self.limits.seed
    }

    /// Trains a network with biases, continuous weights and one hidden layer of `hidden` neurons (none if 0), ideal
    /// semantics, as `train --method auto` does where that is exact, and says how it went on standard error.
    pub fn train(&self, name: &str, points: Points, hidden: usize, loss: Loss) -> Result<Trial, Failure> {
        self.train_auto(name, &problem(points, hidden, loss))
    }

    /// As [`Self::train`] with whole weights.
    pub fn train_whole(
        &self,
        name: &str,
        points: Points,
        hidden: usize,
        weights: WeightDomain,
        loss: Loss,
    ) -> Result<Trial, Failure> {
        let mut problem = problem(points, hidden, loss);
        problem.architecture.weights = weights;
        self.train_auto(name, &problem)
    }

    fn train_auto(&self, name: &str, problem: &Problem) -> Result<Trial, Failure> {
        let engine: &dyn Engine = if exact_engine(problem).is_some() { &Auto } else { &Omt };
        let began = cpu::seconds();
        let training = engine
            .train(Request::new(problem, &self.limits).with_progress(self))
            .map_err(heaviside::Error::of_engine)?;
        Ok(self.ended(name, problem, &training, began))
    }

    /// As [`Self::train`], by the exact engine alone: no start hides what its search takes.
    pub fn prove(&self, name: &str, points: Points, hidden: usize, loss: Loss) -> Result<Trial, Failure> {
        let problem = problem(points, hidden, loss);
        let began = cpu::seconds();
        let training = omt::train(Request::new(&problem, &self.limits).with_progress(self))?;
        Ok(self.ended(name, &problem, &training, began))
    }

    /// What came of a run that began at this second of the process' own clock.
    fn ended(&self, name: &str, problem: &Problem, training: &Training, began: f64) -> Trial {
        let hidden: usize = problem.architecture.hidden.iter().sum();
        let Training { status, loss, bound, statistics, .. } = training;
        let trial = Trial {
            loss: *loss,
            floor: problem.floor(),
            bound: *bound,
            proven: *status == Status::Optimal,
            nodes: statistics.nodes,
            conflicts: statistics.conflicts,
            seconds: statistics.seconds,
            cpu: cpu::since(began, statistics.seconds),
        };
        let time = format::seconds(trial.seconds);
        self.console.note(&format!("{name}, {hidden} hidden: loss {loss}, bound {bound}, {}, {time}", status.as_str()));
        trial
    }
}

fn problem(points: Points, hidden: usize, loss: Loss) -> Problem {
    let architecture = Architecture {
        inputs: points.num_features(),
        hidden: if hidden == 0 { vec![] } else { vec![hidden] },
        classes: points.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    Problem::new(points, architecture, loss)
}

impl Progress for Runner<'_> {
    fn should_stop(&self) -> bool {
        self.stopped()
    }
}

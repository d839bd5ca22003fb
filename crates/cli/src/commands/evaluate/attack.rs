//! `evaluate --attack`: random attacks, and the exact worst case of every point.

use crate::args::{NormName, non_negative, positive, repeats, threads, whole};
use crate::format::{Pairs, percent, plural};
use crate::interrupt;
use bdnn::exact::ExactNetwork;
use bdnn::robust::{Tally, WorstCase, random_attack};
use bdnn::{Norm, Robust};
use clap::Args;
use serde::Serialize;

/// The options of an attack.
#[derive(Args, Debug)]
#[command(next_help_heading = "Attack")]
pub struct AttackArgs {
    /// Attack every point within radius R, in scaled units (as --robust R in training): by random vertices of the
    /// ball, and by the exact worst case
    #[arg(long, value_name = "R", value_parser = non_negative)]
    attack: Option<f64>,

    /// Norm of the ball: linf moves every feature by at most R, l1 all together by at most R
    #[arg(long, value_name = "NORM", default_value = "linf", requires = "attack")]
    norm: NormName,

    /// Random attacks on every point
    #[arg(long, value_name = "N", default_value_t = 10, requires = "attack", value_parser = repeats)]
    repeats: u32,

    /// Nodes of the search for the worst case of one point; beyond, its verdict is undecided
    #[arg(long, value_name = "N", default_value_t = 20_000, requires = "attack", value_parser = whole)]
    node_limit: u64,

    /// Stop after S seconds; what is not decided by then is undecided. Where not even the accuracy is known by then, nothing is
    /// printed, and the exit code is 130
    #[arg(long, value_name = "S", requires = "attack", value_parser = positive)]
    time_limit: Option<f64>,

    /// Seed of the random attacks
    #[arg(long, value_name = "K", default_value_t = 0, requires = "attack", value_parser = whole)]
    seed: u64,

    /// Worker threads [default: all cores]
    #[arg(long, value_name = "T", requires = "attack", value_parser = threads)]
    threads: Option<u16>,
}

/// The field `attack` of `evaluate --json`.
#[derive(Debug, Serialize)]
pub struct AttackJson {
    radius: f64,
    norm: Norm,
    repeats: u32,
    /// Mean over the repeats of the accuracy under random attacks, and the least of them; `None` if a limit or Ctrl-C came
    /// into the first.
    random_accuracy: Option<f64>,
    random_accuracy_least: Option<f64>,
    certified: usize,
    attackable: usize,
    undecided: usize,
    /// Share of points that are predicted rightly and certified.
    certified_robust_accuracy: f64,
    /// The same if all undecided points that are predicted rightly were certified.
    robust_accuracy_at_most: f64,
}

impl AttackArgs {
    /// How many threads attack, if that is said.
    pub fn threads(&self) -> Option<u16> {
        self.threads
    }

    /// Whether rows are attacked.
    pub fn wanted(&self) -> bool {
        self.attack.is_some()
    }

    /// Seconds for all of the command, if that is said.
    pub fn time_limit(&self) -> Option<f64> {
        self.time_limit
    }

    /// Attacks every row, if that is asked for. Ctrl-C and the limit leave the remaining points undecided.
    pub fn run(&self, network: &ExactNetwork, rows: &[&[f64]], labels: &[usize]) -> Option<AttackJson> {
        let radius = self.attack?;
        let ball = Robust { radius, norm: self.norm.norm() };
        let interrupt = interrupt::attend();
        let over = || interrupt.raised() || self.time_limit.is_some_and(|limit| interrupt::left(limit) <= 0.0);
        let survivors = random_attack(network, rows, labels, ball, self.repeats, self.seed, &over);
        let limited = WorstCase::new(network, ball, self.node_limit);
        let tally = Tally::all(&limited, rows.len(), |i| (rows[i], labels[i]), &over);
        Some(AttackJson::new(ball, &survivors, &tally))
    }
}

impl AttackJson {
    #[allow(clippy::cast_precision_loss)]
    fn new(ball: Robust, survivors: &[usize], tally: &Tally) -> Self {
        let share = |count: usize| count as f64 / tally.points().max(1) as f64;
        let sum: usize = survivors.iter().sum();
        Self {
            radius: ball.radius,
            norm: ball.norm,
            repeats: u32::try_from(survivors.len()).unwrap_or(u32::MAX),
            random_accuracy: (!survivors.is_empty()).then(|| share(sum) / survivors.len() as f64),
            random_accuracy_least: survivors.iter().copied().min().map(share),
            certified: tally.certified,
            attackable: tally.attackable,
            undecided: tally.undecided,
            certified_robust_accuracy: share(tally.robust),
            robust_accuracy_at_most: share(tally.robust + tally.open),
        }
    }

    /// The part of the report.
    pub fn report(&self) -> String {
        let norm = match self.norm {
            Norm::Linf => "l-infinity",
            Norm::L1 => "l1",
        };
        let mut pairs = Pairs::default();
        pairs.push("attack", format!("{norm} balls of radius {} in scaled units", bdnn::shortest(self.radius)));
        let random = match (self.random_accuracy, self.random_accuracy_least) {
            (Some(mean), Some(least)) => {
                let repeats = plural(u64::from(self.repeats), "repeat");
                format!("accuracy {} on average over {repeats}, {} at worst", percent(mean), percent(least))
            }
            _ => "none was finished".to_owned(),
        };
        pairs.push("random attacks", random);
        let (certified, attackable) = (plural(self.certified as u64, "point"), plural(self.attackable as u64, "point"));
        pairs.push("certified", format!("{certified}: no attack changes the prediction, decided exactly"));
        pairs.push("attackable", format!("{attackable}: some attack changes the prediction"));
        let undecided = match self.undecided {
            0 => "0 points".to_owned(),
            count => format!("{}: a limit came first", plural(count as u64, "point")),
        };
        pairs.push("undecided", undecided);
        let most = if self.undecided == 0 {
            String::new()
        } else {
            format!(" (at most {} once all is decided)", percent(self.robust_accuracy_at_most))
        };
        pairs.push(
            "certified robust accuracy",
            format!("{}: right, and no attack exists{most}", percent(self.certified_robust_accuracy)),
        );
        pairs.to_string()
    }
}

//! Accuracy against attack strength for several radii of robust training: random attacks as in arXiv 2110.11382, beside the exact worst case.

use super::grid::{GridArgs, Method, Parts, Summary, data_sets, domain, shape, train};
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use bdnn::exact::ExactNetwork;
use bdnn::robust::{Tally, WorstCase, random_attack};
use bdnn::{Norm, Robust, WeightDomain};
use std::path::Path;

/// Nodes of the search for the worst case of one point.
const NODES: u64 = 20_000;
/// Random attacks on every point.
const RANDOM_REPEATS: u32 = 10;

/// What became of one attack strength.
#[derive(Clone, Debug, Default)]
pub struct Strength {
    /// Radius of the attack, scaled units.
    pub radius: f64,
    /// Test accuracy under random attacks.
    pub random: Summary,
    /// Test points predicted rightly whatever the attack.
    pub worst: Summary,
    /// Share of test points the worst case of which was not decided.
    pub undecided: Summary,
}

/// One data set and defence radius.
#[derive(Clone, Debug)]
pub struct Curve {
    pub data: String,
    pub defence: f64,
    pub training_loss: Summary,
    pub seconds: Summary,
    pub strengths: Vec<Strength>,
}

/// Trains by local search and attacks.
pub fn run(directory: &Path, repeats: u64, grid: &GridArgs, runner: &Runner<'_>) -> Result<Vec<Curve>, Failure> {
    let unit = grid.defences.iter().copied().fold(0.0, f64::max);
    if unit == 0.0 {
        return Err(Failure::Input(
            "--defences needs a radius above 0: attacks are multiples of the largest".to_owned(),
        ));
    }
    let mut curves = vec![];
    for set in data_sets(directory, &grid.file, runner)? {
        for &defence in &grid.defences {
            let strengths = grid.attacks.iter().map(|times| Strength { radius: times * unit, ..Strength::default() });
            let mut curve = Curve {
                data: set.name.clone(),
                defence,
                training_loss: Summary::default(),
                seconds: Summary::default(),
                strengths: strengths.collect(),
            };
            for repeat in 0..repeats {
                let parts = Parts::new(&set.data, runner.seed() + repeat)?;
                one(&parts, grid, runner.seed() + repeat, &mut curve, runner)?;
                if runner.stopped() {
                    return Ok(curves);
                }
            }
            let loss = curve.training_loss.text(1.0, 1);
            runner.say(&format!("{}, defence {defence}: training loss {loss}", curve.data));
            curves.push(curve);
        }
    }
    Ok(curves)
}

/// The shape and the domain that `grid` asks for: one hidden layer of the first width.
fn setting(grid: &GridArgs) -> (Vec<usize>, WeightDomain) {
    let hidden = grid.widths.first().map(|&width| vec![width]).unwrap_or_default();
    (hidden, grid.weights.first().copied().unwrap_or(WeightDomain::Continuous))
}

/// Trains on one split and attacks its test part.
fn one(parts: &Parts<'_>, grid: &GridArgs, seed: u64, curve: &mut Curve, runner: &Runner<'_>) -> Result<(), Failure> {
    let (hidden, weights) = setting(grid);
    let problem = parts.problem(&hidden, weights, curve.defence);
    let limits = bdnn::Limits { seed, ..runner.limits().clone() };
    let Some(training) = train(Method::LocalSearch, &problem, parts, &limits, runner)? else { return Ok(()) };
    let Some(network) = &training.network else { return Ok(()) };
    curve.training_loss.push(training.loss as f64);
    curve.seconds.push(training.statistics.seconds);
    let exact = ExactNetwork::new(network, &parts.scaler);
    let rows: Vec<&[f64]> = parts.split.test.iter().map(|&i| parts.data.row(i)).collect();
    let labels: Vec<usize> = parts.split.test.iter().map(|&i| parts.data.labels[i]).collect();
    let share = |count: usize| count as f64 / rows.len() as f64;
    let stop = || runner.stopped();
    for strength in &mut curve.strengths {
        let ball = Robust { radius: strength.radius, norm: Norm::Linf };
        for survivors in random_attack(&exact, &rows, &labels, ball, RANDOM_REPEATS, seed, &stop) {
            strength.random.push(share(survivors));
        }
        let case = WorstCase::new(&exact, ball, NODES);
        let tally = Tally::all(&case, rows.len(), |i| (rows[i], labels[i]), &stop);
        if runner.stopped() {
            return Ok(());
        }
        strength.worst.push(share(tally.robust));
        strength.undecided.push(share(tally.undecided));
    }
    Ok(())
}

/// One row a data set, defence and attack.
pub fn table(curves: &[Curve], grid: &GridArgs) -> Table {
    let mut table = Table::new(&[
        "data",
        "defence",
        "attack",
        "random attacks, %",
        "worst case, %",
        "undecided, %",
        "training loss",
        "seconds",
    ]);
    for curve in curves {
        for strength in &curve.strengths {
            table.push(vec![
                curve.data.clone(),
                curve.defence.to_string(),
                bdnn::significant(strength.radius, 4),
                strength.random.text(100.0, 1),
                strength.worst.text(100.0, 1),
                format!("{:.1}", 100.0 * strength.undecided.mean()),
                curve.training_loss.text(1.0, 1),
                curve.seconds.text(1.0, 1),
            ]);
        }
    }
    let (hidden, weights) = setting(grid);
    table.note(format!(
        "Test accuracy, mean ± deviation; hidden {}, {} weights, local search; defence and attack are radii of \
         l-infinity balls in scaled units; worst case: right, and no attack exists, decided exactly (an undecided point \
         counts as wrong)",
        shape(&hidden),
        domain(weights)
    ));
    table
}

//! Local search against proven optima.

use super::grid::proven;
use super::optima::list;
use super::real::tasks;
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use crate::format;
use bdnn::data::{Dataset, ReadOptions, Scaling};
use bdnn::{Architecture, Limits, Loss, Points, Problem, Request, WeightDomain};
use heaviside::{Engine, Omt};
use heuristics::local_search;
use std::path::Path;

/// Seconds of local search.
const SECONDS: f64 = 1.0;

/// What the rows add up to.
#[derive(Default)]
struct Totals {
    closed: usize,
    reached: usize,
}

/// Every data set of DIR/expected.csv and, with each of `widths`, every one of DIR/manifest.json: whichever is there.
pub fn run(directory: &Path, widths: &[usize], runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut table = Table::new(&["data", "hidden", "optimum", "proof, s", "local search", "gap", "search, s"]);
    let mut totals = Totals::default();
    let (expected, manifest) = (directory.join("expected.csv"), directory.join("manifest.json"));
    if !expected.exists() && !manifest.exists() {
        let message = format!("{}: neither expected.csv nor manifest.json is there", directory.display());
        return Err(Failure::Input(message));
    }
    if expected.exists() {
        for entry in list(&expected)? {
            if runner.wants(&entry.file) && !runner.stopped() {
                let data = Dataset::read(&directory.join(&entry.file), &ReadOptions::default())?;
                let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
                let name = entry.file.trim_end_matches(".csv");
                compare(name, points, entry.hidden, Loss::ZeroOne, &mut table, &mut totals, runner)?;
            }
        }
    }
    if manifest.exists() {
        for (name, data) in tasks(directory, runner)? {
            let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
            for &hidden in widths {
                if !runner.stopped() {
                    compare(&name, points.clone(), hidden, Loss::Hamming, &mut table, &mut totals, runner)?;
                }
            }
        }
    }
    table.note(format!(
        "Local search, {SECONDS} s, reaches {} of {} proven optima; what the exact engine does not prove within its limits \
         has no row",
        totals.reached, totals.closed
    ));
    Ok(table)
}

fn compare(
    name: &str,
    points: Points,
    hidden: usize,
    loss: Loss,
    table: &mut Table,
    totals: &mut Totals,
    runner: &Runner<'_>,
) -> Result<(), Failure> {
    let architecture = Architecture {
        inputs: points.num_features(),
        hidden: if hidden == 0 { vec![] } else { vec![hidden] },
        classes: points.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    let problem = Problem::new(points, architecture, loss);
    let request = Request::new(&problem, runner.limits()).with_progress(runner);
    let limits = Limits { time: SECONDS, ..runner.limits().clone() };
    let found = local_search::train(request.with_limits(&limits))?;
    // The proof may start from what was found: the optimum is the same, and it is not what is compared.
    let exact = Omt.train(request.with_start(found.network.as_ref())).map_err(heaviside::Error::of_engine)?;
    if !proven(&exact) {
        runner.say(&format!("{name}, {hidden} hidden: not proven, bound {}, local search {}", exact.bound, found.loss));
        return Ok(());
    }
    totals.closed += 1;
    totals.reached += usize::from(found.loss == exact.loss);
    table.push(vec![
        name.to_owned(),
        hidden.to_string(),
        exact.loss.to_string(),
        format!("{:.2}", exact.statistics.seconds),
        found.loss.to_string(),
        format::percent(budget::relative_gap(Some(found.loss as f64), exact.loss as f64)),
        format!("{:.2}", found.statistics.seconds),
    ]);
    runner.say(&format!("{name}, {hidden} hidden: optimum {}, local search {}", exact.loss, found.loss));
    Ok(())
}

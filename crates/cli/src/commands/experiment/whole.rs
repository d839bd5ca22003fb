//! Real data sets with whole weights, for several bounds on the weights and several widths of one hidden layer.

use super::grid::domain;
use super::real::tasks;
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use crate::format;
use bdnn::data::Scaling;
use bdnn::{Loss, WeightDomain};
use std::path::Path;

/// Trains on every data set that DIR/manifest.json lists, as the experiment `real` takes them, in every whole domain of `weights`.
pub fn run(
    directory: &Path,
    weights: &[WeightDomain],
    widths: &[usize],
    runner: &Runner<'_>,
) -> Result<Table, Failure> {
    let mut table = Table::new(&[
        "data",
        "distinct points",
        "features",
        "weights",
        "hidden",
        "loss",
        "bound",
        "nodes",
        "conflicts",
        "seconds",
    ]);
    let whole = weights.iter().filter(|&&weights| weights != WeightDomain::Continuous);
    for (name, data) in tasks(directory, runner)? {
        let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
        for (&weights, &hidden) in whole.clone().flat_map(|weights| widths.iter().map(move |hidden| (weights, hidden)))
        {
            if runner.stopped() {
                return Ok(table);
            }
            let trial = runner.train_whole(&name, points.clone(), hidden, weights, Loss::Hamming)?;
            table.push(vec![
                name.clone(),
                points.len().to_string(),
                points.num_features().to_string(),
                domain(weights),
                hidden.to_string(),
                trial.loss.to_string(),
                format::value(trial.bound),
                trial.nodes.to_string(),
                trial.conflicts.to_string(),
                format!("{:.2}", trial.seconds),
            ]);
        }
    }
    Ok(table)
}

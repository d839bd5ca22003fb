//! Trains by the MILP on data files without header, the label last, and prints one line a file: status, loss, bound, nodes,
//! simplex iterations, seconds. `ONE=1` takes the one model with the output's weights, `SECONDS=60` sets the time limit, `NODES=1000` the node
//! limit.
//!
//! `cargo run --release -p heaviside-formulation --example by_output -- FILE:HIDDEN ..`

use bdnn::{Architecture, Limits, Loss, Points, Problem, Request, Scaler, WeightDomain};
use budget::Tunable;
use std::error::Error;

fn problem(file: &str, hidden: usize) -> Result<Problem, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    let (mut features, mut labels, mut inputs) = (vec![], vec![], 0);
    for line in text.lines() {
        let values: Vec<f64> = line.split(',').map(|value| value.trim().parse()).collect::<Result<_, _>>()?;
        let (label, row) = values.split_last().ok_or("an empty line")?;
        inputs = row.len();
        features.extend_from_slice(row);
        labels.push(usize::from(*label > 0.0));
    }
    let points = Points::merge(inputs, 2, &features, &labels, Scaler::identity(inputs));
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs, hidden: vec![hidden], classes: 2, bias: true, weights };
    Ok(Problem { epsilon: Some(1e-4), ..Problem::new(points, architecture, Loss::ZeroOne) })
}

fn main() -> Result<(), Box<dyn Error>> {
    let number = |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let mut limits = Limits { time: number("SECONDS", 60.0), nodes: number("NODES", 1e18) as u64, ..Limits::default() };
    if std::env::var("ONE").is_ok() {
        limits.settings.set(&formulation::Parameters::table(), "formulation.by_output", "no")?;
    }
    for argument in std::env::args().skip(1) {
        let (file, hidden) = argument.rsplit_once(':').ok_or("FILE:HIDDEN")?;
        let training = formulation::train(Request::new(&problem(file, hidden.parse()?)?, &limits))?;
        let name = file.rsplit('/').next().unwrap_or_default();
        let counts = &training.statistics;
        println!(
            "{name:<28} {hidden} {:<11} {:>3} ({:>3}) {:>8} nodes {:>9} iterations {:>8.2} s",
            training.status.as_str(),
            training.loss,
            training.bound,
            counts.nodes,
            counts.lp_iterations,
            counts.seconds
        );
    }
    Ok(())
}

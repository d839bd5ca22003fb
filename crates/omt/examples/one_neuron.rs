//! Trains one layer without hidden neurons on a data file and prints what was proven.
//!
//! `cargo run --release -p heaviside-omt --example one_neuron -- DATA.csv [seconds] [positive class] [no-bias]`, the label in the
//! last column; or `random:n:m:noise:seed` in place of the file: integer points in [-15, 15]^n, labels of a random
//! half-space, each flipped with probability `noise`.

use bdnn::{Architecture, Limits, Loss, Network, Points, Problem, Progress, Request, Scaler, SearchRow, WeightDomain};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::error::Error;

struct Log;

impl Progress for Log {
    fn row(&self, row: &SearchRow) {
        let incumbent = row.incumbent.unwrap_or(f64::NAN);
        eprintln!(
            "{} {:>7} {:>7} {:>4} bound {:>4} best {incumbent:>4} cores {:>8} pivots {:>10} {:>7.2}s",
            row.source, row.nodes, row.open, row.depth, row.bound, row.learned, row.lp_iterations, row.seconds
        );
    }

    fn incumbent(&self, _network: &Network, objective: f64) {
        eprintln!("* {objective}");
    }
}

/// Rows (row-major), labels and the number of features.
type Table = (Vec<f64>, Vec<String>, usize);

fn random(name: &str) -> Result<Table, Box<dyn Error>> {
    let figures = name.split(':').skip(1).map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let &[n, m, noise, seed] = &figures[..] else { return Err("random:n:m:noise:seed".into()) };
    let mut rng = ChaCha8Rng::seed_from_u64(seed as u64);
    let weights: Vec<f64> = (0..n as usize).map(|_| rng.random_range(-1.0..1.0)).collect();
    let (mut rows, mut labels) = (vec![], vec![]);
    for _ in 0..m as usize {
        let x: Vec<f64> = weights.iter().map(|_| f64::from(rng.random_range(-15_i32..=15))).collect();
        let inside = x.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() > 0.0;
        labels.push(u8::from(inside != rng.random_bool(noise)).to_string());
        rows.extend(x);
    }
    Ok((rows, labels, n as usize))
}

fn read(path: &str) -> Result<Table, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let (mut rows, mut labels, mut n) = (vec![], vec![], 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut fields: Vec<&str> = line.split([';', ',', '\t']).map(str::trim).collect();
        let label = fields.pop().ok_or("no field")?;
        let Ok(values) = fields.iter().map(|field| field.parse()).collect::<Result<Vec<f64>, _>>() else {
            eprintln!("skipped: {line}");
            continue;
        };
        n = values.len();
        rows.extend(values);
        labels.push(label.to_owned());
    }
    Ok((rows, labels, n))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let name = arguments.first().ok_or("which data?")?;
    let (rows, labels, inputs) = if name.starts_with("random") { random(name)? } else { read(name)? };
    let time = arguments.get(1).map_or(Ok(f64::INFINITY), |s| s.parse())?;
    let mut names = labels.clone();
    names.sort();
    names.dedup();
    let positive = arguments.get(2).filter(|name| *name != "all");
    let classes: Vec<usize> = labels
        .iter()
        .map(|label| match positive {
            Some(positive) => usize::from(label == positive),
            None => names.iter().position(|name| name == label).unwrap_or(0),
        })
        .collect();
    let count = if positive.is_some() { 2 } else { names.len() };
    let points = Points::merge(inputs, count, &rows, &classes, Scaler::identity(inputs));
    println!("{} rows, {} distinct, {inputs} features, {count} classes", points.num_rows(), points.len());
    let bias = arguments.get(3).is_none_or(|word| word != "no-bias");
    let architecture = Architecture { inputs, hidden: vec![], classes: count, bias, weights: WeightDomain::Continuous };
    let problem = Problem::new(points, architecture, Loss::Hamming);
    let training =
        omt::linear::train(Request::new(&problem, &Limits { time, ..Limits::default() }).with_progress(&Log))?;
    let statistics = &training.statistics;
    println!(
        "{} loss {} bound {} nodes {} pivots {} seconds {:.3} {:?}",
        training.status.as_str(),
        training.loss,
        training.bound,
        statistics.nodes,
        statistics.lp_iterations,
        statistics.seconds,
        statistics.more
    );
    Ok(())
}

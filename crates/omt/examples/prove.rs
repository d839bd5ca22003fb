//! Trains with a proof: `prove FILE hidden DIR [class]`. Label in the last column, features scaled to [0, 1].

use bdnn::{Architecture, Dataset, Limits, Loss, Problem, ReadOptions, Scaling, Silent, WeightDomain};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, hidden, dir] = &args[..] else { return Err("usage: prove FILE hidden DIR".into()) };
    let data = Dataset::read(Path::new(file), &ReadOptions::default())?;
    let members = data.all();
    let points = data.points(&members, &Scaling::MinMax.fit(&data, &members));
    let hidden: Vec<usize> = hidden.split(',').filter_map(|w| w.parse().ok()).filter(|&w| w > 0).collect();
    let architecture = Architecture {
        inputs: data.num_features(),
        hidden,
        classes: data.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    let problem = Problem::new(points, architecture, Loss::ZeroOne);
    let started = Instant::now();
    let folder = omt::proof::Folder::create(Path::new(dir))?;
    let (training, written) = omt::proof::train(&problem, &Limits::default(), None, &Silent, &folder)?;
    let (status, loss, conflicts) = (training.status, training.loss, training.statistics.conflicts);
    println!("{status:?} {loss} {conflicts} conflicts {:.2} s {written:?}", started.elapsed().as_secs_f64());
    Ok(())
}

//! What a proof costs: `prove DIR FILE:HIDDEN[:POSITIVE] ..` trains without and with a log and leaves each folder (lemmas,
//! formula and proof) in `DIR/FILE-HIDDEN`. Label in the last column, features scaled to [0, 1], one thread.

use bdnn::{Architecture, Dataset, Limits, Loss, Problem, ReadOptions, Scaling, Silent, WeightDomain};
use omt::proof::{Folder, train, train_unlogged};
use std::path::Path;
use std::time::Instant;

fn problem(file: &Path, hidden: &str, positive: Option<&str>) -> Result<Problem, Box<dyn std::error::Error>> {
    let options = ReadOptions { positive: positive.map(str::to_owned), ..ReadOptions::default() };
    let data = Dataset::read(file, &options)?;
    let members = data.all();
    let points = data.points(&members, &Scaling::MinMax.fit(&data, &members));
    let widths: Vec<usize> = hidden.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let architecture = Architecture {
        inputs: data.num_features(),
        hidden: widths.into_iter().filter(|&width| width > 0).collect(),
        classes: data.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    Ok(Problem::new(points, architecture, Loss::Hamming))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((dir, trials)) = args.split_first() else {
        return Err("usage: prove DIR FILE:HIDDEN[:POSITIVE] ..".into());
    };
    let limits = Limits { threads: 1, ..Limits::default() };
    println!(
        "| data | hidden | loss | search s | with proof s | lemmas | steps | MB |\n|---|---|---|---|---|---|---|---|"
    );
    for trial in trials {
        let mut fields = trial.split(':');
        let file = Path::new(fields.next().unwrap_or_default());
        let (hidden, positive) = (fields.next().unwrap_or("0"), fields.next());
        let problem = problem(file, hidden, positive)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let name = positive.map_or_else(|| name.to_string(), |class| format!("{name} {class}"));
        let started = Instant::now();
        train_unlogged(&problem, &limits, &Silent)?;
        let search = started.elapsed().as_secs_f64();
        let folder = Folder::create(&Path::new(dir).join(format!("{name}-{hidden}")), false)?;
        let started = Instant::now();
        let (training, written) = train(&problem, &limits, None, &Silent, &folder)?;
        let logged = started.elapsed().as_secs_f64();
        let (loss, megabytes) = (training.loss, written.bytes as f64 / 1e6);
        let (lemmas, steps) = (written.lemmas, written.steps);
        println!("| {name} | {hidden} | {loss} | {search:.2} | {logged:.2} | {lemmas} | {steps} | {megabytes:.1} |");
    }
    Ok(())
}

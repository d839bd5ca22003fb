//! Trains on one file: `train FILE HIDDEN [SECONDS] [THREADS] [hamming|zero-one] [POSITIVE]`, HIDDEN like `2` or `3,2` or `0`.
use bdnn::{
    Architecture, Dataset, Limits, Loss, Problem, Progress, ReadOptions, Request, Scaling, SearchRow, WeightDomain,
};
use std::path::Path;

struct Print;

impl Progress for Print {
    fn row(&self, row: &SearchRow) {
        eprintln!(
            "{} {:8.2} s  bound {:5} loss {:?}  conflicts {} pivots {} learned {}",
            row.source, row.seconds, row.bound, row.incumbent, row.conflicts, row.lp_iterations, row.learned
        );
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let argument = |k: usize, default: &'static str| arguments.get(k).map_or(default, String::as_str);
    let hidden: Vec<usize> = argument(2, "2").split(',').map(str::parse).collect::<Result<_, _>>()?;
    let options = ReadOptions { positive: arguments.get(6).cloned(), ..ReadOptions::default() };
    let data = Dataset::read(Path::new(argument(1, "data.csv")), &options)?;
    let all = data.all();
    let points = data.points(&all, &Scaling::MinMax.fit(&data, &all));
    let architecture = Architecture {
        inputs: points.num_features(),
        hidden: hidden.into_iter().filter(|&d| d > 0).collect(),
        classes: points.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    let loss = if argument(5, "zero-one") == "hamming" { Loss::Hamming } else { Loss::ZeroOne };
    let problem = Problem::new(points, architecture, loss);
    let limits = Limits { time: argument(3, "10").parse()?, threads: argument(4, "1").parse()?, ..Limits::default() };
    let training = omt::train(Request::new(&problem, &limits).with_progress(&Print))?;
    let s = &training.statistics;
    println!(
        "loss {} bound {} {} {:.3} s {} conflicts {} pivots",
        training.loss,
        training.bound,
        training.status.as_str(),
        s.seconds,
        s.conflicts,
        s.lp_iterations
    );
    println!("{}", s.more.iter().map(|(n, v)| format!("{n} {v}")).collect::<Vec<_>>().join(", "));
    Ok(())
}

//! Trains the rows of a table of expected optima and prints loss, bound and work.
//!
//! Usage: `expected DIR [FILTER] [SECONDS] [THREADS]`, where DIR holds `expected.csv` (file, hidden, loss).
use bdnn::{Architecture, Dataset, Limits, Loss, Problem, ReadOptions, Request, Scaling, WeightDomain};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let directory = Path::new(arguments.get(1).ok_or("a directory, please")?);
    let filter = arguments.get(2).map_or("", String::as_str);
    let time = arguments.get(3).map_or(Ok(10.0), |s| s.parse())?;
    let threads = arguments.get(4).map_or(Ok(1), |s| s.parse())?;
    let table = std::fs::read_to_string(directory.join("expected.csv"))?;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let label = format!("{} d={}", cells[0], cells[1]);
        if !label.contains(filter) {
            continue;
        }
        let data = Dataset::read(&directory.join(cells[0]), &ReadOptions::default())?;
        let all = data.all();
        let points = data.points(&all, &Scaling::MinMax.fit(&data, &all));
        let hidden: usize = cells[1].parse()?;
        let architecture = Architecture {
            inputs: points.num_features(),
            hidden: if hidden == 0 { vec![] } else { vec![hidden] },
            classes: 2,
            bias: true,
            weights: WeightDomain::Continuous,
        };
        let problem = Problem::new(points, architecture, Loss::ZeroOne);
        let limits = Limits { time, threads, ..Limits::default() };
        let training = omt::train(Request::new(&problem, &limits))?;
        let s = &training.statistics;
        println!(
            "{label:45} expected {:>3} loss {:>3} bound {:>3} {:10} {:8.4} s, {} conflicts, {} pivots",
            cells[2],
            training.loss,
            training.bound,
            training.status.as_str(),
            s.seconds,
            s.conflicts,
            s.lp_iterations
        );
        println!("    {}", s.more.iter().map(|(n, v)| format!("{n} {v}")).collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

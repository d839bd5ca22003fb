//! Local search on the rows of a table of known optima.
//!
//! cargo run --release -p heaviside-heuristics --example expected -- TABLE.csv [SECONDS [SEED]]
//!
//! The table's columns are file, hidden neurons, optimum; files stand beside it.

use bdnn::{Architecture, Dataset, Limits, Loss, Problem, ReadOptions, Request, Scaling, WeightDomain};
use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let table = Path::new(args.first().expect("the table"));
    let time = args.get(1).map_or(1.0, |s| s.parse().expect("seconds"));
    let seed = args.get(2).map_or(0, |s| s.parse().expect("a seed"));
    let text = std::fs::read_to_string(table).expect("a readable table");
    let (mut known, mut reached) = (0, 0);
    println!("| data | hidden | optimum | found | rounds | seconds |\n|---|---|---|---|---|---|");
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (file, hidden) = (fields[0], fields[1].parse::<usize>().expect("a width"));
        let data = Dataset::read(&table.with_file_name(file), &ReadOptions::default()).expect("data");
        let members = data.all();
        let points = data.points(&members, &Scaling::MinMax.fit(&data, &members));
        let architecture = Architecture {
            inputs: data.num_features(),
            hidden: if hidden == 0 { vec![] } else { vec![hidden] },
            classes: data.num_classes(),
            bias: true,
            weights: WeightDomain::Continuous,
        };
        let problem = Problem::new(points, architecture, Loss::ZeroOne);
        let limits = Limits { time, seed, ..Limits::default() };
        let training = heuristics::local_search::train(Request::new(&problem, &limits)).expect("a sound problem");
        let (loss, work) = (training.loss, &training.statistics);
        println!("| {file} | {hidden} | {} | {loss} | {} | {:.2} |", fields[2], work.nodes, work.seconds);
        if let Ok(optimum) = fields[2].parse::<u64>() {
            known += 1;
            reached += u32::from(loss == optimum);
        }
    }
    println!("{reached} of {known} known optima reached");
}

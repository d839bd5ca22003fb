//! Local search on the rows of a table of known optima.
//!
//! cargo run --release -p heuristics --example expected -- TABLE.csv [SECONDS]
//!
//! The table's columns are file, hidden neurons, optimum; files stand beside it.

use bdnn::{Architecture, Dataset, Limits, Loss, Problem, ReadOptions, Scaling, Silent, WeightDomain};
use std::path::Path;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let table = Path::new(&args[0]);
    let time = args.get(1).map_or(1.0, |s| s.parse().expect("seconds"));
    let seed = args.get(2).map_or(0, |s| s.parse().expect("a seed"));
    let text = std::fs::read_to_string(table).expect("a readable table");
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let data = Dataset::read(&table.with_file_name(fields[0]), &ReadOptions::default()).expect("data");
        let members = data.all();
        let points = data.points(&members, &Scaling::MinMax.fit(&data, &members));
        let hidden: usize = fields[1].parse().expect("a width");
        let architecture = Architecture {
            inputs: data.num_features(),
            hidden: if hidden == 0 { vec![] } else { vec![hidden] },
            classes: data.num_classes(),
            bias: true,
            weights: WeightDomain::Continuous,
        };
        let problem = Problem::new(points, architecture, Loss::ZeroOne);
        let limits = Limits { time, seed, ..Limits::default() };
        let training = heuristics::local_search::train(&problem, &limits, None, &Silent).expect("a sound problem");
        let s = &training.statistics;
        println!(
            "{} {} expected {} found {} {} rounds {} {:?} {:.2}s",
            fields[0],
            hidden,
            fields[2],
            training.loss,
            training.status.as_str(),
            s.nodes,
            s.more,
            s.seconds
        );
    }
}

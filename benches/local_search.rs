//! Local search on the rows of the shared table of known optima, four rounds on one thread: what a round costs.

use bdnn::{Limits, Scaling, Silent};
use criterion::{Criterion, criterion_group, criterion_main};
use heaviside_acceptance::{files, shared};
use heuristics::local_search;
use std::time::Duration;

fn rows(criterion: &mut Criterion) {
    let Some(table) = shared("data/bdnn/expected.csv") else { return };
    let mut reader = csv::Reader::from_path(table).expect("a readable table");
    let mut group = criterion.benchmark_group("local search");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for row in reader.records() {
        let row = row.expect("a row of the table");
        let hidden: usize = row[1].parse().expect("a number of hidden neurons");
        let Some(path) = shared(&format!("data/bdnn/{}", &row[0])) else { continue };
        let layers = if hidden == 0 { vec![] } else { vec![hidden] };
        let problem = files::problem(&path, Scaling::MinMax, &layers);
        let limits = Limits { threads: 1, nodes: 4, ..Limits::default() };
        group.bench_function(format!("{} d={hidden}", row[0].trim_end_matches(".csv")), |bencher| {
            bencher.iter(|| local_search::train(&problem, &limits, None, &Silent).expect("a sound problem").loss);
        });
    }
    group.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);

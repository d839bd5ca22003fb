//! Local search on the rows of the table of known optima, four rounds on one thread: what a round costs.

use bdnn::{Limits, Request};
use criterion::{Criterion, criterion_group, criterion_main};
use heaviside_acceptance::known;
use heuristics::local_search;
use std::time::Duration;

fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("local search");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for row in known::optima() {
        let problem = row.problem();
        let limits = Limits { threads: 1, nodes: 4, ..Limits::default() };
        group.bench_function(format!("{} d={}", row.file.trim_end_matches(".csv"), row.hidden), |bencher| {
            bencher.iter(|| local_search::train(Request::new(&problem, &limits)).expect("a sound problem").loss);
        });
    }
    group.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);

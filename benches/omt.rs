//! The exact engine on the rows of the table of known optima, one thread.

use bdnn::{Limits, Request};
use criterion::{Criterion, criterion_group, criterion_main};
use heaviside_acceptance::known;
use std::time::Duration;

fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("omt");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for row in known::optima() {
        let problem = row.problem();
        let limits = Limits { threads: 1, ..Limits::default() };
        group.bench_function(format!("{} d={}", row.file.trim_end_matches(".csv"), row.hidden), |bencher| {
            bencher.iter(|| omt::train(Request::new(&problem, &limits)).expect("a sound problem").loss);
        });
    }
    group.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);

//! What events cost: `cargo run --release -p heaviside-acceptance --example events`.
//!
//! The same searches with nobody listening and with a listener of all events that does nothing, in turns; of each the shortest run counts. A
//! search where nobody listens does less than one with the listener, so the difference is more than the flags cost.

use bdnn::{Engine, Event, Interest, Limits, Problem, Progress, Request};
use formulation::Milp;
use heaviside_acceptance::known;
use omt::Exact;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Runs of each kind.
const RUNS: usize = 9;

/// Hears all, or nothing.
struct Listener {
    interest: Interest,
    heard: AtomicU64,
}

impl Progress for Listener {
    fn interest(&self) -> Interest {
        self.interest
    }

    fn event(&self, _event: &Event) {
        self.heard.fetch_add(1, Ordering::Relaxed);
    }
}

/// Seconds of a run, and how many events were told.
fn run(engine: &dyn Engine, problem: &Problem, interest: Interest) -> (f64, u64) {
    let listener = Listener { interest, heard: AtomicU64::new(0) };
    let limits = Limits { threads: 1, nodes: 4000, ..Limits::default() };
    let began = Instant::now();
    engine.train(Request::new(problem, &limits).with_progress(&listener)).expect("a sound problem");
    (began.elapsed().as_secs_f64(), listener.heard.into_inner())
}

fn main() {
    println!("| data | engine | events | silent, s | all events, s | ratio |");
    println!("|---|---|---|---|---|---|");
    let rows = known::optima();
    for file in ["rand_n2_m20_d2_s0.csv", "rand_n5_m40_d2_s0.csv", "teacher_n5_m50_d2_s0.csv"] {
        let row = rows.iter().find(|row| row.file == file && row.hidden == 2).expect("a row of the table");
        let problem = row.problem();
        for engine in [&Exact as &dyn Engine, &Milp] {
            let (mut silent, mut all, mut told) = (f64::INFINITY, f64::INFINITY, 0);
            for _ in 0..RUNS {
                let (seconds, without) = run(engine, &problem, Interest::NONE);
                silent = silent.min(seconds);
                let (seconds, events) = run(engine, &problem, Interest::ALL);
                (all, told) = (all.min(seconds), events - without);
            }
            let ratio = all / silent;
            println!("| {file} | {} | {told} | {silent:.4} | {all:.4} | {ratio:.3} |", engine.name());
        }
    }
}

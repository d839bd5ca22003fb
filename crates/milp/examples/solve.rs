//! Solves each model file named on the command line and prints one line a file: status, objective, bound, nodes,
//! simplex iterations, cuts, seconds, what presolve took out. `GAP=0.999` sets the absolute gap, `SECONDS=60` the time limit, `CPU=20` one in
//! seconds of the processor (where the system tells: on a shared machine), `NODES=1000` the node limit, `THREADS=2` the threads (0: all cores), `SET="milp.presolve=no milp.dives=no"`
//! parameters; `ROUNDS=1` shows rounds of cuts.
//!
//! `GAP=0.999 cargo run --release -p milp --example solve -- FILE..`

use std::path::Path;

use budget::{Settings, Tunable};
use milp::io::read_model;
use milp::{Control, Event, Interest, Options, Parameters, What, solve};

/// Seconds that the thread of the run has computed, on Linux.
fn computed() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Ends a run at a limit of computed seconds, and shows rounds of cuts.
struct Limit {
    seconds: f64,
    shows_rounds: bool,
}

impl Control for Limit {
    fn judges(&self) -> bool {
        false
    }

    fn should_stop(&self) -> bool {
        self.seconds < f64::INFINITY && computed().is_some_and(|seconds| seconds >= self.seconds)
    }

    fn interest(&self) -> Interest {
        if self.shows_rounds { Interest::LEARNING } else { Interest::NONE }
    }

    fn event(&mut self, event: &Event) {
        if let What::Cuts(cuts) = event.what {
            println!(
                "  round {:<3} {:<10} {:>4}  {} to {}",
                cuts.round, cuts.kind, cuts.count, cuts.before, cuts.after
            );
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let mut settings = Settings::default();
    for setting in std::env::var("SET").unwrap_or_default().split_whitespace() {
        let (name, value) = setting.split_once('=').ok_or("SET: name=value")?;
        settings.set(&Parameters::table(), name, value)?;
    }
    let options = Options {
        mip_abs_gap: std::env::var("GAP").is_ok().then(|| number("GAP", 1e-6)),
        time_limit: number("SECONDS", 60.0),
        node_limit: number("NODES", 1e18) as u64,
        threads: number("THREADS", 1.0) as usize,
        parameters: settings.of(),
        ..Options::default()
    };
    for file in std::env::args().skip(1) {
        let model = read_model(Path::new(&file))?;
        let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let began = computed().unwrap_or(0.0);
        let seconds = began + number("CPU", f64::INFINITY);
        match solve(&model, &options, &mut Limit { seconds, shows_rounds: std::env::var("ROUNDS").is_ok() }) {
            Ok(outcome) => {
                let counts = &outcome.statistics;
                println!(
                    "{name:<20} {:<12} {:<22} bound {:<22} {:>7} nodes {:>8} iterations {:>5} cuts {:>7.2} s {:>7.2} cpu  {} unresolved  {} x {} less {} x {}",
                    outcome.status.as_str(),
                    outcome.objective.map_or("-".into(), |value| value.to_string()),
                    outcome.bound,
                    counts.nodes,
                    counts.lp_iterations,
                    counts.cuts,
                    counts.seconds,
                    computed().unwrap_or(f64::NAN) - began,
                    counts.unresolved,
                    model.num_rows(),
                    model.num_vars(),
                    counts.removed_rows,
                    counts.removed_columns,
                );
            }
            Err(error) => println!("{name:<20} {error}"),
        }
    }
    Ok(())
}

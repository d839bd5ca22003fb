//! Solves each model file named on the command line and prints one line a file: status, objective, bound, nodes,
//! simplex iterations, seconds, what presolve took out. `GAP=0.999` sets the absolute gap, `SECONDS=60` the time limit, `NODES=1000` the
//! node limit, `SET="milp.presolve=no milp.dives=no"` parameters.
//!
//! `GAP=0.999 cargo run --release -p milp --example solve -- FILE..`

use std::path::Path;

use budget::{Settings, Tunable};
use milp::io::read_model;
use milp::{Options, Parameters, Quiet, solve};

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
        parameters: settings.of(),
        ..Options::default()
    };
    for file in std::env::args().skip(1) {
        let model = read_model(Path::new(&file))?;
        let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match solve(&model, &options, &mut Quiet) {
            Ok(outcome) => {
                let counts = &outcome.statistics;
                println!(
                    "{name:<20} {:<12} {:<22} bound {:<22} {:>7} nodes {:>8} iterations {:>7.2} s  {} unresolved  {} x {} less {} x {}",
                    outcome.status.as_str(),
                    outcome.objective.map_or("-".into(), |value| value.to_string()),
                    outcome.bound,
                    counts.nodes,
                    counts.lp_iterations,
                    counts.seconds,
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

//! Solves the LP relaxation of each model file named on the command line and prints one line a file:
//! status, objective (in the sense of the model), simplex iterations, milliseconds.
//!
//! `cargo run --release -p milp --example relaxation -- FILE..`

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use milp::io::read_model;
use milp::simplex::{Limits, LpProblem, Simplex, SimplexOptions};
use milp::{Budget, Sense};

fn main() -> Result<(), milp::Error> {
    for file in std::env::args().skip(1) {
        let model = read_model(Path::new(&file))?;
        let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
        let start = Instant::now();
        let mut simplex = Simplex::new(Arc::new(LpProblem::from_model(&model)), SimplexOptions::default());
        let budget = Budget::default().until(Some(start + Duration::from_secs(60)));
        let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let size = format!("{} x {}", model.num_rows(), model.num_vars());
        let outcome = simplex.solve(&Limits { budget: Some(&budget), ..Limits::default() });
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        let (iterations, objective) = (simplex.iterations(), sign * simplex.objective());
        match outcome {
            Ok(status) => {
                println!("{name:<20} {size:>12} {status:?} {objective} {iterations} iterations {milliseconds:.1} ms");
            }
            Err(error) => println!("{name:<20} {size:>12} {error} {iterations} iterations {milliseconds:.1} ms"),
        }
    }
    Ok(())
}

//! Measures warm starts as branch and bound makes them: from the root basis of each model file, a number of dives fix
//! fractional integer variables one after the other, up or down in turn, until the relaxation is infeasible or
//! integral. Prints relaxations, simplex iterations a relaxation, and microseconds a relaxation and an iteration.
//!
//! `cargo run --release -p milp --example dives -- DIVES FILE..`

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use milp::io::read_model;
use milp::simplex::{Limits, LpProblem, LpStatus, Simplex, SimplexOptions};
use milp::{Model, VarKind};

fn main() -> Result<(), milp::Error> {
    let mut arguments = std::env::args().skip(1);
    let dives = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(100);
    for file in arguments {
        let model = read_model(Path::new(&file))?;
        let problem = Arc::new(LpProblem::from_model(&model));
        let mut simplex = Simplex::new(Arc::clone(&problem), SimplexOptions::default());
        simplex.solve(&Limits::default())?;
        let root = simplex.basis();
        let first = simplex.iterations();
        let start = Instant::now();
        let mut relaxations = 0_u32;
        for dive in 0..dives {
            for var in 0..problem.num_cols() {
                simplex.set_bounds(var, problem.lower[var], problem.upper[var]);
            }
            simplex.load_basis(&root);
            relaxations += plunge(&model, &mut simplex, dive)?;
        }
        let seconds = start.elapsed().as_secs_f64();
        let iterations = (simplex.iterations() - first) as f64;
        println!(
            "{:<24} {relaxations} relaxations, {:.1} iterations each, {:.1} us each, {:.2} us an iteration",
            Path::new(&file).file_stem().unwrap_or_default().to_string_lossy(),
            iterations / f64::from(relaxations),
            seconds * 1e6 / f64::from(relaxations),
            seconds * 1e6 / iterations,
        );
    }
    Ok(())
}

/// One dive; returns the number of relaxations solved.
fn plunge(model: &Model, simplex: &mut Simplex, dive: u32) -> Result<u32, milp::Error> {
    let mut relaxations = 1;
    simplex.solve(&Limits::default())?;
    let mut step = dive;
    loop {
        let fractional: Vec<usize> = (0..model.num_vars())
            .filter(|&j| model.variables[j].kind == VarKind::Integer && (simplex.primal()[j].fract()).abs() > 1e-6)
            .collect();
        let Some(&j) = fractional.get((7 * step as usize + 3) % fractional.len().max(1)) else {
            return Ok(relaxations);
        };
        let (lower, upper) = (simplex.bounds().0[j], simplex.bounds().1[j]);
        let x = simplex.primal()[j];
        if (step ^ (dive >> (step % 5))).is_multiple_of(2) {
            simplex.set_bounds(j, lower, x.floor());
        } else {
            simplex.set_bounds(j, x.ceil(), upper);
        }
        relaxations += 1;
        step += 1;
        if simplex.solve(&Limits::default())? != LpStatus::Optimal {
            return Ok(relaxations);
        }
    }
}

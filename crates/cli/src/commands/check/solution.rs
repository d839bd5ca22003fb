//! `heaviside check solution`: is this point a solution of this model, and what is its objective?
//!
//! Every number of both files is taken as the rational its `f64` is; sums and products are exact.

use crate::args::non_negative;
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{self, Pairs};
use bdnn::Rational;
use clap::Args;
use milp::{Model, VarKind};
use serde::Serialize;
use std::path::PathBuf;

/// Check that a solution file satisfies a model
///
/// Bounds, rows and integrality are recounted in exact rationals. Solvers work with tolerances, so the largest
/// violation of each kind is compared with --tolerance; 0 asks for an exact solution.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check solution model.mps best.sol\n  \
    heaviside check solution model.lp best.sol --tolerance 0 --json")]
pub struct SolutionArgs {
    /// Model file: .mps or .lp, also with .gz; - for standard input
    #[arg(value_name = "MODEL")]
    model: PathBuf,

    /// Solution file: a column name and its value a line
    #[arg(value_name = "FILE.sol")]
    solution: PathBuf,

    /// Largest violation that still counts as satisfied [default: the solver's own, 1e-9]
    #[arg(long, value_name = "T", value_parser = non_negative)]
    tolerance: Option<f64>,
}

/// The object of `check solution --json`.
#[derive(Serialize)]
struct SolutionJson {
    feasible: bool,
    objective: f64,
    max_bound_violation: f64,
    max_row_violation: f64,
    max_integrality_violation: f64,
    tolerance: f64,
}

/// The largest violation of one kind and where it is.
#[derive(Debug, PartialEq)]
struct Worst {
    amount: Rational,
    place: String,
}

impl Worst {
    fn none() -> Self {
        Self { amount: Rational::ZERO, place: String::new() }
    }

    fn take(&mut self, amount: Rational, place: &str) {
        if amount > self.amount {
            *self = Self { amount, place: place.to_owned() };
        }
    }

    fn as_f64(&self) -> f64 {
        self.amount.to_f64().value()
    }

    fn text(&self) -> String {
        if self.place.is_empty() {
            "0".to_owned()
        } else {
            format!("{} ({})", format::value(self.as_f64()), self.place)
        }
    }
}

/// Violations of a point, exactly.
#[derive(Debug)]
struct Recount {
    objective: Rational,
    bounds: Worst,
    rows: Worst,
    integrality: Worst,
}

/// Reads both files, recounts, reports.
pub fn run(args: &SolutionArgs, console: &Console) -> Result<(), Failure> {
    let model = milp::io::read_model(&args.model)?;
    let x = milp::io::read_solution(&args.solution, &model)?;
    let recount = recount(&model, &x);
    let tolerance = args.tolerance.unwrap_or(milp::tolerances::FEASIBILITY);
    let kinds = [("bounds", &recount.bounds), ("rows", &recount.rows), ("integrality", &recount.integrality)];
    let broken = kinds.into_iter().find(|(_, worst)| worst.amount > exact(tolerance));

    let mut pairs = Pairs::default();
    pairs.push("solution", if broken.is_none() { "feasible" } else { "infeasible" });
    pairs.push("objective", format::precise(recount.objective.to_f64().value()));
    for (kind, worst) in kinds {
        pairs.push(format!("largest violation, {kind}"), worst.text());
    }
    pairs.push("tolerance", format::value(tolerance));
    console.report(&pairs.to_string())?;
    console.json(&SolutionJson {
        feasible: broken.is_none(),
        objective: recount.objective.to_f64().value(),
        max_bound_violation: recount.bounds.as_f64(),
        max_row_violation: recount.rows.as_f64(),
        max_integrality_violation: recount.integrality.as_f64(),
        tolerance,
    })?;
    match broken {
        None => Ok(()),
        Some((kind, worst)) => Err(Failure::Check(format!("{kind} are violated by {}", worst.text()))),
    }
}

fn exact(x: f64) -> Rational {
    Rational::try_from(x).expect("the readers let only finite numbers through")
}

fn recount(model: &Model, x: &[f64]) -> Recount {
    let x: Vec<Rational> = x.iter().map(|&x| exact(x)).collect();
    let mut count = Recount {
        objective: exact(model.offset),
        bounds: Worst::none(),
        rows: Worst::none(),
        integrality: Worst::none(),
    };
    for (var, x) in model.variables.iter().zip(&x) {
        count.objective += exact(var.cost) * x;
        outside(&mut count.bounds, x, var.lower, var.upper, &var.name);
        if var.kind == VarKind::Integer {
            let nearest = Rational::from(x.round());
            let off = if *x > nearest { x - nearest } else { nearest - x };
            count.integrality.take(off, &var.name);
        }
    }
    for row in &model.rows {
        let terms = row.terms.iter().map(|&(var, value)| exact(value) * &x[var.index()]);
        let activity = terms.fold(Rational::ZERO, |sum, term| sum + term);
        outside(&mut count.rows, &activity, row.lower, row.upper, &row.name);
    }
    count
}

/// Takes how far `value` lies outside `[lower, upper]`.
fn outside(worst: &mut Worst, value: &Rational, lower: f64, upper: f64, place: &str) {
    if lower.is_finite() {
        worst.take(exact(lower) - value, place);
    }
    if upper.is_finite() {
        worst.take(value - exact(upper), place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let mut model = Model::new("test");
        let x = model.add_var("x", 0.0, 1.0, 2.0, VarKind::Integer);
        let y = model.add_var("y", f64::NEG_INFINITY, 0.5, -1.0, VarKind::Continuous);
        model.add_row("sum", 0.25, f64::INFINITY, [(x, 1.0), (y, 1.0)]);
        model.offset = 10.0;
        model
    }

    #[test]
    fn a_solution_has_no_violation() {
        let count = recount(&model(), &[1.0, 0.5]);
        assert_eq!(count.objective, exact(11.5));
        assert_eq!((count.bounds, count.rows, count.integrality), (Worst::none(), Worst::none(), Worst::none()));
    }

    #[test]
    fn each_kind_is_told_apart() {
        let at = |amount: f64, place: &str| Worst { amount: exact(amount), place: place.to_owned() };
        let count = recount(&model(), &[0.75, 0.75]);
        assert_eq!((count.bounds, count.rows, count.integrality), (at(0.25, "y"), Worst::none(), at(0.25, "x")));
        let count = recount(&model(), &[-1.0, -1.0]);
        assert_eq!((count.bounds, count.rows, count.integrality), (at(1.0, "x"), at(2.25, "sum"), Worst::none()));
    }

    #[test]
    fn violations_below_float_resolution_are_seen() {
        let mut model = Model::new("test");
        let x = model.add_var("x", 0.0, 1.0, 0.0, VarKind::Continuous);
        let y = model.add_var("y", 0.0, 1.0, 0.0, VarKind::Continuous);
        // In floats 1 + 1e-30 is 1.
        model.add_row("sum", f64::NEG_INFINITY, 1.0, [(x, 1.0), (y, 1.0)]);
        assert_eq!(recount(&model, &[1.0, 1e-30]).rows, Worst { amount: exact(1e-30), place: "sum".to_owned() });
    }
}

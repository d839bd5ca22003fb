//! `heaviside check solution`: is this point a solution of this model, and what is its objective?
//!
//! Every decimal of both files is taken as the rational it is; sums and products are exact.

use super::source;
use super::watch::{WatchArgs, watched};
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{self, Pairs};
use checker::solution::{Worst, check};
use checker::{Budget, Rational, number};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Check that a solution file satisfies a model
///
/// Bounds, rows and integrality are recounted in exact rationals, and semi-continuous columns, special ordered sets (both among the bounds) and
/// rows with an indicator as they are written. Solvers work with tolerances, so the largest
/// violation of each kind is compared with --tolerance, on top of which comes what rounding values to floats may do; 0 asks for an
/// exact solution. It is a decimal or a fraction and taken as it is written, like all numbers of both files. An objective that the file states (=obj=) must be right to its printed digits.
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
    #[arg(long, value_name = "T", value_parser = tolerance)]
    tolerance: Option<Tolerance>,

    #[command(flatten)]
    watch: WatchArgs,
}

impl SolutionArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("MODEL", &self.model).input("FILE.sol", &self.solution)
    }
}

/// The largest violation that counts as none.
#[derive(Clone, Debug)]
struct Tolerance {
    /// As it is written.
    text: String,
    exact: Rational,
}

impl Tolerance {
    /// The solver's own.
    fn usual() -> Result<Self, Failure> {
        tolerance(&format::value(milp::tolerances::FEASIBILITY)).map_err(Failure::Input)
    }
}

/// A tolerance as people write one, exactly.
fn tolerance(text: &str) -> Result<Tolerance, String> {
    match number::exact(text) {
        Ok(exact) if exact >= Rational::ZERO => Ok(Tolerance { text: text.to_owned(), exact }),
        Ok(_) => Err("expected a number that is 0 or more".to_owned()),
        Err(error) => Err(format!("{error}; expected a decimal or a fraction, 0 or more, such as 1e-9 or 1/8")),
    }
}

/// The object of `check solution --json`.
#[derive(Serialize)]
struct SolutionJson {
    feasible: bool,
    objective: f64,
    /// With all digits, where the float has not got them.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_objective: Option<String>,
    /// The one that the file states, if it does, and whether that is right to its printed digits.
    stated_objective: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_stated_objective: Option<String>,
    objective_agrees: bool,
    max_bound_violation: f64,
    max_row_violation: f64,
    max_integrality_violation: f64,
    tolerance: f64,
}

/// Reads both files, recounts, reports.
pub fn run(args: &SolutionArgs, console: &Console) -> Result<(), Failure> {
    let budget = Budget::default();
    let recount = watched(&args.watch, console, failure_json, || {
        let model = source::model_with_remarks(&args.model, &budget, console)?;
        Ok(check(&model, source::open(&args.solution, &budget)?)?)
    })?;
    let tolerance = args.tolerance.clone().map_or_else(Tolerance::usual, Ok)?;
    let kinds = [("bounds", &recount.bounds), ("rows", &recount.rows), ("integrality", &recount.integrality)];
    let broken = kinds.into_iter().find(|(_, worst)| worst.exceeds(&tolerance.exact));

    let mut pairs = Pairs::default();
    pairs.push("solution", if broken.is_none() { "feasible" } else { "infeasible" });
    let objective = told(&recount.objective);
    let (stated, wrong) = (recount.stated.as_ref(), recount.false_objective());
    let said = stated.map(|stated| told(&stated.value));
    if let Some(said) = said.filter(|said| *said != objective || wrong.is_some()) {
        pairs.push("objective in the file", said);
    }
    pairs.push("objective", objective.clone());
    for (kind, worst) in kinds {
        pairs.push(format!("largest violation, {kind}"), text(worst));
    }
    pairs.push("tolerance", tolerance.text);
    console.report(&pairs.to_string())?;
    console.json(&SolutionJson {
        feasible: broken.is_none(),
        objective: float(&recount.objective),
        exact_objective: milp::io::unrounded(&recount.objective),
        stated_objective: stated.map(|stated| float(&stated.value)),
        exact_stated_objective: stated.and_then(|stated| milp::io::unrounded(&stated.value)),
        objective_agrees: wrong.is_none(),
        max_bound_violation: float(&recount.bounds.amount),
        max_row_violation: float(&recount.rows.amount),
        max_integrality_violation: float(&recount.integrality.amount),
        tolerance: float(&tolerance.exact),
    })?;
    match (broken, wrong) {
        (None, None) => Ok(()),
        (None, Some(wrong)) => Err(Failure::Check(format!(
            "the file states the objective {}, but it is {}",
            number::brief(wrong),
            number::brief(&recount.objective)
        ))),
        (Some((kind, worst)), _) => Err(Failure::Check(format!("{kind} are violated by {}", text(worst)))),
    }
}

fn failure_json(what: String) -> String {
    serde_json::json!({ "feasible": false, "failure": what }).to_string()
}

/// The nearest float, for people and JSON; nothing is decided by it.
fn float(value: &Rational) -> f64 {
    value.to_f64().value()
}

/// A number by its nearest float; what is beyond all of them has six digits and an exponent.
fn told(value: &Rational) -> String {
    Some(float(value)).filter(|float| float.is_finite()).map_or_else(|| number::approximate(value), format::precise)
}

fn text(worst: &Worst) -> String {
    if worst.place.is_empty() {
        "0".to_owned()
    } else {
        format!("{} ({})", number::approximate(&worst.amount), worst.place)
    }
}

//! `heaviside check certificate`: does this VIPR certificate prove its claim about this model?

use super::source;
use super::watch::{WatchArgs, watched};
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::Pairs;
use checker::certificate::{Claim, Report, check};
use checker::{Budget, Rational, number};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Check a VIPR certificate (1.0 or 1.1) against its model
///
/// The certificate must tell the model again, row by row; its solutions are checked against the model; every derivation
/// must follow by its rule, in exact rationals. Decimals mean themselves: 0.1 is 1/10.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check certificate model.mps model.vipr\n  \
    heaviside check certificate model.mps.gz model.vipr.gz --json")]
pub struct CertificateArgs {
    /// Model file: .mps or .lp, also with .gz
    #[arg(value_name = "MODEL")]
    model: PathBuf,

    /// Certificate, also with .gz; - for standard input
    #[arg(value_name = "FILE.vipr")]
    certificate: PathBuf,

    #[command(flatten)]
    watch: WatchArgs,
}

impl CertificateArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("MODEL", &self.model).input("FILE.vipr", &self.certificate)
    }
}

/// The object of `check certificate --json`. Bounds are exact, as decimals or fractions `p/q`, the constant of the
/// objective included.
#[derive(Serialize, Default)]
struct CertificateJson {
    valid: bool,
    failure: Option<String>,
    claim: Option<&'static str>,
    lower: Option<String>,
    upper: Option<String>,
    version: Option<String>,
    constraints: Option<usize>,
    solutions: Option<usize>,
    derivations: Option<usize>,
}

/// Reads both files, checks, reports.
pub fn run(args: &CertificateArgs, console: &Console) -> Result<(), Failure> {
    let budget = Budget::default();
    let checked = watched(&args.watch, console, failure_json, || {
        let model = source::model_with_remarks(&args.model, &budget, console)?;
        Ok(check(&model, source::open(&args.certificate, &budget)?))
    })?;
    match checked {
        Ok(report) => {
            console.report(&text(&report).to_string())?;
            console.json(&json(&report))
        }
        Err(error) if error.leaves_unproven() => {
            console.json(&failure(error.to_string()))?;
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn failure(what: String) -> CertificateJson {
    CertificateJson { failure: Some(what), ..CertificateJson::default() }
}

fn failure_json(what: String) -> String {
    serde_json::to_string(&failure(what)).unwrap_or_default()
}

/// The bounds that are proven, the constant of the objective included.
fn bounds(report: &Report) -> (Option<Rational>, Option<Rational>) {
    match &report.claim {
        Claim::Infeasible | Claim::Unbounded => (None, None),
        Claim::Range { lower, upper } => {
            let with_constant = |side: &Option<Rational>| side.as_ref().map(|side| side + &report.offset);
            (with_constant(lower), with_constant(upper))
        }
    }
}

/// What is proven, in a word.
fn claim(report: &Report) -> &'static str {
    match (&report.claim, bounds(report)) {
        (Claim::Infeasible, _) => "infeasible",
        (Claim::Unbounded, _) => "unbounded",
        (_, (Some(lower), Some(upper))) if lower == upper => "optimal",
        (_, (None, None)) => "none",
        _ => "bounds",
    }
}

fn text(report: &Report) -> Pairs {
    let mut pairs = Pairs::default();
    let (lower, upper) = bounds(report);
    match (claim(report), lower, upper) {
        ("optimal", Some(value), _) => pairs.push("proven", format!("the optimum is {}", number::brief(&value))),
        ("infeasible", ..) => pairs.push("proven", "no point satisfies the model"),
        ("unbounded", ..) => {
            pairs.push(
                "proven",
                "unbounded: a point of the model, and a ray along which the objective improves for ever",
            );
        }
        (_, Some(lower), None) => pairs.push("proven", format!("the optimum is at least {}", number::brief(&lower))),
        (_, None, Some(upper)) => pairs.push("proven", format!("the optimum is at most {}", number::brief(&upper))),
        (_, Some(lower), Some(upper)) => {
            let (lower, upper) = (number::brief(&lower), number::brief(&upper));
            pairs.push("proven", format!("the optimum is between {lower} and {upper}"));
        }
        (_, None, None) => pairs.push("proven", "nothing: the certificate claims no bound"),
    }
    pairs.push("format", format!("VIPR {}", report.version));
    pairs.push("constraints", report.constraints.to_string());
    pairs.push("solutions", report.solutions.len().to_string());
    pairs.push("derivations", format!("{}, at most {} constraints at once", report.derivations, report.most_alive));
    pairs
}

fn json(report: &Report) -> CertificateJson {
    let (lower, upper) = bounds(report);
    CertificateJson {
        valid: true,
        failure: None,
        claim: Some(claim(report)),
        lower: lower.map(|side| side.to_string()),
        upper: upper.map(|side| side.to_string()),
        version: Some(report.version.clone()),
        constraints: Some(report.constraints),
        solutions: Some(report.solutions.len()),
        derivations: Some(report.derivations),
    }
}

//! VIPR certificates: which proofs are accepted, one lie a precondition that is not, and mutants of valid proofs.

mod budget;
mod mutants;
mod proofs;
mod rejects;
mod soundness;

use checker::certificate::{Claim, Report, check};
use checker::{Error, Format, Model, Source};

fn run(model: &str, certificate: &str) -> Result<Report, Error> {
    let model = Model::read(Source::new("model.lp", model.as_bytes()), Format::Lp).unwrap();
    check(&model, Source::new("proof.vipr", certificate.as_bytes()))
}

/// A claim as `lower upper`, `none` for an open side.
fn shown(claim: &Claim) -> String {
    let side = |side: &Option<checker::Rational>| side.as_ref().map_or("none".to_owned(), ToString::to_string);
    match claim {
        Claim::Infeasible => "infeasible".to_owned(),
        Claim::Unbounded => "unbounded".to_owned(),
        Claim::Range { lower, upper } => format!("{} {}", side(lower), side(upper)),
    }
}

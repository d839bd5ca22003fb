//! VIPR certificates, versions 1.0 and 1.1, checked against the model they speak of.
//!
//! Entry point: [`check`]. The format is that of Cheung, Gleixner and Steffy, *Verifying Integer Programming Results*,
//! IPCO 2017, as specified in `cert_spec_v1_1.md` of the VIPR project. This checker is strict:
//! * the model has no semi-continuous columns, special ordered sets or indicators, for which a certificate has no lines;
//! * CON must hold every row and every finite bound of the model file once and nothing else, as must VAR, INT and OBJ;
//! * solutions are checked against the model, not only against CON;
//! * a derivation must follow by its rule with every precondition met; incomplete derivations (`weak`, `incomplete`) are
//!   refused; a constraint that the certificate released is gone;
//! * rounding needs whole coefficients on integer variables alone; the two sides of `uns` must be whole, too;
//! * `sol` says something about points *better than a known one* only. What rests on it carries that cutoff, so it never
//!   proves infeasibility, nor a bound beyond the cutoff;
//! * the last derivation must prove the claim without assumptions.
//!
//! One claim goes beyond VIPR 1.1: `RTP unbounded`, with a point in SOL and a ray in RAY instead of derivations (module `ray`).
//!
//! Words stand between blanks; a word that starts with `%` begins a comment to the end of its line. Memory holds the
//! model and the constraints that were not yet released.

mod assumptions;
mod combination;
mod constraint;
mod derivation;
mod forms;
mod ray;
mod report;
mod sections;
mod words;

use crate::{Error, Model, Source};
use words::Words;

pub use report::{Claim, Report, Solution};

/// Checks a certificate against its model. Cost: about that of one exact linear combination a step.
///
/// # Errors
/// [`Error::Refuted`] at the first step that does not hold, [`Error::Malformed`] where the file breaks its format.
pub fn check(model: &Model, certificate: Source<'_>) -> Result<Report, Error> {
    let mut words = Words::new(certificate);
    if let Some(what) = model.special() {
        return Err(words.refuted(format!("the model goes beyond what a certificate can tell again: {what}")));
    }
    let header = sections::read(&mut words, model)?;
    derivation::check(&mut words, model, header)
}

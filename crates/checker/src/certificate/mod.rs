//! VIPR certificates, versions 1.0 and 1.1, checked against the model they speak of.
//!
//! Entry point: [`check`]. The format is that of Cheung, Gleixner and Steffy, *Verifying Integer Programming Results*,
//! IPCO 2017, as specified in `cert_spec_v1_1.md` of the VIPR project. This checker is strict:
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
mod ray;
mod sections;
mod words;

use crate::number::Rational;
use crate::{Error, Model, Source};
use words::Words;

/// What a certificate claims and, once checked, proves.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// No point satisfies the model.
    Infeasible,
    /// A point satisfies the model, and from it the objective improves without end. No claim of VIPR 1.1.
    Unbounded,
    /// The optimum, without the constant of the objective, lies in [lower, upper]; `None` is infinite, and nothing is
    /// proven on that side.
    Range {
        /// Proven lower bound.
        lower: Option<Rational>,
        /// Proven upper bound.
        upper: Option<Rational>,
    },
}

/// A solution of the certificate that satisfies the model exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Its name.
    pub name: String,
    /// Its objective, without the constant.
    pub objective: Rational,
}

/// What was checked, all of it successfully.
#[derive(Clone, Debug)]
pub struct Report {
    /// Version of the format that the file declares, `1.0` or `1.1`.
    pub version: String,
    /// The claim, now proven.
    pub claim: Claim,
    /// Constant of the model's objective, to be added to the bounds of the claim.
    pub offset: Rational,
    /// Lines of CON.
    pub constraints: usize,
    /// The solutions.
    pub solutions: Vec<Solution>,
    /// Steps of DER.
    pub derivations: usize,
    /// The most constraints (CON and DER) that were in memory at once.
    pub most_alive: usize,
}

/// Checks a certificate against its model. Cost: about that of one exact linear combination a step.
///
/// # Errors
/// [`Error::Refuted`] at the first step that does not hold, [`Error::Malformed`] where the file breaks its format.
pub fn check(model: &Model, certificate: Source<'_>) -> Result<Report, Error> {
    let mut words = Words::new(certificate);
    let header = sections::read(&mut words, model)?;
    derivation::check(&mut words, model, header)
}

//! What a certificate claims, and what was checked of it.

use crate::number::Rational;

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

//! Pseudo-Boolean proofs: a formula in OPB and a proof in a part of the VeriPB 3 format.
//!
//! Entry point: [`check`]. Formula and proof are what `docs/certificate-format.md` says. The rules are those of Gocht and
//! Nordström, *Certifying Parity Reasoning Efficiently Using Pseudo-Boolean Proofs*, AAAI 2021, and Bogaerts, Gocht,
//! McCreesh and Nordström, *Certified Dominance and Symmetry Breaking for Combinatorial Optimisation*, JAIR 2023; of
//! these `f`, `rup`, `pol`, `red` (without subproofs), `sol`, `soli`, `del`, `output NONE`, `conclusion`.
//!
//! Why accepted bounds are true: call U the least value of a logged solution. After every step, if the formula has a
//! solution of value v < U, then the live constraints have one of value at most v. Implied constraints and deletions
//! keep that, `red` maps one such solution to another, `sol` and `soli` lower U. So if the live constraints imply
//! objective >= b, and b <= U, the formula has no solution below b.

mod assignment;
mod conclusion;
mod constraint;
mod formula;
mod hints;
mod index;
mod names;
mod objective;
mod polish;
mod problem;
mod propagation;
mod report;
mod row;
mod run;
mod steps;
mod strengthening;
mod tokens;

use crate::{Error, Source};

pub(crate) use constraint::{Lit, Sum, Var};
pub(crate) use formula::{Reader, Row};
pub(crate) use names::Names;
pub(crate) use problem::Problem;
pub use report::{Conclusion, Report};

/// Checks a proof against its formula. Cost: about that of the unit propagation of a solver that learned the same
/// constraints.
///
/// # Errors
/// [`Error::Refuted`] at the first step that does not hold, [`Error::Malformed`] where a file breaks its format.
pub fn check(formula: Source<'_>, proof: Source<'_>) -> Result<Report, Error> {
    check_from(Problem::read(formula)?, proof)
}

/// Checks a proof against a formula that was read.
pub(crate) fn check_from(problem: Problem, proof: Source<'_>) -> Result<Report, Error> {
    run::Run::new(problem, proof).check()
}

//! Arithmetic that more than one engine needs, and that has to be right: whole numbers without rounding, floats with
//! bounds on their errors, and the linear programs that are small enough for either.
//!
//! | wanted | module |
//! |---|---|
//! | the kernel of a matrix of whole numbers | [`bareiss`] |
//! | a sign or a positive solution that floats can vouch for | [`estimate`], [`interval`], [`inverse`] |
//! | are these bounds on linear forms compatible, again and again with other bounds | [`Tableau`] (a guess) |
//! | a linear program in rationals | [`RationalLp`] |
//! | common denominators and divisors | [`whole`] |
//! | a rational from a text that somebody may have changed | [`fraction`] |
//!
//! Nothing here knows of models, networks or files. What floats say is either a guess (and named so) or holds whatever was
//! rounded. Work that may take long asks a [`budget::Stop`].
//!
//! ```
//! use numerics::Estimate;
//!
//! // Floats say that this is more than 0; with the bound on their errors they say that they do not know.
//! assert!(0.1 + 0.2 - 0.3 > 0.0);
//! let sum = Estimate::rounded(0.1).plus(Estimate::rounded(0.2)).plus(Estimate::rounded(-0.3));
//! assert_eq!(sum.sign(), None);
//! ```

pub mod bareiss;
pub mod estimate;
mod fraction;
pub mod interval;
pub mod inverse;
pub mod rational_lp;
pub mod tableau;
pub mod tolerances;
pub mod whole;

pub use estimate::Estimate;
pub use fraction::fraction;
pub use interval::Interval;
pub use rational_lp::{RationalLp, Solution};
pub use tableau::Tableau;

/// An exact rational: every finite `f64` is one.
pub type Rational = dashu::rational::RBig;

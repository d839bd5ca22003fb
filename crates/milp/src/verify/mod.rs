//! What may be said: from the end of a simplex or a search to claims that are true of the model as it is written.
//!
//! The data of a model count as the decimals that its floats stand for. A claim rests on one of three grounds
//! ([`crate::Verified`]): rational arithmetic, floats with every rounding error bounded, or (for points alone, and rows with
//! continuous columns alone) a tolerance. Floats go first; rationals decide where they leave a doubt, as far as a [`crate::exact_lp::Meter`] of
//! work and time allows; what is left undecided ends as [`crate::Status::Unresolved`].
//!
//! * [`linear`]: the claims of linear programs;
//! * [`duals`]: duals corrected so that they prove a bound beside columns without bounds, with [`system`];
//! * [`crate::relaxation`]: the relaxation of a model in floats and in rationals;
//! * [`implied`]: bounds for columns without any, on which safe dual bounds lean;
//! * [`units`]: the objective without constants that hide differences, and back;
//! * [`crate::check`]: whether a point counts.
//!
//! References: Neumaier, Shcherbina, *Safe bounds in linear and mixed-integer linear programming*, Math. Programming 99 (2004);
//! Cook, Koch, Steffy, Wolter, *A hybrid branch-and-bound approach for exact rational mixed-integer programming*, Math.
//! Programming Computation 5 (2013).

mod duals;
mod implied;
mod linear;
mod system;
mod units;

pub(crate) use implied::implied_bounds;
pub(crate) use linear::settle;
pub(crate) use units::Units;

//! What search and proofs both speak of: the box of a node with the reasons of its bounds, and rows from multipliers.
//!
//! * [`domain`]: bounds of the columns, with a log that takes changes back and says why each holds;
//! * [`row_proof`]: multipliers that floating point found, and the exact row that a certificate makes of them;
//! * [`congruence`]: combinations of rows that are whole at some columns.
//!
//! Whoever edits: a change is set only if it is news, so that bounds only ever shrink until they are taken back; the log holds
//! changes in the order of their deduction, and nothing in it refers forwards.

mod congruence;
mod domain;
mod row_proof;
mod side;

pub(crate) use congruence::Congruence;
pub(crate) use domain::{BoundChange, Domain, Path, Reason};
pub(crate) use row_proof::{Inequality, LEVELS, Multipliers, Origin, RowProof};
pub(crate) use side::Side;

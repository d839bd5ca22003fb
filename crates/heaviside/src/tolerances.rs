//! Every floating-point constant this crate decides by, with its unit and why it has this value.

/// Differences up to this, relative to the bound (from 1 on), are what floats make of the same bound.
pub(crate) const SAME_BOUND: f64 = 1e-6;

/// How far below the nearest float, relative to it (from 1 on), a bound that need not be whole is claimed, so that it is not
/// above the exact one.
pub(crate) const BELOW: f64 = 1e-12;

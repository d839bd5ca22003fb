//! Every floating-point constant this crate decides by, with its unit and why it has this value.

/// Relative error allowed per operation in the forward error bound of [`crate::exact`]: twice the unit roundoff
/// u = 2^-53 of round-to-nearest, so that the rounding of the bound itself is covered (Higham 2002, section 3.1).
pub const RELATIVE_PER_OPERATION: f64 = f64::EPSILON;

/// Operations charged beside one a term: two to scale a feature, one product, and slack for evaluating the bound.
pub const EXTRA_OPERATIONS: f64 = 8.0;

/// Absolute error allowed per term, times (1 + |w|): an underflow errs by at most 2^-1075; the smallest normal number
/// 2^-1022 is far above, and keeps the bound itself out of the subnormal range.
pub const UNDERFLOW_PER_TERM: f64 = f64::MIN_POSITIVE;

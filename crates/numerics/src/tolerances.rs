//! Every floating-point constant of the crate, with its unit and reason.

/// Relative error allowed per operation in forward error bounds ([`crate::estimate`]): twice the unit roundoff
/// u = 2^-53 of round-to-nearest, so that the rounding of the bound itself is covered (Higham 2002, section 3.1).
pub const RELATIVE_PER_OPERATION: f64 = f64::EPSILON;

/// Operations charged beside one a term: two to scale an input, one product, and slack for evaluating the bound.
pub const EXTRA_OPERATIONS: f64 = 8.0;

/// Absolute error allowed per term, times (1 + |w|): an underflow errs by at most 2^-1075; the smallest normal number
/// 2^-1022 is far above, and keeps the bound itself out of the subnormal range.
pub const UNDERFLOW_PER_TERM: f64 = f64::MIN_POSITIVE;

/// A pivot up to this counts as zero when a matrix is inverted in floats: entries are of the order of 1.
pub const SINGULAR: f64 = 1e-9;

/// Tableau entries up to this are taken for zero. Larger than the rounding noise of some hundred pivots, smaller than any
/// ratio a well-posed conflict leans on. Unit: ratio of linear forms of the order of 1.
pub const TABLEAU_PIVOT: f64 = 1e-9;

/// Pivots after which a tableau is computed afresh from the data. Dense updates lose about one unit in the last place
/// each.
pub const TABLEAU_REFRESH: u64 = 4000;

/// Pivots in one check, given as a multiple of the number of columns, after which the leaving and entering variables are
/// chosen by least index, which cannot cycle (Bland 1977).
pub const TABLEAU_BLAND_AFTER: usize = 8;

/// Pivots in one check, given as a multiple of rows and columns, after which rounding is taken to be cycling.
pub const TABLEAU_PIVOT_LIMIT: usize = 50;

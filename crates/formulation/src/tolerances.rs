//! Every floating-point constant this crate decides by, with its unit and why it has this value.

/// The share of epsilon that the solver's tolerances may move a pre-activation by, all leaks together. A tenth keeps a
/// resting neuron at 0.9 epsilon from firing, far more than the rounding of a forward pass.
pub const LEAK_SHARE: f64 = 0.1;

/// Up to this many points the big-M of a point is its exact distance to the farthest other point (quadratic cost,
/// under a second); beyond, the distance to the farthest corner of the data's box.
pub const PAIRWISE_POINTS: usize = 4096;

/// By how much a formulation for training widens its rows and bounds, relative to 1 + B X + r (see
/// `bounds`), and once more for every thousand features. Coordinates and big-M are off by a few roundings
/// each, 2^-53 relative, n of them in a sum: a factor of a thousand below. The solver's own tolerance is a thousand times
/// larger.
pub const OUTWARD: f64 = 1e-12;

/// Points whose activations order the hidden neurons lexicographically. Coefficients are powers of 2 up to
/// 2^(this - 1), so an integrality tolerance t weighs at most 2^this t in such a row.
pub const ORDER_POINTS: usize = 10;

/// The delta of a program for the least weights, as a share of epsilon: without, firing and resting points would stand
/// exactly epsilon apart and rounding the weights would lose some. It raises the l1 term by twice this share.
pub const LEAST_WEIGHTS_SPARE: f64 = 1e-8;

/// Absolute gap at which a search with a whole-numbered objective may end: any bound above the objective less 1 proves
/// it; the rest covers the rounding of the bound. In rows lost.
pub const WHOLE_GAP: f64 = 0.999;

/// The largest share of the margin that a function of the output could keep which the margin asked for may be. A half leaves no doubt that it
/// keeps it, in floats as well.
pub const MARGIN_SHARE: f64 = 0.5;

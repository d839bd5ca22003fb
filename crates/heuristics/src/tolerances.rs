//! Every floating-point constant this crate decides by, with its unit and why it has this value.
//!
//! None of them decides a result: networks are recounted exactly, these only make it likely that floats guess right.

/// Weights of later layers are multiples of this: sums of up to 2^30 of them are exact in floats, so that activations
/// over 0/1 inputs never drift however often they are updated. Relative to the largest weight, 1.
pub const WEIGHT_GRID: f64 = 1.0 / (1_u64 << 20) as f64;

/// The shortest stretch of a line a neuron may stop in, as a share of |w| / |v| (1-norms, inputs within [-1, 1]): far
/// above the rounding of a pre-activation, about n times 1e-16, so that the point count there is the true one.
pub const SHORTEST_STRETCH: f64 = 1e-9;

/// Crossings farther than this along a line (in units of |w| / |v|) count as none: slopes that are rounding noise.
pub const FARTHEST_CROSSING: f64 = 1e12;

/// The narrowest gap between two pre-activations (beyond margin and reach) a threshold is put into, as a share of
/// the sum of |w| (inputs within [-1, 1] or so): as for [`SHORTEST_STRETCH`].
pub const NARROWEST_GAP: f64 = 1e-9;

/// Moves along lines after which activations are computed afresh: each adds a rounding or two, some 1e-16 of the largest one.
pub const REFRESH: u32 = 64;

/// Ridge added to covariances, as a share of their mean diagonal, so that constant or collinear features do no harm.
pub const RIDGE: f64 = 1e-6;

/// A vector whose part outside the span of others is at most this share of it lies in the span: above what rounding
/// leaves of a dependent one, some 1e-15 a vector.
pub const INDEPENDENT: f64 = 1e-9;

/// Margins are kept with this factor to spare when weights are scaled down: above the rounding of a few products.
pub const SPARE_MARGIN: f64 = 1.0 + 1e-9;

/// Pre-activations are enlarged by less than this (2^20) where a walk learns on: beyond, the neuron does nothing but for noise.
pub const LARGEST_FACTOR: f32 = 1_048_576.0;

/// Weights in scaled features that are small: a feature whose weights are smaller in all is given up about as readily as one without
/// any, and so none of those has to go first.
pub const SMALL_WEIGHT: f64 = 1e-3;

/// Added to the root of the mean squared gradient, so that weights without a gradient stay where they are: the value of
/// Adam's authors, far below the gradients that matter (about 1e-3 and more in units of the loss a row).
pub const ADAM_SMALL: f32 = 1e-8;

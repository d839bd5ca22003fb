//! Every floating-point constant this crate decides by, with its unit and why it has this value.

/// The margin of a model whose problem names none, where features range over 1 or more (the paper's value, and that of
/// most published runs on data scaled to [0, 1]); times the widest feature's range below 1. In scaled units.
pub const DEFAULT_EPSILON: f64 = 1e-4;

/// How far inside its half-space a guessed point of a ball shall lie, relative to |a| + r ||w||_1 of the neuron: well
/// above the rounding of a few hundred pivots, far below what separates cells that matter. Scaled units. A guess that
/// is wrong at this scale costs a decision in rationals, never a wrong verdict.
pub const BALL_SLACK: f64 = 1e-9;

/// How far below an objective a bound may be and still prove it, as a share of the objective: solvers' bounds carry their rounding where
/// weights have a price, rows are widened by what data are rounded by (some 1e-12 of a margin of 1e-4, several times), and the least weights are
/// found up to 1e-8. Of losses, which are whole, it is never more than [`HALF_A_UNIT`].
pub const BOUND_ACCURACY: f64 = 1e-6;

/// How far below a whole loss a bound may be and still prove it, in units: half of what is between two losses.
pub const HALF_A_UNIT: f64 = 0.5;

/// What the rounding of a bound on a loss may be, in units lost: far below the 1 that separates two losses.
pub const WHOLE_ACCURACY: f64 = 1e-6;

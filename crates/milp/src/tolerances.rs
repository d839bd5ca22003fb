//! The numerical contract: every tolerance of the crate, with its unit and reason.

use std::time::Duration;

/// Primal feasibility of rows and bounds, absolute, in the units of the model (the default of most solvers is 1e-6; big-M rows with
/// a small epsilon need it tighter); for points that are claimed, of rows whose coefficients are below 1, that share of the largest.
pub const FEASIBILITY: f64 = 1e-9;

/// Distance of an integer variable from the nearest whole number.
pub const INTEGRALITY: f64 = 1e-9;

/// Bounds of columns in model files from this magnitude on mean "none" (the convention of CPLEX, HiGHS, SCIP and Gurobi; files write
/// 1e20 or 1e30 for infinity). Sides of rows mean what they say.
pub const INFINITE_BOUND: f64 = 1e20;

// --- LU factors of a basis (entries of the scaled matrix, around 1 in size) ---

/// An entry below this is no pivot: the column counts as dependent (absolute, scaled).
pub(crate) const LU_PIVOT_ABSOLUTE: f64 = 1e-10;

/// Threshold pivoting: least share of the largest entry of its active column that a pivot must have.
pub(crate) const LU_PIVOT_RELATIVE: f64 = 0.1;

/// The threshold after numerical trouble.
pub(crate) const LU_PIVOT_RELATIVE_TIGHT: f64 = 0.5;

/// Rows and columns the Markowitz search looks at before it takes the best pivot seen.
pub(crate) const LU_SEARCH_LISTS: usize = 4;

/// Entries below this, made by cancellation, are taken for zero (absolute, scaled).
pub(crate) const LU_DROP: f64 = 1e-14;

/// Share of listed entries up to which a triangular solve first searches for the entries it will touch.
pub(crate) const LU_HYPER_SPARSE: f64 = 0.05;

/// Average share of non-zeros in the results of a triangular factor up to which that search pays.
pub(crate) const LU_HYPER_SPARSE_RESULT: f64 = 0.1;

/// Weight of the newest result in that average.
pub(crate) const LU_DENSITY_MEMORY: f64 = 0.05;

/// A diagonal of U below this after an update calls for a new factorisation (absolute, scaled).
pub(crate) const LU_UPDATE_PIVOT: f64 = 1e-11;

/// Relative disagreement of the two ways to compute the diagonal of an update that calls for a new factorisation.
pub(crate) const LU_UPDATE_ACCURACY: f64 = 1e-7;

/// Updates after which the basis is factored anew, whatever their size.
pub(crate) const LU_UPDATES: usize = 100;

// --- Scaling inside the simplex ---

/// A matrix whose non-zeros all lie in this range is not scaled (no unit).
pub(crate) const SCALING_GOOD_RANGE: (f64, f64) = (0.2, 5.0);

/// Passes of geometric scaling over rows and columns; the gain of further ones is slight.
pub(crate) const SCALING_PASSES: usize = 4;

/// Largest exponent of two of a scale factor.
pub(crate) const SCALING_EXPONENT: f64 = 20.0;

/// Scaled costs are brought below this by the unit of the objective.
pub(crate) const SCALING_LARGEST_COST: f64 = 256.0;

// --- Simplex ---

/// Reduced costs of the wrong sign up to this count as zero, in scaled units, where costs are around 1.
pub(crate) const DUAL_FEASIBILITY: f64 = 1e-9;

/// Range of the primal tolerance after division by a scale factor: below, floating point cannot tell; above, scaled
/// infeasibilities would spoil other rows.
pub(crate) const PRIMAL_TOLERANCE_SCALED: (f64, f64) = (1e-13, 1e-8);

/// Relative size of a value that rounding may make a violation of its bound (no unit).
pub(crate) const VALUE_ROUNDING: f64 = 1e-14;

/// Relative allowance for rounding when rows are checked on the unscaled problem: per unit of sum |a_ij x_j|.
pub(crate) const ROW_ROUNDING: f64 = 1e-13;

/// Factor (a power of two) on residuals before they are solved for, so that they stay clear of [`LU_DROP`].
pub(crate) const REFINE_SCALE: f64 = (1_u64 << 40) as f64;

/// Entries of a tableau row below this are taken for zero (scaled).
pub(crate) const PRICE_DROP: f64 = 1e-14;

/// Density of the row of the inverse up to which pricing goes by rows of A.
pub(crate) const PRICE_ROW_WISE: f64 = 0.25;

/// Entries of the tableau row up to this are no pivots of the dual simplex (scaled).
pub(crate) const DUAL_PIVOT: f64 = 1e-9;

/// Entries of the entering column up to this do not block in the primal simplex (scaled).
pub(crate) const PRIMAL_PIVOT: f64 = 1e-9;

/// A later group of breakpoints is taken in the bound-flipping ratio test if its pivot is at least this share of the
/// largest one (or of 1).
pub(crate) const FLIP_GROUP_PIVOT: f64 = 0.1;

/// A pivot whose two computations, by row and by column, differ by this share is refused.
pub(crate) const PIVOT_DISAGREEMENT: f64 = 1e-7;

/// A pivot of the entering column up to this is refused (scaled).
pub(crate) const PIVOT_WEAK: f64 = 1e-10;

/// A pivot below 1 may disagree by so many times more of its own size: it has lost as many digits.
pub(crate) const PIVOT_DISAGREEMENT_SMALL: f64 = 1e3;

/// Harris' ratio test looks no farther than so many times the last limit at once, so that groups of breakpoints stay small.
pub(crate) const RATIO_GROWTH: f64 = 10.0;

/// In the primal's first phase a later breakpoint is preferred unless its pivot is below this share of the largest one before it (of 1
/// at most): a small pivot costs digits.
pub(crate) const RATIO_PIVOT: f64 = 0.1;

/// Steepest-edge weights are kept above this in spite of cancellation in their updates.
pub(crate) const STEEPEST_EDGE_FLOOR: f64 = 1e-4;

/// Devex weights are reset when one exceeds this: the reference framework is worn out.
pub(crate) const DEVEX_RESET: f64 = 1e7;

/// Steps up to this count as degenerate (scaled).
pub(crate) const DEGENERATE_STEP: f64 = 1e-12;

/// Degenerate steps, at least, before costs or bounds are perturbed.
pub(crate) const STALL: usize = 20;

/// Iterations per variable (and per this many more) after which one run of a loop counts as cycling.
pub(crate) const RUN_AWAY: u64 = 100;

/// Relative size of cost perturbations, in units of 1 + |cost| (scaled).
pub(crate) const COST_PERTURBATION: f64 = 5e-7;

/// Relative size of bound perturbations, in units of 1 + |bound| (scaled).
pub(crate) const BOUND_PERTURBATION: f64 = 1e-7;

/// Refused pivots that one run of a loop survives.
pub(crate) const TROUBLES: usize = 10;

/// Rounds of dual and primal simplex until both feasibilities hold without perturbation.
pub(crate) const CLEAN_UP_ROUNDS: usize = 8;

/// Relative residue of a coefficient of a Farkas combination that counts as zero where its variable has no finite
/// bound (no unit).
pub(crate) const RESIDUE_OF_PROOF: f64 = 1e-9;

/// The same for reduced costs in a bound on the objective: they may be off by the dual tolerance in scaled units.
pub(crate) const RESIDUE_OF_DUALS: f64 = 1e-7;

/// Relative residue with which a ray may leave a bound or row (no unit).
pub(crate) const RAY_FEASIBILITY: f64 = 1e-9;

/// Whole numbers up to this are their own shortest decimals, and floats hold each of them (2^53).
pub(crate) const LARGEST_EXACT_WHOLE: f64 = (1_u64 << 53) as f64;

/// Whole numbers up to this are floats, and below it they have at most fifteen digits: no other decimal of so few digits has that float.
pub(crate) const LARGEST_SURE_WHOLE: f64 = 1e15;

/// The rounding error of a product above this is a float: far enough above the least normal number (2^-1022) for the error,
/// 53 bits further down, to be one.
pub(crate) const LEAST_EXACT_PRODUCT: f64 = 1e-280;

/// Share of the primal tolerance by which row sides are widened when a problem is infeasible by no more than it.
pub(crate) const RELAXED_SHARE: f64 = 0.875;

/// Shares by which all duals are made smaller where their bound is not proven: first one that costs the bound nothing that a gap of
/// 1e-9 would show.
pub(crate) const DUALS_SHRINK: [f64; 2] = [1e-12, 1e-10];

/// Weight of a row whose multiplier is zero, relative to others, where duals are corrected: small, so that columns that have met no
/// multiplier are not brought in doubt, and far above rounding.
pub(crate) const ZERO_DUAL_WEIGHT: f64 = 1e-6;

// --- Claims ---

/// Default gap of linear programs, relative to the part of the objective that varies (from the size of its largest coefficient,
/// at most 1, on).
pub(crate) const LP_GAP: f64 = 1e-9;

/// Share of its objective by which the violations of a point of floats may be worth moving it (each by its dual): points of which they
/// are worth more are no optima of the model as it is written.
pub(crate) const VIOLATIONS_EFFECT: f64 = 1e-6;

/// Work of rationals (see `exact_lp/meter.rs`) on the duals of a linear program from the start, and for each simplex iteration and
/// row.
pub(crate) const PROJECTION_WORK: u64 = 30_000;
pub(crate) const PROJECTION_WORK_SHARE: f64 = 0.02;

/// More equations than this that have neither a term nor an unknown of their own are left to the factors of the whole basis.
pub(crate) const PROJECTION_NUCLEUS: usize = 300;

/// Share of the sizes that add up to its reduced cost by which the cost of a column without a bound is shifted, so that duals keep
/// a distance from being infeasible; the dual tolerance (scaled) and the iterations of the simplex with such costs.
pub(crate) const COST_SHIFT: f64 = 1e-11;
pub(crate) const SHIFTED_DUAL_FEASIBILITY: f64 = 1e-13;
pub(crate) const SHIFTED_ITERATIONS: u64 = 200;

/// Work of rationals (see `exact_lp/meter.rs`) on a basis before its solution is lifted from one modulo a prime.
pub(crate) const WORK_BEFORE_LIFTING: u64 = 20_000;

/// Linear programs of this size (non-zeros, rows and columns) or less are solved in rationals at once.
pub(crate) const SMALL_PROGRAM: usize = 150;

/// Work of rationals (see `exact_lp/meter.rs`) up to which that is tried before floats are asked.
pub(crate) const SMALL_WORK: u64 = 200_000;

// --- Presolve ---

/// Magnitudes of the numbers other than zero that presolve writes: beyond, floats are no good for bounds and sides.
pub(crate) const PRESOLVE_NUMBERS: (f64, f64) = (1e-9, 1e12);

/// The same for coefficients, in units of what they stand beside or come from: others would spoil the scaling.
pub(crate) const PRESOLVE_RATIO: (f64, f64) = (1e-3, 1e3);

/// Bits that a number taken back may have beyond those of the reduced model, and bits of the objective's constant.
pub(crate) const PRESOLVE_BITS: usize = 4096;

/// Seconds beyond the end of a run for taking its exact point back; after that it is told in floats.
pub(crate) const POSTSOLVE_SECONDS: f64 = 0.1;

/// Relative difference up to which floats leave it open whether a reduction can be made: exact numbers are asked then.
pub(crate) const PRESOLVE_DOUBT: f64 = 1e-9;

// --- Branch and bound ---

/// Share of its range by which propagation must shrink the bounds of a continuous column for the change to count;
/// smaller steps may go on for ever without reaching their limit.
pub(crate) const CONTINUOUS_PROGRESS: f64 = 0.05;

/// The same share for continuous columns of which whole numbers leave less than the relaxation does, at most
/// [`SMALL_STEPS`] times a column: what is not said there is said nowhere.
pub(crate) const CONGRUENCE_PROGRESS: f64 = 5e-8;

/// Share of its range by which propagation must shrink the bounds of an integer column for the change to count as progress.
/// Two rows can chase a bound to the end of its range one by one; where it is 1e8 wide, that is no way to decide anything.
pub(crate) const INTEGER_PROGRESS: f64 = 0.05;

/// Smaller changes of a column (an integer one, or one that a congruence speaks of) that one call of propagation makes all the same: most chains are short.
pub(crate) const SMALL_STEPS: u8 = 16;

/// An integer column of more values than this is one that branching does not come to the end of.
pub(crate) const WIDE_RANGE: f64 = 1000.0;

/// Propagation makes no bounds beyond this magnitude (units of the column): they are implied, but useless and noisy.
pub(crate) const LARGEST_DEDUCED_BOUND: f64 = 1e12;

/// The gaps at which a search ends where none is asked for and the objective has no step: absolute, in units of the objective (of
/// its largest coefficient, if that is below 1), and relative to what varies of it.
pub(crate) const DEFAULT_ABSOLUTE_GAP: f64 = 1e-6;
pub(crate) const DEFAULT_RELATIVE_GAP: f64 = 1e-9;

/// Relative size of an objective within which the bounds of floats leave a doubt: rationals are asked where the gap asked for is
/// smaller.
pub(crate) const OBJECTIVE_DOUBT: f64 = 1e-9;

/// Relative to the magnitudes of its terms: how far an objective in floats may be off. A point that is no better than the best one
/// by less than this is compared exactly, where no gap makes up for it.
pub(crate) const OBJECTIVE_ROUNDING: f64 = 4.0 * f64::EPSILON;

/// Whole numbers below this have halves between them that are floats (2^52): beyond, nothing is branched on.
pub(crate) const LARGEST_SPLIT: f64 = (1_u64 << 52) as f64;

/// Whole numbers up to this are floats, and so are their neighbours: beyond, points are known in rationals alone.
pub(crate) const LARGEST_WHOLE: f64 = (1_u64 << 53) as f64;

/// A certificate's bound may fall short of the search's by this share of it: its multipliers are rounded to few bits.
pub(crate) const CERTIFIED_SHORTFALL: f64 = 1e-9;

/// Entries, rows and columns of the models of all searches that share a tree, at most: each keeps some hundred bytes for one of them.
pub(crate) const LARGEST_SHARED: usize = 4_000_000;

/// So many nodes, beside as many as the search has processed, may be split when it has ended because a certificate's bound falls short:
/// plenty for small models, and columns without bounds do not go on for ever.
pub(crate) const CLOSING_SPLITS: u64 = 1000;

/// Work of rationals (see `exact_lp/meter.rs`) allowed in a search from the start, for each simplex iteration and row, and at one
/// node or completion.
pub(crate) const EXACT_WORK: u64 = 3_000_000;
pub(crate) const EXACT_WORK_SHARE: f64 = 0.02;
pub(crate) const EXACT_WORK_ONCE: u64 = 1_000_000;

/// An objective of which one unit of the dearest column makes so many steps has no step that floats see: rounding hides one of
/// 2^50 (4 units in the last place, which a quotient of floats may be off by), and no bound is ever rounded up.
pub(crate) const MOST_STEPS_OF_A_COST: u64 = 1 << 50;

/// Share of the objective step (see `mip/objective.rs`) that is forgiven when a bound is rounded up to a multiple.
pub(crate) const STEP_ROUNDING: f64 = 1e-6;

/// Reduced costs below this (units of the objective per unit of the column) fix nothing.
pub(crate) const REDUCED_COST_FIXING: f64 = 1e-7;

/// Gains of branching (units of the objective) are taken for at least this, so that the product of two is never lost.
pub(crate) const LEAST_GAIN: f64 = 1e-6;

/// Share of the sizes that cancelled in it below which a coefficient of a learned row is taken out of the row.
pub(crate) const LEARNED_COEFFICIENT: f64 = 1e-9;

/// A learned row (largest coefficient 1) must be violated by more than this at the node that taught it.
pub(crate) const LEARNED_VIOLATION: f64 = 1e-6;

/// Least time to bound what is open when a limit ended a certified run, and all there is after an interrupt: enough for small models,
/// and too short to annoy.
pub(crate) const LEAST_CLOSING: Duration = Duration::from_millis(100);

/// The share of a limit of time that is kept back from the root of a certified run, for what follows: nothing is known yet of how long
/// that takes.
pub(crate) const ROOT_CLOSING_SHARE: f64 = 0.25;

/// The largest share of a limit of time that a certified search leaves to closing and writing: beyond, bounds one by one cost more
/// than they are worth.
pub(crate) const MOST_CLOSING_SHARE: f64 = 0.5;

/// Seconds a byte of derivations takes to be assembled, and to be read by a checker.
pub(crate) const SECONDS_A_BYTE: f64 = 1e-7;

// --- Cuts (what a cut may be is exact; these decide which ones are wanted) ---

/// Right sides nearer to a whole number than this are not rounded: the cut would have coefficients a hundred times as large.
pub(crate) const CUT_FRACTION: f64 = 0.01;

/// Ratio of a cut's largest coefficient to its least one: what is less leaves at a bound, since the simplex could not tell it from rounding.
pub(crate) const CUT_RANGE: f64 = 1e6;

/// Relative distance of a coefficient from a whole number up to which it is made whole, at the cost of the right side.
pub(crate) const CUT_WHOLE_ERROR: f64 = 1e-9;

/// The largest whole coefficient that a cut is multiplied to have.
pub(crate) const CUT_LARGEST_WHOLE: f64 = 1e6;

/// Distance from a bound below which a variable stands at it (units of the variable).
pub(crate) const CUT_SLACK: f64 = 1e-6;

/// Multipliers of a tableau row below this share of the largest are left out: mostly they are what rounding left of zero.
pub(crate) const CUT_MULTIPLIER: f64 = 1e-11;

/// Bound on the rounding error of a sum of `terms` products whose magnitudes add up to `sum` (Higham, *Accuracy and
/// Stability of Numerical Algorithms*, 2002, eq. 3.5, doubled for the update of single terms).
pub(crate) fn rounding_margin(terms: usize, sum: f64) -> f64 {
    2.0 * (terms + 2) as f64 * f64::EPSILON * sum
}

/// By how much, relative to it, rounding to the nearest float may move an objective or a bound that a certificate is held against, to
/// either side.
pub const CLAIM_ROUNDING: f64 = 2.0 * f64::EPSILON;

/// Differences up to this, relative to the bound (from 1 on), between what a certificate proves and what the run says are what floats
/// make of the same bound.
pub const SAME_BOUND: f64 = 1e-6;

/// The same where the run knows its bound exactly: two roundings to the nearest float.
pub const SAME_EXACT_BOUND: f64 = 2.0 * f64::EPSILON;

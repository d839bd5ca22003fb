//! The numerical contract: every tolerance of the crate, with its unit and reason.
//!
//! No claim rests on them: floats only guess, and every core, lemma and network is confirmed in exact arithmetic.

/// One neuron: a reduced cost of the alternative polyhedron's simplex below minus this enters; float coordinates lie in
/// [-1, 1] and the multipliers sum to about 1.
pub const NEURON_REDUCED_COST: f64 = 1e-9;

/// One neuron: least absolute pivot of the alternative polyhedron's simplex.
pub const NEURON_PIVOT: f64 = 1e-9;

/// One neuron: pivots between two fresh inversions of the basis of the alternative polyhedron, at least; as many as there are points in it.
pub const NEURON_REFRESH: usize = 64;

/// One neuron: pivots without progress, for each row, after which the smallest index rule (Bland) takes over. It cannot cycle, but it is
/// slow, and driving the artificial columns out makes no progress in all but one row.
pub const NEURON_STALL: usize = 8;

/// One neuron: pivots in one phase of the alternative polyhedron, and more for each row, after which rounding is taken to be cycling; ten
/// times as many where all begins anew.
pub const NEURON_PIVOTS: (u64, u64) = (200, 20);

/// One neuron: the same for the widest margin, of which there is one in a run.
pub const NEURON_MARGIN_PIVOTS: (u64, u64) = (1000, 50);

/// One neuron: a multiplier up to this counts as zero (the exact kernel has the last word).
pub const NEURON_MULTIPLIER: f64 = 1e-10;

/// One neuron: a multiplier below minus this is negative beyond rounding.
pub const NEURON_LEVEL: f64 = 1e-8;

/// One neuron: least perturbation of a basic multiplier in phase 1; small beside 1 / (dim + 1), large beside rounding.
pub const NEURON_LIFT: f64 = 1e-6;

/// One neuron: an activation up to this (weights scaled to absolute maximum 1) leaves the point's side open to rounding.
pub const NEURON_SIDE: f64 = 1e-9;

/// A basic variable counts as violated when it is outside its bound by more than this. Unit: activations, which are
/// asserted at distance 1 from each other; data columns are scaled to magnitude 1.
pub const FEASIBILITY: f64 = 1e-8;

/// Halvings in the search for the least box on the weights that still separates a neuron's pattern. Unit: steps.
pub const MARGIN_STEPS: usize = 24;

/// Largest and smallest extra margin tried when weights are chosen in margin semantics. Unit: activations.
pub const EXTRA_MARGIN: (f64, f64) = (1.0, 1e-14);

/// Work of one exact simplex during the search after which a guess of the floats counts as unconfirmed, which costs search but no
/// correctness. Unit: products of 64-bit words; some tenths of a second. Numbers of few digits never get there.
pub const EXACT_WORK: u64 = 1 << 27;

/// Program of cores: a value outside its bounds or a clause violated by more than this is infeasible.
pub const COVER_FEASIBILITY: f64 = 1e-7;

/// Program of cores: a slope up to this does not bound the dual ratio test.
pub const COVER_PIVOT: f64 = 1e-7;

/// Program of cores: a reduced cost within this of zero has no sign.
pub const COVER_REDUCED_COST: f64 = 1e-9;

/// Program of cores: a tight clause off by more than this, or a dual that much below zero, asks for a fresh inverse.
pub const COVER_RESIDUAL: f64 = 1e-6;

/// Program of cores: share of a cost by which it is raised at most, so that no two are equal.
pub const COVER_PERTURBATION: f64 = 1e-6;

/// Program of cores: by how much the program's value passes the last cost of interest before a node is taken to be closed, absolute, and
/// as a share of that cost: what perturbation and rounded duals can take away.
pub const COVER_CUTOFF: (f64, f64) = (1e-3, 2e-6);

/// Program of cores: pivots between two fresh inversions.
pub const COVER_REFRESH: usize = 100;

/// Program of cores: pivots of one solve at most, for each row and column; beyond, it counts as cycling.
pub const COVER_PIVOTS: usize = 4;

/// Program of cores: a row with more slack than this is not tight.
pub const COVER_SLACK: f64 = 0.01;

/// Program of cores: a new core must be violated by this much, which is far above the rounding of its sum.
pub const COVER_VIOLATED: f64 = 1e-3;

/// Program of cores: cost of a free point beyond its value, where cores are looked for, so that none is free of charge.
pub const COVER_LEAST_COST: f64 = 1e-4;

/// Program of cores: least change of a value that a pseudo-cost is divided by, and least gain in a score, so that no quotient is noise and no
/// product of two gains is lost.
pub const COVER_LEAST_CHANGE: f64 = 0.1;
/// See [`COVER_LEAST_CHANGE`].
pub const COVER_LEAST_SCORE: f64 = 0.02;

/// Dual tree: entries of a system of equations up to this count as 0; coordinates are of the order of 1. What is found is looked at exactly.
pub const CONE_ZERO: f64 = 1e-9;

/// Dual tree: pivots for each row and column of such a system, beyond which nothing is found.
pub const CONE_PIVOTS: usize = 4;

/// Scales tried where a neuron may be scaled and its weights have to be floats, in sixteenths: each rounds other digits.
pub const ROUNDED_SCALES: std::ops::RangeInclusive<i32> = 9..=16;

/// Weights that are then rounded both ways in all combinations: with one scale alone, and with several.
pub const ROUNDED_CORNERS: (u32, u32) = (6, 2);

/// Program of cores: a value within this of 0 or 1 is whole.
pub const COVER_INTEGRAL: f64 = 1e-6;

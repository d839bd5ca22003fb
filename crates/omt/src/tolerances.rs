//! The numerical contract: every tolerance of the crate, with its unit and reason.
//!
//! No claim rests on them: floats only guess, and every core, lemma and network is confirmed in exact arithmetic.

/// One neuron: a reduced cost of the alternative polyhedron's simplex below minus this enters; float coordinates lie in
/// [-1, 1] and the multipliers sum to about 1.
pub const NEURON_REDUCED_COST: f64 = 1e-9;

/// One neuron: least absolute pivot of the alternative polyhedron's simplex.
pub const NEURON_PIVOT: f64 = 1e-9;

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

/// Program of cores: a value within this of 0 or 1 is whole.
pub const COVER_INTEGRAL: f64 = 1e-6;

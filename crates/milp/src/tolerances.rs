//! The numerical contract: every tolerance of the crate, with its unit and reason.

/// Primal feasibility of rows and bounds, absolute, in the units of the model (the default of most solvers is 1e-6;
/// big-M rows with a small epsilon need it tighter).
pub const FEASIBILITY: f64 = 1e-9;

/// Distance of an integer variable from the nearest whole number.
pub const INTEGRALITY: f64 = 1e-9;

/// Bounds and row sides of model files from this magnitude on mean "none" (the convention of CPLEX, HiGHS and Gurobi;
/// files write 1e20 or 1e30 for infinity).
pub const INFINITE_BOUND: f64 = 1e20;

//! Where a step along an edge changes: the entries of the ratio tests.

use super::basis::VarStatus;

/// A non-basic variable whose reduced cost reaches zero along the dual ray.
#[derive(Clone, Copy, Debug)]
pub(super) struct DualBreakpoint {
    pub var: usize,
    /// Rate at which its reduced cost shrinks, positive.
    pub rate: f64,
    /// Its reduced cost in the direction that is feasible, at least minus the tolerance.
    pub cost: f64,
    /// `cost / rate`.
    pub ratio: f64,
}

/// A basic variable that reaches a bound at `step` when the entering variable moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct PrimalBreakpoint {
    pub position: u32,
    pub to: VarStatus,
    pub step: f64,
    pub rate: f64,
}

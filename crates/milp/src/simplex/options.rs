//! What a user of the simplex method may set.

/// What a user may set.
#[derive(Clone, Debug)]
pub struct SimplexOptions {
    /// Largest violation of a bound or row side, absolute, in the units of the model (plus a rounding allowance
    /// proportional to the terms of the row).
    pub primal_tolerance: f64,
    /// Largest reduced cost of the wrong sign, in scaled units, where costs are around 1.
    pub dual_tolerance: f64,
    /// Whether to scale rows and columns.
    pub scale: bool,
    /// Seed of the amounts by which costs and bounds are moved against degeneracy.
    pub seed: u64,
}

impl Default for SimplexOptions {
    fn default() -> Self {
        Self {
            primal_tolerance: crate::tolerances::FEASIBILITY,
            dual_tolerance: crate::tolerances::DUAL_FEASIBILITY,
            scale: true,
            seed: 0,
        }
    }
}

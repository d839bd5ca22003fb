//! Multipliers that floating point found for the rows, and room for the exact row that a certificate makes of them.

use std::sync::{Arc, OnceLock};

use dashu::integer::IBig;
use dashu::rational::RBig;

/// Precisions in which multipliers are made exact, see [`crate::proof`].
pub(crate) const LEVELS: usize = 3;

/// Multipliers that floating point found for the rows, and what they prove: a row that holds at all points (better than the
/// cutoff if the objective takes part). It is made exact when a certificate first needs it.
#[derive(Debug)]
pub(crate) struct RowProof {
    /// (row, multiplier), non-zeros.
    pub multipliers: Vec<(u32, f64)>,
    /// Whether `-cost'x >= -cutoff` is added.
    pub with_cost: bool,
    /// The exact row at each precision, once it is asked for; `None` if there is none.
    pub exact: [OnceLock<Option<Arc<Inequality>>>; LEVELS],
}

impl RowProof {
    /// From multipliers of all rows.
    pub fn new(multipliers: &[f64], with_cost: bool) -> Self {
        let nonzeros = multipliers.iter().enumerate().filter(|(_, y)| **y != 0.0 && y.is_finite());
        let multipliers = nonzeros.map(|(i, &y)| (i as u32, y)).collect();
        Self { multipliers, with_cost, exact: Default::default() }
    }
}

/// Multipliers of lines of a certificate, by index.
pub(crate) type Multipliers = Vec<(u64, RBig)>;

/// `terms x >= right`, which is `factor` times a line of the certificate (as it is written there).
#[derive(Debug)]
pub(crate) struct Inequality {
    pub terms: Vec<(u32, IBig)>,
    pub right: RBig,
    pub factor: RBig,
    pub origin: Origin,
}

/// The line of an inequality.
#[derive(Debug)]
pub(crate) enum Origin {
    Line(u64),
    /// The sum of these lines; written when it is first needed.
    Sum(Multipliers, OnceLock<u64>),
}

//! LU factors of a simplex basis: sparse, updated in place, solved in both directions.
//!
//! Open [`Lu::factor`] first. The basis matrix B (m x m) has one column a basis position; a column is a column of the
//! constraint matrix or the logical `-e_i`. [`order`] peels singletons off and orders the remaining kernel by
//! Markowitz counts, [`factor`] eliminates, [`solve`] does FTRAN (`B x = b`) and BTRAN (`B'y = c`) with sweeps or, for
//! sparse right-hand sides, a depth-first search for the entries that matter, [`update`] replaces one column.
//!
//! Invariants
//! * After factoring, the basis head is permuted so that *position r pivots on row r*: row space and position space
//!   are the same and no permutation is applied in a solve.
//! * `B = L R^-1 U`-like product: FTRAN applies L (column etas of the factorisation), then the row etas of the
//!   updates, then U; BTRAN the transposes in reverse.
//! * U is held by columns and by rows, both without the diagonal, which is `pivots`.
//! * `order` is the elimination order of U's pivots; an update moves its pivot to the end and leaves a hole.
//!
//! References
//! 1. U. H. Suhl, L. M. Suhl, *Computing sparse LU factorizations for large-scale linear programming bases*, ORSA
//!    J. Computing 2 (1990), sections 2 and 3 (singletons, Markowitz search with threshold).
//! 2. J. J. H. Forrest, J. A. Tomlin, *Updated triangular factors of the basis*, Math. Programming 2 (1972).
//! 3. J. R. Gilbert, T. Peierls, *Sparse partial pivoting in time proportional to arithmetic operations*, SIAM J. Sci.
//!    Stat. Comput. 9 (1988) (symbolic depth-first search before a triangular solve).
//! 4. J. A. J. Hall, K. I. M. McKinnon, *Hyper-sparsity in the revised simplex method*, Comput. Optim. Appl. 32 (2005).

mod factor;
mod order;
mod reach;
mod saved;
mod segments;
mod solve;
mod update;
mod vector;

#[cfg(test)]
mod tests;

pub(crate) use saved::SavedLu;
pub(crate) use vector::SparseVector;

use order::Markowitz;
use reach::{Densities, Search};
use segments::Segments;

/// A hole in the elimination order, left by an update.
const HOLE: u32 = u32::MAX;

/// Factors of one basis, with the scratch of factoring and solving; memory is kept from one basis to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lu {
    /// Dimension m of the basis.
    dim: usize,
    /// Threshold of pivoting: a pivot is at least this share of the largest entry of its active column.
    threshold: f64,
    /// Diagonal of U, by pivot row.
    pivots: Vec<f64>,
    /// Column etas of L by pivot row: entry (i, l) means `x_i -= l x_r`.
    l_cols: Segments<f64>,
    /// The same entries by row i: entry (r, l).
    l_rows: Segments<f64>,
    /// Pivot rows with a non-empty list in `l_cols`, in order of elimination.
    l_col_order: Vec<u32>,
    /// Rows with a non-empty list in `l_rows`, in order of elimination.
    l_row_order: Vec<u32>,
    /// U by columns, without the diagonal.
    u_cols: Segments<f64>,
    /// U by rows, without the diagonal.
    u_rows: Segments<f64>,
    /// Pivot rows of U in order of elimination, with holes.
    order: Vec<u32>,
    /// Where each pivot row stands in `order`.
    place: Vec<u32>,
    /// Row etas of the updates: eta k changes entry `eta_rows[k]`.
    etas: Segments<f64>,
    eta_rows: Vec<u32>,
    /// Entries of U and L right after factoring, the yardstick for fill.
    fresh_entries: usize,
    /// The entering column after L and the row etas, before U (the spike of the next update).
    spike: Vec<(u32, f64)>,
    search: Search,
    densities: Densities,
    markowitz: Markowitz,
    scratch: SparseVector,
}

/// Columns that found no pivot, and the rows left without one: `variables[k]` may be replaced by the logical of
/// `rows[k]`.
#[derive(Clone, Debug)]
pub(crate) struct Deficiency {
    /// Basis positions (before any reordering) whose column depends on the others.
    pub positions: Vec<u32>,
    /// Rows without a pivot, as many.
    pub rows: Vec<u32>,
}

impl Lu {
    /// Share of the largest entry of its column that a pivot must have; larger is more stable and fills more.
    pub fn set_threshold(&mut self, threshold: f64) {
        self.threshold = threshold;
    }

    /// Updates since the last factorisation.
    pub fn updates(&self) -> usize {
        self.eta_rows.len()
    }

    /// Whether the factors have grown so much that factoring anew pays: counts arena entries against the fresh ones.
    pub fn is_bloated(&self) -> bool {
        let now = self.u_cols.arena_len() + self.etas.arena_len() + self.l_cols.arena_len();
        now > 3 * self.fresh_entries + 4 * self.dim
    }
}

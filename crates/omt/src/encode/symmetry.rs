//! Order among interchangeable neurons.

use crate::search::{Formula, Lit};

/// Which interchangeable neurons are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// All, over whole columns; and where complements exist, all fire at the first part.
    Full,
    /// None but the last two neurons of an output function's inputs, over this many rows: what a proof can follow.
    LastPair {
        /// Rows compared.
        rows: usize,
    },
}

/// Column `first` is lexicographically at least column `second`, true before false (B. Crawford, M. Ginsberg, E. Luks
/// and A. Roy, KR 1996): with equal(k) = "the first k entries agree", equal(k) implies first[k] >= second[k].
pub(super) fn lexicographic(formula: &mut Formula, first: &[Lit], second: &[Lit]) {
    let mut equal: Option<Lit> = None;
    for (&a, &b) in first.iter().zip(second) {
        formula.clause(equal.map(|e| !e).into_iter().chain([a, !b]));
        let next = formula.variable().is(true);
        for (x, y) in [(a, b), (!a, !b)] {
            formula.clause(equal.map(|e| !e).into_iter().chain([!x, !y, next]));
        }
        equal = Some(next);
    }
}

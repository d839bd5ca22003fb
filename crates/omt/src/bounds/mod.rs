//! Lower bounds from cores: sets of points that no network of the case can get right at once.
//!
//! [`Cores`] assumes that no penalty is paid, lets the search refute that, and relaxes: the penalties of a core, of
//! which one must be paid, are counted by a totalizer whose further outputs become penalties themselves (OLL). The
//! bound is the sum of what the cores must pay; heavy penalties come first (stratification). It shares clauses and
//! lemmas with the downward search, and both run in turn.
//!
//! References:
//! 1. B. Andres, B. Kaufmann, O. Matheis and T. Schaub, Unsatisfiability-based optimization in clasp, ICLP 2012 (OLL).
//! 2. A. Morgado, C. Dodaro and J. Marques-Silva, Core-guided MaxSAT with soft cardinality constraints, CP 2014.
//! 3. O. Bailleux and Y. Boufkhad, Efficient CNF encoding of Boolean cardinality constraints, CP 2003 (totalizer).
//! 4. C. Ansótegui, M. L. Bonet, J. Gabàs and J. Levy, Improving SAT-based weighted MaxSAT solvers, CP 2012
//!    (stratification).

mod cores;
mod totalizer;

pub(crate) use cores::{Advance, Cores};

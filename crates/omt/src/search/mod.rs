//! Conflict-driven search: Boolean clauses, error counters and separability theories under one trail.
//!
//! [`Solver::search`] decides whether a [`Formula`] has a solution of at most a given cost. The loop is that of a
//! modern CDCL solver; a conflict or an implied literal may come from a clause, from a counter, or from a neuron's
//! theory. What a theory implies carries an unconfirmed support; it is confirmed in exact arithmetic the first
//! time an explanation is asked for (at once at level 0), so every learned clause follows from confirmed lemmas only.
//!
//! Invariants between steps: all literals before `head` of the trail have been propagated through clauses and
//! counters, all before `theory_head` have been told to the theories; watches are the first two literals of a clause.
//!
//! References:
//! 1. J. Marques-Silva, I. Lynce, S. Malik, Conflict-driven clause learning SAT solvers, Handbook of Satisfiability 2021.
//! 2. G. Audemard and L. Simon, Predicting learnt clauses quality in modern SAT solvers, IJCAI 2009 (glue, restarts).
//! 3. A. Biere and A. Fröhlich, Evaluating CDCL variable scoring schemes, SAT 2015 (EVSIDS).
//! 4. R. Nieuwenhuis, A. Oliveras, C. Tinelli, Solving SAT and SAT modulo theories, JACM 2006.

mod ahead;
mod analyze;
mod antecedents;
mod arena;
mod clauses;
mod conflict;
mod core_log;
mod counter;
mod counts;
mod facts;
mod formula;
mod heap;
mod insertion;
mod literal;
mod look_ahead;
mod order;
mod proof;
mod restarts;
mod schedule;
mod solver;
mod split;
mod theories;
mod told;
mod trail;

#[cfg(test)]
mod tests;

pub use counts::Counts;
pub use formula::{Formula, Limit, Neuron};
pub use literal::{Lit, Var};
pub use proof::{NoProof, ProofSink, Share, Step};
pub use solver::{Allowance, Solver, Verdict};
pub use told::Learned;

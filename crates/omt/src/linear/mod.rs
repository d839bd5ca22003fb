//! Exact training of single neurons: the least weight of points on their wrong side, proven.
//!
//! Entry points: [`train`] for a network without hidden layer, [`minimise`] for one neuron with a cost of firing and of
//! resting at every point (a [`Task`]), [`Descent`] for a good neuron without proof. `docs/linear.md` tells the whole
//! story.
//!
//! The problem is to leave out points of least weight so that the others can be had: a minimum-weight cover of the
//! infeasible subsystems. Those are found as vertices of the alternative polyhedron (`alternative`), proven exactly
//! (`core`, `certify`), and packed into lower bounds (`node`) of a branch and bound that asks each point in turn to
//! be right or wrong (`search`). Both answers cut the space of weights, so that deep nodes are small cones in which
//! most points are settled. In more dimensions the tree is over the linear program of cores (`lp`), and where errors are
//! many the bounds of disjoint `blocks` add up to more than any tree proves of the whole; `race` shares out the time.
//!
//! Invariants: a bound rests on proven cores alone; an incumbent's cost is that of the exact forward pass; nothing but
//! time limits makes two runs with one seed differ.
//!
//! References:
//! 1. Gleeson and Ryan, Identifying minimally infeasible subsystems of inequalities, ORSA J. Computing 2(1), 1990.
//! 2. Parker and Ryan, Finding the minimum weight IIS cover of an infeasible system of linear inequalities, Ann. Math.
//!    Artif. Intell. 17, 1996.
//! 3. Codato and Fischetti, Combinatorial Benders' cuts for mixed-integer linear programming, Oper. Res. 54(4), 2006.
//! 4. Pfetsch, Branch-and-cut for the maximum feasible subsystem problem, SIAM J. Optim. 19(1), 2008.

mod alternative;
pub mod answer;
mod blocks;
mod certify;
pub mod core;
pub mod descent;
pub mod geometry;
mod kernel;
mod lp;
mod node;
mod parameters;
mod race;
mod search;
pub mod task;
#[cfg(test)]
mod tests;
mod train;
pub mod watch;

pub use self::core::{Core, Member};
pub use answer::{Incumbent, Neuron};
pub use blocks::Crew;
pub(crate) use certify::certified;
pub use descent::Descent;
pub use geometry::Geometry;
pub use parameters::{Conduct, Parameters};
pub use race::{minimise, minimise_from};
pub use task::Task;
pub use train::{Error, TreeLog, supports, train, train_beside, train_logged};
pub use watch::{Decision, Evidence, Outcome, TreeState, Watch};

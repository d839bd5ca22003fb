//! Branch and bound for mixed-integer models, and the way in for linear ones: [`solve`].
//!
//! Rooms: [`entry`] is the way in; a search begins in [`root`], has its loop in [`search`] (to open first), and leaves what [`ended`] says.
//! [`visit`] is what is done at a node, [`telling`] what observers hear; [`node`] and [`crate::bounds`] what a node is; [`crate::relaxation`] the
//! meeting with the simplex; [`propagation`] (with [`activity`]), [`branching`], [`heuristics`], [`incumbent`], [`objective`] and [`report`] the
//! policies and checks around it. Everything inside minimises.
//!
//! A tree starts with one search; once it is large, several share it ([`together`]), on as many threads as there are ([`crew`]).
//!
//! References: Achterberg, *Constraint Integer Programming* (2007); Land, Doig (1960) for the principle.

mod activity;
mod branching;
mod certify;
mod closing;
mod crew;
mod cutting;
mod disjunction;
#[cfg(test)]
mod disjunction_tests;
mod divide;
#[cfg(test)]
mod divide_tests;
mod ended;
mod entry;
mod heuristics;
mod incumbent;
mod input;
mod joint;
mod learning;
mod lessons;
mod linear;
mod listener;
mod lowered;
mod node;
mod objective;
mod open;
mod plugged;
mod presolved;
mod propagation;
mod rational;
mod recorder;
mod report;
mod reserve;
mod resort;
mod root;
mod search;
mod seed;
mod settle;
mod snapshot;
mod state;
#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod stopping_tests;
mod task;
mod telling;
#[cfg(test)]
mod tests;
mod together;
#[cfg(test)]
mod together_tests;
mod visit;
mod within;

pub use disjunction::{Disjunction, solve_disjunction};
pub use divide::{Division, Vertex, divide};
pub(crate) use entry::solve_of_work;
pub use entry::{solve, solve_certified, solve_resumable, solve_with};

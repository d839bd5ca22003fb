//! What is true of a small mixed-integer model, by code that shares nothing with the solver: the checker's reader, and
//! branch and bound over an exact simplex method.
//!
//! Entry point: [`truth`]. Rooms: [`lp`] linear programs, [`lattice`] equations in whole numbers, [`branch`] the search;
//! [`enumerate`] a second opinion on tiny models.
//! The data are rational, so a model with a feasible point and an unbounded relaxation is unbounded (Meyer 1974).

pub mod branch;
pub mod enumerate;
pub mod lattice;
pub mod lp;

use checker::model::Sense;
use checker::{Model, Rational};

/// What is true of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// The optimum, in the sense of the model, constant included.
    Optimal(Rational),
    /// No point satisfies the model.
    Infeasible,
    /// There are points, and none is best.
    Unbounded,
    /// The search did not end within its nodes.
    Undecided,
}

/// The truth about `model`, found within `nodes` linear programs. Meant for ten or twenty columns and rows.
#[must_use]
pub fn truth(model: &Model, nodes: u64) -> Truth {
    let turn = |value: Rational| if model.sense == Sense::Maximise { -value } else { value };
    let Some(problem) = branch::Problem::of(model) else { return Truth::Infeasible };
    match problem.minimise(nodes) {
        Truth::Optimal(value) => Truth::Optimal(turn(value) + &model.offset),
        other => other,
    }
}

/// The sum of numbers.
#[must_use]
pub fn sum(numbers: impl IntoIterator<Item = Rational>) -> Rational {
    numbers.into_iter().fold(Rational::ZERO, |sum, number| sum + number)
}

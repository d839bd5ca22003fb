//! From a training problem to formulas.
//!
//! With one hidden layer of up to [`MAX_INPUTS`] neurons, two classes and complements, the output neuron is
//! one of a few threshold functions ([`Threshold`]): each makes a formula of its own, with the structure
//! spelled out ([`shallow`]). Every other network makes one formula with truth tables ([`layered`]), which above wide
//! layers grow with the patterns that occur ([`LazyTable`]).
//!
//! A formula's solutions are sets of assertions about neurons; [`Encoding`] says how to read them.

mod layered;
mod lazy;
mod shallow;
mod sites;
mod symmetry;
mod weights;

pub use bdnn::threshold::{MAX_INPUTS, Threshold};
pub use layered::{MAX_TABLE, layered};
pub use lazy::LazyTable;
pub use shallow::{cases, shallow, turns};
pub use sites::Sites;
pub use symmetry::Order;

use crate::search::{Formula, Limit, Lit, Solver};
use bdnn::Problem;
use bdnn::pool::Labelling;
use serde::{Deserialize, Serialize};

/// A formula and what its parts mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Encoding {
    /// Clauses, objective and neurons. Neurons stand layer by layer.
    pub formula: Formula,
    /// The output neuron, if it is fixed and has no neuron in the formula.
    pub output: Option<Threshold>,
    /// Literal `u[i][j]` of each first-layer neuron j at each part i, `None` where the formula does not care; for
    /// phases.
    pub first_layer: Vec<Vec<Option<Lit>>>,
    /// Penalty literals of each part.
    pub penalties: Vec<Vec<Lit>>,
    /// The outputs of each part, if the formula decides them: a solution then has one labelling.
    pub outputs: Vec<Vec<Lit>>,
    /// Truth tables that grow with the patterns that occur, in the order of the layers.
    pub lazy: Vec<LazyTable>,
}

impl Encoding {
    /// Adds the limits on errors, where the formula decides the outputs: a row of class 0 is wrong where the one output fires, a row of
    /// class 1 where it rests.
    pub(crate) fn limit_errors(&mut self, problem: &Problem, sites: &Sites) {
        for limit in &problem.error_limits {
            let wrong = |part: usize| {
                let fires = self.outputs[part][0];
                (if limit.class == 1 { !fires } else { fires }, sites.counts[part][limit.class])
            };
            let terms = (0..sites.len()).map(wrong).filter(|&(_, rows)| rows > 0).collect();
            self.formula.limits.push(Limit { terms, most: limit.most });
        }
    }

    /// Output literals of each point in turn.
    fn output_literals<'a>(&'a self, problem: &'a Problem) -> impl Iterator<Item = Lit> + 'a {
        let part = |i: usize| problem.partition.as_ref().map_or(i, |parts| parts[i]);
        (0..problem.points.len()).flat_map(move |i| self.outputs[part(i)].iter().copied())
    }

    /// The labelling of the solver's solution, where the formula decides it.
    #[must_use]
    pub fn labelling(&self, problem: &Problem, solver: &Solver) -> Labelling {
        self.output_literals(problem).map(|lit| solver.value(lit) == Some(true)).collect()
    }

    /// The clause that a solution has another labelling.
    #[must_use]
    pub fn other_than(&self, problem: &Problem, labelling: &Labelling) -> Vec<Lit> {
        self.output_literals(problem).zip(labelling).map(|(lit, &on)| if on { !lit } else { lit }).collect()
    }
}

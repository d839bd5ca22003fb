//! A part of all networks, named so that the same part is meant on every machine: see [`Cube`].

use crate::encode::Encoding;
use crate::search::Lit;
use bdnn::Problem;

/// What is asked of a network in the form in which the search knows it (neurons sorted and complemented, see `docs/scale.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The output is this function of the hidden neurons, by its number among those that are searched one after the other.
    Function(usize),
    /// The neuron of the first layer fires at the point (with a partition: at its part). Both count from 0.
    Fires {
        /// Its number in the layer.
        neuron: usize,
        /// A distinct point.
        point: usize,
    },
}

/// The networks of which each condition holds, or does not, as it says. Without a condition these are all.
///
/// ```
/// use omt::cube::{Condition, Cube};
///
/// let all = Cube::default();
/// let fires = Condition::Fires { neuron: 0, point: 3 };
/// let (some, others) = (all.with(fires, true), all.with(fires, false));
/// assert!(some.allows(0) && others.allows(1));
/// assert!(!some.with(Condition::Function(1), true).allows(0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cube {
    /// The conditions, and whether they hold.
    pub terms: Vec<(Condition, bool)>,
}

impl Cube {
    /// The networks of this part of which `condition` holds, or does not.
    #[must_use]
    pub fn with(&self, condition: Condition, holds: bool) -> Self {
        let mut terms = self.terms.clone();
        terms.push((condition, holds));
        Self { terms }
    }

    /// Whether the output may be the function of this number.
    #[must_use]
    pub fn allows(&self, function: usize) -> bool {
        self.terms.iter().all(|(condition, holds)| match condition {
            Condition::Function(number) => (*number == function) == *holds,
            Condition::Fires { .. } => true,
        })
    }

    /// The literals of a formula that say what neurons do in this part.
    pub(crate) fn literals(&self, problem: &Problem, encoding: &Encoding) -> Vec<Lit> {
        let literal = |&(condition, holds): &(Condition, bool)| match condition {
            Condition::Function(_) => None,
            Condition::Fires { neuron, point } => {
                let lit = (*encoding.first_layer.get(part_of(problem, point))?.get(neuron)?)?;
                Some(if holds { lit } else { !lit })
            }
        };
        self.terms.iter().filter_map(literal).collect()
    }
}

/// The part of a point.
pub(crate) fn part_of(problem: &Problem, point: usize) -> usize {
    problem.partition.as_ref().map_or(point, |parts| parts[point])
}

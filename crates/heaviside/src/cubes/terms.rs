//! Conditions as files have them.

use omt::cubes::{Condition, Cube};
use serde::{Deserialize, Serialize};

/// A condition on networks in canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum On {
    /// The output is this function of the hidden neurons.
    Function(Function),
    /// A neuron of the first layer fires at a distinct point.
    Fires(Fires),
}

/// See [`On::Function`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its number, from 0.
    pub function: usize,
}

/// See [`On::Fires`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fires {
    /// From 0.
    pub neuron: usize,
    /// From 0, in the order of `points` in `problem.json`.
    pub point: usize,
}

/// A condition that holds, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term<O = On> {
    /// The condition.
    pub on: O,
    /// Whether it holds.
    pub holds: bool,
}

impl From<Condition> for On {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::Function(function) => Self::Function(Function { function }),
            Condition::Fires { neuron, point } => Self::Fires(Fires { neuron, point }),
        }
    }
}

impl From<On> for Condition {
    fn from(on: On) -> Self {
        match on {
            On::Function(Function { function }) => Self::Function(function),
            On::Fires(Fires { neuron, point }) => Self::Fires { neuron, point },
        }
    }
}

/// The conditions of a cube for a file.
pub(super) fn terms(cube: &Cube) -> Vec<Term> {
    cube.terms.iter().map(|&(condition, holds)| Term { on: condition.into(), holds }).collect()
}

/// The cube of the conditions in a file.
pub(super) fn cube(terms: &[Term]) -> Cube {
    Cube { terms: terms.iter().map(|term| (term.on.into(), term.holds)).collect() }
}

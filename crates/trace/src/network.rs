//! The line of a trace that shows the network a training run found: what it gets wrong and why, and of two features the plane.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The network on the rows that trained. Rows are numbers of the data's rows, from 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Network<'a> {
    /// Names of the features.
    pub features: Vec<Cow<'a, str>>,
    /// Names of the classes.
    pub classes: Vec<Cow<'a, str>>,
    /// Rows that trained.
    pub rows: u64,
    /// Of them predicted wrongly.
    pub errors: u64,
    /// Those that are predicted wrongly, the first of them if they are many.
    pub wrong: Vec<Wrong>,
    /// The plane, where there are two features.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plane: Option<Plane>,
}

/// A row that is predicted wrongly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wrong {
    /// Its number.
    pub row: u64,
    /// Its class, by place among the classes.
    pub class: usize,
    /// What the network says.
    pub predicted: usize,
    /// Rows, this one among them, of which no network of the shape gets all right, proven exactly; empty if none was looked for or found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub core: Vec<u64>,
}

/// The plane as the network sees it, in the units of the data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plane {
    /// The least of both features.
    pub low: [f64; 2],
    /// The largest.
    pub high: [f64; 2],
    /// Convex cells of one class each: the class, and the corners.
    pub cells: Vec<(usize, Vec<[f64; 2]>)>,
    /// Lines of the first layer's neurons: the neuron from 1, both ends, a place where it fires.
    pub lines: Vec<(u32, [[f64; 2]; 3])>,
    /// Rows: number, place, class, what the network says.
    pub points: Vec<(u64, [f64; 2], usize, usize)>,
}

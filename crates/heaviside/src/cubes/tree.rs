//! How a problem, or a part of it, is divided: a binary tree of conditions, the cubes at its leaves, and their files.
//!
//! What conditions are about, and what is said of closed leaves, is the problem's: networks ([`On`]) or points of a model.

use super::file::{Format, read, stated, to_bytes, write, write_new};
use super::places::Places;
use super::terms::{On, Term};
use crate::error::Error;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// `tree.json`, and `cube-NAME.split.json` of a cube that was split again: how a part is divided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "O: Deserialize<'de>, B: Deserialize<'de>"))]
pub struct TreeFile<O = On, B = u64> {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Closed leaves have nothing better (no network that loses less); `null`: nothing at all.
    #[serde(deserialize_with = "stated")]
    pub below: Option<B>,
    /// The first is the root; children stand after their parents.
    pub vertices: Vec<TreeVertex<O>>,
}

/// A vertex of the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TreeVertex<O = On> {
    /// Split by a condition.
    Split(TreeSplit<O>),
    /// A cube, by its name.
    Cube(TreeCube),
    /// Refuted while the tree was made.
    Closed(TreeClosed),
}

/// See [`TreeVertex::Split`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeSplit<O = On> {
    /// The condition.
    pub on: O,
    /// The vertex where it holds.
    pub yes: usize,
    /// The vertex where it does not.
    pub no: usize,
}

/// See [`TreeVertex::Cube`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeCube {
    /// Its name.
    pub cube: String,
}

/// See [`TreeVertex::Closed`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeClosed {
    /// True.
    pub closed: bool,
}

/// `cube-NAME.json`: a part that is searched by one worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CubeFile<O = On> {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Its name, as in the tree.
    pub cube: String,
    /// The conditions; without one it is the whole.
    pub terms: Vec<Term<O>>,
}

impl<O: Serialize + DeserializeOwned, B: Serialize + DeserializeOwned> Format for TreeFile<O, B> {
    const FORMAT: &'static str = "heaviside-cube-tree";
}

impl<O: Serialize + DeserializeOwned> Format for CubeFile<O> {
    const FORMAT: &'static str = "heaviside-cube";
}

impl<O: Serialize + DeserializeOwned> CubeFile<O> {
    /// Reads a cube of the problem of this hash.
    pub(super) fn read(path: &Path, sha256: &str) -> Result<Self, Error> {
        let file: Self = read(path)?;
        if file.problem != sha256 {
            return Err(Error::Cubes(format!(
                "{}: is a cube of another problem ({}), not of the one at hand ({sha256}): give it the problem.json that it was made with",
                path.display(),
                file.problem,
            )));
        }
        Ok(file)
    }

    pub(super) fn write(&self, places: &Places) -> Result<(), Error> {
        write(&places.cube(&self.cube), &to_bytes(self)?)
    }
}

/// Whether a cube of a tree may have this name: a number, after the name of the cube that it is a part of.
fn is_named(name: &str, whole: Option<&str>) -> bool {
    let number = match whole {
        Some(whole) => name.strip_prefix(whole).and_then(|rest| rest.strip_prefix('-')),
        None => Some(name),
    };
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}

/// A vertex that has no name yet.
pub(super) enum Shape<O> {
    Split { on: O, yes: usize, no: usize },
    Open,
    Closed,
}

/// A leaf of a tree.
pub(super) struct Leaf<O> {
    /// Its vertex.
    pub(super) vertex: usize,
    pub(super) terms: Vec<Term<O>>,
    /// `None` if it was refuted when the tree was made.
    pub(super) name: Option<String>,
}

impl<O, B> TreeFile<O, B> {
    /// A tree whose open leaves have numbers, after the name of the cube that they are parts of.
    pub(super) fn new(
        problem: &str,
        below: Option<B>,
        shapes: impl IntoIterator<Item = Shape<O>>,
        parent: Option<&str>,
    ) -> Self {
        let mut number = 0;
        let named = |shape| match shape {
            Shape::Split { on, yes, no } => TreeVertex::Split(TreeSplit { on, yes, no }),
            Shape::Closed => TreeVertex::Closed(TreeClosed { closed: true }),
            Shape::Open => {
                number += 1;
                let cube = parent.map_or_else(|| format!("{number:04}"), |parent| format!("{parent}-{number}"));
                TreeVertex::Cube(TreeCube { cube })
            }
        };
        Self { problem: problem.to_owned(), below, vertices: shapes.into_iter().map(named).collect() }
    }

    /// The names of its cubes.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |vertex: &TreeVertex<O>| match vertex {
            TreeVertex::Cube(named) => Some(named.cube.clone()),
            TreeVertex::Split(_) | TreeVertex::Closed(_) => None,
        };
        self.vertices.iter().filter_map(name).collect()
    }

    /// How many leaves were refuted when it was made.
    pub(super) fn closed(&self) -> usize {
        self.vertices.iter().filter(|vertex| matches!(vertex, TreeVertex::Closed(_))).count()
    }
}

impl<O: Clone, B> TreeFile<O, B> {
    /// The leaves within a part, if it is a tree of the problem of this hash.
    pub(super) fn leaves(&self, path: &Path, sha256: &str, within: &[Term<O>]) -> Result<Vec<Leaf<O>>, Error> {
        let refuse = |what: &str| Error::Contradiction(format!("{}: {what}", path.display()));
        if self.problem != sha256 {
            return Err(refuse("is of another problem.json than the one beside it, or that was changed"));
        }
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let whole = file.strip_prefix("cube-").and_then(|name| name.strip_suffix(".split.json"));
        let mut parts: Vec<Option<Vec<Term<O>>>> = vec![None; self.vertices.len()];
        *parts.first_mut().ok_or_else(|| refuse("has no vertex"))? = Some(within.to_vec());
        let mut leaves = vec![];
        for (vertex, what) in self.vertices.iter().enumerate() {
            let Some(terms) = parts[vertex].take() else {
                return Err(refuse("has a vertex without a parent before it"));
            };
            match what {
                TreeVertex::Split(split) => {
                    for (child, holds) in [(split.yes, true), (split.no, false)] {
                        let place = parts.get_mut(child).filter(|place| child > vertex && place.is_none());
                        let place =
                            place.ok_or_else(|| refuse("has an inner vertex that lacks one of its children"))?;
                        *place = Some([&terms[..], &[Term { on: split.on.clone(), holds }]].concat());
                    }
                }
                TreeVertex::Cube(named) if !is_named(&named.cube, whole) => {
                    return Err(refuse(&format!("has a cube {:?}, which is no name of a cube there", named.cube)));
                }
                TreeVertex::Cube(named) => leaves.push(Leaf { vertex, terms, name: Some(named.cube.clone()) }),
                TreeVertex::Closed(closed) if closed.closed => leaves.push(Leaf { vertex, terms, name: None }),
                TreeVertex::Closed(_) => return Err(refuse("has a leaf that is neither a cube nor closed")),
            }
        }
        Ok(leaves)
    }

    /// The cubes at its leaves.
    pub(super) fn cubes(&self, path: &Path, within: &[Term<O>]) -> Result<Vec<CubeFile<O>>, Error> {
        let leaves = self.leaves(path, &self.problem, within)?.into_iter();
        Ok(leaves
            .filter_map(|leaf| Some(CubeFile { problem: self.problem.clone(), cube: leaf.name?, terms: leaf.terms }))
            .collect())
    }
}

impl<O: Serialize + DeserializeOwned, B: Serialize + DeserializeOwned> TreeFile<O, B> {
    /// Writes the tree of a cube that was split again, unless another one is there.
    pub(super) fn write_new(&self, path: &Path) -> Result<bool, Error> {
        write_new(path, &to_bytes(self)?)
    }
}

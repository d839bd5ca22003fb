//! The other files of a folder of cubes: the tree, a cube, the best network, what came of a cube.

use super::file::{Format, read, read_if_there, to_bytes, write, write_new};
use super::problem::Known;
use super::terms::{On, Term};
use crate::error::Error;
use bdnn::{Network, exact};
use serde::{Deserialize, Deserializer, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};

/// `tree.json`, and `cube-NAME.split.json` of a cube that was split again: how a part is divided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TreeFile {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Closed leaves have no network that loses less; `null`: no network at all.
    #[serde(deserialize_with = "stated")]
    pub below: Option<u64>,
    /// The first is the root; children stand after their parents.
    pub vertices: Vec<TreeVertex>,
}

/// A vertex of the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TreeVertex {
    /// Split by a condition.
    Split(TreeSplit),
    /// A cube, by its name.
    Cube(TreeCube),
    /// Refuted while the tree was made.
    Closed(TreeClosed),
}

/// See [`TreeVertex::Split`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeSplit {
    /// The condition.
    pub on: On,
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

/// `cube-NAME.json`: a part of all networks that is searched by one worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CubeFile {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Its name, as in the tree.
    pub cube: String,
    /// The conditions; without one it is all networks.
    pub terms: Vec<Term>,
}

/// `incumbent.json`: the best network known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncumbentFile {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Its exact loss.
    pub loss: u64,
    /// On scaled features.
    pub network: Network,
}

/// `cube-NAME.result.json`: what came of a cube.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CubeResult {
    /// Program and version of the worker.
    pub program: String,
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// The cube's name.
    pub cube: String,
    /// Its conditions.
    pub terms: Vec<Term>,
    /// `closed`, or why the search ended before: `time-limit`, `node-limit`, `memory-limit`, `interrupted`, `unresolved`.
    pub status: String,
    /// No network of the cube loses less; `null`: it has no network at all.
    #[serde(deserialize_with = "stated")]
    pub bound: Option<u64>,
    /// The exact loss of the best network that the worker knew, in the cube or not.
    #[serde(deserialize_with = "stated")]
    pub loss: Option<u64>,
    /// That network.
    #[serde(deserialize_with = "stated")]
    pub network: Option<Network>,
    /// Decisions.
    pub nodes: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Pivots.
    pub lp_iterations: u64,
    /// Wall seconds of the search.
    pub seconds: f64,
}

/// A field that may be `null`, and must be there.
fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(field)
}

impl Format for TreeFile {
    const FORMAT: &'static str = "heaviside-cube-tree";
}

impl Format for CubeFile {
    const FORMAT: &'static str = "heaviside-cube";
}

impl Format for IncumbentFile {
    const FORMAT: &'static str = "heaviside-incumbent";
}

impl Format for CubeResult {
    const FORMAT: &'static str = "heaviside-cube-result";
}

impl CubeResult {
    /// Whether nothing is left to do: no network of the cube loses less than the best known.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.bound.is_none() || self.loss.zip(self.bound).is_some_and(|(loss, bound)| bound >= loss)
    }

    /// Whether this says at least as much as the other.
    fn covers(&self, other: &Self) -> bool {
        let bound = |one: &Self| one.bound.unwrap_or(u64::MAX);
        let loss = |one: &Self| one.loss.unwrap_or(u64::MAX);
        bound(self) >= bound(other) && loss(self) <= loss(other)
    }

    /// Writes it, unless another worker has come further: then that counts, and is returned.
    pub(super) fn write(self, path: &Path) -> Result<Self, Error> {
        if let Some(there) = read_if_there::<Self>(path)?
            && there.problem == self.problem
            && there.terms == self.terms
            && there.covers(&self)
        {
            return Ok(there);
        }
        write(path, &to_bytes(&self)?)?;
        Ok(self)
    }
}

impl TreeFile {
    pub(super) fn new(problem: &str, below: Option<u64>, vertices: Vec<TreeVertex>) -> Self {
        Self { problem: problem.to_owned(), below, vertices }
    }
}

/// Where the files of a folder of cubes are.
#[derive(Clone, Debug)]
pub struct Places {
    folder: PathBuf,
}

impl Places {
    /// In `folder`.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// Beside a cube's file.
    #[must_use]
    pub fn beside(cube: &Path) -> Self {
        Self::new(cube.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")))
    }

    /// `problem.json`.
    #[must_use]
    pub fn problem(&self) -> PathBuf {
        self.folder.join("problem.json")
    }

    /// `tree.json`.
    #[must_use]
    pub fn tree(&self) -> PathBuf {
        self.folder.join("tree.json")
    }

    /// `incumbent.json`.
    #[must_use]
    pub fn incumbent(&self) -> PathBuf {
        self.folder.join("incumbent.json")
    }

    /// `cube-NAME.json`.
    #[must_use]
    pub fn cube(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.json"))
    }

    /// `cube-NAME.result.json`.
    #[must_use]
    pub fn result(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.result.json"))
    }

    /// `cube-NAME.split.json`.
    #[must_use]
    pub fn split(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.split.json"))
    }

    /// `cube-NAME.proof`.
    #[must_use]
    pub fn proof(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.proof"))
    }

    /// `cube-NAME.state`.
    #[must_use]
    pub fn state(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.state"))
    }
}

/// The best network known, in a file that several workers read and improve.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    pub(super) path: &'a Path,
    pub(super) known: &'a Known,
}

/// What the file holds.
struct Seen {
    network: Network,
    /// Recounted.
    loss: u64,
    /// Not a model.
    is_incumbent: bool,
}

impl Shared<'_> {
    /// The network, recounted; `None` if there is no file.
    pub(super) fn read(&self) -> Result<Option<(Network, u64)>, Error> {
        Ok(self.look()?.map(|seen| (seen.network, seen.loss)))
    }

    fn look(&self) -> Result<Option<Seen>, Error> {
        /// What an incumbent and a model have in common.
        #[derive(Deserialize)]
        struct Any {
            problem: Option<String>,
            network: Network,
        }
        let path = self.path;
        let refuse = |what: String| Error::Cubes(format!("{}: {what}", path.display()));
        let bytes = match std::fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|source| Error::file(path, source))?,
        };
        let Any { problem, network } =
            serde_json::from_slice(&bytes).map_err(|error| refuse(format!("holds no network ({error})")))?;
        let is_incumbent = problem.is_some();
        if let Some(other) = problem.filter(|problem| *problem != self.known.sha256) {
            return Err(refuse(format!("is of another problem ({other}, not {})", self.known.sha256)));
        }
        let loss = recount(self.known, &network).map_err(refuse)?;
        Ok(Some(Seen { network, loss, is_incumbent }))
    }

    /// Writes a network if it is better than the one that is there; a model stays as it is.
    pub(super) fn offer(&self, network: &Network, loss: u64) -> Result<(), Error> {
        // Where a lock cannot be had, a worker that was overtaken offers its network again with its result.
        let lock = File::options().create(true).append(true).open(self.path.with_extension("lock"));
        let held = lock.and_then(|file| file.lock().map(|()| file));
        if self.look()?.is_none_or(|seen| seen.is_incumbent && loss < seen.loss) {
            let file = IncumbentFile { problem: self.known.sha256.clone(), loss, network: network.clone() };
            write(self.path, &to_bytes(&file)?)?;
        }
        drop(held);
        Ok(())
    }
}

/// The exact loss of a network on the rows of the problem.
pub(super) fn recount(known: &Known, network: &Network) -> Result<u64, String> {
    network.check()?;
    if network.widths() != known.problem.architecture.widths() {
        return Err("its layers are not those of the problem".to_owned());
    }
    exact::check(&known.problem, network).map_err(|violation| format!("its network: {violation}"))
}

impl CubeFile {
    /// Reads a cube of this problem.
    pub(super) fn read(path: &Path, known: &Known) -> Result<Self, Error> {
        let file: Self = read(path)?;
        if file.problem != known.sha256 {
            return Err(Error::Cubes(format!(
                "{}: is a cube of another problem ({}), not of the one at hand ({}): give it the problem.json that it was made with",
                path.display(),
                file.problem,
                known.sha256
            )));
        }
        Ok(file)
    }
}

pub(super) fn write_cube(places: &Places, cube: &CubeFile) -> Result<(), Error> {
    write(&places.cube(&cube.cube), &to_bytes(cube)?)
}

pub(super) fn write_tree(path: &Path, tree: &TreeFile) -> Result<bool, Error> {
    write_new(path, &to_bytes(tree)?)
}

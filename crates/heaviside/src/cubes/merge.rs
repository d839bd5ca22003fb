//! The answer from all that workers have left.

use super::file::{read, read_if_there};
use super::files::{CLOSED, CubeResult, recount};
use super::places::Places;
use super::problem::Known;
use super::proof;
use super::shared::Shared;
use super::terms::{cube, terms};
use super::tree::{CubeFile, Leaf, TreeFile, TreeVertex};
use crate::error::Error;
use crate::proof::Proven;
use bdnn::{Limits, Model, Network, Request, Statistics, Status, Training};
use omt::cubes::{self, Cube};
use omt::proof::Piece;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What cubes say together.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Merged {
    /// [`Status::Optimal`], [`Status::Infeasible`], or [`Status::NodeLimit`] where something is missing or unfinished.
    pub status: Status,
    /// The best network, recounted.
    pub network: Option<Network>,
    /// Its exact loss.
    pub loss: Option<u64>,
    /// No network loses less; `None`: there is no network.
    pub bound: Option<u64>,
    /// Leaves of the tree.
    pub leaves: usize,
    /// Those that have no network that loses less than the best.
    pub closed: usize,
    /// The others.
    pub open: Vec<OpenCube>,
    /// Of all results.
    pub conflicts: u64,
    /// Of all results: wall seconds of their searches, added up.
    pub seconds: f64,
    /// The network with all that belongs to it.
    pub model: Option<Model>,
    /// The proof of all parts, if it was asked for.
    pub proof: Option<Proven>,
}

/// A cube that is not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCube<B = u64> {
    /// Its name.
    pub name: String,
    /// Why its search ended; `missing` if there is no result.
    pub status: String,
    /// Nothing in it is better (no network loses less).
    pub bound: B,
}

/// A leaf of a tree of cubes.
pub(super) struct Part {
    /// Its vertex.
    pub(super) vertex: usize,
    pub(super) cube: Cube,
    /// `None` if it was refuted when the tree was made.
    pub(super) name: Option<String>,
}

/// The leaves of a tree within a part, if it is a tree of this problem.
pub(super) fn parts(tree: &TreeFile, path: &Path, known: &Known, within: &Cube) -> Result<Vec<Part>, Error> {
    let leaves = tree.leaves(path, &known.sha256, &terms(within))?.into_iter();
    let parts: Vec<Part> =
        leaves.map(|Leaf { vertex, terms, name }| Part { vertex, cube: cube(&terms), name }).collect();
    cubes::check(&known.problem, parts.iter().map(|part| &part.cube), known.form())
        .map_err(|error| Error::Contradiction(format!("{}: {error}", path.display())))?;
    Ok(parts)
}

/// Something that a file says of a part: no network there loses less than the bound (`None`: there is none).
struct Statement {
    file: PathBuf,
    cube: Cube,
    bound: Option<u64>,
}

/// A network that a file holds, recounted.
struct Held {
    file: PathBuf,
    network: Network,
    loss: u64,
}

/// Reads the folder.
struct Reader<'a> {
    places: Places,
    known: &'a Known,
    statements: Vec<Statement>,
    held: Vec<Held>,
    /// The leaves with what is proven of each.
    leaves: Vec<(Option<String>, Option<u64>, String)>,
    /// The tree of proofs.
    pieces: Vec<Piece>,
    /// The loss below which a part of it refutes, if any network was known.
    below: BTreeMap<usize, u64>,
    conflicts: u64,
    seconds: f64,
}

impl Reader<'_> {
    /// Takes a network whose loss a file states.
    fn hold(&mut self, file: PathBuf, network: Network, stated: u64) -> Result<(), Error> {
        let contradiction = |what: String| Error::Contradiction(format!("{}: {what}", file.display()));
        let loss = recount(self.known, &network).map_err(contradiction)?;
        if loss != stated {
            let problem = self.places.problem();
            let problem = problem.display();
            return Err(contradiction(format!(
                "its network loses {loss} on the rows of {problem}, and not {stated}, as it says"
            )));
        }
        self.held.push(Held { file, network, loss });
        Ok(())
    }

    /// The result of a cube, if there is one.
    fn result(&mut self, name: &str, cube: &Cube, tree: &Path) -> Result<Option<CubeResult>, Error> {
        let path = self.places.result(name);
        let Some(result) = read_if_there::<CubeResult>(&path)? else { return Ok(None) };
        let refuse = |what: &str| Err(Error::Contradiction(format!("{}: {what}", path.display())));
        if result.problem != self.known.sha256 {
            return refuse(&format!(
                "is a result of another problem ({}) than {} ({})",
                result.problem,
                self.places.problem().display(),
                self.known.sha256
            ));
        }
        if result.cube != name || result.terms != terms(cube) {
            return refuse(&format!("is of another part of the networks than cube {name} is in {}", tree.display()));
        }
        self.conflicts += result.conflicts;
        self.seconds += result.seconds;
        self.statements.push(Statement { file: path.clone(), cube: cube.clone(), bound: result.bound });
        match (&result.network, result.loss) {
            (Some(network), Some(loss)) => self.hold(path, network.clone(), loss)?,
            (None, None) => {}
            _ => return refuse("has a network without a loss, or a loss without a network"),
        }
        Ok(Some(result))
    }

    /// What is proven below a tree within a part: the least over its leaves. The tree of proofs grows below `piece`.
    fn tree(&mut self, tree: &TreeFile, path: &Path, within: &Cube, piece: usize) -> Result<Option<u64>, Error> {
        let leaves = parts(tree, path, self.known, within)?;
        let mut place = vec![piece; tree.vertices.len()];
        for (vertex, what) in tree.vertices.iter().enumerate() {
            if let TreeVertex::Split(split) = what {
                let next = self.pieces.len();
                self.pieces.extend([Piece::Open, Piece::Open]);
                (place[split.yes], place[split.no]) = (next, next + 1);
                self.pieces[place[vertex]] = Piece::Split { on: split.on.into(), yes: next, no: next + 1 };
            }
        }
        let mut least = None;
        for leaf in leaves {
            let bound = match &leaf.name {
                Some(name) => self.cube(name, &leaf.cube, path, place[leaf.vertex])?,
                None => {
                    self.statements.push(Statement { file: path.to_path_buf(), cube: leaf.cube, bound: tree.below });
                    self.leaves.push((None, tree.below, CLOSED.to_owned()));
                    tree.below
                }
            };
            least = least.into_iter().chain(bound).min();
        }
        Ok(least)
    }

    /// What is proven of a cube, by its own search or by its parts.
    fn cube(&mut self, name: &str, cube: &Cube, tree: &Path, piece: usize) -> Result<Option<u64>, Error> {
        let path = self.places.cube(name);
        if let Some(file) = read_if_there::<CubeFile>(&path)?
            && (file.problem != self.known.sha256 || file.cube != name || file.terms != terms(cube))
        {
            let what = format!("{}: is not the cube {name} that {} has", path.display(), tree.display());
            return Err(Error::Contradiction(what));
        }
        let result = self.result(name, cube, tree)?;
        let own = result.as_ref().map_or(Some(0), |result| result.bound);
        let split = self.places.split(name);
        if let Some(parts) = read_if_there::<TreeFile>(&split)? {
            let own_proof = proof::part(&self.places.proof(name), self.known, &terms(cube))?;
            let finished = result.as_ref().is_some_and(CubeResult::is_closed);
            let known = self.leaves.len();
            let below = self.tree(&parts, &split, cube, piece)?;
            if finished {
                // The cube was faster than its parts.
                self.leaves.truncate(known);
                self.leaves.push((Some(name.to_owned()), own, CLOSED.to_owned()));
                if let Some(own) = own_proof.filter(|_| proof::is_closed(&self.places.proof(name))) {
                    self.prove(piece, own);
                }
            }
            let none = |bound: Option<u64>| bound.is_none();
            return Ok(if none(own) || none(below) { None } else { own.max(below) });
        }
        if let Some(own) = proof::part(&self.places.proof(name), self.known, &terms(cube))? {
            self.prove(piece, own);
        }
        let status = result.map_or_else(|| "missing".to_owned(), |result| result.status);
        self.leaves.push((Some(name.to_owned()), own, status));
        Ok(own)
    }

    /// A part of the proof.
    fn prove(&mut self, piece: usize, (part, below): (Piece, Option<u64>)) {
        self.pieces[piece] = part;
        if let Some(below) = below {
            self.below.insert(piece, below);
        }
    }

    /// The tree of proofs below this loss: parts that refute less, since their best network is gone, prove nothing here.
    fn proven(&self, loss: Option<u64>) -> Vec<Piece> {
        let mut pieces = self.pieces.clone();
        for (&piece, &below) in &self.below {
            if loss.is_none_or(|loss| below < loss) {
                pieces[piece] = Piece::Open;
            }
        }
        pieces
    }

    /// Refuses statements that a network belies, and a least bound of all leaves that one does.
    fn compare(&self, tree: &Path, least: Option<u64>, stop: &bdnn::Stop<'_>) -> Result<(), Error> {
        let limits = self.known.limits(&Limits::default());
        let request = Request::new(&self.known.problem, &limits);
        let canonical = cubes::Canonical::new(request, self.known.form(), stop);
        let says = |bound: Option<u64>| {
            bound
                .map_or_else(|| "there is no network".to_owned(), |bound| format!("no network loses less than {bound}"))
        };
        let mut seen: Vec<&Held> = vec![];
        for held in &self.held {
            if seen.iter().any(|other| other.network == held.network) {
                continue;
            }
            seen.push(held);
            let (file, loss) = (held.file.display(), held.loss);
            let is_above = |bound: Option<u64>| bound.is_none_or(|bound| bound > loss);
            let place = canonical.as_ref().and_then(|canonical| canonical.place(&held.network, stop));
            if stop() {
                let what = "interrupted before networks and what is said of parts were compared; nothing is merged";
                return Err(Error::Cubes(format!("{}: {what}", tree.display())));
            }
            let is_there = |cube: &Cube| {
                cube.terms.is_empty() || place.as_ref().is_some_and(|place| place.is_in(&self.known.problem, cube))
            };
            let belied = |statement: &&Statement| is_above(statement.bound) && is_there(&statement.cube);
            if let Some(statement) = self.statements.iter().find(belied) {
                let (other, says) = (statement.file.display(), says(statement.bound));
                return Err(Error::Contradiction(format!(
                    "{file} and {other} contradict each other: one holds a network that loses {loss}, the other says that {says} in the part where it is"
                )));
            }
            if is_above(least) {
                let (tree, says) = (tree.display(), says(least));
                return Err(Error::Contradiction(format!(
                    "{file} and the results of {tree} contradict each other: one holds a network that loses {loss}, the others say that {says} in any part"
                )));
            }
        }
        Ok(())
    }
}

/// The answer, and what a proof of it is made of.
#[derive(Clone, Debug)]
pub struct Gathered {
    known: Known,
    merged: Merged,
    pieces: Vec<Piece>,
}

impl Gathered {
    /// The answer.
    #[must_use]
    pub fn merged(&self) -> &Merged {
        &self.merged
    }

    /// The answer with the proof in the folder `target`, which is not there if `stop` came first.
    ///
    /// # Errors
    /// [`Error::Cubes`] if cubes were made without proofs, [`Error::File`], [`Error::Folder`], and parts that do not fit.
    pub fn prove(self, target: &Path, stop: &bdnn::Stop<'_>) -> Result<Merged, Error> {
        let proof = proof::write_all(&self.known, &self.pieces, self.merged.network.as_ref(), target, stop)?;
        Ok(Merged { proof, ..self.merged })
    }

    /// The answer alone.
    #[must_use]
    pub fn into_merged(self) -> Merged {
        self.merged
    }
}

/// Puts together what workers have left in `folder`: the tree is one, files are of one problem, networks are recounted, and the bound is the
/// least over the leaves. What is missing or unfinished counts with what is proven of it. With a `proof` folder the parts of the proof
/// become one. Cost: every file once, and two forward passes for each network.
///
/// # Errors
/// [`Error::Contradiction`] if files contradict each other, [`Error::Cubes`] or [`Error::File`] if one cannot be read, or `stop` says so before they are
/// compared.
pub fn merge(folder: &Path, proof_folder: Option<&Path>, stop: &bdnn::Stop<'_>) -> Result<Merged, Error> {
    let gathered = gather(folder, proof_folder.is_some(), stop)?;
    match proof_folder {
        Some(target) => gathered.prove(target, stop),
        None => Ok(gathered.into_merged()),
    }
}

/// The same without writing anything; `is_proven` refuses cubes that were made without proofs.
///
/// # Errors
/// As [`merge`].
pub fn gather(folder: &Path, is_proven: bool, stop: &bdnn::Stop<'_>) -> Result<Gathered, Error> {
    let places = Places::new(folder);
    let known = Known::read(&places.problem())?;
    if is_proven && !known.file.proofs {
        let problem = places.problem();
        return Err(Error::Cubes(format!(
            "{}: was made without proofs; make the cubes with --proof",
            problem.display()
        )));
    }
    let tree_path = places.tree();
    let tree: TreeFile = read(&tree_path)?;
    let mut reader = Reader {
        places,
        known: &known,
        statements: vec![],
        held: vec![],
        leaves: vec![],
        pieces: vec![Piece::Open],
        below: BTreeMap::new(),
        conflicts: 0,
        seconds: 0.0,
    };
    let incumbent = reader.places.incumbent();
    let shared = Shared { path: &incumbent, known: &known };
    let best = shared.read().map_err(|error| match error {
        Error::Cubes(what) => {
            Error::Contradiction(format!("{what}; the problem is that of {}", reader.places.problem().display()))
        }
        error => error,
    })?;
    if let Some((network, loss)) = best {
        reader.held.push(Held { file: incumbent.clone(), network, loss });
    }
    let (all, problem_path) = (Cube::default(), reader.places.problem());
    reader.statements.push(Statement { file: problem_path, cube: all.clone(), bound: Some(known.file.bound) });
    let least = reader.tree(&tree, &tree_path, &all, 0)?;
    reader.compare(&tree_path, least, stop)?;
    let best = reader.held.iter().min_by_key(|held| held.loss);
    let (network, loss) = (best.map(|held| held.network.clone()), best.map(|held| held.loss));
    let bound = least.map(|bound| bound.max(known.file.bound)).into_iter().chain(loss).min();
    let is_closed = |bound: Option<u64>| bound.is_none() || loss.zip(bound).is_some_and(|(loss, bound)| bound >= loss);
    let open: Vec<OpenCube> = reader
        .leaves
        .iter()
        .filter(|(_, bound, _)| !is_closed(*bound))
        .map(|(name, bound, status)| {
            OpenCube {
                name: name.clone().unwrap_or_default(),
                // Closed below a network that is not here.
                status: if status == CLOSED { "no network".to_owned() } else { status.clone() },
                bound: bound.unwrap_or(0),
            }
        })
        .collect();
    let status = match (bound, loss) {
        (Some(bound), Some(loss)) if bound >= loss => Status::Optimal,
        (None, None) => Status::Infeasible,
        _ => Status::NodeLimit,
    };
    let training = Training {
        status,
        network: network.clone(),
        loss: loss.unwrap_or(0),
        objective: loss.map_or(f64::INFINITY, |loss| loss as f64),
        bound: bound.map_or(f64::INFINITY, |bound| bound as f64),
        statistics: Statistics::default(),
    };
    let merged = Merged {
        status,
        loss,
        bound,
        leaves: reader.leaves.len(),
        closed: reader.leaves.len() - open.len(),
        open,
        conflicts: reader.conflicts,
        seconds: reader.seconds,
        model: known.model(&training),
        network,
        proof: None,
    };
    let pieces = reader.proven(loss);
    Ok(Gathered { known, merged, pieces })
}

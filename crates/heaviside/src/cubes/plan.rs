//! Cubes are made: a short common run, then the division of what it leaves.

use super::file::{read, read_if_there, to_bytes};
use super::files::IncumbentFile;
use super::folder::{complete, publish};
use super::places::Places;
use super::problem::{Known, ProblemFile};
use super::shared::Shared;
use super::terms::{On, cube};
use super::tree::{CubeFile, Shape, TreeFile};
use crate::auto;
use crate::choice::{Choice, EngineName};
use crate::error::Error;
use crate::parameters::CubeParameters;
use crate::task::Task;
use bdnn::data::sha256_of;
use bdnn::{Limits, Network, Progress, Request, Status, outputs};
use budget::Instant;
use omt::cubes::{self, Cube, Divided, Form, Vertex};
use std::path::Path;

/// The share of a limit of time that the common run may take.
const COMMON: f64 = 0.5;

/// What a division is to be like.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Open cubes wanted; there may be fewer.
    pub cubes: usize,
    /// Whether their workers write proofs.
    pub proofs: bool,
}

/// Cubes that are made and not yet written.
#[derive(Clone, Debug)]
pub struct Plan {
    problem: Vec<u8>,
    tree: TreeFile,
    best: Option<(Network, u64)>,
    bound: u64,
}

/// A few words on cubes that were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The names of the cubes for workers.
    pub names: Vec<String>,
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Leaves that were refuted on the way.
    pub closed: usize,
    /// The exact loss of the best network known.
    pub loss: Option<u64>,
    /// A lower bound of the whole problem.
    pub bound: u64,
}

impl Plan {
    /// Divides the problem of a task: the common run is that of [`Method::Auto`](crate::Method::Auto) under a limit of nodes (that of
    /// `limits`, or the parameter `cubes.common_nodes`), and takes half of a limit of time at most; then what it leaves is divided.
    ///
    /// # Errors
    /// [`Error::NoCubes`] for problems that are not divided; a network that takes more memory than the limit allows or the machine has; what the
    /// engines say.
    pub fn new(task: &Task<'_>, wish: Wish, limits: &Limits, progress: &dyn Progress) -> Result<Self, Error> {
        let began = Instant::now();
        let problem = task.problem();
        let form = if wish.proofs { Form::Provable } else { Form::Ordered };
        cubes::supports(problem, form).map_err(Error::NoCubes)?;
        problem.architecture.check_memory(limits.memory).map_err(bdnn::Error::Problem)?;
        let CubeParameters { common_nodes, .. } = limits.settings.of();
        let nodes = if limits.nodes == u64::MAX { common_nodes } else { limits.nodes };
        let common = Limits { time: limits.time * COMMON, nodes, ..limits.clone() };
        let choice = Choice::insisting(EngineName::Omt, "cubes are made of it".to_owned());
        let request = Request::new(problem, &common).with_start(task.start()?).with_progress(progress);
        let (_, training) = auto::train(choice, request)?;
        let best = training.network.map(|network| (network, training.loss));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bound = if training.bound.is_finite() { training.bound.max(0.0).ceil() as u64 } else { problem.floor() };
        let is_over = if best.is_some() { training.status == Status::Optimal } else { !training.bound.is_finite() };
        let divided = if is_over && !wish.proofs && training.status != Status::WithinGap {
            Divided { vertices: vec![Vertex::Refuted], best: None }
        } else if matches!(training.status, Status::MemoryLimit | Status::Interrupted) {
            undivided()
        } else {
            let left = Limits { nodes: u64::MAX, ..limits.after(began.elapsed().as_secs_f64()) };
            let start = best.as_ref().map(|(network, _)| network);
            let request = Request::new(problem, &left).with_start(start).with_progress(progress);
            let floor = if wish.proofs { 0 } else { bound };
            divide(request, (&Cube::default(), floor), form, wish.cubes)?
        };
        let better = divided.best.clone().filter(|(_, loss)| best.as_ref().is_none_or(|(_, known)| loss < known));
        let better = better.map(|(network, loss)| (outputs::even(problem, network), loss));
        let best = better.or(best);
        let bound = best.as_ref().map_or(bound, |(_, loss)| bound.min(*loss));
        let problem = ProblemFile::of(task, bound, wish.proofs).to_bytes()?;
        let below = best.as_ref().map(|(_, loss)| *loss);
        let tree = TreeFile::new(&sha256_of(&problem), below, shapes(&divided), None);
        Ok(Self { problem, tree, best, bound })
    }

    /// What was made.
    #[must_use]
    pub fn made(&self) -> Made {
        let closed = self.tree.closed();
        Made {
            names: self.tree.names(),
            problem: self.tree.problem.clone(),
            closed,
            loss: self.best.as_ref().map(|(_, loss)| *loss),
            bound: self.bound,
        }
    }

    /// Writes the folder, which is made if it is not there and must not hold cubes. `problem.json` comes last: without it there are none.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Cubes`] if there are cubes in it.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let incumbent = self.best.as_ref().map(|(network, loss)| {
            let problem = self.tree.problem.clone();
            to_bytes(&IncumbentFile { problem, loss: *loss, network: network.clone() })
        });
        publish(folder, incumbent.transpose()?.as_deref(), &self.tree, &self.problem)
    }
}

/// The engine's division; all of it one cube where a limit comes first.
fn divide(request: Request<'_>, within: (&Cube, u64), form: Form, count: usize) -> Result<Divided, Error> {
    let divided = cubes::divide(request, within, form, count.max(1))?;
    Ok(divided.unwrap_or_else(undivided))
}

/// All of it one cube.
fn undivided() -> Divided {
    Divided { vertices: vec![Vertex::Open], best: None }
}

/// The vertices of a division as files have them.
fn shapes(divided: &Divided) -> impl Iterator<Item = Shape<On>> + '_ {
    divided.vertices.iter().map(|vertex| match *vertex {
        Vertex::Split { on, yes, no } => Shape::Split { on: on.into(), yes, no },
        Vertex::Refuted => Shape::Closed,
        Vertex::Open => Shape::Open,
    })
}

/// Splits a cube that takes long into about `count` smaller ones; they are written beside it, under `cube-NAME.split.json`. The cube itself
/// may go on: what comes first counts. If it was split before, that division stands, and what is missing of its files is written again.
///
/// # Errors
/// [`Error::File`], [`Error::Cubes`] if files do not fit.
pub fn split_again(path: &Path, count: usize, limits: &Limits, progress: &dyn Progress) -> Result<Made, Error> {
    Known::read(&Places::beside(path).problem())?.split_again(path, count, limits, progress)
}

impl Known {
    /// As [`split_again`], where this is the problem beside the cube.
    ///
    /// # Errors
    /// As [`split_again`].
    pub fn split_again(
        &self,
        path: &Path,
        count: usize,
        limits: &Limits,
        progress: &dyn Progress,
    ) -> Result<Made, Error> {
        let places = Places::beside(path);
        let file = CubeFile::read(path, &self.sha256)?;
        let within = cube(&file.terms);
        let incumbent = places.incumbent();
        let best = Shared { path: &incumbent, known: self }.read()?;
        let place = places.split(&file.cube);
        if read_if_there::<TreeFile>(&place)?.is_none() {
            let limits = self.limits(limits);
            let start = best.as_ref().map(|(network, _)| network);
            let request = Request::new(&self.problem, &limits).with_start(start).with_progress(progress);
            let floor = if self.file.proofs { 0 } else { self.file.bound };
            let divided = divide(request, (&within, floor), self.form(), count)?;
            if let Some(best) = &divided.best {
                Shared { path: &incumbent, known: self }.offer(best)?;
            }
            let below = divided.best.as_ref().map(|(_, loss)| *loss);
            TreeFile::new(&self.sha256, below, shapes(&divided), Some(&file.cube)).write_new(&place)?;
        }
        let tree: TreeFile = read(&place)?;
        let parts = super::merge::parts(&tree, &place, self, &within)?;
        let tree: TreeFile = complete(&place, &places, &file.terms)?;
        let names = parts.into_iter().filter_map(|part| part.name).collect();
        let closed = tree.closed();
        let loss = Shared { path: &incumbent, known: self }.read()?.map(|(_, loss)| loss);
        Ok(Made { names, problem: self.sha256.clone(), closed, loss, bound: self.file.bound })
    }
}

//! Cubes of a model are made.

use super::super::file::read_if_there;
use super::super::folder::{complete, publish};
use super::super::places::Places;
use super::super::shared::Shared;
use super::super::tree::{CubeFile, Shape, TreeFile};
use super::files::{Below, incumbent};
use super::part::{AtMost, restricted};
use super::point::Point;
use super::problem::{Known, ModelFile, ModelText};
use crate::error::Error;
use crate::parameters::CubeParameters;
use bdnn::Limits;
use bdnn::data::sha256_of;
use budget::Instant;
use milp::{Control, Division, Model, Options, Vertex, divide};
use std::path::Path;

/// The tree of a model.
pub(super) type Tree = TreeFile<AtMost, Below>;

/// Cubes that are made and not yet written.
#[derive(Clone, Debug)]
pub struct Plan {
    problem: Vec<u8>,
    model: Model,
    tree: Tree,
    best: Option<Point>,
    bound: f64,
}

/// A few words on cubes that were made.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The names of the cubes for workers.
    pub names: Vec<String>,
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Leaves that were closed on the way.
    pub closed: usize,
    /// The objective of the best point known, the nearest float.
    pub objective: Option<f64>,
    /// A bound of the whole model, in its sense; infinite if nothing is proven.
    pub bound: f64,
}

impl Plan {
    /// Divides a model into about `cubes` parts by the first branchings of its search, under the limits; that of nodes is the parameter `cubes.common_nodes` where none
    /// is set. Gap, seed and settings are for the workers as well. A model without integer columns is one cube.
    ///
    /// # Errors
    /// [`Error::Milp`]: the text makes no model, or one with semi-continuous columns, special ordered sets or indicators; [`Error::Cubes`].
    pub fn new(text: &ModelText, cubes: usize, limits: &Limits, control: &mut dyn Control) -> Result<Self, Error> {
        let began = Instant::now();
        let model = text.read()?.model;
        Self::of(text, model, cubes, &limits.after(began.elapsed().as_secs_f64()), control)
    }

    /// The same of a model that was read from this text, under limits without that reading.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn of(
        text: &ModelText,
        model: Model,
        cubes: usize,
        limits: &Limits,
        control: &mut dyn Control,
    ) -> Result<Self, Error> {
        let CubeParameters { common_nodes, .. } = limits.settings.of();
        let options = Options {
            time_limit: limits.time,
            memory_limit: limits.memory,
            node_limit: if limits.nodes == u64::MAX { common_nodes } else { limits.nodes },
            mip_rel_gap: limits.gap,
            threads: limits.threads,
            seed: limits.seed,
            parameters: limits.settings.of(),
            ..Options::default()
        };
        let division = divide(&model, cubes.max(1), &options, control)?;
        let best = Point::of(&model, &division.outcome);
        let bound = division.outcome.bound;
        let problem = ModelFile::of(text, bound, limits).to_bytes()?;
        let tree = tree(&model, &division, best.as_ref(), (&sha256_of(&problem), None));
        Ok(Self { problem, model, tree, best, bound })
    }

    /// The model that is divided.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What was made.
    #[must_use]
    pub fn made(&self) -> Made {
        made(&self.tree, self.best.as_ref(), self.bound)
    }

    /// Writes the folder, which is made if it is not there and must not hold cubes. `problem.json` comes last: without it there are none.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Cubes`] if there are cubes in it.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let best = self.best.as_ref().map(|best| incumbent(&self.tree.problem, &self.model, best));
        publish(folder, best.transpose()?.as_deref(), &self.tree, &self.problem)
    }
}

fn made(tree: &Tree, best: Option<&Point>, bound: f64) -> Made {
    Made {
        names: tree.names(),
        problem: tree.problem.clone(),
        closed: tree.closed(),
        objective: best.map(Point::near),
        bound,
    }
}

/// A division as a file: all of it one cube where the best point is none of the model, which nothing may be closed by.
fn tree(model: &Model, division: &Division, best: Option<&Point>, (problem, parent): (&str, Option<&str>)) -> Tree {
    let below = division.closed.zip(best).map(|(bound, best)| Below { bound, objective: best.objective.to_string() });
    if division.closed.is_some() && below.is_none() {
        return TreeFile::new(problem, None, [Shape::Open], parent);
    }
    let shapes = division.vertices.iter().map(|vertex| match *vertex {
        Vertex::Split { column, at_most, yes, no } => {
            let column = model.variables[column.index()].name.clone();
            #[allow(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            let at_most = at_most as i64;
            Shape::Split { on: AtMost { column, at_most }, yes, no }
        }
        Vertex::Closed => Shape::Closed,
        Vertex::Open => Shape::Open,
    });
    TreeFile::new(problem, below, shapes, parent)
}

/// Splits a cube that takes long into about `cubes` smaller ones; they are written beside it, under `cube-NAME.split.json`. The cube itself
/// may go on: what comes first counts. If it was split before, that division stands, and what is missing of its files is written again.
///
/// # Errors
/// [`Error::File`], [`Error::Cubes`] if files do not fit, [`Error::Milp`].
pub fn split_again(path: &Path, cubes: usize, limits: &Limits, control: &mut dyn Control) -> Result<Made, Error> {
    Known::read(&Places::beside(path).problem())?.split_again(path, cubes, limits, control)
}

impl Known {
    /// As [`split_again`], where this is the problem beside the cube.
    ///
    /// # Errors
    /// As [`split_again`].
    pub fn split_again(
        &self,
        path: &Path,
        cubes: usize,
        limits: &Limits,
        control: &mut dyn Control,
    ) -> Result<Made, Error> {
        let places = Places::beside(path);
        let file = CubeFile::<AtMost>::read(path, &self.sha256)?;
        let within =
            restricted(&self.model, &file.terms).map_err(|what| Error::Cubes(format!("{}: {what}", path.display())))?;
        let incumbent = places.incumbent();
        let shared = Shared { path: &incumbent, known: self };
        let place = places.split(&file.cube);
        if read_if_there::<Tree>(&place)?.is_none() {
            let best = shared.read()?;
            let cutoff = best.as_ref().map(|best| best.objective.clone());
            let options = Options { cutoff, ..self.options_of_division(limits) };
            let division = divide(&within, cubes.max(1), &options, control)?;
            let found = Point::of(&self.model, &division.outcome);
            // A point that does not satisfy the model closes nothing, and nothing is known of what it closed.
            let is_lost = division.outcome.solution.is_some() && found.is_none();
            let best = found.or(best);
            if let Some(best) = &best {
                shared.offer(best)?;
            }
            let stated = best.as_ref().filter(|_| !is_lost);
            tree(&within, &division, stated, (&self.sha256, Some(&file.cube))).write_new(&place)?;
        }
        // Whoever was first: the files are those of the division that stands.
        let tree: Tree = complete(&place, &places, &file.terms)?;
        let best = shared.read()?;
        Ok(made(&tree, best.as_ref(), self.file.bound.unwrap_or(-self.sign() * f64::INFINITY)))
    }
}

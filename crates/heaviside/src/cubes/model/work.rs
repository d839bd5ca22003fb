//! One cube of a model is searched.

use super::super::file::{read, read_if_there};
use super::super::places::Places;
use super::super::shared::{Best, Shared};
use super::super::tree::CubeFile;
use super::files::{CLOSED, ModelResult, UNBOUNDED};
use super::part::{AtMost, restricted};
use super::point::{Point, named};
use super::problem::Known;
use crate::PROGRAM;
use crate::error::Error;
use bdnn::Limits;
use budget::Instant;
use milp::check::is_ray;
use milp::{Control, Model, Options, Outcome, Rational, Status};
use std::path::{Path, PathBuf};

/// The files of one worker.
#[derive(Clone, Debug)]
pub struct Work {
    /// `problem.json`.
    pub problem: PathBuf,
    /// The cube.
    pub cube: PathBuf,
    /// The best point known, read and improved.
    pub incumbent: PathBuf,
    /// What comes of it.
    pub result: PathBuf,
}

/// What came of a worker.
#[derive(Clone, Debug)]
pub struct Worked {
    /// As its file has it.
    pub result: ModelResult,
    /// Whether the cube was closed before, and nothing was done.
    pub was_closed: bool,
}

impl Work {
    /// On the cube of this file, with all other files beside it.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Cubes`] if it is no cube of a model.
    pub fn on(cube: &Path) -> Result<Self, Error> {
        let places = Places::beside(cube);
        let name = read::<CubeFile<AtMost>>(cube)?.cube;
        Ok(Self {
            problem: places.problem(),
            cube: cube.to_path_buf(),
            incumbent: places.incumbent(),
            result: places.result(&name),
        })
    }

    /// Reads and checks the problem, the cube and what an earlier search of it has left.
    ///
    /// # Errors
    /// [`Error::Cubes`] if the files do not belong together, [`Error::File`].
    pub fn open(&self) -> Result<Opened<'_>, Error> {
        let known = Known::read(&self.problem)?;
        let file = CubeFile::<AtMost>::read(&self.cube, &known.sha256)?;
        let part = restricted(&known.model, &file.terms)
            .map_err(|what| Error::Cubes(format!("{}: {what}", self.cube.display())))?;
        let before = self.before(&known, &file)?;
        Ok(Opened { work: self, known, file, part, before })
    }

    /// Searches the cube within `limits`, of which that on time counts the reading, for points that are better than the best one known; writes the result, and a
    /// better point at its end. A cube that is closed is left as it is. What a limit leaves open begins again with another call, with its bound kept.
    ///
    /// # Errors
    /// Those of [`Work::open`], and what the solver says.
    pub fn run(&self, limits: &Limits, control: &mut dyn Control) -> Result<Worked, Error> {
        let began = Instant::now();
        let opened = self.open()?;
        opened.run(&limits.after(began.elapsed().as_secs_f64()), control)
    }

    /// What an earlier search of this cube has left.
    fn before(&self, known: &Known, file: &CubeFile<AtMost>) -> Result<Option<(ModelResult, Option<Point>)>, Error> {
        let Some(result) = read_if_there::<ModelResult>(&self.result)? else { return Ok(None) };
        let refuse = |what: String| Error::Cubes(format!("{}: {what}; move it away", self.result.display()));
        if result.problem != known.sha256 || result.terms != file.terms {
            return Err(refuse(format!("is of another cube than {}", self.cube.display())));
        }
        let point = result.point(known).map_err(refuse)?;
        Ok(Some((result, point)))
    }
}

/// A cube whose files were read, and belong together.
#[derive(Clone, Debug)]
pub struct Opened<'w> {
    work: &'w Work,
    known: Known,
    file: CubeFile<AtMost>,
    part: Model,
    before: Option<(ModelResult, Option<Point>)>,
}

impl Opened<'_> {
    /// The search, as in [`Work::run`], within limits that are those of the search alone.
    ///
    /// # Errors
    /// As [`Work::run`].
    pub fn run(self, limits: &Limits, control: &mut dyn Control) -> Result<Worked, Error> {
        let Self { work, known, file, part, before } = self;
        let (before, mut best) = before.unzip();
        if let Some(result) = before.clone().filter(ModelResult::is_closed) {
            return Ok(Worked { result, was_closed: true });
        }
        let shared = Shared { path: &work.incumbent, known: &known };
        let best = shared
            .read()?
            .into_iter()
            .chain(best.take().flatten())
            .reduce(|one, other| if known.is_better(&other, &one) { other } else { one });
        let options = Options { cutoff: best.as_ref().map(|best| best.objective.clone()), ..known.options(limits) };
        let outcome = milp::solve(&part, &options, control)?;
        let result = told(&outcome, &known, (file, before.as_ref()), best);
        if let Ok(Some(point)) = result.point(&known) {
            shared.offer(&point)?;
        }
        let held = shared.lock();
        let result = result.write(&work.result, &known)?;
        drop(held);
        Ok(Worked { result, was_closed: false })
    }
}

/// The result of a run that looked for points better than `best`.
fn told(
    outcome: &Outcome,
    known: &Known,
    (file, before): (CubeFile<AtMost>, Option<&ModelResult>),
    best: Option<Point>,
) -> ModelResult {
    let (model, sign) = (&known.model, known.sign());
    let found = Point::of(model, outcome);
    // A point that does not satisfy the model closes nothing.
    let is_lost = outcome.solution.is_some() && found.is_none();
    let ray = outcome
        .ray
        .as_ref()
        .filter(|ray| is_ray(model, ray) && found.as_ref().is_some_and(|found| found.exact.is_some()));
    let status = match outcome.status {
        Status::Unbounded if ray.is_some() => UNBOUNDED,
        Status::Optimal | Status::Infeasible if !is_lost => CLOSED,
        Status::Optimal | Status::Infeasible | Status::Unbounded => Status::Unresolved.as_str(),
        limit => limit.as_str(),
    };
    let is_better = |found: &Point| best.as_ref().is_none_or(|best| known.is_better(found, best));
    let is_unbounded = status == UNBOUNDED;
    let point = found.filter(|found| is_unbounded || is_better(found)).or_else(|| best.clone());
    // What was proven before of the cube, and of the whole, holds.
    let proven = [before.map(|before| before.least(sign)), known.file.bound.map(|bound| sign * bound)];
    let least = proven.into_iter().flatten().fold(sign * outcome.bound, f64::max);
    // Of a relaxation without a bound it is known that no point is better, and not that there is none.
    let (least, status) = match &best {
        Some(best) if status == CLOSED && least == f64::NEG_INFINITY && known.file.mip_gap == 0.0 => {
            (best.value_below(model.sense), status)
        }
        Some(_) if status == CLOSED && least == f64::NEG_INFINITY => (least, Status::Unresolved.as_str()),
        _ => (least, status),
    };
    ModelResult {
        program: PROGRAM.to_owned(),
        problem: known.sha256.clone(),
        cube: file.cube,
        terms: file.terms,
        status: status.to_owned(),
        bound: Some(sign * least + 0.0).filter(|bound| bound.is_finite() && !is_unbounded),
        objective: point.as_ref().map(Point::near),
        point: point.map(|point| point.file(model)),
        ray: ray.filter(|_| is_unbounded).map(|ray| named(model, ray, Rational::is_zero, ToString::to_string)),
        nodes: outcome.statistics.nodes,
        lp_iterations: outcome.statistics.lp_iterations,
        seconds: outcome.statistics.seconds,
    }
}

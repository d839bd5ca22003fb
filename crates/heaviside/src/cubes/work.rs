//! One cube is searched.

use super::companion::{Others, seed};
use super::file::{read_if_there, remove};
use super::files::{CLOSED, CubeResult};
use super::places::Places;
use super::problem::Known;
use super::shared::Shared;
use super::state::{Past, Sitting};
use super::terms::cube;
use super::tree::CubeFile;
use crate::PROGRAM;
use crate::checkpoint::Writer;
use crate::error::Error;
use bdnn::{Budget, Limits, Network, Progress, Quiet, Request, Status, Training, outputs};
use budget::{Checkpoint, Keeper};
use omt::cubes::{self, Cube};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The files of one worker.
#[derive(Clone, Debug)]
pub struct Work {
    /// `problem.json`.
    pub problem: PathBuf,
    /// The cube.
    pub cube: PathBuf,
    /// The best network known, read and improved; a model file will do to read.
    pub incumbent: PathBuf,
    /// What comes of it.
    pub result: PathBuf,
    /// The folder of its part of the proof.
    pub proof: PathBuf,
    /// The state of the search, kept every so many seconds and where a limit ends it, and gone on with; searches that write proofs keep none.
    pub state: Option<(PathBuf, f64)>,
}

/// Seconds between two states, unless somebody says otherwise.
const EVERY: f64 = 60.0;

/// What came of a worker.
#[derive(Clone, Debug)]
pub struct Worked {
    /// As its file has it.
    pub result: CubeResult,
    /// Whether the cube was closed before, and nothing was done.
    pub was_closed: bool,
}

impl Work {
    /// On the cube of this file, with all other files beside it.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Cubes`] if it is no cube.
    pub fn on(cube: &Path) -> Result<Self, Error> {
        let places = Places::beside(cube);
        let name = super::file::read::<CubeFile>(cube)?.cube;
        Ok(Self {
            problem: places.problem(),
            cube: cube.to_path_buf(),
            incumbent: places.incumbent(),
            result: places.result(&name),
            proof: places.proof(&name),
            state: Some((places.state(&name), EVERY)),
        })
    }

    /// Reads and checks the problem, the cube and what an earlier search of it has left. Cost O(m n).
    ///
    /// # Errors
    /// [`Error::Cubes`] if the files do not belong together, [`Error::Checkpoint`] if the state is that of another search, [`Error::File`].
    pub fn open(&self) -> Result<Opened<'_>, Error> {
        let known = Known::read(&self.problem)?;
        let file = CubeFile::read(&self.cube, &known.sha256)?;
        let part = cube(&file.terms);
        cubes::check(&known.problem, [&part], known.form())
            .map_err(|error| Error::Cubes(format!("{}: {error}", self.cube.display())))?;
        let before = self.before(&known, &file)?;
        let state = self.state.clone().filter(|_| !known.file.proofs);
        let past = state.as_ref().map(|(path, _)| Past::read(path, &known, &file)).transpose()?.unwrap_or_default();
        Ok(Opened { work: self, known, file, part, before, state, past })
    }

    /// Searches the cube within `limits`, which are those of the search alone, from the best network known and with what an earlier search of the cube has
    /// proven; writes result, better networks and, where they are wanted, the cube's part of the proof. A cube that is closed is left as it is. What a limit
    /// leaves open goes on with another call.
    ///
    /// # Errors
    /// Those of [`Work::open`], and what the engine says.
    pub fn run(&self, limits: &Limits, progress: &dyn Progress) -> Result<Worked, Error> {
        self.open()?.run(limits, progress)
    }

    /// What an earlier search of this cube has left.
    fn before(&self, known: &Known, file: &CubeFile) -> Result<Option<CubeResult>, Error> {
        let Some(result) = read_if_there::<CubeResult>(&self.result)? else { return Ok(None) };
        let refuse = |what: String| Err(Error::Cubes(format!("{}: {what}", self.result.display())));
        if result.problem != known.sha256 || result.terms != file.terms {
            return refuse(format!("is of another cube than {}; move it away", self.cube.display()));
        }
        if let Some(network) = &result.network {
            let loss = super::files::recount(known, network);
            if loss.as_ref().ok() != result.loss.as_ref() {
                return refuse("its network does not have its loss; move it away".to_owned());
            }
        }
        Ok(Some(result))
    }

    fn search(
        &self,
        request: Request<'_>,
        known: &Known,
        part: &Cube,
        (file, before): (&CubeFile, Option<&CubeResult>),
        others: &mut Others<'_>,
    ) -> Result<Training, Error> {
        if known.file.proofs {
            return super::proof::train(request, part, (known, file), &self.proof, others);
        }
        // With the bound of nothing at all the cube would be closed.
        let proven = before.and_then(|result| result.bound).unwrap_or(0).max(known.file.bound);
        Ok(cubes::train(request, (part, proven), known.form(), Some(others))?)
    }
}

/// A cube whose files were read, and belong together.
#[derive(Clone, Debug)]
pub struct Opened<'w> {
    work: &'w Work,
    known: Known,
    file: CubeFile,
    part: Cube,
    before: Option<CubeResult>,
    state: Option<(PathBuf, f64)>,
    past: Past,
}

impl Opened<'_> {
    /// The search, as in [`Work::run`].
    ///
    /// # Errors
    /// As [`Work::run`].
    pub fn run(self, limits: &Limits, progress: &dyn Progress) -> Result<Worked, Error> {
        let Self { work, known, file, part, before, state, past } = self;
        let is_written = !known.file.proofs || super::proof::is_closed(&work.proof);
        if let Some(result) = before.clone().filter(|result| result.is_closed() && is_written) {
            return Ok(Worked { result, was_closed: true });
        }
        let shared = Shared { path: &work.incumbent, known: &known };
        let from_before = before.as_ref().and_then(|result| result.network.clone().zip(result.loss));
        let best = shared.read()?.into_iter().chain(from_before).min_by_key(|(_, loss)| *loss);
        let listener = Listener { progress, shared: &shared, failure: Mutex::new(None) };
        let limits = known.limits(limits);
        let limits = Limits { nodes: limits.nodes.saturating_add(past.conflicts), ..limits };
        let sitting = Sitting::new(&listener, &known, &file, &past);
        // Without a new state the file stays as it is.
        let writer = state.clone().map(|file| Writer::new(file, &sitting, None));
        let keeper = writer.as_ref().map(|writer| writer as &dyn Keeper);
        let stop = || sitting.should_stop();
        let quiet = Quiet(&stop);
        let walks = Limits { nodes: u64::MAX, seed: seed(limits.seed, &file.cube), ..limits.clone() };
        let budget = Budget::new(&walks, &quiet);
        let start = best.as_ref().map(|(network, _)| network);
        let local = Request::new(&known.problem, &walks).with_start(start).with_progress(&quiet);
        let mut others = Others::new(&shared, local, &budget, past.engine.is_some())?;
        let best = others.better(best.clone());
        let limits = limits.after(sitting.seconds());
        let start = best.as_ref().map(|(network, _)| network);
        let request = Request::new(&known.problem, &limits).with_start(start).with_progress(&sitting);
        let request = request.with_checkpoint(Checkpoint { keeper, resume: past.engine.as_deref() });
        let training = work.search(request, &known, &part, (&file, before.as_ref()), &mut others)?;
        if let Some(writer) = writer.filter(|writer| training.status.is_limit() && writer.has_state()) {
            writer.close();
        }
        let held = shared.lock();
        let result = told(training, &known, file, past.seconds).write(&work.result)?;
        drop(held);
        if let Some((path, _)) = state.filter(|_| result.is_closed()) {
            remove(&path)?;
        }
        // What is proven stands, whatever became of the file of the best network: the result has that as well.
        listener.failure.into_inner().ok().flatten().map_or(Ok(()), Err)?;
        if let Some(best) = result.network.clone().zip(result.loss) {
            shared.offer(&best)?;
        }
        Ok(Worked { result, was_closed: false })
    }
}

/// The result of a run, whose earlier sittings took some seconds.
fn told(training: Training, known: &Known, file: CubeFile, seconds: f64) -> CubeResult {
    let Training { status, network, loss, bound, statistics, .. } = training;
    let network = network.map(|network| outputs::even(&known.problem, network));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bound = bound.is_finite().then(|| bound.max(0.0).ceil() as u64);
    let is_closed = matches!(status, Status::Optimal | Status::Infeasible);
    CubeResult {
        program: PROGRAM.to_owned(),
        problem: known.sha256.clone(),
        cube: file.cube,
        terms: file.terms,
        status: if is_closed { CLOSED } else { status.as_str() }.to_owned(),
        bound: if is_closed || bound.is_some() { bound } else { Some(0) },
        loss: network.as_ref().map(|_| loss),
        network,
        nodes: statistics.nodes,
        conflicts: statistics.conflicts,
        lp_iterations: statistics.lp_iterations,
        seconds: seconds + statistics.seconds,
    }
}

/// Hands better networks on to the other workers as they are found.
struct Listener<'a> {
    progress: &'a dyn Progress,
    shared: &'a Shared<'a, Known>,
    failure: Mutex<Option<Error>>,
}

impl Progress for Listener<'_> {
    fn outer(&self) -> Option<&dyn Progress> {
        Some(self.progress)
    }

    fn incumbent(&self, network: &Network, objective: f64) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let offered = self.shared.offer(&(network.clone(), objective as u64));
        if let (Err(error), Ok(mut failure)) = (offered, self.failure.lock()) {
            *failure = Some(error);
        }
        self.progress.incumbent(network, objective);
    }
}

//! The proof of the conflict-driven engine: it writes lemmas, formula and proof itself, with local search before and beside it.

use super::problem::Source;
use super::terms::{Proven, Wanted, write_network};
use crate::auto;
use crate::error::Error;
use bdnn::{Budget, Model, Request, Status, Training, outputs};
use budget::Instant;
use heuristics::local_search::Beside;
use omt::proof::Folder;
use std::path::Path;

pub(super) fn train(
    work: &Path,
    wanted: &Wanted,
    source: &Source<'_>,
    request: Request<'_>,
    model: &dyn Fn(&Training) -> Option<Model>,
) -> Result<(Training, Option<Proven>), Error> {
    let began = Instant::now();
    let folder = Folder::create(work, wanted.compressed)?;
    let budget = Budget::new(request.limits, request.progress);
    let problem_file = source.begin(work, request.problem, &|| budget.stop())?;
    let limits = request.limits.after(began.elapsed().as_secs_f64());
    let search =
        |request: Request<'_>, mut beside: Beside<'_>| Ok(omt::proof::train(request, &folder, Some(&mut beside))?);
    let (mut training, written) = auto::beside(request.with_limits(&limits), search)?;
    training.network = training.network.map(|network| outputs::even(request.problem, network));
    let (Some(written), Some(problem_file)) = (written, problem_file) else { return Ok((training, None)) };
    let bound = written.bound.map(|bound| bound as f64);
    problem_file.end(&training, written.bound)?;
    let certifies = bound.is_none_or(|bound| bound >= training.bound);
    let short = (!certifies).then(|| budget.ended().unwrap_or(Status::TimeLimit));
    write_network(work, model(&training), bound, short)?;
    let proven = Proven {
        folder: wanted.folder.clone(),
        bound,
        lemmas: Some(written.lemmas),
        steps: written.steps,
        bytes: written.bytes,
        compressed: wanted.compressed,
        certifies,
    };
    Ok((training, Some(proven)))
}

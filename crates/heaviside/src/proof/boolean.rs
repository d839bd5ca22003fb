//! The proof of the conflict-driven engine: it writes lemmas, formula and proof itself.

use super::terms::{Proven, Subject, Wanted, write_network};
use crate::error::Error;
use bdnn::{Limits, Model, Network, Progress, Training, outputs};
use budget::Instant;
use omt::proof::Folder;
use std::path::Path;

pub(super) fn train(
    work: &Path,
    wanted: &Wanted,
    subject: &Subject<'_>,
    (limits, start, progress): (&Limits, Option<&Network>, &dyn Progress),
    model: &dyn Fn(&Training) -> Option<Model>,
) -> Result<(Training, Option<Proven>), Error> {
    let began = Instant::now();
    let folder = Folder::create(work, wanted.compressed)?;
    let problem_file = subject.source.begin(work, subject.problem)?;
    let limits = Limits { time: (limits.time - began.elapsed().as_secs_f64()).max(0.0), ..limits.clone() };
    let (mut training, written) = omt::proof::train(subject.problem, &limits, start, progress, &folder)?;
    training.network = training.network.map(|network| outputs::even(subject.problem, network));
    let Some(written) = written else { return Ok((training, None)) };
    let bound = written.bound.map(|bound| bound as f64);
    problem_file.end(&training, written.bound)?;
    write_network(work, model(&training), bound)?;
    let proven = Proven {
        folder: wanted.folder.clone(),
        bound,
        lemmas: Some(written.lemmas),
        steps: written.steps,
        bytes: written.bytes,
        compressed: wanted.compressed,
        certifies: true,
    };
    Ok((training, Some(proven)))
}

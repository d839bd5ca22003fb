//! The proof of a part of all networks: lemmas and steps that mean something once all parts are put together ([`super::merge`]).
//!
//! Everything that is learned has the negations of the part's literals in its clause. A case that is refuted ends with the clause that
//! it does not hold, or one of these literals does not, under the label `closed{case}`; one that is open states what its cores add up to, as
//! `case{case}low`. Clauses that spell out an output function are named here and derived where the parts are put together, once for all.

use super::folder::Folder;
use super::patterns::{self, Recorder};
use crate::cube::Cube;
use crate::encode::Encoding;
use crate::engine::{Within, search_within};
use crate::error::Error;
use crate::search::ProofSink;
use crate::start::confirm;
use bdnn::ending::unstarted;
use bdnn::{Budget, Companion, Limits, Request, Telling, Training};
use std::sync::Arc;

/// What a part of a proof holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The cases that were searched.
    pub cases: Vec<CasePart>,
    /// Numbers of learned clauses that were given.
    pub learned: u32,
    /// Numbers of counts that were given.
    pub counts: u32,
}

/// What is proven of a case in a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CasePart {
    /// The number of the output function; 0 where none are told apart.
    pub function: usize,
    /// Whether no network of it loses less than the best that the run knew.
    pub refuted: bool,
    /// A lower bound on the objective of the formula, by cores.
    pub bound: u64,
}

/// Trains over a part of all networks as [`crate::cubes::train`] does in the form for proofs, and writes the part of the proof: `lemmas.jsonl` and
/// `steps.pbp`. `None` if a limit ends the run before its search.
///
/// # Errors
/// As [`crate::cubes::train`]; [`Error::Folder`] if a file cannot be written.
pub fn train_part(
    request: Request<'_>,
    cube: &Cube,
    folder: &Folder,
    companion: Option<&mut dyn Companion>,
) -> Result<(Training, Option<Part>), Error> {
    let Request { problem, limits, progress, .. } = request;
    let start = confirm(problem, request.start)?;
    let mut telling = Telling::new(progress);
    telling.start(problem);
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let Some(recorder) = Recorder::new((problem, Some(cube)), folder, &stop)? else {
        return Ok((unstarted(problem, &budget, start), None));
    };
    let style = patterns::style(!recorder.layout.functions.is_empty());
    let limits = Limits { threads: 1, time: budget.left(), ..limits.clone() };
    let mut searched = Vec::new();
    let mut sink = |case: usize, encoding: &Encoding| -> Box<dyn ProofSink> {
        searched.push(case);
        Box::new(recorder.sink(case, encoding, &stop))
    };
    let within = Within { cube, floor: 0 };
    let (training, _) = search_within(request.with_limits(&limits), start, style, &mut sink, companion, within)?;
    let part = recorder.finish_part(&searched)?;
    telling.finish(&training);
    Ok((training, Some(part)))
}

impl Recorder<'_> {
    /// Ends the files of a part in which these cases were searched.
    fn finish_part(self, searched: &[usize]) -> Result<Part, Error> {
        let log = Arc::into_inner(self.log).and_then(|log| log.into_inner().ok()).expect("the search is over");
        let failed = |name: &'static str| move |source| self.layout.folder.failure(name, source);
        log.lemmas.finish().map_err(failed(Folder::LEMMAS))?;
        let mut steps = log.steps;
        let mut cases = Vec::with_capacity(searched.len());
        for &function in searched {
            let Some(case) = log.cases.get(function) else { continue };
            let bound = case.ledger.bound();
            if !case.refuted && bound > 0 {
                case.ledger.prove(&mut steps, &self.layout.structure.objective, &format!("case{function}low"));
            }
            cases.push(CasePart { function, refuted: case.refuted, bound });
        }
        steps.finish().map_err(failed(Folder::BODY))?;
        self.layout.folder.rename(Folder::BODY, Folder::STEPS)?;
        Ok(Part { cases, learned: log.learned, counts: log.counts })
    }
}

//! Training with a proof: `lemmas.jsonl`, `formula.opb` and `proof.pbp` of a proof folder.
//!
//! Entry points: [`train`], [`supports`]. What the files say is specified in `docs/certificate-format.md`; how they come
//! about is told in `docs/omt.md`. Steps and lemmas go to disk as they are derived, one part a case; what depends on no
//! search (`formula.rs`, `symmetry.rs`) stands before it begins. At the end the parts are put together behind first lines that need
//! the number of lemmas and the best network.
//!
//! Where the dual tree decides a problem alone, its tuples are gone through once more when it is done, and become steps (`cells.rs`, `claims.rs`, `closing.rs`). Else the search is
//! the usual one without what it cannot explain in steps of a proof: cells, blocks, and most of the order among neurons. Cores add up to a lower bound (`ledger.rs`), so that runs which a limit stops prove theirs.
//!
//! References:
//! 1. S. Gocht and J. Nordström, Certifying parity reasoning efficiently using pseudo-Boolean proofs, AAAI 2021
//!    (redundance).
//! 2. B. Bogaerts, S. Gocht, C. McCreesh and J. Nordström, Certified dominance and symmetry breaking for combinatorial
//!    optimisation, JAIR 77, 2023.

mod cells;
mod claims;
mod closing;
mod floor;
mod folder;
mod formula;
mod layout;
mod ledger;
mod log;
mod merge;
mod names;
mod part;
mod patterns;
mod renamed;
mod steps;
mod structure;
mod symmetry;
mod tree;
mod weights;

pub use folder::{Folder, Written};
pub use merge::{Piece, merge};
pub use part::{CasePart, Part, train_part};

use crate::encode::MAX_TABLE;
use crate::engine::Style;
use crate::error::{Error, Reason};
use crate::linear;
use crate::start::confirm;
use crate::support::supports_patterns;
use crate::theory::integers;
use bdnn::budget::never;
use bdnn::{Budget, Companion, Limits, Problem, Request, Telling, Training, WeightDomain, learning};
use budget::Settings;

/// Whether [`train`] can prove what it finds: as [`crate::supports`], whole weights must be few enough to be variables, and truth
/// tables must fit a file.
///
/// # Errors
/// What stands in the way.
pub fn supports(problem: &Problem) -> Result<(), Reason> {
    crate::supports(problem)?;
    if let WeightDomain::Integer(bound) = problem.architecture.weights {
        supports_patterns(problem)?;
        let widths = problem.architecture.widths();
        let many = widths[..widths.len() - 1].iter().position(|&inputs| !integers::affordable(inputs, bound));
        if let Some(k) = many {
            return Err(Reason::WholeWeightsUnproven { bound, layer: k + 1, inputs: widths[k] });
        }
    }
    if !problem.restrictions.is_none() || problem.l0 != 0.0 {
        return Err(Reason::RestrictedUnproven);
    }
    for (k, &width) in problem.architecture.hidden.iter().enumerate() {
        if width > MAX_TABLE {
            return Err(Reason::TooWideToProve { layer: k + 1, width, most: MAX_TABLE });
        }
    }
    Ok(())
}

/// What [`train`] searches, in words for reports: what a proof follows. Cost O(m n).
#[must_use]
pub fn search_of(problem: &Problem, settings: &Settings) -> &'static str {
    if cells::applies(problem, settings, &never) {
        "the dual tree over cells of weight space, which a proof follows"
    } else if linear::supports(problem).is_ok() {
        "branch and bound over cores, which a proof follows"
    } else {
        "clauses and cores over activation patterns, which a proof follows"
    }
}

/// How formulas of a problem are written that a proof can follow.
pub(crate) fn style_of(problem: &Problem) -> Style {
    patterns::style(!layout::functions(problem).is_empty())
}

/// Trains as [`crate::train`] does, beside a companion if there is one, and writes the proof to `folder`. What does not depend on the search comes first, within the
/// limits: `None` if they end the run before the search, and then there is no proof (the folder holds parts of it).
///
/// # Errors
/// As [`crate::train`]; [`Error::Folder`] if a file cannot be written.
pub fn train(
    request: Request<'_>,
    folder: &Folder,
    mut companion: Option<&mut dyn Companion>,
) -> Result<(Training, Option<Written>), Error> {
    let Request { problem, limits, start, progress, .. } = request;
    problem.check()?;
    supports(problem)?;
    let budget = Budget::new(limits, progress);
    let learned = if start.is_none() { learning::network(problem, &|| budget.stop()) } else { None };
    let learned = learned.and_then(|network| Some((bdnn::exact::check(problem, &network).ok()?, network)));
    let limits = Limits { time: budget.left(), ..limits.clone() };
    let request = request.with_limits(&limits);
    let mut telling = Telling::new(progress);
    telling.start(problem);
    let confirmed =
        |start| Ok::<_, Error>(confirm(problem, start)?.or(learned.clone().map(|(loss, network)| (network, loss))));
    let mut first = None;
    if cells::applies(problem, &limits.settings, &|| budget.stop()) {
        let other = companion.as_mut().map(|other| &mut **other as &mut dyn Companion);
        match cells::train(request, confirmed(start)?, folder, other)? {
            cells::End::Over(training, written) => {
                telling.finish(&training);
                return Ok((training, written));
            }
            cells::End::GaveUp(training) => first = Some(training),
        }
    }
    let done = first.as_ref().map_or(0, |first| first.statistics.conflicts);
    let nodes = if limits.nodes == u64::MAX { u64::MAX } else { limits.nodes.saturating_sub(done) };
    let limits = Limits { time: budget.left(), nodes, ..limits.clone() };
    let start = first.as_ref().and_then(|first| first.network.as_ref()).or(start);
    let request = request.with_limits(&limits);
    let proven = if linear::supports(problem).is_ok() {
        tree::train(request.with_start(start.or(learned.as_ref().map(|(_, network)| network))), folder, companion)?
    } else {
        patterns::train(request, confirmed(start)?, folder, companion)?
    };
    telling.finish(&proven.0);
    Ok(proven)
}

/// The search of [`train`] without its log, to tell what the log costs; for single neurons, and where the dual tree decides, the usual search.
///
/// # Errors
/// As [`train`].
pub fn train_unlogged(request: Request<'_>) -> Result<Training, Error> {
    let problem = request.problem;
    problem.check()?;
    supports(problem)?;
    if cells::applies(problem, &request.limits.settings, &never) {
        return crate::train(request);
    }
    if linear::supports(problem).is_ok() {
        return Ok(linear::train(request)?);
    }
    patterns::train_unlogged(request)
}

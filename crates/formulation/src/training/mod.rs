//! Training by branch and bound on the mixed-integer model, and never a false optimum.
//!
//! Entry points: [`train`], and [`train_with_proof`] for a certificate of the bound. The model is this crate's, the solver [`milp::solve`]; what happens between is
//! here:
//!
//! * `judge`: a candidate of the solver counts only when an exact forward pass reproduces its loss. The binaries are
//!   fixed, every neuron is solved again for the largest margin (`polish`), and the network must satisfy the problem
//!   in exact arithmetic. Where even the exact separation finds a contradiction, the fixed pattern is closed as
//!   infeasible; where floats cannot represent what exists, the candidate is rejected and the search goes on.
//! * `start`: constant predictions and single-feature thresholds, so that every limit returns some network.
//!
//! # What is claimed
//! The semantics are those with margin (epsilon from the problem, or the default of [`Problem::margin`],
//! reported among the statistics): the returned network passes [`bdnn::exact::check`] with it, and `bound` bounds
//! every network that does. Without the margin better networks may exist: opt(ideal) <= opt(margin).

mod around;
#[cfg(test)]
mod by_output_tests;
mod confirmed;
mod judge;
mod margin_program;
mod polish;
mod search;
#[cfg(test)]
mod tests;

use crate::Error;
use crate::tolerances::WHOLE_GAP;
use crate::{Formulation, Parameters, Size, Use, check_tolerances, output};
use ::budget::checkpoint::{Unreadable, decode};
use ::budget::{Aside, Checkpoint, Keeper};
use around::{Around, Judged};
use bdnn::ending::{ended, unstarted, with_some_network};
use bdnn::learning::{self, Start};
use bdnn::tolerances::BOUND_ACCURACY;
use bdnn::{Budget, Limits, Network, Problem, Request, Statistics, Status, Training, exact};
use confirmed::{has_whole_objective, proven_bound};
use judge::Judge;
use search::{formulate, search};
use std::io::ErrorKind;
use std::path::Path;

/// How long the solver takes to set itself up, at most, in times of what building the model took.
const SETTING_UP: f64 = 2.0;

/// How long a certificate takes to be written beside its derivations, at most, in times of what stating the model and writing that down took before the
/// search, and the largest share of what is left that is kept back for it.
const STATING_AGAIN: f64 = 1.25;
const MOST_KEPT: f64 = 0.5;

/// Trains by branch and bound. The start is improved and encoded as the first incumbent if its activations are possible
/// with the margin.
///
/// # Errors
/// [`Error::Problem`] for a problem that does not fit together, [`Error::Tolerances`] if its epsilon is too small for
/// the size of its data, [`Error::Solver`] when the solver fails.
pub fn train(request: Request<'_>) -> Result<Training, Error> {
    run(request, None).map(|(training, _)| training)
}

/// Whether [`train`] takes the problem, which does not say that it ends: not with a margin that the solver's tolerances could hide,
/// nor a model beyond all bounds. Cost O(m n) as a rule.
///
/// # Errors
/// As [`train`].
pub fn supports(problem: &Problem) -> Result<(), Error> {
    problem.check()?;
    Size::of(problem).check(Use::Build, None)?;
    let options = milp::Options::default();
    check_tolerances(problem, options.feasibility_tolerance, options.integrality_tolerance)
}

/// Branch and bound on the model as a [`bdnn::Engine`]. A problem without a margin is trained with [`Problem::margin`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Milp;

impl bdnn::Engine for Milp {
    fn name(&self) -> &'static str {
        "milp"
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        supports(problem).map_err(|error| error.to_string())
    }

    fn train(&self, request: Request<'_>) -> Result<Training, bdnn::EngineError> {
        Ok(train(request)?)
    }
}

/// A model and the certificate of what its search found; [`milp::Certificate::write`] takes both.
#[derive(Debug)]
pub struct Proof {
    /// The formulation of the problem.
    pub model: Aside<milp::Model>,
    /// The certificate, made for `model`.
    pub certificate: milp::Certificate,
}

/// Who hears of the model before the search, and writes it down as long as the budget lasts: false if it does not.
pub type Built<'a> = &'a mut dyn FnMut(&milp::Model, &milp::Budget<'_>) -> Result<bool, Error>;

/// Like [`train`], with a certificate, whose temporary file is made in `folder`. A start that meets the bound which the data
/// alone force is certified by the solver, too. `built` hears of the model before the search, so that it can be written down; as much time
/// as that took is kept back from a limit, for the certificate states the model again. No proof comes of a run that ends before the model
/// stands.
///
/// # Errors
/// Those of [`train`] and of `built`.
pub fn train_with_proof(
    request: Request<'_>,
    (folder, built): (&Path, Built<'_>),
) -> Result<(Training, Option<Proof>), Error> {
    run(request, Some((folder, built)))
}

fn run(request: Request<'_>, proof: Option<(&Path, Built<'_>)>) -> Result<(Training, Option<Proof>), Error> {
    let Request { problem, limits, start, progress, checkpoint } = request;
    let proves = proof.is_some();
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    supports(problem)?;
    let learned = match start {
        Some(_) => Start::Nothing,
        None => {
            let with_margin = Problem { epsilon: Some(problem.margin()), ..problem.clone() };
            learning::start(request.with_problem(&with_margin))
        }
    };
    let learned = match learned {
        Start::Over(mut training) if !proves => {
            training.statistics.more.push(("epsilon", problem.margin()));
            return Ok((training, None));
        }
        Start::Over(training) => training.network,
        Start::Network(network, _) => Some(network),
        Start::Nothing => None,
    };
    // What stands without a model.
    let unbuilt = |learned: Option<Network>, status: Status| {
        let start = start.cloned().or(learned);
        let start = start.and_then(|network| exact::check(problem, &network).ok().map(|loss| (network, loss)));
        ended(problem, &budget, start, status)
    };
    let by_output = !proves && limits.settings.of::<Parameters>().by_output;
    let functions = if by_output { output::functions(problem) } else { None };
    let functions = functions.filter(|all| Size::of(problem).times(all.len()).check(Use::Solve, budget.room()).is_ok());
    match Size::of(problem).check(Use::Solve, budget.room()) {
        Err(_) if !proves => {
            let status = budget.ended().unwrap_or(Status::MemoryLimit);
            return Ok((unbuilt(learned, status), None));
        }
        checked => checked?,
    }
    let began = budget.seconds();
    let Some(formulations) = formulate(problem, functions, &stop)? else {
        return Ok((unbuilt(learned, budget.ended().unwrap_or(Status::TimeLimit)), None));
    };
    let building = budget.seconds() - began;
    let (mip_rel_gap, mip_abs_gap) = if has_whole_objective(problem) {
        (limits.gap, WHOLE_GAP)
    } else {
        (limits.gap.max(BOUND_ACCURACY / 2.0), 0.0)
    };
    let mut options = milp::Options {
        node_limit: limits.nodes,
        mip_rel_gap,
        mip_abs_gap: Some(mip_abs_gap),
        seed: limits.seed,
        parameters: limits.settings.of(),
        ..milp::Options::default()
    };

    let formulation = &formulations[0];
    let around = checkpoint.keeper.map(Around::new);
    let mut judge = Judge::new(&formulations, &budget, progress, around.as_ref());
    let simple = bdnn::start::networks(formulation.problem(), &stop);
    for network in start.into_iter().cloned().chain(learned).chain(simple) {
        judge.consider_network(&network);
    }
    let floor = problem.floor() as f64;
    if !proves && judge.best().is_some_and(|best| best.objective <= floor) {
        return Ok((finish(formulation, limits, judge, floor, Ending::Proven, Statistics::default(), &budget), None));
    }
    let too_late = budget.left() < SETTING_UP * building;
    if !proves && too_late {
        // The solver would get no further than to set itself up, which no limit ends.
        let best = judge.into_best().map(|best| (best.network, best.loss));
        return Ok((ended(problem, &budget, best, Status::TimeLimit), None));
    }
    let mut certificate = None;
    if let Some((folder, built)) = proof {
        let began = budget.seconds();
        certificate = stated(formulation.model(), folder, built, &budget)?;
        if certificate.is_none() {
            let best = judge.into_best().map(|best| (best.network, best.loss));
            return Ok((unstarted(problem, &budget, best), None));
        }
        // The certificate begins with that.
        budget.keep((STATING_AGAIN * (budget.seconds() - began)).min(MOST_KEPT * budget.left()));
    }
    options.start = judge.best().and_then(|best| best.point.clone());
    // If there is no time for a search, the certificate says what the bounds of the columns say.
    options.time_limit = if too_late { 0.0 } else { budget.left() };
    options.memory_limit = limits.memory;
    let resumed: Option<(Judged, Vec<u8>)> = checkpoint.resume.map(decode).transpose().map_err(unreadable)?;
    let (judged, state) = resumed.unzip();
    if !judged.is_none_or(|judged| judge.restore(judged)) {
        return Err(unreadable(Unreadable::inconsistent()));
    }
    judge.note();
    let keeper = around.as_ref().map(|around| around as &dyn Keeper);
    let inner = Checkpoint { keeper, resume: state.as_deref() };
    let searched = search(&formulations, &options, &mut judge, certificate.as_mut(), inner)?;
    let statistics = Statistics {
        nodes: searched.statistics.nodes,
        conflicts: searched.statistics.conflicts,
        lp_iterations: searched.statistics.lp_iterations,
        primal_dual_integral: searched.statistics.primal_dual_integral,
        more: vec![
            ("unresolved", searched.statistics.unresolved as f64),
            ("output functions", formulation.output().map_or(0.0, |_| formulations.len() as f64)),
        ],
        ..Statistics::default()
    };
    // Adding 0.0 turns -0.0 into 0.0.
    let bound = proven_bound(problem, searched.bound).max(floor) + 0.0;
    let training = finish(formulation, limits, judge, bound, Ending::Solver(searched.status), statistics, &budget);
    let Some(certificate) = certificate else { return Ok((training, None)) };
    let model = formulations.into_inner().into_iter().next().map(|formulation| Aside::new(formulation.into_model()));
    Ok((training, model.map(|model| Proof { model, certificate })))
}

fn unreadable(error: Unreadable) -> Error {
    Error::Solver(error.into())
}

/// The certificate of a run on a model that has been written down; `None` if there was no time for it.
fn stated(
    model: &milp::Model,
    folder: &Path,
    built: Built<'_>,
    budget: &Budget<'_>,
) -> Result<Option<milp::Certificate>, Error> {
    let stop = || budget.stop();
    let within = milp::Budget::default().stopped_by(&stop);
    if !built(model, &within)? {
        return Ok(None);
    }
    match milp::Certificate::new_within(model, folder, &within) {
        Err(milp::Error::Io { source, .. }) if source.kind() == ErrorKind::Interrupted => Ok(None),
        made => Ok(Some(made?)),
    }
}

/// Why there is nothing more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// The start meets the bound that the data alone force.
    Proven,
    /// The solver's word; its "optimal" is believed only if bound and network agree.
    Solver(milp::Status),
}

fn finish(
    formulation: &Formulation,
    limits: &Limits,
    judge: Judge<'_>,
    bound: f64,
    ending: Ending,
    mut statistics: Statistics,
    budget: &Budget<'_>,
) -> Training {
    statistics.seconds = budget.seconds();
    statistics.more.extend(judge.counters());
    statistics.more.push(("epsilon", formulation.epsilon()));
    let Some(best) = judge.into_best() else {
        let status = match ending {
            Ending::Solver(milp::Status::Infeasible) => Status::Infeasible,
            Ending::Solver(status) => interrupted(status),
            Ending::Proven => Status::Unresolved,
        };
        let none = Training { status, network: None, loss: 0, objective: f64::INFINITY, bound, statistics };
        return with_some_network(formulation.problem(), none);
    };
    let (loss, objective) = (best.loss, best.objective);
    // The bound is rigorous; a network below it by more than the accuracy of priced weights would show that something is wrong.
    let refuted = bound > objective + BOUND_ACCURACY * objective.abs();
    debug_assert!(!refuted, "a network of objective {objective} refutes the bound {bound}");
    if refuted {
        let bound = formulation.problem().floor() as f64;
        let network = Some(best.network);
        return Training { status: Status::Unresolved, network, loss, objective, bound, statistics };
    }
    let bound = bound.min(objective);
    let training =
        Training { status: Status::Optimal, network: Some(best.network), loss, objective, bound, statistics };
    if training.is_proven() || objective - bound <= limits.gap * objective.abs() {
        return training.within_gap();
    }
    let status = match ending {
        Ending::Solver(status) => interrupted(status),
        Ending::Proven => Status::Unresolved,
    };
    Training { status, ..training }
}

/// The status of a search that did not close its gap.
fn interrupted(status: milp::Status) -> Status {
    match status {
        milp::Status::TimeLimit => Status::TimeLimit,
        milp::Status::NodeLimit => Status::NodeLimit,
        milp::Status::MemoryLimit => Status::MemoryLimit,
        milp::Status::Interrupted => Status::Interrupted,
        // A claim of the solver's that the exact check does not confirm.
        milp::Status::Optimal | milp::Status::Infeasible | milp::Status::Unbounded | milp::Status::Unresolved => {
            Status::Unresolved
        }
    }
}

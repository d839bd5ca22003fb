//! The proof of what the dual tree decides: the search without a log says how much every network loses, then its tuples are gone through once more
//! below that, and each that is closed becomes a clause ([`super::closing`]).
//!
//! Neurons are split one at a time. A closed tuple says that one of the constraints it needs does not hold; if it needs none by which its parent
//! was split, it closes the parent, too, and the other half is never looked at. Else the two halves resolve. What the root says closes the case of
//! its output function as a search by clauses would.

use super::closing::{Clause, Closing, Place};
use super::folder::{Folder, Written};
use super::layout::Layout;
use super::names::Name;
use super::steps::Steps;
use super::symmetry::{MAX_WIDTH, orders};
use crate::dual::{self, Verdict};
use crate::encode::Threshold;
use crate::engine::{Style, search_first};
use crate::error::Error;
use crate::linear;
use crate::theory::Geometry;
use bdnn::ending::unstarted;
use bdnn::{Budget, Limits, Network, Problem, Request, Status, Stop, Training};
use budget::Settings;

/// What the search without a log takes at most of a limit of time.
const SHARE: f64 = 4.0;

/// Whether the tree alone decides a problem, in a form that a proof follows. Cost O(m n).
pub(super) fn applies(problem: &Problem, settings: &Settings, stop: &Stop<'_>) -> bool {
    let style = Style::of(&settings.of()).of_problem(problem);
    let narrow = problem.architecture.hidden.iter().all(|&width| width <= MAX_WIDTH);
    style.dual && narrow && dual::promises(problem, &settings.of(), stop)
}

/// What came of it.
pub(super) enum End {
    /// It is over; the folder is written if there was a search.
    Over(Training, Option<Written>),
    /// Another engine shall go on from here.
    GaveUp(Training),
}

/// Trains from `start`, the start of the request confirmed, and writes the folder.
pub(super) fn train(request: Request<'_>, start: Option<(Network, u64)>, folder: &Folder) -> Result<End, Error> {
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let parameters: dual::Parameters = limits.settings.of();
    let single = linear::supports(problem).is_ok();
    // Some patience: where the tree does not take a problem nobody else shall search it here.
    let patience = if single { parameters.patience } else { u64::MAX - 1 };
    let style = Style { patience, ..Style::of(&limits.settings.of()) };
    let share = Limits { time: budget.left() / SHARE, ..limits.clone() };
    let (mut training, _) = search_first(request.with_limits(&share), start.clone(), style)?;
    let gave_up = match training.status {
        Status::Unresolved => single,
        Status::NodeLimit => training.statistics.conflicts < limits.nodes,
        _ => false,
    };
    if gave_up {
        return Ok(End::GaveUp(training));
    }
    let Some(mut layout) = Layout::new(problem, folder, &stop)? else {
        return Ok(End::Over(unstarted(problem, &budget, start), None));
    };
    let best = training.network.as_ref().map(|network| layout.structure.solution(network).1);
    let claimed = (training.bound.max(0.0) as u64).saturating_sub(layout.structure.offset);
    let claimed = best.map_or(claimed, |best| best.min(claimed));
    let functions = if single { Threshold::all(1) } else { layout.functions.clone() };
    let geometry = Geometry::first_layer_within(problem, &stop);
    let judge = geometry.as_ref().and_then(Geometry::points).and_then(|points| {
        let loss = layout.structure.offset + claimed;
        dual::judge(problem, points, functions.clone(), loss, &parameters, &stop)
    });
    match &judge {
        // Columns are ordered by the points that tell the first cones apart.
        Some(judge) => layout.parts = judge.first_points().map(|point| judge.site(point) as usize).collect(),
        None if !stop() => return Ok(End::GaveUp(training)),
        None => {}
    }
    let Some(prepared) = layout.prepare(&stop)? else {
        return Ok(End::Over(unstarted(problem, &budget, training.network.zip(Some(training.loss))), None));
    };
    budget.keep(prepared.formula.seconds_to_finish());
    let unless = (Some(claimed) != best).then_some(Name::Below(0));
    let mut body = Steps::new(folder.create_file(Folder::BODY)?);
    let mut lemmas = layout.lemmas()?;
    let mut roots = Vec::new();
    if let (Some(judge), Some(geometry), true) = (judge, &geometry, claimed > 0) {
        let mut closing = Closing::new(judge, &layout, geometry, unless, &mut lemmas, &mut body);
        for (case, function) in functions.iter().enumerate() {
            if closing.begin(case, &stop).is_none() {
                break;
            }
            let ordered = !single && orders(function);
            let Some(root) = prove(&mut closing, function.inputs(), ordered, &stop) else { break };
            roots.push(root.label);
        }
    }
    let failed = |name: &'static str| move |source| folder.failure(name, source);
    let lemmas = lemmas.finish().map_err(failed(Folder::LEMMAS))?;
    let mut steps = body.steps;
    body.finish().map_err(failed(Folder::BODY))?;

    let structure = &layout.structure;
    let constraints = prepared.formula.finish(structure, folder, &lemmas)?;
    let mut proof = Steps::open(folder.create_file(Folder::PROOF)?, constraints);
    if let Some(network) = &training.network {
        proof.solution(structure, network);
    }
    if let Some(before) = prepared.symmetry {
        steps += before;
        proof.append(&mut folder.open_file(Folder::SYMMETRY)?);
    }
    if unless.is_some() {
        proof.define_below(0, &structure.objective, claimed);
    }
    proof.append(&mut folder.open_file(Folder::BODY)?);
    let closed = roots.len() == functions.len();
    if closed {
        if single {
            match unless {
                Some(_) => proof.step(format_args!("@bound pol @low0 @c{} {claimed} * +", roots[0])),
                None => proof.rup_by("bound", &[], &format!(" @c{}", roots[0])),
            }
        } else {
            layout.symmetry().close(&mut proof, unless);
            if unless.is_some() {
                proof.step(format_args!("@bound pol @low0 @closed {claimed} * +"));
            }
        }
    }
    let bound = if closed { claimed } else { 0 };
    proof.conclude(Some(bound), closed.then_some("bound"), best);
    steps += proof.steps;
    proof.finish().map_err(failed(Folder::PROOF))?;
    if prepared.symmetry.is_some() {
        folder.remove(Folder::SYMMETRY)?;
    }
    folder.remove(Folder::BODY)?;
    training.statistics.seconds = budget.seconds();
    let written = Written {
        bound: Some(structure.offset + bound),
        lemmas: lemmas.len() as u64,
        constraints,
        steps,
        bytes: folder.bytes(),
    };
    Ok(End::Over(training, Some(written)))
}

/// A tuple that is split.
struct Fork {
    neuron: usize,
    /// The split point, and the node where it rests.
    point: u32,
    rests: u32,
    /// What closes the half where it fires, once that is known.
    fires: Option<Clause>,
}

/// Closes the tuple of all networks; `None` once `stop` says so, or if some lose less than claimed.
fn prove(closing: &mut Closing<'_, '_>, neurons: usize, ordered: bool, stop: &Stop<'_>) -> Option<Clause> {
    let root = closing.judge.root();
    let mut places = vec![Place::new(root); neurons];
    let mut forks: Vec<Fork> = Vec::new();
    loop {
        if stop() {
            return None;
        }
        // Without an order there are no lines that a clause could follow from.
        let by_order = if ordered { closing.by_order(&places) } else { None };
        let mut closed = match by_order {
            Some(clause) => clause,
            None => match closing.examine(&places, stop)? {
                Verdict::Open => return None,
                Verdict::Closed(account) => closing.leaf(&places, &account, stop)?,
                Verdict::Split(neuron) => {
                    let halves = closing.judge.split(places[neuron].node, stop)?;
                    places[neuron].enter(halves.fires, halves.point, true);
                    forks.push(Fork { neuron, point: halves.point, rests: halves.rests, fires: None });
                    continue;
                }
            },
        };
        // Up to the last fork whose other half is open.
        loop {
            let Some(mut fork) = forks.pop() else { return Some(closed) };
            let side = fork.fires.is_none();
            places[fork.neuron].leave();
            let needed = closed.needs(fork.neuron, fork.point, side);
            match fork.fires.take() {
                None if needed => {
                    places[fork.neuron].enter(fork.rests, fork.point, false);
                    fork.fires = Some(closed);
                    forks.push(fork);
                    break;
                }
                Some(other) if needed => closed = closing.resolve(other, closed, (fork.neuron, fork.point)),
                Some(other) => closing.forget(other),
                None => {}
            }
        }
    }
}

//! The proof of what the dual tree decides: the search without a log says how much every network loses, then its tuples are gone through once more
//! below that, and each that is closed becomes a clause ([`super::claims`]). What the root says closes the case of its output function as a search by
//! clauses would.

use super::claims::{Cases, Claims, Proven};
use super::closing::Known;
use super::folder::{Folder, Written};
use super::layout::Layout;
use super::names::Name;
use super::steps::Steps;
use super::symmetry::MAX_WIDTH;
use crate::dual;
use crate::encode::Threshold;
use crate::engine::{Style, search};
use crate::error::Error;
use crate::linear;
use crate::theory::Geometry;
use bdnn::{Budget, Companion, Limits, Network, Problem, Request, Status, Stop, Training};
use budget::Settings;

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
pub(super) fn train(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    folder: &Folder,
    companion: Option<&mut dyn Companion>,
) -> Result<End, Error> {
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let parameters: dual::Parameters = limits.settings.of();
    let single = linear::supports(problem).is_ok();
    // Some patience: where the tree does not take a problem nobody else shall search it here.
    let patience = if single { parameters.patience } else { u64::MAX - 1 };
    let style = Style { patience, ..Style::of(&limits.settings.of()) };
    let share = Limits { time: budget.left() * parameters.proof_share, ..limits.clone() };
    let (mut training, _) = search(request.with_limits(&share), start, style, companion)?;
    let gave_up = match training.status {
        Status::Unresolved => single,
        Status::NodeLimit => training.statistics.conflicts < limits.nodes,
        _ => false,
    };
    if gave_up {
        return Ok(End::GaveUp(training));
    }
    let Some(mut layout) = Layout::new(problem, folder, &stop)? else {
        return Ok(End::Over(training, None));
    };
    let best = training.network.as_ref().map(|network| layout.structure.solution(network).1);
    let claimed = (training.bound.max(0.0) as u64).saturating_sub(layout.structure.offset);
    let claimed = best.map_or(claimed, |best| best.min(claimed));
    let functions = if single { Threshold::all(1) } else { layout.functions.clone() };
    let geometry = Geometry::first_layer_within(problem, &stop);
    let judge = geometry
        .as_ref()
        .and_then(Geometry::points)
        .and_then(|points| dual::judge(problem, points, functions.clone(), &parameters, &stop));
    match &judge {
        // Columns are ordered by the points that tell the first cones apart.
        Some(judge) => layout.parts = judge.first_points().map(|point| judge.site(point) as usize).collect(),
        None if !stop() => return Ok(End::GaveUp(training)),
        None => {}
    }
    let Some(prepared) = layout.prepare(&stop)? else {
        return Ok(End::Over(training, None));
    };
    let known = judge.zip(geometry.as_ref()).map(|(judge, geometry)| (Known::new(judge), geometry));
    let cases = Cases { layout: &layout, functions: &functions, single, folder };
    let mut lemmas = layout.lemmas()?;
    let kept = prepared.formula.seconds_to_finish();
    budget.keep(kept);
    // What the search had no time to prove may yet be proven below the best network.
    let most = if training.status == Status::TimeLimit { best.unwrap_or(claimed) } else { claimed };
    let Proven { bound, roots, mut steps } = match known {
        Some(known) => {
            let claims = Claims::new(claimed, most, budget.left().is_finite());
            let first = (1.0 - parameters.first_claim) * budget.left();
            cases.prove(known, &mut lemmas, (claims, best), (&budget, kept, first))?
        }
        None => cases.nothing()?,
    };
    let unless = (Some(bound) != best).then_some(Name::Below(0));
    let lemmas = lemmas.finish().map_err(|source| folder.failure(Folder::LEMMAS, source))?;
    let failed = |name: &'static str| move |source| folder.failure(name, source);

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
        proof.define_below(0, &structure.objective, bound);
    }
    proof.append(&mut folder.open_file(Folder::BODY)?);
    let closed = !roots.is_empty();
    if closed {
        if single {
            match unless {
                Some(_) => proof.step(format_args!("@bound pol @low0 @c{} {bound} * +", roots[0])),
                None => proof.rup_by("bound", &[], &format!(" @c{}", roots[0])),
            }
        } else {
            layout.symmetry().close(&mut proof, unless);
            if unless.is_some() {
                proof.step(format_args!("@bound pol @low0 @closed {bound} * +"));
            }
        }
    }
    proof.conclude(Some(bound), closed.then_some("bound"), best);
    steps += proof.steps;
    proof.finish().map_err(failed(Folder::PROOF))?;
    if prepared.symmetry.is_some() {
        folder.remove(Folder::SYMMETRY)?;
    }
    folder.remove(Folder::BODY)?;
    training.statistics.seconds = budget.seconds();
    #[allow(clippy::cast_precision_loss)]
    if bound > claimed {
        training = training.with_bound((structure.offset + bound) as f64, limits.gap);
    }
    let written = Written {
        bound: Some(structure.offset + bound),
        lemmas: lemmas.len() as u64,
        constraints,
        steps,
        bytes: folder.bytes(),
    };
    Ok(End::Over(training, Some(written)))
}

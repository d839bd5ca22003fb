//! What `train` says: a headline before the run, a report after it, and the JSON object.

use super::error_limits::{self, LimitJson};
use super::folds::{Folds, FoldsJson};
use super::solutions;
use super::units::UnitsJson;
use crate::commands::parameters::{set, settings};
use crate::console::visible_name;
use crate::format::{self, Pairs, Side, in_units, percent, plural};
use crate::summary::DataJson;
use bdnn::data::shown;
use bdnn::model::RowUnits;
use bdnn::{Rational, Restrictions, Schema, shortest};
use heaviside::proof::Proven;
use heaviside::{
    Architecture, Direction, EngineName, Loss, Network, Norm, Part, Parts, Problem, Scaler, Status, Task, Trained,
    Training, Units, WeightDomain, rule, unreadable, without_specks,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a run was about and how it ended: all that the report and the JSON tell.
pub struct Run<'a> {
    pub task: &'a Task<'a>,
    pub trained: &'a Trained,
    pub folds: Option<&'a Folds>,
    pub data: &'a DataJson,
}

/// The object of `train --json`.
#[derive(Serialize)]
pub struct TrainJson<'a> {
    status: &'static str,
    /// Where the status is `unresolved`: why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    method: &'static str,
    loss: Option<u64>,
    /// Where something is regularised: the loss and what the weights cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    objective: Option<f64>,
    bound: f64,
    gap: f64,
    errors: Option<usize>,
    accuracy: Option<f64>,
    /// With `--max-false-positives` or `--max-false-negatives`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    error_limits: Vec<LimitJson<'a>>,
    /// With `--monotone` or `--max-features`.
    #[serde(skip_serializing_if = "Restrictions::is_none")]
    restrictions: &'a Restrictions,
    epsilon: Option<f64>,
    points: usize,
    distinct_points: usize,
    /// Where rows have weights: the unit of loss, objective and bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    units: Option<UnitsJson>,
    nodes: u64,
    conflicts: u64,
    lp_iterations: u64,
    seconds: f64,
    /// With `--resume`: how many of the seconds the run had taken before.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed_seconds: Option<f64>,
    /// Parameters that are not as by default.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    settings: BTreeMap<&'static str, String>,
    network: Option<&'a Network>,
    /// What raw features go through before they reach the network, and what they and the classes are called.
    scaler: &'a Scaler,
    schema: &'a Schema,
    test: Option<Part>,
    validation: Option<Part>,
    /// With `--folds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    cross_validation: Option<FoldsJson>,
    /// With `--solutions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    solutions: Option<Vec<solutions::SolutionJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<solutions::PoolJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<ProofJson<'a>>,
    data: &'a DataJson,
}

/// `column w; classes no 1, yes 5/2; 120 units of 1/2 in all`.
fn weights(units: &Units, schema: &Schema) -> String {
    let told = RowUnits::of(units);
    let mut parts: Vec<String> =
        schema.weight.iter().map(|weight| format!("column {}", visible_name(&weight.name))).collect();
    if let Some(classes) = &units.classes {
        let of_class = |(name, weight): (&String, &Rational)| format!("{} {}", visible_name(name), shown(weight));
        parts.push(format!(
            "classes {}",
            schema.classes.iter().zip(classes).map(of_class).collect::<Vec<_>>().join(", ")
        ));
    }
    parts.push(if units.unit.is_one() {
        format!("{} in all", told.total)
    } else {
        format!("{} units of {} in all", told.total, shown(&units.unit))
    });
    parts.join("; ")
}

/// What `--proof` left behind.
#[derive(Serialize)]
struct ProofJson<'a> {
    folder: &'a Path,
    /// What is proven: no network has a smaller objective. `None` if no network satisfies the constraints.
    bound: Option<f64>,
    /// With the conflict-driven engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    lemmas: Option<u64>,
    /// Steps of the proof, or derivations of the certificate.
    steps: u64,
    /// On disk, of what proves the bound.
    bytes: u64,
    compressed: bool,
}

/// One line on data, architecture and engine.
pub fn headline(task: &Task<'_>) -> String {
    let (problem, choice) = (task.problem(), task.choice());
    format!(
        "training {} on {} with {} ({})",
        shape(&problem.architecture),
        plural(problem.points.num_rows() as u64, "point"),
        choice.engine.as_str(),
        choice.reason
    )
}

/// That the engine has a margin that nobody asked for, where it may matter.
pub fn added_margin(task: &Task<'_>) -> Option<String> {
    let margin = shortest(task.added_margin()?);
    Some(format!(
        "{} takes networks with a margin only: all that follows is said of those that do not fire at a <= -{margin} (see semantics; \
         --epsilon sets it), and a network without margin may do better",
        task.choice().engine.as_str()
    ))
}

/// `4-2-1`, with what is special about the weights.
fn shape(architecture: &Architecture) -> String {
    let widths: Vec<String> = architecture.widths().iter().map(ToString::to_string).collect();
    let mut shape = widths.join("-");
    match architecture.weights {
        WeightDomain::Continuous => {}
        WeightDomain::Integer(1) => shape += " with ternary weights",
        WeightDomain::Integer(bound) => shape += &format!(" with whole weights in [-{bound}, {bound}]"),
    }
    if !architecture.bias {
        shape += " without biases";
    }
    shape
}

fn semantics(problem: &Problem) -> String {
    let mut text = match problem.epsilon {
        None => "ideal: a neuron fires if a >= 0, no margin".to_owned(),
        Some(epsilon) => format!("margin: a neuron that does not fire has a <= -{}", shortest(epsilon)),
    };
    if let Some(robust) = problem.robust {
        let norm = match robust.norm {
            Norm::Linf => "l-infinity",
            Norm::L1 => "l1",
        };
        text += &format!("; robust in {norm} balls of radius {}", shortest(robust.radius));
    }
    text
}

/// `nondecreasing in age; nonincreasing in income; at most 3 features`.
fn restrictions(problem: &Problem, schema: &Schema) -> Option<String> {
    let restrictions = &problem.restrictions;
    let mut parts: Vec<String> = vec![];
    for (direction, word) in [(Direction::Nondecreasing, "nondecreasing"), (Direction::Nonincreasing, "nonincreasing")]
    {
        let these = restrictions.monotone.iter().filter(|monotone| monotone.direction == direction);
        let names: Vec<String> = these.map(|monotone| visible_name(&schema.features[monotone.feature])).collect();
        if !names.is_empty() {
            parts.push(format!("{word} in {}", names.join(", ")));
        }
    }
    parts.extend(restrictions.max_features.map(|most| format!("at most {}", plural(most as u64, "feature"))));
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn loss_name(loss: Loss) -> &'static str {
    match loss {
        Loss::Hamming => "hamming",
        Loss::ZeroOne => "zero-one",
    }
}

/// The closing report; `written` is where the model is, `folder` where those of all solutions are.
pub fn report(run: &Run<'_>, written: Option<&Path>, folder: Option<&Path>) -> String {
    let (problem, choice, training) = (run.task.problem(), run.trained.choice(), run.trained.training());
    let statistics = &training.statistics;
    let mut pairs = Pairs::default();
    pairs.push("status", status(training, problem));
    pairs.push("method", format!("{}: {}", choice.engine.as_str(), choice.reason));
    pairs.push("network", shape(&problem.architecture));
    pairs.push("semantics", semantics(problem));
    let (rows, distinct) = (problem.points.num_rows(), problem.points.len());
    let units = run.task.units();
    let unit = units.map(|units| &units.unit);
    let floor = problem.floor();
    let conflicts = if floor == 0 {
        "no conflicting labels".to_owned()
    } else {
        format!("conflicting labels force a loss of {}", in_units(floor as f64, unit))
    };
    pairs.push("points", format!("{rows}, {distinct} distinct; {conflicts}"));
    if let Some(units) = units {
        pairs.push("weights", weights(units, &run.task.data().schema));
    }
    if let Some(kept) = restrictions(problem, &run.task.data().schema) {
        pairs.push("restrictions", kept);
    }
    match training.network {
        Some(_) => {
            let loss = in_units(training.loss as f64, unit);
            pairs.push("loss", format!("{loss} ({}), recounted exactly", loss_name(problem.loss)));
        }
        None if problem.error_limits.is_empty() => pairs.push("loss", "no network found"),
        None => pairs.push("loss", "no network within the limits found"),
    }
    for limit in run.trained.limited_errors() {
        let (kind, text) = error_limits::line(limit, &run.task.data().schema, unit);
        pairs.push(kind, text);
    }
    if problem.l0 != 0.0 || problem.l1 != 0.0 {
        pairs.push("objective", format!("{} (loss and weights)", format::precise(training.objective)));
    }
    pairs.push(
        "bound",
        if training.bound.is_finite() {
            format::worth(format::bound(training.bound, Side::Below), training.bound, unit)
        } else {
            "none: there is no network".to_owned()
        },
    );
    pairs.push("gap", percent(run.trained.gap()));
    solutions::report(run.trained, &such(problem), folder, unit, &mut pairs);
    if choice.engine == EngineName::Split {
        pairs.push("splitting", splitting(run.trained));
    }
    if let Some(&Parts { train, validation, test }) = run.trained.parts() {
        for (name, part) in [("training", train), ("validation", validation), ("test", test)] {
            part.into_iter().for_each(|part| pairs.push(name, predicted(part)));
        }
    }
    if let Some(folds) = run.folds {
        pairs.push("cross-validation", folds.text());
    }
    pairs.push(
        "work",
        format!(
            "{}, {}, {}",
            plural(statistics.nodes, "node"),
            plural(statistics.conflicts, "conflict"),
            plural(statistics.lp_iterations, "LP iteration")
        ),
    );
    if let Some(set) = set(run.task.settings()) {
        pairs.push("parameters", set);
    }
    pairs.push("primal-dual integral", format::seconds(statistics.primal_dual_integral));
    pairs.push("time", format::seconds(statistics.seconds));
    if let Some(proven) = run.trained.proof() {
        pairs.push("proof", proof(proven, problem, unit));
        pairs.push("to check it", checks(proven));
    }
    if let Some(path) = written {
        pairs.push("model", path.display().to_string());
    }
    let schema = &run.task.data().schema;
    let names = |names: &[String]| names.iter().map(|name| visible_name(name)).collect::<Vec<_>>();
    let Some(network) = &training.network else { return pairs.to_string() };
    let network = without_specks(network, &problem.points);
    match rule(&network, problem.points.scaler(), &names(&schema.features), &names(&schema.classes)) {
        Some(lines) => {
            let ties = "; where none or several classes fire, the larger pre-activation wins";
            let ties = if schema.classes.len() > 2 { ties } else { "" };
            let layers = if network.layers.len() > 2 { "; h2.1 is neuron 1 of hidden layer 2" } else { "" };
            format!("{pairs}\n  rule (coefficients rounded{layers}{ties})\n    {}", lines.join("\n    "))
        }
        None => {
            pairs.push("rule", format!("not shown: {}; --out writes the network", unreadable(&network)));
            pairs.to_string()
        }
    }
}

fn predicted(part: Part) -> String {
    let right = part.points - part.errors;
    format!("{right} of {} points predicted rightly ({})", part.points, percent(part.accuracy))
}

/// What a proof proves, and its size.
fn proof(proven: &Proven, problem: &Problem, unit: Option<&Rational>) -> String {
    let what = if problem.l0 == 0.0 && problem.l1 == 0.0 && proven.lemmas.is_some() { "loss" } else { "objective" };
    let shown = proven.bound.map_or_else(
        || "no network satisfies the constraints".to_owned(),
        |bound| format!("{what} at least {}", in_units(bound, unit)),
    );
    let size = match proven.lemmas {
        Some(lemmas) => format!(
            "{}, {}, {:.1} MB",
            plural(lemmas, "lemma"),
            plural(proven.steps, "step"),
            proven.bytes as f64 / 1e6
        ),
        None => plural(proven.steps, "derivation"),
    };
    format!("{}: {shown}; {size}", proven.folder.display())
}

/// Who checks a proof, and how.
fn checks(proven: &Proven) -> String {
    let folder = proven.folder.display();
    let check = format!("heaviside check proof {folder}");
    if proven.lemmas.is_none() {
        return check;
    }
    let veripb = format!("veripb {folder}/formula.opb {folder}/proof.pbp");
    let veripb = if proven.compressed { format!("gunzip {folder}/*.gz, then {veripb}") } else { veripb };
    format!("{check}; for its Boolean part {veripb}")
}

/// That a proof says less than the engine.
pub fn uncertified(trained: &Trained) -> Option<String> {
    let proven = trained.proof().filter(|proven| !proven.certifies)?;
    let (bound, claimed) = (proven.bound.unwrap_or(f64::INFINITY), trained.bound());
    let (bound, claimed) = (format::bound(bound, Side::Below), format::bound(claimed, Side::Below));
    Some(if proven.lemmas.is_some() {
        format!(
            "the search ended with the bound {claimed}, and there was time to prove {bound}: the proof says no more"
        )
    } else {
        format!("exact arithmetic could not certify the bound {claimed}: the proof says {bound}")
    })
}

/// How far data splitting went, and what its reduced problems say.
fn splitting(trained: &Trained) -> String {
    let figure = |wanted: &str| {
        let mut more = trained.statistics().more.iter();
        more.find(|(name, _)| *name == wanted).map_or(0.0, |&(_, value)| value)
    };
    format!(
        "{} rounds to {} parts; what is optimal for parts is an upper bound for all points, never a lower one",
        figure("splitting rounds"),
        figure("parts")
    )
}

/// The statistics that only this engine has, for `-v`.
pub fn details(trained: &Trained) -> Option<String> {
    let more = &trained.statistics().more;
    let mut pairs = Pairs::default();
    for (name, value) in more {
        pairs.push(*name, format::precise(*value));
    }
    (!more.is_empty()).then(|| format!("\n{pairs}\n"))
}

/// The networks that claims are about: `of this shape with this margin and radius, within the limits`.
pub fn such(problem: &Problem) -> String {
    let limits = if problem.error_limits.is_empty() { "" } else { " within the limits" };
    format!("{}{limits}", such_apart_from_limits(problem))
}

fn such_apart_from_limits(problem: &Problem) -> String {
    let with = match (problem.epsilon.is_some(), problem.robust.is_some_and(|robust| robust.radius > 0.0)) {
        (false, false) => "",
        (true, false) => " with this margin",
        (false, true) => " with this radius",
        (true, true) => " with this margin and radius",
    };
    let kept = if problem.restrictions.is_none() { "" } else { " under these restrictions" };
    format!("of this shape{with}{kept}")
}

/// What the status means.
fn status(training: &Training, problem: &Problem) -> String {
    let such = such(problem);
    match training.status {
        Status::Optimal => format!("optimal: no network {such} does better"),
        Status::WithinGap => {
            format!("within-gap: no network {such} does better by more than the gap asked for")
        }
        Status::TimeLimit => "time-limit: the best so far, and what was proven".to_owned(),
        Status::NodeLimit => "node-limit: the best so far, and what was proven".to_owned(),
        Status::MemoryLimit => "memory-limit: the best so far, and what was proven".to_owned(),
        Status::Interrupted => "interrupted: the best so far, and what was proven".to_owned(),
        Status::Infeasible if problem.error_limits.is_empty() => {
            "infeasible: no network of this shape meets the conditions".to_owned()
        }
        Status::Infeasible => {
            format!("infeasible: no network {} keeps the limits on errors", such_apart_from_limits(problem))
        }
        Status::Heuristic => "heuristic: the search ended by its own rules; better networks may exist".to_owned(),
        Status::Unresolved => format!("unresolved: {}", training.doubt().unwrap_or_default()),
    }
}

/// The object of `--json`.
pub fn json<'a>(run: &Run<'a>) -> TrainJson<'a> {
    let (problem, choice, training) = (run.task.problem(), run.trained.choice(), run.trained.training());
    let parts = run.trained.parts();
    let proof = run.trained.proof().map(|proven| ProofJson {
        folder: &proven.folder,
        bound: proven.bound,
        lemmas: proven.lemmas,
        steps: proven.steps,
        bytes: proven.bytes,
        compressed: proven.compressed,
    });
    let network = training.network.as_ref();
    let train = parts.and_then(|parts| parts.train);
    let (list, pool) = solutions::json(run.trained);
    let schema = &run.task.data().schema;
    TrainJson {
        status: training.status.as_str(),
        reason: training.doubt(),
        method: choice.engine.as_str(),
        loss: network.map(|_| training.loss),
        objective: network.filter(|_| problem.l0 != 0.0 || problem.l1 != 0.0).map(|_| training.objective),
        bound: training.bound,
        gap: run.trained.gap(),
        errors: train.map(|part| part.errors),
        accuracy: train.map(|part| part.accuracy),
        error_limits: run.trained.limited_errors().iter().map(|limit| LimitJson::of(limit, schema)).collect(),
        restrictions: &problem.restrictions,
        epsilon: problem.epsilon,
        points: problem.points.num_rows(),
        distinct_points: problem.points.len(),
        units: run.task.units().map(RowUnits::of).map(UnitsJson::new),
        nodes: training.statistics.nodes,
        conflicts: training.statistics.conflicts,
        lp_iterations: training.statistics.lp_iterations,
        seconds: training.statistics.seconds,
        resumed_seconds: run.task.resumed_after(),
        settings: settings(run.task.settings()),
        network,
        scaler: problem.points.scaler(),
        schema,
        test: parts.and_then(|parts| parts.test),
        validation: parts.and_then(|parts| parts.validation),
        cross_validation: run.folds.map(Folds::json),
        solutions: list,
        pool,
        proof,
        data: run.data,
    }
}

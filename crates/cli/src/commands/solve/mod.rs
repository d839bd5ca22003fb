//! `heaviside solve`: a linear or mixed-integer model from a file, solved.

mod args;
mod cube;
mod iis;
mod report;
mod sitting;
mod solutions;

pub use args::SolveArgs;

use super::certified::{CertificateJson, Certified, has_time, search_limit, tell_no_time};
use super::parameters::settings;
use super::values::Values;
use crate::console::Console;
use crate::failure::Failure;
use crate::format;
use crate::global::is_dash;
use crate::interrupt;
use crate::output::OutputFile;
use crate::watch::{Ended, Watch};
use heaviside::checkpoint::digest;
use iis::IisJson;
use milp::io::Reading;
use milp::{Certificate, Datum, Model, Options, Outcome, RowId, Status, VarId, VarKind};
use report::{broken_by, headline, reason, report};
use serde::Serialize;
use serde_json::{Map, Value};
use sitting::Sitting;
use solutions::{PoolJson, SolutionJson};
use std::collections::BTreeMap;
use std::time::Instant;

/// The object of `solve --json`.
#[derive(Serialize)]
struct SolveJson<'a> {
    status: &'static str,
    verified: &'static str,
    objective: Option<f64>,
    /// With all digits, where the float has not got them.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_objective: Option<String>,
    bound: f64,
    gap: f64,
    nodes: u64,
    lp_iterations: u64,
    cuts: u64,
    seconds: f64,
    /// With `--resume`: how many of the seconds the run had taken before.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed_seconds: Option<f64>,
    verify_seconds: f64,
    max_bound_violation: Option<f64>,
    max_row_violation: Option<f64>,
    max_integrality_violation: Option<f64>,
    /// The value of every column, in the order of the model.
    solution: Option<Values<'a>>,
    primal_dual_integral: f64,
    /// Parameters that are not as by default.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    settings: BTreeMap<&'static str, String>,
    /// Why the status is `unresolved`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the author of the file should know of its reading, each with its line.
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateJson>,
    /// What the model is infeasible by, if that was asked for and is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    iis: Option<IisJson<'a>>,
    /// The best solutions, and what is said of the others, if several were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    solutions: Option<Vec<SolutionJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<PoolJson>,
}

/// Reads, solves, writes the solution, reports.
pub fn run(args: &SolveArgs, console: &Console) -> Result<(), Failure> {
    if let Some(cube) = &args.cube.cube {
        return cube::run(&args.cube, cube, &args.limits, console);
    }
    if let Some((name, _)) = args.limits.settings().iter().find(|(name, _)| !name.starts_with("milp.")) {
        let message = format!("--set {name}: `solve` runs the MILP solver, whose parameters begin with 'milp.'");
        return Err(Failure::Input(message));
    }
    let sitting = Sitting::begin(&args.checkpoint, console, || run_of(args))?;
    let solution_file = args.solution.as_deref().map(OutputFile::prepare).transpose()?;
    let proof = args.certificate.as_deref().map(OutputFile::prepare).transpose()?;
    let iis_file = args.iis.as_deref().map(iis::Target::prepare).transpose()?;
    let trace_file = args.trace.prepare()?;
    let began = Instant::now();
    let Reading { model, warnings } = milp::io::read(&args.model)?;
    let reading = began.elapsed().as_secs_f64();
    let name = args.model.display();
    let of_file = warnings.iter().map(|warning| format!("{name}:{}: {}", warning.line, warning.message));
    let mut warnings: Vec<String> = of_file.collect();
    if let Some(what) = rounded(&model) {
        console.note(&format!("{name}: {what}: claims count all digits, the search works with the nearest floats"));
    }
    warnings.iter().for_each(|warning| console.warn(warning));
    if let Some(target) = &iis_file {
        target.check(&model)?;
    }
    args.pool.check(&model)?;
    // The file has a name; the model in it may have none.
    let refused = |error: milp::Error| match error {
        milp::Error::Model { message, .. } => Failure::Input(format!("{name}: {message}")),
        error => error.into(),
    };
    let left = || interrupt::left(args.limits.time_limit.unwrap_or(f64::INFINITY));
    let mut certificate = match &proof {
        Some(file) if has_time(left(), reading) => Some(Certificate::new(&model, &file.folder()).map_err(refused)?),
        Some(file) => {
            tell_no_time(file, console);
            None
        }
        None => None,
    };
    console.note(&headline(&model));
    if let (Some(path), Some(sitting)) = (args.checkpoint.resume(), &sitting) {
        console.note(&format!("resumed from {} after {}", path.display(), format::seconds(sitting.past().seconds)));
    }
    let start = match &args.start {
        Some(path) => Some(milp::io::read_solution(path, &model)?),
        None => None,
    };
    if let (Some(path), Some(x)) = (&args.start, &start)
        && let Some(what) = broken_by(&model, x)
    {
        let warning =
            format!("{}: {what}; the start counts only if its whole columns can be completed", path.display());
        console.warn(&warning);
        warnings.push(warning);
    }
    let interrupt = interrupt::attend();
    let watch = Watch::new(console, interrupt, args.trace.begin(trace_file, || trace_start(args, &model))?);
    let mut options = options(args, start);
    // Reading takes its share of the time.
    options.time_limit = match (&proof, &certificate) {
        (None, _) => left(),
        (Some(file), Some(_)) => search_limit(left(), reading, file.is_packed()),
        // The search of a run that is to be certified is worth nothing without.
        (Some(_), None) => 0.0,
    };
    let outcome = match &mut certificate {
        Some(certificate) => milp::solve_certified(&model, &options, &mut &watch, certificate),
        None => match &sitting {
            Some(sitting) => sitting
                .solve(&mut &watch, |control, checkpoint| milp::solve_resumable(&model, &options, control, checkpoint)),
            None => milp::solve(&model, &options, &mut &watch),
        },
    };
    watch.finish_table();
    let mut outcome = outcome.map_err(refused)?;
    let past = sitting.as_ref().map(Sitting::past).unwrap_or_default();
    outcome.statistics.seconds += past.seconds;
    outcome.statistics.primal_dual_integral += past.integral;
    options.time_limit = left();
    let subsystem = match &iis_file {
        Some(target) => target.find((&model, &outcome), &options, &mut &watch, console)?,
        None => None,
    };
    options.time_limit = left();
    let pool = match args.pool.solutions {
        Some(wanted) => Some(milp::pool::solutions(&model, wanted as usize, &outcome, &options, &mut &watch)?),
        None => None,
    };
    let Outcome { status, objective, bound, .. } = outcome;
    let traced = watch.finish_trace(Ended { status: status.as_str(), objective, bound }, statistics(&outcome));
    let exact = unrounded(&model, &outcome);
    console.report(&report(args, (&model, &outcome), exact.as_deref(), (subsystem.as_ref(), pool.as_ref())))?;
    if let Some(file) = solution_file {
        console.hold(write_solution(&model, &outcome, &file, console));
    }
    if let Some(target) = iis_file {
        console.hold(target.write(&model, subsystem.as_ref(), console));
    }
    if let Some(pool) = &pool {
        console.hold(args.pool.write(&model, pool, console));
    }
    let proven = match (proof, certificate) {
        (Some(file), Some(certificate)) => {
            let (path, time_limit) = (args.model.as_path(), args.limits.time_limit);
            let (model, outcome, file) = (&model, &outcome, &file);
            console
                .hold(Certified { model, path, outcome, file, time_limit, interrupt }.write(certificate, console))
                .flatten()
        }
        _ => None,
    };
    console.hold(traced);
    let iis = subsystem.as_ref().map(|subsystem| iis::json(&model, subsystem));
    let (solutions, pool) = pool.as_ref().map(|pool| solutions::json(&model, pool)).unzip();
    let resumed_seconds = sitting.filter(Sitting::is_resumed).map(|sitting| sitting.past().seconds);
    let told = console.json(&SolveJson {
        resumed_seconds,
        iis,
        solutions,
        pool,
        ..json(args, (&model, &outcome), exact, warnings, proven)
    });
    // The process ends: the system takes back all of its memory at once, not one name after the other.
    std::mem::forget((model, outcome));
    told
}

/// What a run with checkpoints has to have in common with another to go on with its state. Refuses what checkpoints do not go with.
fn run_of(args: &SolveArgs) -> Result<Map<String, Value>, Failure> {
    let refuse = |why: &str| Err(Failure::Input(why.to_owned()));
    if args.certificate.is_some() {
        return refuse(
            "a certificate is written from the first node to the last, and a checkpoint does not hold it: leave one of both out",
        );
    }
    if args.iis.is_some() {
        return refuse(
            "checkpoints are of the search for a solution, and not of that for --iis: leave one of both out",
        );
    }
    if args.pool.solutions.is_some() {
        return refuse("checkpoints are for the best solution, not for several: leave them or --solutions out");
    }
    if is_dash(&args.model) || args.start.as_ref().is_some_and(|path| is_dash(path)) {
        return refuse(
            "a run that goes on reads its model again: give it a file, not -, with --checkpoint and --resume",
        );
    }
    args.checkpoint.check(false, args.trace.trace.is_some())?;
    let mut run = Map::new();
    run.insert("model_sha256".to_owned(), digest(&args.model)?.into());
    if let Some(path) = &args.start {
        run.insert("start_sha256".to_owned(), digest(path)?.into());
    }
    run.insert("seed".to_owned(), args.limits.seed.into());
    run.insert("mip_gap".to_owned(), args.limits.mip_gap.into());
    run.extend(args.mip_abs_gap.map(|gap| ("mip_abs_gap".to_owned(), gap.into())));
    let settings = args.limits.settings();
    run.extend(settings.iter().map(|(name, value)| (name.to_owned(), value.to_string().into())));
    Ok(run)
}

/// Which numbers of the file floats do not hold, if there are any.
fn rounded(model: &Model) -> Option<String> {
    let first = model.decimals.data().next()?;
    let column = |var: VarId| format!("'{}'", model.variables[var.index()].name);
    let row = |row: RowId| format!("row '{}'", model.rows[row.index()].name);
    let place = match first {
        Datum::Offset => "the constant of the objective".to_owned(),
        Datum::Cost(var) => format!("the cost of {}", column(var)),
        Datum::Lower(var) => format!("the lower bound of {}", column(var)),
        Datum::Upper(var) => format!("the upper bound of {}", column(var)),
        Datum::RowLower(id) | Datum::RowUpper(id) => format!("the side of {}", row(id)),
        Datum::Entry(id, var) => format!("the coefficient of {} in {}", column(var), row(id)),
    };
    let others = match model.decimals.len() - 1 {
        0 => String::new(),
        others => format!(" and {}", format::plural(others as u64, "other number")),
    };
    Some(format!("{place}{others} has more digits than floats hold"))
}

/// The first line of a trace.
fn trace_start(args: &SolveArgs, model: &Model) -> trace::Start<'static> {
    let limits = &args.limits;
    let mut options = limits.traced();
    options.extend(args.mip_abs_gap.map(|gap| ("mip-abs-gap".to_owned(), gap.into())));
    options.extend(args.start.as_ref().map(|_| ("start".to_owned(), true.into())));
    options.extend(args.certificate.as_ref().map(|_| ("certificate".to_owned(), true.into())));
    let name = args.model.file_name().map(|name| name.to_string_lossy().into_owned().into());
    let integers = model.variables.iter().filter(|var| var.kind == VarKind::Integer).count();
    let problem = trace::Problem {
        name,
        maximise: model.sense == milp::Sense::Maximise,
        rows: model.num_rows() as u64,
        columns: model.num_vars() as u64,
        integers: integers as u64,
        hash: None,
        more: [("nonzeros".to_owned(), model.num_nonzeros().into())].into_iter().collect(),
    };
    let engine = Some("milp".into());
    trace::Start { command: "solve".into(), engine, problem, options, seed: limits.seed, ..trace::Start::default() }
}

/// What the run counted, for the last line of a trace.
fn statistics(outcome: &Outcome) -> serde_json::Map<String, serde_json::Value> {
    let statistics = &outcome.statistics;
    let figures: [(&str, serde_json::Value); 7] = [
        ("nodes", statistics.nodes.into()),
        ("conflicts", statistics.conflicts.into()),
        ("cuts", statistics.cuts.into()),
        ("lp_iterations", statistics.lp_iterations.into()),
        ("unresolved", statistics.unresolved.into()),
        ("seconds", statistics.seconds.into()),
        ("verify_seconds", statistics.verify_seconds.into()),
    ];
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn options(args: &SolveArgs, start: Option<Vec<f64>>) -> Options {
    Options {
        time_limit: args.limits.time_limit.unwrap_or(f64::INFINITY),
        memory_limit: args.limits.memory_limit.unwrap_or(f64::INFINITY),
        node_limit: args.limits.node_limit.unwrap_or(u64::MAX),
        mip_rel_gap: args.limits.mip_gap,
        mip_abs_gap: args.mip_abs_gap,
        threads: args.limits.threads.map_or(0, usize::from),
        seed: args.limits.seed,
        start,
        parameters: args.limits.settings().of(),
        ..Options::default()
    }
}

/// The objective of a solution that is known without rounding, where its float is another number or there is none.
fn unrounded(model: &Model, outcome: &Outcome) -> Option<String> {
    let point = outcome.solution.as_deref().filter(|_| outcome.status != Status::Unbounded)?;
    milp::io::unrounded_objective(model, point, outcome.exact_solution.as_deref())
}

fn write_solution(model: &Model, outcome: &Outcome, file: &OutputFile, console: &Console) -> Result<(), Failure> {
    match &outcome.solution {
        Some(x) => {
            file.write(|out| {
                out.write_all(milp::io::to_solution(model, x, outcome.exact_solution.as_deref()).as_bytes())
            })?;
            console.note(&format!("  solution written to {}", file.name()));
        }
        None => {
            let stays = if file.path().exists() { ", what is there is of an earlier run" } else { "" };
            console.warn(&format!("no solution was found: {} is not written{stays}", file.name()));
        }
    }
    Ok(())
}

fn json<'a>(
    args: &SolveArgs,
    (model, outcome): (&'a Model, &'a Outcome),
    exact_objective: Option<String>,
    warnings: Vec<String>,
    certificate: Option<CertificateJson>,
) -> SolveJson<'a> {
    let violation = |value| outcome.solution.as_ref().map(|_| value);
    SolveJson {
        status: outcome.status.as_str(),
        verified: outcome.verified.as_str(),
        objective: outcome.objective,
        exact_objective,
        bound: outcome.bound,
        gap: outcome.gap(),
        nodes: outcome.statistics.nodes,
        lp_iterations: outcome.statistics.lp_iterations,
        cuts: outcome.statistics.cuts,
        seconds: outcome.statistics.seconds,
        resumed_seconds: None,
        verify_seconds: outcome.statistics.verify_seconds,
        max_bound_violation: violation(outcome.violations.bound),
        max_row_violation: violation(outcome.violations.row),
        max_integrality_violation: violation(outcome.violations.integrality),
        solution: outcome.solution.as_deref().map(|point| Values { model, point }),
        primal_dual_integral: outcome.statistics.primal_dual_integral,
        settings: settings(&args.limits.settings()),
        reason: reason(outcome),
        warnings,
        certificate,
        iis: None,
        solutions: None,
        pool: None,
    }
}

//! Linear and mixed-integer models of a folder, each solved with the limits given: is what is said true of the known optima, and
//! what does verifying it cost.
//!
//! Known optima stand in DIR/expected.csv (columns `file`, `status` and `objective`); without it every model of the folder is
//! solved. Seconds are those of the solver, without reading; the ratio is to the same run without its verification.

use super::table::Table;
use super::trial::Runner;
use crate::args::LimitArgs;
use crate::failure::Failure;
use crate::format;
use milp::{Model, Options, Outcome, Quiet, Sense, Status};
use std::collections::BTreeMap;
use std::path::Path;

/// Relative difference up to which an objective counts as the known one, whose digits are those of a list.
const AGREEMENT: f64 = 1e-6;

/// Answers that a list gives for a file: status and objective.
type Known = (String, Option<f64>);

/// Solver options of these limits.
pub(super) fn options(limits: &LimitArgs) -> Options {
    Options {
        time_limit: limits.time_limit.unwrap_or(f64::INFINITY),
        memory_limit: limits.memory_limit.unwrap_or(f64::INFINITY),
        node_limit: limits.node_limit.unwrap_or(u64::MAX),
        mip_rel_gap: limits.mip_gap,
        ..Options::default()
    }
}

/// Solves each model `repeats` times, of which the fastest counts; a run that met a limit is not repeated.
pub fn run(directory: &Path, repeats: u64, limits: &LimitArgs, runner: &Runner<'_>) -> Result<Table, Failure> {
    let headings = [
        "model",
        "rows",
        "columns",
        "status",
        "objective",
        "known",
        "agrees",
        "seconds",
        "verifying",
        "ratio",
        "pivots",
        "nodes",
    ];
    let mut table = Table::new(&headings);
    let options = options(limits);
    let (mut logarithms, mut proven, mut wrong) = (0.0, 0, 0);
    let mut solved = 0;
    for (name, known) in models(directory)? {
        if runner.stopped() {
            break;
        }
        if !runner.wants(&name) {
            continue;
        }
        let Ok(model) = milp::io::read_model(&directory.join(&name)) else {
            table.note(format!("{name}: left out, not a model that can be read"));
            continue;
        };
        let outcome = fastest(&model, &options, repeats)?;
        let (seconds, verifying) = (outcome.statistics.seconds, outcome.statistics.verify_seconds);
        let ratio = seconds / (seconds - verifying).max(f64::MIN_POSITIVE);
        let agrees = known.as_ref().map_or("-", |known| judge(&model, &outcome, known));
        solved += 1;
        logarithms += ratio.ln();
        proven += u32::from(agrees == "yes");
        wrong += u32::from(agrees == "NO");
        runner.say(&format!("{name}: {} in {seconds:.2} s, verifying {verifying:.4} s", outcome.status.as_str()));
        let objective = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), format::precise);
        table.push(vec![
            name,
            model.num_rows().to_string(),
            model.num_vars().to_string(),
            outcome.status.as_str().to_owned(),
            objective(outcome.objective),
            objective(known.and_then(|(_, objective)| objective)),
            agrees.to_owned(),
            format!("{seconds:.4}"),
            format!("{verifying:.4}"),
            format!("{ratio:.3}"),
            outcome.statistics.lp_iterations.to_string(),
            outcome.statistics.nodes.to_string(),
        ]);
    }
    if solved > 0 {
        let mean = (logarithms / f64::from(solved)).exp();
        table.note(format!(
            "{solved} models: {proven} end with the known answer, {wrong} contradict it; verifying costs a factor of {mean:.3} \
             (geometric mean)"
        ));
    }
    Ok(table)
}

fn fastest(model: &Model, options: &Options, repeats: u64) -> Result<Outcome, Failure> {
    let mut best = milp::solve(model, options, &mut Quiet)?;
    for _ in 1..repeats {
        if matches!(best.status, Status::TimeLimit | Status::MemoryLimit | Status::Interrupted) {
            break;
        }
        let next = milp::solve(model, options, &mut Quiet)?;
        if next.statistics.seconds < best.statistics.seconds {
            best = next;
        }
    }
    Ok(best)
}

/// `yes` for the known answer, `open` for one that leaves it possible, `NO` for one that contradicts it.
fn judge(model: &Model, outcome: &Outcome, (status, known): &Known) -> &'static str {
    let ended = match outcome.status {
        Status::Optimal | Status::Infeasible | Status::Unbounded => outcome.status.as_str(),
        _ => "",
    };
    let Some(known) = known else {
        return match ended {
            "" => "open",
            ended if ended == status => "yes",
            _ => "NO",
        };
    };
    let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
    let allowed = AGREEMENT * known.abs().max(1.0);
    let is_above = |value: f64| sign * (value - known) > allowed;
    let is_below = |value: f64| sign * (known - value) > allowed;
    let contradicted = outcome.objective.is_some_and(is_below) || is_above(outcome.bound);
    match ended {
        _ if contradicted => "NO",
        "" => "open",
        "optimal" if outcome.objective.is_some_and(|value| !is_above(value)) => "yes",
        _ => "NO",
    }
}

/// File names in order, with what a list says of them if there is one.
pub(super) fn models(directory: &Path) -> Result<BTreeMap<String, Option<Known>>, Failure> {
    let list = directory.join("expected.csv");
    if !list.is_file() {
        let failure = |source| Failure::file(directory, source);
        let mut names = BTreeMap::new();
        for entry in std::fs::read_dir(directory).map_err(failure)? {
            let name = entry.map_err(failure)?.file_name().to_string_lossy().into_owned();
            let plain = name.strip_suffix(".gz").unwrap_or(&name);
            if plain.ends_with(".mps") || plain.ends_with(".lp") {
                names.insert(name, None);
            }
        }
        return Ok(names);
    }
    let failure = |error: csv::Error| Failure::Input(format!("{}: {error}", list.display()));
    let mut reader = csv::Reader::from_path(&list).map_err(failure)?;
    let headings = reader.headers().map_err(failure)?.clone();
    let place = |wanted: &str| {
        let missing = || Failure::Input(format!("{}: no column '{wanted}'; name it in the first line", list.display()));
        headings.iter().position(|heading| heading == wanted).ok_or_else(missing)
    };
    let places = (place("file")?, place("status")?, place("objective")?);
    let mut names = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(failure)?;
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        let objective = match cell(places.2) {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                Failure::Input(format!("{}: objective '{text}' of {} is no number", list.display(), cell(places.0)))
            })?),
        };
        if ["optimal", "infeasible", "unbounded"].contains(&cell(places.1)) {
            names.insert(cell(places.0).to_owned(), Some((cell(places.1).to_owned(), objective)));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_agree_leave_open_or_contradict() {
        let model =
            milp::io::parse_lp("Minimize\n obj: x\nSubject To\n c: x >= 3\nEnd\n", Path::new("t.lp")).expect("a model");
        let options = Options::default();
        let outcome = milp::solve(&model, &options, &mut Quiet).expect("solved");
        let known = |status: &str, objective| (status.to_owned(), objective);
        assert_eq!(judge(&model, &outcome, &known("optimal", Some(3.0))), "yes");
        assert_eq!(judge(&model, &outcome, &known("optimal", Some(3.1))), "NO");
        assert_eq!(judge(&model, &outcome, &known("infeasible", None)), "NO");
        let open = Outcome { status: Status::TimeLimit, bound: 2.0, ..outcome };
        assert_eq!(judge(&model, &open, &known("optimal", Some(2.5))), "open");
        assert_eq!(judge(&model, &open, &known("optimal", Some(1.5))), "NO");
        assert_eq!(judge(&model, &open, &known("optimal", Some(4.0))), "NO", "the point is better");
    }
}

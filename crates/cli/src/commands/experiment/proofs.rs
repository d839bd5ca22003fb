//! What proofs cost: each problem searched without and with a log, and the folder checked, by our checker and by VeriPB if it is
//! given. The problems are those of DIR/expected.csv and, with each of the widths, of DIR/manifest.json: whichever is there.

use super::optima::list;
use super::real::tasks;
use super::table::Table;
use super::trial::Runner;
use crate::commands::check;
use crate::failure::Failure;
use bdnn::budget::never;
use bdnn::data::{Dataset, ReadOptions, Scaling};
use bdnn::model::{Claim, Provenance};
use bdnn::{Architecture, Limits, Loss, Model, Network, Problem, Request, Training, WeightDomain};
use heaviside::PROGRAM;
use heaviside::proof::Source;
use heuristics::local_search;
use omt::proof::{Folder, Written, train, train_unlogged};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Rounds of local search before all searches.
const ROUNDS: u64 = 2;

/// How the runs are made.
pub struct Setting<'a> {
    /// Runs of each, of which the fastest counts.
    pub repeats: u64,
    /// VeriPB.
    pub veripb: Option<&'a Path>,
}

/// Seconds and sizes of one problem.
struct Costs {
    training: Training,
    written: Written,
    usual: f64,
    unlogged: f64,
    logged: f64,
    check: f64,
    veripb: Option<f64>,
    verdict: String,
}

/// Proves what the runner wants.
pub fn run(directory: &Path, widths: &[usize], setting: &Setting<'_>, runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut headings =
        vec!["data", "hidden", "loss", "bound", "usual search, s", "search, s", "with proof, s", "ratio"];
    headings.extend(["lemmas", "steps", "MB", "check, s", "ratio"]);
    headings.extend(setting.veripb.map(|_| "veripb, s"));
    headings.push("checked");
    let mut table = Table::new(&headings);
    let (expected, manifest) = (directory.join("expected.csv"), directory.join("manifest.json"));
    if !expected.exists() && !manifest.exists() {
        let message = format!("{}: neither expected.csv nor manifest.json is there", directory.display());
        return Err(Failure::Input(message));
    }
    let mut accepted = (0, 0);
    let mut prove = |name: &str, data: &Dataset, hidden: usize, loss: Loss| -> Result<(), Failure> {
        let problem = problem(data, hidden, loss);
        if runner.stopped() || omt::proof::supports(&problem).is_err() {
            return Ok(());
        }
        let costs = measure(data, &problem, setting, runner)?;
        runner.say(&format!("{name}, {hidden} hidden: {}", costs.verdict));
        accepted.0 += usize::from(costs.verdict == "accepted");
        accepted.1 += 1;
        table.push(row(name, hidden, &costs));
        Ok(())
    };
    if expected.exists() {
        for entry in list(&expected)? {
            if runner.wants(&entry.file) {
                let data = Dataset::read(&directory.join(&entry.file), &ReadOptions::default())?;
                prove(entry.file.trim_end_matches(".csv"), &data, entry.hidden, Loss::ZeroOne)?;
            }
        }
    }
    if manifest.exists() {
        for (name, data) in tasks(directory, runner)? {
            for &hidden in widths {
                prove(&name, &data, hidden, Loss::Hamming)?;
            }
        }
    }
    table.note(format!("{} of {} proofs accepted", accepted.0, accepted.1));
    Ok(table)
}

/// A proof that the checker has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub steps: u64,
    /// On disk, packed.
    pub bytes: u64,
}

/// Proves that no network of `hidden` neurons loses less than `loss`, within the runner's limits, and checks the folder; `None` where the
/// search that a proof follows is not through by then, or there are no such proofs.
///
/// # Errors
/// A folder that cannot be written, or that the checker refuses.
pub fn prove(data: &Dataset, hidden: usize, loss: u64, runner: &Runner<'_>) -> Result<Option<Proof>, Failure> {
    let problem = problem(data, hidden, Loss::Hamming);
    if omt::proof::supports(&problem).is_err() {
        return Ok(None);
    }
    let temporary = tempfile::tempdir().map_err(|source| Failure::file(&std::env::temp_dir(), source))?;
    let path = temporary.path();
    let folder = Folder::create(path, true)?;
    let limits = Limits { threads: 1, ..runner.limits().clone() };
    let request = Request::new(&problem, &limits).with_progress(runner);
    let start = start(request)?;
    let (training, Some(written)) = train(request.with_start(start.as_ref()), &folder, None)? else {
        return Ok(None);
    };
    if written.bound != Some(loss) {
        return Ok(None);
    }
    complete(path, data, &problem, &limits, &training, &written)?;
    verify(path)?.map_err(|error| Failure::Internal(format!("the checker refuses a proof of {loss}: {error}")))?;
    Ok(Some(Proof { steps: written.steps, bytes: written.bytes }))
}

/// The network of a short local search, from which all searches begin.
fn start(request: Request<'_>) -> Result<Option<Network>, Failure> {
    let limits = Limits { nodes: ROUNDS, ..request.limits.clone() };
    Ok(local_search::train(request.with_limits(&limits))?.network)
}

/// Writes what belongs to a proof folder beside the proof: the network and the problem.
fn complete(
    path: &Path,
    data: &Dataset,
    problem: &Problem,
    limits: &Limits,
    training: &Training,
    written: &Written,
) -> Result<(), Failure> {
    let rows = data.all();
    let provenance = Provenance { seed: limits.seed, ..Provenance::of("omt", problem, data.sha256(&rows)) };
    let loss = training.loss;
    if let Some(network) = &training.network {
        let model = Model {
            program: PROGRAM.to_owned(),
            architecture: problem.architecture.clone(),
            network: network.clone(),
            scaling: Scaling::MinMax,
            scaler: problem.points.scaler().clone(),
            schema: data.schema.clone(),
            training: provenance.clone(),
            claim: Claim { status: training.status, loss, objective: training.objective, bound: training.bound },
        };
        model.write(&path.join("network.json")).map_err(Failure::from)?;
    }
    let begun = Source { data, rows: &rows, units: None, provenance }.begin(path, problem, &never)?;
    begun.map_or(Ok(()), |begun| begun.end(training, written.bound)).map_err(Failure::from)
}

/// What the independent checker says of a folder.
fn verify(path: &Path) -> Result<Result<(), checker::Error>, Failure> {
    let files = check::proof::files(path, None, &checker::Budget::default())?;
    Ok(checker::proof::check(files).map(drop))
}

/// Continuous weights, biases, ideal semantics, features scaled to [0, 1].
fn problem(data: &Dataset, hidden: usize, loss: Loss) -> Problem {
    let architecture = Architecture {
        inputs: data.num_features(),
        hidden: if hidden == 0 { vec![] } else { vec![hidden] },
        classes: data.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    Problem::new(data.points(&data.all(), &Scaling::MinMax.fit(data, &data.all())), architecture, loss)
}

fn row(name: &str, hidden: usize, costs: &Costs) -> Vec<String> {
    let Costs { training, written, usual, unlogged, logged, check, veripb, verdict } = costs;
    let seconds = |value: &f64| format!("{value:.3}");
    let mut row = vec![name.to_owned(), hidden.to_string(), training.loss.to_string()];
    row.push(written.bound.map_or_else(|| "none".to_owned(), |bound| bound.to_string()));
    row.extend([seconds(usual), seconds(unlogged), seconds(logged), format!("{:.1}", logged / unlogged)]);
    row.extend([written.lemmas.to_string(), written.steps.to_string(), format!("{:.1}", written.bytes as f64 / 1e6)]);
    row.extend([seconds(check), format!("{:.1}", check / unlogged)]);
    row.extend(veripb.as_ref().map(seconds));
    row.push(verdict.clone());
    row
}

/// The fastest of several runs.
fn timed<T>(repeats: u64, mut run: impl FnMut() -> Result<T, Failure>) -> Result<(f64, T), Failure> {
    let mut once = || {
        let start = Instant::now();
        run().map(|value| (start.elapsed().as_secs_f64(), value))
    };
    let mut best = once()?;
    for _ in 1..repeats {
        let next = once()?;
        if next.0 < best.0 {
            best = next;
        }
    }
    Ok(best)
}

fn measure(data: &Dataset, problem: &Problem, setting: &Setting<'_>, runner: &Runner<'_>) -> Result<Costs, Failure> {
    let temporary = tempfile::tempdir().map_err(|source| Failure::file(&std::env::temp_dir(), source))?;
    let path = temporary.path();
    let folder = Folder::create(path, false)?;
    let limits = Limits { threads: 1, ..runner.limits().clone() };
    let repeats = setting.repeats;
    let request = Request::new(problem, &limits).with_progress(runner);
    let start = start(request)?;
    let request = request.with_start(start.as_ref());
    let (usual, _) = timed(repeats, || Ok(omt::train(request)?))?;
    let (unlogged, _) = timed(repeats, || Ok(train_unlogged(request)?))?;
    let (logged, (training, written)) = timed(repeats, || Ok(train(request, &folder, None)?))?;
    let Some(written) = written else {
        return Err(Failure::Input("the limit leaves no time for a search".to_owned()));
    };
    complete(path, data, problem, &limits, &training, &written)?;
    let (check, verdict) = timed(repeats, || verify(path))?;
    let mut verdict = verdict.map_or_else(|error| error.to_string(), |_| "accepted".to_owned());
    let mut veripb = None;
    if let Some(program) = setting.veripb {
        let files = ["formula.opb", "proof.pbp"].map(|name| path.join(name));
        let (seconds, run) = timed(repeats, || {
            Command::new(program).args(&files).output().map_err(|source| Failure::file(program, source))
        })?;
        veripb = Some(seconds);
        if !run.status.success() {
            verdict = format!("veripb: {}", String::from_utf8_lossy(&run.stderr).trim());
        }
    }
    Ok(Costs { training, written, usual, unlogged, logged, check, veripb, verdict })
}

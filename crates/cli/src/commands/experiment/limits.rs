//! Do limits hold? Every command on large inputs, each in a process of its own: the limit asked for and the time taken, and
//! how long a process takes to end after a signal.
//!
//! On a machine shared with other work the clock says little, so CPU seconds stand beside it: those of the whole run and
//! those that came after the limit (or the signal). They are read from `/proc`, so the experiment is for Linux.

use super::cpu;
use super::inputs::{Kind, Points, set_partitioning};
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that is still there so many seconds after its end was asked for is ended, and the table says so.
const PATIENCE: f64 = 60.0;

/// A file made for the experiment.
struct Input {
    name: &'static str,
    kind: Made,
}

#[derive(Clone, Copy)]
enum Made {
    Points(Points),
    Partitioning { rows: usize, columns: usize },
}

/// One run: words in which `{name}` stands for an input's file and `{out}` for one that it writes.
struct Case {
    what: &'static str,
    words: &'static str,
    /// The limit in seconds, or a signal after so many.
    end: End,
}

#[derive(Clone, Copy)]
enum End {
    Limit(f64),
    Signal(f64),
}

const fn points(rows: usize, features: usize, kind: Kind) -> Made {
    Made::Points(Points { rows, features, kind })
}

const INPUTS: [Input; 12] = [
    Input { name: "million", kind: points(1_000_000, 20, Kind::Linear) },
    Input { name: "long", kind: points(100_000, 20, Kind::Linear) },
    Input { name: "wide", kind: points(200, 10_000, Kind::Linear) },
    Input { name: "skewed", kind: points(4597, 57, Kind::Skewed) },
    Input { name: "credit", kind: points(30_000, 23, Kind::Skewed) },
    Input { name: "partitioning", kind: Made::Partitioning { rows: 60, columns: 80_000 } },
    Input { name: "small", kind: points(60, 3, Kind::Linear) },
    Input { name: "medium", kind: points(300, 6, Kind::Linear) },
    Input { name: "tall", kind: points(600_000, 4, Kind::Linear) },
    Input { name: "broad", kind: points(300, 3000, Kind::Linear) },
    Input { name: "binary", kind: points(200, 10_000, Kind::Binary) },
    Input { name: "classes", kind: points(3000, 8, Kind::Classes(200)) },
];

const fn limit(what: &'static str, seconds: f64, words: &'static str) -> Case {
    Case { what, words, end: End::Limit(seconds) }
}

const fn signal(what: &'static str, after: f64, words: &'static str) -> Case {
    Case { what, words, end: End::Signal(after) }
}

const CASES: [Case; 61] = [
    limit("train, no hidden layer", 10.0, "train {million}"),
    limit("train, 2 neurons", 10.0, "train {million} --hidden 2"),
    limit("train by local search, 25 neurons", 20.0, "train {million} --hidden 25 --method local-search"),
    limit("train by splitting, 25 neurons", 20.0, "train {million} --hidden 25 --method split"),
    limit("train, the limit comes while reading", 1.0, "train {million}"),
    limit("train by milp", 20.0, "train {million} --method milp"),
    limit("train within 0.6 GB by milp", 20.0, "train {million} --method milp --memory-limit 0.6"),
    limit("train, no hidden layer", 5.0, "train {wide}"),
    limit("train with ternary weights", 5.0, "train {wide} --weights ternary"),
    limit("train, 2 neurons", 5.0, "train {wide} --hidden 2"),
    limit("train by omt, 2 neurons", 5.0, "train {wide} --hidden 2 --method omt"),
    limit("train by milp", 5.0, "train {wide} --method milp"),
    limit("train by splitting, 5 neurons", 5.0, "train {wide} --hidden 5 --method split"),
    limit("train with a price of weights", 2.0, "train {wide} --l1 0.1"),
    limit("train by milp", 2.0, "train {binary} --method milp"),
    limit("train, 200 classes", 2.0, "train {classes}"),
    limit("train with the MILP, 200 classes", 5.0, "train {classes} --method milp"),
    limit("train, no hidden layer", 5.0, "train {skewed}"),
    limit("train, 2 neurons", 5.0, "train {skewed} --hidden 2"),
    limit("train by omt, 3 neurons", 2.0, "train {skewed} --hidden 3 --method omt"),
    limit("train by milp, 2 neurons", 5.0, "train {skewed} --hidden 2 --method milp"),
    limit("train by splitting with omt, 2 neurons", 3.0, "train {skewed} --hidden 2 --method split --split-engine omt"),
    limit("train with a margin, 2 neurons", 3.0, "train {skewed} --hidden 2 --method omt --epsilon 0.001"),
    limit("train robustly, 2 neurons", 3.0, "train {skewed} --hidden 2 --method omt --robust 0.01"),
    limit("train, 1 neuron a layer", 3.0, "train {skewed} --hidden 1,1"),
    limit("train, 2 neurons", 3.0, "train {digits} --hidden 2"),
    limit("train, 25 and 10 neurons", 3.0, "train {digits} --hidden 25,10"),
    limit("train, one neuron, 10 classes", 3.0, "train {digits} --hidden 1"),
    limit("train, 2 neurons", 5.0, "train {credit} --hidden 2"),
    limit("train, k-medians", 5.0, "train {credit} --hidden 25 --method split --split kmedians"),
    limit("evaluate --attack", 3.0, "evaluate {model} {credit} --attack 0.05"),
    limit("solve", 5.0, "solve {partitioning}"),
    limit("solve with a certificate", 5.0, "solve {partitioning} --certificate {out}"),
    limit("train with a proof, 3 neurons", 3.0, "train {small} --hidden 3 --proof {proof}"),
    limit("train with a proof, no hidden layer", 3.0, "train {skewed} --proof {proof}"),
    limit("train with a proof, 4 neurons", 5.0, "train {skewed} --hidden 4 --proof {proof}"),
    limit("train with a proof, 2 neurons", 8.0, "train {long} --hidden 2 --proof {proof}"),
    limit("train with a proof, no hidden layer", 5.0, "train {tall} --proof {proof}"),
    limit("train with a proof, 2 neurons", 5.0, "train {tall} --hidden 2 --proof {proof}"),
    limit("train with a proof, 2 neurons", 2.0, "train {wide} --hidden 2 --proof {proof}"),
    limit("train by milp with a proof", 3.0, "train {medium} --method milp --proof {proof}"),
    limit("train by milp with a proof, 2 neurons", 5.0, "train {tall} --hidden 2 --method milp --proof {proof}"),
    limit("train by milp with a proof, 2 neurons", 2.0, "train {broad} --hidden 2 --method milp --proof {proof}"),
    limit("check proof", 1.0, "check proof {medium-proof} --data {medium}"),
    limit("check proof", 2.0, "check proof {skewed-proof} --data {skewed}"),
    limit("check proof", 20.0, "check proof {wide-proof} --data {wide}"),
    limit("check certificate", 1.0, "check certificate {partitioning} {partitioning-certificate}"),
    signal("train, while reading", 0.5, "train {million}"),
    signal("train, while searching", 8.0, "train {million} --hidden 25"),
    signal("train, while searching", 2.0, "train {wide} --hidden 2 --method omt"),
    signal("train, while searching", 2.0, "train {skewed} --hidden 2"),
    signal("train, while searching", 2.0, "train {digits} --hidden 2"),
    signal("train by milp", 2.0, "train {skewed} --hidden 2 --method milp"),
    signal("train with a price of weights", 2.0, "train {wide} --l1 0.1"),
    signal("train, 200 classes", 1.0, "train {classes}"),
    signal("train with a proof", 3.0, "train {tall} --hidden 2 --proof {proof}"),
    signal("train by milp with a proof", 3.0, "train {tall} --hidden 2 --method milp --proof {proof}"),
    signal("predict", 1.5, "predict {model20} {million} --out {out}"),
    signal("formulate", 1.5, "formulate {credit} --hidden 5 --format mps --out {out}"),
    signal("solve", 2.0, "solve {partitioning}"),
    signal("solve with a certificate", 2.0, "solve {partitioning} --certificate {out}"),
];

/// What became of a run.
struct Ended {
    seconds: f64,
    cpu: f64,
    cpu_after: f64,
    /// In JSON, or the exit code.
    status: String,
    /// Whether the command understood what was asked of it.
    done: bool,
}

/// Runs all cases whose words or input `runner` wants; `data` has `digits.csv`.
pub fn run(data: &Path, runner: &Runner<'_>) -> Result<Table, Failure> {
    let folder = tempfile::tempdir().map_err(|source| Failure::file(&std::env::temp_dir(), source))?;
    let program = std::env::current_exe().map_err(|source| Failure::file(Path::new("heaviside"), source))?;
    let bench = Bench { folder: folder.path(), program, data, runner };
    let mut table =
        Table::new(&["input", "command", "asked", "seconds", "over", "CPU seconds", "CPU after", "holds", "ended"]);
    for case in &CASES {
        let input = input_of(case.words);
        if runner.stopped() {
            break;
        }
        if !runner.wants(&format!("{input}: {}", case.words)) {
            continue;
        }
        let ended = bench.run(case)?;
        let (asked, allowed) = match case.end {
            End::Limit(seconds) => (format!("limit {seconds} s"), seconds + (0.1 * seconds).max(0.2)),
            End::Signal(after) => (format!("SIGTERM at {after} s"), after + 0.5),
        };
        let over = ended.seconds - bench.end(case);
        let holds = if ended.done && ended.seconds <= allowed { "yes" } else { "no" };
        runner.say(&format!("{input}, {}, {asked}: {:.2} s, {}", case.what, ended.seconds, ended.status));
        table.push(vec![
            input.to_owned(),
            case.what.to_owned(),
            asked,
            format!("{:.2}", ended.seconds),
            format!("{over:.2}"),
            format!("{:.2}", ended.cpu),
            format!("{:.2}", ended.cpu_after),
            holds.to_owned(),
            ended.status,
        ]);
    }
    for Input { name, kind } in &INPUTS {
        let size = match kind {
            Made::Points(points) => format!("{} x {}", points.rows, points.features),
            Made::Partitioning { rows, columns } => format!("set partitioning, {rows} rows, {columns} columns"),
        };
        table.note(format!("{name}: {size}"));
    }
    table.note(
        "Limits hold if a run ends within max(0.2 s, 10%) of its limit, signals within 0.5 s; CPU after: seconds that all \
         threads spent after the limit or signal"
            .to_owned(),
    );
    Ok(table)
}

fn input_of(words: &str) -> &'static str {
    let named = |name: &&str| words.contains(&format!("{{{name}}}"));
    INPUTS.iter().map(|input| input.name).chain(["digits"]).find(named).unwrap_or("")
}

struct Bench<'a> {
    folder: &'a Path,
    program: PathBuf,
    data: &'a Path,
    runner: &'a Runner<'a>,
}

impl Bench<'_> {
    fn end(&self, case: &Case) -> f64 {
        match case.end {
            End::Limit(seconds) | End::Signal(seconds) => seconds,
        }
    }

    /// The file that a word in braces stands for, made if it is not there.
    fn file(&self, name: &str) -> Result<PathBuf, Failure> {
        if name == "digits" {
            let path = self.data.join("digits.csv");
            std::fs::metadata(&path).map_err(|source| Failure::file(&path, source))?;
            return Ok(path);
        }
        match name {
            "model" => return self.made(name, "train {credit} --hidden 5 --method local-search --time-limit 3 --out"),
            "model20" => {
                return self.made(name, "train {million} --hidden 5 --method local-search --time-limit 10 --out");
            }
            "medium-proof" => return self.made(name, "train {medium} --hidden 2 --time-limit 10 --proof"),
            "wide-proof" => return self.made(name, "train {wide} --hidden 2 --time-limit 30 --proof"),
            "skewed-proof" => return self.made(name, "train {skewed} --time-limit 10 --proof"),
            "partitioning-certificate" => return self.made(name, "solve {partitioning} --time-limit 10 --certificate"),
            _ => {}
        }
        let Some(input) = INPUTS.iter().find(|input| input.name == name) else {
            return self.fresh(name);
        };
        let path = self.folder.join(format!("{name}{}", if name == "partitioning" { ".mps" } else { ".csv" }));
        if !path.exists() {
            let seed = self.runner.seed();
            let made = match input.kind {
                Made::Points(points) => points.write(&path, seed),
                Made::Partitioning { rows, columns } => set_partitioning(&path, rows, columns, seed),
            };
            made.map_err(|source| Failure::file(&path, source))?;
        }
        Ok(path)
    }

    /// A path at which nothing is any more: no command overwrites.
    fn fresh(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(name);
        let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match gone {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Failure::file(&path, source)),
            _ => Ok(path),
        }
    }

    /// What a command writes to the file or folder of this name, if it is not there yet.
    fn made(&self, name: &str, words: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(name);
        if !path.exists() {
            let output = self.command(words)?.arg(&path).output();
            output.map_err(|source| Failure::file(&self.program, source))?;
        }
        Ok(path)
    }

    /// A command of this program; words in braces are files.
    fn command(&self, words: &str) -> Result<Command, Failure> {
        let mut command = Command::new(&self.program);
        for word in words.split(' ') {
            match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
                Some(name) => command.arg(self.file(name)?),
                None => command.arg(word),
            };
        }
        Ok(command)
    }

    fn run(&self, case: &Case) -> Result<Ended, Failure> {
        let failed = |source| Failure::file(&self.program, source);
        let mut command = self.command(case.words)?;
        if let End::Limit(seconds) = case.end {
            command.args(["--time-limit", &seconds.to_string()]);
        }
        let json = self.folder.join("answer.json");
        let answer = std::fs::File::create(&json).map_err(|source| Failure::file(&json, source))?;
        command.args(["--json", "--quiet"]).stdin(Stdio::null()).stdout(answer).stderr(Stdio::null());
        let before = cpu::seconds_of_children();
        let began = Instant::now();
        let mut child = command.spawn().map_err(failed)?;
        let end = self.end(case);
        let early = wait(&mut child, began, end).map_err(failed)?;
        let at_end = cpu::seconds_of(child.id());
        if let (End::Signal(_), None) = (case.end, early) {
            // The program that shells have; the standard library has no signals.
            Command::new("kill").args(["-TERM", &child.id().to_string()]).status().map_err(failed)?;
        }
        let status = match early {
            Some(status) => Some(status),
            None => wait(&mut child, began, end + PATIENCE).map_err(failed)?,
        };
        let seconds = began.elapsed().as_secs_f64();
        if status.is_none() {
            child.kill().and_then(|()| child.wait()).map_err(failed)?;
        }
        let cpu = cpu::seconds_of_children() - before;
        let text = std::fs::read_to_string(&json).unwrap_or_default();
        let said = serde_json::from_str::<serde_json::Value>(&text).ok();
        let said = said.and_then(|value| Some(value.get("status")?.as_str()?.to_owned()));
        // Errors end early, and say nothing of limits.
        let done = status.and_then(|status| status.code()).is_some_and(|code| [0, 1, 130].contains(&code));
        let status = match (said, status) {
            (Some(said), Some(_)) => said,
            (None, Some(status)) => format!("exit code {}", status.code().unwrap_or(-1)),
            (_, None) => "killed".to_owned(),
        };
        Ok(Ended { seconds, cpu, cpu_after: if early.is_some() { 0.0 } else { (cpu - at_end).max(0.0) }, status, done })
    }
}

/// Waits until `until` seconds after `began` at most.
fn wait(child: &mut Child, began: Instant, until: f64) -> std::io::Result<Option<std::process::ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = until - began.elapsed().as_secs_f64();
        if left <= 0.0 {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_secs_f64(left.min(0.005)));
    }
}

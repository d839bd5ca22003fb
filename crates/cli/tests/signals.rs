//! Signals and limits in every phase: what stands is written, and nothing goes on for long.
#![cfg(unix)]

mod common;

use common::{Files, dataset};
#[cfg(target_os = "linux")]
use heaviside::cubes::{Plan, Wish, model};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
#[cfg(target_os = "linux")]
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Far more than an end takes on a busy machine, far less than the work that is cut short.
const PATIENCE: Duration = Duration::from_secs(20);

/// A run that is under way.
struct Running {
    child: Child,
    errors: BufReader<std::process::ChildStderr>,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let errors = BufReader::new(child.stderr.take().expect("piped"));
        Self { child, errors }
    }

    /// Reads standard error up to a line with this text.
    #[track_caller]
    fn until(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            let read = self.errors.read_line(&mut line).expect("text");
            assert!(read > 0, "it ended without '{text}'");
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill is there").success());
    }

    /// Waits until it listens for signals.
    #[cfg(target_os = "linux")]
    #[track_caller]
    fn until_it_listens(&self) {
        /// SIGTERM in the masks of `/proc/ID/status`.
        const TERM: u64 = 1 << 14;
        let listens = || {
            let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
            let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("a mask").trim();
            u64::from_str_radix(mask, 16).expect("hexadecimal") & TERM != 0
        };
        let began = Instant::now();
        while !listens() {
            assert!(began.elapsed() < PATIENCE, "it does not listen");
        }
    }

    /// The exit status and standard output, soon.
    #[track_caller]
    fn ended(self) -> (ExitStatus, String) {
        let (status, out, _) = self.ended_in_words();
        (status, out)
    }

    /// The same with what is left of standard error.
    #[track_caller]
    fn ended_in_words(mut self) -> (ExitStatus, String, String) {
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            if asked.elapsed() > PATIENCE {
                self.child.kill().expect("a child");
                panic!("it went on");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut out = String::new();
        self.child.stdout.take().expect("piped").read_to_string(&mut out).expect("UTF-8");
        let mut words = String::new();
        self.errors.read_to_string(&mut words).expect("UTF-8");
        (status, out, words)
    }
}

/// Points that nobody sorts out within a minute: labels by coin flips, decimals enough that exact arithmetic is slow.
fn hopeless(rows: usize, features: usize) -> String {
    let mut state = 1_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut text = String::new();
    for _ in 0..rows {
        for _ in 0..features {
            let value = if next() % 3 == 0 { 0 } else { next() % 100_000 };
            let _ = write!(text, "{}.{:03},", value / 1000, value % 1000);
        }
        let _ = writeln!(text, "{}", next() % 2);
    }
    text
}

#[test]
fn every_engine_hears_and_what_stands_is_written() {
    let files = Files::new();
    let data = files.add("d.csv", &hopeless(500, 20));
    let digits = dataset("digits.csv");
    let runs: [(&str, &[&str]); 7] = [
        ("TERM", &["--hidden", "2", "--method", "omt"]),
        ("INT", &["--hidden", "0", "--method", "omt"]),
        ("TERM", &["--hidden", "1", "--method", "omt"]),
        ("INT", &["--hidden", "2", "--method", "milp"]),
        ("TERM", &["--hidden", "3,2", "--method", "local-search"]),
        ("TERM", &["--hidden", "2", "--method", "split", "--split-engine", "omt"]),
        ("INT", &["--hidden", "2", "--method", "omt", "--epsilon", "0.001"]),
    ];
    for (at, (name, options)) in runs.into_iter().enumerate() {
        // Ten classes, too.
        let data = if at == 4 { &digits } else { &data };
        let (out, log) = (files.path(&format!("{at}.json")), files.path(&format!("{at}.log")));
        let mut running = Running::start(&[&["train", data, "--json", "--out", &out, "--log", &log], options].concat());
        running.until("BestBound");
        running.signal(name);
        let (status, printed) = running.ended();
        assert_eq!(status.code(), Some(0), "{options:?}");
        let json: Value = serde_json::from_str(&printed).expect("one object");
        assert_eq!(json["status"], "interrupted", "{options:?}");
        assert!(json["network"].is_object() && json["loss"].as_u64() >= json["bound"].as_f64().map(|b| b as u64));
        let model: Value = serde_json::from_str(&files.read(&format!("{at}.json"))).expect("a model");
        assert_eq!(model["claim"]["loss"], json["loss"], "{options:?}");
        assert!(files.read(&format!("{at}.log")).contains("interrupted"));
    }
}

/// Rows of sums that no choice of columns meets: the search goes on for ever, and every node leaves lines in a certificate.
fn market_split() -> String {
    let mut state = 1_u64;
    let mut weight = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100
    };
    let (mut objective, mut rows) = (String::new(), String::new());
    for i in 0..5 {
        write!(objective, " + p{i} + q{i}").expect("a string");
        let weights: Vec<u64> = (0..40).map(|_| weight()).collect();
        let sum: String = weights.iter().enumerate().map(|(j, weight)| format!(" + {weight} x{j}")).collect();
        writeln!(rows, "{sum} + p{i} - q{i} = {}", weights.iter().sum::<u64>() / 2).expect("a string");
    }
    let columns: String = (0..40).map(|j| format!(" x{j}")).collect();
    format!("min\n{objective}\nst\n{rows}binary\n{columns}\nend\n")
}

/// However much the search has written down, the certificate after a signal claims the bound of the root and has no more lines than that takes.
#[test]
fn a_certificate_after_a_signal_is_small() {
    let files = Files::new();
    let (model, out) = (files.add("split.lp", &market_split()), files.path("split.vipr"));
    let mut running = Running::start(&["solve", &model, "--certificate", &out, "--json"]);
    running.until("BestBound");
    std::thread::sleep(Duration::from_secs(3));
    running.signal("TERM");
    let (status, printed) = running.ended();
    let json: Value = serde_json::from_str(&printed).expect("one object");
    assert_eq!((status.code(), &json["status"]), (Some(0), &Value::from("interrupted")));
    assert!(json["nodes"].as_u64() > Some(100), "{json}");
    assert_eq!(json["certificate"]["claim"], "bounds");
    assert!(json["certificate"]["derivations"].as_u64() < Some(200), "{json}");
    common::heaviside(&["check", "certificate", &model, &out]).ok();
}

/// As soon as the process listens at all, a signal ends it in words, also before it knows which command it is.
#[cfg(target_os = "linux")]
#[test]
fn the_first_signal_that_is_heard_is_answered() {
    for _ in 0..8 {
        let running = Running::start(&["train", "-", "--json"]);
        running.until_it_listens();
        running.signal("TERM");
        let (status, out) = running.ended();
        let json: Value = serde_json::from_str(&out).expect("one object");
        assert_eq!((status.code(), &json["status"]), (Some(0), &Value::from("interrupted")));
    }
}

#[test]
fn before_there_is_anything_to_keep_a_signal_ends_at_once() {
    let files = Files::new();
    for name in ["TERM", "INT"] {
        // Standard input stays open: it reads for ever.
        let log = files.path("log");
        let running = Running::start(&["train", "-", "--json", "--log", &log]);
        std::thread::sleep(Duration::from_millis(300));
        running.signal(name);
        let (status, out) = running.ended();
        assert_eq!(status.code(), Some(0));
        let json: Value = serde_json::from_str(&out).expect("one object");
        assert_eq!((&json["status"], &json["loss"]), (&Value::from("interrupted"), &Value::Null));
        assert!(files.read("log").contains("interrupted"));
    }
    // A command that has nothing to show did not do its job.
    let model = files.path("m.json");
    let made = common::heaviside(&["train", &dataset("iris.csv"), "--positive", "setosa", "--out", &model]);
    made.ok();
    files.add("old.csv", "as it was");
    for command in [&["predict"][..], &["evaluate"]] {
        let out = files.path("old.csv");
        let mut words = [command, &[&model, "-"]].concat();
        if command == ["predict"] {
            words.extend(["--out", &out]);
        }
        let running = Running::start(&words);
        std::thread::sleep(Duration::from_millis(300));
        running.signal("TERM");
        let (status, printed) = running.ended();
        assert_eq!((status.code(), printed.as_str()), (Some(130), ""), "{command:?}");
    }
    assert_eq!(files.read("old.csv"), "as it was");
    assert_eq!(files.names(), ["log", "m.json", "old.csv"], "nothing is left beside them");
}

#[test]
fn a_limit_that_comes_while_reading_is_a_limit() {
    let running = Running::start(&["train", "-", "--json", "--time-limit", "0.3"]);
    let (status, out) = running.ended();
    assert_eq!(status.code(), Some(0));
    let json: Value = serde_json::from_str(&out).expect("one object");
    assert_eq!((&json["status"], &json["network"]), (&Value::from("time-limit"), &Value::Null));
}

#[test]
fn a_limit_on_memory_that_comes_while_reading_is_a_limit() {
    for command in ["train", "solve"] {
        let running = Running::start(&[command, "-", "--json", "--memory-limit", "0.001"]);
        let (status, out) = running.ended();
        assert_eq!(status.code(), Some(0));
        let json: Value = serde_json::from_str(&out).expect("one object");
        assert_eq!(json["status"], "memory-limit", "{command}");
        assert!(json.get("network").is_none_or(Value::is_null), "{command}");
    }
}

/// All files of a folder with what is in them.
#[cfg(target_os = "linux")]
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), std::fs::read(&path).expect("readable"))).collect();
    files.sort();
    files
}

/// Cubes of so many rows that their problem takes a while to read.
#[cfg(target_os = "linux")]
fn cubes_of_rows(folder: &Path) {
    struct Over;
    impl heaviside::Progress for Over {
        fn should_stop(&self) -> bool {
            true
        }
    }
    let mut state = 1_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let rows: Vec<[f64; 8]> = (0..100_000).map(|_| [(); 8].map(|()| (next() % 1_000_000) as f64 / 1e6)).collect();
    let labels: Vec<&str> = rows.iter().map(|row| if row[0] * row[1] < row[2] / 3.0 { "a" } else { "b" }).collect();
    let data = heaviside::Dataset::from_rows(&rows, &labels).expect("sound");
    let task = heaviside::Trainer::new().hidden(&[2]).method(heaviside::Method::Omt);
    let task = task.prepare(&data).expect("a task");
    let wish = Wish { cubes: 4, proofs: false };
    let plan = Plan::new(&task, wish, &heaviside::Limits::default(), &Over).expect("cubes");
    assert_eq!(plan.made().names, ["0001"], "a run that is over divides nothing");
    plan.write(folder).expect("written");
}

/// The same of a model with many columns.
#[cfg(target_os = "linux")]
fn cubes_of_columns(folder: &Path) {
    let columns = 100_000_u64;
    let mut text = String::from("minimize\n");
    (0..columns).for_each(|j| writeln!(text, " + {} x{j}", 1 + j * j % 17).expect("a string"));
    text += "subject to\n";
    (1..columns).for_each(|j| writeln!(text, " x{} + x{j} >= 1", j - 1).expect("a string"));
    text += "binary\n";
    (0..columns).for_each(|j| writeln!(text, " x{j}").expect("a string"));
    text += "end\n";
    let model = model::ModelText { name: "many.lp".to_owned(), format: "lp".to_owned(), text };
    let limits = heaviside::Limits { time: 0.0, ..heaviside::Limits::default() };
    let plan = model::Plan::new(&model, 4, &limits, &mut milp::Quiet).expect("cubes");
    assert_eq!(plan.made().names, ["0001"]);
    plan.write(folder).expect("written");
}

/// While the files of cubes are read nothing has begun: limits and signals end the process at once, and leave all as it was.
#[cfg(target_os = "linux")]
#[test]
fn limits_and_signals_hold_while_cubes_are_read() {
    let files = Files::new();
    for (command, make) in [("train", cubes_of_rows as fn(&Path)), ("solve", cubes_of_columns)] {
        let folder = files.path(command);
        make(Path::new(&folder));
        let (cube, before) = (format!("{folder}/cube-0001.json"), content(Path::new(&folder)));
        // A moment after it listens: it reads.
        let signalled = |words: &[&str]| {
            let running = Running::start(words);
            running.until_it_listens();
            std::thread::sleep(Duration::from_millis(30));
            running.signal("TERM");
            running.ended_in_words()
        };
        let work = [command, "--cube", &cube, "--json"];
        let limited = |option: &str, limit: &str| Running::start(&[&work[..], &[option, limit]].concat()).ended();
        let ends = [
            ("memory-limit", limited("--memory-limit", "0.001")),
            ("time-limit", limited("--time-limit", "0.05")),
            ("interrupted", {
                let (status, out, _) = signalled(&work);
                (status, out)
            }),
        ];
        for (expected, (status, out)) in ends {
            let json: Value = serde_json::from_str(&out).expect("one object");
            assert_eq!((status.code(), &json["status"]), (Some(0), &Value::from(expected)), "{command}");
            assert!(json["cube"].is_null() && json["seconds"] == 0.0, "{command}: {json}");
        }
        let (status, out, words) = signalled(&["merge", &folder, "--json"]);
        assert_eq!((status.code(), out.as_str()), (Some(130), ""), "{command}: {words}");
        assert!(words.contains("interrupted") && words.contains("nothing is merged"), "{words}");
        let divide = ["cubes", &cube, "--cubes", "2"];
        let (limited, _, said) = Running::start(&[&divide[..], &["--memory-limit", "0.001"]].concat()).ended_in_words();
        assert!(said.contains("memory-limit") && said.contains("nothing is written"), "{said}");
        let (status, out, words) = signalled(&divide);
        assert_eq!((limited.code(), status.code(), out.as_str()), (Some(130), Some(130), ""), "{command}: {words}");
        assert!(content(Path::new(&folder)) == before, "{command}: files are as they were");
    }
}

#[test]
fn an_attack_that_is_stopped_leaves_points_undecided() {
    let files = Files::new();
    let data = files.add("d.csv", &hopeless(3000, 20));
    let model = files.path("m.json");
    common::heaviside(&[
        "train",
        &data,
        "--hidden",
        "40",
        "--method",
        "local-search",
        "--node-limit",
        "1",
        "--out",
        &model,
    ])
    .ok();
    let words = ["evaluate", &model, &data, "--attack", "0.2", "--json", "--repeats", "1000000"];
    let asked = Instant::now();
    let limited = common::heaviside(&[&words[..], &["--time-limit", "2"]].concat()).json();
    assert!(asked.elapsed() < PATIENCE);
    let attack = &limited["attack"];
    assert!(attack["undecided"].as_u64() > Some(0), "{attack}");
    let all: u64 = ["certified", "attackable", "undecided"].iter().filter_map(|name| attack[name].as_u64()).sum();
    assert_eq!(all, 3000);
    // Standard input stays open: there is nothing to attack, and no accuracy.
    let words = ["evaluate", &model, "-", "--attack", "0.2", "--json", "--time-limit", "0.3"];
    let (status, printed) = Running::start(&words).ended();
    assert_eq!((status.code(), printed.as_str()), (Some(130), ""));
}

#[test]
fn absurd_sizes_are_refused_with_what_they_would_take() {
    let iris = dataset("iris.csv");
    let refused: [(&[&str], &str); 9] = [
        (&["--hidden", "1000000000"], "GB"),
        (&["--hidden", "100000,100000"], "GB"),
        (&["--hidden", "18446744073709551615"], "GB"),
        (&["--hidden", "18446744073709551615,18446744073709551615"], "GB"),
        (&["--hidden", "20000000"], "GB"),
        (&["--hidden", "3000,3000", "--method", "milp"], "GB"),
        (&["--weights", "integer:1000000000"], "1048576"),
        (&["--validation", "1.5"], "between 0 and 1"),
        (&["--method", "split", "--batch", "0"], "0"),
    ];
    for (options, word) in refused {
        let asked = Instant::now();
        common::heaviside(&[&["train", &iris], options].concat()).fails(2, &[word]);
        assert!(asked.elapsed() < PATIENCE, "{options:?}");
    }
    common::heaviside(&["formulate", &iris, "--hidden", "3000,3000"]).fails(2, &["GB"]);
    // What is odd and can be done is done.
    for options in [
        &["--epsilon", "1e-300", "--hidden", "2", "--method", "omt"][..],
        &["--robust", "1e300", "--hidden", "2", "--method", "omt"],
        &["--method", "split", "--hidden", "2", "--split-growth", "1e300"],
        &["--method", "split", "--hidden", "2", "--batch", "4294967295"],
    ] {
        let asked = Instant::now();
        let run = common::heaviside(&[&["train", &iris, "--json", "--time-limit", "1"], options].concat());
        assert!(run.code == 0 || run.code == 2, "{options:?}: {}", run.err);
        assert!(!run.err.contains("panicked"), "{options:?}: {}", run.err);
        assert!(asked.elapsed() < PATIENCE, "{options:?}");
    }
}

#[test]
fn a_limit_on_memory_ends_a_run_with_what_it_has() {
    let files = Files::new();
    let data = files.add("d.csv", &hopeless(3000, 60));
    // More than it takes to read the data, less than it takes to begin; a MILP that does not fit is not built, and local search goes on.
    for (method, status) in [("omt", "memory-limit"), ("milp", "time-limit")] {
        let words = ["train", &data, "--hidden", "3", "--method", method, "--memory-limit", "0.05"];
        let json = common::heaviside(&[&words[..], &["--time-limit", "3", "--json"]].concat()).json();
        assert_eq!(json["status"], status, "{method}");
        assert!(json["network"].is_object(), "{method}");
    }
}

/// A wide network takes a tenth of a gigabyte each time that somebody holds it: limits hold all the same, and what can be told before is.
#[test]
fn limits_hold_at_wide_shapes() {
    let files = Files::new();
    let data = files.add("d.csv", &hopeless(40, 4));
    let wide = |limit: &[&str]| common::heaviside(&[&["train", &data, "--hidden", "4000,4000"], limit].concat());
    let needs = ["--memory-limit allows 0.3 GB", "4-4000-4000-1 takes 0.3847 GB at least"];
    wide(&["--memory-limit", "0.3"]).fails(2, &needs);
    // Enough for a network that is looked at, and not for walks: what there is without them is returned.
    for (limit, status) in [(["--memory-limit", "0.8"], "memory-limit"), (["--time-limit", "2"], "time-limit")] {
        let asked = Instant::now();
        let run = wide(&limit);
        assert!(run.ok().contains(status), "{}", run.out);
        // A pass over the weights of every network that could be tried would take longer.
        assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    }
}

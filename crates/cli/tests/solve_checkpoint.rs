//! `solve --checkpoint` and `--resume`: runs that are ended, killed and go on.
#![cfg(unix)]

mod common;

use common::{Files, heaviside};
use serde_json::Value;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A small generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Several knapsacks over the same things, and a column that is not whole.
fn model(seed: u64, things: usize, knapsacks: usize) -> String {
    let mut random = Random(seed);
    let mut text = String::from("maximize\n worth:");
    let worth: Vec<u64> = (0..things).map(|_| 200 + random.below(100)).collect();
    worth.iter().enumerate().for_each(|(j, worth)| _ = write!(text, " + {worth} x{j}"));
    text += " + 0.5 y\nsubject to\n";
    for k in 0..knapsacks {
        let weights: Vec<u64> = worth.iter().map(|worth| worth / 2 + random.below(150)).collect();
        _ = write!(text, " row{k}:");
        weights.iter().enumerate().for_each(|(j, weight)| _ = write!(text, " + {weight} x{j}"));
        _ = writeln!(text, " + y <= {}", weights.iter().sum::<u64>() / 2);
    }
    text += "bounds\n y <= 7.5\nbinary\n";
    (0..things).for_each(|j| _ = write!(text, " x{j}"));
    text + "\nend\n"
}

/// What a resumed run has in common with one that was not interrupted.
fn end(mut json: Value) -> Value {
    let object = json.as_object_mut().expect("an object");
    for timed in ["seconds", "resumed_seconds", "verify_seconds", "primal_dual_integral"] {
        object.remove(timed);
    }
    json
}

#[test]
fn resumed_under_a_larger_limit_a_run_ends_as_one_that_was_not_ended() {
    let files = Files::new();
    let path = files.add("model.lp", &model(3, 35, 5));
    let file = files.path("run.ckpt");
    let run = |nodes: &str, threads: &str, more: &[&str]| {
        let limits = ["--node-limit", nodes, "--threads", threads, "--json"];
        heaviside(&[&["solve", &path][..], &limits, more].concat())
    };
    for limits in [["3", "40", "300"], ["100", "1500", "4000"], ["2000", "5000", "1000000"]] {
        let whole = end(run(limits[2], "1", &[]).json());
        let keep = ["--checkpoint", &file, "--checkpoint-every", "0.01"];
        run(limits[0], "2", &keep).ok();
        let both = [&keep[..], &["--resume", &file]].concat();
        let second = run(limits[1], "1", &both);
        assert!(second.err.contains("resumed from"), "{}", second.err);
        let third = run(limits[2], "2", &both).json();
        assert!(third["resumed_seconds"].as_f64() <= third["seconds"].as_f64());
        assert_eq!(end(third), whole, "{limits:?}");
        assert!(std::fs::read(&file).expect("readable").starts_with(b"heaviside checkpoint "));
        std::fs::remove_file(&file).expect("removed");
    }
}

#[test]
fn what_was_not_begun_here_is_refused_by_name() {
    let files = Files::new();
    let (one, other) = (files.add("one.lp", &model(1, 30, 3)), files.add("other.lp", &model(2, 30, 3)));
    let file = files.path("run.ckpt");
    let run = |model: &str, more: &[&str]| heaviside(&[&["solve", model, "--node-limit", "30"][..], more].concat());
    run(&one, &["--checkpoint", &file]).ok();
    let resumed = |model: &str, more: &[&str]| run(model, &[&["--resume", &file][..], more].concat());
    resumed(&one, &["--threads", "1", "--time-limit", "9", "--memory-limit", "8"]).ok();
    resumed(&other, &[]).fails(2, &["another run", "other model"]);
    resumed(&one, &["--seed", "3"]).fails(2, &["seed: 0 there, 3 here"]);
    resumed(&one, &["--set", "milp.presolve=no"]).fails(2, &["milp.presolve"]);
    resumed(&one, &["--set", "milp.cut_rounds=0"]).fails(2, &["milp.cut_rounds"]);
    resumed(&one, &["--mip-gap", "0.5"]).fails(2, &["mip_gap"]);
    resumed(&one, &["--mip-abs-gap", "2"]).fails(2, &["mip_abs_gap"]);
    let start = files.add("start.sol", "x1 1\n");
    resumed(&one, &["--start", &start]).fails(2, &["other start"]);
    // What checkpoints do not go with.
    resumed(&one, &["--certificate", &files.path("c.vipr")]).fails(2, &["certificate"]);
    resumed(&one, &["--iis", &files.path("iis.lp")]).fails(2, &["--iis"]);
    resumed(&one, &["--solutions", "2"]).fails(2, &["--solutions"]);
    resumed(&one, &["--trace", &files.path("t.jsonl")]).fails(2, &["trace"]);
    run("-", &["--checkpoint", &files.path("new")]).fails(2, &["give it a file"]);
    // What stands there stays.
    run(&one, &["--checkpoint", &file]).fails(2, &["--resume"]);
    run(&one, &["--checkpoint", &one]).fails(2, &["would overwrite"]);
    let text = files.add("text", "something else\n");
    run(&one, &["--checkpoint", &text]).fails(2, &["no checkpoint"]);
    run(&one, &["--resume", &text]).fails(2, &["no checkpoint"]);
    assert_eq!(files.read("text"), "something else\n");
    // A state of a training run is none of this one, and damage is noticed.
    let bytes = std::fs::read(&file).expect("readable");
    for at in [30, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        std::fs::write(&file, &damaged).expect("written");
        resumed(&one, &[]).fails(2, &["damaged"]);
    }
}

/// A limit before the run stands where it was leaves the state as it is, and a linear program goes on from its basis.
#[test]
fn limits_that_come_at_once_lose_nothing() {
    let files = Files::new();
    let path = files.add("model.lp", &model(3, 35, 5));
    let file = files.path("run.ckpt");
    let run = |more: &[&str]| heaviside(&[&["solve", &path, "--json", "--threads", "1"][..], more].concat());
    let whole = end(run(&["--node-limit", "900"]).json());
    run(&["--node-limit", "300", "--checkpoint", &file]).ok();
    let both = ["--checkpoint", &file, "--resume", &file];
    run(&[&["--time-limit", "0.000001"][..], &both].concat()).ok();
    assert_eq!(end(run(&[&["--node-limit", "900"][..], &both].concat()).json()), whole);
}

/// Runs that are killed at random moments, so many times, and go on; `moment` is the longest, in milliseconds. Returns how often a checkpoint stood.
fn killed(model: &str, kills: usize, moment: u64, every: &str) -> (usize, f64) {
    let files = Files::new();
    let path = files.add("model.lp", model);
    let file = files.path("run.ckpt");
    let began = Instant::now();
    let whole = end(heaviside(&["solve", &path, "--json", "--threads", "2"]).json());
    let alone = began.elapsed().as_secs_f64();
    let mut random = Random(kills as u64);
    let mut stood = 0;
    let arguments = |file: &str| {
        let mut arguments =
            vec!["solve", &path, "--json", "--threads", "2", "--checkpoint", file, "--checkpoint-every", every];
        let is_there = std::path::Path::new(file).exists();
        if is_there {
            arguments.extend(["--resume", file]);
        }
        let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
        (arguments, is_there)
    };
    let mut moment = moment;
    for _ in 0..kills {
        let (arguments, is_there) = arguments(&file);
        stood += usize::from(is_there);
        // On a slow machine the root takes longer than that.
        moment *= if is_there { 1 } else { 2 };
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"));
        let mut child =
            command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        std::thread::sleep(Duration::from_millis(moment / 4 + random.below(moment)));
        // SIGKILL.
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
    let (arguments, _) = arguments(&file);
    let last = heaviside(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(end(last.json()), whole);
    (stood, alone)
}

#[test]
fn killed_runs_go_on() {
    let (stood, _) = killed(&model(3, 35, 5), 8, 200, "0.05");
    assert!(stood > 1, "{stood} of 8");
}

/// Of a model that takes about a minute.
#[test]
#[ignore = "some minutes"]
fn killed_runs_of_a_minute_go_on() {
    let (stood, alone) = killed(&model(5, 55, 10), 20, 8000, "1");
    eprintln!("{alone:.1} s alone; 20 kills, before {stood} of which a checkpoint stood");
    assert!(stood > 15, "{stood} of 20");
}

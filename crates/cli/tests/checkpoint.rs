//! `train --checkpoint` and `--resume`: runs that are ended, killed and go on.
#![cfg(unix)]

mod common;

use common::{Files, Run, dataset, heaviside};
use serde_json::Value;
use std::fmt::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Points of a few digits whose classes overlap.
fn data(seed: u64, rows: usize, features: usize) -> String {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut text = String::new();
    for _ in 0..rows {
        let values: Vec<u64> = (0..features).map(|_| next() % 50).collect();
        let label = u64::from(values.iter().sum::<u64>() > 25 * features as u64) ^ u64::from(next() % 5 == 0);
        values.iter().for_each(|value| {
            let _ = write!(text, "{value},");
        });
        let _ = writeln!(text, "{label}");
    }
    text
}

/// What a resumed run has in common with one that was not interrupted.
fn end(mut json: Value) -> Value {
    let object = json.as_object_mut().expect("an object");
    object.remove("seconds");
    object.remove("resumed_seconds");
    json
}

#[test]
fn resumed_under_a_larger_limit_a_run_ends_as_one_that_was_not_ended() {
    let files = Files::new();
    let methods: [(&[&str], [&str; 3]); 5] = [
        (&["--hidden", "2", "--method", "omt"], ["60", "700", "3000"]),
        (&["--hidden", "2"], ["60", "700", "3000"]),
        (&[], ["5", "40", "200"]),
        (&["--hidden", "3", "--method", "local-search"], ["2", "5", "12"]),
        (&["--weights", "ternary"], ["40", "700", "4000"]),
    ];
    for (k, (options, nodes)) in methods.iter().enumerate() {
        let data = files.add("data.csv", &data(k as u64 + 1, 150, 6));
        let run = |limit: &str, threads: &str, more: &[&str]| {
            let limits = ["--node-limit", limit, "--threads", threads, "--json"];
            heaviside(&[&["train", &data][..], options, &limits, more].concat())
        };
        let whole = end(run(nodes[2], "1", &[]).json());
        let file = files.path(&format!("run-{k}.ckpt"));
        run(nodes[0], "2", &["--checkpoint", &file, "--checkpoint-every", "0.001"]).ok();
        let both = ["--checkpoint", &file, "--resume", &file, "--checkpoint-every", "0.001"];
        let second = run(nodes[1], "1", &both);
        assert!(second.err.contains("resumed from"), "{}", second.err);
        let third = run(nodes[2], "2", &both).json();
        assert!(third["resumed_seconds"].as_f64() <= third["seconds"].as_f64());
        assert_eq!(end(third), whole, "{options:?}");
        let text = std::fs::read(&file).expect("readable");
        assert!(text.starts_with(b"heaviside checkpoint 2\n"));
    }
}

#[test]
fn what_was_not_begun_here_is_refused_by_name() {
    let files = Files::new();
    let (one, other) = (files.add("one.csv", &data(1, 80, 4)), files.add("other.csv", &data(2, 80, 4)));
    let file = files.path("run.ckpt");
    let base = ["--hidden", "2", "--node-limit", "200", "--threads", "1"];
    let run = |data: &str, more: &[&str]| heaviside(&[&["train", data][..], &base, more].concat());
    run(&one, &["--checkpoint", &file]).ok();
    let resumed = |data: &str, more: &[&str]| run(data, &[&["--resume", &file][..], more].concat());
    resumed(&one, &[]).ok();
    resumed(&other, &[]).fails(2, &["another run", "other data"]);
    resumed(&one, &["--loss", "zero-one"]).fails(2, &["another run", "loss"]);
    resumed(&one, &["--seed", "3"]).fails(2, &["seed: 0 there, 3 here"]);
    resumed(&one, &["--set", "omt.first_round=300"]).fails(2, &["settings"]);
    resumed(&one, &["--method", "omt"]).fails(2, &["another run", "options"]);
    resumed(&one, &["--mip-gap", "0.5"]).fails(2, &["mip_gap"]);
    let hidden = heaviside(&["train", &one, "--hidden", "3", "--resume", &file]);
    hidden.fails(2, &["another run", "architecture"]);
    // What checkpoints do not go with.
    let proof = files.path("proof");
    resumed(&one, &["--proof", &proof]).fails(2, &["proof"]);
    resumed(&one, &["--solutions", "2"]).fails(2, &["several solutions"]);
    resumed(&one, &["--trace", &files.path("t.jsonl")]).fails(2, &["trace"]);
    resumed(&one, &["--folds", "3"]).fails(2, &["--folds"]);
    run(&one, &["--checkpoint", "-"]).fails(2, &["give it a file"]);
    // What stands there stays.
    run(&one, &["--checkpoint", &file]).fails(2, &["--resume"]);
    run(&one, &["--checkpoint", &one]).fails(2, &["would overwrite"]);
    let text = files.add("text", "something else\n");
    run(&one, &["--checkpoint", &text]).fails(2, &["no checkpoint"]);
    run(&one, &["--resume", &text]).fails(2, &["no checkpoint"]);
    run(&one, &["--resume", &files.path("missing")]).fails(2, &["missing"]);
    assert_eq!(files.read("text"), "something else\n");
    // Damage is noticed before anything is read.
    let bytes = std::fs::read(&file).expect("readable");
    for at in [30, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        std::fs::write(&file, &damaged).expect("written");
        resumed(&one, &[]).fails(2, &["damaged"]);
        std::fs::write(&file, &bytes[..at]).expect("written");
        resumed(&one, &[]).fails(2, &["damaged"]);
    }
}

#[test]
fn a_run_that_is_over_gives_its_answer_at_once() {
    let files = Files::new();
    let data = files.add("data.csv", &data(3, 120, 2));
    let file = files.path("run.ckpt");
    let run = |more: &[&str]| heaviside(&[&["train", &data, "--hidden", "2", "--json"][..], more].concat()).json();
    let first = run(&["--checkpoint", &file]);
    assert_eq!(first["status"], "optimal");
    let began = Instant::now();
    let second = run(&["--resume", &file]);
    assert!(began.elapsed() < Duration::from_secs(5));
    for key in ["status", "loss", "bound", "network", "nodes", "conflicts", "method"] {
        assert_eq!(first[key], second[key], "{key}");
    }
}

#[test]
fn a_full_disk_ends_no_run() {
    let files = Files::new();
    let data = files.add("data.csv", &data(4, 100, 5));
    let folder = files.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    let file = format!("{folder}/run.ckpt");
    let args = ["train", &data, "--hidden", "3", "--method", "omt", "--threads", "1", "--time-limit", "4", "--json"];
    let child = start(&[&args[..], &["--checkpoint", &file, "--checkpoint-every", "0.2"]].concat());
    wait_for(&file);
    // The folder is gone: no file can be made there any more.
    std::fs::rename(&folder, files.path("moved")).expect("moved");
    let ended = child.wait_with_output().expect("it ends");
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{err}");
    assert_eq!(err.matches("no checkpoint is written").count(), 1, "{err}");
    assert!(out.contains("\"loss\""));
    // What was written before is a checkpoint.
    let moved = format!("{}/run.ckpt", files.path("moved"));
    heaviside(&["train", &data, "--hidden", "3", "--method", "omt", "--time-limit", "1", "--resume", &moved]).ok();
}

fn start(args: &[&str]) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs")
}

fn wait_for(file: &str) {
    let began = Instant::now();
    while !std::path::Path::new(file).exists() {
        assert!(began.elapsed() < Duration::from_secs(30), "no checkpoint comes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill").success()
    );
}

/// Seconds that the header says.
fn kept_seconds(file: &str) -> f64 {
    let bytes = std::fs::read(file).expect("readable");
    let line = bytes.split(|&byte| byte == b'\n').nth(2).expect("three lines");
    let header: Value = serde_json::from_slice(line).expect("JSON");
    header["seconds"].as_f64().expect("a number")
}

#[test]
fn a_signal_leaves_a_checkpoint_that_goes_on() {
    let files = Files::new();
    let data = files.add("data.csv", &data(5, 150, 6));
    let (file, limit) = (files.path("run.ckpt"), ["--node-limit", "40000", "--threads", "1", "--json"]);
    let args = [&["train", &data, "--hidden", "2"][..], &limit].concat();
    let whole = end(heaviside(&args).json());
    let mut sittings = 0;
    let last = loop {
        // The first writes no file in between; every one has its time.
        let resume = if sittings == 0 { vec![] } else { vec!["--resume", &file] };
        let child = start(&[&args[..], &["--checkpoint", &file], &resume].concat());
        std::thread::sleep(Duration::from_millis(1500));
        if sittings < 3 {
            signal(&child, if sittings == 1 { "INT" } else { "TERM" });
        }
        let ended = child.wait_with_output().expect("it ends");
        assert!(ended.status.success());
        let json: Value = serde_json::from_slice(&ended.stdout).expect("JSON");
        sittings += 1;
        if sittings > 3 || json["status"] == whole["status"] {
            break json;
        }
        assert_eq!(json["status"], "interrupted");
        assert!(std::path::Path::new(&file).exists());
    };
    assert!(sittings > 1, "it was over before the first signal");
    assert_eq!(end(last), whole);
}

/// Kills a run at random moments, `kills` times over `seconds`, and lets it go on each time. Returns what was lost each time, in seconds.
fn killed(args: &[&str], file: &str, (kills, seconds, every): (u64, f64, &str)) -> (Run, Vec<f64>) {
    let mut state = 12_345_u64;
    let mut lost = vec![];
    for kill in 0..=kills {
        let resume = if std::path::Path::new(file).exists() { vec!["--resume", file] } else { vec![] };
        let before = if resume.is_empty() { 0.0 } else { kept_seconds(file) };
        let began = Instant::now();
        let mut child = start(&[args, &["--checkpoint", file, "--checkpoint-every", every], &resume].concat());
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (state >> 33) as f64 / f64::from(1_u32 << 31);
        let wait = Duration::from_secs_f64(2.0 * share * seconds / kills as f64);
        while kill < kills && began.elapsed() < wait && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        if kill < kills && child.try_wait().expect("a child").is_none() {
            let ran = began.elapsed().as_secs_f64();
            child.kill().expect("a child");
            child.wait().expect("a child");
            let kept = if std::path::Path::new(file).exists() { kept_seconds(file) } else { 0.0 };
            lost.push(before + ran - kept);
            continue;
        }
        let ended = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let code = ended.status.code().expect("no signal");
        return (Run { code, out: text(ended.stdout), err: text(ended.stderr) }, lost);
    }
    unreachable!("the last run ends")
}

/// Each time at most an interval, a round and the start of the process are lost.
fn check_kills(options: &[&str], kills: u64, seconds: f64, every: &str, most: f64) {
    let files = Files::new();
    let path = files.add("data.csv", &data(6, 200, 7));
    let args = [&["train", &path, "--threads", "1", "--json"][..], options].concat();
    let began = Instant::now();
    let whole = heaviside(&args).json();
    let undisturbed = began.elapsed().as_secs_f64();
    let (run, lost) = killed(&args, &files.path("run.ckpt"), (kills, seconds, every));
    eprintln!("undisturbed {undisturbed:.1} s; killed {} times, lost each time {lost:.2?} s", lost.len());
    assert_eq!(end(run.json()), end(whole));
    assert!(!lost.is_empty() && lost.iter().all(|&lost| lost < most), "{lost:?}");
}

#[test]
fn killed_at_any_moment_a_run_goes_on_from_its_last_checkpoint() {
    check_kills(&["--hidden", "2", "--node-limit", "60000"], 4, 5.0, "0.3", 3.0);
}

/// A run of about a minute, killed twenty times.
#[test]
#[ignore = "takes some minutes"]
fn killed_twenty_times_a_run_ends_as_one_that_was_not() {
    check_kills(&["--hidden", "2", "--node-limit", "700000"], 20, 60.0, "2", 8.0);
    check_kills(&["--node-limit", "8000"], 20, 60.0, "2", 8.0);
}

#[test]
fn a_long_run_goes_on_after_limits_of_time() {
    let files = Files::new();
    let (data, file) = (dataset("boston_housing.csv"), files.path("run.ckpt"));
    let args = ["train", &data, "--hidden", "2", "--method", "omt", "--time-limit", "1", "--checkpoint", &file];
    heaviside(&args).ok();
    let again = heaviside(&[&args[..], &["--resume", &file]].concat());
    again.ok();
    assert!(kept_seconds(&file) > 1.5);
}

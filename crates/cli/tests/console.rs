//! What every command has in common: help, versions, unknown options, logs, closed pipes.

mod common;

use common::{Files, heaviside};
use std::process::{Command, Stdio};

const COMMANDS: &[&[&str]] = &[
    &["train"],
    &["predict"],
    &["evaluate"],
    &["formulate"],
    &["solve"],
    &["experiment"],
    &["check", "network"],
    &["check", "solution"],
    &["check", "certificate"],
    &["check", "proof"],
];
const LP: &str = "Minimize\n obj: x + y\nSubject To\n c: x + 2 y >= 4\nGeneral\n x y\nEnd\n";

#[test]
fn every_command_has_help_with_examples() {
    let top = heaviside(&["--help"]);
    for command in COMMANDS {
        assert!(top.ok().contains(command[0]));
        let run = heaviside(&[*command, &["--help"]].concat());
        assert!(run.ok().contains("Examples:"), "{command:?}");
        assert!(run.out.contains(&format!("heaviside {}", command.join(" "))), "{command:?}");
    }
}

#[test]
fn version_is_the_package_version() {
    assert_eq!(heaviside(&["--version"]).ok().trim(), format!("heaviside {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn unknown_words_are_usage_errors() {
    heaviside(&[]).fails(2, &["Usage"]);
    heaviside(&["fly"]).fails(2, &["fly"]);
    for command in COMMANDS {
        heaviside(&[*command, &["--no-such-option"]].concat()).fails(2, &["--no-such-option"]);
    }
}

#[test]
fn quiet_says_nothing_and_the_log_says_all() {
    let files = Files::new();
    let model = files.add("m.lp", LP);
    let solution = files.add("m.sol", "y 2\n");
    let run =
        heaviside(&["check", "solution", &model, &solution, "--quiet", "--json", "--log", &files.path("run.log")]);
    run.json();
    assert_eq!(run.err, "");
    let log = files.read("run.log");
    assert!(log.contains("feasible"), "{log}");
}

/// `heaviside .. | head -0`: the reader is gone before the first byte.
#[test]
fn a_closed_pipe_ends_quietly() {
    let files = Files::new();
    let model = files.add("m.lp", LP);
    let solution = files.add("m.sol", "y 2\n");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
        .args(["check", "solution", &model, &solution, "--quiet"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn help_explains_the_first_column_of_the_table() {
    for command in ["train", "solve"] {
        let run = heaviside(&[command, "--help"]);
        for word in [
            "S a start",
            "L a solution",
            "B a better bound",
            "T a leaf",
            "H a heuristic",
            "R the root",
            "P a round",
            "E the end",
        ] {
            let plain = run.ok().split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(plain.contains(word), "{command}: {word}");
        }
    }
}

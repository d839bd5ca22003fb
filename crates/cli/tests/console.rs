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

/// A suggestion that is far is none.
#[test]
fn unknown_words_are_not_guessed_at() {
    for (args, words, suggested) in [
        (&["train", "x.csv", "--bogus"][..], "'--bogus'", false),
        (&["predict", "m.json", "x.csv", "--label", "y"], "'--label'", false),
        (&["train", "x.csv", "--hiden", "2"], "'--hidden'", true),
        (&["train", "x.csv", "--set", "foo=1"], "no parameter 'foo'; `heaviside parameters`", false),
        (&["solve", "x.lp", "--set", "milp.foo=1"], "no parameter 'milp.foo'; `heaviside parameters`", false),
    ] {
        let run = heaviside(args);
        run.fails(2, &[words]);
        assert_eq!(run.err.contains("tip:"), suggested, "{}", run.err);
    }
}

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
        let plain = run.ok().split_whitespace().collect::<Vec<_>>().join(" ");
        for word in ["S a start", "T a leaf", "H a heuristic", "R the root", "E the end"] {
            assert!(plain.contains(word), "{command}: {word}");
        }
        // What `solve` never shows, its help does not tell of.
        for word in ["L a solution", "D the dual tree", "B a better bound", "P a round", "local search"] {
            assert_eq!(plain.contains(word), command == "train", "{command}: {word}");
        }
    }
}

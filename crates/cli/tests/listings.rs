//! What the pages print is what the program prints: every listing of the pages below, made again.
//!
//! A listing is an indented block of commands and what the last of them prints, standard error included. Times stand for any time,
//! `..` for lines that are left out, and rows of the progress table that only the clock made are none. Commands without output
//! run as well, for their files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "../../../examples/wrong_optimum.rs"]
#[allow(dead_code, reason = "its main")]
mod wrong_optimum;

const PAGES: [&str; 3] = ["README.md", "docs/embedded.md", "docs/wrong-optimum.md"];

/// What commands begin with.
const COMMANDS: [&str; 4] = ["cargo run ", "heaviside ", "sed ", "cut "];

/// A command, and the lines that the page shows after it.
struct Listing {
    command: String,
    output: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The commands of a page.
fn listings(page: &str) -> Vec<Listing> {
    let mut found: Vec<Listing> = vec![];
    let mut within = false;
    for line in page.lines() {
        match line.strip_prefix("    ") {
            Some(line) if COMMANDS.iter().any(|word| line.starts_with(word)) => {
                let command = line.split(" # ").next().unwrap_or_default().trim().to_owned();
                found.push(Listing { command, output: vec![] });
                within = true;
            }
            Some(line) if within => found.last_mut().expect("a command").output.extend(normal(line)),
            _ => within &= line.is_empty(),
        }
    }
    found
}

/// A line without its blanks, with every time masked; `None` if nothing is left.
fn normal(line: &str) -> Option<String> {
    let is_time = |word: &str| word.strip_suffix('s').is_some_and(|number| number.parse::<f64>().is_ok());
    let words: Vec<&str> = line.split_whitespace().map(|word| if is_time(word) { "TIME" } else { word }).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A row of the progress table.
fn is_row(line: &str) -> bool {
    line.matches('|').count() == 3 && line.ends_with("TIME")
}

/// Where the lines that are shown differ from those printed.
fn difference(shown: &[String], printed: &[String]) -> Option<String> {
    let mut printed = printed.iter().peekable();
    let mut skipping = false;
    for line in shown {
        if line == ".." {
            skipping = true;
            continue;
        }
        loop {
            match printed.next() {
                Some(found) if found == line => break,
                Some(found) if skipping || is_row(found) => {}
                found => return Some(format!("shown:   {line}\nprinted: {}", found.map_or("nothing", String::as_str))),
            }
        }
        skipping = false;
    }
    printed.find(|line| !skipping && !is_row(line)).map(|line| format!("not shown: {line}"))
}

/// Runs a command of a page in a folder; what it prints.
fn run(command: &str, folder: &Path) -> String {
    if let Some((_, files)) = command.split_once("--example wrong_optimum -- ") {
        let files: Vec<String> = files.split(' ').map(|file| folder.join(file).display().to_string()).collect();
        let [network, data, out] = &files[..] else { panic!("three files: {command}") };
        wrong_optimum::write(network, data, out).expect("written");
        return String::new();
    }
    if command.contains("--example ") {
        return String::new();
    }
    let program = assert_cmd::cargo::cargo_bin!("heaviside").display().to_string();
    let ours = command.strip_prefix("cargo run --release -- ").or(command.strip_prefix("heaviside "));
    let line = ours.map_or_else(|| command.to_owned(), |arguments| format!("'{program}' {arguments} 2>&1"));
    let output = Command::new("sh").args(["-c", &line]).current_dir(folder).output().expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
#[cfg(unix)]
fn pages_show_what_the_program_prints() {
    let mut stale = String::new();
    for name in PAGES {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(root().join("datasets"), folder.path().join("datasets")).expect("a link");
        let page = fs::read_to_string(root().join(name)).expect("a page");
        let mut compared = 0;
        for Listing { command, output } in listings(&page) {
            let printed: Vec<String> = run(&command, folder.path()).lines().filter_map(normal).collect();
            compared += usize::from(!output.is_empty());
            if let Some(difference) = difference(&output, &printed).filter(|_| !output.is_empty()) {
                let printed = printed.join("\n  ");
                writeln!(stale, "{name}: {command}\n{difference}\nall of it:\n  {printed}\n").expect("strings take it");
            }
        }
        assert!(compared >= 2, "{name}: {compared} listings");
    }
    assert!(stale.is_empty(), "{stale}");
}

#[test]
fn listings_are_told_from_prose() {
    let page =
        "    sed a > b\n    heaviside check # why\n\n      loss 3\n\n      time 0.5s\n\nprose\n\n    code\n    cut x\n";
    let found = listings(page);
    let commands: Vec<&str> = found.iter().map(|listing| &listing.command[..]).collect();
    assert_eq!(commands, ["sed a > b", "heaviside check", "cut x"]);
    assert_eq!(found[1].output, ["loss 3", "time TIME"]);
    let lines = |text: &str| text.lines().filter_map(normal).collect::<Vec<_>>();
    assert_eq!(difference(&lines("a\nb 1.5s"), &lines(" a\n b  0.1s")), None);
    assert_eq!(difference(&lines("a\n..\nd"), &lines("a\nb\nc\nd")), None);
    assert!(difference(&lines("a\nc"), &lines("a\nb\nc")).is_some());
    assert!(difference(&lines("a"), &lines("a\nb")).is_some());
}

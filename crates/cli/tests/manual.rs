//! Completions and manual pages speak of every command.

mod common;

use common::{Files, heaviside, keys};

/// The commands, and those within `check`, as the help lists them.
fn commands(of: &[&str]) -> Vec<String> {
    let help = heaviside(&[of, &["--help"]].concat()).ok().to_owned();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_is_completed() {
    let (all, claims) = (commands(&[]), commands(&["check"]));
    assert!(all.len() >= 11 && claims.len() >= 5, "{all:?} {claims:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = heaviside(&["completions", shell]);
        let script = run.ok();
        for name in all.iter().chain(&claims) {
            assert!(script.contains(&name[..]), "{shell} {name}");
        }
        assert!(script.contains("time-limit"), "{shell}");
        assert!(run.err.is_empty());
    }
    heaviside(&["completions", "cmd"]).fails(2, &["bash", "zsh", "fish"]);
    heaviside(&["completions", "bash", "--json"]).fails(2, &["--json"]);
}

#[test]
fn every_command_has_a_page() {
    let files = Files::new();
    let folder = files.path(".");
    let json = heaviside(&["man", &folder, "--json"]).json();
    assert_eq!(keys(&json), ["pages"]);
    let names = files.names();
    assert_eq!(json["pages"].as_array().map(Vec::len), Some(names.len()));
    for name in commands(&[]) {
        let page = files.read(&format!("heaviside-{name}.1"));
        assert!(page.contains(".SH NAME") && page.contains(".SH OPTIONS"), "{name}");
    }
    for claim in commands(&["check"]) {
        assert!(names.contains(&format!("heaviside-check-{claim}.1")), "{claim}: {names:?}");
    }
    assert!(files.read("heaviside-train.1").contains("hidden") && files.read("heaviside.1").contains("train"));
    // Again: pages are replaced.
    heaviside(&["man", &folder]).ok();
    heaviside(&["man", &files.path("none")]).fails(2, &["none"]);
}

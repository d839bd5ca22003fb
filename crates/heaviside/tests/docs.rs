//! The programs of docs/library.md.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A program of the page, from 0, and what it prints.
fn program(number: usize) -> (String, String) {
    let page = std::fs::read_to_string(root().join("docs/library.md")).unwrap();
    let rest = page.split("```rust\n").nth(number + 1).unwrap();
    let (program, rest) = rest.split_once("```\n").unwrap();
    let printed: Vec<&str> =
        rest.trim_start().lines().map_while(|line| line.strip_prefix("    ").or(Some(line))).collect();
    let end = printed.iter().position(|line| line.is_empty()).unwrap();
    (program.to_owned(), printed[..end].join("\n") + "\n")
}

#[test]
fn the_programs_of_the_page_are_the_examples_and_run() {
    let examples = [
        ("quickstart", "iris.csv", Some("iris.json")),
        ("device", "breast_cancer_wisconsin_original.csv", Some("biopsy.h")),
        ("engine", "iris.csv", None),
    ];
    for (number, (name, data, written)) in examples.into_iter().enumerate() {
        let (text, printed) = program(number);
        let source = root().join("crates/heaviside/examples").join(name).with_extension("rs");
        assert_eq!(text, std::fs::read_to_string(source).unwrap());
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("datasets")).unwrap();
        std::fs::copy(root().join("datasets").join(data), folder.path().join("datasets").join(data)).unwrap();
        // Examples are built beside tests.
        let tests = std::env::current_exe().unwrap();
        let example = tests.parent().and_then(Path::parent).unwrap().join("examples").join(name);
        let output = Command::new(example).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), printed);
        assert!(written.is_none_or(|written| folder.path().join(written).exists()));
    }
}

/// As a stranger would: a package outside the workspace, with nothing but the library.
#[test]
#[ignore = "builds the library once more: minutes"]
fn the_program_of_the_page_runs_outside_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let (text, printed) = program(0);
    let root = root().canonicalize().unwrap();
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\nheaviside = {{ path = {:?} }}\n[workspace]\n",
        root.join("crates/heaviside")
    );
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    std::fs::create_dir(folder.path().join("datasets")).unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.path().join("src/main.rs"), text).unwrap();
    std::fs::copy(root.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    std::fs::copy(root.join("datasets/iris.csv"), folder.path().join("datasets/iris.csv")).unwrap();
    let target = root.join("target/outside");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), printed);
}

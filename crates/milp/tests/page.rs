//! The program of docs/library.md is the example, and prints what the page says.

use std::path::Path;
use std::process::Command;

#[test]
fn the_program_of_the_page_is_the_example_and_runs() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(here.join("../../docs/library.md")).expect("the page");
    let source = std::fs::read_to_string(here.join("examples/plan.rs")).expect("the example");
    let (_, rest) = page.split_once(&format!("```rust\n{source}```\n")).expect("the example stands on the page");
    let lines = rest.trim_start_matches('\n').lines().map_while(|line| line.strip_prefix("    "));
    let printed: String = lines.map(|line| format!("{line}\n")).collect();
    // Examples are built beside tests.
    let tests = std::env::current_exe().expect("a path");
    let example = tests.parent().and_then(Path::parent).expect("a folder").join("examples/plan");
    let output = Command::new(example).output().expect("the example is built: with --test, add --examples");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), printed);
}

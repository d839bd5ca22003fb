//! The program of docs/library.md is the example, and prints what the page says.

use std::path::Path;
use std::process::Command;

#[test]
fn the_program_of_the_page_is_the_example_and_runs() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(here.join("../../docs/library.md")).unwrap();
    let source = std::fs::read_to_string(here.join("examples/furniture.rs")).unwrap();
    let (_, rest) = page.split_once(&format!("```rust\n{source}```\n")).expect("the example stands on the page");
    let printed: String = rest
        .trim_start_matches('\n')
        .lines()
        .map_while(|line| line.strip_prefix("    "))
        .map(|line| format!("{line}\n"))
        .collect();
    // Examples are built beside tests.
    let tests = std::env::current_exe().unwrap();
    let example = tests.parent().and_then(Path::parent).unwrap().join("examples/furniture");
    let output = Command::new(example).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), printed);
}

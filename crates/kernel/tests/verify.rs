//! The program: what it prints, and its exit codes.

#![allow(clippy::expect_used)]

use std::path::PathBuf;
use std::process::{Command, Output};

fn verify(files: &[PathBuf]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heaviside-verify")).args(files).output().expect("the program runs")
}

#[test]
fn exit_codes_say_what_was_found() {
    let folder = std::env::temp_dir().join(format!("heaviside-verify-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let text = include_str!("files/single.kernel");
    let claim = text.lines().find(|line| line.starts_with("claim")).expect("a claim");
    let good = file("good", text);
    let said = verify(std::slice::from_ref(&good));
    assert_eq!(said.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&said.stdout).starts_with("proven: the least loss is "), "{said:?}");
    for (code, files) in [
        (1, vec![file("more", &text.replace(claim, "claim 1000000 1000000 ;"))]),
        (2, vec![file("other", &text.replace("kernel 1", "kernel 2"))]),
        (2, vec![folder.join("none")]),
        (2, vec![]),
        (2, vec![good.clone(), good.clone()]),
    ] {
        let said = verify(&files);
        assert_eq!(said.status.code(), Some(code), "{said:?}");
        assert!(said.stdout.is_empty() && !said.stderr.is_empty(), "{said:?}");
    }
    std::fs::remove_dir_all(&folder).expect("our own folder");
}

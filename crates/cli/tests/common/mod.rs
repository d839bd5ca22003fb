//! Running the binary and reading what it says.
#![allow(dead_code, reason = "each test file uses its part")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Output;

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// Standard output as one JSON object on one line, and nothing else.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        assert_eq!(self.out.lines().count(), 1, "one line, got: {}", self.out);
        let value: Value = serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out));
        assert!(value.is_object());
        value
    }

    /// Asserts an exit code, and that standard error mentions every one of `words`.
    #[track_caller]
    pub fn fails(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "no '{word}' in: {}", self.err);
        }
    }

    /// Asserts success and returns standard output.
    #[track_caller]
    pub fn ok(&self) -> &str {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        &self.out
    }
}

/// Runs the binary with `args`.
pub fn heaviside(args: &[&str]) -> Run {
    run(Command::new(assert_cmd::cargo::cargo_bin!("heaviside")).args(args))
}

/// Runs the binary with `args` and `input` on standard input.
pub fn heaviside_with(args: &[&str], input: &str) -> Run {
    run(Command::new(assert_cmd::cargo::cargo_bin!("heaviside")).args(args).write_stdin(input))
}

fn run(command: &mut Command) -> Run {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: status.code().expect("no signal"), out: text(stdout), err: text(stderr) }
}

/// A directory of its own with files in it; gone at the end of the test.
pub struct Files(tempfile::TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    /// Writes a file and returns its path.
    pub fn add(&self, name: &str, content: &str) -> String {
        std::fs::write(self.0.path().join(name), content).expect("written");
        self.path(name)
    }

    /// What `train --json` says of such data, the file `data.csv`.
    pub fn trained(&self, data: &str, options: &[&str]) -> Value {
        let data = self.add("data.csv", data);
        heaviside(&[&["train", &data, "--json"][..], options].concat()).json()
    }

    /// The path of a file in it.
    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).expect("readable")
    }

    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("readable");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }
}

/// A file of `datasets/`.
pub fn dataset(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../datasets").join(name);
    path.to_str().expect("UTF-8").to_owned()
}

/// The keys of an object, in order.
pub fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

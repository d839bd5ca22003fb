//! A worker's files: its cube and what is beside it.

use crate::files::{Files, parent};
use clap::Args;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// `--cube`, `--problem`, `--incumbent`, `--result`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Cubes")]
pub struct CubeArgs {
    /// Search this cube, made by `heaviside cubes`, in place of a file; all options that state the problem are those of `cubes`
    #[arg(long, value_name = "CUBE.json")]
    pub cube: Option<PathBuf>,

    /// The problem of the cube [default: problem.json beside it]
    #[arg(long, value_name = "FILE", requires = "cube")]
    pub problem: Option<PathBuf>,

    /// The best answer known, read and improved [default: incumbent.json beside the cube]
    #[arg(long, value_name = "FILE", requires = "cube")]
    pub incumbent: Option<PathBuf>,

    /// Where the result goes [default: beside the cube]
    #[arg(long, value_name = "FILE", requires = "cube")]
    pub result: Option<PathBuf>,
}

impl CubeArgs {
    /// What it reads and writes: files elsewhere than in the folder of the cube, which keeps its own.
    pub fn files(&self) -> Files<'_> {
        let usual = |given: &Path, name: Option<&OsStr>| {
            let folder = |file: &Path| parent(file).canonicalize().ok();
            given.file_name() == name && self.cube.as_deref().is_some_and(|cube| folder(cube) == folder(given))
        };
        let result = self.cube.as_deref().map(|cube| cube.with_extension("result.json"));
        let result = result.as_deref().and_then(Path::file_name);
        Files::default()
            .input("--cube", &self.cube)
            .input("--problem", &self.problem)
            .output("--incumbent", self.incumbent.as_ref().filter(|file| !usual(file, Some("incumbent.json".as_ref()))))
            .output("--result", self.result.as_ref().filter(|file| !usual(file, result)))
            .cubes("--cube", self.cube.as_deref().map(parent))
    }
}

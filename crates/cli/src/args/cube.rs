//! A worker's files: its cube and what is beside it.

use crate::files::Files;
use clap::Args;
use std::path::PathBuf;

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
    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        let files = Files::default().input("--cube", &self.cube).input("--problem", &self.problem);
        files.output("--incumbent", &self.incumbent).output("--result", &self.result)
    }
}

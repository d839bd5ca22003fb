//! What `solve` is asked.

use super::cube;
use super::solutions::PoolArgs;
use crate::args::{CheckpointArgs, CubeArgs, LimitArgs, TraceArgs, non_negative};
use crate::files::Files;
use crate::progress::{LETTERS_OF_SOLVE, with_legend};
use clap::Args;
use clap::builder::ArgPredicate;
use std::path::PathBuf;

/// The object of a run that is over before it begins.
const NO_RESULT: &str =
    r#"{"status":"STATUS","objective":null,"bound":null,"gap":null,"solution":null,"nodes":0,"lp_iterations":0}"#;

/// Solve a linear or mixed-integer model from an MPS or LP file
#[derive(Args, Debug)]
#[command(mut_arg("threads", |threads| threads.help("Threads of the tree search, which does not depend on them [default: all cores]")))]
#[command(mut_arg("node_limit", |limit| limit.help("Stop after N nodes; the result is then the same on every machine")))]
#[command(mut_arg("set", |set| set.help("Set a parameter of the MILP solver, any number of times; `heaviside parameters` lists them")))]
#[command(after_help = with_legend(LETTERS_OF_SOLVE, "Examples:\n  \
    heaviside solve model.mps\n  \
    heaviside solve model.lp.gz --time-limit 60 --solution best.sol\n  \
    heaviside solve model.lp --iis reason.lp\n  \
    heaviside solve model.mps --checkpoint run.ckpt      then, after a limit or a signal, the same with --resume run.ckpt\n  \
    heaviside solve model.mps --certificate model.vipr && heaviside check certificate model.mps model.vipr\n  \
    heaviside solve --cube JOBS/cube-0001.json           one part of what `heaviside cubes model.mps` has divided
  \
    heaviside formulate iris.csv --hidden 2 | heaviside solve - --json"))]
#[command(mut_arg("cube", |cube| cube.conflicts_with_all([
    "model", "start", "solution", "certificate", "iis", "PoolArgs", "TraceArgs", "CheckpointArgs",
    "mip_abs_gap", "seed", "mip_gap", "set",
])))]
#[command(mut_arg("model", |model| {
    model.required(false).required_unless_present("cube").default_value_if("cube", ArgPredicate::IsPresent, "-")
}))]
pub struct SolveArgs {
    /// Model file: .mps or .lp, also with .gz; - for standard input
    #[arg(value_name = "MODEL")]
    pub(super) model: PathBuf,

    /// Start from the solution in FILE
    #[arg(long, value_name = "FILE")]
    pub(super) start: Option<PathBuf>,

    /// Write the best solution to FILE
    #[arg(long, value_name = "FILE.sol")]
    pub(super) solution: Option<PathBuf>,

    /// Write a certificate of the outcome in the VIPR format, to be checked by `check certificate` or viprchk; packed if
    /// the name ends in .gz
    ///
    /// The search has no cuts, solutions count only if they can be completed exactly, and at the end every open node is
    /// bounded once more, for which it keeps back some of a limit of time; after Ctrl-C open nodes count with the bound of the
    /// root. Bounds, conflicts, learned rows and fixings by reduced costs are
    /// derived step by step in exact rationals; there is no presolve. Semi-continuous columns, special ordered sets and indicators are
    /// refused: the format has no lines for them.
    #[arg(long, value_name = "FILE.vipr")]
    pub(super) certificate: Option<PathBuf>,

    /// Where the model is infeasible, write to FILE (.lp or .mps, also with .gz) a part of it that is so by itself and of which nothing can be
    /// left out: an irreducible infeasible subsystem (IIS)
    ///
    /// Its members are single sides of rows, single bounds, and that single columns are whole; the report and --json list them. Where
    /// a limit comes first, it is a part that is infeasible, and members that may yet be left out are marked. Models with semi-continuous
    /// columns, special ordered sets or indicators are refused.
    #[arg(long, value_name = "FILE")]
    pub(super) iis: Option<PathBuf>,

    /// Stop once |best - bound| is at most A; 0 proves the optimum to the last digit [default: 0 where the objective has a step
    /// (whole columns alone have costs), else 1e-6 or 1e-9 of the objective; linear programs: 1e-9 of the objective]
    #[arg(long, value_name = "A", value_parser = non_negative, help_heading = "Limits")]
    pub(super) mip_abs_gap: Option<f64>,

    #[command(flatten)]
    pub(super) pool: PoolArgs,

    #[command(flatten)]
    pub(super) trace: TraceArgs,

    #[command(flatten)]
    pub(super) limits: LimitArgs,

    #[command(flatten)]
    pub(super) checkpoint: CheckpointArgs,

    #[command(flatten)]
    pub(super) cube: CubeArgs,
}

impl SolveArgs {
    /// The limits; that on time counts from the start of the process.
    pub fn limits(&self) -> &LimitArgs {
        &self.limits
    }

    /// The object of a run that is over before it begins.
    pub fn no_result(&self) -> &'static str {
        if self.cube.cube.is_some() { cube::NO_RESULT } else { NO_RESULT }
    }

    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        if self.cube.cube.is_some() {
            return self.cube.files();
        }
        Files::default()
            .input("MODEL", &self.model)
            .input("--start", &self.start)
            .input("--resume", self.checkpoint.only_read())
            .output("--checkpoint", &self.checkpoint.checkpoint)
            .output("--solution", &self.solution)
            .output("--certificate", &self.certificate)
            .output("--iis", &self.iis)
            .output("--trace", &self.trace.trace)
    }
}

//! Runs that are ended and go on.

use super::positive;
use crate::failure::Failure;
use crate::global::is_dash;
use clap::Args;
use std::fs;
use std::path::PathBuf;

/// `--checkpoint`, `--checkpoint-every`, `--resume`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Checkpoints")]
pub struct CheckpointArgs {
    /// Keep the state of the run in this file, to go on with it after a limit, a signal or a power cut
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,

    /// Write it every S seconds; and at the end of the run, if that is not its own
    #[arg(long, value_name = "S", default_value_t = 60.0, value_parser = positive, requires = "checkpoint")]
    pub checkpoint_every: f64,

    /// Go on with the run of which this is the checkpoint: the same command on the same data; limits may be others, and that on time is for this sitting.
    /// With `--checkpoint` for the same file it can be ended again
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

impl CheckpointArgs {
    /// The checkpoint that the run begins with.
    pub fn resume(&self) -> Option<&PathBuf> {
        self.resume.as_ref()
    }

    /// The checkpoint that is read and not written.
    pub fn only_read(&self) -> Option<&PathBuf> {
        let at = |path: &PathBuf| fs::canonicalize(path).ok();
        self.resume.as_ref().filter(|read| {
            self.checkpoint
                .as_ref()
                .is_none_or(|written| written != *read && (at(written).is_none() || at(written) != at(read)))
        })
    }

    /// Refuses what checkpoints do not go with.
    pub fn check(&self, folds: bool, trace: bool) -> Result<(), Failure> {
        let refuse = |why: &str| Err(Failure::Input(why.to_owned()));
        if self.checkpoint.iter().chain(&self.resume).any(|path| is_dash(path)) {
            return refuse("a checkpoint is read and written more than once: give it a file, not -");
        }
        if folds && (self.checkpoint.is_some() || self.resume.is_some()) {
            return refuse("checkpoints are for one run, not for the runs of --folds: leave one of both out");
        }
        if trace && self.resume.is_some() {
            return refuse(
                "a trace begins with the run, and --resume is for one that has begun: leave one of both out",
            );
        }
        Ok(())
    }
}

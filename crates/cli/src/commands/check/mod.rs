//! `heaviside check`: claims recounted in exact arithmetic, without the solver that made them.

use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use clap::{Args, Subcommand};

mod binding;
mod certificate;
mod export;
mod kernel;
mod network;
pub mod proof;
mod solution;
pub mod source;
mod watch;

/// Check a claim in exact arithmetic; exit code 1 if it is false
#[derive(Args, Debug)]
pub struct CheckArgs {
    #[command(subcommand)]
    claim: Claim,
}

#[derive(Subcommand, Debug)]
enum Claim {
    Network(network::NetworkArgs),
    Solution(solution::SolutionArgs),
    Certificate(certificate::CertificateArgs),
    Proof(proof::ProofArgs),
    Kernel(kernel::KernelArgs),
    Export(export::ExportArgs),
}

impl CheckArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        match &self.claim {
            Claim::Network(args) => args.files(),
            Claim::Solution(args) => args.files(),
            Claim::Certificate(args) => args.files(),
            Claim::Proof(args) => args.files(),
            Claim::Kernel(args) => args.files(),
            Claim::Export(args) => args.files(),
        }
    }
}

/// Runs the check that was asked for.
pub fn run(args: &CheckArgs, console: &Console) -> Result<(), Failure> {
    match &args.claim {
        Claim::Network(args) => network::run(args, console),
        Claim::Solution(args) => solution::run(args, console),
        Claim::Certificate(args) => certificate::run(args, console),
        Claim::Proof(args) => proof::run(args, console),
        Claim::Kernel(args) => kernel::run(args, console),
        Claim::Export(args) => export::run(args, console),
    }
}

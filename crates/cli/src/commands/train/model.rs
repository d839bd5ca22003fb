//! The model that `train` writes.

use super::{TrainArgs, Trained};
use bdnn::model::{Claim, Provenance};
use bdnn::{Model, Network};

/// What writes models.
pub const PROGRAM: &str = concat!("heaviside ", env!("CARGO_PKG_VERSION"));

/// The model with all that is needed to use it and to check the claim.
pub fn of(network: &Network, trained: &Trained, args: &TrainArgs) -> Model {
    let Trained { prepared, problem, training, .. } = trained;
    Model {
        program: PROGRAM.to_owned(),
        architecture: problem.architecture.clone(),
        network: network.clone(),
        scaling: args.data.scaling(),
        scaler: prepared.scaler.clone(),
        schema: prepared.data.schema.clone(),
        training: provenance(trained, args),
        claim: Claim {
            status: training.status,
            loss: training.loss,
            objective: training.objective,
            bound: training.bound,
        },
    }
}

/// How it was trained, on which rows.
pub fn provenance(trained: &Trained, args: &TrainArgs) -> Provenance {
    let Trained { problem, choice, .. } = trained;
    Provenance {
        method: choice.engine.as_str().to_owned(),
        loss: problem.loss,
        epsilon: problem.epsilon,
        robust: problem.robust,
        l0: problem.l0,
        l1: problem.l1,
        seed: args.limits.seed,
        kept_apart: args.data.fractions(),
        stratify: args.data.stratify,
        data_sha256: trained.digests.training.clone(),
        all_sha256: trained.digests.all.clone(),
        rows: problem.points.num_rows(),
        distinct_points: problem.points.len(),
    }
}

//! `heaviside check network`: does this network have the loss that its model file claims?

use crate::console::Console;
use crate::failure::Failure;
use crate::format::{self, Pairs, percent};
use bdnn::{Confusion, Dataset, Model, Problem, Sample, data, exact};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Check that a network has the loss its model file claims
///
/// The training part of the data file is found again and compared by its hash; then every sign is recounted in exact
/// arithmetic, with the margin and the balls of robust training where the model claims them. Nothing of the solver is
/// used. The bound is not checked: that takes a proof.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check network iris.json iris.csv\n  \
    heaviside check network iris.json iris.csv --json")]
pub struct NetworkArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// The data file it was trained on; - for standard input
    #[arg(value_name = "DATA.csv")]
    data: PathBuf,

    /// Leave out rows with a missing value (`?`, empty, NA or NaN), as in training
    #[arg(long)]
    drop_missing: bool,
}

/// The object of `check network --json`.
#[derive(Serialize)]
struct NetworkJson {
    valid: bool,
    failure: Option<String>,
    claimed_loss: u64,
    loss: Option<u64>,
    errors: Option<u64>,
    accuracy: Option<f64>,
    points: usize,
    epsilon: Option<f64>,
}

/// Reads both files, recounts, reports.
pub fn run(args: &NetworkArgs, console: &Console) -> Result<(), Failure> {
    let model = Model::read(&args.model)?;
    let sample = Sample::read(&args.data, &model.schema, true, args.drop_missing)?;
    let rows = Dataset {
        schema: model.schema.clone(),
        rows: sample.rows,
        labels: sample.labels.unwrap_or_default(),
        lines: sample.lines,
        dropped: sample.dropped,
    };
    let training = &model.training;
    let (shares, stratify) = (training.kept_apart, training.stratify);
    let members = data::split(&rows.labels, rows.num_classes(), shares, stratify, training.seed)?.train;
    let mut json = NetworkJson {
        valid: false,
        failure: None,
        claimed_loss: model.claim.loss,
        loss: None,
        errors: None,
        accuracy: None,
        points: members.len(),
        epsilon: training.epsilon,
    };
    json.failure = recount(&model, &rows, &members, &mut json).err();
    json.valid = json.failure.is_none();

    let mut pairs = Pairs::default();
    pairs.push("claim", if json.valid { "holds" } else { "does not hold" });
    pairs.push("claimed loss", json.claimed_loss.to_string());
    if let Some(loss) = json.loss {
        pairs.push("loss", format!("{loss}, recounted exactly"));
    }
    if let (Some(errors), Some(accuracy)) = (json.errors, json.accuracy) {
        pairs.push("predictions", format!("{errors} of {} wrong, accuracy {}", json.points, percent(accuracy)));
    }
    if let Some(epsilon) = training.epsilon {
        pairs.push("margin", format!("epsilon {}", format::value(epsilon)));
    }
    console.report(&pairs.to_string())?;
    console.json(&json)?;
    json.failure.map_or(Ok(()), |failure| Err(Failure::Check(failure)))
}

/// Fills in the figures; the first thing that contradicts the claim is the error.
fn recount(model: &Model, data: &Dataset, members: &[usize], json: &mut NetworkJson) -> Result<(), String> {
    let training = &model.training;
    let hash = data.sha256(members);
    if hash != training.data_sha256 {
        return Err(format!(
            "this is not the training data: its {} training rows have the hash {hash}, the model says {}",
            members.len(),
            training.data_sha256
        ));
    }
    let rows = members.iter().map(|&i| data.row(i));
    let labels: Vec<usize> = members.iter().map(|&i| data.labels[i]).collect();
    let confusion = Confusion::of(&model.exact(), data.num_classes(), rows, &labels);
    json.errors = Some(confusion.errors());
    json.accuracy = confusion.accuracy();
    let problem = Problem {
        epsilon: training.epsilon,
        robust: training.robust,
        l0: training.l0,
        l1: training.l1,
        ..Problem::new(data.points(members, &model.scaler), model.architecture.clone(), training.loss)
    };
    let loss = exact::check(&problem, &model.network).map_err(|violation| violation.to_string())?;
    json.loss = Some(loss);
    if loss != model.claim.loss {
        return Err(format!("the network has the loss {loss}, the model file claims {}", model.claim.loss));
    }
    Ok(())
}

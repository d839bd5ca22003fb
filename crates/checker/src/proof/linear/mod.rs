//! Proof folders of mixed-integer linear programming: no network with a margin has a smaller objective on some points.
//!
//! Entry point: [`check`]. The files are those of *Proof folder of a linear model* in `docs/certificate-format.md`. The chain:
//! `model.mps` is a formulation of `problem.json` (module `formulation`): every network of the architecture that keeps the
//! margin has a point of the model whose objective is no more than its own; the certificate bounds the objective of all
//! points of the model; and the exact forward pass shows what the network that is given reaches.
//!
//! The margin is part of the claim: nothing is said about networks with a neuron that rests nearer to 0 than epsilon.
//!
//! Memory holds the points, the model, and what the certificate has not yet released.

mod distances;
mod formulation;
mod rounded;

use super::problem::{Kind, Problem};
use super::{agree, bind, overclaimed, upper_bound};
use crate::certificate::{self, Claim};
use crate::network::{Binding, Options};
use crate::number::Rational;
use crate::{Error, Format, Model, Source};

/// The files of a folder.
pub struct Folder<'s> {
    /// `problem.json`
    pub problem: Source<'s>,
    /// `model.mps`
    pub model: Source<'s>,
    /// `certificate.vipr`
    pub certificate: Source<'s>,
    /// `network.json`, if it is there
    pub network: Option<Source<'s>>,
    /// The data file the points are compared with, if one is given, and how it is read.
    pub data: Option<(Source<'s>, Options)>,
}

/// What was checked, all of it successfully.
#[derive(Clone, Debug)]
pub struct Report {
    /// No network with the margin has a smaller objective; `None`: no network satisfies the constraints.
    pub bound: Option<Rational>,
    /// The loss of the network that is given, if one is.
    pub loss: Option<u64>,
    /// Its objective, which is the loss if nothing is regularised.
    pub objective: Option<Rational>,
    /// Training rows.
    pub rows: usize,
    /// Distinct points.
    pub points: usize,
    /// Parts of the points that share their activations; as many as points without a partition.
    pub parts: usize,
    /// Columns and rows of the model.
    pub size: (usize, usize),
    /// The certificate of the model.
    pub certificate: certificate::Report,
    /// What the claim is about: networks, columns, classes, rows.
    pub binding: Binding,
    /// Whether the points were compared with a data file.
    pub data_compared: bool,
}

/// Checks a folder. Cost: that of the certificate, and at most that of the distances between all pairs of 4096 points.
///
/// # Errors
/// [`Error::Refuted`] at the first claim that does not hold, [`Error::Malformed`] or [`Error::Unreadable`] for a file that
/// cannot be read.
pub fn check(folder: Folder<'_>) -> Result<Report, Error> {
    let Folder { problem: mut source, model: model_source, certificate, network, data } = folder;
    let problem = Problem::read(&mut source, Kind::Linear)?;
    let Some(epsilon) = problem.setting.epsilon.clone() else {
        return Err(source.malformed_at(0, "no margin `epsilon`"));
    };
    let rows = problem.data();
    let data_compared = data.is_some();
    let binding = bind(&problem, &source, &rows, data)?;
    let file = model_source.name().to_owned();
    let model = Model::read(model_source, Format::Mps)?;
    // Distances between all pairs of points, and the rows of activations: points times neurons times inputs.
    let points = problem.points.len();
    let pairs = points.saturating_mul(points.min(distances::PAIRWISE));
    source.spend(pairs.saturating_mul(problem.setting.inputs))?;
    let excess = formulation::compare(&problem, &epsilon, &model);
    let excess = excess.map_err(|what| Error::Refuted { file, line: 0, what })?;
    let certificate = certificate::check(&model, certificate)?;
    let proven = proven_bound(&problem, &certificate, &excess);
    let enough = match (&problem.bound.value, &proven) {
        (Some(claimed), Some(proven)) => claimed <= proven,
        (None, None) => true,
        _ => false,
    };
    if !enough {
        return Err(overclaimed(&problem, &source, proven.as_ref()));
    }
    let objective = upper_bound(&problem, &source, &rows, network)?;
    agree(&problem, &source, objective.as_ref())?;
    Ok(Report {
        bound: problem.bound.value,
        loss: problem.loss.value,
        objective,
        rows: problem.row_points.len(),
        points: problem.points.len(),
        parts: problem.parts,
        size: (model.columns.len(), model.rows.len()),
        certificate,
        binding,
        data_compared,
    })
}

/// The bound on the objective of networks that the certificate proves; `None` if it excludes all of them. Without
/// regularisation the objective is whole.
fn proven_bound(problem: &Problem, certificate: &certificate::Report, excess: &Rational) -> Option<Rational> {
    let lower = match &certificate.claim {
        Claim::Infeasible => return None,
        Claim::Unbounded => None,
        Claim::Range { lower, .. } => lower.as_ref(),
    };
    let bound = lower.map_or(Rational::ZERO, |lower| lower + &certificate.offset - excess);
    let whole = problem.setting.l0.is_zero() && problem.setting.l1.is_zero();
    let bound = if whole { Rational::from(bound.ceil()) } else { bound };
    // No objective is negative.
    Some(bound.max(Rational::ZERO))
}

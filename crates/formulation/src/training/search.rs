//! The models that a problem is trained by, and their search.

use super::judge::Judge;
use crate::{Error, Formulation, FormulationOptions};
use bdnn::{Problem, Stop, Threshold};
use budget::{Aside, Checkpoint};

/// The model of each function of the output, or the one model; `None` once `stop` says so.
pub(super) fn formulate(
    problem: &Problem,
    functions: Option<Vec<Threshold>>,
    stop: &Stop<'_>,
) -> Result<Option<Aside<Vec<Formulation>>>, Error> {
    // What is proven is said of the data, not of their roundings.
    let options = FormulationOptions { outward: true, ..FormulationOptions::default() };
    let Some(functions) = functions else {
        return Ok(Formulation::new_within(problem, &options, stop)?.map(|formulation| Aside::new(vec![formulation])));
    };
    let mut all = Aside::new(vec![]);
    for function in functions {
        let Some(formulation) = Formulation::with_output(problem, &options, function, stop) else { return Ok(None) };
        all.push(formulation);
    }
    Ok(Some(all))
}

/// What a search has proven.
pub(super) struct Searched {
    pub(super) status: milp::Status,
    pub(super) bound: f64,
    pub(super) statistics: milp::Statistics,
}

/// Branch and bound on the one model, or on those of all functions in turns.
pub(super) fn search(
    formulations: &[Formulation],
    options: &milp::Options,
    judge: &mut Judge<'_>,
    certificate: Option<&mut milp::Certificate>,
    checkpoint: Checkpoint<'_>,
) -> Result<Searched, Error> {
    let models: Vec<&milp::Model> = formulations.iter().map(Formulation::model).collect();
    if formulations[0].output().is_some() {
        let milp::Disjunction { status, bound, statistics, .. } =
            milp::solve_disjunction(&models, options, judge, checkpoint)?;
        return Ok(Searched { status, bound, statistics });
    }
    let milp::Outcome { status, bound, statistics, .. } = match certificate {
        Some(certificate) => milp::solve_certified(models[0], options, judge, certificate)?,
        None => milp::solve_resumable(models[0], options, judge, checkpoint)?,
    };
    Ok(Searched { status, bound, statistics })
}

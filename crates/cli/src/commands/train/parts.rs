//! How a network does on the parts of the data, and how long it takes to find out.

use crate::args::Prepared;
use crate::format::percent;
use bdnn::exact::ExactNetwork;
use bdnn::{Layer, Network, Problem};
use rayon::prelude::*;
use serde::Serialize;
use std::time::Instant;

/// Predictions on some of the rows.
#[derive(Clone, Copy, Serialize)]
pub struct Part {
    pub points: usize,
    pub errors: usize,
    pub accuracy: f64,
}

/// Predictions on each part of the data.
#[derive(Clone, Copy)]
pub struct Parts {
    pub train: Option<Part>,
    pub validation: Option<Part>,
    pub test: Option<Part>,
}

impl Part {
    /// In words.
    pub fn text(self) -> String {
        let right = self.points - self.errors;
        format!("{right} of {} points predicted rightly ({})", self.points, percent(self.accuracy))
    }

    /// `None` without rows.
    fn new(points: usize, errors: usize) -> Option<Self> {
        #[allow(clippy::cast_precision_loss)]
        let accuracy = (points - errors) as f64 / points as f64;
        (points > 0).then_some(Self { points, errors, accuracy })
    }
}

impl Parts {
    /// Predicts all rows with `network`, whose exact loss on the training rows is `loss`, exactly.
    pub fn of(prepared: &Prepared, problem: &Problem, network: &Network, loss: u64) -> Self {
        let exact = ExactNetwork::new(network, &prepared.scaler);
        let split = &prepared.split;
        let count = |rows: &[usize]| Part::new(rows.len(), errors(&exact, prepared, rows));
        // One output is wrong where the prediction is.
        let known = if problem.architecture.outputs() == 1 { usize::try_from(loss).ok() } else { None };
        Self {
            train: known.map_or_else(|| count(&split.train), |errors| Part::new(split.train.len(), errors)),
            validation: count(&split.validation),
            test: count(&split.test),
        }
    }
}

fn errors(exact: &ExactNetwork, prepared: &Prepared, rows: &[usize]) -> usize {
    let data = &prepared.data;
    rows.par_iter().filter(|&&i| exact.predict(data.row(i)) != data.labels[i]).count()
}

/// Seconds that [`Parts::of`] will take for a network of the problem's shape: measured on some of the rows.
#[allow(clippy::cast_precision_loss)]
pub fn seconds(prepared: &Prepared, problem: &Problem) -> f64 {
    /// Rows that are tried, and the factor for what else may get in the way.
    const TRIED: usize = 500;
    const CAUTION: f64 = 1.5;
    let split = &prepared.split;
    let judged = [&split.train, &split.validation, &split.test];
    let asked =
        judged.into_iter().filter(|rows| problem.architecture.outputs() > 1 || !std::ptr::eq(*rows, &split.train));
    let all: usize = asked.map(Vec::len).sum();
    if all <= TRIED {
        return 0.0;
    }
    let widths = problem.architecture.widths();
    let layer = |pair: &[usize]| Layer {
        weights: (0..pair[0] * pair[1]).map(|at| 1.0 + (at % 7) as f64).collect(),
        ..Layer::zeros(pair[0], pair[1])
    };
    let network = Network { layers: widths.windows(2).map(layer).collect() };
    let exact = ExactNetwork::new(&network, &prepared.scaler);
    let rows = &split.train[..TRIED.min(split.train.len())];
    let began = Instant::now();
    std::hint::black_box(rows.iter().filter(|&&i| exact.predict(prepared.data.row(i)) == 0).count());
    CAUTION * began.elapsed().as_secs_f64() * all as f64 / (rows.len() * rayon::current_num_threads()) as f64
}

//! How a network does on the parts of the data, and how long it takes to find out.

use bdnn::data::{Dataset, Split};
use bdnn::exact::ExactNetwork;
use bdnn::{Layer, Network, Problem};
use budget::Instant;
use rayon::prelude::*;
use serde::Serialize;
use std::cell::LazyCell;
use std::time::Duration;

/// Predictions on some of the rows, by the exact forward pass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Rows.
    pub points: usize,
    /// Of them predicted wrongly.
    pub errors: usize,
    /// Share of them predicted rightly.
    pub accuracy: f64,
}

/// Predictions on each part of the data; `None` where a part has no rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// The rows that train.
    pub train: Option<Part>,
    /// The rows that choose.
    pub validation: Option<Part>,
    /// The rows kept apart.
    pub test: Option<Part>,
}

impl Part {
    /// `None` without rows.
    pub(crate) fn new(points: usize, errors: usize) -> Option<Self> {
        #[allow(clippy::cast_precision_loss)]
        let accuracy = (points - errors) as f64 / points as f64;
        (points > 0).then_some(Self { points, errors, accuracy })
    }
}

/// Rows that a network is judged on.
pub(crate) struct Judged<'a> {
    pub(crate) data: &'a Dataset,
    pub(crate) split: &'a Split,
    pub(crate) problem: &'a Problem,
    /// Whether the loss counts units, not rows.
    pub(crate) weighted: bool,
}

impl Judged<'_> {
    /// Predicts all rows with `network`, whose exact loss on the training rows is `loss`, exactly.
    pub(crate) fn parts(&self, network: &Network, loss: u64) -> Parts {
        let Self { split, problem, .. } = self;
        // Made where there is something to predict.
        let exact = LazyCell::new(|| ExactNetwork::new(network, problem.points.scaler()));
        let count = |rows: &[usize]| (!rows.is_empty()).then(|| Part::new(rows.len(), self.errors(&exact, rows)))?;
        let known = if self.loss_is_errors() { usize::try_from(loss).ok() } else { None };
        Parts {
            train: known.map_or_else(|| count(&split.train), |errors| Part::new(split.train.len(), errors)),
            validation: count(&split.validation),
            test: count(&split.test),
        }
    }

    /// With one output a wrong output is a wrong prediction.
    fn loss_is_errors(&self) -> bool {
        self.problem.architecture.outputs() == 1 && !self.weighted
    }

    fn errors(&self, exact: &ExactNetwork, rows: &[usize]) -> usize {
        rows.par_iter().filter(|&&i| exact.predict(self.data.row(i)) != self.data.labels[i]).count()
    }

    /// Seconds that [`Self::parts`] will take for a network of the problem's shape: measured on some of the rows.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn seconds(&self) -> f64 {
        /// Rows that are tried at most, the time after which those will do, and the factor for what else may get in the way.
        const TRIED: usize = 500;
        const ENOUGH: Duration = Duration::from_millis(50);
        const CAUTION: f64 = 1.5;
        let Self { split, problem, .. } = self;
        let judged = [&split.train, &split.validation, &split.test];
        let asked = judged.into_iter().filter(|rows| !self.loss_is_errors() || !std::ptr::eq(*rows, &split.train));
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
        let exact = ExactNetwork::new(&network, problem.points.scaler());
        let began = Instant::now();
        let mut tried = 0;
        while tried < TRIED.min(split.train.len()) && (tried == 0 || began.elapsed() < ENOUGH) {
            std::hint::black_box(exact.predict(self.data.row(split.train[tried])));
            tried += 1;
        }
        CAUTION * began.elapsed().as_secs_f64() * all as f64 / (tried.max(1) * rayon::current_num_threads()) as f64
    }
}

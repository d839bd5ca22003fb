//! How well predictions match labels.

use crate::exact::ExactNetwork;
use serde::Serialize;

/// Mean and standard deviation (of a sample: divided by one less) of some values; `None` of none. The deviation of one value is 0.
///
/// ```
/// let (mean, deviation) = bdnn::mean_and_deviation(&[1.0, 3.0, 5.0]).expect("values");
/// assert_eq!((mean, deviation), (3.0, 2.0));
/// ```
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len();
    let mean = values.iter().sum::<f64>() / count as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (count > 0).then(|| (mean, (squares / (count.max(2) - 1) as f64).sqrt()))
}

/// A confusion matrix, from which every other figure follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    classes: usize,
    /// Row-major, C x C: true class, then predicted class.
    counts: Vec<u64>,
}

impl Confusion {
    /// Counts pairs of (true class, predicted class), each below `classes`.
    ///
    /// # Panics
    /// If a class is out of range.
    #[must_use]
    pub fn count(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut counts = vec![0; classes * classes];
        for (truth, predicted) in pairs {
            assert!(predicted < classes, "classes are below {classes}");
            counts[truth * classes + predicted] += 1;
        }
        Self { classes, counts }
    }

    /// The confusion of `network` on `rows` in raw units with their `labels`, by the prediction rule of
    /// [`ExactNetwork::predict`], exactly.
    ///
    /// # Panics
    /// If a label is out of range or a row has another number of features.
    #[must_use]
    pub fn of<'a>(
        network: &ExactNetwork,
        classes: usize,
        rows: impl IntoIterator<Item = &'a [f64]>,
        labels: &[usize],
    ) -> Self {
        Self::count(classes, labels.iter().copied().zip(rows.into_iter().map(|row| network.predict(row))))
    }

    /// C.
    #[must_use]
    pub fn num_classes(&self) -> usize {
        self.classes
    }

    /// Rows of class `truth` that were predicted as `predicted`.
    #[must_use]
    pub fn at(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.classes + predicted]
    }

    /// All rows.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Rows whose prediction is wrong.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.total() - (0..self.classes).map(|class| self.at(class, class)).sum::<u64>()
    }

    /// Share of right predictions; `None` without rows.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.total() - self.errors(), self.total())
    }

    /// Among the rows predicted as `class`, the share that is of it; `None` if there are none.
    #[must_use]
    pub fn precision(&self, class: usize) -> Option<f64> {
        ratio(self.at(class, class), (0..self.classes).map(|truth| self.at(truth, class)).sum())
    }

    /// Among the rows of `class`, the share that was predicted as it; `None` if there are none.
    #[must_use]
    pub fn recall(&self, class: usize) -> Option<f64> {
        ratio(self.at(class, class), (0..self.classes).map(|predicted| self.at(class, predicted)).sum())
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layer, Network, Scaler};

    #[test]
    fn figures_by_hand() {
        let pairs = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (2, 1)];
        let confusion = Confusion::count(3, pairs);
        assert_eq!((confusion.total(), confusion.errors(), confusion.accuracy()), (6, 3, Some(0.5)));
        assert_eq!((confusion.at(0, 1), confusion.at(1, 0), confusion.at(2, 2)), (1, 1, 0));
        assert_eq!((confusion.precision(0), confusion.recall(0)), (Some(2.0 / 3.0), Some(2.0 / 3.0)));
        assert_eq!((confusion.precision(1), confusion.recall(1)), (Some(1.0 / 3.0), Some(0.5)));
        assert_eq!((confusion.precision(2), confusion.recall(2)), (None, Some(0.0)));
        assert_eq!(Confusion::count(2, []).accuracy(), None);
    }

    /// The rule for more than two classes: outputs first, then pre-activations, then the lower class.
    #[test]
    fn prediction_rule() {
        let network = |biases: [f64; 3]| Network {
            layers: vec![Layer { inputs: 1, outputs: 3, weights: vec![1.0, 0.0, -1.0], biases: biases.to_vec() }],
        };
        let predict = |biases, x| ExactNetwork::new(&network(biases), &Scaler::identity(1)).predict(&[x]);
        assert_eq!(predict([-0.5, 0.0, -0.5], 0.0), 1, "one output fires");
        assert_eq!(predict([0.0, 0.25, 0.125], 0.0), 1, "all fire, the largest pre-activation wins");
        assert_eq!(predict([-0.5, -0.25, -0.125], 0.0), 2, "none fires, the largest pre-activation wins");
        assert_eq!(predict([0.25, 0.25, 0.25], 0.0), 0, "a tie goes to the lower class");
        // 0.1 + 0.2 rounds to more than 0.3; exactly, 0.3 as a float is below the sum of the floats as well.
        assert_eq!(predict([0.2, 0.3, 0.0], 0.1), 0);
        let confusion = Confusion::of(
            &ExactNetwork::new(&network([0.0, 0.5, 0.0]), &Scaler::identity(1)),
            3,
            [&[2.0][..], &[0.0], &[-2.0]],
            &[0, 1, 1],
        );
        assert_eq!((confusion.errors(), confusion.at(1, 2)), (1, 1));
    }
}

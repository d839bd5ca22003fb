//! Cross-validation: how well networks of a shape do on rows that did not train them.

use crate::error::Error;
use crate::options::Options;
use crate::parts::Part;
use crate::task::Task;
use crate::trained::Trained;
use crate::trainer::Trainer;
use bdnn::data::{DataError, Dataset, Folds, NEVER, Units, folds};
use bdnn::model::RowUnits;
use bdnn::{Progress, Silent, Status, mean_and_deviation};
use budget::Instant;

/// A network trained without one fold, and judged on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    /// Why its run ended.
    pub status: Status,
    /// Its loss on the rows that trained it, as [`Trained::loss`]; `None` without a network.
    pub loss: Option<u64>,
    /// [`Trained::bound`].
    pub bound: f64,
    /// What loss and bound count where rows have weights: other rows may have another unit, and other balanced classes.
    pub units: Option<RowUnits>,
    /// Predictions on the rows that trained it; `None` without a network.
    pub train: Option<Part>,
    /// Predictions on the fold; `None` without a network.
    pub test: Option<Part>,
}

impl Fold {
    fn of(trained: &Trained, units: Option<&Units>) -> Self {
        let parts = trained.parts();
        Self {
            status: trained.status(),
            loss: trained.loss(),
            bound: trained.bound(),
            units: units.map(RowUnits::of),
            train: parts.and_then(|parts| parts.train),
            test: parts.and_then(|parts| parts.test),
        }
    }

    /// Mean and standard deviation (of a sample: divided by one less) of the accuracies on the folds that have a network; `None` if none
    /// has. The deviation of one fold is 0.
    #[must_use]
    pub fn accuracy(folds: &[Self]) -> Option<(f64, f64)> {
        let shares: Vec<f64> = folds.iter().filter_map(|fold| fold.test.map(|part| part.accuracy)).collect();
        mean_and_deviation(&shares)
    }
}

impl Trainer {
    /// Divides the rows into `count` folds ([`bdnn::data::folds`], by the trainer's seed and [`Trainer::stratify`]), and for each trains on
    /// all other rows and predicts those of the fold. The limit of time is shared: each run gets an equal part of what is left; other limits
    /// hold for each run. Proofs, solutions and a start are left out, whatever the trainer says of them.
    ///
    /// ```
    /// use heaviside::{Dataset, Fold, Trainer};
    ///
    /// let rows: Vec<[f64; 1]> = (0..12).map(|i| [f64::from(i)]).collect();
    /// let labels: Vec<&str> = (0..12).map(|i| if i < 6 { "low" } else { "high" }).collect();
    /// let data = Dataset::from_rows(&rows, &labels)?;
    /// let folds = Trainer::new().stratify(true).cross_validate(&data, 3)?;
    /// assert_eq!(folds.len(), 3);
    /// assert!(folds.iter().all(|fold| fold.loss == Some(0)));
    /// let (mean, deviation) = Fold::accuracy(&folds).expect("networks");
    /// assert!(mean > 0.7 && deviation < 0.3);
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::fit`], or if the rows do not divide into so many folds.
    pub fn cross_validate(&self, data: &Dataset, count: usize) -> Result<Vec<Fold>, Error> {
        self.cross_validate_watched(data, count, &Silent, &mut |_| {})
    }

    /// Whether [`Trainer::cross_validate`] divides these rows: they make so many folds, and what is left without one of them still counts. Cost
    /// O(count m log m).
    ///
    /// # Errors
    /// Those of [`Trainer::cross_validate`] that rows and weights are to blame for.
    pub fn check_folds(&self, data: &Dataset, count: usize) -> Result<(), Error> {
        for split in self.divide(data, count)?.splits() {
            self.options.units(data, &split.train, NEVER)?;
        }
        Ok(())
    }

    fn divide(&self, data: &Dataset, count: usize) -> Result<Folds, Error> {
        let Options { stratify, limits, .. } = &self.options;
        Ok(folds(&data.labels, data.num_classes(), count, *stratify, limits.seed)?)
    }

    /// As [`Trainer::cross_validate`]; `progress` hears of every run and may end all of them (the fold at hand then counts as it is, those
    /// after it are missing), and `heard` gets each fold as it is done.
    ///
    /// # Errors
    /// As [`Trainer::cross_validate`].
    pub fn cross_validate_watched(
        &self,
        data: &Dataset,
        count: usize,
        progress: &dyn Progress,
        heard: &mut dyn FnMut(&Fold),
    ) -> Result<Vec<Fold>, Error> {
        let began = Instant::now();
        let mut options = self.options.clone();
        (options.proof, options.solutions, options.start, options.model) = (None, None, None, false);
        let mut done = vec![];
        for (k, split) in self.divide(data, count)?.splits().enumerate() {
            let left = options.limits.time - began.elapsed().as_secs_f64();
            if k > 0 && (left <= 0.0 || progress.should_stop()) {
                break;
            }
            let started = Instant::now();
            let mut limits = options.limits.clone();
            limits.time = left.max(0.0) / (count - k) as f64;
            let over = || progress.should_stop() || started.elapsed().as_secs_f64() >= limits.time;
            let task = match Task::of_split(&options, data, split, &over) {
                Err(Error::Data(DataError::Stopped { .. })) => break,
                task => task?,
            };
            let trained = task.train(&limits.after(started.elapsed().as_secs_f64()), progress)?;
            let fold = Fold::of(&trained, task.units());
            heard(&fold);
            done.push(fold);
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accuracies_have_a_mean_and_a_deviation() {
        let fold = |errors: usize| {
            let test = Part::new(10, errors);
            Fold { status: Status::Optimal, loss: Some(0), bound: 0.0, units: None, train: None, test }
        };
        assert_eq!(Fold::accuracy(&[]), None);
        assert_eq!(Fold::accuracy(&[fold(3)]), Some((0.7, 0.0)));
        let (mean, deviation) = Fold::accuracy(&[fold(1), fold(3), fold(5)]).unwrap();
        assert!((mean - 0.7).abs() < 1e-12 && (deviation - 0.2).abs() < 1e-12);
        let none = Fold { test: None, loss: None, ..fold(0) };
        assert_eq!(Fold::accuracy(&[none, fold(3)]), Some((0.7, 0.0)));
    }
}

//! Folds for cross-validation: each row is kept apart once.

use super::error::DataError;
use super::split::Split;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Rows in folds. Memory O(m), however many folds there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folds {
    /// The fold of each row.
    of_row: Vec<usize>,
    count: usize,
}

/// Divides rows with these class `labels` (each below `classes`) into `count` folds whose sizes differ by one at most; the k-th split
/// tests on the k-th fold and trains on the others. `stratify`: so do the rows of each class. The result depends on the arguments
/// alone. Cost O(m log m + C).
///
/// ```
/// use bdnn::data::folds;
///
/// let folds_of_five = folds(&[0, 1, 0, 1, 0], 2, 2, true, 0)?;
/// assert_eq!(folds_of_five.splits().map(|split| split.test.len()).collect::<Vec<_>>(), [3, 2]);
/// assert!(folds_of_five.splits().all(|split| split.train.len() + split.test.len() == 5));
/// assert!(folds(&[0, 1], 2, 3, true, 0).is_err());
/// # Ok::<(), bdnn::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Split`] if there are fewer than two folds, or more than rows, or a training part would miss all classes but one (with
/// `stratify`: any class).
pub fn folds(labels: &[usize], classes: usize, count: usize, stratify: bool, seed: u64) -> Result<Folds, DataError> {
    let refuse = |message: String| Err(DataError::Split(message));
    if count < 2 || count > labels.len() {
        return refuse(format!(
            "{count} folds of {} rows; ask for at least 2, and for no more than rows",
            labels.len()
        ));
    }
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    if stratify {
        // Dealt in turn, class after class: sizes differ by one, in every class and altogether.
        order.sort_by_key(|&i| labels[i]);
    }
    let mut of_row = vec![0; labels.len()];
    order.iter().enumerate().for_each(|(at, &i)| of_row[i] = at % count);
    let folds = Folds { of_row, count };
    let needed = if stratify { classes } else { classes.min(2) };
    let kept = folds.least_classes(labels, classes);
    if kept < needed {
        let advice = if stratify { "take fewer folds" } else { "stratify, or take another seed or fewer folds" };
        return refuse(format!("what is left without a fold holds {kept} of {classes} classes; {advice}"));
    }
    Ok(folds)
}

impl Folds {
    /// The split that tests on fold `k` (below the number of folds) and trains on the others, rows in their order. Cost O(m).
    #[must_use]
    pub fn split(&self, k: usize) -> Split {
        let (test, train) = (0..self.of_row.len()).partition(|&i| self.of_row[i] == k);
        Split { train, validation: vec![], test }
    }

    /// All splits, each made when its turn comes.
    pub fn splits(&self) -> impl ExactSizeIterator<Item = Split> + '_ {
        (0..self.count).map(|k| self.split(k))
    }

    /// The fewest classes that are left without some fold: a class is missing there if all its rows are in that fold.
    fn least_classes(&self, labels: &[usize], classes: usize) -> usize {
        const SEVERAL: usize = usize::MAX;
        let mut only: Vec<Option<usize>> = vec![None; classes];
        for (&label, &fold) in labels.iter().zip(&self.of_row) {
            only[label] = match only[label] {
                None => Some(fold),
                Some(other) if other == fold => Some(fold),
                Some(_) => Some(SEVERAL),
            };
        }
        let mut missing = vec![0; self.count];
        only.iter().flatten().filter(|&&fold| fold != SEVERAL).for_each(|&fold| missing[fold] += 1);
        only.iter().flatten().count() - missing.iter().max().copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_row_is_kept_apart_once(
            labels in proptest::collection::vec(0_usize..3, 4..60),
            count in 2_usize..8,
            stratify in any::<bool>(),
            seed in any::<u64>(),
        ) {
            let Ok(folds) = folds(&labels, 3, count, stratify, seed) else { return Ok(()) };
            let splits: Vec<Split> = folds.splits().collect();
            let mut times = vec![0; labels.len()];
            for split in &splits {
                split.test.iter().for_each(|&i| times[i] += 1);
                let mut all = [&split.train[..], &split.test].concat();
                all.sort_unstable();
                prop_assert!(all.iter().copied().eq(0..labels.len()));
                prop_assert!(split.test.len().abs_diff(labels.len() / count) <= 1);
            }
            prop_assert!(times.iter().all(|&times| times == 1));
            for class in 0..3 {
                let of_class = |part: &[usize]| part.iter().filter(|&&i| labels[i] == class).count();
                let sizes: Vec<usize> = splits.iter().map(|split| of_class(&split.test)).collect();
                let spread = sizes.iter().max().unwrap() - sizes.iter().min().unwrap();
                prop_assert!(!stratify || spread <= 1, "{sizes:?}");
            }
        }

        #[test]
        fn classes_without_a_fold_are_counted(
            rows in proptest::collection::vec((0_usize..4, 0_usize..3), 1..12),
        ) {
            let (labels, of_row): (Vec<usize>, Vec<usize>) = rows.into_iter().unzip();
            let folds = Folds { of_row, count: 3 };
            let kept = |split: Split| (0..4).filter(|&class| split.train.iter().any(|&i| labels[i] == class)).count();
            prop_assert_eq!(Some(folds.least_classes(&labels, 4)), folds.splits().map(kept).min());
        }
    }
}

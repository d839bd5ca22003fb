//! Folds for cross-validation: each row is kept apart once.

use super::error::DataError;
use super::split::Split;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Divides rows with these class `labels` (each below `classes`) into `count` folds whose sizes differ by one at most; the k-th split
/// tests on the k-th fold and trains on the others. `stratify`: so do the rows of each class. The result depends on the arguments
/// alone. Cost O(count m).
///
/// ```
/// use bdnn::data::folds;
///
/// let splits = folds(&[0, 1, 0, 1, 0], 2, 2, true, 0)?;
/// assert_eq!(splits.iter().map(|split| split.test.len()).collect::<Vec<_>>(), [3, 2]);
/// assert!(splits.iter().all(|split| split.train.len() + split.test.len() == 5));
/// assert!(folds(&[0, 1], 2, 3, true, 0).is_err());
/// # Ok::<(), bdnn::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Split`] if there are fewer than two folds, or more than rows, or a training part would miss all classes but one (with
/// `stratify`: any class).
pub fn folds(
    labels: &[usize],
    classes: usize,
    count: usize,
    stratify: bool,
    seed: u64,
) -> Result<Vec<Split>, DataError> {
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
    let mut fold = vec![0; labels.len()];
    order.iter().enumerate().for_each(|(at, &i)| fold[i] = at % count);
    let part = |wanted: &dyn Fn(usize) -> bool| (0..labels.len()).filter(|&i| wanted(fold[i])).collect::<Vec<usize>>();
    let splits: Vec<Split> = (0..count)
        .map(|k| Split { train: part(&|of| of != k), validation: vec![], test: part(&|of| of == k) })
        .collect();
    let needed = if stratify { classes } else { classes.min(2) };
    for split in &splits {
        let mut present = vec![false; classes];
        split.train.iter().for_each(|&i| present[labels[i]] = true);
        let kept = present.iter().filter(|&&present| present).count();
        if kept < needed {
            let advice = if stratify { "take fewer folds" } else { "use --stratify, another seed, or fewer folds" };
            return refuse(format!("what is left without a fold holds {kept} of {classes} classes; {advice}"));
        }
    }
    Ok(splits)
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
            let Ok(splits) = folds(&labels, 3, count, stratify, seed) else { return Ok(()) };
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
    }
}

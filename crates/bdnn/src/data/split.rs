//! Seeded partitions of the rows into training, validation and test parts.

use super::error::DataError;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Shares of the rows that are kept apart; the rest trains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fractions {
    /// Share of the validation part, in [0, 1).
    pub validation: f64,
    /// Share of the test part, in [0, 1).
    pub test: f64,
}

/// Three disjoint parts that cover all rows; each in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Rows to train on.
    pub train: Vec<usize>,
    /// Rows to choose by.
    pub validation: Vec<usize>,
    /// Rows to judge by.
    pub test: Vec<usize>,
}

/// Splits rows with these class `labels` (each below `classes`). The validation and test parts hold the nearest whole
/// number of rows to their share. `stratify`: every class is divided in the same proportion, to within one row.
/// The result depends on `labels`, the fractions and `seed` alone. Cost O(m + C).
///
/// # Errors
/// [`DataError::Split`] if the fractions make no sense, a part asked for would be empty, or the training part would miss
/// all classes but one (with `stratify`: any class).
pub fn split(
    labels: &[usize],
    classes: usize,
    fractions: Fractions,
    stratify: bool,
    seed: u64,
) -> Result<Split, DataError> {
    let Fractions { validation, test } = fractions;
    let share = |name: &str, value: f64| {
        let sane = (0.0..1.0).contains(&value);
        if sane { Ok(()) } else { Err(DataError::Split(format!("the {name} fraction {value} is not in [0, 1)"))) }
    };
    share("validation", validation)?;
    share("test", test)?;
    if validation + test >= 1.0 {
        return Err(DataError::Split(format!("validation {validation} and test {test} leave nothing to train on")));
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut strata: Vec<Vec<usize>> = vec![vec![]; if stratify { classes } else { 1 }];
    for (i, &label) in labels.iter().enumerate() {
        strata[if stratify { label } else { 0 }].push(i);
    }
    strata.iter_mut().for_each(|stratum| stratum.shuffle(&mut random));
    let sizes: Vec<usize> = strata.iter().map(Vec::len).collect();
    let for_test = apportion(&sizes, test);
    let for_validation = apportion(&sizes, validation);
    let mut parts = Split { train: vec![], validation: vec![], test: vec![] };
    for (stratum, (tests, validations)) in strata.iter().zip(for_test.into_iter().zip(for_validation)) {
        let tests = tests.min(stratum.len());
        let kept_apart = (tests + validations).min(stratum.len());
        parts.test.extend(&stratum[..tests]);
        parts.validation.extend(&stratum[tests..kept_apart]);
        parts.train.extend(&stratum[kept_apart..]);
    }
    for part in [&mut parts.train, &mut parts.validation, &mut parts.test] {
        part.sort_unstable();
    }
    usable(&parts, labels, classes, fractions, stratify)?;
    Ok(parts)
}

/// Whole numbers that add up to the nearest whole number to `share` of all, each within one of its own share: largest
/// remainders, ties to the earlier stratum.
fn apportion(sizes: &[usize], share: f64) -> Vec<usize> {
    let exact: Vec<f64> = sizes.iter().map(|&size| size as f64 * share).collect();
    let mut counts: Vec<usize> = exact.iter().map(|quota| quota.floor() as usize).collect();
    let total = (sizes.iter().sum::<usize>() as f64 * share).round() as usize;
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()).then(a.cmp(&b)));
    let missing = total.saturating_sub(counts.iter().sum());
    order.into_iter().take(missing).for_each(|stratum| counts[stratum] += 1);
    counts
}

fn usable(parts: &Split, labels: &[usize], classes: usize, asked: Fractions, stratify: bool) -> Result<(), DataError> {
    for (name, share, part) in [("validation", asked.validation, &parts.validation), ("test", asked.test, &parts.test)]
    {
        if share > 0.0 && part.is_empty() {
            return Err(DataError::Split(format!("{share} of {} rows leaves the {name} part empty", labels.len())));
        }
    }
    let mut present = vec![false; classes];
    parts.train.iter().for_each(|&i| present[labels[i]] = true);
    let kept = present.iter().filter(|&&p| p).count();
    let needed = if stratify { classes } else { classes.min(2) };
    if kept < needed {
        let advice = if stratify { "keep less apart" } else { "stratify, or take another seed, or keep less apart" };
        return Err(DataError::Split(format!("the training part holds {kept} of {classes} classes; {advice}")));
    }
    Ok(())
}

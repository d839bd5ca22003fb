//! How much rows count: exact whole multiples of a common unit.
//!
//! A weight is the decimal that it prints as, 0.1 a tenth. Weights of rows times weights of their classes are rationals; their
//! greatest common divisor is the unit, and engines see rows that count so many units: a row of k units is k rows, everywhere.

use super::units::{ClassWeights, MOST_UNITS, Units, decimal, shown};
use super::{DataError, Dataset, Watch};
use crate::Rational;
use dashu::base::UnsignedAbs;
use dashu::integer::UBig;
use numerics::whole::{gcd, widen};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Rows between two looks at the watch.
const ROWS_AT_ONCE: usize = 1 << 12;

/// What came of counting in units.
enum Counted {
    Fits(Units),
    /// More than [`MOST_UNITS`] of this unit.
    TooMany(Rational),
}

/// Class weights whose multiples the rows count (`sums`: those of each class together, in units of their own weights), rounded to whole
/// multiples of 1/q for the largest q = 1, 2, 5, 10, 20, .. with which they are no more than [`MOST_UNITS`] and none is 0; `None` if there
/// is none.
fn rounded(exact: &[Rational], sums: &[u64]) -> Option<Vec<Rational>> {
    let wholes = (0..=MOST_UNITS.ilog10()).rev().map(|power| 10_u64.pow(power));
    let parts = wholes.flat_map(|q| if q == 1 { vec![1] } else { vec![q, q / 2, q / 5] });
    parts.map(Rational::from).find_map(|q| {
        let multiples: Vec<u64> =
            exact.iter().map(|factor| u64::try_from((factor * &q).round()).ok()).collect::<Option<_>>()?;
        let counted = || multiples.iter().zip(sums).filter(|(_, sum)| **sum > 0);
        let step = counted().fold(UBig::ZERO, |step, (&multiple, _)| gcd(&step, &multiple.into()));
        let total: UBig = counted().map(|(&multiple, &sum)| UBig::from(multiple) * UBig::from(sum)).sum();
        let fits = counted().all(|(multiple, _)| *multiple > 0) && total <= UBig::from(MOST_UNITS) * step;
        fits.then(|| multiples.into_iter().map(|multiple| Rational::from(multiple) / &q).collect())
    })
}

fn stopped() -> DataError {
    DataError::Stopped { file: PathBuf::from("the rows") }
}

fn is_none(weight: f64) -> bool {
    !weight.is_finite() || weight < 0.0
}

impl Dataset {
    /// The rows with weights: row i counts as `weights[i]` rows would, 0 leaves it out. Features and labels stay.
    ///
    /// ```
    /// use bdnn::Dataset;
    ///
    /// let data = Dataset::from_rows(&[[0.0], [1.0], [2.0]], &["a", "b", "a"])?;
    /// assert!(data.clone().with_weights(vec![1.0, 2.5, 0.0]).is_ok());
    /// assert!(data.with_weights(vec![1.0, -1.0, 1.0]).is_err());
    /// # Ok::<(), bdnn::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Rows`] unless there is one weight a row, finite and not negative, and one of them positive.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, DataError> {
        let refuse = |message: String| Err(DataError::Rows(message));
        if weights.len() != self.len() {
            return refuse(format!("{} weights for {} rows; give one a row", weights.len(), self.len()));
        }
        if weights.iter().all(|weight| *weight == 0.0) {
            return refuse("all weights are 0: no row counts".to_owned());
        }
        if let Some((i, weight)) = weights.iter().enumerate().find(|(_, weight)| is_none(**weight)) {
            return refuse(format!("row {i} has the weight {weight}; weights are finite and not negative"));
        }
        self.weights = Some(weights);
        Ok(self)
    }

    /// What the rows `members` count, in units; `None` if every row counts once. `whole`: if all weights are whole
    /// numbers the unit is 1, and else they are refused. Cost O(m log m).
    ///
    /// # Errors
    /// [`DataError::Rows`] if the units are too many, or weights are none or do not fit; [`DataError::Stopped`] if `watch` said stop.
    ///
    /// # Panics
    /// If a member is out of range, or there are fewer weights than rows.
    pub fn units(
        &self,
        members: &[usize],
        classes: &ClassWeights,
        whole: bool,
        watch: Watch<'_>,
    ) -> Result<Option<Units>, DataError> {
        let factors = self.class_factors(members, classes, watch)?;
        if self.weights.is_none() && factors.is_none() {
            return Ok(None);
        }
        let mut counted = self.in_units(members, factors.clone(), whole, watch)?;
        let mut balanced = "";
        // Nobody has written the digits of balanced weights, so nobody has to round them.
        if let (ClassWeights::Balanced, Counted::TooMany(_), Some(exact)) = (classes, &counted, factors) {
            // What the rows count by themselves is nobody's but the user's.
            counted = self.in_units(members, None, whole, watch)?;
            if let Counted::Fits(own) = &counted {
                let mut sums = vec![0; exact.len()];
                members.iter().zip(&own.of_row).for_each(|(&i, &units)| sums[self.labels[i]] += u64::from(units));
                balanced = " once balanced";
                counted = match rounded(&exact, &sums) {
                    Some(rounded) => self.in_units(members, Some(rounded), whole, watch)?,
                    None => Counted::TooMany(own.unit.clone()),
                };
            }
        }
        match counted {
            Counted::Fits(units) => Ok(Some(units)),
            Counted::TooMany(unit) => Err(DataError::Rows(format!(
                "the weights are multiples of {}, and together more than {MOST_UNITS} of them{balanced}; round the weights to fewer digits",
                shown(&unit)
            ))),
        }
    }

    /// The rows `members` in the unit of their weights and of those of their classes.
    fn in_units(
        &self,
        members: &[usize],
        factors: Option<Vec<Rational>>,
        whole: bool,
        watch: Watch<'_>,
    ) -> Result<Counted, DataError> {
        let refuse = |message: String| Err(DataError::Rows(message));
        let own = |i: usize| self.weights.as_ref().map_or(1.0, |weights| weights[i]);
        let mut values: BTreeMap<(u64, usize), Rational> = BTreeMap::new();
        for chunk in members.chunks(ROWS_AT_ONCE) {
            if watch() {
                return Err(stopped());
            }
            if let Some(i) = chunk.iter().find(|&&i| is_none(own(i))) {
                return refuse(format!("row {i} has the weight {}; weights are finite and not negative", own(*i)));
            }
            for &i in chunk {
                values.entry((own(i).to_bits(), self.labels[i])).or_insert_with(|| {
                    let factor = factors.as_ref().map_or(Rational::ONE, |factors| factors[self.labels[i]].clone());
                    decimal(own(i)) * factor
                });
            }
        }
        let mut common = UBig::ONE;
        values.values().for_each(|value| widen(&mut common, value.denominator()));
        if whole && !common.is_one() {
            return refuse(
                "prices of weights (l0, l1) are asked for, and rows that do not count whole numbers: write whole weights"
                    .to_owned(),
            );
        }
        let multiple = |value: &Rational| (value * Rational::from(common.clone())).numerator().clone().unsigned_abs();
        let step = if whole { UBig::ONE } else { values.values().fold(UBig::ZERO, |step, v| gcd(&step, &multiple(v))) };
        if step.is_zero() || values.values().all(Rational::is_zero) {
            return refuse("all rows that train have the weight 0: none counts".to_owned());
        }
        let unit = Rational::from_parts(step.clone().into(), common.clone());
        let units: BTreeMap<(u64, usize), Option<u32>> =
            values.iter().map(|(&key, value)| (key, u32::try_from(multiple(value) / &step).ok())).collect();
        let of_row: Option<Vec<u32>> = members.iter().map(|&i| units[&(own(i).to_bits(), self.labels[i])]).collect();
        let total = |of_row: &Vec<u32>| of_row.iter().map(|&units| u64::from(units)).sum::<u64>();
        Ok(match of_row.filter(|of_row| total(of_row) <= MOST_UNITS) {
            Some(of_row) => Counted::Fits(Units { of_row, unit, classes: factors }),
            None => Counted::TooMany(unit),
        })
    }

    /// What each class counts; `None` if all count the same.
    fn class_factors(
        &self,
        members: &[usize],
        classes: &ClassWeights,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<Rational>>, DataError> {
        let number = self.num_classes();
        match classes {
            ClassWeights::Equal => Ok(None),
            ClassWeights::Balanced => {
                let mut rows: BTreeMap<(u64, usize), u64> = BTreeMap::new();
                for chunk in members.chunks(ROWS_AT_ONCE) {
                    if watch() {
                        return Err(stopped());
                    }
                    for &i in chunk {
                        let own = self.weights.as_ref().map_or(1.0, |weights| weights[i]);
                        *rows.entry((own.to_bits(), self.labels[i])).or_default() += 1;
                    }
                }
                let mut sums = vec![Rational::ZERO; number];
                for ((own, class), rows) in rows {
                    let own = f64::from_bits(own);
                    if !is_none(own) {
                        sums[class] += decimal(own) * Rational::from(rows);
                    }
                }
                let all = sums.iter().fold(Rational::ZERO, |all, sum| all + sum);
                // What a class without rows would count is no matter.
                let share = |sum: &Rational| {
                    if sum.is_zero() { Rational::ONE } else { &all / (sum * Rational::from(number)) }
                };
                Ok(Some(sums.iter().map(share).collect()))
            }
            ClassWeights::Given(weights) => {
                let wrong = weights.len() != number || weights.iter().any(|&weight| is_none(weight));
                if wrong {
                    return Err(DataError::Rows(format!(
                        "class weights {weights:?}: give each of the {number} classes one, finite and not negative"
                    )));
                }
                Ok(Some(weights.iter().map(|&weight| decimal(weight)).collect()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::NEVER;
    use proptest::prelude::*;

    fn data(weights: &[f64]) -> Dataset {
        let rows: Vec<[f64; 1]> = (0..weights.len()).map(|i| [i as f64]).collect();
        let labels: Vec<usize> = (0..weights.len()).map(|i| i % 2).collect();
        Dataset::from_rows(&rows, &labels).unwrap().with_weights(weights.to_vec()).unwrap()
    }

    fn units(data: &Dataset, classes: &ClassWeights, whole: bool) -> Result<(Vec<u32>, String), String> {
        let found = data.units(&data.all(), classes, whole, NEVER).map_err(|error| error.to_string())?.unwrap();
        Ok((found.of_row, found.unit.to_string()))
    }

    #[test]
    fn units_are_the_greatest_common_divisor() {
        let equal = ClassWeights::Equal;
        assert_eq!(units(&data(&[0.5, 1.5, 0.0, 2.0]), &equal, false), Ok((vec![1, 3, 0, 4], "1/2".into())));
        assert_eq!(units(&data(&[4.0, 6.0]), &equal, false), Ok((vec![2, 3], "2".into())));
        // With prices a unit is a row.
        assert_eq!(units(&data(&[4.0, 6.0]), &equal, true), Ok((vec![4, 6], "1".into())));
        assert!(units(&data(&[0.5, 6.0]), &equal, true).unwrap_err().contains("whole"));
        assert!(units(&data(&[1e-9, 6.0]), &equal, false).unwrap_err().contains("round the weights"));
        assert!(units(&data(&[1.0, 1e300]), &equal, false).unwrap_err().contains("round the weights"));
    }

    #[test]
    fn balanced_classes_count_the_same() {
        // Three rows of one class and two of the other: 5/6 and 5/4.
        let found = units(&data(&[1.0; 5]), &ClassWeights::Balanced, false);
        assert_eq!(found, Ok((vec![2, 3, 2, 3, 2], "5/12".into())));
        // As many as they weigh: 3 x 10 in one class, 2 x 15 in the other.
        let found = units(&data(&[10.0, 15.0, 10.0, 15.0, 10.0]), &ClassWeights::Balanced, false);
        assert_eq!(found, Ok((vec![2, 3, 2, 3, 2], "5".into())));
        // 10,007 and 10,009 rows and so on have no common multiple in reach; 30,011 rows leave room for thousandths, and a little more.
        let rows: Vec<[f64; 1]> = (0..30_011).map(|i| [f64::from(i)]).collect();
        let labels: Vec<usize> = (0..30_011).map(|i| usize::from(i >= 10_007) + usize::from(i >= 20_016)).collect();
        let many = Dataset::from_rows(&rows, &labels).unwrap();
        let found = many.units(&many.all(), &ClassWeights::Balanced, false, NEVER).unwrap().unwrap();
        let classes: Vec<f64> = found.classes.expect("weights").iter().map(|weight| weight.to_f64().value()).collect();
        for (class, rows) in [10_007.0, 10_009.0, 9_995.0].into_iter().enumerate() {
            assert!((classes[class] * rows * 3.0 / 30_011.0 - 1.0).abs() < 1e-3, "{classes:?}");
        }
        let two = |a: f64, b: f64| {
            let data = data(&[a, b, 1.0, 1.0]);
            let found =
                data.units(&data.all(), &ClassWeights::Balanced, false, NEVER).map_err(|error| error.to_string())?;
            let found = found.unwrap();
            let total: u64 = found.of_row.iter().map(|&units| u64::from(units)).sum();
            Ok::<_, String>((found.classes.unwrap().iter().map(ToString::to_string).collect::<Vec<_>>(), total))
        };
        // Weights of rows may leave room for little, and for nothing.
        let classes = |weights: [&str; 2]| weights.map(str::to_owned).to_vec();
        assert_eq!(two(14_899_999.0, 15_100_001.0), Ok((classes(["1", "1"]), 30_000_002)));
        assert_eq!(two(899_999.0, 8_999_998.0), Ok((classes(["11/2", "11/20"]), 17_999_999)));
        assert!(two(99_999_999.0, 3.0).unwrap_err().contains("multiples of 1, and together more"));
        assert!(two(89_999_999.0, 8_999_998.0).unwrap_err().contains("of them once balanced"));
        let given = ClassWeights::Given(vec![1.0, 2.5]);
        assert_eq!(units(&data(&[1.0, 2.0]), &given, false), Ok((vec![1, 5], "1".into())));
        assert!(units(&data(&[1.0, 2.0]), &ClassWeights::Given(vec![1.0]), false).is_err());
    }

    #[test]
    fn rows_without_weights_have_no_units() {
        let data = Dataset::from_rows(&[[0.0], [1.0]], &["a", "b"]).unwrap();
        assert_eq!(data.units(&[0, 1], &ClassWeights::Equal, false, NEVER).unwrap(), None);
        for bad in [vec![1.0], vec![-1.0, 1.0], vec![f64::NAN, 1.0], vec![0.0, 0.0]] {
            assert!(data.clone().with_weights(bad).is_err());
        }
        // The field is open to all: what it holds is looked at where it counts.
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            let data = Dataset { weights: Some(vec![1.0, bad]), ..data.clone() };
            assert!(units(&data, &ClassWeights::Equal, false).unwrap_err().contains("row 1"));
        }
    }

    /// A run that is stopped has no units; it does not count every row once.
    #[test]
    fn a_stop_is_no_weight() {
        let data = data(&[1.0, 2.0]);
        let stopped = data.units(&data.all(), &ClassWeights::Equal, false, &|| true);
        assert!(matches!(stopped, Err(DataError::Stopped { .. })), "{stopped:?}");
    }

    #[test]
    fn a_known_unit_counts_the_same_rows() {
        let data = data(&[0.5, 1.5, 0.0, 2.0]);
        let found = data.units(&data.all(), &ClassWeights::Balanced, false, NEVER).unwrap().unwrap();
        let rows = |weights: [f64; 4]| weights.into_iter().zip(data.labels.clone());
        let counted = |weights| Units::counted(rows(weights), found.unit.clone(), found.classes.clone());
        assert_eq!(counted([0.5, 1.5, 0.0, 2.0]).as_ref(), Some(&found));
        assert_eq!(counted([0.3, 1.5, 0.0, 2.0]), None);
        let (members, kept) = found.without_weightless(vec![7, 8, 9, 10]);
        assert_eq!((members, kept.of_row.len()), (vec![7, 8, 10], 3));
    }

    proptest! {
        #[test]
        fn units_times_the_unit_are_the_weights(weights in proptest::collection::vec(0_u32..2000, 2..20)) {
            prop_assume!(weights.iter().any(|&w| w > 0));
            let weights: Vec<f64> = weights.iter().map(|&w| f64::from(w) / 8.0).collect();
            let data = data(&weights);
            let units = data.units(&data.all(), &ClassWeights::Equal, false, NEVER).unwrap().unwrap();
            for (&weight, &count) in weights.iter().zip(&units.of_row) {
                prop_assert_eq!(decimal(weight), Rational::from(count) * &units.unit);
            }
        }
    }
}

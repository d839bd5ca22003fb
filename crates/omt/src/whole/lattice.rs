//! Points, radius and margin in whole multiples of one unit: sums of whole weights are compared exactly.

use bdnn::separation::Semantics;
use bdnn::{Norm, Rational, Stop};
use dashu::integer::{IBig, UBig};
use numerics::whole::{common_denominator, widen};
use serde::{Deserialize, Serialize};

/// Coordinates feature by feature, in words where all of them fit: 8 bytes each.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Coordinates {
    Words(Vec<Vec<i64>>),
    Big(Vec<Vec<IBig>>),
}

impl Coordinates {
    /// Adds a point.
    fn push(&mut self, point: impl Iterator<Item = IBig>) {
        for (j, x) in point.enumerate() {
            if let Self::Words(columns) = self {
                if let Ok(word) = i64::try_from(&x) {
                    columns[j].push(word);
                    continue;
                }
                *self = Self::Big(columns.iter().map(|column| column.iter().map(|&x| x.into()).collect()).collect());
            }
            if let Self::Big(columns) = self {
                columns[j].push(x);
            }
        }
    }
}

/// What a neuron with whole weights sees.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lattice {
    coordinates: Coordinates,
    points: usize,
    /// Units in 1.
    pub(crate) unit: IBig,
    pub(crate) radius: IBig,
    pub(crate) margin: Option<IBig>,
    pub(crate) norm: Norm,
    pub(crate) bias: bool,
    /// B.
    pub(crate) bound: i64,
    pub(crate) inputs: usize,
}

fn exact(value: f64) -> Rational {
    Rational::try_from(value).unwrap_or(Rational::ZERO)
}

impl Lattice {
    /// The lattice of these points (length `inputs` each).
    pub(crate) fn new(inputs: usize, points: &[Vec<Rational>], semantics: &Semantics, bound: u32) -> Self {
        let unit = common_denominator(points.iter().flatten());
        let whole = |value: &Rational, unit: &UBig| value.numerator() * IBig::from(unit / value.denominator());
        let mut lattice = Self::empty(inputs, unit, semantics, bound);
        let unit = UBig::try_from(lattice.unit.clone()).unwrap_or(UBig::ONE);
        points.iter().for_each(|point| lattice.push(point.iter().map(|x| whole(x, &unit))));
        lattice
    }

    /// The lattice of `points` points that `point` makes; `None` once `stop` says so. Makes each twice, so that they need not be
    /// kept as rationals.
    pub(crate) fn of(
        inputs: usize,
        points: usize,
        point: impl Fn(usize) -> Vec<Rational>,
        semantics: &Semantics,
        bound: u32,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let mut unit = UBig::ONE;
        for i in 0..points {
            if stop() {
                return None;
            }
            point(i).iter().for_each(|value| widen(&mut unit, value.denominator()));
        }
        let mut lattice = Self::empty(inputs, unit, semantics, bound);
        for i in 0..points {
            if stop() {
                return None;
            }
            let unit = lattice.unit.clone();
            let whole = |value: Rational| value.numerator() * (&unit / IBig::from(value.denominator().clone()));
            lattice.push(point(i).into_iter().map(whole));
        }
        Some(lattice)
    }

    /// No point yet; their unit is 1 / `unit`, or a part of that which makes radius and margin whole as well.
    fn empty(inputs: usize, mut unit: UBig, semantics: &Semantics, bound: u32) -> Self {
        let radius = semantics.robust.map_or(Rational::ZERO, |robust| exact(robust.radius));
        let margin = semantics.epsilon.map(exact);
        std::iter::once(&radius).chain(&margin).for_each(|value| widen(&mut unit, value.denominator()));
        let whole = |value: &Rational| value.numerator() * IBig::from(&unit / value.denominator());
        Self {
            coordinates: Coordinates::Words(vec![Vec::new(); inputs]),
            points: 0,
            radius: whole(&radius),
            margin: margin.as_ref().map(whole),
            norm: semantics.robust.map_or(Norm::Linf, |robust| robust.norm),
            bias: semantics.bias,
            bound: i64::from(bound),
            inputs,
            unit: IBig::from(unit),
        }
    }

    fn push(&mut self, point: impl Iterator<Item = IBig>) {
        self.coordinates.push(point);
        self.points += 1;
    }

    /// Number of points.
    pub(crate) fn points(&self) -> usize {
        self.points
    }

    /// Coordinate `input` of a point.
    pub(crate) fn at(&self, point: usize, input: usize) -> IBig {
        match &self.coordinates {
            Coordinates::Words(columns) => columns[input][point].into(),
            Coordinates::Big(columns) => columns[input][point].clone(),
        }
    }

    /// Coordinate `input` of all points in words, if all coordinates are words.
    pub(crate) fn words(&self, input: usize) -> Option<&[i64]> {
        if let Coordinates::Words(columns) = &self.coordinates { Some(&columns[input]) } else { None }
    }

    /// All coordinates, point by point.
    pub(crate) fn each(&self) -> impl Iterator<Item = IBig> + '_ {
        (0..self.points).flat_map(move |i| (0..self.inputs).map(move |j| self.at(i, j)))
    }

    /// Whether every point is to keep away from the border: with a margin or a radius.
    pub(crate) fn keeps_away(&self) -> bool {
        self.margin.is_some() || self.radius != IBig::ZERO
    }

    /// w'x for every point.
    pub(crate) fn values(&self, weights: &[i64]) -> Vec<IBig> {
        let used = weights.iter().enumerate().filter(|&(_, &w)| w != 0);
        match &self.coordinates {
            Coordinates::Words(columns) => {
                // Fewer than 2^32 products of a word with a weight of 32 bits.
                let mut sums = vec![0_i128; self.points];
                for (j, &w) in used {
                    sums.iter_mut().zip(&columns[j]).for_each(|(sum, &x)| *sum += i128::from(x) * i128::from(w));
                }
                sums.into_iter().map(IBig::from).collect()
            }
            Coordinates::Big(columns) => {
                let mut sums = vec![IBig::ZERO; self.points];
                for (j, &w) in used {
                    sums.iter_mut().zip(&columns[j]).for_each(|(sum, x)| *sum += x * w);
                }
                sums
            }
        }
    }

    /// r ||w||_*: how far a perturbation moves the sums of these weights.
    pub(crate) fn reach(&self, weights: &[i64]) -> IBig {
        let sizes = weights.iter().map(|w| w.abs());
        let norm = match self.norm {
            Norm::Linf => sizes.sum::<i64>(),
            Norm::L1 => sizes.max().unwrap_or(0),
        };
        &self.radius * norm
    }

    /// The bias in the middle of those with which weights (`values` of them and their `reach`) fire and rest as told (`None`: as they like), given
    /// that they can, and whether some float is among them: then the bias is. 0 without bias.
    pub(crate) fn bias(&self, values: &[IBig], reach: &IBig, fires: impl Fn(usize) -> Option<bool>) -> (f64, bool) {
        if !self.bias {
            return (0.0, true);
        }
        let of_side =
            |side: bool| (0..values.len()).filter(|&i| fires(i) == Some(side)).map(|i| &values[i]).collect::<Vec<_>>();
        // Fires: b >= reach - value; rests: b < -value - reach, or b <= that less the margin.
        let low = of_side(true).into_iter().min().map(|least| reach - least);
        let margin = self.margin.clone().unwrap_or(IBig::ZERO);
        let high = of_side(false).into_iter().max().map(|most| -most - reach - margin);
        let middle = match (&low, &high) {
            (Some(low), Some(high)) => low + high,
            (Some(low), None) => (low + &self.unit) * 2,
            (None, Some(high)) => (high - &self.unit) * 2,
            (None, None) => IBig::ZERO,
        };
        let number = |twice: &IBig| {
            let denominator = UBig::try_from(&self.unit * 2).unwrap_or(UBig::ONE);
            Rational::from_parts(twice.clone(), denominator)
        };
        let low = low.map(|low| number(&(low * 2)));
        let high = high.map(|high| number(&(high * 2)));
        let allowed = |bias: f64| {
            let Ok(bias) = Rational::try_from(bias) else { return false };
            let below = |high: &Rational| if self.margin.is_some() { bias <= *high } else { bias < *high };
            low.as_ref().is_none_or(|low| bias >= *low) && high.as_ref().is_none_or(below)
        };
        let bias = number(&middle).to_f64().value();
        let near = [bias, bias.next_up(), bias.next_down()];
        near.into_iter().find(|&bias| allowed(bias)).map_or((bias, false), |bias| (bias, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::budget::never;

    /// A coordinate that is no word turns all into big numbers, wherever it comes.
    #[test]
    fn coordinates_are_kept_whatever_their_size() {
        let semantics = Semantics { bias: true, bound: 2.0, epsilon: None, robust: None };
        for big in 0..7 {
            let point = |i: usize| -> Vec<Rational> {
                let x = |j: usize| {
                    if 2 * i + j == big { Rational::from(IBig::ONE << 70) } else { Rational::from(i + 3 * j) }
                };
                vec![x(0), x(1)]
            };
            let points: Vec<Vec<Rational>> = (0..3).map(point).collect();
            let whole = |i: usize, j: usize| points[i][j].numerator().clone();
            let of = Lattice::of(2, 3, point, &semantics, 2, &never).expect("nothing says stop");
            for lattice in [Lattice::new(2, &points, &semantics, 2), of] {
                assert_eq!((lattice.points(), lattice.words(0).is_some()), (3, big == 6));
                let all: Vec<IBig> = (0..3).flat_map(|i| [whole(i, 0), whole(i, 1)]).collect();
                assert_eq!(lattice.each().collect::<Vec<_>>(), all);
                let sums: Vec<IBig> = (0..3).map(|i| whole(i, 0) * 2 - whole(i, 1)).collect();
                assert_eq!(lattice.values(&[2, -1]), sums);
            }
        }
    }
}

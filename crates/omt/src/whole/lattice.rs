//! Points, radius and margin in whole multiples of one unit: sums of whole weights are compared exactly.

use bdnn::separation::Semantics;
use bdnn::{Norm, Rational, Stop};
use dashu::integer::{IBig, UBig};
use numerics::whole::{common_denominator, widen};

/// What a neuron with whole weights sees.
#[derive(Clone, Debug)]
pub(crate) struct Lattice {
    /// Point by point.
    pub(crate) coordinates: Vec<Vec<IBig>>,
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
        lattice.coordinates = points.iter().map(|point| point.iter().map(|x| whole(x, &unit)).collect()).collect();
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
            let whole = |value: Rational| value.numerator() * (&lattice.unit / IBig::from(value.denominator().clone()));
            let line = point(i).into_iter().map(whole).collect();
            lattice.coordinates.push(line);
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
            coordinates: Vec::new(),
            radius: whole(&radius),
            margin: margin.as_ref().map(whole),
            norm: semantics.robust.map_or(Norm::Linf, |robust| robust.norm),
            bias: semantics.bias,
            bound: i64::from(bound),
            inputs,
            unit: IBig::from(unit),
        }
    }

    /// Number of points.
    pub(crate) fn points(&self) -> usize {
        self.coordinates.len()
    }

    /// Whether every point is to keep away from the border: with a margin or a radius.
    pub(crate) fn keeps_away(&self) -> bool {
        self.margin.is_some() || self.radius != IBig::ZERO
    }

    /// w'x for every point.
    pub(crate) fn values(&self, weights: &[i64]) -> Vec<IBig> {
        let used: Vec<(usize, i64)> = weights.iter().copied().enumerate().filter(|&(_, w)| w != 0).collect();
        let value = |x: &Vec<IBig>| used.iter().fold(IBig::ZERO, |sum, &(j, w)| sum + &x[j] * w);
        self.coordinates.iter().map(value).collect()
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

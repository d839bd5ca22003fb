//! A cut: a row of floats that every point of the model satisfies exactly, the floats standing for themselves.

use super::equation::Equation;
use super::interval::{Interval, add_up};
use super::system::System;
use crate::bounds::Side;
use crate::simplex::NewRow;
use crate::tolerances::{CUT_LARGEST_WHOLE, CUT_RANGE, CUT_WHOLE_ERROR};

/// Numbers by which a cut's coefficients, in units of the least one, are multiplied in search of whole ones: denominators up to this one.
/// Larger ones are no simple fractions any more, and this is no search for cuts but for good numbers in them.
const MULTIPLES: usize = 12;

/// Where a cut comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Mir,
    Gomory,
    Cover,
    ZeroHalf,
}

impl Family {
    pub const ALL: [Self; 4] = [Self::Mir, Self::Gomory, Self::Cover, Self::ZeroHalf];

    /// The word for observers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mir => "mir",
            Self::Gomory => "gomory",
            Self::Cover => "cover",
            Self::ZeroHalf => "zero-half",
        }
    }
}

/// `terms <= upper`, columns ascending.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cut {
    pub terms: Vec<(usize, f64)>,
    pub upper: f64,
}

impl Cut {
    /// The cut `combination <= right` over columns, with a float in the place of each interval. Small coefficients leave at a
    /// bound; `None` if they cannot, or if nothing is left.
    pub fn settle(system: &System<'_>, combination: &Equation, right: f64) -> Option<Self> {
        let largest = combination.terms().fold(0.0_f64, |top, (_, value)| top.max(value.middle().abs()));
        let mut cut = Self { terms: Vec::new(), upper: right };
        for (j, value) in combination.terms() {
            let range = Interval { low: system.bound(j, Side::Lower).low, high: system.bound(j, Side::Upper).high };
            let coefficient = if value.middle().abs() < largest / CUT_RANGE {
                0.0
            } else if value.low == value.high || range.low >= 0.0 || range.high == f64::INFINITY {
                value.low
            } else {
                value.high
            };
            cut.replace(value, coefficient, range);
            if coefficient != 0.0 {
                cut.terms.push((j, coefficient));
            }
        }
        if cut.terms.is_empty() || !cut.upper.is_finite() || !largest.is_finite() {
            return None;
        }
        cut.terms.sort_unstable_by_key(|(j, _)| *j);
        Some(cut.whole(system).unwrap_or_else(|| cut.scaled()))
    }

    /// Raises the right side for a coefficient that takes the place of `value` at a column with this range; infinite where
    /// that is no way to do it.
    fn replace(&mut self, value: Interval, coefficient: f64, range: Interval) {
        let change = Interval::exact(coefficient).add(value.negate());
        let most = change.product(range).high;
        // Of a product of nothing and no bound nothing is left; a product of something and no bound is no number.
        self.upper = if change.is_zero() { self.upper } else { add_up(self.upper, most.max(0.0)) };
    }

    /// The same cut with small whole coefficients, where all its columns are whole and such are at hand: its right side is whole, too, and what it
    /// loses to rounding it mostly gains by that.
    fn whole(&self, system: &System<'_>) -> Option<Self> {
        if !self.terms.iter().all(|(j, _)| system.integer[*j]) {
            return None;
        }
        let least = self.terms.iter().fold(f64::INFINITY, |low, (_, a)| low.min(a.abs()));
        let is_whole = |value: f64| (value - value.round()).abs() <= CUT_WHOLE_ERROR * value.abs().max(1.0);
        let fits =
            |scale: &f64| self.terms.iter().all(|(_, a)| is_whole(a * scale) && (a * scale).abs() <= CUT_LARGEST_WHOLE);
        let scale = (1..=MULTIPLES).map(|k| k as f64 / least).find(fits)?;
        let mut cut = Self { terms: Vec::with_capacity(self.terms.len()), upper: 0.0 };
        cut.upper = Interval::exact(self.upper).times(scale).high;
        for &(j, a) in &self.terms {
            let range = Interval { low: system.bound(j, Side::Lower).low, high: system.bound(j, Side::Upper).high };
            let coefficient = (a * scale).round();
            cut.replace(Interval::exact(a).times(scale), coefficient, range);
            cut.terms.push((j, coefficient));
        }
        cut.upper = cut.upper.floor();
        cut.upper.is_finite().then_some(cut)
    }

    /// The same cut in a unit, a power of two, in which its largest coefficient is around 1.
    fn scaled(mut self) -> Self {
        let largest = self.terms.iter().fold(0.0_f64, |top, (_, a)| top.max(a.abs()));
        let unit = 2.0_f64.powi(-largest.log2().floor().clamp(-1000.0, 1000.0) as i32);
        let scaled = |value: f64| (value * unit).abs() >= f64::MIN_POSITIVE || value == 0.0;
        // Below the least floats a product with a power of two rounds.
        if self.terms.iter().all(|(_, a)| scaled(*a)) && scaled(self.upper) {
            self.terms.iter_mut().for_each(|(_, a)| *a *= unit);
            self.upper *= unit;
        }
        self
    }

    /// By how much a point violates the cut, in units of its coefficients' norm.
    pub fn efficacy(&self, x: &[f64]) -> f64 {
        let activity: f64 = self.terms.iter().map(|&(j, a)| a * x[j]).sum();
        (activity - self.upper) / self.norm()
    }

    pub fn norm(&self) -> f64 {
        self.terms.iter().map(|(_, a)| a * a).sum::<f64>().sqrt()
    }

    pub fn to_row(&self) -> NewRow {
        NewRow { lower: f64::NEG_INFINITY, upper: self.upper, terms: self.terms.clone() }
    }
}

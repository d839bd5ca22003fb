//! Inequalities `terms x >= right` that derivations start from: sides of rows, the cutoff, and rows from multipliers.

use std::sync::{Arc, OnceLock};

use dashu::base::Signed;
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use super::Certificate;
use super::exact::ExactModel;
use super::journal::{Form, Rule};
use crate::bounds::{Inequality, LEVELS, Multipliers, Origin, RowProof, Side};
use crate::tolerances::LEARNED_COEFFICIENT;

/// Bits of the multipliers of a row: the largest has this many, the others share its last place. Few are tried first: they
/// make short numbers, and mostly prove as much.
const BITS: [i32; LEVELS] = [14, 28, 46];

impl ExactModel {
    /// A side of a row, times [`ExactModel::scale`]; the upper one turned.
    pub(super) fn row_side(&self, row: usize, side: Side) -> Option<Inequality> {
        let row = &self.rows[row];
        let scale = RBig::from(self.scale.clone());
        let (right, line, factor) = match side {
            Side::Lower => (row.lower.as_ref()? * &scale, row.lower_line?, scale),
            Side::Upper => (-(row.upper.as_ref()? * &scale), row.upper_line?, -scale),
        };
        let turn = |value: &IBig| if side == Side::Upper { -value } else { value.clone() };
        let terms = row.entries.iter().map(|entry| (entry.column, turn(&entry.value))).collect();
        Some(Inequality { terms, right, factor, origin: Origin::Line(line) })
    }
}

/// Multipliers (finite) as whole numbers over a power of two (first the exponent): rows, then the one of the objective (1).
pub(super) fn round(multipliers: &[(u32, f64)], with_cost: bool, bits: i32) -> (i32, Vec<(u32, IBig)>) {
    let one = if with_cost { 1.0 } else { 0.0_f64 };
    let largest = multipliers.iter().filter(|(_, y)| y.is_finite()).fold(one, |top, (_, y)| top.max(y.abs()));
    let mut exponent = bits - magnitude(largest);
    if with_cost {
        exponent = exponent.max(0);
    }
    let rounded = multipliers.iter().map(|&(i, y)| (i, scaled(y, exponent)));
    (exponent, rounded.filter(|(_, y)| !y.is_zero()).collect())
}

/// The least e such that `|value| < 2^e`, or one more; 0 for 0. It lies between -1074 and 1025.
fn magnitude(value: f64) -> i32 {
    let (mantissa, exponent) = parts(value);
    if mantissa == 0 { 0 } else { exponent + (64 - mantissa.leading_zeros() as i32) }
}

/// The whole number nearest to `value * 2^exponent`, 0 for what is not finite. Exact whatever the magnitude: duals of 1e300 and
/// 1e-300 stand in one sum.
fn scaled(value: f64, exponent: i32) -> IBig {
    let (mantissa, own) = parts(value);
    let shift = own + exponent;
    let size = if shift >= 0 {
        UBig::from(mantissa) << shift.unsigned_abs() as usize
    } else if shift < -63 {
        UBig::ZERO // a mantissa has 53 bits
    } else {
        UBig::from((mantissa + (1 << (-shift - 1))) >> -shift)
    };
    if value < 0.0 { -IBig::from(size) } else { IBig::from(size) }
}

/// Mantissa (53 bits at most) and exponent of `|value|`; 0 for what is not finite.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    match exponent {
        0x7ff => (0, 0),
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, exponent - 1075),
    }
}

impl Certificate {
    /// The exact row of a proof at a level of precision; `None` if it leans on a bound that does not exist.
    pub(super) fn exact_row(&mut self, proof: &RowProof, level: usize) -> Option<Arc<Inequality>> {
        if let Some(done) = proof.exact[level].get() {
            return done.clone();
        }
        let row = self.add_up(proof, BITS[level]).map(Arc::new);
        proof.exact[level].get_or_init(|| row).clone()
    }

    /// The line of an inequality with the multiplier that makes it.
    pub(super) fn line(&mut self, row: &Inequality) -> (u64, RBig) {
        let line = match &row.origin {
            Origin::Line(line) => *line,
            Origin::Sum(lines, line) => *line.get_or_init(|| {
                self.journal.push('G', Some(&row.right), Form::Whole(&row.terms), Rule::Combine(lines))
            }),
        };
        (line, row.factor.clone())
    }

    /// Adds up the rows, and leans continuous columns (and what rounding left of others) on the root's bounds.
    fn add_up(&mut self, proof: &RowProof, bits: i32) -> Option<Inequality> {
        let (exponent, rounded) = round(&proof.multipliers, proof.with_cost, bits);
        let scale = RBig::from(self.model.scale.clone());
        let mut right = RBig::ZERO;
        let mut lines = Multipliers::new();
        if proof.with_cost {
            let (line, cutoff) = self.cutoff.clone()?;
            let factor = IBig::ONE << usize::try_from(exponent).ok()?;
            let minus = -&factor;
            let Self { model, sums, .. } = self;
            model.objective.iter().for_each(|entry| sums.add(&minus, entry.column, &entry.value, 0.0));
            let weight = RBig::from(factor) * &scale;
            right -= &weight * cutoff;
            lines.push((line, -weight * RBig::from(self.model.sign())));
        }
        for (i, y) in &rounded {
            let row = &self.model.rows[*i as usize];
            let (side, line) =
                if y.is_positive() { (&row.lower, row.lower_line) } else { (&row.upper, row.upper_line) };
            // Of the wrong sign for a row with one side: nothing but a residue.
            let (Some(side), Some(line)) = (side, line) else { continue };
            let weight = RBig::from(y.clone()) * &scale;
            right += &weight * side;
            lines.push((line, weight));
            row.entries.iter().for_each(|entry| self.sums.add(y, entry.column, &entry.value, entry.size));
        }
        let sums = self.sums.take();
        let largest = sums.iter().fold(0.0_f64, |top, (_, sum, _)| top.max(sum.to_f64().value().abs()));
        let mut terms = Vec::with_capacity(sums.len());
        for (column, sum, noise) in sums {
            let j = column as usize;
            let size = sum.to_f64().value().abs();
            let side = if sum.is_positive() { Side::Upper } else { Side::Lower };
            let bound = self.base(j, side);
            let is_noise = size <= noise || size <= LEARNED_COEFFICIENT * largest;
            if self.model.integer[j] && (!is_noise || bound.is_none()) {
                terms.push((column, sum));
                continue;
            }
            let (line, value) = bound.as_ref()?;
            right -= RBig::from(sum.clone()) * value;
            lines.push((*line, RBig::from(-sum)));
        }
        Some(Inequality { terms, right, factor: RBig::ONE, origin: Origin::Sum(lines, OnceLock::new()) })
    }

    /// What the cutoff says, turned: `-cost'x >= -cutoff`, times the scale.
    pub(super) fn cutoff_inequality(&self) -> Option<Inequality> {
        let (line, cutoff) = self.cutoff.as_ref()?;
        let scale = RBig::from(self.model.scale.clone());
        let terms = self.model.objective.iter().map(|entry| (entry.column, -&entry.value)).collect();
        let factor = -&scale * RBig::from(self.model.sign());
        Some(Inequality { terms, right: -(scale * cutoff), factor, origin: Origin::Line(*line) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipliers_of_any_magnitude() {
        let tiny = f64::from_bits(1);
        for (value, bits) in
            [(f64::MAX, 1024), (1e300, 997), (1.0, 1), (0.75, 0), (1e-300, -996), (tiny, -1073), (0.0, 0)]
        {
            assert_eq!(magnitude(value), bits, "{value:e}");
            let (exponent, rounded) = round(&[(0, value), (1, -value)], false, 14);
            assert_eq!(exponent, 14 - bits);
            if value != 0.0 {
                // The largest has 14 bits, and both signs are the same number.
                assert!(rounded[0].1 >= IBig::from(1 << 13) && rounded[0].1 <= IBig::from(1 << 14), "{value:e}");
                assert_eq!(rounded[0].1, -rounded[1].1.clone());
            }
        }
        let spread = [(0, 1e300), (1, 1e-300), (2, f64::NAN), (3, f64::INFINITY), (4, -0.0)];
        let (exponent, rounded) = round(&spread, true, 46);
        assert_eq!((exponent, rounded.len()), (0, 1));
        assert_eq!(rounded[0].1, IBig::try_from(1e300).unwrap());
        assert_eq!(round(&[], false, 14), (14, vec![]));
        assert_eq!(round(&[], true, 14).0, 13);
    }

    #[test]
    fn rounding_is_to_the_nearest() {
        for (value, exponent, whole) in
            [(0.75, 1, 2), (0.5, 0, 1), (0.49, 0, 0), (-1.25, 2, -5), (3.0, -1, 2), (5.0, -2, 1)]
        {
            assert_eq!(scaled(value, exponent), IBig::from(whole), "{value} 2^{exponent}");
        }
        assert_eq!(scaled(1e-300, 1010), IBig::try_from((1e-300 * 2.0_f64.powi(1010)).round()).unwrap());
        assert_eq!(scaled(1.0, 2000), IBig::ONE << 2000);
        assert_eq!(scaled(1.0, -2000), IBig::ZERO);
    }
}

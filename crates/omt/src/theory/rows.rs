//! The rows of a linear system in whole numbers, and as floats that know whether they are exact.

use super::assertion::{Side, Support};
use bdnn::Rational;
use dashu::integer::{IBig, UBig};
use numerics::whole::widen;
use serde::{Deserialize, Serialize};

/// The rows of a geometry in integers: column equation c is multiplied by a positive constant, its unit `units[c]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExactRows {
    columns: usize,
    pub(super) entries: Vec<IBig>,
    /// `entries` where they fit.
    pub(super) small: Option<Vec<i64>>,
    /// Nearest floats to `entries`, and whether they are equal.
    pub(super) floats: Vec<(f64, bool)>,
    pub(super) units: Vec<IBig>,
    pub(super) fires: Rational,
    pub(super) silent: Rational,
    pub(super) column_bounds: Vec<Option<(Rational, Option<Rational>)>>,
    pub(super) norm_rows: usize,
}

impl ExactRows {
    pub(super) fn new(
        rows: Vec<Vec<Rational>>,
        columns: usize,
        fires: Rational,
        silent: Rational,
        column_bounds: Vec<Option<(Rational, Option<Rational>)>>,
    ) -> Self {
        let mut units = vec![UBig::ONE; columns];
        for row in &rows {
            for (unit, value) in units.iter_mut().zip(row) {
                widen(unit, value.denominator());
            }
        }
        let units: Vec<IBig> = units.into_iter().map(IBig::from).collect();
        let mut exact = Self {
            columns,
            entries: Vec::new(),
            small: Some(Vec::new()),
            floats: Vec::new(),
            units,
            fires,
            silent,
            column_bounds,
            norm_rows: 0,
        };
        for row in rows {
            let line: Vec<IBig> = row
                .into_iter()
                .zip(&exact.units)
                .map(|(value, unit)| {
                    let (numerator, denominator) = value.into_parts();
                    numerator * (unit / IBig::from(denominator))
                })
                .collect();
            exact.push_row(&line);
        }
        exact
    }

    pub(super) fn push_row(&mut self, line: &[IBig]) {
        for value in line {
            let float = value.to_f64();
            let is_exact = matches!(float, dashu::base::Approximation::Exact(_));
            self.floats.push((float.value(), is_exact));
            self.small = self.small.take().and_then(|mut small| {
                small.push(i64::try_from(value).ok()?);
                Some(small)
            });
            self.entries.push(value.clone());
        }
    }

    pub(super) fn push_norm_row(&mut self, weight: usize, norm: usize, sign: i32) {
        let mut line = vec![IBig::ZERO; self.columns];
        line[weight] = if sign > 0 { self.units[weight].clone() } else { -self.units[weight].clone() };
        line[norm] = self.units[norm].clone();
        self.push_row(&line);
    }

    /// Turns a column round: it stands for the negative of what it stood for.
    pub(super) fn turn_column(&mut self, column: usize) {
        for at in (column..self.entries.len()).step_by(self.columns) {
            self.entries[at] = -self.entries[at].clone();
            self.floats[at].0 = -self.floats[at].0;
        }
        self.small = self.small.take().and_then(|mut small| {
            for value in small.iter_mut().skip(column).step_by(self.columns) {
                *value = value.checked_neg()?;
            }
            Some(small)
        });
    }

    /// s_k beta_k.
    pub(super) fn threshold(&self, support: Support) -> Rational {
        match support {
            Support::Site(_, Side::Fires) => self.fires.clone(),
            Support::Site(_, Side::Silent) => -self.silent.clone(),
            Support::Column(c, side) => match (&self.column_bounds[c as usize], side) {
                (Some((lower, _)), Side::Fires) => lower.clone(),
                (Some((_, Some(upper))), Side::Silent) => -upper.clone(),
                _ => Rational::ZERO,
            },
            Support::Norm(_) => Rational::ZERO,
        }
    }
}

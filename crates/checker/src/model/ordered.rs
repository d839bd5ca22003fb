//! Special ordered sets while they are read.

use super::linear::OrderedSet;
use super::text::{Side, coefficient, shorten};
use crate::number::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// A set as far as it is read: weights say the order of its columns and nothing else.
pub(super) struct Draft<'t> {
    name: &'t str,
    neighbours: usize,
    by_weight: BTreeMap<Rational, usize>,
    columns: BTreeSet<usize>,
}

/// How many neighbours of a kind of set may be other than 0.
pub(super) fn neighbours(kind: &str) -> Option<usize> {
    match kind {
        "S1" | "s1" => Some(1),
        "S2" | "s2" => Some(2),
        _ => None,
    }
}

/// The value that an indicator's column is compared with.
pub(super) fn binary(text: &str) -> Result<bool, String> {
    let value = coefficient(text)?;
    match value {
        _ if value.is_zero() => Ok(false),
        _ if value == Rational::ONE => Ok(true),
        _ => Err(format!("`{}` is neither 0 nor 1", shorten(text))),
    }
}

/// Whether a column that may be 0 all the same may be so by its bounds, or by a lower one below.
pub(super) fn lacks_lower(lower: Option<&Rational>) -> bool {
    lower.is_none_or(|lower| *lower <= Rational::ZERO)
}

/// The same of a bound that may be missing (0 then).
pub(super) fn lacks_lower_side(lower: Option<&Side>) -> bool {
    match lower {
        Some(Side::At(lower)) => *lower <= Rational::ZERO,
        Some(Side::Infinity) => false,
        Some(Side::MinusInfinity) | None => true,
    }
}

/// What is remarked of such a column.
pub(super) fn about_lower(name: &str) -> String {
    format!(
        "`{}` is semi-continuous with a lower bound that is not above 0: it is 0 or within its bounds",
        shorten(name)
    )
}

impl<'t> Draft<'t> {
    pub(super) fn new(name: &'t str, neighbours: usize) -> Self {
        Self { name, neighbours, by_weight: BTreeMap::new(), columns: BTreeSet::new() }
    }

    /// Adds a column.
    pub(super) fn add(&mut self, column: usize, name: &str, weight: Rational) -> Result<(), String> {
        if !self.columns.insert(column) {
            return Err(format!("`{}` stands twice in this set", shorten(name)));
        }
        match self.by_weight.insert(weight, column) {
            None => Ok(()),
            Some(_) => Err(format!("`{}` has the weight of another column of this set", shorten(name))),
        }
    }

    pub(super) fn finish(self) -> OrderedSet {
        let members = self.by_weight.into_values().collect();
        OrderedSet { name: self.name.to_owned(), neighbours: self.neighbours, members }
    }
}

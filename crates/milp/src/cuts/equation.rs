//! A combination of rows: `sum_j alpha_j x_j - sum_i w_i s_i = 0` over columns and logicals, coefficients as intervals.

use super::interval::Interval;
use super::system::System;
use crate::tolerances::{CUT_LARGEST_WHOLE, LARGEST_EXACT_WHOLE};

/// A sparse vector of intervals over all variables.
#[derive(Clone, Debug)]
pub(crate) struct Equation {
    values: Vec<Interval>,
    is_listed: Vec<bool>,
    listed: Vec<usize>,
    /// Entries added so far: what it costs to come here.
    pub work: usize,
}

impl Equation {
    pub fn new(variables: usize) -> Self {
        Self { values: vec![Interval::ZERO; variables], is_listed: vec![false; variables], listed: Vec::new(), work: 0 }
    }

    pub fn clear(&mut self) {
        for variable in self.listed.drain(..) {
            self.values[variable] = Interval::ZERO;
            self.is_listed[variable] = false;
        }
    }

    pub fn copy_from(&mut self, other: &Self) {
        self.clear();
        for (variable, value) in other.terms() {
            self.is_listed[variable] = true;
            self.listed.push(variable);
            self.values[variable] = value;
        }
        self.work += self.listed.len();
    }

    pub fn add(&mut self, variable: usize, value: Interval) {
        if !self.is_listed[variable] {
            self.is_listed[variable] = true;
            self.listed.push(variable);
        }
        self.values[variable] = self.values[variable].add(value);
        self.work += 1;
    }

    /// Adds `weight (a_i'x - s_i) = 0`.
    pub fn add_row(&mut self, system: &System<'_>, i: usize, weight: f64) {
        for (j, a) in system.row(i) {
            self.add(j, system.entry(i, j, a).times(weight));
        }
        self.add(system.n + i, Interval::exact(-weight));
    }

    /// Adds `weight a_i'x`: the row in the place of its logical.
    pub fn add_activity(&mut self, system: &System<'_>, i: usize, weight: f64) {
        for (j, a) in system.row(i) {
            self.add(j, system.entry(i, j, a).times(weight));
        }
    }

    /// Adds the multiple of row i that takes column j out of the equation. What rounding leaves of it stays.
    pub fn eliminate(&mut self, system: &System<'_>, j: usize, i: usize) {
        let (own, other) = (self.value(j), system.value(i, j));
        let weight = -own.middle() / other.middle();
        let is_exact = |factor: f64, weight: f64| own.times(factor).add(other.times(weight)).is_zero();
        if is_exact(1.0, weight) {
            return self.add_row(system, i, weight);
        }
        // A multiple of the equation and one of the row that have the same coefficient there.
        let common = common_divisor(own.middle(), other.middle());
        let (factor, whole) = (other.middle().abs() / common, -own.middle() * other.middle().signum() / common);
        if factor < CUT_LARGEST_WHOLE && whole.abs() < CUT_LARGEST_WHOLE && is_exact(factor, whole) {
            for &variable in &self.listed {
                self.values[variable] = self.values[variable].times(factor);
            }
            self.add_row(system, i, whole);
        } else if weight.is_finite() {
            self.add_row(system, i, weight);
        }
    }

    pub fn negate(&mut self) {
        for &variable in &self.listed {
            self.values[variable] = self.values[variable].negate();
        }
    }

    pub fn value(&self, variable: usize) -> Interval {
        self.values[variable]
    }

    /// What is not zero, in the order in which it came.
    pub fn terms(&self) -> impl Iterator<Item = (usize, Interval)> + '_ {
        self.listed.iter().map(|&variable| (variable, self.values[variable])).filter(|(_, value)| !value.is_zero())
    }
}

/// The greatest common divisor of two whole numbers, 1 of others.
fn common_divisor(a: f64, b: f64) -> f64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    if a.fract() != 0.0 || b.fract() != 0.0 || a.max(b) > LARGEST_EXACT_WHOLE {
        return 1.0;
    }
    while b != 0.0 {
        (a, b) = (b, a % b);
    }
    a
}

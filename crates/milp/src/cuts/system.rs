//! What cuts are made of: the rows of the relaxation, bounds that hold everywhere, and the point to be cut off.
//!
//! Variables are those of [`crate::simplex`]: n columns, then a logical for each row, which is the row's activity. A model's number stands for its
//! decimal, that of a cut for itself.

use super::interval::Interval;
use crate::bounds::{Domain, Side};
use crate::model::{Datum, Model, RowId, SparseColumns, VarId, VarKind};
use crate::number::{float_above, float_below};
use crate::relaxation::Relaxation;
use crate::tolerances::LARGEST_SURE_WHOLE;

/// Decimals of as many places are made whole: beyond, few products stay within the whole numbers that floats hold.
const LARGEST_POWER: i32 = 6;

pub(crate) struct System<'a> {
    pub model: &'a Model,
    /// Columns and rows.
    pub n: usize,
    pub m: usize,
    /// The rows, each as a column of the transpose, some of them multiplied to have whole coefficients (logicals are those of these rows),
    /// and the columns as the relaxation has them.
    pub rows: SparseColumns,
    /// What rows were multiplied by, a power of ten, where their coefficients are then exact; else NaN.
    factors: Vec<f64>,
    pub columns: SparseColumns,
    /// Whether a variable takes whole values only.
    pub integer: Vec<bool>,
    /// Bounds that hold everywhere, of all variables.
    lower: Vec<Interval>,
    upper: Vec<Interval>,
    /// The point to be cut off.
    pub x: Vec<f64>,
    /// Duals of the rows there.
    pub duals: Vec<f64>,
    /// Columns without a bound, not even one that rows imply, on a side where their cost leaves smaller duals no room. Dual bounds rest on reduced costs
    /// of these that are exactly zero, which coefficients of many digits do not leave them.
    open: Vec<bool>,
    /// For each continuous column some rows of two entries that tie it to an integer one, those that bound it nearest to the point,
    /// with the distance.
    pub variable_bounds: Vec<Vec<(u32, f64)>>,
}

impl<'a> System<'a> {
    /// With the solution at hand, and a box in which every point of the model lies. Cost O(non-zeros).
    pub fn new(model: &'a Model, relaxation: &Relaxation<'_>, root: &Domain, nearest_rows: usize) -> Self {
        let problem = relaxation.problem();
        let (n, m) = (problem.num_cols(), problem.num_rows);
        let (rows, columns) = (problem.columns.transpose(m), problem.columns.clone());
        let mut system = Self {
            model,
            n,
            m,
            integer: model.variables.iter().map(|var| var.kind == VarKind::Integer).collect(),
            lower: Vec::with_capacity(n + m),
            upper: Vec::with_capacity(n + m),
            x: relaxation.solution().to_vec(),
            duals: relaxation.simplex().row_duals().to_vec(),
            open: vec![false; n],
            variable_bounds: vec![Vec::new(); n],
            factors: Vec::with_capacity(m),
            rows,
            columns,
        };
        for (j, var) in model.columns_by_id() {
            let bound = |side: f64, datum, stated: f64| match var.kind {
                // Whole numbers, or deduced with a margin.
                VarKind::Integer => Interval::exact(side),
                VarKind::Continuous if side != stated => Interval::exact(side),
                VarKind::Continuous => system_datum(model, datum, side),
            };
            system.lower.push(bound(root.lower()[j.index()], Datum::Lower(j), var.lower));
            system.upper.push(bound(root.upper()[j.index()], Datum::Upper(j), var.upper));
        }
        let implied = relaxation.simplex().implied();
        for j in 0..n {
            let (lower, upper) = system.range(j);
            let beyond = implied.map_or((f64::NEG_INFINITY, f64::INFINITY), |(lower, upper)| (lower[j], upper[j]));
            let is_without = (lower.max(beyond.0) == f64::NEG_INFINITY, upper.min(beyond.1) == f64::INFINITY);
            system.open[j] = is_without.0 && problem.cost[j] >= 0.0 || is_without.1 && problem.cost[j] <= 0.0;
        }
        for i in 0..m {
            system.add_logical(i, (problem.lower[n + i], problem.upper[n + i]));
        }
        system.find_variable_bounds(nearest_rows);
        system
    }

    /// The logical of row i, which is multiplied if that makes its coefficients whole.
    fn add_logical(&mut self, i: usize, (lower, upper): (f64, f64)) {
        let is_cut = i >= self.model.num_rows();
        let is_plain = |(j, a): (usize, f64)| {
            let datum = Datum::Entry(RowId(i as u32), VarId(j as u32));
            self.model.decimals.is_empty_but_offset() || self.model.decimals.kept(datum, a).is_none()
        };
        let factor = match is_cut {
            true => 1.0,
            false if self.row(i).all(is_plain) => whole_factor(self.row(i).map(|(_, a)| a)).unwrap_or(f64::NAN),
            false => f64::NAN,
        };
        let side = |datum: fn(RowId) -> Datum, side: f64| match is_cut {
            true => Interval::exact(side),
            false
                if factor > 1.0
                    && whole_multiple(side, factor).is_some()
                    && self.model.decimals.is_empty_but_offset() =>
            {
                Interval::exact((side * factor).round())
            }
            false if factor > 1.0 => system_datum(self.model, datum(RowId(i as u32)), side).times(factor),
            false => system_datum(self.model, datum(RowId(i as u32)), side),
        };
        let (mut lower, mut upper) = (side(Datum::RowLower, lower), side(Datum::RowUpper, upper));
        if factor > 1.0 {
            for at in self.rows.starts[i]..self.rows.starts[i + 1] {
                self.rows.values[at] = (self.rows.values[at] * factor).round();
            }
        }
        self.factors.push(factor);
        let is_whole = factor >= 1.0 && self.row(i).all(|(j, a)| self.integer[j] && a.fract() == 0.0);
        if is_whole {
            (lower, upper) = (Interval::exact(lower.low.ceil()), Interval::exact(upper.high.floor()));
        }
        let activity = self.row(i).map(|(j, a)| a * self.x[j]).sum();
        self.x.push(activity);
        self.integer.push(is_whole);
        self.lower.push(lower);
        self.upper.push(upper);
    }

    /// Keeps `most` rows for a column that many bound: an equation has used a few at most.
    fn find_variable_bounds(&mut self, most: usize) {
        for i in 0..self.m {
            let mut terms = self.row(i);
            let (Some(one), Some(other), None) = (terms.next(), terms.next(), terms.next()) else { continue };
            drop(terms);
            let (j, a) = match [self.integer[one.0], self.integer[other.0]] {
                [false, true] => one,
                [true, false] => other,
                _ => continue,
            };
            let Some(side) = self.nearer(self.n + i) else { continue };
            let distance = self.distance(self.n + i, side) / a.abs();
            insert_nearest(&mut self.variable_bounds[j], (i as u32, distance), most);
        }
    }

    /// The entries of a row.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        self.rows.column(i)
    }

    /// The exact value of an entry.
    pub fn entry(&self, i: usize, j: usize, a: f64) -> Interval {
        if self.factors[i] >= 1.0 {
            return Interval::exact(a);
        }
        system_datum(self.model, Datum::Entry(RowId(i as u32), VarId(j as u32)), a)
    }

    /// The exact value of the entry of column j in row i.
    pub fn value(&self, i: usize, j: usize) -> Interval {
        let entry = self.row(i).find(|(column, _)| *column == j);
        entry.map_or(Interval::ZERO, |(_, a)| self.entry(i, j, a))
    }

    /// What a multiplier of the relaxation's row i is for the row here.
    pub fn multiplier(&self, i: usize, weight: f64) -> f64 {
        if self.factors[i] > 1.0 { weight / self.factors[i] } else { weight }
    }

    /// A bound of a variable; infinite where there is none.
    pub fn bound(&self, variable: usize, side: Side) -> Interval {
        match side {
            Side::Lower => self.lower[variable],
            Side::Upper => self.upper[variable],
        }
    }

    /// The bounds in floats.
    pub fn range(&self, variable: usize) -> (f64, f64) {
        (self.lower[variable].low, self.upper[variable].high)
    }

    /// How far the point is from a bound.
    pub fn distance(&self, variable: usize, side: Side) -> f64 {
        let (lower, upper) = self.range(variable);
        match side {
            Side::Lower => (self.x[variable] - lower).max(0.0),
            Side::Upper => (upper - self.x[variable]).max(0.0),
        }
    }

    /// The bound that is nearer, `None` if there is none.
    pub fn nearer(&self, variable: usize) -> Option<Side> {
        let [below, above] = [Side::Lower, Side::Upper].map(|side| self.distance(variable, side));
        match (below.is_finite(), above.is_finite()) {
            (false, false) => None,
            _ if below <= above => Some(Side::Lower),
            _ => Some(Side::Upper),
        }
    }

    /// Whether nothing but exact zeros bounds the objective along a column.
    pub fn is_open(&self, j: usize) -> bool {
        self.open[j]
    }

    /// Whether a variable takes the values 0 and 1 above its lower bound.
    pub fn is_binary(&self, variable: usize) -> bool {
        let (lower, upper) = self.range(variable);
        self.integer[variable] && upper - lower == 1.0
    }
}

/// Puts a row where its distance belongs, if it is among the `most` nearest.
fn insert_nearest(nearest: &mut Vec<(u32, f64)>, row: (u32, f64), most: usize) {
    let at = nearest.partition_point(|other| other.1 <= row.1);
    if at < most {
        nearest.truncate(most - 1);
        nearest.insert(at, row);
    }
}

/// The least power of ten that makes all of these decimals whole numbers, and floats hold them.
fn whole_factor(values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let powers = (0..=LARGEST_POWER).map(|k| 10.0_f64.powi(k));
    powers.into_iter().find(|&power| values.clone().all(|a| whole_multiple(a, power).is_some()))
}

/// The decimal of a float times a power of ten, if that is a whole number of at most fifteen digits: then no other decimal of so few
/// digits has that float.
fn whole_multiple(value: f64, power: f64) -> Option<f64> {
    let whole = (value * power).round();
    (whole.abs() < LARGEST_SURE_WHOLE && whole / power == value).then_some(whole)
}

/// A number of the model.
fn system_datum(model: &Model, datum: Datum, float: f64) -> Interval {
    if float.is_infinite() {
        return Interval::exact(float);
    }
    if model.decimals.is_empty_but_offset() {
        return Interval::datum(float);
    }
    match model.decimals.kept(datum, float) {
        Some(exact) => Interval { low: float_below(exact), high: float_above(exact) },
        None => Interval::datum(float),
    }
}

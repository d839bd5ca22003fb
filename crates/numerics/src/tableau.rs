//! A dense simplex tableau whose bounds come and go: are these bounds on linear forms compatible, as far as floats can tell?
//!
//! Variables 0..columns are free to choose, variable `columns + r` is the linear form of row r of a matrix. All have
//! bounds, which may change between two calls of [`Tableau::check`]: widening them keeps what was found, so that
//! backtracking costs nothing (Dutertre and de Moura, CAV 2006, sections 3 and 4). Everything said here is a guess.
//!
//! Invariants: the tableau expresses each basic variable by the nonbasic ones; values satisfy it up to rounding; nonbasic
//! variables lie within their bounds. After [`Outcome::Feasible`] so do the basic ones, up to the tolerance given.
//!
//! References: B. Dutertre and L. de Moura, A fast linear-arithmetic solver for DPLL(T), CAV 2006; R. G. Bland, New finite
//! pivoting rules for the simplex method, Math. Oper. Res. 2 (1977).

use crate::tolerances::{TABLEAU_BLAND_AFTER, TABLEAU_PIVOT, TABLEAU_PIVOT_LIMIT, TABLEAU_REFRESH};
use budget::Stop;
use serde::{Deserialize, Serialize};

/// Entries of the tableau that are worked on between two questions whether to stop: some hundredths of a millisecond.
const ENTRIES_A_QUESTION: usize = 1 << 15;

/// What a check ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All values are within their bounds.
    Feasible,
    /// The variable of this row cannot meet its bound: it stays `below` its lower or else above its upper one, for the sake of
    /// the bounds that [`Tableau::terms`] names.
    Infeasible {
        /// Row of the tableau.
        row: usize,
        /// Which bound.
        below: bool,
    },
    /// Too many pivots: rounding is taken to be cycling.
    Unknown,
    /// It was told to stop; the tableau is still one.
    Stopped,
}

/// Bounds on columns, and on rows of a matrix over them: are there values within all of them? General simplex of Dutertre and de Moura (CAV 2006),
/// in floats: what it says is a guess that exact arithmetic has to confirm.
///
/// The tableau does not keep the matrix. Its owner does, and hands the same one to every call that computes the tableau afresh.
///
/// ```
/// use budget::never;
/// use numerics::tableau::{Outcome, Tableau};
///
/// // Columns x and y from 0 to 1, the row x + y from 3 on: three variables.
/// let (matrix, no_end) = ([1.0, 1.0], f64::INFINITY);
/// let mut tableau = Tableau::new(&matrix, 2, vec![0.0, 0.0, 3.0], vec![1.0, 1.0, no_end], 1e-9);
/// assert!(matches!(tableau.check(&matrix, &never), Outcome::Infeasible { row: 0, .. }));
/// tableau.bound(2, 1.5, no_end);
/// assert_eq!(tableau.check(&matrix, &never), Outcome::Feasible);
/// assert!(tableau.values()[2] >= 1.5 - 1e-9);
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tableau {
    columns: usize,
    tolerance: f64,
    entries: Vec<f64>,
    /// Variable at each row / column.
    basic: Vec<u32>,
    nonbasic: Vec<u32>,
    /// Row of a basic variable, or `!column` of a nonbasic one.
    place: Vec<i32>,
    value: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    pivots: u64,
    since_refresh: u64,
    /// Entries worked on since somebody was asked whether to stop.
    unasked: usize,
    row_buffer: Vec<f64>,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
impl Tableau {
    /// For `matrix` (`rows * columns` entries, row by row) and the bounds of all variables, first those of the columns, for which
    /// `lower[v] <= upper[v]`, then those of the rows: `lower` and `upper` have the length `columns + rows`. A variable counts as
    /// outside its bounds from `tolerance` on.
    #[must_use]
    pub fn new(matrix: &[f64], columns: usize, lower: Vec<f64>, upper: Vec<f64>, tolerance: f64) -> Self {
        let mut tableau = Self {
            columns,
            tolerance,
            entries: Vec::new(),
            basic: Vec::new(),
            nonbasic: Vec::new(),
            place: Vec::new(),
            value: vec![0.0; lower.len()],
            lower,
            upper,
            pivots: 0,
            since_refresh: 0,
            unasked: 0,
            row_buffer: vec![0.0; columns],
        };
        tableau.reset(matrix);
        tableau
    }

    /// Back to the first basis and to values of 0 or next to it, keeping the bounds.
    pub fn reset(&mut self, matrix: &[f64]) {
        self.first_basis(matrix);
        for c in 0..self.columns {
            self.value[c] = 0.0_f64.clamp(self.lower[c], self.upper[c]);
        }
        self.recompute_values();
    }

    fn first_basis(&mut self, matrix: &[f64]) {
        let (n, rows) = (self.columns as u32, (self.value.len() - self.columns) as u32);
        self.since_refresh = 0;
        self.entries.clear();
        self.entries.extend_from_slice(matrix);
        self.nonbasic = (0..n).collect();
        self.basic = (n..n + rows).collect();
        self.place = (0..n as i32).map(|c| !c).chain(0..rows as i32).collect();
    }

    /// Pivots so far.
    #[must_use]
    #[inline]
    pub fn pivots(&self) -> u64 {
        self.pivots
    }

    /// Values of all variables.
    #[must_use]
    #[inline]
    pub fn values(&self) -> &[f64] {
        &self.value
    }

    /// The bounds of a variable.
    #[must_use]
    #[inline]
    pub fn bounds(&self, var: usize) -> (f64, f64) {
        (self.lower[var], self.upper[var])
    }

    /// Bounds a variable anew (a column, or `columns` plus a row); a nonbasic one moves into its bounds, and all others with it. Cost O(rows).
    #[inline]
    pub fn bound(&mut self, var: usize, lower: f64, upper: f64) {
        (self.lower[var], self.upper[var]) = (lower, upper);
        let value = self.value[var];
        if self.place[var] < 0 && !(lower <= value && value <= upper) {
            self.move_nonbasic(!self.place[var] as usize, value.max(lower).min(upper));
        }
    }

    fn move_nonbasic(&mut self, column: usize, target: f64) {
        let var = self.nonbasic[column] as usize;
        let step = target - self.value[var];
        self.value[var] = target;
        for (row, &basic) in self.basic.iter().enumerate() {
            self.value[basic as usize] += self.entries[row * self.columns + column] * step;
        }
    }

    /// Looks for values within all bounds. A pivot costs O(rows * columns).
    pub fn check(&mut self, matrix: &[f64], stop: &Stop<'_>) -> Outcome {
        if self.since_refresh > TABLEAU_REFRESH {
            self.refresh(matrix, stop);
        }
        let careful_after = TABLEAU_BLAND_AFTER * (self.columns + 1);
        let limit = TABLEAU_PIVOT_LIMIT * (self.columns + self.basic.len());
        let mut steps = 0;
        while let Some((row, below)) = self.choose_leaving(steps > careful_after) {
            let Some(column) = self.choose_entering(row, below, steps > careful_after) else {
                return Outcome::Infeasible { row, below };
            };
            if self.stopped(stop) {
                return Outcome::Stopped;
            }
            let var = self.basic[row] as usize;
            let target = if below { self.lower[var] } else { self.upper[var] };
            self.pivot(row, column, target);
            steps += 1;
            if steps > limit {
                self.refresh(matrix, stop);
                return Outcome::Unknown;
            }
        }
        Outcome::Feasible
    }

    /// Asks `stop` before a pivot, now and then.
    fn stopped(&mut self, stop: &Stop<'_>) -> bool {
        self.unasked += self.entries.len();
        if self.unasked < ENTRIES_A_QUESTION {
            return false;
        }
        self.unasked = 0;
        stop()
    }

    /// The basic variable furthest outside its bounds, or the one of least index under Bland's rule.
    fn choose_leaving(&self, bland: bool) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut worst = self.tolerance;
        let mut least = u32::MAX;
        for (row, &basic) in self.basic.iter().enumerate() {
            let var = basic as usize;
            let value = self.value[var];
            let (gap, below) = if value < self.lower[var] {
                (self.lower[var] - value, true)
            } else if value > self.upper[var] {
                (value - self.upper[var], false)
            } else {
                continue;
            };
            if bland {
                if gap > self.tolerance && basic < least {
                    least = basic;
                    best = Some((row, below));
                }
            } else if gap > worst {
                worst = gap;
                best = Some((row, below));
            }
        }
        best
    }

    fn choose_entering(&self, row: usize, below: bool, bland: bool) -> Option<usize> {
        let line = &self.entries[row * self.columns..(row + 1) * self.columns];
        let mut best = None;
        let mut largest = TABLEAU_PIVOT;
        let mut least = u32::MAX;
        for (column, &entry) in line.iter().enumerate() {
            if entry.abs() <= TABLEAU_PIVOT {
                continue;
            }
            let var = self.nonbasic[column] as usize;
            let up = (entry > 0.0) == below;
            let free = if up { self.value[var] < self.upper[var] } else { self.value[var] > self.lower[var] };
            if !free {
                continue;
            }
            if bland {
                if self.nonbasic[column] < least {
                    least = self.nonbasic[column];
                    best = Some(column);
                }
            } else if entry.abs() > largest {
                largest = entry.abs();
                best = Some(column);
            }
        }
        best
    }

    fn pivot(&mut self, row: usize, column: usize, target: f64) {
        self.pivots += 1;
        self.since_refresh = self.since_refresh.saturating_add(1);
        let n = self.columns;
        let leaving = self.basic[row] as usize;
        let entering = self.nonbasic[column] as usize;
        let entry = self.entries[row * n + column];
        let step = (target - self.value[leaving]) / entry;
        self.value[leaving] = target;
        self.value[entering] += step;
        let inverse = 1.0 / entry;
        for (c, buffer) in self.row_buffer.iter_mut().enumerate() {
            *buffer = if c == column { inverse } else { -self.entries[row * n + c] * inverse };
        }
        for (r, line) in self.entries.chunks_exact_mut(n).enumerate() {
            if r == row {
                continue;
            }
            let factor = line[column];
            if factor == 0.0 {
                continue;
            }
            self.value[self.basic[r] as usize] += factor * step;
            line[column] = 0.0;
            for (v, p) in line.iter_mut().zip(&self.row_buffer) {
                *v += factor * p;
            }
        }
        self.entries[row * n..(row + 1) * n].copy_from_slice(&self.row_buffer);
        self.basic[row] = entering as u32;
        self.nonbasic[column] = leaving as u32;
        self.place[entering] = row as i32;
        self.place[leaving] = !(column as i32);
    }

    /// The tableau is computed afresh before the next check: rounding has led it astray.
    pub fn distrust(&mut self) {
        self.since_refresh = u64::MAX;
    }

    /// Computes the tableau of the current basis afresh from the data; where `stop` says so, that of another basis.
    fn refresh(&mut self, matrix: &[f64], stop: &Stop<'_>) {
        let n = self.columns;
        let wanted: Vec<u32> = self.nonbasic.clone();
        self.first_basis(matrix);
        let mut pending: Vec<u32> = wanted.into_iter().filter(|&v| v as usize >= n).collect();
        // Bring the wanted rows out of the basis, each by its largest entry among columns still to be replaced.
        let mut replaced = vec![false; n];
        while let Some(var) = pending.pop().filter(|_| !self.stopped(stop)) {
            let row = self.place[var as usize] as usize;
            let column = (0..n)
                .filter(|&c| !replaced[c])
                .max_by(|&a, &b| self.entries[row * n + a].abs().total_cmp(&self.entries[row * n + b].abs()));
            if let Some(column) = column.filter(|&c| self.entries[row * n + c].abs() > TABLEAU_PIVOT) {
                let target = self.value[var as usize];
                self.pivot(row, column, target);
                self.pivots -= 1;
                replaced[column] = true;
            }
        }
        for column in 0..n {
            let var = self.nonbasic[column] as usize;
            // Bounds that cross are the caller's to find; the guess takes one of them.
            self.value[var] = self.value[var].max(self.lower[var]).min(self.upper[var]);
            if !self.value[var].is_finite() {
                self.value[var] = 0.0;
            }
        }
        self.recompute_values();
    }

    fn recompute_values(&mut self) {
        let n = self.columns;
        for (row, &basic) in self.basic.iter().enumerate() {
            let line = &self.entries[row * n..(row + 1) * n];
            self.value[basic as usize] =
                line.iter().zip(&self.nonbasic).map(|(a, &v)| a * self.value[v as usize]).sum();
        }
    }

    /// The variable of each row, in the order of rows.
    #[must_use]
    #[inline]
    pub fn basic(&self) -> &[u32] {
        &self.basic
    }

    /// The nonbasic variables that a row's variable depends on, with their entries.
    #[inline]
    pub fn terms(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let line = &self.entries[row * self.columns..(row + 1) * self.columns];
        line.iter().zip(&self.nonbasic).filter(|(entry, _)| entry.abs() > TABLEAU_PIVOT).map(|(&a, &v)| (v as usize, a))
    }

    /// Least and greatest value that the bounds of the nonbasic variables leave the variable of a row; both infinite as soon as
    /// that is known.
    #[must_use]
    #[inline]
    pub fn reach(&self, row: usize) -> (f64, f64) {
        let (mut low, mut high) = (0.0, 0.0);
        let line = &self.entries[row * self.columns..(row + 1) * self.columns];
        for (&entry, &other) in line.iter().zip(&self.nonbasic) {
            if entry > TABLEAU_PIVOT {
                low += entry * self.lower[other as usize];
                high += entry * self.upper[other as usize];
            } else if entry < -TABLEAU_PIVOT {
                low += entry * self.upper[other as usize];
                high += entry * self.lower[other as usize];
            }
            if low == f64::NEG_INFINITY && high == f64::INFINITY {
                break;
            }
        }
        (low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use budget::never;
    use proptest::prelude::*;

    const TOLERANCE: f64 = 1e-8;

    fn free(matrix: &[f64], columns: usize, bound: f64) -> Tableau {
        let rows = matrix.len() / columns;
        let mut lower = vec![-bound; columns];
        let mut upper = vec![bound; columns];
        lower.resize(columns + rows, f64::NEG_INFINITY);
        upper.resize(columns + rows, f64::INFINITY);
        Tableau::new(matrix, columns, lower, upper, TOLERANCE)
    }

    fn within(tableau: &Tableau, matrix: &[f64], columns: usize) -> bool {
        let x = &tableau.values()[..columns];
        let forms = matrix.chunks_exact(columns).map(|row| row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>());
        x.iter().copied().chain(forms).enumerate().all(|(var, value)| {
            let (low, high) = tableau.bounds(var);
            low - 1e-6 <= value && value <= high + 1e-6
        })
    }

    #[test]
    fn bounds_come_and_go() {
        // x + y >= 1 and x - y >= 1 with x <= 1 leave y = 0; x <= 1/2 leaves nothing.
        let matrix = [1.0, 1.0, 1.0, -1.0];
        let mut tableau = free(&matrix, 2, 1.0);
        tableau.bound(2, 1.0, f64::INFINITY);
        tableau.bound(3, 1.0, f64::INFINITY);
        assert_eq!(tableau.check(&matrix, &never), Outcome::Feasible);
        assert!(within(&tableau, &matrix, 2));
        tableau.bound(0, -1.0, 0.5);
        let Outcome::Infeasible { row, below } = tableau.check(&matrix, &never) else { panic!("2 x >= 2") };
        let involved: Vec<usize> =
            tableau.terms(row).map(|(var, _)| var).chain([tableau.basic()[row] as usize]).collect();
        assert!(involved.contains(&0) && involved.contains(&2) && involved.contains(&3), "{involved:?}");
        let (low, high) = tableau.reach(row);
        let bounds = tableau.bounds(tableau.basic()[row] as usize);
        assert!(if below { high < bounds.0 } else { low > bounds.1 });
        tableau.bound(0, -1.0, 1.0);
        assert_eq!(tableau.check(&matrix, &never), Outcome::Feasible);
        tableau.distrust();
        assert_eq!(tableau.check(&matrix, &never), Outcome::Feasible);
        assert!(within(&tableau, &matrix, 2));
    }

    #[test]
    fn a_wish_to_stop_is_heard() {
        let columns = 200;
        let matrix: Vec<f64> = (0..columns * columns).map(|i| f64::from((i * i % 97) as u8) - 48.0).collect();
        let mut tableau = free(&matrix, columns, 1.0);
        for row in 0..columns {
            tableau.bound(columns + row, 1.0, f64::INFINITY);
        }
        assert_eq!(tableau.check(&matrix, &|| true), Outcome::Stopped);
    }

    proptest! {
        /// Random sequences of bounds set, widened and checked: feasible means so, and what is infeasible stays infeasible for
        /// a tableau that starts afresh.
        #[test]
        fn sequences_agree_with_a_fresh_start(
            columns in 1_usize..4,
            entries in prop::collection::vec(-3_i8..=3, 4..24),
            steps in prop::collection::vec((0_usize..24, 0_u8..4, -2_i8..=2), 1..24),
        ) {
            let rows = entries.len() / columns;
            let matrix: Vec<f64> = entries[..rows * columns].iter().map(|&v| f64::from(v)).collect();
            let mut tableau = free(&matrix, columns, 2.0);
            for (row, what, bound) in steps {
                let var = columns + row % rows;
                let (low, high) = tableau.bounds(var);
                let bound = f64::from(bound);
                match what {
                    0 => tableau.bound(var, bound, high.max(bound)),
                    1 => tableau.bound(var, low.min(bound), bound),
                    2 => tableau.bound(var, f64::NEG_INFINITY, f64::INFINITY),
                    _ => tableau.distrust(),
                }
                let outcome = tableau.check(&matrix, &never);
                let mut fresh = tableau.clone();
                fresh.reset(&matrix);
                let other = fresh.check(&matrix, &never);
                prop_assert_eq!(outcome == Outcome::Feasible, other == Outcome::Feasible);
                prop_assert!(outcome != Outcome::Unknown && other != Outcome::Unknown);
                if outcome == Outcome::Feasible {
                    prop_assert!(within(&tableau, &matrix, columns) && within(&fresh, &matrix, columns));
                }
            }
        }
    }
}

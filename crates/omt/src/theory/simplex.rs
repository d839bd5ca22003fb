//! The general simplex of one neuron: a dense tableau with asserted bounds (reference 1 of the module).

use super::geometry::{Geometry, Side, Support};
use super::listing::Listed;
use crate::tolerances::{BLAND_AFTER, FEASIBILITY, PIVOT, PIVOT_LIMIT, REFACTOR_INTERVAL};
use bdnn::Stop;
use bdnn::budget::never;
use std::sync::Arc;

/// Entries of the tableau that are worked on between two questions whether to stop: some hundredths of a millisecond.
const ENTRIES_A_QUESTION: usize = 1 << 15;

/// An assertion that the current ones exclude.
#[derive(Clone, Debug)]
pub struct Implied {
    /// Site of the excluded assertion.
    pub site: u32,
    /// Side that is excluded.
    pub side: Side,
    /// Where the support starts in the buffer given to [`Separation::implied`].
    pub start: usize,
    /// Length of the support.
    pub len: usize,
}

/// The separability of one neuron's asserted pattern.
///
/// Variables 0..columns are the weights, the others the rows. Invariants after a successful [`Self::check`]: the
/// tableau expresses each basic variable by the nonbasic ones, every variable's value satisfies the tableau up to
/// rounding, and every variable lies within its bounds up to [`FEASIBILITY`]. Retracting assertions only relaxes bounds, so it keeps
/// the invariants and costs nothing else.
#[derive(Clone, Debug)]
pub struct Separation {
    geometry: Arc<Geometry>,
    columns: usize,
    tableau: Vec<f64>,
    /// Variable at each tableau row / column.
    basic: Vec<u32>,
    nonbasic: Vec<u32>,
    /// Row of a basic variable, or `!column` of a nonbasic one.
    place: Vec<i32>,
    value: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    asserted: Vec<(u32, Side)>,
    /// With whole weights: what decides in place of the tableau.
    listed: Option<Listed>,
    pivots: u64,
    since_refactor: u64,
    /// Entries worked on since somebody was asked whether to stop.
    unasked: usize,
    row_buffer: Vec<f64>,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
impl Separation {
    /// A neuron with nothing asserted.
    #[must_use]
    pub fn new(geometry: Arc<Geometry>) -> Self {
        let columns = geometry.columns();
        let rows = geometry.num_rows();
        let mut lower = vec![f64::NEG_INFINITY; columns + rows];
        let mut upper = vec![f64::INFINITY; columns + rows];
        let mut value = vec![0.0; columns + rows];
        for c in 0..columns {
            (lower[c], upper[c]) = geometry.column_bounds(c);
            value[c] = 0.0_f64.clamp(lower[c], upper[c]);
        }
        for row in geometry.norm_rows() {
            lower[columns + row] = 0.0;
        }
        let mut separation = Self {
            columns,
            tableau: geometry.matrix().to_vec(),
            basic: (columns as u32..(columns + rows) as u32).collect(),
            nonbasic: (0..columns as u32).collect(),
            place: (0..columns as i32).map(|c| !c).chain(0..rows as i32).collect(),
            value,
            lower,
            upper,
            asserted: Vec::new(),
            listed: geometry.listing().cloned().map(Listed::new),
            pivots: 0,
            since_refactor: 0,
            unasked: 0,
            row_buffer: vec![0.0; columns],
            geometry,
        };
        separation.recompute_values();
        separation
    }

    /// The geometry this neuron lives in.
    #[must_use]
    pub fn geometry(&self) -> &Arc<Geometry> {
        &self.geometry
    }

    /// Replaces the geometry by one with more sites and the same first ones.
    pub fn grow(&mut self, geometry: Arc<Geometry>) {
        let kept = self.asserted.clone();
        let pivots = self.pivots;
        *self = Self::new(geometry);
        self.pivots = pivots;
        for (site, side) in kept {
            self.assert(site, side);
        }
    }

    /// Number of assertions, to be given to [`Self::retract`].
    #[must_use]
    pub fn len(&self) -> usize {
        self.asserted.len()
    }

    /// Whether nothing is asserted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.asserted.is_empty()
    }

    /// The assertions in their order.
    #[must_use]
    pub fn asserted(&self) -> &[(u32, Side)] {
        &self.asserted
    }

    /// Pivots so far.
    #[must_use]
    pub fn pivots(&self) -> u64 {
        self.pivots
    }

    fn variable(&self, site: u32, side: Side) -> usize {
        self.columns + self.geometry.row_of(site, side)
    }

    /// Asserts a side of a site. At most one side of a site may be asserted at a time.
    pub fn assert(&mut self, site: u32, side: Side) {
        if self.listed.is_some() {
            self.asserted.push((site, side));
            return;
        }
        let var = self.variable(site, side);
        let bound = self.geometry.bound(side);
        self.asserted.push((site, side));
        let outside = match side {
            Side::Fires => {
                self.lower[var] = bound;
                self.value[var] < bound
            }
            Side::Silent => {
                self.upper[var] = bound;
                self.value[var] > bound
            }
        };
        if outside && self.place[var] < 0 {
            self.move_nonbasic(!self.place[var] as usize, bound);
        }
    }

    /// Takes back all assertions but the first `len`.
    pub fn retract(&mut self, len: usize) {
        if let Some(listed) = &mut self.listed {
            listed.retract(len);
            self.asserted.truncate(len);
            return;
        }
        while self.asserted.len() > len {
            if let Some((site, side)) = self.asserted.pop() {
                let var = self.variable(site, side);
                match side {
                    Side::Fires => self.lower[var] = f64::NEG_INFINITY,
                    Side::Silent => self.upper[var] = f64::INFINITY,
                }
            }
        }
    }

    fn move_nonbasic(&mut self, column: usize, target: f64) {
        let var = self.nonbasic[column] as usize;
        let step = target - self.value[var];
        self.value[var] = target;
        for (row, &basic) in self.basic.iter().enumerate() {
            self.value[basic as usize] += self.tableau[row * self.columns + column] * step;
        }
    }

    /// Whether the assertions are separable, as far as floating point can tell.
    ///
    /// # Errors
    /// A support that looks contradictory: confirm it with [`Geometry::confirm`].
    pub fn check(&mut self) -> Result<(), Vec<Support>> {
        self.check_within(&never).unwrap_or(Ok(()))
    }

    /// [`Self::check`], or `None` once `stop` says so: then nothing is known, and the tableau is still one.
    pub fn check_within(&mut self, stop: &Stop<'_>) -> Option<Result<(), Vec<Support>>> {
        if let Some(listed) = &mut self.listed {
            return Some(listed.check(&self.asserted));
        }
        if self.since_refactor > REFACTOR_INTERVAL {
            self.refactor(stop);
        }
        let careful_after = BLAND_AFTER * (self.columns + 1);
        let limit = PIVOT_LIMIT * (self.columns + self.basic.len());
        let mut steps = 0;
        while let Some((row, below)) = self.choose_leaving(steps > careful_after) {
            let Some(column) = self.choose_entering(row, below, steps > careful_after) else {
                return Some(Err(self.explain_row(row, below)));
            };
            if self.stopped(stop) {
                return None;
            }
            let var = self.basic[row] as usize;
            let target = if below { self.lower[var] } else { self.upper[var] };
            self.pivot(row, column, target);
            steps += 1;
            if steps > limit {
                self.refactor(stop);
                break;
            }
        }
        Some(Ok(()))
    }

    /// Asks `stop` before a pivot, now and then.
    fn stopped(&mut self, stop: &Stop<'_>) -> bool {
        self.unasked += self.tableau.len();
        if self.unasked < ENTRIES_A_QUESTION {
            return false;
        }
        self.unasked = 0;
        stop()
    }

    /// The basic variable furthest outside its bounds, or the one of least index under Bland's rule.
    fn choose_leaving(&self, bland: bool) -> Option<(usize, bool)> {
        let mut best: Option<(usize, bool)> = None;
        let mut worst = FEASIBILITY;
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
                if gap > FEASIBILITY && basic < least {
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
        let line = &self.tableau[row * self.columns..(row + 1) * self.columns];
        let mut best = None;
        let mut largest = PIVOT;
        let mut least = u32::MAX;
        for (column, &entry) in line.iter().enumerate() {
            if entry.abs() <= PIVOT {
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
        self.since_refactor = self.since_refactor.saturating_add(1);
        let n = self.columns;
        let leaving = self.basic[row] as usize;
        let entering = self.nonbasic[column] as usize;
        let entry = self.tableau[row * n + column];
        let step = (target - self.value[leaving]) / entry;
        self.value[leaving] = target;
        self.value[entering] += step;
        let inverse = 1.0 / entry;
        for (c, buffer) in self.row_buffer.iter_mut().enumerate() {
            *buffer = if c == column { inverse } else { -self.tableau[row * n + c] * inverse };
        }
        for (r, line) in self.tableau.chunks_exact_mut(n).enumerate() {
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
        self.tableau[row * n..(row + 1) * n].copy_from_slice(&self.row_buffer);
        self.basic[row] = entering as u32;
        self.nonbasic[column] = leaving as u32;
        self.place[entering] = row as i32;
        self.place[leaving] = !(column as i32);
    }

    /// The tableau is computed afresh before the next check: rounding has led it astray.
    pub fn distrust(&mut self) {
        self.since_refactor = u64::MAX;
    }

    /// Computes the tableau of the current basis afresh from the data; where `stop` says so, that of another basis.
    fn refactor(&mut self, stop: &Stop<'_>) {
        let n = self.columns;
        let wanted: Vec<u32> = self.nonbasic.clone();
        self.since_refactor = 0;
        self.tableau.copy_from_slice(self.geometry.matrix());
        self.nonbasic = (0..n as u32).collect();
        self.basic = (n as u32..(n + self.geometry.num_rows()) as u32).collect();
        self.place = (0..n as i32).map(|c| !c).chain(0..self.basic.len() as i32).collect();
        let mut pending: Vec<u32> = wanted.into_iter().filter(|&v| v as usize >= n).collect();
        // Bring the wanted rows out of the basis, each by its largest entry among columns still to be replaced.
        let mut replaced = vec![false; n];
        while let Some(var) = pending.pop().filter(|_| !self.stopped(stop)) {
            let row = self.place[var as usize] as usize;
            let column = (0..n)
                .filter(|&c| !replaced[c])
                .max_by(|&a, &b| self.tableau[row * n + a].abs().total_cmp(&self.tableau[row * n + b].abs()));
            if let Some(column) = column.filter(|&c| self.tableau[row * n + c].abs() > PIVOT) {
                let target = self.value[var as usize];
                self.pivot(row, column, target);
                self.pivots -= 1;
                replaced[column] = true;
            }
        }
        for column in 0..n {
            let var = self.nonbasic[column] as usize;
            self.value[var] = self.value[var].clamp(self.lower[var], self.upper[var]);
            if !self.value[var].is_finite() {
                self.value[var] = 0.0;
            }
        }
        self.recompute_values();
    }

    fn recompute_values(&mut self) {
        let n = self.columns;
        for (row, &basic) in self.basic.iter().enumerate() {
            let line = &self.tableau[row * n..(row + 1) * n];
            self.value[basic as usize] =
                line.iter().zip(&self.nonbasic).map(|(a, &v)| a * self.value[v as usize]).sum();
        }
    }

    /// What a bound of a variable stands for.
    fn support_of(&self, var: usize, side: Side) -> Support {
        if var < self.columns {
            return Support::Column(var as u32, side);
        }
        let row = var - self.columns;
        if self.geometry.norm_rows().contains(&row) {
            return Support::Norm((row - self.geometry.norm_rows().start) as u32);
        }
        Support::Site((row % self.geometry.sites()) as u32, side)
    }

    /// The bounds that keep the basic variable of `row` below (or above) the violated bound, with that bound.
    fn explain_row(&self, row: usize, below: bool) -> Vec<Support> {
        let mut support = Vec::with_capacity(self.columns + 1);
        let own = if below { Side::Fires } else { Side::Silent };
        support.push(self.support_of(self.basic[row] as usize, own));
        self.push_row_bound(row, below, &mut support);
        support
    }

    /// The nonbasic bounds that limit the row from above (`maximum`) or from below.
    fn push_row_bound(&self, row: usize, maximum: bool, support: &mut Vec<Support>) {
        let line = &self.tableau[row * self.columns..(row + 1) * self.columns];
        for (&entry, &var) in line.iter().zip(&self.nonbasic) {
            if entry.abs() > PIVOT {
                let side = if (entry > 0.0) == maximum { Side::Silent } else { Side::Fires };
                support.push(self.support_of(var as usize, side));
            }
        }
    }

    /// Appends the assertions at undecided sites that the current basis excludes. `decided(site)` says which sites
    /// are of no interest; the supports (with the excluded assertion first) go to `buffer`. Call after a successful
    /// [`Self::check`]. Cost O(rows * columns) at worst, with early exit at unbounded rows.
    pub fn implied(&self, decided: impl Fn(u32) -> bool, buffer: &mut Vec<Support>, implied: &mut Vec<Implied>) {
        if let Some(listed) = &self.listed {
            listed.implied(&self.asserted, decided, buffer, implied);
            return;
        }
        let n = self.columns;
        let sites = self.geometry.sites();
        let norm_rows = self.geometry.norm_rows();
        let two_rows = norm_rows.start > sites;
        for (row, &basic) in self.basic.iter().enumerate() {
            let var = basic as usize;
            if var < n || norm_rows.contains(&(var - n)) {
                continue;
            }
            let site = ((var - n) % sites) as u32;
            if decided(site) {
                continue;
            }
            let (mut low, mut high) = (0.0, 0.0);
            let line = &self.tableau[row * n..(row + 1) * n];
            for (&entry, &other) in line.iter().zip(&self.nonbasic) {
                if entry > PIVOT {
                    low += entry * self.lower[other as usize];
                    high += entry * self.upper[other as usize];
                } else if entry < -PIVOT {
                    low += entry * self.upper[other as usize];
                    high += entry * self.lower[other as usize];
                }
                if low == f64::NEG_INFINITY && high == f64::INFINITY {
                    break;
                }
            }
            let first = !two_rows || var - n < sites;
            let second = !two_rows || var - n >= sites;
            let excluded = if first && high < self.geometry.bound(Side::Fires) - FEASIBILITY {
                Side::Fires
            } else if second && low > self.geometry.bound(Side::Silent) + FEASIBILITY {
                Side::Silent
            } else {
                continue;
            };
            let start = buffer.len();
            buffer.push(Support::Site(site, excluded));
            self.push_row_bound(row, excluded == Side::Fires, buffer);
            implied.push(Implied { site, side: excluded, start, len: buffer.len() - start });
        }
    }

    /// Current weights and bias in the units of the rows. Call after a successful [`Self::check`].
    #[must_use]
    pub fn neuron(&self) -> (Vec<f64>, f64) {
        self.geometry.neuron(&self.value[..self.columns])
    }

    /// Sets bounds on all columns, or gives them their own back (`None`).
    pub(super) fn box_columns(&mut self, bound: Option<f64>) {
        for c in 0..self.columns {
            let (low, high) = self.geometry.column_bounds(c);
            (self.lower[c], self.upper[c]) = bound.map_or((low, high), |b| (low.max(-b), high.min(b)));
            if self.place[c] < 0 {
                let target = self.value[c].clamp(self.lower[c], self.upper[c]);
                self.move_nonbasic(!self.place[c] as usize, target);
            }
        }
    }

    /// Moves the bounds of all assertions apart by `extra` (0 puts them back).
    pub(super) fn widen_margin(&mut self, extra: f64) {
        for k in 0..self.asserted.len() {
            let (site, side) = self.asserted[k];
            let var = self.variable(site, side);
            let bound = self.geometry.bound(side) + f64::from(side.sign()) * extra;
            match side {
                Side::Fires => self.lower[var] = bound,
                Side::Silent => self.upper[var] = bound,
            }
            if self.place[var] < 0 && !(self.lower[var] <= self.value[var] && self.value[var] <= self.upper[var]) {
                self.move_nonbasic(!self.place[var] as usize, bound);
            }
        }
    }

    /// Weights and bias of a listed dichotomy that meets all assertions; `None` if weights are not whole.
    pub(super) fn listed_neuron(&self) -> Option<(Vec<f64>, f64)> {
        self.listed.as_ref().and_then(Listed::neuron)
    }

    /// Values of the columns.
    pub(super) fn column_values(&self) -> &[f64] {
        &self.value[..self.columns]
    }
}

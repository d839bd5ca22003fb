//! The general simplex of one neuron: a tableau whose rows are its sites, with asserted bounds (reference 1 of the module).

use super::assertion::{Implied, Side, Support};
use super::discrete::Remains;
use super::geometry::Geometry;
use crate::tolerances::FEASIBILITY;
use budget::{Stop, never};
use numerics::Tableau;
use numerics::tableau::Outcome;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The separability of one neuron's asserted pattern.
///
/// The tableau's columns are the weights, its rows those of the geometry. Retracting assertions only relaxes bounds, so it
/// costs nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Separation {
    #[serde(with = "budget::checkpoint::shared")]
    geometry: Arc<Geometry>,
    tableau: Tableau,
    asserted: Vec<(u32, Side)>,
    /// With whole weights: what decides in place of the tableau.
    remains: Option<Remains>,
    /// Pivots of earlier tableaus.
    before: u64,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
impl Separation {
    /// A neuron with nothing asserted.
    #[must_use]
    pub fn new(geometry: Arc<Geometry>) -> Self {
        let columns = geometry.columns();
        let (mut lower, mut upper): (Vec<f64>, Vec<f64>) = (0..columns).map(|c| geometry.column_bounds(c)).unzip();
        lower.resize(columns + geometry.num_rows(), f64::NEG_INFINITY);
        upper.resize(columns + geometry.num_rows(), f64::INFINITY);
        for row in geometry.norm_rows() {
            lower[columns + row] = 0.0;
        }
        Self {
            tableau: Tableau::new(geometry.matrix(), columns, lower, upper, FEASIBILITY),
            asserted: Vec::new(),
            remains: geometry.discrete().map(Remains::new),
            before: 0,
            geometry,
        }
    }

    /// The geometry this neuron lives in.
    #[must_use]
    pub fn geometry(&self) -> &Arc<Geometry> {
        &self.geometry
    }

    /// Replaces the geometry by one with more sites and the same first ones.
    pub fn grow(&mut self, geometry: Arc<Geometry>) {
        let kept = self.asserted.clone();
        let before = self.pivots();
        *self = Self { before, ..Self::new(geometry) };
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
        self.before + self.tableau.pivots()
    }

    fn variable(&self, site: u32, side: Side) -> usize {
        self.geometry.columns() + self.geometry.row_of(site, side)
    }

    /// Asserts a side of a site. At most one side of a site may be asserted at a time.
    pub fn assert(&mut self, site: u32, side: Side) {
        if self.remains.is_some() {
            self.asserted.push((site, side));
            return;
        }
        let var = self.variable(site, side);
        let bound = self.geometry.bound(side);
        self.asserted.push((site, side));
        self.bound_side(var, side, bound);
    }

    fn bound_side(&mut self, var: usize, side: Side, bound: f64) {
        let (lower, upper) = self.tableau.bounds(var);
        match side {
            Side::Fires => self.tableau.bound(var, bound, upper),
            Side::Silent => self.tableau.bound(var, lower, bound),
        }
    }

    /// Takes back all assertions but the first `len`.
    pub fn retract(&mut self, len: usize) {
        if let Some(remains) = &mut self.remains {
            remains.retract(&self.asserted, len);
            self.asserted.truncate(len);
            return;
        }
        while self.asserted.len() > len {
            if let Some((site, side)) = self.asserted.pop() {
                let var = self.variable(site, side);
                self.bound_side(var, side, f64::from(side.sign()) * f64::NEG_INFINITY);
            }
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
        if let Some(remains) = &mut self.remains {
            return Some(remains.check(&self.asserted));
        }
        Some(match self.tableau.check(self.geometry.matrix(), stop) {
            // Where rounding cycles, the optimistic guess: it costs search but no correctness.
            Outcome::Feasible | Outcome::Unknown => Ok(()),
            Outcome::Infeasible { row, below } => Err(self.explain_row(row, below)),
            Outcome::Stopped => return None,
        })
    }

    /// The tableau is computed afresh before the next check: rounding has led it astray.
    pub fn distrust(&mut self) {
        self.tableau.distrust();
    }

    /// What a bound of a variable stands for.
    fn support_of(&self, var: usize, side: Side) -> Support {
        let Some(row) = var.checked_sub(self.geometry.columns()) else {
            return Support::Column(var as u32, side);
        };
        if self.geometry.norm_rows().contains(&row) {
            return Support::Norm((row - self.geometry.norm_rows().start) as u32);
        }
        Support::Site((row % self.geometry.sites()) as u32, side)
    }

    /// The bounds that keep the basic variable of `row` below (or above) the violated bound, with that bound.
    fn explain_row(&self, row: usize, below: bool) -> Vec<Support> {
        let mut support = Vec::with_capacity(self.geometry.columns() + 1);
        let own = if below { Side::Fires } else { Side::Silent };
        support.push(self.support_of(self.tableau.basic()[row] as usize, own));
        self.push_row_bound(row, below, &mut support);
        support
    }

    /// The nonbasic bounds that limit the row from above (`maximum`) or from below.
    fn push_row_bound(&self, row: usize, maximum: bool, support: &mut Vec<Support>) {
        for (var, entry) in self.tableau.terms(row) {
            let side = if (entry > 0.0) == maximum { Side::Silent } else { Side::Fires };
            support.push(self.support_of(var, side));
        }
    }

    /// Appends the assertions at undecided sites that the current basis excludes. `decided(site)` says which sites
    /// are of no interest; the supports (with the excluded assertion first) go to `buffer`. Call after a successful
    /// [`Self::check`]. Cost O(rows * columns) at worst, with early exit at unbounded rows.
    pub fn implied(&self, decided: impl Fn(u32) -> bool, buffer: &mut Vec<Support>, implied: &mut Vec<Implied>) {
        if let Some(remains) = &self.remains {
            remains.implied(&self.asserted, decided, buffer, implied);
            return;
        }
        let n = self.geometry.columns();
        let sites = self.geometry.sites();
        let norm_rows = self.geometry.norm_rows();
        let two_rows = norm_rows.start > sites;
        for (row, &basic) in self.tableau.basic().iter().enumerate() {
            let var = basic as usize;
            if var < n || norm_rows.contains(&(var - n)) {
                continue;
            }
            let site = ((var - n) % sites) as u32;
            if decided(site) {
                continue;
            }
            let (low, high) = self.tableau.reach(row);
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
        self.geometry.neuron(self.column_values())
    }

    /// Sets bounds on all columns, or gives them their own back (`None`).
    pub(super) fn box_columns(&mut self, bound: Option<f64>) {
        for c in 0..self.geometry.columns() {
            let (low, high) = self.geometry.column_bounds(c);
            let (low, high) = bound.map_or((low, high), |b| (low.max(-b), high.min(b)));
            self.tableau.bound(c, low, high);
        }
    }

    /// Moves the bounds of all assertions apart by `extra` (0 puts them back).
    pub(super) fn widen_margin(&mut self, extra: f64) {
        for k in 0..self.asserted.len() {
            let (site, side) = self.asserted[k];
            let var = self.variable(site, side);
            let bound = self.geometry.bound(side) + f64::from(side.sign()) * extra;
            self.bound_side(var, side, bound);
        }
    }

    /// Whole weights and a bias that meet all assertions; `None` if weights are not whole, or not known yet.
    pub(super) fn whole_neuron(&self) -> Option<(Vec<f64>, f64)> {
        self.remains.as_ref().and_then(Remains::neuron)
    }

    /// Values of the columns.
    pub(super) fn column_values(&self) -> &[f64] {
        &self.tableau.values()[..self.geometry.columns()]
    }
}

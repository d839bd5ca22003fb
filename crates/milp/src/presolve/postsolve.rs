//! From a point of the reduced model back to one of the original, step by step, in rationals; the same for duals of linear models.
//!
//! Each step stands beside the reduction that it takes back; here they are put in a row. A point that satisfies the reduced model exactly
//! comes back as one that satisfies the original exactly, with the same objective. Duals that prove it optimal there prove it here.

use std::ops::{Div, Mul, Neg, Sub};

use dashu::rational::RBig;

use crate::model::{RowId, VarId};
use crate::number::approximately;

/// What duals are counted in: floats, where they are those of a simplex, or rationals.
pub(crate) trait Number:
    Clone + Default + PartialOrd + Neg<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// The number, or the one nearest to it.
    fn of(exact: &RBig) -> Self;

    /// Takes a step back in duals of this kind.
    fn restore(step: &dyn Step, duals: &mut Duals<Self>);
}

impl Number for RBig {
    fn of(exact: &RBig) -> Self {
        exact.clone()
    }

    fn restore(step: &dyn Step, duals: &mut Duals<Self>) {
        step.restore_duals(duals);
    }
}

impl Number for f64 {
    fn of(exact: &RBig) -> Self {
        approximately(exact)
    }

    fn restore(step: &dyn Step, duals: &mut Duals<Self>) {
        step.restore_float_duals(duals);
    }
}

/// Duals of the rows, and what they leave of the costs of the columns (minimised): `costs - A'y`. Positive where a lower side or bound
/// binds.
#[derive(Clone, Debug)]
pub(crate) struct Duals<N> {
    pub rows: Vec<N>,
    pub columns: Vec<N>,
}

impl<N: Number> Duals<N> {
    /// Takes the reduced cost of a column if the bound that it pays for is one that has `moved` (lower, upper).
    pub fn take(&mut self, j: VarId, moved: [bool; 2]) -> Option<N> {
        taken(&mut self.columns[j.index()], moved)
    }

    /// The same for the dual of a row and its sides.
    pub fn take_row(&mut self, i: RowId, moved: [bool; 2]) -> Option<N> {
        taken(&mut self.rows[i.index()], moved)
    }

    /// What the duals leave of the cost of a column with these entries.
    pub fn left(&self, cost: &RBig, entries: &[(RowId, RBig)]) -> N {
        entries.iter().fold(N::of(cost), |left, (i, a)| left - N::of(a) * self.rows[i.index()].clone())
    }
}

fn taken<N: Number>(dual: &mut N, moved: [bool; 2]) -> Option<N> {
    let zero = N::default();
    (*dual > zero && moved[0] || *dual < zero && moved[1]).then(|| std::mem::take(dual))
}

/// What takes one reduction back; it stands beside the reduction. Where a method is missing there is nothing to do.
pub(super) trait Inverse: std::fmt::Debug + Send + Sync {
    /// Fills in what the reduction took out, from what was left.
    fn restore(&self, _x: &mut [RBig]) {}

    /// The columns that [`Self::restore`] looks at or fills in.
    fn columns(&self, _see: &mut dyn FnMut(VarId)) {}

    /// The same for duals, which are zero where a step says nothing.
    fn restore_duals<N: Number>(&self, _duals: &mut Duals<N>) {}

    /// What the reduction makes of a point of the model before it.
    fn carry(&self, _x: &mut [f64]) {}
}

/// An [`Inverse`] of whatever reduction.
pub(crate) trait Step: std::fmt::Debug + Send + Sync {
    fn restore(&self, x: &mut [RBig]);
    fn columns(&self, see: &mut dyn FnMut(VarId));
    fn restore_duals(&self, duals: &mut Duals<RBig>);
    fn restore_float_duals(&self, duals: &mut Duals<f64>);
    fn carry(&self, x: &mut [f64]);
}

impl<T: Inverse> Step for T {
    fn restore(&self, x: &mut [RBig]) {
        Inverse::restore(self, x);
    }

    fn columns(&self, see: &mut dyn FnMut(VarId)) {
        Inverse::columns(self, see);
    }

    fn restore_duals(&self, duals: &mut Duals<RBig>) {
        Inverse::restore_duals(self, duals);
    }

    fn restore_float_duals(&self, duals: &mut Duals<f64>) {
        Inverse::restore_duals(self, duals);
    }

    fn carry(&self, x: &mut [f64]) {
        Inverse::carry(self, x);
    }
}

/// Steps in the order of their reductions.
pub(super) type Steps = Vec<Box<dyn Step>>;

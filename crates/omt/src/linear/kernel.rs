//! The basis of the alternative polyhedron, factored where it is not trivial.
//!
//! Most rows of a basis are covered by unit columns (artificial and elastic ones) while dimensions are many: only as many
//! rows as there are points in the basis need an inverse. With the points P and their pivot rows R, the kernel is the square
//! matrix of their coordinates in R; the rest follows from the data. So memory is O(k^2) and a solve O(k^2 + k rows) for k <= min(m, rows)
//! points, whatever the dimension.
//!
//! Invariant: `inverse` is the inverse of `kernel[q][p] = entry of point p in pivot row q`, row p of it belonging to point p; every row
//! is covered by exactly one unit column or is a pivot row.

use super::geometry::Geometry;
use budget::Pace;
use numerics::inverse::invert;
use serde::{Deserialize, Serialize};

/// Points of a basis at most: beyond, inverses would take more than some hundred megabytes and seconds each.
const MOST_POINTS: usize = 2500;

/// A point asked to rest (`false`) or to fire (`true`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Asked {
    pub point: u32,
    pub fires: bool,
}

impl Asked {
    /// The entry in row `r`: z for a firing point, -z for a resting one, and 1 for that in the last row.
    pub(super) fn entry(self, geometry: &Geometry, r: usize) -> f64 {
        let last = r == geometry.dim();
        match (self.fires, last) {
            (true, false) => geometry.at(r, self.point as usize),
            (false, false) => -geometry.at(r, self.point as usize),
            (fires, true) => f64::from(u8::from(!fires)),
        }
    }
}

/// The unit column that covers a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Unit {
    /// None: it is a pivot row.
    Pivot,
    /// The artificial column.
    Artificial,
    /// The elastic column with this sign.
    Elastic { positive: bool },
}

impl Unit {
    pub(super) fn sign(self) -> f64 {
        if self == (Self::Elastic { positive: false }) { -1.0 } else { 1.0 }
    }
}

/// A basic column: the p-th point, or the unit column of row r.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basic {
    Point(usize),
    Row(usize),
}

/// A vector with one entry a basic column.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Basics {
    pub points: Vec<f64>,
    /// By row; what stands at pivot rows says nothing.
    pub rows: Vec<f64>,
}

impl Basics {
    pub(super) fn at(&self, basic: Basic) -> f64 {
        match basic {
            Basic::Point(p) => self.points[p],
            Basic::Row(r) => self.rows[r],
        }
    }

    /// Puts `value` for the entering column, a point or the unit column of a row, in the place of the leaving one, as
    /// [`Kernel::enter_point`] and [`Kernel::enter_unit`] do.
    pub(super) fn exchange(&mut self, leaving: Basic, row: Option<usize>, value: f64) {
        match (leaving, row) {
            (Basic::Point(p), None) => self.points[p] = value,
            (Basic::Row(r), None) => {
                self.rows[r] = 0.0;
                self.points.push(value);
            }
            (Basic::Point(p), Some(r)) => {
                self.points.remove(p);
                self.rows[r] = value;
            }
            (Basic::Row(left), Some(r)) => {
                self.rows[left] = 0.0;
                self.rows[r] = value;
            }
        }
    }
}

/// A kernel without the data, by points, pivots, units, covered rows and inverse.
pub(super) type State<P, R, U, F> = (P, R, U, R, F);

#[derive(Clone, Debug)]
pub(super) struct Kernel<'a> {
    geometry: &'a Geometry,
    pub points: Vec<Asked>,
    pub pivots: Vec<usize>,
    pub units: Vec<Unit>,
    /// The rows with unit columns, ascending.
    pub covered: Vec<usize>,
    /// Row-major, k x k.
    inverse: Vec<f64>,
    /// Room to work in, by point or row.
    scratch: Vec<f64>,
}

impl<'a> Kernel<'a> {
    /// The artificial basis of `rows` rows.
    pub(super) fn new(geometry: &'a Geometry, rows: usize) -> Self {
        Self {
            geometry,
            points: vec![],
            pivots: vec![],
            units: vec![Unit::Artificial; rows],
            covered: (0..rows).collect(),
            inverse: vec![],
            scratch: vec![],
        }
    }

    /// All that the next solve depends on.
    pub(super) fn state(&self) -> State<&Vec<Asked>, &Vec<usize>, &Vec<Unit>, &Vec<f64>> {
        (&self.points, &self.pivots, &self.units, &self.covered, &self.inverse)
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, state: State<Vec<Asked>, Vec<usize>, Vec<Unit>, Vec<f64>>) {
        (self.points, self.pivots, self.units, self.covered, self.inverse) = state;
    }

    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.pivots.clear();
        self.inverse.clear();
        self.units.fill(Unit::Artificial);
        self.covered.clear();
        self.covered.extend(0..self.units.len());
    }

    /// Row `r` gets this unit column, or becomes a pivot row.
    fn cover(&mut self, r: usize, unit: Unit) {
        match (self.units[r], unit) {
            (Unit::Pivot, Unit::Pivot) => {}
            (_, Unit::Pivot) => self.covered.retain(|&other| other != r),
            (Unit::Pivot, _) => self.covered.insert(self.covered.partition_point(|&other| other < r), r),
            _ => {}
        }
        self.units[r] = unit;
    }

    /// Whether a further point is too much.
    pub(super) fn full(&self) -> bool {
        self.points.len() >= MOST_POINTS
    }

    /// Products that a solve takes.
    pub(super) fn cost(&self) -> usize {
        self.points.len() * (self.points.len() + self.units.len())
    }

    fn entry(&self, p: usize, r: usize) -> f64 {
        self.points[p].entry(self.geometry, r)
    }

    /// Takes these points with these pivot rows, artificial columns for the others; false if that cannot be inverted or `pace` says stop.
    pub(super) fn load(&mut self, points: &[Asked], pivots: &[usize], pace: &mut Pace<'_>) -> bool {
        self.clear();
        self.points.extend_from_slice(points);
        self.pivots.extend_from_slice(pivots);
        pivots.iter().for_each(|&r| self.units[r] = Unit::Pivot);
        self.covered.retain(|&r| self.units[r] != Unit::Pivot);
        self.invert(pace)
    }

    /// Inverts afresh; false if it cannot be done or `pace` says stop.
    pub(super) fn invert(&mut self, pace: &mut Pace<'_>) -> bool {
        let k = self.points.len();
        let mut columns = Vec::with_capacity(k * k);
        for p in 0..k {
            columns.extend(self.pivots.iter().map(|&r| self.entry(p, r)));
        }
        match invert(&columns, k, pace) {
            Some(inverse) => {
                self.inverse = inverse;
                true
            }
            None => false,
        }
    }

    /// The entries of a point's column, length rows.
    pub(super) fn column(&self, asked: Asked, out: &mut Vec<f64>) {
        let (dim, point) = (self.geometry.dim(), asked.point as usize);
        let sign = if asked.fires { 1.0 } else { -1.0 };
        out.clear();
        out.extend((0..dim).map(|r| sign * self.geometry.at(r, point)));
        out.push(f64::from(u8::from(!asked.fires)));
    }

    /// The basic columns' shares of a vector given by its entries (length rows): B^-1 a. Shares of pivot rows are left as they are.
    pub(super) fn solve(&mut self, entries: &[f64], out: &mut Basics) {
        let k = self.points.len();
        self.scratch.clear();
        self.scratch.extend(self.pivots.iter().map(|&r| entries[r]));
        out.points.clear();
        for p in 0..k {
            let row = &self.inverse[p * k..(p + 1) * k];
            out.points.push(row.iter().zip(&self.scratch).map(|(b, a)| b * a).sum());
        }
        out.rows.resize(self.units.len(), 0.0);
        for &r in &self.covered {
            let taken: f64 =
                out.points.iter().zip(&self.points).map(|(d, point)| d * point.entry(self.geometry, r)).sum();
            out.rows[r] = self.units[r].sign() * (entries[r] - taken);
        }
    }

    /// y = c B^-1 (length rows) for the costs of the points and of the unit columns.
    pub(super) fn duals(
        &mut self,
        of_point: impl Fn(Asked) -> f64,
        of_row: impl Fn(usize, Unit) -> f64,
        duals: &mut Vec<f64>,
    ) {
        let k = self.points.len();
        duals.clear();
        duals.resize(self.units.len(), 0.0);
        for &r in &self.covered {
            duals[r] = self.units[r].sign() * of_row(r, self.units[r]);
        }
        self.scratch.clear();
        self.scratch.resize(k, 0.0);
        for p in 0..k {
            let mut cost = of_point(self.points[p]);
            for &r in self.covered.iter().filter(|&&r| duals[r] != 0.0) {
                cost -= self.entry(p, r) * duals[r];
            }
            if cost != 0.0 {
                self.scratch.iter_mut().zip(&self.inverse[p * k..(p + 1) * k]).for_each(|(y, b)| *y += cost * b);
            }
        }
        self.pivots.iter().zip(&self.scratch).for_each(|(&r, &y)| duals[r] = y);
    }

    /// Puts a point, whose shares are `d`, in the place of a basic column.
    pub(super) fn enter_point(&mut self, point: Asked, d: &Basics, leaving: Basic) {
        let k = self.points.len();
        match leaving {
            Basic::Point(q) => {
                self.eliminate(q, &d.points);
                self.points[q] = point;
            }
            Basic::Row(r) => {
                // A border of the kernel: row r and the new point. The Schur complement is the point's share of the unit column.
                let schur = self.units[r].sign() * d.rows[r];
                let row = self.times_row(r);
                let mut inverse = Vec::with_capacity((k + 1) * (k + 1));
                for p in 0..k {
                    let factor = d.points[p] / schur;
                    inverse.extend(self.inverse[p * k..(p + 1) * k].iter().zip(&row).map(|(b, v)| b + factor * v));
                    inverse.push(-factor);
                }
                inverse.extend(row.iter().map(|v| -v / schur));
                inverse.push(1.0 / schur);
                self.inverse = inverse;
                self.points.push(point);
                self.pivots.push(r);
                self.cover(r, Unit::Pivot);
            }
        }
    }

    /// Puts the unit column `unit` of row `r` in the place of a basic column.
    pub(super) fn enter_unit(&mut self, r: usize, unit: Unit, leaving: Basic) {
        let k = self.points.len();
        let pivot = self.pivots.iter().position(|&pivot| pivot == r);
        match (pivot, leaving) {
            // In the place of another unit column of its row: no other column has a share in it.
            (None, _) => self.cover(r, unit),
            (Some(q), Basic::Point(p)) => {
                // Row q and point p leave the kernel.
                let scale = 1.0 / self.inverse[p * k + q];
                let row: Vec<f64> = self.inverse[p * k..(p + 1) * k].to_vec();
                let mut inverse = Vec::with_capacity((k - 1) * (k - 1));
                for other in (0..k).filter(|&other| other != p) {
                    let factor = self.inverse[other * k + q] * scale;
                    let entries = self.inverse[other * k..(other + 1) * k].iter().zip(&row).enumerate();
                    inverse.extend(entries.filter(|(c, _)| *c != q).map(|(_, (b, v))| b - factor * v));
                }
                self.inverse = inverse;
                self.points.remove(p);
                self.pivots.remove(q);
                self.cover(r, unit);
            }
            (Some(q), Basic::Row(left)) => {
                // The row whose unit column leaves becomes the pivot row in place of r.
                let row = self.times_row(left);
                let scale = 1.0 / row[q];
                for inverse in self.inverse.chunks_exact_mut(k) {
                    inverse[q] *= scale;
                    let factor = inverse[q];
                    for (c, (b, v)) in inverse.iter_mut().zip(&row).enumerate() {
                        if c != q {
                            *b -= factor * v;
                        }
                    }
                }
                self.pivots[q] = left;
                self.cover(left, Unit::Pivot);
                self.cover(r, unit);
            }
        }
    }

    /// Row `r` of the points times the inverse (length k).
    fn times_row(&self, r: usize) -> Vec<f64> {
        let k = self.points.len();
        let mut out = vec![0.0; k];
        for p in 0..k {
            let entry = self.entry(p, r);
            if entry != 0.0 {
                out.iter_mut().zip(&self.inverse[p * k..(p + 1) * k]).for_each(|(v, b)| *v += entry * b);
            }
        }
        out
    }

    /// The inverse after the column with shares `d` has taken the place of column `q`.
    fn eliminate(&mut self, q: usize, d: &[f64]) {
        let k = d.len();
        let scale = 1.0 / d[q];
        let (above, rest) = self.inverse.split_at_mut(q * k);
        let (pivot, below) = rest.split_at_mut(k);
        pivot.iter_mut().for_each(|v| *v *= scale);
        let others = above.chunks_exact_mut(k).zip(d).chain(below.chunks_exact_mut(k).zip(&d[q + 1..]));
        for (row, &d) in others.filter(|(_, d)| **d != 0.0) {
            row.iter_mut().zip(&*pivot).for_each(|(v, p)| *v -= d * p);
        }
    }
}

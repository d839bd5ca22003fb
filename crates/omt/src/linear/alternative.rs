//! Primal simplex over the alternative polyhedron of one neuron, in floats: it guesses cores and hyperplanes.
//!
//! Columns: each point twice, as (z, 0) if asked to fire and as (-z, 1) if asked to rest. Rows: dim for
//! sum lambda a = 0 and one for sum over resting points = 1 (with bias that also normalises the firing ones).
//!
//! ```text
//! { lambda >= 0 :  sum_fire lambda_i z_i - sum_rest lambda_i z_i = 0,  sum_rest lambda_i = 1 }
//! ```
//!
//! A vertex is a core (see [`super::core`]). If the polyhedron of the admitted columns is empty, the duals (u, theta) of
//! phase 1 are a separating neuron w = -u: w z >= 0 for the firing and w z <= -theta < 0 for the resting points.
//!
//! Which columns are admitted and what they cost changes between calls; the basis stays primal feasible whatever
//! changes, since inadmissible basic columns count as infeasibility of phase 1. The right side is zero but for one row, so
//! almost every vertex is degenerate: phase 1 lifts the basic levels by tiny different amounts (a perturbation of the
//! right side, Charnes 1952), and verdicts look at the levels without it, the last column of the inverse. Rows are few (dim + 1), so the inverse
//! is dense and explicit, and a pivot costs O(m dim + dim^2).

use super::core::Member;
use super::geometry::Geometry;
use crate::tolerances::{NEURON_LEVEL, NEURON_LIFT, NEURON_MULTIPLIER, NEURON_PIVOT, NEURON_REDUCED_COST};

/// Pivots between two fresh inversions of the basis.
const REFRESH: u32 = 64;
/// Pivots without progress, a row, after which the smallest index rule (Bland) takes over: it cannot cycle, but it is
/// slow, and driving the artificial columns out makes no progress in all but one row.
const STALL: usize = 8;

/// Points priced together.
const BLOCK: usize = 16;

/// Fractional part of the golden ratio.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// A column: `2 i` and `2 i + 1` are point `i` resting and firing, `2 m + r` is the artificial unit column of row `r`,
/// `2 m + rows + 2 j` and the next are the elastic columns +e_j and -e_j of feature `j`.
type Column = u32;

/// How a point takes part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// Not at all.
    Absent,
    /// As a resting (`false`) or firing (`true`) point.
    Asked(bool),
}

/// What a solve found.
#[derive(Debug)]
pub(super) enum Answer {
    /// The support of a vertex.
    Core(Vec<Member>),
    /// Weights w (length dim, float units) that put every admitted point on its side as far as floats can tell, shifted
    /// so that both sides keep the same distance (with bias).
    Separable(Vec<f64>),
    /// The numbers went bad; nothing is known.
    Failed,
}

pub(super) struct Alternative<'a> {
    geometry: &'a Geometry,
    rows: usize,
    roles: Vec<Role>,
    /// By point, for pricing: +1 if asked to fire, -1 if asked to rest, 0 if absent.
    signs: Vec<f64>,
    /// Cost of a point's column in phase 2.
    costs: Vec<f64>,
    /// Price of moving feature `j` by 1: empty, or one a feature in the elastic polyhedron.
    stretch: Vec<f64>,
    basis: Vec<Column>,
    /// Row-major, rows x rows: the inverse of the basis.
    inverse: Vec<f64>,
    /// Basic levels of the ratio test, perturbed in phase 1; never negative.
    level: Vec<f64>,
    /// Activations by the duals, scratch of pricing.
    priced: Vec<f64>,
    age: u32,
    /// Pivots since the start.
    pub pivots: u64,
}

impl<'a> Alternative<'a> {
    pub(super) fn new(geometry: &'a Geometry) -> Self {
        let rows = geometry.dim() + 1;
        let mut simplex = Self {
            geometry,
            rows,
            roles: vec![Role::Absent; geometry.len()],
            signs: vec![0.0; geometry.len()],
            costs: vec![0.0; geometry.len()],
            stretch: Vec::new(),
            basis: vec![0; rows],
            inverse: vec![0.0; rows * rows],
            level: vec![0.0; rows],
            priced: Vec::new(),
            age: 0,
            pivots: 0,
        };
        simplex.reset();
        simplex
    }

    /// The polyhedron with columns +e_j and -e_j priced by the scale of each feature: its least cost is the widest margin
    /// that weights in [-1, 1] (scaled units) can keep between the two sides, and its duals are those weights.
    pub(super) fn elastic(geometry: &'a Geometry) -> Self {
        Self { stretch: geometry.half().to_vec(), ..Self::new(geometry) }
    }

    /// Back to the artificial basis.
    pub(super) fn reset(&mut self) {
        for r in 0..self.rows {
            self.basis[r] = (2 * self.geometry.len() + r) as Column;
        }
        self.inverse.fill(0.0);
        for r in 0..self.rows {
            self.inverse[r * self.rows + r] = 1.0;
        }
        self.relevel(true);
        self.age = 0;
    }

    /// The basic level of row `r` without perturbation.
    fn exact_level(&self, r: usize) -> f64 {
        self.inverse[(r + 1) * self.rows - 1]
    }

    /// Takes the levels from the inverse; in phase 1 lifted by amounts that differ from row to row.
    fn relevel(&mut self, phase_one: bool) {
        for r in 0..self.rows {
            // The golden ratio's multiples spread evenly over [0, 1).
            let lift = if phase_one { NEURON_LIFT * (1.0 + (r as f64 * GOLDEN).fract()) } else { 0.0 };
            self.level[r] = self.exact_level(r).max(0.0) + lift;
        }
    }

    /// Whether the basis is a vertex (up to rounding) without perturbation.
    fn is_vertex(&self) -> bool {
        (0..self.rows).all(|r| self.exact_level(r) >= -NEURON_LEVEL)
    }

    /// The basis at hand, to be given to [`Self::load`] later.
    pub(super) fn basis(&self) -> Box<[Column]> {
        self.basis.clone().into()
    }

    /// Takes up a basis of an earlier time; the artificial one if it cannot be inverted.
    pub(super) fn load(&mut self, basis: &[Column]) {
        self.basis.copy_from_slice(basis);
        self.refresh();
    }

    pub(super) fn set(&mut self, point: usize, role: Role, cost: f64) {
        self.roles[point] = role;
        self.costs[point] = cost;
        self.signs[point] = match role {
            Role::Absent => 0.0,
            Role::Asked(true) => 1.0,
            Role::Asked(false) => -1.0,
        };
    }

    fn admitted(&self, column: Column) -> bool {
        match self.roles.get(column as usize / 2) {
            Some(&role) => role == Role::Asked(column % 2 == 1),
            None => self.elastic_feature(column).is_some(),
        }
    }

    /// The feature of an elastic column and its sign.
    fn elastic_feature(&self, column: Column) -> Option<(usize, f64)> {
        let at = (column as usize).checked_sub(2 * self.roles.len() + self.rows)?;
        Some((at / 2, if at % 2 == 0 { 1.0 } else { -1.0 }))
    }

    /// The column's entries, length rows.
    fn column(&self, column: Column, out: &mut Vec<f64>) {
        out.clear();
        let point = column as usize / 2;
        if point >= self.roles.len() {
            out.resize(self.rows, 0.0);
            let (row, value) = self.elastic_feature(column).unwrap_or((column as usize - 2 * self.roles.len(), 1.0));
            out[row] = value;
            return;
        }
        let sign = if column % 2 == 1 { 1.0 } else { -1.0 };
        out.extend((0..self.geometry.dim()).map(|r| sign * self.geometry.at(r, point)));
        out.push(if column % 2 == 1 { 0.0 } else { 1.0 });
    }

    /// Inverts the basis afresh; the artificial basis if it is singular.
    fn refresh(&mut self) {
        let (mut columns, mut entries) = (Vec::with_capacity(self.rows * self.rows), Vec::new());
        for &column in &self.basis {
            self.column(column, &mut entries);
            columns.extend_from_slice(&entries);
        }
        match invert(&columns, self.rows) {
            Some(inverse) => {
                self.inverse = inverse;
                self.age = 0;
            }
            None => self.reset(),
        }
    }

    /// Finds a core among the admitted points, of low cost, or a neuron that separates them.
    pub(super) fn solve(&mut self) -> Answer {
        let limit = 200 + 20 * self.rows as u64;
        if !self.is_vertex() {
            self.reset();
        }
        if !self.optimise(true, limit) {
            self.reset();
            if !self.optimise(true, 10 * limit) {
                self.reset();
                return Answer::Failed;
            }
        }
        if self.infeasibility() > NEURON_MULTIPLIER {
            return Answer::Separable(self.separator(true));
        }
        self.optimise(false, limit);
        if !self.is_vertex() || self.infeasibility() > NEURON_MULTIPLIER {
            self.reset();
            return Answer::Failed;
        }
        let support: Vec<Member> = (0..self.rows)
            .filter(|&r| self.exact_level(r) > NEURON_MULTIPLIER && self.admitted(self.basis[r]))
            .map(|r| Member { point: self.basis[r] / 2, fires: self.basis[r] % 2 == 1 })
            .collect();
        Answer::Core(support)
    }

    /// The weights and bias of the widest margin between the admitted points; `None` if one side has none of them, the
    /// margin is too small for floats or the numbers went bad. Elastic polyhedron only.
    pub(super) fn widest(&mut self) -> Option<Vec<f64>> {
        let limit = 1000 + 50 * self.rows as u64;
        let found = self.optimise(true, limit)
            && self.infeasibility() <= NEURON_MULTIPLIER
            && self.optimise(false, 10 * limit)
            && self.infeasibility() <= NEURON_MULTIPLIER;
        found.then(|| self.separator(false))
    }

    /// Sum of the levels of inadmissible basic columns, without perturbation.
    fn infeasibility(&self) -> f64 {
        (0..self.rows).filter(|&r| !self.admitted(self.basis[r])).map(|r| self.exact_level(r)).sum()
    }

    fn cost_of(&self, column: Column, phase_one: bool) -> f64 {
        match (phase_one, self.admitted(column)) {
            (true, admitted) => f64::from(u8::from(!admitted)),
            (false, true) => match self.elastic_feature(column) {
                Some((j, _)) => self.stretch[j],
                None => self.costs[column as usize / 2],
            },
            (false, false) => 0.0,
        }
    }

    /// y = c_B B^-1 (length rows).
    fn duals(&self, phase_one: bool) -> Vec<f64> {
        let mut duals = vec![0.0; self.rows];
        for r in 0..self.rows {
            let cost = self.cost_of(self.basis[r], phase_one);
            if cost != 0.0 {
                for (y, b) in duals.iter_mut().zip(&self.inverse[r * self.rows..(r + 1) * self.rows]) {
                    *y += cost * b;
                }
            }
        }
        duals
    }

    /// The neuron that the duals describe, its bias moved to the middle of the gap.
    fn separator(&self, phase_one: bool) -> Vec<f64> {
        let duals = self.duals(phase_one);
        let dim = self.geometry.dim();
        let mut w: Vec<f64> = duals[..dim].iter().map(|u| -u).collect();
        if self.geometry.bias() {
            w[dim - 1] += duals[dim] / 2.0;
        }
        w
    }

    /// Pivots until optimal, feasible (phase 1) or `limit`; false if it stopped at the limit or broke down.
    fn optimise(&mut self, phase_one: bool, limit: u64) -> bool {
        let (mut stalled, mut entries, mut direction) = (0, Vec::new(), Vec::new());
        self.relevel(phase_one);
        for _ in 0..limit {
            if phase_one && self.infeasibility() <= NEURON_MULTIPLIER && self.is_vertex() {
                return true;
            }
            let bland = stalled > STALL * self.rows;
            let Some(entering) = self.price(phase_one, bland) else {
                if self.age == 0 {
                    return true;
                }
                // Trust the verdict only of a fresh inverse.
                self.refresh();
                self.relevel(phase_one);
                continue;
            };
            self.column(entering, &mut entries);
            direction.clear();
            direction.extend(
                self.inverse
                    .chunks_exact(self.rows)
                    .map(|row| row.iter().zip(&entries).map(|(b, a)| b * a).sum::<f64>()),
            );
            let Some(leaving) = self.ratio(&direction, phase_one, bland) else {
                // The polyhedron is bounded (with bias) or its costs are non-negative: no ray improves.
                return false;
            };
            let step = (self.level[leaving] / direction[leaving]).max(0.0);
            stalled = if step > NEURON_MULTIPLIER { 0 } else { stalled + 1 };
            self.pivot(entering, leaving, step, &direction);
            if self.age >= REFRESH {
                self.refresh();
                self.relevel(phase_one);
            }
        }
        false
    }

    /// The entering column: the most negative reduced cost, or the first negative one.
    fn price(&mut self, phase_one: bool, first: bool) -> Option<Column> {
        let duals = self.duals(phase_one);
        let (u, theta) = duals.split_at(self.geometry.dim());
        let mut priced = std::mem::take(&mut self.priced);
        self.geometry.activations(u, &mut priced);
        let share = if phase_one { 0.0 } else { 1.0 };
        // Reduced costs: cost - a to fire, cost + a - theta to rest, zero for the absent.
        for ((a, &sign), &cost) in priced.iter_mut().zip(&self.signs).zip(&self.costs) {
            *a = share * cost * sign.abs() - sign * *a - 0.5 * (sign.abs() - sign) * theta[0];
        }
        let mut best = (-NEURON_REDUCED_COST, None);
        for (block, reduced) in priced.chunks(BLOCK).enumerate() {
            let least = reduced.iter().fold(0.0, |least, &d| if d < least { d } else { least });
            if least >= best.0 || (first && best.1.is_some()) {
                continue;
            }
            for (i, &reduced) in reduced.iter().enumerate() {
                let point = block * BLOCK + i;
                let column = 2 * point as Column + Column::from(self.signs[point] > 0.0);
                if reduced < best.0 && !self.basis.contains(&column) && !(first && best.1.is_some()) {
                    best = (reduced, Some(column));
                }
            }
        }
        self.priced = priced;
        for (j, &stretch) in self.stretch.iter().enumerate() {
            let cost = if phase_one { 0.0 } else { stretch };
            for (side, reduced) in [cost - u[j], cost + u[j]].into_iter().enumerate() {
                let column = (2 * self.roles.len() + self.rows + 2 * j + side) as Column;
                if reduced < best.0 && !self.basis.contains(&column) {
                    best = (reduced, Some(column));
                }
            }
        }
        best.1
    }

    /// The leaving row. In phase 2 an inadmissible basic column stays at zero: a direction that would raise it makes it leave.
    fn ratio(&self, direction: &[f64], phase_one: bool, bland: bool) -> Option<usize> {
        let mut least = f64::INFINITY;
        for (&d, &level) in direction.iter().zip(&self.level) {
            if d > NEURON_PIVOT {
                least = least.min((level + NEURON_MULTIPLIER) / d);
            }
        }
        let barred = |r: usize| !phase_one && !self.admitted(self.basis[r]);
        let any_barred = (0..self.rows).any(|r| barred(r) && direction[r].abs() > NEURON_PIVOT);
        let mut best: Option<usize> = None;
        for (r, &d) in direction.iter().enumerate() {
            let eligible = if any_barred {
                barred(r) && d.abs() > NEURON_PIVOT
            } else {
                d > NEURON_PIVOT && self.level[r] / d <= least
            };
            let better =
                best.is_none_or(|b| if bland { self.basis[r] < self.basis[b] } else { d.abs() > direction[b].abs() });
            if eligible && better {
                best = Some(r);
            }
        }
        best
    }

    fn pivot(&mut self, entering: Column, leaving: usize, step: f64, direction: &[f64]) {
        let k = self.rows;
        for (level, d) in self.level.iter_mut().zip(direction) {
            *level = (*level - step * d).max(0.0);
        }
        self.level[leaving] = step;
        let scale = 1.0 / direction[leaving];
        self.inverse[leaving * k..(leaving + 1) * k].iter_mut().for_each(|v| *v *= scale);
        let pivot_row = self.inverse[leaving * k..(leaving + 1) * k].to_vec();
        for (r, &d) in direction.iter().enumerate() {
            if r != leaving && d != 0.0 {
                for (v, p) in self.inverse[r * k..(r + 1) * k].iter_mut().zip(&pivot_row) {
                    *v -= d * p;
                }
            }
        }
        self.basis[leaving] = entering;
        self.pivots += 1;
        self.age += 1;
    }
}

/// The inverse (row-major) of a k x k matrix given column by column, by Gauss-Jordan elimination with row pivoting; `None`
/// if it is singular as far as floats can tell.
pub(super) fn invert(columns: &[f64], k: usize) -> Option<Vec<f64>> {
    // [A | I], row-major.
    let width = 2 * k;
    let mut work = vec![0.0; k * width];
    for (c, column) in columns.chunks_exact(k).enumerate() {
        column.iter().enumerate().for_each(|(r, &a)| work[r * width + c] = a);
        work[c * width + k + c] = 1.0;
    }
    for c in 0..k {
        let row = (c..k).max_by(|&a, &b| work[a * width + c].abs().total_cmp(&work[b * width + c].abs()))?;
        if work[row * width + c].abs() < NEURON_PIVOT {
            return None;
        }
        for j in c..width {
            work.swap(row * width + j, c * width + j);
        }
        let scale = 1.0 / work[c * width + c];
        let (above, rest) = work.split_at_mut(c * width);
        let (pivot, below) = rest.split_at_mut(width);
        pivot[c..].iter_mut().for_each(|v| *v *= scale);
        for other in above.chunks_exact_mut(width).chain(below.chunks_exact_mut(width)) {
            let factor = other[c];
            if factor != 0.0 {
                other[c..].iter_mut().zip(&pivot[c..]).for_each(|(v, p)| *v -= factor * p);
            }
        }
    }
    Some(work.chunks_exact(width).flat_map(|row| row[k..].iter().copied()).collect())
}

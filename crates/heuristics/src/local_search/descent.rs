//! Line searches for one neuron with real weights: the least weighted 0-1 loss along a line, exactly.
//!
//! Along w + tau v each activation changes sign once, so the best tau of all can be found ([`super::line`]) in O(m) where
//! little can change; the slopes of a general direction cost O(m n). Directions are single weights and the bias, misclassified
//! points (the perceptron's), the gradient of a smoothed loss, noise, and noise that keeps points near the plane where
//! they are (from there the walk moves along faces of the arrangement of the points' hyperplanes). The walk stops where
//! none helps, and is shaken (iterated local search).
//!
//! References: Li and Lin, Optimizing 0/1 loss for perceptrons by random coordinate descent, IJCNN 2007; Nguyen and
//! Sanner, Algorithms for direct 0-1 loss optimization in binary classification, ICML 2013; Lourenco, Martin and
//! Stuetzle, Iterated local search, in: Handbook of Metaheuristics, 2003.

use super::columns::{Columns, Metric};
use super::line::{Line, LineSearch};
use super::orthogonal::Basis;
use super::parameters::Parameters;
use super::rules::{clamp, clamp_fixed};
use crate::tolerances::{FARTHEST_CROSSING, REFRESH, SHORTEST_STRETCH};
use bdnn::separation::Sign;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Strengths of a shake, relative to the length of w: any of these, since none is best everywhere. A parameter scales them.
const SHAKES: [f64; 4] = [0.01, 0.05, 0.2, 0.6];
/// Widths that the loss is smoothed over, relative to the mean distance from the plane: any of these, likewise.
pub(super) const WIDTHS: [f64; 4] = [0.1, 0.3, 1.0, 3.0];

/// What a neuron sees and what is asked of it.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) columns: &'a Columns,
    pub(super) metric: &'a Metric,
    /// What firing saves at each site; 0 where it does not matter.
    pub(super) saves: &'a [i32],
    pub(super) bias: bool,
    /// The signs of weights; empty if all are free.
    pub(super) signs: &'a [Sign],
    /// How it is searched.
    pub(super) parameters: &'a Parameters,
}

impl Task<'_> {
    /// What a site costs beyond its better side.
    fn price(&self, i: usize, fires: bool) -> i64 {
        let saves = i64::from(self.saves[i]);
        if fires { (-saves).max(0) } else { saves.max(0) }
    }
}

impl Task<'_> {
    /// What a plane costs beyond the sites' better sides.
    pub(super) fn cost(&self, plane: &Plane) -> i64 {
        let mut activations = Vec::new();
        self.columns.combine(&plane.w, plane.bias, &mut activations);
        activations.iter().enumerate().map(|(i, &a)| self.price(i, a >= 0.0)).sum()
    }
}

/// A neuron in working units: fires where w'x + bias >= 0.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Plane {
    pub(super) w: Vec<f64>,
    pub(super) bias: f64,
}

impl Plane {
    fn norm(&self) -> f64 {
        self.w.iter().map(|w| w.abs()).sum::<f64>() + self.bias.abs()
    }

    fn add(&mut self, step: f64, direction: &Self) {
        self.w.iter_mut().zip(&direction.w).for_each(|(w, v)| *w += step * v);
        self.bias += step * direction.bias;
    }

    fn scale(&mut self, factor: f64) {
        self.w.iter_mut().for_each(|w| *w *= factor);
        self.bias *= factor;
    }
}

/// The place of a walk, and room to work in: nothing is allocated once it is warm.
#[derive(Clone, Debug, Default)]
pub(super) struct Descent {
    plane: Plane,
    best: Plane,
    direction: Plane,
    activations: Vec<f64>,
    slopes: Vec<f64>,
    line_search: LineSearch,
    near: Vec<(f64, u32)>,
    basis: Basis,
    cost: i64,
    moves: u32,
    /// Line searches since the start.
    pub(super) lines: u64,
}

impl Descent {
    /// Stands at `plane`.
    pub(super) fn stand(&mut self, task: Task<'_>, plane: &Plane) {
        self.plane.clone_from(plane);
        clamp(&mut self.plane.w, task.signs);
        self.settle(task);
    }

    /// Where it stands, and what that costs.
    pub(super) fn place(&self) -> (&Plane, i64) {
        (&self.plane, self.cost)
    }

    /// The activations w'x + bias there.
    pub(super) fn activations(&self) -> &[f64] {
        &self.activations
    }

    /// Brings w to length 1 and evaluates every site.
    fn settle(&mut self, task: Task<'_>) {
        let norm = self.plane.norm();
        if norm > 0.0 && norm.is_finite() {
            self.plane.scale(1.0 / norm);
        } else {
            self.plane.w.fill(0.0);
            self.plane.bias = if task.bias { -1.0 } else { 0.0 };
        }
        task.columns.combine(&self.plane.w, self.plane.bias, &mut self.activations);
        self.cost = self.activations.iter().enumerate().map(|(i, &a)| task.price(i, a >= 0.0)).sum();
        self.moves = 0;
    }

    /// Walks for about `lines` line searches and stays at the cheapest plane met.
    pub(super) fn walk(&mut self, task: Task<'_>, lines: u64, rng: &mut impl Rng, stop: &dyn Fn() -> bool) {
        let end = self.lines + lines;
        self.direction.w.resize(task.columns.dim, 0.0);
        self.best.clone_from(&self.plane);
        let (mut best_cost, mut vain) = (self.cost, 0_u32);
        while self.lines < end && best_cost > 0 && !stop() {
            while self.round(task, end, rng, stop) {}
            if self.cost < best_cost {
                (best_cost, vain) = (self.cost, 0);
                self.best.clone_from(&self.plane);
            } else {
                vain += 1;
            }
            if self.lines >= end {
                break;
            }
            if vain.is_multiple_of(task.parameters.line_patience) {
                self.plane.clone_from(&self.best);
            }
            self.shake(task, rng);
        }
        if self.cost != best_cost || self.moves > 0 {
            self.plane.clone_from(&self.best);
            self.settle(task);
        }
    }

    fn shake(&mut self, task: Task<'_>, rng: &mut impl Rng) {
        self.random_direction(task, rng);
        let strength = task.parameters.shake * SHAKES[rng.random_range(0..SHAKES.len())];
        let length = self.direction.norm();
        if length > 0.0 {
            self.plane.add(strength * self.plane.norm() / length, &self.direction);
            clamp(&mut self.plane.w, task.signs);
        }
        self.settle(task);
    }

    /// Tries one line of each kind a coordinate; whether any of them helped.
    fn round(&mut self, task: Task<'_>, end: u64, rng: &mut impl Rng, stop: &dyn Fn() -> bool) -> bool {
        let (before, dim) = (self.cost, task.columns.dim);
        let from = if dim > 0 { rng.random_range(0..dim) } else { 0 };
        for at in 0..dim.min(task.parameters.line_weights) {
            if self.lines >= end || stop() {
                return false;
            }
            self.coordinate(task, Some((from + at) % dim));
            match at % 4 {
                0 => self.towards_error(task, rng),
                1 => self.along_gradient(task, rng),
                2 => self.sliding(task, rng),
                _ => {
                    self.random_direction(task, rng);
                    self.line(task);
                }
            }
        }
        if task.bias {
            self.coordinate(task, None);
        }
        self.cost < before
    }

    /// Along one weight, or the bias.
    fn coordinate(&mut self, task: Task<'_>, r: Option<usize>) {
        if r.is_some_and(|r| task.signs.get(r) == Some(&Sign::ZERO)) {
            return;
        }
        self.direction.w.fill(0.0);
        self.direction.bias = if r.is_none() { 1.0 } else { 0.0 };
        self.slopes.clear();
        match r {
            Some(r) => {
                self.direction.w[r] = 1.0;
                self.slopes.extend_from_slice(task.columns.column(r));
            }
            None => self.slopes.resize(task.columns.len, 1.0),
        }
        self.search(task);
    }

    /// Towards a misclassified site, picked at random.
    fn towards_error(&mut self, task: Task<'_>, rng: &mut impl Rng) {
        let len = task.columns.len;
        let from = rng.random_range(0..len);
        let wrong = |i: &usize| task.price(*i, self.activations[*i] >= 0.0) > 0;
        let Some(i) = (0..len).map(|at| (from + at) % len).find(wrong) else { return };
        for (r, v) in self.direction.w.iter_mut().enumerate() {
            *v = task.columns.column(r)[i];
        }
        task.metric.precondition(&mut self.direction.w);
        self.direction.bias = if task.bias { rng.random_range(-1.0..1.0) } else { 0.0 };
        self.line(task);
    }

    /// Along the gradient of the loss smoothed over a random width: what the sites near the plane ask for.
    fn along_gradient(&mut self, task: Task<'_>, rng: &mut impl Rng) {
        let spread = self.activations.iter().map(|a| a.abs()).sum::<f64>() / task.columns.len as f64;
        let width = spread * (task.parameters.smoothing * WIDTHS[rng.random_range(0..WIDTHS.len())]);
        if width <= 0.0 {
            return;
        }
        // The weights of the sites go where the slopes will stand.
        self.slopes.clear();
        let pull = |(&a, &saves): (&f64, &i32)| {
            let t = 1.0 - a.abs() / width;
            if t > 0.0 { t * f64::from(saves) } else { 0.0 }
        };
        self.slopes.extend(self.activations.iter().zip(task.saves).map(pull));
        for (r, v) in self.direction.w.iter_mut().enumerate() {
            *v = task.columns.column(r).iter().zip(&self.slopes).map(|(x, p)| x * p).sum();
        }
        self.direction.bias = if task.bias { self.slopes.iter().sum() } else { 0.0 };
        task.metric.precondition(&mut self.direction.w);
        self.line(task);
    }

    fn random_direction(&mut self, task: Task<'_>, rng: &mut impl Rng) {
        self.direction.w.iter_mut().for_each(|v| *v = rng.random_range(-1.0..1.0));
        task.metric.colour(&mut self.direction.w);
        let size = self.direction.w.iter().map(|v| v.abs()).sum::<f64>() / (self.direction.w.len().max(1)) as f64;
        self.direction.bias = if task.bias { size * rng.random_range(-1.0..1.0) } else { 0.0 };
    }

    /// Along noise orthogonal to some of the sites nearest to the plane, which then keep their activations.
    fn sliding(&mut self, task: Task<'_>, rng: &mut impl Rng) {
        let (len, dim) = (task.columns.len, task.columns.dim);
        let free = dim + usize::from(task.bias);
        let wanted = rng.random_range(1..free.max(2)).min(len).min(task.parameters.line_weights);
        self.near.clear();
        self.near.extend(self.activations.iter().zip(0..).map(|(a, i)| (a.abs(), i)));
        let pool = (2 * wanted).min(len);
        if pool < len {
            self.near.select_nth_unstable_by(pool, |a, b| a.0.total_cmp(&b.0));
        }
        self.random_direction(task, rng);
        self.basis.clear(dim + 1);
        let constant = f64::from(u8::from(task.bias));
        for kept in 0..wanted {
            let pick = rng.random_range(kept..pool);
            self.near.swap(kept, pick);
            let i = self.near[kept].1 as usize;
            self.basis.add((0..dim).map(|r| task.columns.column(r)[i]).chain([constant]));
        }
        self.direction.w.push(self.direction.bias);
        self.basis.project_out(&mut self.direction.w);
        let bias = self.direction.w.pop().unwrap_or_default();
        self.direction.bias = if task.bias { bias } else { 0.0 };
        self.line(task);
    }

    /// Searches along `direction`.
    fn line(&mut self, task: Task<'_>) {
        clamp_fixed(&mut self.direction.w, task.signs);
        let mut slopes = std::mem::take(&mut self.slopes);
        task.columns.combine(&self.direction.w, self.direction.bias, &mut slopes);
        self.slopes = slopes;
        self.search(task);
    }

    /// How far `direction` leads before a weight has a sign that it must not have.
    fn range(&self, signs: &[Sign]) -> (f64, f64) {
        let mut range = (f64::NEG_INFINITY, f64::INFINITY);
        for ((&w, &v), sign) in self.plane.w.iter().zip(&self.direction.w).zip(signs).filter(|((_, v), _)| **v != 0.0) {
            let zero = -w / v;
            if !sign.negative && v > 0.0 || !sign.positive && v < 0.0 {
                range.0 = range.0.max(zero);
            }
            if !sign.negative && v < 0.0 || !sign.positive && v > 0.0 {
                range.1 = range.1.min(zero);
            }
        }
        range
    }

    /// Moves to the middle of the cheapest stretch of the line, if that is no dearer than here.
    fn search(&mut self, task: Task<'_>) {
        self.lines += 1;
        let length = self.direction.norm();
        if length <= 0.0 || !length.is_finite() {
            return;
        }
        let unit = self.plane.norm() / length;
        let (low, high) = self.range(task.signs);
        let farthest = unit * FARTHEST_CROSSING;
        let line = Line {
            activations: &self.activations,
            slopes: &self.slopes,
            saves: task.saves,
            unit,
            range: (low.max(-farthest), high.min(farthest)),
            shortest: unit * SHORTEST_STRETCH,
            here: self.cost,
        };
        let Some((tau, cost)) = self.line_search.best(&line).filter(|(tau, _)| tau.is_finite()) else { return };
        let tau = tau.max(low).min(high);
        self.plane.add(tau, &self.direction);
        clamp(&mut self.plane.w, task.signs);
        self.activations.iter_mut().zip(&self.slopes).for_each(|(a, slope)| *a += tau * slope);
        self.cost = cost;
        self.moves += 1;
        let norm = self.plane.norm();
        if self.moves >= REFRESH || !(SHORTEST_STRETCH..1.0 / SHORTEST_STRETCH).contains(&norm) {
            self.settle(task);
        }
    }
}

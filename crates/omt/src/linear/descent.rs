//! Local search for the weighted 0-1 loss of one neuron: exact line searches.
//!
//! Along a line w + tau v each activation changes sign once, at tau_i = -(w z_i) / (v z_i), so one sort finds the best
//! tau of all: O(m (dim + log m)). Lines run along the coordinates (moves of one weight or of the threshold), towards
//! points that are wrong, and at random; when none helps, the hyperplane is shaken and the walk starts again from
//! there (iterated local search). Li and Lin, Optimizing 0/1 loss for perceptrons by random coordinate descent, IJCNN
//! 2007, search lines likewise.

use super::geometry::Geometry;
use super::parameters::Parameters;
use super::task::Task;
use rand::{Rng, RngExt};

/// Strengths of shakes, relative to the length of w: any of these, since none is best everywhere. A parameter scales them.
const SHAKES: [f64; 3] = [0.02, 0.1, 0.4];

/// One walk. Everything is in the float units of the geometry, and costs are without the task's base.
pub struct Descent<'a> {
    geometry: &'a Geometry,
    task: &'a Task,
    w: Vec<f64>,
    activations: Vec<f64>,
    cost: u64,
    crossings: Vec<(f64, i64)>,
    slopes: Vec<f64>,
    /// Shakes in vain before it returns to the best hyperplane, and the factor of their strengths.
    patience: u32,
    shake: f64,
    /// Lines searched since the start.
    pub lines: u64,
}

impl<'a> Descent<'a> {
    /// Stands at w (length dim, not all zero).
    #[must_use]
    pub fn new(geometry: &'a Geometry, task: &'a Task, w: &[f64]) -> Self {
        let (activations, crossings, slopes) = (Vec::new(), Vec::new(), Vec::new());
        let Parameters { line_patience: patience, shake, .. } = Parameters::default();
        let mut descent =
            Self { geometry, task, w: vec![], activations, cost: 0, crossings, slopes, patience, shake, lines: 0 };
        descent.stand(w);
        descent
    }

    /// The same, as these parameters say.
    #[must_use]
    pub fn conducted(self, parameters: &Parameters) -> Self {
        Self { patience: parameters.line_patience, shake: parameters.shake, ..self }
    }

    /// A place to start: the weighted sum of the points wanted to fire less that of the others (length dim).
    #[must_use]
    pub fn mean_difference(geometry: &Geometry, task: &Task) -> Vec<f64> {
        let signed = |i: usize| if task.wanted[i] { task.weight[i] as f64 } else { -(task.weight[i] as f64) };
        (0..geometry.dim()).map(|r| geometry.column(r).iter().enumerate().map(|(i, z)| signed(i) * z).sum()).collect()
    }

    /// The hyperplane stood at (length dim).
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.w
    }

    /// Its cost as floats see it.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.cost
    }

    fn stand(&mut self, w: &[f64]) {
        self.w = w.to_vec();
        let norm = self.w.iter().map(|w| w * w).sum::<f64>().sqrt();
        if norm > 0.0 {
            self.w.iter_mut().for_each(|w| *w /= norm);
        }
        self.geometry.activations(&self.w, &mut self.activations);
        self.cost = self.task.cost(|i| self.activations[i] >= 0.0);
    }

    /// Walks for at least `lines` line searches, unless nothing is wrong any more or `stop` says so (asked at each), and stays
    /// at the best hyperplane met.
    pub fn walk(&mut self, lines: u64, rng: &mut impl Rng, stop: &dyn Fn() -> bool) {
        let (end, dim) = (self.lines + lines, self.geometry.dim());
        if dim == 0 || self.geometry.is_empty() {
            self.lines = end;
            return;
        }
        let (mut best, mut best_cost, mut vain) = (self.w.clone(), self.cost, 0);
        while self.lines < end && best_cost > 0 && !stop() {
            while self.round(rng, stop) && self.lines < end {}
            if self.cost < best_cost {
                (best, best_cost, vain) = (self.w.clone(), self.cost, 0);
            } else {
                vain += 1;
            }
            let from = if vain % self.patience == 0 { best.clone() } else { self.w.clone() };
            let strength = self.shake * SHAKES[rng.random_range(0..SHAKES.len())];
            let kicked: Vec<f64> = from.iter().map(|w| w + strength * rng.random_range(-1.0..1.0)).collect();
            self.stand(&kicked);
        }
        self.stand(&best);
    }

    /// Searches one line of each kind a coordinate; whether any of them helped.
    fn round(&mut self, rng: &mut impl Rng, stop: &dyn Fn() -> bool) -> bool {
        let (before, dim) = (self.cost, self.geometry.dim());
        let mut direction = vec![0.0; dim];
        for r in 0..dim {
            if stop() {
                return false;
            }
            direction.fill(0.0);
            direction[r] = 1.0;
            self.line(&direction);
        }
        for _ in 0..dim {
            if stop() {
                return false;
            }
            let i = rng.random_range(0..self.geometry.len());
            if (self.activations[i] >= 0.0) != self.task.wanted[i] {
                (0..dim).for_each(|r| direction[r] = self.geometry.at(r, i));
            } else {
                direction.iter_mut().for_each(|v| *v = rng.random_range(-1.0..1.0));
            }
            self.line(&direction);
        }
        self.cost < before
    }

    /// Moves to the middle of the cheapest stretch of the line, if that is no dearer than here.
    fn line(&mut self, direction: &[f64]) {
        self.lines += 1;
        let mut slopes = std::mem::take(&mut self.slopes);
        self.geometry.activations(direction, &mut slopes);
        // At tau = -infinity a point with a positive slope rests.
        let mut cost = 0_i64;
        self.crossings.clear();
        for (i, (&slope, &a)) in slopes.iter().zip(&self.activations).enumerate() {
            let weight = self.task.weight[i] as i64;
            if weight == 0 {
                continue;
            }
            let fires_first = if slope == 0.0 { a >= 0.0 } else { slope < 0.0 };
            let wrong_first = fires_first != self.task.wanted[i];
            cost += if wrong_first { weight } else { 0 };
            if slope != 0.0 {
                self.crossings.push((-a / slope, if wrong_first { -weight } else { weight }));
            }
        }
        self.crossings.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(tau) = best_stretch(&self.crossings, cost, self.cost as i64) {
            for (w, v) in self.w.iter_mut().zip(direction) {
                *w += tau * v;
            }
            let w = std::mem::take(&mut self.w);
            self.stand(&w);
        }
        self.slopes = slopes;
    }
}

/// The middle of the cheapest stretch between crossings (tau, change of cost) sorted by tau, when the leftmost stretch
/// costs `cost`, if it costs at most `here` and is not the one around zero. Of equals, the longest bounded one.
fn best_stretch(crossings: &[(f64, i64)], mut cost: i64, here: i64) -> Option<f64> {
    let (first, last) = (crossings.first()?.0, crossings.last()?.0);
    let (mut best, mut best_length, mut best_tau) = (here, 0.0, None);
    if cost < best {
        (best, best_tau) = (cost, Some(first - 1.0 - first.abs()));
    }
    for (at, &(tau, change)) in crossings.iter().enumerate() {
        cost += change;
        let (length, middle) = match crossings.get(at + 1) {
            Some(next) if next.0 > tau => (next.0 - tau, tau.midpoint(next.0)),
            Some(_) => continue,
            None => (0.0, last + 1.0 + last.abs()),
        };
        if cost < best || (cost == best && length > best_length) {
            (best, best_length, best_tau) = (cost, length, Some(middle));
        }
    }
    best_tau.filter(|tau| tau.is_finite())
}

#[cfg(test)]
mod tests {
    use super::best_stretch;

    #[test]
    fn the_cheapest_stretch_wins_and_of_equals_the_longest() {
        let crossings = [(-1.0, -1), (0.5, -2), (1.5, 1), (2.0, -1), (4.0, 3)];
        // costs: 5 | 4 | 2 | 3 | 2 | 5
        assert_eq!(best_stretch(&crossings, 5, 4), Some(3.0));
        assert_eq!(best_stretch(&crossings, 5, 1), None);
        assert_eq!(best_stretch(&[(1.0, 1)], 0, 1), Some(-1.0));
        assert_eq!(best_stretch(&[], 0, 1), None);
    }
}

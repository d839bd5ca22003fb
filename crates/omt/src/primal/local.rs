//! Iterated local search over patterns.

use crate::linear::{Descent, Geometry, Task};
use crate::theory::{self, Separation, Side};
use bdnn::{Layer, Network, Points, Problem, Scaler, Stop, WeightDomain};
use budget::checkpoint::{Unreadable, decode, encode};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Line searches for one neuron's response: at least so many, and two rounds of its walk (see [`Descent::walk`]).
const LINES: u64 = 24;
const ROUNDS: u64 = 2;
/// Line searches for a single neuron that has the whole task, and the most for each point.
const FIRST_LINES: u64 = 400;
const LINES_PER_POINT: u64 = 10;
/// Local optima in a row without a better one after which the walk returns to the best.
const PATIENCE: u32 = 12;

/// Widest hidden layer: later neurons are seen at all its patterns.
const WIDEST: usize = 10;

/// The values of a neuron at all patterns of the layer below: bit p.
type Table = Vec<u64>;

/// The hyperplanes of all neurons, in the units of their layer's geometry, and what they do.
#[derive(Clone, Serialize, Deserialize)]
struct State {
    /// Coefficients of neuron (k, j).
    planes: Vec<Vec<Vec<f64>>>,
    /// First layer: pattern of each point, bit j for neuron j.
    first: Vec<usize>,
    /// Later layers: `tables[k - 1][j]` for neuron (k, j).
    tables: Vec<Vec<Table>>,
    loss: u64,
}

/// A walk that remembers its best network.
pub(crate) struct LocalSearch<'a> {
    problem: &'a Problem,
    /// Geometry of the data, then of the patterns of each hidden layer.
    geometries: Vec<Arc<Geometry>>,
    state: State,
    best: State,
    vain: u32,
    rng: ChaCha8Rng,
    /// Line searches so far.
    pub(crate) lines: u64,
}

impl<'a> LocalSearch<'a> {
    /// Whether there is a walk for this problem (see the module).
    pub(crate) fn applies(problem: &Problem) -> bool {
        let architecture = &problem.architecture;
        let continuous = architecture.weights == WeightDomain::Continuous;
        let ideal = continuous && problem.epsilon.is_none() && problem.robust.is_none() && problem.partition.is_none();
        ideal && architecture.hidden.iter().all(|&d| d <= WIDEST)
    }

    /// A walk from random hyperplanes over these points; `None` where it does not apply (see the module).
    pub(crate) fn new(
        problem: &'a Problem,
        first_layer: &theory::Geometry,
        seed: u64,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let points = first_layer.points().filter(|_| Self::applies(problem))?;
        let architecture = &problem.architecture;
        let mut geometries = vec![points.clone()];
        for &d in &architecture.hidden {
            let rows: Vec<f64> =
                (0..1_usize << d).flat_map(|p| (0..d).map(move |j| if p >> j & 1 == 1 { 1.0 } else { 0.0 })).collect();
            let patterns = Points::merge(d, 2, &rows, &vec![0; 1 << d], Scaler::identity(d));
            geometries.push(Arc::new(Geometry::new(&patterns, architecture.bias)));
        }
        let widths = architecture.widths();
        let planes = (1..widths.len()).map(|k| vec![vec![0.0; geometries[k - 1].dim()]; widths[k]]).collect();
        let tables = (2..widths.len()).map(|k| vec![vec![0; (1 << widths[k - 1]) / 64 + 1]; widths[k]]).collect();
        let state = State { planes, first: vec![0; problem.points.len()], tables, loss: u64::MAX };
        let rng = ChaCha8Rng::seed_from_u64(seed);
        let mut search = Self { problem, geometries, best: state.clone(), state, vain: 0, rng, lines: 0 };
        for k in 0..widths.len() - 1 {
            (0..widths[k + 1]).filter(|_| !stop()).for_each(|j| search.throw(k, j));
        }
        search.state.loss = search.loss();
        search.best = search.state.clone();
        search.start_from_one_neuron(stop);
        Some(search)
    }

    /// What is written down of the walk.
    pub(crate) fn written(&self) -> Result<Vec<u8>, Unreadable> {
        encode(&(&self.state, &self.best, self.vain, &self.rng, self.lines))
    }

    /// Goes back to a state.
    pub(crate) fn restore(&mut self, state: &[u8]) -> Result<(), Unreadable> {
        (self.state, self.best, self.vain, self.rng, self.lines) = decode(state)?;
        Ok(())
    }

    /// With one hidden layer and one output: hands the whole task to the first hidden neuron, which the output repeats. If that is
    /// better than chance, the walk starts there.
    fn start_from_one_neuron(&mut self, stop: &Stop<'_>) {
        if self.state.planes.len() != 2 || self.problem.architecture.outputs() != 1 {
            return;
        }
        let costs = (0..self.state.first.len()).map(|i| (self.point_loss(i, 1), self.point_loss(i, 0)));
        let task = Task::new(costs);
        let geometry = &self.geometries[0];
        let mut descent = Descent::new(geometry, &task, &Descent::mean_difference(geometry, &task));
        descent.walk(
            FIRST_LINES.min(LINES_PER_POINT * task.len() as u64).max(ROUNDS * 2 * geometry.dim() as u64),
            &mut self.rng,
            stop,
        );
        self.lines += descent.lines;
        let plane = descent.weights().to_vec();
        self.place(0, 0, plane);
        // Fires at the patterns with the first neuron's bit, half-way between the others.
        let mut output = vec![0.0; self.geometries[1].dim()];
        output[0] = 1.0;
        self.place(1, 0, output);
        self.state.loss = self.loss();
        if self.state.loss <= self.best.loss {
            self.best = self.state.clone();
        }
    }

    /// Walks for about `lines` line searches, or until `stop` says so; true if the best loss fell.
    pub(crate) fn walk(&mut self, lines: u64, stop: &Stop<'_>) -> bool {
        let (before, end) = (self.best.loss, self.lines + lines);
        while self.lines < end && self.best.loss > 0 && !stop() {
            while self.sweep(end, stop) && self.lines < end {}
            if self.state.loss < self.best.loss {
                self.best = self.state.clone();
                self.vain = 0;
            } else {
                self.vain += 1;
            }
            if self.vain.is_multiple_of(PATIENCE) {
                self.state = self.best.clone();
            }
            let hidden = self.state.planes.len() - 1;
            let k = if hidden > 1 { self.rng.random_range(0..hidden) } else { 0 };
            let j = self.rng.random_range(0..self.state.planes[k].len());
            self.throw(k, j);
            self.state.loss = self.loss();
        }
        self.best.loss < before
    }

    /// The best loss, as floats see it.
    pub(crate) fn best_loss(&self) -> u64 {
        self.best.loss
    }

    /// Whether first-layer neuron j fires at point i in the best network.
    pub(crate) fn fires(&self, i: usize, j: usize) -> bool {
        self.best.first[i] >> j & 1 == 1
    }

    /// The best network as the walk has it: in scaled units, with rounded weights.
    pub(crate) fn network(&self) -> Network {
        let mut layers = Vec::with_capacity(self.geometries.len());
        for (geometry, planes) in self.geometries.iter().zip(&self.best.planes) {
            let (mut weights, mut biases) = (vec![], vec![]);
            for plane in planes {
                let (row, bias) = geometry.unscale(plane);
                weights.extend(row);
                biases.push(bias);
            }
            layers.push(Layer { inputs: weights.len() / planes.len(), outputs: planes.len(), weights, biases });
        }
        Network { layers }
    }

    /// The best network's assertions, one theory a neuron in the order of the layers.
    pub(crate) fn theories(&self, first_layer: &Arc<theory::Geometry>) -> Vec<Separation> {
        let widths = self.problem.architecture.widths();
        let mut theories = Vec::new();
        let mut patterns = self.best.first.clone();
        for k in 1..widths.len() {
            let geometry = if k == 1 {
                first_layer.clone()
            } else {
                let all: Vec<Vec<bool>> = (0..1_usize << widths[k - 1])
                    .map(|p| (0..widths[k - 1]).map(|j| p >> j & 1 == 1).collect())
                    .collect();
                Arc::new(theory::Geometry::patterns(widths[k - 1], &all, self.problem.architecture.bias, None))
            };
            let side = |fires: bool| if fires { Side::Fires } else { Side::Silent };
            let mut occurring = patterns.clone();
            occurring.sort_unstable();
            occurring.dedup();
            for j in 0..widths[k] {
                let mut neuron = Separation::new(geometry.clone());
                if k == 1 {
                    (0_u32..).zip(&patterns).for_each(|(i, p)| neuron.assert(i, side(p >> j & 1 == 1)));
                } else {
                    for &p in &occurring {
                        let site = u32::try_from(p).unwrap_or(u32::MAX);
                        neuron.assert(site, side(bit(&self.best.tables[k - 2][j], p)));
                    }
                }
                theories.push(neuron);
            }
            if k + 1 < widths.len() && k > 1 {
                patterns.iter_mut().for_each(|p| *p = image(&self.best.tables[k - 2], *p));
            }
        }
        theories
    }

    /// Replaces a neuron by a random hyperplane through a random place of the data.
    fn throw(&mut self, k: usize, j: usize) {
        let geometry = &self.geometries[k];
        let dim = geometry.dim();
        let mut plane: Vec<f64> = (0..dim).map(|_| self.rng.random_range(-1.0..1.0)).collect();
        if geometry.bias() && dim > 1 {
            let i = self.rng.random_range(0..geometry.len());
            plane[dim - 1] = -(0..dim - 1).map(|r| plane[r] * geometry.at(r, i)).sum::<f64>();
        }
        self.place(k, j, plane);
    }

    fn place(&mut self, k: usize, j: usize, plane: Vec<f64>) {
        let mut activations = Vec::new();
        self.geometries[k].activations(&plane, &mut activations);
        if k == 0 {
            for (p, a) in self.state.first.iter_mut().zip(&activations) {
                *p = *p & !(1 << j) | usize::from(*a >= 0.0) << j;
            }
        } else {
            let table = &mut self.state.tables[k - 1][j];
            table.fill(0);
            activations.iter().enumerate().for_each(|(p, a)| table[p / 64] |= u64::from(*a >= 0.0) << (p % 64));
        }
        self.state.planes[k][j] = plane;
    }

    /// The outputs when layer k (from 0) shows this pattern.
    fn outputs(&self, k: usize, mut pattern: usize) -> usize {
        for tables in &self.state.tables[k..] {
            pattern = image(tables, pattern);
        }
        pattern
    }

    fn point_loss(&self, i: usize, outputs: usize) -> u64 {
        let output: Vec<bool> = (0..self.problem.architecture.outputs()).map(|j| outputs >> j & 1 == 1).collect();
        self.problem.point_loss(i, &output)
    }

    fn loss(&self) -> u64 {
        (0..self.state.first.len()).map(|i| self.point_loss(i, self.outputs(0, self.state.first[i]))).sum()
    }

    /// Lets every neuron respond once, in random order, unless it is to end before; true if the loss fell.
    fn sweep(&mut self, end: u64, stop: &Stop<'_>) -> bool {
        let before = self.state.loss;
        let mut order: Vec<(usize, usize)> =
            (0..self.state.planes.len()).flat_map(|k| (0..self.state.planes[k].len()).map(move |j| (k, j))).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.rng.random_range(0..=at));
        }
        for (k, j) in order {
            if self.lines >= end || stop() {
                break;
            }
            self.respond(k, j, stop);
        }
        self.state.loss < before
    }

    fn respond(&mut self, k: usize, j: usize, stop: &Stop<'_>) {
        let sites = self.geometries[k].len();
        let mut costs = vec![(0_u64, 0_u64); sites];
        for i in 0..self.state.first.len() {
            let (site, shown) = if k == 0 {
                (i, self.state.first[i])
            } else {
                let below = self.state.tables[..k - 1].iter().fold(self.state.first[i], |p, t| image(t, p));
                (below, image(&self.state.tables[k - 1], below))
            };
            let fire = self.point_loss(i, self.outputs(k, shown | 1 << j));
            let rest = self.point_loss(i, self.outputs(k, shown & !(1 << j)));
            costs[site].0 += fire;
            costs[site].1 += rest;
        }
        let task = Task::new(costs);
        let plane = self.state.planes[k][j].clone();
        let mut descent = Descent::new(&self.geometries[k], &task, &plane);
        descent.walk(LINES.max(ROUNDS * 2 * self.geometries[k].dim() as u64), &mut self.rng, stop);
        // At least one, so that walks end where no neuron matters.
        self.lines += descent.lines.max(1);
        if descent.cost() + task.base <= self.state.loss {
            let (plane, loss) = (descent.weights().to_vec(), descent.cost() + task.base);
            self.place(k, j, plane);
            self.state.loss = loss;
        }
    }
}

fn bit(table: &Table, pattern: usize) -> bool {
    table[pattern / 64] >> (pattern % 64) & 1 == 1
}

fn image(tables: &[Table], pattern: usize) -> usize {
    tables.iter().enumerate().fold(0, |image, (j, table)| image | usize::from(bit(table, pattern)) << j)
}

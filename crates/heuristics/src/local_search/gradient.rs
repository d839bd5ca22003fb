//! A start by gradients: steps on the way forward, something smooth in their place on the way back.
//!
//! Every output is pushed to the right side of 0 with a margin of 1 (squared hinge loss), so that networks whose loss is
//! least also keep away from the points: among all networks of equal loss those are the ones that predict well. Gradients
//! pass the steps as if they were smooth (the straight-through estimator); whole weights are rounded on the way forward
//! and keep their fractions behind it. An epoch costs O(m * weights) in single precision.
//!
//! No transcendental function is called, so the walk is the same on every machine.
//!
//! References: Bengio, Leonard and Courville, Estimating or propagating gradients through stochastic neurons for
//! conditional computation, arXiv 1308.3432 (2013); Hubara, Courbariaux, Soudry, El-Yaniv and Bengio, Binarized neural
//! networks, NIPS 2016 (rounded weights); Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015.

use super::arena::Arena;
use super::descent::Plane;
use super::parameters::Parameters;
use crate::tolerances::{ADAM_SMALL, LARGEST_FACTOR, WEIGHT_GRID};
use bdnn::WeightDomain;
use budget::Pace;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Points that tell how large pre-activations are: enough for a factor that the next steps correct.
const SAMPLE: usize = 256;

/// Weights between two questions whether to go on, at most.
const AT_ONCE: usize = 1 << 18;

/// How Adam steps, in single precision: decays of the means of gradients and of their squares, and the share of a weight that a step of
/// length 1 takes away.
#[derive(Clone, Copy)]
struct Adam {
    decays: [f32; 2],
    weight_decay: f32,
}

impl Adam {
    fn of(parameters: &Parameters) -> Self {
        let Parameters { gradient_decay, square_decay, weight_decay, .. } = *parameters;
        Self { decays: [gradient_decay as f32, square_decay as f32], weight_decay: weight_decay as f32 }
    }
}

/// The weights of a layer with what Adam knows of them. Matrices by inputs: weight of input `r` in neuron `j` at
/// `r * outputs + j`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Layer {
    inputs: usize,
    outputs: usize,
    /// Pre-activation = unit * sum + bias: 1 for real weights; whole ones make large sums.
    unit: f32,
    /// Weights, with their fractions, then biases.
    values: Vec<f32>,
    /// What the forward pass uses: `values`, or the nearest whole weights.
    used: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

/// A network that learns by gradients.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Learner {
    layers: Vec<Layer>,
    weights: WeightDomain,
    bias: bool,
    order: Vec<u32>,
    /// Epochs done and planned.
    epochs: usize,
    planned: usize,
    /// Powers of the decays so far.
    powers: [f32; 2],
    /// By layer: pre-activations, what the loss asks of them, and the neurons that fire.
    activations: Vec<Vec<f32>>,
    deltas: Vec<Vec<f32>>,
    firing: Vec<Vec<u32>>,
}

impl Layer {
    fn new(inputs: usize, outputs: usize, weights: WeightDomain) -> Self {
        let size = (inputs + 1) * outputs;
        let unit = match weights {
            WeightDomain::Continuous => 1.0,
            WeightDomain::Integer(bound) => 1.0 / (bound as f32 * (inputs as f32).sqrt()),
        };
        let zeros = || vec![0.0; size];
        Self {
            inputs,
            outputs,
            unit,
            values: zeros(),
            used: zeros(),
            gradient: zeros(),
            first: zeros(),
            second: zeros(),
        }
    }

    /// The weights of input `r`, one a neuron.
    fn of_input(&self, r: usize) -> &[f32] {
        &self.used[r * self.outputs..(r + 1) * self.outputs]
    }

    fn biases(&self) -> std::ops::Range<usize> {
        self.inputs * self.outputs..(self.inputs + 1) * self.outputs
    }

    /// Rounds whole weights, all of them unless `pace` ends that before.
    fn round(&mut self, weights: WeightDomain, pace: &mut Pace<'_>) {
        let biases = self.biases();
        for part in parts(0..biases.start) {
            if pace.spend(part.len()) {
                return;
            }
            let (used, values) = (&mut self.used[part.clone()], &mut self.values[part]);
            if let WeightDomain::Integer(bound) = weights {
                let bound = bound as f32;
                for (used, value) in used.iter_mut().zip(values) {
                    *value = value.clamp(-bound, bound);
                    *used = value.round();
                }
            } else {
                used.copy_from_slice(values);
            }
        }
        self.used[biases.clone()].copy_from_slice(&self.values[biases]);
    }

    /// One step of Adam with `rate`, of all weights unless `pace` ends it before; `scale` makes means of the sums in `gradient`.
    fn step(&mut self, adam: Adam, rate: f32, scale: f32, powers: [f32; 2], bias: bool, pace: &mut Pace<'_>) {
        let Adam { decays, weight_decay } = adam;
        let correction = [1.0 / (1.0 - powers[0]), 1.0 / (1.0 - powers[1])];
        let count = if bias { self.values.len() } else { self.biases().start };
        for part in parts(0..count) {
            if pace.spend(part.len()) {
                return;
            }
            let moments = self.first[part.clone()].iter_mut().zip(&mut self.second[part.clone()]);
            let weights = self.values[part.clone()].iter_mut().zip(&self.gradient[part]);
            for ((value, gradient), (first, second)) in weights.zip(moments) {
                let gradient = gradient * scale;
                *first += (1.0 - decays[0]) * (gradient - *first);
                *second += (1.0 - decays[1]) * (gradient * gradient - *second);
                let direction = *first * correction[0] / ((*second * correction[1]).sqrt() + ADAM_SMALL);
                *value -= rate * (direction + weight_decay * *value);
            }
        }
    }

    /// Forgets the gradient of the last batch.
    fn clear(&mut self, pace: &mut Pace<'_>) {
        for part in parts(0..self.gradient.len()).take_while(|part| !pace.spend(part.len())) {
            self.gradient[part].fill(0.0);
        }
    }
}

/// A range in parts of `AT_ONCE`.
fn parts(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(AT_ONCE).map(move |first| first..end.min(first + AT_ONCE))
}

/// Inputs of a layer whose weights are read between two questions.
fn inputs_at_once(outputs: usize) -> usize {
    (AT_ONCE / outputs.max(1)).max(1)
}

impl Learner {
    /// Random neurons whose planes pass near random points; once `stop` says so, through the origin.
    pub(super) fn new(arena: &Arena<'_>, rng: &mut impl Rng, stop: &dyn Fn() -> bool) -> Self {
        let architecture = &arena.problem.architecture;
        let widths = architecture.widths();
        let points = arena.rows.len();
        let layers: Vec<Layer> =
            widths.windows(2).map(|pair| Layer::new(pair[0], pair[1], architecture.weights)).collect();
        let room = || layers.iter().map(|layer| vec![0.0; layer.outputs]).collect::<Vec<_>>();
        let Parameters { gradient_steps, batch, least_epochs, most_epochs, .. } = arena.parameters;
        let mut learner = Self {
            activations: room(),
            deltas: room(),
            firing: vec![vec![]; layers.len()],
            weights: architecture.weights,
            bias: architecture.bias,
            order: (0..points as u32).collect(),
            epochs: 0,
            planned: (gradient_steps.saturating_mul(batch) / points.max(1)).max(least_epochs).min(most_epochs),
            powers: [1.0; 2],
            layers,
        };
        for k in 0..learner.layers.len() {
            learner.begin(arena, k, rng, stop);
        }
        learner
    }

    fn begin(&mut self, arena: &Arena<'_>, k: usize, rng: &mut impl Rng, stop: &dyn Fn() -> bool) {
        let mut ask = stop;
        let pace = &mut Pace::new(&mut ask);
        let layer = &mut self.layers[k];
        // Features that never vary tell nothing: their weights stay 0.
        let varies = |r: usize| k > 0 || arena.rows.varies(r);
        let size = match self.weights {
            WeightDomain::Continuous => (3.0 / layer.inputs as f32).sqrt(),
            WeightDomain::Integer(bound) => bound as f32,
        };
        for r in (0..layer.inputs).filter(|&r| varies(r)) {
            if pace.spend(layer.outputs) {
                break;
            }
            for value in &mut layer.values[r * layer.outputs..(r + 1) * layer.outputs] {
                *value = size * rng.random_range(-1.0_f32..1.0);
            }
        }
        layer.round(self.weights, pace);
        if !self.bias {
            return;
        }
        for j in 0..self.layers[k].outputs {
            if stop() {
                break;
            }
            let row = arena.rows.row(rng.random_range(0..arena.rows.len()));
            self.forward(row, k, pace);
            let sum = match k {
                0 => row.iter().enumerate().map(|(r, &x)| x * self.layers[k].of_input(r)[j]).sum(),
                _ => self.firing[k - 1].iter().map(|&r| self.layers[k].of_input(r as usize)[j]).sum::<f32>(),
            };
            let layer = &mut self.layers[k];
            let at = layer.biases().start + j;
            layer.values[at] = -layer.unit * sum;
        }
        self.layers[k].round(self.weights, pace);
    }

    /// Begins at these planes instead, with the pre-activations of every neuron brought to a mean square of 1, and
    /// takes a share of the plan as done.
    pub(super) fn resume(&mut self, arena: &Arena<'_>, planes: &[Vec<Plane>], pace: &mut Pace<'_>) {
        for (k, planes) in planes.iter().enumerate() {
            let layer = &mut self.layers[k];
            let biases = layer.biases();
            for (j, plane) in planes.iter().enumerate() {
                if pace.spend(plane.w.len()) {
                    return;
                }
                for (r, &w) in plane.w.iter().enumerate() {
                    layer.values[r * layer.outputs + j] = w as f32;
                }
                layer.values[biases.start + j] = layer.unit * plane.bias as f32;
            }
            layer.round(self.weights, pace);
            if self.weights == WeightDomain::Continuous {
                self.rescale(arena, k, pace);
            }
        }
        self.epochs = (arena.parameters.resumed as f32 * self.planned as f32) as usize;
    }

    /// Brings the pre-activations of layer `k` to a mean square of 1.
    fn rescale(&mut self, arena: &Arena<'_>, k: usize, pace: &mut Pace<'_>) {
        let mut squares = vec![0.0_f32; self.layers[k].outputs];
        let stride = arena.rows.len().div_ceil(SAMPLE);
        let mut count = 0.0;
        for i in (0..arena.rows.len()).step_by(stride) {
            self.forward(arena.rows.row(i), k + 1, pace);
            squares.iter_mut().zip(&self.activations[k]).for_each(|(sum, a)| *sum += a * a);
            count += 1.0;
        }
        let factors: Vec<f32> = squares.iter().map(|sum| (count / sum.max(f32::MIN_POSITIVE)).sqrt()).collect();
        let layer = &mut self.layers[k];
        for of_input in layer.values.chunks_exact_mut(layer.outputs) {
            if pace.spend(factors.len()) {
                return;
            }
            let sound = |factor: f32| if factor < LARGEST_FACTOR { factor } else { 1.0 };
            of_input.iter_mut().zip(&factors).for_each(|(value, &factor)| *value *= sound(factor));
        }
        layer.round(self.weights, pace);
    }

    /// The part of the plan that is left, from 1 to 0.
    fn left(&self) -> f32 {
        1.0 - self.epochs as f32 / self.planned as f32
    }

    /// Whether all planned epochs are done.
    pub(super) fn done(&self) -> bool {
        self.epochs >= self.planned
    }

    /// Whether it is in its first epoch, or just after.
    pub(super) fn fresh(&self) -> bool {
        self.epochs <= 1
    }

    /// What an epoch costs in touched sites: every neuron at every point, forwards, backwards and in the update.
    pub(super) fn cost(&self) -> u64 {
        let neurons: usize = self.layers.iter().map(|layer| layer.outputs).sum();
        3 * (self.order.len() * neurons) as u64
    }

    /// Shows all points once, in random order.
    pub(super) fn epoch(&mut self, arena: &Arena<'_>, rng: &mut impl Rng, stop: &dyn Fn() -> bool) {
        // In units of weights; it falls to 0 in a straight line.
        let rate = arena.parameters.learning_rate as f32 * self.left();
        let adam = Adam::of(&arena.parameters);
        let mut order = std::mem::take(&mut self.order);
        for at in (1..order.len()).rev() {
            order.swap(at, rng.random_range(0..=at));
        }
        let mut ask = stop;
        let pace = &mut Pace::new(&mut ask);
        for batch in order.chunks(arena.parameters.batch) {
            if pace.over() || stop() {
                break;
            }
            self.layers.iter_mut().for_each(|layer| layer.clear(pace));
            let mut rows = 0.0;
            for &i in batch {
                let row = arena.rows.row(i as usize);
                self.forward(row, self.layers.len(), pace);
                rows += self.ask(arena, i as usize);
                self.backward(row, pace);
            }
            if pace.over() {
                break;
            }
            self.powers.iter_mut().zip(adam.decays).for_each(|(power, decay)| *power *= decay);
            for layer in &mut self.layers {
                layer.step(adam, rate, 1.0 / rows, self.powers, self.bias, pace);
                layer.round(self.weights, pace);
            }
        }
        self.order = order;
        self.epochs += 1;
    }

    /// Pre-activations of the first `count` layers at a point; what they are once `pace` is over does not matter.
    fn forward(&mut self, row: &[f32], count: usize, pace: &mut Pace<'_>) {
        for (k, layer) in self.layers.iter().enumerate().take(count) {
            let sums = &mut self.activations[k];
            sums.fill(0.0);
            if k == 0 {
                for (r, &x) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                    sums.iter_mut().zip(layer.of_input(r)).for_each(|(sum, w)| *sum += x * w);
                }
            } else {
                for inputs in self.firing[k - 1].chunks(inputs_at_once(layer.outputs)) {
                    if pace.spend(inputs.len() * layer.outputs) {
                        return;
                    }
                    for &r in inputs {
                        sums.iter_mut().zip(layer.of_input(r as usize)).for_each(|(sum, w)| *sum += w);
                    }
                }
            }
            let biases = &layer.used[layer.biases()];
            sums.iter_mut().zip(biases).for_each(|(sum, bias)| *sum = layer.unit * *sum + bias);
            let firing = &mut self.firing[k];
            firing.clear();
            firing.extend((0..).zip(&*sums).filter(|(_, a)| **a >= 0.0).map(|(j, _)| j));
        }
    }

    /// What the loss asks of the outputs at point `i`; returns its number of rows.
    fn ask(&mut self, arena: &Arena<'_>, i: usize) -> f32 {
        let (Some(activations), Some(deltas)) = (self.activations.last(), self.deltas.last_mut()) else { return 0.0 };
        let mut rows = 0.0;
        for (l, (a, delta)) in activations.iter().zip(deltas).enumerate() {
            let (fires, rests) = arena.labels.wishes(l, i);
            *delta = rests as f32 * (1.0 + a).max(0.0) - fires as f32 * (1.0 - a).max(0.0);
            rows = (fires + rests) as f32;
        }
        rows
    }

    /// Adds the gradient of the point just shown; it is of no use once `pace` is over.
    fn backward(&mut self, row: &[f32], pace: &mut Pace<'_>) {
        for k in (0..self.layers.len()).rev() {
            let layer = &mut self.layers[k];
            let (below, deltas) = self.deltas.split_at_mut(k);
            let deltas = &deltas[0];
            if deltas.iter().all(|&delta| delta == 0.0) {
                return;
            }
            let (outputs, unit) = (layer.outputs, layer.unit);
            let biases = layer.biases();
            let (weights, biases) = layer.gradient.split_at_mut(biases.start);
            biases.iter_mut().zip(deltas).for_each(|(gradient, delta)| *gradient += delta);
            let mut add = |r: usize, x: f32| {
                let of_input = &mut weights[r * outputs..(r + 1) * outputs];
                of_input.iter_mut().zip(deltas).for_each(|(gradient, delta)| *gradient += x * delta);
            };
            if k == 0 {
                row.iter().enumerate().filter(|(_, x)| **x != 0.0).for_each(|(r, &x)| add(r, unit * x));
                return;
            }
            let at_once = inputs_at_once(outputs);
            for inputs in self.firing[k - 1].chunks(at_once) {
                if pace.spend(inputs.len() * outputs) {
                    return;
                }
                inputs.iter().for_each(|&r| add(r as usize, unit));
            }
            for (r, (asked, &a)) in below[k - 1].iter_mut().zip(&self.activations[k - 1]).enumerate() {
                if r.is_multiple_of(at_once) && pace.spend(at_once * outputs) {
                    return;
                }
                let sum: f32 = layer.of_input(r).iter().zip(deltas).map(|(w, delta)| w * delta).sum();
                *asked = unit * sum * slope(a);
            }
        }
    }

    /// The neurons as planes in working units; `None` if `pace` ends that before. Later real weights are put on their grid; outputs share a
    /// scale, since the larger pre-activation wins where several of them fire.
    pub(super) fn planes(&self, pace: &mut Pace<'_>) -> Option<Vec<Vec<Plane>>> {
        let last = self.layers.len() - 1;
        let mut all = Vec::with_capacity(self.layers.len());
        for (k, layer) in self.layers.iter().enumerate() {
            let size = |plane: &Plane| plane.w.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
            let mut plane = |j: usize| {
                (!pace.spend(FAR * layer.inputs)).then(|| Plane {
                    w: (0..layer.inputs).map(|r| f64::from(layer.used[r * layer.outputs + j])).collect(),
                    bias: f64::from(layer.used[layer.biases().start + j]) / f64::from(layer.unit),
                })
            };
            let mut planes = (0..layer.outputs).map(&mut plane).collect::<Option<Vec<Plane>>>()?;
            if self.weights == WeightDomain::Continuous && k > 0 {
                let largest = planes.iter().map(size).fold(0.0_f64, f64::max);
                for plane in &mut planes {
                    (!pace.spend(plane.w.len())).then_some(())?;
                    let factor = if k == last { largest } else { size(plane) };
                    if factor > 0.0 && factor.is_finite() {
                        let on_grid = |w: f64| (w / factor / WEIGHT_GRID).round() * WEIGHT_GRID;
                        plane.w.iter_mut().for_each(|w| *w = on_grid(*w));
                        plane.bias /= factor;
                    }
                }
            }
            all.push(planes);
        }
        Some(all)
    }
}

/// What it costs to read a weight that stands far from the last one, in products.
const FAR: usize = 8;

/// What stands for the slope of the step on the way back.
fn slope(a: f32) -> f32 {
    1.0 / (1.0 + 4.0 * a * a)
}

#[cfg(test)]
mod tests {
    use super::super::state::State;
    use super::*;
    use bdnn::{Architecture, Loss, Points, Problem, Scaler};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// Points of the square, those of a diagonal strip against the rest.
    fn strip(hidden: &[usize], weights: WeightDomain) -> Problem {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let rows: Vec<f64> = (0..160).map(|_| random.random_range(-1.0..1.0)).collect();
        let labels: Vec<usize> = rows.chunks(2).map(|p| usize::from((p[0] + p[1]).abs() < 0.5)).collect();
        let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
        let architecture = Architecture { inputs: 2, hidden: hidden.to_vec(), classes: 2, bias: true, weights };
        Problem::new(points, architecture, Loss::ZeroOne)
    }

    fn loss(arena: &Arena<'_>, planes: &[Vec<Plane>]) -> u64 {
        let mut state = State::zero(&arena.problem.architecture, arena.problem.points.len(), &arena.labels);
        assert!(state.set(planes, &arena.inputs, &arena.labels, &mut Pace::new(&mut || false)));
        state.loss
    }

    fn planes_of(learner: &Learner) -> Vec<Vec<Plane>> {
        learner.planes(&mut Pace::new(&mut || false)).expect("nothing says stop")
    }

    fn learned(arena: &Arena<'_>) -> Learner {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut learner = Learner::new(arena, &mut rng, &|| false);
        while !learner.done() {
            learner.epoch(arena, &mut rng, &|| false);
        }
        learner
    }

    /// On so few points whole weights learn less in the steps they get: responses do
    /// the rest.
    #[test]
    fn strips_are_learned_with_any_weights_and_depth() {
        for (hidden, weights, most) in [
            (&[8][..], WeightDomain::Continuous, 2),
            (&[8, 8], WeightDomain::Continuous, 4),
            (&[8], WeightDomain::Integer(1), 24),
        ] {
            let problem = strip(hidden, weights);
            let arena = Arena::new(&problem, Parameters::default(), &|| false).expect("nothing says stop");
            let planes = planes_of(&learned(&arena));
            let loss = loss(&arena, &planes);
            let inside = (0..80).filter(|&i| problem.points.counts(i)[1] > 0).count() as u64;
            assert!(loss <= most && most < inside.min(80 - inside), "{hidden:?} {weights:?}: {loss} of {inside} wrong");
            assert!(planes[1..].iter().flatten().flat_map(|plane| &plane.w).all(|w| w.abs() <= 1.0));
            let whole = |plane: &Plane| plane.w.iter().all(|w| w.fract() == 0.0);
            assert_eq!(planes.iter().flatten().all(whole), weights != WeightDomain::Continuous);
        }
    }

    /// However wide a network is, a wish to stop is heard before its next neuron begins.
    #[test]
    fn a_wish_to_stop_is_heard_at_every_neuron() {
        for hidden in [&[5000][..], &[40, 5000]] {
            let problem = strip(hidden, WeightDomain::Continuous);
            let arena = Arena::new(&problem, Parameters::default(), &|| false).expect("nothing says stop");
            for patience in [0, 1, 7] {
                let asked = std::cell::Cell::new(0);
                let stop = || asked.replace(asked.get() + 1) >= patience;
                let learner = Learner::new(&arena, &mut ChaCha8Rng::seed_from_u64(3), &stop);
                // Once more by each layer.
                assert_eq!(asked.get(), patience + learner.layers.len());
                let begun = learner.layers[0].values[learner.layers[0].biases()].iter().filter(|b| **b != 0.0).count();
                assert!(begun <= patience, "{begun} of {patience}");
            }
        }
    }

    /// A network that goes on learning is at first the one that was handed over.
    #[test]
    fn going_on_begins_where_it_should() {
        for weights in [WeightDomain::Continuous, WeightDomain::Integer(2)] {
            let problem = strip(&[6], weights);
            let arena = Arena::new(&problem, Parameters::default(), &|| false).expect("nothing says stop");
            let planes = planes_of(&learned(&arena));
            let mut other = Learner::new(&arena, &mut ChaCha8Rng::seed_from_u64(2), &|| false);
            other.resume(&arena, &planes, &mut Pace::new(&mut || false));
            assert!(!other.done() && other.epochs > 0);
            let (before, after) = (loss(&arena, &planes), loss(&arena, &planes_of(&other)));
            assert!(before.abs_diff(after) <= 1, "{weights:?}: {before} became {after}");
        }
    }
}

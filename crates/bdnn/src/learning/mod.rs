//! Networks without hidden layers by smooth optimisation: in milliseconds where outputs can be had without error, and a good
//! place to begin from where they cannot.
//!
//! Entry point: [`start`]. Every engine tries it first: data that a neuron separates are done with before any simplex. Each
//! output learns by itself, one class against the rest. `hinge` minimises the squared hinge loss by Newton's method with
//! conjugate gradients, so that nothing is stored but vectors, be points many or features; with less and less regularisation while the errors
//! fall, which ends at a separating neuron where there is one with some room. Where there is none, points far on the wrong
//! side are given up by and by (a ramp in place of the hinge, made narrower in stages): that comes close to the least
//! number of errors, which the hinge, drawn by outliers, does not.
//!
//! Nothing here is a claim: the network is a guess of floats, and [`crate::exact::check`] has the last word. The same seedless
//! steps are taken on every machine and with every number of threads.
//!
//! References: Keerthi and DeCoste, A modified finite Newton method for fast solution of large scale linear SVMs, JMLR 6
//! (2005); Collobert, Sinz, Weston and Bottou, Trading convexity for scalability, ICML 2006.

mod hinge;
mod rows;
#[cfg(test)]
mod tests;

use crate::exact::reach;
use crate::{Layer, Network, Problem, Request, SearchRow, Training, WeightDomain, exact};
use ::budget::Instant;
use hinge::Hinge;
use rows::Rows;

/// What an engine begins with.
#[derive(Clone, Debug)]
pub enum Start {
    /// No network can do better: the run is over.
    Over(Training),
    /// A network that satisfies the problem, and its exact loss.
    Network(Network, u64),
    /// The problem is not of the kind that is learned here, or what was learned does not satisfy it.
    Nothing,
}

/// Without hidden layers, the network of [`network`], recounted. Limits and listener of the request end the learning, and the listener hears of
/// a network that no other beats; its start does not count.
///
/// # Panics
/// As [`network`].
#[must_use]
pub fn start(request: Request<'_>) -> Start {
    let Request { problem, limits, progress, .. } = request;
    let began = Instant::now();
    let stop = || progress.should_stop() || began.elapsed().as_secs_f64() >= limits.time;
    let plain = problem.architecture.hidden.is_empty();
    let Some(network) = plain.then(|| network(problem, &stop)).flatten() else { return Start::Nothing };
    let Ok(loss) = exact::check(problem, &network) else { return Start::Nothing };
    let free = problem.l0 == 0.0 && problem.l1 == 0.0;
    if !free || loss > problem.floor() {
        return Start::Network(network, loss);
    }
    let training = Training::at_floor(network, loss, began.elapsed().as_secs_f64());
    if let Some(network) = &training.network {
        let Training { objective, bound, .. } = training;
        progress.incumbent(network, objective);
        let seconds = training.statistics.seconds;
        progress.row(&SearchRow { source: 'H', bound, incumbent: Some(objective), seconds, ..SearchRow::default() });
    }
    Start::Over(training)
}

/// What single neurons can do, and so no network should miss: a neuron an output, in the first layer, whose activations the later layers
/// hand on. `None` for whole weights and parts of data, and where the layers are too narrow or have no biases to hand on with. With a
/// margin or balls there is room for them if that can be. `stop` is asked between passes over the points; then what there is comes
/// back. Cost: at most a few hundred passes of O(m n) an output, far fewer where outputs are easy.
///
/// # Panics
/// If [`Problem::check`] refuses the problem.
#[must_use]
pub fn network(problem: &Problem, stop: &dyn Fn() -> bool) -> Option<Network> {
    let architecture = &problem.architecture;
    let (widths, outputs) = (architecture.widths(), architecture.outputs());
    let hidden = &architecture.hidden;
    if hidden.iter().any(|&width| width < outputs) || !(hidden.is_empty() || architecture.bias) {
        return None;
    }
    let first = neurons(problem, stop)?;
    let mut layers = vec![];
    for (k, width) in widths.windows(2).enumerate() {
        let mut layer = Layer::zeros(width[0], width[1]);
        for j in 0..outputs {
            let inputs = j * width[0]..(j + 1) * width[0];
            if k == 0 {
                layer.weights[inputs].copy_from_slice(first.neuron(j));
                layer.biases[j] = first.biases[j];
            } else {
                layer.weights[inputs][j] = 1.0;
                layer.biases[j] = -0.5;
            }
        }
        layers.push(layer);
    }
    Some(Network { layers })
}

/// One learned neuron an output over the features; `None` for whole weights and parts.
fn neurons(problem: &Problem, stop: &dyn Fn() -> bool) -> Option<Layer> {
    let architecture = &problem.architecture;
    if architecture.weights != WeightDomain::Continuous || problem.partition.is_some() {
        return None;
    }
    let (inputs, outputs) = (architecture.inputs, architecture.outputs());
    let rows = Rows::new(&problem.points, architecture.bias);
    let wishes = Wishes::new(problem);
    let mut layer = Layer::zeros(inputs, outputs);
    for output in 0..outputs {
        // The first one learns something in any case: there may be no other.
        if output > 0 && stop() {
            break;
        }
        let wants = wishes.of(output);
        let (weights, bias) = rows.form(&Hinge::new(&rows, &wants).learn(stop));
        layer.weights[output * inputs..(output + 1) * inputs].copy_from_slice(&weights);
        layer.biases[output] = if architecture.bias { bias } else { 0.0 };
    }
    if problem.epsilon.is_some() || problem.robust.is_some() {
        make_room(&wishes, &mut layer, stop);
    } else {
        fill_box(&mut layer);
    }
    Some(layer)
}

/// What rows want of outputs.
struct Wishes<'a> {
    problem: &'a Problem,
    /// Rows of each point.
    rows: Vec<f64>,
}

impl<'a> Wishes<'a> {
    /// Cost O(m C).
    fn new(problem: &'a Problem) -> Self {
        let points = &problem.points;
        let rows = |i: usize| points.counts(i).iter().map(|&count| u64::from(count)).sum::<u64>() as f64;
        Self { problem, rows: (0..points.len()).map(rows).collect() }
    }

    /// By point, how many rows more want the output to fire than to rest. Cost O(m).
    fn of(&self, output: usize) -> Vec<f32> {
        let class = if self.problem.architecture.outputs() == 1 { 1 } else { output };
        let points = &self.problem.points;
        let want = |(i, rows): (usize, &f64)| (2.0 * f64::from(points.counts(i)[class]) - rows) as f32;
        self.rows.iter().enumerate().map(want).collect()
    }
}

/// Multiplies all weights and biases by one power of two, which rounds nothing, so that the largest weight is in (1/2, 1]:
/// outputs keep their proportions, since the larger pre-activation decides between several that fire.
fn fill_box(layer: &mut Layer) {
    let largest = layer.weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    if largest > 0.0 && largest.is_finite() {
        let factor = (-largest.log2().ceil()).exp2();
        layer.weights.iter_mut().chain(&mut layer.biases).for_each(|v| *v = (*v * factor).clamp(-f64::MAX, f64::MAX));
    }
}

/// Makes weights as large as they may be, which is what widens a margin, and puts every bias into the middle of the gap; once `stop` says
/// so, the neurons that are left stay as they are. Cost O(m n) an output.
fn make_room(wishes: &Wishes<'_>, layer: &mut Layer, stop: &dyn Fn() -> bool) {
    let problem = wishes.problem;
    let points = &problem.points;
    for output in 0..layer.outputs {
        let weights = &mut layer.weights[output * layer.inputs..(output + 1) * layer.inputs];
        let largest = weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        if largest <= 0.0 || !largest.is_finite() {
            continue;
        }
        if output > 0 && stop() {
            return;
        }
        weights.iter_mut().for_each(|w| *w /= largest);
        if !problem.architecture.bias {
            continue;
        }
        let wants = wishes.of(output);
        let (mut fires, mut rests) = (f64::INFINITY, f64::NEG_INFINITY);
        for (i, &want) in wants.iter().enumerate() {
            let a: f64 = weights.iter().zip(points.scaled(i)).map(|(w, x)| w * x).sum();
            if want > 0.0 {
                fires = fires.min(a);
            } else {
                rests = rests.max(a);
            }
        }
        // One side may be empty.
        let reach = problem.robust.map_or(0.0, |robust| reach(robust.radius, robust.norm, weights).to_f64());
        let room = reach + problem.epsilon.unwrap_or(0.0);
        let (fires, rests) = (fires.min(f64::MAX), rests.max(-f64::MAX));
        let (fires, rests) = match (fires < f64::MAX, rests > -f64::MAX) {
            (true, true) => (fires, rests),
            (true, false) => (fires, fires - 2.0 * room),
            (false, _) => (rests + 2.0 * room, rests),
        };
        layer.biases[output] = -(0.5 * (fires + rests) + 0.5 * problem.epsilon.unwrap_or(0.0));
    }
}

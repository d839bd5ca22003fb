//! Networks that differ only by names: rows that keep one of each, and the map onto that one.
//!
//! **Permutations.** Exchanging two neurons of a hidden layer (rows of W^k and b^k, columns of W^(k+1)) changes nothing
//! else, so the neurons may be asked to stand in lexicographically falling order of their activations on the first few
//! parts. Layers permute independently.
//!
//! **Complements** (with biases). W' = -W, b' = -b - epsilon turns a into a' = -a - epsilon: a >= 0 becomes
//! a' <= -epsilon and a <= -epsilon becomes a' >= 0, so firing and resting are exchanged *with their margin*, and with
//! the reach of a ball too (a - rho >= 0 <=> a' + rho <= -epsilon). The next layer takes W_l for -W_l and b + W_l for b,
//! which leaves its pre-activations alone. Magnitudes of weights do not change, so regularisation does not. The biases
//! stay within their bounds, which hold for every non-constant neuron (see `bounds`) and for b = 0 <-> b = -epsilon. So
//! every hidden neuron may be asked to fire on the first part. Without biases there is no complement: at the origin
//! every neuron fires.
//!
//! Both choices go together: complement first, then sort.

use super::structure::{LayerVars, Structure};
use crate::tolerances::ORDER_POINTS;
use bdnn::{Layer, Network, Threshold};
use milp::Model;
use std::ops::Range;

/// The part on which hidden neurons with biases fire.
const ANCHOR: usize = 0;

/// The parts that order the neurons.
fn order_parts(parts: usize, bias: bool) -> Range<usize> {
    let first = usize::from(bias);
    first.min(parts)..parts.min(first + ORDER_POINTS)
}

/// Adds the bounds and rows to a model.
pub(super) fn add(model: &mut Model, structure: &Structure, bias: bool) {
    let hidden = structure.layers.len().saturating_sub(1);
    let order = order_parts(structure.parts, bias);
    for (k, layer) in structure.layers[..hidden].iter().enumerate() {
        if bias {
            for j in 0..layer.outputs {
                model.variables[layer.activation(ANCHOR, j).index()].lower = 1.0;
            }
        }
        if order.is_empty() {
            continue;
        }
        for j in 1..layer.outputs {
            add_order(model, layer, (k, j), order.clone());
        }
    }
}

/// Adds the rows where the output is this function of hidden neurons. Complements make it nondecreasing and are used up, so only neurons that it
/// does not tell apart may be exchanged.
pub(super) fn add_within(model: &mut Model, structure: &Structure, function: &Threshold) {
    let order = order_parts(structure.parts, false);
    for j in (1..function.inputs()).filter(|&j| function.symmetric(j - 1, j)) {
        add_order(model, &structure.layers[0], (0, j), order.clone());
    }
}

/// Neuron `j` of layer `k` does not stand before its neighbour on these parts.
fn add_order(model: &mut Model, layer: &LayerVars, (k, j): (usize, usize), order: Range<usize>) {
    let digit = |p: usize| f64::from(1_u32 << (order.end - 1 - p));
    let terms =
        order.clone().flat_map(|p| [(layer.activation(p, j - 1), digit(p)), (layer.activation(p, j), -digit(p))]);
    model.add_row(format!("order_{}_{}", k + 1, j - 1), 0.0, f64::INFINITY, terms.collect::<Vec<_>>());
}

/// The network that stands for `network` under these rows. `activations[p][k]` are those of part p, and change along.
pub(super) fn canonical(network: &mut Network, activations: &mut [Vec<Vec<bool>>], epsilon: f64, bias: bool) {
    for k in 0..network.layers.len() - 1 {
        let (before, after) = network.layers.split_at_mut(k + 1);
        let (layer, next) = (&mut before[k], &mut after[0]);
        if bias {
            for j in (0..layer.outputs).filter(|&j| !activations[ANCHOR][k][j]) {
                complement(layer, next, j, epsilon);
            }
            let flip: Vec<bool> = activations[ANCHOR][k].iter().map(|&fires| !fires).collect();
            for pattern in activations.iter_mut() {
                pattern[k].iter_mut().zip(&flip).for_each(|(fires, &flip)| *fires ^= flip);
            }
        }
        let column = |j: usize| order_parts(activations.len(), bias).map(|p| activations[p][k][j]).collect::<Vec<_>>();
        let mut order: Vec<usize> = (0..layer.outputs).collect();
        order.sort_by_key(|&j| std::cmp::Reverse(column(j)));
        permute(layer, next, &order);
        for pattern in activations.iter_mut() {
            pattern[k] = order.iter().map(|&j| pattern[k][j]).collect();
        }
    }
}

/// Exchanges firing and resting of neuron `j` of `layer`.
fn complement(layer: &mut Layer, next: &mut Layer, j: usize, epsilon: f64) {
    let range = j * layer.inputs..(j + 1) * layer.inputs;
    // Adding 0.0 keeps zeros positive.
    layer.weights[range].iter_mut().for_each(|w| *w = 0.0 - *w);
    layer.biases[j] = -layer.biases[j] - epsilon;
    for i in 0..next.outputs {
        let w = &mut next.weights[i * next.inputs + j];
        next.biases[i] += *w;
        *w = 0.0 - *w;
    }
}

/// Puts neuron `order[j]` of `layer` at place j.
fn permute(layer: &mut Layer, next: &mut Layer, order: &[usize]) {
    let old = layer.clone();
    for (j, &from) in order.iter().enumerate() {
        layer.weights[j * old.inputs..(j + 1) * old.inputs].copy_from_slice(old.neuron(from));
        layer.biases[j] = old.biases[from];
    }
    for row in next.weights.chunks_mut(next.inputs) {
        let old = row.to_vec();
        for (w, &from) in row.iter_mut().zip(order) {
            *w = old[from];
        }
    }
}

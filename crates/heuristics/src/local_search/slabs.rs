//! A start for wide layers: one hyperplane, and pairs of parallel ones around the points it gets wrong.
//!
//! A plane through n points in general position contains no other, so two neurons whose planes stand close on either
//! side of it tell these n points from all others: where the first fires and the second does not. With the base neuron
//! that makes fewest errors, slabs of missed points added and slabs of false alarms taken away, the output
//!
//! base + sum (slabs of misses) - sum (slabs of false alarms) >= 1/2
//!
//! is right everywhere after 2 ceil(misses / n) + 2 ceil(false alarms / n) + 1 hidden neurons (Baum, On the capabilities
//! of multilayer perceptrons, J. Complexity 4 (1988), theorem 1). A slab here is as wide as points of its own kind
//! allow, so it often takes more than n. Outputs share hidden neurons: those that a function of the neurons made for
//! earlier outputs gets right need none of their own. Later hidden layers hand the outputs on.

use super::arena::Arena;
use super::bits::Bits;
use super::descent::{Descent, Plane, Task};
use super::labels::Labels;
use super::orthogonal::Basis;
use crate::tolerances::NARROWEST_GAP;
use bdnn::Stop;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Hidden neurons with what they do, and outputs as signed sums of them.
struct Builder<'a, 'b> {
    arena: &'a Arena<'b>,
    rng: &'a mut ChaCha8Rng,
    hidden: Vec<Plane>,
    room: usize,
}

/// An output that fires where the sum of `terms` (hidden neuron, sign) is positive.
struct Output {
    terms: Vec<(usize, f64)>,
}

/// Whether this start makes sense: not without hidden layer or biases, not where planes are not free, nor where a hidden
/// layer is narrower than the outputs.
pub(super) fn fits(arena: &Arena<'_>) -> bool {
    let architecture = &arena.problem.architecture;
    let narrow = architecture.hidden.iter().any(|&width| width < architecture.outputs());
    arena.rules[0].plain() && arena.rules[0].free() && architecture.bias && !narrow && !architecture.hidden.is_empty()
}

/// The planes of such a network, or of as much of it as there is room for. `None` where [`fits`] says so.
pub(super) fn network(arena: &Arena<'_>, rng: &mut ChaCha8Rng, stop: &Stop<'_>) -> Option<Vec<Vec<Plane>>> {
    let architecture = &arena.problem.architecture;
    let outputs = architecture.outputs();
    let room = *architecture.hidden.first().filter(|_| fits(arena))?;
    let mut builder = Builder { arena, rng, hidden: vec![], room };
    let made: Vec<Output> = (0..outputs).map(|l| builder.output(l, outputs - l - 1, stop)).collect();
    let dim = architecture.inputs;
    builder.hidden.resize(room, Plane { w: vec![0.0; dim], bias: -1.0 });
    let mut layers = vec![builder.hidden];
    let sum = |width: usize, terms: &[(usize, f64)]| {
        let mut w = vec![0.0; width];
        terms.iter().for_each(|&(j, sign)| w[j] = sign);
        Plane { w, bias: -0.5 }
    };
    let widths = architecture.widths();
    for k in 2..widths.len() {
        let plane = |l: usize| match made.get(l) {
            Some(output) if k == 2 => sum(widths[1], &output.terms),
            Some(_) => sum(widths[k - 1], &[(l, 1.0)]),
            None => sum(widths[k - 1], &[]),
        };
        layers.push((0..widths[k]).map(plane).collect());
    }
    Some(layers)
}

impl Builder<'_, '_> {
    /// Makes output `l`, leaving room for the bases of `others` more.
    fn output(&mut self, l: usize, others: usize, stop: &Stop<'_>) -> Output {
        let (columns, parameters) = (&self.arena.inputs.columns, &self.arena.parameters);
        let saves: Vec<i32> = (0..columns.len).map(|i| wish(&self.arena.labels, l, i)).collect();
        let task =
            Task { columns, metric: &self.arena.inputs.metric, saves: &saves, bias: true, signs: &[], parameters };
        let mut descent = Descent::default();
        descent.stand(task, &mean_difference(task));
        descent.walk(task, parameters.base_searches, self.rng, stop);
        let mut fires = Bits::zeros(columns.len);
        fires.fill(|i| descent.activations()[i] >= 0.0);
        self.hidden.push(descent.place().0.clone());
        let mut output = Output { terms: vec![(self.hidden.len() - 1, 1.0)] };
        // The sum of the output's terms, point by point: right where it is positive exactly if wanted.
        let mut sums: Vec<i32> = (0..columns.len).map(|i| i32::from(fires.get(i))).collect();
        let mut failures = 0;
        while self.hidden.len() + 2 + others <= self.room && failures < parameters.vain_slabs && !stop() {
            let wrong: Vec<usize> = (0..sums.len()).filter(|&i| is_wrong(saves[i], sums[i])).collect();
            if wrong.is_empty() {
                break;
            }
            // The kind there is more of.
            let missed = 2 * wrong.iter().filter(|&&i| saves[i] > 0).count() >= wrong.len();
            match self.best_slab(&saves, &wrong, missed, stop) {
                Some(slab) => {
                    failures = 0;
                    let sign = if missed { 1 } else { -1 };
                    slab.inside.iter().for_each(|&i| sums[i as usize] += sign);
                    let sign = f64::from(sign);
                    output.terms.extend([(self.hidden.len(), sign), (self.hidden.len() + 1, -sign)]);
                    self.hidden.extend([slab.lower, slab.upper]);
                }
                None => failures += 1,
            }
        }
        output
    }

    /// The slab of missed points (or of false alarms) that takes most of them.
    fn best_slab(&mut self, saves: &[i32], wrong: &[usize], missed: bool, stop: &Stop<'_>) -> Option<Slab> {
        let kind: Vec<usize> = wrong.iter().copied().filter(|&i| (saves[i] > 0) == missed).collect();
        // Points with a feature in common may lie in one hyperplane with many others: then fewer of them make a better one.
        let most = kind.len().min(self.arena.inputs.columns.dim);
        let sizes: Vec<usize> = std::iter::successors(Some(most), |size| size.checked_sub(1 + (most - size)))
            .filter(|&size| size > 0)
            .collect();
        let groups = self.arena.parameters.slab_groups;
        let mut slab = |size: &usize| if stop() { None } else { self.slab(saves, &kind, missed, *size) };
        let slabs = (0..groups).filter_map(|_| sizes.iter().find_map(&mut slab));
        slabs.max_by_key(|slab| slab.taken)
    }

    /// A slab around a plane through `size` random points of `kind`.
    fn slab(&mut self, saves: &[i32], kind: &[usize], missed: bool, size: usize) -> Option<Slab> {
        let columns = &self.arena.inputs.columns;
        let dim = columns.dim;
        let mut group = kind.to_vec();
        let mut basis = Basis::default();
        basis.clear(dim + 1);
        for at in 0..size {
            let pick = self.rng.random_range(at..group.len());
            group.swap(at, pick);
            let i = group[at];
            basis.add((0..dim).map(|r| columns.column(r)[i]).chain([1.0]));
        }
        let mut normal: Vec<f64> = (0..=dim).map(|_| self.rng.random_range(-1.0..1.0)).collect();
        basis.project_out(&mut normal);
        let bias = normal.pop()?;
        let mut values = Vec::new();
        columns.combine(&normal, bias, &mut values);
        // As wide as the points of the other kind allow.
        let opposed = |i: &usize| saves[*i] != 0 && (saves[*i] > 0) != missed;
        let mut room = (f64::NEG_INFINITY, f64::INFINITY);
        for i in (0..values.len()).filter(opposed) {
            if values[i] <= 0.0 {
                room.0 = room.0.max(values[i]);
            } else {
                room.1 = room.1.min(values[i]);
            }
        }
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        let mut inside = vec![];
        for (i, &value) in values.iter().enumerate() {
            if value > room.0 && value < room.1 {
                inside.push(i as u32);
                (low, high) = (low.min(value), high.max(value));
            }
        }
        let taken = kind.iter().filter(|&&i| values[i] > room.0 && values[i] < room.1).count();
        // Rounding must not move a point across.
        let least = NARROWEST_GAP * (normal.iter().map(|v| v.abs()).sum::<f64>() + bias.abs());
        if taken == 0 || low - room.0 <= least || room.1 - high <= least {
            return None;
        }
        let (below, above) = (middle(room.0, low), middle(high, room.1));
        let plane = |value: f64| Plane { w: normal.clone(), bias: bias - value };
        Some(Slab { lower: plane(below), upper: plane(above), inside, taken })
    }
}

struct Slab {
    lower: Plane,
    upper: Plane,
    /// The points between the planes.
    inside: Vec<u32>,
    /// How many of them are wrong without it.
    taken: usize,
}

/// What it saves that output `l` fires at point `i`. With a joint loss, the class that most rows carry.
fn wish(labels: &Labels, l: usize, i: usize) -> i32 {
    if labels.joint() { labels.joint_wish(l, i) } else { labels.saves(l, i) }
}

fn is_wrong(saves: i32, sum: i32) -> bool {
    (saves > 0 && sum <= 0) || (saves < 0 && sum > 0)
}

/// The middle of two values, one of them maybe infinite.
fn middle(low: f64, high: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => low.midpoint(high),
        (true, false) => low + 1.0,
        (false, true) => high - 1.0,
        (false, false) => 0.0,
    }
}

/// The difference of the sums over points that want to fire and that do not, in the metric: Fisher's direction.
fn mean_difference(task: Task<'_>) -> Plane {
    let mut w: Vec<f64> = (0..task.columns.dim)
        .map(|r| task.columns.column(r).iter().zip(task.saves).map(|(x, &saves)| x * f64::from(saves)).sum())
        .collect();
    task.metric.precondition(&mut w);
    Plane { w, bias: 0.0 }
}

//! A network with the activations of all its neurons at all points, kept up to date neuron by neuron.

use super::bits::Bits;
use super::columns::{Columns, Inputs, SITES_AT_ONCE};
use super::descent::Plane;
use super::labels::Labels;
use bdnn::Architecture;
use budget::Pace;
use serde::{Deserialize, Serialize};

/// Looks at neurons that cost as much as touching a site once.
const LOOKS_A_SITE: usize = 8;

/// One layer. First-layer neurons are in the working units of [`Inputs`]; those of later layers see 0 and 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LayerState {
    pub(super) planes: Vec<Plane>,
    /// Later layers: w'h of every neuron at every point, exact for weights on the grid (see
    /// [`crate::tolerances::WEIGHT_GRID`]), which all are but those of a start from elsewhere.
    sums: Vec<Vec<f64>>,
    pub(super) fires: Vec<Bits>,
}

/// The network, its activations and its loss.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) layers: Vec<LayerState>,
    pub(super) loss: u64,
    points: usize,
}

impl State {
    /// The network whose neurons are all 0 (so all fire).
    pub(super) fn zero(architecture: &Architecture, points: usize, labels: &Labels) -> Self {
        let widths = architecture.widths();
        let mut fires = Bits::zeros(points);
        fires.fill(|_| true);
        let layer = |k: usize| LayerState {
            // Each made anew: memory that the system hands out is 0, and is there only when it is written to.
            planes: (0..widths[k + 1]).map(|_| Plane { w: vec![0.0; widths[k]], bias: 0.0 }).collect(),
            sums: if k == 0 { vec![] } else { vec![vec![0.0; points]; widths[k + 1]] },
            fires: vec![fires.clone(); widths[k + 1]],
        };
        let mut state = Self { layers: (0..widths.len() - 1).map(layer).collect(), loss: u64::MAX, points };
        state.loss = labels.loss(state.outputs());
        state
    }

    /// All planes, layer by layer.
    pub(super) fn planes(&self) -> Vec<Vec<Plane>> {
        self.layers.iter().map(|layer| layer.planes.clone()).collect()
    }

    /// Copies all planes; false if `pace` ended that before.
    pub(super) fn copy_to(&self, planes: &mut Vec<Vec<Plane>>, pace: &mut Pace<'_>) -> bool {
        planes.resize_with(self.layers.len(), Vec::new);
        self.layers.iter().zip(planes).all(|(layer, planes)| copy(&layer.planes, planes, pace))
    }

    /// Takes other planes and evaluates them everywhere; false if `pace` ended that before, and then the network is of no more use. Cost O(m
    /// * weights); the data are read once.
    pub(super) fn set(&mut self, planes: &[Vec<Plane>], inputs: &Inputs, labels: &Labels, pace: &mut Pace<'_>) -> bool {
        let mut activations = [0.0; SITES_AT_ONCE];
        for (k, planes) in planes.iter().enumerate() {
            let (below, layer) = self.layers.split_at_mut(k);
            let layer = &mut layer[0];
            if !copy(planes, &mut layer.planes, pace) {
                return false;
            }
            if k == 0 {
                for first in (0..self.points).step_by(SITES_AT_ONCE) {
                    let end = self.points.min(first + SITES_AT_ONCE);
                    let activations = &mut activations[..end - first];
                    for (plane, fires) in planes.iter().zip(&mut layer.fires) {
                        if pace.spend(plane.w.len() * activations.len()) {
                            return false;
                        }
                        inputs.columns.combine_from(first, &plane.w, plane.bias, activations);
                        fires.fill_within(first..end, |i| activations[i - first] >= 0.0);
                    }
                }
                continue;
            }
            for (j, plane) in planes.iter().enumerate() {
                let sums = &mut layer.sums[j];
                sums.fill(0.0);
                if pace.spend(plane.w.len() * self.points) {
                    return false;
                }
                for (w, fires) in plane.w.iter().zip(&below[k - 1].fires) {
                    if *w != 0.0 {
                        fires.ones().for_each(|i| sums[i] += w);
                    }
                }
                layer.fires[j].fill(|i| sums[i] + plane.bias >= 0.0);
            }
        }
        self.loss = labels.loss(self.outputs());
        true
    }

    /// Replaces neuron `j` of layer `k`, which now fires at `fires`; `sums` are its w'h (later layers). Everything
    /// above follows.
    pub(super) fn place(
        &mut self,
        (k, j): (usize, usize),
        plane: &Plane,
        mut fires: Bits,
        sums: Option<Vec<f64>>,
        labels: &Labels,
    ) {
        let layer = &mut self.layers[k];
        layer.planes[j].clone_from(plane);
        if let Some(sums) = sums {
            layer.sums[j] = sums;
        }
        layer.fires[j].exchange(&mut fires);
        let mut changed = vec![(j, fires)];
        for above in k + 1..self.layers.len() {
            changed.retain(|(_, bits)| !bits.is_empty());
            if changed.is_empty() {
                return;
            }
            changed = self.follow(above, &changed);
        }
        self.loss = labels.loss(self.outputs());
    }

    /// Brings layer `k` up to date after the given changes of the layer below, and returns its own.
    fn follow(&mut self, k: usize, changed: &[(usize, Bits)]) -> Vec<(usize, Bits)> {
        let points = self.points;
        let (below, layer) = self.layers.split_at_mut(k);
        let (below, layer) = (&below[k - 1], &mut layer[0]);
        let mut own = Vec::new();
        for (l, plane) in layer.planes.iter().enumerate() {
            let sums = &mut layer.sums[l];
            let mut touched = false;
            for (j, bits) in changed {
                let w = plane.w[*j];
                if w != 0.0 {
                    touched = true;
                    bits.ones().for_each(|i| sums[i] += if below.fires[*j].get(i) { w } else { -w });
                }
            }
            if touched {
                let mut fires = Bits::zeros(points);
                fires.fill(|i| sums[i] + plane.bias >= 0.0);
                layer.fires[l].exchange(&mut fires);
                own.push((l, fires));
            }
        }
        own
    }

    /// m.
    pub(super) fn points(&self) -> usize {
        self.points
    }

    /// The activations of the output layer.
    pub(super) fn outputs(&self) -> &[Bits] {
        self.layers.last().map_or(&[], |layer| &layer.fires)
    }

    /// What it saves at each point that neuron `j` of layer `k` fires, all others as they are (length m).
    pub(super) fn saves(&self, k: usize, j: usize, labels: &Labels, saves: &mut Vec<i32>) {
        saves.clear();
        saves.resize(self.points, 0);
        let last = self.layers.len() - 1;
        if labels.joint() || k + 1 < last {
            let mut flipped = vec![vec![]; self.layers.len()];
            for (i, saves) in saves.iter_mut().enumerate() {
                let cost = self.cost_of_flip(k, j, i, labels, &mut flipped);
                *saves = if self.layers[k].fires[j].get(i) { cost } else { -cost };
            }
        } else if k == last {
            saves.iter_mut().enumerate().for_each(|(i, saves)| *saves = labels.saves(j, i));
        } else {
            self.saves_below_outputs(j, labels, saves);
        }
    }

    /// What [`Self::saves`] costs in touched sites: below further hidden layers, every neuron of the next one is looked at.
    pub(super) fn cost_of_saves(&self, k: usize, labels: &Labels) -> u64 {
        let last = self.layers.len() - 1;
        let followed = if labels.joint() || k + 1 < last { self.layers.get(k + 1) } else { None };
        let looks = followed.map_or(0, |layer| layer.planes.len() / LOOKS_A_SITE);
        (self.points * (1 + looks)) as u64
    }

    /// The last hidden layer, outputs that cost each by itself.
    fn saves_below_outputs(&self, j: usize, labels: &Labels, saves: &mut [i32]) {
        let [.., hidden, outputs] = &self.layers[..] else { return };
        for (l, plane) in outputs.planes.iter().enumerate() {
            let w = plane.w[j];
            if w == 0.0 {
                continue;
            }
            for (i, (saves, sum)) in saves.iter_mut().zip(&outputs.sums[l]).enumerate() {
                let rest = if hidden.fires[j].get(i) { sum - w } else { *sum };
                // Firing can only push the output in the direction of w.
                let (without, with) = (rest + plane.bias >= 0.0, rest + w + plane.bias >= 0.0);
                if with != without {
                    let gain = labels.saves(l, i);
                    *saves = Labels::together(i64::from(*saves) + i64::from(if with { gain } else { -gain }));
                }
            }
        }
    }

    /// What point `i` costs more when neuron `j` of layer `k` changes its mind there. `flipped` has a list a layer.
    fn cost_of_flip(&self, k: usize, j: usize, i: usize, labels: &Labels, flipped: &mut [Vec<usize>]) -> i32 {
        flipped[k].clear();
        flipped[k].push(j);
        for above in k + 1..self.layers.len() {
            let (done, now) = flipped.split_at_mut(above);
            let (causes, now) = (&done[above - 1], &mut now[0]);
            let (below, layer) = (&self.layers[above - 1], &self.layers[above]);
            now.clear();
            for (l, plane) in layer.planes.iter().enumerate() {
                let change = |&c: &usize| if below.fires[c].get(i) { -plane.w[c] } else { plane.w[c] };
                let change: f64 = causes.iter().map(change).sum();
                if change != 0.0 && (layer.sums[l][i] + change + plane.bias >= 0.0) != layer.fires[l].get(i) {
                    now.push(l);
                }
            }
            if now.is_empty() {
                return 0;
            }
        }
        let last = self.layers.len() - 1;
        let outputs = &self.layers[last].fires;
        let flipped = &flipped[last];
        if !labels.joint() {
            let cost = |&l: &usize| if outputs[l].get(i) { labels.saves(l, i) } else { -labels.saves(l, i) };
            return Labels::together(flipped.iter().map(|l| i64::from(cost(l))).sum());
        }
        let (mut firing, mut sum) = (0, 0);
        for (l, _) in outputs.iter().enumerate().filter(|(_, bits)| bits.get(i)) {
            (firing, sum) = (firing + 1, sum + l);
        }
        let before = labels.joint_cost(i, firing, sum);
        for &l in flipped {
            if outputs[l].get(i) {
                (firing, sum) = (firing - 1, sum - l);
            } else {
                (firing, sum) = (firing + 1, sum + l);
            }
        }
        labels.joint_cost(i, firing, sum) - before
    }
}

/// Makes `to` the planes `from`, in the room that is there; false if `pace` ended that before.
fn copy(from: &[Plane], to: &mut Vec<Plane>, pace: &mut Pace<'_>) -> bool {
    to.resize_with(from.len(), || Plane { w: vec![], bias: 0.0 });
    from.iter().zip(to).all(|(from, to)| {
        to.w.clone_from(&from.w);
        to.bias = from.bias;
        !pace.spend(from.w.len())
    })
}

/// The distinct inputs of a later layer: 0/1 vectors, each with the points that show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    /// One site a distinct pattern.
    pub(super) columns: Columns,
    /// The site of each point.
    pub(super) site_of: Vec<u32>,
    keys: Vec<(u64, u32)>,
}

impl Patterns {
    /// Reads the patterns that a hidden layer shows. Cost O(m (d + log m)).
    pub(super) fn read(&mut self, fires: &[Bits], points: usize) {
        // Layer widths beyond 64 are folded in word by word: sites of equal prefixes are told apart by the next word.
        self.site_of.clear();
        self.site_of.resize(points, 0);
        let mut first: Vec<u32> = Vec::new();
        for chunk in fires.chunks(32) {
            self.keys.clear();
            for i in 0..points {
                let bits = chunk.iter().enumerate().fold(0_u64, |key, (j, bits)| key | u64::from(bits.get(i)) << j);
                self.keys.push((u64::from(self.site_of[i]) << 32 | bits, i as u32));
            }
            self.keys.sort_unstable();
            first.clear();
            let mut last = None;
            for &(key, i) in &self.keys {
                if last != Some(key) {
                    first.push(i);
                    last = Some(key);
                }
                self.site_of[i as usize] = (first.len() - 1) as u32;
            }
        }
        (self.columns.len, self.columns.dim) = (first.len(), fires.len());
        self.columns.values.clear();
        for bits in fires {
            self.columns.values.extend(first.iter().map(|&i| f64::from(u8::from(bits.get(i as usize)))));
        }
    }

    /// Sums what points save over their sites.
    pub(super) fn collect(&self, of_points: &[i32], of_sites: &mut Vec<i32>) {
        of_sites.clear();
        of_sites.resize(self.columns.len, 0);
        for (saves, &site) in of_points.iter().zip(&self.site_of) {
            let sum = &mut of_sites[site as usize];
            *sum = Labels::together(i64::from(*sum) + i64::from(*saves));
        }
    }
}

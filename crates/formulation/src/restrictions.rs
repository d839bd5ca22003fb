//! Columns and rows of what weights must keep to, and the signs that are left to them once the binaries are fixed.
//!
//! **Directions.** A neuron *rises* if some path of non-zero weights leads from a feature with a direction to it with the sign asked for, and
//! *falls* if one does against it. Binaries r_kj and f_kj of hidden neurons say so at least, and the output does not fall. With s the
//! sign of the direction, and x = w of the weight from input l to neuron j, |w| <= B:
//!
//! first layer: s w <= B r_j and -s w <= B f_j; later layers: w > 0 hands on r_l and f_l as they are, w < 0 exchanged,
//!
//! ```text
//! w <= B (1 - r_l + r_j),   -w <= B (1 - r_l + f_j),   w <= B (1 - f_l + f_j),   -w <= B (1 - f_l + r_j),
//! ```
//!
//! where of the output f = 0 and r = 1, which leaves the second and the third. Without hidden layers they are bounds on the weights.
//!
//! **Features.** A binary v_l a feature with |w_1jl| <= B v_l for every neuron, and sum v <= K.

use super::structure::{RestrictionVars, Structure};
use bdnn::restrictions::{self, Trend};
use bdnn::separation::Sign;
use bdnn::{Network, Problem};
use milp::{Model, VarId, VarKind};

const INFINITY: f64 = f64::INFINITY;

/// Adds columns and rows, after all others but those that break symmetries. Where the output is a fixed function, it rises with every
/// hidden neuron, so that these are to follow the features themselves.
pub(super) fn add(model: &mut Model, structure: &Structure, problem: &Problem, fixed_output: bool) -> RestrictionVars {
    let mut vars = RestrictionVars::default();
    let bound = problem.architecture.weights.bound();
    if !problem.restrictions.monotone.is_empty() {
        if fixed_output || structure.layers.len() == 1 {
            signed_weights(model, structure, problem);
        } else {
            directions(model, structure, problem, bound, &mut vars);
        }
    }
    if let Some(most) = problem.restrictions.fewer_features(problem.architecture.inputs) {
        let first = &structure.layers[0];
        vars.features = (0..first.inputs).map(|l| binary(model, format!("v_{l}"))).collect();
        for j in 0..first.outputs {
            for (l, &v) in vars.features.iter().enumerate() {
                let w = first.weights[j * first.inputs + l];
                model.add_row(format!("used_hi_{j}_{l}"), 0.0, INFINITY, [(v, bound), (w, -1.0)]);
                model.add_row(format!("used_lo_{j}_{l}"), 0.0, INFINITY, [(v, bound), (w, 1.0)]);
            }
        }
        let terms: Vec<(VarId, f64)> = vars.features.iter().map(|&v| (v, 1.0)).collect();
        model.add_row("features", -INFINITY, most as f64, terms);
    }
    vars
}

fn binary(model: &mut Model, name: String) -> VarId {
    model.add_var(name, 0.0, 1.0, 0.0, VarKind::Integer)
}

/// Every neuron of the first layer follows the features.
fn signed_weights(model: &mut Model, structure: &Structure, problem: &Problem) {
    let first = &structure.layers[0];
    for monotone in &problem.restrictions.monotone {
        for j in 0..first.outputs {
            let w = &mut model.variables[first.weights[j * first.inputs + monotone.feature].index()];
            let side = if monotone.direction.sign() > 0.0 { &mut w.lower } else { &mut w.upper };
            *side = 0.0;
        }
    }
}

fn directions(model: &mut Model, structure: &Structure, problem: &Problem, bound: f64, vars: &mut RestrictionVars) {
    let hidden = &structure.layers[..structure.layers.len() - 1];
    for (k, layer) in hidden.iter().enumerate() {
        let name = k + 1;
        let pair = |model: &mut Model, j: usize| {
            [binary(model, format!("rise_{name}_{j}")), binary(model, format!("fall_{name}_{j}"))]
        };
        vars.trends.push((0..layer.outputs).map(|j| pair(model, j)).collect());
    }
    let first = &hidden[0];
    for (j, &[rise, fall]) in vars.trends[0].iter().enumerate() {
        for monotone in &problem.restrictions.monotone {
            let (l, s) = (monotone.feature, monotone.direction.sign());
            let w = first.weights[j * first.inputs + l];
            model.add_row(format!("rises_1_{j}_{l}"), 0.0, INFINITY, [(rise, bound), (w, -s)]);
            model.add_row(format!("falls_1_{j}_{l}"), 0.0, INFINITY, [(fall, bound), (w, s)]);
        }
    }
    for (k, layer) in structure.layers.iter().enumerate().skip(1) {
        let name = k + 1;
        for j in 0..layer.outputs {
            let own = vars.trends.get(k).map(|trends| trends[j]);
            for (l, &[rise, fall]) in vars.trends[k - 1].iter().enumerate() {
                let w = layer.weights[j * layer.inputs + l];
                // sign w <= bound (1 - from + to); to = 0 where there is none.
                let mut hand_on = |what: &str, sign: f64, from: VarId, to: Option<VarId>| {
                    let mut terms = vec![(w, -sign), (from, -bound)];
                    terms.extend(to.map(|to| (to, bound)));
                    model.add_row(format!("{what}_{name}_{j}_{l}"), -bound, INFINITY, terms);
                };
                if let Some([rises, _]) = own {
                    hand_on("rise_rise", 1.0, rise, Some(rises));
                    hand_on("fall_rise", -1.0, fall, Some(rises));
                }
                hand_on("rise_fall", -1.0, rise, own.map(|[_, falls]| falls));
                hand_on("fall_fall", 1.0, fall, own.map(|[_, falls]| falls));
            }
        }
    }
}

impl RestrictionVars {
    /// Puts the binaries of `network` into a point.
    pub(super) fn set(&self, problem: &Problem, network: &Network, point: &mut [f64]) {
        let number = |is: bool| f64::from(u8::from(is));
        for (vars, trends) in self.trends.iter().zip(problem.restrictions.trends(network)) {
            for ([rise, fall], trend) in vars.iter().zip(trends) {
                point[rise.index()] = number(trend.rises);
                point[fall.index()] = number(trend.falls);
            }
        }
        if !self.features.is_empty() {
            restrictions::used_features(&network.layers[0])
                .into_iter()
                .for_each(|l| point[self.features[l].index()] = 1.0);
        }
    }

    /// The trends of hidden neurons that a solution's binaries allow.
    pub(super) fn trends(&self, solution: &[f64]) -> Vec<Vec<Trend>> {
        let is = |var: VarId| solution[var.index()] > 0.5;
        let of_layer = |layer: &Vec<[VarId; 2]>| {
            layer.iter().map(|&[rise, fall]| Trend { rises: is(rise), falls: is(fall) }).collect()
        };
        self.trends.iter().map(of_layer).collect()
    }

    /// The features that a solution's binaries allow; empty for all.
    pub(super) fn features(&self, solution: &[f64]) -> Vec<bool> {
        self.features.iter().map(|v| solution[v.index()] > 0.5).collect()
    }
}

/// The signs left to the weights of each layer, row by row, where hidden neurons have these trends and these features may be used (empty for
/// all). Without restrictions all are free.
pub(super) fn signs(problem: &Problem, trends: &[Vec<Trend>], features: &[bool]) -> Vec<Vec<Sign>> {
    let widths = problem.architecture.widths();
    let directed = !problem.restrictions.monotone.is_empty();
    let directions = problem.restrictions.directions(problem.architecture.inputs);
    let output = [Trend { rises: true, falls: false }];
    let mut all = Vec::with_capacity(widths.len() - 1);
    for (k, pair) in widths.windows(2).enumerate() {
        let mut layer = Vec::with_capacity(pair[0] * pair[1]);
        for j in 0..pair[1] {
            let to = if !directed { None } else { trends.get(k).map_or(output.get(j), |trends| trends.get(j)) };
            for l in 0..pair[0] {
                let mut sign = Sign::FREE;
                if k == 0 && features.get(l) == Some(&false) {
                    sign = Sign::ZERO;
                }
                if let Some(to) = to {
                    let from = if k > 0 {
                        trends[k - 1][l]
                    } else {
                        let sign = directions[l].map_or(0.0, bdnn::Direction::sign);
                        Trend { rises: sign > 0.0, falls: sign < 0.0 }
                    };
                    let carries = |(rises, falls): (bool, bool)| (!rises || to.rises) && (!falls || to.falls);
                    sign.positive &= carries((from.rises, from.falls));
                    sign.negative &= carries((from.falls, from.rises));
                }
                layer.push(sign);
            }
        }
        all.push(layer);
    }
    all
}

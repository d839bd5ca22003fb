//! Columns and rows of the model, layer by layer.

use super::bounds::{self, LayerBounds};
use super::options::FormulationOptions;
use super::structure::{LayerVars, PointError, RestrictionVars, Structure};
use super::symmetry;
use super::{output, restrictions};
use crate::tolerances::PAIRWISE_POINTS;
use bdnn::{Loss, Norm, Problem, Robust, Stop, Threshold, WeightDomain};
use budget::Aside;
use milp::{Model, VarId, VarKind};

const INFINITY: f64 = f64::INFINITY;

/// The model, its structure and the largest big-M of each layer, with an output that computes `function` (see `output`) or has weights;
/// `None` once `stop` says so.
pub(super) fn build(
    problem: &Problem,
    epsilon: f64,
    options: &FormulationOptions,
    function: Option<&Threshold>,
    stop: &Stop<'_>,
) -> Option<(Model, Structure, Vec<f64>)> {
    let part_of = problem.partition.clone().unwrap_or_else(|| (0..problem.points.len()).collect());
    let parts = part_of.iter().max().map_or(0, |most| most + 1);
    let classes = problem.architecture.classes;
    let mut counts = vec![0; parts * classes];
    for (i, &part) in part_of.iter().enumerate() {
        for (class, &count) in problem.points.counts(i).iter().enumerate() {
            counts[part * classes + class] += u64::from(count);
        }
    }
    let restrictions = RestrictionVars::default();
    let structure = Structure { layers: vec![], errors: vec![], restrictions, parts, part_of, counts, classes };
    let slack = if options.outward { bounds::outward(problem) } else { 0.0 };
    let mut builder = Builder { problem, epsilon, slack, stop, model: Aside::new(Model::new("bdnn")), structure };
    let mut big_m = vec![];
    for (k, width) in problem.architecture.widths().windows(2).enumerate() {
        match function {
            Some(_) if k > 0 => builder.fixed_output(width[0]),
            _ => big_m.push(builder.layer(k, width[0], width[1])?),
        }
    }
    builder.loss()?;
    builder.limits();
    if let Some(function) = function {
        output::add(&mut builder.model, &builder.structure, problem, function);
    }
    let is_fixed = function.is_some();
    builder.structure.restrictions = restrictions::add(&mut builder.model, &builder.structure, problem, is_fixed);
    match function {
        Some(function) if options.symmetry => symmetry::add_within(&mut builder.model, &builder.structure, function),
        None if options.symmetry => {
            symmetry::add(&mut builder.model, &builder.structure, problem.architecture.bias);
        }
        _ => {}
    }
    (!stop()).then(|| (builder.model.into_inner(), builder.structure, big_m))
}

struct Builder<'a> {
    problem: &'a Problem,
    epsilon: f64,
    /// By how much rows and bounds are widened.
    slack: f64,
    stop: &'a Stop<'a>,
    model: Aside<Model>,
    structure: Structure,
}

impl Builder<'_> {
    /// Adds layer `k` (from 0; names count from 1) and returns its largest big-M; `None` once told to stop.
    fn layer(&mut self, k: usize, inputs: usize, outputs: usize) -> Option<f64> {
        let bounds = match k {
            0 => LayerBounds::first(self.problem, self.epsilon, self.problem.points.len() <= PAIRWISE_POINTS),
            _ => LayerBounds::later(self.problem, inputs, self.epsilon),
        };
        let mut vars = LayerVars { inputs, outputs, ..LayerVars::default() };
        self.parameters(k, &bounds, &mut vars);
        self.regularisation(k, &mut vars);
        let name = k + 1;
        for p in 0..self.structure.parts {
            for j in 0..outputs {
                vars.activations.push(self.binary(format!("u_{name}_{p}_{j}"), 0.0));
            }
        }
        if k == 0 {
            self.first_layer_rows(&bounds, &vars)?;
        } else {
            self.products(k, &mut vars)?;
            self.later_layer_rows(k, &bounds, &vars)?;
        }
        self.structure.layers.push(vars);
        Some(bounds.largest())
    }

    /// The activations of an output without weights.
    fn fixed_output(&mut self, inputs: usize) {
        let name = self.structure.layers.len() + 1;
        let activations = (0..self.structure.parts).map(|p| self.binary(format!("u_{name}_{p}_0"), 0.0)).collect();
        self.structure.layers.push(LayerVars { inputs, outputs: 1, activations, ..LayerVars::default() });
    }

    /// Weights and biases.
    fn parameters(&mut self, k: usize, bounds: &LayerBounds, vars: &mut LayerVars) {
        let architecture = &self.problem.architecture;
        let bound = architecture.weights.bound();
        let kind = match architecture.weights {
            WeightDomain::Continuous => VarKind::Continuous,
            WeightDomain::Integer(_) => VarKind::Integer,
        };
        let name = k + 1;
        for j in 0..vars.outputs {
            for l in 0..vars.inputs {
                vars.weights.push(self.model.add_var(format!("w_{name}_{j}_{l}"), -bound, bound, 0.0, kind));
            }
        }
        if architecture.bias {
            let (low, high) = (bounds.bias.0 - self.slack, bounds.bias.1 + self.slack);
            for j in 0..vars.outputs {
                vars.biases.push(self.model.add_var(format!("b_{name}_{j}"), low, high, 0.0, VarKind::Continuous));
            }
        }
    }

    /// Magnitudes and indicators, where a norm or a term of the objective needs them.
    fn regularisation(&mut self, k: usize, vars: &mut LayerVars) {
        let bound = self.problem.architecture.weights.bound();
        let name = k + 1;
        let ball = self.ball(k).map(|robust| robust.norm);
        for (at, &w) in vars.weights.iter().enumerate() {
            let (j, l) = (at / vars.inputs, at % vars.inputs);
            if self.problem.l1 > 0.0 || ball == Some(Norm::Linf) {
                let xi =
                    self.model.add_var(format!("xi_{name}_{j}_{l}"), 0.0, bound, self.problem.l1, VarKind::Continuous);
                self.model.add_row(format!("abs_hi_{name}_{j}_{l}"), 0.0, INFINITY, [(xi, 1.0), (w, -1.0)]);
                self.model.add_row(format!("abs_lo_{name}_{j}_{l}"), 0.0, INFINITY, [(xi, 1.0), (w, 1.0)]);
                vars.magnitudes.push(xi);
            }
            if self.problem.l0 > 0.0 {
                let z = self.binary(format!("z_{name}_{j}_{l}"), self.problem.l0);
                self.model.add_row(format!("zero_hi_{name}_{j}_{l}"), 0.0, INFINITY, [(z, bound), (w, -1.0)]);
                self.model.add_row(format!("zero_lo_{name}_{j}_{l}"), 0.0, INFINITY, [(z, bound), (w, 1.0)]);
                vars.nonzeros.push(z);
            }
        }
        if ball == Some(Norm::L1) {
            for j in 0..vars.outputs {
                let norm = self.model.add_var(format!("norm_{j}"), 0.0, bound, 0.0, VarKind::Continuous);
                for l in 0..vars.inputs {
                    let w = vars.weights[j * vars.inputs + l];
                    self.model.add_row(format!("norm_hi_{j}_{l}"), 0.0, INFINITY, [(norm, 1.0), (w, -1.0)]);
                    self.model.add_row(format!("norm_lo_{j}_{l}"), 0.0, INFINITY, [(norm, 1.0), (w, 1.0)]);
                }
                vars.norms.push(norm);
            }
        }
    }

    /// W x_i + b - rho >= -M (1 - u) and W x_i + b + rho <= (M + epsilon) u - epsilon, one pair a point and neuron.
    fn first_layer_rows(&mut self, bounds: &LayerBounds, vars: &LayerVars) -> Option<()> {
        for i in 0..self.problem.points.len() {
            self.go_on()?;
            let x = self.problem.points.scaled(i);
            for j in 0..vars.outputs {
                let weights = &vars.weights[j * vars.inputs..(j + 1) * vars.inputs];
                let mut value: Vec<(VarId, f64)> = weights.iter().copied().zip(x.iter().copied()).collect();
                value.extend(vars.biases.get(j).map(|&b| (b, 1.0)));
                let reach = self.reach(vars, j);
                let u = vars.activation(self.structure.part_of[i], j);
                self.activation_rows(&format!("1_{i}_{j}"), u, &value, &reach, (bounds.resting[i], bounds.firing[i]));
            }
        }
        Some(())
    }

    /// Asked a point or part.
    fn go_on(&self) -> Option<()> {
        (!(self.stop)()).then_some(())
    }

    /// The same on sum_l s + b, one pair a part and neuron.
    fn later_layer_rows(&mut self, k: usize, bounds: &LayerBounds, vars: &LayerVars) -> Option<()> {
        for p in 0..self.structure.parts {
            self.go_on()?;
            for j in 0..vars.outputs {
                let mut value: Vec<(VarId, f64)> = (0..vars.inputs).map(|l| (vars.product(p, j, l), 1.0)).collect();
                value.extend(vars.biases.get(j).map(|&b| (b, 1.0)));
                let u = vars.activation(p, j);
                let big_m = (bounds.resting[0], bounds.firing[0]);
                self.activation_rows(&format!("{}_{p}_{j}", k + 1), u, &value, &[], big_m);
            }
        }
        Some(())
    }

    fn activation_rows(
        &mut self,
        name: &str,
        u: VarId,
        value: &[(VarId, f64)],
        reach: &[(VarId, f64)],
        (resting, firing): (f64, f64),
    ) {
        let with = |sign: f64, switch: f64| {
            let reach = reach.iter().map(move |&(var, radius)| (var, sign * radius));
            value.iter().copied().chain(reach).chain([(u, -switch)]).collect::<Vec<_>>()
        };
        let (low, high) = (-resting - self.slack, self.slack - self.epsilon);
        self.model.add_row(format!("fire_{name}"), low, INFINITY, with(-1.0, resting));
        self.model.add_row(format!("rest_{name}"), -INFINITY, high, with(1.0, firing + self.epsilon));
    }

    /// s = w u for u in {0, 1} and |w| <= B: -B u <= s <= B u, w - B (1 - u) <= s <= w + B (1 - u).
    fn products(&mut self, k: usize, vars: &mut LayerVars) -> Option<()> {
        let bound = self.problem.architecture.weights.bound();
        for p in 0..self.structure.parts {
            self.go_on()?;
            for j in 0..vars.outputs {
                for l in 0..vars.inputs {
                    let name = format!("{}_{p}_{j}_{l}", k + 1);
                    let s = self.model.add_var(format!("s_{name}"), -bound, bound, 0.0, VarKind::Continuous);
                    let w = vars.weights[j * vars.inputs + l];
                    let u = self.structure.layers[k - 1].activation(p, l);
                    let model = &mut self.model;
                    model.add_row(format!("and_off_hi_{name}"), -INFINITY, 0.0, [(s, 1.0), (u, -bound)]);
                    model.add_row(format!("and_off_lo_{name}"), 0.0, INFINITY, [(s, 1.0), (u, bound)]);
                    model.add_row(format!("and_on_hi_{name}"), -INFINITY, bound, [(s, 1.0), (w, -1.0), (u, bound)]);
                    model.add_row(format!("and_on_lo_{name}"), -bound, INFINITY, [(s, 1.0), (w, -1.0), (u, -bound)]);
                    vars.products.push(s);
                }
            }
        }
        Some(())
    }

    /// The loss. Hamming, and any loss on two classes, is linear in the outputs: `ones` rows that want 1 and `zeros`
    /// that want 0 cost ones (1 - u) + zeros u. Otherwise class by class: e >= u_j for other outputs, e >= 1 - u_c. Cost O(outputs) for
    /// every class of every part.
    fn loss(&mut self) -> Option<()> {
        let architecture = &self.problem.architecture;
        let outputs = architecture.outputs();
        let targets: Vec<Vec<bool>> = (0..architecture.classes).map(|class| architecture.target(class)).collect();
        let by_output = self.problem.loss == Loss::Hamming || outputs == 1;
        for p in 0..self.structure.parts {
            self.go_on()?;
            let counts = self.structure.counts(p).iter().copied().enumerate();
            let present: Vec<(usize, u64)> = counts.filter(|&(_, count)| count > 0).collect();
            if by_output {
                let all: f64 = present.iter().map(|&(_, count)| count as f64).sum();
                let mut ones = vec![0.0; outputs];
                for &(class, count) in &present {
                    let wanted = ones.iter_mut().zip(&targets[class]).filter(|(_, fires)| **fires);
                    wanted.for_each(|(ones, _)| *ones += count as f64);
                }
                for (j, ones) in ones.into_iter().enumerate() {
                    self.model.offset += ones;
                    let u = self.output(p, j);
                    self.model.variables[u.index()].cost += all - 2.0 * ones;
                }
            } else {
                self.zero_one(p, &present, &targets);
            }
        }
        Some(())
    }

    /// The loss of a part that has rows of these classes.
    fn zero_one(&mut self, p: usize, present: &[(usize, u64)], targets: &[Vec<bool>]) {
        let errors: Vec<VarId> = present
            .iter()
            .map(|&(class, count)| {
                let e = self.binary(format!("e_{p}_{class}"), count as f64);
                self.structure.errors.push(PointError { part: p, class, var: e });
                for (j, &fires) in targets[class].iter().enumerate() {
                    let u = self.output(p, j);
                    let name = format!("wrong_{p}_{class}_{j}");
                    if fires {
                        self.model.add_row(name, 1.0, INFINITY, [(e, 1.0), (u, 1.0)]);
                    } else {
                        self.model.add_row(name, 0.0, INFINITY, [(e, 1.0), (u, -1.0)]);
                    }
                }
                e
            })
            .collect();
        if errors.len() > 1 {
            // The outputs are right for at most one class.
            let wrong = (errors.len() - 1) as f64;
            self.model.add_row(format!("floor_{p}"), wrong, INFINITY, errors.into_iter().map(|e| (e, 1.0)));
        }
    }

    /// The limits on errors: rows of class 0 are wrong where the one output fires, rows of class 1 where it rests.
    fn limits(&mut self) {
        for limit in &self.problem.error_limits {
            let rows = |p: usize| self.structure.counts(p)[limit.class];
            let terms: Vec<(VarId, f64)> = (0..self.structure.parts)
                .filter(|&p| rows(p) > 0)
                .map(|p| (self.output(p, 0), rows(p) as f64))
                .collect();
            if terms.is_empty() {
                continue;
            }
            let all: u64 = (0..self.structure.parts).map(rows).sum();
            let sides = if limit.class == 1 {
                (all.saturating_sub(limit.most) as f64, INFINITY)
            } else {
                (-INFINITY, limit.most as f64)
            };
            self.model.add_row(format!("errors_{}", limit.class), sides.0, sides.1, terms);
        }
    }

    /// The ball that layer `k` sees.
    fn ball(&self, k: usize) -> Option<Robust> {
        self.problem.robust.filter(|robust| k == 0 && robust.radius > 0.0)
    }

    /// rho = r ||W_j||_* as terms.
    fn reach(&self, vars: &LayerVars, j: usize) -> Vec<(VarId, f64)> {
        match self.ball(0) {
            None => vec![],
            Some(Robust { radius, norm: Norm::Linf }) => {
                vars.magnitudes[j * vars.inputs..(j + 1) * vars.inputs].iter().map(|&xi| (xi, radius)).collect()
            }
            Some(Robust { radius, norm: Norm::L1 }) => vec![(vars.norms[j], radius)],
        }
    }

    fn output(&self, part: usize, j: usize) -> VarId {
        self.structure.layers[self.structure.layers.len() - 1].activation(part, j)
    }

    fn binary(&mut self, name: String, cost: f64) -> VarId {
        self.model.add_var(name, 0.0, 1.0, cost, VarKind::Integer)
    }
}

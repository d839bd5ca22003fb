//! What all walks of a run share: the points, what is asked of them, what neurons may be.

use super::columns::Inputs;
use super::descent::Plane;
use super::functions::Functions;
use super::labels::Labels;
use super::parameters::Parameters;
use super::rows::Rows;
use super::rules::Rules;
use bdnn::{Network, Problem, Stop};
use budget::Pace;

/// Products that take half a second or so.
const QUICK: usize = 1 << 29;

/// What all walks share.
pub(super) struct Arena<'a> {
    pub(super) parameters: Parameters,
    pub(super) problem: &'a Problem,
    pub(super) inputs: Inputs,
    /// The same points row by row, for walks that learn; empty without hidden layers.
    pub(super) rows: Rows,
    pub(super) labels: Labels,
    /// By layer.
    pub(super) rules: Vec<Rules>,
    /// By layer: what its neurons can compute, where that is little.
    pub(super) functions: Vec<Option<Functions>>,
    pub(super) floor: u64,
    /// Weights of a network, biases included.
    pub(super) weights: usize,
    /// Whether to evaluate a network everywhere takes no time that anybody would notice at the end of a run.
    pub(super) quick: bool,
    /// Without hidden layers: where walks that learn begin.
    pub(super) learned: Option<Vec<Vec<Plane>>>,
}

impl<'a> Arena<'a> {
    /// `None` once `stop` says so. Cost: a few copies of the points.
    pub(super) fn new(problem: &'a Problem, parameters: Parameters, stop: &Stop<'_>) -> Option<Self> {
        let widths = problem.architecture.widths();
        let rules: Vec<Rules> = (0..problem.architecture.num_layers()).map(|k| Rules::new(problem, k)).collect();
        let listed = |k: usize| if k == 0 { None } else { Functions::new(widths[k], &rules[k]) };
        let inputs = Inputs::new(problem, &parameters, stop)?;
        let weights = problem.architecture.num_weights().unwrap_or(usize::MAX);
        Some(Self {
            parameters,
            problem,
            rows: if rules.len() > 1 { Rows::new(&inputs.columns) } else { Rows::default() },
            functions: (0..rules.len()).map(listed).collect(),
            inputs,
            labels: Labels::new(problem),
            rules,
            floor: problem.floor(),
            weights,
            quick: weights.saturating_mul(problem.points.len()) <= QUICK,
            learned: None,
        })
    }

    /// The planes of a network, in working units; `None` once `stop` says so.
    pub(super) fn planes(&self, network: &Network, stop: &Stop<'_>) -> Option<Vec<Vec<Plane>>> {
        let mut ask = || stop();
        let mut pace = Pace::new(&mut ask);
        let mut plane = |k: usize, layer: &bdnn::Layer, j: usize| {
            let (w, bias) = (layer.neuron(j), layer.biases[j]);
            (!pace.spend(w.len())).then_some(())?;
            let (w, bias) = if k == 0 { self.inputs.to_working(w, bias) } else { (w.to_vec(), bias) };
            Some(Plane { w, bias })
        };
        let layers = network.layers.iter().enumerate();
        layers.map(|(k, layer)| (0..layer.outputs).map(|j| plane(k, layer, j)).collect()).collect()
    }
}

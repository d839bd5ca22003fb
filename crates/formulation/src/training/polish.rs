//! From activations to the best network that has them.
//!
//! Once the activations of every neuron on every part are fixed, the neurons do not see each other: each is one linear
//! program over its own weights (the first layer on the data, later layers on the 0/1 vectors that occur). The float
//! program proposes, the exact check of the whole network disposes, and the exact separation settles what floats
//! cannot.

use super::margin_program::{MarginGoal, MarginProgram};
use crate::Formulation;
use bdnn::exact::{self, Pattern, Violation};
use bdnn::separation::{self, Effort, Semantics, Sign, Verdict, biases, separate_signed};
use bdnn::{Budget, Layer, Network, Problem, Rational, WeightDomain};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What became of a set of activations.
#[derive(Clone, Debug)]
pub(super) enum Polished {
    /// A network that has exactly these activations and passes the exact check, with its loss.
    Network(Network, u64),
    /// Proven in rationals: no network has them (with these whole weights, and these signs of weights).
    Impossible,
    /// There may be such a network, but none in floats was found, or not in time.
    Undecided,
}

/// What else is fixed beside the activations.
#[derive(Clone, Debug)]
pub(super) struct Guide {
    /// Integer weights are taken from here; continuous ones are solved for.
    pub network: Network,
    /// With an l0 term or restrictions: the signs that weights (layer, then row-major) may have.
    pub signs: Option<Vec<Vec<Sign>>>,
}

impl Guide {
    /// The weights of `network` moved into their domain; its zeros are kept if the problem counts them, and what restrictions make of it.
    pub(super) fn of_network(network: &Network, formulation: &Formulation) -> Self {
        let mut network = network.clone();
        let problem = formulation.problem();
        for w in network.layers.iter_mut().flat_map(|layer| &mut layer.weights) {
            *w = problem.architecture.weights.nearest(*w);
        }
        let signs = formulation.signs_of_network(&network);
        Self { network, signs }
    }
}

/// Solves neurons for given activations.
#[derive(Debug)]
pub(super) struct Polisher<'a> {
    formulation: &'a Formulation,
    budget: &'a Budget<'a>,
    exact_points: OnceCell<Vec<Vec<Rational>>>,
}

/// What one neuron must do: its inputs (distinct) and where it fires.
struct Task<'a> {
    inputs: Vec<&'a [f64]>,
    fires: Vec<bool>,
    /// One a weight; none if all are free.
    signs: &'a [Sign],
    semantics: Semantics,
}

impl<'a> Polisher<'a> {
    pub(super) fn new(formulation: &'a Formulation, budget: &'a Budget<'a>) -> Self {
        Self { formulation, budget, exact_points: OnceCell::new() }
    }

    /// What the run may still use.
    pub(super) fn budget(&self) -> &'a Budget<'a> {
        self.budget
    }

    /// The network with the given activations, one pattern a part, of the largest margin (or of the least weights with
    /// an l1 term).
    pub(super) fn polish(&self, activations: &[Pattern], guide: &Guide) -> Polished {
        let problem = self.formulation.problem();
        if self.exceeds_limits(activations) {
            return Polished::Impossible;
        }
        let mut network = guide.network.clone();
        for k in 0..network.layers.len() {
            let layer_inputs = LayerInputs::new(self.formulation, activations, k);
            for j in 0..network.layers[k].outputs {
                let Some(task) = layer_inputs.task(self.formulation, activations, guide, k, j) else {
                    return Polished::Impossible;
                };
                let (weights, bias) = propose(problem, &task, network.layers[k].neuron(j), self.budget);
                set(&mut network.layers[k], j, &weights, bias);
            }
        }
        self.settle(network, activations, guide)
    }

    /// Whether outputs with these activations make more errors of a class than its limit allows.
    fn exceeds_limits(&self, activations: &[Pattern]) -> bool {
        let structure = self.formulation.structure();
        self.formulation.problem().error_limits.iter().any(|limit| {
            let wrong = |&(_, pattern): &(usize, &Pattern)| {
                pattern.last().is_some_and(|outputs| outputs[0] != (limit.class == 1))
            };
            let errors =
                activations.iter().enumerate().filter(wrong).map(|(part, _)| structure.counts(part)[limit.class]);
            errors.sum::<u64>() > limit.most
        })
    }

    /// Checks the proposed network and repairs its neurons exactly, each at most once.
    fn settle(&self, mut network: Network, activations: &[Pattern], guide: &Guide) -> Polished {
        let problem = self.formulation.problem();
        let mut repaired: Vec<(usize, usize)> = vec![];
        loop {
            let (k, j) = match self.recount(&network, activations) {
                Ok(loss) => return Polished::Network(network, loss),
                Err(wrong) => wrong,
            };
            if repaired.contains(&(k, j)) || self.budget.stop() {
                return Polished::Undecided;
            }
            repaired.push((k, j));
            let layer_inputs = LayerInputs::new(self.formulation, activations, k);
            let Some(task) = layer_inputs.task(self.formulation, activations, guide, k, j) else {
                return Polished::Impossible;
            };
            let points = if k == 0 { self.exact_points().to_vec() } else { rationals(&task.inputs) };
            let given = guide.network.layers[k].neuron(j);
            let Some(solved) = solve_exactly(problem, &task, points, given, self.budget) else {
                return Polished::Undecided;
            };
            let Some((weights, bias)) = solved else { return Polished::Impossible };
            set(&mut network.layers[k], j, &weights, bias);
        }
    }

    /// The exact loss, or the layer and the place of a neuron that does not do what the activations say, or not by the margin.
    fn recount(&self, network: &Network, activations: &[Pattern]) -> Result<u64, (usize, usize)> {
        let problem = self.formulation.problem();
        let part_of = &self.formulation.structure().part_of;
        let patterns = exact::patterns(&problem.points, network);
        // Layer by layer: later patterns mean nothing where earlier ones differ.
        for k in 0..network.layers.len() {
            for (pattern, &part) in patterns.iter().zip(part_of) {
                if let Some(j) = (0..pattern[k].len()).find(|&j| pattern[k][j] != activations[part][k][j]) {
                    return Err((k, j));
                }
            }
        }
        exact::check(problem, network).map_err(|violation| match violation {
            Violation::Undecided { layer, neuron, .. } | Violation::Weight { layer, neuron, .. } => (layer, neuron),
            // Shape, biases and parts are right by construction, limits on errors were looked at before (`exceeds_limits`).
            _ => (0, 0),
        })
    }

    fn exact_points(&self) -> &[Vec<Rational>] {
        self.exact_points.get_or_init(|| {
            let points = &self.formulation.problem().points;
            (0..points.len()).map(|i| points.scaled_exact(i)).collect()
        })
    }
}

/// The distinct inputs of a layer, each with a part that has it.
struct LayerInputs {
    /// Empty in the first layer, whose inputs are the points.
    vectors: Vec<Vec<f64>>,
    /// Index into `vectors` of each part.
    of_part: Vec<usize>,
}

impl LayerInputs {
    fn new(formulation: &Formulation, activations: &[Pattern], k: usize) -> Self {
        let mut inputs = Self { vectors: vec![], of_part: vec![] };
        if k == 0 {
            return inputs;
        }
        let mut seen: BTreeMap<&[bool], usize> = BTreeMap::new();
        for pattern in &activations[..formulation.structure().parts] {
            let hidden = &pattern[k - 1];
            let at = *seen.entry(hidden).or_insert_with(|| {
                inputs.vectors.push(hidden.iter().map(|&h| f64::from(u8::from(h))).collect());
                inputs.vectors.len() - 1
            });
            inputs.of_part.push(at);
        }
        inputs
    }

    /// `None` if two parts give the neuron the same inputs and want different activations.
    fn task<'a>(
        &'a self,
        formulation: &'a Formulation,
        activations: &[Pattern],
        guide: &'a Guide,
        k: usize,
        j: usize,
    ) -> Option<Task<'a>> {
        let problem = formulation.problem();
        let structure = formulation.structure();
        let inputs = structure.layers[k].inputs;
        let signs = guide.signs.as_ref().map_or(&[][..], |signs| &signs[k][j * inputs..(j + 1) * inputs]);
        let semantics = Semantics::of_layer(problem, k);
        if k == 0 {
            let inputs = (0..problem.points.len()).map(|i| problem.points.scaled(i)).collect();
            let fires = structure.part_of.iter().map(|&part| activations[part][k][j]).collect();
            return Some(Task { inputs, fires, signs, semantics });
        }
        let mut fires: Vec<Option<bool>> = vec![None; self.vectors.len()];
        for (pattern, &at) in activations.iter().zip(&self.of_part) {
            if *fires[at].get_or_insert(pattern[k][j]) != pattern[k][j] {
                return None;
            }
        }
        let fires = fires.into_iter().flatten().collect();
        Some(Task { inputs: self.vectors.iter().map(Vec::as_slice).collect(), fires, signs, semantics })
    }
}

/// Weights and bias by floats. `given` are the neuron's weights so far; integer ones stay.
fn propose(problem: &Problem, task: &Task, given: &[f64], budget: &Budget<'_>) -> (Vec<f64>, f64) {
    let epsilon = task.semantics.epsilon.unwrap_or(0.0);
    let everywhere = task.fires.iter().all(|&f| f);
    if task.semantics.bias && (everywhere || task.fires.iter().all(|&f| !f)) {
        return (vec![0.0; given.len()], if everywhere { 0.0 } else { -epsilon });
    }
    if problem.architecture.weights != WeightDomain::Continuous {
        return (given.to_vec(), centre(task, given, epsilon));
    }
    let goal = if problem.l1 > 0.0 { MarginGoal::LeastWeights } else { MarginGoal::LargestMargin };
    let program = MarginProgram::new(&task.inputs, &task.fires, task.signs, &task.semantics, goal, budget);
    let Some(program) = program else { return (given.to_vec(), 0.0) };
    let options = milp::Options { time_limit: budget.left(), ..milp::Options::default() };
    // A numerical failure here costs nothing but time: the exact check finds out.
    let outcome = milp::solve(&program.model, &options, &mut Within(budget)).ok();
    let solution = outcome.and_then(|outcome| outcome.solution);
    let Some(solution) = solution else { return (given.to_vec(), 0.0) };
    let bound = task.semantics.bound;
    let (weights, _) = program.decode(&solution);
    let range = |l: usize| task.signs.get(l).map_or((-bound, bound), |sign| sign.range(bound));
    let clamp = |(l, w): (usize, f64)| w.clamp(range(l).0, range(l).1) + 0.0;
    let weights: Vec<f64> = weights.into_iter().enumerate().map(clamp).collect();
    let bias = centre(task, &weights, epsilon);
    (weights, bias)
}

/// Passes on the wish to stop.
struct Within<'a>(&'a Budget<'a>);

impl milp::Control for Within<'_> {
    fn should_stop(&self) -> bool {
        self.0.stop()
    }

    fn judges(&self) -> bool {
        false
    }
}

/// The bias midway between the two sides, 0 without biases.
fn centre(task: &Task, weights: &[f64], epsilon: f64) -> f64 {
    if !task.semantics.bias {
        return 0.0;
    }
    let value = |x: &[f64]| weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
    let side = |wanted: bool| task.inputs.iter().zip(&task.fires).filter(move |&(_, &f)| f == wanted);
    let least = side(true).map(|(x, _)| value(x)).fold(f64::INFINITY, f64::min);
    let most = side(false).map(|(x, _)| value(x)).fold(f64::NEG_INFINITY, f64::max);
    // The reach of a ball is the same on both sides and cancels.
    0.0 - (least + most + epsilon) / 2.0
}

/// The neuron by exact separation, rounded to floats; `Some(None)`: proven impossible. `None` once the budget is over.
fn solve_exactly(
    problem: &Problem,
    task: &Task,
    points: Vec<Vec<Rational>>,
    given: &[f64],
    budget: &Budget<'_>,
) -> Option<Option<(Vec<f64>, f64)>> {
    let float = |value: &Rational| value.to_f64().value() + 0.0;
    if problem.architecture.weights != WeightDomain::Continuous {
        let weights: Vec<Rational> = given.iter().map(|&w| separation::exact(w)).collect();
        let allowed = biases(&points, &task.fires, &weights, &task.semantics);
        return Some(allowed.map(|(low, high)| (given.to_vec(), float(&((low + high) / Rational::from(2))))));
    }
    let stop = || budget.stop();
    let mut effort = Effort { words: u64::MAX, stop: &stop };
    Some(match separate_signed(&points, &task.fires, task.signs, &task.semantics, &mut effort)? {
        Verdict::Separable(neuron) => Some((neuron.weights.iter().map(float).collect(), float(&neuron.bias))),
        Verdict::Inseparable(_) => None,
    })
}

fn rationals(inputs: &[&[f64]]) -> Vec<Vec<Rational>> {
    inputs.iter().map(|x| x.iter().map(|&x| separation::exact(x)).collect()).collect()
}

fn set(layer: &mut Layer, j: usize, weights: &[f64], bias: f64) {
    layer.weights[j * layer.inputs..(j + 1) * layer.inputs].copy_from_slice(weights);
    layer.biases[j] = bias;
}

//! The network of the file, whose loss is counted exactly.

use crate::constraint::{plus, product};
use crate::fault::{Budget, Fault, ensure, malformed, refuted};
use crate::number::Int;
use crate::problem::Problem;
use crate::tokens::Tokens;
use std::collections::BTreeMap;

/// A layer: of each neuron its weights and at last its bias, in whole numbers, as many of which are 1 as `scale` says.
struct Layer {
    scale: Int,
    neurons: Vec<Vec<Int>>,
}

/// Reads the network and counts its loss on the points; it keeps everything that the problem asks for. Cost: weights times points.
pub fn check(tokens: &mut Tokens<'_>, problem: &Problem, claimed: i128) -> Result<(), Fault> {
    let mut layers = vec![];
    for (&inputs, &outputs) in problem.widths.iter().zip(problem.widths.iter().skip(1)) {
        layers.push(Layer::read(tokens, problem, inputs, outputs)?);
    }
    let (mut loss, mut wrong) = (0, [0, 0]);
    let mut of_part: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
    for point in &problem.points {
        let (mut activations, mut outputs) = (vec![], vec![]);
        for (k, layer) in (1..).zip(&layers) {
            let on = |&fires: &bool| if fires { problem.one.clone() } else { Int::default() };
            let inputs = if k == 1 { point.inputs.clone() } else { outputs.iter().map(on).collect() };
            outputs = layer.activations(&tokens.budget, problem, &inputs, k == 1)?;
            activations.extend(&outputs);
        }
        for &(class, count) in &point.rows {
            let errors = outputs.iter().enumerate().filter(|&(j, &fires)| fires != problem.target(class, j)).count();
            let times = if problem.by_row { errors.min(1) } else { errors };
            loss = plus(loss, product(count, times as i128)?)?;
            if let (Some(wrong), true) = (wrong.get_mut(class), errors > 0) {
                *wrong = plus(*wrong, count)?;
            }
        }
        tokens.budget.hold(activations.len() >> 3)?;
        let same = *of_part.entry(point.part).or_insert_with(|| activations.clone()) == activations;
        ensure(same, refuted("the network's activations differ within a part"))?;
    }
    ensure(loss == claimed, refuted(format!("the network has the loss {loss}, not {claimed}")))?;
    let within = problem.limits.iter().all(|&(class, most)| wrong.get(class).is_some_and(|&wrong| wrong <= most));
    ensure(within, refuted("the network is wrong at more rows of a class than its limit allows"))
}

impl Layer {
    /// Reads `layer scale`, then of each neuron its weights and its bias, `;`. Whole weights mean themselves.
    fn read(tokens: &mut Tokens<'_>, problem: &Problem, inputs: usize, outputs: usize) -> Result<Self, Fault> {
        tokens.expect("layer")?;
        let scale = tokens.positive()?;
        let most = if problem.margin() { scale.clone() } else { Int::default() };
        let neurons = neurons(tokens, problem, ";", (inputs, outputs), &most)?;
        Ok(Self { scale, neurons })
    }

    /// Which neurons fire. Sums are in `scale` times `one` to 1, those of whole weights once they are multiplied by `scale`.
    fn activations(&self, budget: &Budget, problem: &Problem, inputs: &[Int], first: bool) -> Result<Vec<bool>, Fault> {
        let neuron = |numbers: &Vec<Int>| {
            let (mut sum, mut norm) = (Int::default(), Int::default());
            budget.spend(64)?;
            for (weight, input) in numbers.iter().zip(inputs) {
                budget.spend(sum.words().saturating_add(norm.words()).saturating_add(16))?;
                sum = sum.plus(&weight.times(input, budget)?);
                norm = if problem.ball.0 { norm.plus(&weight.abs()) } else { norm.max(weight.abs()) };
            }
            if problem.cap > 0 {
                (sum, norm) = (sum.times(&self.scale, budget)?, norm.times(&self.scale, budget)?);
            }
            let bias = numbers.last().cloned().unwrap_or_default();
            sum = sum.plus(&bias.times(&problem.one, budget)?);
            let reach = if first { problem.ball.1.times(&norm, budget)? } else { Int::default() };
            let most = sum.plus(&reach).plus(&problem.epsilon.times(&self.scale, budget)?).sign();
            match sum.minus(&reach).sign().is_ge() {
                true => Ok(true),
                false if most.is_lt() || most.is_eq() && problem.margin() => Ok(false),
                false => Err(refuted("a neuron neither fires nor rests, by the margin or throughout the ball")),
            }
        };
        self.neurons.iter().map(neuron).collect()
    }
}

/// Reads of each neuron its weights and its bias, up to the word `end`: the bias is 0 where there is none, and weights are of at most B or, if they are real, of at
/// most `most`, unless that is 0.
pub fn neurons(
    tokens: &mut Tokens<'_>,
    problem: &Problem,
    end: &str,
    (inputs, outputs): (usize, usize),
    most: &Int,
) -> Result<Vec<Vec<Int>>, Fault> {
    let neuron = |tokens: &mut Tokens<'_>| (0..=inputs).map(|_| tokens.integer()).collect();
    let neurons: Vec<Vec<Int>> = tokens.until(end, neuron)?;
    ensure(neurons.len() == outputs, malformed(format!("{outputs} neurons of {inputs} weights and a bias expected")))?;
    let unbiased = neurons.iter().filter_map(|neuron| neuron.last()).all(|bias| bias.sign().is_eq());
    ensure(problem.bias || unbiased, refuted("a bias where there is none"))?;
    let most = if problem.cap > 0 { &Int::from(problem.cap) } else { most };
    tokens.budget.spend(most.words().saturating_mul(inputs).saturating_mul(outputs))?;
    let large = |weight: &Int| most.sign().is_gt() && weight.abs().minus(most).sign().is_gt();
    let within = !neurons.iter().flat_map(|neuron| neuron.iter().take(inputs)).any(large);
    ensure(within, refuted("a weight beyond B, or of real ones with a margin beyond 1"))?;
    Ok(neurons)
}

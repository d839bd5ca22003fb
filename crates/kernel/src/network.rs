//! The network of the file, whose loss is counted exactly.

use crate::constraint::plus;
use crate::fault::{Fault, malformed, refuted};
use crate::number::Int;
use crate::problem::{Ball, Problem, until_end};
use crate::tokens::Tokens;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A layer: weights and bias of each neuron, whole numbers, as many of which are 1 as `scale` says.
struct Layer {
    scale: Int,
    neurons: Vec<(Vec<Int>, Int)>,
}

/// Reads the network and counts its loss on the points; it keeps everything that the problem asks for.
///
/// Cost: weights times points.
pub fn check(tokens: &mut Tokens<'_>, problem: &Problem, claimed: i128) -> Result<(), Fault> {
    let mut layers = vec![];
    for (&inputs, &outputs) in problem.widths.iter().zip(problem.widths.iter().skip(1)) {
        layers.push(Layer::read(tokens, problem, inputs, outputs)?);
    }
    let (mut loss, mut wrong) = (0, [0, 0]);
    let mut of_part: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
    for point in &problem.points {
        let mut activations: Vec<bool> = vec![];
        let mut outputs: Vec<bool> = vec![];
        for (k, layer) in (1..).zip(&layers) {
            let on = |&fires: &bool| if fires { problem.one.clone() } else { Int::default() };
            let inputs = if k == 1 { point.inputs.clone() } else { outputs.iter().map(on).collect() };
            outputs = layer.activations(tokens, problem, &inputs, k == 1)?;
            activations.extend(&outputs);
        }
        for &(class, count) in &point.rows {
            let times = problem.loss_of(class, &outputs);
            loss = plus(loss, count.checked_mul(times as i128).ok_or_else(|| refuted("the loss is too large"))?)?;
            if let (Some(wrong), true) = (wrong.get_mut(class), times > 0) {
                *wrong = plus(*wrong, count)?;
            }
        }
        if *of_part.entry(point.part).or_insert_with(|| activations.clone()) != activations {
            return Err(refuted("the network's activations differ within a part"));
        }
    }
    if loss != claimed {
        return Err(refuted(format!("the network has the loss {loss}, not {claimed}")));
    }
    if problem.limits.iter().any(|&(class, most)| wrong.get(class).is_none_or(|&wrong| wrong > most)) {
        return Err(refuted("the network is wrong at more rows of a class than its limit allows"));
    }
    Ok(())
}

impl Layer {
    fn read(tokens: &mut Tokens<'_>, problem: &Problem, inputs: usize, outputs: usize) -> Result<Self, Fault> {
        tokens.expect("layer")?;
        let scale = tokens.integer()?;
        let mut numbers = until_end(tokens, Tokens::integer)?.into_iter();
        let mut neurons: Vec<(Vec<Int>, Int)> = vec![];
        while let Some(first) = numbers.next() {
            let mut weights = vec![first];
            weights.extend(numbers.by_ref().take(inputs.saturating_sub(1)));
            neurons.push((weights, numbers.next().ok_or_else(|| malformed("a neuron without its bias"))?));
        }
        if neurons.len() != outputs || scale.sign() != Ordering::Greater {
            return Err(malformed(format!("a positive scale and {outputs} neurons of {inputs} weights and a bias")));
        }
        if !problem.bias && neurons.iter().any(|(_, bias)| bias.sign() != Ordering::Equal) {
            return Err(refuted("a bias where there is none"));
        }
        let large = |weight: &Int| problem.epsilon.is_some() && weight.clone().abs() > scale;
        if neurons.iter().any(|(weights, _)| weights.iter().any(large)) {
            return Err(refuted("a weight beyond 1, which is the most with a margin"));
        }
        Ok(Self { scale, neurons })
    }

    /// Which neurons fire. All is counted in units of units: `scale` times `one` of them are 1.
    fn activations(
        &self,
        tokens: &Tokens<'_>,
        problem: &Problem,
        inputs: &[Int],
        first: bool,
    ) -> Result<Vec<bool>, Fault> {
        let neuron = |(weights, bias): &(Vec<Int>, Int)| {
            let mut sum = bias.times(&problem.one);
            for (weight, input) in weights.iter().zip(inputs) {
                tokens.budget.spend(weight.words().saturating_mul(input.words()))?;
                sum = sum.plus(&weight.times(input));
            }
            let sizes = weights.iter().map(|weight| weight.clone().abs());
            let reach = match &problem.ball {
                Ball::Linf(radius) if first => radius.times(&sizes.fold(Int::default(), |sum, size| sum.plus(&size))),
                Ball::L1(radius) if first => radius.times(&sizes.fold(Int::default(), Int::max)),
                _ => Int::default(),
            };
            let (least, most) = (sum.minus(&reach), sum.plus(&reach));
            let rests = match &problem.epsilon {
                None => most.sign() == Ordering::Less,
                Some(epsilon) => most.plus(&epsilon.times(&self.scale)).sign() != Ordering::Greater,
            };
            match least.sign() != Ordering::Less {
                true => Ok(true),
                false if rests => Ok(false),
                false => {
                    Err(refuted("the network has a neuron that neither fires nor rests by the margin or the ball"))
                }
            }
        };
        self.neurons.iter().map(neuron).collect()
    }
}

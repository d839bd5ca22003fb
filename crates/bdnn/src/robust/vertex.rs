//! Networks without a hidden layer: the vertices of the ball decide.

use super::worst_case::{Attack, Verdict, WorstCase};
use crate::exact::{Dyadic, Inputs, Neuron};
use crate::{Norm, Robust};
use std::cmp::Ordering;

/// For every other class, its lead over the predicted one is linear in the perturbation, so it is greatest at a vertex.
/// If the class there is still the predicted one, that other class never leads; a lead of 0 goes to the lower class
/// there as everywhere.
pub(super) fn decide(case: &WorstCase<'_>, at: Inputs) -> Verdict {
    let outputs = &case.network.layers[0];
    let zeros = vec![0.0; at.raw.len()];
    let predicted = case.network.class_moved(at, &zeros);
    let vertices = match &outputs[..] {
        [single] => {
            let towards = if predicted == 1 { -1.0 } else { 1.0 };
            vec![push(single.weights(), case.ball, towards)]
        }
        _ => (0..outputs.len())
            .filter(|&class| class != predicted)
            .map(|class| lead(&outputs[class], &outputs[predicted], case.ball))
            .collect(),
    };
    for delta in vertices {
        let class = case.network.class_moved(at, &delta);
        if class != predicted {
            return Verdict::Attackable(Attack::from_floats(&delta, class));
        }
    }
    Verdict::Certified
}

/// A vertex of the ball where `towards` * w'delta is greatest (`towards` is 1 or -1).
pub(super) fn push(weights: &[f64], ball: Robust, towards: f64) -> Vec<f64> {
    let signed = |w: f64| if w == 0.0 { 0.0 } else { w.signum() * towards * ball.radius };
    match ball.norm {
        Norm::Linf => weights.iter().map(|&w| signed(w)).collect(),
        Norm::L1 => {
            let largest = (0..weights.len()).fold(0, |best, k| {
                let larger = weights[k].abs() > weights[best].abs();
                if larger { k } else { best }
            });
            single(weights.len(), largest, signed(weights[largest]))
        }
    }
}

/// A vertex where the lead of `one` over `other` is greatest; differences of weights are not rounded.
fn lead(one: &Neuron, other: &Neuron, ball: Robust) -> Vec<f64> {
    let pairs = || one.weights().iter().zip(other.weights());
    let signed = |w: &f64, v: &f64| match w.partial_cmp(v) {
        Some(Ordering::Greater) => ball.radius,
        Some(Ordering::Less) => -ball.radius,
        _ => 0.0,
    };
    match ball.norm {
        Norm::Linf => pairs().map(|(w, v)| signed(w, v)).collect(),
        Norm::L1 => {
            let gaps: Vec<Dyadic> = pairs()
                .map(|(&w, &v)| {
                    let mut gap = Dyadic::from_f64(w);
                    gap.add(&Dyadic::from_f64(-v));
                    gap.abs()
                })
                .collect();
            let larger = |k: usize, best: usize| {
                let mut difference = gaps[k].clone();
                difference.add(&gaps[best].negated());
                difference.sign() == Ordering::Greater
            };
            let largest = (1..gaps.len()).fold(0, |best, k| if larger(k, best) { k } else { best });
            single(gaps.len(), largest, signed(&one.weights()[largest], &other.weights()[largest]))
        }
    }
}

/// `value` in feature `k`, nothing elsewhere.
fn single(features: usize, k: usize, value: f64) -> Vec<f64> {
    let mut delta = vec![0.0; features];
    delta[k] = value;
    delta
}

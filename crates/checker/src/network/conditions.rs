//! Which networks a claim is about, and what it counts.
//!
//! A bound says nothing of networks of another shape, nor of those that leave the margin, the ball or the limits: every report names them.

use super::setting::{Domain, Loss, Norm, Setting};
use crate::number::Rational;

/// The networks that a claim is about, and what is least of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// Features.
    pub inputs: usize,
    /// Neurons of each hidden layer, from the inputs on.
    pub hidden: Vec<usize>,
    /// Classes; two have one output, more have one each.
    pub classes: usize,
    /// Whether neurons have a bias.
    pub bias: bool,
    /// The largest absolute value of whole weights; `None`: real ones in [-1, 1].
    pub whole_weights: Option<Rational>,
    /// What is counted.
    pub loss: Loss,
    /// The margin: what does not fire has a pre-activation of at most -epsilon, in scaled units. `None`: below 0.
    pub epsilon: Option<Rational>,
    /// The perturbation of the features, in scaled units, under which the first layer keeps to its side.
    pub robust: Option<(Norm, Rational)>,
    /// What each non-zero weight costs beside the loss.
    pub l0: Rational,
    /// What the absolute values of the weights cost, for each unit of their sum.
    pub l1: Rational,
    /// Of each class that has a limit on its errors (from 0), the most units of its rows that may be wrong.
    pub error_limits: Vec<(usize, u64)>,
    /// Features (from 0) that the output follows upwards (`true`) or downwards, by the signs of its weights.
    pub monotone: Vec<(usize, bool)>,
    /// How many features have weights at most, if that is limited.
    pub max_features: Option<u64>,
}

impl Conditions {
    pub(crate) fn of(setting: &Setting) -> Self {
        Self {
            inputs: setting.inputs,
            hidden: setting.hidden.clone(),
            classes: setting.classes,
            bias: setting.bias,
            whole_weights: match &setting.domain {
                Domain::Continuous => None,
                Domain::Integer(largest) => Some(largest.clone()),
            },
            loss: setting.loss,
            epsilon: setting.epsilon.clone(),
            robust: setting.robust.clone(),
            l0: setting.l0.clone(),
            l1: setting.l1.clone(),
            monotone: setting.restrictions.monotone.iter().map(|monotone| monotone.value).collect(),
            max_features: setting.restrictions.max_features.as_ref().map(|most| most.value),
            error_limits: setting.error_limits.iter().map(|limit| (limit.class, limit.most.value)).collect(),
        }
    }

    /// Whether weights cost something: then bounds are on the *objective*, the loss and this cost, and say nothing else of the loss.
    #[must_use]
    pub fn has_prices(&self) -> bool {
        !self.l0.is_zero() || !self.l1.is_zero()
    }

    /// Outputs of the network.
    #[must_use]
    pub fn outputs(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }
}

//! The forward pass at points moved by a perturbation, exactly.

use super::{ExactNetwork, Inputs, class, floats};
use crate::Rational;
use std::cmp::Ordering;

impl ExactNetwork {
    /// The class predicted at the point `raw` (raw units, length n) moved by `delta` (scaled units, length n, finite),
    /// exactly. Cost as [`ExactNetwork::predict`].
    ///
    /// # Panics
    /// If a length is not n.
    #[must_use]
    pub fn predict_moved(&self, raw: &[f64], delta: &[f64]) -> usize {
        assert_eq!(raw.len(), delta.len(), "one move a feature");
        self.class_moved(Inputs { scaled: &self.scaled(raw), raw }, delta)
    }

    /// As [`ExactNetwork::predict_moved`], where the scaled form is at hand.
    pub(crate) fn class_moved(&self, at: Inputs, delta: &[f64]) -> usize {
        match &self.layers[..] {
            [outputs] => {
                class(outputs, |output| output.sign_moved(at, delta), |one, other| one.compare_moved(other, at, delta))
            }
            [first, ..] => {
                let fires: Vec<bool> =
                    first.iter().map(|neuron| neuron.sign_moved(at, delta) != Ordering::Less).collect();
                self.class_after(&fires)
            }
            [] => unreachable!("a network has a layer"),
        }
    }

    /// As [`ExactNetwork::predict_moved`] for moves that need not be floats, entirely in rationals: slow, and meant to
    /// be believed by reading.
    ///
    /// # Panics
    /// If a length is not n.
    #[must_use]
    pub fn predict_moved_exactly(&self, raw: &[f64], delta: &[Rational]) -> usize {
        assert_eq!(raw.len(), delta.len(), "one move a feature");
        let exact = |value: f64| Rational::try_from(value).expect("finite by Network::check");
        let mut values: Vec<Rational> = vec![];
        for (k, layer) in self.layers.iter().enumerate() {
            let hidden: Vec<bool> = values.iter().map(|a| *a >= Rational::ZERO).collect();
            values = layer
                .iter()
                .map(|neuron| match k {
                    0 => neuron.weights().iter().zip(delta).fold(neuron.value(raw), |sum, (&w, d)| sum + exact(w) * d),
                    _ => neuron.value(&floats(&hidden)),
                })
                .collect();
        }
        if let [single] = &values[..] {
            return usize::from(*single >= Rational::ZERO);
        }
        (1..values.len()).fold(0, |best, class| if values[class] > values[best] { class } else { best })
    }
}

//! Pre-activations of the outputs as floats that mean the exact prediction.
//!
//! Entry point: [`of`].

use super::neuron::{Inputs, Neuron};
use std::cmp::Ordering;

/// The values of `outputs`, whose exact prediction is `predicted`; see [`super::ExactNetwork::scores`].
pub(super) fn of(outputs: &[Neuron], at: Inputs<'_>, predicted: usize) -> Vec<f64> {
    let mut values: Vec<f64> = outputs.iter().map(|output| value(output, at)).collect();
    if let [single] = &mut values[..] {
        *single = if predicted == 1 { single.max(f64::from_bits(1)) } else { single.min(-f64::from_bits(1)) };
        return values;
    }
    let best = values[predicted];
    for (_, value) in values.iter_mut().enumerate().filter(|(class, _)| *class != predicted) {
        *value = value.min(best.next_down());
    }
    values
}

/// The float of w'x + b, finite and not the largest of its sign: there is room on either side.
fn value(output: &Neuron, at: Inputs<'_>) -> f64 {
    let estimate = output.estimate(at.scaled).value;
    let value = if estimate.is_finite() { estimate } else { output.value(at.raw).to_f64().value() };
    let most = f64::MAX.next_down();
    // What is beyond floats has its sign from exact arithmetic.
    if value.is_nan() { if output.sign(at) == Ordering::Less { -most } else { most } } else { value.clamp(-most, most) }
}

#[cfg(test)]
mod tests {
    use crate::exact::ExactNetwork;
    use crate::{Layer, Network, Scaler};

    fn exact(outputs: usize, weights: &[f64], biases: &[f64], scaler: &Scaler) -> ExactNetwork {
        let layer = Layer { inputs: scaler.shift.len(), outputs, weights: weights.to_vec(), biases: biases.to_vec() };
        ExactNetwork::new(&Network { layers: vec![layer] }, scaler)
    }

    /// In floats 0.1 + 0.2 is 0.30000000000000004, which the sum of the two is not: signs are those of exact sums, and nothing is 0.
    #[test]
    fn signs_are_those_of_the_exact_numbers() {
        for bias in [-0.3, -0.300_000_000_000_000_04, 0.3, 0.0, 1e-300, -1e300, f64::MAX] {
            let single = exact(1, &[0.1, 0.2], &[bias], &Scaler::identity(2));
            for row in [[1.0, 1.0], [0.0, 0.0], [-3.0, 1.5], [1e308, 1e308], [-1e-308, 5e-324], [f64::MAX, f64::MIN]] {
                let scores = single.scores(&row);
                assert!(scores[0].is_finite() && scores[0] != 0.0, "{bias} {row:?}");
                assert_eq!(usize::from(scores[0] > 0.0), single.predict(&row), "{bias} {row:?}");
            }
        }
    }

    /// Of classes that floats do not tell apart the predicted one leads.
    #[test]
    fn the_predicted_class_has_the_largest() {
        let scaler = Scaler { shift: vec![0.1, 0.0], divisor: vec![3.0, 1e-300] };
        let weights = [1.0, 0.3, 1.0, 0.300_000_000_000_000_04, 1.0, 0.3];
        for biases in [[0.0; 3], [1e-20, 0.0, 1e-20], [-1.0, -1.0, -0.999_999_999_999_999_9], [f64::MAX; 3]] {
            let several = exact(3, &weights, &biases, &scaler);
            for row in [[0.1, 0.0], [0.2, 1e-290], [1.0, -1e-301], [1e300, 1e5], [-1e300, -1e5]] {
                let scores = several.scores(&row);
                let predicted = several.predict(&row);
                let others = (0..3).filter(|&class| class != predicted);
                assert!(scores.iter().all(|score| score.is_finite()));
                assert!(others.into_iter().all(|class| scores[class] < scores[predicted]), "{biases:?} {row:?}");
            }
        }
    }
}

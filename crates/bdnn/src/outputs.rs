//! Outputs of one scale: where none or several of them fire, the larger pre-activation is the prediction, so it must mean the same at all.
//!
//! Entry point: [`even`]. Losses see signs alone, and without hidden layers outputs are trained one by one: they come with any scale.

use crate::{Layer, Network, Problem};

/// The same network with each output's weights and bias times a power of two, such that the Euclidean lengths of all weight
/// vectors lie between the same two powers of two and no weight grows: pre-activations become distances from the
/// outputs' hyperplanes, nearly. Nothing is rounded, so every output fires where it did.
///
/// A network comes back as it is if it has one output or hidden layers (which learn all outputs together), if something but signs matters (a margin, prices on weights), if weights are
/// whole, or if a product would be no normal float. Cost: a pass over the weights.
#[must_use]
pub fn even(problem: &Problem, mut network: Network) -> Network {
    let free = problem.epsilon.is_none() && problem.l0 == 0.0 && problem.l1 == 0.0;
    let continuous = problem.architecture.weights == crate::WeightDomain::Continuous;
    if let ([layer], true) = (&mut network.layers[..], free && continuous)
        && let Some(scaled) = even_layer(layer)
    {
        *layer = scaled;
    }
    network
}

/// `None` if nothing is to do or it cannot be done.
fn even_layer(layer: &Layer) -> Option<Layer> {
    // Of the numbers relative to the largest, so that no square overflows.
    let largest = |j: usize| layer.neuron(j).iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    let length = |j: usize, largest: f64| {
        let squares: f64 = layer.neuron(j).iter().map(|w| (w / largest).powi(2)).sum();
        (largest.log2() + squares.log2() / 2.0).floor()
    };
    let used = (0..layer.outputs).map(|j| (j, largest(j))).filter(|&(_, largest)| largest > 0.0);
    let lengths: Vec<(usize, f64)> = used.map(|(j, largest)| (j, length(j, largest))).collect();
    if lengths.len() < 2 {
        return None;
    }
    let target = lengths.iter().map(|&(_, length)| length).fold(f64::INFINITY, f64::min);
    let mut scaled = layer.clone();
    for (j, length) in lengths {
        let factor = (target - length).exp2();
        let inputs = j * layer.inputs..(j + 1) * layer.inputs;
        for value in scaled.weights[inputs].iter_mut().chain([&mut scaled.biases[j]]) {
            let product = *value * factor;
            if *value != 0.0 && !product.is_normal() {
                return None;
            }
            *value = product;
        }
    }
    Some(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Architecture, Loss, Points, Scaler, WeightDomain, exact};

    fn problem(rows: &[f64], labels: &[usize]) -> Problem {
        let points = Points::merge(2, 3, rows, labels, Scaler::identity(2));
        let architecture =
            Architecture { inputs: 2, hidden: vec![], classes: 3, bias: true, weights: WeightDomain::Continuous };
        Problem::new(points, architecture, Loss::Hamming)
    }

    fn layer(weights: [f64; 6], biases: [f64; 3]) -> Network {
        let layer = Layer { inputs: 2, outputs: 3, weights: weights.to_vec(), biases: biases.to_vec() };
        Network { layers: vec![layer] }
    }

    /// A long and a short weight vector fire at the same point, which is deeper on the side of the short one.
    #[test]
    fn the_deeper_side_wins() {
        let rows = [3.0, 0.5, 2.0, 0.25, -1.0, -1.0];
        let problem = problem(&rows, &[1, 1, 2]);
        let network = layer([0.0, 1.0, 0.001, 0.0, -0.0003, -0.0003], [0.0, 0.0, 0.0]);
        let before = exact::check(&problem, &network).unwrap();
        let even = even(&problem, network.clone());
        assert_eq!(exact::check(&problem, &even), Ok(before), "signs are as they were");
        let right = |network: &Network| {
            let exact = exact::ExactNetwork::new(network, problem.points.scaler());
            rows.chunks(2).zip([1, 1, 2]).filter(|&(x, class)| exact.predict(x) == class).count()
        };
        assert_eq!((right(&network), right(&even)), (1, 3));
        assert_eq!(super::even(&problem, even.clone()), even, "once is enough");
        let length = |j: usize| even.layers[0].neuron(j).iter().map(|w| w * w).sum::<f64>().sqrt();
        for j in 0..3 {
            assert!((2_f64.powi(-12)..2_f64.powi(-11)).contains(&length(j)), "{j}: {}", length(j));
            let (old, new) = (network.layers[0].neuron(j), even.layers[0].neuron(j));
            let ratio = new.iter().sum::<f64>() / old.iter().sum::<f64>();
            assert_eq!(ratio.log2().fract(), 0.0, "a power of two");
        }
    }

    /// A pass over the weights takes no time; one for each weight would take minutes here.
    #[test]
    fn wide_layers_take_a_pass() {
        let inputs = 200_000;
        let weights = (0..3 * inputs).map(|k| 1.0 / f64::from(k as u32 % 97 + 1)).collect();
        let layer = Layer { inputs, outputs: 3, weights, biases: vec![1.0, 2.0, 3.0] };
        let began = std::time::Instant::now();
        assert!(even_layer(&layer).is_some());
        assert!(began.elapsed().as_secs() < 10);
    }

    #[test]
    fn what_depends_on_size_stays() {
        let plain = problem(&[0.0, 0.0, 1.0, 1.0, 2.0, 0.0], &[0, 1, 2]);
        let network = layer([0.0, 1.0, 0.001, 0.0, 0.0, 0.0], [0.0, -1.0, -5.0]);
        assert_ne!(even(&plain, network.clone()), network);
        let mut margin = plain.clone();
        margin.epsilon = Some(0.5);
        let mut priced = plain.clone();
        priced.l1 = 1.0;
        let mut whole = plain.clone();
        whole.architecture.weights = WeightDomain::Integer(1);
        for problem in [margin, priced, whole] {
            assert_eq!(even(&problem, network.clone()), network);
        }
        // Too far apart for floats, and nothing to compare.
        let far = layer([1.0, 0.0, 1e-300, 0.0, 1e-200, 1.0], [1.0, 0.0, 0.0]);
        let scaled = even(&plain, far.clone());
        assert!(exact::check(&plain, &scaled) == exact::check(&plain, &far));
        let alone = layer([0.0, 0.0, 0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 0.0]);
        assert_eq!(even(&plain, alone.clone()), alone);
    }
}

//! Training on batches of the points, as the public code of arXiv 2110.11382 does.

use bdnn::{Layer, Network, Problem};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Which points a round's reduced problems see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batches {
    /// All of them.
    All,
    /// A random window of so many points (of a random order drawn once).
    Window(usize),
    /// Every window of so many points in turn, each network starting the next; the round's network is their average,
    /// weighted by accuracy.
    Average(usize),
}

/// The points in a random order, from which windows are taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Deck {
    order: Vec<usize>,
}

impl Deck {
    pub(super) fn new(points: usize, random: &mut ChaCha8Rng) -> Self {
        let mut order: Vec<usize> = (0..points).collect();
        order.shuffle(random);
        Self { order }
    }

    /// The batches of a round, each ascending.
    pub(super) fn deal(&self, batches: Batches, random: &mut ChaCha8Rng) -> Vec<Vec<usize>> {
        let points = self.order.len();
        let sorted = |window: &[usize]| {
            let mut window = window.to_vec();
            window.sort_unstable();
            window
        };
        match batches {
            Batches::Window(size) if size < points => {
                let start = random.random_range(0..=points - size);
                vec![sorted(&self.order[start..start + size])]
            }
            Batches::Average(size) if size < points => self.order.chunks(size.max(1)).map(sorted).collect(),
            Batches::All | Batches::Window(_) | Batches::Average(_) => vec![sorted(&self.order)],
        }
    }
}

/// The average of `networks` with their weights (not negative; all 0 counts as all 1), every number the nearest member
/// of its domain. `None` without networks.
pub(super) fn average(problem: &Problem, networks: &[(Network, f64)]) -> Option<Network> {
    let (first, _) = networks.first()?;
    let total: f64 = networks.iter().map(|(_, weight)| weight).sum();
    let share = |weight: f64| if total > 0.0 { weight / total } else { 1.0 / networks.len() as f64 };
    let domain = problem.architecture.weights;
    let mean = |k: usize, of: fn(&Layer) -> &Vec<f64>| -> Vec<f64> {
        let mut sum = vec![0.0; of(&first.layers[k]).len()];
        for (network, weight) in networks {
            let values = of(&network.layers[k]).iter();
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += share(*weight) * value);
        }
        sum
    };
    let layer = |(k, layer): (usize, &Layer)| Layer {
        inputs: layer.inputs,
        outputs: layer.outputs,
        weights: mean(k, |layer| &layer.weights).into_iter().map(|w| domain.nearest(w)).collect(),
        biases: mean(k, |layer| &layer.biases),
    };
    Some(Network { layers: first.layers.iter().enumerate().map(layer).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Points, Scaler, WeightDomain};
    use rand::SeedableRng;

    #[test]
    fn windows_cover_what_they_say() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let deck = Deck::new(10, &mut random);
        assert_eq!(deck.deal(Batches::All, &mut random), [(0..10).collect::<Vec<_>>()]);
        assert_eq!(deck.deal(Batches::Window(99), &mut random).len(), 1);
        let window = deck.deal(Batches::Window(4), &mut random);
        assert_eq!((window.len(), window[0].len()), (1, 4));
        let mut all: Vec<usize> = deck.deal(Batches::Average(4), &mut random).concat();
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn averages_stay_in_their_domain() {
        let problem = |weights| {
            let points = Points::merge(2, 2, &[0.0, 1.0], &[1], Scaler::identity(2));
            let architecture = Architecture { inputs: 2, hidden: vec![], classes: 2, bias: true, weights };
            Problem::new(points, architecture, Loss::ZeroOne)
        };
        let network = |weights: [f64; 2], bias| Network {
            layers: vec![Layer { inputs: 2, outputs: 1, weights: weights.to_vec(), biases: vec![bias] }],
        };
        let networks = [(network([1.0, -1.0], 0.5), 3.0), (network([-1.0, -1.0], -0.5), 1.0)];
        let mean = average(&problem(WeightDomain::Continuous), &networks).unwrap();
        assert_eq!(mean, network([0.5, -1.0], 0.25));
        let mean = average(&problem(WeightDomain::Integer(1)), &networks).unwrap();
        assert_eq!(mean, network([1.0, -1.0], 0.25), "weights are whole, biases real");
        assert_eq!(average(&problem(WeightDomain::Continuous), &[]), None);
    }
}

//! The sampled attack: a random vertex of the ball for every point.

use crate::exact::ExactNetwork;
use crate::{Norm, Robust, Stop};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Right predictions on `rows` (raw units) with their `labels` when every point is moved to a random vertex of its
/// ball, one count a repeat. In the l-infinity norm every feature moves by the radius up or down, by coin flips (the
/// attack of the experiments of arXiv 2110.11382); in the l1 norm one feature does. Each repeat has its own stream of `seed`;
/// one that `stop` comes into does not count.
///
/// # Panics
/// If a row has another number of features than the network.
#[must_use]
pub fn random_attack(
    network: &ExactNetwork,
    rows: &[&[f64]],
    labels: &[usize],
    ball: Robust,
    repeats: u32,
    seed: u64,
    stop: &Stop<'_>,
) -> Vec<usize> {
    /// Rows between two questions.
    const AT_ONCE: usize = 256;
    let survivors = |repeat: u32| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(u64::from(repeat));
        let mut right = |(row, label): &(&&[f64], &usize)| {
            network.predict_moved(row, &vertex(row.len(), ball, &mut random)) == **label
        };
        let mut count = 0;
        for (rows, labels) in rows.chunks(AT_ONCE).zip(labels.chunks(AT_ONCE)) {
            if stop() {
                return None;
            }
            count += rows.iter().zip(labels).filter(&mut right).count();
        }
        Some(count)
    };
    (0..repeats).map_while(survivors).collect()
}

/// A vertex of the ball, uniformly; networks have features.
pub(super) fn vertex(features: usize, ball: Robust, random: &mut ChaCha8Rng) -> Vec<f64> {
    let signed = |random: &mut ChaCha8Rng| if random.random_bool(0.5) { ball.radius } else { -ball.radius };
    match ball.norm {
        Norm::Linf => (0..features).map(|_| signed(random)).collect(),
        Norm::L1 => {
            let value = signed(random);
            let moved = random.random_range(0..features);
            (0..features).map(|k| if k == moved { value } else { 0.0 }).collect()
        }
    }
}

//! Good networks that differ in what they answer.

use super::Confirmed;
use super::bits::Bits;
use serde::{Deserialize, Serialize};

/// The best networks of a run, no two of them with nearly the same outputs on the training points.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pool {
    /// Networks kept.
    size: usize,
    /// Two networks are different when their answers differ at one point in so many, or at one at least.
    different: usize,
    /// In the order of their objectives.
    members: Vec<(Confirmed, Vec<Bits>)>,
}

impl Pool {
    /// An empty one.
    pub(super) fn new(size: usize, different: usize) -> Self {
        Self { size, different, members: Vec::new() }
    }

    /// Takes a network in if it is among the best, in place of a worse one that answers alike. `outputs` has a row of bits
    /// an output.
    pub(super) fn offer(&mut self, network: &Confirmed, outputs: &[Bits], points: usize) {
        let least = (points / self.different).max(1);
        let alike = |other: &[Bits]| {
            let distance: u32 = outputs.iter().zip(other).map(|(a, b)| a.distance(b)).sum();
            (distance as usize) < least
        };
        if self.members.iter().any(|(other, at)| other.objective <= network.objective && alike(at)) {
            return;
        }
        self.members.retain(|(_, at)| !alike(at));
        let place = self.members.partition_point(|(other, _)| other.objective <= network.objective);
        self.members.insert(place, (network.clone(), outputs.to_vec()));
        self.members.truncate(self.size);
    }

    /// The networks themselves, best first.
    pub(super) fn into_networks(self) -> Vec<Confirmed> {
        self.members.into_iter().map(|(network, _)| network).collect()
    }

    /// The networks, best first.
    pub(super) fn networks(&self) -> impl ExactSizeIterator<Item = &Confirmed> {
        self.members.iter().map(|(network, _)| network)
    }
}

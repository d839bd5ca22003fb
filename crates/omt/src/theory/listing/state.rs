//! The dichotomies that one neuron's assertions leave.

use super::Listing;
use crate::theory::assertion::{Implied, Side, Support};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The backtrackable set of dichotomies that meet all assertions checked so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::theory) struct Listed {
    #[serde(with = "budget::checkpoint::shared")]
    listing: Arc<Listing>,
    /// Sets after the first assertions: (how many, set). The bottom one is of none.
    stack: Vec<(usize, Vec<u64>)>,
}

impl Listed {
    pub(in crate::theory) fn new(listing: Arc<Listing>) -> Self {
        let stack = vec![(0, listing.full())];
        Self { listing, stack }
    }

    /// All assertions but the first `len` are gone.
    pub(in crate::theory) fn retract(&mut self, len: usize) {
        while self.stack.len() > 1 && self.stack.last().is_some_and(|(known, _)| *known > len) {
            self.stack.pop();
        }
    }

    fn set(&self) -> &[u64] {
        self.stack.last().map_or(&[], |(_, set)| set)
    }

    /// Takes note of all assertions.
    ///
    /// # Errors
    /// Assertions that no dichotomy meets.
    pub(in crate::theory) fn check(&mut self, asserted: &[(u32, Side)]) -> Result<(), Vec<Support>> {
        let known = self.stack.last().map_or(0, |(known, _)| *known);
        if known < asserted.len() {
            let mut set = self.set().to_vec();
            asserted[known..].iter().for_each(|&atom| self.listing.keep(&mut set, atom));
            if set.iter().all(|&word| word == 0) {
                let atoms = self.listing.refute(asserted).unwrap_or_default();
                return Err(atoms.into_iter().map(|(site, side)| Support::Site(site, side)).collect());
            }
            self.stack.push((asserted.len(), set));
        }
        Ok(())
    }

    /// As [`crate::theory::Separation::implied`]; the support is everything asserted, to be thinned when it is needed.
    #[allow(clippy::cast_possible_truncation)]
    pub(in crate::theory) fn implied(
        &self,
        asserted: &[(u32, Side)],
        decided: impl Fn(u32) -> bool,
        buffer: &mut Vec<Support>,
        implied: &mut Vec<Implied>,
    ) {
        let set = self.set();
        for site in 0..self.listing.sites() as u32 {
            if decided(site) {
                continue;
            }
            let column = self.listing.column(site);
            let some = |flip: u64| set.iter().zip(column).any(|(s, c)| s & (c ^ flip) != 0);
            let excluded = if !some(0) {
                Side::Fires
            } else if !some(u64::MAX) {
                Side::Silent
            } else {
                continue;
            };
            let start = buffer.len();
            buffer.push(Support::Site(site, excluded));
            buffer.extend(asserted.iter().map(|&(site, side)| Support::Site(site, side)));
            implied.push(Implied { site, side: excluded, start, len: buffer.len() - start });
        }
    }

    /// Weights and bias that meet the assertions checked.
    pub(in crate::theory) fn neuron(&self) -> Option<(Vec<f64>, f64)> {
        let (at, word) = self.set().iter().enumerate().find(|(_, word)| **word != 0)?;
        Some(self.listing.neuron(64 * at + word.trailing_zeros() as usize))
    }
}

//! Neurons with whole weights: all their dichotomies, listed, as a theory.
//!
//! The weights of a neuron with few inputs and a small bound B can be counted, (2B + 1)^n of them, and with each its
//! thresholds. [`Listing`] holds the distinct dichotomies as bit columns, one a site; assertions intersect columns, a
//! conflict is a set of assertions that no listed dichotomy meets, and nothing is left to rounding. Biases are real, so
//! with biases the list is closed under complement.

mod enumerate;
mod state;

pub(super) use state::Listed;

use super::assertion::Side;
use crate::whole::Lattice;
use bdnn::separation::Semantics;
use bdnn::{Rational, Stop};
use enumerate::{Enumeration, MAX_POINTS, vectors, weights_of};
use serde::{Deserialize, Serialize};

/// Whether the dichotomies of these points (length `inputs` each) can be listed within the budget.
#[must_use]
pub fn affordable(inputs: usize, points: &[Vec<Rational>], semantics: &Semantics, bound: u32) -> bool {
    !too_many(inputs, points.len(), bound) && Enumeration(&Lattice::new(inputs, points, semantics, bound)).affordable()
}

/// Whether the dichotomies of so many points cannot be listed within the budget because there are too many weight vectors, whatever
/// the points are.
#[must_use]
pub fn too_many(inputs: usize, points: usize, bound: u32) -> bool {
    points > MAX_POINTS || enumerate::words(vectors(inputs, bound), 1.0, points) > enumerate::MAX_WORDS
}

/// All dichotomies of some points.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listing {
    lattice: Lattice,
    /// Number of dichotomies.
    entries: usize,
    /// Words of a column.
    words: usize,
    /// Bit e of column i (at `i * words`): dichotomy e fires at point i.
    columns: Vec<u64>,
    /// The number of a weight vector that has the dichotomy.
    codes: Vec<u64>,
}

impl Listing {
    /// Lists the dichotomies of at most 1024 points: O((2 bound + 1)^inputs * points * log points). `None` once `stop` says
    /// so.
    #[must_use]
    pub fn new(
        inputs: usize,
        points: &[Vec<Rational>],
        semantics: &Semantics,
        bound: u32,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let lattice = Lattice::new(inputs, points, semantics, bound);
        let mut listing = Self { entries: 0, words: 0, columns: Vec::new(), codes: Vec::new(), lattice };
        let lattice = listing.lattice.clone();
        let lattice = Enumeration(&lattice);
        match points.len() {
            0..=64 => listing.transpose(&lattice.dichotomies::<1>(stop)?),
            65..=128 => listing.transpose(&lattice.dichotomies::<2>(stop)?),
            129..=256 => listing.transpose(&lattice.dichotomies::<4>(stop)?),
            257..=512 => listing.transpose(&lattice.dichotomies::<8>(stop)?),
            _ => listing.transpose(&lattice.dichotomies::<16>(stop)?),
        }
        Some(listing)
    }

    fn transpose<const W: usize>(&mut self, found: &[([u64; W], u64)]) {
        self.entries = found.len();
        self.words = found.len().div_ceil(64);
        self.columns = vec![0; self.words * self.lattice.points()];
        self.codes = found.iter().map(|(_, code)| *code).collect();
        for (e, (pattern, _)) in found.iter().enumerate() {
            for (w, &word) in pattern.iter().enumerate() {
                let mut rest = word;
                while rest != 0 {
                    let site = 64 * w + rest.trailing_zeros() as usize;
                    self.columns[site * self.words + e / 64] |= 1 << (e % 64);
                    rest &= rest - 1;
                }
            }
        }
    }

    /// Number of dichotomies.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there is none: with a margin or a radius and without biases not every point can take a side.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Whether every dichotomy's complement is one: with biases, which are real.
    #[must_use]
    pub fn closed_under_complement(&self) -> bool {
        self.lattice.bias
    }

    /// Number of points.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.lattice.points()
    }

    /// Whether dichotomy `entry` fires at point `site`.
    #[must_use]
    pub fn fires(&self, entry: usize, site: usize) -> bool {
        self.columns[site * self.words + entry / 64] >> (entry % 64) & 1 == 1
    }

    fn column(&self, site: u32) -> &[u64] {
        &self.columns[site as usize * self.words..(site as usize + 1) * self.words]
    }

    /// The set of all dichotomies.
    fn full(&self) -> Vec<u64> {
        let mut all = vec![u64::MAX; self.words];
        if let Some(last) = all.last_mut().filter(|_| !self.entries.is_multiple_of(64)) {
            *last = (1 << (self.entries % 64)) - 1;
        }
        all
    }

    /// Leaves in `set` the dichotomies that meet the assertion.
    fn keep(&self, set: &mut [u64], (site, side): (u32, Side)) {
        let flip = if side == Side::Fires { 0 } else { u64::MAX };
        set.iter_mut().zip(self.column(site)).for_each(|(s, c)| *s &= c ^ flip);
    }

    /// Assertions among `atoms` that no dichotomy meets, none of them superfluous; `None` if some dichotomy meets all.
    /// The one that excludes most of what is left comes first.
    pub(super) fn refute(&self, atoms: &[(u32, Side)]) -> Option<Vec<(u32, Side)>> {
        let mut left = self.full();
        let mut chosen: Vec<(u32, Side)> = Vec::new();
        while left.iter().any(|&word| word != 0) {
            let excluded = |&(site, side): &(u32, Side)| -> u32 {
                let flip = if side == Side::Fires { u64::MAX } else { 0 };
                left.iter().zip(self.column(site)).map(|(l, c)| (l & (c ^ flip)).count_ones()).sum()
            };
            let best = atoms.iter().rev().max_by_key(|atom| excluded(atom)).filter(|atom| excluded(atom) > 0)?;
            chosen.push(*best);
            self.keep(&mut left, *best);
        }
        let mut k = 0;
        while k < chosen.len() {
            let mut without = self.full();
            chosen.iter().enumerate().filter(|&(other, _)| other != k).for_each(|(_, &a)| self.keep(&mut without, a));
            if without.iter().any(|&word| word != 0) {
                k += 1;
            } else {
                chosen.remove(k);
            }
        }
        chosen.sort_unstable();
        Some(chosen)
    }

    /// Weights and bias that have dichotomy `entry`, the bias in the middle of what is allowed.
    #[must_use]
    pub fn neuron(&self, entry: usize) -> (Vec<f64>, f64) {
        let weights = weights_of(self.codes[entry], self.lattice.inputs, self.lattice.bound);
        let (values, reach) = (self.lattice.values(&weights), self.lattice.reach(&weights));
        let (bias, _) = self.lattice.bias(&values, &reach, |i| Some(self.fires(entry, i)));
        #[allow(clippy::cast_precision_loss)]
        let floats = weights.iter().map(|&w| w as f64).collect();
        (floats, bias)
    }
}

#[cfg(test)]
mod tests;

//! The threshold functions that one output neuron above one hidden layer can compute, one of each kind.

use crate::WeightDomain;
use serde::{Deserialize, Serialize};

/// A monotone threshold function of d inputs that depends on all of them, inputs sorted by influence.
///
/// Up to permuting and complementing hidden neurons, these are all output neurons of a network with one hidden layer:
/// complementing makes every weight non-negative, and a neuron the output ignores might as well not be there (a
/// constant neuron turns a function of d inputs into each function of fewer).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// Positive integer weights, non-increasing.
    pub weights: Vec<u32>,
    /// Fires iff the weights of firing inputs sum to at least this.
    pub threshold: u32,
    table: Vec<bool>,
}

/// Largest weight that a threshold function of d inputs needs in non-increasing minimal representation, d = 1..5
/// (S. Muroga, Threshold Logic and Its Applications, 1971, table 9.5).
const LARGEST_WEIGHT: [u32; 6] = [1, 1, 1, 2, 3, 5];

/// Up to this many inputs the functions are enumerated.
pub const MAX_INPUTS: usize = LARGEST_WEIGHT.len() - 1;

impl Threshold {
    /// All of them for `inputs` in 1..=[`MAX_INPUTS`], in a fixed order: 1, 2, 5, 17, 92.
    #[must_use]
    pub fn all(inputs: usize) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let mut weights = vec![1_u32; inputs];
        loop {
            for threshold in 1..=weights.iter().sum() {
                let candidate = Self::new(weights.clone(), threshold);
                if candidate.depends_on_all() && !found.iter().any(|f| f.table == candidate.table) {
                    found.push(candidate);
                }
            }
            // The next non-increasing vector in lexicographic order from the back.
            let Some(at) =
                (0..inputs).rev().find(|&k| weights[k] < if k == 0 { LARGEST_WEIGHT[inputs] } else { weights[k - 1] })
            else {
                return found;
            };
            weights[at] += 1;
            weights[at + 1..].iter_mut().for_each(|w| *w = 1);
        }
    }

    fn new(weights: Vec<u32>, threshold: u32) -> Self {
        let table = (0..1_usize << weights.len())
            .map(|p| {
                weights.iter().enumerate().filter(|&(j, _)| p >> j & 1 == 1).map(|(_, w)| w).sum::<u32>() >= threshold
            })
            .collect();
        Self { weights, threshold, table }
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.weights.len()
    }

    /// Value at a pattern: bit j is input j.
    #[must_use]
    pub fn at(&self, pattern: usize) -> bool {
        self.table[pattern]
    }

    /// Whether a neuron with such weights computes it: the first weight is the largest, and no equivalent one is smaller.
    #[must_use]
    pub fn fits(&self, domain: WeightDomain) -> bool {
        match domain {
            WeightDomain::Continuous => true,
            WeightDomain::Integer(bound) => self.weights[0] <= bound,
        }
    }

    fn depends_on_all(&self) -> bool {
        (0..self.inputs()).all(|j| (0..self.table.len()).any(|p| self.table[p] != self.table[p ^ 1 << j]))
    }

    /// Whether exchanging inputs j and k changes nothing.
    #[must_use]
    pub fn symmetric(&self, j: usize, k: usize) -> bool {
        (0..self.table.len()).all(|p| {
            let (a, b) = (p >> j & 1, p >> k & 1);
            self.table[p] == self.table[p & !(1 << j) & !(1 << k) | b << j | a << k]
        })
    }

    /// Clauses (sets of inputs) of the conjunctive form of `value`: the function takes `value` iff from each set some
    /// input has this value.
    #[must_use]
    pub fn clauses(&self, value: bool) -> Vec<Vec<usize>> {
        // A set works iff the function loses `value` when exactly the set's inputs are the other way.
        let full = self.table.len() - 1;
        let kills = |set: usize| self.table[if value { full & !set } else { set }] != value;
        (1..self.table.len())
            .filter(|&set| kills(set) && (0..self.inputs()).all(|j| set >> j & 1 == 0 || !kills(set & !(1 << j))))
            .map(|set| (0..self.inputs()).filter(|&j| set >> j & 1 == 1).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_as_the_literature_counts() {
        // Monotone threshold functions of exactly n variables up to permutation: OEIS-style counts 1, 2, 5, 17, 92.
        let counts: Vec<usize> = (1..=MAX_INPUTS).map(|d| Threshold::all(d).len()).collect();
        assert_eq!(counts, [1, 2, 5, 17, 92]);
    }

    #[test]
    fn clauses_say_what_the_table_says() {
        for d in 1..=4 {
            for f in Threshold::all(d) {
                for value in [false, true] {
                    let clauses = f.clauses(value);
                    for p in 0..1 << d {
                        let holds = clauses.iter().all(|c| c.iter().any(|&j| (p >> j & 1 == 1) == value));
                        assert_eq!(holds, f.at(p) == value);
                    }
                }
            }
        }
    }
}

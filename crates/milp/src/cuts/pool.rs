//! The cuts that a round has found, and which of them are worth a row.
//!
//! The deepest first, and then no cut that is nearly parallel to one taken before: two cuts that say the same cost twice as much.
//!
//! Reference: Andreello, Caprara, Fischetti, *Embedding {0,1/2}-cuts in a branch-and-cut framework: a computational study*, INFORMS J. on
//! Computing 19 (2007), section 4 (depth and parallelism).

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::cut::{Cut, Family};
use super::system::System;
use crate::{Budget, Parameters};

/// A violated cut.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub cut: Cut,
    pub family: Family,
    efficacy: f64,
    norm: f64,
}

/// The cuts of a round.
#[derive(Debug)]
pub(crate) struct Pool {
    found: Vec<Found>,
    /// By a hash of the left side, the least right side found.
    least: BTreeMap<u64, f64>,
    /// Entries of a cut, at most.
    longest: usize,
    /// How deep a cut must be.
    efficacy: f64,
}

impl Pool {
    pub fn new(longest: usize, efficacy: f64) -> Self {
        Self { found: Vec::new(), least: BTreeMap::new(), longest, efficacy }
    }

    /// Entries of a cut, at most.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Takes a cut if the point violates it by enough, it is not too long, all its columns have bounds, and it is news.
    pub fn offer(&mut self, system: &System<'_>, cut: Cut, family: Family) -> bool {
        let (efficacy, norm) = (cut.efficacy(&system.x), cut.norm());
        let fits = cut.terms.len() <= self.longest && !cut.terms.iter().any(|&(j, _)| system.is_open(j));
        let counts = fits && efficacy >= self.efficacy && norm.is_finite();
        if counts {
            // Another left side of the same hash would lose a cut, which is nothing false.
            let least = self.least.entry(hash(&cut)).or_insert(f64::INFINITY);
            if cut.upper < *least {
                *least = cut.upper;
                self.found.push(Found { cut, family, efficacy, norm });
            }
        }
        counts
    }

    /// The cuts of a round, the deepest first, no two of them all but parallel. Cost: the pairs of those taken and those considered, in entries.
    pub fn select(mut self, columns: usize, parameters: &Parameters, budget: &Budget) -> Vec<Found> {
        let Parameters { cuts_in_a_round: most, cuts_considered, cut_parallel: parallel, .. } = *parameters;
        self.found.sort_by(|a, b| b.efficacy.total_cmp(&a.efficacy).then(a.cut.terms.len().cmp(&b.cut.terms.len())));
        self.found.truncate(most.saturating_mul(cuts_considered));
        let mut dense = vec![0.0; columns];
        let mut taken: Vec<Found> = Vec::new();
        for next in self.found {
            next.cut.terms.iter().for_each(|&(j, a)| dense[j] = a);
            let is_apart = taken.iter().all(|other| {
                let is_over = budget.spend(other.cut.terms.len());
                let product: f64 = other.cut.terms.iter().map(|&(j, a)| a * dense[j]).sum();
                !is_over && product <= parallel * next.norm * other.norm
            });
            next.cut.terms.iter().for_each(|&(j, _)| dense[j] = 0.0);
            let is_over = budget.spend(next.cut.terms.len());
            if is_apart {
                taken.push(next);
            }
            if is_over || taken.len() == most {
                break;
            }
        }
        taken
    }
}

/// Of the left side of a cut.
fn hash(cut: &Cut) -> u64 {
    let mut hasher = DefaultHasher::new();
    cut.terms.iter().for_each(|&(j, a)| (j, a.to_bits()).hash(&mut hasher));
    hasher.finish()
}

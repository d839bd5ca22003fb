//! The cuts that a round has found, and which of them are worth a row.
//!
//! The deepest first, and then no cut that is nearly parallel to one taken before: two cuts that say the same cost twice as much.
//!
//! Reference: Andreello, Caprara, Fischetti, *Embedding {0,1/2}-cuts in a branch-and-cut framework: a computational study*, INFORMS J. on
//! Computing 19 (2007), section 4 (depth and parallelism).

use super::cut::{Cut, Family};
use super::system::System;
use crate::tolerances::CUT_EFFICACY;

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
    /// Entries of a cut, at most.
    longest: usize,
}

impl Pool {
    pub fn new(longest: usize) -> Self {
        Self { found: Vec::new(), longest }
    }

    /// Entries of a cut, at most.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Takes a cut if the point violates it by enough, it is not too long, and it is news.
    pub fn offer(&mut self, system: &System<'_>, cut: Cut, family: Family) -> bool {
        let (efficacy, norm) = (cut.efficacy(&system.x), cut.norm());
        let is_news = |other: &Found| other.cut.terms != cut.terms || other.cut.upper > cut.upper;
        let counts = efficacy >= CUT_EFFICACY && cut.terms.len() <= self.longest && norm.is_finite();
        if counts && self.found.iter().all(is_news) {
            self.found.push(Found { cut, family, efficacy, norm });
        }
        counts
    }

    /// At most `most` cuts, the deepest first, no two at an angle whose cosine exceeds
    /// `parallel`. Cost: the pairs of those taken and those offered, in entries.
    pub fn select(mut self, columns: usize, most: usize, parallel: f64) -> Vec<Found> {
        self.found.sort_by(|a, b| b.efficacy.total_cmp(&a.efficacy).then(a.cut.terms.len().cmp(&b.cut.terms.len())));
        let mut dense = vec![0.0; columns];
        let mut taken: Vec<Found> = Vec::new();
        let mut left = self.found;
        while !left.is_empty() && taken.len() < most {
            let next = left.remove(0);
            next.cut.terms.iter().for_each(|&(j, a)| dense[j] = a);
            left.retain(|other| {
                let product: f64 = other.cut.terms.iter().map(|&(j, a)| a * dense[j]).sum();
                product <= parallel * next.norm * other.norm
            });
            next.cut.terms.iter().for_each(|&(j, _)| dense[j] = 0.0);
            taken.push(next);
        }
        taken
    }
}

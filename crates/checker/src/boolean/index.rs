//! Live constraints by what they say.

use super::constraint::{Constraint, Term};
use super::propagation::Propagator;
use super::tokens::Tokens;
use crate::Error;

/// Constraints that are not in an index before it is made anew.
const NEW: usize = 256;

/// The constraints that were alive when it was made, by a hash that does not depend on the order of terms.
pub(super) struct Index {
    list: Vec<(u64, usize)>,
    /// The last id there was.
    last: usize,
}

impl Index {
    fn new(database: &Propagator) -> Self {
        let mut list: Vec<(u64, usize)> =
            database.rows().map(|(id, row)| (hash(row.terms(), row.degree()), id)).collect();
        list.sort_unstable();
        Self { list, last: database.last_id() }
    }

    /// The index of an earlier step, unless it has grown too old. Takes note of a look through it, or of making it.
    pub(super) fn recent<'i>(
        index: &'i mut Option<Self>,
        database: &Propagator,
        tokens: &Tokens<'_>,
    ) -> Result<&'i Self, Error> {
        tokens.spend(NEW)?;
        let old = index.take().filter(|index| database.last_id() - index.last <= NEW);
        let recent = match old {
            Some(old) => old,
            None => {
                database.rows().try_for_each(|(_, row)| tokens.spend(row.lits().len()))?;
                Self::new(database)
            }
        };
        Ok(index.insert(recent))
    }

    /// Whether this constraint is alive.
    pub(super) fn has(&self, database: &Propagator, constraint: &Constraint) -> bool {
        let hash = hash(constraint.terms().iter().copied(), constraint.degree());
        let from = self.list.partition_point(|&(other, _)| other < hash);
        let same = self.list.iter().skip(from).take_while(|&&(other, _)| other == hash).map(|&(_, id)| id);
        let newer = self.last + 1..=database.last_id();
        same.chain(newer).filter_map(|id| database.get(id)).any(|row| row.is(constraint))
    }
}

/// Sum over the terms of mixed bits (SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
fn hash(terms: impl Iterator<Item = Term>, degree: i64) -> u64 {
    let mix = |z: u64| {
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let term = |(coefficient, lit): Term| mix(coefficient.cast_unsigned().rotate_left(32) ^ lit.index() as u64);
    terms.map(term).fold(degree.cast_unsigned(), u64::wrapping_add)
}

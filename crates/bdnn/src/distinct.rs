//! Which rows are equal: a hash table of places, without a copy of any row.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Rows seen so far, numbered in order of appearance. The hash is keyed anew for every table, so no data can be made to
/// collide; what is found does not depend on it.
#[derive(Debug)]
pub(crate) struct Distinct {
    /// Open addressing with linear probing, at most half full: number of a row plus one, 0 for none.
    slots: Vec<u32>,
    keys: RandomState,
    rows: u32,
}

impl Distinct {
    /// Room for `rows` rows.
    ///
    /// # Panics
    /// Beyond 2^31 rows.
    pub(crate) fn new(rows: usize) -> Self {
        assert!(rows < 1 << 31, "fewer rows");
        Self { slots: vec![0; (2 * rows).next_power_of_two().max(2)], keys: RandomState::new(), rows: 0 }
    }

    /// The number of the row, which is new if it is the number of rows before. `known` gives the rows by number. 0 and -0
    /// are equal. Cost O(n).
    pub(crate) fn place<'r>(&mut self, row: &[f64], known: impl Fn(usize) -> &'r [f64]) -> usize {
        let mut hasher = self.keys.build_hasher();
        // Adding 0.0 turns -0.0 into 0.0, so that equal values have equal bits.
        row.iter().for_each(|x| hasher.write_u64((x + 0.0).to_bits()));
        let mask = self.slots.len() - 1;
        let mut at = hasher.finish() as usize & mask;
        loop {
            match self.slots[at] as usize {
                0 => {
                    self.rows += 1;
                    self.slots[at] = self.rows;
                    return self.rows as usize - 1;
                }
                number if known(number - 1) == row => return number - 1,
                _ => at = (at + 1) & mask,
            }
        }
    }
}

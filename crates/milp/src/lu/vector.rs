//! A vector that knows where its non-zeros may be.

/// Dense values together with the list of positions that may be non-zero.
///
/// Invariant: a position is in `index`, once, if and only if its value is not zero.
#[derive(Clone, Debug, Default)]
pub(crate) struct SparseVector {
    /// All entries.
    pub values: Vec<f64>,
    /// Positions that may be non-zero, in no particular order.
    pub index: Vec<u32>,
}

impl SparseVector {
    /// The zero vector of length `len`.
    pub fn new(len: usize) -> Self {
        Self { values: vec![0.0; len], index: Vec::with_capacity(len) }
    }

    /// Sets all entries to zero; cost O(listed) or O(length), whichever is less.
    pub fn clear(&mut self) {
        if 4 * self.index.len() < self.values.len() {
            for &i in &self.index {
                self.values[i as usize] = 0.0;
            }
        } else {
            self.values.fill(0.0);
        }
        self.index.clear();
    }

    /// Changes the length; the vector becomes zero.
    pub fn resize(&mut self, len: usize) {
        self.values.clear();
        self.values.resize(len, 0.0);
        self.index.clear();
    }

    /// Sets an entry that was zero.
    pub fn insert(&mut self, i: usize, value: f64) {
        debug_assert_eq!(self.values[i], 0.0);
        if value != 0.0 {
            self.values[i] = value;
            self.index.push(i as u32);
        }
    }

    /// Adds to an entry. A sum that cancels stays listed as the smallest positive number, which every drop tolerance
    /// removes later; so no marks are needed.
    pub fn add(&mut self, i: usize, value: f64) {
        let entry = &mut self.values[i];
        if *entry == 0.0 {
            self.index.push(i as u32);
        }
        *entry += value;
        if *entry == 0.0 {
            *entry = f64::MIN_POSITIVE;
        }
    }

    /// Lists the non-zeros anew from the values.
    pub fn gather(&mut self) {
        self.index.clear();
        for (i, &value) in self.values.iter().enumerate() {
            if value != 0.0 {
                self.index.push(i as u32);
            }
        }
    }

    /// The listed entries as (position, value) pairs.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.index.iter().map(|&i| (i as usize, self.values[i as usize]))
    }

    /// Becomes a copy of `other` (same length).
    pub fn copy_from(&mut self, other: &Self) {
        self.clear();
        self.index.extend_from_slice(&other.index);
        for &i in &other.index {
            self.values[i as usize] = other.values[i as usize];
        }
    }

    /// Sum of the squares of the entries.
    pub fn norm_squared(&self) -> f64 {
        self.index.iter().map(|&i| self.values[i as usize].powi(2)).sum()
    }

    /// Listed share of all positions.
    pub fn density(&self) -> f64 {
        self.index.len() as f64 / self.values.len().max(1) as f64
    }
}

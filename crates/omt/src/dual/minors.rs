//! The minors of n rows in n + 1 columns: the vector on which n points are tight, in floats with a bound on its error, or in whole
//! numbers.
//!
//! Row by row, the minors of the first r rows for each r-set of columns follow from those of r - 1 rows by expansion along the last:
//! (n + 1) 2^n products altogether, no division, no pivot, no allocation. So the error of the floats has a bound that needs no
//! knowledge of the rows: a term of an r-row minor takes part in at most 2 r + r (r + 1) / 2 roundings.
//!
//! Convention: entry k of the vector v is (-1)^k times the minor without column k, so that p v is the determinant with p put
//! above the rows.
//!
//! Reference: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, section 3.1.

use dashu::integer::IBig;

/// Most columns, n + 1.
pub(super) const MOST_COLUMNS: usize = 9;

/// One product of an expansion.
#[derive(Clone, Copy, Debug)]
struct Term {
    /// The set of columns whose minor it belongs to, and the same set without the entry's column.
    target: u16,
    source: u16,
    column: u8,
    negative: bool,
}

/// The terms of all expansions for one number of columns.
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    columns: usize,
    /// Terms of each row from 0, sorted by target.
    rows: Vec<Vec<Term>>,
    /// Sets of as many columns as there are rows so far.
    sets: Vec<Vec<u16>>,
}

/// Room for the minors of some rows in floats.
#[derive(Clone, Debug, Default)]
pub(super) struct FloatMinors {
    values: Vec<f64>,
    /// The same sums over absolute values.
    sizes: Vec<f64>,
    rows: usize,
}

/// Roundings up to r rows on the way to one term, entries included.
fn roundings(rows: usize) -> f64 {
    (2 * rows + rows * (rows + 1) / 2) as f64
}

impl Expansion {
    /// For rows of so many entries, at most [`MOST_COLUMNS`].
    pub(super) fn new(columns: usize) -> Self {
        let mut rows = vec![Vec::new(); columns - 1];
        let mut sets = vec![Vec::new(); columns];
        for set in 0..1_u16 << columns {
            let size = set.count_ones() as usize;
            if size == columns {
                continue;
            }
            sets[size].push(set);
            if size == 0 {
                continue;
            }
            let members = (0..columns).filter(|k| set >> k & 1 == 1);
            rows[size - 1].extend(members.enumerate().map(|(place, k)| Term {
                target: set,
                source: set & !(1 << k),
                column: k as u8,
                negative: (size - 1 + place) % 2 == 1,
            }));
        }
        Self { columns, rows, sets }
    }

    /// Begins with no row.
    pub(super) fn begin(&self, room: &mut FloatMinors) {
        room.values.resize(1 << self.columns, 0.0);
        room.sizes.resize(1 << self.columns, 0.0);
        (room.values[0], room.sizes[0], room.rows) = (1.0, 1.0, 0);
    }

    /// Adds a row of floats, each within a rounding of the exact entry and at most 1 in absolute value.
    pub(super) fn push(&self, room: &mut FloatMinors, row: &[f64]) {
        for &set in &self.sets[room.rows + 1] {
            (room.values[set as usize], room.sizes[set as usize]) = (0.0, 0.0);
        }
        for term in &self.rows[room.rows] {
            let entry = row[term.column as usize];
            let product = entry * room.values[term.source as usize];
            room.values[term.target as usize] += if term.negative { -product } else { product };
            room.sizes[term.target as usize] += entry.abs() * room.sizes[term.source as usize];
        }
        room.rows += 1;
    }

    /// Whether the last row is independent of those before it, for certain.
    pub(super) fn certainly_independent(&self, room: &FloatMinors) -> bool {
        let factor = roundings(room.rows) * f64::EPSILON;
        self.sets[room.rows].iter().any(|&set| room.values[set as usize].abs() > factor * room.sizes[set as usize])
    }

    /// Takes the last row away.
    pub(super) fn pop(&self, room: &mut FloatMinors) {
        room.rows -= 1;
    }

    /// The vector of n rows into `vector` (length n + 1), and a bound on what its inner product with a float row as in [`Self::push`] is
    /// off, if that is summed up term by term.
    ///
    /// Bound: an entry is off by g (r) times its size, doubled for the size's own roundings; the row by a unit roundoff u, the sum
    /// by (n + 2) u of the terms' sizes; entries of the row are at most 1. The last factor 2 covers the sums of this bound.
    pub(super) fn vector(&self, room: &FloatMinors, vector: &mut [f64]) -> f64 {
        let (all, n) = ((1_u16 << self.columns) - 1, self.columns - 1);
        let (of_entry, of_sum) = (roundings(n) * f64::EPSILON, (n + 3) as f64 * f64::EPSILON);
        let mut error = 0.0;
        for (k, entry) in vector.iter_mut().enumerate() {
            let set = (all & !(1 << k)) as usize;
            *entry = if k % 2 == 1 { -room.values[set] } else { room.values[set] };
            error += of_entry * room.sizes[set] + of_sum * (entry.abs() + of_entry * room.sizes[set]);
        }
        2.0 * error + f64::MIN_POSITIVE
    }

    /// The vector in 128-bit words: for rows whose determinants fit (the caller has counted the digits).
    pub(super) fn words<'a>(&self, rows: impl Iterator<Item = &'a [i64]>, room: &mut Vec<i128>, vector: &mut [i128]) {
        room.clear();
        room.resize(1 << self.columns, 0);
        room[0] = 1;
        for (row, terms) in rows.zip(&self.rows) {
            for term in terms {
                let product = i128::from(row[term.column as usize]) * room[term.source as usize];
                room[term.target as usize] += if term.negative { -product } else { product };
            }
        }
        let all = (1_usize << self.columns) - 1;
        for (k, entry) in vector.iter_mut().enumerate() {
            let value = room[all & !(1 << k)];
            *entry = if k % 2 == 1 { -value } else { value };
        }
    }

    /// The vector in whole numbers of any size.
    pub(super) fn big<'a>(&self, rows: impl Iterator<Item = &'a [IBig]>) -> Vec<IBig> {
        let mut room = vec![IBig::ZERO; 1 << self.columns];
        room[0] = IBig::ONE;
        for (row, terms) in rows.zip(&self.rows) {
            for term in terms {
                let product = &row[term.column as usize] * &room[term.source as usize];
                if term.negative {
                    room[term.target as usize] -= product;
                } else {
                    room[term.target as usize] += product;
                }
            }
        }
        let all = (1_usize << self.columns) - 1;
        let entry = |k: usize| {
            let value = std::mem::take(&mut room[all & !(1 << k)]);
            if k % 2 == 1 { -value } else { value }
        };
        (0..self.columns).map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dot(vector: &[i128], row: &[i64]) -> i128 {
        vector.iter().zip(row).map(|(v, &x)| v * i128::from(x)).sum()
    }

    proptest! {
        /// Floats are within their bound of the words, words are the big numbers, and all are tight at their rows.
        #[test]
        fn three_arithmetics_agree(columns in 2_usize..=6, entries in prop::collection::vec(-1000_i64..=1000, 42)) {
            let expansion = Expansion::new(columns);
            let n = columns - 1;
            let rows: Vec<&[i64]> = entries.chunks_exact(columns).take(n + 1).collect();
            let mut words = vec![0; columns];
            expansion.words(rows[..n].iter().copied(), &mut Vec::new(), &mut words);
            let big: Vec<Vec<IBig>> = rows.iter().map(|r| r.iter().map(|&x| IBig::from(x)).collect()).collect();
            let vector = expansion.big(big[..n].iter().map(Vec::as_slice));
            prop_assert_eq!(&vector, &words.iter().map(|&v| IBig::from(v)).collect::<Vec<_>>());
            for row in &rows[..n] {
                prop_assert_eq!(dot(&words, row), 0);
            }
            let float = |row: &[i64]| row.iter().map(|&x| x as f64 / 1000.0).collect::<Vec<f64>>();
            let mut room = FloatMinors::default();
            expansion.begin(&mut room);
            rows[..n].iter().for_each(|row| expansion.push(&mut room, &float(row)));
            let mut floats = vec![0.0; columns];
            let error = expansion.vector(&room, &mut floats);
            let value: f64 = floats.iter().zip(float(rows[n])).map(|(v, x)| v * x).sum();
            let truth = dot(&words, rows[n]) as f64 / 1000_f64.powi(columns as i32);
            prop_assert!((value - truth).abs() <= error, "{value} {truth} {error}");
            prop_assert!(error < 1e-11);
        }
    }
}

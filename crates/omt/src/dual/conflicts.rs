//! Pairs of points that are not both on the side they should be on as long as a neuron stays in a cone.
//!
//! If q r >= alpha p r for some alpha > 0 at all rays r of a cone, then firing at p implies firing at q throughout the cone, and
//! resting at q implies resting at p. So a point that should fire and one that should rest are in *conflict* where
//! the first implies the second; two of one kind are where each implies that the other is on its wrong side. Conflicts are
//! symmetric. What they cost a network is found by [`super::cores`].
//!
//! Rigour: a ratio of floats is moved by their errors to the safe side before it is compared. What rounding leaves in doubt is no
//! conflict.

use super::arrangement::Arrangement;
use super::mask::ones;
use super::signs::Signs;
use bdnn::Stop;
use budget::Pace;

/// The conflicts of one cone: for each point that has some a *row*, the units of the points that it conflicts with.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    /// Units of points that have a row, those with least choice first.
    pub(super) sources: Vec<Source>,
    /// Units that have a row.
    has: Vec<u64>,
    /// By unit: the number of its row, where it has one; there are at most as many as `dual.paired`, some thousands.
    row_of: Vec<u16>,
    /// One record after the other.
    rows: Vec<u64>,
}

/// Units of a point in one word.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) word: u32,
    row: u16,
    pub(super) units: u64,
}

/// Room to find them.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Whether two points conflict, by their places among the undecided ones.
    pairs: Vec<u64>,
    /// Rays at which each is on the side it should be on, and on the other.
    right: Vec<u64>,
    wrong: Vec<u64>,
    inverse: Vec<f64>,
    record: Vec<u64>,
}

impl Conflicts {
    /// The pairs among `undecided` points with these signs and values at the rays of their cone. Cost O(points^2 rays). `None` once `stop`
    /// says so.
    pub(super) fn new(
        at: &Arrangement,
        undecided: &[u32],
        signs: &Signs,
        values: &[f64],
        errors: &[f64],
        room: &mut Room,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let mut ask = || stop();
        let mut pace = Pace::new(&mut ask);
        let (points, count) = (undecided.len(), errors.len());
        let across = points.div_ceil(64);
        room.pairs.clear();
        room.pairs.resize(points * across, 0);
        room.inverse.resize(count.max(room.inverse.len()), 0.0);
        let width = count.div_ceil(64);
        room.right.clear();
        room.wrong.clear();
        for (k, &point) in undecided.iter().enumerate() {
            let wanted = at.wanted[point as usize];
            room.right.extend_from_slice(signs.side(k, wanted));
            room.wrong.extend_from_slice(signs.side(k, !wanted));
        }
        let values = |k: usize| &values[k * count..(k + 1) * count];
        let side = |k: usize| {
            let range = k * width..(k + 1) * width;
            Side { right: &room.right[range.clone()], wrong: &room.wrong[range] }
        };
        let mut any = false;
        for p in 0..points {
            let one = side(p);
            if pace.spend((points - p) * width) {
                return None;
            }
            if !invert(&one, values(p), errors, &mut room.inverse) {
                continue;
            }
            let mut test = |q: usize| {
                if has_slope(&one, &side(q), values(q), errors, &room.inverse) {
                    room.pairs[p * across + q / 64] |= 1 << (q % 64);
                    room.pairs[q * across + p / 64] |= 1 << (p % 64);
                    any = true;
                }
            };
            if let (&[right], &[wrong]) = (one.right, one.wrong) {
                // The usual cone of few dimensions: a comparison of words for each of the many pairs that the signs exclude.
                for (q, (&r, &w)) in (p + 1..).zip(room.right[p + 1..].iter().zip(&room.wrong[p + 1..])) {
                    if right & !w | r & !wrong == 0 {
                        test(q);
                    }
                }
            } else {
                (p + 1..points).filter(|&q| one.may_exclude(&side(q))).for_each(test);
            }
        }
        Some(if any { Self::of_pairs(at, undecided, room) } else { Self::default() })
    }

    /// What they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.sources[..])
            + size_of_val(&self.has[..])
            + size_of_val(&self.row_of[..])
            + size_of_val(&self.rows[..])
    }

    /// Rows and sources of the pairs found.
    fn of_pairs(at: &Arrangement, undecided: &[u32], room: &mut Room) -> Self {
        let Room { pairs, record, .. } = room;
        let (mut conflicts, mut points) = (Self::default(), Vec::new());
        for (&point, pairs) in undecided.iter().zip(pairs.chunks_exact(undecided.len().div_ceil(64))) {
            if pairs.iter().any(|&word| word != 0) {
                record.clear();
                record.resize(at.words, 0);
                ones(pairs).for_each(|q| at.mark(record, undecided[q]));
                conflicts.rows.extend_from_slice(record);
                points.push(point);
            }
        }
        conflicts.rows.shrink_to_fit();
        conflicts.index(at, &points);
        conflicts
    }

    /// Lists these points, one a row, by choice and by unit.
    fn index(&mut self, at: &Arrangement, points: &[u32]) {
        self.has = vec![0; at.words];
        for (row, &point) in (0_u16..).zip(points) {
            at.mark(&mut self.has, point);
            let (first, count) = at.bits[point as usize];
            let (mut bit, last) = (first, first + count);
            while bit < last {
                let end = last.min((bit / 64 + 1) * 64);
                let units = (u64::MAX >> (64 - (end - bit))) << (bit % 64);
                self.sources.push(Source { word: bit / 64, row, units });
                bit = end;
            }
        }
        self.row_of = vec![0; 64 * at.words];
        for (row, &point) in (0_u16..).zip(points) {
            let (first, count) = at.bits[point as usize];
            self.row_of[first as usize..][..count as usize].fill(row);
        }
        let mut sources = std::mem::take(&mut self.sources);
        sources.sort_by_cached_key(|source| -> u32 { self.row(source.row).iter().map(|word| word.count_ones()).sum() });
        sources.shrink_to_fit();
        self.sources = sources;
    }

    fn row(&self, number: u16) -> &[u64] {
        &self.rows[number as usize * self.has.len()..][..self.has.len()]
    }

    /// Units of a word that have a row.
    pub(super) fn has(&self, word: usize) -> u64 {
        self.has.get(word).copied().unwrap_or(0)
    }

    /// What a unit conflicts with, as a record, if there is something.
    pub(super) fn of_unit(&self, word: usize, unit: u64) -> Option<&[u64]> {
        (self.has(word) & unit != 0).then(|| self.row(self.row_of[64 * word + unit.trailing_zeros() as usize]))
    }
}

/// The rays at which a point is on the side it should be on, and those where it is on the other.
struct Side<'s> {
    right: &'s [u64],
    wrong: &'s [u64],
}

impl Side<'_> {
    /// Whether two points may be in conflict, from the signs alone: each is strictly wrong wherever the other is right.
    fn may_exclude(&self, other: &Side<'_>) -> bool {
        let within = |inner: &[u64], outer: &[u64]| inner.iter().zip(outer).all(|(i, o)| i & !o == 0);
        within(self.right, other.wrong) && within(other.right, self.wrong)
    }
}

/// The inverse of the size of a point's value at each ray, moved to the safe side: towards 0 where it is right, away from it where it is wrong. False if a
/// value is too close to 0 for that.
fn invert(side: &Side<'_>, values: &[f64], errors: &[f64], inverse: &mut [f64]) -> bool {
    for ray in ones(side.right) {
        inverse[ray] = 1.0 / (values[ray].abs() + errors[ray]);
    }
    for ray in ones(side.wrong) {
        let size = values[ray].abs() - errors[ray];
        if size <= 0.0 {
            return false;
        }
        inverse[ray] = 1.0 / size;
    }
    true
}

/// Whether being right at the point with these inverses implies being wrong at the other, for certain, where the signs say that it may. With p and q the
/// sizes of both values: some alpha is at most q / p where the first is right, and at least q / p where the other is.
fn has_slope(side: &Side<'_>, other: &Side<'_>, values: &[f64], errors: &[f64], inverse: &[f64]) -> bool {
    /// Covers the roundings of sums, inverses, products and of the comparison.
    const SAFE: f64 = 1.0 + 16.0 * f64::EPSILON;
    let least =
        ones(other.right).fold(0.0, |least, ray| f64::max(least, (values[ray].abs() + errors[ray]) * inverse[ray]));
    ones(side.right).all(|ray| (values[ray].abs() - errors[ray]) * inverse[ray] >= least * SAFE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows are found by unit as by source, also where a point's units go over the end of a word.
    #[test]
    fn rows_are_found_by_unit() {
        let mut conflicts = Conflicts { has: vec![0b1010, 1 << 63, 0b11], ..Conflicts::default() };
        conflicts.row_of = vec![0; 192];
        (conflicts.row_of[3], conflicts.row_of[127]) = (1, 2);
        conflicts.row_of[128..130].fill(2);
        conflicts.rows = vec![7, 0, 1, 8, 0, 2, 9, 0, 3];
        assert_eq!(conflicts.of_unit(0, 1), None);
        assert_eq!(conflicts.of_unit(0, 2), Some(&[7, 0, 1][..]));
        assert_eq!(conflicts.of_unit(0, 8), Some(&[8, 0, 2][..]));
        assert_eq!(conflicts.of_unit(2, 2), Some(&[9, 0, 3][..]));
        assert_eq!(conflicts.of_unit(1, 1 << 63), conflicts.of_unit(2, 1));
        assert!(Conflicts::default().of_unit(5, 1).is_none());
    }
}

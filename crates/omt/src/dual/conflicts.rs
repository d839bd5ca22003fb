//! Pairs of points that are not both on the side they should be on as long as a neuron stays in a cone.
//!
//! If q r >= alpha p r for some alpha > 0 at all rays r of a cone, then firing at p implies firing at q throughout the cone, and
//! resting at q implies resting at p. So a point that should fire and one that should rest are in *conflict* where
//! the first implies the second. (Two of one kind may be as well, but so seldom that nobody looks for it.) Conflicts are
//! symmetric. What they cost a network is found by [`super::cores`].
//!
//! Rigour: a ratio of floats is moved by their errors to the safe side before it is compared. What rounding leaves in doubt is no
//! conflict.

use super::arrangement::Arrangement;
use super::mask::ones;
use super::signs::Signs;
use bdnn::Stop;
use budget::Pace;
use serde::{Deserialize, Serialize};

/// The conflicts of one cone: for each point that has some a *row*, the units of the points that it conflicts with, in the words of their kind.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Conflicts {
    /// Units that have a row.
    has: Vec<u64>,
    /// By unit: the number of its row, where it has one; there are at most as many as `dual.paired`, some thousands.
    row_of: Vec<u16>,
    /// Rows of points that shall be on, and their width, then those of others, and theirs.
    rows: Vec<u64>,
    wanted: usize,
    widths: [usize; 2],
}

/// Room to find them.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Rays at which each point is on the side it should be on, and on the other.
    right: Vec<u64>,
    wrong: Vec<u64>,
    /// Places of the points that cost something: those that shall be on, then the others, those with the same signs together.
    order: Vec<u32>,
    /// The first of each such group, and the end.
    groups: Vec<usize>,
    inverse: Vec<f64>,
    /// A row for each in this order.
    rows: Vec<u64>,
    /// Elementary steps of the last search.
    pub(super) steps: u64,
}

impl Conflicts {
    /// The pairs among `undecided` points with these signs and values at the rays of their cone. Cost O(points^2 rays) at most. `None` once `stop`
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
        let (count, width) = (errors.len(), errors.len().div_ceil(64));
        let wanted = room.arrange(at, undecided, signs, width);
        let Room { right, wrong, order, groups, inverse, rows, steps } = room;
        *steps = 0;
        let side = |k: u32| {
            let range = k as usize * width..(k as usize + 1) * width;
            Side { right: &right[range.clone()], wrong: &wrong[range] }
        };
        let values = |k: u32| &values[k as usize * count..(k as usize + 1) * count];
        let widths = [at.priced_words - at.wanted_words, at.wanted_words];
        rows.clear();
        rows.resize(wanted * widths[0] + (order.len() - wanted) * widths[1], 0);
        let (on_rows, off_rows) = rows.split_at_mut(wanted * widths[0]);
        inverse.resize(count.max(inverse.len()), 0.0);
        let mut any = false;
        // What signs exclude is seen by groups, of which cones of few rays have few.
        let ranges = || groups.windows(2).map(|ends| ends[0]..ends[1]);
        for on in ranges().take_while(|group| group.start < wanted) {
            let one = side(order[on.start]);
            for off in ranges().skip_while(|group| group.start < wanted) {
                let other = side(order[off.start]);
                *steps += width as u64;
                if pace.spend(width) {
                    return None;
                }
                if !one.may_exclude(&other) {
                    continue;
                }
                for p in on.clone() {
                    *steps += (off.len() * width) as u64;
                    if pace.spend(off.len() * width) {
                        return None;
                    }
                    if !invert(&one, values(order[p]), errors, inverse) {
                        continue;
                    }
                    for q in off.clone() {
                        if has_slope(&one, &other, values(order[q]), errors, inverse) {
                            let [fires, rests] = [p, q].map(|place| at.bits[undecided[order[place] as usize] as usize]);
                            mark(&mut on_rows[p * widths[0]..], rests, at.wanted_words);
                            mark(&mut off_rows[(q - wanted) * widths[1]..], fires, 0);
                            any = true;
                        }
                    }
                }
            }
        }
        Some(if any { Self::gather(at, undecided, (order, wanted), rows, widths) } else { Self::default() })
    }

    /// What they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.has[..]) + size_of_val(&self.row_of[..]) + size_of_val(&self.rows[..])
    }

    /// Those rows that say something.
    fn gather(
        at: &Arrangement,
        undecided: &[u32],
        (order, wanted): (&[u32], usize),
        rows: &[u64],
        widths: [usize; 2],
    ) -> Self {
        let mut conflicts = Self {
            has: vec![0; at.priced_words],
            row_of: vec![0; 64 * at.priced_words],
            rows: vec![],
            wanted: 0,
            widths,
        };
        let (on_rows, off_rows) = rows.split_at(wanted * widths[0]);
        let all = on_rows.chunks_exact(widths[0]).chain(off_rows.chunks_exact(widths[1]));
        let some = all.enumerate().filter(|(_, row)| row.iter().any(|&word| word != 0));
        for (number, (place, row)) in (0_u16..).zip(some) {
            let point = undecided[order[place] as usize];
            let (first, count) = at.bits[point as usize];
            at.mark(&mut conflicts.has, point);
            conflicts.row_of[first as usize..][..count as usize].fill(number);
            conflicts.rows.extend_from_slice(row);
            conflicts.wanted += usize::from(place < wanted);
        }
        conflicts.rows.shrink_to_fit();
        conflicts
    }

    /// Units of a word that have a row.
    pub(super) fn has(&self, word: usize) -> u64 {
        self.has.get(word).copied().unwrap_or(0)
    }

    /// What a unit conflicts with, in the words of the other kind, if there is something.
    pub(super) fn of_unit(&self, unit: usize) -> Option<&[u64]> {
        if self.has(unit / 64) >> (unit % 64) & 1 == 0 {
            return None;
        }
        let number = usize::from(self.row_of[unit]);
        let (before, after) = (number.min(self.wanted), number.saturating_sub(self.wanted));
        let [wanted, other] = self.widths;
        let width = if number < self.wanted { wanted } else { other };
        Some(&self.rows[before * wanted + after * other..][..width])
    }
}

impl Room {
    /// Finds signs, order and groups; returns how many shall be on.
    fn arrange(&mut self, at: &Arrangement, undecided: &[u32], signs: &Signs, width: usize) -> usize {
        let Self { right, wrong, order, groups, .. } = self;
        let on = |k: u32| at.wanted[undecided[k as usize] as usize];
        right.clear();
        wrong.clear();
        for k in 0..undecided.len() {
            let wanted = on(k as u32);
            right.extend_from_slice(signs.side(k, wanted));
            wrong.extend_from_slice(signs.side(k, !wanted));
        }
        let key = |k: u32| {
            let range = k as usize * width..(k as usize + 1) * width;
            (!on(k), &right[range.clone()], &wrong[range])
        };
        order.clear();
        let priced = |k: &u32| (at.bits[undecided[*k as usize] as usize].0 as usize) < 64 * at.priced_words;
        order.extend((0..undecided.len() as u32).filter(priced));
        order.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)).then(a.cmp(&b)));
        groups.clear();
        groups.extend((0..order.len()).filter(|&k| k == 0 || key(order[k]) != key(order[k - 1])));
        groups.push(order.len());
        order.partition_point(|&k| on(k))
    }
}

/// Sets the bits of a point's units in a row that begins at word `start` of a record.
fn mark(row: &mut [u64], (first, count): (u32, u32), start: usize) {
    (first..first + count).for_each(|bit| row[bit as usize / 64 - start] |= 1 << (bit % 64));
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

    /// Rows have the width of the other kind, also where a point's units go over the end of a word.
    #[test]
    fn rows_are_found_by_unit() {
        let mut conflicts =
            Conflicts { has: vec![0b1010, 1 << 63, 0b11], wanted: 2, widths: [1, 2], ..Conflicts::default() };
        conflicts.row_of = vec![0; 192];
        (conflicts.row_of[3], conflicts.row_of[127]) = (1, 2);
        conflicts.row_of[128..130].fill(2);
        conflicts.rows = vec![7, 8, 9, 3];
        assert_eq!(conflicts.of_unit(0), None);
        assert_eq!(conflicts.of_unit(1), Some(&[7][..]));
        assert_eq!(conflicts.of_unit(3), Some(&[8][..]));
        assert_eq!(conflicts.of_unit(129), Some(&[9, 3][..]));
        assert_eq!(conflicts.of_unit(127), conflicts.of_unit(128));
        assert!(Conflicts::default().of_unit(320).is_none());
    }
}

//! The points that matter as hyperplanes in the space of weights, each with its place in the bit records.
//!
//! A neuron (w, b) is a point of weight space, a data point x the hyperplane { (w, b) : w x + b = 0 } in it, and a cell between the
//! hyperplanes a dichotomy of the data. Dichotomies are affine invariants, so the points may be moved and stretched by
//! coordinates, and coordinates that follow from others may go: what is left spans. Whole numbers are the truth; floats within a
//! rounding of them, stretched to [-1, 1], are what signs are guessed from.
//!
//! A bit of a record is a unit of weight: first those of the points that shall be on, then, from a word of their own, the others, and last,
//! where labellings are asked for, one bit for each point that costs nothing.

use super::minors::{Expansion, FloatMinors, MOST_COLUMNS};
use crate::linear::{Geometry, Task};
use bdnn::Stop;
use dashu::base::{BitTest, Gcd, UnsignedAbs};
use dashu::integer::{IBig, UBig};

/// Most units of weight: a record has two bits for each.
pub(crate) const MOST_UNITS: u64 = 1 << 15;
/// Most digits of a coordinate, so that no product of floats underflows.
const MOST_BITS: usize = 1000 / MOST_COLUMNS;

/// Coordinates of all points in whole numbers, row-major, the last of each 1.
#[derive(Debug)]
pub(super) enum Whole {
    /// So few digits that determinants fit into 128 bits.
    Words(Vec<i64>),
    Big(Vec<IBig>),
}

/// One hyperplane a point.
#[derive(Debug)]
pub(crate) struct Arrangement {
    /// Affine rank of the points, n.
    pub(super) rank: usize,
    pub(super) expansion: Expansion,
    pub(super) whole: Whole,
    /// Row-major, n + 1 a point.
    pub(super) floats: Vec<f64>,
    /// Whether determinants of the floats are not rounded at all.
    pub(super) unrounded: bool,
    /// One over the length of each point in standardised coordinates, and mean and deviation of each coordinate.
    pub(super) nearness: Vec<f64>,
    pub(super) mean: Vec<f64>,
    pub(super) deviation: Vec<f64>,
    /// Number of the point in the data.
    pub(super) sites: Vec<u32>,
    /// Whether it shall be on.
    pub(super) wanted: Vec<bool>,
    /// First bit of each point in a record, and the number of its bits.
    pub(super) bits: Vec<(u32, u32)>,
    /// The point of each bit.
    pub(super) point_of: Vec<u32>,
    /// Words of a record for points that shall be on, for all that cost something, and all.
    pub(super) wanted_words: usize,
    pub(super) priced_words: usize,
    pub(super) words: usize,
    /// Bits that stand for a unit.
    pub(super) valid: Vec<u64>,
    /// What a unit costs, and what every network pays.
    pub(super) unit: u64,
    pub(super) base: u64,
    /// n + 1 independent points.
    pub(super) spanning: Vec<u32>,
}

/// Rows of whole numbers reduced to a basis.
struct Basis {
    /// Column of the leading entry, and the row.
    rows: Vec<(usize, Vec<IBig>)>,
}

impl Basis {
    /// Takes a row if it is independent of those taken.
    fn take(&mut self, mut row: Vec<IBig>) -> bool {
        for (pivot, base) in &self.rows {
            if row[*pivot].is_zero() {
                continue;
            }
            let (factor, lead) = (row[*pivot].clone(), &base[*pivot]);
            row.iter_mut().zip(base).for_each(|(entry, b)| *entry = &*entry * lead - b * &factor);
            let common = row.iter().filter(|v| !v.is_zero()).fold(UBig::ZERO, |common, v| {
                let size = v.clone().unsigned_abs();
                if common.is_zero() { size } else { common.gcd(size) }
            });
            if common.bit_len() > 1 {
                let common = IBig::from(common);
                row.iter_mut().for_each(|v| *v /= &common);
            }
        }
        // The last column, which is 1, goes first.
        let n = row.len() - 1;
        let Some(pivot) = std::iter::once(n).chain(0..n).find(|&k| !row[k].is_zero()) else { return false };
        self.rows.push((pivot, row));
        true
    }
}

impl Arrangement {
    /// The points with a price, or `all`. `None` if they are all one, span more than [`MOST_COLUMNS`] - 1 dimensions, have too many digits or units,
    /// without bias, or once `stop` says so.
    pub(crate) fn new(geometry: &Geometry, task: &Task, all: bool, stop: &Stop<'_>) -> Option<Self> {
        let points: Vec<usize> = (0..task.len()).filter(|&i| all || task.weight[i] > 0).collect();
        let prices = points.iter().map(|&i| task.weight[i]).filter(|&price| price > 0);
        let unit = prices.reduce(|unit, price| unit.gcd(price)).unwrap_or(1);
        let units = points.iter().try_fold(0_u64, |sum, &i| sum.checked_add(task.weight[i] / unit))?;
        if !geometry.bias() || units > MOST_UNITS || points.len() < 2 {
            return None;
        }
        let (independent, columns) = basis(geometry, &points, stop)?;
        let rank = columns.len() - 1;
        if rank == 0 || columns.len() > MOST_COLUMNS {
            return None;
        }
        let coordinates = centred(geometry, &points, &columns, stop)?;
        let mut arrangement = Self {
            rank,
            expansion: Expansion::new(rank + 1),
            floats: floats(&coordinates, rank + 1)?,
            unrounded: fits(&coordinates, rank + 1, 53.0),
            whole: whole(coordinates, rank + 1),
            nearness: vec![],
            mean: vec![],
            deviation: vec![],
            sites: points.iter().map(|&i| u32::try_from(i).ok()).collect::<Option<_>>()?,
            wanted: points.iter().map(|&i| task.wanted[i] && task.weight[i] > 0).collect(),
            bits: vec![],
            point_of: vec![],
            wanted_words: 0,
            priced_words: 0,
            words: 0,
            valid: vec![],
            unit,
            base: task.base,
            spanning: independent,
        };
        arrangement.lay_out(|k| task.weight[points[k]] / unit);
        arrangement.standardise();
        arrangement.spread();
        Some(arrangement)
    }

    /// About how many multiplications of floats an exact sign takes as long as.
    pub(super) fn exact_work(&self) -> usize {
        let columns = self.rank + 1;
        match self.whole {
            Whole::Words(_) => 8 * columns,
            Whole::Big(_) => 64 * columns * columns,
        }
    }

    /// By how much work on whole cones is dearer than in machine words.
    pub(super) fn dearness(&self) -> u64 {
        if matches!(self.whole, Whole::Big(_)) { 16 } else { 1 }
    }

    /// Number of points.
    pub(super) fn len(&self) -> usize {
        self.sites.len()
    }

    /// The floats of a point, length n + 1.
    pub(super) fn point(&self, i: u32) -> &[f64] {
        let columns = self.rank + 1;
        &self.floats[i as usize * columns..(i as usize + 1) * columns]
    }

    /// Where the words of points that shall be on end, and those of all points that cost something.
    pub(super) fn sections(&self) -> [usize; 2] {
        [self.wanted_words, self.priced_words]
    }

    /// Units of weight of a point.
    pub(super) fn weight(&self, i: u32) -> u32 {
        self.bits[i as usize].1
    }

    /// Sets the bits of a point in a record.
    pub(super) fn mark(&self, record: &mut [u64], i: u32) {
        let (first, count) = self.bits[i as usize];
        (first..first + count).for_each(|bit| record[bit as usize / 64] |= 1 << (bit % 64));
    }

    /// Whether the first bit of a point is set.
    pub(super) fn marked(&self, record: &[u64], i: u32) -> bool {
        let (first, _) = self.bits[i as usize];
        record[first as usize / 64] >> (first % 64) & 1 == 1
    }

    /// As many of the points, from the first on, as are independent.
    pub(super) fn independent(&self, points: &[u32]) -> Vec<u32> {
        let columns = self.rank + 1;
        let row = |p: u32| {
            let range = p as usize * columns..(p as usize + 1) * columns;
            match &self.whole {
                Whole::Words(words) => words[range].iter().map(|&v| IBig::from(v)).collect(),
                Whole::Big(values) => values[range].to_vec(),
            }
        };
        let mut basis = Basis { rows: Vec::new() };
        points.iter().copied().filter(|&p| basis.take(row(p))).collect()
    }

    fn lay_out(&mut self, weight: impl Fn(usize) -> u64) {
        let mut next = 0_u32;
        self.bits = vec![(0, 0); self.len()];
        // Points that shall be on, those that shall not, those that do not matter.
        let section = |k: usize| if weight(k) == 0 { 2 } else { usize::from(!self.wanted[k]) };
        let mut ends = [0; 3];
        for (number, end) in ends.iter_mut().enumerate() {
            for k in (0..self.wanted.len()).filter(|&k| section(k) == number) {
                let count = weight(k).max(1) as u32;
                self.bits[k] = (next, count);
                next += count;
            }
            let words = next.div_ceil(64);
            *end = words as usize;
            next = words * 64;
        }
        [self.wanted_words, self.priced_words, self.words] = ends;
        let mut valid = vec![0; self.words];
        (0..self.len() as u32).for_each(|i| self.mark(&mut valid, i));
        self.valid = valid;
        self.point_of = vec![0; 64 * self.words];
        for (point, &(first, count)) in (0..).zip(&self.bits) {
            self.point_of[first as usize..(first + count) as usize].fill(point);
        }
    }

    fn standardise(&mut self) {
        let (columns, count) = (self.rank + 1, self.len() as f64);
        let rows = || self.floats.chunks_exact(columns);
        self.mean = (0..self.rank).map(|k| rows().map(|row| row[k]).sum::<f64>() / count).collect();
        let deviation = |k: usize| (rows().map(|row| (row[k] - self.mean[k]).powi(2)).sum::<f64>() / count).sqrt();
        self.deviation = (0..self.rank).map(deviation).map(|d| if d > 0.0 { d } else { 1.0 }).collect();
        let standard = |row: &[f64]| -> f64 {
            let square = |k: usize| ((row[k] - self.mean[k]) / self.deviation[k]).powi(2);
            1.0 / (1.0 + (0..self.rank).map(square).sum::<f64>()).sqrt()
        };
        self.nearness = rows().map(standard).collect();
    }

    /// Replaces the spanning points by some that stand far apart, so that the first cones are wide: one near the middle, then each time
    /// the one farthest in direction from the span of those taken.
    fn spread(&mut self) {
        let columns = self.rank + 1;
        let standard = |row: &[f64]| -> Vec<f64> {
            (0..columns)
                .map(|k| if k == self.rank { 1.0 } else { (row[k] - self.mean[k]) / self.deviation[k] })
                .collect()
        };
        let mut rest: Vec<Vec<f64>> = self.floats.chunks_exact(columns).map(standard).collect();
        let mut chosen: Vec<u32> = Vec::with_capacity(columns);
        let mut room = FloatMinors::default();
        self.expansion.begin(&mut room);
        for round in 0..columns {
            let square = |i: usize| rest[i].iter().map(|v| v * v).sum::<f64>();
            let score = |i: usize| if round == 0 { self.nearness[i] } else { square(i) * self.nearness[i].powi(2) };
            let Some(best) = (0..rest.len()).max_by(|&a, &b| score(a).total_cmp(&score(b)).then(b.cmp(&a))) else {
                return;
            };
            chosen.push(best as u32);
            if round < self.rank {
                self.expansion.push(&mut room, self.point(best as u32));
            }
            let (direction, length) = (rest[best].clone(), square(best));
            if length == 0.0 {
                return;
            }
            for row in &mut rest {
                let along = row.iter().zip(&direction).map(|(a, b)| a * b).sum::<f64>() / length;
                row.iter_mut().zip(&direction).for_each(|(a, b)| *a -= along * b);
            }
        }
        // Independent for certain, or else those of the exact elimination stay.
        let mut vector = vec![0.0; columns];
        let error = self.expansion.vector(&room, &mut vector);
        let value: f64 = vector.iter().zip(self.point(chosen[self.rank])).map(|(v, x)| v * x).sum();
        if value.abs() > error {
            self.spanning = chosen;
        }
    }
}

/// Affinely independent points that span (their numbers among `points`), and the columns that tell them all apart.
fn basis(geometry: &Geometry, points: &[usize], stop: &Stop<'_>) -> Option<(Vec<u32>, Vec<usize>)> {
    let dim = geometry.dim();
    let mut basis = Basis { rows: Vec::new() };
    let mut independent = Vec::new();
    for (number, &i) in (0_u32..).zip(points) {
        if number % 64 == 0 && stop() {
            return None;
        }
        if basis.take(geometry.exact(i)) {
            independent.push(number);
        }
        if independent.len() == dim || independent.len() > MOST_COLUMNS {
            break;
        }
    }
    let mut columns: Vec<usize> = basis.rows.iter().map(|&(pivot, _)| pivot).collect();
    columns.sort_unstable();
    Some((independent, columns))
}

/// The chosen coordinates of the points, row-major, each but the last moved to the middle of its range.
fn centred(geometry: &Geometry, points: &[usize], columns: &[usize], stop: &Stop<'_>) -> Option<Vec<IBig>> {
    let mut rows = Vec::with_capacity(points.len() * columns.len());
    for (number, &i) in points.iter().enumerate() {
        if number % 64 == 0 && stop() {
            return None;
        }
        let row = geometry.exact(i);
        rows.extend(columns.iter().map(|&k| row[k].clone()));
    }
    let width = columns.len();
    for k in 0..width - 1 {
        let column = || rows.iter().skip(k).step_by(width);
        let middle = (column().min()? + column().max()?) / IBig::from(2);
        rows.iter_mut().skip(k).step_by(width).for_each(|v| *v -= &middle);
    }
    Some(rows)
}

/// Digits of the largest entry of each column.
fn digits(rows: &[IBig], width: usize) -> impl Iterator<Item = usize> {
    (0..width)
        .map(move |k| rows.iter().skip(k).step_by(width).map(|v| v.clone().unsigned_abs().bit_len()).max().unwrap_or(0))
}

/// Each column over a power of two that brings it to at most 1; `None` if a column has too many digits.
fn floats(rows: &[IBig], width: usize) -> Option<Vec<f64>> {
    let digits: Vec<usize> = digits(rows, width).collect();
    if digits.iter().any(|&bits| bits > MOST_BITS) {
        return None;
    }
    let float = |(at, v): (usize, &IBig)| {
        let bits = if at % width + 1 == width { 0 } else { digits[at % width] };
        v.to_f64().value() * 2.0_f64.powi(-(bits as i32))
    };
    Some(rows.iter().enumerate().map(float).collect())
}

/// Whether a determinant, of (n + 1)! products of an entry of each column, has fewer than so many digits.
fn fits(rows: &[IBig], width: usize, most: f64) -> bool {
    let products: f64 = (2..=width).map(|k| (k as f64).log2()).sum();
    digits(rows, width).sum::<usize>() as f64 + products < most
}

/// Words where determinants fit into two of them, with a digit to spare.
fn whole(rows: Vec<IBig>, width: usize) -> Whole {
    let words = || rows.iter().map(|v| i64::try_from(v).ok()).collect::<Option<Vec<i64>>>();
    match fits(&rows, width, 126.0).then(words).flatten() {
        Some(words) => Whole::Words(words),
        None => Whole::Big(rows),
    }
}

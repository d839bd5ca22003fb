//! Coordinates in machine words, for bounds: exact where they fit, else rounded with a known doubt.

use super::lattice::Lattice;
use crate::linear::Task;
use bdnn::Stop;
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use numerics::whole::gcd;

/// Bits that sums of all weights may have.
const SUM_BITS: usize = 60;

/// Cells of a histogram of sums: two a point within these limits, or one a sum where that takes no more than twice as many.
const CELLS_A_POINT: i64 = 2;
const CELLS: (i64, i64) = (128, 1 << 14);

/// The points that matter, those wanted to fire first, and what box bounds on weights make of their activations.
///
/// The *hope* of a point is the most its sum can be if it is wanted to fire, and the least if it is wanted to rest, in all of a box: point i has
/// hope sum_j high_j `up[j][i]` + low_j `down[j][i]` and the doubt in its favour. With a bias features are moved to around zero, which moves all sums
/// of one weight vector alike.
#[derive(Debug)]
pub(crate) struct Grid {
    /// Index of each point among all.
    pub(crate) points: Vec<usize>,
    /// How many of them are wanted to fire.
    pub(crate) firing: usize,
    pub(crate) weights: Vec<i64>,
    /// Feature by feature: the coordinate where a larger weight helps the point, else 0, and the other way round.
    pub(crate) up: Vec<Vec<i64>>,
    pub(crate) down: Vec<Vec<i64>>,
    /// Sums are off by less than this: 0 where they are exact.
    pub(crate) doubt: i64,
    /// What a unit of a feature's weight moves all points together.
    pub(crate) influence: Vec<f64>,
    pub(crate) bias: bool,
    /// Weight of the points wanted to rest.
    pub(crate) resting_weight: i64,
    /// Sums lie within this distance of 0; a cell of the histogram holds 2^`shift` of them.
    pub(crate) span: i64,
    pub(crate) shift: u32,
    pub(crate) cells: usize,
}

impl Grid {
    /// The grid of a lattice for a task; `None` once `stop` says so.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
    pub(crate) fn new(lattice: &Lattice, task: &Task, stop: &Stop<'_>) -> Option<Self> {
        let matters = |fires: bool| {
            (0..task.len()).filter(move |&i| task.weight[i] > 0 && task.wanted[i] == fires).collect::<Vec<usize>>()
        };
        let mut points = matters(true);
        let firing = points.len();
        points.extend(matters(false));
        let whole = |j: usize| (!stop()).then(|| column(lattice, &points, j));
        let mut columns: Vec<Vec<IBig>> = (0..lattice.inputs).map(whole).collect::<Option<_>>()?;
        let common = columns.iter().flatten().fold(UBig::ZERO, |all, x| gcd(&all, &x.clone().unsigned_abs()));
        if common > UBig::ONE {
            let common = IBig::from(common);
            columns.iter_mut().flatten().for_each(|x| *x = &*x / &common);
        }
        let largest = columns.iter().flatten().map(|x| x.clone().unsigned_abs().bit_len()).max().unwrap_or(0);
        let terms = lattice.bound.saturating_mul(lattice.inputs.max(1) as i64);
        let room = SUM_BITS - (terms.unsigned_abs().bit_len() + 2).min(SUM_BITS - 1);
        let excess = largest.saturating_sub(room);
        // Whole-number division rounds towards zero: off by less than 1 a coordinate.
        let scale = IBig::from(UBig::ONE << excess);
        let doubt = if excess > 0 { terms } else { 0 };
        let small = |x: &IBig| i64::try_from(x / &scale).unwrap_or(0);
        // Each column of big numbers goes as soon as it is a column of words.
        let words = |column: Vec<IBig>| (!stop()).then(|| column.iter().map(small).collect());
        let columns: Vec<Vec<i64>> = columns.into_iter().map(words).collect::<Option<_>>()?;
        let weights: Vec<i64> = points.iter().map(|&i| i64::try_from(task.weight[i]).unwrap_or(i64::MAX)).collect();
        let helps = |k: usize, x: i64| (x > 0) == (k < firing);
        let side = |wanted: bool| -> Vec<Vec<i64>> {
            let kept = |(k, &x): (usize, &i64)| if helps(k, x) == wanted { x } else { 0 };
            columns.iter().map(|column| column.iter().enumerate().map(kept).collect()).collect()
        };
        let reach = |k: usize| columns.iter().map(|column| column[k].abs()).sum::<i64>() * lattice.bound + doubt;
        let span = (0..points.len()).map(reach).max().unwrap_or(0);
        let wished = (CELLS_A_POINT * points.len() as i64).clamp(CELLS.0, CELLS.1);
        let mut shift = 0;
        if span > wished {
            while (2 * span) >> shift >= wished {
                shift += 1;
            }
        }
        Some(Self {
            firing,
            up: side(true),
            down: side(false),
            doubt,
            influence: columns
                .iter()
                .map(|column| column.iter().zip(&weights).map(|(x, w)| x.unsigned_abs() as f64 * *w as f64).sum())
                .collect(),
            bias: lattice.bias,
            resting_weight: weights[firing..].iter().sum(),
            weights,
            points,
            span,
            shift,
            cells: usize::try_from((2 * span) >> shift).unwrap_or(0) + 2,
        })
    }

    /// Number of features.
    pub(crate) fn inputs(&self) -> usize {
        self.up.len()
    }

    /// The hopes in a box.
    pub(crate) fn hopes(&self, low: &[i32], high: &[i32], hopes: &mut Vec<i64>) {
        hopes.clear();
        hopes.resize(self.firing, self.doubt);
        hopes.resize(self.points.len(), -self.doubt);
        for j in 0..self.inputs() {
            add(hopes, &self.up[j], i64::from(high[j]));
            add(hopes, &self.down[j], i64::from(low[j]));
        }
    }

    /// A lower bound of the cost of every neuron in a box with these hopes: points on the wrong side of a threshold even so, for the best
    /// threshold. `cells` is a buffer.
    pub(crate) fn bound(&self, hopes: &[i64], cells: &mut Vec<i64>) -> u64 {
        let (firing, resting) = hopes.split_at(self.firing);
        let (to_fire, to_rest) = self.weights.split_at(self.firing);
        if !self.bias {
            let wrong = |hope: i64, weight: i64, is: bool| if is == (hope >= 0) { weight } else { 0 };
            let missed: i64 = firing.iter().zip(to_fire).map(|(&hope, &w)| wrong(hope, w, false)).sum();
            let false_alarms: i64 = resting.iter().zip(to_rest).map(|(&hope, &w)| wrong(hope, w, true)).sum();
            return (missed + false_alarms).unsigned_abs();
        }
        cells.clear();
        cells.resize(self.cells, 0);
        // A cell of several sums may have the threshold in it: those that shall fire above.
        let after = usize::from(self.shift > 0 || self.doubt > 0);
        let cell = |hope: i64| ((hope + self.span) >> self.shift) as usize;
        firing.iter().zip(to_fire).for_each(|(&hope, &w)| cells[cell(hope) + after] += w);
        resting.iter().zip(to_rest).for_each(|(&hope, &w)| cells[cell(hope)] -= w);
        let (mut sum, mut least) = (0, 0);
        for change in cells.iter() {
            sum += change;
            least = least.min(sum);
        }
        (self.resting_weight + least).unsigned_abs()
    }
}

impl Grid {
    /// As [`Self::bound`], with every threshold between two hopes: the cost itself, for a box of one weight vector without doubt whose points need not
    /// keep away from the border. `order` is a buffer.
    pub(crate) fn sharp_bound(&self, hopes: &[i64], order: &mut Vec<(i64, i64)>) -> u64 {
        order.clear();
        let signed = hopes.iter().zip(&self.weights).enumerate();
        order.extend(signed.map(|(k, (&hope, &weight))| (hope, if k < self.firing { weight } else { -weight })));
        order.sort_unstable();
        let (mut sum, mut least) = (0, 0);
        for (k, &(hope, change)) in order.iter().enumerate() {
            sum += change;
            if order.get(k + 1).is_none_or(|&(next, _)| next > hope) {
                least = least.min(sum);
            }
        }
        (self.resting_weight + least).unsigned_abs()
    }
}

/// Adds a multiple of a column.
pub(crate) fn add(hopes: &mut [i64], column: &[i64], times: i64) {
    match times {
        0 => {}
        1 => hopes.iter_mut().zip(column).for_each(|(hope, x)| *hope += x),
        -1 => hopes.iter_mut().zip(column).for_each(|(hope, x)| *hope -= x),
        _ => hopes.iter_mut().zip(column).for_each(|(hope, x)| *hope += times * x),
    }
}

/// Coordinate `j` of these points, with a bias around its median.
fn column(lattice: &Lattice, points: &[usize], j: usize) -> Vec<IBig> {
    let mut column: Vec<IBig> = points.iter().map(|&i| lattice.coordinates[i][j].clone()).collect();
    if lattice.bias && !column.is_empty() {
        let mut sorted: Vec<&IBig> = column.iter().collect();
        sorted.sort_unstable();
        let middle = sorted[sorted.len() / 2].clone();
        column.iter_mut().for_each(|x| *x -= &middle);
    }
    column
}

//! Coordinates in machine words, for bounds: exact where they fit, else rounded with a known doubt.

use super::lattice::Lattice;
use crate::linear::Task;
use bdnn::Stop;
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use numerics::whole::{gcd, gcd_of_words};

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
        let (mut common, mut largest) = (UBig::ZERO, UBig::ZERO);
        for j in 0..lattice.inputs {
            if stop() {
                return None;
            }
            Column::new(lattice, &points, j).measure(&mut common, &mut largest);
        }
        let common = if common.is_zero() { UBig::ONE } else { common };
        let terms = lattice.bound.saturating_mul(lattice.inputs.max(1) as i64);
        let room = SUM_BITS - (terms.unsigned_abs().bit_len() + 2).min(SUM_BITS - 1);
        let excess = (largest / &common).bit_len().saturating_sub(room);
        // Whole-number division rounds towards zero: off by less than 1 a coordinate.
        let scale = IBig::from(common << excess);
        let doubt = if excess > 0 { terms } else { 0 };
        let weights: Vec<i64> = points.iter().map(|&i| i64::try_from(task.weight[i]).unwrap_or(i64::MAX)).collect();
        let helps = |k: usize, x: i64| (x > 0) == (k < firing);
        let (mut up, mut down, mut influence) = (Vec::new(), Vec::new(), Vec::new());
        let mut reach = vec![0; points.len()];
        // One column of big numbers at a time.
        for j in 0..lattice.inputs {
            if stop() {
                return None;
            }
            let column = Column::new(lattice, &points, j).words(&scale);
            let side = |wanted: bool| -> Vec<i64> {
                column.iter().enumerate().map(|(k, &x)| if helps(k, x) == wanted { x } else { 0 }).collect()
            };
            up.push(side(true));
            down.push(side(false));
            influence.push(column.iter().zip(&weights).map(|(x, w)| x.unsigned_abs() as f64 * *w as f64).sum());
            reach.iter_mut().zip(&column).for_each(|(sum, x)| *sum += x.abs());
        }
        let span = reach.iter().max().map_or(0, |most| most * lattice.bound + doubt);
        let wished = (CELLS_A_POINT * points.len() as i64).clamp(CELLS.0, CELLS.1);
        let mut shift = 0;
        if span > wished {
            while (2 * span) >> shift >= wished {
                shift += 1;
            }
        }
        Some(Self {
            firing,
            up,
            down,
            doubt,
            influence,
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

/// One coordinate of the points that matter, with a bias around its median.
enum Column {
    Words(Vec<i128>),
    Big(Vec<IBig>),
}

impl Column {
    fn new(lattice: &Lattice, points: &[usize], j: usize) -> Self {
        fn centred<T: Ord + Clone + for<'t> std::ops::SubAssign<&'t T>>(mut column: Vec<T>, bias: bool) -> Vec<T> {
            if bias && !column.is_empty() {
                let middle = column.len() / 2;
                let mut sorted = column.clone();
                let middle = sorted.select_nth_unstable(middle).1.clone();
                column.iter_mut().for_each(|x| *x -= &middle);
            }
            column
        }
        match lattice.words(j) {
            Some(words) => Self::Words(centred(points.iter().map(|&i| words[i].into()).collect(), lattice.bias)),
            None => Self::Big(centred(points.iter().map(|&i| lattice.at(i, j)).collect(), lattice.bias)),
        }
    }

    /// Takes the column into the greatest common divisor of all and the largest size.
    fn measure(&self, common: &mut UBig, largest: &mut UBig) {
        let mut take = |size: UBig| {
            if !common.is_one() {
                *common = gcd(common, &size);
            }
            *largest = size.max(std::mem::take(largest));
        };
        match self {
            Self::Words(column) => {
                let sizes = || column.iter().map(|x| x.unsigned_abs());
                take(UBig::from(sizes().fold(0, |all, x| if all == 1 { 1 } else { gcd_of_words(all, x) })));
                take(UBig::from(sizes().max().unwrap_or(0)));
            }
            Self::Big(column) => column.iter().for_each(|x| take(x.clone().unsigned_abs())),
        }
    }

    /// In multiples of `scale`, rounded towards 0.
    fn words(self, scale: &IBig) -> Vec<i64> {
        match (self, i128::try_from(scale)) {
            (Self::Words(column), Ok(scale)) => column.iter().map(|x| i64::try_from(x / scale).unwrap_or(0)).collect(),
            // Each of them is smaller than the scale.
            (Self::Words(column), Err(_)) => vec![0; column.len()],
            (Self::Big(column), _) => column.iter().map(|x| i64::try_from(x / scale).unwrap_or(0)).collect(),
        }
    }
}

//! What a neuron sees: one column of numbers a feature, and a metric in which random directions make sense.

use super::parameters::Parameters;
use crate::tolerances::RIDGE;
use bdnn::{Problem, Stop, WeightDomain};
use nalgebra::DMatrix;

/// Sites a metric is estimated from: a sample, of which the error does not matter for directions that are random.
const METRIC_SITES: usize = 4096;

/// Sites whose columns stay in the cache while every neuron looks at them; a multiple of 64.
pub(super) const SITES_AT_ONCE: usize = 1024;

/// `dim` columns of `len` numbers each, stored one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) values: Vec<f64>,
    pub(super) len: usize,
    pub(super) dim: usize,
}

impl Columns {
    /// Column `r`, length `len`.
    pub(super) fn column(&self, r: usize) -> &[f64] {
        &self.values[r * self.len..(r + 1) * self.len]
    }

    /// w'x + shift at every site, into `out`.
    pub(super) fn combine(&self, w: &[f64], shift: f64, out: &mut Vec<f64>) {
        out.clear();
        out.resize(self.len, 0.0);
        self.combine_from(0, w, shift, out);
    }

    /// w'x + shift at the sites from `first` on, as many as `out` holds.
    pub(super) fn combine_from(&self, first: usize, w: &[f64], shift: f64, out: &mut [f64]) {
        let sites = first..first + out.len();
        let column = |r: usize| &self.column(r)[sites.clone()];
        out.fill(shift);
        for (pair, r) in w.chunks(2).zip((0..).step_by(2)) {
            match *pair {
                [0.0, 0.0] => {}
                [u, v] => {
                    let (x, y) = (column(r), column(r + 1));
                    for ((a, x), y) in out.iter_mut().zip(x).zip(y) {
                        *a += u * x + v * y;
                    }
                }
                [u] => out.iter_mut().zip(column(r)).for_each(|(a, x)| *a += u * x),
                _ => {}
            }
        }
    }

    /// The columns restricted to some sites, into `out`.
    pub(super) fn gather(&self, sites: &[u32], out: &mut Self) {
        out.values.clear();
        for r in 0..self.dim {
            let column = self.column(r);
            out.values.extend(sites.iter().map(|&i| column[i as usize]));
        }
        (out.len, out.dim) = (sites.len(), self.dim);
    }
}

/// The training points as first-layer neurons see them, in working units: x = centre + unit * column.
#[derive(Clone, Debug)]
pub(super) struct Inputs {
    pub(super) columns: Columns,
    pub(super) metric: Metric,
    centre: Vec<f64>,
    unit: Vec<f64>,
}

impl Inputs {
    /// Reads the points of `problem`. Features are centred where biases can undo it, and stretched to [-1, 1] where
    /// weights can undo that and nothing measures them. Cost O(m n), and O(n^2) a point of a sample for the metric. `None` once
    /// `stop` says so.
    pub(super) fn new(problem: &Problem, parameters: &Parameters, stop: &Stop<'_>) -> Option<Self> {
        let (points, architecture) = (&problem.points, &problem.architecture);
        let (len, dim) = (points.len(), points.num_features());
        let measured = problem.epsilon.is_some() || problem.robust.is_some();
        let stretch = architecture.weights == WeightDomain::Continuous && !measured;
        let mut columns = Columns { values: Vec::with_capacity(len * dim), len, dim };
        let (mut centre, mut unit) = (vec![0.0; dim], vec![1.0; dim]);
        for (r, (low, high)) in points.ranges().into_iter().enumerate() {
            if stop() {
                return None;
            }
            let values = || (0..len).map(|i| points.scaled(i)[r]);
            if architecture.bias {
                centre[r] = low.midpoint(high);
            }
            let reach = (low - centre[r]).abs().max((high - centre[r]).abs());
            if stretch && reach > 0.0 && reach.is_finite() {
                unit[r] = reach;
            }
            columns.values.extend(values().map(|x| (x - centre[r]) / unit[r]));
        }
        let metric = Metric::new(&columns, architecture.bias, parameters.covariance);
        Some(Self { columns, metric, centre, unit })
    }

    /// Weights and bias for scaled features of a neuron in working units.
    pub(super) fn to_scaled(&self, w: &[f64], bias: f64) -> (Vec<f64>, f64) {
        let weights: Vec<f64> = w.iter().zip(&self.unit).map(|(w, unit)| w / unit).collect();
        let shift: f64 = weights.iter().zip(&self.centre).map(|(w, centre)| w * centre).sum();
        (weights, bias - shift)
    }

    /// The reverse of [`Self::to_scaled`].
    pub(super) fn to_working(&self, weights: &[f64], bias: f64) -> (Vec<f64>, f64) {
        let shift: f64 = weights.iter().zip(&self.centre).map(|(w, centre)| w * centre).sum();
        (weights.iter().zip(&self.unit).map(|(w, unit)| w * unit).collect(), bias + shift)
    }
}

/// A covariance to measure directions by: with it, moves along correlated features are as likely as along others.
#[derive(Clone, Debug, Default)]
pub(super) enum Metric {
    /// None: all columns alike.
    #[default]
    Plain,
    /// Standard deviations.
    Diagonal(Vec<f64>),
    /// The lower Cholesky factor of the covariance.
    Full(DMatrix<f64>),
}

impl Metric {
    /// Of all columns together up to so many of them: that costs their cube.
    fn new(columns: &Columns, centred: bool, most: usize) -> Self {
        let (len, dim) = (columns.len, columns.dim);
        let stride = len.div_ceil(METRIC_SITES);
        let sample: Vec<usize> = (0..len).step_by(stride).collect();
        let share = 1.0 / sample.len() as f64;
        let mean = |r: usize| {
            if centred { sample.iter().map(|&i| columns.column(r)[i]).sum::<f64>() * share } else { 0.0 }
        };
        let means: Vec<f64> = (0..dim).map(mean).collect();
        let covariance = |r: usize, s: usize| {
            let (x, y) = (columns.column(r), columns.column(s));
            sample.iter().map(|&i| (x[i] - means[r]) * (y[i] - means[s])).sum::<f64>() * share
        };
        let diagonal: Vec<f64> = (0..dim).map(|r| covariance(r, r)).collect();
        let ridge = RIDGE * (diagonal.iter().sum::<f64>() / dim as f64);
        let deviations = || Self::Diagonal(diagonal.iter().map(|v| (v + ridge).sqrt()).collect());
        if ridge <= 0.0 {
            return Self::Plain;
        }
        if dim > most {
            return deviations();
        }
        let mut matrix = DMatrix::zeros(dim, dim);
        for r in 0..dim {
            matrix[(r, r)] = diagonal[r] + ridge;
            for s in 0..r {
                matrix[(r, s)] = covariance(r, s);
                matrix[(s, r)] = matrix[(r, s)];
            }
        }
        matrix.cholesky().map_or_else(deviations, |factor| Self::Full(factor.unpack()))
    }

    /// From white noise to a direction whose effect on the sites is alike everywhere: v := L'^-1 v.
    pub(super) fn colour(&self, v: &mut [f64]) {
        match self {
            Self::Plain => {}
            Self::Diagonal(deviations) => v.iter_mut().zip(deviations).for_each(|(v, s)| *v /= s),
            Self::Full(factor) => {
                for r in (0..v.len()).rev() {
                    let below: f64 = (r + 1..v.len()).map(|s| factor[(s, r)] * v[s]).sum();
                    v[r] = (v[r] - below) / factor[(r, r)];
                }
            }
        }
    }

    /// From a gradient to the steepest direction in this metric: v := C^-1 v.
    pub(super) fn precondition(&self, v: &mut [f64]) {
        match self {
            Self::Plain => {}
            Self::Diagonal(deviations) => v.iter_mut().zip(deviations).for_each(|(v, s)| *v /= s * s),
            Self::Full(factor) => {
                for r in 0..v.len() {
                    let before: f64 = (0..r).map(|s| factor[(r, s)] * v[s]).sum();
                    v[r] = (v[r] - before) / factor[(r, r)];
                }
                self.colour(v);
            }
        }
    }
}

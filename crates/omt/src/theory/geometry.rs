//! What all neurons of one layer share: the sites as rows of a matrix over the weights, and the bounds.

use super::assertion::Side;
use super::discrete::Discrete;
use super::integers::Integers;
use super::listing::{self, Listing};
use super::rows::ExactRows;
use crate::linear;
use bdnn::budget::never;
use bdnn::separation::Semantics;
use bdnn::{Direction, Monotone, Norm, Problem, Rational, Stop, WeightDomain};
use budget::checkpoint::shared::Known;
use dashu::integer::IBig;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The linear system every neuron of a layer lives in.
///
/// Columns are the weights and the bias (and, for robust training, what stands for their norm). Each site has one row
/// for firing and one for silence, the same one unless training is robust. All numbers exist twice: as `f64` for the
/// simplex and as integers (each column equation multiplied by a constant, which changes no multiplier) for proofs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Geometry {
    columns: usize,
    sites: usize,
    rows: Vec<f64>,
    two_rows: bool,
    column_lower: Vec<f64>,
    column_upper: Vec<f64>,
    /// Bound values of the two sides: firing >= `fires`, silent <= `silent`.
    fires: f64,
    silent: f64,
    complement: bool,
    weights: WeightMap,
    pub(super) exact: ExactRows,
    /// The points as the engine for single neurons sees them, whose float bounds prove lemmas that would need big integers
    /// (first layer, plain semantics).
    #[serde(skip)]
    pub(super) cores: Option<Arc<linear::Geometry>>,
    /// Whole weights: what takes the place of the linear system, which then has no column.
    discrete: Option<Discrete>,
}

/// How weights and bias are read off the columns.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct WeightMap {
    inputs: usize,
    /// Weights are differences of column j and column `inputs + j` (robust, l-infinity).
    split: bool,
    /// The column of the bias.
    bias: Option<usize>,
    /// Column j stands for weight j times `scale[j]`, around `center[j]`.
    center: Vec<f64>,
    scale: Vec<f64>,
}

fn exact(value: f64) -> Rational {
    Rational::try_from(value).unwrap_or(Rational::ZERO)
}

/// The scaled points, exactly; `None` once `stop` says so.
fn scaled_rows(problem: &Problem, stop: &Stop<'_>) -> Option<Vec<Vec<Rational>>> {
    rows_within(problem.points.len(), |i| problem.points.scaled_exact(i), stop)
}

fn rows_within<T>(rows: usize, row: impl Fn(usize) -> T, stop: &Stop<'_>) -> Option<Vec<T>> {
    (0..rows).map(|i| (!stop()).then(|| row(i))).collect()
}

impl Geometry {
    /// The first layer of `problem`: one site a distinct point.
    #[must_use]
    pub fn first_layer(problem: &Problem) -> Self {
        Self::first_layer_within(problem, &never).expect("nothing says stop")
    }

    /// [`Self::first_layer`], or `None` once `stop` says so. Cost O(points * features) operations on rationals; with whole
    /// weights that of [`Listing::new`].
    #[must_use]
    pub fn first_layer_within(problem: &Problem, stop: &Stop<'_>) -> Option<Self> {
        Self::first_layer_as(problem, true, stop)
    }

    /// [`Self::first_layer_within`]; whole weights are listed if that is affordable and `listed`.
    pub(crate) fn first_layer_as(problem: &Problem, listed: bool, stop: &Stop<'_>) -> Option<Self> {
        let points = &problem.points;
        let n = points.num_features();
        if let WeightDomain::Integer(bound) = problem.architecture.weights {
            let semantics = Semantics::of_layer(problem, 0);
            return Self::whole(n, points.len(), |i| points.scaled_exact(i), &semantics, (bound, listed), stop);
        }
        let plain = problem.epsilon.is_none() && problem.robust.is_none();
        if plain {
            let rows: Vec<Vec<f64>> = (0..points.len())
                .map(|i| if problem.architecture.bias { points.raw(i).to_vec() } else { points.scaled(i).to_vec() })
                .collect();
            // With a bias, separability is affine invariant, so the raw values serve as exact ones.
            let bias = problem.architecture.bias;
            let raw = |i: usize| points.raw(i).iter().map(|&x| exact(x)).collect();
            let exact_rows: Vec<Vec<Rational>> =
                if bias { rows_within(points.len(), raw, stop)? } else { scaled_rows(problem, stop)? };
            if !problem.restrictions.monotone.is_empty() {
                return (!stop()).then(|| Self::ideal(n, &rows, &exact_rows, bias).with_signs(problem));
            }
            let cores = Some(Arc::new(linear::Geometry::new_within(points, bias, stop)?));
            return (!stop()).then(|| Self { cores, ..Self::ideal(n, &rows, &exact_rows, bias) });
        }
        let rows = scaled_rows(problem, stop)?;
        (!stop()).then(|| Self::bounded(problem, n, rows).with_signs(problem))
    }

    /// The same with the signs that features with a direction leave to their weights: bounds on columns, which hold whatever is asserted. A weight
    /// that may grow without bound downwards has its column turned round, since only columns bounded below may have one bound.
    fn with_signs(mut self, problem: &Problem) -> Self {
        for &Monotone { feature, direction } in &problem.restrictions.monotone {
            let negative = direction == Direction::Nonincreasing;
            if self.weights.split {
                // The part of the sign that is not allowed is 0.
                let column = feature + if negative { 0 } else { self.weights.inputs };
                self.column_upper[column] = 0.0;
                self.exact.column_bounds[column] = Some((Rational::ZERO, Some(Rational::ZERO)));
            } else if self.column_lower[feature].is_finite() {
                let side = if negative { &mut self.column_upper } else { &mut self.column_lower };
                side[feature] = 0.0;
                let (low, high) = (self.column_lower[feature], self.column_upper[feature]);
                self.exact.column_bounds[feature] = Some((exact(low), Some(exact(high))));
            } else {
                self.column_lower[feature] = 0.0;
                self.exact.column_bounds[feature] = Some((Rational::ZERO, None));
                if negative {
                    self.weights.scale[feature] = -self.weights.scale[feature];
                    self.rows.iter_mut().skip(feature).step_by(self.columns).for_each(|entry| *entry = -*entry);
                    self.exact.turn_column(feature);
                }
            }
        }
        self.complement &= problem.restrictions.monotone.is_empty();
        self
    }

    /// A layer of neurons with whole weights up to `bound` over these points: listed if wanted, where that is affordable.
    fn whole(
        inputs: usize,
        points: usize,
        point: impl Fn(usize) -> Vec<Rational>,
        semantics: &Semantics,
        (bound, listed): (u32, bool),
        stop: &Stop<'_>,
    ) -> Option<Self> {
        if listed && !listing::too_many(inputs, points, bound) {
            let rows = rows_within(points, &point, stop)?;
            if listing::affordable(inputs, &rows, semantics, bound) {
                let listing = Listing::new(inputs, &rows, semantics, bound, stop)?;
                return Some(Self::of_whole(Discrete::Listing(Arc::new(listing))));
            }
        }
        let integers = Integers::new(inputs, points, point, semantics, bound, stop)?;
        Some(Self::of_whole(Discrete::Integers(Arc::new(integers))))
    }

    /// A layer of neurons with whole weights: sites are the points, then what else the theory has.
    #[must_use]
    pub fn of_whole(discrete: Discrete) -> Self {
        let complement = discrete.closed_under_complement();
        Self {
            columns: 0,
            sites: discrete.sites(),
            rows: Vec::new(),
            two_rows: false,
            column_lower: Vec::new(),
            column_upper: Vec::new(),
            fires: 0.0,
            silent: 0.0,
            complement,
            weights: WeightMap { inputs: 0, split: false, bias: None, center: Vec::new(), scale: Vec::new() },
            exact: ExactRows::new(Vec::new(), 0, Rational::ZERO, Rational::ZERO, Vec::new()),
            cores: None,
            discrete: Some(discrete),
        }
    }

    /// What a state that holds this geometry need not hold as well: a run makes it again.
    pub(crate) fn known(self: &Arc<Self>, known: Known) -> Known {
        let known = known.with(self);
        match &self.discrete {
            Some(Discrete::Listing(listing)) => known.with(listing),
            Some(Discrete::Integers(integers)) => known.with(integers),
            None => known,
        }
    }

    /// The points as the engine for single neurons sees them (first layer, plain semantics).
    pub(crate) fn points(&self) -> Option<&Arc<linear::Geometry>> {
        self.cores.as_ref()
    }

    /// What decides where the layer's weights are whole.
    #[must_use]
    pub fn discrete(&self) -> Option<&Discrete> {
        self.discrete.as_ref()
    }

    /// The list of dichotomies, if there is one.
    #[must_use]
    pub fn listing(&self) -> Option<&Arc<Listing>> {
        if let Some(Discrete::Listing(listing)) = &self.discrete { Some(listing) } else { None }
    }

    /// The sites that are bounds on weights, weight by weight in the order of their values; none unless weights are variables.
    #[must_use]
    pub fn weight_sites(&self) -> Vec<Vec<u32>> {
        if let Some(Discrete::Integers(integers)) = &self.discrete {
            integers.weight_sites().collect()
        } else {
            Vec::new()
        }
    }

    /// What an assertion about a neuron is of its complement, where that is a neuron.
    #[must_use]
    pub fn mirror(&self, (site, side): (u32, Side)) -> (u32, Side) {
        self.discrete.as_ref().map_or((site, side.flip()), |discrete| discrete.mirror((site, side)))
    }

    /// Layer `layer` (from 1) of `problem` behind the first: sites are these 0/1 vectors; whole weights are listed if that is affordable and
    /// `listed`. `None` once `stop` says so.
    #[must_use]
    pub fn later_layer(
        problem: &Problem,
        layer: usize,
        patterns: &[Vec<bool>],
        listed: bool,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let (inputs, bias) = (problem.architecture.widths()[layer], problem.architecture.bias);
        if let WeightDomain::Integer(bound) = problem.architecture.weights {
            let point = |p: usize| patterns[p].iter().map(|&on| Rational::from(u8::from(on))).collect();
            let semantics = Semantics::of_layer(problem, layer);
            return Self::whole(inputs, patterns.len(), point, &semantics, (bound, listed), stop);
        }
        Some(Self::patterns(inputs, patterns, bias, problem.epsilon))
    }

    /// A later layer with continuous weights: sites are 0/1 vectors of length `inputs`.
    #[must_use]
    pub fn patterns(inputs: usize, patterns: &[Vec<bool>], bias: bool, epsilon: Option<f64>) -> Self {
        let rows: Vec<Vec<f64>> =
            patterns.iter().map(|p| p.iter().map(|&on| if on { 1.0 } else { 0.0 }).collect()).collect();
        let exact_rows: Vec<Vec<Rational>> = rows.iter().map(|row| row.iter().map(|&x| exact(x)).collect()).collect();
        match epsilon {
            None => Self::ideal(inputs, &rows, &exact_rows, bias),
            #[allow(clippy::cast_precision_loss)]
            Some(epsilon) => {
                Self::boxed(inputs, &rows, exact_rows, bias.then_some((inputs as f64).max(epsilon)), epsilon)
            }
        }
    }

    /// Ideal semantics: free weights; with a bias the bounds are +1 and -1 (any strict separation can be shifted and
    /// scaled to that), without it 0 and -1 (scaled only).
    fn ideal(inputs: usize, rows: &[Vec<f64>], exact_rows: &[Vec<Rational>], bias: bool) -> Self {
        let columns = inputs + usize::from(bias);
        let (mut center, mut scale) = (vec![0.0; inputs], vec![1.0; inputs]);
        for j in 0..inputs {
            let column = || rows.iter().map(|row| row[j]);
            let low = column().fold(f64::INFINITY, f64::min);
            let high = column().fold(f64::NEG_INFINITY, f64::max);
            if bias {
                center[j] = 0.5 * low + 0.5 * high;
                scale[j] = 0.5 * (high - low);
            } else {
                scale[j] = low.abs().max(high.abs());
            }
            if !(scale[j] > 0.0 && scale[j].is_finite()) {
                scale[j] = 1.0;
            }
        }
        let mut floats = Vec::with_capacity(rows.len() * columns);
        for row in rows {
            floats.extend((0..inputs).map(|j| (row[j] - center[j]) / scale[j]));
            if bias {
                floats.push(1.0);
            }
        }
        let mut matrix: Vec<Vec<Rational>> = exact_rows.to_vec();
        if bias {
            matrix.iter_mut().for_each(|row| row.push(Rational::ONE));
        }
        let (fires, silent) = if bias { (1.0, -1.0) } else { (0.0, -1.0) };
        Self {
            columns,
            sites: rows.len(),
            rows: floats,
            two_rows: false,
            column_lower: vec![f64::NEG_INFINITY; columns],
            column_upper: vec![f64::INFINITY; columns],
            fires,
            silent,
            complement: bias,
            weights: WeightMap { inputs, split: false, bias: bias.then_some(inputs), center, scale },
            exact: ExactRows::new(matrix, columns, exact(fires), exact(silent), vec![None; columns]),
            cores: None,
            discrete: None,
        }
    }

    /// Margin semantics without robustness: weights in [-1, 1], bias within `bias_bound`, silence at -epsilon.
    fn boxed(
        inputs: usize,
        rows: &[Vec<f64>],
        mut matrix: Vec<Vec<Rational>>,
        bias_bound: Option<f64>,
        epsilon: f64,
    ) -> Self {
        let columns = inputs + usize::from(bias_bound.is_some());
        let mut floats = Vec::with_capacity(rows.len() * columns);
        let (mut lower, mut upper) = (vec![-1.0; inputs], vec![1.0; inputs]);
        for row in rows {
            floats.extend_from_slice(row);
            if bias_bound.is_some() {
                floats.push(1.0);
            }
        }
        if let Some(bound) = bias_bound {
            matrix.iter_mut().for_each(|row| row.push(Rational::ONE));
            lower.push(-bound);
            upper.push(bound);
        }
        let column_bounds = lower.iter().zip(&upper).map(|(&l, &u)| Some((exact(l), Some(exact(u))))).collect();
        Self {
            columns,
            sites: rows.len(),
            rows: floats,
            two_rows: false,
            column_lower: lower,
            column_upper: upper,
            fires: 0.0,
            silent: -epsilon,
            complement: false,
            weights: WeightMap {
                inputs,
                split: false,
                bias: bias_bound.map(|_| inputs),
                center: vec![0.0; inputs],
                scale: vec![1.0; inputs],
            },
            exact: ExactRows::new(matrix, columns, Rational::ZERO, exact(-epsilon), column_bounds),
            cores: None,
            discrete: None,
        }
    }

    /// First layer with a margin, with robustness, or both; `scaled_exact` are the points.
    ///
    /// Robust rows: firing means w x + b - r ||w||_* >= 0, silence w x + b + r ||w||_* below. For l-infinity the
    /// weights are split into positive and negative parts p - q with ||w||_1 <= sum (p + q); for l1 one more column
    /// t >= |w_j| stands for the maximum norm, held there by 2n rows of its own.
    fn bounded(problem: &Problem, n: usize, scaled_exact: Vec<Vec<Rational>>) -> Self {
        let points = &problem.points;
        let bias = problem.architecture.bias;
        let scaled: Vec<Vec<f64>> = (0..points.len()).map(|i| points.scaled(i).to_vec()).collect();
        // With a larger bias a neuron fires everywhere or rests everywhere, and W = 0 with b = 0 or -epsilon does that.
        let silence = problem.epsilon.unwrap_or(0.0);
        let bias_bound = bias.then(|| {
            scaled.iter().map(|row| row.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max).next_up().max(silence)
        });
        let Some(robust) = problem.robust else {
            return Self::boxed(n, &scaled, scaled_exact, bias_bound, problem.epsilon.unwrap_or(0.0));
        };
        let split = robust.norm == Norm::Linf;
        let norm_columns = if split { n } else { 1 };
        let columns = n + norm_columns + usize::from(bias);
        let radius = exact(robust.radius);
        let mut floats = Vec::new();
        let mut matrix = Vec::new();
        for side in [Side::Fires, Side::Silent] {
            let outward = f64::from(-side.sign()) * robust.radius;
            let outward_exact = if side == Side::Fires { -radius.clone() } else { radius.clone() };
            for (row, row_exact) in scaled.iter().zip(&scaled_exact) {
                let mut float = Vec::with_capacity(columns);
                let mut line = Vec::with_capacity(columns);
                if split {
                    float.extend(row.iter().map(|x| x + outward));
                    float.extend(row.iter().map(|x| outward - x));
                    line.extend(row_exact.iter().map(|x| x.clone() + outward_exact.clone()));
                    line.extend(row_exact.iter().map(|x| outward_exact.clone() - x.clone()));
                } else {
                    float.extend_from_slice(row);
                    float.push(outward);
                    line.extend(row_exact.iter().cloned());
                    line.push(outward_exact.clone());
                }
                if bias {
                    float.push(1.0);
                    line.push(Rational::ONE);
                }
                floats.extend(float);
                matrix.push(line);
            }
        }
        let boxed = problem.epsilon.is_some();
        let (free_low, free_high) = if boxed { (-1.0, 1.0) } else { (f64::NEG_INFINITY, f64::INFINITY) };
        let mut lower = vec![if split { 0.0 } else { free_low }; n];
        let mut upper = vec![free_high; n];
        lower.extend(std::iter::repeat_n(0.0, norm_columns));
        upper.extend(std::iter::repeat_n(free_high, norm_columns));
        if let Some(bound) = bias_bound {
            // The robust ball adds r * n (or r) to what a bias may have to outweigh.
            #[allow(clippy::cast_precision_loss)]
            let slack = robust.radius * if split { n as f64 } else { 1.0 };
            lower.push(if boxed { -(bound + slack) } else { f64::NEG_INFINITY });
            upper.push(if boxed { bound + slack } else { f64::INFINITY });
        }
        let (fires, silent) = match problem.epsilon {
            Some(epsilon) => (0.0, -epsilon),
            None if bias => (1.0, -1.0),
            None => (0.0, -1.0),
        };
        let column_bounds = lower
            .iter()
            .zip(&upper)
            .map(|(&l, &u)| l.is_finite().then(|| (exact(l), u.is_finite().then(|| exact(u)))))
            .collect();
        let norm_rows = if split { 0 } else { n };
        let mut geometry = Self {
            columns,
            sites: points.len(),
            rows: floats,
            two_rows: true,
            column_lower: lower,
            column_upper: upper,
            fires,
            silent,
            complement: bias && !boxed,
            weights: WeightMap {
                inputs: n,
                split,
                bias: bias.then_some(n + norm_columns),
                center: vec![0.0; n],
                scale: vec![1.0; n],
            },
            exact: ExactRows::new(matrix, columns, exact(fires), exact(silent), column_bounds),
            cores: None,
            discrete: None,
        };
        geometry.append_norm_rows(norm_rows);
        geometry
    }

    /// Rows t - w_j >= 0 and t + w_j >= 0 as permanent sites after the points (robust, l1).
    fn append_norm_rows(&mut self, n: usize) {
        self.exact.norm_rows = 2 * n;
        for j in 0..n {
            for sign in [-1, 1] {
                let mut line = vec![0.0; self.columns];
                line[j] = f64::from(sign);
                line[n] = 1.0;
                self.rows.extend_from_slice(&line);
                self.exact.push_norm_row(j, n, sign);
            }
        }
    }

    /// Number of columns: weights, norms and bias.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of sites.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// Number of rows: sites (twice when robust) and the rows that define a norm.
    #[must_use]
    pub(super) fn num_rows(&self) -> usize {
        self.rows.len() / self.columns.max(1)
    }

    /// Row-major matrix, `num_rows` x `columns`.
    pub(super) fn matrix(&self) -> &[f64] {
        &self.rows
    }

    /// The row that carries the bound of a side of a site.
    pub(super) fn row_of(&self, site: u32, side: Side) -> usize {
        let offset = if self.two_rows && side == Side::Silent { self.sites } else { 0 };
        site as usize + offset
    }

    /// Rows that are always at least 0: they define a norm.
    pub(super) fn norm_rows(&self) -> std::ops::Range<usize> {
        let first = self.sites * if self.two_rows { 2 } else { 1 };
        first..self.num_rows()
    }

    /// Bound value of a side.
    pub(super) fn bound(&self, side: Side) -> f64 {
        match side {
            Side::Fires => self.fires,
            Side::Silent => self.silent,
        }
    }

    pub(super) fn column_bounds(&self, column: usize) -> (f64, f64) {
        (self.column_lower[column], self.column_upper[column])
    }

    /// Whether a lemma also holds with all its sides flipped: every pattern's complement is a pattern.
    #[must_use]
    pub fn closed_under_complement(&self) -> bool {
        self.complement
    }

    /// Whether weights are free but for their signs (ideal semantics), so that a neuron may be scaled.
    #[must_use]
    pub fn scalable(&self) -> bool {
        let scales = |bound: &f64| bound.is_infinite() || *bound == 0.0;
        self.column_lower.iter().chain(&self.column_upper).all(scales)
    }

    /// Adds a 0/1 pattern as a new site of a later layer and returns its number.
    pub fn push_pattern(&mut self, pattern: &[bool]) -> u32 {
        debug_assert!(!self.two_rows && pattern.len() == self.weights.inputs);
        let w = &self.weights;
        let value = |on: bool| if on { 1.0 } else { 0.0 };
        let mut float: Vec<f64> =
            pattern.iter().enumerate().map(|(j, &on)| (value(on) - w.center[j]) / w.scale[j]).collect();
        let mut line: Vec<IBig> = pattern.iter().map(|&on| IBig::from(u8::from(on))).collect();
        if w.bias.is_some() {
            float.push(1.0);
            line.push(IBig::ONE);
        }
        self.rows.extend_from_slice(&float);
        self.exact.push_row(&line);
        self.sites += 1;
        u32::try_from(self.sites - 1).unwrap_or(u32::MAX)
    }

    /// The 0/1 vector of a site of a later layer.
    #[must_use]
    pub fn pattern(&self, site: usize) -> Vec<bool> {
        self.exact.entries[site * self.columns..][..self.weights.inputs].iter().map(|v| *v != IBig::ZERO).collect()
    }

    /// Weights (length `inputs`) and bias of the neuron with these column values; the raw or scaled units are those
    /// of the rows the geometry was made from.
    pub(super) fn neuron(&self, z: &[f64]) -> (Vec<f64>, f64) {
        let map = &self.weights;
        let mut bias = map.bias.map_or(0.0, |column| z[column]);
        let mut weights = Vec::with_capacity(map.inputs);
        for j in 0..map.inputs {
            // Signs are kept exactly.
            let of = |column: usize| z[column].clamp(self.column_lower[column], self.column_upper[column]);
            let value = if map.split { of(j) - of(map.inputs + j) } else { of(j) };
            let weight = value / map.scale[j];
            bias -= weight * map.center[j];
            weights.push(weight);
        }
        (weights, bias)
    }
}

//! The points as one neuron sees them: exact integers for every claim, scaled floats for every guess.

use bdnn::{Points, Rational};
use dashu::base::{BitTest, Gcd, UnsignedAbs};
use dashu::integer::{IBig, UBig};

/// Exact coordinates, row-major (point by point), in machine words where all of them fit.
#[derive(Clone, Debug)]
pub(super) enum Store {
    Small(Vec<i64>),
    Big(Vec<IBig>),
}

/// m points of one neuron in homogeneous coordinates z = (x, 1) with bias and z = x without.
///
/// Exact coordinates are integers: each feature is multiplied by its own positive number (and, with bias, shifted),
/// which changes no dichotomy. Float coordinates are the scaled features, moved and stretched to [-1, 1].
#[derive(Clone, Debug)]
pub struct Geometry {
    len: usize,
    dim: usize,
    bias: bool,
    store: Store,
    columns: Vec<f64>,
    centre: Vec<f64>,
    half: Vec<f64>,
}

impl Geometry {
    /// Reads the points, m x n. Cost O(m n) operations on big rationals.
    #[must_use]
    pub fn new(points: &Points, bias: bool) -> Self {
        let (len, features) = (points.len(), points.num_features());
        let dim = features + usize::from(bias);
        let mut columns = vec![1.0; dim * len];
        let (mut centre, mut half) = (vec![0.0; features], vec![1.0; features]);
        let mut integers: Vec<Vec<IBig>> = Vec::with_capacity(dim);
        for j in 0..features {
            let values: Vec<f64> = (0..len).map(|i| points.scaled(i)[j]).collect();
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if bias && len > 0 {
                centre[j] = low.midpoint(high);
            }
            let reach = (low - centre[j]).abs().max((high - centre[j]).abs());
            if reach > 0.0 && reach.is_finite() {
                half[j] = reach;
            }
            for (i, value) in values.iter().enumerate() {
                columns[j * len + i] = (value - centre[j]) / half[j];
            }
            integers.push(integer_feature(points, j, bias));
        }
        if bias {
            integers.push(vec![IBig::ONE; len]);
        }
        let by_point = |i: usize| integers.iter().map(move |feature| &feature[i]);
        let small: Option<Vec<i64>> = (0..len).flat_map(by_point).map(|v| i64::try_from(v).ok()).collect();
        let store = match small {
            Some(words) => Store::Small(words),
            None => Store::Big((0..len).flat_map(by_point).cloned().collect()),
        };
        Self { len, dim, bias, store, columns, centre, half }
    }

    /// Number of points, m.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no point at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Length of z: n + 1 with bias, n without.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Whether the last coordinate of every z is the bias's 1.
    #[must_use]
    pub fn bias(&self) -> bool {
        self.bias
    }

    /// Scaled units that one float unit of each feature stands for (length n).
    pub(super) fn half(&self) -> &[f64] {
        &self.half
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Coordinate `r` of every point (length m), in float units.
    pub(super) fn column(&self, r: usize) -> &[f64] {
        &self.columns[r * self.len..(r + 1) * self.len]
    }

    /// Coordinate `r` of point `i` in float units.
    pub(super) fn at(&self, r: usize, i: usize) -> f64 {
        self.columns[r * self.len + i]
    }

    /// a_i = w z_i for every point, into `out` (length m).
    pub(super) fn activations(&self, w: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.resize(self.len, 0.0);
        for (r, &w) in w.iter().enumerate() {
            if w != 0.0 {
                for (a, z) in out.iter_mut().zip(self.column(r)) {
                    *a += w * z;
                }
            }
        }
    }

    /// The weights (length n, largest absolute value 1) and bias in scaled units of w (length [`Self::dim`]) in float units.
    pub(super) fn unscale(&self, w: &[f64]) -> (Vec<f64>, f64) {
        let mut weights: Vec<f64> = w.iter().zip(&self.half).map(|(w, half)| w / half).collect();
        weights.truncate(self.half.len());
        let mut bias = if self.bias { w[self.dim - 1] } else { 0.0 };
        if self.bias {
            bias -= weights.iter().zip(&self.centre).map(|(w, centre)| w * centre).sum::<f64>();
        }
        let largest = weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        if largest > 0.0 {
            weights.iter_mut().for_each(|w| *w /= largest);
            bias /= largest;
        }
        (weights, bias)
    }
}

/// Feature `j` of every point times one positive rational (and shifted, with bias), as coprime integers.
fn integer_feature(points: &Points, j: usize, bias: bool) -> Vec<IBig> {
    let shift = Rational::try_from(points.scaler().shift[j]).unwrap_or_default();
    let exact: Vec<Rational> =
        (0..points.len()).map(|i| Rational::try_from(points.raw(i)[j]).unwrap_or_default() - &shift).collect();
    // Denominators of floats are powers of two: the largest is a multiple of all.
    let denominator = exact.iter().map(|x| x.denominator().clone()).max().unwrap_or(UBig::ONE);
    let mut values: Vec<IBig> =
        exact.iter().map(|x| x.numerator() * IBig::from(&denominator / x.denominator())).collect();
    if bias && let Some(least) = values.iter().min().cloned() {
        values.iter_mut().for_each(|v| *v -= &least);
    }
    let common = values
        .iter()
        .filter(|v| !v.is_zero())
        .fold(UBig::ZERO, |g, v| if g.is_zero() { v.unsigned_abs() } else { g.gcd(v.unsigned_abs()) });
    if common.bit_len() > 1 {
        let common = IBig::from(common);
        values.iter_mut().for_each(|v| *v /= &common);
    }
    values
}

//! The points as one neuron sees them: exact integers for every claim, scaled floats for every guess.

use bdnn::budget::never;
use bdnn::{Points, Rational};
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use numerics::whole::{gcd, gcd_of_words};

/// Exact coordinates, row-major (point by point), in machine words where all of them fit.
#[derive(Clone, Debug)]
pub(super) enum Store {
    Small(Vec<i64>),
    Big(Vec<IBig>),
}

/// m points of one neuron in homogeneous coordinates z = (x, 1) with bias and z = x without.
///
/// Exact coordinates are integers: each feature is multiplied by its own positive number (and, with bias, shifted),
/// which changes no dichotomy. Float coordinates are the scaled features, moved and stretched to [-1, 1]. Features that
/// add nothing (constant ones with bias, zero ones without) have no coordinate and get the weight 0.
#[derive(Clone, Debug)]
pub struct Geometry {
    len: usize,
    dim: usize,
    bias: bool,
    features: usize,
    /// The feature of each coordinate but the bias.
    kept: Vec<usize>,
    store: Store,
    columns: Vec<f64>,
    /// By kept feature: what float coordinates subtract and divide by, and how far off they may be at any point.
    centre: Vec<f64>,
    half: Vec<f64>,
    rounding: Vec<f64>,
}

impl Geometry {
    /// Reads the points, m x n. Cost O(m n) operations on big rationals.
    #[must_use]
    pub fn new(points: &Points, bias: bool) -> Self {
        Self::new_within(points, bias, &never).expect("nothing says stop")
    }

    /// [`Self::new`], or `None` once `stop` says so.
    #[must_use]
    pub fn new_within(points: &Points, bias: bool, stop: &dyn Fn() -> bool) -> Option<Self> {
        let (len, features) = (points.len(), points.num_features());
        let (mut kept, mut columns, mut integers) = (vec![], vec![], vec![]);
        let (mut centre, mut half, mut rounding) = (vec![], vec![], vec![]);
        for (j, (low, high)) in points.ranges().into_iter().enumerate() {
            let exact = integer_feature(points, j, bias, stop)?;
            if exact.iter().all(IBig::is_zero) {
                continue;
            }
            let values = || (0..len).map(|i| points.scaled(i)[j]);
            let middle = if bias { low.midpoint(high) } else { 0.0 };
            let reach = (low - middle).abs().max((high - middle).abs());
            let reach = if reach > 0.0 && reach.is_finite() { reach } else { 1.0 };
            columns.extend(values().map(|value| (value - middle) / reach));
            // Scaling rounds twice in proportion to the value, moving and stretching twice in proportion to the result.
            rounding.push(2.0 * f64::EPSILON * (low.abs().max(high.abs()) / reach + 1.0));
            kept.push(j);
            centre.push(middle);
            half.push(reach);
            integers.push(exact);
        }
        let dim = kept.len() + usize::from(bias);
        columns.resize(dim * len, 1.0);
        if bias {
            integers.push(vec![IBig::ONE; len]);
        }
        let by_point = |i: usize| integers.iter().map(move |feature| &feature[i]);
        let small: Option<Vec<i64>> = (0..len).flat_map(by_point).map(|v| i64::try_from(v).ok()).collect();
        let store = match small {
            Some(words) => Store::Small(words),
            None => Store::Big((0..len).flat_map(by_point).cloned().collect()),
        };
        Some(Self { len, dim, bias, features, kept, store, columns, centre, half, rounding })
    }

    /// Some of the points, in this order: the same coordinates.
    pub(super) fn pick(&self, members: &[usize]) -> Self {
        let dim = self.dim;
        let store = match &self.store {
            Store::Small(words) => {
                Store::Small(members.iter().flat_map(|&i| &words[i * dim..(i + 1) * dim]).copied().collect())
            }
            Store::Big(values) => {
                Store::Big(members.iter().flat_map(|&i| &values[i * dim..(i + 1) * dim]).cloned().collect())
            }
        };
        let columns = (0..dim).flat_map(|r| members.iter().map(move |&i| self.at(r, i))).collect();
        Self {
            len: members.len(),
            dim,
            bias: self.bias,
            features: self.features,
            kept: self.kept.clone(),
            store,
            columns,
            centre: self.centre.clone(),
            half: self.half.clone(),
            rounding: self.rounding.clone(),
        }
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

    /// Length of z: one for each feature that matters, and one for the bias.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Whether the last coordinate of every z is the bias's 1.
    #[must_use]
    pub fn bias(&self) -> bool {
        self.bias
    }

    /// Scaled units that one float unit of each coordinate but the bias stands for.
    pub(super) fn half(&self) -> &[f64] {
        &self.half
    }

    /// Whether exact elimination stays within `i128`: products of two minors, by Hadamard's bound.
    pub(super) fn is_light(&self) -> bool {
        let Store::Small(words) = &self.store else { return false };
        let bits = words.iter().map(|v| u64::BITS - v.unsigned_abs().leading_zeros()).max().unwrap_or(0);
        let dim = self.dim as f64;
        2.0 * dim * (f64::from(bits) + dim.log2() / 2.0) < f64::from(i128::BITS - 1)
    }

    /// Whether coordinate `r` is, exactly, a multiple of the bias's at the given points (of zero without bias). The bias's
    /// own is not redundant.
    pub(super) fn is_redundant(&self, r: usize, mut points: impl Iterator<Item = usize>) -> bool {
        if self.bias && r + 1 == self.dim {
            return false;
        }
        let Some(first) = points.next() else { return true };
        match &self.store {
            Store::Small(words) => {
                let of = |i: usize| words[i * self.dim + r];
                (self.bias || of(first) == 0) && points.all(|i| of(i) == of(first))
            }
            Store::Big(values) => {
                let of = |i: usize| &values[i * self.dim + r];
                (self.bias || of(first).is_zero()) && points.all(|i| of(i) == of(first))
            }
        }
    }

    /// Bound on the distance of [`Self::at`] from the exact coordinate `r` (in float units), the same for all points.
    pub(super) fn rounding(&self, r: usize) -> f64 {
        self.rounding.get(r).copied().unwrap_or(0.0)
    }

    /// The exact coordinates of point `i`.
    pub(crate) fn exact(&self, i: usize) -> Vec<IBig> {
        let range = i * self.dim..(i + 1) * self.dim;
        match &self.store {
            Store::Small(words) => words[range].iter().map(|&v| IBig::from(v)).collect(),
            Store::Big(values) => values[range].to_vec(),
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Coordinate `r` of every point (length m), in float units.
    pub(super) fn column(&self, r: usize) -> &[f64] {
        &self.columns[r * self.len..(r + 1) * self.len]
    }

    /// Coordinate `r` of point `i` in float units.
    pub(crate) fn at(&self, r: usize, i: usize) -> f64 {
        self.columns[r * self.len + i]
    }

    /// a_i = w z_i for every point, into `out` (length m).
    pub(crate) fn activations(&self, w: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.resize(self.len, 0.0);
        let mut rows = w.chunks_exact(2);
        let mut r = 0;
        for pair in &mut rows {
            let (first, second) = (self.column(r), self.column(r + 1));
            for ((a, x), y) in out.iter_mut().zip(first).zip(second) {
                *a += pair[0] * x + pair[1] * y;
            }
            r += 2;
        }
        if let [last] = rows.remainder() {
            for (a, z) in out.iter_mut().zip(self.column(r)) {
                *a += last * z;
            }
        }
    }

    /// The weights (length n, largest absolute value 1) and bias in scaled units of w (length [`Self::dim`]) in float units.
    pub(crate) fn unscale(&self, w: &[f64]) -> (Vec<f64>, f64) {
        let mut weights = vec![0.0; self.features];
        let mut bias = if self.bias { w[self.dim - 1] } else { 0.0 };
        for (((&j, &w), &half), &centre) in self.kept.iter().zip(w).zip(&self.half).zip(&self.centre) {
            weights[j] = w / half;
            bias -= if self.bias { weights[j] * centre } else { 0.0 };
        }
        let largest = weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        if largest > 0.0 {
            weights.iter_mut().for_each(|w| *w /= largest);
            bias /= largest;
        }
        (weights, bias)
    }
}

impl Geometry {
    /// The hyperplane (length dim, float units) of weights (length n) and bias in scaled units: [`Self::unscale`] undone, up to
    /// a factor and rounding.
    pub(super) fn rescale(&self, weights: &[f64], bias: f64) -> Vec<f64> {
        let of = |(&j, &half): (&usize, &f64)| weights[j] * half;
        let mut w: Vec<f64> = self.kept.iter().zip(&self.half).map(of).collect();
        if self.bias {
            let moved = self.kept.iter().zip(&self.centre).map(|(&j, centre)| weights[j] * centre).sum::<f64>();
            w.push(bias + moved);
        }
        w
    }
}

/// Feature `j` of every point times one positive rational (and shifted, with bias), as coprime integers; `None` once
/// `stop` says so.
fn integer_feature(points: &Points, j: usize, bias: bool, stop: &dyn Fn() -> bool) -> Option<Vec<IBig>> {
    if stop() {
        return None;
    }
    dyadic_feature(points, j, bias).or_else(|| rational_feature(points, j, bias, stop))
}

/// [`integer_feature`] for numbers of any size.
fn rational_feature(points: &Points, j: usize, bias: bool, stop: &dyn Fn() -> bool) -> Option<Vec<IBig>> {
    /// Points between two questions.
    const AT_ONCE: usize = 1024;
    let shift = Rational::try_from(points.scaler().shift[j]).unwrap_or_default();
    let mut exact: Vec<Rational> = Vec::with_capacity(points.len());
    for i in 0..points.len() {
        if i % AT_ONCE == 0 && stop() {
            return None;
        }
        exact.push(Rational::try_from(points.raw(i)[j]).unwrap_or_default() - &shift);
    }
    // Denominators of floats are powers of two: the largest is a multiple of all.
    let denominator = exact.iter().map(|x| x.denominator().clone()).max().unwrap_or(UBig::ONE);
    let mut values: Vec<IBig> =
        exact.iter().map(|x| x.numerator() * IBig::from(&denominator / x.denominator())).collect();
    if bias && let Some(least) = values.iter().min().cloned() {
        values.iter_mut().for_each(|v| *v -= &least);
    }
    let common =
        values.iter().filter(|v| !v.is_zero()).fold(UBig::ZERO, |common, v| gcd(&common, &v.clone().unsigned_abs()));
    if common.bit_len() > 1 {
        let common = IBig::from(common);
        values.iter_mut().for_each(|v| *v /= &common);
    }
    Some(values)
}

/// [`integer_feature`] in machine words, where they hold all values over their common power of two.
fn dyadic_feature(points: &Points, j: usize, bias: bool) -> Option<Vec<IBig>> {
    let shift = points.scaler().shift[j];
    let raw = || (0..points.len()).map(|i| points.raw(i)[j]);
    let least = raw().chain([shift]).filter(|&v| v != 0.0).map(|v| decode(v).1).min().unwrap_or(0);
    let whole = |v: f64| -> Option<i128> {
        let (mantissa, exponent) = decode(v);
        let up = u32::try_from(exponent - least).ok().filter(|&up| mantissa == 0 || up < 64);
        Some(if mantissa == 0 { 0 } else { i128::from(mantissa) << up? })
    };
    // Mantissas have 53 bits: shifted by less than 64, nothing overflows, and neither do differences.
    let shift = whole(shift)?;
    let mut values: Vec<i128> = raw().map(|v| Some(whole(v)? - shift)).collect::<Option<_>>()?;
    if bias && let Some(least) = values.iter().min().copied() {
        values.iter_mut().for_each(|v| *v -= least);
    }
    let common = values.iter().fold(0, |g, v| if g == 1 { 1 } else { gcd_of_words(g, v.unsigned_abs()) });
    if common > 1 {
        let common = i128::try_from(common).ok()?;
        values.iter_mut().for_each(|v| *v /= common);
    }
    Some(values.into_iter().map(IBig::from).collect())
}

/// v = mantissa * 2^exponent, the mantissa odd or 0.
fn decode(v: f64) -> (i64, i32) {
    let bits = v.to_bits();
    let (fraction, field) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    let (mantissa, exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    if mantissa == 0 {
        return (0, 0);
    }
    let zeros = mantissa.trailing_zeros();
    let mantissa = (mantissa >> zeros) as i64;
    (if v < 0.0 { -mantissa } else { mantissa }, exponent + zeros as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::Scaler;
    use proptest::prelude::*;

    proptest! {
        /// Machine words and rationals give the same whole numbers.
        #[test]
        fn words_are_the_rationals(
            values in prop::collection::vec(prop_oneof![
                (-40i32..40).prop_map(f64::from),
                (-40i32..40).prop_map(|v| f64::from(v) / 10.0),
                -1e3..1e3,
                Just(0.0),
                Just(-0.0),
                Just(f64::from_bits(3)),
            ], 1..12),
            shift in prop_oneof![Just(0.0), -5.0..5.0],
            bias in any::<bool>(),
        ) {
            let scaler = Scaler { shift: vec![shift], divisor: vec![3.0] };
            let points = Points::merge(1, 2, &values, &vec![0; values.len()], scaler);
            if let Some(words) = dyadic_feature(&points, 0, bias) {
                prop_assert_eq!(Some(words), rational_feature(&points, 0, bias, &never));
            }
        }
    }
}

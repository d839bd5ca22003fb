//! A layer in whole numbers: the same network on whole inputs, with nothing left to round.
//!
//! A neuron over inputs x = (raw - shift) / divisor is c'raw + e with rational c and e. Multiplied by the least L that makes all c
//! whole and divided by their common divisor g, its sum S is whole, and it fires where S >= ceil(-e L / g). Of several outputs the
//! largest pre-activation decides, the first among equal ones: with L and g of the whole layer these are S_k + e_k L / g, and what is
//! between 0 and 1 of the constants only breaks ties. R being the number of such different parts, R S_k + R floor + rank compares in
//! whole numbers as they do.
//!
//! Entry points: [`Affine::of`], [`WholeLayer::hidden`], [`WholeLayer::output`]. Invariant: for inputs within the ranges no sum, in whatever
//! order, is beyond `sums` and no score beyond `scores`.

use bdnn::{Layer, Rational, Scaler};
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use numerics::whole::{common_denominator, gcd};

/// Denominators with more bits than this are not tried.
const MOST_BITS: usize = 1 << 13;

/// From the least to the largest.
pub(super) type Range = (i64, i64);

/// One neuron in raw units, exactly.
pub(super) struct Affine {
    coefficients: Vec<Rational>,
    constant: Rational,
}

/// How the sums of a layer are used.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Use {
    /// Neuron j fires where its sum is at least `[j]`.
    Thresholds(Vec<i64>),
    /// The class is that of the largest `factor` * sum + `offsets[k]`, the first of equal ones.
    Scores {
        factor: i64,
        offsets: Vec<i64>,
        /// The range of all scores.
        scores: Range,
    },
}

/// A layer in whole numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WholeLayer {
    pub inputs: usize,
    /// Neuron by neuron.
    pub weights: Vec<Vec<i64>>,
    /// The range of all partial sums.
    pub sums: Range,
    pub then: Use,
}

impl Affine {
    /// The neurons of a layer, with the map of its inputs folded in.
    pub(super) fn of(layer: &Layer, scaler: Option<&Scaler>) -> Vec<Self> {
        let exact = |x: f64| Rational::try_from(x).unwrap_or(Rational::ZERO);
        let neuron = |j: usize| {
            let mut coefficients: Vec<Rational> = layer.neuron(j).iter().map(|&w| exact(w)).collect();
            let mut constant = exact(layer.biases[j]);
            if let Some(scaler) = scaler {
                for ((c, &divisor), &shift) in coefficients.iter_mut().zip(&scaler.divisor).zip(&scaler.shift) {
                    if *c != Rational::ZERO {
                        *c /= exact(divisor);
                        constant -= &*c * exact(shift);
                    }
                }
            }
            Self { coefficients, constant }
        };
        (0..layer.outputs).map(neuron).collect()
    }

    /// Coefficients and constant, rounded.
    pub(super) fn to_floats(&self) -> (Vec<f64>, f64) {
        let float = |value: &Rational| value.to_f64().value();
        (self.coefficients.iter().map(float).collect(), float(&self.constant))
    }
}

impl WholeLayer {
    /// Neurons that fire or don't; `None` if numbers leave [-most, most].
    pub(super) fn hidden(neurons: &[Affine], ranges: &[Range], most: i64) -> Option<Self> {
        let (mut weights, mut thresholds) = (vec![], vec![]);
        let mut sums = (0, 0);
        for neuron in neurons {
            let (whole, factor) = to_whole(std::slice::from_ref(neuron))?;
            let bounds = Bounds::of(&whole[0], ranges, most)?;
            sums = union(sums, bounds.partial);
            // A threshold beyond all sums is as good next to them.
            let (least, beyond) = (bounds.total.0, bounds.total.1 + 1);
            let threshold = (-&neuron.constant * factor).ceil();
            thresholds.push(clamped(&threshold, least, beyond));
            weights.extend(whole);
        }
        Some(Self { inputs: ranges.len(), weights, sums, then: Use::Thresholds(thresholds) })
    }

    /// The outputs of more than two classes; `None` if numbers leave [-most, most].
    pub(super) fn output(neurons: &[Affine], ranges: &[Range], most: i64) -> Option<Self> {
        let (weights, factor) = to_whole(neurons)?;
        let mut sums = (0, 0);
        let mut totals = vec![];
        for weights in &weights {
            let bounds = Bounds::of(weights, ranges, most)?;
            sums = union(sums, bounds.partial);
            totals.push(bounds.total);
        }
        let constants: Vec<Rational> = neurons.iter().map(|neuron| &neuron.constant * &factor).collect();
        let floors: Vec<IBig> = constants.iter().map(Rational::floor).collect();
        let parts: Vec<Rational> =
            constants.iter().zip(&floors).map(|(c, floor)| c - Rational::from(floor.clone())).collect();
        let mut distinct: Vec<&Rational> = parts.iter().collect();
        distinct.sort();
        distinct.dedup();
        let ranks = distinct.len();
        let rank = |part: &Rational| distinct.partition_point(|other| *other < part);
        let offsets: Vec<IBig> =
            floors.into_iter().zip(&parts).map(|(floor, part)| floor * ranks + IBig::from(rank(part))).collect();
        let factor = i64::try_from(ranks).ok()?;
        let (offsets, scores) = settled(factor, &offsets, &totals, most)?;
        Some(Self { inputs: ranges.len(), weights, sums, then: Use::Scores { factor, offsets, scores } })
    }
}

/// Offsets that decide as the given ones do and are small, with the range of the scores: all together are moved, and those of classes that cannot
/// win are brought as near as they still cannot.
fn settled(factor: i64, offsets: &[IBig], totals: &[Range], most: i64) -> Option<(Vec<i64>, Range)> {
    let best = |of: fn(&Range) -> i64| totals.iter().map(move |total| IBig::from(of(total)) * factor).zip(offsets);
    // Some class reaches this much, whatever the inputs.
    let reached = best(|total| total.0).map(|(least, offset)| least + offset).max()?;
    let near: Vec<IBig> =
        best(|total| total.1).map(|(largest, offset)| offset.max(&(&reached - largest - 1)).clone()).collect();
    let base = near.iter().min()?.clone();
    let offsets = near.iter().map(|offset| i64::try_from(offset - &base).ok()).collect::<Option<Vec<_>>>()?;
    let mut scores = (0, 0);
    for (&(low, high), &offset) in totals.iter().zip(&offsets) {
        let score =
            |sum: i64| sum.checked_mul(factor)?.checked_add(offset).filter(|score| (-most..=most).contains(score));
        scores = union(scores, (score(low)?, score(high)?));
        scores = union(scores, (low.checked_mul(factor)?, high.checked_mul(factor)?));
    }
    Some((offsets, scores))
}

/// Neurons as whole numbers without a common divisor, and what their constants are multiplied by.
fn to_whole(neurons: &[Affine]) -> Option<(Vec<Vec<i64>>, Rational)> {
    let common = common_denominator(neurons.iter().flat_map(|neuron| &neuron.coefficients));
    if common.bit_len() > MOST_BITS {
        return None;
    }
    let whole = |c: &Rational| c.numerator() * IBig::from(&common / c.denominator());
    let rows: Vec<Vec<IBig>> = neurons.iter().map(|neuron| neuron.coefficients.iter().map(whole).collect()).collect();
    let divisor = rows.iter().flatten().fold(UBig::ZERO, |divisor, c| gcd(&divisor, &c.clone().unsigned_abs()));
    if divisor.is_zero() {
        let zeros = rows.iter().map(|row| vec![0; row.len()]).collect();
        return Some((zeros, Rational::ONE));
    }
    let divided = |c: &IBig| i64::try_from(c / IBig::from(divisor.clone())).ok();
    let weights = rows.iter().map(|row| row.iter().map(divided).collect()).collect::<Option<Vec<Vec<i64>>>>()?;
    Some((weights, Rational::from_parts(common.into(), divisor)))
}

/// What sums of weight times input may be.
struct Bounds {
    /// Of any of the terms, in any order.
    partial: Range,
    /// Of all of them.
    total: Range,
}

impl Bounds {
    fn of(weights: &[i64], ranges: &[Range], most: i64) -> Option<Self> {
        let (mut partial, mut total) = ((0_i128, 0_i128), (0_i128, 0_i128));
        for (&w, &(low, high)) in weights.iter().zip(ranges) {
            let ends = [i128::from(w) * i128::from(low), i128::from(w) * i128::from(high)];
            let (least, largest) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            partial = (partial.0.checked_add(least.min(0))?, partial.1.checked_add(largest.max(0))?);
            total = (total.0.checked_add(least)?, total.1.checked_add(largest)?);
        }
        let within = |(low, high): (i128, i128)| {
            let most = i128::from(most) - 1;
            ((-most..=most).contains(&low) && (-most..=most).contains(&high)).then_some((low as i64, high as i64))
        };
        Some(Self { partial: within(partial)?, total: within(total)? })
    }
}

fn union(a: Range, b: Range) -> Range {
    (a.0.min(b.0), a.1.max(b.1))
}

fn clamped(value: &IBig, least: i64, most: i64) -> i64 {
    i64::try_from(value.clone().clamp(least.into(), most.into())).unwrap_or(least)
}

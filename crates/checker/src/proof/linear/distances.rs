//! Sizes of the points: 1-norms, and for each point the distance of the farthest other one.

use crate::limits;
use crate::number::Rational;
use dashu_base::{Abs, BitTest, Gcd};
use dashu_int::{IBig, UBig};

/// Up to so many points distances are those of the farthest point, beyond of the farthest corner of the points' box.
pub(super) const PAIRWISE: usize = 4096;

/// The points in scaled coordinates, and how far they are from 0 and from each other in the 1-norm.
pub(super) struct Distances {
    /// (raw - shift) / divisor.
    pub points: Vec<Vec<Rational>>,
    /// ||x_i||_1.
    pub norms: Vec<Rational>,
    /// At least max_k ||x_i - x_k||_1.
    pub farthest: Vec<Rational>,
}

impl Distances {
    /// Measures points, all of one length.
    pub fn new(points: Vec<Vec<Rational>>) -> Result<Self, String> {
        let size = points.len().saturating_mul(points.first().map_or(0, Vec::len));
        let mut common = UBig::ONE;
        for value in points.iter().flatten() {
            let shared = (&common).gcd(value.denominator());
            common *= value.denominator() / shared;
            if common.bit_len().saturating_mul(size) > limits::POINT_BITS {
                return Err("the scaled points have too many different denominators".to_owned());
            }
        }
        let whole = |value: &Rational| value.numerator() * IBig::from(&common / value.denominator());
        let wholes: Vec<Vec<IBig>> = points.iter().map(|point| point.iter().map(whole).collect()).collect();
        let norms = wholes.iter().map(|point| point.iter().map(Abs::abs).sum()).collect();
        let farthest = if wholes.len() <= PAIRWISE { pairwise(&wholes) } else { corners(&wholes) };
        let back =
            |sizes: Vec<IBig>| sizes.into_iter().map(|size| Rational::from_parts(size, common.clone())).collect();
        Ok(Self { points, norms: back(norms), farthest: back(farthest) })
    }
}

fn pairwise(points: &[Vec<IBig>]) -> Vec<IBig> {
    let mut most = vec![IBig::ZERO; points.len()];
    for (i, x) in points.iter().enumerate() {
        let (before, from) = most.split_at_mut(i);
        let Some(own) = from.first_mut() else { continue };
        for (y, other) in points.iter().zip(before) {
            let mut distance = IBig::ZERO;
            x.iter().zip(y).for_each(|(x, y)| distance += (x - y).abs());
            if distance > *other {
                other.clone_from(&distance);
            }
            if distance > *own {
                *own = distance;
            }
        }
    }
    most
}

fn corners(points: &[Vec<IBig>]) -> Vec<IBig> {
    let mut most = vec![IBig::ZERO; points.len()];
    for l in 0..points.first().map_or(0, Vec::len) {
        let values = || points.iter().filter_map(|point| point.get(l));
        let (Some(low), Some(high)) = (values().min(), values().max()) else { continue };
        for (most, x) in most.iter_mut().zip(values()) {
            *most += (x - low).max(high - x);
        }
    }
    most
}

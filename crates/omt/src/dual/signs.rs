//! The signs of points at the rays of a cone, as bit masks.

use super::arrangement::Arrangement;
use super::cone::{Cone, Exact, Room};
use super::mask::bit;
use bdnn::Stop;
use budget::Pace;
use serde::{Deserialize, Serialize};

/// For each of some points: at which rays it is positive, at which negative.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Signs {
    /// Words of a mask.
    words: usize,
    /// Point by point.
    positive: Vec<u64>,
    negative: Vec<u64>,
}

impl Signs {
    /// The signs of `points` at all rays of `cone`, and their values (row-major, one row a point), 0 where they are exactly that, each within
    /// the ray's error of the truth. `None` once `stop` says so.
    pub(super) fn new(
        at: &Arrangement,
        cone: &Cone,
        points: &[u32],
        values: &mut Vec<f64>,
        room: &mut Room,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let mut ask = || stop();
        let mut pace = Pace::new(&mut ask);
        let (rays, columns) = (cone.len(), at.rank + 1);
        let words = rays.div_ceil(64);
        let none = vec![0; words * points.len()];
        let mut signs = Self { words, positive: none.clone(), negative: none };
        // Coordinate by coordinate, so that a point meets all rays in one loop.
        let mut by_coordinate = vec![0.0; rays * columns];
        for ray in 0..rays {
            for (k, &v) in cone.vector(ray).iter().enumerate() {
                by_coordinate[k * rays + ray] = v;
            }
        }
        let mut exact: Vec<Option<Exact>> = Vec::new();
        exact.resize_with(rays, || None);
        values.clear();
        values.resize(rays * points.len(), 0.0);
        let masks = signs.positive.chunks_exact_mut(words).zip(signs.negative.chunks_exact_mut(words));
        let rows = values.chunks_exact_mut(rays).zip(masks);
        for (&point, (row, (positive, negative))) in points.iter().zip(rows) {
            if pace.spend(rays * columns) {
                return None;
            }
            for (&x, coordinate) in at.point(point).iter().zip(by_coordinate.chunks_exact(rays)) {
                row.iter_mut().zip(coordinate).for_each(|(sum, v)| *sum += v * x);
            }
            for (ray, (value, &error)) in row.iter_mut().zip(&cone.errors).enumerate() {
                if value.abs() > error {
                    let mask: &mut [u64] = if *value > 0.0 { positive } else { negative };
                    mask[ray / 64] |= 1 << (ray % 64);
                    continue;
                }
                if error == 0.0 {
                    continue;
                }
                if pace.spend(at.exact_work()) {
                    return None;
                }
                let vector = exact[ray].get_or_insert_with(|| cone.exact(at, ray, room));
                match vector.sign(at, point) {
                    1 => positive[ray / 64] |= 1 << (ray % 64),
                    -1 => negative[ray / 64] |= 1 << (ray % 64),
                    _ => *value = 0.0,
                }
            }
        }
        Some(signs)
    }

    /// The rays at which the point with this place among those given is positive.
    pub(super) fn above(&self, point: usize) -> &[u64] {
        &self.positive[self.words * point..self.words * (point + 1)]
    }

    /// The rays at which it is negative.
    pub(super) fn below(&self, point: usize) -> &[u64] {
        &self.negative[self.words * point..self.words * (point + 1)]
    }

    /// The rays at which it is positive, or negative.
    pub(super) fn side(&self, point: usize, positive: bool) -> &[u64] {
        if positive { self.above(point) } else { self.below(point) }
    }

    /// -1, 0, or 1.
    pub(super) fn at(&self, point: usize, ray: usize) -> i32 {
        i32::from(bit(self.above(point), ray)) - i32::from(bit(self.below(point), ray))
    }

    /// Whether a point is positive at some ray and negative at another, of those at which `pivot` is not negative (`above`) or not positive.
    pub(super) fn sides(&self, point: usize, pivot: usize, above: bool) -> (bool, bool) {
        let other = if above { self.below(pivot) } else { self.above(pivot) };
        let meets = |mask: &[u64]| mask.iter().zip(other).any(|(m, o)| m & !o != 0);
        (meets(self.above(point)), meets(self.below(point)))
    }

    /// The weight of the points that are positive at some ray and negative at another in a half, as in [`Self::sides`].
    pub(super) fn undecided_weight(&self, pivot: usize, above: bool, weights: &[u32]) -> u32 {
        if self.words > 1 {
            let other = if above { self.below(pivot) } else { self.above(pivot) };
            let meets = |mask: &[u64]| mask.iter().zip(other).any(|(m, o)| m & !o != 0);
            let masks = self.positive.chunks_exact(self.words).zip(self.negative.chunks_exact(self.words));
            return masks.zip(weights).filter(|((p, n), _)| meets(p) && meets(n)).map(|(_, &weight)| weight).sum();
        }
        let half = !if above { self.negative[pivot] } else { self.positive[pivot] };
        let masks = self.positive.iter().zip(&self.negative);
        masks.zip(weights).map(|((p, n), &w)| if p & half != 0 && n & half != 0 { w } else { 0 }).sum()
    }
}

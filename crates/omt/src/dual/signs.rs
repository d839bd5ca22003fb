//! The signs of points at the rays of a cone, as bit masks.

use super::arrangement::Arrangement;
use super::cone::{Cone, Exact, Room};

/// For each of some points: at which rays it is positive, at which negative.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// Words of a mask.
    words: usize,
    /// Positive, then negative, point by point.
    masks: Vec<u64>,
}

fn bit(mask: &[u64], ray: usize) -> bool {
    mask[ray / 64] >> (ray % 64) & 1 == 1
}

impl Signs {
    /// The signs of `points` at all rays of `cone`, and their values (row-major, one row a point), 0 where they are exactly that, each within
    /// the ray's error of the truth.
    pub(super) fn new(at: &Arrangement, cone: &Cone, points: &[u32], values: &mut Vec<f64>, room: &mut Room) -> Self {
        let (rays, columns) = (cone.len(), at.rank + 1);
        let words = rays.div_ceil(64);
        let mut signs = Self { words, masks: vec![0; 2 * words * points.len()] };
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
        let rows = values.chunks_exact_mut(rays).zip(signs.masks.chunks_exact_mut(2 * words));
        for (&point, (row, masks)) in points.iter().zip(rows) {
            for (&x, coordinate) in at.point(point).iter().zip(by_coordinate.chunks_exact(rays)) {
                row.iter_mut().zip(coordinate).for_each(|(sum, v)| *sum += v * x);
            }
            let (positive, negative) = masks.split_at_mut(words);
            for (ray, (value, &error)) in row.iter_mut().zip(&cone.errors).enumerate() {
                if value.abs() > error {
                    let mask = if *value > 0.0 { &mut *positive } else { &mut *negative };
                    mask[ray / 64] |= 1 << (ray % 64);
                    continue;
                }
                let vector = exact[ray].get_or_insert_with(|| cone.exact(at, ray, room));
                match vector.sign(at, point) {
                    1 => positive[ray / 64] |= 1 << (ray % 64),
                    -1 => negative[ray / 64] |= 1 << (ray % 64),
                    _ => *value = 0.0,
                }
            }
        }
        signs
    }

    fn masks(&self, point: usize) -> (&[u64], &[u64]) {
        self.masks[2 * self.words * point..2 * self.words * (point + 1)].split_at(self.words)
    }

    /// Whether the point with this place among those given is positive at a ray.
    pub(super) fn positive(&self, point: usize, ray: usize) -> bool {
        bit(self.masks(point).0, ray)
    }

    /// Whether it is negative there.
    pub(super) fn negative(&self, point: usize, ray: usize) -> bool {
        bit(self.masks(point).1, ray)
    }

    /// -1, 0, or 1.
    pub(super) fn at(&self, point: usize, ray: usize) -> i32 {
        i32::from(self.positive(point, ray)) - i32::from(self.negative(point, ray))
    }

    /// Whether a point is positive at some ray and negative at another, of those at which `pivot` is not negative (`above`) or not positive.
    pub(super) fn sides(&self, point: usize, pivot: usize, above: bool) -> (bool, bool) {
        let ((positive, negative), (up, down)) = (self.masks(point), self.masks(pivot));
        let other = if above { down } else { up };
        let meets = |mask: &[u64]| mask.iter().zip(other).any(|(m, o)| m & !o != 0);
        (meets(positive), meets(negative))
    }

    /// Whether no ray has `p` at 0 or above and `q` below 0.
    pub(super) fn implies(&self, p: usize, q: usize) -> bool {
        let (below_p, below_q) = (self.masks(p).1, self.masks(q).1);
        below_q.iter().zip(below_p).all(|(q, p)| q & !p == 0)
    }
}

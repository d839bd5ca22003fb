//! A cell of the arrangement, not always a smallest one: a pointed cone of full dimension in weight space, by its extreme rays.
//!
//! Splitting a cone by a hyperplane is a step of the double description method. A ray is the line on which n independent points are
//! tight, and knows them: so its floats have an error that does not grow from step to step, and its sign at a point is
//! that of a determinant of the data where floats cannot tell it. Both halves of a split have rays strictly on their side, so a
//! cone is never flat, whatever lies in special position.
//!
//! Invariants: `facets` hold every facet (and perhaps constraints that touch a face); bit f of a ray's mask says that it is tight at
//! `facets[f]`, for all that are.
//!
//! References: T. S. Motzkin, H. Raiffa, G. L. Thompson and R. M. Thrall, The double description method, 1953; K. Fukuda and
//! A. Prodon, Double description method revisited, 1996 (the combinatorial test of adjacency, proposition 7).

use super::arrangement::{Arrangement, Whole};
use super::mask::bit;
use super::minors::{FloatMinors, MOST_COLUMNS};

use bdnn::Stop;
use budget::Pace;
use dashu::integer::IBig;
use numerics::bareiss;
use serde::{Deserialize, Serialize};

/// A cone by its extreme rays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Cone {
    /// Row-major, n + 1 a ray.
    pub(super) vectors: Vec<f64>,
    /// What the inner product of each ray with a point is off at most; 0 if it is exact.
    pub(super) errors: Vec<f64>,
    /// n independent points on each ray, and whether its direction is the opposite of their vector's.
    through: Vec<u32>,
    reversed: Vec<bool>,
    /// Constraints, and whether the cone lies where they fire.
    facets: Vec<(u32, bool)>,
    /// `stride` words a ray.
    masks: Vec<u64>,
    stride: usize,
}

/// The vector of a ray in whole numbers.
pub(super) enum Exact {
    Words([i128; MOST_COLUMNS]),
    Big(Vec<IBig>),
}

/// Room for work on cones.
#[derive(Default)]
pub(super) struct Room {
    minors: FloatMinors,
    words: Vec<i128>,
    common: Vec<u64>,
    tight: Vec<u32>,
    positive: Vec<u32>,
    negative: Vec<u32>,
    counts: Vec<u32>,
}

fn bits(words: &[u64]) -> u32 {
    words.iter().map(|w| w.count_ones()).sum()
}

impl Cone {
    /// The cone in which these n + 1 independent points fire where the bits of `pattern` say so and rest elsewhere.
    pub(super) fn simplicial(at: &Arrangement, points: &[u32], pattern: usize, room: &mut Room) -> Self {
        let mut cone = Self { stride: 1, ..Self::default() };
        cone.facets = points.iter().enumerate().map(|(k, &p)| (p, pattern >> k & 1 == 1)).collect();
        for k in 0..points.len() {
            let tight: Vec<u32> = points.iter().copied().filter(|&p| p != points[k]).collect();
            let mask = ((1_u64 << points.len()) - 1) & !(1 << k);
            cone.push(at, &tight, &[mask], cone.facets[k], room);
        }
        cone
    }

    /// Number of rays.
    pub(super) fn len(&self) -> usize {
        self.errors.len()
    }

    fn mask(&self, ray: usize) -> &[u64] {
        &self.masks[ray * self.stride..(ray + 1) * self.stride]
    }

    /// Ray `ray` in floats.
    pub(super) fn vector(&self, ray: usize) -> &[f64] {
        let columns = self.vectors.len() / self.len();
        &self.vectors[ray * columns..(ray + 1) * columns]
    }

    fn through(&self, ray: usize) -> &[u32] {
        let rank = self.through.len() / self.len();
        &self.through[ray * rank..(ray + 1) * rank]
    }

    /// Ray `ray` in whole numbers.
    pub(super) fn exact(&self, at: &Arrangement, ray: usize, room: &mut Room) -> Exact {
        let columns = at.rank + 1;
        let range = |&p: &u32| p as usize * columns..(p as usize + 1) * columns;
        match &at.whole {
            Whole::Words(words) => {
                let mut vector = [0; MOST_COLUMNS];
                let rows = self.through(ray).iter().map(|p| &words[range(p)]);
                at.expansion.words(rows, &mut room.words, &mut vector[..columns]);
                if self.reversed[ray] {
                    vector.iter_mut().for_each(|v| *v = -*v);
                }
                Exact::Words(vector)
            }
            Whole::Big(values) => {
                let vector = at.expansion.big(self.through(ray).iter().map(|p| &values[range(p)]));
                Exact::Big(if self.reversed[ray] { vector.into_iter().map(|v| -v).collect() } else { vector })
            }
        }
    }

    /// The sign of ray `ray` at a point.
    pub(super) fn sign(&self, at: &Arrangement, ray: usize, point: u32, room: &mut Room) -> i32 {
        let value = dot(self.vector(ray), at.point(point));
        if value.abs() > self.errors[ray] {
            return if value > 0.0 { 1 } else { -1 };
        }
        if self.errors[ray] == 0.0 {
            return 0;
        }
        self.exact(at, ray, room).sign(at, point)
    }

    /// Adds the ray on which `tight` (n independent points) are, on the side of the constraint `strict`, which it is not tight at.
    fn push(&mut self, at: &Arrangement, tight: &[u32], mask: &[u64], strict: (u32, bool), room: &mut Room) {
        at.expansion.begin(&mut room.minors);
        tight.iter().for_each(|&p| at.expansion.push(&mut room.minors, at.point(p)));
        let ray = self.len();
        let start = self.vectors.len();
        self.vectors.resize(start + at.rank + 1, 0.0);
        let error = at.expansion.vector(&room.minors, &mut self.vectors[start..]);
        // Whole numbers over a common power of two, of no more digits than a float holds, are summed up without rounding.
        self.errors.push(if at.unrounded { 0.0 } else { error });
        self.through.extend_from_slice(tight);
        self.reversed.push(false);
        self.masks.extend_from_slice(mask);
        if (self.sign(at, ray, strict.0, room) > 0) != strict.1 {
            self.reversed[ray] = true;
            self.vectors[start..].iter_mut().for_each(|v| *v = -*v);
        }
    }

    /// Copies a ray of `other`.
    fn copy(&mut self, other: &Self, ray: usize, tight_at_last: bool) {
        self.vectors.extend_from_slice(other.vector(ray));
        self.errors.push(other.errors[ray]);
        self.through.extend_from_slice(other.through(ray));
        self.reversed.push(other.reversed[ray]);
        let start = self.masks.len();
        self.masks.extend_from_slice(other.mask(ray));
        self.masks.resize(start + self.stride, 0);
        if tight_at_last {
            let last = self.facets.len() - 1;
            self.masks[start + last / 64] |= 1 << (last % 64);
        }
    }

    /// Splits by the hyperplane of a point, at which the rays have these signs (some of either): where it fires, where it rests. The
    /// second numbers are those of the new rays' first in each half. `None` once `stop` says so; cost up to the third power of the rays.
    pub(super) fn split(
        &self,
        at: &Arrangement,
        point: u32,
        signs: impl Fn(usize) -> i32,
        room: &mut Room,
        stop: &Stop<'_>,
    ) -> Option<[(Self, usize); 2]> {
        let last = self.facets.len();
        let stride = (last + 1).div_ceil(64).max(self.stride);
        let half = |fires: bool| {
            let mut half = Self { stride, facets: self.facets.clone(), ..Self::default() };
            half.facets.push((point, fires));
            half
        };
        let (mut above, mut below) = (half(true), half(false));
        let (mut positive, mut negative) = (std::mem::take(&mut room.positive), std::mem::take(&mut room.negative));
        positive.clear();
        negative.clear();
        for ray in 0..self.len() {
            let sign = signs(ray);
            if sign >= 0 {
                above.copy(self, ray, sign == 0);
            }
            if sign <= 0 {
                below.copy(self, ray, sign == 0);
            }
            match sign {
                1 => positive.push(ray as u32),
                -1 => negative.push(ray as u32),
                _ => {}
            }
        }
        let kept = [above.len(), below.len()];
        let mut ask = || stop();
        let (mut pace, pair) = (Pace::new(&mut ask), self.len() * self.stride);
        for &a in &positive {
            for &b in &negative {
                if pace.spend(pair) {
                    return None;
                }
                if self.adjacent(at.rank, a as usize, b as usize, room) {
                    self.between(at, &mut above, room);
                }
            }
        }
        // The new rays belong to both halves.
        for ray in kept[0]..above.len() {
            below.copy(&above, ray, true);
        }
        (room.positive, room.negative) = (positive, negative);
        above.compact(at.rank, room);
        below.compact(at.rank, room);
        Some([(above, kept[0]), (below, kept[1])])
    }

    /// Whether two rays span a face of dimension two; leaves the mask of their common constraints in `room.common`.
    fn adjacent(&self, rank: usize, a: usize, b: usize, room: &mut Room) -> bool {
        let (first, second) = (self.mask(a), self.mask(b));
        room.common.clear();
        room.common.extend(first.iter().zip(second).map(|(x, y)| x & y));
        let common = bits(&room.common) as usize;
        if common + 1 < rank {
            return false;
        }
        // At a ray on n constraints alone these are independent, and n - 1 of them leave a face with two rays.
        if common + 1 == rank && (bits(first) as usize == rank || bits(second) as usize == rank) {
            return true;
        }
        let inside = |ray: usize| self.mask(ray).iter().zip(&room.common).all(|(m, c)| m & c == *c);
        !(0..self.len()).any(|ray| ray != a && ray != b && inside(ray))
    }

    /// Adds to `half` the ray between two adjacent ones of this cone, with `room.common` tight in common, on either side of its last constraint.
    fn between(&self, at: &Arrangement, half: &mut Self, room: &mut Room) {
        let last = half.facets.len() - 1;
        let mut tight = std::mem::take(&mut room.tight);
        self.independent(at, half.facets[last].0, &mut tight, room);
        let mut mask = std::mem::take(&mut room.common);
        mask.resize(half.stride, 0);
        mask[last / 64] |= 1 << (last % 64);
        // A constraint at which not both parents are tight: they are on the cone's side of it, and so is the ray between.
        let strict =
            (0..self.facets.len()).find(|&f| !bit(&mask, f)).expect("two rays differ in what they are tight at");
        half.push(at, &tight, &mask, self.facets[strict], room);
        (room.tight, room.common) = (tight, mask);
    }

    /// n independent points among `point` and the constraints in `room.common`, which are of rank n together.
    fn independent(&self, at: &Arrangement, point: u32, tight: &mut Vec<u32>, room: &mut Room) {
        tight.clear();
        tight.push(point);
        let constraints = || (0..self.facets.len()).filter(|&f| bit(&room.common, f)).map(|f| self.facets[f].0);
        if bits(&room.common) as usize + 1 == at.rank {
            tight.extend(constraints());
            return;
        }
        at.expansion.begin(&mut room.minors);
        at.expansion.push(&mut room.minors, at.point(point));
        for p in constraints() {
            if tight.len() == at.rank {
                return;
            }
            at.expansion.push(&mut room.minors, at.point(p));
            if at.expansion.certainly_independent(&room.minors) {
                tight.push(p);
            } else {
                at.expansion.pop(&mut room.minors);
            }
        }
        if tight.len() < at.rank {
            let candidates: Vec<u32> = std::iter::once(point).chain(constraints()).collect();
            *tight = at.independent(&candidates);
        }
    }

    /// Forgets constraints at which fewer than n rays are tight: a facet has as many.
    fn compact(&mut self, rank: usize, room: &mut Room) {
        room.counts.clear();
        room.counts.resize(self.facets.len(), 0);
        for mask in self.masks.chunks_exact(self.stride) {
            for (w, &word) in mask.iter().enumerate() {
                let mut rest = word;
                while rest != 0 {
                    room.counts[w * 64 + rest.trailing_zeros() as usize] += 1;
                    rest &= rest - 1;
                }
            }
        }
        if room.counts.iter().all(|&count| count as usize >= rank) {
            return;
        }
        let kept = room.counts.iter().filter(|&&count| count as usize >= rank).count();
        let stride = kept.div_ceil(64).max(1);
        let mut masks = vec![0_u64; stride * self.len()];
        for (old, new) in self.masks.chunks_exact(self.stride).zip(masks.chunks_exact_mut(stride)) {
            let mut next = 0;
            for (f, &count) in room.counts.iter().enumerate() {
                if count as usize >= rank {
                    new[next / 64] |= u64::from(bit(old, f)) << (next % 64);
                    next += 1;
                }
            }
        }
        let mut counts = room.counts.iter();
        self.facets.retain(|_| counts.next().is_some_and(|&count| count as usize >= rank));
        (self.masks, self.stride) = (masks, stride);
    }
}

impl Exact {
    /// The sign at a point.
    pub(super) fn sign(&self, at: &Arrangement, point: u32) -> i32 {
        let columns = at.rank + 1;
        let range = point as usize * columns..(point as usize + 1) * columns;
        match (self, &at.whole) {
            (Self::Words(vector), Whole::Words(words)) => {
                let value: i128 = vector.iter().zip(&words[range]).map(|(v, &x)| v * i128::from(x)).sum();
                value.signum() as i32
            }
            (Self::Big(vector), Whole::Big(values)) => {
                let value = vector.iter().zip(&values[range]).fold(IBig::ZERO, |sum, (v, x)| sum + v * x);
                bareiss::Whole::sign(&value)
            }
            _ => unreachable!("a ray is made of the points it is asked about"),
        }
    }
}

/// The inner product, summed up term by term.
pub(super) fn dot(vector: &[f64], point: &[f64]) -> f64 {
    vector.iter().zip(point).fold(0.0, |sum, (v, x)| sum + v * x)
}

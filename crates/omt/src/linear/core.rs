//! Cores of one neuron: few points whose sides cannot be had together, with the exact multipliers that prove it.
//!
//! By the theorems of the alternative (Motzkin; Gleeson and Ryan, ORSA J. Computing 2(1), 1990), points that shall fire
//! (w z >= 0) and points that shall rest (w z < 0) exclude each other iff some lambda >= 0 has
//! sum_fire lambda_i z_i = sum_rest lambda_i z_i with a positive multiplier on a resting point. The supports of the
//! vertices of that cone are the irreducible ones: at most dim + 1 points, whose z span a kernel of dimension one.
//! A float simplex guesses the support; here the kernel is computed by fraction-free elimination
//! ([`numerics::bareiss`]), in `i128` while it fits and in big integers beyond.

use super::geometry::{Geometry, Store};
use budget::Pace;
use dashu::base::Sign;
use dashu::integer::IBig;
use numerics::bareiss::{Kernel, Whole, kernel};
use serde::{Deserialize, Serialize};

/// Point and side: `fires` says that the point is asked to fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Member {
    /// Index of the point.
    pub point: u32,
    /// Whether it is asked to fire (w z >= 0) or to rest (w z < 0).
    pub fires: bool,
}

/// A set of members that no neuron satisfies together; leaving out any one makes it satisfiable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Core {
    /// The points and their sides, by ascending point.
    pub members: Vec<Member>,
    /// Positive integers, one a member: the combination of the firing points equals that of the resting ones.
    pub multipliers: Vec<IBig>,
}

impl Core {
    /// The core inside `members` (distinct points), if their z have a kernel of dimension one and it has the right signs:
    /// exact, so `Some` is a proof. Members with multiplier zero are left out. Cost O(dim^2 s) products for s members.
    #[must_use]
    pub fn confirm(geometry: &Geometry, members: &[Member]) -> Option<Self> {
        Self::confirm_within(geometry, members, &mut Pace::new(&mut || false))
    }

    /// As [`Self::confirm`]; `None` also once `pace` says stop.
    pub(super) fn confirm_within(geometry: &Geometry, members: &[Member], pace: &mut Pace<'_>) -> Option<Self> {
        let mut members = members.to_vec();
        members.sort_unstable();
        let (dim, width) = (geometry.dim(), members.len());
        let found = match geometry.store() {
            Store::Small(words) => {
                let word = |r: usize, m: &Member| i128::from(words[m.point as usize * dim + r]);
                match kernel(matrix(dim, &members, word), width, pace) {
                    Kernel::Overflow => {
                        let big = |r: usize, m: &Member| IBig::from(words[m.point as usize * dim + r]);
                        kernel(matrix(dim, &members, big), width, pace).line()
                    }
                    found => found.line().map(|line| line.into_iter().map(IBig::from).collect()),
                }
            }
            Store::Big(values) => {
                let big = |r: usize, m: &Member| values[m.point as usize * dim + r].clone();
                kernel(matrix(dim, &members, big), width, pace).line()
            }
        };
        Self::from_kernel(members, found?)
    }

    fn from_kernel(members: Vec<Member>, kernel: Vec<IBig>) -> Option<Self> {
        let negative = kernel.iter().any(|v| !v.is_zero() && v.sign() == Sign::Negative);
        let positive = kernel.iter().any(|v| !v.is_zero() && v.sign() == Sign::Positive);
        if negative == positive {
            return None;
        }
        let (members, multipliers): (Vec<Member>, Vec<IBig>) = members
            .into_iter()
            .zip(kernel)
            .filter(|(_, v)| !v.is_zero())
            .map(|(m, v)| (m, if negative { -v } else { v }))
            .unzip();
        members.iter().any(|m| !m.fires).then_some(Self { members, multipliers })
    }

    /// Recomputes the combination: whether the multipliers prove the core. Cost O(dim s) big products.
    #[must_use]
    pub fn holds(&self, geometry: &Geometry) -> bool {
        let coordinate = |r: usize, i: usize| match geometry.store() {
            Store::Small(words) => IBig::from(words[i * geometry.dim() + r]),
            Store::Big(values) => values[i * geometry.dim() + r].clone(),
        };
        self.members.len() == self.multipliers.len()
            && self.multipliers.iter().all(|v| !v.is_zero() && v.sign() == Sign::Positive)
            && self.members.iter().any(|m| !m.fires)
            && (0..geometry.dim()).all(|r| {
                let terms = self.members.iter().zip(&self.multipliers);
                let signed = |m: &Member| {
                    if m.fires { coordinate(r, m.point as usize) } else { -coordinate(r, m.point as usize) }
                };
                terms.map(|(m, v)| v * signed(m)).sum::<IBig>().is_zero()
            })
    }
}

/// dim x s, row-major, column c = +z of a firing member, -z of a resting one.
fn matrix<T: Whole>(dim: usize, members: &[Member], at: impl Fn(usize, &Member) -> T) -> Vec<T> {
    let mut matrix = Vec::with_capacity(dim * members.len());
    for r in 0..dim {
        matrix.extend(members.iter().map(|m| if m.fires { at(r, m) } else { at(r, m).negated() }));
    }
    matrix
}

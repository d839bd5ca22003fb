//! Whole numbers of any size: read, added, multiplied, compared. Geometry needs nothing else, for it has no fractions.

use crate::fault::{Budget, Fault};
use std::cmp::Ordering;
use std::iter::{once, repeat};

/// A whole number: its size in base 2^64, the least limb first, the last of them not 0; zero is not negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Int {
    negative: bool,
    limbs: Vec<u64>,
}

impl Int {
    /// Reads decimal digits, with `-` before them or not; no other sign, no superfluous zero. Cost: the square of their number.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, negative) = text.strip_prefix('-').map_or((text, false), |digits| (digits, true));
        let zeros = digits.starts_with('0') && (negative || digits.len() > 1);
        if digits.is_empty() || zeros || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut limbs = vec![];
        for digit in digits.bytes() {
            let mut carry = u64::from(digit.checked_sub(b'0')?);
            for limb in &mut limbs {
                (*limb, carry) = multiplied(*limb, 10, 0, carry);
            }
            limbs.extend(Some(carry).filter(|&carry| carry > 0));
        }
        Some(Self { negative, limbs })
    }

    /// Whether it is above, below or equal to 0.
    pub fn sign(&self) -> Ordering {
        let size = self.limbs.len().cmp(&0);
        if self.negative { size.reverse() } else { size }
    }

    /// Its size in memory, which is what arithmetic with it costs; at least 1.
    pub fn words(&self) -> usize {
        self.limbs.len().saturating_add(1)
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        let (a, b) = if compare(&self.limbs, &other.limbs).is_lt() { (other, self) } else { (self, other) };
        let unlike = a.negative != b.negative;
        let limbs = combined(&a.limbs, &b.limbs, if unlike { u64::overflowing_sub } else { u64::overflowing_add });
        Self { negative: a.negative && !limbs.is_empty(), limbs }
    }

    /// The difference.
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&Self { negative: !other.negative, limbs: other.limbs.clone() })
    }

    /// The greater of both.
    pub fn max(self, other: Self) -> Self {
        if self.minus(&other).sign().is_lt() { other } else { self }
    }

    /// The absolute value.
    pub fn abs(&self) -> Self {
        Self { negative: false, limbs: self.limbs.clone() }
    }

    /// The product. Cost: the product of the sizes, which the budget pays.
    pub fn times(&self, other: &Self, budget: &Budget) -> Result<Self, Fault> {
        budget.spend(self.words().saturating_mul(other.words()))?;
        let mut limbs = vec![0; self.limbs.len().saturating_add(other.limbs.len())];
        for (at, &factor) in self.limbs.iter().enumerate() {
            let mut carry = 0;
            // One limb beyond those of the other number takes the last carry; it was 0.
            for (limb, digit) in limbs.iter_mut().skip(at).zip(other.limbs.iter().copied().chain(once(0))) {
                (*limb, carry) = multiplied(digit, factor, *limb, carry);
            }
        }
        trim(&mut limbs);
        Ok(Self { negative: !limbs.is_empty() && self.negative != other.negative, limbs })
    }
}

impl From<usize> for Int {
    fn from(value: usize) -> Self {
        Self { negative: false, limbs: Some(value as u64).filter(|&value| value > 0).into_iter().collect() }
    }
}

/// a b + c + d, its lower and its upper half. Nothing wraps: with n = 2^64 - 1 it is at most n n + 2 n = 2^128 - 1.
fn multiplied(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let product = u128::from(a).wrapping_mul(u128::from(b));
    let all = product.wrapping_add(u128::from(c)).wrapping_add(u128::from(d));
    (all as u64, (all >> 64) as u64)
}

fn trim(limbs: &mut Vec<u64>) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// The sum or the difference of sizes, the first of which is not the lesser; `op` is that of limbs, which says whether it carries.
fn combined(a: &[u64], b: &[u64], op: fn(u64, u64) -> (u64, bool)) -> Vec<u64> {
    let mut carry = false;
    let limb = |(&a, b): (&u64, u64)| {
        let (part, first) = op(a, b);
        let (all, second) = op(part, u64::from(carry));
        carry = first || second;
        all
    };
    let mut limbs: Vec<u64> = a.iter().zip(b.iter().copied().chain(repeat(0))).map(limb).collect();
    // A difference ends without a carry.
    limbs.push(u64::from(carry));
    trim(&mut limbs);
    limbs
}

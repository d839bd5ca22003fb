//! The test of a pair of points (or of one) in words.

use serde::{Deserialize, Serialize};

/// Bounds on the weights of one neuron.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ranges {
    pub(super) low: Vec<i32>,
    pub(super) high: Vec<i32>,
}

impl Ranges {
    pub(super) fn whole(inputs: usize, bound: i32) -> Self {
        Self { low: vec![-bound; inputs], high: vec![bound; inputs] }
    }

    /// The least size of a weight.
    pub(super) fn least(&self, input: usize) -> i32 {
        self.low[input].max(-self.high[input]).max(0)
    }

    pub(super) fn fixed(&self) -> bool {
        self.low == self.high
    }
}

/// What beside the points is in words.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Numbers {
    pub(super) radius: i64,
    /// Of the test of a resting point.
    pub(super) margin: i64,
}

/// With a bias: a neuron fires here and rests there. Without: one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) fires: Option<usize>,
    pub(super) rests: Option<usize>,
}

impl Test {
    /// How many balls there are in the test.
    pub(super) fn sides(self) -> i32 {
        i32::from(self.fires.is_some()) + i32::from(self.rests.is_some())
    }
}

/// The most that a weight within these bounds adds to a test.
pub(super) fn most(slope: i64, toll: i64, low: i32, high: i32) -> i64 {
    let value = |w: i32| slope * i64::from(w) - toll * i64::from(w.abs());
    let ends = value(low).max(value(high));
    if low < 0 && high > 0 { ends.max(0) } else { ends }
}

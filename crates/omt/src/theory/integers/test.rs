//! The test of a pair of points (or of one) in words.

use super::Integers;
use bdnn::Norm;

/// Bounds on the weights of one neuron.
#[derive(Clone, Debug)]
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
#[derive(Clone, Copy, Debug)]
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

impl Integers {
    pub(super) fn words_of(&self, point: usize) -> &[i64] {
        &self.words[point * self.lattice.inputs..(point + 1) * self.lattice.inputs]
    }

    /// What a unit of a weight's size costs in a test.
    pub(super) fn toll(&self, test: Test) -> i64 {
        if self.lattice.norm == Norm::Linf { self.numbers.radius * i64::from(test.sides()) } else { 0 }
    }

    /// The slope of every weight in a test.
    pub(super) fn slopes(&self, test: Test, into: &mut Vec<i64>) {
        into.clear();
        match (test.fires, test.rests) {
            (Some(f), Some(r)) => into.extend(self.words_of(f).iter().zip(self.words_of(r)).map(|(f, r)| f - r)),
            (Some(f), None) => into.extend(self.words_of(f)),
            (None, Some(r)) => into.extend(self.words_of(r).iter().map(|x| -x)),
            (None, None) => {}
        }
    }

    /// What the box has to spare in a test: below 0, no vector of it passes.
    pub(super) fn slack(&self, test: Test, weights: &Ranges) -> i64 {
        let toll = self.toll(test);
        let bounds = weights.low.iter().zip(&weights.high);
        let term = |(slope, (&low, &high)): (i64, (&i32, &i32))| most(slope, toll, low, high);
        let sum: i64 = match (test.fires, test.rests) {
            (Some(f), Some(r)) => {
                let slopes = self.words_of(f).iter().zip(self.words_of(r)).map(|(f, r)| f - r);
                slopes.zip(bounds).map(term).sum()
            }
            (Some(f), None) => self.words_of(f).iter().copied().zip(bounds).map(term).sum(),
            (None, Some(r)) => self.words_of(r).iter().map(|x| -x).zip(bounds).map(term).sum(),
            (None, None) => 0,
        };
        let margin = if test.rests.is_some() { self.numbers.margin } else { 0 };
        let norm = self.norm_input(weights).map_or(0, |j| i64::from(weights.least(j)));
        sum + self.doubt - margin - self.numbers.radius * i64::from(test.sides()) * norm
    }
}

/// The most that a weight within these bounds adds to a test.
pub(super) fn most(slope: i64, toll: i64, low: i32, high: i32) -> i64 {
    let value = |w: i32| slope * i64::from(w) - toll * i64::from(w.abs());
    let ends = value(low).max(value(high));
    if low < 0 && high > 0 { ends.max(0) } else { ends }
}

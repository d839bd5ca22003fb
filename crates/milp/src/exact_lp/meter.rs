//! What exact arithmetic may cost: work, which is the same on every machine, within the budget of the run.

use dashu::base::BitTest;
use dashu::rational::RBig;

use crate::Budget;

/// A product of short rationals in units of [`Budget::spend`].
const WORK_OF_A_RATIONAL: usize = 16;

/// Counts products of rationals in units of a product of short ones.
pub(crate) struct Meter<'a> {
    budget: &'a Budget<'a>,
    limit: u64,
    left: u64,
    over: bool,
}

impl<'a> Meter<'a> {
    /// As long as the budget lasts.
    pub fn of(budget: &'a Budget<'a>) -> Self {
        Self::new(u64::MAX, budget)
    }

    /// At most `work`.
    pub fn new(work: u64, budget: &'a Budget<'a>) -> Self {
        Self { budget, limit: work, left: work, over: budget.ask().is_some() }
    }

    /// A part of what is left, at most `work`; what it spends is to be told with [`Self::count`].
    pub fn part(&self, work: u64) -> Self {
        Self { budget: self.budget, limit: work.min(self.left), left: work.min(self.left), over: self.over }
    }

    /// Takes note of `count` products with `factor`; false when the work or the budget is used up, from then on for good.
    pub fn spend(&mut self, count: usize, factor: &RBig) -> bool {
        let words = (factor.numerator().bit_len() + factor.denominator().bit_len()) as u64 / 128;
        self.pass((count as u64 + 1) * (1 + 2 * words + words * words / 8))
    }

    /// The same for work that no number stands for.
    pub fn pass(&mut self, work: u64) -> bool {
        self.over |= self.budget.spend(WORK_OF_A_RATIONAL.saturating_mul(work as usize));
        self.count(work)
    }

    /// Takes note of work of a part, which the budget knows of.
    pub fn count(&mut self, work: u64) -> bool {
        self.over |= self.left < work;
        self.left = self.left.saturating_sub(work);
        !self.over
    }

    /// Work done.
    pub fn spent(&self) -> u64 {
        self.limit - self.left
    }
}

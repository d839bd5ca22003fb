//! The assumptions a constraint rests on.
//!
//! A set is sorted, never changes, and is shared by constraints with the same set. The entries alive are held by the budget: a
//! small file could otherwise make sets that grow with the square of its size.

use crate::Budget;
use crate::budget::Spent;
use std::rc::Rc;

/// A set of constraint indices.
pub(super) type Assumptions = Rc<[usize]>;

/// Bytes of an entry.
const ENTRY: usize = size_of::<usize>();

/// Makes sets and counts what is alive of them.
pub(super) struct Pool {
    empty: Assumptions,
    budget: Budget,
}

impl Pool {
    pub fn new(budget: &Budget) -> Self {
        Self { empty: Rc::from([]), budget: budget.clone() }
    }

    pub fn empty(&self) -> Assumptions {
        Rc::clone(&self.empty)
    }

    /// The union of sets, each without one index.
    pub fn union(&mut self, sets: &[(Assumptions, Option<usize>)]) -> Result<Assumptions, Spent> {
        let mut all: Vec<usize> = vec![];
        for (set, except) in sets {
            let known = all.len();
            self.budget.spend(set.len() + known)?;
            let news = set.iter().filter(|&index| Some(*index) != *except);
            let news: Vec<usize> = news.copied().filter(|index| all.binary_search(index).is_err()).collect();
            all.extend(news);
            if known > 0 && all.len() > known {
                all.sort_unstable();
            }
        }
        if all.is_empty() {
            return Ok(self.empty());
        }
        if let Some((same, _)) = sets.iter().find(|(set, _)| **set == *all) {
            return Ok(Rc::clone(same));
        }
        self.budget.hold(all.len(), ENTRY)?;
        Ok(all.into())
    }

    /// The set of one.
    pub fn single(&mut self, index: usize) -> Result<Assumptions, Spent> {
        self.budget.hold(1, ENTRY)?;
        Ok(Rc::from([index]))
    }

    /// Gives a set back.
    pub fn release(&mut self, set: &Assumptions) {
        if Rc::strong_count(set) == 1 {
            self.budget.release(set.len(), ENTRY);
        }
    }
}

//! The assumptions a constraint rests on.
//!
//! A set is sorted, never changes, and is shared by constraints with the same set. The number of entries alive is
//! limited: a small file could otherwise make sets that grow with the square of its size.

use crate::limits;
use std::rc::Rc;

/// A set of constraint indices.
pub(super) type Assumptions = Rc<[usize]>;

/// Makes sets and counts what is alive of them.
pub(super) struct Pool {
    empty: Assumptions,
    alive: usize,
}

impl Pool {
    pub fn new() -> Self {
        Self { empty: Rc::from([]), alive: 0 }
    }

    pub fn empty(&self) -> Assumptions {
        Rc::clone(&self.empty)
    }

    /// The union of sets, each without one index. `None` if too many entries would be alive.
    pub fn union(&mut self, sets: &[(Assumptions, Option<usize>)]) -> Option<Assumptions> {
        let mut all: Vec<usize> = vec![];
        for (set, except) in sets {
            let known = all.len();
            let news = set.iter().filter(|&index| Some(*index) != *except);
            let news: Vec<usize> = news.copied().filter(|index| all.binary_search(index).is_err()).collect();
            all.extend(news);
            if known > 0 && all.len() > known {
                all.sort_unstable();
            }
        }
        if all.is_empty() {
            return Some(self.empty());
        }
        if let Some((same, _)) = sets.iter().find(|(set, _)| **set == *all) {
            return Some(Rc::clone(same));
        }
        self.alive += all.len();
        (self.alive <= limits::ASSUMPTIONS).then(|| all.into())
    }

    /// The set of one.
    pub fn single(&mut self, index: usize) -> Option<Assumptions> {
        self.union(&[(Rc::from([index]), None)]).inspect(|_| self.alive += 1)
    }

    /// Gives a set back.
    pub fn release(&mut self, set: &Assumptions) {
        if Rc::strong_count(set) == 1 {
            self.alive = self.alive.saturating_sub(set.len());
        }
    }
}

//! A binary heap of variables by activity, with positions for increase-key (EVSIDS order).

use super::literal::Var;
use serde::{Deserialize, Serialize};

/// Variables by decreasing activity; ties by increasing number, so that the order is a function of the search.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Heap {
    heap: Vec<Var>,
    position: Vec<u32>,
    activity: Vec<f64>,
}

const ABSENT: u32 = u32::MAX;

#[allow(clippy::cast_possible_truncation)]
impl Heap {
    pub(super) fn push_var(&mut self, activity: f64) {
        let var = Var(self.position.len() as u32);
        self.position.push(ABSENT);
        self.activity.push(activity);
        self.insert(var);
    }

    pub(super) fn activity(&self, var: Var) -> f64 {
        self.activity[var.index()]
    }

    fn before(&self, a: Var, b: Var) -> bool {
        let (x, y) = (self.activity[a.index()], self.activity[b.index()]);
        x > y || (x == y && a < b)
    }

    pub(super) fn insert(&mut self, var: Var) {
        if self.position[var.index()] == ABSENT {
            self.position[var.index()] = self.heap.len() as u32;
            self.heap.push(var);
            self.up(self.heap.len() - 1);
        }
    }

    pub(super) fn pop(&mut self) -> Option<Var> {
        let top = *self.heap.first()?;
        let last = self.heap.pop()?;
        self.position[top.index()] = ABSENT;
        if let Some(first) = self.heap.first_mut() {
            *first = last;
            self.position[last.index()] = 0;
            self.down(0);
        }
        Some(top)
    }

    /// Adds to a variable's activity; true if the activities should be rescaled.
    pub(super) fn bump(&mut self, var: Var, by: f64) -> bool {
        self.activity[var.index()] += by;
        if self.position[var.index()] != ABSENT {
            self.up(self.position[var.index()] as usize);
        }
        self.activity[var.index()] > f64::MAX.sqrt()
    }

    pub(super) fn rescale(&mut self, factor: f64) {
        self.activity.iter_mut().for_each(|a| *a *= factor);
    }

    fn up(&mut self, mut at: usize) {
        let var = self.heap[at];
        while at > 0 {
            let parent = (at - 1) / 2;
            if !self.before(var, self.heap[parent]) {
                break;
            }
            self.heap[at] = self.heap[parent];
            self.position[self.heap[at].index()] = at as u32;
            at = parent;
        }
        self.heap[at] = var;
        self.position[var.index()] = at as u32;
    }

    fn down(&mut self, mut at: usize) {
        let var = self.heap[at];
        loop {
            let mut child = 2 * at + 1;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.before(self.heap[child + 1], self.heap[child]) {
                child += 1;
            }
            if !self.before(self.heap[child], var) {
                break;
            }
            self.heap[at] = self.heap[child];
            self.position[self.heap[at].index()] = at as u32;
            at = child;
        }
        self.heap[at] = var;
        self.position[var.index()] = at as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pops_by_activity_then_by_number() {
        let mut heap = Heap::default();
        for activity in [1.0, 3.0, 2.0, 3.0] {
            heap.push_var(activity);
        }
        heap.bump(Var(0), 1.5);
        let order: Vec<u32> = std::iter::from_fn(|| heap.pop()).map(|v| v.0).collect();
        assert_eq!(order, [1, 3, 0, 2]);
    }
}

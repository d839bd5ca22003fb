//! What is to be visited.

use std::collections::VecDeque;

/// Numbers in the order in which they came, each once.
pub(super) struct Queue {
    waits: Vec<bool>,
    order: VecDeque<u32>,
}

impl Queue {
    pub fn of_all(count: usize) -> Self {
        Self { waits: vec![true; count], order: (0..count as u32).collect() }
    }

    pub fn empty(count: usize) -> Self {
        Self { waits: vec![false; count], order: VecDeque::new() }
    }

    pub fn push(&mut self, k: u32) {
        if !std::mem::replace(&mut self.waits[k as usize], true) {
            self.order.push_back(k);
        }
    }

    pub fn pop(&mut self) -> Option<u32> {
        let k = self.order.pop_front()?;
        self.waits[k as usize] = false;
        Some(k)
    }
}

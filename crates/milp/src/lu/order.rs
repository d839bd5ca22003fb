//! The order of elimination: counts, singletons and the Markowitz search for a sparse and stable pivot.

use super::segments::Segments;
use crate::tolerances::{LU_PIVOT_ABSOLUTE, LU_SEARCH_LISTS};

pub(super) const NONE: u32 = u32::MAX;

/// The part of the basis that is not eliminated yet, and what is known of the part that is.
///
/// A *slot* is a position of the basis head as the caller gave it; a pivot pairs a row with a slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Markowitz {
    /// The slot that each row pivots on, `NONE` while it is active.
    pub slot_of_row: Vec<u32>,
    /// Whether a slot has its pivot.
    pub slot_done: Vec<bool>,
    /// Active entries of a slot while singletons are peeled.
    pub col_count: Vec<u32>,
    /// Active entries of a row while singletons are peeled.
    pub row_count: Vec<u32>,
    /// Pattern of the active rows: slots.
    pub rows: Segments<()>,
    /// Active columns of the kernel by slot: (row, value).
    pub cols: Segments<f64>,
    /// Kernel columns by number of active entries.
    pub col_lists: CountLists,
    /// Kernel rows by number of active entries.
    pub row_lists: CountLists,
    /// Entries of U of kernel columns, as linked lists by slot.
    pub upper: ChainedEntries,
    /// Rows or slots waiting to be peeled.
    pub queue: Vec<u32>,
    /// Multipliers of the pivot at hand by row, and marks of the rows seen in one column.
    pub multiplier: Vec<f64>,
    pub mark: Vec<u32>,
    pub stamp: u32,
    pub counts: Vec<u32>,
    pub head: Vec<usize>,
}

/// A pivot proposed by the search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub row: usize,
    pub slot: usize,
    pub value: f64,
}

impl Markowitz {
    /// Makes room for an m x m basis; everything becomes active and empty.
    pub fn reset(&mut self, dim: usize) {
        self.slot_of_row.clear();
        self.slot_of_row.resize(dim, NONE);
        self.slot_done.clear();
        self.slot_done.resize(dim, false);
        for counts in [&mut self.col_count, &mut self.row_count, &mut self.mark] {
            counts.clear();
            counts.resize(dim, 0);
        }
        self.stamp = 0;
        self.multiplier.clear();
        self.multiplier.resize(dim, 0.0);
        self.rows.reset(dim);
        self.cols.reset(dim);
        self.upper.reset(dim);
        self.queue.clear();
    }

    /// Searches the sparsest kernel columns and rows for the pivot of least Markowitz count `(r - 1)(c - 1)` whose
    /// value is at least `threshold` times the largest entry of its column; `None` if no entry is large enough
    /// absolutely. Gives up after a few lists once a candidate is known (Suhl and Suhl 1990, section 3).
    pub fn choose(&self, threshold: f64) -> Option<Candidate> {
        let mut best: Option<(usize, Candidate)> = None;
        let mut searched = 0;
        for count in 1..self.col_lists.heads() {
            for slot in self.col_lists.members(count) {
                self.try_column(slot, count, threshold, &mut best);
                searched += 1;
                if let Some((merit, candidate)) = best
                    && (merit <= (count - 1) * (count - 1) || searched >= LU_SEARCH_LISTS)
                {
                    return Some(candidate);
                }
            }
            for row in self.row_lists.members(count) {
                self.try_row(row, count, threshold, &mut best);
                searched += 1;
                if let Some((merit, candidate)) = best
                    && (merit <= count * (count - 1) || searched >= LU_SEARCH_LISTS)
                {
                    return Some(candidate);
                }
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    fn try_column(&self, slot: usize, count: usize, threshold: f64, best: &mut Option<(usize, Candidate)>) {
        let (rows, values) = self.cols.list(slot);
        let largest = values.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
        if largest < LU_PIVOT_ABSOLUTE {
            return;
        }
        for (&row, &value) in rows.iter().zip(values) {
            if value.abs() >= threshold * largest {
                let merit = (count - 1) * (self.rows.len(row as usize) - 1);
                keep_better(best, merit, Candidate { row: row as usize, slot, value });
            }
        }
    }

    fn try_row(&self, row: usize, count: usize, threshold: f64, best: &mut Option<(usize, Candidate)>) {
        for &slot in self.rows.indices(row) {
            let slot = slot as usize;
            let merit = (count - 1) * (self.cols.len(slot) - 1);
            if best.is_some_and(|(known, _)| known < merit) {
                continue;
            }
            let (rows, values) = self.cols.list(slot);
            let largest = values.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
            let Some(at) = rows.iter().position(|&i| i as usize == row) else { continue };
            if values[at].abs() >= (threshold * largest).max(LU_PIVOT_ABSOLUTE) {
                keep_better(best, merit, Candidate { row, slot, value: values[at] });
            }
        }
    }
}

fn keep_better(best: &mut Option<(usize, Candidate)>, merit: usize, candidate: Candidate) {
    let better = match best {
        None => true,
        Some((known, held)) => merit < *known || (merit == *known && candidate.value.abs() > held.value.abs()),
    };
    if better {
        *best = Some((merit, candidate));
    }
}

/// Items `0..n` in doubly linked lists by a count, for the sparsest-first search; all moves are O(1).
#[derive(Clone, Debug, Default)]
pub(super) struct CountLists {
    head: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    count: Vec<u32>,
}

impl CountLists {
    /// No item is listed; counts may run to `items`.
    pub fn reset(&mut self, items: usize) {
        self.head.clear();
        self.head.resize(items + 1, NONE);
        for links in [&mut self.next, &mut self.previous, &mut self.count] {
            links.clear();
            links.resize(items, NONE);
        }
    }

    fn heads(&self) -> usize {
        self.head.len()
    }

    /// The items with this count, the last listed first.
    fn members(&self, count: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = self.head[count];
        std::iter::from_fn(move || {
            let item = (at != NONE).then_some(at as usize)?;
            at = self.next[item];
            Some(item)
        })
    }

    /// Takes the item off its list.
    pub fn remove(&mut self, item: usize) {
        let count = self.count[item];
        if count == NONE {
            return;
        }
        let (previous, next) = (self.previous[item], self.next[item]);
        if previous == NONE {
            self.head[count as usize] = next;
        } else {
            self.next[previous as usize] = next;
        }
        if next != NONE {
            self.previous[next as usize] = previous;
        }
        self.count[item] = NONE;
    }

    /// Puts the item on the list of `count`.
    pub fn place(&mut self, item: usize, count: usize) {
        self.remove(item);
        let head = self.head[count];
        self.next[item] = head;
        self.previous[item] = NONE;
        if head != NONE {
            self.previous[head as usize] = item as u32;
        }
        self.head[count] = item as u32;
        self.count[item] = count as u32;
    }
}

/// Linked lists of (row, value), one a slot, in one arena.
#[derive(Clone, Debug, Default)]
pub(super) struct ChainedEntries {
    head: Vec<u32>,
    entries: Vec<(u32, f64, u32)>,
}

impl ChainedEntries {
    fn reset(&mut self, slots: usize) {
        self.head.clear();
        self.head.resize(slots, NONE);
        self.entries.clear();
    }

    /// Adds an entry to a slot's list.
    pub fn push(&mut self, slot: usize, row: u32, value: f64) {
        self.entries.push((row, value, self.head[slot]));
        self.head[slot] = self.entries.len() as u32 - 1;
    }

    /// The entries of a slot.
    pub fn list(&self, slot: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        let mut at = self.head[slot];
        std::iter::from_fn(move || {
            let (row, value, next) = *self.entries.get(at as usize)?;
            at = next;
            Some((row, value))
        })
    }
}

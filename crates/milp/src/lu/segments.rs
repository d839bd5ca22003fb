//! Many short lists of (index, value) pairs in one arena: the rows or columns of a sparse triangular factor.

use serde::{Deserialize, Serialize};

/// Lists `0..n`, each a slice of one arena. A list that outgrows its place moves to the end of the arena; the room it
/// leaves is lost until [`Segments::reset`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Segments<T> {
    start: Vec<usize>,
    len: Vec<u32>,
    room: Vec<u32>,
    index: Vec<u32>,
    value: Vec<T>,
}

impl<T: Copy + Default> Segments<T> {
    /// Makes `lists` empty lists, keeping the memory.
    pub fn reset(&mut self, lists: usize) {
        for field in [&mut self.len, &mut self.room] {
            field.clear();
            field.resize(lists, 0);
        }
        self.start.clear();
        self.start.resize(lists, 0);
        self.index.clear();
        self.value.clear();
    }

    /// Adds one more empty list.
    pub fn add_list(&mut self) {
        self.start.push(self.index.len());
        self.len.push(0);
        self.room.push(0);
    }

    /// Reserves room for `room` entries for the empty list `k`, at the end of the arena.
    pub fn reserve(&mut self, k: usize, room: usize) {
        debug_assert_eq!(self.len[k], 0);
        self.start[k] = self.index.len();
        self.room[k] = room as u32;
        self.index.resize(self.index.len() + room, 0);
        self.value.resize(self.value.len() + room, T::default());
    }

    /// Opens the empty list `k` at the end of the arena; [`Segments::push_open`] appends to it without a check.
    pub fn open(&mut self, k: usize) {
        self.start[k] = self.index.len();
        self.len[k] = 0;
        self.room[k] = 0;
    }

    /// Appends to the list opened last.
    pub fn push_open(&mut self, k: usize, index: u32, value: T) {
        debug_assert_eq!(self.start[k] + self.len[k] as usize, self.index.len());
        self.index.push(index);
        self.value.push(value);
        self.len[k] += 1;
        self.room[k] += 1;
    }

    /// Appends to list `k`, moving it to the end of the arena with twice the room if it is full.
    pub fn push(&mut self, k: usize, index: u32, value: T) {
        let len = self.len[k] as usize;
        if len == self.room[k] as usize {
            let (from, to) = (self.start[k], self.index.len());
            let room = 2 * len + 4;
            self.index.extend_from_within(from..from + len);
            self.value.extend_from_within(from..from + len);
            self.index.resize(to + room, 0);
            self.value.resize(to + room, T::default());
            self.start[k] = to;
            self.room[k] = room as u32;
        }
        let at = self.start[k] + len;
        self.index[at] = index;
        self.value[at] = value;
        self.len[k] += 1;
    }

    /// Number of entries of list `k`.
    pub fn len(&self, k: usize) -> usize {
        self.len[k] as usize
    }

    /// The indices of list `k`.
    #[inline]
    pub fn indices(&self, k: usize) -> &[u32] {
        &self.index[self.start[k]..self.start[k] + self.len[k] as usize]
    }

    /// The indices and values of list `k`.
    #[inline]
    pub fn list(&self, k: usize) -> (&[u32], &[T]) {
        let range = self.start[k]..self.start[k] + self.len[k] as usize;
        (&self.index[range.clone()], &self.value[range])
    }

    /// The entries of list `k` as pairs.
    pub fn pairs(&self, k: usize) -> impl Iterator<Item = (usize, T)> + '_ {
        let (index, value) = self.list(k);
        index.iter().map(|&i| i as usize).zip(value.iter().copied())
    }

    /// The values of list `k`, to change.
    pub fn values_mut(&mut self, k: usize) -> (&[u32], &mut [T]) {
        let range = self.start[k]..self.start[k] + self.len[k] as usize;
        (&self.index[range.clone()], &mut self.value[range])
    }

    /// Removes the entry with this index from list `k` (order is not kept) and returns its value.
    pub fn remove(&mut self, k: usize, index: u32) -> Option<T> {
        let at = self.indices(k).iter().position(|&i| i == index)?;
        Some(self.remove_at(k, at))
    }

    /// Removes the entry at place `at` of list `k` (order is not kept) and returns its value.
    pub fn remove_at(&mut self, k: usize, at: usize) -> T {
        let (start, last) = (self.start[k], self.len[k] as usize - 1);
        let value = self.value[start + at];
        self.index[start + at] = self.index[start + last];
        self.value[start + at] = self.value[start + last];
        self.len[k] -= 1;
        value
    }

    /// Empties list `k`, keeping its room.
    pub fn clear(&mut self, k: usize) {
        self.len[k] = 0;
    }

    /// Entries of the arena, used or lost.
    pub fn arena_len(&self) -> usize {
        self.index.len()
    }

    /// Whether these are so many lists, each within the arena, of indices below `dim`: to be asked of what was read.
    pub fn fit(&self, lists: usize, dim: usize) -> bool {
        let of = [self.start.len(), self.len.len(), self.room.len()];
        let inside = |((&start, &len), &room): ((&usize, &u32), &u32)| {
            len <= room && start.checked_add(room as usize).is_some_and(|end| end <= self.index.len())
        };
        of == [lists; 3]
            && self.index.len() == self.value.len()
            && self.index.iter().all(|&i| (i as usize) < dim)
            && self.start.iter().zip(&self.len).zip(&self.room).all(inside)
    }
}

impl Segments<f64> {
    /// Fills `self` with the transpose of `other` (lists and indices both `0..lists`), each list with `spare` unused
    /// places; `counts` is scratch.
    pub fn transpose_from(&mut self, other: &Self, lists: usize, spare: usize, counts: &mut Vec<u32>) {
        self.reset(lists);
        counts.clear();
        counts.resize(lists, 0);
        for k in 0..lists {
            for &i in other.indices(k) {
                counts[i as usize] += 1;
            }
        }
        for (k, &count) in counts.iter().enumerate() {
            if count > 0 {
                self.reserve(k, count as usize + spare);
            }
        }
        for k in 0..lists {
            for (i, value) in other.pairs(k) {
                self.push(i, k as u32, value);
            }
        }
    }
}

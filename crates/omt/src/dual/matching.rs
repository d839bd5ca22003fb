//! A largest matching between points of several units, *sources*, and units of other points, their *witnesses*: first sources with least choice,
//! one after the other, then alternating paths.
//!
//! Invariant: what a search without success has reached leads to no free witness any more, so no later one goes there.
//!
//! Reference: J. E. Hopcroft and R. M. Karp, An n^(5/2) algorithm for maximum matchings in bipartite graphs, 1973 (paths here are
//! found one by one).

use super::mask::ones;

/// Stands for nobody.
const NONE: u16 = u16::MAX;

/// A matching, and room to find it.
#[derive(Debug, Default)]
pub(super) struct Matching {
    /// By witness: the source it is matched with.
    owner: Vec<u16>,
    /// By source: units that are not matched, and the number of edges.
    pub(super) left: Vec<u32>,
    choice: Vec<u32>,
    /// Sources by their number of edges.
    order: Vec<u16>,
    paths: Paths,
}

/// Room for one search after the other.
#[derive(Debug, Default)]
struct Paths {
    /// By witness: the source that asked for it.
    asked: Vec<u16>,
    /// By source: the witness of its own that was asked for; itself none where the search begins.
    through: Vec<u16>,
    queue: Vec<u16>,
    /// Witnesses that have been reached, and those that lead nowhere.
    seen: Vec<u64>,
    dead: Vec<u64>,
}

impl Matching {
    /// Matches sources, of `left` units each, along the edges of their rows with free witnesses; those matched are no longer free. Returns the size of the
    /// matching: the largest, or `most`.
    pub(super) fn find(&mut self, edges: &[u64], free: &mut [u64], most: u32) -> u32 {
        let (width, sources) = (free.len(), self.left.len());
        let row = |source: u16| &edges[source as usize * width..][..width];
        self.owner.clear();
        self.owner.resize(64 * width, NONE);
        self.choice.clear();
        self.choice.extend((0..sources as u16).map(|s| row(s).iter().map(|word| word.count_ones()).sum::<u32>()));
        self.order.clear();
        self.order.extend((0..sources as u16).filter(|&s| self.choice[s as usize] > 0));
        self.order.sort_by_key(|&s| self.choice[s as usize]);
        let mut found = 0;
        for &source in &self.order {
            let left = &mut self.left[source as usize];
            for (w, (row, free)) in row(source).iter().zip(free.iter_mut()).enumerate() {
                let mut units = row & *free;
                while units != 0 && *left > 0 && found < most {
                    let bit = units.trailing_zeros();
                    self.owner[64 * w + bit as usize] = source;
                    *free &= !(1 << bit);
                    units &= units - 1;
                    *left -= 1;
                    found += 1;
                }
            }
        }
        self.paths.begin(sources, width);
        for &source in &self.order {
            while self.left[source as usize] > 0 && found < most {
                let Some(last) = self.paths.search(source, row, free, &self.owner) else { break };
                free[last / 64] &= !(1 << (last % 64));
                self.paths.turn(last, &mut self.owner);
                self.left[source as usize] -= 1;
                found += 1;
            }
        }
        found
    }

    /// Witnesses that are matched, and their sources.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let matched = self.owner.iter().enumerate().filter(|&(_, &owner)| owner != NONE);
        matched.map(|(witness, &owner)| (witness, usize::from(owner)))
    }
}

impl Paths {
    fn begin(&mut self, sources: usize, width: usize) {
        self.asked.resize(self.asked.len().max(64 * width), NONE);
        self.through.clear();
        self.through.resize(sources, NONE);
        self.queue.clear();
        self.dead.clear();
        self.dead.resize(width, 0);
    }

    /// A free witness at the end of an alternating path from a source, if there is one.
    fn search<'e>(&mut self, root: u16, row: impl Fn(u16) -> &'e [u64], free: &[u64], owner: &[u16]) -> Option<usize> {
        self.seen.clear();
        self.seen.extend_from_slice(&self.dead);
        self.queue.iter().for_each(|&source| self.through[source as usize] = NONE);
        self.queue.clear();
        self.queue.push(root);
        let mut next = 0;
        while let Some(&source) = self.queue.get(next) {
            next += 1;
            for (w, &edges) in row(source).iter().enumerate() {
                let fresh = edges & !self.seen[w];
                if fresh & free[w] != 0 {
                    let last = 64 * w + (fresh & free[w]).trailing_zeros() as usize;
                    self.asked[last] = source;
                    return Some(last);
                }
                self.seen[w] |= fresh;
                for witness in ones(&[fresh]).map(|bit| 64 * w + bit) {
                    let holder = owner[witness];
                    if holder != root && self.through[holder as usize] == NONE {
                        self.asked[witness] = source;
                        self.through[holder as usize] = witness as u16;
                        self.queue.push(holder);
                    }
                }
            }
        }
        self.dead.copy_from_slice(&self.seen);
        None
    }

    /// Exchanges what is matched on the path to this witness.
    fn turn(&self, last: usize, owner: &mut [u16]) {
        let mut witness = last;
        loop {
            let source = self.asked[witness];
            owner[witness] = source;
            let before = self.through[source as usize];
            if before == NONE {
                return;
            }
            witness = usize::from(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The largest matching by brute force over the sources' units.
    fn largest(rows: &[u64], free: u64) -> u32 {
        let Some((&row, rest)) = rows.split_first() else { return 0 };
        let without = largest(rest, free);
        ones(&[row & free]).map(|bit| 1 + largest(rest, free & !(1 << bit))).fold(without, u32::max)
    }

    proptest! {
        #[test]
        fn matchings_are_largest(
            raw in prop::collection::vec((any::<[bool; 8]>(), 1_u32..3), 1..5),
            far in prop::collection::vec(any::<bool>(), 8),
            free in 0_u64..256,
            most in 1_u32..9,
        ) {
            // Half of the witnesses stand in a second word.
            let place = |k: usize| if far[k] { 64 + k } else { k };
            let spread = |bits: u64| {
                let mut row = [0_u64; 2];
                ones(&[bits]).for_each(|k| row[place(k) / 64] |= 1 << (place(k) % 64));
                row
            };
            let bits: Vec<u64> = raw.iter().map(|(row, _)| (0..8).map(|k| u64::from(row[k]) << k).sum()).collect();
            let edges: Vec<u64> = bits.iter().flat_map(|&row| spread(row & free)).collect();
            let units: Vec<u64> = bits.iter().zip(&raw).flat_map(|(&row, &(_, count))| vec![row; count as usize]).collect();
            // What is left in the room from a larger one does not matter.
            let mut matching = Matching { left: vec![3; 9], ..Matching::default() };
            matching.find(&[free & 5; 9], &mut [free & 15], 99);
            matching.left = raw.iter().map(|&(_, count)| count).collect();
            let mut rest = spread(free);
            let found = matching.find(&edges, &mut rest, most);
            prop_assert_eq!(found, largest(&units, free).min(most));
            let pairs: Vec<(usize, usize)> = matching.pairs().collect();
            prop_assert_eq!(pairs.len(), found as usize);
            for &(witness, source) in &pairs {
                prop_assert!(edges[2 * source + witness / 64] >> (witness % 64) & 1 == 1);
                prop_assert!(rest[witness / 64] >> (witness % 64) & 1 == 0);
            }
            for (source, (&left, &(_, count))) in matching.left.iter().zip(&raw).enumerate() {
                prop_assert_eq!(pairs.iter().filter(|pair| pair.1 == source).count() as u32, count - left);
            }
            prop_assert_eq!(rest.iter().map(|word| word.count_ones()).sum::<u32>() + found, free.count_ones());
        }
    }
}

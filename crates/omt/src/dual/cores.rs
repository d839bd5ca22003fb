//! Points of which one at least is wrong, for all networks of a tuple: *cores*, found by unit propagation and packed so that none
//! shares a unit with another, so that their number adds to what is lost.
//!
//! A unit is right by one of its ways ([`super::output`]). Where all neurons of a way are on its side, their conflicts
//! ([`super::conflicts`]) put other points on their wrong side of these neurons, and some *witness* may be lost by that. A witness for each
//! way makes a core of them and the unit. One witness for all ways is an edge, and edges go first: whatever is in a core is used up.
//!
//! The bound is that of MaxSAT solvers from disjoint inconsistent subsets (C. M. Li, F. Manya, J. Planes, Exploiting unit
//! propagation to compute lower bounds in branch and bound Max-SAT solvers, CP 2005), where the clauses are geometry.

use super::conflicts::{Conflicts, Source};
use super::output::{MOST_NEURONS, Output, Record, Stakes};

/// Most ways of a point: the most antichains of sets of neurons hold.
const MOST_WAYS: usize = 10;

/// Elementary steps for a word of witnesses.
const WORD_STEPS: u64 = 4;

/// A tuple, as cores see it.
pub(super) struct Situation<'t> {
    pub(super) output: &'t Output,
    pub(super) records: &'t [Record<'t>; MOST_NEURONS],
    pub(super) stakes: &'t Stakes,
    /// By neuron; none where nothing of it is at stake.
    pub(super) conflicts: [Option<&'t Conflicts>; MOST_NEURONS],
    /// Words of a record for points that shall be on.
    pub(super) wanted: usize,
}

/// Room for a packing.
#[derive(Debug, Default)]
pub(super) struct Packing {
    /// Units that are unsure and in no core yet.
    free: Vec<u64>,
    /// Units that have a conflict on each way, as far as they have not been tried.
    hopeful: Vec<u64>,
    /// Witnesses for each way of the unit at hand, a record each.
    witnesses: Vec<u64>,
    /// A row without conflicts.
    zeros: Vec<u64>,
    /// Sources without an edge that may have a larger core: neuron and place.
    later: Vec<(u8, u32)>,
    /// Elementary steps so far.
    steps: u64,
}

/// Ways that are open to a unit, each less the neurons that are on its side already.
#[derive(Clone, Copy, Debug, Default)]
struct Ways {
    sets: [u8; MOST_WAYS],
    count: usize,
}

impl Ways {
    fn as_slice(&self) -> &[u8] {
        &self.sets[..self.count]
    }
}

impl Situation<'_> {
    /// The open ways of a unit that is unsure.
    fn ways(&self, word: usize, unit: u64) -> Ways {
        let (mut lost, mut won) = (0, 0);
        for (j, record) in self.records.iter().enumerate().take(self.output.neurons) {
            lost |= u8::from(record.lost[word] & unit != 0) << j;
            won |= u8::from(record.won[word] & unit != 0) << j;
        }
        let mut ways = Ways::default();
        for &way in self.output.ways(word < self.wanted) {
            if way & lost == 0 {
                ways.sets[ways.count] = way & !won;
                ways.count += 1;
            }
        }
        ways
    }

    /// Units of a word that are unsure and have a conflict on each open way.
    fn hopeful(&self, word: usize) -> u64 {
        let mut hopeful = self.stakes.unsure[word];
        for &way in self.output.ways(word < self.wanted) {
            let (mut closed, mut some) = (0, 0);
            for j in neurons(way) {
                closed |= self.records[j].lost[word];
                some |= self.conflicts[j].map_or(0, |conflicts| conflicts.has(word));
            }
            hopeful &= closed | some;
        }
        hopeful
    }

    /// Finds the units among `free` that are lost if a unit is right by a way; whether there are some.
    fn witnesses(&self, word: usize, unit: u64, way: u8, zeros: &[u64], free: &[u64], found: &mut [u64]) -> bool {
        let mut rows = [zeros; MOST_NEURONS];
        let mut any = false;
        for j in neurons(way) {
            if let Some(row) = self.conflicts[j].and_then(|conflicts| conflicts.of_unit(word, unit)) {
                (rows[j], any) = (row, true);
            }
        }
        any && self.output.refuted(self.records, &rows, self.wanted, free, found)
    }

    /// Where neuron j shares its node with an earlier one, there is nothing new.
    fn repeats(&self, j: usize) -> bool {
        let same = |other: &&Conflicts| self.conflicts[j].is_some_and(|conflicts| std::ptr::eq(*other, conflicts));
        self.conflicts[..j].iter().flatten().any(same)
    }
}

impl Packing {
    /// Elementary steps since this was asked last.
    pub(super) fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.steps)
    }

    /// The number of disjoint cores that are found, one after the other, at most `most` (not 0). Once there cannot be so many, no more are
    /// looked for.
    pub(super) fn pack(&mut self, at: &Situation<'_>, most: u32) -> u32 {
        let words = at.stakes.unsure.len();
        self.free.clear();
        self.free.extend_from_slice(&at.stakes.unsure);
        self.witnesses.resize(MOST_WAYS * words, 0);
        self.zeros.resize(words, 0);
        self.hopeful.clear();
        self.hopeful.extend((0..words).map(|w| at.hopeful(w)));
        self.later.clear();
        // Each core takes a hopeful unit at least.
        let mut rest: u32 = self.hopeful.iter().map(|word| word.count_ones()).sum();
        let mut found = 0;
        for (j, conflicts) in at.conflicts.iter().enumerate().filter(|&(j, _)| !at.repeats(j)) {
            for (place, source) in conflicts.iter().flat_map(|conflicts| conflicts.sources.iter().enumerate()) {
                let w = source.word as usize;
                let units = source.units & self.hopeful[w] & self.free[w];
                if units == 0 {
                    continue;
                }
                let ways = at.ways(w, lowest(units));
                if ways.count == 1 && ways.sets[0] & 1 << j == 0 {
                    continue;
                }
                self.hopeful[w] &= !units;
                let (new, more) = self.edges(at, w, units, &ways, most - found);
                found += new;
                rest -= if more { new } else { units.count_ones() };
                if more {
                    self.later.push((j as u8, place as u32));
                }
                if found == most || found + rest < most {
                    return found;
                }
            }
        }
        for k in 0..self.later.len() {
            let (j, place) = self.later[k];
            let Some(conflicts) = at.conflicts[j as usize] else { continue };
            found += self.cores(at, &conflicts.sources[place as usize], most - found);
            if found == most {
                break;
            }
        }
        found
    }

    /// Edges of some units of one point, and whether the rest may have larger cores.
    fn edges(&mut self, at: &Situation<'_>, word: usize, mut units: u64, ways: &Ways, most: u32) -> (u32, bool) {
        if !self.lay_out(at, word, lowest(units), ways) {
            return (0, false);
        }
        let words = self.free.len();
        let mut found = 0;
        for w in 0..words {
            let common = (0..ways.count).fold(u64::MAX, |all, k| all & self.witnesses[k * words + w]);
            if common != 0 {
                found += pair(&mut units, word, common, w, &mut self.free, most - found);
                if units == 0 || found == most {
                    return (found, false);
                }
            }
        }
        (found, ways.count > 1)
    }

    /// Cores of units of a source with a witness for each way.
    fn cores(&mut self, at: &Situation<'_>, source: &Source, most: u32) -> u32 {
        let word = source.word as usize;
        let mut units = source.units & self.free[word];
        if units == 0 {
            return 0;
        }
        let (ways, words) = (at.ways(word, lowest(units)), self.free.len());
        if !self.lay_out(at, word, lowest(units), &ways) {
            return 0;
        }
        let mut found = 0;
        while units != 0 && found < most {
            let mut core = [(0, 0); MOST_WAYS];
            let mut size = 0;
            let complete = self.witnesses.chunks_exact(words).take(ways.count).all(|witnesses| {
                if core[..size].iter().any(|&(w, witness)| witnesses[w] & witness != 0) {
                    return true;
                }
                let first = |(w, &units): (usize, &u64)| Some((w, lowest(units & self.free[w]))).filter(|f| f.1 != 0);
                let Some(first) = witnesses.iter().enumerate().find_map(first) else { return false };
                core[size] = first;
                size += 1;
                true
            });
            if !complete {
                break;
            }
            core[..size].iter().for_each(|&(w, witness)| self.free[w] &= !witness);
            self.free[word] &= !lowest(units);
            units &= self.free[word];
            found += 1;
        }
        found
    }

    /// Finds the free witnesses of a unit; whether each way has some.
    fn lay_out(&mut self, at: &Situation<'_>, word: usize, unit: u64, ways: &Ways) -> bool {
        let Self { free, witnesses, zeros, steps, .. } = self;
        *steps += (ways.count * free.len()) as u64 * WORD_STEPS;
        let room = witnesses.chunks_exact_mut(free.len());
        ways.as_slice().iter().zip(room).all(|(&way, room)| at.witnesses(word, unit, way, zeros, free, room))
    }
}

/// The neurons of a set.
fn neurons(mut set: u8) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let j = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (j < 8).then_some(j)
    })
}

fn lowest(units: u64) -> u64 {
    units & units.wrapping_neg()
}

/// Pairs `units` in `word` with `witnesses` in `other`, as far as both are free; the number of pairs, at most `most`.
fn pair(units: &mut u64, word: usize, witnesses: u64, other: usize, free: &mut [u64], most: u32) -> u32 {
    let (mut left, mut found) = (witnesses & free[other], 0);
    while left != 0 && *units != 0 && found < most {
        let (witness, unit) = (lowest(left), lowest(*units));
        free[other] &= !witness;
        free[word] &= !unit;
        // In one word, either may have been among the others.
        left &= free[other];
        *units &= free[word];
        found += 1;
    }
    found
}

//! Points of which one at least is wrong, for all networks of a tuple: *cores*, found by unit propagation and packed so that none
//! shares a unit with another, so that their number adds to what is lost.
//!
//! A unit is right by one of its ways ([`super::output`]). Where all neurons of a way are on its side, their conflicts
//! ([`super::conflicts`]) put points of the other kind on their wrong side of these neurons, and some *witness* may be lost by that. A witness for each
//! way makes a core of them and the unit. One witness for all ways is an *edge*. Edges are the same from both ends, so those of the kind with fewer
//! units that may have some are enough: a matching of them, the largest by alternating paths; then larger cores of units that are left.
//!
//! Cores hold in all that a tuple is split into, where those without a unit that is paid for add to the bound at once. (A packing that starts from
//! these is worse: what was best for the tuple is not for its parts.)
//!
//! The bound is that of MaxSAT solvers from disjoint inconsistent subsets (C. M. Li, F. Manya, J. Planes, Exploiting unit
//! propagation to compute lower bounds in branch and bound Max-SAT solvers, CP 2005), where the clauses are geometry.

use super::arrangement::Arrangement;
use super::conflicts::Conflicts;
use super::mask::{bit, ones};
use super::matching::Matching;
use super::output::{MOST_NEURONS, Output, Record, Rows, Stakes, View, Work};
use super::tree::{Scratch, Tree};
use bdnn::Stop;
use std::ops::Range;

/// Most ways of a point: the most antichains of sets of neurons hold.
const MOST_WAYS: usize = 10;

/// Elementary steps for a word of witnesses: what they are measured in.
const WORD_STEPS: u64 = 4;

/// Units of a core, as far as that many are kept; the last is repeated where there are fewer.
type Core = [u16; 4];

/// A tuple, as cores see it.
pub(super) struct Situation<'t> {
    pub(super) at: &'t Arrangement,
    pub(super) output: &'t Output,
    pub(super) records: &'t [Record<'t>; MOST_NEURONS],
    pub(super) stakes: &'t Stakes,
    /// By neuron; none where nothing of it is at stake.
    pub(super) conflicts: [Option<&'t Conflicts>; MOST_NEURONS],
}

/// Room for a packing.
#[derive(Debug, Default)]
pub(super) struct Packing {
    /// The cores found, but for those of more units.
    cores: Vec<Core>,
    /// Units that are unsure and have a conflict on each way.
    hopeful: Vec<u64>,
    /// First units that are not matched of the points whose edges are looked at, and the edges of each, a record of witnesses.
    sources: Vec<u32>,
    edges: Vec<u64>,
    /// Units that are unsure and in no core yet.
    free: Vec<u64>,
    matching: Matching,
    /// Witnesses for each way of the unit at hand, a record each.
    witnesses: Vec<u64>,
    /// A row without conflicts.
    zeros: Vec<u64>,
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

impl<'t> Situation<'t> {
    /// A tuple of these nodes with the conflicts of its neurons; `None` once `stop` says so.
    pub(super) fn new(
        (tree, nodes): (&'t Tree, &[u32]),
        output: &'t Output,
        records: &'t [Record<'t>; MOST_NEURONS],
        stakes: &'t Stakes,
        scratch: &mut Scratch,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let mut conflicts = [None; MOST_NEURONS];
        for (j, conflicts) in conflicts.iter_mut().enumerate().take(output.neurons) {
            if stakes.open[j] > 0 {
                *conflicts = Some(tree.conflicts(nodes[j], scratch, stop)?);
            }
        }
        Some(Self { at: &tree.at, output, records, stakes, conflicts })
    }
}

impl Situation<'_> {
    /// The open ways of a unit that is unsure.
    fn ways(&self, unit: usize) -> Ways {
        let (mut lost, mut won) = (0, 0);
        for (j, record) in self.records.iter().enumerate().take(self.output.neurons) {
            lost |= u8::from(bit(record.lost, unit)) << j;
            won |= u8::from(bit(record.won, unit)) << j;
        }
        let mut ways = Ways::default();
        for &way in self.output.ways(unit / 64 < self.at.wanted_words) {
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
        for &way in self.output.ways(word < self.at.wanted_words) {
            let (mut closed, mut some) = (0, 0);
            for j in neurons(way) {
                closed |= self.records[j].lost[word];
                some |= self.conflicts[j].map_or(0, |conflicts| conflicts.has(word));
            }
            hopeful &= closed | some;
        }
        hopeful
    }
}

impl<'t> Situation<'t> {
    /// The rows of the conflicts of a unit, by way; whether each way has some.
    fn lay_out<'z, const N: usize>(&self, unit: usize, ways: &Ways, zeros: &'z [u64], rows: &mut [Rows<'z, N>]) -> bool
    where
        't: 'z,
    {
        ways.as_slice().iter().zip(rows).all(|(&way, rows)| {
            *rows = [zeros; N];
            let mut any = false;
            for j in neurons(way).take_while(|&j| j < N) {
                if let Some(row) = self.conflicts[j].and_then(|conflicts| conflicts.of_unit(unit)) {
                    (rows[j], any) = (row, true);
                }
            }
            any
        })
    }
}

impl Packing {
    /// Elementary steps since this was asked last.
    pub(super) fn take_steps(&mut self) -> u64 {
        std::mem::take(&mut self.steps)
    }

    /// The number of disjoint cores that are found, at most `most` (not 0). Where there cannot be so many, none are looked for.
    pub(super) fn pack(&mut self, at: &Situation<'_>, most: u32) -> u32 {
        self.cores.clear();
        self.hopeful.clear();
        self.hopeful.extend((0..at.at.priced_words).map(|w| at.hopeful(w)));
        self.free.clear();
        self.free.extend_from_slice(&at.stakes.unsure[..at.at.priced_words]);
        let [wanted, others] = [0..at.at.wanted_words, at.at.wanted_words..at.at.priced_words];
        let count = |record: &[u64]| record.iter().map(|word| word.count_ones()).sum::<u32>();
        // Each core takes a unit of either kind, and a hopeful one.
        let possible = [&self.free[wanted.clone()], &self.free[others.clone()], &self.hopeful[..]].map(count);
        if possible.into_iter().any(|units| units < most) {
            return 0;
        }
        let fewer = count(&self.hopeful[others.clone()]) < count(&self.hopeful[wanted.clone()]);
        let kinds = if fewer { [others, wanted] } else { [wanted, others] };
        at.output.apply(Pack { room: self, at, most, found: 0, kinds })
    }

    /// The units of the cores in the last packing, each but the last once at least; cores of many units are left out.
    pub(super) fn cores(&self) -> impl Iterator<Item = &[u16]> {
        self.cores.iter().map(|core| &core[..])
    }

    /// The number of cores in the last packing that have no unit in a record of units that are lost.
    pub(super) fn unpaid(&self, lost: &[u64]) -> u32 {
        self.cores.iter().filter(|core| !core.iter().any(|&unit| bit(lost, usize::from(unit)))).count() as u32
    }
}

/// A packing under way.
struct Pack<'p, 't> {
    room: &'p mut Packing,
    at: &'p Situation<'t>,
    most: u32,
    found: u32,
    /// Words of either kind in a record, first of those that have fewer hopeful units.
    kinds: [Range<usize>; 2],
}

impl Work for Pack<'_, '_> {
    type Answer = u32;

    fn run<const N: usize>(mut self, f: impl Fn(&[u64; N]) -> u64) -> u32 {
        let (at, [few, many]) = (self.at, self.kinds.clone());
        let view = |words: Range<usize>| {
            let wanted = words.start < at.at.wanted_words;
            View::new(&f, at.records, words, wanted)
        };
        let mut zeros = std::mem::take(&mut self.room.zeros);
        zeros.resize(at.at.priced_words, 0);
        let (first, second) = (view(many.clone()), view(few.clone()));
        self.find_edges(&first, &zeros[..many.len()]);
        self.match_edges();
        self.find_cores(&first, (few.clone(), many.clone()), &zeros[..many.len()]);
        self.find_cores(&second, (many, few.clone()), &zeros[..few.len()]);
        self.room.zeros = zeros;
        self.found
    }
}

impl<'t> Pack<'_, 't> {
    /// Finds the sources and their edges.
    fn find_edges<'z, const N: usize>(&mut self, view: &View<'_, impl Fn(&[u64; N]) -> u64, N>, zeros: &'z [u64])
    where
        't: 'z,
    {
        let Packing { hopeful, sources, edges, free, matching, steps, .. } = &mut *self.room;
        sources.clear();
        edges.clear();
        matching.left.clear();
        let [words, others] = self.kinds.clone();
        let free = &free[others];
        let mut rows = [[zeros; N]; MOST_WAYS];
        let mut end = 0;
        for unit in ones(&hopeful[words.clone()]).map(|unit| unit + 64 * words.start) {
            if unit < end {
                continue;
            }
            let (first, count) = self.at.at.bits[self.at.at.point_of[unit] as usize];
            end = (first + count) as usize;
            sources.push(first);
            matching.left.push(count);
            let ways = self.at.ways(unit);
            let start = edges.len();
            edges.extend_from_slice(free);
            let mut any = self.at.lay_out(unit, &ways, zeros, &mut rows);
            for rows in &rows[..ways.count] {
                *steps += free.len() as u64 * WORD_STEPS;
                any = any && view.restrict(rows, &mut edges[start..]) != 0;
            }
            if !any {
                edges[start..].fill(0);
            }
        }
    }

    /// Takes as many disjoint edges as there are.
    fn match_edges(&mut self) {
        let Packing { cores, sources, edges, free, matching, .. } = &mut *self.room;
        let others = self.kinds[1].clone();
        self.found = matching.find(edges, &mut free[others.clone()], self.most);
        for (witness, source) in matching.pairs() {
            // The units of a source from the first on.
            let unit = sources[source];
            sources[source] += 1;
            free[unit as usize / 64] &= !(1 << (unit % 64));
            let witness = (64 * others.start + witness) as u16;
            cores.push([unit as u16, witness, witness, witness]);
        }
    }

    /// Cores of units in `words` that are left, with a witness in `others` for each way.
    fn find_cores<'z, const N: usize>(
        &mut self,
        view: &View<'_, impl Fn(&[u64; N]) -> u64, N>,
        (words, others): (Range<usize>, Range<usize>),
        zeros: &'z [u64],
    ) where
        't: 'z,
    {
        let Packing { cores, hopeful, free, witnesses, steps, .. } = &mut *self.room;
        witnesses.resize(MOST_WAYS * free.len(), 0);
        let mut rows = [[zeros; N]; MOST_WAYS];
        let mut unit = 64 * words.start;
        while let Some(next) = first(unit, 64 * words.end, |w| hopeful[w] & free[w]).filter(|_| self.found < self.most)
        {
            let (start, count) = self.at.at.bits[self.at.at.point_of[next] as usize];
            unit = (start + count) as usize;
            let ways = self.at.ways(next);
            // With one way there was no edge.
            if ways.count == 1 || !self.at.lay_out(next, &ways, zeros, &mut rows) {
                continue;
            }
            let mut rows = rows[..ways.count].iter().zip(witnesses.chunks_exact_mut(others.len()));
            let complete = rows.all(|(rows, witnesses)| {
                *steps += others.len() as u64 * WORD_STEPS;
                witnesses.copy_from_slice(&free[others.clone()]);
                view.restrict(rows, witnesses) != 0
            });
            if !complete {
                continue;
            }
            for unit in next..unit {
                if self.found == self.most || !bit(free, unit) {
                    continue;
                }
                let mut core = [unit; MOST_WAYS + 1];
                let mut size = 1;
                let complete = witnesses.chunks_exact(others.len()).take(ways.count).all(|witnesses| {
                    if core[1..size].iter().any(|&witness| bit(witnesses, witness - 64 * others.start)) {
                        return true;
                    }
                    let free = |w| witnesses[w - others.start] & free[w];
                    let Some(first) = first(64 * others.start, 64 * others.end, free) else { return false };
                    core[size] = first;
                    size += 1;
                    true
                });
                if !complete {
                    break;
                }
                core[..size].iter().for_each(|unit| free[unit / 64] &= !(1 << (unit % 64)));
                self.found += 1;
                if size <= size_of::<Core>() / size_of::<u16>() {
                    cores.push(std::array::from_fn(|k| core[k.min(size - 1)] as u16));
                }
            }
        }
    }
}

/// The first bit from `start` on, below `end` (where a word ends), that is set in its word.
fn first(start: usize, end: usize, word: impl Fn(usize) -> u64) -> Option<usize> {
    let begun = |w: usize| if w == start / 64 { u64::MAX << (start % 64) } else { u64::MAX };
    (start / 64..end / 64).find_map(|w| {
        let bits = word(w) & begun(w);
        (bits != 0).then(|| 64 * w + bits.trailing_zeros() as usize)
    })
}

/// The neurons of a set.
fn neurons(mut set: u8) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let j = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (j < 8).then_some(j)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dual::parameters::Parameters;
    use crate::encode::Threshold;
    use crate::linear::{Geometry, Task};
    use bdnn::budget::never;
    use bdnn::{Points, Scaler};

    /// Points of two kinds in turn in a plane: every packing costs as many steps as words of witnesses it looks at, once; those where there
    /// cannot be enough cores cost none; and cores that are paid for are told from others.
    #[test]
    fn packings_cost_what_they_look_at() {
        let rows: Vec<f64> = (0..24_i32).flat_map(|i| [f64::from(i % 6), f64::from(i / 6 + i % 6 % 2)]).collect();
        let labels: Vec<usize> = (0..24).map(|i| i % 2).collect();
        let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
        let task =
            Task::new((0..points.len()).map(|i| points.counts(i)).map(|counts| (counts[0].into(), counts[1].into())));
        let arrangement = Arrangement::new(&Geometry::new(&points, true), &task, false, &never).expect("a plane");
        let tree = Tree::new(arrangement, Parameters::default(), &never).expect("nothing says stop");
        let (mut open, mut scratch, mut packing, mut some) =
            (vec![tree.root], Scratch::default(), Packing::default(), 0);
        while let Some(node) = open.pop() {
            let conflicts =
                [Some(tree.conflicts(node, &mut scratch, &never).expect("nothing says stop")); MOST_NEURONS];
            for output in [1, 2].into_iter().flat_map(Threshold::all).map(|f| Output::new(f).expect("few inputs")) {
                let (records, mut stakes) = ([tree.record(node); MOST_NEURONS], Stakes::default());
                output.stakes(&records, tree.at.sections(), &tree.at.valid, &mut stakes);
                let situation =
                    Situation { at: &tree.at, output: &output, records: &records, stakes: &stakes, conflicts };
                let found = packing.pack(&situation, 1);
                let steps = packing.take_steps();
                // Of each kind there is one word.
                assert!(steps >= WORD_STEPS * u64::from(found) && steps % WORD_STEPS == 0);
                assert!(steps <= 3 * WORD_STEPS * 2 * 24);
                assert_eq!(packing.take_steps(), 0);
                assert_eq!((found, packing.unpaid(&stakes.unsure)), (packing.unpaid(&[0; 2]), 0));
                some += found;
                assert_eq!((packing.pack(&situation, 25), packing.take_steps()), (0, 0));
            }
            if tree.decided(node).count() < tree.at.len() {
                let halves = tree.children(node, &mut scratch, &never).expect("nothing says stop").expect("few rays");
                open.extend([halves.fires, halves.rests]);
            }
        }
        assert!(some > 0);
    }
}

//! What a tuple of neurons that are partly decided says about the loss, 64 units of weight at a time.
//!
//! An output function f is monotone, so at each point it lies between f of the neurons that surely fire and f of those that do not
//! surely rest. For each neuron a record holds, for points that shall be on, those at which it rests, for the others those at
//! which it fires: this much alone decides what is lost ([`Output::paid`]). A second one holds the opposite.
//!
//! A *way* of a point is a least set of neurons that make the output right at the point by themselves, if they are on the side that is wanted there: a
//! minimal true set of f for points that shall be on, a minimal set that turns it off for the others.

use crate::encode::Threshold;
use std::ops::Range;

/// Most hidden neurons.
pub(super) const MOST_NEURONS: usize = 5;

/// An output function on words.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) threshold: Threshold,
    pub(super) neurons: usize,
    kind: Kind,
    /// Sets of neurons whose disjunctions the function is the conjunction of.
    sets: Vec<Vec<usize>>,
    /// Neurons with the same number may be exchanged.
    pub(super) class: [u8; MOST_NEURONS],
    /// Ways of points that shall be off, and on: bit j for neuron j.
    ways: [Vec<u8>; 2],
}

/// Functions that are worth code of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    One,
    And2,
    Or2,
    And3,
    Or3,
    /// The first and one of the others; the first or both others; two of three.
    AndOr,
    OrAnd,
    Majority,
    Other,
}

/// The records of a neuron: losing and winning sides.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    /// Wanted points at which it rests, others at which it fires.
    pub(super) lost: &'a [u64],
    /// Wanted points at which it fires, others at which it rests.
    pub(super) won: &'a [u64],
}

/// Where the sides of neurons matter, of a tuple.
#[derive(Clone, Debug, Default)]
pub(super) struct Stakes {
    /// Units at which a neuron is undecided and may make the difference.
    pub(super) open: [u32; MOST_NEURONS],
    /// Units that cost something and of which it is not known whether they are lost.
    pub(super) unsure: Vec<u64>,
}

/// Work on the words of a tuple, compiled for each kind of output function.
pub(super) trait Work {
    type Answer;

    /// `f` is the function on words, of N neurons or (of those worth no code of their own) fewer.
    fn run<const N: usize>(self, f: impl Fn(&[u64; N]) -> u64) -> Self::Answer;
}

impl Output {
    /// `None` for more than [`MOST_NEURONS`] inputs.
    pub(super) fn new(threshold: Threshold) -> Option<Self> {
        let neurons = threshold.inputs();
        if neurons > MOST_NEURONS {
            return None;
        }
        let sets = threshold.clauses(true);
        let first_alone = sets.iter().any(|set| set[..] == [0]);
        let kind = match (neurons, sets.len()) {
            (1, _) => Kind::One,
            (2, 1) => Kind::Or2,
            (2, _) => Kind::And2,
            (3, 1) => Kind::Or3,
            (3, 2) if first_alone => Kind::AndOr,
            (3, 2) => Kind::OrAnd,
            (3, _) if first_alone => Kind::And3,
            (3, _) => Kind::Majority,
            _ => Kind::Other,
        };
        let mut class = [0; MOST_NEURONS];
        for j in 1..neurons {
            class[j] = class[j - 1] + u8::from(!threshold.symmetric(j - 1, j));
        }
        let bits = |sets: Vec<Vec<usize>>| sets.iter().map(|set| set.iter().map(|j| 1 << j).sum()).collect();
        let ways = [true, false].map(|value| bits(threshold.clauses(value)));
        Some(Self { threshold, neurons, kind, sets, class, ways })
    }

    /// The value of the general function.
    fn conjunction(&self, x: &[u64; MOST_NEURONS]) -> u64 {
        self.sets.iter().fold(u64::MAX, |all, set| all & set.iter().fold(0, |any, &j| any | x[j]))
    }

    /// The ways of a point that shall be on, or off.
    pub(super) fn ways(&self, wanted: bool) -> &[u8] {
        &self.ways[usize::from(wanted)]
    }

    /// Does the work.
    pub(super) fn apply<W: Work>(&self, work: W) -> W::Answer {
        match self.kind {
            Kind::One => work.run::<1>(|x| x[0]),
            Kind::And2 => work.run::<2>(|x| x[0] & x[1]),
            Kind::Or2 => work.run::<2>(|x| x[0] | x[1]),
            Kind::And3 => work.run::<3>(|x| x[0] & x[1] & x[2]),
            Kind::Or3 => work.run::<3>(|x| x[0] | x[1] | x[2]),
            Kind::AndOr => work.run::<3>(|x| x[0] & (x[1] | x[2])),
            Kind::OrAnd => work.run::<3>(|x| x[0] | x[1] & x[2]),
            Kind::Majority => work.run::<3>(|x| x[0] & x[1] | x[2] & (x[0] | x[1])),
            Kind::Other => work.run::<MOST_NEURONS>(|x| self.conjunction(x)),
        }
    }

    /// Finds the units that are lost whatever undecided points do; their number. The first words of a record are for points that shall be on,
    /// then come those for points that shall not, up to the ends of `sections`; what is beyond costs nothing.
    pub(super) fn lost(&self, records: &[Record<'_>; MOST_NEURONS], sections: [usize; 2], units: &mut Vec<u64>) -> u32 {
        self.apply(Lost { records, sections, units })
    }

    /// What is at stake at units in `valid`.
    pub(super) fn stakes(
        &self,
        records: &[Record<'_>; MOST_NEURONS],
        sections: [usize; 2],
        valid: &[u64],
        stakes: &mut Stakes,
    ) {
        self.apply(FindStakes { records, sections, valid, stakes });
    }

    /// Units at which the function is on, where nothing that matters is undecided.
    pub(super) fn values(
        &self,
        records: &[Record<'_>; MOST_NEURONS],
        [wanted, _]: [usize; 2],
        valid: &[u64],
    ) -> Box<[u64]> {
        let mut fires = [0; MOST_NEURONS];
        let word = |(w, &valid): (usize, &u64)| {
            for j in 0..self.neurons {
                fires[j] = if w < wanted { records[j].won[w] } else { records[j].lost[w] };
            }
            self.conjunction(&fires) & valid
        };
        valid.iter().enumerate().map(word).collect()
    }
}

struct Lost<'w, 'r> {
    records: &'w [Record<'r>; MOST_NEURONS],
    sections: [usize; 2],
    units: &'w mut Vec<u64>,
}

impl Work for Lost<'_, '_> {
    type Answer = u32;

    #[inline(always)]
    fn run<const N: usize>(self, f: impl Fn(&[u64; N]) -> u64) -> u32 {
        let Self { records, sections: [wanted, priced], units } = self;
        units.clear();
        let (mut sum, mut x) = (0, [0; N]);
        for w in 0..priced {
            let flip = if w < wanted { u64::MAX } else { 0 };
            (0..N).for_each(|j| x[j] = records[j].lost[w] ^ flip);
            let lost = f(&x) ^ flip;
            units.push(lost);
            sum += lost.count_ones();
        }
        sum
    }
}

struct FindStakes<'w, 'r> {
    records: &'w [Record<'r>; MOST_NEURONS],
    sections: [usize; 2],
    valid: &'w [u64],
    stakes: &'w mut Stakes,
}

impl Work for FindStakes<'_, '_> {
    type Answer = ();

    #[inline(always)]
    fn run<const N: usize>(self, f: impl Fn(&[u64; N]) -> u64) {
        let Self { records, sections: [wanted, priced], valid, stakes } = self;
        stakes.open = [0; MOST_NEURONS];
        stakes.unsure.resize(valid.len(), 0);
        let (mut most, mut least) = ([0; N], [0; N]);
        for (w, &valid) in valid.iter().enumerate() {
            for j in 0..N {
                let (lost, won) = (records[j].lost[w], records[j].won[w]);
                (most[j], least[j]) = if w < wanted { (!lost, won) } else { (!won, lost) };
            }
            let (high, low) = (f(&most), f(&least));
            let both = high & !low & valid;
            stakes.unsure[w] = if w < priced { both } else { 0 };
            for j in 0..N {
                // Here `most` is on and `least` off.
                stakes.open[j] += (most[j] & !least[j] & both).count_ones();
            }
        }
    }
}

/// Rows of neurons, words of units each; zeros for neurons without.
pub(super) type Rows<'t, const N: usize> = [&'t [u64]; N];

/// An output function on some words, all of points that shall be on, or of others.
pub(super) struct View<'t, F, const N: usize> {
    f: F,
    lost: Rows<'t, N>,
    /// All bits where points shall be on.
    flip: u64,
}

impl<'t, F: Fn(&[u64; N]) -> u64, const N: usize> View<'t, F, N> {
    pub(super) fn new(f: F, records: &[Record<'t>; MOST_NEURONS], words: Range<usize>, wanted: bool) -> Self {
        let mut lost: Rows<'t, N> = [&[]; N];
        (0..N).for_each(|j| lost[j] = &records[j].lost[words.clone()]);
        Self { f, lost, flip: if wanted { u64::MAX } else { 0 } }
    }

    /// Keeps those of some units, of which none is lost anyhow, that are lost if neurons are on the wrong side at the units of their rows; all words of
    /// what is left together. (Not inlined, so that it is known that no slice overlaps with `units`.)
    #[inline(never)]
    pub(super) fn restrict(&self, rows: &Rows<'_, N>, units: &mut [u64]) -> u64 {
        // Slices of one length: no word is looked for beyond an end.
        let (mut lost, mut wrong) = (self.lost, *rows);
        for j in 0..N {
            (lost[j], wrong[j]) = (&lost[j][..units.len()], &wrong[j][..units.len()]);
        }
        let (mut x, mut any) = ([0; N], 0);
        for (w, units) in units.iter_mut().enumerate() {
            (0..N).for_each(|j| x[j] = (lost[j][w] | wrong[j][w]) ^ self.flip);
            *units &= (self.f)(&x) ^ self.flip;
            any |= *units;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The words that are left of `units`, the first of points that shall be on, the second of others, if neurons of `set` are wrong where undecided.
    struct Restrict<'w, 'r> {
        records: &'w [Record<'r>; MOST_NEURONS],
        undecided: &'w [[u64; 2]],
        set: usize,
        units: &'w [u64],
    }

    impl Work for Restrict<'_, '_> {
        type Answer = [u64; 2];

        fn run<const N: usize>(self, f: impl Fn(&[u64; N]) -> u64) -> [u64; 2] {
            let word = |w: usize| {
                let rows: Rows<'_, N> = std::array::from_fn(|j| {
                    if self.set >> j & 1 == 1 { &self.undecided[j.min(3)][w..=w] } else { &[0][..] }
                });
                let mut left = [self.units[w]];
                let any = View::new(&f, self.records, w..w + 1, w == 0).restrict(&rows, &mut left);
                assert_eq!(any, left[0]);
                left[0]
            };
            [word(0), word(1)]
        }
    }

    proptest! {
        /// Against all completions of every unit, one at a time.
        #[test]
        fn words_say_what_completions_say(
            inputs in 1_usize..=4,
            number in 0_usize..17,
            raw in prop::collection::vec(any::<(u64, u64)>(), 8),
        ) {
            let all = Threshold::all(inputs);
            let output = Output::new(all[number % all.len()].clone()).expect("few inputs");
            // Lost and won never meet; word 0 holds wanted points, word 1 the others.
            let sides: Vec<([u64; 2], [u64; 2])> = raw
                .chunks_exact(2)
                .map(|c| ([c[0].0 & c[0].1, c[1].0 & c[1].1], [c[0].0 & !c[0].1, c[1].0 & !c[1].1]))
                .collect();
            let records: [Record<'_>; MOST_NEURONS] = std::array::from_fn(|j| {
                let (lost, won) = &sides[j.min(3)];
                Record { lost, won }
            });
            let valid = [u64::MAX >> 3, u64::MAX];
            let mut stakes = Stakes::default();
            output.stakes(&records, [1, 2], &valid, &mut stakes);
            let undecided = sides.iter().map(|(lost, won)| [0, 1].map(|w| !(lost[w] | won[w]))).collect::<Vec<_>>();
            let refuted: Vec<[u64; 2]> = (1_usize..1 << inputs)
                .map(|set| {
                    output.apply(Restrict { records: &records, undecided: &undecided, set, units: &stakes.unsure })
                })
                .collect();
            let mut lost = Vec::new();
            let sum = output.lost(&records, [1, 2], &mut lost);
            let decided_at = |patterns: &[usize], right: &dyn Fn(usize) -> bool| {
                patterns.iter().all(|&p| right(p)) || !patterns.iter().any(|&p| right(p))
            };
            let (mut paid, mut open, mut decided) = (0, [0; MOST_NEURONS], true);
            for (w, &valid) in valid.iter().enumerate() {
                for bit in 0..64 {
                    let wanted = w == 0;
                    let on = |word: u64| word >> bit & 1 == 1;
                    // Of the patterns that the records allow at this unit.
                    let allowed = |p: usize| (0..inputs).all(|j| {
                        let fires = p >> j & 1 == 1;
                        !(on(records[j].lost[w]) && fires == wanted || on(records[j].won[w]) && fires != wanted)
                    });
                    let patterns: Vec<usize> = (0..1 << inputs).filter(|&p| allowed(p)).collect();
                    let right = |p: usize| output.threshold.at(p) == wanted;
                    let all_wrong = patterns.iter().all(|&p| !right(p));
                    paid += u32::from(all_wrong);
                    prop_assert_eq!(on(lost[w]), all_wrong);
                    for j in 0..inputs {
                        let free = !on(records[j].lost[w]) && !on(records[j].won[w]) && on(valid);
                        let differs = patterns.iter().any(|&p| right(p) != right(p ^ 1 << j));
                        open[j] += u32::from(free && differs);
                        decided &= !free || decided_at(&patterns, &right);
                    }
                    prop_assert_eq!(on(stakes.unsure[w]), !decided_at(&patterns, &right) && on(valid));
                    for (set, found) in (1_usize..).zip(&refuted) {
                        // The undecided ones of the set on the wrong side.
                        let bad = |p: usize| (0..inputs).all(|j| {
                            let undecided = !on(records[j].lost[w]) && !on(records[j].won[w]);
                            set >> j & 1 == 0 || !undecided || (p >> j & 1 == 1) != wanted
                        });
                        let none = patterns.iter().all(|&p| !(right(p) && bad(p)));
                        prop_assert_eq!(on(found[w]), none && on(stakes.unsure[w]), "set {} unit {}/{}", set, w, bit);
                    }
                    // A point is right iff all neurons of some way are.
                    for p in 0..1_usize << inputs {
                        let well = if wanted { p } else { !p };
                        let some = output.ways(wanted).iter().any(|&way| well & way as usize == way as usize);
                        prop_assert_eq!(some, right(p));
                    }
                }
            }
            prop_assert_eq!(sum, paid);
            // Units count where a neuron makes no difference by itself, as long as others are open.
            prop_assert!(stakes.open.iter().zip(&open).all(|(counted, differ)| counted >= differ));
            prop_assert_eq!(stakes.open.iter().all(|&count| count == 0), decided);
        }
    }
}

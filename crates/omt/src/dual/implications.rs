//! Pairs of points of which one is wrong as long as a neuron stays in a cone.
//!
//! If q r >= alpha p r for some alpha >= 0 at all rays r of a cone, then firing at p implies firing at q throughout the cone. With p a point
//! that is lost unless the neuron fires there, and q one that is lost unless it rests there, one of the two is lost: an
//! *edge*. Edges without a common end add up, and a greedy matching finds many of them.
//!
//! Rigour: a ratio of floats is moved by their errors to the safe side before it is compared. What rounding leaves in doubt is no edge.

use super::arrangement::Arrangement;
use super::mask::ones;
use super::signs::Signs;
use bdnn::Stop;
use budget::Pace;
use std::mem::size_of;

/// Edges of one cone, by the wanted point.
#[derive(Debug, Default)]
pub(super) struct Implications {
    sources: Vec<Source>,
    /// Words of a record, with the units of implied points in them.
    targets: Vec<(u32, u64)>,
}

/// Units of a wanted point in one word, and the range of its targets.
#[derive(Debug)]
struct Source {
    word: u32,
    units: u64,
    start: u32,
    end: u32,
}

impl Implications {
    /// The pairs among `undecided` points with these signs and values at the rays of their cone; `None` once `stop` says so.
    pub(super) fn new(
        at: &Arrangement,
        undecided: &[u32],
        signs: &Signs,
        values: &[f64],
        errors: &[f64],
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let mut ask = || stop();
        let mut pace = Pace::new(&mut ask);
        let mut edges = Self::default();
        let (wanted, others): (Vec<usize>, Vec<usize>) =
            (0..undecided.len()).partition(|&k| at.wanted[undecided[k] as usize]);
        let count = errors.len();
        let row = |k: usize| &values[k * count..(k + 1) * count];
        let mut record = vec![0_u64; at.words];
        let mut inverse = vec![0.0; count];
        for p in wanted {
            if !invert(signs, p, row(p), errors, &mut inverse) {
                continue;
            }
            let mut any = false;
            if pace.spend(others.len() * count) {
                return None;
            }
            for &q in &others {
                if signs.may_imply(p, q) && has_slope(signs, p, q, row(q), errors, &inverse) {
                    at.mark(&mut record, undecided[q]);
                    any = true;
                }
            }
            if any {
                edges.add(at, undecided[p], &mut record);
            }
        }
        // Who has least choice goes first.
        let targets = &edges.targets;
        let choice = |source: &Source| -> u32 {
            targets[source.start as usize..source.end as usize].iter().map(|(_, units)| units.count_ones()).sum()
        };
        edges.sources.sort_by_cached_key(choice);
        edges.sources.shrink_to_fit();
        edges.targets.shrink_to_fit();
        Some(edges)
    }

    /// What they take.
    pub(super) fn bytes(&self) -> usize {
        self.sources.len() * size_of::<Source>() + self.targets.len() * size_of::<(u32, u64)>()
    }

    /// Adds a wanted point whose targets are the units in `record`, which is emptied.
    fn add(&mut self, at: &Arrangement, point: u32, record: &mut [u64]) {
        let start = self.targets.len() as u32;
        for (w, word) in (0..).zip(record) {
            if *word != 0 {
                self.targets.push((w, std::mem::take(word)));
            }
        }
        let (first, count) = at.bits[point as usize];
        let (mut bit, last) = (first, first + count);
        while bit < last {
            let end = last.min((bit / 64 + 1) * 64);
            let units = (u64::MAX >> (64 - (end - bit))) << (bit % 64);
            self.sources.push(Source { word: bit / 64, units, start, end: self.targets.len() as u32 });
            bit = end;
        }
    }

    /// Edges without common ends among units that are `needed` and not `used`, taken one after the other, at most `most` (not 0); marks their
    /// ends.
    pub(super) fn matching(&self, needed: &[u64], used: &mut [u64], most: u32) -> u32 {
        let mut found = 0;
        for source in &self.sources {
            let w = source.word as usize;
            let mut units = source.units & needed[w] & !used[w];
            if units == 0 {
                continue;
            }
            for &(at, targets) in &self.targets[source.start as usize..source.end as usize] {
                let mut free = targets & needed[at as usize] & !used[at as usize];
                while free != 0 && units != 0 {
                    let (target, unit) = (free & free.wrapping_neg(), units & units.wrapping_neg());
                    (used[at as usize], used[w]) = (used[at as usize] | target, used[w] | unit);
                    (free, units) = (free ^ target, units ^ unit);
                    found += 1;
                    if found == most {
                        return found;
                    }
                }
            }
        }
        found
    }
}

/// The inverse of p's value at each ray, moved to the safe side: towards 0 where p is positive, away from it where p is negative. False if a value is too
/// close to 0 for that.
fn invert(signs: &Signs, p: usize, values: &[f64], errors: &[f64], inverse: &mut [f64]) -> bool {
    for ray in ones(signs.above(p)) {
        inverse[ray] = 1.0 / (values[ray] + errors[ray]);
    }
    for ray in ones(signs.below(p)) {
        let size = -values[ray] - errors[ray];
        if size <= 0.0 {
            return false;
        }
        inverse[ray] = 1.0 / size;
    }
    true
}

/// Whether some alpha > 0 satisfies q >= alpha p at all rays, for certain, where the signs say that it may: alpha <= q / p where p is positive, and
/// alpha >= |q| / |p| where q is negative.
fn has_slope(signs: &Signs, p: usize, q: usize, values: &[f64], errors: &[f64], inverse: &[f64]) -> bool {
    /// Covers the roundings of sums, inverses, products and of the comparison.
    const SAFE: f64 = 1.0 + 16.0 * f64::EPSILON;
    let least =
        ones(signs.below(q)).fold(0.0, |least, ray| f64::max(least, (errors[ray] - values[ray]) * inverse[ray]));
    ones(signs.above(p)).all(|ray| (values[ray] - errors[ray]) * inverse[ray] >= least * SAFE)
}

//! The best bias for given weights: one sort of the pre-activations.
//!
//! With margin, radius and parts not every threshold is allowed: the highest resting and the lowest firing value must be
//! `2 reach + epsilon` apart, and no part may lie on both sides. Parts are intervals of values, single sites are
//! intervals of length 0, and a sweep over their lower ends meets every allowed threshold. Cost O(m + p log p) for p parts.

use super::rules::Rules;
use crate::tolerances::NARROWEST_GAP;

/// An activation that the rules forbid costs as much as so many rows, so that a search without biases leaves it behind; sums of them fit
/// a word.
const FORBIDDEN: i64 = 1 << 20;

/// Bins of a bound, at most (they stay in the cache), and the fewest sites it is worth having for. It saves time and changes no cut.
const MOST_BINS: usize = 1024;
const LEAST_SITES: usize = 64;

/// A neuron's bias and what it costs, without the sites' better sides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cut {
    /// At least [`FORBIDDEN`] if there are activations that the rules do not allow (without biases only).
    pub(super) cost: i64,
    pub(super) bias: f64,
}

/// Room to work in.
#[derive(Clone, Debug, Default)]
pub(super) struct Cutter {
    keys: Vec<(u64, u32)>,
    /// By bin: change of the cost when its sites rest, and the part of it that saves.
    bins: Vec<(i64, i64)>,
    /// By part: lowest and highest value, and what firing saves.
    spans: Vec<(f64, f64, i64)>,
}

impl Cutter {
    /// The best cut of sites with pre-activations `sums` (without bias) of a neuron with weights `w`.
    pub(super) fn best(&mut self, rules: &Rules, w: &[f64], sums: &[f64], saves: &[i32]) -> Cut {
        let reach = rules.reach(w);
        let norm: f64 = w.iter().map(|w| w.abs()).sum();
        if !rules.bias {
            return self.at_zero(rules, reach, norm, sums, saves);
        }
        let room = rules.corridor(w) + norm * NARROWEST_GAP;
        let slack = if norm > 0.0 { norm } else { 1.0 };
        if let Some((parts, count)) = &rules.parts {
            self.read_parts(parts, *count, sums, saves);
            let spans = std::mem::take(&mut self.spans);
            let cut = self.sweep(spans.len(), |p| spans[p], room, (reach, rules.epsilon, slack));
            self.spans = spans;
            cut
        } else {
            let span = |i: usize| (sums[i], sums[i], i64::from(saves[i]));
            self.sweep(sums.len(), span, room, (reach, rules.epsilon, slack))
        }
    }

    /// A lower bound on what [`Self::best`] can cost, in O(m): cuts between bins are counted, those inside a bin bounded.
    /// 0 where no such bound is at hand.
    pub(super) fn bound(&mut self, rules: &Rules, sums: &[f64], saves: &[i32]) -> i64 {
        if !rules.bias || rules.parts.is_some() || sums.len() < LEAST_SITES {
            return 0;
        }
        let low = sums.iter().copied().fold(f64::INFINITY, f64::min);
        let high = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let count = sums.len().min(MOST_BINS);
        let scale = (count as f64 - 1.0) / (high - low);
        if !scale.is_finite() {
            return 0;
        }
        self.bins.clear();
        self.bins.resize(count, (0, 0));
        let mut cost = 0;
        for (&sum, &saves) in sums.iter().zip(saves) {
            let bin = &mut self.bins[(((sum - low) * scale) as usize).min(count - 1)];
            bin.0 += i64::from(saves);
            bin.1 += i64::from(saves.min(0));
            cost += i64::from((-saves).max(0));
        }
        let mut least = cost;
        for &(change, savings) in &self.bins {
            least = least.min(cost + savings);
            cost += change;
        }
        least
    }

    fn read_parts(&mut self, parts: &[u32], count: usize, sums: &[f64], saves: &[i32]) {
        self.spans.clear();
        self.spans.resize(count, (f64::INFINITY, f64::NEG_INFINITY, 0));
        for ((&part, &sum), &saves) in parts.iter().zip(sums).zip(saves) {
            let span = &mut self.spans[part as usize];
            *span = (span.0.min(sum), span.1.max(sum), span.2 + i64::from(saves));
        }
    }

    /// Rests a growing prefix of the spans in the order of their lower ends.
    fn sweep(
        &mut self,
        count: usize,
        span: impl Fn(usize) -> (f64, f64, i64),
        room: f64,
        (reach, epsilon, slack): (f64, f64, f64),
    ) -> Cut {
        self.keys.clear();
        let mut all_fire = 0;
        for at in 0..count {
            let (low, _, saves) = span(at);
            self.keys.push((sortable(low), at as u32));
            all_fire += (-saves).max(0);
        }
        self.keys.sort_unstable();
        let lowest = self.keys.first().map_or(0.0, |&(_, at)| span(at as usize).0);
        let mut best = Cut { cost: all_fire, bias: reach + slack - lowest };
        let (mut cost, mut highest, mut widest) = (all_fire, f64::NEG_INFINITY, 0.0);
        for (at, &(_, site)) in self.keys.iter().enumerate() {
            let (_, high, saves) = span(site as usize);
            cost += saves;
            highest = highest.max(high);
            let Some(&(_, next)) = self.keys.get(at + 1) else { break };
            let gap = span(next as usize).0 - highest;
            if gap > room && (cost < best.cost || (cost == best.cost && gap > widest)) {
                best = Cut { cost, bias: -(highest + 0.5 * gap) - 0.5 * epsilon };
                widest = gap;
            }
        }
        if cost < best.cost {
            best = Cut { cost, bias: -highest - reach - epsilon - slack };
        }
        best
    }

    /// Without bias the cut is at 0, and activations may be forbidden.
    fn at_zero(&mut self, rules: &Rules, reach: f64, norm: f64, sums: &[f64], saves: &[i32]) -> Cut {
        let doubt = if rules.epsilon == 0.0 { norm * NARROWEST_GAP } else { 0.0 };
        // Values that should be exactly 0 may be a little off.
        let fires = |sum: f64| sum >= reach - norm * NARROWEST_GAP;
        let rests = |sum: f64| sum <= -reach - rules.epsilon - doubt;
        let mut cost = 0;
        let mut count = |low: f64, high: f64, saves: i64| {
            cost += if fires(low) {
                (-saves).max(0)
            } else if rests(high) {
                saves.max(0)
            } else {
                FORBIDDEN
            };
        };
        if let Some((parts, parts_count)) = &rules.parts {
            self.read_parts(parts, *parts_count, sums, saves);
            self.spans.iter().for_each(|&(low, high, saves)| count(low, high, saves));
        } else {
            sums.iter().zip(saves).for_each(|(&sum, &saves)| count(sum, sum, i64::from(saves)));
        }
        Cut { cost, bias: 0.0 }
    }
}

/// Bits of a float that sort as unsigned numbers do.
fn sortable(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

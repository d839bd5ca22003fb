//! The least cost along a line of planes, exactly.
//!
//! On w + tau v site i changes sides at tau_i = -a_i / slope_i. The crossings are counted into bins of tau; a bin can hold
//! a stretch as cheap as wanted only if the cost where it begins, less all that its crossings could save, is low enough,
//! and only the crossings of such bins are sorted. Cost O(m) where few bins matter, as they do near a local optimum, and
//! O(m log m) at worst.

/// Bins for so many crossings each, within limits that keep them in the first-level cache.
const CROSSINGS_A_BIN: usize = 2;
const BINS: std::ops::RangeInclusive<usize> = 8..=1024;
/// The bin of a site that does not cross.
const NONE: u16 = u16::MAX;

/// What a line is searched on.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// a at tau = 0, and its slope, by site.
    pub(super) activations: &'a [f64],
    pub(super) slopes: &'a [f64],
    /// What firing saves at each site.
    pub(super) saves: &'a [i32],
    /// Where tau is of ordinary size: |w| / |v|.
    pub(super) unit: f64,
    /// Crossings outside are none.
    pub(super) range: (f64, f64),
    /// Stretches that are not longer count as none.
    pub(super) shortest: f64,
    /// The cost at tau = 0.
    pub(super) here: i64,
}

#[derive(Clone, Copy, Debug)]
struct Bin {
    /// Change of the cost over the bin, and the part of it that saves.
    change: i64,
    savings: i64,
    /// The cost where it begins.
    before: i64,
    /// Its first crossing, and the first one after it.
    first: f64,
    next: f64,
    wanted: bool,
}

const EMPTY: Bin = Bin { change: 0, savings: 0, before: 0, first: f64::INFINITY, next: f64::INFINITY, wanted: false };

/// Room to work in.
#[derive(Clone, Debug, Default)]
pub(super) struct LineSearch {
    bins: Vec<Bin>,
    bin_of: Vec<u16>,
    keys: Vec<u64>,
}

impl LineSearch {
    /// The middle and the cost of the cheapest stretch between crossings, if it costs at most what tau = 0 does and is
    /// not the one around it. Of equals, the longest bounded one.
    pub(super) fn best(&mut self, line: &Line<'_>) -> Option<(f64, i64)> {
        let left = self.count(line);
        let ceiling = self.choose(left, line.here);
        self.collect(line);
        let mut best: Option<(f64, i64)> = None;
        let (mut ceiling, mut longest) = (ceiling, 0.0);
        if left < ceiling || (left == ceiling && left < line.here) {
            let first = self.bins.iter().map(|bin| bin.first).fold(f64::INFINITY, f64::min);
            (best, ceiling) = (Some((first - line.shortest.max(first.abs()), left)), left);
        }
        let (mut cost, mut current) = (left, NONE);
        for (at, &key) in self.keys.iter().enumerate() {
            let i = site(key);
            let bin = self.bin_of[i];
            if bin != current {
                (cost, current) = (self.bins[usize::from(bin)].before, bin);
            }
            cost += change(line, i);
            if cost > ceiling {
                continue;
            }
            let low = tau(line, i);
            let next = self.keys.get(at + 1).filter(|&&next| self.bin_of[site(next)] == bin);
            // Equal in single precision: no room between them.
            if next.is_some_and(|next| key >> 32 == next >> 32) {
                continue;
            }
            let high = next.map_or(self.bins[usize::from(bin)].next, |&next| tau(line, site(next)));
            if high.is_infinite() {
                if cost < ceiling || (cost < line.here && best.is_none()) {
                    (best, ceiling, longest) = (Some((low + line.shortest.max(low.abs()), cost)), cost, 0.0);
                }
                continue;
            }
            let length = high - low;
            let here = low <= 0.0 && high >= 0.0;
            if length > line.shortest && !here && (cost < ceiling || length > longest) {
                (best, ceiling, longest) = (Some((low.midpoint(high), cost)), cost, length);
            }
        }
        best
    }

    /// Counts the crossings into bins and returns the cost at the far left.
    fn count(&mut self, line: &Line<'_>) -> i64 {
        let count = (line.saves.len() / CROSSINGS_A_BIN).clamp(*BINS.start(), *BINS.end());
        self.bins.clear();
        self.bins.resize(count, EMPTY);
        self.bin_of.clear();
        let half = 0.5 * count as f64;
        let scale = 1.0 / line.unit;
        let mut left = 0;
        for (i, (&slope, &saves)) in line.slopes.iter().zip(line.saves).enumerate() {
            let tau = tau(line, i);
            let crosses = saves != 0 && tau > line.range.0 && tau < line.range.1;
            let fires = if crosses { slope < 0.0 } else { line.activations[i] >= 0.0 };
            left += i64::from(if fires { (-saves).max(0) } else { saves.max(0) });
            if !crosses {
                self.bin_of.push(NONE);
                continue;
            }
            // Monotone in tau, finest around 0; what is equal in single precision shares a bin.
            let x = f64::from(tau as f32) * scale;
            let at = ((half + half * x / (1.0 + x.abs())) as usize).min(count - 1);
            self.bin_of.push(at as u16);
            let change = change(line, i);
            let bin = &mut self.bins[at];
            bin.change += change;
            bin.savings += change.min(0);
            bin.first = bin.first.min(tau);
        }
        left
    }

    /// Marks the bins that may hold a stretch as cheap as wanted: as this place or, if cheaper, as a place between bins.
    fn choose(&mut self, left: i64, here: i64) -> i64 {
        let (mut cost, mut ceiling) = (left, here.min(left));
        for bin in &mut self.bins {
            bin.before = cost;
            cost += bin.change;
            ceiling = ceiling.min(cost);
        }
        let mut next = f64::INFINITY;
        for bin in self.bins.iter_mut().rev() {
            bin.next = next;
            next = next.min(bin.first);
            bin.wanted = bin.first.is_finite() && bin.before + bin.savings <= ceiling;
        }
        ceiling
    }

    /// Sorts the crossings of the marked bins; single precision is enough to sort by.
    fn collect(&mut self, line: &Line<'_>) {
        self.keys.clear();
        for (i, &bin) in self.bin_of.iter().enumerate() {
            if bin != NONE && self.bins[usize::from(bin)].wanted {
                self.keys.push(u64::from(sortable(tau(line, i))) << 32 | i as u64);
            }
        }
        self.keys.sort_unstable();
    }
}

/// Where site `i` crosses.
fn tau(line: &Line<'_>, i: usize) -> f64 {
    -line.activations[i] / line.slopes[i]
}

/// What its crossing costs.
fn change(line: &Line<'_>, i: usize) -> i64 {
    let saves = i64::from(line.saves[i]);
    if line.slopes[i] > 0.0 { -saves } else { saves }
}

fn site(key: u64) -> usize {
    (key & u64::from(u32::MAX)) as usize
}

/// Bits of `tau` in single precision that sort as unsigned numbers do.
fn sortable(tau: f64) -> u32 {
    let bits = (tau as f32 + 0.0).to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The cost at tau, site by site.
    fn cost(a: &[f64], slopes: &[f64], saves: &[i32], tau: f64) -> i64 {
        let price = |(i, &saves): (usize, &i32)| {
            let fires = a[i] + tau * slopes[i] >= 0.0;
            i64::from(if fires { (-saves).max(0) } else { saves.max(0) })
        };
        saves.iter().enumerate().map(price).sum()
    }

    proptest! {
        /// The stretch found is as cheap as the cheapest one, and costs what it says.
        #[test]
        fn finds_the_cheapest_stretch(
            sites in prop::collection::vec((-8i32..8, -3i32..4, -3i32..4), 1..60),
        ) {
            // Distinct crossings, not at 0.
            let a: Vec<f64> = sites.iter().enumerate().map(|(i, s)| f64::from(s.0) + 0.5 + 0.001 * i as f64).collect();
            let slopes: Vec<f64> = sites.iter().map(|s| f64::from(s.1)).collect();
            let saves: Vec<i32> = sites.iter().map(|s| s.2).collect();
            let here = cost(&a, &slopes, &saves, 0.0);
            let line = Line {
                activations: &a, slopes: &slopes, saves: &saves, unit: 1.0, range: (-1e12, 1e12), shortest: 1e-9, here,
            };
            let found = LineSearch::default().best(&line);
            let mut crossings: Vec<f64> =
                (0..a.len()).filter(|&i| slopes[i] != 0.0 && saves[i] != 0).map(|i| -a[i] / slopes[i]).collect();
            crossings.sort_by(f64::total_cmp);
            let inner = crossings.windows(2).filter(|w| w[0] > 0.0 || w[1] < 0.0);
            let mut places: Vec<f64> = inner.map(|w| w[0].midpoint(w[1])).collect();
            let bounded = places.len();
            places.extend(crossings.first().map(|c| c - 1.0));
            places.extend(crossings.last().map(|c| c + 1.0));
            let least = places.iter().map(|&tau| cost(&a, &slopes, &saves, tau)).min();
            if let Some((tau, claimed)) = found {
                prop_assert_eq!(cost(&a, &slopes, &saves, tau), claimed);
                prop_assert_eq!(Some(claimed), least);
            } else {
                prop_assert!(least.is_none_or(|least| least >= here));
                // A move that costs nothing is one too.
                prop_assert!(places[..bounded].iter().all(|&tau| cost(&a, &slopes, &saves, tau) > here));
            }
        }
    }
}

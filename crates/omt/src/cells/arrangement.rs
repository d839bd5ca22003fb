//! All linear dichotomies of a small-dimensional point set, as bit sets.

use crate::theory::{Geometry, Listing};
use bdnn::Stop;

/// Points on or too near a hyperplane (beside those that define it) up to which both sides are listed.
const MAX_DEGENERATE: usize = 4;

/// How many list entries the enumeration writes before duplicates go, an upper bound.
pub(super) fn effort(points: usize, dimension: usize) -> f64 {
    let mut subsets = 1.0;
    for k in 0..dimension {
        #[allow(clippy::cast_precision_loss)]
        {
            subsets *= points.saturating_sub(k) as f64 / (k + 1) as f64;
        }
    }
    subsets * f64::powi(2.0, i32::try_from(dimension + 1).unwrap_or(i32::MAX))
}

/// Every dichotomy of the points `sites`, bit k for `sites[k]`: sorted, distinct, closed under complement. `None` if the
/// points are too degenerate or do not span the space, or once `stop` says so.
///
/// A dichotomy is a cell of the dual arrangement; if the points span, the cell has a vertex, which is a hyperplane
/// through n independent points; the cell's other points lie on its sides of it, and the points on it may lie on
/// either. So all sides of points on the hyperplane are listed, which includes every cell at that vertex.
pub(super) fn dichotomies<const W: usize>(
    geometry: &Geometry,
    sites: &[usize],
    stop: &Stop<'_>,
) -> Option<Vec<[u64; W]>> {
    let n = geometry.columns() - 1;
    let m = sites.len();
    if n == 0 || m <= n || m > 64 * W {
        return None;
    }
    let mut full = [0_u64; W];
    (0..m).for_each(|k| full[k / 64] |= 1 << (k % 64));
    let mut found: Vec<[u64; W]> = Vec::new();
    let mut spans = false;
    let mut subset: Vec<usize> = (0..n).collect();
    loop {
        if stop() {
            return None;
        }
        let through: Vec<usize> = subset.iter().map(|&k| sites[k]).collect();
        if let Some(plane) = geometry.hyperplane(&through) {
            let mut above = [0_u64; W];
            let mut on: Vec<usize> = subset.clone();
            for k in (0..m).filter(|k| !subset.contains(k)) {
                match geometry.side_of(&plane, sites[k]) {
                    0 => on.push(k),
                    side => {
                        spans = true;
                        above[k / 64] |= u64::from(side > 0) << (k % 64);
                    }
                }
            }
            if on.len() > n + MAX_DEGENERATE {
                return None;
            }
            for choice in 0..1_usize << on.len() {
                let mut pattern = above;
                for (bit, &k) in on.iter().enumerate() {
                    pattern[k / 64] |= ((choice >> bit & 1) as u64) << (k % 64);
                }
                found.push(pattern);
                found.push(std::array::from_fn(|w| full[w] & !pattern[w]));
            }
        }
        // The next n-subset in lexicographic order.
        let Some(at) = (0..n).rev().find(|&at| subset[at] < m - n + at) else { break };
        subset[at] += 1;
        for later in at + 1..n {
            subset[later] = subset[later - 1] + 1;
        }
    }
    found.sort_unstable();
    found.dedup();
    spans.then_some(found)
}

/// The dichotomies of whole weights on the points `sites`: sorted, distinct.
pub(super) fn listed<const W: usize>(listing: &Listing, sites: &[usize]) -> Vec<[u64; W]> {
    let pattern = |entry: usize| {
        let mut pattern = [0_u64; W];
        let set = |(k, &site): (usize, &usize)| pattern[k / 64] |= u64::from(listing.fires(entry, site)) << (k % 64);
        sites.iter().enumerate().for_each(set);
        pattern
    };
    let mut found: Vec<[u64; W]> = (0..listing.len()).map(pattern).collect();
    found.sort_unstable();
    found.dedup();
    found
}

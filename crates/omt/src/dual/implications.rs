//! Pairs of points of which one is wrong as long as a neuron stays in a cone.
//!
//! If q r >= alpha p r for some alpha >= 0 at all rays r of a cone, then firing at p implies firing at q throughout the cone. With p a point
//! that is lost unless the neuron fires there, and q one that is lost unless it rests there, one of the two is lost: an
//! *edge*. Edges without a common end add up, and a greedy matching finds many of them.
//!
//! Rigour: a ratio of floats is moved by their errors to the safe side before it is compared. What rounding leaves in doubt is no edge.

use super::arrangement::Arrangement;
use super::signs::Signs;

/// Most undecided points of a cone whose pairs are looked at.
pub(super) const MOST_POINTS: usize = 300;

/// Edges of one cone, by the wanted point.
#[derive(Debug, Default)]
pub(super) struct Implications {
    sources: Vec<Source>,
    /// Words of a record, with the units of implied points in them.
    targets: Vec<(u32, u64)>,
}

/// A wanted point: its units, and where its targets end.
#[derive(Debug)]
struct Source {
    first: u32,
    count: u32,
    end: u32,
}

impl Implications {
    /// The pairs among `undecided` points with these signs and values at the rays of their cone.
    pub(super) fn new(at: &Arrangement, undecided: &[u32], signs: &Signs, values: &[f64], errors: &[f64]) -> Self {
        let mut edges = Self::default();
        let (wanted, others): (Vec<usize>, Vec<usize>) =
            (0..undecided.len()).partition(|&k| at.wanted[undecided[k] as usize]);
        let rays = errors.len();
        let row = |k: usize| &values[k * rays..(k + 1) * rays];
        let mut record = vec![0_u64; at.words];
        for p in wanted {
            let mut any = false;
            for &q in &others {
                if signs.implies(p, q) && has_slope(signs, p, q, row(p), row(q), errors) {
                    at.mark(&mut record, undecided[q]);
                    any = true;
                }
            }
            if !any {
                continue;
            }
            for (w, word) in (0..).zip(&mut record) {
                if *word != 0 {
                    edges.targets.push((w, std::mem::take(word)));
                }
            }
            let (first, count) = at.bits[undecided[p] as usize];
            edges.sources.push(Source { first, count, end: edges.targets.len() as u32 });
        }
        edges.sources.shrink_to_fit();
        edges.targets.shrink_to_fit();
        edges
    }

    /// Edges without common ends among units that are `needed` and not `used`, taken one after the other, at most `most`; marks their ends.
    pub(super) fn matching(&self, needed: &[u64], used: &mut [u64], most: u32) -> u32 {
        let (mut found, mut start) = (0, 0);
        for source in &self.sources {
            let targets = &self.targets[start..source.end as usize];
            start = source.end as usize;
            'units: for bit in source.first..source.first + source.count {
                if found == most {
                    return found;
                }
                let (w, unit) = (bit as usize / 64, 1 << (bit % 64));
                if needed[w] & !used[w] & unit == 0 {
                    continue;
                }
                for &(at, targets) in targets {
                    let free = targets & needed[at as usize] & !used[at as usize];
                    if free != 0 {
                        used[at as usize] |= free & free.wrapping_neg();
                        used[w] |= unit;
                        found += 1;
                        continue 'units;
                    }
                }
                break;
            }
        }
        found
    }
}

/// Whether some alpha satisfies q >= alpha p at all rays, for certain. Where p is 0 or negative and q is not negative every alpha does; no ray
/// has p >= 0 > q.
fn has_slope(signs: &Signs, p: usize, q: usize, p_values: &[f64], q_values: &[f64], errors: &[f64]) -> bool {
    /// Covers the roundings of sums, quotients and the comparison.
    const SAFE: f64 = 1.0 + 8.0 * f64::EPSILON;
    let (mut least, mut most) = (0.0_f64, f64::INFINITY);
    for (ray, &error) in errors.iter().enumerate() {
        let (x, y) = (p_values[ray].abs(), q_values[ray].abs());
        if signs.positive(p, ray) {
            // alpha <= q / p.
            let bound = if signs.positive(q, ray) { (y - error) / (x + error) } else { 0.0 };
            most = most.min(bound);
        } else if signs.negative(p, ray) && signs.negative(q, ray) {
            // alpha >= |q| / |p|.
            if x <= error {
                return false;
            }
            least = least.max((y + error) / (x - error));
        }
        if least * SAFE > most {
            return false;
        }
    }
    least * SAFE <= most
}

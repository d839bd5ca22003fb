//! All functions a neuron over few 0/1 inputs can compute: its best response is then one look at each of them.
//!
//! Threshold functions of up to four variables have whole weights of at most 3 (Muroga, Threshold Logic and Its
//! Applications, 1971): there are 4, 14, 104 and 1882 of them.

use super::descent::Plane;
use super::rules::Rules;
use bdnn::WeightDomain;
use rand::{Rng, RngExt};
use std::collections::BTreeMap;

/// Inputs of a neuron whose functions are listed, at most: a table of 16 bits holds what it does.
const MOST_INPUTS: usize = 4;
/// Weights that suffice for them.
const LARGEST_WEIGHT: u32 = 3;
/// Real weights are whole ones times this, a power of two, so that they fit the box and sums stay exact.
const REAL_UNIT: f64 = 0.25;

/// Every function of a layer's neurons, each with a neuron that computes it.
#[derive(Clone, Debug)]
pub(super) struct Functions {
    inputs: usize,
    /// Bit p of the table: whether it fires at the pattern whose bit r is input r.
    members: Vec<(u16, Plane)>,
}

impl Functions {
    /// The functions of `inputs` variables, if there are few and whole weights leave room for the margin.
    pub(super) fn new(inputs: usize, rules: &Rules) -> Option<Self> {
        let (unit, bound) = match rules.weights {
            WeightDomain::Continuous => (REAL_UNIT, LARGEST_WEIGHT),
            WeightDomain::Integer(bound) => (1.0, bound.min(LARGEST_WEIGHT)),
        };
        if inputs > MOST_INPUTS || rules.epsilon > unit || !rules.free() || rules.priced() {
            return None;
        }
        let mut found: BTreeMap<u16, Plane> = BTreeMap::new();
        let values = 2 * bound as usize + 1;
        for code in 0..values.pow(inputs as u32) {
            let digit = |r: usize| (code / values.pow(r as u32) % values) as f64 - f64::from(bound);
            let whole: Vec<f64> = (0..inputs).map(digit).collect();
            let sum = |p: usize| whole.iter().enumerate().map(|(r, w)| if p >> r & 1 == 1 { *w } else { 0.0 }).sum();
            let sums: Vec<f64> = (0..1_usize << inputs).map(sum).collect();
            let mut levels = if rules.bias { sums.clone() } else { vec![0.0] };
            if rules.bias {
                levels.push(f64::INFINITY);
            }
            for level in levels {
                let table = sums.iter().enumerate().fold(0, |table, (p, &s)| table | u16::from(s >= level) << p);
                found.entry(table).or_insert_with(|| Plane {
                    w: whole.iter().map(|w| w * unit).collect(),
                    bias: if rules.bias { bias(&sums, level, unit, rules.epsilon) } else { 0.0 },
                });
            }
        }
        Some(Self { inputs, members: found.into_iter().collect() })
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The function that saves most, a random one of equals, and what it costs beyond the patterns' better sides.
    /// `saves` holds what firing saves, by pattern.
    pub(super) fn best(&self, saves: &[i64], rng: &mut impl Rng) -> (&Plane, i64) {
        // Sums over subsets of the first and the second half of the patterns.
        let count = 1_usize << self.inputs;
        let half = count.min(8);
        let subsets = |from: usize, to: usize| -> Vec<i64> {
            let mut sums = vec![0; 1 << (to - from)];
            for set in 1..sums.len() {
                let lowest = set.trailing_zeros() as usize;
                sums[set] = sums[set & (set - 1)] + saves[from + lowest];
            }
            sums
        };
        let (first, second) = (subsets(0, half), subsets(half, count));
        let value = |table: u16| first[usize::from(table) & (first.len() - 1)] + second[usize::from(table) >> half];
        let (mut best, mut most, mut equals) = (0, i64::MIN, 0);
        for (at, &(table, _)) in self.members.iter().enumerate() {
            let value = value(table);
            if value > most {
                (best, most, equals) = (at, value, 1);
            } else if value == most {
                equals += 1;
                if rng.random_range(0..equals) == 0 {
                    best = at;
                }
            }
        }
        let all: i64 = saves[..count].iter().map(|saves| saves.max(&0)).sum();
        (&self.members[best].1, all - most)
    }
}

/// The bias that separates the sums from `level` on from those below, the margin kept.
fn bias(sums: &[f64], level: f64, unit: f64, epsilon: f64) -> f64 {
    let below = sums.iter().copied().filter(|&sum| sum < level).fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = match (below.is_finite(), level.is_finite()) {
        (true, true) => (below, level),
        (true, false) => (below, below + 1.0),
        (false, _) => (level - 1.0, level),
    };
    -unit * low.midpoint(high) - 0.5 * epsilon
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Points, Problem, Scaler};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn rules(weights: WeightDomain, bias: bool) -> Rules {
        let points = Points::merge(1, 2, &[0.0], &[0], Scaler::identity(1));
        let architecture = Architecture { inputs: 1, hidden: vec![2], classes: 2, bias, weights };
        Rules::new(&Problem::new(points, architecture, Loss::ZeroOne), 1)
    }

    #[test]
    fn threshold_functions_are_counted() {
        let continuous = rules(WeightDomain::Continuous, true);
        let counts: Vec<usize> = (1..=4).map(|n| Functions::new(n, &continuous).expect("few").len()).collect();
        assert_eq!(counts, [4, 14, 104, 1882]);
        assert!(Functions::new(5, &continuous).is_none());
    }

    #[test]
    fn every_function_does_what_its_table_says() {
        for weights in [WeightDomain::Continuous, WeightDomain::Integer(1), WeightDomain::Integer(2)] {
            for bias in [true, false] {
                let functions = Functions::new(3, &rules(weights, bias)).expect("few");
                for (table, plane) in &functions.members {
                    let sum = |p: usize| -> f64 { (0..3).filter(|r| p >> r & 1 == 1).map(|r| plane.w[r]).sum() };
                    let fires = |p: usize| sum(p) + plane.bias >= 0.0;
                    assert_eq!((0..8).fold(0, |t, p| t | u16::from(fires(p)) << p), *table);
                    assert!(bias || plane.bias == 0.0);
                    assert!(plane.w.iter().all(|w| weights.nearest(*w) == *w));
                }
            }
        }
    }

    #[test]
    fn the_best_function_costs_least() {
        let functions = Functions::new(2, &rules(WeightDomain::Continuous, true)).expect("few");
        // Exclusive or: three of four are possible, the cheapest pattern is given up.
        let (plane, cost) = functions.best(&[-5, 3, 2, -4], &mut ChaCha8Rng::seed_from_u64(0));
        assert_eq!(cost, 2);
        assert!(plane.w[0] + plane.bias >= 0.0 && plane.bias < 0.0 && plane.w[0] + plane.w[1] + plane.bias < 0.0);
    }
}

//! The Lagrangian bound, in fixed-point integers: exact for any multipliers, near the linear relaxation for good ones.
//!
//! Relaxing the cores with multipliers u >= 0 leaves  L(u) = sum_c u_c + sum_e min(0, r_e),  r_e = cost_e - sum over
//! e's cores of u_c, the reduced cost. Subgradient steps (Held and Karp, Math. Programming 1, 1971; Beasley 1987,
//! section 3) raise it.

use super::UNIT;

/// Steps without a better bound after which the step is halved and starts from the best multipliers again.
const PATIENCE: u32 = 6;

/// What a node asks: the cores not yet hit, each by its undecided elements.
pub(super) struct Relaxation<'a> {
    pub costs: &'a [u64],
    /// The elements that occur in `cores`.
    pub elements: &'a [u32],
    /// Index of the core in the instance, and its undecided elements.
    pub cores: &'a [(u32, Vec<u32>)],
}

/// A bound with the reduced costs that go with it, in fixed-point units.
pub(super) struct Bound {
    pub value: i64,
    /// By element of the instance; valid for the elements of the relaxation.
    pub reduced: Vec<i64>,
}

impl Relaxation<'_> {
    /// L(u) and the reduced costs; `multipliers` has one entry a core of the instance. Cost O(size of the cores).
    fn evaluate(&self, multipliers: &[i64], reduced: &mut [i64]) -> i64 {
        for &e in self.elements {
            reduced[e as usize] = self.costs[e as usize] as i64 * UNIT;
        }
        let mut value = 0;
        for (c, elements) in self.cores {
            let u = multipliers[*c as usize];
            value += u;
            elements.iter().for_each(|&e| reduced[e as usize] -= u);
        }
        value + self.elements.iter().map(|&e| reduced[e as usize].min(0)).sum::<i64>()
    }

    /// Raises the multipliers of cores that have room: afterwards every core has an element without (dual ascent).
    fn ascend(&self, multipliers: &mut [i64], reduced: &mut [i64]) {
        for (c, elements) in self.cores {
            let room = elements.iter().map(|&e| reduced[e as usize]).min().unwrap_or(0);
            if room > 0 {
                multipliers[*c as usize] += room;
                elements.iter().for_each(|&e| reduced[e as usize] -= room);
            }
        }
    }

    /// The best bound of some subgradient steps from `multipliers`, which become those of the bound; ends early above
    /// `enough`. `target` estimates the optimum (fixed-point).
    pub(super) fn bound(&self, multipliers: &mut [i64], steps: u32, target: i64, enough: i64) -> Bound {
        let mut reduced = vec![0; self.costs.len()];
        self.evaluate(multipliers, &mut reduced);
        self.ascend(multipliers, &mut reduced);
        let mut value = self.evaluate(multipliers, &mut reduced);
        let mut best = Bound { value, reduced: reduced.clone() };
        let mut best_multipliers = multipliers.to_vec();
        let mut gradient = vec![0_i32; self.cores.len()];
        let (mut scale, mut vain) = (1.0, 0);
        for _ in 0..steps {
            let norm = self.gradient(multipliers, &reduced, &mut gradient);
            if norm == 0.0 || best.value > enough {
                break;
            }
            let step = scale * (target - value).max(UNIT / 8) as f64 / norm;
            for (&g, (c, _)) in gradient.iter().zip(self.cores) {
                let u = &mut multipliers[*c as usize];
                *u = (*u + (step * f64::from(g)) as i64).max(0);
            }
            value = self.evaluate(multipliers, &mut reduced);
            if value > best.value {
                best.value = value;
                best.reduced.copy_from_slice(&reduced);
                best_multipliers.copy_from_slice(multipliers);
                vain = 0;
                continue;
            }
            vain += 1;
            if vain % PATIENCE == 0 {
                scale /= 2.0;
                multipliers.copy_from_slice(&best_multipliers);
                value = self.evaluate(multipliers, &mut reduced);
            }
        }
        multipliers.copy_from_slice(&best_multipliers);
        best
    }

    /// By core, 1 minus the number of its elements the relaxation takes; returns the square of its norm.
    fn gradient(&self, multipliers: &[i64], reduced: &[i64], gradient: &mut [i32]) -> f64 {
        for (g, (c, elements)) in gradient.iter_mut().zip(self.cores) {
            *g = 1 - elements.iter().filter(|&&e| reduced[e as usize] < 0).count() as i32;
            // A step that would leave u >= 0 is none.
            if *g < 0 && multipliers[*c as usize] == 0 {
                *g = 0;
            }
        }
        gradient.iter().map(|&g| f64::from(g * g)).sum()
    }
}

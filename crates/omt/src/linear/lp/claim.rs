//! What duals prove, in whole numbers.
//!
//! Multipliers p >= 0 over clauses that hold for every neuron, and the decisions of a node, say of every neuron's wrong points x that
//! D w x >= sum p_k b_k + sum_j (D w_j - (A'p)_j) x_j, and each term of the last sum is at least its least value over the
//! range that the decisions leave x_j. The multipliers are the simplex's duals times D, rounded: whatever floats made of
//! them, the sum is exact, and so are the decisions that it forces (reduced-cost fixing).

use super::simplex::Literal;

/// D: duals are rounded to multiples of 1 / D.
const UNIT: i128 = 1 << 24;

/// A bound and what it rests on.
pub(super) struct Claim {
    /// The bound times D, not rounded up.
    total: i128,
    /// By point: D w_j - (A'p)_j.
    residual: Vec<i128>,
}

impl Claim {
    /// From clauses with their multipliers; `decided` says which points are wrong (`true`) or right.
    pub(super) fn new<'p>(
        weights: &[u64],
        decided: &[Option<bool>],
        terms: impl Iterator<Item = (&'p [Literal], f64)>,
    ) -> Self {
        let mut residual: Vec<i128> = weights.iter().map(|&w| UNIT * i128::from(w)).collect();
        let mut total = 0;
        for (literals, multiplier) in terms {
            // Beyond the range of floats that are whole numbers this saturates: a smaller multiplier is one too.
            #[allow(clippy::cast_possible_truncation)]
            let times = i128::from((multiplier * UNIT as f64).round() as i64).max(0);
            total += times;
            for &literal in literals {
                let point = (literal >> 1) as usize;
                if literal & 1 == 0 {
                    residual[point] -= times;
                } else {
                    residual[point] += times;
                    total -= times;
                }
            }
        }
        for (residual, decided) in residual.iter().zip(decided) {
            total += match decided {
                Some(true) => *residual,
                Some(false) => 0,
                None => (*residual).min(0),
            };
        }
        Self { total, residual }
    }

    /// No neuron that obeys the decisions costs less: costs are whole numbers.
    pub(super) fn bound(&self) -> u64 {
        whole(self.total)
    }

    /// The bound before it is rounded up.
    pub(super) fn value(&self) -> f64 {
        self.total as f64 / UNIT as f64
    }

    /// What point `j`, undecided so far, must be in every neuron of a cost below `upper`.
    pub(super) fn implied(&self, j: usize, upper: u64) -> Option<bool> {
        let residual = self.residual[j];
        let other = self.total - residual.min(0);
        match (whole(other + residual) >= upper, whole(other) >= upper) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        }
    }
}

fn whole(total: i128) -> u64 {
    // Round up: UNIT is a power of two, and an arithmetic shift rounds down.
    u64::try_from(-(-total).div_euclid(UNIT)).unwrap_or(if total > 0 { u64::MAX } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_rounded_up_and_force_what_they_must() {
        // x0 + x1 >= 1, x1 + x2 >= 1, x0 + x2 >= 1 with halves: 3/2, so 2.
        let clauses: [&[Literal]; 3] = [&[0, 2], &[2, 4], &[0, 4]];
        let claim =
            |decided: &[Option<bool>]| Claim::new(&[1, 1, 1], decided, clauses.iter().map(|clause| (*clause, 0.5)));
        let free = claim(&[None; 3]);
        assert_eq!((free.bound(), free.implied(0, 3)), (2, None));
        assert!((free.value() - 1.5).abs() < 1e-9);
        // Below 2 nothing is left: both values are excluded, and either answer is right.
        assert_eq!(free.implied(0, 2), Some(false));
        assert_eq!(claim(&[Some(true), None, None]).bound(), 2);
        // A negated literal: 1 - x0 + x1 >= 1.
        let negated: &[Literal] = &[1, 2];
        let both = |decided: &[Option<bool>]| Claim::new(&[5, 1], decided, [(negated, 1.0)].into_iter());
        assert_eq!(both(&[None, None]).bound(), 0);
        assert_eq!(both(&[Some(true), None]).bound(), 6);
        assert_eq!(both(&[Some(true), Some(false)]).bound(), 6);
    }

    #[test]
    fn multipliers_of_any_size_are_harmless() {
        let clause: &[Literal] = &[0];
        for multiplier in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            let claim = Claim::new(&[3], &[None], [(clause, multiplier)].into_iter());
            assert!(claim.bound() <= 3, "{multiplier}");
        }
    }
}

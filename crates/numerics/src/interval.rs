//! Interval arithmetic with outward rounding: proves the signs of a kernel vector without exact integers.
//!
//! Reference: R. E. Moore, R. B. Kearfott and M. J. Cloud, Introduction to Interval Analysis, SIAM 2009, chapters 2 and 7.

use budget::Pace;

/// A closed interval that contains the true value.
#[derive(Clone, Copy, Debug)]
pub struct Interval {
    low: f64,
    high: f64,
}

impl Interval {
    /// The smallest interval of floats around a value known up to one rounding.
    #[must_use]
    pub fn around(value: f64, exact: bool) -> Self {
        if exact { Self { low: value, high: value } } else { Self { low: value.next_down(), high: value.next_up() } }
    }

    /// -1 or 1 if the sign is certain, 0 otherwise.
    #[must_use]
    pub fn sign(self) -> i32 {
        i32::from(self.low > 0.0) - i32::from(self.high < 0.0)
    }

    fn magnitude(self) -> f64 {
        if self.low > 0.0 {
            self.low
        } else if self.high < 0.0 {
            -self.high
        } else {
            0.0
        }
    }

    fn sub(self, other: Self) -> Self {
        Self { low: (self.low - other.high).next_down(), high: (self.high - other.low).next_up() }
    }

    fn mul(self, other: Self) -> Self {
        let products = [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        let low = products.iter().copied().fold(f64::INFINITY, f64::min);
        let high = products.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { low: low.next_down(), high: high.next_up() }
    }

    /// Division by an interval that does not contain 0.
    fn div(self, other: Self) -> Self {
        let quotients = [self.low / other.low, self.low / other.high, self.high / other.low, self.high / other.high];
        let low = quotients.iter().copied().fold(f64::INFINITY, f64::min);
        let high = quotients.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self { low: low.next_down(), high: high.next_up() }
    }
}

/// Encloses the kernel vector of a k-1 x k matrix, scaled so that its last entry is 1, by Gaussian elimination with
/// row pivoting. `None` if a pivot may be zero, or `pace` says stop. Row-major `matrix`, consumed as room
/// to work in. Cost O(k^3).
pub fn kernel(matrix: &mut [Interval], k: usize, pace: &mut Pace<'_>) -> Option<Vec<Interval>> {
    /// Multiplications of floats that a step on an interval takes as long as, roughly.
    const WORK: usize = 8;
    let rows = k.checked_sub(1)?;
    debug_assert_eq!(matrix.len(), rows * k);
    for column in 0..rows {
        let pivot_row = (column..rows)
            .max_by(|&a, &b| matrix[a * k + column].magnitude().total_cmp(&matrix[b * k + column].magnitude()))?;
        if matrix[pivot_row * k + column].sign() == 0 {
            return None;
        }
        if pivot_row != column {
            for c in column..k {
                matrix.swap(pivot_row * k + c, column * k + c);
            }
        }
        for r in column + 1..rows {
            if pace.spend(k * WORK) {
                return None;
            }
            let entry = matrix[r * k + column];
            if entry.low == 0.0 && entry.high == 0.0 {
                continue;
            }
            let factor = entry.div(matrix[column * k + column]);
            for c in column + 1..k {
                matrix[r * k + c] = matrix[r * k + c].sub(factor.mul(matrix[column * k + c]));
            }
        }
    }
    let mut vector = vec![Interval::around(1.0, true); k];
    for r in (0..rows).rev() {
        let mut sum = Interval::around(0.0, true);
        for c in r + 1..k {
            sum = sum.sub(matrix[r * k + c].mul(vector[c]));
        }
        vector[r] = sum.div(matrix[r * k + r]);
    }
    vector.iter().all(|v| v.low.is_finite() && v.high.is_finite()).then_some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encloses_a_known_kernel_vector() {
        // x + 2y - 5z = 0 and 3x - y - z = 0 have the solution (1, 2, 1).
        let entries = [1.0, 2.0, -5.0, 3.0, -1.0, -1.0];
        let mut matrix: Vec<Interval> = entries.iter().map(|&v| Interval::around(v, true)).collect();
        let vector = kernel(&mut matrix, 3, &mut Pace::new(&mut || false)).expect("well conditioned");
        for (interval, truth) in vector.iter().zip([1.0, 2.0, 1.0]) {
            assert!(interval.low <= truth && truth <= interval.high && interval.high - interval.low < 1e-12);
        }
    }

    #[test]
    fn a_singular_matrix_is_refused() {
        let entries = [1.0, 2.0, 3.0, 2.0, 4.0, 6.0];
        let mut matrix: Vec<Interval> = entries.iter().map(|&v| Interval::around(v, true)).collect();
        assert!(kernel(&mut matrix, 3, &mut Pace::new(&mut || false)).is_none());
    }
}

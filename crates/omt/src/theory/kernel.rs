//! The kernel of a small integer matrix by fraction-free Gauss-Jordan elimination (reference 2 of the module).

use bdnn::Stop;
use dashu::integer::IBig;

/// Integers that say when they overflow.
pub(super) trait Integer: Clone {
    /// a * b - c * d, or `None` on overflow.
    fn cross(a: &Self, b: &Self, c: &Self, d: &Self) -> Option<Self>;
    /// self / divisor, known to be exact.
    fn divide(&self, divisor: &Self) -> Self;
    /// -1, 0 or 1.
    fn sign(&self) -> i32;
    fn negate(&self) -> Self;
    fn one() -> Self;
    fn zero() -> Self;
}

impl Integer for i128 {
    fn cross(a: &Self, b: &Self, c: &Self, d: &Self) -> Option<Self> {
        a.checked_mul(*b)?.checked_sub(c.checked_mul(*d)?)
    }

    fn divide(&self, divisor: &Self) -> Self {
        self / divisor
    }

    fn sign(&self) -> i32 {
        match self.signum() {
            1 => 1,
            -1 => -1,
            _ => 0,
        }
    }

    fn negate(&self) -> Self {
        -self
    }

    fn one() -> Self {
        1
    }

    fn zero() -> Self {
        0
    }
}

impl Integer for IBig {
    fn cross(a: &Self, b: &Self, c: &Self, d: &Self) -> Option<Self> {
        Some(a * b - c * d)
    }

    fn divide(&self, divisor: &Self) -> Self {
        self / divisor
    }

    fn sign(&self) -> i32 {
        if *self == IBig::ZERO {
            0
        } else if *self > IBig::ZERO {
            1
        } else {
            -1
        }
    }

    fn negate(&self) -> Self {
        -self
    }

    fn one() -> Self {
        IBig::ONE
    }

    fn zero() -> Self {
        IBig::ZERO
    }
}

/// What is known of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kernel<T> {
    /// Nothing but 0.
    Trivial,
    /// The multiples of this vector, whose sign is arbitrary.
    Line(Vec<T>),
    /// Of dimension two or more.
    Wide,
    /// The numbers were too small for it.
    Overflow,
    /// It was told to stop.
    Stopped,
}

impl<T> Kernel<T> {
    /// The vector of a line.
    pub(super) fn line(self) -> Option<Vec<T>> {
        if let Self::Line(vector) = self { Some(vector) } else { None }
    }
}

/// The kernel of `matrix` (rows of equal length k). Cost O(rows * k^2) multiplications; `stop` is asked at every row of
/// long matrices.
pub(super) fn kernel<T: Integer>(mut matrix: Vec<Vec<T>>, k: usize, stop: &Stop<'_>) -> Kernel<T> {
    /// Entries of a small matrix, which is done in no time.
    const SMALL: usize = 512;
    let asks = matrix.len() * k > SMALL;
    let mut pivot_of_row = Vec::with_capacity(k);
    let mut free = None;
    let mut previous = T::one();
    for column in 0..k {
        let rank = pivot_of_row.len();
        let Some(found) = (rank..matrix.len()).find(|&r| matrix[r][column].sign() != 0) else {
            if free.replace(column).is_some() {
                return Kernel::Wide;
            }
            continue;
        };
        matrix.swap(rank, found);
        let pivot_row = std::mem::take(&mut matrix[rank]);
        let pivot = &pivot_row[column];
        for (r, row) in matrix.iter_mut().enumerate() {
            if r == rank {
                continue;
            }
            if asks && stop() {
                return Kernel::Stopped;
            }
            let factor = row[column].clone();
            for c in 0..k {
                let Some(cross) = T::cross(pivot, &row[c], &factor, &pivot_row[c]) else { return Kernel::Overflow };
                row[c] = cross.divide(&previous);
            }
        }
        previous = pivot.clone();
        matrix[rank] = pivot_row;
        pivot_of_row.push(column);
    }
    // Every pivot row now has `previous` at its pivot column.
    let Some(free) = free else { return Kernel::Trivial };
    let mut vector = vec![T::zero(); k];
    vector[free] = previous;
    for (row, &column) in matrix.iter().zip(&pivot_of_row) {
        vector[column] = row[free].negate();
    }
    Kernel::Line(vector)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::budget::never;

    #[test]
    fn a_kernel_vector_annihilates_the_matrix() {
        let matrix: Vec<Vec<i128>> = vec![vec![2, -3, 5, 1], vec![0, 7, 1, -2], vec![4, 1, 1, 9]];
        let vector = kernel(matrix.clone(), 4, &never).line().expect("three independent rows in four columns");
        for row in &matrix {
            assert_eq!(row.iter().zip(&vector).map(|(a, b)| a * b).sum::<i128>(), 0);
        }
        assert!(vector.iter().any(|&v| v != 0));
    }

    #[test]
    fn rank_deficient_by_two_and_full_rank_have_no_single_kernel_vector() {
        assert_eq!(kernel(vec![vec![1_i128, 2, 3], vec![2, 4, 6]], 3, &never), Kernel::Wide);
        assert_eq!(kernel(vec![vec![1_i128, 2], vec![3, 4]], 2, &never), Kernel::Trivial);
    }

    #[test]
    fn overflow_is_noticed() {
        let huge = i128::MAX / 2;
        assert_eq!(kernel(vec![vec![huge, 3, 1], vec![5, huge, 1]], 3, &never), Kernel::Overflow);
    }
}

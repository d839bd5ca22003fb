//! The kernel of a matrix of whole numbers by fraction-free Gauss-Jordan elimination.
//!
//! Entry point: [`kernel`]. Every entry that comes up is a minor of the matrix, so divisions leave no remainder and numbers
//! grow no longer than a determinant. In `i128` while that lasts ([`Kernel::Overflow`] says when it does not), in big
//! integers without end.
//!
//! Reference: E. H. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, Math. Comp. 22
//! (1968).

use budget::Pace;
use dashu::base::Sign;
use dashu::integer::IBig;

/// Whole numbers that say when they overflow.
pub trait Whole: Clone {
    /// Multiplications of floats that one step takes as long as, roughly.
    const WORK: usize;
    /// 1.
    fn one() -> Self;
    /// 0.
    fn zero() -> Self;
    /// -1, 0 or 1.
    fn sign(&self) -> i32;
    /// The negative.
    #[must_use]
    fn negated(&self) -> Self;
    /// What divisions by a number are prepared with.
    type Divisor;
    /// This number, not 0, as a divisor.
    fn divisor(&self) -> Self::Divisor;
    /// (a b - c d) / e, a division without remainder; `None` on overflow.
    fn cross(a: &Self, b: &Self, c: &Self, d: &Self, e: &Self::Divisor) -> Option<Self>;
}

/// A divisor of words that leaves no remainder: an odd number has an inverse modulo 2^128, which turns division into one product.
///
/// Reference: T. Jebelean, An algorithm for exact division, Journal of Symbolic Computation 15 (1993).
#[derive(Clone, Copy, Debug)]
pub struct ExactDivisor {
    twos: u32,
    inverse: i128,
}

impl ExactDivisor {
    fn new(divisor: i128) -> Self {
        let twos = divisor.trailing_zeros();
        let odd = divisor >> twos;
        // Every odd number is its own inverse modulo 8; each step of Newton's method doubles the bits that are right.
        let inverse =
            (0..6).fold(odd, |inverse: i128, _| inverse.wrapping_mul(2_i128.wrapping_sub(odd.wrapping_mul(inverse))));
        Self { twos, inverse }
    }

    /// The quotient of a multiple.
    fn quotient(self, multiple: i128) -> i128 {
        (multiple >> self.twos).wrapping_mul(self.inverse)
    }
}

/// a b: of half a word each in one instruction.
fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

impl Whole for i128 {
    const WORK: usize = 16;

    fn one() -> Self {
        1
    }

    fn zero() -> Self {
        0
    }

    #[allow(clippy::cast_possible_truncation)]
    fn sign(&self) -> i32 {
        self.signum() as i32
    }

    fn negated(&self) -> Self {
        -self
    }

    type Divisor = ExactDivisor;

    fn divisor(&self) -> ExactDivisor {
        ExactDivisor::new(*self)
    }

    fn cross(a: &Self, b: &Self, c: &Self, d: &Self, e: &ExactDivisor) -> Option<Self> {
        let difference = product(*a, *b)?.checked_sub(product(*c, *d)?)?;
        // The least of all words has no negative.
        (difference != i128::MIN).then(|| e.quotient(difference))
    }
}

impl Whole for IBig {
    const WORK: usize = 1024;

    fn one() -> Self {
        Self::ONE
    }

    fn zero() -> Self {
        Self::ZERO
    }

    fn sign(&self) -> i32 {
        match Self::sign(self) {
            _ if self.is_zero() => 0,
            Sign::Positive => 1,
            Sign::Negative => -1,
        }
    }

    fn negated(&self) -> Self {
        -self
    }

    type Divisor = Self;

    fn divisor(&self) -> Self {
        self.clone()
    }

    fn cross(a: &Self, b: &Self, c: &Self, d: &Self, e: &Self) -> Option<Self> {
        Some((a * b - c * d) / e)
    }
}

/// What is known of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kernel<T> {
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
    #[must_use]
    pub fn line(self) -> Option<Vec<T>> {
        if let Self::Line(vector) = self { Some(vector) } else { None }
    }
}

/// The kernel of `matrix`, all x with A x = 0: `rows * width` entries, row by row, consumed as room to work in. Exact, or [`Kernel::Overflow`].
/// Cost O(rows * width^2) steps; `pace` counts them, and ends it as [`Kernel::Stopped`]. Source: Bareiss, Math. Comp. 22, 1968.
pub fn kernel<T: Whole>(mut matrix: Vec<T>, width: usize, pace: &mut Pace<'_>) -> Kernel<T> {
    let height = matrix.len() / width.max(1);
    let mut pivots = Vec::with_capacity(width);
    let mut free = None;
    // What every pivot row has at its pivot column.
    let mut diagonal = T::one();
    for column in 0..width {
        let rank = pivots.len();
        let Some(found) = (rank..height).find(|&r| matrix[r * width + column].sign() != 0) else {
            if free.replace(column).is_some() {
                return Kernel::Wide;
            }
            continue;
        };
        if found != rank {
            (0..width).for_each(|c| matrix.swap(rank * width + c, found * width + c));
        }
        let (above, rest) = matrix.split_at_mut(rank * width);
        let (pivot_row, below) = rest.split_at_mut(width);
        let pivot = &pivot_row[column];
        let divisor = diagonal.divisor();
        for row in above.chunks_exact_mut(width).chain(below.chunks_exact_mut(width)) {
            if pace.spend(width * T::WORK) {
                return Kernel::Stopped;
            }
            // Of the columns before this one, those with pivots need nothing but their diagonal.
            for c in free.into_iter().chain(column + 1..width) {
                let Some(value) = T::cross(pivot, &row[c], &row[column], &pivot_row[c], &divisor) else {
                    return Kernel::Overflow;
                };
                row[c] = value;
            }
        }
        diagonal = pivot.clone();
        pivots.push(column);
    }
    let Some(free) = free else { return Kernel::Trivial };
    let mut vector = vec![T::zero(); width];
    for (row, &column) in matrix.chunks_exact(width).zip(&pivots) {
        vector[column] = row[free].negated();
    }
    vector[free] = diagonal;
    Kernel::Line(vector)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kernel_of<T: Whole>(matrix: &[T], width: usize) -> Kernel<T> {
        kernel(matrix.to_vec(), width, &mut Pace::new(&mut || false))
    }

    #[test]
    fn a_kernel_vector_annihilates_the_matrix() {
        let matrix: [i128; 12] = [2, -3, 5, 1, 0, 7, 1, -2, 4, 1, 1, 9];
        let vector = kernel_of(&matrix, 4).line().expect("three independent rows in four columns");
        for row in matrix.chunks_exact(4) {
            assert_eq!(row.iter().zip(&vector).map(|(a, b)| a * b).sum::<i128>(), 0);
        }
        assert!(vector.iter().any(|&v| v != 0));
    }

    #[test]
    fn rank_deficient_by_two_and_full_rank_have_no_single_kernel_vector() {
        assert_eq!(kernel_of(&[1_i128, 2, 3, 2, 4, 6], 3), Kernel::Wide);
        assert_eq!(kernel_of(&[1_i128, 2, 3, 4], 2), Kernel::Trivial);
        assert_eq!(kernel_of::<i128>(&[], 0), Kernel::Trivial);
        assert_eq!(kernel_of::<i128>(&[], 1), Kernel::Line(vec![1]));
    }

    #[test]
    fn overflow_is_noticed() {
        let huge = i128::MAX / 2;
        assert_eq!(kernel_of(&[huge, 3, 1, 5, huge, 1], 3), Kernel::Overflow);
        let half = 1_i128 << 63;
        assert_eq!(i128::cross(&half, &-half, &half, &half, &(-1).divisor()), None);
    }

    #[test]
    fn a_wish_to_stop_is_heard() {
        let matrix: Vec<IBig> = (0..60_u32 * 61).map(|i| IBig::from(i * i % 101)).collect();
        assert_eq!(kernel(matrix, 61, &mut Pace::new(&mut || true)), Kernel::Stopped);
    }

    proptest! {
        #[test]
        fn multiples_are_divided_exactly(divisor in any::<i64>(), twos in 0_u32..60, quotient in any::<i64>()) {
            let divisor = i128::from(divisor) << (twos / 2);
            prop_assume!(divisor != 0);
            let quotient = i128::from(quotient) >> (twos / 2);
            prop_assert_eq!(ExactDivisor::new(divisor).quotient(divisor * quotient), quotient);
        }

        /// Words and big integers agree, and a line is one: it is annihilated, and its rank is what the kernel says.
        #[test]
        fn words_and_big_integers_agree(
            width in 1_usize..6,
            entries in prop_oneof![
                prop::collection::vec(-3_i128..=3, 0..30),
                prop::collection::vec(-3000_i128..=3000, 0..30),
            ],
        ) {
            let height = entries.len() / width;
            let matrix = &entries[..height * width];
            let big: Vec<IBig> = matrix.iter().map(|&v| IBig::from(v)).collect();
            let (small, big) = (kernel_of(matrix, width), kernel_of(&big, width));
            match (small, big) {
                (Kernel::Line(small), Kernel::Line(big)) => {
                    for row in matrix.chunks_exact(width) {
                        prop_assert_eq!(row.iter().zip(&small).map(|(a, b)| a * b).sum::<i128>(), 0);
                    }
                    prop_assert!(small.iter().any(|&v| v != 0));
                    prop_assert_eq!(small.into_iter().map(IBig::from).collect::<Vec<_>>(), big);
                }
                (Kernel::Trivial, Kernel::Trivial) => prop_assert!(height >= width),
                (Kernel::Wide, Kernel::Wide) => {}
                (small, big) => prop_assert!(false, "{:?} and {:?}", small, big),
            }
        }
    }
}

//! Inverses in floats, and what they prove with a bound on their error.
//!
//! With an approximate inverse R of A and an approximate solution l of A l = e: if alpha = |I - R A| < 1 then A is regular,
//! and |l - A^-1 e| <= |R| |e - A l| / (1 - alpha), in the maximum norm (Rump, Acta Numerica 19, 2010, section 10). The
//! rounding of the sums (Higham, Accuracy and Stability, 2002, section 3.1) and of the entries is added at each step.

use crate::tolerances::SINGULAR;
use budget::Pace;

/// Whether a square matrix A is regular and the solution of A x = (0, ..., 0, 1) positive throughout, beyond doubt.
/// `columns` are those of A, each entry within `off` of the exact one. `false` says that floats cannot tell, or that there
/// was no time. Cost O(size^3).
pub fn surely_positive(columns: &[f64], size: usize, off: f64, pace: &mut Pace<'_>) -> bool {
    if size == 0 {
        return false;
    }
    let Some(inverse) = invert(columns, size, pace) else { return false };
    let multipliers: Vec<f64> = inverse.chunks_exact(size).map(|row| row[size - 1]).collect();
    let least = multipliers.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = columns.iter().fold(1.0_f64, |most, a| most.max(a.abs()));
    #[allow(clippy::cast_precision_loss)]
    // For every unit of the other factor: twice what size + 2 roundings of a sum can do, and the entries' own.
    let doubt = 2.0 * (size as f64 + 2.0) * f64::EPSILON * largest + 2.0 * off;
    let (mut alpha, mut norm) = (0.0_f64, 0.0_f64);
    for (r, row) in inverse.chunks_exact(size).enumerate() {
        if pace.spend(size * size) {
            return false;
        }
        let sum: f64 = row.iter().map(|v| v.abs()).sum();
        let miss = columns.chunks_exact(size).enumerate().map(|(c, column)| {
            let product: f64 = row.iter().zip(column).map(|(a, b)| a * b).sum();
            (product - f64::from(u8::from(r == c))).abs() + doubt * sum
        });
        alpha = alpha.max(miss.sum());
        norm = norm.max(sum);
    }
    let mut residual = vec![0.0; size];
    residual[size - 1] = 1.0;
    for (column, multiplier) in columns.chunks_exact(size).zip(&multipliers) {
        residual.iter_mut().zip(column).for_each(|(s, a)| *s -= a * multiplier);
    }
    let total: f64 = multipliers.iter().map(|l| l.abs()).sum();
    let residual = residual.iter().fold(0.0_f64, |most, s| most.max(s.abs())) + doubt * (total + 1.0);
    // The factor 4 stands for 1 / (1 - alpha) <= 2 and for the roundings of the norms and of this line.
    alpha < 0.5 && least > 4.0 * norm * residual
}

/// The inverse (row-major) of a k x k matrix given column by column, by Gauss-Jordan elimination with row pivoting; `None`
/// if it is singular as far as floats can tell, or if `pace` says stop. Cost 2 k^3.
pub fn invert(columns: &[f64], k: usize, pace: &mut Pace<'_>) -> Option<Vec<f64>> {
    // [A | I], row-major.
    let width = 2 * k;
    let mut work = vec![0.0; k * width];
    for (c, column) in columns.chunks_exact(k.max(1)).enumerate() {
        column.iter().enumerate().for_each(|(r, &a)| work[r * width + c] = a);
        work[c * width + k + c] = 1.0;
    }
    for c in 0..k {
        if pace.spend(k * (width - c)) {
            return None;
        }
        let row = (c..k).max_by(|&a, &b| work[a * width + c].abs().total_cmp(&work[b * width + c].abs()))?;
        if work[row * width + c].abs() < SINGULAR {
            return None;
        }
        // Right of the diagonal of I nothing has happened yet but in the rows exchanged.
        for j in c..width {
            work.swap(row * width + j, c * width + j);
        }
        let scale = 1.0 / work[c * width + c];
        let (above, rest) = work.split_at_mut(c * width);
        let (pivot, below) = rest.split_at_mut(width);
        pivot[c..].iter_mut().for_each(|v| *v *= scale);
        for other in above.chunks_exact_mut(width).chain(below.chunks_exact_mut(width)) {
            let factor = other[c];
            if factor != 0.0 {
                other[c..].iter_mut().zip(&pivot[c..]).for_each(|(v, p)| *v -= factor * p);
            }
        }
    }
    Some(work.chunks_exact(width.max(1)).flat_map(|row| row[k..].iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positive(columns: &[f64], size: usize, off: f64) -> bool {
        surely_positive(columns, size, off, &mut Pace::new(&mut || false))
    }

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        // Columns (2, 1) and (1, 3).
        let inverse = invert(&[2.0, 1.0, 1.0, 3.0], 2, &mut Pace::new(&mut || false)).expect("regular");
        for (value, truth) in inverse.iter().zip([0.6, -0.2, -0.2, 0.4]) {
            assert!((value - truth).abs() < 1e-15);
        }
        assert!(invert(&[1.0, 2.0, 2.0, 4.0], 2, &mut Pace::new(&mut || false)).is_none());
    }

    #[test]
    fn a_wish_to_stop_is_heard() {
        let size = 128;
        let identity: Vec<f64> = (0..size * size).map(|i| f64::from(u8::from(i % (size + 1) == 0))).collect();
        assert!(invert(&identity, size, &mut Pace::new(&mut || true)).is_none());
        assert_eq!(invert(&identity, size, &mut Pace::new(&mut || false)), Some(identity));
    }

    #[test]
    fn positive_only_beyond_doubt() {
        // x - y = 0, x + y = 1: both a half; with -x - y = 0 in place of the first, no more.
        assert!(positive(&[1.0, 1.0, -1.0, 1.0], 2, 0.0));
        assert!(!positive(&[-1.0, 1.0, -2.0, 1.0], 2, 0.0));
        // Entries that may be off by as much as the solution leave it open.
        assert!(positive(&[1.0, 1.0, -1.0, 1.0], 2, 1e-3));
        assert!(!positive(&[1.0, 1.0, -1.0, 1.0], 2, 0.5));
        // Singular, and a solution with a zero.
        assert!(!positive(&[1.0, 1.0, 1.0, 1.0], 2, 0.0));
        assert!(!positive(&[1.0, 0.0, 0.0, 1.0], 2, 0.0));
    }
}

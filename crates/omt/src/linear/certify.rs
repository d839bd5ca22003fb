//! Cores proven by floats with error bounds: the cheap way where exact elimination would need big integers.
//!
//! The multipliers of s members solve a linear system of dim rows (and a normalisation). Rows in which all members agree
//! follow from the bias's row, rows of zeros say nothing; if what is left is as many rows as members, the system is
//! square, and floats can vouch for it: its exact matrix A is regular and its exact solution positive.
//!
//! With an approximate inverse R and approximate multipliers l: if alpha = |I - R A| < 1 then A is regular, and
//! |l - A^-1 e| <= |R| |e - A l| / (1 - alpha), in the maximum norm (Rump, Acta Numerica 19, 2010, section 10). The
//! rounding of the sums (Higham, Accuracy and Stability, 2002, section 3.1) and of the coordinates is added at each step.

use super::core::Member;
use super::geometry::Geometry;
use super::kernel::invert;
use super::pace::Pace;

/// Whether the members (distinct points) are a core, each with a positive multiplier, beyond doubt. `false` says that
/// floats cannot tell, or that there was no time. Cost O(s^3).
pub(crate) fn certified(geometry: &Geometry, members: &[Member], pace: &mut Pace<'_>) -> bool {
    let points = || members.iter().map(|member| member.point as usize);
    let rows: Vec<usize> = (0..geometry.dim()).filter(|&r| !geometry.is_redundant(r, points())).collect();
    let size = members.len();
    if rows.len() + 1 != size {
        return false;
    }
    // Column by column: the coordinates with the member's sign, and the normalisation.
    let mut columns = Vec::with_capacity(size * size);
    for member in members {
        let sign = if member.fires { 1.0 } else { -1.0 };
        columns.extend(rows.iter().map(|&r| sign * geometry.at(r, member.point as usize)));
        columns.push(if member.fires { 0.0 } else { 1.0 });
    }
    let Some(inverse) = invert(&columns, size, pace) else { return false };
    let multipliers: Vec<f64> = inverse.chunks_exact(size).map(|row| row[size - 1]).collect();
    let least = multipliers.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = columns.iter().fold(1.0_f64, |most, a| most.max(a.abs()));
    let off = rows.iter().map(|&r| geometry.rounding(r)).fold(0.0, f64::max);
    // For every unit of the other factor: twice what size + 2 roundings of a sum can do, and the coordinates' own.
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

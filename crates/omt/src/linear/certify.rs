//! Cores proven by floats with error bounds: the cheap way where exact elimination would need big integers.
//!
//! The multipliers of s members solve a linear system of dim rows (and a normalisation). Rows in which all members agree
//! follow from the bias's row, rows of zeros say nothing; if what is left is as many rows as members, the system is
//! square, and floats can vouch for it ([`surely_positive`]).

use super::core::Member;
use super::geometry::Geometry;
use budget::Pace;
use numerics::inverse::surely_positive;

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
    let off = rows.iter().map(|&r| geometry.rounding(r)).fold(0.0, f64::max);
    surely_positive(&columns, size, off, pace)
}

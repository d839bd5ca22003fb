//! Which bound takes the place of each variable of a row, for a point: the nearer one, and for continuous columns the row that ties them to an
//! integer one where that is nearer still.
//!
//! A column `x <= u y` is `u y` less the distance from that bound, which is the logical of the row: to put it in means to add the row.
//!
//! Reference: Marchand, Wolsey, *Aggregation and mixed integer rounding to solve MIPs*, Operations Research 49 (2001), section 3.

use super::equation::Equation;
use super::system::System;
use crate::bounds::Side;

/// The row that bounds continuous column j, of those that `is_used` leaves, nearest to the point, with the distance.
fn nearest_row(system: &System<'_>, j: usize, is_used: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
    let mut rows = system.variable_bounds[j].iter().map(|&(i, distance)| (i as usize, distance));
    rows.find(|&(i, _)| !is_used(i))
}

/// How far continuous column j is from its bounds, those by rows included.
pub(crate) fn slack(system: &System<'_>, j: usize) -> f64 {
    let own = [Side::Lower, Side::Upper].map(|side| system.distance(j, side));
    let by_row = nearest_row(system, j, |_| false).map_or(f64::INFINITY, |(_, distance)| distance);
    own[0].min(own[1]).min(by_row)
}

/// Adds rows to the equation for the continuous columns that are nearer to such a bound than to one of their own.
pub(crate) fn by_rows(system: &System<'_>, equation: &mut Equation) {
    let columns: Vec<usize> = equation.terms().map(|(variable, _)| variable).collect();
    for j in columns.into_iter().filter(|&j| j < system.n && !system.integer[j]) {
        let is_used = |i: usize| !equation.value(system.n + i).is_zero();
        let Some((i, distance)) = nearest_row(system, j, is_used) else { continue };
        let own = system.distance(j, Side::Lower).min(system.distance(j, Side::Upper));
        if distance <= own && !equation.value(j).is_zero() {
            equation.eliminate(system, j, i);
        }
    }
}

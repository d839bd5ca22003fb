//! Gomory mixed-integer cuts: the rounding of the tableau rows of integer columns whose values are not whole.
//!
//! The multipliers of the tableau row are floats like others; the row they combine to is what counts, and it is computed anew.
//!
//! Reference: Gomory, *An algorithm for the mixed integer problem*, RAND RM-2597 (1960); Cook, Dash, Fukasawa, Goycoolea (2009).

use super::cut::Family;
use super::equation::Equation;
use super::pool::Pool;
use super::rounding::{from_bounds, round};
use super::system::System;
use crate::Budget;
use crate::bounds::Side;
use crate::relaxation::Relaxation;
use crate::simplex::VarStatus;
use crate::tolerances::{CUT_FRACTION, CUT_MULTIPLIER};

/// Separates from the tableau rows of at most `most` columns, those nearest to a half first.
pub(crate) fn separate(
    system: &System<'_>,
    relaxation: &mut Relaxation<'_>,
    pool: &mut Pool,
    most: usize,
    budget: &Budget,
) {
    let mut positions: Vec<(f64, usize)> = Vec::new();
    for (position, &variable) in relaxation.simplex().basic_variables().iter().enumerate() {
        let distance = (system.x[variable] - system.x[variable].round()).abs();
        if variable < system.n && system.integer[variable] && distance >= CUT_FRACTION {
            positions.push((distance, position));
        }
    }
    positions.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut equation, mut scratch) = (Equation::new(system.n + system.m), Equation::new(system.n + system.m));
    let mut terms = Vec::new();
    for (_, position) in positions.into_iter().take(most) {
        let tableau = relaxation.tableau_row(position);
        let columns = tableau.terms.iter().filter(|(variable, _)| *variable < system.n).count();
        if columns > pool.longest() {
            continue;
        }
        let rest = |variable: usize| match relaxation.simplex().var_status(variable) {
            VarStatus::Lower => Side::Lower,
            VarStatus::Upper => Side::Upper,
            VarStatus::Basic | VarStatus::Zero => system.nearer(variable).unwrap_or(Side::Lower),
        };
        let largest = tableau.multipliers.iter().fold(0.0_f64, |top, (_, u)| top.max(u.abs()));
        equation.clear();
        for &(i, u) in tableau.multipliers.iter().filter(|(_, u)| u.abs() > CUT_MULTIPLIER * largest) {
            equation.add_row(system, i, system.multiplier(i, -u));
            if budget.spend(4 * std::mem::take(&mut equation.work)) {
                return;
            }
        }
        let right = from_bounds(system, &equation, rest, &mut terms);
        if let Some(cut) = right.and_then(|right| round(system, &terms, right, 1.0, &mut scratch)) {
            pool.offer(system, cut, Family::Gomory);
        }
        let work = tableau.terms.len() + equation.work + scratch.work;
        (equation.work, scratch.work) = (0, 0);
        if budget.spend(4 * work) {
            return;
        }
    }
}

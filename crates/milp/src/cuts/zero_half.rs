//! Zero-half cuts: half the sum of whole rows, rounded down.
//!
//! A sum of rows over whole columns whose right side is odd is cut by half of the slacks and of the columns with odd coefficients less one half: if
//! that is little at the point, the cut is violated. Elimination modulo 2 looks for such sums: columns far from their bounds leave first,
//! each by the row of least slack that it appears in. Rounding ([`super::rounding`]) with the divisor 2 derives the cut.
//!
//! References: Caprara, Fischetti, *{0,1/2}-Chvátal-Gomory cuts*, Math. Programming 74 (1996); Koster, Zymolka, Kutschka, *Algorithms to separate
//! {0,1/2}-Chvátal-Gomory cuts*, Algorithmica 55 (2009).

use super::cut::Family;
use super::equation::Equation;
use super::pool::Pool;
use super::rounding::{from_bounds, round};
use super::system::System;
use crate::Budget;
use crate::bounds::Side;
use crate::tolerances::CUT_SLACK;

/// A sum of rows modulo 2.
#[derive(Clone, Debug)]
struct Sum {
    /// The rows in it, and the columns with odd coefficients that are not at a bound, ascending.
    rows: Vec<u32>,
    odd: Vec<u32>,
    is_odd: bool,
    slack: f64,
}

/// Separates from at most `most` sums; elimination ends with the work allowed.
pub(crate) fn separate(system: &System<'_>, pool: &mut Pool, most: usize, allowed: usize, budget: &Budget) {
    let mut sums: Vec<Sum> = (0..system.m).filter_map(|i| parity(system, i)).collect();
    let away = |j: usize| system.distance(j, Side::Lower).min(system.distance(j, Side::Upper));
    let mut columns: Vec<u32> = sums.iter().flat_map(|sum| sum.odd.iter().copied()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.sort_by(|&a, &b| away(b as usize).total_cmp(&away(a as usize)).then(a.cmp(&b)));
    let (mut kept, mut spent): (Vec<Sum>, usize) = (Vec::new(), 0);
    for column in columns {
        if spent > allowed {
            break;
        }
        let has = |sum: &Sum| sum.odd.binary_search(&column).is_ok();
        let pivot = (0..sums.len()).filter(|&k| has(&sums[k]));
        let key = |&k: &usize| (sums[k].slack, sums[k].odd.len());
        let pivot = pivot.min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
        let mut work = sums.len();
        if let Some(pivot) = pivot {
            let pivot = sums.swap_remove(pivot);
            for sum in sums.iter_mut().filter(|sum| has(sum)) {
                sum.add(&pivot);
                let entries = sum.odd.len() + sum.rows.len();
                work += entries;
                if budget.spend(4 * entries) {
                    return;
                }
            }
            sums.retain(|sum| sum.slack < 1.0 && (sum.is_odd || !sum.odd.is_empty()));
            kept.push(pivot);
        }
        spent += work;
        if budget.spend(4 * sums.len()) {
            return;
        }
    }
    sums.extend(kept);
    let excess = |sum: &Sum| sum.slack + sum.odd.iter().map(|&j| away(j as usize)).sum::<f64>();
    let mut promising: Vec<(f64, Sum)> = sums.into_iter().map(|sum| (excess(&sum), sum)).collect();
    promising.retain(|(excess, sum)| sum.is_odd && *excess < 1.0 - CUT_SLACK);
    promising.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.rows.cmp(&b.1.rows)));
    derive(system, pool, promising.into_iter().take(most).map(|(_, sum)| sum), budget);
}

/// Rounds half of each sum.
fn derive(system: &System<'_>, pool: &mut Pool, sums: impl Iterator<Item = Sum>, budget: &Budget) {
    let (mut equation, mut scratch) = (Equation::new(system.n + system.m), Equation::new(system.n + system.m));
    let mut terms = Vec::new();
    for sum in sums {
        equation.clear();
        for &i in &sum.rows {
            let i = i as usize;
            // So that the slack has a positive coefficient, which rounding takes away.
            let weight = if system.nearer(system.n + i) == Some(Side::Lower) { -1.0 } else { 1.0 };
            equation.add_row(system, i, weight);
            if budget.spend(4 * std::mem::take(&mut equation.work)) {
                return;
            }
        }
        let right =
            from_bounds(system, &equation, |variable| system.nearer(variable).unwrap_or(Side::Lower), &mut terms);
        if let Some(cut) = right.and_then(|right| round(system, &terms, right, 2.0, &mut scratch)) {
            pool.offer(system, cut, Family::ZeroHalf);
        }
        let work = equation.work + scratch.work;
        (equation.work, scratch.work) = (0, 0);
        if budget.spend(4 * work) {
            return;
        }
    }
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.rows = symmetric_difference(&self.rows, &other.rows);
        self.odd = symmetric_difference(&self.odd, &other.odd);
        self.is_odd ^= other.is_odd;
        // A row that is in both leaves; to count its slack all the same only loses cuts.
        self.slack += other.slack;
    }
}

/// A row modulo 2, `None` if it is not whole or too far from its sides.
fn parity(system: &System<'_>, i: usize) -> Option<Sum> {
    let logical = system.n + i;
    let side = system.nearer(logical).filter(|_| system.integer[logical])?;
    let slack = system.distance(logical, side);
    if slack >= 1.0 {
        return None;
    }
    let mut right = system.bound(logical, side).low;
    let mut odd = Vec::new();
    for (j, a) in system.row(i) {
        let side = system.nearer(j)?;
        right -= a * system.bound(j, side).low;
        if a % 2.0 != 0.0 && system.distance(j, side) > CUT_SLACK {
            odd.push(j as u32);
        }
    }
    odd.sort_unstable();
    Some(Sum { rows: vec![i as u32], odd, is_odd: right % 2.0 != 0.0, slack })
}

/// What is in one of two ascending lists, but not in both.
fn symmetric_difference(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut out, mut k, mut l) = (Vec::with_capacity(a.len() + b.len()), 0, 0);
    while k < a.len() && l < b.len() {
        let (one, other) = (a[k], b[l]);
        if one != other {
            out.push(one.min(other));
        }
        k += usize::from(one <= other);
        l += usize::from(other <= one);
    }
    out.extend_from_slice(&a[k..]);
    out.extend_from_slice(&b[l..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_one_list_alone() {
        assert_eq!(symmetric_difference(&[1, 3, 5], &[2, 3, 6, 7]), [1, 2, 5, 6, 7]);
        assert_eq!(symmetric_difference(&[], &[2]), [2]);
        assert!(symmetric_difference(&[4, 9], &[4, 9]).is_empty());
    }
}

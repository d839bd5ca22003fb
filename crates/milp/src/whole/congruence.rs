//! What rows say modulo one, for the nodes of a search: a [`Congruence`] is a combination of rows that is whole at some of
//! its columns, so that the rest of it may not take every value: `- 2 x + y + 2 z = 0` says that `y / 2` is whole.
//!
//! Entry point: [`congruences`]. Only rows count whose sides are close enough for whole numbers to lie beyond both; what they
//! leave for the rest, propagation says at each node ([`Congruence::leaves`]). Two kinds are worth it: rows and systems of
//! equations in columns of so many values that branching on those never ends, and equations all of whose coefficients but a
//! few have a small divisor in common, which branching finds out only after all of their columns are fixed.
//!
//! Reference: Schrijver, *Theory of Linear and Integer Programming* (1986), section 4.1: together with the equations
//! themselves these congruences say all that follows from columns without bounds being whole.

use std::collections::BTreeMap;

use dashu::integer::IBig;
use dashu::rational::RBig;
use numerics::whole::gcd_of_words;

use super::{Multipliers, system};
use crate::Budget;
use crate::bounds::{Congruence, Domain};
use crate::model::{Datum, Model, Row, RowId, VarId, VarKind};
use crate::number::approximately;
use crate::tolerances::{LARGEST_SURE_WHOLE, WIDE_RANGE};

/// Divisors that are looked for where all columns have few values: the first primes. What a row says modulo a larger one, columns of few
/// values hardly ever contradict.
const DIVISORS: [u64; 4] = [2, 3, 5, 7];

/// The congruences of a model in a box, as far as the budget allows, and `work` entries visited for each non-zero and row. Cost O(non-zeros) where there are none.
pub(crate) fn congruences(model: &Model, root: &Domain, work: usize, budget: &Budget) -> Vec<Congruence> {
    let mut found = Vec::new();
    let is_wide: Vec<bool> = model
        .columns_by_id()
        .map(|(j, var)| var.kind == VarKind::Integer && root.upper()[j.index()] - root.lower()[j.index()] > WIDE_RANGE)
        .collect();
    let mut equations = Vec::new();
    for (i, row) in model.rows.iter().enumerate() {
        if !(row.upper - row.lower).is_finite() {
            continue;
        }
        if budget.spend(row.terms.len()) {
            return found;
        }
        let id = RowId(i as u32);
        if row.terms.iter().any(|(var, a)| *a != 0.0 && is_wide[var.index()]) {
            if budget.spend(super::WORK_OF_A_TERM * row.terms.len()) {
                return found;
            }
            let wide = Row {
                terms: row.terms.iter().copied().filter(|(var, _)| is_wide[var.index()]).collect(),
                ..row.clone()
            };
            let Some(whole) = super::WholeRow::new(model, id, &wide) else { continue };
            found.extend(congruence(model, root, &vec![(id.0, RBig::ONE / &whole.unit)], true));
            if row.lower == row.upper {
                equations.push(system::Equation::new(id.0, whole.terms, IBig::ZERO, &whole.unit));
            }
        } else if let Some(divisor) = common_divisor(model, root, row) {
            found.extend(congruence(model, root, &vec![(id.0, RBig::from_parts(1.into(), divisor.into()))], false));
        }
    }
    if equations.len() > 1 {
        let limit = work.saturating_mul(model.num_nonzeros() + model.num_rows());
        let combinations = system::divisible(equations, limit, budget);
        for multipliers in combinations {
            let entries: usize = multipliers.iter().map(|(i, _)| model.rows[*i as usize].terms.len()).sum();
            if budget.spend(super::WORK_OF_A_TERM * entries) {
                return found;
            }
            found.extend(congruence(model, root, &multipliers, true));
        }
    }
    found
}

/// A divisor of the coefficients of a row of whole numbers but for half of them at most, if there is one.
fn common_divisor(model: &Model, root: &Domain, row: &Row) -> Option<u64> {
    let free = || row.terms.iter().filter(|(var, a)| *a != 0.0 && !root.is_fixed(var.index()));
    let whole = |(var, a): &(VarId, f64)| {
        model.variables[var.index()].kind == VarKind::Integer && a.fract() == 0.0 && a.abs() < LARGEST_SURE_WHOLE
    };
    let units = free().filter(|(_, a)| a.abs() == 1.0).count();
    let count = free().count();
    if 2 * units > count || count < 3 || !free().all(whole) {
        return None;
    }
    let size = |(_, a): &(VarId, f64)| a.abs() as u64;
    let others = |divisor: u64| free().map(&size).filter(|a| a % divisor != 0).count();
    let (left, divisor) =
        DIVISORS.into_iter().map(|divisor| (others(divisor), divisor)).filter(|(left, _)| *left > 0).min()?;
    let multiples = free().map(size).filter(|a| a % divisor == 0);
    (2 * left <= count).then(|| multiples.fold(0, |common, a| gcd_of_words(common.into(), a.into()) as u64))
}

/// What a combination of rows says modulo one, if it says anything beyond them.
fn congruence(model: &Model, root: &Domain, multipliers: &Multipliers, wide: bool) -> Option<Congruence> {
    let mut sums: BTreeMap<u32, RBig> = BTreeMap::new();
    let (mut lower, mut upper) = (RBig::ZERO, RBig::ZERO);
    for (i, y) in multipliers {
        let (id, row) = (RowId(*i), &model.rows[*i as usize]);
        for &(var, a) in &row.terms {
            *sums.entry(var.0).or_default() += y * model.decimals.value(Datum::Entry(id, var), a);
        }
        let below = model.decimals.side(Datum::RowLower(id), row.lower)?;
        let above = model.decimals.side(Datum::RowUpper(id), row.upper)?;
        let (least, most) = if *y > RBig::ZERO { (below, above) } else { (above, below) };
        lower += y * least;
        upper += y * most;
    }
    let (mut whole, mut rest) = (Vec::new(), Vec::new());
    for (j, sum) in sums.into_iter().filter(|(_, sum)| !sum.is_zero()) {
        let is_integer = model.variables[j as usize].kind == VarKind::Integer;
        if is_integer && sum.is_int() && !model.is_fixed(VarId(j)) {
            whole.push((j, sum.numerator().clone()));
        } else {
            rest.push((j, sum));
        }
    }
    // Of a continuous column without bounds no node will know more.
    let has_bounds = |j: usize| {
        let is_integer = model.variables[j].kind == VarKind::Integer;
        is_integer || root.lower()[j].is_finite() || root.upper()[j].is_finite()
    };
    let varies =
        rest.iter().any(|(j, _)| !model.is_fixed(VarId(*j))) && rest.iter().all(|(j, _)| has_bounds(*j as usize));
    (varies && !whole.is_empty() && &upper - &lower < RBig::ONE).then(|| Congruence {
        terms: rest.iter().map(|(j, a)| (VarId(*j), approximately(a))).collect(),
        sides: (approximately(&lower), approximately(&upper)),
        size: multipliers.iter().map(|(_, y)| approximately(y).abs()).sum(),
        multipliers: multipliers.clone(),
        whole,
        rest,
        lower,
        upper,
        wide,
    })
}

//! Number theory before the search: what rows of whole columns say beyond their relaxation.
//!
//! Entry point: [`WholeRows::of`]. Where all columns of a row are whole (or fixed), its coefficients are brought to whole
//! numbers without a common divisor; then each side may be rounded: `2 x + 4 y <= 7` is `x + 2 y <= 3`, and
//! `2 x - 4 z = 15` has no point at all, which branching on columns without bounds would never find out. Equations are
//! also looked at together ([`system`]): 41 whole numbers whose doubled sum is odd, whichever rows say so.
//!
//! Everything is exact: numbers are what the model's file says ([`crate::model::Decimals`]). A contradiction is a
//! combination `y` of rows with `y'A` whole and no whole number between the sides of `y'A x`; it is recomputed from the
//! model before it is believed, and a certificate derives it in one line a side ([`crate::proof`]).
//!
//! Some rows say more once columns are fixed at a node: those are made [`congruence`]s for the search to propagate.
//!
//! References: Schrijver, *Theory of Linear and Integer Programming* (1986), section 4.1 (an integer Farkas lemma) and 5.1
//! (Hermite normal form); Pugh, *The Omega test*, Supercomputing 1991, section 2.2 (equations by substitution).

mod congruence;
mod system;

use std::collections::BTreeMap;

use dashu::base::{Gcd, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use numerics::whole::gcd_of_words;

pub(crate) use congruence::congruences;
pub(crate) use system::Multipliers;

use crate::Budget;
use crate::model::{Datum, Model, Row, RowId, VarId, VarKind};
use crate::number::{approximately, lcm};
use crate::tolerances::LARGEST_SURE_WHOLE;

/// Work in rationals that a term of a row takes, in units of [`Budget::spend`].
const WORK_OF_A_TERM: usize = 100;

/// A row over whole columns: `lower <= terms <= upper`, whole coefficients without a common divisor. `unit` times it, plus
/// its fixed columns, is the row of the model.
#[derive(Clone, Debug)]
struct WholeRow {
    terms: BTreeMap<u32, IBig>,
    lower: Option<RBig>,
    upper: Option<RBig>,
    unit: RBig,
    /// What the fixed columns add up to.
    constant: RBig,
}

/// A side that rounding moved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rounded {
    pub row: u32,
    pub is_upper: bool,
    /// The new side, in the units of the model.
    pub side: RBig,
    /// What the row is to be divided by before it is rounded.
    pub unit: RBig,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct WholeRows {
    pub rounded: Vec<Rounded>,
    /// A combination of rows that no whole point satisfies.
    pub contradiction: Option<Multipliers>,
}

impl WholeRows {
    /// Looks at all rows and at the equations together, as far as the budget allows, and `work` entries visited for each non-zero and
    /// row of the model.
    pub fn of(model: &Model, work: usize, budget: &Budget) -> Self {
        let mut out = Self::default();
        let mut equations = Vec::new();
        for (i, row) in model.rows.iter().enumerate() {
            if budget.spend(row.terms.len()) {
                return out;
            }
            let id = RowId(i as u32);
            if row.terms.iter().all(|(var, _)| model.is_fixed(*var)) && !holds(model, id, row) {
                out.contradiction = Some(vec![(id.0, RBig::ONE)]);
                return out;
            }
            if !is_whole(model, row) || row.lower != row.upper && has_nothing_to_round(model, row) {
                continue;
            }
            if budget.spend(WORK_OF_A_TERM * row.terms.len()) {
                return out;
            }
            let Some(whole) = WholeRow::new(model, id, row) else { continue };
            let lower = whole.lower.as_ref().map(|side| RBig::from(side.ceil()));
            let upper = whole.upper.as_ref().map(|side| RBig::from(side.floor()));
            if lower.as_ref().zip(upper.as_ref()).is_some_and(|(lower, upper)| lower > upper) {
                out.contradiction = Some(vec![(i as u32, RBig::ONE / &whole.unit)]);
                return out;
            }
            out.rounded.extend(whole.rounded(i as u32, &lower, &upper));
            // An equation, perhaps only now that its sides are whole.
            if let Some(right) = lower.filter(|right| upper.as_ref() == Some(right)) {
                equations.push(system::Equation::new(i as u32, whole.terms, right.numerator().clone(), &whole.unit));
            }
        }
        let limit = work.saturating_mul(model.num_nonzeros() + model.num_rows());
        let found = system::contradiction(equations, limit, budget);
        out.contradiction = found.filter(|multipliers| contradicts(model, multipliers));
        out
    }

    /// The model with the rounded sides.
    pub fn apply(rounded: &[Rounded], model: &Model) -> Model {
        let mut model = model.clone();
        for Rounded { row, is_upper, side, .. } in rounded {
            let value = approximately(side);
            let at = &mut model.rows[*row as usize];
            *(if *is_upper { &mut at.upper } else { &mut at.lower }) = value;
            let id = RowId(*row);
            let datum = if *is_upper { Datum::RowUpper(id) } else { Datum::RowLower(id) };
            // Also where the side was another with the same float.
            if model.decimals.value(datum, value) != *side {
                model.decimals.record(datum, value, side.clone());
            }
        }
        model
    }
}

/// Whether a row holds whose columns are all fixed.
fn holds(model: &Model, id: RowId, row: &Row) -> bool {
    let value = |&(var, a): &(VarId, f64)| {
        let at = model.variables[var.index()].lower;
        model.decimals.value(Datum::Entry(id, var), a) * model.decimals.value(Datum::Lower(var), at)
    };
    let activity = row.terms.iter().map(value).fold(RBig::ZERO, |sum, term| sum + term);
    model.decimals.side(Datum::RowLower(id), row.lower).is_none_or(|lower| lower <= activity)
        && model.decimals.side(Datum::RowUpper(id), row.upper).is_none_or(|upper| activity <= upper)
}

/// Whether every column of a row is whole or fixed, and some are not fixed.
fn is_whole(model: &Model, row: &Row) -> bool {
    let free = |(var, a): &&(VarId, f64)| *a != 0.0 && !model.is_fixed(*var);
    let mut any = false;
    row.terms.iter().filter(free).all(|(var, _)| {
        any = true;
        model.variables[var.index()].kind == VarKind::Integer
    }) && any
}

/// Whether floats show at a glance that the sides are whole and the coefficients have no common divisor.
fn has_nothing_to_round(model: &Model, row: &Row) -> bool {
    let whole = |value: f64| value.fract() == 0.0 && value.abs() <= LARGEST_SURE_WHOLE;
    let sides = [row.lower, row.upper].into_iter().all(|side| side.is_infinite() || whole(side));
    let mut divisor = 0_u128;
    model.decimals.is_empty_but_offset()
        && sides
        && row.terms.iter().all(|(var, a)| {
            divisor = gcd_of_words((*a as i64).unsigned_abs().into(), divisor);
            whole(*a) && !model.is_fixed(*var)
        })
        && divisor == 1
}

impl WholeRow {
    /// `None` if nothing is left beside fixed columns.
    fn new(model: &Model, id: RowId, row: &Row) -> Option<Self> {
        let mut constant = RBig::ZERO;
        let mut values: BTreeMap<u32, RBig> = BTreeMap::new();
        for &(var, a) in &row.terms {
            let a = model.decimals.value(Datum::Entry(id, var), a);
            if model.is_fixed(var) {
                constant += a * model.decimals.value(Datum::Lower(var), model.variables[var.index()].lower);
            } else {
                *values.entry(var.0).or_default() += a;
            }
        }
        values.retain(|_, a| !a.is_zero());
        let denominator = values.values().fold(UBig::ONE, |common, a| lcm(&common, a.denominator()));
        let numerators = values.values().map(|a| a.numerator().unsigned_abs() * (&denominator / a.denominator()));
        let divisor = numerators.reduce(|a, b| a.gcd(&b))?;
        let unit = RBig::from_parts(divisor.into(), denominator);
        let terms = values.into_iter().map(|(j, a)| (j, (a / &unit).numerator().clone())).collect();
        let side = |side: Option<RBig>| side.map(|side| (side - &constant) / &unit);
        let lower = side(model.decimals.side(Datum::RowLower(id), row.lower));
        let upper = side(model.decimals.side(Datum::RowUpper(id), row.upper));
        Some(Self { terms, lower, upper, unit, constant })
    }

    fn rounded(&self, row: u32, lower: &Option<RBig>, upper: &Option<RBig>) -> Vec<Rounded> {
        let sides = [(false, &self.lower, lower), (true, &self.upper, upper)];
        let moved = sides.into_iter().filter(|(_, old, new)| old != new);
        moved
            .filter_map(|(is_upper, _, new)| {
                let side = new.as_ref()? * &self.unit + &self.constant;
                Some(Rounded { row, is_upper, side, unit: self.unit.clone() })
            })
            .collect()
    }
}

/// Whether a combination of rows, recomputed from the model, has whole coefficients at all columns that are not fixed (which
/// are whole themselves) and no whole number between its sides.
fn contradicts(model: &Model, multipliers: &Multipliers) -> bool {
    let mut sums: BTreeMap<u32, RBig> = BTreeMap::new();
    let (mut lower, mut upper) = (Some(RBig::ZERO), Some(RBig::ZERO));
    for (i, y) in multipliers {
        let (id, row) = (RowId(*i), &model.rows[*i as usize]);
        for &(var, a) in &row.terms {
            *sums.entry(var.0).or_default() += y * model.decimals.value(Datum::Entry(id, var), a);
        }
        let below = model.decimals.side(Datum::RowLower(id), row.lower);
        let above = model.decimals.side(Datum::RowUpper(id), row.upper);
        let (least, most) = if *y > RBig::ZERO { (below, above) } else { (above, below) };
        lower = lower.zip(least).map(|(sum, side)| sum + y * side);
        upper = upper.zip(most).map(|(sum, side)| sum + y * side);
    }
    let mut constant = RBig::ZERO;
    for (j, sum) in sums {
        let var = &model.variables[j as usize];
        if model.is_fixed(VarId(j)) {
            constant += sum * model.decimals.value(Datum::Lower(VarId(j)), var.lower);
        } else if var.kind != VarKind::Integer || !sum.is_int() {
            return false;
        }
    }
    lower.zip(upper).is_some_and(|(lower, upper)| (lower - &constant).ceil() > (upper - &constant).floor())
}

#[cfg(test)]
mod tests;

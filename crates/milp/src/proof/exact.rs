//! The model in exact rationals: every number as its file says it ([`crate::model::Decimals`]).

use std::collections::BTreeSet;

use dashu::base::{Abs, Gcd, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use crate::Budget;
use crate::model::{Datum, Model, Row, RowId, Sense, VarId, VarKind};
use crate::number::lcm;
use crate::tolerances::MOST_STEPS_OF_A_COST;
use numerics::whole::widen;

/// One entry of a row or of the objective: column, coefficient times [`ExactModel::scale`], and that as a float.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub column: u32,
    pub value: IBig,
    pub size: f64,
}

/// A row, entries by column, with its sides (in the units of the model) and their lines in CON.
#[derive(Clone, Debug)]
pub(crate) struct ExactRow {
    pub entries: Vec<Entry>,
    pub lower: Option<RBig>,
    pub upper: Option<RBig>,
    pub lower_line: Option<u64>,
    pub upper_line: Option<u64>,
}

/// Always to be minimised; the constant of the objective is left out.
#[derive(Clone, Debug)]
pub(crate) struct ExactModel {
    pub maximise: bool,
    pub integer: Vec<bool>,
    /// A common denominator of all coefficients and costs.
    pub scale: UBig,
    /// Costs in the minimised sense.
    pub cost: Vec<RBig>,
    pub objective: Vec<Entry>,
    pub lower: Vec<Option<RBig>>,
    pub upper: Vec<Option<RBig>>,
    pub rows: Vec<ExactRow>,
    /// Lines of CON that state bounds, then all lines of CON.
    pub bound_lines: u64,
    pub lines: u64,
    /// Lines of CON that are equations.
    pub equations: BTreeSet<u64>,
    /// Fixed columns with costs: the cost, and the lines of both bounds.
    pub fixed: Vec<(RBig, [u64; 2])>,
    /// What they cost, minimised.
    pub fixed_cost: RBig,
    /// The rest of the objective takes multiples of this at all points with whole integer columns; `None` if there is no such
    /// [`objective_step`].
    pub grid: Option<RBig>,
}

/// Units of [`Budget::spend`] that an exact number takes.
const WORK_OF_A_NUMBER: usize = 20;

impl ExactModel {
    /// As long as the budget lasts.
    pub fn of(model: &Model, budget: &Budget) -> Option<Self> {
        let maximise = model.sense == Sense::Maximise;
        let decimals = &model.decimals;
        let columns = || (0..).map(VarId).zip(&model.variables);
        let rows = || (0..).map(RowId).zip(&model.rows);
        let go_on = |terms: usize| (!budget.spend(WORK_OF_A_NUMBER * (1 + terms))).then_some(());
        let cost = columns().map(|(j, var)| {
            go_on(0)?;
            let cost = decimals.value(Datum::Cost(j), var.cost);
            Some(if maximise { -cost } else { cost })
        });
        let cost = cost.collect::<Option<Vec<RBig>>>()?;
        let terms = |(i, row): (RowId, &Row)| {
            go_on(row.terms.len())?;
            Some(row.terms.iter().map(|&(var, a)| (var.0, decimals.value(Datum::Entry(i, var), a))).collect())
        };
        let coefficients = rows().map(terms).collect::<Option<Vec<Vec<(u32, RBig)>>>>()?;
        let mut scale = UBig::ONE;
        cost.iter().for_each(|c| widen(&mut scale, c.denominator()));
        for terms in &coefficients {
            go_on(terms.len())?;
            terms.iter().for_each(|(_, a)| widen(&mut scale, a.denominator()));
        }
        let entry = |column: u32, a: &RBig| {
            let value = a.numerator() * IBig::from(&scale / a.denominator());
            let size = value.to_f64().value();
            Entry { column, value, size }
        };
        let bounds = columns().map(|(j, var)| {
            go_on(1)?;
            Some((decimals.side(Datum::Lower(j), var.lower), decimals.side(Datum::Upper(j), var.upper)))
        });
        let (lower, upper): (Vec<_>, Vec<_>) = bounds.collect::<Option<Vec<_>>>()?.into_iter().unzip();
        let bound_lines = lower.iter().chain(&upper).flatten().count() as u64;
        let mut lines = bound_lines;
        let mut next = || {
            lines += 1;
            lines - 1
        };
        let rows = rows().zip(&coefficients).map(|((i, row), terms)| {
            let lower = decimals.side(Datum::RowLower(i), row.lower);
            let upper = decimals.side(Datum::RowUpper(i), row.upper);
            let lower_line = lower.as_ref().map(|_| next());
            let upper_line = match (&lower, &upper) {
                (Some(low), Some(high)) if low == high => lower_line,
                (_, upper) => upper.as_ref().map(|_| next()),
            };
            go_on(terms.len())?;
            let nonzeros = terms.iter().filter(|(_, a)| !a.is_zero());
            let mut entries: Vec<Entry> = nonzeros.map(|(j, a)| entry(*j, a)).collect();
            entries.sort_by_key(|entry| entry.column);
            Some(ExactRow { entries, lower, upper, lower_line, upper_line })
        });
        let rows = rows.collect::<Option<Vec<ExactRow>>>()?;
        let equations = rows.iter().filter(|row| row.lower_line == row.upper_line).filter_map(|row| row.lower_line);
        let equations = equations.collect();
        let integer: Vec<bool> = model.variables.iter().map(|var| var.kind == VarKind::Integer).collect();
        let objective = cost.iter().enumerate().filter(|(_, c)| !c.is_zero());
        let objective = objective.map(|(j, c)| entry(j as u32, c)).collect();
        let grid = objective_step(model);
        let (fixed, fixed_cost) = (Vec::new(), RBig::ZERO);
        let exact = Self {
            maximise,
            integer,
            objective,
            lower,
            upper,
            rows,
            bound_lines,
            lines,
            equations,
            fixed,
            fixed_cost,
            grid,
            cost,
            scale,
        };
        Some(exact.with_fixed())
    }

    fn with_fixed(mut self) -> Self {
        let mut lower_lines = vec![0; self.num_cols()];
        let (mut fixed, mut fixed_cost) = (Vec::new(), RBig::ZERO);
        for (j, is_upper, line, bound) in self.initial_bounds() {
            if !is_upper {
                lower_lines[j] = line;
            } else if self.is_fixed(j) && !self.cost[j].is_zero() {
                fixed_cost += &self.cost[j] * bound;
                fixed.push((self.cost[j].clone(), [lower_lines[j], line]));
            }
        }
        (self.fixed, self.fixed_cost) = (fixed, fixed_cost);
        self
    }

    /// Whether both bounds of a column are the same number.
    pub fn is_fixed(&self, j: usize) -> bool {
        self.lower[j].is_some() && self.lower[j] == self.upper[j]
    }

    /// Number of columns.
    pub fn num_cols(&self) -> usize {
        self.cost.len()
    }

    /// +1 when the model minimises, -1 when it maximises.
    pub fn sign(&self) -> i8 {
        if self.maximise { -1 } else { 1 }
    }

    /// Line of CON with the finite lower bounds first, column by column, then the upper ones.
    pub fn initial_bounds(&self) -> impl Iterator<Item = (usize, bool, u64, &RBig)> {
        let sides = [(false, &self.lower), (true, &self.upper)];
        let all = sides.into_iter().flat_map(|(upper, bounds)| {
            bounds.iter().enumerate().filter_map(move |(j, bound)| Some((j, upper, bound.as_ref()?)))
        });
        all.enumerate().map(|(line, (j, upper, bound))| (j, upper, line as u64, bound))
    }
}

/// The [`step`] of the costs of the columns that are not fixed: the search and its certificate round bounds to the same one.
pub(crate) fn objective_step(model: &Model) -> Option<RBig> {
    let varying = model.columns_by_id().filter(|&(j, var)| var.cost != 0.0 && !model.is_fixed(j));
    step(varying.map(|(j, var)| (model.decimals.value(Datum::Cost(j), var.cost), var.kind == VarKind::Integer)))
}

/// The step of an objective: the greatest common divisor of the costs that are not zero, each with whether its column is
/// integer. `None` if there are none, if other columns have costs, and where floats see no steps: one unit of the dearest column
/// makes [`MOST_STEPS_OF_A_COST`] of them or more.
fn step(costs: impl Iterator<Item = (RBig, bool)>) -> Option<RBig> {
    let (mut common, mut largest): (Option<RBig>, RBig) = (None, RBig::ZERO);
    for (cost, integer) in costs.filter(|(cost, _)| !cost.is_zero()) {
        if !integer {
            return None;
        }
        let size = cost.abs();
        let step = common.map_or_else(
            || size.clone(),
            |step| {
                let denominator = lcm(step.denominator(), size.denominator());
                let scaled = |of: &RBig| of.numerator().unsigned_abs() * (&denominator / of.denominator());
                RBig::from_parts(scaled(&step).gcd(&scaled(&size)).into(), denominator)
            },
        );
        largest = largest.max(size);
        common = Some(step);
    }
    common.filter(|step| largest < step * RBig::from(MOST_STEPS_OF_A_COST))
}

/// The best point, exactly.
#[derive(Clone, Debug)]
pub(super) struct ExactPoint {
    pub values: Vec<RBig>,
    /// Minimised, without constant.
    pub objective: RBig,
}

/// What proves that a model is unbounded.
#[derive(Clone, Debug)]
pub(super) struct Unbounded {
    pub point: ExactPoint,
    pub ray: Vec<RBig>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(p: i64, q: u64) -> RBig {
        RBig::from_parts(IBig::from(p), UBig::from(q))
    }

    #[test]
    fn steps_of_the_objective() {
        let of = |costs: &[RBig]| step(costs.iter().cloned().zip([true, true, false]));
        assert_eq!(of(&[ratio(4, 1), ratio(-6, 1), ratio(0, 1)]), Some(ratio(2, 1)));
        assert_eq!(of(&[ratio(1, 2), ratio(1, 3), ratio(0, 1)]), Some(ratio(1, 6)));
        assert_eq!(of(&[ratio(1, 1), ratio(1, 1), ratio(1, 1)]), None);
        assert_eq!(of(&[ratio(0, 1), ratio(0, 1), ratio(0, 1)]), None);
        assert_eq!(of(&[ratio(1, 1_000_000), ratio(100_000_000, 1)]), Some(ratio(1, 1_000_000)));
        assert_eq!(
            of(&[ratio(30_000_000_000_000_004, 100_000_000_000_000_000), ratio(1, 1)]),
            None,
            "as fine as floats"
        );
    }

    #[test]
    fn lines_and_scale() {
        let mut model = Model::new("t");
        model.sense = Sense::Maximise;
        let x = model.add_var("x", 0.0, 1.0, 0.5, VarKind::Integer);
        let y = model.add_var("y", f64::NEG_INFINITY, 2.5, 0.0, VarKind::Continuous);
        model.add_row("r", 0.1, 0.1, [(x, 0.25), (y, 3.0)]);
        model.add_row("s", 1.0, 2.0, [(y, 1.0)]);
        let exact = ExactModel::of(&model, &Budget::default()).expect("no limit");
        assert_eq!((exact.bound_lines, exact.lines, exact.sign()), (3, 6, -1));
        assert_eq!((exact.rows[0].lower_line, exact.rows[0].upper_line), (Some(3), Some(3)));
        assert_eq!((exact.rows[1].lower_line, exact.rows[1].upper_line), (Some(4), Some(5)));
        assert_eq!(exact.scale, UBig::from(4_u8));
        assert_eq!(exact.rows[0].entries[1].value, IBig::from(12));
        assert_eq!((&exact.cost[0], exact.grid.as_ref()), (&ratio(-1, 2), Some(&ratio(1, 2))));
        let bounds: Vec<_> = exact.initial_bounds().map(|(j, upper, line, _)| (j, upper, line)).collect();
        assert_eq!(bounds, [(0, false, 0), (0, true, 1), (1, true, 2)]);
    }
}

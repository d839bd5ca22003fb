//! The relaxation of a model in rationals, made when floating point first fails on it.

use dashu::integer::UBig;
use dashu::rational::RBig;

use crate::bounds::Side;
use crate::exact_lp::{ExactEnd, ExactLp, Meter};
use crate::model::{Datum, Model, Sense};
use crate::number::{decimal, lcm};
use crate::simplex::{NewRow, VarStatus};

/// The relaxation with the varying part of the objective (see [`crate::verify`]), minimised.
pub(crate) struct ExactRelaxation {
    lp: ExactLp,
    /// The bounds that the model states, of columns and rows.
    stated: (Vec<Option<RBig>>, Vec<Option<RBig>>),
}

impl ExactRelaxation {
    /// Cost: the non-zeros, in rationals.
    pub fn of(model: &Model) -> Self {
        Self::with_rows(model, &[])
    }

    /// With rows beside the model's, whose floats stand for themselves.
    pub fn with_rows(model: &Model, added: &[NewRow]) -> Self {
        let decimals = &model.decimals;
        let mut columns = vec![Vec::new(); model.num_vars()];
        for (i, row) in model.rows_by_id() {
            for &(var, a) in &row.terms {
                columns[var.index()].push((i.0, decimals.value(Datum::Entry(i, var), a)));
            }
        }
        let itself = |float: f64| RBig::try_from(float).ok();
        for (i, row) in (model.num_rows() as u32..).zip(added) {
            for &(j, a) in &row.terms {
                columns[j].push((i, itself(a).unwrap_or_default()));
            }
        }
        columns.extend((0..(model.num_rows() + added.len()) as u32).map(|i| vec![(i, -RBig::ONE)]));
        let cost = model.columns_by_id().map(|(j, var)| {
            let cost = if model.is_fixed(j) { RBig::ZERO } else { decimals.value(Datum::Cost(j), var.cost) };
            if model.sense == Sense::Maximise { -cost } else { cost }
        });
        let mut lower: Vec<_> =
            model.columns_by_id().map(|(j, var)| decimals.side(Datum::Lower(j), var.lower)).collect();
        let mut upper: Vec<_> =
            model.columns_by_id().map(|(j, var)| decimals.side(Datum::Upper(j), var.upper)).collect();
        lower.extend(model.rows_by_id().map(|(i, row)| decimals.side(Datum::RowLower(i), row.lower)));
        upper.extend(model.rows_by_id().map(|(i, row)| decimals.side(Datum::RowUpper(i), row.upper)));
        lower.extend(added.iter().map(|row| itself(row.lower)));
        upper.extend(added.iter().map(|row| itself(row.upper)));
        let stated = (lower.clone(), upper.clone());
        Self { lp: ExactLp { cost: cost.collect(), lower, upper, columns }, stated }
    }

    /// Sets bounds of a column beside those that the model states; `None` for those alone.
    pub fn set_bounds(&mut self, column: usize, lower: Option<f64>, upper: Option<f64>) {
        let side = |bound: Option<f64>| bound.filter(|bound| bound.is_finite()).map(decimal);
        let (low, high) = (&self.stated.0[column], &self.stated.1[column]);
        self.lp.lower[column] = side(lower).into_iter().chain(low.clone()).max();
        self.lp.upper[column] = side(upper).into_iter().chain(high.clone()).min();
    }

    /// Another objective, for tests.
    #[cfg(test)]
    pub fn set_cost(&mut self, cost: Vec<RBig>) {
        self.lp.cost = cost;
    }

    /// Moves a bound of a column inwards.
    pub fn tighten(&mut self, column: usize, side: Side, value: &RBig) {
        match (side, &mut self.lp.lower[column], &mut self.lp.upper[column]) {
            (Side::Lower, lower, _) if lower.as_ref().is_none_or(|lower| lower < value) => *lower = Some(value.clone()),
            (Side::Upper, _, upper) if upper.as_ref().is_none_or(|upper| upper > value) => *upper = Some(value.clone()),
            _ => {}
        }
    }

    /// Solves from a basis.
    pub fn solve(&self, status: &[VarStatus], meter: &mut Meter<'_>) -> ExactEnd {
        self.lp.solve(status, meter)
    }

    /// The objective at a point.
    pub fn objective(&self, point: &[RBig]) -> RBig {
        let costs = self.lp.cost.iter().zip(point).filter(|(cost, _)| !cost.is_zero());
        costs.fold(RBig::ZERO, |sum, (cost, x)| sum + cost * x)
    }
}

/// A multiple of a ray that is whole on the given columns.
pub(crate) fn whole_ray(ray: Vec<RBig>, integers: &[usize]) -> Vec<RBig> {
    let denominators = integers.iter().map(|&j| ray[j].denominator());
    let common = RBig::from(denominators.fold(UBig::ONE, |common, of| lcm(&common, of)));
    ray.into_iter().map(|value| value * &common).collect()
}

//! The objective between the search, which minimises its varying part in floats, and the model.

use dashu::rational::RBig;

use crate::model::{Datum, Model, Sense};
use crate::number::{approximately, decimal, printed_below};

/// The sense of a model, and what the search leaves out of its objective: the constant and the costs of fixed columns.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    maximise: bool,
    /// In the sense of the model.
    constant: RBig,
    /// Costs of fixed columns, minimised: a certificate does not leave them out.
    pub fixed: RBig,
}

impl Units {
    pub fn of(model: &Model) -> Self {
        let maximise = model.sense == Sense::Maximise;
        let decimals = &model.decimals;
        let fixed = model.columns_by_id().filter(|(j, var)| var.cost != 0.0 && model.is_fixed(*j));
        let fixed = fixed.fold(RBig::ZERO, |sum, (j, var)| {
            sum + decimals.value(Datum::Cost(j), var.cost) * decimals.value(Datum::Lower(j), var.lower)
        });
        let constant = decimals.value(Datum::Offset, model.offset) + &fixed;
        Self { maximise, constant, fixed: if maximise { -fixed } else { fixed } }
    }

    /// A lower bound of the search as a bound in the sense of the model: it holds of the decimal that it prints as.
    pub fn bound(&self, value: f64) -> f64 {
        match RBig::try_from(value) {
            Ok(exact) => self.exact_bound(&exact),
            Err(_) if self.maximise => -value,
            Err(_) => value,
        }
    }

    /// The objective of a point of any model with this sense, as the search has it.
    pub fn value_of_exact(&self, objective: &RBig) -> RBig {
        if self.maximise { &self.constant - objective } else { objective - &self.constant }
    }

    /// What the search leaves out of its objective, minimised, as near as floats come.
    pub fn left_out(&self) -> f64 {
        let constant = approximately(&self.constant);
        if self.maximise { -constant } else { constant }
    }

    /// The same for a bound in exact arithmetic.
    pub fn exact_bound(&self, value: &RBig) -> f64 {
        // Adding 0.0 turns -0.0 into 0.0.
        let rounded = printed_below(&if self.maximise { value - &self.constant } else { value + &self.constant });
        (if self.maximise { -rounded } else { rounded }) + 0.0
    }

    /// An objective of the search in floats as that of the model.
    pub fn objective_near(&self, value: f64) -> f64 {
        if self.constant.is_zero() {
            (if self.maximise { -value } else { value }) + 0.0
        } else {
            self.objective(&decimal(value))
        }
    }

    /// An objective of the search (minimised) as that of the model, as near as floats come.
    pub fn objective(&self, value: &RBig) -> f64 {
        let value = if self.maximise { &self.constant - value } else { value + &self.constant };
        approximately(&value) + 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VarKind;

    #[test]
    fn constants_and_fixed_columns_come_back_exactly() {
        let mut model = Model::new("t");
        model.sense = Sense::Maximise;
        model.offset = 0.1;
        model.add_var("x", 0.0, 1.0, 1.0, VarKind::Integer);
        model.add_var("y", 2.0, 2.0, 1e15, VarKind::Integer);
        let units = Units::of(&model);
        assert_eq!(units.objective(&RBig::from(-1)), 2e15 + 1.0);
        // 2e15 + 1.1 is no float; a bound of a maximum is rounded up.
        assert_eq!(units.bound(-1.0), 2e15 + 1.25);
        assert_eq!(units.bound(f64::NEG_INFINITY), f64::INFINITY);
    }
}

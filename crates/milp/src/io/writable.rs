//! What no file can hold.

use crate::model::{check_special, repeated};
use crate::tolerances::INFINITE_BOUND;
use crate::{Budget, Error, Model};

/// Refuses models whose names are empty or not unique, or fail `allowed`; files refer to rows and columns by name. Refuses special constraints
/// that no reader would take. `None` when the budget is over.
pub(super) fn check_names(
    model: &Model,
    format: &str,
    allowed: impl Fn(&str) -> bool,
    budget: &Budget,
) -> Result<Option<()>, Error> {
    let columns =
        check(model, format, "column", model.variables.iter().map(|var| var.name.as_str()), &allowed, budget)?;
    let Some(()) = columns else { return Ok(None) };
    let rows = check(model, format, "row", model.rows.iter().map(|row| row.name.as_str()), &allowed, budget)?;
    let Some(()) = rows else { return Ok(None) };
    check_special(model)?;
    let sets = &model.special.sets;
    if let Some(set) = sets.iter().find(|set| !(1..=2).contains(&set.neighbours)) {
        let message = format!("files have sets of one or two neighbours, and '{}' has {}", set.name, set.neighbours);
        return Err(Error::Model { model: model.name.clone(), message });
    }
    check(model, format, "set", sets.iter().map(|set| set.name.as_str()), &allowed, budget)
}

fn check<'m>(
    model: &Model,
    format: &str,
    what: &str,
    names: impl ExactSizeIterator<Item = &'m str> + Clone,
    allowed: &impl Fn(&str) -> bool,
    budget: &Budget,
) -> Result<Option<()>, Error> {
    let refuse = |message| Err(Error::Model { model: model.name.clone(), message });
    for name in names.clone() {
        if budget.spend(1 + name.len()) {
            return Ok(None);
        }
        if !allowed(name) {
            return refuse(format!("the {what} name '{name}' cannot stand in an {format} file; rename it"));
        }
    }
    match repeated(names, budget) {
        None => Ok(None),
        Some(None) => Ok(Some(())),
        Some(Some(name)) => refuse(format!("two {what}s are named '{name}'; files need unique names")),
    }
}

/// Refuses finite bounds that would read back as infinite.
pub(super) fn check_bounds(model: &Model) -> Result<(), Error> {
    let is_open = |bound: f64| bound.is_finite() && bound.abs() >= INFINITE_BOUND;
    match model.variables.iter().find(|var| is_open(var.lower) || is_open(var.upper)) {
        None => Ok(()),
        Some(var) => {
            let message = format!(
                "column '{}' has a finite bound of 1e20 or more, which files cannot hold; make it infinite, or a row",
                var.name
            );
            Err(Error::Model { model: model.name.clone(), message })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::io::{to_lp, to_mps};
    use crate::{Indicator, Model, OrderedSet, RowId, VarId, VarKind};

    /// What could not be read back is not written.
    #[test]
    fn special_constraints_that_mean_nothing_are_refused() {
        let mut model = Model::new("m");
        let x = model.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
        let row = model.add_row("r", 0.0, 1.0, [(x, 1.0)]);
        let refused = |model: &Model, word: &str| {
            for result in [to_lp(model), to_mps(model)] {
                let message = result.expect_err(word).to_string();
                assert!(message.contains(word), "{message}");
            }
        };
        model.special.indicators.insert(row, Indicator { column: x, value: true });
        refused(&model, "'x', which is not binary");
        model.variables[0].kind = VarKind::Integer;
        assert!(to_lp(&model).is_ok() && to_mps(&model).is_ok());
        model.special.indicators.insert(RowId(1), Indicator { column: x, value: true });
        refused(&model, "a column or row that there is not");
        model.special.indicators.clear();
        model.special.semi.insert(VarId(1));
        refused(&model, "a column or row that there is not");
        model.special.semi.clear();
        model.special.sets.push(OrderedSet { name: "s".into(), neighbours: 1, members: vec![x, x] });
        refused(&model, "has a column twice");
    }
}

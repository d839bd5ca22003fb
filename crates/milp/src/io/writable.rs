//! What no file can hold.

use crate::tolerances::INFINITE_BOUND;
use crate::{Error, Model};

/// Refuses models whose names are empty or not unique, or fail `allowed`; files refer to rows and columns by name.
pub(super) fn check_names(model: &Model, format: &str, allowed: impl Fn(&str) -> bool) -> Result<(), Error> {
    let refuse = |message| Err(Error::Model { model: model.name.clone(), message });
    let check = |what: &str, names: &mut Vec<&str>| {
        if let Some(name) = names.iter().find(|name| !allowed(name)) {
            return refuse(format!("the {what} name '{name}' cannot stand in an {format} file; rename it"));
        }
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => refuse(format!("two {what}s are named '{}'; files need unique names", pair[0])),
            None => Ok(()),
        }
    };
    check("column", &mut model.variables.iter().map(|var| var.name.as_str()).collect())?;
    check("row", &mut model.rows.iter().map(|row| row.name.as_str()).collect())
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

//! Writes free-format MPS with full precision.

use std::fmt::Write as _;

use super::{check_names, number};
use crate::model::{Row, Variable};
use crate::{Error, Model, Sense, VarKind};

/// The model as free-format MPS; [`super::parse_mps`] reads back the same model, bit for bit (bounds and sides
/// of magnitude [`crate::tolerances::INFINITE_BOUND`] and beyond read back as infinite).
///
/// Free rows become `N` rows after the objective. Cost O(non-zeros).
///
/// # Errors
/// [`Error::Model`] for names that are empty, repeated or hold blanks, and for two-sided rows whose sides no width can
/// tie together in floating point.
pub fn to_mps(model: &Model) -> Result<String, Error> {
    // A blank splits a name, and a line of only quotes could look like a marker.
    check_names(model, "MPS", |name| !name.is_empty() && !name.contains(char::is_whitespace) && name != "'MARKER'")?;
    let objective = objective_name(model);
    let mut out = String::new();
    put(&mut out, format_args!("NAME {}", model.name.replace(['\n', '\r'], " ")));
    if model.sense == Sense::Maximise {
        put(&mut out, format_args!("OBJSENSE\n    MAX"));
    }
    put(&mut out, format_args!("ROWS\n N {objective}"));
    for row in &model.rows {
        put(&mut out, format_args!(" {} {}", row_kind(model, row)?.0, row.name));
    }
    write_columns(&mut out, model, &objective);
    write_sides(&mut out, model, &objective)?;
    for var in &model.variables {
        write_bounds(&mut out, var);
    }
    put(&mut out, format_args!("ENDATA"));
    Ok(out)
}

/// One line into a string, which cannot fail.
fn put(out: &mut String, line: std::fmt::Arguments) {
    out.write_fmt(line).expect("writing into a string cannot fail");
    out.push('\n');
}

/// A name that no row has.
fn objective_name(model: &Model) -> String {
    let mut name = String::from("Obj");
    while model.rows.iter().any(|row| row.name == name) {
        name.push('_');
    }
    name
}

/// The type of a row and its range. A range is written as a width, to be added to the lower side (`G`) or taken from
/// the upper one (`L`), whichever reproduces the other side exactly.
fn row_kind(model: &Model, row: &Row) -> Result<(char, Option<f64>), Error> {
    let (lower, upper) = (row.lower, row.upper);
    let width = upper - lower;
    match (lower == f64::NEG_INFINITY, upper == f64::INFINITY) {
        (true, true) => Ok(('N', None)),
        (true, false) => Ok(('L', None)),
        (false, true) => Ok(('G', None)),
        _ if lower == upper => Ok(('E', None)),
        _ if width > 0.0 && lower + width == upper => Ok(('G', Some(width))),
        _ if width > 0.0 && upper - width == lower => Ok(('L', Some(width))),
        _ => Err(Error::Model {
            model: model.name.clone(),
            message: format!("MPS cannot hold the sides {lower} and {upper} of row '{}'; write an LP file", row.name),
        }),
    }
}

fn write_columns(out: &mut String, model: &Model, objective: &str) {
    put(out, format_args!("COLUMNS"));
    let matrix = model.columns();
    let mut in_block = false;
    for (j, var) in model.variables.iter().enumerate() {
        let integer = var.kind == VarKind::Integer;
        if integer != in_block {
            put(out, format_args!("    MARKER 'MARKER' {}", if integer { "'INTORG'" } else { "'INTEND'" }));
            in_block = integer;
        }
        // A column must appear to exist: the cost is written even when it is zero and alone.
        if var.cost != 0.0 || matrix.column(j).next().is_none() {
            put(out, format_args!("    {} {objective} {}", var.name, number::format(var.cost)));
        }
        for (i, value) in matrix.column(j) {
            put(out, format_args!("    {} {} {}", var.name, model.rows[i].name, number::format(value)));
        }
    }
    if in_block {
        put(out, format_args!("    MARKER 'MARKER' 'INTEND'"));
    }
}

fn write_sides(out: &mut String, model: &Model, objective: &str) -> Result<(), Error> {
    put(out, format_args!("RHS"));
    if model.offset != 0.0 {
        put(out, format_args!("    RHS {objective} {}", number::format(-model.offset)));
    }
    let mut ranges = String::new();
    for row in &model.rows {
        let (kind, width) = row_kind(model, row)?;
        let side = match kind {
            'N' => 0.0,
            'L' => row.upper,
            _ => row.lower,
        };
        if side != 0.0 {
            put(out, format_args!("    RHS {} {}", row.name, number::format(side)));
        }
        if let Some(width) = width {
            put(&mut ranges, format_args!("    RNG {} {}", row.name, number::format(width)));
        }
    }
    put(out, format_args!("RANGES\n{ranges}BOUNDS"));
    Ok(())
}

fn write_bounds(out: &mut String, var: &Variable) {
    let integer = var.kind == VarKind::Integer;
    let mut bound = |kind: &str, value: Option<f64>| {
        let value = value.map_or(String::new(), |value| format!(" {}", number::format(value)));
        put(out, format_args!(" {kind} BND {}{value}", var.name));
    };
    match (var.lower, var.upper) {
        (lower, upper) if lower == upper => bound("FX", Some(lower)),
        (f64::NEG_INFINITY, f64::INFINITY) => bound("FR", None),
        // The upper bound of an integer column without bounds would default to 1.
        (0.0, f64::INFINITY) if integer => bound("PL", None),
        (0.0, 1.0) if integer => bound("BV", None),
        (lower, upper) => {
            if lower == f64::NEG_INFINITY {
                bound("MI", None);
            } else if lower != 0.0 || upper < 0.0 {
                bound("LO", Some(lower));
            }
            if upper != f64::INFINITY {
                bound("UP", Some(upper));
            }
        }
    }
}

//! Writes free-format MPS with full precision.

use std::fmt::Write as _;

use super::number;
use super::writable::{check_bounds, check_names};
use crate::model::{Datum, Row, Variable};
use crate::{Budget, Error, Model, RowId, Sense, VarId, VarKind};

/// Units of [`Budget::spend`] that a line takes.
const WORK_OF_A_LINE: usize = 20;

/// The model as free-format MPS; [`super::parse_mps`] reads back the same model, bit for bit.
///
/// Free rows become `N` rows after the objective. Cost O(non-zeros).
///
/// # Errors
/// [`Error::Model`] for names that are empty, repeated or hold blanks, for special constraints that no reader takes, for columns `S1` and `S2` in special ordered sets, for rows whose lower side is above the upper one or too far
/// below it for a range, and for finite bounds of magnitude [`crate::tolerances::INFINITE_BOUND`] and beyond.
pub fn to_mps(model: &Model) -> Result<String, Error> {
    Ok(to_mps_within(model, &Budget::default())?.unwrap_or_default())
}

/// As [`to_mps`]; `None` when the budget is over.
///
/// # Errors
/// Those of [`to_mps`].
pub fn to_mps_within(model: &Model, budget: &Budget) -> Result<Option<String>, Error> {
    // A blank splits a name, and a line of only quotes could look like a marker.
    let allowed =
        |name: &str| !name.is_empty() && !name.contains(char::is_whitespace) && !name.eq_ignore_ascii_case("'MARKER'");
    if check_names(model, "MPS", allowed, budget)?.is_none() {
        return Ok(None);
    }
    check_bounds(model)?;
    let has_no_range = |(id, row): (RowId, &Row)| {
        let ends = [(Datum::RowLower(id), row.lower), (Datum::RowUpper(id), row.upper)];
        let width = || number::difference(&model.decimals, ends[0], Some(ends[1]));
        row.lower.is_finite() && row.upper.is_finite() && width().is_none_or(|width| width.starts_with('-'))
    };
    for (id, row) in (0..).map(RowId).zip(&model.rows) {
        if budget.spend(WORK_OF_A_LINE) {
            return Ok(None);
        }
        if !has_no_range((id, row)) {
            continue;
        }
        let (name, lower, upper) = (&row.name, number::format(row.lower), number::format(row.upper));
        let message = format!("MPS cannot hold the sides {lower} and {upper} of row '{name}'; write an LP file");
        return Err(Error::Model { model: model.name.clone(), message });
    }
    let objective = objective_name(model);
    let mut out = String::new();
    put(&mut out, format_args!("NAME {}", model.name.replace(['\n', '\r'], " ")));
    if model.sense == Sense::Maximise {
        put(&mut out, format_args!("OBJSENSE\n    MAX"));
    }
    put(&mut out, format_args!("ROWS\n N {objective}"));
    for (id, row) in (0..).map(RowId).zip(&model.rows) {
        if budget.spend(WORK_OF_A_LINE) {
            return Ok(None);
        }
        put(&mut out, format_args!(" {} {}", row_kind(model, id), row.name));
    }
    let columns = write_columns(&mut out, model, &objective, budget);
    if columns.and_then(|()| write_sides(&mut out, model, &objective, budget)).is_none() {
        return Ok(None);
    }
    for (id, var) in (0..).map(VarId).zip(&model.variables) {
        if budget.spend(WORK_OF_A_LINE) {
            return Ok(None);
        }
        write_bounds(&mut out, model, id, var);
    }
    write_special(&mut out, model)?;
    put(&mut out, format_args!("ENDATA"));
    Ok(Some(out))
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

/// The type of a row: a range is written as a width above its lower side. What depends on a column is no `N` row.
fn row_kind(model: &Model, id: RowId) -> char {
    let row = &model.rows[id.index()];
    match (row.lower == f64::NEG_INFINITY, row.upper == f64::INFINITY) {
        (true, true) if model.special.indicators.contains_key(&id) => 'G',
        (true, true) => 'N',
        (true, false) => 'L',
        _ if row.lower == row.upper => 'E',
        _ => 'G',
    }
}

/// `None` when the budget is over.
fn write_columns(out: &mut String, model: &Model, objective: &str, budget: &Budget) -> Option<()> {
    put(out, format_args!("COLUMNS"));
    let matrix = model.columns_within(budget)?;
    let mut in_block = false;
    for (j, var) in model.variables.iter().enumerate() {
        let integer = var.kind == VarKind::Integer;
        if integer != in_block {
            put(out, format_args!("    MARKER 'MARKER' {}", if integer { "'INTORG'" } else { "'INTEND'" }));
            in_block = integer;
        }
        // A column must appear to exist: the cost is written even when it is zero and alone.
        if var.cost != 0.0 || matrix.column(j).next().is_none() {
            let cost = number::format_exact(&model.decimals, Datum::Cost(VarId(j as u32)), var.cost);
            put(out, format_args!("    {} {objective} {cost}", var.name));
        }
        if budget.spend(WORK_OF_A_LINE * (1 + matrix.column(j).count())) {
            return None;
        }
        for (i, value) in matrix.column(j) {
            let datum = Datum::Entry(RowId(i as u32), VarId(j as u32));
            let value = number::format_exact(&model.decimals, datum, value);
            put(out, format_args!("    {} {} {value}", var.name, model.rows[i].name));
        }
    }
    if in_block {
        put(out, format_args!("    MARKER 'MARKER' 'INTEND'"));
    }
    Some(())
}

/// `None` when the budget is over.
fn write_sides(out: &mut String, model: &Model, objective: &str, budget: &Budget) -> Option<()> {
    let decimals = &model.decimals;
    put(out, format_args!("RHS"));
    if model.offset != 0.0 {
        let constant = number::difference(decimals, (Datum::Offset, model.offset), None).unwrap_or_default();
        put(out, format_args!("    RHS {objective} {constant}"));
    }
    let mut ranges = String::new();
    for (id, row) in (0..).map(RowId).zip(&model.rows) {
        if budget.spend(WORK_OF_A_LINE) {
            return None;
        }
        let (lower, upper) = ((Datum::RowLower(id), row.lower), (Datum::RowUpper(id), row.upper));
        let (datum, side) = match row_kind(model, id) {
            'N' => continue,
            'L' => upper,
            _ => lower,
        };
        if side != 0.0 {
            put(out, format_args!("    RHS {} {}", row.name, number::format_exact(decimals, datum, side)));
        }
        let width = (row.lower.is_finite() && row.upper.is_finite())
            .then(|| number::difference(decimals, lower, Some(upper)))
            .flatten()
            .filter(|width| row.lower != row.upper || width != "0");
        if let Some(width) = width {
            put(&mut ranges, format_args!("    RNG {} {width}", row.name));
        }
    }
    put(out, format_args!("RANGES\n{ranges}BOUNDS"));
    Some(())
}

fn write_bounds(out: &mut String, model: &Model, id: VarId, var: &Variable) {
    let (decimals, semi) = (&model.decimals, model.special.semi.contains(&id));
    let integer = var.kind == VarKind::Integer;
    let lower = number::format_exact(decimals, Datum::Lower(id), var.lower);
    let upper = number::format_exact(decimals, Datum::Upper(id), var.upper);
    let mut bound = |kind: &str, value: &str| put(out, format_args!(" {kind} BND {}{value}", var.name));
    match (lower.as_str(), upper.as_str()) {
        (lower, upper) if lower == upper && !semi => bound("FX", &format!(" {lower}")),
        ("-inf", "inf") if !semi => bound("FR", ""),
        // The upper bound of an integer column without bounds would default to 1.
        ("0", "inf") if integer && !semi => bound("PL", ""),
        ("0", "1") if integer && !semi => bound("BV", ""),
        (lower, upper) => {
            if lower == "-inf" {
                bound("MI", "");
            } else if lower != "0" || var.upper < 0.0 {
                bound("LO", &format!(" {lower}"));
            }
            if semi {
                bound("SC", &format!(" {upper}"));
            } else if upper != "inf" {
                bound("UP", &format!(" {upper}"));
            }
        }
    }
}

/// Sets and indicators.
fn write_special(out: &mut String, model: &Model) -> Result<(), Error> {
    let name = |j: &VarId| &model.variables[j.index()].name;
    let sets = &model.special.sets;
    let opens_set = |j: &&VarId| ["S1", "S2"].iter().any(|word| name(j).eq_ignore_ascii_case(word));
    if let Some(j) = sets.iter().flat_map(|set| &set.members).find(opens_set) {
        let message = format!("the column '{}' of a set would be read as the begin of another; rename it", name(j));
        return Err(Error::Model { model: model.name.clone(), message });
    }
    if !sets.is_empty() {
        put(out, format_args!("SOS"));
    }
    for set in sets {
        put(out, format_args!(" S{} {}", set.neighbours, set.name));
        for (weight, j) in (1..).zip(&set.members) {
            put(out, format_args!("    {} {weight}", name(j)));
        }
    }
    if !model.special.indicators.is_empty() {
        put(out, format_args!("INDICATORS"));
    }
    for (i, of) in &model.special.indicators {
        let (row, column) = (&model.rows[i.index()].name, name(&of.column));
        put(out, format_args!(" IF {row} {column} {}", u8::from(of.value)));
    }
    Ok(())
}

//! Writes the CPLEX LP format with full precision.

use std::fmt::Write as _;

use super::writable::{check_bounds, check_names};
use super::{lp_lexer, number};
use crate::model::{Datum, Variable};
use crate::{Budget, Error, Model, RowId, Sense, VarId, VarKind};

/// Lines are broken after this many characters; some readers stop at 560.
const LINE_WIDTH: usize = 110;

/// The model in LP format; [`super::parse_lp`] reads back the same model, bit for bit, but for the model's name (the
/// format has none).
///
/// Cost O(non-zeros).
///
/// # Errors
/// [`Error::Model`] for names that are empty, repeated, or would be read as something else (numbers, keywords), for special
/// ordered sets of more than two neighbours and other special constraints that no reader takes, and for finite bounds of magnitude [`crate::tolerances::INFINITE_BOUND`] and beyond.
pub fn to_lp(model: &Model) -> Result<String, Error> {
    check_names(model, "LP", lp_lexer::is_name, &Budget::default())?;
    check_bounds(model)?;
    let mut out = Wrapped::default();
    out.line(if model.sense == Sense::Maximise { "maximize" } else { "minimize" });
    write_objective(&mut out, model);
    out.line("subject to");
    let exact = |datum, float| number::format_exact(&model.decimals, datum, float);
    for (id, row) in (0..).map(RowId).zip(&model.rows) {
        out.word(&format!(" {}:", row.name));
        if let Some(of) = model.special.indicators.get(&id) {
            let column = &model.variables[of.column.index()].name;
            out.word(&format!("{column} = {} ->", u8::from(of.value)));
        }
        let (lower, upper) = (exact(Datum::RowLower(id), row.lower), exact(Datum::RowUpper(id), row.upper));
        let ranged = lower != upper && row.lower.is_finite() && row.upper.is_finite();
        if ranged {
            out.word(&format!("{lower} <="));
        }
        let terms = row.terms.iter();
        write_terms(&mut out, model, terms.map(|&(var, value)| (var, value, Datum::Entry(id, var))));
        if row.terms.is_empty() {
            // A row needs an expression between its sides.
            out.word(&model.variables.first().map_or("0".into(), |var| format!("0 {}", var.name)));
        }
        out.word(&match (row.lower, row.upper) {
            _ if lower == upper => format!("= {lower}"),
            (_, f64::INFINITY) => format!(">= {lower}"),
            _ => format!("<= {upper}"),
        });
        out.end_line();
    }
    out.line("bounds");
    let (mut generals, mut binaries) = (Vec::new(), Vec::new());
    for (id, var) in (0..).map(VarId).zip(&model.variables) {
        let (lower, upper) = (exact(Datum::Lower(id), var.lower), exact(Datum::Upper(id), var.upper));
        if let Some(bounds) = bounds(var, &lower, &upper) {
            out.line(&format!(" {bounds}"));
        }
        if is_binary(var, &lower, &upper) {
            binaries.push(&var.name);
        } else if var.kind == VarKind::Integer {
            generals.push(&var.name);
        }
    }
    write_names(&mut out, "general", &generals);
    write_names(&mut out, "binary", &binaries);
    let special = &model.special;
    let semi: Vec<&String> = special.semi.iter().map(|j| &model.variables[j.index()].name).collect();
    write_names(&mut out, "semi-continuous", &semi);
    if !special.sets.is_empty() {
        out.line("sos");
    }
    for set in &special.sets {
        out.word(&format!(" {}: S{}::", set.name, set.neighbours));
        for (weight, j) in (1..).zip(&set.members) {
            out.word(&format!("{}:{weight}", model.variables[j.index()].name));
        }
        out.end_line();
    }
    out.line("end");
    Ok(out.text)
}

fn is_binary(var: &Variable, lower: &str, upper: &str) -> bool {
    var.kind == VarKind::Integer && lower == "0" && upper == "1"
}

/// The objective, with zero coefficients where needed: columns are numbered by their first appearance.
fn write_objective(out: &mut Wrapped, model: &Model) {
    let zeros = !appear_in_order(model);
    out.word(" obj:");
    let costs = model.variables.iter().enumerate().filter(|(_, var)| zeros || var.cost != 0.0);
    let costs = costs.map(|(j, var)| (VarId(j as u32), var.cost, Datum::Cost(VarId(j as u32))));
    write_terms(out, model, costs);
    if model.offset != 0.0 {
        out.word(&signed(&number::format_exact(&model.decimals, Datum::Offset, model.offset)));
    }
    out.end_line();
}

/// Whether the columns first appear in order of their index when zero costs are left out.
fn appear_in_order(model: &Model) -> bool {
    let costs = model.variables.iter().enumerate().filter(|(_, var)| var.cost != 0.0).map(|(j, _)| j);
    let entries = (0..).map(RowId).zip(&model.rows).flat_map(|(i, row)| {
        let condition = model.special.indicators.get(&i).map(|of| of.column.index());
        condition.into_iter().chain(row.terms.iter().map(|(var, _)| var.index()))
    });
    let mut seen = 0;
    for j in costs.chain(entries) {
        if j > seen {
            return false;
        }
        seen = seen.max(j + 1);
    }
    seen == model.num_vars()
}

fn write_terms(out: &mut Wrapped, model: &Model, terms: impl Iterator<Item = (VarId, f64, Datum)>) {
    for (var, value, datum) in terms {
        let value = number::format_exact(&model.decimals, datum, value);
        out.word(&format!("{} {}", signed(&value), model.variables[var.index()].name));
    }
}

/// A number with its sign before it, apart: `- 3`.
fn signed(value: &str) -> String {
    value.strip_prefix('-').map_or_else(|| format!("+ {value}"), |value| format!("- {value}"))
}

/// The line under `bounds`, `None` for the default [0, inf) and for binaries.
fn bounds(var: &Variable, lower: &str, upper: &str) -> Option<String> {
    let name = &var.name;
    match (var.lower, var.upper) {
        (0.0, f64::INFINITY) => None,
        _ if is_binary(var, lower, upper) => None,
        (f64::NEG_INFINITY, f64::INFINITY) => Some(format!("{name} free")),
        _ if lower == upper => Some(format!("{name} = {lower}")),
        (_, f64::INFINITY) => Some(format!("{name} >= {lower}")),
        _ => Some(format!("{lower} <= {name} <= {upper}")),
    }
}

fn write_names(out: &mut Wrapped, section: &str, names: &[&String]) {
    if !names.is_empty() {
        out.line(section);
        for name in names {
            out.word(&format!(" {name}"));
        }
        out.end_line();
    }
}

/// Text whose long lines are broken between words.
#[derive(Default)]
struct Wrapped {
    text: String,
    width: usize,
}

impl Wrapped {
    fn word(&mut self, word: &str) {
        if self.width > 0 && self.width + word.len() > LINE_WIDTH {
            self.text.push_str("\n  ");
            self.width = 2;
        }
        let gap = if self.width > 0 { " " } else { "" };
        write!(self.text, "{gap}{word}").expect("writing into a string cannot fail");
        self.width += gap.len() + word.len();
    }

    fn end_line(&mut self) {
        self.text.push('\n');
        self.width = 0;
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.end_line();
    }
}

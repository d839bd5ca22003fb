//! Solution files: one `name value` pair a line, as MIPLIB, HiGHS, SCIP and Gurobi write them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::{number, read_text, write_text};
use crate::{Error, Model};

/// Reads a solution (or a start) of `model`; `-` is standard input. See [`parse_solution`].
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Parse`] when it cannot be understood.
pub fn read_solution(path: &Path, model: &Model) -> Result<Vec<f64>, Error> {
    parse_solution(&read_text(path)?, model, path)
}

/// Values of all columns (length `num_vars()`), from lines that start with a column's name and its value; columns that
/// are not mentioned are 0, as all these formats leave zeros out.
///
/// Skipped: blank lines and comments (`#`), `=obj= v`, `solution status:`, `objective value:`, `Model status`; of
/// HiGHS' raw format the columns are read, rows and duals are not. `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] for a name that is no column, a name given twice, or a value that is not a finite number.
pub fn parse_solution(text: &str, model: &Model, path: &Path) -> Result<Vec<f64>, Error> {
    let index: BTreeMap<&str, usize> =
        model.variables.iter().enumerate().map(|(j, var)| (var.name.as_str(), j)).collect();
    let mut values = vec![None; model.num_vars()];
    // HiGHS: a preamble before `# Columns`, rows and duals after.
    let mut lines = text.lines().enumerate().map(|(k, line)| (k + 1, line.trim())).peekable();
    if text.lines().any(|line| line.trim().starts_with("# Columns")) {
        while lines.next_if(|(_, line)| !line.starts_with("# Columns")).is_some() {}
    }
    for (number, line) in lines.take_while(|(_, line)| !line.starts_with("# Rows")) {
        if is_heading(line) {
            continue;
        }
        read_pair(line, &index, &mut values).map_err(|message| Error::Parse {
            path: path.to_path_buf(),
            line: number,
            message,
        })?;
    }
    Ok(values.into_iter().map(|value| value.unwrap_or(0.0)).collect())
}

fn is_heading(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let headings = ["#", "=obj=", "=infeas=", "solution status:", "objective value:", "model status"];
    line.is_empty() || headings.iter().any(|heading| lower.starts_with(heading))
}

fn read_pair(line: &str, index: &BTreeMap<&str, usize>, values: &mut [Option<f64>]) -> Result<(), String> {
    let mut fields = line.split_whitespace();
    let (Some(name), Some(value)) = (fields.next(), fields.next()) else {
        return Err("a line of a solution is a column name and a value".into());
    };
    let Some(&j) = index.get(name) else {
        return Err(format!("'{name}' is not a column of the model; is this the solution of another file?"));
    };
    if values[j].replace(number::parse_finite(value)?).is_some() {
        return Err(format!("column '{name}' has two values; keep one"));
    }
    Ok(())
}

/// The solution `x` (length `num_vars()`) as text: the objective, then `name value` for every column, shortest
/// round-trip decimals.
#[must_use]
pub fn to_solution(model: &Model, x: &[f64]) -> String {
    let mut out = format!("=obj= {}\n", number::format(model.objective(x)));
    for (var, &value) in model.variables.iter().zip(x) {
        writeln!(out, "{} {}", var.name, number::format(value)).expect("writing into a string cannot fail");
    }
    out
}

/// Writes [`to_solution`] to a file; `-` is standard output.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written.
pub fn write_solution(path: &Path, model: &Model, x: &[f64]) -> Result<(), Error> {
    write_text(&to_solution(model, x), path)
}

//! Solution files: one `name value` pair a line, as MIPLIB, HiGHS, SCIP and Gurobi write them; names that would not read
//! back so stand in quotation marks (`docs/model-files.md`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::number;
use super::reading::shorten;
use super::text::{prepare, read_text, write_text};
use crate::number::{approximately, decimal};
use crate::shortest::Shortest;
use crate::{Error, Model, Rational};

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
/// Skipped: blank lines and comments (`#`), `=obj= v`, `=infeas= v`, `objective v`, `solution status:`,
/// `objective value:`; of HiGHS' raw format the columns are read, rows and duals are not. `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] for a name that is no column, a name given twice, a value that is not a finite number, a file that says
/// that there is no solution, and one that neither gives a value nor states an objective nor lists columns.
pub fn parse_solution(text: &str, model: &Model, path: &Path) -> Result<Vec<f64>, Error> {
    let text = prepare(text, path)?;
    let index: BTreeMap<&str, usize> =
        model.variables.iter().enumerate().map(|(j, var)| (var.name.as_str(), j)).collect();
    let mut values = vec![None; model.num_vars()];
    let refuse = |line, message| Error::Parse { path: path.to_path_buf(), line, message };
    // HiGHS: a preamble before `# Columns`, rows and duals after.
    let mut lines = text.lines().enumerate().map(|(k, line)| (k + 1, line.trim())).peekable();
    let mut stated = text.lines().any(|line| starts_with(line.trim(), "# columns"));
    if stated {
        while lines.next_if(|(_, line)| !starts_with(line, "# columns")).is_some() {}
    }
    while let Some((number, line)) = lines.next_if(|(_, line)| !starts_with(line, "# rows")) {
        if let Some(what) = absent(line, lines.peek().map_or("", |(_, next)| next)) {
            return Err(refuse(number, what));
        }
        if is_heading(line, &index) {
            stated |= states_objective(line, &index);
            continue;
        }
        read_pair(line, &index, &mut values).map_err(|message| refuse(number, message))?;
    }
    if !stated && !values.is_empty() && values.iter().all(Option::is_none) {
        let message = "no column has a value and no objective is stated: this is no solution (one of zeros alone states \
                       its objective, '=obj= 0')";
        return Err(refuse(text.lines().count().max(1), message.into()));
    }
    Ok(values.into_iter().map(|value| value.unwrap_or(0.0)).collect())
}

/// What a line says where a solver writes that it has no solution; `next` is the line after it, which holds the status in HiGHS'
/// raw format. None of these is a column and a number.
fn absent(line: &str, next: &str) -> Option<String> {
    let lower = line.to_ascii_lowercase();
    let said = match lower.as_str() {
        "=infeas=" | "=unbd=" => line,
        "model status" => next,
        _ if lower.starts_with("no solution") => line,
        _ => return None,
    };
    Some(format!("the file says '{}' and holds no solution", shorten(said)))
}

fn starts_with(line: &str, lower: &str) -> bool {
    line.get(..lower.len()).is_some_and(|head| head.eq_ignore_ascii_case(lower))
}

/// Whether a line says something else than the value of a column.
fn is_heading(line: &str, index: &BTreeMap<&str, usize>) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    line.is_empty()
        || line.starts_with('#')
        || word.eq_ignore_ascii_case("=infeas=")
        || starts_with(line, "solution status:")
        || states_objective(line, index)
}

/// Whether a line states the objective.
fn states_objective(line: &str, index: &BTreeMap<&str, usize>) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    word.eq_ignore_ascii_case("=obj=")
        || word.eq_ignore_ascii_case("objective") && !index.contains_key(word)
        || starts_with(line, "objective value:")
}

fn read_pair(line: &str, index: &BTreeMap<&str, usize>, values: &mut [Option<f64>]) -> Result<(), String> {
    let (name, value) = split(line, index)?;
    let Some(&j) = index.get(name.as_ref()) else {
        return Err(format!(
            "'{}' is not a column of the model; is this the solution of another file?",
            shorten(&name)
        ));
    };
    if values[j].replace(number::parse_value(value)?).is_some() {
        return Err(format!("column '{}' has two values; keep one", shorten(&name)));
    }
    Ok(())
}

/// The name and the value that a line starts with.
fn split<'l>(line: &'l str, index: &BTreeMap<&str, usize>) -> Result<(Cow<'l, str>, &'l str), String> {
    if let Some((name, rest)) = unquote(line).filter(|(name, _)| index.contains_key(name.as_str())) {
        let value = rest.split_whitespace().next().ok_or_else(|| no_pair(line))?;
        return Ok((name.into(), value));
    }
    // Of other programs, names with blanks come without quotation marks: the longest column that a number follows.
    let fields: Vec<&str> = line.split_whitespace().collect();
    let end = |field: &str| field.as_ptr() as usize + field.len() - line.as_ptr() as usize;
    for k in (1..fields.len().saturating_sub(1)).rev() {
        let name = &line[..end(fields[k])];
        if index.contains_key(name) && number::parse_value(fields[k + 1]).is_ok() {
            return Ok((name.into(), fields[k + 1]));
        }
    }
    match fields[..] {
        [name, value, ..] => Ok((name.into(), value)),
        _ => Err(no_pair(line)),
    }
}

fn no_pair(line: &str) -> String {
    format!("'{}' is no column's name and value, as a line of a solution is", shorten(line))
}

/// The text within the quotation marks that a line starts with, and what follows: `\"` and `\\` stand for `"` and `\`,
/// `\n`, `\r`, `\t` for control characters.
fn unquote(line: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = line.strip_prefix('"')?.chars();
    loop {
        match chars.next()? {
            '"' => return Some((out, chars.as_str())),
            '\\' => out.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            }),
            other => out.push(other),
        }
    }
}

/// The name as a line of a solution has it: as it is, unless a reader would take it for something else.
fn quote(name: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_whitespace() || c.is_control();
    let reserved = ["=obj=", "=infeas=", "objective"].iter().any(|word| name.eq_ignore_ascii_case(word));
    if !name.is_empty() && !name.starts_with(['"', '#']) && !name.contains(odd) && !reserved {
        return name.into();
    }
    let mut out = String::from('"');
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out.into()
}

/// The solution `x` (length `num_vars()`) as text: the objective, then `name value` for every column, shortest round-trip
/// decimals. Where `exact` has the point without rounding, its values are written: as decimals if they end, else as the nearest
/// float with the fraction behind it, `x 0.3333333333333333 (=1/3)`. The objective is that of the point as it is written.
#[must_use]
pub fn to_solution(model: &Model, x: &[f64], exact: Option<&[Rational]>) -> String {
    let values =
        || x.iter().enumerate().map(|(j, &x)| exact.map_or_else(|| Cow::Owned(decimal(x)), |of| Cow::Borrowed(&of[j])));
    let mut out = format!("=obj= {}\n", number::format_value(&model.exact_objective(values())));
    for (var, value) in model.variables.iter().zip(values()) {
        writeln!(out, "{} {}", quote(&var.name), number::format_value(&value))
            .expect("writing into a string cannot fail");
    }
    out
}

/// What is longer is of no use to people.
const LONGEST_OBJECTIVE: usize = 100;

/// The objective of a point as [`to_solution`] states it, where that is [`unrounded`]. Of a point that is not known exactly, the objective of what
/// its floats print as counts where it is beyond them. Cost O(columns).
#[must_use]
pub fn unrounded_objective(model: &Model, x: &[f64], exact: Option<&[Rational]>) -> Option<String> {
    match exact {
        Some(point) => unrounded(&model.exact_objective(point.iter().map(Cow::Borrowed))),
        None if model.objective_of_decimals(x).is_finite() => None,
        None => unrounded(&model.exact_objective(x.iter().map(|&x| Cow::Owned(decimal(x))))),
    }
}

/// A number as solution files have it, where the nearest float, as people write it, is another one or there is none; `None` also for what
/// takes more than 100 characters.
#[must_use]
pub fn unrounded(value: &Rational) -> Option<String> {
    let float = approximately(value);
    let is_told = float.is_finite() && Shortest::printed(float).exact() == *value;
    let text = (!is_told).then(|| number::format_value(value));
    text.filter(|text| text.len() <= LONGEST_OBJECTIVE)
}

/// Writes [`to_solution`] to a file; `-` is standard output.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written.
pub fn write_solution(path: &Path, model: &Model, x: &[f64], exact: Option<&[Rational]>) -> Result<(), Error> {
    write_text(&to_solution(model, x, exact), path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VarKind;

    /// Great whole floats print as fewer digits than they have.
    #[test]
    fn objectives_of_which_people_would_read_other_digits() {
        let text = |cost: f64, x: Rational| {
            let mut model = Model::new("m");
            model.add_var("x", 0.0, 9.0, cost, VarKind::Continuous);
            unrounded_objective(&model, &[approximately(&x)], Some(&[x]))
        };
        let third = Rational::ONE / Rational::from(3);
        assert_eq!(text(-33_000_000_000_000_008.0, Rational::ONE).as_deref(), Some("-33000000000000008"));
        assert_eq!(text(9_007_199_254_740_992.0, Rational::ONE), None, "a float of sixteen digits");
        assert_eq!((text(0.1, Rational::ONE), text(1e22, Rational::ONE)), (None, None));
        assert_eq!(text(1.0, third).as_deref(), Some("0.3333333333333333 (=1/3)"));
        assert_eq!(text(1e308, Rational::from(2)).as_deref(), Some("2e308"), "beyond all floats");
        let mut model = Model::new("m");
        model.add_var("x", 0.0, 9.0, 1e308, VarKind::Continuous);
        assert_eq!(unrounded_objective(&model, &[2.0], None).as_deref(), Some("2e308"));
        assert_eq!(unrounded_objective(&model, &[0.1], None), None);
    }

    /// Values nearer to 0 than floats are 0 for a start, which is floats; what is beyond them is refused.
    #[test]
    fn values_of_any_size() {
        let mut model = Model::new("m");
        model.add_var("x", 0.0, 9.0, 1.0, VarKind::Continuous);
        let read = |text: &str| parse_solution(text, &model, Path::new("s.sol"));
        for (text, value) in [("x 1e-400", 0.0), ("x -5e-324", -5e-324), ("x 0 (=1/3)", 0.0), ("x 1.5D+3", 1500.0)] {
            assert_eq!(read(text).unwrap(), [value], "{text}");
        }
        for text in ["x 1e600", "x inf", "x 1e-5001"] {
            assert!(read(text).is_err(), "{text}");
        }
        let third = Rational::from_parts(1.into(), 3_u8.into());
        let tiny = &third * &third.clone().pow(700);
        let written = to_solution(&model, &[0.0], Some(&[tiny]));
        assert_eq!(read(&written).unwrap(), [0.0], "{written}");
    }
}

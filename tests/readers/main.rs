//! One specification (`docs/model-files.md`), two readers (`milp::io` and `checker::model`), one table of cases that both
//! are held to: the same model, to the last digit, or a refusal of the same line that names the same thing.

mod differential;
mod lp;
mod mps;
mod numbers;
mod solutions;
mod special;

use checker::Source;
use milp::{Datum, Model, RowId, Sense, VarId, VarKind};
use std::path::Path;

/// What both readers must make of a text.
#[derive(Clone, Copy, Debug)]
pub enum Expect<'a> {
    /// This model, as [`shown`] writes it.
    Reads(&'a str),
    /// This model, and one warning of either reader at a line, the solver's with a word.
    Warns(&'a str, usize, &'a str),
    /// A refusal at a line, with a word.
    Refuses(usize, &'a str),
}

/// The format of a text.
#[derive(Clone, Copy, Debug)]
pub enum Format {
    /// CPLEX LP.
    Lp,
    /// Free or fixed MPS.
    Mps,
}

impl Format {
    fn solver(self) -> milp::io::Format {
        match self {
            Self::Lp => milp::io::Format::Lp,
            Self::Mps => milp::io::Format::Mps,
        }
    }

    fn checker(self) -> checker::Format {
        match self {
            Self::Lp => checker::Format::Lp,
            Self::Mps => checker::Format::Mps,
        }
    }
}

/// A model on one line: `max 2 x, -1/2 y, 7 | row [1, 4] 1 x; .. | x [0, inf]; y Z [0, 1]`. A row with an indicator is `row (z=1) [1, 4] ..`,
/// a semi-continuous column `x S [2, 5]`, and sets follow all else: `| s S1 x, y`.
pub fn shown(model: &Model) -> String {
    let exact = |datum, float: f64| match float {
        f64::INFINITY => "inf".to_owned(),
        f64::NEG_INFINITY => "-inf".to_owned(),
        float => model.decimals.text(datum, float),
    };
    let name = |var: VarId| &model.variables[var.index()].name;
    let columns = || (0..).map(VarId).zip(&model.variables);
    let costs = columns().filter(|(_, var)| var.cost != 0.0);
    let mut objective: Vec<String> =
        costs.map(|(id, var)| format!("{} {}", exact(Datum::Cost(id), var.cost), var.name)).collect();
    if model.offset != 0.0 {
        objective.push(exact(Datum::Offset, model.offset));
    }
    let rows = (0..).map(RowId).zip(&model.rows).map(|(id, row)| {
        let terms = row.terms.iter().map(|&(var, a)| format!("{} {}", exact(Datum::Entry(id, var), a), name(var)));
        let (lower, upper) = (exact(Datum::RowLower(id), row.lower), exact(Datum::RowUpper(id), row.upper));
        let indicator = model.special.indicators.get(&id);
        let condition =
            indicator.map(|of| format!(" ({}={})", name(of.column), u8::from(of.value))).unwrap_or_default();
        let terms = terms.collect::<Vec<_>>().join(", ");
        format!("{}{condition} [{lower}, {upper}] {terms}", row.name).trim().to_owned()
    });
    let variables = columns().map(|(id, var)| {
        let (lower, upper) = (exact(Datum::Lower(id), var.lower), exact(Datum::Upper(id), var.upper));
        let kind = kind(model.special.semi.contains(&id), var.kind == VarKind::Integer);
        format!("{} {kind}[{lower}, {upper}]", var.name)
    });
    let sets = model.special.sets.iter().map(|set| {
        let members: Vec<&str> = set.members.iter().map(|&j| name(j).as_str()).collect();
        format!("{} S{} {}", set.name, set.neighbours, members.join(", "))
    });
    line(model.sense == Sense::Maximise, [objective, rows.collect(), variables.collect(), sets.collect()])
}

/// The same of the checker's model.
pub fn shown_by_checker(model: &checker::Model) -> String {
    let side =
        |side: &Option<checker::Rational>, open: &str| side.as_ref().map_or(open.to_owned(), ToString::to_string);
    let terms = |terms: &checker::model::Terms| -> Vec<String> {
        terms.iter().map(|(j, a)| format!("{a} {}", model.columns[*j].name)).collect()
    };
    let mut objective = terms(&model.objective);
    if !model.offset.is_zero() {
        objective.push(model.offset.to_string());
    }
    let rows = model.rows.iter().map(|row| {
        let (lower, upper) = (side(&row.lower, "-inf"), side(&row.upper, "inf"));
        let condition = row.indicator.map(|(j, value)| format!(" ({}={})", model.columns[j].name, u8::from(value)));
        let condition = condition.unwrap_or_default();
        format!("{}{condition} [{lower}, {upper}] {}", row.name, terms(&row.terms).join(", ")).trim().to_owned()
    });
    let columns = model.columns.iter().map(|column| {
        let (lower, upper) = (side(&column.lower, "-inf"), side(&column.upper, "inf"));
        format!("{} {}[{lower}, {upper}]", column.name, kind(column.semi, column.integer))
    });
    let sets = model.sets.iter().map(|set| {
        let members: Vec<&str> = set.members.iter().map(|&j| model.columns[j].name.as_str()).collect();
        format!("{} S{} {}", set.name, set.neighbours, members.join(", "))
    });
    line(model.sense == checker::model::Sense::Maximise, [objective, rows.collect(), columns.collect(), sets.collect()])
}

fn kind(semi: bool, integer: bool) -> &'static str {
    match (semi, integer) {
        (false, false) => "",
        (false, true) => "Z ",
        (true, false) => "S ",
        (true, true) => "SZ ",
    }
}

/// Sets are left out where there are none.
fn line(maximise: bool, [objective, rows, columns, sets]: [Vec<String>; 4]) -> String {
    let objective = format!("{} {}", if maximise { "max" } else { "min" }, objective.join(", "));
    let mut parts = vec![objective, rows.join("; "), columns.join("; ")];
    parts.extend((!sets.is_empty()).then(|| sets.join("; ")));
    let parts = parts.into_iter();
    parts.map(|part| part.trim().to_owned()).collect::<Vec<_>>().join(" | ").trim().to_owned()
}

/// What a reader made of a text: a model, or line and message.
pub type Answer = Result<String, (usize, String)>;

/// As the reader of crate milp has it, with its warnings.
pub fn by_solver(format: Format, text: &str) -> Result<(String, Vec<milp::io::Warning>), (usize, String)> {
    match milp::io::parse(text, Some(format.solver()), Path::new("case")) {
        Ok(reading) => Ok((shown(&reading.model), reading.warnings)),
        Err(milp::Error::Parse { line, message, .. }) => Err((line, message)),
        Err(other) => panic!("{other}"),
    }
}

/// As the reader of the checker has it.
pub fn by_checker(format: Format, text: &str) -> Answer {
    read_by_checker(format, text).map(|model| shown_by_checker(&model))
}

fn read_by_checker(format: Format, text: &str) -> Result<checker::Model, (usize, String)> {
    let read = checker::Model::read(Source::new("case", text.as_bytes()), format.checker());
    read.map_err(|error| (error.line() as usize, error.to_string()))
}

/// What is wrong with how the two readers take a text; `None` if they are right.
pub fn fault(format: Format, text: &str, expect: Expect) -> Option<String> {
    let (solver, read) = (by_solver(format, text), read_by_checker(format, text));
    let remarked: Vec<usize> =
        read.iter().flat_map(|model| &model.remarks).map(|remark| remark.line as usize).collect();
    let checker = read.map(|model| shown_by_checker(&model));
    let right = match (expect, &solver, &checker) {
        (Expect::Reads(model), Ok((a, warnings)), Ok(b)) => {
            (a == model && b == model, warnings.is_empty() && remarked.is_empty())
        }
        (Expect::Warns(model, line, word), Ok((a, warnings)), Ok(b)) => {
            let warned = |warning: &milp::io::Warning| warning.line == line && warning.message.contains(word);
            (a == model && b == model, warnings.len() == 1 && warnings.iter().all(warned) && remarked == [line])
        }
        (Expect::Refuses(line, word), Err((a, said)), Err((b, also))) => {
            // Each quotes in its own way.
            let plain = |text: &str| text.replace('`', "'");
            ((*a, *b) == (line, line), plain(said).contains(word) && plain(also).contains(word))
        }
        _ => (false, false),
    };
    (right != (true, true)).then(|| {
        format!(
            "{format:?} {text:?}\n  {expect:?}\n  solver {solver:?}\n  checker {checker:?}, remarks at {remarked:?}"
        )
    })
}

/// Holds both readers to a table and reports every row that falls short.
#[track_caller]
pub fn hold<T: AsRef<str>>(format: Format, rows: &[(T, Expect)]) {
    let faults: Vec<String> = rows.iter().filter_map(|(text, expect)| fault(format, text.as_ref(), *expect)).collect();
    assert!(faults.is_empty(), "{} of {} rows:\n{}", faults.len(), rows.len(), faults.join("\n"));
}

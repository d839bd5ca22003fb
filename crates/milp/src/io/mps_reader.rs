//! Reads MPS, fixed and free.
//!
//! Conventions where dialects differ (those of HiGHS and SCIP unless noted):
//! * The first `N` row is the objective; later ones are kept as free rows.
//! * The objective's RHS is the negated constant of the objective.
//! * Integer columns without any bound are binary; with one, the upper bound defaults to infinity.
//! * A negative `UP` without a given lower bound frees the lower bound.
//! * A range R on an `E` row means `[rhs, rhs + |R|]` for R >= 0 and `[rhs - |R|, rhs]` for R < 0.
//! * A coefficient, right-hand side or range given twice is an error; of bounds the last one counts.
//! * Sections with quadratic terms, special ordered sets, indicators and semi-continuous bounds are refused.
//!
//! Free or fixed is found by trying: tokens between blanks first, then the fixed columns (names may hold blanks there);
//! when neither works, the error of the reading that came further is reported.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Precision, number};
use crate::model::{Row, Variable};
use crate::{Error, Model, Sense, VarId, VarKind};

/// Reads a model in MPS format; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub fn parse_mps(text: &str, path: &Path) -> Result<Model, Error> {
    parse(text, path, Precision::Rounded)
}

pub(super) fn parse(text: &str, path: &Path, precision: Precision) -> Result<Model, Error> {
    let free = match Reader::new(Layout::Free, precision).read(text) {
        Ok(model) => return Ok(model),
        Err(failure) => failure,
    };
    let failure = match Reader::new(Layout::Fixed, precision).read(text) {
        Ok(model) => return Ok(model),
        Err(fixed) if fixed.line > free.line => fixed,
        Err(_) => free,
    };
    Err(Error::Parse { path: path.to_path_buf(), line: failure.line, message: failure.message })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Free,
    Fixed,
}

struct Failure {
    line: usize,
    message: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Start,
    ObjectiveSense,
    Rows,
    Columns,
    RightSides,
    Ranges,
    Bounds,
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Free,
    AtMost,
    AtLeast,
    Equal,
}

/// Where a row name leads.
#[derive(Clone, Copy)]
enum Target {
    Objective,
    Row(usize),
}

struct RowDraft<'a> {
    name: &'a str,
    kind: RowKind,
    right_side: Option<f64>,
    range: Option<f64>,
    terms: Vec<(VarId, f64)>,
}

struct ColumnDraft<'a> {
    name: &'a str,
    cost: Option<f64>,
    kind: VarKind,
    lower: Option<f64>,
    upper: Option<f64>,
}

struct Reader<'a> {
    layout: Layout,
    precision: Precision,
    name: &'a str,
    sense: Sense,
    offset: Option<f64>,
    objective: Option<&'a str>,
    rows: Vec<RowDraft<'a>>,
    columns: Vec<ColumnDraft<'a>>,
    row_index: BTreeMap<&'a str, Target>,
    column_index: BTreeMap<&'a str, usize>,
    in_integer_block: bool,
}

impl<'a> Reader<'a> {
    fn new(layout: Layout, precision: Precision) -> Self {
        Self {
            layout,
            precision,
            name: "",
            sense: Sense::Minimise,
            offset: None,
            objective: None,
            rows: Vec::new(),
            columns: Vec::new(),
            row_index: BTreeMap::new(),
            column_index: BTreeMap::new(),
            in_integer_block: false,
        }
    }

    fn read(mut self, text: &'a str) -> Result<Model, Failure> {
        let mut section = Section::Start;
        let mut last = 0;
        for (index, line) in text.lines().enumerate() {
            last = index + 1;
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('*') {
                continue;
            }
            let step = if line.starts_with([' ', '\t']) || self.continues_sense(section, line) {
                self.data(section, line)
            } else {
                self.header(line).map(|next| section = next)
            };
            step.map_err(|message| Failure { line: last, message })?;
            if section == Section::End {
                return self.finish().map_err(|message| Failure { line: last, message });
            }
        }
        Err(Failure { line: last.max(1), message: "the file ends without ENDATA; is it complete?".into() })
    }

    /// `OBJSENSE` followed by an unindented `MAX`, as some writers have it.
    fn continues_sense(&self, section: Section, line: &str) -> bool {
        section == Section::ObjectiveSense && sense_of(line.trim()).is_some()
    }

    fn header(&mut self, line: &'a str) -> Result<Section, String> {
        let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match keyword.to_ascii_uppercase().as_str() {
            "NAME" => {
                self.name = rest;
                Ok(Section::Start)
            }
            "OBJSENSE" => {
                if !rest.is_empty() {
                    self.set_sense(rest)?;
                }
                Ok(Section::ObjectiveSense)
            }
            "ROWS" => Ok(Section::Rows),
            "COLUMNS" => Ok(Section::Columns),
            "RHS" => Ok(Section::RightSides),
            "RANGES" => Ok(Section::Ranges),
            "BOUNDS" => Ok(Section::Bounds),
            "ENDATA" => Ok(Section::End),
            "QUADOBJ" | "QMATRIX" | "QSECTION" | "QCMATRIX" | "CSECTION" => Err(format!(
                "section {keyword} holds quadratic or conic terms, and only linear models are supported; linearise them"
            )),
            "SOS" | "SOS1" | "SOS2" | "SETS" | "INDICATORS" | "GENCONS" | "PWLOBJ" | "PWLNAM" => {
                Err(format!("section {keyword} is not supported; write it with binary columns and linear rows"))
            }
            "LAZYCONS" | "USERCUTS" => {
                Err(format!("section {keyword} is not supported; move its rows into ROWS if they belong to the model"))
            }
            _ => Err(format!(
                "'{}' is not a section of an MPS file (NAME, OBJSENSE, ROWS, COLUMNS, RHS, RANGES, BOUNDS, ENDATA); \
                 data lines start with a blank",
                shorten(keyword)
            )),
        }
    }

    fn data(&mut self, section: Section, line: &'a str) -> Result<(), String> {
        let fields = self.fields(line);
        match section {
            Section::ObjectiveSense => self.set_sense(line.trim()),
            Section::Rows => self.row(&fields),
            Section::Columns => self.column_entries(&fields),
            Section::RightSides => self.right_sides(&fields),
            Section::Ranges => self.ranges(&fields),
            Section::Bounds => self.bound(&fields),
            Section::Start | Section::End => {
                Err("data outside of any section; a line such as ROWS or COLUMNS must come first".into())
            }
        }
    }

    /// The non-empty fields of a data line.
    fn fields(&self, line: &'a str) -> Vec<&'a str> {
        match self.layout {
            Layout::Free => line.split_whitespace().collect(),
            Layout::Fixed => {
                // Columns 2-3, 5-12, 15-22, 25-36, 40-47, 50-61 of the original card; numbers may run on.
                let at = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
                let starts = [0, 4, 14, 24, 39, 49].map(at);
                let ends = [4, 14, 24, 39, 49, usize::MAX].map(at);
                let field = |k: usize| line[starts[k]..ends[k]].trim();
                (0..6).map(field).filter(|field| !field.is_empty()).collect()
            }
        }
    }

    fn set_sense(&mut self, word: &str) -> Result<(), String> {
        self.sense = sense_of(word).ok_or_else(|| format!("'{}' is not MIN or MAX", shorten(word)))?;
        Ok(())
    }

    fn row(&mut self, fields: &[&'a str]) -> Result<(), String> {
        let &[kind, name] = fields else {
            return Err("a line of ROWS is a type (N, L, G or E) and a name".into());
        };
        let kind = match kind {
            "N" | "n" => RowKind::Free,
            "L" | "l" => RowKind::AtMost,
            "G" | "g" => RowKind::AtLeast,
            "E" | "e" => RowKind::Equal,
            _ => return Err(format!("row type '{}' is none of N, L, G, E", shorten(kind))),
        };
        let target = if kind == RowKind::Free && self.objective.is_none() {
            self.objective = Some(name);
            Target::Objective
        } else {
            self.rows.push(RowDraft { name, kind, right_side: None, range: None, terms: Vec::new() });
            Target::Row(self.rows.len() - 1)
        };
        match self.row_index.insert(name, target) {
            None => Ok(()),
            Some(_) => Err(format!("row '{name}' is declared twice; row names are unique")),
        }
    }

    fn column_entries(&mut self, fields: &[&'a str]) -> Result<(), String> {
        if fields.len() >= 3 && fields[1] == "'MARKER'" {
            self.in_integer_block = match fields[2] {
                "'INTORG'" => true,
                "'INTEND'" => false,
                other => return Err(format!("marker {} is neither 'INTORG' nor 'INTEND'", shorten(other))),
            };
            return Ok(());
        }
        let (&name, entries) = fields.split_first().ok_or("an empty line in COLUMNS")?;
        if entries.is_empty() || entries.len() % 2 == 1 || entries.len() > 4 {
            return Err("a line of COLUMNS is a column name and one or two pairs of row name and value".into());
        }
        if self.columns.last().is_none_or(|column| column.name != name) {
            if self.column_index.insert(name, self.columns.len()).is_some() {
                return Err(format!("column '{name}' comes back after another column; put its entries together"));
            }
            let kind = if self.in_integer_block { VarKind::Integer } else { VarKind::Continuous };
            self.columns.push(ColumnDraft { name, cost: None, kind, lower: None, upper: None });
        }
        let index = self.columns.len() - 1;
        let var = VarId(u32::try_from(index).map_err(|_| "more than 2^32 columns")?);
        for pair in entries.chunks_exact(2) {
            let value = self.exact(pair[1], number::parse_finite(pair[1])?)?;
            let repeated = match self.target(pair[0])? {
                Target::Objective => self.columns[index].cost.replace(value).is_some(),
                Target::Row(row) => {
                    let terms = &mut self.rows[row].terms;
                    let repeated = terms.last().is_some_and(|&(last, _)| last == var);
                    terms.push((var, value));
                    repeated
                }
            };
            if repeated {
                return Err(format!("column '{name}' has two entries in row '{}'; keep one", pair[0]));
            }
        }
        Ok(())
    }

    fn right_sides(&mut self, fields: &[&'a str]) -> Result<(), String> {
        for pair in pairs_after_set_name(fields, "RHS")? {
            let value = self.exact(pair[1], number::parse(pair[1])?)?;
            let slot = match self.target(pair[0])? {
                Target::Objective => {
                    number::parse_finite(pair[1])?;
                    &mut self.offset
                }
                Target::Row(row) => &mut self.rows[row].right_side,
            };
            if slot.replace(value).is_some() {
                return Err(format!("row '{}' has two right-hand sides; keep one", pair[0]));
            }
        }
        Ok(())
    }

    fn ranges(&mut self, fields: &[&'a str]) -> Result<(), String> {
        for pair in pairs_after_set_name(fields, "RANGES")? {
            let value = self.exact(pair[1], number::parse(pair[1])?)?;
            let Target::Row(row) = self.target(pair[0])? else {
                return Err(format!("the objective '{}' can have no range; remove it", pair[0]));
            };
            if self.rows[row].range.replace(value).is_some() {
                return Err(format!("row '{}' has two ranges; keep one", pair[0]));
            }
        }
        Ok(())
    }

    fn bound(&mut self, fields: &[&'a str]) -> Result<(), String> {
        let (&kind, rest) = fields.split_first().ok_or("an empty line in BOUNDS")?;
        let kind = kind.to_ascii_uppercase();
        let takes_value = match kind.as_str() {
            "UP" | "LO" | "FX" | "UI" | "LI" => true,
            "FR" | "MI" | "PL" | "BV" => false,
            "SC" | "SI" | "SN" => {
                return Err(format!(
                    "bound type {kind}: semi-continuous columns are not supported; model them with a binary column"
                ));
            }
            other => {
                return Err(format!("bound type '{}' is none of UP, LO, FX, FR, MI, PL, BV, LI, UI", shorten(other)));
            }
        };
        let known = |name: &str| self.column_index.contains_key(name);
        // The name of the bound set may be missing, and types without a value may carry one all the same.
        let (name, value) = match (rest, takes_value) {
            (&[name, value] | &[_, name, value], true) => (name, value),
            (&[_, name], false) if known(name) => (name, ""),
            (&[name] | &[name, _] | &[_, name, _], false) => (name, ""),
            _ => return Err(format!("a bound of type {kind} is: {kind}, set name, column name, value")),
        };
        let Some(&index) = self.column_index.get(name) else {
            return Err(format!("column '{}' is not in COLUMNS; correct the name", shorten(name)));
        };
        let value = if takes_value { number::side(self.exact(value, number::parse(value)?)?) } else { 0.0 };
        let column = &mut self.columns[index];
        match kind.as_str() {
            "UP" | "UI" => {
                column.upper = Some(value);
                if value < 0.0 && column.lower.is_none() {
                    column.lower = Some(f64::NEG_INFINITY);
                }
            }
            "LO" | "LI" => column.lower = Some(value),
            "FX" => (column.lower, column.upper) = (Some(value), Some(value)),
            "FR" => (column.lower, column.upper) = (Some(f64::NEG_INFINITY), Some(f64::INFINITY)),
            "MI" => column.lower = Some(f64::NEG_INFINITY),
            "PL" => column.upper = Some(f64::INFINITY),
            _ => (column.lower, column.upper) = (Some(0.0), Some(1.0)), // BV
        }
        if matches!(kind.as_str(), "UI" | "LI" | "BV") {
            column.kind = VarKind::Integer;
        }
        Ok(())
    }

    /// The value read from a text, unless it must be exact and is not.
    fn exact(&self, text: &str, value: f64) -> Result<f64, String> {
        if self.precision == Precision::Exact {
            number::check_exact(text, value)?;
        }
        Ok(value)
    }

    fn target(&self, name: &str) -> Result<Target, String> {
        let found = self.row_index.get(name).copied();
        found.ok_or_else(|| format!("row '{}' is not in ROWS; declare it there or correct the name", shorten(name)))
    }

    fn finish(self) -> Result<Model, String> {
        let mut model = Model::new(self.name);
        model.sense = self.sense;
        model.offset = self.offset.map_or(0.0, |right_side| -right_side);
        model.variables = self.columns.into_iter().map(ColumnDraft::finish).collect();
        let precision = self.precision;
        model.rows = self.rows.into_iter().map(|row| row.finish(precision)).collect::<Result<_, _>>()?;
        Ok(model)
    }
}

impl ColumnDraft<'_> {
    fn finish(self) -> Variable {
        let binary = self.kind == VarKind::Integer && self.lower.is_none() && self.upper.is_none();
        Variable {
            name: self.name.into(),
            lower: self.lower.unwrap_or(0.0),
            upper: self.upper.unwrap_or(if binary { 1.0 } else { f64::INFINITY }),
            cost: self.cost.unwrap_or(0.0),
            kind: self.kind,
        }
    }
}

impl RowDraft<'_> {
    fn finish(mut self, precision: Precision) -> Result<Row, String> {
        let right = number::side(self.right_side.unwrap_or(0.0));
        let width = self.range.map(|range| number::side(range.abs()));
        let (lower, upper) = match (self.kind, width) {
            (RowKind::Free, _) => (f64::NEG_INFINITY, f64::INFINITY),
            (RowKind::AtMost, None) => (f64::NEG_INFINITY, right),
            (RowKind::AtMost, Some(width)) => (right - width, right),
            (RowKind::AtLeast, None) => (right, f64::INFINITY),
            (RowKind::AtLeast, Some(width)) => (right, right + width),
            (RowKind::Equal, None) => (right, right),
            (RowKind::Equal, Some(width)) if self.range.is_some_and(|range| range < 0.0) => (right - width, right),
            (RowKind::Equal, Some(width)) => (right, right + width),
        };
        let (lower, upper) = (number::side(lower), number::side(upper));
        if lower.is_nan() || upper.is_nan() || lower == f64::INFINITY || upper == f64::NEG_INFINITY {
            return Err(format!(
                "row '{}' has an infinite side that nothing can meet; correct RHS or RANGES",
                self.name
            ));
        }
        if let (Precision::Exact, Some(width)) = (precision, width) {
            number::check_sum(lower, width, upper)?;
        }
        self.terms.retain(|&(_, value)| value != 0.0);
        Ok(Row { name: self.name.into(), lower, upper, terms: self.terms })
    }
}

/// The (row, value) pairs of a line of RHS or RANGES, whose first field, the name of the set, may be missing.
fn pairs_after_set_name<'f, 'a>(
    fields: &'f [&'a str],
    section: &str,
) -> Result<std::slice::ChunksExact<'f, &'a str>, String> {
    match fields.len() {
        2 | 4 => Ok(fields.chunks_exact(2)),
        3 | 5 => Ok(fields[1..].chunks_exact(2)),
        _ => Err(format!("a line of {section} is a set name and one or two pairs of row name and value")),
    }
}

fn sense_of(word: &str) -> Option<Sense> {
    match word.to_ascii_uppercase().as_str() {
        "MAX" | "MAXIMIZE" | "MAXIMISE" => Some(Sense::Maximise),
        "MIN" | "MINIMIZE" | "MINIMISE" => Some(Sense::Minimise),
        _ => None,
    }
}

/// At most forty characters of a text that goes into a message.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into(),
    }
}

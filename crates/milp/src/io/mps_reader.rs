//! Reads MPS, fixed and free, as `docs/model-files.md` defines it.
//!
//! Conventions where dialects differ (those of HiGHS and SCIP unless noted):
//! * The first `N` row is the objective, or the one that OBJNAME names; other `N` rows are kept as free rows.
//! * The objective's RHS is the negated constant of the objective.
//! * Integer columns without any bound are binary; with one, the upper bound defaults to infinity.
//! * A negative `UP` without a given lower bound frees the lower bound.
//! * A range R on an `E` row means `[rhs, rhs + |R|]` for R >= 0 and `[rhs - |R|, rhs]` for R < 0.
//! * A coefficient, right-hand side or range given twice is an error; of bounds the last one counts.
//! * A field that starts with `$` behind a complete entry opens a comment.
//! * `SC` without a value has no upper bound; a semi-continuous column without a lower bound has 0.
//! * Sections with quadratic terms are refused.
//!
//! Free or fixed is found by trying: tokens between blanks first, then the fixed columns (names may hold blanks there);
//! when neither works, the error of the reading that came further is reported.

use std::collections::BTreeMap;
use std::path::Path;

use super::mps_drafts::{ColumnDraft, Failure, RowDraft, RowKind};
use super::mps_lines::{self, Layout, Section, is_semi_continuous};
use super::mps_special::SpecialDraft;
use super::number;
use super::reading::{
    Alike, OF_SEMI_CONTINUOUS, Reading, Warning, about_semi_continuous, after_end, is_blank, shorten,
};
use crate::model::{Datum, RowId};
use crate::{Error, Indicator, Model, Sense, VarId, VarKind};

/// Reads a prepared text; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub(super) fn read(text: &str, path: &Path) -> Result<Reading, Error> {
    // The last lines that they come to.
    let mut reached = [0, 0];
    let free = match Reader::new(Layout::Free).read(text, &mut reached[0]) {
        Ok(reading) => return Ok(reading),
        Err(failure) => failure,
    };
    let failure = match Reader::new(Layout::Fixed).read(text, &mut reached[1]) {
        Ok(reading) => return Ok(reading),
        Err(fixed) if reached[1] > reached[0] => fixed,
        Err(_) => free,
    };
    Err(Error::Parse { path: path.to_path_buf(), line: failure.line, message: failure.message })
}

struct Reader<'a> {
    layout: Layout,
    /// The line being read, from 1.
    line: usize,
    name: &'a str,
    sense: Option<Sense>,
    /// What OBJNAME says, and where.
    objective_name: Option<(&'a str, usize)>,
    /// All of them, the objective as well.
    rows: Vec<RowDraft<'a>>,
    objective: Option<usize>,
    columns: Vec<ColumnDraft<'a>>,
    row_index: BTreeMap<&'a str, usize>,
    column_index: BTreeMap<&'a str, usize>,
    /// The line that has opened a block of integer columns.
    integer_block: Option<usize>,
    /// The line of ROWS.
    rows_line: Option<usize>,
    /// The set that RHS, RANGES or BOUNDS name first.
    sets: BTreeMap<Section, &'a str>,
    warned_of_sets: bool,
    special: SpecialDraft<'a>,
    open_bounds: Alike,
    /// Semi-continuous columns without an upper bound.
    open_ended: Alike,
    warnings: Vec<Warning>,
}

impl<'a> Reader<'a> {
    fn new(layout: Layout) -> Self {
        Self {
            layout,
            line: 0,
            name: "",
            sense: None,
            objective_name: None,
            rows: Vec::new(),
            objective: None,
            columns: Vec::new(),
            row_index: BTreeMap::new(),
            column_index: BTreeMap::new(),
            integer_block: None,
            rows_line: None,
            sets: BTreeMap::new(),
            warned_of_sets: false,
            special: SpecialDraft::default(),
            open_bounds: Alike::default(),
            open_ended: Alike::default(),
            warnings: Vec::new(),
        }
    }

    fn read(mut self, text: &'a str, reached: &mut usize) -> Result<Reading, Failure> {
        let mut section = Section::Start;
        let lines = (1..).zip(text.lines().map(|line| line.trim_start_matches('\u{c}').trim_end()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('*'));
        while let Some((number, line)) = lines.next() {
            (self.line, *reached) = (number, number);
            let indented = line.starts_with(char::is_whitespace);
            let step = if indented || section == Section::ObjectiveSense && sense_of(line).is_some() {
                self.data(section, line)
            } else {
                self.header(line).map(|next| section = next)
            };
            step.map_err(|message| Failure { line: number, message })?;
            if section == Section::End {
                let mut reading = self.finish()?;
                let behind = lines.find(|(_, text)| !is_blank(text));
                reading.warnings.extend(behind.map(|(line, _)| after_end(line, "ENDATA")));
                return Ok(reading);
            }
        }
        Err(Failure {
            line: text.lines().count().max(1),
            message: "the file ends without ENDATA; is it complete?".into(),
        })
    }

    fn header(&mut self, line: &'a str) -> Result<Section, String> {
        let (section, rest) = mps_lines::header(line)?;
        match section {
            Section::Start => self.name = rest,
            Section::ObjectiveSense if !rest.is_empty() => self.set_sense(rest)?,
            Section::ObjectiveName if !rest.is_empty() => self.set_objective_name(rest)?,
            Section::Rows => self.rows_line = self.rows_line.or(Some(self.line)),
            _ => {}
        }
        Ok(section)
    }

    fn data(&mut self, section: Section, line: &'a str) -> Result<(), String> {
        let fields = mps_lines::fields(line, self.layout, |name| match section {
            Section::Rows => false,
            Section::Bounds | Section::OrderedSets | Section::Indicators => self.column_index.contains_key(name),
            _ => self.row_index.contains_key(name),
        });
        match section {
            Section::ObjectiveSense => self.set_sense(line),
            Section::ObjectiveName => self.set_objective_name(line.trim()),
            Section::Rows => self.row(&fields),
            Section::Columns => self.column_entries(&fields),
            Section::RightSides | Section::Ranges => self.sides(section, &fields),
            Section::Bounds => self.bound(&fields),
            Section::OrderedSets => {
                let columns = &self.column_index;
                self.special.set_line(&fields, |name| column_of(columns, name))
            }
            Section::Indicators => {
                let (columns, indices, rows) = (&self.column_index, &self.row_index, &self.rows);
                let row = |name: &str| bounded_row(indices, rows, name);
                self.special.indicator_line(&fields, self.line, row, |name| column_of(columns, name))
            }
            Section::Start | Section::End => {
                Err("data outside of any section; a line such as ROWS or COLUMNS must come first".into())
            }
        }
    }

    fn set_sense(&mut self, word: &str) -> Result<(), String> {
        let sense = sense_of(word).ok_or_else(|| format!("'{}' is not MIN or MAX", shorten(word.trim())))?;
        match self.sense.replace(sense) {
            None => Ok(()),
            Some(_) => Err("the sense of the objective is given twice; keep one".into()),
        }
    }

    fn set_objective_name(&mut self, name: &'a str) -> Result<(), String> {
        if !self.rows.is_empty() {
            return Err("OBJNAME must stand before ROWS".into());
        }
        match self.objective_name.replace((name, self.line)) {
            None => Ok(()),
            Some(_) => Err("the objective is named twice; keep one".into()),
        }
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
        let index = self.rows.len();
        let wanted = self.objective_name.is_none_or(|(wanted, _)| wanted == name);
        if kind == RowKind::Free && wanted && self.objective.is_none() {
            self.objective = Some(index);
        }
        self.rows.push(RowDraft { name, kind, right_side: None, range: None, line: 0, terms: Vec::new() });
        match self.row_index.insert(name, index) {
            None => Ok(()),
            Some(_) => Err(format!("row '{}' is declared twice; rename one", shorten(name))),
        }
    }

    fn column_entries(&mut self, fields: &[&'a str]) -> Result<(), String> {
        if let Some(marker) = mps_lines::marker(fields) {
            let opens = marker?;
            if !opens && self.integer_block.is_none() {
                let message = "'INTEND' closes nothing: no block of integer columns is open; is an 'INTORG' missing?";
                self.warnings.push(Warning { line: self.line, message: message.into() });
            }
            self.integer_block = opens.then_some(self.integer_block.unwrap_or(self.line));
            return Ok(());
        }
        let (&name, entries) = fields.split_first().ok_or("an empty line in COLUMNS")?;
        if entries.is_empty() || entries.len() % 2 == 1 || entries.len() > 4 {
            return Err("a line of COLUMNS is a column name and one or two pairs of row name and value".into());
        }
        if self.columns.last().is_none_or(|column| column.name != name) {
            if self.column_index.insert(name, self.columns.len()).is_some() {
                return Err(format!(
                    "column '{}' comes back after another column; put its entries together",
                    shorten(name)
                ));
            }
            let kind = if self.integer_block.is_some() { VarKind::Integer } else { VarKind::Continuous };
            self.columns.push(ColumnDraft { name, kind, lower: None, upper: None, line: self.line, semi: None });
        }
        let var = VarId(u32::try_from(self.columns.len() - 1).map_err(|_| "more than 2^32 columns")?);
        for pair in entries.chunks_exact(2) {
            let value = number::parse_finite(pair[1])?;
            let terms = &mut self.row_mut(pair[0])?.terms;
            if terms.last().is_some_and(|&(last, _)| last == var) {
                return Err(format!(
                    "column '{}' has two entries in row '{}'; keep one",
                    shorten(name),
                    shorten(pair[0])
                ));
            }
            terms.push((var, value));
        }
        Ok(())
    }

    /// A line of RHS or RANGES.
    fn sides(&mut self, section: Section, fields: &[&'a str]) -> Result<(), String> {
        let is_range = section == Section::Ranges;
        let (set, pairs) = match fields.len() {
            2 | 4 => (None, fields),
            3 | 5 => (Some(fields[0]), &fields[1..]),
            _ => {
                let section = if is_range { "RANGES" } else { "RHS" };
                return Err(format!("a line of {section} is a set name and one or two pairs of row name and value"));
            }
        };
        self.note_set(section, set);
        let line = self.line;
        for pair in pairs.chunks_exact(2) {
            let name = pair[0];
            let objective = self.objective;
            let (index, row) = self.indexed_row_mut(name)?;
            let of_objective = Some(index) == objective;
            if of_objective && is_range {
                return Err(format!("the objective '{}' can have no range; remove it", shorten(name)));
            }
            let value = if of_objective { number::parse_finite(pair[1])? } else { number::parse_side(pair[1])? };
            row.line = line;
            let (slot, what) =
                if is_range { (&mut row.range, "ranges") } else { (&mut row.right_side, "right-hand sides") };
            if slot.replace(value).is_some() {
                return Err(format!("row '{}' has two {what}; keep one", shorten(name)));
            }
            if row.kind == RowKind::Free && !of_objective {
                let message = format!("row '{}' is free (N): its right-hand side and range say nothing", shorten(name));
                self.warnings.push(Warning { line, message });
            }
        }
        Ok(())
    }

    fn bound(&mut self, fields: &[&'a str]) -> Result<(), String> {
        let (kind, fields) = mps_lines::bound(fields, |name| self.column_index.contains_key(name))?;
        self.note_set(Section::Bounds, fields.set);
        let Some(&index) = self.column_index.get(fields.column) else {
            return Err(format!("column '{}' is not in COLUMNS; correct the name", shorten(fields.column)));
        };
        // Types without a value may have one, which says nothing; a word says something that is not read.
        let (value, is_open) = number::parse_bound(fields.value)?;
        if is_open && fields.counts {
            self.open_bounds.note_open_bound(self.line, fields.value);
        }
        let impossible = match kind.as_str() {
            "LO" | "LI" => value.float == f64::INFINITY,
            "UP" | "UI" | "SC" | "SI" => value.float == f64::NEG_INFINITY,
            "FX" => value.float.is_infinite(),
            _ => false,
        };
        if impossible {
            return Err("this infinite bound can never be met; correct it".into());
        }
        let (minus, plus) = (|| Some(f64::NEG_INFINITY.into()), || Some(f64::INFINITY.into()));
        let column = &mut self.columns[index];
        if is_semi_continuous(&kind) {
            column.semi.get_or_insert(self.line);
            if !fields.counts {
                let name = shorten(fields.column);
                self.open_ended.note(self.line, || {
                    format!("a bound {kind} of '{name}' without a value is read as none; some readers take 0")
                });
            }
        }
        match kind.as_str() {
            "SC" | "SI" if !fields.counts => column.upper = plus(),
            "SC" | "SI" => (column.upper, column.line) = (Some(value), self.line),
            "UP" | "UI" => (column.upper, column.line) = (Some(value), self.line),
            "LO" | "LI" => column.lower = Some(value),
            "FX" => (column.lower, column.upper) = (Some(value.clone()), Some(value)),
            "FR" => (column.lower, column.upper) = (minus(), plus()),
            "MI" => column.lower = minus(),
            "PL" => column.upper = plus(),
            _ => (column.lower, column.upper) = (Some(0.0.into()), Some(1.0.into())), // BV
        }
        if matches!(kind.as_str(), "UI" | "LI" | "BV" | "SI") {
            column.kind = VarKind::Integer;
        }
        Ok(())
    }

    /// Warns of a second set in a section: all of them count here.
    fn note_set(&mut self, section: Section, set: Option<&'a str>) {
        let Some(set) = set else { return };
        let first = *self.sets.entry(section).or_insert(set);
        if first != set && !std::mem::replace(&mut self.warned_of_sets, true) {
            let (first, set) = (shorten(first), shorten(set));
            let message = format!(
                "this section names two sets, '{first}' and '{set}': both count; some readers take the first alone, so \
                 keep one name"
            );
            self.warnings.push(Warning { line: self.line, message });
        }
    }

    /// Warns of an objective that no row states, and of a block of integer columns that nothing closes.
    fn warn_of_what_is_missing(&mut self) {
        if self.objective.is_none() {
            let message =
                "no N row: the objective is 0, and every point that holds the rows is an optimum; declare one in ROWS";
            self.warnings.push(Warning { line: self.rows_line.unwrap_or(self.line), message: message.into() });
        }
        if let Some(line) = self.integer_block {
            let message = "this block of integer columns is not closed: every column from here on is whole; write 'INTEND' where it ends";
            self.warnings.push(Warning { line, message: message.into() });
        }
    }

    fn row_mut(&mut self, name: &str) -> Result<&mut RowDraft<'a>, String> {
        self.indexed_row_mut(name).map(|(_, row)| row)
    }

    fn indexed_row_mut(&mut self, name: &str) -> Result<(usize, &mut RowDraft<'a>), String> {
        let index = self.row_index.get(name).copied();
        let found = index.and_then(|index| Some((index, self.rows.get_mut(index)?)));
        found.ok_or_else(|| format!("row '{}' is not in ROWS; declare it there or correct the name", shorten(name)))
    }

    fn finish(mut self) -> Result<Reading, Failure> {
        let mut failures = Vec::new();
        if let (Some((name, line)), None) = (self.objective_name, self.objective) {
            let message = format!("OBJNAME names '{}', which is no N row; correct the name", shorten(name));
            failures.push(Failure { line, message });
        }
        let mut model = Model::new(self.name);
        model.sense = self.sense.unwrap_or_default();
        self.warn_of_what_is_missing();
        self.warnings.extend(self.columns.iter().filter_map(ColumnDraft::warning));
        let mut binaries = Alike::default();
        for column in self.columns.iter().filter(|column| column.is_binary_by_default()) {
            let name = shorten(column.name);
            binaries.note(column.line, || {
                format!("the integer column '{name}' has no bounds and is 0 or 1, as in most readers of MPS")
            });
        }
        self.warnings.extend(binaries.warning("column", "write BV lines if that is meant, PL lines if not"));
        let mut semi_continuous = Alike::default();
        let decimals = &mut model.decimals;
        for (var, column) in (0..).map(VarId).zip(self.columns) {
            let semi = column.semi;
            let (name, kind, lower, upper) = column.finish();
            let (lower, upper) = (lower.keep(Datum::Lower(var), decimals), upper.keep(Datum::Upper(var), decimals));
            model.variables.push(crate::model::Variable { name: name.into(), lower, upper, cost: 0.0, kind });
            if let Some(line) = semi {
                model.special.semi.insert(var);
                if lower <= 0.0 {
                    semi_continuous.note(line, || about_semi_continuous(name));
                }
            }
        }
        self.warnings.extend(semi_continuous.warning("column", OF_SEMI_CONTINUOUS));
        self.warnings.extend(self.open_ended.warning("bound", "write inf if that is meant"));
        for of in self.special.indicators.values().filter(|of| !model.is_binary(of.column)) {
            let name = shorten(&model.variables[of.column.index()].name);
            let message = format!("a row depends on '{name}', which is not binary; give it a bound BV");
            failures.push(Failure { line: of.line, message });
        }
        model.special.sets = self.special.sets();
        let decimals = &mut model.decimals;
        for (index, row) in self.rows.into_iter().enumerate() {
            if self.objective != Some(index) {
                let id = RowId(model.rows.len() as u32);
                match row.finish(id, decimals) {
                    Ok(row) => model.rows.push(row),
                    Err(failure) => failures.push(failure),
                }
                if let Some(of) = self.special.indicators.get(&index) {
                    model.special.indicators.insert(id, Indicator { column: of.column, value: of.value });
                }
                continue;
            }
            model.offset = row.right_side.map_or(0.0, |side| side.negated().keep(Datum::Offset, decimals));
            for (var, value) in row.terms {
                model.variables[var.index()].cost = value.keep(Datum::Cost(var), decimals);
            }
        }
        if let Some(first) = failures.into_iter().min_by_key(|failure| failure.line) {
            return Err(first);
        }
        self.warnings.extend(self.open_bounds.of_open_bounds());
        self.warnings.sort_by_key(|warning| warning.line);
        Ok(Reading { model, warnings: self.warnings })
    }
}

fn column_of(columns: &BTreeMap<&str, usize>, name: &str) -> Result<VarId, String> {
    let index = columns.get(name).and_then(|&index| u32::try_from(index).ok());
    index.map(VarId).ok_or_else(|| format!("column '{}' is not in COLUMNS; correct the name", shorten(name)))
}

/// A row that may depend on a column.
fn bounded_row(indices: &BTreeMap<&str, usize>, rows: &[RowDraft], name: &str) -> Result<usize, String> {
    match indices.get(name).map(|&index| (index, rows[index].kind)) {
        None => Err(format!("row '{}' is not in ROWS; declare it there or correct the name", shorten(name))),
        Some((_, RowKind::Free)) => {
            Err(format!("row '{}' is free (N), so that it says nothing under an indicator; remove it", shorten(name)))
        }
        Some((index, _)) => Ok(index),
    }
}

fn sense_of(word: &str) -> Option<Sense> {
    match word.trim().to_ascii_uppercase().as_str() {
        "MAX" | "MAXIMIZE" | "MAXIMISE" | "MAXIMUM" => Some(Sense::Maximise),
        "MIN" | "MINIMIZE" | "MINIMISE" | "MINIMUM" => Some(Sense::Minimise),
        _ => None,
    }
}

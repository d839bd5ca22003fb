//! MPS, free and fixed.
//!
//! Where dialects differ: the first `N` row is the objective, or the one that OBJNAME names, and others are free rows; the
//! objective's right-hand side is minus its constant; an integer column without any bound is binary; a negative `UP` without a lower bound
//! frees the lower one; a range R of an `E` row reaches from the right-hand side up (R >= 0) or down (R < 0); of two
//! bounds the later counts; a coefficient, right-hand side or range may stand once; a field that starts with `$` behind a
//! complete entry opens a comment; `SC` without a value has no upper bound. Quadratic
//! terms and general constraints are refused.
//!
//! Fields stand between blanks (free); only if that fails, in the columns of the card (fixed, where names may have
//! blanks). If both fail, the reading that came further reports.

use super::linear::{Model, Sense};
use super::mps_drafts::{ColumnDraft, Kind, RowDraft, card};
use super::mps_special::Special;
use super::ordered::{about_lower, lacks_lower_side};
use super::text::{self, Fault, Remarks, Side, coefficient, is_blank, shorten};
use crate::budget::Budget;
use crate::number::Rational;
use std::collections::BTreeMap;

pub(super) fn read(text: &str, budget: &Budget) -> Result<Model, Fault> {
    let (mut reached, mut reached_in_columns) = (0, 0);
    let (line, what) = match Reader::new(text, false, budget).read(&mut reached) {
        Err(Fault::Wrong { line, what }) => (line, what),
        read => return read,
    };
    match Reader::new(text, true, budget).read(&mut reached_in_columns) {
        Err(Fault::Wrong { .. }) if reached_in_columns <= reached => Err(Fault::Wrong { line, what }),
        read => read,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    None,
    Sense,
    Objective,
    Rows,
    Columns,
    RightSides,
    Ranges,
    Bounds,
    OrderedSets,
    Indicators,
}

struct Reader<'t> {
    text: &'t str,
    budget: &'t Budget,
    fixed: bool,
    line: u64,
    sense: Option<Sense>,
    /// What OBJNAME says, and where.
    wanted: Option<(&'t str, u64)>,
    rows: Vec<RowDraft<'t>>,
    columns: Vec<ColumnDraft<'t>>,
    row_of: BTreeMap<&'t str, usize>,
    column_of: BTreeMap<&'t str, usize>,
    objective: Option<usize>,
    /// The line that has opened a block of integer columns.
    integers: Option<u64>,
    /// The line of ROWS.
    rows_line: Option<u64>,
    /// The first set that RHS, RANGES and BOUNDS name.
    sets: [Option<&'t str>; 3],
    special: Special<'t>,
    remarks: Remarks,
}

type Step<T> = Result<T, String>;

impl<'t> Reader<'t> {
    fn new(text: &'t str, fixed: bool, budget: &'t Budget) -> Self {
        Self {
            text,
            budget,
            fixed,
            line: 0,
            sense: None,
            wanted: None,
            rows: vec![],
            columns: vec![],
            row_of: BTreeMap::new(),
            column_of: BTreeMap::new(),
            objective: None,
            integers: None,
            rows_line: None,
            sets: [None; 3],
            special: Special::default(),
            remarks: Remarks::default(),
        }
    }

    /// `reached` is the last line that is come to.
    fn read(mut self, reached: &mut u64) -> Result<Model, Fault> {
        let mut section = Section::None;
        let lines = (1..).zip(self.text.lines().map(|line| line.trim_start_matches('\u{c}').trim_end()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('*'));
        while let Some((number, line)) = lines.next() {
            (self.line, *reached) = (number, number);
            self.budget.spend(2 * line.len()).map_err(Fault::Spent)?;
            let header = !line.starts_with(char::is_whitespace);
            let step = if header && !(section == Section::Sense && sense_of(line).is_some()) {
                if line.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("ENDATA")) {
                    return self.finish(lines.find(|(_, text)| !is_blank(text)).map(|(behind, _)| behind));
                }
                self.header(line).map(|next| section = next)
            } else {
                self.data(section, line)
            };
            step.map_err(|what| Fault::Wrong { line: self.line, what })?;
        }
        let last = u64::try_from(self.text.lines().count()).unwrap_or(u64::MAX).max(1);
        Err(Fault::Wrong { line: last, what: "the file ends without ENDATA".to_owned() })
    }

    fn header(&mut self, line: &'t str) -> Step<Section> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word.to_ascii_uppercase().as_str() {
            "NAME" => Ok(Section::None),
            "OBJSENSE" => {
                if !rest.is_empty() {
                    self.set_sense(rest)?;
                }
                Ok(Section::Sense)
            }
            "OBJNAME" => {
                if !rest.is_empty() {
                    self.set_objective(rest)?;
                }
                Ok(Section::Objective)
            }
            "ROWS" => {
                self.rows_line = self.rows_line.or(Some(self.line));
                Ok(Section::Rows)
            }
            "COLUMNS" => Ok(Section::Columns),
            "RHS" => Ok(Section::RightSides),
            "RANGES" => Ok(Section::Ranges),
            "BOUNDS" => Ok(Section::Bounds),
            "SOS" => Ok(Section::OrderedSets),
            "INDICATORS" => Ok(Section::Indicators),
            _ => Err(format!("section `{}` is not one this checker knows", shorten(word))),
        }
    }

    fn set_sense(&mut self, word: &str) -> Step<()> {
        let sense = sense_of(word).ok_or_else(|| format!("`{}` is not MIN or MAX", shorten(word.trim())))?;
        let earlier = self.sense.replace(sense);
        if earlier.is_some() { Err("the sense of the objective is given twice".to_owned()) } else { Ok(()) }
    }

    fn set_objective(&mut self, name: &'t str) -> Step<()> {
        if !self.rows.is_empty() {
            return Err("OBJNAME must stand before ROWS".to_owned());
        }
        let earlier = self.wanted.replace((name, self.line));
        if earlier.is_some() { Err("the objective is named twice".to_owned()) } else { Ok(()) }
    }

    fn data(&mut self, section: Section, line: &'t str) -> Step<()> {
        let mut fields = if self.fixed { card(line) } else { line.split_whitespace().collect() };
        let named = |field: &str| match section {
            Section::Rows => false,
            Section::Bounds | Section::OrderedSets | Section::Indicators => self.column_of.contains_key(field),
            _ => self.row_of.contains_key(field),
        };
        let comment = (0..).zip(&fields).find(|(k, field)| *k >= 2 && field.starts_with('$') && !named(field));
        if let Some((start, _)) = comment {
            fields.truncate(start);
        }
        match section {
            Section::None => Err("data outside of any section".to_owned()),
            Section::Sense => self.set_sense(line),
            Section::Objective => self.set_objective(line.trim()),
            Section::Rows => self.row(&fields),
            Section::Columns => self.column(&fields),
            Section::RightSides => self.sides(&fields, false),
            Section::Ranges => self.sides(&fields, true),
            Section::Bounds => self.bound(&fields),
            Section::OrderedSets => self.special.set(&fields, &self.column_of),
            Section::Indicators => {
                let rows = (&self.row_of, self.rows.as_slice());
                self.special.indicator(&fields, rows, &self.column_of, self.line)
            }
        }
    }

    fn row(&mut self, fields: &[&'t str]) -> Step<()> {
        let &[kind, name] = fields else { return Err("a row is declared by its type and its name".to_owned()) };
        let kind = match kind {
            "N" | "n" => Kind::Free,
            "L" | "l" => Kind::AtMost,
            "G" | "g" => Kind::AtLeast,
            "E" | "e" => Kind::Equal,
            _ => return Err(format!("row type `{}` is none of N, L, G, E", shorten(kind))),
        };
        let index = self.rows.len();
        if kind == Kind::Free && self.objective.is_none() && self.wanted.is_none_or(|(wanted, _)| wanted == name) {
            self.objective = Some(index);
        }
        self.rows.push(RowDraft { name, kind, right: None, range: None, line: 0, terms: vec![], indicator: None });
        match self.row_of.insert(name, index) {
            None => Ok(()),
            Some(_) => Err(format!("row `{}` is declared twice", shorten(name))),
        }
    }

    fn column(&mut self, fields: &[&'t str]) -> Step<()> {
        if let [_, word, marker, ..] = fields
            && word.eq_ignore_ascii_case("'MARKER'")
        {
            self.integers = match marker.to_ascii_uppercase().as_str() {
                "'INTORG'" => self.integers.or(Some(self.line)),
                "'INTEND'" => {
                    if self.integers.is_none() {
                        self.remarks.note(self.line, "'INTEND' closes nothing");
                    }
                    None
                }
                _ => return Err(format!("marker {} is neither 'INTORG' nor 'INTEND'", shorten(marker))),
            };
            return Ok(());
        }
        let (name, pairs) = match *fields {
            [name, row, value] => (name, [Some((row, value)), None]),
            [name, row, value, second, other] => (name, [Some((row, value)), Some((second, other))]),
            _ => return Err("a column entry is a column and one or two pairs of row and value".to_owned()),
        };
        if self.columns.last().is_none_or(|last| last.name != name) {
            if self.column_of.insert(name, self.columns.len()).is_some() {
                return Err(format!("column `{}` stands in two places", shorten(name)));
            }
            self.columns.push(ColumnDraft {
                name,
                integer: self.integers.is_some(),
                lower: None,
                upper: None,
                line: self.line,
                semi: None,
            });
        }
        let column = self.columns.len() - 1;
        for (row, value) in pairs.into_iter().flatten() {
            let value = coefficient(value)?;
            let terms = &mut self.row_mut(row)?.terms;
            if terms.last().is_some_and(|(last, _)| *last == column) {
                return Err(format!("column `{}` has two entries in row `{}`", shorten(name), shorten(row)));
            }
            terms.push((column, value));
        }
        Ok(())
    }

    /// A line of RHS or, if `range`, of RANGES.
    fn sides(&mut self, fields: &[&'t str], range: bool) -> Step<()> {
        // The name of the set, the first of an odd number of fields.
        if fields.len() % 2 == 1 {
            self.note_set(usize::from(range), fields.first().copied());
        }
        let pairs = match *fields {
            [row, value] | [_, row, value] => [Some((row, value)), None],
            [row, value, second, other] | [_, row, value, second, other] => [Some((row, value)), Some((second, other))],
            _ => return Err("expected one or two pairs of row and value".to_owned()),
        };
        for (name, value) in pairs.into_iter().flatten() {
            let is_objective = self.objective.is_some() && self.objective == self.row_of.get(name).copied();
            if is_objective && range {
                return Err(format!("the objective `{}` has a range", shorten(name)));
            }
            let side = if is_objective { Side::At(coefficient(value)?) } else { Side::of_row(value)? };
            let line = self.line;
            let row = self.row_mut(name)?;
            row.line = line;
            if row.kind == Kind::Free && !is_objective {
                let what = format!("row `{}` is free, so this says nothing of it", shorten(name));
                self.remarks.note(line, what);
            }
            let row = self.row_mut(name)?;
            let slot = if range { &mut row.range } else { &mut row.right };
            if slot.replace(side).is_some() {
                return Err(format!("row `{}` has two such entries", shorten(name)));
            }
        }
        Ok(())
    }

    fn row_mut(&mut self, name: &str) -> Step<&mut RowDraft<'t>> {
        let index = self.row_of.get(name).copied();
        let row = index.and_then(|index| self.rows.get_mut(index));
        row.ok_or_else(|| format!("row `{}` is not declared in ROWS", shorten(name)))
    }

    fn bound(&mut self, fields: &[&'t str]) -> Step<()> {
        let Some((&kind, rest)) = fields.split_first() else { return Err("an empty bound".to_owned()) };
        let kind = kind.to_ascii_uppercase();
        let is_semi = matches!(kind.as_str(), "SC" | "SI");
        let takes_value = match kind.as_str() {
            "UP" | "LO" | "FX" | "UI" | "LI" | "SC" | "SI" => true,
            "FR" | "MI" | "PL" | "BV" => false,
            _ => return Err(format!("bound type `{}` is not one this checker knows", shorten(&kind))),
        };
        // The name of the set may be left out, and a value may follow where none is needed.
        let (set, name, value) = match (takes_value && !is_semi, rest) {
            (_, &[set, name, value]) => (Some(set), name, Some(value)),
            (false, &[set, name]) if self.column_of.contains_key(name) => (Some(set), name, None),
            (_, &[name, value]) => (None, name, Some(value)),
            (false, &[name]) => (None, name, None),
            _ => return Err(format!("a bound {kind} has a set name, a column and perhaps a value")),
        };
        self.note_set(2, set);
        let line = self.line;
        let index = self.column_of.get(name).copied();
        let Some(column) = index.and_then(|index| self.columns.get_mut(index)) else {
            return Err(format!("column `{}` is not in COLUMNS", shorten(name)));
        };
        let with_value = takes_value && value.is_some();
        let value = value.unwrap_or(if is_semi { "inf" } else { "0" });
        let (side, is_open) = Side::of_column(value)?;
        if is_open && with_value {
            let what = || format!("a bound of {} counts as infinite", shorten(value));
            self.remarks.repeat(text::Kind::OpenBound, line, what);
        }
        let value = if takes_value { side } else { Side::At(Rational::ZERO) };
        // What can never be met is refused here, where its line is known.
        if is_semi {
            column.semi = column.semi.or(Some(line));
            if !with_value {
                let what = || format!("a bound {kind} of `{}` without a value is none", shorten(name));
                self.remarks.repeat(text::Kind::OpenEnded, line, what);
            }
        }
        if matches!(kind.as_str(), "UP" | "UI" | "FX" | "SC" | "SI") {
            value.clone().upper()?;
        }
        if matches!(kind.as_str(), "LO" | "LI" | "FX") {
            value.clone().lower()?;
        }
        match kind.as_str() {
            "SC" | "SI" if !with_value => column.upper = Some(value),
            "UP" | "UI" | "SC" | "SI" => (column.upper, column.line) = (Some(value), line),
            "LO" | "LI" => column.lower = Some(value),
            "FX" => (column.lower, column.upper) = (Some(value.clone()), Some(value)),
            "FR" => (column.lower, column.upper) = (Some(Side::MinusInfinity), Some(Side::Infinity)),
            "MI" => column.lower = Some(Side::MinusInfinity),
            "PL" => column.upper = Some(Side::Infinity),
            _ => (column.lower, column.upper) = (Some(value), Some(Side::At(Rational::ONE))), // BV
        }
        column.integer |= matches!(kind.as_str(), "UI" | "LI" | "BV" | "SI");
        Ok(())
    }

    /// Remarks a second set in a section: all of them count.
    fn note_set(&mut self, section: usize, set: Option<&'t str>) {
        let Some((set, first)) = set.zip(self.sets.get_mut(section)) else { return };
        if *first.get_or_insert(set) != set {
            let what = || format!("`{}` is another set than before; both count", shorten(set));
            self.remarks.repeat(text::Kind::Sets, self.line, what);
        }
    }

    /// Remarks what there should be, and columns with a negative upper bound alone or whole ones without any.
    fn remark_missing(&mut self) {
        if self.objective.is_none() {
            self.remarks.note(self.rows_line.unwrap_or(self.line), "no N row: the objective is 0");
        }
        if let Some(line) = self.integers {
            self.remarks.note(line, "this block of integer columns is not closed");
        }
        for draft in self.columns.iter().filter(|draft| draft.frees_lower()) {
            let what = format!("`{}` has a negative upper bound alone: it has none below", shorten(draft.name));
            self.remarks.note(draft.line, what);
        }
        for draft in &self.columns {
            if let Some(line) = draft.semi.filter(|_| lacks_lower_side(draft.lower.as_ref())) {
                self.remarks.repeat(text::Kind::SemiContinuous, line, || about_lower(draft.name));
            }
        }
        for draft in self.columns.iter().filter(|draft| draft.is_binary_by_default()) {
            let what = || format!("the integer column `{}` has no bounds: it is 0 or 1", shorten(draft.name));
            self.remarks.repeat(text::Kind::Binary, draft.line, what);
        }
    }

    fn finish(mut self, behind: Option<u64>) -> Result<Model, Fault> {
        let here = self.line;
        let mut faults = vec![];
        if let (Some((name, line)), None) = (self.wanted, self.objective) {
            faults.push((line, format!("OBJNAME names `{}`, which is no N row", shorten(name))));
        }
        self.remark_missing();
        let columns = self.columns.into_iter().map(ColumnDraft::finish).collect::<Step<Vec<_>>>();
        let columns = columns.map_err(|what| Fault::Wrong { line: here, what })?;
        let sense = self.sense.unwrap_or(Sense::Minimise);
        let remarks = self.remarks.finish(behind);
        let sets = self.special.take_sets();
        let mut model =
            Model { sense, objective: vec![], offset: Rational::ZERO, columns, rows: vec![], sets, remarks };
        for (line, column) in self.special.conditions(&mut self.rows) {
            if !model.is_binary(column) {
                let name = model.columns.get(column).map_or("", |column| &column.name);
                faults.push((line, format!("a row depends on `{}`, which is not binary", shorten(name))));
            }
        }
        for (index, mut row) in self.rows.into_iter().enumerate() {
            row.terms.retain(|(_, value)| !value.is_zero());
            if self.objective == Some(index) {
                if let Some(Side::At(value)) = row.right {
                    model.offset = -value;
                }
                model.objective = row.terms;
            } else {
                let line = row.line;
                match row.finish() {
                    Ok(row) => model.rows.push(row),
                    Err(what) => faults.push((line, what)),
                }
            }
        }
        match faults.into_iter().min_by_key(|(line, _)| *line) {
            None => Ok(model),
            Some((line, what)) => Err(Fault::Wrong { line, what }),
        }
    }
}

fn sense_of(word: &str) -> Option<Sense> {
    match word.trim().to_ascii_uppercase().as_str() {
        "MAX" | "MAXIMIZE" | "MAXIMISE" | "MAXIMUM" => Some(Sense::Maximise),
        "MIN" | "MINIMIZE" | "MINIMISE" | "MINIMUM" => Some(Sense::Minimise),
        _ => None,
    }
}

//! MPS, free and fixed.
//!
//! Where dialects differ: the first `N` row is the objective and later ones are free rows; the objective's right-hand
//! side is minus its constant; an integer column without any bound is binary; a negative `UP` without a lower bound
//! frees the lower one; a range R of an `E` row reaches from the right-hand side up (R >= 0) or down (R < 0); of two
//! bounds the later counts; a coefficient, right-hand side or range may stand once. What goes beyond linear models with
//! integer columns is refused.
//!
//! Fields stand between blanks (free); only if that fails, in the columns of the card (fixed, where names may have
//! blanks). If both fail, the reading that came further reports.

use super::{Column, Fault, Model, Row, Sense, Side, Terms, coefficient, shorten};
use crate::number::Rational;
use std::collections::BTreeMap;

pub(super) fn read(text: &str) -> Result<Model, Fault> {
    match Reader::new(text, false).read() {
        Ok(model) => Ok(model),
        Err(free) => match Reader::new(text, true).read() {
            Ok(model) => Ok(model),
            Err(fixed) if fixed.line > free.line => Err(fixed),
            Err(_) => Err(free),
        },
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    None,
    Sense,
    Rows,
    Columns,
    RightSides,
    Ranges,
    Bounds,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Free,
    AtMost,
    AtLeast,
    Equal,
}

struct RowDraft<'t> {
    name: &'t str,
    kind: Kind,
    right: Option<Side>,
    range: Option<Side>,
    terms: Terms,
}

struct ColumnDraft<'t> {
    name: &'t str,
    integer: bool,
    lower: Option<Side>,
    upper: Option<Side>,
}

struct Reader<'t> {
    text: &'t str,
    fixed: bool,
    sense: Sense,
    rows: Vec<RowDraft<'t>>,
    columns: Vec<ColumnDraft<'t>>,
    row_of: BTreeMap<&'t str, usize>,
    column_of: BTreeMap<&'t str, usize>,
    objective: Option<usize>,
    integers: bool,
}

type Step<T> = Result<T, String>;

impl<'t> Reader<'t> {
    fn new(text: &'t str, fixed: bool) -> Self {
        Self {
            text,
            fixed,
            sense: Sense::Minimise,
            rows: vec![],
            columns: vec![],
            row_of: BTreeMap::new(),
            column_of: BTreeMap::new(),
            objective: None,
            integers: false,
        }
    }

    fn read(mut self) -> Result<Model, Fault> {
        let mut section = Section::None;
        let mut number = 0;
        for line in self.text.lines() {
            number += 1;
            let fault = |what| Fault { line: number, what };
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('*') {
                continue;
            }
            let header = !line.starts_with([' ', '\t']);
            if header && !(section == Section::Sense && sense_of(line).is_some()) {
                if line.split_whitespace().next() == Some("ENDATA") {
                    return self.finish().map_err(fault);
                }
                section = self.header(line).map_err(fault)?;
            } else {
                self.data(section, line).map_err(fault)?;
            }
        }
        Err(Fault { line: number, what: "the file ends without ENDATA".to_owned() })
    }

    fn header(&mut self, line: &str) -> Step<Section> {
        let mut words = line.split_whitespace();
        match (words.next().unwrap_or(""), words.next()) {
            ("NAME", _) => Ok(Section::None),
            ("OBJSENSE", word) => {
                if let Some(word) = word {
                    self.sense = sense_of(word).ok_or_else(|| format!("`{}` is not MIN or MAX", shorten(word)))?;
                }
                Ok(Section::Sense)
            }
            ("ROWS", _) => Ok(Section::Rows),
            ("COLUMNS", _) => Ok(Section::Columns),
            ("RHS", _) => Ok(Section::RightSides),
            ("RANGES", _) => Ok(Section::Ranges),
            ("BOUNDS", _) => Ok(Section::Bounds),
            (word, _) => Err(format!("section `{}` is not one this checker knows", shorten(word))),
        }
    }

    fn data(&mut self, section: Section, line: &'t str) -> Step<()> {
        let fields = if self.fixed { card(line) } else { line.split_whitespace().collect() };
        match section {
            Section::None => Err("data outside of any section".to_owned()),
            Section::Sense => {
                self.sense = sense_of(line).ok_or_else(|| format!("`{}` is not MIN or MAX", shorten(line.trim())))?;
                Ok(())
            }
            Section::Rows => self.row(&fields),
            Section::Columns => self.column(&fields),
            Section::RightSides => self.sides(&fields, |row| &mut row.right),
            Section::Ranges => self.sides(&fields, |row| &mut row.range),
            Section::Bounds => self.bound(&fields),
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
        if kind == Kind::Free && self.objective.is_none() {
            self.objective = Some(index);
        }
        self.rows.push(RowDraft { name, kind, right: None, range: None, terms: vec![] });
        match self.row_of.insert(name, index) {
            None => Ok(()),
            Some(_) => Err(format!("row `{}` is declared twice", shorten(name))),
        }
    }

    fn column(&mut self, fields: &[&'t str]) -> Step<()> {
        if let [_, "'MARKER'", marker, ..] = fields {
            self.integers = match *marker {
                "'INTORG'" => true,
                "'INTEND'" => false,
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
            self.columns.push(ColumnDraft { name, integer: self.integers, lower: None, upper: None });
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

    fn sides(
        &mut self,
        fields: &[&'t str],
        slot: impl for<'r> Fn(&'r mut RowDraft<'t>) -> &'r mut Option<Side>,
    ) -> Step<()> {
        // The name of the set, the first of an odd number of fields, says nothing.
        let pairs = match *fields {
            [row, value] | [_, row, value] => [Some((row, value)), None],
            [row, value, second, other] | [_, row, value, second, other] => [Some((row, value)), Some((second, other))],
            _ => return Err("expected one or two pairs of row and value".to_owned()),
        };
        for (row, value) in pairs.into_iter().flatten() {
            let value = Side::parse(value)?;
            if slot(self.row_mut(row)?).replace(value).is_some() {
                return Err(format!("row `{}` has two such entries", shorten(row)));
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
        let with_value = match kind.as_str() {
            "UP" | "LO" | "FX" | "UI" | "LI" => true,
            "FR" | "MI" | "PL" | "BV" => false,
            _ => return Err(format!("bound type `{}` is not one this checker knows", shorten(&kind))),
        };
        // The name of the set may be left out, and a value may follow where none is needed.
        let (name, value) = match (with_value, rest) {
            (true, &([name, value] | [_, name, value])) => (name, value),
            (false, &([name] | [_, name, _])) => (name, ""),
            (false, &[first, second]) => (if self.column_of.contains_key(second) { second } else { first }, ""),
            _ => return Err(format!("a bound {kind} has a set name, a column and perhaps a value")),
        };
        let index = self.column_of.get(name).copied();
        let Some(column) = index.and_then(|index| self.columns.get_mut(index)) else {
            return Err(format!("column `{}` is not in COLUMNS", shorten(name)));
        };
        let value = if with_value { Side::parse(value)? } else { Side::At(Rational::ZERO) };
        let negative = match &value {
            Side::MinusInfinity => true,
            Side::At(value) => *value < Rational::ZERO,
            Side::Infinity => false,
        };
        match kind.as_str() {
            "UP" | "UI" => {
                if negative && column.lower.is_none() {
                    column.lower = Some(Side::MinusInfinity);
                }
                column.upper = Some(value);
            }
            "LO" | "LI" => column.lower = Some(value),
            "FX" => (column.lower, column.upper) = (Some(value.clone()), Some(value)),
            "FR" => (column.lower, column.upper) = (Some(Side::MinusInfinity), Some(Side::Infinity)),
            "MI" => column.lower = Some(Side::MinusInfinity),
            "PL" => column.upper = Some(Side::Infinity),
            _ => (column.lower, column.upper) = (Some(value), Some(Side::At(Rational::ONE))), // BV
        }
        column.integer |= matches!(kind.as_str(), "UI" | "LI" | "BV");
        Ok(())
    }

    fn finish(self) -> Step<Model> {
        let columns = self.columns.into_iter().map(ColumnDraft::finish).collect::<Step<Vec<_>>>()?;
        let mut model = Model { sense: self.sense, objective: vec![], offset: Rational::ZERO, columns, rows: vec![] };
        for (index, mut row) in self.rows.into_iter().enumerate() {
            row.terms.retain(|(_, value)| !value.is_zero());
            if self.objective != Some(index) {
                model.rows.push(row.finish()?);
                continue;
            }
            match (row.right, row.range) {
                (_, Some(_)) => return Err(format!("the objective `{}` has a range", shorten(row.name))),
                (None, None) => {}
                (Some(Side::At(value)), None) => model.offset = -value,
                (Some(_), None) => return Err("the constant of the objective is infinite".to_owned()),
            }
            model.objective = row.terms;
        }
        Ok(model)
    }
}

impl ColumnDraft<'_> {
    fn finish(self) -> Step<Column> {
        let binary = self.integer && self.lower.is_none() && self.upper.is_none();
        let upper = if binary { Side::At(Rational::ONE) } else { Side::Infinity };
        let named = |what: String| format!("column `{}`: {what}", shorten(self.name));
        Ok(Column {
            name: self.name.to_owned(),
            integer: self.integer,
            lower: self.lower.unwrap_or(Side::At(Rational::ZERO)).lower().map_err(named)?,
            upper: self.upper.unwrap_or(upper).upper().map_err(named)?,
        })
    }
}

impl RowDraft<'_> {
    fn finish(self) -> Step<Row> {
        let named = |what: String| format!("row `{}`: {what}", shorten(self.name));
        let right = self.right.unwrap_or(Side::At(Rational::ZERO));
        // The width of a range, `None` if there is none; an infinite one takes the other side away.
        let (width, down) = match self.range {
            None => (None, false),
            Some(Side::At(value)) if value < Rational::ZERO => (Some(Some(-value)), true),
            Some(Side::At(value)) => (Some(Some(value)), false),
            Some(Side::MinusInfinity) => (Some(None), true),
            Some(Side::Infinity) => (Some(None), false),
        };
        let shifted = |up: bool| match (&right, &width) {
            (Side::At(value), Some(Some(width))) => Ok(Some(if up { value + width } else { value - width })),
            (Side::At(_), Some(None)) | (_, None) => Ok(None),
            (_, Some(_)) => Err(named("a range around an infinite side".to_owned())),
        };
        let (lower, upper) = match (self.kind, &width) {
            (Kind::Free, _) => (None, None),
            (Kind::AtMost, _) => (shifted(false)?, right.upper().map_err(named)?),
            (Kind::AtLeast, _) => (right.clone().lower().map_err(named)?, shifted(true)?),
            (Kind::Equal, None) => (right.clone().lower().map_err(named)?, right.upper().map_err(named)?),
            (Kind::Equal, Some(_)) if down => (shifted(false)?, right.upper().map_err(named)?),
            (Kind::Equal, Some(_)) => (right.clone().lower().map_err(named)?, shifted(true)?),
        };
        Ok(Row { name: self.name.to_owned(), terms: self.terms, lower, upper })
    }
}

/// The non-empty fields of a card: its columns 2-3, 5-12, 15-22, 25-36, 40-47 and 50 on (blanks between belong to the
/// field before, so that long numbers run on).
fn card(line: &str) -> Vec<&str> {
    let mut fields = Vec::with_capacity(6);
    let mut rest = line;
    let mut at = 0;
    for end in [4, 14, 24, 39, 49, usize::MAX] {
        let split = rest.char_indices().nth(end - at).map_or(rest.len(), |(byte, _)| byte);
        let (field, after) = rest.split_at_checked(split).unwrap_or((rest, ""));
        let field = field.trim();
        if !field.is_empty() {
            fields.push(field);
        }
        (rest, at) = (after, end);
    }
    fields
}

fn sense_of(word: &str) -> Option<Sense> {
    match word.trim().to_ascii_uppercase().as_str() {
        "MAX" | "MAXIMIZE" | "MAXIMISE" => Some(Sense::Maximise),
        "MIN" | "MINIMIZE" | "MINIMISE" => Some(Sense::Minimise),
        _ => None,
    }
}

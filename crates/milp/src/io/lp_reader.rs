//! Reads the CPLEX LP format as `docs/model-files.md` defines it.
//!
//! Conventions where dialects differ:
//! * Repeated variables in an expression are added up, exactly; constants in a row move to its sides, in the objective
//!   they are its offset.
//! * `l <= expression <= u` is one row; its right side is always a number.
//! * Binaries keep bounds given in the file as far as they are tighter than [0, 1] (as HiGHS reads them).
//! * A negative upper bound leaves the lower bound at 0.
//! * What bounds, generals and binaries speak of must stand in the objective or a row, before or after.
//! * Quadratic terms are refused.

use std::collections::BTreeSet;
use std::path::Path;

use super::lp_columns::Columns;
use super::lp_cursor::{Cursor, Parsed};
use super::lp_headings::heading_not_read;
use super::lp_lexer::{Located, Relation, Section, Token, Tokens, tokens};
use super::lp_sets::Sets;
use super::number::{self, Number};
use super::reading::{Alike, Reading, Warning, after_end, shorten};
use crate::model::Datum;
use crate::{Error, Indicator, Model, RowId, Sense, VarId};

/// What is wrong with a file that does not.
const STARTS: &str = "an LP file starts with 'minimize' or 'maximize'";

/// Reads a prepared text; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub(super) fn read(text: &str, path: &Path) -> Result<Reading, Error> {
    let lines = text.lines().count().max(1);
    let tokens = tokens(text);
    let parsed = Parser::new(&tokens, lines).model().map(|mut reading| {
        reading.warnings.extend(tokens.behind.map(|line| after_end(line, "end")));
        reading
    });
    parsed.map_err(|(line, message)| {
        let message = heading_not_read(text, line).unwrap_or(message);
        Error::Parse { path: path.to_path_buf(), line, message }
    })
}

/// Terms in order of appearance, one a column, plus a constant.
struct Expression {
    terms: Vec<(VarId, Number)>,
    constant: Number,
}

impl Expression {
    fn empty() -> Self {
        Self { terms: Vec::new(), constant: 0.0.into() }
    }
}

/// Terms by column, without zeros.
fn sorted(mut terms: Vec<(VarId, Number)>) -> Vec<(VarId, Number)> {
    terms.sort_by_key(|&(var, _)| var);
    terms.retain(|(_, value)| !value.is_zero());
    terms
}

struct Parser<'t, 'a> {
    at: Cursor<'t, 'a>,
    model: Model,
    columns: Columns<'a>,
    labels: BTreeSet<&'a str>,
    sets: Sets<'a>,
    /// Where the columns of indicators stand.
    indicators: Vec<(usize, VarId)>,
    open_bounds: Alike,
    /// Rows without variables.
    bare_rows: Alike,
    /// Rows and bounds that begin with a name behind the number of another.
    run_on: Alike,
    /// Constants that may be coefficients of columns such as `e5`, with their lines.
    exponents: Vec<(usize, &'a str)>,
    /// How many expressions have begun.
    expressions: usize,
    warnings: Vec<Warning>,
}

impl<'t, 'a> Parser<'t, 'a> {
    fn new(tokens: &'t Tokens<'a>, last_line: usize) -> Self {
        Self {
            at: Cursor::new(tokens, last_line),
            model: Model::new(""),
            columns: Columns::default(),
            labels: BTreeSet::new(),
            sets: Sets::default(),
            indicators: Vec::new(),
            open_bounds: Alike::default(),
            bare_rows: Alike::default(),
            run_on: Alike::default(),
            exponents: Vec::new(),
            expressions: 0,
            warnings: Vec::new(),
        }
    }

    fn model(mut self) -> Parsed<Reading> {
        self.model.sense = match self.at.take() {
            Some(Token::Section(Section::Minimise)) => Sense::Minimise,
            Some(Token::Section(Section::Maximise)) => Sense::Maximise,
            Some(_) => return self.at.refuse_last(STARTS),
            None => return self.at.refuse(STARTS),
        };
        self.objective()?;
        loop {
            match self.at.take() {
                None => {
                    self.at.end()?;
                    let message = "the file ends without 'end'; is it complete?".into();
                    self.warnings.push(Warning { line: self.at.last_line, message });
                    break;
                }
                Some(Token::Section(Section::End)) => break,
                Some(Token::Section(Section::Rows)) => self.repeat(Self::row)?,
                Some(Token::Section(Section::Bounds)) => self.repeat(Self::bound)?,
                Some(Token::Section(Section::Generals)) => self.repeat(|parser| parser.integer(false))?,
                Some(Token::Section(Section::Binaries)) => self.repeat(|parser| parser.integer(true))?,
                Some(Token::Section(Section::SemiContinuous)) => self.repeat(Self::semi_continuous)?,
                Some(Token::Section(Section::SpecialOrderedSets(heading))) => {
                    self.repeat(|parser| parser.sets.read(&mut parser.at, &mut parser.columns, heading))?;
                }
                Some(Token::Section(Section::Minimise | Section::Maximise)) => {
                    return self.at.refuse_last("a second objective; only one is supported");
                }
                Some(Token::Arrow) => return self.at.refuse_arrow(),
                Some(Token::Relation(_)) => {
                    return self.at.refuse_last("the objective has no relation; rows stand under 'subject to'");
                }
                Some(Token::Number(text) | Token::Name(text)) => {
                    let text = shorten(text);
                    return self.at.refuse_last(format!(
                        "a sign, or 'subject to' on a line of its own, is missing before '{text}'"
                    ));
                }
                Some(_) => return self.at.refuse_last("the objective ended here, but no section starts"),
            }
        }
        self.name_rows();
        self.warn_of_exponents();
        let undeclared = self.columns.undeclared();
        self.columns.finish(&mut self.model, &mut self.warnings);
        self.model.special.sets = self.sets.finish();
        let unconditional = unconditional(&self.model, &self.indicators);
        if let Some(fault) = undeclared.into_iter().chain(unconditional).min_by_key(|(line, _)| *line) {
            return Err(fault);
        }
        self.warnings.extend(self.open_bounds.of_open_bounds());
        self.warnings.extend(self.bare_rows.warning("row", "was a term forgotten? '0 x' says that none was"));
        self.warnings.extend(self.run_on.warning("place", "begin a line with each"));
        self.warnings.sort_by_key(|warning| warning.line);
        Ok(Reading { model: self.model, warnings: self.warnings })
    }

    /// Rows without a label are called `R` and their number, from 1; underscores keep the name unique.
    fn name_rows(&mut self) {
        for (i, row) in self.model.rows.iter_mut().enumerate().filter(|(_, row)| row.name.is_empty()) {
            row.name = format!("R{}", i + 1);
            while self.labels.contains(row.name.as_str()) {
                row.name.push('_');
            }
        }
    }

    /// Where `2e5` is a constant and `e5` a column, somebody may have meant the column.
    fn warn_of_exponents(&mut self) {
        for (line, text) in std::mem::take(&mut self.exponents) {
            let column = text.find(['e', 'E']).and_then(|at| text.get(at..));
            if let Some(column) = column.filter(|column| self.columns.has(column)) {
                let message = format!(
                    "'{}' is read as a number, not as a coefficient of the column '{column}'; write a blank before the \
                     column, or the number without an exponent",
                    shorten(text)
                );
                self.warnings.push(Warning { line, message });
            }
        }
    }

    /// Applies `item` until the next section or the end.
    fn repeat(&mut self, item: impl Fn(&mut Self) -> Parsed<()>) -> Parsed<()> {
        while !matches!(self.at.peek(), None | Some(Token::Section(_))) {
            self.at.begin_item();
            self.note_run_on();
            item(self)?;
        }
        Ok(())
    }

    /// In `x >= 2 y <= 3` two rows are read, and somebody may have meant `x >= 2 y`.
    fn note_run_on(&mut self) {
        if let (Some(Located { token: Token::Number(number), .. }), Some(Token::Name(name))) =
            (self.at.last(), self.at.peek())
            && self.at.goes_on()
            && !self.at.labels_next()
        {
            let (number, name) = (shorten(number), shorten(name));
            let message = || {
                format!("'{number} {name}' right of a relation is read as the end of one line and the begin of another")
            };
            self.run_on.note(self.at.next_line(), message);
        }
    }

    fn objective(&mut self) -> Parsed<()> {
        self.at.begin_item();
        self.at.label();
        if matches!(self.at.peek(), None | Some(Token::Section(_))) {
            return Ok(());
        }
        let expression = self.expression()?;
        self.model.offset = expression.constant.keep(Datum::Offset, &mut self.model.decimals);
        for (var, value) in sorted(expression.terms) {
            self.columns[var].cost = value;
        }
        Ok(())
    }

    /// `[signs] [number] [name]` and more of it after signs; ends before a token that cannot go on.
    fn expression(&mut self) -> Parsed<Expression> {
        let mut out = Expression::empty();
        self.expressions += 1;
        let mut negative = self.at.sign().unwrap_or(false);
        loop {
            let (size, name) = match self.at.take() {
                Some(Token::Number(text)) => {
                    let size = self.at.located(number::parse_finite(text))?;
                    // A name after a number is its variable, unless it labels the next row.
                    let name = match self.at.peek() {
                        Some(Token::Name(name)) if !self.at.labels_next() => Some(name),
                        _ => None,
                    };
                    self.at.next += usize::from(name.is_some());
                    (size, name)
                }
                Some(Token::Name(name)) => (1.0.into(), Some(name)),
                Some(Token::Arrow) => return self.at.refuse_arrow(),
                Some(_) => return self.at.refuse_gap(self.at.next - 1, "a number or a variable is missing here"),
                None => return self.at.refuse_gap(self.at.next, "the file ends in the middle of an expression"),
            };
            let size = if negative { size.negated() } else { size };
            if let Some(name) = name {
                let var = self.columns.named(name, self.at.line());
                let column = &mut self.columns[var];
                column.declared = true;
                if let Some((_, place)) = column.term.filter(|(expression, _)| *expression == self.expressions) {
                    let sum = &mut out.terms[place].1;
                    *sum = self.at.located(sum.plus(&size))?;
                } else {
                    column.term = Some((self.expressions, out.terms.len()));
                    out.terms.push((var, size));
                }
            } else {
                self.note_exponent();
                out.constant = self.at.located(out.constant.plus(&size))?;
            }
            if self.at.peek() == Some(Token::Arrow) {
                self.at.next += 1;
                return self.at.refuse_arrow();
            }
            match self.at.sign() {
                Some(next) => negative = next,
                None => return Ok(out),
            }
        }
    }

    /// Notes the number just taken, a constant, if a column could be its exponent.
    fn note_exponent(&mut self) {
        if let Some(Located { token: Token::Number(text), line }) = self.at.last()
            && text.contains(['e', 'E'])
            && !text.contains(['+', '-'])
        {
            self.exponents.push((line, text));
        }
    }

    /// A signed number, possibly infinite: the side of a row.
    fn side(&mut self) -> Parsed<Number> {
        let (negative, text) = self.at.signed()?;
        let value = self.at.located(number::parse_side(text))?;
        Ok(if negative { value.negated() } else { value })
    }

    /// The same as the bound of a column.
    fn bound_value(&mut self) -> Parsed<Number> {
        let (negative, text) = self.at.signed()?;
        let (value, is_open) = self.at.located(number::parse_bound(text))?;
        if is_open {
            self.open_bounds.note_open_bound(self.at.line(), text);
        }
        Ok(if negative { value.negated() } else { value })
    }

    fn row(&mut self) -> Parsed<()> {
        let start = self.at.next_line();
        let label = self.at.label();
        let indicator = self.indicator()?;
        let mut sides = (Number::from(f64::NEG_INFINITY), Number::from(f64::INFINITY));
        let body = if self.at.leads_with_side() {
            let left = self.side()?;
            let relation = self.at.relation().map_or(Relation::Equal, mirror);
            tighten(relation, left, &mut sides);
            let body = self.expression()?;
            if let Some(other) = self.at.relation() {
                self.check_range(relation, other)?;
                tighten(other, self.side()?, &mut sides);
            }
            body
        } else {
            let body = match self.at.peek() {
                // HiGHS writes rows without variables as ` name: = 0`.
                Some(Token::Relation(_)) => Expression::empty(),
                _ => self.expression()?,
            };
            let Some(relation) = self.at.relation() else {
                return self.at.refuse_no_relation(label.is_none() && self.at.goes_on());
            };
            tighten(relation, self.side()?, &mut sides);
            body
        };
        if matches!(self.at.peek(), Some(Token::Relation(_))) {
            return self.at.refuse("a third relation in one row; split it into two rows");
        }
        let constant = body.constant.negated();
        let (lower, upper) = (self.at.located(sides.0.plus(&constant))?, self.at.located(sides.1.plus(&constant))?);
        if lower.float == f64::INFINITY || upper.float == f64::NEG_INFINITY {
            return Err((start, "this infinite side can never be met; correct it".into()));
        }
        if label.is_some_and(|label| !self.labels.insert(label)) {
            return Err((start, "this row's label is taken by an earlier row; labels are unique".into()));
        }
        if body.terms.is_empty() {
            self.bare_rows
                .note(start, || "this row has no variables: it compares numbers alone, and 0 where none stands".into());
        }
        let terms = sorted(body.terms);
        let row = RowId(u32::try_from(self.model.num_rows()).expect("fewer than 2^32 rows"));
        let decimals = &mut self.model.decimals;
        let lower = lower.keep(Datum::RowLower(row), decimals);
        let upper = upper.keep(Datum::RowUpper(row), decimals);
        let terms: Vec<(VarId, f64)> =
            terms.into_iter().map(|(var, value)| (var, value.keep(Datum::Entry(row, var), decimals))).collect();
        self.model.add_row(label.unwrap_or(""), lower, upper, terms);
        self.model.special.indicators.extend(indicator.map(|indicator| (row, indicator)));
        Ok(())
    }

    /// `column = 1 ->` or `column = 0 ->`, if that comes next.
    fn indicator(&mut self) -> Parsed<Option<Indicator>> {
        let line = self.at.next_line();
        let Some((name, value)) = self.at.indicator() else { return Ok(None) };
        let column = self.columns.named(name, line);
        self.columns[column].declared = true;
        self.indicators.push((line, column));
        Ok(Some(Indicator { column, value: self.at.located(number::parse_binary(value))? }))
    }

    /// Whether what stands between two numbers has one of them on either side, both relations seen from there.
    fn check_range(&self, left: Relation, right: Relation) -> Parsed<()> {
        if left == Relation::Equal || right == Relation::Equal || left == right {
            return self.at.refuse_last(
                "these two relations make no range, which is '1 <= x <= 2' or '2 >= x >= 1'; write each on a line of its own",
            );
        }
        Ok(())
    }

    fn bound(&mut self) -> Parsed<()> {
        let leading = if self.at.leads_with_side() {
            let left = self.bound_value()?;
            self.at.relation().map(|relation| (mirror(relation), left))
        } else {
            None
        };
        let var = match self.at.take() {
            Some(Token::Name(name)) => self.columns.named(name, self.at.line()),
            Some(Token::Arrow) => return self.at.refuse_arrow(),
            Some(_) => {
                return self
                    .at
                    .refuse_gap(self.at.next - 1, "a variable is missing here; rows belong under 'subject to'");
            }
            None => return self.at.refuse_gap(self.at.next, "the file ends where a variable should stand"),
        };
        if let Some((relation, value)) = leading {
            self.set_bounds(var, relation, value)?;
            if let Some(other) = self.at.relation() {
                self.check_range(relation, other)?;
                let value = self.bound_value()?;
                self.set_bounds(var, other, value)?;
            }
            return Ok(());
        }
        if matches!(self.at.peek(), Some(Token::Name(word)) if word.eq_ignore_ascii_case("free")) {
            self.at.next += 1;
            let column = &mut self.columns[var];
            (column.lower, column.upper) = (Some(f64::NEG_INFINITY.into()), Some(f64::INFINITY.into()));
            return Ok(());
        }
        let Some(relation) = self.at.relation() else {
            return self.at.refuse_gap(self.at.next, "a relation or 'free' is missing after the variable");
        };
        let value = self.bound_value()?;
        self.set_bounds(var, relation, value)
    }

    /// `var relation value`.
    fn set_bounds(&mut self, var: VarId, relation: Relation, value: Number) -> Parsed<()> {
        let line = self.at.line();
        let column = &mut self.columns[var];
        if relation != Relation::AtLeast {
            (column.upper, column.upper_line) = (Some(value.clone()), line);
        }
        if relation != Relation::AtMost {
            column.lower = Some(value);
        }
        let infinite = |bound: &Option<Number>, sign: f64| bound.as_ref().is_some_and(|bound| bound.float == sign);
        if infinite(&column.lower, f64::INFINITY) || infinite(&column.upper, f64::NEG_INFINITY) {
            return self.at.refuse_last("this infinite bound can never be met; correct it");
        }
        Ok(())
    }

    /// A name of a section that lists names.
    fn listed(&mut self) -> Parsed<VarId> {
        match self.at.take() {
            Some(Token::Name(name)) => Ok(self.columns.named(name, self.at.line())),
            _ => self.at.refuse_last("this section lists names of variables only"),
        }
    }

    fn semi_continuous(&mut self) -> Parsed<()> {
        let var = self.listed()?;
        let line = self.at.line();
        self.columns[var].semi.get_or_insert(line);
        Ok(())
    }

    fn integer(&mut self, binary: bool) -> Parsed<()> {
        let var = self.listed()?;
        let column = &mut self.columns[var];
        column.integer = true;
        column.binary |= binary;
        Ok(())
    }
}

/// The first row that depends on a column that is not binary.
fn unconditional(model: &Model, indicators: &[(usize, VarId)]) -> Option<(usize, String)> {
    let (line, column) = indicators.iter().find(|(_, column)| !model.is_binary(*column))?;
    let name = shorten(&model.variables[column.index()].name);
    Some((*line, format!("a row depends on '{name}', which is not binary; name it under 'binary'")))
}

/// Applies `expression relation value` to the sides of the expression.
fn tighten(relation: Relation, value: Number, sides: &mut (Number, Number)) {
    if relation != Relation::AtLeast {
        sides.1 = value.clone();
    }
    if relation != Relation::AtMost {
        sides.0 = value;
    }
}

/// The relation read from right to left.
fn mirror(relation: Relation) -> Relation {
    match relation {
        Relation::AtMost => Relation::AtLeast,
        Relation::AtLeast => Relation::AtMost,
        Relation::Equal => Relation::Equal,
    }
}

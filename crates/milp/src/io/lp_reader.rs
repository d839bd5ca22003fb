//! Reads the CPLEX LP format as `docs/model-files.md` defines it.
//!
//! Conventions where dialects differ:
//! * Repeated variables in an expression are added up, exactly; constants in a row move to its sides, in the objective
//!   they are its offset.
//! * `l <= expression <= u` is one row; its right side is always a number.
//! * Binaries keep bounds given in the file as far as they are tighter than [0, 1] (as HiGHS reads them).
//! * A negative upper bound leaves the lower bound at 0.
//! * What bounds, generals and binaries speak of must stand in the objective or a row, before or after.
//! * Quadratic terms, indicator rows, non-empty semi-continuous and special ordered set sections are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::lp_headings::heading_not_read;
use super::lp_lexer::{Located, Relation, Section, Token, tokens};
use super::number::{self, Number};
use super::reading::{Alike, Reading, Warning, after_end, shorten};
use crate::model::Datum;
use crate::{Error, Model, RowId, Sense, VarId, VarKind};

/// Reads a prepared text; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub(super) fn read(text: &str, path: &Path) -> Result<Reading, Error> {
    let lines = text.lines().count().max(1);
    let parsed = tokens(text).and_then(|(tokens, rest)| {
        let mut reading = Parser::new(&tokens, lines).model()?;
        reading.warnings.extend(rest.map(|line| after_end(line, "end")));
        Ok(reading)
    });
    parsed.map_err(|(line, message)| {
        let message = heading_not_read(text, line).unwrap_or(message);
        Error::Parse { path: path.to_path_buf(), line, message }
    })
}

type Parsed<T> = Result<T, (usize, String)>;

/// Terms in order of appearance plus a constant.
struct Expression {
    terms: Vec<(VarId, Number)>,
    constant: Number,
}

impl Expression {
    fn empty() -> Self {
        Self { terms: Vec::new(), constant: 0.0.into() }
    }
}

struct ColumnDraft<'a> {
    name: &'a str,
    cost: Number,
    lower: Option<Number>,
    upper: Option<Number>,
    integer: bool,
    binary: bool,
    /// Whether the objective or a row has it.
    declared: bool,
    /// Where it is named first.
    line: usize,
    /// Where its upper bound stands.
    upper_line: usize,
}

struct Parser<'t, 'a> {
    tokens: &'t [Located<'a>],
    next: usize,
    /// Where the row, bound or objective at hand begins.
    item: usize,
    last_line: usize,
    model: Model,
    columns: Vec<ColumnDraft<'a>>,
    index: BTreeMap<&'a str, VarId>,
    labels: BTreeSet<&'a str>,
    open_bounds: Alike,
    /// Rows without variables.
    bare_rows: Alike,
    /// Rows and bounds that begin with a name behind the number of another.
    run_on: Alike,
    /// Constants that may be coefficients of columns such as `e5`, with their lines.
    exponents: Vec<(usize, &'a str)>,
    warnings: Vec<Warning>,
}

impl<'t, 'a> Parser<'t, 'a> {
    fn new(tokens: &'t [Located<'a>], last_line: usize) -> Self {
        Self {
            tokens,
            next: 0,
            item: 0,
            last_line,
            model: Model::new(""),
            columns: Vec::new(),
            index: BTreeMap::new(),
            labels: BTreeSet::new(),
            open_bounds: Alike::default(),
            bare_rows: Alike::default(),
            run_on: Alike::default(),
            exponents: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn model(mut self) -> Parsed<Reading> {
        self.model.sense = match self.take() {
            Some(Token::Section(Section::Minimise)) => Sense::Minimise,
            Some(Token::Section(Section::Maximise)) => Sense::Maximise,
            _ => return self.refuse_last("an LP file starts with 'minimize' or 'maximize'"),
        };
        self.objective()?;
        loop {
            match self.take() {
                None => {
                    let message = "the file ends without 'end'; is it complete?".into();
                    self.warnings.push(Warning { line: self.last_line, message });
                    break;
                }
                Some(Token::Section(Section::End)) => break,
                Some(Token::Section(Section::Rows)) => self.repeat(Self::row)?,
                Some(Token::Section(Section::Bounds)) => self.repeat(Self::bound)?,
                Some(Token::Section(Section::Generals)) => self.repeat(|parser| parser.integer(false))?,
                Some(Token::Section(Section::Binaries)) => self.repeat(|parser| parser.integer(true))?,
                Some(Token::Section(Section::SemiContinuous)) => self.repeat(|parser| {
                    parser.refuse("semi-continuous columns are not supported; model them with a binary column")
                })?,
                Some(Token::Section(Section::SpecialOrderedSets)) => self.repeat(|parser| {
                    parser.refuse("special ordered sets are not supported; model them with binary columns and rows")
                })?,
                Some(Token::Section(Section::Minimise | Section::Maximise)) => {
                    return self.refuse_last("a second objective; only one is supported");
                }
                Some(Token::Unsupported(symbol)) => return self.refuse_unsupported(symbol),
                Some(Token::Relation(_)) => {
                    return self.refuse_last("the objective has no relation; rows stand under 'subject to'");
                }
                Some(Token::Number(text) | Token::Name(text)) => {
                    let text = shorten(text);
                    return self.refuse_last(format!(
                        "a sign, or 'subject to' on a line of its own, is missing before '{text}'"
                    ));
                }
                Some(_) => return self.refuse_last("the objective ended here, but no section starts"),
            }
        }
        self.name_rows();
        self.warn_of_exponents();
        self.finish_columns()?;
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
            if let Some(column) = column.filter(|column| self.index.contains_key(column)) {
                let message = format!(
                    "'{}' is read as a number, not as a coefficient of the column '{column}'; write a blank before the \
                     column, or the number without an exponent",
                    shorten(text)
                );
                self.warnings.push(Warning { line, message });
            }
        }
    }

    fn finish_columns(&mut self) -> Parsed<()> {
        if let Some(column) = self.columns.iter().find(|column| !column.declared) {
            let name = shorten(column.name);
            return Err((
                column.line,
                format!(
                    "'{name}' stands in no row and not in the objective; correct the name, or add '0 {name}' to the \
                     objective"
                ),
            ));
        }
        for (j, column) in (0..).map(VarId).zip(std::mem::take(&mut self.columns)) {
            self.warnings.extend(column.warning());
            let (mut lower, mut upper) =
                (column.lower.unwrap_or(0.0.into()), column.upper.unwrap_or(f64::INFINITY.into()));
            if column.binary {
                (lower, upper) = (lower.max(0.0.into()), upper.min(1.0.into()));
            }
            let decimals = &mut self.model.decimals;
            let lower = lower.keep(Datum::Lower(j), decimals);
            let upper = upper.keep(Datum::Upper(j), decimals);
            let cost = column.cost.keep(Datum::Cost(j), decimals);
            let kind = if column.integer { VarKind::Integer } else { VarKind::Continuous };
            self.model.add_var(column.name, lower, upper, cost, kind);
        }
        Ok(())
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).map(|located| located.token)
    }

    fn take(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    fn line_of(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.last_line, |located| located.line)
    }

    /// Line of the token just taken.
    fn line(&self) -> usize {
        self.line_of(self.next.saturating_sub(1))
    }

    /// An error at the next token.
    fn refuse<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err((self.line_of(self.next), message.into()))
    }

    /// An error at the token just taken.
    fn refuse_last<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err((self.line(), message.into()))
    }

    /// An error of something that is missing before the token at `index`: at the end of what stands there of this row or bound,
    /// which may be lines above.
    fn refuse_gap<T>(&self, index: usize, message: impl Into<String>) -> Parsed<T> {
        let before = index.saturating_sub(1);
        Err((self.line_of(if before >= self.item { before } else { index }), message.into()))
    }

    /// The error of something at the token just taken.
    fn located<T>(&self, result: Result<T, String>) -> Parsed<T> {
        result.map_err(|message| (self.line(), message))
    }

    /// Applies `item` until the next section or the end.
    fn repeat(&mut self, item: impl Fn(&mut Self) -> Parsed<()>) -> Parsed<()> {
        while !matches!(self.peek(), None | Some(Token::Section(_))) {
            self.item = self.next;
            self.note_run_on();
            item(self)?;
        }
        Ok(())
    }

    /// Whether the row or bound at hand begins on the line where the one before it ends.
    fn goes_on(&self) -> bool {
        self.item > 0 && self.line_of(self.item) == self.line_of(self.item - 1)
    }

    /// In `x >= 2 y <= 3` two rows are read, and somebody may have meant `x >= 2 y`.
    fn note_run_on(&mut self) {
        let before = self.item.checked_sub(1).and_then(|before| self.tokens.get(before));
        if let (Some(Located { token: Token::Number(number), .. }), Some(Token::Name(name))) = (before, self.peek())
            && self.goes_on()
            && !self.labels_next()
        {
            let (number, name) = (shorten(number), shorten(name));
            let message = || {
                format!("'{number} {name}' right of a relation is read as the end of one line and the begin of another")
            };
            self.run_on.note(self.line_of(self.item), message);
        }
    }

    /// The column whose name was just taken.
    fn column(&mut self, name: &'a str) -> VarId {
        let next = VarId(u32::try_from(self.columns.len()).expect("fewer than 2^32 columns"));
        let var = *self.index.entry(name).or_insert(next);
        if var == next {
            self.columns.push(ColumnDraft {
                name,
                cost: 0.0.into(),
                lower: None,
                upper: None,
                integer: false,
                binary: false,
                declared: false,
                line: self.line(),
                upper_line: 0,
            });
        }
        var
    }

    /// The label of a row or objective, if there is one.
    fn label(&mut self) -> Option<&'a str> {
        let Some(Token::Name(name)) = self.peek() else { return None };
        self.labels_next().then(|| {
            self.next += 2;
            name
        })
    }

    /// Whether a colon follows the next token.
    fn labels_next(&self) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|located| located.token == Token::Colon)
    }

    fn objective(&mut self) -> Parsed<()> {
        self.item = self.next;
        self.label();
        if matches!(self.peek(), None | Some(Token::Section(_))) {
            return Ok(());
        }
        let expression = self.expression()?;
        self.model.offset = expression.constant.keep(Datum::Offset, &mut self.model.decimals);
        for (var, value) in self.merged(expression.terms)? {
            self.columns[var.index()].cost = value;
        }
        Ok(())
    }

    /// `[signs] [number] [name]` and more of it after signs; ends before a token that cannot go on.
    fn expression(&mut self) -> Parsed<Expression> {
        let mut out = Expression::empty();
        let mut negative = self.sign().unwrap_or(false);
        loop {
            let (size, name) = match self.take() {
                Some(Token::Number(text)) => {
                    let size = self.located(number::parse_finite(text))?;
                    // A name after a number is its variable, unless it labels the next row.
                    let name = match self.peek() {
                        Some(Token::Name(name)) if !self.labels_next() => Some(name),
                        _ => None,
                    };
                    self.next += usize::from(name.is_some());
                    (size, name)
                }
                Some(Token::Name(name)) => (1.0.into(), Some(name)),
                Some(Token::Unsupported(symbol)) => return self.refuse_unsupported(symbol),
                Some(_) => return self.refuse_gap(self.next - 1, "a number or a variable is missing here"),
                None => return self.refuse_gap(self.next, "the file ends in the middle of an expression"),
            };
            let size = if negative { size.negated() } else { size };
            if let Some(name) = name {
                let var = self.column(name);
                self.columns[var.index()].declared = true;
                out.terms.push((var, size));
            } else {
                self.note_exponent();
                out.constant = self.located(out.constant.plus(&size))?;
            }
            if let Some(Token::Unsupported(symbol)) = self.peek() {
                self.next += 1;
                return self.refuse_unsupported(symbol);
            }
            match self.sign() {
                Some(next) => negative = next,
                None => return Ok(out),
            }
        }
    }

    /// Notes the number just taken, a constant, if a column could be its exponent.
    fn note_exponent(&mut self) {
        if let Some(&Located { token: Token::Number(text), line }) = self.tokens.get(self.next.wrapping_sub(1))
            && text.contains(['e', 'E'])
            && !text.contains(['+', '-'])
        {
            self.exponents.push((line, text));
        }
    }

    /// Terms by column, those on the same column added up and zeros dropped.
    fn merged(&self, mut terms: Vec<(VarId, Number)>) -> Parsed<Vec<(VarId, Number)>> {
        terms.sort_by_key(|&(var, _)| var);
        let mut out: Vec<(VarId, Number)> = Vec::with_capacity(terms.len());
        for (var, value) in terms {
            match out.last_mut().filter(|(last, _)| *last == var) {
                Some((_, sum)) => *sum = self.located(sum.plus(&value))?,
                None => out.push((var, value)),
            }
        }
        out.retain(|(_, value)| !value.is_zero());
        Ok(out)
    }

    fn refuse_unsupported<T>(&self, symbol: &str) -> Parsed<T> {
        self.refuse_last(match symbol {
            "->" => "indicator rows ('->') are not supported; write them with a big-M".into(),
            "*" => "'*' is not part of a linear expression; write the coefficient before the variable".to_string(),
            "[" | "]" => format!(
                "'{symbol}' apart from a name holds quadratic terms, which are not supported; only linear models are \
                 (names such as x[1] have no blank before the bracket)"
            ),
            _ => format!("quadratic terms ('{symbol}') are not supported; only linear models are"),
        })
    }

    /// Whether the product of all signs that stand here is negative, `None` if there are none.
    fn sign(&mut self) -> Option<bool> {
        let mut sign = None;
        loop {
            let negative = match self.peek() {
                Some(Token::Plus) => false,
                Some(Token::Minus) => true,
                _ => return sign,
            };
            self.next += 1;
            sign = Some(sign.unwrap_or(false) ^ negative);
        }
    }

    fn relation(&mut self) -> Option<Relation> {
        let Some(Token::Relation(relation)) = self.peek() else { return None };
        self.next += 1;
        Some(relation)
    }

    /// A signed number, possibly infinite: the side of a row.
    fn side(&mut self) -> Parsed<Number> {
        self.signed(|_, text| number::parse_side(text))
    }

    /// The same as the bound of a column.
    fn bound_value(&mut self) -> Parsed<Number> {
        self.signed(|parser, text| {
            let (value, is_open) = number::parse_bound(text)?;
            if is_open {
                parser.open_bounds.note_open_bound(parser.line(), text);
            }
            Ok(value)
        })
    }

    fn signed(&mut self, parse: impl Fn(&mut Self, &str) -> Result<Number, String>) -> Parsed<Number> {
        let negative = self.sign().unwrap_or(false);
        match self.take() {
            Some(Token::Number(text)) => {
                let value = parse(self, text);
                let value = self.located(value)?;
                Ok(if negative { value.negated() } else { value })
            }
            Some(Token::Unsupported(symbol)) => self.refuse_unsupported(symbol),
            None => self.refuse_gap(self.next, "the file ends where a number should stand"),
            Some(_) => self.refuse_gap(self.next - 1, "a number is missing here; variables stand left of the relation"),
        }
    }

    /// Whether a signed number and a relation come next.
    fn leads_with_side(&self) -> bool {
        let mut rest = self.tokens[self.next..].iter().map(|located| located.token);
        let first = rest.find(|token| !matches!(token, Token::Plus | Token::Minus));
        matches!((first, rest.next()), (Some(Token::Number(_)), Some(Token::Relation(_))))
    }

    fn row(&mut self) -> Parsed<()> {
        let start = self.line_of(self.next);
        let label = self.label();
        let mut sides = (Number::from(f64::NEG_INFINITY), Number::from(f64::INFINITY));
        let body = if self.leads_with_side() {
            let left = self.side()?;
            let relation = self.relation().map_or(Relation::Equal, mirror);
            tighten(relation, left, &mut sides);
            let body = self.expression()?;
            if let Some(other) = self.relation() {
                self.check_range(relation, other)?;
                tighten(other, self.side()?, &mut sides);
            }
            body
        } else {
            let body = match self.peek() {
                // HiGHS writes rows without variables as ` name: = 0`.
                Some(Token::Relation(_)) => Expression::empty(),
                _ => self.expression()?,
            };
            let Some(relation) = self.relation() else {
                return self.refuse_no_relation(label.is_none() && self.goes_on());
            };
            tighten(relation, self.side()?, &mut sides);
            body
        };
        if matches!(self.peek(), Some(Token::Relation(_))) {
            return self.refuse("a third relation in one row; split it into two rows");
        }
        let constant = body.constant.negated();
        let (lower, upper) = (self.located(sides.0.plus(&constant))?, self.located(sides.1.plus(&constant))?);
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
        let terms = self.merged(body.terms)?;
        let row = RowId(u32::try_from(self.model.num_rows()).expect("fewer than 2^32 rows"));
        let decimals = &mut self.model.decimals;
        let lower = lower.keep(Datum::RowLower(row), decimals);
        let upper = upper.keep(Datum::RowUpper(row), decimals);
        let terms: Vec<(VarId, f64)> =
            terms.into_iter().map(|(var, value)| (var, value.keep(Datum::Entry(row, var), decimals))).collect();
        self.model.add_row(label.unwrap_or(""), lower, upper, terms);
        Ok(())
    }

    /// What is wrong with an expression that no relation follows, which perhaps only `goes_on` behind the number of a row.
    fn refuse_no_relation(&self, goes_on: bool) -> Parsed<()> {
        if goes_on {
            let advice = "terms behind the number right of a relation: one number stands there, all else left of it";
            return Err((self.line_of(self.item), advice.into()));
        }
        let same_line = self.next > 0 && self.line_of(self.next) == self.line_of(self.next - 1);
        match self.peek() {
            Some(Token::Number(text) | Token::Name(text)) if same_line => {
                self.refuse(format!("a sign or a relation (<=, >= or =) is missing before '{}'", shorten(text)))
            }
            _ => self.refuse_gap(self.next, "a relation (<=, >= or =) is missing after this expression"),
        }
    }

    /// Whether what stands between two numbers has one of them on either side, both relations seen from there.
    fn check_range(&self, left: Relation, right: Relation) -> Parsed<()> {
        if left == Relation::Equal || right == Relation::Equal || left == right {
            return self.refuse_last(
                "these two relations make no range, which is '1 <= x <= 2' or '2 >= x >= 1'; write each on a line of its own",
            );
        }
        Ok(())
    }

    fn bound(&mut self) -> Parsed<()> {
        let leading = if self.leads_with_side() {
            let left = self.bound_value()?;
            self.relation().map(|relation| (mirror(relation), left))
        } else {
            None
        };
        let var = match self.take() {
            Some(Token::Name(name)) => self.column(name),
            Some(Token::Unsupported(symbol)) => return self.refuse_unsupported(symbol),
            Some(_) => {
                return self.refuse_gap(self.next - 1, "a variable is missing here; rows belong under 'subject to'");
            }
            None => return self.refuse_gap(self.next, "the file ends where a variable should stand"),
        };
        if let Some((relation, value)) = leading {
            self.set_bounds(var, relation, value)?;
            if let Some(other) = self.relation() {
                self.check_range(relation, other)?;
                let value = self.bound_value()?;
                self.set_bounds(var, other, value)?;
            }
            return Ok(());
        }
        if matches!(self.peek(), Some(Token::Name(word)) if word.eq_ignore_ascii_case("free")) {
            self.next += 1;
            let column = &mut self.columns[var.index()];
            (column.lower, column.upper) = (Some(f64::NEG_INFINITY.into()), Some(f64::INFINITY.into()));
            return Ok(());
        }
        let Some(relation) = self.relation() else {
            return self.refuse_gap(self.next, "a relation or 'free' is missing after the variable");
        };
        let value = self.bound_value()?;
        self.set_bounds(var, relation, value)
    }

    /// `var relation value`.
    fn set_bounds(&mut self, var: VarId, relation: Relation, value: Number) -> Parsed<()> {
        let line = self.line();
        let column = &mut self.columns[var.index()];
        if relation != Relation::AtLeast {
            (column.upper, column.upper_line) = (Some(value.clone()), line);
        }
        if relation != Relation::AtMost {
            column.lower = Some(value);
        }
        let infinite = |bound: &Option<Number>, sign: f64| bound.as_ref().is_some_and(|bound| bound.float == sign);
        if infinite(&column.lower, f64::INFINITY) || infinite(&column.upper, f64::NEG_INFINITY) {
            return self.refuse_last("this infinite bound can never be met; correct it");
        }
        Ok(())
    }

    fn integer(&mut self, binary: bool) -> Parsed<()> {
        let Some(Token::Name(name)) = self.take() else {
            return self.refuse_last("this section lists names of variables only");
        };
        let var = self.column(name);
        let column = &mut self.columns[var.index()];
        column.integer = true;
        column.binary |= binary;
        Ok(())
    }
}

impl ColumnDraft<'_> {
    /// Of an upper bound below the lower bound that nobody has written.
    fn warning(&self) -> Option<Warning> {
        let upper = self.upper.as_ref().filter(|upper| upper.float < 0.0 && self.lower.is_none())?;
        let (name, upper) = (shorten(self.name), number::format(upper.float));
        let message = format!(
            "'{name}' has the upper bound {upper} and no lower bound: the lower bound stays 0, so nothing satisfies the \
             model; some readers free it, so write '-inf <= {name} <= {upper}' if that is meant"
        );
        Some(Warning { line: self.upper_line, message })
    }
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

//! The CPLEX LP format.
//!
//! Where dialects differ: a variable that stands twice in an expression has its coefficients added up; constants of a
//! row move to its sides; binaries keep tighter bounds than [0, 1] that the file gives; a negative upper bound leaves the
//! lower bound at 0; what bounds and integer sections speak of must stand in the objective or a row; rows without a label
//! are called `R` and their number. Strict relations mean the weak ones. Quadratic terms, indicator rows and non-empty
//! sections for semi-continuous variables or special ordered sets are refused.

use super::linear::{Column, Model, Row, Sense, Terms};
use super::text::{Fault, Kind, Remarks, Side, coefficient, is_blank, shorten, sum};
use crate::budget::{Budget, Spent};
use crate::number::Rational;
use std::collections::BTreeMap;

/// Steps of [`Budget::spend`] that a term, row or bound takes.
const STEPS_OF_AN_ITEM: usize = 16;

pub(super) fn read(text: &str, budget: &Budget) -> Result<Model, Fault> {
    let (tokens, behind) = tokens(text, budget)?;
    let lines = u64::try_from(text.lines().count()).unwrap_or(u64::MAX).max(1);
    let mut parser = Parser {
        tokens: &tokens,
        line: 1,
        after_number: false,
        stray: None,
        columns: vec![],
        column_of: BTreeMap::new(),
        exponents: vec![],
        remarks: Remarks::default(),
        budget,
        spent: None,
    };
    let mut model = parser.model(lines);
    if let Ok(model) = &mut model {
        model.remarks = std::mem::take(&mut parser.remarks).finish(behind);
    }
    if let Some(spent) = parser.spent.take() {
        return Err(Fault::Spent(spent));
    }
    let line = parser.stray.unwrap_or(if parser.tokens.is_empty() { lines } else { parser.line });
    model.map_err(|what| Fault::Wrong { line, what })
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Section {
    Minimise,
    Maximise,
    Rows,
    Bounds,
    Integers,
    Binaries,
    Unsupported,
    End,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Relation {
    AtMost,
    AtLeast,
    Equal,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Token<'t> {
    Section(Section),
    Name(&'t str),
    Number(&'t str),
    Relation(Relation),
    Sign(bool),
    Colon,
}

#[derive(Clone, Copy)]
struct Located<'t> {
    token: Token<'t>,
    line: u64,
}

/// Section headings, each at the start of a line, in lower case.
const SECTIONS: [(&[&str], Section); 8] = [
    (&["minimize", "minimise", "minimum", "min"], Section::Minimise),
    (&["maximize", "maximise", "maximum", "max"], Section::Maximise),
    (&["subject to", "such that", "s.t.", "st.", "st"], Section::Rows),
    (&["bounds", "bound"], Section::Bounds),
    (&["generals", "general", "gen", "integers", "integer"], Section::Integers),
    (&["binaries", "binary", "bin"], Section::Binaries),
    (&["semi-continuous", "semis", "semi", "sos1", "sos2", "sos"], Section::Unsupported),
    (&["end"], Section::End),
];

const SYMBOLS: [(&str, Token<'static>); 11] = [
    ("<=", Token::Relation(Relation::AtMost)),
    ("=<", Token::Relation(Relation::AtMost)),
    (">=", Token::Relation(Relation::AtLeast)),
    ("=>", Token::Relation(Relation::AtLeast)),
    ("==", Token::Relation(Relation::Equal)),
    ("<", Token::Relation(Relation::AtMost)),
    (">", Token::Relation(Relation::AtLeast)),
    ("=", Token::Relation(Relation::Equal)),
    ("+", Token::Sign(false)),
    ("-", Token::Sign(true)),
    (":", Token::Colon),
];

/// All tokens up to `End`, and the first line with anything behind it.
fn tokens<'t>(text: &'t str, budget: &Budget) -> Result<(Vec<Located<'t>>, Option<u64>), Fault> {
    let mut all = Vec::new();
    let mut lines = (1..).zip(text.lines().map(|line| line.split('\\').next().unwrap_or("").trim()));
    while let Some((number, mut rest)) = lines.next() {
        budget.spend(rest.len() + 1).map_err(Fault::Spent)?;
        if let Some((section, after)) = heading(rest) {
            all.push(Located { token: Token::Section(section), line: number });
            rest = after.trim_start();
            if section == Section::End {
                let behind =
                    if is_blank(rest) { lines.find(|(_, text)| !is_blank(text)) } else { Some((number, rest)) };
                return Ok((all, behind.map(|(line, _)| line)));
            }
        }
        while !rest.is_empty() {
            let (token, after) = next_token(rest).map_err(|what| Fault::Wrong { line: number, what })?;
            all.push(Located { token, line: number });
            rest = after.trim_start();
        }
    }
    Ok((all, None))
}

/// The section that a line opens, and the rest of the line. A word before a colon is a label.
fn heading(line: &str) -> Option<(Section, &str)> {
    SECTIONS.iter().find_map(|(headings, section)| {
        let after = headings.iter().find_map(|heading| {
            heading.split(' ').try_fold(line, |rest, word| {
                let (head, after) = rest.trim_start().split_at_checked(word.len())?;
                let ends = after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == ':');
                (head.eq_ignore_ascii_case(word) && ends).then_some(after)
            })
        })?;
        (!after.trim_start().starts_with(':')).then_some((*section, after))
    })
}

fn next_token(text: &str) -> Result<(Token<'_>, &str), String> {
    if text.starts_with("->") {
        return Err("indicator rows are not supported".to_owned());
    }
    for (symbol, token) in SYMBOLS {
        if let Some(rest) = text.strip_prefix(symbol) {
            return Ok((token, rest));
        }
    }
    let (number, rest) = text.split_at_checked(number_length(text)).unwrap_or(("", text));
    if !number.is_empty() {
        // What touches a number is the name of its variable, or makes it another kind of number.
        let (glued, _) = split_name(rest);
        let hexadecimal = number == "0"
            && glued.strip_prefix(['x', 'X']).is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_hexdigit()));
        if hexadecimal || glued.starts_with([',', '.', '/']) {
            return Err(format!("`{}` is not a decimal", shorten(&format!("{number}{glued}"))));
        }
        return Ok((Token::Number(number), rest));
    }
    match split_name(text) {
        ("", _) => Err(format!("`{}` has no meaning here; only linear models are supported", shorten(text))),
        (name, _) if groups(name) => {
            Err(format!("`{}` groups nothing: terms have no brackets around them", shorten(name)))
        }
        (name, _) if name.eq_ignore_ascii_case("nan") => Err(format!("`{name}` is not a finite number")),
        (name, rest) => {
            let infinite = name.eq_ignore_ascii_case("inf") || name.eq_ignore_ascii_case("infinity");
            Ok((if infinite { Token::Number(name) } else { Token::Name(name) }, rest))
        }
    }
}

/// The name that `text` starts with, perhaps none, and the rest. Brackets belong to a name that has begun.
fn split_name(text: &str) -> (&str, &str) {
    let within = |c: char| c.is_alphanumeric() || "!\"#$%&(),.;?@_'`{}~/|[]".contains(c);
    let end = if text.starts_with(['[', ']']) { 0 } else { text.find(|c| !within(c)).unwrap_or(text.len()) };
    text.split_at_checked(end).unwrap_or(("", text))
}

/// Whether a name opens with a round bracket, or closes one that it has not opened.
fn groups(name: &str) -> bool {
    let mut depth = 0_usize;
    name.starts_with('(')
        || name.bytes().any(|byte| match byte {
            b'(' => {
                depth += 1;
                false
            }
            b')' if depth == 0 => true,
            b')' => {
                depth -= 1;
                false
            }
            _ => false,
        })
}

/// How many bytes at the start of `text` are a decimal, an exponent only with its digits.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| text.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let at = |index: usize| text.as_bytes().get(index).copied();
    let whole = digits(0);
    let part = if at(whole) == Some(b'.') { digits(whole + 1) } else { 0 };
    if whole + part == 0 {
        return 0;
    }
    let end = whole + if at(whole) == Some(b'.') { 1 + part } else { 0 };
    let sign = usize::from(matches!(at(end + 1), Some(b'+' | b'-')));
    match at(end) {
        Some(b'e' | b'E') if digits(end + 1 + sign) > 0 => end + 1 + sign + digits(end + 1 + sign),
        _ => end,
    }
}

/// A linear form with a constant.
struct Expression {
    terms: BTreeMap<usize, Rational>,
    constant: Rational,
}

struct Parser<'p, 't> {
    /// What is left.
    tokens: &'p [Located<'t>],
    /// Line of the token taken last, and whether that is a number.
    line: u64,
    after_number: bool,
    /// Line of a name that stands where it must not, found at the end.
    stray: Option<u64>,
    columns: Vec<ColumnDraft>,
    column_of: BTreeMap<&'t str, usize>,
    /// Constants with an exponent, which may be columns, and their lines.
    exponents: Vec<(u64, &'t str)>,
    remarks: Remarks,
    budget: &'p Budget,
    /// Why the reading ends, if the budget is spent.
    spent: Option<Spent>,
}

struct ColumnDraft {
    column: Column,
    /// The line of a bound above while there is none below.
    only_upper: Option<u64>,
    /// Whether there is a bound below.
    has_lower: bool,
    binary: bool,
    /// Whether the objective or a row has it.
    declared: bool,
    /// Where it is named first.
    line: u64,
}

type Step<T> = Result<T, String>;

impl<'t> Parser<'_, 't> {
    /// `lines` is the number of the last line.
    fn model(&mut self, lines: u64) -> Step<Model> {
        let sense = match self.take() {
            Some(Token::Section(Section::Minimise)) => Sense::Minimise,
            Some(Token::Section(Section::Maximise)) => Sense::Maximise,
            _ => return Err("an LP file starts with `minimize` or `maximize`".to_owned()),
        };
        self.label();
        let objective = if self.at_item() { self.expression()? } else { Expression::empty() };
        let (mut rows, mut labels) = (vec![], BTreeMap::new());
        loop {
            match self.take() {
                Some(Token::Section(Section::End)) => break,
                None => {
                    self.remarks.note(lines, "the file ends without `end`");
                    break;
                }
                Some(Token::Section(Section::Rows)) => {
                    while self.at_item() {
                        self.remark_run_on();
                        let (label, row) = self.row()?;
                        if let Some(label) = label.filter(|label| labels.insert(*label, ()).is_some()) {
                            return Err(format!("two rows are labelled `{}`", shorten(label)));
                        }
                        rows.push(row);
                    }
                }
                Some(Token::Section(Section::Bounds)) => {
                    while self.at_item() {
                        self.remark_run_on();
                        self.bound()?;
                    }
                }
                Some(Token::Section(kind @ (Section::Integers | Section::Binaries))) => {
                    while self.at_item() {
                        self.spend()?;
                        let column = self.variable()?;
                        if let Some(draft) = self.columns.get_mut(column) {
                            draft.column.integer = true;
                            draft.binary |= kind == Section::Binaries;
                        }
                    }
                }
                Some(Token::Section(Section::Unsupported)) if !self.at_item() => {}
                Some(Token::Section(Section::Unsupported)) => {
                    self.take();
                    return Err("semi-continuous variables and special ordered sets are not supported".to_owned());
                }
                Some(Token::Section(_)) => return Err("a second objective".to_owned()),
                Some(_) => return Err("the objective ended here and no section starts".to_owned()),
            }
        }
        for (i, row) in rows.iter_mut().enumerate().filter(|(_, row): &(usize, &mut Row)| row.name.is_empty()) {
            row.name = format!("R{}", i + 1);
            while labels.contains_key(row.name.as_str()) {
                row.name.push('_');
            }
        }
        if let Some(stray) = self.columns.iter().find(|draft| !draft.declared) {
            self.stray = Some(stray.line);
            return Err(format!("`{}` stands in no row and not in the objective", shorten(&stray.column.name)));
        }
        self.remark_columns();
        let columns = std::mem::take(&mut self.columns).into_iter().map(ColumnDraft::finish).collect();
        let (objective, offset) = (objective.terms(), objective.constant);
        Ok(Model { sense, objective, offset, columns, rows, remarks: vec![] })
    }

    /// Columns with an upper bound below 0 alone, and constants that may be columns.
    fn remark_columns(&mut self) {
        for draft in &self.columns {
            let negative = draft.column.upper.as_ref().is_some_and(|upper| *upper < Rational::ZERO);
            if let Some(line) = draft.only_upper.filter(|_| negative && !draft.has_lower) {
                let name = shorten(&draft.column.name);
                self.remarks.note(line, format!("`{name}` is at most a negative number and at least 0"));
            }
        }
        for (line, text) in std::mem::take(&mut self.exponents) {
            let column = text.find(['e', 'E']).map(|at| text.split_at(at).1);
            if column.is_some_and(|column| self.column_of.contains_key(column)) {
                self.remarks.note(line, format!("`{}` is a number, though its end is a column", shorten(text)));
            }
        }
    }

    /// Whether a row or bound begins with a name on the line where a number ends the one before.
    fn remark_run_on(&mut self) {
        let Some(&Located { token: Token::Name(name), line }) = self.tokens.first() else { return };
        if self.after_number && line == self.line && !self.labels(0) {
            self.remarks.repeat(Kind::RunOn, line, || {
                format!("`{}` begins another row or bound, though it stands behind a number", shorten(name))
            });
        }
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.first().map(|next| next.token)
    }

    fn take(&mut self) -> Option<Token<'t>> {
        let (next, rest) = self.tokens.split_first()?;
        (self.tokens, self.line) = (rest, next.line);
        self.after_number = matches!(next.token, Token::Number(_));
        Some(next.token)
    }

    /// Takes note of a term, row or bound.
    fn spend(&mut self) -> Step<()> {
        self.budget.spend(STEPS_OF_AN_ITEM).map_err(|spent| {
            self.spent = Some(spent);
            "the budget is spent".to_owned()
        })
    }

    /// Whether the section goes on.
    fn at_item(&self) -> bool {
        !matches!(self.peek(), None | Some(Token::Section(_)))
    }

    /// Whether a name stands `ahead` tokens on that a colon makes a label.
    fn labels(&self, ahead: usize) -> bool {
        let token = |index: usize| self.tokens.get(index).map(|next| next.token);
        matches!((token(ahead), token(ahead + 1)), (Some(Token::Name(_)), Some(Token::Colon)))
    }

    fn label(&mut self) -> Option<&'t str> {
        if !self.labels(0) {
            return None;
        }
        let label = self.take();
        self.take();
        match label {
            Some(Token::Name(name)) => Some(name),
            _ => None,
        }
    }

    fn variable(&mut self) -> Step<usize> {
        let Some(Token::Name(name)) = self.take() else { return Err("expected a variable".to_owned()) };
        let next = self.columns.len();
        let index = *self.column_of.entry(name).or_insert(next);
        if index == next {
            let (lower, upper) = (Some(Rational::ZERO), None);
            let column = Column { name: name.to_owned(), integer: false, lower, upper };
            self.columns.push(ColumnDraft {
                column,
                only_upper: None,
                has_lower: false,
                binary: false,
                declared: false,
                line: self.line,
            });
        }
        Ok(index)
    }

    /// The product of the signs that stand here, `None` if there is none.
    fn sign(&mut self) -> Option<bool> {
        let mut sign = None;
        while let Some(Token::Sign(negative)) = self.peek() {
            self.take();
            sign = Some(sign.unwrap_or(false) ^ negative);
        }
        sign
    }

    /// `[signs] [number] [variable]` and more of it after signs.
    fn expression(&mut self) -> Step<Expression> {
        let mut out = Expression::empty();
        let sign = self.sign();
        let (mut begun, mut negative) = (sign.is_some(), sign.unwrap_or(false));
        loop {
            self.spend()?;
            let (size, variable) = match self.peek() {
                Some(Token::Number(text)) => {
                    self.take();
                    let variable = matches!(self.peek(), Some(Token::Name(_))) && !self.labels(0);
                    if !variable && text.contains(['e', 'E']) && !text.contains(['+', '-']) {
                        self.exponents.push((self.line, text));
                    }
                    (coefficient(text)?, variable)
                }
                Some(Token::Name(_)) => (Rational::ONE, true),
                // What is missing is missing where the expression stops, if it has begun.
                _ => {
                    if !begun {
                        self.take();
                    }
                    return Err("expected a number or a variable".to_owned());
                }
            };
            begun = true;
            let signed = if negative { -size } else { size };
            if variable {
                let column = self.variable()?;
                if let Some(draft) = self.columns.get_mut(column) {
                    draft.declared = true;
                }
                let term = out.terms.entry(column).or_insert(Rational::ZERO);
                *term = sum(term, &signed)?;
            } else {
                out.constant = sum(&out.constant, &signed)?;
            }
            match self.sign() {
                Some(next) => negative = next,
                None => return Ok(out),
            }
        }
    }

    fn relation(&mut self) -> Step<Relation> {
        let Some(Token::Relation(relation)) = self.peek() else {
            return Err("expected a relation (<=, >= or =)".to_owned());
        };
        self.take();
        Ok(relation)
    }

    /// A signed number, perhaps infinite, as text.
    fn number(&mut self) -> Step<String> {
        let negative = self.sign().unwrap_or(false);
        let Some(Token::Number(text)) = self.peek() else { return Err("expected a number".to_owned()) };
        self.take();
        Ok(format!("{}{text}", if negative { "-" } else { "" }))
    }

    /// The side of a row.
    fn side(&mut self) -> Step<Side> {
        Side::of_row(&self.number()?)
    }

    /// The bound of a column.
    fn end(&mut self) -> Step<Side> {
        let text = self.number()?;
        let (side, is_open) = Side::of_column(&text)?;
        if is_open {
            self.remarks
                .repeat(Kind::OpenBound, self.line, || format!("a bound of {} counts as infinite", shorten(&text)));
        }
        Ok(side)
    }

    /// Whether `number relation` comes next.
    fn leads_with_side(&self) -> bool {
        let mut ahead = self.tokens.iter().map(|next| next.token).skip_while(|token| matches!(token, Token::Sign(_)));
        matches!((ahead.next(), ahead.next()), (Some(Token::Number(_)), Some(Token::Relation(_))))
    }

    fn row(&mut self) -> Step<(Option<&'t str>, Row)> {
        self.spend()?;
        let start = self.tokens.first().map_or(self.line, |next| next.line);
        let label = self.label();
        let (mut lower, mut upper) = (Side::MinusInfinity, Side::Infinity);
        let body;
        if self.leads_with_side() {
            let left = self.side()?;
            let relation = self.relation()?.mirrored();
            tighten(relation, left, &mut lower, &mut upper);
            body = self.expression()?;
            if let Some(Token::Relation(_)) = self.peek() {
                tighten(self.relation()?.across(relation)?, self.side()?, &mut lower, &mut upper);
            }
        } else {
            // Writers leave the left side of a row without variables empty.
            let empty = matches!(self.peek(), Some(Token::Relation(_)));
            body = if empty { Expression::empty() } else { self.expression()? };
            tighten(self.relation()?, self.side()?, &mut lower, &mut upper);
        }
        if let Some(Token::Relation(_)) = self.peek() {
            return Err("a third relation in one row".to_owned());
        }
        if body.terms.is_empty() {
            self.remarks.repeat(Kind::BareRow, start, || "this row has no variables".to_owned());
        }
        let by = -&body.constant;
        let (lower, upper) = (lower.shifted(&by)?.lower()?, upper.shifted(&by)?.upper()?);
        Ok((label, Row { name: label.unwrap_or("").to_owned(), terms: body.terms(), lower, upper }))
    }

    fn bound(&mut self) -> Step<()> {
        self.spend()?;
        let leading = if self.leads_with_side() {
            let side = self.end()?;
            Some((self.relation()?.mirrored(), side))
        } else {
            None
        };
        let column = self.variable()?;
        let is_free = matches!(self.peek(), Some(Token::Name(word)) if word.eq_ignore_ascii_case("free"));
        if let Some((relation, side)) = leading {
            self.set_bounds(column, relation.sides(side))?;
            if let Some(Token::Relation(_)) = self.peek() {
                let sides = self.relation()?.across(relation)?.sides(self.end()?);
                self.set_bounds(column, sides)?;
            }
            Ok(())
        } else if is_free {
            self.take();
            self.set_bounds(column, (Some(Side::MinusInfinity), Some(Side::Infinity)))
        } else {
            let sides = self.relation()?.sides(self.end()?);
            self.set_bounds(column, sides)
        }
    }

    fn set_bounds(&mut self, column: usize, (lower, upper): (Option<Side>, Option<Side>)) -> Step<()> {
        if let Some(draft) = self.columns.get_mut(column) {
            if let Some(side) = lower {
                draft.has_lower = true;
                draft.column.lower = side.lower()?;
            }
            if let Some(side) = upper {
                draft.only_upper = Some(self.line);
                draft.column.upper = side.upper()?;
            }
        }
        Ok(())
    }
}

impl Expression {
    fn empty() -> Self {
        Self { terms: BTreeMap::new(), constant: Rational::ZERO }
    }

    fn terms(&self) -> Terms {
        self.terms.iter().filter(|(_, value)| !value.is_zero()).map(|(&j, value)| (j, value.clone())).collect()
    }
}

impl ColumnDraft {
    fn finish(self) -> Column {
        let mut column = self.column;
        if self.binary {
            column.lower = Some(column.lower.map_or(Rational::ZERO, |lower| lower.max(Rational::ZERO)));
            column.upper = Some(column.upper.map_or(Rational::ONE, |upper| upper.min(Rational::ONE)));
        }
        column
    }
}

impl Relation {
    /// The relation read from right to left.
    fn mirrored(self) -> Self {
        match self {
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::Equal => Self::Equal,
        }
    }

    /// Itself as the second relation of a range, where `first` is the other one, both seen from what is between.
    fn across(self, first: Self) -> Step<Self> {
        let is_range = matches!((first, self), (Self::AtMost, Self::AtLeast) | (Self::AtLeast, Self::AtMost));
        is_range.then_some(self).ok_or_else(|| "two relations that make no range".to_owned())
    }

    /// What `x relation side` says of the lower and upper bound of x.
    fn sides(self, side: Side) -> (Option<Side>, Option<Side>) {
        match self {
            Self::AtMost => (None, Some(side)),
            Self::AtLeast => (Some(side), None),
            Self::Equal => (Some(side.clone()), Some(side)),
        }
    }
}

/// Applies `body relation side` to the sides of a row.
fn tighten(relation: Relation, side: Side, lower: &mut Side, upper: &mut Side) {
    let (low, up) = relation.sides(side);
    if let Some(side) = low {
        *lower = side;
    }
    if let Some(side) = up {
        *upper = side;
    }
}

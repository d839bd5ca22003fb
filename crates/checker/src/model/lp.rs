//! The CPLEX LP format.
//!
//! Where dialects differ: a variable that stands twice in an expression has its coefficients added up; constants of a
//! row move to its sides; binaries keep tighter bounds than [0, 1] that the file gives; a negative upper bound leaves the
//! lower bound at 0; what bounds and integer sections speak of must stand in the objective or a row; rows without a label
//! are called `R` and their number, sets `SOS` and theirs. Strict relations mean the weak ones. Quadratic terms are refused.

use super::linear::{Column, Model, OrderedSet, Row, Sense, Terms};
use super::lp_tokens::{Located, Relation, Section, Token, tokens};
use super::ordered::{about_lower, binary, lacks_lower};
use super::text::{Fault, Kind, Remarks, Side, coefficient, shorten, sum};
use crate::budget::{Budget, Spent};
use crate::number::Rational;
use std::collections::BTreeMap;

/// Steps of [`Budget::spend`] that a term, row or bound takes.
const STEPS_OF_AN_ITEM: usize = 16;
/// What is wrong with a file that does not.
const STARTS: &str = "an LP file starts with `minimize` or `maximize`";

pub(super) fn read(text: &str, budget: &Budget) -> Result<Model, Fault> {
    let words = tokens(text, budget)?;
    let lines = u64::try_from(text.lines().count()).unwrap_or(u64::MAX).max(1);
    let mut parser = Parser {
        tokens: &words.all,
        fault: words.fault.as_ref(),
        line: 1,
        after_number: false,
        stray: None,
        columns: vec![],
        column_of: BTreeMap::new(),
        exponents: vec![],
        set_names: BTreeMap::new(),
        sets: vec![],
        remarks: Remarks::default(),
        budget,
        spent: None,
    };
    let mut model = parser.model(lines);
    if let Ok(model) = &mut model {
        model.remarks = std::mem::take(&mut parser.remarks).finish(words.behind);
    }
    if let Some(spent) = parser.spent.take() {
        return Err(Fault::Spent(spent));
    }
    let line = parser.stray.unwrap_or(if words.all.is_empty() { lines } else { parser.line });
    model.map_err(|what| Fault::Wrong { line, what })
}

/// A linear form with a constant.
struct Expression {
    terms: BTreeMap<usize, Rational>,
    constant: Rational,
}

pub(super) struct Parser<'p, 't> {
    /// What is left.
    tokens: &'p [Located<'t>],
    /// What stands behind them and is no token, with its line.
    fault: Option<&'p (u64, String)>,
    /// Line of the token taken last, and whether that is a number.
    line: u64,
    after_number: bool,
    /// Line of a name that stands where it must not, found at the end.
    pub(super) stray: Option<u64>,
    columns: Vec<ColumnDraft>,
    column_of: BTreeMap<&'t str, usize>,
    /// Constants with an exponent, which may be columns, and their lines.
    exponents: Vec<(u64, &'t str)>,
    pub(super) set_names: BTreeMap<&'t str, ()>,
    pub(super) sets: Vec<OrderedSet>,
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
    /// Where it is said to be semi-continuous.
    semi: Option<u64>,
    /// Whether the objective or a row has it.
    declared: bool,
    /// Where it is named first.
    line: u64,
}

pub(super) type Step<T> = Result<T, String>;

impl<'t> Parser<'_, 't> {
    /// `lines` is the number of the last line.
    fn model(&mut self, lines: u64) -> Step<Model> {
        let sense = match self.take() {
            Some(Token::Section(Section::Minimise)) => Sense::Minimise,
            Some(Token::Section(Section::Maximise)) => Sense::Maximise,
            Some(_) => return Err(STARTS.to_owned()),
            None => return self.missing(STARTS),
        };
        self.label();
        let objective = if self.at_item() { self.expression()? } else { Expression::empty() };
        let (mut rows, mut labels, mut conditions) = (vec![], BTreeMap::new(), vec![]);
        loop {
            match self.take() {
                Some(Token::Section(Section::End)) => break,
                None => {
                    self.refuse_fault()?;
                    self.remarks.note(lines, "the file ends without `end`");
                    break;
                }
                Some(Token::Section(Section::Rows)) => {
                    while self.at_item() {
                        self.remark_run_on();
                        let start = self.line_ahead();
                        let (label, row) = self.row(&mut conditions)?;
                        if let Some(label) = label.filter(|label| labels.insert(*label, ()).is_some()) {
                            self.stray = Some(start);
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
                Some(Token::Section(Section::SemiContinuous)) => {
                    while self.at_item() {
                        self.spend()?;
                        let column = self.variable()?;
                        let line = self.line;
                        if let Some(draft) = self.columns.get_mut(column) {
                            draft.column.semi = true;
                            draft.semi = draft.semi.or(Some(line));
                        }
                    }
                }
                Some(Token::Section(Section::OrderedSets(heading))) => {
                    while self.at_item() {
                        self.set(heading)?;
                    }
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
        self.remark_columns();
        let undeclared = self.columns.iter().find(|draft| !draft.declared).map(|stray| {
            let what = format!("`{}` stands in no row and not in the objective", shorten(&stray.column.name));
            (stray.line, what)
        });
        let columns = std::mem::take(&mut self.columns).into_iter().map(ColumnDraft::finish).collect();
        let (objective, offset) = (objective.terms(), objective.constant);
        let mut sets = std::mem::take(&mut self.sets);
        for (k, set) in sets.iter_mut().enumerate().filter(|(_, set)| set.name.is_empty()) {
            set.name = format!("SOS{}", k + 1);
            while self.set_names.contains_key(set.name.as_str()) {
                set.name.push('_');
            }
        }
        let model = Model { sense, objective, offset, columns, rows, sets, remarks: vec![] };
        let unconditional = conditions.iter().find(|(_, column)| !model.is_binary(*column)).map(|&(line, column)| {
            let name = model.columns.get(column).map_or("", |column| &column.name);
            (line, format!("a row depends on `{}`, which is not binary", shorten(name)))
        });
        if let Some((line, what)) = undeclared.into_iter().chain(unconditional).min_by_key(|(line, _)| *line) {
            self.stray = Some(line);
            return Err(what);
        }
        Ok(model)
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
        for draft in &self.columns {
            if let Some(line) = draft.semi.filter(|_| lacks_lower(draft.column.lower.as_ref())) {
                self.remarks.repeat(Kind::SemiContinuous, line, || about_lower(&draft.column.name));
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

    pub(super) fn peek(&self) -> Option<Token<'t>> {
        self.tokens.first().map(|next| next.token)
    }

    pub(super) fn take(&mut self) -> Option<Token<'t>> {
        let (next, rest) = self.tokens.split_first()?;
        (self.tokens, self.line) = (rest, next.line);
        self.after_number = matches!(next.token, Token::Number(_));
        Some(next.token)
    }

    /// What stands behind the tokens is wrong once they are taken.
    fn refuse_fault(&mut self) -> Step<()> {
        match self.fault.filter(|_| self.tokens.is_empty()) {
            None => Ok(()),
            Some((line, what)) => {
                self.stray = Some(*line);
                Err(what.clone())
            }
        }
    }

    /// Refuses what should come next and does not.
    pub(super) fn missing<T>(&mut self, what: &str) -> Step<T> {
        self.refuse_fault()?;
        Err(what.to_owned())
    }

    /// Refuses what comes next, where it stands.
    pub(super) fn unlike<T>(&mut self, what: &str) -> Step<T> {
        self.refuse_fault()?;
        self.take();
        Err(what.to_owned())
    }

    /// Takes note of a term, row or bound.
    pub(super) fn spend(&mut self) -> Step<()> {
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
    pub(super) fn labels(&self, ahead: usize) -> bool {
        matches!((self.ahead(ahead), self.ahead(ahead + 1)), (Some(Token::Name(_)), Some(Token::Colon)))
    }

    /// The token after so many others.
    pub(super) fn ahead(&self, others: usize) -> Option<Token<'t>> {
        self.tokens.get(others).map(|next| next.token)
    }

    /// The line of the next token.
    pub(super) fn line_ahead(&self) -> u64 {
        self.tokens.first().map_or(self.line, |next| next.line)
    }

    pub(super) fn label(&mut self) -> Option<&'t str> {
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

    pub(super) fn variable(&mut self) -> Step<usize> {
        let Some(Token::Name(name)) = self.peek() else { return self.unlike("expected a variable") };
        self.take();
        let next = self.columns.len();
        let index = *self.column_of.entry(name).or_insert(next);
        if index == next {
            let (lower, upper) = (Some(Rational::ZERO), None);
            let column = Column { name: name.to_owned(), integer: false, lower, upper, semi: false };
            self.columns.push(ColumnDraft {
                column,
                only_upper: None,
                has_lower: false,
                binary: false,
                semi: None,
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
                    self.refuse_arrow()?;
                    let what = "expected a number or a variable";
                    return if begun || !self.at_item() { self.missing(what) } else { self.unlike(what) };
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
            self.refuse_arrow()?;
            match self.sign() {
                Some(next) => negative = next,
                None => return Ok(out),
            }
        }
    }

    /// An arrow that follows no condition is refused where it stands.
    fn refuse_arrow(&mut self) -> Step<()> {
        if self.peek() != Some(Token::Arrow) {
            return Ok(());
        }
        self.take();
        Err("`->` follows `column = 1` or `column = 0` at the begin of a row".to_owned())
    }

    fn relation(&mut self) -> Step<Relation> {
        let Some(Token::Relation(relation)) = self.peek() else {
            return self.missing("expected a relation (<=, >= or =)");
        };
        self.take();
        Ok(relation)
    }

    /// A signed number, perhaps infinite, as text.
    pub(super) fn number(&mut self) -> Step<String> {
        let negative = self.sign().unwrap_or(false);
        let Some(Token::Number(text)) = self.peek() else {
            self.refuse_arrow()?;
            return self.missing("expected a number");
        };
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

    /// `column = 1 ->` or `column = 0 ->`, if that comes next; where such columns stand goes to `conditions`.
    fn indicator(&mut self, conditions: &mut Vec<(u64, usize)>) -> Step<Option<(usize, bool)>> {
        let condition = (self.ahead(0), self.ahead(1), self.ahead(2), self.ahead(3));
        let (
            Some(Token::Name(_)),
            Some(Token::Relation(Relation::Equal)),
            Some(Token::Number(text)),
            Some(Token::Arrow),
        ) = condition
        else {
            return Ok(None);
        };
        let column = self.variable()?;
        if let Some(draft) = self.columns.get_mut(column) {
            draft.declared = true;
        }
        conditions.push((self.line, column));
        for _ in 0..3 {
            self.take();
        }
        Ok(Some((column, binary(text)?)))
    }

    fn row(&mut self, conditions: &mut Vec<(u64, usize)>) -> Step<(Option<&'t str>, Row)> {
        self.spend()?;
        let start = self.line_ahead();
        let goes_on = self.after_number && self.line == start && !self.labels(0);
        let label = self.label();
        let indicator = self.indicator(conditions)?;
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
            if goes_on && !matches!(self.peek(), Some(Token::Relation(_))) {
                self.stray = Some(start);
                return Err("terms behind the number of a row make no row".to_owned());
            }
            tighten(self.relation()?, self.side()?, &mut lower, &mut upper);
        }
        if let Some(Token::Relation(_)) = self.peek() {
            return self.unlike("a third relation in one row");
        }
        if body.terms.is_empty() {
            self.remarks.repeat(Kind::BareRow, start, || "this row has no variables".to_owned());
        }
        let by = -&body.constant;
        let (lower, upper) = (lower.shifted(&by)?, upper.shifted(&by)?);
        let sides = lower.lower().and_then(|lower| Ok((lower, upper.upper()?)));
        let (lower, upper) = sides.inspect_err(|_| self.stray = Some(start))?;
        Ok((label, Row { name: label.unwrap_or("").to_owned(), terms: body.terms(), lower, upper, indicator }))
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

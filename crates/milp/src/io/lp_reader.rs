//! Reads the CPLEX LP format.
//!
//! Conventions where dialects differ:
//! * Repeated variables in an expression are added up; constants in a row move to its sides, in the objective they are
//!   its offset.
//! * `l <= expression <= u` is one row; its right side is always a number.
//! * Binaries keep bounds given in the file as far as they are tighter than [0, 1] (as HiGHS reads them).
//! * Bounds of a variable that no row mentions declare it.
//! * Quadratic terms, indicator rows, non-empty semi-continuous and special ordered set sections are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::lp_lexer::{Located, Relation, Section, Token, tokens};
use super::{Precision, number};
use crate::{Error, Model, Sense, VarId, VarKind};

/// Reads a model in LP format; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub fn parse_lp(text: &str, path: &Path) -> Result<Model, Error> {
    parse(text, path, Precision::Rounded)
}

pub(super) fn parse(text: &str, path: &Path, precision: Precision) -> Result<Model, Error> {
    let lines = text.lines().count().max(1);
    let parsed = tokens(text, precision).and_then(|tokens| Parser::new(&tokens, lines, precision).model());
    parsed.map_err(|(line, message)| Error::Parse { path: path.to_path_buf(), line, message })
}

type Parsed<T> = Result<T, (usize, String)>;

/// Terms in order of appearance plus a constant.
struct Expression {
    terms: Vec<(VarId, f64)>,
    constant: f64,
}

struct Parser<'t, 'a> {
    tokens: &'t [Located<'a>],
    next: usize,
    last_line: usize,
    precision: Precision,
    model: Model,
    index: BTreeMap<&'a str, VarId>,
    labels: BTreeSet<&'a str>,
    binaries: Vec<VarId>,
}

impl<'t, 'a> Parser<'t, 'a> {
    fn new(tokens: &'t [Located<'a>], last_line: usize, precision: Precision) -> Self {
        Self {
            tokens,
            next: 0,
            last_line,
            precision,
            model: Model::new(""),
            index: BTreeMap::new(),
            labels: BTreeSet::new(),
            binaries: Vec::new(),
        }
    }

    fn model(mut self) -> Parsed<Model> {
        self.model.sense = match self.take() {
            Some(Token::Section(Section::Minimise)) => Sense::Minimise,
            Some(Token::Section(Section::Maximise)) => Sense::Maximise,
            _ => return self.refuse_last("an LP file starts with 'minimize' or 'maximize'"),
        };
        self.objective()?;
        loop {
            match self.take() {
                None | Some(Token::Section(Section::End)) => break,
                Some(Token::Section(Section::Rows)) => self.repeat(Self::row)?,
                Some(Token::Section(Section::Bounds)) => self.repeat(Self::bound)?,
                Some(Token::Section(Section::Generals)) => self.repeat(Self::general)?,
                Some(Token::Section(Section::Binaries)) => self.repeat(Self::binary)?,
                Some(Token::Section(Section::SemiContinuous)) => self.repeat(|parser| {
                    parser.refuse("semi-continuous columns are not supported; model them with a binary column")
                })?,
                Some(Token::Section(Section::SpecialOrderedSets)) => self.repeat(|parser| {
                    parser.refuse("special ordered sets are not supported; model them with binary columns and rows")
                })?,
                Some(Token::Section(Section::Minimise | Section::Maximise)) => {
                    return self.refuse_last("a second objective; only one is supported");
                }
                Some(_) => return self.refuse_last("the objective ended here, but no section starts"),
            }
        }
        for &var in &self.binaries {
            let var = &mut self.model.variables[var.index()];
            (var.lower, var.upper) = (var.lower.max(0.0), var.upper.min(1.0));
        }
        self.name_rows();
        Ok(self.model)
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

    /// An error at the next token.
    fn refuse<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err((self.line_of(self.next), message.into()))
    }

    /// An error at the token just taken.
    fn refuse_last<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err((self.line_of(self.next.saturating_sub(1)), message.into()))
    }

    /// Applies `item` until the next section or the end.
    fn repeat(&mut self, item: impl Fn(&mut Self) -> Parsed<()>) -> Parsed<()> {
        while !matches!(self.peek(), None | Some(Token::Section(_))) {
            item(self)?;
        }
        Ok(())
    }

    fn var(&mut self, name: &'a str) -> Parsed<VarId> {
        if let Some(&var) = self.index.get(name) {
            return Ok(var);
        }
        let var = self.model.add_var(name, 0.0, f64::INFINITY, 0.0, VarKind::Continuous);
        self.index.insert(name, var);
        Ok(var)
    }

    /// The label of a row or objective, if there is one.
    fn label(&mut self) -> Option<&'a str> {
        let Some(Token::Name(name)) = self.peek() else { return None };
        let colon = self.tokens.get(self.next + 1).is_some_and(|located| located.token == Token::Colon);
        colon.then(|| {
            self.next += 2;
            name
        })
    }

    fn objective(&mut self) -> Parsed<()> {
        self.label();
        if matches!(self.peek(), None | Some(Token::Section(_))) {
            return Ok(());
        }
        let expression = self.expression()?;
        self.model.offset = expression.constant;
        for (var, value) in expression.terms {
            let cost = self.model.variables[var.index()].cost;
            self.model.variables[var.index()].cost = self.sum(cost, value)?;
        }
        Ok(())
    }

    /// A sum that forms one number of the model; refused if it must be exact and is not.
    fn sum(&self, a: f64, b: f64) -> Parsed<f64> {
        if self.precision == Precision::Exact {
            number::check_sum(a, b, a + b).map_err(|message| (self.line_of(self.next.saturating_sub(1)), message))?;
        }
        Ok(a + b)
    }

    /// `[+|-] [number] [name]`, repeated; ends before a token that cannot go on.
    fn expression(&mut self) -> Parsed<Expression> {
        let mut out = Expression { terms: Vec::new(), constant: 0.0 };
        let mut first = true;
        loop {
            let sign = match self.sign() {
                Some(sign) => sign,
                None if first => 1.0,
                None => return Ok(out),
            };
            match self.take() {
                Some(Token::Number(value)) if value.is_finite() => match self.peek() {
                    // A name after a number is its variable, unless it labels the next row.
                    Some(Token::Name(name)) if !self.labels_next() => {
                        self.next += 1;
                        let var = self.var(name)?;
                        out.terms.push((var, sign * value));
                    }
                    _ => out.constant = self.sum(out.constant, sign * value)?,
                },
                Some(Token::Number(value)) if first => {
                    out.constant = sign * value;
                    return Ok(out);
                }
                Some(Token::Name(name)) => {
                    let var = self.var(name)?;
                    out.terms.push((var, sign));
                }
                Some(Token::Unsupported(symbol)) => return self.refuse_unsupported(symbol),
                Some(_) => return self.refuse_last("a number or a variable is missing here"),
                None => return self.refuse("the file ends in the middle of an expression"),
            }
            if let Some(Token::Unsupported(symbol)) = self.peek() {
                self.next += 1;
                return self.refuse_unsupported(symbol);
            }
            first = false;
        }
    }

    fn labels_next(&self) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|located| located.token == Token::Colon)
    }

    fn refuse_unsupported<T>(&self, symbol: &str) -> Parsed<T> {
        self.refuse_last(match symbol {
            "->" => "indicator rows ('->') are not supported; write them with a big-M".into(),
            "*" => "'*' is not part of a linear expression; write the coefficient before the variable".to_string(),
            _ => format!("quadratic terms ('{symbol}') are not supported; only linear models are"),
        })
    }

    /// The product of all signs that stand here, `None` if there are none.
    fn sign(&mut self) -> Option<f64> {
        let mut sign = None;
        loop {
            let factor = match self.peek() {
                Some(Token::Plus) => 1.0,
                Some(Token::Minus) => -1.0,
                _ => return sign,
            };
            self.next += 1;
            sign = Some(sign.unwrap_or(1.0) * factor);
        }
    }

    fn relation(&mut self) -> Option<Relation> {
        let Some(Token::Relation(relation)) = self.peek() else { return None };
        self.next += 1;
        Some(relation)
    }

    /// A signed number, possibly infinite.
    fn number(&mut self) -> Parsed<f64> {
        let sign = self.sign().unwrap_or(1.0);
        match self.take() {
            Some(Token::Number(value)) => Ok(number::side(sign * value)),
            None => self.refuse("the file ends where a number should stand"),
            Some(_) => self.refuse_last("a number is missing here; variables stand left of the relation"),
        }
    }

    fn row(&mut self) -> Parsed<()> {
        let label = self.label();
        let start = self.next;
        let left = match self.peek() {
            // HiGHS writes rows without variables as ` name: = 0`.
            Some(Token::Relation(_)) => Expression { terms: Vec::new(), constant: 0.0 },
            _ => self.expression()?,
        };
        let Some(relation) = self.relation() else {
            return self.refuse("a relation (<=, >= or =) is missing after this expression");
        };
        let (mut lower, mut upper) = (f64::NEG_INFINITY, f64::INFINITY);
        let body = if left.terms.is_empty() {
            // number <= expression [<= number], or a row without variables
            if self.ends_after_number() {
                let value = self.number()?;
                tighten(relation, value, &mut lower, &mut upper);
                left
            } else {
                tighten(mirror(relation), number::side(left.constant), &mut lower, &mut upper);
                let body = self.expression()?;
                if let Some(relation) = self.relation() {
                    tighten(relation, self.number()?, &mut lower, &mut upper);
                }
                body
            }
        } else {
            tighten(relation, self.number()?, &mut lower, &mut upper);
            left
        };
        if matches!(self.peek(), Some(Token::Relation(_))) {
            return self.refuse("a third relation in one row; split it into two rows");
        }
        // What is infinite once the constants have moved over is infinite when the file is written and read again, too.
        let (lower, upper) = (self.sum(lower, -body.constant)?, self.sum(upper, -body.constant)?);
        let (lower, upper) = (number::side(lower), number::side(upper));
        if lower == f64::INFINITY || upper == f64::NEG_INFINITY {
            return Err((self.line_of(start), "nothing can meet this infinite side; correct it".into()));
        }
        if label.is_some_and(|label| !self.labels.insert(label)) {
            return Err((self.line_of(start), "this row's label is taken by an earlier row; labels are unique".into()));
        }
        self.check_repeated(&body.terms)?;
        self.model.add_row(label.unwrap_or(""), lower, upper, body.terms);
        Ok(())
    }

    /// Terms on the same variable are added up; with exact reading their sum must be exact.
    fn check_repeated(&self, terms: &[(VarId, f64)]) -> Parsed<()> {
        let mut sums = BTreeMap::new();
        for &(var, value) in terms.iter().filter(|_| self.precision == Precision::Exact) {
            let sum = sums.entry(var).or_insert(0.0);
            *sum = self.sum(*sum, value)?;
        }
        Ok(())
    }

    /// Whether a signed number stands here that no variable follows.
    fn ends_after_number(&self) -> bool {
        let mut rest = self.tokens[self.next..].iter().map(|located| located.token);
        let first = rest.find(|token| !matches!(token, Token::Plus | Token::Minus));
        let labelled = |after: &mut dyn Iterator<Item = Token>| after.next() == Some(Token::Colon);
        match (first, rest.next()) {
            (Some(Token::Number(_)), Some(Token::Name(_))) => labelled(&mut rest),
            (Some(Token::Number(_)), None | Some(Token::Section(_) | Token::Number(_))) => true,
            _ => false,
        }
    }

    fn bound(&mut self) -> Parsed<()> {
        if let Some(Token::Name(name)) = self.peek() {
            self.next += 1;
            let var = self.var(name)?;
            if matches!(self.peek(), Some(Token::Name(word)) if word.eq_ignore_ascii_case("free")) {
                self.next += 1;
                let var = &mut self.model.variables[var.index()];
                (var.lower, var.upper) = (f64::NEG_INFINITY, f64::INFINITY);
                return Ok(());
            }
            let Some(relation) = self.relation() else {
                return self.refuse("a relation or 'free' is missing after the variable");
            };
            let value = self.number()?;
            self.set_bounds(var, relation, value);
            return Ok(());
        }
        let value = self.number()?;
        let Some(relation) = self.relation() else {
            return self.refuse("a relation is missing after the number");
        };
        let Some(Token::Name(name)) = self.take() else {
            return self.refuse_last("a variable is missing after the relation; rows belong under 'subject to'");
        };
        let var = self.var(name)?;
        self.set_bounds(var, mirror(relation), value);
        if let Some(relation) = self.relation() {
            let value = self.number()?;
            self.set_bounds(var, relation, value);
        }
        Ok(())
    }

    /// `var relation value`.
    fn set_bounds(&mut self, var: VarId, relation: Relation, value: f64) {
        let var = &mut self.model.variables[var.index()];
        tighten(relation, value, &mut var.lower, &mut var.upper);
    }

    fn general(&mut self) -> Parsed<()> {
        let Some(Token::Name(name)) = self.take() else {
            return self.refuse_last("this section lists names of variables only");
        };
        let var = self.var(name)?;
        self.model.variables[var.index()].kind = VarKind::Integer;
        Ok(())
    }

    fn binary(&mut self) -> Parsed<()> {
        self.general()?;
        if let Some(Token::Name(name)) = self.tokens.get(self.next - 1).map(|located| located.token) {
            let var = self.var(name)?;
            self.binaries.push(var);
        }
        Ok(())
    }
}

/// Applies `expression relation value` to the sides of the expression.
fn tighten(relation: Relation, value: f64, lower: &mut f64, upper: &mut f64) {
    if relation != Relation::AtLeast {
        *upper = value;
    }
    if relation != Relation::AtMost {
        *lower = value;
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

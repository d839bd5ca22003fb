//! Words of the CPLEX LP format.
//!
//! Entry point: [`tokens`]. A heading opens a section at the start of a line; what touches a number is the name of its variable.

use super::text::{Fault, Side, is_blank, shorten};
use crate::budget::Budget;

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Section {
    Minimise,
    Maximise,
    Rows,
    Bounds,
    Integers,
    Binaries,
    SemiContinuous,
    /// With the number in its heading.
    OrderedSets(Option<usize>),
    End,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Relation {
    AtMost,
    AtLeast,
    Equal,
}

impl Relation {
    /// The relation read from right to left.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::Equal => Self::Equal,
        }
    }

    /// Itself as the second relation of a range, where `first` is the other one, both seen from what is between.
    pub(super) fn across(self, first: Self) -> Result<Self, String> {
        let is_range = matches!((first, self), (Self::AtMost, Self::AtLeast) | (Self::AtLeast, Self::AtMost));
        is_range.then_some(self).ok_or_else(|| "two relations that make no range".to_owned())
    }

    /// What `x relation side` says of the lower and upper bound of x.
    pub(super) fn sides(self, side: Side) -> (Option<Side>, Option<Side>) {
        match self {
            Self::AtMost => (None, Some(side)),
            Self::AtLeast => (Some(side), None),
            Self::Equal => (Some(side.clone()), Some(side)),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Token<'t> {
    Section(Section),
    Name(&'t str),
    Number(&'t str),
    Relation(Relation),
    Sign(bool),
    Colon,
    Arrow,
}

#[derive(Clone, Copy)]
pub(super) struct Located<'t> {
    pub(super) token: Token<'t>,
    pub(super) line: u64,
}

/// Section headings, each at the start of a line, in lower case.
const SECTIONS: [(&[&str], Section); 11] = [
    (&["minimize", "minimise", "minimum", "min"], Section::Minimise),
    (&["maximize", "maximise", "maximum", "max"], Section::Maximise),
    (&["subject to", "such that", "s.t.", "st.", "st"], Section::Rows),
    (&["bounds", "bound"], Section::Bounds),
    (&["generals", "general", "gen", "integers", "integer"], Section::Integers),
    (&["binaries", "binary", "bin"], Section::Binaries),
    (&["semi-continuous", "semis", "semi"], Section::SemiContinuous),
    (&["sos1"], Section::OrderedSets(Some(1))),
    (&["sos2"], Section::OrderedSets(Some(2))),
    (&["sos"], Section::OrderedSets(None)),
    (&["end"], Section::End),
];

const SYMBOLS: [(&str, Token<'static>); 12] = [
    ("->", Token::Arrow),
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

/// A text in words.
#[derive(Default)]
pub(super) struct Words<'t> {
    /// Up to `End`, or to what is no token.
    pub(super) all: Vec<Located<'t>>,
    /// The first line with anything behind `End`.
    pub(super) behind: Option<u64>,
    /// The line of what is no token, and why.
    pub(super) fault: Option<(u64, String)>,
}

/// All tokens.
pub(super) fn tokens<'t>(text: &'t str, budget: &Budget) -> Result<Words<'t>, Fault> {
    let mut words = Words::default();
    let mut lines = (1..).zip(text.lines().map(|line| line.split('\\').next().unwrap_or("").trim()));
    while let Some((number, mut rest)) = lines.next() {
        budget.spend(rest.len() + 1).map_err(Fault::Spent)?;
        if let Some((section, after)) = heading(rest) {
            words.all.push(Located { token: Token::Section(section), line: number });
            rest = after.trim_start();
            if section == Section::End {
                let behind =
                    if is_blank(rest) { lines.find(|(_, text)| !is_blank(text)) } else { Some((number, rest)) };
                words.behind = behind.map(|(line, _)| line);
                return Ok(words);
            }
        }
        while !rest.is_empty() {
            match next_token(rest) {
                Ok((token, after)) => {
                    words.all.push(Located { token, line: number });
                    rest = after.trim_start();
                }
                Err(what) => {
                    words.fault = Some((number, what));
                    return Ok(words);
                }
            }
        }
    }
    Ok(words)
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

//! Cuts a CPLEX LP file into tokens.
//!
//! Lines matter only in three ways: `\` starts a comment, section keywords count at the start of a line alone, and
//! messages name the line.

use super::number;
use super::reading::{is_blank, shorten};

/// The parts of an LP file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Minimise,
    Maximise,
    Rows,
    Bounds,
    Generals,
    Binaries,
    SemiContinuous,
    /// With the number in its heading.
    SpecialOrderedSets(Option<usize>),
    End,
}

/// A relation between two expressions; strict ones mean the same as weak ones, as everywhere in this format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    AtMost,
    AtLeast,
    Equal,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Section(Section),
    Name(&'a str),
    /// A decimal or a word for infinity, without its sign.
    Number(&'a str),
    Relation(Relation),
    Plus,
    Minus,
    Colon,
    /// `->`, which only indicators have.
    Arrow,
}

/// A token and the line it stands on, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located<'a> {
    pub token: Token<'a>,
    pub line: usize,
}

/// A text cut into tokens.
#[derive(Default)]
pub(super) struct Tokens<'a> {
    /// Up to `End`, or to what no token is made of.
    pub all: Vec<Located<'a>>,
    /// The first line that has anything behind `End`.
    pub behind: Option<usize>,
    /// The line of what no token is made of, and what is wrong with it.
    pub fault: Option<(usize, String)>,
}

/// All tokens of a text; cost O(length).
pub(super) fn tokens(text: &str) -> Tokens<'_> {
    let mut out = Tokens::default();
    let mut lines = (1..).zip(text.lines().map(|line| line.split('\\').next().unwrap_or("").trim()));
    while let Some((number, mut rest)) = lines.next() {
        if let Some((section, after)) = keyword(rest) {
            out.all.push(Located { token: Token::Section(section), line: number });
            rest = after.trim_start();
            if section == Section::End {
                let behind = std::iter::once((number, rest)).chain(lines).find(|(_, text)| !is_blank(text));
                out.behind = behind.map(|(line, _)| line);
                return out;
            }
        }
        while !rest.is_empty() {
            match next(rest) {
                Ok((token, after)) => {
                    out.all.push(Located { token, line: number });
                    rest = after.trim_start();
                }
                Err(message) => {
                    out.fault = Some((number, message));
                    return out;
                }
            }
        }
    }
    out
}

/// A section keyword at the start of a line, and what follows it.
fn keyword(line: &str) -> Option<(Section, &str)> {
    const KEYWORDS: &[(&str, Section)] = &[
        ("minimize", Section::Minimise),
        ("minimise", Section::Minimise),
        ("minimum", Section::Minimise),
        ("min", Section::Minimise),
        ("maximize", Section::Maximise),
        ("maximise", Section::Maximise),
        ("maximum", Section::Maximise),
        ("max", Section::Maximise),
        ("subject to", Section::Rows),
        ("such that", Section::Rows),
        ("s.t.", Section::Rows),
        ("st.", Section::Rows),
        ("st", Section::Rows),
        ("bounds", Section::Bounds),
        ("bound", Section::Bounds),
        ("generals", Section::Generals),
        ("general", Section::Generals),
        ("gen", Section::Generals),
        ("integers", Section::Generals),
        ("integer", Section::Generals),
        ("binaries", Section::Binaries),
        ("binary", Section::Binaries),
        ("bin", Section::Binaries),
        ("semi-continuous", Section::SemiContinuous),
        ("semis", Section::SemiContinuous),
        ("semi", Section::SemiContinuous),
        ("sos1", Section::SpecialOrderedSets(Some(1))),
        ("sos2", Section::SpecialOrderedSets(Some(2))),
        ("sos", Section::SpecialOrderedSets(None)),
        ("end", Section::End),
    ];
    KEYWORDS.iter().find_map(|&(word, section)| {
        let after = match word.split_once(' ') {
            // Any number of blanks may separate the two words.
            Some((first, second)) => strip_word(strip_word(line, first)?.trim_start(), second)?,
            None => strip_word(line, word)?,
        };
        // A label such as `st:` is a row's name.
        (!after.trim_start().starts_with(':')).then_some((section, after))
    })
}

/// What follows `word` (in any case) at the start of `line`, if the word ends there.
fn strip_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let (head, after) = (line.get(..word.len())?, line.get(word.len()..)?);
    let ends = after.chars().next().is_none_or(|next| next.is_whitespace() || next == ':');
    (head.eq_ignore_ascii_case(word) && ends).then_some(after)
}

/// The first token of a non-empty text and what follows it.
fn next(text: &str) -> Result<(Token<'_>, &str), String> {
    const SYMBOLS: &[(&str, Token)] = &[
        ("->", Token::Arrow),
        ("<=", Token::Relation(Relation::AtMost)),
        ("=<", Token::Relation(Relation::AtMost)),
        (">=", Token::Relation(Relation::AtLeast)),
        ("=>", Token::Relation(Relation::AtLeast)),
        ("==", Token::Relation(Relation::Equal)),
        ("<", Token::Relation(Relation::AtMost)),
        (">", Token::Relation(Relation::AtLeast)),
        ("=", Token::Relation(Relation::Equal)),
        ("+", Token::Plus),
        ("-", Token::Minus),
        (":", Token::Colon),
    ];
    for &(symbol, token) in SYMBOLS {
        if let Some(after) = text.strip_prefix(symbol) {
            return Ok((token, after));
        }
    }
    let length = number_length(text);
    if length > 0 {
        let (number, after) = text.split_at(length);
        check_end(number, after)?;
        return Ok((Token::Number(number), after));
    }
    let length = name_length(text);
    if length == 0 {
        let odd = text.chars().next().unwrap_or(' ');
        match odd {
            '*' => {
                return Err("'*' is not part of a linear expression; write the coefficient before the variable".into());
            }
            '[' | ']' => {
                return Err(format!(
                    "'{odd}' apart from a name holds quadratic terms, which are not supported; only linear models are (names such as \
                     x[1] have no blank before the bracket)"
                ));
            }
            '^' => return Err("quadratic terms ('^') are not supported; only linear models are".into()),
            _ => {}
        }
        // Signs of typesetting, as they come with text that is copied from a page.
        let instead = match odd {
            '≤' | '⩽' => "write '<='",
            '≥' | '⩾' => "write '>='",
            '−' | '–' | '—' => "write '-'",
            '×' | '·' | '∙' => "write a coefficient before its name, with a blank between",
            _ => "remove it",
        };
        return Err(format!("the character {odd:?} has no meaning in an LP file; {instead}"));
    }
    let (name, after) = text.split_at(length);
    if groups(name) {
        let name = shorten(name);
        return Err(format!(
            "'{name}' groups nothing: an LP file has no brackets around terms; write '3 x + 3 y' for '3 (x + y)'"
        ));
    }
    if name.eq_ignore_ascii_case("nan") {
        return Err(format!("'{name}' is no number the solver can use; give a finite value"));
    }
    Ok((if number::is_infinity(name) { Token::Number(name) } else { Token::Name(name) }, after))
}

/// Refuses what stands right behind a number and is not the name of its variable, but more of another kind of number.
fn check_end(number: &str, after: &str) -> Result<(), String> {
    let word = &after[..name_length(after)];
    let refuse = |what: &str| Err(format!("'{number}{}' {what}", shorten(word)));
    match word.as_bytes() {
        [b',', ..] => refuse("has a comma; write a decimal point"),
        [b'.', ..] => refuse("is not a number"),
        [b'/', ..] => refuse("is a fraction; write a decimal"),
        [b'x' | b'X', hex, ..] if number == "0" && hex.is_ascii_hexdigit() => {
            refuse("looks hexadecimal; write a decimal, or a blank before the variable")
        }
        _ => Ok(()),
    }
}

/// Length of the number that a text starts with, 0 if it starts with none.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits_from(0);
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits_from(end + 1);
        if whole + fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    }
    if end > 0 && matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = if end + 1 + sign <= bytes.len() { digits_from(end + 1 + sign) } else { 0 };
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// Length of the name that a text starts with, 0 if it starts with none. Brackets belong to a name that has begun:
/// `x[1]` is a name, `[ x ^ 2 ]` is not.
fn name_length(text: &str) -> usize {
    let bracket = |c: char| matches!(c, '[' | ']');
    if text.starts_with(bracket) {
        return 0;
    }
    text.find(|c| !is_name_char(c) && !bracket(c)).unwrap_or(text.len())
}

/// Whether the round brackets of a name are rather meant to group terms: it opens with one, or closes one that it has not opened.
fn groups(name: &str) -> bool {
    let mut open = 0;
    name.starts_with('(')
        || name.chars().any(|c| {
            open += i32::from(c == '(') - i32::from(c == ')');
            open < 0
        })
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || "!\"#$%&(),.;?@_'`{}~/|".contains(c)
}

/// Whether a name reads back as one name token wherever the writer puts it: never mistaken for a number, for infinity,
/// for `free`, or for a section keyword.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name_length(name) == name.len()
        && number_length(name) == 0
        && !groups(name)
        && !name.starts_with('.')
        && !number::is_infinity(name)
        && !["free", "nan", "subject", "such"].iter().any(|word| name.eq_ignore_ascii_case(word))
        && keyword(name).is_none()
}

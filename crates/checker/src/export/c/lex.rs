//! The words of a header in C, as every compiler reads them.
//!
//! What compilers do before they see words is left nothing to do: no line is joined with the next, no trigraph stands where it counts, and
//! `//` begins no comment (`a //* b` is two things to two standards). The lines of the preprocessor are those of [`Directives`].

use super::directives::Directives;
use crate::field::Parsed;
use crate::model::shorten;

/// A word.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'t> {
    Name(&'t str),
    Number(&'t str),
    /// A literal, its escapes resolved.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// A word and the line it stands on.
pub(super) type Located<'t> = (u64, Token<'t>);

/// Operators, each before those it begins with.
const SIGNS: [&str; 31] = [
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=", "-=", "(", ")", "[", "]", "{", "}", ",", ";",
    "=", "<", ">", "+", "-", "*", "/", "&", "|", "^", "!",
];

/// Words one after the other.
pub(super) struct Lexer<'t> {
    rest: &'t str,
    line: u64,
    /// Whether nothing but blanks and comments stands before this on the line.
    line_begins: bool,
    directives: Directives<'t>,
}

impl<'t> Lexer<'t> {
    /// Refuses what would be read otherwise by some compiler, wherever it stands.
    pub fn new(text: &'t str) -> Parsed<Self> {
        for (line, content) in (1..).zip(text.split('\n')) {
            let content = content.strip_suffix('\r').unwrap_or(content);
            if let Some(c) = content.chars().find(|&c| c.is_control() && c != '\t') {
                return Err((line, format!("`{}`: a control character", c.escape_default())));
            }
            let end = content.trim_end_matches([' ', '\t']);
            if end.ends_with('\\') || end.ends_with("??/") {
                return Err((line, "a line that a compiler joins with the next".to_owned()));
            }
        }
        Ok(Self { rest: text, line: 1, line_begins: true, directives: Directives::default() })
    }

    /// What the preprocessor was told, once all is read.
    pub fn finish(self) -> Parsed<Directives<'t>> {
        self.directives.finish().map_err(|what| (self.line, what))
    }

    /// Goes on by so many bytes, and gives them.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (gone, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += gone.bytes().filter(|&byte| byte == b'\n').count() as u64;
        self.rest = rest;
        gone
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        self.take(self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len()))
    }

    /// Goes on to the next word: over blanks, comments and lines of the preprocessor.
    fn skip(&mut self) -> Result<(), String> {
        while let Some(c) = self.rest.chars().next() {
            if c.is_ascii_whitespace() {
                self.take(1);
                self.line_begins |= c == '\n';
            } else if self.rest.starts_with("//") {
                return Err("`//`: comments stand between /* and */".to_owned());
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                let length = comment.find("*/").ok_or("a comment without an end")?;
                self.take(length + 4);
            } else if c == '#' && self.line_begins {
                let directive = self.rest.lines().next().unwrap_or_default();
                self.directives.add(directive)?;
                self.take(directive.len());
            } else {
                break;
            }
        }
        Ok(())
    }

    fn word(&mut self, first: char) -> Result<Token<'t>, String> {
        self.line_begins = false;
        self.directives.word()?;
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            return if self.directives.names(name) {
                Err(format!("`{}` is used, though the preprocessor has another meaning for it", shorten(name)))
            } else {
                Ok(Token::Name(name))
            };
        }
        if first.is_ascii_digit() {
            return Ok(Token::Number(self.number()));
        }
        if first == '"' {
            return self.text();
        }
        match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
            Some(sign) => {
                self.take(sign.len());
                Ok(Token::Sign(sign))
            }
            None => Err(format!("`{}` has no place here", first.escape_default())),
        }
    }

    /// Digits, letters and points, and the sign of an exponent.
    fn number(&mut self) -> &'t str {
        let start = self.rest;
        let number = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
        if number.ends_with(['e', 'E']) && self.rest.starts_with(['-', '+']) {
            self.take(1);
            self.take_while(|c| c.is_ascii_digit());
        }
        start.get(..start.len() - self.rest.len()).unwrap_or(start)
    }

    fn text(&mut self) -> Result<Token<'t>, String> {
        let mut bytes = vec![];
        let mut chars = self.rest.char_indices().skip(1).peekable();
        let mut buffer = [0; 4];
        let end = loop {
            let (at, c) = match chars.next() {
                None | Some((_, '\n')) => return Err("a text without an end".to_owned()),
                Some((at, c)) => (at, c),
            };
            match c {
                '"' => break at + 1,
                '?' if chars.peek().is_some_and(|&(_, next)| next == '?') => {
                    return Err("`??` in a text, which may begin a trigraph".to_owned());
                }
                '\\' => match chars.next() {
                    Some((_, c @ ('"' | '\\' | '?'))) => bytes.extend(c.encode_utf8(&mut buffer).bytes()),
                    Some((_, c)) if c.is_digit(8) => {
                        let mut value = c.to_digit(8).unwrap_or(0);
                        for _ in 0..2 {
                            let digit = chars.next_if(|(_, c)| c.is_digit(8)).and_then(|(_, c)| c.to_digit(8));
                            let Some(digit) = digit else { break };
                            value = value * 8 + digit;
                        }
                        bytes.push(u8::try_from(value).map_err(|_| "an escape beyond a byte")?);
                    }
                    _ => return Err("an escape that is not exported".to_owned()),
                },
                c => bytes.extend(c.encode_utf8(&mut buffer).bytes()),
            }
        };
        self.take(end);
        String::from_utf8(bytes).map(Token::Text).map_err(|_| "a text that is not UTF-8".to_owned())
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = Parsed<Located<'t>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(what) = self.skip() {
            return Some(Err((self.line, what)));
        }
        let line = self.line;
        let first = self.rest.chars().next()?;
        Some(self.word(first).map(|word| (line, word)).map_err(|what| (line, what)))
    }
}

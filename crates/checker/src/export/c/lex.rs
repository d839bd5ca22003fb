//! The words of a header in C.

use crate::field::Parsed;
use crate::model::shorten;
use std::collections::BTreeMap;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Number(String),
    /// A literal, its escapes resolved.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// A word and the line it stands on.
pub(super) type Located = (u64, Token);

/// Operators, each before those it begins with.
const SIGNS: [&str; 31] = [
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=", "-=", "(", ")", "[", "]", "{", "}", ",", ";",
    "=", "<", ">", "+", "-", "*", "/", "&", "|", "^", "!",
];

/// The words of the text, and what it defines names as.
pub(super) fn words(text: &str) -> Parsed<(Vec<Located>, BTreeMap<String, i128>)> {
    let mut lexer = Lexer { rest: text, line: 1 };
    let (mut words, mut defined) = (vec![], BTreeMap::new());
    let mut line_begins = true;
    while let Some(c) = lexer.rest.chars().next() {
        let line = lexer.line;
        if c == '\n' {
            lexer.skip(1);
            line_begins = true;
        } else if c.is_ascii_whitespace() {
            lexer.skip(1);
        } else if let Some(comment) = lexer.rest.strip_prefix("/*") {
            let Some(length) = comment.find("*/") else { return Err((line, "a comment without an end".to_owned())) };
            lexer.skip(length + 4);
        } else if c == '#' && line_begins {
            let length = lexer.rest.find('\n').unwrap_or(lexer.rest.len());
            let directive = lexer.rest.get(..length).unwrap_or_default();
            define(directive, &mut defined).map_err(|what| (line, what))?;
            lexer.skip(length);
        } else {
            line_begins = false;
            words.push((line, lexer.word(c).map_err(|what| (line, what))?));
        }
    }
    Ok((words, defined))
}

/// A line for the preprocessor: a guard, `stdint.h`, or a name for a number.
fn define(directive: &str, defined: &mut BTreeMap<String, i128>) -> Result<(), String> {
    let words: Vec<&str> = directive.split_ascii_whitespace().collect();
    match words[..] {
        ["#ifndef" | "#define", _] | ["#endif"] | ["#include", "<stdint.h>"] => Ok(()),
        ["#define", name, number] => match number.parse::<i64>() {
            Ok(number) => {
                defined.insert(name.to_owned(), number.into());
                Ok(())
            }
            Err(_) => Err(format!("`{}` is no number", shorten(number))),
        },
        _ => Err(format!("`{}`: not of the form that is exported", shorten(directive))),
    }
}

struct Lexer<'t> {
    rest: &'t str,
    line: u64,
}

impl Lexer<'_> {
    /// Goes on by so many bytes.
    fn skip(&mut self, bytes: usize) {
        let (gone, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += gone.bytes().filter(|&byte| byte == b'\n').count() as u64;
        self.rest = rest;
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let length = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let word = self.rest.get(..length).unwrap_or_default().to_owned();
        self.skip(length);
        word
    }

    fn word(&mut self, first: char) -> Result<Token, String> {
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Name(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_')));
        }
        if first.is_ascii_digit() {
            let mut number = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
            if number.ends_with(['e', 'E']) && self.rest.starts_with(['-', '+']) {
                let sign: String = self.rest.chars().take(1).collect();
                self.skip(1);
                number += &sign;
                number += &self.take_while(|c| c.is_ascii_digit());
            }
            return Ok(Token::Number(number));
        }
        if first == '"' {
            return self.text();
        }
        match SIGNS.iter().find(|sign| self.rest.starts_with(**sign)) {
            Some(sign) => {
                self.skip(sign.len());
                Ok(Token::Sign(sign))
            }
            None => Err(format!("`{}` has no place here", first.escape_default())),
        }
    }

    fn text(&mut self) -> Result<Token, String> {
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
        self.skip(end);
        String::from_utf8(bytes).map(Token::Text).map_err(|_| "a text that is not UTF-8".to_owned())
    }
}

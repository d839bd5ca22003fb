//! A small JSON reader (RFC 8259) that keeps numbers as text and remembers lines.

use crate::limits;
use crate::{Error, Source};

/// A value and the line it starts on.
#[derive(Debug)]
pub(crate) struct Json {
    pub line: u64,
    pub value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// In the order of the file; no key stands twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value under `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match &self.value {
            Value::Object(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Reads one JSON document and nothing after it.
pub(crate) fn read(source: &mut Source<'_>) -> Result<Json, Error> {
    let text = source.read_whole(limits::JSON_BYTES)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    parse(text).map_err(|(line, what)| source.malformed_at(line, what))
}

/// One JSON document and nothing after it; an error comes with its line in the text.
pub(crate) fn parse(text: &str) -> Result<Json, (u64, String)> {
    let mut parser = Parser { rest: text, line: 1 };
    parser.document().map_err(|what| (parser.line, what))
}

/// What is left of the text, and the line it starts on.
struct Parser<'t> {
    rest: &'t str,
    line: u64,
}

type Parsed<T> = Result<T, String>;

impl<'t> Parser<'t> {
    fn document(&mut self) -> Parsed<Json> {
        let json = self.value(0)?;
        self.space();
        if self.rest.is_empty() { Ok(json) } else { Err("text after the end of the JSON document".to_owned()) }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn space(&mut self) {
        while let Some(c @ (' ' | '\t' | '\r' | '\n')) = self.peek() {
            self.line += u64::from(c == '\n');
            self.next();
        }
    }

    /// Takes `c` if it comes next, after space.
    fn eat(&mut self, c: char) -> bool {
        self.space();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn require(&mut self, c: char, place: &str) -> Parsed<()> {
        if self.eat(c) { Ok(()) } else { Err(format!("expected `{c}` {place}")) }
    }

    fn value(&mut self, depth: usize) -> Parsed<Json> {
        if depth > limits::JSON_DEPTH {
            return Err(format!("nested deeper than {} levels", limits::JSON_DEPTH));
        }
        self.space();
        let line = self.line;
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?.to_owned()),
            Some(_) => self.word()?,
            None => return Err("the file ends where a JSON value should stand".to_owned()),
        };
        Ok(Json { line, value })
    }

    fn word(&mut self) -> Parsed<Value> {
        for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(value);
            }
        }
        Err("expected a JSON value".to_owned())
    }

    fn object(&mut self, depth: usize) -> Parsed<Value> {
        self.require('{', "before an object")?;
        let mut entries: Vec<(String, Json)> = Vec::new();
        if self.eat('}') {
            return Ok(Value::Object(entries));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.require(':', "after a key")?;
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            if self.eat('}') {
                break;
            }
            self.require(',', "or `}` in an object")?;
        }
        let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        match keys.iter().zip(keys.iter().skip(1)).find(|(key, next)| key == next) {
            Some((key, _)) => Err(format!("key `{key}` stands twice in one object")),
            None => Ok(Value::Object(entries)),
        }
    }

    fn list(&mut self, depth: usize) -> Parsed<Value> {
        self.require('[', "before a list")?;
        let mut items = Vec::new();
        if self.eat(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.eat(']') {
                return Ok(Value::List(items));
            }
            self.require(',', "or `]` in a list")?;
        }
    }

    /// The characters of a number, by the grammar of RFC 8259, section 6.
    fn number(&mut self) -> Parsed<&'t str> {
        let start = self.rest;
        if self.peek() == Some('-') {
            self.next();
        }
        let whole = self.digits();
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return Err("a number needs a whole part without superfluous zeros".to_owned());
        }
        if self.peek() == Some('.') {
            self.next();
            if self.digits().is_empty() {
                return Err("expected digits after the decimal point".to_owned());
            }
        }
        if let Some('e' | 'E') = self.peek() {
            self.next();
            if let Some('+' | '-') = self.peek() {
                self.next();
            }
            if self.digits().is_empty() {
                return Err("expected digits in the exponent".to_owned());
            }
        }
        Ok(self.since(start))
    }

    fn digits(&mut self) -> &'t str {
        let start = self.rest;
        self.rest = start.trim_start_matches(|c: char| c.is_ascii_digit());
        self.since(start)
    }

    /// What was taken since this was left.
    fn since(&self, start: &'t str) -> &'t str {
        start.get(..start.len() - self.rest.len()).unwrap_or(start)
    }

    fn string(&mut self) -> Parsed<String> {
        if self.next() != Some('"') {
            return Err("expected a text in quotes".to_owned());
        }
        let mut out = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(out),
                Some('\\') => out.push(self.escape()?),
                Some(c) if c < ' ' => return Err("control character in a text".to_owned()),
                Some(c) => out.push(c),
                None => return Err("the file ends inside a text".to_owned()),
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        match self.next() {
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('u') => {
                let mut code = self.utf16_unit()?;
                if (0xd800..0xdc00).contains(&code) && self.next() == Some('\\') && self.next() == Some('u') {
                    let low = self.utf16_unit()?;
                    if (0xdc00..0xe000).contains(&low) {
                        code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                    }
                }
                char::from_u32(code).ok_or_else(|| "half of a surrogate pair".to_owned())
            }
            _ => Err("unknown escape in a text".to_owned()),
        }
    }

    fn utf16_unit(&mut self) -> Parsed<u32> {
        (0..4).try_fold(0, |unit, _| {
            let digit =
                self.next().and_then(|c| c.to_digit(16)).ok_or("expected four hexadecimal digits after `\\u`")?;
            Ok(unit * 16 + digit)
        })
    }
}

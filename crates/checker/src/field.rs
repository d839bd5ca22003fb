//! Fields of a JSON document, with the way to them for messages.

use crate::json::{Json, Value};
use crate::model::shorten;
use crate::number::{self, Rational};

/// A value, or the line of the fault and what was expected there.
pub(crate) type Parsed<T> = Result<T, (u64, String)>;

/// A value of the file and the way to it.
#[derive(Debug)]
pub(crate) struct Field<'j> {
    json: &'j Json,
    path: String,
}

impl<'j> Field<'j> {
    pub fn root(json: &'j Json) -> Self {
        Self { json, path: String::new() }
    }

    pub fn value(&self) -> &'j Value {
        &self.json.value
    }

    /// The line it starts on.
    pub fn line(&self) -> u64 {
        self.json.line
    }

    pub fn wrong<T>(&self, expected: &str) -> Parsed<T> {
        Err((self.json.line, format!("field `{}`: expected {expected}", shorten(&self.path))))
    }

    /// The entry under `key`; `None` if it is not there or null.
    pub fn optional(&self, key: &str) -> Option<Field<'j>> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let json = self.json.get(key).filter(|json| !matches!(json.value, Value::Null))?;
        Some(Field { json, path })
    }

    pub fn get(&self, key: &str) -> Parsed<Field<'j>> {
        match self.optional(key) {
            Some(field) => Ok(field),
            None => self.wrong(&format!("an object with the field `{key}`")),
        }
    }

    pub fn text(&self) -> Parsed<&'j str> {
        match &self.json.value {
            Value::Text(text) => Ok(text),
            _ => self.wrong("a text"),
        }
    }

    pub fn boolean(&self) -> Parsed<bool> {
        match &self.json.value {
            Value::Bool(value) => Ok(*value),
            _ => self.wrong("true or false"),
        }
    }

    pub fn natural(&self) -> Parsed<u64> {
        match &self.json.value {
            Value::Number(text) => text.parse().or_else(|_| self.wrong("a natural number")),
            _ => self.wrong("a natural number"),
        }
    }

    pub fn size(&self) -> Parsed<usize> {
        usize::try_from(self.natural()?).or_else(|_| self.wrong("a smaller number"))
    }

    /// A number, meant as the binary64 nearest to it.
    pub fn number(&self) -> Parsed<Rational> {
        match &self.json.value {
            Value::Number(text) => number::binary64(text).or_else(|error| self.wrong(&format!("a number ({error})"))),
            _ => self.wrong("a number"),
        }
    }

    pub fn list(&self) -> Parsed<Vec<Field<'j>>> {
        match &self.json.value {
            Value::List(items) => {
                let item = |(i, json)| Field { json, path: format!("{}[{i}]", self.path) };
                Ok(items.iter().enumerate().map(item).collect())
            }
            _ => self.wrong("a list"),
        }
    }

    pub fn texts(&self) -> Parsed<Vec<String>> {
        self.list()?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    pub fn numbers(&self) -> Parsed<Vec<Rational>> {
        self.list()?.iter().map(Self::number).collect()
    }

    /// Fails unless this is an object of this `format`, version 1.
    pub fn is_format(&self, format: &str) -> Parsed<()> {
        match self.optional("format").map(|field| field.text()).transpose()? {
            Some(found) if found == format => {}
            _ => return self.wrong(&format!("`format` to be `{format}`")),
        }
        let version = self.get("version")?;
        if version.natural()? == 1 { Ok(()) } else { version.wrong("version 1") }
    }
}

//! The lines of a header that are for the preprocessor: one guard around all of it, `stdint.h`, and how many inputs and classes there are.
//!
//! With these alone it has no choice: between the guard's lines nothing is hidden, no word is replaced by another, and no
//! name has two meanings. Names of other endings might be keywords, types, or what `stdint.h` defines; so they are refused.

use crate::model::shorten;
use std::collections::BTreeMap;

/// What a number may be defined for, by how the name ends.
const NUMBERS: [&str; 2] = ["_INPUTS", "_CLASSES"];

/// Where the guard is.
#[derive(Default)]
enum Guard<'t> {
    /// Nothing came yet.
    #[default]
    Open,
    /// There is none: the header begins otherwise.
    Without,
    /// `#ifndef` came, and `#define` of the same name has to.
    Asked(&'t str),
    /// Both came.
    Around,
    /// `#endif` came, and nothing may.
    Closed,
}

/// What the preprocessor was told so far.
#[derive(Default)]
pub(super) struct Directives<'t> {
    guard: Guard<'t>,
    included: bool,
    names: Vec<&'t str>,
    /// Numbers by the endings of their names.
    numbers: BTreeMap<&'static str, i64>,
}

impl<'t> Directives<'t> {
    /// Takes a line that begins with `#`.
    pub fn add(&mut self, line: &'t str) -> Result<(), String> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match (&words[..], &self.guard) {
            (["#ifndef", name], Guard::Open) if is_name(name) && name.ends_with("_H") => {
                self.guard = Guard::Asked(name);
                return Ok(());
            }
            (["#define", name], Guard::Asked(asked)) if name == asked => {
                self.guard = Guard::Around;
                self.names.push(name);
                return Ok(());
            }
            (["#endif"], Guard::Around) => {
                self.guard = Guard::Closed;
                return Ok(());
            }
            _ => self.word()?,
        }
        match words[..] {
            ["#include", "<stdint.h>"] if !self.included => self.included = true,
            ["#define", name, number] => {
                let ending = NUMBERS.into_iter().find(|ending| name.ends_with(ending) && is_name(name));
                let number = number.parse::<i64>().ok().filter(|value| value.to_string() == number);
                let (Some(ending), Some(number)) = (ending, number) else { return Err(refused(line)) };
                if self.numbers.insert(ending, number).is_some() {
                    return Err(format!("two names that end in {ending}"));
                }
                self.names.push(name);
            }
            _ => return Err(refused(line)),
        }
        Ok(())
    }

    /// Takes note that something else stands here.
    pub fn word(&mut self) -> Result<(), String> {
        match self.guard {
            Guard::Open => self.guard = Guard::Without,
            Guard::Without | Guard::Around => {}
            Guard::Asked(name) => return Err(format!("expected `#define {}`", shorten(name))),
            Guard::Closed => return Err("something behind the guard's `#endif`".to_owned()),
        }
        Ok(())
    }

    /// Whether the preprocessor replaces this name.
    pub fn names(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// The end of the header.
    pub fn finish(self) -> Result<Self, String> {
        match self.guard {
            Guard::Asked(_) | Guard::Around => Err("an `#ifndef` without `#endif`".to_owned()),
            _ => Ok(self),
        }
    }

    /// The number that a name with this ending is defined as.
    pub fn number(&self, ending: &str) -> Option<i64> {
        self.numbers.get(ending).copied()
    }
}

/// Capital letters, digits and underscores, a letter first: no keyword, no type, nothing that is reserved.
fn is_name(name: &str) -> bool {
    let belongs = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(belongs)
}

fn refused(line: &str) -> String {
    format!("`{}`: not of the form that is exported", shorten(line))
}

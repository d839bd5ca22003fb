//! Words, how far they are read, and what their names stand for.

use super::lex::{Located, Token};
use super::tree::{Program, Type};
use crate::field::Parsed;
use crate::model::shorten;

/// Deepest nesting of statements and of expressions.
pub(super) const DEPTH: usize = 40;

/// What a name stands for within a function.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    Number(Type),
    /// An array whose elements may be set, or not.
    Array(Type, bool),
}

/// Words, how far they are read, and what is known by then.
pub(super) struct Parser {
    pub words: Vec<Located>,
    pub at: usize,
    pub program: Program,
    /// Names and element types of the constant arrays.
    pub arrays: Vec<(String, Type)>,
    /// Names of the function at hand, the newest last; the place is the slot.
    pub slots: Vec<(String, Meaning)>,
    /// Which of them may be named here.
    pub visible: Vec<usize>,
}

impl Parser {
    pub fn line(&self) -> u64 {
        self.words.get(self.at).or(self.words.last()).map_or(0, |(line, _)| *line)
    }

    pub fn wrong<T>(&self, expected: &str) -> Parsed<T> {
        let found = match self.words.get(self.at) {
            None => "the end".to_owned(),
            Some((_, Token::Sign(sign))) => format!("`{sign}`"),
            Some((_, Token::Name(word) | Token::Number(word) | Token::Text(word))) => format!("`{}`", shorten(word)),
        };
        Err((self.line(), format!("expected {expected}, found {found}")))
    }

    pub fn peek(&self) -> Option<&Token> {
        self.words.get(self.at).map(|(_, token)| token)
    }

    pub fn peek_name(&self) -> Option<&str> {
        self.name_at(0)
    }

    fn name_at(&self, ahead: usize) -> Option<&str> {
        match self.words.get(self.at + ahead) {
            Some((_, Token::Name(name))) => Some(name),
            _ => None,
        }
    }

    pub fn is_sign(&self, ahead: usize, wanted: &str) -> bool {
        matches!(self.words.get(self.at + ahead), Some((_, Token::Sign(sign))) if *sign == wanted)
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    pub fn eat(&mut self, sign: &str) -> bool {
        let found = self.is_sign(0, sign);
        self.at += usize::from(found);
        found
    }

    pub fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.eat(sign) { Ok(()) } else { self.wrong(&format!("`{sign}`")) }
    }

    pub fn eat_word(&mut self, word: &str) -> bool {
        let found = self.peek_name() == Some(word);
        self.at += usize::from(found);
        found
    }

    pub fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { self.wrong(&format!("`{word}`")) }
    }

    pub fn name(&mut self) -> Parsed<String> {
        match self.peek_name().map(str::to_owned) {
            Some(name) => {
                self.advance();
                Ok(name)
            }
            None => self.wrong("a name"),
        }
    }

    /// The type that a word ahead names.
    pub fn type_at(&self, ahead: usize) -> Option<Type> {
        self.name_at(ahead).and_then(Type::named)
    }

    pub fn type_name(&mut self) -> Parsed<Type> {
        match self.type_at(0) {
            Some(of) => {
                self.advance();
                Ok(of)
            }
            None => self.wrong("a type"),
        }
    }

    /// A slot for a name that none hides.
    pub fn declare(&mut self, name: String, meaning: Meaning) -> Parsed<usize> {
        if self.slot(&name).is_some() || self.arrays.iter().any(|(other, _)| *other == name) {
            return Err((self.line(), format!("`{}` stands for something already", shorten(&name))));
        }
        self.slots.push((name, meaning));
        self.visible.push(self.slots.len() - 1);
        Ok(self.slots.len() - 1)
    }

    /// The slot of a name, and what it is.
    pub fn slot(&self, name: &str) -> Option<(usize, Meaning)> {
        let named = |slot: &&usize| self.slots.get(**slot).is_some_and(|(other, _)| other == name);
        let slot = *self.visible.iter().rev().find(named)?;
        self.slots.get(slot).map(|(_, meaning)| (slot, *meaning))
    }
}

//! Words, how far they are read, and what their names stand for.

use super::lex::{Located, Token};
use super::tree::{Program, Type};
use crate::field::Parsed;
use crate::model::shorten;
use std::collections::BTreeMap;

/// Deepest nesting of statements, brackets and calls in each other: reading, running and dropping a tree take stack in proportion.
pub(super) const DEPTH: usize = 40;

/// Words that no name is.
const KEYWORDS: [&str; 7] = ["static", "const", "char", "return", "if", "else", "for"];

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// A number in a slot of the function.
    Number(usize, Type),
    /// An array in a slot, whose elements may be set, or not.
    Array(usize, Type, bool),
    /// A constant array by its place.
    Constant(usize, Type),
    /// A function by its place.
    Function(usize),
    Texts,
}

/// Words, how far they are read, and what is known by then.
pub(super) struct Parser<'t> {
    pub words: Vec<Located<'t>>,
    pub at: usize,
    pub program: Program,
    /// What names stand for here.
    names: BTreeMap<&'t str, Meaning>,
    /// Those of the function at hand that may be named here, the newest last.
    local: Vec<&'t str>,
    /// Slots of the function at hand, and the deepest place in it.
    pub slots: usize,
    pub deepest: usize,
}

impl<'t> Parser<'t> {
    pub fn new(words: Vec<Located<'t>>) -> Self {
        let (program, names) = (Program::default(), BTreeMap::new());
        Self { words, at: 0, program, names, local: vec![], slots: 0, deepest: 0 }
    }

    pub fn line(&self) -> u64 {
        self.words.get(self.at).or(self.words.last()).map_or(0, |(line, _)| *line)
    }

    pub fn wrong<T>(&self, expected: &str) -> Parsed<T> {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some(Token::Sign(sign)) => format!("`{sign}`"),
            Some(Token::Name(word) | Token::Number(word)) => format!("`{}`", shorten(word)),
            Some(Token::Text(word)) => format!("`{}`", shorten(word)),
        };
        Err((self.line(), format!("expected {expected}, found {found}")))
    }

    pub fn peek(&self) -> Option<&Token<'t>> {
        self.words.get(self.at).map(|(_, token)| token)
    }

    pub fn peek_name(&self) -> Option<&'t str> {
        self.name_at(0)
    }

    fn name_at(&self, ahead: usize) -> Option<&'t str> {
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

    pub fn name(&mut self) -> Parsed<&'t str> {
        match self.peek_name().filter(|name| !KEYWORDS.contains(name) && Type::named(name).is_none()) {
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

    /// Takes note of a place so deep in the function.
    pub fn reach(&mut self, depth: usize) -> Parsed<()> {
        self.deepest = self.deepest.max(depth);
        if depth <= DEPTH { Ok(()) } else { self.wrong("no deeper nesting, calls included,") }
    }

    /// What a name stands for here.
    pub fn meaning(&self, name: &str) -> Option<Meaning> {
        self.names.get(name).copied()
    }

    /// A meaning for a name that has none, up to the end of the header.
    pub fn declare(&mut self, name: &'t str, meaning: Meaning) -> Parsed<()> {
        match self.names.insert(name, meaning) {
            None => Ok(()),
            Some(_) => Err((self.line(), format!("`{}` stands for something already", shorten(name)))),
        }
    }

    /// A slot for a name that none hides, up to the end of the block.
    pub fn declare_local(&mut self, name: &'t str, meaning: impl Fn(usize) -> Meaning) -> Parsed<usize> {
        let slot = self.slots;
        self.declare(name, meaning(slot))?;
        self.slots += 1;
        self.local.push(name);
        Ok(slot)
    }

    /// How many names of the function are known here.
    pub fn known(&self) -> usize {
        self.local.len()
    }

    /// Forgets all names of the function but so many.
    pub fn forget(&mut self, known: usize) {
        for name in self.local.split_off(known.min(self.local.len())) {
            self.names.remove(name);
        }
    }
}

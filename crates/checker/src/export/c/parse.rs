//! Words to a tree: the part of C that exported headers are written in.
//!
//! Declarations of constant arrays and functions; `for`, `if`, `return`, assignments; arithmetic, comparisons, shifts and
//! bits of numbers. Every name is resolved to its place and every expression has its type. What is beyond is refused, so that nothing is
//! read otherwise than a compiler would.

use super::cursor::{DEPTH, Meaning, Parser};
use super::expression::{expression, number};
use super::lex::{Located, Token};
use super::tree::{Do, Expr, Function, Parameter, Program, Statement, Type, Value};
use crate::field::Parsed;

/// The tree of a header.
pub(super) fn program(words: Vec<Located>, defined: Vec<(String, i128)>) -> Parsed<Program> {
    let mut parser = Parser {
        words,
        at: 0,
        program: Program { defined, ..Program::default() },
        arrays: vec![],
        slots: vec![],
        visible: vec![],
    };
    while parser.at < parser.words.len() {
        parser.declaration()?;
    }
    Ok(parser.program)
}

impl Parser {
    /// A number of elements in brackets.
    fn length(&mut self) -> Parsed<usize> {
        self.expect("[")?;
        let length = match self.peek() {
            Some(Token::Number(text)) => text.parse::<usize>().ok(),
            _ => None,
        };
        let Some(length) = length.filter(|&length| length > 0) else { return self.wrong("a number of elements") };
        self.advance();
        self.expect("]")?;
        Ok(length)
    }

    fn declaration(&mut self) -> Parsed<()> {
        self.expect_word("static")?;
        if self.eat_word("const") {
            return if self.eat_word("char") { self.texts() } else { self.constants() };
        }
        self.function()
    }

    /// `*const NAME[N] = { "..", .. };`
    fn texts(&mut self) -> Parsed<()> {
        self.expect("*")?;
        self.expect_word("const")?;
        let name = self.name()?;
        let length = self.length()?;
        self.expect("=")?;
        let texts = self.listed(|parser| match parser.peek().cloned() {
            Some(Token::Text(text)) => {
                parser.advance();
                Ok(text)
            }
            _ => parser.wrong("a text"),
        })?;
        self.has_length(length, texts.len())?;
        self.program.texts.push((name, texts));
        Ok(())
    }

    /// `TYPE NAME[N] = { .., .. };`
    fn constants(&mut self) -> Parsed<()> {
        let of = self.type_name()?;
        let name = self.name()?;
        let length = self.length()?;
        self.expect("=")?;
        let values = self.listed(|parser| {
            let negative = parser.eat("-");
            let (value, _) = number(parser, negative)?;
            match (of, value) {
                (Type::Double, Value::Real(_)) => Ok(value),
                (Type::Int { .. }, Value::Int(whole)) if of.holds(whole) => Ok(value),
                _ => parser.wrong(&format!("numbers of type {of} only")),
            }
        })?;
        self.has_length(length, values.len())?;
        self.arrays.push((name, of));
        self.program.arrays.push(values);
        Ok(())
    }

    fn has_length(&self, stated: usize, found: usize) -> Parsed<()> {
        if stated == found { Ok(()) } else { self.wrong(&format!("{stated} elements, not {found},")) }
    }

    /// `{ .., .. };`
    fn listed<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.expect("{")?;
        let mut items = vec![];
        loop {
            items.push(item(self)?);
            if !self.eat(",") {
                break;
            }
        }
        self.expect("}")?;
        self.expect(";")?;
        Ok(items)
    }

    /// `TYPE NAME(..) { .. }`
    fn function(&mut self) -> Parsed<()> {
        let line = self.line();
        let gives = self.type_name()?;
        let name = self.name()?;
        (self.slots, self.visible) = (vec![], vec![]);
        self.expect("(")?;
        let mut parameters = vec![];
        loop {
            let is_array = self.eat_word("const");
            let of = self.type_name()?;
            if is_array {
                self.expect("*")?;
            }
            let parameter = self.name()?;
            let (meaning, kind) = if is_array {
                (Meaning::Array(of, false), Parameter::Array(of))
            } else {
                (Meaning::Number(of), Parameter::Number(of))
            };
            self.declare(parameter, meaning)?;
            parameters.push(kind);
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        let body = self.block(0)?;
        let slots = self.slots.len();
        self.program.functions.push(Function { name, line, gives, parameters, slots, body });
        Ok(())
    }

    fn block(&mut self, depth: usize) -> Parsed<Vec<Statement>> {
        self.expect("{")?;
        let outside = self.visible.len();
        let mut body = vec![];
        while !self.eat("}") {
            body.push(self.statement(depth)?);
        }
        self.visible.truncate(outside);
        Ok(body)
    }

    /// A block, or one statement.
    fn body(&mut self, depth: usize) -> Parsed<Vec<Statement>> {
        if self.is_sign(0, "{") {
            return self.block(depth);
        }
        let outside = self.visible.len();
        let body = vec![self.statement(depth)?];
        self.visible.truncate(outside);
        Ok(body)
    }

    fn statement(&mut self, depth: usize) -> Parsed<Statement> {
        if depth > DEPTH {
            return self.wrong("no deeper nesting");
        }
        let line = self.line();
        let kind = if self.eat_word("return") {
            let value = expression(self)?;
            self.expect(";")?;
            Do::Return(value)
        } else if self.eat_word("if") {
            self.expect("(")?;
            let condition = expression(self)?;
            self.expect(")")?;
            let then = self.body(depth + 1)?;
            let otherwise = if self.eat_word("else") { self.body(depth + 1)? } else { vec![] };
            Do::If(condition, then, otherwise)
        } else if self.eat_word("for") {
            return self.repeat(line, depth);
        } else {
            let kind = if self.type_at(0).is_some() { self.local()? } else { self.assignment()? };
            self.expect(";")?;
            kind
        };
        Ok(Statement { line, kind })
    }

    fn repeat(&mut self, line: u64, depth: usize) -> Parsed<Statement> {
        self.expect("(")?;
        let outside = self.visible.len();
        let first = Box::new(Statement { line, kind: self.local()? });
        self.expect(";")?;
        let condition = expression(self)?;
        self.expect(";")?;
        let mut after = vec![];
        loop {
            after.push(Statement { line, kind: self.assignment()? });
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        let body = self.body(depth + 1)?;
        self.visible.truncate(outside);
        Ok(Statement { line, kind: Do::For(first, condition, after, body) })
    }

    /// `TYPE NAME = ..` or `TYPE NAME[N]`
    fn local(&mut self) -> Parsed<Do> {
        let of = self.type_name()?;
        let name = self.name()?;
        if self.is_sign(0, "[") {
            let length = self.length()?;
            return Ok(Do::Array(self.declare(name, Meaning::Array(of, true))?, length));
        }
        self.expect("=")?;
        let value = expression(self)?;
        let slot = self.declare(name, Meaning::Number(of))?;
        Ok(Do::Set(slot, value.converted(of)))
    }

    /// `NAME = ..`, `NAME += ..`, `NAME++`, `NAME[..] = ..`
    fn assignment(&mut self) -> Parsed<Do> {
        let name = self.name()?;
        let Some((slot, meaning)) = self.slot(&name) else { return self.wrong("a known name before this") };
        match meaning {
            Meaning::Array(of, true) => {
                self.expect("[")?;
                let index = expression(self)?;
                self.expect("]")?;
                self.expect("=")?;
                Ok(Do::SetElement(slot, index, expression(self)?.converted(of)))
            }
            Meaning::Array(..) => self.wrong("an array that is not constant before this"),
            Meaning::Number(of) => {
                let old = Expr::variable(slot, of);
                let new = if self.eat("++") {
                    old.plus(Expr::one())
                } else if self.eat("+=") {
                    old.plus(expression(self)?)
                } else {
                    self.expect("=")?;
                    expression(self)?
                };
                Ok(Do::Set(slot, new.converted(of)))
            }
        }
    }
}

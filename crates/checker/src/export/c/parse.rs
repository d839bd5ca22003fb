//! Words to a tree: the part of C that exported headers are written in.
//!
//! Declarations of constant arrays and functions; `for`, `if`, `return`, assignments; arithmetic, comparisons, shifts and
//! bits of numbers. Every name is resolved to its place and every expression has its type. What is beyond is refused, so that nothing is
//! read otherwise than a compiler would.

use super::cursor::{Meaning, Parser};
use super::expression::{expression, number};
use super::lex::{Located, Token};
use super::tree::{Do, Expr, Function, Operator, Parameter, Program, Statement, Type, Value};
use crate::field::Parsed;

/// The tree of a header.
pub(super) fn program(words: Vec<Located<'_>>) -> Parsed<Program> {
    let mut parser = Parser::new(words);
    while parser.at < parser.words.len() {
        parser.declaration()?;
    }
    Ok(parser.program)
}

impl Parser<'_> {
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
        let texts = self.listed(|parser| {
            let Some(Token::Text(text)) = parser.peek() else { return parser.wrong("a text") };
            let text = text.clone();
            parser.advance();
            Ok(text)
        })?;
        self.has_length(length, texts.len())?;
        self.declare(name, Meaning::Texts)?;
        self.program.texts.push((name.to_owned(), texts));
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
        self.declare(name, Meaning::Constant(self.program.arrays.len(), of))?;
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
        (self.slots, self.deepest) = (0, 0);
        self.expect("(")?;
        let mut parameters = vec![];
        loop {
            let is_array = self.eat_word("const");
            let of = self.type_name()?;
            if is_array {
                self.expect("*")?;
            }
            let parameter = self.name()?;
            parameters.push(if is_array { Parameter::Array(of) } else { Parameter::Number(of) });
            self.declare_local(parameter, |slot| {
                if is_array { Meaning::Array(slot, of, false) } else { Meaning::Number(slot, of) }
            })?;
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        let body = self.block(0)?;
        self.forget(0);
        self.declare(name, Meaning::Function(self.program.functions.len()))?;
        let (name, slots, depth) = (name.to_owned(), self.slots, self.deepest + 1);
        self.program.functions.push(Function { name, line, gives, parameters, slots, depth, body });
        Ok(())
    }

    fn block(&mut self, depth: usize) -> Parsed<Vec<Statement>> {
        self.expect("{")?;
        let outside = self.known();
        let mut body = vec![];
        while !self.eat("}") {
            body.push(self.statement(depth)?);
        }
        self.forget(outside);
        Ok(body)
    }

    /// A block, or one statement.
    fn body(&mut self, depth: usize) -> Parsed<Vec<Statement>> {
        if self.is_sign(0, "{") {
            return self.block(depth);
        }
        let outside = self.known();
        let body = vec![self.statement(depth)?];
        self.forget(outside);
        Ok(body)
    }

    fn statement(&mut self, depth: usize) -> Parsed<Statement> {
        self.reach(depth)?;
        let line = self.line();
        let kind = if self.eat_word("return") {
            let value = expression(self, depth)?;
            self.expect(";")?;
            Do::Return(value)
        } else if self.eat_word("if") {
            self.expect("(")?;
            let condition = expression(self, depth)?;
            self.expect(")")?;
            let then = self.body(depth + 1)?;
            let otherwise = if self.eat_word("else") { self.body(depth + 1)? } else { vec![] };
            Do::If(condition, then, otherwise)
        } else if self.eat_word("for") {
            return self.repeat(line, depth);
        } else {
            let kind = if self.type_at(0).is_some() { self.local(depth)? } else { self.assignment(depth)? };
            self.expect(";")?;
            kind
        };
        Ok(Statement { line, kind })
    }

    fn repeat(&mut self, line: u64, depth: usize) -> Parsed<Statement> {
        self.expect("(")?;
        let outside = self.known();
        let first = Box::new(Statement { line, kind: self.local(depth)? });
        self.expect(";")?;
        let condition = expression(self, depth)?;
        self.expect(";")?;
        let mut after = vec![];
        loop {
            after.push(Statement { line, kind: self.assignment(depth)? });
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        let body = self.body(depth + 1)?;
        self.forget(outside);
        Ok(Statement { line, kind: Do::For(first, condition, after, body) })
    }

    /// `TYPE NAME = ..` or `TYPE NAME[N]`
    fn local(&mut self, depth: usize) -> Parsed<Do> {
        let of = self.type_name()?;
        let name = self.name()?;
        if self.is_sign(0, "[") {
            let length = self.length()?;
            return Ok(Do::Array(self.declare_local(name, |slot| Meaning::Array(slot, of, true))?, length));
        }
        self.expect("=")?;
        let value = expression(self, depth)?;
        let slot = self.declare_local(name, |slot| Meaning::Number(slot, of))?;
        Ok(Do::Set(slot, value.converted(of)))
    }

    /// `NAME = ..`, `NAME += ..`, `NAME++`, `NAME[..] = ..`
    fn assignment(&mut self, depth: usize) -> Parsed<Do> {
        let name = self.name()?;
        match self.meaning(name) {
            Some(Meaning::Array(slot, of, true)) => {
                self.expect("[")?;
                let index = expression(self, depth)?;
                self.expect("]")?;
                self.expect("=")?;
                Ok(Do::SetElement(slot, index, expression(self, depth)?.converted(of)))
            }
            Some(Meaning::Number(slot, of)) => {
                let more = if self.eat("++") {
                    Some(Expr::one())
                } else if self.eat("+=") {
                    Some(expression(self, depth)?)
                } else {
                    self.expect("=")?;
                    None
                };
                let new = match more {
                    Some(more) => Expr::binary(Operator::Plus, Expr::variable(slot, of), more),
                    None => Some(expression(self, depth)?),
                };
                let Some(new) = new else { return self.wrong("numbers before this") };
                Ok(Do::Set(slot, new.converted(of)))
            }
            _ => self.wrong("a number or an array before this that is not constant"),
        }
    }
}

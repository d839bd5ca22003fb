//! A header in C as a tree, every name and type resolved.

use crate::export::binary64::Binary64;
use std::fmt;

/// A type. `int` and `int_fastN_t` are taken with the fewest bits that the standard allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Int { bits: u32, signed: bool },
    Double,
}

impl Type {
    pub const INT: Self = Self::Int { bits: 16, signed: true };

    pub fn named(name: &str) -> Option<Self> {
        let (signed, rest) = match name {
            "int" => return Some(Self::INT),
            "double" => return Some(Self::Double),
            _ => match name.strip_prefix('u') {
                Some(rest) => (false, rest),
                None => (true, name),
            },
        };
        let rest = rest.strip_prefix("int")?.strip_suffix("_t")?;
        let bits = match rest.strip_prefix("_fast").unwrap_or(rest) {
            "8" => 8,
            "16" => 16,
            "32" => 32,
            "64" => 64,
            _ => return None,
        };
        Some(Self::Int { bits, signed })
    }

    /// Whether a whole number is one of this type.
    pub fn holds(self, value: i128) -> bool {
        match self {
            Self::Double => false,
            Self::Int { bits, signed: true } => (-1_i128 << (bits - 1)..1_i128 << (bits - 1)).contains(&value),
            Self::Int { bits, signed: false } => (0..1_i128 << bits).contains(&value),
        }
    }

    /// What arithmetic turns it into.
    pub fn promoted(self) -> Self {
        match self {
            Self::Int { bits: 8, .. } => Self::INT,
            other => other,
        }
    }

    /// What two operands are turned into.
    pub fn common(self, other: Self) -> Self {
        match (self.promoted(), other.promoted()) {
            (Self::Int { bits: a, signed: true }, Self::Int { bits: b, signed: true }) => {
                Self::Int { bits: a.max(b), signed: true }
            }
            (Self::Int { bits: a, signed: false }, Self::Int { bits: b, signed: false }) => {
                Self::Int { bits: a.max(b), signed: false }
            }
            (Self::Int { bits: a, signed: false }, Self::Int { bits: b, signed: true })
            | (Self::Int { bits: b, signed: true }, Self::Int { bits: a, signed: false }) => {
                Self::Int { bits: a.max(b), signed: b > a }
            }
            _ => Self::Double,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Double => write!(f, "double"),
            Self::Int { bits, signed } => write!(f, "{}int{bits}_t", if *signed { "" } else { "u" }),
        }
    }
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Int(i128),
    Real(Binary64),
    /// The place of an array among all that there are.
    Array(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Left,
    Right,
    And,
    Or,
    Xor,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Differs,
    /// Whether both hold, the second only asked if the first does.
    Both,
    Either,
}

/// What has a value.
#[derive(Debug)]
pub(super) struct Expr {
    pub kind: Kind,
    pub of: Type,
}

#[derive(Debug)]
pub(super) enum Kind {
    Constant(Value),
    /// A slot of the function.
    Variable(usize),
    /// An element of the array that a slot or a constant tells.
    Element(Base, Box<Expr>),
    Negated(Box<Expr>),
    /// From the left: what is there by then and the next operand. A sum of any length is no deeper than one of two.
    Chain(Box<Expr>, Vec<Link>),
    Convert(Box<Expr>),
    Call(usize, Vec<Argument>),
}

/// An operator between what stands before it and its operand, after both are turned into the type.
#[derive(Debug)]
pub(super) struct Link {
    pub operator: Operator,
    pub taken: Type,
    pub right: Expr,
}

/// Where an array is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Base {
    Constant(usize),
    Slot(usize),
}

/// What a function is given.
#[derive(Debug)]
pub(super) enum Argument {
    Number(Expr),
    Array(Base),
}

/// What is done.
#[derive(Debug)]
pub(super) struct Statement {
    pub line: u64,
    pub kind: Do,
}

#[derive(Debug)]
pub(super) enum Do {
    Set(usize, Expr),
    /// Of a local array.
    SetElement(usize, Expr, Expr),
    /// A new local array of so many elements in a slot.
    Array(usize, usize),
    If(Expr, Vec<Statement>, Vec<Statement>),
    /// First, condition, after each round, body.
    For(Box<Statement>, Expr, Vec<Statement>, Vec<Statement>),
    Return(Expr),
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Number(Type),
    Array(Type),
}

#[derive(Debug)]
pub(super) struct Function {
    pub name: String,
    pub line: u64,
    pub gives: Type,
    /// The first slots.
    pub parameters: Vec<Parameter>,
    pub slots: usize,
    /// How deep statements, brackets and calls are in each other, those of the functions that it calls included.
    pub depth: usize,
    pub body: Vec<Statement>,
}

/// All of a header.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// Constant arrays.
    pub arrays: Vec<Vec<Value>>,
    pub functions: Vec<Function>,
    /// Lists of texts.
    pub texts: Vec<(String, Vec<String>)>,
}

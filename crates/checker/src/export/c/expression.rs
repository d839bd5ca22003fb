//! Expressions of C, with the types that the standard gives them.

use super::cursor::{Meaning, Parser};
use super::lex::Token;
use super::tree::{Argument, Base, Expr, Kind, Link, Operator, Parameter, Type, Value};
use crate::export::binary64::Binary64;
use crate::field::Parsed;
use crate::number;

/// Binary operators by precedence, the weakest first.
const LEVELS: [&[(&str, Operator)]; 9] = [
    &[("||", Operator::Either)],
    &[("&&", Operator::Both)],
    &[("|", Operator::Or)],
    &[("^", Operator::Xor)],
    &[("&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::Differs)],
    &[("<", Operator::Less), ("<=", Operator::AtMost), (">", Operator::Greater), (">=", Operator::AtLeast)],
    &[("<<", Operator::Left), (">>", Operator::Right)],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
];
/// The strongest.
const PRODUCTS: [(&str, Operator); 2] = [("*", Operator::Times), ("/", Operator::Over)];

/// An expression at this depth of the function.
pub(super) fn expression(parser: &mut Parser<'_>, depth: usize) -> Parsed<Expr> {
    level(parser, 0, depth)
}

/// A number as a constant, and its type.
pub(super) fn number(parser: &mut Parser<'_>, negative: bool) -> Parsed<(Value, Type)> {
    let Some(Token::Number(text)) = parser.peek() else { return parser.wrong("a number") };
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    let read = match is_whole {
        // A leading 0 would make it octal.
        true if *text == "0" || !text.starts_with('0') => text.parse::<i64>().ok().map(|value| {
            let value = if negative { -i128::from(value) } else { value.into() };
            let fits = |bits: &u32| Type::Int { bits: *bits, signed: true }.holds(value.abs());
            let bits = [16, 32].into_iter().find(fits).unwrap_or(64);
            (Value::Int(value), Type::Int { bits, signed: true })
        }),
        true => None,
        false => number::binary64(text).ok().map(|value| {
            let value = Binary64::of(&value);
            (Value::Real(if negative { value.negated() } else { value }), Type::Double)
        }),
    };
    let Some(read) = read else { return parser.wrong("a number in decimal digits") };
    parser.advance();
    Ok(read)
}

/// Operands and operators from this level of precedence on.
fn level(parser: &mut Parser<'_>, at: usize, depth: usize) -> Parsed<Expr> {
    let operators = LEVELS.get(at).copied().unwrap_or(&PRODUCTS);
    let operand = |parser: &mut Parser| {
        if at < LEVELS.len() { level(parser, at + 1, depth) } else { unary(parser, depth) }
    };
    let mut left = operand(parser)?;
    loop {
        let found = operators.iter().find(|(sign, _)| parser.is_sign(0, sign));
        let Some(&(_, operator)) = found else { return Ok(left) };
        parser.advance();
        let right = operand(parser)?;
        left = match Expr::binary(operator, left, right) {
            Some(both) => both,
            None => return parser.wrong("whole numbers before this"),
        };
    }
}

fn unary(parser: &mut Parser<'_>, depth: usize) -> Parsed<Expr> {
    parser.reach(depth)?;
    if parser.eat("-") {
        let operand = unary(parser, depth + 1)?;
        let of = operand.of.promoted();
        return Ok(Expr { kind: Kind::Negated(Box::new(operand)), of });
    }
    if parser.is_sign(0, "(") {
        if let (Some(of), true) = (parser.type_at(1), parser.is_sign(2, ")")) {
            (0..3).for_each(|_| parser.advance());
            return Ok(unary(parser, depth + 1)?.converted(of));
        }
        parser.advance();
        let inner = level(parser, 0, depth + 1)?;
        parser.expect(")")?;
        return Ok(inner);
    }
    let Some(name) = parser.peek_name() else {
        let (value, of) = number(parser, false)?;
        return Ok(Expr { kind: Kind::Constant(value), of });
    };
    parser.advance();
    if parser.is_sign(0, "(") {
        return call(parser, name, depth);
    }
    if parser.eat("[") {
        let Some((base, of)) = array(parser, name) else { return parser.wrong("an array before this") };
        let index = level(parser, 0, depth + 1)?;
        parser.expect("]")?;
        if index.of == Type::Double {
            return parser.wrong("a whole index before this");
        }
        return Ok(Expr { kind: Kind::Element(base, Box::new(index)), of });
    }
    match parser.meaning(name) {
        Some(Meaning::Number(slot, of)) => Ok(Expr::variable(slot, of)),
        _ => parser.wrong("a known number before this"),
    }
}

/// The array of a name, and the type of its elements.
fn array(parser: &Parser<'_>, name: &str) -> Option<(Base, Type)> {
    match parser.meaning(name)? {
        Meaning::Array(slot, of, _) => Some((Base::Slot(slot), of)),
        Meaning::Constant(place, of) => Some((Base::Constant(place), of)),
        _ => None,
    }
}

/// A call of a function that stands before: so none calls itself.
fn call(parser: &mut Parser<'_>, name: &str, depth: usize) -> Parsed<Expr> {
    let place =
        parser.meaning(name).and_then(|known| if let Meaning::Function(place) = known { Some(place) } else { None });
    let Some((place, function)) = place.and_then(|place| Some((place, parser.program.functions.get(place)?))) else {
        return parser.wrong("a known function before this");
    };
    let (gives, parameters, within) = (function.gives, function.parameters.clone(), function.depth);
    parser.reach(depth + within)?;
    parser.expect("(")?;
    let mut arguments = vec![];
    for (k, parameter) in parameters.iter().enumerate() {
        if k > 0 {
            parser.expect(",")?;
        }
        arguments.push(match parameter {
            Parameter::Number(of) => Argument::Number(level(parser, 0, depth + 1)?.converted(*of)),
            Parameter::Array(of) => {
                let given = parser.peek_name().and_then(|name| array(parser, name));
                let Some((base, _)) = given.filter(|(_, found)| found == of) else {
                    return parser.wrong(&format!("an array of {of}"));
                };
                parser.advance();
                Argument::Array(base)
            }
        });
    }
    parser.expect(")")?;
    Ok(Expr { kind: Kind::Call(place, arguments), of: gives })
}

impl Expr {
    pub fn variable(slot: usize, of: Type) -> Self {
        Self { kind: Kind::Variable(slot), of }
    }

    pub fn one() -> Self {
        Self { kind: Kind::Constant(Value::Int(1)), of: Type::INT }
    }

    /// Turned into a type.
    pub fn converted(self, of: Type) -> Self {
        if self.of == of { self } else { Self { kind: Kind::Convert(Box::new(self)), of } }
    }

    /// `None` where operands are doubles and must not be.
    pub fn binary(operator: Operator, left: Self, right: Self) -> Option<Self> {
        use Operator::{And, Both, Either, Left, Minus, Or, Over, Plus, Right, Times, Xor};
        let common = left.of.common(right.of);
        let is_whole = left.of != Type::Double && right.of != Type::Double;
        let (taken, of) = match operator {
            Plus | Minus | Times | Over => (common, common),
            And | Or | Xor if is_whole => (common, common),
            Left | Right if is_whole => (left.of.promoted(), left.of.promoted()),
            And | Or | Xor | Left | Right => return None,
            Both | Either => (Type::INT, Type::INT),
            _ => (common, Type::INT),
        };
        let link = Link { operator, taken, right };
        let kind = match left.kind {
            Kind::Chain(first, mut links) => {
                links.push(link);
                Kind::Chain(first, links)
            }
            _ => Kind::Chain(Box::new(left), vec![link]),
        };
        Some(Self { kind, of })
    }
}

//! What a header's functions give: every operation in the type that C gives it, and refused if a number leaves it.
//!
//! C says nothing, or something else on every machine, of sums beyond their type, of indices beyond an array and of what was
//! never set. Here that is an error with its line, so a result is what every compiler for whatever width of `int` gives; for
//! doubles, one that rounds each operation once.

use super::tree::{Argument, Base, Do, Expr, Kind, Link, Operator, Program, Statement, Type, Value};
use crate::Source;
use crate::export::binary64::Binary64;
use std::cmp::Ordering;

/// The line and what went wrong there.
pub(super) type Ran<T> = Result<T, Stop>;

/// Why a run ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The program does what C does not define, or a header must not.
    Fault(u64, String),
    /// The budget is spent.
    Spent(crate::Error),
}

/// A program at work.
pub(super) struct Machine<'p> {
    program: &'p Program,
    source: &'p Source<'p>,
    /// Arrays that are not constant: those given first, then those of the functions at work. `None` is not set.
    arrays: Vec<Vec<Option<Value>>>,
    line: u64,
    /// Steps that are left for this call.
    left: usize,
}

/// Numbers and arrays of one call.
type Frame = Vec<Option<Value>>;

impl<'p> Machine<'p> {
    pub fn new(program: &'p Program, source: &'p Source<'p>) -> Self {
        Self { program, source, arrays: vec![], line: 0, left: 0 }
    }

    /// What the function at this place gives for one array, in at most so many steps.
    pub fn call_with(&mut self, function: usize, input: Vec<Value>, steps: usize) -> Ran<Value> {
        self.left = steps;
        self.arrays.clear();
        self.arrays.push(input.into_iter().map(Some).collect());
        let place = self.program.arrays.len();
        self.call(function, vec![Some(Value::Array(place))])
    }

    /// Takes note of steps.
    fn spend(&mut self, steps: usize) -> Ran<()> {
        match self.left.checked_sub(steps) {
            Some(left) => self.left = left,
            None => return self.fault("more steps for one row than a file of this size can need"),
        }
        self.source.spend(steps).map_err(Stop::Spent)
    }

    fn fault<T>(&self, what: impl Into<String>) -> Ran<T> {
        Err(Stop::Fault(self.line, what.into()))
    }

    fn call(&mut self, place: usize, mut frame: Frame) -> Ran<Value> {
        let program = self.program;
        let Some(function) = program.functions.get(place) else { return self.fault("no such function") };
        self.spend(function.slots)?;
        frame.resize(function.slots, None);
        let arrays = self.arrays.len();
        let given = self.block(&function.body, &mut frame)?;
        let elements = self.arrays.drain(arrays..).map(|array| array.len()).sum();
        self.source.budget().release(elements, size_of::<Option<Value>>());
        match given {
            Some(value) => self.converted(value, function.gives),
            None => Err(Stop::Fault(function.line, format!("{} ends without a value", function.name))),
        }
    }

    /// Runs statements; the value if one of them returns it.
    fn block(&mut self, body: &'p [Statement], frame: &mut Frame) -> Ran<Option<Value>> {
        for statement in body {
            if let Some(value) = self.statement(statement, frame)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn statement(&mut self, statement: &'p Statement, frame: &mut Frame) -> Ran<Option<Value>> {
        self.line = statement.line;
        self.spend(1)?;
        match &statement.kind {
            Do::Return(value) => return self.value(value, frame).map(Some),
            Do::Set(slot, value) => {
                let value = self.value(value, frame)?;
                set(frame, *slot, value);
            }
            Do::SetElement(slot, index, value) => {
                let (index, value) = (self.index(index, frame)?, self.value(value, frame)?);
                let place = self.place(Base::Slot(*slot), frame)?;
                let own = place.checked_sub(self.program.arrays.len());
                let element = own.and_then(|own| self.arrays.get_mut(own)).and_then(|array| array.get_mut(index));
                match element {
                    Some(element) => *element = Some(value),
                    None => return self.fault(format!("element {index} is beyond the array")),
                }
            }
            Do::Array(slot, length) => {
                self.spend(*length)?;
                self.source.hold(*length, size_of::<Option<Value>>()).map_err(Stop::Spent)?;
                set(frame, *slot, Value::Array(self.program.arrays.len() + self.arrays.len()));
                self.arrays.push(vec![None; *length]);
            }
            Do::If(condition, then, otherwise) => {
                let body = if self.holds(condition, frame)? { then } else { otherwise };
                return self.block(body, frame);
            }
            Do::For(first, condition, after, body) => {
                self.statement(first, frame)?;
                while self.holds(condition, frame)? {
                    if let Some(value) = self.block(body, frame)? {
                        return Ok(Some(value));
                    }
                    self.block(after, frame)?;
                }
            }
        }
        Ok(None)
    }

    fn holds(&mut self, condition: &'p Expr, frame: &mut Frame) -> Ran<bool> {
        let value = self.value(condition, frame)?;
        self.is_true(value)
    }

    fn is_true(&self, value: Value) -> Ran<bool> {
        match value {
            Value::Int(value) => Ok(value != 0),
            _ => self.fault("a condition that is no whole number"),
        }
    }

    fn index(&mut self, index: &'p Expr, frame: &mut Frame) -> Ran<usize> {
        match self.value(index, frame)? {
            Value::Int(value) => usize::try_from(value).or_else(|_| self.fault(format!("the index {value}"))),
            _ => self.fault("an index that is no whole number"),
        }
    }

    fn place(&self, base: Base, frame: &Frame) -> Ran<usize> {
        match base {
            Base::Constant(place) => Ok(place),
            Base::Slot(slot) => match frame.get(slot) {
                Some(Some(Value::Array(place))) => Ok(*place),
                _ => self.fault("no array here"),
            },
        }
    }

    fn value(&mut self, expr: &'p Expr, frame: &mut Frame) -> Ran<Value> {
        self.spend(1)?;
        match &expr.kind {
            Kind::Constant(value) => Ok(*value),
            Kind::Variable(slot) => match frame.get(*slot) {
                Some(Some(value)) => Ok(*value),
                _ => self.fault("a number that was not set"),
            },
            Kind::Element(base, index) => {
                let index = self.index(index, frame)?;
                let place = self.place(*base, frame)?;
                let constant = self.program.arrays.get(place).map(|array| array.get(index).copied());
                let own = place.checked_sub(self.program.arrays.len());
                let own = || own.and_then(|own| self.arrays.get(own)).and_then(|array| array.get(index).copied());
                match constant.unwrap_or_else(|| own().flatten()) {
                    Some(value) => Ok(value),
                    None => self.fault(format!("element {index} is beyond the array, or was not set")),
                }
            }
            Kind::Negated(operand) => {
                let operand = self.value(operand, frame)?;
                match self.converted(operand, expr.of)? {
                    Value::Int(value) => self.within(-value, expr.of),
                    Value::Real(value) => Ok(Value::Real(value.negated())),
                    Value::Array(_) => self.fault("an array where a number stands"),
                }
            }
            Kind::Convert(operand) => {
                let operand = self.value(operand, frame)?;
                self.converted(operand, expr.of)
            }
            Kind::Chain(first, links) => {
                let mut left = self.value(first, frame)?;
                for link in links {
                    left = self.link(left, link, frame)?;
                }
                Ok(left)
            }
            Kind::Call(function, arguments) => {
                self.spend(arguments.len())?;
                let mut own = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    own.push(Some(match argument {
                        Argument::Number(number) => self.value(number, frame)?,
                        Argument::Array(base) => Value::Array(self.place(*base, frame)?),
                    }));
                }
                let line = self.line;
                let given = self.call(*function, own)?;
                self.line = line;
                Ok(given)
            }
        }
    }

    /// What an operator makes of the value before it and its operand.
    fn link(&mut self, left: Value, link: &'p Link, frame: &mut Frame) -> Ran<Value> {
        let truth = |holds: bool| Ok(Value::Int(i128::from(holds)));
        let Link { operator, taken, right } = link;
        let (operator, taken) = (*operator, *taken);
        match operator {
            Operator::Both => return truth(self.is_true(left)? && self.holds(right, frame)?),
            Operator::Either => return truth(self.is_true(left)? || self.holds(right, frame)?),
            _ => {}
        }
        let right = self.value(right, frame)?;
        let is_shift = matches!(operator, Operator::Left | Operator::Right);
        let left = self.converted(left, taken)?;
        let right = if is_shift { right } else { self.converted(right, taken)? };
        let compared = match (left, right) {
            (Value::Int(a), Value::Int(b)) => a.cmp(&b),
            (Value::Real(a), Value::Real(b)) => a.cmp(&b),
            _ => return self.fault("an array where a number stands"),
        };
        match operator {
            Operator::Less => truth(compared == Ordering::Less),
            Operator::AtMost => truth(compared != Ordering::Greater),
            Operator::Greater => truth(compared == Ordering::Greater),
            Operator::AtLeast => truth(compared != Ordering::Less),
            Operator::Equal => truth(compared == Ordering::Equal),
            Operator::Differs => truth(compared != Ordering::Equal),
            _ => match (left, right) {
                (Value::Int(a), Value::Int(b)) => self.whole(operator, taken, a, b),
                (Value::Real(a), Value::Real(b)) => self.real(operator, a, b),
                _ => self.fault("an array where a number stands"),
            },
        }
    }

    fn whole(&self, operator: Operator, taken: Type, a: i128, b: i128) -> Ran<Value> {
        let bits = match taken {
            Type::Int { bits, .. } => i128::from(bits),
            Type::Double => 0,
        };
        let is_bitwise =
            matches!(operator, Operator::And | Operator::Or | Operator::Xor | Operator::Left | Operator::Right);
        if is_bitwise && (a < 0 || b < 0) {
            return self.fault(format!("bits of a negative number, {a} and {b}"));
        }
        let is_shift = matches!(operator, Operator::Left | Operator::Right);
        if is_shift && b >= bits {
            return self.fault(format!("a shift by {b} of {bits} bits"));
        }
        let value = match operator {
            Operator::Plus => a.checked_add(b),
            Operator::Minus => a.checked_sub(b),
            Operator::Times => a.checked_mul(b),
            Operator::Over => a.checked_div(b),
            Operator::And => Some(a & b),
            Operator::Or => Some(a | b),
            Operator::Xor => Some(a ^ b),
            Operator::Left => u32::try_from(b).ok().and_then(|b| a.checked_shl(b)),
            Operator::Right => u32::try_from(b).ok().and_then(|b| a.checked_shr(b)),
            _ => None,
        };
        match value {
            Some(value) => self.within(value, taken),
            None => self.fault(format!("no number for {a} and {b}")),
        }
    }

    fn real(&self, operator: Operator, a: Binary64, b: Binary64) -> Ran<Value> {
        let value = match operator {
            Operator::Plus => a.plus(b),
            Operator::Minus => a.minus(b),
            Operator::Times => a.times(b),
            Operator::Over => a.over(b),
            _ => None,
        };
        value.map_or_else(|| self.fault("a double beyond the largest"), |value| Ok(Value::Real(value)))
    }

    fn within(&self, value: i128, of: Type) -> Ran<Value> {
        if of.holds(value) { Ok(Value::Int(value)) } else { self.fault(format!("{value} leaves the type {of}")) }
    }

    /// A number in another type, where it is one of that.
    fn converted(&self, value: Value, of: Type) -> Ran<Value> {
        match (value, of) {
            (Value::Int(value), Type::Int { .. }) => self.within(value, of),
            (Value::Int(value), Type::Double) => match Binary64::whole(value) {
                Some(float) if float.to_whole() == Some(value) => Ok(Value::Real(float)),
                _ => self.fault(format!("{value} is no double")),
            },
            (Value::Real(_), Type::Double) => Ok(value),
            (Value::Real(_), Type::Int { .. }) => self.fault("a double where a whole number stands"),
            (Value::Array(_), _) => self.fault("an array where a number stands"),
        }
    }
}

fn set(frame: &mut Frame, slot: usize, value: Value) {
    if let Some(place) = frame.get_mut(slot) {
        *place = Some(value);
    }
}

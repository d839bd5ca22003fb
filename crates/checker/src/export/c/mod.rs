//! Exported headers for C: read and run, without a compiler.
//!
//! Entry points: [`Header::read`], [`Header::class`]. The header is taken as the program that it is: its text is parsed as C and
//! its function evaluated statement by statement, in the types and the order that the standard says.

mod cursor;
mod expression;
mod lex;
mod parse;
mod run;
mod tree;

use super::binary64::Binary64;
use super::predicted::Predicted;
use crate::number::Rational;
use crate::{Error, Source, limits};
use run::{Machine, Stop};
use tree::{Parameter, Program, Type, Value};

/// A header that can be evaluated.
pub(super) struct Header<'s> {
    source: &'s Source<'s>,
    program: Program,
    /// The function that predicts, and the type of features it takes.
    predict: usize,
    input: Type,
    /// Its names of the classes.
    pub classes: Vec<String>,
    /// Whether any double stands in it.
    is_whole: bool,
    /// The most that one row may take.
    steps: usize,
}

impl<'s> Header<'s> {
    /// The program in a text.
    pub fn read(text: &str, source: &'s Source<'s>) -> Result<Self, Error> {
        let malformed = |(line, what)| source.malformed_at(line, what);
        let (words, defined) = lex::words(text).map_err(malformed)?;
        let is_whole = !words.iter().any(|(_, word)| matches!(word, lex::Token::Name(name) if name == "double"));
        let program = parse::program(words, defined.into_iter().collect()).map_err(malformed)?;
        let predicts = |function: &tree::Function| function.name.ends_with("_predict");
        let Some(predict) = program.functions.iter().position(predicts) else {
            return Err(source.malformed_at(0, "no function whose name ends in _predict"));
        };
        let function = program.functions.get(predict);
        let parameters = function.map(|function| &function.parameters[..]);
        let Some([Parameter::Array(input)]) = parameters else {
            return Err(source.malformed_at(function.map_or(0, |function| function.line), "it must take one array"));
        };
        let input = *input;
        let texts = program.texts.iter().find(|(name, _)| name.ends_with("_classes"));
        let Some(classes) = texts.map(|(_, classes)| classes.clone()) else {
            return Err(source.malformed_at(0, "no names of classes"));
        };
        let steps = limits::HEADER_STEPS.saturating_add(limits::HEADER_STEPS_PER_BYTE.saturating_mul(text.len()));
        Ok(Self { source, program, predict, input, classes, is_whole, steps })
    }

    /// The number that a name with this ending is defined as.
    pub fn defined(&self, ending: &str) -> Option<i128> {
        self.program.defined.iter().find(|(name, _)| name.ends_with(ending)).map(|(_, value)| *value)
    }

    /// The class of a row in raw units.
    pub fn class(&self, row: &[Rational]) -> Result<Predicted, Error> {
        let mut values = Vec::with_capacity(row.len());
        for (j, value) in row.iter().enumerate() {
            let whole = || value.is_int().then(|| i128::try_from(value.numerator().clone()).ok()).flatten();
            values.push(match self.input {
                Type::Double => Value::Real(Binary64::of(value)),
                of => match whole().filter(|&whole| of.holds(whole)) {
                    Some(whole) => Value::Int(whole),
                    None => {
                        let value = crate::number::brief(value);
                        return Ok(Predicted::NotTaken(format!("feature {}: {value} is none of the type {of}", j + 1)));
                    }
                },
            });
        }
        let given = Machine::new(&self.program, self.source).call_with(self.predict, values, self.steps);
        match given {
            Ok(Value::Int(class)) => match usize::try_from(class) {
                Ok(class) => Ok(Predicted::Class { class, is_exact: self.is_whole }),
                Err(_) => Ok(Predicted::Fault(0, format!("the class {class}"))),
            },
            Ok(_) => Ok(Predicted::Fault(0, "a class that is no whole number".to_owned())),
            Err(Stop::Fault(line, what)) => Ok(Predicted::Fault(line, what)),
            Err(Stop::Spent(error)) => Err(error),
        }
    }
}

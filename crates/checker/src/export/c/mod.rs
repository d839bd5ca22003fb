//! Exported headers for C: read and run, without a compiler.
//!
//! Entry points: [`Header::read`], [`Header::class`]. The header is taken as the program that it is: its text is parsed as C and
//! its function evaluated statement by statement, in the types and the order that the standard says.

mod cursor;
mod directives;
mod expression;
mod lex;
mod parse;
mod run;
mod tree;

use super::binary64::Binary64;
use super::predicted::Predicted;
use crate::number::Rational;
use crate::{Error, Source, limits};
use lex::{Lexer, Located, Token};
use run::{Machine, Stop};
use tree::{Parameter, Program, Statement, Type, Value};

/// Bytes that a word takes, and whatever of the tree is made of it.
const WORD: usize = size_of::<Located<'_>>() + size_of::<Statement>();

/// A header that can be evaluated.
pub(super) struct Header<'s> {
    source: &'s Source<'s>,
    program: Program,
    /// The function that predicts, and the type of features it takes.
    predict: usize,
    input: Type,
    /// Its names of the classes.
    pub classes: Vec<String>,
    /// How many inputs and classes it says there are.
    stated: [(&'static str, Option<i64>); 2],
    /// Whether any double stands in it.
    is_whole: bool,
    /// The most that one row may take.
    steps: usize,
}

impl<'s> Header<'s> {
    /// The program in a text.
    pub fn read(text: &str, source: &'s Source<'s>) -> Result<Self, Error> {
        let malformed = |(line, what)| source.malformed_at(line, what);
        let mut lexer = Lexer::new(text).map_err(malformed)?;
        let mut words = vec![];
        for word in &mut lexer {
            source.hold(1, WORD)?;
            words.push(word.map_err(malformed)?);
        }
        let defined = lexer.finish().map_err(malformed)?;
        let is_whole = !words.iter().any(|(_, word)| matches!(word, Token::Name("double")));
        let program = parse::program(words).map_err(malformed)?;
        let predict = one(program.functions.iter().map(|function| &function.name), "_predict");
        let predict =
            predict.map_err(|found| source.malformed_at(0, format!("{found} functions with names in _predict")))?;
        let function = program.functions.get(predict);
        let parameters = function.map(|function| &function.parameters[..]);
        let Some([Parameter::Array(input)]) = parameters else {
            return Err(source.malformed_at(function.map_or(0, |function| function.line), "it must take one array"));
        };
        let input = *input;
        let texts = one(program.texts.iter().map(|(name, _)| name), "_classes");
        let texts =
            texts.map_err(|found| source.malformed_at(0, format!("{found} lists of texts with names in _classes")))?;
        let classes = program.texts.get(texts).map(|(_, classes)| classes.clone()).unwrap_or_default();
        let steps = limits::HEADER_STEPS.saturating_add(limits::HEADER_STEPS_PER_BYTE.saturating_mul(text.len()));
        let stated = ["_INPUTS", "_CLASSES"].map(|ending| (ending, defined.number(ending)));
        Ok(Self { source, program, predict, input, classes, stated, is_whole, steps })
    }

    /// Whether a number of inputs or classes that it states is another; the ending of its name.
    pub fn misstates(&self, inputs: usize, classes: usize) -> Option<&'static str> {
        let differs = |((_, stated), wanted): &(&(&str, Option<i64>), usize)| {
            stated.is_some_and(|stated| usize::try_from(stated) != Ok(*wanted))
        };
        self.stated.iter().zip([inputs, classes]).find(differs).map(|((ending, _), _)| *ending)
    }

    /// The class of a row in raw units.
    pub fn class<'r>(&self, row: impl Iterator<Item = &'r Rational>) -> Result<Predicted, Error> {
        let mut values = vec![];
        for (j, value) in row.enumerate() {
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

/// The place of the one name that ends so; how many there are, if not one.
fn one<'n>(names: impl Iterator<Item = &'n String>, ending: &str) -> Result<usize, usize> {
    let places: Vec<usize> = names.enumerate().filter(|(_, name)| name.ends_with(ending)).map(|(at, _)| at).collect();
    if let [place] = places[..] { Ok(place) } else { Err(places.len()) }
}

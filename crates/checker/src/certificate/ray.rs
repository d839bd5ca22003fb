//! RAY: a direction in which a point of the model may move for ever, and the objective improves.
//!
//! With a solution x of the model and a ray d, every x + t d with t >= 0 satisfies bounds and rows, and its objective is
//! c'x + t c'd. Integer columns stay whole for those t that are multiples of the common denominator of d, which is there
//! because d is rational: so the ray itself may be fractional.

use super::forms::point;
use super::words::Words;
use crate::model::{Sense, shorten, value};
use crate::number::{self, Rational};
use crate::{Error, Model};

/// Reads the section and checks that no finite bound or side stands in the way of the ray, and that it improves the
/// objective.
pub(super) fn check(words: &mut Words<'_>, model: &Model, columns: &[usize]) -> Result<(), Error> {
    words.keyword("RAY")?;
    let line = words.line();
    let count = words.natural("the number of values")?;
    let ray = point(words, count, columns)?;
    blocked(model, &ray).map_err(|what| words.refuted_at(line, what))
}

fn blocked(model: &Model, ray: &[Rational]) -> Result<(), String> {
    for (column, step) in model.columns.iter().zip(ray) {
        let place = || format!("a bound of `{}`", shorten(&column.name));
        keeps(step, column.lower.is_some(), column.upper.is_some()).map_err(|why| format!("{} {why}", place()))?;
    }
    for row in &model.rows {
        let step = value(&row.terms, ray);
        let place = || format!("a side of row `{}`", shorten(&row.name));
        keeps(&step, row.lower.is_some(), row.upper.is_some()).map_err(|why| format!("{} {why}", place()))?;
    }
    let slope = value(&model.objective, ray);
    let improves = match model.sense {
        Sense::Minimise => slope < Rational::ZERO,
        Sense::Maximise => slope > Rational::ZERO,
    };
    if improves {
        Ok(())
    } else {
        Err(format!("the objective does not improve along the ray: {}", number::brief(&slope)))
    }
}

/// Whether what moves by `step` keeps the sides that it has.
fn keeps(step: &Rational, lower: bool, upper: bool) -> Result<(), String> {
    let leaves = (lower && *step < Rational::ZERO) || (upper && *step > Rational::ZERO);
    if leaves { Err(format!("stops the ray, which changes it by {}", number::brief(step))) } else { Ok(()) }
}

//! Variables, linear forms, points and constraints as sections write them.

use super::constraint::{Constraint, Relation};
use super::words::Words;
use crate::Error;
use crate::model::Terms;
use crate::number::Rational;
use std::rc::Rc;

/// A variable's index, as the model's column.
pub(super) fn variable(words: &mut Words<'_>, columns: &[usize]) -> Result<usize, Error> {
    let index = words.natural("the index of a variable")?;
    match columns.get(index) {
        Some(&column) => Ok(column),
        None => Err(words.malformed(format!("variable {index}, but there are {} (counted from 0)", columns.len()))),
    }
}

/// `count` pairs of variable and coefficient, no variable twice; sorted, without zeros.
pub(super) fn terms(words: &mut Words<'_>, count: usize, columns: &[usize]) -> Result<Terms, Error> {
    let mut terms = Terms::new();
    for _ in 0..count {
        let column = variable(words, columns)?;
        terms.push((column, words.value("a coefficient")?));
    }
    terms.sort_unstable_by_key(|(column, _)| *column);
    if terms.iter().zip(terms.iter().skip(1)).any(|((left, _), (right, _))| left == right) {
        return Err(words.malformed("a variable stands twice in one linear form"));
    }
    terms.retain(|(_, value)| !value.is_zero());
    Ok(terms)
}

/// A value for each column, 0 where none of the `count` pairs names it.
pub(super) fn point(words: &mut Words<'_>, count: usize, columns: &[usize]) -> Result<Vec<Rational>, Error> {
    let mut point = vec![Rational::ZERO; columns.len()];
    for (column, value) in terms(words, count, columns)? {
        if let Some(slot) = point.get_mut(column) {
            *slot = value;
        }
    }
    Ok(point)
}

/// A constraint in constraint format, with its name.
pub(super) fn constraint(
    words: &mut Words<'_>,
    columns: &[usize],
    objective: &Rc<Terms>,
) -> Result<(String, Constraint), Error> {
    let name = words.next("a constraint name")?.to_owned();
    let relation = match words.next("a sense")? {
        "L" => Relation::AtMost,
        "E" => Relation::Equal,
        "G" => Relation::AtLeast,
        _ => return Err(words.expected("a sense (L, E or G)")),
    };
    let right = words.value("a right-hand side")?;
    let what = "the number of terms or OBJ";
    let terms = if words.next(what)? == "OBJ" {
        Rc::clone(objective)
    } else {
        let count = words.current_natural(what)?;
        Rc::new(terms(words, count, columns)?)
    };
    Ok((name, Constraint { relation, right, terms }))
}

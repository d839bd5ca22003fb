//! VER, VAR, INT, OBJ, CON, RTP and SOL (and RAY): the model told again, the claim, and its solutions.

use super::combination::is_whole;
use super::constraint::{Constraint, Relation};
use super::forms::{constraint, point, terms, variable};
use super::ray;
use super::report::{Claim, Solution};
use super::words::Words;
use crate::model::{Sense, Terms, shorten};
use crate::number::{self, Rational};
use crate::{Error, Model, solution};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Everything before DER. Indices of variables are already those of the model's columns.
pub(super) struct Header {
    pub version: String,
    /// The model's column of each variable of the certificate.
    pub columns: Vec<usize>,
    pub objective: Rc<Terms>,
    pub constraints: Vec<Constraint>,
    pub claim: Claim,
    pub solutions: Vec<Solution>,
    /// Objective of the best solution.
    pub best: Option<Rational>,
    /// Whether the objective is a whole number at every point that the model allows.
    pub whole_objective: bool,
}

pub(super) fn read(words: &mut Words<'_>, model: &Model) -> Result<Header, Error> {
    words.keyword("VER")?;
    let version = match words.next("a version")? {
        version @ ("1.0" | "1.1") => version.to_owned(),
        _ => return Err(words.expected("version 1.0 or 1.1")),
    };
    let columns = variables(words, model)?;
    integers(words, model, &columns)?;
    let objective = Rc::new(objective(words, model, &columns)?);
    let constraints = constraints(words, model, &columns, &objective)?;
    let claim = claim(words)?;
    let (solutions, best) = solutions(words, model, &columns, &claim)?;
    if claim == Claim::Unbounded {
        ray::check(words, model, &columns)?;
    }
    let whole_objective = is_whole(&objective, model).is_ok();
    Ok(Header { version, columns, objective, constraints, claim, solutions, best, whole_objective })
}

/// VAR: every column of the model once, in any order.
fn variables(words: &mut Words<'_>, model: &Model) -> Result<Vec<usize>, Error> {
    words.keyword("VAR")?;
    let count = words.natural("the number of variables")?;
    if count != model.columns.len() {
        return Err(words.refuted(format!("{count} variables, but the model has {}", model.columns.len())));
    }
    let index = model.index();
    let mut seen = vec![false; count];
    let mut columns = Vec::with_capacity(count);
    for _ in 0..count {
        let name = words.next("a variable name")?;
        let found = index.get(name).or_else(|| index.get(unescaped(name)?.as_str())).copied();
        let Some((column, seen)) = found.and_then(|column| Some((column, seen.get_mut(column)?))) else {
            let what = format!("the model has no variable `{}`", shorten(name));
            return Err(words.refuted(what));
        };
        if std::mem::replace(seen, true) {
            let what = format!("variable `{}` stands twice", shorten(name));
            return Err(words.refuted(what));
        }
        columns.push(column);
    }
    Ok(columns)
}

/// A name with its `\xHH` read as bytes, for names that hold blanks; `None` without any, or if they are wrong.
fn unescaped(name: &str) -> Option<String> {
    let mut pieces = name.split("\\x");
    let mut out = pieces.next()?.to_owned();
    let mut any = false;
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        out.push(u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii).map(char::from)?);
        out.push_str(rest);
        any = true;
    }
    any.then_some(out)
}

/// INT: the model's integer columns, each once.
fn integers(words: &mut Words<'_>, model: &Model, columns: &[usize]) -> Result<(), Error> {
    words.keyword("INT")?;
    let count = words.natural("the number of integer variables")?;
    if count != model.num_integer() {
        return Err(words.refuted(format!("{count} integer variables, but the model has {}", model.num_integer())));
    }
    let mut seen = vec![false; columns.len()];
    for _ in 0..count {
        let column = variable(words, columns)?;
        let is_integer = model.columns.get(column).is_some_and(|column| column.integer);
        let repeated = seen.get_mut(column).is_some_and(|seen| std::mem::replace(seen, true));
        if !is_integer || repeated {
            let why = if is_integer { "stands twice" } else { "is continuous in the model" };
            return Err(words.refuted(format!("variable {column} {why}")));
        }
    }
    Ok(())
}

/// OBJ: sense and coefficients of the model.
fn objective(words: &mut Words<'_>, model: &Model, columns: &[usize]) -> Result<Terms, Error> {
    words.keyword("OBJ")?;
    let sense = match words.next("min or max")? {
        "min" => Sense::Minimise,
        "max" => Sense::Maximise,
        _ => return Err(words.expected("min or max")),
    };
    let count = words.natural("the number of terms")?;
    let terms = terms(words, count, columns)?;
    if sense != model.sense {
        return Err(words.refuted("the model optimises in the other direction"));
    }
    if terms != model.objective {
        return Err(words.refuted("the objective is not the model's"));
    }
    Ok(terms)
}

/// One side of a row or bound of the model: terms, sense (`AtMost` or `AtLeast`) and right side.
type Side = (Terms, Relation, Rational);

/// The sides of the model, each with the row or column it comes from, repeated as often as it stands in the model.
struct Sides(BTreeMap<Side, Vec<String>>);

impl Sides {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn add(&mut self, terms: &Terms, lower: Option<&Rational>, upper: Option<&Rational>, origin: &str) {
        for (side, relation) in [(lower, Relation::AtLeast), (upper, Relation::AtMost)] {
            if let Some(right) = side {
                self.0.entry((terms.clone(), relation, right.clone())).or_default().push(origin.to_owned());
            }
        }
    }

    /// Removes the sides that a constraint states; false if one of them is not there.
    fn remove(&mut self, constraint: &Constraint) -> bool {
        let relations = match constraint.relation {
            Relation::Equal => &[Relation::AtLeast, Relation::AtMost][..],
            Relation::AtMost => &[Relation::AtMost],
            Relation::AtLeast => &[Relation::AtLeast],
        };
        relations.iter().all(|&relation| {
            let key = (constraint.terms.as_ref().clone(), relation, constraint.right.clone());
            let Some(origins) = self.0.get_mut(&key) else { return false };
            origins.pop();
            if origins.is_empty() {
                self.0.remove(&key);
            }
            true
        })
    }

    fn missing(&self) -> Option<&str> {
        self.0.values().flatten().next().map(String::as_str)
    }
}

/// CON: every finite bound of the model, then every side of its rows, each once (an `E` line states both sides).
fn constraints(
    words: &mut Words<'_>,
    model: &Model,
    columns: &[usize],
    objective: &Rc<Terms>,
) -> Result<Vec<Constraint>, Error> {
    let (mut bounds, mut rows) = (Sides::new(), Sides::new());
    for (j, column) in model.columns.iter().enumerate() {
        let terms = vec![(j, Rational::ONE)];
        bounds.add(&terms, column.lower.as_ref(), column.upper.as_ref(), &column.name);
    }
    for row in &model.rows {
        rows.add(&row.terms, row.lower.as_ref(), row.upper.as_ref(), &row.name);
    }
    words.keyword("CON")?;
    let count = words.natural("the number of constraints")?;
    let num_bounds = words.natural("the number of bound constraints")?;
    let mut all = Vec::new();
    for index in 0..count {
        let (name, constraint) = constraint(words, columns, objective)?;
        let (sides, what) = if index < num_bounds { (&mut bounds, "bound") } else { (&mut rows, "row") };
        if !sides.remove(&constraint) {
            let name = shorten(&name);
            return Err(words.refuted(format!("constraint `{name}` is no {what} of the model, or stands twice")));
        }
        all.push(constraint);
    }
    if let Some(name) = bounds.missing() {
        return Err(words.refuted(format!("CON lacks a bound of the model's variable `{}`", shorten(name))));
    }
    if let Some(name) = rows.missing() {
        return Err(words.refuted(format!("CON lacks a side of the model's row `{}`", shorten(name))));
    }
    Ok(all)
}

/// RTP.
fn claim(words: &mut Words<'_>) -> Result<Claim, Error> {
    words.keyword("RTP")?;
    match words.next("infeas, range or unbounded")? {
        "infeas" => Ok(Claim::Infeasible),
        "unbounded" => Ok(Claim::Unbounded),
        "range" => {
            let mut side = |infinity: &str, what: &str| -> Result<Option<Rational>, Error> {
                let word = words.next(what)?;
                if word == infinity {
                    return Ok(None);
                }
                let value = number::exact(word);
                value.map(Some).map_err(|error| words.malformed(format!("{what}: {error}")))
            };
            let lower = side("-inf", "a lower bound")?;
            let upper = side("inf", "an upper bound")?;
            if lower.as_ref().zip(upper.as_ref()).is_some_and(|(lower, upper)| lower > upper) {
                return Err(words.refuted("the claimed range is empty"));
            }
            Ok(Claim::Range { lower, upper })
        }
        _ => Err(words.expected("infeas, range or unbounded")),
    }
}

/// SOL: every solution satisfies the model, and the best one meets its side of the claim.
fn solutions(
    words: &mut Words<'_>,
    model: &Model,
    columns: &[usize],
    claim: &Claim,
) -> Result<(Vec<Solution>, Option<Rational>), Error> {
    words.keyword("SOL")?;
    let count = words.natural("the number of solutions")?;
    let mut all: Vec<Solution> = Vec::new();
    for _ in 0..count {
        let name = words.next("the name of a solution")?.to_owned();
        let line = words.line();
        let count = words.natural("the number of values")?;
        let point = point(words, count, columns)?;
        let size = model.columns.len() + model.rows.iter().map(|row| row.terms.len()).sum::<usize>();
        words.budget().spend(size).map_err(|spent| words.unfinished(spent))?;
        let recount = solution::recount(model, &point);
        if let Some(violation) = recount.violation(&Rational::ZERO) {
            return Err(words.refuted_at(line, format!("solution `{}`: {violation}", shorten(&name))));
        }
        all.push(Solution { name, objective: recount.objective - &model.offset });
    }
    let objectives = all.iter().map(|solution| &solution.objective);
    let best = match model.sense {
        Sense::Minimise => objectives.min(),
        Sense::Maximise => objectives.max(),
    };
    let best = best.cloned();
    let (primal, side) = match (claim, model.sense) {
        (Claim::Infeasible, _) if best.is_some() => {
            return Err(words.refuted("a solution satisfies the model, so it is not infeasible"));
        }
        (Claim::Unbounded, _) if best.is_none() => {
            return Err(words.refuted("no solution to start from, so it is not shown to be unbounded"));
        }
        (Claim::Infeasible | Claim::Unbounded, _) => (None, ""),
        (Claim::Range { upper, .. }, Sense::Minimise) => (upper.as_ref(), "upper"),
        (Claim::Range { lower, .. }, Sense::Maximise) => (lower.as_ref(), "lower"),
    };
    if let Some(bound) = primal {
        let met = best.as_ref().is_some_and(|best| match model.sense {
            Sense::Minimise => best <= bound,
            Sense::Maximise => best >= bound,
        });
        if !met {
            let bound = number::brief(bound);
            return Err(words.refuted(format!("no solution meets the claimed {side} bound {bound}")));
        }
    }
    Ok((all, best))
}

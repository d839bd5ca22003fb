//! The end of a proof: `output NONE; conclusion ..; end pseudo-Boolean proof;`.

use super::constraint::Constraint;
use super::report::Conclusion;
use super::run::Run;
use crate::Error;

/// Reads and checks the conclusion, from the token `output` to the end of the file.
pub(super) fn check(run: &mut Run<'_>) -> Result<Conclusion, Error> {
    for word in ["NONE", ";", "conclusion"] {
        run.tokens.keyword(word)?;
    }
    let conclusion = match run.tokens.next("NONE, SAT, UNSAT or BOUNDS")? {
        "NONE" => {
            run.tokens.next("`;`")?;
            Conclusion::None
        }
        "SAT" => satisfiable(run)?,
        "UNSAT" => unsatisfiable(run)?,
        "BOUNDS" => bounds(run)?,
        _ => return Err(run.tokens.expected("NONE, SAT, UNSAT or BOUNDS")),
    };
    run.tokens.semicolon()?;
    for word in ["end", "pseudo-Boolean", "proof", ";"] {
        run.tokens.keyword(word)?;
    }
    if run.tokens.advance()? {
        return Err(run.tokens.malformed("text after the end of the proof"));
    }
    Ok(conclusion)
}

/// `SAT`: a solution was logged.
fn satisfiable(run: &mut Run<'_>) -> Result<Conclusion, Error> {
    run.tokens.next("`;`")?;
    if run.objective.is_some() {
        return Err(run.tokens.refuted("SAT is no conclusion about a formula with an objective"));
    }
    match run.best {
        Some(_) => Ok(Conclusion::Satisfiable),
        None => Err(run.tokens.refuted("no solution was logged")),
    }
}

/// `UNSAT [: id]`: a live constraint is false under every assignment.
fn unsatisfiable(run: &mut Run<'_>) -> Result<Conclusion, Error> {
    run.tokens.next("`:` or `;`")?;
    let hint = hint(run)?;
    if run.objective.is_some() {
        return Err(run.tokens.refuted("UNSAT is no conclusion about a formula with an objective"));
    }
    contradiction(run, hint)?;
    Ok(Conclusion::Unsatisfiable)
}

/// `BOUNDS lower [: id] upper`.
fn bounds(run: &mut Run<'_>) -> Result<Conclusion, Error> {
    let lower = bound(run, "a lower bound or INF")?;
    run.tokens.next("`:` or an upper bound")?;
    let hint = hint(run)?;
    let upper = current_bound(run, "an upper bound or INF")?;
    run.tokens.next("`;`")?;
    let Some(objective) = &run.objective else {
        return Err(run.tokens.refuted("BOUNDS, but the formula has no objective"));
    };
    match lower {
        None if upper.is_some() => return Err(run.tokens.refuted("a lower bound of INF and a finite upper bound")),
        None => contradiction(run, hint)?,
        Some(bound) if run.best.is_some_and(|best| bound > best) => {
            return Err(run.tokens.refuted(format!("a logged solution is below the lower bound {bound}")));
        }
        Some(bound) => {
            let target = objective.at_least(bound).map_err(|large| run.large(large))?;
            let proves = |constraint: &Constraint| constraint.is_contradiction() || constraint.implies(&target);
            // VeriPB wants a live constraint even for a bound that needs none.
            let proven = if target.is_trivial() { live(run, hint, |_| true)? } else { live(run, hint, proves)? };
            if !proven {
                return Err(run
                    .tokens
                    .refuted(format!("no live constraint says that the objective is at least {bound}")));
            }
        }
    }
    if upper.is_some() && upper != run.best {
        return Err(run.tokens.refuted("the upper bound is not the value of the best logged solution"));
    }
    Ok(Conclusion::Bounds { lower, upper })
}

/// The live constraint that is named, or else some live constraint, passes the test.
fn live(run: &Run<'_>, hint: Option<usize>, test: impl Fn(&Constraint) -> bool) -> Result<bool, Error> {
    match hint {
        Some(id) => Ok(test(&run.live(id)?)),
        None => Ok(run.database.rows().any(|(_, row)| test(&row.constraint()))),
    }
}

/// A live constraint is false under every assignment, and no solution was logged.
fn contradiction(run: &Run<'_>, hint: Option<usize>) -> Result<(), Error> {
    if run.best.is_some() {
        return Err(run.tokens.refuted("a solution was logged, so the formula is not contradictory"));
    }
    if live(run, hint, Constraint::is_contradiction)? {
        Ok(())
    } else {
        Err(run.tokens.refuted("no live constraint, or not the one named, is a contradiction"))
    }
}

/// `: id` if it is there; the token after it is the current one then.
fn hint(run: &mut Run<'_>) -> Result<Option<usize>, Error> {
    if run.tokens.current() != ":" {
        return Ok(None);
    }
    run.tokens.next("the id of a constraint")?;
    let id = run.id()?;
    run.tokens.next("`;` or a bound")?;
    Ok(Some(id))
}

fn bound(run: &mut Run<'_>, what: &str) -> Result<Option<i64>, Error> {
    run.tokens.next(what)?;
    current_bound(run, what)
}

/// The current token as a number, `None` for INF.
fn current_bound(run: &Run<'_>, what: &str) -> Result<Option<i64>, Error> {
    if run.tokens.current() == "INF" { Ok(None) } else { run.tokens.integer(what).map(Some) }
}

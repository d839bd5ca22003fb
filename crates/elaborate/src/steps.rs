//! The steps of `proof.pbp`, one a line.

use crate::propagate;
use crate::state::{Failure, State, constraint, unknown};
use crate::{polish, symmetry};

/// Writes the kernel's steps for a line.
pub fn step(state: &mut State<'_>, line: &str) -> Result<(), Failure> {
    let words: Vec<&str> = line.trim_end().trim_end_matches(';').split_ascii_whitespace().collect();
    let (label, words) = match words.split_first() {
        Some((label, rest)) if label.starts_with('@') => (label.trim_start_matches('@'), rest),
        _ => ("", &words[..]),
    };
    let Some((&rule, rest)) = words.split_first() else { return Ok(()) };
    let id = match rule {
        "pseudo-Boolean" | "f" | "output" | "end" => return Ok(()),
        // The kernel counts the loss of the network itself.
        "soli" => 0,
        "rup" => rup(state, rest)?,
        "pol" => polish::derive(state, rest)?,
        "red" => symmetry::red(state, label, rest)?,
        "del" => {
            let ids = rest.iter().skip(1).map(|word| state.id(word)).collect::<Result<Vec<_>, _>>()?;
            return state.forget(&ids);
        }
        "conclusion" => return conclude(state, rest),
        _ => return unknown(format!("`{rule}` is no step that is known")),
    };
    if !label.is_empty() {
        state.labels.insert(label.to_owned(), id);
    }
    Ok(())
}

/// `rup C` or `rup C : id ..`
fn rup(state: &mut State<'_>, words: &[&str]) -> Result<usize, Failure> {
    let (constraint, rest) = constraint(state, words)?;
    let negation = [constraint.negation()?];
    let hints = match rest.split_first() {
        None => state.database()?.refute(&negation),
        Some(_) => {
            let ids = rest.iter().skip(1).filter(|&&word| word != "~").map(|word| state.id(word));
            let ids = ids.collect::<Result<Vec<_>, _>>()?;
            let listed = ids.into_iter().map(|id| Ok((id, state.get(id)?))).collect::<Result<Vec<_>, Failure>>()?;
            propagate::among(&negation, &listed)
        }
    };
    match hints {
        Some(hints) => state.rup(constraint, &hints),
        None => unknown("propagation does not refute the negation of the constraint"),
    }
}

/// `conclusion BOUNDS L U` or `conclusion BOUNDS L : ID U`
fn conclude(state: &mut State<'_>, words: &[&str]) -> Result<(), Failure> {
    let shown = match words {
        [_, _, ":", id, _] => state.id(id)?.to_string(),
        _ => "none".to_owned(),
    };
    state.write(&format!("end {shown} ;"))
}

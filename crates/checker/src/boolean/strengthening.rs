//! `red`: redundance-based strengthening.

use super::constraint::{Constraint, Image, Lit, TooLarge, Var};
use super::steps::Run;
use crate::Error;
use std::collections::BTreeMap;

/// `red C : variable -> 0, 1 or literal ..`: whatever satisfies the live constraints F but not C still satisfies F and C,
/// and costs no more, after the variables take these values. Each of these goals must be trivial, or implied by the
/// negation of C or by a live constraint alone, or follow from F and the negation by unit propagation.
pub(super) fn derive(run: &mut Run<'_>) -> Result<Constraint, Error> {
    let line = run.tokens.line();
    run.tokens.next("a constraint")?;
    let constraint = run.tokens.constraint(&mut run.names)?;
    let witness = witness(run)?;
    match open_goal(run, &constraint, &witness).map_err(|large| run.large(large))? {
        None => Ok(constraint),
        Some(goal) => Err(run.tokens.refuted_at(line, format!("red: {goal} does not follow under the witness"))),
    }
}

type Witness = BTreeMap<Var, Image>;

/// The witness, up to the `;`.
fn witness(run: &mut Run<'_>) -> Result<Witness, Error> {
    if run.tokens.current() != ":" {
        return Err(run.tokens.expected("`:` and a witness"));
    }
    let mut witness = Witness::new();
    while run.tokens.next("a variable or `;`")? != ";" {
        if run.tokens.current() == ":" {
            return Err(run.tokens.malformed("subproofs are not part of the format"));
        }
        let var = run.tokens.variable(&mut run.names)?;
        if run.tokens.next("the image of a variable")? == "->" {
            run.tokens.next("the image of a variable")?;
        }
        let image = match run.tokens.current() {
            "0" => Image::Constant(false),
            "1" => Image::Constant(true),
            _ => Image::Literal(run.tokens.literal(&mut run.names)?),
        };
        if witness.insert(var, image).is_some() {
            return Err(run.tokens.malformed("a variable stands twice in a witness"));
        }
    }
    if witness.is_empty() { Err(run.tokens.malformed("a witness without variables")) } else { Ok(witness) }
}

/// What does not follow; `None` if everything does.
fn open_goal(run: &mut Run<'_>, constraint: &Constraint, witness: &Witness) -> Result<Option<String>, TooLarge> {
    let image = |lit: Lit| match witness.get(&lit.var()) {
        None => Image::Literal(lit),
        Some(&image) => {
            if lit.value() {
                image
            } else {
                !image
            }
        }
    };
    let negation = constraint.negation()?;
    if run.database.refutes(&[&negation])? {
        return Ok(None);
    }
    let mut goals = vec![("the constraint".to_owned(), constraint.substituted(image)?)];
    if let Some(objective) = &run.objective {
        goals.push(("the objective".to_owned(), objective.not_worse(image)?));
    }
    for (id, row) in
        run.database.rows().filter(|(_, row)| row.lits().iter().any(|lit| witness.contains_key(&lit.var())))
    {
        goals.push((format!("constraint {id}"), row.constraint().substituted(image)?));
    }
    for (name, goal) in goals {
        let follows = goal.is_trivial()
            || negation.implies(&goal)
            || run.database.refutes(&[&negation, &goal.negation()?])?
            || run.database.rows().any(|(_, row)| row.constraint().implies(&goal));
        if !follows {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

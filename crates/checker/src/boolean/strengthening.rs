//! `red`: redundance-based strengthening.

use super::constraint::{Constraint, Image, Lit, TooLarge, Var};
use super::index::Index;
use super::run::Run;
use crate::Error;
use std::collections::BTreeMap;
use std::fmt;

/// `red C : variable -> 0, 1 or literal ..`: whatever satisfies the live constraints F but not C still satisfies F and C,
/// and costs no more, after the variables take these values. Each of these goals must be trivial, or a live constraint, or
/// implied by the negation of C alone, or follow from F and the negation by unit propagation.
pub(super) fn derive(run: &mut Run<'_>) -> Result<Constraint, Error> {
    let line = run.tokens.line();
    run.tokens.next("a constraint")?;
    let constraint = run.tokens.constraint(&mut run.names)?;
    let witness = witness(run)?;
    match open_goal(run, &constraint, &witness)? {
        None => Ok(constraint),
        Some(goal) => Err(run.tokens.refuted_at(line, format!("red: {goal} does not follow under the witness"))),
    }
}

/// What the variables become.
struct Witness {
    images: BTreeMap<Var, Image>,
    /// The same by index, if they are many.
    dense: Vec<Option<Image>>,
}

impl Witness {
    fn new(images: BTreeMap<Var, Image>) -> Self {
        let mut dense = Vec::new();
        if let Some((last, _)) = images.last_key_value().filter(|_| images.len() > FEW) {
            dense.resize(last.index() + 1, None);
            for (var, &image) in &images {
                if let Some(slot) = dense.get_mut(var.index()) {
                    *slot = Some(image);
                }
            }
        }
        Self { images, dense }
    }

    fn get(&self, var: Var) -> Option<Image> {
        if self.dense.is_empty() { self.images.get(&var).copied() } else { self.dense.get(var.index()).copied()? }
    }
}

/// Variables of a witness up to which a map serves.
const FEW: usize = 8;

/// The witness, up to the `;`.
fn witness(run: &mut Run<'_>) -> Result<Witness, Error> {
    if run.tokens.current() != ":" {
        return Err(run.tokens.expected("`:` and a witness"));
    }
    let mut witness = BTreeMap::new();
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
    if witness.is_empty() {
        return Err(run.tokens.malformed("a witness without variables"));
    }
    Ok(Witness::new(witness))
}

/// What must still hold after the substitution.
enum Goal {
    Constraint,
    Objective,
    Row(usize),
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constraint => write!(f, "the constraint"),
            Self::Objective => write!(f, "the objective"),
            Self::Row(id) => write!(f, "constraint {id}"),
        }
    }
}

/// What does not follow; `None` if everything does.
fn open_goal(run: &mut Run<'_>, constraint: &Constraint, witness: &Witness) -> Result<Option<Goal>, Error> {
    let negation = constraint.negation().map_err(|large| run.large(large))?;
    if run.refutes(&[&negation])? {
        return Ok(None);
    }
    run.tokens.spend(run.database.last_id())?;
    let goals = goals(run, constraint, witness)?;
    // The index pays for many goals, as of symmetries; a few follow by propagation or look through it in vain.
    let many = goals.len() > MANY;
    let mut index = run.index.take();
    for (name, goal) in goals {
        if goal.is_trivial() || negation.implies(&goal) {
            continue;
        }
        let refutes = |run: &mut Run<'_>| {
            let opposite = goal.negation().map_err(|large| run.large(large))?;
            run.refutes(&[&negation, &opposite])
        };
        let follows = (!many && refutes(run)?)
            || Index::recent(&mut index, &run.database, &run.tokens)?.has(&run.database, &goal)
            || (many && refutes(run)?);
        if !follows {
            return Ok(Some(name));
        }
    }
    run.index = index;
    Ok(None)
}

/// What has to follow under the witness: the constraint, the objective, and the rows that it changes.
fn goals(run: &Run<'_>, constraint: &Constraint, witness: &Witness) -> Result<Vec<(Goal, Constraint)>, Error> {
    let fits = |goal: Result<Constraint, TooLarge>| goal.map_err(|large| run.large(large));
    let image = |lit: Lit| match witness.get(lit.var()) {
        None => Image::Literal(lit),
        Some(image) => {
            if lit.value() {
                image
            } else {
                !image
            }
        }
    };
    let mut goals = vec![(Goal::Constraint, fits(constraint.substituted(image))?)];
    if let Some(objective) = &run.objective {
        goals.push((Goal::Objective, fits(objective.not_worse(image))?));
    }
    for (id, row) in run.database.rows_with(|var| witness.get(var).is_some(), witness.images.keys().copied()) {
        run.tokens.spend(row.lits().len())?;
        goals.push((Goal::Row(id), fits(Constraint::image(row.terms(), row.degree(), image))?));
    }
    Ok(goals)
}

/// From how many goals on the index comes first.
const MANY: usize = 64;

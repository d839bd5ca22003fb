//! `pol`: cutting planes in reverse Polish notation.

use super::constraint::{Constraint, Lit, TooLarge};
use super::run::Run;
use crate::Error;

/// What stands on the stack.
enum Item {
    Constraint(Constraint),
    /// The id of a constraint, or the operand of `*` and `d`.
    Number(i64),
    /// An axiom, or the operand of `w`.
    Literal(Lit),
}

/// The most operands on the stack.
const STACK: usize = 10_000;

/// `pol` with ids and literals as operands (a literal is the axiom literal >= 0), `+`, `n *`, `n d`, `s` and `variable w`.
pub(super) fn derive(run: &mut Run<'_>) -> Result<Constraint, Error> {
    let mut stack: Vec<Item> = Vec::new();
    let mut held = 0;
    while run.tokens.next("an operand, an operator or `;`")? != ";" {
        let item = match run.tokens.current() {
            "+" => {
                let (right, left) = (constraint(run, &mut stack)?, constraint(run, &mut stack)?);
                fits(run, left.plus(&right))?
            }
            "*" => {
                let factor = positive(run, &mut stack)?;
                fits(run, constraint(run, &mut stack)?.times(factor))?
            }
            "d" => {
                let divisor = positive(run, &mut stack)?;
                Item::Constraint(constraint(run, &mut stack)?.divided(divisor))
            }
            "s" => Item::Constraint(constraint(run, &mut stack)?.saturated()),
            "w" => match stack.pop() {
                Some(Item::Literal(lit)) if lit.value() => fits(run, constraint(run, &mut stack)?.weakened(lit.var()))?,
                _ => return Err(run.tokens.malformed("`w` needs a variable before it")),
            },
            word if word.starts_with('@') => Item::Constraint(run.live(run.id()?)?),
            word if word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
                Item::Number(run.tokens.integer("an operand or an operator")?)
            }
            _ => Item::Literal(run.tokens.literal(&mut run.names)?),
        };
        if let Item::Constraint(constraint) = &item {
            // Constraints on the stack are copies, as many as the line names.
            let terms = constraint.terms().len();
            run.tokens.spend(terms)?;
            run.tokens.hold(terms)?;
            held += terms;
        }
        stack.push(item);
        if stack.len() > STACK {
            return Err(run.tokens.malformed(format!("more than {STACK} operands on the stack")));
        }
    }
    let derived = constraint(run, &mut stack)?;
    run.tokens.release(held);
    match stack[..] {
        [] => Ok(derived),
        _ => Err(run.tokens.malformed("the stack does not end with one constraint")),
    }
}

fn fits(run: &Run<'_>, constraint: Result<Constraint, TooLarge>) -> Result<Item, Error> {
    constraint.map(Item::Constraint).map_err(|large| run.large(large))
}

/// The top of the stack as a constraint.
fn constraint(run: &Run<'_>, stack: &mut Vec<Item>) -> Result<Constraint, Error> {
    match stack.pop() {
        Some(Item::Constraint(constraint)) => Ok(constraint),
        Some(Item::Number(number)) => run.live(run.numbered(number)?),
        Some(Item::Literal(lit)) => Ok(Constraint::of_terms(vec![(1, lit)], 0)),
        None => Err(run.tokens.malformed("an operand is missing on the stack")),
    }
}

/// The top of the stack as a factor or divisor.
fn positive(run: &Run<'_>, stack: &mut Vec<Item>) -> Result<i64, Error> {
    match stack.pop() {
        Some(Item::Number(number)) if number > 0 => Ok(number),
        _ => Err(run.tokens.malformed("`*` and `d` need a positive number before them")),
    }
}

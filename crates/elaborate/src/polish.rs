//! Reverse Polish notation as sums of constraints and literals.

use crate::state::{Failure, State, term, unknown};
use kernel::constraint::{Constraint, Lit, Sum};
use std::collections::BTreeMap;

/// Constraints and literals, each some times.
#[derive(Default)]
struct Linear {
    constraints: BTreeMap<usize, i128>,
    lits: BTreeMap<Lit, i128>,
}

impl Linear {
    fn add(&mut self, other: Self) {
        for (id, times) in other.constraints {
            *self.constraints.entry(id).or_default() += times;
        }
        for (lit, times) in other.lits {
            *self.lits.entry(lit).or_default() += times;
        }
    }

    fn scale(&mut self, by: i128) {
        self.constraints.values_mut().chain(self.lits.values_mut()).for_each(|times| *times *= by);
    }

    fn sum(&self, state: &State<'_>) -> Result<Sum, Failure> {
        let mut sum = Sum::new(0);
        for (&id, &times) in &self.constraints {
            sum.add_constraint(&state.get(id)?, times)?;
        }
        for (&lit, &times) in &self.lits {
            sum.add(lit, times)?;
        }
        Ok(sum)
    }

    /// Writes it as a step, divided.
    fn write(&self, state: &mut State<'_>, divisor: i128) -> Result<usize, Failure> {
        let constraint: Constraint = self.sum(state)?.divided(divisor)?;
        let times = |id: &usize, times: &i128| if *times == 1 { format!(" {id}") } else { format!(" {times}*{id}") };
        let ids: String = self.constraints.iter().map(|(id, number)| times(id, number)).collect();
        let lits: String = self.lits.iter().map(|(&lit, &number)| format!(" {}", term(lit, number))).collect();
        state.write(&format!("pol {divisor}{ids} :{lits} ;"))?;
        Ok(state.derive(constraint))
    }
}

/// Writes the steps of a `pol`; gives the number of what it computes.
pub fn derive(state: &mut State<'_>, words: &[&str]) -> Result<usize, Failure> {
    let mut stack: Vec<Linear> = Vec::new();
    let mut passing = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(&word) = words.next() {
        let next = words.peek().map_or("", |next| **next);
        let number = word.parse::<i128>().ok();
        match (word, next, number) {
            ("+", ..) => match (stack.pop(), stack.last_mut()) {
                (Some(top), Some(below)) => below.add(top),
                _ => return unknown("`+` without two constraints"),
            },
            (_, "*" | "d", Some(number)) => {
                let Some(mut top) = stack.pop() else { return unknown("a number without a constraint") };
                if words.next() == Some(&"*") {
                    top.scale(number);
                } else {
                    let id = top.write(state, number)?;
                    // A division at the end is the step itself.
                    if words.peek().is_none() && stack.is_empty() {
                        state.forget(&passing)?;
                        return Ok(id);
                    }
                    passing.push(id);
                    top = Linear { constraints: BTreeMap::from([(id, 1)]), ..Linear::default() };
                }
                stack.push(top);
            }
            (_, "w", _) => {
                words.next();
                let var = state.lit(word)?.var();
                let Some(top) = stack.last_mut() else { return unknown("`w` without a constraint") };
                let constraint = top.sum(state)?.divided(1)?;
                if let Some(&(lit, coefficient)) = constraint.terms().iter().find(|(lit, _)| lit.var() == var) {
                    *top.lits.entry(lit.negated()).or_default() += coefficient;
                }
            }
            ("s", ..) => return unknown("saturation is not known to the kernel"),
            _ if number.is_some() || word.starts_with('@') => {
                stack.push(Linear { constraints: BTreeMap::from([(state.id(word)?, 1)]), ..Linear::default() });
            }
            _ => stack.push(Linear { lits: BTreeMap::from([(state.lit(word)?, 1)]), ..Linear::default() }),
        }
    }
    let (Some(top), true) = (stack.pop(), stack.is_empty()) else { return unknown("`pol` leaves not one constraint") };
    let id = top.write(state, 1)?;
    state.forget(&passing)?;
    Ok(id)
}

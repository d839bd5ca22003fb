//! Redundance: definitions of variables, and witnesses as exchanges of neurons.

use crate::propagate;
use crate::state::{self, Failure, State, shown, unknown};
use kernel::constraint::{Constraint, Lit, Sum};
use kernel::exchange::Exchange;
use kernel::structure::{bit, patterns};
use kernel::tokens::Tokens;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The largest weight that is tried for an output function; four inputs need 3 at most.
const LARGEST: usize = 4;

/// What a witness makes of a variable: a literal's name, `0` or `1`.
type Witness<'w> = BTreeMap<&'w str, &'w str>;

/// `red C : variable -> image ..`
pub fn red(state: &mut State<'_>, label: &str, words: &[&str]) -> Result<usize, Failure> {
    let Some(colon) = words.iter().position(|&word| word == ":") else { return unknown("`red` without a witness") };
    let entries = words.split_at(colon).1.get(1..).unwrap_or_default();
    let witness: Witness<'_> = entries.chunks(3).filter_map(|entry| Some((*entry.first()?, *entry.get(2)?))).collect();
    if let (Some((&name, &value)), 1) = (witness.first_key_value(), witness.len()) {
        if name.starts_with("equal") {
            return agreement(state, label, name, &words[..colon]);
        }
        if !state.definitions.contains_key(name) {
            define(state, name, value == "1", &words[..colon])?;
        }
        let (constraint, _) = state::constraint(state, &words[..colon])?;
        let halves = state.definitions.get(name).map(|definition| &definition.halves);
        return match halves.into_iter().flatten().find(|(_, half)| *half == constraint) {
            Some((id, _)) => Ok(*id),
            None => unknown(format!("not what defines `{name}`")),
        };
    }
    let (constraint, _) = state::constraint(state, &words[..colon])?;
    exchange(state, constraint, &witness)
}

/// Defines the new variable of a constraint that it satisfies as `value`.
fn define(state: &mut State<'_>, name: &str, value: bool, words: &[&str]) -> Result<(), Failure> {
    let others: Vec<&str> = words
        .chunks(2)
        .filter(|pair| pair.get(1).is_none_or(|lit| lit.trim_start_matches('~') != name))
        .flatten()
        .copied()
        .collect();
    let (rest, _) = state::constraint(state, &others)?;
    // As 0 it satisfies `rest, or not the variable`: it is true iff the rest holds; as 1 the other way round.
    let meaning = if value { rest.negation()? } else { rest };
    state.define(name, &meaning)
}

/// `equal{row}`: the last columns agree at this row and those before it. The kernel defines sums alone, so it takes two more variables: both fire, both rest.
fn agreement(state: &mut State<'_>, label: &str, name: &str, words: &[&str]) -> Result<usize, Failure> {
    let (both, none) = (format!("both_of_{name}"), format!("none_of_{name}"));
    if !state.definitions.contains_key(name) {
        let others: Vec<&str> = words.iter().copied().filter(|word| word.starts_with(['u', '~', 'e'])).collect();
        let of = |kind: char| {
            others.iter().map(|word| word.trim_start_matches('~')).filter(move |word| word.starts_with(kind))
        };
        let columns = of('u').map(|word| state.lit(word)).collect::<Result<Vec<_>, _>>()?;
        let before = of('e').find(|&word| word != name).map(|word| state.lit(word)).transpose()?;
        let sum = |degree, terms: Vec<(Lit, i128)>| -> Result<Constraint, Failure> {
            let mut sum = Sum::new(degree);
            terms.into_iter().try_for_each(|(lit, times)| sum.add(lit, times))?;
            Ok(sum.divided(1)?)
        };
        state.define(&both, &sum(2, columns.iter().map(|&lit| (lit, 1)).collect())?)?;
        state.define(&none, &sum(2, columns.iter().map(|&lit| (lit.negated(), 1)).collect())?)?;
        let mut terms = vec![(state.lit(&both)?, 1), (state.lit(&none)?, 1)];
        terms.extend(before.map(|lit| (lit, 2)));
        state.define(name, &sum(if before.is_some() { 3 } else { 1 }, terms)?)?;
    }
    let (constraint, _) = state::constraint(state, words)?;
    let halves = [name, &both, &none].into_iter().filter_map(|name| state.definitions.get(name));
    let halves: Vec<_> = halves.flat_map(|definition| definition.halves.clone()).collect();
    match propagate::among(&[constraint.negation()?], &halves) {
        Some(hints) => state.rup(constraint, &hints),
        None => unknown(format!("`{label}` does not follow from what `{name}` means")),
    }
}

/// A witness over the columns of layer 1 and the table of one output.
fn exchange(state: &mut State<'_>, constraint: Constraint, witness: &Witness<'_>) -> Result<usize, Failure> {
    let width = state.problem.width(1);
    let mut text = String::from("1");
    for j in 0..width {
        let source = match witness.get(&*format!("u1_0_{j}")).copied() {
            None => (j + 1).to_string(),
            Some("0") => "zero".to_owned(),
            Some("1") => "one".to_owned(),
            Some(image) => {
                let old = image.rsplit_once('_').and_then(|(_, old)| old.parse::<usize>().ok());
                let Some(old) = old else { return unknown(format!("`{image}` is no neuron")) };
                format!("{}{}", if image.starts_with('~') { "-" } else { "" }, old + 1)
            }
        };
        let _ = write!(text, " {source}");
    }
    text.push_str(" :");
    if text.contains("one") || text.contains("zero") {
        let entry = |pattern| witness.get(&*format!("t2_0_{pattern}")).map(|&value| value == "1");
        let table = (0..patterns(width)).map(entry).collect::<Option<Vec<bool>>>();
        let largest = if state.problem.cap > 0 { state.problem.cap.min(LARGEST) } else { LARGEST };
        match table.and_then(|table| weights(&table, width, largest)) {
            Some(weights) => text.push_str(&format!(" {weights} :")),
            None => return unknown("no weights for the output's function"),
        }
    }
    let exchange = Exchange::read(&mut Tokens::new(&text, text.len()), state.problem)?;
    let negation = constraint.negation()?;
    let mut step = format!("red {text} {}", shown(&constraint));
    let own = (0, constraint.clone());
    let before: Vec<_> = std::iter::once(own).chain(state.derived.clone()).collect();
    for (id, before) in before {
        let after = before.substituted(|lit| exchange.image(state.structure, lit))?;
        let goal = [negation.clone(), after.negation()?];
        if (after == before && id > 0) || propagate::among(&goal, &[]).is_some() {
            continue;
        }
        let Some(hints) = state.database()?.refute(&goal) else {
            return unknown(format!("constraint {id} does not follow after the exchange"));
        };
        let hints: String = hints.iter().map(|hint| format!(" {hint}")).collect();
        let _ = write!(step, " : {id}{hints}");
    }
    state.write(&format!("{step} ;"))?;
    Ok(state.derive(constraint))
}

/// Weights, up to the largest, and bias of a neuron with this nondecreasing function: whole, the first that are found.
fn weights(table: &[bool], width: usize, largest: usize) -> Option<String> {
    let base = largest + 1;
    (0..base.pow(u32::try_from(width).ok()?)).find_map(|number| {
        let weights: Vec<usize> = (0..width).map(|l| number / base.pow(l as u32) % base).collect();
        let sum = |pattern: usize| (0..width).filter(|&l| bit(pattern, l)).map(|l| weights[l]).sum::<usize>();
        let least = (0..table.len()).filter(|&pattern| table[pattern]).map(sum).min();
        let most = (0..table.len()).filter(|&pattern| !table[pattern]).map(sum).max();
        let bias = least.unwrap_or_else(|| most.unwrap_or(0) + 1);
        let computes = most.is_none_or(|most| most < bias);
        let weights: Vec<String> = weights.iter().map(usize::to_string).collect();
        computes.then(|| format!("{} -{bias}", weights.join(" ")).replace("-0", "0"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_get_weights_that_compute_them() {
        for (table, expected) in [([false, false, false, true], Some("1 1 -2")), ([false, true, true, false], None)] {
            assert_eq!(weights(&table, 2, LARGEST).as_deref(), expected);
            assert_eq!(weights(&table, 2, 1).as_deref(), expected);
        }
        // The first input, or both of the others: it weighs twice as much.
        let table: Vec<bool> = (0..8).map(|p| p & 1 == 1 || p == 6).collect();
        assert_eq!((weights(&table, 3, 1), weights(&table, 3, 2).as_deref()), (None, Some("2 1 1 -2")));
    }
}

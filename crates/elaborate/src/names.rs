//! Variables of `proof.pbp` by name.

use kernel::constraint::Lit;
use kernel::structure::{Kind, Structure};

/// A name of the formula: `u{k}_{part}_{neuron}`, `t{k}_{neuron}_{pattern}`, `s{k}_{neuron}_{pattern}`, `w{k}_{neuron}_{input}_{value}`, `e{part}_{class}`.
pub fn variable(structure: &Structure<'_>, name: &str) -> Option<Lit> {
    let numbers: Vec<usize> = name.get(1..)?.split('_').map(|word| word.parse().ok()).collect::<Option<_>>()?;
    let lit = |kind, k, j, place| structure.lit(kind, k, j, place, true).ok();
    match (name.get(..1)?, &numbers[..]) {
        ("u", &[k, part, j]) => lit(Kind::Unit, k, j, part),
        ("t", &[k, j, pattern]) => lit(Kind::Fires, k, j, pattern),
        ("s", &[k, j, pattern]) => lit(Kind::Rests, k, j, pattern),
        ("w", &[k, j, input, value]) => {
            let value = value.checked_sub(1).filter(|&value| value < structure.problem.bounds())?;
            lit(Kind::Bound, k, j, input.checked_mul(structure.problem.bounds())?.checked_add(value)?)
        }
        ("e", &[part, class]) => {
            structure.errors.iter().find(|(_, place, _)| *place == (part, class)).map(|&(lit, ..)| lit)
        }
        _ => None,
    }
}

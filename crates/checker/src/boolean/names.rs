//! Variables by name.

use super::constraint::Var;
use std::collections::BTreeMap;

/// The variables of a formula and its proof, in the order of their first use.
#[derive(Debug, Default)]
pub(crate) struct Names {
    index: BTreeMap<Box<str>, Var>,
}

impl Names {
    /// The variable of this name, new if need be; `None` if it is no name: at least two characters, letters, digits and
    /// `_[]{}^-`, the first a letter or `_`.
    pub fn add(&mut self, name: &str) -> Option<Var> {
        if let Some(&var) = self.index.get(name) {
            return Some(var);
        }
        let first = name.bytes().next()?;
        if name.len() < 2 || !(first.is_ascii_alphabetic() || first == b'_') || !name.bytes().all(is_name_byte) {
            return None;
        }
        let var = Var::new(self.len())?;
        self.index.insert(name.into(), var);
        Some(var)
    }

    /// How many variables there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }
}

/// Whether names and labels may hold this character.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_[]{}^-".contains(&byte)
}

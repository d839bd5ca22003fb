//! A partial assignment of Boolean variables.

use super::constraint::Lit;

/// Which literals are true and which false.
#[derive(Debug, Default)]
pub(crate) struct Assignment {
    /// By variable.
    values: Vec<Option<bool>>,
}

impl Assignment {
    pub fn is_true(&self, lit: Lit) -> bool {
        self.values.get(lit.var().index()).copied().flatten() == Some(lit.value())
    }

    pub fn is_false(&self, lit: Lit) -> bool {
        self.is_true(!lit)
    }

    /// Makes the literal true; the caller sees to it that it was open.
    pub fn set(&mut self, lit: Lit) {
        let index = lit.var().index();
        if self.values.len() <= index {
            self.values.resize(index + 1, None);
        }
        if let Some(value) = self.values.get_mut(index) {
            *value = Some(lit.value());
        }
    }

    /// Opens the variable of a literal again.
    pub fn unset(&mut self, lit: Lit) {
        if let Some(value) = self.values.get_mut(lit.var().index()) {
            *value = None;
        }
    }
}

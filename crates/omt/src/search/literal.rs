//! Variables and literals.

use serde::{Deserialize, Serialize};
use std::ops::Not;

/// A Boolean variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Var(pub u32);

impl Var {
    /// The variable's number.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The literal that says the variable is `value`.
    #[must_use]
    pub fn is(self, value: bool) -> Lit {
        Lit(self.0 << 1 | u32::from(!value))
    }
}

/// A variable or its negation: `2 * variable + negated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Lit(pub(super) u32);

impl Lit {
    /// The literal's number.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Its variable.
    #[must_use]
    pub fn var(self) -> Var {
        Var(self.0 >> 1)
    }

    /// The value of its variable that makes it true.
    #[must_use]
    pub fn polarity(self) -> bool {
        self.0 & 1 == 0
    }
}

impl Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

//! The two bounds of a column.

use serde::{Deserialize, Serialize};

/// Which bound of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Side {
    Lower,
    Upper,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Lower => Self::Upper,
            Self::Upper => Self::Lower,
        }
    }
}

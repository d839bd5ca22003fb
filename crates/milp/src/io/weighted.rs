//! Columns of special ordered sets in the order of their weights.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::number::Number;
use super::reading::shorten;
use crate::VarId;

/// The columns of a special ordered set, with weights that say their order.
#[derive(Default)]
pub(super) struct Weighted {
    members: BTreeMap<Weight, VarId>,
    columns: BTreeSet<VarId>,
}

/// A finite number, compared exactly.
struct Weight(Number);

impl Ord for Weight {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.is_less(&self.0).cmp(&self.0.is_less(&other.0))
    }
}

impl PartialOrd for Weight {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Weight {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Weight {}

impl Weighted {
    /// Adds a column.
    ///
    /// # Errors
    /// What is wrong: the column or its weight stands there already.
    pub(super) fn add(&mut self, column: VarId, name: &str, weight: Number) -> Result<(), String> {
        if !self.columns.insert(column) {
            return Err(format!("'{}' stands twice in this set; keep one", shorten(name)));
        }
        match self.members.insert(Weight(weight), column) {
            None => Ok(()),
            Some(_) => Err(format!(
                "'{}' has the weight of another column: weights say the order of a set; change one",
                shorten(name)
            )),
        }
    }

    /// The columns, least weight first.
    pub(super) fn in_order(self) -> Vec<VarId> {
        self.members.into_values().collect()
    }
}

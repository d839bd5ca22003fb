//! The values of all columns in JSON.

use milp::Model;
use serde::{Serialize, Serializer};

/// A point as an object: a column's name and its value.
pub struct Values<'a> {
    pub model: &'a Model,
    pub point: &'a [f64],
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.model.variables.iter().map(|var| &var.name).zip(self.point))
    }
}

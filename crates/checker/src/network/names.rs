//! Names of classes or of categories, found by what they mean: equal texts are one, and so are numbers of one value.
//!
//! Entry points: [`Names::new`], [`Names::place`]. The map is made once, so a file takes as many steps as it has cells.

use super::csv::number;
use crate::number::Rational;
use std::collections::BTreeMap;

/// What a label or a category means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Number(Rational),
    Text(String),
}

impl Meaning {
    pub fn of(cell: &str) -> Self {
        number(cell).map_or_else(|| Self::Text(cell.to_owned()), Self::Number)
    }
}

/// Names in order, and where each meaning is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    list: Vec<String>,
    places: BTreeMap<Meaning, usize>,
    /// The first name that means what an earlier one means.
    twice: Option<usize>,
}

impl Names {
    pub fn new(list: Vec<String>) -> Self {
        let (mut places, mut twice) = (BTreeMap::new(), None);
        for (at, name) in list.iter().enumerate() {
            let first = *places.entry(Meaning::of(name)).or_insert(at);
            twice = twice.or((first != at).then_some(at));
        }
        Self { list, places, twice }
    }

    /// The first name that means what a cell says.
    pub fn place(&self, cell: &str) -> Option<usize> {
        self.places.get(&Meaning::of(cell)).copied()
    }

    /// As they are written.
    pub fn list(&self) -> &[String] {
        &self.list
    }

    /// The first name that means what an earlier one means.
    pub fn twice(&self) -> Option<&String> {
        self.list.get(self.twice?)
    }
}

//! A part of a grid, for arrays of jobs: each run does some of its cells.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Part K of N, as `K/N`: every N-th cell from the K-th on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Part {
    number: u32,
    of: u32,
}

impl Part {
    /// Its number, from 1, and how many there are.
    pub fn place(self) -> (u32, u32) {
        (self.number, self.of)
    }

    /// Whether the cell of this number, from 0, belongs to it.
    pub fn has(self, cell: usize) -> bool {
        cell as u64 % u64::from(self.of) + 1 == u64::from(self.number)
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err("expected a part and how many there are, such as 3/40".to_owned()),
        }
    }
}

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Part> for String {
    fn from(Part { number, of }: Part) -> Self {
        format!("{number}/{of}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_cells_once() {
        for of in 1..8 {
            for cell in 0..40 {
                let parts = (1..=of).filter(|number| format!("{number}/{of}").parse::<Part>().unwrap().has(cell));
                assert_eq!(parts.count(), 1, "{cell} of {of}");
            }
        }
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/4/5", "a/b"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }
}

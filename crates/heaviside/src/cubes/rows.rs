//! Rows of numbers as JSON has them, held in one piece: a row of its own for each point takes longer to read and to free than its numbers.

use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// Rows of equal length, one after the other; in JSON a list of lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    count: usize,
    width: usize,
    values: Vec<f64>,
}

impl Rows {
    /// Those of a number of points, each with `width` values.
    pub(super) fn of<'r>(width: usize, points: impl ExactSizeIterator<Item = &'r [f64]>) -> Self {
        let count = points.len();
        let mut values = Vec::with_capacity(count * width);
        points.for_each(|point| values.extend_from_slice(point));
        Self { count, width, values }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Values in each, 0 where there is none.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// One of them.
    ///
    /// # Panics
    /// If there are not so many.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f64] {
        assert!(i < self.count, "row {i} of {}", self.count);
        &self.values[i * self.width..(i + 1) * self.width]
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.count).map(|i| self.row(i)))
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(All)
    }
}

/// Reads all rows.
struct All;

impl<'de> Visitor<'de> for All {
    type Value = Rows;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of rows of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows, A::Error> {
        let mut rows = Rows::default();
        while list.next_element_seed(Next(&mut rows.values))?.is_some() {
            rows.count += 1;
            if rows.count == 1 {
                rows.width = rows.values.len();
            } else if rows.values.len() != rows.count * rows.width {
                return Err(A::Error::custom(format!("row {} is longer or shorter than those before it", rows.count)));
            }
        }
        Ok(rows)
    }
}

/// Reads one row, behind those that are there.
struct Next<'v>(&'v mut Vec<f64>);

impl<'de> DeserializeSeed<'de> for Next<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Next<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a row of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut row: A) -> Result<(), A::Error> {
        while let Some(value) = row.next_element()? {
            self.0.push(value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_a_list_of_lists() {
        for text in ["[]", "[[]]", "[[],[]]", "[[0.1,-2.0],[3e-300,4.0],[5.0,0.0]]"] {
            let rows: Rows = serde_json::from_str(text).expect(text);
            let plain: Vec<Vec<f64>> = serde_json::from_str(text).expect(text);
            assert_eq!((0..rows.len()).map(|i| rows.row(i).to_vec()).collect::<Vec<_>>(), plain, "{text}");
            assert_eq!(serde_json::to_string(&rows).expect(text), serde_json::to_string(&plain).expect(text));
            assert_eq!(Rows::of(rows.width(), plain.iter().map(Vec::as_slice)), rows, "{text}");
        }
        for (text, word) in [("[[1,2],[3]]", "row 2"), ("[[1],[2,3]]", "row 2"), ("[1]", "a row"), ("{}", "a list")] {
            let error = serde_json::from_str::<Rows>(text).expect_err(text).to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}

//! The cells of columns that may hold categories, as they come.
//!
//! Entry points: [`Categories::add`] while a table is read; then [`Categories::values`] or, for the values of a model, [`Categories::known`], and
//! [`encode`] for all columns at the end.

use super::cell::shorten;
use super::memory;
use super::schema::{Classes, OneHot};
use std::collections::BTreeMap;

/// A column of categories has at most so many values: each is a feature.
pub(super) const MOST_VALUES: usize = 1000;

/// How the cells of a feature are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// Categories.
    Category,
    /// Categories if some cell is no number.
    Either,
}

/// The cells of one column, as they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Categories {
    /// Distinct cells, in order of appearance, and how many of the rows have each.
    pub(super) texts: Vec<String>,
    counts: Vec<usize>,
    interned: BTreeMap<String, u32>,
    /// Index into `texts` for each row.
    of_row: Vec<u32>,
    /// The first cell that is no number, with its line.
    pub(super) first_text: Option<(String, u64)>,
    /// Rows whose cell is no number.
    pub(super) worded: usize,
}

impl Categories {
    /// Adds a cell; false if there are too many values, or the bytes that there is no room for.
    pub(super) fn add(&mut self, text: &str, is_number: bool, line: u64) -> Result<bool, u64> {
        if !is_number {
            self.worded += 1;
            self.first_text.get_or_insert_with(|| (text.to_owned(), line));
        }
        if self.texts.len() > MOST_VALUES {
            // So many that only the numbers are of use.
            return Ok(self.first_text.is_none());
        }
        memory::reserve(&mut self.of_row, 1)?;
        let index = match self.interned.get(text) {
            Some(&index) => index,
            None => {
                let index = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                self.interned.insert(text.to_owned(), index);
                self.texts.push(text.to_owned());
                self.counts.push(0);
                index
            }
        };
        self.counts[index as usize] += 1;
        self.of_row.push(index);
        if self.texts.len() > MOST_VALUES {
            (self.of_row, self.interned) = (vec![], BTreeMap::new());
            return Ok(self.first_text.is_none());
        }
        Ok(true)
    }

    /// Takes the only cell out.
    pub(super) fn set_apart(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Puts a cell that was set apart before all others.
    pub(super) fn put_first(&mut self, apart: Self) {
        let Some(text) = apart.texts.into_iter().next() else { return };
        self.worded += apart.worded;
        self.first_text = apart.first_text.or(self.first_text.take());
        if self.texts.len() > MOST_VALUES {
            return;
        }
        let known = self.texts.iter().position(|other| *other == text);
        let index = known.unwrap_or_else(|| {
            self.texts.push(text);
            self.counts.push(0);
            self.texts.len() - 1
        });
        self.counts[index] += 1;
        self.of_row.insert(0, u32::try_from(index).unwrap_or(u32::MAX));
    }

    /// The values and, by text, the place of each.
    pub(super) fn values(&self) -> (Vec<String>, Vec<Option<usize>>) {
        let Classes { names, of_text, .. } = Classes::of(&self.texts);
        (names, of_text.into_iter().map(Some).collect())
    }

    /// By text, its place among the values of `known`, and a warning if some have none.
    pub(super) fn known(&self, known: &OneHot) -> (Vec<Option<usize>>, Option<String>) {
        const MOST: usize = 12;
        let places: Vec<Option<usize>> = self.texts.iter().map(|text| known.place(text)).collect();
        let unknown = || (0..places.len()).filter(|&text| places[text].is_none());
        let rows: usize = unknown().map(|text| self.counts[text]).sum();
        let warning = (rows > 0).then(|| {
            let names: Vec<String> = unknown().take(MOST).map(|text| shorten(&self.texts[text])).collect();
            let more = if unknown().count() > MOST { ", .." } else { "" };
            let rows = if rows == 1 { "1 row has".to_owned() } else { format!("{rows} rows have") };
            format!(
                "column {}: {rows} values that the model does not know ({}{more}); all features of the column are 0 there",
                shorten(&known.name),
                names.join(", ")
            )
        });
        (places, warning)
    }
}

/// What becomes of a column.
pub(super) enum Encoding<'c> {
    /// It stays a number.
    Number,
    /// So many features; by text of the column, which of them is 1.
    Features(usize, &'c Categories, Vec<Option<usize>>),
}

/// The rows (row-major, a number for each of `columns`) with their features encoded; or the bytes that there is no room for.
pub(super) fn encode(rows: &[f64], columns: &[Encoding<'_>]) -> Result<Vec<f64>, u64> {
    let width = |column: &Encoding<'_>| if let Encoding::Features(width, ..) = column { *width } else { 1 };
    let features: usize = columns.iter().map(width).sum();
    let count = rows.len() / columns.len().max(1);
    let mut encoded = vec![];
    memory::reserve(&mut encoded, count.saturating_mul(features))?;
    for (i, row) in rows.chunks_exact(columns.len().max(1)).enumerate() {
        for (&x, column) in row.iter().zip(columns) {
            match column {
                Encoding::Number => encoded.push(x),
                Encoding::Features(width, categories, places) => {
                    let place = places[categories.of_row[i] as usize];
                    encoded.extend((0..*width).map(|value| f64::from(u8::from(place == Some(value)))));
                }
            }
        }
    }
    Ok(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> Categories {
        let mut column = Categories::default();
        for (cell, line) in cells.iter().zip(2..) {
            assert!(column.add(cell, cell.parse::<f64>().is_ok(), line).unwrap());
        }
        column
    }

    #[test]
    fn values_are_features_in_the_order_of_classes() {
        let colours = column(&["red", "blue", "red"]);
        let (values, places) = colours.values();
        assert_eq!(values, ["blue", "red"]);
        let codes = column(&["10", "9", "9.0"]);
        let (numbers, of_code) = codes.values();
        // Numbers of one value are one category.
        assert_eq!(numbers, ["9", "10"]);
        let columns =
            [Encoding::Features(2, &colours, places), Encoding::Number, Encoding::Features(2, &codes, of_code)];
        let rows = [0.0, 1.5, 0.0, 0.0, 2.5, 0.0, 0.0, 3.5, 0.0];
        let encoded = encode(&rows, &columns).unwrap();
        assert_eq!(encoded, [0.0, 1.0, 1.5, 0.0, 1.0, 1.0, 0.0, 2.5, 1.0, 0.0, 0.0, 1.0, 3.5, 1.0, 0.0]);
    }

    #[test]
    fn unknown_values_are_zeros_and_named() {
        let known = OneHot { name: "colour".into(), column: 3, values: vec!["blue".into(), "red".into()] };
        assert_eq!(known.features().collect::<Vec<_>>(), ["colour=blue", "colour=red"]);
        let new = column(&["red", "teal", "teal"]);
        let (places, warning) = new.known(&known);
        assert_eq!(encode(&[0.0; 3], &[Encoding::Features(2, &new, places)]).unwrap(), [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        let warning = warning.unwrap();
        assert!(warning.contains("2 rows have values") && warning.contains("(teal)"), "{warning}");
        assert_eq!(column(&["blue"]).known(&known).1, None);
    }

    #[test]
    fn many_values_are_numbers_or_too_many() {
        let mut numbers = Categories::default();
        for i in 0..3000 {
            assert!(numbers.add(&i.to_string(), true, i).unwrap());
        }
        assert!(numbers.of_row.is_empty());
        assert!(!numbers.add("word", false, 3000).unwrap());
        let mut words = Categories::default();
        let fits = (0..=MOST_VALUES as u64).filter(|i| words.add(&format!("w{i}"), false, *i).unwrap()).count();
        assert_eq!(fits, MOST_VALUES);
    }

    #[test]
    fn a_cell_set_apart_comes_back_first() {
        let mut colours = column(&["red"]);
        let apart = colours.set_apart();
        for cell in ["blue", "red"] {
            colours.add(cell, false, 3).unwrap();
        }
        colours.put_first(apart);
        assert_eq!((colours.of_row.clone(), colours.worded), (vec![1, 0, 1], 3));
        assert_eq!(colours.first_text, Some(("red".to_owned(), 2)));
    }
}

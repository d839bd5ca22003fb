//! The sections SOS and INDICATORS of MPS files, while they are read.

use super::linear::OrderedSet;
use super::mps_drafts::{Kind, RowDraft};
use super::ordered::{Draft, binary, neighbours};
use super::text::{coefficient, shorten};
use std::collections::{BTreeMap, BTreeSet};

type Step<T> = Result<T, String>;
type Index<'t> = BTreeMap<&'t str, usize>;

/// What both sections have said so far.
#[derive(Default)]
pub(super) struct Special<'t> {
    sets: Vec<Draft<'t>>,
    names: BTreeSet<&'t str>,
    /// Of rows by their index: column, value and line.
    indicators: BTreeMap<usize, (usize, bool, u64)>,
}

fn column_of(columns: &Index, name: &str) -> Step<usize> {
    columns.get(name).copied().ok_or_else(|| format!("column `{}` is not in COLUMNS", shorten(name)))
}

impl<'t> Special<'t> {
    /// A line of SOS: `S1 name` with or without a priority, or a column of the last set and its weight.
    pub(super) fn set(&mut self, fields: &[&'t str], columns: &Index<'t>) -> Step<()> {
        let kind = fields.first().and_then(|kind| neighbours(kind));
        match (kind, fields) {
            (Some(_), &[word, number]) if columns.contains_key(word) && coefficient(number).is_ok() => {
                Err(format!("`{word} {}` could begin a set or belong to one", shorten(number)))
            }
            (Some(neighbours), &[_, name] | &[_, name, _]) => {
                if let Some(priority) = fields.get(2) {
                    coefficient(priority)?;
                }
                if !self.names.insert(name) {
                    return Err(format!("set `{}` is declared twice", shorten(name)));
                }
                self.sets.push(Draft::new(name, neighbours));
                Ok(())
            }
            (None, &[name, weight]) => {
                let Some(set) = self.sets.last_mut() else { return Err("a column of no set".to_owned()) };
                set.add(column_of(columns, name)?, name, coefficient(weight)?)
            }
            _ => Err("a line of SOS is a kind and a name, or a column and its weight".to_owned()),
        }
    }

    /// A line of INDICATORS.
    pub(super) fn indicator(
        &mut self,
        fields: &[&'t str],
        (row_of, rows): (&Index<'t>, &[RowDraft<'t>]),
        columns: &Index<'t>,
        line: u64,
    ) -> Step<()> {
        let &[kind, row, column, value] = fields else {
            return Err("an indicator is IF, a row, a column, and 0 or 1".to_owned());
        };
        if !kind.eq_ignore_ascii_case("IF") {
            return Err(format!("`{}` is not IF", shorten(kind)));
        }
        let index = row_of.get(row).copied();
        let Some((index, draft)) = index.and_then(|index| Some((index, rows.get(index)?))) else {
            return Err(format!("row `{}` is not declared in ROWS", shorten(row)));
        };
        if draft.kind == Kind::Free {
            return Err(format!("row `{}` is free (N) and has an indicator", shorten(row)));
        }
        let condition = (column_of(columns, column)?, binary(value)?, line);
        match self.indicators.insert(index, condition) {
            None => Ok(()),
            Some(_) => Err(format!("row `{}` has two indicators", shorten(row))),
        }
    }

    /// All sets.
    pub(super) fn take_sets(&mut self) -> Vec<OrderedSet> {
        std::mem::take(&mut self.sets).into_iter().map(Draft::finish).collect()
    }

    /// Tells rows their conditions; lines and columns of these, in the order of the rows.
    pub(super) fn conditions(&self, rows: &mut [RowDraft<'t>]) -> Vec<(u64, usize)> {
        let conditions = self.indicators.iter().map(|(&index, &(column, value, line))| {
            if let Some(row) = rows.get_mut(index) {
                row.indicator = Some((column, value));
            }
            (line, column)
        });
        conditions.collect()
    }
}

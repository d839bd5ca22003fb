//! The sections SOS and INDICATORS of MPS files, while they are read.

use std::collections::BTreeMap;

use super::number;
use super::reading::shorten;
use super::weighted::Weighted;
use crate::{OrderedSet, VarId};

/// What a row depends on.
pub(super) struct IndicatorDraft {
    pub column: VarId,
    pub value: bool,
    pub line: usize,
}

/// What both sections have said so far.
#[derive(Default)]
pub(super) struct SpecialDraft<'a> {
    /// Name, neighbours and columns of each set.
    sets: Vec<(&'a str, usize, Weighted)>,
    set_index: BTreeMap<&'a str, usize>,
    pub indicators: BTreeMap<usize, IndicatorDraft>,
}

impl<'a> SpecialDraft<'a> {
    /// A line of SOS: `S1 name`, perhaps with a priority, begins a set; `column weight` is of the last one.
    pub fn set_line(
        &mut self,
        fields: &[&'a str],
        column: impl Fn(&str) -> Result<VarId, String>,
    ) -> Result<(), String> {
        let shape = "a line of SOS is 'S1 name' or 'S2 name' (perhaps with a priority), or 'column weight'";
        let neighbours =
            |kind: &str| [(1, "S1"), (2, "S2")].into_iter().find(|(_, word)| kind.eq_ignore_ascii_case(word));
        let kind = fields.first().and_then(|kind| neighbours(kind));
        match (kind, fields) {
            (Some(_), &[kind, number]) if column(kind).is_ok() && number::parse_finite(number).is_ok() => Err(format!(
                "'{kind} {}' begins a set, or is the column '{kind}' of the last one: rename the column or the set",
                shorten(number)
            )),
            (Some((neighbours, _)), &[_, name] | &[_, name, _]) => {
                if let Some(priority) = fields.get(2) {
                    number::parse_finite(priority)?;
                }
                if self.set_index.insert(name, self.sets.len()).is_some() {
                    return Err(format!("set '{}' is declared twice; rename one", shorten(name)));
                }
                self.sets.push((name, neighbours, Weighted::default()));
                Ok(())
            }
            (None, &[name, weight]) => {
                let Some((_, _, members)) = self.sets.last_mut() else {
                    return Err("a column of no set; 'S1 name' or 'S2 name' comes before it".into());
                };
                members.add(column(name)?, name, number::parse_finite(weight)?)
            }
            _ => Err(shape.into()),
        }
    }

    /// A line of INDICATORS, `IF row column value`; `row` tells the index of a row that is not free.
    pub fn indicator_line(
        &mut self,
        fields: &[&'a str],
        line: usize,
        row: impl Fn(&str) -> Result<usize, String>,
        column: impl Fn(&str) -> Result<VarId, String>,
    ) -> Result<(), String> {
        let &[kind, name, condition, value] = fields else {
            return Err("a line of INDICATORS is IF, row name, column name, and 0 or 1".into());
        };
        if !kind.eq_ignore_ascii_case("IF") {
            return Err(format!("'{}' is not IF, the only kind of indicator there is", shorten(kind)));
        }
        let (row, column) = (row(name)?, column(condition)?);
        let draft = IndicatorDraft { column, value: number::parse_binary(value)?, line };
        match self.indicators.insert(row, draft) {
            None => Ok(()),
            Some(_) => Err(format!("row '{}' has two indicators; write it twice", shorten(name))),
        }
    }

    /// All sets.
    pub fn sets(&mut self) -> Vec<OrderedSet> {
        let set = |(name, neighbours, members): (&str, usize, Weighted)| OrderedSet {
            name: name.to_owned(),
            neighbours,
            members: members.in_order(),
        };
        std::mem::take(&mut self.sets).into_iter().map(set).collect()
    }
}

//! The columns of an LP file, while it is read.

use super::number::{self, Number};
use super::reading::{Alike, OF_SEMI_CONTINUOUS, Warning, about_semi_continuous, shorten};
use crate::model::Datum;
use crate::{Model, VarId, VarKind};
use std::collections::BTreeMap;
use std::ops::{Index, IndexMut};

/// A column as far as it is read.
pub(super) struct Draft<'a> {
    pub(super) name: &'a str,
    pub(super) cost: Number,
    pub(super) lower: Option<Number>,
    pub(super) upper: Option<Number>,
    pub(super) integer: bool,
    pub(super) binary: bool,
    /// Where it is said to be semi-continuous.
    pub(super) semi: Option<usize>,
    /// Whether the objective or a row has it.
    pub(super) declared: bool,
    /// Where it is named first.
    pub(super) line: usize,
    /// Where its upper bound stands.
    pub(super) upper_line: usize,
    /// The number of the expression that names it last, and its place there.
    pub(super) term: Option<(usize, usize)>,
}

/// All columns, in the order in which they are named.
#[derive(Default)]
pub(super) struct Columns<'a> {
    drafts: Vec<Draft<'a>>,
    index: BTreeMap<&'a str, VarId>,
}

impl<'a> Columns<'a> {
    /// The column of this name, which stands at `line`.
    pub(super) fn named(&mut self, name: &'a str, line: usize) -> VarId {
        let next = VarId(u32::try_from(self.drafts.len()).expect("fewer than 2^32 columns"));
        let var = *self.index.entry(name).or_insert(next);
        if var == next {
            self.drafts.push(Draft {
                name,
                cost: 0.0.into(),
                lower: None,
                upper: None,
                integer: false,
                binary: false,
                semi: None,
                declared: false,
                line,
                upper_line: 0,
                term: None,
            });
        }
        var
    }

    /// Whether there is a column of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }

    /// The first that stands in no row and not in the objective.
    pub(super) fn undeclared(&self) -> Option<(usize, String)> {
        let column = self.drafts.iter().find(|column| !column.declared)?;
        let name = shorten(column.name);
        let message = format!(
            "'{name}' stands in no row and not in the objective; correct the name, or add '0 {name}' to the objective"
        );
        Some((column.line, message))
    }

    /// Adds all of them to the model, with what is to be said of them.
    pub(super) fn finish(self, model: &mut Model, warnings: &mut Vec<Warning>) {
        let mut semi_continuous = Alike::default();
        for (j, column) in (0..).map(VarId).zip(self.drafts) {
            warnings.extend(column.warning());
            let (mut lower, mut upper) =
                (column.lower.unwrap_or(0.0.into()), column.upper.unwrap_or(f64::INFINITY.into()));
            if column.binary {
                (lower, upper) = (lower.max(0.0.into()), upper.min(1.0.into()));
            }
            let lower = lower.keep(Datum::Lower(j), &mut model.decimals);
            let upper = upper.keep(Datum::Upper(j), &mut model.decimals);
            let cost = column.cost.keep(Datum::Cost(j), &mut model.decimals);
            let kind = if column.integer { VarKind::Integer } else { VarKind::Continuous };
            model.add_var(column.name, lower, upper, cost, kind);
            if let Some(line) = column.semi {
                model.special.semi.insert(j);
                if lower <= 0.0 {
                    semi_continuous.note(line, || about_semi_continuous(column.name));
                }
            }
        }
        warnings.extend(semi_continuous.warning("column", OF_SEMI_CONTINUOUS));
    }
}

impl<'a> Index<VarId> for Columns<'a> {
    type Output = Draft<'a>;

    fn index(&self, var: VarId) -> &Draft<'a> {
        &self.drafts[var.index()]
    }
}

impl<'a> IndexMut<VarId> for Columns<'a> {
    fn index_mut(&mut self, var: VarId) -> &mut Draft<'a> {
        &mut self.drafts[var.index()]
    }
}

impl Draft<'_> {
    /// Of an upper bound below the lower bound that nobody has written.
    fn warning(&self) -> Option<Warning> {
        let upper = self.upper.as_ref().filter(|upper| upper.float < 0.0 && self.lower.is_none())?;
        let (name, upper) = (shorten(self.name), number::format(upper.float));
        let so = if self.semi.is_some() { "it is always 0" } else { "nothing satisfies the model" };
        let message = format!(
            "'{name}' has the upper bound {upper} and no lower bound: the lower bound stays 0, so {so}; some readers free it, so write \
             '-inf <= {name} <= {upper}' if that is meant"
        );
        Some(Warning { line: self.upper_line, message })
    }
}

#[cfg(test)]
mod tests {
    use crate::io::{Format, parse};
    use std::path::Path;

    /// A semi-continuous column between crossed bounds is 0, and that may satisfy the model.
    #[test]
    fn negative_upper_bounds_alone() {
        let said = |section: &str| {
            let text = format!("min\n x + y\nst\n x + y >= 1\nbounds\n x <= -5\n{section}end\n");
            let reading = parse(&text, Some(Format::Lp), Path::new("w.lp")).unwrap();
            reading.warnings.into_iter().find(|warning| warning.line == 6).unwrap().message
        };
        assert!(said("").contains("so nothing satisfies the model;"), "{}", said(""));
        let semi = said("semi-continuous\n x\n");
        assert!(semi.contains("so it is always 0;"), "{semi}");
    }
}

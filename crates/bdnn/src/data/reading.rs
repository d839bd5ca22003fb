//! Rows as they come, column by column; the first one may stand apart until it is known what it is.

use super::categories::{Categories, Kind};
use super::cell::{Cell, classify, is_missing};
use super::columns::{Columns, Wanted};
use super::header::Rest;
use super::memory;
use super::precision::{Alterations, faithful, is_print};
use super::schema::{Classes, same_class};
use std::collections::BTreeMap;

/// Why a row is no point.
pub(super) enum Fault {
    Ragged { expected: usize, found: usize, hint: &'static str },
    NotTrailing { column: usize, text: String },
    Missing(usize),
    NotFinite(usize, String),
    NotANumber(usize, String),
    Weight(usize, String),
    Values(usize, String),
    Memory(u64),
}

/// The columns as they grow.
pub(super) struct Reading<'w> {
    wanted: &'w Wanted,
    pub(super) columns: Columns,
    /// Index of each label text, and its rows.
    interned: BTreeMap<String, u32>,
    counts: Vec<usize>,
    pub(super) alterations: Alterations,
    /// Unfaithful cells of the row at hand.
    altered: Vec<(usize, String, f64)>,
}

/// The first row while it is open.
pub(super) struct Apart {
    rows: Vec<f64>,
    weight: Option<f64>,
    line: Option<u64>,
    dropped: usize,
    alterations: Alterations,
    categories: Vec<Option<Categories>>,
}

impl<'w> Reading<'w> {
    pub(super) fn new(wanted: &'w Wanted) -> Self {
        let categories = wanted.kinds.iter().map(|kind| (*kind != Kind::Number).then(Categories::default)).collect();
        Self {
            wanted,
            columns: Columns { categories, ..Columns::default() },
            interned: BTreeMap::new(),
            counts: vec![],
            alterations: Alterations::default(),
            altered: vec![],
        }
    }

    /// Adds a row, or leaves it out if a value is missing and that is allowed.
    pub(super) fn add<'c>(&mut self, line: u64, cell: &impl Fn(usize) -> &'c str) -> Result<(), Fault> {
        let (start, n) = (self.columns.rows.len(), self.wanted.features.len());
        memory::reserve(&mut self.columns.rows, n).map_err(Fault::Memory)?;
        memory::reserve(&mut self.columns.lines, 1).map_err(Fault::Memory)?;
        memory::reserve(&mut self.columns.labels, 1).map_err(Fault::Memory)?;
        memory::reserve(&mut self.columns.weights, 1).map_err(Fault::Memory)?;
        self.altered.clear();
        for (k, &j) in self.wanted.features.iter().enumerate() {
            let text = cell(j);
            let (value, is_number) = match (self.wanted.kinds[k], classify(text)) {
                (Kind::Number | Kind::Either, Cell::Number(value)) => (value, true),
                (Kind::Either, Cell::Text) => (0.0, false),
                (Kind::Category, _) if !is_missing(text) => (0.0, false),
                _ => {
                    self.columns.rows.truncate(start);
                    return self.leave_out(j, cell);
                }
            };
            if is_number && !faithful(text, value) {
                self.altered.push((k, text.to_owned(), value));
            }
            self.columns.rows.push(value);
        }
        if let Some(j) = self.wanted.label.filter(|&j| is_missing(cell(j))) {
            self.columns.rows.truncate(start);
            return self.leave_out(j, cell);
        }
        if let Some(j) = self.wanted.weight {
            let text = cell(j);
            match classify(text) {
                Cell::Number(value) if value >= 0.0 && is_print(text, value) => {
                    self.columns.weights.push(value);
                }
                kind => {
                    self.columns.rows.truncate(start);
                    let fault = Fault::Weight(j, text.to_owned());
                    return if kind == Cell::Missing { self.leave_out(j, cell) } else { Err(fault) };
                }
            }
        }
        if let Some(j) = self.wanted.label {
            let text = cell(j);
            let label = self.intern(text);
            self.columns.labels.push(label);
            self.counts[label as usize] += 1;
        }
        for (categories, &j) in self.columns.categories.iter_mut().zip(&self.wanted.features) {
            let Some(categories) = categories else { continue };
            let text = cell(j);
            let is_number = matches!(classify(text), Cell::Number(_));
            if !categories.add(text, is_number, line).map_err(Fault::Memory)? {
                return Err(Fault::Values(j, text.to_owned()));
            }
        }
        self.columns.lines.push(line);
        for (k, text, value) in self.altered.drain(..) {
            self.alterations.add(k, line, &text, value);
        }
        Ok(())
    }

    /// A row with something else than a number in a column `at`. A missing value anywhere comes first.
    fn leave_out<'c>(&mut self, at: usize, cell: &impl Fn(usize) -> &'c str) -> Result<(), Fault> {
        let mut features = self.wanted.features.iter().zip(&self.wanted.kinds);
        let lacks = |(j, kind): &(&usize, &Kind)| match kind {
            Kind::Category => is_missing(cell(**j)),
            Kind::Number | Kind::Either => classify(cell(**j)) == Cell::Missing,
        };
        let missing = features.find(lacks).map(|(&j, _)| j);
        let missing = missing.or(self.wanted.label.filter(|&j| is_missing(cell(j))));
        let missing = missing.or(self.wanted.weight.filter(|&j| classify(cell(j)) == Cell::Missing));
        match missing {
            Some(_) if self.wanted.drop_missing => {
                self.columns.dropped += 1;
                Ok(())
            }
            Some(j) => Err(Fault::Missing(j)),
            None if classify(cell(at)) == Cell::NotFinite => Err(Fault::NotFinite(at, cell(at).to_owned())),
            None => Err(Fault::NotANumber(at, cell(at).to_owned())),
        }
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&label) = self.interned.get(text) {
            return label;
        }
        // Every text takes memory, so there are fewer.
        let label = u32::try_from(self.columns.texts.len()).unwrap_or(u32::MAX);
        self.interned.insert(text.to_owned(), label);
        self.columns.texts.push(text.to_owned());
        self.counts.push(0);
        label
    }

    /// Takes the only row out; the text of its label stays, as the first.
    pub(super) fn set_apart(&mut self) -> Apart {
        self.columns.labels.clear();
        self.counts.fill(0);
        Apart {
            rows: std::mem::take(&mut self.columns.rows),
            weight: self.columns.weights.pop(),
            line: self.columns.lines.pop(),
            dropped: std::mem::take(&mut self.columns.dropped),
            categories: self.columns.categories.iter_mut().map(|all| all.as_mut().map(Categories::set_apart)).collect(),
            alterations: std::mem::take(&mut self.alterations),
        }
    }

    /// What the rows are like that are here.
    pub(super) fn rest(&self) -> Rest {
        let n = self.wanted.features.len();
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); n];
        let mut fractions = false;
        for row in self.columns.rows.chunks_exact(n.max(1)) {
            for (range, &x) in ranges.iter_mut().zip(row) {
                *range = (range.0.min(x), range.1.max(x));
                fractions |= x.fract() != 0.0;
            }
        }
        let value = |text: &str| if let Cell::Number(value) = classify(text) { Some(value) } else { None };
        let texts = || self.columns.texts.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        let first = self.columns.texts.first();
        let same = |text: &str| first.is_some_and(|first| same_class(first, text));
        let numbers = texts().filter(|(text, _)| value(text).is_some()).count();
        let mut of_class: BTreeMap<usize, usize> = BTreeMap::new();
        for (class, count) in Classes::of(&self.columns.texts).of_text.into_iter().zip(&self.counts) {
            *of_class.entry(class).or_default() += count;
        }
        Rest {
            ranges,
            fractions,
            rows: self.columns.lines.len(),
            with_its_label: texts().filter(|(text, _)| same(text)).map(|(_, count)| count).sum(),
            fewest: of_class.into_values().filter(|&count| count > 0).min().unwrap_or(0),
            labels_are_numbers: if numbers == 0 { Some(false) } else { (numbers == texts().count()).then_some(true) },
        }
    }

    /// The row set apart is the header.
    pub(super) fn forget(&mut self, apart: &Apart) {
        // Its label was interned first; other rows may have it as well.
        if apart.line.is_some() && self.counts.first() == Some(&0) {
            self.columns.texts.remove(0);
            self.columns.labels.iter_mut().for_each(|label| *label -= 1);
        }
    }

    /// The row set apart is the first point.
    pub(super) fn put_first(&mut self, apart: Apart) {
        self.columns.dropped += apart.dropped;
        let Some(line) = apart.line else { return };
        self.columns.rows.splice(0..0, apart.rows);
        self.columns.lines.insert(0, line);
        self.columns.weights.splice(0..0, apart.weight);
        if self.wanted.label.is_some() {
            self.columns.labels.insert(0, 0);
        }
        for (all, first) in self.columns.categories.iter_mut().zip(apart.categories) {
            if let (Some(all), Some(first)) = (all, first) {
                all.put_first(first);
            }
        }
        self.alterations.put_first(apart.alterations);
    }
}

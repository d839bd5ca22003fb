//! The formula that a problem and its lemmas give: variables, objective, clauses, in the order of the specification.

use super::lemma::Lemma;
use super::problem::Problem;
use crate::Budget;
use crate::boolean::{Lit, Names, Row, Sum, Var};
use crate::budget::Spent;
use crate::network::Loss;
use std::collections::{BTreeMap, BTreeSet};

/// The variables of the formula.
pub(super) struct Variables {
    /// Widths d_0, .., d_K.
    widths: Vec<usize>,
    margin: bool,
    /// u, by layer k - 1, part and neuron.
    units: Vec<Table>,
    /// t, by layer k - 2, neuron and pattern.
    fires: Vec<Table>,
    /// s, likewise; empty without a margin.
    rests: Vec<Table>,
    /// w, by layer k - 1, neuron, and input and value; empty where weights are real.
    weights: Vec<Table>,
    /// 2 B: how many bounds a weight has.
    values: usize,
    /// e, by part and class, with the rows there.
    errors: BTreeMap<(usize, usize), Var>,
    /// Rows by part and class.
    rows: BTreeMap<(usize, usize), i64>,
    parts: usize,
}

/// Bytes that a variable takes: its name and place in the index, its value, its lists of rows, a term of the objective.
const VARIABLE: usize = 200;

/// Variables by two indices.
struct Table {
    start: usize,
    columns: usize,
}

impl Table {
    /// Adds the variables with these names.
    fn new(
        names: &mut Names,
        budget: &Budget,
        rows: usize,
        columns: usize,
        name: impl Fn(usize, usize) -> String,
    ) -> Result<Option<Self>, Spent> {
        let start = names.len();
        budget.hold(rows.saturating_mul(columns), VARIABLE)?;
        for row in 0..rows {
            budget.spend(columns)?;
            for column in 0..columns {
                if names.add(&name(row, column)).is_none() {
                    return Ok(None);
                }
            }
        }
        Ok(Some(Self { start, columns }))
    }

    fn at(&self, row: usize, column: usize) -> Option<Var> {
        if column < self.columns { Var::new(self.start + row * self.columns + column) } else { None }
    }
}

impl Variables {
    /// `None` if there are more than can be counted.
    pub fn new(problem: &Problem, names: &mut Names, budget: &Budget) -> Result<Option<Self>, Spent> {
        let widths = problem.setting.widths();
        let margin = problem.setting.epsilon.is_some();
        let parts = problem.parts;
        let mut rows: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for ((&point, &class), &units) in problem.row_points.iter().zip(&problem.row_classes).zip(&problem.row_units) {
            let Some(&part) = problem.part_of.get(point) else { return Ok(None) };
            let sum: &mut i64 = rows.entry((part, class)).or_default();
            *sum = sum.saturating_add(i64::from(units));
        }
        let (mut units, mut fires, mut rests, mut weights) = (vec![], vec![], vec![], vec![]);
        let values = problem.values;
        for (k, (&inputs, &outputs)) in (1..).zip(widths.iter().zip(widths.iter().skip(1))) {
            let Some(table) = Table::new(names, budget, parts, outputs, |i, j| format!("u{k}_{i}_{j}"))? else {
                return Ok(None);
            };
            units.push(table);
            let bound = |j, at: usize| {
                let (input, value) = (at.checked_div(values).unwrap_or(0), at.checked_rem(values).unwrap_or(0));
                format!("w{k}_{j}_{input}_{}", value + 1)
            };
            let columns = inputs.saturating_mul(values);
            let Some(table) = Table::new(names, budget, outputs, columns, bound)? else { return Ok(None) };
            weights.push(table);
            if k == 1 {
                continue;
            }
            let patterns = 1usize << inputs;
            for (prefix, tables) in [("t", &mut fires), ("s", &mut rests)] {
                if prefix == "t" || margin {
                    let name = |j, p| format!("{prefix}{k}_{j}_{p}");
                    let Some(table) = Table::new(names, budget, outputs, patterns, name)? else { return Ok(None) };
                    tables.push(table);
                }
            }
        }
        let mut errors = BTreeMap::new();
        if problem.setting.classes > 2 && problem.setting.loss == Loss::ZeroOne {
            budget.hold(rows.len(), VARIABLE)?;
            for &(part, class) in rows.keys() {
                let Some(var) = names.add(&format!("e{part}_{class}")) else { return Ok(None) };
                errors.insert((part, class), var);
            }
        }
        Ok(Some(Self { widths, margin, units, fires, rests, weights, values, errors, rows, parts }))
    }

    fn layers(&self) -> usize {
        self.units.len()
    }

    fn outputs(&self) -> usize {
        self.widths.last().copied().unwrap_or(0)
    }

    /// u{k}_{i}_{j}
    fn unit(&self, k: usize, part: usize, j: usize) -> Option<Var> {
        self.units.get(k.checked_sub(1)?)?.at(part, j)
    }

    /// The literal that neuron j of layer k >= 2 fires at a pattern (t), or that it rests there (~t, or s with a margin).
    fn at_pattern(&self, k: usize, j: usize, pattern: usize, fires: bool) -> Option<Lit> {
        let t = self.fires.get(k.checked_sub(2)?)?.at(j, pattern)?;
        match (fires, self.margin) {
            (true, _) => Some(t.literal(true)),
            (false, false) => Some(t.literal(false)),
            (false, true) => Some(self.rests.get(k.checked_sub(2)?)?.at(j, pattern)?.literal(true)),
        }
    }

    /// w{k}_{j}_{input}_{value}, which counts from 1.
    fn at_least(&self, k: usize, j: usize, (input, value): (usize, usize)) -> Option<Var> {
        let value = value.checked_sub(1).filter(|&value| value < self.values)?;
        self.weights.get(k.checked_sub(1)?)?.at(j, input.checked_mul(self.values)? + value)
    }

    /// The objective, and the offset that makes it the loss.
    pub fn objective(&self) -> Option<(Sum, u64)> {
        let (mut sum, mut offset) = (Sum::new(), 0u64);
        if !self.errors.is_empty() {
            for (place, &var) in &self.errors {
                sum.push((*self.rows.get(place)?, var.literal(true)));
            }
            return Some((sum, 0));
        }
        let count = |part: usize, class: usize| self.rows.get(&(part, class)).copied().unwrap_or(0);
        let single = self.outputs() == 1;
        for part in 0..self.parts {
            let all: i64 = self.rows.range((part, 0)..(part + 1, 0)).map(|(_, rows)| rows).sum();
            for j in 0..self.outputs() {
                let ones = count(part, if single { 1 } else { j });
                let zeros = all - ones;
                offset += u64::try_from(ones.min(zeros)).ok()?;
                if ones != zeros {
                    // Resting where most should fire costs the difference, and the other way round.
                    let var = self.unit(self.layers(), part, j)?;
                    sum.push(((ones - zeros).abs(), var.literal(ones < zeros)));
                }
            }
        }
        Some((sum, offset))
    }

    /// The loss that no network avoids because rows of one part differ in class.
    pub fn unavoidable(&self) -> Option<u64> {
        if self.errors.is_empty() {
            return self.objective().map(|(_, offset)| offset);
        }
        let of_part = |part: usize| {
            let rows = || self.rows.range((part, 0)..(part + 1, 0)).map(|(_, rows)| *rows);
            u64::try_from(rows().sum::<i64>() - rows().max().unwrap_or(0)).ok()
        };
        (0..self.parts).map(of_part).sum()
    }

    /// Calls `clause` with each structure clause.
    pub fn structure<E>(&self, mut clause: impl FnMut(Vec<Lit>) -> Result<(), E>) -> Result<Option<()>, E> {
        for k in 1..=self.layers() {
            let inputs = self.widths.get(k - 1).copied().unwrap_or(0);
            let patterns = if k == 1 { 0 } else { 1usize << inputs };
            for j in 0..self.widths.get(k).copied().unwrap_or(0) {
                for pattern in 0..patterns {
                    for lits in self.pattern_clauses(k, j, pattern, inputs) {
                        let Some(lits) = lits else { return Ok(None) };
                        clause(lits)?;
                    }
                }
                for (input, value) in (0..inputs).flat_map(|input| (2..=self.values).map(move |value| (input, value))) {
                    let [less, more] = [value - 1, value].map(|value| self.at_least(k, j, (input, value)));
                    let (Some(less), Some(more)) = (less, more) else { return Ok(None) };
                    clause(vec![more.literal(false), less.literal(true)])?;
                }
            }
        }
        for (&(part, class), &error) in &self.errors {
            for j in 0..self.outputs() {
                let Some(unit) = self.unit(self.layers(), part, j) else { return Ok(None) };
                clause(vec![error.literal(true), unit.literal(j == class)])?;
            }
        }
        Ok(Some(()))
    }

    /// The limits on errors, each with its label: rows of class 0 are right where the one output rests, rows of class 1 where it fires, and all but
    /// the most that may be wrong must be. `None` if there are more rows than can be counted.
    pub fn limits(&self, problem: &Problem) -> Option<Vec<Row>> {
        let mut rows = vec![];
        for (number, limit) in problem.setting.error_limits.iter().enumerate() {
            let (mut sum, mut all) = (Sum::new(), 0i64);
            for part in 0..self.parts {
                if let Some(&count) = self.rows.get(&(part, limit.class)) {
                    sum.push((count, self.unit(self.layers(), part, 0)?.literal(limit.class == 1)));
                    all = all.checked_add(count)?;
                }
            }
            let degree = all.saturating_sub(i64::try_from(limit.most.value).unwrap_or(i64::MAX)).max(0);
            if !sum.is_empty() {
                rows.push(Row { label: Some(format!("limit{number}")), sum, degree });
            }
        }
        Some(rows)
    }

    /// The clauses that tie neuron j of layer k at a pattern to the activations of each part.
    fn pattern_clauses(
        &self,
        k: usize,
        j: usize,
        pattern: usize,
        inputs: usize,
    ) -> impl Iterator<Item = Option<Vec<Lit>>> {
        let exclusive = self
            .margin
            .then(|| Some(vec![!self.at_pattern(k, j, pattern, true)?, !self.at_pattern(k, j, pattern, false)?]));
        let tie = move |part: usize, fires: bool| {
            let mut lits = (0..inputs)
                .map(|l| Some(self.unit(k - 1, part, l)?.literal(pattern >> l & 1 == 0)))
                .collect::<Option<Vec<Lit>>>()?;
            lits.push(self.unit(k, part, j)?.literal(!fires));
            lits.push(self.at_pattern(k, j, pattern, fires)?);
            Some(lits)
        };
        exclusive.into_iter().chain((0..self.parts).flat_map(move |part| [tie(part, true), tie(part, false)]))
    }

    /// The clause of a lemma for neuron j of its layer, or (if `turned`) for the neuron whose complement it is; empty if it has both literals of a
    /// variable. `None` if the lemma names what is not there.
    pub fn lemma(&self, lemma: &Lemma, j: usize, part_of: &[usize], turned: bool) -> Option<Vec<Lit>> {
        let mut members = vec![];
        for (sites, fires) in [(&lemma.fires, true), (&lemma.rests, false)] {
            for &(site, _) in sites {
                members.push(if lemma.layer == 1 {
                    self.unit(1, *part_of.get(site)?, j)?.literal(fires != turned)
                } else {
                    self.at_pattern(lemma.layer, j, site, fires != turned)?
                });
            }
        }
        for (bounds, holds) in [(&lemma.least, true), (&lemma.below, false)] {
            for &(input, value) in bounds {
                // A negated weight is at least v - B where the weight is below B + 1 - v.
                let value = if turned { (self.values + 1).checked_sub(value)? } else { value };
                members.push(self.at_least(lemma.layer, j, (input, value))?.literal(holds != turned));
            }
        }
        let (mut lits, mut seen) = (vec![], BTreeSet::new());
        for lit in members {
            if seen.contains(&!lit) {
                return Some(vec![]);
            }
            if seen.insert(lit) {
                lits.push(!lit);
            }
        }
        Some(lits)
    }

    /// How many neurons a layer has.
    pub fn width(&self, layer: usize) -> usize {
        if layer == 0 { 0 } else { self.widths.get(layer).copied().unwrap_or(0) }
    }
}

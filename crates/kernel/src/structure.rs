//! The variables and axioms that say what a network is, generated from the problem. Axioms are not stored: each is made when asked for.
//!
//! A network gives the variables these values; layers count from 1, all else from 0. `u(k, j, i)`: neuron j of layer k fires at the points of part i. `t(k, j, p)`, for
//! k >= 2: it fires at the pattern p, in which bit l is the activation of neuron l of layer k - 1. `s(k, j, p)`, only with a margin: it rests at p, by the
//! margin. `e(i, c)`, only if rows count and there are three classes or more: the outputs at part i are not those of class c. Every axiom
//! holds for every network of the problem, and its loss is offset + objective.
//!
//! Sizes saturate; the budget refuses what is too large long before.

use crate::constraint::{Constraint, Lit, Sum, minus, plus, product};
use crate::fault::{Budget, Fault, refuted};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// What a variable of a neuron says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It fires at a part: u.
    Unit,
    /// It fires at a pattern: t.
    Fires,
    /// It rests at a pattern: s.
    Rests,
}

/// A layer k: its tables of variables, and the first of its axioms. In a table of a kind, from its first variable on, stand neuron by neuron, in each place by
/// place. A place is a part or a pattern.
struct Layer {
    k: usize,
    inputs: usize,
    neurons: usize,
    tables: Vec<(Kind, usize, usize)>,
    axiom: usize,
}

/// Variables, axioms and objective of a problem.
pub struct Structure {
    layers: Vec<Layer>,
    parts: usize,
    margin: bool,
    /// The variables e by part and class, with their rows.
    pub errors: Vec<(Lit, (usize, usize), i128)>,
    first_error_axiom: usize,
    limits: Vec<Constraint>,
    /// Literals of the objective and their weights.
    pub objective: Vec<(Lit, i128)>,
    /// The loss that is not in the objective.
    pub offset: i128,
    /// How many variables there are; they count from 1.
    pub variables: usize,
    /// How many axioms there are; they count from 1.
    pub axioms: usize,
}

impl Structure {
    /// Lays the variables out: for each layer u, then t, then s; at the end e.
    pub fn new(problem: &Problem, budget: &Budget) -> Result<Self, Fault> {
        let (parts, margin, last) = (problem.parts, problem.margin(), problem.layers());
        let (mut layers, mut variables, mut axioms) = (vec![], 0usize, 0usize);
        for ((k, &inputs), &neurons) in (1..).zip(&problem.widths).zip(problem.widths.iter().skip(1)) {
            let patterns = if k == 1 { 0 } else { patterns(inputs) };
            let mut tables = vec![];
            for (kind, places) in
                [(Kind::Unit, parts), (Kind::Fires, patterns), (Kind::Rests, if margin { patterns } else { 0 })]
            {
                tables.push((kind, variables.saturating_add(1), places));
                variables = variables.saturating_add(neurons.saturating_mul(places));
            }
            layers.push(Layer { k, inputs, neurons, tables, axiom: axioms.saturating_add(1) });
            axioms = axioms.saturating_add(neurons.saturating_mul(patterns).saturating_mul(of_pattern(parts, margin)));
        }
        let mut rows: BTreeMap<(usize, usize), i128> = BTreeMap::new();
        for point in &problem.points {
            for &(class, count) in &point.rows {
                let slot = rows.entry((point.part, class)).or_default();
                *slot = plus(*slot, count)?;
            }
        }
        let by_row = problem.by_row && problem.classes > 2;
        let mut errors = vec![];
        for (&place, &count) in rows.iter().filter(|_| by_row) {
            variables = variables.saturating_add(1);
            errors.push((Lit::new(variables, true), place, count));
        }
        budget.hold(variables.saturating_mul(8))?;
        let of_errors = errors.len().saturating_mul(problem.width(last));
        let first_error_axiom = axioms.saturating_add(1);
        axioms = axioms.saturating_add(of_errors).saturating_add(problem.limits.len());
        let (objective, limits, offset) = (errors.iter().map(|&(lit, _, count)| (lit, count)).collect(), vec![], 0);
        let mut structure =
            Self { layers, parts, margin, errors, first_error_axiom, limits, objective, offset, variables, axioms };
        for (part, j) in
            (0..parts).filter(|_| !by_row).flat_map(|part| (0..problem.width(last)).map(move |j| (part, j)))
        {
            // The lesser side of an output at a part is never avoided, the difference is a term.
            let (mut ones, mut zeros) = (0, 0);
            for (&(_, class), &count) in rows.range((part, 0)..=(part, usize::MAX)) {
                let side = if problem.target(class, j) { &mut ones } else { &mut zeros };
                *side = plus(*side, count)?;
            }
            let penalty = structure.lit(Kind::Unit, last, j, part, ones < zeros)?;
            structure.objective.push((penalty, minus(ones.max(zeros), ones.min(zeros))?));
            structure.offset = plus(structure.offset, ones.min(zeros))?;
        }
        for &(class, most) in &problem.limits {
            // What is wrong is at most this; so minus it is at least minus this.
            let mut wrong = Sum::new(minus(0, most)?);
            for (&(part, _), &count) in rows.iter().filter(|((_, other), _)| *other == class) {
                wrong.add(structure.lit(Kind::Unit, last, 0, part, class == 0)?, minus(0, count)?)?;
            }
            structure.limits.push(wrong.divided(1)?);
        }
        Ok(structure)
    }

    /// The literal that says the variable of this kind of neuron j of layer k at a place is `value`.
    pub fn lit(&self, kind: Kind, k: usize, j: usize, place: usize, value: bool) -> Result<Lit, Fault> {
        let layer = k.checked_sub(1).and_then(|at| self.layers.get(at)).filter(|layer| j < layer.neurons);
        let table = layer.and_then(|layer| layer.tables.iter().find(|table| table.0 == kind));
        let &(_, first, places) = table.filter(|table| place < table.2).ok_or_else(nowhere)?;
        Ok(Lit::new(first.saturating_add(j.saturating_mul(places)).saturating_add(place), value))
    }

    /// Kind, k, j and place of a variable; none for e and defined ones.
    pub fn meaning(&self, var: usize) -> Option<(Kind, usize, usize, usize)> {
        let begun = self.layers.partition_point(|layer| layer.tables.first().is_some_and(|table| table.1 <= var));
        let layer = self.layers.get(begun.checked_sub(1)?)?;
        layer.tables.iter().find_map(|&(kind, first, places)| {
            let (j, place) = split(var.checked_sub(first)?, places)?;
            (j < layer.neurons).then_some((kind, layer.k, j, place))
        })
    }

    /// The literal that says what a neuron of layer k does at a place: fire, or rest. At patterns with a margin these are not opposites.
    fn does(&self, k: usize, j: usize, place: usize, fires: bool) -> Result<Lit, Fault> {
        match (k, fires || !self.margin) {
            (1, _) => self.lit(Kind::Unit, k, j, place, fires),
            (_, true) => self.lit(Kind::Fires, k, j, place, fires),
            (_, false) => self.lit(Kind::Rests, k, j, place, true),
        }
    }

    /// The axiom of this number, from 1. In order: for each layer k >= 2, neuron j and pattern p, with a margin that t and s exclude each other, then for each
    /// part that the pattern of layer k - 1 there is not p, or u is false or t true, and that it is not p, or u is true or t false (s true); for each e and each
    /// output that it is right, or e is true; the limits: enough rows of the class are right.
    pub fn axiom(&self, number: usize) -> Result<Constraint, Fault> {
        if let Some(number) = number.checked_sub(self.first_error_axiom) {
            let outputs = self.layers.last().map_or(0, |layer| layer.neurons);
            if let Some(limit) = number.checked_sub(self.errors.len().saturating_mul(outputs)) {
                return self.limits.get(limit).cloned().ok_or_else(nowhere);
            }
            let (error, j) = split(number, outputs).ok_or_else(nowhere)?;
            let &(error, (part, class), _) = self.errors.get(error).ok_or_else(nowhere)?;
            return Constraint::clause([error, self.lit(Kind::Unit, self.layers.len(), j, part, j == class)?]);
        }
        let begun = self.layers.partition_point(|layer| layer.axiom <= number);
        let layer = begun.checked_sub(1).and_then(|at| self.layers.get(at)).filter(|layer| layer.k > 1);
        let Layer { k, inputs, axiom, .. } = layer.ok_or_else(nowhere)?;
        let place = split(number.saturating_sub(*axiom), of_pattern(self.parts, self.margin));
        let (place, within) = place.ok_or_else(nowhere)?;
        let (j, pattern) = split(place, patterns(*inputs)).ok_or_else(nowhere)?;
        let Some(within) = within.checked_sub(usize::from(self.margin)) else {
            let both = [self.does(*k, j, pattern, true)?, self.does(*k, j, pattern, false)?];
            return Constraint::clause(both.map(Lit::negated));
        };
        let (part, fires) = (within / 2, within.is_multiple_of(2));
        let before = |l| self.lit(Kind::Unit, k.saturating_sub(1), l, part, !bit(pattern, l));
        let mut clause = (0..*inputs).map(before).collect::<Result<Vec<_>, _>>()?;
        clause.push(self.lit(Kind::Unit, *k, j, part, !fires)?);
        clause.push(self.does(*k, j, pattern, fires)?);
        Constraint::clause(clause)
    }

    /// The clause that neuron j of layer k does not do all of this: fire (or rest) at places.
    pub fn denial(&self, k: usize, j: usize, members: &[(usize, bool)]) -> Result<Constraint, Fault> {
        let lits = members.iter().map(|&(place, fires)| Ok(self.does(k, j, place, fires)?.negated()));
        Constraint::clause(lits.collect::<Result<Vec<_>, Fault>>()?)
    }

    /// The loss is at most this.
    pub fn at_most(&self, most: i128) -> Result<Constraint, Fault> {
        let mut sum = Sum::new(minus(self.offset, most)?);
        for &(lit, weight) in &self.objective {
            sum.add(lit, product(weight, -1)?)?;
        }
        sum.divided(1)
    }
}

/// Whether the neuron fires in the pattern.
pub fn bit(pattern: usize, neuron: usize) -> bool {
    u32::try_from(neuron).ok().and_then(|neuron| pattern.checked_shr(neuron)).is_some_and(|rest| rest & 1 == 1)
}

/// How many patterns so many neurons have.
pub fn patterns(neurons: usize) -> usize {
    2usize.saturating_pow(u32::try_from(neurons).unwrap_or(u32::MAX))
}

/// Axioms of a neuron at a pattern.
fn of_pattern(parts: usize, margin: bool) -> usize {
    parts.saturating_mul(2).saturating_add(usize::from(margin))
}

/// Row and column of an entry.
pub fn split(entry: usize, columns: usize) -> Option<(usize, usize)> {
    Some((entry.checked_div(columns)?, entry.checked_rem(columns)?))
}

fn nowhere() -> Fault {
    refuted("there is no such neuron, part, pattern or constraint")
}

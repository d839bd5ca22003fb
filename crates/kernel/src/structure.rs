//! The variables and axioms that say what a network is, generated from the problem.
//!
//! A network gives the variables these values; layers count from 1, all else from 0. `u(k, j, i)`: neuron j of layer k fires at the points of part i. `t(k, j, p)`, for
//! k >= 2: it fires at the pattern p, in which bit l is the activation of neuron l of layer k - 1. `s(k, j, p)`, only with a margin: it rests at p, by the
//! margin. `w(k, j, l, v)`, only if weights are whole, for v from 1 to 2 B: weight l of neuron j is at least v - B. `e(i, c)`, only if rows count and there are
//! three classes or more: the outputs at part i are not those of class c. Every axiom holds for every network of the problem, and its loss is offset + objective.
//!
//! Sizes saturate; the budget refuses what is too large long before.

use crate::constraint::{Constraint, Lit, Sum, minus, plus, product};
use crate::fault::{Budget, Fault, refuted};
use crate::problem::{Problem, split};
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
    /// One of its weights has a bound: w.
    Bound,
}

/// What a neuron does: it fires (or rests) at a place, or its weights have (or miss) a bound, if the kind is that.
pub type Deed = (Kind, usize, bool);

/// A layer k and its tables of variables. In a table of a kind, from its first variable on, stand neuron by neuron, in each place by
/// place. A place is a part, a pattern, or 2 B l + v - 1 for the v-th bound on weight l.
struct Layer {
    k: usize,
    inputs: usize,
    neurons: usize,
    tables: Vec<(Kind, usize, usize)>,
}

/// Variables, axioms and objective of a problem.
pub struct Structure<'a> {
    /// What all of it is made from.
    pub problem: &'a Problem,
    layers: Vec<Layer>,
    /// The variables e by part and class, with their rows.
    pub errors: Vec<(Lit, (usize, usize), i128)>,
    /// Literals of the objective and their weights.
    pub objective: Vec<(Lit, i128)>,
    /// The loss that is not in the objective.
    pub offset: i128,
    /// How many variables there are; they count from 1.
    pub variables: usize,
    /// What every network satisfies; numbers count from 1.
    pub axioms: Vec<Constraint>,
}

impl<'a> Structure<'a> {
    /// Lays the variables out: for each layer u, then t, then s, then w; at the end e.
    pub fn new(problem: &'a Problem, budget: &Budget) -> Result<Self, Fault> {
        let (parts, margin, last) = (problem.parts, problem.margin(), problem.layers());
        let (mut layers, mut variables, bounds) = (vec![], 0usize, problem.bounds());
        for ((k, &inputs), &neurons) in (1..).zip(&problem.widths).zip(problem.widths.iter().skip(1)) {
            let patterns = if k == 1 { 0 } else { patterns(inputs) };
            let (mut tables, rests) = (vec![], if margin { patterns } else { 0 });
            let weights = (Kind::Bound, inputs.saturating_mul(bounds));
            for (kind, places) in [(Kind::Unit, parts), (Kind::Fires, patterns), (Kind::Rests, rests), weights] {
                tables.push((kind, variables.saturating_add(1), places));
                variables = variables.saturating_add(neurons.saturating_mul(places));
            }
            layers.push(Layer { k, inputs, neurons, tables });
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
        let (objective, offset, axioms) = (errors.iter().map(|&(lit, _, count)| (lit, count)).collect(), 0, vec![]);
        let mut structure = Self { problem, layers, errors, objective, offset, variables, axioms };
        structure.axioms = structure.clauses(budget)?;
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
            budget.hold(rows.len().saturating_mul(4))?;
            // What is wrong is at most this; so minus it is at least minus this.
            let mut wrong = Sum::new(minus(0, most)?);
            for (&(part, _), &count) in rows.iter().filter(|((_, other), _)| *other == class) {
                wrong.add(structure.lit(Kind::Unit, last, 0, part, class == 0)?, minus(0, count)?)?;
            }
            structure.axioms.push(wrong.divided(1)?);
        }
        Ok(structure)
    }

    /// The literal that says the variable of this kind of neuron j of layer k at a place is `value`.
    pub fn lit(&self, kind: Kind, k: usize, j: usize, place: usize, value: bool) -> Result<Lit, Fault> {
        let layer = k.checked_sub(1).and_then(|at| self.layers.get(at)).filter(|layer| j < layer.neurons);
        let table = layer.and_then(|layer| layer.tables.iter().find(|table| table.0 == kind));
        let &(_, first, places) =
            table.filter(|table| place < table.2).ok_or_else(|| refuted("there is no such neuron, part or pattern"))?;
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
        match (k, fires || !self.problem.margin()) {
            (1, _) => self.lit(Kind::Unit, k, j, place, fires),
            (_, true) => self.lit(Kind::Fires, k, j, place, fires),
            (_, false) => self.lit(Kind::Rests, k, j, place, true),
        }
    }

    /// The axioms but for the limits. In order: for each layer k and neuron j, if k >= 2 for each pattern p, with a margin that t and s exclude each other, then for
    /// each part that the pattern of layer k - 1 there is not p, or u is false or t true, and that it is not p, or u is true or t false (s true); for each weight
    /// that every bound implies the one before; for each e and each output that it is right, or e is true.
    fn clauses(&self, budget: &Budget) -> Result<Vec<Constraint>, Fault> {
        let (problem, last, mut all) = (self.problem, self.layers.len(), vec![]);
        let mut add = |lits: &[Lit]| {
            budget.hold(lits.len().saturating_mul(4).saturating_add(16))?;
            all.push(Constraint::clause(lits.iter().copied())?);
            Ok::<_, Fault>(())
        };
        for &Layer { k, inputs, neurons, .. } in &self.layers {
            for j in 0..neurons {
                for pattern in 0..if k == 1 { 0 } else { patterns(inputs) } {
                    let (fires, rests) = (self.does(k, j, pattern, true)?, self.does(k, j, pattern, false)?);
                    if problem.margin() {
                        add(&[fires.negated(), rests.negated()])?;
                    }
                    for part in 0..problem.parts {
                        let before = |l| self.lit(Kind::Unit, k.saturating_sub(1), l, part, !bit(pattern, l));
                        let other = (0..inputs).map(before).collect::<Result<Vec<_>, _>>()?;
                        let unit = self.lit(Kind::Unit, k, j, part, true)?;
                        add(&[&other[..], &[unit.negated(), fires]].concat())?;
                        add(&[&other[..], &[unit, rests]].concat())?;
                    }
                }
                let places = 0..inputs.saturating_mul(problem.bounds());
                let chained = |more: &usize| more.checked_rem(problem.bounds()).is_some_and(|n| n > 0);
                for more in places.filter(chained) {
                    let less = more.saturating_sub(1);
                    add(&[self.lit(Kind::Bound, k, j, more, false)?, self.lit(Kind::Bound, k, j, less, true)?])?;
                }
            }
        }
        for &(error, (part, class), _) in &self.errors {
            for j in 0..problem.width(last) {
                add(&[error, self.lit(Kind::Unit, last, j, part, j == class)?])?;
            }
        }
        Ok(all)
    }

    /// The clause that neuron j of layer k, or (if `turned`) its complement, does not do all of this.
    pub fn denial(&self, k: usize, j: usize, deeds: &[Deed], turned: bool) -> Result<Constraint, Fault> {
        let lits = deeds.iter().map(|&(kind, place, holds)| {
            let lit = match kind {
                Kind::Bound => self.lit(kind, k, j, self.problem.turned(place, turned), holds != turned),
                _ => self.does(k, j, place, holds != turned),
            };
            Ok(lit?.negated())
        });
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

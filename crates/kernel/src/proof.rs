//! The steps of a proof.
//!
//! Call a network good if its loss is below that of the network of the file, if there is one. After every step this holds: **if
//! there is a good network, then there is one of no larger loss that, with some values of the defined variables, satisfies every constraint there is.** Axioms and
//! lemmas hold for every network. What follows from the constraints that are there (`pol`, `rup`) keeps the statement, and so does to forget a constraint. `def` gives a new variable
//! a value in any case. `red` leads from the network of the statement to another.

use crate::assignment::Assignment;
use crate::constraint::{Constraint, Lit, Sum, minus, plus};
use crate::exchange::Exchange;
use crate::fault::{Fault, ensure, malformed, refuted, too_large};
use crate::geometry;
use crate::structure::{Kind, Structure};
use crate::tokens::{Tokens, digits, signed};
use std::collections::BTreeMap;

/// The state of a proof.
pub struct Proof<'a, 't> {
    structure: &'a Structure<'a>,
    tokens: &'a mut Tokens<'t>,
    /// The loss is below that of the network.
    cutoff: Option<Constraint>,
    /// By number; and whether it is a clause of a lemma, which holds for every network and stays.
    entries: BTreeMap<usize, (Constraint, bool)>,
    /// The last number given.
    last: usize,
    variables: usize,
    assignment: Assignment,
}

impl<'a, 't> Proof<'a, 't> {
    /// A proof without steps.
    pub fn new(structure: &'a Structure<'a>, tokens: &'a mut Tokens<'t>) -> Result<Self, Fault> {
        let cutoff = structure.problem.reached.map(|reached| structure.at_most(minus(reached, 1)?)).transpose()?;
        let (entries, last, variables) = (BTreeMap::new(), structure.axioms.len(), structure.variables);
        Ok(Self { structure, tokens, cutoff, entries, last, variables, assignment: Assignment::default() })
    }

    /// Takes all steps, to the conclusion `end`, behind which nothing stands; says how many they are.
    pub fn run(&mut self) -> Result<usize, Fault> {
        let mut steps = 0usize;
        loop {
            steps = steps.saturating_add(1);
            match self.tokens.take() {
                "lemma" => self.lemma()?,
                "pol" => self.pol()?,
                "rup" => self.rup()?,
                "def" => self.def()?,
                "red" => self.red()?,
                "del" => self.del()?,
                "end" => return self.end().map(|()| steps),
                _ => return Err(malformed("a step expected: lemma, pol, rup, def, red, del or end")),
            }
        }
    }

    /// `lemma k site multiplier .. : site multiplier .. ;` no neuron of layer k fires at all of the former sites and rests at all of the latter. With whole weights
    /// `: bound .. ;` ends it: none that has these bounds (with `-` before them: that does not), numbered from 1, input by input. A clause for each neuron and, if
    /// neurons have complements, another.
    fn lemma(&mut self) -> Result<(), Fault> {
        let k = self.tokens.natural()?;
        let (mut members, mut deeds) = (vec![], vec![]);
        let ends = if self.structure.problem.cap > 0 { [":", ":"] } else { [":", ";"] };
        for (end, fires) in ends.into_iter().zip([true, false]) {
            for (site, times) in self.tokens.until(end, |tokens| Ok((tokens.natural()?, tokens.size()?)))? {
                let part = self.structure.problem.points.get(site).map_or(0, |point| point.part);
                deeds.push((Kind::Unit, if k == 1 { part } else { site }, fires));
                members.push((site, times, fires));
            }
        }
        let bound = |tokens: &mut Tokens<'t>| {
            signed(tokens.take(), usize::MAX).ok_or_else(|| malformed("the number of a bound expected"))
        };
        let bounds = if self.structure.problem.cap > 0 { self.tokens.until(";", bound)? } else { vec![] };
        geometry::check(self.structure.problem, k, &members, &bounds, &self.tokens.budget)?;
        deeds.extend(bounds.iter().map(|&(place, holds)| (Kind::Bound, place, holds)));
        for j in 0..self.structure.problem.width(k).max(1) {
            for form in 0..self.structure.problem.forms() {
                self.tokens.budget.spend(deeds.len().saturating_mul(16))?;
                self.insert(self.structure.denial(k, j, &deeds, form == 1)?, true)?;
            }
        }
        Ok(())
    }

    /// `pol divisor number*id .. : number*literal .. ;` the sum of constraints and of literals (each at least 0), these many times, divided, all numbers rounded
    /// up. Every number is positive; `1*` may be left out.
    fn pol(&mut self) -> Result<(), Fault> {
        let (divisor, mut sum) = (self.tokens.count()?, Sum::new(0));
        ensure(divisor > 0, malformed("a positive divisor expected"))?;
        while !self.tokens.takes(":") {
            let (times, id) = self.times()?;
            let constraint = self.get(digits(id).ok_or_else(|| malformed("the number of a constraint expected"))?)?;
            self.tokens.budget.spend(constraint.terms().len())?;
            sum.add_constraint(constraint, times)?;
        }
        self.add_terms(&mut sum)?;
        self.tokens.expect(";")?;
        self.insert(sum.divided(divisor)?, false)
    }

    /// `rup constraint : id .. ;` with the negation of the constraint, propagation along the listed ones ends in a conflict.
    fn rup(&mut self) -> Result<(), Fault> {
        let constraint = self.constraint()?;
        self.tokens.expect(":")?;
        let hints = self.tokens.until(";", Tokens::natural)?;
        let refuted_so = self.refutes(&[constraint.negation()?], &hints)?;
        ensure(refuted_so, refuted("propagation along the hints does not refute the negation of the constraint"))?;
        self.insert(constraint, false)
    }

    /// `def constraint ;` a new variable, the next by number: true iff the constraint holds. Two constraints say so.
    fn def(&mut self) -> Result<(), Fault> {
        let constraint = self.constraint()?;
        self.tokens.expect(";")?;
        self.variables = self.variables.checked_add(1).ok_or_else(too_large)?;
        self.tokens.budget.hold(1)?;
        for (half, value) in [(constraint.negation()?, true), (constraint, false)] {
            // Either the variable has this value, or this half holds.
            let mut sum = Sum::new(0);
            sum.add_constraint(&half, 1)?;
            sum.add(Lit::new(self.variables, value), half.degree())?;
            self.insert(sum.divided(1)?, false)?;
        }
        Ok(())
    }

    /// `red exchange constraint : id hint .. : id hint .. ;` a constraint that may be assumed, for if the network violates it, then the exchanged one satisfies it and
    /// all others. That has to follow, for it (number 0) and each derived one that the exchange changes, from the negation of the
    /// constraint and what there is, along hints that may be left out if there are none.
    ///
    /// Axioms and lemmas hold for the exchanged network since it is one; outputs, and with them loss and limits, stay.
    fn red(&mut self) -> Result<(), Fault> {
        let exchange = Exchange::read(self.tokens, self.structure.problem)?;
        let constraint = self.constraint()?;
        let mut goals: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        while self.tokens.takes(":") {
            let hints = goals.entry(self.tokens.natural()?).or_default();
            while !matches!(self.tokens.peek(), ":" | ";") {
                hints.push(self.tokens.natural()?);
            }
        }
        self.tokens.expect(";")?;
        let negation = constraint.negation()?;
        self.assignment = Assignment::default();
        self.tokens.budget.spend(self.variables >> 6)?;
        self.assignment.propagate(&negation)?;
        exchange.keeps_outputs(&self.tokens.budget, self.structure, &self.assignment)?;
        let mut changed = vec![];
        self.tokens.budget.spend(self.entries.len().saturating_mul(32))?;
        let derived = self.entries.iter().filter(|(_, entry)| !entry.1).map(|(&id, entry)| (id, &entry.0));
        for (id, before) in derived.chain([(0, &constraint)]) {
            self.tokens.budget.spend(before.terms().len().saturating_add(1).saturating_mul(16))?;
            let after = before.substituted(|lit| exchange.image(self.structure, lit))?;
            if after != *before || id == 0 {
                changed.push((id, after));
            }
        }
        for (id, after) in changed {
            let hints = goals.get(&id).map_or(&[][..], Vec::as_slice);
            if !self.refutes(&[negation.clone(), after.negation()?], hints)? {
                return Err(refuted(format!("constraint {id} (0: the new one) does not follow after the exchange")));
            }
        }
        self.insert(constraint, false)
    }

    /// `del id .. ;` forgets derived constraints.
    fn del(&mut self) -> Result<(), Fault> {
        for id in self.tokens.until(";", Tokens::natural)? {
            match self.entries.remove(&id) {
                Some((constraint, false)) => self.tokens.budget.release(words(&constraint)),
                _ => return Err(refuted(format!("constraint {id} was not derived, or by a lemma"))),
            }
        }
        Ok(())
    }

    /// `end id ;` or `end none ;` the constraint of this number (or nothing) shows the claim.
    fn end(&mut self) -> Result<(), Fault> {
        let shown = if self.tokens.takes("none") { None } else { Some(self.tokens.natural()?) };
        self.tokens.expect(";")?;
        ensure(self.tokens.peek().is_empty(), malformed("something stands behind the end"))?;
        let nothing = Constraint::default();
        let constraint = shown.map_or(Ok(&nothing), |id| self.get(id))?;
        let contradiction = constraint.is_contradiction()?;
        let proven = if contradiction { i128::MAX } else { plus(self.structure.offset, self.least(constraint)?)? };
        match (self.structure.problem.bound, self.structure.problem.reached) {
            (None, None) if contradiction => Ok(()),
            (None, _) => Err(refuted("it is not shown that there is no network, or there is one")),
            (Some(bound), Some(reached)) if bound > reached => {
                Err(refuted("the bound is above the loss of the network"))
            }
            (Some(bound), _) if proven >= bound => Ok(()),
            (Some(bound), _) => Err(refuted(format!("it is not shown that the loss is at least {bound}"))),
        }
    }

    /// A number that the objective reaches by this constraint: its degree, less what its terms have beyond those of the objective; or 0.
    fn least(&self, constraint: &Constraint) -> Result<i128, Fault> {
        let weights: BTreeMap<Lit, i128> = self.structure.objective.iter().copied().collect();
        let beyond = constraint.terms().iter().map(|(lit, coefficient)| {
            Ok::<_, Fault>(minus(*coefficient, weights.get(lit).copied().unwrap_or(0))?.max(0))
        });
        let least = beyond.into_iter().try_fold(constraint.degree(), |least, beyond| minus(least, beyond?))?;
        Ok(least.max(0))
    }

    /// Whether propagation along the assumptions and then the constraints with these numbers, each once, ends in a conflict.
    fn refutes(&mut self, assumptions: &[Constraint], hints: &[usize]) -> Result<bool, Fault> {
        self.assignment = Assignment::default();
        self.tokens.budget.spend(self.variables >> 6)?;
        for assumption in assumptions {
            self.tokens.budget.spend(assumption.terms().len())?;
            if self.assignment.propagate(assumption)? {
                return Ok(true);
            }
        }
        for &hint in hints {
            let constraint = self.get(hint)?.clone();
            self.tokens.budget.spend(constraint.terms().len())?;
            if self.assignment.propagate(&constraint)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The constraint of this number: 0 is that the loss is below that of the network, then come the axioms, then what the steps derive.
    fn get(&self, id: usize) -> Result<&Constraint, Fault> {
        let axiom = id.checked_sub(1).map_or(self.cutoff.as_ref(), |at| self.structure.axioms.get(at));
        let found = axiom.or_else(|| self.entries.get(&id).map(|entry| &entry.0));
        found.ok_or_else(|| refuted(format!("there is no constraint {id}")))
    }

    /// Adds a constraint, of a lemma or not, under the next number.
    fn insert(&mut self, constraint: Constraint, lemma: bool) -> Result<(), Fault> {
        self.tokens.budget.hold(words(&constraint))?;
        self.last = self.last.checked_add(1).ok_or_else(too_large)?;
        self.entries.insert(self.last, (constraint, lemma));
        Ok(())
    }

    /// Reads `degree number*literal ..`, up to a `:` or `;`.
    fn constraint(&mut self) -> Result<Constraint, Fault> {
        let mut sum = Sum::new(self.tokens.count()?);
        self.add_terms(&mut sum)?;
        sum.divided(1)
    }

    /// Reads `number*literal ..`, up to a `:` or `;`: a variable, or its negation with `-` before it.
    fn add_terms(&mut self, sum: &mut Sum) -> Result<(), Fault> {
        while !matches!(self.tokens.peek(), ":" | ";") {
            let (times, word) = self.times()?;
            let var = signed(word, self.variables);
            let (var, value) = var.ok_or_else(|| malformed(format!("there is no variable `{word}`")))?;
            sum.add(Lit::new(var.saturating_add(1), value), times)?;
        }
        Ok(())
    }

    /// Reads `number*word` or `word`.
    fn times(&mut self) -> Result<(i128, &'t str), Fault> {
        let word = self.tokens.take();
        let Some((times, word)) = word.split_once('*') else { return Ok((1, word)) };
        let times = digits(times).filter(|&times| times > 0);
        Ok((times.ok_or_else(|| malformed("a positive number expected before `*`"))?, word))
    }
}

/// What a constraint takes in memory.
fn words(constraint: &Constraint) -> usize {
    constraint.terms().len().saturating_mul(4).saturating_add(16)
}

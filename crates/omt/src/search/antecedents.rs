//! The antecedents of what is learned, in the order in which unit propagation needs them.
//!
//! Analysis walks from the conflict back to the clause it learns; the walk here starts from the conflict, too, knows where
//! it may stop (at the learned literals and at level 0), and lists reasons after those they rest on. Literals at level 0
//! get unit clauses of their own before the next conflict is analysed.

use super::conflict::Conflict;
use super::literal::Lit;
use super::proof::Step;
use super::solver::Solver;
use super::trail::Reason;

impl Solver {
    /// Makes a literal true at level 0 that the proof has as the clause `step`.
    pub(super) fn enqueue_fact(&mut self, lit: Lit, step: Step) {
        self.trail.enqueue(lit, Reason::None);
        self.facts.units[lit.var().index()] = Some(step);
    }

    /// Takes false literals (at level 0) out of a clause; returns what the proof has as the rest.
    pub(super) fn without_false(&mut self, literals: &mut Vec<Lit>, step: Step) -> Step {
        let all = literals.len();
        let (gone, rest): (Vec<Lit>, Vec<Lit>) = literals.iter().partition(|&&l| self.trail.is_false(l));
        *literals = rest;
        if !self.sink.listens() || (literals.len() == all && all > 0) {
            return step;
        }
        self.certify_facts();
        let mut antecedents = self.unit_steps(&gone);
        antecedents.push(step);
        self.sink.learned(literals, &antecedents)
    }

    /// The conflict at hand as it is before analysis, if the proof wants it.
    pub(super) fn keep_conflict(&mut self) -> Option<Conflict> {
        if !self.sink.listens() {
            return None;
        }
        self.certify_facts();
        Some(self.conflict.clone())
    }

    /// Tells the proof of a learned clause.
    pub(super) fn log_learned(&mut self, learned: &[Lit], conflict: Option<Conflict>) -> Step {
        let Some(conflict) = conflict else { return Step::default() };
        let antecedents = self.antecedents(learned, &conflict);
        self.sink.learned(learned, &antecedents)
    }

    /// Tells the proof that the conflict at level 0 refutes the formula.
    pub(super) fn log_refutation(&mut self) {
        if let Some(conflict) = self.keep_conflict() {
            let mut antecedents = self.unit_steps(&conflict.literals);
            antecedents.push(conflict.step);
            self.sink.learned(&[], &antecedents);
        }
    }

    /// Tells the proof that not all assumptions of a core can hold, of which the trail makes `failed` false. All reasons on the
    /// way have been confirmed.
    pub(super) fn log_core(&mut self, core: &[Lit], failed: Lit) -> Step {
        if !self.sink.listens() {
            return Step::default();
        }
        self.certify_facts();
        let clause: Vec<Lit> = core.iter().map(|&lit| !lit).collect();
        let (literals, step) = match self.facts.units[failed.var().index()] {
            Some(unit) if self.trail.level_of(failed) == 0 => (Vec::new(), unit),
            _ => self.reason_step(!failed),
        };
        let antecedents = self.antecedents(&clause, &Conflict { literals, step });
        self.sink.learned(&clause, &antecedents)
    }

    /// The unit clauses that make these literals false.
    fn unit_steps(&self, falsified: &[Lit]) -> Vec<Step> {
        falsified.iter().filter_map(|lit| self.facts.units[lit.var().index()]).collect()
    }

    /// Derives the unit clauses of new literals at level 0.
    fn certify_facts(&mut self) {
        let facts = self.trail.starts.first().copied().unwrap_or(self.trail.literals.len());
        while self.facts.certified < facts {
            let lit = self.trail.literals[self.facts.certified];
            self.facts.certified += 1;
            if self.facts.units[lit.var().index()].is_none() {
                let (reasons, step) = self.reason_step(lit);
                let mut antecedents = self.unit_steps(&reasons);
                antecedents.push(step);
                self.facts.units[lit.var().index()] = Some(self.sink.learned(&[lit], &antecedents));
            }
        }
    }

    /// The false literals of the reason of the true literal `lit`, and the reason in the proof. Theories' reasons have been
    /// confirmed before.
    fn reason_step(&self, lit: Lit) -> (Vec<Lit>, Step) {
        let without = |clause: &mut dyn Iterator<Item = Lit>| clause.filter(|&l| l != lit).collect();
        match self.trail.reason_of(lit) {
            // Nothing is looked ahead at while a proof is written.
            Reason::None | Reason::Ahead(_) => (Vec::new(), Step::default()),
            Reason::Clause(clause) => {
                (without(&mut self.clauses.arena.literals(clause)), self.clauses.arena.step(clause))
            }
            Reason::Counter(number) => {
                let counter = self.counters.at(number);
                (counter.explain(Some(!lit)).iter().map(|&l| !l).collect(), counter.step)
            }
            Reason::Theory(index) => {
                let (clause, step) = self.theories.confirmed(index);
                (without(&mut clause.iter().copied()), step)
            }
        }
    }

    /// Post-order over the implication graph from the conflict to the learned literals.
    fn antecedents(&self, learned: &[Lit], conflict: &Conflict) -> Vec<Step> {
        let mut done = vec![false; self.trail.levels.len()];
        learned.iter().for_each(|lit| done[lit.var().index()] = true);
        let mut units = Vec::new();
        let mut steps = Vec::new();
        // Literals still to look at, and below them the step to list once they are through.
        let mut stack: Vec<(Vec<Lit>, Step)> = vec![(conflict.literals.clone(), conflict.step)];
        while let Some((open, step)) = stack.last_mut() {
            let Some(lit) = open.pop() else {
                steps.push(*step);
                stack.pop();
                continue;
            };
            let var = lit.var().index();
            if std::mem::replace(&mut done[var], true) {
                continue;
            }
            if self.trail.levels[var] == 0 {
                units.extend(self.facts.units[var]);
            } else {
                stack.push(self.reason_step(!lit));
            }
        }
        units.extend(steps);
        units
    }
}

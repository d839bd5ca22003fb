//! Conflict analysis: first unique implication point, minimisation, backjumping.

use super::arena::Origin;
use super::literal::Lit;
use super::proof::Step;
use super::solver::Solver;
use super::told::Learned;
use super::trail::{Reason, Unconfirmed};
use budget::Stop;

/// Calls of the minimisation within each other: a limit on the stack, which longer chains of reasons do not pay for.
const DEEPEST: u32 = 200;

const SEEN: u8 = 1;
const REMOVABLE: u8 = 2;
const NEEDED: u8 = 3;

#[allow(clippy::cast_possible_truncation)]
impl Solver {
    /// Handles the conflict in `self.conflict.literals`: learns a clause, backjumps and asserts it. Refutes the formula if the conflict is
    /// at level 0. Once `stop` says so, implications of theories are not confirmed any more, and nothing may be learned.
    pub(super) fn resolve_conflict(&mut self, stop: &Stop<'_>) {
        self.counts.conflicts += 1;
        let highest = self.conflict.literals.iter().map(|&l| self.trail.level_of(l)).max().unwrap_or(0);
        if highest == 0 {
            self.consistent = false;
            self.log_refutation();
            return;
        }
        self.backtrack(highest);
        let mut learned = Vec::new();
        let conflict = self.keep_conflict();
        let outcome = self.first_uip(&mut learned, stop);
        match outcome {
            Ok(()) => {
                let step = self.log_learned(&learned, conflict);
                self.learn(learned, step);
            }
            Err(Unconfirmed(lit)) => self.retract_guess(lit),
        }
    }

    /// Undoes a literal that a theory guessed wrongly. Until a clause is learned its neuron guesses no more; so the search comes to a clause
    /// or a solution before as many guesses are refused as there are neurons.
    pub(super) fn retract_guess(&mut self, lit: Lit) {
        if let Reason::Theory(index) = self.trail.reason_of(lit) {
            self.theories.refused(index);
        }
        let level = self.trail.level_of(lit);
        self.backtrack(level.saturating_sub(1));
    }

    /// Appends to `into` the false literals of the reason of the true literal `lit` (without `lit`).
    pub(super) fn reason_literals(
        &mut self,
        lit: Lit,
        into: &mut Vec<Lit>,
        stop: &Stop<'_>,
    ) -> Result<(), Unconfirmed> {
        match self.trail.reason_of(lit) {
            Reason::None => {}
            Reason::Clause(clause) => {
                self.clauses.touch(clause, &self.trail);
                into.extend(self.clauses.arena.literals(clause).filter(|&l| l != lit));
            }
            Reason::Counter(number) => {
                into.extend(self.counters.at(number).explain(Some(!lit)).iter().map(|&l| !l));
            }
            Reason::Ahead(index) => into.extend(self.ahead.exclusion(index)),
            Reason::Theory(index) => {
                let theories = &mut self.theories;
                let confirmed = theories.confirm(index, &mut *self.sink, &mut self.counts, stop);
                let clause = confirmed.ok_or(Unconfirmed(lit))?;
                into.extend(clause.iter().copied().filter(|&l| l != lit));
            }
        }
        Ok(())
    }

    fn first_uip(&mut self, learned: &mut Vec<Lit>, stop: &Stop<'_>) -> Result<(), Unconfirmed> {
        let level = self.trail.level();
        let mut open = 0_usize;
        let mut position = self.trail.literals.len();
        let mut literals = std::mem::take(&mut self.conflict.literals);
        let mut marked: Vec<Lit> = Vec::new();
        learned.push(Lit(0));
        let outcome = loop {
            for &lit in &literals {
                let var = lit.var();
                if self.seen[var.index()] != 0 || self.trail.levels[var.index()] == 0 {
                    continue;
                }
                self.seen[var.index()] = SEEN;
                marked.push(lit);
                self.order.bump(lit);
                if self.trail.levels[var.index()] == level {
                    open += 1;
                } else {
                    learned.push(lit);
                }
            }
            let uip = loop {
                position -= 1;
                let lit = self.trail.literals[position];
                if self.seen[lit.var().index()] != 0 && self.trail.level_of(lit) == level {
                    break lit;
                }
            };
            open -= 1;
            if open == 0 {
                learned[0] = !uip;
                break Ok(());
            }
            literals.clear();
            if let Err(unconfirmed) = self.reason_literals(uip, &mut literals, stop) {
                break Err(unconfirmed);
            }
        };
        if outcome.is_ok() {
            self.minimise(learned, &mut marked, stop);
        }
        for lit in marked {
            self.seen[lit.var().index()] = 0;
        }
        self.conflict.literals = literals;
        outcome
    }

    /// Drops literals that the others imply (recursive minimisation).
    fn minimise(&mut self, learned: &mut Vec<Lit>, marked: &mut Vec<Lit>, stop: &Stop<'_>) {
        let levels: u64 = learned.iter().fold(0, |set, &l| set | 1 << (self.trail.level_of(l) & 63));
        let mut kept = 1;
        for k in 1..learned.len() {
            let lit = learned[k];
            if self.trail.reason_of(lit) == Reason::None || !self.implied_by_rest(lit, levels, marked, 0, stop) {
                learned[kept] = lit;
                kept += 1;
            }
        }
        learned.truncate(kept);
    }

    /// Whether the false literal `lit` follows from marked literals.
    fn implied_by_rest(&mut self, lit: Lit, levels: u64, marked: &mut Vec<Lit>, depth: u32, stop: &Stop<'_>) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let mut reasons = Vec::new();
        if self.reason_literals(!lit, &mut reasons, stop).is_err() {
            return false;
        }
        for other in reasons {
            let var = other.var().index();
            let level = self.trail.levels[var];
            match self.seen[var] {
                SEEN | REMOVABLE => continue,
                NEEDED => return false,
                _ if level == 0 => continue,
                _ => {}
            }
            let hopeless = self.trail.reasons[var] == Reason::None || levels & 1 << (level & 63) == 0;
            if hopeless || !self.implied_by_rest(other, levels, marked, depth + 1, stop) {
                if self.seen[var] == 0 {
                    self.seen[var] = NEEDED;
                    marked.push(other);
                }
                return false;
            }
            if self.seen[var] == 0 {
                self.seen[var] = REMOVABLE;
                marked.push(other);
            }
        }
        true
    }

    fn learn(&mut self, mut learned: Vec<Lit>, step: Step) {
        self.theories.embolden();
        let glue = self.trail.glue(learned.iter().copied());
        self.restarts.learned(glue);
        let (size, level) = (learned.len() as u32, self.trail.level());
        if learned.len() == 1 {
            self.backtrack(0);
            if self.trail.is_false(learned[0]) {
                self.consistent = false;
                self.conflict.literals.clone_from(&learned);
                self.conflict.step = step;
                self.log_refutation();
            } else if self.trail.is_free(learned[0]) {
                self.enqueue_fact(learned[0], step);
            }
        } else {
            if let Some(second) = (1..learned.len()).max_by_key(|&k| self.trail.level_of(learned[k])) {
                learned.swap(1, second);
            }
            self.backtrack(self.trail.level_of(learned[1]));
            let clause = self.clauses.attach(&learned, Origin::Learned, glue, step);
            self.trail.enqueue(learned[0], Reason::Clause(clause));
        }
        if let Some(told) = &mut self.told {
            told.push(Learned { size, glue, level, backjump: self.trail.level() });
        }
        self.order.decay();
    }

    /// The assumptions that make the assumption `failed` false, with itself, and the clause that says so in the proof.
    pub(super) fn core_of(&mut self, failed: Lit, stop: &Stop<'_>) -> Result<(Vec<Lit>, Step), Unconfirmed> {
        let mut unconfirmed = None;
        let mut core = vec![failed];
        let mut queue = vec![!failed];
        let mut marked = vec![failed.var()];
        self.seen[failed.var().index()] = SEEN;
        while let Some(lit) = queue.pop() {
            if self.trail.level_of(lit) == 0 {
                continue;
            }
            if self.trail.reason_of(lit) == Reason::None {
                core.push(lit);
                continue;
            }
            let mut reasons = Vec::new();
            if let Err(error) = self.reason_literals(lit, &mut reasons, stop) {
                unconfirmed = Some(error);
                break;
            }
            for other in reasons {
                let var = other.var();
                if self.seen[var.index()] == 0 {
                    self.seen[var.index()] = SEEN;
                    marked.push(var);
                    queue.push(!other);
                }
            }
        }
        for var in marked {
            self.seen[var.index()] = 0;
        }
        unconfirmed.map_or(Ok(()), Err)?;
        let step = self.log_core(&core, failed);
        Ok((core, step))
    }
}

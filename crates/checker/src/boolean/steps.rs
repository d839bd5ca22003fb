//! The proof, step by step.

use super::assignment::Assignment;
use super::constraint::{Constraint, Lit, TooLarge};
use super::objective::Objective;
use super::report::Report;
use super::run::Run;
use super::{conclusion, hints, polish, strengthening};
use crate::Error;
use crate::model::shorten;
use std::collections::BTreeSet;

impl Run<'_> {
    /// All of the proof.
    pub fn check(mut self) -> Result<Report, Error> {
        for word in ["pseudo-Boolean", "proof", "version", "3.0"] {
            self.tokens.keyword(word)?;
        }
        let header = self.tokens.line();
        self.tokens.next("a rule")?;
        if header != 1 || self.tokens.line() == header {
            return Err(self.tokens.malformed("expected the header on the first line, alone"));
        }
        while self.tokens.current() != "output" {
            self.step()?;
            self.tokens.next("a rule or `output`")?;
        }
        let conclusion = conclusion::check(&mut self)?;
        Ok(Report {
            conclusion,
            variables: self.names.len(),
            constraints: self.constraints,
            derived: self.database.last_id() - self.constraints,
            most_alive: self.most_alive,
        })
    }

    /// One rule, whose label or name is the current token.
    fn step(&mut self) -> Result<(), Error> {
        let label = self.tokens.label()?;
        if label.is_some() {
            self.tokens.next("a rule")?;
        }
        let derived = match self.tokens.current() {
            "rup" => Some((self.rup()?, false)),
            "pol" => Some((polish::derive(self)?, false)),
            "red" => Some((strengthening::derive(self)?, false)),
            "soli" => Some((self.solution(true)?, true)),
            "sol" | "f" | "del" if label.is_some() => {
                return Err(self.tokens.malformed("a label before a rule that derives nothing"));
            }
            "sol" => {
                self.solution(false)?;
                None
            }
            "f" => {
                self.count()?;
                None
            }
            "del" => {
                self.delete()?;
                None
            }
            _ => return Err(self.tokens.expected("a rule (f, rup, pol, red, sol, soli, del or output)")),
        };
        if let Some((constraint, core)) = derived {
            self.add(&constraint, core)?;
            if let Some(label) = label {
                let what = format!("label `@{}` stands twice", shorten(&label));
                if self.labels.insert(label, self.database.last_id()).is_some() {
                    return Err(self.tokens.malformed(what));
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, constraint: &Constraint, core: bool) -> Result<(), Error> {
        self.database.add(constraint, core).map_err(|large| self.large(large))?;
        self.alive += 1;
        self.most_alive = self.most_alive.max(self.alive);
        Ok(())
    }

    /// `f n`: the formula has n constraints.
    fn count(&mut self) -> Result<(), Error> {
        self.tokens.next("the number of constraints")?;
        let count = self.tokens.integer("the number of constraints")?;
        if usize::try_from(count) != Ok(self.constraints) {
            let what = format!("the formula has {} constraints, not {count}", self.constraints);
            return Err(self.tokens.refuted(what));
        }
        self.tokens.keyword(";")
    }

    /// `rup C` or `rup C : id ..`: the negation of C is refuted by unit propagation, with all live constraints or with
    /// the listed ones (`~` is the negation).
    fn rup(&mut self) -> Result<Constraint, Error> {
        let line = self.tokens.line();
        self.tokens.next("a constraint")?;
        let constraint = self.tokens.constraint(&mut self.names)?;
        let negation = constraint.negation().map_err(|large| self.large(large))?;
        let refuted = if self.tokens.current() == ":" {
            // They are visited over and over: one that stands twice counts once.
            let (mut ids, mut seen) = (vec![], BTreeSet::new());
            while self.tokens.next("an id, `~` or `;`")? != ";" {
                if self.tokens.current() != "~" {
                    let id = self.id()?;
                    if seen.insert(id) {
                        ids.push(id);
                    }
                }
            }
            let mut listed = vec![negation];
            for id in ids {
                listed.push(self.live(id)?);
            }
            let (refuted, steps) = hints::refute(&listed);
            self.tokens.spend(steps)?;
            refuted
        } else {
            self.tokens.semicolon()?;
            self.refutes(&[&negation])?
        };
        if refuted {
            Ok(constraint)
        } else {
            Err(self.tokens.refuted_at(line, "rup: unit propagation does not refute the negation of the constraint"))
        }
    }

    /// `del id ..`, `del range from to` (without the latter) or `del spec C`. What the formula or a solution says stays: only
    /// while it does, solutions of the live constraints are solutions of the formula.
    fn delete(&mut self) -> Result<(), Error> {
        match self.tokens.next("id, range or spec")? {
            "id" => {
                while self.tokens.next("an id or `;`")? != ";" {
                    let id = self.id()?;
                    self.live(id)?;
                    self.remove(id)?;
                }
                Ok(())
            }
            "range" => {
                self.tokens.next("an id")?;
                let from = self.id()?;
                self.tokens.next("an id")?;
                let after = self.database.last_id() + 1;
                let beyond = usize::try_from(self.tokens.integer("the id of a constraint").unwrap_or(0)) == Ok(after);
                let to = if beyond { after } else { self.id()? };
                if from > to {
                    return Err(self.tokens.refuted("the range is empty"));
                }
                (from..to).try_for_each(|id| self.remove(id))?;
                self.tokens.keyword(";")
            }
            "spec" => {
                self.tokens.next("a constraint")?;
                let constraint = self.tokens.constraint(&mut self.names)?;
                self.tokens.semicolon()?;
                self.tokens.spend(self.database.last_id())?;
                let same = self.database.rows().filter(|(_, row)| row.constraint() == constraint);
                match same.map(|(id, _)| id).collect::<Vec<_>>()[..] {
                    [id] => self.remove(id),
                    [] => Err(self.tokens.refuted("no live constraint is this one")),
                    _ => Err(self.tokens.refuted("several live constraints are this one; delete by id")),
                }
            }
            _ => Err(self.tokens.expected("id, range or spec")),
        }
    }

    /// Deletes a constraint, if it is alive.
    fn remove(&mut self, id: usize) -> Result<(), Error> {
        match self.database.get(id) {
            Some(row) if row.core => {
                Err(self.tokens.refuted(format!("constraint {id} is not derived and must not be deleted")))
            }
            Some(_) => {
                self.database.remove(id);
                self.alive = self.alive.saturating_sub(1);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// `sol` or `soli literal .. [: value]`: the literals satisfy every live constraint. Returns the constraint that the
    /// objective is less, for `soli`.
    fn solution(&mut self, improve: bool) -> Result<Constraint, Error> {
        let line = self.tokens.line();
        let objective = match &self.objective {
            Some(objective) => objective.clone(),
            None if improve => return Err(self.tokens.refuted("soli, but the formula has no objective")),
            None => Objective::new(vec![], 0).map_err(|large| self.large(large))?,
        };
        self.tokens.next("a literal or `;`")?;
        let values = self.assignment()?;
        let value = self.value(&values, &objective, line)?;
        if self.tokens.current() == ":" {
            self.tokens.next("the value of the objective")?;
            if self.tokens.integer("the value of the objective")? != value {
                return Err(self.tokens.refuted(format!("the solution has the value {value}")));
            }
            self.tokens.next("`;`")?;
        }
        self.tokens.semicolon()?;
        self.tokens.spend(self.database.last_id())?;
        if let Some((id, _)) = self.database.rows().find(|(_, row)| !row.satisfied(|lit| values.is_true(lit))) {
            return Err(self.tokens.refuted_at(line, format!("the solution does not satisfy constraint {id}")));
        }
        self.best = Some(self.best.map_or(value, |best| best.min(value)));
        let better = value.checked_sub(1).ok_or(TooLarge).and_then(|value| objective.at_most(value));
        better.map_err(|large| self.large(large))
    }

    /// Literals up to the `;` or `:` that becomes the current token.
    pub fn assignment(&mut self) -> Result<Assignment, Error> {
        let mut values = Assignment::default();
        while !matches!(self.tokens.current(), ";" | ":") {
            let lit = self.tokens.literal(&mut self.names)?;
            if values.is_true(lit) || values.is_false(lit) {
                return Err(self.tokens.refuted("a variable stands twice in a solution"));
            }
            values.set(lit);
            self.tokens.next("a literal or `;`")?;
        }
        Ok(values)
    }

    /// The objective at an assignment that decides all of its variables.
    pub fn value(&self, values: &Assignment, objective: &Objective, line: u64) -> Result<i64, Error> {
        let open = |lit: Lit| !values.is_true(lit) && !values.is_false(lit);
        if objective.terms().iter().any(|&(_, lit)| open(lit)) {
            return Err(self.tokens.refuted_at(line, "the solution leaves a variable of the objective open"));
        }
        Ok(objective.value(|lit| values.is_true(lit)))
    }
}

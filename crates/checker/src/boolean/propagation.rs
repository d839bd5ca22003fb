//! Unit propagation: clauses by two watched literals, everything else by counting.
//!
//! What follows from the live constraints alone (level 0) stays on the trail between checks. It is computed anew only
//! after a constraint went that one of its literals rests on. Every check works above level 0 and is undone.
//!
//! Invariants between calls, unless `stale` or `contradictory`: the first `head` literals of the trail are propagated;
//! the slack of a counted row leaves out exactly those of its literals that one of them makes false; of the watched
//! literals of a clause one is true, or both are open, as far as the trail is propagated.

use super::assignment::Assignment;
use super::constraint::{Constraint, Lit, TooLarge, Var};
use super::row::Row;

/// An entry of a watch list; if `blocker` is true the row need not be looked at.
#[derive(Clone, Copy, Debug)]
struct Watch {
    id: u32,
    blocker: Lit,
}

/// The live constraints by id, and what they imply by unit propagation.
#[derive(Debug, Default)]
pub(crate) struct Propagator {
    /// Row i has the id i + 1.
    rows: Vec<Option<Row>>,
    /// The id of the first row that ever held a variable.
    first: Vec<Option<u32>>,
    /// Watched rows to visit when this literal becomes false, by literal; may name rows that are gone.
    watches: Vec<Vec<Watch>>,
    /// Counted rows with this literal and its coefficient, by literal.
    occurrences: Vec<Vec<(u32, i64)>>,
    values: Assignment,
    /// The row from which the value of a variable follows.
    reasons: Vec<Option<u32>>,
    trail: Vec<Lit>,
    head: usize,
    /// Level 0 has a conflict.
    contradictory: bool,
    /// Terms and watches visited, for the budget of the check.
    steps: usize,
    /// A row is gone that level 0 rests on.
    stale: bool,
}

/// How a visit to a watched row ends.
enum Visit {
    /// It watches another literal now, or is gone.
    Moved,
    /// It still watches the literal; the other one is given.
    Kept(Lit),
    /// It implies its other literal.
    Unit(Lit),
    Conflict,
}

/// The entry of a list that grows as needed.
fn slot<T: Default>(list: &mut Vec<T>, index: usize) -> Option<&mut T> {
    if list.len() <= index {
        list.resize_with(index + 1, T::default);
    }
    list.get_mut(index)
}

fn row_at(rows: &mut [Option<Row>], id: u32) -> Option<&mut Row> {
    rows.get_mut((id as usize).checked_sub(1)?)?.as_mut()
}

impl Propagator {
    /// The steps since they were asked for last.
    pub fn take_steps(&mut self) -> usize {
        std::mem::take(&mut self.steps)
    }

    /// How many ids are used; the last one.
    pub fn last_id(&self) -> usize {
        self.rows.len()
    }

    pub fn get(&self, id: usize) -> Option<&Row> {
        self.rows.get(id.checked_sub(1)?)?.as_ref()
    }

    /// Live rows.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().enumerate().filter_map(|(at, row)| Some((at + 1, row.as_ref()?)))
    }

    /// Live rows that hold one of these variables.
    pub fn rows_with(&self, has: impl Fn(Var) -> bool, vars: impl Iterator<Item = Var>) -> Vec<(usize, &Row)> {
        // New variables stand in the last rows only.
        let first = |var: Var| self.first.get(var.index()).copied().flatten();
        let Some(from) = vars.filter_map(first).min() else { return Vec::new() };
        let rows = self.rows.iter().enumerate().skip((from as usize).saturating_sub(1));
        let rows = rows.filter_map(|(at, row)| Some((at + 1, row.as_ref()?)));
        rows.filter(|(_, row)| row.lits().iter().any(|lit| has(lit.var()))).collect()
    }

    /// Adds a constraint under the next id. More than 2^32 are refused.
    pub fn add(&mut self, constraint: &Constraint, core: bool) -> Result<(), TooLarge> {
        self.settle();
        let id = u32::try_from(self.rows.len() + 1).map_err(|_| TooLarge)?;
        for (_, lit) in constraint.terms() {
            if let Some(first) = slot(&mut self.first, lit.var().index()) {
                first.get_or_insert(id);
            }
        }
        let conflict = self.attach(Row::new(constraint, core))?;
        self.contradictory |= conflict;
        Ok(())
    }

    /// Removes a live row; its id is not used again.
    pub fn remove(&mut self, id: usize) -> Option<Row> {
        let row = self.rows.get_mut(id.checked_sub(1)?)?.take()?;
        let id = u32::try_from(id).ok()?;
        self.forget_occurrences(id, &row);
        let rests = |lit: &Lit| self.values.is_true(*lit) && self.reasons.get(lit.var().index()) == Some(&Some(id));
        self.stale |= self.contradictory || row.lits().iter().any(rests);
        Some(row)
    }

    fn forget_occurrences(&mut self, id: u32, row: &Row) {
        for lit in row.lits().iter().filter(|_| !row.watched) {
            if let Some(list) = self.occurrences.get_mut(lit.index())
                && let Some(at) = list.iter().rposition(|&(other, _)| other == id)
            {
                list.swap_remove(at);
            }
        }
    }

    /// Whether the live constraints and the assumptions lead to a conflict by unit propagation. Leaves no trace.
    pub fn refutes(&mut self, assumptions: &[&Constraint]) -> Result<bool, TooLarge> {
        self.settle();
        if self.contradictory {
            return Ok(true);
        }
        let (literals, rows) = (self.trail.len(), self.rows.len());
        let mut conflict = false;
        for assumption in assumptions {
            // Assumed rows stand at the end and go again, so they must not be named in watch lists.
            conflict = conflict || self.attach(Row::counted(assumption))? || self.propagate();
        }
        while self.rows.len() > rows {
            let id = u32::try_from(self.rows.len()).map_err(|_| TooLarge)?;
            if let Some(row) = self.rows.pop().flatten() {
                self.forget_occurrences(id, &row);
            }
        }
        self.undo(literals);
        Ok(conflict)
    }

    /// Brings level 0 up to date.
    fn settle(&mut self) {
        if self.stale {
            self.undo(0);
            (self.stale, self.contradictory) = (false, false);
            for at in 0..self.rows.len() {
                let Some(Some(row)) = self.rows.get_mut(at) else { continue };
                row.slack = row.full_slack();
                if !row.watched {
                    self.contradictory |= self.scan(u32::try_from(at + 1).unwrap_or(0));
                }
            }
        }
        self.contradictory = self.contradictory || self.propagate();
    }

    /// Adds a row and enqueues what follows from it; true on a conflict. All of the trail is propagated, or
    /// contradictory.
    fn attach(&mut self, mut row: Row) -> Result<bool, TooLarge> {
        let id = u32::try_from(self.rows.len() + 1).map_err(|_| TooLarge)?;
        let values = &self.values;
        if !row.watched {
            for (coefficient, lit) in row.terms() {
                if let Some(list) = slot(&mut self.occurrences, lit.index()) {
                    list.push((id, coefficient));
                }
            }
            let open = row.terms().filter(|&(_, lit)| values.is_false(lit)).map(|(coefficient, _)| coefficient);
            row.slack = row.full_slack() - open.sum::<i64>();
            self.rows.push(Some(row));
            return Ok(self.scan(id));
        }
        // Literals that are not false come first.
        row.lits_mut().sort_by_key(|&lit| values.is_false(lit));
        let &[first, second, ..] = row.lits() else { return Ok(false) };
        self.rows.push(Some(row));
        for (lit, blocker) in [(first, second), (second, first)] {
            if let Some(list) = slot(&mut self.watches, lit.index()) {
                list.push(Watch { id, blocker });
            }
        }
        if self.values.is_false(first) {
            return Ok(true);
        }
        if self.values.is_false(second) {
            self.enqueue(first, id);
        }
        Ok(false)
    }

    /// Makes a literal true that is not false.
    fn enqueue(&mut self, lit: Lit, reason: u32) {
        if !self.values.is_true(lit) {
            self.values.set(lit);
            self.trail.push(lit);
            if let Some(slot) = slot(&mut self.reasons, lit.var().index()) {
                *slot = Some(reason);
            }
        }
    }

    /// Takes back what was assigned after the first `length` literals.
    fn undo(&mut self, length: usize) {
        while self.trail.len() > length {
            let Some(lit) = self.trail.pop() else { break };
            self.values.unset(lit);
            if self.trail.len() < self.head {
                for &(id, coefficient) in self.occurrences.get((!lit).index()).map_or(&[][..], Vec::as_slice) {
                    if let Some(row) = row_at(&mut self.rows, id) {
                        row.slack += coefficient;
                    }
                }
            }
        }
        self.head = self.head.min(length);
    }

    /// Propagates what is on the trail; true on a conflict.
    fn propagate(&mut self) -> bool {
        while let Some(&lit) = self.trail.get(self.head) {
            self.head += 1;
            if self.count(!lit) || self.visit_all(!lit) {
                return true;
            }
        }
        false
    }

    /// Subtracts a literal that became false from the counted rows; true on a conflict.
    fn count(&mut self, falsified: Lit) -> bool {
        let Some(list) = self.occurrences.get_mut(falsified.index()) else { return false };
        let list = std::mem::take(list);
        self.steps += list.len();
        for &(id, coefficient) in &list {
            if let Some(row) = row_at(&mut self.rows, id) {
                row.slack -= coefficient;
            }
        }
        let conflict = list.iter().any(|&(id, _)| self.scan(id));
        if let Some(slot) = self.occurrences.get_mut(falsified.index()) {
            *slot = list;
        }
        conflict
    }

    /// Enqueues what a counted row implies; true if it cannot be satisfied any more.
    fn scan(&mut self, id: u32) -> bool {
        let Some(row) = row_at(&mut self.rows, id) else { return false };
        if row.slack < 0 {
            return true;
        }
        let slack = row.slack;
        self.steps += 1;
        // What is false and not yet propagated is left alone: its propagation ends in a conflict.
        let open = |lit: &Lit| !self.values.is_true(*lit) && !self.values.is_false(*lit);
        let forced = row.terms().take_while(|&(coefficient, _)| coefficient > slack).map(|(_, lit)| lit);
        let forced: Vec<Lit> = forced.filter(open).collect();
        forced.into_iter().for_each(|lit| self.enqueue(lit, id));
        false
    }

    /// Visits the rows that watch a literal that became false; true on a conflict.
    fn visit_all(&mut self, falsified: Lit) -> bool {
        let Some(list) = self.watches.get_mut(falsified.index()) else { return false };
        let mut list = std::mem::take(list);
        self.steps += list.len();
        let mut conflict = false;
        list.retain_mut(|watch| {
            if conflict || self.values.is_true(watch.blocker) {
                return true;
            }
            match self.visit(watch.id, falsified) {
                Visit::Moved => return false,
                Visit::Kept(other) => watch.blocker = other,
                Visit::Unit(other) => {
                    watch.blocker = other;
                    self.enqueue(other, watch.id);
                }
                Visit::Conflict => conflict = true,
            }
            true
        });
        // Nothing was added to it: a row never watches a false literal anew.
        if let Some(slot) = self.watches.get_mut(falsified.index()) {
            *slot = list;
        }
        conflict
    }

    fn visit(&mut self, id: u32, falsified: Lit) -> Visit {
        let Some(row) = row_at(&mut self.rows, id) else { return Visit::Moved };
        let [first, second, rest @ ..] = row.lits_mut() else { return Visit::Moved };
        if *first == falsified {
            std::mem::swap(first, second);
        }
        if self.values.is_true(*first) {
            return Visit::Kept(*first);
        }
        let mut visited = 0;
        let other = rest.iter_mut().inspect(|_| visited += 1).find(|lit| !self.values.is_false(**lit));
        self.steps += visited;
        if let Some(other) = other {
            std::mem::swap(second, other);
            if let Some(list) = slot(&mut self.watches, second.index()) {
                list.push(Watch { id, blocker: *first });
            }
            return Visit::Moved;
        }
        if self.values.is_false(*first) { Visit::Conflict } else { Visit::Unit(*first) }
    }
}

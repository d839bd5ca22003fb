//! Unit propagation that remembers why: from it come the hints of the kernel file, in the order in which the kernel visits them.

use kernel::constraint::{Constraint, Lit};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What was visited and set something: the constraint, unless it is an assumption, and the literals that were false then.
struct Visit {
    hint: Option<usize>,
    set: Vec<Lit>,
    lits: Vec<Lit>,
}

/// Values and how they came about.
#[derive(Default)]
struct Trail {
    values: BTreeMap<usize, (bool, usize)>,
    visits: Vec<Visit>,
}

impl Trail {
    fn is_false(&self, lit: Lit) -> bool {
        self.values.get(&lit.var()).is_some_and(|&(value, _)| value != lit.value())
    }

    /// What a constraint implies; true if it is violated.
    fn visit(&mut self, hint: Option<usize>, constraint: &Constraint) -> bool {
        let terms = constraint.terms();
        let open: i128 = terms.iter().filter(|(lit, _)| !self.is_false(*lit)).map(|(_, coefficient)| coefficient).sum();
        let slack = open - constraint.degree();
        let forced =
            terms.iter().filter(|&&(lit, coefficient)| coefficient > slack && !self.values.contains_key(&lit.var()));
        let set: Vec<Lit> = if slack < 0 { vec![] } else { forced.map(|&(lit, _)| lit).collect() };
        if slack >= 0 && set.is_empty() {
            return false;
        }
        let lits = terms.iter().map(|&(lit, _)| lit).filter(|&lit| self.is_false(lit)).collect();
        for &lit in &set {
            self.values.insert(lit.var(), (lit.value(), self.visits.len()));
        }
        self.visits.push(Visit { hint, set, lits });
        slack < 0
    }

    /// The hints that the last visit, a conflict, rests on, in order.
    fn hints(&self) -> Vec<usize> {
        let mut needed = BTreeSet::from([self.visits.len() - 1]);
        let mut hints = Vec::new();
        while let Some(at) = needed.pop_last() {
            let visit = &self.visits[at];
            hints.extend(visit.hint);
            let reasons = visit.lits.iter().filter_map(|lit| self.values.get(&lit.var())).map(|&(_, reason)| reason);
            needed.extend(reasons.filter(|&reason| reason < at));
        }
        hints.reverse();
        hints
    }
}

/// Hints that refute the assumptions, out of a list of constraints; `None` if they do not.
pub fn among(assumptions: &[Constraint], listed: &[(usize, Constraint)]) -> Option<Vec<usize>> {
    let mut trail = Trail::default();
    if assumptions.iter().any(|assumption| trail.visit(None, assumption)) {
        return Some(trail.hints());
    }
    loop {
        let before = trail.visits.len();
        for (id, constraint) in listed {
            if trail.visit(Some(*id), constraint) {
                return Some(trail.hints());
            }
        }
        if trail.visits.len() == before {
            return None;
        }
    }
}

/// Constraints by the literals they hold.
#[derive(Default)]
pub struct Database {
    rows: BTreeMap<usize, Constraint>,
    with: BTreeMap<Lit, Vec<usize>>,
    /// Rows that may imply something by themselves.
    units: BTreeSet<usize>,
}

impl Database {
    /// Adds a constraint.
    pub fn add(&mut self, id: usize, constraint: Constraint) {
        for &(lit, _) in constraint.terms() {
            self.with.entry(lit).or_default().push(id);
        }
        let sum: i128 = constraint.terms().iter().map(|term| term.1).sum();
        let largest = constraint.terms().iter().map(|term| term.1).max().unwrap_or(0);
        if sum - constraint.degree() < largest {
            self.units.insert(id);
        }
        self.rows.insert(id, constraint);
    }

    /// Takes a constraint away.
    pub fn remove(&mut self, id: usize) {
        self.units.remove(&id);
        let Some(constraint) = self.rows.remove(&id) else { return };
        for (lit, _) in constraint.terms() {
            // Numbers rise, so lists are sorted, and what goes soonest came last.
            let Some(list) = self.with.get_mut(lit) else { continue };
            if let Ok(at) = list.binary_search(&id) {
                list.remove(at);
            }
        }
    }

    /// Hints that refute the assumptions, out of all constraints; `None` if they do not.
    pub fn refute(&self, assumptions: &[Constraint]) -> Option<Vec<usize>> {
        let mut trail = Trail::default();
        let mut queue: VecDeque<Lit> = VecDeque::new();
        let units = self.units.iter().filter_map(|id| Some((Some(*id), self.rows.get(id)?)));
        let visits: Vec<_> = assumptions.iter().map(|assumption| (None, assumption)).chain(units).collect();
        for (hint, constraint) in visits {
            if trail.visit(hint, constraint) {
                return Some(trail.hints());
            }
        }
        queue.extend(trail.visits.iter().flat_map(|visit| &visit.set));
        while let Some(lit) = queue.pop_front() {
            for &id in self.with.get(&lit.negated()).map_or(&[][..], Vec::as_slice) {
                let before = trail.visits.len();
                if self.rows.get(&id).is_some_and(|row| trail.visit(Some(id), row)) {
                    return Some(trail.hints());
                }
                queue.extend(trail.visits[before..].iter().flat_map(|visit| &visit.set));
            }
        }
        None
    }
}

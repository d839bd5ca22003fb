//! Look-ahead bounds: disjoint weighted cores among the free penalties of a node.
//!
//! At a node that has paid `sum` of `bound`, penalties are assumed not to be paid, one after the other, and what follows is
//! propagated through clauses and theories. A conflict, or a penalty that has to be paid after all, is a core: of
//! its penalties one at least is paid below this node. It charges the least weight that is left among them, what is charged is
//! used up, and the walk goes on with the rest. When the charges exceed `bound - sum` the node is closed: the literals
//! that the cores rest on, and the payments, are a conflict clause. Otherwise a penalty that no longer fits beside the
//! charges is never paid below this node.
//!
//! A core that floats guessed is confirmed in exact arithmetic before it counts, like every conflict. Whether a node is looked at is
//! decided by what came of it before ([`super::schedule`]).
//!
//! Reference: C.-M. Li, Z. Xu, J. Coll, F. Manyà, D. Habet and K. He, Combining clause learning and branch and bound
//! for MaxSAT, CP 2021 (sections 3 and 4).

use super::ahead::{Ahead, LookAhead};
use super::literal::Lit;
use super::proof::Step;
use super::solver::Solver;
use super::trail::{Reason, Unconfirmed};
use budget::Stop;
use std::cmp::Reverse;

/// How the walk over the penalties ended.
enum Walk {
    /// All assumed, or charged.
    Through,
    /// More is charged than may be paid.
    Exceeded,
    /// A core without penalties: the node itself is in conflict.
    Conflict,
    /// A guess was refused, or a fact was found: this node is no longer what it was.
    Lost,
}

/// What came of assumptions.
enum Met {
    Nothing,
    /// This penalty has to be paid.
    Penalty(Lit),
    /// The conflict stands in [`Solver::conflict`].
    Conflict,
    /// Something that holds below the node as well, which is left.
    Fact,
}

#[allow(clippy::cast_possible_truncation)]
impl Solver {
    /// Looks ahead at every node.
    #[cfg(test)]
    pub(super) fn always_look_ahead(&mut self) {
        self.ahead.allowed = true;
        self.ahead.schedule.always();
    }

    /// Looks ahead at this node if that is allowed and likely to pay. Call after propagation. Proofs do not follow it:
    /// its conflicts come from sums of cores.
    pub(super) fn look_ahead(&mut self, stop: &Stop<'_>) -> Ahead {
        let node = self.counts.decisions + self.counts.conflicts;
        if !self.ahead.allowed || self.ahead.node == node {
            return Ahead::Skipped;
        }
        let Some(gap) = self.counters.objective.gap() else { return Ahead::Skipped };
        #[allow(clippy::cast_precision_loss)]
        let conflict = {
            let elsewhere = self.clauses.visits - self.ahead.schedule.spent;
            elsewhere as f64 / (1 + self.counts.conflicts - self.counts.closed_ahead) as f64
        };
        if !self.ahead.schedule.wants(gap, conflict) {
            return Ahead::Skipped;
        }
        self.ahead.node = node;
        self.counts.look_aheads += 1;
        let (level, before) = (self.trail.level(), self.clauses.visits);
        self.collect_penalties();
        self.order.keep_phases = true;
        let (walk, charged) = self.walk(level, gap, stop);
        self.backtrack(level);
        self.order.keep_phases = false;
        let work = self.clauses.visits - before;
        let closed = matches!(walk, Walk::Exceeded | Walk::Conflict);
        self.ahead.schedule.record(charged, work, closed);
        match walk {
            Walk::Exceeded | Walk::Conflict => {
                self.conflict.literals.clear();
                self.conflict.literals.extend(self.ahead.reasons.iter().map(|&lit| !lit));
                if matches!(walk, Walk::Exceeded) {
                    self.conflict.literals.extend(self.counters.objective.explain(None).iter().map(|&lit| !lit));
                }
                self.conflict.step = Step::default();
                self.counts.closed_ahead += 1;
                Ahead::Conflict
            }
            Walk::Through => {
                self.exclude(gap - charged);
                Ahead::Propagate
            }
            Walk::Lost => Ahead::Propagate,
        }
    }

    /// The free penalties with their weights, those of the latest cores first.
    fn collect_penalties(&mut self) {
        let Self { ahead, counters, trail, .. } = self;
        ahead.reasons.clear();
        ahead.order.clear();
        ahead.order.extend(counters.objective.penalties().iter().filter(|lit| trail.is_free(**lit)));
        for &lit in &ahead.order {
            ahead.left[lit.index()] = counters.objective.weight(lit);
        }
        // Unstable, since a stable sort allocates: the key is total, in the counter's own order.
        let latest = &ahead.latest;
        ahead
            .order
            .sort_unstable_by_key(|lit| (Reverse(latest[lit.index()]), Reverse(counters.objective.weight(*lit)), *lit));
        ahead.clock += 1;
    }

    /// Assumes one penalty after the other away, each on a level of its own above `base`, and charges the cores. Clauses are
    /// propagated at each, theories once all are assumed. Returns what the cores charge.
    fn walk(&mut self, base: u32, gap: u64, stop: &Stop<'_>) -> (Walk, u64) {
        let call = self.ahead.clock;
        let mut charged = 0;
        loop {
            let met = self.assume_all(base, stop);
            if stop() || matches!(met, Met::Fact) {
                return (Walk::Lost, charged);
            }
            let implied = match met {
                Met::Nothing => return (Walk::Through, charged),
                Met::Penalty(penalty) => Some(penalty),
                Met::Conflict | Met::Fact => None,
            };
            if !self.core_ahead(base, call, implied, stop) {
                return (Walk::Lost, charged);
            }
            if self.ahead.core.is_empty() {
                return (Walk::Conflict, charged);
            }
            charged += self.charge(call);
            if charged > gap {
                return (Walk::Exceeded, charged);
            }
            self.resume(base);
        }
    }

    /// Assumes the penalties with weight left away, in their order, until something comes of it.
    fn assume_all(&mut self, base: u32, stop: &Stop<'_>) -> Met {
        for at in 0..self.ahead.order.len() {
            let penalty = self.ahead.order[at];
            if self.ahead.left[penalty.index()] == 0 || self.trail.is_false(penalty) {
                continue;
            }
            if self.trail.is_true(penalty) {
                return Met::Penalty(penalty);
            }
            self.trail.open();
            self.trail.enqueue(!penalty, Reason::None);
            match self.propagate_clauses_ahead(base) {
                Met::Nothing => {}
                met => return met,
            }
        }
        while self.trail.theory_head < self.trail.literals.len() {
            if !self.propagate_theories(stop) {
                return Met::Conflict;
            }
            match self.propagate_clauses_ahead(base) {
                Met::Nothing => {}
                met => return met,
            }
        }
        Met::Nothing
    }

    /// Propagates clauses, not the counters. Penalties that become true are told of at once.
    fn propagate_clauses_ahead(&mut self, base: u32) -> Met {
        while self.trail.head < self.trail.literals.len() || !self.theories.instances.is_empty() {
            let from = self.trail.head;
            if !self.attach_pending() || !self.propagate_clauses() {
                return if self.trail.level() > base { Met::Conflict } else { Met::Fact };
            }
            if self.trail.level() <= base {
                return Met::Fact;
            }
            let owes = |lit: &&Lit| self.counters.objective.weight(**lit) > 0 && self.ahead.left[lit.index()] > 0;
            if let Some(&paid) = self.trail.literals[from..].iter().find(owes) {
                return Met::Penalty(paid);
            }
        }
        Met::Nothing
    }

    /// Collects the core of the conflict (or of the true penalty `implied`): its penalties to `core`, what it rests on to `reasons`. False if
    /// exact arithmetic refused a guess on the way.
    fn core_ahead(&mut self, base: u32, call: u64, implied: Option<Lit>, stop: &Stop<'_>) -> bool {
        self.ahead.clock += 1;
        let walk = self.ahead.clock;
        let mut stack = std::mem::take(&mut self.ahead.stack);
        stack.clear();
        self.ahead.core.clear();
        match implied {
            Some(penalty) => {
                self.ahead.core.push(penalty);
                stack.push(!penalty);
            }
            None => stack.extend(&self.conflict.literals),
        }
        while let Some(lit) = stack.pop() {
            // False, or the implied penalty itself.
            let var = lit.var().index();
            let level = self.trail.levels[var];
            if level == 0 || self.ahead.seen[var] == walk {
                continue;
            }
            self.ahead.seen[var] = walk;
            if level <= base {
                if self.ahead.reason[var] < call {
                    self.ahead.reason[var] = walk;
                    self.ahead.reasons.push(!lit);
                }
            } else if self.trail.reasons[var] == Reason::None {
                self.ahead.core.push(lit);
            } else if let Err(Unconfirmed(guess)) = self.reason_literals(!lit, &mut stack, stop) {
                self.ahead.stack = stack;
                self.retract_guess(guess);
                return false;
            }
        }
        self.ahead.stack = stack;
        true
    }

    /// Charges the core at hand.
    fn charge(&mut self, call: u64) -> u64 {
        let LookAhead { core, left, latest, .. } = &mut self.ahead;
        let least = core.iter().map(|lit| left[lit.index()]).min().unwrap_or(0);
        for lit in core {
            left[lit.index()] -= least;
            latest[lit.index()] = call;
        }
        least
    }

    /// Goes back to before the first assumption that is used up, or else to before the last one.
    fn resume(&mut self, base: u32) {
        let used = |s: &Self, level: u32| {
            let assumed = s.trail.literals[s.trail.starts[level as usize]];
            s.ahead.left[(!assumed).index()] == 0
        };
        let first = (base..self.trail.level()).find(|&level| used(self, level)).unwrap_or(self.trail.level() - 1);
        self.backtrack(first);
    }

    /// Excludes the free penalties whose weight left is more than `slack`. At the node's own level.
    fn exclude(&mut self, slack: u64) {
        let mut order = std::mem::take(&mut self.ahead.order);
        order.retain(|lit| self.trail.is_free(*lit) && self.ahead.left[lit.index()] > slack);
        if !order.is_empty() {
            let index = self.ahead.exclude(self.counters.objective.explain(None), self.trail.literals.len());
            for &lit in &order {
                self.counts.excluded_ahead += 1;
                self.trail.enqueue(!lit, Reason::Ahead(index));
            }
        }
        self.ahead.order = order;
    }
}

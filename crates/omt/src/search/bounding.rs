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
//! decided by what came of it before ([`Schedule`]).
//!
//! Reference: C.-M. Li, Z. Xu, J. Coll, F. Manyà, D. Habet and K. He, Combining clause learning and branch and bound
//! for MaxSAT, CP 2021 (sections 3 and 4).

use super::analyze::Unconfirmed;
use super::literal::Lit;
use super::proof::Step;
use super::solver::{Reason, Solver};
use bdnn::Stop;
use std::cmp::Reverse;

/// What a look-ahead brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ahead {
    /// The node was not looked at.
    Skipped,
    /// Propagate again: penalties may be excluded, lemmas may wait.
    Propagate,
    /// The conflict stands in [`Solver::conflict`].
    Conflict,
}

/// Penalties excluded by a look-ahead share one explanation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exclusion {
    start: u32,
    len: u32,
    trail: usize,
}

/// Memory of look-aheads, kept between calls so that none is allocated in them.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounding {
    allowed: bool,
    schedule: Schedule,
    /// Free penalties in the order of trial.
    order: Vec<Lit>,
    /// By literal: when it was last in a core. Those of the latest cores are tried first.
    latest: Vec<u64>,
    clock: u64,
    /// By literal: weight not yet charged.
    left: Vec<u64>,
    /// By variable: the walk that saw it last, and the call that took it for a reason.
    seen: Vec<u64>,
    reason: Vec<u64>,
    stack: Vec<Lit>,
    core: Vec<Lit>,
    /// True literals of the node that the cores of this call rest on.
    reasons: Vec<Lit>,
    exclusions: Vec<Exclusion>,
    explanations: Vec<Lit>,
    /// Decisions and conflicts at the last call: the same node is not looked at twice.
    node: u64,
}

impl Bounding {
    pub(super) fn allow(&mut self, allow: bool) {
        self.allowed = allow;
    }
}

/// When to look ahead: where the gap is within what look-aheads reach, as long as they pay.
#[derive(Clone, Debug)]
struct Schedule {
    /// Moving averages of the charges of a look-ahead and of their squares.
    mean: f64,
    square: f64,
    /// Moving average of successes.
    success: f64,
    /// How many deviations above the mean a gap may be.
    reach: f64,
    /// Moving average of the work of a look-ahead, and all of it.
    work: f64,
    spent: u64,
    nodes: u64,
    calls: u64,
    /// Node from which on one is looked at that the gap speaks against, and how far apart these trials are, now and at least.
    due: u64,
    wait: u64,
    least: u64,
}

/// A node closed by look-ahead may cost as much as so many conflicts: it stands for about as many.
const WORTH: f64 = 4.0;
/// Weight of a new call in the moving averages.
const SMOOTHING: f64 = 1.0 / 128.0;
/// Success rates below which look-aheads become rarer, and above which they become more frequent.
const POOR: f64 = 0.15;
const RICH: f64 = 0.3;
/// Change of reach with each call, and its limits.
const REACH_STEP: f64 = 0.01;
const REACH: (f64, f64) = (-2.0, 3.0);
/// Least and largest distance of trials in nodes: twice as far apart after each, until look-aheads pay.
const WAIT: (u64, u64) = (64, 1 << 16);

impl Default for Schedule {
    fn default() -> Self {
        Self {
            mean: 0.0,
            square: 0.0,
            success: POOR,
            reach: 0.0,
            work: 0.0,
            spent: 0,
            nodes: 0,
            calls: 0,
            due: 0,
            wait: WAIT.0,
            least: WAIT.0,
        }
    }
}

impl Schedule {
    /// Whether to look at a node with this gap. `conflict` is the work of a conflict without looking ahead.
    #[allow(clippy::cast_precision_loss)]
    fn wants(&mut self, gap: u64, conflict: f64) -> bool {
        self.nodes += 1;
        let pays = self.work <= WORTH * conflict * self.success;
        let deviation = (self.square - self.mean * self.mean).max(0.0).sqrt();
        if pays && (gap as f64) < self.mean + self.reach * deviation {
            self.wait = self.least;
            return true;
        }
        let due = self.nodes >= self.due;
        if due {
            self.due = self.nodes + self.wait;
            self.wait = (2 * self.wait).min(WAIT.1);
        }
        due
    }

    #[allow(clippy::cast_precision_loss)]
    fn record(&mut self, charged: u64, work: u64, success: bool) {
        self.calls += 1;
        self.spent += work;
        let rate = SMOOTHING.max(1.0 / self.calls as f64);
        let charged = charged as f64;
        self.mean += rate * (charged - self.mean);
        self.square += rate * (charged * charged - self.square);
        self.work += rate * (work as f64 - self.work);
        self.success += rate * (f64::from(u8::from(success)) - self.success);
        if self.success < POOR {
            self.reach = (self.reach - REACH_STEP).max(REACH.0);
        } else if self.success > RICH {
            self.reach = (self.reach + REACH_STEP).min(REACH.1);
        }
    }
}

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
        self.bounding.allowed = true;
        self.bounding.schedule.least = 0;
        self.bounding.schedule.wait = 0;
    }

    pub(super) fn grow_bounding(&mut self) {
        let bounding = &mut self.bounding;
        bounding.latest.resize(self.values.len(), 0);
        bounding.left.resize(self.values.len(), 0);
        bounding.seen.resize(self.levels.len(), 0);
        bounding.reason.resize(self.levels.len(), 0);
    }

    /// Looks ahead at this node if that is allowed and likely to pay. Call after propagation. Proofs do not follow it:
    /// its conflicts come from sums of cores.
    pub(super) fn look_ahead(&mut self, stop: &Stop<'_>) -> Ahead {
        let node = self.counts.decisions + self.counts.conflicts;
        if !self.bounding.allowed || self.bounding.node == node {
            return Ahead::Skipped;
        }
        let Some(gap) = self.counter.gap() else { return Ahead::Skipped };
        #[allow(clippy::cast_precision_loss)]
        let conflict = {
            let elsewhere = self.visits - self.bounding.schedule.spent;
            elsewhere as f64 / (1 + self.counts.conflicts - self.counts.closed_ahead) as f64
        };
        if !self.bounding.schedule.wants(gap, conflict) {
            return Ahead::Skipped;
        }
        self.bounding.node = node;
        self.counts.look_aheads += 1;
        let (level, before) = (self.level(), self.visits);
        self.collect_penalties();
        self.keep_phases = true;
        let (walk, charged) = self.walk(level, gap, stop);
        self.backtrack(level);
        self.keep_phases = false;
        let work = self.visits - before;
        let closed = matches!(walk, Walk::Exceeded | Walk::Conflict);
        self.bounding.schedule.record(charged, work, closed);
        match walk {
            Walk::Exceeded | Walk::Conflict => {
                self.conflict.clear();
                self.conflict.extend(self.bounding.reasons.iter().map(|&lit| !lit));
                if matches!(walk, Walk::Exceeded) {
                    self.conflict.extend(self.counter.explain(None).iter().map(|&lit| !lit));
                }
                self.conflict_step = Step::default();
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
        let Self { bounding, counter, values, .. } = self;
        bounding.reasons.clear();
        bounding.order.clear();
        bounding.order.extend(counter.penalties().iter().filter(|lit| values[lit.index()] == 0));
        for &lit in &bounding.order {
            bounding.left[lit.index()] = counter.weight(lit);
        }
        // Unstable, since a stable sort allocates: the key is total, in the counter's own order.
        let latest = &bounding.latest;
        bounding.order.sort_unstable_by_key(|lit| (Reverse(latest[lit.index()]), Reverse(counter.weight(*lit)), *lit));
        bounding.clock += 1;
    }

    /// Assumes one penalty after the other away, each on a level of its own above `base`, and charges the cores. Clauses are
    /// propagated at each, theories once all are assumed. Returns what the cores charge.
    fn walk(&mut self, base: u32, gap: u64, stop: &Stop<'_>) -> (Walk, u64) {
        let call = self.bounding.clock;
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
            if self.bounding.core.is_empty() {
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
        for at in 0..self.bounding.order.len() {
            let penalty = self.bounding.order[at];
            if self.bounding.left[penalty.index()] == 0 || self.is_false(penalty) {
                continue;
            }
            if self.is_true(penalty) {
                return Met::Penalty(penalty);
            }
            self.level_starts.push(self.trail.len());
            self.enqueue(!penalty, Reason::None);
            match self.propagate_clauses_ahead(base) {
                Met::Nothing => {}
                met => return met,
            }
        }
        while self.theory_head < self.trail.len() {
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

    /// Propagates clauses, not the counter. Penalties that become true are told of at once.
    fn propagate_clauses_ahead(&mut self, base: u32) -> Met {
        while self.head < self.trail.len() || !self.pending.is_empty() {
            let from = self.head;
            if !self.attach_pending() || !self.propagate_clauses() {
                return if self.level() > base { Met::Conflict } else { Met::Fact };
            }
            if self.level() <= base {
                return Met::Fact;
            }
            let owes = |lit: &&Lit| self.counter.weight(**lit) > 0 && self.bounding.left[lit.index()] > 0;
            if let Some(&paid) = self.trail[from..].iter().find(owes) {
                return Met::Penalty(paid);
            }
        }
        Met::Nothing
    }

    /// Collects the core of the conflict (or of the true penalty `implied`): its penalties to `core`, what it rests on to `reasons`. False if
    /// exact arithmetic refused a guess on the way.
    fn core_ahead(&mut self, base: u32, call: u64, implied: Option<Lit>, stop: &Stop<'_>) -> bool {
        self.bounding.clock += 1;
        let walk = self.bounding.clock;
        let mut stack = std::mem::take(&mut self.bounding.stack);
        stack.clear();
        self.bounding.core.clear();
        match implied {
            Some(penalty) => {
                self.bounding.core.push(penalty);
                stack.push(!penalty);
            }
            None => stack.extend(&self.conflict),
        }
        while let Some(lit) = stack.pop() {
            // False, or the implied penalty itself.
            let var = lit.var().index();
            let level = self.levels[var];
            if level == 0 || self.bounding.seen[var] == walk {
                continue;
            }
            self.bounding.seen[var] = walk;
            if level <= base {
                if self.bounding.reason[var] < call {
                    self.bounding.reason[var] = walk;
                    self.bounding.reasons.push(!lit);
                }
            } else if self.reasons[var] == Reason::None {
                self.bounding.core.push(lit);
            } else if let Err(Unconfirmed(guess)) = self.reason_literals(!lit, &mut stack, stop) {
                self.bounding.stack = stack;
                self.retract_guess(guess);
                return false;
            }
        }
        self.bounding.stack = stack;
        true
    }

    /// Charges the core at hand.
    fn charge(&mut self, call: u64) -> u64 {
        let Bounding { core, left, latest, .. } = &mut self.bounding;
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
            let assumed = s.trail[s.level_starts[level as usize]];
            s.bounding.left[(!assumed).index()] == 0
        };
        let first = (base..self.level()).find(|&level| used(self, level)).unwrap_or(self.level() - 1);
        self.backtrack(first);
    }

    /// Excludes the free penalties whose weight left is more than `slack`. At the node's own level.
    fn exclude(&mut self, slack: u64) {
        let mut order = std::mem::take(&mut self.bounding.order);
        order.retain(|lit| self.is_free(*lit) && self.bounding.left[lit.index()] > slack);
        if !order.is_empty() {
            let Bounding { exclusions, explanations, reasons, .. } = &mut self.bounding;
            let start = explanations.len() as u32;
            explanations.extend(reasons.iter().map(|&lit| !lit));
            explanations.extend(self.counter.explain(None).iter().map(|&lit| !lit));
            let len = explanations.len() as u32 - start;
            exclusions.push(Exclusion { start, len, trail: self.trail.len() });
            let index = exclusions.len() as u32 - 1;
            for &lit in &order {
                self.counts.excluded_ahead += 1;
                self.enqueue(!lit, Reason::Ahead(index));
            }
        }
        self.bounding.order = order;
    }

    /// The false literals that exclude.
    pub(super) fn exclusion(&self, index: u32) -> &[Lit] {
        let Exclusion { start, len, .. } = self.bounding.exclusions[index as usize];
        &self.bounding.explanations[start as usize..(start + len) as usize]
    }

    /// Forgets the exclusions made at or after this trail position.
    pub(super) fn retract_exclusions(&mut self, start: usize) {
        while let Some(last) = self.bounding.exclusions.pop_if(|last| last.trail >= start) {
            self.bounding.explanations.truncate(last.start as usize);
        }
    }
}

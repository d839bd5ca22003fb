//! The search loop: open [`Search::run`] first.
//!
//! Best bound first, and from there a plunge: one child of each node is processed at once, with the basis at hand,
//! until a node closes. Where whole columns without bounds make the tree infinite, a plunge ends after a few nodes and the
//! queue is fair: a branch on which nothing ever closes cannot hide a point elsewhere. A node is its box; processing it means propagation, relaxation, fixing by reduced costs, and
//! either a leaf or two children.
//!
//! Invariants
//! * Every point better than the incumbent by more than the gap lies in the box of an open node, of the node at hand,
//!   or under [`Search::kept_bound`].
//! * A node closes only by a checked proof: Farkas multipliers, a dual bound with rounding error, propagation with its
//!   margin, rationals where floats fail, or the caller's exact verdict on its only integer point.

use ::budget::Instant;
use ::budget::observe::Ending;

use super::branching::{Candidate, Choice, PseudoCosts};
use super::closing::{Evaluation, Ground};
use super::incumbent::{Fate, Incumbent};
use super::learning::Learner;
use super::listener::Listener;
use super::node::{Node, NodeQueue};
use super::propagation::Propagator;
use super::report::{Progress, Report};
use crate::bounds::{Domain, Path, Reason};
use crate::control::Hooks;
use crate::model::Model;
use crate::options::Options;
use crate::proof::Certificate;
use crate::relaxation::{Relaxation, Verdict};
use crate::tolerances::{LARGEST_SPLIT, OBJECTIVE_DOUBT};
use crate::{Budget, Error, Rational, Status};

/// Everything the search owns; the heuristics of [`super::heuristics`] work on it as well.
pub(crate) struct Search<'a> {
    pub model: &'a Model,
    pub options: &'a Options,
    pub budget: &'a Budget<'a>,
    pub hooks: &'a Hooks<'a>,
    pub certificate: Option<&'a mut Certificate>,
    pub relaxation: Relaxation<'a>,
    pub propagator: Propagator,
    pub domain: Domain,
    pub incumbent: Incumbent,
    pub report: Report,
    pub listener: Listener,
    pub pseudo_costs: PseudoCosts,
    pub learner: Learner,
    pub queue: NodeQueue,
    /// Bound of the node at hand.
    pub current_bound: f64,
    /// Least bound of what was closed, whole nodes or parts of them, infinite if nothing was but what holds no point.
    pub closed_bound: f64,
    /// Least bound of the nodes that were given up (see [`Status::Unresolved`]), infinite if none.
    pub kept_bound: f64,
    /// What points had to beat at the root by knowledge from elsewhere, infinite without.
    pub root_ceiling: f64,
    /// What the objective is not below by the bounds of the columns, as they are stated or propagated at the root, alone.
    pub least: f64,
    pub stopped: Option<Status>,
    /// When the search began, after the root.
    pub began: Instant,
    /// Work of the budget until then.
    pub work_of_root: u64,
    /// The ray along which the root's relaxation has no end, whole on integer columns.
    pub ray: Option<Vec<Rational>>,
    pub created: u64,
    /// Plunges so far.
    pub plunges: u64,
    /// Open nodes that others have in hand.
    pub open_elsewhere: usize,
    /// Nodes at which the search pauses as at a limit; it can go on.
    pub pause_at: u64,
    /// Work of the budget after which it does.
    pub pause_after: u64,
    /// Processed nodes at the last dive.
    pub last_dive: u64,
    /// Simplex iterations of all dives.
    pub dive_iterations: u64,
}

impl Search<'_> {
    /// Searches until no open node is left or a limit is met. The root node is in the queue.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn run(&mut self) -> Result<Status, Error> {
        self.began = Instant::now();
        self.work_of_root = self.budget.work();
        self.run_on()
    }

    /// The same for a search that has begun.
    pub(super) fn run_on(&mut self) -> Result<Status, Error> {
        let (status, node) = self.go_on(None)?;
        node.into_iter().for_each(|node| self.queue.push(node));
        Ok(status)
    }

    /// Searches from the plunge that a limit has ended at a node, and gives the node back at which the next limit is met.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn go_on(&mut self, hand: Option<Node>) -> Result<(Status, Option<Node>), Error> {
        if let Some(node) = hand
            && let Some((status, node)) = self.plunge(node)?
        {
            return Ok((status, Some(node)));
        }
        while let Some(node) = self.queue.pop() {
            if node.bound >= self.incumbent.cutoff() && self.queue.by_bound() {
                // The others are no better; a certificate takes care of them at the end.
                self.closed_bound = self.closed_bound.min(node.bound);
                self.queue.push(node);
                if !self.is_certifying() {
                    self.tell_rest();
                    self.queue.clear();
                }
                break;
            }
            if self.is_time_to_share() {
                self.queue.push(node);
                match self.search_together(None)? {
                    Some(status) => return Ok((status, None)),
                    None => continue,
                }
            }
            if let Some((status, node)) = self.plunge(node)? {
                return Ok((status, Some(node)));
            }
        }
        Ok((self.stopped.unwrap_or_else(|| self.verdict()), None))
    }

    /// Processes a node, then one of its children, and so on until one closes; a limit ends it before the node that is returned.
    fn plunge(&mut self, node: Node) -> Result<Option<(Status, Node)>, Error> {
        self.jump_to(&node);
        self.plunges += 1;
        // No plunge in a finite part of the tree is likely to be longer.
        let longest = self.options.parameters.fair_plunge + 2 * self.relaxation.integers().len();
        let left = match (self.is_plunging(), self.queue.is_fair()) {
            (false, _) => 1,
            (true, true) => longest,
            (true, false) => usize::MAX,
        };
        self.follow(node, left)
    }

    /// Goes on with a plunge at a node in whose parent's box the search stands, with so many nodes left of it.
    pub(super) fn follow(&mut self, node: Node, mut left: usize) -> Result<Option<(Status, Node)>, Error> {
        let mut next = Some(node);
        while let Some(node) = next.take() {
            if left == 0 {
                self.queue.push(node);
                break;
            }
            self.current_bound = node.bound;
            let limit = self.limit_reached();
            self.keep((&node, left), limit.is_some());
            if let Some(status) = limit {
                return Ok(Some((status, node)));
            }
            left -= 1;
            next = self.process(node)?;
            self.note(' ', next.as_ref().map_or(0, |node| node.depth));
        }
        Ok(None)
    }

    /// Closes the node or splits it: one child is returned, the other is queued.
    pub(super) fn process(&mut self, mut node: Node) -> Result<Option<Node>, Error> {
        self.report.statistics.nodes += 1;
        self.tell_entry(&node);
        self.budget.count_memory(self.memory());
        let mut mark = self.domain.mark();
        let evaluation = self.evaluate(&node)?;
        self.count_closed(node.bound);
        for (row, proof) in self.learner.take() {
            self.pseudo_costs.observe_conflict(&row.terms);
            self.tell_conflict(row.terms.len());
            self.propagator.learn(row, proof);
        }
        let evaluation = match evaluation {
            Evaluation::Unproven(_) => self.reopen(&mut node, &mut mark),
            other => other,
        };
        match evaluation {
            Evaluation::Closed | Evaluation::Unproven(_) => {
                #[cfg(test)]
                assert!(!self.propagator.holds_debug_solution(&self.domain), "a node with the known optimum is closed");
                self.tell_end(&node, false);
                Ok(None)
            }
            Evaluation::Stopped(status) => {
                self.stopped = Some(status);
                self.queue.push(node);
                Ok(None)
            }
            Evaluation::Branch { candidate, bound, objective } => {
                let [first, second] = self.children(&node, mark, &candidate, bound, objective);
                node.bound = bound;
                self.tell_node(&first, Some(node.id));
                self.tell_node(&second, Some(node.id));
                self.tell_end(&node, true);
                self.queue.push(second);
                Ok(Some(first))
            }
        }
    }

    fn evaluate(&mut self, node: &Node) -> Result<Evaluation, Error> {
        if let Err(conflict) = self.enter(node) {
            self.report.statistics.conflicts += 1;
            self.tell_conflict(0);
            if let Some(row) = conflict.row {
                self.pseudo_costs.observe_conflict(self.propagator.terms(row));
            }
            return Ok(self.close(node, Ground::Conflict(conflict)));
        }
        if let Err(ground) = self.propagate_plugins(node)? {
            return Ok(self.close(node, ground));
        }
        loop {
            let before = (self.kept_bound, self.report.statistics.unresolved);
            let evaluation = self.assess(node)?;
            if matches!(evaluation, Evaluation::Stopped(_)) || !self.add_lazy_rows()? {
                return Ok(evaluation);
            }
            // Rows that refused a point may say more of the node than its box does.
            (self.kept_bound, self.report.statistics.unresolved) = before;
        }
    }

    /// Solves the relaxation of the box at hand and says what comes of it.
    fn assess(&mut self, node: &Node) -> Result<Evaluation, Error> {
        let mut bound = node.bound;
        let mut first = true;
        loop {
            if let Some(status) = self.budget.ask() {
                return Ok(Evaluation::Stopped(status));
            }
            match self.relax()? {
                Verdict::Solved => {}
                Verdict::Infeasible | Verdict::Cutoff => {
                    self.observe_empty(node);
                    let proof = self.learner.learn(&self.relaxation);
                    return Ok(self.close(node, Ground::Proof(proof)));
                }
                Verdict::Stopped(status) => return Ok(Evaluation::Stopped(status)),
                Verdict::Undecided | Verdict::Unbounded | Verdict::OutOfIterations => {
                    // Rationals may know what floats do not.
                    return Ok(self.leaf_exactly(node, bound).unwrap_or_else(|| self.split(node, bound)));
                }
            }
            if std::mem::take(&mut first) {
                self.observe_gain(node);
            }
            let proven = self.relaxation.bound(self.budget);
            bound = bound.max(self.incumbent.round_up(proven));
            let mut is_met = false;
            if self.incumbent.is_in_doubt(bound) {
                match self.relaxation.solve_exactly(self.budget) {
                    Verdict::Solved => (bound, is_met) = self.exactly_bounded(node, bound),
                    Verdict::Infeasible => {
                        let proof = Some(self.relaxation.row_proof());
                        return Ok(self.close(node, Ground::Proof(proof)));
                    }
                    _ => {}
                }
            }
            if is_met || bound >= self.incumbent.cutoff() {
                let proof = self.learner.learn(&self.relaxation);
                return Ok(self.close(node, Ground::Proof(proof)));
            }
            if bound == f64::MAX {
                // The least that is beyond floats: nothing in here can be told from anything else.
                return Ok(self.give_up(node, bound, true));
            }
            let mark = self.domain.mark();
            if let Err(conflict) = self.fix_by_reduced_costs() {
                return Ok(self.close(node, Ground::Conflict(conflict)));
            }
            // Without news the same solution would come back: far from zero, floats miss a bound by more than the tolerance.
            if self.domain.mark() > mark && !self.solution_in_box() {
                continue;
            }
            let candidates = self.fractional();
            self.note_fractional(&candidates);
            if candidates.is_empty() {
                return self.leaf(node, bound);
            }
            if self.ask_heuristics(node, bound)? {
                continue;
            }
            if self.is_time_to_dive() {
                self.dive(node.depth)?;
                continue;
            }
            let cutoff = if self.deduces_from_cutoff() { self.incumbent.relaxation_cutoff() } else { f64::INFINITY };
            let objective = self.relaxation.objective();
            let candidates = self.decisive(candidates);
            let choice = match self.choose_by_plugin(node, bound, &candidates)? {
                Some(candidate) => Choice::Branch(candidate),
                None => self.choose(candidates, cutoff)?,
            };
            match choice {
                Choice::Branch(candidate) if candidate.value.abs() >= LARGEST_SPLIT => {
                    return Ok(self.give_up(node, bound, true));
                }
                Choice::Branch(candidate) => return Ok(Evaluation::Branch { candidate, bound, objective }),
                Choice::Empty(change, [below, above]) => {
                    let conflict = self.propagator.assume(&mut self.domain, change, below).err();
                    return Ok(self.close(node, conflict.map_or_else(|| Ground::of_reason(above), Ground::Conflict)));
                }
                Choice::Tighten(change, reason) => {
                    if let Err(conflict) = self.tighten(change, reason) {
                        return Ok(self.close(node, Ground::Conflict(conflict)));
                    }
                }
            }
        }
    }

    /// The relaxation's solution is integral: a new incumbent, or an integer point to be excluded.
    fn leaf(&mut self, node: &Node, bound: f64) -> Result<Evaluation, Error> {
        let x = self.relaxation.solution().to_vec();
        let objective = self.relaxation.objective();
        let proof = self.is_certifying().then(|| self.relaxation.row_proof());
        let fate = self.try_point(&x, 'T', node.depth)?;
        match fate {
            Fate::Stopped(status) => return Ok(Evaluation::Stopped(status)),
            Fate::Beyond => return Ok(self.give_up(node, bound, true)),
            Fate::Accepted => self.listener.note(Ending::Integer),
            _ => {}
        }
        if bound >= self.incumbent.cutoff() {
            return Ok(self.close(node, Ground::Proof(proof)));
        }
        let unfixed = self.relaxation.integers().iter().copied().find(|&j| !self.domain.is_fixed(j));
        // Costs below the tolerance of dual values are none to floats, and add up where columns are wide.
        let is_behind = objective - bound > OBJECTIVE_DOUBT * objective.abs().max(1.0);
        if unfixed.is_some()
            && (fate != Fate::Accepted || is_behind)
            && let Some(evaluation) = self.leaf_exactly(node, bound)
        {
            return Ok(evaluation);
        }
        Ok(match unfixed {
            Some(var) if x[var].abs() >= LARGEST_SPLIT => self.give_up(node, bound, true),
            Some(var) => {
                let value = self.beside(x[var].round(), var);
                Evaluation::Branch { candidate: Candidate::new(var, value), bound, objective }
            }
            None if fate == Fate::Infeasible => self.close(node, Ground::Pattern),
            None => self.give_up(node, bound, fate != Fate::Accepted),
        })
    }

    /// Splits a node whose relaxation floating point cannot solve.
    fn split(&mut self, node: &Node, bound: f64) -> Evaluation {
        let width = |j: usize| self.domain.upper()[j] - self.domain.lower()[j];
        let widest = self.relaxation.integers().iter().copied().max_by(|&a, &b| width(a).total_cmp(&width(b)));
        match widest.filter(|&var| !self.domain.is_fixed(var)) {
            Some(var) => {
                let (lower, upper) = (self.domain.lower()[var], self.domain.upper()[var]);
                let middle = match (lower.is_finite(), upper.is_finite()) {
                    (true, true) => f64::midpoint(lower, upper).floor(),
                    // Twice as far each time, so that no path is longer than floats have bits.
                    (true, false) => {
                        if lower < 0.0 {
                            0.0
                        } else {
                            2.0 * lower + 1.0
                        }
                    }
                    (false, true) => {
                        if upper > 0.0 {
                            -1.0
                        } else {
                            2.0 * upper - 1.0
                        }
                    }
                    (false, false) => 0.0,
                };
                if middle.abs() >= LARGEST_SPLIT {
                    return self.give_up(node, bound, true);
                }
                let candidate = Candidate::new(var, middle + 0.5);
                Evaluation::Branch { candidate, bound, objective: f64::NAN }
            }
            None => self.give_up(node, bound, true),
        }
    }

    /// Splits a node that the certificate cannot close. From now on its box is what the certificate has lines for: a bound that it
    /// could not derive would seem to leave nothing to split. If that leaves nothing, what can be derived is all that the
    /// certificate says of the node. Moves the mark to the end of the path.
    pub(super) fn reopen(&mut self, node: &mut Node, mark: &mut usize) -> Evaluation {
        let proven = self.domain.changes_since(0).filter(|(_, reason)| matches!(reason, Reason::Line(_))).collect();
        node.path = Path::extend(None, proven);
        self.domain.jump(node.path.as_ref());
        *mark = self.domain.mark();
        if let Some(origin) = &node.origin
            && self.domain.is_news(&origin.change)
        {
            let reason = node.place.map_or(Reason::Guess, |(_, line)| Reason::Line(line));
            self.domain.set(origin.change, reason);
        }
        self.split(node, node.bound)
    }

    /// Tries the integers of `x` as an incumbent; the relaxation is as before afterwards.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn try_point(&mut self, x: &[f64], source: char, depth: u32) -> Result<Fate, Error> {
        let basis = self.relaxation.basis();
        let before = self.incumbent.objective();
        let Self { incumbent, model, relaxation, budget, hooks, certificate, .. } = self;
        let fate = incumbent.consider(x, model, relaxation, (budget, hooks), certificate.as_deref_mut())?;
        self.relaxation.install(&self.domain);
        self.relaxation.load_basis(&basis);
        if self.incumbent.objective() != before {
            self.news_of_incumbent(source, depth);
        }
        Ok(fate)
    }

    pub(super) fn news_of_incumbent(&mut self, source: char, depth: u32) {
        self.news_of_cutoff();
        self.tell_incumbent(source);
        self.note(source, depth);
    }

    pub(super) fn news_of_cutoff(&mut self) {
        if self.deduces_from_cutoff() {
            self.propagator.set_cutoff(self.incumbent.relaxation_cutoff());
        }
    }

    /// Bytes of what grows with the search, roughly: open nodes with their bases and paths.
    pub(super) fn memory(&self) -> usize {
        let size = self.model.num_vars() + self.model.num_rows();
        (self.queue.len() + self.open_elsewhere) * (size_of::<Node>() + size + size_of::<Path>())
    }

    fn limit_reached(&self) -> Option<Status> {
        if self.stopped.is_some() {
            self.stopped
        } else if self.report.statistics.nodes >= self.options.node_limit.min(self.pause_at)
            || self.budget.work() >= self.pause_after
        {
            Some(Status::NodeLimit)
        } else {
            self.keep_time_to_close();
            self.budget.ask()
        }
    }

    /// Notes that points of a node with this bound may have been closed: none that is better than the cutoff, which only falls.
    pub(super) fn count_closed(&mut self, bound: f64) {
        if self.incumbent.to_beat().is_some() {
            let cutoff = self.incumbent.round_up(self.incumbent.relaxation_cutoff());
            self.closed_bound = self.closed_bound.min(cutoff.max(bound));
        }
    }

    /// The proven bound (minimised): that of what is open or closed, or the best point. But for the node at hand, see
    /// [`Self::current_bound`]. It never falls.
    pub fn bound(&self) -> f64 {
        let best = self.incumbent.to_beat().unwrap_or(f64::INFINITY);
        best.min(self.closed_bound.min(self.kept_bound).min(self.queue.bound()).max(self.least))
    }

    /// The status when no open node is left.
    pub(super) fn verdict(&self) -> Status {
        match self.incumbent.objective() {
            Some(_) if self.kept_bound.max(self.least) >= self.incumbent.cutoff() => Status::Optimal,
            None if self.kept_bound >= self.incumbent.cutoff() => Status::Infeasible,
            _ => Status::Unresolved,
        }
    }

    /// What a status comes to with what is proven: a best point that meets the bound is optimal, whatever ended the run.
    pub fn settled(&self, status: Status) -> Status {
        let is_met = self.incumbent.objective().is_some() && self.bound() >= self.incumbent.cutoff();
        if is_met && !matches!(status, Status::Infeasible | Status::Unbounded) { Status::Optimal } else { status }
    }

    /// Lets the report know where the search stands.
    pub fn note(&mut self, source: char, depth: u32) {
        let progress = Progress {
            source,
            open: self.queue.len(),
            depth,
            bound: self.bound().min(self.current_bound.max(self.least)),
            incumbent: self.incumbent.objective(),
        };
        self.tell_bound(progress.bound);
        self.report.note(progress, *self.hooks.borrow_mut());
    }
}

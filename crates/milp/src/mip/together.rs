//! Several searches of one tree, on any number of threads.
//!
//! Entry point: [`Search::search_together`], once the tree has enough open nodes. The work goes in rounds. In each the best open nodes are
//! dealt to so many searches ([`crate::Parameters::subtrees`], whatever the number of threads), each of which has a relaxation, a propagator
//! and pseudo-costs of its own and goes on from its nodes as every search does, until a measure of work is full. Then what they have come to
//! is put together in their order: open nodes, bounds, the best point, what they have learned, and what observers hear.
//!
//! Invariants
//! * A round depends on what was known before it and on counted work alone, so that nothing but the clock depends on threads.
//! * Numbers of nodes that a search makes in a round follow those of the round's beginning, and get their place behind those of the searches before it
//!   when the round ends.
//! * What a search closes, it closes by a cutoff that the best point of all meets or beats when the round ends.
//!
//! Reference: Berthold, Farmer, Heinz, Perregaard, *Parallelization of the FICO Xpress-Optimizer*, Optimization Methods and Software 33 (2018):
//! tasks that are searched at the same time are one thing, threads another.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;
use std::time::Duration;

use super::crew::{Scene, work_together};
use super::lessons::Lessons;
use super::node::Node;
use super::search::Search;
use super::snapshot::Snapshot;
use super::state::SavedRounds;
use super::task::{Finished, Task};
use crate::control::{Event, What};
use crate::options::Options;
use crate::tolerances::LARGEST_SHARED;
use crate::{Error, Status};

/// The limit of nodes is near where not so many times the nodes of the last round are left. It decides when a state is kept, and nothing else.
const NEAR: u64 = 4;

/// What passes from round to round beside the search's own state.
struct Rounds {
    /// The node at which each search has ended a plunge.
    hands: Vec<Option<Node>>,
    /// What the searches have found out in the last round.
    lessons: Arc<Vec<Lessons>>,
    /// Most plunges of one search in the last round.
    plunges: u64,
    /// Work on the tree so far.
    work: u64,
    probe_iterations: u64,
    /// The limit that ends the run.
    limit: Option<Status>,
    /// Nodes of the last round.
    nodes: u64,
    /// Whether there was one.
    have_begun: bool,
    /// Whether the searches are asked for their states.
    is_asked: bool,
    kept: Kept,
}

/// What was kept of rounds. A limit of nodes is dealt out to the searches, and where one has used up its share the tree is another than it
/// would be with more nodes. So the state that goes on is one of before, which is kept when the limit is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Nothing since the last round.
    No,
    /// The state that the next round begins with.
    Before,
    /// One that goes on as if there were no limit, and none is to take its place.
    ForGood,
}

impl Rounds {
    /// What is to be kept of them, with the states of the searches.
    fn save(&self, searches: Vec<Snapshot>) -> SavedRounds {
        SavedRounds {
            hands: self.hands.iter().map(Option::is_some).collect(),
            lessons: self.lessons.to_vec(),
            plunges: self.plunges,
            work: self.work,
            probe_iterations: self.probe_iterations,
            nodes: self.nodes,
            searches,
        }
    }
}

impl Search<'_> {
    /// Whether the tree is to be shared from now on.
    pub(super) fn is_time_to_share(&self) -> bool {
        let parameters = &self.options.parameters;
        parameters.subtrees > 1
            && self.queue.len() >= parameters.subtrees
            && self.budget.work() - self.work_of_root >= parameters.alone_work
            && !self.is_certifying()
            && !self.hooks.must_be_asked()
            && self.size().saturating_mul(parameters.subtrees) <= LARGEST_SHARED
    }

    /// Entries, rows and columns of the relaxation.
    fn size(&self) -> usize {
        let problem = self.relaxation.problem();
        problem.columns.values.len() + problem.num_vars()
    }

    /// Searches until nothing is open that is better than the best point, or a limit is met, which is returned. Goes on from rounds that were
    /// kept, with the nodes in hand, if there are any.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub(super) fn search_together(
        &mut self,
        from: Option<(SavedRounds, Vec<Option<Node>>)>,
    ) -> Result<Option<Status>, Error> {
        let count = self.options.parameters.subtrees;
        let mut options = Options { start: None, node_limit: u64::MAX, ..self.options.clone() };
        options.parameters.subtrees = 1;
        let threads = match self.options.threads {
            0 => available_parallelism().map_or(1, NonZero::get),
            threads => threads,
        };
        let halt = AtomicBool::new(false);
        let (counts, interest, limits) = (self.hooks.counts(), self.listener.interest, self.budget.limits());
        let scene = Scene { options: &options, counts, interest, is_fair: self.queue.is_fair(), limits, halt: &halt };
        let mut rounds = Rounds {
            hands: (0..count).map(|_| None).collect(),
            lessons: Arc::default(),
            plunges: 0,
            work: self.budget.work() - self.work_of_root,
            probe_iterations: self.pseudo_costs.probe_iterations,
            limit: None,
            nodes: self.report.statistics.nodes,
            have_begun: false,
            is_asked: false,
            kept: Kept::No,
        };
        let mut seeds: Vec<_> = (0..count).map(|_| self.seed()).collect();
        if let Some((saved, hands)) = from {
            let SavedRounds { lessons, plunges, work, probe_iterations, nodes, searches, .. } = saved;
            for (seed, snapshot) in seeds.iter_mut().zip(searches) {
                seed.restore_snapshot(snapshot, self.hooks).ok_or_else(Error::unfit)?;
            }
            let (lessons, have_begun, kept) = (Arc::new(lessons), true, Kept::Before);
            rounds = Rounds { hands, lessons, plunges, work, probe_iterations, nodes, have_begun, kept, ..rounds };
        } else {
            self.report.statistics.lp_iterations = self.relaxation.iterations();
        }
        let budget = self.budget;
        let ended =
            work_together(seeds, threads.min(count), &scene, budget, |finished| self.next_round(&mut rounds, finished));
        rounds.hands.into_iter().flatten().for_each(|node| self.queue.push(node));
        ended?;
        Ok(rounds.limit)
    }

    /// The tasks that follow what the searches have come to: those of the next round, but where the state is to be kept, they are asked for
    /// theirs first. `None` if there is no more to do.
    fn next_round(&mut self, rounds: &mut Rounds, finished: Vec<Finished>) -> Option<Vec<Task>> {
        let told = std::mem::take(&mut rounds.is_asked);
        let mut snapshots = Vec::new();
        if told {
            snapshots.extend(finished.into_iter().filter_map(|one| one.snapshot));
        } else {
            self.put_together(rounds, finished);
        }
        let left = self.options.node_limit.min(self.pause_at).saturating_sub(self.report.statistics.nodes);
        if !told {
            // Others stop because this thread has heard why.
            rounds.limit = self.budget.ask().or(rounds.limit).or((left == 0).then_some(Status::NodeLimit));
        }
        let is_near = left / NEAR <= rounds.nodes;
        let is_due = told || rounds.kept == Kept::No && self.is_to_be_kept(is_near || rounds.limit.is_some());
        if is_due && rounds.have_begun && !told {
            rounds.is_asked = true;
            let tasks = 0..rounds.hands.len();
            return Some(tasks.map(|index| Task { index, only_tells: true, ..Task::default() }).collect());
        }
        if is_due {
            self.keep_rounds(&rounds.hands, told.then(|| rounds.save(snapshots)));
            rounds.kept = Kept::Before;
        }
        self.deal(rounds, left)
    }

    /// The tasks of the next round, with so many nodes left; `None` if there is none.
    fn deal(&mut self, rounds: &mut Rounds, left: u64) -> Option<Vec<Task>> {
        let hands = rounds.hands.iter().flatten();
        let bound = hands.fold(self.queue.bound(), |least, node| least.min(node.bound));
        let is_met = bound >= self.incumbent.cutoff() && self.queue.by_bound();
        let is_open = !self.queue.is_empty() || rounds.hands.iter().any(Option::is_some);
        if rounds.limit.is_some() || is_met || !is_open {
            return None;
        }
        let count = rounds.hands.len();
        let mut hands = std::mem::replace(&mut rounds.hands, (0..count).map(|_| None).collect());
        for hand in &mut hands {
            if let Some(node) = hand.take_if(|node| self.queue.is_fair() || node.bound >= self.incumbent.cutoff()) {
                self.queue.push(node);
            }
        }
        let most_nodes = |index: usize| left / count as u64 + u64::from((index as u64) < left % count as u64);
        for (_, hand) in hands.iter_mut().enumerate().filter(|(index, _)| most_nodes(*index) == 0) {
            hand.take().into_iter().for_each(|node| self.queue.push(node));
        }
        let mut nodes: Vec<Vec<Node>> = (0..count).map(|_| Vec::new()).collect();
        let mut given = hands.iter().flatten().count();
        for turn in 0..2 * rounds.plunges + 2 {
            for index in (0..count).filter(|&index| most_nodes(index) > 0) {
                // Who has a node in hand waits for the next turn.
                if turn > 0 || hands[index].is_none() {
                    given += usize::from(!self.queue.is_empty());
                    nodes[index].extend(self.queue.pop());
                }
            }
        }
        let work = self.measure(rounds, given < count);
        let open = self.queue.len() + given;
        let tasks = nodes.into_iter().zip(hands).enumerate().map(|(index, (nodes, hand))| Task {
            index,
            open_elsewhere: open - nodes.len(),
            nodes,
            hand,
            best: self.incumbent.best().cloned(),
            lessons: rounds.lessons.clone(),
            created: self.created,
            iterations: self.report.statistics.lp_iterations,
            probe_iterations: rounds.probe_iterations,
            most_nodes: most_nodes(index),
            work,
            only_tells: false,
        });
        Some(tasks.collect())
    }

    /// The work of a round for each search: a share of all work so far, so that there are few rounds, and some nodes in any case; where there is not
    /// a node for each search, little, so that there soon is.
    fn measure(&self, rounds: &Rounds, is_narrow: bool) -> u64 {
        let (parameters, nodes) = (&self.options.parameters, self.report.statistics.nodes);
        let some = (parameters.round_nodes as f64 * rounds.work as f64 / nodes.max(1) as f64) as u64;
        let some = some.max(1);
        let share = (rounds.work as f64 * parameters.round_share) as u64;
        if is_narrow { some } else { share.min(parameters.round_work).max(some) }
    }

    /// Puts together what the searches have come to.
    fn put_together(&mut self, rounds: &mut Rounds, mut finished: Vec<Finished>) {
        if finished.is_empty() {
            return;
        }
        // Nodes made in this round have greater numbers than this one.
        let last = self.created;
        let mut winner = None;
        let mut offsets = Vec::with_capacity(finished.len());
        rounds.have_begun = true;
        rounds.nodes = finished.iter().map(|one| one.statistics.nodes).sum();
        rounds.kept = match (finished.iter().any(|one| one.is_cut), rounds.kept) {
            (true, Kept::Before) | (_, Kept::ForGood) => Kept::ForGood,
            _ => Kept::No,
        };
        for (index, one) in finished.iter_mut().enumerate() {
            let offset = self.created - last;
            let numbered = |mut node: Node| {
                node.id += if node.id > last { offset } else { 0 };
                node
            };
            one.nodes.drain(..).for_each(|node| self.queue.push(numbered(node)));
            rounds.hands[index] = one.hand.take().map(numbered);
            self.created += one.created;
            offsets.push(offset);
            self.closed_bound = self.closed_bound.min(one.closed_bound);
            self.kept_bound = self.kept_bound.min(one.kept_bound);
            if let Some(best) = &one.best
                && self.incumbent.adopt(best)
            {
                winner = Some(index);
            }
            rounds.probe_iterations += one.probe_iterations;
            rounds.work += one.work;
            rounds.limit = rounds.limit.or(one.limit);
        }
        // Observers hear of all of it now, search by search.
        let mut news = None;
        for (index, one) in finished.iter().enumerate() {
            let found = self.tell_of(one, last, offsets[index]);
            news = if winner == Some(index) { found } else { news };
            let (sum, more) = (&mut self.report.statistics, &one.statistics);
            sum.nodes += more.nodes;
            sum.lp_iterations += more.lp_iterations;
            sum.conflicts += more.conflicts;
            sum.unresolved += more.unresolved;
            self.relaxation.exact_time += Duration::from_secs_f64(more.verify_seconds.max(0.0));
        }
        rounds.plunges = finished.iter().map(|one| one.plunges).max().unwrap_or(0);
        rounds.lessons = Arc::new(finished.into_iter().map(|one| one.lessons).collect());
        let hands = rounds.hands.iter().flatten();
        self.current_bound = hands.fold(f64::INFINITY, |least, node| least.min(node.bound));
        let depth = rounds.hands.iter().flatten().map(|node| node.depth).max().unwrap_or(0);
        self.budget.count_memory(self.memory());
        match news {
            Some(News { node, source, depth }) => {
                self.listener.node = node;
                self.news_of_incumbent(source, depth);
            }
            None => self.note(' ', depth),
        }
    }

    /// Tells what a search had to tell, with the numbers that nodes have now: those after `last` are `offset` greater. Gives back what it told last of
    /// a new point.
    fn tell_of(&mut self, one: &Finished, last: u64, offset: u64) -> Option<News> {
        let mut news: Option<News> = None;
        let mut point_of = 0;
        // Observers count from 1.
        let numbered = |number: u64| number + if number > last + 1 { offset } else { 0 };
        let before = self.report.statistics.nodes + self.report.statistics.lp_iterations;
        for event in &one.told {
            let what = match event.what {
                What::Node(node) => {
                    What::Node(::budget::observe::Node { id: numbered(node.id), parent: numbered(node.parent), ..node })
                }
                What::End(end) => What::End(::budget::observe::End { id: numbered(end.id), ..end }),
                What::Lp(lp) => What::Lp(::budget::observe::Lp { node: numbered(lp.node), ..lp }),
                What::Conflict(conflict) => {
                    What::Conflict(::budget::observe::Conflict { node: numbered(conflict.node), ..conflict })
                }
                What::Incumbent(incumbent) => {
                    point_of = numbered(incumbent.node);
                    continue;
                }
                What::Row(row) => {
                    news = Some(News { node: point_of, source: row.source, depth: row.depth });
                    continue;
                }
                other => other,
            };
            let work = before + event.work.saturating_sub(one.told_from);
            self.hooks.borrow_mut().event(&Event::new(work, what));
        }
        news
    }
}

/// Where a point was found: at the node of that number, and by what, as the progress table says it.
struct News {
    node: u64,
    source: char,
    depth: u32,
}

//! Branch and bound over tuples of tree nodes, one a hidden neuron.
//!
//! A tuple stands for all networks whose neurons lie in its cones. What they lose for certain, and disjoint cores
//! ([`super::cores`]), bounds them; a tuple that is not closed by that is branched on at the node of the neuron with most undecided
//! points that matter. Neurons that may be exchanged and share a node are split together, into one child for each number of them in
//! the first half. Where nothing undecided matters, what is lost is exact, and any neurons of the cones attain it.
//!
//! Open tuples of all output functions are in one heap, least bound first, then deepest: its top is a lower bound at every moment. A *batch*
//! takes some from the top; each is searched depth first, children with the least loss first, for so many tuples, and
//! what is left goes back. Batches depend on nothing but the tuples, so every number of threads gives the same answer.

use super::cores::{Packing, Situation};
use super::output::{MOST_NEURONS, Output, Record, Stakes};
use super::parameters::Parameters;
use super::told::{Fork, Listener, Log, Mark, Teller};
use super::tree::{Halves, Scratch, Tree};
use crate::encode::Threshold;
use bdnn::Stop;
use bdnn::pool::Labelling;
use budget::checkpoint::{Unreadable, decode, encode};
use budget::observe::Ending;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Steps that a tuple takes beside those of the tree and of cores: what they are measured in, so that nothing depends on a clock.
const TUPLE_STEPS: u64 = 256;
/// Tuples between two questions for the budget.
const STOP_INTERVAL: u64 = 8;

/// One node a neuron.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Tuple {
    nodes: [u32; MOST_NEURONS],
    /// Number of the output function.
    output: u16,
    depth: u16,
    /// What is lost for certain, and a lower bound, in units.
    paid: u32,
    bound: u32,
    #[serde(skip)]
    mark: Mark,
}

/// A tuple in the heap.
struct Entry {
    tuple: Tuple,
    /// Tuples that came first go first.
    number: u64,
}

/// A tuple with nothing left to decide, and what its networks lose. There may be thousands of them at once: what they say is asked for one by one.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) loss: u64,
    tuple: Tuple,
}

/// Work done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Work {
    /// Tuples examined, those closed by cores, and those left as they are because all cones to split stay whole.
    pub(crate) tuples: u64,
    pub(crate) closed: u64,
    pub(crate) left: u64,
    /// Elementary steps for cores.
    steps: u64,
}

/// The search for all output functions.
pub(crate) struct Search {
    tree: Arc<Tree>,
    outputs: Vec<Output>,
    open: BinaryHeap<Entry>,
    /// The least bound of tuples that were left as they are.
    left: u32,
    numbers: u64,
    pub(crate) work: Work,
    /// Steps after which it is others' turn.
    pub(crate) patience: u64,
    /// Whether everything below the cutoff is looked for, and not one network after the other.
    all: bool,
    rooms: Vec<Room>,
    teller: Teller,
}

/// Room for a subtree, and what is found there.
#[derive(Default)]
struct Room {
    scratch: Scratch,
    stakes: Stakes,
    packing: Packing,
    stack: Vec<Tuple>,
    found: Vec<Tuple>,
    /// Units that are lost, of the tuple at hand.
    lost: Vec<u64>,
    /// As in [`Search`].
    left: Option<u32>,
    work: Work,
    log: Log,
}

/// What came of a tuple that is branched on.
enum Branched {
    Yes,
    /// The cone stays whole.
    Whole,
    /// The tuple is back on the stack.
    Stopped,
}

impl Search {
    /// All networks whose output neuron computes one of these functions; `None` if one has too many inputs. `all`: every labelling below the
    /// cutoff is found.
    pub(crate) fn new(tree: Arc<Tree>, functions: Vec<Threshold>, all: bool) -> Option<Self> {
        let outputs: Vec<Output> = functions.into_iter().map(Output::new).collect::<Option<_>>()?;
        let teller = Teller::new(outputs.len(), (tree.at.base, tree.at.unit));
        let mut search = Self {
            tree,
            outputs,
            open: BinaryHeap::new(),
            left: u32::MAX,
            numbers: 0,
            work: Work::default(),
            patience: u64::MAX,
            all,
            rooms: Vec::new(),
            teller,
        };
        for output in 0..search.outputs.len() {
            let (nodes, mark) = ([search.tree.root; MOST_NEURONS], Teller::root(output));
            search.push(Tuple { nodes, output: output as u16, depth: 0, paid: 0, bound: 0, mark });
        }
        search.rooms.resize_with(search.tree.parameters.batch, Room::default);
        Some(search)
    }

    /// What is written down of it: tree, open tuples with their numbers, the least bound left, numbers given out, and work. Observers hear of
    /// no tuple that was open then.
    pub(crate) fn state(&mut self) -> Result<Vec<u8>, Unreadable> {
        let tree = Arc::get_mut(&mut self.tree).ok_or_else(Unreadable::inconsistent)?.encode()?;
        let open: Vec<(Tuple, u64)> = self.open.iter().map(|entry| (entry.tuple, entry.number)).collect();
        encode(&(tree, open, self.left, self.numbers, self.work))
    }

    /// Goes back to a state.
    pub(crate) fn restore(&mut self, state: &[u8]) -> Result<(), Unreadable> {
        type Owned = (Vec<u8>, Vec<(Tuple, u64)>, u32, u64, Work);
        let (tree, open, left, numbers, work): Owned = decode(state)?;
        let at = Arc::get_mut(&mut self.tree).ok_or_else(Unreadable::inconsistent)?;
        at.restore(decode(&tree)?)?;
        let nodes = self.tree.len();
        let within = |(tuple, _): &(Tuple, u64)| {
            (tuple.output as usize) < self.outputs.len() && tuple.nodes.iter().all(|&node| (node as usize) < nodes)
        };
        if !open.iter().all(within) {
            return Err(Unreadable::inconsistent());
        }
        self.open = open.into_iter().map(|(tuple, number)| Entry { tuple, number }).collect();
        (self.left, self.numbers, self.work) = (left, numbers, work);
        Ok(())
    }

    /// Whether there are so few dimensions and neurons that nothing else has to be tried.
    pub(crate) fn suffices(&self) -> bool {
        let neurons = self.outputs.iter().map(|output| output.neurons).max().unwrap_or(0);
        let parameters = &self.tree.parameters;
        self.tree.at.rank <= parameters.alone_rank && neurons <= parameters.alone_neurons
    }

    /// Affine rank of the data.
    #[cfg(test)]
    pub(super) fn rank(&self) -> usize {
        self.tree.at.rank
    }

    /// Tuples that are open.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    /// Nodes of the tree.
    pub(crate) fn nodes(&self) -> usize {
        self.tree.len()
    }

    /// About how many elementary steps all this took, in the same number on every machine.
    pub(crate) fn steps(&self) -> u64 {
        self.work.tuples * TUPLE_STEPS + self.work.steps + self.tree.steps()
    }

    /// Work in steps: alone, as if all tuples took as long, so that a limit of nodes does not depend on cones; beside others, the time that is taken
    /// from them.
    pub(crate) fn effort(&self) -> u64 {
        if self.suffices() { self.work.tuples * TUPLE_STEPS } else { self.steps() }
    }

    /// No network that has not been found loses less; `None` if there is none below the last cutoff.
    pub(crate) fn bound(&self) -> Option<u64> {
        let open = self.open.peek().map(|entry| entry.tuple.bound);
        let left = (self.left < u32::MAX).then_some(self.left);
        open.into_iter().chain(left).min().map(|units| self.loss(units))
    }

    fn loss(&self, units: u32) -> u64 {
        self.tree.at.base + self.tree.at.unit * u64::from(units)
    }

    fn push(&mut self, tuple: Tuple) {
        self.open.push(Entry { tuple, number: self.numbers });
        self.numbers += 1;
    }

    /// The units from which on no loss is below `below`.
    fn cutoff(&self, below: u64) -> u32 {
        let units = below.saturating_sub(self.tree.at.base).div_ceil(self.tree.at.unit);
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    /// Looks for losses below `below` until some are found, about so much [effort](Self::effort) was made, nothing is open or `stop` says
    /// so. Returns what was found, least loss first; the caller [ends](Self::end) their nodes.
    pub(crate) fn advance(
        &mut self,
        below: u64,
        effort: u64,
        pool: Option<&rayon::ThreadPool>,
        listener: Listener<'_>,
        stop: &Stop<'_>,
    ) -> Vec<Found> {
        let cutoff = self.cutoff(below);
        let end = self.effort().saturating_add(effort);
        while self.effort() < end && self.steps() < self.patience && !stop() {
            if let Some(tree) = Arc::get_mut(&mut self.tree) {
                tree.forget();
            }
            let mean = self.steps() / self.work.tuples.max(1) + 1;
            let Parameters { short, long, share, many, .. } = self.tree.parameters;
            let share = if self.open.len() < many { short } else { long }.min((share / mean).max(1));
            // Tuples until the effort is made.
            let rest = ((end - self.effort()) / (self.effort() / self.work.tuples.max(1)).max(TUPLE_STEPS)).max(1);
            let mut count = 0;
            let most = self.rooms.len().min(rest as usize);
            while count < most && self.open.peek().is_some_and(|entry| entry.tuple.bound < cutoff) {
                let Some(entry) = self.open.pop() else { break };
                self.rooms[count].stack.push(entry.tuple);
                count += 1;
            }
            if count == 0 {
                self.finish(below, listener);
                self.open.clear();
                break;
            }
            let share = share.min(rest.div_ceil(count as u64));
            let (tree, outputs) = (&*self.tree, &self.outputs[..]);
            let all = self.all;
            self.rooms[..count].iter_mut().for_each(|room| room.log.begin(&listener));
            let explore = |room: &mut Room| room.explore(tree, outputs, (cutoff, all), share, stop);
            match pool.filter(|_| count > 1) {
                Some(pool) => pool.install(|| self.rooms[..count].par_iter_mut().with_max_len(1).for_each(explore)),
                None => self.rooms[..count].iter_mut().for_each(explore),
            }
            let found = self.collect(count, listener);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Takes what the rooms of a batch have.
    fn collect(&mut self, count: usize, listener: Listener<'_>) -> Vec<Found> {
        let mut found: Vec<Tuple> = Vec::new();
        for k in 0..count {
            let sites = &self.tree.at.sites;
            let numbers = self.teller.take(&mut self.rooms[k].log, self.work.tuples, sites, &listener);
            let numbered = |tuple: Tuple| Tuple { mark: numbers.mark(tuple.mark), ..tuple };
            let mut stack = std::mem::take(&mut self.rooms[k].stack);
            stack.drain(..).for_each(|tuple| self.push(numbered(tuple)));
            self.rooms[k].stack = stack;
            let work = std::mem::take(&mut self.rooms[k].work);
            self.work.tuples += work.tuples;
            self.work.closed += work.closed;
            self.work.left += work.left;
            self.work.steps += work.steps;
            self.left = self.left.min(self.rooms[k].left.take().unwrap_or(u32::MAX));
            found.extend(self.rooms[k].found.drain(..).map(numbered));
        }
        found.sort_by_key(|tuple| tuple.paid);
        found.into_iter().map(|tuple| Found { loss: self.loss(tuple.paid), tuple }).collect()
    }

    /// Observers hear of the roots.
    pub(crate) fn begin(&self, listener: Listener<'_>) {
        self.teller.begin(listener);
    }

    /// Observers hear what became of a tuple that was found.
    pub(crate) fn end(&self, found: &Found, ending: Ending, listener: Listener<'_>) {
        self.teller.end(found.tuple.mark, ending, found.tuple.paid, self.so_far(listener));
    }

    /// Observers hear that the search is over: what is open holds nothing below `below`, or stays open.
    pub(crate) fn finish(&self, below: u64, listener: Listener<'_>) {
        if listener.is_nobody() {
            return;
        }
        let (cutoff, listener) = (self.cutoff(below), self.so_far(listener));
        let mut open: Vec<&Entry> = self.open.iter().collect();
        open.sort_unstable_by_key(|entry| entry.number);
        for Entry { tuple, .. } in open {
            let ending = if tuple.bound >= cutoff { Ending::Fathomed } else { Ending::Open };
            self.teller.end(tuple.mark, ending, tuple.bound, listener);
        }
    }

    /// The listener after the work done.
    fn so_far<'l>(&self, listener: Listener<'l>) -> Listener<'l> {
        Listener { work: listener.work + self.work.tuples, ..listener }
    }

    /// The output function of what was found.
    pub(crate) fn output(&self, found: &Found) -> &Threshold {
        &self.outputs[found.tuple.output as usize].threshold
    }

    /// By neuron, the points that it decides: the point's number in the data, and whether it fires.
    pub(crate) fn sides<'s>(
        &'s self,
        found: &Found,
    ) -> impl Iterator<Item = impl Iterator<Item = (u32, bool)> + 's> + 's {
        let neurons = self.outputs[found.tuple.output as usize].neurons;
        let nodes = found.tuple.nodes;
        (0..neurons).map(move |j| self.tree.decided(nodes[j]))
    }

    /// The labelling of what was found, where points that cost nothing are among those that are decided.
    pub(crate) fn labelling(&self, found: &Found) -> Labelling {
        let (at, output) = (&self.tree.at, &self.outputs[found.tuple.output as usize]);
        let values = output.values(&records(&self.tree, &found.tuple.nodes, output), at.sections(), &at.valid);
        let mut labelling = vec![false; at.len()];
        (0_u32..).zip(&at.sites).for_each(|(i, &site)| labelling[site as usize] = at.marked(&values, i));
        labelling
    }
}

impl Room {
    /// Searches below the tuple on the stack for a loss below `cutoff` (or for `all`), for so many tuples; the rest stays on the stack. What is
    /// found closes nothing: it may have no weights in floats.
    fn explore(&mut self, tree: &Tree, outputs: &[Output], (cutoff, all): (u32, bool), share: u64, stop: &Stop<'_>) {
        while self.work.tuples < share {
            if self.work.tuples % STOP_INTERVAL == STOP_INTERVAL - 1 && stop() {
                return;
            }
            let Some(tuple) = self.stack.pop() else { return };
            if tuple.bound >= cutoff {
                self.end(&tuple, Ending::Fathomed);
                continue;
            }
            self.work.tuples += 1;
            let output = &outputs[tuple.output as usize];
            output.stakes(&records(tree, &tuple.nodes, output), tree.at.sections(), &tree.at.valid, &mut self.stakes);
            let open = self.stakes.open;
            if open[..output.neurons].iter().all(|&units| units == 0) {
                self.found.push(tuple);
                if all {
                    continue;
                }
                return;
            }
            let Some(cores) = self.cores(tree, &tuple, output, cutoff - tuple.paid, stop) else {
                self.stack.push(tuple);
                return;
            };
            let bound = tuple.bound.max(tuple.paid + cores);
            if bound >= cutoff {
                self.work.closed += 1;
                self.end(&Tuple { bound, ..tuple }, Ending::Fathomed);
                continue;
            }
            let tuple = Tuple { bound, ..tuple };
            // Most undecided points first.
            let mut whole = [false; MOST_NEURONS];
            loop {
                let next = (0..output.neurons).filter(|&j| open[j] > 0 && !whole[j]);
                let Some(branch) = next.max_by_key(|&j| (open[j], std::cmp::Reverse(j))) else {
                    self.left = Some(self.left.map_or(bound, |least| least.min(bound)));
                    self.work.left += 1;
                    self.end(&tuple, Ending::Unresolved);
                    break;
                };
                match self.branch(tree, &tuple, output, branch, cutoff, stop) {
                    Branched::Yes => break,
                    Branched::Whole => whole[branch] = true,
                    Branched::Stopped => return,
                }
            }
        }
    }

    /// Notes what became of a tuple.
    fn end(&mut self, tuple: &Tuple, ending: Ending) {
        self.log.end(tuple.mark, ending, tuple.bound, self.work.tuples);
    }

    /// Units that are lost beyond those paid, at most `most`; `None` once `stop` says so.
    fn cores(&mut self, tree: &Tree, tuple: &Tuple, output: &Output, most: u32, stop: &Stop<'_>) -> Option<u32> {
        let (records, stakes) = (&records(tree, &tuple.nodes, output), &self.stakes);
        let at = Situation::new((tree, &tuple.nodes), output, records, stakes, &mut self.scratch, stop)?;
        let found = self.packing.pack(&at, most);
        self.work.steps += self.packing.take_steps();
        Some(found)
    }

    /// Puts the children below the cutoff on the stack, the least bound on top.
    fn branch(
        &mut self,
        tree: &Tree,
        tuple: &Tuple,
        output: &Output,
        branch: usize,
        cutoff: u32,
        stop: &Stop<'_>,
    ) -> Branched {
        let node = tuple.nodes[branch];
        let Halves { fires, rests, point } = match tree.children(node, &mut self.scratch, stop) {
            Some(Some(halves)) => halves,
            Some(None) => return Branched::Whole,
            None => {
                self.stack.push(*tuple);
                return Branched::Stopped;
            }
        };
        let twin = |&j: &usize| output.class[j] == output.class[branch] && tuple.nodes[j] == node;
        let twins = (0..output.neurons).filter(twin).count();
        let start = self.stack.len();
        let mut fork = Fork::new(tuple.mark, tuple.bound, point);
        for above in 0..=twins {
            let mut child = Tuple { depth: tuple.depth.saturating_add(1), ..*tuple };
            for (k, j) in (0..output.neurons).filter(twin).enumerate() {
                child.nodes[j] = if k < above { fires } else { rests };
            }
            child.paid = output.lost(&records(tree, &child.nodes, output), tree.at.sections(), &mut self.lost);
            child.bound = child.bound.max(child.paid + self.packing.unpaid(&self.lost));
            let first_rests = (0..output.neurons).filter(twin).nth(above);
            child.mark = self.log.child(&mut fork, first_rests, child.bound, self.work.tuples);
            if child.bound < cutoff {
                self.stack.push(child);
            } else {
                self.end(&child, Ending::Fathomed);
            }
        }
        self.stack[start..].sort_by_key(|child| std::cmp::Reverse((child.bound, child.paid)));
        Branched::Yes
    }
}

/// The records of a tuple's neurons.
pub(super) fn records<'t>(tree: &'t Tree, nodes: &[u32], output: &Output) -> [Record<'t>; MOST_NEURONS] {
    let first = tree.record(nodes[0]);
    let mut records = [first; MOST_NEURONS];
    for (record, &node) in records.iter_mut().zip(nodes).take(output.neurons).skip(1) {
        *record = tree.record(node);
    }
    records
}

impl Entry {
    fn key(&self) -> (u32, std::cmp::Reverse<u16>, u64) {
        (self.tuple.bound, std::cmp::Reverse(self.tuple.depth), self.number)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The greatest is the one to take first.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

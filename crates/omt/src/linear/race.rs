//! The best neuron of one task, and which bounds get the time for it: a tree over the whole task and the sum of blocks, in turns.
//!
//! Entry point: [`minimise`]. The whole's tree is that over the program of cores ([`super::lp`]) from some dimensions on, where packings stay far below the optimum,
//! and that over packings ([`super::node`]) below. Blocks ([`super::blocks`]) join once the whole has had a first turn. From then on the
//! larger bound gets most of the work, and the largest counts.

use super::answer::{self, Incumbent, Settled};
use super::blocks::{self, Blocks, Crew};
use super::core::Member;
use super::descent::Descent;
use super::geometry::Geometry;
use super::lp::{self, Done, Host, Quota, Separation, State, Tree};
use super::parameters::Conduct;
use super::search::{BranchAndBound, Open, Remembered};
use super::task::Task;
use super::watch::{Outcome, Watch};
use bdnn::Points;
use budget::checkpoint::{Unreadable, decode, encode};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The tree over the whole task.
enum Whole<'s> {
    Packing(Open),
    Program(Box<Tree>, Box<Separation<'s>>),
}

/// What the tree over the program asks of the search.
struct Desk<'d, 'a, 'w>(&'d mut BranchAndBound<'a, 'w>);

impl Host for Desk<'_, '_, '_> {
    fn offer(&mut self, w: &[f64]) -> u64 {
        if self.0.offer(w) {
            self.0.descend(w, self.0.parameters.later_lines);
        }
        self.0.incumbent.cost
    }

    fn settle(&mut self, decided: &[Option<bool>], right: &[bool]) -> Option<Vec<Member>> {
        let mut task = self.0.task.clone();
        for (wanted, wrong) in task.wanted.iter_mut().zip(decided) {
            *wanted ^= *wrong == Some(true);
        }
        let (points, geometry) = (self.0.points, self.0.geometry);
        let (settled, _) = self.0.watched(|stop| answer::settle(points, geometry, &task, right, stop));
        match settled? {
            Settled::Impossible(core) => Some(core.members),
            Settled::Found(mut found) => {
                found.cost = found.neuron.cost(self.0.points, self.0.task);
                if found.cost < self.0.incumbent.cost {
                    self.0.incumbent = found;
                    self.0.watch.incumbent(&self.0.incumbent);
                }
                None
            }
        }
    }
}

/// Both, and the search that they serve.
struct Race<'r, 'a, 'w> {
    search: &'r mut BranchAndBound<'a, 'w>,
    whole: Whole<'r>,
    /// Nothing is left of the whole's tree.
    over: bool,
    blocks: Option<Blocks<'a>>,
    /// Work of blocks that have ended.
    past: Done,
    /// Turns of the whole.
    turns: u64,
    crew: &'r Crew<'r>,
}

/// The neuron of least cost. `start` is where the search begins, if it is any good; `conduct` how it goes on. Stops early when `watch` says so. Without a
/// crew, or where the watch wants cores, packings of cores are the only bounds.
pub fn minimise(
    points: &Points,
    geometry: &Geometry,
    task: &Task,
    start: Option<Incumbent>,
    conduct: &Conduct,
    crew: Option<&Crew<'_>>,
    watch: &mut dyn Watch,
) -> Outcome {
    let alone = watch.wants_cores();
    let mut search = BranchAndBound::new(points, geometry, task, start, conduct, watch);
    match crew.filter(|_| !alone).and_then(|crew| Race::begun(&mut search, crew, conduct)) {
        Some(race) => race.run(conduct),
        None if alone || crew.is_none() => search.run(),
        None => {}
    }
    search.finish()
}

/// [`minimise`] with a crew, from a state that the watch was given to keep, if there is one.
///
/// # Errors
/// A state that is none.
pub fn minimise_from(
    (points, geometry, task): (&Points, &Geometry, &Task),
    start: Option<Incumbent>,
    conduct: &Conduct,
    crew: &Crew<'_>,
    watch: &mut dyn Watch,
    state: &[u8],
) -> Result<Outcome, Unreadable> {
    let mut search = BranchAndBound::new(points, geometry, task, start, conduct, watch);
    Race::resumed(&mut search, crew, decode(state)?).run(conduct);
    Ok(search.finish())
}

/// What a race goes on with: whichever tree of the whole there is, blocks, and the search that they serve.
#[derive(Deserialize)]
struct Written {
    search: Remembered,
    packing: Option<Open>,
    program: Option<(Box<Tree>, lp::Remembered)>,
    blocks: Option<blocks::Remembered>,
    over: bool,
    past: Done,
    turns: u64,
}

impl<'r, 'a, 'w> Race<'r, 'a, 'w> {
    /// A race after the first turn of the whole; `None` if the search is over before.
    fn begun(search: &'r mut BranchAndBound<'a, 'w>, crew: &'r Crew<'r>, conduct: &Conduct) -> Option<Self> {
        let Conduct { parameters, .. } = conduct;
        let many = search.geometry.dim() >= parameters.program_from;
        let whole = if many {
            if !search.started {
                search.descend(&Descent::mean_difference(search.geometry, search.task), parameters.first_lines);
            }
            let tree = Tree::new(&search.task.weight, search.incumbent.cost, conduct);
            Whole::Program(Box::new(tree), Box::new(Separation::new(search.geometry, search.task, crew.stop)))
        } else {
            let mut open = Open::new();
            if !search.begin(&mut open) {
                return None;
            }
            Whole::Packing(open)
        };
        let mut race = Race { search, whole, over: false, blocks: None, past: Done::default(), turns: 0, crew };
        race.turn_of_whole(parameters.blocks_after);
        if parameters.blocks && race.goes_on() {
            let activations = race.search.activations();
            let (geometry, task) = (race.search.geometry, race.search.task);
            race.blocks = Blocks::new((geometry, task), &activations, *conduct, crew.stop);
        }
        Some(race)
    }

    /// A race from where it stood.
    fn resumed(search: &'r mut BranchAndBound<'a, 'w>, crew: &'r Crew<'r>, state: Written) -> Self {
        let Written { search: of_search, packing, program, blocks, over, past, turns } = state;
        search.restore(of_search);
        let (geometry, task) = (search.geometry, search.task);
        let whole = match (packing, program) {
            (_, Some((tree, remembered))) => {
                let mut at = Separation::new(geometry, task, crew.stop);
                at.restore(remembered);
                Whole::Program(tree, Box::new(at))
            }
            (packing, None) => Whole::Packing(packing.unwrap_or_default()),
        };
        let blocks = blocks.map(|blocks| Blocks::resumed((geometry, task), blocks));
        Self { search, whole, over, blocks, past, turns, crew }
    }

    /// Turn after turn.
    fn run(mut self, conduct: &Conduct) {
        while self.goes_on() {
            // What a limit on nodes has cut short is no place to go on from.
            if self.search.watch.keeps() && !self.blocks.as_ref().is_some_and(|blocks| blocks.short) {
                let state = encode(&self.state());
                state.into_iter().for_each(|state| self.search.watch.keep(state));
            }
            self.search.ask_beside();
            if self.blocks_next() {
                self.turn_of_blocks();
            } else {
                self.turn_of_whole(conduct.parameters.turn);
            }
        }
    }

    /// What is written down of it: a [`Written`].
    fn state(&self) -> impl Serialize {
        let (packing, program) = match &self.whole {
            Whole::Packing(open) => (Some(open), None),
            Whole::Program(tree, at) => (None, Some((tree, at.state()))),
        };
        let blocks = self.blocks.as_ref().map(Blocks::state);
        (self.search.state(), packing, program, blocks, self.over, self.past, self.turns)
    }
}

impl Race<'_, '_, '_> {
    /// Whether there is a gap, something to be done about it, and time.
    fn goes_on(&mut self) -> bool {
        let search = &mut *self.search;
        search.stopped = search.stopped.or_else(|| search.watch.stop(search.nodes()));
        let open = !self.over || self.blocks.is_some();
        open && search.stopped.is_none() && search.bound_now() < search.incumbent.cost
    }

    /// Work of the whole's tree.
    fn done_by_whole(&self) -> Done {
        match &self.whole {
            Whole::Program(tree, _) => tree.done(),
            Whole::Packing(_) => Done::default(),
        }
    }

    fn blocks_next(&self) -> bool {
        let Some(blocks) = &self.blocks else { return false };
        let of_blocks = blocks.done().work;
        let of_whole = self.search.work() - self.past.work - of_blocks;
        let whole = self.search.proven.min(self.search.lost);
        let lead = self.search.parameters.lead;
        self.over
            || match whole.cmp(&self.search.beside) {
                Ordering::Less => of_blocks <= lead.saturating_mul(of_whole),
                Ordering::Equal => of_blocks <= of_whole,
                Ordering::Greater => lead.saturating_mul(of_blocks) <= of_whole,
            }
    }

    fn quota(&self, work: u64) -> Quota {
        Quota { work, nodes: self.search.watch.nodes().saturating_sub(self.search.nodes()) }
    }

    fn turn_of_whole(&mut self, work: u64) {
        let quota = self.quota(work);
        let search = &mut *self.search;
        match &mut self.whole {
            Whole::Packing(open) => {
                let end = search.packed().saturating_add(work);
                search.go(open, end);
                self.over = open.is_empty();
            }
            Whole::Program(tree, at) => {
                self.turns += 1;
                if self.turns.is_multiple_of(search.parameters.walk_turns) {
                    let neuron = &search.incumbent.neuron;
                    search.descend(
                        &search.geometry.rescale(&neuron.weights, neuron.bias),
                        search.parameters.follow_lines,
                    );
                }
                tree.lower(search.incumbent.cost);
                self.over = tree.advance(at, quota, &mut Desk(search)) == State::Over;
                search.proven = search.proven.max(tree.bound());
                search.lost = search.lost.min(tree.lost());
            }
        }
        self.report();
    }

    fn turn_of_blocks(&mut self) {
        let quota = self.quota(self.search.parameters.turn);
        let Some(blocks) = &mut self.blocks else { return };
        let state = blocks.advance(quota, self.crew);
        self.search.beside = self.search.beside.max(blocks.bound());
        if state == State::Over {
            self.past = self.past.plus(blocks.done());
            self.blocks = None;
        }
        self.report();
    }

    fn report(&mut self) {
        let of_blocks = self.blocks.as_ref().map_or_else(Done::default, Blocks::done);
        self.search.aside = self.done_by_whole().plus(self.past).plus(of_blocks);
        let (open, depth) = match &self.whole {
            Whole::Packing(open) => (open.len(), 0),
            Whole::Program(tree, _) => tree.open(),
        };
        self.search.report(open, depth);
    }
}

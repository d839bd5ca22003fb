//! What observers hear of the search: its tuples as a binary tree with a root for each output function.
//!
//! A node is branched on whether a neuron fires at the point whose hyperplane splits its cone. Neurons that may be exchanged and share a cone are split
//! one after the other: those before the first that rests fire, those after it rest as well. So k of them make k + 1 children and k - 1
//! nodes in between, which are no tuples of the search and end as soon as they are made; the leaves add up to the whole tree as they do in any other.
//!
//! Rooms note what happens and count their new nodes from [`LOCAL`]; after a batch all is told in the order of the rooms, and nodes get their
//! numbers. Where nobody listens nothing is noted.

use bdnn::{Interest, Telling, What};
use budget::observe::{Branching, CANDIDATES, End, Ending, Node, On, Tree};

const TREE: Tree = Tree { search: "dual tree", index: 0 };

/// Numbers from here on are those of nodes that a room has made in the batch at hand.
const LOCAL: u64 = 1 << 63;

/// Who hears of a search, if somebody does, and the work that others have done.
#[derive(Clone, Copy, Default)]
pub(crate) struct Listener<'a> {
    /// `None` for nobody.
    pub(crate) telling: Option<&'a Telling<'a>>,
    /// By the clock of [`budget::Event`].
    pub(crate) work: u64,
}

impl Listener<'_> {
    /// Whether nobody hears of trees.
    pub(super) fn is_nobody(&self) -> bool {
        !self.telling.is_some_and(|telling| telling.wants(Interest::TREE))
    }
}

/// The node of a tuple. Numbers mean nothing where nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    number: u64,
    depth: u32,
}

/// Something that happened to a node; bounds are in units.
#[derive(Clone, Copy, Debug)]
enum Note {
    /// It was made: its parent's number, the neuron and point, and whether it fires there.
    Made {
        mark: Mark,
        parent: u64,
        neuron: usize,
        point: u32,
        fires: bool,
        bound: u32,
    },
    Ended {
        mark: Mark,
        ending: Ending,
        bound: u32,
    },
}

/// What a room notes, each with the number of tuples examined before.
#[derive(Debug, Default)]
pub(super) struct Log {
    listens: bool,
    notes: Vec<(u64, Note)>,
    /// Nodes made.
    made: u64,
}

/// A node whose cone is being split.
#[derive(Debug)]
pub(super) struct Fork {
    /// What is left of the node: all neurons so far fire.
    rest: Mark,
    bound: u32,
    point: u32,
    /// The neuron that rests in the last child.
    last: Option<usize>,
}

impl Fork {
    pub(super) fn new(node: Mark, bound: u32, point: u32) -> Self {
        Self { rest: node, bound, point, last: None }
    }
}

impl Log {
    /// A batch begins.
    pub(super) fn begin(&mut self, listener: &Listener<'_>) {
        self.listens = !listener.is_nobody();
    }

    fn made(&mut self, fork: &Fork, (neuron, fires): (usize, bool), bound: u32, tuples: u64) -> Mark {
        let mark = Mark { number: LOCAL + self.made, depth: fork.rest.depth + 1 };
        self.made += 1;
        self.notes
            .push((tuples, Note::Made { mark, parent: fork.rest.number, neuron, point: fork.point, fires, bound }));
        mark
    }

    /// The next child of a node: that where `neuron` is the first that rests, or where none does.
    pub(super) fn child(&mut self, fork: &mut Fork, neuron: Option<usize>, bound: u32, tuples: u64) -> Mark {
        if !self.listens {
            return Mark::default();
        }
        if let Some(last) = fork.last {
            let known = if neuron.is_some() { fork.bound } else { bound };
            let rest = self.made(fork, (last, true), known, tuples);
            self.end(fork.rest, Ending::Branched, fork.bound, tuples);
            fork.rest = rest;
        }
        fork.last = neuron;
        neuron.map_or(fork.rest, |neuron| self.made(fork, (neuron, false), bound, tuples))
    }

    pub(super) fn end(&mut self, mark: Mark, ending: Ending, bound: u32, tuples: u64) {
        if self.listens {
            self.notes.push((tuples, Note::Ended { mark, ending, bound }));
        }
    }
}

/// Numbers the nodes of all rooms and tells of them.
#[derive(Debug)]
pub(super) struct Teller {
    /// Nodes with a number.
    numbers: u64,
    /// What every network pays, and what a unit costs.
    base: u64,
    unit: u64,
}

impl Teller {
    /// For so many roots, which have the first numbers.
    pub(super) fn new(roots: usize, (base, unit): (u64, u64)) -> Self {
        Self { numbers: roots as u64, base, unit }
    }

    /// The mark of a root.
    pub(super) fn root(place: usize) -> Mark {
        Mark { number: place as u64 + 1, depth: 0 }
    }

    /// A bound as observers hear it.
    #[allow(clippy::cast_precision_loss)]
    fn bound(&self, units: u32) -> f64 {
        (self.base + self.unit * u64::from(units)) as f64
    }

    /// Before the first batch: the roots.
    pub(super) fn begin(&self, Listener { telling, work }: Listener<'_>) {
        let Some(telling) = telling else { return };
        for id in 1..=self.numbers {
            let node = || Node { tree: TREE, id, parent: 0, depth: 0, branching: None, bound: self.bound(0) };
            telling.event(Interest::TREE, work, || What::Node(node()));
        }
    }

    /// Tells what a room noted before which `tuples` were examined; `sites` are the points' numbers in the data. Returns the numbers of its nodes.
    pub(super) fn take(&mut self, log: &mut Log, tuples: u64, sites: &[u32], listener: &Listener<'_>) -> Numbers {
        let numbers = Numbers { first: self.numbers + 1 };
        self.numbers += std::mem::take(&mut log.made);
        let Some(telling) = listener.telling else { return numbers };
        for (count, note) in log.notes.drain(..) {
            let work = listener.work + tuples + count;
            match note {
                Note::Made { mark, parent, neuron, point, fires, bound } => {
                    let on = On::Unit { layer: 1, part: sites[point as usize], neuron: neuron as u32 };
                    let branching = Some(Branching { on, is_upper: !fires, value: f64::from(u8::from(fires)) });
                    let (id, parent) = (numbers.of(mark.number), numbers.of(parent));
                    let node = Node { tree: TREE, id, parent, depth: mark.depth, branching, bound: self.bound(bound) };
                    telling.event(Interest::TREE, work, || What::Node(node));
                }
                Note::Ended { mark, ending, bound } => {
                    self.end(numbers.mark(mark), ending, bound, Listener { work, ..*listener });
                }
            }
        }
        numbers
    }

    /// A node has ended.
    pub(super) fn end(&self, mark: Mark, ending: Ending, bound: u32, Listener { telling, work }: Listener<'_>) {
        let Some(telling) = telling else { return };
        let Mark { number: id, depth } = mark;
        let bound = self.bound(bound);
        let end = || End { tree: TREE, id, depth, ending, bound, frac: None, candidates: [None; CANDIDATES] };
        telling.event(Interest::TREE, work, || What::End(end()));
    }
}

/// The numbers of a room's new nodes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    first: u64,
}

impl Numbers {
    fn of(self, number: u64) -> u64 {
        if number < LOCAL { number } else { number - LOCAL + self.first }
    }

    /// A mark of the room's with its number.
    pub(super) fn mark(self, mark: Mark) -> Mark {
        Mark { number: self.of(mark.number), ..mark }
    }
}

//! The tree of cones: lazy, shared by all neurons, all output functions and all threads.
//!
//! A node is a cone with what its neurons surely do: two records of units, in which all descendants agree. Whether a node has children,
//! and which, follows from its cone alone, so it does not matter who asks first; each is made once. A cone goes when its
//! children are there. In many dimensions a cone whose halves would have very many rays stays whole.
//!
//! Invariant: a point is decided at a node iff no two rays of its cone lie strictly on different sides of it. So a leaf is one dichotomy, and
//! every node holds some.

use super::arena::Arena;
use super::arrangement::Arrangement;
use super::cone::{Cone, Room, dot};
use super::conflicts::{self, Conflicts};
use super::output::Record;
use super::parameters::Parameters;
use super::signs::Signs;
use bdnn::Stop;
use budget::Pace;
use budget::checkpoint::{Unreadable, encode};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Bytes of conflicts from which on they are forgotten: a bound on memory beside a limit that a run may have.
const MOST_BYTES: usize = 1 << 29;

/// Nodes of one arrangement.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(super) at: Arrangement,
    pub(super) parameters: Parameters,
    nodes: Arena<Node>,
    pub(super) root: u32,
    steps: AtomicU64,
    /// Bytes of all conflicts.
    bytes: AtomicUsize,
    /// No cone with more rays is made, and conflicts of more bytes are forgotten.
    pub(super) most_rays: usize,
    pub(super) most_bytes: usize,
}

#[derive(Debug)]
struct Node {
    /// What is lost, then what is won (see `output`).
    record: Box<[u64]>,
    open: Mutex<Option<Box<Open>>>,
    conflicts: OnceLock<Conflicts>,
    /// `None` for a cone that stays whole: one of its halves would have too many rays.
    children: OnceLock<Option<Halves>>,
}

/// The halves of a node.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Halves {
    /// Where the point fires, and where it rests.
    pub(crate) fires: u32,
    pub(crate) rests: u32,
    /// The point of the arrangement whose hyperplane lies between them.
    pub(crate) point: u32,
}

/// What a node needs until it is split.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Open {
    cone: Cone,
    undecided: Vec<u32>,
    /// Signs of the undecided points and the place among them of the point to split by, once somebody has asked.
    examined: Option<(Signs, usize)>,
}

/// Room for the work of one thread.
#[derive(Default)]
pub(super) struct Scratch {
    room: Room,
    conflicts: conflicts::Room,
    values: Vec<f64>,
    near: Vec<(f64, usize)>,
    scale: Vec<f64>,
    weights: Vec<u32>,
}

/// What is written down of a node: its record, what it needs until it is split, conflicts, and its children.
type OfNode<R, O, C> = (R, O, C, Option<Option<Halves>>);
/// What a tree goes on with, beside the data: its nodes, steps and bytes.
pub(super) type Remembered = (Vec<OfNode<Box<[u64]>, Option<Box<Open>>, Option<Conflicts>>>, u32, u64, usize);

impl Tree {
    /// What is written down of it: a [`Remembered`]. Not while others work on it.
    pub(super) fn encode(&mut self) -> Result<Vec<u8>, Unreadable> {
        let of_node = |node: &mut Node| -> OfNode<Box<[u64]>, Option<Box<Open>>, Option<Conflicts>> {
            let open = node.open.get_mut().unwrap_or_else(PoisonError::into_inner);
            (node.record.clone(), open.take(), node.conflicts.take(), node.children.get().copied())
        };
        // What is large is lent, not copied.
        let nodes: Vec<_> = self.nodes.values_mut().map(of_node).collect();
        let bytes = encode(&(&nodes, self.root, self.steps.get_mut(), self.bytes.get_mut()));
        for (node, (_, open, conflicts, _)) in self.nodes.values_mut().zip(nodes) {
            *node.open.get_mut().unwrap_or_else(PoisonError::into_inner) = open;
            node.conflicts = conflicts.map_or_else(OnceLock::new, OnceLock::from);
        }
        bytes
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, (nodes, root, steps, bytes): Remembered) -> Result<(), Unreadable> {
        let count = u32::try_from(nodes.len()).map_err(|_| Unreadable::inconsistent())?;
        let within = |halves: &Halves| halves.fires < count && halves.rests < count;
        let words = 2 * self.at.words;
        if root >= count
            || nodes.iter().any(|(record, _, _, children)| {
                record.len() != words || children.flatten().is_some_and(|halves| !within(&halves))
            })
        {
            return Err(Unreadable::inconsistent());
        }
        self.nodes = Arena::default();
        for (record, open, conflicts, children) in nodes {
            self.nodes.push(Node {
                record,
                open: Mutex::new(open),
                conflicts: conflicts.map_or_else(OnceLock::new, OnceLock::from),
                children: children.map_or_else(OnceLock::new, OnceLock::from),
            });
        }
        (self.root, self.steps, self.bytes) = (root, AtomicU64::new(steps), AtomicUsize::new(bytes));
        Ok(())
    }

    /// The tree with its first cones, those of n + 1 independent points; `None` once `stop` says so.
    pub(crate) fn new(at: Arrangement, parameters: Parameters, stop: &Stop<'_>) -> Option<Self> {
        let most_rays = if at.rank > parameters.alone_rank { parameters.rays } else { usize::MAX };
        let (nodes, steps, bytes) = (Arena::default(), AtomicU64::new(0), AtomicUsize::new(0));
        let mut tree = Self { at, parameters, nodes, root: 0, steps, bytes, most_rays, most_bytes: MOST_BYTES };
        let mut scratch = Scratch::default();
        let all: Vec<u32> = (0..tree.at.len() as u32).collect();
        let spanning = tree.at.spanning.clone();
        let mut level = Vec::new();
        for pattern in 0..1_usize << spanning.len() {
            if stop() {
                return None;
            }
            let cone = Cone::simplicial(&tree.at, &spanning, pattern, &mut scratch.room);
            let mut record = vec![0; 2 * tree.at.words].into_boxed_slice();
            let signs = Signs::new(&tree.at, &cone, &all, &mut scratch.values, &mut scratch.room, stop)?;
            let mut undecided = Vec::new();
            for &point in &all {
                let sides = (0..cone.len()).map(|ray| signs.at(point as usize, ray));
                let (above, below) = sides.fold((false, false), |(a, b), sign| (a || sign > 0, b || sign < 0));
                tree.decide(&mut record, &mut undecided, point, above, below);
            }
            level.push(tree.push(record, cone, undecided));
        }
        // Spanning point k tells the halves of level k apart, from the last one on.
        for &point in spanning.iter().rev() {
            let (lower, upper) = level.split_at(level.len() / 2);
            let halves = lower.iter().zip(upper).map(|(&rests, &fires)| Halves { fires, rests, point });
            level = halves.map(|halves| tree.join(halves)).collect();
        }
        tree.root = level[0];
        Some(tree)
    }

    /// Number of nodes so far.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// About how many elementary steps its nodes took. Each is made once, so this is the same for every number of threads.
    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// The records of a node.
    pub(super) fn record(&self, node: u32) -> Record<'_> {
        let (lost, won) = self.nodes.at(node).record.split_at(self.at.words);
        Record { lost, won }
    }

    /// The points a node decides: the point's number in the data, and whether it fires.
    pub(super) fn decided(&self, node: u32) -> impl Iterator<Item = (u32, bool)> {
        let record = self.record(node);
        (0..self.at.len() as u32).filter_map(move |i| {
            let (lost, won) = (self.at.marked(record.lost, i), self.at.marked(record.won, i));
            (lost || won).then(|| (self.at.sites[i as usize], won == self.at.wanted[i as usize]))
        })
    }

    /// Counts work on cones.
    fn count(&self, steps: u64) {
        self.steps.fetch_add(steps * self.at.dearness(), Ordering::Relaxed);
    }

    /// The conflicts in a node's cone; `None` once `stop` says so. A node that is split already has none unless they were asked for before.
    pub(super) fn conflicts(&self, node: u32, scratch: &mut Scratch, stop: &Stop<'_>) -> Option<&Conflicts> {
        let node = self.nodes.at(node);
        if let Some(conflicts) = node.conflicts.get() {
            return Some(conflicts);
        }
        let mut open = node.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever had the lock may have made them: the values in `scratch` are of this thread's own examination alone.
        if node.conflicts.get().is_none() {
            let conflicts = match open.as_deref_mut() {
                Some(open) if open.undecided.len() <= self.parameters.paired => {
                    open.examine((&self.at, self.parameters.candidates), scratch, stop)?;
                    let (signs, _) = open.examined.as_ref()?;
                    let (values, errors, room) = (&scratch.values, &open.cone.errors, &mut scratch.conflicts);
                    let found = Conflicts::new(&self.at, &open.undecided, signs, values, errors, room, stop);
                    let Some(found) = found else {
                        // Values are there at the next examination alone.
                        open.examined = None;
                        return None;
                    };
                    self.bytes.fetch_add(found.bytes(), Ordering::Relaxed);
                    let (points, rays) = (open.undecided.len() as u64, open.cone.len() as u64);
                    self.count(points * rays + scratch.conflicts.steps);
                    found
                }
                _ => Conflicts::default(),
            };
            node.conflicts.get_or_init(|| conflicts);
        }
        node.conflicts.get()
    }

    /// The conflicts of a node that somebody asked for before.
    pub(super) fn known_conflicts(&self, node: u32) -> Option<&Conflicts> {
        self.nodes.at(node).conflicts.get()
    }

    /// Forgets conflicts once they take much room: those of nodes that can find them again, then, if these were the lesser part, all. What is
    /// forgotten depends on the nodes alone, whoever made them.
    pub(super) fn forget(&mut self) {
        if *self.bytes.get_mut() <= self.most_bytes {
            return;
        }
        for split in [false, true] {
            let mut left = 0;
            for node in self.nodes.values_mut() {
                let open = node.open.get_mut().unwrap_or_else(PoisonError::into_inner);
                match (open, split) {
                    // Signs go as well: conflicts are found where these are.
                    (Some(open), false) => {
                        open.examined = None;
                        node.conflicts = OnceLock::new();
                    }
                    (None, true) => node.conflicts = OnceLock::from(Conflicts::default()),
                    _ => left += node.conflicts.get().map_or(0, Conflicts::bytes),
                }
            }
            *self.bytes.get_mut() = left;
            if left <= self.most_bytes / 2 {
                return;
            }
        }
    }

    /// The halves of a node that is no leaf; `Some(None)` for a cone that stays whole. `None` once `stop` says so.
    pub(super) fn children(&self, number: u32, scratch: &mut Scratch, stop: &Stop<'_>) -> Option<Option<Halves>> {
        let node = self.nodes.at(number);
        if let Some(children) = node.children.get() {
            return Some(*children);
        }
        // They belong to the cone, which is about to go.
        self.conflicts(number, scratch, stop)?;
        let mut guard = node.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever had the lock may have made them.
        if node.children.get().is_none() {
            let open = guard.as_deref_mut().expect("only open nodes are split");
            let children = self.split(&node.record, open, scratch, stop)?;
            *guard = None;
            node.children.get_or_init(|| children);
        }
        node.children.get().copied()
    }

    fn push(&self, record: Box<[u64]>, cone: Cone, undecided: Vec<u32>) -> u32 {
        let open = (!undecided.is_empty()).then(|| Box::new(Open { cone, undecided, examined: None }));
        self.nodes.push(Node { record, open: Mutex::new(open), conflicts: OnceLock::new(), children: OnceLock::new() })
    }

    /// A node above two others.
    fn join(&self, halves: Halves) -> u32 {
        let [a, b] = [halves.fires, halves.rests].map(|half| &self.nodes.at(half).record);
        let record = a.iter().zip(b).map(|(a, b)| a & b).collect();
        self.nodes.push(Node {
            record,
            open: Mutex::new(None),
            conflicts: OnceLock::from(Conflicts::default()),
            children: OnceLock::from(Some(halves)),
        })
    }

    /// Notes what the rays of a cone say about a point: none on one side decides for the other.
    fn decide(&self, record: &mut [u64], undecided: &mut Vec<u32>, point: u32, above: bool, below: bool) {
        if above && below {
            undecided.push(point);
        } else {
            let (lost, won) = record.split_at_mut(self.at.words);
            let side = if above == self.at.wanted[point as usize] { won } else { lost };
            self.at.mark(side, point);
        }
    }

    fn split(&self, record: &[u64], open: &mut Open, scratch: &mut Scratch, stop: &Stop<'_>) -> Option<Option<Halves>> {
        open.examine((&self.at, self.parameters.candidates), scratch, stop)?;
        let Open { cone, undecided, examined } = &*open;
        let (signs, pivot) = examined.as_ref().map(|(signs, pivot)| (signs, *pivot))?;
        let [above, below] =
            cone.split(&self.at, undecided[pivot], |ray| signs.at(pivot, ray), &mut scratch.room, stop)?;
        let (mut ask, rays, points) = (|| stop(), cone.len() as u64, undecided.len() as u64);
        if above.0.len().max(below.0.len()) > self.most_rays {
            self.count(rays * (rays + points));
            return Some(None);
        }
        let mut pace = Pace::new(&mut ask);
        let mut half = |(cone, fresh): (Cone, usize), above: bool| {
            let mut record: Box<[u64]> = record.into();
            let mut left = Vec::new();
            for (k, &point) in undecided.iter().enumerate() {
                let (mut up, mut down) = if k == pivot { (above, !above) } else { signs.sides(k, pivot, above) };
                let mut ray = fresh;
                while k != pivot && !(up && down) && ray < cone.len() {
                    if pace.spend(self.at.exact_work()) {
                        return None;
                    }
                    let sign = cone.sign(&self.at, ray, point, &mut scratch.room);
                    (up, down) = (up || sign > 0, down || sign < 0);
                    ray += 1;
                }
                self.decide(&mut record, &mut left, point, up, down);
            }
            left.shrink_to_fit();
            Some((record, cone, left))
        };
        let [above, below] = [half(above, true)?, half(below, false)?];
        self.count(rays * (rays + points));
        let [fires, rests] = [above, below].map(|(record, cone, left)| self.push(record, cone, left));
        Some(Some(Halves { fires, rests, point: undecided[pivot] }))
    }
}

impl Open {
    /// Finds all signs and the point to split by: of the hyperplanes nearest to the middle, in standardised coordinates, the one that leaves
    /// least undecided, squares of both halves summed up. Leaves the values in `scratch` at the first call alone. `None` once
    /// `stop` says so.
    fn examine(
        &mut self,
        (at, candidates): (&Arrangement, usize),
        scratch: &mut Scratch,
        stop: &Stop<'_>,
    ) -> Option<()> {
        if self.examined.is_some() {
            return Some(());
        }
        let rays = self.cone.len();
        let signs = Signs::new(at, &self.cone, &self.undecided, &mut scratch.values, &mut scratch.room, stop)?;
        scratch.scale.clear();
        scratch.scale.extend((0..rays).map(|ray| 1.0 / length(at, self.cone.vector(ray))));
        scratch.near.clear();
        for (k, row) in scratch.values.chunks_exact(rays).enumerate() {
            let distance = dot(row, &scratch.scale).abs() * at.nearness[self.undecided[k] as usize];
            scratch.near.push((distance, k));
        }
        let near = &mut scratch.near;
        if near.len() > candidates {
            near.select_nth_unstable_by(candidates, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            near.truncate(candidates);
        }
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let weights = &mut scratch.weights;
        weights.clear();
        weights.extend(self.undecided.iter().map(|&point| at.weight(point)));
        let half = |pivot: usize, above: bool| f64::from(signs.undecided_weight(pivot, above, weights)).powi(2);
        let left = |pivot: usize| half(pivot, true) + half(pivot, false);
        let best =
            near.iter().map(|&(_, k)| (left(k), k)).reduce(|best, next| if next.0 < best.0 { next } else { best });
        self.examined = best.map(|(_, pivot)| (signs, pivot));
        Some(())
    }
}

/// The length of a ray where the data are standardised.
fn length(at: &Arrangement, vector: &[f64]) -> f64 {
    let (mut constant, mut square) = (vector[at.rank], 0.0);
    for ((v, mean), deviation) in vector.iter().zip(&at.mean).zip(&at.deviation) {
        constant += v * mean;
        square += (v * deviation).powi(2);
    }
    (square + constant * constant).sqrt().max(f64::MIN_POSITIVE)
}

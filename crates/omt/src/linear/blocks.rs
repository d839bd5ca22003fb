//! Lower bounds from blocks: what some of the points cost at least, and the bounds of disjoint blocks add up.
//!
//! Entry point: [`Blocks::advance`]. Points are sorted by the side they are wanted on and by the best neuron's activation, and dealt in turn, so that
//! every block is a likeness of the whole. Each has a tree over its own program of cores ([`super::lp`]), which sees fewer
//! points and so proves more in the same time. Larger blocks prove more in all, at a price that grows with the errors of a
//! block by a constant factor each. So blocks grow little by little: of a few blocks whose trees are over one is dealt to the
//! others, and these begin with their bounds and cores. Where errors are many the sum is far above what the whole's tree reaches.
//!
//! Invariants: a block's bound holds for its points alone, weights included, so the sum holds for all; it never falls, since the sum is kept that was there
//! before blocks grew; blocks use quotas of work and nodes, so nothing depends on threads.

use super::core::Member;
use super::descent::Descent;
use super::geometry::Geometry;
use super::lp::{Done, Host, Quota, Separation, State, Tree};
use super::parameters::Conduct;
use super::task::Task;
use bdnn::Stop;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// What helps one search: threads, and the wish to stop that they ask.
pub struct Crew<'a> {
    threads: usize,
    /// Called together when there is work for more than one.
    pool: OnceLock<Option<rayon::ThreadPool>>,
    /// Whether to end at once.
    pub(super) stop: &'a Stop<'a>,
}

impl<'a> Crew<'a> {
    /// So many threads, 0 for all cores.
    #[must_use]
    pub fn new(threads: usize, stop: &'a Stop<'a>) -> Self {
        Self { threads, pool: OnceLock::new(), stop }
    }

    /// Does something to each item, with its number.
    fn each<T: Send>(&self, items: &mut [T], work: impl Fn(usize, &mut T) + Send + Sync) {
        match self.pool.get_or_init(|| crate::threads::pool(self.threads)) {
            Some(pool) => pool.install(|| items.par_iter_mut().enumerate().for_each(|(k, item)| work(k, item))),
            None => items.iter_mut().enumerate().for_each(|(k, item)| work(k, item)),
        }
    }
}

/// The best neuron of a block, as floats see it: its tree needs a cost to beat, and any will do for a bound.
#[derive(Serialize, Deserialize)]
pub(super) struct Best {
    w: Vec<f64>,
    cost: u64,
}

struct Block {
    /// Points of the whole, ascending.
    members: Vec<usize>,
    geometry: Geometry,
    task: Task,
    tree: Tree,
    best: Best,
    /// Proven before this block's tree began.
    floor: u64,
    over: bool,
    /// Whether its last turn ended for want of nodes.
    short: bool,
}

/// What is written down of a block.
type OfBlock<M, T, B> = (M, T, B, u64, bool);
/// What blocks go on with, beside the data: groups with their floors, floor, places, conduct and past work.
pub(super) type Remembered = (Vec<(Vec<OfBlock<Vec<usize>, Tree, Best>>, u64)>, u64, Vec<usize>, Conduct, Done);

/// A block's tree offers its hyperplanes to nobody but the block.
struct Owner<'b> {
    geometry: &'b Geometry,
    task: &'b Task,
    best: &'b mut Best,
}

impl Host for Owner<'_> {
    fn offer(&mut self, w: &[f64]) -> u64 {
        let mut activations = vec![];
        self.geometry.activations(w, &mut activations);
        let cost = self.task.cost(|i| activations[i] >= 0.0);
        if cost < self.best.cost {
            *self.best = Best { w: w.to_vec(), cost };
        }
        self.best.cost
    }

    fn settle(&mut self, _decided: &[Option<bool>], _right: &[bool]) -> Option<Vec<Member>> {
        None
    }
}

impl Block {
    /// A block of these points; its first neuron is the best of where line searches lead from each of `starts`.
    fn new(
        (geometry, task): (&Geometry, &Task),
        members: Vec<usize>,
        starts: &[&[f64]],
        conduct: &Conduct,
        stop: &Stop<'_>,
    ) -> Self {
        let (geometry, task) = (geometry.pick(&members), task.pick(&members));
        let mut rng = ChaCha8Rng::seed_from_u64(conduct.seed);
        let mean = Descent::mean_difference(&geometry, &task);
        let ends = starts.iter().copied().chain([&mean[..]]).map(|start| {
            let mut descent = Descent::new(&geometry, &task, start).conducted(&conduct.parameters);
            descent.walk(conduct.parameters.block_lines, &mut rng, stop);
            Best { w: descent.weights().to_vec(), cost: descent.cost() }
        });
        let best = ends.min_by_key(|best| best.cost).expect("the mean is a start");
        let tree = Tree::new(&task.weight, best.cost, conduct);
        Self { members, geometry, task, tree, best, floor: 0, over: false, short: false }
    }

    /// A block that goes on.
    fn resumed((geometry, task): (&Geometry, &Task), of: OfBlock<Vec<usize>, Tree, Best>) -> Self {
        let (members, tree, best, floor, over) = of;
        let (geometry, task) = (geometry.pick(&members), task.pick(&members));
        Self { members, geometry, task, tree, best, floor, over, short: false }
    }

    fn bound(&self) -> u64 {
        self.floor.max(self.tree.bound())
    }

    fn advance(&mut self, quota: Quota, stop: &Stop<'_>) {
        let Self { geometry, task, tree, best, .. } = self;
        let before = tree.done().nodes;
        let state =
            tree.advance(&mut Separation::new(geometry, task, stop), quota, &mut Owner { geometry, task, best });
        self.short = self.tree.done().nodes - before >= quota.nodes;
        self.over = state == State::Over || self.bound() >= self.best.cost;
    }
}

/// Blocks that grew together.
struct Group {
    blocks: Vec<Block>,
    /// Proven for their points before.
    floor: u64,
}

impl Group {
    fn bound(&self) -> u64 {
        self.floor.max(self.blocks.iter().map(Block::bound).sum())
    }

    fn over(&self) -> bool {
        self.blocks.iter().all(|block| block.over)
    }
}

/// The blocks of one task.
pub(super) struct Blocks<'a> {
    geometry: &'a Geometry,
    task: &'a Task,
    groups: Vec<Group>,
    /// Proven before the groups were made anew.
    floor: u64,
    /// By point: its place in the order in which points are dealt.
    place: Vec<usize>,
    /// With a seed of the generation.
    conduct: Conduct,
    /// Done by blocks that are no more.
    past: Done,
    /// Whether a limit on nodes has cut a turn short.
    pub(super) short: bool,
}

impl<'a> Blocks<'a> {
    /// Deals the points, of these activations by a good neuron, to blocks; `None` where there would be less than two.
    pub(super) fn new(
        (geometry, task): (&'a Geometry, &'a Task),
        activations: &[f64],
        conduct: Conduct,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let points = task.weight.iter().filter(|&&weight| weight > 0).count();
        let count = points / (conduct.parameters.block_points * geometry.dim()).max(1);
        if count < 2 {
            return None;
        }
        let mut order: Vec<usize> = (0..task.len()).filter(|&i| task.weight[i] > 0).collect();
        // A stable sort: equals stay in the order of the data.
        order.sort_by(|&i, &j| task.wanted[i].cmp(&task.wanted[j]).then(activations[i].total_cmp(&activations[j])));
        let mut place = vec![usize::MAX; task.len()];
        order.iter().enumerate().for_each(|(at, &i)| place[i] = at);
        let deal = |k: usize| {
            let mut members: Vec<usize> = order.iter().copied().skip(k).step_by(count).collect();
            members.sort_unstable();
            Block::new((geometry, task), members, &[], &conduct.of_block(k), stop)
        };
        let groups = (0..count).map(|k| Group { blocks: vec![deal(k)], floor: 0 }).collect();
        Some(Self { geometry, task, groups, floor: 0, place, conduct, past: Done::default(), short: false })
    }

    /// What is written down of them: a [`Remembered`].
    pub(super) fn state(&self) -> impl Serialize {
        fn of_block(block: &Block) -> OfBlock<&Vec<usize>, &Tree, &Best> {
            (&block.members, &block.tree, &block.best, block.floor, block.over)
        }
        let groups = self.groups.iter();
        let groups: Vec<_> =
            groups.map(|group| (group.blocks.iter().map(of_block).collect::<Vec<_>>(), group.floor)).collect();
        (groups, self.floor, &self.place, self.conduct, self.past)
    }

    /// Those of a state.
    pub(super) fn resumed(
        (geometry, task): (&'a Geometry, &'a Task),
        (groups, floor, place, conduct, past): Remembered,
    ) -> Self {
        let group = |(blocks, floor): (Vec<_>, u64)| Group {
            blocks: blocks.into_iter().map(|of| Block::resumed((geometry, task), of)).collect(),
            floor,
        };
        let groups = groups.into_iter().map(group).collect();
        Self { geometry, task, groups, floor, place, conduct, past, short: false }
    }

    /// No neuron costs less over all points.
    pub(super) fn bound(&self) -> u64 {
        self.floor.max(self.groups.iter().map(Group::bound).sum())
    }

    /// What has been done.
    pub(super) fn done(&self) -> Done {
        let blocks = self.groups.iter().flat_map(|group| &group.blocks);
        blocks.fold(self.past, |done, block| done.plus(block.tree.done()))
    }

    /// Works for about so much; `Over` once two blocks are left, and these are over.
    pub(super) fn advance(&mut self, quota: Quota, crew: &Crew<'_>) -> State {
        // Short turns would be all overhead.
        let least = self.conduct.parameters.block_turn;
        let (mut left, mut nodes) = (quota.work, quota.nodes);
        while left > 0 && nodes > 0 {
            while self.groups.iter().all(Group::over) {
                if !self.grow(crew) {
                    return State::Over;
                }
            }
            let before = self.done();
            // Half of the groups at a time: what these gain is there before the others have begun.
            let open: Vec<&mut Group> = self.groups.iter_mut().filter(|group| !group.over()).collect();
            let half = open.len().div_ceil(2);
            let active = open.into_iter().take(half).flat_map(|group| &mut group.blocks);
            let mut open: Vec<&mut Block> = active.filter(|block| !block.over).collect();
            let count = open.len() as u64;
            let work = (left / count).max(least);
            crew.each(&mut open, |k, block| {
                let share = |k: u64| nodes / count * k + nodes % count * k / count;
                let nodes = share(k as u64 + 1) - share(k as u64);
                block.advance(Quota { work, nodes }, crew.stop);
            });
            if (crew.stop)() {
                return State::Stopped;
            }
            self.short |= self.groups.iter().flat_map(|group| &group.blocks).any(|block| block.short);
            let after = self.done();
            left = left.saturating_sub((after.work - before.work).max(least));
            nodes = nodes.saturating_sub(after.nodes - before.nodes);
        }
        State::Open
    }

    /// One block of each group of a few is dealt to the others; false if only two are left.
    fn grow(&mut self, crew: &Crew<'_>) -> bool {
        self.floor = self.bound();
        let blocks: Vec<Block> = self.groups.drain(..).flat_map(|group| group.blocks).collect();
        let count = blocks.len();
        if count <= 2 {
            self.groups.extend(blocks.into_iter().map(|block| Group { floor: block.bound(), blocks: vec![block] }));
            return false;
        }
        self.past = blocks.iter().fold(self.past, |done, block| done.plus(block.tree.done()));
        self.conduct = self.conduct.of_block(count);
        let groups = count.div_ceil(self.conduct.parameters.blocks_together);
        let mut blocks = blocks.into_iter();
        for k in 0..groups {
            let size = count * (k + 1) / groups - count * k / groups;
            let parts: Vec<Block> = blocks.by_ref().take(size).collect();
            self.groups.push(Group { floor: parts.iter().map(Block::bound).sum(), blocks: parts });
        }
        let (of, place, conduct) = ((self.geometry, self.task), &self.place, &self.conduct);
        crew.each(&mut self.groups, |_, group| group.blocks = regrouped(of, place, conduct, &group.blocks, crew.stop));
        true
    }
}

/// The last of the blocks dealt to the others, which begin with what was proven of them and with all cores among their points.
fn regrouped(
    of: (&Geometry, &Task),
    place: &[usize],
    conduct: &Conduct,
    parts: &[Block],
    stop: &Stop<'_>,
) -> Vec<Block> {
    let Some((last, others)) = parts.split_last().filter(|(_, others)| !others.is_empty()) else { return vec![] };
    let mut dealt = last.members.clone();
    dealt.sort_by_key(|&i| place[i]);
    let grown = others.iter().enumerate().map(|(k, part)| {
        let more = dealt.iter().copied().skip(k).step_by(others.len());
        let mut members: Vec<usize> = part.members.iter().copied().chain(more).collect();
        members.sort_unstable();
        let starts = [&part.best.w[..], &last.best.w[..]];
        let mut block = Block::new(of, members, &starts, &conduct.of_block(k), stop);
        for part in [part, last] {
            let place = |i: &usize| block.members.binary_search(i).ok().map(|place| place as u32);
            let places: Vec<Option<u32>> = part.members.iter().map(place).collect();
            block.tree.inherit(&part.tree, &places);
        }
        block.floor = part.bound();
        block.over = block.floor >= block.best.cost;
        block
    });
    grown.collect()
}

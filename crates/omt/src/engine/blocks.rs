//! Lower bounds from blocks of the data: what some of the points cost at least, and the bounds of disjoint blocks add up.
//!
//! Entry point: [`Blocks::advance`]. Points are sorted by class and by how the best network's first layer sees them, and dealt in turn, so that
//! every block is a likeness of the whole. A block asks whether a network costs no more than what is proven ([`super::block`]): each no adds
//! one, and a network ends it at its optimum. To refute far below the optimum takes a fraction of the conflicts of a proof of optimality,
//! and few points have short tableaus. So blocks are small at first. When half of them are at their optimum, one of a few is
//! dealt to the others, which begin with what was proven of theirs; until then a refutation may take more and more conflicts. The last block is
//! the whole.
//!
//! Invariants: a block's bound holds for its points alone, so the sum holds for all; the sum never falls, since what was proven before blocks were
//! dealt anew is kept; turns have quotas of conflicts, so nothing depends on threads.

use super::block::{Block, Common, Work};
use super::style::Style;
use crate::Parameters;
use crate::encode;
use crate::goal::Confirmed;
use crate::theory::Geometry;
use bdnn::{Network, Problem, Stop};
use rayon::prelude::*;

/// The factor of conflicts that a refutation may take from one time to the next.
const MORE_ALLOWANCE: u64 = 2;
/// Blocks that have their turns together: what these prove is there before others have begun.
const TOGETHER: usize = 4;

/// Blocks that grew together.
struct Group {
    blocks: Vec<Block>,
    /// Proven for their points before.
    floor: u64,
}

impl Group {
    fn cost(&self) -> u64 {
        self.floor.max(self.blocks.iter().map(|block| block.cost).sum())
    }
}

/// Conflicts of one round: how many are meant for blocks, as many of all points as take so long, and how many there are at most until the run
/// ends.
#[derive(Clone, Copy)]
pub(super) struct Share {
    pub(super) conflicts: u64,
    pub(super) most: u64,
}

/// The blocks of one run. Costs are those above what conflicting labels cost.
pub(super) struct Blocks {
    common: Common,
    /// None before the first turn.
    groups: Vec<Group>,
    /// By point: its place in the order in which points are dealt.
    place: Vec<usize>,
    /// Proven before the groups were made anew.
    floor: u64,
    /// Conflicts that one refutation may take.
    allowance: u64,
    /// Proven for all points.
    pub(super) bound: u64,
    pub(super) conflicts: u64,
    /// Refutations.
    pub(super) count: u64,
}

impl Blocks {
    /// `None` where blocks make no sense: for small problems, and where points are tied to others by a margin, a
    /// radius or parts. `geometry` is that of all points.
    pub(super) fn new(problem: &Problem, geometry: &Geometry, parameters: &Parameters, style: Style) -> Option<Self> {
        let plain = problem.epsilon.is_none() && problem.robust.is_none() && problem.partition.is_none();
        if !plain || problem.points.len() < 2 * block_points(problem, parameters) {
            return None;
        }
        let functions = encode::cases(problem, geometry).filter(|_| style.functions);
        Some(Self {
            common: Common { parameters: *parameters, style, functions },
            groups: vec![],
            place: vec![],
            floor: 0,
            allowance: parameters.sample_conflicts,
            bound: problem.floor(),
            conflicts: 0,
            count: 0,
        })
    }

    /// Whether there is more than one: a single block asks what the search of all points asks as well.
    pub(super) fn several(&self) -> bool {
        self.groups.iter().map(|group| group.blocks.len()).sum::<usize>() > 1
    }

    /// Refutes for about as long as `share.conflicts` conflicts of all points take: the work of one grows with the points. Points are first dealt
    /// as `network` sees them. Returns networks of blocks, with their loss on all points. `together`: this is a thread of a pool, and all of
    /// them may help.
    pub(super) fn advance(
        &mut self,
        problem: &Problem,
        network: Option<&Network>,
        share: Share,
        together: bool,
        stop: &Stop<'_>,
    ) -> Vec<Confirmed> {
        if self.groups.is_empty() {
            self.deal(problem, network);
        }
        let mut found = vec![];
        let all = problem.points.len() as u64;
        let (mut work, mut left) = (share.conflicts.saturating_mul(all), share.most);
        while work > 0 && left > 0 && !stop() {
            let Self { groups, common, allowance, .. } = self;
            let blocks = groups.iter_mut().flat_map(|group| &mut group.blocks);
            let mut turn: Vec<&mut Block> = blocks.filter(|block| block.waits(*allowance)).take(TOGETHER).collect();
            if turn.is_empty() {
                if !self.next_stage(problem) {
                    break;
                }
                continue;
            }
            let count = turn.len() as u64;
            let advance = |(k, block): (usize, &mut &mut Block)| {
                let share = left / count + u64::from((k as u64) < left % count);
                let quota = (work / count / block.members.len() as u64).max(1).min(share);
                block.advance(common, quota, *allowance, stop);
            };
            if together {
                turn.par_iter_mut().enumerate().for_each(advance);
            } else {
                turn.iter_mut().enumerate().for_each(advance);
            }
            for block in turn {
                let Work { conflicts, effort } = std::mem::take(&mut block.work);
                self.conflicts += conflicts;
                left = left.saturating_sub(conflicts);
                work = work.saturating_sub(effort.saturating_mul(block.members.len() as u64));
                self.count += std::mem::take(&mut block.refuted);
                found.append(&mut block.found);
            }
            let cost = self.groups.iter().map(Group::cost).sum::<u64>().max(self.floor);
            self.bound = self.bound.max(problem.floor() + cost);
        }
        found.into_iter().map(|found| on_all(problem, found.network)).collect()
    }

    /// Deals the points to the first blocks.
    fn deal(&mut self, problem: &Problem, network: Option<&Network>) {
        let points = &problem.points;
        let mut order: Vec<(usize, Vec<bool>, f64, usize)> = (0..points.len())
            .map(|i| {
                let class = (0..points.num_classes()).max_by_key(|&class| points.counts(i)[class]).unwrap_or(0);
                let (pattern, least) = network.map_or_else(Default::default, |network| view(network, points.scaled(i)));
                (class, pattern, least, i)
            })
            .collect();
        order.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3)));
        self.place = vec![0; points.len()];
        order.iter().enumerate().for_each(|(at, point)| self.place[point.3] = at);
        let count = (points.len() / block_points(problem, &self.common.parameters)).max(1);
        for k in 0..count {
            let mut members: Vec<usize> = order.iter().skip(k).step_by(count).map(|point| point.3).collect();
            members.sort_unstable();
            self.groups.push(Group { blocks: vec![Block::new(problem, members, 0)], floor: 0 });
        }
    }

    /// No refutation is affordable: fewer blocks, or more conflicts for each; false if the whole is solved.
    fn next_stage(&mut self, problem: &Problem) -> bool {
        let blocks = || self.groups.iter().flat_map(|group| &group.blocks);
        let (count, over) = (blocks().count(), blocks().filter(|block| block.over).count());
        if over == count && count <= 1 {
            return false;
        }
        if count > 1 && 2 * over >= count {
            self.grow(problem);
        } else {
            self.allowance = self.allowance.saturating_mul(MORE_ALLOWANCE);
        }
        true
    }

    /// One block of each group of a few is dealt to the others.
    fn grow(&mut self, problem: &Problem) {
        self.floor = self.floor.max(self.groups.iter().map(Group::cost).sum());
        let blocks: Vec<Block> = self.groups.drain(..).flat_map(|group| group.blocks).collect();
        let count = blocks.len();
        let groups = count.div_ceil(self.common.parameters.blocks_together);
        let mut blocks = blocks.into_iter();
        for k in 0..groups {
            let size = count * (k + 1) / groups - count * k / groups;
            let parts: Vec<Block> = blocks.by_ref().take(size).collect();
            let floor = parts.iter().map(|block| block.cost).sum();
            self.groups.push(Group { blocks: regrouped(problem, &self.place, parts), floor });
        }
    }
}

/// The last of the blocks dealt to the others, which begin with what was proven of them. A block alone stays as it is.
fn regrouped(problem: &Problem, place: &[usize], mut parts: Vec<Block>) -> Vec<Block> {
    if parts.len() < 2 {
        return parts;
    }
    let Some(last) = parts.pop() else { return parts };
    let mut dealt = last.members.clone();
    dealt.sort_by_key(|&i| place[i]);
    let grown = parts.iter().enumerate().map(|(k, part)| {
        let more = dealt.iter().copied().skip(k).step_by(parts.len());
        let mut members: Vec<usize> = part.members.iter().copied().chain(more).collect();
        members.sort_unstable();
        Block::new(problem, members, part.cost)
    });
    grown.collect()
}

/// How the first layer sees a point: which neurons fire, and how close the closest is to its threshold.
fn view(network: &Network, x: &[f64]) -> (Vec<bool>, f64) {
    let Some(layer) = network.layers.first() else { return Default::default() };
    let activation = |j: usize| layer.biases[j] + layer.neuron(j).iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
    let activations: Vec<f64> = (0..layer.outputs).map(activation).collect();
    let least = activations.iter().map(|a| a.abs()).fold(f64::INFINITY, f64::min);
    (activations.iter().map(|&a| a >= 0.0).collect(), least)
}

/// A network with its loss on all points.
fn on_all(problem: &Problem, network: Network) -> Confirmed {
    let patterns = bdnn::exact::patterns(&problem.points, &network);
    let loss = |(i, pattern): (usize, &Vec<Vec<bool>>)| problem.point_loss(i, pattern.last().map_or(&[], |out| out));
    let loss = patterns.iter().enumerate().map(loss).sum();
    Confirmed { network, loss, labelling: None }
}

/// Points of the first blocks, at least.
fn block_points(problem: &Problem, parameters: &Parameters) -> usize {
    let widths = problem.architecture.widths();
    (parameters.block_points * widths[1] * (widths[0] + 1)).max(1)
}

//! Lower bounds from blocks of the data: what some of the points cost at least, and the bounds of disjoint blocks add up.
//!
//! Entry point: [`Blocks::advance`]. Points that lie in few dimensions and cost much are blocks of their own ([`super::flats`]), which stay as they are. The
//! others are sorted by class and by how the best network's first layer sees them, and dealt in turn, so that every block is a likeness of
//! the whole. A block asks whether a network costs no more than what is proven ([`super::block`]): each no adds one, and a network ends it at
//! its optimum. To refute far below the optimum takes a fraction of the conflicts of a proof of optimality, and few points have short
//! tableaus. So blocks are small at first. When half of them are at their optimum, one of a few is dealt to the others, which begin with
//! what was proven of theirs; until then a refutation may take more and more conflicts. The last block is the whole, but for the flats.
//!
//! All this goes for each output function apart: networks of one function have one on every block. The bound is the least of their sums, and that function
//! has the next turn.
//!
//! Invariants: a block's bound holds for its points alone, so the sum holds for all; the sum never falls, since what was proven before blocks were
//! dealt anew is kept; turns have quotas of conflicts, so nothing depends on threads.

use super::block::{Block, Common, Work};
use super::flats::{self, Flat};
use super::style::Style;
use crate::encode;
use crate::goal::Confirmed;
use crate::{Parameters, dual};
use bdnn::{Network, Problem, Stop};
use budget::checkpoint::{Unreadable, decode, encode};
use rayon::prelude::*;

/// Points that are looked at between two questions whether to go on.
const POINTS_AT_ONCE: usize = 1 << 12;

/// Blocks that grew together.
struct Group {
    blocks: Vec<Block>,
    /// Proven for their points before, by formula.
    floors: Vec<u64>,
}

impl Group {
    fn cost(&self, number: usize) -> u64 {
        self.floors[number].max(cost(&self.blocks, number))
    }
}

/// Proven of disjoint blocks for one formula.
fn cost(blocks: &[Block], number: usize) -> u64 {
    blocks.iter().map(|block| block.sides[number].cost).sum()
}

/// Conflicts of one round: how many are meant for blocks, as many of all points as take so long, and how many there are at most until the run
/// ends.
#[derive(Clone, Copy)]
pub(super) struct Share {
    pub(super) conflicts: u64,
    pub(super) most: u64,
}

/// Blocks as they are written down.
type Written = (Vec<Vec<u8>>, Vec<(Vec<Vec<u8>>, Vec<u64>)>, Vec<usize>, Vec<u64>, u64, (u64, u64, u64));

/// The blocks of one run. Costs are those above what conflicting labels cost.
pub(super) struct Blocks {
    common: Common,
    /// Blocks in few dimensions, which stay as they are.
    flats: Vec<Block>,
    groups: Vec<Group>,
    /// By point: its place in the order in which points are dealt; empty before the first turn.
    place: Vec<usize>,
    /// Proven for the points of the groups before these were made anew, by formula.
    floors: Vec<u64>,
    /// What conflicting labels cost.
    floor: u64,
    /// Effort that one refutation may take.
    allowance: u64,
    /// Proven for all points.
    pub(super) bound: u64,
    pub(super) conflicts: u64,
    /// Refutations.
    pub(super) count: u64,
    /// Whether a limit on conflicts has cut a turn short.
    pub(super) short: bool,
}

impl Blocks {
    /// `None` where blocks make no sense: for small problems, and where points are tied to others by a margin, a
    /// radius or parts.
    pub(super) fn new(
        problem: &Problem,
        (parameters, tree): (Parameters, dual::Parameters),
        style: Style,
    ) -> Option<Self> {
        let plain = problem.epsilon.is_none() && problem.robust.is_none() && problem.partition.is_none();
        if !plain || problem.points.len() < 2 * block_points(problem, &parameters) {
            return None;
        }
        let functions = encode::cases(problem).filter(|_| style.functions);
        let common = Common { parameters, tree, style, functions };
        Some(Self {
            flats: vec![],
            groups: vec![],
            place: vec![],
            floors: vec![0; common.formulas()],
            allowance: parameters.sample_conflicts,
            floor: problem.floor(),
            bound: problem.floor(),
            conflicts: 0,
            count: 0,
            short: false,
            common,
        })
    }

    /// What is written down of them between two rounds: a [`Written`].
    pub(super) fn written(&mut self) -> Result<Vec<u8>, Unreadable> {
        let all = |blocks: &mut [Block]| blocks.iter_mut().map(Block::written).collect::<Result<Vec<_>, _>>();
        let flats = all(&mut self.flats)?;
        let groups = self.groups.iter_mut().map(|group| Ok((all(&mut group.blocks)?, &group.floors)));
        let groups = groups.collect::<Result<Vec<_>, Unreadable>>()?;
        encode(&(flats, groups, &self.place, &self.floors, self.allowance, (self.bound, self.conflicts, self.count)))
    }

    /// Goes back to what was written; `None` once `stop` says so.
    pub(super) fn restore(
        &mut self,
        problem: &Problem,
        bytes: &[u8],
        stop: &Stop<'_>,
    ) -> Result<Option<()>, Unreadable> {
        let (flats, groups, place, floors, allowance, counts): Written = decode(bytes)?;
        let common = &self.common;
        let all = |blocks: Vec<Vec<u8>>| {
            let blocks = blocks.iter().map(|bytes| Block::resumed(problem, bytes, common, stop));
            blocks.collect::<Result<Option<Vec<Block>>, Unreadable>>()
        };
        let Some(flats) = all(flats)? else { return Ok(None) };
        let mut grown = Vec::with_capacity(groups.len());
        for (blocks, floors) in groups {
            let Some(blocks) = all(blocks)? else { return Ok(None) };
            grown.push(Group { blocks, floors });
        }
        (self.flats, self.groups, self.place, self.floors, self.allowance) = (flats, grown, place, floors, allowance);
        (self.bound, self.conflicts, self.count) = counts;
        Ok(Some(()))
    }

    /// Whether there is more than one: a single block asks what the search of all points asks as well.
    pub(super) fn several(&self) -> bool {
        self.flats.len() + self.groups.iter().map(|group| group.blocks.len()).sum::<usize>() > 1
    }

    /// What a network whose output neuron has this formula costs at least.
    fn cost(&self, number: usize) -> u64 {
        let dealt: u64 = self.groups.iter().map(|group| group.cost(number)).sum();
        cost(&self.flats, number) + dealt.max(self.floors[number])
    }

    /// The formula of least cost, of which the first: it is the bound.
    fn weakest(&self) -> (u64, usize) {
        (0..self.common.formulas()).map(|number| (self.cost(number), number)).min().unwrap_or_default()
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
        if self.place.is_empty() && self.deal(problem, network, stop).is_none() {
            return vec![];
        }
        let mut found = vec![];
        let (mut time, mut left) = (share.conflicts.saturating_mul(problem.points.len() as u64), share.most);
        while time > 0 && left > 0 && !stop() {
            let number = self.weakest().1;
            let Self { flats, groups, common, allowance, .. } = self;
            let blocks = flats.iter_mut().chain(groups.iter_mut().flat_map(|group| &mut group.blocks));
            let waiting = blocks.filter(|block| block.sides[number].waits(*allowance));
            let mut turn: Vec<&mut Block> = waiting.take(common.parameters.blocks_at_once).collect();
            if turn.is_empty() {
                if !self.next_stage(problem, number, stop) {
                    break;
                }
                continue;
            }
            let count = turn.len() as u64;
            self.short |= turn.iter().any(|block| (time / count / block.price).max(1) > left / count);
            let advance = |(k, block): (usize, &mut &mut Block)| {
                let conflicts = left / count + u64::from((k as u64) < left % count);
                block.advance(common, number, Work { conflicts, time: time / count }, *allowance, stop);
            };
            if together {
                turn.par_iter_mut().enumerate().for_each(advance);
            } else {
                turn.iter_mut().enumerate().for_each(advance);
            }
            for block in turn {
                let work = std::mem::take(&mut block.work);
                self.conflicts += work.conflicts;
                left = left.saturating_sub(work.conflicts);
                time = time.saturating_sub(work.time);
                self.count += std::mem::take(&mut block.refuted);
                found.append(&mut block.found);
            }
            self.bound = self.bound.max(self.floor + self.weakest().0);
        }
        self.short |= left == 0;
        found.into_iter().filter_map(|found| on_all(problem, found.network, stop)).collect()
    }

    /// Deals the points to flats and to the first blocks; `None`, and nothing is dealt, once `stop` says so. Cost O(m d n) and a sort.
    fn deal(&mut self, problem: &Problem, network: Option<&Network>, stop: &Stop<'_>) -> Option<()> {
        let points = &problem.points;
        let costs = vec![0; self.common.formulas()];
        let (mut free, mut lying) = (vec![true; points.len()], vec![]);
        if let Some(network) = network.filter(|_| self.common.functions.is_some()) {
            for Flat { members, loss } in flats::choose(problem, network, &self.common.tree, stop) {
                members.iter().for_each(|&i| free[i] = false);
                lying.push(Block::new(problem, members, &costs, Some(loss)));
            }
        }
        let mut order: Vec<(usize, Vec<bool>, f64, usize)> = Vec::with_capacity(points.len());
        for i in 0..points.len() {
            if i % POINTS_AT_ONCE == 0 && stop() {
                return None;
            }
            let class = (0..points.num_classes()).max_by_key(|&class| points.counts(i)[class]).unwrap_or(0);
            let (pattern, least) = network.map_or_else(Default::default, |network| view(network, points.scaled(i)));
            order.push((class, pattern, least, i));
        }
        order.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3)));
        let mut place = vec![0; points.len()];
        order.iter().enumerate().for_each(|(at, point)| place[point.3] = at);
        let dealt: Vec<usize> = order.iter().map(|point| point.3).filter(|&i| free[i]).collect();
        let count = (dealt.len() / block_points(problem, &self.common.parameters)).max(1).min(dealt.len());
        let mut groups = Vec::with_capacity(count);
        for k in 0..count {
            if stop() {
                return None;
            }
            let mut members: Vec<usize> = dealt.iter().copied().skip(k).step_by(count).collect();
            members.sort_unstable();
            let blocks = vec![Block::new(problem, members, &costs, None)];
            groups.push(Group { blocks, floors: costs.clone() });
        }
        (self.flats, self.groups, self.place) = (lying, groups, place);
        Some(())
    }

    /// No refutation is affordable for this formula: fewer blocks, or more conflicts for each; false if all is solved.
    fn next_stage(&mut self, problem: &Problem, number: usize, stop: &Stop<'_>) -> bool {
        let over = |blocks: &[Block]| blocks.iter().filter(|block| block.sides[number].over).count();
        let count: usize = self.groups.iter().map(|group| group.blocks.len()).sum();
        let solved: usize = self.groups.iter().map(|group| over(&group.blocks)).sum();
        if count > 1 && 2 * solved >= count {
            return self.grow(problem, stop).is_some();
        } else if solved == count && over(&self.flats) == self.flats.len() {
            return false;
        } else {
            self.allowance = self.allowance.saturating_mul(self.common.parameters.sample_growth);
        }
        true
    }

    /// One block of each group of a few is dealt to the others; `None` once `stop` says so, and then there are no more turns.
    fn grow(&mut self, problem: &Problem, stop: &Stop<'_>) -> Option<()> {
        for (number, floor) in self.floors.iter_mut().enumerate() {
            *floor = (*floor).max(self.groups.iter().map(|group| group.cost(number)).sum());
        }
        let blocks: Vec<Block> = self.groups.drain(..).flat_map(|group| group.blocks).collect();
        let count = blocks.len();
        let groups = count.div_ceil(self.common.parameters.blocks_together);
        let mut blocks = blocks.into_iter();
        for k in 0..groups {
            if stop() {
                return None;
            }
            let size = count * (k + 1) / groups - count * k / groups;
            let parts: Vec<Block> = blocks.by_ref().take(size).collect();
            let floors = (0..self.common.formulas()).map(|number| cost(&parts, number)).collect();
            self.groups.push(Group { blocks: regrouped(problem, &self.place, parts), floors });
        }
        Some(())
    }
}

/// The last of the blocks dealt to the others, which begin with what was proven of them. A block alone stays as it is.
fn regrouped(problem: &Problem, place: &[usize], mut parts: Vec<Block>) -> Vec<Block> {
    if parts.len() < 2 {
        return parts;
    }
    let Some(last) = parts.pop() else { return parts };
    let mut dealt = last.members;
    dealt.sort_by_key(|&i| place[i]);
    let grown = parts.iter().enumerate().map(|(k, part)| {
        let more = dealt.iter().copied().skip(k).step_by(parts.len());
        let mut members: Vec<usize> = part.members.iter().copied().chain(more).collect();
        members.sort_unstable();
        let costs: Vec<u64> = part.sides.iter().map(|side| side.cost).collect();
        Block::new(problem, members, &costs, None)
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

/// A network with its loss on all points; `None` once `stop` says so.
fn on_all(problem: &Problem, network: Network, stop: &Stop<'_>) -> Option<Confirmed> {
    let loss = bdnn::exact::loss_within(problem, &network, stop)?;
    Some(Confirmed { network, loss, labelling: None })
}

/// Points of the first blocks, at least.
fn block_points(problem: &Problem, parameters: &Parameters) -> usize {
    let widths = problem.architecture.widths();
    (parameters.block_points * widths[1] * (widths[0] + 1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Layer, Loss, Points, Scaler, WeightDomain};
    use std::sync::atomic::{AtomicUsize, Ordering};

    const POINTS: usize = 5 * POINTS_AT_ONCE / 2;

    /// Points on a line, every third one of the second class.
    fn problem() -> Problem {
        let rows: Vec<f64> = (0..POINTS).map(|i| i as f64).collect();
        let labels: Vec<usize> = (0..POINTS).map(|i| usize::from(i % 3 == 0)).collect();
        let points = Points::merge(1, 2, &rows, &labels, Scaler::identity(1));
        let weights = WeightDomain::Continuous;
        let architecture = Architecture { inputs: 1, hidden: vec![2], classes: 2, bias: true, weights };
        Problem::new(points, architecture, Loss::ZeroOne)
    }

    fn blocks(problem: &Problem) -> Blocks {
        let parameters = Parameters { block_points: POINTS / 64, blocks_together: 2, ..Parameters::default() };
        // No points lie in so few dimensions.
        let tree = dual::Parameters { alone_rank: 0, ..dual::Parameters::default() };
        Blocks::new(problem, (parameters, tree), Style::default()).expect("enough points")
    }

    /// Told to stop at any question, dealing leaves nothing half dealt and asks no more; it asks for every few points and every block.
    #[test]
    fn dealing_ends_where_it_is_told_to() {
        let problem = problem();
        let network = Network { layers: vec![Layer::zeros(1, 2), Layer::zeros(2, 1)] };
        for network in [None, Some(&network)] {
            let asked = AtomicUsize::new(0);
            let mut whole = blocks(&problem);
            let counted = || {
                asked.fetch_add(1, Ordering::Relaxed);
                false
            };
            whole.deal(&problem, network, &counted).expect("nobody says stop");
            let (questions, dealt) = (asked.into_inner(), whole.groups.len());
            assert!(
                dealt > 1 && questions >= POINTS.div_ceil(POINTS_AT_ONCE) + dealt,
                "{questions} for {dealt} blocks"
            );
            assert_eq!(whole.groups.iter().map(|group| group.blocks[0].members.len()).sum::<usize>(), POINTS);
            for patience in 0..questions {
                let asked = AtomicUsize::new(0);
                let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
                let mut blocks = blocks(&problem);
                assert!(blocks.deal(&problem, network, &stop).is_none(), "after {patience} of {questions}");
                assert!(blocks.place.is_empty() && blocks.groups.is_empty() && blocks.flats.is_empty());
                assert!(asked.into_inner() <= patience + 1 + ASKED_IN_VAIN, "after {patience} of {questions}");
            }
        }
    }

    /// Questions that parts ask which pass a wish to stop on by what they return: one at most for each chunk of a forward pass, one by
    /// narrowing.
    const ASKED_IN_VAIN: usize = POINTS / 2048 + 2;

    /// Told to stop between groups, blocks that grow are left, and what was proven of them stands.
    #[test]
    fn growing_ends_where_it_is_told_to() {
        let problem = problem();
        let grown = |patience: usize| {
            let mut blocks = blocks(&problem);
            blocks.deal(&problem, None, &|| false).expect("nobody says stop");
            blocks.groups.iter_mut().for_each(|group| group.blocks[0].sides[0].cost = 2);
            let proven = blocks.cost(0);
            let asked = AtomicUsize::new(0);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
            let done = blocks.grow(&problem, &stop).is_some();
            assert_eq!(blocks.cost(0), proven);
            (done, asked.into_inner(), blocks.groups.len())
        };
        let (done, questions, groups) = grown(usize::MAX);
        assert!(done && groups > 1 && questions >= groups);
        for patience in 0..questions {
            let (done, asked, groups) = grown(patience);
            assert!(!done && asked == patience + 1 && groups <= patience, "{asked} questions, {groups} groups");
        }
    }
}

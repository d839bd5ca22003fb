//! One tuple after the other, for proofs: whether its networks lose as much as is claimed, of which points that follows, and of which
//! constraints of the cones.
//!
//! Points are meant by their numbers in the arrangement. A core is the point that is right by no way, then a witness for each of its open ways.

use super::conflicts::Conflicts;
use super::cores::{Packing, Situation};
use super::mask::bit;
use super::multipliers::Equations;
use super::output::{MOST_NEURONS, Output, Stakes};
use super::search::records;
use super::tree::{Halves, Scratch, Tree};
use crate::encode::Threshold;
use bdnn::Stop;

/// What is known of a tuple.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its networks lose as much as is claimed.
    Closed(Account),
    /// That may be so in parts of it: this neuron is to be split.
    Split(usize),
    /// Some of its networks lose less.
    Open,
}

/// Losses that no network of a tuple escapes and that are not counted twice, just enough of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// Points that are wrong for certain.
    pub(crate) lost: Vec<u32>,
    /// Points of which one is wrong, for a unit of each.
    pub(crate) cores: Vec<Vec<u32>>,
}

/// A claim about all networks, and who has to say why it holds.
pub(crate) struct Judge {
    tree: Tree,
    outputs: Vec<Output>,
    cutoff: u32,
    scratch: Scratch,
    stakes: Stakes,
    packing: Packing,
    lost: Vec<u64>,
    equations: Equations,
}

impl Judge {
    /// For networks with these output functions, of which nothing is claimed yet; `None` if one has too many inputs.
    pub(crate) fn new(tree: Tree, functions: Vec<Threshold>) -> Option<Self> {
        let outputs = functions.into_iter().map(Output::new).collect::<Option<_>>()?;
        Some(Self {
            cutoff: 0,
            tree,
            outputs,
            scratch: Scratch::default(),
            stakes: Stakes::default(),
            packing: Packing::default(),
            lost: Vec::new(),
            equations: Equations::default(),
        })
    }

    /// Claims that networks lose at least this from here on.
    pub(crate) fn claim(&mut self, loss: u64) {
        let units = loss.saturating_sub(self.tree.at.base).div_ceil(self.tree.at.unit);
        self.cutoff = u32::try_from(units).unwrap_or(u32::MAX);
    }

    /// The node that holds all neurons.
    pub(crate) fn root(&self) -> u32 {
        self.tree.root
    }

    /// Points by whose sides the first nodes are told apart, in the order of the levels, as long as all nodes of a level have the same.
    pub(crate) fn first_points(&self) -> impl Iterator<Item = u32> + '_ {
        self.tree.at.spanning.iter().copied()
    }

    /// The point's number in the data.
    pub(crate) fn site(&self, point: u32) -> u32 {
        self.tree.at.sites[point as usize]
    }

    /// Whether the output should be on at a point.
    pub(crate) fn wanted(&self, point: u32) -> bool {
        self.tree.at.wanted[point as usize]
    }

    /// What a unit costs.
    pub(crate) fn unit(&self) -> u64 {
        self.tree.at.unit
    }

    /// Judges a tuple. `None` once `stop` says so.
    pub(crate) fn examine(&mut self, function: usize, nodes: &[u32], stop: &Stop<'_>) -> Option<Verdict> {
        self.tree.forget();
        let Self { tree, outputs, cutoff, scratch, stakes, packing, lost, .. } = self;
        let (output, at) = (&outputs[function], &tree.at);
        let records = records(tree, nodes, output);
        let paid = output.lost(&records, at.sections(), lost);
        let certain = || {
            let mut units = 0;
            let mut points: Vec<u32> = (0..at.len() as u32)
                .filter(|&point| at.weight(point) > 0 && (at.bits[point as usize].0 as usize) < 64 * at.priced_words)
                .filter(|&point| at.marked(lost, point))
                .collect();
            points.retain(|&point| {
                let needed = units < *cutoff;
                units += at.weight(point);
                needed
            });
            points
        };
        if paid >= *cutoff {
            return Some(Verdict::Closed(Account { lost: certain(), cores: Vec::new() }));
        }
        output.stakes(&records, at.sections(), &at.valid, stakes);
        let open = stakes.open;
        let Some(branch) =
            (0..output.neurons).filter(|&j| open[j] > 0).max_by_key(|&j| (open[j], std::cmp::Reverse(j)))
        else {
            return Some(Verdict::Open);
        };
        let situation = Situation::new((tree, nodes), output, &records, stakes, scratch, stop)?;
        packing.pack(&situation, *cutoff - paid);
        let point = |&unit: &u16| at.point_of[usize::from(unit)];
        let mut cores: Vec<Vec<u32>> = packing.cores().map(|core| core.iter().map(point).collect()).collect();
        if (cores.len() as u64) < u64::from(*cutoff - paid) {
            return Some(Verdict::Split(branch));
        }
        cores.truncate((*cutoff - paid) as usize);
        for core in &mut cores {
            let first = core[0];
            core[1..].sort_unstable();
            core.dedup();
            debug_assert_eq!(core[0], first, "a point is no witness of its own");
        }
        Some(Verdict::Closed(Account { lost: certain(), cores }))
    }

    /// The halves of a node; `None` once `stop` says so, or for a cone that stays whole.
    pub(crate) fn split(&mut self, node: u32, stop: &Stop<'_>) -> Option<Halves> {
        self.tree.children(node, &mut self.scratch, stop).flatten()
    }

    /// Whether a neuron fires at a point throughout a node, if it is decided.
    pub(crate) fn side(&self, node: u32, point: u32) -> Option<bool> {
        let record = self.tree.record(node);
        let (lost, won) = (self.tree.at.marked(record.lost, point), self.tree.at.marked(record.won, point));
        (lost || won).then(|| won == self.wanted(point))
    }

    /// Whether a neuron on the right side of one point is known to be on the wrong side of the other, one that shall be on and one that shall be off, throughout a
    /// node.
    pub(crate) fn excludes(&self, node: u32, one: u32, other: u32) -> bool {
        let at = &self.tree.at;
        let start = if self.wanted(one) { at.wanted_words } else { 0 };
        let [unit, other] = [one, other].map(|point| at.bits[point as usize].0 as usize);
        let row = self.tree.known_conflicts(node).and_then(|known: &Conflicts| known.of_unit(unit));
        row.is_some_and(|row| bit(row, other - 64 * start))
    }

    /// Constraints (points, and whether a neuron fires there), those that come first preferred, from which a side of a point follows, as far as floats can
    /// tell.
    pub(crate) fn implied_by(
        &mut self,
        constraints: &[(u32, bool)],
        (point, fires): (u32, bool),
    ) -> Option<Vec<usize>> {
        let at = &self.tree.at;
        let signed = |&(point, fires): &(u32, bool)| (at.point(point), if fires { 1.0 } else { -1.0 });
        let columns: Vec<(&[f64], f64)> = constraints.iter().map(signed).collect();
        self.equations.support(&columns, signed(&(point, fires)))
    }

    /// The least sets of neurons that make a point wrong, as masks, in the order of the output function's clauses.
    pub(crate) fn sets(&self, function: usize, point: u32) -> impl Iterator<Item = u8> + '_ {
        self.outputs[function].ways(!self.wanted(point)).iter().copied()
    }

    /// The least sets of neurons that make a point right.
    pub(crate) fn ways(&self, function: usize, point: u32) -> impl Iterator<Item = u8> + '_ {
        self.outputs[function].ways(self.wanted(point)).iter().copied()
    }
}

/// Neurons at most.
pub(crate) const MOST: usize = MOST_NEURONS;

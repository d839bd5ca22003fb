//! Depth-first branch and bound over tuples of tree nodes, one a hidden neuron.

use super::tree::{Node, build};
use crate::encode::{Sites, Threshold};
use crate::theory::{Geometry, Listing, Side};
use bdnn::Stop;
use budget::checkpoint::{Unreadable, decode, encode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most hidden neurons.
const MAX_NEURONS: usize = 5;

/// Evaluations between two looks at the clock.
const STOP_INTERVAL: u64 = 1 << 14;

/// The end of a call of [`CellSearch::advance`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A loss below the bound: sides of each neuron at each relevant point.
    Found(u64, Vec<Vec<(u32, Side)>>),
    /// Nothing below the bound.
    Exhausted,
    /// The budget is spent or `stop` said so.
    Budget,
}

/// Dichotomies of the relevant points with their tree, shared by all output functions.
pub struct Cells {
    sites: Vec<u32>,
    tree: AnyTree,
}

enum AnyTree {
    One(Tree<1>),
    Two(Tree<2>),
    Four(Tree<4>),
    Eight(Tree<8>),
    Sixteen(Tree<16>),
}

struct Tree<const W: usize> {
    list: Vec<[u64; W]>,
    nodes: Vec<Node<W>>,
    /// Points that shall be class 1, class 0.
    positive: [u64; W],
    negative: [u64; W],
    /// Points whose price has bit b.
    planes: Vec<[u64; W]>,
}

/// The state of the search for one output function.
pub struct CellSearch {
    cells: Arc<Cells>,
    output: Threshold,
    /// Sets of inputs whose disjunctions the function is the conjunction of.
    sets: Vec<Vec<usize>>,
    stack: Vec<Entry>,
    /// Tuples evaluated.
    pub evaluations: u64,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Entry {
    nodes: [u32; MAX_NEURONS],
    bound: u64,
    /// The neuron to split, or `MAX_NEURONS` for a solution.
    split: u8,
}

impl Cells {
    /// The dichotomies of whole weights, if that is at most `most` words and the problem has only plain prices.
    #[must_use]
    pub fn new(sites: &Sites, geometry: &Geometry, most: usize) -> Option<Self> {
        let listing = geometry.listing()?;
        if sites.all_decided || !geometry.closed_under_complement() {
            return None;
        }
        let relevant: Vec<usize> = (0..sites.len()).filter(|&part| sites.preference(part).1 > 0).collect();
        if listing.len().saturating_mul(relevant.len().div_ceil(64)) > most {
            return None;
        }
        let tree = match relevant.len() {
            0..=64 => AnyTree::One(Tree::new(sites, listing, &relevant)),
            65..=128 => AnyTree::Two(Tree::new(sites, listing, &relevant)),
            129..=256 => AnyTree::Four(Tree::new(sites, listing, &relevant)),
            257..=512 => AnyTree::Eight(Tree::new(sites, listing, &relevant)),
            513..=1024 => AnyTree::Sixteen(Tree::new(sites, listing, &relevant)),
            _ => return None,
        };
        let sites = relevant.iter().map(|&k| u32::try_from(k).unwrap_or(u32::MAX)).collect();
        Some(Self { sites, tree })
    }

    /// Number of dichotomies.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.tree {
            AnyTree::One(t) => t.list.len(),
            AnyTree::Two(t) => t.list.len(),
            AnyTree::Four(t) => t.list.len(),
            AnyTree::Eight(t) => t.list.len(),
            AnyTree::Sixteen(t) => t.list.len(),
        }
    }

    /// Whether there is none (never: the constant ones are there).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<const W: usize> Tree<W> {
    fn new(sites: &Sites, listing: &Listing, relevant: &[usize]) -> Self {
        let mut list = listed::<W>(listing, relevant);
        let nodes = build(&mut list);
        let (mut positive, mut negative) = ([0; W], [0; W]);
        let mut planes: Vec<[u64; W]> = Vec::new();
        for (k, &part) in relevant.iter().enumerate() {
            let (class, price, _) = sites.preference(part);
            let mask = if class { &mut positive } else { &mut negative };
            mask[k / 64] |= 1 << (k % 64);
            for bit in (0..64).filter(|bit| price >> bit & 1 == 1) {
                planes.resize(planes.len().max(bit + 1), [0; W]);
                planes[bit][k / 64] |= 1 << (k % 64);
            }
        }
        Self { list, nodes, positive, negative, planes }
    }

    /// Bound of a tuple, and the neuron with most undecided points that matter (`None`: all decided).
    fn evaluate(&self, sets: &[Vec<usize>], d: usize, tuple: &[u32; MAX_NEURONS]) -> (u64, Option<usize>) {
        let mut bound = 0;
        let mut undecided = [0_u32; MAX_NEURONS];
        for w in 0..W {
            let (mut lower, mut upper) = (u64::MAX, u64::MAX);
            for set in sets {
                let (mut low, mut high) = (0, 0);
                for &j in set {
                    let node = &self.nodes[tuple[j] as usize];
                    low |= node.ones[w];
                    high |= !node.zeros[w];
                }
                lower &= low;
                upper &= high;
            }
            let wrong = self.positive[w] & !upper | self.negative[w] & lower;
            for (bit, plane) in self.planes.iter().enumerate() {
                bound += u64::from((wrong & plane[w]).count_ones()) << bit;
            }
            let open = (self.positive[w] | self.negative[w]) & upper & !lower;
            for (count, &at) in undecided[..d].iter_mut().zip(tuple) {
                let node = &self.nodes[at as usize];
                *count += (open & !node.ones[w] & !node.zeros[w]).count_ones();
            }
        }
        let split = (0..d).max_by_key(|&j| (undecided[j], std::cmp::Reverse(j))).filter(|&j| undecided[j] > 0);
        (bound, split)
    }

    /// Whether interchangeable neurons are out of order for every choice below.
    fn out_of_order(&self, output: &Threshold, tuple: &[u32; MAX_NEURONS]) -> bool {
        (1..output.inputs()).any(|j| {
            self.nodes[tuple[j] as usize].last < self.nodes[tuple[j - 1] as usize].first && output.symmetric(j - 1, j)
        })
    }

    fn sides(&self, d: usize, tuple: &[u32; MAX_NEURONS], sites: &[u32]) -> Vec<Vec<(u32, Side)>> {
        tuple[..d]
            .iter()
            .map(|&at| {
                let pattern = &self.list[self.nodes[at as usize].first as usize];
                let side = |k: usize| {
                    if pattern[k / 64] >> (k % 64) & 1 == 1 { Side::Fires } else { Side::Silent }
                };
                sites.iter().enumerate().map(|(k, &site)| (site, side(k))).collect()
            })
            .collect()
    }
}

#[allow(clippy::cast_possible_truncation)]
impl CellSearch {
    /// The search for `output`, at the roots; `None` if it has too many inputs.
    #[must_use]
    pub fn new(cells: Arc<Cells>, output: Threshold) -> Option<Self> {
        if output.inputs() > MAX_NEURONS {
            return None;
        }
        let sets = output.clauses(true);
        let root = Entry { nodes: [0; MAX_NEURONS], bound: 0, split: 0 };
        Some(Self { cells, output, sets, stack: vec![root], evaluations: 0 })
    }

    /// What it searches over.
    pub(crate) fn cells(&self) -> &Arc<Cells> {
        &self.cells
    }

    /// What is written down of it.
    pub(crate) fn state(&self) -> Result<Vec<u8>, Unreadable> {
        encode(&(&self.stack, self.evaluations))
    }

    /// Goes back to a state.
    pub(crate) fn restore(&mut self, state: &[u8]) -> Result<(), Unreadable> {
        (self.stack, self.evaluations) = decode(state)?;
        Ok(())
    }

    /// The least loss any open tuple could have, or `None` if none is open.
    #[must_use]
    pub fn bound(&self) -> Option<u64> {
        self.stack.iter().map(|entry| entry.bound).min()
    }

    /// Looks for a loss below `below` (offset not counted) for at most `budget` evaluations.
    pub fn advance(&mut self, below: u64, budget: u64, stop: &Stop<'_>) -> Outcome {
        let cells = self.cells.clone();
        match &cells.tree {
            AnyTree::One(tree) => self.descend(tree, below, budget, stop),
            AnyTree::Two(tree) => self.descend(tree, below, budget, stop),
            AnyTree::Four(tree) => self.descend(tree, below, budget, stop),
            AnyTree::Eight(tree) => self.descend(tree, below, budget, stop),
            AnyTree::Sixteen(tree) => self.descend(tree, below, budget, stop),
        }
    }

    fn descend<const W: usize>(&mut self, tree: &Tree<W>, below: u64, budget: u64, stop: &Stop<'_>) -> Outcome {
        let d = self.output.inputs();
        let end = self.evaluations.saturating_add(budget);
        let mut look = self.evaluations + STOP_INTERVAL;
        while let Some(entry) = self.stack.pop() {
            if entry.bound >= below {
                continue;
            }
            if entry.split as usize == MAX_NEURONS {
                return Outcome::Found(entry.bound, tree.sides(d, &entry.nodes, &self.cells.sites));
            }
            let at = entry.split as usize;
            let mut children = [entry; 2];
            let mut count = 0;
            for child in tree.nodes[entry.nodes[at] as usize].children {
                let mut nodes = entry.nodes;
                nodes[at] = child;
                if tree.out_of_order(&self.output, &nodes) {
                    continue;
                }
                self.evaluations += 1;
                let (bound, split) = tree.evaluate(&self.sets, d, &nodes);
                if bound < below {
                    children[count] = Entry { nodes, bound, split: split.unwrap_or(MAX_NEURONS) as u8 };
                    count += 1;
                }
            }
            // The better child on top.
            if count == 2 && children[0].bound < children[1].bound {
                children.swap(0, 1);
            }
            self.stack.extend_from_slice(&children[..count]);
            if self.evaluations >= end {
                return Outcome::Budget;
            }
            if self.evaluations >= look {
                look += STOP_INTERVAL;
                if stop() {
                    return Outcome::Budget;
                }
            }
        }
        Outcome::Exhausted
    }
}

/// The dichotomies of whole weights on the points `sites`, bit k for `sites[k]`: sorted, distinct.
fn listed<const W: usize>(listing: &Listing, sites: &[usize]) -> Vec<[u64; W]> {
    let pattern = |entry: usize| {
        let mut pattern = [0_u64; W];
        let set = |(k, &site): (usize, &usize)| pattern[k / 64] |= u64::from(listing.fires(entry, site)) << (k % 64);
        sites.iter().enumerate().for_each(set);
        pattern
    };
    let mut found: Vec<[u64; W]> = (0..listing.len()).map(pattern).collect();
    found.sort_unstable();
    found.dedup();
    found
}

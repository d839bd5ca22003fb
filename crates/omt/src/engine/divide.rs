//! A part of all networks divided into smaller ones, as a binary tree, best first.
//!
//! A leaf with several output functions is split by the hardest of them, one with one function by a literal of the first layer that looking ahead
//! finds to decide most ([`crate::search::Solver::split_literal`]). Every leaf is searched for a moment; the next to be split is the one with
//! the most undecided activations, each counted as often as losses between its bound and the best network are open, and less with every split
//! on the way to it, so that no part of the tree waits for ever.
//!
//! Reference: M. Heule, O. Kullmann, S. Wieringa and A. Biere, Cube and conquer, HVC 2011.

use super::parts::Parts;
use super::{Style, Within};
use crate::Parameters;
use crate::case::Case;
use crate::cube::{Condition, Cube, part_of};
use crate::goal::Goal;
use crate::search::{Allowance, Lit, NoProof};
use bdnn::{Budget, Network, Problem, Request, Stop};
use std::collections::BTreeMap;

/// A vertex of the tree of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vertex {
    /// Split: where the condition holds, and where it does not, by the numbers of the vertices.
    Split {
        /// The condition.
        on: Condition,
        /// Where it holds.
        yes: usize,
        /// Where it does not.
        no: usize,
    },
    /// A part that is to be searched.
    Open,
    /// A part without a network that loses less than the best that is known.
    Refuted,
}

/// What came of a division.
#[derive(Clone, Debug)]
pub struct Divided {
    /// The first is the root.
    pub vertices: Vec<Vertex>,
    /// The best network known, with its exact loss.
    pub best: Option<(Network, u64)>,
}

/// A leaf on the way.
struct Leaf {
    vertex: usize,
    /// Splits on the way to it.
    depth: i32,
    /// By function, those that are searched to their end as well.
    cases: Vec<(usize, Case)>,
    /// What is left to do in it, roughly; `None` if it cannot be split.
    rest: Option<f64>,
}

/// What all leaves share.
struct Division<'a> {
    problem: &'a Problem,
    parameters: Parameters,
    stop: &'a Stop<'a>,
    /// Whether a refuted leaf stays open, since its refutation is wanted in writing.
    keeps_refuted: bool,
    best: Option<(Network, u64)>,
    vertices: Vec<Vertex>,
}

/// Divides the part into about `count` open ones: fewer where there is no more to split, or a limit ends it. `None` if that comes before there
/// is anything to split. Deterministic as long as no limit of time ends it.
pub(crate) fn divide(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    style: Style,
    within: Within<'_>,
    (count, keeps_refuted): (usize, bool),
) -> Option<Divided> {
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let style = style.of_problem(problem);
    let parts = Parts::new((problem, within.cube), limits, style, &mut |_, _| Box::new(NoProof), &stop)?;
    let parameters = limits.settings.of();
    let numbers = (0..).filter(|&number| within.cube.allows(number));
    let cases = parts.cases.into_iter().zip(numbers).map(|(case, number)| (number, case)).collect();
    let vertices = vec![Vertex::Open];
    let mut division = Division { problem, parameters, stop: &stop, keeps_refuted, best: start, vertices };
    let mut leaves = vec![Leaf { vertex: 0, depth: 0, cases, rest: None }];
    division.probe(&mut leaves[0]);
    let open = |division: &Division<'_>| division.vertices.iter().filter(|v| **v == Vertex::Open).count();
    while open(&division) < count && !stop() {
        let hardest = (0..leaves.len()).filter(|&at| leaves[at].rest.is_some());
        let Some(at) =
            hardest.max_by(|&a, &b| leaves[a].rest.partial_cmp(&leaves[b].rest).unwrap_or(std::cmp::Ordering::Equal))
        else {
            break;
        };
        let leaf = leaves.swap_remove(at);
        leaves.extend(division.split(leaf));
    }
    Some(Divided { vertices: division.vertices, best: division.best })
}

impl Division<'_> {
    fn below(&self) -> Option<u64> {
        self.best.as_ref().map(|(_, loss)| *loss)
    }

    /// Searches a leaf for a moment, and judges it.
    fn probe(&mut self, leaf: &mut Leaf) {
        let allowance = Allowance { conflicts: self.parameters.cube_probe, stop: self.stop };
        for (_, case) in leaf.cases.iter_mut().filter(|(_, case)| !case.done) {
            case.advance(self.problem, Goal::Better(self.best.as_ref().map(|(_, loss)| *loss)), &allowance);
            for found in std::mem::take(&mut case.found) {
                if self.below().is_none_or(|best| found.loss < best) {
                    self.best = Some((found.network, found.loss));
                }
            }
        }
        let below = self.below();
        let rest = leaf.cases.iter().map(|(_, case)| rest(case, below)).sum::<f64>();
        leaf.rest = (rest > 0.0).then(|| rest * self.parameters.cube_depth.powi(leaf.depth));
        if !self.keeps_refuted && leaf.cases.iter().all(|(_, case)| is_refuted(case, below)) {
            self.vertices[leaf.vertex] = Vertex::Refuted;
        }
    }

    /// The two halves of a leaf; itself, never to be split again, if there are none.
    fn split(&mut self, mut leaf: Leaf) -> Vec<Leaf> {
        let below = self.below();
        let (on, holding, other) = if leaf.cases.len() > 1 {
            let harder = |a: &usize, b: &usize| {
                rest(&leaf.cases[*a].1, below).total_cmp(&rest(&leaf.cases[*b].1, below)).then(b.cmp(a))
            };
            let hardest = (0..leaf.cases.len()).max_by(harder).unwrap_or(0);
            let case = leaf.cases.remove(hardest);
            (Condition::Function(case.0), vec![case], leaf.cases)
        } else {
            let Some((on, fires, lit)) = leaf.cases.first_mut().and_then(|(_, case)| self.literal(case)) else {
                return vec![Leaf { rest: None, ..leaf }];
            };
            let halves: Vec<(usize, Case)> =
                leaf.cases.iter_mut().map(|(number, case)| (*number, case.halve(lit))).collect();
            let (holding, other) = if fires { (leaf.cases, halves) } else { (halves, leaf.cases) };
            (on, holding, other)
        };
        let first = self.vertices.len();
        self.vertices[leaf.vertex] = Vertex::Split { on, yes: first, no: first + 1 };
        self.vertices.extend([Vertex::Open; 2]);
        let mut leaves = vec![
            Leaf { vertex: first, depth: leaf.depth + 1, cases: holding, rest: None },
            Leaf { vertex: first + 1, depth: leaf.depth + 1, cases: other, rest: None },
        ];
        leaves.iter_mut().for_each(|leaf| self.probe(leaf));
        leaves
    }

    /// What to split a case by: the condition, whether it holds where the literal is true, and the literal.
    fn literal(&self, case: &mut Case) -> Option<(Condition, bool, Lit)> {
        let lit = case.splitter(self.stop)?;
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        (0..self.problem.points.len()).for_each(|point| {
            first.entry(part_of(self.problem, point)).or_insert(point);
        });
        let rows = case.encoding.first_layer.iter().enumerate();
        let mut places = rows.flat_map(|(part, row)| row.iter().enumerate().map(move |(j, lit)| (part, j, *lit)));
        let (part, neuron, own) = places
            .find_map(|(part, neuron, own)| own.filter(|own| own.var() == lit.var()).map(|own| (part, neuron, own)))?;
        Some((Condition::Fires { neuron, point: *first.get(&part)? }, own == lit, lit))
    }
}

/// Whether no network in the case loses less than the best known. One that is done may have passed by a solution that no floats were found for.
fn is_refuted(case: &Case, below: Option<u64>) -> bool {
    case.done && case.bound >= below.unwrap_or(u64::MAX)
}

/// What is left to do in a case, roughly; 0 for one that is done.
#[allow(clippy::cast_precision_loss)]
fn rest(case: &Case, below: Option<u64>) -> f64 {
    if case.done {
        return 0.0;
    }
    let gap = below.map_or(1, |below| below.saturating_sub(case.bound).max(1));
    (1 + case.undecided()) as f64 * gap as f64
}

impl Divided {
    /// The part of each vertex, within `cube`.
    #[must_use]
    pub fn cubes(&self, cube: &Cube) -> Vec<Cube> {
        let mut cubes = vec![cube.clone(); self.vertices.len()];
        // Children stand after their parents.
        for (at, vertex) in self.vertices.iter().enumerate() {
            if let Vertex::Split { on, yes, no } = *vertex {
                (cubes[yes], cubes[no]) = (cubes[at].with(on, true), cubes[at].with(on, false));
            }
        }
        cubes
    }
}

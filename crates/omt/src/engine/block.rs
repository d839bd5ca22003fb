//! One block of points: what networks of each output function cost there at least.
//!
//! Entry point: [`Block::advance`]. In few dimensions the dual tree bounds a block. Elsewhere clauses are asked whether a network costs no more
//! than what is proven: each no adds one, and a network ends it. Such a question is a [`Case`] that looks for nothing else, so it needs no
//! cores and no start; it is kept until it is answered.

use super::dual_part::DualPart;
use super::parts::formula;
use super::style::Style;
use crate::case::Case;
use crate::dual::Listener;
use crate::encode::{Sites, Threshold};
use crate::goal::{Confirmed, Goal};
use crate::search::{Allowance, NoProof};
use crate::theory::Geometry;
use crate::{Parameters, dual};
use bdnn::{Problem, Stop};
use budget::checkpoint::shared::{self, Known};
use budget::checkpoint::{Unreadable, decode, encode};
use numerics::whole::gcd_of_words;
use std::sync::Arc;

/// What all blocks of a run have in common.
pub(super) struct Common {
    pub(super) parameters: Parameters,
    pub(super) tree: dual::Parameters,
    pub(super) style: Style,
    /// The output functions, each with a formula of its own; one formula with truth tables if there are none.
    pub(super) functions: Option<Vec<Threshold>>,
}

impl Common {
    pub(super) fn formulas(&self) -> usize {
        self.functions.as_ref().map_or(1, Vec::len)
    }
}

/// What was done: conflicts, as limits of nodes count them, and time, in conflicts times points.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    pub(super) conflicts: u64,
    pub(super) time: u64,
}

/// Some of the points.
pub(super) struct Block {
    /// Points of the whole, ascending.
    pub(super) members: Vec<usize>,
    problem: Problem,
    /// Made when it is needed.
    geometry: Option<Arc<Geometry>>,
    /// The loss of a known network, where the points have so few dimensions that the dual tree is the best search.
    few: Option<u64>,
    /// Points whose time a conflict takes.
    pub(super) price: u64,
    /// One for each formula.
    pub(super) sides: Vec<Side>,
    /// Since the owner last asked: work, refutations, and networks of the least cost.
    pub(super) work: Work,
    pub(super) refuted: u64,
    pub(super) found: Vec<Confirmed>,
}

/// A side as it is written down: its engine is a case with a unit, or a tree.
type OfSide = (u64, bool, u64, Option<(Option<u64>, Vec<u8>)>);
/// A block as it is written down.
type Written = (Vec<usize>, Option<u64>, u64, Vec<OfSide>);

/// One formula over the points of a block.
#[derive(Default)]
pub(super) struct Side {
    /// No network costs less on these points, above what conflicting labels cost.
    pub(super) cost: u64,
    /// Nothing more is proven here: in general since that much is possible.
    pub(super) over: bool,
    /// Effort spent on the refutation at hand.
    spent: u64,
    engine: Option<Engine>,
}

enum Engine {
    /// The question whether that much is possible, and the unit of what networks cost.
    Clauses(Box<Case>, u64),
    Tree(Box<DualPart>),
}

impl Side {
    /// What is written down of it: a [`OfSide`].
    fn written(&mut self) -> Result<OfSide, Unreadable> {
        let engine = match &mut self.engine {
            None => None,
            Some(Engine::Clauses(case, unit)) => Some((Some(*unit), case.written()?)),
            Some(Engine::Tree(tree)) => Some((None, tree.state()?)),
        };
        Ok((self.cost, self.over, self.spent, engine))
    }

    /// Whether it wants a turn while a refutation may take so much effort.
    pub(super) fn waits(&self, allowance: u64) -> bool {
        !self.over && self.spent < allowance
    }
}

impl Block {
    /// The points `members` of `whole`, of which these costs are proven, by formula; `few`: for the dual tree, see [`Self::few`].
    pub(super) fn new(whole: &Problem, members: Vec<usize>, costs: &[u64], few: Option<u64>) -> Self {
        let price = if few.is_some() { whole.points.len() } else { members.len() } as u64;
        Self {
            problem: Problem { points: whole.points.pick(&members), ..whole.clone() },
            members,
            geometry: None,
            few,
            price,
            sides: costs.iter().map(|&cost| Side { cost, ..Side::default() }).collect(),
            work: Work::default(),
            refuted: 0,
            found: vec![],
        }
    }

    /// What is written down of it: a [`Written`].
    pub(super) fn written(&mut self) -> Result<Vec<u8>, Unreadable> {
        let known = self.geometry.as_ref().map_or_else(Known::default, |geometry| geometry.known(Known::default()));
        let sides =
            shared::knowing(&known, || self.sides.iter_mut().map(Side::written).collect::<Result<Vec<_>, _>>())?;
        encode(&(&self.members, self.few, self.price, sides))
    }

    /// A block of the points of `whole` that goes on from what was written; `None` once `stop` says so.
    pub(super) fn resumed(
        whole: &Problem,
        bytes: &[u8],
        common: &Common,
        stop: &Stop<'_>,
    ) -> Result<Option<Self>, Unreadable> {
        let (members, few, price, sides): Written = decode(bytes)?;
        if members.iter().any(|&i| i >= whole.points.len()) || sides.len() != common.formulas() {
            return Err(Unreadable::inconsistent());
        }
        let costs: Vec<u64> = sides.iter().map(|side| side.0).collect();
        let mut block = Self { price, ..Self::new(whole, members, &costs, few) };
        for (number, (_, over, spent, engine)) in sides.into_iter().enumerate() {
            (block.sides[number].over, block.sides[number].spent) = (over, spent);
            let Some((kind, bytes)) = engine else { continue };
            let Some(geometry) = block.geometry(common, stop) else { return Ok(None) };
            let known = geometry.known(Known::default());
            let engine = match kind {
                Some(unit) => {
                    let case = || Case::resumed(&bytes, &common.parameters, || None);
                    Engine::Clauses(Box::new(shared::knowing(&known, case)?), unit)
                }
                None => {
                    let function = common.functions.as_ref().map(|functions| functions[number].clone());
                    let function = function.as_slice();
                    let tree = DualPart::new(&block.problem, &geometry, function, false, &common.tree, stop);
                    let Some(mut tree) = tree else { return Ok(None) };
                    tree.restore(&bytes)?;
                    Engine::Tree(Box::new(tree))
                }
            };
            block.sides[number].engine = Some(engine);
        }
        Ok(Some(block))
    }

    /// The geometry of its points; `None` once `stop` says so.
    fn geometry(&mut self, common: &Common, stop: &Stop<'_>) -> Option<Arc<Geometry>> {
        if self.geometry.is_none() {
            self.geometry = Some(Arc::new(Geometry::first_layer_as(&self.problem, common.style.listed, stop)?));
        }
        self.geometry.clone()
    }

    /// Searches below one formula until its cost has risen, it is over, or a refutation has taken `allowance`, for about so much time and no more
    /// than so many conflicts.
    pub(super) fn advance(
        &mut self,
        common: &Common,
        number: usize,
        Work { conflicts, time }: Work,
        allowance: u64,
        stop: &Stop<'_>,
    ) {
        let mut left = (time / self.price).max(1).min(conflicts);
        let cost = self.sides[number].cost;
        while left > 0 && self.sides[number].cost == cost && self.sides[number].waits(allowance) && !stop() {
            let engine = self.sides[number].engine.take();
            let Some(engine) = engine.or_else(|| self.engine(common, number, stop)) else { return };
            let quota = left.min(allowance - self.sides[number].spent);
            // At least one, so that what needs no conflict uses up the budget too.
            let (conflicts, effort) = match engine {
                Engine::Clauses(case, unit) => self.ask(number, case, unit, quota, stop),
                Engine::Tree(tree) => self.search(number, tree, quota, stop),
            };
            let effort = effort.max(1);
            self.work.conflicts += conflicts.max(1);
            self.work.time += effort * self.price;
            left = left.saturating_sub(effort);
            let side = &mut self.sides[number];
            side.spent += effort;
            if side.cost > cost {
                side.spent = 0;
                self.refuted += side.cost - cost;
            }
        }
    }

    /// The engine for a formula; `None` if there is no time to make it.
    fn engine(&mut self, common: &Common, number: usize, stop: &Stop<'_>) -> Option<Engine> {
        let Common { parameters, tree, style, functions } = common;
        let geometry = &self.geometry(common, stop)?;
        let function = functions.as_ref().map(|functions| functions[number].clone());
        if let Some(function) = function.as_slice().first().filter(|_| self.few.is_some()) {
            let function = std::slice::from_ref(function);
            if let Some(tree) = DualPart::new(&self.problem, geometry, function, false, tree, stop) {
                return Some(Engine::Tree(Box::new(tree)));
            }
        }
        let encoding = formula(&self.problem, &Sites::new(&self.problem), geometry, function, style, stop)?;
        let unit = encoding.formula.objective.iter().fold(0, |unit, &(_, weight)| gcd_of_words(unit, weight.into()));
        let unit = unit.max(1) as u64; // it divides a weight
        let mut case = Case::new(encoding, parameters, (false, style.look_ahead), Box::new(NoProof));
        case.bound = case.bound.max(self.problem.floor() + self.sides[number].cost);
        Some(Engine::Clauses(Box::new(case), unit))
    }

    /// Goes on with a question; conflicts and effort.
    fn ask(&mut self, number: usize, mut case: Box<Case>, unit: u64, quota: u64, stop: &Stop<'_>) -> (u64, u64) {
        let side = &mut self.sides[number];
        let before = case.counts();
        let target = self.problem.floor() + side.cost + 1;
        case.advance(&self.problem, Goal::Better(Some(target)), &Allowance { conflicts: quota, stop });
        let done = case.counts().since(before);
        if !case.found.is_empty() || case.unshown.is_some() {
            self.found.append(&mut case.found);
            side.over = true;
        } else if case.bound >= target {
            side.cost = (side.cost + 1).next_multiple_of(unit);
        } else {
            side.engine = Some(Engine::Clauses(case, unit));
        }
        (done.conflicts, done.effort())
    }

    /// Goes on with the tree; conflicts and effort.
    fn search(&mut self, number: usize, mut tree: Box<DualPart>, quota: u64, stop: &Stop<'_>) -> (u64, u64) {
        let (side, before) = (&mut self.sides[number], tree.conflicts());
        tree.allow(quota);
        if let Some(geometry) = &self.geometry {
            loop {
                let (on, goal) = ((&self.problem, geometry), Goal::Better(self.few));
                let mut found = tree.advance(on, goal, None, Listener::default(), stop);
                let Some(least) = found.iter().map(|found| found.loss).min() else { break };
                self.few = self.few.into_iter().chain([least]).min();
                self.found.append(&mut found);
            }
        }
        side.cost = side.cost.max(tree.bound(self.few) - self.problem.floor());
        side.over = tree.over();
        let conflicts = tree.conflicts() - before;
        side.engine = (!side.over).then_some(Engine::Tree(tree));
        (conflicts, conflicts)
    }
}

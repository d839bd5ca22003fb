//! One block of points: whether some network costs no more there than what is proven, output function by output function.
//!
//! Entry point: [`Block::advance`]. Each question is a [`Case`] that looks for nothing else, so it needs no cores and no start; it is kept until it
//! is answered.

use super::parts::formula;
use super::style::Style;
use crate::Parameters;
use crate::case::Case;
use crate::encode::{Sites, Threshold};
use crate::goal::{Confirmed, Goal};
use crate::search::{Allowance, NoProof};
use crate::theory::Geometry;
use bdnn::{Problem, Stop};
use std::sync::Arc;

/// What all blocks of a run have in common.
pub(super) struct Common {
    pub(super) parameters: Parameters,
    pub(super) style: Style,
    /// The output functions, each with a formula of its own; one formula with truth tables if there are none.
    pub(super) functions: Option<Vec<Threshold>>,
}

impl Common {
    fn formulas(&self) -> usize {
        self.functions.as_ref().map_or(1, Vec::len)
    }
}

/// What was done: conflicts, as limits of nodes count them, and effort, which is time.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    pub(super) conflicts: u64,
    pub(super) effort: u64,
}

/// Some of the points, and the question at hand.
pub(super) struct Block {
    /// Points of the whole, ascending.
    pub(super) members: Vec<usize>,
    problem: Problem,
    /// Made when it is needed.
    geometry: Option<Arc<Geometry>>,
    /// The formula in question, and the question.
    number: usize,
    case: Option<Box<Case>>,
    /// No network costs less on these points, above what conflicting labels cost.
    pub(super) cost: u64,
    /// That much is possible, too.
    pub(super) over: bool,
    /// Effort spent on the refutation at hand.
    spent: u64,
    /// Work and refutations since the owner last asked, and networks of the least cost.
    pub(super) work: Work,
    pub(super) refuted: u64,
    pub(super) found: Vec<Confirmed>,
}

impl Block {
    /// The points `members` of `whole`, of which `cost` is proven.
    pub(super) fn new(whole: &Problem, members: Vec<usize>, cost: u64) -> Self {
        Self {
            problem: Problem { points: whole.points.pick(&members), ..whole.clone() },
            members,
            geometry: None,
            number: 0,
            case: None,
            cost,
            over: false,
            spent: 0,
            work: Work::default(),
            refuted: 0,
            found: vec![],
        }
    }

    /// Whether it wants a turn while a refutation may take so many conflicts.
    pub(super) fn waits(&self, allowance: u64) -> bool {
        !self.over && self.spent < allowance
    }

    /// Goes on for so much effort, until it is over or one refutation has taken `allowance`.
    pub(super) fn advance(&mut self, common: &Common, effort: u64, allowance: u64, stop: &Stop<'_>) {
        let end = self.work.effort.saturating_add(effort);
        let target = |block: &Self| block.problem.floor() + block.cost + 1;
        while self.work.effort < end && self.waits(allowance) && !stop() {
            let Some(mut case) = self.case.take().or_else(|| self.ask(common, stop)) else { return };
            let before = case.counts();
            let goal = Goal::Better(Some(target(self)));
            let left = (end - self.work.effort).min(allowance - self.spent);
            case.advance(&self.problem, goal, &Allowance { conflicts: left, stop });
            let done = case.counts().since(before);
            // At least one, so that questions without a conflict use up the budget too.
            let effort = done.effort().max(1);
            self.work.effort += effort;
            self.work.conflicts += done.conflicts.max(1);
            self.spent += effort;
            if !case.found.is_empty() || case.unshown.is_some() {
                self.found.append(&mut case.found);
                self.over = true;
            } else if case.bound >= target(self) {
                self.next_question(common);
            } else {
                self.case = Some(case);
            }
        }
    }

    /// The question whether the formula at hand has a solution that costs what is proven; `None` if there is no time to ask.
    fn ask(&mut self, common: &Common, stop: &Stop<'_>) -> Option<Box<Case>> {
        let Common { parameters, style, functions } = common;
        if self.geometry.is_none() {
            self.geometry = Some(Arc::new(Geometry::first_layer_as(&self.problem, style.listed, stop)?));
        }
        let (geometry, sites) = (self.geometry.as_ref()?, Sites::new(&self.problem));
        let function = functions.as_ref().map(|functions| functions[self.number].clone());
        let encoding = formula(&self.problem, &sites, geometry, function, style, stop)?;
        let mut case = Case::new(encoding, parameters, (false, style.look_ahead), Box::new(NoProof));
        case.bound = case.bound.max(self.problem.floor() + self.cost);
        Some(Box::new(case))
    }

    /// The formula at hand has no such solution: on to the next one, or to one more error.
    fn next_question(&mut self, common: &Common) {
        self.number += 1;
        if self.number == common.formulas() {
            self.cost += 1;
            (self.number, self.spent) = (0, 0);
            self.refuted += 1;
        }
    }
}

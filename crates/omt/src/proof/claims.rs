//! What is claimed, and the tuples of the dual tree gone through for it.
//!
//! Neurons are split one at a time. A closed tuple says that one of the constraints it needs does not hold; if it needs none by which its parent
//! was split, it closes the parent, too, and the other half is never looked at. Else the two halves resolve.
//!
//! A claim is proven as a whole or not at all, and its cost grows fast with the bound claimed. So under a limit of time what the search has proven is
//! claimed first, for a part of the time that is left; if that does not suffice, half of it, then each time half of the rest: what it takes more is
//! no matter beside the last of them.

use super::closing::{Clause, Closing, Known, Place};
use super::folder::Folder;
use super::layout::Layout;
use super::log::LemmaLog;
use super::names::Name;
use super::steps::Steps;
use super::symmetry::orders;
use crate::dual::Verdict;
use crate::encode::Threshold;
use crate::error::Error;
use crate::theory::Geometry;
use bdnn::{Budget, Stop};

/// What the first claim takes at most of a limit of time.
const FIRST: f64 = 0.6;
/// What copying steps takes, as a share of what deriving and writing them took.
const COPIED: f64 = 0.05;

/// Bounds on the objective that are to be proven: `first`, and where there is a limit of time those below and up to `most`; `best` is that of the best
/// network.
pub(super) struct Claims {
    pub(super) first: u64,
    pub(super) most: u64,
    pub(super) best: Option<u64>,
}

/// What came of them: the steps that prove this bound are the body of the folder.
pub(super) struct Proven {
    pub(super) bound: u64,
    /// The clauses that close the cases; none for a bound of 0.
    pub(super) roots: Vec<u64>,
    pub(super) steps: u64,
}

/// The cases of a problem.
pub(super) struct Cases<'a, 'p> {
    pub(super) layout: &'a Layout<'p>,
    pub(super) functions: &'a [Threshold],
    /// Without hidden layer.
    pub(super) single: bool,
    pub(super) folder: &'a Folder,
}

impl<'a> Cases<'a, '_> {
    /// An empty body.
    pub(super) fn nothing(&self) -> Result<Proven, Error> {
        let body = Steps::new(self.folder.create_file(Folder::BODY)?);
        body.finish().map_err(|source| self.folder.failure(Folder::BODY, source))?;
        Ok(Proven { bound: 0, roots: Vec::new(), steps: 0 })
    }

    /// Proves the largest bound that there is time for, with `kept` seconds of the budget for what follows.
    pub(super) fn prove(
        &self,
        (mut known, geometry): (Known, &'a Geometry),
        lemmas: &mut LemmaLog,
        claims: &Claims,
        (budget, kept): (&Budget<'_>, f64),
    ) -> Result<Proven, Error> {
        let mut proven = self.nothing()?;
        let limited = budget.left().is_finite();
        let (mut claim, mut most) = (claims.first, claims.most);
        if limited && claim == 0 {
            claim = most.div_ceil(2);
        }
        let mut least_left = if limited { (1.0 - FIRST) * budget.left() } else { 0.0 };
        while claim > proven.bound && !budget.stop() {
            let began = budget.seconds();
            let stop = || {
                budget.keep(kept + COPIED * (budget.seconds() - began));
                budget.stop() || budget.left() < least_left
            };
            let unless = (Some(claim) != claims.best).then_some(Name::Below(0));
            known.judge.claim(self.layout.structure.offset + claim);
            let mut steps = Steps::new(self.folder.create_file(Folder::ATTEMPT)?);
            let mut closing = Closing::new(known, self.layout, geometry, unless, lemmas, &mut steps);
            let roots = self.close(&mut closing, &stop);
            known = closing.known();
            let written = steps.steps;
            steps.finish().map_err(|source| self.folder.failure(Folder::ATTEMPT, source))?;
            match roots {
                Some(roots) => {
                    self.folder.rename(Folder::ATTEMPT, Folder::BODY)?;
                    proven = Proven { bound: claim, roots, steps: written };
                }
                None => {
                    self.folder.remove(Folder::ATTEMPT)?;
                    if !stop() {
                        most = claim - 1;
                    }
                }
            }
            if !limited {
                break;
            }
            least_left = 0.0;
            claim = proven.bound + (most - proven.bound).div_ceil(2);
        }
        Ok(proven)
    }

    /// The clauses that close all cases; `None` once `stop` says so, or if some networks lose less than claimed.
    fn close(&self, closing: &mut Closing<'_, '_>, stop: &Stop<'_>) -> Option<Vec<u64>> {
        let cases = self.functions.iter().enumerate().map(|(case, function)| {
            closing.begin(case, stop)?;
            let ordered = !self.single && orders(function);
            refute(closing, function.inputs(), ordered, stop).map(|root| root.label)
        });
        cases.collect()
    }
}

/// A tuple that is split.
struct Fork {
    neuron: usize,
    /// The split point, and the node where it rests.
    point: u32,
    rests: u32,
    /// What closes the half where it fires, once that is known.
    fires: Option<Clause>,
}

/// Closes the tuple of all networks; `None` once `stop` says so, or if some lose less than claimed.
fn refute(closing: &mut Closing<'_, '_>, neurons: usize, ordered: bool, stop: &Stop<'_>) -> Option<Clause> {
    let root = closing.judge.root();
    let mut places = vec![Place::new(root); neurons];
    let mut forks: Vec<Fork> = Vec::new();
    loop {
        if stop() {
            return None;
        }
        // Without an order there are no lines that a clause could follow from.
        let by_order = if ordered { closing.by_order(&places) } else { None };
        let mut closed = match by_order {
            Some(clause) => clause,
            None => match closing.examine(&places, stop)? {
                Verdict::Open => return None,
                Verdict::Closed(account) => closing.leaf(&places, &account, stop)?,
                Verdict::Split(neuron) => {
                    let halves = closing.judge.split(places[neuron].node, stop)?;
                    places[neuron].enter(halves.fires, halves.point, true);
                    forks.push(Fork { neuron, point: halves.point, rests: halves.rests, fires: None });
                    continue;
                }
            },
        };
        // Up to the last fork whose other half is open.
        loop {
            let Some(mut fork) = forks.pop() else { return Some(closed) };
            let side = fork.fires.is_none();
            places[fork.neuron].leave();
            let needed = closed.needs(fork.neuron, fork.point, side);
            match fork.fires.take() {
                None if needed => {
                    places[fork.neuron].enter(fork.rests, fork.point, false);
                    fork.fires = Some(closed);
                    forks.push(fork);
                    break;
                }
                Some(other) if needed => closed = closing.resolve(other, closed, (fork.neuron, fork.point)),
                Some(other) => closing.forget(other),
                None => {}
            }
        }
    }
}

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

/// What copying steps takes, as a share of what deriving and writing them took: more than it was ever seen to take.
const COPIED: f64 = 0.05;

/// Bounds on the objective that are claimed, one after the other.
pub(super) struct Claims {
    next: u64,
    proven: u64,
    /// Nothing larger can be proven, or is asked for.
    most: u64,
    limited: bool,
}

impl Claims {
    /// `first`, and where time is `limited` those below it and up to `most`.
    pub(super) fn new(first: u64, most: u64, limited: bool) -> Self {
        let mut claims = Self { next: first, proven: 0, most, limited };
        if first == 0 {
            claims.go_on();
        }
        claims
    }

    fn next(&self) -> Option<u64> {
        (self.next > self.proven).then_some(self.next)
    }

    /// After a claim that took too long.
    fn go_on(&mut self) {
        self.next = if self.limited { self.proven + (self.most - self.proven).div_ceil(2) } else { self.proven };
    }

    fn prove(&mut self) {
        self.proven = self.next;
        self.go_on();
    }

    fn refute(&mut self) {
        self.most = self.next - 1;
        self.go_on();
    }
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

    /// Proves the largest bound that there is time for, with `kept` seconds of the budget for what follows; the first claim leaves so many for others.
    /// `best` is the objective of the best network.
    pub(super) fn prove(
        &self,
        (mut known, geometry): (Known, &'a Geometry),
        lemmas: &mut LemmaLog,
        (mut claims, best): (Claims, Option<u64>),
        (budget, kept, mut least_left): (&Budget<'_>, f64, f64),
    ) -> Result<Proven, Error> {
        let mut proven = self.nothing()?;
        while let Some(claim) = claims.next().filter(|_| !budget.stop()) {
            let began = budget.seconds();
            let stop = || {
                budget.keep(kept + COPIED * (budget.seconds() - began));
                budget.stop() || (claims.limited && budget.left() < least_left)
            };
            let unless = (Some(claim) != best).then_some(Name::Below(0));
            known.judge.claim(self.layout.structure.offset + claim);
            let mut steps = Steps::new(self.folder.create_file(Folder::ATTEMPT)?);
            let mut closing = Closing::new(known, self.layout, geometry, unless, lemmas, &mut steps);
            let roots = self.close(&mut closing, &stop);
            known = closing.known();
            let (written, is_late) = (steps.steps, roots.is_none() && stop());
            steps.finish().map_err(|source| self.folder.failure(Folder::ATTEMPT, source))?;
            match roots {
                Some(roots) => {
                    self.folder.rename(Folder::ATTEMPT, Folder::BODY)?;
                    proven = Proven { bound: claim, roots, steps: written };
                    claims.prove();
                }
                None => {
                    self.folder.remove(Folder::ATTEMPT)?;
                    if is_late { claims.go_on() } else { claims.refute() }
                }
            }
            least_left = 0.0;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is claimed where bounds up to `dear` can be paid for, and those up to `most` hold.
    fn claimed(mut claims: Claims, dear: u64, most: u64) -> (Vec<u64>, u64) {
        let mut all = Vec::new();
        while let Some(next) = claims.next() {
            all.push(next);
            if next > most {
                claims.refute();
            } else if next > dear {
                claims.go_on();
                // Time is over where nothing cheaper is left.
                if claims.next() == Some(next) {
                    break;
                }
            } else {
                claims.prove();
            }
        }
        (all, claims.proven)
    }

    #[test]
    fn claims_go_for_the_largest_bound() {
        assert_eq!(claimed(Claims::new(108, 108, false), 200, 200), (vec![108], 108));
        assert_eq!(claimed(Claims::new(108, 108, false), 50, 200), (vec![108], 0));
        assert_eq!(claimed(Claims::new(108, 108, true), 200, 200), (vec![108], 108));
        assert_eq!(claimed(Claims::new(108, 108, true), 90, 200), (vec![108, 54, 81, 95], 81));
        // What the search had no time for, as far as it holds.
        assert_eq!(claimed(Claims::new(1, 8, true), 200, 6), (vec![1, 5, 7, 6], 6));
        assert_eq!(claimed(Claims::new(0, 8, true), 200, 200), (vec![4, 6, 7, 8], 8));
        assert_eq!(claimed(Claims::new(0, 8, false), 200, 200), (vec![], 0));
        assert_eq!(claimed(Claims::new(0, 0, true), 200, 200), (vec![], 0));
    }
}

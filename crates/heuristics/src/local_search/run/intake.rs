//! Networks that come into a run: simple ones, the start, what is learned and what walks find. Each is confirmed by the exact forward
//! pass before it counts.

use super::{Purpose, Run};
use crate::Error;
use crate::local_search::Confirmed;
use crate::local_search::arena::Arena;
use crate::local_search::shrink::shrink;
use crate::local_search::walk::Walk;
use bdnn::{Network, Status, Stop, exact, learning, start};
use budget::{Instant, never};
use rayon::prelude::*;

/// What is kept back of a limit of time for the end, as a multiple of the longest exact forward pass so far: the end is such a
/// pass, maybe after one in floats. Limits hold by it.
const KEPT: f64 = 2.0;

impl Run<'_> {
    /// The start, recounted.
    pub(in crate::local_search) fn confirmed(&self, start: Option<&Network>) -> Result<Option<Confirmed>, Error> {
        Ok(start.map(|network| Confirmed::new(self.problem, network.clone())).transpose()?)
    }

    /// Takes the networks that cost nothing to make, one after the other, and the start. There is time for the first of them in any case.
    pub(in crate::local_search) fn take(&mut self, start: Option<Confirmed>) {
        if let Some(network) = start::constant(self.problem) {
            self.try_simple(network, &never);
        }
        let budget = self.budget;
        let stop = || budget.stop();
        for network in start::networks(self.problem, &stop) {
            if stop() {
                break;
            }
            self.try_simple(network, &stop);
        }
        if let Some(network) = start {
            self.warm = self.best.as_ref().is_none_or(|simple| network.objective < simple.objective);
            self.validate(self.right(&network), &network);
            self.offer(network);
        }
    }

    fn try_simple(&mut self, network: Network, stop: &Stop<'_>) {
        let confirmed = || {
            let network = Confirmed::within(self.problem, network, stop)?.ok()?;
            Some((self.right(&network), network))
        };
        if let Some((right, network)) = self.timed(confirmed) {
            self.validate(right, &network);
            self.offer(network);
        }
    }

    /// Learns what single neurons can do ([`learning::network`]). Walks may begin there only if nothing is handed on: in deeper
    /// networks they would end near it, and what layers learn that are put to use predicts better. So single neurons handed on do
    /// not end a run either.
    pub(super) fn learn(&mut self) -> Option<Network> {
        let budget = self.budget;
        let stop = || budget.stop();
        let network = learning::network(self.problem, &stop)?;
        let whole = network.layers.len() == 1;
        if let Some(Ok(confirmed)) = self.timed(|| self.confirm(network.clone(), &stop))
            && (whole || confirmed.objective - self.bound as f64 > self.limits.gap * confirmed.objective)
        {
            self.validate(self.right(&confirmed), &confirmed);
            self.offer(confirmed);
        }
        whole.then_some(network)
    }

    /// Takes a network if it is better, or as good where the best so far is a makeshift of slabs.
    pub(super) fn offer(&mut self, network: Confirmed) {
        let beaten = |best: &Confirmed| {
            best.objective < network.objective || (best.objective == network.objective && !self.makeshift)
        };
        if self.best.as_ref().is_some_and(beaten) {
            return;
        }
        self.makeshift = false;
        self.found = self.rounds;
        if !self.quiet {
            self.progress.incumbent(&network.network, network.objective);
        }
        let objective = network.objective;
        self.best = Some(network);
        self.gaps.note(self.seconds(), self.bound as f64, Some(objective));
        self.report('H');
    }

    /// Confirms what the walks found in this round.
    pub(super) fn collect(&mut self, arena: &Arena<'_>, walks: &mut [Walk], stop: &Stop<'_>) {
        let priced = self.problem.l0 > 0.0 || self.problem.l1 > 0.0;
        // At the end only the best of the walks counts.
        let last = stop().then(|| walks.iter().map(Walk::best_rank).min()).flatten();
        let over = || self.over();
        let until: &Stop<'_> = if arena.quick { &never } else { &over };
        let find = |walk: &mut Walk| {
            let found = || {
                // What weights are worth is not what limits on errors allow.
                let slim = self.confirm(walk.slim(arena, stop, until)?, until)?;
                let tight = slim.is_err() && priced && !self.problem.error_limits.is_empty();
                let found = if tight { self.confirm(walk.network(arena, until)?, until)? } else { slim };
                Some(found.map(|network| (self.right(&network), network)))
            };
            self.timed(found)
        };
        let wanted = |walk: &mut Walk| {
            walk.take_news() && walk.best_rank().excess == 0 && last.is_none_or(|least| walk.best_rank() <= least)
        };
        let networks: Vec<_> = walks.par_iter_mut().map(|walk| wanted(walk).then(|| find(walk))?).collect();
        for (walk, network) in walks.iter().zip(networks) {
            match network {
                None => {}
                Some(Err(_)) => self.refused += 1,
                Some(Ok((right, network))) => {
                    // Networks that gave up weights for their price are no surprise.
                    self.missed += u64::from(!priced && network.loss > walk.best_rank().loss);
                    self.pool.offer(&network, walk.best_outputs(), self.problem.points.len());
                    self.validate(right, &network);
                    self.offer(network);
                }
            }
        }
    }

    /// How many validation rows a network predicts rightly, if there are any.
    fn right(&self, network: &Confirmed) -> Option<usize> {
        let Purpose::Choose(validation) = self.purpose else { return None };
        Some(validation.right(self.problem, &network.network))
    }

    /// Keeps the network that predicts most, of equals the one with the least objective.
    fn validate(&mut self, right: Option<usize>, network: &Confirmed) {
        let better = |right: usize| {
            let best = self.validated.as_ref();
            best.is_none_or(|(most, best)| right > *most || (right == *most && network.objective < best.objective))
        };
        if let Some(right) = right.filter(|&right| better(right)) {
            self.validated = Some((right, network.clone()));
        }
    }

    /// Whether not even what was kept back for the end of the run is left.
    fn over(&self) -> bool {
        match self.budget.ended() {
            Some(Status::TimeLimit) => self.seconds() >= self.limits.time,
            ended => ended.is_some(),
        }
    }

    /// Does something that the end of the run will have to do once more.
    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.budget.keep(KEPT * began.elapsed().as_secs_f64());
        done
    }

    /// The network as it is, or with less weight where weights have a price; `None` once `stop` says so.
    fn confirm(&self, network: Network, stop: &Stop<'_>) -> Option<Result<Confirmed, exact::Violation>> {
        let confirmed = match Confirmed::within(self.problem, network, stop)? {
            Ok(confirmed) if self.problem.l1 > 0.0 => confirmed,
            other => return Some(other),
        };
        let over = || self.budget.stop();
        let small = shrink(self.problem, &confirmed.network, &over);
        let small = small.and_then(|small| Confirmed::within(self.problem, small, &over)?.ok());
        Some(Ok(small.filter(|small| small.objective <= confirmed.objective).unwrap_or(confirmed)))
    }
}

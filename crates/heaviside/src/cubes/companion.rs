//! Who looks for networks while a cube is searched: the other workers, and a local search of its own.

use super::problem::Known;
use super::shared::Shared;
use crate::error::Error;
use crate::parameters::{AutoParameters, CubeParameters};
use bdnn::{Budget, Companion, Network, Request, Turn};
use budget::checkpoint::Unreadable;
use heuristics::local_search::Beside;
use std::time::SystemTime;

/// Looks between two rounds at what others have found; if that is nothing, local search goes on for a while.
pub(super) struct Others<'a> {
    shared: &'a Shared<'a, Known>,
    /// Time and size of the file at the last look.
    seen: Option<(SystemTime, u64)>,
    local: Beside<'a>,
    /// What a look counts.
    look_work: u64,
}

/// A number for the walks of a cube, other than those of other cubes.
pub(super) fn seed(of_problem: u64, cube: &str) -> u64 {
    cube.bytes().fold(of_problem, |seed, byte| seed.wrapping_mul(1_099_511_628_211) ^ u64::from(byte))
}

impl<'a> Others<'a> {
    /// With a local search from the start of the request, whose listener and `budget` are of that search alone; where the search of the cube goes on
    /// from a state, so does this one, and has done nothing yet.
    pub(super) fn new(
        shared: &'a Shared<'a, Known>,
        request: Request<'a>,
        budget: &'a Budget<'a>,
        resumed: bool,
    ) -> Result<Self, Error> {
        let parameters: AutoParameters = request.limits.settings.of();
        let turns = (parameters.priming_rounds, parameters.priming_share);
        let mut local =
            if resumed { Beside::idle(request, budget, turns)? } else { Beside::prime(request, budget, turns)? };
        local.hush();
        let CubeParameters { look_work, .. } = request.limits.settings.of();
        Ok(Self { shared, seen: None, local, look_work })
    }

    /// The better one of the best network known and what local search began with.
    pub(super) fn better(&self, best: Option<(Network, u64)>) -> Option<(Network, u64)> {
        let found = self.local.best().map(|found| (found.network.clone(), found.loss));
        best.into_iter().chain(found).min_by_key(|(_, loss)| *loss)
    }

    /// A better network than that of this loss in the file, if that is another one than at the last look.
    fn look(&mut self, best: u64) -> Option<(Network, u64)> {
        let now = std::fs::metadata(self.shared.path).and_then(|data| Ok((data.modified()?, data.len()))).ok();
        if now.is_none() || now == self.seen {
            return None;
        }
        self.seen = now;
        // A file that cannot be read is a matter for the end of the run.
        self.shared.read().ok().flatten().filter(|(_, loss)| *loss < best)
    }
}

impl Companion for Others<'_> {
    fn last(&self) -> u64 {
        self.look_work + self.local.last()
    }

    fn turn(&mut self, best: u64) -> Turn {
        if let Some(found) = self.look(best) {
            return Turn { work: self.look_work, found: Some(found) };
        }
        let Turn { work, found } = self.local.turn(best);
        Turn { work: self.look_work + work, found }
    }

    fn state(&self) -> Option<Vec<u8>> {
        self.local.state()
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Unreadable> {
        self.local.restore(state)
    }
}

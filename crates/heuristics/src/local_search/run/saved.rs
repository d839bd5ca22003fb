//! What a run goes on with: all that the next round depends on. The arena is made again.

use super::{Run, Scene};
use crate::Error;
use crate::local_search::Confirmed;
use crate::local_search::arena::Arena;
use crate::local_search::descent::Plane;
use crate::local_search::pool::Pool;
use crate::local_search::walk::Walk;
use bdnn::{Network, exact};
use budget::checkpoint::{Unreadable, decode, encode};

type Found = (Option<Confirmed>, Option<(Option<Network>, Option<Network>)>, Pool, Option<(usize, Confirmed)>);
type Counts = (u64, u64, u64, Option<u64>, u64, u64);
type Flags = (bool, bool, bool, bool);
type Walks = (Option<Vec<Vec<Plane>>>, Vec<Walk>);

impl<'a> Run<'a> {
    /// Keeps the state if it is time, unless a limit on rounds has changed what was done.
    pub(in crate::local_search) fn keep(&self, scene: &Scene<'_>) {
        if !self.bent {
            self.checkpoint.keep(|| self.state(scene));
        }
    }

    /// The state between two rounds.
    pub(in crate::local_search) fn state(&self, scene: &Scene<'_>) -> Result<Vec<u8>, Unreadable> {
        encode(&(
            (&self.best, &self.learned, &self.pool, &self.validated),
            (self.rounds, self.found, self.starts, self.met, self.missed, self.refused),
            (self.warm, self.slabs, self.makeshift, self.learning),
            (&scene.arena.learned, &scene.walks),
        ))
    }

    /// Goes back to a state; the scene is missing if there was no time for it.
    pub(in crate::local_search) fn restore(&mut self, state: &[u8]) -> Result<Option<Scene<'a>>, Error> {
        let (found, counts, flags, (learned, mut walks)): (Found, Counts, Flags, Walks) = decode(state)?;
        (self.best, self.learned, self.pool, self.validated) = found;
        (self.rounds, self.found, self.starts, self.met, self.missed, self.refused) = counts;
        (self.warm, self.slabs, self.makeshift, self.learning) = flags;
        for known in self.best.iter().chain(self.validated.as_ref().map(|(_, network)| network)) {
            if exact::check(self.problem, &known.network) != Ok(known.loss) {
                return Err(Error::CheckpointNetwork);
            }
        }
        if let Some(best) = &self.best {
            self.gaps.note(self.seconds(), self.bound as f64, Some(best.objective));
            if !self.quiet {
                self.progress.incumbent(&best.network, best.objective);
            }
        }
        let budget = self.budget;
        let stop = || budget.stop();
        let Some(mut arena) = Arena::new(self.problem, self.parameters, &stop) else { return Ok(None) };
        arena.learned = learned;
        walks.iter_mut().for_each(|walk| walk.attach(&arena));
        Ok(Some(Scene { arena, walks, largest: self.largest() }))
    }
}

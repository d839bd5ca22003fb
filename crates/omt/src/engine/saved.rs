//! What a run goes on with: all that the next round depends on, but for what is made of the problem again.

use super::{CaseNodes, Engine};
use crate::case::Case;
use crate::cells::Cells;
use crate::encode::Sites;
use crate::start::confirm;
use crate::turns::Turns;
use bdnn::{Network, Training};
use budget::checkpoint::shared;
use budget::checkpoint::{Unreadable, decode, encode};
use std::sync::Arc;

/// A run as it is written down: slice of the next round, cases, and what else has a state of its own.
type Written =
    ((u64, bool), Option<Network>, Vec<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>, Option<(Turns, Option<Vec<u8>>)>);

impl Engine<'_> {
    /// Keeps the state before a round, if it is time; not after one that a limit or a wish to stop has cut short.
    pub(super) fn keep(&mut self, slice: u64) {
        let checkpoint = self.checkpoint;
        if checkpoint.keeper.is_some() && !self.is_short() && !self.budget.stop() {
            checkpoint.keep(|| self.written(slice));
        }
    }

    fn written(&mut self, slice: u64) -> Result<Vec<u8>, Unreadable> {
        let known = self.known.clone();
        let cases = shared::knowing(&known, || self.cases.iter().map(Case::written).collect::<Result<Vec<_>, _>>())?;
        let network = self.incumbent.as_ref().map(|(network, _)| network);
        let dual = self.dual.as_mut().map(|dual| dual.state()).transpose()?;
        let blocks = self.blocks.as_mut().map(|blocks| blocks.written()).transpose()?;
        let companion = self.companion.as_ref().map(|(turns, companion)| (turns, companion.state()));
        encode(&((slice, self.cells_wanted), network, cases, dual, blocks, companion))
    }

    /// The run from a state: this one is as before its first round.
    pub(super) fn resume(mut self, state: &[u8]) -> Result<(Training, bool), Unreadable> {
        let ((slice, cells_wanted), network, cases, dual, blocks, companion): Written = decode(state)?;
        let problem = self.problem;
        // It is recounted: the state is believed no more than a solution.
        let known = confirm(problem, network.as_ref()).map_err(|_| Unreadable::inconsistent())?;
        if let Some((network, loss)) = known {
            self.offer(network, loss);
        }
        self.cells_wanted = cells_wanted;
        let mut listed = self.cases.iter().find_map(|case| case.cells.as_ref().map(|search| search.cells().clone()));
        let (geometry, most) =
            (self.geometry.clone(), self.parameters.cell_words.max(self.parameters.early_cell_words));
        let mut cells = || {
            listed = listed.take().or_else(|| Cells::new(&Sites::new(problem), &geometry, most).map(Arc::new));
            listed.clone()
        };
        let (known, parameters) = (self.known.clone(), self.parameters);
        let resumed = |bytes: &Vec<u8>| Case::resumed(bytes, &parameters, &mut cells);
        self.cases = shared::knowing(&known, || cases.iter().map(resumed).collect::<Result<_, _>>())?;
        self.told = CaseNodes::default();
        self.told.begin(&mut self.cases, &self.telling);
        let budget = &self.budget;
        let stop = || budget.stop();
        match (dual, &mut self.dual) {
            (Some(state), Some(dual)) => dual.restore(&state)?,
            (None, None) => {}
            _ => return Err(Unreadable::inconsistent()),
        }
        let mut whole = true;
        match (blocks, &mut self.blocks) {
            (Some(state), Some(blocks)) => whole = blocks.restore(problem, &state, &stop)?.is_some(),
            (None, None) => {}
            _ => return Err(Unreadable::inconsistent()),
        }
        if let (Some((turns, state)), Some((own, companion))) = (companion, &mut self.companion) {
            *own = turns;
            if let Some(state) = state {
                companion.restore(&state)?;
            }
        }
        // Without time for its blocks the run ends where it began, and nothing more is kept of it.
        self.short |= !whole;
        let status = self.rounds(Some(slice));
        Ok(self.end(status))
    }
}

//! What training keeps around the states of its search: the best network, which is counted anew where a run goes on with it.

use bdnn::Network;
use budget::Keeper;
use budget::checkpoint::encode;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// What the judge knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Judged {
    pub(super) best: Option<Network>,
    /// How candidates fared: confirmed, rejected, refuted.
    pub(super) counts: [u64; 3],
}

/// Keeps states of the search, each with what the judge knew then before it.
pub(super) struct Around<'a> {
    keeper: &'a dyn Keeper,
    judged: Mutex<Judged>,
}

impl<'a> Around<'a> {
    pub(super) fn new(keeper: &'a dyn Keeper) -> Self {
        Self { keeper, judged: Mutex::default() }
    }

    /// From now on the judge knows this.
    pub(super) fn note(&self, judged: Judged) {
        *self.judged.lock().unwrap_or_else(PoisonError::into_inner) = judged;
    }
}

impl Keeper for Around<'_> {
    fn is_due(&self) -> bool {
        self.keeper.is_due()
    }

    fn keep(&self, state: Vec<u8>) {
        let judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        // What has no length cannot be written, and there is none of that.
        if let Ok(both) = encode(&(&*judged, state)) {
            self.keeper.keep(both);
        }
    }
}

//! Networks beyond a solution that no floats show.
//!
//! A copy of a case's solver excludes the patterns of neurons for which no float weights were found. It knows what the case had learned
//! by then, and it logs nothing: that it ends says that no other network is left to be shown, never that none is possible.

use crate::answer::{Realised, realise_solution};
use crate::encode::{Encoding, LazyTable};
use crate::goal::{Claim, Confirmed};
use crate::search::{Allowance, Counts, Solver, Verdict};
use bdnn::Problem;
use serde::{Deserialize, Serialize};

/// The copy.
#[derive(Serialize, Deserialize)]
pub(crate) struct Beyond {
    solver: Solver,
    lazy: Vec<LazyTable>,
    /// Work of the solver before it was copied.
    inherited: Counts,
}

impl Beyond {
    pub(crate) fn new(solver: &Solver, encoding: &Encoding) -> Self {
        let mut copy = solver.clone();
        copy.keep_told(false);
        Self { solver: copy, lazy: encoding.lazy.clone(), inherited: solver.counts() }
    }

    /// Work since the copy was made.
    pub(crate) fn counts(&self) -> Counts {
        self.solver.counts().since(self.inherited)
    }

    /// Searches for networks that lose less than `loss` (or for any), each appended to `found`, until the budget is spent. True if there is
    /// none left, or none that a `bound` on them all allows.
    pub(crate) fn advance(
        &mut self,
        problem: &Problem,
        encoding: &Encoding,
        bound: u64,
        mut loss: Option<u64>,
        budget: &Allowance<'_>,
        found: &mut Vec<Confirmed>,
    ) -> bool {
        let Self { solver, lazy, .. } = self;
        let end = solver.counts().effort().saturating_add(budget.conflicts);
        loop {
            if let Some(loss) = loss {
                if loss <= bound {
                    return true;
                }
                solver.set_bound(Some(loss - 1 - encoding.formula.offset));
            }
            let conflicts = end.saturating_sub(solver.counts().effort());
            if conflicts == 0 {
                return false;
            }
            match solver.search(&[], &Allowance { conflicts, stop: budget.stop }) {
                Verdict::Satisfied if lazy.iter_mut().any(|table| table.extend(solver)) => {}
                Verdict::Satisfied => match realise_solution(
                    problem,
                    encoding,
                    solver,
                    &Claim::Loss(encoding.formula.offset + solver.paid()),
                    budget.stop,
                ) {
                    Realised::Network(network, reached) => {
                        loss = Some(reached);
                        found.push(Confirmed { network, loss: reached, labelling: None });
                    }
                    Realised::Refuted(lemmas) => {
                        lemmas.iter().for_each(|(layer, lemma)| solver.import_lemma(*layer, lemma));
                    }
                    Realised::Unshown(neurons) => solver.exclude_patterns(&neurons),
                    Realised::Stopped => return false,
                },
                Verdict::Refuted => return true,
                Verdict::Core(..) | Verdict::Budget | Verdict::Stopped => return false,
            }
        }
    }
}

//! What a search has to tell while it works beside others: kept until its turn to be told comes.

use std::cell::RefCell;

use ::budget::observe::Interest;

use crate::control::{Control, Event, ProgressRow, What};

/// Keeps events. Bounds and rows of the progress table are those of one search and not of the tree, and left out, but for rows of new points.
pub(super) struct Recorder<'a> {
    interest: Interest,
    told: &'a RefCell<Vec<Event>>,
}

impl<'a> Recorder<'a> {
    pub fn new(interest: Interest, told: &'a RefCell<Vec<Event>>) -> Self {
        Self { interest, told }
    }
}

impl Control for Recorder<'_> {
    fn interest(&self) -> Interest {
        self.interest
    }

    fn event(&mut self, event: &Event) {
        if !matches!(event.what, What::Bound(_)) {
            self.told.borrow_mut().push(*event);
        }
    }

    fn progress(&mut self, row: &ProgressRow) {
        if row.source != ' ' {
            self.told.borrow_mut().push(Event::new(row.nodes + row.lp_iterations, What::Row(*row)));
        }
    }
}

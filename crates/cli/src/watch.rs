//! Who listens to a run: the progress table, and the trace if there is one. Both see the same trees.

use crate::args::Tracing;
use crate::console::Console;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::Stream;
use crate::progress::{Explored, Table};
use bdnn::{Event, Interest, What};
use serde_json::{Map, Value};
use std::sync::{Mutex, MutexGuard, PoisonError};
use trace::network::Network;
use trace::{Forest, TreeWeight, Weights, Writer};

/// How a run ended, as the last line of a trace has it.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// The status, as in tables and JSON.
    pub status: &'a str,
    /// The best objective.
    pub objective: Option<f64>,
    /// The proven bound.
    pub bound: f64,
}

/// Listens to a run and passes on Ctrl-C.
#[derive(Debug)]
pub struct Watch<'a> {
    console: &'a Console,
    table: Table<'a>,
    interrupt: Interrupt,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// What the table shows of trees that no trace is made of.
    weights: Weights,
    trace: Option<Traced>,
}

/// A trace that is being written.
#[derive(Debug)]
struct Traced {
    tracing: Tracing,
    forest: Forest,
    warned: bool,
}

impl State {
    fn current(&self) -> Option<&TreeWeight> {
        match &self.trace {
            Some(trace) => trace.forest.current().map(|tree| &**tree),
            None => self.weights.current(),
        }
    }
}

impl<'a> Watch<'a> {
    /// Before the run.
    pub fn new(console: &'a Console, interrupt: Interrupt, trace: Option<Tracing>) -> Self {
        let traced = |tracing| Traced { tracing, forest: Forest::default(), warned: false };
        let state = Mutex::new(State { weights: Weights::default(), trace: trace.map(traced) });
        Self { console, table: Table::new(console), interrupt, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn interest(&self) -> Interest {
        if self.state().trace.is_some() {
            Writer::<Vec<u8>>::interest()
        } else if self.console.is_quiet() {
            Interest::ROWS
        } else {
            // The table shows how far the tree is.
            Interest::ROWS | Interest::TREE
        }
    }

    fn columns(&self, names: &mut dyn Iterator<Item = &str>) {
        if let Some(trace) = &mut self.state().trace {
            trace.tracing.writer.columns(names);
        }
    }

    fn hear(&self, event: &Event) {
        let mut state = self.state();
        let State { weights, trace } = &mut *state;
        match trace {
            Some(Traced { tracing, forest, warned }) => {
                tracing.writer.hear(event, forest);
                if let Some(failure) = tracing.writer.failure().filter(|_| !*warned) {
                    *warned = true;
                    let name = tracing.file.name();
                    self.console.warn(&format!("{name}: {failure}: the trace ends here, and the run goes on"));
                }
            }
            None => weights.hear(event),
        }
        match &event.what {
            What::Row(row) => {
                let explored = state.current().map(|tree| Explored { weight: tree.weight(), size: tree.size() });
                drop(state);
                self.table.take(row, explored);
            }
            What::Engine(name) => self.table.line(&format!("   {name} goes on alone (see method)")),
            _ => {}
        }
    }

    /// Shows what is left of the table.
    pub fn finish_table(&self) {
        self.table.finish();
    }

    /// Writes the network that was found, if there is a trace and one was.
    pub fn network(&self, network: impl FnOnce() -> Option<Network<'static>>) {
        if let Some(trace) = &mut self.state().trace
            && let Some(network) = network()
        {
            trace.tracing.writer.network(network);
        }
    }

    /// Writes the end of the trace, with what the run counted.
    pub fn finish_trace(self, ended: Ended<'_>, statistics: Map<String, Value>) -> Result<(), Failure> {
        let State { trace, .. } = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(Traced { tracing: Tracing { file, writer }, forest, .. }) = trace else { return Ok(()) };
        let Ended { status, objective, bound } = ended;
        let written = writer.finish(&forest, status, (objective, bound), statistics);
        written.and_then(Stream::finish).map_err(|error| file.failure(error))
    }
}

impl bdnn::Progress for Watch<'_> {
    fn should_stop(&self) -> bool {
        self.interrupt.raised()
    }

    fn interest(&self) -> Interest {
        Self::interest(self)
    }

    fn columns(&self, names: &mut dyn Iterator<Item = &str>) {
        Self::columns(self, names);
    }

    fn event(&self, event: &Event) {
        self.hear(event);
    }

    fn warn(&self, message: &str) {
        self.console.warn(message);
    }
}

impl milp::Control for &Watch<'_> {
    fn should_stop(&self) -> bool {
        self.interrupt.raised()
    }

    fn judges(&self) -> bool {
        false
    }

    fn interest(&self) -> Interest {
        Watch::interest(self)
    }

    fn columns(&mut self, names: &mut dyn Iterator<Item = &str>) {
        Watch::columns(self, names);
    }

    fn event(&mut self, event: &Event) {
        self.hear(event);
    }
}

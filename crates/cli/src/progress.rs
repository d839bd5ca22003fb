//! The progress table of `train` and `solve`, the same columns for every engine.
//!
//! A row is shown when it brings a better solution, or when enough time has passed since the last one. On a terminal a
//! live line below the table follows every row.

use crate::console::{Console, to_stderr};
use crate::format;
use crate::interrupt::Interrupt;
use bdnn::SearchRow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};

/// Seconds between two rows without a better solution, at the start and later on: the interval grows with the run.
const FIRST_INTERVAL: f64 = 1.0;
const INTERVAL_GROWTH: f64 = 0.05;
/// Column heads are repeated after this many rows.
const ROWS_A_HEAD: usize = 30;

const HEAD: &str = "\n   Nodes     Open Depth |   BestBound    BestSol     Gap |    Cuts Conflicts |   LpIters    Time";

/// Prints rows and passes Ctrl-C on to the engine.
#[derive(Debug)]
pub struct Table<'a> {
    console: &'a Console,
    interrupt: Interrupt,
    state: Mutex<State>,
    bar: Option<ProgressBar>,
}

#[derive(Debug, Default)]
struct State {
    shown: usize,
    last_shown: f64,
    best: Option<f64>,
    waiting: Option<SearchRow>,
}

impl<'a> Table<'a> {
    /// A table that starts with the first row it gets.
    pub fn new(console: &'a Console, interrupt: Interrupt) -> Self {
        let bar = (!console.is_quiet() && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(
                ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar
        });
        Self { console, interrupt, state: Mutex::default(), bar }
    }

    /// Whether the engine is to end now.
    pub fn should_stop(&self) -> bool {
        self.interrupt.raised()
    }

    /// Takes a row; shows it or keeps it waiting.
    pub fn take(&self, row: &SearchRow) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let better = row.incumbent.is_some() && row.incumbent != state.best;
        let interval = FIRST_INTERVAL.max(INTERVAL_GROWTH * row.seconds);
        if state.shown == 0 || better || row.seconds - state.last_shown >= interval {
            self.show(&mut state, row);
        } else {
            state.waiting = Some(row.clone());
        }
        if let Some(bar) = &self.bar {
            bar.set_message(live(row));
            bar.tick();
        }
    }

    /// Shows the last row if it is still waiting, and ends the live line.
    pub fn finish(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = state.waiting.take() {
            self.show(&mut state, &row);
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if state.shown > 0 {
            self.console.note("");
        }
    }

    fn show(&self, state: &mut State, row: &SearchRow) {
        if state.shown.is_multiple_of(ROWS_A_HEAD) {
            self.line(HEAD);
        }
        self.line(&cells(row));
        state.shown += 1;
        state.last_shown = row.seconds;
        state.best = row.incumbent;
        state.waiting = None;
    }

    fn line(&self, line: &str) {
        match &self.bar {
            Some(bar) => {
                bar.suspend(|| to_stderr(line));
                self.console.log(line);
            }
            None => self.console.note(line),
        }
    }
}

fn gap(row: &SearchRow) -> String {
    format::percent(format::relative_gap(row.incumbent, row.bound))
}

fn cells(row: &SearchRow) -> String {
    format!(
        " {} {:>7} {:>7} {:>5} | {:>11} {:>10} {:>7} | {:>7} {:>9} | {:>9} {:>7}",
        row.source,
        format::count(row.nodes),
        format::count(row.open),
        row.depth,
        format::value(row.bound),
        row.incumbent.map_or_else(|| "-".to_owned(), format::value),
        gap(row),
        format::count(row.cuts),
        format::count(row.conflicts),
        format::count(row.lp_iterations),
        format::seconds(row.seconds),
    )
}

fn live(row: &SearchRow) -> String {
    format!(
        "{} nodes, {} open, bound {}, best {}, gap {}, {}",
        row.nodes,
        row.open,
        format::value(row.bound),
        row.incumbent.map_or_else(|| "none".to_owned(), format::value),
        gap(row),
        format::seconds(row.seconds)
    )
}

impl bdnn::Progress for Table<'_> {
    fn should_stop(&self) -> bool {
        self.interrupt.raised()
    }

    fn row(&self, row: &SearchRow) {
        self.take(row);
    }
}

impl milp::Control for &Table<'_> {
    fn should_stop(&self) -> bool {
        self.interrupt.raised()
    }

    fn progress(&mut self, row: &milp::ProgressRow) {
        self.take(&SearchRow {
            source: row.source,
            nodes: row.nodes,
            open: row.open as u64,
            depth: row.depth,
            bound: row.bound,
            incumbent: row.incumbent,
            cuts: row.cuts as u64,
            conflicts: row.conflicts,
            lp_iterations: row.lp_iterations,
            seconds: row.seconds,
        });
    }
}

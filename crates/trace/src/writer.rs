//! Events of a search, written as lines.

use crate::ending::WORDS;
use crate::integral::History;
use crate::progress::{Forest, TreeProgress};
use crate::record::{self, Direction, Line, Record};
use budget::observe::{self, Event, On, What};
use budget::{Instant, Interest};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::io::{self, Write};

/// What a limit on the size of a trace is at least: sums and the last line have to fit.
pub const LEAST_LIMIT: u64 = 1 << 16;

/// What is kept of a limit for sums and the last line.
const RESERVE: u64 = 1 << 13;

/// Bytes that are gathered before they are handed on, and seconds that they wait at most while lines come.
const BUFFER: usize = 1 << 16;
const SECONDS: f64 = 1.0;

/// Nodes between two lines of measures: this many, and this part of those before.
const MEASURES_EVERY: u64 = 100;
const MEASURES_SHARE: u64 = 16;

/// What a trace holds.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Of this many conflicts one is written; 0 counts as 1.
    pub every: u64,
    /// Bytes of the trace at most, before packing; at least [`LEAST_LIMIT`].
    pub limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { every: 1, limit: u64::MAX }
    }
}

/// Writes the trace of a run. It holds, in the order of events, what the run tells while it lasts, and at its end sums and how it ended.
/// Lines wait for up to a second and 64 kB.
///
/// When three quarters of the limit are written, nodes, programs, cuts, conflicts, cores and cases end with a line that says so; solutions,
/// bounds and measures go on while they fit. Sums count all. The first failure to write ends the trace; [`Writer::finish`] has it.
///
/// ```
/// use budget::observe::{Incumbent, What};
/// use budget::Event;
/// use trace::{Forest, Options, Reader, Record, Start, Writer};
///
/// let mut writer = Writer::new(Vec::new(), Options::default(), &Start { command: "solve".into(), ..Start::default() });
/// let mut forest = Forest::default();
/// let event = Event::new(7, What::Incumbent(Incumbent { node: 0, source: 'H', objective: 2.0 }));
/// writer.hear(&event, &mut forest);
/// let text = writer.finish(&forest, "optimal", (Some(2.0), 2.0), Default::default())?;
/// let lines: Vec<_> = Reader::new("a trace", &text[..])?.collect::<Result<_, _>>()?;
/// assert!(matches!(&lines[1].record, Record::Incumbent(found) if found.objective == 2.0));
/// assert!(matches!(&lines[3].record, Record::Finish(finish) if finish.status == "optimal"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    buffer: Vec<u8>,
    options: Options,
    began: Instant,
    flushed: f64,
    /// Bytes of lines so far.
    bytes: u64,
    /// Whether the limit is met.
    is_full: bool,
    failure: Option<io::Error>,
    columns: Vec<String>,
    work: u64,
    totals: record::Totals,
    ended: [u64; WORDS.len()],
    solutions: History,
    bounds: History,
    primal_dual_integral: f64,
    /// When measures of each tree are due, by nodes that have ended.
    measured: Vec<u64>,
    /// Trees that have been told.
    trees: usize,
}

impl<W: Write> Writer<W> {
    /// A trace that begins now, with this first line; its version is put in.
    pub fn new(out: W, options: Options, start: &record::Start<'_>) -> Self {
        let mut writer = Self {
            out,
            buffer: Vec::with_capacity(BUFFER + 4096),
            options: Options { every: options.every.max(1), limit: options.limit.max(LEAST_LIMIT) },
            began: Instant::now(),
            flushed: 0.0,
            bytes: 0,
            is_full: false,
            failure: None,
            columns: vec![],
            work: 0,
            totals: record::Totals::default(),
            ended: [0; WORDS.len()],
            solutions: History::default(),
            bounds: History::default(),
            primal_dual_integral: 0.0,
            measured: vec![],
            trees: 0,
        };
        writer.put(Record::Start(record::Start { v: record::VERSION, ..start.clone() }));
        writer
    }

    /// What a trace is made of.
    #[must_use]
    pub fn interest() -> Interest {
        Interest::ALL
    }

    /// The names of columns, in their order; without, they go by numbers.
    pub fn columns(&mut self, names: &mut dyn Iterator<Item = &str>) {
        self.columns = names.map(str::to_owned).collect();
    }

    /// Why the trace ends before its time, if it does.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    /// Writes an event, and lets the forest hear it.
    pub fn hear(&mut self, event: &Event, forest: &mut Forest) {
        self.work = self.work.max(event.work);
        if let What::End(end) = event.what {
            // Afterwards it has no number.
            self.end(&end, forest);
        }
        forest.hear(event);
        match event.what {
            What::Node(node) => self.node(&node, forest),
            What::End(end) => self.measure(end.tree, forest),
            What::Incumbent(found) => {
                self.solutions.note(self.seconds(), found.objective);
                self.totals.incumbents += 1;
                let id = forest.current_number(found.node);
                self.keep(Record::Incumbent(record::Incumbent { id, by: found.source, objective: found.objective }));
            }
            What::Bound(value) => {
                self.bounds.note(self.seconds(), value);
                self.keep(Record::Bound(record::Bound { value: finite(value) }));
            }
            What::Lp(lp) => {
                self.totals.lps += 1;
                self.totals.iterations += lp.iterations;
                let id = forest.current_number(lp.node);
                self.detail(Record::Lp(record::Lp { id, iterations: lp.iterations, time: rounded(lp.seconds) }));
            }
            What::Cuts(cuts) => {
                let kind = Map::from_iter([(cuts.kind.to_owned(), Value::from(cuts.count))]);
                let (id, round) = (forest.current_number(cuts.node), cuts.round);
                let (before, after) = (finite(cuts.before), finite(cuts.after));
                self.detail(Record::Cuts(record::Cuts { id, round, kind, before, after }));
            }
            What::Conflict(conflict) => {
                let observe::Conflict { size, glue: lbd, level, backjump, .. } = conflict;
                self.totals.conflicts += 1;
                self.totals.learned += u64::from(size);
                let count = self.totals.conflicts;
                if count.is_multiple_of(self.options.every) {
                    let id = conflict.tree.and_then(|tree| forest.number(tree, conflict.node)).unwrap_or(0);
                    self.detail(Record::Conflict(record::Conflict { id, count, size, lbd, level, backjump }));
                } else {
                    self.totals.left_out += 1;
                }
            }
            What::Core(core) => {
                self.totals.cores += 1;
                let observe::Core { size, weight, .. } = core;
                self.detail(Record::Core(record::Core { count: self.totals.cores, size, weight }));
            }
            What::Restart(restart) => {
                self.totals.restarts = restart.count;
                self.detail(Record::Restart(record::Restart { count: restart.count }));
            }
            What::Case(case) => {
                let id = forest.number(case.tree, case.node).unwrap_or(0);
                let observe::Case { bound, conflicts, learned, .. } = case;
                self.detail(Record::Case(record::Case { id, bound: finite(bound), conflicts, learned }));
            }
            What::Engine(name) => self.keep(Record::Engine(record::Engine { name: name.into() })),
            What::Finish(finish) => self.primal_dual_integral = finish.primal_dual_integral,
            _ => {}
        }
    }

    /// Writes the network that was found.
    pub fn network(&mut self, network: crate::network::Network<'_>) {
        self.keep(Record::Network(network));
    }

    /// Writes sums and the last line, and hands on all that waits: how the run ended, the best objective and the bound, and what was counted.
    ///
    /// # Errors
    /// The first failure of writing.
    pub fn finish(
        mut self,
        forest: &Forest,
        status: &str,
        (objective, bound): (Option<f64>, f64),
        statistics: Map<String, Value>,
    ) -> io::Result<W> {
        for place in 0..forest.trees().len() {
            let measures = measures(forest, place);
            if self.bytes + RESERVE / 2 <= self.options.limit {
                self.put(Record::Measures(measures));
            }
        }
        let seconds = self.seconds();
        let reference = objective.or(self.solutions.last());
        let integral = |history: &History| rounded(history.integral(reference, seconds));
        let finish = record::Finish {
            status: status.into(),
            objective,
            bound: finite(bound),
            primal_integral: integral(&self.solutions),
            dual_integral: integral(&self.bounds),
            primal_dual_integral: rounded(self.primal_dual_integral),
            statistics,
        };
        let counts = WORDS.iter().zip(self.ended).filter(|(_, count)| *count > 0);
        let ended = counts.map(|((_, word), count)| ((*word).to_owned(), Value::from(count))).collect();
        let totals = record::Totals { nodes: forest.nodes(), ended, ..std::mem::take(&mut self.totals) };
        self.put(Record::Totals(totals));
        self.put(Record::Finish(finish));
        self.hand_on();
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.out),
        }
    }

    fn node(&mut self, node: &observe::Node, forest: &Forest) {
        let place = forest.place(node.tree).unwrap_or(0);
        if place >= self.trees {
            self.trees = place + 1;
            let search = node.tree.search;
            let index = forest.trees()[..place].iter().filter(|tree| tree.tree.search == search).count() as u32;
            self.detail(Record::Tree(record::Tree { tree: place as u64 + 1, search: search.into(), index }));
        }
        self.totals.depth = self.totals.depth.max(node.depth);
        if self.is_full {
            self.totals.left_out += 1;
            return;
        }
        let dir = match node.branching {
            None => Direction::Middle,
            Some(branching) if branching.is_upper => Direction::Left,
            Some(_) => Direction::Right,
        };
        // The names are lent out while the line is written.
        let columns = std::mem::take(&mut self.columns);
        self.detail(Record::Node(record::Node {
            id: forest.number(node.tree, node.id).unwrap_or(0),
            parent: forest.number(node.tree, node.parent).unwrap_or(0),
            tree: place as u64 + 1,
            dir,
            var: node.branching.map(|branching| name(&columns, branching.on)),
            value: node.branching.map(|branching| branching.value),
            bound: finite(node.bound),
            depth: node.depth,
        }));
        self.columns = columns;
    }

    fn end(&mut self, end: &observe::End, forest: &Forest) {
        let place = WORDS.iter().position(|(ending, _)| *ending == end.ending);
        place.into_iter().for_each(|place| self.ended[place] += 1);
        if self.is_full {
            self.totals.left_out += 1;
            return;
        }
        let columns = std::mem::take(&mut self.columns);
        let candidates = end.candidates.iter().flatten();
        self.detail(Record::End(record::End {
            id: forest.number(end.tree, end.id).unwrap_or(0),
            ending: Some(end.ending),
            bound: finite(end.bound),
            frac: end.frac.map(|(sum, count)| (sum, u64::from(count))),
            candidates: candidates.map(|(on, score)| (name(&columns, *on), *score)).collect(),
        }));
        self.columns = columns;
    }

    /// Writes now and then how far a tree is.
    fn measure(&mut self, tree: observe::Tree, forest: &Forest) {
        let Some(place) = forest.place(tree) else { return };
        let ended = forest.trees()[place].ended;
        self.measured.resize(self.measured.len().max(place + 1), MEASURES_EVERY);
        if ended >= self.measured[place] {
            self.measured[place] = ended + MEASURES_EVERY.max(ended / MEASURES_SHARE);
            self.keep(Record::Measures(measures(forest, place)));
        }
    }

    /// A line of many: left out once the limit is near.
    fn detail(&mut self, record: Record<'_>) {
        if !self.is_full && self.bytes > self.options.limit / 4 * 3 {
            self.is_full = true;
            let bytes = self.options.limit;
            self.put(Record::Limit(record::Limit { bytes }));
        }
        if self.is_full {
            self.totals.left_out += 1;
        } else {
            self.put(record);
        }
    }

    /// A line of few: left out where only what ends a trace still fits.
    fn keep(&mut self, record: Record<'_>) {
        if self.bytes + RESERVE > self.options.limit {
            self.totals.left_out += 1;
        } else {
            self.put(record);
        }
    }

    fn put(&mut self, record: Record<'_>) {
        if self.failure.is_some() {
            return;
        }
        let (seconds, before) = (self.seconds(), self.buffer.len());
        let line = Line { record, t: seconds, w: self.work };
        if let Err(error) = serde_json::to_writer(&mut self.buffer, &line) {
            self.failure = Some(error.into());
            return;
        }
        self.buffer.push(b'\n');
        self.bytes += (self.buffer.len() - before) as u64;
        if self.buffer.len() >= BUFFER || seconds - self.flushed >= SECONDS {
            self.flushed = seconds;
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let handed = self.out.write_all(&self.buffer).and_then(|()| self.out.flush());
        self.buffer.clear();
        if let Err(error) = handed {
            self.failure.get_or_insert(error);
        }
    }

    /// Since the start, in whole microseconds.
    fn seconds(&self) -> f64 {
        rounded(self.began.elapsed().as_secs_f64())
    }
}

/// Measures of a tree.
fn measures(forest: &Forest, place: usize) -> record::Measures {
    let tree: &TreeProgress = &forest.trees()[place];
    record::Measures {
        tree: place as u64 + 1,
        ended: tree.ended,
        open: tree.open(),
        weight: tree.weight(),
        leaf_frequency: tree.leaf_frequency(),
        subtree_gaps: tree.subtree_gaps(),
        gap: tree.gap(),
        estimates: tree.estimates(),
    }
}

/// What is branched on, in words; units go by the names that the mixed-integer model gives them (`u_2_17_1`).
fn name(columns: &[String], on: On) -> Cow<'_, str> {
    match on {
        On::Column(column) => match columns.get(column as usize) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("column{column}")),
        },
        On::Unit { layer, part, neuron } => Cow::Owned(format!("u_{layer}_{part}_{neuron}")),
        On::Point(point) => Cow::Owned(format!("point{point}")),
        On::Weight(weight) => Cow::Owned(format!("weight{weight}")),
        On::Other(variable) => Cow::Owned(format!("variable{variable}")),
        _ => Cow::Borrowed("?"),
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests;

//! A trace, read into what reports and exports need.

use super::course::{Course, Recorder};
use crate::network::Network;
use crate::record::{Conflict, Core, Cuts, Finish, Incumbent, Limit, Line, Record, Start, Totals};
use crate::{Error, Reader, RebuiltTree};
use std::collections::BTreeMap;

/// Something that exports tell in its turn, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A node of [`RebuiltTree::nodes`] was made.
    Made(usize),
    /// A node of [`RebuiltTree::nodes`] ended.
    Ended(usize),
    /// One of [`Run::incumbents`].
    Incumbent(usize),
    /// One of [`Run::bounds`].
    Bound(usize),
}

/// One run, from its trace. Takes about 250 bytes a node.
///
/// ```
/// use trace::Reader;
/// use trace::report::Run;
///
/// let text = "{\"e\":\"start\",\"v\":1,\"command\":\"solve\"}\n{\"e\":\"node\",\"id\":1,\"depth\":0}\n";
/// let run = Run::read(Reader::new("a trace", text.as_bytes())?)?;
/// assert_eq!((run.tree.nodes().len(), run.finish.is_none()), (1, true));
/// # Ok::<(), trace::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The file, as it was named.
    pub name: String,
    /// What was run.
    pub start: Start<'static>,
    /// Engines that went on after the first, with the work done before.
    pub engines: Vec<(u64, String)>,
    /// What searched each of the trees, in words.
    pub searches: Vec<(u64, String)>,
    /// The tree, as far as it is told.
    pub tree: RebuiltTree,
    /// The bounds that its nodes had when they were made, by their parents.
    pub inherited: Vec<Option<f64>>,
    /// Bounds, open nodes and measures over time.
    pub course: Course,
    /// Nodes, solutions and bounds in the order in which they were told.
    pub told: Vec<Told>,
    /// Better solutions.
    pub incumbents: Vec<Line<'static>>,
    /// Better bounds.
    pub bounds: Vec<Line<'static>>,
    /// Sizes of what was learned from conflicts, and how often each was told.
    pub sizes: BTreeMap<u32, u64>,
    /// Glue of the same.
    pub glue: BTreeMap<u32, u64>,
    /// Sizes of cores.
    pub cores: BTreeMap<u32, u64>,
    /// Rounds of cuts.
    pub cuts: Vec<Cuts>,
    /// Seconds in linear programs, their number and their iterations, as far as they are told.
    pub programs: (f64, u64, u64),
    /// Restarts.
    pub restarts: u64,
    /// The size at which details ended.
    pub limit: Option<u64>,
    /// The network that training found, if the trace shows it.
    pub network: Option<Network<'static>>,
    /// Sums over all.
    pub totals: Option<Totals>,
    /// How it ended; `None` if the trace does not say.
    pub finish: Option<Finish<'static>>,
    /// The last time and work that are told.
    pub last: (f64, u64),
    /// Whether the trace ends within a line.
    pub torn: bool,
}

impl Run {
    /// Reads a whole trace.
    ///
    /// # Errors
    /// What the reader finds wrong, with file and line.
    pub fn read(mut reader: Reader<'_>) -> Result<Self, Error> {
        let mut run = Self { name: reader.name().to_owned(), ..Self::default() };
        let mut recorder = Recorder::default();
        for line in reader.by_ref() {
            run.take(line?, &mut recorder);
        }
        run.torn = reader.is_torn();
        run.course = recorder.finish();
        Ok(run)
    }

    fn take(&mut self, line: Line<'static>, recorder: &mut Recorder) {
        self.tell(&line);
        recorder.take(&line);
        self.last = (self.last.0.max(line.t), self.last.1.max(line.w));
        match line.record {
            Record::Start(start) => self.start = start,
            Record::Engine(engine) => self.engines.push((line.w, engine.name.into_owned())),
            Record::Tree(tree) => self.searches.push((tree.tree, tree.search.into_owned())),
            Record::Incumbent(_) => self.incumbents.push(line),
            Record::Bound(_) => self.bounds.push(line),
            Record::Lp(lp) => {
                self.programs.0 += lp.time;
                self.programs.1 += 1;
                self.programs.2 += lp.iterations;
            }
            Record::Cuts(cuts) => self.cuts.push(cuts),
            Record::Conflict(Conflict { size, lbd, .. }) => {
                *self.sizes.entry(size).or_default() += 1;
                *self.glue.entry(lbd).or_default() += 1;
            }
            Record::Core(Core { size, .. }) => *self.cores.entry(size).or_default() += 1,
            Record::Restart(restart) => self.restarts = restart.count,
            Record::Limit(Limit { bytes }) => self.limit = Some(bytes),
            Record::Totals(totals) => self.totals = Some(totals),
            Record::Network(network) => self.network = Some(network),
            Record::Finish(finish) => self.finish = Some(finish),
            _ => {}
        }
    }

    /// Takes a line into the tree, and notes what is told by it.
    fn tell(&mut self, line: &Line<'_>) {
        let strays = self.tree.strays();
        self.tree.take(line);
        if self.tree.strays() > strays {
            return;
        }
        self.told.extend(match &line.record {
            Record::Node(node) => {
                self.inherited.push(node.bound);
                Some(Told::Made(self.tree.nodes().len() - 1))
            }
            Record::End(end) => self.tree.place(end.id).map(Told::Ended),
            Record::Incumbent(_) => Some(Told::Incumbent(self.incumbents.len())),
            Record::Bound(_) => Some(Told::Bound(self.bounds.len())),
            _ => None,
        });
    }

    /// Whether the objective is to be large.
    #[must_use]
    pub fn maximises(&self) -> bool {
        self.start.problem.maximise
    }

    /// The best objective that is told.
    #[must_use]
    pub fn objective(&self) -> Option<f64> {
        let last = self.incumbents.last().and_then(|line| match line.record {
            Record::Incumbent(Incumbent { objective, .. }) => Some(objective),
            _ => None,
        });
        self.finish.as_ref().and_then(|finish| finish.objective).or(last)
    }

    /// The bound that is told last.
    #[must_use]
    pub fn bound(&self) -> Option<f64> {
        match &self.finish {
            Some(finish) => finish.bound,
            None => self.course.rows().last().and_then(|row| row.bound),
        }
    }

    /// How many nodes were made, told or not.
    #[must_use]
    pub fn nodes(&self) -> u64 {
        self.totals.as_ref().map_or(self.tree.nodes().len() as u64, |totals| totals.nodes)
    }

    /// How many nodes were open at the end.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.course.rows().last().map_or(0, |row| row.open)
    }

    /// The deepest node.
    #[must_use]
    pub fn depth(&self) -> Option<u32> {
        let told = self.tree.nodes().iter().map(|node| node.depth).max();
        self.totals.as_ref().map(|totals| totals.depth).filter(|depth| *depth > 0).or(told)
    }

    /// The weight of the whole tree, for each of its roots: 1 if every node is closed. `None` where not all of it is told.
    #[must_use]
    pub fn weight(&self) -> Option<f64> {
        if self.tree.nodes().is_empty() || self.limit.is_some() {
            return None;
        }
        let trees = self.tree.trees();
        let sums: f64 = trees.iter().map(|tree| self.tree.weight(*tree).to_f64()).sum();
        let roots: u64 = trees.iter().map(|tree| self.tree.roots(*tree)).sum();
        Some(sums / roots as f64)
    }

    /// The name without folders, for headings.
    #[must_use]
    pub fn short_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    /// How it ended, in a word.
    #[must_use]
    pub fn status(&self) -> &str {
        self.finish.as_ref().map_or("the trace ends before the run", |finish| &finish.status)
    }

    /// What is said of the trace itself: that it is cut, limited, or holds no tree.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![];
        if self.torn {
            remarks.push("The trace ends within a line: its run was killed. What came before is shown.".to_owned());
        } else if self.finish.is_none() {
            remarks.push(
                "The trace has no last line: its run was killed, or goes on. What came before is shown.".to_owned(),
            );
        }
        if let Some(bytes) = self.limit {
            let left = self.totals.as_ref().map_or(0, |totals| totals.left_out);
            remarks.push(format!(
                "The trace met its limit of {bytes} bytes; {left} lines are left out, so tree and histograms show the \
                 beginning of the run, while bounds and sums are complete."
            ));
        }
        if self.tree.nodes().is_empty() {
            remarks.push("This run has no tree, or its trace does not tell of it.".to_owned());
        }
        if self.tree.strays() > 0 {
            remarks.push(format!("{} lines tell of nodes that cannot be: they are passed over.", self.tree.strays()));
        }
        remarks
    }
}

//! A model divided into parts by the first branchings of its search, for others to search one by one.
//!
//! Entry point: [`divide`]. It is the search of [`super::solve`] without presolve, so that nodes are boxes of the model's own columns, in strict order of
//! bounds: of open nodes the one of least bound is branched on next, by the same rule, until there are as many as parts are wanted. A closed leaf rests on what
//! closes a node of any search.

use ::budget::Instant;
use std::borrow::Cow;
use std::collections::BTreeMap;

use super::incumbent::Scale;
use super::input::check_input;
use super::node::Node;
use super::search::Search;
use super::telling;
use super::within::unsearched;
use crate::bounds::Side;
use crate::control::{Control, Hooks};
use crate::model::{Model, VarId, refuse_special};
use crate::options::Options;
use crate::outcome::{Outcome, Status};
use crate::whole::WholeRows;
use crate::{Budget, Error, MemoryLimit};

/// Why models with special constraints are not divided.
const NO_SPECIAL: &str = "models with such constraints are not divided; write it with binary columns and rows";

/// A vertex of the tree of a [`Division`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Vertex {
    /// An integer column is at most a whole number, or at least the next one.
    Split {
        /// The column.
        column: VarId,
        /// The whole number.
        at_most: f64,
        /// The vertex where it is at most that.
        yes: usize,
        /// The other.
        no: usize,
    },
    /// Nothing in it is better than what is known.
    Closed,
    /// For others to search.
    Open,
}

/// How a model was divided, and what was found on the way.
#[derive(Clone, Debug)]
pub struct Division {
    /// The first is the root; children stand after their parents.
    pub vertices: Vec<Vertex>,
    /// No point of a closed leaf has a better objective, in the sense of the model; `None`: there are no points in them.
    pub closed: Option<f64>,
    /// The run: its bound is that of the whole model.
    pub outcome: Outcome,
}

/// Divides a model into about `count` parts by branching on integer columns, under the limits of `options`. There are fewer if the limits come first or the search ends
/// before, and one without integer columns, or where the relaxation of the root is unbounded. Closed leaves have no point that is better than
/// the best one found, or [`Options::cutoff`], by more than the gap. Costs the root and about `count` nodes, on one thread.
///
/// ```
/// use milp::{Model, Options, Quiet, Sense, VarKind, Vertex, divide};
///
/// let mut model = Model::new("knapsack");
/// model.sense = Sense::Maximise;
/// let x: Vec<_> = (0..30).map(|j| model.add_var("", 0.0, 1.0, f64::from(30 + 7 * j * j % 41), VarKind::Integer)).collect();
/// for k in 1..4 {
///     let weights = x.iter().zip(0..).map(|(x, j)| (*x, f64::from(20 + (3 + k) * j * j % 37)));
///     model.add_row("", f64::NEG_INFINITY, 500.0, weights);
/// }
/// let division = divide(&model, 4, &Options::default(), &mut Quiet)?;
/// let open = division.vertices.iter().filter(|vertex| matches!(vertex, Vertex::Open)).count();
/// assert_eq!(open, 4);
/// # Ok::<(), milp::Error>(())
/// ```
///
/// # Errors
/// Those of [`crate::solve`]; [`Error::Model`] for semi-continuous columns, special ordered sets and indicators.
pub fn divide(model: &Model, count: usize, options: &Options, control: &mut dyn Control) -> Result<Division, Error> {
    let division = attempt(model, count, options, control)?;
    telling::finish(&division.outcome, control);
    Ok(division)
}

fn attempt(model: &Model, count: usize, options: &Options, control: &mut dyn Control) -> Result<Division, Error> {
    check_input(model, options)?;
    refuse_special(model, NO_SPECIAL)?;
    let mut options = options.clone();
    // One search makes all of the tree.
    options.parameters.subtrees = 1;
    let hooks = Hooks::new(control);
    let stop = || hooks.should_stop();
    let memory = MemoryLimit::gigabytes(options.memory_limit);
    let budget = Budget::of_options(&options, Instant::now()).stopped_by(&stop).within(&memory);
    let whole = WholeRows::of(model, options.parameters.elimination_work, &budget);
    let ended = match whole.contradiction {
        Some(_) => Some(Status::Infeasible),
        None => budget.ask().or((!model.has_integers()).then_some(Status::NodeLimit)),
    };
    if let Some(status) = ended {
        let vertex = if status == Status::Infeasible { Vertex::Closed } else { Vertex::Open };
        let outcome = unsearched(model, status, &hooks);
        return Ok(Division { vertices: vec![vertex], closed: None, outcome });
    }
    let rounded = whole.rounded;
    let tightened =
        if rounded.is_empty() { Cow::Borrowed(model) } else { Cow::Owned(WholeRows::apply(&rounded, model)) };
    let mut search = Search::new(&tightened, &options, (&budget, &hooks), None, Scale::of(model));
    search.queue.be_fair();
    search.tell_start();
    let mut tree = Tree::new();
    let status = match search.root(None)? {
        Some(Status::Unbounded) => {
            // Whoever searches it finds out if it has a point.
            (search.kept_bound, search.ray) = (f64::NEG_INFINITY, None);
            Status::NodeLimit
        }
        Some(status) => status,
        None => tree.grow(&mut search, count)?,
    };
    Ok(tree.finish(search, status))
}

/// The tree while it grows.
struct Tree {
    vertices: Vec<Vertex>,
    /// The vertices of open nodes, by the nodes' numbers.
    places: BTreeMap<u64, usize>,
    /// Nodes that were given up.
    kept: usize,
}

impl Tree {
    fn new() -> Self {
        Self { vertices: vec![Vertex::Open], places: [(0, 0)].into(), kept: 0 }
    }

    /// Branches until `count` leaves are open.
    fn grow(&mut self, search: &mut Search<'_>, count: usize) -> Result<Status, Error> {
        while search.queue.len() + self.kept < count {
            let is_over = search.report.statistics.nodes >= search.options.node_limit;
            let limit = search.stopped.or_else(|| search.budget.ask()).or(is_over.then_some(Status::NodeLimit));
            if let Some(limit) = limit {
                return Ok(limit);
            }
            let Some(node) = search.queue.pop() else { break };
            if node.bound >= search.incumbent.cutoff() {
                // The others are no better.
                search.queue.push(node);
                break;
            }
            let depth = node.depth;
            self.branch(search, node)?;
            search.note(' ', depth);
        }
        Ok(Status::NodeLimit)
    }

    fn branch(&mut self, search: &mut Search<'_>, node: Node) -> Result<(), Error> {
        let id = node.id;
        search.jump_to(&node);
        search.current_bound = node.bound;
        let kept = std::mem::replace(&mut search.kept_bound, f64::INFINITY);
        let first = search.process(node)?;
        let is_kept = search.kept_bound < f64::INFINITY;
        search.kept_bound = search.kept_bound.min(kept);
        match first {
            Some(first) => {
                self.split(id, &first, search.created);
                search.queue.push(first);
            }
            None if search.stopped.is_some() => {}
            None => {
                let vertex = self.places.remove(&id);
                if is_kept {
                    self.kept += 1;
                } else if let Some(vertex) = vertex {
                    self.vertices[vertex] = Vertex::Closed;
                }
            }
        }
        Ok(())
    }

    /// Notes the two children of a node, which are the last two that were created, by one of them.
    fn split(&mut self, parent: u64, first: &Node, last: u64) {
        let (Some(vertex), Some(origin)) = (self.places.remove(&parent), first.origin) else { return };
        let second = 2 * last - 1 - first.id;
        let (yes, no) = (self.vertices.len(), self.vertices.len() + 1);
        let change = origin.change;
        let (at_most, below, above) = match change.side {
            Side::Upper => (change.value, first.id, second),
            Side::Lower => (change.value - 1.0, second, first.id),
        };
        self.vertices[vertex] = Vertex::Split { column: VarId(change.var), at_most, yes, no };
        self.vertices.extend([Vertex::Open, Vertex::Open]);
        self.places.extend([(below, yes), (above, no)]);
    }

    /// Closes what points found later close, and says what was found.
    fn finish(mut self, mut search: Search<'_>, status: Status) -> Division {
        let cutoff = search.incumbent.cutoff();
        let nodes: Vec<Node> = search.queue.drain().collect();
        for node in nodes {
            if node.bound < cutoff {
                search.queue.push(node);
                continue;
            }
            search.closed_bound = search.closed_bound.min(node.bound);
            if let Some(&vertex) = self.places.get(&node.id) {
                self.vertices[vertex] = Vertex::Closed;
            }
        }
        let is_over = matches!(status, Status::Optimal | Status::Infeasible);
        if is_over {
            // The root alone was enough.
            self.vertices = vec![Vertex::Closed];
        }
        let is_divided = self.vertices.contains(&Vertex::Open);
        search.tell_rest();
        let status = if is_over || is_divided { search.settled(status) } else { search.verdict() };
        let closed = search.incumbent.to_beat().map(|best| {
            let bound = best.min(search.closed_bound.max(search.least));
            let units = search.report.units();
            search.exact_bound(bound).map_or_else(|| units.bound(bound), |exact| units.exact_bound(&exact))
        });
        Division { vertices: self.vertices, closed, outcome: search.outcome(status) }
    }
}

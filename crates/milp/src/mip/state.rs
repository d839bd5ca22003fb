//! What a run keeps for another one that goes on, and how that begins.
//!
//! Entry points: [`Search::keep`], asked before each node, and [`Search::resume`]. What follows from model and options alone (presolve, what is
//! propagated at the root) is computed again; all else is in the [`State`]. Before the search, that is no more than a basis.

use ::budget::Instant;
use ::budget::checkpoint::{decode, encode};
use serde::{Deserialize, Serialize};

use super::lessons::Lessons;
use super::node::Node;
use super::open::{Collector, MOST, SavedNodes};
use super::search::Search;
use super::snapshot::Snapshot;
use crate::control::Hooks;
use crate::simplex::{Basis, NewRow};
use crate::{Error, Status};

/// Where a run stands.
#[derive(Serialize, Deserialize)]
pub(super) enum State {
    /// At the root, or in a linear program: the (packed) basis that its relaxation had come to.
    Root(Vec<u8>),
    /// In the tree.
    Tree(Box<Tree>),
}

impl State {
    /// The state that the hooks' run is to go on from, if there is one.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are none.
    pub fn to_resume(hooks: &Hooks) -> Result<Option<Self>, Error> {
        hooks.checkpoint().resume.map(|bytes| Ok(decode(bytes)?)).transpose()
    }

    /// The basis of a root with so many variables.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for a state in the tree, or of another model.
    pub fn root_basis(self, variables: usize) -> Result<Basis, Error> {
        match self {
            Self::Root(bytes) => Basis::unpacked(&bytes, variables).ok_or_else(Error::unfit),
            Self::Tree(_) => Err(Error::unfit()),
        }
    }

    /// Has it kept. Only what has no length cannot be written, and there is none of that.
    pub fn keep(&self, hooks: &Hooks) {
        if let (Some(keeper), Ok(bytes)) = (hooks.checkpoint().keeper, encode(self)) {
            keeper.keep(bytes);
        }
    }
}

/// A search with its open nodes.
#[derive(Serialize, Deserialize)]
pub(super) struct Tree {
    /// Columns and rows of the model that is searched.
    columns: u64,
    rows: u64,
    /// Cuts.
    added: Vec<NewRow>,
    /// What points had to beat at the root.
    root_ceiling: f64,
    current_bound: f64,
    created: u64,
    work: u64,
    work_of_root: u64,
    snapshot: Snapshot,
    /// The nodes in hand, then those in the queue.
    nodes: SavedNodes,
    plunge: Plunge,
}

/// Who has nodes in hand.
#[derive(Serialize, Deserialize)]
enum Plunge {
    Nobody,
    /// The search, for so many nodes more.
    Alone(u64),
    /// Several searches.
    Together(Box<SavedRounds>),
}

/// What searches that share the tree stand at between two rounds.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedRounds {
    /// Which of the searches have a node in hand.
    pub hands: Vec<bool>,
    pub lessons: Vec<Lessons>,
    pub plunges: u64,
    pub work: u64,
    pub probe_iterations: u64,
    /// Nodes of the last round.
    pub nodes: u64,
    pub searches: Vec<Snapshot>,
}

impl SavedRounds {
    fn fits(&self, searches: usize, columns: usize) -> bool {
        self.hands.len() == searches
            && self.searches.len() == searches
            && self.lessons.len() == searches
            && self.lessons.iter().all(|lessons| lessons.fit(columns))
            && self.plunges < MOST / 4
            && self.work < MOST
            && self.probe_iterations < MOST
    }
}

/// Where a search goes on.
pub(super) enum Standing {
    /// With the next of the queue.
    Queue,
    /// At a node that it is about to process in its box, with so many nodes left of the plunge.
    At(Node, usize),
    /// With the next round of several searches that have these nodes in hand.
    Rounds(Box<SavedRounds>, Vec<Option<Node>>),
}

impl Search<'_> {
    /// Has the state kept, with the node that is about to be processed in its box, if that is due or the run `ends`.
    pub(super) fn keep(&self, (node, left): (&Node, usize), ends: bool) {
        if self.is_to_be_kept(ends) {
            let plunge = Plunge::Alone(left as u64);
            State::Tree(Box::new(self.tree([Some(node)].into_iter(), plunge))).keep(self.hooks);
        }
    }

    /// Has the state between two rounds kept, in which searches share the tree and have these nodes in hand. Before the first one there are no
    /// `rounds`.
    pub(super) fn keep_rounds(&mut self, hands: &[Option<Node>], rounds: Option<SavedRounds>) {
        self.domain.undo_to(0);
        let plunge = rounds.map_or(Plunge::Nobody, |rounds| Plunge::Together(Box::new(rounds)));
        State::Tree(Box::new(self.tree(hands.iter().map(Option::as_ref), plunge))).keep(self.hooks);
    }

    /// Whether it is time to keep the state, or the run `ends`; not if nobody does.
    pub(super) fn is_to_be_kept(&self, ends: bool) -> bool {
        self.hooks.checkpoint().keeper.is_some_and(|keeper| ends || keeper.is_due())
    }

    /// The tree without a node in hand, for a search that takes turns with others.
    pub(super) fn resting(&mut self) -> Tree {
        self.domain.undo_to(0);
        self.tree(std::iter::empty(), Plunge::Nobody)
    }

    fn tree<'n>(&self, hands: impl Iterator<Item = Option<&'n Node>>, plunge: Plunge) -> Tree {
        let mut collector = Collector::default();
        hands.flatten().for_each(|node| collector.take(node));
        let mut open: Vec<&Node> = self.queue.iter().collect();
        open.sort_by_key(|node| node.id);
        open.into_iter().for_each(|node| collector.take(node));
        Tree {
            columns: self.model.num_vars() as u64,
            rows: self.model.num_rows() as u64,
            added: self.relaxation.added().to_vec(),
            root_ceiling: self.root_ceiling,
            current_bound: self.current_bound,
            created: self.created,
            work: self.budget.work(),
            work_of_root: self.work_of_root,
            snapshot: self.snapshot(),
            nodes: collector.finish(),
            plunge,
        }
    }

    /// Goes on from a tree, until no open node is left or a limit is met. A limit that comes before the search stands where the tree was
    /// ends it with nothing known.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for a tree of another model or of other options, and those of the relaxation.
    pub(super) fn resume(&mut self, tree: Tree) -> Result<Status, Error> {
        match self.stand(tree)? {
            Ok(standing) => self.run_from(standing),
            Err(status) => Ok(status),
        }
    }

    /// Stands where the tree was, or ends before that.
    ///
    /// # Errors
    /// As [`Self::resume`].
    pub(super) fn stand(&mut self, tree: Tree) -> Result<Result<Standing, Status>, Error> {
        if tree.root_ceiling < f64::INFINITY {
            self.incumbent.keep_ceiling(tree.root_ceiling);
            self.news_of_cutoff();
        }
        if let Some(status) = self.prepare() {
            return Ok(Err(status));
        }
        let standing = self.restore(tree).ok_or_else(Error::unfit)?;
        self.tell_open(&standing);
        Ok(Ok(standing))
    }

    fn restore(&mut self, tree: Tree) -> Option<Standing> {
        let (columns, rows) = (self.model.num_vars(), self.model.num_rows());
        let counts = [tree.created, tree.work, tree.work_of_root];
        if (tree.columns, tree.rows) != (columns as u64, rows as u64)
            || counts.into_iter().any(|count| count >= MOST)
            || tree.work_of_root > tree.work
            || tree.current_bound.is_nan()
        {
            return None;
        }
        self.relaxation.restore_rows(tree.added)?;
        let variables = self.relaxation.problem().num_vars();
        let mut nodes = tree.nodes.restored(columns, variables)?.into_iter();
        let standing = match tree.plunge {
            Plunge::Nobody => Standing::Queue,
            Plunge::Alone(left) => {
                let node = nodes.next()?;
                self.domain.jump(node.path.as_ref());
                Standing::At(node, usize::try_from(left).unwrap_or(usize::MAX).max(1))
            }
            Plunge::Together(rounds) => {
                if !rounds.fits(self.options.parameters.subtrees, columns) {
                    return None;
                }
                let mut hands = Vec::new();
                for &has_node in &rounds.hands {
                    hands.push(if has_node { Some(nodes.next()?) } else { None });
                }
                Standing::Rounds(rounds, hands)
            }
        };
        nodes.for_each(|node| self.queue.push(node));
        self.restore_snapshot(tree.snapshot)?;
        (self.current_bound, self.created, self.work_of_root) = (tree.current_bound, tree.created, tree.work_of_root);
        self.budget.count_from(tree.work);
        self.listener.iterations = self.relaxation.iterations();
        Some(standing)
    }

    /// Observers hear of the open nodes as of roots.
    fn tell_open(&mut self, standing: &Standing) {
        let hands: Vec<&Node> = match standing {
            Standing::Queue => Vec::new(),
            Standing::At(node, _) => vec![node],
            Standing::Rounds(_, hands) => hands.iter().flatten().collect(),
        };
        let mut open: Vec<Node> = self.queue.iter().chain(hands).cloned().collect();
        open.sort_by_key(|node| node.id);
        open.iter().for_each(|node| self.tell_node(node, None));
        self.note('R', 0);
    }

    fn run_from(&mut self, standing: Standing) -> Result<Status, Error> {
        self.began = Instant::now();
        let status = match standing {
            Standing::Queue => None,
            Standing::At(node, left) => self.follow(node, left)?.map(|(status, node)| {
                self.queue.push(node);
                status
            }),
            Standing::Rounds(rounds, hands) => self.search_together(Some((*rounds, hands)))?,
        };
        match status {
            Some(status) => Ok(status),
            None => self.run_on(),
        }
    }
}

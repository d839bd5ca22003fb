//! What a search for the best neuron tells its caller, and what it asks.

use super::answer::Incumbent;
use super::core::Core;
use bdnn::Status;
use serde::{Deserialize, Serialize};

/// What the caller sees and decides while the search runs.
pub trait Watch {
    /// Asked before every core that is looked for; `Some` ends the search with this status.
    fn stop(&mut self, nodes: u64) -> Option<Status>;
    /// Nodes that the search may branch in all.
    fn nodes(&self) -> u64 {
        u64::MAX
    }
    /// The proven bound (without the task's base) and the state of the tree, after every branching.
    fn tree(&mut self, bound: u64, tree: &TreeState);
    /// A better neuron from elsewhere, if there is one; asked after every bound, `work` multiplications of the search being done.
    fn better(&mut self, _work: u64) -> Option<Incumbent> {
        None
    }
    /// Whether it is time to keep a state.
    fn keeps(&self) -> bool {
        false
    }
    /// A state of the search to go on with.
    fn keep(&mut self, _state: Vec<u8>) {}
    /// A better neuron.
    fn incumbent(&mut self, incumbent: &Incumbent);
    /// Whether [`Self::core`] is to hear of every core; asked once. If not, some are proven without multipliers.
    fn wants_cores(&self) -> bool {
        false
    }
    /// A core, with its multipliers. The same one may come again. What is returned stands for it in [`Evidence`].
    fn core(&mut self, _core: &Core) -> u32 {
        0
    }
    /// A leaf of the tree: a node that was closed, or was open at the end. Together the leaves make a whole tree, in
    /// which siblings decide the same point. Only where cores are wanted.
    fn leaf(&mut self, _decisions: &[Decision], _evidence: &Evidence) {}
}

/// The state of the tree.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TreeState {
    /// Nodes branched.
    pub nodes: u64,
    /// Nodes open.
    pub open: u64,
    /// Decisions at the node at hand.
    pub depth: u32,
    /// Simplex pivots.
    pub pivots: u64,
    /// Points decided at the root by probing.
    pub probed: u64,
    /// Work on bounds.
    pub work: Work,
}

/// The end of a search. Costs are without the task's base.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// `Optimal`, `Unresolved`, or what [`Watch::stop`] said.
    pub status: Status,
    /// The best neuron.
    pub incumbent: Incumbent,
    /// No neuron costs less.
    pub bound: u64,
    /// Work done.
    pub tree: TreeState,
}

/// A point decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Index of the point.
    pub point: u32,
    /// Whether it must stand on its wanted side.
    pub right: bool,
}

/// Why a node's bound holds, under some first decisions of the node already: cores by the numbers that
/// [`Watch::core`] gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// A core none of whose points is free: no neuron obeys the decisions.
    pub refuted: Option<u32>,
    /// Cores with what each charges its free points; with the weight of the points decided wrong they add up to the bound.
    pub charges: Vec<(u32, u64)>,
}

/// Work done on bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Nodes bounded.
    pub evaluations: u64,
    /// Cores proven, repetitions not counted.
    pub cores: u64,
    /// Of these, proven by floats with error bounds.
    pub certified: u64,
    /// Cores put into packings.
    pub packed: u64,
    /// Guesses of the simplex that exact arithmetic refused.
    pub refused: u64,
}

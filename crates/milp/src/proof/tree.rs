//! The tree of branchings: a node is closed by its own proof, or once both its children are.

use super::closing::Closed;

/// Where a node hangs: its parent's branching, and on which side of it (0 down, 1 up).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    branching: u32,
    side: u8,
}

/// A branching with an open side.
struct Branching {
    parent: Option<Place>,
    assumptions: [u64; 2],
    closed: [Option<Closed>; 2],
}

/// Branchings with an open side, and the root once it is closed. Memory grows with the open nodes and their ancestors.
#[derive(Default)]
pub(super) struct Tree {
    branchings: Vec<Option<Branching>>,
    free: Vec<u32>,
    pub root: Option<Closed>,
}

/// A branching whose sides are both closed.
pub(super) struct Split {
    pub parent: Option<Place>,
    pub assumptions: [u64; 2],
    pub closed: [Closed; 2],
}

impl Tree {
    /// The places of the children of the node at `place`, which these lines branch.
    pub fn branch(&mut self, place: Option<Place>, assumptions: [u64; 2]) -> [Place; 2] {
        let branching = Some(Branching { parent: place, assumptions, closed: [None, None] });
        let index = match self.free.pop() {
            Some(index) => {
                self.branchings[index as usize] = branching;
                index
            }
            None => {
                self.branchings.push(branching);
                self.branchings.len() as u32 - 1
            }
        };
        [0, 1].map(|side| Place { branching: index, side })
    }

    /// The node at a place is closed; the branching above it, if now both sides of it are.
    pub fn close(&mut self, Place { branching, side }: Place, closed: Closed) -> Option<Split> {
        let slot = &mut self.branchings[branching as usize];
        slot.as_mut()?.closed[usize::from(side)] = Some(closed);
        let done = slot.take_if(|node| node.closed.iter().all(Option::is_some))?;
        self.free.push(branching);
        let Branching { parent, assumptions, closed: [below, above] } = done;
        Some(Split { parent, assumptions, closed: [below?, above?] })
    }
}

//! Open nodes as a checkpoint has them: what nodes share (paths and bases) stands once, and nodes name it by its place.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::node::{Node, Origin};
use crate::bounds::{BoundChange, Path, Reason};
use crate::simplex::Basis;

/// Numbers beyond this count nothing that happens.
pub(super) const MOST: u64 = 1 << 60;

/// Nodes with the paths and bases that they share.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct SavedNodes {
    /// A path before those that go on from it.
    paths: Vec<(Option<u32>, Vec<BoundChange>)>,
    /// Packed.
    bases: Vec<Vec<u8>>,
    nodes: Vec<SavedNode>,
}

#[derive(Serialize, Deserialize)]
struct SavedNode {
    id: u64,
    depth: u32,
    bound: f64,
    path: Option<u32>,
    origin: Option<Origin>,
    basis: Option<u32>,
}

/// Collects nodes; what was seen before is known by where it stands in memory.
#[derive(Default)]
pub(super) struct Collector {
    saved: SavedNodes,
    paths: BTreeMap<*const Path, u32>,
    bases: BTreeMap<*const Basis, u32>,
}

impl Collector {
    /// Takes a node, which comes back at its place among those that were taken.
    pub fn take(&mut self, node: &Node) {
        let path = self.path(node.path.as_ref());
        let basis = node.basis.as_ref().map(|basis| {
            *self.bases.entry(Arc::as_ptr(basis)).or_insert_with(|| {
                self.saved.bases.push(basis.packed());
                self.saved.bases.len() as u32 - 1
            })
        });
        let Node { id, depth, bound, origin, .. } = *node;
        self.saved.nodes.push(SavedNode { id, depth, bound, path, origin, basis });
    }

    fn path(&mut self, path: Option<&Arc<Path>>) -> Option<u32> {
        let mut new = Vec::new();
        let mut next = path;
        let mut place = None;
        while let Some(path) = next {
            place = self.paths.get(&Arc::as_ptr(path)).copied();
            if place.is_some() {
                break;
            }
            new.push(path);
            next = path.parent();
        }
        for path in new.into_iter().rev() {
            self.saved.paths.push((place, path.changes().collect()));
            place = Some(self.saved.paths.len() as u32 - 1);
            self.paths.extend(place.map(|place| (Arc::as_ptr(path), place)));
        }
        place
    }

    pub fn finish(self) -> SavedNodes {
        self.saved
    }
}

impl SavedNodes {
    /// The nodes in the order in which they were taken, in a problem of so many columns, and variables in all; `None` if they are of another.
    pub fn restored(self, columns: usize, variables: usize) -> Option<Vec<Node>> {
        let fits = |change: &BoundChange| (change.var as usize) < columns && !change.value.is_nan();
        let mut paths: Vec<Option<Arc<Path>>> = Vec::with_capacity(self.paths.len());
        for (parent, changes) in self.paths {
            let parent = match parent {
                Some(place) => paths.get(place as usize)?.clone(),
                None => None,
            };
            if !changes.iter().all(fits) {
                return None;
            }
            paths.push(Path::extend(
                parent.as_ref(),
                changes.into_iter().map(|change| (change, Reason::Guess)).collect(),
            ));
        }
        let bases = self.bases.iter().map(|bytes| Basis::unpacked(bytes, variables).map(Arc::new));
        let bases: Vec<Arc<Basis>> = bases.collect::<Option<_>>()?;
        let node = |saved: SavedNode| {
            let SavedNode { id, depth, bound, path, origin, basis } = saved;
            let counts = id < MOST && depth < u32::MAX / 2 && !bound.is_nan();
            if !counts || !origin.is_none_or(|origin| fits(&origin.change)) {
                return None;
            }
            let path = match path {
                Some(place) => paths.get(place as usize)?.clone(),
                None => None,
            };
            let basis = match basis {
                Some(place) => Some(bases.get(place as usize)?.clone()),
                None => None,
            };
            Some(Node { id, depth, bound, path, origin, basis, place: None, key: None })
        };
        self.nodes.into_iter().map(node).collect()
    }
}

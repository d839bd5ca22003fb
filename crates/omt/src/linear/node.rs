//! A node of the search and its bound: cores packed disjointly under the decisions.
//!
//! A decided point is *right* (must stand on its wanted side) or *wrong* (must stand on the other one, its weight paid).
//! Either way it is a hard half-space for the weights. Free points stand on their wanted side or pay. So the bound of a
//! node is what the wrong points cost plus a packing: cores whose free points share out their weights, each core
//! charging the least weight left among its own (the dual of the covering problem, as in MaxSAT look-ahead: Li,
//! Manya and Planes, CP 2005; Li et al., CP 2021). Decisions make cores short: the hard members cost nothing, so deep
//! nodes pack single points, those that the decided ones put on the wrong side.

use super::alternative::{self, Alternative, Answer, Basis, Role};
use super::certify::certified;
use super::core::{Core, Member};
use super::geometry::Geometry;
use super::task::Task;
use super::watch::{Decision, Evidence, Watch, Work};
use budget::Pace;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Cores remembered by their support at most; more, and the memory starts anew: a bound on memory, for what can be found again.
const MEMORY: usize = 1 << 17;

/// A core of the packing: its free points, and what it charges each of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Packed {
    pub free: Rc<[u32]>,
    pub charge: u64,
    /// What the watch calls the core.
    pub core: u32,
}

/// What is known of one node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Node {
    /// Every neuron that obeys the decisions costs at least this; `u64::MAX` if there is none.
    pub bound: u64,
    /// Weight of the points decided wrong.
    pub paid: u64,
    pub decisions: Vec<Decision>,
    pub packing: Vec<Packed>,
    /// Why `bound` holds, if cores are wanted.
    pub evidence: Rc<Evidence>,
    /// Where the simplex starts.
    basis: Rc<Basis>,
}

impl Node {
    pub(super) fn root(simplex: &Alternative) -> Self {
        let evidence = Rc::default();
        Self { bound: 0, paid: 0, decisions: vec![], packing: vec![], evidence, basis: simplex.basis().into() }
    }

    /// The node with one more decision, its bound not yet known to be more than this one's.
    pub(super) fn child(&self, task: &Task, point: u32, right: bool) -> Self {
        let mut child = self.clone();
        child.decisions.push(Decision { point, right });
        if right {
            for packed in child.packing.iter_mut().filter(|packed| packed.free.contains(&point)) {
                packed.free = packed.free.iter().copied().filter(|&i| i != point).collect();
            }
        } else {
            child.paid += task.weight[point as usize];
            child.packing.retain(|packed| !packed.free.contains(&point));
        }
        child
    }
}

/// Members of a proven core, and what the watch calls it.
type Known = (Rc<[Member]>, u32);

/// What an evaluator goes on with, beside the data.
pub(super) type Remembered = (alternative::State, BTreeMap<Box<[u32]>, Option<Known>>, Work);

/// Bounds nodes of one task.
pub(super) struct Evaluator<'a> {
    geometry: &'a Geometry,
    task: &'a Task,
    pub simplex: Alternative<'a>,
    /// By point: what the packing has left of its weight.
    left: Vec<u64>,
    /// By point: its decision.
    decided: Vec<Option<bool>>,
    known: BTreeMap<Box<[u32]>, Option<Known>>,
    /// Whether float bounds may prove a core: not if every core is wanted with its multipliers.
    certify: bool,
    /// Whether nodes keep their evidence.
    record: bool,
    /// The core that refuted the latest node, if one did.
    refuted: Option<u32>,
    pub work: Work,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(geometry: &'a Geometry, task: &'a Task, multipliers: bool) -> Self {
        Self {
            geometry,
            task,
            simplex: Alternative::new(geometry),
            left: vec![0; task.len()],
            decided: vec![None; task.len()],
            known: BTreeMap::new(),
            certify: !multipliers && !geometry.is_light(),
            record: multipliers,
            refuted: None,
            work: Work::default(),
        }
    }

    /// What is written down of it: a [`Remembered`].
    pub(super) fn state(&self) -> impl Serialize {
        (self.simplex.state(), &self.known, &self.work)
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, (simplex, known, work): Remembered) {
        self.simplex.restore(simplex);
        (self.known, self.work) = (known, work);
    }

    /// Raises the node's bound until it reaches `upper` or no core is left to pack. Then the weights (length dim, float
    /// units) come back that satisfy the decisions and every point that the packing has not used up, as floats see it.
    /// `watch` hears of every core whose multipliers are computed, and may stop the packing, `nodes` being branched.
    pub(super) fn bound(&mut self, node: &mut Node, upper: u64, nodes: u64, watch: &mut dyn Watch) -> Option<Vec<f64>> {
        self.work.evaluations += 1;
        self.refuted = None;
        let before = node.bound;
        let w = self.pack(node, upper, nodes, watch);
        if self.record && node.bound > before {
            let charges = node.packing.iter().map(|packed| (packed.core, packed.charge)).collect();
            node.evidence = Rc::new(Evidence { refuted: self.refuted, charges });
        }
        w
    }

    fn pack(&mut self, node: &mut Node, upper: u64, nodes: u64, watch: &mut dyn Watch) -> Option<Vec<f64>> {
        let packed = self.repack(node);
        node.bound = node.bound.max(packed);
        if node.bound >= upper {
            return None;
        }
        let mut bound = packed;
        (0..self.task.len()).for_each(|i| self.admit(i));
        self.simplex.load(&node.basis, &mut Pace::new(&mut || watch.stop(nodes).is_some()));
        while watch.stop(nodes).is_none() {
            let answer = self.simplex.solve(&mut Pace::new(&mut || watch.stop(nodes).is_some()));
            let support = match answer {
                Answer::Core(support) => support,
                Answer::Separable(w) => {
                    node.basis = self.simplex.basis().into();
                    return Some(w);
                }
                Answer::Failed => {
                    self.work.refused += 1;
                    return None;
                }
            };
            // Without an exact confirmation the packing ends here: a weaker bound, but a bound.
            let (members, core) = self.confirm(&support, nodes, watch)?;
            let free: Rc<[u32]> =
                members.iter().map(|m| m.point).filter(|&i| self.decided[i as usize].is_none()).collect();
            let Some(charge) = free.iter().map(|&i| self.left[i as usize]).min() else {
                node.bound = u64::MAX;
                self.refuted = Some(core);
                return None;
            };
            for &i in free.iter() {
                self.left[i as usize] -= charge;
                self.admit(i as usize);
            }
            self.work.packed += 1;
            node.packing.push(Packed { free, charge, core });
            bound += charge;
            node.bound = node.bound.max(bound);
            if node.bound >= upper {
                return None;
            }
        }
        None
    }

    /// Charges the packing anew under the decisions; returns what it proves (`u64::MAX` for a core without free points).
    fn repack(&mut self, node: &mut Node) -> u64 {
        self.left.copy_from_slice(&self.task.weight);
        self.decided.fill(None);
        for decision in &node.decisions {
            self.decided[decision.point as usize] = Some(decision.right);
        }
        let mut bound = node.paid;
        for packed in &mut node.packing {
            let Some(charge) = packed.free.iter().map(|&i| self.left[i as usize]).min() else {
                self.refuted = Some(packed.core);
                return u64::MAX;
            };
            packed.charge = charge;
            packed.free.iter().for_each(|&i| self.left[i as usize] -= charge);
            bound += charge;
        }
        node.packing.retain(|packed| packed.charge > 0);
        bound
    }

    /// Tells the simplex how point `i` takes part now.
    fn admit(&mut self, i: usize) {
        let wanted = self.task.wanted[i];
        let (role, cost) = match (self.decided[i], self.left[i]) {
            (Some(right), _) => (Role::Asked(wanted == right), 0.0),
            (None, 0) => (Role::Absent, 0.0),
            (None, left) => (Role::Asked(wanted), 1.0 / left as f64),
        };
        self.simplex.set(i, role, cost);
    }

    /// The exact core in a guessed support, from memory if it was asked before.
    fn confirm(&mut self, support: &[Member], nodes: u64, watch: &mut dyn Watch) -> Option<Known> {
        let mut key: Box<[u32]> = support.iter().map(|m| 2 * m.point + u32::from(m.fires)).collect();
        key.sort_unstable();
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        // Where coordinates need big integers, floats with error bounds settle most cores at a fraction of the cost.
        let by_floats =
            self.certify && certified(self.geometry, support, &mut Pace::new(&mut || watch.stop(nodes).is_some()));
        let members: Option<Known> = if by_floats {
            debug_assert!(
                Core::confirm(self.geometry, support).is_some_and(|core| core.members.len() == support.len()),
                "a certified core is one in exact arithmetic"
            );
            self.work.certified += 1;
            Some((support.into(), 0))
        } else {
            let core =
                Core::confirm_within(self.geometry, support, &mut Pace::new(&mut || watch.stop(nodes).is_some()));
            debug_assert!(core.as_ref().is_none_or(|core| core.holds(self.geometry)), "a confirmed core holds");
            core.map(|core| {
                let number = watch.core(&core);
                (core.members.into(), number)
            })
        };
        self.work.cores += u64::from(members.is_some());
        self.work.refused += u64::from(members.is_none());
        if self.known.len() >= MEMORY {
            self.known.clear();
        }
        self.known.insert(key, members.clone());
        members
    }
}

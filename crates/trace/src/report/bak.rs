//! BAK: what GrUMPy of COIN-OR reads.
//!
//! One event a line: seconds, its kind, node, parent, side, and numbers. Readers know binary trees with one root whose bound is known, and
//! parents before their children; so a node is named as branched before its first child, with what is known of it at its end, and where a
//! run has several roots, or a node more than two children, nodes are put in between that hold them together (a comment says so).

use super::run::{Run, Told};
use super::text::number;
use crate::Branch;
use crate::record::{Direction, Incumbent, Record};
use budget::observe::Ending;
use std::io::{self, Write};

/// Where a node hangs: its parent by number (0 for the root), and the side.
#[derive(Clone, Copy, Debug)]
struct Hold {
    parent: u64,
    side: char,
}

/// A node that no trace has: it holds two others.
#[derive(Clone, Copy, Debug)]
struct Joint {
    id: u64,
    hold: Hold,
}

/// Writes a run.
///
/// # Errors
/// What the writer says.
pub fn bak(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let nodes = run.tree.nodes();
    let shape = Shape::new(run);
    let mut writer = Writer { run, shape: &shape, out, named: vec![false; nodes.len()] };
    writeln!(writer.out, "# heaviside: seconds kind node parent side bound sum-of-fractions count-of-fractions")?;
    if !shape.joints.is_empty() {
        let (first, last) = (shape.joints[0].id, shape.joints[shape.joints.len() - 1].id);
        writeln!(writer.out, "# nodes {first} to {last} are no nodes of the run: they hold trees and parts together")?;
    }
    for told in &run.told {
        match *told {
            Told::Made(place) => writer.made(place)?,
            Told::Ended(place) => writer.ended(place)?,
            Told::Incumbent(place) => {
                let line = &run.incumbents[place];
                if let Record::Incumbent(Incumbent { id, objective, .. }) = line.record {
                    let is_leaf = run.tree.place(id).is_some_and(|place| nodes[place].ending == Some(Ending::Integer));
                    // The node itself will say it.
                    if !is_leaf {
                        writeln!(writer.out, "{:.6} heuristic {}", line.t, plain(objective))?;
                    }
                }
            }
            Told::Bound(_) => {}
        }
    }
    Ok(())
}

/// How the nodes of a run hang in a binary tree.
struct Shape {
    holds: Vec<Hold>,
    /// Those to be named before a node, by its place.
    before: Vec<Vec<Joint>>,
    joints: Vec<Joint>,
}

impl Shape {
    fn new(run: &Run) -> Self {
        let nodes = run.tree.nodes();
        let mut shape = Self {
            holds: vec![Hold { parent: 0, side: 'M' }; nodes.len()],
            before: vec![vec![]; nodes.len()],
            joints: vec![],
        };
        let mut free = nodes.iter().map(|node| node.id).max().unwrap_or(0) + 1;
        let roots: Vec<usize> = (0..nodes.len()).filter(|place| nodes[*place].parent.is_none()).collect();
        if let [only] = roots[..] {
            shape.holds[only] = Hold { parent: 0, side: 'M' };
        } else if let Some(first) = roots.first() {
            let top = Joint { id: free, hold: Hold { parent: 0, side: 'M' } };
            free += 1;
            shape.join(*first, top);
            shape.hang(nodes, &roots, top.id, &mut free);
        }
        for (place, children) in run.tree.children().iter().enumerate() {
            shape.hang(nodes, children, nodes[place].id, &mut free);
        }
        shape
    }

    fn join(&mut self, before: usize, joint: Joint) {
        self.before[before].push(joint);
        self.joints.push(joint);
    }

    /// Hangs nodes below a parent, as they were made: the first on its side, of more than two the rest below joints on the other.
    fn hang(&mut self, nodes: &[Branch], children: &[usize], mut parent: u64, free: &mut u64) {
        for (k, child) in children.iter().enumerate() {
            let is_last = k + 1 == children.len();
            let sides = match (k, nodes[*child].dir) {
                (0, Direction::Right) => ['R', 'L'],
                _ => ['L', 'R'],
            };
            let taken = k > 0 && is_last;
            let side = if taken { other(self.holds[children[k - 1]], parent) } else { sides[0] };
            self.holds[*child] = Hold { parent, side };
            if k + 2 < children.len() {
                let joint = Joint { id: *free, hold: Hold { parent, side: sides[1] } };
                *free += 1;
                self.join(children[k + 1], joint);
                parent = joint.id;
            }
        }
    }
}

/// The side that a child leaves free below its parent.
fn other(hold: Hold, parent: u64) -> char {
    if hold.parent == parent && hold.side == 'L' { 'R' } else { 'L' }
}

struct Writer<'a> {
    run: &'a Run,
    shape: &'a Shape,
    out: &'a mut dyn Write,
    /// Whether a node's `branched` line is written.
    named: Vec<bool>,
}

impl Writer<'_> {
    fn made(&mut self, place: usize) -> io::Result<()> {
        let node = &self.run.tree.nodes()[place];
        let at = node.made.0;
        if let Some(parent) = node.parent {
            self.branched(parent, at)?;
        }
        for joint in &self.shape.before[place] {
            let bound = plain(self.bound(place));
            writeln!(self.out, "{at:.6} branched {} {} {} {bound} 0 0", joint.id, joint.hold.parent, joint.hold.side)?;
        }
        let Hold { parent, side } = self.shape.holds[place];
        // The bound of a root is not known before its program is solved: what it has in the end, for readers need one.
        let bound = plain(self.run.inherited[place].unwrap_or_else(|| self.bound(place)));
        write!(self.out, "{at:.6} candidate {} {parent} {side} {bound}", node.id)?;
        // What is left out readers take from the parent; a root has none.
        if parent == 0 {
            let (sum, count) = node.frac.unwrap_or((0.0, 0));
            write!(self.out, " {} {count}", plain(sum))?;
        }
        writeln!(self.out)
    }

    fn ended(&mut self, place: usize) -> io::Result<()> {
        let node = &self.run.tree.nodes()[place];
        let at = node.ended.map_or(node.made.0, |ended| ended.0);
        let Hold { parent, side } = self.shape.holds[place];
        // A root that stands alone has no parent whose bound a reader could take.
        let is_alone = parent == 0;
        match node.ending {
            Some(Ending::Branched) => self.branched(place, at),
            Some(Ending::Infeasible | Ending::Conflict) if !is_alone => {
                writeln!(self.out, "{at:.6} infeasible {} {parent} {side}", node.id)
            }
            Some(Ending::Fathomed) if !is_alone => {
                writeln!(self.out, "{at:.6} fathomed {} {parent} {side} {}", node.id, plain(self.bound(place)))
            }
            Some(Ending::Integer) => {
                let objective = node.bound.unwrap_or_else(|| self.bound(place));
                writeln!(self.out, "{at:.6} integer {} {parent} {side} {}", node.id, plain(objective))
            }
            // What was given up, or left open, stays a candidate.
            _ => Ok(()),
        }
    }

    fn branched(&mut self, place: usize, at: f64) -> io::Result<()> {
        if std::mem::replace(&mut self.named[place], true) {
            return Ok(());
        }
        let node = &self.run.tree.nodes()[place];
        let Hold { parent, side } = self.shape.holds[place];
        let (sum, count) = node.frac.unwrap_or((0.0, 0));
        let bound = plain(self.bound(place));
        writeln!(self.out, "{at:.6} branched {} {parent} {side} {bound} {} {count}", node.id, plain(sum))
    }

    /// The bound of a node, or of the nearest above it that has one, or the run's.
    fn bound(&self, place: usize) -> f64 {
        let nodes = self.run.tree.nodes();
        let mut at = Some(place);
        while let Some(place) = at {
            if let Some(bound) = nodes[place].bound {
                return bound;
            }
            at = nodes[place].parent;
        }
        self.run.bound().or(self.run.objective()).unwrap_or(0.0)
    }
}

/// A number for other programs: all its digits, in ASCII.
fn plain(value: f64) -> String {
    if value.is_finite() { format!("{value}") } else { number(value) }
}

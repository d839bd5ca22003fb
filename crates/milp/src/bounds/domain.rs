//! The box of a node: column bounds that only ever shrink, with a log that takes the changes back.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::congruence::Congruence;
use super::row_proof::RowProof;
use super::side::Side;

/// `x_var >= value` or `x_var <= value`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BoundChange {
    pub var: u32,
    pub side: Side,
    pub value: f64,
}

impl BoundChange {
    /// `x_var >= value`.
    pub fn lower(var: usize, value: f64) -> Self {
        Self { var: var as u32, side: Side::Lower, value }
    }

    /// `x_var <= value`.
    pub fn upper(var: usize, value: f64) -> Self {
        Self { var: var as u32, side: Side::Upper, value }
    }

    /// Whether `x` satisfies the change up to `tolerance`.
    #[cfg(test)]
    pub fn admits(&self, x: &[f64], tolerance: f64) -> bool {
        match self.side {
            Side::Lower => x[self.var as usize] >= self.value - tolerance,
            Side::Upper => x[self.var as usize] <= self.value + tolerance,
        }
    }
}

/// Why a change holds; only certificates ask for it.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// Nobody will ask: a heuristic's guess, taken back later.
    Guess,
    /// A line of the certificate: a branching, or something derived already.
    Line(u64),
    /// The row of the model with this index and the bounds before the change; the index after the last one is the
    /// objective with its cutoff.
    Row(u32),
    /// The row that these multipliers give, and the bounds before the change.
    Proof(Arc<RowProof>),
    /// The congruence and the bounds before the change.
    Congruence(Arc<Congruence>),
}

/// The bound changes that lead from the root to a node, shared between all nodes below.
#[derive(Debug)]
pub(crate) struct Path {
    parent: Option<Arc<Path>>,
    changes: Vec<(BoundChange, Reason)>,
    /// Lines of the certificate that derive the changes, once there is one: what one node below derived, all others use.
    lines: OnceLock<Box<[AtomicU64]>>,
}

impl Drop for Path {
    /// Takes apart what nobody else holds link by link: a plunge may be millions deep, the stack of a thread is not.
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(mut path) = next.and_then(Arc::into_inner) {
            next = path.parent.take();
        }
    }
}

/// Stands for no line.
const NO_LINE: u64 = u64::MAX;

impl Path {
    /// The path that goes on from `parent` with `changes`; the parent itself when there are none.
    pub fn extend(parent: Option<&Arc<Self>>, changes: Vec<(BoundChange, Reason)>) -> Option<Arc<Self>> {
        if changes.is_empty() {
            parent.cloned()
        } else {
            Some(Arc::new(Self { parent: parent.cloned(), changes, lines: OnceLock::new() }))
        }
    }

    /// The path that this one goes on from.
    pub fn parent(&self) -> Option<&Arc<Self>> {
        self.parent.as_ref()
    }

    /// The changes since then.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = BoundChange> + '_ {
        self.changes.iter().map(|(change, _)| *change)
    }

    /// Why the change at a place holds, by a line if there is one.
    fn reason(&self, place: usize) -> Reason {
        match self.lines.get().map(|lines| lines[place].load(Ordering::Relaxed)) {
            Some(line) if line != NO_LINE => Reason::Line(line),
            _ => self.changes[place].1.clone(),
        }
    }

    /// Notes the line that derives the change at a place.
    fn set_line(&self, place: usize, line: u64) {
        let none = || (0..self.changes.len()).map(|_| AtomicU64::new(NO_LINE)).collect();
        self.lines.get_or_init(none)[place].store(line, Ordering::Relaxed);
    }
}

/// One change in the log of a [`Domain`].
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub change: BoundChange,
    pub reason: Reason,
    /// The bound before.
    old: f64,
    /// Where the bound before came from, see [`Domain::position`].
    previous: u32,
    /// An earlier bound of the same side of the same column, farther back, and how many there are before this one: any of them is
    /// reached in logarithmically many steps (Myers, *An applicative random-access stack*, Inf. Process. Lett. 17, 1983).
    far: u32,
    depth: u32,
    /// The place in its [`Path`], for changes that [`Domain::jump`] made.
    place: u32,
}

/// Bounds of all n columns.
#[derive(Clone, Debug)]
pub(crate) struct Domain {
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// Changes since the base, in the order in which they were deduced.
    log: Vec<Entry>,
    /// The paths that the changes of a jump come from, each with the position of its first change.
    links: Vec<(u32, Arc<Path>)>,
    /// The position after the last change of the jump.
    jumped: u32,
    /// Positions of the bounds in force.
    latest_lower: Vec<u32>,
    latest_upper: Vec<u32>,
    /// Columns with a bound set or taken back since somebody asked, each once; empty if nobody will.
    changed: Vec<u32>,
    is_changed: Vec<bool>,
}

impl Domain {
    pub fn new(lower: Vec<f64>, upper: Vec<f64>) -> Self {
        let (latest_lower, latest_upper) = (vec![0; lower.len()], vec![0; upper.len()]);
        let (log, links, changed, is_changed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { lower, upper, log, links, jumped: 0, latest_lower, latest_upper, changed, is_changed }
    }

    /// From now on changed columns are kept for [`Self::next_changed`], if anybody `asks`.
    pub fn note_changes(&mut self, asks: bool) {
        self.is_changed = vec![false; if asks { self.lower.len() } else { 0 }];
    }

    /// A column whose bounds were set or taken back since it was given out last.
    pub fn next_changed(&mut self) -> Option<usize> {
        let var = self.changed.pop()? as usize;
        self.is_changed[var] = false;
        Some(var)
    }

    /// The columns that [`Self::next_changed`] would give out, the last one first.
    pub fn changed(&self) -> &[u32] {
        &self.changed
    }

    /// From now on it gives out these; false if they are none of those that somebody asks for.
    pub fn set_changed(&mut self, changed: Vec<u32>) -> bool {
        self.is_changed.fill(false);
        let is_new =
            |&var: &u32| self.is_changed.get_mut(var as usize).is_some_and(|listed| !std::mem::replace(listed, true));
        let fits = changed.iter().all(is_new);
        self.changed = changed;
        fits
    }

    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    pub fn is_fixed(&self, var: usize) -> bool {
        self.lower[var] == self.upper[var]
    }

    /// Whether the change would shrink the box.
    pub fn is_news(&self, change: &BoundChange) -> bool {
        match change.side {
            Side::Lower => change.value > self.lower[change.var as usize],
            Side::Upper => change.value < self.upper[change.var as usize],
        }
    }

    /// Sets a bound; the caller has seen to it that the change [`Self::is_news`].
    pub fn set(&mut self, change: BoundChange, reason: Reason) {
        self.push(change, reason, 0);
    }

    fn push(&mut self, change: BoundChange, reason: Reason, place: u32) {
        let var = change.var as usize;
        let (bound, latest) = match change.side {
            Side::Lower => (&mut self.lower[var], &mut self.latest_lower[var]),
            Side::Upper => (&mut self.upper[var], &mut self.latest_upper[var]),
        };
        let previous = *latest;
        // Depth, and the earlier bound farther back; the base is 0 deep.
        let of = |position: u32| match position {
            0 => (0, 0),
            _ => (self.log[position as usize - 1].depth, self.log[position as usize - 1].far),
        };
        let (depth, back) = of(previous);
        let (back_depth, farther) = of(back);
        let even = previous > 0 && depth - back_depth == back_depth - of(farther).0;
        let far = if even { farther } else { previous };
        self.log.push(Entry { change, reason, old: *bound, previous, far, depth: depth + 1, place });
        *bound = change.value;
        *latest = self.log.len() as u32;
        note(&mut self.is_changed, &mut self.changed, var);
    }

    /// A point in the log to come back to.
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back every change after `mark`.
    pub fn undo_to(&mut self, mark: usize) {
        while self.links.pop_if(|(first, _)| *first as usize > mark).is_some() {}
        self.jumped = self.jumped.min(mark as u32 + 1);
        for Entry { change, old, previous, .. } in self.log.drain(mark..).rev() {
            let var = change.var as usize;
            match change.side {
                Side::Lower => (self.lower[var], self.latest_lower[var]) = (old, previous),
                Side::Upper => (self.upper[var], self.latest_upper[var]) = (old, previous),
            }
            note(&mut self.is_changed, &mut self.changed, var);
        }
    }

    /// The changes after `mark`.
    pub fn changes_since(&self, mark: usize) -> impl Iterator<Item = (BoundChange, Reason)> + '_ {
        self.log[mark..].iter().map(|entry| (entry.change, entry.reason.clone()))
    }

    /// Where the bound of a column came from before the change at `before` (a position, too): the position of a change, or
    /// 0 for the base. Positions count from 1; the one after the last change asks for the bound in force.
    pub fn position(&self, var: usize, side: Side, before: u32) -> u32 {
        let mut position = match side {
            Side::Lower => self.latest_lower[var],
            Side::Upper => self.latest_upper[var],
        };
        while position >= before {
            let entry = &self.log[position as usize - 1];
            position = if entry.far >= before { entry.far } else { entry.previous };
        }
        position
    }

    /// The position after the last change.
    pub fn end(&self) -> u32 {
        self.log.len() as u32 + 1
    }

    /// The change at a position other than 0.
    pub fn entry(&self, position: u32) -> &Entry {
        &self.log[position as usize - 1]
    }

    /// Notes the line of the certificate that derives the change at a position, for all nodes that share it.
    pub fn set_line(&mut self, position: u32, line: u64) {
        let entry = &mut self.log[position as usize - 1];
        entry.reason = Reason::Line(line);
        let place = entry.place as usize;
        let at = self.links.partition_point(|(first, _)| *first <= position);
        if let Some((_, path)) = at.checked_sub(1).and_then(|at| self.links.get(at))
            && position < self.jumped
        {
            path.set_line(place, line);
        }
    }

    /// Makes the bounds as they are the base that nothing undoes.
    pub fn rebase(&mut self) {
        self.log.clear();
        self.links.clear();
        self.jumped = 0;
        self.latest_lower.fill(0);
        self.latest_upper.fill(0);
    }

    /// From the base to the node at the end of `path`, in the order in which the changes were deduced.
    pub fn jump(&mut self, path: Option<&Arc<Path>>) {
        self.undo_to(0);
        let mut links = Vec::new();
        let mut link = path;
        while let Some(path) = link {
            links.push(path);
            link = path.parent.as_ref();
        }
        for path in links.into_iter().rev() {
            self.links.push((self.end(), path.clone()));
            for (place, (change, _)) in path.changes.iter().enumerate() {
                if self.is_news(change) {
                    self.push(*change, path.reason(place), place as u32);
                }
            }
        }
        self.jumped = self.end();
    }
}

/// Lists a changed column, once, if somebody asks for them.
fn note(is_changed: &mut [bool], changed: &mut Vec<u32>, var: usize) {
    if let Some(listed) = is_changed.get_mut(var)
        && !*listed
    {
        *listed = true;
        changed.push(var as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The deepest plunge leaves no deep call behind, and takes nothing from a branch that is still held.
    #[test]
    fn long_paths_are_dropped() {
        let step = |depth: u32| vec![(BoundChange::lower(0, f64::from(depth)), Reason::Guess)];
        let mut path = None;
        let mut held = None;
        for depth in 0..1_000_000 {
            path = Path::extend(path.as_ref(), step(depth));
            if depth == 2 {
                held = path.clone();
            }
        }
        drop(path);
        let depths = std::iter::successors(held.as_ref(), |path| path.parent.as_ref());
        assert_eq!(depths.count(), 3);
        assert_eq!(held.as_ref().map(Arc::strong_count), Some(1));
    }

    /// The bound before any change is found as by walking back one by one, and fast.
    #[test]
    fn earlier_bounds_of_long_chains() {
        let mut domain = Domain::new(vec![0.0, 0.0], vec![1e9, 1e9]);
        let mut positions = vec![0];
        for step in 0..3000 {
            domain.set(BoundChange::lower(step % 3 % 2, f64::from(step as u32 + 1)), Reason::Guess);
            if step % 3 % 2 == 0 {
                positions.push(step as u32 + 1);
            }
        }
        for before in 1..=domain.end() {
            let slowly = *positions.iter().rev().find(|position| **position < before).unwrap();
            assert_eq!(domain.position(0, Side::Lower, before), slowly, "{before}");
        }
        domain.undo_to(1500);
        domain.set(BoundChange::lower(0, 1e6), Reason::Guess);
        assert_eq!(domain.position(0, Side::Lower, 1501), 1500);
        assert_eq!(domain.position(0, Side::Lower, 2), 1);
    }

    /// A line that one node derived for a change of its path stands for all nodes below that path, and for no other change.
    #[test]
    fn lines_are_shared_along_paths() {
        let mut domain = Domain::new(vec![0.0; 3], vec![9.0; 3]);
        let row = |change| (change, Reason::Row(7));
        let one = Path::extend(None, vec![row(BoundChange::lower(0, 1.0)), row(BoundChange::lower(1, 1.0))]);
        let two = Path::extend(one.as_ref(), vec![row(BoundChange::lower(1, 1.0)), row(BoundChange::upper(2, 4.0))]);
        let other = Path::extend(one.as_ref(), vec![row(BoundChange::upper(2, 5.0))]);
        let lines = |domain: &Domain| -> Vec<Option<u64>> {
            let line = |position| match domain.entry(position).reason {
                Reason::Line(line) => Some(line),
                _ => None,
            };
            (1..domain.end()).map(line).collect()
        };
        domain.jump(two.as_ref());
        // The change that was no news is not there: the last one stands at position 3.
        assert_eq!(lines(&domain), [None, None, None]);
        domain.set(BoundChange::upper(0, 3.0), Reason::Row(8));
        for (position, line) in [(2, 20), (3, 30), (4, 40)] {
            domain.set_line(position, line);
        }
        domain.jump(other.as_ref());
        assert_eq!(lines(&domain), [None, Some(20), None]);
        domain.jump(two.as_ref());
        assert_eq!(lines(&domain), [None, Some(20), Some(30)]);
        domain.undo_to(1);
        domain.set(BoundChange::lower(1, 2.0), Reason::Row(9));
        domain.set_line(2, 50);
        domain.jump(one.as_ref());
        assert_eq!(lines(&domain), [None, Some(20)]);
    }

    #[test]
    fn jumping_and_undoing() {
        let mut domain = Domain::new(vec![0.0, 0.0], vec![5.0, 9.0]);
        let guess = |change| (change, Reason::Guess);
        let one = Path::extend(None, vec![guess(BoundChange::lower(0, 1.0)), guess(BoundChange::upper(1, 7.0))]);
        let two = Path::extend(one.as_ref(), vec![guess(BoundChange::lower(0, 2.0))]);
        let other = Path::extend(one.as_ref(), vec![guess(BoundChange::upper(0, 1.0))]);
        domain.jump(two.as_ref());
        assert_eq!((domain.lower(), domain.upper()), (&[2.0, 0.0][..], &[5.0, 7.0][..]));
        let positions = |before| [Side::Lower, Side::Upper].map(|side| domain.position(0, side, before));
        assert_eq!([positions(4), positions(3), positions(1)], [[3, 0], [1, 0], [0, 0]]);
        domain.jump(other.as_ref());
        assert_eq!((domain.lower(), domain.upper()), (&[1.0, 0.0][..], &[1.0, 7.0][..]));
        assert!(domain.is_fixed(0) && !domain.is_fixed(1));
        let mark = domain.mark();
        domain.set(BoundChange::upper(1, 3.0), Reason::Guess);
        domain.undo_to(mark);
        assert_eq!(domain.upper(), [1.0, 7.0]);
        domain.undo_to(0);
        domain.set(BoundChange::upper(1, 8.0), Reason::Guess);
        domain.rebase();
        domain.jump(None);
        assert_eq!(domain.upper(), [5.0, 8.0]);
    }
}

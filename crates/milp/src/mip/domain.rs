//! The box of a node: column bounds that only ever shrink, with a log that takes the changes back.

use std::sync::Arc;

/// Which bound of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Lower,
    Upper,
}

/// `x_var >= value` or `x_var <= value`.
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// The bound changes that lead from the root to a node, shared between all nodes below.
#[derive(Debug)]
pub(crate) struct Path {
    parent: Option<Arc<Path>>,
    changes: Vec<BoundChange>,
}

impl Path {
    /// The path that goes on from `parent` with `changes`; the parent itself when there are none.
    pub fn extend(parent: Option<&Arc<Self>>, changes: Vec<BoundChange>) -> Option<Arc<Self>> {
        if changes.is_empty() { parent.cloned() } else { Some(Arc::new(Self { parent: parent.cloned(), changes })) }
    }
}

/// Bounds of all n columns.
#[derive(Clone, Debug)]
pub(crate) struct Domain {
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// Changes since the base, each with the value it replaced.
    log: Vec<(BoundChange, f64)>,
}

impl Domain {
    pub fn new(lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { lower, upper, log: Vec::new() }
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
    pub fn set(&mut self, change: BoundChange) {
        let slot = match change.side {
            Side::Lower => &mut self.lower[change.var as usize],
            Side::Upper => &mut self.upper[change.var as usize],
        };
        self.log.push((change, *slot));
        *slot = change.value;
    }

    /// A point in the log to come back to.
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back every change after `mark`.
    pub fn undo_to(&mut self, mark: usize) {
        for (change, old) in self.log.drain(mark..).rev() {
            match change.side {
                Side::Lower => self.lower[change.var as usize] = old,
                Side::Upper => self.upper[change.var as usize] = old,
            }
        }
    }

    /// The changes after `mark`.
    pub fn changes_since(&self, mark: usize) -> impl Iterator<Item = BoundChange> + '_ {
        self.log[mark..].iter().map(|(change, _)| *change)
    }

    /// Makes the bounds as they are the base that nothing undoes.
    pub fn rebase(&mut self) {
        self.log.clear();
    }

    /// From the base to the node at the end of `path`. Order does not matter: every change only shrinks the box.
    pub fn jump(&mut self, path: Option<&Arc<Path>>) {
        self.undo_to(0);
        let mut link = path;
        while let Some(path) = link {
            for change in &path.changes {
                if self.is_news(change) {
                    self.set(*change);
                }
            }
            link = path.parent.as_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumping_and_undoing() {
        let mut domain = Domain::new(vec![0.0, 0.0], vec![5.0, 9.0]);
        let one = Path::extend(None, vec![BoundChange::lower(0, 1.0), BoundChange::upper(1, 7.0)]);
        let two = Path::extend(one.as_ref(), vec![BoundChange::lower(0, 2.0)]);
        let other = Path::extend(one.as_ref(), vec![BoundChange::upper(0, 1.0)]);
        domain.jump(two.as_ref());
        assert_eq!((domain.lower(), domain.upper()), (&[2.0, 0.0][..], &[5.0, 7.0][..]));
        domain.jump(other.as_ref());
        assert_eq!((domain.lower(), domain.upper()), (&[1.0, 0.0][..], &[1.0, 7.0][..]));
        assert!(domain.is_fixed(0) && !domain.is_fixed(1));
        let mark = domain.mark();
        domain.set(BoundChange::upper(1, 3.0));
        domain.undo_to(mark);
        assert_eq!(domain.upper(), [1.0, 7.0]);
        domain.undo_to(0);
        domain.set(BoundChange::upper(1, 8.0));
        domain.rebase();
        domain.jump(None);
        assert_eq!(domain.upper(), [5.0, 8.0]);
    }
}

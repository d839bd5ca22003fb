//! Which points stand together.

use serde::{Deserialize, Serialize};

/// A partition of the points 0..m into parts that are never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Partition {
    members: Vec<Vec<usize>>,
    of_point: Vec<usize>,
}

impl Partition {
    /// All points in one part.
    pub(super) fn one(points: usize) -> Self {
        Self { members: vec![(0..points).collect()], of_point: vec![0; points] }
    }

    /// Number of parts.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The points of part `p`, ascending.
    pub(super) fn members(&self, p: usize) -> &[usize] {
        &self.members[p]
    }

    /// The part of each point.
    pub(super) fn of_point(&self) -> &[usize] {
        &self.of_point
    }

    /// Whether every part is a single point.
    pub(super) fn is_discrete(&self) -> bool {
        self.members.len() == self.of_point.len()
    }

    /// Makes the members of part `p` where `leaves` is true (one entry a member) a new part, the last. A split that
    /// would leave one side empty divides the part in halves instead. The part has two points at least.
    pub(super) fn split(&mut self, p: usize, leaves: &[bool]) {
        let members = std::mem::take(&mut self.members[p]);
        let lopsided = leaves.iter().all(|&l| l) || !leaves.contains(&true);
        let half = members.len() / 2;
        let leaving = |at: usize| if lopsided { at >= half } else { leaves[at] };
        let new = self.members.len();
        let (mut stay, mut leave) = (vec![], vec![]);
        for (at, point) in members.into_iter().enumerate() {
            if leaving(at) {
                self.of_point[point] = new;
                leave.push(point);
            } else {
                stay.push(point);
            }
        }
        self.members[p] = stay;
        self.members.push(leave);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_refines() {
        let mut partition = Partition::one(5);
        partition.split(0, &[false, true, false, true, true]);
        assert_eq!(partition.of_point(), [0, 1, 0, 1, 1]);
        partition.split(1, &[false, false, false]);
        assert_eq!((partition.members(1), partition.members(2)), (&[1][..], &[3, 4][..]), "halves, not an empty part");
        partition.split(0, &[true, false]);
        assert!(!partition.is_discrete());
        partition.split(2, &[true, true]);
        assert!(partition.is_discrete());
    }
}

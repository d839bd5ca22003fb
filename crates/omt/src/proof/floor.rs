//! What conflicting labels force where the objective counts rows: zero-one loss and three or more classes.
//!
//! At a part the outputs are right for one class at most. Let its classes 1, .., k have falling numbers of rows n_1 >= .. >= n_k.
//! Two clauses of the formula add up to e_1 + e_2 >= 1 (if the outputs are those of class 1, they are not those of class 2), and so
//! for every pair. A_j, e_1 + .. + e_j >= j - 1, is (j - 2) A_(j-1) and the pairs of j with all before it, divided by j - 1. The sum
//! of the (n_j - n_(j+1)) A_j, and of (n_1 - n_2) e_1 >= 0, says that the part costs n_2 + .. + n_k at least. With other losses the
//! least that a part costs is the offset of the formula, and nothing has to be proven.

use super::names::Name;
use super::steps::Steps;
use super::structure::Structure;
use std::fmt::{Display, Write as _};
use std::io::Write;

/// The classes of a part, most rows first: each by its place in the objective and its rows.
type Classes = Vec<(usize, u64)>;

impl Structure<'_> {
    /// The least objective, by the labels of each part alone.
    pub(crate) fn floor(&self) -> u64 {
        self.classes_of_parts().iter().flat_map(|classes| &classes[1..]).map(|&(_, rows)| rows).sum()
    }

    /// Derives that the objective is at least [`Structure::floor`], if that is not 0, as the constraint `label`.
    pub(crate) fn prove_floor(&self, steps: &mut Steps<impl Write>, label: &str) {
        let mut sum = Sum::default();
        for (part, classes) in self.classes_of_parts().iter().enumerate() {
            let rows = |at: usize| classes.get(at).map_or(0, |&(_, rows)| rows);
            for last in 1..classes.len() {
                let mut all = Sum::default();
                if last > 1 {
                    all.add(format_args!("@right{part}_{}", last - 1), last as u64 - 1);
                }
                for before in &classes[..last] {
                    let [one, other] = self.not_both(before.0, classes[last].0);
                    all.add(one, 1);
                    all.add(other, 1);
                }
                steps.step(format_args!("@right{part}_{last} pol{} {last} d", all.0));
                sum.add(format_args!("@right{part}_{last}"), rows(last) - rows(last + 1));
            }
            sum.add(self.objective[classes[0].0].1, rows(0) - rows(1));
        }
        steps.step(format_args!("@{label} pol{}", sum.0));
    }

    /// The classes of each part that has rows; none where the objective counts outputs.
    fn classes_of_parts(&self) -> Vec<Classes> {
        let mut parts: Vec<(usize, Classes)> = vec![];
        for (place, &(rows, literal)) in self.objective.iter().enumerate() {
            let Name::Wrong { part, .. } = literal.name else { return vec![] };
            match parts.last_mut().filter(|(last, _)| *last == part) {
                Some((_, classes)) => classes.push((place, rows)),
                None => parts.push((part, vec![(place, rows)])),
            }
        }
        parts.iter_mut().for_each(|(_, classes)| classes.sort_by_key(|&(_, rows)| std::cmp::Reverse(rows)));
        parts.into_iter().map(|(_, classes)| classes).collect()
    }

    /// The numbers of two clauses of the formula whose sum says that the outputs at a part are wrong for one of two classes, which
    /// are given by their places in the objective.
    fn not_both(&self, one: usize, other: usize) -> [u64; 2] {
        let Name::Wrong { class, .. } = self.objective[one].1.name else { unreachable!("errors of classes alone") };
        [one, other].map(|place| self.error_clause(place, class))
    }
}

/// A sum in reverse Polish notation.
#[derive(Default)]
struct Sum(String);

impl Sum {
    fn add(&mut self, term: impl Display, times: u64) {
        let plus = if self.0.is_empty() { "" } else { " +" };
        let written = match times {
            0 => Ok(()),
            1 => write!(self.0, " {term}{plus}"),
            _ => write!(self.0, " {term} {times} *{plus}"),
        };
        debug_assert!(written.is_ok(), "strings take all text");
    }
}

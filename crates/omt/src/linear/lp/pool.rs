//! All clauses known: cores that were proven, valid at every node.

use super::simplex::{Literal, Simplex};
use crate::linear::parameters::Parameters;
use crate::tolerances::COVER_SLACK;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A clause: ascending literals.
pub(super) type Clause = Box<[Literal]>;

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Pool {
    clauses: Vec<Clause>,
    seen: BTreeSet<Clause>,
    /// Whether the program has it.
    used: Vec<bool>,
}

impl Pool {
    pub(super) fn clause(&self, number: usize) -> &[Literal] {
        &self.clauses[number]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter()
    }

    /// Takes a clause; its number if it is new.
    pub(super) fn insert(&mut self, clause: Clause) -> Option<usize> {
        if !self.seen.insert(clause.clone()) {
            return None;
        }
        self.clauses.push(clause);
        self.used.push(false);
        Some(self.clauses.len() - 1)
    }

    /// Puts a clause into the program.
    pub(super) fn employ(&mut self, number: usize, simplex: &mut Simplex) {
        self.used[number] = true;
        simplex.add(&self.clauses[number], number);
    }

    /// Puts the most violated clauses into the program; how many.
    pub(super) fn employ_violated(&mut self, simplex: &mut Simplex, parameters: &Parameters) -> usize {
        let mut violated: Vec<(f64, usize)> = vec![];
        for (number, clause) in self.clauses.iter().enumerate().filter(|(number, _)| !self.used[*number]) {
            simplex.work += clause.len() as u64;
            let missing = 1.0 - value(clause, &simplex.x);
            if missing > parameters.clause_violation {
                violated.push((missing, number));
            }
        }
        violated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        violated.truncate(parameters.clauses_at_once);
        violated.iter().for_each(|&(_, number)| self.employ(number, simplex));
        violated.len()
    }

    /// Keeps program and pool small: of too many clauses the older half of those goes that are not in use.
    pub(super) fn tidy(&mut self, simplex: &mut Simplex, parameters: &Parameters) {
        let most = parameters.cores_kept;
        if simplex.rows.len() > parameters.program_rows {
            simplex.drop_slack(COVER_SLACK).into_iter().for_each(|number| self.used[number] = false);
        }
        if self.clauses.len() > most {
            let first = self.clauses.len() - most / 2;
            let mut renamed = vec![usize::MAX; self.clauses.len()];
            let (clauses, used) = (std::mem::take(&mut self.clauses), std::mem::take(&mut self.used));
            for (number, (clause, used)) in clauses.into_iter().zip(used).enumerate() {
                if used || number >= first {
                    renamed[number] = self.clauses.len();
                    self.clauses.push(clause);
                    self.used.push(used);
                }
            }
            self.seen = self.clauses.iter().cloned().collect();
            simplex.rows.iter_mut().for_each(|row| row.number = renamed[row.number]);
        }
    }
}

/// The sum of the literals' values.
pub(super) fn value(clause: &[Literal], x: &[f64]) -> f64 {
    clause.iter().map(|&l| if l & 1 == 0 { x[(l >> 1) as usize] } else { 1.0 - x[(l >> 1) as usize] }).sum()
}

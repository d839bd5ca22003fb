//! Truth tables of neurons above a wide layer, written as far as patterns occur.

use crate::search::{Lit, Solver};
use crate::theory::Geometry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The neurons of one layer whose inputs are too many for a whole truth table.
///
/// A pattern of the layer below gets its variables, and the clauses that tie them to every part, when a solution first
/// shows it. Until then the formula says less than it should: what it refutes is refuted, but a solution counts only
/// once [`LazyTable::extend`] finds nothing new in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LazyTable {
    /// Index of the layer's geometry, whose sites are the patterns in the order of their coming.
    pub layer: usize,
    /// Literals of the layer below and of this one, `[part][neuron]`.
    below: Vec<Vec<Lit>>,
    above: Vec<Vec<Lit>>,
    #[serde(with = "budget::checkpoint::shared")]
    geometry: Arc<Geometry>,
    /// Whether firing and silence are variables of their own (with a margin).
    split: bool,
    known: BTreeSet<Vec<bool>>,
}

impl LazyTable {
    /// The table with the patterns `geometry` has, whose variables and clauses the formula holds already.
    pub(super) fn new(
        layer: usize,
        geometry: Arc<Geometry>,
        split: bool,
        below: Vec<Vec<Lit>>,
        above: Vec<Vec<Lit>>,
    ) -> Self {
        let known = (0..geometry.sites()).map(|site| geometry.pattern(site)).collect();
        Self { layer, below, above, geometry, split, known }
    }

    /// Adds the patterns that the solver's solution shows for the first time; false if there is none. Otherwise the
    /// solution is gone.
    pub fn extend(&mut self, solver: &mut Solver) -> bool {
        let shown = |row: &Vec<Lit>| row.iter().map(|&lit| solver.value(lit) == Some(true)).collect::<Vec<bool>>();
        let mut fresh: Vec<(Vec<bool>, Vec<bool>)> = Vec::new();
        for (lower, upper) in self.below.iter().zip(&self.above) {
            let pattern = shown(lower);
            if self.known.insert(pattern.clone()) {
                fresh.push((pattern, shown(upper)));
            }
        }
        if fresh.is_empty() {
            return false;
        }
        solver.backtrack(0);
        let mut geometry = Geometry::clone(&self.geometry);
        let width = self.above.first().map_or(0, Vec::len);
        let mut atoms = vec![Vec::with_capacity(fresh.len()); width];
        for (pattern, values) in &fresh {
            geometry.push_pattern(pattern);
            for (j, atoms) in atoms.iter_mut().enumerate() {
                let fires = solver.new_var();
                solver.set_phase(fires, values[j]);
                let fires = fires.is(true);
                let silent = if self.split {
                    let silent = solver.new_var();
                    solver.set_phase(silent, !values[j]);
                    solver.add_clause(&[!fires, !silent.is(true)]);
                    silent.is(true)
                } else {
                    !fires
                };
                atoms.push([Some(fires), Some(silent)]);
                for (lower, upper) in self.below.iter().zip(&self.above) {
                    for clause in links(lower, pattern, upper[j], fires, silent) {
                        solver.add_clause(&clause);
                    }
                }
            }
        }
        self.geometry = Arc::new(geometry);
        solver.grow_layer(self.layer, &self.geometry, &atoms);
        true
    }
}

/// "If the inputs `lower` show `pattern`, the neuron's literal `upper` is what the table's literals say."
pub(super) fn links(lower: &[Lit], pattern: &[bool], upper: Lit, fires: Lit, silent: Lit) -> [Vec<Lit>; 2] {
    let elsewhere = || lower.iter().zip(pattern).map(|(&lit, &on)| if on { !lit } else { lit });
    [elsewhere().chain([!upper, fires]).collect(), elsewhere().chain([upper, silent]).collect()]
}

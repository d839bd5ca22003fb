//! Counts true literals in unary, in the direction a lower bound needs.

use crate::search::{Lit, Share, Solver};
use serde::{Deserialize, Serialize};

/// Outputs o_1, o_2, ..: if at least k inputs are true, so is o_k. Written out only as far as asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Totalizer {
    inputs: Vec<Lit>,
    outputs: Vec<Lit>,
}

impl Totalizer {
    pub(super) fn new(inputs: Vec<Lit>) -> Self {
        Self { inputs, outputs: Vec::new() }
    }

    /// The literal "at least k inputs are true", or `None` if there are fewer inputs. When the outputs written out do
    /// not reach k, the tree is written anew, twice as far.
    pub(super) fn at_least(&mut self, k: usize, solver: &mut Solver) -> Option<Lit> {
        if k > self.inputs.len() {
            return None;
        }
        if self.outputs.len() < k {
            let most = (2 * k).min(self.inputs.len());
            self.outputs = merge(&self.inputs, most, solver);
        }
        Some(self.outputs[k - 1])
    }
}

/// The outputs of a subtree, at most `most`.
fn merge(inputs: &[Lit], most: usize, solver: &mut Solver) -> Vec<Lit> {
    if inputs.len() == 1 {
        return inputs.to_vec();
    }
    let (left, right) = inputs.split_at(inputs.len() / 2);
    let (of_left, of_right) = (merge(left, most, solver), merge(right, most, solver));
    let outputs: Vec<Lit> = (1..=most.min(inputs.len())).map(|k| solver.new_count(inputs, k)).collect();
    let share =
        |inputs, counts: &[Lit], least: usize| Share { inputs, least, count: least.checked_sub(1).map(|k| counts[k]) };
    for a in 0..=of_left.len() {
        for b in 0..=of_right.len() {
            let Some(&output) = (a + b).checked_sub(1).and_then(|k| outputs.get(k.min(outputs.len() - 1))) else {
                continue;
            };
            solver.add_sum(share(left, &of_left, a), share(right, &of_right, b), output);
        }
    }
    outputs
}

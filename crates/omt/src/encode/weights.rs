//! Whole weights as variables: "weight l is at least v", in order.

use crate::search::{Formula, Lit};
use crate::theory::Geometry;

/// Literals for the sites of a neuron's weights, if they are variables: a larger bound implies a smaller one. Tried false first, a variable makes
/// its weight small.
pub(super) fn order_weights(formula: &mut Formula, geometry: &Geometry, atoms: &mut [[Option<Lit>; 2]]) {
    for sites in geometry.weight_sites() {
        let middle = sites.len() / 2;
        let mut below: Option<Lit> = None;
        for (k, &site) in sites.iter().enumerate() {
            let at_least = formula.variable().is(k >= middle);
            atoms[site as usize] = [Some(at_least), Some(!at_least)];
            if let Some(below) = below.replace(at_least) {
                formula.clause([!at_least, below]);
            }
        }
    }
}

//! The output neuron as one fixed function of the hidden neurons, where a network has one hidden layer and one output.
//!
//! Whatever the weights of the output are, it computes a threshold function of the d hidden activations. Complementing hidden neurons (see
//! `symmetry`) makes it nondecreasing in all of them, permuting them sorts them by influence; one that it does not depend on might be constant, and
//! makes of a function of d inputs each function of fewer. So the best network of all is the best over the functions of [`Threshold::all`], 1, 2, 5, 17
//! or 92 for d = 1 to 5: each a model without products, in which the output is tied to the hidden neurons by clauses.
//!
//! With C_1 the sets of inputs of which each has one that fires iff the function does, and C_0 the sets of which each has one that rests iff it
//! does ([`Threshold::clauses`]),
//!
//! ```text
//! u_out <= sum_(j in S) u_j, S in C_1;      1 - u_out <= sum_(j in S) (1 - u_j), S in C_0,
//! ```
//!
//! of which a part has those that keep its output from what is cheaper, or from what limits on errors count.

use super::structure::Structure;
use crate::tolerances::MARGIN_SHARE;
use bdnn::threshold::MAX_INPUTS;
use bdnn::{Problem, Threshold, WeightDomain};
use milp::{Model, VarId};

/// The functions of which one is that of some optimal network; `None` where the output has to stay a neuron with weights:
///
/// * none or several hidden layers, one of more than [`MAX_INPUTS`] neurons, or several outputs, of which each would have a function and complements of its own;
/// * no biases, without which there are no complements;
/// * prices on weights, of which the output has its share;
/// * a margin that not all functions keep with ease. The integer weights of a function sum up to whole numbers, so between the least sum that
///   fires and the greatest that rests lies 1, which weights of [-1, 1] divide by the largest.
pub(crate) fn functions(problem: &Problem) -> Option<Vec<Threshold>> {
    let architecture = &problem.architecture;
    let [d @ 1..=MAX_INPUTS] = architecture.hidden[..] else { return None };
    let is_free = problem.l0 == 0.0 && problem.l1 == 0.0;
    if problem.points.is_empty() || architecture.outputs() != 1 || !architecture.bias || !is_free {
        return None;
    }
    let functions: Vec<Threshold> = Threshold::all(d).into_iter().filter(|f| f.fits(architecture.weights)).collect();
    let margin = |f: &Threshold| scale(architecture.weights, f);
    functions.iter().all(|f| problem.margin() <= MARGIN_SHARE * margin(f)).then_some(functions)
}

/// What the integer weights of a function are multiplied by to be in their domain.
pub(crate) fn scale(weights: WeightDomain, function: &Threshold) -> f64 {
    match weights {
        WeightDomain::Continuous => 1.0 / f64::from(function.weights[0]),
        WeightDomain::Integer(_) => 1.0,
    }
}

/// Adds the clauses.
pub(super) fn add(model: &mut Model, structure: &Structure, problem: &Problem, function: &Threshold) {
    let [hidden, output] = &structure.layers[..] else { return };
    let clauses = [false, true].map(|value| function.clauses(value));
    for p in 0..structure.parts {
        let u = output.activation(p, 0);
        let cost = model.variables[u.index()].cost;
        let counts = |class: usize| {
            structure.counts(p)[class] > 0 && problem.error_limits.iter().any(|limit| limit.class == class)
        };
        let inputs = |set: &[usize], sign: f64| -> Vec<(VarId, f64)> {
            set.iter().map(|&j| (hidden.activation(p, j), sign)).chain([(u, -sign)]).collect()
        };
        if cost < 0.0 || counts(1) {
            for (k, set) in clauses[1].iter().enumerate() {
                model.add_row(format!("on_{p}_{k}"), 0.0, f64::INFINITY, inputs(set, 1.0));
            }
        }
        if cost > 0.0 || counts(0) {
            for (k, set) in clauses[0].iter().enumerate() {
                model.add_row(format!("off_{p}_{k}"), 1.0 - set.len() as f64, f64::INFINITY, inputs(set, -1.0));
            }
        }
    }
}

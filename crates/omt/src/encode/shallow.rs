//! One formula per output function: networks with at most one hidden layer and two classes.

use super::sites::Sites;
use super::symmetry::{Order, lexicographic};
use super::weights::order_weights;
use super::{Encoding, MAX_INPUTS, Threshold};
use crate::search::{Formula, Lit, Neuron};
use crate::theory::Geometry;
use bdnn::{Problem, WeightDomain};
use std::sync::Arc;

/// The output functions to try, if the problem is of this kind: a linear classifier is the identity of one neuron; a
/// hidden layer needs neurons that may be complemented (ideal semantics with biases). Where features have directions, complements of the neurons that do
/// not follow them make all weights of the output positive, so that the others are not needed.
#[must_use]
pub fn cases(problem: &Problem) -> Option<Vec<Threshold>> {
    if problem.architecture.classes != 2 {
        return None;
    }
    match problem.architecture.hidden[..] {
        [] => Some(Threshold::all(1)),
        [d] if d <= MAX_INPUTS && complements(problem) => {
            Some(Threshold::all(d).into_iter().filter(|f| f.fits(problem.architecture.weights)).collect())
        }
        _ => None,
    }
}

/// Whether a network is as good with positive weights of its output.
fn complements(problem: &Problem) -> bool {
    let directed = !problem.restrictions.monotone.is_empty() && problem.architecture.bias;
    problem.epsilon.is_none() && (turns(problem) || directed)
}

/// Whether every neuron of the first layer, turned round, is one, where no margin is asked for: as [`Geometry::closed_under_complement`] says,
/// without a geometry.
#[must_use]
pub fn turns(problem: &Problem) -> bool {
    let whole = matches!(problem.architecture.weights, WeightDomain::Integer(_));
    problem.architecture.bias && (whole || problem.restrictions.monotone.is_empty())
}

/// The formula of one output function: at part i, either the penalty `e[i]` is paid or the neurons' literals `u[i][j]`
/// make the function take the preferred class. With `labels` the penalty is paid only where the function does not take it, and the output is
/// decided at parts that have no preference as well.
#[must_use]
pub fn shallow(sites: &Sites, geometry: &Arc<Geometry>, output: Threshold, order: Order, labels: bool) -> Encoding {
    let d = output.inputs();
    let mut formula = Formula { layers: vec![geometry.clone()], ..Formula::default() };
    let mut neurons = vec![Neuron { layer: 0, atoms: vec![[None, None]; geometry.sites()] }; d];
    let mut first_layer: Vec<Vec<Option<Lit>>> = vec![Vec::new(); sites.len()];
    let mut penalties = vec![Vec::new(); sites.len()];
    let mut outputs = vec![Vec::new(); if labels { sites.len() } else { 0 }];
    let clauses = [output.clauses(false), output.clauses(true)];
    for part in 0..sites.len() {
        let (class, weight, floor) = sites.preference(part);
        formula.offset += floor;
        if weight == 0 && !sites.all_decided && !labels {
            first_layer[part] = vec![None; d];
            continue;
        }
        let literals: Vec<Lit> = (0..d).map(|_| formula.variable().is(true)).collect();
        for (j, &lit) in literals.iter().enumerate() {
            for &point in &sites.points[part] {
                neurons[j].atoms[point as usize] = [Some(lit), Some(!lit)];
            }
        }
        if weight > 0 || labels {
            let penalty = formula.variable().is(true);
            if weight > 0 {
                formula.objective.push((penalty, weight));
                penalties[part].push(penalty);
            }
            for value in [class, !class].into_iter().take(1 + usize::from(labels)) {
                let other = if value == class { penalty } else { !penalty };
                for set in &clauses[usize::from(value)] {
                    let taken = set.iter().map(|&j| if value { literals[j] } else { !literals[j] });
                    formula.clause(std::iter::once(other).chain(taken));
                }
            }
            if labels {
                outputs[part].push(if class { !penalty } else { penalty });
            }
        }
        first_layer[part] = literals.into_iter().map(Some).collect();
    }
    let (pairs, rows) = match order {
        Order::Full => (1..d, usize::MAX),
        Order::LastPair { rows } => (d.max(2) - 1..d, rows),
    };
    for j in pairs {
        if output.symmetric(j - 1, j) {
            let column = |j: usize| -> Vec<Lit> { first_layer.iter().filter_map(|u| u[j]).take(rows).collect() };
            lexicographic(&mut formula, &column(j - 1), &column(j));
        }
    }
    neurons.iter_mut().for_each(|neuron| order_weights(&mut formula, geometry, &mut neuron.atoms));
    formula.neurons = neurons;
    Encoding { formula, output: Some(output), first_layer, penalties, outputs, lazy: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Direction, Loss, Monotone, Norm, Points, Robust, Scaler};

    /// What is said without a geometry is what geometries say, of every kind of problem.
    #[test]
    fn turning_round_is_what_the_geometry_says() {
        let kinds = [WeightDomain::Continuous, WeightDomain::Integer(1), WeightDomain::Integer(40)];
        for (weights, bias) in kinds.into_iter().flat_map(|weights| [(weights, false), (weights, true)]) {
            for (ball, directed) in [(false, false), (true, false), (false, true), (true, true)] {
                let points = Points::merge(2, 2, &[0.0, 1.0, 2.0, 0.5, 1.0, 3.0], &[0, 1, 0], Scaler::identity(2));
                let architecture = Architecture { inputs: 2, hidden: vec![2], classes: 2, bias, weights };
                let mut problem = Problem::new(points, architecture, Loss::Hamming);
                problem.robust = ball.then_some(Robust { norm: Norm::Linf, radius: 0.25 });
                if directed && weights == WeightDomain::Continuous {
                    problem.restrictions.monotone = vec![Monotone { feature: 0, direction: Direction::Nonincreasing }];
                }
                let geometry = Geometry::first_layer(&problem);
                assert_eq!(turns(&problem), geometry.closed_under_complement(), "{problem:?}");
                let unlisted = Geometry::first_layer_as(&problem, false, &bdnn::budget::never).expect("no stop");
                assert_eq!(turns(&problem), unlisted.closed_under_complement(), "{problem:?}");
            }
        }
    }
}

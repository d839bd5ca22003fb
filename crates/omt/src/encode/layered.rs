//! Any depth, width and number of classes: later layers as truth tables over the patterns below.

use super::Encoding;
use super::lazy::{LazyTable, links};
use super::sites::Sites;
use super::symmetry::{Order, lexicographic};
use super::weights::order_weights;
use crate::search::{Formula, Lit, Neuron};
use crate::theory::Geometry;
use bdnn::{Loss, Problem, Stop};
use std::sync::Arc;

/// Widest layer whose truth tables are written out at once (2^6 patterns).
pub const MAX_TABLE: usize = 6;

/// The formula of a network: `u[i][k][j]` for parts and neurons, `T[k][j][p]` for later layers and patterns p, and
/// `u[i][k-1] = p` implies `u[i][k][j] = T[k][j][p]`.
///
/// With a margin, a neuron need not take a side at patterns that do not occur, so a truth table entry is then two
/// variables, "fires at p" and "is silent at p", of which at most one may hold and each asserts its own side.
///
/// Above a layer wider than `widest_table` ([`MAX_TABLE`]) only the two constant patterns are there at first: see
/// [`LazyTable`]. Whole weights of later layers are listed if that is affordable and `listed`. `None` once `stop` says so.
#[must_use]
pub fn layered(
    problem: &Problem,
    sites: &Sites,
    geometry: &Arc<Geometry>,
    (widest_table, listed): (usize, bool),
    order: Order,
    stop: &Stop<'_>,
) -> Option<Encoding> {
    let architecture = &problem.architecture;
    let widths = architecture.widths();
    let parts = sites.len();
    let mut formula = Formula { layers: vec![geometry.clone()], ..Formula::default() };
    let mut below: Vec<Vec<Lit>> = Vec::new();
    let mut lazy = Vec::new();
    let mut first_layer = Vec::new();
    for k in 1..widths.len() {
        let above: Vec<Vec<Lit>> =
            (0..parts).map(|_| (0..widths[k]).map(|_| formula.variable().is(true)).collect()).collect();
        if k == 1 {
            for j in 0..widths[1] {
                let mut atoms = vec![[None, None]; geometry.sites()];
                for (points, row) in sites.points.iter().zip(&above) {
                    points.iter().for_each(|&point| atoms[point as usize] = [Some(row[j]), Some(!row[j])]);
                }
                order_weights(&mut formula, geometry, &mut atoms);
                formula.neurons.push(Neuron { layer: 0, atoms });
            }
            first_layer = above.iter().map(|row| row.iter().map(|&l| Some(l)).collect()).collect();
        } else {
            let whole = widths[k - 1] <= widest_table;
            let patterns = initial_patterns(widths[k - 1], whole);
            let geometry = Arc::new(Geometry::later_layer(problem, k - 1, &patterns, listed, stop)?);
            tables(&mut formula, geometry, &patterns, problem.epsilon.is_some(), (&below, &above), stop)?;
            if !whole {
                let layer = formula.layers.len() - 1;
                let geometry = formula.layers[layer].clone();
                lazy.push(LazyTable::new(layer, geometry, problem.epsilon.is_some(), below, above.clone()));
            }
        }
        if k + 1 < widths.len() && order == Order::Full {
            break_symmetry(&mut formula, &above, geometry.closed_under_complement() && problem.epsilon.is_none());
        }
        below = above;
    }
    let mut penalties = vec![Vec::new(); parts];
    for part in 0..parts {
        losses(problem, &mut formula, &sites.counts[part], &below[part], &mut penalties[part]);
    }
    Some(Encoding { formula, output: None, first_layer, penalties, outputs: below, lazy })
}

/// All 0/1 vectors of this length, or the two constant ones.
fn initial_patterns(inputs: usize, all: bool) -> Vec<Vec<bool>> {
    if all {
        (0..1_usize << inputs).map(|p| (0..inputs).map(|j| p >> j & 1 == 1).collect()).collect()
    } else {
        vec![vec![false; inputs], vec![true; inputs]]
    }
}

/// Truth tables of one layer at these patterns, and their link to the literals below and above, `[part][neuron]`.
/// `split`: firing and silence are variables of their own.
fn tables(
    formula: &mut Formula,
    geometry: Arc<Geometry>,
    patterns: &[Vec<bool>],
    split: bool,
    (below, above): (&[Vec<Lit>], &[Vec<Lit>]),
    stop: &Stop<'_>,
) -> Option<()> {
    let layer = formula.layers.len();
    formula.layers.push(geometry.clone());
    for j in 0..above.first().map_or(0, Vec::len) {
        let mut atoms = Vec::with_capacity(geometry.sites());
        for pattern in patterns {
            if stop() {
                return None;
            }
            let fires = formula.variable().is(true);
            let silent = if split {
                let silent = formula.variable().is(true);
                formula.clause([!fires, !silent]);
                silent
            } else {
                !fires
            };
            atoms.push([Some(fires), Some(silent)]);
            for (lower, upper) in below.iter().zip(above) {
                links(lower, pattern, upper[j], fires, silent).into_iter().for_each(|clause| formula.clause(clause));
            }
        }
        atoms.resize(geometry.sites(), [None, None]);
        order_weights(formula, &geometry, &mut atoms);
        formula.neurons.push(Neuron { layer, atoms });
    }
    Some(())
}

/// Orders the neurons of a hidden layer by their columns; where neurons may be complemented, all fire at part 0.
/// Complementing or exchanging neurons of one hidden layer changes no other hidden layer's columns, so all layers may
/// do so at once.
fn break_symmetry(formula: &mut Formula, rows: &[Vec<Lit>], complement: bool) {
    let Some(first) = rows.first() else { return };
    if complement {
        for &lit in first {
            formula.clause([lit]);
        }
    }
    for j in 1..first.len() {
        let column = |j: usize| -> Vec<Lit> { rows.iter().map(|row| row[j]).collect() };
        lexicographic(formula, &column(j - 1), &column(j));
    }
}

/// Penalties of one part with these rows a class and these output literals.
fn losses(problem: &Problem, formula: &mut Formula, counts: &[u64], outputs: &[Lit], penalties: &mut Vec<Lit>) {
    let total: u64 = counts.iter().sum();
    if problem.loss == Loss::ZeroOne && counts.len() > 2 {
        // Rows of class c are right iff the output is its one-hot vector.
        for (class, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let wrong = formula.variable().is(true);
            formula.objective.push((wrong, count));
            penalties.push(wrong);
            for (c, &output) in outputs.iter().enumerate() {
                formula.clause([wrong, if c == class { output } else { !output }]);
            }
        }
        return;
    }
    for (j, &output) in outputs.iter().enumerate() {
        let ones = counts[if counts.len() == 2 { 1 } else { j }];
        let zeros = total - ones;
        formula.offset += ones.min(zeros);
        if ones != zeros {
            let penalty = if ones > zeros { !output } else { output };
            formula.objective.push((penalty, ones.abs_diff(zeros)));
            penalties.push(penalty);
        }
    }
}

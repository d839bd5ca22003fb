//! Floating-point simplex over the ball: what the neurons shall do comes and goes, the tableau stays.
//!
//! The variables are the moves delta_k (for the l1 ball their positive and negative parts) in units of the radius, and one
//! linear form s_j = w_j'delta a neuron (for the l1 ball one more, the sum of the parts), each divided by the most that its
//! pre-activation can be. So all tolerances are absolute. Everything this says is a guess.

use crate::tolerances::BALL_SLACK;
use crate::{Norm, Robust, Stop};
use numerics::tableau::{Outcome, Tableau};

/// What the simplex thinks of the asserted bounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Guess {
    /// These moves satisfy them.
    Feasible(Vec<f64>),
    /// Multipliers of rows (neuron, mu) that refute them.
    Infeasible(Vec<(usize, f64)>),
    /// Too many pivots, or no time.
    Unknown,
}

/// The activations asked of some neurons within a ball.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    features: usize,
    ball: Robust,
    matrix: Vec<f64>,
    /// Columns of the matrix: the first variables of the tableau; then the neurons.
    columns: usize,
    /// Pre-activation at the centre, and what forms are divided by: |a| + r ||w||_1.
    centre: Vec<f64>,
    scale: Vec<f64>,
    tableau: Tableau,
}

impl Asked {
    /// For neurons with the weights `rows` (each of length n) and the pre-activations `centre` at the ball's centre.
    pub(super) fn new(rows: &[&[f64]], centre: Vec<f64>, ball: Robust) -> Self {
        let features = rows.first().map_or(0, |row| row.len());
        let by_parts = ball.norm == Norm::L1;
        let columns = if by_parts { 2 * features } else { features };
        let most = |(row, a): (&&[f64], &f64)| a.abs() + ball.radius * row.iter().map(|w| w.abs()).sum::<f64>();
        let scale: Vec<f64> =
            rows.iter().zip(&centre).map(most).map(|most| if most > 0.0 { most } else { 1.0 }).collect();
        let mut matrix = Vec::with_capacity((rows.len() + 1) * columns);
        for (row, scale) in rows.iter().zip(&scale) {
            let unit = ball.radius / scale;
            matrix.extend(row.iter().map(|w| w * unit));
            if by_parts {
                matrix.extend(row.iter().map(|w| -w * unit));
            }
        }
        let mut lower = vec![if by_parts { 0.0 } else { -1.0 }; columns];
        let mut upper = vec![1.0; columns];
        lower.resize(columns + rows.len(), f64::NEG_INFINITY);
        upper.resize(columns + rows.len(), f64::INFINITY);
        if by_parts {
            matrix.extend(vec![1.0; columns]);
            lower.push(f64::NEG_INFINITY);
            upper.push(1.0);
        }
        // A quarter of the slack; moves are clamped afterwards, which costs a form no more than another quarter.
        let tableau = Tableau::new(&matrix, columns, lower, upper, 0.25 * BALL_SLACK);
        Self { features, ball, matrix, columns, centre, scale, tableau }
    }

    /// The current bounds of neuron `j`, to be restored.
    pub(super) fn bounds(&self, j: usize) -> (f64, f64) {
        self.tableau.bounds(self.columns + j)
    }

    /// Makes neuron `j` fire or rest.
    pub(super) fn assert(&mut self, j: usize, fires: bool) {
        let (low, high) = self.bounds(j);
        let at = -self.centre[j] / self.scale[j];
        let (low, high) = if fires { (at + BALL_SLACK, high) } else { (low, at - BALL_SLACK) };
        self.tableau.bound(self.columns + j, low, high);
    }

    /// Restores the bounds of neuron `j`.
    pub(super) fn restore(&mut self, j: usize, bounds: (f64, f64)) {
        self.tableau.bound(self.columns + j, bounds.0, bounds.1);
    }

    /// Starts over from the first basis, keeping what is asked: gets rid of accumulated rounding.
    pub(super) fn refresh(&mut self) {
        self.tableau.reset(&self.matrix);
    }

    /// Looks for moves with all that is asked.
    pub(super) fn check(&mut self, stop: &Stop<'_>) -> Guess {
        match self.tableau.check(&self.matrix, stop) {
            Outcome::Feasible => Guess::Feasible(self.moves()),
            Outcome::Infeasible { row, below } => Guess::Infeasible(self.multipliers(row, below)),
            Outcome::Unknown | Outcome::Stopped => Guess::Unknown,
        }
    }

    /// The neurons that keep the variable of `row` from rising (or falling), with their multipliers.
    fn multipliers(&self, row: usize, up: bool) -> Vec<(usize, f64)> {
        let towards = if up { 1.0 } else { -1.0 };
        let neuron = |var: usize| var.checked_sub(self.columns).filter(|&j| j < self.scale.len());
        let own = (self.tableau.basic()[row] as usize, -1.0);
        let terms = [own].into_iter().chain(self.tableau.terms(row));
        terms.filter_map(|(var, entry)| neuron(var).map(|j| (j, -towards * entry / self.scale[j]))).collect()
    }

    /// The moves of the current values, clamped to the cube of the ball.
    fn moves(&self) -> Vec<f64> {
        let value = self.tableau.values();
        let move_of = |unit: f64| unit.clamp(-1.0, 1.0) * self.ball.radius;
        match self.ball.norm {
            Norm::Linf => value[..self.features].iter().map(|&d| move_of(d)).collect(),
            Norm::L1 => (0..self.features).map(|k| move_of(value[k] - value[self.features + k])).collect(),
        }
    }
}

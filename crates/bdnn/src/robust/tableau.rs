//! Floating-point simplex over the ball: bounds on neurons' pre-activations come and go, the tableau stays.
//!
//! The variables are the moves delta_k (for the l1 ball their positive and negative parts) and one row variable
//! s_j = w_j'delta a neuron (for the l1 ball one more, the sum of the parts). Everything this says is a guess.

use crate::tolerances::{BALL_PIVOT, BALL_PIVOTS_A_ROW, BALL_SLACK};
use crate::{Norm, Robust};

/// What the simplex thinks of the asserted bounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Guess {
    /// These moves satisfy them.
    Feasible(Vec<f64>),
    /// Multipliers of rows (neuron, mu) that refute them.
    Infeasible(Vec<(usize, f64)>),
    /// Too many pivots.
    Unknown,
}

/// Dense tableau: x_basic = T x_nonbasic.
#[derive(Clone, Debug)]
pub(super) struct Tableau {
    features: usize,
    ball: Robust,
    /// Pre-activation at the centre and |..| scale of each row neuron.
    centre: Vec<f64>,
    slack: Vec<f64>,
    fresh: Vec<f64>,
    entries: Vec<f64>,
    /// Variable of each row and of each column. Moves come first, then row variables.
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
    value: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
}

impl Tableau {
    /// For neurons with the weights `rows` (each of length n) and the pre-activations `centre` at the ball's centre.
    pub(super) fn new(rows: &[&[f64]], centre: Vec<f64>, ball: Robust) -> Self {
        let features = rows.first().map_or(0, |row| row.len());
        let by_parts = ball.norm == Norm::L1;
        let columns = if by_parts { 2 * features } else { features };
        let mut fresh = Vec::with_capacity((rows.len() + 1) * columns);
        for row in rows {
            fresh.extend_from_slice(row);
            if by_parts {
                fresh.extend(row.iter().map(|w| -w));
            }
        }
        let mut low = vec![if by_parts { 0.0 } else { -ball.radius }; columns];
        let mut high = vec![ball.radius; columns];
        low.extend(vec![f64::NEG_INFINITY; rows.len()]);
        high.extend(vec![f64::INFINITY; rows.len()]);
        let mut count = rows.len();
        if by_parts {
            fresh.extend(vec![1.0; columns]);
            low.push(f64::NEG_INFINITY);
            high.push(ball.radius);
            count += 1;
        }
        let slack = rows
            .iter()
            .zip(&centre)
            .map(|(row, a)| BALL_SLACK * (a.abs() + ball.radius * row.iter().map(|w| w.abs()).sum::<f64>()))
            .collect();
        Self {
            features,
            ball,
            centre,
            slack,
            entries: fresh.clone(),
            fresh,
            basic: (columns..columns + count).collect(),
            nonbasic: (0..columns).collect(),
            value: vec![0.0; columns + count],
            low,
            high,
        }
    }

    fn columns(&self) -> usize {
        self.nonbasic.len()
    }

    /// The current bounds of neuron `j`, to be restored.
    pub(super) fn bounds(&self, j: usize) -> (f64, f64) {
        let var = self.columns() + j;
        (self.low[var], self.high[var])
    }

    /// Makes neuron `j` fire or rest.
    pub(super) fn assert(&mut self, j: usize, fires: bool) {
        let var = self.columns() + j;
        if fires {
            self.low[var] = self.slack[j] - self.centre[j];
        } else {
            self.high[var] = -self.slack[j] - self.centre[j];
        }
        if let Some(column) = self.nonbasic.iter().position(|&nonbasic| nonbasic == var) {
            let inside = self.value[var].max(self.low[var]).min(self.high[var]);
            self.shift(column, inside - self.value[var]);
        }
    }

    /// Restores the bounds of neuron `j`.
    pub(super) fn restore(&mut self, j: usize, bounds: (f64, f64)) {
        let var = self.columns() + j;
        (self.low[var], self.high[var]) = bounds;
    }

    /// Starts over from the first basis, keeping the bounds: gets rid of accumulated rounding.
    pub(super) fn refresh(&mut self) {
        let columns = self.columns();
        self.entries.clone_from(&self.fresh);
        self.basic = (columns..columns + self.basic.len()).collect();
        self.nonbasic = (0..columns).collect();
        self.value.iter_mut().for_each(|value| *value = 0.0);
    }

    /// Looks for moves within all bounds.
    pub(super) fn check(&mut self) -> Guess {
        let limit = BALL_PIVOTS_A_ROW * (self.basic.len() + self.columns());
        for pivots in 0..limit {
            // Bland's rule in the second half ends what the largest violation may cycle in.
            let Some((row, target)) = self.violated(2 * pivots > limit) else { return Guess::Feasible(self.moves()) };
            let up = target > self.value[self.basic[row]];
            match self.entering(row, up, 2 * pivots > limit) {
                Some(column) => self.pivot(row, column, target),
                None => return Guess::Infeasible(self.multipliers(row, up)),
            }
        }
        Guess::Unknown
    }

    /// A basic variable outside its bounds, and the bound to move it to.
    fn violated(&self, first: bool) -> Option<(usize, f64)> {
        let mut found: Option<(usize, f64, f64)> = None;
        for (row, &var) in self.basic.iter().enumerate() {
            let (value, low, high) = (self.value[var], self.low[var], self.high[var]);
            let target = if value < low { low } else { high };
            let by = (low - value).max(value - high);
            if by > self.allowed(var) && found.is_none_or(|(_, _, most)| by > most) {
                found = Some((row, target, by));
                if first {
                    break;
                }
            }
        }
        found.map(|(row, target, _)| (row, target))
    }

    /// A quarter of a row's slack; moves are clamped afterwards, which costs a row no more than another quarter.
    fn allowed(&self, var: usize) -> f64 {
        let slack = var.checked_sub(self.columns()).and_then(|j| self.slack.get(j));
        0.25 * slack.copied().unwrap_or(BALL_SLACK * self.ball.radius)
    }

    /// A column that can move the row's variable up (or down) within its own bounds.
    fn entering(&self, row: usize, up: bool, first: bool) -> Option<usize> {
        let columns = self.columns();
        let entries = &self.entries[row * columns..(row + 1) * columns];
        let mut best: Option<(usize, f64)> = None;
        for (column, &entry) in entries.iter().enumerate() {
            let var = self.nonbasic[column];
            let rises = (entry > 0.0) == up;
            let room = if rises { self.value[var] < self.high[var] } else { self.value[var] > self.low[var] };
            if entry.abs() > BALL_PIVOT && room && best.is_none_or(|(_, most)| entry.abs() > most) {
                best = Some((column, entry.abs()));
                if first {
                    break;
                }
            }
        }
        best.map(|(column, _)| column)
    }

    /// Adds `by` to the nonbasic variable of `column`.
    fn shift(&mut self, column: usize, by: f64) {
        if by == 0.0 {
            return;
        }
        let columns = self.columns();
        self.value[self.nonbasic[column]] += by;
        for (row, &var) in self.basic.iter().enumerate() {
            self.value[var] += self.entries[row * columns + column] * by;
        }
    }

    /// Brings the row's variable to `target` by moving the column's, and exchanges the two.
    fn pivot(&mut self, row: usize, column: usize, target: f64) {
        let columns = self.columns();
        let entry = self.entries[row * columns + column];
        let leaving = self.basic[row];
        self.shift(column, (target - self.value[leaving]) / entry);
        self.value[leaving] = target;

        let inverse = 1.0 / entry;
        for (c, value) in self.entries[row * columns..(row + 1) * columns].iter_mut().enumerate() {
            *value = if c == column { inverse } else { -*value * inverse };
        }
        let pivot_row = self.entries[row * columns..(row + 1) * columns].to_vec();
        for (r, other) in self.entries.chunks_exact_mut(columns).enumerate() {
            let factor = other[column];
            if r == row || factor == 0.0 {
                continue;
            }
            other[column] = 0.0;
            other.iter_mut().zip(&pivot_row).for_each(|(value, above)| *value += factor * above);
        }
        self.basic[row] = self.nonbasic[column];
        self.nonbasic[column] = leaving;
    }

    /// The neurons that keep the variable of `row` from rising (or falling), with their multipliers.
    fn multipliers(&self, row: usize, up: bool) -> Vec<(usize, f64)> {
        let columns = self.columns();
        let towards = if up { 1.0 } else { -1.0 };
        let neuron = |var: usize| var.checked_sub(columns).filter(|&j| j < self.slack.len());
        let mut multipliers: Vec<(usize, f64)> = neuron(self.basic[row]).map(|j| (j, towards)).into_iter().collect();
        for (column, &entry) in self.entries[row * columns..(row + 1) * columns].iter().enumerate() {
            if let Some(j) = neuron(self.nonbasic[column])
                && entry.abs() > BALL_PIVOT
            {
                multipliers.push((j, -towards * entry));
            }
        }
        multipliers
    }

    /// The moves of the current values, clamped to the cube of the ball.
    fn moves(&self) -> Vec<f64> {
        let clamp = |d: f64| d.clamp(-self.ball.radius, self.ball.radius);
        match self.ball.norm {
            Norm::Linf => self.value[..self.features].iter().map(|&d| clamp(d)).collect(),
            Norm::L1 => (0..self.features).map(|k| clamp(self.value[k] - self.value[self.features + k])).collect(),
        }
    }
}

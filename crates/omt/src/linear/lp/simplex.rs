//! A bounded dual simplex for covers: min w x over clauses (sums of x_j and 1 - x_j that are at least 1) and 0 <= x <= 1.
//!
//! Every variable is boxed, so every basis is dual feasible once the nonbasic variables stand at the right one of their
//! bounds: clauses may come and bounds may change between two solves, and nothing is lost. A basis is k tight clauses and
//! as many basic variables; all else is a bound or a slack, so only that k x k kernel is inverted ([`super::inverse`]).
//! Values, duals and reduced costs are taken afresh from the inverse at every pivot: O(k^2) and the entries of the clauses.
//! The ratio test passes boxed variables while the objective still rises (Maros, Computational Techniques of the Simplex Method,
//! 2003, section 10.2). The objective is a bound at every pivot; what is said of it is confirmed by [`super::claim`].

use super::inverse::Inverse;
use crate::tolerances::{
    COVER_FEASIBILITY, COVER_PERTURBATION, COVER_PIVOT, COVER_REDUCED_COST, COVER_REFRESH, COVER_RESIDUAL,
};
use budget::Pace;
use serde::{Deserialize, Serialize};

/// Fractional part of the golden ratio.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// A literal: 2 j stands for x_j (point j is wrong), 2 j + 1 for 1 - x_j.
pub(super) type Literal = u32;

/// One clause of the program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    /// Columns and coefficients, +1 or -1.
    columns: Box<[u32]>,
    signs: Box<[f64]>,
    /// One less the number of negated literals.
    side: f64,
    /// What the owner calls it.
    pub number: usize,
    /// Its place among the tight rows.
    place: Option<usize>,
    /// a x - side, at the latest values.
    slack: f64,
}

impl Row {
    fn new(literals: &[Literal], number: usize) -> Self {
        let signs: Box<[f64]> = literals.iter().map(|l| if l & 1 == 1 { -1.0 } else { 1.0 }).collect();
        let negated = signs.iter().filter(|sign| **sign < 0.0).count();
        let columns = literals.iter().map(|l| l >> 1).collect();
        Self { columns, signs, side: 1.0 - negated as f64, number, place: None, slack: 0.0 }
    }

    fn entries(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.columns.iter().zip(&self.signs).map(|(&j, &sign)| (j as usize, sign))
    }

    fn times(&self, x: &[f64]) -> f64 {
        self.entries().map(|(j, sign)| sign * x[j]).sum()
    }
}

/// Where a variable stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    Lower,
    Upper,
    Basic(usize),
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Optimal, as far as floats can tell.
    Optimal,
    /// The objective has reached the cutoff, maybe on a ray: the duals say so.
    Cutoff,
    /// Nothing is known beyond the duals: too many pivots, bad numbers or no time.
    Stopped,
}

/// What leaves the basis, and by how much it is infeasible.
#[derive(Clone, Copy, Debug)]
enum Leaving {
    Row(usize),
    Column { p: usize, above: bool },
}

/// What enters.
#[derive(Clone, Copy, Debug)]
enum Entering {
    Column(usize),
    Slack(usize),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Simplex {
    weights: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    place: Vec<Place>,
    pub rows: Vec<Row>,
    /// By place: tight rows and basic columns.
    tight: Vec<usize>,
    basic: Vec<usize>,
    inverse: Inverse,
    /// Values and reduced costs of the columns, duals of the tight rows.
    pub x: Vec<f64>,
    pub reduced: Vec<f64>,
    duals: Vec<f64>,
    /// Added to the duals at a cutoff on a ray: (row, change).
    ray: Vec<(usize, f64)>,
    age: usize,
    /// Pivots and multiplications since the start.
    pub pivots: u64,
    pub work: u64,
    /// Scratch.
    shares: Vec<f64>,
    slopes: Vec<f64>,
    column: Vec<f64>,
    #[serde(skip)]
    breaks: Vec<(f64, f64, Entering)>,
}

impl Simplex {
    pub(super) fn new(weights: impl Iterator<Item = u64>) -> Self {
        // Ties among costs are what makes a cover degenerate: they are broken by little.
        let perturbed = |(j, w): (usize, u64)| w as f64 * (1.0 + COVER_PERTURBATION * (j as f64 * GOLDEN).fract());
        let weights: Vec<f64> = weights.enumerate().map(perturbed).collect();
        let m = weights.len();
        Self {
            lower: vec![0.0; m],
            upper: vec![1.0; m],
            place: vec![Place::Lower; m],
            rows: vec![],
            tight: vec![],
            basic: vec![],
            inverse: Inverse::default(),
            x: vec![0.0; m],
            reduced: weights.clone(),
            duals: vec![],
            ray: vec![],
            age: 0,
            pivots: 0,
            work: 0,
            shares: vec![],
            slopes: vec![0.0; m],
            column: vec![],
            breaks: vec![],
            weights,
        }
    }

    /// Bounds of a variable: 0 or 1 if it is decided.
    pub(super) fn decide(&mut self, j: usize, value: Option<bool>) {
        (self.lower[j], self.upper[j]) = match value {
            None => (0.0, 1.0),
            Some(value) => (f64::from(u8::from(value)), f64::from(u8::from(value))),
        };
    }

    pub(super) fn add(&mut self, literals: &[Literal], number: usize) {
        self.rows.push(Row::new(literals, number));
    }

    /// Drops the rows that are not tight and whose slack is above `most`; returns their numbers.
    pub(super) fn drop_slack(&mut self, most: f64) -> Vec<usize> {
        let mut dropped = vec![];
        self.rows.retain(|row| {
            let kept = row.place.is_some() || row.slack <= most;
            if !kept {
                dropped.push(row.number);
            }
            kept
        });
        for (r, row) in self.rows.iter().enumerate() {
            if let Some(q) = row.place {
                self.tight[q] = r;
            }
        }
        dropped
    }

    pub(super) fn objective(&self) -> f64 {
        self.weights.iter().zip(&self.x).map(|(w, x)| w * x).sum()
    }

    /// The rows' numbers with their duals, none negative.
    pub(super) fn certificate(&self) -> Vec<(usize, f64)> {
        let mut duals = vec![0.0; self.rows.len()];
        self.tight.iter().zip(&self.duals).for_each(|(&r, &y)| duals[r] = y);
        self.ray.iter().for_each(|&(r, change)| duals[r] += change);
        self.rows.iter().zip(duals).filter(|(_, y)| *y > 0.0).map(|(row, y)| (row.number, y)).collect()
    }

    /// The basis without a row.
    fn reset(&mut self) {
        self.inverse.clear();
        self.tight.clear();
        self.basic.clear();
        self.rows.iter_mut().for_each(|row| row.place = None);
        self.place.iter_mut().filter(|place| matches!(place, Place::Basic(_))).for_each(|place| *place = Place::Lower);
        self.age = 0;
    }

    /// Inverts the kernel afresh; false, and the empty basis, if it is singular or there is no time.
    fn refresh(&mut self, pace: &mut Pace<'_>) -> bool {
        let k = self.tight.len();
        let mut columns = vec![0.0; k * k];
        for (q, &r) in self.tight.iter().enumerate() {
            for (j, sign) in self.rows[r].entries() {
                if let Place::Basic(p) = self.place[j] {
                    columns[p * k + q] = sign;
                }
            }
        }
        self.work += 2 * (k * k * k) as u64;
        self.age = 0;
        let done = self.inverse.invert(&columns, k, pace);
        if !done {
            self.reset();
        }
        done
    }

    /// Duals and reduced costs; nonbasic variables go to the bounds that these ask for.
    fn price(&mut self) {
        let k = self.inverse.size();
        self.duals.clear();
        self.duals.resize(k, 0.0);
        for (p, &j) in self.basic.iter().enumerate() {
            self.inverse.add_row(p, self.weights[j], &mut self.duals);
        }
        self.reduced.copy_from_slice(&self.weights);
        for (&r, &y) in self.tight.iter().zip(&self.duals) {
            for (j, sign) in self.rows[r].entries() {
                self.reduced[j] -= y * sign;
            }
        }
        for (j, place) in self.place.iter_mut().enumerate() {
            match *place {
                Place::Lower if self.reduced[j] < -COVER_REDUCED_COST => *place = Place::Upper,
                Place::Upper if self.reduced[j] > COVER_REDUCED_COST => *place = Place::Lower,
                _ => {}
            }
        }
    }

    /// Values of all variables and slacks of all rows; the largest residual of a tight row.
    fn evaluate(&mut self) -> f64 {
        for (j, place) in self.place.iter().enumerate() {
            self.x[j] = match place {
                Place::Lower => self.lower[j],
                Place::Upper => self.upper[j],
                Place::Basic(_) => 0.0,
            };
        }
        self.column.clear();
        self.column.extend(self.tight.iter().map(|&r| self.rows[r].side - self.rows[r].times(&self.x)));
        self.inverse.times(&self.column, &mut self.shares);
        for (&j, &value) in self.basic.iter().zip(&self.shares) {
            self.x[j] = value;
        }
        let mut residual = 0.0_f64;
        for row in &mut self.rows {
            row.slack = row.times(&self.x) - row.side;
            if row.place.is_some() {
                residual = residual.max(row.slack.abs());
            }
        }
        residual
    }

    /// Pivots until optimal or `cutoff` or `limit` pivots.
    pub(super) fn solve(&mut self, cutoff: f64, limit: usize, pace: &mut Pace<'_>) -> End {
        self.ray.clear();
        for _ in 0..limit {
            let k = self.tight.len();
            let entries: usize = self.rows.first().map_or(0, |row| row.columns.len()) * self.rows.len();
            let work = 4 * k * k + 4 * entries + 4 * self.x.len();
            self.work += work as u64;
            if pace.spend(work) || (self.age >= COVER_REFRESH && !self.refresh(pace) && pace.over()) {
                return End::Stopped;
            }
            self.price();
            if self.evaluate() > COVER_RESIDUAL || self.duals.iter().any(|&y| y < -COVER_RESIDUAL) {
                if self.age == 0 {
                    self.reset();
                } else {
                    self.refresh(pace);
                }
                continue;
            }
            if self.objective() >= cutoff {
                return End::Cutoff;
            }
            let Some((leaving, missing)) = self.leaving() else { return End::Optimal };
            match self.ratio(leaving, missing) {
                Ok(entering) => self.exchange(leaving, entering),
                Err((last, slope)) if slope > COVER_FEASIBILITY => {
                    // No bound ends the ray: so far along it that the objective is beyond the cutoff.
                    let far = last + (cutoff - self.objective() + 1.0).max(1.0) / slope;
                    self.ray.extend(self.tight.iter().zip(&self.shares).map(|(&r, share)| (r, -far * share)));
                    if let Leaving::Row(r) = leaving {
                        self.ray.push((r, far));
                    }
                    return End::Cutoff;
                }
                Err(_) if self.age > 0 => {
                    self.refresh(pace);
                }
                Err(_) => return End::Stopped,
            }
        }
        End::Stopped
    }

    /// The most infeasible basic quantity, with what it is missing.
    fn leaving(&self) -> Option<(Leaving, f64)> {
        let mut most = (COVER_FEASIBILITY, None);
        for (p, &j) in self.basic.iter().enumerate() {
            let (below, above) = (self.lower[j] - self.x[j], self.x[j] - self.upper[j]);
            if below.max(above) > most.0 {
                most = (below.max(above), Some(Leaving::Column { p, above: above > below }));
            }
        }
        for (r, row) in self.rows.iter().enumerate() {
            if row.place.is_none() && -row.slack > most.0 {
                most = (-row.slack, Some(Leaving::Row(r)));
            }
        }
        most.1.map(|leaving| (leaving, most.0))
    }

    /// The entering quantity; without one, the last break point and the slope that is left there. `shares` are then the
    /// leaving quantity's slopes in the slacks of tight rows, `slopes` those in the columns.
    fn ratio(&mut self, leaving: Leaving, missing: f64) -> Result<Entering, (f64, f64)> {
        let k = self.inverse.size();
        self.shares.clear();
        self.shares.resize(k, 0.0);
        self.slopes.fill(0.0);
        match leaving {
            Leaving::Row(r) => {
                for (j, sign) in self.rows[r].entries() {
                    match self.place[j] {
                        Place::Basic(p) => self.inverse.add_row(p, sign, &mut self.shares),
                        _ => self.slopes[j] = sign,
                    }
                }
            }
            Leaving::Column { p, above } => self.inverse.add_row(p, if above { -1.0 } else { 1.0 }, &mut self.shares),
        }
        for (&r, &share) in self.tight.iter().zip(&self.shares) {
            if share != 0.0 {
                for (j, sign) in self.rows[r].entries() {
                    self.slopes[j] -= share * sign;
                }
            }
        }
        self.breaks.clear();
        for (j, place) in self.place.iter().enumerate() {
            let slope = self.slopes[j];
            let open = match place {
                Place::Lower => slope > COVER_PIVOT,
                Place::Upper => slope < -COVER_PIVOT,
                Place::Basic(_) => false,
            };
            if open && self.lower[j] < self.upper[j] {
                self.breaks.push(((self.reduced[j] / slope).max(0.0), slope.abs(), Entering::Column(j)));
            }
        }
        for (q, &share) in self.shares.iter().enumerate() {
            if share > COVER_PIVOT {
                self.breaks.push(((self.duals[q] / share).max(0.0), share, Entering::Slack(q)));
            }
        }
        self.breaks.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut slope = missing;
        for (at, &(ratio, step, entering)) in self.breaks.iter().enumerate() {
            slope -= step;
            if slope <= COVER_FEASIBILITY || matches!(entering, Entering::Slack(_)) {
                // Of those that are reached together the largest pivot.
                let together = self.breaks[at..].iter().take_while(|other| other.0 <= ratio + COVER_REDUCED_COST);
                let best = together.reduce(|best, other| if other.1 > best.1 { other } else { best });
                return Ok(best.map_or(entering, |best| best.2));
            }
        }
        Err((self.breaks.last().map_or(0.0, |last| last.0), slope))
    }

    /// Column `j` at the tight rows, times the inverse, into `column`.
    fn shares_of(&mut self, j: usize) {
        let at = |r: &usize| self.rows[*r].entries().find(|entry| entry.0 == j).map_or(0.0, |entry| entry.1);
        let entries: Vec<f64> = self.tight.iter().map(at).collect();
        self.inverse.times(&entries, &mut self.column);
    }

    fn exchange(&mut self, leaving: Leaving, entering: Entering) {
        self.pivots += 1;
        self.age += 1;
        match (leaving, entering) {
            (Leaving::Row(r), Entering::Column(j)) => {
                self.shares_of(j);
                self.inverse.border(&self.shares, &self.column, self.slopes[j]);
                self.rows[r].place = Some(self.tight.len());
                self.place[j] = Place::Basic(self.basic.len());
                self.tight.push(r);
                self.basic.push(j);
            }
            (Leaving::Row(r), Entering::Slack(q)) => {
                self.inverse.replace_row(q, &self.shares);
                self.rows[self.tight[q]].place = None;
                self.rows[r].place = Some(q);
                self.tight[q] = r;
            }
            (Leaving::Column { p, above }, Entering::Column(j)) => {
                self.shares_of(j);
                self.inverse.replace_column(p, &self.column);
                self.place[self.basic[p]] = if above { Place::Upper } else { Place::Lower };
                self.place[j] = Place::Basic(p);
                self.basic[p] = j;
            }
            (Leaving::Column { p, above }, Entering::Slack(q)) => {
                self.inverse.remove(p, q);
                self.rows[self.tight.swap_remove(q)].place = None;
                self.place[self.basic.swap_remove(p)] = if above { Place::Upper } else { Place::Lower };
                if let Some(&r) = self.tight.get(q) {
                    self.rows[r].place = Some(q);
                }
                if let Some(&j) = self.basic.get(p) {
                    self.place[j] = Place::Basic(p);
                }
            }
        }
    }
}

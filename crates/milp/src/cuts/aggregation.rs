//! Complemented mixed-integer rounding of aggregated rows: the heuristic of Marchand and Wolsey.
//!
//! From each row a path of rows leads on: a continuous column that stands between its bounds leaves by the next row. At every station the rounding
//! function is tried for several divisors, and for integer columns at either bound. What looks violated in floats is derived once more, safely
//! ([`super::rounding`]). Cuts of flow covers are among these.
//!
//! Reference: Marchand, Wolsey, *Aggregation and mixed integer rounding to solve MIPs*, Operations Research 49 (2001), sections 3 to 5.

use std::collections::BTreeMap;

use super::cut::{Cut, Family};
use super::equation::Equation;
use super::pool::Pool;
use super::rounding::{Term, from_bounds, round};
use super::substitution::{by_rows, slack};
use super::system::System;
use crate::bounds::Side;
use crate::tolerances::{CUT_FRACTION, CUT_SLACK, CUT_WHOLE_ERROR};
use crate::{Budget, Parameters};

/// How often the best divisor is halved: as in the reference.
const HALVES: i32 = 3;

/// Scratch of the separation.
pub(crate) struct Aggregator<'b> {
    budget: &'b Budget<'b>,
    /// Divisors tried for a row, at most, and how deep a cut must be.
    divisors: usize,
    efficacy: f64,
    path: Equation,
    row: Equation,
    scratch: Equation,
    terms: Vec<Term>,
    trial: Trial,
    /// The bound that takes the place of each variable.
    sides: Vec<Side>,
    /// For each column that paths have met the rows by which it leaves, the best first.
    ways: BTreeMap<usize, Vec<usize>>,
    /// Entries of columns looked at for that.
    scanned: usize,
}

/// A row over distances from bounds, in floats: what decides which rounding is derived safely.
#[derive(Default)]
struct Trial {
    /// Integer variables: place among the terms, coefficient, distance at the point.
    whole: Vec<(usize, f64, f64)>,
    /// Of continuous variables with negative coefficients: the sum of their terms at the point, and of their squares.
    rest: f64,
    rest_norm: f64,
    right: f64,
}

impl Trial {
    fn of(system: &System<'_>, terms: &[Term], right: f64, into: &mut Self) {
        into.whole.clear();
        (into.rest, into.rest_norm, into.right) = (0.0, 0.0, right);
        for (at, term) in terms.iter().enumerate() {
            let distance = system.distance(term.variable, term.side);
            if system.integer[term.variable] {
                into.whole.push((at, term.coefficient, distance));
            } else if term.coefficient < 0.0 {
                into.rest += term.coefficient * distance;
                into.rest_norm += term.coefficient * term.coefficient;
            }
        }
    }

    /// How deep the cut is for a divisor.
    fn efficacy(&self, divisor: f64) -> f64 {
        let right = self.right / divisor;
        let (whole, fraction) = (right.floor(), right - right.floor());
        if !(CUT_FRACTION..=1.0 - CUT_FRACTION).contains(&fraction) {
            return f64::NEG_INFINITY;
        }
        let unit = 1.0 / ((1.0 - fraction) * divisor);
        let (mut activity, mut norm) = (self.rest * unit, self.rest_norm * unit * unit);
        for &(_, coefficient, distance) in &self.whole {
            let scaled = coefficient / divisor;
            let above = scaled - scaled.floor() - fraction;
            let rounded = scaled.floor() + if above > 0.0 { above / (1.0 - fraction) } else { 0.0 };
            activity += rounded * distance;
            norm += rounded * rounded;
        }
        if norm > 0.0 { (activity - whole) / norm.sqrt() } else { f64::NEG_INFINITY }
    }
}

impl<'b> Aggregator<'b> {
    pub fn new(system: &System<'_>, parameters: &Parameters, budget: &'b Budget<'b>) -> Self {
        let Parameters { mir_divisors: divisors, cut_efficacy: efficacy, .. } = *parameters;
        let (variables, empty) = (system.n + system.m, || Equation::new(system.n + system.m));
        let sides = (0..variables).map(|variable| system.nearer(variable).unwrap_or(Side::Lower)).collect();
        let (terms, trial, ways) = (Vec::new(), Trial::default(), BTreeMap::new());
        Self {
            budget,
            divisors,
            efficacy,
            path: empty(),
            row: empty(),
            scratch: empty(),
            terms,
            trial,
            sides,
            ways,
            scanned: 0,
        }
    }

    fn work(&self) -> usize {
        self.path.work + self.row.work + self.scratch.work + self.scanned
    }

    /// Separates from every row, those with large duals and few entries first, until the work allowed is done.
    pub fn separate(&mut self, system: &System<'_>, pool: &mut Pool, longest: usize, allowed: usize) {
        let mut starts: Vec<(f64, usize)> = (0..system.m).map(|i| (merit(system, i), i)).collect();
        starts.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let first = self.work();
        for (_, i) in starts {
            self.follow(system, i, longest, pool);
            if self.budget.over().is_some() || self.work() - first > allowed {
                return;
            }
        }
    }

    /// Follows the path from a row until it gives a cut or does not lead on.
    fn follow(&mut self, system: &System<'_>, start: usize, longest: usize, pool: &mut Pool) {
        let mut before = self.work();
        self.path.clear();
        self.path.add_row(system, start, 1.0);
        let mut used = vec![start];
        loop {
            let mut path = std::mem::replace(&mut self.path, Equation::new(0));
            let found = self.separate_equation(system, &path, Family::Mir, pool);
            // Of this step, and of the row that was added after the one before.
            let done = self.work() + path.work;
            let is_over = self.budget.spend(4 * done.saturating_sub(before));
            before = done;
            if found || is_over || used.len() >= longest || !self.lead_on(system, &mut path, &mut used, longest) {
                self.path = path;
                return;
            }
            self.path = path;
        }
    }

    /// Tries to cut with an equation and its negative; true if that gives a cut.
    pub fn separate_equation(
        &mut self,
        system: &System<'_>,
        equation: &Equation,
        family: Family,
        pool: &mut Pool,
    ) -> bool {
        self.row.copy_from(equation);
        by_rows(system, &mut self.row);
        let mut found = false;
        for _ in 0..2 {
            if let Some(cut) = self.cut(system) {
                found |= pool.offer(system, cut, family);
            }
            self.row.negate();
        }
        found
    }

    /// The best cut of the row at hand.
    fn cut(&mut self, system: &System<'_>) -> Option<Cut> {
        let Self { divisors, efficacy, row, terms, trial, scratch, sides, budget, .. } = self;
        let right = from_bounds(system, row, |variable| sides[variable], terms)?;
        Trial::of(system, terms, right, trial);
        if trial.whole.is_empty() {
            return None;
        }
        let divisor = best_divisor(trial, system, terms, (*divisors, budget))?;
        let mut best = (trial.efficacy(divisor), divisor);
        for k in 1..=HALVES {
            let halved = divisor / f64::from(1 << k);
            best = if trial.efficacy(halved) > best.0 { (trial.efficacy(halved), halved) } else { best };
        }
        let first = best.0;
        for (_, k) in between(system, terms, trial) {
            let (at, coefficient, distance) = trial.whole[k];
            // What was found so far is as true as the best would be.
            if budget.spend(trial.whole.len()) {
                break;
            }
            let (width, right) = (width(system, terms[at].variable), trial.right);
            trial.whole[k] = (at, -coefficient, width - distance);
            trial.right = right - coefficient * width;
            let efficacy = trial.efficacy(best.1);
            if efficacy > best.0 {
                best.0 = efficacy;
                terms[at].side = terms[at].side.other();
            } else {
                trial.whole[k] = (at, coefficient, distance);
                trial.right = right;
            }
        }
        if best.0 < *efficacy {
            return None;
        }
        if best.0 == first {
            return round(system, terms, right, best.1, scratch);
        }
        // The row once more with the sides chosen.
        let kept: Vec<(usize, Side)> = terms.iter().map(|term| (term.variable, sides[term.variable])).collect();
        terms.iter().for_each(|term| sides[term.variable] = term.side);
        let right = from_bounds(system, row, |variable| sides[variable], terms);
        kept.into_iter().for_each(|(variable, side)| sides[variable] = side);
        round(system, terms, right?, best.1, scratch)
    }

    /// Takes the continuous column that is farthest from its bounds out of the equation, by another row; false if there is none.
    fn lead_on(&mut self, system: &System<'_>, path: &mut Equation, used: &mut Vec<usize>, longest: usize) -> bool {
        let mut candidates: Vec<(f64, usize)> = Vec::new();
        for (j, _) in path.terms().filter(|(variable, _)| *variable < system.n && !system.integer[*variable]) {
            let distance = slack(system, j);
            if distance > CUT_SLACK {
                candidates.push((distance, j));
            }
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, j) in candidates {
            let ways = self.ways.entry(j).or_insert_with(|| {
                self.scanned += system.columns.column(j).count();
                // A path has used fewer rows than it may have.
                ways_out(system, j, longest)
            });
            if let Some(&i) = ways.iter().find(|i| !used.contains(i)) {
                path.eliminate(system, j, i);
                used.push(i);
                return true;
            }
        }
        false
    }
}

/// The rows by which column j leaves an equation, as many as asked for: tight ones first, and of these short ones.
fn ways_out(system: &System<'_>, j: usize, most: usize) -> Vec<usize> {
    let cost = |i: usize| {
        let logical = system.n + i;
        let slack = system.distance(logical, Side::Lower).min(system.distance(logical, Side::Upper));
        (slack > CUT_SLACK, system.rows.starts[i + 1] - system.rows.starts[i], i)
    };
    let mut rows: Vec<usize> = system.columns.column(j).map(|(i, _)| i).collect();
    if rows.len() > most && most > 0 {
        rows.select_nth_unstable_by_key(most - 1, |&i| cost(i));
        rows.truncate(most);
    }
    rows.sort_unstable_by_key(|&i| cost(i));
    rows
}

/// The distance between the bounds of a variable.
fn width(system: &System<'_>, variable: usize) -> f64 {
    let (lower, upper) = system.range(variable);
    upper - lower
}

/// Places of integer variables that stand between two bounds, those nearest to the middle first.
fn between(system: &System<'_>, terms: &[Term], trial: &Trial) -> Vec<(f64, usize)> {
    let mut found = Vec::new();
    for (k, &(at, _, distance)) in trial.whole.iter().enumerate() {
        let width = width(system, terms[at].variable);
        if width.is_finite() && distance > CUT_SLACK && distance < width - CUT_SLACK {
            found.push(((distance - width / 2.0).abs(), k));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    found
}

/// The best of the divisors that the integer variables between their bounds suggest, of `most` of them.
fn best_divisor(
    trial: &Trial,
    system: &System<'_>,
    terms: &[Term],
    (most, budget): (usize, &Budget<'_>),
) -> Option<f64> {
    let mut tried: Vec<f64> = Vec::new();
    let mut best: Option<(f64, f64)> = None;
    for &(at, coefficient, distance) in &trial.whole {
        let divisor = coefficient.abs();
        let is_between = distance > CUT_SLACK && distance < width(system, terms[at].variable) - CUT_SLACK;
        let is_old = |other: &f64| (other - divisor).abs() <= CUT_WHOLE_ERROR * divisor;
        if !is_between || divisor == 0.0 || tried.iter().any(is_old) {
            continue;
        }
        tried.push(divisor);
        let efficacy = trial.efficacy(divisor);
        if efficacy > best.map_or(f64::NEG_INFINITY, |best| best.0) {
            best = Some((efficacy, divisor));
        }
        if tried.len() >= most || budget.spend(trial.whole.len()) {
            break;
        }
    }
    best.map(|best| best.1)
}

/// How promising a row is to start from.
fn merit(system: &System<'_>, i: usize) -> f64 {
    let (mut entries, mut size) = (0.0, 0.0);
    for (_, a) in system.row(i) {
        entries += 1.0;
        size += a * a;
    }
    let norm = f64::sqrt(size).max(f64::MIN_POSITIVE);
    let logical = system.n + i;
    let slack = system.distance(logical, Side::Lower).min(system.distance(logical, Side::Upper)) / norm;
    let tight = 1.0 / (1.0 + slack);
    tight * (1.0 + 1.0 / (1.0 + entries)) + if system.duals[i] == 0.0 { 0.0 } else { 1.0 }
}

//! Bound propagation on rows: what the activity of a row leaves for each of its columns.
//!
//! Entry point: [`Propagator::propagate`], a worklist over the rows whose columns changed. Activities are summed anew
//! at each visit, so that nothing drifts; which visits of long rows are worth that, [`super::activity`] knows. Every deduction keeps a margin for the feasibility tolerance and for
//! rounding, so that no point which is feasible within tolerance (and integral) is lost.
//!
//! The objective is a row as well, with the cutoff as its upper side, and so are the rows that closed nodes taught
//! ([`super::learning`]).
//!
//! Reference: Achterberg, *Constraint Integer Programming* (2007), section 7.1 (bounding by activities).

mod saved;

use std::collections::VecDeque;
use std::sync::Arc;

use super::activity::LongRows;
use crate::bounds::{BoundChange, Congruence, Domain, Reason, RowProof, Side};
use crate::model::{Model, Row, VarKind};
use crate::simplex::LpProblem;
use crate::tolerances::{
    CONGRUENCE_PROGRESS, CONTINUOUS_PROGRESS, INTEGER_PROGRESS, LARGEST_DEDUCED_BOUND, SMALL_STEPS, rounding_margin,
};
use crate::{Budget, Options, VarId};
pub(crate) use saved::SavedRows;

/// The box holds no point, or none better than the cutoff.
#[derive(Clone, Debug)]
pub(crate) struct Conflict {
    /// The row that cannot be met, `None` for a pair of crossed bounds.
    pub row: Option<u32>,
    /// What the conflict follows from with the bounds in force: a row that cannot be met, or for a [`Reason::Line`] the
    /// change that crosses a bound.
    pub reason: Reason,
    pub change: Option<BoundChange>,
}

/// Entries of a row between two questions whether to go on.
const AT_ONCE: usize = 1 << 16;

/// Least and greatest activity of a row over the box: finite part and number of infinite terms.
struct Activity {
    min: f64,
    min_infinite: u32,
    max: f64,
    max_infinite: u32,
    /// Sum and largest of the finite terms' magnitudes.
    sum: f64,
    largest: f64,
}

/// Where a row comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// The model, the objective, or a node whose proof nobody will ask for.
    Itself,
    /// A closed node.
    Proof(Arc<RowProof>),
    /// What a congruence leaves: whole numbers move its sides.
    Congruence(Arc<Congruence>),
}

#[derive(Clone)]
pub(crate) struct Propagator {
    /// The model's rows, the objective, then congruences and learned rows (those without terms are free places).
    rows: Vec<Row>,
    /// Index of the objective among the rows.
    objective: usize,
    /// How often each row had news since the last clean-up.
    hits: Vec<u32>,
    /// Rows in which each column appears.
    columns: Vec<Vec<u32>>,
    learned: Vec<u32>,
    /// Where rows come from that are not the model's.
    origins: Vec<Origin>,
    /// Those of congruences.
    congruences: Vec<Arc<Congruence>>,
    free: Vec<u32>,
    integer: Vec<bool>,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    long: LongRows,
    /// Changes of each column in this call that were no progress (see [`Propagator::may_step`]), and the columns with any.
    small_steps: Vec<u8>,
    stepped: Vec<u32>,
    feasibility: f64,
    integrality: f64,
    /// Learned rows beyond this number push out others.
    most_learned: usize,
    #[cfg(test)]
    pub debug_solution: Option<Vec<f64>>,
}

impl Propagator {
    /// Over the rows of `model` and the (minimised) objective of `problem`, which has no cutoff yet, for boxes within `domain`,
    /// which from now on notes its changes if that saves work.
    pub fn new(model: &Model, problem: &LpProblem, domain: &mut Domain, options: &Options) -> Self {
        let mut rows = model.rows.clone();
        let terms = problem.cost.iter().enumerate().filter(|(_, cost)| **cost != 0.0);
        rows.push(Row {
            name: String::new(),
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
            terms: terms.map(|(j, &cost)| (VarId(j as u32), cost)).collect(),
        });
        let mut columns = vec![Vec::new(); model.num_vars()];
        for (i, row) in rows.iter().enumerate() {
            row.terms.iter().for_each(|(var, _)| columns[var.index()].push(i as u32));
        }
        let long = LongRows::new(&rows, domain);
        domain.note_changes(long.any());
        Self {
            objective: rows.len() - 1,
            hits: vec![0; rows.len()],
            columns,
            learned: Vec::new(),
            origins: vec![Origin::Itself; rows.len()],
            congruences: Vec::new(),
            free: Vec::new(),
            integer: model.variables.iter().map(|var| var.kind == VarKind::Integer).collect(),
            queue: VecDeque::new(),
            queued: vec![false; rows.len()],
            rows,
            long,
            small_steps: vec![0; model.num_vars()],
            stepped: Vec::new(),
            feasibility: options.feasibility_tolerance,
            integrality: options.integrality_tolerance,
            most_learned: options.parameters.learned_rows,
            #[cfg(test)]
            debug_solution: None,
        }
    }

    /// From now on `cost'x <= cutoff` (without the objective's offset).
    pub fn set_cutoff(&mut self, cutoff: f64) {
        self.rows[self.objective].upper = cutoff;
        self.enqueue(self.objective as u32);
    }

    /// Adds a row that holds for every point better than the cutoff. When there are too many, those with the least
    /// news are forgotten.
    pub fn learn(&mut self, row: Row, proof: Option<Arc<RowProof>>) {
        #[cfg(test)]
        if let Some(x) = &self.debug_solution {
            let value = |row: &Row| row.terms.iter().map(|&(var, a)| a * x[var.index()]).sum::<f64>();
            let counts = value(&self.rows[self.objective]) < self.rows[self.objective].upper;
            assert!(!counts || value(&row) <= row.upper + self.feasibility, "{row:?} removes the known optimum");
        }
        if self.most_learned == 0 {
            return;
        }
        if self.learned.len() >= self.most_learned {
            self.forget();
        }
        let place = self.add(row, proof.map_or(Origin::Itself, Origin::Proof));
        self.learned.push(place);
    }

    /// Adds a congruence, which holds everywhere.
    pub fn add_congruence(&mut self, congruence: Congruence) {
        let (lower, upper) = congruence.sides;
        let row = Row { name: String::new(), lower, upper, terms: congruence.terms.clone() };
        let congruence = Arc::new(congruence);
        self.add(row, Origin::Congruence(congruence.clone()));
        self.congruences.push(congruence);
    }

    /// The congruences.
    pub fn congruences(&self) -> impl Iterator<Item = &Congruence> {
        self.congruences.iter().map(|congruence| &**congruence)
    }

    /// Adds a row, and queues it.
    fn add(&mut self, row: Row, origin: Origin) -> u32 {
        let place = self.free.pop().unwrap_or_else(|| {
            self.rows.push(Row { name: String::new(), lower: 0.0, upper: 0.0, terms: Vec::new() });
            self.hits.push(0);
            self.queued.push(false);
            self.origins.push(Origin::Itself);
            self.rows.len() as u32 - 1
        });
        row.terms.iter().for_each(|(var, _)| self.columns[var.index()].push(place));
        self.rows[place as usize] = row;
        self.origins[place as usize] = origin;
        self.hits[place as usize] = 1;
        self.enqueue(place);
        place
    }

    /// Forgets the older half of the learned rows with the fewest hits.
    fn forget(&mut self) {
        let mut ranked: Vec<u32> = std::mem::take(&mut self.learned);
        let hits = &self.hits;
        let mut by_hits: Vec<u32> = ranked.iter().map(|&row| hits[row as usize]).collect();
        by_hits.sort_unstable();
        let median = by_hits[by_hits.len() / 2];
        let mut surplus = self.most_learned.div_ceil(2);
        ranked.retain(|&row| {
            let keep = surplus == 0 || self.hits[row as usize] > median;
            if !keep {
                surplus -= 1;
                // It may be queued: without terms it must hold.
                let free = &mut self.rows[row as usize];
                (free.lower, free.upper) = (f64::NEG_INFINITY, f64::INFINITY);
                free.terms.clear();
                self.origins[row as usize] = Origin::Itself;
                self.free.push(row);
            }
            keep
        });
        for &row in &ranked {
            self.hits[row as usize] /= 2;
        }
        self.learned = ranked;
        let rows = &self.rows;
        let objective = self.objective;
        let lives = |row: &u32| *row as usize <= objective || !rows[*row as usize].terms.is_empty();
        self.columns.iter_mut().for_each(|column| column.retain(lives));
    }

    /// A row as the reason of what is deduced from it.
    fn reason(&self, row: usize) -> Reason {
        match &self.origins[row] {
            Origin::Itself => Reason::Row(row as u32),
            Origin::Proof(proof) => Reason::Proof(proof.clone()),
            Origin::Congruence(congruence) => Reason::Congruence(congruence.clone()),
        }
    }

    /// The terms of a row.
    pub fn terms(&self, row: u32) -> &[(VarId, f64)] {
        &self.rows[row as usize].terms
    }

    /// Queues every row.
    pub fn enqueue_all(&mut self) {
        (0..self.rows.len() as u32).for_each(|row| self.enqueue(row));
    }

    fn enqueue(&mut self, row: u32) {
        if !self.queued[row as usize] {
            self.queued[row as usize] = true;
            self.queue.push_back(row);
        }
    }

    fn clear(&mut self) {
        for row in self.queue.drain(..) {
            self.queued[row as usize] = false;
        }
    }

    /// Applies a change that follows from the box, the rows and the cutoff.
    ///
    /// # Errors
    /// A conflict when the bounds cross.
    pub fn imply(&mut self, domain: &mut Domain, change: BoundChange, reason: Reason) -> Result<(), Conflict> {
        #[cfg(test)]
        assert!(
            !self.holds_debug_solution(domain)
                || change.admits(self.debug_solution.as_ref().unwrap(), self.feasibility),
            "{change:?} removes the known optimum"
        );
        self.assume(domain, change, reason)
    }

    /// Applies a change (whole numbers for integer columns), such as a branching, and queues the rows it touches; call
    /// [`Self::propagate`] afterwards.
    ///
    /// # Errors
    /// A conflict when the bounds cross.
    pub fn assume(&mut self, domain: &mut Domain, change: BoundChange, reason: Reason) -> Result<(), Conflict> {
        if !domain.is_news(&change) {
            return Ok(());
        }
        let var = change.var as usize;
        let (lower, upper) = match change.side {
            Side::Lower => (change.value, domain.upper()[var]),
            Side::Upper => (domain.lower()[var], change.value),
        };
        let change = if lower <= upper {
            change
        } else if self.integer[var] || lower - upper > self.feasibility * lower.abs().max(1.0) {
            self.clear();
            return Err(Conflict { row: None, reason, change: Some(change) });
        } else {
            // Continuous bounds that cross within tolerance meet.
            BoundChange { value: if change.side == Side::Lower { upper } else { lower }, ..change }
        };
        domain.set(change, reason);
        for k in 0..self.columns[var].len() {
            self.enqueue(self.columns[var][k]);
        }
        Ok(())
    }

    /// Tightens the box until no queued row has news, or the budget is over: then rows may have more to say, and the box is
    /// right all the same. Cost O(entries of the rows visited).
    ///
    /// # Errors
    /// A conflict when some row cannot be met; the box is then half-way and must be undone.
    pub fn propagate(&mut self, domain: &mut Domain, budget: &Budget) -> Result<(), Conflict> {
        let result = self.visit_queued(domain, budget);
        for var in self.stepped.drain(..) {
            self.small_steps[var as usize] = 0;
        }
        result
    }

    fn visit_queued(&mut self, domain: &mut Domain, budget: &Budget) -> Result<(), Conflict> {
        while let Some(row) = self.queue.pop_front() {
            self.queued[row as usize] = false;
            let has_side = |row: &Row| row.lower > f64::NEG_INFINITY || row.upper < f64::INFINITY;
            let visited = &self.rows[row as usize];
            if !has_side(visited) || self.long.is_silent(row as usize, visited, domain) {
                continue;
            }
            if budget.spend(self.rows[row as usize].terms.len()) {
                self.clear();
                return Ok(());
            }
            let mark = domain.mark();
            let result = self.propagate_row(domain, row as usize, budget);
            self.hits[row as usize] += u32::from(result.is_err() || domain.mark() > mark);
            if result.is_err() {
                self.clear();
                return Err(Conflict { row: Some(row), reason: self.reason(row as usize), change: None });
            }
        }
        Ok(())
    }

    /// Deduces what a row says, or less of it once the budget is over.
    fn propagate_row(&mut self, domain: &mut Domain, row: usize, budget: &Budget) -> Result<(), Conflict> {
        let Some(activity) = self.activity(domain, row, budget) else { return Ok(()) };
        let Row { mut lower, mut upper, .. } = self.rows[row];
        let side = |side: f64| if side.is_finite() { side.abs() } else { 0.0 };
        // Two more terms: the side, and what is left of it.
        let rounding = rounding_margin(self.rows[row].terms.len() + 2, activity.sum + side(lower).max(side(upper)));
        let mut margin = self.feasibility * activity.largest.max(1.0) + rounding;
        let mut spare = margin;
        if let Origin::Congruence(congruence) = &self.origins[row] {
            margin += self.feasibility * congruence.size;
            // What is left is left by whole numbers, however rows are met: a column that were allowed a little more would look as if
            // whole ones were not.
            spare = rounding;
            let least = if activity.min_infinite == 0 { activity.min } else { f64::NEG_INFINITY };
            let greatest = if activity.max_infinite == 0 { activity.max } else { f64::INFINITY };
            (lower, upper) = Congruence::leaves((lower, upper), (least, greatest), margin);
        }
        if activity.min_infinite == 0 && activity.min > upper + margin
            || activity.max_infinite == 0 && activity.max < lower - margin
        {
            return Err(Conflict { row: None, reason: Reason::Guess, change: None });
        }
        let (room_above, room_below) = (upper + spare - activity.min, activity.max - (lower - spare));
        let upper_counts = upper.is_finite() && activity.min_infinite <= 1;
        let lower_counts = lower.is_finite() && activity.max_infinite <= 1;
        if !upper_counts && !lower_counts {
            return Ok(());
        }
        for k in 0..self.rows[row].terms.len() {
            if k % AT_ONCE == AT_ONCE - 1 && budget.ask().is_some() {
                return Ok(());
            }
            let (var, coefficient) = self.rows[row].terms[k];
            let var = var.index();
            let (low, high) = (domain.lower()[var], domain.upper()[var]);
            if low == high {
                continue;
            }
            let reach = coefficient.abs() * (high - low);
            if upper_counts && reach > room_above {
                // The term may exceed its least value by what the other terms' least values leave.
                let least = if coefficient > 0.0 { low } else { high };
                if let Some(limit) = term_limit(activity.min_infinite, least, coefficient, room_above) {
                    self.deduce(domain, row, var, coefficient > 0.0, limit)?;
                }
            }
            if lower_counts && reach > room_below {
                let greatest = if coefficient > 0.0 { high } else { low };
                if let Some(limit) = term_limit(activity.max_infinite, greatest, coefficient, -room_below) {
                    self.deduce(domain, row, var, coefficient < 0.0, limit)?;
                }
            }
        }
        Ok(())
    }

    /// `None` once the budget is over, which counts the row before.
    fn activity(&self, domain: &Domain, row: usize, budget: &Budget) -> Option<Activity> {
        let mut out = Activity { min: 0.0, min_infinite: 0, max: 0.0, max_infinite: 0, sum: 0.0, largest: 0.0 };
        for (k, &(var, coefficient)) in self.rows[row].terms.iter().enumerate() {
            if k % AT_ONCE == AT_ONCE - 1 && budget.ask().is_some() {
                return None;
            }
            let (low, high) = (domain.lower()[var.index()], domain.upper()[var.index()]);
            let (least, greatest) = if coefficient > 0.0 {
                (coefficient * low, coefficient * high)
            } else {
                (coefficient * high, coefficient * low)
            };
            let mut size = 0.0_f64;
            if least.is_finite() {
                out.min += least;
                size = least.abs();
            } else {
                out.min_infinite += 1;
            }
            if greatest.is_finite() {
                out.max += greatest;
                size = size.max(greatest.abs());
            } else {
                out.max_infinite += 1;
            }
            out.sum += size;
            out.largest = out.largest.max(size);
        }
        Some(out)
    }

    /// `x_var <= limit` or `x_var >= limit`, rounded for integer columns; for continuous ones only if worth it. The
    /// margin is already in the limit, in units of the row.
    fn deduce(
        &mut self,
        domain: &mut Domain,
        row: usize,
        var: usize,
        is_upper: bool,
        limit: Limit,
    ) -> Result<(), Conflict> {
        let (low, high) = (domain.lower()[var], domain.upper()[var]);
        let tolerance = if self.integer[var] { self.feasibility.max(self.integrality) } else { self.feasibility };
        let is_left = matches!(self.origins[row], Origin::Congruence(_)) && !self.integer[var];
        let slack = if is_left { limit.error } else { tolerance + limit.error };
        let outer = if is_upper { limit.value + slack } else { limit.value - slack };
        let value = match (self.integer[var], is_upper) {
            (true, true) => outer.floor(),
            (true, false) => outer.ceil(),
            (false, _) => outer,
        };
        if !self.integer[var] {
            let range = if low.is_finite() && high.is_finite() { high - low } else { limit.value.abs().max(1.0) };
            let least_gain = range * if is_left { CONGRUENCE_PROGRESS } else { CONTINUOUS_PROGRESS };
            let gain = if is_upper { high - value } else { value - low };
            if gain.is_nan() || gain <= least_gain {
                return Ok(());
            }
        }
        let change = if is_upper { BoundChange::upper(var, value) } else { BoundChange::lower(var, value) };
        let is_stepping = self.integer[var] || is_left;
        if change.value.abs() > LARGEST_DEDUCED_BOUND || is_stepping && !self.may_step(domain, &change) {
            return Ok(());
        }
        let reason = self.reason(row);
        self.imply(domain, change, reason)
    }

    /// Whether a change of an integer column (or of one that whole numbers leave) is progress, or one of the first few that are not: rows may chase a bound
    /// through a range of any size, or for ever, in steps of 1.
    fn may_step(&mut self, domain: &Domain, change: &BoundChange) -> bool {
        let var = change.var as usize;
        let (low, high) = (domain.lower()[var], domain.upper()[var]);
        let old = if change.side == Side::Lower { low } else { high };
        let range = if (high - low).is_finite() { high - low } else { change.value.abs() };
        if !domain.is_news(change) || (change.value - old).abs() >= INTEGER_PROGRESS * range {
            return true;
        }
        if self.small_steps[var] == 0 {
            self.stepped.push(change.var);
        }
        let may = self.small_steps[var] < SMALL_STEPS;
        self.small_steps[var] += u8::from(may);
        may
    }

    /// Cuts keep the known optimum, whatever it is worth.
    #[cfg(test)]
    pub fn check_cuts(&self, found: &[crate::cuts::Found]) {
        let Some(x) = &self.debug_solution else { return };
        for found in found {
            let value: f64 = found.cut.terms.iter().map(|&(j, a)| a * x[j]).sum();
            assert!(value <= found.cut.upper + self.feasibility, "{found:?} removes the known optimum");
        }
    }

    /// Whether a known optimum lies in the box and beats the cutoff: then no deduction may remove it.
    #[cfg(test)]
    pub fn holds_debug_solution(&self, domain: &Domain) -> bool {
        let Some(x) = &self.debug_solution else { return false };
        let slack = self.feasibility;
        let bounds = domain.lower().iter().zip(domain.upper());
        let inside = x.iter().zip(bounds).all(|(x, (low, high))| low - slack <= *x && *x <= high + slack);
        let objective = &self.rows[self.objective];
        let value: f64 = objective.terms.iter().map(|&(var, cost)| cost * x[var.index()]).sum();
        inside && value < objective.upper
    }
}

/// A bound that a row gives, and what rounding may have made of it since the room was known.
struct Limit {
    value: f64,
    error: f64,
}

/// The value of the column at which its term has moved from its extreme (at column value `extreme`) by `room`, when
/// all other terms sit at theirs; `None` when another term is infinite.
fn term_limit(infinite: u32, extreme: f64, coefficient: f64, room: f64) -> Option<Limit> {
    let start = match infinite {
        0 => extreme,
        // The only infinite term is this one: the activity is the sum of the others.
        1 if extreme.is_infinite() => 0.0,
        _ => return None,
    };
    let step = room / coefficient;
    // The data, the quotient, the sum and the slack round once each, by half a unit in the last place.
    Some(Limit { value: start + step, error: 4.0 * f64::EPSILON * (start.abs() + step.abs()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row that is forgotten while it waits for its visit says nothing any more.
    #[test]
    fn a_forgotten_row_is_no_conflict() {
        let mut model = Model::new("t");
        let vars: Vec<VarId> =
            (0..6).map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, 0.0, VarKind::Integer)).collect();
        for most in 1..4 {
            let mut options = Options::default();
            options.parameters.learned_rows = most;
            let mut domain = Domain::new(vec![0.0; 6], vec![1.0; 6]);
            let problem = Arc::new(LpProblem::varying(&model));
            let mut propagator = Propagator::new(&model, &problem, &mut domain, &options);
            for pair in vars.windows(2) {
                // One of the two is 1.
                let terms = pair.iter().map(|&var| (var, -1.0)).collect();
                propagator.learn(Row { name: String::new(), lower: f64::NEG_INFINITY, upper: -1.0, terms }, None);
            }
            let budget = Budget::of_options(&options, ::budget::Instant::now());
            assert!(propagator.propagate(&mut domain, &budget).is_ok(), "{most} rows");
            assert!(propagator.learned.len() <= most);
        }
    }
}

//! Branch and bound for mixed-integer models, and the way in for linear ones: [`solve`].
//!
//! Rooms: [`search`] holds the loop to open first, [`visit`] what is done at a node, [`telling`] what observers hear;
//! [`node`] and [`crate::bounds`] what a node is; [`crate::relaxation`] the meeting with the simplex; [`propagation`] (with [`activity`]),
//! [`branching`], [`heuristics`], [`incumbent`], [`objective`] and [`report`] the
//! policies and checks around it. Everything inside minimises.
//!
//! A tree starts with one search; once it is large, several share it ([`together`]), on as many threads as there are ([`crew`]).
//!
//! References: Achterberg, *Constraint Integer Programming* (2007); Land, Doig (1960) for the principle.

mod activity;
mod branching;
mod certify;
mod closing;
mod crew;
mod cutting;
mod disjunction;
#[cfg(test)]
mod disjunction_tests;
mod divide;
#[cfg(test)]
mod divide_tests;
mod heuristics;
mod incumbent;
mod joint;
mod learning;
mod lessons;
mod linear;
mod listener;
mod lowered;
mod node;
mod objective;
mod open;
mod plugged;
mod presolved;
mod propagation;
mod rational;
mod recorder;
mod report;
mod reserve;
mod resort;
mod search;
mod seed;
mod settle;
mod snapshot;
mod state;
#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod stopping_tests;
mod task;
mod telling;
#[cfg(test)]
mod tests;
mod together;
#[cfg(test)]
mod together_tests;
mod visit;
mod within;

use ::budget::Instant;
use ::budget::checkpoint::Checkpoint;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::control::{Control, Hooks};
use crate::exact_lp::Meter;
use crate::model::{Model, VarKind, refuse_special};
use crate::options::Options;
use crate::outcome::{Outcome, Status, Verified, Violations};
use crate::plugins::Plugins;
use crate::proof::{Certificate, NO_LINES};
use crate::relaxation::{Verdict, whole_ray};
use crate::simplex::Basis;
use crate::tolerances::EXACT_WORK;
use crate::verify::{Units, implied_bounds};
use crate::whole::{WholeRows, congruences};
use crate::{Budget, Error, MemoryLimit};
use dashu::rational::RBig;
pub use disjunction::{Disjunction, solve_disjunction};
pub use divide::{Division, Vertex, divide};
use incumbent::{Fate, Scale};
use learning::Learner;
use listener::Listener;
use node::{Node, NodeQueue};
use report::Report;
use resort::told;
use search::Search;
use seed::{Counters, Seed};
use state::State;
use within::{solve_within, unsearched};

/// Why plug-ins are not for some models.
const NO_PLUGINS: &str = "plug-ins see the columns of the model alone; state it by binary columns and rows of its own";

/// Solves a linear or mixed-integer model.
///
/// With integer columns the search is branch and bound; a point counts when its integers, rounded and fixed, can be
/// completed to a point that satisfies `model` within tolerance and that [`Control::judge`] does not refuse. Crossed
/// bounds make a model infeasible. An unbounded relaxation makes a model with a feasible point unbounded (its data are
/// rational). Deterministic but for limits of time and memory and
/// interruptions.
///
/// # Errors
/// [`Error::Options`] for limits that are none, [`Error::Model`] for NaN or infinite data and a start of the wrong length, [`Error::Numerical`] when the simplex
/// fails on a linear model or on the root relaxation.
pub fn solve(model: &Model, options: &Options, control: &mut dyn Control) -> Result<Outcome, Error> {
    run(model, options, control, None, Plugins::default())
}

/// Like [`solve`] for a model without special constraints, with a limit on work ([`Budget::of_work`]) in one search.
///
/// # Errors
/// Those of [`solve`].
pub(crate) fn solve_of_work(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    most_work: u64,
) -> Result<Outcome, Error> {
    // What several searches do is not counted in one place.
    let mut options = options.clone();
    options.parameters.subtrees = 1;
    let outcome = attempt(model, &options, control, None, (Plugins::default(), Checkpoint::default()), most_work)?;
    let outcome = told(outcome, (model, &options), (control, true), None);
    telling::finish(&outcome, control);
    Ok(outcome)
}

/// Like [`solve`], with what a caller adds to the search ([`crate::plugins`]).
///
/// # Errors
/// Those of [`solve`]; [`Error::Plugin`] where a plug-in says what makes no sense (a place that there is not, a row with NaN); [`Error::Model`]
/// for semi-continuous columns, special ordered sets and indicators, which plug-ins would see by columns that the model does not have.
pub fn solve_with(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    plugins: Plugins<'_>,
) -> Result<Outcome, Error> {
    run(model, options, control, None, plugins)
}

/// Like [`solve`], for runs that others go on with: the state of the search is kept as `checkpoint` says, before a node, when that is due, and once
/// more when a limit or an interrupt ends the run. A run that goes on from a state ends as the one would have that has kept it, with the same
/// outcome after the same nodes, of which [`Options::node_limit`] counts all, if the state was kept in mid-run or under a limit of nodes. An interrupt and
/// other limits may end a node half-way, which is then begun again.
///
/// Options have to be those of the run that has kept the state, but for limits, threads and [`Options::start`], which is not tried again. The best
/// point of a state counts if it is one, by the same checks as any other, but [`Control::judge`] is not asked again. The bound rests on the state as
/// it does on the program. Until the root is solved a state has no more than the basis of its linear program, as for models without whole
/// columns.
///
/// ```
/// use budget::checkpoint::{Checkpoint, Keeper};
/// use milp::{Model, Options, Quiet, Sense, Status, VarKind, solve, solve_resumable};
/// use std::sync::Mutex;
///
/// #[derive(Default)]
/// struct Shelf(Mutex<Vec<u8>>);
///
/// impl Keeper for Shelf {
///     fn is_due(&self) -> bool {
///         false
///     }
///     fn keep(&self, state: Vec<u8>) {
///         *self.0.lock().unwrap() = state;
///     }
/// }
///
/// let mut model = Model::new("knapsack");
/// model.sense = Sense::Maximise;
/// let x: Vec<_> = (0..30).map(|j| model.add_var("", 0.0, 1.0, f64::from(30 + 7 * j * j % 41), VarKind::Integer)).collect();
/// for k in 1..4 {
///     let weights = x.iter().zip(0..).map(|(x, j)| (*x, f64::from(20 + (3 + k) * j * j % 37)));
///     model.add_row("", f64::NEG_INFINITY, 500.0, weights);
/// }
/// let (shelf, options) = (Shelf::default(), Options { node_limit: 2, ..Options::default() });
/// let keep = Checkpoint { keeper: Some(&shelf), resume: None };
/// let first = solve_resumable(&model, &options, &mut Quiet, keep)?;
/// assert_eq!(first.status, Status::NodeLimit);
/// let state = shelf.0.into_inner().unwrap();
/// let go_on = Checkpoint { keeper: None, resume: Some(&state) };
/// let second = solve_resumable(&model, &Options::default(), &mut Quiet, go_on)?;
/// let whole = solve(&model, &Options::default(), &mut Quiet)?;
/// assert_eq!((second.objective, second.statistics.nodes), (whole.objective, whole.statistics.nodes));
/// # Ok::<(), milp::Error>(())
/// ```
///
/// # Errors
/// Those of [`solve`], and [`Error::Checkpoint`] for a state of another model or of other options, as far as that can be seen, or bytes that are
/// no state.
pub fn solve_resumable(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    checkpoint: Checkpoint<'_>,
) -> Result<Outcome, Error> {
    let outcome = attempt(model, options, control, None, (Plugins::default(), checkpoint), u64::MAX)?;
    let outcome = told(outcome, (model, options), (control, true), None);
    telling::finish(&outcome, control);
    Ok(outcome)
}

/// Like [`solve`], and leaves in `certificate` (made for `model`) the proof of what the outcome claims. The search is the
/// same but for four things: there is no presolve, there are no cuts, points count only if their continuous columns can be completed exactly, and at the end every open
/// node is bounded once more, and split where that falls short. Of a limit of time as much is kept back as that takes, half of it at
/// most; after an interrupt there is a tenth of a second, or nothing where the lines of the tree take longer to write. If a node is
/// open then, what is proven is the bound of the root.
///
/// What is called optimal or infeasible is what [`Certificate::write`] proves, and the bound of an optimum is no better than its.
/// If exact arithmetic does not confirm what the search has found, or there is no time for it, the status is that of the limit or
/// [`Status::Unresolved`]; so it is for what the certificate excludes. A run that a limit stops has the bound of its search, of which
/// the certificate may fall short.
///
/// # Errors
/// Those of [`solve`].
pub fn solve_certified(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    certificate: &mut Certificate,
) -> Result<Outcome, Error> {
    run(model, options, control, Some(certificate), Plugins::default())
}

fn run(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    mut certificate: Option<&mut Certificate>,
    plugins: Plugins<'_>,
) -> Result<Outcome, Error> {
    let has_all_rows = plugins.is_empty();
    let within = (plugins, Checkpoint::default());
    let outcome = attempt(model, options, control, certificate.as_deref_mut(), within, u64::MAX)?;
    let outcome = told(outcome, (model, options), (control, has_all_rows), certificate);
    telling::finish(&outcome, control);
    Ok(outcome)
}

fn attempt(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    mut certificate: Option<&mut Certificate>,
    (plugins, checkpoint): (Plugins<'_>, Checkpoint<'_>),
    most_work: u64,
) -> Result<Outcome, Error> {
    check_input(model, options)?;
    if !model.special.is_empty() {
        if certificate.is_some() {
            refuse_special(model, NO_LINES)?;
        }
        if !plugins.is_empty() {
            refuse_special(model, NO_PLUGINS)?;
        }
        return lowered::solve(model, options, control, |model, options, control| {
            attempt(model, options, control, None, (Plugins::default(), checkpoint), most_work)
        });
    }
    let hooks = Hooks::new(control).with(plugins).keeping(checkpoint);
    let stop = || hooks.should_stop();
    let memory = MemoryLimit::gigabytes(options.memory_limit);
    let budget = Budget::of_options(options, Instant::now()).stopped_by(&stop).within(&memory).of_work(most_work);
    if certificate.is_some() {
        budget.end_at(reserve::search_end(Instant::now(), options, reserve::Progress::default()));
    }
    let whole = WholeRows::of(model, options.parameters.elimination_work, &budget);
    if let Some(multipliers) = &whole.contradiction {
        let Some(certificate) = certificate.as_deref_mut() else {
            return Ok(unsearched(model, Status::Infeasible, &hooks));
        };
        // A contradiction that cannot be written down is none: the search goes on without it.
        if let Some(closed) = certificate.whole_contradiction(multipliers) {
            certificate.close(None, closed);
            return Ok(unsearched(model, Status::Infeasible, &hooks));
        }
    }
    // Setting up a search takes as long again.
    if let Some(status) = budget.ask() {
        if let Some(certificate) = certificate {
            certificate.bound_by_columns(model);
        }
        return Ok(unsearched(model, status, &hooks));
    }
    let mut rounded = whole.rounded;
    if let Some(certificate) = certificate.as_deref_mut() {
        rounded.retain(|side| certificate.round_row(side));
    }
    let tightened =
        if rounded.is_empty() { Cow::Borrowed(model) } else { Cow::Owned(WholeRows::apply(&rounded, model)) };
    let judges = tightened.has_integers() && hooks.borrow().judges() || hooks.has_plugins();
    let mut outcome = if options.parameters.presolve && certificate.is_none() && !judges {
        presolved::solve(&tightened, options, (&budget, &hooks))?
    } else {
        solve_within(&tightened, options, (&budget, &hooks), certificate.as_deref_mut())?
    };
    if let Some(certificate) = certificate {
        certificate.retract(&mut outcome, model);
    }
    Ok(outcome)
}

fn check_input(model: &Model, options: &Options) -> Result<(), Error> {
    options.check()?;
    let refuse = |message: String| Err(Error::Model { model: model.name.clone(), message });
    for var in &model.variables {
        if var.lower == f64::INFINITY || var.upper == f64::NEG_INFINITY {
            return refuse(format!("column '{}' has to be infinite by its bounds; correct them", var.name));
        }
        if var.lower.is_nan() || var.upper.is_nan() || !var.cost.is_finite() {
            return refuse(format!("column '{}' has a NaN or an infinite cost; correct its data", var.name));
        }
    }
    for row in &model.rows {
        if row.lower == f64::INFINITY || row.upper == f64::NEG_INFINITY {
            return refuse(format!("row '{}' asks for an infinite activity; correct its sides", row.name));
        }
        if row.lower.is_nan() || row.upper.is_nan() || row.terms.iter().any(|(_, value)| !value.is_finite()) {
            return refuse(format!("row '{}' has a NaN or an infinite coefficient; correct its data", row.name));
        }
    }
    match &options.start {
        Some(start) if start.len() != model.num_vars() => {
            refuse(format!("the start has {} values for {} columns", start.len(), model.num_vars()))
        }
        _ => Ok(()),
    }
}

impl<'a> Search<'a> {
    fn new(
        model: &'a Model,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
        certificate: Option<&'a mut Certificate>,
        scale: Scale,
    ) -> Self {
        let seed = Seed::new(model, options, certificate.as_deref(), scale);
        let mut search = Self::grown(seed, options, (budget, hooks), certificate);
        if let Some(cutoff) = options.cutoff.as_ref().filter(|_| !search.is_certifying()) {
            let value = search.report.units().value_of_exact(cutoff);
            search.incumbent.lower_ceiling(&value);
            search.news_of_cutoff();
        }
        search
    }

    /// The search that begins with what is in a seed, without open nodes.
    fn grown(
        seed: Seed<'a>,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
        certificate: Option<&'a mut Certificate>,
    ) -> Self {
        let Seed { model, relaxation, propagator, domain, incumbent, pseudo_costs, learner, least, .. } = seed;
        let Counters { plunges, last_dive, dive_iterations, closed_bound, kept_bound } = seed.counters;
        Self {
            report: Report::new(Units::of(model)).counting_from(seed.statistics),
            listener: Listener::new(hooks.borrow().interest()),
            queue: NodeQueue::new(options.parameters.node_order, hooks.plugins().selection.is_some()),
            current_bound: f64::NEG_INFINITY,
            root_ceiling: f64::INFINITY,
            stopped: None,
            began: Instant::now(),
            work_of_root: 0,
            ray: None,
            created: 0,
            open_elsewhere: 0,
            pause_at: u64::MAX,
            pause_after: u64::MAX,
            plunges,
            last_dive,
            closed_bound,
            kept_bound,
            model,
            options,
            budget,
            hooks,
            certificate,
            relaxation,
            propagator,
            domain,
            incumbent,
            pseudo_costs,
            learner,
            least,
            dive_iterations,
        }
    }

    /// Propagates and solves the root (from a basis, if one is known), tries the start and the heuristics, and queues the root node.
    /// `Some` ends the run before the search.
    fn root(&mut self, basis: Option<&Basis>) -> Result<Option<Status>, Error> {
        self.root_ceiling = self.incumbent.ceiling();
        if let Some(status) = self.prepare() {
            return Ok(Some(status));
        }
        if let Some(start) = &self.options.start
            && let Fate::Stopped(status) = self.try_point(start, 'S', 0)?
        {
            self.kept_bound = f64::NEG_INFINITY;
            return Ok(Some(status));
        }
        basis.into_iter().for_each(|basis| self.relaxation.load_basis(basis));
        let first = self.relax()?;
        let solved = self.relaxation.basis();
        let ended = self.finish_root(first)?;
        if let Some(Status::TimeLimit | Status::MemoryLimit | Status::Interrupted) = ended {
            State::Root(solved.packed()).keep(self.hooks);
        }
        Ok(ended)
    }

    /// What follows from the model alone: propagates the root, whose box is the base of all others. `Some` ends the run.
    fn prepare(&mut self) -> Option<Status> {
        let crossed = |j: usize| self.domain.lower()[j] > self.domain.upper()[j];
        let empty_row = |row: &crate::model::Row| row.lower > row.upper;
        if (0..self.model.num_vars()).any(crossed) || self.model.rows.iter().any(empty_row) {
            self.certify_crossed();
            return Some(Status::Infeasible);
        }
        self.least = self.incumbent.round_up(self.relaxation.bound_without_rows(&self.domain));
        self.propagator.enqueue_all();
        let mut propagated = self.propagator.propagate(&mut self.domain, self.budget);
        if propagated.is_ok() {
            self.add_congruences();
            propagated = self.propagator.propagate(&mut self.domain, self.budget);
        }
        // What is to be beaten may have taken points away that are no better.
        self.count_closed(f64::NEG_INFINITY);
        if let Err(conflict) = propagated {
            self.certify_root(&conflict);
            return Some(Status::Infeasible);
        }
        if let Some(status) = self.budget.ask() {
            self.kept_bound = f64::NEG_INFINITY;
            return Some(status);
        }
        self.certify_base();
        self.domain.rebase();
        let least = self.relaxation.bound_without_rows(&self.domain);
        self.least = self.least.max(self.incumbent.round_up(least));
        self.imply_bounds();
        let is_bounded = |&j: &usize| self.domain.lower()[j].is_finite() && self.domain.upper()[j].is_finite();
        if !self.relaxation.integers().iter().all(is_bounded) {
            self.queue.be_fair();
        }
        self.learner = Learner::new(self.model, &self.domain, self.options, self.is_certifying());
        self.learner.from_cutoff = self.deduces_from_cutoff();
        self.relaxation.install(&self.domain);
        None
    }

    /// The rest of the root, from the verdict on its relaxation.
    fn finish_root(&mut self, first: Verdict) -> Result<Option<Status>, Error> {
        let verdict = match first {
            Verdict::Unbounded => self.find_ray(u64::MAX),
            Verdict::Solved if self.relaxation.bound(self.budget) == f64::NEG_INFINITY => {
                match self.find_ray(EXACT_WORK) {
                    Verdict::Undecided => Verdict::Solved,
                    other => other,
                }
            }
            other => other,
        };
        let verdict = match verdict {
            Verdict::Solved => {
                self.certify_duals();
                self.current_bound = self.incumbent.round_up(self.relaxation.bound(self.budget));
                self.note('R', 0);
                // What only rationals can solve has nothing that floats could cut.
                if first == Verdict::Solved { self.cut()? } else { Verdict::Solved }
            }
            other => other,
        };
        match verdict {
            // A certificate wants the root to be closed like every other node.
            Verdict::Infeasible | Verdict::Cutoff if self.certificate.is_some() => {}
            Verdict::Infeasible | Verdict::Cutoff => {
                self.count_closed(f64::NEG_INFINITY);
                let is_empty = self.incumbent.objective().is_none();
                return Ok(Some(if is_empty { Status::Infeasible } else { Status::Optimal }));
            }
            Verdict::Unbounded => return Ok(Some(Status::Unbounded)),
            Verdict::Stopped(status) => {
                self.kept_bound = self.current_bound;
                return Ok(Some(status));
            }
            Verdict::Solved => {
                let bound = self.incumbent.round_up(self.relaxation.bound(self.budget));
                self.current_bound = self.current_bound.max(bound);
                if self.report.statistics.cuts > 0 {
                    self.note('R', 0);
                }
                self.root_heuristics()?;
            }
            Verdict::Undecided | Verdict::OutOfIterations => {}
        }
        let root = Node {
            id: 0,
            depth: 0,
            bound: self.current_bound,
            path: None,
            origin: None,
            basis: Some(Arc::new(self.relaxation.basis())),
            place: None,
            key: None,
        };
        self.tell_node(&root, None);
        self.queue.push(root);
        Ok(None)
    }

    /// What rows say modulo one, for the nodes below; the relaxation and a certificate carry the continuous columns in it.
    fn add_congruences(&mut self) {
        let found = congruences(self.model, &self.domain, self.options.parameters.elimination_work, self.budget);
        let is_continuous = |j: &usize| self.model.variables[*j].kind == VarKind::Continuous;
        let rest = found.iter().flat_map(|congruence| &congruence.rest).map(|(j, _)| *j as usize);
        let carried: BTreeSet<usize> = rest.filter(is_continuous).collect();
        let carried: Vec<usize> = carried.into_iter().collect();
        self.relaxation.carry(&carried);
        if let Some(certificate) = self.certificate.as_deref_mut() {
            certificate.carry(&carried);
        }
        found.into_iter().for_each(|congruence| self.propagator.add_congruence(congruence));
    }

    /// Gives the relaxation bounds of all columns to lean on: what was propagated, and what rows imply beyond that.
    fn imply_bounds(&mut self) {
        let problem = self.relaxation.problem();
        let n = problem.num_cols();
        let with_rows = |columns: &[f64], all: &[f64]| [columns, &all[n..]].concat();
        let lower = with_rows(self.domain.lower(), &problem.lower);
        let upper = with_rows(self.domain.upper(), &problem.upper);
        let implied = implied_bounds(problem, &lower, &upper, f64::INFINITY);
        self.relaxation.set_implied(Some(Arc::new(implied)));
    }

    /// Whether the root's relaxation is unbounded, in rationals; otherwise what holds instead.
    fn find_ray(&mut self, work: u64) -> Verdict {
        match self.relaxation.ray(Meter::new(work, self.budget)) {
            Ok(ray) => {
                self.ray = Some(whole_ray(ray, self.relaxation.integers()));
                Verdict::Unbounded
            }
            Err(verdict) => verdict,
        }
    }

    fn root_heuristics(&mut self) -> Result<(), Error> {
        if self.current_bound >= self.incumbent.cutoff() || self.fractional().is_empty() {
            return Ok(());
        }
        let parameters = &self.options.parameters;
        if parameters.rounding {
            let x = self.relaxation.solution().to_vec();
            self.fix_and_propagate(&x, 'H')?;
        }
        if parameters.dives && self.relax()? == Verdict::Solved {
            self.dive(0)?;
        }
        Ok(())
    }

    /// What a bound stands for, which may have been rounded up: what is closed at the best point's value is closed at its objective.
    fn exact_bound(&self, bound: f64) -> Option<RBig> {
        let best = self.incumbent.best().filter(|best| best.value == bound);
        best.and_then(|best| best.objective.clone()).or_else(|| self.incumbent.on_grid(bound))
    }

    fn outcome(mut self, status: Status) -> Outcome {
        let bound = match status {
            Status::Infeasible if self.incumbent.ceiling() == f64::INFINITY => f64::INFINITY,
            Status::Unbounded => f64::NEG_INFINITY,
            _ => self.bound(),
        };
        self.current_bound = bound;
        self.note('E', 0);
        let best = self.incumbent.best();
        let exact_bound = self.exact_bound(bound);
        let units = self.report.units();
        let bound = exact_bound.as_ref().map_or_else(|| units.bound(bound), |bound| units.exact_bound(bound));
        // There is no best objective where there is no end to better ones.
        let bounded = best.filter(|_| status != Status::Unbounded);
        let objective = bounded.map(|best| match &best.objective {
            Some(exact) => units.objective(exact),
            None => self.model.objective_of_decimals(&best.point),
        });
        let verified = match best {
            Some(best) if best.exact.is_none() => Verified::Tolerance,
            Some(best) if exact_bound.is_some() && best.objective == exact_bound => Verified::Exact,
            _ => Verified::Rigorous,
        };
        let solution = best.map(|best| best.point.clone());
        let exact_solution = best.and_then(|best| best.exact.clone());
        self.report.statistics.verify_seconds = self.relaxation.exact_time.as_secs_f64();
        Outcome {
            status,
            verified,
            objective,
            bound,
            violations: match (&solution, &exact_solution) {
                (Some(x), None) => Violations::of(self.model, x),
                _ => Violations::default(),
            },
            solution,
            exact_solution,
            ray: self.ray,
            duals: None,
            statistics: self.report.finish(),
        }
    }
}

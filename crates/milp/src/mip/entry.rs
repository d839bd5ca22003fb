//! The way in: [`solve`] and its like, which differ in what they hand to [`attempt`].

use ::budget::Instant;
use ::budget::checkpoint::Checkpoint;
use std::borrow::Cow;

use super::input::check_input;
use super::resort::told;
use super::within::{solve_within, unsearched};
use super::{lowered, presolved, reserve, telling};
use crate::control::{Control, Hooks};
use crate::model::{Model, refuse_special};
use crate::options::Options;
use crate::outcome::{Outcome, Status};
use crate::plugins::Plugins;
use crate::proof::{Certificate, NO_LINES};
use crate::whole::WholeRows;
use crate::{Budget, Error, MemoryLimit};

/// Why plug-ins are not for some models.
const NO_PLUGINS: &str = "plug-ins see the columns of the model alone; state it by binary columns and rows of its own";

/// What a search is asked for beside its options.
struct Request<'c, 'p> {
    certificate: Option<&'c mut Certificate>,
    plugins: Plugins<'p>,
    checkpoint: Checkpoint<'p>,
    /// See [`Budget::of_work`].
    most_work: u64,
}

impl Default for Request<'_, '_> {
    fn default() -> Self {
        Self { certificate: None, plugins: Plugins::default(), checkpoint: Checkpoint::default(), most_work: u64::MAX }
    }
}

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
    run(model, options, control, Request::default())
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
    run(model, &options, control, Request { most_work, ..Request::default() })
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
    run(model, options, control, Request { plugins, ..Request::default() })
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
    run(model, options, control, Request { checkpoint, ..Request::default() })
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
    run(model, options, control, Request { certificate: Some(certificate), ..Request::default() })
}

/// Searches, and tells the outcome.
fn run(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    request: Request<'_, '_>,
) -> Result<Outcome, Error> {
    let Request { mut certificate, plugins, checkpoint, most_work } = request;
    let has_all_rows = plugins.is_empty();
    let request = Request { certificate: certificate.as_deref_mut(), plugins, checkpoint, most_work };
    let outcome = attempt(model, options, control, request)?;
    let outcome = told(outcome, (model, options), (control, has_all_rows), certificate);
    telling::finish(&outcome, control);
    Ok(outcome)
}

fn attempt(
    model: &Model,
    options: &Options,
    control: &mut dyn Control,
    request: Request<'_, '_>,
) -> Result<Outcome, Error> {
    let Request { mut certificate, plugins, checkpoint, most_work } = request;
    check_input(model, options)?;
    if !model.special.is_empty() {
        if certificate.is_some() {
            refuse_special(model, NO_LINES)?;
        }
        if !plugins.is_empty() {
            refuse_special(model, NO_PLUGINS)?;
        }
        return lowered::solve(model, options, control, |model, options, control| {
            attempt(model, options, control, Request { checkpoint, most_work, ..Request::default() })
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

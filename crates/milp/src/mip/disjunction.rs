//! Several models at once: the best point of all of them, as if they were the children of one root (Balas, Disjunctive programming, 1979).
//!
//! Entry point: [`solve_disjunction`]. Every model has a search of its own. They take turns of some nodes, the one of least bound next, so that
//! the bound of all is that of one search by best bound; what one of them finds, all have to beat. Turns are counted in nodes: no clock decides
//! whose it is.

use ::budget::Instant;
use ::budget::checkpoint::{Checkpoint, decode, encode};
use ::budget::observe::{Finish, Interest};
use dashu::rational::RBig;
use serde::{Deserialize, Serialize};

use super::incumbent::Scale;
use super::input::check_input;
use super::joint::{Joint, Shared, Sums, Turn};
use super::search::Search;
use super::state::{Standing, Tree};
use crate::control::{Control, Event, Hooks, ProgressRow, What};
use crate::model::{Model, Sense, refuse_special};
use crate::options::Options;
use crate::outcome::{Statistics, Status};
use crate::{Budget, Error, MemoryLimit};

/// The end of a run on several models.
#[derive(Clone, Debug)]
pub struct Disjunction {
    /// Why the run ended. [`Status::Optimal`]: no point of any model is better than `solution`, within the gap asked for.
    /// [`Status::Infeasible`]: none has a point, or none that beats [`Control::ceiling`] by more than the gap.
    pub status: Status,
    /// The best point found, and the place of its model.
    pub solution: Option<(usize, Vec<f64>)>,
    /// Its objective.
    pub objective: Option<f64>,
    /// Proven bound on the objective of every point, and no better than the ceiling; infinite if nothing is proven, or if there is neither a
    /// point nor a ceiling.
    pub bound: f64,
    /// Work done, over all models.
    pub statistics: Statistics,
}

/// Finds the best point of several models of one sense, each with integer columns. Observers hear the names of columns of the first one: they
/// should be the same in all. [`Options::start`] is left out; [`Options::node_limit`] is for all together, and with 0 the root of each
/// is solved. [`Control::turn`] says which model the other calls are about. The state of the search is kept between two turns, as
/// [`crate::solve_resumable`] does it.
///
/// ```
/// use budget::checkpoint::Checkpoint;
/// use milp::{Model, Options, Quiet, Status, VarKind, solve_disjunction};
///
/// // x + y where x and y are two apart, one way or the other.
/// let models = [1.0, -1.0].map(|sign| {
///     let mut model = Model::new("apart");
///     let x = model.add_var("x", 0.0, 5.0, 1.0, VarKind::Integer);
///     let y = model.add_var("y", 1.0, 5.0, 1.0, VarKind::Integer);
///     model.add_row("", 2.0, f64::INFINITY, [(x, sign), (y, -sign)]);
///     model
/// });
/// let best = solve_disjunction(&[&models[0], &models[1]], &Options::default(), &mut Quiet, Checkpoint::default())?;
/// assert_eq!((best.status, best.objective, best.solution), (Status::Optimal, Some(2.0), Some((1, vec![0.0, 2.0]))));
/// # Ok::<(), milp::Error>(())
/// ```
///
/// # Errors
/// As [`crate::solve_resumable`]; [`Error::Model`] also for a model of another sense than the first, without integer columns, or whose relaxation is
/// unbounded.
pub fn solve_disjunction(
    models: &[&Model],
    options: &Options,
    control: &mut dyn Control,
    checkpoint: Checkpoint<'_>,
) -> Result<Disjunction, Error> {
    let mut options = Options { start: None, ..options.clone() };
    options.parameters.free_probe_iterations /= models.len().max(1) as u64;
    // The searches of the models take turns, and none has others beside it.
    options.parameters.subtrees = 1;
    for &model in models {
        check_input(model, &options)?;
        refuse_special(
            model,
            "several models are searched together without such constraints; write it with binary columns and rows",
        )?;
        if model.sense != models[0].sense {
            return refuse(model, "its sense is not that of the first model; turn its objective");
        }
        if !model.has_integers() {
            return refuse(model, "it has no integer columns; solve it by itself");
        }
    }
    let maximise = models.first().is_some_and(|model| model.sense == Sense::Maximise);
    let shared = Shared::new(maximise);
    let mut joint = Joint::new(control, &shared);
    let hooks = Hooks::new(&mut joint);
    let stop = || hooks.should_stop();
    let memory = MemoryLimit::gigabytes(options.memory_limit);
    let budget = Budget::of_options(&options, Instant::now()).stopped_by(&stop).within(&memory);
    let members = models.iter().map(|&model| Member { model, search: None, has_root: false, is_over: false }).collect();
    let mut turns = Turns { members, shared: &shared, maximise, best: None, checkpoint };
    let limit = match turns.resume(&options, (&budget, &hooks))? {
        None => turns.run(&options, (&budget, &hooks))?,
        limit => limit,
    };
    Ok(turns.settle(limit, &hooks))
}

fn refuse<T>(model: &Model, message: &str) -> Result<T, Error> {
    Err(Error::Model { model: model.name.clone(), message: message.to_owned() })
}

/// What is kept of several searches: the best objective, with the place of its model, and what has begun, with whether it is over.
#[derive(Serialize, Deserialize)]
struct SavedTurns {
    best: Option<(f64, u64)>,
    members: Vec<Option<(bool, Tree)>>,
}

/// A model and its search, which begins with its first turn.
struct Member<'a> {
    model: &'a Model,
    search: Option<Search<'a>>,
    /// Whether its root is done.
    has_root: bool,
    is_over: bool,
}

impl Member<'_> {
    fn nodes(&self) -> u64 {
        self.search.as_ref().map_or(0, |search| search.report.statistics.nodes)
    }

    /// Asks for points that beat this objective.
    fn lower_ceiling(&mut self, objective: f64) {
        if let Some(search) = &mut self.search
            && let Ok(objective) = RBig::try_from(objective)
        {
            let value = search.report.units().value_of_exact(&objective);
            search.incumbent.lower_ceiling(&value);
            search.news_of_cutoff();
        }
    }

    /// Whether no point is left that beats what is known.
    fn is_met(&self) -> bool {
        self.search.as_ref().is_some_and(|search| search.bound() >= search.incumbent.cutoff())
    }
}

struct Turns<'a> {
    members: Vec<Member<'a>>,
    shared: &'a Shared,
    maximise: bool,
    /// The best objective that a search has found, and the place of its model.
    best: Option<(f64, usize)>,
    /// Who keeps the state of all searches; none of them does by itself.
    checkpoint: Checkpoint<'a>,
}

impl<'a> Turns<'a> {
    /// Gives turns until all searches are over, or a limit is met: that is returned.
    fn run(
        &mut self,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
    ) -> Result<Option<Status>, Error> {
        while let Some(at) = self.next() {
            let left = options.node_limit.saturating_sub(self.sums(None).nodes);
            let is_new = self.members[at].search.is_none();
            let limit = budget.ask().or((left == 0 && !is_new).then_some(Status::NodeLimit));
            self.keep(limit.is_some());
            if limit.is_some() {
                return Ok(limit);
            }
            budget.hold_elsewhere(self.memory_without(at));
            self.tell_turn(at, hooks);
            let ceiling = self.ceiling(hooks);
            let Member { model, search, .. } = &mut self.members[at];
            search.get_or_insert_with(|| Search::new(model, options, (budget, hooks), None, Scale::of(model)));
            ceiling.into_iter().for_each(|ceiling| self.members[at].lower_ceiling(ceiling));
            let ended = self.members[at].take_turn(is_new, left.min(options.parameters.turn_nodes))?;
            self.take_objective(at);
            let member = &mut self.members[at];
            match ended {
                None | Some(Status::NodeLimit) => member.has_root = true,
                Some(Status::Optimal | Status::Infeasible | Status::Unresolved) => {
                    (member.has_root, member.is_over) = (true, true);
                }
                Some(Status::Unbounded) => {
                    return refuse(self.members[at].model, "its relaxation is unbounded; bound its columns");
                }
                limit => {
                    self.keep(true);
                    return Ok(limit);
                }
            }
        }
        Ok(None)
    }

    /// Has the state of all searches kept, if that is due or the run `ends`.
    fn keep(&mut self, ends: bool) {
        let Some(keeper) = self.checkpoint.keeper.filter(|keeper| ends || keeper.is_due()) else { return };
        let members = self.members.iter_mut().map(|member| {
            let tree = member.search.as_mut().filter(|_| member.has_root)?.resting();
            Some((member.is_over, tree))
        });
        let saved = SavedTurns { best: self.best.map(|(best, at)| (best, at as u64)), members: members.collect() };
        if let Ok(bytes) = encode(&saved) {
            keeper.keep(bytes);
        }
    }

    /// Stands where a state was kept, if there is one; a limit may end the run before that.
    fn resume(
        &mut self,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
    ) -> Result<Option<Status>, Error> {
        let Some(bytes) = self.checkpoint.resume else { return Ok(None) };
        let SavedTurns { best, members } = decode(bytes)?;
        if members.len() != self.members.len() {
            return Err(Error::unfit());
        }
        for (at, saved) in members.into_iter().enumerate() {
            let Some((is_over, tree)) = saved else { continue };
            self.tell_turn(at, hooks);
            let member = &mut self.members[at];
            let mut search = Search::new(member.model, options, (budget, hooks), None, Scale::of(member.model));
            search.tell_start();
            match search.stand(tree)? {
                Ok(Standing::Queue) | Err(Status::Infeasible) => {}
                Ok(_) => return Err(Error::unfit()),
                Err(limit) => return Ok(Some(limit)),
            }
            (member.search, member.has_root, member.is_over) = (Some(search), true, is_over);
            self.take_objective(at);
        }
        let Some((objective, at)) = best else { return Ok(None) };
        // Of points that are as good, the first that was found is the best one.
        let is_best = self.best.is_some_and(|(best, _)| best == objective);
        let at = usize::try_from(at).ok().filter(|&at| is_best && self.objective_of(at) == Some(objective));
        self.best = Some((objective, at.ok_or_else(Error::unfit)?));
        Ok(None)
    }

    /// Whose turn is next: of those that are not over one of least bound, and of these the one that has seen the fewest nodes.
    fn next(&self) -> Option<usize> {
        let open = (0..self.members.len()).filter(|&at| !self.members[at].is_over);
        let key = |at: usize| (self.sign() * self.bound_of(at), self.members[at].nodes());
        open.min_by(|&a, &b| {
            let ((a, nodes), (b, others)) = (key(a), key(b));
            a.total_cmp(&b).then(nodes.cmp(&others))
        })
    }

    fn sign(&self) -> f64 {
        if self.maximise { -1.0 } else { 1.0 }
    }

    /// The bound that is proven of one model.
    fn bound_of(&self, at: usize) -> f64 {
        let search = self.members[at].search.as_ref();
        search.map_or(-self.sign() * f64::INFINITY, |search| search.report.units().bound(search.bound()))
    }

    /// The bound of all models but one.
    fn bound_without(&self, one: Option<usize>) -> f64 {
        let bounds = (0..self.members.len()).filter(|at| Some(*at) != one).map(|at| self.bound_of(at));
        bounds.fold(self.sign() * f64::INFINITY, |a, b| self.shared.least(a, b))
    }

    /// The work on all models but one.
    fn sums(&self, one: Option<usize>) -> Sums {
        let mut sums = Sums::default();
        let members = self.members.iter().enumerate().filter(|(at, _)| Some(*at) != one);
        for search in members.filter_map(|(_, member)| member.search.as_ref()) {
            let statistics = &search.report.statistics;
            sums.nodes += statistics.nodes;
            sums.open += search.queue.len() as u64;
            sums.conflicts += statistics.conflicts;
            sums.lp_iterations += search.relaxation.iterations();
            sums.cuts += statistics.cuts;
            sums.unresolved += statistics.unresolved;
            sums.verify_seconds += search.relaxation.exact_time.as_secs_f64();
        }
        sums
    }

    /// Bytes of what grows with the searches of all models but one.
    fn memory_without(&self, one: usize) -> usize {
        let others = self.members.iter().enumerate().filter(|(at, _)| *at != one);
        others.filter_map(|(_, member)| member.search.as_ref()).map(Search::memory).sum()
    }

    fn tell_turn(&self, at: usize, hooks: &Hooks) {
        let best = self.best.map(|(best, _)| best);
        self.shared.note(self.bound_without(None), best);
        let (sums, bound) = (self.sums(Some(at)), self.bound_without(Some(at)));
        self.shared.set(Turn { model: at, sums, bound, best });
        hooks.borrow_mut().turn(at);
    }

    /// What points have to beat: the best one, and what the caller knows.
    fn ceiling(&self, hooks: &Hooks) -> Option<f64> {
        self.shared.better(self.best.map(|(best, _)| best), hooks.borrow().ceiling())
    }

    /// The objective of the best point that a search has found.
    fn objective_of(&self, at: usize) -> Option<f64> {
        let search = self.members.get(at)?.search.as_ref()?;
        search.incumbent.objective().map(|value| search.report.units().objective_near(value))
    }

    /// Takes what a search has found.
    fn take_objective(&mut self, at: usize) {
        if let Some(found) = self.objective_of(at)
            && self.best.is_none_or(|(best, _)| self.sign() * found < self.sign() * best)
        {
            self.best = Some((found, at));
        }
    }

    /// What has come of it all.
    fn settle(mut self, limit: Option<Status>, hooks: &Hooks) -> Disjunction {
        let ceiling = self.ceiling(hooks);
        for member in &mut self.members {
            ceiling.into_iter().for_each(|ceiling| member.lower_ceiling(ceiling));
        }
        let is_met = self.members.iter().all(Member::is_met);
        let status = match self.best {
            Some(_) if is_met => Status::Optimal,
            None if is_met => Status::Infeasible,
            _ => limit.unwrap_or(Status::Unresolved),
        };
        let objective = self.best.map(|(best, _)| best);
        // A model whose objective has a step rounds the ceiling up to it.
        let bound = self.bound_without(None);
        let bound = ceiling.map_or(bound, |ceiling| self.shared.least(bound, ceiling));
        for at in 0..self.members.len() {
            if self.members[at].search.is_some() {
                self.tell_turn(at, hooks);
            }
            self.members[at].search.iter_mut().for_each(Search::tell_rest);
        }
        let sums = self.sums(None);
        let best = self.best;
        let point = |(_, at): (f64, usize)| {
            let search = self.members[at].search.as_ref()?;
            Some((at, search.incumbent.best()?.point.clone()))
        };
        let statistics = Statistics {
            nodes: sums.nodes,
            lp_iterations: sums.lp_iterations,
            conflicts: sums.conflicts,
            cuts: sums.cuts,
            unresolved: sums.unresolved,
            seconds: self.shared.seconds(),
            primal_dual_integral: self.shared.integral(),
            verify_seconds: sums.verify_seconds,
            ..Statistics::default()
        };
        let disjunction = Disjunction { status, solution: best.and_then(point), objective, bound, statistics };
        self.tell_end(&disjunction, sums.open, hooks);
        disjunction
    }

    fn tell_end(&self, end: &Disjunction, open: u64, hooks: &Hooks) {
        let Disjunction { status, objective: incumbent, bound, statistics, .. } = end;
        let Statistics { nodes, conflicts, lp_iterations, seconds, primal_dual_integral, .. } = *statistics;
        self.shared.set(Turn { model: 0, sums: Sums::default(), bound: *bound, best: *incumbent });
        let mut hooks = hooks.borrow_mut();
        hooks.progress(&ProgressRow {
            source: 'E',
            nodes,
            open,
            depth: 0,
            learned: 0,
            bound: *bound,
            incumbent: *incumbent,
            conflicts,
            lp_iterations,
            seconds,
        });
        if hooks.interest().wants(Interest::BOUNDS) {
            let (status, incumbent, bound) = (status.as_str(), *incumbent, *bound);
            let finish = Finish { status, incumbent, bound, primal_dual_integral };
            hooks.event(&Event::new(nodes + lp_iterations, What::Finish(finish)));
        }
    }
}

impl Member<'_> {
    /// The root, or some nodes more. `None` if there are nodes to process.
    fn take_turn(&mut self, is_new: bool, nodes: u64) -> Result<Option<Status>, Error> {
        let Some(search) = &mut self.search else { return Ok(None) };
        if is_new {
            search.tell_start();
            return search.root(None);
        }
        search.pause_at = search.report.statistics.nodes + nodes;
        search.run().map(Some)
    }
}

//! The run: cases, rounds, incumbents and the global bound.

mod beside;
mod block;
mod blocks;
mod divide;
mod dual_part;
mod flats;
mod parts;
mod report;
mod saved;
mod style;
mod told;

use crate::Parameters;
use crate::case::Case;
use crate::cells::Cells;
use crate::cube::Cube;
use crate::dual::Listener;
use crate::encode::{Encoding, Sites};
use crate::goal::{Confirmed, Goal};
use crate::search::{Allowance, NoProof, ProofSink};
use crate::theory::Geometry;
use crate::threads::pool;
use crate::turns::Turns;
use bdnn::ending::{unstarted, with_some_network};
use bdnn::pool::{Labelling, Pool, Solutions};
use bdnn::{Budget, Companion, Limits, Network, Problem, Progress, Request, Solution, Status, Telling, Training};
use blocks::{Blocks, Share};
use budget::checkpoint::Unreadable;
use budget::checkpoint::shared::Known;
use budget::{Checkpoint, GapIntegral};
pub(crate) use divide::divide;
pub use divide::{Divided, Vertex};
use dual_part::DualPart;
use parts::Parts;
use rayon::prelude::*;
use std::sync::Arc;
pub(crate) use style::Style;
use told::CaseNodes;

/// The run of [`crate::train`].
pub(crate) struct Engine<'a> {
    problem: &'a Problem,
    limits: &'a Limits,
    parameters: Parameters,
    progress: &'a dyn Progress,
    budget: Budget<'a>,
    incumbent: Option<(Network, u64)>,
    /// The best labellings, where more than one network is asked for.
    labellings: Option<Pool>,
    floor: u64,
    geometry: Arc<Geometry>,
    companion: Option<(Turns, &'a mut dyn Companion)>,
    /// None where the dual tree suffices.
    cases: Vec<Case>,
    /// The same question in the space of weights, where that has few dimensions.
    dual: Option<DualPart>,
    /// Lower bounds from blocks of the data.
    blocks: Option<Blocks>,
    /// Whether cells have yet to be looked at.
    cells_wanted: bool,
    /// Threads of the rounds, once there is work for more than one.
    pool: Option<rayon::ThreadPool>,
    split_after: u64,
    gaps: GapIntegral,
    telling: Telling<'a>,
    /// The cases as observers hear of them.
    told: CaseNodes,
    checkpoint: Checkpoint<'a>,
    /// What states need not hold.
    known: Known,
    /// Whether a limit on conflicts has cut a round short, so that no state is kept any more.
    short: bool,
}

/// The networks that a run is about: those of a part, of which none is known to lose less than the floor.
#[derive(Clone, Copy)]
pub(crate) struct Within<'a> {
    pub(crate) cube: &'a Cube,
    pub(crate) floor: u64,
}

/// All networks.
pub(crate) const ALL: Within<'static> = Within { cube: &Cube { terms: Vec::new() }, floor: 0 };

/// The whole run from `start`, the start of the request confirmed, without proof; and whether a limit on conflicts has changed what was done before
/// it ended the run, so that states of whoever goes on are those of no longer run.
pub(crate) fn search(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    style: Style,
    companion: Option<&mut dyn Companion>,
) -> Result<(Training, bool), Unreadable> {
    search_within(request, start, style, &mut |_, _| Box::new(NoProof), companion, ALL)
}

/// The run over a part of all networks. The start, and what the companion finds, may be any network of the problem; the bound is one of the
/// part, or as large as the loss of the best network. `sink` gives each case (by number) its proof log. A limit that comes before the search begins
/// leaves the start, or one answer for all points.
pub(crate) fn search_within(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    style: Style,
    sink: &mut dyn FnMut(usize, &Encoding) -> Box<dyn ProofSink>,
    companion: Option<&mut dyn Companion>,
    within: Within<'_>,
) -> Result<(Training, bool), Unreadable> {
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let style = style.of_problem(problem);
    match Parts::new((problem, within.cube), limits, style, sink, &|| budget.stop()) {
        Some(parts) => {
            let mut engine = Engine::new(request, budget, style, parts, start);
            engine.floor = engine.floor.max(within.floor);
            engine.companion = companion
                .map(|companion| (Turns::new(companion.last(), limits.settings.of()), companion as &mut dyn Companion));
            let (training, short) = match request.checkpoint.resume {
                Some(state) => engine.resume(state)?,
                None => engine.run(),
            };
            Ok((with_some_network(problem, training), short))
        }
        None => Ok((unstarted(problem, &budget, start), true)),
    }
}

/// The run for the best labellings: `pool` has those that are known, and none loses less than `bound`. The training tells of the work and why
/// the run ended: [`Status::Optimal`] means that what can be proven is.
pub(crate) fn search_pool(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    (pool, bound): (Pool, u64),
) -> (Training, Solutions) {
    // States are those of a run for one network.
    let request = request.with_checkpoint(Checkpoint::default());
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let style = Style::of_pool(&limits.settings.of()).of_problem(problem);
    match Parts::new((problem, ALL.cube), limits, style, &mut |_, _| Box::new(NoProof), &|| budget.stop()) {
        Some(parts) => {
            let mut engine = Engine::new(request, budget, style, parts, start);
            let known: Vec<Labelling> = pool.labellings().cloned().collect();
            known.iter().for_each(|labelling| engine.exclude(labelling));
            engine.labellings = Some(pool);
            engine.floor = engine.floor.max(bound);
            engine.run_pool()
        }
        None => {
            let rest = problem.floor().max(bound);
            let training = unstarted(problem, &budget, start);
            let status = budget.ended().unwrap_or(Status::Unresolved);
            (Training { status, ..training }, pool.close(Some(rest), status))
        }
    }
}

impl<'a> Engine<'a> {
    /// The run before its first round.
    fn new(
        request: Request<'a>,
        budget: Budget<'a>,
        style: Style,
        parts: Parts,
        start: Option<(Network, u64)>,
    ) -> Self {
        let Request { problem, limits, progress, checkpoint, .. } = request;
        let Parts { geometry, dual, cases } = parts;
        let parameters: Parameters = limits.settings.of();
        let layers = cases.iter().flat_map(|case| &case.encoding.formula.layers);
        let known = layers.fold(geometry.known(Known::default()), |known, layer| layer.known(known));
        let wanted = style.blocks && !cases.is_empty();
        let of_blocks = (parameters, limits.settings.of());
        let blocks = wanted.then(|| Blocks::new(problem, of_blocks, style)).flatten();
        let mut engine = Self {
            problem,
            limits,
            parameters,
            progress,
            budget,
            incumbent: None,
            labellings: None,
            floor: problem.floor(),
            geometry,
            companion: None,
            blocks,
            cells_wanted: style.cells,
            dual,
            pool: None,
            split_after: style.split_after,
            cases,
            gaps: GapIntegral::default(),
            telling: Telling::new(progress),
            told: CaseNodes::default(),
            checkpoint,
            known,
            short: false,
        };
        engine.told.begin(&mut engine.cases, &engine.telling);
        engine.dual.iter().for_each(|dual| dual.begin(Listener { telling: Some(&engine.telling), work: 0 }));
        if let Some((network, loss)) = start {
            engine.offer(network, loss);
        }
        engine
    }

    fn seconds(&self) -> f64 {
        self.budget.seconds()
    }

    /// Takes a confirmed network if it is better.
    fn offer(&mut self, network: Network, loss: u64) -> bool {
        if self.incumbent.as_ref().is_some_and(|(_, best)| *best <= loss) {
            return false;
        }
        #[allow(clippy::cast_precision_loss)]
        self.progress.incumbent(&network, loss as f64);
        self.incumbent = Some((network, loss));
        true
    }

    fn loss(&self) -> Option<u64> {
        self.incumbent.as_ref().map(|(_, loss)| *loss)
    }

    /// What is looked for.
    fn goal(&self) -> Goal {
        match &self.labellings {
            Some(pool) => Goal::Labellings(pool.ranking().clone()),
            None => Goal::Better(self.loss()),
        }
    }

    /// Losses of interest are below this; `None` if all are.
    fn cutoff(&self) -> Option<u64> {
        self.labellings.as_ref().map_or(self.loss(), |pool| pool.ranking().cutoff())
    }

    /// Proven lower bound: the least over cases, but never above the incumbent.
    fn bound(&self) -> u64 {
        let bound = match self.labellings {
            Some(_) => self.rest(),
            None => {
                let blocks = self.blocks.as_ref().map_or(0, |blocks| blocks.bound);
                let dual = self.dual.as_ref().map_or(0, |dual| dual.bound(self.loss()));
                let cases = self.cases.iter().map(|case| case.bound).min().unwrap_or(0);
                cases.max(self.floor).max(blocks).max(dual)
            }
        };
        self.loss().map_or(bound, |loss| bound.min(loss))
    }

    /// With a pool: no labelling that is not known loses less; `u64::MAX` if there is none.
    fn rest(&self) -> u64 {
        let below = self.cutoff().unwrap_or(u64::MAX);
        let dual = self.dual.as_ref().map_or(0, |dual| dual.bound(Some(below)));
        let case = |case: &Case| case.bound.min(case.passed_by.unwrap_or(u64::MAX));
        dual.max(self.cases.iter().map(case).min().unwrap_or(0)).max(self.floor)
    }

    fn conflicts(&self) -> u64 {
        self.cases.iter().map(|case| case.counts().conflicts).sum::<u64>()
            + self.blocks.as_ref().map_or(0, |blocks| blocks.conflicts)
            + self.dual.as_ref().map_or(0, DualPart::conflicts)
    }

    /// Whether the gap asked for is met; with a pool, whether no other labelling would change it.
    fn closed(&self) -> bool {
        if self.labellings.is_some() {
            return self.rest() >= self.cutoff().unwrap_or(u64::MAX);
        }
        #[allow(clippy::cast_precision_loss)]
        self.loss().is_some_and(|loss| {
            let gap = (loss - self.bound()) as f64;
            gap <= self.limits.gap * (loss as f64).max(1.0)
        })
    }

    fn run(mut self) -> (Training, bool) {
        let status = self.rounds(None);
        self.end(status)
    }

    /// Whether a limit on conflicts has cut a round short.
    fn is_short(&self) -> bool {
        self.short || self.blocks.as_ref().is_some_and(|blocks| blocks.short)
    }

    fn end(mut self, status: Status) -> (Training, bool) {
        self.close_trees(status);
        let short = self.is_short();
        (self.finish(status), short)
    }

    /// The run for a pool.
    fn run_pool(mut self) -> (Training, Solutions) {
        let status = self.rounds(None);
        self.close_trees(status);
        let rest = self.rest();
        let pool = self.labellings.take().unwrap_or_else(|| Pool::new(1));
        let solutions = pool.close((rest < u64::MAX).then_some(rest), status);
        let training = self.finish(status);
        // Of a list the status tells why it ended, whatever is known of its best.
        let status = if status == Status::Optimal { training.status } else { status };
        (Training { status, ..training }, solutions)
    }

    /// Round after round, until the search is over or a limit ends it; `from` a slice, if it goes on.
    fn rounds(&mut self, from: Option<u64>) -> Status {
        // With many cases the first rounds are short, so that a network one of them finds helps the others soon.
        let first = self.parameters.first_round;
        let usual = (2 * first / self.cases.len().max(1) as u64).clamp(self.parameters.least_round.min(first), first);
        let mut slice = from.unwrap_or(usual);
        loop {
            self.keep(slice);
            self.consult();
            self.report('R');
            if self.closed() {
                return Status::Optimal;
            }
            if self.cases.iter().all(|case| case.done) && self.dual.as_ref().is_none_or(DualPart::over) {
                let lacking = |case: &Case| case.unshown.is_some() || case.passed_by.is_some();
                let unresolved = self.dual.is_some() || self.cases.iter().any(lacking);
                return if unresolved {
                    Status::Unresolved
                } else if self.incumbent.is_none() {
                    Status::Infeasible
                } else {
                    Status::Optimal
                };
            }
            if let Some(ended) = self.budget.ended() {
                return ended;
            }
            let spent = self.conflicts();
            if spent >= self.limits.nodes || self.dual.as_ref().is_some_and(DualPart::gave_up) {
                return Status::NodeLimit;
            }
            if slice > first {
                self.list_cells();
            }
            self.split_cases();
            self.round(slice, self.limits.nodes - spent);
            self.dual_round(slice);
            slice = (slice + (slice / 2).max(1)).min(self.longest_slice().max(first + 1));
        }
    }

    /// Conflicts of a case in a round, at most: no round is to take much longer than some seconds, for the sake of those who listen or keep states.
    fn longest_slice(&self) -> u64 {
        let points = &self.problem.points;
        let coordinates = points.len() as u64 * (points.num_features() as u64 + 1);
        let open = self.cases.iter().filter(|case| !case.done).count().max(1) as u64;
        self.parameters.longest_round / coordinates.saturating_mul(open).max(1)
    }

    /// Lists cells that were too many to do so before the first round, if they are not too many altogether.
    fn list_cells(&mut self) {
        if !std::mem::take(&mut self.cells_wanted) || self.cases.iter().any(|case| case.cells.is_some()) {
            return;
        }
        let cells = Cells::new(&Sites::new(self.problem), &self.geometry, self.parameters.cell_words).map(Arc::new);
        self.cases.iter_mut().for_each(|case| case.search_cells(cells.as_ref()));
    }

    /// Splits cases that take long, in their order, while few are open. How many depends on the problem alone.
    fn split_cases(&mut self) {
        let mut open = self.cases.iter().filter(|case| !case.done).count();
        for k in 0..self.cases.len() {
            if open >= self.parameters.open_cases {
                break;
            }
            if let Some((lit, part)) = self.cases[k].split(self.split_after, &|| self.budget.stop()) {
                let work = self.work();
                self.cases.push(part);
                self.told.split(k, &self.cases, lit, work, &self.telling);
                open += 1;
            }
        }
    }

    /// Lets every open case search for `slice` conflicts, all together for at most `left`, then shares what was found in the order of
    /// the cases.
    fn round(&mut self, slice: u64, left: u64) {
        let (problem, goal, budget) = (self.problem, self.goal(), &self.budget);
        let stop = || budget.stop();
        let cases = &mut self.cases;
        let open = cases.iter().filter(|case| !case.done).count() as u64;
        if open == 0 {
            return;
        }
        let blocks = self.blocks.as_mut().filter(|_| slice > self.parameters.first_round);
        if self.pool.is_none() && open + u64::from(blocks.is_some()) > 1 {
            self.pool = pool(self.limits.threads);
        }
        // Blocks get as much as all cases, or several times that while they are several and theirs is the bound that counts.
        let ahead = |blocks: &Blocks| blocks.several() && cases.iter().any(|case| case.bound < blocks.bound);
        let parts = match &blocks {
            None => 0,
            Some(blocks) if ahead(blocks) => self.parameters.lead.saturating_mul(open),
            Some(_) => open,
        };
        // A round takes no longer where blocks lead: news is shared as often. And never more than what is
        // left, one conflict for each of the first cases if need be.
        let all = open.saturating_add(parts);
        let whole = slice.min((slice.saturating_mul(2 * open) / all).max(1));
        self.short |= left / all < whole;
        let slice = whole.min((left / all).max(1));
        let share =
            Share { conflicts: slice.saturating_mul(parts), most: left.saturating_sub(slice.saturating_mul(open)) };
        let allowance = Allowance { conflicts: slice, stop: &stop };
        let work = |case: &mut Case| case.advance(problem, goal.clone(), &allowance);
        let first = usize::try_from(left).unwrap_or(usize::MAX);
        let mut searching: Vec<&mut Case> = cases.iter_mut().filter(|case| !case.done).take(first).collect();
        let network = self.incumbent.as_ref().map(|(network, _)| network);
        let together = self.pool.is_some();
        let refute = || blocks.map_or_else(Vec::new, |blocks| blocks.advance(problem, network, share, together, &stop));
        let mut found = match &self.pool {
            Some(pool) => {
                let search = || searching.par_iter_mut().for_each(|case| work(case));
                pool.install(|| rayon::join(search, refute).1)
            }
            None => {
                searching.into_iter().for_each(work);
                refute()
            }
        };
        for case in &mut self.cases {
            found.append(&mut case.found);
        }
        for from in 0..self.cases.len() {
            let mut lemmas = std::mem::take(&mut self.cases[from].fresh);
            // Sites of a growing table mean other patterns elsewhere.
            let lazy = &self.cases[from].encoding.lazy;
            lemmas.retain(|(layer, _)| lazy.iter().all(|table| table.layer != *layer));
            lemmas.sort_by_key(|(_, lemma)| lemma.atoms.len());
            lemmas.truncate(self.parameters.exchanged);
            for (to, case) in self.cases.iter_mut().enumerate().filter(|(_, case)| !case.done) {
                if to != from {
                    lemmas.iter().for_each(|(layer, lemma)| case.solver.import_lemma(*layer, lemma));
                }
            }
        }
        self.take(found, 'S');
        let (work, restarts) = (self.work(), self.counts().restarts);
        self.told.round(&mut self.cases, work, restarts, &self.telling);
    }

    /// Takes networks that were found, told by this letter, the best first: what is proven counts on all of them, so a bound may be told
    /// with none but the best.
    fn take(&mut self, mut found: Vec<Confirmed>, source: char) {
        found.sort_by_key(|found| found.loss);
        for Confirmed { network, loss, labelling } in found {
            let mut news = false;
            if let (Some(pool), Some(labelling)) = (&mut self.labellings, labelling) {
                news = pool.take(Solution { network: network.clone(), loss, labelling: labelling.clone() });
                if news {
                    self.exclude(&labelling);
                }
            }
            if self.offer(network, loss) || news {
                self.report(source);
            }
        }
    }

    /// A labelling is known: nobody looks for it again.
    fn exclude(&mut self, labelling: &Labelling) {
        self.cases.iter_mut().for_each(|case| case.exclude(self.problem, labelling));
        self.dual.iter_mut().for_each(|dual| dual.exclude(labelling));
    }

    /// Lets the dual tree search for as long as the cases did. What it finds is told at once.
    fn dual_round(&mut self, slice: u64) {
        if self.dual.is_none() {
            return;
        }
        let left = self.limits.nodes.saturating_sub(self.conflicts());
        let open = self.cases.iter().filter(|case| !case.done).count().max(1) as u64;
        if self.pool.is_none() {
            self.pool = pool(self.limits.threads);
        }
        self.short |= left < slice.saturating_mul(open);
        self.dual.iter_mut().for_each(|dual| dual.allow(slice.saturating_mul(open).min(left)));
        loop {
            let (work, goal) = (self.work(), self.goal());
            let Some(dual) = &mut self.dual else { return };
            let budget = &self.budget;
            let stop = || budget.stop();
            let listener = Listener { telling: Some(&self.telling), work: work - dual.tuples() };
            let found = dual.advance((self.problem, &self.geometry), goal, self.pool.as_ref(), listener, &stop);
            if found.is_empty() {
                return;
            }
            self.take(found, 'D');
        }
    }
}

#[cfg(test)]
mod tests;

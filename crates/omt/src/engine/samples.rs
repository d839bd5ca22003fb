//! Lower bounds from samples of the data.
//!
//! What some of the points cost at least, all points cost at least, and the bounds of disjoint samples add up. A sample of some
//! dozens of points is solved in a fraction of the time that the first core over all points takes, because the neurons'
//! tableaus are short and every conflict is about points that matter.
//!
//! A sample grows by points that its own best network gets wrong, until solving it takes more than the generation's
//! allowance of conflicts. Then it is put aside, and the next sample is drawn from the other points. When no point is
//! left that matters, a new generation starts from scratch with a larger allowance; the best generation counts. A sample that
//! has grown until its network gets all else right has solved the problem.

use crate::goal::Confirmed;
use bdnn::{Limits, Network, Problem, Quiet, Request, Status, Stop, Training};

/// The factor of conflicts that a sample may take from one generation to the next.
const MORE_ALLOWANCE: u64 = 4;
/// Points a sample starts with, times the weights of the first hidden layer; and the part of that by which it grows.
const FIRST_POINTS: usize = 2;
const GROWTH: usize = 5;

/// Trains on a sample to its optimum or to the limits.
pub(super) type SampleSolver = fn(Request<'_>) -> Training;

/// The samples of one run.
pub(super) struct Samples {
    /// Points that no sample of this generation has taken.
    pool: Vec<usize>,
    /// The sample at hand; how many of its points were there when it was last solved, and what they cost above their floor.
    current: Vec<usize>,
    solved: usize,
    cost: u64,
    /// What the samples put aside in this generation cost above their floors.
    aside: u64,
    allowance: u64,
    solver: SampleSolver,
    /// Proven for all points.
    pub(super) bound: u64,
    /// The best networks of samples, with their loss on all points.
    found: Vec<Confirmed>,
    pub(super) conflicts: u64,
    /// Samples solved.
    pub(super) count: u64,
}

/// Conflicts of one round: how many are meant for samples, and how many there are at most until the run ends.
pub(super) struct Share {
    pub(super) conflicts: u64,
    pub(super) most: u64,
}

impl Samples {
    /// `None` where samples make no sense: for small problems, and where points are tied to others by a margin, a
    /// radius or parts. `allowance`: conflicts a sample may take in the first generation; `solver`
    /// solves each.
    pub(super) fn new(problem: &Problem, allowance: u64, solver: SampleSolver) -> Option<Self> {
        let plain = problem.epsilon.is_none() && problem.robust.is_none() && problem.partition.is_none();
        if !plain || problem.points.len() < 2 * first_points(problem) {
            return None;
        }
        Some(Self {
            pool: (0..problem.points.len()).collect(),
            current: Vec::new(),
            solved: 0,
            cost: 0,
            aside: 0,
            allowance,
            solver,
            bound: problem.floor(),
            found: Vec::new(),
            conflicts: 0,
            count: 0,
        })
    }

    /// Solves samples for about `share.conflicts` conflicts. Returns their networks, with their loss on all points.
    pub(super) fn advance(
        &mut self,
        problem: &Problem,
        run: &Limits,
        share: &Share,
        stop: &Stop<'_>,
    ) -> Vec<Confirmed> {
        let end = self.conflicts.saturating_add(share.conflicts.min(share.most));
        let last = self.conflicts.saturating_add(share.most);
        while self.conflicts < end && !stop() {
            if self.current.is_empty() {
                if self.pool.is_empty() {
                    self.next_generation(problem);
                }
                let wanted = first_points(problem);
                self.take((0..self.pool.len()).collect(), wanted);
            }
            // A sample is not begun that would take more than twice the round's budget.
            if self.allowance > share.conflicts.saturating_mul(2) {
                break;
            }
            let nodes = self.allowance.min(last.saturating_sub(self.conflicts));
            self.solve(problem, run, nodes, stop);
        }
        std::mem::take(&mut self.found)
    }

    fn next_generation(&mut self, problem: &Problem) {
        self.pool = (0..problem.points.len()).collect();
        self.current.clear();
        (self.solved, self.cost, self.aside) = (0, 0, 0);
        self.allowance = self.allowance.saturating_mul(MORE_ALLOWANCE);
    }

    /// Moves `wanted` of these places of the pool, evenly chosen, to the sample.
    fn take(&mut self, places: Vec<usize>, wanted: usize) {
        let step = places.len().div_ceil(wanted.max(1)).max(1);
        let mut chosen: Vec<usize> = places.into_iter().step_by(step).collect();
        while let Some(place) = chosen.pop() {
            self.current.push(self.pool.remove(place));
        }
    }

    /// Solves the sample at hand within so many conflicts; then it grows or is put aside.
    fn solve(&mut self, problem: &Problem, run: &Limits, nodes: u64, stop: &Stop<'_>) {
        let sample = Problem { points: problem.points.pick(&self.current), ..problem.clone() };
        let limits = Limits { nodes, threads: 1, seed: run.seed, settings: run.settings.clone(), ..Limits::default() };
        let quiet = Quiet(stop);
        let request = Request::new(&sample, &limits).with_progress(&quiet);
        let Training { status, network, bound, statistics, .. } = (self.solver)(request);
        // At least one, so that samples solved without a conflict use up the budget too.
        self.conflicts += statistics.conflicts.max(1);
        self.count += 1;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let cost = bound as u64 - sample.floor();
        self.bound = self.bound.max(problem.floor() + self.aside + cost);
        match (status, network) {
            (Status::Optimal, Some(network)) => {
                (self.solved, self.cost) = (self.current.len(), cost);
                self.grow(problem, network);
            }
            (Status::NodeLimit, _) => self.put_aside(cost),
            _ => {}
        }
    }

    /// Adds points of the pool that the network gets wrong.
    fn grow(&mut self, problem: &Problem, network: Network) {
        let patterns = bdnn::exact::patterns(&problem.points, &network);
        let loss = |i: usize| problem.point_loss(i, patterns[i].last().map_or(&[], |outputs| outputs));
        let wrong = |&place: &usize| loss(self.pool[place]) > problem.point_floor(self.pool[place]);
        let wrong: Vec<usize> = (0..self.pool.len()).filter(wrong).collect();
        let loss = (0..problem.points.len()).map(loss).sum();
        self.found.push(Confirmed { network, loss, labelling: None });
        if wrong.is_empty() {
            // The rest of the pool costs nothing more.
            self.pool.clear();
            self.current.clear();
        } else {
            self.take(wrong, (first_points(problem) / GROWTH).max(2));
        }
    }

    /// Puts the sample aside: as it is, if that proved more than its last solved state, else as it was then.
    fn put_aside(&mut self, cost: u64) {
        if cost > self.cost {
            self.aside += cost;
        } else {
            self.aside += self.cost;
            self.pool.extend(self.current.drain(self.solved..));
            self.pool.sort_unstable();
        }
        if self.solved == 0 && cost == 0 {
            // Not even the first points could be solved: this generation is over.
            self.pool.clear();
        }
        self.current.clear();
        (self.solved, self.cost) = (0, 0);
    }
}

/// Points a sample starts with.
fn first_points(problem: &Problem) -> usize {
    let widths = problem.architecture.widths();
    FIRST_POINTS * widths[1] * (widths[0] + 1)
}

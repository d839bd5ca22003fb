//! Local search as a companion: a start for an exact engine, then a turn of walks whenever the engine gives one, or all the time
//! that is left where an engine would have no use for it.

use super::Confirmed;
use super::run::{Purpose, Run, Scene, threads};
use crate::Error;
use bdnn::{Budget, Companion, Request, Status, Training, Turn};
use budget::Checkpoint;
use budget::checkpoint::{Unreadable, decode, encode};

/// A local search that an exact engine runs beside. Its walks go on where they stood; under a node limit its turns do not
/// depend on the number of threads.
pub struct Beside<'a> {
    run: Run<'a>,
    threads: rayon::ThreadPool,
    scene: Option<Scene<'a>>,
    last: u64,
}

impl<'a> Beside<'a> {
    /// A search of `rounds` rounds at most and for the share `share` of the time limit, from the start if there is one: the network that
    /// an engine may start from, or [`Beside::over`] if nothing is left for it to do. `budget` is that of all turns together,
    /// and the listener of the request hears of this part alone. A state to go on with is one of this part or [of a companion](Companion::state).
    ///
    /// # Errors
    /// As [`super::train`].
    pub fn prime(request: Request<'a>, budget: &'a Budget<'a>, (rounds, share): (u64, f64)) -> Result<Self, Error> {
        let mut run = Run::new(request, budget, Purpose::Prime { rounds, share })?;
        let start = run.confirmed(request.start)?;
        let threads = threads(request.limits)?;
        let mut last = 0;
        let scene = threads.install(|| {
            let scene = if let Some(state) = request.checkpoint.resume {
                let (before, state): (u64, Vec<u8>) = decode(state)?;
                last = before;
                run.restore(&state)?
            } else {
                run.take(start);
                run.begin().ok()
            };
            let Some(mut scene) = scene else { return Ok::<_, Error>(None) };
            let keeper = run.checkpoint.keeper;
            while run.ended().is_none() {
                if let Some(keeper) = keeper.filter(|keeper| keeper.is_due()) {
                    keeper.keep(encode(&(last, run.state(&scene)?))?);
                }
                last = run.parameters.site_work * run.round(&mut scene);
            }
            Ok(Some(scene))
        })?;
        // Whoever goes on with it keeps its states in a way of their own.
        run.checkpoint = Checkpoint::default();
        Ok(Self { run, threads, scene, last })
    }

    /// One that has done nothing, to be brought to a [state](Companion::state) or to go on [alone](Self::alone) from one.
    ///
    /// # Errors
    /// As [`Self::prime`].
    pub fn idle(request: Request<'a>, budget: &'a Budget<'a>, (rounds, share): (u64, f64)) -> Result<Self, Error> {
        let request = request.with_checkpoint(Checkpoint::default());
        let run = Run::new(request, budget, Purpose::Prime { rounds, share })?;
        Ok(Self { run, threads: threads(request.limits)?, scene: None, last: 0 })
    }

    /// How the start ended; `Optimal` and `Interrupted` leave an engine nothing to do.
    #[must_use]
    pub fn status(&self) -> Status {
        self.run.ended().unwrap_or(Status::Heuristic)
    }

    /// Whether it has done nothing yet, and is to be brought to a state.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.scene.is_none() && self.run.best.is_none()
    }

    /// The best network so far.
    #[must_use]
    pub fn best(&self) -> Option<&Confirmed> {
        self.run.best.as_ref()
    }

    /// The primal-dual integral so far, in seconds.
    #[must_use]
    pub fn integral(&self) -> f64 {
        self.run.integral()
    }

    /// The end of a run that needs no engine.
    #[must_use]
    pub fn over(self) -> Training {
        let status = self.status();
        self.run.finish(status).training
    }

    /// Goes on to the end of the limits as [`super::train`] would: the same walks, from where they stand. Its states are those of [`super::train`],
    /// and with one of them to go on with that is what it does.
    ///
    /// # Errors
    /// A state that is none.
    pub fn alone(mut self, checkpoint: Checkpoint<'a>) -> Result<Training, Error> {
        let Self { run, threads, scene, .. } = &mut self;
        run.purpose = Purpose::Train;
        run.checkpoint = checkpoint;
        let status = threads.install(|| match (checkpoint.resume, scene) {
            (Some(state), _) => run.go_on(state),
            (None, Some(scene)) => Ok(run.rounds(scene)),
            // The start took its share of the time before the first walk.
            (None, None) => Ok(run.search()),
        })?;
        Ok(self.run.finish(status).training)
    }

    /// From now on progress is told nothing.
    pub fn hush(&mut self) {
        self.run.quiet = true;
    }
}

impl Companion for Beside<'_> {
    fn last(&self) -> u64 {
        self.last
    }

    fn turn(&mut self, best: u64) -> Turn {
        let Self { run, threads, scene, last } = self;
        let Some(scene) = scene.as_mut().filter(|_| !run.closed()) else { return Turn::default() };
        *last = run.parameters.site_work * threads.install(|| run.round(scene));
        let found = run.best.as_ref().filter(|found| found.loss < best);
        Turn { work: *last, found: found.map(|found| (found.network.clone(), found.loss)) }
    }

    fn state(&self) -> Option<Vec<u8>> {
        let scene = self.scene.as_ref()?;
        encode(&(self.last, self.run.state(scene).ok()?)).ok()
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Unreadable> {
        let (last, state): (u64, Vec<u8>) = decode(state)?;
        self.last = last;
        let Self { run, threads, scene, .. } = self;
        *scene = threads.install(|| run.restore(&state)).map_err(|_| Unreadable::inconsistent())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Limits, Loss, Points, Problem, Scaler, Silent, WeightDomain, exact};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Labels of a teacher, a tenth of them flipped; several classes are bands of its activation.
    fn problem(m: usize, n: usize, classes: usize) -> Problem {
        let mut random = ChaCha8Rng::seed_from_u64(4);
        let rows: Vec<f64> = (0..m * n).map(|_| random.random_range(-1.0..1.0)).collect();
        let label = |x: &[f64]| {
            let a: f64 = x.iter().enumerate().map(|(j, x)| x / (j + 1) as f64).sum();
            ((a + 1.0) * 0.5 * classes as f64).clamp(0.0, classes as f64 - 1.0) as usize
        };
        let labels: Vec<usize> = rows
            .chunks(n)
            .map(|x| if random.random_range(0.0..1.0) < 0.1 { random.random_range(0..classes) } else { label(x) })
            .collect();
        let points = Points::merge(n, classes, &rows, &labels, Scaler::identity(n));
        let architecture =
            Architecture { inputs: n, hidden: vec![], classes, bias: true, weights: WeightDomain::Continuous };
        Problem::new(points, architecture, Loss::Hamming)
    }

    fn train(problem: &Problem, nodes: u64, threads: usize) -> Training {
        let limits = Limits { nodes, threads, ..Limits::default() };
        let budget = Budget::new(&limits, &Silent);
        let mut beside = Beside::prime(Request::new(problem, &limits), &budget, (2, 0.1)).expect("sound");
        if beside.status() == Status::Optimal {
            return beside.over();
        }
        beside.hush();
        let start = beside.best().map(|best| best.network.clone());
        omt::train_beside(Request::new(problem, &limits).with_start(start.as_ref()), &mut beside).expect("sound")
    }

    /// Under a node limit neither the threads nor the turns change the outcome, and what is found is never worse than what
    /// local search or the engine find alone in as many rounds or nodes.
    #[test]
    fn turns_are_the_same_on_any_number_of_threads() {
        for (m, n, classes) in [(300, 6, 2), (120, 4, 3)] {
            let problem = problem(m, n, classes);
            let outcome = |threads| {
                let Training { status, network, loss, bound, statistics, .. } = train(&problem, 12, threads);
                let network = network.expect("some network");
                assert_eq!(exact::check(&problem, &network), Ok(loss));
                (status, network, loss, bound.to_bits(), statistics.lp_iterations)
            };
            let one = outcome(1);
            assert_eq!(one, outcome(3));
            let limits = |nodes| Limits { nodes, threads: 1, ..Limits::default() };
            let walked = super::super::train(Request::new(&problem, &limits(2))).expect("sound");
            let alone = omt::train(Request::new(&problem, &limits(12))).expect("sound");
            assert!(one.2 <= walked.loss && one.2 <= alone.loss, "{} {} {}", one.2, walked.loss, alone.loss);
        }
    }

    /// With hidden layers, too, it has its turns: the outcome is the same on any number of threads, and never worse than the start.
    #[test]
    fn turns_beside_clauses_are_the_same_on_any_number_of_threads() {
        let mut problem = problem(300, 6, 2);
        problem.architecture.hidden = vec![2];
        let outcome = |threads| {
            let Training { network, loss, bound, statistics, .. } = train(&problem, 300, threads);
            let network = network.expect("some network");
            assert_eq!(exact::check(&problem, &network), Ok(loss));
            (network, loss, bound.to_bits(), statistics.lp_iterations)
        };
        let one = outcome(1);
        assert_eq!(one, outcome(3));
        let limits = Limits { nodes: 2, threads: 1, ..Limits::default() };
        let first = super::super::train(Request::new(&problem, &limits)).expect("sound");
        assert!(one.1 <= first.loss, "{} after turns, {} before", one.1, first.loss);
    }

    /// Alone it goes on where the start ended, even before the first walk, and ends as local search does.
    #[test]
    fn alone_it_is_local_search() {
        let problem = problem(400, 5, 2);
        let limits = Limits { nodes: 6, threads: 1, ..Limits::default() };
        let walked = super::super::train(Request::new(&problem, &limits)).expect("sound");
        for (rounds, share) in [(2, 0.1), (0, 0.1), (2, 0.0)] {
            // With a limit of time the share of it is over before the start begins.
            let limits = Limits { time: if share == 0.0 { 1e6 } else { f64::INFINITY }, ..limits.clone() };
            let budget = Budget::new(&limits, &Silent);
            let beside = Beside::prime(Request::new(&problem, &limits), &budget, (rounds, share)).expect("sound");
            let alone = beside.alone(Checkpoint::default()).expect("no state is read");
            assert_eq!((alone.status, alone.statistics.nodes), (walked.status, 6), "{rounds} {share}");
            // Whoever plans for two rounds tries slabs in them.
            if rounds == 0 || share == 0.0 {
                assert_eq!((alone.loss, &alone.network), (walked.loss, &walked.network), "{rounds} {share}");
            }
        }
    }
}

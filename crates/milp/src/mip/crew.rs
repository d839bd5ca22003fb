//! Threads for searches that share a tree: each has some of the searches, and all of them meet after each round.
//!
//! Entry point: [`work_together`]. The thread of the run works as well, and is the only one that the caller hears of: it alone asks whether to
//! stop, and passes that on by a flag. Which thread has which search changes nothing but the time that a round takes.

use ::budget::Instant;
use std::cell::RefCell;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, Scope, ScopedJoinHandle, scope};
use std::time::Duration;

use ::budget::observe::Interest;

use super::recorder::Recorder;
use super::search::Search;
use super::seed::Seed;
use super::task::{Finished, Task};
use crate::control::{Counts, Event, Hooks};
use crate::{Budget, Error, MemoryLimit, Options};

/// Between two questions of a thread that waits for others.
const PATIENCE: Duration = Duration::from_millis(1);

/// Bytes of stack, as main threads have.
const STACK: usize = 8 << 20;

/// What all threads see.
pub(super) struct Scene<'a> {
    pub options: &'a Options,
    /// Which points count, if not all.
    pub counts: Option<&'a Counts<'a>>,
    pub interest: Interest,
    pub is_fair: bool,
    /// The limits of the run's budget.
    pub limits: (Option<Instant>, Option<&'a MemoryLimit>),
    /// Whether all are to stop.
    pub halt: &'a AtomicBool,
}

/// What a thread's searches have come to in a round, in their order.
type Yield = Vec<Result<Finished, Error>>;

/// Another thread.
struct Helper<'scope> {
    seeds: Sender<Vec<Seed<'scope>>>,
    tasks: Sender<Vec<Task>>,
    finished: Receiver<Yield>,
    handle: ScopedJoinHandle<'scope, ()>,
}

/// Stops all others when a thread ends, be it by a panic.
struct Halt<'a>(&'a AtomicBool);

impl Drop for Halt<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Lets a search grow from each seed, on so many threads or as many as the system gives. `exchange` turns what all of them have come to (nothing
/// before the first round) into their next tasks, or ends it; it is called on this thread.
///
/// # Errors
/// That of the first search that has one.
pub(super) fn work_together(
    seeds: Vec<Seed<'_>>,
    threads: usize,
    scene: &Scene<'_>,
    budget: &Budget<'_>,
    mut exchange: impl FnMut(Vec<Finished>) -> Option<Vec<Task>>,
) -> Result<(), Error> {
    let mut failed = Ok(());
    scope(|scope| {
        let _halt = Halt(scene.halt);
        let mut helpers: Vec<Helper<'_>> = (1..threads).map_while(|_| hire(scope, scene)).collect();
        let mut shares = dealt(seeds, helpers.len() + 1);
        for helper in helpers.iter().rev() {
            // Whoever has died meanwhile is found out later.
            let _ = helper.seeds.send(shares.pop().unwrap_or_default());
        }
        let own = shares.pop().unwrap_or_default();
        let mut is_first = true;
        serve(own, scene, budget, |finished| {
            let mut all = vec![finished];
            if !std::mem::take(&mut is_first) {
                for at in 0..helpers.len() {
                    all.push(wait_for(&mut helpers, at, scene, budget));
                }
            }
            let tasks = match collected(all) {
                Ok(finished) => exchange(finished)?,
                Err(error) => {
                    failed = Err(error);
                    return None;
                }
            };
            let mut tasks = dealt(tasks, helpers.len() + 1);
            for helper in helpers.iter().rev() {
                let _ = helper.tasks.send(tasks.pop()?);
            }
            tasks.pop()
        });
    });
    failed
}

/// A thread that waits for its searches; `None` if the system refuses it.
fn hire<'scope, 'env>(scope: &'scope Scope<'scope, 'env>, scene: &'scope Scene<'_>) -> Option<Helper<'scope>> {
    let (seeds, searches) = channel();
    let (tasks, orders) = channel();
    let (results, finished) = channel();
    let work = move || help(&searches, &orders, &results, scene);
    let handle = Builder::new().name("milp".to_owned()).stack_size(STACK).spawn_scoped(scope, work).ok()?;
    Some(Helper { seeds, tasks, finished, handle })
}

/// The life of a helper.
fn help(seeds: &Receiver<Vec<Seed<'_>>>, tasks: &Receiver<Vec<Task>>, results: &Sender<Yield>, scene: &Scene<'_>) {
    let Ok(seeds) = seeds.recv() else { return };
    let _halt = Halt(scene.halt);
    let stop = || scene.halt.load(Ordering::Relaxed);
    let (deadline, memory) = scene.limits;
    let budget = Budget::default().until(deadline).stopped_by(&stop);
    let budget = match memory {
        Some(memory) => budget.within(memory),
        None => budget,
    };
    serve(seeds, scene, &budget, |finished| {
        if !finished.is_empty() {
            results.send(finished).ok()?;
        }
        tasks.recv().ok()
    });
}

/// Works on tasks with a search for each seed until there are none.
fn serve(
    seeds: Vec<Seed<'_>>,
    scene: &Scene<'_>,
    budget: &Budget<'_>,
    mut next: impl FnMut(Yield) -> Option<Vec<Task>>,
) {
    let told: Vec<RefCell<Vec<Event>>> = seeds.iter().map(|_| RefCell::default()).collect();
    let mut recorders: Vec<Recorder<'_>> = told.iter().map(|told| Recorder::new(scene.interest, told)).collect();
    let hooks = recorders.iter_mut().map(|recorder| Hooks::new(recorder).judged_by(scene.counts));
    let hooks: Vec<Hooks<'_>> = hooks.collect();
    let searches = seeds.into_iter().zip(&hooks);
    let searches = searches.map(|(seed, hooks)| Search::sharing(seed, scene.options, (budget, hooks), scene.is_fair));
    let mut searches: Vec<Search<'_>> = searches.collect();
    let mut finished = Vec::new();
    while let Some(tasks) = next(finished) {
        let work = searches.iter_mut().zip(&told).zip(tasks).map(|((search, told), task)| {
            let finished = search.work_on(task)?;
            Ok(Finished { told: told.take(), ..finished })
        });
        finished = work.collect();
    }
}

/// What another thread has come to; meanwhile the caller is asked whether to stop.
fn wait_for(helpers: &mut Vec<Helper<'_>>, at: usize, scene: &Scene<'_>, budget: &Budget<'_>) -> Yield {
    loop {
        if budget.ask().is_some() {
            scene.halt.store(true, Ordering::Relaxed);
        }
        match helpers[at].finished.recv_timeout(PATIENCE) {
            Ok(finished) => return finished,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => match helpers.swap_remove(at).handle.join() {
                Err(panic) => resume_unwind(panic),
                Ok(()) => return Vec::new(),
            },
        }
    }
}

/// Item i to hand i, over and over.
fn dealt<T>(items: Vec<T>, hands: usize) -> Vec<Vec<T>> {
    let mut out: Vec<Vec<T>> = (0..hands).map(|_| Vec::new()).collect();
    items.into_iter().enumerate().for_each(|(i, item)| out[i % hands].push(item));
    out
}

/// The inverse of [`dealt`].
fn collected(shares: Vec<Yield>) -> Result<Vec<Finished>, Error> {
    let mut shares: Vec<_> = shares.into_iter().map(Vec::into_iter).collect();
    let mut out = Vec::new();
    loop {
        for share in &mut shares {
            let Some(finished) = share.next() else { return Ok(out) };
            out.push(finished?);
        }
    }
}

//! A run on a thread of its own, while the calling thread, which alone may, listens for signals and calls back.
//!
//! Entry points: [`run`], and [`Watch`] for the run: it asks [`Watch::stopped`] and tells rows. The interpreter's lock is held
//! only for a look at signals (every [`INTERVAL`]) and for callbacks. What ends a run early (a signal, an exception of the callback,
//! its wish) lets it end in its own way, with the best it has; the exception is raised after that.

use crate::errors;
use heaviside::{Progress, SearchRow};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks at signals.
const INTERVAL: Duration = Duration::from_millis(20);
/// Between two rows for a callback, unless they bring something better.
const BETWEEN_ROWS: Duration = Duration::from_millis(200);
/// Bytes of stack, as main threads have.
const STACK: usize = 8 << 20;

/// What the two threads share.
#[derive(Default)]
pub struct Watch {
    stop: Arc<AtomicBool>,
    listens: bool,
    told: Mutex<Told>,
    news: Condvar,
}

#[derive(Default)]
struct Told {
    rows: Vec<SearchRow>,
    last: Option<(SearchRow, Option<Instant>)>,
    over: bool,
}

impl Watch {
    /// Whether the run is to end.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The flag behind [`Self::stopped`], for whoever outlives the watch.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// A row for the callback, if it brings something better or enough time has passed.
    pub fn tell(&self, row: &SearchRow) {
        if !self.listens {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let known = told.last.as_ref();
        let better = known.is_none_or(|(last, _)| (last.incumbent, last.bound) != (row.incumbent, row.bound));
        let waited = known.and_then(|(_, at)| *at).is_none_or(|at| at.elapsed() >= BETWEEN_ROWS);
        if better || waited {
            told.rows.push(*row);
            told.last = Some((*row, Some(Instant::now())));
            self.news.notify_one();
        }
    }

    fn finish(&self) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).over = true;
        self.news.notify_one();
    }

    /// The rows since the last call, once there is one or the interval is over; and whether the run is over.
    fn wait(&self) -> (Vec<SearchRow>, bool) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing = |told: &mut Told| told.rows.is_empty() && !told.over;
        let waited = self.news.wait_timeout_while(told, INTERVAL, nothing);
        let (mut told, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (std::mem::take(&mut told.rows), told.over)
    }
}

impl Progress for Watch {
    fn should_stop(&self) -> bool {
        self.stopped()
    }

    fn row(&self, row: &SearchRow) {
        self.tell(row);
    }
}

/// Says that the run is over, however its thread ends.
struct Over<'w>(&'w Watch);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

/// What `work` returns, and what was raised meanwhile. `callback` is called with a dictionary for each row; if it returns true, the run
/// ends. `threads` is for whatever in `work` runs in parallel without a pool of its own; 0 for all cores. The pool is made anew, since
/// threads do not outlive a fork of the process.
pub fn run<T: Send>(
    py: Python<'_>,
    threads: usize,
    callback: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Watch) -> T + Send,
) -> PyResult<(T, Option<PyErr>)> {
    let watch = Watch { listens: callback.is_some(), ..Watch::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(budget::useful_threads(threads)).stack_size(STACK).build();
    let pool = pool.map_err(|error| errors::internal(&error.to_string()))?;
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name("heaviside".to_owned());
        let worker = builder.spawn_scoped(scope, || {
            let _over = Over(&watch);
            pool.install(|| work(&watch))
        })?;
        let mut raised = None;
        loop {
            let (rows, over) = py.detach(|| watch.wait());
            if raised.is_none() {
                raised = listen(py, callback, &watch, &rows).err();
                if raised.is_some() {
                    watch.stop.store(true, Ordering::Relaxed);
                }
            }
            if over {
                break;
            }
        }
        let done = py.detach(|| worker.join());
        Ok((done.map_err(|_| errors::internal("the run panicked"))?, raised))
    })
}

fn listen(py: Python<'_>, callback: Option<&Bound<'_, PyAny>>, watch: &Watch, rows: &[SearchRow]) -> PyResult<()> {
    py.check_signals()?;
    let Some(callback) = callback else { return Ok(()) };
    for row in rows {
        if callback.call1((dictionary(py, row)?,))?.is_truthy()? {
            watch.stop.store(true, Ordering::Relaxed);
        }
    }
    Ok(())
}

fn dictionary<'py>(py: Python<'py>, row: &SearchRow) -> PyResult<Bound<'py, PyDict>> {
    let dictionary = PyDict::new(py);
    dictionary.set_item("source", row.source.to_string())?;
    dictionary.set_item("seconds", row.seconds)?;
    dictionary.set_item("nodes", row.nodes)?;
    dictionary.set_item("open", row.open)?;
    dictionary.set_item("depth", row.depth)?;
    dictionary.set_item("conflicts", row.conflicts)?;
    dictionary.set_item("lp_iterations", row.lp_iterations)?;
    dictionary.set_item("bound", row.bound)?;
    dictionary.set_item("objective", row.incumbent)?;
    Ok(dictionary)
}

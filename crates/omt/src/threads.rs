//! Threads of a run.

/// Threads, 0 for all cores, if more than one is wanted. Where the system refuses threads one does.
pub(crate) fn pool(threads: usize) -> Option<rayon::ThreadPool> {
    if threads == 1 {
        return None;
    }
    rayon::ThreadPoolBuilder::new().num_threads(budget::useful_threads(threads)).build().ok()
}

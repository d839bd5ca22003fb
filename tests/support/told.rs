//! Progress that says stop at a question of its choice.

use bdnn::Progress;
use std::sync::atomic::{AtomicU64, Ordering};

/// Says stop from the k-th question on.
pub struct Told {
    questions: AtomicU64,
    from: u64,
}

impl From<u64> for Told {
    fn from(from: u64) -> Self {
        Self { questions: AtomicU64::new(0), from }
    }
}

impl Progress for Told {
    fn should_stop(&self) -> bool {
        self.questions.fetch_add(1, Ordering::Relaxed) >= self.from
    }
}

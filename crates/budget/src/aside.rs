//! Large values that nobody waits for when they end.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;

const THERE: &str = "there until it is taken or dropped";

/// Whether the process is about to end.
static IS_LAST: AtomicBool = AtomicBool::new(false);

/// For a process that ends with the run at hand: what is aside when it ends is left to the system, which takes all memory back at once,
/// where freeing it piece by piece keeps a processor busy for seconds, and other threads waiting for its memory. A process that
/// goes on would lose that memory, so this is not for libraries.
pub fn leave_to_the_system() {
    IS_LAST.store(true, Ordering::Relaxed);
}

/// A value that is dropped by a thread of its own: to free millions of pieces takes seconds, which are not to be added to a limit of
/// time. Where there are no threads it is dropped like any other.
///
/// ```
/// let rows = budget::Aside::new(vec![String::from("row"); 1000]);
/// assert_eq!(rows.len(), 1000);
/// ```
#[derive(Debug)]
pub struct Aside<T: Send + 'static>(Option<T>);

impl<T: Send + 'static> Aside<T> {
    /// From now on nobody waits for the end of `value`.
    pub const fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// The value, which is again like any other.
    #[must_use]
    pub fn into_inner(mut self) -> T {
        self.0.take().expect(THERE)
    }
}

impl<T: Send + 'static> Deref for Aside<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect(THERE)
    }
}

impl<T: Send + 'static> DerefMut for Aside<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect(THERE)
    }
}

impl<T: Send + 'static> Drop for Aside<T> {
    fn drop(&mut self) {
        let Some(value) = self.0.take() else { return };
        if IS_LAST.load(Ordering::Relaxed) {
            std::mem::forget(value);
            return;
        }
        // A closure that no thread takes is dropped here, and what it holds with it.
        let _ = Builder::new().name("release".to_owned()).spawn(move || drop(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};
    use std::thread::{ThreadId, current};

    struct Told(Sender<ThreadId>);

    impl Drop for Told {
        fn drop(&mut self) {
            self.0.send(current().id()).expect("somebody listens");
        }
    }

    #[test]
    fn another_thread_drops_it_once() {
        let (sender, receiver) = channel();
        drop(Aside::new(Told(sender)));
        assert_ne!(receiver.recv().expect("it is dropped"), current().id());
        assert!(receiver.recv().is_err(), "and then no more");
        let (sender, receiver) = channel();
        drop(Aside::new(Told(sender)).into_inner());
        assert_eq!(receiver.recv(), Ok(current().id()));
    }
}

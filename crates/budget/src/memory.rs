//! A limit on the memory of the process, cheap to ask from any thread.
//!
//! Entry point: [`MemoryLimit::exceeded`]. Where the system tells how much of the process is in main memory (Linux), that
//! is what counts, the caller's own data included; elsewhere what the owners of the large structures have counted
//! ([`MemoryLimit::count`]). The system is asked once in `INTERVAL` at most, and a limit that was exceeded once stays so:
//! every loop that asks ends. Who knows beforehand what a structure takes asks for [`MemoryLimit::room`] first.
//!
//! Reference: proc_pid_status(5), field `VmRSS`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use web_time::Instant;

/// Bytes of a gigabyte as users mean it.
const GIGABYTE: f64 = 1e9;

/// Least time between two questions to the system: one costs some 20 microseconds, and in this time no process takes
/// much more than 0.1 GB.
const INTERVAL: Duration = Duration::from_millis(20);

/// Bytes of this process that are in main memory; `None` where the system does not say.
#[must_use]
pub fn resident() -> Option<u64> {
    kilobytes(&std::fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Bytes that the process can still take: what the machine says is left, or a limit on the address space of the process, whichever
/// is less. `None` where the system does not say.
///
/// Reference: proc(5), `MemAvailable` of `/proc/meminfo`, `VmSize` of `/proc/self/status`, `/proc/self/limits`.
#[must_use]
pub fn free() -> Option<u64> {
    let read = |path| std::fs::read_to_string(path).ok();
    let machine = read("/proc/meminfo").and_then(|text| kilobytes(&text, "MemAvailable:"));
    let space = read("/proc/self/limits").and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("Max address space"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    });
    let space = space.and_then(|most| {
        let taken = kilobytes(&read("/proc/self/status")?, "VmSize:")?;
        Some(most.saturating_sub(taken))
    });
    machine.into_iter().chain(space).min()
}

/// The value in bytes of a line that begins with `name` and is in kB.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// A limit in bytes, shared between all who take memory.
#[derive(Debug)]
pub struct MemoryLimit {
    bytes: u64,
    start: Instant,
    /// Microseconds from the start to the next question.
    next: AtomicU64,
    counted: AtomicU64,
    over: AtomicBool,
    ask: fn() -> Option<u64>,
}

impl MemoryLimit {
    /// A limit in gigabytes (10^9 bytes); infinity and NaN set none.
    #[must_use]
    pub fn gigabytes(limit: f64) -> Self {
        Self::asking(if limit.is_nan() { u64::MAX } else { (limit * GIGABYTE) as u64 }, resident)
    }

    fn asking(bytes: u64, ask: fn() -> Option<u64>) -> Self {
        let (next, counted) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { bytes, start: Instant::now(), next, counted, over: AtomicBool::new(false), ask }
    }

    /// Sets what the caller's large structures take, for systems that do not tell.
    pub fn count(&self, bytes: u64) {
        self.counted.store(bytes, Ordering::Relaxed);
    }

    /// Bytes that the process may still take, by the limit and by what [`free`] says: whoever knows how much a structure takes asks
    /// before it is made. `None` if there is neither.
    #[must_use]
    pub fn room(&self) -> Option<u64> {
        let limited = (self.bytes < u64::MAX)
            .then(|| self.bytes.saturating_sub((self.ask)().unwrap_or_else(|| self.counted.load(Ordering::Relaxed))));
        limited.into_iter().chain(free()).min()
    }

    /// Whether the process has taken more than the limit, now or at an earlier question. A few nanoseconds between
    /// questions to the system.
    #[must_use]
    pub fn exceeded(&self) -> bool {
        if self.bytes == u64::MAX {
            return false;
        }
        if self.over.load(Ordering::Relaxed) {
            return true;
        }
        let now = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let next = self.next.load(Ordering::Relaxed);
        let later = now.saturating_add(INTERVAL.as_micros() as u64);
        // One thread asks, the others go on.
        if now < next || self.next.compare_exchange(next, later, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return false;
        }
        let over = (self.ask)().unwrap_or_else(|| self.counted.load(Ordering::Relaxed)) > self.bytes;
        if over {
            self.over.store(true, Ordering::Relaxed);
        }
        over
    }
}

impl Default for MemoryLimit {
    /// None.
    fn default() -> Self {
        Self::gigabytes(f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_stands_in_for_what_the_system_does_not_say() {
        let limit = MemoryLimit::asking(1000, || None);
        limit.count(1000);
        assert!(!limit.exceeded());
        limit.count(1001);
        limit.next.store(0, Ordering::Relaxed);
        assert!(limit.exceeded());
        limit.count(0);
        assert!(limit.exceeded(), "once over, always over");
    }

    #[test]
    fn the_system_is_asked_once_in_an_interval() {
        let limit = MemoryLimit::asking(1000, || Some(5));
        assert!(!limit.exceeded());
        let next = limit.next.load(Ordering::Relaxed);
        assert!(next >= INTERVAL.as_micros() as u64);
        limit.next.store(u64::MAX, Ordering::Relaxed);
        limit.count(2000);
        assert!(!limit.exceeded(), "and what it says goes before what was counted");
    }

    #[test]
    fn limits_in_gigabytes() {
        assert_eq!(MemoryLimit::gigabytes(1.5).bytes, 1_500_000_000);
        assert_eq!(MemoryLimit::gigabytes(-1.0).bytes, 0);
        assert!(!MemoryLimit::default().exceeded());
        assert!(!MemoryLimit::gigabytes(f64::NAN).exceeded());
    }

    #[test]
    fn room_is_what_is_left_of_the_limit() {
        let limit = MemoryLimit::asking(1000, || Some(400));
        assert_eq!(limit.room(), Some(600));
        assert_eq!(MemoryLimit::asking(300, || Some(400)).room(), Some(0));
        let counted = MemoryLimit::asking(1000, || None);
        counted.count(900);
        assert_eq!(counted.room(), Some(100));
        assert_eq!(MemoryLimit::default().room(), free());
        assert_eq!(kilobytes("A: 1 kB\nB:   12 kB\n", "B:"), Some(12 << 10));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells() {
        assert!(free().is_some_and(|bytes| (1_000_000..1 << 50).contains(&bytes)), "{:?}", free());
        let bytes = resident().expect("VmRSS");
        assert!((100_000..1 << 44).contains(&bytes), "{bytes}");
        assert!(MemoryLimit::gigabytes(1e-4).exceeded());
        assert!(!MemoryLimit::gigabytes(1e4).exceeded());
    }
}

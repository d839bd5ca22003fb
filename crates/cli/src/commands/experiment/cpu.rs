//! CPU seconds of processes, where the system tells them (Linux, proc(5)); 0 elsewhere.

/// Clock ticks a second.
const TICKS: f64 = 100.0;

/// Less than this is a matter of few ticks, within which a clock of the wall tells more.
const COARSE: f64 = 0.2;

/// What the difference of two readings may be off by: a tick in each of the two times that are added up.
const DOUBT: f64 = 2.0 / TICKS;

/// CPU seconds since `began` (of [`seconds`]) of work that took so many `wall` seconds.
pub fn since(began: f64, wall: f64) -> f64 {
    refined(seconds() - began, wall)
}

/// The time that ticks and the clock of the wall agree on. Where the work waited for the processor the clock says more than
/// ticks allow; where there are no ticks (elsewhere than on Linux) short work counts as some.
fn refined(ticks: f64, wall: f64) -> f64 {
    if ticks > COARSE { ticks } else { wall.clamp((ticks - DOUBT).max(0.0), ticks + DOUBT) }
}

/// Of this process so far.
pub fn seconds() -> f64 {
    ticks("/proc/self/stat", 11)
}

/// Of another process so far.
pub fn seconds_of(process: u32) -> f64 {
    ticks(&format!("/proc/{process}/stat"), 11)
}

/// Of all children that have ended.
pub fn seconds_of_children() -> f64 {
    ticks("/proc/self/stat", 13)
}

/// Two neighbouring times of a `stat` file, in seconds; `first` counts the fields after the program's name.
fn ticks(file: &str, first: usize) -> f64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(first).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_no_work() {
        // Short and alone: the clock. Short beside other work: what ticks allow. Long, or on two threads: the ticks.
        assert_eq!(refined(0.0, 0.003), 0.003);
        assert_eq!(refined(0.06, 0.5), 0.06 + DOUBT);
        assert_eq!(refined(1.5, 9.0), 1.5);
        assert_eq!(refined(3.0, 1.5), 3.0);
    }
}

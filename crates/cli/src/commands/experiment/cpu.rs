//! CPU seconds of processes, where the system tells them (Linux, proc(5)); 0 elsewhere.

/// Clock ticks a second.
const TICKS: f64 = 100.0;

/// Less than this is a matter of few ticks, of which a clock of the wall tells more.
const COARSE: f64 = 0.2;

/// CPU seconds since `began` (of [`seconds`]) of work that took so many `wall` seconds.
pub fn since(began: f64, wall: f64) -> f64 {
    let spent = seconds() - began;
    if spent > COARSE { spent } else { wall }
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

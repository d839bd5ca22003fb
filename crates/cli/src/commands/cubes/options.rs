//! What goes with a cube, or with a model, on the command line, the beginning of a run, and what comes after it.

use crate::args::LimitArgs;
use crate::console::Console;
use crate::format::Pairs;
use crate::interrupt;
use crate::watch::Watch;
use heaviside::Limits;
use std::path::Path;

/// What goes with a cube that is split.
pub const OF_CUBES: [&str; 9] = [
    "--cubes",
    "--time-limit",
    "--memory-limit",
    "--node-limit",
    "--threads",
    "--json",
    "--log",
    "--quiet",
    "--verbose",
];

/// An option on the command line that is none of these, if there is one.
pub fn beside(taken: &[&str]) -> Option<String> {
    let words = std::env::args_os().skip(1).filter_map(|word| word.into_string().ok());
    let options = words.filter_map(|word| word.split('=').next().map(str::to_owned));
    options.filter(|word| word.starts_with("--")).find(|word| !taken.contains(&&**word))
}

/// Who watches, and the limits, of which that on time counts from the start of the process.
pub fn begin<'a>(limits: &LimitArgs, console: &'a Console) -> (Watch<'a>, Limits) {
    let watch = Watch::new(console, interrupt::attend(), None);
    let mut limits = limits.limits();
    limits.time = interrupt::left(limits.time);
    budget::leave_to_the_system();
    (watch, limits)
}

/// What to do next, where no cube is left that anybody could search.
pub fn next(names: &[String], folder: &Path, pairs: &mut Pairs) {
    if names.is_empty() {
        pairs.push("next", format!("already proven: run `heaviside merge {}`", folder.display()));
    }
}

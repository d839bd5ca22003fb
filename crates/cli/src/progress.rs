//! The progress table of `train` and `solve`, the same columns for every engine.
//!
//! A row is shown when it brings a better solution, or when enough time has passed since the last one. On a terminal a
//! live line below the table follows every row.

use crate::console::{Console, to_stderr};
use crate::format;
use bdnn::SearchRow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};

/// Seconds between two rows without a better solution, at the start and later on: the interval grows with the run.
const FIRST_INTERVAL: f64 = 1.0;
const INTERVAL_GROWTH: f64 = 0.05;
/// Column heads are repeated after this many rows.
const ROWS_A_HEAD: usize = 30;

/// What the first column says of the cause of a row; docs/cli.md has the same.
const SOURCES: [(char, &str); 10] = [
    ('S', "a start, or a solution of the search"),
    ('L', "a solution of the local search beside it"),
    ('D', "the dual tree"),
    ('B', "a better bound"),
    ('T', "a leaf of the tree"),
    ('H', "a heuristic"),
    ('R', "the root, or a round of the search"),
    ('P', "a round of data splitting"),
    ('E', "the end"),
    (' ', "the clock"),
];

/// The letters that the MILP solver alone may show.
pub const LETTERS_OF_SOLVE: &str = "STHRE ";
/// All letters.
pub const LETTERS: &str = "SLDBTHRPE ";

/// What stands below the options in `--help`, with these `letters` of the first column.
pub fn with_legend(letters: &str, examples: &str) -> String {
    let named = SOURCES.iter().filter(|(letter, _)| letters.contains(*letter)).map(|(letter, cause)| match letter {
        ' ' => format!("blank {cause}"),
        letter => format!("{letter} {cause}"),
    });
    format!("{examples}\n\nFirst column of the progress table:\n  {}.", named.collect::<Vec<_>>().join("; "))
}

const HEAD: &str =
    "\n   Nodes     Open Depth Explored   OfNodes |   BestBound    BestSol     Gap | Conflicts |   LpIters    Time";

/// How far the tree is.
#[derive(Clone, Copy, Debug)]
pub struct Explored {
    /// Its weight, from 0 to 1.
    pub weight: f64,
    /// Nodes that it may have in the end.
    pub size: Option<f64>,
}

/// Prints rows.
#[derive(Debug)]
pub struct Table<'a> {
    console: &'a Console,
    state: Mutex<State>,
    bar: Option<ProgressBar>,
}

#[derive(Debug, Default)]
struct State {
    shown: usize,
    last_shown: f64,
    best: Option<f64>,
    waiting: Option<(SearchRow, Option<Explored>)>,
}

impl<'a> Table<'a> {
    /// A table that starts with the first row it gets.
    pub fn new(console: &'a Console) -> Self {
        let bar = (!console.is_quiet() && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(
                ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar
        });
        Self { console, state: Mutex::default(), bar }
    }

    /// Takes a row; shows it or keeps it waiting.
    pub fn take(&self, row: &SearchRow, explored: Option<Explored>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let better = row.incumbent.is_some() && row.incumbent != state.best;
        let interval = FIRST_INTERVAL.max(INTERVAL_GROWTH * row.seconds);
        if state.shown == 0 || better || row.seconds - state.last_shown >= interval {
            self.show(&mut state, row, explored);
        } else {
            state.waiting = Some((*row, explored));
        }
        if let Some(bar) = &self.bar {
            bar.set_message(live(row, explored));
            bar.tick();
        }
    }

    /// Shows the last row if it is still waiting, and ends the live line.
    pub fn finish(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((row, explored)) = state.waiting.take() {
            self.show(&mut state, &row, explored);
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if state.shown > 0 {
            self.console.note("");
        }
    }

    fn show(&self, state: &mut State, row: &SearchRow, explored: Option<Explored>) {
        if state.shown.is_multiple_of(ROWS_A_HEAD) {
            self.line(HEAD);
        }
        self.line(&cells(row, explored));
        state.shown += 1;
        state.last_shown = row.seconds;
        state.best = row.incumbent;
        state.waiting = None;
    }

    /// A line between the rows.
    pub fn line(&self, line: &str) {
        match &self.bar {
            Some(bar) => {
                bar.suspend(|| to_stderr(line));
                self.console.log(line);
            }
            None => self.console.note(line),
        }
    }
}

fn gap(row: &SearchRow) -> String {
    format::percent(budget::relative_gap(row.incumbent, row.bound))
}

/// The tree weight in percent, and the estimate of its size.
fn of_tree(explored: Option<Explored>) -> [String; 2] {
    let size = explored.and_then(|explored| explored.size);
    [
        explored.map_or_else(|| "-".to_owned(), |explored| format::percent(explored.weight)),
        // Beyond whole numbers nobody counts.
        size.map_or_else(|| "-".to_owned(), |size| format::count(size.round() as u64)),
    ]
}

fn cells(row: &SearchRow, explored: Option<Explored>) -> String {
    let [weight, size] = of_tree(explored);
    debug_assert!(SOURCES.iter().any(|(letter, _)| *letter == row.source), "'{}' is not in the legend", row.source);
    format!(
        " {} {:>7} {:>7} {:>5} {weight:>8} {size:>9} | {:>11} {:>10} {:>7} | {:>9} | {:>9} {:>7}",
        row.source,
        format::count(row.nodes),
        format::count(row.open),
        row.depth,
        format::value(row.bound),
        row.incumbent.map_or_else(|| "-".to_owned(), format::value),
        gap(row),
        format::count(row.conflicts),
        format::count(row.lp_iterations),
        format::seconds(row.seconds),
    )
}

fn live(row: &SearchRow, explored: Option<Explored>) -> String {
    let explored = match of_tree(explored) {
        [weight, _] if weight == "-" => String::new(),
        [weight, size] => format!("{weight} explored of {size}, "),
    };
    format!(
        "{} nodes, {} open, {explored}bound {}, best {}, gap {}, {}",
        row.nodes,
        row.open,
        format::value(row.bound),
        row.incumbent.map_or_else(|| "none".to_owned(), format::value),
        gap(row),
        format::seconds(row.seconds)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    /// Every letter of the legend stands in the documentation.
    #[test]
    fn letters_are_documented() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
        let docs = fs::read_to_string(docs).unwrap();
        for (letter, _) in SOURCES.iter().filter(|(letter, _)| *letter != ' ') {
            assert!(docs.contains(&format!("`{letter}` a")) || docs.contains(&format!("`{letter}` the")), "{letter}");
        }
    }

    /// Every letter that an engine reports stands in the legend: the engines' sources are read for them.
    #[test]
    fn letters_of_the_engines_are_in_the_legend() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = vec![];
        for name in ["milp", "bdnn", "formulation", "omt", "heuristics"] {
            letters(&crates.join(name).join("src"), &mut found);
        }
        assert!(found.len() >= 6, "{found:?}");
        for letter in found {
            assert!(SOURCES.iter().any(|(known, _)| *known == letter), "'{letter}' is not in the legend");
        }
        assert_eq!(SOURCES.map(|(letter, _)| letter).iter().collect::<String>(), LETTERS);
        let mut found = vec![];
        letters(&crates.join("milp/src"), &mut found);
        found.sort_by_key(|letter| LETTERS.find(*letter));
        found.dedup();
        assert_eq!(found.iter().collect::<String>(), LETTERS_OF_SOLVE, "the legend of `solve --help`");
    }

    /// The letters within calls that make rows, and beside the field `source`.
    fn letters(folder: &Path, found: &mut Vec<char>) {
        const MAKERS: [&str; 7] =
            ["source:", "self.report(", "self.note(", "self.row(", "try_point(", "fix_and_propagate(", "Progress {"];
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                letters(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines().filter(|line| MAKERS.iter().any(|maker| line.contains(maker))) {
                let chars: Vec<char> = line.chars().collect();
                let quoted = chars
                    .windows(3)
                    .filter(|w| w[0] == '\'' && w[2] == '\'' && (w[1].is_ascii_uppercase() || w[1] == ' '));
                found.extend(quoted.map(|w| w[1]));
            }
        }
    }
}

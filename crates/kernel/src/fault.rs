//! Why a file is not accepted, and the budget of a check.

use std::cell::Cell;
use std::fmt;

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file breaks the format.
    Malformed,
    /// The file claims what does not hold, or what it does not prove.
    Refuted,
    /// The check would take more steps or numbers than a file of this size may; nothing is said about the claim.
    Unfinished,
}

/// Why a file is not accepted, with the line where it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind it is.
    pub kind: Kind,
    /// From 1; 0 as long as it is unknown.
    pub line: usize,
    /// In words.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The file breaks the format.
pub fn malformed(what: impl Into<String>) -> Fault {
    Fault { kind: Kind::Malformed, line: 0, what: what.into() }
}

/// The file does not prove what it says.
pub fn refuted(what: impl Into<String>) -> Fault {
    Fault { kind: Kind::Refuted, line: 0, what: what.into() }
}

/// The fault, unless this holds.
pub fn ensure(holds: bool, fault: Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(fault) }
}

/// A number is beyond what is counted.
pub fn too_large() -> Fault {
    Fault { kind: Kind::Unfinished, line: 0, what: "numbers too large to be counted".to_owned() }
}

/// What a check may still use: it grows with the file, so no file can make a check run on or fill the memory.
pub struct Budget {
    steps: Cell<u64>,
    words: Cell<u64>,
}

impl Budget {
    /// 2^30 steps and 2^8 more for each byte of the file; 2^24 words (of 8 bytes) and 2^5 more for each byte.
    pub fn of(bytes: usize) -> Self {
        let in_proportion =
            |least: u64, each: u64| Cell::new((bytes as u64).saturating_mul(each).saturating_add(least));
        Self { steps: in_proportion(1 << 30, 1 << 8), words: in_proportion(1 << 24, 1 << 5) }
    }

    /// Takes this many steps: literals visited, words added and multiplied, 64 values forgotten; more where memory is taken anew.
    pub fn spend(&self, steps: usize) -> Result<(), Fault> {
        take(&self.steps, steps, "the check takes more steps than a file of this size may")
    }

    /// Takes this many words of memory.
    pub fn hold(&self, words: usize) -> Result<(), Fault> {
        take(&self.words, words, "the check takes more memory than a file of this size may")
    }

    /// Gives back what was taken.
    pub fn release(&self, words: usize) {
        self.words.set(self.words.get().saturating_add(words as u64));
    }
}

fn take(left: &Cell<u64>, amount: usize, what: &str) -> Result<(), Fault> {
    let rest = left.get().checked_sub(amount as u64);
    left.set(rest.ok_or(Fault { kind: Kind::Unfinished, line: 0, what: what.to_owned() })?);
    Ok(())
}

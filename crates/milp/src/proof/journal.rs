//! The derivations of a certificate while they are made: lines in a temporary file, to be assembled at the end.
//!
//! A VIPR file needs the number of derivations before the first one, and after each the index of its last use. Neither is
//! known during the search, so the lines wait in a file. [`Journal::assemble`] reads it backwards once, to find the lines
//! that the last one rests on (the others are dropped) and their last uses, then forwards, to write them with their final
//! indices. What is dropped is not read. Memory: 13 bytes a line.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use dashu::integer::IBig;
use dashu::rational::RBig;

use crate::Budget;
use crate::bounds::Multipliers;

/// Bytes of the temporary file that are in memory at once when it is read backwards.
const BLOCK: u64 = 1 << 22;

/// Where a right side stands that is known at the end only.
const DEFERRED: &str = "@";

/// The left side of a constraint.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form<'a> {
    Zero,
    Objective,
    Column(usize),
    Whole(&'a [(u32, IBig)]),
}

/// Why a constraint holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule<'a> {
    Assume,
    Solution,
    Combine(&'a Multipliers),
    Round(&'a Multipliers),
    /// Constraint, assumption, constraint, assumption.
    Unsplit([u64; 4]),
}

pub(super) struct Journal {
    file: BufWriter<File>,
    /// Index of the first line: the number of constraints in CON.
    first: u64,
    /// End of each line in the file.
    ends: Vec<u64>,
    text: String,
    failure: Option<io::Error>,
}

/// What was assembled.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Assembled {
    pub derivations: u64,
}

impl Journal {
    /// An empty one whose file is in `folder` and has no name.
    pub fn new(folder: &Path, first: u64) -> io::Result<Self> {
        let file = BufWriter::new(tempfile::tempfile_in(folder)?);
        Ok(Self { file, first, ends: Vec::new(), text: String::new(), failure: None })
    }

    /// Adds `form sense right` and returns its index; `sense` is `'L'` or `'G'`, a `right` of `None` is deferred. A failure to
    /// write is kept for [`Self::assemble`].
    pub fn push(&mut self, sense: char, right: Option<&RBig>, form: Form, rule: Rule) -> u64 {
        self.text.clear();
        self.render(sense, right, form, rule).expect("writing into a string cannot fail");
        if let Err(error) = self.file.write_all(self.text.as_bytes()) {
            self.failure.get_or_insert(error);
        }
        let end = self.bytes() + self.text.len() as u64;
        self.ends.push(end);
        self.first + self.ends.len() as u64 - 1
    }

    /// Bytes of all lines.
    pub fn bytes(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// `constraint TAB reason TAB index multiplier index multiplier ..`
    fn render(&mut self, sense: char, right: Option<&RBig>, form: Form, rule: Rule) -> std::fmt::Result {
        let out = &mut self.text;
        match right {
            Some(right) => write!(out, "{sense} {right} ")?,
            None => write!(out, "{sense} {DEFERRED} ")?,
        }
        match form {
            Form::Zero => out.push('0'),
            Form::Objective => out.push_str("OBJ"),
            Form::Column(j) => write!(out, "1 {j} 1")?,
            Form::Whole(terms) => {
                write!(out, "{}", terms.len())?;
                terms.iter().try_for_each(|(j, value)| write!(out, " {j} {value}"))?;
            }
        }
        let mut multipliers = |name: &str, multipliers: &Multipliers| {
            write!(out, "\t{name}\t")?;
            multipliers.iter().try_for_each(|(index, value)| write!(out, "{index} {value} "))
        };
        match rule {
            Rule::Assume => out.push_str("\tasm\t"),
            Rule::Solution => out.push_str("\tsol\t"),
            Rule::Combine(values) => multipliers("lin", values)?,
            Rule::Round(values) => multipliers("rnd", values)?,
            Rule::Unsplit([i, l, j, k]) => write!(out, "\tuns\t{i} {l} {j} {k} ")?,
        }
        out.push('\n');
        Ok(())
    }

    /// Writes `DER` with all lines that line `last` rests on (none at all for `None`); `deferred` stands in for deferred right
    /// sides. When the budget is over the error is [`io::ErrorKind::Interrupted`].
    pub fn assemble(
        mut self,
        last: Option<u64>,
        deferred: &str,
        out: &mut dyn Write,
        budget: &Budget,
    ) -> io::Result<Assembled> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.file.flush()?;
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let Some(last) = last.and_then(|last| last.checked_sub(self.first)) else {
            out.write_all(b"DER 0\n")?;
            return Ok(Assembled::default());
        };
        self.ends.truncate(last as usize + 1);
        let (last_use, kept) = last_uses(&mut file, &self.ends, self.first, budget)?;
        writeln!(out, "DER {kept}")?;
        // The index of a line that is kept is its place among the kept ones.
        let mut place = Vec::with_capacity(last_use.len());
        let mut next = self.first;
        for &used in &last_use {
            place.push(next);
            next += u64::from(used != UNUSED);
        }
        let renumber = |index: u64| index.checked_sub(self.first).map_or(index, |line| place[line as usize]);
        file.seek(SeekFrom::Start(0))?;
        let mut lines = io::BufReader::with_capacity(BLOCK as usize, file);
        let mut text = String::new();
        let mut line = Vec::new();
        let mut read = 0;
        for (k, &end) in self.ends.iter().enumerate() {
            if last_use[k] == UNUSED {
                spend(budget, 1)?;
                continue;
            }
            let start = if k == 0 { 0 } else { self.ends[k - 1] };
            lines.seek_relative((start - read) as i64)?;
            line.resize((end - start) as usize, 0);
            lines.read_exact(&mut line)?;
            read = end;
            spend(budget, line.len())?;
            let (constraint, reason, used) = parts(&line)?;
            text.clear();
            let index = place[k];
            let mut write = || -> std::fmt::Result {
                match constraint.split_once(DEFERRED) {
                    Some((before, after)) => write!(text, "d{index} {before}{deferred}{after} {{ {reason}")?,
                    None => write!(text, "d{index} {constraint} {{ {reason}")?,
                }
                match reason {
                    "lin" | "rnd" => {
                        write!(text, " {}", used.split_ascii_whitespace().count() / 2)?;
                        let mut words = used.split_ascii_whitespace();
                        while let (Some(index), Some(value)) = (words.next(), words.next()) {
                            write!(text, " {} {value}", renumber(number(index)))?;
                        }
                    }
                    _ => {
                        for index in used.split_ascii_whitespace() {
                            write!(text, " {}", renumber(number(index)))?;
                        }
                    }
                }
                match last_use[k] {
                    FOREVER => writeln!(text, " }} -1"),
                    by => writeln!(text, " }} {}", place[by as usize]),
                }
            };
            write().expect("writing into a string cannot fail");
            out.write_all(text.as_bytes())?;
        }
        Ok(Assembled { derivations: kept })
    }
}

/// Marks lines that are dropped.
const UNUSED: u32 = u32::MAX;
/// Marks the last line.
const FOREVER: u32 = u32::MAX - 1;

/// For each line the last line that uses it, among those that the last one rests on; and the number of the latter.
fn last_uses(file: &mut File, ends: &[u64], first: u64, budget: &Budget) -> io::Result<(Vec<u32>, u64)> {
    let too_many = || io::Error::other("more than 2^32 derivations");
    let mut last_use = vec![UNUSED; ends.len()];
    let Some(last) = last_use.last_mut() else { return Ok((last_use, 0)) };
    *last = FOREVER;
    let mut kept = 0;
    let mut block = Vec::new();
    let mut below = ends.len();
    while below > 0 {
        let top = ends[below - 1];
        let start = |k: usize| if k == 0 { 0 } else { ends[k - 1] };
        // At least one line, and no more than fit.
        let mut from = below - 1;
        while from > 0 && top - start(from - 1) <= BLOCK {
            from -= 1;
        }
        if last_use[from..below].iter().all(|&used| used == UNUSED) {
            spend(budget, below - from)?;
            below = from;
            continue;
        }
        block.resize((top - start(from)) as usize, 0);
        file.seek(SeekFrom::Start(start(from)))?;
        file.read_exact(&mut block)?;
        for k in (from..below).rev() {
            if last_use[k] == UNUSED {
                continue;
            }
            kept += 1;
            let line = &block[(start(k) - start(from)) as usize..(ends[k] - start(from)) as usize];
            spend(budget, line.len())?;
            let (_, reason, used) = parts(line)?;
            let step = if reason == "uns" { 1 } else { 2 };
            for index in used.split_ascii_whitespace().step_by(step) {
                if let Some(line) = number(index).checked_sub(first) {
                    let slot = &mut last_use[line as usize];
                    if *slot == UNUSED {
                        *slot = u32::try_from(k).map_err(|_| too_many())?;
                    }
                }
            }
        }
        below = from;
    }
    Ok((last_use, kept))
}

/// Takes note of bytes that were looked at, or of other work; when the budget is over the error is [`io::ErrorKind::Interrupted`].
pub(super) fn spend(budget: &Budget, bytes: usize) -> io::Result<()> {
    if budget.spend(bytes) { Err(io::Error::new(io::ErrorKind::Interrupted, "stopped while writing")) } else { Ok(()) }
}

fn parts(line: &[u8]) -> io::Result<(&str, &str, &str)> {
    let text = std::str::from_utf8(line).map_err(io::Error::other)?;
    let mut fields = text.trim_end_matches('\n').splitn(3, '\t');
    match (fields.next(), fields.next(), fields.next()) {
        (Some(constraint), Some(reason), Some(used)) => Ok((constraint, reason, used)),
        _ => Err(io::Error::other("the temporary file of the certificate was changed")),
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_lines_are_dropped_and_last_uses_found() {
        let mut journal = Journal::new(&std::env::temp_dir(), 3).unwrap();
        let one = RBig::ONE;
        let a = journal.push('L', None, Form::Column(0), Rule::Assume);
        let _unused = journal.push('L', Some(&one), Form::Zero, Rule::Combine(&vec![(a, one.clone())]));
        let b = journal.push('G', Some(&one), Form::Objective, Rule::Round(&vec![(0, one.clone()), (a, -one.clone())]));
        let c = journal.push('G', Some(&one), Form::Whole(&[(1, IBig::from(2))]), Rule::Unsplit([b, a, b, a]));
        journal.push('G', Some(&one), Form::Zero, Rule::Solution);
        let mut out = Vec::new();
        let assembled = journal.assemble(Some(c), "7/2", &mut out, &Budget::default()).unwrap();
        assert_eq!(assembled.derivations, 3);
        let expected = "DER 3\nd3 L 7/2 1 0 1 { asm } 5\nd4 G 1 OBJ { rnd 2 0 1 3 -1 } 5\n\
                        d5 G 1 1 1 2 { uns 4 3 4 3 } -1\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    /// Of a tree that nothing rests on, nothing is read.
    #[test]
    fn what_is_dropped_costs_nothing() {
        let mut journal = Journal::new(&std::env::temp_dir(), 0).unwrap();
        let first = journal.push('G', Some(&RBig::ONE), Form::Column(0), Rule::Assume);
        let long: Vec<(u32, IBig)> = (0..1000).map(|j| (j, IBig::from(123_456_789))).collect();
        for _ in 0..1000 {
            journal.push('G', Some(&RBig::ONE), Form::Whole(&long), Rule::Assume);
        }
        let last = journal.push('G', Some(&RBig::ONE), Form::Zero, Rule::Combine(&vec![(first, RBig::ONE)]));
        let bytes = journal.bytes();
        assert!(bytes > 2 * BLOCK, "{bytes}");
        let budget = Budget::default();
        let mut out = Vec::new();
        journal.assemble(Some(last), "", &mut out, &budget).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "DER 2\nd0 G 1 1 0 1 { asm } 1\nd1 G 1 0 { lin 1 0 1 } -1\n");
        assert!(budget.work() < bytes / 1000, "{} of {bytes}", budget.work());
    }

    #[test]
    fn writing_can_be_stopped() {
        let mut journal = Journal::new(&std::env::temp_dir(), 0).unwrap();
        let mut last = 0;
        for _ in 0..20_000 {
            last = journal.push('G', Some(&RBig::ONE), Form::Zero, Rule::Combine(&vec![(last, RBig::ONE)]));
        }
        let stop = || true;
        let budget = Budget::default().stopped_by(&stop);
        let mut out = Vec::new();
        let error = journal.assemble(Some(last), "", &mut out, &budget).unwrap_err();
        assert_eq!((error.kind(), out.len()), (io::ErrorKind::Interrupted, 0));
    }

    #[test]
    fn nothing_to_derive() {
        let journal = Journal::new(&std::env::temp_dir(), 3).unwrap();
        let mut out = Vec::new();
        journal.assemble(None, "", &mut out, &Budget::default()).unwrap();
        assert_eq!(out, b"DER 0\n");
    }
}

//! Writing the steps of a proof.

use super::folder::Output;
use super::names::{Clause, List, Literal, Name, Sum, Weighted};
use super::structure::Structure;
use bdnn::{Network, Stop};
use std::fmt::{self, Display};
use std::fs::File;
use std::io::{self, Write};

/// Entries of a witness written between two questions whether to go on.
const AT_ONCE: usize = 1 << 12;

/// A writer of proof steps that remembers the first failure, so that the search need not care.
pub(crate) struct Steps<W: Write> {
    out: W,
    failure: Option<io::Error>,
    /// Steps written.
    pub(crate) steps: u64,
}

impl<W: Write> Steps<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, failure: None, steps: 0 }
    }

    /// Whether nothing is written any more, since a failure.
    pub(crate) fn failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Starts the proof for a formula of this many constraints.
    pub(crate) fn open(out: W, constraints: u64) -> Self {
        let mut steps = Self::new(out);
        steps.step(format_args!("pseudo-Boolean proof version 3.0\nf {constraints}"));
        steps
    }

    /// The network as a solution, labelled `@best`; returns its objective.
    pub(crate) fn solution(&mut self, structure: &Structure<'_>, network: &Network) -> u64 {
        let (assignment, objective) = structure.solution(network);
        self.step(format_args!("@best soli{}", List(&assignment)));
        objective
    }

    /// The last steps: the objective is at least `lower` (`None`: there is no solution) by the constraint labelled `hint`,
    /// and at most `upper`, if that is known.
    pub(crate) fn conclude(&mut self, lower: Option<u64>, hint: Option<&str>, upper: Option<u64>) {
        let number = |bound: Option<u64>| bound.map_or_else(|| "INF".to_owned(), |bound| bound.to_string());
        let hint = hint.map_or_else(String::new, |label| format!(" : @{label}"));
        self.step("output NONE");
        self.step(format_args!("conclusion BOUNDS {}{hint} {}", number(lower), number(upper)));
        self.step("end pseudo-Boolean proof");
    }

    /// One step, without the final semicolon.
    pub(crate) fn step(&mut self, text: impl Display) {
        self.piece(format_args!("{text};\n"));
        self.steps += 1;
    }

    /// A part of a step.
    fn piece(&mut self, text: impl Display) {
        if self.failure.is_none() {
            self.failure = write!(self.out, "{text}").err();
        }
    }

    pub(crate) fn rup(&mut self, label: impl Display, clause: &[Literal]) {
        self.step(format_args!("@{label} rup {}", Clause(clause)));
    }

    /// A clause by propagation through the constraints that `hints` (each after a blank) names.
    pub(crate) fn rup_by(&mut self, label: impl Display, clause: &[Literal], hints: &str) {
        self.step(format_args!("@{label} rup {} :{hints}", Clause(clause)));
    }

    /// A clause by redundance.
    pub(crate) fn red(&mut self, label: impl Display, clause: &[Literal], witness: &[(Name, Value)]) {
        self.red_sum(label, Clause(clause), witness);
    }

    /// The same with a long witness. Once `stop` says so, the steps have failed: an error of the kind `Interrupted`.
    pub(crate) fn red_within(
        &mut self,
        label: impl Display,
        clause: &[Literal],
        witness: &[(Name, Value)],
        stop: &Stop<'_>,
    ) {
        self.piece(format_args!("@{label} red {} :", Clause(clause)));
        for entries in witness.chunks(AT_ONCE) {
            if stop() {
                self.failure = self.failure.take().or(Some(io::ErrorKind::Interrupted.into()));
                return;
            }
            self.piece(Witness(entries));
        }
        self.step("");
    }

    /// Any constraint by redundance.
    pub(crate) fn red_sum(&mut self, label: impl Display, constraint: impl Display, witness: &[(Name, Value)]) {
        self.step(format_args!("@{label} red {constraint} :{}", Witness(witness)));
    }

    /// Defines a count: at least `least` of `inputs` are true. `least{number}` says that there are if it is true,
    /// `less{number}` that there are not if it is false.
    pub(crate) fn define_count(&mut self, number: u32, inputs: &[Literal], least: usize) {
        let count = Name::Count(number);
        let denied: Vec<Literal> = inputs.iter().map(|&literal| !literal).collect();
        let rest = inputs.len() + 1 - least;
        let at_least = format_args!("{least} ~{count} {}>= {least}", Sum(inputs));
        self.red_sum(format_args!("least{number}"), at_least, &[(count, Value::Constant(false))]);
        let less = format_args!("{rest} {count} {}>= {rest}", Sum(&denied));
        self.red_sum(format_args!("less{number}"), less, &[(count, Value::Constant(true))]);
    }

    /// Defines the variable `below`: the sum of `terms` (weights of what is paid) is at most `bound` - 1. The constraint
    /// `cut{output}` says so if it is true, `low{output}` (for `bound` > 0) the opposite if it is false.
    pub(crate) fn define_below(&mut self, output: usize, terms: &[(u64, Literal)], bound: u64) {
        let below = Name::Below(output);
        let all: u64 = terms.iter().map(|&(weight, _)| weight).sum();
        let [spared, paid] = [true, false].map(|negated| Weighted { terms, negated });
        // At most bound - 1 are paid if at least all - bound + 1 are spared.
        let least = all + 1 - bound;
        let cut = format_args!("{least} ~{below} {spared}>= {least}");
        self.red_sum(format_args!("cut{output}"), cut, &[(below, Value::Constant(false))]);
        if bound > 0 {
            let low = format_args!("{bound} {below} {paid}>= {bound}");
            self.red_sum(format_args!("low{output}"), low, &[(below, Value::Constant(true))]);
        }
    }

    pub(crate) fn delete(&mut self, label: impl Display) {
        self.step(format_args!("del id @{label}"));
    }
}

impl Steps<Output> {
    /// Steps that were written to another file of the folder.
    pub(crate) fn append(&mut self, part: &mut File) {
        if self.failure.is_none() {
            self.failure = self.out.append(part).err();
        }
    }

    /// Closes the file, or says what went wrong.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.failure.map_or(Ok(()), Err)?;
        self.out.close()
    }
}

/// A map from variables as VeriPB reads it: ` x -> ~y z -> 1`.
struct Witness<'a>(&'a [(Name, Value)]);

impl Display for Witness<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(name, value)| {
            f.write_str(" ")?;
            name.fmt(f)?;
            f.write_str(" -> ")?;
            value.fmt(f)
        })
    }
}

/// What a witness puts in the place of a variable.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    Constant(bool),
    Literal(Literal),
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(value) => write!(f, "{}", u8::from(*value)),
            Self::Literal(literal) => literal.fmt(f),
        }
    }
}

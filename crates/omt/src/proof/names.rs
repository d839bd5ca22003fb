//! Variables of the proof by the names that the specification gives them.

use std::fmt;

/// A variable of `formula.opb` or one that the proof introduces. Layers count from 1, the rest from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    /// The neuron fires at the part.
    Unit { layer: usize, part: usize, neuron: usize },
    /// The neuron fires at the pattern.
    Fires { layer: usize, neuron: usize, pattern: usize },
    /// The neuron rests at the pattern, where that is not the negation of firing.
    Rests { layer: usize, neuron: usize, pattern: usize },
    /// The weight at the input is at least `value` - B; `value` counts from 1.
    AtLeast { layer: usize, neuron: usize, input: usize, value: usize },
    /// The rows of the class at the part are wrong.
    Wrong { part: usize, class: usize },
    /// The output neuron computes this function.
    Case(usize),
    /// The last two columns agree on this many rows and one more.
    Equal(usize),
    /// At least some number of penalties of a core are paid.
    Count(u32),
    /// The loss of this output (or, as 0, of the network) is below the bound to be proven.
    Below(usize),
}

impl Name {
    /// The literal that says the variable is `value`.
    pub(crate) fn is(self, value: bool) -> Literal {
        Literal { name: self, positive: value }
    }
}

/// Formulas of large data have millions of names, so digits go to the writer as they are, without a format of their own.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut joined = |kind: &str, numbers: &[usize]| {
            f.write_str(kind)?;
            digits(numbers[0], f)?;
            numbers[1..].iter().try_for_each(|&number| {
                f.write_str("_")?;
                digits(number, f)
            })
        };
        match *self {
            Self::Unit { layer, part, neuron } => joined("u", &[layer, part, neuron]),
            Self::Fires { layer, neuron, pattern } => joined("t", &[layer, neuron, pattern]),
            Self::Rests { layer, neuron, pattern } => joined("s", &[layer, neuron, pattern]),
            Self::AtLeast { layer, neuron, input, value } => joined("w", &[layer, neuron, input, value]),
            Self::Wrong { part, class } => write!(f, "e{part}_{class}"),
            Self::Case(case) => write!(f, "case{case}"),
            Self::Equal(row) => write!(f, "equal{row}"),
            Self::Count(number) => write!(f, "count{number}"),
            Self::Below(output) => write!(f, "below{output}"),
        }
    }
}

/// A whole number in decimals.
fn digits(number: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(itoa::Buffer::new().format(number))
}

/// A variable or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) name: Name,
    pub(crate) positive: bool,
}

impl Literal {
    /// The literal where `holds`, else its negation.
    pub(crate) fn when(self, holds: bool) -> Self {
        if holds { self } else { !self }
    }
}

impl std::ops::Not for Literal {
    type Output = Self;

    fn not(self) -> Self {
        Self { positive: !self.positive, ..self }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.positive { "" } else { "~" })?;
        self.name.fmt(f)
    }
}

/// A clause as VeriPB reads it: `1 x 1 ~y >= 1`.
pub(crate) struct Clause<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for Clause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Sum(self.0).fmt(f)?;
        f.write_str(">= 1")
    }
}

/// The sum of literals as VeriPB reads it: `1 x 1 ~y `.
pub(crate) struct Sum<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for Sum<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|literal| {
            f.write_str("1 ")?;
            literal.fmt(f)?;
            f.write_str(" ")
        })
    }
}

/// Literals as a solution lists them: ` x ~y`.
pub(crate) struct List<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|literal| {
            f.write_str(" ")?;
            literal.fmt(f)
        })
    }
}

/// The weighted sum of literals, or of their negations: `3 x 1 ~y `.
pub(crate) struct Weighted<'a> {
    pub(crate) terms: &'a [(u64, Literal)],
    pub(crate) negated: bool,
}

impl fmt::Display for Weighted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.terms.iter().try_for_each(|&(weight, literal)| {
            f.write_str(itoa::Buffer::new().format(weight))?;
            f.write_str(" ")?;
            if self.negated { !literal } else { literal }.fmt(f)?;
            f.write_str(" ")
        })
    }
}

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

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit { layer, part, neuron } => write!(f, "u{layer}_{part}_{neuron}"),
            Self::Fires { layer, neuron, pattern } => write!(f, "t{layer}_{neuron}_{pattern}"),
            Self::Rests { layer, neuron, pattern } => write!(f, "s{layer}_{neuron}_{pattern}"),
            Self::Wrong { part, class } => write!(f, "e{part}_{class}"),
            Self::Case(case) => write!(f, "case{case}"),
            Self::Equal(row) => write!(f, "equal{row}"),
            Self::Count(number) => write!(f, "count{number}"),
            Self::Below(output) => write!(f, "below{output}"),
        }
    }
}

/// A variable or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) name: Name,
    pub(crate) positive: bool,
}

impl std::ops::Not for Literal {
    type Output = Self;

    fn not(self) -> Self {
        Self { positive: !self.positive, ..self }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.positive { "" } else { "~" }, self.name)
    }
}

/// A clause as VeriPB reads it: `1 x 1 ~y >= 1`.
pub(crate) struct Clause<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for Clause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}>= 1", Sum(self.0))
    }
}

/// The sum of literals as VeriPB reads it: `1 x 1 ~y `.
pub(crate) struct Sum<'a>(pub(crate) &'a [Literal]);

impl fmt::Display for Sum<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|literal| write!(f, "1 {literal} "))
    }
}

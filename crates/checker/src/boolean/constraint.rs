//! Pseudo-Boolean constraints in normal form, and the arithmetic of cutting planes.
//!
//! A constraint is sum of coefficient * literal >= degree, with positive coefficients and every variable at most once.
//! Coefficients are 64-bit integers; a constraint whose coefficients or degree add up beyond [`LIMIT`] is refused, so
//! that no sum of them ever overflows.

use std::fmt;

/// Largest sum of the coefficients of a constraint, and largest absolute degree.
pub(crate) const LIMIT: i128 = 1 << 60;

/// A number beyond [`LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the coefficients of a constraint add up to more than 2^60, which this checker does not take")
    }
}

/// A Boolean variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Var(u32);

impl Var {
    /// The variable with this index, if there can be so many.
    pub fn new(index: usize) -> Option<Self> {
        u32::try_from(index).ok().filter(|index| index >> 31 == 0).map(Self)
    }

    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The literal that is true iff the variable has this value.
    pub fn literal(self, value: bool) -> Lit {
        Lit(self.0 << 1 | u32::from(!value))
    }
}

/// A variable or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lit(u32);

impl Lit {
    pub fn var(self) -> Var {
        Var(self.0 >> 1)
    }

    /// The value of the variable under which the literal is true.
    pub fn value(self) -> bool {
        self.0 & 1 == 0
    }

    /// Index into tables by literal: twice that of the variable, and the next.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::ops::Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// A coefficient, positive, and its literal.
pub(crate) type Term = (i64, Lit);

/// Coefficients and literals as they stand in a file; no variable stands twice.
pub(crate) type Sum = Vec<(i64, Lit)>;

/// A constraint in normal form, its terms sorted by variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Constraint {
    terms: Vec<Term>,
    degree: i64,
}

impl Constraint {
    /// Any sum >= degree: coefficients of either sign, variables repeated.
    pub fn new(mut sum: Vec<(i128, Lit)>, mut degree: i128) -> Result<Self, TooLarge> {
        sum.sort_unstable_by_key(|(_, lit)| lit.var());
        let mut terms = Vec::with_capacity(sum.len());
        let mut total: i128 = 0;
        for group in sum.chunk_by(|(_, left), (_, right)| left.var() == right.var()) {
            let Some(&(_, first)) = group.first() else { continue };
            // c * ~l = c - c * l.
            let mut coefficient: i128 = 0;
            for &(c, lit) in group {
                let same = lit == first;
                coefficient = coefficient.checked_add(if same { c } else { -c }).ok_or(TooLarge)?;
                degree = degree.checked_sub(if same { 0 } else { c }).ok_or(TooLarge)?;
            }
            let (coefficient, lit) = if coefficient < 0 {
                degree = degree.checked_sub(coefficient).ok_or(TooLarge)?;
                (-coefficient, !first)
            } else {
                (coefficient, first)
            };
            total = total.checked_add(coefficient).ok_or(TooLarge)?;
            if coefficient > 0 {
                terms.push((i64::try_from(coefficient).map_err(|_| TooLarge)?, lit));
            }
        }
        if total > LIMIT || degree.abs() > LIMIT {
            return Err(TooLarge);
        }
        Ok(Self { terms, degree: i64::try_from(degree).map_err(|_| TooLarge)? })
    }

    /// Terms in normal form already, in any order.
    pub fn of_terms(mut terms: Vec<Term>, degree: i64) -> Self {
        terms.sort_unstable_by_key(|(_, lit)| lit.var());
        Self { terms, degree }
    }

    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    pub fn degree(&self) -> i64 {
        self.degree
    }

    /// The sum of the coefficients.
    pub fn total(&self) -> i64 {
        self.terms.iter().map(|(coefficient, _)| coefficient).sum()
    }

    /// True under every assignment.
    pub fn is_trivial(&self) -> bool {
        self.degree <= 0
    }

    /// False under every assignment.
    pub fn is_contradiction(&self) -> bool {
        self.total() < self.degree
    }

    fn sum(&self) -> impl Iterator<Item = (i128, Lit)> {
        self.terms.iter().map(|&(coefficient, lit)| (coefficient.into(), lit))
    }

    /// What holds iff this does not: sum <= degree - 1.
    pub fn negation(&self) -> Result<Self, TooLarge> {
        let terms = self.terms.iter().map(|&(coefficient, lit)| (coefficient, !lit)).collect();
        let degree = i128::from(self.total()) - i128::from(self.degree) + 1;
        if degree.abs() > LIMIT {
            return Err(TooLarge);
        }
        Ok(Self { terms, degree: i64::try_from(degree).map_err(|_| TooLarge)? })
    }

    /// The sum of two constraints.
    pub fn plus(&self, other: &Self) -> Result<Self, TooLarge> {
        Self::new(self.sum().chain(other.sum()).collect(), i128::from(self.degree) + i128::from(other.degree))
    }

    /// The constraint `factor` > 0 times.
    pub fn times(&self, factor: i64) -> Result<Self, TooLarge> {
        let factor = i128::from(factor);
        Self::new(self.sum().map(|(c, lit)| (c * factor, lit)).collect(), i128::from(self.degree) * factor)
    }

    /// Divided by `divisor` > 0, every number rounded up.
    pub fn divided(&self, divisor: i64) -> Self {
        let up = |value: i64| value.div_euclid(divisor) + i64::from(value.rem_euclid(divisor) != 0);
        Self { terms: self.terms.iter().map(|&(c, lit)| (up(c), lit)).collect(), degree: up(self.degree) }
    }

    /// No coefficient above the degree.
    pub fn saturated(mut self) -> Self {
        let most = self.degree.max(0);
        self.terms.iter_mut().for_each(|(coefficient, _)| *coefficient = most.min(*coefficient));
        self.terms.retain(|(coefficient, _)| *coefficient > 0);
        self
    }

    /// Without a variable, whose literal is taken as true.
    pub fn weakened(mut self, var: Var) -> Result<Self, TooLarge> {
        for (coefficient, _) in self.terms.extract_if(.., |(_, lit)| lit.var() == var) {
            self.degree = self.degree.checked_sub(coefficient).ok_or(TooLarge)?;
        }
        if i128::from(self.degree) < -LIMIT { Err(TooLarge) } else { Ok(self) }
    }

    /// Whether `other` follows by weakening, one saturation and weakening again (adding literal axioms).
    pub fn implies(&self, other: &Self) -> bool {
        let mut others = other.terms.iter().peekable();
        let mut excess: i128 = 0;
        for &(coefficient, lit) in &self.terms {
            while others.next_if(|(_, next)| next.var() < lit.var()).is_some() {}
            let there = others.next_if(|(_, next)| *next == lit).map_or(0, |&(there, _)| there);
            // A coefficient that reaches the degree of `other` is saturated there.
            if there < other.degree {
                excess += i128::from((coefficient - there).max(0));
            }
        }
        i128::from(self.degree) - excess >= i128::from(other.degree)
    }

    /// Every literal replaced.
    pub fn substituted(&self, image: impl Fn(Lit) -> Image) -> Result<Self, TooLarge> {
        Self::image(self.terms.iter().copied(), self.degree, image)
    }

    /// Terms >= degree, in normal form but in any order, with every literal replaced.
    pub fn image(
        terms: impl Iterator<Item = Term>,
        degree: i64,
        image: impl Fn(Lit) -> Image,
    ) -> Result<Self, TooLarge> {
        let mut degree = i128::from(degree);
        let mut kept: Vec<Term> = Vec::with_capacity(terms.size_hint().0);
        for (coefficient, lit) in terms {
            match image(lit) {
                Image::Constant(true) => degree -= i128::from(coefficient),
                Image::Constant(false) => {}
                Image::Literal(lit) => kept.push((coefficient, lit)),
            }
        }
        kept.sort_unstable_by_key(|(_, lit)| lit.var());
        let repeats = kept.windows(2).any(|pair| matches!(pair, [(_, left), (_, right)] if left.var() == right.var()));
        if repeats || degree.abs() > LIMIT {
            return Self::new(kept.into_iter().map(|(coefficient, lit)| (coefficient.into(), lit)).collect(), degree);
        }
        Ok(Self { terms: kept, degree: i64::try_from(degree).map_err(|_| TooLarge)? })
    }
}

/// What a substitution makes of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    Constant(bool),
    Literal(Lit),
}

impl std::ops::Not for Image {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(!value),
            Self::Literal(lit) => Self::Literal(!lit),
        }
    }
}

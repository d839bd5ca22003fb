//! The problem as the file states it: which networks, which points, what is claimed.

use crate::fault::{Fault, ensure, malformed, refuted};
use crate::number::Int;
use crate::tokens::Tokens;
use std::iter::once;

/// A point.
#[derive(Debug)]
pub struct Point {
    /// All points of a part have the same activations in every layer.
    pub part: usize,
    /// In units.
    pub inputs: Vec<Int>,
    /// Class, and how much the rows there count.
    pub rows: Vec<(usize, i128)>,
}

/// The problem. Lengths are in units, whose number in 1 is whole, so that geometry has no fractions.
#[derive(Debug)]
pub struct Problem {
    /// d_0, .., d_K: inputs, hidden neurons, outputs.
    pub widths: Vec<usize>,
    /// C; with two classes there is one output, which should fire at rows of class 1.
    pub classes: usize,
    /// Whether neurons have biases.
    pub bias: bool,
    /// B: weights are whole numbers from -B to B. If 0, they are real.
    pub cap: usize,
    /// Whether errors are rows with a wrong output, not wrong outputs.
    pub by_row: bool,
    /// A neuron that rests has at most minus this, and real weights are of at most 1. If 0, it has less than 0, and they are of any size.
    pub epsilon: Int,
    /// The first layer withstands perturbations: whether they are bounded in every input, not by their sum; and by how much.
    pub ball: (bool, Int),
    /// How many units are 1.
    pub one: Int,
    /// The points.
    pub points: Vec<Point>,
    /// The largest sum of absolute inputs of a point.
    pub far: Int,
    /// Parts are numbered below this.
    pub parts: usize,
    /// Class, and how many of its rows may be wrong; only for two classes.
    pub limits: Vec<(usize, i128)>,
    /// No network has a smaller loss; `None`: there is no network.
    pub bound: Option<i128>,
    /// The loss of the network that is given, if one is.
    pub reached: Option<i128>,
}

impl Problem {
    /// Reads it. Inputs of a point are (n - s) f units and 1 is K F units, with n, s, f, K and F as the file has them.
    pub fn read(tokens: &mut Tokens<'_>) -> Result<Self, Fault> {
        tokens.statement("kernel", |tokens| tokens.expect("1"))?;
        let inputs = tokens.statement("inputs", Tokens::natural)?;
        let hidden = tokens.list("hidden", Tokens::natural)?;
        let classes = tokens.statement("classes", Tokens::natural)?;
        let outputs = if classes == 2 { 1 } else { classes };
        let widths: Vec<usize> = once(inputs).chain(hidden).chain(once(outputs)).collect();
        let filled = classes >= 2 && !widths.contains(&0);
        ensure(filled, malformed("two classes at least, an input, and a neuron in every layer"))?;
        let bias = tokens.statement("bias", |tokens| tokens.choice("yes", "no"))?;
        let cap = if tokens.peek() == "weights" { tokens.statement("weights", Tokens::natural)? } else { 0 };
        let by_row = tokens.statement("loss", |tokens| tokens.choice("zero-one", "hamming"))?;
        let epsilon = tokens.statement("epsilon", Tokens::size)?;
        let ball = tokens.statement("ball", |tokens| Ok((tokens.choice("linf", "l1")?, tokens.size()?)))?;
        let one = tokens.statement("unit", |tokens| tokens.positive()?.times(&tokens.positive()?, &tokens.budget))?;
        let shift = tokens.list("shift", Tokens::integer)?;
        let factor = tokens.list("factor", Tokens::positive)?;
        ensure(shift.len() == inputs && factor.len() == inputs, malformed("a shift and a factor for each input"))?;
        let (mut points, mut parts, mut far) = (vec![], 0usize, Int::default());
        while tokens.peek() == "point" {
            let point = tokens.statement("point", |tokens| Point::read(tokens, &shift, &factor, classes))?;
            parts = parts.max(point.part.saturating_add(1));
            let longest = point.inputs.iter().map(Int::words).max().unwrap_or(0);
            tokens.budget.spend(inputs.saturating_mul(longest).saturating_add(far.words()))?;
            far = far.max(point.inputs.iter().fold(Int::default(), |sum, input| sum.plus(&input.abs())));
            points.push(point);
        }
        let limits = tokens.list("limits", |tokens| Ok((tokens.natural()?, tokens.count()?)))?;
        let rising = limits.is_sorted_by(|one, next| one.0 < next.0);
        let known = rising && limits.iter().all(|limit| limit.0 < 2 && classes == 2);
        ensure(known, malformed("limits are for classes 0 and 1 of two, in this order, one for each"))?;
        let (bound, reached) = tokens.statement("claim", |tokens| {
            let bound = if tokens.takes("infeasible") { None } else { Some(tokens.count()?) };
            Ok((bound, if tokens.takes("none") { None } else { Some(tokens.count()?) }))
        })?;
        Ok(Self { widths, classes, bias, cap, by_row, epsilon, ball, one, points, far, parts, limits, bound, reached })
    }

    /// K.
    pub fn layers(&self) -> usize {
        self.widths.len().saturating_sub(1)
    }

    /// d_k, for k from 0; 0 where there is no such layer.
    pub fn width(&self, layer: usize) -> usize {
        self.widths.get(layer).copied().unwrap_or(0)
    }

    /// Whether resting neurons keep a margin.
    pub fn margin(&self) -> bool {
        self.epsilon.sign().is_gt()
    }

    /// 2 if every neuron has a complement, one that fires where it rests: all its weights negated, and on finitely many sites a bias a little below the negated one.
    /// Else 1. So many clauses a lemma has for a neuron.
    pub fn forms(&self) -> usize {
        if self.bias && !self.margin() { 2 } else { 1 }
    }

    /// 2 B: so many bounds a weight has, the n-th of which (from 0) says that it is at least n + 1 - B. That of weight l has the place 2 B l + n.
    pub fn bounds(&self) -> usize {
        self.cap.saturating_mul(2)
    }

    /// l and n + 1 - B
    pub fn bound(&self, place: usize) -> Result<(usize, Int), Fault> {
        let (l, n) = split(place, self.bounds()).ok_or_else(|| refuted("real weights have no bounds"))?;
        Ok((l, Int::from(n.saturating_add(1)).minus(&Int::from(self.cap))))
    }

    /// A place or, if `turned`, that of the bound that a negated weight misses where the weight has this one: w >= v iff not -w >= 1 - v.
    pub fn turned(&self, place: usize, turned: bool) -> usize {
        let n = place.checked_rem(self.bounds()).filter(|_| turned);
        n.map_or(place, |n| place.saturating_sub(n).saturating_add(self.bounds().saturating_sub(n.saturating_add(1))))
    }

    /// Whether output `j` should fire at rows of the class.
    pub fn target(&self, class: usize, j: usize) -> bool {
        if self.classes == 2 { class == 1 } else { class == j }
    }
}

impl Point {
    fn read(tokens: &mut Tokens<'_>, shift: &[Int], factor: &[Int], classes: usize) -> Result<Self, Fault> {
        let part = tokens.natural()?;
        let mut inputs = vec![];
        for (shift, factor) in shift.iter().zip(factor) {
            inputs.push(tokens.integer()?.minus(shift).times(factor, &tokens.budget)?);
        }
        tokens.budget.hold(inputs.iter().map(|input| input.words().saturating_add(4)).sum())?;
        tokens.expect(":")?;
        let mut rows = vec![];
        while tokens.peek() != ";" {
            rows.push((tokens.natural()?, tokens.count()?));
        }
        let known = rows.iter().all(|row| row.0 < classes) && rows.is_sorted_by(|one, next| one.0 < next.0);
        ensure(known, malformed("the classes of a point rise, and are below the number of classes"))?;
        Ok(Self { part, inputs, rows })
    }
}

/// Row and column of an entry.
pub fn split(entry: usize, columns: usize) -> Option<(usize, usize)> {
    Some((entry.checked_div(columns)?, entry.checked_rem(columns)?))
}

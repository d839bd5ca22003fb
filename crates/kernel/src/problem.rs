//! The problem as the file states it: which networks, which points, what is claimed.

use crate::constraint::plus;
use crate::fault::{Fault, malformed};
use crate::number::Int;
use crate::tokens::Tokens;
use std::cmp::Ordering;
use std::iter::once;

/// What the first layer withstands: every perturbation of a point of at most this size, in the units of the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ball {
    /// None at all.
    None,
    /// No input moves by more.
    Linf(Int),
    /// The moves of all inputs add up to no more.
    L1(Int),
}

/// How errors are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Each output that differs from its target.
    Hamming,
    /// Each row with such an output.
    ZeroOne,
}

/// A point.
#[derive(Debug)]
pub struct Point {
    /// All points of a part have the same activations in every layer.
    pub part: usize,
    /// Its inputs, in units.
    pub inputs: Vec<Int>,
    /// Class, and how much the rows there count.
    pub rows: Vec<(usize, i128)>,
}

/// The problem.
#[derive(Debug)]
pub struct Problem {
    /// d_0, .., d_K: inputs, hidden neurons, outputs.
    pub widths: Vec<usize>,
    /// C; with two classes there is one output.
    pub classes: usize,
    /// Whether neurons have biases.
    pub bias: bool,
    /// What is counted.
    pub loss: Loss,
    /// A neuron that rests has at most minus this, in units; without it, less than 0.
    pub epsilon: Option<Int>,
    /// What the first layer withstands.
    pub ball: Ball,
    /// How many units are 1: K F.
    pub one: Int,
    /// The points.
    pub points: Vec<Point>,
    /// How many parts there are.
    pub parts: usize,
    /// Class, and how many of its rows may be wrong.
    pub limits: Vec<(usize, i128)>,
    /// No network has a smaller loss; `None`: there is no network.
    pub bound: Option<i128>,
    /// The loss of the network that is given, if one is.
    pub reached: Option<i128>,
}

impl Problem {
    /// Reads it. The inputs of a point are (n - s) f units, in K F units to 1, where n, s, f, K and F are those of the file.
    pub fn read(tokens: &mut Tokens<'_>) -> Result<Self, Fault> {
        statement(tokens, "kernel", |tokens| tokens.expect("1"))?;
        let inputs = statement(tokens, "inputs", Tokens::natural)?;
        tokens.expect("hidden")?;
        let hidden = until_end(tokens, Tokens::natural)?;
        let classes = statement(tokens, "classes", Tokens::natural)?;
        let outputs = if classes == 2 { 1 } else { classes };
        let widths: Vec<usize> = once(inputs).chain(hidden).chain(once(outputs)).collect();
        if classes < 2 || widths.contains(&0) {
            return Err(malformed("two classes at least, an input, and a neuron in every layer"));
        }
        let bias = statement(tokens, "bias", |tokens| choice(tokens, "yes", "no"))?;
        let hamming = statement(tokens, "loss", |tokens| choice(tokens, "hamming", "zero-one"))?;
        let loss = if hamming { Loss::Hamming } else { Loss::ZeroOne };
        let epsilon =
            statement(
                tokens,
                "epsilon",
                |tokens| {
                    if tokens.takes("none") { Ok(None) } else { positive(tokens).map(Some) }
                },
            )?;
        let ball = statement(tokens, "ball", Ball::read)?;
        let one = statement(tokens, "unit", |tokens| Ok(positive(tokens)?.times(&positive(tokens)?)))?;
        tokens.expect("shift")?;
        let shift = until_end(tokens, Tokens::integer)?;
        tokens.expect("factor")?;
        let factor = until_end(tokens, positive)?;
        if shift.len() != inputs || factor.len() != inputs {
            return Err(malformed("a shift and a factor for each input"));
        }
        let (mut points, mut parts) = (vec![], 0usize);
        while tokens.takes("point") {
            let point = Point::read(tokens, &shift, &factor, classes)?;
            parts = parts.max(point.part.saturating_add(1));
            points.push(point);
        }
        tokens.expect("limits")?;
        let limits = until_end(tokens, |tokens| Ok((tokens.natural()?, tokens.natural()? as i128)))?;
        if limits.iter().any(|limit| limit.0 >= 2 || classes != 2) {
            return Err(malformed("limits are for classes 0 and 1 of two"));
        }
        let (bound, reached) = statement(tokens, "claim", |tokens| {
            let bound = if tokens.takes("infeasible") { None } else { Some(tokens.natural()? as i128) };
            Ok((bound, if tokens.takes("none") { None } else { Some(tokens.natural()? as i128) }))
        })?;
        Ok(Self { widths, classes, bias, loss, epsilon, ball, one, points, parts, limits, bound, reached })
    }

    /// K.
    pub fn layers(&self) -> usize {
        self.widths.len().saturating_sub(1)
    }

    /// d_k, for k from 0; 0 where there is no such layer.
    pub fn width(&self, layer: usize) -> usize {
        self.widths.get(layer).copied().unwrap_or(0)
    }

    /// Whether every neuron has a complement: one that fires where it rests.
    pub fn complements(&self) -> bool {
        self.bias && self.epsilon.is_none()
    }

    /// Whether output `j` should fire at rows of the class.
    pub fn target(&self, class: usize, j: usize) -> bool {
        if self.classes == 2 { class == 1 } else { class == j }
    }

    /// All rows of a class, counted.
    pub fn rows_of(&self, class: usize) -> Result<i128, Fault> {
        let rows = self.points.iter().flat_map(|point| &point.rows).filter(|row| row.0 == class);
        rows.map(|row| row.1).try_fold(0, plus)
    }

    /// The loss of a row at which the outputs are these.
    pub fn loss_of(&self, class: usize, outputs: &[bool]) -> usize {
        let wrong = outputs.iter().enumerate().filter(|&(j, &fires)| fires != self.target(class, j)).count();
        if self.loss == Loss::ZeroOne { wrong.min(1) } else { wrong }
    }
}

impl Ball {
    fn read(tokens: &mut Tokens<'_>) -> Result<Self, Fault> {
        match tokens.take() {
            "none" => Ok(Self::None),
            "linf" => Ok(Self::Linf(positive(tokens)?)),
            "l1" => Ok(Self::L1(positive(tokens)?)),
            _ => Err(malformed("`none`, `linf` or `l1` expected")),
        }
    }
}

impl Point {
    fn read(tokens: &mut Tokens<'_>, shift: &[Int], factor: &[Int], classes: usize) -> Result<Self, Fault> {
        let part = tokens.natural()?;
        let mut inputs = vec![];
        for (shift, factor) in shift.iter().zip(factor) {
            let value = tokens.integer()?.minus(shift);
            tokens.budget.spend(value.words().saturating_mul(factor.words()))?;
            let value = value.times(factor);
            tokens.budget.hold(value.words().saturating_add(4))?;
            inputs.push(value);
        }
        tokens.expect(":")?;
        let rows = until_end(tokens, |tokens| Ok((tokens.natural()?, tokens.natural()? as i128)))?;
        if rows.iter().any(|row| row.0 >= classes) || !rows.is_sorted_by(|one, next| one.0 < next.0) {
            return Err(malformed("the classes of a point rise, and are below the number of classes"));
        }
        Ok(Self { part, inputs, rows })
    }
}

/// Reads a statement: its name, what it says, `;`.
pub fn statement<'t, T>(
    tokens: &mut Tokens<'t>,
    name: &str,
    read: impl FnOnce(&mut Tokens<'t>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    tokens.expect(name)?;
    let value = read(tokens)?;
    tokens.expect(";")?;
    Ok(value)
}

/// Reads a list up to `;`, which is taken.
pub fn until_end<'t, T>(
    tokens: &mut Tokens<'t>,
    mut read: impl FnMut(&mut Tokens<'t>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut list = vec![];
    while !tokens.takes(";") {
        list.push(read(tokens)?);
    }
    Ok(list)
}

fn choice(tokens: &mut Tokens<'_>, yes: &str, no: &str) -> Result<bool, Fault> {
    let chosen = tokens.takes(yes);
    if !chosen {
        tokens.expect(no)?;
    }
    Ok(chosen)
}

fn positive(tokens: &mut Tokens<'_>) -> Result<Int, Fault> {
    let value = tokens.integer()?;
    if value.sign() == Ordering::Greater { Ok(value) } else { Err(malformed("a positive number expected")) }
}

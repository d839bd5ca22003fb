//! A network with the neurons of a hidden layer exchanged, complemented or held constant: again a network of the problem, with the outputs of the old one.

use crate::assignment::Assignment;
use crate::constraint::{Image, Lit};
use crate::fault::{Budget, Fault, ensure, malformed, refuted};
use crate::network::neurons;
use crate::number::Int;
use crate::problem::Problem;
use crate::structure::{Kind, Structure, bit, patterns};
use crate::tokens::{Tokens, signed};

/// What a new neuron of the layer is: an old one or (if true) its complement, or a constant (never with a margin).
#[derive(Clone, Copy)]
enum Source {
    Neuron(usize, bool),
    Constant(bool),
}

/// A change of a hidden layer k and of how layer k + 1 reads it.
pub struct Exchange {
    k: usize,
    /// By new neuron.
    sources: Vec<Source>,
    /// By neuron of layer k + 1, whether the new one fires at each pattern. Empty if every old neuron has a place, as itself or its complement: then the new
    /// one does at a pattern what the old one does at the pattern that becomes it, with its weights in other places, negated for complements.
    tables: Vec<Vec<bool>>,
}

impl Exchange {
    /// Reads `k source .. :` and, where some old neuron has no place, weights and bias of each neuron of layer k + 1, and `:`. A source is a neuron from 1,
    /// with `-` before it for its complement, or `one` or `zero`.
    ///
    /// Complements take a bias and no margin; to rest everywhere takes a bias. New tables are computed by the neurons that the file gives, whose weights
    /// may be of any size without a margin, or whole and at most B.
    pub fn read(tokens: &mut Tokens<'_>, problem: &Problem) -> Result<Self, Fault> {
        let k = tokens.natural()?;
        let width = problem.width(k);
        ensure(k > 0 && k < problem.layers(), refuted("no hidden layer has this number"))?;
        let sources = tokens.until(":", |tokens| {
            let word = tokens.take();
            let (source, allowed) = match (word, signed(word, width)) {
                ("one", _) => (Source::Constant(true), true),
                ("zero", _) => (Source::Constant(false), problem.bias),
                (_, Some((neuron, plain))) => (Source::Neuron(neuron, !plain), plain || problem.forms() == 2),
                _ => return Err(malformed("a neuron from 1, `one` or `zero` expected")),
            };
            if allowed { Ok(source) } else { Err(refuted("no neuron is so without a bias or with a margin")) }
        })?;
        ensure(
            sources.len() == width,
            malformed(format!("{width} sources expected, one for each neuron of the layer")),
        )?;
        let mut exchange = Self { k, sources, tables: vec![] };
        if (0..width).all(|old| exchange.place(old).is_some()) {
            return Ok(exchange);
        }
        ensure(!problem.margin(), refuted("with a margin neurons may only change places"))?;
        let size = (width, problem.width(k.saturating_add(1)));
        for weights in neurons(tokens, problem, ":", size, &Int::default())? {
            tokens.budget.hold(patterns(width))?;
            let fires = |pattern: usize| {
                let on = weights.iter().enumerate().filter(|&(l, _)| l == width || bit(pattern, l));
                tokens.budget.spend(weights.iter().map(Int::words).max().unwrap_or(0).saturating_mul(weights.len()))?;
                Ok(on.fold(Int::default(), |sum, (_, weight)| sum.plus(weight)).sign().is_ge())
            };
            exchange.tables.push((0..patterns(width)).map(fires).collect::<Result<_, Fault>>()?);
        }
        Ok(exchange)
    }

    /// The new neuron that an old one or its complement has become.
    fn place(&self, old: usize) -> Option<(usize, bool)> {
        self.sources.iter().enumerate().find_map(|(new, source)| match *source {
            Source::Neuron(neuron, complement) if neuron == old => Some((new, complement)),
            _ => None,
        })
    }

    /// With new tables: checks that these values say what every old table is at each pattern, and that it is what the new one is at the new pattern.
    pub fn keeps_outputs(&self, budget: &Budget, structure: &Structure<'_>, known: &Assignment) -> Result<(), Fault> {
        for (j, table) in self.tables.iter().enumerate() {
            budget.spend(table.len().saturating_mul(self.sources.len()))?;
            for old in 0..table.len() {
                let new = self.sources.iter().rev().fold(0usize, |new, source| {
                    let fires = match *source {
                        Source::Neuron(neuron, complement) => bit(old, neuron) != complement,
                        Source::Constant(fires) => fires,
                    };
                    new << 1 | usize::from(fires)
                });
                let fires = structure.lit(Kind::Fires, self.k.saturating_add(1), j, old, true)?;
                if known.of(fires).is_none() || known.of(fires) != table.get(new).copied() {
                    return Err(refuted("the negation of the constraint does not say that the outputs stay"));
                }
            }
        }
        Ok(())
    }

    /// What a literal says of the new network, in terms of the old one.
    pub fn image(&self, structure: &Structure<'_>, lit: Lit) -> Result<Image, Fault> {
        let Some((kind, k, j, place)) = structure.meaning(lit.var()) else { return Ok(Ok(lit)) };
        let value = lit.value();
        match (k.checked_sub(self.k), kind, self.sources.get(j)) {
            (Some(0), _, Some(&Source::Neuron(old, complement))) => {
                let place = structure.problem.turned(place, complement && kind == Kind::Bound);
                Ok(Ok(structure.lit(kind, k, old, place, value != complement)?))
            }
            // Its weights are 0.
            (Some(0), Kind::Bound, _) => Ok(Err(structure.problem.bound(place)?.1.sign().is_gt() != value)),
            (Some(1), Kind::Bound, _) => Err(refuted("a bound on weights that read exchanged neurons")),
            (Some(0), _, Some(&Source::Constant(fires))) => Ok(Err(fires == value)),
            (Some(1), Kind::Fires | Kind::Rests, _) => {
                if let Some(fires) = self.tables.get(j).and_then(|table| table.get(place)) {
                    return Ok(Err(*fires == value));
                }
                let before = (0..self.sources.len()).rev().fold(0usize, |before, old| {
                    let fires = self.place(old).is_some_and(|(new, complement)| bit(place, new) != complement);
                    before << 1 | usize::from(fires)
                });
                Ok(Ok(structure.lit(kind, k, j, before, value)?))
            }
            _ => Ok(Ok(lit)),
        }
    }
}

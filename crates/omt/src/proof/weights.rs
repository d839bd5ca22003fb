//! Bounds on whole weights as members of lemmas: the sites behind the points or patterns of a layer, weight by weight, as
//! [`crate::theory::Integers`] numbers them.

use crate::theory::Side;
use bdnn::{Problem, WeightDomain};

/// Where the bounds of each layer stand.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// By layer, from 1: how many points or patterns it has.
    sites: Vec<usize>,
    /// 2 B: a weight is at least v - B, for v = 1, .., 2 B. 0 where weights are real.
    values: usize,
}

impl Bounds {
    /// Those of a problem whose truth tables are written in full.
    pub(crate) fn new(problem: &Problem) -> Self {
        let values = match problem.architecture.weights {
            WeightDomain::Continuous => 0,
            WeightDomain::Integer(bound) => 2 * bound as usize,
        };
        let patterns = problem.architecture.hidden.iter().map(|&width| 1 << width);
        Self { sites: std::iter::once(problem.points.len()).chain(patterns).collect(), values }
    }

    /// How many bounds a weight has.
    pub(crate) fn values(&self) -> usize {
        self.values
    }

    /// Whether there is a layer of this number.
    pub(crate) fn is_layer(&self, layer: usize) -> bool {
        (1..=self.sites.len()).contains(&layer)
    }

    /// Input and v of a site that is a bound; layers count from 1.
    pub(crate) fn meaning(&self, layer: usize, site: u32) -> Option<(usize, usize)> {
        let at = (site as usize).checked_sub(self.sites[layer - 1])?;
        (self.values > 0).then(|| (at / self.values, at % self.values + 1))
    }

    /// The site of a bound.
    pub(crate) fn site(&self, layer: usize, (input, value): (usize, usize)) -> u32 {
        u32::try_from(self.sites[layer - 1] + input * self.values + value - 1).unwrap_or(u32::MAX)
    }

    /// What a member of a lemma says of the neuron with negated weights, which fires where this one rests.
    pub(crate) fn mirror(&self, layer: usize, (site, side): (u32, Side)) -> (u32, Side) {
        let site = match self.meaning(layer, site) {
            Some((input, value)) => self.site(layer, (input, self.values + 1 - value)),
            None => site,
        };
        (site, side.flip())
    }
}

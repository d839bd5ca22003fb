//! A weighted counter: sum of weights of true penalty literals <= bound, as a propagator. The objective is one, and so is every limit
//! ([`super::Limit`]).

use super::formula::Limit;
use super::literal::Lit;
use super::proof::Step;
use serde::{Deserialize, Serialize};

/// State of the pseudo-Boolean constraint. `paid` holds the true penalties in trail order, so explanations are
/// prefixes of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Counter {
    /// Weight of each literal, 0 if it is no penalty.
    weight: Vec<u64>,
    /// Penalties by decreasing weight.
    order: Vec<Lit>,
    paid: Vec<Lit>,
    sum: u64,
    bound: Option<u64>,
    /// What it is in the proof.
    pub(super) step: Step,
}

impl Counter {
    /// Replaces the objective. Nothing may be paid yet.
    pub(super) fn set_objective(&mut self, literals: usize, objective: &[(Lit, u64)]) {
        self.weight = vec![0; literals];
        for &(lit, weight) in objective {
            self.weight[lit.index()] += weight;
        }
        self.order = objective.iter().map(|&(lit, _)| lit).collect();
        self.order.sort_unstable_by_key(|lit| (std::cmp::Reverse(self.weight[lit.index()]), *lit));
        self.order.dedup();
    }

    pub(super) fn grow(&mut self, literals: usize) {
        self.weight.resize(literals, 0);
    }

    pub(super) fn set_bound(&mut self, bound: Option<u64>) {
        self.bound = bound;
    }

    pub(super) fn sum(&self) -> u64 {
        self.sum
    }

    /// Takes note of a literal made true. True if anything was paid.
    pub(super) fn pay(&mut self, lit: Lit) -> bool {
        let weight = self.weight[lit.index()];
        if weight > 0 {
            self.sum += weight;
            self.paid.push(lit);
        }
        weight > 0
    }

    /// Takes back the last payment if it was `lit`.
    pub(super) fn refund(&mut self, lit: Lit) {
        if self.paid.last() == Some(&lit) {
            self.paid.pop();
            self.sum -= self.weight[lit.index()];
        }
    }

    /// What may still be paid, if anything limits it.
    pub(super) fn gap(&self) -> Option<u64> {
        self.bound.map(|bound| bound.saturating_sub(self.sum))
    }

    /// All penalties, by decreasing weight.
    pub(super) fn penalties(&self) -> &[Lit] {
        &self.order
    }

    /// 0 for a literal that is no penalty.
    pub(super) fn weight(&self, lit: Lit) -> u64 {
        self.weight[lit.index()]
    }

    pub(super) fn exceeded(&self) -> bool {
        self.bound.is_some_and(|bound| self.sum > bound)
    }

    /// Penalties that no longer fit under the bound, true and false ones included, by decreasing weight.
    pub(super) fn unaffordable(&self) -> &[Lit] {
        let Some(bound) = self.bound else { return &[] };
        let slack = bound.saturating_sub(self.sum);
        &self.order[..self.order.partition_point(|lit| self.weight[lit.index()] > slack)]
    }

    /// The shortest prefix of payments that leaves no room for `lit` (or, with `None`, exceeds the bound).
    pub(super) fn explain(&self, lit: Option<Lit>) -> &[Lit] {
        let own = lit.map_or(0, |lit| self.weight[lit.index()]);
        let bound = self.bound.unwrap_or(u64::MAX - own);
        let mut sum = own;
        for (k, paid) in self.paid.iter().enumerate() {
            if sum > bound {
                return &self.paid[..k];
            }
            sum += self.weight[paid.index()];
        }
        &self.paid
    }
}

/// The counters of a formula, by number: 0 is the objective, k is limit k - 1.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Counters {
    pub(super) objective: Counter,
    limits: Vec<Counter>,
}

#[allow(clippy::cast_possible_truncation)]
impl Counters {
    /// Adds a limit, which the proof has as `step`. Nothing may be paid yet.
    pub(super) fn add_limit(&mut self, literals: usize, limit: &Limit, step: Step) {
        let mut counter = Counter { bound: Some(limit.most), step, ..Counter::default() };
        counter.set_objective(literals, &limit.terms);
        self.limits.push(counter);
    }

    pub(super) fn numbers(&self) -> std::ops::RangeInclusive<u32> {
        0..=self.limits.len() as u32
    }

    pub(super) fn at(&self, number: u32) -> &Counter {
        number.checked_sub(1).map_or(&self.objective, |limit| &self.limits[limit as usize])
    }

    pub(super) fn grow(&mut self, literals: usize) {
        self.objective.grow(literals);
        self.limits.iter_mut().for_each(|limit| limit.grow(literals));
    }

    /// As [`Counter::pay`], to all of them.
    pub(super) fn pay(&mut self, lit: Lit) -> bool {
        let paid = self.objective.pay(lit);
        self.limits.iter_mut().fold(paid, |paid, limit| limit.pay(lit) || paid)
    }

    /// As [`Counter::refund`], from all of them.
    pub(super) fn refund(&mut self, lit: Lit) {
        self.objective.refund(lit);
        self.limits.iter_mut().for_each(|limit| limit.refund(lit));
    }
}

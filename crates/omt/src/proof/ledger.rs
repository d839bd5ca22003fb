//! The lower bound of a core-guided search as a sum of constraints.
//!
//! A core says that of its penalties l_i at least one is paid: S_1, sum l_i >= 1. With o_k defined as "at least k are
//! paid", S_k is sum l_i >= 1 + o_2 + .. + o_k, and follows from S_(k-1) and k o_k <= sum l_i: (k - 1) times the one and once
//! the other, divided by k. A core that pays weight w, and of which o_k is charged c_k (c_1 = w), adds sum_k (c_k - c_(k+1)) S_k
//! to the bound. What is charged comes in again as a penalty of later cores, so that in the sum over all cores only
//! penalties of the objective are left, with no more than their weights.
//!
//! Reference: J. Berg, B. Bogaerts, J. Nordström, A. Oertel and D. Vandesande, Certified core-guided MaxSAT solving, CADE 2023.

use super::names::{Literal, Name};
use super::steps::Steps;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// What a count was charged: how many it asks for, its number, the weight.
struct Charge {
    least: usize,
    count: u32,
    weight: u64,
}

struct LoggedCore {
    /// Number of its clause.
    clause: u32,
    penalties: Vec<Literal>,
    weight: u64,
    charges: Vec<Charge>,
}

/// The cores of one case.
#[derive(Default)]
pub(crate) struct Ledger {
    cores: Vec<LoggedCore>,
}

/// A sum in reverse Polish notation.
#[derive(Default)]
struct Polish(String);

impl Polish {
    /// Adds `times` what `term` computes.
    fn add(&mut self, term: &str, times: u64) {
        let first = self.0.is_empty();
        let written = match times {
            0 => Ok(()),
            1 => write!(self.0, " {term}"),
            _ => write!(self.0, " {term} {times} *"),
        };
        debug_assert!(written.is_ok(), "strings take all text");
        if !first && times > 0 {
            self.0.push_str(" +");
        }
    }
}

impl Ledger {
    /// A core: its clause by number, what it charges to each of its penalties.
    pub(crate) fn core(&mut self, clause: u32, penalties: Vec<Literal>, weight: u64) {
        self.cores.push(LoggedCore { clause, penalties, weight, charges: Vec::new() });
    }

    /// Charges a count of a core's penalties.
    pub(crate) fn charge(&mut self, core: usize, least: usize, count: u32, weight: u64) {
        if let Some(core) = self.cores.get_mut(core) {
            core.charges.push(Charge { least, count, weight });
        }
    }

    /// The bound on the objective.
    pub(crate) fn bound(&self) -> u64 {
        self.cores.iter().map(|core| core.weight).sum()
    }

    /// Derives `objective >= bound` as the constraint `label`, with `bound` times the negation of each of the case's guards
    /// on the left side. There must be a core.
    pub(crate) fn prove(&self, steps: &mut Steps<impl Write>, objective: &[(u64, Literal)], label: &str) {
        let mut sum = Polish::default();
        // What is left of each literal: weights of the objective, charges of counts.
        let mut left: BTreeMap<Literal, u64> = objective.iter().map(|&(weight, literal)| (literal, weight)).collect();
        for core in &self.cores {
            core.add(steps, &mut sum);
            for charge in &core.charges {
                *left.entry(Name::Count(charge.count).is(true)).or_insert(0) += charge.weight;
            }
        }
        for (literal, paid) in self.cores.iter().flat_map(|c| c.penalties.iter().map(|&l| (l, c.weight))) {
            let rest = left.get_mut(&literal);
            debug_assert!(rest.as_ref().is_some_and(|rest| **rest >= paid), "{literal} pays more than it weighs");
            if let Some(rest) = rest {
                *rest = rest.saturating_sub(paid);
            }
        }
        for (literal, rest) in left {
            sum.add(&literal.to_string(), rest);
        }
        steps.step(format_args!("@{label} pol{}", sum.0));
    }
}

impl LoggedCore {
    /// Derives S_2, S_3, .. as far as they are charged, and adds the core's share to the sum.
    fn add(&self, steps: &mut Steps<impl Write>, sum: &mut Polish) {
        let mut charged: BTreeMap<usize, Vec<&Charge>> = BTreeMap::new();
        self.charges.iter().for_each(|charge| charged.entry(charge.least).or_default().push(charge));
        let (mut share, mut before) = (format!("@c{}", self.clause), self.weight);
        for (k, charges) in charged {
            let weight = charges.iter().map(|charge| charge.weight).sum();
            debug_assert!(weight <= before, "a count is charged no more than the one before it");
            sum.add(&share, before.saturating_sub(weight));
            let count = charges[0].count;
            steps.step(format_args!("@share{count} pol {share} {} * @least{count} + {k} d", k - 1));
            (share, before) = (format!("@share{count}"), weight);
            // Counts written anew mean the same.
            for other in charges.iter().filter(|charge| charge.count != count) {
                let same = format!("@least{} @less{count} + {} d", other.count, self.penalties.len() + 1);
                sum.add(&same, other.weight);
            }
        }
        sum.add(&share, before);
    }
}

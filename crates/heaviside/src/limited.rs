//! How a network does on the classes whose errors are limited.

use bdnn::{ErrorLimit, Network, Problem, exact};

/// The errors of a class on the rows that train, and their limit; in units, where rows have weights ([`crate::Task::units`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitedErrors {
    /// The class, from 0: errors of class 0 are false positives, those of class 1 false negatives.
    pub class: usize,
    /// The most that may be wrong.
    pub most: u64,
    /// What is wrong by the exact forward pass; `None` without a network.
    pub errors: Option<u64>,
    /// All rows of the class.
    pub total: u64,
}

impl LimitedErrors {
    /// One a limit. Cost: an exact forward pass if there are limits.
    pub(crate) fn of(problem: &Problem, network: Option<&Network>) -> Vec<Self> {
        if problem.error_limits.is_empty() {
            return vec![];
        }
        let errors = network.map(|network| exact::class_errors(problem, network));
        let points = &problem.points;
        let of_limit = |&ErrorLimit { class, most }: &ErrorLimit| Self {
            class,
            most,
            errors: errors.as_ref().map(|errors| errors[class]),
            total: (0..points.len()).map(|i| u64::from(points.counts(i)[class])).sum(),
        };
        problem.error_limits.iter().map(of_limit).collect()
    }
}

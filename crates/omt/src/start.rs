//! A network that the caller starts from.

use bdnn::exact::Violation;
use bdnn::{Network, Problem};

/// A start with its loss by the exact forward pass.
///
/// # Errors
/// Why it does not satisfy the problem.
pub(crate) fn confirm(problem: &Problem, start: Option<&Network>) -> Result<Option<(Network, u64)>, Violation> {
    start.map(|network| Ok((network.clone(), bdnn::exact::check(problem, network)?))).transpose()
}

//! Which problems the engine takes.

use crate::encode;
use crate::error::Reason;
use crate::theory::listing;
use crate::whole;
use bdnn::separation::Semantics;
use bdnn::{Problem, Rational, WeightDomain};

/// Whether the engine takes this problem, and if not, why.
///
/// # Errors
/// What stands in the way.
pub fn supports(problem: &Problem) -> Result<(), Reason> {
    if problem.l0 != 0.0 || problem.l1 != 0.0 {
        return Err(Reason::Regularised { l0: problem.l0, l1: problem.l1 });
    }
    match problem.architecture.weights {
        WeightDomain::Continuous => Ok(()),
        WeightDomain::Integer(_) if whole::applies(problem) => Ok(()),
        WeightDomain::Integer(bound) => supports_integer(problem, bound),
    }
}

/// Whether the patterns of all neurons can be listed.
fn supports_integer(problem: &Problem, bound: u32) -> Result<(), Reason> {
    if let Some(epsilon) = problem.epsilon.filter(|&epsilon| epsilon > 1.0 && !problem.architecture.hidden.is_empty()) {
        return Err(Reason::IntegerMargin { epsilon });
    }
    let widths = problem.architecture.widths();
    for (k, &inputs) in widths[..widths.len() - 1].iter().enumerate() {
        let semantics = Semantics::of_layer(problem, k);
        // What shows without arithmetic on the points comes first: there may be thousands of features.
        let few = !listing::too_many(inputs, problem.points.len(), bound);
        let sites: Vec<Vec<Rational>> = if k == 0 && few {
            (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect()
        } else if k > 0 && inputs <= encode::MAX_TABLE {
            let bit = |p: usize, j: usize| Rational::from(u8::from(p >> j & 1 == 1));
            (0..1 << inputs).map(|p| (0..inputs).map(|j| bit(p, j)).collect()).collect()
        } else {
            Vec::new()
        };
        if sites.is_empty() || !listing::affordable(inputs, &sites, &semantics, bound) {
            return Err(Reason::IntegerWeights { bound, layer: k + 1, inputs });
        }
    }
    Ok(())
}

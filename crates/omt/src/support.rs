//! Which problems the engine takes.

use crate::encode;
use crate::error::Reason;
use crate::features;
use crate::theory::{integers, listing};
use crate::whole;
use bdnn::separation::Semantics;
use bdnn::{Problem, Rational, WeightDomain};

/// Whether the engine takes this problem, and if not, why.
///
/// # Errors
/// What stands in the way.
pub fn supports(problem: &Problem) -> Result<(), Reason> {
    directed(problem)?;
    if let Some(first) = features::first(problem) {
        return supports(&first);
    }
    regularised(problem)?;
    any_features(problem)?;
    match problem.architecture.weights {
        WeightDomain::Integer(_) if whole::applies(problem) => Ok(()),
        _ => supports_patterns(problem),
    }
}

/// The same for searches over activation patterns alone.
pub(crate) fn supports_patterns(problem: &Problem) -> Result<(), Reason> {
    regularised(problem)?;
    directed(problem)?;
    any_features(problem)?;
    match problem.architecture.weights {
        WeightDomain::Continuous => Ok(()),
        WeightDomain::Integer(bound) => supports_integer(problem, bound),
    }
}

fn regularised(problem: &Problem) -> Result<(), Reason> {
    let Problem { l0, l1, .. } = *problem;
    if l0 == 0.0 && l1 == 0.0 { Ok(()) } else { Err(Reason::Regularised { l0, l1 }) }
}

/// Whether weights have signs that the search does not know.
fn directed(problem: &Problem) -> Result<(), Reason> {
    let (restrictions, architecture) = (&problem.restrictions, &problem.architecture);
    let shallow = match architecture.hidden[..] {
        [] => true,
        [width] => width <= encode::MAX_INPUTS && architecture.bias && problem.epsilon.is_none(),
        _ => false,
    };
    let what = if restrictions.monotone.is_empty() {
        return Ok(());
    } else if architecture.weights != WeightDomain::Continuous {
        "an answer that follows features in one direction by whole weights"
    } else if !shallow {
        "an answer that follows features in one direction through hidden layers, but for one of few neurons with biases and without a margin,"
    } else {
        return Ok(());
    };
    Err(Reason::Restricted { what })
}

/// Whether all features may have weights.
fn any_features(problem: &Problem) -> Result<(), Reason> {
    match problem.restrictions.fewer_features(problem.architecture.inputs) {
        None => Ok(()),
        Some(_) => Err(Reason::Restricted {
            what: "a limit on the number of features, where there are very many sets of so many or several solutions are wanted,",
        }),
    }
}

/// Whether the neurons' weights can be listed or be variables.
fn supports_integer(problem: &Problem, bound: u32) -> Result<(), Reason> {
    if let Some(epsilon) = problem.epsilon.filter(|&epsilon| epsilon > 1.0 && !problem.architecture.hidden.is_empty()) {
        return Err(Reason::IntegerMargin { epsilon });
    }
    let architecture = &problem.architecture;
    if let Some(k) = architecture.hidden.iter().position(|&width| width > encode::MAX_TABLE) {
        return Err(Reason::IntegerWidth { layer: k + 1, width: architecture.hidden[k], most: encode::MAX_TABLE });
    }
    let widths = architecture.widths();
    for (k, &inputs) in widths[..widths.len() - 1].iter().enumerate() {
        if integers::affordable(inputs, bound) {
            continue;
        }
        let semantics = Semantics::of_layer(problem, k);
        let points = if k == 0 { problem.points.len() } else { 1 << inputs };
        // What shows without arithmetic on the points comes first: there may be thousands of features.
        let few = !listing::too_many(inputs, points, bound);
        let site = |p: usize| -> Vec<Rational> {
            if k == 0 {
                return problem.points.scaled_exact(p);
            }
            (0..inputs).map(|j| Rational::from(u8::from(p >> j & 1 == 1))).collect()
        };
        if !few || !listing::affordable(inputs, &(0..points).map(site).collect::<Vec<_>>(), &semantics, bound) {
            return Err(Reason::IntegerWeights { bound, layer: k + 1, inputs });
        }
    }
    Ok(())
}

//! Problems that ask more of a network than signs, in few dimensions: first the dual tree without what they ask.
//!
//! A network with a margin, robust within a radius, with one pattern for each part of a partition, without biases, with signs of its weights or within
//! limits on the errors of a class is a network; so the loss of the best network that need not be so is a lower bound. The tree proves that in moments where clauses, which have to choose weights
//! within a box, come to nothing: whoever goes on keeps it, and is done with the first network that attains it. Whole weights are left to their
//! own searches: where there are few dimensions, their vectors are few.

use crate::dual;
use crate::engine::{Style, search};
use crate::error::Error;
use crate::few::End;
use crate::start::confirm;
use bdnn::{Architecture, Budget, Limits, Problem, Quiet, Request, Restrictions, Status, Training, WeightDomain};
use budget::Settings;

/// The same problem with nothing asked but signs; `None` if that is all it asks, or if it has more rows than the tree takes, which are not
/// copied for nothing.
fn ideal(problem: &Problem) -> Option<Problem> {
    let architecture = &problem.architecture;
    let asks_more = problem.epsilon.is_some()
        || problem.robust.is_some()
        || problem.partition.is_some()
        || !problem.restrictions.is_none()
        || !architecture.bias;
    let is_small = problem.points.units() <= dual::MOST_UNITS;
    (asks_more && is_small && architecture.weights == WeightDomain::Continuous).then(|| Problem {
        architecture: Architecture { bias: true, ..architecture.clone() },
        epsilon: None,
        robust: None,
        partition: None,
        error_limits: Vec::new(),
        restrictions: Restrictions::default(),
        ..problem.clone()
    })
}

/// Whether the tree comes first, without what a problem asks. Cost O(m n).
pub(crate) fn applies(problem: &Problem, settings: &Settings) -> bool {
    let promises = |ideal: &Problem| dual::promises(ideal, &settings.of(), &bdnn::budget::never);
    Style::of(&settings.of()).dual && ideal(problem).is_some_and(|ideal| promises(&ideal))
}

/// A lower bound by the dual tree without what the problem asks beyond signs; the network is the start, if there is one.
///
/// # Errors
/// A start that does not fit.
pub(crate) fn train(request: Request<'_>) -> Result<End, Error> {
    let Request { problem, limits, progress, .. } = request;
    let Some(ideal) = ideal(problem) else { return Ok(End::Declined) };
    let parameters: dual::Parameters = limits.settings.of();
    let style = Style { patience: parameters.floor, ..Style::of(&limits.settings.of()) };
    let budget = Budget::new(limits, progress);
    if !style.dual || !dual::promises(&ideal, &parameters, &|| budget.stop()) {
        return Ok(End::Declined);
    }
    let start = confirm(problem, request.start)?;
    let left = limits.after(budget.seconds());
    let share = parameters.floor_share;
    let nodes = (left.nodes as f64 * share) as u64;
    let share = Limits { time: left.time * share, nodes, gap: 0.0, ..left };
    let stop = || progress.should_stop();
    let quiet = Quiet(&stop);
    let inner = Request::new(&ideal, &share).with_progress(&quiet).with_checkpoint(request.checkpoint);
    let (tree, short) = search(inner, None, style, None)?;
    let (network, loss) = start.map_or((None, 0), |(network, loss)| (Some(network), loss));
    let objective = loss as f64;
    let is_best = network.is_some() && objective <= tree.bound;
    let status = if is_best { Status::Optimal } else { Status::NodeLimit };
    let bound = if is_best { objective } else { tree.bound };
    let training = Training { status, network, loss, objective, bound, ..tree };
    Ok(if is_best { End::Over(training) } else { End::GaveUp(training, short) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Loss, Norm, Points, Robust, Scaler};
    use proptest::prelude::*;

    /// What clauses alone come to.
    fn by_clauses(problem: &Problem, limits: &Limits) -> Training {
        let (training, _) = search(Request::new(problem, limits), None, Style::default(), None).expect("no state");
        assert!(!training.status.is_limit(), "{training:?}");
        training
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// The tree's bound holds, the run that goes on from it ends with the optimum, and a start that attains the bound is the end.
        #[test]
        fn what_asks_more_loses_no_less(
            raw in prop::collection::vec(-4_i32..5, 24),
            labels in prop::collection::vec(0_usize..2, 4..12),
            hidden in 0_usize..3,
            bias in any::<bool>(),
            epsilon in prop::option::of(Just(0.125)),
            robust in prop::option::of(Just(Robust { radius: 0.25, norm: Norm::L1 })),
            parts in prop::option::of(Just(3)),
        ) {
            let rows: Vec<f64> = raw[..2 * labels.len()].iter().map(|&v| f64::from(v)).collect();
            let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
            let hidden = if hidden == 0 { vec![] } else { vec![hidden] };
            let architecture = Architecture { inputs: 2, hidden, classes: 2, bias, weights: WeightDomain::Continuous };
            let partition = parts.map(|parts| (0..points.len()).map(|i| i % parts.min(points.len())).collect());
            let problem = Problem { epsilon, robust, partition, ..Problem::new(points, architecture, Loss::Hamming) };
            let limits = Limits { threads: 1, ..Limits::default() };
            let asks_more = !bias || epsilon.is_some() || robust.is_some() || parts.is_some();
            prop_assert_eq!(applies(&problem, &limits.settings), asks_more);
            let End::GaveUp(first, _) = train(Request::new(&problem, &limits))? else {
                prop_assert!(!asks_more);
                return Ok(());
            };
            let clauses = by_clauses(&problem, &limits);
            if clauses.status == Status::Unresolved {
                // Networks on the very edge of what is allowed are neither shown nor refuted; bounds hold all the same.
                let whole = crate::train(Request::new(&problem, &limits))?;
                prop_assert!(whole.network.is_none() || whole.loss as f64 >= first.bound.max(clauses.bound));
                prop_assert!(clauses.network.is_none() || clauses.loss as f64 >= first.bound.max(whole.bound));
                return Ok(());
            }
            let optimum = clauses.network.map(|_| clauses.loss);
            prop_assert!(optimum.is_none_or(|loss| first.bound <= loss as f64), "{} {optimum:?}", first.bound);
            let whole = crate::train(Request::new(&problem, &limits))?;
            prop_assert_eq!(whole.network.as_ref().map(|_| whole.loss), optimum);
            let status = if optimum.is_some() { Status::Optimal } else { Status::Infeasible };
            prop_assert_eq!(whole.status, status);
            if let Some(loss) = optimum.filter(|&loss| loss as f64 == first.bound) {
                let again = train(Request::new(&problem, &limits).with_start(whole.network.as_ref()))?;
                prop_assert!(matches!(again, End::Over(training) if training.loss == loss));
            }
        }
    }
}

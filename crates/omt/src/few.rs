//! Single neurons in few dimensions: the dual tree first, as long as it is quick, then the engine for single neurons.
//!
//! The tree proves in a moment what cores do not prove in minutes, but for some data its cones have very many rays (points on a
//! moment curve), or too many points are wrong anywhere. So it has a fixed number of steps, the same on every machine; whoever goes on
//! begins with its network and keeps its bound.

use crate::engine::{Style, search};
use crate::error::Error;
use crate::start::confirm;
use crate::{dual, linear, single};
use bdnn::{After, Budget, Companion, Limits, Network, Problem, Request, Statistics, Status, Training, Until};
use budget::checkpoint::Unreadable;
use serde::{Deserialize, Serialize};

/// What the dual tree made of a problem.
pub(crate) enum End {
    /// It is not of the kind.
    Declined,
    /// It is over.
    Over(Training),
    /// Another engine shall go on from here; and whether a limit on conflicts has changed what was done.
    GaveUp(Training, bool),
}

/// Whether the problem is one of single neurons.
pub(crate) fn applies(problem: &Problem) -> bool {
    linear::supports(problem).is_ok() || single::applies(problem)
}

/// What the tree left, as it is written down.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Left {
    status: Status,
    network: Option<Network>,
    loss: u64,
    bound: f64,
    /// Nodes, conflicts and pivots.
    work: [u64; 3],
    figures: [Option<f64>; TREE_FIGURES.len()],
}

impl Left {
    pub(crate) fn of(first: &Training) -> Self {
        let Training { status, loss, bound, statistics, network, .. } = first;
        let Statistics { nodes, conflicts, lp_iterations, more, .. } = statistics;
        let figure = |name| more.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let (work, figures) = ([*nodes, *conflicts, *lp_iterations], TREE_FIGURES.map(figure));
        Self { status: *status, network: network.clone(), loss: *loss, bound: *bound, work, figures }
    }

    /// The training that was left, without its seconds; its network is recounted.
    ///
    /// # Errors
    /// A network that is not what it says.
    pub(crate) fn training(&self, problem: &Problem) -> Result<Training, Error> {
        let Self { status, network, loss, bound, work: [nodes, conflicts, lp_iterations], figures } = self.clone();
        if confirm(problem, network.as_ref())?.is_some_and(|(_, counted)| counted != loss) {
            return Err(Unreadable::inconsistent().into());
        }
        let more = TREE_FIGURES.into_iter().zip(figures).filter_map(|(name, value)| Some((name, value?))).collect();
        let statistics = Statistics { nodes, conflicts, lp_iterations, more, ..Statistics::default() };
        let objective = if network.is_some() { loss as f64 } else { f64::INFINITY };
        Ok(Training { status, network, loss, objective, bound, statistics })
    }
}

/// Trains single neurons in few dimensions for a while.
///
/// # Errors
/// A start that does not fit.
pub(crate) fn train(request: Request<'_>, companion: Option<&mut dyn Companion>) -> Result<End, Error> {
    let Request { problem, limits, progress, .. } = request;
    let parameters: dual::Parameters = limits.settings.of();
    let style = Style { patience: parameters.patience, ..Style::of(&limits.settings.of()) };
    let budget = Budget::new(limits, progress);
    if !applies(problem) || !style.dual || !dual::promises(problem, &parameters, &|| budget.stop()) {
        return Ok(End::Declined);
    }
    let start = confirm(problem, request.start)?;
    let limits = limits.after(budget.seconds());
    let (training, short) = search(request.with_limits(&limits), start, style, companion)?;
    let gave_up = match training.status {
        Status::Unresolved => true,
        Status::NodeLimit => training.statistics.conflicts < limits.nodes,
        _ => false,
    };
    Ok(if gave_up { End::GaveUp(training, short) } else { End::Over(training) })
}

/// The engine that goes on after `first`, by `train`: within the limits that are left, from its network.
///
/// # Errors
/// Those of `train`.
pub(crate) fn go_on(
    request: Request<'_>,
    first: Training,
    train: impl FnOnce(Request<'_>) -> Result<Training, Error>,
) -> Result<Training, Error> {
    let Request { limits, progress, .. } = request;
    let done = &first.statistics;
    let nodes = if limits.nodes == u64::MAX { u64::MAX } else { limits.nodes.saturating_sub(done.conflicts) };
    let limits = Limits { nodes, ..limits.after(done.seconds) };
    let later = After { progress, done, bound: first.bound, trees: 1 };
    let until = Until::new(&later, first.bound);
    let second = train(request.with_limits(&limits).with_start(first.network.as_ref()).with_progress(&until))?;
    Ok(together(first, second))
}

/// One run of two.
fn together(first: Training, second: Training) -> Training {
    let (a, mut statistics) = (first.statistics, second.statistics.clone());
    statistics.nodes += a.nodes;
    statistics.conflicts += a.conflicts;
    statistics.lp_iterations += a.lp_iterations;
    statistics.seconds += a.seconds;
    statistics.primal_dual_integral += a.primal_dual_integral;
    statistics.more.extend(a.more.into_iter().filter(|(name, _)| TREE_FIGURES.contains(name)));
    // The second began with the first one's network, so its own is at least as good.
    let known = match second.network {
        Some(_) => first.bound.min(second.objective),
        None if second.status == Status::Infeasible => second.bound,
        None => first.bound,
    };
    let bound = second.bound.max(known);
    let proven = second.network.is_some() && bound >= second.objective;
    let status = if proven { Status::Optimal } else { second.status };
    Training { bound, status, statistics, ..second }
}

/// Figures that the dual tree adds to those of the engine after it.
const TREE_FIGURES: [&str; 2] = ["tuples examined", "nodes of the dual tree"];

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain};
    use budget::Tunable;

    /// Points on a moment curve with labels of a small generator.
    fn curve(points: usize, dimensions: i32) -> Problem {
        let rows: Vec<f64> =
            (0..points).flat_map(|i| (1..=dimensions).map(move |k| (i as f64 / 16.0).powi(k))).collect();
        let mut state = 7_u64;
        let labels: Vec<usize> = (0..points)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 62) as usize & 1
            })
            .collect();
        let inputs = dimensions as usize;
        let architecture =
            Architecture { inputs, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
        Problem::new(Points::merge(inputs, 2, &rows, &labels, Scaler::identity(inputs)), architecture, Loss::Hamming)
    }

    /// Whenever the tree gives up, the engine after it has its network and its bound, and the end is that of either alone.
    #[test]
    fn what_the_tree_leaves_is_kept() {
        let limits = Limits { threads: 1, ..Limits::default() };
        let mut gave_up = 0;
        for points in [12, 30, 60] {
            let problem = curve(points, 2);
            let by_cores = linear::train(Request::new(&problem, &limits)).expect("sound");
            for patience in [1, 1 << 12, 1 << 16, 1 << 29] {
                let mut limits = limits.clone();
                limits
                    .settings
                    .set(&dual::Parameters::table(), "dual.patience", &patience.to_string())
                    .expect("allowed");
                let training = match train(Request::new(&problem, &limits), None).expect("sound") {
                    End::Declined => panic!("two dimensions are few"),
                    End::Over(training) => training,
                    End::GaveUp(first, _) => {
                        gave_up += 1;
                        assert!(first.bound <= by_cores.loss as f64 && first.loss >= by_cores.loss);
                        let (bound, loss) = (first.bound, first.loss);
                        let cut = Limits { nodes: first.statistics.conflicts, ..limits.clone() };
                        let kept = go_on(Request::new(&problem, &cut), first.clone(), |request| {
                            assert_eq!(request.limits.nodes, 0);
                            Ok(linear::train(request)?)
                        });
                        let kept = kept.expect("sound");
                        assert!(kept.bound >= bound && kept.loss <= loss);
                        go_on(Request::new(&problem, &limits), first, |request| Ok(linear::train(request)?))
                            .expect("sound")
                    }
                };
                assert_eq!((training.status, training.loss), (Status::Optimal, by_cores.loss), "{points} {patience}");
            }
        }
        assert!(gave_up >= 3);
    }

    /// Limits end the run; nobody goes on.
    #[test]
    fn a_limit_is_the_end() {
        let problem = curve(160, 4);
        for limits in [Limits { time: 0.0, ..Limits::default() }, Limits { nodes: 20, ..Limits::default() }] {
            let end = train(Request::new(&problem, &limits), None).expect("sound");
            assert!(!matches!(end, End::GaveUp(..)));
        }
    }
}

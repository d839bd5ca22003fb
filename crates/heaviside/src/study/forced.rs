//! Why a point is wrong: points that exclude each other.

use bdnn::exact::ExactNetwork;
use bdnn::separation::{Semantics, Verdict, separate_within};
use bdnn::{Network, Problem};
use budget::Effort;

/// The core that forces an error at `wrong`: points, this one among them, of which no network of the problem's shape gets all right,
/// while `network` gets the others right; proven in exact rationals. With n features it has at most n + 2 points.
///
/// `None` if there is none (then some network is better, this one gets the point right, or a margin or whole weights force the error), for networks with hidden layers or
/// several outputs, where cores are not single, and when `effort` ends. A point that has rows of several classes is a core by itself. Cost: an
/// exact linear program with a column a point.
///
/// ```
/// use heaviside::study::{Effort, forced};
/// use heaviside::{Architecture, Layer, Loss, Network, Points, Problem, Scaler, WeightDomain};
///
/// // On a line: no, yes, no.
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
/// let architecture = Architecture { inputs: 1, hidden: vec![], classes: 2, weights: WeightDomain::Continuous, bias: true };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// let network = Network { layers: vec![Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-0.5] }] };
/// assert_eq!(forced(&problem, &network, 2, &mut Effort::unlimited()), Some(vec![0, 1, 2]));
/// ```
#[must_use]
pub fn forced(problem: &Problem, network: &Network, wrong: usize, effort: &mut Effort<'_>) -> Option<Vec<usize>> {
    let [_] = &network.layers[..] else { return None };
    if problem.architecture.outputs() != 1 {
        return None;
    }
    let points = &problem.points;
    let exact = ExactNetwork::new(network, points.scaler());
    let has = |point: usize, class: usize| points.counts(point)[class] > 0;
    let predicted: Vec<usize> = (0..points.len()).map(|point| exact.predict(points.raw(point))).collect();
    let wanted = 1 - predicted[wrong];
    if !has(wrong, wanted) {
        return None;
    }
    if has(wrong, predicted[wrong]) {
        return Some(vec![wrong]);
    }
    let mut members: Vec<usize> = (0..points.len()).filter(|point| has(*point, predicted[*point])).collect();
    members.push(wrong);
    let fires: Vec<bool> =
        members.iter().map(|&point| if point == wrong { wanted == 1 } else { predicted[point] == 1 }).collect();
    let exact_points: Vec<_> = members.iter().map(|point| points.scaled_exact(*point)).collect();
    match separate_within(&exact_points, &fires, &Semantics::of_layer(problem, 0), effort)? {
        Verdict::Separable(_) => None,
        Verdict::Inseparable(conflict) => {
            let places = conflict.firing.iter().chain(&conflict.resting);
            let mut core: Vec<usize> = places.map(|(place, _)| members[*place]).collect();
            core.sort_unstable();
            // With a margin others may exclude each other that the network gets right without one.
            core.contains(&wrong).then_some(core)
        }
    }
}

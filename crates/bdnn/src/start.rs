//! First networks that cost next to nothing: constant predictions, and one threshold on one feature for each output.

use crate::{Architecture, Layer, Network, Problem, Stop};

/// What one output computes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Constant(bool),
    Threshold(Threshold),
}

/// Fires where `sign * x_feature + offset >= 0`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Threshold {
    feature: usize,
    sign: f64,
    offset: f64,
}

/// Points from which thresholds are chosen.
const SAMPLE: usize = 1 << 16;

/// Networks worth trying, in no order of merit, with the problem's margin ([`Problem::margin`]); whoever takes them checks them. Each is
/// made when it is asked for, so that one is there at a time. Cost before the first: O(C n m log m) for up to 65,536 points, and O(C m)
/// beyond; once `stop` says so, thresholds of the features seen so far do. Each costs O(weights).
///
/// ```
/// use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain, budget::never, exact, start};
///
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 1], Scaler::identity(1));
/// let architecture =
///     Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// let losses = start::networks(&problem, &never).map(|network| exact::loss(&problem, &network));
/// assert_eq!(losses.min(), Some(0));
/// ```
pub fn networks<'p>(problem: &'p Problem, stop: &Stop<'_>) -> impl Iterator<Item = Network> + use<'p> {
    let architecture = &problem.architecture;
    let epsilon = problem.margin();
    let outputs = architecture.outputs();
    let wishes = Wishes::new(problem);
    let mut rules: Vec<Vec<Rule>> =
        (0..architecture.classes).map(|class| constants(&architecture.target(class))).collect();
    rules.push((0..outputs).map(|j| Rule::Constant(wishes.majority(j))).collect());
    rules.push((0..outputs).map(|_| Rule::Constant(true)).collect());
    // Hidden layers hand on as many thresholds as they are wide.
    let room = architecture.hidden.iter().copied().min().unwrap_or(outputs);
    let threshold = |j: usize| if j < room { threshold(&wishes, epsilon, j, stop) } else { None };
    let best = (0..outputs).map(|j| threshold(j).map_or(Rule::Constant(wishes.majority(j)), Rule::Threshold));
    rules.push(best.collect());
    rules.into_iter().filter_map(move |rules| network(architecture, epsilon, &rules))
}

/// The network that gives all points the most frequent answer of each output, or the other one if limits on errors allow that alone;
/// `None` where an architecture without biases cannot. Cost O(m C).
#[must_use]
pub fn constant(problem: &Problem) -> Option<Network> {
    let wishes = Wishes::new(problem);
    let answer = |j: usize| {
        let most = wishes.majority(j);
        if !is_within_limits(problem, most) && is_within_limits(problem, !most) { !most } else { most }
    };
    let rules: Vec<Rule> = (0..problem.architecture.outputs()).map(|j| Rule::Constant(answer(j))).collect();
    network(&problem.architecture, problem.margin(), &rules)
}

fn constants(target: &[bool]) -> Vec<Rule> {
    target.iter().map(|&fires| Rule::Constant(fires)).collect()
}

/// What rows want of outputs, counted once for all outputs.
struct Wishes<'a> {
    problem: &'a Problem,
    /// Rows of each point.
    rows: Vec<u64>,
    /// Rows of each class.
    of_class: Vec<u64>,
}

impl<'a> Wishes<'a> {
    /// Cost O(m C).
    fn new(problem: &'a Problem) -> Self {
        let points = &problem.points;
        let mut of_class = vec![0; points.num_classes()];
        let rows = (0..points.len()).map(|i| {
            let counts = points.counts(i).iter().map(|&count| u64::from(count));
            of_class.iter_mut().zip(counts).fold(0, |rows, (sum, count)| {
                *sum += count;
                rows + count
            })
        });
        Self { problem, rows: rows.collect(), of_class }
    }

    /// The class whose rows want output `j` to be 1.
    fn class(&self, j: usize) -> usize {
        if self.problem.architecture.outputs() == 1 { 1 } else { j }
    }

    /// Rows at point `i` that want output `j` to be (1, 0).
    fn at(&self, i: usize, j: usize) -> (u64, u64) {
        let ones = u64::from(self.problem.points.counts(i)[self.class(j)]);
        (ones, self.rows[i] - ones)
    }

    /// Whether most rows want output `j` to be 1.
    fn majority(&self, j: usize) -> bool {
        let ones = self.of_class[self.class(j)];
        2 * ones > self.of_class.iter().sum()
    }
}

/// Whether limits on errors, which only problems with one output have, allow one answer everywhere.
fn is_within_limits(problem: &Problem, fires: bool) -> bool {
    let errors =
        |class: usize| (0..problem.points.len()).map(|i| problem.class_errors(i, class, &[fires])).sum::<u64>();
    problem.error_limits.iter().all(|limit| errors(limit.class) <= limit.most)
}

/// The threshold with the fewest errors on output `j` among those with room for margin and radius; without biases only
/// those at 0.
fn threshold(wishes: &Wishes<'_>, epsilon: f64, j: usize, stop: &Stop<'_>) -> Option<Threshold> {
    if stop() {
        return None;
    }
    let problem = wishes.problem;
    let points = &problem.points;
    let sample: Vec<usize> = (0..points.len()).step_by(points.len().div_ceil(SAMPLE).max(1)).collect();
    let wanted: Vec<(u64, u64)> = sample.iter().map(|&i| wishes.at(i, j)).collect();
    // One weight: both dual norms are its magnitude.
    let radius = problem.robust.map_or(0.0, |robust| robust.radius);
    let room = epsilon + 2.0 * radius;
    let directions = problem.restrictions.directions(points.num_features());
    let mut best: Option<(u64, Threshold)> = None;
    for (feature, direction) in directions.iter().enumerate() {
        if stop() {
            break;
        }
        let x = |at: usize| points.scaled(sample[at])[feature];
        let mut order: Vec<usize> = (0..sample.len()).collect();
        order.sort_by(|&i, &k| x(i).total_cmp(&x(k)));
        let (mut ones, mut zeros) = (0, 0);
        let all: (u64, u64) = wanted.iter().fold((0, 0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        for pair in order.windows(2) {
            ones += wanted[pair[0]].0;
            zeros += wanted[pair[0]].1;
            let (low, high) = (x(pair[0]), x(pair[1]));
            let fits = if problem.architecture.bias { high - low > room } else { low < 0.0 && high >= 0.0 };
            if !fits {
                continue;
            }
            // Firing above loses the ones below and the zeros above; firing below the others.
            let middle = if problem.architecture.bias { f64::midpoint(low, high) } else { 0.0 };
            let half = if problem.architecture.bias { epsilon / 2.0 } else { 0.0 };
            for (sign, errors) in [(1.0, ones + all.1 - zeros), (-1.0, zeros + all.0 - ones)] {
                let allowed = direction.is_none_or(|direction| direction.sign() == sign);
                if allowed && best.is_none_or(|(fewest, _)| errors < fewest) {
                    best = Some((errors, Threshold { feature, sign, offset: 0.0 - sign * middle - half }));
                }
            }
        }
    }
    best.map(|(_, threshold)| threshold)
}

/// The network that computes `rules`, its thresholds handed on by neuron j of every hidden layer. `None` where an
/// architecture without biases cannot.
fn network(architecture: &Architecture, epsilon: f64, rules: &[Rule]) -> Option<Network> {
    let widths = architecture.widths();
    let last = architecture.num_layers() - 1;
    let mut layers = vec![];
    for (k, width) in widths.windows(2).enumerate() {
        let mut layer = Layer::zeros(width[0], width[1]);
        for j in 0..layer.outputs {
            let rule = rules.get(j).copied().unwrap_or(Rule::Constant(true));
            let inputs = j * layer.inputs..(j + 1) * layer.inputs;
            match rule {
                Rule::Threshold(threshold) if k == 0 => {
                    layer.weights[inputs][threshold.feature] = threshold.sign;
                    layer.biases[j] = threshold.offset;
                }
                Rule::Threshold(_) if architecture.bias => {
                    layer.weights[inputs][j] = 1.0;
                    layer.biases[j] = -(1.0 + epsilon) / 2.0;
                }
                Rule::Threshold(_) => return None,
                // Hidden neurons of constant outputs all fire; the last layer decides.
                Rule::Constant(fires) if k == last && !fires => {
                    if architecture.bias {
                        layer.biases[j] = -epsilon;
                    } else if k == 0 {
                        return None;
                    } else {
                        layer.weights[inputs].fill(-architecture.weights.bound());
                    }
                }
                Rule::Constant(_) => {}
            }
        }
        layers.push(layer);
    }
    Some(unbiased(Network { layers }, architecture))
}

/// Without biases, the biases of a network are 0.
fn unbiased(mut network: Network, architecture: &Architecture) -> Network {
    if !architecture.bias {
        network.layers.iter_mut().for_each(|layer| layer.biases.fill(0.0));
    }
    network
}

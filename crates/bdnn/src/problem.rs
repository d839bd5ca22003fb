//! One training problem: points, architecture, loss and semantics.

use crate::tolerances::DEFAULT_EPSILON;
use crate::{Architecture, Error, Network, Points, Rational, Restrictions, WeightDomain, shortest, significant};
use dashu::integer::UBig;
use numerics::whole::widen;
use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Sum over rows and outputs of |y - h^K| (the paper's).
    Hamming,
    /// Number of rows with any wrong output.
    ZeroOne,
}

/// Norm of the perturbation in robust training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// Every feature moves by at most the radius; the dual norm of the weights is the 1-norm.
    Linf,
    /// The absolute moves add up to at most the radius; the dual norm is the maximum.
    L1,
}

/// Robust training: the first layer's activations must hold on the whole ball around each point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robust {
    /// Radius r >= 0 in scaled units.
    pub radius: f64,
    /// Norm of the ball.
    pub norm: Norm,
}

/// At most so many units of the rows of a class may be wrong, whatever they cost in the loss. With two classes, errors of class 0 are false
/// positives and errors of class 1 false negatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorLimit {
    /// The class, from 0.
    pub class: usize,
    /// In units of the points ([`Points::units`]): rows, where rows have no weights.
    pub most: u64,
}

/// A training problem. The objective is the loss plus `l0` times the number of non-zero weights plus `l1` times the
/// sum of absolute weights (biases not counted).
#[derive(Clone, Debug)]
pub struct Problem {
    /// The data.
    pub points: Points,
    /// The shape.
    pub architecture: Architecture,
    /// What is counted.
    pub loss: Loss,
    /// `None`: ideal semantics, not firing means a < 0. `Some(eps)`: not firing means a <= -eps, in scaled units.
    pub epsilon: Option<f64>,
    /// Robust training, if any.
    pub robust: Option<Robust>,
    /// Data splitting: the part of each point (length `points.len()`, parts numbered from 0); points of one part share
    /// their activations in every layer. `None`: one part a point.
    pub partition: Option<Vec<usize>>,
    /// Weight of the number of non-zero weights.
    pub l0: f64,
    /// Weight of the sum of absolute weights.
    pub l1: f64,
    /// What a network may get wrong of some classes, at most once each.
    pub error_limits: Vec<ErrorLimit>,
    /// What its weights must keep to.
    pub restrictions: Restrictions,
}

/// The most activations (points times neurons) of a problem: engines hold some of them as floats.
pub const MOST_ACTIVATIONS: usize = 1 << 30;

impl Problem {
    /// The plain problem: ideal semantics, not robust, one part a point, no regularisation, no limits on errors, no restrictions.
    #[must_use]
    pub fn new(points: Points, architecture: Architecture, loss: Loss) -> Self {
        Self {
            points,
            architecture,
            loss,
            epsilon: None,
            robust: None,
            partition: None,
            l0: 0.0,
            l1: 0.0,
            error_limits: vec![],
            restrictions: Restrictions::default(),
        }
    }

    /// Whether the parts fit together and make sense; engines ask before they start. Cost O(points * features).
    ///
    /// # Errors
    /// [`Error::Problem`] with what is wrong and what to change.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::Problem(message));
        self.architecture.check().map_err(Error::Problem)?;
        self.architecture.check_size().map_err(Error::Problem)?;
        self.points.scaler().check().map_err(Error::Problem)?;
        let (points, shape) = (&self.points, &self.architecture);
        let activations = shape.num_neurons().and_then(|neurons| neurons.checked_mul(points.len()));
        if activations.is_none_or(|activations| activations > MOST_ACTIVATIONS) {
            let neurons: f64 = shape.widths()[1..].iter().map(|&width| width as f64).sum();
            let (count, all) = (points.len(), neurons * points.len() as f64);
            return refuse(format!(
                "{} neurons at {count} points are {} activations, {} GB as floats; at most {MOST_ACTIVATIONS} are taken: make \
                 hidden layers narrower, or train on fewer rows",
                significant(neurons, 4),
                significant(all, 4),
                significant(all * 8e-9, 4)
            ));
        }
        if points.is_empty() {
            return refuse("there is no training point".to_owned());
        }
        if points.num_features() != shape.inputs {
            let (given, wanted) = (points.num_features(), shape.inputs);
            return refuse(format!("the points have {given} features, the network {wanted} inputs"));
        }
        if points.num_classes() != shape.classes {
            let (given, wanted) = (points.num_classes(), shape.classes);
            return refuse(format!("the points have {given} classes, the network {wanted}"));
        }
        for i in 0..points.len() {
            if let Some(j) = points.scaled(i).iter().position(|x| !x.is_finite()) {
                let raw = points.raw(i)[j];
                let feature = j + 1;
                return refuse(format!(
                    "feature {feature} spans too wide a range for floats (at {}); rescale it",
                    shortest(raw)
                ));
            }
        }
        if let Some(epsilon) = self.epsilon.filter(|e| !e.is_finite() || *e <= 0.0) {
            return refuse(format!("the margin epsilon = {} must be positive and finite", shortest(epsilon)));
        }
        if let Some(robust) = self.robust.filter(|r| !r.radius.is_finite() || r.radius < 0.0) {
            let radius = shortest(robust.radius);
            return refuse(format!("the radius {radius} of robust training must be finite and not negative"));
        }
        for (name, value) in [("l0", self.l0), ("l1", self.l1)] {
            if !value.is_finite() || value < 0.0 {
                return refuse(format!("the weight {name} = {} must be finite and not negative", shortest(value)));
            }
        }
        self.check_error_limits()?;
        self.restrictions.check(&self.architecture).map_err(Error::Problem)?;
        self.partition.as_deref().map_or(Ok(()), |partition| self.check_partition(partition))
    }

    fn check_error_limits(&self) -> Result<(), Error> {
        let refuse = |message: &str| Err(Error::Problem(message.to_owned()));
        let limits = &self.error_limits;
        if !limits.is_empty() && self.architecture.classes != 2 {
            return refuse(
                "limits on false positives and false negatives need two classes: train one against the rest (`--positive`)",
            );
        }
        if limits.iter().any(|limit| limit.class > 1) || (limits.len() > 1 && limits[0].class == limits[1].class) {
            return refuse("the errors of each class have one limit at most, and there are two classes");
        }
        Ok(())
    }

    fn check_partition(&self, partition: &[usize]) -> Result<(), Error> {
        let points = self.points.len();
        if partition.len() != points {
            let given = partition.len();
            return Err(Error::Problem(format!("the partition names {given} parts for {points} distinct points")));
        }
        let parts = partition.iter().max().map_or(0, |most| most.saturating_add(1));
        let mut used = vec![false; parts.min(points)];
        partition.iter().filter(|&&part| part < points).for_each(|&part| used[part] = true);
        if parts > points || used.contains(&false) {
            return Err(Error::Problem("the parts must be numbered 0, 1, .. without a gap".to_owned()));
        }
        Ok(())
    }

    /// The margin the problem is trained with where an engine needs one: its own, or the default 1e-4, times the widest range
    /// of a feature where that is below 1. opt(ideal) <= opt(margin), with equality for epsilon small enough; it is part of
    /// every result. Cost O(points * features) without a margin of its own.
    #[must_use]
    pub fn margin(&self) -> f64 {
        self.epsilon.unwrap_or_else(|| {
            let widest = self.points.ranges().into_iter().map(|(low, high)| high - low).fold(0.0, f64::max);
            if widest > 0.0 && widest < 1.0 { DEFAULT_EPSILON * widest } else { DEFAULT_EPSILON }
        })
    }

    /// Whether it shows that no network of the ideal semantics is lost by a margin of `epsilon`: whole weights on points whose coordinates (and
    /// radius) are multiples of a common fraction make pre-activations that differ by that fraction at least, up to biases. `false` says
    /// nothing. Cost O(points * features) operations on rationals at most.
    #[must_use]
    pub fn is_whole_above(&self, epsilon: f64) -> bool {
        let Ok(epsilon) = Rational::try_from(epsilon) else { return false };
        let radius = self.robust.map_or(Some(Rational::ZERO), |robust| Rational::try_from(robust.radius).ok());
        let (WeightDomain::Integer(_), Some(radius)) = (self.architecture.weights, radius) else { return false };
        let coordinates = (0..self.points.len()).flat_map(|i| self.points.scaled_exact(i));
        let mut common = UBig::ONE;
        std::iter::once(radius).chain(coordinates).all(|value| {
            widen(&mut common, value.denominator());
            &epsilon * Rational::from(common.clone()) <= Rational::ONE
        })
    }

    /// The loss of point `i` when the outputs are `output` (length d_K), all its rows counted.
    #[must_use]
    pub fn point_loss(&self, i: usize, output: &[bool]) -> u64 {
        let counts = self.points.counts(i).iter().map(|&count| u64::from(count));
        if let [fires] = *output {
            return counts.enumerate().filter(|&(class, _)| (class == 1) != fires).map(|(_, count)| count).sum();
        }
        // A row of class c has its own output wrong, or not, and all others that fire.
        let firing = output.iter().filter(|fires| **fires).count() as u64;
        let wrong = |class: usize| firing + 1 - 2 * u64::from(output[class]);
        let of_class = |class: usize| match self.loss {
            Loss::Hamming => wrong(class),
            Loss::ZeroOne => wrong(class).min(1),
        };
        counts.enumerate().map(|(class, count)| count * of_class(class)).sum()
    }

    /// The units of the rows of `class` at point `i` that are wrong when the outputs are `output` (length d_K).
    #[must_use]
    pub fn class_errors(&self, i: usize, class: usize, output: &[bool]) -> u64 {
        let right =
            if let [fires] = *output { (class == 1) == fires } else { output == self.architecture.target(class) };
        if right { 0 } else { u64::from(self.points.counts(i)[class]) }
    }

    /// The first limit that so many errors exceed; `errors` has those of each limit's class, in the order of the limits.
    #[must_use]
    pub fn exceeded(&self, errors: &[u64]) -> Option<(ErrorLimit, u64)> {
        self.error_limits.iter().copied().zip(errors.iter().copied()).find(|(limit, errors)| *errors > limit.most)
    }

    /// The objective of a network whose loss is `loss`: loss plus regularisation. Cost O(weights) if weights have a price.
    #[must_use]
    pub fn objective(&self, network: &Network, loss: u64) -> f64 {
        let weights = || network.layers.iter().flat_map(|layer| &layer.weights);
        let nonzeros = || weights().filter(|&&w| w != 0.0).count() as f64;
        let magnitudes = || weights().map(|w| w.abs()).sum::<f64>();
        let price = |price: f64, amount: &dyn Fn() -> f64| if price > 0.0 { price * amount() } else { 0.0 };
        loss as f64 + price(self.l0, &nonzeros) + price(self.l1, &magnitudes)
    }

    /// The least loss that conflicting labels at equal points force on every function of the features, the bound every
    /// engine starts from. With a partition the parts force at least as much; that is not counted here.
    #[must_use]
    pub fn floor(&self) -> u64 {
        (0..self.points.len()).map(|i| self.point_floor(i)).sum()
    }

    /// The least loss of point `i` over all outputs.
    #[must_use]
    pub fn point_floor(&self, i: usize) -> u64 {
        let counts = self.points.counts(i);
        let total: u64 = counts.iter().map(|&c| u64::from(c)).sum();
        let rows_apart = |j: usize| u64::from(counts[j]).min(total - u64::from(counts[j]));
        match self.loss {
            Loss::Hamming if counts.len() > 2 => (0..counts.len()).map(rows_apart).sum(),
            Loss::Hamming | Loss::ZeroOne => total - counts.iter().max().map_or(0, |&c| u64::from(c)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Scaler, WeightDomain};
    use proptest::prelude::*;

    fn problem(classes: usize, labels: &[usize], loss: Loss) -> Problem {
        let rows: Vec<f64> = (0..labels.len()).map(|i| (i % 3) as f64).collect();
        let points = Points::merge(1, classes, &rows, labels, Scaler::identity(1));
        let architecture =
            Architecture { inputs: 1, hidden: vec![2], classes, bias: true, weights: WeightDomain::Continuous };
        Problem::new(points, architecture, loss)
    }

    #[test]
    fn the_default_margin_follows_narrow_data() {
        let problem = |x: f64| {
            let points = Points::merge(1, 2, &[0.0, x], &[0, 1], Scaler::identity(1));
            Problem { points, ..problem(2, &[0, 1], Loss::Hamming) }
        };
        assert_eq!(problem(5.0).margin(), 1e-4);
        assert_eq!(problem(0.5).margin(), 0.5e-4);
        assert_eq!(problem(0.0).margin(), 1e-4);
        assert_eq!(Problem { epsilon: Some(0.5), ..problem(1.0) }.margin(), 0.5);
    }

    #[test]
    fn refuses_nonsense() {
        let message = |change: fn(&mut Problem)| {
            let mut problem = problem(2, &[0, 1, 1, 0], Loss::ZeroOne);
            change(&mut problem);
            problem.check().map_err(|error| error.to_string())
        };
        assert_eq!(message(|_| {}), Ok(()));
        assert_eq!(message(|p| p.partition = Some(vec![1, 0, 1])), Ok(()));
        let refused = [
            (message(|p| p.architecture.inputs = 2), "the points have 1 features, the network 2 inputs"),
            (message(|p| p.architecture.inputs = 0), "a network needs at least one feature"),
            (message(|p| p.architecture.classes = 3), "the points have 2 classes, the network 3"),
            (message(|p| p.architecture.classes = 1), "a network tells at least two classes apart, not 1"),
            (
                message(|p| p.architecture.hidden = vec![3, 0]),
                "hidden layer 2 has no neuron; leave it out or make it wider",
            ),
            (
                message(|p| p.architecture.weights = WeightDomain::Integer(0)),
                "whole weights need a bound of at least 1",
            ),
            (
                message(|p| p.architecture.weights = WeightDomain::Integer(u32::MAX)),
                "the bound 4294967295 of the whole weights is beyond 1048576",
            ),
            (message(|p| p.epsilon = Some(0.0)), "the margin epsilon = 0 must be positive and finite"),
            (message(|p| p.epsilon = Some(f64::NAN)), "the margin epsilon = NaN must be positive and finite"),
            (
                message(|p| p.robust = Some(Robust { radius: -1.0, norm: Norm::L1 })),
                "the radius -1 of robust training must be finite and not negative",
            ),
            (message(|p| p.l1 = f64::INFINITY), "the weight l1 = inf must be finite and not negative"),
            (
                message(|p| p.error_limits = vec![ErrorLimit { class: 1, most: 0 }, ErrorLimit { class: 1, most: 2 }]),
                "the errors of each class have one limit at most, and there are two classes",
            ),
            (
                message(|p| p.error_limits = vec![ErrorLimit { class: 2, most: 0 }]),
                "the errors of each class have one limit at most, and there are two classes",
            ),
            (
                message(|p| {
                    p.architecture.classes = 3;
                    p.points = Points::merge(1, 3, &[0.0, 1.0, 2.0], &[0, 1, 2], Scaler::identity(1));
                    p.error_limits = vec![ErrorLimit { class: 1, most: 0 }];
                }),
                "limits on false positives and false negatives need two classes: train one against the rest (`--positive`)",
            ),
            (message(|p| p.partition = Some(vec![0])), "the partition names 1 parts for 3 distinct points"),
            (message(|p| p.partition = Some(vec![0, 2, 2])), "the parts must be numbered 0, 1, .. without a gap"),
            (
                message(|p| p.partition = Some(vec![0, 1, usize::MAX])),
                "the parts must be numbered 0, 1, .. without a gap",
            ),
            (message(|p| p.points = Points::merge(1, 2, &[], &[], Scaler::identity(1))), "there is no training point"),
            (
                message(|p| {
                    let scaler = Scaler { shift: vec![-f64::MAX], divisor: vec![1.0] };
                    p.points = Points::merge(1, 2, &[f64::MAX], &[0], scaler);
                }),
                "feature 1 spans too wide a range for floats (at 1.7976931348623157e308); rescale it",
            ),
        ];
        for (found, expected) in refused {
            assert_eq!(found, Err(expected.to_owned()));
        }
    }

    #[test]
    fn floors_by_hand() {
        // Points 0, 1, 2, 0, 1, 2, 0: the first carries 0, 1, 1, the second 0, 0, the third 1, 0.
        assert_eq!(problem(2, &[0, 0, 1, 1, 0, 0, 1], Loss::ZeroOne).floor(), 2);
        assert_eq!(problem(2, &[0, 0, 1, 1, 0, 0, 1], Loss::Hamming).floor(), 2);
        // Classes 0, 1, 2 at one point: outputs 000 err once a row, 100 errs 0 + 2 + 2; as classes, two rows are wrong.
        let three = [0, 0, 0, 1, 0, 0, 2];
        assert_eq!(problem(3, &three, Loss::Hamming).floor(), 3);
        assert_eq!(problem(3, &three, Loss::ZeroOne).floor(), 2);
    }

    proptest! {
        /// The floor of a point is the least loss over all outputs.
        #[test]
        fn floor_is_the_least_loss(
            classes in 2usize..5,
            seeds in prop::collection::vec(0usize..60, 1..12),
            loss in prop::sample::select(vec![Loss::Hamming, Loss::ZeroOne]),
        ) {
            let labels: Vec<usize> = seeds.iter().map(|seed| seed % classes).collect();
            let problem = problem(classes, &labels, loss);
            let width = problem.architecture.outputs();
            for i in 0..problem.points.len() {
                let outputs = (0..1u32 << width).map(|bits| (0..width).map(|j| bits >> j & 1 == 1).collect::<Vec<_>>());
                let least = outputs.map(|output| problem.point_loss(i, &output)).min();
                prop_assert_eq!(Some(problem.point_floor(i)), least);
            }
        }
    }
}

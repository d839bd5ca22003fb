//! Conditions on the weights of a network beyond their domain: directions in which its answer may follow a feature, and how many features
//! it looks at.
//!
//! A network is *monotone* here if it is so by construction: along every path of non-zero weights from the feature to the output the product of
//! the weights has the sign asked for. Then, by induction over layers, every neuron that such paths pass follows the feature in one direction, so
//! the output does: in exact arithmetic, at every point, not only at those that train. Networks that are monotone although their weights do
//! not say so are excluded.

use crate::{Architecture, Layer, Network};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How the answer may follow a feature, all others as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// More of the feature never turns a positive answer into a negative one.
    Nondecreasing,
    /// More of the feature never turns a negative answer into a positive one.
    Nonincreasing,
}

impl Direction {
    /// 1 or -1.
    #[must_use]
    pub fn sign(self) -> f64 {
        match self {
            Self::Nondecreasing => 1.0,
            Self::Nonincreasing => -1.0,
        }
    }

    /// `+` or `-`.
    #[must_use]
    pub fn symbol(self) -> char {
        match self {
            Self::Nondecreasing => '+',
            Self::Nonincreasing => '-',
        }
    }
}

impl FromStr for Direction {
    type Err = String;

    /// Reads `+` or `-`, as command lines have them.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "+" => Ok(Self::Nondecreasing),
            "-" => Ok(Self::Nonincreasing),
            _ => Err("expected + (more of it never speaks against the positive class) or -".to_owned()),
        }
    }
}

/// A feature that the answer follows in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monotone {
    /// The feature, from 0.
    pub feature: usize,
    /// How.
    pub direction: Direction,
}

/// What the weights of a network must keep to.
///
/// ```
/// use bdnn::{Direction, Layer, Monotone, Network, Restrictions};
///
/// let rising = Monotone { feature: 0, direction: Direction::Nondecreasing };
/// let restrictions = Restrictions { monotone: vec![rising], max_features: Some(1) };
/// let layer = |weights: &[f64]| Layer { inputs: weights.len(), outputs: 1, weights: weights.to_vec(), biases: vec![0.0] };
/// // Two falling steps make a rising one.
/// let network = Network { layers: vec![layer(&[-1.0, 0.0]), layer(&[-0.5])] };
/// assert_eq!(restrictions.broken_by(&network), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Restrictions {
    /// Features with a direction, each once; for networks with one output.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub monotone: Vec<Monotone>,
    /// How many features may have a weight that is not 0 in the first layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_features: Option<usize>,
}

/// What a network does against its restrictions. Fields count from 0, messages from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A path with the wrong sign.
    #[error("along some path of weights from feature {} to the output the sign is not {}", .0.feature + 1, .0.direction.symbol())]
    Sign(Monotone),
    /// Too many features.
    #[error("{used} features have weights, and at most {most} may")]
    Features {
        /// How many have weights.
        used: usize,
        /// How many may.
        most: usize,
    },
}

/// Whether paths of non-zero weights lead from features with a direction to a neuron, with the sign asked for (it `rises`) or against it (it
/// `falls`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    /// With the sign asked for.
    pub rises: bool,
    /// Against it.
    pub falls: bool,
}

impl Trend {
    /// The trend of a neuron, `weights` from inputs of trends `inputs`.
    fn of(weights: &[f64], inputs: &[Self]) -> Self {
        let mut trend = Self::default();
        for (&w, input) in weights.iter().zip(inputs).filter(|(w, _)| **w != 0.0) {
            let (rises, falls) = if w > 0.0 { (input.rises, input.falls) } else { (input.falls, input.rises) };
            trend.rises |= rises;
            trend.falls |= falls;
        }
        trend
    }
}

impl Restrictions {
    /// Whether every network is allowed.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether networks of this shape can be asked for that.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self, architecture: &Architecture) -> Result<(), String> {
        if self.monotone.is_empty() {
            return Ok(());
        }
        if architecture.classes != 2 {
            return Err("an answer that follows a feature in one direction needs two classes: train one against the \
                        rest (`--positive`)"
                .to_owned());
        }
        for (at, &Monotone { feature, .. }) in self.monotone.iter().enumerate() {
            if feature >= architecture.inputs {
                return Err(format!("feature {} has a direction, and there are {}", feature + 1, architecture.inputs));
            }
            if self.monotone[..at].iter().any(|other| other.feature == feature) {
                return Err(format!("feature {} has two directions", feature + 1));
            }
        }
        Ok(())
    }

    /// By feature, of `features`: the direction, if it has one.
    #[must_use]
    pub fn directions(&self, features: usize) -> Vec<Option<Direction>> {
        let mut directions = vec![None; features];
        self.monotone.iter().for_each(|monotone| directions[monotone.feature] = Some(monotone.direction));
        directions
    }

    /// The limit on features, if it limits anything of so many.
    #[must_use]
    pub fn fewer_features(&self, features: usize) -> Option<usize> {
        self.max_features.filter(|&most| most < features)
    }

    /// The trends of all neurons, layer by layer. Cost: one look at every weight.
    #[must_use]
    pub fn trends(&self, network: &Network) -> Vec<Vec<Trend>> {
        let features = network.layers.first().map_or(0, |layer| layer.inputs);
        let follows = |direction: &Option<Direction>| Trend {
            rises: *direction == Some(Direction::Nondecreasing),
            falls: *direction == Some(Direction::Nonincreasing),
        };
        let mut inputs: Vec<Trend> = self.directions(features).iter().map(follows).collect();
        let mut trends = Vec::with_capacity(network.layers.len());
        for layer in &network.layers {
            inputs = (0..layer.outputs).map(|j| Trend::of(layer.neuron(j), &inputs)).collect();
            trends.push(inputs.clone());
        }
        trends
    }

    /// What `network` does against them, if anything. Its shape must be one that [`Self::check`] lets pass.
    #[must_use]
    pub fn broken_by(&self, network: &Network) -> Option<Breach> {
        if let (Some(most), Some(first)) = (self.max_features, network.layers.first()) {
            let used = used_features(first).len();
            if used > most {
                return Some(Breach::Features { used, most });
            }
        }
        if self.monotone.is_empty() {
            return None;
        }
        let falls = |restrictions: &Self| {
            restrictions.trends(network).last().is_some_and(|output| output.iter().any(|trend| trend.falls))
        };
        let alone = |&monotone: &Monotone| Self { monotone: vec![monotone], max_features: None };
        // One pass as a rule; the feature is looked for only where something is wrong.
        let found = falls(self).then(|| self.monotone.iter().find(|monotone| falls(&alone(monotone)))).flatten();
        found.map(|&monotone| Breach::Sign(monotone))
    }
}

/// The features with a weight that is not 0 in the first layer, ascending.
#[must_use]
pub fn used_features(first: &Layer) -> Vec<usize> {
    (0..first.inputs).filter(|&l| (0..first.outputs).any(|j| first.neuron(j)[l] != 0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WeightDomain;

    fn layer(inputs: usize, weights: &[f64]) -> Layer {
        let outputs = weights.len() / inputs;
        Layer { inputs, outputs, weights: weights.to_vec(), biases: vec![0.0; outputs] }
    }

    fn rising(features: &[usize]) -> Restrictions {
        let monotone = |&feature: &usize| Monotone { feature, direction: Direction::Nondecreasing };
        Restrictions { monotone: features.iter().map(monotone).collect(), max_features: None }
    }

    #[test]
    fn signs_multiply_along_paths() {
        // Neuron 0 falls with feature 0 and is weighed negatively; neuron 1 does not look at it, and may be weighed as it likes.
        let network = Network { layers: vec![layer(2, &[-1.0, 1.0, 0.0, -1.0]), layer(2, &[-1.0, -1.0])] };
        assert_eq!(rising(&[0]).broken_by(&network), None);
        let feature = Monotone { feature: 1, direction: Direction::Nondecreasing };
        assert_eq!(rising(&[0, 1]).broken_by(&network), Some(Breach::Sign(feature)));
        // A neuron that leads nowhere has no say.
        let network = Network { layers: vec![layer(1, &[1.0, -1.0]), layer(2, &[1.0, 0.0])] };
        assert_eq!(rising(&[0]).broken_by(&network), None);
        assert_eq!(rising(&[0]).trends(&network)[0][1], Trend { rises: false, falls: true });
    }

    #[test]
    fn features_count_once_however_many_neurons_look_at_them() {
        let network = Network { layers: vec![layer(3, &[1.0, 0.0, 0.0, -1.0, 0.0, 0.5]), layer(2, &[1.0, 1.0])] };
        let most = |most| Restrictions { max_features: Some(most), ..Restrictions::default() };
        assert_eq!(most(2).broken_by(&network), None);
        assert_eq!(most(1).broken_by(&network), Some(Breach::Features { used: 2, most: 1 }));
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        let shape = |classes| Architecture {
            inputs: 2,
            hidden: vec![],
            classes,
            bias: true,
            weights: WeightDomain::Continuous,
        };
        assert_eq!(rising(&[0, 1]).check(&shape(2)), Ok(()));
        for (restrictions, classes, words) in
            [(rising(&[0]), 3, "two classes"), (rising(&[2]), 2, "there are 2"), (rising(&[1, 1]), 2, "two directions")]
        {
            assert!(restrictions.check(&shape(classes)).unwrap_err().contains(words));
        }
    }
}

//! The shape of a network and the domain of its weights.

use crate::significant;
use serde::{Deserialize, Serialize};

/// Which values a weight may take. Biases are real in every domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeightDomain {
    /// Any real in [-1, 1]. Scaling a neuron changes nothing, so without a margin the box is no restriction.
    Continuous,
    /// Whole numbers in [-B, B]; B = 1 is ternary.
    Integer(u32),
}

impl std::str::FromStr for WeightDomain {
    type Err = String;

    /// Reads `continuous`, `ternary` or `integer:B`.
    ///
    /// ```
    /// use bdnn::WeightDomain;
    ///
    /// assert_eq!("ternary".parse(), Ok(WeightDomain::Integer(1)));
    /// assert!("integer:0".parse::<WeightDomain>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "continuous" => Ok(Self::Continuous),
            "ternary" => Ok(Self::Integer(1)),
            _ => match text.strip_prefix("integer:").map(str::parse) {
                Some(Ok(bound)) if bound > 0 => Ok(Self::Integer(bound)),
                _ => Err(format!(
                    "expected continuous, ternary, or integer:B with a whole B from 1 to {LARGEST_INTEGER_BOUND}"
                )),
            },
        }
    }
}

impl WeightDomain {
    /// The largest absolute value a weight may have: 1 or B.
    #[must_use]
    pub fn bound(self) -> f64 {
        match self {
            Self::Continuous => 1.0,
            Self::Integer(bound) => f64::from(bound),
        }
    }

    /// The member of the domain nearest to a finite `value`; never -0.
    #[must_use]
    pub fn nearest(self, value: f64) -> f64 {
        let value = value.clamp(-self.bound(), self.bound());
        match self {
            Self::Continuous => value + 0.0,
            Self::Integer(_) => value.round() + 0.0,
        }
    }
}

/// The most weights of a network, biases included: a gigabyte in floats, some gigabytes in a file.
pub const MOST_WEIGHTS: usize = 1 << 27;

/// How often a run holds the weights of a network at least.
const COPIES: usize = 3;

/// The largest bound B of whole weights: far beyond use, and sums of such weights stay exact in floats.
pub const LARGEST_INTEGER_BOUND: u32 = 1 << 20;

/// Widths d_0, .., d_K of a network, with the domain of its weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// d_0, the number of features.
    pub inputs: usize,
    /// d_1, .., d_(K-1); empty for a linear classifier.
    pub hidden: Vec<usize>,
    /// Number of classes C >= 2; d_K is 1 for two classes, C beyond.
    pub classes: usize,
    /// Whether neurons have biases; without, every b is 0.
    pub bias: bool,
    /// Domain of the weights.
    pub weights: WeightDomain,
}

impl Architecture {
    /// d_K: one output for two classes, one a class beyond.
    #[must_use]
    pub fn outputs(&self) -> usize {
        if self.classes == 2 { 1 } else { self.classes }
    }

    /// d_0, d_1, .., d_K.
    #[must_use]
    pub fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::with_capacity(self.hidden.len() + 2);
        widths.push(self.inputs);
        widths.extend(&self.hidden);
        widths.push(self.outputs());
        widths
    }

    /// K, the number of layers with weights (one more than hidden layers).
    #[must_use]
    pub fn num_layers(&self) -> usize {
        self.hidden.len() + 1
    }

    /// Number of weights and biases; `None` beyond what a machine can count.
    #[must_use]
    pub fn num_weights(&self) -> Option<usize> {
        let widths = self.widths();
        widths.windows(2).try_fold(0_usize, |sum, pair| sum.checked_add(pair[0].checked_add(1)?.checked_mul(pair[1])?))
    }

    /// Number of neurons; `None` beyond what a machine can count.
    #[must_use]
    pub fn num_neurons(&self) -> Option<usize> {
        self.widths()[1..].iter().try_fold(0_usize, |sum, &width| sum.checked_add(width))
    }

    /// Whether such a network fits into memory.
    ///
    /// # Errors
    /// What it would take.
    pub fn check_size(&self) -> Result<(), String> {
        if self.num_weights().is_none_or(|weights| weights > MOST_WEIGHTS) {
            let widths: Vec<String> = self.widths().iter().map(ToString::to_string).collect();
            let weights: f64 = self.widths().windows(2).map(|pair| (pair[0] as f64 + 1.0) * pair[1] as f64).sum();
            return Err(format!(
                "a network {} has {} weights, {} GB in floats; at most {MOST_WEIGHTS} weights are taken: make hidden layers \
                 narrower",
                widths.join("-"),
                significant(weights, 4),
                significant(weights * 8e-9, 4)
            ));
        }
        Ok(())
    }

    /// Whether a limit of so many gigabytes (10^9 bytes; infinity is none), and the memory that the machine has left, take what a run holds
    /// of such a network at least: the best, one that is looked at, and its exact form.
    ///
    /// ```
    /// use bdnn::{Architecture, WeightDomain};
    ///
    /// let wide =
    ///     Architecture { inputs: 4, hidden: vec![9000, 9000], classes: 2, bias: true, weights: WeightDomain::Continuous };
    /// assert!(wide.check_memory(1.0).unwrap_err().contains("1.946 GB"));
    /// let narrow = Architecture { hidden: vec![3], ..wide };
    /// assert_eq!(narrow.check_memory(1.0), Ok(()));
    /// ```
    ///
    /// # Errors
    /// What it would take, and what there is.
    pub fn check_memory(&self, limit: f64) -> Result<(), String> {
        let weights = self.num_weights().map_or(f64::INFINITY, |weights| weights as f64);
        let takes = weights * (COPIES * size_of::<f64>()) as f64 * 1e-9;
        let free = budget::free().map_or(f64::INFINITY, |bytes| bytes as f64 * 1e-9);
        if takes <= limit.min(free) {
            return Ok(());
        }
        let widths: Vec<String> = self.widths().iter().map(ToString::to_string).collect();
        let (there, way_out) = if takes > limit {
            (format!("--memory-limit allows {} GB", significant(limit, 4)), "raise it, or make")
        } else {
            (format!("the machine has {} GB left", significant(free, 4)), "make")
        };
        Err(format!(
            "a network {} takes {} GB at least ({} weights, {COPIES} times in floats), and {there}: {way_out} hidden layers narrower",
            widths.join("-"),
            significant(takes, 4),
            significant(weights, 4)
        ))
    }

    /// Whether the shape makes sense.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub fn check(&self) -> Result<(), String> {
        if self.inputs == 0 {
            return Err("a network needs at least one feature".to_owned());
        }
        if self.classes < 2 {
            return Err(format!("a network tells at least two classes apart, not {}", self.classes));
        }
        if let Some(k) = self.hidden.iter().position(|&width| width == 0) {
            return Err(format!("hidden layer {} has no neuron; leave it out or make it wider", k + 1));
        }
        match self.weights {
            WeightDomain::Integer(0) => Err("whole weights need a bound of at least 1".to_owned()),
            WeightDomain::Integer(bound) if bound > LARGEST_INTEGER_BOUND => {
                Err(format!("the bound {bound} of the whole weights is beyond {LARGEST_INTEGER_BOUND}"))
            }
            WeightDomain::Integer(_) | WeightDomain::Continuous => Ok(()),
        }
    }

    /// The 0/1 target vector of a class (length d_K): `[class]` for two classes, one-hot beyond.
    #[must_use]
    pub fn target(&self, class: usize) -> Vec<bool> {
        if self.classes == 2 { vec![class == 1] } else { (0..self.classes).map(|c| c == class).collect() }
    }
}

//! What a [`Trainer`](crate::Trainer) was told.

use crate::method::Method;
use crate::proof::Wanted;
use bdnn::data::{Allowed, ClassWeights, DataError, Dataset, Fractions, Scaling, Units, Watch};
use bdnn::{
    Architecture, Direction, Error, ErrorLimit, Limits, Loss, Model, Monotone, Points, Rational, Restrictions, Robust,
    WeightDomain,
};
use std::path::PathBuf;

/// One field an option.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) hidden: Vec<usize>,
    pub(crate) weights: WeightDomain,
    pub(crate) bias: bool,
    pub(crate) loss: Loss,
    pub(crate) epsilon: Option<f64>,
    pub(crate) robust: Option<Robust>,
    pub(crate) l0: f64,
    pub(crate) l1: f64,
    pub(crate) class_weights: ClassWeights,
    /// By class of two: false positives, false negatives.
    pub(crate) most_errors: [Option<Allowed>; 2],
    /// By name of the feature.
    pub(crate) monotone: Vec<(String, Direction)>,
    pub(crate) max_features: Option<usize>,
    pub(crate) scaling: Scaling,
    pub(crate) fractions: Fractions,
    pub(crate) stratify: bool,
    pub(crate) method: Method,
    pub(crate) start: Option<Model>,
    pub(crate) proof: Option<Wanted>,
    /// How many labellings are wanted, if not one network.
    pub(crate) solutions: Option<usize>,
    pub(crate) limits: Limits,
    /// Whether a model is made of the network.
    pub(crate) model: bool,
    /// The file that states are kept in, and every how many seconds.
    pub(crate) checkpoint: Option<(PathBuf, f64)>,
    /// The file with the state to go on with.
    pub(crate) resume: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hidden: vec![],
            weights: WeightDomain::Continuous,
            bias: true,
            loss: Loss::Hamming,
            epsilon: None,
            robust: None,
            l0: 0.0,
            l1: 0.0,
            class_weights: ClassWeights::Equal,
            most_errors: [None; 2],
            monotone: vec![],
            max_features: None,
            scaling: Scaling::MinMax,
            fractions: Fractions::default(),
            stratify: false,
            method: Method::Auto,
            start: None,
            proof: None,
            solutions: None,
            limits: Limits::default(),
            model: true,
            checkpoint: None,
            resume: None,
        }
    }
}

impl Options {
    /// What the rows `members` count, if not once each; with prices of weights a unit is a row.
    pub(crate) fn units(
        &self,
        data: &Dataset,
        members: &[usize],
        watch: Watch<'_>,
    ) -> Result<Option<Units>, DataError> {
        data.units(members, &self.class_weights, self.l0 != 0.0 || self.l1 != 0.0, watch)
    }

    /// The limits on errors in units of the points that train, of the classes with these names.
    pub(crate) fn error_limits(
        &self,
        points: &Points,
        units: Option<&Units>,
        classes: &[String],
    ) -> Result<Vec<ErrorLimit>, Error> {
        let refuse = |message: String| Err(Error::Problem(message));
        let mut limits = vec![];
        for (class, allowed) in self.most_errors.iter().enumerate() {
            let Some(allowed) = *allowed else { continue };
            if !allowed.is_sane() {
                return refuse("a share of errors must be from 0 to 1".to_owned());
            }
            let Some(worth) = units.map_or(Some(Rational::ONE), |units| units.worth_in_rows(class)) else {
                let name = &classes[class];
                return refuse(format!(
                    "the rows of class {name:?} count nothing (its weight is 0), so that nothing limits their errors"
                ));
            };
            let total = (0..points.len()).map(|i| u64::from(points.counts(i)[class])).sum();
            limits.push(ErrorLimit { class, most: allowed.units(total, &worth) });
        }
        Ok(limits)
    }

    /// What weights keep to, of features with these names.
    pub(crate) fn restrictions(&self, features: &[String]) -> Result<Restrictions, Error> {
        if self.max_features == Some(0) {
            return Err(Error::Problem("a network without features is a constant: allow at least one".to_owned()));
        }
        for (at, (name, _)) in self.monotone.iter().enumerate() {
            if self.monotone[..at].iter().any(|(other, _)| other == name) {
                return Err(Error::Problem(format!("feature {name:?} is given two directions: give it one")));
            }
        }
        let monotone = self.monotone.iter().map(|(name, direction)| {
            let feature = features.iter().position(|feature| feature == name).ok_or_else(|| unknown(name, features))?;
            Ok(Monotone { feature, direction: *direction })
        });
        Ok(Restrictions { monotone: monotone.collect::<Result<_, _>>()?, max_features: self.max_features })
    }

    pub(crate) fn architecture(&self, data: &Dataset) -> Architecture {
        Architecture {
            inputs: data.num_features(),
            hidden: self.hidden.clone(),
            classes: data.num_classes(),
            bias: self.bias,
            weights: self.weights,
        }
    }
}

/// Names that a message lists at most.
const LISTED: usize = 12;

fn unknown(name: &str, features: &[String]) -> Error {
    let first: Vec<String> = features.iter().take(LISTED).map(|name| format!("{name:?}")).collect();
    let more = if features.len() > LISTED { format!(" and {} more", features.len() - LISTED) } else { String::new() };
    Error::Problem(format!(
        "no feature is called {name:?} that could have a direction; there are {}{more}",
        first.join(", ")
    ))
}

//! What came of a training run.

use crate::choice::Choice;
use crate::classifier::Classifier;
use crate::error::Error;
use crate::limited::LimitedErrors;
use crate::parts::Parts;
use crate::proof::Proven;
use bdnn::{Model, Network, Solutions, Statistics, Status, Training};

/// The end of a run: the best network found, and the bound that no network of its shape is below.
#[derive(Clone, Debug)]
pub struct Trained {
    pub(crate) training: Training,
    pub(crate) choice: Choice,
    pub(crate) parts: Option<Parts>,
    pub(crate) limited: Vec<LimitedErrors>,
    pub(crate) proof: Option<Proven>,
    pub(crate) model: Option<Model>,
    pub(crate) pool: Option<Listed>,
}

/// The pool, with what belongs to each solution.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) solutions: Solutions,
    pub(crate) parts: Vec<Parts>,
    /// None if no models were to be made.
    pub(crate) models: Vec<Model>,
}

impl Trained {
    /// Why the run ended.
    #[must_use]
    pub fn status(&self) -> Status {
        self.training.status
    }

    /// Whether the network is proven optimal.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.training.status == Status::Optimal
    }

    /// The exact loss of the network on the rows that train; `None` without a network.
    #[must_use]
    pub fn loss(&self) -> Option<u64> {
        self.training.network.as_ref().map(|_| self.training.loss)
    }

    /// The loss with the price of the weights; infinite without a network.
    #[must_use]
    pub fn objective(&self) -> f64 {
        self.training.objective
    }

    /// Proven: no network of this shape that satisfies the problem has a smaller objective.
    #[must_use]
    pub fn bound(&self) -> f64 {
        self.training.bound
    }

    /// `(objective - bound) / objective`: 0 where both are equal; infinite without a network, or where the objective alone
    /// is 0.
    #[must_use]
    pub fn gap(&self) -> f64 {
        budget::relative_gap(self.network().map(|_| self.training.objective), self.training.bound)
    }

    /// The network, on scaled features; `None` if limits came first or no network satisfies the problem.
    #[must_use]
    pub fn network(&self) -> Option<&Network> {
        self.training.network.as_ref()
    }

    /// The network with all that is needed to use it and to check what is claimed of it.
    ///
    /// # Errors
    /// [`Error::NoNetwork`], or [`Error::NoModel`] after [`Trainer::without_model`](crate::Trainer::without_model).
    pub fn model(&self) -> Result<&Model, Error> {
        match (&self.model, &self.training.network) {
            (Some(model), _) => Ok(model),
            (None, Some(_)) => Err(Error::NoModel),
            (None, None) => Err(Error::NoNetwork(self.training.status)),
        }
    }

    /// The network, ready for use.
    ///
    /// # Errors
    /// As [`Trained::model`].
    pub fn classifier(&self) -> Result<Classifier, Error> {
        Ok(Classifier::new(self.model()?.clone()))
    }

    /// The best labellings, if they were asked for ([`Trainer::solutions`](crate::Trainer::solutions)).
    #[must_use]
    pub fn solutions(&self) -> Option<&Solutions> {
        self.pool.as_ref().map(|pool| &pool.solutions)
    }

    /// Predictions by each of the [solutions](Self::solutions), in their order.
    #[must_use]
    pub fn solution_parts(&self) -> &[Parts] {
        self.pool.as_ref().map_or(&[], |pool| &pool.parts)
    }

    /// The model of each of the [solutions](Self::solutions), in their order. Those that are not optimal claim the status
    /// [`Status::Heuristic`]: better networks exist or may exist. None after [`Trainer::without_model`](crate::Trainer::without_model).
    #[must_use]
    pub fn solution_models(&self) -> &[Model] {
        self.pool.as_ref().map_or(&[], |pool| &pool.models)
    }

    /// Predictions on the rows that train, choose and judge; `None` without a network.
    #[must_use]
    pub fn parts(&self) -> Option<&Parts> {
        self.parts.as_ref()
    }

    /// The errors of the classes that have limits, in class order.
    #[must_use]
    pub fn limited_errors(&self) -> &[LimitedErrors] {
        &self.limited
    }

    /// The engine that had the last word, and why it was taken.
    #[must_use]
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Work done.
    #[must_use]
    pub fn statistics(&self) -> &Statistics {
        &self.training.statistics
    }

    /// The proof folder, if one was asked for and the run did not end before its search began.
    #[must_use]
    pub fn proof(&self) -> Option<&Proven> {
        self.proof.as_ref()
    }

    /// All of it as the engines return it.
    #[must_use]
    pub fn training(&self) -> &Training {
        &self.training
    }
}

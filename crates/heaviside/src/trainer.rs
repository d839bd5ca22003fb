//! What is trained, on what terms, and for how long.

use crate::error::Error;
use crate::method::Method;
use crate::proof::Wanted;
use crate::task::Task;
use crate::trained::Trained;
use bdnn::data::{Dataset, Fractions, NEVER, Scaling, Watch};
use bdnn::{Architecture, Limits, Loss, Model, Norm, Progress, Robust, Silent, WeightDomain};
use std::path::PathBuf;
use std::time::Instant;

/// The options of a training run, each with a default. Nothing is checked before [`Trainer::prepare`].
///
/// ```
/// use heaviside::{Dataset, Loss, Trainer, WeightDomain};
///
/// let rows = [[0.0], [1.0], [2.0], [3.0]];
/// let data = Dataset::from_rows(&rows, &["a", "b", "a", "c"])?;
/// let trained = Trainer::new()
///     .hidden(&[2])
///     .weights(WeightDomain::Integer(1))
///     .loss(Loss::ZeroOne)
///     .time_limit(10.0)
///     .fit(&data)?;
/// assert!(trained.bound() <= trained.loss().unwrap() as f64);
/// # Ok::<(), heaviside::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trainer {
    pub(crate) hidden: Vec<usize>,
    pub(crate) weights: WeightDomain,
    pub(crate) bias: bool,
    pub(crate) loss: Loss,
    pub(crate) epsilon: Option<f64>,
    pub(crate) robust: Option<Robust>,
    pub(crate) l0: f64,
    pub(crate) l1: f64,
    pub(crate) scaling: Scaling,
    pub(crate) fractions: Fractions,
    pub(crate) stratify: bool,
    pub(crate) method: Method,
    pub(crate) start: Option<Model>,
    pub(crate) proof: Option<Wanted>,
    pub(crate) limits: Limits,
}

impl Default for Trainer {
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
            scaling: Scaling::MinMax,
            fractions: Fractions::default(),
            stratify: false,
            method: Method::Auto,
            start: None,
            proof: None,
            limits: Limits::default(),
        }
    }
}

impl Trainer {
    /// A linear classifier with continuous weights, trained by [`Method::Auto`] without limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Widths of the hidden layers; none by default.
    #[must_use]
    pub fn hidden(self, widths: &[usize]) -> Self {
        Self { hidden: widths.to_vec(), ..self }
    }

    /// Values a weight may take; any real in [-1, 1] by default.
    #[must_use]
    pub fn weights(self, weights: WeightDomain) -> Self {
        Self { weights, ..self }
    }

    /// Whether neurons have biases; they have by default.
    #[must_use]
    pub fn bias(self, bias: bool) -> Self {
        Self { bias, ..self }
    }

    /// What is counted; wrong outputs by default.
    #[must_use]
    pub fn loss(self, loss: Loss) -> Self {
        Self { loss, ..self }
    }

    /// The margin in scaled units: not firing means a <= -epsilon. By default none, but for the MILP, which needs one.
    #[must_use]
    pub fn epsilon(self, epsilon: f64) -> Self {
        Self { epsilon: Some(epsilon), ..self }
    }

    /// Holds the first layer's activations on a ball of radius `radius`, in scaled units, around each point.
    #[must_use]
    pub fn robust(self, radius: f64, norm: Norm) -> Self {
        Self { robust: Some(Robust { radius, norm }), ..self }
    }

    /// Adds `price` times the number of non-zero weights to the objective.
    #[must_use]
    pub fn l0(self, price: f64) -> Self {
        Self { l0: price, ..self }
    }

    /// Adds `price` times the sum of absolute weights to the objective.
    #[must_use]
    pub fn l1(self, price: f64) -> Self {
        Self { l1: price, ..self }
    }

    /// Scaling of the features, fitted on the rows that train; to [0, 1] by default.
    #[must_use]
    pub fn scaling(self, scaling: Scaling) -> Self {
        Self { scaling, ..self }
    }

    /// Keeps this share of the rows apart to judge by ([`Trained::parts`]).
    #[must_use]
    pub fn test(mut self, share: f64) -> Self {
        self.fractions.test = share;
        self
    }

    /// Keeps this share of the rows apart; heuristics choose the network by it.
    #[must_use]
    pub fn validation(mut self, share: f64) -> Self {
        self.fractions.validation = share;
        self
    }

    /// Whether every class is divided in the same proportion; it is not by default.
    #[must_use]
    pub fn stratify(self, stratify: bool) -> Self {
        Self { stratify, ..self }
    }

    /// What trains; [`Method::Auto`] by default.
    #[must_use]
    pub fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Starts from a model of the same shape, trained on rows scaled the same way.
    #[must_use]
    pub fn start(self, model: Model) -> Self {
        Self { start: Some(model), ..self }
    }

    /// Writes a proof of the bound to `folder` ([`crate::proof`]), packed (gzip) if `compressed`.
    #[must_use]
    pub fn prove(self, folder: impl Into<PathBuf>, compressed: bool) -> Self {
        Self { proof: Some(Wanted { folder: folder.into(), compressed }), ..self }
    }

    /// Stops after so many wall seconds with the best so far.
    #[must_use]
    pub fn time_limit(mut self, seconds: f64) -> Self {
        self.limits.time = seconds;
        self
    }

    /// Stops after so many nodes (conflicts, rounds of local search); the result is then the same on every machine.
    #[must_use]
    pub fn node_limit(mut self, nodes: u64) -> Self {
        self.limits.nodes = nodes;
        self
    }

    /// Seed of every random choice; 0 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.limits.seed = seed;
        self
    }

    /// Worker threads; all cores by default.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.limits.threads = threads;
        self
    }

    /// All limits at once.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Trains on `data`; the time limit counts from here.
    ///
    /// # Errors
    /// What is wrong with data, options or their combination, or a numerical failure; that limits leave no network is none.
    pub fn fit(&self, data: &Dataset) -> Result<Trained, Error> {
        self.fit_watched(data, &Silent)
    }

    /// As [`Trainer::fit`]; `progress` hears of better networks and may end the run.
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    pub fn fit_watched(&self, data: &Dataset, progress: &dyn Progress) -> Result<Trained, Error> {
        let began = Instant::now();
        let over = || progress.should_stop() || began.elapsed().as_secs_f64() >= self.limits.time;
        let task = self.prepare_watched(data, &over)?;
        let left = (self.limits.time - began.elapsed().as_secs_f64()).max(0.0);
        task.train(&Limits { time: left, ..self.limits.clone() }, progress)
    }

    /// Splits and scales the data, makes the problem and picks the engine, and trains nothing yet.
    ///
    /// # Errors
    /// What is wrong with data, options or their combination.
    pub fn prepare<'d>(&self, data: &'d Dataset) -> Result<Task<'d>, Error> {
        self.prepare_watched(data, NEVER)
    }

    /// As [`Trainer::prepare`], until `watch` says stop.
    ///
    /// # Errors
    /// As [`Trainer::prepare`]; [`bdnn::DataError::Stopped`] once `watch` says so.
    pub fn prepare_watched<'d>(&self, data: &'d Dataset, watch: Watch<'_>) -> Result<Task<'d>, Error> {
        Task::new(self, data, watch)
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

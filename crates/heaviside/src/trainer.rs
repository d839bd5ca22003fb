//! What is trained, on what terms, and for how long.

use crate::error::Error;
use crate::method::Method;
use crate::options::Options;
use crate::proof::Wanted;
use crate::task::Task;
use crate::trained::Trained;
use bdnn::data::{Allowed, ClassWeights, Dataset, NEVER, Scaling, Watch};
use bdnn::{Direction, Limits, Loss, Model, Norm, Progress, Robust, Silent, WeightDomain};
use budget::Instant;
use std::path::PathBuf;

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
#[derive(Clone, Debug, Default)]
pub struct Trainer {
    pub(crate) options: Options,
}

impl Trainer {
    /// A linear classifier with continuous weights, trained by [`Method::Auto`] without limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Widths of the hidden layers; none by default.
    #[must_use]
    pub fn hidden(mut self, widths: &[usize]) -> Self {
        self.options.hidden = widths.to_vec();
        self
    }

    /// Values a weight may take; any real in [-1, 1] by default.
    #[must_use]
    pub fn weights(mut self, weights: WeightDomain) -> Self {
        self.options.weights = weights;
        self
    }

    /// Whether neurons have biases; they have by default.
    #[must_use]
    pub fn bias(mut self, bias: bool) -> Self {
        self.options.bias = bias;
        self
    }

    /// What is counted; wrong outputs by default.
    #[must_use]
    pub fn loss(mut self, loss: Loss) -> Self {
        self.options.loss = loss;
        self
    }

    /// The margin in scaled units: not firing means a <= -epsilon. By default none, but for the MILP, which needs one.
    #[must_use]
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.options.epsilon = Some(epsilon);
        self
    }

    /// Holds the first layer's activations on a ball of radius `radius`, in scaled units, around each point.
    #[must_use]
    pub fn robust(mut self, radius: f64, norm: Norm) -> Self {
        self.options.robust = Some(Robust { radius, norm });
        self
    }

    /// Adds `price` times the number of non-zero weights to the objective.
    #[must_use]
    pub fn l0(mut self, price: f64) -> Self {
        self.options.l0 = price;
        self
    }

    /// Adds `price` times the sum of absolute weights to the objective.
    #[must_use]
    pub fn l1(mut self, price: f64) -> Self {
        self.options.l1 = price;
        self
    }

    /// What the rows of a class count, beside weights of their own ([`Dataset::with_weights`]); the same in all classes by default. Losses and
    /// bounds are whole numbers of the unit that [`Task::units`] tells.
    ///
    /// ```
    /// use heaviside::{ClassWeights, Dataset, Trainer};
    ///
    /// // Nothing separates the classes; one b counts as much as all three a.
    /// let data = Dataset::from_rows(&[[0.0]; 4], &["a", "a", "a", "b"])?;
    /// assert_eq!(Trainer::new().fit(&data)?.loss(), Some(1));
    /// let balanced = Trainer::new().class_weights(ClassWeights::Balanced);
    /// let task = balanced.prepare(&data)?;
    /// let units = task.units().expect("there are weights");
    /// // 4 / (2 * 3) for each a and 4 / (2 * 1) for the b: one and three of 2/3.
    /// assert_eq!((units.unit.to_string(), &units.of_row[..]), ("2/3".to_owned(), &[1, 1, 1, 3][..]));
    /// assert_eq!(balanced.fit(&data)?.loss(), Some(3));
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    #[must_use]
    pub fn class_weights(mut self, weights: ClassWeights) -> Self {
        self.options.class_weights = weights;
        self
    }

    /// Keeps the rows of the first of two classes that are predicted as the second within a limit: of all networks within it the best is
    /// trained, and [`Status::Infeasible`](crate::Status::Infeasible) says that there is none. A row of weight k counts as k rows; what a
    /// class weighs beside does not count.
    ///
    /// ```
    /// use heaviside::{Allowed, Dataset, Status, Trainer};
    ///
    /// let data = Dataset::from_rows(&[[0.0], [1.0], [1.0], [2.0], [2.0]], &["no", "no", "yes", "no", "yes"])?;
    /// assert_eq!(Trainer::new().fit(&data)?.loss(), Some(2));
    /// // Nobody may be alarmed in vain: then both who should be are missed.
    /// let careful = Trainer::new().max_false_positives(Allowed::Rows(0));
    /// assert_eq!(careful.fit(&data)?.loss(), Some(2));
    /// // Nobody may be missed either.
    /// let both = careful.max_false_negatives(Allowed::Share(0.4)).fit(&data)?;
    /// assert_eq!((both.status(), both.loss()), (Status::Infeasible, None));
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    #[must_use]
    pub fn max_false_positives(mut self, most: Allowed) -> Self {
        self.options.most_errors[0] = Some(most);
        self
    }

    /// The same for rows of the second class that are predicted as the first.
    #[must_use]
    pub fn max_false_negatives(mut self, most: Allowed) -> Self {
        self.options.most_errors[1] = Some(most);
        self
    }

    /// Lets the answer follow a feature in one direction only: of two rows that differ in nothing else, the one with more of a nondecreasing feature
    /// is never predicted as the first of two classes if the other one is predicted as the second. It is so by construction, everywhere
    /// and not only at the rows that train: along every path of weights from the feature to the output their product has that sign, and of such
    /// networks the best is trained. May be called for several features, by their names.
    ///
    /// ```
    /// use heaviside::{Dataset, Direction, Trainer};
    ///
    /// let data = Dataset::from_rows(&[[0.0], [1.0], [2.0], [3.0]], &["no", "yes", "no", "no"])?;
    /// assert_eq!(Trainer::new().fit(&data)?.loss(), Some(1));
    /// // More never turns a yes into a no.
    /// let rising = Trainer::new().monotone("x1", Direction::Nondecreasing).fit(&data)?;
    /// assert_eq!((rising.loss(), rising.bound()), (Some(1), 1.0));
    /// // Two neurons would find the interval; rising ones do not.
    /// let wide = Trainer::new().hidden(&[2]);
    /// assert_eq!(wide.fit(&data)?.loss(), Some(0));
    /// assert_eq!(wide.monotone("x1", Direction::Nondecreasing).fit(&data)?.loss(), Some(1));
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    #[must_use]
    pub fn monotone(mut self, feature: impl Into<String>, direction: Direction) -> Self {
        self.options.monotone.push((feature.into(), direction));
        self
    }

    /// Looks for the best network that looks at so many features at most: no others have a weight other than 0 in the first layer.
    ///
    /// ```
    /// use heaviside::{Dataset, Trainer};
    ///
    /// // Above the diagonal or below it: neither feature says it alone.
    /// let rows = [[0.0, 1.0], [1.0, 2.0], [2.0, 3.0], [1.0, 0.0], [2.0, 1.0], [3.0, 2.0]];
    /// let data = Dataset::from_rows(&rows, &["above", "above", "above", "below", "below", "below"])?;
    /// assert_eq!(Trainer::new().fit(&data)?.loss(), Some(0));
    /// let one = Trainer::new().max_features(1).fit(&data)?;
    /// assert_eq!((one.loss(), one.bound()), (Some(2), 2.0));
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    #[must_use]
    pub fn max_features(mut self, most: usize) -> Self {
        self.options.max_features = Some(most);
        self
    }

    /// Scaling of the features, fitted on the rows that train; to [0, 1] by default.
    #[must_use]
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.options.scaling = scaling;
        self
    }

    /// Keeps this share of the rows, 0 (the default) to less than 1, apart to judge by ([`Trained::parts`]). `prepare` and `fit` refuse
    /// shares that leave a part empty ([`Error::Data`]).
    #[must_use]
    pub fn test(mut self, share: f64) -> Self {
        self.options.fractions.test = share;
        self
    }

    /// Keeps this share of the rows, 0 (the default) to less than 1 together with that of [`Trainer::test`], apart; heuristics choose the
    /// network by it. Refused as that is.
    #[must_use]
    pub fn validation(mut self, share: f64) -> Self {
        self.options.fractions.validation = share;
        self
    }

    /// Whether every class is divided in the same proportion; it is not by default.
    #[must_use]
    pub fn stratify(mut self, stratify: bool) -> Self {
        self.options.stratify = stratify;
        self
    }

    /// What trains; [`Method::Auto`] by default.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.options.method = method;
        self
    }

    /// Starts from a model of the same shape, trained on rows scaled the same way. `prepare` and `fit` refuse any other ([`Error::Start`]).
    #[must_use]
    pub fn start(mut self, model: Model) -> Self {
        self.options.start = Some(model);
        self
    }

    /// Writes a proof of the bound to `folder` ([`crate::proof`]), packed (gzip) if `compressed`.
    #[must_use]
    pub fn prove(mut self, folder: impl Into<PathBuf>, compressed: bool) -> Self {
        self.options.proof = Some(Wanted { folder: folder.into(), compressed });
        self
    }

    /// Asks for the best `count` labellings of the rows that train (at least one), a network each, and for what is proven of all others
    /// ([`Trained::solutions`]). Two networks are the same solution if their outputs agree at all these rows.
    ///
    /// ```
    /// use heaviside::{Dataset, Trainer};
    ///
    /// let rows = [[0.0], [1.0], [2.0], [3.0]];
    /// let data = Dataset::from_rows(&rows, &["a", "b", "a", "b"])?;
    /// let trained = Trainer::new().solutions(2).fit(&data)?;
    /// let solutions = trained.solutions().expect("asked for");
    /// assert_eq!(solutions.list.iter().map(|solution| solution.loss).collect::<Vec<_>>(), [1, 1]);
    /// // No other labelling is as good.
    /// assert_eq!((solutions.complete(), solutions.others), (true, Some(2)));
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    #[must_use]
    pub fn solutions(mut self, count: usize) -> Self {
        self.options.solutions = Some(count.max(1));
        self
    }

    /// Makes no model of the network ([`Trained::model`]): what identifies the data in it costs a pass over all rows, 0.5 seconds for
    /// 100 MB. A proof has its model all the same.
    #[must_use]
    pub fn without_model(mut self) -> Self {
        self.options.model = false;
        self
    }

    /// Stops after so many wall seconds, counted from the start of `fit`, with the best so far; without it nothing but an optimum ends an exact
    /// engine.
    #[must_use]
    pub fn time_limit(mut self, seconds: f64) -> Self {
        self.options.limits.time = seconds;
        self
    }

    /// Stops after so many nodes (conflicts, rounds of local search); the result is then the same on every machine.
    #[must_use]
    pub fn node_limit(mut self, nodes: u64) -> Self {
        self.options.limits.nodes = nodes;
        self
    }

    /// Seed of every random choice; 0 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.limits.seed = seed;
        self
    }

    /// Worker threads; 0, the default, for all cores, and at most four a core. Under a node limit the result does not depend on them.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.options.limits.threads = threads;
        self
    }

    /// Sets a parameter of an engine, by its name in the table of [`parameters`](crate::parameters()).
    ///
    /// ```
    /// use heaviside::Trainer;
    ///
    /// let trainer = Trainer::new().hidden(&[2]).set("omt.restart_margin", 1.3)?.set("omt.cores", "no")?;
    /// assert!(trainer.set("omt.restart_margins", 1).unwrap_err().to_string().contains("omt.restart_margin"));
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Setting`], with the nearest name or with what the parameter takes.
    pub fn set(mut self, name: &str, value: impl ToString) -> Result<Self, Error> {
        self.options.limits.settings.set(&crate::parameters(), name, &value.to_string())?;
        Ok(self)
    }

    /// Keeps the state of the run in this file every so many seconds, and when a limit or the caller ends it: [`Trainer::resume`] goes on with it.
    /// The file is there whole or not at all. Not with a proof, several solutions or folds. Cost: `docs/scale.md`.
    ///
    /// ```
    /// use heaviside::{Dataset, Method, Trainer};
    ///
    /// let folder = std::env::temp_dir().join(format!("heaviside-doc-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder)?;
    /// let file = folder.join("run.checkpoint");
    /// let rows: Vec<[f64; 2]> = (0..40).map(|i| [f64::from(i * 7 % 40), f64::from(i * 11 % 40)]).collect();
    /// let labels: Vec<&str> = (0..40).map(|i| if i * i % 7 < 3 { "a" } else { "b" }).collect();
    /// let data = Dataset::from_rows(&rows, &labels)?;
    /// let trainer = Trainer::new().hidden(&[2]).method(Method::LocalSearch);
    ///
    /// let first = trainer.clone().node_limit(3).checkpoint(&file, 60.0).fit(&data)?;
    /// let second = trainer.clone().node_limit(6).resume(&file).fit(&data)?;
    /// assert_eq!(second.loss(), trainer.node_limit(6).fit(&data)?.loss());
    /// assert!(second.loss() <= first.loss());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn checkpoint(mut self, file: impl Into<PathBuf>, seconds: f64) -> Self {
        self.options.checkpoint = Some((file.into(), seconds));
        self
    }

    /// Goes on with the run of which this file is the [checkpoint](Trainer::checkpoint): of the same version, on the same data, with the same
    /// options but for limits and what is made of the result. Limits on nodes are those of the whole run; that on time is of this sitting. With
    /// [`Trainer::checkpoint`] for the same file the run may be ended again.
    #[must_use]
    pub fn resume(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.resume = Some(file.into());
        self
    }

    /// All limits at once, settings included.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// The limits as they are set.
    #[must_use]
    pub fn limits_set(&self) -> &Limits {
        &self.options.limits
    }

    /// Trains on `data`; the time limit counts from here.
    ///
    /// # Errors
    /// What is wrong with data, options or their combination, or a numerical failure; that limits leave no network is none.
    pub fn fit(&self, data: &Dataset) -> Result<Trained, Error> {
        self.fit_watched(data, &Silent)
    }

    /// As [`Trainer::fit`]; `progress` hears of better networks and of the [events](budget::observe) it has an interest in, and may
    /// end the run.
    ///
    /// ```
    /// use heaviside::{Dataset, Event, Interest, Method, Progress, Trainer, What};
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// /// Counts the nodes of a search.
    /// struct Nodes(AtomicU64);
    ///
    /// impl Progress for Nodes {
    ///     fn interest(&self) -> Interest {
    ///         Interest::TREE
    ///     }
    ///
    ///     fn event(&self, event: &Event) {
    ///         self.0.fetch_add(u64::from(matches!(event.what, What::Node(_))), Ordering::Relaxed);
    ///     }
    /// }
    ///
    /// let rows: Vec<[f64; 1]> = (0..6).map(|i| [f64::from(i)]).collect();
    /// let data = Dataset::from_rows(&rows, &["a", "b", "a", "a", "b", "a"])?;
    /// let nodes = Nodes(AtomicU64::new(0));
    /// let trained = Trainer::new().method(Method::Milp).fit_watched(&data, &nodes)?;
    /// assert!(nodes.0.into_inner() >= trained.statistics().nodes);
    /// # Ok::<(), heaviside::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Trainer::fit`].
    pub fn fit_watched(&self, data: &Dataset, progress: &dyn Progress) -> Result<Trained, Error> {
        let began = Instant::now();
        let over = || progress.should_stop() || began.elapsed().as_secs_f64() >= self.options.limits.time;
        let task = self.prepare_watched(data, &over)?;
        task.train(&self.options.limits.after(began.elapsed().as_secs_f64()), progress)
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
        Task::new(&self.options, data, watch)
    }
}

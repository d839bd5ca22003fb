//! Training of networks with binary (step) activations to *proven* optimality, as a library.
//!
//! ```
//! use heaviside::{Dataset, Trainer};
//!
//! // Exclusive or: one hidden layer of two neurons makes no error, and none at all makes one.
//! let rows = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
//! let data = Dataset::from_rows(&rows, &["no", "yes", "yes", "no"])?;
//! let trained = Trainer::new().hidden(&[2]).time_limit(10.0).fit(&data)?;
//! assert!(trained.is_optimal());
//! assert_eq!((trained.loss(), trained.bound()), (Some(0), 0.0));
//! assert_eq!(trained.classifier()?.predict(&[[1.0, 0.0], [1.0, 1.0]])?, ["yes", "no"]);
//! assert_eq!(Trainer::new().fit(&data)?.bound(), 1.0);
//! # Ok::<(), heaviside::Error>(())
//! ```
//!
//! [`Dataset`] holds labelled rows, [`Trainer`] says what is trained and how long, [`Trained`] what came of it with the proven
//! bound, and [`Classifier`] is the network in use: it predicts, decides the worst case of perturbed inputs, and is saved and
//! loaded. Every loss is recounted exactly; no sign is ever decided by rounding.
//!
//! Whoever wants to see what is read and chosen before it runs takes [`Trainer::prepare`], which makes a [`Task`]; whoever has a
//! [`Problem`] of their own hands an [`Engine`] a [`Request`]: [`Auto`], [`Omt`], [`Milp`], [`LocalSearch`] or [`Splitting`].
//! The mathematics is in `docs/model.md`.

mod auto;
pub mod checkpoint;
mod choice;
mod classifier;
pub mod cubes;
mod error;
pub mod export;
mod folds;
mod limited;
mod method;
mod options;
mod parameters;
mod parts;
mod pool;
pub mod proof;
mod rule;
pub mod study;
mod task;
mod tolerances;
mod trained;
mod trainer;

pub use auto::{Auto, Omt, exact_engine};
pub use choice::{Choice, EngineName, PartEngine};
pub use classifier::Classifier;
pub use error::Error;
pub use folds::Fold;
pub use limited::LimitedErrors;
pub use method::{Method, SplitOptions};
pub use parameters::{AutoParameters, CubeParameters, RowParameters, parameters};
pub use parts::{Part, Parts};
pub use rule::{rule, unreadable, without_specks};
pub use task::Task;
pub use trained::Trained;
pub use trainer::Trainer;

pub use bdnn::data::{Allowed, ClassWeights, Header, OneHotColumns, Units, Watch};
pub use bdnn::model::RowUnits;
pub use bdnn::{
    Architecture, Companion, Confusion, DataError, Dataset, Direction, Engine, EngineError, ErrorLimit, Event,
    Interest, Layer, Limits, Loss, Model, Network, Norm, Points, Problem, Progress, ReadOptions, Request, Robust,
    Sample, Scaler, Scaling, Schema, SearchRow, Silent, Solution, Solutions, Statistics, Status, Training,
    WeightDomain, What,
};
pub use budget::{Parameter, SettingError, Settings, observe};
pub use formulation::Milp;
pub use heuristics::Validation;
pub use heuristics::local_search::LocalSearch;
pub use heuristics::split::{self, Splitting};

/// What writes models and proofs.
pub const PROGRAM: &str = concat!("heaviside ", env!("CARGO_PKG_VERSION"));

//! The mixed-integer linear model that trains a network with a margin: the mathematics is in `docs/model.md`.
//!
//! Entry point: [`Formulation::new`], then [`Formulation::model`] for the solver, [`Formulation::encode`] for a start,
//! [`Formulation::decode`] for the result. [`Formulation::check_tolerances`] refuses solver tolerances that could leak
//! through the big-M rows.
//!
//! ```
//! use formulation::{Formulation, FormulationOptions};
//! use bdnn::{Architecture, Limits, Loss, Points, Problem, Request, Scaler, WeightDomain};
//!
//! // Three points on a line; the one in the middle has the other class.
//! let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
//! let architecture =
//!     Architecture { inputs: 1, hidden: vec![2], classes: 2, bias: true, weights: WeightDomain::Continuous };
//! let problem = Problem::new(points, architecture, Loss::Hamming);
//!
//! let formulation = Formulation::new(&problem, &FormulationOptions::default())?;
//! assert!(formulation.model().num_rows() > 0);
//! let training = formulation::train(Request::new(&problem, &Limits::default()))?;
//! assert_eq!((training.loss, training.bound), (0, 0.0));
//! # Ok::<(), formulation::Error>(())
//! ```
//!
//! # Names
//! Layers are counted from 1 as in W^k; parts p (without a partition: distinct points, in order of appearance), points
//! i, neurons j, inputs l and classes c from 0.
//!
//! | variable | meaning |
//! |---|---|
//! | `w_k_j_l`, `b_k_j` | weight and bias of neuron j of layer k |
//! | `u_k_p_j` | binary: neuron j of layer k fires on part p (`u_2_17_1`: layer 2, part 17, neuron 1) |
//! | `s_k_p_j_l` | the product of `w_k_j_l` and `u_(k-1)_p_l` |
//! | `e_p_c` | binary: the outputs on part p are not those of class c (zero-one loss, three or more classes) |
//! | `xi_k_j_l` | at least the absolute value of `w_k_j_l` |
//! | `norm_j` | at least the largest absolute weight of first-layer neuron j |
//! | `z_k_j_l` | binary: `w_k_j_l` is not 0 |
//! | `rise_k_j`, `fall_k_j` | binaries: neuron j of hidden layer k may follow features with a direction so, or against it |
//! | `v_l` | binary: feature l may have weights |
//!
//! Rows: `fire_k_i_j` and `rest_k_i_j` tie `u` to the pre-activation (first layer: one pair a point; later: a part),
//! `and_*` the products, `wrong_*` and `floor_p` the errors, `errors_c` keeps those of class c within its limit, `abs_*` the
//! magnitudes, `zero_*` the indicators, `rises_*`, `falls_*`, `rise_*`
//! and `fall_*` the signs of weights, `used_*` and `features` the number of features, `order_k_j` neurons j and j + 1 of layer k.
//!
//! # Invariants
//! * (Up to rounding, which [`FormulationOptions::outward`] makes up for.)
//!   Every network that satisfies the problem ([`bdnn::exact::check`]) has an equivalent one (same activations up to
//!   the symmetries, no larger objective) that satisfies every row; `encode` finds it.
//! * The objective of an integral point is at least the loss of its outputs plus regularisation, with equality for
//!   encoded networks. Conflicting labels at one point enter as a constant.
//!
//! References: Kurtz and Bah, arXiv 2110.11382 (2021), section 3; McCormick, Math. Programming 10 (1976), for the
//! products.

mod bounds;
mod build;
mod encode;
mod error;
mod guard;
mod options;
mod output;
mod restrictions;
mod size;
mod structure;
mod symmetry;
#[cfg(test)]
mod tests;
mod tolerances;
mod training;

pub use error::Error;
pub use guard::check_tolerances;
pub use options::{FormulationOptions, Parameters};
pub use size::{Size, Use};
pub use structure::{LayerVars, PointError, RestrictionVars, Structure};
pub use training::{Built, Milp, Proof, supports, train, train_with_proof};

use bdnn::budget::never;
use bdnn::{Problem, Stop, Threshold};
use milp::Model;

/// The model of a problem with everything needed to read its solutions.
#[derive(Clone, Debug)]
pub struct Formulation {
    problem: Problem,
    epsilon: f64,
    options: FormulationOptions,
    /// The function that the output computes, if it has no weights.
    output: Option<Threshold>,
    model: Model,
    structure: Structure,
    /// The largest big-M of each layer.
    big_m: Vec<f64>,
}

impl Formulation {
    /// Builds the model. With P parts and m points it has P sum_(k>=2) d_k d_(k-1) products beside P sum d_k binaries,
    /// and 2 m d_1 first-layer rows of n + 2 entries.
    ///
    /// # Errors
    /// [`Error::Problem`] if the parts of `problem` do not fit together, [`Error::TooLarge`] if there is not the memory for it.
    pub fn new(problem: &Problem, options: &FormulationOptions) -> Result<Self, Error> {
        Self::new_within(problem, options, &never).map(|built| built.expect("nothing says stop"))
    }

    /// [`Self::new`], or `None` once `stop` says so.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn new_within(problem: &Problem, options: &FormulationOptions, stop: &Stop<'_>) -> Result<Option<Self>, Error> {
        problem.check()?;
        Size::of(problem).check(Use::Build, budget::free())?;
        Ok(Self::build(problem, options, None, stop))
    }

    /// The model of the networks whose output is this function of hidden neurons, of [`output::functions`]; `None` once `stop` says so.
    pub(crate) fn with_output(
        problem: &Problem,
        options: &FormulationOptions,
        output: Threshold,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        Self::build(problem, options, Some(output), stop)
    }

    fn build(
        problem: &Problem,
        options: &FormulationOptions,
        output: Option<Threshold>,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let epsilon = problem.margin();
        let problem = Problem { epsilon: Some(epsilon), ..problem.clone() };
        let (model, structure, big_m) = build::build(&problem, epsilon, options, output.as_ref(), stop)?;
        Some(Self { problem, epsilon, options: *options, output, model, structure, big_m })
    }

    /// The problem the model states: the one given, with its margin filled in.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The function that the output computes, if it has no weights.
    pub(crate) fn output(&self) -> Option<&Threshold> {
        self.output.as_ref()
    }

    /// The margin: not firing means a <= -epsilon, in scaled units.
    #[must_use]
    pub fn epsilon(&self) -> f64 {
        self.epsilon
    }

    /// The model by itself.
    #[must_use]
    pub fn into_model(self) -> Model {
        self.model
    }

    /// The model, a minimisation.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Which variable is which.
    #[must_use]
    pub fn structure(&self) -> &Structure {
        &self.structure
    }
}

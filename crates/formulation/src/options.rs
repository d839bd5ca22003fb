//! What is a matter of taste in the model, and in how it is searched.

/// Options of [`crate::Formulation::new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormulationOptions {
    /// Whether rows and bounds exclude networks that differ only by a permutation of hidden neurons or, with biases,
    /// by complemented ones. The optimum is the same.
    pub symmetry: bool,
    /// Whether rows and bounds are widened (by about 1e-12) so that every network with the margin satisfies them in *exact*
    /// arithmetic, as the decimals that a file would hold: whatever is said of the data asks for that, so training does it. Otherwise rows are
    /// only as exact as floats.
    pub outward: bool,
}

impl Default for FormulationOptions {
    fn default() -> Self {
        Self { symmetry: true, outward: false }
    }
}

budget::parameters! {
    /// Parameters of training by the model: how it searches, never what it may claim.
    pub struct Parameters = "formulation" {
        /// Whether each function that the output may compute of a few hidden neurons has a model of its own; else the output is a neuron with
        /// weights, as in the model that `formulate` writes.
        by_output: bool = true;
    }
}

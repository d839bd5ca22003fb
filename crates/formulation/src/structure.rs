//! Which variable of the model is which weight, bias or activation.

use milp::VarId;

/// The variables of one layer (d_(k-1) inputs, d_k outputs).
#[derive(Clone, Debug, Default)]
pub struct LayerVars {
    /// d_(k-1).
    pub inputs: usize,
    /// d_k.
    pub outputs: usize,
    /// W^k by rows, as in [`bdnn::Layer`].
    pub weights: Vec<VarId>,
    /// b^k; empty without biases.
    pub biases: Vec<VarId>,
    /// xi >= |W^k| by rows; empty where nothing needs it.
    pub magnitudes: Vec<VarId>,
    /// One a neuron, at least its largest |W^k_jl|; empty where nothing needs it.
    pub norms: Vec<VarId>,
    /// Indicators of W^k_jl != 0 by rows; empty without an l0 term.
    pub nonzeros: Vec<VarId>,
    /// u^k: part `p`, neuron `j` at `p * outputs + j`.
    pub activations: Vec<VarId>,
    /// Products: part `p`, neuron `j`, input `l` at `(p * outputs + j) * inputs + l`; empty in the first layer.
    pub products: Vec<VarId>,
}

impl LayerVars {
    /// u^k_j of part `part`.
    #[must_use]
    pub fn activation(&self, part: usize, j: usize) -> VarId {
        self.activations[part * self.outputs + j]
    }

    /// The product of W^k_jl and u^(k-1)_l of part `part`.
    #[must_use]
    pub fn product(&self, part: usize, j: usize, l: usize) -> VarId {
        self.products[(part * self.outputs + j) * self.inputs + l]
    }
}

/// The binary that is 1 if the outputs on a part are not those of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointError {
    /// The part.
    pub part: usize,
    /// The class.
    pub class: usize,
    /// The variable.
    pub var: VarId,
}

/// The binaries of what weights must keep to.
#[derive(Clone, Debug, Default)]
pub struct RestrictionVars {
    /// r and f of the neurons of each hidden layer; empty without directions.
    pub trends: Vec<Vec<[VarId; 2]>>,
    /// v of every feature; empty unless their number is limited.
    pub features: Vec<VarId>,
}

/// All variables of a model.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// Layers 1..K.
    pub layers: Vec<LayerVars>,
    /// Errors of the zero-one loss with three or more classes; empty otherwise.
    pub errors: Vec<PointError>,
    /// Binaries of restrictions.
    pub restrictions: RestrictionVars,
    /// Number of parts; without a partition, of distinct points.
    pub parts: usize,
    /// The part of each distinct point.
    pub part_of: Vec<usize>,
    /// Rows of each class in each part: part `p`, class `c` at `p * classes + c`.
    pub counts: Vec<u64>,
    /// C.
    pub classes: usize,
}

impl Structure {
    /// How many rows of part `part` carry each class.
    #[must_use]
    pub fn counts(&self, part: usize) -> &[u64] {
        &self.counts[part * self.classes..(part + 1) * self.classes]
    }
}

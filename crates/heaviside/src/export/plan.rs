//! How a network is computed by an exported form: layer by layer in whole numbers where that is exact, else in floats.
//!
//! Entry point: [`Plan::new`].

use super::inputs::Inputs;
use super::whole::{Affine, Range, WholeLayer};
use bdnn::{Layer, Model, Scaler};

/// One layer.
#[derive(Clone, Debug)]
pub(super) enum Step<'m> {
    /// On whole inputs.
    Whole(WholeLayer),
    /// On floats; the first layer's inputs are (raw - shift) / divisor.
    Real { layer: &'m Layer, scaler: Option<&'m Scaler> },
}

/// All layers.
#[derive(Clone, Debug)]
pub(super) struct Plan<'m> {
    pub model: &'m Model,
    /// What is given: whole numbers only where the first layer is whole.
    pub inputs: Inputs,
    pub steps: Vec<Step<'m>>,
}

impl<'m> Plan<'m> {
    /// The plan in which whole numbers stay within [-most, most].
    pub(super) fn new(model: &'m Model, inputs: &Inputs, most: i64) -> Self {
        let mut ranges: Option<Vec<Range>> = match inputs {
            Inputs::Real => None,
            Inputs::Whole(ranges) => Some(ranges.clone()),
        };
        let layers = &model.network.layers;
        let mut steps = vec![];
        for (k, layer) in layers.iter().enumerate() {
            let scaler = (k == 0).then_some(&model.scaler);
            let is_scores = k + 1 == layers.len() && layer.outputs > 1;
            let build = if is_scores { WholeLayer::output } else { WholeLayer::hidden };
            let whole = ranges.as_ref().and_then(|ranges| build(&Affine::of(layer, scaler), ranges, most));
            // What comes next sees zeros and ones.
            ranges = Some(vec![(0, 1); layer.outputs]);
            let changes = |scaler: &&Scaler| **scaler != Scaler::identity(layer.inputs);
            steps.push(whole.map_or(Step::Real { layer, scaler: scaler.filter(changes) }, Step::Whole));
        }
        let inputs = if matches!(steps.first(), Some(Step::Whole(_))) { inputs.clone() } else { Inputs::Real };
        Self { model, inputs, steps }
    }

    /// The layers, from 1, that are computed in floats.
    pub(super) fn real_layers(&self) -> Vec<usize> {
        let real = |(k, step): (usize, &Step<'_>)| matches!(step, Step::Real { .. }).then_some(k + 1);
        self.steps.iter().enumerate().filter_map(real).collect()
    }
}

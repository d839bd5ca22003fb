//! Random networks as model files, with rows that try their ties.

use crate::random::Source;
use bdnn::data::Scaling;
use bdnn::exact::ExactNetwork;
use bdnn::model::{Claim, Provenance};
use bdnn::{Architecture, Layer, Loss, Model, Network, Scaler, Schema, Status, WeightDomain};
use std::fmt::Write as _;

/// What the features of a network are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// From 0 to 9.
    Small,
    /// From -300 to 300.
    Signed,
    /// To and fro by millions.
    Huge,
    /// Quarters in [-1, 1], and others.
    Real,
}

/// A model, and rows of it.
pub struct Case {
    /// The model.
    pub model: Model,
    /// Its rows, in raw units.
    pub rows: Vec<Vec<f64>>,
}

impl Case {
    /// A network of a random shape: up to five classes, up to three hidden layers, any kind of weights, scaled or not. Some biases
    /// are such that a row meets 0, or misses it by a digit.
    pub fn random(source: &mut Source, features: Features) -> Self {
        let inputs = source.whole(1, 6);
        let hidden: Vec<usize> = (0..source.whole(0, 3)).map(|_| source.whole(1, 5)).collect();
        let classes = source.whole(2, 5);
        let weights = match source.whole(0, 3) {
            0 => WeightDomain::Integer(1),
            1 => WeightDomain::Integer([2, 7, 100, 1 << 20][source.whole(0, 3)]),
            _ => WeightDomain::Continuous,
        };
        let architecture = Architecture { inputs, hidden, classes, bias: !source.one_in(4), weights };
        let rows: Vec<Vec<f64>> = (0..30).map(|_| (0..inputs).map(|_| feature(source, features)).collect()).collect();
        let scaler = scaler(source, inputs);
        let mut network = Network { layers: vec![] };
        let widths = architecture.widths();
        for pair in widths.windows(2) {
            let layer = layer(source, &architecture, pair[0], pair[1]);
            network.layers.push(layer);
            if architecture.bias {
                meet(source, &mut network, &scaler, &rows);
            }
        }
        Self { model: model(architecture, network, scaler), rows }
    }

    /// The rows as a file with labels, each class where the network puts it first.
    pub fn csv(&self) -> String {
        let mut out = self.model.schema.features.join(",") + ",label\n";
        for (i, row) in self.rows.iter().enumerate() {
            let class = &self.model.schema.classes[i % self.model.schema.classes.len()];
            let row: Vec<String> = row.iter().map(|x| format!("{x:?}")).collect();
            writeln!(out, "{},{class}", row.join(",")).expect("strings take it");
        }
        out
    }
}

fn feature(source: &mut Source, features: Features) -> f64 {
    match features {
        Features::Small => source.whole(0, 9) as f64,
        Features::Signed => source.whole(0, 600) as f64 - 300.0,
        Features::Huge => source.whole(0, 4_000_000_000) as f64 - 2e9,
        Features::Real if source.one_in(2) => source.whole(0, 8) as f64 / 4.0 - 1.0,
        Features::Real => source.whole(0, 1_000_000) as f64 / 1e4 - 50.0,
    }
}

fn scaler(source: &mut Source, inputs: usize) -> Scaler {
    let mut scaler = Scaler::identity(inputs);
    if source.one_in(2) {
        for j in 0..inputs {
            scaler.shift[j] = [0.0, -3.0, 2.5, 0.1][source.whole(0, 3)];
            scaler.divisor[j] = [1.0, 9.0, 7.0, 0.3, 600.0][source.whole(0, 4)];
        }
    }
    scaler
}

fn layer(source: &mut Source, architecture: &Architecture, inputs: usize, outputs: usize) -> Layer {
    let weight = |source: &mut Source| match architecture.weights {
        WeightDomain::Integer(bound) => source.whole(0, 2 * bound as usize) as f64 - f64::from(bound),
        // Tenths, and numbers with all their digits.
        WeightDomain::Continuous if source.one_in(2) => source.whole(0, 20) as f64 / 10.0 - 1.0,
        WeightDomain::Continuous => source.whole(0, 1 << 50) as f64 / 2_f64.powi(49) - 1.0,
    };
    let biases: Vec<f64> = (0..outputs)
        .map(|_| match (architecture.bias, source.whole(0, 3)) {
            (false, _) | (_, 0) => 0.0,
            (_, 1) => source.whole(0, 12) as f64 / 4.0 - 1.5,
            _ => source.whole(0, 1 << 50) as f64 / 2_f64.powi(48) - 2.0,
        })
        .collect();
    Layer { inputs, outputs, weights: (0..inputs * outputs).map(|_| weight(source)).collect(), biases }
}

/// Moves biases of the last layer so that a neuron is at 0 for some row, exactly or nearly, or two neurons are as large.
fn meet(source: &mut Source, network: &mut Network, scaler: &Scaler, rows: &[Vec<f64>]) {
    let at = network.layers.len() - 1;
    for j in 0..network.layers[at].outputs {
        if source.one_in(2) {
            continue;
        }
        let row = &rows[source.whole(0, rows.len() - 1)];
        let values = ExactNetwork::new(network, scaler).pre_activations(row)[at].clone();
        let to = if j > 0 && source.one_in(2) { values[j - 1].to_f64().value() } else { 0.0 };
        let bias = &mut network.layers[at].biases[j];
        let met = *bias - values[j].to_f64().value() + to;
        *bias = [met, met, met.next_up(), met.next_down()][source.whole(0, 3)];
    }
}

fn model(architecture: Architecture, network: Network, scaler: Scaler) -> Model {
    let features = (1..=architecture.inputs).map(|j| format!("f{j} */ \"?\"")).collect();
    let classes = (0..architecture.classes).map(|class| format!("class {class} \\ ä??/")).collect();
    Model {
        program: "a test".to_owned(),
        scaling: Scaling::None,
        scaler,
        schema: Schema {
            features,
            named: true,
            label: "label".to_owned(),
            label_column: architecture.inputs,
            weight: None,
            one_hot: vec![],
            classes,
            positive: None,
        },
        training: Provenance::new("omt", Loss::Hamming, "0".repeat(64)),
        claim: Claim { status: Status::Heuristic, loss: 0, objective: 0.0, bound: 0.0 },
        architecture,
        network,
    }
}

//! A network that somebody else's solver returned, as a model file that claims what that solver claimed:
//!
//!     cargo run --release -p heaviside-acceptance --example wrong_optimum -- NETWORK.json DATA.csv MODEL.json
//!
//! NETWORK.json has `weights` (one a feature, on features scaled to [0, 1]), `bias`, `claimed_errors` and `claimed_bound`.
//! What comes of it is told in `docs/wrong-optimum.md`.

use bdnn::model::{Claim, Provenance};
use bdnn::{Architecture, Dataset, Layer, Loss, Model, Network, ReadOptions, Scaling, Status, WeightDomain};
use serde_json::Value;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [network, data, out] = arguments.as_slice() else {
        return Err("usage: wrong_optimum NETWORK.json DATA.csv MODEL.json".into());
    };
    write(network, data, out)
}

/// Writes the model file `out` of the network in `network`, for the data in `data`.
pub fn write(network: &str, data: &str, out: &str) -> Result<(), Box<dyn Error>> {
    let claimed: Value = serde_json::from_str(&std::fs::read_to_string(network)?)?;
    let data = Dataset::read(Path::new(data), &ReadOptions::default())?;
    let number = |value: &Value, name: &str| value.as_f64().ok_or_else(|| format!("{network}: no number `{name}`"));
    let weights = claimed["weights"].as_array().ok_or("no list `weights`")?;
    let weights: Vec<f64> = weights.iter().map(|weight| number(weight, "weights")).collect::<Result<_, _>>()?;
    let inputs = weights.len();
    if inputs != data.num_features() {
        return Err(format!("{inputs} weights for {} features", data.num_features()).into());
    }
    let members = data.all();
    let scaler = Scaling::MinMax.fit(&data, &members);
    let (errors, bound) =
        (number(&claimed["claimed_errors"], "claimed_errors")?, number(&claimed["claimed_bound"], "claimed_bound")?);
    let model = Model {
        program: "a MILP solver with default tolerances".to_owned(),
        architecture: Architecture {
            inputs,
            hidden: vec![],
            classes: 2,
            bias: true,
            weights: WeightDomain::Continuous,
        },
        network: Network {
            layers: vec![Layer { inputs, outputs: 1, weights, biases: vec![number(&claimed["bias"], "bias")?] }],
        },
        scaling: Scaling::MinMax,
        schema: data.schema.clone(),
        training: Provenance {
            epsilon: Some(1e-4),
            rows: members.len(),
            distinct_points: data.points(&members, &scaler).len(),
            ..Provenance::new("milp", Loss::ZeroOne, data.sha256(&members))
        },
        // The fraction is what tolerances left of the objective.
        claim: Claim { status: Status::Optimal, loss: errors.round() as u64, objective: errors, bound },
        scaler,
    };
    std::fs::write(out, model.to_json()?)?;
    Ok(())
}

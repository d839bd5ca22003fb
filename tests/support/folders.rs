//! The files of a proof folder that the command writes, for tests that call the engines themselves.

use bdnn::model::{Claim, Provenance};
use bdnn::{Model, Points, Problem, Scaling, Schema, Training};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// The fingerprint of the rows, as `docs/certificate-format.md` has it, with classes named by their numbers.
fn fingerprint(points: &Points, classes: &[usize]) -> String {
    let mut hash = Sha256::new();
    let number = |value: usize| (value as u64).to_le_bytes();
    hash.update(b"heaviside data 1\n");
    for size in [points.num_features(), points.num_classes(), classes.len()] {
        hash.update(number(size));
    }
    for class in 0..points.num_classes() {
        hash.update(number(class.to_string().len()));
        hash.update(class.to_string());
    }
    for (&point, &class) in points.of_row().iter().zip(classes) {
        points.raw(point).iter().for_each(|x| hash.update((x + 0.0).to_le_bytes()));
        hash.update(number(class));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A class for each row such that the counts are those of the points.
fn row_classes(points: &Points) -> Vec<usize> {
    let mut left: Vec<Vec<u32>> = (0..points.len()).map(|i| points.counts(i).to_vec()).collect();
    let mut class_of = |&point: &usize| {
        let class = left[point].iter().position(|&count| count > 0).expect("as many rows as counts");
        left[point][class] -= 1;
        class
    };
    points.of_row().iter().map(&mut class_of).collect()
}

/// Writes `problem.json` and `network.json` with the bound that the folder proves (null: no network satisfies the problem).
///
/// # Panics
/// If the folder cannot be written.
pub fn write_problem(dir: &Path, problem: &Problem, training: &Training, bound: serde_json::Value) {
    let points = &problem.points;
    let classes = row_classes(points);
    let provenance = Provenance::of("test", problem, fingerprint(points, &classes));
    let schema = Schema {
        features: (1..=points.num_features()).map(|j| format!("x{j}")).collect(),
        named: false,
        label: "class".to_owned(),
        label_column: points.num_features(),
        weight: None,
        one_hot: vec![],
        classes: (0..points.num_classes()).map(|class| class.to_string()).collect(),
        positive: None,
    };
    let raw: Vec<&[f64]> = (0..points.len()).map(|i| points.raw(i)).collect();
    let file = serde_json::json!({
        "format": "heaviside-proof",
        "version": 1,
        "architecture": &problem.architecture,
        "scaler": points.scaler(),
        "schema": &schema,
        "training": &provenance,
        "points": raw,
        "row_points": points.of_row(),
        "row_classes": classes,
        "partition": &problem.partition,
        "claim": { "bound": &bound, "loss": training.network.as_ref().map(|_| training.loss) },
    });
    fs::write(dir.join("problem.json"), file.to_string()).expect("a writable folder");
    let Some(network) = &training.network else { return };
    let model = Model {
        program: "test".to_owned(),
        architecture: problem.architecture.clone(),
        network: network.clone(),
        scaling: Scaling::None,
        scaler: points.scaler().clone(),
        schema,
        training: provenance,
        claim: Claim {
            status: training.status,
            loss: training.loss,
            objective: training.objective,
            bound: bound.as_f64().unwrap_or(0.0),
        },
    };
    model.write(&dir.join("network.json")).expect("a sound model");
}

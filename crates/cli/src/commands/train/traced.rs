//! The first line of a trace of training, and what its last one counts.

use crate::args::LimitArgs;
use heaviside::{Loss, Task, Training};
use serde_json::{Map, Value, json};
use std::path::Path;

/// What is trained, from which file, and how; whether it has a start and writes a proof. Cost: a digest of the rows that train.
pub fn start(
    data_file: &Path,
    limits: &LimitArgs,
    [start, proof]: [bool; 2],
    task: &Task<'_>,
) -> trace::Start<'static> {
    let (problem, data) = (task.problem(), task.data());
    let architecture = &problem.architecture;
    let mut options = limits.traced();
    let loss = if problem.loss == Loss::Hamming { "hamming" } else { "zero-one" };
    let asked = [
        ("hidden", json!(architecture.hidden)),
        ("weights", json!(architecture.weights)),
        ("bias", json!(architecture.bias)),
        ("loss", json!(loss)),
        ("l0", json!(problem.l0)),
        ("l1", json!(problem.l1)),
        ("epsilon", json!(problem.epsilon)),
        ("robust", json!(problem.robust.map(|robust| robust.radius))),
        ("start", json!(start)),
        ("proof", json!(proof)),
    ];
    options
        .extend(asked.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)));
    let more = json!({
        "points": problem.points.num_rows(),
        "features": problem.points.num_features(),
        "classes": &data.schema.classes,
    });
    let Value::Object(more) = more else { unreachable!("it is written as an object") };
    let name = data_file.file_name().map(|name| name.to_string_lossy().into_owned().into());
    let problem = trace::Problem {
        name,
        maximise: false,
        rows: problem.points.len() as u64,
        columns: architecture.widths()[1..].iter().sum::<usize>() as u64,
        integers: 0,
        hash: Some(data.sha256_of_units(&task.split().train, task.units()).into()),
        more,
    };
    let engine = Some(task.choice().engine.as_str().into());
    let seed = limits.seed;
    trace::Start { command: "train".into(), engine, problem, options, seed, ..trace::Start::default() }
}

/// What the run counted, for the last line of a trace.
pub fn statistics(training: &Training) -> Map<String, Value> {
    let statistics = &training.statistics;
    let mut figures = Map::new();
    figures.insert("nodes".to_owned(), statistics.nodes.into());
    figures.insert("conflicts".to_owned(), statistics.conflicts.into());
    figures.insert("lp_iterations".to_owned(), statistics.lp_iterations.into());
    figures.insert("seconds".to_owned(), statistics.seconds.into());
    figures.extend(statistics.more.iter().map(|(name, value)| (name.replace(' ', "_"), Value::from(*value))));
    figures
}

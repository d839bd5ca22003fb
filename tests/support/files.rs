//! Problems from data files.

use bdnn::{Architecture, Dataset, Loss, Problem, ReadOptions, Scaling, WeightDomain};
use std::path::Path;

/// The training problem of a data file: label last, biases, continuous weights, zero-one loss, ideal semantics.
///
/// # Panics
/// If the file cannot be read.
#[must_use]
pub fn problem(path: &Path, scaling: Scaling, hidden: &[usize]) -> Problem {
    let data = Dataset::read(path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let members = data.all();
    let points = data.points(&members, &scaling.fit(&data, &members));
    let architecture = Architecture {
        inputs: data.num_features(),
        hidden: hidden.to_vec(),
        classes: data.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    Problem::new(points, architecture, Loss::ZeroOne)
}

//! Whole solves with and without presolve, and their starts.

use rand::SeedableRng;

use super::models::{FEATURES, draw};
use super::truth::{Truth, kind, truth};
use super::*;
use crate::{Options, Quiet, Status, Verified, solve};

/// Whole solves with and without presolve end with the same word and the same optimum.
#[test]
fn solves_end_alike() {
    let mut compared = 0;
    for feature in 0..FEATURES.len() {
        let mut random = ChaCha8Rng::seed_from_u64(200 + feature as u64);
        for _ in 0..120 {
            let model = draw(feature, &mut random);
            let mut options = Options { node_limit: 3000, ..Options::default() };
            let with = solve(&model, &options, &mut Quiet).unwrap();
            options.parameters.presolve = false;
            let without = solve(&model, &options, &mut Quiet).unwrap();
            assert_eq!(with.status, without.status, "{model:?}");
            if with.status != Status::Optimal {
                continue;
            }
            compared += 1;
            let (a, b) = (with.objective.unwrap(), without.objective.unwrap());
            assert!((a - b).abs() <= 1e-6 * a.abs().max(1.0), "{a} {b} {model:?}");
            assert_eq!(with.solution.as_ref().unwrap().len(), model.num_vars());
            if let Some(exact) = &with.exact_solution {
                assert!(holds_at(&model, exact, &Budget::default()), "{model:?}");
            } else {
                assert_eq!(with.verified, Verified::Tolerance);
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

/// A start of the original model is one of the reduced model.
#[test]
fn starts_are_carried_over() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut carried = 0;
    for _ in 0..200 {
        let model = draw(8, &mut random);
        let (Truth::Optimum(_), Some(point)) = truth(&model) else { continue };
        let Presolved::Smaller(reduction) = presolve(&model, &Parameters::default(), &Budget::default()) else {
            continue;
        };
        if !reduction.steps.iter().any(|step| [4, 5].contains(&kind(step.as_ref()))) {
            continue;
        }
        let floats: Vec<f64> = point.iter().map(approximately).collect();
        let start = reduction.carry(&floats);
        assert_eq!(start.len(), reduction.model.num_vars());
        let objective = |model: &Model, x: &[f64]| model.objective(x);
        let difference = objective(&model, &floats) - objective(&reduction.model, &start);
        assert!(difference.abs() <= 1e-9, "{model:?}\n{:?}", reduction.model);
        carried += 1;
    }
    assert!(carried > 5, "{carried}");
}

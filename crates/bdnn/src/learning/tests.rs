//! What can be separated is, and what cannot comes near its least loss.

use super::*;
use crate::{Architecture, Loss, Norm, Points, Robust, Scaler, exact};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn problem(n: usize, classes: usize, rows: &[f64], labels: &[usize], bias: bool) -> Problem {
    let points = Points::merge(n, classes, rows, labels, Scaler::identity(n));
    let architecture = Architecture { inputs: n, hidden: vec![], classes, bias, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::Hamming)
}

fn loss(problem: &Problem) -> u64 {
    let network = network(problem, &|| false).expect("no hidden layers");
    exact::check(problem, &network).expect("satisfies the problem")
}

/// More dimensions than points: every labelling is possible, with or without bias.
#[test]
fn wide_data_are_separated() {
    for (m, n, bias) in [(40, 60, true), (40, 60, false), (30, 300, true), (1, 2, true)] {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let rows: Vec<f64> = (0..m * n).map(|_| random.random_range(-1.0..1.0)).collect();
        let labels: Vec<usize> = (0..m).map(|_| random.random_range(0..2)).collect();
        assert_eq!(loss(&problem(n, 2, &rows, &labels, bias)), 0, "{m} x {n}");
    }
}

/// A teacher's labels with little room beside the plane, features of very different sizes; then three classes of the same kind.
#[test]
fn narrow_gaps_are_found() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (mut rows, mut labels, mut three) = (vec![], vec![], vec![]);
    while labels.len() < 400 {
        let x: Vec<f64> = (0..4).map(|_| random.random_range(-1.0..1.0)).collect();
        let a = x[0] - 0.5 * x[1] + 0.2 * x[2] + 0.1;
        if a.abs() > 0.005 {
            rows.extend([x[0], 1000.0 * x[1], 3.0 + 0.01 * x[2], x[3]]);
            labels.push(usize::from(a > 0.0));
            three.push(if a < 0.0 { 0 } else { 1 + usize::from(a > 0.8) });
        }
    }
    assert_eq!(loss(&problem(4, 2, &rows, &labels, true)), 0);
    // The middle one of three stripes is no half-space; the outer two are.
    let outer = problem(4, 3, &rows, &three, true);
    let middle = three.iter().filter(|&&class| class == 1).count() as u64;
    assert!(loss(&outer) <= middle);
}

/// Flipped labels: no more errors than the flips.
#[test]
fn flips_are_given_up() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let rows: Vec<f64> = (0..4000 * 5).map(|_| random.random_range(-1.0..1.0)).collect();
    let flipped: Vec<bool> = (0..4000).map(|_| random.random_range(0.0..1.0) < 0.1).collect();
    let label = |(x, flip): (&[f64], &bool)| usize::from((x[0] + 0.7 * x[1] - 0.4 * x[2] > 0.1) != *flip);
    let labels: Vec<usize> = rows.chunks(5).zip(&flipped).map(label).collect();
    let flips = flipped.iter().filter(|flip| **flip).count() as u64;
    let loss = loss(&problem(5, 2, &rows, &labels, true));
    assert!(loss <= flips + flips / 20, "{loss} errors with {flips} flips");
}

/// Margins and balls get their room where there is some.
#[test]
fn margins_get_room() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let (mut rows, mut labels) = (vec![], vec![]);
    while labels.len() < 60 {
        let x: [f64; 2] = [random.random_range(-1.0..1.0), random.random_range(-1.0..1.0)];
        if (x[0] + x[1]).abs() > 0.6 {
            rows.extend(x);
            labels.push(usize::from(x[0] + x[1] > 0.0));
        }
    }
    for bias in [true, false] {
        let margin = Problem { epsilon: Some(0.3), ..problem(2, 2, &rows, &labels, bias) };
        assert_eq!(loss(&margin), 0);
        let robust = Problem { robust: Some(Robust { radius: 0.1, norm: Norm::Linf }), ..margin.clone() };
        assert_eq!(loss(&robust), 0);
        let robust = Problem { robust: Some(Robust { radius: 0.1, norm: Norm::L1 }), ..margin };
        assert_eq!(loss(&robust), 0);
    }
}

/// Hidden layers hand on what single neurons do.
#[test]
fn hidden_layers_hand_on() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let rows: Vec<f64> = (0..300 * 3).map(|_| random.random_range(-1.0..1.0)).collect();
    let labels: Vec<usize> = rows.chunks(3).map(|x| usize::from(x[0] > 0.2) + usize::from(x[1] > x[0])).collect();
    let plain = problem(3, 3, &rows, &labels, true);
    let mut deep = plain.clone();
    deep.architecture.hidden = vec![5, 3];
    let handed = network(&deep, &|| false).expect("wide enough");
    assert_eq!(exact::check(&deep, &handed), Ok(loss(&plain)));
    deep.architecture.hidden = vec![5, 2];
    assert!(network(&deep, &|| false).is_none());
}

/// Told to stop, it comes back with some network; equal features and one class alone are no trouble.
#[test]
fn odd_problems_are_answered() {
    let problem = |rows: &[f64], labels: &[usize]| problem(2, 2, rows, labels, true);
    let conflict = problem(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0], &[0, 1, 1]);
    assert_eq!(loss(&conflict), 1);
    assert_eq!(loss(&problem(&[1.0, 2.0, 3.0, 4.0], &[1, 1])), 0);
    let stopped = network(&conflict, &|| true).expect("some network");
    assert!(exact::check(&conflict, &stopped).is_ok());
}

//! Exact arithmetic on the operations this project needs: the measurements behind docs/decisions/0001-rationals.md.
//!
//! `cargo bench -p bdnn --bench rationals`

// The macro below makes a function without documentation.
#![allow(missing_docs)]

use bdnn::exact::ExactNetwork;
use bdnn::{Layer, Network, Rational, Scaler};
use criterion::{Criterion, criterion_group, criterion_main};
use num_rational::BigRational;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::hint::black_box;
use std::ops::{Add, Div, Mul, Sub};

/// What the two candidates share.
trait Exact: Clone + PartialOrd
where
    Self: Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>,
{
    fn of(value: f64) -> Self;
}

impl Exact for Rational {
    fn of(value: f64) -> Self {
        Self::try_from(value).expect("finite")
    }
}

impl Exact for BigRational {
    fn of(value: f64) -> Self {
        Self::from_float(value).expect("finite")
    }
}

/// w'x + b over x = (raw - shift) / divisor, term by term.
fn pre_activation<R: Exact>(weights: &[f64], bias: f64, scaler: &Scaler, raw: &[f64]) -> R {
    weights.iter().zip(raw).enumerate().fold(R::of(bias), |sum, (j, (&w, &x))| {
        sum + R::of(w) * ((R::of(x) - R::of(scaler.shift[j])) / R::of(scaler.divisor[j]))
    })
}

/// Solves a square system by Gaussian elimination, as the repair of a certificate does.
fn solve<R: Exact>(matrix: &[Vec<R>], rhs: &[R]) -> Vec<R> {
    let n = rhs.len();
    let zero = R::of(0.0);
    let mut rows: Vec<Vec<R>> =
        matrix.iter().zip(rhs).map(|(row, b)| [&row[..], std::slice::from_ref(b)].concat()).collect();
    for k in 0..n {
        let pivot = (k..n).find(|&i| rows[i][k] != zero).expect("random matrices are regular");
        rows.swap(k, pivot);
        let chosen = rows[k].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|&(i, _)| i != k) {
            let factor = row[k].clone() / chosen[k].clone();
            for (entry, above) in row.iter_mut().zip(&chosen).skip(k) {
                *entry = entry.clone() - factor.clone() * above.clone();
            }
        }
    }
    (0..n).map(|k| rows[k][n].clone() / rows[k][k].clone()).collect()
}

/// A decimal with four digits, as data files hold them.
fn decimal(random: &mut impl Rng) -> f64 {
    f64::from(random.random_range(0..10_000u32)) / 1000.0
}

fn forward(c: &mut Criterion) {
    let features = 30;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let weights: Vec<f64> = (0..features).map(|_| random.random_range(-1.0..1.0)).collect();
    let bias = random.random_range(-1.0..1.0);
    let raw: Vec<f64> = (0..features).map(|_| decimal(&mut random)).collect();
    let scalers = [
        ("minmax", Scaler { shift: vec![1.0; features], divisor: vec![9.0; features] }),
        (
            "standard",
            Scaler {
                shift: (0..features).map(|_| random.random_range(4.0..6.0)).collect(),
                divisor: (0..features).map(|_| random.random_range(1.0..3.0)).collect(),
            },
        ),
    ];
    for (name, scaler) in scalers {
        let layer = Layer { inputs: features, outputs: 1, weights: weights.clone(), biases: vec![bias] };
        let exact = ExactNetwork::new(&Network { layers: vec![layer] }, &scaler);
        // A bias that puts the point within rounding of the hyperplane: floats cannot decide.
        let value: Rational = pre_activation(&weights, bias, &scaler, &raw);
        let near = bias - value.to_f64().value();
        let layer = Layer { inputs: features, outputs: 1, weights: weights.clone(), biases: vec![near] };
        let hard = ExactNetwork::new(&Network { layers: vec![layer] }, &scaler);
        let mut group = c.benchmark_group(format!("sign of a neuron over 30 features, {name}"));
        group.bench_function("num-rational", |b| {
            b.iter(|| pre_activation::<BigRational>(&weights, bias, &scaler, black_box(&raw)) >= BigRational::of(0.0));
        });
        group.bench_function("dashu", |b| {
            b.iter(|| pre_activation::<Rational>(&weights, bias, &scaler, black_box(&raw)) >= Rational::ZERO);
        });
        group.bench_function("exact pass, undecided by floats", |b| b.iter(|| hard.outputs(black_box(&raw))));
        group.bench_function("exact pass, decided by floats", |b| b.iter(|| exact.outputs(black_box(&raw))));
        group.finish();
    }
}

fn systems(c: &mut Criterion) {
    for (name, n, whole) in [("floats", 10, false), ("small integers", 10, true), ("small integers", 30, true)] {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let mut entry = || if whole { f64::from(random.random_range(0..=10)) } else { random.random_range(-1.0..1.0) };
        let matrix: Vec<Vec<f64>> = (0..n).map(|_| (0..n).map(|_| entry()).collect()).collect();
        let rhs: Vec<f64> = (0..n).map(|_| entry()).collect();
        let mut group = c.benchmark_group(format!("{n} equations in {name}"));
        group.sample_size(10);
        fn bench<R: Exact>(b: &mut criterion::Bencher, matrix: &[Vec<f64>], rhs: &[f64]) {
            let matrix: Vec<Vec<R>> = matrix.iter().map(|row| row.iter().map(|&x| R::of(x)).collect()).collect();
            let rhs: Vec<R> = rhs.iter().map(|&x| R::of(x)).collect();
            b.iter(|| solve(black_box(&matrix), &rhs));
        }
        group.bench_function("num-rational", |b| bench::<BigRational>(b, &matrix, &rhs));
        group.bench_function("dashu", |b| bench::<Rational>(b, &matrix, &rhs));
        group.finish();
    }
}

criterion_group!(benches, forward, systems);
criterion_main!(benches);

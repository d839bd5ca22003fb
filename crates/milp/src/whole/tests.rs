//! Systems with known answers, and random ones against brute force over residues.

use super::*;
use crate::Parameters;
use crate::model::Model;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn whole_model(columns: usize) -> Model {
    let mut model = Model::new("whole");
    for j in 0..columns {
        model.add_var(format!("x{j}"), f64::NEG_INFINITY, f64::INFINITY, 0.0, VarKind::Integer);
    }
    model
}

fn row(model: &mut Model, lower: f64, upper: f64, coefficients: &[f64]) {
    let name = format!("r{}", model.num_rows());
    model.add_row(name, lower, upper, (0..).map(VarId).zip(coefficients.iter().copied()));
}

fn found(model: &Model) -> WholeRows {
    WholeRows::of(model, Parameters::default().elimination_work, &Budget::default())
}

#[test]
fn single_equations() {
    let cases: [(&[f64], f64, bool); 8] = [
        (&[2.0, -4.0], 15.0, true),
        (&[2.0, -4.0], 14.0, false),
        (&[6.0, -4.0, 10.0], 7.0, true),
        (&[1.0, -1.0], 0.5, true),
        (&[0.1, 0.2], 0.25, true),
        (&[0.1, 0.2], 0.3, false),
        (&[3.0], 1e15 + 1.0, true),
        (&[6.0, 10.0, 15.0], 1.0, false),
    ];
    for (coefficients, right, infeasible) in cases {
        let mut model = whole_model(coefficients.len());
        row(&mut model, right, right, coefficients);
        assert_eq!(found(&model).contradiction.is_some(), infeasible, "{coefficients:?} = {right}");
    }
}

#[test]
fn sides_are_rounded_in_the_units_of_the_row() {
    let mut model = whole_model(3);
    row(&mut model, f64::NEG_INFINITY, 7.0, &[2.0, 4.0]);
    row(&mut model, 1.0, 8.0, &[3.0, 6.0]);
    row(&mut model, f64::NEG_INFINITY, 0.35, &[0.1, 0.2]);
    row(&mut model, 1.0, 5.0, &[1.0, 1.0]);
    row(&mut model, 3.0, 3.5, &[2.0, 2.0]);
    let rounded = found(&model);
    assert!(rounded.contradiction.is_some(), "between 3/2 and 7/4 there is no whole number");
    model.rows.pop();
    let rounded = found(&model).rounded;
    let tight = WholeRows::apply(&rounded, &model);
    let sides: Vec<(f64, f64)> = tight.rows.iter().map(|row| (row.lower, row.upper)).collect();
    assert_eq!(sides, [(f64::NEG_INFINITY, 6.0), (3.0, 6.0), (f64::NEG_INFINITY, 0.3), (1.0, 5.0)]);
}

/// A continuous column has any value: nothing is rounded. Fixed, it is a constant.
#[test]
fn continuous_columns() {
    let mut model = whole_model(2);
    model.variables[1].kind = VarKind::Continuous;
    row(&mut model, 1.0, 1.0, &[2.0, 4.0]);
    assert!(found(&model).contradiction.is_none());
    (model.variables[1].lower, model.variables[1].upper) = (0.5, 0.5);
    assert!(found(&model).contradiction.is_some(), "2 x = -1");
    (model.variables[1].lower, model.variables[1].upper) = (0.25, 0.25);
    assert!(found(&model).contradiction.is_none(), "2 x = 0");
}

/// Each equation has whole solutions, and both together have none.
#[test]
fn equations_together() {
    let mut model = whole_model(3);
    row(&mut model, 0.0, 0.0, &[1.0, 1.0, 1.0]);
    row(&mut model, 1.0, 1.0, &[1.0, -1.0, 1.0]);
    assert!(found(&model).contradiction.is_some(), "their difference is 2 x1 = -1");
    let mut model = whole_model(4);
    row(&mut model, 1.0, 1.0, &[6.0, 10.0, 15.0, 0.0]);
    row(&mut model, 3.0, 3.0, &[10.0, 15.0, 6.0, 0.0]);
    row(&mut model, 2.0, 2.0, &[15.0, 6.0, 10.0, 0.0]);
    assert!(found(&model).contradiction.is_some(), "their sum is 31 (x0 + x1 + x2) = 6");
    // A contradiction of the relaxation is one, too.
    let mut model = whole_model(2);
    row(&mut model, 1.0, 1.0, &[2.0, 3.0]);
    row(&mut model, 5.0, 5.0, &[4.0, 6.0]);
    assert!(found(&model).contradiction.is_some());
}

/// Two equations of rank 2 have a whole solution if and only if they have one modulo a maximal minor that is not zero.
#[test]
fn random_systems_agree_with_residues() {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let mut counts = [0; 2];
    for _ in 0..3000 {
        let a: [[i64; 3]; 2] = std::array::from_fn(|_| std::array::from_fn(|_| random.random_range(-5..6)));
        let b: [i64; 2] = std::array::from_fn(|_| random.random_range(-9..10));
        let minor = |i: usize, j: usize| a[0][i] * a[1][j] - a[0][j] * a[1][i];
        let minors = [minor(0, 1), minor(0, 2), minor(1, 2)];
        let Some(modulus) = minors.iter().map(|d| d.abs()).filter(|d| *d > 0).min() else { continue };
        let residues = || 0..modulus;
        let solves = |x: [i64; 3]| {
            (0..2).all(|i| (0..3).map(|j| a[i][j] * x[j]).sum::<i64>().rem_euclid(modulus) == b[i].rem_euclid(modulus))
        };
        let solvable = residues().any(|x| residues().any(|y| residues().any(|z| solves([x, y, z]))));
        let mut model = whole_model(3);
        for i in 0..2 {
            row(&mut model, b[i] as f64, b[i] as f64, &a[i].map(|a| a as f64));
        }
        assert_eq!(found(&model).contradiction.is_none(), solvable, "{a:?} {b:?}");
        counts[usize::from(solvable)] += 1;
    }
    assert!(counts.iter().all(|&count| count > 300), "{counts:?}");
}

/// What is found in a feasible model removes nothing: rows with sides around a known whole point keep it.
#[test]
fn a_known_point_survives() {
    let mut random = ChaCha8Rng::seed_from_u64(29);
    for _ in 0..500 {
        let n = random.random_range(2..9);
        let x: Vec<i64> = (0..n).map(|_| random.random_range(-1000..1000)).collect();
        let mut model = whole_model(n);
        for _ in 0..random.random_range(1..n) {
            let a: Vec<i64> = (0..n).map(|_| random.random_range(-9..10) * random.random_range(0..2)).collect();
            let value = a.iter().zip(&x).map(|(a, x)| a * x).sum::<i64>() as f64;
            let slack = [0.0, 0.0, 0.5, 3.25][random.random_range(0..4)];
            let a: Vec<f64> = a.iter().map(|&a| a as f64).collect();
            row(&mut model, value - slack, value + slack, &a);
        }
        let whole = found(&model);
        assert!(whole.contradiction.is_none());
        let tight = WholeRows::apply(&whole.rounded, &model);
        let point: Vec<f64> = x.iter().map(|&x| x as f64).collect();
        assert!(crate::check::is_feasible(&tight, &point, 0.0, 0.0));
    }
}

/// Elimination that is cut short finds nothing, and ends.
#[test]
fn large_systems_are_given_up() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let mut model = whole_model(80);
    for _ in 0..70 {
        let a: Vec<f64> = (0..80).map(|_| f64::from(random.random_range(-999..1000))).collect();
        row(&mut model, 1.0, 1.0, &a);
    }
    let limit = 1000;
    let equations = (0..70).map(|i| {
        let whole = WholeRow::new(&model, RowId(i), &model.rows[i as usize]).unwrap();
        let right = whole.lower.unwrap().numerator().clone();
        system::Equation::new(i, whole.terms, right, &whole.unit)
    });
    let budget = Budget::default().stopped_by(&|| true);
    assert!(system::contradiction(equations.collect(), limit, &budget).is_none());
    assert!(budget.over().is_some(), "the budget was asked");
}

//! Large models whose structure has made some reduction quadratic: what presolve costs grows with their size, and it asks all the while.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::models::INF;
use super::*;
use crate::model::VarId;

/// Columns that are all one: `x_i = y`.
fn all_equal(n: u32) -> Model {
    let mut model = Model::new("all equal");
    let y = model.add_var("", 0.0, f64::from(2 * n), -1.0, VarKind::Continuous);
    for i in 0..n {
        let x = model.add_var("", 0.0, f64::from(2 * n - i), 1.0 + f64::from(i % 7), VarKind::Continuous);
        model.add_row("", 0.0, 0.0, [(x, 1.0), (y, -1.0)]);
    }
    model
}

/// The least `z` with `z - m_i y_i >= b_i`.
fn makespan(n: u32) -> Model {
    let mut model = Model::new("makespan");
    let z = model.add_var("", 0.0, INF, 1.0, VarKind::Continuous);
    for i in 0..n {
        let y = model.add_var("", 0.0, 1.0, -1.0, VarKind::Integer);
        model.add_row("", 1.0 + f64::from(i % 100), INF, [(z, 1.0), (y, -f64::from(2 + i % 9))]);
    }
    model
}

/// `x = y`, both in the same rows; in half of them they cancel.
fn twins(n: u32) -> Model {
    let mut model = Model::new("twins");
    let [x, y] = [1.0, 2.0].map(|cost| model.add_var("", 0.0, 9.0, cost, VarKind::Continuous));
    model.add_row("", 0.0, 0.0, [(x, 1.0), (y, -1.0)]);
    for i in 0..n {
        let z = model.add_var("", 0.0, 9.0, 1.0, VarKind::Integer);
        let b = if i % 2 == 0 { -1.0 } else { f64::from(2 + i % 5) };
        model.add_row("", 1.0 + f64::from(i % 3), INF, [(x, 1.0), (y, b), (z, 2.5)]);
    }
    model
}

/// One row over columns without cost.
fn one_wide_row(n: u32) -> Model {
    let mut model = Model::new("one wide row");
    let y = model.add_var("", 0.0, INF, 1.0, VarKind::Continuous);
    let columns: Vec<(VarId, f64)> =
        (0..n).map(|i| (model.add_var("", 0.0, 1.0, 0.0, VarKind::Continuous), 1.0 + f64::from(i % 4))).collect();
    model.add_row("", f64::from(4 * n), f64::from(5 * n), columns.into_iter().chain([(y, 1.0)]));
    model
}

/// Short rows that tighten bounds, over columns of one dense row.
fn one_dense_row(n: u32) -> Model {
    let mut model = Model::new("one dense row");
    let mut dense = Vec::new();
    for i in 0..n {
        let k = model.add_var("", 0.0, 9.0, 1.0, VarKind::Integer);
        let c = model.add_var("", 0.0, 0.5, 1.0, VarKind::Continuous);
        model.add_row("", -INF, 7.0 + f64::from(i % 3), [(k, 2.0), (c, 1.0)]);
        dense.extend([(k, 1.0), (c, 1.0 + f64::from(i % 2))]);
    }
    model.add_row("", f64::from(n), INF, dense);
    model
}

/// `20 x_{t+1} = 21 x_t`.
fn growth(n: u32) -> Model {
    let mut model = Model::new("growth");
    let mut last = model.add_var("", -INF, INF, 1.0, VarKind::Continuous);
    for _ in 0..n {
        let next = model.add_var("", -INF, INF, 1.0, VarKind::Continuous);
        model.add_row("", 0.0, 0.0, [(next, 1.0), (last, -1.05)]);
        last = next;
    }
    model.add_row("", 1.0, INF, [(last, 1.0), (VarId(0), 1.0)]);
    model
}

/// The same, each column a slack of the next row.
fn loose_growth(n: u32) -> Model {
    let mut model = Model::new("loose growth");
    let mut last = model.add_var("", -INF, INF, 0.0, VarKind::Continuous);
    for _ in 0..n {
        let next = model.add_var("", -INF, INF, 0.0, VarKind::Continuous);
        model.add_row("", 1.0, 2.0, [(next, 1.0), (last, -1.05)]);
        last = next;
    }
    model
}

pub type Family = fn(u32) -> Model;

pub const FAMILIES: [Family; 7] = [all_equal, makespan, twins, one_wide_row, one_dense_row, growth, loose_growth];

/// Work in units of the budget, per non-zero: the same for models of two sizes, as far as the limit of presolve does not come first.
#[test]
fn work_is_linear() {
    for family in FAMILIES {
        let work = |n: u32| {
            let model = family(n);
            let budget = Budget::default();
            let mut work = Work::of(&model, &Parameters::default(), &budget).expect("no limits");
            let before = work.allowance;
            assert_eq!(reduce(&mut work), Ok(()), "{} of {n}", model.name);
            let spent = (before - work.allowance) as f64 / model.num_nonzeros() as f64;
            let numbers: usize = work.steps.iter().map(|step| seen(step.as_ref())).sum();
            (spent, numbers as f64 / model.num_nonzeros() as f64)
        };
        let ((few, few_kept), (many, many_kept)) = (work(500), work(4000));
        assert!(many <= 1.5 * few + 1.0, "{few} and {many} visits of each non-zero");
        assert!(many_kept <= 1.5 * few_kept + 0.1 && many_kept <= 2.0, "{few_kept} and {many_kept} numbers kept");
    }
}

fn seen(step: &dyn Step) -> usize {
    let mut count = 0;
    step.columns(&mut |_| count += 1);
    count
}

/// What is taken back has no more digits than [`crate::tolerances::PRESOLVE_BITS`] allows.
#[test]
fn digits_do_not_pile_up() {
    for family in [growth, loose_growth] {
        let model = family(3000);
        let Presolved::Smaller(reduction) = presolve(&model, &Parameters::default(), &Budget::default()) else {
            panic!("{} is reduced", model.name)
        };
        let x = vec![RBig::ONE; reduction.model.num_vars()];
        let back = reduction.restore(&x, &Budget::default()).expect("no limits");
        let most = back.iter().map(bits).max().unwrap_or(0);
        assert!(most > 50 && most < 2 * crate::tolerances::PRESOLVE_BITS, "{most}");
    }
}

/// Seconds of presolve and postsolve, and the longest time in which nobody asked.
#[test]
#[ignore = "measures; N=100000 SECONDS=60"]
fn seconds() {
    let number = |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let n = number("N", 1e5) as u32;
    for family in FAMILIES {
        let model = family(n);
        let began = Instant::now();
        let (last, longest, asked) = (Cell::new(began), Cell::new(Duration::ZERO), Cell::new(0));
        let limit = Duration::from_secs_f64(number("SECONDS", 60.0));
        let stop = || {
            let now = Instant::now();
            longest.set(longest.get().max(now - last.get()));
            last.set(now);
            asked.set(asked.get() + 1);
            now - began > limit
        };
        let budget = Budget::default().stopped_by(&stop);
        let presolved = presolve(&model, &Parameters::default(), &budget);
        stop();
        let took = began.elapsed().as_secs_f64();
        print!(
            "{:<16} {took:>8.3} s, longest {:>7.3} s without a question, {} asked",
            model.name,
            longest.get().as_secs_f64(),
            asked.get()
        );
        let Presolved::Smaller(reduction) = presolved else {
            println!("  nothing");
            continue;
        };
        println!(
            "  {} x {} of {} x {}",
            reduction.model.num_rows(),
            reduction.model.num_vars(),
            model.num_rows(),
            model.num_vars()
        );
        let x = vec![1.0; reduction.model.num_vars()];
        let began = Instant::now();
        let back = reduction.restore_floats(&x, &Budget::default()).expect("no limits");
        println!("{:<16} {:>8.3} s to restore {}", "", began.elapsed().as_secs_f64(), back.len());
    }
}

/// The same for the models of a folder, all together: `MODELS=folder`.
#[test]
#[ignore = "needs ../shared"]
fn seconds_of_files() {
    let folder = std::env::var("MODELS").unwrap_or_else(|_| "../../../shared/data/netlib".to_owned());
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let (mut seconds, mut before, mut after) = (0.0, [0; 2], [0; 2]);
    for model in files.iter().filter_map(|file| crate::io::read_model(file).ok()) {
        let began = Instant::now();
        let presolved = presolve(&model, &Parameters::default(), &Budget::default());
        let took = began.elapsed().as_secs_f64();
        seconds += took;
        let reduced = if let Presolved::Smaller(reduction) = &presolved { &reduction.model } else { &model };
        for (sum, model) in [(&mut before, &model), (&mut after, reduced)] {
            sum[0] += model.num_rows();
            sum[1] += model.num_vars();
        }
        println!("{:<12} {took:>7.3} s  {} x {}", model.name, reduced.num_rows(), reduced.num_vars());
    }
    println!("{} models, {seconds:.3} s, {before:?} to {after:?}", files.len());
}

//! Limits: whenever they come, what was done until then is true, and what is kept up beside the model agrees with it.

use std::cell::Cell;

use rand::SeedableRng;

use super::models::{FEATURES, draw};
use super::scale::FAMILIES;
use super::truth::{compare, truth};
use super::*;
use crate::presolve::activity::Activity;

/// Presolve that ends with its work at any place: the reduced model says what the model says.
#[test]
fn it_may_end_anywhere() {
    let mut cut_short = 0;
    for feature in 0..FEATURES.len() {
        let mut random = ChaCha8Rng::seed_from_u64(500 + feature as u64);
        for _ in 0..40 {
            let model = draw(feature, &mut random);
            let (expected, _) = truth(&model);
            for allowance in [1, 2, 4, 7, 11, 16, 23, 35, 50, 70, 100, 140, 200] {
                let budget = Budget::default();
                let Some(mut work) = Work::of(&model, &Parameters::default(), &budget) else { continue };
                work.allowance = allowance.min(work.allowance);
                let mut again = Work::of(&model, &Parameters::default(), &budget).expect("no limits");
                again.allowance = work.allowance;
                if reduce(&mut again) != Err(Halt::Infeasible) {
                    agrees(&mut again);
                }
                compare(&model, &expected, &reduced(work, &Parameters::default()));
                cut_short += usize::from(again.allowance == 0);
            }
        }
    }
    assert!(cut_short > 1000, "{cut_short}");
}

/// Counts, lists and activities are those of the rows.
fn agrees(work: &mut Work<'_>) {
    let (rows, columns) = work.left();
    for j in columns {
        let standing: Vec<RowId> = rows.iter().copied().filter(|&i| work.coefficient(i, j).is_some()).collect();
        let mut listed: Vec<RowId> = work.rows_of(j).map(|(i, _)| i).collect();
        listed.sort();
        assert_eq!((&listed, work.count(j)), (&standing, standing.len()), "{j:?} of {:?}", work.model);
    }
    for i in rows {
        assert!(work.row(i).terms.is_sorted_by_key(|(j, _)| *j) && work.row(i).terms.iter().all(|(_, a)| *a != 0.0));
        let anew = Activity::of(&work.model, i, work.budget).expect("no limits");
        let kept = work.activity(i).expect("no limits").clone();
        assert_eq!((&kept.least, &kept.greatest), (&anew.least, &anew.greatest), "{i:?} of {:?}", work.model);
    }
}

/// Rows long enough for activities to be kept up, columns long enough for lists to be sorted out.
#[test]
fn large_models_agree_with_themselves() {
    for family in FAMILIES {
        for share in [1, 2, 5, 20, usize::MAX] {
            let model = family(60);
            let budget = Budget::default();
            let mut work = Work::of(&model, &Parameters::default(), &budget).expect("no limits");
            work.allowance /= share.min(work.allowance);
            let end = reduce(&mut work);
            assert_ne!(end, Err(Halt::Infeasible));
            agrees(&mut work);
        }
    }
}

/// A caller who stops at the k-th question is not asked another one, and gets the model back as it was.
#[test]
fn it_ends_with_the_budget() {
    for family in FAMILIES {
        let model = family(4000);
        let mut stopped = 0;
        for last in 1.. {
            let asked = Cell::new(0);
            let stop = || {
                asked.set(asked.get() + 1);
                asked.get() >= last
            };
            let budget = Budget::default().stopped_by(&stop);
            let presolved = presolve(&model, &Parameters::default(), &budget);
            assert!(asked.get() <= last);
            if asked.get() < last {
                break;
            }
            assert!(matches!(presolved, Presolved::Same), "{} stopped at question {last}", model.name);
            stopped += 1;
        }
        assert!(stopped > 2, "{} was asked {stopped} times", model.name);
    }
}

/// So does the way back.
#[test]
fn the_way_back_ends_with_the_budget() {
    let model = FAMILIES[0](4000);
    let Presolved::Smaller(reduction) = presolve(&model, &Parameters::default(), &Budget::default()) else {
        panic!("all columns are one")
    };
    let x = vec![1.0; reduction.model.num_vars()];
    let budget = Budget::default().stopped_by(&|| true);
    assert_eq!(reduction.restore_floats(&x, &budget), None);
    let x = vec![RBig::ONE; reduction.model.num_vars()];
    assert_eq!(reduction.restore(&x, &budget), None);
}

/// Of a row with very many terms every reduction asks now and then, not once for all of it.
#[test]
fn long_rows_are_heard_within() {
    const LENGTH: usize = 100_000;
    const INF: f64 = f64::INFINITY;
    let columns = |cost: f64, upper: f64, kind: VarKind| {
        let mut model = Model::new("long");
        let columns: Vec<VarId> = (0..LENGTH).map(|j| model.add_var(format!("x{j}"), 0.0, upper, cost, kind)).collect();
        (model, columns)
    };
    let of = |columns: &[VarId], a: f64| columns.iter().map(|&j| (j, a)).collect::<Vec<_>>();
    let whole = || columns(-1.0, 10.0, VarKind::Integer);
    let bounds = |(mut model, columns): (Model, Vec<VarId>)| {
        model.add_row("", -INF, 5.0, of(&columns, 1.0));
        model
    };
    let coefficients = |(mut model, columns): (Model, Vec<VarId>)| {
        model.add_row("", -INF, 50.0 * LENGTH as f64 - 1.0, of(&columns, 5.0));
        model
    };
    let forcing = |(mut model, columns): (Model, Vec<VarId>)| {
        model.add_row("", 10.0 * LENGTH as f64, INF, of(&columns, 1.0));
        model
    };
    let doubled = |(mut model, columns): (Model, Vec<VarId>)| {
        model.add_row("", -INF, 7.5 * LENGTH as f64, of(&columns, 1.5));
        model.add_row("", -INF, 15.0 * LENGTH as f64, of(&columns, 3.0));
        model
    };
    let singleton = |(mut model, columns): (Model, Vec<VarId>)| {
        let total = model.add_var("total", -1e9, 1e9, 1.0, VarKind::Continuous);
        model.add_row("", 0.0, INF, of(&columns, -1.0).into_iter().chain([(total, 1.0)]));
        model
    };
    let models = [
        ("bounds", bounds(whole())),
        ("coefficients", coefficients(whole())),
        ("forcing", forcing(whole())),
        ("slack", bounds(columns(0.0, 10.0, VarKind::Integer))),
        ("doubled", doubled(columns(-1.0, 10.0, VarKind::Continuous))),
        ("singleton", singleton(columns(1.0, 10.0, VarKind::Continuous))),
    ];
    for (name, model) in models {
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            false
        };
        let budget = Budget::default().stopped_by(&stop);
        let mut work = Work::of(&model, &Parameters::default(), &budget).expect("no limits");
        asked.set(0);
        assert_ne!(reduce(&mut work), Err(Halt::Infeasible));
        assert!(asked.get() >= 16, "{name}: {} questions", asked.get());
    }
}

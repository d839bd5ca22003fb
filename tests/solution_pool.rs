//! The best solutions of small random models against enumeration: every value of the whole columns is tried, and the rest solved in rationals by code that
//! shares nothing with the solver.

use checker::{Format, Model, Source as Text};
use heaviside_acceptance::exact::{self, Truth};
use heaviside_acceptance::random::Source;
use milp::pool::{Pool, solutions};
use milp::{Options, Quiet, Sense, Status, VarId, VarKind};

const INF: f64 = f64::INFINITY;

/// A few whole columns of few values, some continuous ones beside them, rows that leave some of it.
fn model(source: &mut Source) -> milp::Model {
    let mut model = milp::Model::new("random");
    model.sense = if source.whole(0, 1) == 0 { Sense::Minimise } else { Sense::Maximise };
    model.offset = source.whole(0, 3) as f64;
    let whole = source.whole(1, 4);
    for j in 0..whole {
        let lower = source.whole(0, 3) as f64 - 2.0;
        let upper = lower + source.whole(0, 3) as f64;
        model.add_var(format!("n{j}"), lower, upper, source.whole(0, 8) as f64 - 4.0, VarKind::Integer);
    }
    for j in 0..source.whole(0, 2) {
        let cost = source.whole(0, 8) as f64 / 2.0 - 2.0;
        model.add_var(format!("c{j}"), -1.0, source.whole(0, 3) as f64, cost, VarKind::Continuous);
    }
    for i in 0..source.whole(1, 3) {
        let columns = (0..model.num_vars() as u32).map(VarId);
        let terms: Vec<(VarId, f64)> = columns.map(|j| (j, source.whole(0, 6) as f64 - 3.0)).collect();
        let side = source.whole(0, 8) as f64 - 3.0;
        let lower = if source.whole(0, 3) == 0 { side - source.whole(0, 4) as f64 } else { -INF };
        model.add_row(format!("r{i}"), lower, side, terms);
    }
    model
}

/// The objectives of the best solutions with each value of the whole columns, best first.
fn enumerated(model: &milp::Model) -> Vec<f64> {
    let mut boxes = vec![model.clone()];
    for j in (0..model.num_vars()).filter(|&j| model.variables[j].kind == VarKind::Integer) {
        let values = |model: milp::Model| {
            let (lower, upper) = (model.variables[j].lower as i64, model.variables[j].upper as i64);
            (lower..=upper).map(move |value| {
                let mut model = model.clone();
                (model.variables[j].lower, model.variables[j].upper) = (value as f64, value as f64);
                model
            })
        };
        boxes = boxes.into_iter().flat_map(values).collect();
    }
    let objective = |model: &milp::Model| {
        let text = milp::io::to_lp(model).expect("names stand in files");
        let model = Model::read(Text::new("box", text.as_bytes()), Format::Lp).expect("the checker reads it");
        match exact::truth(&model, 10) {
            Truth::Optimal(value) => Some(value.to_string()),
            Truth::Infeasible => None,
            other => panic!("{other:?} in a box"),
        }
    };
    let number = |text: String| {
        let (top, bottom) = text.split_once('/').unwrap_or((&text, "1"));
        top.parse::<f64>().expect("a number") / bottom.parse::<f64>().expect("a number")
    };
    let mut all: Vec<f64> = boxes.iter().filter_map(objective).map(number).collect();
    all.sort_by(f64::total_cmp);
    if model.sense == Sense::Maximise {
        all.reverse();
    }
    all
}

fn pool(model: &milp::Model, wanted: usize, options: &Options) -> Pool {
    let first = milp::solve(model, options, &mut Quiet).expect("an outcome");
    solutions(model, wanted, &first, options, &mut Quiet).expect("a pool")
}

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6
}

/// Whether each is a solution, no two agree in whole columns, and objectives are those that they have.
fn are_solutions(model: &milp::Model, pool: &Pool) {
    let mut seen = std::collections::BTreeSet::new();
    for solution in &pool.solutions {
        assert!(milp::check::is_feasible(model, &solution.point, 1e-9, 0.0), "{solution:?}\n{model:?}");
        assert!(is_near(model.objective(&solution.point), solution.objective), "{solution:?}\n{model:?}");
        let whole = model.variables.iter().zip(&solution.point).filter(|(var, _)| var.kind == VarKind::Integer);
        let key: Vec<i64> = whole.map(|(_, &x)| x as i64).collect();
        assert!(seen.insert(key), "twice: {pool:?}");
    }
}

#[test]
fn pools_are_the_best_of_all_solutions() {
    let mut source = Source::new(77);
    let (mut partial, mut whole, mut empty) = (0, 0, 0);
    for _ in 0..150 {
        let model = model(&mut source);
        let all = enumerated(&model);
        let wanted = source.whole(1, 12);
        let pool = pool(&model, wanted, &Options::default());
        are_solutions(&model, &pool);
        assert!(pool.complete(), "{pool:?}\n{model:?}");
        let found: Vec<f64> = pool.solutions.iter().map(|solution| solution.objective).collect();
        let best = &all[..wanted.min(all.len())];
        let agree = found.len() == best.len() && found.iter().zip(best).all(|(a, b)| is_near(*a, *b));
        assert!(agree, "found {found:?}, of {all:?}\n{model:?}");
        let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
        match pool.others {
            None => assert!(all.len() <= wanted, "{pool:?} of {all:?}\n{model:?}"),
            Some(others) => {
                assert_eq!(found.len(), wanted, "{pool:?}");
                assert!(all[wanted..].iter().all(|value| sign * value >= sign * others - 1e-9), "{others} of {all:?}");
                // The gap of an objective without a step is a millionth.
                assert!((others - all[wanted - 1]).abs() <= 2e-6, "no better bound is known: {others} of {all:?}");
            }
        }
        partial += usize::from(all.len() > wanted);
        whole += usize::from(!all.is_empty() && all.len() < wanted);
        empty += usize::from(all.is_empty());
    }
    assert!(partial > 20 && whole > 20 && empty > 5, "{partial} {whole} {empty}");
}

/// What a limit leaves is a list of solutions with a bound on all others that is true.
#[test]
fn limits_leave_true_words() {
    let mut source = Source::new(78);
    let mut stopped = 0;
    for number in 0..80 {
        let model = model(&mut source);
        let all = enumerated(&model);
        let options = Options { node_limit: number % 7, ..Options::default() };
        let pool = pool(&model, 6, &options);
        are_solutions(&model, &pool);
        if pool.complete() {
            let found = pool.solutions.iter().map(|solution| solution.objective);
            assert!(found.zip(&all).all(|(a, b)| is_near(a, *b)), "{pool:?} of {all:?}");
            assert_eq!(pool.solutions.len(), all.len().min(6), "{pool:?} of {all:?}");
            continue;
        }
        stopped += 1;
        assert_eq!(pool.status, Status::NodeLimit);
        let others = pool.others.expect("there may be others");
        let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
        assert!(others.is_finite(), "the first run has a bound: {pool:?}");
        let listed = |value: f64| pool.solutions.iter().filter(|one| is_near(one.objective, value)).count();
        for &value in all.iter().filter(|&&value| sign * value < sign * others - 1e-9) {
            let same = all.iter().filter(|&&other| is_near(other, value)).count();
            assert_eq!(listed(value), same, "{value} is better than {others}: {pool:?} of {all:?}\n{model:?}");
        }
    }
    assert!(stopped > 10, "{stopped}");
}

//! Models with all kinds of special constraints against enumeration: of points, each exactly in both models or in neither, and of
//! alternatives, each an ordinary model whose optimum is found in rationals without any lowering.

use dashu::base::Abs;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::check::holds_at;
use crate::model::{Datum, Indicator, Sense};
use crate::presolve::tests::truth::{Truth, truth};
use crate::{Options, Quiet, Rational, Status, Verified, Violations, solve};

const INF: f64 = f64::INFINITY;

/// A small model with special constraints of all kinds, on any columns; bounds are finite where `is_bounded`.
pub(crate) fn random(random: &mut ChaCha8Rng, is_bounded: bool) -> Model {
    let mut model = Model::new("random");
    model.sense = if random.random() { Sense::Maximise } else { Sense::Minimise };
    model.offset = f64::from(random.random_range(-2..3));
    let unit = [1.0, 2.0, 10.0][random.random_range(0..3)];
    for j in 0..random.random_range(2..5) {
        let kind = if random.random_range(0..3) == 0 { VarKind::Integer } else { VarKind::Continuous };
        let mut lower = f64::from(random.random_range(-3..3));
        let mut upper = lower + f64::from(random.random_range(0..4));
        if !is_bounded && kind == VarKind::Continuous {
            lower = if random.random_range(0..6) == 0 { -INF } else { lower };
            upper = if random.random_range(0..6) == 0 { INF } else { upper };
        }
        let cost = f64::from(random.random_range(-4..5)) / unit;
        model.add_var(format!("x{j}"), lower, upper, cost, kind);
    }
    let binaries: Vec<VarId> = (0..random.random_range(0..3))
        .map(|k| {
            let (lower, upper) = [(0.0, 0.0), (1.0, 1.0), (0.5, 1.0), (0.0, 1.0)][random.random_range(0..16).min(3)];
            model.add_var(format!("z{k}"), lower, upper, f64::from(random.random_range(-2..3)), VarKind::Integer)
        })
        .collect();
    for i in 0..random.random_range(0..4) {
        let terms = model.columns_by_id().map(|(j, _)| (j, f64::from(random.random_range(-3..4)) / unit));
        let terms: Vec<(VarId, f64)> = terms.collect();
        let at = f64::from(random.random_range(-4..9)) / unit;
        let (lower, upper) = match random.random_range(0..5) {
            0 | 1 => (-INF, at),
            2 => (at - 4.0, INF),
            3 => (at, at),
            _ => (at - f64::from(random.random_range(1..6)), at),
        };
        let id = model.add_row(format!("r{i}"), lower, upper, terms);
        if !binaries.is_empty() && random.random() {
            let column = binaries[random.random_range(0..binaries.len())];
            model.special.indicators.insert(id, Indicator { column, value: random.random() });
        }
    }
    for (j, var) in model.variables.iter_mut().enumerate().filter(|(j, _)| !binaries.contains(&VarId(*j as u32))) {
        if random.random_range(0..3) > 0 {
            continue;
        }
        model.special.semi.insert(VarId(j as u32));
        // Mostly apart from 0, and crossed at times.
        let shift = [3.0, 3.5, -6.0, 0.0][random.random_range(0..4)];
        (var.lower, var.upper) = (var.lower + shift, var.upper + shift);
        if random.random_range(0..9) == 0 && var.lower.is_finite() && var.upper.is_finite() {
            (var.lower, var.upper) = (var.upper + 1.0, var.lower);
        }
    }
    for k in 0..random.random_range(0..3) {
        let mut members: Vec<VarId> = (0..model.num_vars() as u32).map(VarId).collect();
        for at in (1..members.len()).rev() {
            members.swap(at, random.random_range(0..=at));
        }
        members.truncate(random.random_range(0..=members.len()));
        let neighbours = random.random_range(1..3);
        model.special.sets.push(OrderedSet { name: format!("s{k}"), neighbours, members });
    }
    model
}

/// Every ordinary model that takes one alternative of each special constraint.
fn alternatives(model: &Model) -> Vec<Model> {
    let Special { semi, sets, indicators } = &model.special;
    let mut all = vec![Model { special: Special::default(), ..model.clone() }];
    let split = |all: &mut Vec<Model>, ways: usize, take: &dyn Fn(&mut Model, usize)| {
        *all = all
            .iter()
            .flat_map(|model| {
                (0..ways).map(|way| {
                    let mut model = model.clone();
                    take(&mut model, way);
                    model
                })
            })
            .collect();
    };
    let zero = |model: &mut Model, j: VarId| {
        let var = &mut model.variables[j.index()];
        (var.lower, var.upper) = (var.lower.max(0.0), var.upper.min(0.0));
    };
    for &j in semi {
        split(&mut all, 2, &|model, way| {
            let var = &mut model.variables[j.index()];
            (var.lower, var.upper) = if way == 0 { (0.0, 0.0) } else { (var.lower, var.upper) };
        });
    }
    for set in sets {
        let ways = set.members.len().saturating_sub(set.neighbours) + 1;
        split(&mut all, ways, &|model, way| {
            for (k, &j) in set.members.iter().enumerate() {
                if k < way || k >= way + set.neighbours {
                    zero(model, j);
                }
            }
        });
    }
    let mut conditions: Vec<VarId> = indicators.values().map(|of| of.column).collect();
    conditions.sort_unstable();
    conditions.dedup();
    for z in conditions {
        split(&mut all, 2, &|model, way| {
            let var = &mut model.variables[z.index()];
            (var.lower, var.upper) = (var.lower.max(way as f64), var.upper.min(way as f64));
            for (i, _) in indicators.iter().filter(|(_, of)| of.column == z && usize::from(of.value) != way) {
                let row = &mut model.rows[i.index()];
                (row.lower, row.upper) = (-INF, INF);
            }
        });
    }
    all
}

/// What is true of a model, from all of its alternatives.
fn true_of(model: &Model) -> Truth {
    let mut best: Option<Rational> = None;
    for alternative in alternatives(model) {
        if alternative.variables.iter().any(|var| var.lower > var.upper) {
            continue;
        }
        match truth(&alternative).0 {
            Truth::Unbounded => return Truth::Unbounded,
            Truth::Infeasible => {}
            Truth::Optimum(value) => best = Some(best.map_or(value.clone(), |best| best.min(value))),
        }
    }
    best.map_or(Truth::Infeasible, Truth::Optimum)
}

/// Holds the answers of the search to the truth; how many models had an optimum, none, no end, and how many were refused.
fn hold(seeds: std::ops::Range<u64>) -> [u32; 4] {
    let mut counts = [0; 4];
    for seed in seeds {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        let is_bounded = source.random_range(0..3) > 0;
        let model = random(&mut source, is_bounded);
        let mut options = Options { mip_abs_gap: Some(0.0), mip_rel_gap: 0.0, ..Options::default() };
        let parameters = &mut options.parameters;
        parameters.presolve = source.random();
        parameters.cut_rounds = if source.random() { 0 } else { parameters.cut_rounds };
        (parameters.rounding, parameters.dives) = (source.random(), source.random());
        let outcome = match solve(&model, &options, &mut Quiet) {
            Ok(outcome) => outcome,
            Err(error) => {
                assert!(!is_bounded && error.to_string().contains("bound"), "{seed}: {error}");
                counts[3] += 1;
                continue;
            }
        };
        let sign = if model.sense == Sense::Maximise { -Rational::ONE } else { Rational::ONE };
        match true_of(&model) {
            Truth::Optimum(value) => {
                counts[0] += 1;
                assert_eq!(outcome.status, Status::Optimal, "{seed}: {model:?}");
                let x = outcome.solution.as_ref().expect("an optimum is a point");
                assert_eq!(x.len(), model.num_vars());
                let objective = outcome.exact_solution.as_ref().map_or_else(
                    || decimal(outcome.objective.unwrap()),
                    |exact| {
                        assert!(holds_at(&model, exact, &Budget::default()), "{seed}: {exact:?} of {model:?}");
                        model.exact_objective(exact.iter().map(std::borrow::Cow::Borrowed))
                    },
                );
                let violations = Violations::of(&model, x);
                assert!(violations.bound.max(violations.row) <= 2e-9, "{seed}: {violations:?} {x:?} {model:?}");
                let off = (sign * objective - &value).abs();
                let allowed = if outcome.verified == Verified::Exact { Rational::ZERO } else { decimal(1e-6) };
                assert!(off <= allowed, "{seed}: {:?} for {value} of {model:?}", outcome.objective);
            }
            Truth::Infeasible => {
                counts[1] += 1;
                assert_eq!(outcome.status, Status::Infeasible, "{seed}: {model:?}");
            }
            Truth::Unbounded => {
                counts[2] += 1;
                assert_eq!(outcome.status, Status::Unbounded, "{seed}: {model:?}");
                let ray = outcome.ray.expect("a ray");
                assert_eq!(ray.len(), model.num_vars());
                let exact = outcome.exact_solution.expect("a point");
                for steps in [0, 1, 7, 1000] {
                    let steps = Rational::from(steps);
                    let far: Vec<Rational> = exact.iter().zip(&ray).map(|(x, step)| x + &steps * step).collect();
                    assert!(holds_at(&model, &far, &Budget::default()), "{seed}: {model:?}");
                }
            }
        }
    }
    counts
}

#[test]
fn answers_are_those_of_all_alternatives() {
    let counts = hold(0..800);
    assert!(counts.iter().all(|&count| count >= 10), "{counts:?}");
}

#[test]
#[ignore = "long: by name"]
fn answers_are_those_of_all_alternatives_of_many_models() {
    println!("{:?}", hold(1_000_000..1_040_000));
}

/// Some values of a column: its ends, 0, what lies between and beyond.
fn values(model: &Model, j: VarId) -> Vec<Rational> {
    let var = &model.variables[j.index()];
    let (lower, upper) = (var.lower.max(-4.0), var.upper.min(5.0));
    let mut values: Vec<f64> = vec![0.0, lower, upper, f64::midpoint(lower, upper), 1.0, -0.5];
    if var.kind == VarKind::Integer {
        values.iter_mut().for_each(|value| *value = value.round());
    }
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.into_iter().map(decimal).collect()
}

/// Of each point: it satisfies the model if and only if it does the ordinary one with the alternatives that it is nearest to, and no other
/// choice of them lets a point in.
#[test]
fn points_of_both_models_are_the_same() {
    let budget = Budget::default();
    let (mut inside, mut outside) = (0, 0);
    for seed in 0..250 {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        let model = random(&mut source, true);
        let lowered = lower(&model, &budget).unwrap();
        let added = lowered.model.num_vars() - model.num_vars();
        let values: Vec<Vec<Rational>> = model.columns_by_id().map(|(j, _)| values(&model, j)).collect();
        for _ in 0..60 {
            let x: Vec<Rational> = values.iter().map(|of| of[source.random_range(0..of.len())].clone()).collect();
            let floats: Vec<f64> = x.iter().map(crate::number::approximately).collect();
            let holds = holds_at(&model, &x, &budget);
            let extended: Vec<Rational> = lowered.extend(&floats).into_iter().map(decimal).collect();
            assert_eq!(holds_at(&lowered.model, &extended, &budget), holds, "{seed}: {x:?} {model:?}");
            if holds {
                inside += 1;
                continue;
            }
            outside += 1;
            for choice in 0..1_u32 << added.min(6) {
                let of = (0..added).map(|k| Rational::from(choice >> k.min(31) & 1));
                let point: Vec<Rational> = x.iter().cloned().chain(of).collect();
                assert!(!holds_at(&lowered.model, &point, &budget), "{seed}: {point:?} {model:?}");
            }
        }
    }
    assert!(inside > 500 && outside > 1000, "{inside} {outside}");
}

fn message(model: &Model) -> String {
    lower(model, &Budget::default()).err().expect("refused").to_string()
}

#[test]
fn missing_bounds_are_named_or_follow_from_rows() {
    let mut model = Model::new("m");
    let x = model.add_var("x", 2.0, INF, 0.0, VarKind::Continuous);
    let y = model.add_var("y", 0.0, INF, 0.0, VarKind::Continuous);
    model.special.semi.insert(x);
    assert!(message(&model).contains("'x' has no upper bound"), "{}", message(&model));
    // An indicator's row does not always hold; a row over both does, with y at least 0.
    let z = model.add_var("z", 0.0, 1.0, 0.0, VarKind::Integer);
    let row = model.add_row("r", -INF, 10.0, [(x, 1.0), (y, 3.0)]);
    model.special.indicators.insert(row, Indicator { column: z, value: true });
    assert!(message(&model).contains("'x' has no upper bound"));
    model.special.indicators.clear();
    let lowered = lower(&model, &Budget::default()).unwrap();
    assert_eq!(lowered.model.rows[2].terms, [(x, 1.0), (VarId(3), -10.0)]);
    // A third of a bound is rounded up.
    model.special.semi.clear();
    model.special.sets.push(OrderedSet { name: "s".into(), neighbours: 1, members: vec![x, y] });
    model.variables[0].lower = 0.0;
    let lowered = lower(&model, &Budget::default()).unwrap();
    let of_y = lowered.model.rows.iter().find(|row| row.name == "y in s").unwrap();
    assert!(of_y.terms[1].1 <= -10.0 / 3.0 && of_y.terms[1].1 > -3.333_333_34, "{of_y:?}");
    model.rows.clear();
    assert!(message(&model).contains("'s'") && message(&model).contains("'x' has no upper bound"));
    model.special.sets.clear();
    let row = model.add_row("r", -INF, 10.0, [(x, -1.0), (y, 3.0)]);
    model.special.indicators.insert(row, Indicator { column: z, value: false });
    let said = message(&model);
    assert!(
        said.contains("'r'") && said.contains("where 'z' is 0") && said.contains("'y' has no upper bound"),
        "{said}"
    );
    model.variables[1].upper = 1.0;
    assert!(lower(&model, &Budget::default()).is_ok(), "x may be as large as it likes");
    model.variables[2].upper = 2.0;
    assert!(message(&model).contains("'z', which is not binary"));
}

/// A condition whose column has no other value asks for no bounds: its row is like any other, or none.
#[test]
fn settled_conditions_need_no_bounds() {
    for (bounds, value, always) in [
        ((1.0, 1.0), true, true),
        ((0.5, 1.0), true, true),
        ((0.0, 0.0), true, false),
        ((0.0, 0.5), true, false),
        ((0.0, 0.0), false, true),
        ((1.0, 1.0), false, false),
    ] {
        let mut model = Model::new("m");
        let [x, y] = ["x", "y"].map(|name| model.add_var(name, 0.0, INF, 0.0, VarKind::Continuous));
        let z = model.add_var("z", bounds.0, bounds.1, 0.0, VarKind::Integer);
        let row = model.add_row("r", 1.0, 9.0, [(x, 1.0), (y, 3.0), (z, 2.0)]);
        model.special.indicators.insert(row, Indicator { column: z, value });
        let stated = lower(&model, &Budget::default()).unwrap().model;
        let expected = Model { special: Special::default(), ..model.clone() };
        assert_eq!((stated.num_vars(), stated.num_rows()), (3, 1));
        let of_row = &stated.rows[0];
        if always {
            assert_eq!(of_row, &expected.rows[0]);
        } else {
            assert_eq!((of_row.lower, of_row.upper), (-INF, INF));
        }
        // Such a row also says how large its columns may be.
        model.special.semi.insert(x);
        model.variables[0].lower = 2.0;
        assert_eq!(lower(&model, &Budget::default()).is_ok(), always);
    }
}

/// Added columns and rows have names of their own, whatever those of the model are.
#[test]
fn added_names_are_new() {
    let mut model = Model::new("m");
    let names = ["x", "used(x)", "place(s,1)", "place(s,1)#2", "y"];
    let columns = names.map(|name| model.add_var(name, 1.0, 4.0, 1.0, VarKind::Continuous));
    for name in ["s", "x above", "x in s", "y in s"] {
        model.add_row(name, 1.0, INF, columns.map(|j| (j, 1.0)));
    }
    model.special.semi.extend(columns);
    model.special.sets.push(OrderedSet { name: "s".into(), neighbours: 2, members: columns.to_vec() });
    let stated = lower(&model, &Budget::default()).unwrap().model;
    let mut columns: Vec<&str> = stated.variables.iter().map(|var| var.name.as_str()).collect();
    assert_eq!(columns[..5], names);
    let mut rows: Vec<&str> = stated.rows.iter().map(|row| row.name.as_str()).collect();
    for (names, count) in [(&mut columns, stated.num_vars()), (&mut rows, stated.num_rows())] {
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
    }
    assert!(columns.contains(&"used(x)#2") && columns.contains(&"place(s,1)#3"), "{columns:?}");
}

/// Where the condition holds, the row does exactly, whatever digits its numbers have.
#[test]
fn large_constants_are_exact() {
    let mut model = Model::new("m");
    let x = model.add_var("x", 0.0, 1e9, 0.0, VarKind::Continuous);
    let z = model.add_var("z", 0.0, 1.0, 0.0, VarKind::Integer);
    let row = model.add_row("r", -INF, 1e-12, [(x, 1e-7)]);
    model.special.indicators.insert(row, Indicator { column: z, value: true });
    let lowered = lower(&model, &Budget::default()).unwrap();
    let holds = |x: f64, z: f64| holds_at(&lowered.model, &[decimal(x), decimal(z)], &Budget::default());
    assert!(holds(1e-5, 1.0) && !holds(1.000_000_1e-5, 1.0) && holds(1e9, 0.0));
    let unit = lowered.model.rows[0].terms[0].1;
    assert_eq!(unit, 1.0, "beside a large constant a small coefficient would have a large tolerance");
}

/// Bounds that floats do not tell apart, and numbers whose digits belonged to what stood in their place.
#[test]
fn digits_beyond_floats_count() {
    let mut model = Model::new("m");
    let x = model.add_var("x", 2.0, 2.0, 0.0, VarKind::Continuous);
    model.special.semi.insert(x);
    let hair = decimal(1e-30);
    model.decimals.record(Datum::Lower(x), 2.0, decimal(2.0) + &hair);
    let holds = |model: &Model, x: &Rational| {
        let lowered = lower(model, &Budget::default()).unwrap();
        let point = |z: u8| [x.clone(), Rational::from(z)][..lowered.model.num_vars()].to_vec();
        (0..2).any(|z| holds_at(&lowered.model, &point(z), &Budget::default()))
    };
    assert!(holds(&model, &Rational::ZERO) && !holds(&model, &decimal(2.0)), "crossed");
    model.decimals.record(Datum::Lower(x), 2.0, decimal(2.0) - &hair);
    assert!(holds(&model, &decimal(2.0)) && holds(&model, &(decimal(2.0) - &hair)));
    assert!(!holds(&model, &(decimal(2.0) - &hair - &hair)));
    // The largest value of the row is 2, where its side is a hair less.
    let mut model = Model::new("m");
    let x = model.add_var("x", 0.0, 2.0, 0.0, VarKind::Continuous);
    let z = model.add_var("z", 0.0, 1.0, 0.0, VarKind::Integer);
    let row = model.add_row("r", -INF, 2.0, [(x, 1.0)]);
    model.decimals.record(Datum::RowUpper(row), 2.0, decimal(2.0) - &hair);
    model.special.indicators.insert(row, Indicator { column: z, value: true });
    let lowered = lower(&model, &Budget::default()).unwrap();
    let holds = |x: Rational, z: u8| holds_at(&lowered.model, &[x, Rational::from(z)], &Budget::default());
    assert!(holds(decimal(2.0), 0) && !holds(decimal(2.0), 1) && holds(decimal(2.0) - &hair, 1));
}

#[test]
fn semi_continuous_columns_are_told_by_one_binary() {
    let mut model = Model::new("m");
    let columns: Vec<VarId> =
        (0..3).map(|j| model.add_var(format!("x{j}"), 1.0, 4.0, 0.0, VarKind::Continuous)).collect();
    model.special.semi.extend(&columns);
    model.special.sets.push(OrderedSet { name: "s".into(), neighbours: 1, members: columns });
    let lowered = lower(&model, &Budget::default()).unwrap();
    assert_eq!((lowered.model.num_vars(), lowered.model.num_rows()), (6, 7));
    assert_eq!(lowered.extend(&[0.0, 3.0, 1e-9]), [0.0, 3.0, 1e-9, 0.0, 1.0, 0.0]);
}

/// A row may name a column with a coefficient of 0; it implies nothing of that.
#[test]
fn entries_of_zero_bound_nothing() {
    let mut model = Model::new("m");
    let [x, y] = ["x", "y"].map(|name| model.add_var(name, 0.0, INF, 0.0, VarKind::Continuous));
    model.add_row("r", -INF, 1.0, [(x, 1.0), (y, 1.0)]);
    model.special.sets.push(OrderedSet { name: "s".into(), neighbours: 1, members: vec![x, y] });
    assert!(lower(&model, &Budget::default()).is_ok());
    model.rows[0].terms[0].1 = 0.0;
    assert!(message(&model).contains("'x' has no upper bound"), "{}", message(&model));
}

/// Told to stop, it ends there, and it asks all the time whatever kind of constraint there is much of.
#[test]
fn every_kind_of_constraint_asks_the_budget() {
    const MANY: usize = 3000;
    let of_kind = |kind: usize| {
        let mut model = Model::new("m");
        let columns: Vec<VarId> =
            (0..MANY).map(|j| model.add_var(format!("x{j}"), 1.0, 4.0, 0.0, VarKind::Continuous)).collect();
        let z = model.add_var("z", 0.0, 1.0, 0.0, VarKind::Integer);
        match kind {
            0 => model.special.semi.extend(&columns),
            1 => model.special.sets.push(OrderedSet { name: "s".into(), neighbours: 2, members: columns }),
            _ => {
                for four in columns.chunks(4) {
                    let row = model.add_row("", -INF, 5.0, four.iter().map(|&j| (j, 1.0)));
                    model.special.indicators.insert(row, Indicator { column: z, value: true });
                }
            }
        }
        model
    };
    for kind in 0..3 {
        let model = of_kind(kind);
        let run = |patience: usize| {
            let asked = std::cell::Cell::new(0);
            let stop = || asked.replace(asked.get() + 1) >= patience;
            let lowered = lower(&model, &Budget::default().stopped_by(&stop));
            let stated = lowered.map_or(0, |lowered| {
                lowered.model.rows.iter().filter(|row| row.lower.is_finite() || row.upper.is_finite()).count()
            });
            (stated, asked.get())
        };
        let (all, questions) = run(usize::MAX);
        assert!(questions >= 8, "{kind}: {questions}");
        for patience in 0..questions {
            let (stated, asked) = run(patience);
            // What is left at last are names.
            let is_cut = stated < all || patience > questions / 2 && stated == all;
            assert!(asked == patience + 1 && is_cut, "{kind}: {stated} of {all}, {asked} of {questions}");
        }
    }
}

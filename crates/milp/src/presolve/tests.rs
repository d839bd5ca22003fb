//! Each reduction on random models against enumeration in rationals: same optimum, or none, or no end; what comes back satisfies the
//! original exactly and has its optimum. Whole solves with and without presolve end alike.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::postsolve::Step;
use super::*;
use crate::check::holds_at;
use crate::exact_lp::{ExactEnd, Meter};
use crate::model::{Datum, Sense, VarKind};
use crate::relaxation::ExactRelaxation;
use crate::simplex::VarStatus;
use crate::{Options, Quiet, Status, Verified, solve};

const INF: f64 = f64::INFINITY;

/// What is true of a model whose integer columns are bounded.
#[derive(Debug, PartialEq)]
enum Truth {
    Optimum(RBig),
    Infeasible,
    Unbounded,
}

/// Every choice of the integers with the best completion in rationals: the truth, and an optimal point.
fn truth(model: &Model) -> (Truth, Option<Vec<RBig>>) {
    let budget = Budget::default();
    let integers: Vec<usize> = (0..model.num_vars()).filter(|&j| model.variables[j].kind == VarKind::Integer).collect();
    let mut at: Vec<f64> = integers.iter().map(|&j| model.variables[j].lower.ceil()).collect();
    let mut lp = ExactRelaxation::of(model);
    let mut best: Option<(RBig, Vec<RBig>)> = None;
    let mut status = vec![VarStatus::Lower; model.num_vars()];
    status.resize(model.num_vars() + model.num_rows(), VarStatus::Basic);
    let sign = if model.sense == Sense::Maximise { -RBig::ONE } else { RBig::ONE };
    if integers.iter().zip(&at).any(|(&j, &at)| at > model.variables[j].upper) {
        return (Truth::Infeasible, None);
    }
    loop {
        for (&j, &at) in integers.iter().zip(&at) {
            lp.set_bounds(j, Some(at), Some(at));
        }
        match lp.solve(&status, &mut Meter::of(&budget)) {
            ExactEnd::Optimal { point, .. } => {
                let value = &sign * model.exact_objective(point.iter().map(std::borrow::Cow::Borrowed));
                if best.as_ref().is_none_or(|(best, _)| value < *best) {
                    best = Some((value, point));
                }
            }
            ExactEnd::Infeasible { .. } => {}
            ExactEnd::Unbounded { .. } => return (Truth::Unbounded, None),
            ExactEnd::Unfinished => panic!("no limits"),
        }
        let Some(k) = (0..at.len()).find(|&k| at[k] < model.variables[integers[k]].upper.floor()) else { break };
        at[k] += 1.0;
        (0..k).for_each(|l| at[l] = model.variables[integers[l]].lower.ceil());
    }
    best.map_or((Truth::Infeasible, None), |(value, point)| (Truth::Optimum(value), Some(point)))
}

/// A few columns with small whole or halved data, and rows of a few entries.
fn base(random: &mut ChaCha8Rng) -> Model {
    let mut model = Model::new("random");
    model.sense = if random.random() { Sense::Maximise } else { Sense::Minimise };
    model.offset = f64::from(random.random_range(-3..4));
    for j in 0..random.random_range(2..6) {
        let integer = j < 3 && random.random();
        let lower = f64::from(random.random_range(-2..2));
        let upper =
            if integer || random.random_range(0..3) > 0 { lower + f64::from(random.random_range(0..4)) } else { INF };
        let cost = f64::from(random.random_range(-4..5)) / 2.0;
        let kind = if integer { VarKind::Integer } else { VarKind::Continuous };
        let lower = if !integer && random.random_range(0..6) == 0 { -INF } else { lower };
        model.add_var("", lower, upper, if random.random() { cost } else { 0.0 }, kind);
    }
    for _ in 0..random.random_range(0..4) {
        let entries = (0..model.num_vars() as u32).map(|j| (VarId(j), random.random_range(-9..9)));
        let terms: Vec<(VarId, f64)> =
            entries.filter(|(_, a)| (-4..5).contains(a)).map(|(j, a)| (j, f64::from(a))).collect();
        let sides = sides(random);
        model.add_row("", sides.0, sides.1, terms);
    }
    model
}

fn sides(random: &mut ChaCha8Rng) -> (f64, f64) {
    let at = f64::from(random.random_range(-2..12));
    match random.random_range(0..5) {
        0 | 1 => (-INF, at),
        2 => (at - 12.0, INF),
        3 => (at - 4.0, at - 4.0),
        _ => (at - f64::from(random.random_range(5..16)), at),
    }
}

fn any_column(model: &Model, random: &mut ChaCha8Rng) -> VarId {
    VarId(random.random_range(0..model.num_vars() as u32))
}

fn small(random: &mut ChaCha8Rng) -> f64 {
    [-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0, 5.0][random.random_range(0..9)]
}

/// Rows over one column, or over none.
fn singleton_rows(model: &mut Model, random: &mut ChaCha8Rng) {
    for _ in 0..2 {
        let (j, a, (lower, upper)) = (any_column(model, random), small(random), sides(random));
        model.add_row("", lower, upper, [(j, a)]);
    }
    model.add_row("", -INF, f64::from(random.random_range(-1..30)), []);
}

fn fixed_columns(model: &mut Model, random: &mut ChaCha8Rng) {
    let j = any_column(model, random);
    let var = &mut model.variables[j.index()];
    let at = if var.lower.is_finite() { var.lower } else { 1.5 };
    (var.lower, var.upper) = (at, at);
}

/// A row whose side is at the end of what its columns allow, or beyond.
fn forcing_rows(model: &mut Model, random: &mut ChaCha8Rng) {
    let mut terms = Vec::new();
    let (mut least, mut greatest) = (0.0, 0.0);
    for (j, var) in model.columns_by_id() {
        if random.random() && var.lower.is_finite() && var.upper.is_finite() {
            let a = small(random);
            least += (a * var.lower).min(a * var.upper);
            greatest += (a * var.lower).max(a * var.upper);
            terms.push((j, a));
        }
    }
    let off = f64::from(random.random_range(0..5)).min(1.0) - 0.5;
    match random.random_range(0..3) {
        0 => model.add_row("", -INF, least.max(least + off - 0.5), terms),
        1 => model.add_row("", greatest, INF, terms),
        _ => model.add_row("", -INF, greatest + off, terms),
    };
}

/// A column of one row, with or without a cost.
fn singleton_columns(model: &mut Model, random: &mut ChaCha8Rng) {
    for cost in [0.0, small(random)] {
        if model.num_rows() == 0 {
            return;
        }
        let integer = random.random_range(0..3) == 0;
        let (lower, kind) =
            (f64::from(random.random_range(-2..2)), if integer { VarKind::Integer } else { VarKind::Continuous });
        let wide = random.random_range(0..3) == 0 && !integer;
        let upper =
            if wide { INF } else { lower + f64::from(random.random_range(1..30 / if integer { 8 } else { 1 })) };
        let j = model.add_var("", if wide { -INF } else { lower }, upper, cost, kind);
        let i = random.random_range(0..model.num_rows());
        let a = small(random);
        model.rows[i].terms.push((j, a));
    }
}

/// A cost-free column that nothing stops in one direction.
fn unlocked_columns(model: &mut Model, random: &mut ChaCha8Rng) {
    let j = model.add_var("", f64::from(random.random_range(-2..3)), INF, 0.0, VarKind::Continuous);
    for row in &mut model.rows {
        match (row.lower.is_finite(), row.upper.is_finite()) {
            (true, false) if random.random() => row.terms.push((j, small(random).abs())),
            (false, true) if random.random() => row.terms.push((j, -small(random).abs())),
            _ => {}
        }
    }
}

fn doubletons(model: &mut Model, random: &mut ChaCha8Rng) {
    let j = any_column(model, random);
    let k = VarId(random.random_range(0..model.num_vars() as u32));
    if j != k {
        let right = f64::from(random.random_range(-3..6));
        model.add_row("", right, right, [(j, small(random)), (k, small(random))]);
    }
}

/// `x <= M y`, with a bound on x from the model or from another row.
fn big_m(model: &mut Model, random: &mut ChaCha8Rng) {
    let x = any_column(model, random);
    let y = model.add_var("", 0.0, 1.0, f64::from(random.random_range(0..3)), VarKind::Integer);
    let m = [3.0, 10.0, 100.0][random.random_range(0..3)];
    model.add_row("", -INF, 0.0, [(x, 1.0), (y, -m)]);
    if random.random() {
        let z = any_column(model, random);
        model.add_row("", -INF, 4.0, [(x, 1.0), (z, if z == x { 1.0 } else { 0.5 })]);
    } else {
        model.add_row("", 0.0, INF, [(x, -1.0), (y, m)]);
    }
}

/// Multiples of rows, with sides of their own.
fn parallel_rows(model: &mut Model, random: &mut ChaCha8Rng) {
    for i in 0..model.num_rows() {
        let (a, sides) = (small(random), sides(random));
        let terms: Vec<(VarId, f64)> = model.rows[i].terms.iter().map(|&(j, value)| (j, a * value)).collect();
        let keep = |side: f64, new: f64| if side.is_finite() { a * side } else { new };
        let row = &model.rows[i];
        let (low, high) = if a > 0.0 { (row.lower, row.upper) } else { (row.upper, row.lower) };
        let (low, high) = if random.random() { (keep(low, sides.0), keep(high, sides.1)) } else { sides };
        model.add_row("", low.min(high), high, terms);
    }
}

/// Multiples of columns, at the same or another cost.
fn parallel_columns(model: &mut Model, random: &mut ChaCha8Rng) {
    let j = any_column(model, random);
    let var = model.variables[j.index()].clone();
    let a = if var.kind == VarKind::Integer { [1.0, -1.0][random.random_range(0..2)] } else { small(random) };
    let a = if random.random() { 1.0 } else { a };
    let cost = a * var.cost + f64::from(random.random_range(0..3_u8).saturating_sub(1));
    let lower = f64::from(random.random_range(-1..2));
    let upper = if var.kind == VarKind::Integer || random.random() {
        lower + f64::from(random.random_range(1..3))
    } else {
        INF
    };
    let k = model.add_var("", lower, upper, cost, var.kind);
    for row in &mut model.rows {
        if let Some(&(_, value)) = row.terms.iter().find(|(of, _)| *of == j) {
            row.terms.push((k, a * value));
        }
    }
}

/// Binaries of which a row lets one be 1, some of them equal.
fn partitions(model: &mut Model, random: &mut ChaCha8Rng) {
    let kinds: Vec<u8> = (0..4).map(|_| random.random_range(0..2)).collect();
    let binaries: Vec<VarId> = kinds
        .iter()
        .map(|_| model.add_var("", 0.0, 1.0, f64::from(random.random_range(-2..3)), VarKind::Integer))
        .collect();
    let exactly: bool = random.random();
    model.add_row("", if exactly { 1.0 } else { -INF }, 1.0, binaries.iter().map(|&j| (j, 1.0)));
    let others: Vec<(VarId, f64)> =
        binaries.iter().zip(&kinds).filter(|(_, kind)| **kind == 1).map(|(&j, _)| (j, 2.0)).collect();
    model.add_row("", -INF, f64::from(random.random_range(0..4)), others.into_iter().chain([(VarId(0), 1.0)]));
}

/// Whole columns whose rows round.
fn knapsacks(model: &mut Model, random: &mut ChaCha8Rng) {
    let columns: Vec<VarId> = (0..3)
        .map(|_| model.add_var("", 0.0, f64::from(random.random_range(1..3)), small(random), VarKind::Integer))
        .collect();
    let weights: Vec<f64> = columns.iter().map(|_| f64::from(random.random_range(1..12))).collect();
    let all: f64 = weights.iter().sum();
    let share = f64::from(random.random_range(1..12)) / 10.0;
    model.add_row("", -INF, (all * share).round(), columns.iter().copied().zip(weights));
}

type Feature = fn(&mut Model, &mut ChaCha8Rng);

const FEATURES: [(&str, Feature); 12] = [
    ("singleton rows", singleton_rows),
    ("fixed columns", fixed_columns),
    ("forcing rows", forcing_rows),
    ("singleton columns", singleton_columns),
    ("unlocked columns", unlocked_columns),
    ("doubletons", doubletons),
    ("big-M rows", big_m),
    ("parallel rows", parallel_rows),
    ("parallel columns", parallel_columns),
    ("partitions", partitions),
    ("knapsacks", knapsacks),
    ("nothing", |_, _| ()),
];

/// A model with one feature for sure and perhaps others.
fn draw(feature: usize, random: &mut ChaCha8Rng) -> Model {
    let mut model = base(random);
    let second = random.random_range(0..3 * FEATURES.len());
    if let Some((_, add)) = FEATURES.get(second) {
        add(&mut model, random);
    }
    FEATURES[feature].1(&mut model, random);
    if random.random_range(0..8) == 0 {
        // A number that no float holds.
        let third = RBig::ONE / RBig::from(3);
        let j = any_column(&model, random);
        let var = &mut model.variables[j.index()];
        var.cost = 1.0 / 3.0;
        model.decimals.record(crate::Datum::Cost(j), 1.0 / 3.0, third);
    }
    model
}

/// What one feature's models came to.
#[derive(Default)]
struct Tally {
    ends: [usize; 3],
    smaller: usize,
    infeasible: usize,
    steps: [usize; 9],
}

/// The steps by name.
const KINDS: [&str; 9] =
    ["Fixed", "Substituted", "Slack", "Unlocked", "Merged", "Outdone", "Bounding", "Forcing", "Doubled"];

/// The place of a step's kind in a tally.
fn kind(step: &dyn Step) -> usize {
    let text = format!("{step:?}");
    KINDS.iter().position(|name| text.starts_with(name)).expect("a known step")
}

fn examine(model: &Model, tally: &mut Tally) {
    let budget = Budget::default();
    let (expected, _) = truth(model);
    tally.ends[match &expected {
        Truth::Optimum(_) => 0,
        Truth::Infeasible => 1,
        Truth::Unbounded => 2,
    }] += 1;
    let reduction = match presolve(model, &budget) {
        Presolved::Same => return,
        Presolved::Infeasible => {
            tally.infeasible += 1;
            assert_eq!(expected, Truth::Infeasible, "{model:?}");
            return;
        }
        Presolved::Smaller(reduction) => reduction,
    };
    tally.smaller += 1;
    reduction.steps.iter().for_each(|step| tally.steps[kind(step.as_ref())] += 1);
    let (found, point) = truth(&reduction.model);
    assert_eq!(found, expected, "{model:?}\nreduced to\n{:?}", reduction.model);
    if let (Truth::Optimum(value), Some(point)) = (found, point) {
        let back = reduction.restore(&point);
        assert!(
            holds_at(model, &back, &budget),
            "{back:?} from {point:?}\n{model:?}\nreduced to\n{:?}",
            reduction.model
        );
        let objective = model.exact_objective(back.iter().map(std::borrow::Cow::Borrowed));
        assert_eq!(if model.sense == Sense::Maximise { -objective } else { objective }, value, "{model:?}");
    }
}

/// Same truth, and points that come back exactly, for each feature; what is to happen does happen.
#[test]
fn reductions_keep_the_truth() {
    let least = [(0, 150), (1, 20), (2, 20), (3, 5), (4, 5), (5, 5)];
    let mut all = Tally::default();
    for (feature, (name, _)) in FEATURES.iter().enumerate() {
        let mut random = ChaCha8Rng::seed_from_u64(100 + feature as u64);
        let mut tally = Tally::default();
        for _ in 0..400 {
            examine(&draw(feature, &mut random), &mut tally);
        }
        assert!(tally.smaller > 60 && tally.ends[0] > 60, "{name}: {} {:?}", tally.smaller, tally.ends);
        for k in 0..9 {
            all.steps[k] += tally.steps[k];
        }
        all.infeasible += tally.infeasible;
    }
    assert!(least.iter().all(|&(k, least)| all.steps[k] >= least) && all.infeasible > 50, "{:?}", all.steps);
}

/// Duals of the reduced model that prove its optimum come back as duals that prove that of the original: costs are paid exactly, and only
/// what binds pays.
#[test]
fn duals_come_back_exactly() {
    let mut proven = 0;
    let mut steps = [0; 9];
    for feature in 0..FEATURES.len() {
        let mut random = ChaCha8Rng::seed_from_u64(300 + feature as u64);
        for _ in 0..400 {
            let mut model = draw(feature, &mut random);
            model.variables.iter_mut().for_each(|var| var.kind = VarKind::Continuous);
            let Presolved::Smaller(reduction) = presolve(&model, &Budget::default()) else { continue };
            let reduced = &reduction.model;
            let lp = ExactRelaxation::of(reduced);
            let budget = Budget::default();
            let mut status = vec![VarStatus::Lower; reduced.num_vars()];
            status.resize(reduced.num_vars() + reduced.num_rows(), VarStatus::Basic);
            let ExactEnd::Optimal { point, duals } = lp.solve(&status, &mut Meter::of(&budget)) else { continue };
            let columns = left_of_costs(reduced, &duals);
            let duals = reduction.restore_duals(Duals { rows: duals, columns });
            let x = reduction.restore(&point);
            assert!(holds_at(&model, &x, &budget), "{model:?}");
            assert_eq!(left_of_costs(&model, &duals.rows), duals.columns, "{model:?}\n{:?}", reduction.steps);
            for (j, var) in model.columns_by_id() {
                let sides = [(Datum::Lower(j), var.lower), (Datum::Upper(j), var.upper)];
                let sides = sides.map(|(datum, bound)| model.decimals.side(datum, bound));
                assert!(
                    pays(&duals.columns[j.index()], &x[j.index()], &sides),
                    "column {j:?}\n{model:?}\n{:?}",
                    reduction.steps
                );
            }
            for (i, row) in model.rows_by_id() {
                let activity = row.terms.iter().fold(RBig::ZERO, |sum, &(j, a)| sum + decimal(a) * &x[j.index()]);
                let sides = [(Datum::RowLower(i), row.lower), (Datum::RowUpper(i), row.upper)];
                let sides = sides.map(|(datum, side)| model.decimals.side(datum, side));
                assert!(pays(&duals.rows[i.index()], &activity, &sides), "row {i:?}\n{model:?}\n{:?}", reduction.steps);
            }
            proven += 1;
            reduction.steps.iter().for_each(|step| steps[kind(step.as_ref())] += 1);
        }
    }
    assert!(proven > 1000 && steps.iter().all(|&count| count > 5), "{proven} {steps:?}");
}

/// A positive dual pays for a lower side, a negative one for an upper side.
fn pays(dual: &RBig, value: &RBig, [lower, upper]: &[Option<RBig>; 2]) -> bool {
    (*dual <= RBig::ZERO || lower.as_ref() == Some(value)) && (*dual >= RBig::ZERO || upper.as_ref() == Some(value))
}

/// What duals (minimised) leave of the costs.
fn left_of_costs(model: &Model, duals: &[RBig]) -> Vec<RBig> {
    let cost = |(j, var): (VarId, &crate::model::Variable)| {
        let cost = model.decimals.value(Datum::Cost(j), var.cost);
        if model.sense == Sense::Maximise { -cost } else { cost }
    };
    let mut left: Vec<RBig> = model.columns_by_id().map(cost).collect();
    for ((i, row), dual) in model.rows_by_id().zip(duals) {
        for &(j, a) in &row.terms {
            left[j.index()] -= model.decimals.value(Datum::Entry(i, j), a) * dual;
        }
    }
    left
}

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
        let Presolved::Smaller(reduction) = presolve(&model, &Budget::default()) else { continue };
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

/// Bounds whose floats are shared with other numbers.
#[test]
fn digits_beyond_floats_are_kept() {
    let text = "minimize\n obj: x + 2 y\nsubject to\n c: x + y >= 1\n d: y + z <= 0.30000000000000000001\nbounds\n\
                9007199254740993 <= x <= 9007199254740999\n 0.10000000000000000001 <= y <= 1\ngeneral\n x\nend\n";
    let model = crate::io::parse_lp(text, std::path::Path::new("digits.lp")).unwrap();
    let Presolved::Smaller(reduction) = presolve(&model, &Budget::default()) else {
        panic!("x and y stay at their bounds")
    };
    let mut status = vec![VarStatus::Lower; reduction.model.num_vars()];
    status.resize(reduction.model.num_vars() + reduction.model.num_rows(), VarStatus::Basic);
    let budget = Budget::default();
    let end = ExactRelaxation::of(&reduction.model).solve(&status, &mut Meter::of(&budget));
    let ExactEnd::Optimal { point, .. } = end else { panic!("there is an optimum") };
    let point = reduction.restore(&point);
    assert_eq!(point[0], RBig::from(9_007_199_254_740_993_i64));
    assert!(holds_at(&model, &point, &Budget::default()), "{point:?}");
}

#[test]
fn it_ends_with_the_budget() {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let model = draw(0, &mut random);
    let stopped = Budget::default().stopped_by(&|| true);
    stopped.ask();
    assert!(matches!(presolve(&model, &stopped), Presolved::Same));
}

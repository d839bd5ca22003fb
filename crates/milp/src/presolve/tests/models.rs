//! Random models with something for each reduction.

use dashu::rational::RBig;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::model::{Model, Sense, VarId, VarKind};

pub const INF: f64 = f64::INFINITY;

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

pub type Feature = fn(&mut Model, &mut ChaCha8Rng);

pub const FEATURES: [(&str, Feature); 12] = [
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
pub fn draw(feature: usize, random: &mut ChaCha8Rng) -> Model {
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

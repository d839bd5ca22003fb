//! Ten mixed-integer models by seed whose trees have some hundred nodes at most: knapsacks of several dimensions, covers, assignments with
//! capacities, sites with fixed costs.

use milp::{Model, Sense, VarId, VarKind};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Makes a model.
type Make = fn(&mut ChaCha8Rng) -> Model;

/// All ten, with their names, in the order of these.
pub fn models() -> Vec<(String, Model)> {
    let kinds: [(&str, Make, u64); 4] =
        [("assignment", assignment, 2), ("cover", cover, 3), ("knapsack", knapsack, 3), ("sites", sites, 2)];
    let named = kinds.iter().flat_map(|(name, make, count)| {
        (1..=*count).map(move |seed| (format!("{name} {seed}"), make(&mut ChaCha8Rng::seed_from_u64(seed))))
    });
    named.collect()
}

fn binary(model: &mut Model, name: String, cost: f64) -> VarId {
    model.add_var(name, 0.0, 1.0, cost, VarKind::Integer)
}

fn whole(rng: &mut ChaCha8Rng, low: i32, high: i32) -> f64 {
    f64::from(rng.random_range(low..=high))
}

/// 35 items, 5 resources of half of what all items take.
fn knapsack(rng: &mut ChaCha8Rng) -> Model {
    let mut model = Model::new("knapsack");
    model.sense = Sense::Maximise;
    let items: Vec<VarId> = (0..35).map(|j| binary(&mut model, format!("x{j}"), whole(rng, 10, 60))).collect();
    for i in 0..5 {
        let terms: Vec<(VarId, f64)> = items.iter().map(|&item| (item, whole(rng, 5, 60))).collect();
        let capacity = (terms.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0).floor();
        model.add_row(format!("resource{i}"), f64::NEG_INFINITY, capacity, terms);
    }
    model
}

/// 60 elements, 50 sets of about 8 of them.
fn cover(rng: &mut ChaCha8Rng) -> Model {
    let mut model = Model::new("cover");
    let sets: Vec<VarId> = (0..50).map(|j| binary(&mut model, format!("x{j}"), whole(rng, 5, 12))).collect();
    for i in 0..60 {
        let mut terms: Vec<(VarId, f64)> = Vec::new();
        // Two at least, so that no element decides alone.
        while terms.len() < 2 {
            terms = sets.iter().filter(|_| rng.random_bool(0.13)).map(|&set| (set, 1.0)).collect();
        }
        model.add_row(format!("element{i}"), 1.0, f64::INFINITY, terms);
    }
    model
}

/// 20 jobs, 5 agents of limited time.
fn assignment(rng: &mut ChaCha8Rng) -> Model {
    const AGENTS: usize = 5;
    let mut model = Model::new("assignment");
    let mut times: Vec<Vec<(VarId, f64)>> = vec![Vec::new(); AGENTS];
    for j in 0..20 {
        let mut one = Vec::new();
        for (i, times) in times.iter_mut().enumerate() {
            let time = whole(rng, 8, 25);
            let var = binary(&mut model, format!("x{i}_{j}"), (40.0 - time + whole(rng, -8, 8)).max(1.0));
            times.push((var, time));
            one.push((var, 1.0));
        }
        model.add_row(format!("job{j}"), 1.0, 1.0, one);
    }
    for (i, times) in times.into_iter().enumerate() {
        let all: f64 = times.iter().map(|(_, time)| time).sum();
        model.add_row(format!("agent{i}"), f64::NEG_INFINITY, (0.8 * all / AGENTS as f64).floor(), times);
    }
    model
}

/// 25 customers, 12 sites that cost something to open and serve what they can.
fn sites(rng: &mut ChaCha8Rng) -> Model {
    let mut model = Model::new("sites");
    let place = |rng: &mut ChaCha8Rng| (whole(rng, 0, 100), whole(rng, 0, 100));
    let at: Vec<(f64, f64)> = (0..12).map(|_| place(rng)).collect();
    let opens: Vec<VarId> =
        (0..at.len()).map(|i| binary(&mut model, format!("open{i}"), whole(rng, 150, 300))).collect();
    let mut load: Vec<Vec<(VarId, f64)>> = vec![Vec::new(); at.len()];
    for j in 0..25 {
        let ((x, y), demand) = (place(rng), whole(rng, 5, 20));
        let mut served = Vec::new();
        for (i, &(a, b)) in at.iter().enumerate() {
            let distance = (x - a).abs() + (y - b).abs();
            let part = model.add_var(format!("serve{i}_{j}"), 0.0, 1.0, distance * demand / 10.0, VarKind::Continuous);
            served.push((part, 1.0));
            load[i].push((part, demand));
        }
        model.add_row(format!("customer{j}"), 1.0, 1.0, served);
    }
    for (i, mut terms) in load.into_iter().enumerate() {
        terms.push((opens[i], -90.0));
        model.add_row(format!("capacity{i}"), f64::NEG_INFINITY, 0.0, terms);
    }
    model
}

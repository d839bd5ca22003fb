//! Each reduction on random models against enumeration in rationals: same optimum, or none, or no end; what comes back satisfies the
//! original exactly and has its optimum.

use rand::SeedableRng;

use super::models::{FEATURES, draw};
use super::*;

/// What is true of a model whose integer columns are bounded.
#[derive(Debug, PartialEq)]
pub enum Truth {
    Optimum(RBig),
    Infeasible,
    Unbounded,
}

/// Every choice of the integers with the best completion in rationals: the truth (the optimum minimised), and an optimal point.
pub fn truth(model: &Model) -> (Truth, Option<Vec<RBig>>) {
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
pub fn kind(step: &dyn Step) -> usize {
    let text = format!("{step:?}");
    KINDS.iter().position(|name| text.starts_with(name)).expect("a known step")
}

fn examine(model: &Model, tally: &mut Tally) {
    let (expected, _) = truth(model);
    tally.ends[match &expected {
        Truth::Optimum(_) => 0,
        Truth::Infeasible => 1,
        Truth::Unbounded => 2,
    }] += 1;
    let presolved = presolve(model, &Parameters::default(), &Budget::default());
    compare(model, &expected, &presolved);
    match presolved {
        Presolved::Same => {}
        Presolved::Infeasible => tally.infeasible += 1,
        Presolved::Smaller(reduction) => {
            tally.smaller += 1;
            reduction.steps.iter().for_each(|step| tally.steps[kind(step.as_ref())] += 1);
        }
    }
}

/// What became of a model says the same as the model, and its optimal point comes back exactly.
pub fn compare(model: &Model, expected: &Truth, presolved: &Presolved) {
    let reduction = match presolved {
        Presolved::Same => return,
        Presolved::Infeasible => return assert_eq!(*expected, Truth::Infeasible, "{model:?}"),
        Presolved::Smaller(reduction) => reduction,
    };
    let (found, point) = truth(&reduction.model);
    assert_eq!(found, *expected, "{model:?}\nreduced to\n{:?}", reduction.model);
    if let (Truth::Optimum(value), Some(point)) = (found, point) {
        let back = reduction.restore(&point, &Budget::default()).expect("no limits");
        assert!(
            holds_at(model, &back, &Budget::default()),
            "{back:?} from {point:?}\n{model:?}\nreduced to\n{:?}",
            reduction.model
        );
        let objective = model.exact_objective(back.iter().map(std::borrow::Cow::Borrowed));
        assert_eq!(if model.sense == Sense::Maximise { -objective } else { objective }, value, "{model:?}");
        let digits: Vec<f64> = point.iter().map(approximately).collect();
        if digits.iter().zip(&point).all(|(&float, exact)| decimal(float) == *exact) {
            let floats: Vec<f64> = back.iter().map(|x| approximately(x) + 0.0).collect();
            assert_eq!(reduction.restore_floats(&digits, &Budget::default()), Some(floats), "{model:?}");
        }
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

/// Bounds whose floats are shared with other numbers.
#[test]
fn digits_beyond_floats_are_kept() {
    let text = "minimize\n obj: x + 2 y\nsubject to\n c: x + y >= 1\n d: y + z <= 0.30000000000000000001\nbounds\n\
                9007199254740993 <= x <= 9007199254740999\n 0.10000000000000000001 <= y <= 1\ngeneral\n x\nend\n";
    let model = crate::io::parse_lp(text, std::path::Path::new("digits.lp")).unwrap();
    let Presolved::Smaller(reduction) = presolve(&model, &Parameters::default(), &Budget::default()) else {
        panic!("x and y stay at their bounds")
    };
    let mut status = vec![VarStatus::Lower; reduction.model.num_vars()];
    status.resize(reduction.model.num_vars() + reduction.model.num_rows(), VarStatus::Basic);
    let budget = Budget::default();
    let end = ExactRelaxation::of(&reduction.model).solve(&status, &mut Meter::of(&budget));
    let ExactEnd::Optimal { point, .. } = end else { panic!("there is an optimum") };
    let point = reduction.restore(&point, &Budget::default()).expect("no limits");
    assert_eq!(point[0], RBig::from(9_007_199_254_740_993_i64));
    assert!(holds_at(&model, &point, &Budget::default()), "{point:?}");
}

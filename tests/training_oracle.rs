//! Every way to train against enumeration, on random small problems of every kind: no loss below the optimum, no bound
//! above it, what is proven is the optimum, and every network is recounted.

use bdnn::{Limits, Network, Problem, Request, Status, Training, WeightDomain, exact};
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::Source;
use heuristics::{local_search, split};

/// What objectives with prices on weights may differ by, as sums of floats; losses are whole and compared exactly.
const ROUNDING: f64 = 1e-6;

fn limits(nodes: u64) -> Limits {
    Limits { threads: 1, nodes, ..Limits::default() }
}

/// A problem of any kind; one in eight has prices on weights.
fn problem(source: &mut Source, case: usize) -> Problem {
    let problem = source.small_problem(case);
    if case % 8 != 7 || problem.partition.is_some() {
        return problem;
    }
    let whole = problem.architecture.weights != WeightDomain::Continuous;
    Problem { l0: 0.25, l1: if whole { 0.125 } else { 0.0 }, ..problem }
}

/// What a run may say where `least` is the optimum (infinite: no network satisfies the problem).
fn is_true(way: &str, case: usize, problem: &Problem, training: &Training, least: f64) {
    let context = || format!("{way}, case {case}: optimum {least}, {training:?}\n{problem:?}");
    let rounding = if problem.l0 == 0.0 && problem.l1 == 0.0 { 0.0 } else { ROUNDING };
    if let Some(network) = &training.network {
        assert_eq!(exact::check(problem, network), Ok(training.loss), "{}", context());
        assert!((training.objective - problem.objective(network, training.loss)).abs() <= rounding, "{}", context());
        assert!(training.objective >= least - rounding, "{}", context());
    }
    match training.status {
        Status::Infeasible => assert!(least.is_infinite(), "{}", context()),
        Status::Optimal => {
            assert!(training.network.is_some(), "{}", context());
            assert!((training.objective - least).abs() <= rounding, "{}", context());
            assert!(training.bound <= least + rounding, "{}", context());
        }
        _ => assert!(training.bound <= least + rounding, "{}", context()),
    }
}

/// The exact engine that `train --method auto` takes, from the start it makes.
fn automatic(problem: &Problem) -> Training {
    let start = local_search::train(Request::new(problem, &limits(2))).expect("a sound problem").network;
    let start: Option<&Network> = start.as_ref();
    match omt::supports(problem) {
        Ok(()) => omt::train(Request::new(problem, &limits(u64::MAX)).with_start(start)).expect("a sound problem"),
        Err(_) => {
            formulation::train(Request::new(problem, &limits(u64::MAX)).with_start(start)).expect("a sound problem")
        }
    }
}

fn splitting(problem: &Problem) -> Training {
    split::train(Request::new(problem, &limits(200)), &split::Options::default(), &omt::Exact).expect("a sound problem")
}

/// Trains problems in every way; exact ways must prove what they find.
fn hold_against_enumeration(seed: u64, cases: usize) {
    let mut source = Source::new(seed);
    let (mut found, mut searched) = (0, 0);
    for case in 0..cases {
        let mut problem = problem(&mut source, case);
        if omt::supports(&problem).is_err() {
            problem.epsilon = Some(problem.margin());
        }
        let least = optimum(&problem);
        let proven = |way: &str, problem: &Problem, training: &Training, least: f64| {
            is_true(way, case, problem, training, least);
            let ends = [Status::Optimal, Status::Infeasible];
            assert!(ends.contains(&training.status), "{way}, case {case}: {training:?}\n{problem:?}");
        };
        proven("auto", &problem, &automatic(&problem), least);
        let guess = local_search::train(Request::new(&problem, &limits(2))).expect("a sound problem");
        is_true("local search", case, &problem, &guess, least);
        searched += u64::from(least.is_finite());
        found += u64::from(least.is_finite() && guess.objective <= least + ROUNDING);
        if omt::supports(&problem).is_ok() {
            let training = omt::train(Request::new(&problem, &limits(u64::MAX))).expect("a sound problem");
            proven("omt", &problem, &training, least);
            if problem.partition.is_none() {
                is_true("split", case, &problem, &splitting(&problem), least);
            }
        }
        // The MILP needs a margin; without one its optimum is another.
        if case % 4 == 0 {
            let with_margin = Problem { epsilon: Some(problem.margin()), ..problem.clone() };
            let least = if problem.epsilon.is_some() { least } else { optimum(&with_margin) };
            let training = formulation::train(Request::new(&with_margin, &limits(u64::MAX))).expect("a sound problem");
            proven("milp", &with_margin, &training, least);
        }
    }
    println!("{cases} problems; local search of two rounds found {found} of {searched} optima");
    assert!(20 * found >= 19 * searched, "local search found {found} of {searched}");
}

#[test]
fn every_way_to_train_is_true() {
    hold_against_enumeration(21, 500);
}

#[test]
#[ignore = "minutes"]
fn every_way_to_train_is_true_five_thousand_times() {
    hold_against_enumeration(22, 5000);
}

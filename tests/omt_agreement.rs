//! The conflict-driven engine against enumeration and against the MILP engine, on random small problems of every kind.
//!
//! The default run takes 2200 of them, `cargo test --workspace --test omt_agreement -- --ignored` 15,000.

use bdnn::{Limits, Network, Problem, Request, Status, Training, WeightDomain, exact};
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::Source;

fn train(problem: &Problem, threads: usize) -> Training {
    let limits = Limits { threads, ..Limits::default() };
    omt::train(Request::new(problem, &limits)).unwrap_or_else(|error| panic!("{error}\n{problem:?}"))
}

/// What must not depend on the number of threads.
fn outcome(training: &Training) -> (Status, u64, u64, &Option<Network>, u64) {
    let Training { status, loss, bound, network, statistics, .. } = training;
    (*status, *loss, bound.to_bits(), network, statistics.conflicts)
}

/// The proven loss, `None` if no network satisfies the problem, after checking that the result keeps its word and that
/// a second thread changes nothing.
fn proven(problem: &Problem) -> Option<u64> {
    let training = train(problem, 1);
    assert_eq!(outcome(&training), outcome(&train(problem, 2)), "{problem:?}");
    if training.status == Status::Infeasible {
        return None;
    }
    assert_eq!(training.status, Status::Optimal, "{problem:?}");
    let network = training.network.expect("an optimum is a network");
    assert_eq!(exact::check(problem, &network), Ok(training.loss), "{problem:?}\n{network:?}");
    assert_eq!(training.bound, training.loss as f64);
    Some(training.loss)
}

fn agree_with_enumeration(seed: u64, cases: usize) {
    let mut source = Source::new(seed);
    for case in 0..cases {
        let problem = source.small_problem(case);
        let least = optimum(&problem);
        let expected = least.is_finite().then_some(least as u64);
        assert_eq!(proven(&problem), expected, "case {case}: {problem:?}");
    }
}

#[test]
fn random_problems_agree_with_enumeration() {
    agree_with_enumeration(11, 2000);
}

#[test]
#[ignore = "minutes"]
fn thousands_agree_with_enumeration() {
    agree_with_enumeration(12, 10_000);
}

/// Larger than enumeration can take.
fn agree_with_the_milp(seed: u64, cases: usize) {
    let mut source = Source::new(seed);
    for case in 0..cases {
        let (rows, features) = (source.whole(8, 12), source.whole(1, 3));
        let classes = if case % 5 == 4 { 3 } else { 2 };
        let points = source.points(rows, features, classes);
        let hidden = [&[][..], &[1], &[2]][source.whole(0, if classes == 2 { 2 } else { 0 })];
        let weights = if source.one_in(3) { WeightDomain::Integer(1) } else { WeightDomain::Continuous };
        let bias = !source.one_in(3);
        let mut problem = source.problem(points, hidden, weights, bias);
        problem.robust = source.one_in(3).then(|| source.robust());
        problem.partition = source.one_in(4).then(|| source.partition(problem.points.len(), 5));
        let limits = Limits { threads: 1, ..Limits::default() };
        let milp = formulation::train(Request::new(&problem, &limits)).expect("a sound problem");
        let expected = (milp.status == Status::Optimal).then_some(milp.loss);
        assert!(expected.is_some() || milp.status == Status::Infeasible, "{problem:?}");
        assert_eq!(proven(&problem), expected, "case {case}: {problem:?}");
    }
}

#[test]
fn larger_problems_agree_with_the_milp() {
    agree_with_the_milp(13, 200);
}

#[test]
#[ignore = "minutes"]
fn five_thousand_agree_with_the_milp() {
    agree_with_the_milp(14, 5000);
}

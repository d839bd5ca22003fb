//! The conflict-driven engine against enumeration and against the MILP engine, on random small problems of every kind.
//!
//! The default run takes 2200 of them, `cargo test -p heaviside-acceptance --test omt_agreement -- --ignored` five times as
//! many.

use bdnn::{Limits, Network, Problem, Silent, Status, Training, WeightDomain, exact, milp_training};
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::Source;

fn train(problem: &Problem, threads: usize) -> Training {
    let limits = Limits { threads, ..Limits::default() };
    omt::train(problem, &limits, None, &Silent).unwrap_or_else(|error| panic!("{error}\n{problem:?}"))
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

/// A problem of the kind number `case`, small enough to enumerate.
fn problem(source: &mut Source, case: usize) -> Problem {
    let weights =
        [WeightDomain::Continuous, WeightDomain::Integer(1), WeightDomain::Integer(2)][[0, 0, 1, 2][case % 4]];
    let bias = !source.one_in(3);
    let classes = if source.one_in(4) { 3 } else { 2 };
    let deep = [&[2, 2][..], &[1, 2], &[2, 1], &[3, 1]];
    let (hidden, rows, features) = match source.whole(0, 5) {
        0 => (&[][..], source.whole(2, 8), source.whole(1, 3)),
        1 => (&[1][..], source.whole(2, 8), source.whole(1, 3)),
        2 | 3 => (&[2][..], source.whole(2, 7), source.whole(1, 2)),
        4 => (&[3][..], source.whole(2, 5), source.whole(1, 2)),
        _ => (deep[source.whole(0, 3)], source.whole(2, 5), 1),
    };
    let rows = if classes == 3 || weights != WeightDomain::Continuous { rows.min(5) } else { rows };
    let points = source.points(rows, features, classes);
    let mut problem = source.problem(points, hidden, weights, bias);
    if !source.one_in(3) {
        problem.epsilon = None;
    }
    if source.one_in(3) {
        problem.robust = Some(source.robust());
    }
    if source.one_in(4) {
        problem.partition = Some(source.partition(problem.points.len(), 3));
    }
    problem
}

fn agree_with_enumeration(seed: u64, cases: usize) {
    let mut source = Source::new(seed);
    for case in 0..cases {
        let problem = problem(&mut source, case);
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
        let milp = milp_training::train(&problem, &limits, None, &Silent).expect("a sound problem");
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
fn a_thousand_agree_with_the_milp() {
    agree_with_the_milp(14, 1000);
}

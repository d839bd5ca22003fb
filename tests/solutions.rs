//! The best labellings against all that enumeration finds, on random small problems of every kind: `train --solutions`.

use bdnn::pool::{self, Solutions};
use bdnn::{Limits, Problem, Request, Status, exact};
use heaviside_acceptance::oracle;
use heaviside_acceptance::random::Source;
use std::collections::{BTreeMap, BTreeSet};

/// Pools of so many labellings are looked at as a whole: three classes may have thousands.
const ALL: usize = 150;

fn solve(problem: &Problem, wanted: usize, limits: &Limits) -> Solutions {
    let request = Request::new(problem, limits);
    omt::solutions(request, wanted, 0).unwrap_or_else(|error| panic!("{error}\n{problem:?}")).1
}

/// Every labelling of the list is one that networks have, each once, with its network and its loss.
fn are_labellings(problem: &Problem, solutions: &Solutions, all: &BTreeMap<Vec<bool>, u64>) {
    let mut seen = BTreeSet::new();
    for solution in &solutions.list {
        assert_eq!(exact::check(problem, &solution.network), Ok(solution.loss), "{problem:?}");
        assert_eq!(pool::labelling(problem, &solution.network), solution.labelling, "{problem:?}");
        assert_eq!(all.get(&solution.labelling), Some(&solution.loss), "{problem:?}");
        assert!(seen.insert(&solution.labelling), "twice: {solution:?}\n{problem:?}");
    }
    assert!(solutions.list.is_sorted_by_key(|solution| solution.loss));
}

/// What is said of labellings that are not on the list.
fn are_bounded(problem: &Problem, solutions: &Solutions, all: &BTreeMap<Vec<bool>, u64>) {
    let listed: BTreeSet<&Vec<bool>> = solutions.list.iter().map(|solution| &solution.labelling).collect();
    let rest = || all.iter().filter(|(labelling, _)| !listed.contains(labelling)).map(|(_, &loss)| loss);
    let least = rest().min();
    match (solutions.others, least) {
        (None, least) => assert_eq!(least, None, "{problem:?}"),
        (Some(others), Some(least)) => assert!(others <= least, "{others} > {least}: {problem:?}"),
        (Some(_), None) => {}
    }
    let last = solutions.list.last().map(|solution| solution.loss);
    assert!(!solutions.tied || rest().any(|loss| Some(loss) == last), "{problem:?}");
}

fn agree_with_enumeration(seed: u64, cases: usize) {
    let mut source = Source::new(seed);
    let (mut kinds, mut skipped, mut unshown) = (BTreeMap::<&str, usize>::new(), 0, 0);
    for case in 0..cases {
        let problem = source.small_problem(case);
        if omt::labellings::supports(&problem).is_err() {
            skipped += 1;
            continue;
        }
        let all = oracle::labellings(&problem);
        let mut losses: Vec<u64> = all.values().copied().collect();
        losses.sort_unstable();
        let most = if losses.len() <= ALL { losses.len() + case % 2 } else { 9 };
        for wanted in [1, 1 + case % 7, most] {
            let outcome = |threads| solve(&problem, wanted, &Limits { threads, ..Limits::default() });
            let solutions = outcome(1);
            let context = || format!("case {case}, {wanted} wanted: {solutions:?}\n{problem:?}");
            assert_eq!(solutions.list, outcome(2).list, "{}", context());
            are_labellings(&problem, &solutions, &all);
            are_bounded(&problem, &solutions, &all);
            // Labellings whose margin is attained exactly may have no weights in floats: then the list says what it lacks.
            if solutions.status == Status::Unresolved {
                assert!(!solutions.complete(), "{}", context());
                unshown += 1;
                continue;
            }
            let found: Vec<u64> = solutions.list.iter().map(|solution| solution.loss).collect();
            assert_eq!(found, losses[..wanted.min(losses.len())], "{}", context());
            assert_eq!((solutions.status, solutions.complete()), (Status::Optimal, true), "{}", context());
            let next = losses.get(wanted.max(1));
            assert_eq!(solutions.tied, next.is_some() && next == found.last(), "{}", context());
            let word = if solutions.others.is_none() { "all" } else { "some" };
            *kinds.entry(word).or_default() += 1;
            // A limit leaves less, and nothing false.
            let limits = Limits { threads: 1, nodes: (case % 40) as u64, ..Limits::default() };
            let part = solve(&problem, wanted, &limits);
            are_labellings(&problem, &part, &all);
            are_bounded(&problem, &part, &all);
        }
    }
    println!("{cases} problems, {skipped} of them not taken: {kinds:?}; labellings without floats: {unshown}");
    assert!(kinds.len() == 2 && 5 * skipped < cases && 100 * unshown < cases, "{skipped} {kinds:?} {unshown}");
}

#[test]
fn pools_agree_with_enumeration() {
    agree_with_enumeration(41, 300);
}

#[test]
#[ignore = "minutes"]
fn pools_agree_with_enumeration_five_thousand_times() {
    agree_with_enumeration(42, 5000);
}

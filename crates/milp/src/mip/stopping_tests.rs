//! Every phase ends when it is told to: a callback that says so, and what was done by then.

use std::cell::Cell;

use super::incumbent::Scale;
use super::propagation::Propagator;
use super::search::Search;
use super::tests::knapsack;
use super::*;
use crate::bounds::Domain;
use crate::control::{Control, Hooks};
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::outcome::Status;
use crate::proof::Certificate;
use crate::simplex::LpProblem;
use crate::{Budget, Error, Judgement, Quiet, VarId};

/// Says stop at the k-th question and from then on, and counts the questions.
struct StopAt {
    k: u64,
    asked: Cell<u64>,
}

impl StopAt {
    fn new(k: u64) -> Self {
        Self { k, asked: Cell::new(0) }
    }
}

impl Control for StopAt {
    fn should_stop(&self) -> bool {
        self.asked.set(self.asked.get() + 1);
        self.asked.get() >= self.k
    }

    fn judge(&mut self, _candidate: &[f64]) -> Judgement {
        Judgement::Accept
    }
}

/// Wherever a run is when it is told to stop, it is not busy long enough to ask a second time; what it then says is true.
#[test]
fn a_run_hears_the_first_word() {
    let model = knapsack(25);
    let mut never = StopAt::new(u64::MAX);
    let optimum = solve(&model, &Options::default(), &mut never).unwrap().objective.unwrap();
    let questions = never.asked.get();
    assert!(questions > 30, "{questions}");
    for k in (1..questions).step_by(1 + questions as usize / 50) {
        let mut stop = StopAt::new(k);
        let outcome = solve(&model, &Options::default(), &mut stop).unwrap();
        assert_eq!((outcome.status, stop.asked.get()), (Status::Interrupted, k));
        assert!(outcome.bound >= optimum && outcome.objective.is_none_or(|value| value <= optimum), "{outcome:?}");
        let mut stop = StopAt::new(k);
        let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
        let outcome = solve_certified(&model, &Options::default(), &mut stop, &mut certificate).unwrap();
        assert_eq!((outcome.status, stop.asked.get()), (Status::Interrupted, k), "closing does not ask again");
        let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
        assert!(proven.upper.is_some_and(|upper| upper >= optimum - 1e-9), "{proven:?}");
    }
}

/// Where some nodes stay open, the bound of the root is all that is proven, and the lines of the tree are not written for it.
#[test]
fn open_nodes_leave_the_bound_of_the_root_alone() {
    let model = knapsack(40);
    let written = |node_limit| {
        let options = Options { node_limit, closing_limit: 0, ..Options::default() };
        let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
        let outcome = solve_certified(&model, &options, &mut StopAt::new(u64::MAX), &mut certificate).unwrap();
        assert_eq!(outcome.status, Status::NodeLimit);
        let made = certificate.seconds_to_write();
        (certificate.write(&model, &mut std::io::sink()).unwrap(), made)
    };
    let ((few, little), (many, much)) = (written(2), written(300));
    assert!(much > 10.0 * little && few.upper.is_some(), "{little} {much}");
    assert_eq!(few.upper, many.upper);
    assert!(many.derivations < 20, "{many:?}");
}

/// Closing after a limit hears an interruption.
#[test]
fn closing_hears_an_interruption() {
    let model = knapsack(40);
    let options = Options { node_limit: 300, ..Options::default() };
    let closings = |options: &Options, control: &mut StopAt| {
        let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
        let outcome = solve_certified(&model, options, control, &mut certificate).unwrap();
        assert_eq!(outcome.status, Status::NodeLimit);
        certificate.write(&model, &mut std::io::sink()).unwrap().upper.unwrap()
    };
    let mut counting = StopAt::new(u64::MAX);
    closings(&Options { closing_limit: 0, ..options.clone() }, &mut counting);
    let search = counting.asked.get();
    let mut all = StopAt::new(u64::MAX);
    let whole = closings(&options, &mut all);
    assert!(all.asked.get() > search + 5, "{} of {search}", all.asked.get());
    let mut stopped = StopAt::new(search + 3);
    assert!(closings(&options, &mut stopped) >= whole);
    assert!(stopped.asked.get() <= search + 3, "{}", stopped.asked.get());
}

/// A chain of rows each of which moves the next bound: one call would visit them all.
fn chain(length: usize) -> Model {
    let mut model = Model::new("chain");
    for j in 0..length {
        model.add_var(format!("x{j}"), if j == 0 { 0.0 } else { -1.0 }, 9.0, 0.0, VarKind::Continuous);
    }
    for j in 1..length {
        let terms = [(VarId(j as u32), 1.0), (VarId(j as u32 - 1), -1.0)];
        model.add_row(format!("r{j}"), 0.0, f64::INFINITY, terms);
    }
    model
}

#[test]
fn propagation_ends_within_a_call() {
    let model = chain(60_000);
    let problem = LpProblem::from_model(&model);
    let run = |budget: &Budget| {
        let bounds = |f: fn(&crate::model::Variable) -> f64| model.variables.iter().map(f).collect::<Vec<f64>>();
        let mut domain = Domain::new(bounds(|var| var.lower), bounds(|var| var.upper));
        let mut propagator = Propagator::new(&model, &problem, &mut domain, &Options::default());
        propagator.enqueue_all();
        propagator.propagate(&mut domain, budget).unwrap();
        let first = domain.mark();
        propagator.propagate(&mut domain, &Budget::default()).unwrap();
        assert_eq!(domain.mark(), first, "nothing is left in the queue");
        first
    };
    let all = run(&Budget::default());
    assert_eq!(all, 59_999);
    let stopped = run(&Budget::default().stopped_by(&|| true));
    assert!(stopped > 0 && stopped < all / 2, "{stopped} of {all}");
}

/// Propagation that makes no progress ends after a few steps, whatever the range.
#[test]
fn bounds_do_not_creep() {
    for upper in [1e3, 1e8, f64::INFINITY] {
        let mut model = Model::new("creep");
        let x = model.add_var("x", 0.0, upper, 0.0, VarKind::Integer);
        let y = model.add_var("y", 0.0, upper, 0.0, VarKind::Integer);
        model.add_row("p", 1.0, f64::INFINITY, [(x, 1.0), (y, -1.0)]);
        model.add_row("q", 1.0, f64::INFINITY, [(y, 1.0), (x, -1.0)]);
        let problem = LpProblem::from_model(&model);
        let mut domain = Domain::new(vec![0.0; 2], vec![upper; 2]);
        let mut propagator = Propagator::new(&model, &problem, &mut domain, &Options::default());
        propagator.enqueue_all();
        propagator.propagate(&mut domain, &Budget::default()).unwrap();
        assert!(domain.mark() < 150, "{} changes", domain.mark());
    }
}

/// A doubling chain makes progress at each step and goes to its end.
#[test]
fn progress_goes_on() {
    let mut model = Model::new("halving");
    let x = model.add_var("x", 1.0, 1e9, 0.0, VarKind::Integer);
    let y = model.add_var("y", 1.0, 1e9, 0.0, VarKind::Integer);
    model.add_row("p", f64::NEG_INFINITY, 0.0, [(x, 2.0), (y, -1.0)]);
    model.add_row("q", f64::NEG_INFINITY, 0.0, [(y, 1.0), (x, -1.0)]);
    let outcome = solve(&model, &Options { node_limit: 0, ..Options::default() }, &mut Quiet).unwrap();
    assert_eq!((outcome.status, outcome.statistics.lp_iterations), (Status::Infeasible, 0));
}

#[test]
fn heuristics_end_when_the_budget_does() {
    let model = knapsack(30);
    let (mut control, options) = (Quiet, Options::default());
    let budget = Budget::default().stopped_by(&|| true);
    let hooks = Hooks::new(&mut control);
    let mut search = Search::new(&model, &options, (&budget, &hooks), None, Scale::of(&model));
    budget.ask();
    let mark = search.domain.mark();
    search.fix_and_propagate(&[0.5; 30], 'H').unwrap();
    assert!(search.incumbent.objective().is_none() && search.domain.mark() == mark);
    assert_eq!(search.root(None).unwrap(), Some(Status::Interrupted));
    assert_eq!(search.relaxation.iterations(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_a_limit() {
    let options = Options { memory_limit: 1e-4, ..Options::default() };
    let outcome = solve(&knapsack(25), &options, &mut Quiet).unwrap();
    assert_eq!((outcome.status, outcome.status.as_str()), (Status::MemoryLimit, "memory-limit"));
    let options = Options { memory_limit: 1e4, ..Options::default() };
    assert_eq!(solve(&knapsack(10), &options, &mut Quiet).unwrap().status, Status::Optimal);
}

#[test]
fn limits_that_are_none_are_refused() {
    let model = knapsack(3);
    for bad in [f64::NAN, -1.0, f64::NEG_INFINITY] {
        let all = [
            Options { time_limit: bad, ..Options::default() },
            Options { memory_limit: bad, ..Options::default() },
            Options { mip_rel_gap: bad, ..Options::default() },
            Options { mip_abs_gap: Some(bad), ..Options::default() },
        ];
        for options in all {
            let error = solve(&model, &options, &mut Quiet).unwrap_err();
            assert!(matches!(error, Error::Options { .. }) && error.to_string().contains("0 or more"), "{error}");
        }
    }
    let outcome = solve(&model, &Options { time_limit: 0.0, ..Options::default() }, &mut Quiet).unwrap();
    assert_eq!(outcome.status, Status::TimeLimit);
}

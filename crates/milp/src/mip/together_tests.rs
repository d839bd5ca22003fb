//! Searches that share a tree: the same outcome and the same story on any number of threads, and no false word.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::current;

use ::budget::observe::{Ending, Lp, Row};
use proptest::prelude::*;

use super::tests::{any_model, assert_agrees, brute_force, sign, solve_watched};
use super::within::solve_within;
use super::*;
use crate::control::{Control, Hooks};
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::outcome::{Outcome, Status};
use crate::{Budget, Event, Interest, NodeOrder, Quiet, Sense, VarId, What};

/// Rounds as short as they can be, from the first open nodes on.
fn eager(subtrees: usize) -> Options {
    let mut options = Options::default();
    options.parameters.subtrees = subtrees;
    options.parameters.alone_work = 0;
    options.parameters.round_share = 0.0;
    options.parameters.round_nodes = 1;
    options
}

/// Packings and coverings over so many small whole columns that there is a tree.
fn wide_model() -> impl Strategy<Value = Model> {
    let row = (prop::collection::vec(0i32..30, 20), 30i32..70, any::<bool>());
    let column = (1i32..40, 1i32..3);
    (prop::collection::vec(column, 8..20), prop::collection::vec(row, 1..5), any::<bool>()).prop_map(
        |(columns, rows, maximise)| {
            let mut model = Model::new("wide");
            model.sense = if maximise { Sense::Maximise } else { Sense::Minimise };
            for (j, (cost, upper)) in columns.iter().enumerate() {
                let kind = if j % 7 == 6 { VarKind::Continuous } else { VarKind::Integer };
                model.add_var(format!("x{j}"), 0.0, f64::from(*upper), f64::from(*cost), kind);
            }
            for (coefficients, percent, both) in rows {
                let terms: Vec<(VarId, f64)> =
                    (0..columns.len()).map(|j| (VarId(j as u32), f64::from(coefficients[j]))).collect();
                let side = terms.iter().map(|(_, a)| a).sum::<f64>() * f64::from(percent) / 100.0;
                let side = side.floor();
                let (lower, upper) = if maximise { (f64::NEG_INFINITY, side) } else { (side, f64::INFINITY) };
                model.add_row(
                    "",
                    if both { side - 40.0 } else { lower },
                    if both { side + 40.0 } else { upper },
                    terms,
                );
            }
            model
        },
    )
}

/// Listens to everything, and holds against what it heard before what must agree with that.
#[derive(Default)]
struct Story {
    events: Vec<Event>,
    depths: Vec<u32>,
    ended: Vec<bool>,
    weight: f64,
    work: u64,
    bounds: Vec<f64>,
    sign: f64,
}

impl Control for Story {
    fn judges(&self) -> bool {
        false
    }

    fn interest(&self) -> Interest {
        Interest::ALL
    }

    fn event(&mut self, event: &Event) {
        assert!(event.work >= self.work, "work goes back: {event:?}");
        self.work = event.work;
        let known = |node: u64| node as usize <= self.depths.len();
        match event.what {
            What::Node(node) => {
                assert_eq!(node.id as usize, self.depths.len() + 1);
                let parent = (node.parent as usize).checked_sub(1);
                assert_eq!(node.depth, parent.map_or(0, |parent| self.depths[parent] + 1));
                assert!(parent.is_none_or(|parent| !self.ended[parent]));
                self.depths.push(node.depth);
                self.ended.push(false);
            }
            What::End(end) => {
                assert!(!std::mem::replace(&mut self.ended[end.id as usize - 1], true), "{end:?}");
                assert_eq!(end.depth, self.depths[end.id as usize - 1]);
                if end.ending != Ending::Branched {
                    self.weight += 0.5_f64.powi(end.depth as i32);
                }
            }
            What::Lp(Lp { node, .. }) => assert!(known(node)),
            What::Incumbent(incumbent) => assert!(known(incumbent.node)),
            What::Conflict(conflict) => assert!(known(conflict.node)),
            What::Row(row) => self.bounds.push(self.sign * row.bound),
            _ => {}
        }
        let timeless = match event.what {
            What::Lp(lp) => What::Lp(Lp { seconds: 0.0, ..lp }),
            What::Row(row) => What::Row(Row { seconds: 0.0, ..row }),
            What::Finish(finish) => What::Finish(::budget::observe::Finish { primal_dual_integral: 0.0, ..finish }),
            other => other,
        };
        // A clock decides when there is a row for its own sake.
        if !matches!(timeless, What::Row(Row { source: ' ', .. })) {
            self.events.push(Event::new(event.work, timeless));
        }
    }
}

/// Outcome and events, without times.
fn told(model: &Model, options: &Options) -> (Outcome, Vec<Event>) {
    let mut story = Story { sign: sign(model), ..Story::default() };
    let mut outcome = solve(model, options, &mut story).unwrap();
    assert!(story.ended.iter().all(|ended| *ended));
    assert!((story.weight - if story.depths.is_empty() { 0.0 } else { 1.0 }).abs() < 1e-9);
    assert!(story.bounds.is_sorted(), "{:?}", story.bounds);
    let statistics = &mut outcome.statistics;
    (statistics.seconds, statistics.primal_dual_integral, statistics.verify_seconds) = (0.0, 0.0, 0.0);
    (outcome, story.events)
}

fn assert_same(model: &Model, options: &Options) -> Outcome {
    let (outcome, events) = told(model, options);
    for threads in [2, 4] {
        let (other, others) = told(model, &Options { threads, ..options.clone() });
        assert_eq!(format!("{other:?}"), format!("{outcome:?}"), "{threads} threads");
        let place = events.iter().zip(&others).position(|(a, b)| format!("{a:?}") != format!("{b:?}"));
        if let Some(place) = place.or((events.len() != others.len()).then_some(events.len().min(others.len()))) {
            panic!("{threads} threads, event {place}: {:?} and {:?}", events.get(place), others.get(place));
        }
    }
    outcome
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// With the known optimum injected: no search removes it, nor do rows that others have learned.
    #[test]
    fn searches_together_agree_with_brute_force(model in any_model(), subtrees in 2_usize..5, threads in 1_usize..4) {
        let expected = brute_force(&model);
        let known = expected.as_ref().map(|(_, point)| point.clone());
        let mut options = Options { threads, ..eager(subtrees) };
        options.parameters.dives = false;
        options.parameters.cut_rounds = 0;
        assert_agrees(&model, &solve_watched(&model, &options, known), expected.as_ref());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Neither outcome nor events know the number of threads, and the optimum is that of one search.
    #[test]
    fn threads_change_nothing(
        model in wide_model(),
        subtrees in 2_usize..6,
        round_nodes in 0_u64..8,
        node_limit in prop::sample::select(vec![7_u64, 40, 41, u64::MAX]),
        depth_first: bool,
        presolve: bool,
    ) {
        let mut options = Options { node_limit, ..eager(subtrees) };
        options.parameters.round_nodes = round_nodes;
        options.parameters.presolve = presolve;
        options.parameters.cut_rounds = if presolve { 3 } else { 0 };
        if depth_first {
            options.parameters.node_order = NodeOrder::DepthFirst;
        }
        let together = assert_same(&model, &options);
        prop_assert!(together.statistics.nodes <= node_limit);
        if together.status == Status::NodeLimit {
            prop_assert_eq!(together.statistics.nodes, node_limit);
        }
        options.parameters.subtrees = 1;
        options.node_limit = u64::MAX;
        let alone = solve(&model, &options, &mut Quiet).unwrap();
        if together.status == Status::NodeLimit {
            let sign = sign(&model);
            prop_assert!(alone.objective.is_none_or(|best| sign * together.bound <= sign * best + 1e-6));
        } else {
            prop_assert_eq!((together.status, together.objective), (alone.status, alone.objective));
        }
    }
}

/// Rows that are to be split in halves (Cornuéjols, Dawande): large trees for small models, in which points are found all the time.
fn market_split(columns: u32) -> Model {
    let mut model = Model::new("market split");
    let x: Vec<VarId> = (0..columns).map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, 0.0, VarKind::Integer)).collect();
    for i in 0..3 {
        let weight = |j: u32| f64::from((j * j * 37 + j * (11 + 29 * i) + 17 * i * i + 5) % 97);
        let over = model.add_var(format!("over{i}"), 0.0, f64::INFINITY, 1.0, VarKind::Continuous);
        let under = model.add_var(format!("under{i}"), 0.0, f64::INFINITY, 1.0, VarKind::Continuous);
        let half = (x.iter().map(|var| weight(var.0)).sum::<f64>() / 2.0).floor();
        let terms = x.iter().map(|&var| (var, weight(var.0))).chain([(over, -1.0), (under, 1.0)]);
        model.add_row(format!("r{i}"), half, half, terms);
    }
    model
}

/// A tree that is shared for most of the run.
fn shared(threads: usize) -> Options {
    let mut options = Options { threads, ..eager(3) };
    options.parameters.round_nodes = 5;
    options
}

/// The searches do share the tree: rounds of several do other work than one search.
#[test]
fn a_tree_is_shared() {
    let model = market_split(14);
    let alone = solve(&model, &Options::default(), &mut Quiet).unwrap();
    let together = assert_same(&model, &shared(1));
    assert_eq!((together.status, together.objective), (alone.status, alone.objective));
    assert_ne!(together.statistics.lp_iterations, alone.statistics.lp_iterations);
}

/// Trees without an end: what is open stays open to all, and the point is found.
#[test]
fn infinite_trees_are_searched_fairly() {
    let text = "min\n o: z\nst\n a: 2 x - 2 y + z >= 1\n b: 2 x - 2 y - z <= 1\n c: z + w >= 1\nbounds\n -inf <= x <= inf\n \
                -inf <= y <= inf\n z <= 3\n w <= 9\ngeneral\n x y z w\nend\n";
    let model = crate::io::parse_lp(text, std::path::Path::new("far.lp")).unwrap();
    let mut options = Options { node_limit: 1000, ..eager(3) };
    options.parameters.presolve = false;
    let outcome = assert_same(&model, &options);
    assert_eq!(outcome.objective, Some(1.0));
    assert!(outcome.bound <= 1.0 && matches!(outcome.status, Status::NodeLimit | Status::Optimal), "{outcome:?}");
}

/// Says stop at the k-th question.
struct StopAt {
    k: u64,
    asked: Cell<u64>,
}

impl Control for StopAt {
    fn judges(&self) -> bool {
        false
    }

    fn should_stop(&self) -> bool {
        self.asked.set(self.asked.get() + 1);
        self.asked.get() >= self.k
    }
}

/// Wherever searches are when the run is told to stop, they all end, and what is said then is true.
#[test]
fn an_interruption_reaches_all_threads() {
    let model = market_split(40);
    let some = Options { node_limit: 1000, ..Options::default() };
    let known = solve(&model, &some, &mut Quiet).unwrap().objective.expect("a point");
    for threads in [1, 2, 3] {
        for k in [40, 100, 1000, 3000] {
            let mut stop = StopAt { k, asked: Cell::new(0) };
            let outcome = solve(&model, &shared(threads), &mut stop).unwrap();
            assert_eq!(outcome.status, Status::Interrupted, "{threads} threads, {k}");
            assert!(outcome.bound <= known && outcome.objective.is_none_or(|value| value >= outcome.bound));
        }
    }
}

#[test]
fn a_limit_of_time_ends_all_threads() {
    let options = Options { time_limit: 0.5, ..shared(2) };
    let outcome = solve(&market_split(40), &options, &mut Quiet).unwrap();
    assert_eq!(outcome.status, Status::TimeLimit);
    assert!(outcome.statistics.seconds < 5.0, "{}", outcome.statistics.seconds);
}

/// A panic of one thread ends the run with that panic, and nobody waits for ever.
#[test]
fn a_panic_on_a_thread_is_the_panic_of_the_run() {
    let model = market_split(40);
    let options = shared(2);
    for on_helper in [true, false] {
        let helped = AtomicBool::new(false);
        let counts = |_: &[f64], _: &Budget<'_>| {
            let is_helper = current().name() == Some("milp");
            helped.fetch_or(is_helper, Ordering::Relaxed);
            assert!(is_helper != on_helper || !helped.load(Ordering::Relaxed), "of the judge");
            true
        };
        let run = || {
            let (mut quiet, budget) = (Quiet, Budget::default());
            let hooks = Hooks::new(&mut quiet).judged_by(Some(&counts));
            solve_within(&model, &options, (&budget, &hooks), None).map(|outcome| outcome.status)
        };
        let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("points are judged on every thread");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"of the judge"));
    }
}

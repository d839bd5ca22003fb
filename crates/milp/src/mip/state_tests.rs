//! Runs that go on from states of others: the same end, to the last digit, and no harm from states that are none.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ::budget::checkpoint::{Checkpoint, Keeper};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::state::State;
use super::tests::any_model;
use super::*;
use crate::control::Control;
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::outcome::{Outcome, Status};
use crate::{Error, Indicator, NodeOrder, OrderedSet, Quiet, Sense, VarId};

/// Keeps all states; asks for one every so many questions, never if that is 0.
#[derive(Default)]
struct Shelf {
    states: Mutex<Vec<Vec<u8>>>,
    every: u64,
    asked: AtomicU64,
}

impl Shelf {
    fn due(every: u64) -> Self {
        Self { every, ..Self::default() }
    }

    fn taken(self) -> Vec<Vec<u8>> {
        self.states.into_inner().unwrap()
    }
}

impl Keeper for Shelf {
    fn is_due(&self) -> bool {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        self.every > 0 && asked.is_multiple_of(self.every)
    }

    fn keep(&self, state: Vec<u8>) {
        self.states.lock().unwrap().push(state);
    }
}

/// What of an outcome does not depend on the clock.
fn timeless(outcome: &Outcome) -> impl PartialEq + std::fmt::Debug + use<> {
    let statistics = &outcome.statistics;
    let bits = |x: &Option<Vec<f64>>| x.as_ref().map(|x| x.iter().map(|x| x.to_bits()).collect::<Vec<u64>>());
    (
        (outcome.status, outcome.verified, outcome.objective.map(f64::to_bits), outcome.bound.to_bits()),
        (bits(&outcome.solution), outcome.exact_solution.clone()),
        (statistics.nodes, statistics.lp_iterations, statistics.conflicts, statistics.cuts, statistics.unresolved),
    )
}

fn resumed(model: &Model, options: &Options, state: Option<&[u8]>) -> (Outcome, Vec<Vec<u8>>) {
    let shelf = Shelf::default();
    let checkpoint = Checkpoint { keeper: Some(&shelf), resume: state };
    let outcome = solve_resumable(model, options, &mut Quiet, checkpoint).unwrap();
    (outcome, shelf.taken())
}

/// Under limits of nodes, one after the other, each run goes on from the one before.
fn check_chain(model: &Model, options: &Options, step: u64) {
    let whole = solve(model, options, &mut Quiet).unwrap();
    let mut state: Option<Vec<u8>> = None;
    let mut limit = step;
    loop {
        let limited = Options { node_limit: limit.min(options.node_limit), ..options.clone() };
        let (outcome, kept) = resumed(model, &limited, state.as_deref());
        let straight = solve(model, &limited, &mut Quiet).unwrap();
        assert_eq!(timeless(&outcome), timeless(&straight), "{limit} nodes in steps of {step}");
        if outcome.status != Status::NodeLimit || limit >= options.node_limit {
            break;
        }
        state = kept.into_iter().next_back().or(state);
        assert!(state.is_some());
        limit += step;
    }
    let (outcome, _) = resumed(model, options, state.as_deref());
    assert_eq!(timeless(&outcome), timeless(&whole), "at last");
}

/// From states kept in mid-run the end is that of the run, and keeping them has changed nothing.
fn check_states(model: &Model, options: &Options, every: u64, most: usize) -> usize {
    let shelf = Shelf::due(every);
    let keep = Checkpoint { keeper: Some(&shelf), resume: None };
    let kept = solve_resumable(model, options, &mut Quiet, keep).unwrap();
    let whole = solve(model, options, &mut Quiet).unwrap();
    assert_eq!(timeless(&kept), timeless(&whole), "with somebody who keeps");
    let states = shelf.taken();
    for (at, state) in states.iter().enumerate().step_by((states.len() / most).max(1)) {
        let from = Checkpoint { keeper: None, resume: Some(state) };
        let outcome = solve_resumable(model, options, &mut Quiet, from).unwrap();
        assert_eq!(timeless(&outcome), timeless(&whole), "from state {at} of {}", states.len());
    }
    states.len()
}

fn eager(subtrees: usize) -> Options {
    let mut options = Options::default();
    options.parameters.subtrees = subtrees;
    options.parameters.alone_work = 0;
    options.parameters.round_share = 0.0;
    options.parameters.round_nodes = 3;
    options
}

/// Columns and rows of every kind, so many that there is a tree.
fn varied(seed: u64) -> Model {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut model = Model::new("varied");
    model.sense = if random.random() { Sense::Maximise } else { Sense::Minimise };
    let columns = if seed.is_multiple_of(5) { 130 } else { random.random_range(10..24) };
    let infinite = seed.is_multiple_of(3);
    for _ in 0..columns {
        let (cost, width) = (f64::from(random.random_range(1..40)), f64::from(random.random_range(1..4)));
        let sign = if model.sense == Sense::Maximise { 1.0 } else { -1.0 };
        let (kind, lower, upper, cost) = match random.random_range(0..10) {
            0 => (VarKind::Continuous, -width, width, sign * cost / 4.0),
            1 if infinite => (VarKind::Continuous, f64::NEG_INFINITY, f64::INFINITY, 0.0),
            2 if infinite => (VarKind::Integer, 0.0, f64::INFINITY, -sign * cost),
            3 => (VarKind::Integer, -width, width, sign * cost),
            _ => (VarKind::Integer, 0.0, width, sign * cost),
        };
        model.add_var("", lower, upper, cost, kind);
    }
    for k in 0..random.random_range(3..7) {
        let all: Vec<(VarId, f64)> = (0..columns as u32)
            .filter_map(|j| {
                let a = random.random_range(-6..31);
                (random.random_range(0..5) > 0 && a != 0).then_some((VarId(j), f64::from(a)))
            })
            .collect();
        let half = all.iter().filter(|(_, a)| *a > 0.0).map(|(_, a)| a).sum::<f64>() * 0.6;
        let (lower, upper) = match k % 4 {
            0 | 1 => (f64::NEG_INFINITY, half.floor() + 0.5),
            2 => (half.floor() - 60.0, half.floor()),
            _ => (f64::NEG_INFINITY, half.floor() / 2.0),
        };
        let equation = seed.is_multiple_of(4) && k == 4;
        model.add_row(
            "",
            if equation { upper.floor() } else { lower },
            upper.floor() + f64::from(u8::from(!equation)) / 2.0,
            all,
        );
    }
    if seed % 7 == 1 {
        let bounded = |j: &u32| {
            let var = &model.variables[*j as usize];
            var.lower == 0.0 && var.upper.is_finite()
        };
        let some: Vec<u32> = (0..columns as u32).filter(bounded).take(6).collect();
        if let [a, b, c, d, ..] = some[..] {
            model.special.sets.push(OrderedSet {
                name: String::new(),
                neighbours: 2,
                members: [a, b, c].map(VarId).to_vec(),
            });
            model.variables[d as usize].lower = 1.0;
            model.special.semi.insert(VarId(d));
            let zero_one = model.add_var("", 0.0, 1.0, 0.0, VarKind::Integer);
            let row = model.add_row("", f64::NEG_INFINITY, 1.0, [(VarId(a), 1.0), (VarId(d), 1.0)]);
            model.special.indicators.insert(row, Indicator { column: zero_one, value: true });
            model.add_row("", 1.0, f64::INFINITY, [(zero_one, 1.0), (VarId(b), 1.0)]);
        }
    }
    model
}

#[test]
fn runs_go_on_as_if_nothing_had_been() {
    let (mut states, mut chains) = (0, 0);
    for seed in 0..36 {
        let model = varied(seed);
        let mut options = Options { node_limit: 500, seed: seed % 3, ..Options::default() };
        if seed % 4 == 2 {
            options.parameters.node_order = NodeOrder::DepthFirst;
        }
        options.parameters.presolve = seed % 6 != 0;
        let nodes = solve(&model, &options, &mut Quiet).unwrap().statistics.nodes;
        let step = (1 + seed % 4).max(nodes / 9);
        check_chain(&model, &options, step);
        chains += usize::from(nodes > 2 * step);
        states += check_states(&model, &options, 1 + seed % 5, 6);
    }
    assert!(states > 800 && chains > 8, "{states} states, {chains} chains");
}

#[test]
fn searches_that_share_a_tree_go_on_as_if_nothing_had_been() {
    let (mut states, mut chains) = (0, 0);
    for seed in 0..24 {
        let model = varied(seed + 100);
        let mut options = Options { node_limit: 800, threads: 1 + seed as usize % 2, ..eager(2 + seed as usize % 3) };
        if seed % 4 == 3 {
            options.parameters.node_order = NodeOrder::DepthFirst;
        }
        let nodes = solve(&model, &options, &mut Quiet).unwrap().statistics.nodes;
        let step = (7 + seed % 4).max(nodes / 9);
        check_chain(&model, &options, step);
        chains += usize::from(nodes > 2 * step);
        states += check_states(&model, &options, 1 + seed % 3, 6);
    }
    assert!(states > 150 && chains > 3, "{states} states, {chains} chains");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn small_models_go_on(model in any_model(), step in 1_u64..4, subtrees in 1_usize..3) {
        check_chain(&model, &eager(subtrees), step);
        check_states(&model, &eager(subtrees), step, 50);
    }
}

/// Says stop after so many questions.
struct Patience(Cell<u64>);

impl Control for Patience {
    fn judges(&self) -> bool {
        false
    }

    fn should_stop(&self) -> bool {
        self.0.set(self.0.get().saturating_sub(1));
        self.0.get() == 0
    }
}

/// Wherever a run is interrupted, what goes on ends with the same answer.
#[test]
fn interrupted_runs_come_to_the_same_answer() {
    let (mut at_root, mut in_tree) = (0, 0);
    for seed in 0..12 {
        let model = varied(3 * seed + 1);
        for options in [Options::default(), eager(2)] {
            let options = Options { node_limit: 3000, ..options };
            let whole = solve(&model, &options, &mut Quiet).unwrap();
            if whole.status == Status::NodeLimit {
                continue;
            }
            let mut state: Option<Vec<u8>> = None;
            for patience in (1..).map(|k| 2 + 3 * k) {
                let shelf = Shelf::default();
                let checkpoint = Checkpoint { keeper: Some(&shelf), resume: state.as_deref() };
                let mut control = Patience(Cell::new(patience));
                let outcome = solve_resumable(&model, &options, &mut control, checkpoint).unwrap();
                if let Some(last) = shelf.taken().pop() {
                    let is_root = matches!(::budget::checkpoint::decode(&last).unwrap(), State::Root(_));
                    (at_root, in_tree) = (at_root + u32::from(is_root), in_tree + u32::from(!is_root));
                    state = Some(last);
                }
                if outcome.status != Status::Interrupted {
                    assert_eq!(outcome.status, whole.status);
                    let alike = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-6 * b.abs().max(1.0);
                    assert!(alike(outcome.objective.unwrap_or(0.0), whole.objective.unwrap_or(0.0)));
                    assert!(alike(outcome.bound, whole.bound));
                    break;
                }
            }
        }
    }
    assert!(at_root > 10 && in_tree > 30, "{at_root} at the root, {in_tree} in the tree");
}

/// Several models in turns, from states between them.
#[test]
fn several_models_go_on_together() {
    let is_plain = |model: &Model| {
        model.sense == Sense::Maximise
            && model.special.is_empty()
            && model.variables.iter().all(|var| var.upper.is_finite())
    };
    let models: Vec<Model> = (200..260).map(varied).filter(is_plain).collect();
    let mut options = Options { node_limit: 2500, ..Options::default() };
    options.parameters.cut_rounds = 0;
    let mut states = 0;
    for group in models.chunks_exact(3).take(4) {
        let group: Vec<&Model> = group.iter().collect();
        let run = |options: &Options, keeper: Option<&dyn Keeper>, resume: Option<&[u8]>| {
            let end = solve_disjunction(&group, options, &mut Quiet, Checkpoint { keeper, resume }).unwrap();
            let Disjunction { status, solution, objective, bound, statistics } = end;
            let bits = (objective.map(f64::to_bits), bound.to_bits());
            (status, solution, bits, statistics.nodes, statistics.lp_iterations, statistics.conflicts)
        };
        let whole = run(&options, None, None);
        let shelf = Shelf::due(1);
        assert_eq!(run(&options, Some(&shelf), None), whole);
        for state in &shelf.taken() {
            assert_eq!(run(&options, None, Some(state)), whole);
            states += 1;
        }
        let shelf = Shelf::default();
        let limited = Options { node_limit: 100 * (whole.3 / 200), ..options.clone() };
        run(&limited, Some(&shelf), None);
        assert_eq!(run(&options, None, shelf.taken().last().map(Vec::as_slice)), whole);
        let other = [group[1], group[2], group[0]];
        let unfit = shelf_of(&group, &options);
        let unfit = Checkpoint { keeper: None, resume: Some(&unfit) };
        assert!(matches!(solve_disjunction(&other, &options, &mut Quiet, unfit), Err(Error::Checkpoint(_))));
    }
    assert!(states > 15, "{states}");
}

/// The last state of a run that keeps all.
fn shelf_of(models: &[&Model], options: &Options) -> Vec<u8> {
    let shelf = Shelf::due(1);
    solve_disjunction(models, options, &mut Quiet, Checkpoint { keeper: Some(&shelf), resume: None }).unwrap();
    shelf.taken().pop().unwrap()
}

/// A linear program goes on from its basis.
#[test]
fn linear_programs_go_on_from_their_basis() {
    let mut random = ChaCha8Rng::seed_from_u64(4);
    let mut model = Model::new("transport");
    let (sources, sinks) = (30, 40);
    let x: Vec<VarId> = (0..sources * sinks)
        .map(|_| model.add_var("", 0.0, f64::INFINITY, f64::from(random.random_range(1..1000)), VarKind::Continuous))
        .collect();
    for i in 0..sources {
        model.add_row("", f64::NEG_INFINITY, 50.0, (0..sinks).map(|k| (x[i * sinks + k], 1.0)));
    }
    for k in 0..sinks {
        model.add_row("", 31.0, f64::INFINITY, (0..sources).map(|i| (x[i * sinks + k], 1.0)));
    }
    let mut options = Options::default();
    options.parameters.presolve = false;
    let whole = solve(&model, &options, &mut Quiet).unwrap();
    let mut taken = 0;
    for patience in 2..200 {
        let shelf = Shelf::default();
        let keep = Checkpoint { keeper: Some(&shelf), resume: None };
        let stopped = solve_resumable(&model, &options, &mut Patience(Cell::new(patience)), keep).unwrap();
        let Some(state) = shelf.taken().pop() else { continue };
        assert_eq!(stopped.status, Status::Interrupted);
        let from = Checkpoint { keeper: None, resume: Some(&state) };
        let outcome = solve_resumable(&model, &options, &mut Quiet, from).unwrap();
        assert_eq!((outcome.status, outcome.objective), (whole.status, whole.objective));
        let (rest, all) = (outcome.statistics.lp_iterations, whole.statistics.lp_iterations);
        if stopped.statistics.lp_iterations > all / 2 {
            assert!(rest < all, "{rest} iterations after {}, of {all}", stopped.statistics.lp_iterations);
            taken += 1;
        }
    }
    assert!(taken > 0);
}

/// Bytes that were changed are refused, or lead to some end; points that are told are points.
#[test]
fn states_that_are_none_do_no_harm() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut refused, mut ended) = (0, 0);
    for seed in 100..110 {
        let model = varied(seed);
        let options = if seed % 2 == 0 { Options::default() } else { eager(3) };
        let options = Options { node_limit: 100, ..options };
        let shelf = Shelf::due(7);
        solve_resumable(&model, &options, &mut Quiet, Checkpoint { keeper: Some(&shelf), resume: None }).unwrap();
        let states = shelf.taken();
        for _ in 0..150 * usize::from(!states.is_empty()) {
            let mut state = states[random.random_range(0..states.len())].clone();
            match random.random_range(0..4) {
                0 => state.truncate(random.random_range(0..state.len())),
                1 => state.extend([0; 3]),
                _ => {
                    for _ in 0..random.random_range(1..6) {
                        let at = random.random_range(0..state.len());
                        state[at] = random.random();
                    }
                }
            }
            let from = Checkpoint { keeper: None, resume: Some(&state) };
            match solve_resumable(&model, &options, &mut Quiet, from) {
                Ok(outcome) => {
                    ended += 1;
                    if let Some(x) = &outcome.solution {
                        assert!(crate::check::is_feasible(&model, x, options.feasibility_tolerance, 0.0));
                    }
                }
                Err(Error::Checkpoint(_)) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        if let Some(state) = states.first() {
            let from = Checkpoint { keeper: None, resume: Some(state) };
            let other = super::tests::knapsack(30);
            assert!(matches!(solve_resumable(&other, &options, &mut Quiet, from), Err(Error::Checkpoint(_))));
        }
    }
    assert!(refused > 200 && ended > 100, "{refused} refused, {ended} ended");
}

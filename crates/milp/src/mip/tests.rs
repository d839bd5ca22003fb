//! The search on small random models against brute force, with the known optimum injected: no propagation, no fixing
//! and no closing of a node may remove it while it beats the incumbent.

use ::budget::Tunable;
use ::budget::observe::Ending;
use proptest::prelude::*;

use super::incumbent::Scale;
use super::search::Search;
use super::*;
use crate::control::{Control, Hooks};
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::outcome::{Outcome, Status, Violations};
use crate::relaxation::{Relaxation, Verdict};
use crate::simplex::LpProblem;
use crate::{Budget, Error, Event, Interest, Judgement, Parameters, ProgressRow, Quiet, Sense, VarId, What};
use std::sync::Arc;

/// +1 for minimisation, -1 for maximisation.
pub(super) fn sign(model: &Model) -> f64 {
    if model.sense == Sense::Maximise { -1.0 } else { 1.0 }
}

/// Every feasible integer point with its best completion: the objective (in the sense of the model) and the point.
fn completions(model: &Model) -> Vec<(f64, Vec<f64>)> {
    let of_kind =
        |kind| (0..model.num_vars()).filter(move |&j| model.variables[j].kind == kind).collect::<Vec<usize>>();
    let (integers, continuous) = (of_kind(VarKind::Integer), of_kind(VarKind::Continuous));
    let mut x: Vec<f64> = model.variables.iter().map(|var| var.lower).collect();
    let mut out = Vec::new();
    loop {
        let feasible = vertices(model, &x, &continuous).into_iter().filter(|x| Violations::of(model, x).row <= 1e-9);
        let valued = feasible.map(|point| (model.objective(&point), point));
        out.extend(valued.min_by(|a, b| (sign(model) * a.0).total_cmp(&(sign(model) * b.0))));
        // The next integer point, like an odometer.
        let Some(&j) = integers.iter().find(|&&j| x[j] < model.variables[j].upper) else { return out };
        x[j] += 1.0;
        integers.iter().take_while(|&&k| k != j).for_each(|&k| x[k] = model.variables[k].lower);
    }
}

pub(super) fn brute_force(model: &Model) -> Option<(f64, Vec<f64>)> {
    completions(model).into_iter().min_by(|a, b| (sign(model) * a.0).total_cmp(&(sign(model) * b.0)))
}

/// Candidates for the optimum over at most two continuous columns in a box, the others fixed: all crossings of two
/// lines (row sides and bounds) that lie in the box.
fn vertices(model: &Model, x: &[f64], continuous: &[usize]) -> Vec<Vec<f64>> {
    if continuous.is_empty() {
        return vec![x.to_vec()];
    }
    // Lines a y + b z = c; with one column z is fixed at 0 by a line of its own.
    let mut lines: Vec<[f64; 3]> = Vec::new();
    let place = |j: usize| continuous.iter().position(|&k| k == j);
    for row in &model.rows {
        let (mut line, mut fixed) = ([0.0; 3], 0.0);
        for &(var, value) in &row.terms {
            match place(var.index()) {
                Some(k) => line[k] = value,
                None => fixed += value * x[var.index()],
            }
        }
        lines.extend([row.lower, row.upper].into_iter().filter(|side| side.is_finite()).map(|side| {
            line[2] = side - fixed;
            line
        }));
    }
    for (k, &j) in continuous.iter().enumerate() {
        let unit = |c: f64| if k == 0 { [1.0, 0.0, c] } else { [0.0, 1.0, c] };
        lines.extend([unit(model.variables[j].lower), unit(model.variables[j].upper)]);
    }
    if continuous.len() == 1 {
        lines.push([0.0, 1.0, 0.0]);
    }
    let mut out = Vec::new();
    for (k, p) in lines.iter().enumerate() {
        for q in &lines[..k] {
            let determinant = p[0] * q[1] - p[1] * q[0];
            if determinant.abs() < 1e-9 {
                continue;
            }
            let solved = [(p[2] * q[1] - p[1] * q[2]) / determinant, (p[0] * q[2] - p[2] * q[0]) / determinant];
            let mut point = x.to_vec();
            for (&j, value) in continuous.iter().zip(solved) {
                point[j] = value;
            }
            if Violations::of(model, &point).bound <= 1e-9 {
                out.push(point);
            }
        }
    }
    out
}

/// Solves with the known optimum injected.
pub(super) fn solve_watched(model: &Model, options: &Options, known: Option<Vec<f64>>) -> Outcome {
    let (mut control, budget) = (Quiet, Budget::default());
    let hooks = Hooks::new(&mut control);
    let mut search = Search::new(model, options, (&budget, &hooks), None, Scale::of(model));
    search.propagator.debug_solution = known;
    let status = match search.root(None).unwrap() {
        Some(status) => status,
        None => search.run().unwrap(),
    };
    search.outcome(status)
}

pub(super) fn assert_agrees(model: &Model, outcome: &Outcome, expected: Option<&(f64, Vec<f64>)>) {
    match expected {
        None => assert_eq!(outcome.status, Status::Infeasible, "{outcome:?}"),
        Some((value, _)) => {
            assert_eq!(outcome.status, Status::Optimal, "{outcome:?}");
            let objective = outcome.objective.unwrap();
            assert!((objective - value).abs() <= 2e-6, "objective {objective}, brute force {value}");
            let past = sign(model) * (outcome.bound - value);
            assert!((-2e-6..=1e-7).contains(&past), "bound {}, brute force {value}", outcome.bound);
            assert!(crate::check::is_feasible(model, outcome.solution.as_ref().unwrap(), 1e-9, 1e-9));
        }
    }
}

/// Bounded models with up to six integer and two continuous columns and small whole or halved data.
pub(super) fn any_model() -> impl Strategy<Value = Model> {
    let integer = (-2i32..2, 0i32..4, -5i32..6);
    let continuous = (-4i32..3, 1i32..9, -5i32..6);
    let row = (prop::collection::vec(-4i32..5, 8), -8i32..12, 0i32..8, 0u8..4);
    (
        prop::collection::vec(integer, 1..6),
        prop::collection::vec(continuous, 0..3),
        prop::collection::vec(row, 0..6),
        any::<bool>(),
        -3i32..4,
    )
        .prop_map(|(integers, continuous, rows, maximise, offset)| {
            let mut model = Model::new("random");
            model.sense = if maximise { Sense::Maximise } else { Sense::Minimise };
            model.offset = f64::from(offset);
            for (lower, width, cost) in integers {
                let (lower, upper) = (f64::from(lower), f64::from(lower + width));
                model.add_var("", lower, upper, f64::from(cost), VarKind::Integer);
            }
            for (lower, width, cost) in continuous {
                let (lower, upper) = (f64::from(lower) / 2.0, f64::from(lower + width) / 2.0);
                model.add_var("", lower, upper, f64::from(cost) / 2.0, VarKind::Continuous);
            }
            for (coefficients, side, width, kind) in rows {
                let terms: Vec<(VarId, f64)> = (0..model.num_vars())
                    .map(|j| (VarId(j as u32), f64::from(coefficients[j % coefficients.len()])))
                    .collect();
                let (low, high) = (f64::from(side), f64::from(side + width));
                let (lower, upper) = match kind {
                    0 => (f64::NEG_INFINITY, high),
                    1 => (-high, f64::INFINITY),
                    2 => (low - f64::from(width), high),
                    _ => (low, low),
                };
                model.add_row("", lower, upper, terms);
            }
            model
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn agrees_with_brute_force(model in any_model()) {
        let expected = brute_force(&model);
        let known = expected.as_ref().map(|(_, point)| point.clone());
        let outcome = solve_watched(&model, &Options::default(), known);
        assert_agrees(&model, &outcome, expected.as_ref());
    }

    /// No parameter and no seed decides what the answer is, not even at the ends of their ranges.
    #[test]
    fn parameters_and_seeds_do_no_harm(
        model in any_model(),
        which in any::<prop::sample::Index>(),
        end in any::<prop::sample::Index>(),
        seed in 0_u64..4,
    ) {
        let expected = brute_force(&model);
        let known = expected.as_ref().map(|(_, point)| point.clone());
        let table = Parameters::table();
        let parameter = which.get(&table);
        let ends = parameter.range.ends();
        let mut options = Options { seed, ..Options::default() };
        options.parameters.put(parameter.name, *end.get(&ends));
        assert_agrees(&model, &solve_watched(&model, &options, known), expected.as_ref());
    }

    /// A start never changes the optimum, wherever it points.
    #[test]
    fn starts_do_no_harm(model in any_model(), start in prop::collection::vec(-3.0..3.0f64, 8)) {
        let expected = brute_force(&model);
        let start = (0..model.num_vars()).map(|j| start[j % start.len()]).collect();
        let options = Options { start: Some(start), ..Options::default() };
        let known = expected.as_ref().map(|(_, point)| point.clone());
        assert_agrees(&model, &solve_watched(&model, &options, known), expected.as_ref());
    }

    /// Under every node limit the bound and the incumbent enclose the optimum, and the run is reproducible.
    #[test]
    fn limits_keep_the_enclosure(model in any_model(), node_limit in 0u64..6) {
        let expected = brute_force(&model);
        let options = Options { node_limit, ..Options::default() };
        let outcome = solve(&model, &options, &mut Quiet).unwrap();
        prop_assert!(outcome.statistics.nodes <= node_limit);
        if let Some((value, _)) = &expected {
            let sign = sign(&model);
            prop_assert!(sign * outcome.bound <= sign * value + 1e-7);
            prop_assert!(outcome.objective.is_none_or(|objective| sign * objective >= sign * value - 1e-7));
            prop_assert_ne!(outcome.status, Status::Infeasible);
        }
        let again = solve(&model, &options, &mut Quiet).unwrap();
        prop_assert_eq!(outcome.solution, again.solution);
        prop_assert_eq!(outcome.statistics.lp_iterations, again.statistics.lp_iterations);
    }

    /// Every node that is told ends once, after its children were told, and no child is told of a node that has ended; what does not branch shares the
    /// whole tree.
    #[test]
    fn every_node_ends_once(model in any_model(), node_limit in prop::sample::select(vec![1_u64, 3, u64::MAX]), depth_first: bool) {
        struct Tree { depths: Vec<u32>, ended: Vec<bool>, weight: f64, finished: bool, best: Option<f64> }
        impl Control for Tree {
            fn judges(&self) -> bool {
                false
            }

            fn interest(&self) -> Interest {
                Interest::ALL
            }

            fn event(&mut self, event: &Event) {
                assert!(!self.finished);
                match event.what {
                    What::Node(node) => {
                        assert_eq!(node.id as usize, self.depths.len() + 1);
                        let parent = (node.parent as usize).checked_sub(1);
                        assert_eq!(node.depth, parent.map_or(0, |parent| self.depths[parent] + 1));
                        assert!(parent.is_none_or(|parent| !self.ended[parent]) && parent.is_none() == node.branching.is_none());
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
                    What::Incumbent(incumbent) => self.best = Some(incumbent.objective),
                    What::Finish(_) => self.finished = true,
                    _ => {}
                }
            }
        }
        let mut tree = Tree { depths: vec![], ended: vec![], weight: 0.0, finished: false, best: None };
        let mut options = Options { node_limit, ..Options::default() };
        if depth_first {
            options.parameters.node_order = crate::NodeOrder::DepthFirst;
        }
        let outcome = solve(&model, &options, &mut tree).unwrap();
        prop_assert!(tree.finished && tree.ended.iter().all(|ended| *ended));
        // A power of two is exact, and no depth comes near the digits of a float.
        prop_assert_eq!(tree.weight, if tree.depths.is_empty() { 0.0 } else { 1.0 });
        if model.has_integers() {
            prop_assert_eq!(tree.best.is_some(), outcome.objective.is_some());
        }
        let quiet = solve(&model, &options, &mut Quiet).unwrap();
        prop_assert_eq!(quiet.statistics.nodes, outcome.statistics.nodes);
        prop_assert_eq!(quiet.statistics.lp_iterations, outcome.statistics.lp_iterations);
    }

    /// Under a gap of any size the bound of the table never falls, ends at the one reported, and keeps the gap asked for.
    #[test]
    fn bounds_never_fall(model in any_model(), gap in prop::sample::select(vec![0.0, 0.1, 0.5, 1.0, 1.5, 20.0])) {
        struct Watch { sign: f64, bounds: Vec<f64> }
        impl Control for Watch {
            fn progress(&mut self, row: &ProgressRow) {
                self.bounds.push(self.sign * row.bound);
            }
        }
        let sign = sign(&model);
        let mut watch = Watch { sign, bounds: Vec::new() };
        let options = Options { mip_rel_gap: gap, ..Options::default() };
        let outcome = solve(&model, &options, &mut watch).unwrap();
        prop_assert!(watch.bounds.is_sorted(), "{:?}", watch.bounds);
        prop_assert_eq!(watch.bounds.last().copied(), Some(sign * outcome.bound));
        if let Some((value, _)) = brute_force(&model) {
            prop_assert_eq!(outcome.status, Status::Optimal);
            let (objective, bound) = (sign * outcome.objective.unwrap(), sign * outcome.bound);
            prop_assert!(bound <= sign * value + 1e-9, "bound {}, optimum {}", bound, sign * value);
            let fixed = model.variables.iter().filter(|var| var.lower == var.upper);
            let constant = sign * fixed.fold(model.offset, |sum, var| sum + var.cost * var.lower);
            let asked = gap * (objective - constant).abs();
            prop_assert!(objective - bound <= 2e-6 + asked, "{} .. {}", bound, objective);
        }
    }

    /// A judge that refuses some integer points gets the best of the others, or no claim beyond what is left.
    #[test]
    fn judges_are_obeyed(model in any_model(), modulus in 2i64..4, exact in any::<bool>()) {
        struct Judge { modulus: i64, exact: bool, integers: Vec<usize> }
        impl Judge {
            fn refuses(&self, x: &[f64]) -> bool {
                self.integers.iter().map(|&j| x[j].round() as i64).sum::<i64>().rem_euclid(self.modulus) == 0
            }
        }
        impl Control for Judge {
            fn judge(&mut self, candidate: &[f64]) -> Judgement {
                match (self.refuses(candidate), self.exact) {
                    (false, _) => Judgement::Accept,
                    (true, true) => Judgement::Infeasible,
                    (true, false) => Judgement::Reject,
                }
            }
        }
        let integers: Vec<usize> = (0..model.num_vars()).filter(|&j| model.variables[j].kind == VarKind::Integer).collect();
        let mut judge = Judge { modulus, exact, integers };
        let all = completions(&model);
        let any = !all.is_empty();
        let sign = sign(&model);
        let accepted = all.into_iter().filter(|(_, point)| !judge.refuses(point)).map(|(value, _)| value);
        let allowed = accepted.min_by(|a, b| (sign * a).total_cmp(&(sign * b)));
        let outcome = solve(&model, &Options::default(), &mut judge).unwrap();
        match (allowed, any) {
            (Some(value), _) => {
                let objective = outcome.objective.expect("a point that the judge accepts exists");
                prop_assert!((objective - value).abs() < 2e-6, "objective {}, allowed {}", objective, value);
                prop_assert!(sign * outcome.bound <= sign * value + 1e-7);
                if exact {
                    prop_assert_eq!(outcome.status, Status::Optimal);
                }
            }
            (None, true) if !exact => prop_assert_eq!(outcome.status, Status::Unresolved),
            _ => prop_assert_eq!(outcome.status, Status::Infeasible),
        }
    }
}

#[test]
fn unbounded_needs_a_feasible_point() {
    let mut model = Model::new("t");
    let x = model.add_var("x", 0.0, f64::INFINITY, -1.0, VarKind::Integer);
    let y = model.add_var("y", 0.0, 1.0, 0.0, VarKind::Integer);
    model.add_row("free", 0.0, f64::INFINITY, [(x, 1.0), (y, -1.0)]);
    let outcome = solve(&model, &Options::default(), &mut Quiet).unwrap();
    assert_eq!((outcome.status, outcome.bound), (Status::Unbounded, f64::NEG_INFINITY));
    assert!(outcome.solution.is_some());
    // 2 y = 1 has no whole solution, though the relaxation is unbounded.
    model.add_row("odd", 1.0, 1.0, [(y, 2.0)]);
    assert_eq!(solve(&model, &Options::default(), &mut Quiet).unwrap().status, Status::Infeasible);
}

/// A fixed integer column that the simplex leaves by 1e-11 lets 1e-11 * M through a big-M row (found on 2122.lp): the
/// relaxation without the integer columns has no such leak, and agrees with the one that has them.
#[test]
fn substituted_integers_do_not_leak() {
    let mut model = Model::new("t");
    let y = model.add_var("y", 0.0, 1.0, 1.0, VarKind::Integer);
    let x = model.add_var("x", 0.0, 7000.0, -1.0, VarKind::Continuous);
    let z = model.add_var("z", -1.0, 3.0, -1.0, VarKind::Continuous);
    model.add_row("big", f64::NEG_INFINITY, 0.0, [(x, 1.0), (y, -7000.0)]);
    model.add_row("sum", f64::NEG_INFINITY, 7001.0, [(x, 1.0), (z, 1.0), (y, 1.0)]);
    let problem = Arc::new(LpProblem::varying(&model));
    let relaxation = Relaxation::new(&model, problem, &Options::default());
    for (whole, expected) in [(0.0, [0.0, 3.0]), (1.0, [7000.0, 0.0])] {
        let mut apart = relaxation.substitute(&model, &[whole, 0.0, 0.0]);
        assert_eq!(apart.solve(crate::relaxation::Effort::full(), &Budget::default()).unwrap(), Verdict::Solved);
        let sum: f64 = apart.solution().iter().sum();
        assert_eq!(sum, expected.iter().sum::<f64>());
        assert!(apart.solution()[0] <= 7000.0 * whole, "not by a tolerance");
    }
}

#[test]
fn bad_models_are_refused() {
    let refused = |model: &Model, options: &Options| match solve(model, options, &mut Quiet) {
        Err(Error::Model { message, .. }) => message,
        other => panic!("{other:?}"),
    };
    let mut model = Model::new("t");
    let x = model.add_var("x", 0.0, 1.0, 1.0, VarKind::Integer);
    let start = Options { start: Some(vec![0.0; 3]), ..Options::default() };
    assert!(refused(&model, &start).contains("3 values for 1 columns"));
    model.add_row("r", f64::NAN, 1.0, [(x, 1.0)]);
    assert!(refused(&model, &Options::default()).contains("row 'r'"));
    model.rows.clear();
    model.variables[0].cost = f64::INFINITY;
    assert!(refused(&model, &Options::default()).contains("column 'x'"));
}

#[test]
fn crossed_bounds_are_infeasible() {
    for kind in [VarKind::Integer, VarKind::Continuous] {
        let mut model = Model::new("t");
        model.add_var("x", 2.0, 1.0, 1.0, kind);
        assert_eq!(solve(&model, &Options::default(), &mut Quiet).unwrap().status, Status::Infeasible);
        // A whole number between the bounds is missing.
        (model.variables[0].lower, model.variables[0].upper) = (0.25, 0.75);
        let expected = if kind == VarKind::Integer { Status::Infeasible } else { Status::Optimal };
        assert_eq!(solve(&model, &Options::default(), &mut Quiet).unwrap().status, expected);
    }
}

/// Items whose values hardly differ from their weights: a long search, for its size.
pub(super) fn knapsack(items: u32) -> Model {
    let mut model = Model::new("knapsack");
    model.sense = Sense::Maximise;
    let terms: Vec<(VarId, f64)> = (0..items)
        .map(|j| {
            let weight = f64::from(100 + (j * 37) % 61);
            (model.add_var(format!("x{j}"), 0.0, 1.0, weight + f64::from(j % 7), VarKind::Integer), weight)
        })
        .collect();
    model.add_row("weight", f64::NEG_INFINITY, f64::from(50 * items + 3), terms);
    model
}

#[test]
fn interruption_returns_the_best_so_far() {
    struct Stop(std::cell::Cell<u32>);
    impl Control for Stop {
        fn should_stop(&self) -> bool {
            self.0.set(self.0.get() + 1);
            self.0.get() > 20
        }
    }
    let outcome = solve(&knapsack(40), &Options::default(), &mut Stop(std::cell::Cell::new(0))).unwrap();
    assert_eq!(outcome.status, Status::Interrupted);
    assert!(outcome.objective.is_none_or(|objective| objective <= outcome.bound));
    assert!(outcome.bound.is_finite());
}

#[test]
fn a_run_stopped_while_it_tries_its_start_proves_what_its_columns_say() {
    struct Stop;
    impl Control for Stop {
        fn should_stop(&self) -> bool {
            true
        }
    }
    let mut model = Model::new("stopped");
    let whole = model.add_var("x", 0.0, 3.0, 1.0, VarKind::Integer);
    let real = model.add_var("y", 0.0, 3.0, 1.0, VarKind::Continuous);
    model.add_row("sum", 1.5, f64::INFINITY, [(whole, 1.0), (real, 1.0)]);
    let options = Options { start: Some(vec![3.0, 3.0]), ..Options::default() };
    let outcome = solve(&model, &options, &mut Stop).unwrap();
    assert_eq!((outcome.status, outcome.bound), (Status::Interrupted, 0.0));
    let expired = Options { time_limit: 0.0, ..options };
    let outcome = solve(&model, &expired, &mut Quiet).unwrap();
    assert_eq!((outcome.status, outcome.bound), (Status::TimeLimit, 0.0));
}

/// Quotients beyond 1e7 are off by more than the tolerance: no whole value may be lost to that.
#[test]
fn great_quotients_round_outwards() {
    let inf = f64::INFINITY;
    let exactly = Options { mip_abs_gap: Some(0.0), ..Options::default() };
    for (a, side, best) in [(4.2, 70_468_830.6, 16_778_293.0), (0.1, 99_999_999_999.9, 999_999_999_999.0)] {
        for sign in [1.0, -1.0] {
            let mut model = Model::new("t");
            model.sense = if sign > 0.0 { Sense::Maximise } else { Sense::Minimise };
            let (lower, upper) = if sign > 0.0 { (0.0, inf) } else { (-inf, 0.0) };
            let x = model.add_var("x", lower, upper, 1.0, VarKind::Integer);
            let (lower, upper) = if sign > 0.0 { (-inf, side) } else { (-side, inf) };
            model.add_row("c", lower, upper, [(x, a)]);
            let outcome = solve(&model, &exactly, &mut Quiet).unwrap();
            assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(sign * best)), "{a}");
        }
    }
    let mut model = Model::new("t");
    let x = model.add_var("x", -inf, 2.0, 1.0, VarKind::Integer);
    let y = model.add_var("y", -inf, inf, 0.0, VarKind::Integer);
    model.add_row("c", 14_221_397_671.1, 14_221_397_671.1, [(x, 2.2), (y, -8.1)]);
    let outcome = solve(&model, &exactly, &mut Quiet).unwrap();
    assert_ne!(outcome.status, Status::Infeasible, "x = 2 is a point: {outcome:?}");
}

/// Columns whose bounds only rows state, beyond what floats see as finite: rationals decide, or the run ends without a claim.
#[test]
fn whole_columns_far_beyond_floats_end() {
    for (row, optimum) in [
        ("x <= 1e25", Some("10000000000000000000000000")),
        ("x <= 2e35", Some("200000000000000000000000000000000000")),
        ("3 x <= 2e35", Some("66666666666666666666666666666666666")),
        ("3e-20 x <= 1", Some("33333333333333333333")),
        ("1e-20 x <= 2e15", Some("200000000000000000000000000000000000")),
        ("1e-300 x <= 2e15", None),
    ] {
        for (sense, sign, flip) in [("max", "", false), ("min", "-", true)] {
            let row = if flip { row.replace("x <=", "x >= -").replace("- ", "-") } else { row.to_owned() };
            let bounds = if flip { "bounds\n x <= 0\n x >= -inf\n" } else { "" };
            let text = format!("{sense}\n o: x\nst\n r: {row}\n{bounds}general\n x\nend\n");
            let model = crate::io::parse_lp(&text, std::path::Path::new("far.lp")).unwrap();
            let options = Options { node_limit: 2000, ..Options::default() };
            let outcome = crate::solve(&model, &options, &mut Quiet).unwrap();
            match optimum {
                Some(optimum) => {
                    assert_eq!(outcome.status, Status::Optimal, "{text}");
                    let exact = outcome.exact_solution.expect("exactly");
                    assert_eq!(exact[0].to_string(), format!("{sign}{optimum}"), "{text}");
                }
                None => assert_eq!(outcome.status, Status::Unresolved, "{text}"),
            }
        }
    }
}

/// Gaps are relative to the objective without its constant, whatever constant presolve moves into it.
#[test]
fn gaps_are_those_of_the_model_as_it_is_given() {
    let mut differences = 0;
    for case in 0..40_u32 {
        // What is missing of 30 after a knapsack: y is 1e9 less that.
        let mut model = Model::new("missing");
        model.offset = 1e9;
        let x = model.add_var("x", 0.0, f64::INFINITY, 1.0, VarKind::Continuous);
        let y = model.add_var("y", 0.0, 2e9, 0.0, VarKind::Continuous);
        let items: Vec<(VarId, f64)> = (0..12_u32)
            .map(|j| {
                let worth = f64::from((j * 7 + case * 5) % 23 + 9) / 4.0;
                (model.add_var(format!("z{j}"), 0.0, 1.0, 0.0, VarKind::Integer), worth)
            })
            .collect();
        model.add_row("sum", 1e9, 1e9, [(x, 1.0), (y, 1.0)]);
        let worth = items.iter().map(|&(z, worth)| (z, -worth));
        model.add_row("worth", f64::NEG_INFINITY, 1e9 - 30.0, [(y, 1.0)].into_iter().chain(worth));
        let weights =
            items.iter().enumerate().map(|(j, &(z, worth))| (z, worth + f64::from((j as u32 * 5 + case) % 4) / 4.0));
        model.add_row("weight", f64::NEG_INFINITY, 25.0, weights.collect::<Vec<_>>());
        let mut options = Options { mip_rel_gap: 0.02, ..Options::default() };
        (options.parameters.rounding, options.parameters.dives) = (false, false);
        let outcome = solve(&model, &options, &mut Quiet).unwrap();
        assert_eq!(outcome.status, Status::Optimal);
        assert!(outcome.statistics.removed_columns > 0, "nothing is reduced");
        let missing = outcome.objective.unwrap() - 1e9;
        let difference = outcome.objective.unwrap() - outcome.bound;
        assert!(difference <= 0.02 * missing + 2e-6, "case {case}: {missing} missing, bound {difference} below");
        differences += u32::from(difference > 1e-6);
    }
    assert!(differences > 5, "{differences}");
}

#[test]
fn what_has_to_be_infinite_is_refused() {
    for (lower, upper) in [(f64::INFINITY, f64::INFINITY), (f64::NEG_INFINITY, f64::NEG_INFINITY)] {
        let mut model = Model::new("t");
        let x = model.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
        model.add_row("r", lower, upper, [(x, 1.0)]);
        assert!(matches!(solve(&model, &Options::default(), &mut Quiet), Err(Error::Model { .. })));
        let mut model = Model::new("t");
        model.add_var("x", lower, upper, 1.0, VarKind::Continuous);
        assert!(matches!(solve(&model, &Options::default(), &mut Quiet), Err(Error::Model { .. })));
    }
}

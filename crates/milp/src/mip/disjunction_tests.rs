//! Several models at once against each of them alone.

use crate::{
    Control, Disjunction, Event, Interest, Judgement, Model, Options, ProgressRow, Quiet, Sense, Status, VarKind, What,
    solve, solve_disjunction,
};
use ::budget::checkpoint::Checkpoint;
use std::collections::BTreeSet;

/// Pseudo-random numbers (Knuth's linear congruential generator).
pub(super) struct Source(pub u64);

impl Source {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn number(&mut self) -> f64 {
        self.below(13) as f64 - 6.0
    }

    /// Up to four models with the same columns, some of them without a point.
    pub fn models(&mut self) -> Vec<Model> {
        let sense = if self.below(2) == 0 { Sense::Minimise } else { Sense::Maximise };
        let columns = 2 + self.below(6);
        let with_reals = self.below(2) == 0;
        let costs: Vec<f64> = (0..columns).map(|_| self.number()).collect();
        (0..1 + self.below(4))
            .map(|_| {
                let mut model = Model::new("part");
                model.sense = sense;
                model.offset = 2.5;
                let vars: Vec<_> = (0..columns)
                    .map(|j| {
                        let kind = if with_reals && j % 3 == 1 { VarKind::Continuous } else { VarKind::Integer };
                        model.add_var(format!("x{j}"), 0.0, 1.0 + (j % 3) as f64, costs[j as usize], kind)
                    })
                    .collect();
                for i in 0..1 + self.below(5) {
                    let terms: Vec<_> = vars.iter().map(|&var| (var, self.number())).collect();
                    let (low, width) = (self.number(), self.below(9) as f64);
                    let sides = if self.below(2) == 0 { (low, f64::INFINITY) } else { (low - width, low) };
                    model.add_row(format!("r{i}"), sides.0, sides.1, terms);
                }
                model
            })
            .collect()
    }
}

fn run(models: &[Model], options: &Options, control: &mut dyn Control) -> Disjunction {
    solve_disjunction(&models.iter().collect::<Vec<_>>(), options, control, Checkpoint::default()).expect("sound")
}

/// +1 for minimisation, -1 for maximisation.
fn sign(model: &Model) -> f64 {
    if model.sense == Sense::Maximise { -1.0 } else { 1.0 }
}

/// The best objective of all models.
fn best(models: &[Model]) -> Option<f64> {
    let objective = |model: &Model| solve(model, &Options::default(), &mut Quiet).expect("sound").objective;
    let sign = sign(&models[0]);
    models.iter().filter_map(objective).min_by(|a, b| (sign * a).total_cmp(&(sign * b)))
}

/// Knows an objective from elsewhere, and checks that every call is about the model it says.
struct Knowing<'a> {
    models: &'a [Model],
    ceiling: Option<f64>,
    at: Option<usize>,
}

impl Control for Knowing<'_> {
    fn turn(&mut self, model: usize) {
        self.at = Some(model);
    }

    fn ceiling(&self) -> Option<f64> {
        self.ceiling
    }

    fn judge(&mut self, candidate: &[f64]) -> Judgement {
        let model = &self.models[self.at.expect("a turn was told")];
        assert!(crate::Violations::of(model, candidate).row <= 1e-6);
        Judgement::Accept
    }
}

#[test]
fn the_best_of_several_models_is_that_of_the_best() {
    let mut source = Source(1);
    let (mut empty, mut beaten) = (0, 0);
    for case in 0..400 {
        let models = source.models();
        let (sign, least) = (sign(&models[0]), best(&models));
        let context = |end: &Disjunction| format!("case {case}: {least:?} {end:?}");
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-5;
        let end = run(&models, &Options::default(), &mut Knowing { models: &models, ceiling: None, at: None });
        match least {
            Some(least) => {
                let (at, point) = end.solution.clone().expect("there is a point");
                assert_eq!(end.status, Status::Optimal, "{}", context(&end));
                assert!(close(end.objective.expect("of the point"), least), "{}", context(&end));
                assert!(close(models[at].objective(&point), least) && close(end.bound, least), "{}", context(&end));
            }
            None => {
                assert_eq!((end.status, end.bound), (Status::Infeasible, sign * f64::INFINITY), "{}", context(&end));
            }
        }
        // What is known already is not looked for; what is better is found.
        for difference in [-2.0, 0.0, 0.5] {
            let Some(least) = least else { continue };
            let ceiling = least + sign * difference;
            let control = &mut Knowing { models: &models, ceiling: Some(ceiling), at: None };
            let end = run(&models, &Options::default(), control);
            if difference > 0.0 {
                assert_eq!(end.status, Status::Optimal, "{ceiling} {}", context(&end));
                assert!(close(end.objective.expect("it beats the ceiling"), least), "{ceiling} {}", context(&end));
                beaten += 1;
            } else {
                assert_eq!((end.status, end.objective), (Status::Infeasible, None), "{ceiling} {}", context(&end));
                assert!(close(end.bound, ceiling), "{ceiling} {}", context(&end));
                empty += 1;
            }
        }
        let nodes = source.below(12);
        let options = Options { node_limit: nodes, ..Options::default() };
        let end = run(&models, &options, &mut Quiet);
        assert!(end.statistics.nodes <= nodes, "{}", context(&end));
        let room = |bound: f64, least: f64| sign * bound <= sign * least + 1e-5;
        assert!(least.is_none_or(|least| room(end.bound, least)), "{}", context(&end));
        assert!(end.objective.is_none_or(|found| room(least.expect("there is one"), found)), "{}", context(&end));
    }
    assert!(empty > 300 && beaten > 150, "{empty} {beaten}");
}

/// Without any gap, what ties with a point of another model, or with what is known, is closed as well: rationals tell where floats do not.
#[test]
fn ties_are_closed_without_a_gap() {
    let mut source = Source(7);
    let mut ties = 0;
    for case in 0..300 {
        let mut models = source.models();
        // Numbers that no float holds, and no grid of objectives that is easy to see.
        let unit = [0.1, 0.3, 1.0 / 7.0][case % 3];
        for model in &mut models {
            model.offset = 0.7;
            model.variables.iter_mut().for_each(|var| var.cost *= unit);
        }
        models.extend(models.clone());
        let Some(least) = best(&models) else { continue };
        let options = Options { mip_abs_gap: Some(0.0), mip_rel_gap: 0.0, ..Options::default() };
        for ceiling in [None, Some(least)] {
            let end = run(&models, &options, &mut Knowing { models: &models, ceiling, at: None });
            let known = end.objective.or(ceiling).expect("one or the other");
            let is_tie = ceiling.is_some() && end.status == Status::Infeasible;
            assert!(end.status == Status::Optimal || is_tie, "{case} {ceiling:?}: {end:?}");
            assert!((known - least).abs() <= 1e-9, "{case} {ceiling:?}: {end:?}");
            ties += 1;
        }
    }
    assert!(ties > 200, "{ties}");
}

/// A gap closes a model below what is known: its bound is what the gap leaves, at its root as in its tree.
#[test]
fn a_gap_below_what_is_known_is_left_open() {
    let mut source = Source(7);
    let mut closed = 0;
    for case in 0..1500 {
        let models = source.models();
        let (sign, least) = (sign(&models[0]), best(&models));
        let Some(least) = least else { continue };
        let mip_rel_gap = [0.05, 0.1, 0.3, 0.9][case % 4];
        let ceiling = least + sign * [0.0, 0.5, 1.0, 4.0][case / 4 % 4];
        for known in [None, Some(ceiling)] {
            let control = &mut Knowing { models: &models, ceiling: known, at: None };
            let end = run(&models, &Options { mip_rel_gap, ..Options::default() }, control);
            let context = format!("case {case}, gap {mip_rel_gap}, known {known:?}, least {least}: {end:?}");
            assert!(sign * end.bound <= sign * least + 1e-6, "{context}");
            closed += u64::from(known.is_some() && end.status == Status::Infeasible && end.bound != ceiling);
        }
    }
    assert!(closed > 100, "{closed}");
}

/// Hears all, of every tree.
#[derive(Default)]
struct Heard {
    open: BTreeSet<(u32, u64)>,
    trees: BTreeSet<u32>,
    starts: u32,
    finishes: u32,
    last: Option<ProgressRow>,
}

impl Control for Heard {
    fn interest(&self) -> Interest {
        Interest::ALL
    }

    fn event(&mut self, event: &Event) {
        match event.what {
            What::Start(_) => self.starts += 1,
            What::Finish(_) => self.finishes += 1,
            What::Node(node) => {
                self.trees.insert(node.tree.index);
                assert!(node.parent == 0 || self.open.contains(&(node.tree.index, node.parent)), "{node:?}");
                assert!(self.open.insert((node.tree.index, node.id)), "{node:?}");
            }
            What::End(end) => assert!(self.open.remove(&(end.tree.index, end.id)), "{end:?}"),
            _ => {}
        }
    }

    fn progress(&mut self, row: &ProgressRow) {
        let last = self.last.replace(*row);
        assert!(last.is_none_or(|last| last.nodes <= row.nodes && last.lp_iterations <= row.lp_iterations));
    }
}

#[test]
fn observers_hear_of_one_run_with_a_tree_for_each_model() {
    let mut source = Source(2);
    let mut several = 0;
    for _ in 0..60 {
        let models = source.models();
        for nodes in [u64::MAX, 3] {
            let mut heard = Heard::default();
            let end = run(&models, &Options { node_limit: nodes, ..Options::default() }, &mut heard);
            assert_eq!((heard.starts, heard.finishes), (1, 1));
            assert!(heard.open.is_empty(), "{:?}", heard.open);
            let last = heard.last.expect("the end is told");
            assert_eq!((last.nodes, last.bound, last.incumbent), (end.statistics.nodes, end.bound, end.objective));
            several += u32::from(heard.trees.len() > 1);
        }
    }
    assert!(several > 20, "{several}");
}

#[test]
fn models_that_do_not_go_together_are_refused() {
    let mut whole = Model::new("whole");
    whole.add_var("x", 0.0, 1.0, 1.0, VarKind::Integer);
    let mut real = Model::new("real");
    real.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
    let mut other = whole.clone();
    other.sense = Sense::Maximise;
    let mut unbounded = Model::new("unbounded");
    unbounded.add_var("x", f64::NEG_INFINITY, 1.0, 1.0, VarKind::Integer);
    for (second, reason) in [(&real, "no integer columns"), (&other, "sense"), (&unbounded, "unbounded")] {
        let refused = solve_disjunction(&[&whole, second], &Options::default(), &mut Quiet, Checkpoint::default())
            .expect_err(reason);
        assert!(refused.to_string().contains(reason), "{refused}");
    }
    let none = solve_disjunction(&[], &Options::default(), &mut Quiet, Checkpoint::default()).expect("nothing to do");
    assert_eq!((none.status, none.bound), (Status::Infeasible, f64::INFINITY));
}

//! Cubes of models against the whole: in any order, with parts missing, repeated, split again, changed.

use heaviside::Limits;
use heaviside::cubes::Places;
use heaviside::cubes::model::{Answer, Merged, ModelText, Plan, Work, merge, split_again};
use milp::{Model, Options, Outcome, Quiet, Sense, Status, VarKind};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// Pseudo-random numbers (Knuth's linear congruential generator).
struct Source(u64);

impl Source {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn number(&mut self) -> f64 {
        self.below(13) as f64 - 6.0
    }

    /// Rows of both signs over columns of all kinds: many of these are infeasible, some are unbounded.
    fn mixed(&mut self) -> Model {
        let mut model = Model::new("mixed");
        model.sense = if self.below(2) == 0 { Sense::Minimise } else { Sense::Maximise };
        model.offset = self.number() / 4.0;
        let vars: Vec<_> = (0..3 + self.below(6))
            .map(|j| {
                let kind = if self.below(3) == 0 { VarKind::Continuous } else { VarKind::Integer };
                let (lower, upper) = match self.below(8) {
                    0 => (f64::NEG_INFINITY, f64::INFINITY),
                    1 => (0.0, f64::INFINITY),
                    _ => (-(self.below(3) as f64), 1.0 + self.below(4) as f64),
                };
                model.add_var(format!("x{j}"), lower, upper, self.number(), kind)
            })
            .collect();
        for i in 0..1 + self.below(5) {
            let terms: Vec<_> = vars.iter().map(|&var| (var, self.number())).collect();
            let (low, width) = (self.number(), self.below(9) as f64);
            let sides = match self.below(3) {
                0 => (low, f64::INFINITY),
                1 => (low - width, low),
                _ => (low, low),
            };
            model.add_row(format!("r{i}"), sides.0, sides.1, terms);
        }
        model
    }

    /// Several knapsacks over the same things.
    fn sacks(&mut self, columns: u64) -> Model {
        let mut model = Model::new("sacks");
        model.sense = Sense::Maximise;
        let things: Vec<_> = (0..columns)
            .map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, (30 + self.below(40)) as f64, VarKind::Integer))
            .collect();
        for i in 0..3 {
            let weights: Vec<_> = things.iter().map(|&thing| (thing, (20 + self.below(50)) as f64)).collect();
            let half = weights.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
            model.add_row(format!("r{i}"), f64::NEG_INFINITY, half.floor(), weights);
        }
        model
    }
}

fn text(model: &Model) -> ModelText {
    let text = milp::io::to_mps(model).expect("plain names");
    ModelText { name: "model.mps".to_owned(), format: "mps".to_owned(), text }
}

fn solved(model: &Model) -> Outcome {
    milp::solve(model, &Options::default(), &mut Quiet).expect("sound")
}

fn made(model: &Model, folder: &Path, cubes: usize) -> Vec<String> {
    // Less is decided at the root, so that there is something to divide.
    let mut limits = Limits::default();
    let table = heaviside::parameters();
    for (name, value) in [("milp.cut_rounds", "0"), ("milp.dives", "false")] {
        limits.settings.set(&table, name, value).expect("a parameter");
    }
    let plan = Plan::new(&text(model), cubes, &limits, &mut Quiet).expect("cubes");
    plan.write(folder).expect("written");
    plan.made().names
}

fn cube(folder: &Path, name: &str) -> PathBuf {
    Places::new(folder).cube(name)
}

fn work(folder: &Path, name: &str, nodes: u64) -> heaviside::cubes::model::Worked {
    let limits = Limits { nodes, ..Limits::default() };
    Work::on(&cube(folder, name)).expect("a cube").run(&limits, &mut Quiet).expect("a result")
}

fn merged(folder: &Path) -> Merged {
    merge(folder, &|| false).expect("an answer")
}

fn change(path: &Path, how: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(path).expect("there")).expect("JSON");
    how(&mut value);
    fs::write(path, value.to_string()).expect("written");
}

/// Equal but for the gap.
fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-5 * one.abs().max(1.0)
}

#[test]
fn all_cubes_are_the_whole_in_any_order() {
    let mut source = Source(11);
    let (mut seen, mut divided) = ([0; 3], 0);
    for case in 0..120 {
        let model = if case % 4 == 0 { source.sacks(12) } else { source.mixed() };
        let whole = solved(&model);
        let folder = tempfile::tempdir().expect("a folder");
        let mut names = made(&model, folder.path(), 2 + source.below(5) as usize);
        divided += usize::from(names.len() > 1);
        for k in (1..names.len()).rev() {
            names.swap(k, source.below(k as u64 + 1) as usize);
        }
        for name in &names {
            work(folder.path(), name, u64::MAX);
        }
        let end = merged(folder.path());
        let told = format!("{case}: {whole:?} {end:?}");
        match whole.status {
            Status::Optimal => {
                let (one, other) = (end.objective.expect("a point"), whole.objective.expect("a point"));
                assert!(end.answer == Answer::Optimal && close(one, other) && close(end.bound, other), "{told}");
                seen[0] += 1;
            }
            Status::Infeasible => {
                assert!(end.answer == Answer::Infeasible && end.point.is_none() && end.bound.is_infinite(), "{told}");
                seen[1] += 1;
            }
            Status::Unbounded => {
                assert!(end.answer == Answer::Unbounded && end.objective.is_none() && end.point.is_some(), "{told}");
                seen[2] += 1;
            }
            _ => {}
        }
        // A cube that is done is left alone.
        if let Some(name) = names.first() {
            assert!(work(folder.path(), name, u64::MAX).was_closed);
        }
    }
    assert!(seen[0] > 40 && seen[1] > 5 && seen[2] > 5 && divided > 20, "{seen:?} {divided}");
}

#[test]
fn missing_unfinished_and_split_cubes_are_told() {
    let model = Source(3).sacks(30);
    let whole = solved(&model);
    let best = whole.objective.expect("a point");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let names = made(&model, folder, 4);
    assert_eq!(names.len(), 4);
    let nothing = merged(folder);
    assert!(nothing.answer == Answer::Unfinished && nothing.bound >= best, "{nothing:?}");
    assert_eq!(nothing.open.len(), 4);
    assert!(nothing.open.iter().all(|open| open.status == "missing"));
    // A limit, and a worker that was killed before it wrote anything: the cube is searched again.
    let first = work(folder, &names[0], 1);
    assert!(first.result.status == "node-limit" && !first.result.is_closed(), "{first:?}");
    let again = work(folder, &names[0], u64::MAX);
    assert!(again.result.status == "closed" && !again.was_closed);
    // Parts stand for their cube.
    let limits = Limits::default();
    let parts = split_again(&cube(folder, &names[1]), 3, &limits, &mut Quiet).expect("parts");
    assert!(parts.names.len() > 1 && parts.names.iter().all(|part| part.starts_with(&names[1])), "{parts:?}");
    assert_eq!(split_again(&cube(folder, &names[1]), 9, &limits, &mut Quiet).expect("parts").names, parts.names);
    for name in parts.names.iter().chain(&names[2..]) {
        assert_eq!(merged(folder).answer, Answer::Unfinished);
        work(folder, name, u64::MAX);
    }
    let end = merged(folder);
    assert_eq!((end.answer, end.objective, end.bound, end.gap()), (Answer::Optimal, Some(best), best, 0.0));
    fs::remove_file(Places::new(folder).result(&names[2])).expect("there");
    let open = merged(folder).open;
    assert_eq!((open[0].name.as_str(), open[0].status.as_str(), open.len()), (names[2].as_str(), "missing", 1));
}

#[test]
fn files_that_contradict_each_other_are_named() {
    let model = Source(3).sacks(30);
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let names = made(&model, folder, 4);
    names.iter().for_each(|name| drop(work(folder, name, u64::MAX)));
    let places = Places::new(folder);
    let refuses = |path: &Path, how: &dyn Fn(&mut Value), words: &[&str]| {
        let kept = fs::read(path).expect("there");
        change(path, how);
        let error = merge(folder, &|| false).expect_err("refused").to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
        fs::write(path, kept).expect("written");
    };
    let (result, cube, tree) = (places.result(&names[0]), places.cube(&names[0]), places.tree());
    // Every cube says that nothing is better than less than the best point, which is in one of them.
    for name in &names {
        change(&places.result(name), |value| value["bound"] = json!(1.0));
    }
    let error = merge(folder, &|| false).expect_err("refused").to_string();
    assert!(error.contains("contradict each other") && error.contains("result.json"), "{error}");
    for name in &names {
        fs::remove_file(places.result(name)).expect("there");
        work(folder, name, u64::MAX);
    }
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    refuses(&result, &|value| value["objective"] = json!(1.0), &[&name(&result), "and not 1"]);
    refuses(&result, &|value| value["terms"] = json!([]), &[&name(&result), "another part of the model"]);
    refuses(&result, &|value| value["problem"] = json!("0"), &[&name(&result), "another problem"]);
    refuses(&result, &|value| value["point"]["values"]["nobody"] = json!("1"), &["'nobody', which is no column"]);
    refuses(&result, &|value| value["point"]["values"]["x0"] = json!("1/0"), &["'x0' is no number"]);
    let all = |value: &mut Value| {
        let columns = (0..30).map(|j| (format!("x{j}"), json!("1")));
        value["point"]["values"] = columns.collect::<serde_json::Map<_, _>>().into();
    };
    refuses(&result, &all, &[&name(&result), "does not satisfy the model"]);
    refuses(&result, &|value| value["status"] = json!("unbounded"), &["do not show that the model is unbounded"]);
    refuses(&cube, &|value| value["terms"] = json!([]), &[&name(&cube), "is not the cube"]);
    refuses(&tree, &|value| value["vertices"][0]["no"] = json!(1), &["tree.json", "lacks one of its children"]);
    refuses(&tree, &|value| value["vertices"][0]["on"]["column"] = json!("y"), &["'y', which is no column"]);
    refuses(&places.problem(), &|value| value["seed"] = json!(9), &["another problem"]);
    // A point that closed others is gone: nothing is optimal without it.
    let kept = fs::read(&result).expect("there");
    fs::remove_file(places.incumbent()).expect("there");
    for name in &names {
        change(&places.result(name), |value| {
            (value["point"], value["objective"]) = (Value::Null, Value::Null);
        });
    }
    assert!(merge(folder, &|| false).expect_err("refused").to_string().contains("closed by a bound without a point"));
    fs::write(&result, kept).expect("written");
}

/// Bounds that no branching makes, constants, equations alone, huge numbers: each has its answer.
#[test]
fn models_of_other_kinds() {
    let inf = f64::INFINITY;
    let answer = |model: &Model| {
        let folder = tempfile::tempdir().expect("a folder");
        let names = made(model, folder.path(), 4);
        names.iter().for_each(|name| drop(work(folder.path(), name, u64::MAX)));
        let end = merged(folder.path());
        (end.answer, end.objective, names.len())
    };
    let mut linear = Model::new("linear");
    let x = linear.add_var("x", 0.0, inf, 1.0, VarKind::Continuous);
    linear.offset = 0.1;
    linear.add_row("r", 0.2, inf, [(x, 1.0)]);
    assert_eq!(answer(&linear), (Answer::Optimal, Some(0.3), 1));
    let mut equations = Model::new("equations");
    let vars = ["a", "b", "c"].map(|name| equations.add_var(name, -inf, inf, 1.0, VarKind::Integer));
    equations.add_row("r", 7.0, 7.0, [(vars[0], 2.0), (vars[1], 3.0), (vars[2], 2.0)]);
    equations.add_row("s", 1.0, 1.0, [(vars[0], 1.0), (vars[2], 1.0)]);
    let (found, objective, _) = answer(&equations);
    assert_eq!((found, objective), (Answer::Infeasible, None), "2 and 3 b are not 7");
    let mut huge = Model::new("huge");
    huge.sense = Sense::Maximise;
    let [n, m] = ["n", "m"].map(|name| huge.add_var(name, -1e9, 1e9, 1.0, VarKind::Integer));
    huge.add_row("r", -inf, 1e9, [(n, 3.0), (m, 5.0)]);
    huge.add_row("s", -inf, 1e9, [(n, 5.0), (m, 3.0)]);
    assert_eq!(answer(&huge).1, solved(&huge).objective);
    let mut empty = Model::new("empty");
    empty.offset = 4.5;
    let (found, objective, _) = answer(&empty);
    assert_eq!((found, objective), (Answer::Optimal, Some(4.5)));
}

/// The nearest float to a tenth is more than a tenth, that to three tenths is less: neither belies anything.
#[test]
fn optima_that_are_no_floats() {
    for (cost, sense) in [0.1, 0.2, 0.3, 0.6, 0.7, 1.1, 1e-7]
        .into_iter()
        .flat_map(|cost| [Sense::Minimise, Sense::Maximise].map(|sense| (cost, sense)))
    {
        let mut model = Model::new("tenths");
        model.sense = sense;
        let x = model.add_var("x", 0.0, 5.0, cost, VarKind::Integer);
        let y = model.add_var("y", 0.0, 5.0, cost, VarKind::Integer);
        let (row, side) = ([(x, 3.0), (y, 2.0)], 2.0);
        match sense {
            Sense::Minimise => model.add_row("r", side, f64::INFINITY, row),
            Sense::Maximise => model.add_row("r", f64::NEG_INFINITY, side, row),
        };
        let folder = tempfile::tempdir().expect("a folder");
        for name in made(&model, folder.path(), 4) {
            work(folder.path(), &name, u64::MAX);
        }
        let all = merged(folder.path());
        assert_eq!((all.answer, all.verified), (Answer::Optimal, milp::Verified::Exact), "{cost} {sense:?}: {all:?}");
        assert_eq!((all.objective, all.bound), (Some(cost), cost));
    }
}

/// Optima beyond 2^53, one of them halfway between two floats.
#[test]
fn optima_beyond_whole_floats() {
    for sense in [Sense::Minimise, Sense::Maximise] {
        let mut model = Model::new("great");
        model.sense = sense;
        let sign = if sense == Sense::Minimise { 1.0 } else { -1.0 };
        model.add_var("x", -1e15, 1e15, sign * 2000.0, VarKind::Integer);
        model.add_var("y", -1.0, 1.0, sign * 2e6, VarKind::Integer);
        model.add_var("z", -1e15, 1e15, sign * 2.0, VarKind::Integer);
        let folder = tempfile::tempdir().expect("a folder");
        for name in made(&model, folder.path(), 4) {
            work(folder.path(), &name, u64::MAX);
        }
        let all = merged(folder.path());
        assert_eq!((all.answer, all.objective), (Answer::Optimal, Some(-sign * 2.002_000_000_002e18)), "{all:?}");
    }
}

/// What closes a leaf while the tree is made is written as the bound that it is, constant and all.
#[test]
fn bounds_of_closed_leaves_are_as_written() {
    let mut source = Source(23);
    for case in 0..150 {
        let mut model = Model::new("closed");
        model.sense = if source.below(2) == 0 { Sense::Minimise } else { Sense::Maximise };
        let costs = [0.1, 0.3, 0.7, 1e-7, 1000.0, 0.001];
        model.offset = [0.0, -0.3, 0.1, 2000.004][source.below(4) as usize];
        let columns: Vec<_> = (0..1 + source.below(3))
            .map(|j| {
                let cost = costs[source.below(6) as usize];
                model.add_var(format!("x{j}"), 0.0, 1.0 + source.below(3) as f64, cost, VarKind::Integer)
            })
            .collect();
        let terms: Vec<_> = columns.iter().map(|&column| (column, 1.0 + source.below(3) as f64)).collect();
        model.add_row("r", 2.0, 6.0, terms);
        let whole = solved(&model);
        let folder = tempfile::tempdir().expect("a folder");
        let mut names = made(&model, folder.path(), 1 + source.below(4) as usize);
        if let Some(first) = names.first().cloned().filter(|_| source.below(2) == 0) {
            let parts = split_again(&cube(folder.path(), &first), 2, &Limits::default(), &mut Quiet).expect("parts");
            names.splice(0..1, parts.names);
        }
        for name in names {
            work(folder.path(), &name, u64::MAX);
        }
        let all = merged(folder.path());
        assert_eq!(all.objective, whole.objective, "{case}: {all:?} {whole:?}");
        assert_eq!(
            (all.answer == Answer::Optimal, all.bound),
            (whole.objective.is_some(), whole.bound),
            "{case}: {all:?} {whole:?}"
        );
    }
}

#[test]
fn parts_are_named_after_their_cube() {
    let mut source = Source(5);
    let folder = tempfile::tempdir().expect("a folder");
    let names = made(&source.sacks(14), folder.path(), 3);
    let places = Places::new(folder.path());
    let problem =
        serde_json::from_slice::<Value>(&fs::read(places.tree()).expect("there")).expect("JSON")["problem"].clone();
    for name in [names[0].as_str(), "0009", "../0001", "0001-", "0001-x"] {
        let tree = json!({
            "format": "heaviside-cube-tree", "version": 1, "problem": problem, "below": null, "vertices": [{"cube": name}],
        });
        fs::write(places.split(&names[0]), tree.to_string()).expect("written");
        let refused = merge(folder.path(), &|| false).expect_err("a part of itself").to_string();
        assert!(refused.contains("no name of a cube") && refused.contains("split.json"), "{refused}");
    }
}

//! Plug-ins of callers: what they say is heard, and what the run claims is true of the model with what they state.

use milp::plugins::{
    Bound, Branch, BranchingRule, Deduction, ExtraRow, Fractional, Heuristic, LazyRows, NodeSelection, NodeView,
    OpenNode, Propagator, Separator,
};
use milp::{
    Control, Error, Event, Interest, Model, Options, Plugins, Quiet, Sense, Status, VarId, VarKind, What, solve,
    solve_with,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A random model of few columns in small boxes, and which of its rows are to be held back.
fn random(rng: &mut ChaCha8Rng, continuous: bool) -> (Model, Vec<bool>) {
    let mut model = Model::new("random");
    if rng.random_bool(0.5) {
        model.sense = Sense::Maximise;
    }
    let columns = rng.random_range(2..7);
    let vars: Vec<VarId> = (0..columns)
        .map(|j| {
            let kind = if continuous && rng.random_bool(0.3) { VarKind::Continuous } else { VarKind::Integer };
            let low = f64::from(rng.random_range(-2..=1));
            let cost = f64::from(rng.random_range(-9..=9));
            model.add_var(format!("x{j}"), low, low + f64::from(rng.random_range(0..=3)), cost, kind)
        })
        .collect();
    let rows = rng.random_range(1..6);
    for i in 0..rows {
        let mut terms: Vec<(VarId, f64)> = Vec::new();
        for &var in &vars {
            if rng.random_bool(0.7) {
                terms.push((var, f64::from(rng.random_range(-5..=5))));
            }
        }
        terms.retain(|(_, value)| *value != 0.0);
        let upper = f64::from(rng.random_range(-2..=8));
        let lower = if rng.random_bool(0.3) { upper - f64::from(rng.random_range(0..=6)) } else { f64::NEG_INFINITY };
        model.add_row(format!("r{i}"), lower, upper, terms);
    }
    let held = (0..rows).map(|_| rng.random_bool(0.6)).collect();
    (model, held)
}

/// The model without the rows held back, and these.
fn split(model: &Model, held: &[bool]) -> (Model, Vec<ExtraRow>) {
    let mut less = model.clone();
    let mut all = std::mem::take(&mut less.rows).into_iter();
    let mut rest = Vec::new();
    for &held in held {
        let row = all.next().unwrap();
        if held {
            rest.push(ExtraRow { terms: row.terms.clone(), lower: row.lower, upper: row.upper });
        } else {
            less.rows.push(row);
        }
    }
    (less, rest)
}

fn activity(row: &ExtraRow, point: &[f64]) -> f64 {
    row.terms.iter().map(|(var, value)| value * point[var.index()]).sum()
}

fn is_kept(row: &ExtraRow, point: &[f64]) -> bool {
    (row.lower - 1e-6..=row.upper + 1e-6).contains(&activity(row, point))
}

/// States rows once they are violated.
struct Held {
    rows: Vec<ExtraRow>,
    stated: usize,
}

impl LazyRows for Held {
    fn violated(&mut self, point: &[f64]) -> Vec<ExtraRow> {
        let found: Vec<ExtraRow> = self.rows.iter().filter(|row| !is_kept(row, point)).cloned().collect();
        self.stated += found.len();
        found
    }
}

/// Cuts off what violates rows that hold.
struct Cuts(Vec<ExtraRow>);

impl Separator for Cuts {
    fn name(&self) -> &'static str {
        "held back"
    }

    fn separate(&mut self, node: &NodeView<'_>) -> Vec<ExtraRow> {
        assert_eq!(node.solution.len(), node.model.num_vars());
        self.0.iter().filter(|row| !is_kept(row, node.solution)).cloned().collect()
    }
}

/// Bounds of the activity of rows.
struct Bounds(Vec<ExtraRow>);

impl Propagator for Bounds {
    fn propagate(&mut self, node: &NodeView<'_>) -> Deduction {
        assert!(node.solution.is_empty() && node.objective.is_nan());
        let mut found = Vec::new();
        for row in &self.0 {
            let ends = |(var, value): &(VarId, f64)| {
                let ends = [value * node.lower[var.index()], value * node.upper[var.index()]];
                [ends[0].min(ends[1]), ends[0].max(ends[1])]
            };
            let least: f64 = row.terms.iter().map(|term| ends(term)[0]).sum();
            let most: f64 = row.terms.iter().map(|term| ends(term)[1]).sum();
            if least > row.upper || most < row.lower {
                return Deduction::Empty;
            }
            // Whole numbers throughout: nothing here is rounded but by the last division.
            for term @ (var, value) in &row.terms {
                let room = row.upper - (least - ends(term)[0]);
                if room.is_finite() {
                    found.push(Bound {
                        column: *var,
                        is_upper: *value > 0.0,
                        value: outwards(room / value, *value > 0.0),
                    });
                }
            }
        }
        if found.is_empty() { Deduction::Nothing } else { Deduction::Bounds(found) }
    }
}

fn outwards(value: f64, is_upper: bool) -> f64 {
    if is_upper { value + 1e-9 } else { value - 1e-9 }
}

/// The column with the largest index, and the child above first.
#[derive(Default)]
struct Last {
    asked: usize,
}

impl BranchingRule for Last {
    fn choose(&mut self, node: &NodeView<'_>, candidates: &[Fractional]) -> Option<Branch> {
        self.asked += 1;
        for candidate in candidates {
            assert!((node.lower[candidate.column]..=node.upper[candidate.column]).contains(&candidate.value));
            assert!(candidate.gains.iter().all(|gain| gain.is_finite()));
        }
        let last = (0..candidates.len()).max_by_key(|&k| candidates[k].column)?;
        Some(Branch::on(last).up_first())
    }
}

/// Breadth first.
struct Oldest {
    plunges: bool,
}

impl NodeSelection for Oldest {
    fn key(&mut self, node: &OpenNode) -> f64 {
        node.number as f64
    }

    fn plunges(&self) -> bool {
        self.plunges
    }
}

/// Rounds the relaxation's solution.
struct Rounds;

impl Heuristic for Rounds {
    fn propose(&mut self, node: &NodeView<'_>) -> Option<Vec<f64>> {
        Some(node.solution.iter().map(|x| x.round()).collect())
    }
}

#[test]
fn with_all_plug_ins_at_random_the_optimum_is_that_of_the_whole_model() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut stated = 0;
    let mut asked = 0;
    for round in 0..1500 {
        let (model, held) = random(&mut rng, round % 2 == 1);
        let expected = solve(&model, &Options::default(), &mut Quiet).unwrap();
        let (less, rest) = split(&model, &held);
        let mut lazy = Held { rows: rest.clone(), stated: 0 };
        let (mut cuts, mut bounds) = (Cuts(rest.clone()), Bounds(rest.clone()));
        let (mut last, mut rounds) = (Last::default(), Rounds);
        let mut oldest = Oldest { plunges: rng.random_bool(0.5) };
        let mut plugins = Plugins { lazy_rows: vec![&mut lazy], ..Plugins::default() };
        if rng.random_bool(0.4) {
            plugins.separators.push(&mut cuts);
        }
        if rng.random_bool(0.4) {
            plugins.propagators.push(&mut bounds);
        }
        if rng.random_bool(0.5) {
            plugins.branching = Some(&mut last);
        }
        if rng.random_bool(0.4) {
            plugins.selection = Some(&mut oldest);
        }
        if rng.random_bool(0.4) {
            plugins.heuristics.push(&mut rounds);
        }
        let outcome = solve_with(&less, &Options::default(), &mut Quiet, plugins).unwrap();
        assert_eq!(outcome.status, expected.status, "model {round}");
        match (outcome.objective, expected.objective) {
            (Some(a), Some(b)) => assert!((a - b).abs() <= 1e-6 * b.abs().max(1.0), "model {round}: {a} for {b}"),
            (a, b) => assert_eq!(a, b, "model {round}"),
        }
        if let Some(x) = &outcome.solution {
            assert!(rest.iter().all(|row| is_kept(row, x)), "model {round}: a lazy row is not kept");
        }
        (stated, asked) = (stated + lazy.stated, asked + last.asked);
    }
    assert!(stated > 500 && asked > 50, "{stated} rows, {asked} questions");
}

/// The shortest round trip through points of a plane, edges as columns; subtours are forbidden once they turn up.
#[test]
fn lazy_rows_make_round_trips() {
    const CITIES: usize = 7;
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for _ in 0..12 {
        let at: Vec<[i32; 2]> = (0..CITIES).map(|_| [rng.random_range(0..30), rng.random_range(0..30)]).collect();
        let length = |i: usize, j: usize| f64::from((at[i][0] - at[j][0]).abs() + (at[i][1] - at[j][1]).abs());
        let mut model = Model::new("tour");
        let mut edges = Vec::new();
        for i in 0..CITIES {
            for j in 0..i {
                edges.push((i, j, model.add_var(format!("e{i}_{j}"), 0.0, 1.0, length(i, j), VarKind::Integer)));
            }
        }
        for city in 0..CITIES {
            let ends = edges.iter().filter(|(i, j, _)| *i == city || *j == city).map(|(_, _, var)| (*var, 1.0));
            model.add_row(format!("c{city}"), 2.0, 2.0, ends.collect::<Vec<_>>());
        }
        let mut tours = Tours(edges);
        let plugins = Plugins { lazy_rows: vec![&mut tours], ..Plugins::default() };
        let outcome = solve_with(&model, &Options::default(), &mut Quiet, plugins).unwrap();
        assert_eq!(outcome.status, Status::Optimal);
        assert_eq!(outcome.objective, Some(shortest(CITIES, length)));
    }
}

struct Tours(Vec<(usize, usize, VarId)>);

impl LazyRows for Tours {
    fn violated(&mut self, point: &[f64]) -> Vec<ExtraRow> {
        let mut reached = vec![0];
        for k in 0.. {
            let Some(&city) = reached.get(k) else { break };
            for &(i, j, var) in &self.0 {
                let next = if i == city { j } else { i };
                if point[var.index()] > 0.5 && (i == city || j == city) && !reached.contains(&next) {
                    reached.push(next);
                }
            }
        }
        let leaves = |&&(i, j, _): &&(usize, usize, VarId)| reached.contains(&i) != reached.contains(&j);
        let out: Vec<(VarId, f64)> = self.0.iter().filter(leaves).map(|(_, _, var)| (*var, 1.0)).collect();
        if out.is_empty() { Vec::new() } else { vec![ExtraRow::at_least(2.0, out)] }
    }
}

/// By trying all.
fn shortest(cities: usize, length: impl Fn(usize, usize) -> f64) -> f64 {
    fn extend(path: &mut Vec<usize>, so_far: f64, cities: usize, length: &dyn Fn(usize, usize) -> f64) -> f64 {
        let here = path[path.len() - 1];
        if path.len() == cities {
            return so_far + length(here, path[0]);
        }
        let mut best = f64::INFINITY;
        for next in 0..cities {
            if !path.contains(&next) {
                path.push(next);
                best = best.min(extend(path, so_far + length(here, next), cities, length));
                path.pop();
            }
        }
        best
    }
    extend(&mut vec![0], 0.0, cities, &length)
}

/// A knapsack that needs a tree.
fn knapsack() -> Model {
    let mut model = Model::new("knapsack");
    model.sense = Sense::Maximise;
    let mut terms = Vec::new();
    for (j, (worth, weight)) in
        [(13, 7), (17, 9), (23, 12), (11, 6), (29, 16), (8, 5), (19, 11), (31, 17)].iter().enumerate()
    {
        terms.push((model.add_var(format!("x{j}"), 0.0, 1.0, f64::from(*worth), VarKind::Integer), f64::from(*weight)));
    }
    model.add_row("weight", f64::NEG_INFINITY, 40.0, terms);
    model
}

/// Records what is told of the tree and of cuts.
#[derive(Default)]
struct Heard {
    processed: Vec<u64>,
    kinds: Vec<&'static str>,
}

impl Control for Heard {
    fn judges(&self) -> bool {
        false
    }

    fn interest(&self) -> Interest {
        Interest::ALL
    }

    fn event(&mut self, event: &Event) {
        match event.what {
            What::End(end) => self.processed.push(end.id),
            What::Cuts(cuts) => self.kinds.push(cuts.kind),
            _ => {}
        }
    }
}

#[test]
fn the_order_of_nodes_is_that_of_the_keys() {
    let mut options = Options::default();
    options.parameters.cut_rounds = 0;
    options.parameters.dives = false;
    let mut heard = Heard::default();
    let mut oldest = Oldest { plunges: false };
    let plugins = Plugins { selection: Some(&mut oldest), ..Plugins::default() };
    let outcome = solve_with(&knapsack(), &options, &mut heard, plugins).unwrap();
    assert_eq!(outcome.objective, solve(&knapsack(), &options, &mut Quiet).unwrap().objective);
    assert!(heard.processed.len() > 4, "{:?}", heard.processed);
    assert!(heard.processed.is_sorted(), "{:?}", heard.processed);
}

#[test]
fn cuts_are_told_by_the_name_of_their_separator() {
    let mut model = Model::new("triangle");
    let x: Vec<VarId> = (0..3).map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, -1.0, VarKind::Integer)).collect();
    for (i, j) in [(0, 1), (1, 2), (2, 0)] {
        model.add_row("", f64::NEG_INFINITY, 1.0, [(x[i], 1.0), (x[j], 1.0)]);
    }
    let mut cuts = Cuts(vec![ExtraRow::at_most(1.0, x.iter().map(|&var| (var, 1.0)))]);
    let mut heard = Heard::default();
    let plugins = Plugins { separators: vec![&mut cuts], ..Plugins::default() };
    let outcome = solve_with(&model, &Options::default(), &mut heard, plugins).unwrap();
    assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(-1.0)));
    assert!(heard.kinds.contains(&"held back"), "{:?}", heard.kinds);
}

#[test]
fn a_point_of_a_heuristic_counts_only_if_it_is_one() {
    struct Fixed(Vec<f64>);
    impl Heuristic for Fixed {
        fn propose(&mut self, _node: &NodeView<'_>) -> Option<Vec<f64>> {
            Some(self.0.clone())
        }
    }
    let model = knapsack();
    let best = solve(&model, &Options::default(), &mut Quiet).unwrap();
    let options = Options { node_limit: 1, ..Options::default() };
    for (point, counts) in [(best.solution.clone().unwrap(), true), (vec![1.0; 8], false), (vec![0.0; 8], false)] {
        let mut fixed = Fixed(point);
        let plugins = Plugins { heuristics: vec![&mut fixed], ..Plugins::default() };
        let outcome = solve_with(&model, &options, &mut Quiet, plugins).unwrap();
        assert!(outcome.objective.is_none_or(|value| value <= best.objective.unwrap()));
        if counts {
            assert_eq!(outcome.objective, best.objective);
        }
    }
}

/// Lazy rows also of a model without integer columns; and a model that only they bound is not called unbounded.
#[test]
fn lazy_rows_of_linear_models() {
    let mut model = Model::new("disc");
    model.sense = Sense::Maximise;
    let (x, y) = (
        model.add_var("x", 0.0, 10.0, 1.0, VarKind::Continuous),
        model.add_var("y", 0.0, 10.0, 1.0, VarKind::Continuous),
    );
    let rows = vec![ExtraRow::at_most(4.0, [(x, 1.0), (y, 2.0)]), ExtraRow::at_most(4.0, [(x, 2.0), (y, 1.0)])];
    let mut lazy = Held { rows: rows.clone(), stated: 0 };
    let plugins = Plugins { lazy_rows: vec![&mut lazy], ..Plugins::default() };
    let outcome = solve_with(&model, &Options::default(), &mut Quiet, plugins).unwrap();
    assert_eq!(outcome.status, Status::Optimal);
    assert!((outcome.objective.unwrap() - 8.0 / 3.0).abs() < 1e-7, "{:?}", outcome.objective);
    assert!(lazy.stated >= 2, "{}", lazy.stated);

    for var in &mut model.variables {
        var.upper = f64::INFINITY;
    }
    let mut lazy = Held { rows, stated: 0 };
    let plugins = Plugins { lazy_rows: vec![&mut lazy], ..Plugins::default() };
    let outcome = solve_with(&model, &Options::default(), &mut Quiet, plugins).unwrap();
    assert_eq!(outcome.status, Status::Unresolved);
    assert_eq!(outcome.bound, f64::INFINITY);
}

#[test]
fn what_makes_no_sense_is_refused() {
    struct Beyond;
    impl BranchingRule for Beyond {
        fn choose(&mut self, _node: &NodeView<'_>, candidates: &[Fractional]) -> Option<Branch> {
            Some(Branch::on(candidates.len()))
        }
    }
    struct Short;
    impl Heuristic for Short {
        fn propose(&mut self, _node: &NodeView<'_>) -> Option<Vec<f64>> {
            Some(vec![0.0])
        }
    }
    struct States(Bound);
    impl Propagator for States {
        fn propagate(&mut self, _node: &NodeView<'_>) -> Deduction {
            Deduction::Bounds(vec![self.0])
        }
    }
    let mut options = Options::default();
    options.parameters.cut_rounds = 0;
    let refused = |plugins: Plugins<'_>, words: &str| {
        let error = solve_with(&knapsack(), &options, &mut Quiet, plugins).unwrap_err();
        assert!(matches!(error, Error::Plugin(_)), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    refused(Plugins { branching: Some(&mut Beyond), ..Plugins::default() }, "candidate 1 of 1");
    refused(Plugins { heuristics: vec![&mut Short], ..Plugins::default() }, "1 values for 8 columns");
    let x = VarId(0);
    for (row, words) in [
        (ExtraRow::at_most(1.0, [(VarId(8), 1.0)]), "column 8 of 8"),
        (ExtraRow::at_most(1.0, [(x, 1.0), (x, 1.0)]), "'x0' twice"),
        (ExtraRow::at_most(1.0, [(x, f64::NAN)]), "coefficient NaN"),
        (ExtraRow::at_most(f64::NEG_INFINITY, [(x, 1.0)]), "sides -inf and -inf"),
        (ExtraRow { terms: vec![(x, 1.0)], lower: 2.0, upper: 1.0 }, "sides 2 and 1"),
    ] {
        struct Always(ExtraRow);
        impl LazyRows for Always {
            fn violated(&mut self, _point: &[f64]) -> Vec<ExtraRow> {
                vec![self.0.clone()]
            }
        }
        refused(Plugins { lazy_rows: vec![&mut Always(row)], ..Plugins::default() }, words);
    }
    for (column, value, words) in
        [(VarId(9), 0.0, "column 9 of 8"), (x, f64::NAN, "'x0' is NaN"), (x, f64::INFINITY, "is inf")]
    {
        let mut states = States(Bound { column, is_upper: false, value });
        refused(Plugins { propagators: vec![&mut states], ..Plugins::default() }, words);
    }
    let mut special = knapsack();
    special.special.semi.insert(x);
    let plugins = Plugins { branching: Some(&mut Beyond), ..Plugins::default() };
    let error = solve_with(&special, &options, &mut Quiet, plugins).unwrap_err();
    assert!(error.to_string().contains("semi-continuous"), "{error}");
}

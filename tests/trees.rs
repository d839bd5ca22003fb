//! The trees that the exact engine tells: cases of clauses, and tuples of the dual tree. Every node is made below one that is open and ends once, both
//! sides of a branching are there, and the leaves of a run that is solved add up to the whole tree.

use bdnn::{Engine, Event, Interest, Limits, Problem, Progress, Request, Status, Training, WeightDomain, What};
use budget::Tunable;
use budget::observe::{Branching, End, Ending, Node, On, Tree};
use heaviside_acceptance::known;
use heaviside_acceptance::random::Source;
use omt::{DualParameters, Exact, Parameters};
use std::collections::BTreeMap;
use std::sync::Mutex;
use trace::{Forest, Weights};

#[derive(Default)]
struct Heard(Mutex<Vec<Event>>);

impl Progress for Heard {
    fn interest(&self) -> Interest {
        Interest::TREE | Interest::BOUNDS
    }

    fn event(&self, event: &Event) {
        self.0.lock().expect("whole").push(*event);
    }
}

/// A node, what became of it, and its children.
struct Told {
    node: Node,
    end: Option<End>,
    /// The best objective told before its end.
    incumbent: f64,
    children: Vec<Branching>,
}

/// The nodes of a run's trees.
struct Trees {
    nodes: BTreeMap<(Tree, u64), Told>,
    weights: Weights,
}

/// The run and what it told; no bound is told that does not hold.
fn train(problem: &Problem, limits: &Limits, at: &str) -> (Training, Vec<Event>) {
    let heard = Heard::default();
    let training = Exact.train(Request::new(problem, limits).with_progress(&heard)).expect("sound");
    let events = heard.0.into_inner().expect("whole");
    for event in &events {
        assert!(!matches!(event.what, What::Bound(bound) if bound > training.bound), "{at}: {event:?} {training:?}");
    }
    assert!(events.windows(2).all(|pair| pair[0].work <= pair[1].work), "{at}: the clock of work goes on");
    (training, events)
}

/// Takes the events of a run; what holds of every tree is asserted.
fn trees(events: &[Event], at: &str) -> Trees {
    let mut nodes: BTreeMap<(Tree, u64), Told> = BTreeMap::new();
    let (mut weights, mut forest) = (Weights::default(), Forest::default());
    let mut incumbent = f64::INFINITY;
    for event in events {
        weights.hear(event);
        forest.hear(event);
        match event.what {
            What::Node(node) => {
                let last =
                    nodes.range((node.tree, 0)..=(node.tree, u64::MAX)).next_back().map_or(0, |((_, id), _)| *id);
                assert_eq!(node.id, last + 1, "{at}: {node:?}");
                match (nodes.get_mut(&(node.tree, node.parent)), node.branching) {
                    (Some(parent), Some(branching)) => {
                        assert!(parent.end.is_none() && node.depth == parent.node.depth + 1, "{at}: {node:?}");
                        assert!(node.bound >= parent.node.bound, "{at}: {node:?}");
                        parent.children.push(branching);
                    }
                    (None, None) => assert!(node.parent == 0 && node.depth == 0, "{at}: {node:?}"),
                    _ => panic!("{at}: {node:?}"),
                }
                nodes.insert((node.tree, node.id), Told { node, end: None, incumbent, children: vec![] });
            }
            What::End(end) => {
                let told = nodes.get_mut(&(end.tree, end.id)).expect("it was made");
                assert!(told.end.is_none() && told.node.depth == end.depth, "{at}: {end:?}");
                (told.end, told.incumbent) = (Some(end), incumbent);
            }
            What::Incumbent(found) => incumbent = incumbent.min(found.objective),
            _ => {}
        }
    }
    for (number, told) in &nodes {
        let end = told.end.unwrap_or_else(|| panic!("{at}: {number:?} has no end"));
        match told.children[..] {
            [] => assert_ne!(end.ending, Ending::Branched, "{at}: {number:?}"),
            [one, other] => {
                let is_pair = one.on == other.on && one.is_upper != other.is_upper;
                assert!(end.ending == Ending::Branched && is_pair, "{at}: {number:?}");
            }
            _ => panic!("{at}: {number:?} has {} children", told.children.len()),
        }
    }
    // Both books say the same.
    assert_eq!(weights.trees().len(), forest.trees().len(), "{at}");
    for (weight, progress) in weights.trees().iter().zip(forest.trees()) {
        assert_eq!(weight.exact_weight(), progress.exact_weight(), "{at}");
        assert_eq!((weight.nodes, weight.open(), weight.size()), (progress.nodes, 0, progress.size()), "{at}");
    }
    Trees { nodes, weights }
}

impl Trees {
    fn of(&self, search: &str) -> Vec<&Told> {
        self.nodes.iter().filter(|((tree, _), _)| tree.search == search).map(|(_, told)| told).collect()
    }

    /// Every tree is searched to its last leaf, and nothing better was passed by.
    fn assert_whole(&self, training: &Training, at: &str) {
        assert!(matches!(training.status, Status::Optimal | Status::Infeasible), "{at}: {training:?}");
        for tree in self.weights.trees() {
            assert!(tree.is_complete() && tree.roots > 0, "{at}: {tree:?}");
        }
        for told in self.of("dual tree") {
            let end = told.end.expect("it has ended");
            let is_leaf = matches!(end.ending, Ending::Fathomed | Ending::Integer);
            assert!(is_leaf || matches!(end.ending, Ending::Branched | Ending::Unresolved), "{at}: {end:?}");
        }
    }
}

fn limits(nodes: u64, settings: &[(&str, &str)]) -> Limits {
    let mut limits = Limits { threads: 1, nodes, ..Limits::default() };
    let tables = [Parameters::table(), DualParameters::table()].concat();
    settings.iter().for_each(|(name, value)| limits.settings.set(&tables, name, value).expect("a parameter"));
    limits
}

fn plain(source: &mut Source, rows: usize, features: usize, hidden: &[usize]) -> Problem {
    let points = source.points_of_all(rows, features, 2);
    Problem { epsilon: None, ..source.problem(points, hidden, WeightDomain::Continuous, true) }
}

/// The dual tree alone: no leaf is lost, however many neurons may be exchanged, and what is closed is no better than what is found.
#[test]
fn leaves_of_the_dual_tree_add_up() {
    let mut source = Source::new(1);
    let (mut nodes, mut between) = (0, 0);
    for round in 0..120 {
        let (features, neurons) = (source.whole(1, 3), source.whole(0, 3));
        let rows = source.whole(4, 24);
        let hidden = if neurons == 0 { vec![] } else { vec![neurons] };
        let problem = plain(&mut source, rows, features, &hidden);
        let at = format!("round {round}: {rows} rows, {features} features, {neurons} neurons");
        let (training, events) = train(&problem, &limits(u64::MAX, &[]), &at);
        let trees = trees(&events, &at);
        trees.assert_whole(&training, &at);
        for told in trees.of("dual tree") {
            let (node, end) = (told.node, told.end.expect("it has ended"));
            assert!(end.ending == Ending::Branched || end.bound >= training.bound, "{at}: {end:?}");
            let On::Unit { layer, part, neuron } =
                node.branching.map_or(On::Unit { layer: 1, part: 0, neuron: 0 }, |b| b.on)
            else {
                panic!("{at}: {node:?}")
            };
            assert!(
                layer == 1 && (part as usize) < problem.points.len() && (neuron as usize) < neurons.max(1),
                "{at}: {node:?}"
            );
            // A neuron before it fires at the same point: it stands between.
            let parent = trees.nodes.get(&(node.tree, node.parent)).and_then(|parent| parent.node.branching);
            let same = parent.zip(node.branching).filter(|(parent, own)| match (parent.on, own.on) {
                (On::Unit { part: a, .. }, On::Unit { part: b, .. }) => a == b && !parent.is_upper,
                _ => false,
            });
            between += usize::from(same.is_some());
        }
        nodes += trees.nodes.len();
    }
    assert!(nodes > 5_000 && between > 500, "{nodes} nodes, {between} below nodes between");
}

/// Cases of clauses, with the dual tree beside them or without, split soon and rarely.
#[test]
fn leaves_of_cases_add_up() {
    let mut source = Source::new(2);
    let (mut nodes, mut split, mut both) = (0, 0, 0);
    for round in 0..120 {
        let (features, layered) = (source.whole(2, 6), source.one_in(5));
        let rows = source.whole(8, if layered { 12 } else { 24 });
        let hidden = if layered { vec![2, 2] } else { vec![2] };
        let problem = plain(&mut source, rows, features, &hidden);
        let dual = if source.one_in(2) { "yes" } else { "no" };
        let settings =
            [("omt.split_after", "3"), ("omt.first_round", "10"), ("omt.dual", dual), ("dual.alone_rank", "0")];
        let at = format!("round {round}: {rows} rows, {features} features, {hidden:?}, dual tree: {dual}");
        let (training, events) = train(&problem, &limits(u64::MAX, &settings), &at);
        let trees = trees(&events, &at);
        trees.assert_whole(&training, &at);
        let cases = trees.of("cases");
        assert!(!cases.is_empty(), "{at}");
        split += cases.iter().filter(|told| told.end.is_some_and(|end| end.ending == Ending::Branched)).count();
        both += usize::from(!trees.of("dual tree").is_empty());
        nodes += cases.len();
    }
    assert!(nodes > 300 && split > 20 && both > 10, "{nodes} cases, {split} split, {both} runs with two trees");
}

/// Under a limit every node ends all the same; what is open may hold something better, and a bound says how much.
#[test]
fn limits_leave_open_nodes() {
    let mut open = 0;
    for row in known::optima().iter().filter(|row| row.file.contains("_n2_") || row.file.contains("_n3_")) {
        let problem = row.problem();
        for nodes in [0, 1, 7] {
            let at = format!("{} with {} neurons, {nodes} nodes", row.file, row.hidden);
            let (training, events) = train(&problem, &limits(nodes, &[]), &at);
            let trees = trees(&events, &at);
            let is_open = |told: &&&Told| told.end.is_some_and(|end| end.ending == Ending::Open);
            let left = trees.of("dual tree");
            let left: Vec<_> = left.iter().filter(is_open).collect();
            let least = left.iter().map(|told| told.node.bound).fold(f64::INFINITY, f64::min);
            assert!(training.is_proven() == left.is_empty() && (left.is_empty() || least <= training.bound), "{at}");
            assert!(left.iter().all(|told| told.end.is_some_and(|end| end.bound < told.incumbent)), "{at}");
            open += left.len();
        }
    }
    assert!(open > 50, "{open}");
}

/// Data sets that the dual tree solves in a moment.
#[test]
fn leaves_of_data_sets_add_up() {
    let mut sets = 0;
    for row in known::optima() {
        let problem = row.problem();
        let is_small = row.hidden <= 2 && row.optimum.is_some();
        if !is_small || !omt::search_of(&problem, &Limits::default().settings).starts_with("the dual tree") {
            continue;
        }
        let at = format!("{} with {} neurons", row.file, row.hidden);
        let (training, events) = train(&problem, &limits(u64::MAX, &[]), &at);
        let trees = trees(&events, &at);
        trees.assert_whole(&training, &at);
        assert!(trees.of("dual tree").len() > 2 && Some(training.loss) == row.optimum, "{at}");
        sets += 1;
    }
    assert!(sets > 2, "{sets}");
}

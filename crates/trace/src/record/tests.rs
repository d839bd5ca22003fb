//! Every kind of line, written and read.

use super::*;
use crate::network::{Network, Plane, Wrong};
use budget::observe::Ending;
use serde_json::{Map, Value};

fn map(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("an object")
}

/// One of each kind, and the line it makes.
fn records() -> Vec<(Record<'static>, &'static str)> {
    let problem = Problem {
        name: Some("p.mps".into()),
        rows: 3,
        columns: 5,
        integers: 2,
        more: map(r#"{"features":4}"#),
        ..Problem::default()
    };
    let start =
        Start { v: 1, command: "solve".into(), problem, options: map(r#"{"node-limit":9}"#), ..Start::default() };
    let node = Node {
        id: 5,
        parent: 2,
        tree: 1,
        dir: Direction::Left,
        var: Some("u_1_38_1".into()),
        value: Some(0.0),
        bound: Some(1.0),
        depth: 3,
    };
    let end = End {
        id: 5,
        ending: Some(Ending::Branched),
        bound: Some(1.5),
        frac: Some((7.02, 39)),
        candidates: vec![("x".into(), 0.8)],
    };
    let root = Node { parent: 0, tree: 2, dir: Direction::Middle, var: None, value: None, bound: None, ..node.clone() };
    vec![
        (
            Record::Start(start),
            r#"{"e":"start","v":1,"command":"solve","problem":{"name":"p.mps","maximise":false,"rows":3,"columns":5,"integers":2,"features":4},"options":{"node-limit":9},"seed":0,"t":0.25,"w":17}"#,
        ),
        (Record::Engine(Engine { name: "omt".into() }), r#"{"e":"engine","name":"omt","t":0.25,"w":17}"#),
        (
            Record::Tree(Tree { tree: 2, search: "cases".into(), index: 0 }),
            r#"{"e":"tree","tree":2,"search":"cases","index":0,"t":0.25,"w":17}"#,
        ),
        (
            Record::Node(node),
            r#"{"e":"node","id":5,"parent":2,"dir":"L","var":"u_1_38_1","value":0.0,"bound":1.0,"depth":3,"t":0.25,"w":17}"#,
        ),
        (Record::Node(root), r#"{"e":"node","id":5,"tree":2,"dir":"M","bound":null,"depth":3,"t":0.25,"w":17}"#),
        (
            Record::End(end),
            r#"{"e":"end","id":5,"as":"branched","bound":1.5,"frac":[7.02,39],"candidates":[["x",0.8]],"t":0.25,"w":17}"#,
        ),
        (
            Record::Incumbent(Incumbent { id: 5, by: 'T', objective: 6.0 }),
            r#"{"e":"incumbent","id":5,"by":"T","objective":6.0,"t":0.25,"w":17}"#,
        ),
        (Record::Bound(Bound { value: Some(1.0) }), r#"{"e":"bound","value":1.0,"t":0.25,"w":17}"#),
        (
            Record::Lp(Lp { id: 1, iterations: 7, time: 0.5 }),
            r#"{"e":"lp","id":1,"iterations":7,"time":0.5,"t":0.25,"w":17}"#,
        ),
        (
            Record::Cuts(Cuts { id: 1, round: 1, kind: map(r#"{"gomory":12}"#), before: Some(1.0), after: Some(2.0) }),
            r#"{"e":"cuts","id":1,"round":1,"kind":{"gomory":12},"before":1.0,"after":2.0,"t":0.25,"w":17}"#,
        ),
        (
            Record::Conflict(Conflict { id: 1, count: 9, size: 3, lbd: 2, level: 5, backjump: 1 }),
            r#"{"e":"conflict","id":1,"count":9,"size":3,"lbd":2,"level":5,"backjump":1,"t":0.25,"w":17}"#,
        ),
        (
            Record::Core(Core { count: 1, size: 4, weight: 1 }),
            r#"{"e":"core","count":1,"size":4,"weight":1,"t":0.25,"w":17}"#,
        ),
        (Record::Restart(Restart { count: 2 }), r#"{"e":"restart","count":2,"t":0.25,"w":17}"#),
        (
            Record::Case(Case { id: 1, bound: Some(2.0), conflicts: 30, learned: 10 }),
            r#"{"e":"case","id":1,"bound":2.0,"conflicts":30,"learned":10,"t":0.25,"w":17}"#,
        ),
        (
            Record::Measures(Measures {
                tree: 1,
                ended: 3,
                open: 2,
                weight: 0.5,
                leaf_frequency: 0.25,
                subtree_gaps: 0.75,
                gap: 1.0,
                estimates: Estimates { weight: Some(7.0), ..Estimates::default() },
            }),
            r#"{"e":"measures","ended":3,"open":2,"weight":0.5,"leaf_frequency":0.25,"subtree_gaps":0.75,"gap":1.0,"estimates":{"weight":7.0,"leaf_frequency":null,"subtree_gaps":null,"gap":null,"open":null},"t":0.25,"w":17}"#,
        ),
        (Record::Limit(Limit { bytes: 1000 }), r#"{"e":"limit","bytes":1000,"t":0.25,"w":17}"#),
        (
            Record::Totals(Totals { nodes: 3, ended: map(r#"{"branched":1}"#), ..Totals::default() }),
            r#"{"e":"totals","nodes":3,"ended":{"branched":1},"depth":0,"incumbents":0,"lps":0,"iterations":0,"conflicts":0,"learned":0,"cores":0,"restarts":0,"left_out":0,"t":0.25,"w":17}"#,
        ),
        (
            Record::Network(Network {
                features: vec!["a".into(), "b".into()],
                classes: vec!["no".into(), "yes".into()],
                rows: 9,
                errors: 1,
                wrong: vec![Wrong { row: 3, class: 1, predicted: 0, core: vec![1, 3] }],
                plane: Some(Plane {
                    low: [0.0, 0.0],
                    high: [1.0, 2.0],
                    cells: vec![(0, vec![[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])],
                    lines: vec![(1, [[0.0, 2.0], [1.0, 0.0], [1.0, 1.0]])],
                    points: vec![(3, [0.5, 0.25], 1, 0)],
                }),
            }),
            r#"{"e":"network","features":["a","b"],"classes":["no","yes"],"rows":9,"errors":1,"wrong":[{"row":3,"class":1,"predicted":0,"core":[1,3]}],"plane":{"low":[0.0,0.0],"high":[1.0,2.0],"cells":[[0,[[0.0,0.0],[1.0,0.0],[0.0,2.0]]]],"lines":[[1,[[0.0,2.0],[1.0,0.0],[1.0,1.0]]]],"points":[[3,[0.5,0.25],1,0]]},"t":0.25,"w":17}"#,
        ),
        (
            Record::Finish(Finish {
                status: "optimal".into(),
                objective: Some(6.0),
                bound: Some(6.0),
                primal_integral: 0.5,
                dual_integral: 0.25,
                primal_dual_integral: 0.75,
                statistics: map(r#"{"nodes":3}"#),
            }),
            r#"{"e":"finish","status":"optimal","objective":6.0,"bound":6.0,"primal_integral":0.5,"dual_integral":0.25,"primal_dual_integral":0.75,"statistics":{"nodes":3},"t":0.25,"w":17}"#,
        ),
    ]
}

#[test]
fn every_kind_is_written_and_read_back() {
    for (record, text) in records() {
        let line = Line { record, t: 0.25, w: 17 };
        assert_eq!(serde_json::to_string(&line).expect("it is plain"), text);
        let read: Line = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read, line);
    }
}

/// The table of kinds in the documentation is that of the code.
#[test]
fn every_kind_is_tried() {
    let source = include_str!("../record.rs");
    let kinds = source.split("pub enum Record").nth(1).and_then(|rest| rest.split("\n}").next()).expect("it is here");
    let count = kinds.lines().filter(|line| line.ends_with("),")).count();
    let kinds = records().iter().filter(|(record, _)| !matches!(record, Record::Unknown)).count();
    assert_eq!(kinds, count + 1, "one kind has two forms");
}

#[test]
fn what_is_unknown_is_passed_over() {
    let read = |text: &str| serde_json::from_str::<Line>(text).expect(text);
    assert_eq!(read(r#"{"e":"weather","sun":[1,{"a":2}],"t":1.0,"w":3}"#).record, Record::Unknown);
    let line = read(r#"{"e":"bound","value":2,"certain":true,"t":1,"w":3}"#);
    assert_eq!(line, Line { record: Record::Bound(Bound { value: Some(2.0) }), t: 1.0, w: 3 });
    let line = read(r#"{"e":"end","id":1,"as":"eaten","bound":null}"#);
    let end = End { id: 1, ending: None, bound: None, frac: None, candidates: vec![] };
    assert_eq!(line.record, Record::End(end));
}

#[test]
fn infinite_bounds_are_null() {
    let line = Line { record: Record::Bound(Bound { value: None }), t: 0.0, w: 0 };
    assert_eq!(serde_json::to_string(&line).expect("plain"), r#"{"e":"bound","value":null,"t":0.0,"w":0}"#);
}

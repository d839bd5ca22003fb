//! A tree of seven nodes, every measure of it by hand.

use super::*;
use budget::observe::{CANDIDATES, End, Incumbent, Node, Start, Tree};

const TREE: Tree = Tree { search: "branch and bound", index: 0 };

fn node(id: u64, parent: u64, depth: u32, bound: f64) -> What {
    What::Node(Node { tree: TREE, id, parent, depth, branching: None, bound })
}

fn end(id: u64, depth: u32, ending: Ending, bound: f64) -> What {
    What::End(End { tree: TREE, id, depth, ending, bound, frac: None, candidates: [None; CANDIDATES] })
}

fn incumbent(node: u64, objective: f64) -> What {
    What::Incumbent(Incumbent { node, source: 'T', objective })
}

/// 1 has children 2 and 3; 2 has 4 and 5; 5 has 6 and 7. Bounds 1; 2 and 3; 4 and 2; 6 and 8. Solutions of 8 in 4, of 6 in 6.
fn told() -> Vec<What> {
    vec![
        node(1, 0, 0, 1.0),
        node(2, 1, 1, 2.0),
        node(3, 1, 1, 3.0),
        end(1, 0, Ending::Branched, 1.0),
        node(4, 2, 2, 4.0),
        node(5, 2, 2, 2.0),
        end(2, 1, Ending::Branched, 2.0),
        incumbent(4, 8.0),
        end(4, 2, Ending::Integer, 8.0),
        end(3, 1, Ending::Infeasible, f64::INFINITY),
        node(6, 5, 3, 6.0),
        node(7, 5, 3, 6.0),
        end(5, 2, Ending::Branched, 6.0),
        incumbent(6, 6.0),
        end(6, 3, Ending::Integer, 6.0),
        end(7, 3, Ending::Fathomed, 6.0),
    ]
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn seven_nodes_by_hand() {
    for sign in [1.0, -1.0] {
        let mut forest = Forest::default();
        forest.hear(&Event::new(0, What::Start(Start { maximise: sign < 0.0, ..Start::default() })));
        // After each event: nodes, ended, leaves, weight, frequency of leaves, sum of subtree gaps, gap.
        let expected = [
            (1, 0, 0, 0.0, -0.5, 1.0, 1.0),
            (2, 0, 0, 0.0, -0.5, 1.0, 1.0),
            (3, 0, 0, 0.0, -0.5, 1.0, 1.0),
            (3, 1, 0, 0.0, -0.5, 1.0, 1.0),
            (4, 1, 0, 0.0, -0.5, 1.0, 1.0),
            (5, 1, 0, 0.0, -0.5, 1.0, 1.0),
            (5, 2, 0, 0.0, -0.25, 1.0, 1.0),
            // Subtrees at 3, 4, 5 with gaps 5/8, 4/8, 6/8: 15/8 in all.
            (5, 2, 0, 0.0, -0.25, 1.0, 0.75),
            (5, 3, 1, 0.25, 0.5 / 3.0, 11.0 / 15.0, 0.75),
            (5, 4, 2, 0.75, 1.5 / 4.0, 6.0 / 15.0, 0.75),
            (6, 4, 2, 0.75, 1.5 / 4.0, 6.0 / 15.0, 0.75),
            (7, 4, 2, 0.75, 1.5 / 4.0, 6.0 / 15.0, 0.75),
            // The subtree of 5 has a bound of 6 now.
            (7, 5, 2, 0.75, 1.5 / 5.0, 2.0 / 15.0, 0.25),
            (7, 5, 2, 0.75, 1.5 / 5.0, 0.0, 0.0),
            (7, 6, 3, 0.875, 2.5 / 6.0, 0.0, 0.0),
            (7, 7, 4, 1.0, 3.5 / 7.0, 0.0, 0.0),
        ];
        for (what, expected) in told().into_iter().zip(expected) {
            let what = match what {
                What::Node(node) => What::Node(Node { bound: sign * node.bound, ..node }),
                What::End(end) => What::End(End { bound: sign * end.bound, ..end }),
                What::Incumbent(found) => What::Incumbent(Incumbent { objective: sign * found.objective, ..found }),
                other => other,
            };
            forest.hear(&Event::new(0, what));
            let at = forest.current().expect("a tree");
            let (nodes, ended, leaves, weight, frequency, gaps, gap) = expected;
            assert_eq!((at.nodes, at.ended, at.leaves, at.open()), (nodes, ended, leaves, nodes - ended), "{what:?}");
            assert_eq!(at.weight(), weight, "{what:?}");
            assert!(near(at.leaf_frequency(), frequency), "{what:?}");
            assert!(near(at.subtree_gaps(), gaps), "{what:?}: {}", at.subtree_gaps());
            assert!(ended == 7 || near(at.gap(), gap), "{what:?}: {}", at.gap());
        }
        let at = forest.current().expect("a tree");
        assert!(at.is_complete() && at.exact_weight().is_one() && at.size() == Some(7.0));
    }
}

/// After two leaves. Weight: samples 1/4 and 3/4; level 0.65 * 3/4 + 0.35 * 1/2, trend 0.15 * (level - 1/4) + 0.85 / 4; a quarter is missing.
#[test]
fn estimates_by_hand() {
    let mut forest = Forest::default();
    let events = told().into_iter().take(10);
    events.for_each(|what| forest.hear(&Event::new(0, what)));
    let at = forest.current().expect("a tree");
    let trend = |[first, one, two]: [f64; 3], alpha: f64, beta: f64| {
        let level = alpha * two + (1.0 - alpha) * (one + (one - first));
        beta * (level - one) + (1.0 - beta) * (one - first)
    };
    let size = |last: f64, samples: [f64; 3], alpha, beta| {
        let leaves = 2.0 + (last - samples[2]) / trend(samples, alpha, beta);
        Some((2.0 * leaves - 1.0).max(5.0))
    };
    let expected = [
        size(1.0, [0.0, 0.25, 0.75], 0.65, 0.15),
        size(0.5, [-0.5, 0.5 / 3.0, 0.375], 0.3, 0.33),
        size(0.0, [1.0, 11.0 / 15.0, 0.4], 0.6, 0.15),
        size(1.0, [0.0, 0.25, 0.25], 0.6, 0.15),
        // Open nodes: 2, then 1, with a trend that still rises.
        None,
    ];
    let Estimates { weight, leaf_frequency, subtree_gaps, gap, open } = at.estimates();
    for (found, expected) in [weight, leaf_frequency, subtree_gaps, gap, open].into_iter().zip(expected) {
        match (found, expected) {
            (Some(found), Some(expected)) => assert!(near(found, expected), "{found} {expected}"),
            (found, expected) => assert_eq!(found, expected),
        }
    }
    assert_eq!(at.size(), weight);
}

/// A run with two trees, and one of several roots.
#[test]
fn trees_are_kept_apart() {
    let mut forest = Forest::default();
    let cases = Tree { search: "cases", index: 0 };
    let mut tell = |what| forest.hear(&Event::new(0, what));
    tell(node(1, 0, 0, 0.0));
    for id in 1..=3 {
        tell(What::Node(Node { tree: cases, id, parent: 0, depth: 0, branching: None, bound: 0.0 }));
    }
    tell(end(1, 0, Ending::Open, 0.0));
    let close = |id| End {
        tree: cases,
        id,
        depth: 0,
        ending: Ending::Fathomed,
        bound: 1.0,
        frac: None,
        candidates: [None; CANDIDATES],
    };
    tell(What::End(close(2)));
    assert_eq!((forest.number(cases, 3), forest.current_number(2)), (Some(4), 0));
    assert_eq!(forest.trees().iter().map(|tree| tree.weight()).collect::<Vec<_>>(), [0.0, 1.0 / 3.0]);
    assert_eq!(forest.nodes(), 4);
    [1, 3].into_iter().for_each(|id| forest.hear(&Event::new(0, What::End(close(id)))));
    assert!(forest.current().is_some_and(|tree| tree.is_complete()) && !forest.trees()[0].is_complete());
}

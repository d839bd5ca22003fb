//! Events in, lines out.

use super::*;
use crate::{Reader, RebuiltTree};
use budget::observe::{Branching, CANDIDATES, Conflict, Ending, Finish, Incumbent, Lp, Node, Start, Tree};

const TREE: Tree = Tree { search: "branch and bound", index: 0 };

fn node(id: u64, parent: u64, depth: u32) -> What {
    let branching = (parent > 0).then_some(Branching { on: On::Column(1), is_upper: id.is_multiple_of(2), value: 3.0 });
    What::Node(Node { tree: TREE, id, parent, depth, branching, bound: 1.0 })
}

fn end(id: u64, depth: u32, ending: Ending) -> What {
    let mut candidates = [None; CANDIDATES];
    if ending == Ending::Branched {
        candidates[0] = Some((On::Column(0), 0.5));
    }
    What::End(observe::End { tree: TREE, id, depth, ending, bound: f64::INFINITY, frac: Some((0.5, 2)), candidates })
}

/// The lines that these events make.
fn lines(options: Options, events: &[What]) -> (String, Vec<Line<'static>>) {
    let mut writer = Writer::new(Vec::new(), options, &record::Start::default());
    writer.columns(&mut ["x", "y"].into_iter());
    let mut forest = Forest::default();
    for (work, what) in events.iter().enumerate() {
        writer.hear(&Event::new(work as u64, *what), &mut forest);
    }
    let text = writer.finish(&forest, "optimal", (Some(2.0), 2.0), Map::new()).expect("vectors take it");
    let text = String::from_utf8(text).expect("text");
    let lines = Reader::new("t", text.as_bytes()).expect("a trace").collect::<Result<_, _>>().expect("lines");
    (text, lines)
}

/// A chain of so many branchings, each with a leaf beside it.
fn chain(length: u64) -> Vec<What> {
    let mut events = vec![node(1, 0, 0)];
    for step in 0..length {
        let parent = if step == 0 { 1 } else { 2 * step };
        let depth = u32::try_from(step).expect("short");
        events.extend([node(2 * step + 2, parent, depth + 1), node(2 * step + 3, parent, depth + 1)]);
        events.extend([end(parent, depth, Ending::Branched), end(2 * step + 3, depth + 1, Ending::Infeasible)]);
    }
    let depth = u32::try_from(length).expect("short");
    events.push(end(2 * length, depth, Ending::Integer));
    events
}

#[test]
fn what_is_heard_is_written() {
    let conflict = Conflict { tree: Some(TREE), node: 1, size: 3, glue: 2, level: 4, backjump: 1 };
    let events = [
        What::Start(Start::default()),
        node(1, 0, 0),
        What::Lp(Lp { node: 1, iterations: 4, seconds: 0.25 }),
        What::Incumbent(Incumbent { node: 1, source: 'H', objective: 2.0 }),
        node(2, 1, 1),
        node(3, 1, 1),
        end(1, 0, Ending::Branched),
        What::Conflict(conflict),
        What::Bound(f64::NEG_INFINITY),
        end(3, 1, Ending::Infeasible),
        end(2, 1, Ending::Unresolved),
        What::Finish(Finish { status: "optimal", incumbent: Some(2.0), bound: 2.0, primal_dual_integral: 0.5 }),
    ];
    let (text, lines) = lines(Options::default(), &events);
    let kinds: Vec<&str> = text.lines().map(|line| line.split('"').nth(3).expect("a kind")).collect();
    let expected = "start tree node lp incumbent node node end conflict bound end end measures totals finish";
    assert_eq!(kinds.join(" "), expected, "{text}");
    let mut tree = RebuiltTree::default();
    lines.iter().for_each(|line| tree.take(line));
    assert!(tree.weight(1).is_one() && tree.strays() == 0);
    assert_eq!(tree.nodes()[1].var.as_deref(), Some("y"));
    assert!(text.contains(r#""dir":"L","var":"y","value":3.0,"bound":1.0,"depth":1"#), "{text}");
    assert!(text.contains(r#""as":"branched","bound":null,"frac":[0.5,2],"candidates":[["x",0.5]]"#), "{text}");
    let Record::Totals(totals) = &lines[13].record else { panic!("{text}") };
    assert_eq!((totals.nodes, totals.lps, totals.iterations, totals.conflicts, totals.learned), (3, 1, 4, 1, 3));
    assert_eq!(serde_json::to_string(&totals.ended).expect("plain"), r#"{"branched":1,"infeasible":1,"unresolved":1}"#);
    let Record::Finish(finish) = &lines[14].record else { panic!("{text}") };
    assert_eq!((finish.bound, finish.primal_dual_integral), (Some(2.0), 0.5));
    assert!(lines.windows(2).all(|pair| pair[0].t <= pair[1].t && pair[0].w <= pair[1].w));
}

#[test]
fn a_limit_holds_and_sums_count_all() {
    let events = chain(2000);
    let (whole, _) = lines(Options::default(), &events);
    for limit in [1, LEAST_LIMIT, 100_000, 200_000] {
        let (text, lines) = lines(Options { limit, every: 1 }, &events);
        assert!(text.len() as u64 <= limit.max(LEAST_LIMIT) && text.len() > 40_000, "{}", text.len());
        let limits = lines.iter().filter(|line| matches!(line.record, Record::Limit(_))).count();
        assert_eq!(limits, 1);
        let Record::Totals(totals) = &lines[lines.len() - 2].record else { panic!("no sums") };
        assert_eq!(totals.nodes, 4001);
        assert!(totals.left_out > 1000);
        let measured = lines.iter().rev().find_map(|line| match line.record {
            Record::Measures(measures) => Some(measures),
            _ => None,
        });
        assert_eq!(measured.map(|measures| (measures.ended, measures.weight)), Some((4001, 1.0)));
    }
    assert!(!whole.contains(r#""e":"limit""#));
}

#[test]
fn conflicts_are_sampled() {
    let conflict = Conflict { tree: None, node: 0, size: 3, glue: 2, level: 4, backjump: 1 };
    let (_, lines) = lines(Options { every: 4, ..Options::default() }, &[What::Conflict(conflict); 10]);
    let counts: Vec<u64> = lines
        .iter()
        .filter_map(|line| if let Record::Conflict(conflict) = line.record { Some(conflict.count) } else { None })
        .collect();
    assert_eq!(counts, [4, 8]);
    assert!(lines.iter().any(|line| matches!(&line.record, Record::Totals(totals) if totals.conflicts == 10)));
}

/// A full disk.
struct Full;

impl Write for Full {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn failures_are_told_at_the_end() {
    let mut writer = Writer::new(Full, Options::default(), &record::Start::default());
    let mut forest = Forest::default();
    for what in chain(1000) {
        writer.hear(&Event::new(0, what), &mut forest);
    }
    assert!(writer.failure().is_some());
    let failure = writer.finish(&forest, "optimal", (None, 0.0), Map::new()).err().expect("it is full");
    assert_eq!(failure.kind(), io::ErrorKind::StorageFull);
    assert!(forest.trees()[0].is_complete(), "the run goes on");
}

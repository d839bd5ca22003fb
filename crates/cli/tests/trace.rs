//! `--trace`: what is written of a run, and that it can be relied on.

mod common;

use common::{Files, dataset, heaviside};
use serde_json::Value;
use std::path::Path;
use trace::{Ending, Line, Reader, RebuiltTree, Record};

/// A knapsack-like model that takes some dozens of nodes.
fn model() -> String {
    let weights = [37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
    let values = [38, 40, 45, 46, 55, 57, 63, 66, 72, 74, 77, 85];
    let sum = |of: &[i32]| of.iter().enumerate().map(|(k, n)| format!("{n} x{k}")).collect::<Vec<_>>().join(" + ");
    let names: Vec<String> = (0..weights.len()).map(|k| format!("x{k}")).collect();
    let names = names.join(" ");
    format!(
        "Maximize\n obj: {}\nSubject To\n size: {} <= 331\n pair: x0 + x3 + x5 + x9 <= 2\nBinary\n {names}\nEnd\n",
        sum(&values),
        sum(&weights)
    )
}

fn lines(path: &str) -> Vec<Line<'static>> {
    Reader::open(Path::new(path)).expect("a trace").collect::<Result<_, _>>().expect("lines")
}

fn tree(lines: &[Line<'_>]) -> RebuiltTree {
    let mut tree = RebuiltTree::default();
    lines.iter().for_each(|line| tree.take(line));
    assert_eq!(tree.strays(), 0);
    tree
}

/// The lines without what a clock decides.
fn timeless(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("text");
    let of_clock =
        |name: &str| name == "t" || name == "time" || name.ends_with("integral") || name.ends_with("seconds");
    let strip = |line: &str| {
        let mut value: Value = serde_json::from_str(line).expect("JSON");
        let object = value.as_object_mut().expect("an object");
        object.retain(|name, _| !of_clock(name));
        if let Some(statistics) = object.get_mut("statistics").and_then(Value::as_object_mut) {
            statistics.retain(|name, _| !of_clock(name));
        }
        value.to_string()
    };
    text.lines().map(strip).collect()
}

#[test]
fn a_solved_model_has_a_whole_tree() {
    let files = Files::new();
    let (model, trace) = (files.add("m.lp", &model()), files.path("t.jsonl.gz"));
    // Cuts would leave few nodes.
    let uncut = ["--set", "milp.cut_rounds=0"];
    let run = heaviside(&[&["solve", &model, "--trace", &trace, "--trace-every", "1", "--json"], &uncut[..]].concat());
    let told = run.json();
    let lines = lines(&trace);
    let Record::Start(start) = &lines[0].record else { panic!("{:?}", lines[0]) };
    assert!(start.problem.maximise && start.problem.columns == 12 && start.problem.name.as_deref() == Some("m.lp"));
    let tree = tree(&lines);
    assert!(tree.weight(1).is_one() && tree.nodes().len() > 10, "{}", tree.nodes().len());
    assert!(tree.nodes()[1..].iter().all(|node| node.var.as_deref().is_some_and(|var| var.starts_with('x'))));
    let branched = tree.nodes().iter().filter(|node| node.ending == Some(Ending::Branched));
    assert!(branched.clone().count() > 0 && branched.clone().all(|node| node.frac.is_some_and(|(_, count)| count > 0)));
    let Some(Record::Finish(finish)) = lines.last().map(|line| &line.record) else { panic!("no end") };
    assert_eq!(finish.status, "optimal");
    assert_eq!(finish.objective, told["objective"].as_f64());
    assert_eq!(finish.statistics["nodes"], told["nodes"]);
    let Record::Totals(totals) = &lines[lines.len() - 2].record else { panic!("no sums") };
    assert_eq!((totals.nodes, totals.left_out), (tree.nodes().len() as u64, 0));
    assert!(lines.windows(2).all(|pair| pair[0].t <= pair[1].t && pair[0].w <= pair[1].w));
    let stripped: Vec<&str> = run.err.lines().filter(|line| line.contains("100.00%")).collect();
    assert!(!stripped.is_empty(), "the table shows what is explored: {}", run.err);
}

/// Two runs, on one thread and on two, differ by what a clock decides alone.
#[test]
fn traces_differ_in_time_alone() {
    let files = Files::new();
    let model = files.add("m.lp", &model());
    let data = dataset("iris.csv");
    let train = ["train", &data, "--hidden", "2", "--positive", "virginica", "--node-limit", "300", "--method"];
    let cones = dataset("haberman.csv");
    let shared = ["--set", "milp.alone_work=0", "--set", "milp.round_share=0", "--set", "milp.subtrees=2"];
    let runs: [Vec<&str>; 8] = [
        vec!["solve", &model, "--node-limit", "15"],
        [&["solve", &model, "--node-limit", "60"], &shared[..]].concat(),
        [&train[..], &["omt"]].concat(),
        vec!["train", &cones, "--hidden", "2", "--node-limit", "100", "--method", "milp", "--epsilon", "0.01"],
        vec!["train", &data, "--hidden", "3", "--node-limit", "500", "--trace-every", "7"],
        vec!["train", &data, "--node-limit", "40"],
        vec!["train", &cones, "--hidden", "2", "--method", "omt", "--node-limit", "150"],
        vec!["train", &cones, "--hidden", "0", "--method", "omt"],
    ];
    for run in runs {
        let [one, two] = ["1", "2"].map(|threads| {
            let path = files.path(&format!("{threads}.jsonl"));
            heaviside(&[&run[..], &["--threads", threads, "--trace", &path, "-q"]].concat()).ok();
            timeless(&path)
        });
        let differing = one.iter().zip(&two).find(|(one, two)| one != two);
        assert!(differing.is_none() && one.len() == two.len(), "{run:?}: {differing:?}");
        assert!(one.len() > 4, "{run:?}: {one:?}");
    }
}

/// Rows of six digits and a class, all by chance.
fn noise(rows: usize) -> String {
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        (state >> 16) % below
    };
    let mut text = "a,b,c,d,e,f,y\n".to_owned();
    for _ in 0..rows {
        (0..6).for_each(|_| text += &format!("{},", next(10)));
        text += if next(2) == 0 { "a\n" } else { "b\n" };
    }
    text
}

/// Cases are roots, a case that is split ends where its two halves begin, and cores and conflicts are those that the run counts.
#[test]
fn cases_are_a_tree() {
    let files = Files::new();
    let (data, trace) = (files.add("noise.csv", &noise(60)), files.path("t.jsonl"));
    let train = ["train", &data, "--hidden", "2", "--method", "omt", "--node-limit", "1200", "--threads", "1"];
    let set = ["--set", "omt.split_after=30", "--set", "omt.first_round=40", "--trace", &trace, "--trace-every", "1"];
    heaviside(&[&train[..], &set[..]].concat()).ok();
    let lines = lines(&trace);
    let tree = tree(&lines);
    assert!(tree.roots(1) > 1 && tree.nodes().len() as u64 > tree.roots(1), "{:?}", tree.nodes());
    assert!(tree.nodes().iter().all(|node| node.ended.is_some()));
    for (node, children) in tree.nodes().iter().zip(tree.children()) {
        assert_eq!(children.len(), if node.ending == Some(Ending::Branched) { 2 } else { 0 }, "{node:?}");
        let named = ["u_1_", "point", "variable"];
        let is_named = node.var.as_deref().is_some_and(|var| named.iter().any(|start| var.starts_with(start)));
        assert_eq!(is_named, node.depth > 0, "{node:?}");
    }
    let conflicts = lines.iter().filter(|line| matches!(line.record, Record::Conflict(_))).count();
    let Record::Totals(totals) = &lines[lines.len() - 2].record else { panic!("no sums") };
    let Some(Record::Finish(finish)) = lines.last().map(|line| &line.record) else { panic!("no end") };
    assert!(conflicts > 0 && conflicts as u64 == totals.conflicts, "{totals:?}");
    assert!(totals.cores > 0 && finish.statistics["cores"].as_f64() == Some(totals.cores as f64), "{totals:?}");
}

/// The dual tree's tuples are a tree of branchings on what neurons do at points, and a node that is found has the loss of a network.
#[test]
fn tuples_are_a_tree() {
    let files = Files::new();
    let (data, trace) = (dataset("haberman.csv"), files.path("t.jsonl"));
    let run = heaviside(&["train", &data, "--hidden", "2", "--method", "omt", "--trace", &trace, "--json"]);
    let told = run.json();
    let lines = lines(&trace);
    let tree = tree(&lines);
    assert!(lines.iter().any(|line| matches!(&line.record, Record::Tree(tree) if tree.search == "dual tree")));
    assert!(tree.weight(1).is(tree.roots(1)) && tree.nodes().len() > 1000, "{}", tree.nodes().len());
    for (node, children) in tree.nodes().iter().zip(tree.children()) {
        assert!(
            node.ended.is_some() && children.len() == if node.ending == Some(Ending::Branched) { 2 } else { 0 },
            "{node:?}"
        );
        assert_eq!(node.var.as_deref().is_some_and(|var| var.starts_with("u_1_")), node.depth > 0, "{node:?}");
        if matches!(node.ending, Some(Ending::Fathomed | Ending::Integer)) {
            assert!(node.bound >= told["objective"].as_f64(), "{node:?}");
        }
    }
    let Some(Record::Finish(finish)) = lines.last().map(|line| &line.record) else { panic!("no end") };
    // Of the nodes those were examined that were not closed as they were made, and that do not stand between others.
    assert!(finish.statistics["nodes"].as_f64() == finish.statistics["tuples_examined"].as_f64());
    assert!(finish.statistics["nodes"].as_u64().is_some_and(|nodes| nodes < tree.nodes().len() as u64));
    assert!(lines.last().is_some_and(|line| Some(line.w) == finish.statistics["nodes"].as_u64()));
}

#[test]
fn what_a_trace_must_not_touch() {
    let files = Files::new();
    let model = files.add("m.lp", &model());
    heaviside(&["solve", &model, "--trace", &model]).fails(2, &["--trace", "would overwrite"]);
    let same = files.path("x");
    heaviside(&["solve", &model, "--solution", &same, "--trace", &same]).fails(2, &["--trace", "would overwrite"]);
    heaviside(&["solve", &model, "--trace", "-", "--json"]).fails(2, &["--trace", "standard output"]);
    heaviside(&["solve", &model, "--trace-limit", "100000"]).fails(2, &["--trace"]);
    heaviside(&["solve", &model, "--trace", &same, "--trace-limit", "9"]).fails(2, &["65536"]);
    let missing = files.path("none/t.jsonl");
    heaviside(&["solve", &model, "--trace", &missing]).fails(2, &["none/t.jsonl", "there is no folder"]);
    assert_eq!(files.names(), ["m.lp"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_the_run_ends_as_it_would() {
    let files = Files::new();
    let (model, solution) = (files.add("m.lp", &model()), files.path("s.sol"));
    let run = heaviside(&["solve", &model, "--trace", "/dev/full", "--solution", &solution]);
    run.fails(2, &["/dev/full", "No space left"]);
    assert!(run.out.contains("optimal") && files.read("s.sol").contains("x0"), "{}", run.out);
}

#[test]
fn standard_output_takes_a_trace() {
    let files = Files::new();
    let model = files.add("m.lp", &model());
    let run = heaviside(&["solve", &model, "--trace", "-"]);
    let lines: Vec<_> =
        Reader::new("-", run.ok().as_bytes()).expect("a trace").collect::<Result<_, _>>().expect("lines");
    assert!(matches!(lines.last().map(|line| &line.record), Some(Record::Finish(_))));
    assert!(run.err.contains("status"), "the report goes elsewhere: {}", run.err);
}

#[test]
fn a_limit_holds() {
    let files = Files::new();
    let (data, trace) = (dataset("haberman.csv"), files.path("t.jsonl"));
    let train = ["train", &data, "--hidden", "2", "--method", "milp", "--node-limit", "400"];
    heaviside(&[&train[..], &["--epsilon", "0.01", "--trace", &trace, "--trace-limit", "65536"]].concat()).ok();
    assert!(files.read("t.jsonl").len() <= 65536);
    let lines = lines(&trace);
    assert!(lines.iter().any(|line| matches!(line.record, Record::Limit(_))));
    assert!(matches!(lines.last().map(|line| &line.record), Some(Record::Finish(_))));
}

/// No node is lost: the leaves of every model that is solved add up to the whole tree, whatever its kind.
#[test]
#[ignore = "needs ../shared"]
fn corpora_are_searched_to_the_last_leaf() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("HEAVISIDE_SHARED").map_or_else(beside, Into::into).join("data");
    let (mut solved, mut nodes) = (0, 0);
    for folder in ["miplib3", "bdnn-mps"] {
        let mut models: Vec<_> =
            std::fs::read_dir(shared.join(folder)).expect(folder).map(|e| e.expect("an entry").path()).collect();
        models.retain(|path| path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() < 20_000));
        models.sort();
        for path in models {
            let files = Files::new();
            let (model, trace) = (path.to_str().expect("UTF-8"), files.path("t.jsonl"));
            let run =
                heaviside(&["solve", model, "--node-limit", "1000", "--time-limit", "2", "--trace", &trace, "-q"]);
            if run.code != 0 {
                continue;
            }
            let lines = lines(&trace);
            let tree = tree(&lines);
            assert!(tree.nodes().iter().all(|node| node.ended.is_some()), "{model}");
            let Some(Record::Finish(finish)) = lines.last().map(|line| &line.record) else { panic!("{model}") };
            if ["optimal", "infeasible"].contains(&&*finish.status) {
                assert!(tree.weight(1).is(tree.roots(1)), "{model}");
                (solved, nodes) = (solved + 1, nodes + tree.nodes().len());
            }
        }
    }
    println!("{solved} models, {nodes} nodes");
    assert!(solved > 2); // a slow machine solves fewer
}

//! Reports and exports of traces: a small one whose files are known to the letter, others by the grammar of the formats.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Instant;
use trace::Reader;
use trace::report::{Run, bak, csv, dot, html, vbc};

#[path = "../examples/synthetic.rs"]
#[allow(dead_code, reason = "its main")]
mod synthetic;

fn run(name: &str, text: &str) -> Run {
    Run::read(Reader::new(name, text.as_bytes()).expect("it begins")).expect("a trace")
}

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn seven() -> Run {
    run("seven.jsonl", &file("seven.jsonl"))
}

fn synthetic(nodes: u64, seed: u64) -> Run {
    let mut text = vec![];
    synthetic::write(nodes, seed, &mut text).expect("vectors take it");
    run("synthetic", &String::from_utf8(text).expect("JSON"))
}

type Exporter = fn(&Run, &mut dyn std::io::Write) -> std::io::Result<()>;

fn exported(run: &Run, exporter: Exporter) -> String {
    let mut out = vec![];
    exporter(run, &mut out).expect("vectors take it");
    String::from_utf8(out).expect("UTF-8")
}

/// Written by hand from the formats' descriptions, not by the program.
#[test]
fn a_tree_of_seven_nodes_is_written_to_the_letter() {
    let exporters: [(&str, Exporter); 4] = [("vbc", vbc), ("bak", bak), ("dot", dot), ("csv", csv)];
    for (ending, exporter) in exporters {
        assert_eq!(exported(&seven(), exporter), file(&format!("seven.{ending}")), "{ending}");
    }
}

#[test]
fn sums_of_seven_nodes() {
    let run = seven();
    assert_eq!((run.nodes(), run.open(), run.depth(), run.weight()), (7, 0, Some(3), Some(1.0)));
    assert_eq!((run.objective(), run.bound(), run.status()), (Some(4.0), Some(4.0), "optimal"));
    assert!(run.remarks().is_empty(), "{:?}", run.remarks());
    let open: Vec<u64> = run.course.rows().iter().map(|row| row.open).collect();
    assert_eq!(open.iter().max(), Some(&3));
    let first = run.course.rows().iter().find(|row| row.best.is_some()).expect("a solution");
    assert_eq!((first.bound, first.best, first.work), (Some(1.0), Some(6.0), 3));
}

/// The grammar of VBC: a head, then times and commands; nodes are known before they are spoken of.
fn check_vbc(text: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let head = ["#TYPE: COMPLETE TREE", "#TIME: SET", "#BOUNDS: SET", "#INFORMATION: STANDARD", "#NODE_NUMBER: NONE"];
    assert_eq!(lines[..5], head);
    let (mut known, mut last) = (BTreeSet::new(), String::new());
    for line in &lines[5..] {
        assert!(line.is_ascii(), "{line}");
        let (time, command) = line.split_at_checked(11).unwrap_or_else(|| panic!("{line}"));
        let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
        assert_eq!(shape, "99:99:99.99", "{line}");
        assert!(last.as_str() <= time, "time goes on: {line}");
        time.clone_into(&mut last);
        let words: Vec<&str> = command.trim_start().split(' ').collect();
        let number = |k: usize| words.get(k).and_then(|word| word.parse::<u64>().ok());
        match words[0] {
            "N" => {
                let (Some(father), Some(node), Some(colour)) = (number(1), number(2), number(3)) else {
                    panic!("{line}")
                };
                assert!(words.len() == 4 && (1..=20).contains(&colour), "{line}");
                assert!(known.contains(&father) || (father == 0 && known.is_empty() && node == 1), "{line}");
                assert!(known.insert(node), "twice: {line}");
            }
            "P" => {
                assert!(words.len() == 3 && known.contains(&number(1).expect(line)) && number(2).is_some(), "{line}")
            }
            "I" | "A" => {
                assert!(words.len() >= 3 && known.contains(&number(1).expect(line)), "{line}");
                let escapes = words[2..].join(" ");
                let bad = escapes.split('\\').skip(1).find(|rest| !rest.starts_with(['i', 'n', 't']));
                assert_eq!(bad, None, "{line}");
            }
            "L" | "U" => assert!(words.len() == 2 && words[1].parse::<f64>().is_ok(), "{line}"),
            _ => panic!("no command: {line}"),
        }
    }
}

/// The grammar of BAK as its reader has it, for a binary tree with one root.
fn check_bak(text: &str) -> BTreeMap<String, usize> {
    let mut known: BTreeMap<u64, (u64, String)> = BTreeMap::new();
    let mut children: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split(' ').collect();
        assert!(words[0].parse::<f64>().is_ok() && words.len() >= 3, "{line}");
        *kinds.entry(words[1].to_owned()).or_insert(0) += 1;
        if words[1] == "heuristic" {
            assert!(words.len() == 3 && words[2].parse::<f64>().is_ok(), "{line}");
            continue;
        }
        let [id, parent] = [2, 3].map(|k| words[k].parse::<u64>().unwrap_or_else(|_| panic!("{line}")));
        let numbers: Vec<f64> =
            words[5..].iter().map(|word| word.parse().unwrap_or_else(|_| panic!("{line}"))).collect();
        let count = numbers.len();
        assert!(numbers.iter().all(|number| number.is_finite()), "{line}");
        match words[1] {
            "branched" => assert!(count == 3 && words[7].parse::<u64>().is_ok(), "{line}"),
            "candidate" => assert!([0, 1, 3].contains(&count), "{line}"),
            "infeasible" => assert_eq!(count, 0, "{line}"),
            "fathomed" => assert!(count <= 1, "{line}"),
            "integer" => assert_eq!(count, 1, "{line}"),
            other => panic!("{other}: {line}"),
        }
        let hold = (parent, words[4].to_owned());
        match known.get(&id) {
            Some(before) => assert_eq!(*before, hold, "a node stays where it is: {line}"),
            None if known.is_empty() => assert_eq!((parent, words[4]), (0, "M"), "{line}"),
            None => {
                assert!(known.contains_key(&parent) && ["L", "R"].contains(&words[4]), "{line}");
                assert!(children.entry(parent).or_default().insert(words[4].to_owned()), "the side is taken: {line}");
            }
        }
        known.insert(id, hold);
    }
    kinds
}

#[test]
fn exports_keep_to_their_grammars() {
    for seed in 0..4 {
        let run = synthetic(1000 + 300 * seed, seed);
        assert!(run.nodes() > 1000 && run.weight().is_some_and(|weight| (weight - 1.0).abs() < 1e-9));
        check_vbc(&exported(&run, vbc));
        let kinds = check_bak(&exported(&run, bak));
        assert!(kinds["branched"] > 400 && kinds["fathomed"] > 100 && kinds["infeasible"] > 5, "{kinds:?}");
        let csv = exported(&run, csv);
        assert_eq!(csv.lines().count() as u64, run.nodes() + 1);
        assert!(csv.lines().all(|line| line.matches(',').count() == 15));
    }
    check_vbc(&exported(&seven(), vbc));
    check_bak(&exported(&seven(), bak));
}

/// Cases of a problem, and parts of three, are held together by nodes in between.
#[test]
fn forests_become_one_tree() {
    let text = r#"{"e":"start","v":1,"command":"train"}
{"e":"bound","value":0,"t":0.1,"w":1}
{"e":"node","id":1,"bound":0,"depth":0,"t":0.15}
{"e":"node","id":2,"bound":null,"depth":0,"t":0.15}
{"e":"node","id":3,"bound":1,"depth":0,"t":0.15}
{"e":"node","id":4,"parent":2,"bound":1,"depth":1,"t":0.2}
{"e":"node","id":5,"parent":2,"bound":1,"depth":1,"t":0.2}
{"e":"node","id":6,"parent":2,"bound":1,"depth":1,"t":0.2}
{"e":"end","id":2,"as":"branched","bound":1,"t":0.2}
{"e":"end","id":4,"as":"conflict","bound":null,"t":0.3}
{"e":"node","id":7,"tree":2,"bound":1,"depth":0,"t":0.4}
{"e":"end","id":7,"as":"integer","bound":2,"t":0.4}
"#;
    let run = run("forest", text);
    assert_eq!(run.tree.nodes().len(), 7);
    check_vbc(&exported(&run, vbc));
    let bak = exported(&run, bak);
    let kinds = check_bak(&bak);
    assert!(bak.contains("hold trees and parts together"), "{bak}");
    // Four roots need three nodes above them, three children one.
    assert_eq!(kinds["branched"], 1 + 3 + 1, "{bak}");
    for child in [4, 5, 6] {
        assert!(bak.contains(&format!("candidate {child} ")), "{bak}");
    }
    assert!(html(&[run]).contains("tree-data-0"));
}

#[test]
fn a_root_that_stands_alone_is_written() {
    for (closing, kind) in [("infeasible", None), ("fathomed", None), ("integer", Some("integer")), ("open", None)] {
        let text = format!(
            "{{\"e\":\"start\",\"v\":1}}\n{{\"e\":\"bound\",\"value\":null}}\n{{\"e\":\"node\",\"id\":1,\"bound\":null,\"depth\":0}}\n\
             {{\"e\":\"end\",\"id\":1,\"as\":\"{closing}\",\"bound\":null}}\n"
        );
        let run = run("root", &text);
        let kinds = check_bak(&exported(&run, bak));
        assert_eq!(kinds.get("candidate"), Some(&1));
        assert_eq!(kinds.keys().find(|kind| *kind != "candidate").map(String::as_str), kind, "{closing}");
        check_vbc(&exported(&run, vbc));
    }
}

/// Under 5 MB for 100,000 nodes; what it takes in a browser is measured there.
#[test]
fn pages_of_large_trees_are_small() {
    let run = synthetic(100_000, 7);
    assert!(run.nodes() > 100_000, "{}", run.nodes());
    let began = Instant::now();
    let page = html(&[run]);
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

/// Nothing of a trace is markup or program, and the page asks for nothing.
#[test]
fn pages_are_closed() {
    let name = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
    let text = file("seven.jsonl").replace("u_2_7_1", name).replace("seven.lp", name).replace("optimal", name);
    let page = html(&[run(name, &text), seven()]);
    let scripts = page.matches("<script").count();
    assert_eq!(scripts, 4, "two trees, two programs");
    assert!(!page.contains("<img") && !page.contains("alert(1)</script>"));
    assert!(page.contains("default-src 'none'") && page.contains("≠"));
    // The namespace of SVG is a name, no request.
    let addresses = page.replace("http://www.w3.org/2000/svg", "");
    for word in ["http:", "https:", "url(", " src=\"", "@import", "style=", " onclick", " onload"] {
        assert!(!addresses.contains(word), "{word}");
    }
}

#[test]
fn what_is_missing_is_said() {
    let whole = file("seven.jsonl");
    let cut = &whole[..whole.len() / 2];
    let run_cut = run("cut", cut);
    assert!(run_cut.torn && run_cut.remarks()[0].contains("killed"), "{:?}", run_cut.remarks());
    let page = html(std::slice::from_ref(&run_cut));
    assert!(page.contains("killed") && page.contains("tree-data-0"));
    check_bak(&exported(&run_cut, bak));
    check_vbc(&exported(&run_cut, vbc));
    // A search without a tree.
    let text = "{\"e\":\"start\",\"v\":1,\"command\":\"train\",\"engine\":\"local-search\"}\n\
        {\"e\":\"incumbent\",\"by\":\"L\",\"objective\":3.0,\"t\":0.1,\"w\":5}\n\
        {\"e\":\"finish\",\"status\":\"heuristic\",\"objective\":3.0,\"bound\":0.0,\"t\":0.2,\"w\":9}\n";
    let search = run("search", text);
    assert!(search.remarks().iter().any(|remark| remark.contains("no tree")));
    let page = html(&[search.clone(), run_cut]);
    assert!(page.contains("This run has no tree") && page.contains("heuristic"));
    assert_eq!(exported(&search, vbc).lines().count(), 6);
    assert_eq!(exported(&search, csv).lines().count(), 1);
    // Details that a limit left out.
    let limited = whole.replace(
        "{\"e\":\"conflict\"",
        "{\"e\":\"limit\",\"bytes\":2000,\"t\":62.55,\"w\":17}\n{\"e\":\"measures\",\"ended\":5,\"open\":900,\"weight\":0.5,\"t\":62.6,\"w\":18}\n{\"e\":\"conflict\"",
    );
    let limited = run("limited", &limited);
    assert!(limited.weight().is_none() && limited.remarks()[0].contains("2000 bytes"));
    assert_eq!(limited.course.rows().iter().map(|row| row.open).max(), Some(900));
}

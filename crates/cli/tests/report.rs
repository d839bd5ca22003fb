//! `report`: pages and exports of traces, and what is said of traces that are not whole.

mod common;

use common::{Files, heaviside, heaviside_with, keys};
use std::fs;
use std::path::PathBuf;

fn seven() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../trace/tests/files/seven.jsonl");
    path.to_str().expect("UTF-8").to_owned()
}

fn text() -> String {
    fs::read_to_string(seven()).expect("a trace")
}

#[test]
fn everything_is_written_at_once() {
    let files = Files::new();
    let paths = ["r.html", "t.vbc", "t.bak", "t.dot", "t.csv"].map(|name| files.path(name));
    let [html, vbc, bak, dot, csv] = &paths;
    let said = heaviside(&["report", &seven(), "--out", html, "--vbc", vbc, "--bak", bak, "--dot", dot, "--csv", csv]);
    for word in ["optimal", "seven.lp", "tree weight", "written to", "r.html"] {
        assert!(said.ok().contains(word), "{word}: {}", said.out);
    }
    assert!(files.read("r.html").starts_with("<!DOCTYPE html>"));
    for ending in ["vbc", "bak", "dot", "csv"] {
        let golden = seven().replace("seven.jsonl", &format!("seven.{ending}"));
        assert_eq!(files.read(&format!("t.{ending}")), fs::read_to_string(golden).unwrap(), "{ending}");
    }
    let json = heaviside(&["report", &seven(), "--csv", csv, "--json"]).json();
    assert_eq!(keys(&json), ["runs", "written"]);
    let wanted = [
        "bound",
        "depth",
        "gap",
        "nodes",
        "objective",
        "open",
        "remarks",
        "seconds",
        "status",
        "trace",
        "weight",
        "work",
    ];
    assert_eq!(keys(&json["runs"][0]), wanted);
    assert_eq!((json["runs"][0]["weight"].as_f64(), json["runs"][0]["nodes"].as_u64()), (Some(1.0), Some(7)));
}

#[test]
fn streams_and_packed_files() {
    let files = Files::new();
    let vbc = heaviside(&["report", &seven(), "--vbc", "-"]);
    assert!(vbc.ok().starts_with("#TYPE: COMPLETE TREE\n") && vbc.err.contains("optimal"), "{}", vbc.err);
    let bak = heaviside_with(&["report", "-", "--bak", "-"], &text());
    assert!(bak.ok().contains(" branched 1 0 M "), "{}", bak.out);
    let packed = files.path("t.csv.gz");
    heaviside(&["report", &seven(), "--csv", &packed]).ok();
    assert_eq!(fs::read(&packed).unwrap()[..2], [0x1f, 0x8b]);
    let page = files.path("two.html");
    assert_eq!(heaviside(&["report", &seven(), &seven(), "--out", &page]).ok().matches("status").count(), 2);
    assert_eq!(files.read("two.html").matches("data-tree=").count(), 2);
}

#[test]
fn nothing_is_overwritten() {
    let files = Files::new();
    let trace = files.add("t.jsonl", &text());
    heaviside(&["report", &trace, "--out", &trace]).fails(2, &["--out", "would overwrite TRACE"]);
    heaviside(&["report", &trace, "--csv", &trace]).fails(2, &["--csv", "would overwrite TRACE"]);
    let one = files.path("one");
    heaviside(&["report", &trace, "--vbc", &one, "--bak", &one]).fails(2, &["--bak", "would overwrite --vbc"]);
    heaviside(&["report", &trace, "--vbc", "-", "--bak", "-"]).fails(2, &["standard output"]);
    heaviside(&["report", &trace, "--vbc", "-", "--json"]).fails(2, &["--json", "--vbc"]);
    assert_eq!(files.read("t.jsonl"), text());
    assert_eq!(files.names(), ["t.jsonl"]);
    #[cfg(target_os = "linux")]
    for option in ["--out", "--vbc", "--bak", "--dot", "--csv"] {
        heaviside(&["report", &trace, option, "/dev/full"]).fails(2, &["/dev/full", "No space left"]);
    }
}

#[test]
fn traces_that_are_none_are_named() {
    let files = Files::new();
    let out = files.path("r.html");
    let start = "{\"e\":\"start\",\"v\":1,\"command\":\"train\"}\n";
    for (name, text, words) in [
        ("empty.jsonl", String::new(), &["line 1", "empty"][..]),
        ("data.csv", "a,b\n1,2\n".to_owned(), &["line 1", "no line of a trace"]),
        ("new.jsonl", start.replace(":1", ":9"), &["line 1", "version 9"]),
        ("bad.jsonl", format!("{start}{{\"e\":\"node\"}}\n{start}"), &["line 2"]),
    ] {
        let path = files.add(name, &text);
        heaviside(&["report", &path, "--out", &out]).fails(2, &[&[name], words].concat());
    }
    heaviside(&["report", &files.path("none.jsonl")]).fails(2, &["none.jsonl"]);
    assert!(!files.names().contains(&"r.html".to_owned()));
    // What can be shown is shown.
    let text = text();
    let cut = files.add("cut.jsonl", &text[..text.len() - 30]);
    assert!(heaviside(&["report", &cut, "--out", &out]).ok().contains("killed"));
    let search = files.add("search.jsonl", start);
    assert!(heaviside(&["report", &search, "--out", &out]).ok().contains("no tree"));
    let seven = seven();
    heaviside(&[&["report"], &[&seven[..]; 5][..]].concat()).fails(2, &["5 traces"]);
    heaviside(&["report", &seven, &seven, "--vbc", &out]).fails(2, &["--vbc", "one trace"]);
}

//! What commands write, and where: nothing named is overwritten, `-` is standard output, what cannot be written is an error.

mod common;

use common::{Files, Run, dataset, heaviside, heaviside_with};
use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};

const LP: &str = "Minimize\n obj: x + y\nSubject To\n c: x + 2 y >= 4\nGeneral\n x y\nEnd\n";
const CSV: &str = "a,b,class\n0,1,no\n1,0,yes\n0,0,no\n1,1,yes\n";

/// Runs into a file for standard output.
fn into(args: &[&str], out: File) -> Run {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
        .args(args)
        .stdout(out)
        .stderr(Stdio::piped())
        .output()
        .expect("the binary runs");
    Run {
        code: output.status.code().expect("no signal"),
        out: String::new(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn inputs_are_never_overwritten() {
    let files = Files::new();
    let (model, data) = (files.add("m.lp", LP), files.add("d.csv", CSV));
    let network = files.path("n.json");
    heaviside(&["train", &data, "--out", &network]).ok();
    let start = files.add("s.sol", "y 2\n");
    fs::hard_link(&model, files.path("hard.lp")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&model, files.path("soft.lp")).unwrap();
    let (hard, soft) = (files.path("hard.lp"), files.path("soft.lp"));
    let before: Vec<String> = ["m.lp", "d.csv", "n.json", "s.sol"].map(|name| files.read(name)).to_vec();
    let refused: &[&[&str]] = &[
        &["solve", &model, "--solution", &model],
        &["solve", &model, "--solution", &hard],
        &["solve", &model, "--solution", &soft],
        &["solve", &model, "--certificate", &model],
        &["solve", &model, "--log", &model],
        &["solve", &model, "--start", &start, "--solution", &start],
        &["solve", &model, "--solution", "new", "--certificate", "./new"],
        &["solve", &model, "--solution", "new", "--log", "new"],
        &["train", &data, "--out", &data],
        &["train", &data, "--log", &data],
        &["train", &data, "--start", &network, "--out", &network],
        &["formulate", &data, "--out", &data],
        &["predict", &network, &data, "--out", &data],
        &["predict", &network, &data, "--out", &network],
        &["predict", &network, &data, "--log", &network],
        &["evaluate", &network, &data, "--log", &data],
        &["check", "network", &network, &data, "--log", &network],
        &["check", "solution", &model, &start, "--log", &start],
        &["check", "certificate", &model, &start, "--log", &model],
    ];
    for args in refused {
        heaviside(args).fails(2, &["would overwrite", "choose another file"]);
    }
    let after: Vec<String> = ["m.lp", "d.csv", "n.json", "s.sol"].map(|name| files.read(name)).to_vec();
    assert_eq!(before, after);
    // A proof folder keeps the names of its files to itself.
    let folder = files.path("proof");
    fs::create_dir(&folder).unwrap();
    let inside = files.path("proof/network.json");
    fs::copy(&network, &inside).unwrap();
    heaviside(&["train", &data, "--start", &inside, "--proof", &folder]).fails(2, &["network.json", "proof folder"]);
    heaviside(&["train", &data, "--out", &inside, "--proof", &folder]).fails(2, &["network.json", "proof folder"]);
    assert_eq!(fs::read_to_string(&inside).unwrap(), before[2]);
}

/// Files that a command reads or keeps because their folder is named, under the name of another output.
#[test]
fn files_of_folders_are_never_overwritten() {
    let files = Files::new();
    let (model, data) = (files.add("m.lp", LP), files.add("d.csv", CSV));
    let [jobs, proof, kernel, tables] = ["jobs", "proof", "k.kernel", "tables"].map(|name| files.path(name));
    heaviside(&["cubes", &data, "--hidden", "2", "--out", &jobs, "--cubes", "4"]).ok();
    heaviside(&["train", &data, "--proof", &proof, "--method", "omt"]).ok();
    heaviside(&["elaborate", &proof, "--out", &kernel]).ok();
    fs::create_dir(&tables).unwrap();
    fs::copy(&model, files.path("tables/m.lp")).unwrap();
    fs::copy(&data, files.path("tables/d.csv")).unwrap();
    let cube = files.add("jobs/cube-7.json", "{}");
    let read = || {
        ["jobs", "proof", "tables"].map(|folder| {
            let entries = fs::read_dir(files.path(folder)).unwrap().map(|entry| entry.unwrap().path());
            let mut contents: Vec<_> = entries.map(|path| (fs::read(&path).unwrap(), path)).collect();
            contents.sort();
            contents
        })
    };
    let before = read();
    let inside = |name: &str| files.path(name);
    let (problem, tree, other) = (inside("jobs/problem.json"), inside("jobs/tree.json"), inside("jobs/cube-8.json"));
    let (formula, table, lp) = (inside("proof/formula.opb"), inside("tables/d.csv"), inside("tables/m.lp"));
    let refused: &[&[&str]] = &[
        &["merge", &jobs, "--out", &problem],
        &["merge", &jobs, "--solution", &tree],
        &["merge", &jobs, "--log", &tree],
        &["solve", "--cube", &cube, "--log", &problem],
        &["train", "--cube", &cube, "--log", &other],
        &["train", "--cube", &cube, "--result", &tree],
        &["cubes", &cube, "--log", &tree],
        &["cubes", &data, "--hidden", "2", "--out", &jobs, "--log", &tree],
        &["check", "kernel", &kernel, "--folder", &proof, "--log", &formula],
        &["experiment", "real", "--data", &tables, "--log", &table],
        &["experiment", "models", "--data", &tables, "--log", &lp],
    ];
    for args in refused {
        heaviside(args).fails(2, &["is a file of the", "choose another place"]);
    }
    assert_eq!(read(), before);
    // Files of a worker's own may be named, and a folder of cubes takes a new file.
    heaviside(&["merge", &jobs, "--log", &inside("jobs/merge.log")]).ok();
}

#[test]
fn named_outputs_are_replaced_whole() {
    let files = Files::new();
    let model = files.add("m.lp", LP);
    let solution = files.add("old.sol", "something else\n");
    heaviside(&["solve", &model, "--solution", &solution]).ok();
    assert_eq!(files.read("old.sol"), "=obj= 2\nx 0\ny 2\n");
    assert_eq!(files.names(), ["m.lp", "old.sol"]);
}

#[test]
fn a_dash_is_standard_output() {
    let files = Files::new();
    let (model, data) = (files.add("m.lp", LP), files.add("d.csv", CSV));
    let run = heaviside(&["solve", &model, "--solution", "-"]);
    assert_eq!(run.ok(), "=obj= 2\nx 0\ny 2\n");
    assert!(run.err.contains("optimal"), "the report is on standard error: {}", run.err);
    let run = heaviside(&["solve", &model, "--certificate", "-", "-q"]);
    assert!(run.ok().starts_with("VER 1.1\n"), "{}", run.out);
    let run = heaviside(&["train", &data, "--out", "-", "-q"]);
    assert!(serde_json::from_str::<serde_json::Value>(run.ok()).is_ok(), "{}", run.out);
    let network = files.add("n.json", &run.out);
    assert_eq!(heaviside(&["predict", &network, &data, "--out", "-"]).ok().lines().count(), 5);
    assert!(heaviside(&["formulate", &data, "--out", "-"]).ok().starts_with("NAME"));
    let run = heaviside(&["solve", &model, "--log", "-", "-q"]);
    assert_eq!(run.ok().matches("status").count(), 1, "{}", run.out);
    for name in files.names() {
        assert_ne!(name, "-");
    }
    // One stream, one use.
    heaviside(&["solve", &model, "--solution", "-", "--json"]).fails(2, &["--json", "--solution", "standard output"]);
    heaviside(&["solve", &model, "--solution", "-", "--certificate", "-"]).fails(2, &["standard output"]);
    heaviside(&["solve", &model, "--solution", "-", "--log", "-"]).fails(2, &["standard output"]);
    heaviside_with(&["solve", "-", "--start", "-"], LP).fails(2, &["standard input"]);
    heaviside(&["train", &data, "--proof", "-"]).fails(2, &["--proof", "folder"]);
    assert_eq!(heaviside_with(&["solve", "-", "--solution", "-"], LP).ok(), "=obj= 2\nx 0\ny 2\n");
}

/// `/dev/full` takes nothing: every kind of output says so, named or streamed, with one exit code.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let files = Files::new();
    let (model, data) = (files.add("m.lp", LP), files.add("d.csv", CSV));
    let (network, solution) = (files.path("n.json"), files.add("s.sol", "y 2\n"));
    heaviside(&["train", &data, "--out", &network]).ok();
    let full = "/dev/full";
    let named: &[&[&str]] = &[
        &["solve", &model, "--solution", full],
        &["solve", &model, "--certificate", full],
        &["solve", &model, "--log", full],
        &["train", &data, "--out", full],
        &["formulate", &data, "--out", full],
        &["predict", &network, &data, "--out", full],
        &["check", "solution", &model, &solution, "--log", full],
    ];
    for args in named {
        heaviside(args).fails(2, &[full, "No space left"]);
    }
    // The result is told all the same: nobody waits for it twice.
    let long = [
        &["train", &data, "--out", full][..],
        &["train", &data, "--trace", full],
        &["solve", &model, "--solution", full],
        &["solve", &model, "--certificate", full],
        &["solve", &model, "--trace", full],
    ];
    for args in long {
        let run = heaviside(args);
        assert!(run.code == 2 && run.out.contains("optimal"), "{args:?}: {}{}", run.out, run.err);
        let run = heaviside(&[args, &["--json"]].concat());
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("one object");
        assert_eq!((run.code, &json["status"]), (2, &"optimal".into()), "{args:?}");
    }
    let streamed: &[&[&str]] = &[
        &["solve", &model],
        &["solve", &model, "--json"],
        &["solve", &model, "--solution", "-"],
        &["train", &data],
        &["train", &data, "--json"],
        &["predict", &network, &data],
        &["evaluate", &network, &data],
        &["formulate", &data],
        &["check", "solution", &model, &solution],
        &["check", "network", &network, &data, "--json"],
        &["--help"],
        &["train", "--help"],
        &["--version"],
    ];
    for args in streamed {
        let run = into(args, File::options().write(true).open(full).unwrap());
        run.fails(2, &["standard output", "No space left"]);
    }
}

/// Other names of standard output are it: what a shell has put there stays, and what others write to it.
#[test]
#[cfg(target_os = "linux")]
fn the_file_behind_standard_output_is_not_replaced() {
    let files = Files::new();
    let model = files.add("m.lp", LP);
    for name in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let mut file = File::create(files.path("out")).unwrap();
        file.write_all(b"first\n").unwrap();
        into(&["solve", &model, "--solution", name], file.try_clone().unwrap()).ok();
        file.write_all(b"last\n").unwrap();
        assert_eq!(files.read("out"), "first\n=obj= 2\nx 0\ny 2\nlast\n", "{name}");
    }
    heaviside(&["solve", &model, "--json", "--solution", "/dev/stdout"]).fails(2, &["--json", "--solution"]);
}

/// `heaviside .. | head -0`, for every kind of output.
#[test]
fn closed_pipes_end_quietly() {
    let files = Files::new();
    let (model, data) = (files.add("m.lp", LP), files.add("d.csv", CSV));
    let (network, solution) = (files.path("n.json"), files.add("s.sol", "y 2\n"));
    let (many, trace) =
        (files.add("many.csv", &format!("{CSV}{}", "0,0,no\n1,1,yes\n".repeat(20000))), files.path("t.jsonl"));
    heaviside(&["train", &data, "--out", &network, "--trace", &trace]).ok();
    let commands: &[&[&str]] = &[
        &["solve", &model, "-q"],
        &["solve", &model, "-q", "--json"],
        &["solve", &model, "-q", "--solution", "-"],
        &["solve", &model, "-q", "--certificate", "-"],
        &["train", &data, "-q"],
        &["train", &data, "-q", "--out", "-"],
        &["formulate", &data, "-q"],
        &["predict", &network, &data, "-q"],
        &["predict", &network, &many, "-q"],
        &["report", &trace, "--csv", "-"],
        &["evaluate", &network, &data, "-q"],
        &["check", "solution", &model, &solution, "-q"],
    ];
    for args in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
            .args(*args)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {err}");
        assert!(!err.contains("panicked") && !err.contains("error"), "{args:?}: {err}");
    }
}

#[test]
fn control_characters_in_names_are_written_out() {
    let files = Files::new();
    let data = files.add(
        "d.csv",
        "a,b,class\n0,1,\"n\u{1b}[31mo\"\n1,0,\"y\nstatus  fine\"\n0,0,\"n\u{1b}[31mo\"\n1,1,\"y\nstatus  fine\"\n",
    );
    let network = files.path("n.json");
    let trained = heaviside(&["train", &data, "--out", &network, "--log", &files.path("log")]);
    let evaluated = heaviside(&["evaluate", &network, &data]);
    let model = files.add(
        "m.mps",
        "NAME a\u{1b}[2J\nROWS\n N c\n G r\u{7}\nCOLUMNS\n x\u{1b}[31m c 1 r\u{7} 1\nRHS\n R r\u{7} 3\nENDATA\n",
    );
    let solved = heaviside(&["solve", &model]);
    let solution = files.add("s.sol", "x\u{1b}[31m 1\n");
    let checked = heaviside(&["check", "solution", &model, &solution]);
    assert_eq!(checked.code, 1);
    let log = files.read("log");
    for text in [
        trained.ok(),
        &trained.err,
        evaluated.ok(),
        &evaluated.err,
        solved.ok(),
        &solved.err,
        &checked.out,
        &checked.err,
        &log,
    ] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("status")), "{text}");
    }
    assert!(trained.out.contains("\\u{1b}[31m") || log.contains("\\u{1b}[31m"), "{}", trained.out);
}

#[test]
fn names_with_blanks_survive() {
    let files = Files::new();
    let model = files.add(
        "m.mps",
        "NAME          BLANKS\nROWS\n N  TOT COST\n G  MIN B\nCOLUMNS\n    PLANT 1   TOT COST           2.0   MIN B              1.0\n    \
         PLANT 2   TOT COST           3.0   MIN B              1.0\nRHS\n    SET ONE   MIN B              4.0\nBOUNDS\n UP BD ONE    PLANT 1            3.0\nENDATA\n",
    );
    let solution = files.path("s.sol");
    assert_eq!(heaviside(&["solve", &model, "--solution", &solution, "--json"]).json()["objective"], 9.0);
    assert_eq!(files.read("s.sol"), "=obj= 9\n\"PLANT 1\" 3\n\"PLANT 2\" 1\n");
    assert_eq!(heaviside(&["solve", &model, "--start", &solution, "--json"]).json()["objective"], 9.0);
    let json = heaviside(&["check", "solution", &model, &solution, "--tolerance", "0", "--json"]).json();
    assert_eq!((&json["feasible"], &json["objective"]), (&true.into(), &9.0.into()));
    // As other programs write them.
    let plain = files.add("plain.sol", "PLANT 1 3\nPLANT 2 1\n");
    heaviside(&["check", "solution", &model, &plain, "--tolerance", "0"]).ok();
    assert_eq!(heaviside(&["solve", &model, "--start", &plain, "--json"]).json()["objective"], 9.0);
}

/// No float is the optimum of these: the bound is one that holds, and what is met has no gap.
#[test]
fn bounds_that_no_float_holds_are_rounded_to_the_safe_side() {
    let files = Files::new();
    let vast = "9007199254740993";
    for (text, bound) in [
        (format!("min\n x\nst\n c: x >= {vast}\ngeneral\n x\nend\n"), "9007199254740992.0"),
        (format!("max\n x\nst\n c: x <= {vast}\ngeneral\n x\nend\n"), "9007199254740994.0"),
        (format!("min\n x + y\nst\n c: x + y >= {vast}\ngeneral\n x y\nend\n"), "9007199254740992.0"),
        (format!("max\n x + y\nst\n c: x + y <= {vast}\ngeneral\n x y\nend\n"), "9007199254740994.0"),
        ("min\n x\nst\n c: 3 x >= 1\nend\n".to_owned(), "0.3333333333333333"),
        ("max\n x\nst\n c: 3 x <= 1\nend\n".to_owned(), "0.33333333333333337"),
        ("min\n x\nst\n c: 3 x >= 2\nend\n".to_owned(), "0.6666666666666666"),
        ("max\n x\nst\n c: 3 x <= 2\nend\n".to_owned(), "0.6666666666666667"),
    ] {
        let model = files.add("model.lp", &text);
        let json = heaviside(&["solve", &model, "--json"]).json();
        assert_eq!((&json["status"], &json["verified"]), (&"optimal".into(), &"exact".into()), "{text}");
        assert_eq!((json["bound"].to_string().as_str(), &json["gap"]), (bound, &0.0.into()), "{text}");
    }
}

/// The point that was verified stands in the file: thirds, and digits beyond those of floats.
/// An objective beyond all floats is written, read, printed and told in JSON by its digits; columns have no such values.
#[test]
fn numbers_beyond_floats_are_told_by_their_digits() {
    let files = Files::new();
    for (k, (text, objective)) in [
        ("max\n 1e308 x + 1e308 y\nst\n c: x + y <= 2\nend\n", "2e308"),
        ("max\n 1e200 x\nst\n c: 1e-200 x <= 1\nend\n", "1e400"),
        ("min\n -1e308 x\nst\n c: x <= 2\nend\n", "-2e308"),
    ]
    .into_iter()
    .enumerate()
    {
        let (model, solution) = (files.add(&format!("{k}.lp"), text), files.path(&format!("{k}.sol")));
        let run = heaviside(&["solve", &model, "--solution", &solution]);
        assert!(run.ok().contains(&format!("objective             {objective}\n")), "{}", run.out);
        let json = heaviside(&["solve", &model, "--start", &solution, "--json"]).json();
        assert_eq!((&json["status"], &json["objective"]), (&"unresolved".into(), &().into()), "{json}");
        assert_eq!(json["exact_objective"], objective);
        assert!(json["reason"].as_str().unwrap().contains("1.8e308"), "{json}");
        assert!(files.read(&format!("{k}.sol")).starts_with(&format!("=obj= {objective}\n")));
        let run = heaviside(&["check", "solution", &model, &solution]);
        assert!(run.ok().contains(&format!("objective                       {objective}\n")), "{}", run.out);
        let json = heaviside(&["check", "solution", &model, &solution, "--json"]).json();
        assert_eq!((&json["exact_objective"], &json["exact_stated_objective"]), (&objective.into(), &objective.into()));
    }
    for text in ["max\n x\nst\n c: 1e-300 x <= 1e300\nend\n", "max\n 1e-300 x\nst\n c: 1e-300 x <= 1e300\nend\n"] {
        let model = files.add("v.lp", text);
        let json = heaviside(&["solve", &model, "--json"]).json();
        assert_eq!((&json["status"], &json["solution"]), (&"unresolved".into(), &().into()), "{json}");
    }
    // Nearer to 0 than floats.
    let model = files.add("t.lp", "max\n y\nst\n c: 1e200 x - 1e-250 y = 0\n d: y <= 3\nend\n");
    let solution = files.path("t.sol");
    assert_eq!(heaviside(&["solve", &model, "--solution", &solution, "--json"]).json()["verified"], "exact");
    heaviside(&["check", "solution", &model, &solution, "--tolerance", "0"]).ok();
    heaviside(&["solve", &model, "--start", &solution]).ok();
}

#[test]
fn exact_solutions_are_written_exactly() {
    let files = Files::new();
    for (k, (text, lines)) in [
        (
            "max\n x + y\nst\n c: 3 x + 3 y <= 1\n d: y <= 0\nend\n",
            "=obj= 0.3333333333333333 (=1/3)\nx 0.3333333333333333 (=1/3)\ny 0\n",
        ),
        (
            "max\n 0.1 x\nst\n c: x <= 0.12345678901234567891\nend\n",
            "=obj= 12345678901234567891e-21\nx 12345678901234567891e-20\n",
        ),
        (
            "max\n x\nst\n c: 7 x <= 3\n i >= 1\n i <= 3.5\ngeneral\n i\nend\n",
            "=obj= 0.42857142857142855 (=3/7)\nx 0.42857142857142855 (=3/7)\n",
        ),
        ("max\n 9007199254740993 x\nst\n c: 2 x <= 3\ngeneral\n x\nend\n", "=obj= 9007199254740993\nx 1\n"),
        ("max\n 0.12345678901234 x\nst\n c: 2 x <= 3\ngeneral\n x\nend\n", "=obj= 0.12345678901234\nx 1\n"),
        ("max\n 100000000000006 x\nst\n c: 2 x <= 3\ngeneral\n x\nend\n", "=obj= 100000000000006\nx 1\n"),
        ("max\n x + 9007199254740992\nst\n c: 2 x <= 2\nend\n", "=obj= 9007199254740993\nx 1\n"),
        ("max\n 4503599627370497 x\nst\n c: 2 x <= 3\ngeneral\n x\nend\n", "=obj= 4503599627370497\nx 1\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let (model, solution) = (files.add(&format!("{k}.lp"), text), files.path(&format!("{k}.sol")));
        let json = heaviside(&["solve", &model, "--solution", &solution, "--json"]).json();
        assert!(json["verified"] != "tolerance" && json["max_row_violation"] == 0.0, "{json}");
        assert!(files.read(&format!("{k}.sol")).starts_with(lines), "{}", files.read(&format!("{k}.sol")));
        // What the float cannot say is said beside it, and nothing where it can.
        let stated = lines.lines().next().unwrap().trim_start_matches("=obj= ");
        let float = json["objective"].as_f64().unwrap();
        let is_short = float.to_string() == stated;
        assert_eq!(json.get("exact_objective").and_then(|text| text.as_str()), (!is_short).then_some(stated), "{json}");
        let report = heaviside(&["solve", &model]);
        // The report rounds what is not whole.
        let is_shown = report.out.contains(&format!("objective             {stated}\n"));
        let exactly = match stated {
            "0.3333333333333333 (=1/3)" => "1/3",
            "0.42857142857142855 (=3/7)" => "3/7",
            decimal => decimal,
        };
        assert_eq!(report.ok().contains(&format!("exactly               {exactly}\n")), !is_shown, "{}", report.out);
        let json = heaviside(&["check", "solution", &model, &solution, "--tolerance", "0", "--json"]).json();
        assert_eq!((&json["feasible"], &json["objective_agrees"]), (&true.into(), &true.into()));
        heaviside(&["solve", &model, "--start", &solution]).ok();
        // An objective that the point does not have.
        let text = files.read(&format!("{k}.sol")).replacen("=obj= ", "=obj= 1", 1);
        let checked = heaviside(&["check", "solution", &model, &files.add("false.sol", &text)]);
        assert!(checked.code == 1 && checked.err.contains("states the objective"), "{}", checked.err);
    }
}

#[test]
fn warnings_are_told_twice() {
    let files = Files::new();
    let lp = files.add("m.lp", "max\n x\nst\n c: x >= -9\nbounds\n x <= -1\nend\n");
    let run = heaviside(&["solve", &lp, "--json", "-q"]);
    assert_eq!(run.json()["status"], "infeasible");
    let warning = run.json()["warnings"][0].as_str().unwrap().to_owned();
    assert!(warning.contains("m.lp:6: 'x' has the upper bound -1"), "{warning}");
    assert!(run.err.contains(&warning), "{}", run.err);
    let lp = files.add("digits.lp", "min\n x\nst\n c: x >= 0.10000000000000000001\nend\n");
    let run = heaviside(&["solve", &lp, "--json"]);
    assert_eq!(run.json()["warnings"], serde_json::json!([]));
    assert!(run.err.contains("the side of row 'c' has more digits than floats hold"), "{}", run.err);
    // A certificate speaks of all of them.
    let proof = files.path("c.vipr");
    let json = heaviside(&["solve", &lp, "--certificate", &proof, "--json"]).json();
    assert_eq!((&json["certificate"]["checked"], &json["certificate"]["proves_status"]), (&true.into(), &true.into()));
    assert!(files.read("c.vipr").contains("10000000000000000001/100000000000000000000"));
    heaviside(&["check", "certificate", &lp, &proof]).ok();
    let run = heaviside(&["solve", &files.add("good.lp", LP), "--json"]);
    assert_eq!(run.json()["warnings"], serde_json::json!([]));
}

#[test]
fn regularised_runs_tell_their_objective() {
    let data = dataset("iris.csv");
    let json =
        heaviside(&["train", &data, "--positive", "setosa", "--l0", "0.5", "--time-limit", "20", "--json"]).json();
    let weights: f64 = json["network"]["layers"][0]["weights"].as_array().map_or(0.0, |all| {
        all.iter()
            .flat_map(|row| match row.as_array() {
                Some(row) => row.clone(),
                None => vec![row.clone()],
            })
            .filter(|w| w.as_f64() != Some(0.0))
            .count() as f64
    });
    let objective = json["objective"].as_f64().unwrap();
    assert_eq!(objective, json["loss"].as_f64().unwrap() + 0.5 * weights, "{json}");
    let json = heaviside(&["train", &data, "--positive", "setosa", "--json"]).json();
    assert!(json.get("objective").is_none());
}

/// A value that is no good: the message names the option and says what is.
#[test]
fn messages_say_what_is_accepted() {
    let files = Files::new();
    let (model, data) = (files.add("m.lp", LP), files.add("d.csv", CSV));
    for (option, value, words) in [
        ("--time-limit", "-1", "number above 0"),
        ("--time-limit", "0", "number above 0"),
        ("--time-limit", "nan", "number above 0"),
        ("--time-limit", "inf", "number above 0"),
        ("--time-limit", "soon", "number above 0"),
        ("--threads", "0", "from 1 to 1024"),
        ("--threads", "-1", "from 1 to 1024"),
        ("--threads", "65535", "from 1 to 1024"),
        ("--seed", "x", "from 0 to 18446744073709551615"),
        ("--seed", "-1", "from 0 to 18446744073709551615"),
        ("--seed", "1.5", "from 0 to 18446744073709551615"),
        ("--node-limit", "many", "from 0 to 18446744073709551615"),
        ("--node-limit", "-5", "from 0 to 18446744073709551615"),
        ("--mip-gap", "-1", "number, 0 or more"),
        ("--mip-gap", "nan", "number, 0 or more"),
    ] {
        heaviside(&["solve", &model, option, value]).fails(2, &[option, value, words]);
        heaviside(&["train", &data, option, value]).fails(2, &[option, value, words]);
    }
    heaviside(&["train", &data, "--hidden", "-2"]).fails(2, &["--hidden", "-2", "positive whole numbers"]);
    for width in ["1000000000", "1000000000,1000000000", "9223372036854775807"] {
        let run = heaviside(&["train", &data, "--hidden", width]);
        run.fails(2, &[&width.replace(',', "-"), "GB", "make hidden layers narrower"]);
        heaviside(&["formulate", &data, "--hidden", width]).fails(2, &["GB"]);
    }
}

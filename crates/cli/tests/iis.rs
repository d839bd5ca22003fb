//! `heaviside solve --iis`: what an infeasible model is infeasible by.

mod common;

use common::{Files, heaviside, keys};
use serde_json::json;

/// Three rows and a bound exclude one another; the rest has no say.
const LINEAR: &str = "\
maximize
 profit: 3 a + 2 b + c
subject to
 room: a + b + c <= 40
 demand: a + b >= 30
 ratio: a - 2 b = 0
 staff: 2 b + c <= 12
bounds
 a <= 18
 b <= 25
 c <= 50
end
";

/// Of a, b and c that exclude one another two are wanted: only whole columns say no.
const WHOLE: &str = "\
minimize
 cost: a + b + c + d
subject to
 ab: a + b <= 1
 ac: a + c <= 1
 bc: b + c <= 1
 two: a + b + c >= 1.25
 more: a + b + d >= 1
binary
 a b c
general
 d
end
";

#[test]
fn a_linear_subsystem_is_told_and_written() {
    let files = Files::new();
    let model = files.add("plan.lp", LINEAR);
    for (name, format) in [("why.lp", "subject to"), ("why.mps", "ROWS")] {
        let out = files.path(name);
        let json = heaviside(&["solve", &model, "--iis", &out, "--json"]).json();
        assert_eq!(json["status"], "infeasible");
        let iis = &json["iis"];
        let fields =
            ["bounds", "integers", "irreducible", "lp_iterations", "nodes", "rows", "seconds", "stopped", "tests"];
        let mut found = keys(iis);
        found.sort_unstable();
        assert_eq!(found, fields);
        assert_eq!((&iis["irreducible"], &iis["stopped"], &iis["integers"]), (&json!(true), &json!(null), &json!([])));
        let members = iis["rows"].as_array().unwrap().iter().chain(iis["bounds"].as_array().unwrap());
        assert!(members.clone().all(|member| member["needed"] == true), "{iis}");
        assert!(files.read(name).contains(format) && !files.read(name).contains("profit"), "{}", files.read(name));
        // The file is a model, as infeasible as the first, and so small that nothing can be left out of it.
        let again = heaviside(&["solve", &out, "--iis", &files.path("again.lp"), "--json"]).json();
        assert_eq!(again["status"], "infeasible");
        assert_eq!((&again["iis"]["rows"], &again["iis"]["bounds"]), (&iis["rows"], &iis["bounds"]));
    }
    let run = heaviside(&["solve", &model, "--iis", "-"]);
    assert!(run.ok().contains("subject to") && run.err.contains("irreducible"), "{}\n{}", run.out, run.err);
}

#[test]
fn whole_columns_are_members() {
    let files = Files::new();
    let run = heaviside(&["solve", &files.add("three.lp", WHOLE), "--iis", &files.path("why.lp")]);
    assert!(run.ok().contains("4 sides of rows, 1 integer column; irreducible"), "{}", run.out);
    assert!(run.out.contains("s for the infeasible subsystem\n"), "{}", run.out);
    for line in ["row ab <= 1", "row ac <= 1", "row bc <= 1", "row two >= 1.25"] {
        assert!(run.out.contains(line), "{}", run.out);
    }
    let text = files.read("why.lp");
    assert!(text.contains("general") && !text.contains("more") && !text.contains(" d "), "{text}");
    let json = heaviside(&["solve", &files.path("why.lp"), "--json"]).json();
    assert_eq!(json["status"], "infeasible", "{text}");
}

#[test]
fn models_with_solutions_have_none() {
    let files = Files::new();
    let model = files.add("k.lp", "maximize\n x\nsubject to\n c: x <= 3\nend\n");
    let run = heaviside(&["solve", &model, "--iis", &files.path("why.lp")]);
    assert!(run.ok().contains("none: the model has a solution"), "{}", run.out);
    assert!(run.err.contains("not found infeasible") && run.err.contains("is not written"), "{}", run.err);
    assert_eq!(files.names(), ["k.lp"]);
    let json = heaviside(&["solve", &model, "--iis", &files.path("why.lp"), "--json"]).json();
    assert!(!keys(&json).contains(&"iis"), "{json}");
}

#[test]
fn what_cannot_be_is_refused_before_the_run() {
    let files = Files::new();
    let model = files.add("k.lp", LINEAR);
    heaviside(&["solve", &model, "--iis", &files.path("why.txt")]).fails(2, &["why.txt", ".lp or .mps"]);
    heaviside(&["solve", &model, "--iis", &model]).fails(2, &["would overwrite MODEL"]);
    let semi = format!("{}semi-continuous\n a\nend\n", LINEAR.strip_suffix("end\n").unwrap());
    let run = heaviside(&["solve", &files.add("s.lp", &semi), "--iis", &files.path("why.lp")]);
    run.fails(2, &["'a' is semi-continuous"]);
    assert!(!run.err.contains("BestBound"), "{}", run.err);
}

/// A limit in nodes that the first proof has used up leaves all members undecided, and says so.
#[test]
fn limits_leave_members_undecided() {
    let files = Files::new();
    let arguments = ["solve", &files.add("three.lp", WHOLE), "--iis", &files.path("why.lp")];
    let json = heaviside(&[&arguments[..], &["--json", "--node-limit", "0"]].concat()).json();
    let iis = &json["iis"];
    assert_eq!((&iis["irreducible"], &iis["stopped"]), (&json!(false), &json!("node-limit")), "{json}");
    assert!(iis["rows"].as_array().unwrap().iter().all(|row| row["needed"] == false), "{iis}");
    let run = heaviside(&[&arguments[..], &["--node-limit", "0"]].concat());
    assert!(run.ok().contains("not decided (node-limit)"), "{}", run.out);
    let again = heaviside(&["solve", &files.path("why.lp"), "--json"]).json();
    assert_eq!(again["status"], "infeasible");
}

//! `heaviside solve` and `check solution` on semi-continuous columns, special ordered sets and indicators.

mod common;

use common::{Files, heaviside, keys};
use serde_json::json;

/// Buy from at most two neighbouring suppliers, each a least lot or nothing; opening costs, and rules a demand. The best is 4 of b and 3 of c.
const LP: &str = "\
minimize
 cost: 3 a + 2 b + 2.5 c + 4 d + 5 open
subject to
 demand: a + b + c + d >= 7
 rule: open = 0 -> b + c <= 3
 less: open = 1 -> a - d >= -1
bounds
 2 <= a <= 6
 4 <= b <= 6
 3 <= c <= 3
 d <= 9
binary
 open
semi-continuous
 a b c
sos
 near: S2:: a:1 b:2 c:3 d:4
end
";

const MPS: &str = "\
NAME buy
ROWS
 N cost
 G demand
 L rule
 G less
COLUMNS
 a cost 3 demand 1
 a less 1
 b cost 2 demand 1
 b rule 1
 c cost 2.5 demand 1
 c rule 1
 d cost 4 demand 1
 d less -1
 M 'MARKER' 'INTORG'
 open cost 5
 M 'MARKER' 'INTEND'
RHS
 RHS demand 7 rule 3
 RHS less -1
BOUNDS
 LO BND a 2
 SC BND a 6
 LO BND b 4
 SC BND b 6
 LO BND c 3
 SC BND c 3
 UP BND d 9
 BV BND open
SOS
 S2 near
    a 1
    b 2
    c 3
    d 4
INDICATORS
 IF rule open 0
 IF less open 1
ENDATA
";

#[test]
fn solutions_speak_of_the_columns_of_the_file() {
    let files = Files::new();
    for (name, text) in [("buy.lp", LP), ("buy.mps", MPS)] {
        let model = files.add(name, text);
        let json = heaviside(&["solve", &model, "--json"]).json();
        assert_eq!((&json["status"], &json["objective"]), (&json!("optimal"), &json!(20.5)), "{json}");
        assert_eq!(json["solution"], json!({ "a": 0.0, "b": 4.0, "c": 3.0, "d": 0.0, "open": 1.0 }));
        assert_eq!(json["warnings"], json!([]));
        let solution = files.path("buy.sol");
        let run = heaviside(&["solve", &model, "--solution", &solution]);
        run.ok();
        let counts = "3 semi-continuous columns, 1 special ordered set, 2 indicators";
        assert!(run.err.contains("3 rows, 5 columns (1 integer)") && run.err.contains(counts), "{}", run.err);
        assert_eq!(files.read("buy.sol").lines().count(), 6, "an objective and five columns");
        heaviside(&["check", "solution", &model, &solution, "--tolerance", "0"]).ok();
        let start = heaviside(&["solve", &model, "--start", &solution, "--node-limit", "0", "--json"]).json();
        assert_eq!(start["objective"], 20.5, "the start counts before any node");
    }
}

#[test]
fn checks_hold_points_against_what_is_written() {
    let files = Files::new();
    for (name, text) in [("buy.lp", LP), ("buy.mps", MPS)] {
        let model = files.add(name, text);
        for (point, kind, amount, place) in [
            // 1 is nearer to 0 than to [2, 6].
            ("a 1\nb 6", "max_bound_violation", 1.0, "a"),
            ("b 3.75\nc 3\nd 1\nopen 1", "max_bound_violation", 1.0, "d in near"),
            ("b 3.75\nc 3\nopen 1", "max_bound_violation", 0.25, "b"),
            ("a 6\nc 3\nopen 1", "max_bound_violation", 3.0, "c in near"),
            ("b 4\nc 3", "max_row_violation", 4.0, "rule"),
            ("c 3\nd 5\nopen 1", "max_row_violation", 4.0, "less"),
            ("b 4\nc 3\nopen 0.75", "max_integrality_violation", 0.25, "open"),
        ] {
            let solution = files.add("p.sol", &format!("{point}\n"));
            let run = heaviside(&["check", "solution", &model, &solution, "--json"]);
            run.fails(1, &[place]);
            let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
            assert_eq!(json[kind], amount, "{point}: {json}");
        }
        let solution = files.add("p.sol", "a 6\nb 4\nopen 1\n");
        let json = heaviside(&["check", "solution", &model, &solution, "--tolerance", "0", "--json"]).json();
        assert_eq!((&json["feasible"], &json["objective"]), (&json!(true), &json!(31.0)));
    }
}

#[test]
fn what_lacks_a_bound_or_cannot_be_certified_is_refused_by_name() {
    let files = Files::new();
    let model = files.add("buy.lp", LP);
    let certificate = files.path("buy.vipr");
    heaviside(&["solve", &model, "--certificate", &certificate])
        .fails(2, &["buy.lp: 'a' is semi-continuous", "certificate"]);
    let sets = files.add("sets.lp", "max\n x + y\nsos\n s: S1:: x:1 y:2\nend\n");
    heaviside(&["solve", &sets, "--certificate", &certificate]).fails(2, &["'s' is a special ordered set"]);
    heaviside(&["solve", &sets])
        .fails(2, &["sets.lp: the special ordered set 's' needs bounds", "'x' has no upper bound"]);
    let rows =
        files.add("rows.lp", "max\n x\nst\n c: z = 1 -> x - y <= 3\nbounds\n x <= 4\n y free\nbinary\n z\nend\n");
    heaviside(&["solve", &rows, "--certificate", &certificate]).fails(2, &["row 'c' has an indicator"]);
    heaviside(&["solve", &rows]).fails(2, &["row 'c' holds where 'z' is 1", "'y' has no lower bound"]);
    // The checker refuses as well: a certificate tells rows, bounds and integrality, and no more.
    let vipr = files.add("c.vipr", "VER 1.0\n");
    heaviside(&["check", "certificate", &model, &vipr]).fails(1, &["`a` is semi-continuous"]);
    assert!(!files.names().contains(&"buy.vipr".to_owned()));
}

#[test]
fn traces_name_the_columns_that_are_branched_on() {
    let files = Files::new();
    let trace = files.path("t.jsonl");
    heaviside(&["solve", &files.add("buy.lp", LP), "--trace", &trace, "--set", "milp.presolve=no"]).ok();
    let text = files.read("t.jsonl");
    let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert!(keys(&first).contains(&"problem"), "{first}");
    assert_eq!((&first["problem"]["columns"], &first["problem"]["rows"]), (&json!(5), &json!(3)), "{first}");
}

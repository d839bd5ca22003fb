//! The table of what both formats say beyond bounds, integrality and rows: semi-continuous columns, special ordered sets, indicators.

use crate::Expect::{Reads, Refuses, Warns};
use crate::differential::{random_lp, random_mps};
use crate::{Expect, Format, hold};
use heaviside_acceptance::random::Source as Random;

/// Sections behind `min x + y + z`, which ends in line 2; the model is that of the columns and what follows.
const LP: &[(&str, Expect)] = &[
    // Semi-continuous columns: 0, or within their bounds.
    ("bounds\n 2 <= x <= 5\nsemi-continuous\n x\n", Reads("x S [2, 5]; y [0, inf]; z [0, inf]")),
    ("Semis\n x\nbounds\n 2 <= x <= 5\n", Reads("x S [2, 5]; y [0, inf]; z [0, inf]")),
    ("SEMI x y\nbounds\n 2 <= x <= 5\n y >= 1\n", Reads("x S [2, 5]; y S [1, inf]; z [0, inf]")),
    ("bounds\n 2 <= x <= 5\nsemi\n x\ngeneral\n x\n", Reads("x SZ [2, 5]; y [0, inf]; z [0, inf]")),
    ("bounds\n x = 3\nsemi\n x\n", Reads("x S [3, 3]; y [0, inf]; z [0, inf]")),
    ("bounds\n 5 <= x <= 2\nsemi\n x\n", Reads("x S [5, 2]; y [0, inf]; z [0, inf]")),
    (
        "bounds\n 2.00000000000000000001 <= x <= 5\nsemi\n x x\n",
        Reads("x S [200000000000000000001/100000000000000000000, 5]; y [0, inf]; z [0, inf]"),
    ),
    // A lower bound that is not above 0 is read differently elsewhere.
    ("bounds\n x <= 5\nsemi\n x\n", Warns("x S [0, 5]; y [0, inf]; z [0, inf]", 6, "not above 0")),
    ("bounds\n -1 <= x <= 5\nsemi\n x\n", Warns("x S [-1, 5]; y [0, inf]; z [0, inf]", 6, "not above 0")),
    ("bounds\n -5 <= x <= -1\nsemi\n x\n", Warns("x S [-5, -1]; y [0, inf]; z [0, inf]", 6, "not above 0")),
    (
        "bounds\n x free\nsemi\n y\n x\n",
        Warns("x S [-inf, inf]; y S [0, inf]; z [0, inf]", 7, "and one further column"),
    ),
    ("binary\n x\nsemi\n x\n", Warns("x SZ [0, 1]; y [0, inf]; z [0, inf]", 6, "not above 0")),
    ("semi\n u\n", Refuses(4, "'u'")),
    ("semi\n 3\n", Refuses(4, "")),
    ("semi\n x <= 3\n", Refuses(4, "")),
    ("semi-integer\n x\n", Refuses(3, "")),
    // Special ordered sets: weights say the order.
    ("sos\n s: S1:: x:1 y:2\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S1 x, y")),
    ("SOS\n s: s2:: x:3 y:1 z:2\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S2 y, z, x")),
    ("sos1\n s: S1:: x:1 y:2\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S1 x, y")),
    ("sos2\n s: S2 : : x : 1 y\n : 2\n t: S2:: z:1\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S2 x, y; t S2 z")),
    (
        "sos\n s: S1:: x:-1 y:- 2.5 z:0.1e1 t: S2:: x:1 z:2\n",
        Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S1 y, x, z; t S2 x, z"),
    ),
    (
        "sos\n S1:: x:1\n SOS3: S1:: y:1\n s2:: z:1\n",
        Reads("x [0, inf]; y [0, inf]; z [0, inf] | SOS1 S1 x; SOS3 S1 y; SOS3_ S2 z"),
    ),
    ("sos\n S1: S1:: x:1\n sos: S2:: y:1\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | S1 S1 x; sos S2 y")),
    ("sos\n s: S1::\n t: S2:: x:1\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S1 ; t S2 x")),
    ("sos\n s: S2:: x:1 y:1.00000000000000000001\n", Reads("x [0, inf]; y [0, inf]; z [0, inf] | s S2 x, y")),
    ("sos\nsos1\nsos2\n", Reads("x [0, inf]; y [0, inf]; z [0, inf]")),
    ("sos\n s: S1:: x:1 y:1\n", Refuses(4, "weight")),
    ("sos\n s: S2:: x:1\n y:1.0\n", Refuses(5, "weight")),
    ("sos\n s: S1:: x:1 x:2\n", Refuses(4, "twice")),
    ("sos\n s: S1:: x y\n", Refuses(4, "'x' has no weight")),
    ("sos\n s: S1:: x:1 y\n", Refuses(4, "'y' has no weight")),
    ("sos\n s: S1:: x:inf\n", Refuses(4, "inf")),
    ("sos\n s: S1:: x:one\n", Refuses(4, "")),
    ("sos\n s: S1:: u:1\n", Refuses(4, "'u'")),
    ("sos\n s: S3:: x:1\n", Refuses(4, "special ordered set")),
    ("sos\n s: x:1 y:2\n", Refuses(4, "special ordered set")),
    ("sos\n s\n", Refuses(4, "special ordered set")),
    ("sos\n s: S1: x:1\n", Refuses(4, "special ordered set")),
    ("sos\n s: S1:: x:1 <= 2\n", Refuses(4, "special ordered set")),
    ("sos1\n s: S2:: x:1\n", Refuses(4, "heading")),
    ("sos\n s: S1:: x:1\n\n s: S1:: y:1\n", Refuses(6, "")),
];

/// Rows behind `min x + y`, in line 4, with `z` under `binary`; the model is that of the row.
const INDICATORS: &[(&str, Expect)] = &[
    ("c: z = 1 -> x + 2 y <= 3", Reads("c (z=1) [-inf, 3] 1 x, 2 y")),
    ("c: z = 0 -> x + 2 y <= 3", Reads("c (z=0) [-inf, 3] 1 x, 2 y")),
    ("z = 1 -> x >= 3", Reads("R1 (z=1) [3, inf] 1 x")),
    ("c: z=1->x=3", Reads("c (z=1) [3, 3] 1 x")),
    ("c: z == 1.0\n -> \n x = 3", Reads("c (z=1) [3, 3] 1 x")),
    ("c: z = 1 -> 1 <= x - y <= 3", Reads("c (z=1) [1, 3] 1 x, -1 y")),
    ("c: z = 1 -> 1 >= x", Reads("c (z=1) [-inf, 1] 1 x")),
    ("c: z = 1 -> x + 2 z + 4 <= 3", Reads("c (z=1) [-inf, -1] 1 x, 2 z")),
    ("c: z = 1 -> x >= -inf", Reads("c (z=1) [-inf, inf] 1 x")),
    ("c: z = 1 -> 0 x >= 3", Reads("c (z=1) [3, inf]")),
    ("c: z = 2 -> x <= 3", Refuses(4, "2")),
    ("c: z = 0.5 -> x <= 3", Refuses(4, "0.5")),
    ("c: z = 1.00000000000000000001 -> x <= 3", Refuses(4, "")),
    ("c: z = -1 -> x <= 3", Refuses(4, "->")),
    ("c: z >= 1 -> x <= 3", Refuses(4, "->")),
    ("c: z -> x <= 3", Refuses(4, "->")),
    ("c: 1 = z -> x <= 3", Refuses(4, "->")),
    ("c: 1 z = 1 -> x <= 3", Refuses(4, "->")),
    ("c: z = 1 -> y = 0 -> x <= 3", Refuses(4, "->")),
    ("c: z = 1 <- x <= 3", Refuses(4, "")),
    ("c: z = 1 <-> x <= 3", Refuses(4, "")),
    ("z = 1 -> c: x <= 3", Refuses(4, "")),
    ("c: z = 1 ->", Refuses(4, "")),
    ("c: z = 1 -> x", Refuses(4, "")),
    ("c: y = 1 -> x <= 3", Refuses(4, "'y'")),
    ("c: z = 1 -> x <= 3\nbounds\n z <= 1.00000000000000000001\ngeneral\n z", Reads("c (z=1) [-inf, 3] 1 x")),
    ("c: y = 1 -> x <= 3\nbounds\n y <= 1.00000000000000000001\ngeneral\n y", Refuses(4, "'y'")),
];

const MPS: &str = "\
NAME t
ROWS
 N obj
 G r
COLUMNS
 x obj 1 r 1
 y r 2
 M 'MARKER' 'INTORG'
 z obj 0
 M 'MARKER' 'INTEND'
RHS
 RHS r 3
BOUNDS
 BV BND z
 UP BND x 4
ENDATA
";

/// What stands in the place of `UP BND x 4`, line 15: row, columns and what follows.
const IN_MPS: &[(&str, Expect)] = &[
    (" UP BND x 4", Reads("r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]; z Z [0, 1]")),
    // Semi-continuous columns.
    (" LO BND x 1\n SC BND x 4", Reads("r [3, inf] 1 x, 2 y | x S [1, 4]; y [0, inf]; z Z [0, 1]")),
    (" sc BND x 4\n LO BND x 1", Reads("r [3, inf] 1 x, 2 y | x S [1, 4]; y [0, inf]; z Z [0, 1]")),
    (" LO BND x 1\n SC x 4", Reads("r [3, inf] 1 x, 2 y | x S [1, 4]; y [0, inf]; z Z [0, 1]")),
    (" LO BND x 1\n SI BND x 4", Reads("r [3, inf] 1 x, 2 y | x SZ [1, 4]; y [0, inf]; z Z [0, 1]")),
    (" LO BND x 1\n SC BND x inf", Reads("r [3, inf] 1 x, 2 y | x S [1, inf]; y [0, inf]; z Z [0, 1]")),
    (" LO BND x 1\n SC BND x 4\n UP BND x 5", Reads("r [3, inf] 1 x, 2 y | x S [1, 5]; y [0, inf]; z Z [0, 1]")),
    (" LO BND x 9\n SC BND x 4", Reads("r [3, inf] 1 x, 2 y | x S [9, 4]; y [0, inf]; z Z [0, 1]")),
    (" LO BND z 2\n SC BND z 5", Reads("r [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z SZ [2, 5]")),
    (
        " LO BND x 1\n SC BND x",
        Warns("r [3, inf] 1 x, 2 y | x S [1, inf]; y [0, inf]; z Z [0, 1]", 16, "without a value"),
    ),
    (" LO BND x 1\n SC x", Warns("r [3, inf] 1 x, 2 y | x S [1, inf]; y [0, inf]; z Z [0, 1]", 16, "without a value")),
    (
        " LO BND x 1\n SC BND x 1e30",
        Warns("r [3, inf] 1 x, 2 y | x S [1, inf]; y [0, inf]; z Z [0, 1]", 16, "counts as infinity"),
    ),
    (" SC BND x 4", Warns("r [3, inf] 1 x, 2 y | x S [0, 4]; y [0, inf]; z Z [0, 1]", 15, "not above 0")),
    (
        " SC BND x 4\n LO BND x -1",
        Warns("r [3, inf] 1 x, 2 y | x S [-1, 4]; y [0, inf]; z Z [0, 1]", 15, "not above 0"),
    ),
    (" SC BND x 4\n MI BND x", Warns("r [3, inf] 1 x, 2 y | x S [-inf, 4]; y [0, inf]; z Z [0, 1]", 15, "not above 0")),
    (" SC BND x -inf", Refuses(15, "met")),
    (" SC BND x four", Refuses(15, "four")),
    (" SC BND u 4", Refuses(15, "'u'")),
    (" SC BND", Refuses(15, "")),
    (" SN BND x 4", Refuses(15, "SN")),
    // Special ordered sets.
    ("SOS\n S1 s\n x 1\n y 2", Reads("r [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1] | s S1 x, y")),
    (
        "sos\n s2 s 5\n x 3\n z -1\n y 2\n S1 t\n S1 y\n x 1",
        Reads("r [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1] | s S2 z, y, x; t S1 ; y S1 x"),
    ),
    ("SOS\n S1 s\n x 1\nBOUNDS\n UP BND x 4", Reads("r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]; z Z [0, 1] | s S1 x")),
    (
        "SOS\n S2 s\n x 1\n y 1.00000000000000000001",
        Reads("r [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1] | s S2 x, y"),
    ),
    ("SOS", Reads("r [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1]")),
    ("SOS\n S1 s\n x 1\n y 1.0", Refuses(18, "weight")),
    ("SOS\n S1 s\n x 1\n x 2", Refuses(18, "twice")),
    ("SOS\n S1 s\n x", Refuses(17, "")),
    ("SOS\n S1 s\n x one", Refuses(17, "one")),
    ("SOS\n S1 s\n x inf", Refuses(17, "inf")),
    ("SOS\n S1 s\n u 1", Refuses(17, "'u'")),
    ("SOS\n x 1", Refuses(16, "no set")),
    ("SOS\n S3 s\n x 1", Refuses(16, "")),
    ("SOS\n S1\n x 1", Refuses(16, "")),
    ("SOS\n S1 s first", Refuses(16, "first")),
    ("SOS\n S1 SOS s 5", Refuses(16, "")),
    ("SOS\n S1 s\n SOS x 1", Refuses(17, "")),
    ("SOS\n S1 s\n S2 s", Refuses(17, "twice")),
    ("SETS", Refuses(15, "SETS")),
    ("GENCONS", Refuses(15, "GENCONS")),
    // Indicators.
    ("INDICATORS\n IF r z 1", Reads("r (z=1) [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1]")),
    ("indicators\n if r z 0", Reads("r (z=0) [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1]")),
    (
        "RANGES\n RNG r 5\nINDICATORS\n IF r z 1.0",
        Reads("r (z=1) [3, 8] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1]"),
    ),
    (
        "INDICATORS\n IF r z 1\nSOS\n S1 s\n x 1",
        Reads("r (z=1) [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; z Z [0, 1] | s S1 x"),
    ),
    ("INDICATORS\n IF r z", Refuses(16, "")),
    ("INDICATORS\n IF r z 2", Refuses(16, "2")),
    ("INDICATORS\n IF r z on", Refuses(16, "on")),
    ("INDICATORS\n IFF r z 1", Refuses(16, "IFF")),
    ("INDICATORS\n IF q z 1", Refuses(16, "'q'")),
    ("INDICATORS\n IF obj z 1", Refuses(16, "free")),
    ("INDICATORS\n IF r u 1", Refuses(16, "'u'")),
    ("INDICATORS\n IF r z 1\n IF r z 0", Refuses(17, "two indicators")),
    ("INDICATORS\n IF r x 1", Refuses(16, "'x'")),
    ("INDICATORS\n IF r z 1\nBOUNDS\n UP BND z 2", Refuses(16, "'z'")),
    ("INDICATORS\n IF r z 1\nBOUNDS\n SC BND z 1", Refuses(16, "'z'")),
    ("INDICATORS\n IF r $z 1", Refuses(16, "")),
];

/// The expectation with its model completed.
fn with<'a>(expect: Expect<'a>, model: &'a str) -> Expect<'a> {
    match expect {
        Reads(_) => Reads(model),
        Warns(_, line, word) => Warns(model, line, word),
        refuses @ Refuses(..) => refuses,
    }
}

fn model<'a>(expect: Expect<'a>) -> &'a str {
    match expect {
        Reads(model) | Warns(model, ..) => model,
        Refuses(..) => "",
    }
}

fn held(format: Format, rows: &[(&str, Expect)], text: impl Fn(&str) -> String, whole: impl Fn(&str) -> String) {
    let rows: Vec<(String, Expect, String)> =
        rows.iter().map(|(part, expect)| (text(part), *expect, whole(model(*expect)))).collect();
    let rows: Vec<(&str, Expect)> =
        rows.iter().map(|(text, expect, model)| (text.as_str(), with(*expect, model))).collect();
    hold(format, &rows);
}

#[test]
fn sections_of_lp_files() {
    held(
        Format::Lp,
        LP,
        |part| format!("min\n x + y + z\n{part}end\n"),
        |model| format!("min 1 x, 1 y, 1 z |  | {model}"),
    );
}

#[test]
fn indicators_of_lp_files() {
    held(
        Format::Lp,
        INDICATORS,
        |row| format!("min\n x + y + 0 z\nst\n {row}\nbinary\n z\nend\n"),
        |row| format!("min 1 x, 1 y | {row} | x [0, inf]; y [0, inf]; z Z [0, 1]"),
    );
    // The column of an indicator stands in a row by that, and is the first of it.
    let text = "min\nst\n c: z = 1 -> x <= 3\nbinary\n z\nend\n";
    hold(Format::Lp, &[(text, Reads("min | c (z=1) [-inf, 3] 1 x | z Z [0, 1]; x [0, inf]"))]);
    let wide = text.replace("end", "bounds\n z >= -1\nend");
    hold(Format::Lp, &[(wide.as_str(), Reads("min | c (z=1) [-inf, 3] 1 x | z Z [0, 1]; x [0, inf]"))]);
    for text in [
        text.replace("binary\n z", "general\n z"),
        text.replace("binary\n z\n", ""),
        text.replace("end", "semi\n z\nend"),
        text.replace("binary", "bounds\n z <= 1\ngeneral\nsemi"),
    ] {
        hold(Format::Lp, &[(text.as_str(), Refuses(3, "'z'"))]);
    }
}

/// A column of the name of a kind of set makes lines that may be either.
#[test]
fn columns_called_like_kinds_of_sets() {
    for (name, line, expect) in [
        ("s1", "s1 2", Refuses(10, "s1 2")),
        ("S2", "S2 -1.5", Refuses(10, "S2 -1.5")),
        ("S1", "s1 2", Reads("min 1 x, 1 S1 |  | x [0, inf]; S1 [0, inf] | s S1 x; 2 S1")),
        ("s1", "s1 t", Reads("min 1 x, 1 s1 |  | x [0, inf]; s1 [0, inf] | s S1 x; t S1")),
        ("s1", "s1 t 2", Reads("min 1 x, 1 s1 |  | x [0, inf]; s1 [0, inf] | s S1 x; t S1")),
    ] {
        let text =
            format!("NAME t\nROWS\n N obj\nCOLUMNS\n x obj 1\n {name} obj 1\nSOS\n S1 s\n x 1\n {line}\nENDATA\n");
        hold(Format::Mps, &[(text.as_str(), expect)]);
    }
}

#[test]
fn mps_files() {
    held(Format::Mps, IN_MPS, |part| MPS.replace(" UP BND x 4", part), |model| format!("min 1 x | {model}"));
}

/// The columns of the card.
#[test]
fn fixed_mps_files() {
    let text = "\
NAME          CARDS
ROWS
 N  COST
 G  MIN B
COLUMNS
    PLANT 1   COST               2.0   MIN B              1.0
    PLANT 2   COST               3.0   MIN B              1.0
    OPEN      COST               1.0
BOUNDS
 LO BD ONE    PLANT 1            1.0
 SC BD ONE    PLANT 1            3.0
 BV BD ONE    OPEN
SOS
 S2 SET 1
    PLANT 2                      2.0
    PLANT 1                      1.0
INDICATORS
 IF MIN B     OPEN               1.0
ENDATA
";
    let model = "min 2 PLANT 1, 3 PLANT 2, 1 OPEN | MIN B (OPEN=1) [0, inf] 1 PLANT 1, 1 PLANT 2 | \
                 PLANT 1 S [1, 3]; PLANT 2 [0, inf]; OPEN Z [0, 1] | SET 1 S2 PLANT 1, PLANT 2";
    hold(Format::Mps, &[(text, Reads(model))]);
}

/// What a point violates is the same to both, on random models of both formats.
#[test]
fn points_are_judged_alike() {
    let mut random = Random::new(505);
    let mut judged = 0;
    for k in 0..2_000 {
        let (format, text) =
            if k % 2 == 0 { (Format::Lp, random_lp(&mut random)) } else { (Format::Mps, random_mps(&mut random)) };
        let Ok(reading) = milp::io::parse(&text, Some(format.solver()), std::path::Path::new("random")) else {
            continue;
        };
        let model = reading.model;
        if model.special.is_empty() {
            continue;
        }
        let checked = checker::Model::read(checker::Source::new("random", text.as_bytes()), format.checker()).unwrap();
        for _ in 0..5 {
            let x: Vec<f64> = model.variables.iter().map(|_| [0.0, 1.0, 2.5, 7.0, -3.0][random.whole(0, 4)]).collect();
            let exact: Vec<checker::Rational> = x.iter().map(|x| checker::Rational::try_from(*x).unwrap()).collect();
            let (ours, theirs) = (milp::Violations::of(&model, &x), checker::solution::recount(&checked, &exact));
            let of = |worst: &checker::solution::Worst| worst.amount.to_f64().value();
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
            assert!(near(ours.bound, of(&theirs.bounds)), "{ours:?} {:?} {x:?}\n{text}", theirs.bounds);
            assert!(near(ours.row, of(&theirs.rows)), "{ours:?} {:?} {x:?}\n{text}", theirs.rows);
            assert!(near(ours.integrality, of(&theirs.integrality)), "{ours:?} {x:?}\n{text}");
            judged += 1;
        }
    }
    assert!(judged > 1_000, "{judged}");
}

/// Columns that begin with the mark of a comment, and what no MPS file can say.
#[test]
fn names_that_look_like_something_else() {
    let text = MPS
        .replace('z', "$z")
        .replace(" UP BND x 4", "INDICATORS\n IF r $z 1 $ a comment\nSOS\n S1 $s\n $z 1\n x 2 $ too");
    let model = "min 1 x | r ($z=1) [3, inf] 1 x, 2 y | x [0, inf]; y [0, inf]; $z Z [0, 1] | $s S1 $z, x";
    hold(Format::Mps, &[(text.as_str(), Reads(model))]);
    let text = "min\n S1 + x\nsos\n s: S1:: x:1 S1:2\nend\n";
    hold(Format::Lp, &[(text, Reads("min 1 S1, 1 x |  | S1 [0, inf]; x [0, inf] | s S1 x, S1"))]);
    let reading = milp::io::parse(text, Some(milp::io::Format::Lp), std::path::Path::new("t")).unwrap();
    let refused = milp::io::to_mps(&reading.model).unwrap_err().to_string();
    assert!(refused.contains("'S1'"), "{refused}");
}

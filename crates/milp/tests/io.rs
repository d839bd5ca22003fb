//! Model files: every dialect in small, every bad input, the shared instances, and round trips.

mod support;

use std::path::Path;

use milp::io::{
    parse_lp, parse_mps, parse_solution, read_model, read_solution, to_lp, to_mps, to_solution, write_model,
    write_solution,
};
use milp::{Datum, Error, Model, RowId, Sense, VarId, VarKind};
use proptest::prelude::*;

fn mps(text: &str) -> Result<Model, Error> {
    parse_mps(text, Path::new("m.mps"))
}

fn lp(text: &str) -> Result<Model, Error> {
    parse_lp(text, Path::new("m.lp"))
}

/// The line of a parse error whose message contains `needle`.
fn refused(result: Result<Model, Error>, needle: &str) -> usize {
    match result {
        Err(Error::Parse { line, message, .. }) => {
            assert!(message.contains(needle), "'{message}' does not mention '{needle}'");
            line
        }
        other => panic!("expected a parse error about '{needle}', got {other:?}"),
    }
}

fn bounds(model: &Model) -> Vec<(f64, f64)> {
    model.variables.iter().map(|var| (var.lower, var.upper)).collect()
}

fn sides(model: &Model) -> Vec<(f64, f64)> {
    model.rows.iter().map(|row| (row.lower, row.upper)).collect()
}

const INF: f64 = f64::INFINITY;

#[test]
fn mps_bounds_of_all_kinds() {
    let columns: String = (1..=11).map(|j| format!("    x{j} c 1\n")).collect();
    let model = mps(&format!(
        "NAME t\nROWS\n N c\nCOLUMNS\n{columns}    M 'MARKER' 'INTORG'\n    i1 c 1\n    i2 c 1\n    i3 c 1\n    M 'MARKER' 'INTEND'\nRHS\nBOUNDS\n \
         UP B x1 4\n LO B x2 -3\n FX B x3 2.5\n FR B x4\n MI B x5\n PL B x6\n BV B x7\n LI B x8 2\n UI B x9 7\n \
         UP B x10 -1\n LO B x11 0\n UP B x11 -1\n LO B i2 2\n UP i3 5\nENDATA\n"
    ))
    .unwrap();
    let expected = [
        (0.0, 4.0),
        (-3.0, INF),
        (2.5, 2.5),
        (-INF, INF),
        (-INF, INF),
        (0.0, INF),
        (0.0, 1.0),
        (2.0, INF),
        (0.0, 7.0),
        (-INF, -1.0), // negative UP without a lower bound
        (0.0, -1.0),  // but not when the lower bound is given
        (0.0, 1.0),   // integer without bounds: binary
        (2.0, INF),
        (0.0, 5.0), // no set name
    ];
    assert_eq!(bounds(&model), expected);
    let integer: Vec<&str> =
        model.variables.iter().filter(|var| var.kind == VarKind::Integer).map(|var| var.name.as_str()).collect();
    assert_eq!(integer, ["x7", "x8", "x9", "i1", "i2", "i3"]);
}

#[test]
fn mps_ranges_senses_and_offsets() {
    let text = "NAME\nOBJSENSE\n    MAX\nROWS\n N cost\n L a\n G b\n E c\n E d\n N other\nCOLUMNS\n    x cost 1 a 1\n    \
                x b 1 c 1\n    x d 1 other 3\nRHS\n    RHS cost 7 a 4\n    b 1 c 2\n    R d 2\nRANGES\n    RNG a 3 b 2\n    \
                RNG c 1 d -1\nENDATA\n";
    let model = mps(text).unwrap();
    assert_eq!(model.sense, Sense::Maximise);
    assert_eq!(model.offset, -7.0);
    assert_eq!(sides(&model), [(1.0, 4.0), (1.0, 3.0), (2.0, 3.0), (1.0, 2.0), (-INF, INF)]);
    for sense in ["OBJSENSE MAX", "OBJSENSE\nMAX", "OBJSENSE MAXIMIZE", "OBJSENSE\n  maximise"] {
        let other = text.replace("OBJSENSE\n    MAX", sense);
        assert_eq!(mps(&other).unwrap(), model, "{sense}");
    }
    assert_eq!(mps(&text.replace("    MAX", "    MIN")).unwrap().sense, Sense::Minimise);
}

#[test]
fn mps_fixed_format_keeps_blanks_in_names() {
    let text = "NAME          BLANKS\nROWS\n N  COST\n L  ROW ONE\nCOLUMNS\n    MY COL    COST               1.5   ROW ONE            2.\n\
                \u{20}   YOUR COL  ROW ONE            1.\nRHS\n    RHS       ROW ONE           10.\nBOUNDS\n UP BND       MY COL             4.\nENDATA\n";
    let model = mps(text).unwrap();
    assert_eq!(model.variables[0].name, "MY COL");
    assert_eq!(model.rows[0].name, "ROW ONE");
    assert_eq!(model.rows[0].terms, [(VarId(0), 2.0), (VarId(1), 1.0)]);
    assert_eq!((model.variables[0].upper, model.variables[0].cost), (4.0, 1.5));
    // The error of the reading that came further is the useful one.
    assert_eq!(refused(mps(&text.replace("YOUR COL  ROW ONE", "YOUR COL  ROW TWO")), "ROW TWO"), 7);
    assert!(to_mps(&model).is_err(), "free MPS cannot hold such names");
}

#[test]
fn mps_refusals_name_the_line() {
    let base =
        "NAME t\nROWS\n N c\n L r\nCOLUMNS\n    x c 1 r 1\n    y r 2\nRHS\n    RHS r 4\nBOUNDS\n UP B x 3\nENDATA\n";
    mps(base).unwrap();
    let cases = [
        ("    y r 2", "    y r nan", "nan", 7),
        ("    y r 2", "    y r inf", "finite", 7),
        ("    y r 2", "    y q 2", "'q' is not in ROWS", 7),
        ("    y r 2", "    y r two", "'two' is not a number", 7),
        ("    y r 2", "    y r 2 r 3", "two entries", 7),
        ("    y r 2", "    y r 2\n    x c 3", "comes back", 8),
        ("    y r 2", "    y r", "one or two pairs", 7),
        (" L r\n", " L r\n G r\n", "declared twice", 5),
        (" L r\n", " K r\n", "none of N, L, G, E", 4),
        ("    RHS r 4", "    RHS r nan", "nan", 9),
        ("    RHS r 4", "    RHS r 4 r 5", "two right-hand sides", 9),
        (" UP B x 3", " SC B z 3", "'z' is not in COLUMNS", 11),
        (" UP B x 3", " UP B x 3\nSOS\n S1 s\n x", "a line of SOS", 14),
        (" UP B x 3", " UP B x 3\nINDICATORS\n IF r x 1", "not binary", 13),
        (" UP B x 3", " UP B z 3", "'z' is not in COLUMNS", 11),
        (" UP B x 3", " ZZ B x 3", "none of UP", 11),
        (" UP B x 3", " UP B x three", "not a number", 11),
        ("BOUNDS", "QUADOBJ", "quadratic", 10),
        ("BOUNDS", "SOS1", "write SOS", 10),
        ("BOUNDS", "BOUND", "not a section", 10),
        ("ENDATA\n", "", "without ENDATA", 11),
        ("ROWS\n", "    x\nROWS\n", "outside of any section", 2),
    ];
    for (from, to, needle, line) in cases {
        assert_eq!(refused(mps(&base.replacen(from, to, 1)), needle), line, "{to}");
    }
    assert_eq!(refused(mps(""), "ENDATA"), 1);
    assert_eq!(refused(mps("NAME\nOBJSENSE\n    UP\n"), "MIN or MAX"), 3);
}

#[test]
fn lp_expressions_bounds_and_sections() {
    let model = lp("\\ a comment\nMaximize\n profit: 2x + 3.5 y\n   - z + 10 + 0 w + 0 b + 0 k \\ to the end\nSuch   That\n c1: x + y + x <= 4\n \
                    -2 <= x - y <= 8\n c3: 3 >= z\n c4: x + y >= -1e1 c5: - y - 2 = -3\n c6: 0 z <= 1\n c7: 0 <= 1\n c8: = +0\nBounds\n -inf <= x <= 5\n y free\n \
                    z >= -3 z <= 1e30\n w = 2\n -1 <= b\nGeneral\n z\nBinary\n b k\nend")
    .unwrap();
    assert_eq!(model.sense, Sense::Maximise);
    assert_eq!(model.offset, 10.0);
    let names: Vec<&str> = model.variables.iter().map(|var| var.name.as_str()).collect();
    assert_eq!(names, ["x", "y", "z", "w", "b", "k"]);
    assert_eq!(bounds(&model), [(-INF, 5.0), (-INF, INF), (-3.0, INF), (2.0, 2.0), (0.0, 1.0), (0.0, 1.0)]);
    let costs: Vec<f64> = model.variables.iter().map(|var| var.cost).collect();
    assert_eq!(costs, [2.0, 3.5, -1.0, 0.0, 0.0, 0.0]);
    let row_names: Vec<&str> = model.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(row_names, ["c1", "R2", "c3", "c4", "c5", "c6", "c7", "c8"]);
    assert_eq!(
        sides(&model),
        [(-INF, 4.0), (-2.0, 8.0), (-INF, 3.0), (-10.0, INF), (-1.0, -1.0), (-INF, 1.0), (-1.0, INF), (0.0, 0.0)]
    );
    assert_eq!(model.rows[0].terms, [(VarId(0), 2.0), (VarId(1), 1.0)], "repeated variables add up");
    assert!(model.rows[5].terms.is_empty() && model.rows[6].terms.is_empty());
    let kinds: Vec<bool> = model.variables.iter().map(|var| var.kind == VarKind::Integer).collect();
    assert_eq!(kinds, [false, false, true, false, true, true]);
}

#[test]
fn lp_binaries_keep_tighter_bounds() {
    let model = lp("min\n obj: -1 x1\nst\nbounds\n x1 = 0\nbin\n x1\ngen\nsemi\nend\n").unwrap();
    assert_eq!(bounds(&model), [(0.0, 0.0)]);
}

#[test]
fn lp_refusals_name_the_line() {
    let cases = [
        ("blah blah", "'minimize' or 'maximize'", 1),
        ("", "'minimize' or 'maximize'", 1),
        ("min\n x + [ y ^ 2 ] / 2\nst\nend", "quadratic", 2),
        ("min\n x\nst\n c: x + 3 * y >= 2\nend", "'*'", 4),
        ("min\n x\nst\n c: z = 1 -> x <= 3\nend", "'z', which is not binary", 4),
        ("min\n x\nst\n c: x >= 1 -> x <= 3\nend", "'->' follows", 4),
        ("min\n x\nst\n c: x >= y\nend", "left of the relation", 4),
        // What is missing is told where it is missed, not where the next word stands.
        ("min\n x\nst\n c: x >=\nend", "a number is missing", 4),
        ("min\n x\nst\n c: x >=\n\n\n d: x <= 1\nend", "a number is missing", 4),
        ("min\n x\nst\n c: x >= -\n", "file ends", 4),
        ("min\n x +\nst\n c: x >= 1\nend", "a number or a variable", 2),
        ("min\n x +\n\n", "file ends", 2),
        ("min\n x\nst\n c: x\n d: x >= 2\nend", "relation", 4),
        ("min\n x\nst\n c:\n\n + >= 2\nend", "a number or a variable", 6),
        ("min\n x\nst\nbounds\n 1 <=\n\ngeneral\n x\nend", "a variable is missing", 5),
        ("min\n x\nst\n c: x y\nend", "relation", 4),
        ("min\n x\nst\n c: x + <= 2\nend", "a number or a variable", 4),
        ("min\n x\nst\n c: 1 <= x <= 2 <= 3\nend", "third relation", 4),
        ("min\n x\nst\n c: x <= 1\n c: x >= 0\nend", "taken", 5),
        ("min\n x\nst\nbounds\n x\nend", "relation", 5),
        ("min\n x\nst\nsin\n x\nend", "under 'semi-continuous' and under 'general'", 4),
        ("min\n x\nst\nsos\n s1: S1 x:1\nend", "special ordered", 5),
        ("min\n 1e999 x\nst\nend", "largest float", 2),
        ("min\n x\nst\n c: x \u{7} <= 1\nend", "no meaning", 4),
        ("min\n x\nst\n c: x ≤ 1\nend", "write '<='", 4),
        ("min\n x\nst\n c: x − y >= 1\nend", "write '-'", 4),
        ("min\n x\nst\ngeneral\n 3\nend", "names", 5),
        ("min\n x\nmax\n y\nend", "second objective", 3),
        ("min\n x\nst\n c: x + 2 <= 10.5 + 3 x\nend", "one number stands there", 4),
        ("min\n x\nst\n c: x >= 0.1 + 0.2\n d: x >= 1\nend", "one number stands there", 4),
        ("min\n x\nst\n c: x >= 1\n - x\nend", "a relation", 5),
        // Headings of other programs are named.
        (
            "min\n x\nst\n c: x >= 1\nbounds\n x <= 3\nint\n x\nend",
            "'int' opens no section that is read: write 'generals'",
            7,
        ),
        (
            "min\n x\nst\n c: x >= 1\nLazy  Constraints \\ later\n d: x <= 3\nend",
            "'Lazy Constraints' opens no section",
            5,
        ),
        ("min\n x\nsubject to:\n c: x >= 1\nend", "write 'subject to' without the colon", 3),
        ("min\n x\nst :\n c: x >= 1\nend", "write 'st' without the colon", 3),
        // Where they are names, they stay names.
        ("min\n x + int\nst\n c: x + \nint >= 1 y z\nend", "relation", 5),
    ];
    for (text, needle, line) in cases {
        assert_eq!(refused(lp(text), needle), line, "{text}");
    }
}

#[test]
fn solutions_of_all_styles() {
    let model = lp("min\n x + 2 y + 3 z\nst\n c: x + y + z >= 1\nend").unwrap();
    let path = Path::new("s.sol");
    let read = |text: &str| parse_solution(text, &model, path);
    assert_eq!(read("=obj= 5\nx 1\nz 1.5\n").unwrap(), [1.0, 0.0, 1.5]);
    assert_eq!(read("# Objective value = 5\ny 2\n").unwrap(), [0.0, 2.0, 0.0]);
    assert_eq!(read("solution status: optimal\nobjective value: 5\nx 1 \t(obj:1)\n").unwrap(), [1.0, 0.0, 0.0]);
    let highs = "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 1\n# Columns 3\nx 1\ny 0\nz 0\n# Rows 1\nc 1\n\n# Dual solution values\nNone\n";
    assert_eq!(read(highs).unwrap(), [1.0, 0.0, 0.0]);
    let x = [0.1, 1.0 / 3.0, -1e-30];
    assert_eq!(read(&to_solution(&model, &x, None)).unwrap(), x);
    for (text, line) in [("x 1\nq 2\n", 2), ("x one\n", 1), ("x\n", 1), ("x 1\nx 2\n", 2), ("x nan\n", 1)] {
        match read(text) {
            Err(Error::Parse { line: at, .. }) => assert_eq!(at, line, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn files_packed_and_not() {
    let folder = std::env::temp_dir().join(format!("heaviside-io-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let model = lp("max\n x + 2 y + 1\nst\n c: 1 <= x + y <= 3\nbounds\n y <= 2\ngeneral\n x\nend").unwrap();
    for name in ["a.mps", "a.mps.gz", "a.lp", "a.lp.gz", "noextension"] {
        let path = folder.join(name);
        write_model(&model, &path).unwrap();
        let packed = std::fs::read(&path).unwrap().starts_with(&[0x1f, 0x8b]);
        assert_eq!(packed, name.ends_with("gz"));
        assert_eq!(read_model(&path).unwrap(), model, "{name}");
    }
    let path = folder.join("x.sol.gz");
    write_solution(&path, &model, &[0.5, 2.0], None).unwrap();
    assert_eq!(read_solution(&path, &model).unwrap(), [0.5, 2.0]);
    std::fs::write(folder.join("broken.mps.gz"), [0x1f, 0x8b, 8, 0, 0, 1]).unwrap();
    assert!(matches!(read_model(&folder.join("broken.mps.gz")), Err(Error::Io { .. })));
    assert!(matches!(read_model(&folder.join("absent.mps")), Err(Error::Io { .. })));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What a float does not hold stands beside it, digit by digit, and is written again.
#[test]
fn digits_beyond_floats_are_kept() {
    let mps = |value: &str, range: &str| {
        mps(&format!("ROWS\n N c\n G r\nCOLUMNS\n x c 1 r {value}\nRHS\n R r 0.1\nRANGES\n R r {range}\nENDATA\n"))
            .unwrap()
    };
    assert!(mps("0.10", "0.5").decimals.is_empty());
    let model = mps("0.10000000000000001", "0.5");
    let entry = Datum::Entry(RowId(0), VarId(0));
    assert_eq!(model.rows[0].terms, [(VarId(0), 0.1)]);
    assert_eq!(model.decimals.data().collect::<Vec<_>>(), [entry]);
    assert_eq!(model.decimals.text(entry, 0.1), "10000000000000001/100000000000000000");
    // 0.1 + 0.2 in floats is another float than 0.3.
    let model = mps("1", "0.2");
    assert!(model.decimals.is_empty());
    assert_eq!(sides(&model), [(0.1, 0.3)]);
    let text = "min\n 0.1 x + 0.2 x\nst\n r: 0.1 x + 0.20000000000000000001 x - 1 >= 1.5\nbounds\n x <= 9007199254740993\nend\n";
    let model = lp(text).unwrap();
    assert_eq!(model.variables[0].cost, 0.3);
    assert_eq!(model.decimals.len(), 2);
    assert_eq!(lp(&to_lp(&model).unwrap()).unwrap(), model);
    assert_eq!(parse_mps(&to_mps(&model).unwrap(), Path::new("written")).unwrap(), model);
}

/// Sides of any size mean themselves, sums as well, and are written and read again; what floats cannot hold is refused.
#[test]
fn sides_beyond_what_counts_as_infinite_in_bounds() {
    let text = "min\n x\nst\n r: x + 1e300 >= -1e19\n s: -1e30 <= x + y <= 1e25\n t: -1.7e308 <= x <= 1.7e308\nend\n";
    let mut model = lp(text).unwrap();
    assert_eq!(sides(&model), [(-1e300, f64::INFINITY), (-1e30, 1e25), (-1.7e308, 1.7e308)]);
    assert_eq!(model.decimals.len(), 1, "1e300 + 1e19 has more digits than a float holds");
    assert_eq!(lp(&to_lp(&model).unwrap()).unwrap(), model);
    assert!(to_mps(&model).unwrap_err().to_string().contains("row 't'"), "no range is so wide");
    model.rows.pop();
    assert_eq!(parse_mps(&to_mps(&model).unwrap(), Path::new("written")).unwrap(), model);
    refused(lp("min\n x\nst\n r: x + 1e308 >= -1e308\nend\n"), "largest float");
    model.variables[1].upper = 1e25;
    for written in [to_lp(&model), to_mps(&model)] {
        assert!(written.unwrap_err().to_string().contains("column 'y'"), "it would read back as infinite");
    }
}

#[test]
fn writers_refuse_what_would_not_read_back() {
    let mut model = Model::new("t");
    model.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
    for name in ["2x", "free", "bounds", "inf", "a b", "", ".5", "st", "a+b"] {
        model.variables[0].name = name.into();
        assert!(matches!(to_lp(&model), Err(Error::Model { .. })), "{name}");
    }
    model.variables[0].name = "x".into();
    model.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
    assert!(to_mps(&model).is_err() && to_lp(&model).is_err(), "repeated names");
    model.variables[1].name = "y".into();
    let (lower, upper) = (-9_007_199_254_740_991.0, 9_007_199_254_740_990.0);
    model.add_row("r", lower, upper, [(VarId(0), 1.0)]);
    // No float is the width between these sides; a decimal is.
    assert_eq!(mps(&to_mps(&model).unwrap()).unwrap().rows, model.rows);
    assert_eq!(lp(&to_lp(&model).unwrap()).unwrap().rows, model.rows);
}

#[test]
#[ignore = "needs ../shared"]
fn shared_instances_have_the_published_sizes() {
    have_their_sizes(&support::shared("mps"));
}

#[test]
fn small_models_have_their_sizes() {
    have_their_sizes(&support::models());
}

/// Sizes as the table says them, and no change in a round trip.
fn have_their_sizes(folder: &Path) {
    for row in support::expected(folder) {
        let path = folder.join(&row.file);
        let result = read_model(&path);
        // In the table of readers that have no semi-continuous columns.
        if row.file == "semi-continuous.mps" {
            assert_eq!(result.unwrap().special.semi.len(), 1);
            continue;
        }
        // The two files with quadratic objectives are beyond a linear solver, which must say so.
        if row.kind == "bad" || row.file.starts_with("2821") {
            match result {
                Err(Error::Parse { path: named, line, message }) => {
                    assert!(named == path && line > 0 && !message.is_empty());
                    eprintln!("{}:{line}: {message}", row.file);
                }
                other => panic!("{}: {other:?}", row.file),
            }
            continue;
        }
        let model = result.unwrap_or_else(|error| panic!("{error}"));
        let rows = model.rows.iter().filter(|row| row.lower.is_finite() || row.upper.is_finite()).count();
        let integer = model.variables.iter().filter(|var| var.kind == VarKind::Integer).count();
        let sizes = format!("{rows} rows {} cols {integer} integer", model.num_vars());
        assert!(row.note.starts_with(&sizes), "{}: {sizes}, published {}", row.file, row.note);
        let again = parse_mps(&to_mps(&model).unwrap(), &path).unwrap();
        assert_eq!(again, model, "{}", row.file);
        if let Ok(text) = to_lp(&model) {
            let mut again = parse_lp(&text, &path).unwrap();
            again.name = model.name.clone();
            assert_eq!(again, model, "{}", row.file);
        }
    }
}

/// A number as models have them: often small and whole, sometimes anything finite.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-20i32..20).prop_map(f64::from),
        (-1e3..1e3f64),
        prop::num::f64::NORMAL.prop_filter("finite bounds, and ranges", |value| value.abs() < 1e20),
    ]
}

fn interval() -> impl Strategy<Value = (f64, f64)> {
    let sorted = (value(), value()).prop_map(|(a, b)| (a.min(b), a.max(b)));
    prop_oneof![
        Just((0.0, INF)),
        Just((0.0, 1.0)),
        Just((-INF, INF)),
        value().prop_map(|v| (v, v)),
        value().prop_map(|v| (v, INF)),
        value().prop_map(|v| (-INF, v)),
        sorted,
    ]
}

fn any_model() -> impl Strategy<Value = Model> {
    let name = "[a-df-zA-DF-Z_]([a-zA-Z0-9_(.#]|[(][)]){0,12}";
    let var = (name, interval(), value(), any::<bool>());
    let row = (interval(), prop::collection::vec((0u32..8, value()), 0..6));
    (prop::collection::vec(var, 1..8), prop::collection::vec(row, 0..8), any::<bool>(), value()).prop_map(
        |(vars, rows, maximise, offset)| {
            let mut model = Model::new("some name");
            model.sense = if maximise { Sense::Maximise } else { Sense::Minimise };
            model.offset = offset;
            for (j, (name, (lower, upper), cost, integer)) in vars.into_iter().enumerate() {
                let kind = if integer { VarKind::Integer } else { VarKind::Continuous };
                model.add_var(format!("{name}_{j}"), lower, upper, cost, kind);
            }
            let columns = model.num_vars() as u32;
            for (i, ((lower, upper), terms)) in rows.into_iter().enumerate() {
                let terms = terms.into_iter().map(|(j, value)| (VarId(j % columns), value));
                model.add_row(format!("row{i}"), lower, upper, terms);
            }
            // Sums of terms may be infinite or subnormal, which no file can hold.
            model.rows.iter_mut().for_each(|row| row.terms.retain(|(_, value)| value.is_normal()));
            model
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn lp_round_trip(model in any_model()) {
        let mut again = lp(&to_lp(&model).unwrap()).unwrap();
        again.name.clone_from(&model.name);
        prop_assert_eq!(again, model);
    }

    #[test]
    fn mps_round_trip(model in any_model()) {
        prop_assert_eq!(mps(&to_mps(&model).unwrap()).unwrap(), model);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "[ -~\n]{0,200}") {
        let _ = (mps(&text), lp(&text), lp(&format!("min\n{text}")));
    }

    /// Cutting, doubling or replacing a line of a good file gives an error or a model, never a panic.
    #[test]
    fn no_mutant_makes_a_reader_panic(model in any_model(), at in any::<prop::sample::Index>(), byte in 32u8..127) {
        for text in [to_lp(&model).unwrap_or_default(), to_mps(&model).unwrap_or_default()] {
            let mut bytes = text.into_bytes();
            if !bytes.is_empty() {
                let place = at.index(bytes.len());
                bytes[place] = byte;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let _ = (mps(&text), lp(&text));
                let _ = (mps(&text[..place]), lp(&text[..place]));
            }
        }
    }
}

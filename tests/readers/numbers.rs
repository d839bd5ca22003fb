//! The table of numbers: each as a coefficient, a constant, a bound and a side, in both formats.

use crate::Expect::{Reads, Refuses, Warns};
use crate::{Expect, Format, fault};

/// What a text is worth where it must be finite (and as the side of a row, unless it is a word), and as a bound, where decimals
/// from 1e20 on are infinite, with a warning; `None` for a refusal.
const NUMBERS: &[(&str, Option<&str>, Option<&str>)] = &[
    ("0", Some("0"), Some("0")),
    ("00", Some("0"), Some("0")),
    ("7", Some("7"), Some("7")),
    ("007", Some("7"), Some("7")),
    ("0.5", Some("1/2"), Some("1/2")),
    (".5", Some("1/2"), Some("1/2")),
    ("5.", Some("5"), Some("5")),
    ("1e3", Some("1000"), Some("1000")),
    ("1E+3", Some("1000"), Some("1000")),
    ("1e-3", Some("1/1000"), Some("1/1000")),
    ("1.e1", Some("10"), Some("10")),
    (".5e1", Some("5"), Some("5")),
    ("1e0003", Some("1000"), Some("1000")),
    ("0e0", Some("0"), Some("0")),
    ("0.0e-9", Some("0"), Some("0")),
    ("0e5000", Some("0"), Some("0")),
    ("0.1", Some("1/10"), Some("1/10")),
    ("0.10", Some("1/10"), Some("1/10")),
    ("0.1000000000000000000000000000", Some("1/10"), Some("1/10")),
    ("0.30000000000000004", Some("7500000000000001/25000000000000000"), Some("7500000000000001/25000000000000000")),
    // More digits than a float holds.
    ("0.10000000000000001", Some("10000000000000001/100000000000000000"), Some("10000000000000001/100000000000000000")),
    (
        "0.3333333333333333333",
        Some("3333333333333333333/10000000000000000000"),
        Some("3333333333333333333/10000000000000000000"),
    ),
    ("9007199254740993", Some("9007199254740993"), Some("9007199254740993")),
    ("9223372036854775807", Some("9223372036854775807"), Some("9223372036854775807")),
    ("9223372036854775808", Some("9223372036854775808"), Some("9223372036854775808")),
    ("12345678901234567890", Some("12345678901234567890"), Some("12345678901234567890")),
    (
        "1.00000000000000000001",
        Some("100000000000000000001/100000000000000000000"),
        Some("100000000000000000001/100000000000000000000"),
    ),
    // Near and beyond what counts as infinite in bounds.
    ("99999999999999991807", Some("99999999999999991807"), Some("99999999999999991807")),
    ("99999999999999991808", Some("99999999999999991808"), Some("inf")),
    ("99999999999999999999", Some("99999999999999999999"), Some("inf")),
    ("1e20", Some("100000000000000000000"), Some("inf")),
    ("1e21", Some("1000000000000000000000"), Some("inf")),
    ("1e400", None, Some("inf")),
    ("1e5000", None, Some("inf")),
    ("1e5001", None, None),
    ("1e99999999999999999999", None, None),
    ("inf", None, Some("inf")),
    ("Infinity", None, Some("inf")),
    ("INF", None, Some("inf")),
    // Nearer to 0 than floats get.
    ("1e-307", Some("1/1TENS307"), Some("1/1TENS307")),
    ("2e-308", None, None),
    ("1e-400", None, None),
    ("5e-324", None, None),
    ("1e-5001", None, None),
    // No numbers.
    ("nan", None, None),
    ("NaN", None, None),
    ("1,5", None, None),
    ("1.2.3", None, None),
    ("0x10", None, None),
    (".", None, None),
    ("1/3", None, None),
];

/// Spellings of MPS alone; in LP files the letter is the variable's.
const FORTRAN: &[(&str, Option<&str>, Option<&str>)] = &[
    ("1d3", Some("1000"), Some("1000")),
    ("1D+3", Some("1000"), Some("1000")),
    ("2.5d-1", Some("1/4"), Some("1/4")),
    ("1D", None, None),
    ("+5", Some("5"), Some("5")),
    ("+.5E+1", Some("5"), Some("5")),
    ("--5", None, None),
    ("+-5", None, None),
    ("-", None, None),
    ("1e", None, None),
    ("e5", None, None),
    ("1_000", None, None),
    ("0b1", None, None),
    ("1.5f", None, None),
    ("infinite", None, None),
    ("+inf", None, Some("inf")),
    ("五", None, None),
    ("١", None, None),
];

/// What it is worth as the side of a row.
fn of_row<'v>(text: &str, finite: &'v Option<String>, bound: &'v Option<String>) -> &'v Option<String> {
    if text.to_ascii_lowercase().contains("inf") { bound } else { finite }
}

/// The model of a bound: with a warning at its line, where a decimal counts as infinite.
fn of_bound<'v>(text: &str, model: &'v str, bound: &Option<String>, line: usize) -> Expect<'v> {
    let is_open = bound.as_deref() == Some("inf") && !text.to_ascii_lowercase().contains("inf");
    if is_open { Warns(model, line, "counts as infinity") } else { Reads(model) }
}

fn negative(value: &str) -> String {
    if value == "0" { value.to_owned() } else { format!("-{value}") }
}

#[test]
fn in_every_place_of_both_formats() {
    let long = format!("0.{}1", "0".repeat(120));
    let tens = "0".repeat(307);
    let (mut rows, mut faults) = (0, Vec::new());
    let mut hold = |format: Format, text: String, expect: Expect| {
        rows += 1;
        faults.extend(fault(format, &text, expect));
    };
    let owned = |value: &str| value.replace("TENS307", &tens);
    let mut all: Vec<(&str, Option<String>, Option<String>)> =
        NUMBERS.iter().map(|&(text, finite, side)| (text, finite.map(owned), side.map(owned))).collect();
    let tiny = format!("1/1{}", "0".repeat(121));
    all.push((&long, Some(tiny.clone()), Some(tiny)));
    for (text, finite, bound) in &all {
        let refused = Refuses(2, "");
        for (sign, finite) in [("", finite.clone()), ("- ", finite.as_deref().map(negative))] {
            let term = finite.as_deref().map(|value| if value == "0" { String::new() } else { format!("{value} x") });
            let model = term.map(|term| format!("{} |  | x [0, inf]", format!("min {term}").trim()));
            hold(Format::Lp, format!("min\n {sign}{text} x\nend"), model.as_deref().map_or(refused, Reads));
        }
        let place = |before: &str, value: &Option<String>| value.as_ref().map(|value| before.replace('?', value));
        let refused = Refuses(4, "");
        let side = of_row(text, finite, bound);
        let model = place("min 1 x | c [?, inf] 1 x | x [0, inf]", side).filter(|model| !model.contains("[inf"));
        hold(Format::Lp, format!("min\n x\nst\n c: x >= {text}\nend"), model.as_deref().map_or(refused, Reads));
        let model = place("min 1 x |  | x [-?, 0]", bound).map(|model| model.replace("[-0,", "[0,"));
        let expect = model.as_deref().map_or(refused, |model| of_bound(text, model, bound, 4));
        hold(Format::Lp, format!("min\n x\nbounds\n -{text} <= x <= 0\nend"), expect);
    }
    let fortran = FORTRAN.iter().map(|&(text, finite, side)| (text, finite.map(owned), side.map(owned)));
    for (text, finite, bound) in all.iter().cloned().chain(fortran) {
        let file = |cost: &str, upper: &str| {
            format!("NAME\nROWS\n N c\nCOLUMNS\n x c {cost}\nBOUNDS\n UP B x {upper}\nENDATA\n")
        };
        let cost = finite.as_deref().map(|value| if value == "0" { String::new() } else { format!(" {value} x") });
        let model = cost.map(|cost| format!("min{cost} |  | x [0, 1]"));
        hold(Format::Mps, file(text, "1"), model.as_deref().map_or(Refuses(5, ""), Reads));
        let model = bound.as_ref().map(|value| format!("min 1 x |  | x [0, {value}]"));
        let expect = model.as_deref().map_or(Refuses(7, ""), |model| of_bound(text, model, &bound, 7));
        hold(Format::Mps, file("1", text), expect);
        // As a right-hand side: of a row without terms, whose other side is open.
        let file = format!("NAME\nROWS\n N c\n L r\nCOLUMNS\n x c 1\nRHS\n B r {text}\nENDATA\n");
        let model =
            of_row(text, &finite, &bound).as_ref().map(|value| format!("min 1 x | r [-inf, {value}] | x [0, inf]"));
        hold(Format::Mps, file, model.as_deref().map_or(Refuses(8, ""), Reads));
    }
    assert!(faults.is_empty(), "{} of {rows}:\n{}", faults.len(), faults.join("\n"));
    assert!(rows > 300, "{rows}");
}

/// Sums are exact, and refused where no float comes near.
#[test]
fn sums() {
    let rows = [
        ("min\n 1.7e308 x + 1.7e308 x\nend", Refuses(2, "sum")),
        ("min\n 1.7e308 x - 1.7e308 x\nend", Reads("min |  | x [0, inf]")),
        (
            "min\n 1 x + 1e-300 x - 1 x\nend",
            Reads(concat!(
                "min 1/1",
                "000000000000000000000000000000000000000000000000000000000000",
                "000000000000000000000000000000000000000000000000000000000000",
                "000000000000000000000000000000000000000000000000000000000000",
                "000000000000000000000000000000000000000000000000000000000000",
                "000000000000000000000000000000000000000000000000000000000000",
                " x |  | x [0, inf]"
            )),
        ),
        ("min\n 3e-308 x - 2.9e-308 x\nend", Refuses(2, "sum")),
        ("min\n x + 9007199254740992 + 1\nend", Reads("min 1 x, 9007199254740993 |  | x [0, inf]")),
        ("min\n 9007199254740993 x - 9007199254740992 x\nend", Reads("min 1 x |  | x [0, inf]")),
        (
            "min\n x\nst\n c: x + 0.1 <= 0.30000000000000000001\nend",
            Reads("min 1 x | c [-inf, 20000000000000000001/100000000000000000000] 1 x | x [0, inf]"),
        ),
    ];
    for (text, expect) in rows {
        if let Some(fault) = fault(Format::Lp, text, expect) {
            panic!("{fault}");
        }
    }
}

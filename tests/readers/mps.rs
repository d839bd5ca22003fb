//! The table of the MPS format.

use crate::Expect::{Reads, Refuses, Warns};
use crate::{Expect, Format, hold};

const BASE: &str =
    "NAME t\nROWS\n N obj\n G r\nCOLUMNS\n x obj 1 r 1\n y r 2\nRHS\n RHS r 3\nBOUNDS\n UP BND x 4\nENDATA\n";
const MODEL: &str = "min 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]";

/// Changes of the base, each of one piece of text.
const CHANGES: &[(&str, &str, Expect)] = &[
    ("NAME t", "NAME t", Reads(MODEL)),
    ("NAME t\n", "", Reads(MODEL)),
    ("NAME t", "NAME", Reads(MODEL)),
    ("NAME t", "NAME a name with blanks", Reads(MODEL)),
    ("NAME t", "name t", Reads(MODEL)),
    ("NAME t", "* a comment\nNAME t", Reads(MODEL)),
    ("RHS\n", "*   RHS\n\n   \nRHS\n", Reads(MODEL)),
    ("ENDATA\n", "ENDATA", Reads(MODEL)),
    ("ENDATA\n", "ENDATA\n\nROWS\n rubbish", Warns(MODEL, 14, "not read")),
    ("ENDATA\n", "ENDATA\n* a comment\n\n", Reads(MODEL)),
    ("ENDATA\n", "endata\n", Reads(MODEL)),
    ("ENDATA\n", "", Refuses(11, "ENDATA")),
    ("ENDATA\n", " ENDATA\n", Refuses(12, "")),
    ("ROWS", "rows", Reads(MODEL)),
    ("COLUMNS", "Columns", Reads(MODEL)),
    ("RHS\n RHS", "rhs\n rhs", Reads(MODEL)),
    ("BOUNDS\n UP BND", "bounds\n up bnd", Reads(MODEL)),
    (" N obj\n G r", " n obj\n g r", Reads(MODEL)),
    ("ROWS", "BLOWS", Refuses(2, "BLOWS")),
    ("ROWS\n", "    x\nROWS\n", Refuses(2, "outside")),
    // Senses and objectives.
    ("ROWS", "OBJSENSE\n    MAX\nROWS", Reads("max 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    ("ROWS", "OBJSENSE MAX\nROWS", Reads("max 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    ("ROWS", "OBJSENSE\nMAXIMIZE\nROWS", Reads("max 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    ("ROWS", "OBJSENSE maximise\nROWS", Reads("max 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    ("ROWS", "objsense\n  Maximum\nROWS", Reads("max 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    ("ROWS", "OBJSENSE\n    MIN\nROWS", Reads(MODEL)),
    ("ROWS", "OBJSENSE MINIMIZE\nROWS", Reads(MODEL)),
    ("ROWS", "OBJSENSE\nROWS", Reads(MODEL)),
    ("ENDATA", "OBJSENSE MAX\nENDATA", Reads("max 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    ("ROWS", "OBJSENSE\n    UP\nROWS", Refuses(3, "UP")),
    ("ROWS", "OBJSENSE SIDEWAYS\nROWS", Refuses(2, "SIDEWAYS")),
    ("ROWS", "OBJSENSE MAX\n MIN\nROWS", Refuses(3, "twice")),
    (
        "ROWS\n N obj",
        "OBJNAME\n cost\nROWS\n N obj\n N cost",
        Reads("min | obj [-inf, inf] 1 x; r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]"),
    ),
    (
        "ROWS\n N obj",
        "OBJNAME cost\nROWS\n N cost\n N obj",
        Reads("min | obj [-inf, inf] 1 x; r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]"),
    ),
    ("ROWS", "OBJNAME\n    obj\nROWS", Reads(MODEL)),
    ("ROWS", "objname obj\nROWS", Reads(MODEL)),
    ("ROWS", "OBJNAME\nROWS", Reads(MODEL)),
    ("ROWS", "OBJNAME r\nROWS", Refuses(2, "'r'")),
    ("ROWS", "OBJNAME\n nowhere\nROWS", Refuses(3, "nowhere")),
    ("COLUMNS", "OBJNAME obj\nCOLUMNS", Refuses(5, "before ROWS")),
    ("ROWS", "OBJNAME obj\n cost\nROWS", Refuses(3, "twice")),
    (
        " N obj\n",
        " N obj\n N other\n",
        Reads("min 1 x | other [-inf, inf]; r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]"),
    ),
    // No objective at all.
    (
        " N obj\n G r",
        " L obj\n G r",
        Warns("min | obj [-inf, 0] 1 x; r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]", 2, "N row"),
    ),
    (" RHS r 3", " RHS r 3 obj 7", Reads("min 1 x, -7 | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" RHS r 3", " RHS obj -0.1\n RHS r 3", Reads("min 1 x, 1/10 | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" RHS r 3", " RHS obj inf", Refuses(9, "inf")),
    // Rows.
    (" G r", " K r", Refuses(4, "K")),
    (" G r", " G r\n L r", Refuses(5, "twice")),
    (" G r", " G", Refuses(4, "")),
    (" G r", " L r", Reads("min 1 x | r [-inf, 3] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" G r", " E r", Reads("min 1 x | r [3, 3] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" G r", " N r", Warns("min 1 x | r [-inf, inf] 1 x, 2 y | x [0, 4]; y [0, inf]", 9, "'r'")),
    (" G r", " G r\n E empty", Reads("min 1 x | r [3, inf] 1 x, 2 y; empty [0, 0] | x [0, 4]; y [0, inf]")),
    // Columns.
    (" y r 2", " y r 2 obj 3", Reads("min 1 x, 3 y | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" y r 2", " y r 2\n y obj 3", Reads("min 1 x, 3 y | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" y r 2", " y r 0", Reads("min 1 x | r [3, inf] 1 x | x [0, 4]; y [0, inf]")),
    (" y r 2", " Y r 2", Reads("min 1 x | r [3, inf] 1 x, 2 Y | x [0, 4]; Y [0, inf]")),
    (" y r 2", "\ty\tr\t2", Reads(MODEL)),
    (" y r 2", " y R 2", Refuses(7, "R")),
    (" y r 2", " y q 2", Refuses(7, "'q'")),
    (" y r 2", " y r 2 r 3", Refuses(7, "two entries")),
    (" y r 2", " y r 2\n y r 3", Refuses(8, "two entries")),
    (" y r 2", " y r 2\n x obj 3", Refuses(8, "'x'")),
    (" y r 2", " y r", Refuses(7, "")),
    (" y r 2", " y", Refuses(7, "")),
    (" y r 2", " y r 2 obj", Refuses(7, "")),
    (" y r 2", " y r 2 obj 1 r 3 obj 4", Refuses(7, "")),
    (" y r 2", " y r two", Refuses(7, "two")),
    (" y r 2", " y r nan", Refuses(7, "nan")),
    (" y r 2", " y r inf", Refuses(7, "inf")),
    // Integer blocks.
    (
        " y r 2",
        " M 'MARKER' 'INTORG'\n y r 2\n M 'MARKER' 'INTEND'",
        Warns("min 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y Z [0, 1]", 8, "0 or 1"),
    ),
    (
        " y r 2",
        " m 'marker' 'intorg'\n y r 2\n m 'marker' 'intend'",
        Warns("min 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y Z [0, 1]", 8, "0 or 1"),
    ),
    (
        " y r 2\nRHS\n RHS r 3\nBOUNDS",
        " M 'MARKER' 'INTORG'\n y r 2\nRHS\n RHS r 3\nBOUNDS\n BV BND y",
        Warns("min 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y Z [0, 1]", 7, "not closed"),
    ),
    // A bound says that it is meant.
    (
        " y r 2\nRHS\n RHS r 3\nBOUNDS",
        " M 'MARKER' 'INTORG'\n y r 2\n M 'MARKER' 'INTEND'\nRHS\n RHS r 3\nBOUNDS\n PL BND y",
        Reads("min 1 x | r [3, inf] 1 x, 2 y | x [0, 4]; y Z [0, inf]"),
    ),
    (" y r 2", " M 'MARKER' 'INTEND'\n y r 2", Warns(MODEL, 7, "closes nothing")),
    (" y r 2", " M 'MARKER' 'INTORK'\n y r 2", Refuses(7, "INTORK")),
    (" y r 2", " M 'MARKER' 'SOSORG'\n y r 2", Refuses(7, "SOSORG")),
    // Right-hand sides.
    (" RHS r 3", " r 3", Reads(MODEL)),
    (" RHS r 3", "", Reads("min 1 x | r [0, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (" RHS r 3", " RHS r -3", Reads("min 1 x | r [-3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]")),
    (
        " RHS r 3",
        " RHS r -1e30",
        Reads("min 1 x | r [-1000000000000000000000000000000, inf] 1 x, 2 y | x [0, 4]; y [0, inf]"),
    ),
    (
        " RHS r 3",
        " RHS r 1e30",
        Reads("min 1 x | r [1000000000000000000000000000000, inf] 1 x, 2 y | x [0, 4]; y [0, inf]"),
    ),
    (" RHS r 3", " RHS r 1e309", Refuses(9, "")),
    (" RHS r 3", " RHS r 3 r 4", Refuses(9, "'r'")),
    (" RHS r 3", " RHS r 3\n RHS r 3", Refuses(10, "'r'")),
    (
        " RHS r 3",
        " RHS r 3\n SECOND obj 3",
        Warns("min 1 x, -3 | r [3, inf] 1 x, 2 y | x [0, 4]; y [0, inf]", 10, "SECOND"),
    ),
    (" RHS r 3", " RHS q 3", Refuses(9, "'q'")),
    (" RHS r 3", " RHS", Refuses(9, "")),
    (" RHS r 3", " RHS r three", Refuses(9, "three")),
    (" RHS r 3", " RHS r nan", Refuses(9, "nan")),
    // Comments behind `$`.
    (" G r", " G r   $ floor", Reads(MODEL)),
    (" y r 2", " y r 2 $ a comment of any length", Reads(MODEL)),
    (" y r 2", " y r 2 $", Reads(MODEL)),
    (" RHS r 3", " RHS r 3 $side", Reads(MODEL)),
    (" RHS r 3", " r 3 $ side", Reads(MODEL)),
    (" UP BND x 4", " UP BND x 4 $ top", Reads(MODEL)),
    (" UP BND x 4", " UP x 4 $ top", Reads(MODEL)),
    (" UP BND x 4", " FR BND x $ free", Reads("min 1 x | r [3, inf] 1 x, 2 y | x [-inf, inf]; y [0, inf]")),
    (" G r", " G r\n L $r", Reads("min 1 x | r [3, inf] 1 x, 2 y; $r [-inf, 0] | x [0, 4]; y [0, inf]")),
    (
        " G r\nCOLUMNS\n x obj 1 r 1",
        " G r\n L $r\nCOLUMNS\n x obj 1 $r 5\n x r 1",
        Reads("min 1 x | r [3, inf] 1 x, 2 y; $r [-inf, 0] 5 x | x [0, 4]; y [0, inf]"),
    ),
    (" y r 2", " $y r 2", Reads("min 1 x | r [3, inf] 1 x, 2 $y | x [0, 4]; $y [0, inf]")),
    (" y r 2", " y r $ 2", Refuses(7, "")),
    // Sections beyond linear models.
    ("BOUNDS", "QUADOBJ\n x x 1\nBOUNDS", Refuses(10, "QUADOBJ")),
    ("BOUNDS", "QSECTION obj\nBOUNDS", Refuses(10, "QSECTION")),
    ("BOUNDS", "SOS1\nBOUNDS", Refuses(10, "SOS1")),
    ("BOUNDS", "BOUND", Refuses(10, "BOUND")),
    // What is no text.
    ("NAME t", "NAME t\0", Refuses(1, "NUL")),
];

#[test]
fn changes() {
    let rows: Vec<(String, Expect)> = CHANGES
        .iter()
        .map(|(from, to, expect)| {
            assert!(BASE.contains(from), "{from}");
            (BASE.replacen(from, to, 1), *expect)
        })
        .collect();
    hold(Format::Mps, &rows);
    hold(
        Format::Mps,
        &[("", Refuses(1, "ENDATA")), ("min\n x\nend", Refuses(1, "min")), ("ENDATA", Warns("min |  |", 1, "N row"))],
    );
}

/// Lines of BOUNDS for the column `x`, and what becomes of it.
const BOUNDS: &[(&str, Expect)] = &[
    (" UP B x 4", Reads("x [0, 4]")),
    (" UP x 4", Reads("x [0, 4]")),
    (" up B x 4", Reads("x [0, 4]")),
    (" UP B x 0", Reads("x [0, 0]")),
    (" UP B x -1", Warns("x [-inf, -1]", 8, "'x'")),
    (" UP B x -1\n LO B x 0", Reads("x [0, -1]")),
    (" LO B x 0\n UP B x -1", Reads("x [0, -1]")),
    (" LO B x -5\n UP B x -1", Reads("x [-5, -1]")),
    (" MI B x\n UP B x -1", Reads("x [-inf, -1]")),
    (" UP B x -1\n UP B x 5", Reads("x [0, 5]")),
    (" UP B x -0", Reads("x [0, 0]")),
    (" UP B x inf", Reads("x [0, inf]")),
    (" UP B x 1e20", Warns("x [0, inf]", 8, "counts as infinity")),
    (" UP B x 99999999999999999999.9", Warns("x [0, inf]", 8, "counts as infinity")),
    (" UP B x 99999999999999990000", Reads("x [0, 99999999999999990000]")),
    (" LO B x -3", Reads("x [-3, inf]")),
    (" LO B x -1e20", Warns("x [-inf, inf]", 8, "counts as infinity")),
    (" LO B x -1e30\n UP B x 1e30", Warns("x [-inf, inf]", 8, "one further bound")),
    (" FX B x 2.5", Reads("x [5/2, 5/2]")),
    (" FX B x -2", Reads("x [-2, -2]")),
    (" FR B x", Reads("x [-inf, inf]")),
    (" FR x", Reads("x [-inf, inf]")),
    (" FR B x 0", Reads("x [-inf, inf]")),
    (" FR B x -1e30", Reads("x [-inf, inf]")),
    (" FR B x y", Refuses(8, "y")),
    (" MI x y", Refuses(8, "y")),
    (" BV B x yes", Refuses(8, "yes")),
    (" UP B x infty", Refuses(8, "infty")),
    (" FR B x\n UP B x 4", Reads("x [-inf, 4]")),
    (" UP B x 4\n FR B x", Reads("x [-inf, inf]")),
    (" MI B x", Reads("x [-inf, inf]")),
    (" MI B x 7", Reads("x [-inf, inf]")),
    (" MI x", Reads("x [-inf, inf]")),
    (" PL B x", Reads("x [0, inf]")),
    (" BV B x", Reads("x Z [0, 1]")),
    (" BV B x 1", Reads("x Z [0, 1]")),
    (" BV B x\n UP B x 5", Reads("x Z [0, 5]")),
    (" LI B x 2", Reads("x Z [2, inf]")),
    (" UI B x 7", Reads("x Z [0, 7]")),
    (" UI B x -7", Warns("x Z [-inf, -7]", 8, "'x'")),
    (" LO B x 5\n UP B x 3", Reads("x [5, 3]")),
    (" UP B x 4\n UP C x 5", Warns("x [0, 5]", 9, "'C'")),
    (" LO B x 1e20", Refuses(8, "met")),
    (" UP B x -inf", Refuses(8, "met")),
    (" FX B x inf", Refuses(8, "met")),
    (" UP B x", Refuses(8, "")),
    (" UP B z 4", Refuses(8, "'z'")),
    (" FR B z", Refuses(8, "")),
    (" UP B x four", Refuses(8, "four")),
    (" UP B x nan", Refuses(8, "nan")),
    (" UP B X 4", Refuses(8, "'X'")),
    (" LO B x 1\n SC B x 4", Reads("x S [1, 4]")),
    (" ZZ B x 4", Refuses(8, "ZZ")),
    (" UP", Refuses(8, "")),
];

#[test]
fn bounds() {
    let rows: Vec<(String, Expect, String)> = BOUNDS
        .iter()
        .map(|(lines, expect)| {
            let model = match expect {
                Reads(column) | Warns(column, ..) => format!("min 1 x |  | {column}"),
                Refuses(..) => String::new(),
            };
            (format!("NAME\nROWS\n N c\nCOLUMNS\n x c 1\nRHS\nBOUNDS\n{lines}\nENDATA\n"), *expect, model)
        })
        .collect();
    let rows: Vec<(&str, Expect)> = rows
        .iter()
        .map(|(text, expect, model)| match *expect {
            Reads(_) => (text.as_str(), Reads(model)),
            Warns(_, line, word) => (text.as_str(), Warns(model, line, word)),
            refuses @ Refuses(..) => (text.as_str(), refuses),
        })
        .collect();
    hold(Format::Mps, &rows);
}

/// Type of the row, right-hand side, range, and the sides.
const RANGES: &[(&str, &str, &str, &str)] = &[
    ("L", "4", "3", "[1, 4]"),
    ("L", "4", "-3", "[1, 4]"),
    ("G", "4", "3", "[4, 7]"),
    ("G", "4", "-3", "[4, 7]"),
    ("E", "4", "3", "[4, 7]"),
    ("E", "4", "-3", "[1, 4]"),
    ("E", "4", "0", "[4, 4]"),
    ("L", "4", "0", "[4, 4]"),
    ("G", "4", "0", "[4, 4]"),
    ("L", "-4", "3", "[-7, -4]"),
    ("G", "-4", "3", "[-4, -1]"),
    ("E", "-4", "-3", "[-7, -4]"),
    ("E", "-4", "3", "[-4, -1]"),
    ("L", "0.1", "0.2", "[-1/10, 1/10]"),
    ("G", "0.1", "0.2", "[1/10, 3/10]"),
    ("L", "4", "inf", "[-inf, 4]"),
    ("G", "4", "-inf", "[4, inf]"),
    ("E", "4", "inf", "[4, inf]"),
    ("E", "4", "-inf", "[-inf, 4]"),
    ("G", "9e19", "9e19", "[90000000000000000000, 180000000000000000000]"),
    ("L", "-9e19", "9e19", "[-180000000000000000000, -90000000000000000000]"),
    ("G", "1", "1e-20", "[1, 100000000000000000001/100000000000000000000]"),
    ("L", "inf", "3", "refused"),
    ("G", "-inf", "3", "refused"),
    ("E", "inf", "0", "refused"),
];

#[test]
fn ranges() {
    for (kind, right, range, sides) in RANGES {
        let text = format!(
            "NAME\nROWS\n N c\n {kind} r\nCOLUMNS\n x c 1 r 1\nRHS\n R r {right}\nRANGES\n R r {range}\nENDATA\n"
        );
        let model = format!("min 1 x | r {sides} 1 x | x [0, inf]");
        hold(Format::Mps, &[(text, if *sides == "refused" { Refuses(10, "'r'") } else { Reads(&model) })]);
    }
    let text = "NAME\nROWS\n N c\n G r\nCOLUMNS\n x c 1 r 1\nRANGES\n R c 3\nENDATA\n";
    hold(Format::Mps, &[(text, Refuses(8, "'c'")), (&text.replace("R c 3", "R r x"), Refuses(8, "'x'"))]);
}

/// Names with blanks need the fixed columns.
const CARDS: &str = "\
NAME          BLANKS
ROWS
 N  TOT COST
 L  CAP A
 G  MIN B
COLUMNS
    PLANT 1   TOT COST           2.0   CAP A              1.0
    PLANT 1   MIN B              1.0
    PLANT 2   TOT COST           3.0   CAP A              1.0
    PLANT 2   MIN B              1.0
RHS
    SET ONE   CAP A             10.0   MIN B              4.0
BOUNDS
 UP BD ONE    PLANT 1            3.0
ENDATA
";
const CARDS_MODEL: &str = "min 2 PLANT 1, 3 PLANT 2 | CAP A [-inf, 10] 1 PLANT 1, 1 PLANT 2; \
                           MIN B [4, inf] 1 PLANT 1, 1 PLANT 2 | PLANT 1 [0, 3]; PLANT 2 [0, inf]";

#[test]
fn fixed_columns() {
    let integer = CARDS
        .replace("COLUMNS\n", "COLUMNS\n    MARKER                 'MARKER'                 'INTORG'\n")
        .replace("RHS\n", "    MARKER                 'MARKER'                 'INTEND'\nRHS\n");
    let integer_model = CARDS_MODEL.replace("PLANT 1 [0, 3]; PLANT 2 [0, inf]", "PLANT 1 Z [0, 3]; PLANT 2 Z [0, 1]");
    let free = CARDS_MODEL.replace(" | PLANT 1 [", "; TOT WEIGHT [-inf, inf] | PLANT 1 [");
    hold(
        Format::Mps,
        &[
            (CARDS, Reads(CARDS_MODEL)),
            (&CARDS.replace('\n', "\r\n"), Reads(CARDS_MODEL)),
            (&CARDS.replace('\n', "\r"), Reads(CARDS_MODEL)),
            (&CARDS.replace("ROWS", "rows").replace("BOUNDS", "bounds"), Reads(CARDS_MODEL)),
            (&CARDS.replace(" L  CAP A", " L  CAP A     $ a comment"), Reads(CARDS_MODEL)),
            (&CARDS.replace("             3.0", "             3.0   $ a comment"), Reads(CARDS_MODEL)),
            (&CARDS.replace("            3.0\n", "            3.0 $ no column of its own\n"), Reads(CARDS_MODEL)),
            (
                &CARDS.replace("MIN B              4.0", "MIN B              4.0000000000000000000000"),
                Reads(CARDS_MODEL),
            ),
            (&integer, Warns(&integer_model, 10, "0 or 1")),
            (&CARDS.replace("PLANT 2   MIN B ", "PLANT 2   MIN C "), Refuses(10, "MIN C")),
            (&CARDS.replace("UP BD ONE    PLANT 1", "UP BD ONE    PLANT 3"), Refuses(14, "PLANT 3")),
            (&CARDS.replace(" G  MIN B\n", " G  MIN B\n N  TOT WEIGHT\n"), Reads(&free)),
        ],
    );
}

/// Several things are wrong that the whole file tells: the first is named, whatever row it is of.
#[test]
fn first_faults() {
    let text = |front: &str, back: &str| {
        format!("NAME t\n{front}ROWS\n N obj\n G r\n G s\nCOLUMNS\n x obj 1 r 1\n y s 1\nRHS\n{back}ENDATA\n")
    };
    let infinite = " s inf\n r inf\n";
    let conditions = " r 1\nINDICATORS\n IF s y 1\n IF r x 1\n";
    hold(
        Format::Mps,
        &[
            (text("", infinite), Refuses(10, "'s'")),
            (text("OBJNAME none\n", infinite), Refuses(2, "none")),
            (text("OBJNAME none\n", conditions), Refuses(2, "none")),
            (text("", conditions), Refuses(12, "'y'")),
            (text("", &format!("{conditions}RHS\n s inf\n")), Refuses(12, "'y'")),
            (text("", &format!(" s inf\n{conditions}")), Refuses(10, "'s'")),
            // The reading that comes to the end knows more than one that does not.
            (text("", &format!("{infinite}BOUNDS\n UP BND x 4\n")), Refuses(10, "'s'")),
        ],
    );
}

#[test]
fn dress() {
    let texts = [
        BASE.replace('\n', "\r\n"),
        BASE.replace('\n', "\r"),
        BASE.replace('\n', "\n\n"),
        format!("\u{feff}{BASE}"),
        format!("\u{feff}* first a comment\r{}", BASE.replace('\n', "\r")),
        BASE.replace("COLUMNS", "\u{c}COLUMNS"),
        BASE.replace('\n', " \u{c}\n"),
        BASE.replace(' ', "\t"),
        BASE.replace(' ', "   "),
        BASE.replace(' ', "\u{a0}"),
        BASE.trim_end().to_owned(),
        format!("{BASE}\u{1a}"),
    ];
    hold(Format::Mps, &texts.map(|text| (text, Reads(MODEL))));
}

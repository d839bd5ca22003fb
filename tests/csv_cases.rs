//! The data format, case by case: one table that both readers are held to, the one that trains (`bdnn::data`) and the one
//! that checks (`checker::network`); and tables made at random, which both must read alike or both refuse.

use bdnn::data::{Header, OneHot, ReadOptions, SampleOptions, Schema};
use bdnn::model::{Claim, Provenance};
use bdnn::{Architecture, Dataset, Layer, Loss, Model, Network, Sample, Scaler, Scaling, Status, WeightDomain};
use checker::Source;
use checker::network::{Options, Report, check};
use proptest::prelude::*;

/// What a file must be read as.
enum Expected {
    /// Header or not, names of the features, rows with their classes, rows left out.
    Table(bool, &'static [&'static str], &'static [(&'static [f64], &'static str)], usize),
    /// Refused by every reader with these words (of the reader that trains), here for a model with features a and b.
    Refused(&'static str),
}
use Expected::{Refused, Table};

/// A file and how it is asked to be read.
struct Case {
    name: &'static str,
    text: &'static [u8],
    header: Header,
    drop_missing: bool,
    label: Option<&'static str>,
    expected: Expected,
}

const fn case(name: &'static str, text: &'static [u8], expected: Expected) -> Case {
    Case { name, text, header: Header::Auto, drop_missing: false, label: None, expected }
}

const fn with(case: Case, header: Header) -> Case {
    Case { header, ..case }
}

const fn dropping(case: Case) -> Case {
    Case { drop_missing: true, ..case }
}

const fn labelled(case: Case, label: &'static str) -> Case {
    Case { label: Some(label), ..case }
}

const AB: &[&str] = &["a", "b"];
const X: &[&str] = &["x1", "x2"];
/// The table of most cases.
const PQ: &[(&[f64], &str)] = &[(&[1.0, 5.0], "p"), (&[2.0, 6.0], "q")];
/// A file of several rows that every header above it has to be told from.
const LONE: &[(&[f64], &str)] = &[(&[1.0, 2.0], "p"), (&[2.0, 1.0], "q"), (&[3.0, 3.0], "q"), (&[2.0, 2.0], "p")];

/// The same below a point whose class is its own.
const ALIEN: &[(&[f64], &str)] = &[(&[9.5, 1.0], "r"), LONE[0], LONE[1], LONE[2], LONE[3]];

/// And below one that lies among them.
const WITHIN: &[(&[f64], &str)] = &[(&[2.5, 1.5], "r"), LONE[0], LONE[1], LONE[2], LONE[3]];

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Dress.
    case("plain", b"a,b,y\n1,5,p\n2,6,q\n", Table(true, AB, PQ, 0)),
    case("no line end at the end", b"a,b,y\n1,5,p\n2,6,q", Table(true, AB, PQ, 0)),
    case("CRLF", b"a,b,y\r\n1,5,p\r\n2,6,q\r\n", Table(true, AB, PQ, 0)),
    case("CR alone", b"a,b,y\r1,5,p\r2,6,q\r", Table(true, AB, PQ, 0)),
    case("mixed line ends, blank lines", b"\n\r\na,b,y\r1,5,p\n\n \n2,6,q\r\n\r\n", Table(true, AB, PQ, 0)),
    case("byte order mark", b"\xef\xbb\xbfa,b,y\n1,5,p\n2,6,q\n", Table(true, AB, PQ, 0)),
    case("mark before a quote", b"\xef\xbb\xbf\"a\",b,y\n1,5,p\n2,6,q\n", Table(true, AB, PQ, 0)),
    case("semicolons", b"a;b;y\n1;5;p\n2;6;q\n", Table(true, AB, PQ, 0)),
    case("tabs", b"a\tb\ty\n1\t5\tp\n2\t6\tq\n", Table(true, AB, PQ, 0)),
    case("blanks around cells", b"a , b\t, y\n 1,  5 ,p \n2 ,\t6, q\n", Table(true, AB, PQ, 0)),
    case("blanks around quotes", b"\"a\" , \"b\",\t\"y\" \n1, \"5\" ,p\n2,6, \"q\"\n", Table(true, AB, PQ, 0)),
    case("blanks in quotes", b"a,b,y\n1,\" 5 \",p\n2,6,\" q \"\n", Table(true, AB, PQ, 0)),
    case("quoted delimiter", b"\"a, b\",y\n1,\"p, q\"\n2,r\n", Table(true, &["a, b"], &[(&[1.0], "p, q"), (&[2.0], "r")], 0)),
    case("doubled quotes", b"\"the \"\"a\"\"\",y\n1,p\n2,\"\"\"q\"\"\"\n", Table(true, &["the \"a\""], &[(&[1.0], "p"), (&[2.0], "\"q\"")], 0)),
    case("quote in the middle", b"5\" pipe,y\n1,p\"q\n2,r\n", Table(true, &["5\" pipe"], &[(&[1.0], "p\"q"), (&[2.0], "r")], 0)),
    case("quoted line ends", b"\"a\r\nb\",y\n1,\"p\rq\"\n2,r\n", Table(true, &["a\nb"], &[(&[1.0], "p\nq"), (&[2.0], "r")], 0)),
    case("names in other scripts", "\u{3b1},\u{3b2},y\n1,5,p\n2,6,q\n".as_bytes(), Table(true, &["\u{3b1}", "\u{3b2}"], PQ, 0)),
    case("no-break spaces", "a,b,y\n\u{a0}1,5\u{a0},p\n2,6,q\u{a0}\n".as_bytes(), Table(true, AB, PQ, 0)),
    // Trailing delimiters.
    case("trailing delimiter", b"a,b,y,\n1,5,p,\n2,6,q,\n", Table(true, AB, PQ, 0)),
    case("trailing delimiters without header", b"1;5;p;;\n2;6;q;;\n", Table(false, X, PQ, 0)),
    case("trailing delimiter, blanks", b"a,b,y, \n1,5,p,\n2,6,q,\t\n", Table(true, AB, PQ, 0)),
    case("trailing delimiter below a header without", b"a,b,y\n1,5,p,\n2,6,q,\n", Refused("3")),
    case("trailing delimiter of the header alone", b"a,b,y,\n1,5,p\n2,6,q\n", Refused("data.csv:2: 3 columns where the first line has 4")),
    // Headers.
    case("text is a header", b"b,a,y\n1,5,p\n2,6,q\n", Table(true, &["b", "a"], PQ, 0)),
    case("numbers are none", b"1,5,p\n2,6,q\n", Table(false, X, PQ, 0)),
    case("a nameless column", b"a,,y\n1,5,p\n2,6,q\n", Table(true, &["a", "x2"], PQ, 0)),
    case("a name twice", b"a,a,y\n1,5,p\n2,6,q\n", Refused("two columns are called \"a\"")),
    case("a made name twice", b"x2,,y\n1,5,p\n2,6,q\n", Refused("two columns are called \"x2\"")),
    case("numbered columns", b"0,1,2\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Table(true, &["0", "1"], LONE, 0)),
    case("numbered from one", b"1,2,3\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Table(true, &["1", "2"], LONE, 0)),
    case("numbered columns above fractions", b"0,1,2\n0.5,5,0\n2,6,1\n3,6,1\n", Table(true, &["0", "1"], &[(&[0.5, 5.0], "0"), (&[2.0, 6.0], "1"), (&[3.0, 6.0], "1")], 0)),
    case("numbered columns above too few of them", b"0,1,2\n0.5,5.5,0\n0.2,6.5,1\n", Refused("the first row (0, 1, 2) may be a header or a point")),
    case("numbered columns above whole numbers", b"0,1,2\n1,5,0\n2,6,1\n3,7,0\n", Refused("the first row (0, 1, 2) may be a header or a point")),
    case("rows that count on", b"1,2,3\n4,5,6\n7,8,9\n10,11,12\n", Refused("the first row (1, 2, 3) may be a header or a point; say which with --header yes or --header no")),
    with(case("rows that count on, all points", b"1,2,3\n4,5,6\n7,8,9\n", Table(false, X, &[(&[1.0, 2.0], "3"), (&[4.0, 5.0], "6"), (&[7.0, 8.0], "9")], 0)), Header::No),
    case("numbered columns or a point", b"0,1,2\n0.1,5,2\n0.2,6,1\n", Refused("data.csv:1: the first row (0, 1, 2) may be a header or a point; say which with --header yes or --header no")),
    with(case("numbered columns, said so", b"0,1,2\n0.1,5,2\n0.2,6,1\n", Table(true, &["0", "1"], &[(&[0.1, 5.0], "2"), (&[0.2, 6.0], "1")], 0)), Header::Yes),
    with(case("a point of small numbers", b"0,1,2\n0.1,5,2\n0.2,6,1\n", Table(false, X, &[(&[0.0, 1.0], "2"), (&[0.1, 5.0], "2"), (&[0.2, 6.0], "1")], 0)), Header::No),
    case("an index above numbered columns", b",0,1\n0,5,p\n1,6,q\n", Table(true, &["x1", "0"], &[(&[0.0, 5.0], "p"), (&[1.0, 6.0], "q")], 0)),
    case("one feature", b"0,1\n1,0\n", Table(false, &["x1"], &[(&[0.0], "1"), (&[1.0], "0")], 0)),
    case("one numbered feature", b"0,1\n0.5,0\n0.25,1\n", Refused("may be a header or a point")),
    case("a target above numbers", b"0,1,target\n4,7,1\n5,6,0\n", Table(true, &["0", "1"], &[(&[4.0, 7.0], "1"), (&[5.0, 6.0], "0")], 0)),
    case("years", b"2020,2021,label\n1,2,p\n2,1,q\n", Refused("may be a header or a point")),
    with(case("years, said so", b"2020,2021,label\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Table(true, &["2020", "2021"], LONE, 0)), Header::Yes),
    case("years of points", b"2020,2021,p\n2019,2022,p\n2022,2020,q\n", Table(false, X, &[(&[2020.0, 2021.0], "p"), (&[2019.0, 2022.0], "p"), (&[2022.0, 2020.0], "q")], 0)),
    case("stations", b"101,102,class\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Refused("may be a header or a point")),
    case("wavelengths above numbers", b"400.5,410.5,class\n0.1,0.2,0\n0.3,0.4,1\n", Table(true, &["400.5", "410.5"], &[(&[0.1, 0.2], "0"), (&[0.3, 0.4], "1")], 0)),
    case("decimals that do not name columns above numbers", b"0.5,0.5,class\n0.1,0.2,0\n0.3,0.4,1\n", Refused("the first row (0.5, 0.5, class) may be a header or a point")),
    case("a hole in a row above numbers", b"0.5,?,class\n0.1,0.2,0\n0.3,0.4,1\n", Refused("may be a header or a point")),
    case("wavelengths above text", b"400.5,410.5,class\n0.1,0.2,p\n0.3,0.4,q\n0.5,0.1,q\n0.2,0.2,p\n", Refused("may be a header or a point")),
    case("wavelengths above labels of two forms", b"400.5,410.5,k\n0.1,0.2,p\n0.3,0.4,7\n0.5,0.1,7.0\n0.2,0.2,p\n", Refused("may be a header or a point")),
    with(case("wavelengths, said so", b"400.5,410.5,class\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Table(true, &["400.5", "410.5"], LONE, 0)), Header::Yes),
    case("an index above wavelengths", b",400.5,class\n0,5,p\n1,6,q\n", Refused("may be a header or a point")),
    case("a first point within the others", b"2.5,1.5,r\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Table(false, X, WITHIN, 0)),
    case("a first point of its own class", b"9.5,1,r\n1,2,p\n2,1,q\n3,3,q\n2,2,p\n", Table(false, X, ALIEN, 0)),
    case("quoted numbers above numbers", b"\"7\",\"7.5\",\"9\"\n1,5,p\n2,6,q\n", Table(true, &["7", "7.5"], PQ, 0)),
    case("a quoted first point", b"\"1\",\"5\",\"p\"\n\"2\",\"6\",\"q\"\n", Table(false, X, PQ, 0)),
    case("number and text", b"a,7,y\n1,5,p\n2,6,q\n", Refused("data.csv:1: column 1: \"a\" is not a number; if the first row is a header, say --header yes")),
    with(case("number and text, said so", b"a,7,y\n1,5,p\n2,6,q\n", Table(true, &["a", "7"], PQ, 0)), Header::Yes),
    with(case("a header that must be none", b"a,b,y\n1,5,p\n2,6,q\n", Refused("\"a\" is not a number")), Header::No),
    with(case("a point as header", b"1,5,p\n2,6,q\n3,7,r\n", Table(true, &["1", "5"], &[(&[2.0, 6.0], "q"), (&[3.0, 7.0], "r")], 0)), Header::Yes),
    // The label.
    labelled(case("label first", b"y,a,b\np,1,5\nq,2,6\n", Table(true, AB, PQ, 0)), "y"),
    labelled(case("label by index from the end", b"y,a,b\np,1,5\nq,2,6\n", Table(true, AB, PQ, 0)), "-3"),
    labelled(case("label first without header", b"p,1,5\nq,2,6\n", Table(false, &["x2", "x3"], PQ, 0)), "0"),
    labelled(case("label by a name that is a number", b"2020,2021,2022\n1,5,0\n2,6,1\n", Table(true, &["2020", "2021"], &[(&[1.0, 5.0], "0"), (&[2.0, 6.0], "1")], 0)), "2022"),
    case("numbers are classes by value", b"a,y\n1,1\n2,1.0\n3,2\n", Table(true, &["a"], &[(&[1.0], "1"), (&[2.0], "1"), (&[3.0], "2")], 0)),
    case("codes are numbers too", b"a,y\n1,007\n2,7\n3,7.0\n4,8\n", Table(true, &["a"], &[(&[1.0], "007"), (&[2.0], "007"), (&[3.0], "007"), (&[4.0], "8")], 0)),
    case("numbers beside text are classes by value", b"a,y\n1,1\n2,1.0\n3,z\n4,01\n", Table(true, &["a"], &[(&[1.0], "1"), (&[2.0], "1"), (&[3.0], "z"), (&[4.0], "1")], 0)),
    case("signs are classes", b"a,b,y\n1,5,+\n2,6,-\n", Table(true, AB, &[(&[1.0, 5.0], "+"), (&[2.0, 6.0], "-")], 0)),
    case("none is a class", b"a,b,y\n1,5,None\n2,6,some\n", Table(true, AB, &[(&[1.0, 5.0], "None"), (&[2.0, 6.0], "some")], 0)),
    // Numbers.
    case("forms of numbers", b"a,b,y\n+1.,.5e1,p\n2E0,0006,q\n", Table(true, AB, PQ, 0)),
    case("-0 is 0", b"a,b,y\n-0,5,p\n2,-0.0e7,q\n", Table(true, AB, &[(&[0.0, 5.0], "p"), (&[2.0, 0.0], "q")], 0)),
    case("nearest floats", b"a,b,y\n0.1000000000000000000000000001,9007199254740993,p\n2,6,q\n", Table(true, AB, &[(&[0.1, 9_007_199_254_740_992.0], "p"), (&[2.0, 6.0], "q")], 0)),
    case("subnormal", b"a,b,y\n1e-320,-4.9e-324,p\n2,6,q\n", Table(true, AB, &[(&[1e-320, -5e-324], "p"), (&[2.0, 6.0], "q")], 0)),
    case("below all floats", b"a,b,y\n1e-400,5,p\n2,6,q\n", Table(true, AB, &[(&[0.0, 5.0], "p"), (&[2.0, 6.0], "q")], 0)),
    case("above all floats", b"a,b,y\n1,5,p\n2,1e400,q\n", Refused("data.csv:3: column 2 (b): \"1e400\" is not a finite number")),
    case("an absurd exponent", b"a,b,y\n1,5,p\n2,1e-99999,q\n", Refused("not a finite number")),
    case("an absurd exponent of zero", b"a,b,y\n1,5,p\n2,0e99999,q\n", Refused("not a finite number")),
    case("infinite", b"a,b,y\n1,5,p\n2,-inf,q\n", Refused("not a finite number")),
    case("infinity", b"a,b,y\n1,5,p\n2,Infinity,q\n", Refused("not a finite number")),
    case("hexadecimal", b"a,b,y\n1,5,p\n2,0x1F,q\n", Refused("\"0x1F\" is not a number; hexadecimal numbers are not read")),
    case("decimal comma", b"a;b;y\n1,5;2;p\n2;6;q\n", Refused("\"1,5\" is not a number; numbers are written with a decimal point: replace the decimal comma")),
    case("thousands in quotes", b"a,b,y\n1,5,p\n2,\"1,234.5\",q\n", Refused("without thousands separators")),
    case("thousands by blanks", b"a,b,y\n1,5,p\n2,1 234,q\n", Refused("without thousands separators")),
    case("percent", b"a,b,y\n1,5,p\n2,6%,q\n", Refused("leave out the percent sign")),
    case("truth", b"a,b,y\n1,5,p\n2,True,q\n", Refused("write 1 and 0 for yes and no")),
    case("underscores", b"a,b,y\n1,5,p\n2,1_000,q\n", Refused("without thousands separators")),
    case("two signs", b"a,b,y\n1,5,p\n2,+-6,q\n", Refused("not a number")),
    case("a lone exponent", b"a,b,y\n1,5,p\n2,6e,q\n", Refused("not a number")),
    case("the label first, in words of truth", b"y,a\nyes,1\nno,2\n", Refused("\"yes\" is not a number; write 1 and 0 for yes and no (or is this the label? then say --label)")),
    // Missing values.
    case("empty", b"a,b,y\n1,5,p\n2,,q\n", Refused("data.csv:3: column 2 (b): missing value")),
    dropping(case("words for missing", b"a,b,y\n1,5,p\n?,6,q\nNA,6,q\nn/a,6,q\n#N/A,6,q\n<NA>,6,q\nnan,6,q\n-NaN,6,q\nNULL,6,q\nnull,6,q\nNone,6,q\n-,6,q\n--,6,q\n.,6,q\n,6,q\n2,6,q\n", Table(true, AB, PQ, 14))),
    dropping(case("missing labels", b"a,b,y\n1,5,p\n1,1,\n1,1,?\n1,1,NA\n1,1,n/a\n1,1,NaN\n1,1,null\n2,6,q\n", Table(true, AB, PQ, 6))),
    dropping(case("missing beside an error", b"a,b,y\n1,5,p\nx,?,q\n2,6,q\n", Table(true, AB, PQ, 1))),
    dropping(case("nothing but missing", b"a,b,y\n?,5,p\n2,?,q\n", Refused("every row has a missing value"))),
    dropping(case("an index above years", b",2020,label\n0,5,p\n1,6,q\n", Refused("may be a header or a point"))),
    // No table.
    case("empty file", b"", Refused("no data row")),
    case("blank lines", b"\n \r\n\r", Refused("no data row")),
    case("only a header", b"a,b,y\n", Refused("no data row")),
    case("a comment of several cells", b"# a, b\n1,5,p\n2,6,q\n", Refused("if the first line is a comment, leave it out")),
    case("ragged", b"a,b,y\n1,5,p\n2,6\n", Refused("data.csv:3: 2 columns where the first line has 3")),
    case("ragged after a blank line", b"a,b,y\n1,5,p\n\n2,6,7,q\n", Refused("data.csv:4: 4 columns where the first line has 3")),
    case("text after a quote", b"a,b,y\n1,5,p\n2,\"6\"7,q\n", Refused("data.csv:3: text after a closing quote")),
    case("an open quote", b"a,b,y\n1,5,p\n2,\"6,q\n3,7,q\n", Refused("data.csv:3: the quote that opens a cell here is never closed")),
    case("Latin-1", b"a,b,y\n1,5,p\n2,6,caf\xe9\n", Refused("data.csv:3: not UTF-8 text (a byte 0xe9; is it Latin-1")),
    case("UTF-16", b"\xff\xfea\0,\0b\0,\0y\0\n\0", Refused("UTF-16 text; save the file as UTF-8")),
    case("UTF-16 without mark", b"a\0,\0b\0,\0y\0\n\0", Refused("UTF-16 text")),
    case("UTF-16, big end first", b"\xfe\xff\0a\0,\0y\0\n", Refused("UTF-16 text")),
    case("UTF-32", b"\xff\xfe\0\0a\0\0\0,\0\0\0", Refused("UTF-32 text")),
    case("a zip archive", b"PK\x03\x04\x14\0\0\0", Refused("a zip archive or a spreadsheet; export the table as CSV")),
];

/// A model that knows no more than the meaning of columns.
fn model(schema: Schema) -> String {
    let (inputs, classes) = (schema.features.len(), schema.classes.len());
    let outputs = if classes == 2 { 1 } else { classes };
    let model = Model {
        program: "a test".to_owned(),
        architecture: Architecture { inputs, hidden: vec![], classes, bias: true, weights: WeightDomain::Continuous },
        network: Network { layers: vec![Layer::zeros(inputs, outputs)] },
        scaling: Scaling::None,
        scaler: Scaler::identity(inputs),
        schema,
        training: Provenance::new("none", Loss::Hamming, "0".repeat(64)),
        claim: Claim { status: Status::Heuristic, loss: 0, objective: 0.0, bound: 0.0 },
    };
    model.to_json().expect("a valid model")
}

/// The checker's reading for a model with this schema.
fn second(text: &[u8], schema: &Schema, header: Header, drop_missing: bool) -> Result<Report, checker::Error> {
    let header = match header {
        Header::Auto => None,
        Header::Yes => Some(true),
        Header::No => Some(false),
    };
    let options = Options { drop_missing, header, ..Options::default() };
    let model = model(schema.clone());
    check(Source::new("model.json", model.as_bytes()), Source::new("data.csv", text), &options)
}

/// Features a and b, label y with the classes of the cases that are refused.
fn ab(named: bool) -> Schema {
    let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let classes = texts(&["p", "q", "r"]);
    let (label, label_column, positive) = ("y".to_owned(), 2, None);
    Schema { features: texts(AB), named, label, label_column, weight: None, one_hot: vec![], classes, positive }
}

#[test]
fn both_readers_read_every_case() {
    for Case { name, text, header, drop_missing, label, expected } in CASES {
        let (header, drop_missing) = (*header, *drop_missing);
        let options = ReadOptions { label: label.map(str::to_owned), drop_missing, header, ..ReadOptions::default() };
        let read = Dataset::parse(text, "data.csv", &options).map_err(|error| error.to_string());
        let how = SampleOptions { labelled: true, drop_missing, header, ..SampleOptions::default() };
        match expected {
            Table(headed, features, rows, dropped) => {
                let data = read.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!((data.schema.named, data.remarks.header), (*headed, *headed), "{name}");
                assert_eq!(data.schema.features, *features, "{name}");
                let found: Vec<(&[f64], &str)> =
                    (0..data.len()).map(|i| (data.row(i), data.schema.classes[data.labels[i]].as_str())).collect();
                assert_eq!(found, *rows, "{name}");
                assert_eq!(data.dropped, *dropped, "{name}");
                let sample = Sample::parse(text, "data.csv", &data.schema, how)
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!((&sample.rows, sample.labels.as_ref()), (&*data.rows, Some(&data.labels)), "{name}");
                let report =
                    second(text, &data.schema, header, drop_missing).unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!((report.rows, report.dropped), (data.len(), *dropped), "{name}");
                assert_eq!(report.data_sha256, data.sha256(&data.all()), "{name}");
            }
            Refused(words) => {
                let error = read.err().unwrap_or_else(|| panic!("{name}: not refused"));
                assert!(error.contains(words), "{name}: {error}");
                for named in [true, false] {
                    let sample = Sample::parse(text, "data.csv", &ab(named), how);
                    let report = second(text, &ab(named), header, drop_missing);
                    assert!(
                        sample.is_err() && report.is_err(),
                        "{name}: {:?} {:?}",
                        sample,
                        report.map(|report| report.rows)
                    );
                }
            }
        }
    }
    assert!(CASES.len() >= 90, "{} cases", CASES.len());
}

/// How a table is written down.
#[derive(Clone, Debug)]
struct Dress {
    delimiter: char,
    line_end: &'static str,
    /// Which cells are quoted, by turns; those that need it are in any case.
    quotes: Vec<bool>,
    blanks: Vec<&'static str>,
    trailing: usize,
    mark: bool,
    last_end: bool,
}

fn dress() -> impl Strategy<Value = Dress> {
    let blank = prop::sample::select(vec!["", "", " ", "  "]);
    (
        prop::sample::select(vec![',', ';', '\t']),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::collection::vec(any::<bool>(), 1..7),
        prop::collection::vec(blank, 1..5),
        0_usize..3,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(delimiter, line_end, quotes, blanks, trailing, mark, last_end)| Dress {
            delimiter,
            line_end,
            quotes,
            blanks,
            trailing,
            mark,
            last_end,
        })
}

impl Dress {
    fn write(&self, rows: &[Vec<String>]) -> String {
        let mut quotes = self.quotes.iter().cycle();
        let mut blanks = self.blanks.iter().cycle();
        let mut text = String::from(if self.mark { "\u{feff}" } else { "" });
        for (i, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| {
                    let special = cell.contains([self.delimiter, '"', '\n', '\r']) || cell.starts_with('"');
                    let quoted = special || *quotes.next().unwrap_or(&false);
                    let cell = if quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() };
                    let blank = |text: Option<&&'static str>| text.copied().unwrap_or_default();
                    format!("{}{cell}{}", blank(blanks.next()), blank(blanks.next()))
                })
                .collect();
            let delimiter = self.delimiter.to_string();
            text += &cells.join(&delimiter);
            text += &delimiter.repeat(self.trailing);
            if i + 1 < rows.len() || self.last_end {
                text += self.line_end;
            }
        }
        text
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any table, written with any delimiter, quotes, blanks, line ends and byte order mark, reads back the same.
    #[test]
    fn tables_read_back(
        table in prop::collection::vec((any::<f64>(), -1000_i32..1000, 0_usize..3), 2..20),
        names in prop::sample::subsequence(vec!["a", "b c", "d,e", "f;g", "h\ti", "j\"k", "l\nm", "\u{3b1}"], 3),
        classes in prop::sample::subsequence(vec!["no", "yes, sir", "so;so", "+", "5\" x", "l\nm", "\u{e9}t\u{e9}"], 3),
        headed in any::<bool>(),
        dress in dress(),
    ) {
        let finite = |x: &f64| if x.is_finite() { *x } else { 0.5 };
        let mut rows: Vec<Vec<String>> = table
            .iter()
            .map(|(x, k, class)| vec![finite(x).to_string(), (f64::from(*k) / 8.0).to_string(), classes[*class].to_owned()])
            .collect();
        prop_assume!(table.iter().any(|row| row.2 != table[0].2));
        if headed {
            rows.insert(0, names.iter().map(|&name| name.to_owned()).collect());
        }
        let text = dress.write(&rows);
        let header = if headed { Header::Yes } else { Header::No };
        let options = ReadOptions { header, ..ReadOptions::default() };
        let data = Dataset::parse(text.as_bytes(), "data.csv", &options).map_err(|error| TestCaseError::fail(format!("{error}\n{text:?}")))?;
        prop_assert_eq!(data.len(), table.len());
        for (i, (x, k, class)) in table.iter().enumerate() {
            prop_assert_eq!(data.row(i), [finite(x), f64::from(*k) / 8.0]);
            prop_assert_eq!(&data.schema.classes[data.labels[i]], classes[*class]);
        }
        if headed {
            prop_assert_eq!(&data.schema.features, &names[..2]);
            prop_assert_eq!(&data.schema.label, names[2]);
        }
        prop_assert_eq!(data.remarks.trailing, dress.trailing);
        let report = second(text.as_bytes(), &data.schema, header, false).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(report.data_sha256, data.sha256(&data.all()));
    }
}

/// Cells that readers may differ about.
fn odd_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0_u32..6).prop_map(|k| k.to_string()),
        2 => prop::sample::select(vec!["a", "b", "y", "p", "q", "p", "q", "r"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["2019", "2020", "2021", "101", "0.5", "-1", "1e3", "007", "+3", "1.", ".5", ".", "400.5", "410.5"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["", "?", "NA", "-", "--", "null", "none", "nan", "-nan", "+nan", "inf", "-Infinity", "1e400", "1e-400", "0e9999", "1,5", "1e", "e5", "+-1", "0x1", "1_0", "--1", "infinit"]).prop_map(str::to_owned),
        1 => "[0-9eE+.,-]{1,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// Whatever stands in a file, both readers accept it or neither does, and what they read is the same.
    #[test]
    fn readers_agree(
        rows in prop::collection::vec(prop::collection::vec(odd_cell(), 3), 1..7),
        labels in prop::collection::vec(prop::sample::select(vec!["p", "q", "0", "1", "2", "1.0", "01"]), 7),
        tidy in any::<bool>(),
        dress in dress(),
        header in prop::sample::select(vec![Header::Auto, Header::Auto, Header::Yes, Header::No]),
        drop_missing in any::<bool>(),
        named in any::<bool>(),
        numeric in any::<bool>(),
        encoded in any::<bool>(),
    ) {
        let mut rows = rows;
        if tidy {
            // Labels that are known below the first row, so that it is judged by many tables.
            rows.iter_mut().zip(&labels).skip(1).for_each(|(row, label)| row[2] = (*label).to_owned());
        }
        let text = dress.write(&rows);
        let mut schema = ab(named);
        if numeric {
            schema.classes = ["0", "1", "2", "p", "q"].map(str::to_owned).to_vec();
        }
        if encoded {
            let values = ["0", "1", "2", "3", "none", "p", "q"].map(str::to_owned).to_vec();
            schema.features.truncate(1);
            schema.features.extend(values.iter().map(|value| format!("b={value}")));
            schema.one_hot = vec![OneHot { name: "b".to_owned(), column: 1, values }];
        }
        let how = SampleOptions { labelled: true, drop_missing, header, ..SampleOptions::default() };
        let first = Sample::parse(text.as_bytes(), "data.csv", &schema, how);
        let second = second(text.as_bytes(), &schema, header, drop_missing);
        // Whoever predicts goes on where a value is unknown; whoever checks does not.
        let unknown = |sample: &Sample| sample.remarks.warnings.iter().any(|warning| warning.contains("does not know"));
        match (&first, &second) {
            (Ok(sample), Err(_)) if unknown(sample) => {}
            (Ok(sample), Ok(report)) => {
                prop_assert!(!unknown(sample));
                let all: Vec<usize> = (0..sample.len()).collect();
                prop_assert_eq!(sample.sha256(&schema, (&all, None)), Some(report.data_sha256.clone()), "{:?}", text);
                prop_assert_eq!(sample.dropped, report.dropped);
            }
            (Err(_), Err(_)) => {}
            _ => prop_assert!(false, "{:?}: {:?} but {:?}", text, first, second.map(|report| report.rows)),
        }
    }

    /// Labels mean the same to training, to evaluation and to the checker, whatever stands beside them.
    #[test]
    fn labels_mean_the_same(
        labels in prop::collection::vec(prop::sample::select(vec!["007", "7", "7.0", "0.7e1", "-0", "0", "z", "Z", "7 z", "inf", "-", "+7", "1e400"]), 2..9),
        positive in prop::option::of(0_usize..9),
    ) {
        let positive = positive.map(|at| labels[at % labels.len()].to_owned());
        let text = labels.iter().enumerate().fold("a,y\n".to_owned(), |text, (i, label)| format!("{text}{i}.5,{label}\n"));
        let options = ReadOptions { positive, ..ReadOptions::default() };
        let data = Dataset::parse(text.as_bytes(), "data.csv", &options);
        prop_assume!(data.is_ok());
        let data = data.unwrap();
        let how = SampleOptions { labelled: true, ..SampleOptions::default() };
        let sample = Sample::parse(text.as_bytes(), "data.csv", &data.schema, how).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(sample.labels.as_ref(), Some(&data.labels));
        let report = second(text.as_bytes(), &data.schema, Header::Auto, false).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(report.data_sha256, data.sha256(&data.all()));
        if data.schema.positive.is_none() {
            let rows: Vec<[f64; 1]> = (0..data.len()).map(|i| [data.row(i)[0]]).collect();
            let given = Dataset::from_rows(&rows, &labels).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let class = |data: &Dataset, i: usize| data.schema.classes[data.labels[i]].clone();
            prop_assert!((0..data.len()).all(|i| class(&given, i) == class(&data, i)));
        }
    }

    /// Numbers are read alike, or refused alike.
    #[test]
    fn numbers_agree(cell in "[+-]?([0-9]{0,25}[.]?[0-9]{0,25}([eE][+-]?[0-9]{0,4})?|inf|nan|[0-9a-fx_ ,.]{1,5})") {
        let text = format!("a,b,y\n1,\"{cell}\",p\n2,3,q\n");
        let how = SampleOptions { labelled: true, ..SampleOptions::default() };
        let first = Sample::parse(text.as_bytes(), "data.csv", &ab(true), how);
        let second = second(text.as_bytes(), &ab(true), Header::Auto, false);
        match (&first, &second) {
            (Ok(sample), Ok(report)) => {
                prop_assert_eq!(sample.sha256(&ab(true), (&[0, 1], None)), Some(report.data_sha256.clone()), "{}", cell);
            }
            (Err(_), Err(_)) => {}
            _ => prop_assert!(false, "{}: {:?} but {:?}", cell, first, second.map(|report| report.rows)),
        }
    }
}

//! Reading MPS and LP files exactly.

use checker::model::{Format, Sense};
use checker::number::exact;
use checker::{Model, Source};
use std::path::PathBuf;

fn read(text: &str, format: Format) -> Result<Model, checker::Error> {
    Model::read(Source::new("model", text.as_bytes()), format)
}

fn mps(text: &str) -> Model {
    let model = read(text, Format::Mps).unwrap();
    assert_eq!(Model::read(Source::new("model", text.as_bytes()), None).unwrap(), model, "the text tells its format");
    model
}

fn lp(text: &str) -> Model {
    let model = read(text, Format::Lp).unwrap();
    assert_eq!(Model::read(Source::new("model", text.as_bytes()), None).unwrap(), model, "the text tells its format");
    model
}

const SAMPLE: &str = "\
* a comment
NAME          sample
OBJSENSE
    MAX
ROWS
 N  cost
 L  low
 G  high
 E  same
 N  spare
COLUMNS
    x  cost  0.1  low  1
    x  high  1d0
    m1 'MARKER' 'INTORG'
    y  cost  -2  same  3
    b  same  1   spare 4
    m2 'MARKER' 'INTEND'
    z  low  2.5e-1
RHS
    r  cost  7  low  4
    r  high  -1  same  2
RANGES
    r  low  3  high  2
    r  same -0.5
BOUNDS
 UP bnd x 4.0
 UP bnd y -1
 MI bnd z
ENDATA
";

#[test]
fn mps_means_what_it_says() {
    let model = mps(SAMPLE);
    let shown = |side: &Option<checker::Rational>| side.as_ref().map_or("inf".to_owned(), ToString::to_string);
    let columns: Vec<String> = model
        .columns
        .iter()
        .map(|c| format!("{} {} {} {}", c.name, c.integer, shown(&c.lower), shown(&c.upper)))
        .collect();
    assert_eq!(columns, ["x false 0 4", "y true inf -1", "b true 0 1", "z false inf inf"]);
    let rows: Vec<String> = model
        .rows
        .iter()
        .map(|r| format!("{} {} {} {}", r.name, r.terms.len(), shown(&r.lower), shown(&r.upper)))
        .collect();
    assert_eq!(rows, ["low 2 1 4", "high 1 -1 1", "same 2 3/2 2", "spare 1 inf inf"]);
    assert_eq!(model.sense, Sense::Maximise);
    assert_eq!(model.offset, exact("-7").unwrap());
    assert_eq!(model.objective, [(0, exact("1/10").unwrap()), (1, exact("-2").unwrap())]);
}

#[test]
fn lp_means_the_same() {
    let text = "\
\\ a comment
maximize
 obj: 0.1 x - 2 y - 7
subject to
 low: 1 <= x + 0.25 z <= 4
 high: 1 >= x
 same: 1.5 <= 3 y + b
 spare: 4 b >= -inf
bounds
 x <= 4
 -inf <= y <= -1
 z free
generals
 y
binaries
 b
end
";
    let mut expected = mps(SAMPLE);
    let model = lp(text);
    // The two rows that LP cannot say in the same way.
    expected.rows[1].lower = None;
    expected.rows[2].upper = None;
    let order = |model: &Model| {
        let mut columns: Vec<String> = model.columns.iter().map(|c| format!("{c:?}")).collect();
        columns.sort();
        columns
    };
    assert_eq!(order(&model), order(&expected));
    let named = |model: &Model| -> Vec<String> {
        let name = |j: usize| model.columns[j].name.clone();
        let row = |r: &checker::model::Row| {
            let mut terms: Vec<_> = r.terms.iter().map(|(j, v)| (name(*j), v.to_string())).collect();
            terms.sort();
            format!("{} {:?} {:?} {terms:?}", r.name, r.lower, r.upper)
        };
        model.rows.iter().map(row).collect()
    };
    assert_eq!(named(&model), named(&expected));
    assert_eq!((model.sense, model.offset), (expected.sense, expected.offset));
}

#[test]
fn lp_corner_cases() {
    let model = lp(
        "min\n x + x + 3 - 1\nst\n 2 <= - - y - 1\n R1: x\n >= 1 r3: -x <= inf r4: x <= 1e20\nbounds\n 0 <= y\n x >= -2\nend",
    );
    assert_eq!(model.objective, [(0, exact("2").unwrap())]);
    assert_eq!(model.offset, exact("2").unwrap());
    let names: Vec<&str> = model.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["R1_", "R1", "r3", "r4"]);
    assert_eq!(model.rows[0].lower, Some(exact("3").unwrap()));
    assert_eq!((model.rows[2].upper.clone(), model.rows[3].upper.clone()), (None, exact("1e20").ok()));
    assert_eq!(model.columns[0].lower, Some(exact("-2").unwrap()));
    assert_eq!(model.columns.len(), 2);
}

#[test]
fn fixed_format_allows_blanks_in_names() {
    let text = "\
NAME          BLANKS
ROWS
 N  COST
 L  LIM 1
COLUMNS
    X ONE     COST         1.0         LIM 1        1.0
RHS
    RHS       LIM 1        4.0
BOUNDS
 UP BND       X ONE        4.0
ENDATA
";
    let model = mps(text);
    assert_eq!((model.columns[0].name.as_str(), model.rows[0].name.as_str()), ("X ONE", "LIM 1"));
    assert_eq!(model.rows[0].upper, Some(exact("4").unwrap()));
}

#[test]
fn faults_name_their_line() {
    let broken = |from: &str, to: &str| read(&SAMPLE.replace(from, to), Format::Mps).unwrap_err();
    for (from, to, line, word) in [
        ("ROWS", "BLOWS", 5, "BLOWS"),
        (" L  low", " K  low", 7, "K"),
        (" L  low", " L  cost", 7, "twice"),
        ("0.1", "nan", 12, "nan"),
        ("0.1", "1/10", 12, "1/10"),
        ("0.1", "inf", 12, "inf"),
        ("x  high", "x  low", 13, "two entries"),
        ("x  high", "x  tall", 13, "tall"),
        ("z  low", "x  same", 18, "two places"),
        ("'INTORG'", "'INTORK'", 14, "INTORK"),
        ("same  2", "low  2", 21, "two such"),
        ("r  same -0.5", "r  cost -0.5", 24, "range"),
        ("MI bnd z", "SN bnd z", 28, "SN"),
        ("MI bnd z", "UP bnd z -inf", 28, "never be met"),
        ("bnd x", "bnd u", 26, "u"),
        ("ENDATA", "", 29, "ENDATA"),
    ] {
        let error = broken(from, to);
        assert!(error.to_string().contains(word), "{error}");
        assert_eq!(error.line(), line, "{error}");
        assert!(!error.is_refutation());
    }
    for (text, word) in [
        ("nothing", "starts with"),
        ("min\n x ^ 2\nend", "linear"),
        ("min\n x\nst\n x -> 3\nend", "->"),
        ("min\n x\nst\n x + <= 3\nend", "expected"),
        ("min\n x\nst\n x <= y\nend", "number"),
        ("min\n x\nst\n a: x <= 1\n a: x >= 0\nend", "two rows"),
        ("min\n x\nst\n 1 <= x <= 2 <= 3\nend", "third"),
        ("min\n x\nsos\n x\nend", "special ordered"),
        ("min\n x\nst\n x >= inf\nend", "never be met"),
        ("min\n x\nmin\n y\nend", "second"),
        ("min\n x\nbounds\n x gratis\nend", "relation"),
        ("min\n x\nst\n 1/2 x <= 3\nend", "1/2"),
    ] {
        let error = read(text, Format::Lp).unwrap_err().to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
}

fn shared() -> PathBuf {
    let root = std::env::var_os("HEAVISIDE_SHARED").map(PathBuf::from);
    let path =
        root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared")).join("data/mps");
    assert!(path.is_dir(), "{} is not there; HEAVISIDE_SHARED names the folder that holds data/", path.display());
    path
}

/// The size of every shared model that has a size in the table, and a clear error for the bad ones.
#[test]
#[ignore = "needs ../shared"]
fn shared_models_have_their_sizes() {
    let folder = shared();
    let table = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    let mut seen = 0;
    for line in table.lines().skip(1) {
        let mut fields = line.splitn(5, ',');
        let (file, kind) = (fields.next().unwrap(), fields.next().unwrap());
        let note = fields.nth(2).unwrap();
        let format = Format::of_name(file);
        let read = Model::read(Source::open(&folder.join(file)).unwrap(), format);
        // In the table of readers that have no semi-continuous columns.
        if file == "semi-continuous.mps" {
            assert_eq!(read.unwrap().columns.iter().filter(|column| column.semi).count(), 1);
            continue;
        }
        if kind == "bad" {
            let error = read.map(|_| ()).unwrap_err();
            assert!(error.line() > 0, "{file}: {error}");
            continue;
        }
        if file.starts_with("2821") {
            assert!(read.unwrap_err().to_string().contains("QUADOBJ"));
            continue;
        }
        let model = read.unwrap();
        // Free rows do not count in the table.
        let rows = model.rows.iter().filter(|row| row.lower.is_some() || row.upper.is_some()).count();
        let size = format!("\"{rows} rows {} cols {} integer;", model.columns.len(), model.num_integer());
        if !note.starts_with(&size) {
            println!("{file}: read {size}, table {note}");
        }
        seen += usize::from(note.starts_with(&size));
    }
    println!("{seen} sizes agree");
    assert!(seen >= 50);
}

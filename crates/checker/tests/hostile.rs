//! Hostile files: no reader panics, hangs or swells, whatever it is given.

use checker::network::{Options, check};
use checker::{Format, Model, Source, certificate, export, solution};
use proptest::prelude::*;

const MPS: &str = "NAME t\nROWS\n N c\n L r\nCOLUMNS\n x c 1 r 2\n M 'MARKER' 'INTORG'\n y c 1 r 1\n M 'MARKER' 'INTEND'\nRHS\n R r 4\n\
    RANGES\n R r 2\nBOUNDS\n UP B x 4\n BV B y\nENDATA\n";
const LP: &str = "max\n o: 2 x + 3 y - 1\nst\n r: 1 <= x + 2 y <= 4\n x - y >= -inf\nbounds\n 0 <= x <= 3\n y free\nbin\n x\ngen\n y\nend\n";
const PROOF: &str = "VER 1.1 VAR 2 x y INT 1 1 OBJ min 2 0 1 1 1 CON 6 4 a G 0 1 0 1 b L 4 1 0 1 c G 0 1 1 1 d L 1 1 1 1\n\
    e L 4 2 0 2 1 1 f G 2 2 0 2 1 1 RTP range 0 4 SOL 1 s 1 0 1 DER 3 g L 0 1 1 1 { asm } -1\n\
    h G 0 1 1 1 { rnd 1 2 1 } -1 i G 0 OBJ { lin 2 0 1 7 1 } -1\n";
const NETWORK: &str = r#"{"format": "heaviside-model", "version": 1,
 "architecture": {"inputs": 1, "hidden": [1], "classes": 2, "bias": true, "weights": "continuous"},
 "network": {"layers": [{"inputs": 1, "outputs": 1, "weights": [1], "biases": [0.5]},
  {"inputs": 1, "outputs": 1, "weights": [1], "biases": [-1]}]},
 "scaler": {"shift": [0], "divisor": [1]},
 "schema": {"features": ["a"], "named": false, "label": "b", "label_column": 1, "classes": ["0", "1"]},
 "training": {"loss": "zero-one", "epsilon": null, "robust": {"radius": 0.5, "norm": "l1"}, "l0": 0, "l1": 0,
  "data_sha256": "", "rows": 2, "distinct_points": 2},
 "claim": {"status": "optimal", "loss": 0, "objective": 0, "bound": 0}}"#;
const HEADER: &str = "#include <stdint.h>\n#define N_INPUTS 1\nstatic const char *const n_classes[2] = { \"0\", \"1\" };\n\
    static const int8_t n_w[2] = { 2, -1 };\n\
    static int n_predict(const int8_t *x)\n{\n    uint8_t h[1];\n    for (int i = 0; i < 1; i++)\n        h[i] = (uint8_t)(x[i] * n_w[0] >= n_w[1]);\n    \
    if (h[0])\n        return 1;\n    return 0;\n}\n";
const EXPORTED: &str = r#"{"format": "heaviside-network", "version": 1, "features": [{"name": "a"}], "classes": ["0", "1"],
 "layers": [{"shift": [0], "divisor": [1], "weights": [[1]], "biases": [0.5]}, {"weights": [[1]], "biases": [-1]}]}"#;
const DATA: &str = "a,b\n1,1\n\"-2\",0\n";

/// Every reader on these bytes.
fn read_all(bytes: &[u8]) {
    let source = |text: &'static str| Source::new("given", text.as_bytes());
    for format in [None, Some(Format::Mps), Some(Format::Lp)] {
        let _ = Model::read(Source::new("hostile", bytes), format);
    }
    let model = Model::read(source(MPS), None).unwrap();
    let _ = certificate::check(&model, Source::new("hostile", bytes));
    let _ = solution::check(&model, Source::new("hostile", bytes));
    let _ = check(Source::new("hostile", bytes), source(DATA), &Options::default());
    let _ = export::check(source(NETWORK), Source::new("hostile", bytes), vec![source(DATA)], &Options::default());
    let _ =
        check(source(NETWORK), Source::new("hostile", bytes), &Options { drop_missing: true, ..Options::default() });
}

#[test]
fn the_seeds_are_right() {
    let source = |text: &'static str| Source::new("given", text.as_bytes());
    assert!(Model::read(source(LP), None).is_ok());
    let model = Model::read(source(MPS), None).unwrap();
    certificate::check(&model, source(PROOF)).unwrap();
    assert_eq!(check(source(NETWORK), source(DATA), &Options::default()).unwrap().loss, 0);
    for exported in [HEADER, EXPORTED] {
        let report = export::check(source(NETWORK), source(exported), vec![source(DATA)], &Options::default()).unwrap();
        assert!(report.holds() && report.rows == 2, "{report:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Pieces of all formats, stirred.
    #[test]
    fn stirred_files(
        seed in 0usize..7,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..24, "[ -~\\n\\t]{0,6}|\\PC{0,3}"), 1..8),
    ) {
        let mut bytes = [MPS, LP, PROOF, NETWORK, DATA, HEADER, EXPORTED][seed].as_bytes().to_vec();
        for (place, length, with) in edits {
            let at = place.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, with.bytes());
        }
        read_all(&bytes);
    }

    /// A piece of a file very often: the same as above, of pieces and places that nobody thought of.
    #[test]
    fn stretched_files(
        seed in 0usize..7,
        (place, to, power) in (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u32..14),
        (length, own) in (1usize..12, any::<bool>()),
    ) {
        let mut bytes = [MPS, LP, PROOF, NETWORK, DATA, HEADER, EXPORTED][seed].as_bytes().to_vec();
        let at = place.index(bytes.len());
        let piece = bytes[at..(at + length).min(bytes.len())].repeat(1 << (power / 2 * 2));
        let to = if own { at } else { to.index(bytes.len() + 1) };
        bytes.splice(to..to, piece);
        read_all(&bytes);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn words_of_the_formats(words in prop::collection::vec(prop::sample::select(vec![
        "VER", "1.1", "VAR", "2", "x", "y", "INT", "OBJ", "min", "CON", "0", "1", "-1", "1/2", "G", "L", "E", "RTP", "range", "inf", "-inf",
        "infeas", "SOL", "DER", "{", "}", "lin", "rnd", "uns", "asm", "sol", "\n", "ROWS", "COLUMNS", "RHS", "BOUNDS", "ENDATA", "N",
        "'MARKER'", "'INTORG'", "UP", "<=", ">=", "=", "+", "-", ":", "st", "bounds", "end", "free", "bin", "[", "]", "{\"", "\":", ",",
        "1e4000", "1e-4000", "99999999999999999999", "\"", ";", "\u{feff}", "é",
    ]), 0..60), glue in prop::sample::select(vec![" ", "", "\n"])) {
        read_all(words.join(glue).as_bytes());
    }
}

/// Counts that promise more than the file holds cost nothing.
#[test]
fn promised_sizes_are_not_believed() {
    for count in ["4294967295", "18446744073709551615", "1000000000000"] {
        for text in [
            PROOF.replace("VAR 2", &format!("VAR {count}")),
            PROOF.replace("INT 1", &format!("INT {count}")),
            PROOF.replace("CON 6", &format!("CON {count}")),
            PROOF.replace("SOL 1", &format!("SOL {count}")),
            PROOF.replace("DER 3", &format!("DER {count}")),
            PROOF.replace("lin 2", &format!("lin {count}")),
            PROOF.replace("s 1 0 1", &format!("s {count} 0 1")),
            PROOF.replace("{ asm } -1", &format!("{{ asm }} {count}")) + "more",
            NETWORK.replace("\"inputs\": 1", &format!("\"inputs\": {count}")),
            NETWORK.replace("\"classes\": 2", &format!("\"classes\": {count}")),
            NETWORK.replace("[1],", &format!("[{count}],")),
        ] {
            read_all(text.as_bytes());
        }
    }
    // Long words, long lines, deep nesting, many lines.
    for piece in ["9", "x", "{", "[", "\"", "%", "\\", "-", "1 ", "x\n", "1,", "1;\n", "+ ", "a:b"] {
        read_all(piece.repeat(300_000).as_bytes());
    }
}

/// Files that are valid but for a piece that stands there very often: what is long is read without a call for each piece, what is deep is
/// refused. (Threads of tests have 2 MB of stack; a call a piece would take more.)
#[test]
fn repeated_pieces_within_valid_files_take_no_stack() {
    const TIMES: usize = 40_000;
    for (seed, behind, piece) in [
        (HEADER, "return 1", "+0"),
        (HEADER, "return 1", "-(0)"),
        (HEADER, "return 1", "*x[0]"),
        (HEADER, "return 1", "&&1"),
        (HEADER, "return 1", "<2==1"),
        (HEADER, "return ", "-"),
        (HEADER, "return ", "(int)"),
        (HEADER, "return ", "("),
        (HEADER, "n_w[", "n_w["),
        (HEADER, "return 1;\n", "if (h[0]) "),
        (HEADER, "return 1;\n", "else if (h[0]) return 0;\n"),
        (HEADER, "return 1;\n", "for (int k = 0; k < 1; k++) {\n"),
        (HEADER, "i++", ", i++"),
        (HEADER, "{ 2", ", 2"),
        (HEADER, "\"1\"", ", \"1\""),
        (HEADER, "-1 };\n", "/* */"),
        (HEADER, "int8_t *x", ", const int8_t *x"),
        (EXPORTED, "\"weights\": ", "["),
        (EXPORTED, "\"layers\": ", "{\"layers\":"),
        (EXPORTED, "\"weights\": [[1", ",1"),
        (NETWORK, "\"hidden\": ", "["),
        (NETWORK, "\"hidden\": [1", ",1"),
        (NETWORK, "\"scaler\": ", "{\"scaler\":"),
        (LP, "2 x", " + x"),
        (LP, "2 x ", "- "),
        (LP, "x - y >= -inf\n", "x >= 1\n"),
        (LP, "1 <= x + 2 y <= 4\n", "1 <= "),
        (LP, "y free\n", "y free\n"),
        (MPS, "x c 1 r 2\n", " x r 1\n"),
        (MPS, "L r\n", " L r\n"),
        (PROOF, "{ lin 2 0 1 7 1", " 0 1"),
        (PROOF, "{ rnd ", "{ rnd "),
        (PROOF, "{ asm } -1\n", "x L 0 1 1 1 { asm } -1\n"),
        (DATA, "1", ",1"),
        (DATA, "1,1\n", "\"\n\""),
    ] {
        let at = seed.find(behind).unwrap_or_else(|| panic!("{behind}")) + behind.len();
        let (before, after) = seed.split_at(at);
        read_all(format!("{before}{}{after}", piece.repeat(TIMES)).as_bytes());
    }
}

//! Exported networks do what their models do, for every kind of network, whoever evaluates them.

use bdnn::WeightDomain;
use checker::export::{Form, Report, check};
use checker::{Source, network::Options};
use heaviside::export::{Export, ExportOptions, Format, Inputs, export};
use heaviside_acceptance::networks::{Case, Features};
use heaviside_acceptance::random;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const KINDS: [Features; 4] = [Features::Small, Features::Signed, Features::Huge, Features::Real];

/// The export of a case: for its rows, or for any floats.
fn exported(case: &Case, format: Format, inputs: Inputs) -> Export {
    export(&case.model, format, &ExportOptions::new().name("net").inputs(inputs)).expect("it can be exported")
}

fn checked(case: &Case, bytes: &[u8]) -> Result<Report, checker::Error> {
    let (model, csv) = (case.model.to_json().expect("a model"), case.csv());
    let source = |name: &str, bytes| Source::new(name.to_owned(), bytes);
    let data = vec![source("data.csv", csv.as_bytes())];
    check(source("model.json", model.as_bytes()), source("exported", bytes), data, &Options::default())
}

/// What must hold of a report: whole numbers are exact, floats differ where the report says they may.
fn assert_true(case: &Case, exported: &Export, report: &Report) {
    let text = String::from_utf8_lossy(&exported.bytes);
    assert_eq!(report.rows, case.rows.len());
    assert!(report.false_claims.is_empty(), "{:?}\n{text}", report.false_claims);
    assert_eq!(report.is_exact, exported.real_layers.is_empty(), "{text}");
    let different = report.rows - report.equal;
    if report.is_exact {
        assert!(different == 0 && report.doubtful == 0, "{:?}\n{:?}\n{text}", report.differences, case.model.network);
    }
    assert!(different <= report.doubtful, "{:?}\n{text}", report.differences);
}

#[test]
fn headers_do_what_their_models_do() {
    let mut source = random::Source::new(7);
    let mut whole = [0; KINDS.len()];
    for round in 0..320 {
        let kind = KINDS[round % KINDS.len()];
        let case = Case::random(&mut source, kind);
        let inputs = if source.one_in(4) { Inputs::Real } else { Inputs::of_rows(&case.rows) };
        let exported = exported(&case, Format::C, inputs.clone());
        let report = checked(&case, &exported.bytes).unwrap_or_else(|error| {
            panic!("{error}\n{}", String::from_utf8_lossy(&exported.bytes));
        });
        assert_true(&case, &exported, &report);
        whole[round % KINDS.len()] += usize::from(report.is_exact);
        // Whole weights on whole features that are not scaled are never floats.
        let is_plain = matches!(case.model.architecture.weights, WeightDomain::Integer(_))
            && case.model.scaler == bdnn::Scaler::identity(case.model.architecture.inputs);
        assert!(report.is_exact || !is_plain || inputs == Inputs::Real);
    }
    assert!(whole[..3].iter().all(|&count| count > 15), "{whole:?}");
}

/// Names from files do not act on a compiler: they end no comment, join no lines, and are the same bytes when read back.
#[test]
fn names_of_every_kind_are_exported() {
    const NAMES: [&str; 10] =
        ["a\\", "b??/", "c??\\", "*/ d", "/* e", "// f", "\u{e9}\n#define g 1", "\"h\"", "i\r", "??="];
    let mut source = random::Source::new(27);
    for round in 0..NAMES.len() {
        let mut case = Case::random(&mut source, Features::Small);
        for (k, feature) in case.model.schema.features.iter_mut().enumerate() {
            *feature = format!("{k}{}", NAMES[(round + k) % NAMES.len()]);
        }
        let exported = exported(&case, Format::C, Inputs::of_rows(&case.rows));
        let (model, data) = (case.model.to_json().expect("a model"), case.csv());
        // Without the header, whose names are on several lines: each row is on one.
        let lines: Vec<&str> = data.lines().collect();
        let rows = lines[lines.len() - case.rows.len()..].join("\n");
        let source = |name: &str, bytes| Source::new(name.to_owned(), bytes);
        let options = Options { header: Some(false), ..Options::default() };
        let data = vec![source("data.csv", rows.as_bytes())];
        let report = check(source("model.json", model.as_bytes()), source("net.h", &exported.bytes), data, &options);
        assert!(report.expect("it can be read").false_claims.is_empty());
    }
}

/// In ONNX whole layers are exact in whatever order a runtime adds; JSON is over the reals.
#[test]
fn graphs_and_json_do_what_their_models_do() {
    let mut source = random::Source::new(17);
    let mut exact = [0; 2];
    for round in 0..240 {
        let case = Case::random(&mut source, KINDS[round % KINDS.len()]);
        let inputs = if source.one_in(4) { Inputs::Real } else { Inputs::of_rows(&case.rows) };
        for (k, format) in [Format::Onnx, Format::Json].into_iter().enumerate() {
            let exported = exported(&case, format, inputs.clone());
            let report = checked(&case, &exported.bytes).expect("it can be checked");
            assert_eq!(report.form, [Form::Onnx, Form::Json][k]);
            assert!(report.false_claims.is_empty(), "{:?}", report.false_claims);
            assert!(report.is_exact || !exported.real_layers.is_empty());
            let different = report.rows - report.equal;
            assert!(
                different == 0 || (format == Format::Onnx && different <= report.doubtful),
                "{:?}",
                report.differences
            );
            exact[k] += usize::from(report.is_exact);
        }
    }
    assert!(exact.iter().all(|&count| count > 30), "{exact:?}");
}

/// Bits that flip in a graph are found out, or change no class; nothing panics.
#[test]
fn changed_graphs_are_found_out() {
    let mut source = random::Source::new(18);
    let mut refused = 0;
    for round in 0..400 {
        let case = Case::random(&mut source, KINDS[round % KINDS.len()]);
        let mut bytes = exported(&case, Format::Onnx, Inputs::Real).bytes;
        let at = source.whole(0, bytes.len() - 1);
        bytes[at] ^= 1 << source.whole(0, 7);
        if round % 5 == 0 {
            bytes.truncate(at);
        }
        refused += usize::from(!checked(&case, &bytes).is_ok_and(|report| report.holds()));
    }
    assert!(refused > 150, "{refused}");
}

#[test]
fn pictures_are_drawn_of_small_networks_alone() {
    let mut source = random::Source::new(19);
    for round in 0..60 {
        let case = Case::random(&mut source, KINDS[round % KINDS.len()]);
        let text = String::from_utf8(exported(&case, Format::Dot, Inputs::of_rows(&case.rows)).bytes).expect("a text");
        let weights = case.model.network.layers.iter().flat_map(|layer| &layer.weights).filter(|w| **w != 0.0).count();
        assert_eq!(text.matches(" -> ").count(), weights, "{text}");
        assert!(text.starts_with("digraph \"net\" {") && text.ends_with("}\n"));
        assert!(checked(&case, text.as_bytes()).is_err_and(|error| error.to_string().contains("a picture")));
    }
    let wide = bdnn::Layer { inputs: 400, outputs: 1, weights: vec![1.0; 400], biases: vec![0.0] };
    let mut case = Case::random(&mut source, Features::Small);
    case.model.network.layers = vec![wide];
    let refused = export(&case.model, Format::Dot, &ExportOptions::new());
    assert!(refused.is_err_and(|error| error.to_string().contains("400 weights")));
}

/// A file that was damaged after it was written is found out, by its numbers or by its classes.
#[test]
fn changed_headers_are_found_out() {
    let mut source = random::Source::new(8);
    let (mut tried, mut found) = (0, 0);
    for _ in 0..60 {
        let case = Case::random(&mut source, Features::Small);
        let exported = exported(&case, Format::C, Inputs::of_rows(&case.rows));
        let text = String::from_utf8(exported.bytes).expect("a text");
        assert!(checked(&case, text.replacen(">= net_t", "> net_t", 1).as_bytes()).is_ok());
        let changes = [
            ("_t1[", "_t9["),
            ("return", "retur"),
            ("class 0", "class 9"),
            ("sum = 0", "sum = 1"),
            ("int_fast16_t sum", "int8_t sum"),
        ];
        for (from, to) in changes {
            let changed = text.replacen(from, to, 1);
            if changed == text {
                continue;
            }
            tried += 1;
            match checked(&case, changed.as_bytes()) {
                Err(error) => {
                    let message = error.to_string();
                    assert!(message.starts_with("exported"), "{message}");
                    found += 1;
                }
                Ok(report) => found += usize::from(!report.holds()),
            }
        }
    }
    assert!(found * 10 > tried * 6, "{found} of {tried}");
}

/// A program that prints the class of each row.
fn program(case: &Case, exported: &Export) -> String {
    let kind = String::from_utf8_lossy(&exported.bytes);
    let kind = kind.split("net_predict(const ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a type");
    let mut out = format!("#include <stdio.h>\n#include \"net.h\"\nstatic const {kind} rows[][NET_INPUTS] = {{\n");
    for row in &case.rows {
        let row: Vec<String> =
            row.iter().map(|x| if kind == "double" { format!("{x:?}") } else { format!("{x}") }).collect();
        writeln!(out, "{{ {} }},", row.join(", ")).expect("strings take it");
    }
    out += "};\nint main(void)\n{\n    for (int i = 0; i < (int)(sizeof rows / sizeof rows[0]); i++) {\n";
    out + "        int c = net_predict(rows[i]);\n        printf(\"%d %s\\n\", c, net_classes[c]);\n    }\n    return 0;\n}\n"
}

fn compiled(folder: &Path, compiler: &str, arguments: &[&str], case: &Case, exported: &Export) -> Vec<String> {
    std::fs::write(folder.join("net.h"), &exported.bytes).expect("written");
    std::fs::write(folder.join("main.c"), program(case, exported)).expect("written");
    let built = Command::new(compiler).args(arguments).args(["main.c", "-o", "main"]).current_dir(folder).output();
    let built = built.unwrap_or_else(|error| panic!("{compiler}: {error}"));
    assert!(
        built.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&built.stderr),
        String::from_utf8_lossy(&exported.bytes)
    );
    let output = Command::new(folder.join("main")).output().expect("it runs");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// The system's compiler, for C and for C++, without a warning: the classes that the interpreter gives.
#[test]
#[ignore = "needs a C compiler: .ci/devices"]
fn compiled_headers_do_what_their_models_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut source = random::Source::new(9);
    const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
    for round in 0..60 {
        let case = Case::random(&mut source, KINDS[round % KINDS.len()]);
        let exported = exported(&case, Format::C, Inputs::of_rows(&case.rows));
        let exact = case.model.exact();
        let report = checked(&case, &exported.bytes).expect("it can be checked");
        for (compiler, mode) in [("cc", ["-std=c99", "-xc", "-O2"]), ("c++", ["-std=c++11", "-xc++", "-Os"])] {
            let arguments: Vec<&str> = mode.iter().chain(&WARNINGS).copied().collect();
            let lines = compiled(folder.path(), compiler, &arguments, &case, &exported);
            assert_eq!(lines.len(), case.rows.len());
            let wrong = case.rows.iter().zip(&lines).filter(|(row, line)| {
                let class = exact.predict(row);
                **line != format!("{class} {}", case.model.schema.classes[class])
            });
            assert!(wrong.count() <= report.doubtful, "{compiler}");
        }
    }
}

//! Headers for C are read as compilers read them, and run within limits.

use crate::{DATA, NETWORK, compared, fault};
use checker::{Budget, Source, export, network::Options};
use std::cell::Cell;
use std::fmt::Write as _;
use std::rc::Rc;

const HEADER: &str = "#include <stdint.h>\n#define N_INPUTS 1\nstatic const char *const n_classes[2] = { \"0\", \"1\" };\n\
    static const int8_t n_w[2] = { 2, -1 };\n\
    static int n_predict(const int8_t *x)\n{\n    uint8_t h[1];\n    for (int i = 0; i < 1; i++)\n        h[i] = (uint8_t)(x[i] * n_w[0] >= n_w[1]);\n    \
    if (h[0])\n        return 1;\n    return 0;\n}\n";

/// A header is a program: it ends, it stays within its arrays, and what C leaves open is no answer.
#[test]
fn headers_that_run_wild_are_refused() {
    for (from, to, words) in [
        ("i < 1; i++", "i < 1; i += 0", "more steps for one row"),
        ("h[1];", "h[99999999];", "more steps for one row"),
        ("h[i] =", "h[i + 1] =", "beyond the array"),
        ("if (h[0])", "if (n_w[2])", "beyond the array"),
        ("h[i] = (uint8_t)(x[i] * n_w[0] >= n_w[1]);", "{ }", "was not set"),
        ("x[i] * n_w[0]", "x[i] * 30000 * n_w[0]", "leaves the type int16_t"),
        ("(x[i] * n_w[0]", "(x[i] << 1", "negative"),
        ("(x[i] * n_w[0]", "(1 << 16", "a shift by 16"),
        ("return 0;", "", "ends without a value"),
        ("return 1", "return 1 / 0", "no number"),
        ("return 1", "return 7", ""),
        ("return 1", "return -1", "the class -1"),
        ("#define N_INPUTS 1", "#define N_INPUTS 2", "_INPUTS"),
        ("int8_t *x", "int8_t x", "expected `*`"),
        ("int8_t n_w[2] = { 2", "int8_t n_w[2] = { 200", "int8_t"),
        ("n_w[0] >=", "n_w[0] >= (", "expected"),
        ("n_predict(", "n_predicts(", "_predict"),
        ("int i = 0", "int h = 0", "already"),
        ("static int n_predict", "#if 1\nstatic int n_predict", "not of the form"),
        ("{ 2, -1 }", "{ 02, -1 }", "decimal"),
    ] {
        let changed = HEADER.replacen(from, to, 1);
        assert_ne!(changed, HEADER, "{from}");
        let message = fault(NETWORK, changed.as_bytes(), DATA).unwrap_or_else(|| panic!("{from} -> {to}"));
        assert!(message.contains(words), "{from} -> {to}: {message}");
    }
}

/// What a compiler does before it sees words: whatever would make it see other words than the checker is refused.
#[test]
fn the_preprocessor_has_nothing_to_do() {
    let guarded = HEADER.replace("#include", "#ifndef N_H\n#define N_H\n#include") + "#endif\n";
    assert!(compared(NETWORK, guarded.as_bytes(), DATA).unwrap().holds());
    assert!(compared(NETWORK, guarded.replace('\n', "\r\n").as_bytes(), DATA).unwrap().holds());
    assert!(compared(NETWORK, format!("/* a ??/b */\n{guarded}/* b */\n").as_bytes(), DATA).unwrap().holds());
    let (include, inputs, predict) = ("#include <stdint.h>\n", "#define N_INPUTS 1\n", "static int n_predict");
    for (from, to, words) in [
        // Parts that are hidden, or hidden from one of the two.
        (include, "#include <stdint.h>\n#define A\n", "not of the form"),
        (include, "#include <stdint.h>\n#ifndef A\n#endif\n", "not of the form"),
        (predict, "#ifndef N_H\nstatic int n_predict", "not of the form"),
        (predict, "#ifdef N_H\nstatic int n_predict", "not of the form"),
        (predict, "#undef N_H\nstatic int n_predict", "not of the form"),
        (predict, "#else\nstatic int n_predict", "not of the form"),
        (predict, "#endif\nstatic int n_predict", "something behind"),
        ("#endif\n", "", "without `#endif`"),
        ("#endif\n", "#endif\n#endif\n", "something behind"),
        ("#define N_H\n", "", "expected `#define N_H`"),
        ("#define N_H\n", "#define M_H\n", "expected `#define N_H`"),
        ("#ifndef N_H\n", "", "not of the form"),
        ("#ifndef N_H\n", "#ifndef __cplusplus\n", "not of the form"),
        ("#ifndef N_H\n", "#ifndef INT8_MAX\n", "not of the form"),
        ("#ifndef N_H\n", "static const int8_t n_v[1] = { 0 };\n#ifndef N_H\n", "not of the form"),
        // Words that are replaced.
        (inputs, "#define double int\n", "not of the form"),
        (inputs, "#define double 5\n", "not of the form"),
        (inputs, "#define int64_t 5\n", "not of the form"),
        (inputs, "#define n_w 5\n", "not of the form"),
        (inputs, "#define __INPUTS 5\n", "not of the form"),
        (inputs, "#define if_INPUTS 1\n", "not of the form"),
        (inputs, "#define INT8_MAX 5\n", "not of the form"),
        (inputs, "#define N_INPUTS 01\n", "not of the form"),
        (inputs, "#define N_INPUTS +1\n", "not of the form"),
        (inputs, "#define N_INPUTS 1 /* one */\n", "not of the form"),
        (inputs, "#define N_INPUTS 1\n#define N_INPUTS 1\n", "two names that end in _INPUTS"),
        (inputs, "#define N_INPUTS 1\n#define M_INPUTS 2\n", "two names that end in _INPUTS"),
        ("return 1;", "return N_INPUTS;", "`N_INPUTS` is used"),
        ("return 1;", "return N_H 1;", "`N_H` is used"),
        (include, "#include \"stdint.h\"\n", "not of the form"),
        // Lines that are joined, comments that end elsewhere.
        (inputs, "#define N_INPUTS 1\\\n", "joins with the next"),
        (inputs, "#define N_INPUTS 1 \\ \t\n", "joins with the next"),
        (inputs, "#define N_INPUTS 1??/\n", "joins with the next"),
        (inputs, "#define N_INPUTS 1\n/* *\\\n/ */\n", "joins with the next"),
        (inputs, "#define N_INPUTS 1\n/* *??/\r\n/ */\n", "joins with the next"),
        ("return 1;", "return 1; // + 1\n", "`//`"),
        ("return 1;", "return 2 //* or */ 2\n;", "`//`"),
        ("{ \"0\"", "{ \"??/0\"", "trigraph"),
        ("return 1;", "return 1;\u{c}", "control character"),
        (inputs, "#define N_INPUTS 1\r#endif\n", "control character"),
        (inputs, "%: define N_INPUTS 1\n", "no place"),
        // Names of two meanings.
        (
            predict,
            "static int m_predict(const int8_t *x)\n{\n    return x[0] > 0;\n}\nstatic int n_predict",
            "2 functions",
        ),
        (predict, "static int n_predict(const int8_t *x)\n{\n    return x[0] > 0;\n}\nstatic int n_predict", "already"),
        (predict, "static const char *const m_classes[2] = { \"0\", \"1\" };\nstatic int n_predict", "2 lists"),
        (predict, "static const int8_t n_w[2] = { 2, -1 };\nstatic int n_predict", "already"),
        (predict, "static const int8_t n_classes[1] = { 2 };\nstatic int n_predict", "already"),
        ("n_classes", "n_clases", "0 lists"),
        ("uint8_t h[1];", "uint8_t h[1]; uint8_t n_w[1];", "already"),
        ("int8_t *x", "int8_t *const", "expected a name"),
        ("uint8_t h[1];", "uint8_t h[1]; int int8_t = 1;", "expected a name"),
    ] {
        let changed = guarded.replacen(from, to, 1);
        assert_ne!(changed, guarded, "{from}");
        let message = fault(NETWORK, changed.as_bytes(), DATA).unwrap_or_else(|| panic!("{from} -> {to}"));
        assert!(message.contains(words), "{from} -> {to}: {message}");
    }
}

/// A header whose functions call one another in a row, each within so many brackets, so deep within statements.
fn chain(functions: usize, brackets: usize, statements: usize) -> String {
    let mut text = HEADER.replace("return 1;", &format!("return n_f{functions}(1);"));
    let mut before = "static int n_f0(int a)\n{\n    return a;\n}\n".to_owned();
    for at in 1..=functions {
        let (open, close) = ("(".repeat(brackets), ")".repeat(brackets));
        let nested = "if (a) ".repeat(statements);
        let body = format!("{nested}return {open}n_f{}(a){close};\n    return 0;", at - 1);
        writeln!(before, "static int n_f{at}(int a)\n{{\n    {body}\n}}").unwrap();
    }
    text.insert_str(text.find("static int n_predict").unwrap(), &before);
    text
}

/// Statements, brackets and calls are counted together; at the limit the smallest stack is enough.
#[test]
fn depth_is_counted_across_calls() {
    for (functions, brackets, statements) in [(38, 0, 0), (5, 3, 3), (1, 37, 0), (1, 0, 37), (2, 9, 9), (0, 0, 0)] {
        let text = chain(functions, brackets, statements);
        assert!(compared(NETWORK, text.as_bytes(), DATA).unwrap().holds(), "{functions} {brackets} {statements}");
        let deeper = chain(functions + 40, brackets, statements);
        let message = fault(NETWORK, deeper.as_bytes(), DATA).unwrap();
        assert!(message.contains("no deeper nesting"), "{message}");
    }
    for (functions, brackets, statements) in [(39, 0, 0), (50_000, 0, 0), (6, 3, 3), (1, 38, 0), (1, 0, 38), (2, 10, 9)]
    {
        let message = fault(NETWORK, chain(functions, brackets, statements).as_bytes(), DATA).unwrap();
        assert!(message.contains("no deeper nesting"), "{functions} {brackets} {statements}: {message}");
    }
    // Operators of every precedence in brackets of each other.
    let nested =
        (0..35).fold("a".to_owned(), |inner, _| format!("(0 || 1 && 1 | 0 ^ 1 & 1 == 1 < 2 << 0 + 1 * {inner})"));
    let text = chain(1, 0, 0).replace("return a;", &format!("return {nested};"));
    assert!(compared(NETWORK, text.as_bytes(), DATA).is_ok_and(|report| report.holds()));
}

/// Chains of operators from the left, as long as they are, give what C says.
#[test]
fn long_sums_are_computed() {
    for (sum, holds) in [
        ("1".to_owned() + &"+1-1".repeat(50_000), true),
        ("1".to_owned() + &"+1-1".repeat(50_000) + "-1", false),
        ("1".to_owned() + &"*1/1".repeat(50_000), true),
        ("(2 - 1 - 1 + 1) * 2 - 1".to_owned(), true),
        ("7 - 3 - 3".to_owned(), true),
        ("1 << 1 + 1 >> 2".to_owned(), true),
        ("3 > 2 > 1 == 0".to_owned(), true),
        ("1 || 1 / 0".to_owned(), true),
        ("0 && 1 / 0 || 1".to_owned(), true),
        ("1 - (0 && 1 / 0 && 1)".to_owned(), true),
        ("200 * 2 / 400".to_owned(), true),
        ("2 - 1 * 2 + 1".to_owned(), true),
    ] {
        let text = HEADER.replace("return 1;", &format!("return {sum};"));
        let report = compared(NETWORK, text.as_bytes(), DATA).unwrap_or_else(|error| panic!("{sum:.20}: {error}"));
        assert_eq!(report.holds(), holds, "{sum:.20}");
    }
}

/// A check of a header with this budget.
fn within(text: &str, budget: &Budget) -> Result<export::Report, checker::Error> {
    let source =
        |name: &str, text: &str| Source::new(name.to_owned(), std::io::Cursor::new(text.to_owned())).within(budget);
    let data = vec![source("data.csv", DATA)];
    export::check(source("model.json", NETWORK), source("n.h", text), data, &Options::default())
}

/// Every operation is a step: who may stop a check is asked within one long statement, too.
#[test]
fn operations_are_steps() {
    let sum = "+1-1".repeat(100_000);
    let text =
        HEADER.replace("return 1;", &format!("{{ int s = 0; for (int k = 0; k < 20; k++) s += 0{sum}; return 1; }}"));
    let budget = Budget::default();
    assert!(within(&text, &budget).unwrap().holds());
    assert!(budget.steps() > 20 * 200_000, "{budget:?}");
    let asked = Rc::new(Cell::new(0));
    let counter = Rc::clone(&asked);
    let budget = Budget::stopped_by(move || {
        counter.set(counter.get() + 1);
        (counter.get() > 30).then(|| "enough".to_owned())
    });
    assert!(matches!(within(&text, &budget), Err(checker::Error::Unfinished { .. })));
}

/// Names are found in one step: a header of very many declarations is read as fast as one of few.
#[test]
fn many_names_are_read_in_no_time() {
    let mut many = String::new();
    for at in 0..40_000 {
        writeln!(many, "static const int8_t n_v{at}[1] = {{ 1 }};\nstatic int n_g{at}(int a)\n{{\n    return a;\n}}")
            .unwrap();
    }
    let locals: String = (0..40_000).map(|at| format!("    int v{at} = 0;\n")).collect();
    let text = HEADER.replace("static int n_predict", &format!("{many}static int n_predict"));
    let text = text.replace("    uint8_t h[1];", &format!("{locals}    uint8_t h[1];"));
    let start = std::time::Instant::now();
    let report = compared(NETWORK, text.as_bytes(), DATA).unwrap();
    assert!(report.holds());
    // Some 10^10 comparisons of names would take minutes.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// Words and arrays ask for their memory.
#[test]
fn headers_hold_what_they_take() {
    let budget = Budget::default();
    assert!(within(HEADER, &budget).unwrap().holds());
    let few = budget.most_held();
    let budget = Budget::default();
    let text = HEADER.replace("{ 2, -1 }", &format!("{{ 2, -1{} }}", ", 1".repeat(50_000)));
    assert!(within(&text.replace("n_w[2]", "n_w[50002]"), &budget).unwrap().holds());
    assert!(budget.most_held() > few + 100_000 * 32, "{budget:?}");
    // What a function holds is let go when it ends.
    let budget = Budget::default();
    let text = chain(1, 0, 0).replace("{\n    return a;", "{\n    int32_t big[20000];\n    big[0] = a;\n    return 1;");
    let text = text.replace("return n_f1(1);", "{ int s = 0; for (int k = 0; k < 9; k++) s = n_f1(1); return s; }");
    assert!(within(&text, &budget).unwrap().holds());
    assert!(budget.most_held() > 20_000 * 16 && budget.most_held() < 60_000 * 64, "{budget:?}");
}

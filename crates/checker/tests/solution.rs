//! Solution files recounted exactly.

use checker::number::exact;
use checker::solution::{Report, check};
use checker::{Error, Format, Model, Rational, Source};

const MODEL: &str =
    "min\n 2 x - y + 10\nst\n sum: 0.25 <= x + y <= 4\nbounds\n x <= 1\n -inf <= y <= 0.5\ngenerals\n x\nend";

fn run(solution: &str) -> Result<Report, Error> {
    let model = Model::read(Source::new("model.lp", MODEL.as_bytes()), Format::Lp).unwrap();
    check(&model, Source::new("point.sol", solution.as_bytes()))
}

fn number(text: &str) -> Rational {
    exact(text).unwrap()
}

#[test]
fn a_solution_has_no_violation() {
    let report = run("x 1\ny 0.5\n").unwrap();
    assert_eq!(report.objective, number("23/2"));
    assert_eq!((report.values, report.violation(&Rational::ZERO)), (2, None));
}

#[test]
fn each_kind_of_violation_is_measured() {
    let worst = |report: &Report| {
        [&report.bounds, &report.rows, &report.integrality].map(|w| format!("{} {}", w.place, w.amount))
    };
    assert_eq!(worst(&run("x 0.75\ny 0.75").unwrap()), ["y 1/4", " 0", "x 1/4"]);
    assert_eq!(worst(&run("x -1\ny -1e0").unwrap()), ["x 1", "sum 9/4", " 0"]);
    assert_eq!(worst(&run("y 5").unwrap()), ["y 9/2", "sum 1", " 0"]);
    // Far below what binary64 tells from 4.
    let report = run("x 1\ny 3.00000000000000000000000000000001").unwrap();
    assert_eq!(report.rows.amount, number("1e-32"));
    assert!(report.violation(&number("2.6")).is_none());
    assert_eq!(report.violation(&number("1")).unwrap(), "the bounds of `y` violated by ~2.5");
}

#[test]
fn the_styles_of_solvers_are_read() {
    for text in [
        "# a comment\n=obj= 11.5\n\nx 1\ny 0.5\n",
        "solution status: optimal\nobjective value:    11.5\nx     1 \t(obj:2)\ny   0.5 \t(obj:-1)\n",
        "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 11.5\n# Columns 2\nx 1\ny 0.5\n# Rows 1\nsum 1.5\n\n# Dual solution values\nNone\n",
    ] {
        let report = run(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!((&report.objective, report.values), (&number("11.5"), 2), "{text}");
        assert_eq!(report.stated.as_ref().map(|stated| &stated.value), Some(&number("11.5")), "{text}");
        assert_eq!(report.false_objective(), None, "{text}");
    }
}

/// Right to its printed digits, or false; a fraction says all of them.
#[test]
fn stated_objectives_are_compared() {
    // The objective is 11.5 - 1/3.
    let point = "x 1\ny 0.8333333333333334 (=5/6)\n";
    for (stated, is_false) in [
        ("11", false),
        ("11.2", false),
        ("11.17", false),
        ("1.117e1", false),
        ("11.16666666666666", false),
        ("11.166666666666667", false),
        ("11.166666666666667 (=67/6)", false),
        ("12.166666666666667 (=67/6)", true),
        ("9.571428571428571 (=67/7)", true),
        ("12", true),
        ("11.1", true),
        ("11.18", true),
        ("11.16667", false),
        ("11.16668", true),
        ("11.16666666", true),
    ] {
        let report = run(&format!("=obj= {stated}\n{point}")).unwrap();
        assert_eq!(report.objective, number("67/6"));
        assert_eq!(report.false_objective().is_some(), is_false, "{stated}");
    }
    assert_eq!(run(point).unwrap().false_objective(), None);
}

#[test]
fn fractions_behind_values_count() {
    let report = run("x 1\ny -0.3333333333333333 (=-1/3)\n").unwrap();
    assert_eq!(report.objective, number("37/3"));
    assert_eq!(run("y 0.5 (obj:-1)\n").unwrap().objective, number("19/2"), "as SCIP writes");
    for text in ["y 0.3 (=1/3)\n", "y 0.3333333333333333 (=1/0)\n", "y 0.3333333333333333 (=third)\n"] {
        assert_eq!(run(text).unwrap_err().line(), 1, "{text}");
    }
}

/// Values and objectives mean themselves, whatever floats hold.
#[test]
fn numbers_beyond_binary64_count() {
    let text = "max\n 1e308 x\nst\n r: 1e-300 x - 1e-300 y <= 1\nend";
    let model = Model::read(Source::new("model.lp", text.as_bytes()), Format::Lp).unwrap();
    let of = |text: &str| check(&model, Source::new("p", text.as_bytes()));
    let report = of("=obj= 2e308\nx 2\n").unwrap();
    assert_eq!((&report.objective, report.false_objective()), (&number("2e308"), None));
    assert_eq!(of("x 1e308\n").unwrap().objective, number("1e616"));
    assert!(of("x 1e309\n").unwrap_err().to_string().contains("beyond the range"));
    assert_eq!(of("y 1e-400\n").unwrap().bounds.amount, Rational::ZERO);
    assert!(of("x 0 (=1/3)\n").is_err());
    let tiny = number(&format!("1/3{}", "0".repeat(400)));
    let report = of(&format!("x 0 (={tiny})\n")).unwrap();
    assert_eq!(report.objective, tiny * number("1e308"));
    assert!(
        of(&format!("=obj= -3.3333333333333333e399 (=-1{}/3)\n", "0".repeat(400))).unwrap().false_objective().is_some()
    );
}

/// What rounding to binary64 does is forgiven, unless the tolerance is 0.
#[test]
fn rounding_stands_beside_the_tolerance() {
    let text = "min\n x\nst\n r: 3 x - y = 0\nbounds\n y = 1000000000000\nend";
    let model = Model::read(Source::new("model.lp", text.as_bytes()), Format::Lp).unwrap();
    let of = |x: &str| check(&model, Source::new("p", format!("x {x}\ny 1000000000000\n").as_bytes())).unwrap().rows;
    let nearest = of("333333333333.3333");
    assert!(!nearest.exceeds(&number("1e-9")) && nearest.exceeds(&Rational::ZERO) && nearest.amount > number("1e-5"));
    assert!(of("333333333333.33").exceeds(&number("1e-9")));
    let exact = of("333333333333.3333 (=1000000000000/3)");
    assert!(!exact.exceeds(&Rational::ZERO));
}

#[test]
fn faults_name_their_line() {
    for (text, line, word) in [
        ("x 1\nz 2\n", 2, "no column"),
        ("x 1\nx 1\n", 2, "two values"),
        ("x one\n", 1, "not a finite number"),
        ("x inf\n", 1, "not a finite number"),
        ("x\n", 1, "value"),
        ("x 1e9999\n", 1, "exponent"),
    ] {
        let error = run(text).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
        assert_eq!(error.line(), line);
    }
}

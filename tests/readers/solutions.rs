//! The table of solution files: the solver's reader (`--start`) and the checker's (`check solution`) see the same point.

use checker::Source;
use std::path::Path;

/// Columns with names that trouble readers, each of cost 1.
const NAMES: &[&str] = &["x", "A", "A 1", "\"q\"", "#c", "=obj=", "objective", "Model", "a\\b", "größe"];

fn models() -> (milp::Model, checker::Model) {
    let mut model = milp::Model::new("t");
    for name in NAMES {
        model.add_var(*name, f64::NEG_INFINITY, f64::INFINITY, 1.0, milp::VarKind::Continuous);
    }
    // The checker's model has the same names: renamed after reading, for no format holds them all.
    let text = format!("min\n {}\nend\n", (0..NAMES.len()).map(|j| format!("v{j}")).collect::<Vec<_>>().join(" + "));
    let mut checked = checker::Model::read(Source::new("t", text.as_bytes()), checker::Format::Lp).unwrap();
    for (column, name) in checked.columns.iter_mut().zip(NAMES) {
        column.name = (*name).to_owned();
    }
    (model, checked)
}

/// The values both readers see, or the line they refuse.
fn read(text: &str) -> Result<Vec<f64>, usize> {
    let (model, mut checked) = models();
    let solver = match milp::io::parse_solution(text, &model, Path::new("s")) {
        Ok(values) => Ok(values),
        Err(milp::Error::Parse { line, .. }) => Err(line),
        Err(other) => panic!("{other}"),
    };
    // The recount tells the objective alone: column j counts 1000^j.
    for (j, (_, cost)) in checked.objective.iter_mut().enumerate() {
        *cost = checker::Rational::from(1000_u128.pow(j as u32));
    }
    match (&solver, checker::solution::check(&checked, Source::new("s", text.as_bytes()))) {
        (Ok(values), Ok(report)) => {
            let whole = |x: f64| x.abs() < 1e18 && x.fract() == 0.0;
            let digits = |x: f64| if whole(x) { (x as i64).to_string() } else { format!("{x:e}") };
            let exact = |x: &f64| checker::number::exact(&digits(*x)).unwrap();
            let weights = (0..).map(|j| checker::Rational::from(1000_u128.pow(j)));
            let objective: checker::Rational = values
                .iter()
                .zip(weights)
                .map(|(x, weight)| exact(x) * weight)
                .fold(checker::Rational::ZERO, |a, b| a + b);
            assert_eq!(report.objective, objective, "{text:?}: {values:?}");
        }
        (Err(line), Err(error)) => assert_eq!(error.line() as usize, *line, "{text:?}: {error}"),
        (solver, checker) => panic!("{text:?}: {solver:?} and {checker:?}"),
    }
    solver
}

/// The columns by position, with their values.
type Point = &'static [(usize, f64)];

const TEXTS: &[(&str, Result<Point, usize>)] = &[
    // No solution: nothing is said, or that there is none.
    ("", Err(1)),
    ("\n# a remark\n\n", Err(3)),
    ("=infeas= 0\n", Err(1)),
    ("solution status: optimal\n", Err(1)),
    ("=infeas=\n", Err(1)),
    ("x 1\n=UNBD=\n", Err(2)),
    ("no solution available\n", Err(1)),
    ("solution status: infeasible\nNo solution available\n", Err(2)),
    ("Model status\nInfeasible\n\n# Primal solution values\nNone\n", Err(1)),
    // All columns are 0.
    ("=obj= 0\n", Ok(&[])),
    ("objective value: 0\n", Ok(&[])),
    ("Model status\nOptimal\n\n# Primal solution values\nFeasible\n# Columns 0\n# Rows 0\n", Ok(&[])),
    ("x 1\n", Ok(&[(0, 1.0)])),
    ("x 1", Ok(&[(0, 1.0)])),
    ("  x\t1.5e0  \n", Ok(&[(0, 1.5)])),
    ("\u{feff}x 1\rA 2\r", Ok(&[(0, 1.0), (1, 2.0)])),
    ("x 1\r\n\r\nA -2\r\n", Ok(&[(0, 1.0), (1, -2.0)])),
    ("=obj= 5\nx 1\n", Ok(&[(0, 1.0)])),
    ("=obj= 3 4\n", Ok(&[])),
    ("# Objective value = 5\nx 1\n", Ok(&[(0, 1.0)])),
    ("=infeas= 0\nx 1\n", Ok(&[(0, 1.0)])),
    ("solution status: optimal\nobjective value: 5\nx 1 \t(obj:1)\n", Ok(&[(0, 1.0)])),
    ("Solution Status: optimal\nx 1\n", Ok(&[(0, 1.0)])),
    (
        "Model status\nOptimal\n\n# Primal solution values\nFeasible\nObjective 1\n# Columns 1\nx 1\n# Rows 1\nc 1\n\n# Dual solution values\nNone\n",
        Ok(&[(0, 1.0)]),
    ),
    ("x 1\n# Rows 1\nx 2\n", Ok(&[(0, 1.0)])),
    // Names with blanks and worse.
    ("A 1\n", Ok(&[(1, 1.0)])),
    ("A 1 3\n", Ok(&[(2, 3.0)])),
    ("A 1 (obj:3)\n", Ok(&[(1, 1.0)])),
    ("\"A 1\" 3\n", Ok(&[(2, 3.0)])),
    ("\"A 1\"3\n", Ok(&[(2, 3.0)])),
    ("\"x\" 3\n", Ok(&[(0, 3.0)])),
    ("\"\\\"q\\\"\" 4\n", Ok(&[(3, 4.0)])),
    ("\"q\" 4\n", Ok(&[(3, 4.0)])),
    ("\"#c\" 4\n", Ok(&[(4, 4.0)])),
    ("#c 4\nx 0\n", Ok(&[])),
    ("\"=obj=\" 4\n", Ok(&[(5, 4.0)])),
    ("\"objective\" 4\n", Ok(&[(6, 4.0)])),
    ("objective 4\n", Ok(&[(6, 4.0)])),
    ("Model 4\n", Ok(&[(7, 4.0)])),
    ("a\\b 4\n", Ok(&[(8, 4.0)])),
    ("\"a\\\\b\" 4\n", Ok(&[(8, 4.0)])),
    ("größe 4\n", Ok(&[(9, 4.0)])),
    // Refusals.
    ("x\n", Err(1)),
    ("x 1\nq 2\n", Err(2)),
    ("X 1\n", Err(1)),
    ("x one\n", Err(1)),
    ("x nan\n", Err(1)),
    ("x inf\n", Err(1)),
    ("x 1e400\n", Err(1)),
    ("x 1,5\n", Err(1)),
    ("x 1/2\n", Err(1)),
    ("x 1\nx 1\n", Err(2)),
    ("\"x\n", Err(1)),
    ("\"x\"\n", Err(1)),
    ("\"B 1\" 3\n", Err(1)),
    ("B 1 3\n", Err(1)),
    ("x 1\n\0\n", Err(2)),
];

#[test]
fn both_see_the_same_point() {
    for (text, expected) in TEXTS {
        let expected = expected.map(|entries| {
            let mut point = vec![0.0; NAMES.len()];
            entries.iter().for_each(|&(j, x)| point[j] = x);
            point
        });
        assert_eq!(read(text), expected, "{text:?}");
    }
}

/// A value nearer to 0 than floats is one for both; the checker counts it as it is.
#[test]
fn values_near_zero_are_values() {
    let (model, checked) = models();
    for (text, value) in [("x 1e-400\n", "1e-400"), ("x -5e-324\n", "-5e-324"), ("x 0 (=1e-400)\n", "1e-400")] {
        assert!(milp::io::parse_solution(text, &model, Path::new("s")).is_ok(), "{text}");
        let report = checker::solution::check(&checked, Source::new("s", text.as_bytes())).unwrap();
        assert_eq!(report.objective, checker::number::exact(value).unwrap(), "{text}");
    }
}

/// What is written reads back, to the last bit, whatever the columns are called.
#[test]
fn written_solutions_read_back() {
    let (model, _) = models();
    for scale in [1.0, 1.0 / 3.0, -1e-9, 12_345_678_901_234_567.0, 1e300, -0.0] {
        let x: Vec<f64> = (0..NAMES.len()).map(|j| scale * (j as f64 - 2.0)).collect();
        let text = milp::io::to_solution(&model, &x, None);
        assert_eq!(read(&text), Ok(x.iter().map(|x| x + 0.0).collect()), "{text}");
        assert!(!text.contains("-0\n"), "{text}");
    }
    assert!(milp::io::to_solution(&model, &[1.0; 10], None).contains("\nx 1\nA 1\n\"A 1\" 1\n"));
}

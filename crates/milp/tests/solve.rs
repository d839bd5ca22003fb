//! The solver on models with known answers: optima, infeasibility, and bounds that always enclose.

mod support;

use milp::check::is_feasible;
use milp::io::read_model;
use milp::{Model, Options, Outcome, Quiet, Sense, Status, solve};
use std::path::Path;
use support::Expected;

/// Open after minutes without presolve; the enclosure of the optimum is checked for them all the same.
const SLOW: [&str; 3] = ["2122.lp", "issue-2446.mps", "sp150x300d.mps"];

/// What is published is an optimum within tolerance: no point satisfies the relaxation exactly (`solve --certificate` of it without its integrality
/// proves that), and infeasible is as true a word.
const EMPTY: &str = "2122.lp";

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * b.abs().max(1.0)
}

/// Whatever the status: the incumbent is feasible, and it and the bound enclose the optimum.
fn assert_encloses(name: &str, model: &Model, outcome: &Outcome, optimum: f64) {
    let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
    if name == EMPTY && outcome.status == Status::Infeasible {
        assert_eq!((outcome.bound, &outcome.solution), (sign * f64::INFINITY, &None), "{name}");
        return;
    }
    let slack = 1e-6 * optimum.abs().max(1.0);
    assert!(sign * outcome.bound <= sign * optimum + slack, "{name}: bound {} past {optimum}", outcome.bound);
    if let (Some(x), Some(objective)) = (&outcome.solution, outcome.objective) {
        assert!(sign * objective >= sign * optimum - slack, "{name}: {objective} is better than {optimum}");
        assert!(close(model.objective(x), objective), "{name}");
        assert!(is_feasible(model, x, 2e-9, 1e-9), "{name}: {:?}", outcome.violations);
    }
}

fn assert_published(expected: &Expected, model: &Model, outcome: &Outcome) {
    let name = &expected.file;
    assert_eq!(outcome.status.as_str(), expected.status, "{name}");
    if let Some(optimum) = expected.objective {
        assert_encloses(name, model, outcome, optimum);
        assert!(close(outcome.objective.expect("an optimum has a point"), optimum), "{name}: {:?}", outcome.objective);
        assert!((outcome.bound - optimum).abs() <= 2e-6 * optimum.abs().max(1.0), "{name}: bound {}", outcome.bound);
    } else {
        assert!(outcome.solution.is_none() || outcome.status == Status::Unbounded, "{name}");
    }
}

fn instances(folder: &Path, kind: &str) -> Vec<(Expected, Model)> {
    // Files with a quadratic objective are refused by the reader.
    let rows = support::expected(folder).into_iter().filter(|row| row.kind == kind && !row.file.starts_with("2821"));
    rows.map(|row| {
        let model = read_model(&folder.join(&row.file)).unwrap();
        (row, model)
    })
    .collect()
}

#[test]
fn small_linear_programs_have_their_optima() {
    assert_eq!(linear_programs(&support::models()), 11);
}

#[test]
#[ignore = "needs ../shared"]
fn linear_programs_have_the_published_optima() {
    assert!(linear_programs(&support::shared("mps")) >= 30);
}

fn linear_programs(folder: &Path) -> usize {
    let instances = instances(folder, "lp");
    for (expected, model) in &instances {
        let outcome = solve(model, &Options::default(), &mut Quiet).unwrap();
        assert_published(expected, model, &outcome);
        if outcome.status == Status::Optimal {
            assert_eq!(outcome.duals.map(|duals| duals.len()), Some(model.num_rows()), "{}", expected.file);
        }
    }
    instances.len()
}

#[test]
fn small_integer_programs_have_their_optima() {
    assert_eq!(integer_programs(&support::models()), 13);
}

#[test]
#[ignore = "needs ../shared"]
fn integer_programs_have_the_published_optima() {
    assert!(integer_programs(&support::shared("mps")) >= 20);
}

fn integer_programs(folder: &Path) -> usize {
    let instances = instances(folder, "mip");
    for (expected, model) in &instances {
        if SLOW.contains(&expected.file.as_str()) {
            let options = Options { node_limit: 100, ..Options::default() };
            let outcome = solve(model, &options, &mut Quiet).unwrap();
            assert_encloses(&expected.file, model, &outcome, expected.objective.unwrap());
        } else {
            let outcome = solve(model, &Options::default(), &mut Quiet).unwrap();
            assert_published(expected, model, &outcome);
            assert_eq!(outcome.statistics.unresolved, 0, "{}", expected.file);
        }
    }
    instances.len()
}

#[test]
#[ignore = "needs ../shared, minutes: these need presolve to close fast"]
fn slow_integer_programs_never_claim_a_false_optimum() {
    let instances = instances(&support::shared("mps"), "mip");
    for (expected, model) in instances.into_iter().filter(|(row, _)| SLOW.contains(&row.file.as_str())) {
        let outcome = solve(&model, &Options { time_limit: 60.0, ..Options::default() }, &mut Quiet).unwrap();
        assert_encloses(&expected.file, &model, &outcome, expected.objective.unwrap());
        if outcome.status == Status::Optimal {
            assert_published(&expected, &model, &outcome);
        }
    }
}

/// The start is the optimum found before: the run may take no more than its proof.
#[test]
fn a_start_is_taken() {
    let instances = instances(&support::models(), "mip");
    let (expected, model) =
        instances.iter().find(|(row, _)| row.file == "hexagon_tour.lp").expect("a model of that name");
    let first = solve(model, &Options::default(), &mut Quiet).unwrap();
    let options = Options { start: first.solution, node_limit: 0, ..Options::default() };
    let again = solve(model, &options, &mut Quiet).unwrap();
    assert_eq!(again.objective, expected.objective);
    assert_eq!(again.statistics.nodes, 0);
}

/// Networks of one hidden layer: the published optima of the training MILPs in `names`.
fn assert_trained(names: &[&str]) {
    let folder = support::shared("bdnn-mps");
    let text = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    for name in names {
        let line = text.lines().find(|line| line.starts_with(&format!("{name}.mps,"))).expect("a published optimum");
        let optimum: f64 = line.split(',').nth(1).unwrap().parse().unwrap();
        let model = read_model(&folder.join(format!("{name}.mps"))).unwrap();
        let options = Options { mip_abs_gap: Some(0.999), ..Options::default() };
        let outcome = solve(&model, &options, &mut Quiet).unwrap();
        assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(optimum)), "{name}");
        assert_eq!(outcome.bound, optimum, "{name}: the objective is integral, so the bound is tight");
        assert_encloses(name, &model, &outcome, optimum);
    }
}

#[test]
#[ignore = "needs ../shared"]
fn small_networks_have_the_published_optima() {
    assert_trained(&["rand_n2_m10_d2_s0", "rand_n2_m15_d2_s0"]);
}

#[test]
#[ignore = "needs ../shared, about half a minute each in a release build"]
fn networks_have_the_published_optima() {
    assert_trained(&["rand_n2_m20_d2_s0", "rand_n3_m20_d2_s0", "rand_n2_m20_d3_s0", "teacher_n2_m30_d2_s0"]);
}

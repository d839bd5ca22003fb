//! Subsystems of models whose reasons are known; random ones stand in the acceptance tests.

use super::{Part, Subsystem, infeasible_subsystem};
use crate::{Model, Options, Outcome, Quiet, Statistics, Status, VarId, VarKind, solve};

const INF: f64 = f64::INFINITY;

fn subsystem(model: &Model, options: &Options) -> Option<Subsystem> {
    let outcome = solve(model, options, &mut Quiet).unwrap();
    infeasible_subsystem(model, &outcome, options, &mut Quiet).unwrap()
}

fn members(model: &Model) -> Vec<Part> {
    let found = subsystem(model, &Options::default()).expect("infeasible");
    assert!(found.is_irreducible() && found.stopped.is_none(), "{found:?}");
    found.members.iter().map(|member| member.part).collect()
}

fn columns<const N: usize>(model: &mut Model, upper: f64, kind: VarKind) -> [VarId; N] {
    std::array::from_fn(|j| model.add_var(format!("x{j}"), 0.0, upper, 1.0, kind))
}

#[test]
fn sides_of_ranges_and_equations_are_members_by_themselves() {
    let mut model = Model::new("t");
    let [x, y] = columns(&mut model, INF, VarKind::Continuous);
    let sum = model.add_row("sum", 4.0, 4.0, [(x, 1.0), (y, 1.0)]);
    model.add_row("other", -5.0, 5.0, [(x, 1.0), (y, -1.0)]);
    let most = model.add_row("most", 1.0, 3.0, [(x, 1.0), (y, 1.0)]);
    assert_eq!(members(&model), [Part::LowerSide(sum), Part::UpperSide(most)]);
}

#[test]
fn crossed_bounds_and_empty_rows_are_reasons() {
    let mut model = Model::new("t");
    let [x, _] = columns(&mut model, 3.0, VarKind::Continuous);
    model.variables[0].lower = 3.5;
    assert_eq!(members(&model), [Part::LowerBound(x), Part::UpperBound(x)]);
    let mut model = Model::new("t");
    columns::<1>(&mut model, 3.0, VarKind::Continuous);
    let row = model.add_row("none", 1.0, INF, []);
    assert_eq!(members(&model), [Part::LowerSide(row)]);
}

#[test]
fn integrality_is_a_member() {
    let mut model = Model::new("t");
    let [x, y] = columns(&mut model, 9.0, VarKind::Integer);
    let parity = model.add_row("parity", 7.0, 7.0, [(x, 2.0), (y, 4.0)]);
    let sides = [Part::LowerSide(parity), Part::UpperSide(parity)];
    assert_eq!(members(&model), [sides.as_slice(), &[Part::Whole(x), Part::Whole(y)]].concat());
    let mut model = Model::new("t");
    let [x] = columns(&mut model, 0.6, VarKind::Integer);
    model.variables[0].lower = 0.4;
    assert_eq!(members(&model), [Part::LowerBound(x), Part::UpperBound(x), Part::Whole(x)]);
}

/// Of three columns that exclude one another more than one is to be chosen, among a hundred rows without a say: one of them being whole is enough.
#[test]
fn few_members_are_found_among_many_parts_with_few_tests() {
    let mut model = Model::new("t");
    let x: [VarId; 60] = columns(&mut model, 1.0, VarKind::Integer);
    for (i, pair) in x.windows(2).enumerate() {
        model.add_row(format!("cover{i}"), 1.0, INF, [(pair[0], 1.0), (pair[1], 1.0)]);
        model.add_row(format!("room{i}"), -INF, 3.0, [(pair[0], 2.0), (pair[1], 1.0)]);
    }
    let triangle = [x[7], x[30], x[51]];
    let edges = [(0, 1), (0, 2), (1, 2)].map(|(i, j)| {
        let row = model.add_row(format!("edge{i}{j}"), -INF, 1.0, [(triangle[i], 1.0), (triangle[j], 1.0)]);
        Part::UpperSide(row)
    });
    let two = model.add_row("two", 1.2, INF, triangle.map(|j| (j, 1.0)));
    let found = subsystem(&model, &Options::default()).expect("infeasible");
    let parts: Vec<Part> = found.members.iter().map(|member| member.part).collect();
    assert!(found.is_irreducible(), "{found:?}");
    let (last, rows) = parts.split_last().expect("members");
    assert_eq!(rows, [edges.as_slice(), &[Part::LowerSide(two)]].concat());
    assert!(triangle.iter().any(|&j| *last == Part::Whole(j)), "{last:?}");
    assert!(found.tests < 60, "{} tests for {} parts", found.tests, super::parts(&model).count());
    let alone = found.to_model(&model);
    assert_eq!(solve(&alone, &Options::default(), &mut Quiet).unwrap().status, Status::Infeasible);
    assert_eq!((alone.num_rows(), alone.num_vars()), (4, 3), "{alone:?}");
}

#[test]
fn what_limits_leave_open_is_said_to_be() {
    let mut model = Model::new("t");
    let [x, y] = columns(&mut model, 9.0, VarKind::Integer);
    model.add_row("parity", 7.0, 7.0, [(x, 2.0), (y, 4.0)]);
    let outcome = solve(&model, &Options::default(), &mut Quiet).unwrap();
    let options = Options { time_limit: 0.0, ..Options::default() };
    let found = infeasible_subsystem(&model, &outcome, &options, &mut Quiet).unwrap().expect("infeasible");
    assert_eq!(found.stopped, Some(Status::TimeLimit));
    assert_eq!(found.members.len(), 8, "all that there is");
    assert!(found.members.iter().all(|member| !member.is_needed) && !found.is_irreducible());
}

/// A test that takes too much work is not decided, and the others go on.
#[test]
fn a_test_ends_with_its_work() {
    let mut model = Model::new("t");
    let x: [VarId; 9] = columns(&mut model, 1.0, VarKind::Integer);
    for j in 0..9 {
        model.add_row(format!("edge{j}"), -INF, 1.0, [(x[j], 1.0), (x[(j + 1) % 9], 1.0)]);
    }
    model.add_row("five", 4.2, INF, x.map(|j| (j, 1.0)));
    let outcome = solve(&model, &Options::default(), &mut Quiet).unwrap();
    let found = |work: u64| {
        let mut options = Options::default();
        options.parameters.iis_work = work;
        let outcome = Outcome { statistics: Statistics::default(), ..outcome.clone() };
        infeasible_subsystem(&model, &outcome, &options, &mut Quiet).unwrap().expect("infeasible")
    };
    let (all, some) = (found(1_000_000_000), found(0));
    assert!(all.is_irreducible() && all.tests > 1, "{all:?}");
    assert!(!some.is_irreducible() && some.stopped.is_none() && some.tests > 1, "{some:?}");
}

#[test]
fn what_has_points_has_no_subsystem() {
    let mut model = Model::new("t");
    let [x] = columns(&mut model, 9.0, VarKind::Integer);
    assert!(subsystem(&model, &Options::default()).is_none());
    model.special.semi.insert(x);
    let outcome = solve(&model, &Options::default(), &mut Quiet).unwrap();
    let refused = infeasible_subsystem(&model, &outcome, &Options::default(), &mut Quiet).unwrap_err().to_string();
    assert!(refused.contains("'x0' is semi-continuous"), "{refused}");
}

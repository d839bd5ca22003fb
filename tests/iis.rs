//! Irreducible infeasible subsystems of small random models of every kind, each word held against exact arithmetic that shares nothing with
//! the solver: the members have no point together, and without any one that is called needed they have.

use checker::{Format, Model, Source};
use heaviside_acceptance::exact::{self, Truth};
use heaviside_acceptance::kinds::KINDS;
use milp::iis::{Member, Subsystem, infeasible_subsystem};
use milp::{Options, Quiet, Status};
use std::path::Path;

/// Linear programs that the oracle may solve for one answer.
const NODES: u64 = 2000;

/// Whether a model is infeasible; `None` if the oracle leaves it open.
fn is_infeasible(model: &milp::Model) -> Option<bool> {
    let text = milp::io::to_lp(model).expect("names stand in files");
    let model = Model::read(Source::new("subsystem", text.as_bytes()), Format::Lp).expect("the checker reads it");
    match exact::truth(&model, NODES) {
        Truth::Undecided => None,
        truth => Some(truth == Truth::Infeasible),
    }
}

/// What was asked and answered.
#[derive(Debug, Default)]
struct Count {
    subsystems: usize,
    irreducible: usize,
    members: usize,
    whole: usize,
    open: usize,
}

fn examine(model: &milp::Model, subsystem: &Subsystem, count: &mut Count, what: &str) {
    count.subsystems += 1;
    count.irreducible += usize::from(subsystem.is_irreducible());
    match is_infeasible(&subsystem.to_model(model)) {
        Some(infeasible) => assert!(infeasible, "{what}: the members have a point\n{subsystem:?}"),
        None => count.open += 1,
    }
    for Member { part, .. } in subsystem.members.iter().filter(|member| member.is_needed) {
        count.members += 1;
        count.whole += usize::from(matches!(part, milp::iis::Part::Whole(_)));
        let members = subsystem.members.iter().filter(|member| member.part != *part).copied().collect();
        match is_infeasible(&Subsystem { members, ..subsystem.clone() }.to_model(model)) {
            Some(infeasible) => assert!(!infeasible, "{what}: {part:?} is not needed\n{subsystem:?}"),
            None => count.open += 1,
        }
    }
}

/// The first `numbers` models of every kind.
fn of_every_kind(numbers: u64) -> Count {
    let mut count = Count::default();
    for kind in KINDS {
        for number in 0..numbers {
            let text = kind.draft(number).to_lp();
            let model = milp::io::parse_lp(&text, Path::new("model.lp")).expect("a model");
            let mut options = Options { node_limit: 20_000, ..Options::default() };
            options.parameters.iis_nodes = 500;
            let outcome = milp::solve(&model, &options, &mut Quiet).expect("an outcome");
            let found = infeasible_subsystem(&model, &outcome, &options, &mut Quiet).expect("an answer");
            assert_eq!(found.is_some(), outcome.status == Status::Infeasible);
            if let Some(subsystem) = found {
                examine(&model, &subsystem, &mut count, &format!("{} {number}\n{text}", kind.name));
            }
        }
    }
    count
}

#[test]
fn members_are_infeasible_together_and_each_is_needed() {
    let count = of_every_kind(60);
    println!("{count:?}");
    assert!(count.subsystems > 100 && count.whole > 20, "{count:?}");
    assert!(count.irreducible * 20 > count.subsystems * 19, "{count:?}");
    assert!(count.open * 20 < count.members, "{count:?}");
}

#[test]
#[ignore = "34,000 models, minutes"]
fn a_thousand_of_every_kind() {
    let count = of_every_kind(1000);
    println!("{count:?}");
    assert!(count.irreducible * 20 > count.subsystems * 19, "{count:?}");
}

//! A branching rule of one's own against those of the solver: nodes and pivots, model by model.
//!
//! The rule is [`Dearest`], a plug-in ([`milp::plugins`]): to try another one, write it there. All rules search without presolve and with
//! one search, as plug-ins do.

use super::exercises;
use super::models;
use super::table::Table;
use super::trial::Runner;
use crate::args::LimitArgs;
use crate::failure::Failure;
use milp::plugins::{Branch, BranchingRule, Fractional, NodeView};
use milp::{Branching, Model, Options, Outcome, Plugins, Quiet, Status, solve_with};
use std::path::Path;

/// The column whose part that is not whole costs the most.
struct Dearest;

impl BranchingRule for Dearest {
    fn choose(&mut self, node: &NodeView<'_>, candidates: &[Fractional]) -> Option<Branch> {
        let price = |candidate: &Fractional| {
            let distance = (candidate.value - candidate.value.round()).abs();
            distance * (1.0 + node.model.variables[candidate.column].cost.abs())
        };
        let dearest = (0..candidates.len()).max_by(|&a, &b| price(&candidates[a]).total_cmp(&price(&candidates[b])))?;
        Some(Branch::on(dearest))
    }
}

/// The rules, by the names of their columns.
const RULES: [(&str, Option<Branching>); 4] = [
    ("reliability", Some(Branching::Reliability)),
    ("pseudo-cost", Some(Branching::PseudoCost)),
    ("most-fractional", Some(Branching::MostFractional)),
    ("dearest", None),
];

/// What is added to nodes and pivots before their geometric mean is taken.
const SHIFT: f64 = 10.0;

/// Solves each model of the folder, or each of the exercises, with every rule.
pub fn run(directory: Option<&Path>, limits: &LimitArgs, runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut headings = vec!["model"];
    headings.extend(RULES.map(|(name, _)| name));
    let mut table = Table::new(&headings);
    let mut options = models::options(limits);
    options.parameters.presolve = false;
    options.parameters.subtrees = 1;
    let mut sums = [[0.0; 2]; RULES.len()];
    let (mut solved, mut all) = (0, 0);
    for (name, model) in named(directory, &mut table)? {
        if runner.stopped() {
            break;
        }
        if !runner.wants(&name) {
            continue;
        }
        let mut row = vec![name.clone()];
        let mut ends = Vec::new();
        for (word, rule) in RULES {
            let outcome = solve(&model, &options, rule)?;
            let nodes = outcome.statistics.nodes;
            runner.say(&format!("{name}, {word}: {} after {nodes} nodes", outcome.status.as_str()));
            row.push(shown(&outcome));
            ends.push(outcome);
        }
        table.push(row);
        all += 1;
        if ends.iter().all(|outcome| outcome.status == Status::Optimal) {
            solved += 1;
            for (sum, outcome) in sums.iter_mut().zip(&ends) {
                let counts = [outcome.statistics.nodes, outcome.statistics.lp_iterations];
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += (count as f64 + SHIFT).ln());
            }
        }
    }
    if solved > 0 {
        let mean = |sum: f64| ((sum / f64::from(solved)).exp() - SHIFT).max(0.0);
        let means = sums.map(|[nodes, pivots]| format!("{:.0} ({:.0})", mean(nodes), mean(pivots)));
        table.push([format!("mean of {solved}")].into_iter().chain(means).collect());
    }
    table.note(format!(
        "nodes (pivots) to the optimum, > where a limit came before; below, the shifted geometric mean over the {solved} of {all} models \
         that all rules solve"
    ));
    Ok(table)
}

fn solve(model: &Model, options: &Options, rule: Option<Branching>) -> Result<Outcome, Failure> {
    let mut options = options.clone();
    let mut own = Dearest;
    let mut plugins = Plugins::default();
    match rule {
        Some(rule) => options.parameters.branching = rule,
        None => plugins.branching = Some(&mut own),
    }
    Ok(solve_with(model, &options, &mut Quiet, plugins)?)
}

fn shown(outcome: &Outcome) -> String {
    let (nodes, pivots) = (outcome.statistics.nodes, outcome.statistics.lp_iterations);
    match outcome.status {
        Status::Optimal | Status::Infeasible | Status::Unbounded => format!("{nodes} ({pivots})"),
        _ => format!("> {nodes} ({pivots})"),
    }
}

/// The models of a folder, or the exercises.
fn named(directory: Option<&Path>, table: &mut Table) -> Result<Vec<(String, Model)>, Failure> {
    let Some(directory) = directory else { return Ok(exercises::models()) };
    let mut named = Vec::new();
    for (name, _) in models::models(directory)? {
        match milp::io::read_model(&directory.join(&name)) {
            Ok(model) if model.has_integers() && model.special.is_empty() => named.push((name, model)),
            Ok(_) => table.note(format!("{name}: left out, plug-ins have nothing to branch on")),
            Err(_) => table.note(format!("{name}: left out, not a model that can be read")),
        }
    }
    Ok(named)
}

//! What was run, how, and what is claimed of it.

use super::run::Run;
use super::section::Section;
use super::text::{number, optional, percent, plain};
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeSet;

/// A row: what, and for each run.
struct Row {
    word: String,
    values: Vec<Option<String>>,
}

pub(super) fn section(runs: &[Run]) -> Section {
    let options: BTreeSet<&String> = runs.iter().flat_map(|run| run.start.options.keys()).collect();
    let mut asked: Vec<Row> = ASKED.iter().map(|(word, of)| row(runs, word, *of)).collect();
    asked.extend(options.into_iter().map(|name| row(runs, name, |run| run.start.options.get(name).map(value))));
    let claimed: Vec<Row> = CLAIMED.iter().map(|(word, of)| row(runs, word, *of)).collect();
    let counted: BTreeSet<&String> =
        runs.iter().filter_map(|run| run.finish.as_ref()).flat_map(|f| f.statistics.keys()).collect();
    let counts = counted.into_iter().filter(|name| !name.ends_with("seconds"));
    let counts: Vec<Row> = counts
        .map(|name| row(runs, &name.replace('_', " "), |run| run.finish.as_ref()?.statistics.get(name).map(value)))
        .collect();
    let remarks: Vec<(usize, String)> =
        runs.iter().enumerate().flat_map(|(k, run)| run.remarks().into_iter().map(move |remark| (k, remark))).collect();
    let body = html! {
        @for (k, remark) in &remarks {
            p class="warning" { @if runs.len() > 1 { (runs[*k].short_name()) ": " } (remark) }
        }
        div class="runs" {
            (table("What is claimed", runs, &claimed))
            (table("What was asked", runs, &asked))
            (table("What was counted", runs, &counts))
        }
        @if runs.len() > 1 { p class="hint" { "≠ marks rows that differ." } }
    };
    Section { id: "run", title: "Run", body }
}

type Of = fn(&Run) -> Option<String>;

const ASKED: [(&str, Of); 9] = [
    ("command", |run| Some(run.start.command.clone().into_owned())),
    ("problem", |run| run.start.problem.name.as_deref().map(|name| plain(name).into_owned())),
    ("rows, or points", |run| Some(run.start.problem.rows.to_string())),
    ("columns, or neurons", |run| Some(run.start.problem.columns.to_string())),
    ("whole columns", |run| Some(run.start.problem.integers.to_string())),
    ("sense", |run| Some(if run.maximises() { "maximise" } else { "minimise" }.to_owned())),
    ("engine", engines),
    ("seed", |run| Some(run.start.seed.to_string())),
    ("hash of the input", |run| run.start.problem.hash.clone().map(std::borrow::Cow::into_owned)),
];

const CLAIMED: [(&str, Of); 13] = [
    ("status", |run| Some(run.status().to_owned())),
    ("best objective", |run| Some(optional(run.objective()))),
    ("proven bound", |run| Some(optional(run.bound()))),
    ("gap", |run| Some(percent(budget::relative_gap(run.objective(), run.bound().unwrap_or(f64::NEG_INFINITY))))),
    ("nodes", |run| Some(run.nodes().to_string())),
    ("deepest", |run| run.depth().map(|depth| depth.to_string())),
    ("trees", |run| {
        let named = run.searches.iter().map(|(tree, search)| format!("{tree} {search}"));
        Some(named.collect::<Vec<_>>().join(", ")).filter(|trees| !trees.is_empty())
    }),
    ("tree weight", |run| run.weight().map(number)),
    ("work", |run| Some(run.last.1.to_string())),
    ("seconds", |run| Some(number(run.last.0))),
    ("primal integral", |run| run.finish.as_ref().map(|finish| number(finish.primal_integral))),
    ("dual integral", |run| run.finish.as_ref().map(|finish| number(finish.dual_integral))),
    ("primal-dual integral", |run| run.finish.as_ref().map(|finish| number(finish.primal_dual_integral))),
];

fn engines(run: &Run) -> Option<String> {
    let first = run.start.engine.as_deref().into_iter().map(str::to_owned);
    let later = run.engines.iter().map(|(work, name)| format!("{name} from work {work} on"));
    let all: Vec<String> = first.chain(later).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A value of an option as one would type it.
fn value(value: &Value) -> String {
    match value {
        Value::String(text) => plain(text).into_owned(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), super::text::number),
        other => other.to_string(),
    }
}

fn row(runs: &[Run], word: &str, of: impl Fn(&Run) -> Option<String>) -> Row {
    Row { word: word.to_owned(), values: runs.iter().map(of).collect() }
}

fn table(title: &str, runs: &[Run], rows: &[Row]) -> Markup {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.values.iter().any(Option::is_some)).collect();
    if rows.is_empty() {
        return html! {};
    }
    html! {
        div {
            h3 { (title) }
            table class="words" {
                @if runs.len() > 1 {
                    thead { tr { th scope="col" { "" } @for run in runs { th scope="col" { (run.short_name()) } } } }
                }
                tbody {
                    @for row in rows {
                        @let differs = row.values.iter().any(|value| *value != row.values[0]);
                        tr class=[differs.then_some("differs")] {
                            th scope="row" { (row.word) @if differs { " ≠" } }
                            @for value in &row.values { td { (value.as_deref().unwrap_or("–")) } }
                        }
                    }
                }
            }
        }
    }
}

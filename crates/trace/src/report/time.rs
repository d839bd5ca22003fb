//! Where the time went.

use super::run::Run;
use super::section::{Section, side_by_side};
use super::text::{number, percent};
use maud::html;

/// What the parts do not tell.
const REST: &str = "the rest";

pub(super) fn section(runs: &[Run]) -> Option<Section> {
    let all: Vec<Vec<(String, f64)>> = runs.iter().map(parts).collect();
    if all.iter().all(Vec::is_empty) {
        return None;
    }
    let top = all.iter().flatten().map(|(_, seconds)| *seconds).fold(f64::MIN_POSITIVE, f64::max);
    let body = side_by_side(runs, |k, run| {
        html! {
            table {
                thead { tr { @for head in ["part", "seconds", "", "share of the run"] { th scope="col" { (head) } } } }
                tbody {
                    @for (name, seconds) in &all[k] {
                        tr {
                            th scope="row" { (name) }
                            td { (number((seconds * 1e4).round() / 1e4)) }
                            td { svg viewBox="0 0 200 10" width="200" height="10" aria-hidden="true" {
                                rect class=(if name == REST { "f7" } else { "f0" }) y="1" height="8"
                                    width=(format!("{:.1}", 200.0 * seconds / top)) {} } }
                            td { (percent((seconds / run.last.0.max(f64::MIN_POSITIVE) * 1e3).round() / 1e3)) }
                        }
                    }
                }
            }
        }
    });
    Some(Section { id: "time", title: "Where the time went", body })
}

/// Seconds by part, the longest first, and what is left of the run.
fn parts(run: &Run) -> Vec<(String, f64)> {
    let statistics = run.finish.iter().flat_map(|finish| &finish.statistics);
    let mut parts: Vec<(String, f64)> = statistics
        .filter_map(|(name, value)| {
            let part = name.strip_suffix("seconds")?.trim_end_matches('_').replace('_', " ");
            Some((part, value.as_f64()?)).filter(|(part, seconds)| !part.is_empty() && *seconds > 0.0)
        })
        .collect();
    let (seconds, count, _) = run.programs;
    if seconds > 0.0 && parts.is_empty() {
        parts.push((format!("{count} linear programs"), seconds));
    }
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest = run.last.0 - parts.iter().map(|part| part.1).sum::<f64>();
    if !parts.is_empty() && rest > 0.0 {
        parts.push((REST.to_owned(), rest));
    }
    parts
}

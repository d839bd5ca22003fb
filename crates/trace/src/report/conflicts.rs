//! What was learned: sizes of clauses, their glue, cores, cuts.

use super::chart::{Axis, Bar, bars};
use super::run::Run;
use super::section::{Section, behind, side_by_side};
use super::text::{number, optional};
use crate::record::Cuts;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Sizes that have a bar of their own; beyond, a bar takes as many as there are before it.
const SINGLE: u32 = 16;

type Sizes = BTreeMap<u32, u64>;

pub(super) fn section(runs: &[Run]) -> Option<Section> {
    type Of = fn(&Run) -> &Sizes;
    let kinds: [(&str, &'static str, Of); 3] = [
        ("Sizes of learned clauses or rows", "entries", |run| &run.sizes),
        ("Glue of learned clauses", "levels of decision", |run| &run.glue),
        ("Sizes of cores", "errors of which one has to be made", |run| &run.cores),
    ];
    // Where only zeros are told there is nothing to see.
    let is_told = |of: Of| runs.iter().any(|run| of(run).keys().any(|size| *size > 0));
    let has_cuts = runs.iter().any(|run| !run.cuts.is_empty());
    let counted = runs
        .iter()
        .any(|run| run.totals.as_ref().is_some_and(|totals| totals.conflicts + totals.cores + totals.restarts > 0));
    if !has_cuts && !counted && !kinds.iter().any(|(_, _, of)| is_told(*of)) {
        return None;
    }
    let body = html! {
        (side_by_side(runs, |_, run| html! { p { (words(run)) } }))
        div class="charts" {
            @for (about, label, of) in kinds {
                @if is_told(of) { (chart(runs, about, label, of)) }
            }
        }
        @if has_cuts { (side_by_side(runs, |_, run| cuts(&run.cuts))) }
    };
    Some(Section { id: "learning", title: "Conflicts, cores and cuts", body })
}

fn words(run: &Run) -> String {
    let told: u64 = run.sizes.values().sum();
    match &run.totals {
        Some(totals) => {
            let mean = if totals.conflicts > 0 { totals.learned as f64 / totals.conflicts as f64 } else { 0.0 };
            format!(
                "{} conflicts, of which {told} are told; {} entries learned from each on average; {} cores; {} restarts.",
                totals.conflicts,
                number((mean * 10.0).round() / 10.0),
                totals.cores,
                totals.restarts
            )
        }
        None => format!("{told} conflicts are told, and {} restarts.", run.restarts),
    }
}

/// The sizes that share a bar with `size`: from, to (exclusive).
fn bin(size: u32) -> (u32, u32) {
    if size < SINGLE {
        return (size, size + 1);
    }
    let from = 1 << size.ilog2();
    (from, 2 * from)
}

fn chart(runs: &[Run], about: &str, label: &'static str, of: fn(&Run) -> &Sizes) -> Markup {
    let binned: Vec<BTreeMap<(u32, u32), u64>> = runs
        .iter()
        .map(|run| {
            let mut bins = BTreeMap::new();
            of(run).iter().for_each(|(size, count)| *bins.entry(bin(*size)).or_default() += count);
            bins
        })
        .collect();
    // Bars stand side by side whatever they hold: one place each.
    let mut edges: Vec<(u32, u32)> = binned.iter().flat_map(BTreeMap::keys).copied().collect();
    let top = edges.iter().map(|edge| edge.0).max().unwrap_or(0);
    edges = (0..SINGLE.min(top + 1)).map(|size| (size, size + 1)).collect();
    let mut from = SINGLE;
    while from <= top {
        edges.push((from, 2 * from));
        from *= 2;
    }
    let across = Axis { label, low: 0.0, high: edges.len() as f64, is_log: false };
    let up = Axis::from_zero("how often", binned.iter().flat_map(BTreeMap::values).map(|count| *count as f64));
    let name = |(from, to): (u32, u32)| if to == from + 1 { from.to_string() } else { format!("{from} to {}", to - 1) };
    side_by_side(runs, |k, run| {
        let all: Vec<Bar> = edges
            .iter()
            .enumerate()
            .map(|(place, edge)| {
                let count = binned[k].get(edge).copied().unwrap_or(0);
                let about = format!("{label} {}: {count}", name(*edge));
                Bar { from: place as f64, to: place as f64 + 1.0, parts: vec![("f0", count as f64)], about }
            })
            .collect();
        html! {
            figure {
                (bars((&across, &up), &all, &format!("{about} of {}", run.short_name())))
                figcaption { (about) @if top >= SINGLE { ". From " (SINGLE) " on a bar takes as many sizes as there are before it." } }
            }
            (behind(about, &html! {
                table {
                    thead { tr { th scope="col" { (label) } th scope="col" { "how often" } } }
                    tbody { @for (edge, count) in &binned[k] { tr { th scope="row" { (name(*edge)) } td { (count) } } } }
                }
            }))
        }
    })
}

fn cuts(rounds: &[Cuts]) -> Markup {
    /// Rounds that are shown.
    const SHOWN: usize = 100;
    if rounds.is_empty() {
        return html! { p { "No cuts." } };
    }
    html! {
        h3 { "Cuts" }
        div class="scroll" tabindex="0" role="region" aria-label="Rounds of cuts" {
            table {
                caption { (rounds.len()) " rounds" @if rounds.len() > SHOWN { "; the first " (SHOWN) " are shown" } }
                thead { tr { @for head in ["node", "round", "cuts", "bound before", "bound after"] { th scope="col" { (head) } } } }
                tbody {
                    @for round in rounds.iter().take(SHOWN) {
                        @let kinds: Vec<String> = round.kind.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
                        tr { td { (round.id) } td { (round.round) } td { (kinds.join(", ")) }
                            td { (optional(round.before)) } td { (optional(round.after)) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_find_their_bars() {
        assert_eq!([0, 15, 16, 31, 32, 1000].map(bin), [(0, 1), (15, 16), (16, 32), (16, 32), (32, 64), (512, 1024)]);
    }
}

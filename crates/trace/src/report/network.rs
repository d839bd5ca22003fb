//! The network that training found: the plane as it sees it, what it gets wrong, and why.

use super::chart::{Axis, Overlay, legend, plane};
use super::run::Run;
use super::section::{Section, behind, side_by_side};
use super::text::{number, plain};
use crate::network::{Network, Plane};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Wrong rows whose cores are drawn; more would cover the picture.
const DRAWN: usize = 30;
/// Rows of a table.
const SHOWN: usize = 200;
/// Colours of the page.
const COLOURS: usize = 8;

pub(super) fn section(runs: &[Run]) -> Option<Section> {
    let planes = || runs.iter().filter_map(|run| run.network.as_ref()?.plane.as_ref());
    if runs.iter().all(|run| run.network.is_none()) {
        return None;
    }
    let axis = |d: usize| Axis::of("", planes().flat_map(|plane| [plane.low[d], plane.high[d]]));
    let axes = (axis(0), axis(1));
    let body = side_by_side(runs, |_, run| match &run.network {
        None => html! { p { "This run tells of no network." } },
        Some(network) => html! {
            p { (network.errors) " of " (network.rows) " rows that trained are predicted wrongly." }
            @if let Some(plane) = &network.plane { (picture(run, network, plane, (&axes.0, &axes.1))) }
            (wrong(network))
        },
    });
    Some(Section { id: "network", title: "Network", body })
}

fn class(network: &Network<'_>, class: usize) -> String {
    network.classes.get(class).map_or_else(|| class.to_string(), |name| plain(name).into_owned())
}

fn picture(run: &Run, network: &Network<'_>, shown: &Plane, axes: (&Axis, &Axis)) -> Markup {
    let name =
        |d: usize| network.features.get(d).map_or_else(|| format!("x{}", d + 1), |name| plain(name).into_owned());
    let names = [name(0), name(1)];
    let places: BTreeMap<u64, [f64; 2]> = shown.points.iter().map(|point| (point.0, point.1)).collect();
    let mut all: Vec<Overlay> = vec![];
    for (of, corners) in &shown.cells {
        all.push(Overlay::Area { class: format!("region f{}", of % COLOURS), corners: corners.clone() });
    }
    for (neuron, [from, to, firing]) in &shown.lines {
        all.push(Overlay::Line { ends: [*from, *to], firing: *firing, name: format!("h{neuron}") });
    }
    if network.wrong.len() <= DRAWN {
        for wrong in &network.wrong {
            if let Some(own) = places.get(&wrong.row) {
                let others = wrong.core.iter().filter(|row| **row != wrong.row).filter_map(|row| places.get(row));
                all.push(Overlay::Star { from: *own, to: others.copied().collect() });
            }
        }
    }
    for (row, place, of, predicted) in &shown.points {
        let about = format!(
            "row {row}: {} {}, {} {}; {}, predicted {}",
            names[0],
            number(place[0]),
            names[1],
            number(place[1]),
            class(network, *of),
            class(network, *predicted)
        );
        all.push(Overlay::Point {
            place: *place,
            class: format!("point f{}", of % COLOURS),
            is_marked: of != predicted,
            about,
        });
    }
    let mut words: Vec<(String, String)> =
        (0..network.classes.len()).map(|k| (format!("f{}", k % COLOURS), class(network, k))).collect();
    words.push(("ring".to_owned(), "predicted wrongly".to_owned()));
    if network.wrong.iter().any(|wrong| wrong.core.len() > 1) && network.wrong.len() <= DRAWN {
        words.push(("core".to_owned(), "its core".to_owned()));
    }
    let words: Vec<(String, &str)> = words.iter().map(|(class, word)| (class.clone(), &word[..])).collect();
    html! {
        figure {
            (plane(axes, [&names[0], &names[1]], &all, &format!("The plane as the network of {} sees it", run.short_name())))
            figcaption {
                (legend(&words))
                "Dashed: where a neuron of the first layer turns over; its name stands where it fires."
            }
        }
        (behind("the rows in the picture", &html! {
            table {
                caption { (shown.points.len()) " rows" @if shown.points.len() > SHOWN { "; the first " (SHOWN) " are listed" } }
                thead { tr { th scope="col" { "row" } th scope="col" { (names[0]) } th scope="col" { (names[1]) }
                    th scope="col" { "class" } th scope="col" { "predicted" } } }
                tbody {
                    @for (row, place, of, predicted) in shown.points.iter().take(SHOWN) {
                        tr { th scope="row" { (row) } td { (number(place[0])) } td { (number(place[1])) }
                            td { (class(network, *of)) } td { (class(network, *predicted)) } }
                    }
                }
            }
        }))
    }
}

fn wrong(network: &Network<'_>) -> Markup {
    if network.wrong.is_empty() {
        return html! {};
    }
    let has_cores = network.wrong.iter().any(|wrong| !wrong.core.is_empty());
    html! {
        h3 { "Wrong rows" }
        @if has_cores {
            p class="soft" {
                "A core is a set of rows of which no network of this shape gets all right, proven in exact numbers: the error is forced as long as \
                 the others of its core are right."
            }
        }
        div class="scroll" tabindex="0" role="region" aria-label="Wrong rows" {
            table {
                caption { (network.errors) " in all" @if network.wrong.len() > SHOWN { "; the first " (SHOWN) " are listed" } }
                thead { tr { th scope="col" { "row" } th scope="col" { "class" } th scope="col" { "predicted" }
                    @if has_cores { th scope="col" { "core" } } } }
                tbody {
                    @for wrong in network.wrong.iter().take(SHOWN) {
                        tr {
                            th scope="row" { (wrong.row) }
                            td { (class(network, wrong.class)) }
                            td { (class(network, wrong.predicted)) }
                            @if has_cores {
                                td {
                                    @match &wrong.core[..] {
                                        [] => "–",
                                        [_] => "alone: its features are those of rows of another class",
                                        core => (core.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

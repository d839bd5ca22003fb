//! What changes over time and over work: bounds and gap, open nodes, measures.

use super::chart::{Axis, Line, legend, lines};
use super::course::Moment;
use super::run::Run;
use super::section::{Section, behind, side_by_side};
use super::text::{number, optional, percent};
use maud::{Markup, html};

/// Columns of the table behind all these charts.
const HEADS: [&str; 12] = [
    "time (s)",
    "work",
    "bound",
    "best",
    "gap",
    "open nodes",
    "closed nodes",
    "tree weight",
    "nodes by tree weight",
    "by leaf frequency",
    "by subtree gaps",
    "by the gap",
];
const TIME: usize = 0;
const WORK: usize = 1;

/// One chart: the same for all runs, over time and over work.
struct Chart {
    about: &'static str,
    up: Axis,
    lines: &'static [Told],
    /// Columns that are told at the pointer.
    columns: &'static str,
}

/// A line of a chart.
struct Told {
    name: &'static str,
    colour: usize,
    is_dashed: bool,
    of: fn(&Moment) -> Option<f64>,
}

const BOUNDS: [Told; 2] = [
    Told { name: "best objective", colour: 1, is_dashed: false, of: |now| now.best },
    Told { name: "proven bound", colour: 0, is_dashed: true, of: |now| now.bound },
];
const GAP: [Told; 1] =
    [Told { name: "gap in percent", colour: 3, is_dashed: false, of: |now| gap(now).map(|gap| 100.0 * gap) }];
const OPEN: [Told; 1] = [Told { name: "open nodes", colour: 2, is_dashed: false, of: |now| Some(now.open as f64) }];
const WEIGHT: [Told; 1] = [Told { name: "tree weight", colour: 6, is_dashed: false, of: |now| now.weight }];
const CLOSED: Told = Told { name: "closed nodes", colour: 7, is_dashed: false, of: |now| Some(now.ended as f64) };
const ESTIMATE: [Told; 5] = [
    Told { name: "by tree weight", colour: 6, is_dashed: true, of: |now| now.estimates.weight },
    Told { name: "by leaf frequency", colour: 2, is_dashed: true, of: |now| now.estimates.leaf_frequency },
    Told { name: "by subtree gaps", colour: 1, is_dashed: true, of: |now| now.estimates.subtree_gaps },
    Told { name: "by the gap", colour: 3, is_dashed: true, of: |now| now.estimates.gap },
    CLOSED,
];

/// The gap as tables show it, where it is finite.
fn gap(now: &Moment) -> Option<f64> {
    let gap = budget::relative_gap(now.best, now.bound.unwrap_or(f64::NEG_INFINITY));
    gap.is_finite().then_some(gap)
}

/// All values of lines, in all runs.
fn values<'a>(runs: &'a [Run], lines: &'a [Told]) -> impl Iterator<Item = f64> + 'a {
    let moments = runs.iter().flat_map(|run| run.course.rows());
    moments.flat_map(move |now| lines.iter().filter_map(move |line| (line.of)(now)))
}

pub(super) fn bounds(runs: &[Run]) -> Option<Section> {
    values(runs, &BOUNDS).next()?;
    let bounds = Chart {
        about: "Bound and best objective",
        up: Axis::of("objective", values(runs, &BOUNDS)).padded(),
        lines: &BOUNDS,
        columns: "0 1 2 3 4",
    };
    let gaps = Chart {
        about: "Gap",
        up: Axis::from_zero("gap (%)", values(runs, &GAP).map(|gap| gap.min(100.0))),
        lines: &GAP,
        columns: "0 1 4",
    };
    let body = html! {
        div class="charts" {
            (chart(runs, &bounds))
            @if values(runs, &GAP).next().is_some() { (chart(runs, &gaps)) }
        }
        (side_by_side(runs, |k, run| behind("the course of the search", &table(k, run))))
    };
    Some(Section { id: "bounds", title: "Bounds and gap", body })
}

pub(super) fn nodes(runs: &[Run]) -> Option<Section> {
    if values(runs, &OPEN).all(|open| open == 0.0) {
        return None;
    }
    let open = Chart {
        about: "Open nodes",
        up: Axis::from_zero("open nodes", values(runs, &OPEN)),
        lines: &OPEN,
        columns: "0 1 5 6",
    };
    let weight = Chart {
        about: "Tree weight",
        up: Axis { label: "tree weight", low: 0.0, high: 1.0, is_log: false },
        lines: &WEIGHT,
        columns: "0 1 7",
    };
    let estimate = Chart {
        about: "Estimate of the size of the tree, and nodes closed",
        up: Axis::from_zero("nodes", values(runs, &ESTIMATE)).log_if_wide(),
        lines: &ESTIMATE,
        columns: "0 1 6 8 9 10 11",
    };
    let is_bounds_told = values(runs, &BOUNDS).next().is_some();
    let body = html! {
        div class="charts" {
            (chart(runs, &open))
            @if values(runs, &WEIGHT).next().is_some() { (chart(runs, &weight)) }
            @if values(runs, &ESTIMATE[..4]).next().is_some() { (chart(runs, &estimate)) }
        }
        @if values(runs, &WEIGHT).next().is_some() {
            p class="soft" {
                "The tree weight is the sum of 2" sup { "−depth" } " over closed leaves, for each root: 1 when no node is open."
            }
        }
        @if is_bounds_told {
            p class="hint" { "The numbers stand in the table of " a href="#bounds" { "the course of the search" } "." }
        } @else {
            (side_by_side(runs, |k, run| behind("the course of the search", &table(k, run))))
        }
    };
    Some(Section { id: "measures", title: "Open nodes and measures", body })
}

fn chart(runs: &[Run], chart: &Chart) -> Markup {
    let moments = || runs.iter().flat_map(|run| run.course.rows());
    let seconds = Axis::from_zero("time (s)", moments().map(|now| now.seconds));
    let work = Axis::from_zero("work", moments().map(|now| now.work as f64));
    let is_told = |line: &&Told| moments().any(|now| (line.of)(now).is_some());
    let words: Vec<(String, &str)> =
        chart.lines.iter().filter(is_told).map(|line| (format!("f{}", line.colour), line.name)).collect();
    let drawn = |run: &Run, at: fn(&Moment) -> f64| -> Vec<Line> {
        let line = |told: &Told| Line {
            colour: told.colour,
            is_dashed: told.is_dashed,
            is_step: true,
            points: run.course.rows().iter().map(|now| (at(now), (told.of)(now))).collect(),
        };
        chart.lines.iter().map(line).collect()
    };
    side_by_side(runs, |k, run| {
        let about = |over: &str| format!("{} of {} over {over}", chart.about, run.short_name());
        html! {
            figure data-table=(format!("course-{k}")) data-columns=(chart.columns) {
                (lines((&seconds, &chart.up), &drawn(run, |now| now.seconds), TIME, "by-time", &about("time")))
                (lines((&work, &chart.up), &drawn(run, |now| now.work as f64), WORK, "by-work", &about("work")))
                figcaption { (legend(&words)) }
            }
        }
    })
}

fn table(k: usize, run: &Run) -> Markup {
    let rows = run.course.rows();
    html! {
        table id=(format!("course-{k}")) {
            thead { tr { @for head in HEADS { th scope="col" { (head) } } } }
            tbody {
                @for now in rows {
                    tr {
                        td data-value=(now.seconds) { (number(now.seconds)) }
                        td { (now.work) }
                        td { (optional(now.bound)) }
                        td { (optional(now.best)) }
                        td { (gap(now).map_or_else(|| "–".to_owned(), percent)) }
                        td { (now.open) }
                        td { (now.ended) }
                        td { (optional(now.weight)) }
                        @for told in &ESTIMATE[..4] {
                            td { ((told.of)(now).map_or_else(|| "–".to_owned(), |nodes| format!("{nodes:.0}"))) }
                        }
                    }
                }
            }
        }
    }
}

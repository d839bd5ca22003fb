//! How deep nodes are, and which bounds leaves have.

use super::chart::{Axis, Bar, bars, legend};
use super::nodes::ENDINGS;
use super::run::Run;
use super::section::{Section, behind, side_by_side};
use super::text::number;
use crate::ending::word;
use budget::observe::Ending;
use maud::{Markup, html};

/// Bars of bounds, and of depths at most.
const BINS: usize = 30;
const DEPTHS: u32 = 60;

/// Nodes between two values, by what became of them.
struct Bin {
    from: f64,
    to: f64,
    counts: [u64; ENDINGS.len()],
}

impl Bin {
    fn sum(&self) -> u64 {
        self.counts.iter().sum()
    }

    fn bar(&self, words: &str) -> Bar {
        let parts = ENDINGS.iter().zip(self.counts).map(|(ending, count)| (class(*ending), count as f64)).collect();
        Bar { from: self.from, to: self.to, parts, about: format!("{words}: {} nodes", self.sum()) }
    }
}

fn class(ending: Option<Ending>) -> &'static str {
    match ending {
        None => "f7",
        known => word(known),
    }
}

pub(super) fn section(runs: &[Run]) -> Option<Section> {
    let nodes = || runs.iter().flat_map(|run| run.tree.nodes());
    let deepest = nodes().map(|node| node.depth).max()?;
    // Whole depths to a bar.
    let wide = deepest / DEPTHS + 1;
    let depths: Vec<Vec<Bin>> = runs.iter().map(|run| by_depth(run, deepest, wide)).collect();
    let leaf_bounds = || nodes().filter(|node| node.ending != Some(Ending::Branched)).filter_map(|node| node.bound);
    let axis = Axis::of("bound of leaves", leaf_bounds());
    let bounds: Vec<Vec<Bin>> = runs.iter().map(|run| by_bound(run, &axis)).collect();
    let across = Axis { label: "depth", low: 0.0, high: f64::from((deepest / wide + 1) * wide), is_log: false };
    let body = html! {
        div class="charts" {
            (chart(runs, &depths, across, "Depths of nodes"))
            @if leaf_bounds().next().is_some() { (chart(runs, &bounds, axis, "Bounds of leaves")) }
        }
    };
    Some(Section { id: "histograms", title: "Depths and bounds", body })
}

fn by_depth(run: &Run, deepest: u32, wide: u32) -> Vec<Bin> {
    let bin = |k: u32| Bin { from: f64::from(k * wide), to: f64::from((k + 1) * wide), counts: [0; ENDINGS.len()] };
    let mut bins: Vec<Bin> = (0..=deepest / wide).map(bin).collect();
    for node in run.tree.nodes() {
        bins[(node.depth / wide) as usize].counts[at(node.ending)] += 1;
    }
    bins
}

fn by_bound(run: &Run, axis: &Axis) -> Vec<Bin> {
    let width = (axis.high - axis.low) / BINS as f64;
    let edge = |k: usize| axis.low + k as f64 * width;
    let mut bins: Vec<Bin> =
        (0..BINS).map(|k| Bin { from: edge(k), to: edge(k + 1), counts: [0; ENDINGS.len()] }).collect();
    for node in run.tree.nodes().iter().filter(|node| node.ending != Some(Ending::Branched)) {
        if let Some(bound) = node.bound.filter(|bound| bound.is_finite()) {
            let bin = (((bound - axis.low) / width) as usize).min(BINS - 1);
            bins[bin].counts[at(node.ending)] += 1;
        }
    }
    bins
}

fn at(ending: Option<Ending>) -> usize {
    ENDINGS.iter().position(|other| *other == ending).unwrap_or(ENDINGS.len() - 1)
}

fn chart(runs: &[Run], bins: &[Vec<Bin>], across: Axis, about: &str) -> Markup {
    let up = Axis::from_zero("nodes", bins.iter().flatten().map(|bin| bin.sum() as f64));
    let seen = |k: usize| bins.iter().flatten().any(|bin| bin.counts[k] > 0);
    let seen: Vec<usize> = (0..ENDINGS.len()).filter(|k| seen(*k)).collect();
    let words: Vec<(String, &str)> = seen.iter().map(|k| (class(ENDINGS[*k]).to_owned(), word(ENDINGS[*k]))).collect();
    let name = |bin: &Bin| {
        if bin.to - bin.from == 1.0 && across.label == "depth" {
            number(bin.from)
        } else {
            format!("{} to {}", number(bin.from), number(bin.to))
        }
    };
    side_by_side(runs, |k, run| {
        let all: Vec<Bar> = bins[k].iter().map(|bin| bin.bar(&format!("{} {}", across.label, name(bin)))).collect();
        html! {
            figure {
                (bars((&across, &up), &all, &format!("{about} of {}", run.short_name())))
                figcaption { (legend(&words)) }
            }
            (behind(about, &html! {
                table {
                    thead { tr { th scope="col" { (across.label) } th scope="col" { "nodes" }
                        @for k in &seen { th scope="col" { (word(ENDINGS[*k])) } } } }
                    tbody {
                        @for bin in bins[k].iter().filter(|bin| bin.sum() > 0) {
                            tr { th scope="row" { (name(bin)) } td { (bin.sum()) } @for k in &seen { td { (bin.counts[*k]) } } }
                        }
                    }
                }
            }))
        }
    })
}

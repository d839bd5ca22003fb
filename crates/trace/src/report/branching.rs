//! What was branched on, and what it brought; for networks by neuron and by point, too.

use super::run::Run;
use super::section::{Section, side_by_side};
use super::text::{number, optional};
use crate::record::Direction;
use budget::observe::Ending;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Rows of a table.
const SHOWN: usize = 40;

/// Sums over the branchings on a variable, or on several.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sums {
    /// Nodes that were branched on it.
    branchings: u64,
    depth: u64,
    /// Rise of the bound in children to the left and to the right: sum, and how many are known.
    gains: [(f64, u64); 2],
    /// Children that closed at once.
    closed: u64,
    children: u64,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.branchings += other.branchings;
        self.depth += other.depth;
        for (gain, more) in self.gains.iter_mut().zip(other.gains) {
            *gain = (gain.0 + more.0, gain.1 + more.1);
        }
        self.closed += other.closed;
        self.children += other.children;
    }

    fn gain(&self, side: usize) -> Option<f64> {
        let (sum, count) = self.gains[side];
        (count > 0).then(|| sum / count as f64)
    }
}

/// By the names of variables.
fn sums(run: &Run) -> BTreeMap<&str, Sums> {
    let nodes = run.tree.nodes();
    let mut all: BTreeMap<&str, Sums> = BTreeMap::new();
    // The first child tells what its parent was branched on.
    let mut told = vec![false; nodes.len()];
    let sense = if run.maximises() { -1.0 } else { 1.0 };
    for node in nodes {
        let (Some(name), Some(parent)) = (node.var.as_deref(), node.parent) else { continue };
        let sums = all.entry(name).or_default();
        if !std::mem::replace(&mut told[parent], true) {
            sums.branchings += 1;
            sums.depth += u64::from(nodes[parent].depth);
        }
        sums.children += 1;
        sums.closed += u64::from(!matches!(node.ending, Some(Ending::Branched | Ending::Open | Ending::Unresolved)));
        if let (Some(bound), Some(before)) = (node.bound.filter(|_| node.ended.is_some()), nodes[parent].bound) {
            let gain = &mut sums.gains[usize::from(node.dir == Direction::Right)];
            *gain = (gain.0 + sense * (bound - before), gain.1 + 1);
        }
    }
    all
}

/// The neuron and the point of an activation: `u_LAYER_POINT_NEURON`.
fn activation(name: &str) -> Option<(String, String)> {
    let rest = name.strip_prefix("u_")?;
    let (layer, rest) = rest.split_once('_')?;
    let (point, neuron) = rest.split_once('_')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    [layer, point, neuron]
        .into_iter()
        .all(is_number)
        .then(|| (format!("layer {layer}, neuron {neuron}"), format!("point {point}")))
}

fn most<K: Ord + Clone>(all: BTreeMap<K, Sums>) -> Vec<(K, Sums)> {
    let mut all: Vec<(K, Sums)> = all.into_iter().collect();
    all.sort_by(|a, b| b.1.branchings.cmp(&a.1.branchings).then_with(|| a.0.cmp(&b.0)));
    all
}

pub(super) fn section(runs: &[Run]) -> Option<Section> {
    let all: Vec<BTreeMap<&str, Sums>> = runs.iter().map(sums).collect();
    if all.iter().all(BTreeMap::is_empty) {
        return None;
    }
    let body = html! {
        p class="soft" {
            "How often nodes were branched on a variable, how deep on average, by how much the bound then got worse to the left and to the \
             right on average, and which share of the children was closed without children of their own."
        }
        (side_by_side(runs, |k, _| {
            let (mut neurons, mut points) = (BTreeMap::new(), BTreeMap::new());
            for (name, sums) in &all[k] {
                if let Some((neuron, point)) = activation(name) {
                    neurons.entry(neuron).or_insert_with(Sums::default).add(sums);
                    points.entry(point).or_insert_with(Sums::default).add(sums);
                }
            }
            let variables: BTreeMap<String, Sums> = all[k].iter().map(|(name, sums)| ((*name).to_owned(), sums.clone())).collect();
            html! {
                @for (title, rows) in [("neuron", neurons), ("point", points), ("variable", variables)] {
                    @if !rows.is_empty() { (table(title, &most(rows))) }
                }
            }
        }))
    };
    Some(Section { id: "branching", title: "Branching", body })
}

fn table(title: &str, rows: &[(String, Sums)]) -> Markup {
    let top = rows.first().map_or(1, |(_, sums)| sums.branchings.max(1)) as f64;
    html! {
        h3 { "By " (title) }
        div class="scroll" tabindex="0" role="region" aria-label=(format!("Branching by {title}")) {
            table {
                caption { (rows.len()) " in all" @if rows.len() > SHOWN { "; the " (SHOWN) " most frequent are shown" } }
                thead { tr { @for head in [title, "branchings", "", "mean depth", "gain left", "gain right", "closed"] { th scope="col" { (head) } } } }
                tbody {
                    @for (name, sums) in rows.iter().take(SHOWN) {
                        tr {
                            th scope="row" { (super::text::plain(name)) }
                            td { (sums.branchings) }
                            td { svg viewBox="0 0 80 10" width="80" height="10" aria-hidden="true" {
                                rect class="f0" y="1" height="8" width=(format!("{:.1}", 80.0 * sums.branchings as f64 / top)) {} } }
                            td { (format!("{:.1}", sums.depth as f64 / sums.branchings.max(1) as f64)) }
                            td { (optional(sums.gain(0))) }
                            td { (optional(sums.gain(1))) }
                            td { (number((100.0 * sums.closed as f64 / sums.children.max(1) as f64).round())) "%" }
                        }
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
    fn names_of_activations_are_read() {
        assert_eq!(activation("u_1_38_2"), Some(("layer 1, neuron 2".to_owned(), "point 38".to_owned())));
        for name in ["u_1_38", "x_1_2_3", "u_1__2", "u_1_2_x", "u_1_2_3_4"] {
            assert_eq!(activation(name), None, "{name}");
        }
    }
}

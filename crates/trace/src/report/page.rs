//! The page: one file that asks nobody for anything.
//!
//! Its policy forbids every request; program and style are allowed by their hashes. Everything that comes from a trace is escaped by the
//! template, or packed. Behind every picture stands a table; the trees are drawn by `tree.js`, what charts say at the pointer by `charts.js`.

use super::run::Run;
use super::section::Section;
use super::{branching, claims, conflicts, histograms, network, picture, series, time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page.css");
const CHARTS: &str = include_str!("charts.js");
const TREE: &str = include_str!("tree.js");

/// The page of one run, or of several on the same axes. Takes about 20 bytes a node.
///
/// ```
/// use trace::Reader;
/// use trace::report::{Run, html};
///
/// let text = "{\"e\":\"start\",\"v\":1,\"command\":\"solve\"}\n{\"e\":\"finish\",\"status\":\"optimal\"}\n";
/// let run = Run::read(Reader::new("a trace", text.as_bytes())?)?;
/// assert!(html(&[run]).starts_with("<!DOCTYPE html>"));
/// # Ok::<(), trace::Error>(())
/// ```
#[must_use]
pub fn html(runs: &[Run]) -> String {
    let sections: Vec<Section> = [
        Some(claims::section(runs)),
        series::bounds(runs),
        picture::section(runs),
        histograms::section(runs),
        series::nodes(runs),
        network::section(runs),
        branching::section(runs),
        conflicts::section(runs),
        time::section(runs),
    ]
    .into_iter()
    .flatten()
    .collect();
    let names: Vec<&str> = runs.iter().map(|run| run.short_name()).collect();
    let title = format!("Search report: {}", names.join(", "));
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}' '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(CHARTS),
        hash(TREE)
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(concat!("heaviside ", env!("CARGO_PKG_VERSION")));
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body class=[(runs.len() == 1).then_some("single")] {
                a class="skip" href="#content" { "To the content" }
                header {
                    h1 { "Search report" }
                    p class="soft" { (names.join(" · ")) }
                    nav aria-label="Sections" {
                        ul { @for section in &sections { li { a href=(format!("#{}", section.id)) { (section.title) } } } }
                    }
                    fieldset class="axis" {
                        legend { "Charts over" }
                        label { input type="radio" name="x" id="x-time" checked; " time" }
                        label { input type="radio" name="x" id="x-work"; " work" }
                    }
                    noscript { p class="warning" { "Without JavaScript the trees are not drawn; charts and tables are complete." } }
                }
                main id="content" {
                    @for section in &sections {
                        section id=(section.id) aria-labelledby=(format!("{}-title", section.id)) {
                            h2 id=(format!("{}-title", section.id)) { (section.title) }
                            (section.body)
                        }
                    }
                }
                @for (k, run) in runs.iter().enumerate().filter(|(_, run)| !run.tree.nodes().is_empty()) {
                    script type="application/gzip" id=(format!("tree-data-{k}")) { (PreEscaped(picture::packed(run))) }
                }
                script { (PreEscaped(CHARTS)) }
                script { (PreEscaped(TREE)) }
            }
        }
    }
    .into_string()
}

/// A source that the policy allows.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

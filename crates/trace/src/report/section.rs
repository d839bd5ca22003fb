//! Parts of the page: a section, one figure for each run, a table behind a picture.

use super::run::Run;
use maud::{Markup, html};

/// A section of the page.
pub(super) struct Section {
    pub id: &'static str,
    pub title: &'static str,
    pub body: Markup,
}

/// One figure for each run, under its name where there are several.
pub(super) fn side_by_side<'a>(runs: &'a [Run], mut figure: impl FnMut(usize, &'a Run) -> Markup) -> Markup {
    html! {
        div class="runs" {
            @for (k, run) in runs.iter().enumerate() {
                div {
                    @if runs.len() > 1 { h3 { (run.short_name()) } }
                    (figure(k, run))
                }
            }
        }
    }
}

/// A table that is looked at on demand, and scrolls by keys.
pub(super) fn behind(about: &str, table: &Markup) -> Markup {
    html! {
        details class="data" {
            summary { "Table: " (about) }
            div class="scroll" tabindex="0" role="region" aria-label=(about) { (table) }
        }
    }
}

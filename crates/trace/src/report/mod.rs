//! Reports of runs, from their traces: a page to look at, and the formats that other programs read.
//!
//! Entry points: [`Run::read`], then [`html`], [`vbc`], [`bak`], [`dot`] or [`csv`].

mod bak;
mod branching;
mod chart;
mod claims;
mod conflicts;
mod course;
mod csv;
mod dot;
mod histograms;
mod network;
mod nodes;
mod page;
mod picture;
mod run;
mod section;
mod series;
mod text;
mod time;
mod vbc;

pub use bak::bak;
pub use course::{Course, Moment};
pub use csv::csv;
pub use dot::dot;
pub use page::html;
pub use run::{Run, Told};
pub use vbc::vbc;

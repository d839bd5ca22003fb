//! The crates and who uses whom, drawn from what cargo knows.
//!
//! Entry point: [`crates`]. A crate stands above all it uses; an arrow that others imply is not drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Command;

/// Sizes in pixels.
const BOX: (usize, usize) = (150, 40);
const GAP: (usize, usize) = (30, 44);

/// A crate.
struct Package {
    about: String,
    /// The folders of the crates it uses.
    uses: BTreeSet<String>,
}

/// An SVG picture of the crates, by the names of their folders.
///
/// # Panics
/// If cargo does not answer as it always does.
#[must_use]
pub fn crates() -> String {
    let packages = packages();
    let depths: BTreeMap<&str, usize> = packages.keys().map(|name| (name.as_str(), depth(&packages, name))).collect();
    let bottom = depths.values().copied().max().unwrap_or(0);
    let on = |at: usize| depths.iter().filter(move |(_, depth)| **depth == at).map(|(name, _)| *name).collect();
    let rows: Vec<Vec<&str>> = (0..=bottom).map(on).collect();
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    let span = |count: usize| count * (BOX.0 + GAP.0) - GAP.0;
    let (width, height) = (span(most) + 20, (bottom + 1) * (BOX.1 + GAP.1) - GAP.1 + 20);
    let mut places = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let left = 10 + (span(most) - span(row.len())) / 2;
        for (k, name) in row.iter().enumerate() {
            places.insert(*name, (left + k * (BOX.0 + GAP.0), 10 + at * (BOX.1 + GAP.1)));
        }
    }
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"14\">\n<title>The crates; each uses those that its arrows lead to</title>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0 0L8 4L0 8z\" fill=\"#567\"/></marker></defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (name, package) in &packages {
        let (x, y) = places[name.as_str()];
        for used in &package.uses {
            if package.uses.iter().any(|other| other != used && reaches(&packages, other, used)) {
                continue;
            }
            let way = way((x, y), places[used.as_str()], places.values().copied());
            let points: Vec<String> = way.iter().map(|(x, y)| format!("{x},{y}")).collect();
            let _ = writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"#567\" marker-end=\"url(#tip)\"/>",
                points.join(" ")
            );
        }
    }
    for (name, package) in &packages {
        let (x, y) = places[name.as_str()];
        let _ = writeln!(
            svg,
            "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#eef3f8\" stroke=\"#567\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{name}</text></g>",
            package.about.replace('&', "&amp;").replace('<', "&lt;"),
            BOX.0,
            BOX.1,
            x + BOX.0 / 2,
            y + BOX.1 / 2 + 5
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// From the lower end of one box to the upper end of another, through the gap beside every box that stands between.
fn way(from: (usize, usize), to: (usize, usize), boxes: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let (start, end) = ((from.0 + BOX.0 / 2, from.1 + BOX.1), (to.0 + BOX.0 / 2, to.1));
    let straight = |y: usize| {
        let share = (y - start.1) as f64 / (end.1 - start.1) as f64;
        (start.0 as f64 + share * (end.0 as f64 - start.0 as f64)) as usize
    };
    let mut bends = Vec::new();
    for (left, top) in boxes.filter(|&(_, top)| start.1 < top && top + BOX.1 < end.1) {
        let (right, at) = (left + BOX.0, straight(top + BOX.1 / 2));
        if (left - 6..right + 6).contains(&at) {
            let beside = if at < left + BOX.0 / 2 { left - GAP.0 / 2 } else { right + GAP.0 / 2 };
            bends.extend([(beside, top - 4), (beside, top + BOX.1 + 4)]);
        }
    }
    bends.sort_unstable_by_key(|&(_, y)| y);
    [vec![start], bends, vec![end]].concat()
}

fn packages() -> BTreeMap<String, Package> {
    // The Python package and that for good_lp are no members of the workspace.
    ["Cargo.toml", "crates/python/Cargo.toml", "crates/good_lp/Cargo.toml"].into_iter().flat_map(packages_of).collect()
}

/// The crates of a workspace.
fn packages_of(manifest: &str) -> Vec<(String, Package)> {
    let metadata = ["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path", manifest];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(metadata).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let folder = |path: &str| {
        let (crates, name) = path.trim_end_matches('/').rsplit_once('/')?;
        crates.ends_with("/crates").then(|| name.to_owned())
    };
    let mut packages = vec![];
    for package in metadata["packages"].as_array().expect("packages") {
        let manifest = package["manifest_path"].as_str().expect("a path");
        let Some(name) = manifest.strip_suffix("Cargo.toml").and_then(folder) else { continue };
        let dependencies = package["dependencies"].as_array().expect("dependencies").iter();
        // Only what is compiled in counts: dependencies of tests have a kind.
        let uses = dependencies.filter(|used| used["kind"].is_null()).filter_map(|used| folder(used["path"].as_str()?));
        let about = package["description"].as_str().unwrap_or_default().to_owned();
        packages.push((name, Package { about, uses: uses.collect() }));
    }
    packages
}

/// Floors above a crate: all who use it stand there.
fn depth(packages: &BTreeMap<String, Package>, name: &str) -> usize {
    let users = packages.iter().filter(|(_, package)| package.uses.contains(name));
    users.map(|(user, _)| 1 + depth(packages, user)).max().unwrap_or(0)
}

/// Whether `from` uses `to`, itself or by others.
fn reaches(packages: &BTreeMap<String, Package>, from: &str, to: &str) -> bool {
    packages[from].uses.iter().any(|used| used == to || reaches(packages, used, to))
}

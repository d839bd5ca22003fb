//! Doors between rooms: crates use only crates before them, and neither rooms of a crate nor files of a room need each other in
//! circles; and the page of the house names every room.
//!
//! A room is a folder of a crate's `src`, or a file that stands there by itself. Which file needs which is read from the sources
//! ([`source`]), so this needs no tool but cargo: `cargo test --test rooms`.

mod house;
mod source;

use house::{Arrows, House, between_rooms, circles};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of a section of a manifest.
fn section(manifest: &str, name: &str) -> Vec<String> {
    let header = format!("[{name}]");
    let lines = manifest.lines().skip_while(|line| line.trim() != header).skip(1);
    lines.take_while(|line| !line.starts_with('[')).map(str::to_owned).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Folder of the crates, and its name by which others depend on them, in the order of the workspace.
fn crates() -> Vec<(PathBuf, String)> {
    let manifest = read(&root().join("Cargo.toml"));
    let members = section(&manifest, "workspace");
    let folders = members.iter().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next());
    let folders = folders.filter(|folder| folder.starts_with("crates/"));
    folders.map(|folder| (root().join(folder), folder["crates/".len()..].to_owned())).collect()
}

#[test]
fn crates_use_only_crates_before_them() {
    let crates = crates();
    assert!(crates.len() > 5, "the workspace was not understood");
    for (place, (folder, name)) in crates.iter().enumerate() {
        let manifest = read(&folder.join("Cargo.toml"));
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for line in section(&manifest, kind) {
                let used = line.split(['.', ' ', '=']).next().unwrap_or_default();
                // What is called as the crate itself comes from elsewhere.
                if let Some(other) = crates.iter().position(|(_, other)| other == used && used != name) {
                    assert!(other < place, "{name} uses {used}, which comes after it in Cargo.toml");
                    for alone in ["checker", "kernel"] {
                        assert_ne!(name, alone, "the {alone} uses no crate of the workspace, but {used}");
                    }
                }
            }
        }
    }
}

/// The arrows inside of circles, one a line.
fn doors(name: &str, arrows: &Arrows) -> String {
    let mut out = String::new();
    for circle in circles(arrows) {
        let within = |file: &&String| circle.contains(*file);
        for (from, needed) in arrows.iter().filter(|(from, _)| within(from)) {
            for to in needed.iter().filter(within) {
                writeln!(out, "{name}: {from} needs {to}").expect("strings take it");
            }
        }
    }
    out
}

#[test]
fn rooms_and_files_need_each_other_in_one_direction() {
    let mut found = String::new();
    for (folder, name) in crates() {
        let arrows = House::new(&folder.join("src")).arrows();
        assert!(arrows.len() > 1, "{name} was not understood");
        found += &doors(&name, &arrows);
        found += &doors(&name, &between_rooms(&arrows));
    }
    assert!(found.is_empty(), "what needs each other all around: move what both need below them\n{found}");
}

/// Rooms that every crate may have; the page says what they are once.
const IN_EVERY_CRATE: [&str; 5] = ["lib.rs", "main.rs", "error.rs", "tolerances.rs", "parameters.rs"];

/// The part of the page that is about the rooms of a crate.
fn rooms_on_the_page<'p>(page: &'p str, name: &str) -> &'p str {
    let head = format!("\n**`{name}`**");
    let from = page.find(&head).unwrap_or_else(|| panic!("docs/architecture.md has no rooms of `{name}`"));
    let part = &page[from + head.len()..];
    part.split("\n\n").next().unwrap_or(part)
}

#[test]
fn the_page_of_the_house_names_every_room() {
    let page = read(&root().join("docs/architecture.md"));
    let mut missing = String::new();
    for (folder, name) in crates() {
        let part = rooms_on_the_page(&page, &name);
        let entries = fs::read_dir(folder.join("src")).expect("the sources");
        let rooms = entries.map(|entry| {
            let entry = entry.expect("an entry");
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{}{slash}", entry.file_name().to_str().expect("a name"))
        });
        let mut rooms: Vec<String> = rooms.filter(|room| !IN_EVERY_CRATE.contains(&room.as_str())).collect();
        rooms.sort();
        assert!(!rooms.is_empty(), "{name} was not understood");
        for room in rooms.iter().filter(|room| !part.contains(&format!("`{room}`"))) {
            writeln!(missing, "{name}: {room}").expect("strings take it");
        }
    }
    assert!(missing.is_empty(), "rooms that docs/architecture.md does not name\n{missing}");
}

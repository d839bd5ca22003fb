//! Doors between rooms: crates use only crates before them, and rooms of a crate do not need each other in circles.
//!
//! A room is a folder of a crate's `src`, or a file that stands there by itself. What is known below may only shrink: whoever
//! opens a circle takes its line out, and no line is added. Which file needs which is read from the sources ([`source`]), so
//! this needs no tool but cargo: `cargo test --test rooms`.

mod house;
mod source;

use house::{House, between_rooms, circles, room};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms of a crate that still need each other all around.
const KNOWN_CIRCLES: &[(&str, &[&str])] = &[];

/// Files of a room that still need each other all around, and how many they are.
const KNOWN_FILES: &[(&str, &str, usize)] = &[
    ("milp", "io", 6),
    ("milp", "lu", 2),
    ("milp", "proof", 5),
    ("milp", "whole", 2),
    ("bdnn", "data", 3),
    ("checker", "boolean", 5),
    ("checker", "certificate", 4),
    ("checker", "model", 3),
    ("checker", "network", 3),
    ("cli", "commands", 2),
];

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
                if let Some(other) = crates.iter().position(|(_, other)| other == used) {
                    assert!(other < place, "{name} uses {used}, which comes after it in Cargo.toml");
                    assert_ne!(name, "checker", "the checker uses no crate of the workspace, but {used}");
                }
            }
        }
    }
}

#[test]
fn rooms_need_each_other_in_one_direction() {
    let (mut found, mut doors) = (Vec::new(), String::new());
    for (folder, name) in crates() {
        let arrows = House::new(&folder.join("src")).arrows();
        assert!(arrows.len() > 1, "{name} was not understood");
        for circle in circles(&between_rooms(&arrows)) {
            for (from, to) in arrows.iter().flat_map(|(from, needed)| needed.iter().map(move |to| (from, to))) {
                let inside = |file: &str| circle.iter().any(|other| other == room(file));
                if room(from) != room(to) && inside(from) && inside(to) {
                    writeln!(doors, "{name}: {from} needs {to}").expect("strings take it");
                }
            }
            found.push((name.clone(), circle));
        }
    }
    let known: Vec<(String, Vec<String>)> = KNOWN_CIRCLES
        .iter()
        .map(|(name, rooms)| ((*name).to_owned(), rooms.iter().map(|&room| room.to_owned()).collect()))
        .collect();
    let advice = "open the circle, or take an opened one off the list";
    assert_eq!(found, known, "rooms that need each other all around: {advice}\n{doors}");
}

#[test]
fn circles_of_files_within_a_room_grow_no_more() {
    let mut found = Vec::new();
    for (folder, name) in crates() {
        let arrows = House::new(&folder.join("src")).arrows();
        for circle in circles(&arrows) {
            let mut rooms: Vec<&str> = circle.iter().map(|file| room(file)).collect();
            rooms.dedup();
            if let [room] = rooms[..] {
                found.push((name.clone(), room.to_owned(), circle));
            }
        }
    }
    let all: Vec<String> = found.iter().map(|(name, room, circle)| format!("{name} {room} {circle:?}")).collect();
    for (name, room, circle) in &found {
        let most = KNOWN_FILES.iter().filter(|(n, r, _)| n == name && r == room).map(|(_, _, most)| *most).max();
        assert!(circle.len() <= most.unwrap_or(0), "crate {name}, room {room}: {circle:?}\nall: {all:#?}");
    }
    for (name, room, most) in KNOWN_FILES {
        let largest = found.iter().filter(|(n, r, _)| n == name && r == room).map(|(_, _, circle)| circle.len()).max();
        assert_eq!(
            largest,
            Some(*most),
            "crate {name}, room {room}: fewer files than known, so write the smaller number"
        );
    }
}

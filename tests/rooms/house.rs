//! Which file of a crate needs which, and the circles among them.

use super::source::{File, Named, read};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Module = Vec<String>;

/// Arrows from a name to the names it needs.
pub type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The files of one crate.
pub struct House {
    files: BTreeMap<Module, File>,
}

impl House {
    pub fn new(src: &Path) -> Self {
        Self { files: read(src) }
    }

    /// File to file, each named by its module path.
    pub fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (module, file) in &self.files {
            let needed: &mut BTreeSet<String> = arrows.entry(name(module)).or_default();
            for named in &file.named {
                let Some(target) = self.resolve(module, &named.path, 0) else { continue };
                // A facade names its own rooms' things without needing them.
                let facade = named.public && target.starts_with(module);
                if target != *module && !facade {
                    needed.insert(name(&target));
                }
            }
        }
        arrows
    }

    /// The file that defines what `path` names, seen from `module`; `None` outside the crate.
    fn resolve(&self, module: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut at = module.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    at.pop()?;
                    rest = &rest[1..];
                }
            }
            first if self.child(&at, first).is_none() => return None,
            _ => {}
        }
        while let Some(next) = rest.first().and_then(|word| self.child(&at, word)) {
            at = next;
            rest = &rest[1..];
        }
        let (Some(wanted), true) = (rest.first(), depth < 8) else { return Some(at) };
        let Some(file) = self.files.get(&at) else { return Some(at) };
        let from = |named: &Named| self.resolve(&at, &named.path, depth + 1);
        let taken = |named: &&Named| named.alias.as_ref() == Some(wanted);
        let spread = |named: &&Named| named.alias.as_deref() == Some("*") && named.public;
        let source = file.named.iter().find(taken).and_then(from);
        let source = source.or_else(|| {
            let mut all = file.named.iter().filter(spread).filter_map(from);
            all.find(|module| self.files.get(module).is_some_and(|file| file.module != at))
        });
        Some(source.unwrap_or(at))
    }

    fn child(&self, module: &Module, word: &str) -> Option<Module> {
        let mut child = module.clone();
        child.push(word.to_owned());
        self.files.contains_key(&child).then_some(child)
    }
}

fn name(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("::") }
}

/// The room of a file: the folder in `src`, or the file that stands there by itself.
fn room(file: &str) -> &str {
    file.split("::").next().unwrap_or(file)
}

/// The same arrows from room to room.
pub fn between_rooms(arrows: &Arrows) -> Arrows {
    let mut rooms = Arrows::new();
    for (from, needed) in arrows {
        let out = rooms.entry(room(from).to_owned()).or_default();
        out.extend(needed.iter().map(|to| room(to).to_owned()).filter(|to| to != room(from)));
    }
    rooms
}

/// Sets of two or more that need each other all around, each in order.
pub fn circles(arrows: &Arrows) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        arrows.keys().map(|from| (from.as_str(), reachable(arrows, from))).collect();
    let mut circles = BTreeSet::new();
    for (&from, out) in &reach {
        let circle: Vec<String> = out
            .iter()
            .filter(|to| reach.get(*to).is_some_and(|back| back.contains(from)))
            .map(|&s| s.to_owned())
            .collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reachable<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = vec![from];
    while let Some(at) = open.pop() {
        for to in arrows.get(at).into_iter().flatten() {
            if found.insert(to.as_str()) {
                open.push(to);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(files: &[(&str, &str)]) -> House {
        let parse = |&(name, text): &(&str, &str)| {
            let module: Module = if name.is_empty() { vec![] } else { name.split("::").map(str::to_owned).collect() };
            (module.clone(), File::parse(module, text))
        };
        House { files: files.iter().map(parse).collect() }
    }

    #[test]
    fn names_lead_to_the_files_that_define_them() {
        let house = house(&[
            ("", "mod a; mod b; pub use a::inner::Thing;"),
            ("a", "mod inner; pub use inner::*; pub use self::inner::Thing as Other;"),
            ("a::inner", "use crate::b::helper; pub struct Thing;"),
            ("b", "use crate::{Thing, a::Other}; use std::fmt; use super::a;"),
        ]);
        let arrows = house.arrows();
        let of = |file: &str| arrows[file].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("lib"), [""; 0]);
        assert_eq!(of("a"), [""; 0]);
        assert_eq!(of("a::inner"), ["b"]);
        assert_eq!(of("b"), ["a", "a::inner"]);
        assert_eq!(circles(&arrows), [["a::inner", "b"]]);
        assert_eq!(circles(&between_rooms(&arrows)), [["a", "b"]]);
    }

    #[test]
    fn a_line_of_rooms_is_no_circle() {
        let house = house(&[
            ("", "mod a; mod b; mod c;"),
            ("a", "use crate::b::B;"),
            ("b", "use crate::c;"),
            ("c", "fn c() {}"),
        ]);
        assert!(circles(&house.arrows()).is_empty());
    }
}

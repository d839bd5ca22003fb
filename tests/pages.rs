//! Pages lead somewhere: every link of a page to a file of the project, and every path that stands in backticks, is there.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Paths on pages that are other projects'.
const OF_OTHERS: [&str; 1] = ["docs/grammar.tex"];

/// Endings that make a word with a slash, or the name of a source file, a path.
const ENDINGS: [&str; 5] = [".rs", ".md", ".toml", ".csv", ".svg"];

/// Folders at the top of the project whose name at the head of a word makes it a path.
const TOP: [&str; 8] = ["crates", "tests", "docs", "datasets", "benches", "fuzz", "examples", ".ci"];

/// All files and folders below `folder` but for what is built, relative to it.
fn tree(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        found.push(path.strip_prefix(root).expect("below the root").to_path_buf());
        if entry.file_type().expect("a type").is_dir() {
            tree(root, &path, found);
        }
    }
}

/// The text without blocks of code between fences.
fn prose(text: &str) -> String {
    let parts = text.split("```").step_by(2);
    parts.collect()
}

/// Whether a word in backticks is meant as a path of this project.
fn is_path(word: &str) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c));
    let (head, inner) = (word.split('/').next().unwrap_or_default(), word.trim_end_matches('/').contains('/'));
    let ends = |ending: &str| word.ends_with(ending) && word.len() > ending.len();
    // The user's own: `DIR/expected.csv`.
    let stands_for_another = head.chars().all(|c| c.is_ascii_uppercase());
    let leads = ENDINGS.into_iter().any(ends) || TOP.contains(&head) || word.ends_with('/');
    plain && !stands_for_another && (inner && leads || ends(".rs"))
}

/// Where a link of a page leads, without `.` and `..`.
fn target(page: &Path, link: &str) -> PathBuf {
    let mut out = PathBuf::new();
    for part in page.parent().unwrap_or(Path::new("")).join(link).components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

#[test]
fn links_and_paths_of_pages_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    tree(root, root, &mut files);
    let pages = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let (mut links, mut paths, mut astray) = (0, 0, Vec::new());
    for page in pages {
        let text = prose(&fs::read_to_string(root.join(page)).expect("UTF-8"));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next()) {
            if !link.is_empty() && !link.contains(':') {
                links += 1;
                if !root.join(target(page, link)).exists() {
                    astray.push(format!("{}: the link {link}", page.display()));
                }
            }
        }
        for word in text.split('`').skip(1).step_by(2).filter(|word| is_path(word)) {
            paths += 1;
            let path = Path::new(word);
            if !files.iter().any(|file| file.ends_with(path)) && !OF_OTHERS.contains(&word) {
                astray.push(format!("{}: the path {word}", page.display()));
            }
        }
    }
    assert!(astray.is_empty(), "{}", astray.join("\n"));
    assert!(links > 100 && paths > 100, "{links} links, {paths} paths");
}

#[test]
fn words_that_are_paths() {
    for path in ["crates/milp", "docs/lp.md", "mip/branching.rs", "lib.rs", "omt/dual/", ".ci/run"] {
        assert!(is_path(path), "{path}");
    }
    for word in ["a/b", "1/2", "heaviside train x.csv", "n/a", "docs", ".rs", "src/*.rs", "x.csv", "DIR/expected.csv"] {
        assert!(!is_path(word), "{word}");
    }
    let page = Path::new("docs/decisions/one.md");
    assert_eq!(target(page, "../omt.md"), Path::new("docs/omt.md"));
    assert_eq!(target(Path::new("README.md"), "./docs/cli.md"), Path::new("docs/cli.md"));
}

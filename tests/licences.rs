//! What is built into the project is licensed so that whoever uses it may: the terms of every package are on a list.
//!
//! `cargo tree` tells the terms of the packages of this platform. Known faults of packages are a matter of a database that changes
//! by itself: `cargo install cargo-deny && cargo deny check advisories` asks it.

use std::process::Command;

/// Terms that allow use, change and redistribution beside either of the project's own.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether terms in the notation of SPDX can be met: `A OR B` by one of them, `A AND B` by both.
fn is_allowed(terms: &str) -> bool {
    let split = |word: &str| {
        // Words outside of brackets.
        let (mut parts, mut depth) = (vec![String::new()], 0_i32);
        for token in terms.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").split_whitespace() {
            depth += i32::from(token == "(") - i32::from(token == ")");
            if depth == 0 && token == word {
                parts.push(String::new());
            } else {
                let last = parts.last_mut().expect("one at least");
                last.push_str(if last.is_empty() { "" } else { " " });
                last.push_str(token);
            }
        }
        parts
    };
    let (either, all) = (split("OR"), split("AND"));
    if either.len() > 1 {
        return either.iter().any(|terms| is_allowed(terms));
    }
    if all.len() > 1 {
        return all.iter().all(|terms| is_allowed(terms));
    }
    let inner = terms.trim().strip_prefix('(').and_then(|terms| terms.strip_suffix(')'));
    inner.map_or_else(|| ALLOWED.contains(&terms.trim()), is_allowed)
}

#[test]
fn terms_of_all_packages_are_on_the_list() {
    let tree = ["tree", "--workspace", "--prefix", "none", "--format", "{l}|{p}", "--offline", "--locked"];
    let output = Command::new(env!("CARGO")).args(tree).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let packages: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('|')).collect();
    assert!(packages.len() > 50, "the tree was not understood");
    for (terms, package) in packages {
        assert!(is_allowed(terms), "{package}: its terms '{terms}' are not on the list of tests/licences.rs");
    }
}

#[test]
fn terms_in_words() {
    for terms in ["MIT", "MIT/GPL-3.0", "GPL-3.0 OR (MIT AND Zlib)", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
        assert!(is_allowed(terms), "{terms}");
    }
    for terms in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-2.0", "MITX", "GPL-2.0 OR AGPL-3.0"] {
        assert!(!is_allowed(terms), "{terms}");
    }
}

//! The picture of the crates in the documentation is the one that cargo's answer makes.

use std::fs;
use std::path::Path;

#[test]
fn the_picture_of_the_crates_is_current() {
    let drawn = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/crates.svg")).expect("the picture");
    let advice = "cargo run -p heaviside-acceptance --example crates > docs/crates.svg";
    assert!(drawn == heaviside_acceptance::picture::crates(), "docs/crates.svg is stale: {advice}");
}

//! Writes the picture of the crates: `cargo run -p heaviside-acceptance --example crates > docs/crates.svg`.

fn main() {
    print!("{}", heaviside_acceptance::picture::crates());
}

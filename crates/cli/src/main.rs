//! The `heaviside` command.
fn main() {}

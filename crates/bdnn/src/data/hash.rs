//! The fingerprint of training data: see [`Dataset::sha256`](super::Dataset::sha256).

use super::input::Watch;
use super::units::Units;
use crate::chunks::rows_at_once;
use sha2::{Digest, Sha256};

/// The SHA-256 of a file's bytes in hexadecimal digits, as `sha256sum` prints it.
#[must_use]
pub fn sha256_of(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

fn hex(digest: impl IntoIterator<Item = u8>) -> String {
    digest.into_iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Of the rows `members` (row-major, n columns) with their labels and, where they have weights, what they count; `None` if `watch` said
/// stop.
pub(super) fn sha256(
    (n, classes): (usize, &[String]),
    (rows, labels): (&[f64], &[usize]),
    (members, units): (&[usize], Option<&Units>),
    watch: Watch<'_>,
) -> Option<String> {
    let mut hash = Sha256::new();
    let number = |value: usize| (value as u64).to_le_bytes();
    hash.update(if units.is_some() { b"heaviside data 2\n" } else { b"heaviside data 1\n" });
    for size in [n, classes.len(), members.len()] {
        hash.update(number(size));
    }
    let unit = units.map(|units| units.unit.to_string());
    for name in unit.iter().chain(classes) {
        hash.update(number(name.len()));
        hash.update(name.as_bytes());
    }
    let mut bytes = Vec::with_capacity(8 * (n + 1));
    // A number takes some ten times as long as a product.
    let at_once = rows_at_once(10 * n);
    for (at, &i) in members.iter().enumerate() {
        if at % at_once == 0 && watch() {
            return None;
        }
        bytes.clear();
        // Adding 0.0 turns -0.0 into 0.0.
        rows[i * n..(i + 1) * n].iter().for_each(|value| bytes.extend((value + 0.0).to_le_bytes()));
        bytes.extend(number(labels[i]));
        if let Some(units) = units {
            bytes.extend(u64::from(units.of_row[at]).to_le_bytes());
        }
        hash.update(&bytes);
    }
    Some(hex(hash.finalize()))
}

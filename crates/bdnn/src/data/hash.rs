//! The fingerprint of training data: see [`Dataset::sha256`](super::Dataset::sha256).

use super::input::Watch;
use sha2::{Digest, Sha256};

/// Rows between two looks at the watch.
const ROWS_AT_ONCE: usize = 1 << 12;

/// The SHA-256 of a file's bytes in hexadecimal digits, as `sha256sum` prints it.
#[must_use]
pub fn sha256_of(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

fn hex(digest: impl IntoIterator<Item = u8>) -> String {
    digest.into_iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Of the rows `members` (row-major, n columns) with their labels; `None` if `watch` said stop.
pub(super) fn sha256(
    (n, classes): (usize, &[String]),
    (rows, labels): (&[f64], &[usize]),
    members: &[usize],
    watch: Watch<'_>,
) -> Option<String> {
    let mut hash = Sha256::new();
    let number = |value: usize| (value as u64).to_le_bytes();
    hash.update(b"heaviside data 1\n");
    for size in [n, classes.len(), members.len()] {
        hash.update(number(size));
    }
    for class in classes {
        hash.update(number(class.len()));
        hash.update(class.as_bytes());
    }
    let mut bytes = Vec::with_capacity(8 * (n + 1));
    for (at, &i) in members.iter().enumerate() {
        if at % ROWS_AT_ONCE == 0 && watch() {
            return None;
        }
        bytes.clear();
        // Adding 0.0 turns -0.0 into 0.0.
        rows[i * n..(i + 1) * n].iter().for_each(|value| bytes.extend((value + 0.0).to_le_bytes()));
        bytes.extend(number(labels[i]));
        hash.update(&bytes);
    }
    Some(hex(hash.finalize()))
}

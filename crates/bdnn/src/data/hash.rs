//! The fingerprint of training data: see [`Dataset::sha256`].

use super::Dataset;
use sha2::{Digest, Sha256};

pub(super) fn sha256(data: &Dataset, members: &[usize]) -> String {
    let mut hash = Sha256::new();
    let number = |value: usize| (value as u64).to_le_bytes();
    hash.update(b"heaviside data 1\n");
    for size in [data.num_features(), data.num_classes(), members.len()] {
        hash.update(number(size));
    }
    for class in &data.schema.classes {
        hash.update(number(class.len()));
        hash.update(class.as_bytes());
    }
    for &i in members {
        for value in data.row(i) {
            // Adding 0.0 turns -0.0 into 0.0.
            hash.update((value + 0.0).to_le_bytes());
        }
        hash.update(number(data.labels[i]));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

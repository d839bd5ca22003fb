//! Digests of files that a run depends on, for its header.

use crate::error::Error;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// The SHA-256 digest of a file, in hexadecimal digits. Cost and memory: its size.
///
/// # Errors
/// [`Error::File`] for a file that cannot be read.
pub fn digest(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|source| Error::file(path, source))?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

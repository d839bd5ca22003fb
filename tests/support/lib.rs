//! Support for the acceptance tests.
//!
//! * [`shared`]: data with known optima that is not part of the project, where it is present; [`files`] makes problems
//!   of it.
//! * [`folders`]: the files of a proof folder that the command writes.
//! * [`oracle`]: the optimum of tiny problems by enumeration, trusting no engine.
//! * [`random`]: problems of every kind from a seed.

pub mod files;
pub mod folders;
pub mod oracle;
pub mod random;

use std::path::PathBuf;

/// A file of the test data that is not part of the project, `../shared` beside the workspace or where the environment
/// variable `HEAVISIDE_SHARED` says; `None`, with a line on standard error, where it is absent.
#[must_use]
pub fn shared(name: &str) -> Option<PathBuf> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("HEAVISIDE_SHARED").map_or_else(default, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

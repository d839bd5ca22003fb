//! Support for the acceptance tests.
//!
//! * [`known`]: data sets with known optima; [`files`] makes problems of files.
//! * [`shared`]: data that is not part of the project; tests that need it are ignored and asked for by name.
//! * [`folders`]: the files of a proof folder that the command writes.
//! * [`oracle`]: the optimum of tiny problems by enumeration, trusting no engine.
//! * [`random`]: problems of every kind from a seed.
//! * [`kinds`]: small models of every kind from a seed, as [`draft`]s in decimals; [`exact`] says what is true of them, [`judge`]
//!   holds the solver's words against it, [`mod@shrink`] makes what fails small, [`tally`] runs many and counts.
//! * [`networks`]: model files of every kind from a seed, with rows that try their ties.
//! * [`picture`]: the crates and who uses whom.
//! * [`told`]: stops a run at its k-th question.

pub mod draft;
pub mod exact;
pub mod files;
pub mod folders;
pub mod judge;
pub mod kinds;
pub mod known;
pub mod networks;
pub mod oracle;
pub mod picture;
pub mod random;
pub mod shrink;
pub mod tally;
pub mod told;

use std::path::PathBuf;

/// A file of the test data that is not part of the project, `../shared` beside the workspace or where the environment
/// variable `HEAVISIDE_SHARED` says.
///
/// # Panics
/// If it is absent: a test that needs it is `#[ignore = "needs ../shared"]` and run by name.
#[must_use]
pub fn shared(name: &str) -> PathBuf {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("HEAVISIDE_SHARED").map_or_else(default, PathBuf::from).join(name);
    assert!(path.exists(), "{} is not there; HEAVISIDE_SHARED names the folder that holds data/", path.display());
    path
}

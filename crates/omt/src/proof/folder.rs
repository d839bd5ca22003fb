//! The files of a proof folder.

use crate::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter};
use std::path::{Path, PathBuf};

/// Where the proof goes.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The lower bound on the loss that the proof concludes; `None` if it says that no network satisfies the problem.
    pub bound: Option<u64>,
    /// Lines of `lemmas.jsonl`.
    pub lemmas: u64,
    /// Constraints of `formula.opb`.
    pub constraints: u64,
    /// Steps of `proof.pbp`.
    pub steps: u64,
    /// Bytes of the three files.
    pub bytes: u64,
}

impl Folder {
    pub(super) const LEMMAS: &str = "lemmas.jsonl";
    pub(super) const FORMULA: &str = "formula.opb";
    pub(super) const PROOF: &str = "proof.pbp";

    /// The folder at `path`, made if it is not there.
    ///
    /// # Errors
    /// [`Error::Folder`] if it cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let folder = Self { path: path.to_owned() };
        fs::create_dir_all(path).map_err(|source| folder.failure("", source))?;
        Ok(folder)
    }

    /// The folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn failure(&self, name: &str, source: io::Error) -> Error {
        Error::Folder { file: self.path.join(name), source }
    }

    pub(super) fn create_file(&self, name: &str) -> Result<BufWriter<File>, Error> {
        File::create(self.path.join(name)).map(BufWriter::new).map_err(|source| self.failure(name, source))
    }

    /// Opens a file that was written before.
    pub(super) fn open_file(&self, name: &str) -> Result<BufReader<File>, Error> {
        File::open(self.path.join(name)).map(BufReader::new).map_err(|source| self.failure(name, source))
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), Error> {
        fs::remove_file(self.path.join(name)).map_err(|source| self.failure(name, source))
    }

    /// Bytes of the three files.
    pub(super) fn bytes(&self) -> u64 {
        let size = |name: &&str| fs::metadata(self.path.join(name)).map_or(0, |data| data.len());
        [Self::LEMMAS, Self::FORMULA, Self::PROOF].iter().map(size).sum()
    }
}

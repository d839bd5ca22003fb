//! The best answer known, in a file that several workers read and improve.

use super::file::{bytes_of, write};
use crate::error::Error;
use std::fs::File;
use std::path::Path;

/// A problem whose answers are kept: networks with their losses, points with their objectives.
pub(super) trait Best {
    /// An answer, and what it is worth.
    type Found: Clone;

    /// The SHA-256 of `problem.json`.
    fn sha256(&self) -> &str;

    /// What stands in the bytes of a file, recounted.
    fn parse(&self, bytes: &[u8]) -> Result<Seen<Self::Found>, String>;

    /// Whether the first is worth more than the second.
    fn is_better(&self, one: &Self::Found, other: &Self::Found) -> bool;

    /// The file that holds an answer.
    fn to_bytes(&self, found: &Self::Found) -> Result<Vec<u8>, Error>;

    /// Refuses a file that names another problem.
    fn check(&self, problem: Option<&str>) -> Result<(), String> {
        match problem.filter(|problem| *problem != self.sha256()) {
            Some(other) => Err(format!("is of another problem ({other}, not {})", self.sha256())),
            None => Ok(()),
        }
    }
}

/// What a file holds.
pub(super) struct Seen<F> {
    pub(super) found: F,
    /// Whether it is one that is replaced by a better one.
    pub(super) is_incumbent: bool,
}

/// The file of a problem.
#[derive(Debug)]
pub(super) struct Shared<'a, P> {
    pub(super) path: &'a Path,
    pub(super) known: &'a P,
}

impl<P: Best> Shared<'_, P> {
    /// What it holds, recounted; `None` if there is no file.
    pub(super) fn read(&self) -> Result<Option<P::Found>, Error> {
        Ok(self.look()?.map(|seen| seen.found))
    }

    fn look(&self) -> Result<Option<Seen<P::Found>>, Error> {
        let path = self.path;
        let bytes = match bytes_of(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|source| Error::file(path, source))?,
        };
        self.known.parse(&bytes).map(Some).map_err(|what| Error::Cubes(format!("{}: {what}", path.display())))
    }

    /// Keeps other workers from files of the folder until it is dropped. Where a lock cannot be had, there is none: a worker that was overtaken offers its
    /// answer again with its result.
    pub(super) fn lock(&self) -> Option<File> {
        let file = File::options().create(true).append(true).open(self.path.with_extension("lock")).ok()?;
        file.lock().ok().map(|()| file)
    }

    /// Writes an answer if it is better than the one that is there; what is no incumbent stays as it is.
    pub(super) fn offer(&self, found: &P::Found) -> Result<(), Error> {
        let held = self.lock();
        if self.look()?.is_none_or(|seen| seen.is_incumbent && self.known.is_better(found, &seen.found)) {
            write(self.path, &self.known.to_bytes(found)?)?;
        }
        drop(held);
        Ok(())
    }
}

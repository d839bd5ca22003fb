//! The files of a proof folder.

use crate::error::Error;
use bdnn::pack::Packer;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Bytes gathered before they are packed or written.
const BUFFER: usize = 1 << 16;

/// Where the proof goes.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    packed: bool,
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
    /// Bytes of the three files, as they are on disk.
    pub bytes: u64,
}

impl Folder {
    /// `lemmas.jsonl`, with `.gz` at its end if packed.
    pub(super) const LEMMAS: &str = "lemmas.jsonl";
    /// `formula.opb`, likewise.
    pub(super) const FORMULA: &str = "formula.opb";
    /// `proof.pbp`, likewise.
    pub(super) const PROOF: &str = "proof.pbp";
    /// Objective and clauses of the formula, until its first line can be written.
    pub(super) const CLAUSES: &str = "formula.part";
    /// The steps that break symmetries, until the first line of the proof can be written.
    pub(super) const SYMMETRY: &str = "symmetry.part";
    /// The steps of the search, until the head of the proof can be written; of a part of a proof, for good.
    pub(super) const BODY: &str = "proof.part";
    /// The steps of a claim that is not proven yet.
    pub(super) const ATTEMPT: &str = "attempt.part";
    /// The steps of a part of a proof.
    pub(super) const STEPS: &str = "steps.pbp";

    /// The folder at `path`, made if it is not there. If `packed`, its files are compressed (gzip) as they are written.
    ///
    /// # Errors
    /// [`Error::Folder`] if it cannot be made.
    pub fn create(path: &Path, packed: bool) -> Result<Self, Error> {
        let folder = Self { path: path.to_owned(), packed };
        fs::create_dir_all(path).map_err(|source| Error::Folder { file: path.to_owned(), source })?;
        Ok(folder)
    }

    /// The folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether its files are compressed.
    #[must_use]
    pub fn packed(&self) -> bool {
        self.packed
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(if self.packed { format!("{name}.gz") } else { name.to_owned() })
    }

    pub(super) fn failure(&self, name: &str, source: io::Error) -> Error {
        Error::Folder { file: self.file(name), source }
    }

    pub(super) fn create_file(&self, name: &str) -> Result<Output, Error> {
        File::create(self.file(name)).map(|file| Output::new(file, self.packed)).map_err(|e| self.failure(name, e))
    }

    /// Opens a file that was written before, as it is on disk.
    pub(super) fn open_file(&self, name: &str) -> Result<File, Error> {
        File::open(self.file(name)).map_err(|source| self.failure(name, source))
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), Error> {
        fs::remove_file(self.file(name)).map_err(|source| self.failure(name, source))
    }

    /// Renames a file; what had that name is gone.
    pub(super) fn rename(&self, from: &str, to: &str) -> Result<(), Error> {
        fs::rename(self.file(from), self.file(to)).map_err(|source| self.failure(to, source))
    }

    /// Bytes of the three files.
    pub(super) fn bytes(&self) -> u64 {
        let size = |name: &&str| fs::metadata(self.file(name)).map_or(0, |data| data.len());
        [Self::LEMMAS, Self::FORMULA, Self::PROOF].iter().map(size).sum()
    }
}

/// A file that is being written, packed or not.
pub(super) struct Output(BufWriter<Packer<File>>);

impl Output {
    fn new(file: File, packed: bool) -> Self {
        Self(BufWriter::with_capacity(BUFFER, Packer::fast(file, packed)))
    }

    /// Appends a file of the same folder.
    pub(super) fn append(&mut self, part: &mut File) -> io::Result<()> {
        self.flush()?;
        self.0.get_mut().with_inner(|out| io::copy(part, out)).map(drop)
    }

    /// All of it on its way to the disk.
    pub(super) fn close(self) -> io::Result<()> {
        self.0.into_inner().map_err(io::IntoInnerError::into_error)?.finish().map(drop)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

//! The folder itself: there whole, and of one run, or not at all.
//!
//! The files of a run stand in a folder of their own beside the target until the last of them is written; then it is renamed. Two
//! runs with one target never mix their files. An earlier proof stands until the new one is complete; anything else that is in
//! the target, or comes there during the run, is left alone.

use crate::error::Error;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Files of a proof folder, each perhaps with `.gz` at its end.
pub const FILES: [&str; 7] =
    ["problem.json", "lemmas.jsonl", "formula.opb", "proof.pbp", "model.mps", "certificate.vipr", "network.json"];

/// What the folders of this process begin with, beside their targets.
fn prefix() -> String {
    format!(".heaviside-proof-{}-", std::process::id())
}

/// The folders of unfinished proofs that this process has made beside `target`: for programs that end at once and clean up before.
#[must_use]
pub fn unfinished(target: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(beside(target)).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix()));
    ours.map(|entry| entry.path()).collect()
}

/// The folder that a target is in.
fn beside(target: &Path) -> &Path {
    target.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Refuses a folder that may not be written to.
pub(super) fn check(target: &Path) -> Result<(), Error> {
    Target::of(target).map(drop)
}

/// A proof folder in the making.
pub(crate) struct ProofFolder {
    target: PathBuf,
    /// Holds `work`; gone when dropped.
    beside: TempDir,
    work: PathBuf,
    /// What the target was when the run began.
    before: Target,
}

/// What stands at a path.
#[derive(PartialEq)]
enum Target {
    Nothing,
    Empty,
    /// An earlier proof: its files with their sizes and times.
    Proof(Vec<(String, u64, Option<std::time::SystemTime>)>),
}

impl ProofFolder {
    /// A folder to work in, if `target` may be written in the end: it is not there, or empty, or holds an earlier proof.
    pub fn prepare(target: &Path) -> Result<Self, Error> {
        let before = Target::of(target)?;
        let parent = beside(target);
        fs::create_dir_all(parent).map_err(|source| Error::file(parent, source))?;
        let failed = |source| Error::file(parent, source);
        let beside = tempfile::Builder::new().prefix(&prefix()).tempdir_in(parent).map_err(failed)?;
        // One in the other: the inner has the permissions that folders usually get.
        let work = beside.path().join("proof");
        fs::create_dir(&work).map_err(failed)?;
        Ok(Self { target: target.to_path_buf(), beside, work, before })
    }

    /// Where the files go.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// All files are written: the folder takes its place.
    pub fn publish(self) -> Result<(), Error> {
        let failed = |source| Error::file(&self.target, source);
        let now = Target::of(&self.target);
        if !now.is_ok_and(|now| now == self.before) {
            return Err(self.keep("something else was written there during the run"));
        }
        if let Target::Proof(_) = self.before {
            fs::rename(&self.target, self.beside.path().join("earlier")).map_err(failed)?;
        }
        match fs::rename(&self.work, &self.target) {
            Err(error) if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
                Err(self.keep("something else was written there during the run"))
            }
            renamed => renamed.map_err(failed),
        }
    }

    /// Leaves the files where they are.
    fn keep(self, why: &str) -> Error {
        let (target, work) = (self.target.display().to_string(), self.work.display().to_string());
        let _ = self.beside.keep();
        Error::Folder(format!("{target}: {why}; the proof is in {work}"))
    }
}

impl Target {
    /// Refuses what is no folder, and folders with other files than those of a proof.
    fn of(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::file(path, source);
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // A link that leads nowhere would have to be replaced.
                return fs::read_link(path).map_or(Ok(Self::Nothing), |leads_to| {
                    let (path, leads_to) = (path.display(), leads_to.display());
                    Err(Error::Folder(format!(
                        "{path}: is a link to {leads_to}, which does not exist; name that folder"
                    )))
                });
            }
            entries => entries.map_err(failed)?.collect::<io::Result<Vec<_>>>().map_err(failed)?,
        };
        let mut files = vec![];
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let plain = name.strip_suffix(".gz").unwrap_or(&name);
            let meta = entry.metadata().map_err(failed)?;
            if !FILES.contains(&plain) || !meta.is_file() {
                let what =
                    format!("{}: holds `{name}`, which is no file of a proof; name a new folder", path.display());
                return Err(Error::Folder(what));
            }
            files.push((name, meta.len(), meta.modified().ok()));
        }
        files.sort();
        Ok(if files.is_empty() { Self::Empty } else { Self::Proof(files) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &ProofFolder, text: &str) {
        fs::write(folder.work().join("problem.json"), text).unwrap();
    }

    fn names(path: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_proof_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("deep/proof");
        let folder = ProofFolder::prepare(&target).unwrap();
        write(&folder, "1");
        assert!(!target.exists());
        assert_eq!(unfinished(&target), [folder.beside.path().to_path_buf()]);
        drop(folder);
        assert!(unfinished(&target).is_empty());
        assert_eq!(names(&dir.path().join("deep")), [""; 0], "nothing is left of a run that failed");
        fs::create_dir(&target).unwrap();
        for text in ["2", "3"] {
            let folder = ProofFolder::prepare(&target).unwrap();
            write(&folder, text);
            folder.publish().unwrap();
            assert_eq!(fs::read_to_string(target.join("problem.json")).unwrap(), text);
            assert_eq!(names(&dir.path().join("deep")), ["proof"]);
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("proof");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("thesis.tex"), "years").unwrap();
        let refused = ProofFolder::prepare(&target).err().unwrap().to_string();
        assert!(refused.contains("thesis.tex"), "{refused}");
        fs::remove_file(target.join("thesis.tex")).unwrap();
        fs::create_dir(target.join("problem.json")).unwrap();
        assert!(ProofFolder::prepare(&target).is_err());
        fs::remove_dir(target.join("problem.json")).unwrap();
        // A file is no folder.
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(ProofFolder::prepare(&dir.path().join("file")).is_err());
    }

    /// The second of two runs finds what the first has written, and keeps its own beside it.
    #[test]
    fn two_runs_do_not_mix() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("proof");
        let (first, second) = (ProofFolder::prepare(&target).unwrap(), ProofFolder::prepare(&target).unwrap());
        assert_ne!(first.work(), second.work());
        write(&first, "first");
        write(&second, "second");
        let kept = second.work().to_path_buf();
        first.publish().unwrap();
        let refused = second.publish().unwrap_err().to_string();
        assert!(refused.contains(&kept.display().to_string()), "{refused}");
        assert_eq!(fs::read_to_string(target.join("problem.json")).unwrap(), "first");
        assert_eq!(fs::read_to_string(kept.join("problem.json")).unwrap(), "second");
    }
}

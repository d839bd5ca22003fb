//! The file: three lines for people, then the state.
//!
//! ```text
//! heaviside checkpoint 2
//! sha256 of all that follows, in hexadecimal digits
//! {"program":"heaviside 0.1.0","command":"train","run":{..},"seconds":412.7,"best":31.0,"bound":17.0}
//! the state, in bytes that only this version of the program reads
//! ```

use crate::PROGRAM;
use crate::error::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What every file of this format begins with, and the version of the format.
const NAME: &str = "heaviside checkpoint ";
const VERSION: &str = "2";

/// What a checkpoint is of, and how far the run was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The program, with its version.
    pub program: String,
    /// The command that runs.
    pub command: String,
    /// What a run that goes on has to have in common with this one, by name: the digest of the data, the problem, the options that decide what
    /// the search does.
    pub run: Map<String, Value>,
    /// How long the run has taken, all its sittings together.
    pub seconds: f64,
    /// The best objective known then, for people.
    pub best: Option<f64>,
    /// The bound proven then, for people.
    pub bound: Option<f64>,
}

impl Header {
    /// Of a run of this program; what is infinite is not known.
    #[must_use]
    pub fn new(
        command: &str,
        run: Map<String, Value>,
        seconds: f64,
        (best, bound): (Option<f64>, Option<f64>),
    ) -> Self {
        let known = |value: Option<f64>| value.filter(|value| value.is_finite());
        let (program, command) = (PROGRAM.to_owned(), command.to_owned());
        Self { program, command, run, seconds, best: known(best), bound: known(bound) }
    }

    /// What of `run` is not as there, by name: first program and command, then the entries of the run.
    #[must_use]
    pub fn differences(&self, program: &str, command: &str, run: &Map<String, Value>) -> Vec<String> {
        let mut found = vec![];
        if self.command != command {
            found.push(format!("it is of `heaviside {}`", self.command));
        }
        if self.program != program {
            found.push(format!("it was written by {}, and this is {program}", self.program));
        }
        let names = run.keys().chain(self.run.keys().filter(|name| !run.contains_key(*name)));
        for name in names {
            let [there, here] = [&self.run, run].map(|run| run.get(name).unwrap_or(&Value::Null));
            if there != here {
                found.push(difference(name, there, here));
            }
        }
        found
    }
}

/// Digests differ, and say no more.
fn difference(name: &str, there: &Value, here: &Value) -> String {
    if name.ends_with("sha256") {
        let what = name.trim_end_matches("sha256").trim_end_matches('_');
        let what = if what.is_empty() { "data" } else { what };
        return format!("other {what} ({name})");
    }
    format!("{name}: {there} there, {here} here")
}

/// Reads and verifies a checkpoint; nothing of the state is looked at. Memory: twice the file.
///
/// # Errors
/// A file that cannot be read, is none, is of another version of the format, or was damaged.
pub fn read(path: &Path) -> Result<(Header, Vec<u8>), Error> {
    let bytes = fs::read(path).map_err(|source| Error::file(path, source))?;
    let refuse = |why: String| Err(Error::Checkpoint(format!("{}: {why}", path.display())));
    let Some((first, rest)) = line(&bytes).filter(|(first, _)| first.starts_with(NAME)) else {
        return refuse("this is no checkpoint".to_owned());
    };
    let version = &first[NAME.len()..];
    if version != VERSION {
        return refuse(format!("a checkpoint of format {version:?}, and this program reads format {VERSION}"));
    }
    let damaged = || refuse("the checkpoint is damaged (its digest is another); use an earlier copy".to_owned());
    let Some((digest, rest)) = line(rest) else { return damaged() };
    if digest != digest_of(&[rest]) {
        return damaged();
    }
    let Some((header, state)) = line(rest) else { return damaged() };
    match serde_json::from_str(header) {
        Ok(header) => Ok((header, state.to_vec())),
        Err(error) => refuse(format!("the third line is not as this version writes it: {error}")),
    }
}

/// Replaces a checkpoint: the file is there whole, with its old content or with the new one.
///
/// # Errors
/// What the system says; the old file stands then.
pub fn write(path: &Path, header: &Header, state: &[u8]) -> io::Result<()> {
    let mut head = serde_json::to_vec(header)?;
    head.push(b'\n');
    // Links stay, and so does what is allowed to whom.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".heaviside-");
    match fs::metadata(&target) {
        Ok(meta) => builder.permissions(meta.permissions()),
        #[cfg(unix)]
        Err(_) => builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)),
        #[cfg(not(unix))]
        Err(_) => &mut builder,
    };
    let mut file = builder.tempfile_in(folder)?;
    let first = format!("{NAME}{VERSION}\n{}\n", digest_of(&[&head, state]));
    file.write_all(first.as_bytes())?;
    file.write_all(&head)?;
    file.write_all(state)?;
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// Refuses a target that is something else than a new file, or the checkpoint that the run goes on with.
///
/// # Errors
/// [`Error::Checkpoint`], with what to do; [`Error::File`] if no file can be made there.
pub fn check_target(path: &Path, resumed: Option<&PathBuf>) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::Checkpoint(format!("{}: {why}", path.display())));
    let Ok(meta) = fs::metadata(path) else {
        let folder = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        let made = tempfile::Builder::new().prefix(".heaviside-").tempfile_in(folder);
        return made.map(drop).map_err(|source| Error::file(path, source));
    };
    if !meta.is_file() {
        return refuse("a checkpoint is a file; choose another name".to_owned());
    }
    let same =
        |other: &PathBuf| fs::canonicalize(other).ok().is_some_and(|other| fs::canonicalize(path).ok() == Some(other));
    if resumed.is_some_and(same) {
        return Ok(());
    }
    let mut start = vec![];
    let read = fs::File::open(path).and_then(|file| file.take(NAME.len() as u64).read_to_end(&mut start));
    read.map_err(|source| Error::file(path, source))?;
    if start == NAME.as_bytes() {
        return refuse(
            "the checkpoint of a run stands there: go on with it (--resume with the same name), remove it, or choose another name".to_owned(),
        );
    }
    refuse("this file is no checkpoint, and is not overwritten; choose another name".to_owned())
}

/// The first line, which is text, and what follows.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

fn digest_of(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        let run = Map::from_iter([("data_sha256".to_owned(), "ab".into()), ("loss".to_owned(), "hamming".into())]);
        Header {
            program: "heaviside 1".to_owned(),
            command: "train".to_owned(),
            run,
            seconds: 0.1,
            best: None,
            bound: Some(3.0),
        }
    }

    #[test]
    fn what_is_written_is_read_and_any_changed_byte_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("run.checkpoint");
        write(&path, &header(), b"state\n\0").unwrap();
        assert_eq!(read(&path).unwrap(), (header(), b"state\n\0".to_vec()));
        let bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(&path, &damaged).unwrap();
            assert!(read(&path).is_err(), "byte {at}");
            fs::write(&path, &bytes[..at]).unwrap();
            assert!(read(&path).is_err(), "{at} bytes");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside the file");
    }

    #[test]
    fn differences_are_named() {
        let (there, mut here) = (header(), header());
        assert!(there.differences("heaviside 1", "train", &here.run).is_empty());
        here.run.insert("loss".to_owned(), "zero-one".into());
        here.run.insert("data_sha256".to_owned(), "cd".into());
        here.run.insert("seed".to_owned(), 4.into());
        let found = there.differences("heaviside 2", "solve", &here.run).join("; ");
        for part in
            ["`heaviside train`", "heaviside 2", "other data", "\"hamming\" there, \"zero-one\" here", "seed: null"]
        {
            assert!(found.contains(part), "{part} in {found}");
        }
    }

    #[test]
    fn only_new_files_and_the_resumed_one_are_written() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("run.checkpoint"), dir.path().join("other"));
        check_target(&path, None).unwrap();
        assert!(!path.exists());
        write(&path, &header(), b"").unwrap();
        let message = check_target(&path, None).unwrap_err().to_string();
        assert!(message.contains("--resume"), "{message}");
        check_target(&path, Some(&path)).unwrap();
        check_target(&path, Some(&dir.path().join("./run.checkpoint"))).unwrap();
        fs::write(&other, "x,y\n1,2\n").unwrap();
        assert!(check_target(&other, Some(&path)).unwrap_err().to_string().contains("no checkpoint"));
        assert!(check_target(&dir.path().join("missing/run"), None).is_err());
        assert!(check_target(dir.path(), None).is_err());
    }
}

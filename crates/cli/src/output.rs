//! Output files: checked before a long run, written whole or not at all.

use crate::failure::Failure;
use crate::global::is_stdout;
use bdnn::pack::Packer;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file this command will write at its end. The old content stands until the new one is complete: it is written
/// beside the target and renamed over it. Targets that are no regular files (a named pipe) are written
/// in place, and `-` is standard output, as `/dev/stdout` is.
#[derive(Debug)]
pub struct OutputFile {
    named: PathBuf,
    target: PathBuf,
    way: Way,
}

/// How a target is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Beside,
    InPlace,
    Stdout,
}

impl OutputFile {
    /// Makes sure that `path` can be written, and leaves it as it is.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        let failure = |source| Failure::file(path, source);
        if is_stdout(path) {
            return Ok(Self { named: path.to_path_buf(), target: path.to_path_buf(), way: Way::Stdout });
        }
        let output = match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => return Err(failure(io::Error::from(ErrorKind::IsADirectory))),
            Ok(meta) => Self {
                named: path.to_path_buf(),
                // Through a link, the file it points to is replaced and the link stays.
                target: fs::canonicalize(path).map_err(failure)?,
                way: if meta.is_file() { Way::Beside } else { Way::InPlace },
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                if let Ok(leads_to) = fs::read_link(path) {
                    return Err(failure(dangling(&leads_to)));
                }
                Self { named: path.to_path_buf(), target: path.to_path_buf(), way: Way::Beside }
            }
            Err(error) => return Err(failure(error)),
        };
        if output.way == Way::Beside {
            if output.target.exists() {
                OpenOptions::new().append(true).open(&output.target).map_err(failure)?;
            }
            output.beside().map_err(failure)?;
        }
        Ok(output)
    }

    /// The path as the user named it.
    pub fn path(&self) -> &Path {
        &self.named
    }

    /// What to call it in a note.
    pub fn name(&self) -> String {
        if self.way == Way::Stdout { "standard output".to_owned() } else { self.named.display().to_string() }
    }

    /// Replaces the content with what `fill` writes.
    pub fn write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        self.try_write(fill).map_err(|source| self.failure(source))
    }

    /// Replaces the content with `bytes`, packed by gzip if the name ends in `.gz`.
    pub fn write_packed(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.write(|out| {
            let mut out = Packer::new(out, self.is_packed());
            out.write_all(bytes)?;
            out.finish().map(drop)
        })
    }

    /// Whether the name says that the content is packed.
    pub fn is_packed(&self) -> bool {
        self.named.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
    }

    /// Replaces the content with what `fill` writes, packed by gzip if the name ends in `.gz`; gives what `fill` gives. The
    /// old content stands if `fill` fails.
    pub fn write_streamed<T, E>(
        &self,
        fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<Result<T, E>, Failure> {
        let mut filled = None;
        let written = self.try_write(|out| {
            let mut out = Packer::new(out, self.is_packed());
            let result = fill(&mut out);
            let ended = out.finish().map(drop);
            let failed = result.is_err();
            filled = Some(result);
            if failed { Err(io::Error::other("not filled")) } else { ended }
        });
        match (written, filled) {
            (_, Some(Err(error))) => Ok(Err(error)),
            (Ok(()), Some(result)) => Ok(result),
            (Err(source), _) => Err(self.failure(source)),
            (Ok(()), None) => Err(self.failure(io::Error::other("nothing was written"))),
        }
    }

    /// Opens the target to be written while a run goes on, for readers who watch it: what was there is gone at once, and what stands there when the
    /// process ends is what was written so far. Packed by gzip if the name ends in `.gz`.
    pub fn stream(&self) -> Result<Stream, Failure> {
        let target: Box<dyn Write + Send> = match self.way {
            Way::Stdout => Box::new(io::stdout()),
            Way::InPlace => Box::new(OpenOptions::new().write(true).open(&self.target).map_err(|e| self.failure(e))?),
            Way::Beside => Box::new(fs::File::create(&self.target).map_err(|e| self.failure(e))?),
        };
        Ok(Stream(Packer::fast(target, self.is_packed())))
    }

    /// A folder for temporary files that become part of the output.
    pub fn folder(&self) -> PathBuf {
        match self.target.parent() {
            _ if self.way != Way::Beside => std::env::temp_dir(),
            Some(parent) if parent != Path::new("") => parent.to_path_buf(),
            _ => PathBuf::from("."),
        }
    }

    /// That this file could not be written.
    pub fn failure(&self, source: io::Error) -> Failure {
        match self.way {
            Way::Stdout => Failure::stdout(source),
            _ => Failure::file(&self.named, source),
        }
    }

    fn try_write(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        if self.way != Way::Beside {
            let target: Box<dyn Write> = match self.way {
                Way::Stdout => Box::new(io::stdout().lock()),
                _ => Box::new(OpenOptions::new().write(true).open(&self.target)?),
            };
            let mut file = io::BufWriter::new(target);
            fill(&mut file)?;
            return file.flush();
        }
        let mut file = io::BufWriter::new(self.beside()?);
        fill(&mut file)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(&self.target).map_err(|error| error.error)?;
        Ok(())
    }

    /// A new file in the target's directory, with the target's permissions or the usual ones; gone when dropped.
    fn beside(&self) -> io::Result<NamedTempFile> {
        let directory = match self.target.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let mut builder = Builder::new();
        builder.prefix(".heaviside-");
        match fs::metadata(&self.target) {
            Ok(meta) => builder.permissions(meta.permissions()),
            #[cfg(unix)]
            Err(_) => builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)),
            #[cfg(not(unix))]
            Err(_) => &mut builder,
        };
        let file = builder.tempfile_in(directory).map_err(|error| unnamed(&error, directory))?;
        crate::interrupt::unfinished(file.path());
        Ok(file)
    }
}

/// A file that is written while a run goes on.
pub struct Stream(Packer<Box<dyn Write + Send>>);

impl Stream {
    /// Writes the end.
    pub fn finish(self) -> io::Result<()> {
        self.0.finish()?.flush()
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Stream")
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Why nothing is written through a link that leads nowhere: replaced it would be gone, and a file made at its end comes where nobody may
/// look for it.
fn dangling(leads_to: &Path) -> io::Error {
    let what = format!("is a link to {}, which does not exist; make that file, or remove the link", leads_to.display());
    io::Error::new(ErrorKind::NotFound, what)
}

/// Why no file can be made in a folder, without the name of one that nobody has asked for.
fn unnamed(error: &io::Error, folder: &Path) -> io::Error {
    let shown = folder.display();
    let what = match error.kind() {
        ErrorKind::NotFound if !folder.exists() => format!("there is no folder {shown}"),
        ErrorKind::NotFound | ErrorKind::PermissionDenied => format!("no file may be made in the folder {shown}"),
        kind => kind.to_string(),
    };
    io::Error::new(error.kind(), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_content_stands_until_the_new_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model.json");
        fs::write(&path, "old").unwrap();
        let output = OutputFile::prepare(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        let failed = output.write(|out| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk on fire"))
        });
        assert!(failed.unwrap_err().to_string().contains("disk on fire"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        output.write(|out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing left beside the target");
    }

    #[test]
    fn preparing_creates_nothing() {
        let dir = tempfile::tempdir().unwrap();
        OutputFile::prepare(&dir.path().join("model.json")).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn impossible_targets_fail_before_the_run() {
        let dir = tempfile::tempdir().unwrap();
        assert!(OutputFile::prepare(dir.path()).is_err());
        let missing = dir.path().join("missing/model.json");
        let message = OutputFile::prepare(&missing).unwrap_err().to_string();
        assert!(message.starts_with(&missing.display().to_string()), "{message}");
        assert!(
            message.ends_with(&format!("there is no folder {}", dir.path().join("missing").display())),
            "{message}"
        );
        assert!(!message.contains(".heaviside-"), "a name that nobody has asked for: {message}");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_permissions_survive() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        OutputFile::prepare(&link).unwrap().write(|out| out.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        // A link that leads nowhere stays, and nothing comes where it leads.
        fs::remove_file(&file).unwrap();
        let message = OutputFile::prepare(&link).unwrap_err().to_string();
        assert!(message.contains(&format!("is a link to {}", file.display())), "{message}");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink() && !file.exists());
    }
}

//! Files that several processes read and write: there whole or not at all, under a format and a version.

use crate::error::Error;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The only version that is written and read.
const VERSION: u64 = 1;

/// What every file says first.
#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u64,
}

/// A field that may be `null`, and must be there.
pub(super) fn stated<'de, D: Deserializer<'de>, T: Deserialize<'de>>(field: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(field)
}

/// A file with its head.
#[derive(Serialize)]
struct Headed<'a, T> {
    format: &'static str,
    version: u64,
    #[serde(flatten)]
    content: &'a T,
}

/// A kind of file.
pub(super) trait Format: Serialize + DeserializeOwned {
    /// Its word in `format`.
    const FORMAT: &'static str;
}

/// The bytes of a file, on one line.
pub(super) fn to_bytes<T: Format>(content: &T) -> Result<Vec<u8>, Error> {
    let headed = Headed { format: T::FORMAT, version: VERSION, content };
    let mut bytes = serde_json::to_vec(&headed).map_err(|error| Error::Internal(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What stands in the bytes of a file; `path` is its name in messages.
pub(super) fn parse<T: Format>(bytes: &[u8], path: &Path) -> Result<T, Error> {
    let refuse = |what: String| Error::Cubes(format!("{}: {what}", path.display()));
    let head: Head = serde_json::from_slice(bytes)
        .map_err(|error| refuse(format!("is no file of the format \"{}\" ({error})", T::FORMAT)))?;
    if head.format != T::FORMAT {
        return Err(refuse(format!("is of the format {:?}, not \"{}\"", head.format, T::FORMAT)));
    }
    if head.version != VERSION {
        return Err(refuse(format!("is of version {}; this program reads version {VERSION}", head.version)));
    }
    serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))
}

/// The bytes of a file that has an end: devices and pipes are refused.
pub(super) fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.is_file() {
        std::fs::read(path)
    } else {
        Err(std::io::Error::new(ErrorKind::InvalidInput, "this is no file; name one"))
    }
}

pub(super) fn read<T: Format>(path: &Path) -> Result<T, Error> {
    parse(&bytes_of(path).map_err(|source| Error::file(path, source))?, path)
}

/// The same; `None` if there is no such file.
pub(super) fn read_if_there<T: Format>(path: &Path) -> Result<Option<T>, Error> {
    match bytes_of(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::file(path, source)),
        Ok(bytes) => parse(&bytes, path).map(Some),
    }
}

/// Replaces a file.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let file = beside(path, bytes)?;
    file.persist(path).map(drop).map_err(|error| Error::file(path, error.error))
}

/// Writes a file that is not there; false if it is.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    match beside(path, bytes)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::file(path, error.error)),
    }
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file(path, error)),
        _ => Ok(()),
    }
}

/// A file of another name in the same folder.
fn beside(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, Error> {
    let failed = |source| Error::file(path, source);
    let folder = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".heaviside-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What files usually get, less what the process masks.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    Ok(file)
}

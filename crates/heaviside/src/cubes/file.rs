//! Files that several processes read and write: there whole or not at all, under a format and a version.

use crate::error::Error;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Write};
use std::path::Path;

/// The only version that is written and read.
const VERSION: u64 = 1;

/// What every file says, which is read up to there: files may be long.
#[derive(Default)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

impl Head {
    /// The format and the version, or what is wrong with a text without them.
    fn read<'de, R: serde_json::de::Read<'de>>(text: R) -> Result<(String, u64), String> {
        let mut head = Self::default();
        let read = serde_json::Deserializer::new(text).deserialize_map(&mut head);
        match (head.format, head.version, read) {
            (Some(format), Some(version), _) => Ok((format, version)),
            (_, _, Err(error)) => Err(error.to_string()),
            (None, ..) => Err("missing field `format`".to_owned()),
            (_, None, _) => Err("missing field `version`".to_owned()),
        }
    }
}

impl<'de> Visitor<'de> for &mut Head {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "format" => self.format = Some(map.next_value()?),
                "version" => self.version = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.format.is_some() && self.version.is_some() {
                // Nobody sees it: the rest is left alone.
                return Err(A::Error::custom("read"));
            }
        }
        Ok(())
    }
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
    let (format, version) = Head::read(serde_json::de::SliceRead::new(bytes))
        .map_err(|error| refuse(format!("is no file of the format \"{}\" ({error})", T::FORMAT)))?;
    if format != T::FORMAT {
        return Err(refuse(format!("is of the format {format:?}, not \"{}\"", T::FORMAT)));
    }
    if version != VERSION {
        return Err(refuse(format!("is of version {version}; this program reads version {VERSION}")));
    }
    serde_json::from_slice(bytes).map_err(|error| refuse(error.to_string()))
}

/// Whether a file says that it is of a format. Cost: its beginning.
pub(super) fn is_of(path: &Path, format: &str) -> std::io::Result<bool> {
    let file = BufReader::new(opened(path)?);
    Ok(Head::read(serde_json::de::IoRead::new(file)).is_ok_and(|(found, _)| found == format))
}

/// A file that has an end: devices and pipes are refused.
fn opened(path: &Path) -> std::io::Result<File> {
    if std::fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(std::io::Error::new(ErrorKind::InvalidInput, "this is no file; name one"))
    }
}

/// Its bytes.
pub(super) fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    opened(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_and_no_more() {
        let read = |text: &str| Head::read(serde_json::de::SliceRead::new(text.as_bytes()));
        let head = Ok(("x".to_owned(), 1));
        assert_eq!(read("{\"format\":\"x\",\"version\":1,\"rest\":[[0,"), head);
        assert_eq!(read("{\"rest\":[[0]],\"version\":1,\"format\":\"x\""), head);
        for (text, word) in
            [("{\"version\":1}", "`format`"), ("{\"format\":\"x\"}", "`version`"), ("[]", "an object"), ("", "EOF")]
        {
            let error = read(text).expect_err(text);
            assert!(error.contains(word), "{text}: {error}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        std::fs::write(&path, "{\"format\":\"x\",\"version\":1,\"rest\":[[0,").expect("written");
        assert!(is_of(&path, "x").expect("there") && !is_of(&path, "y").expect("there"));
        assert!(is_of(folder.path(), "x").is_err() && is_of(&folder.path().join("none"), "x").is_err());
    }
}

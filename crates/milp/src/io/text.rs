//! The text of a file: unpacked, decoded, with one kind of line ends.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::Error;

/// Largest file, unpacked, in bytes: a few packed bytes must not fill the memory.
const LARGEST: u64 = 1 << 30;

/// The text of a file, unpacked when it starts with gzip's magic bytes (whatever its name).
///
/// # Errors
/// [`Error::Io`], also for files that are no text or too large.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let io = |source| Error::Io { path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    if is_standard(path) {
        read_all(&mut io::stdin().lock(), &mut bytes).map_err(io)?;
    } else {
        File::open(path).and_then(|mut file| read_all(&mut file, &mut bytes)).map_err(io)?;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        read_all(&mut MultiGzDecoder::new(bytes.as_slice()), &mut unpacked).map_err(damaged).map_err(io)?;
        bytes = unpacked;
    }
    decode(bytes).map_err(|what| io(io::Error::new(io::ErrorKind::InvalidData, what)))
}

fn read_all(from: &mut dyn Read, into: &mut Vec<u8>) -> io::Result<()> {
    let read = from.take(LARGEST + 1).read_to_end(into)?;
    if read as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than 1 GB (unpacked)"));
    }
    Ok(())
}

/// What is wrong with a packed file that cannot be unpacked.
fn damaged(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::FileTooLarge => error,
        kind => io::Error::new(kind, "the packed file is damaged or cut off; copy it anew"),
    }
}

/// Bytes that are not UTF-8 are Latin-1, so that no two names of an old file become one.
fn decode(bytes: Vec<u8>) -> Result<String, &'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("the file is UTF-16; save it as UTF-8");
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|failure| failure.as_bytes().iter().map(|&byte| char::from(byte)).collect()))
}

/// The text without a byte order mark, its lines ended by LF where it had CR LF or CR.
///
/// # Errors
/// [`Error::Parse`] for a NUL: no text has one.
pub(super) fn prepare<'t>(text: &'t str, path: &Path) -> Result<Cow<'t, str>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    match text.lines().position(|line| line.contains('\0')) {
        None => Ok(text),
        Some(line) => Err(Error::Parse {
            path: path.to_path_buf(),
            line: line + 1,
            message: "a NUL byte: this is no text file, or one in UTF-16; save it as UTF-8".into(),
        }),
    }
}

/// Writes a text, packed when the name ends in `.gz`.
pub(super) fn write_text(text: &str, path: &Path) -> Result<(), Error> {
    let write = || {
        if is_standard(path) {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            let mut encoder = GzEncoder::new(File::create(path)?, Compression::default());
            encoder.write_all(text.as_bytes())?;
            encoder.finish()?.sync_all()
        } else {
            std::fs::write(path, text)
        }
    };
    write().map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

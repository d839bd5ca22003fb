//! The bytes of a data file behind a window that moves: unpacked if they are packed, in an encoding that is read, and
//! asked for no longer once the caller's watch says so.
//!
//! Entry point: [`Input::open`]. The window ([`Input::window`]) grows to whatever its user needs and is never the file,
//! so reading costs the memory of the longest row. Packed files are told by their first bytes (RFC 1952), not by name.

use super::error::{DataError, DataProblem};
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Asked while something long goes on: whether to stop. Cheap, and true for good once it was.
pub type Watch<'a> = &'a (dyn Fn() -> bool + Sync);

/// The watch of those who wait for the end.
pub const NEVER: Watch<'static> = &|| false;

/// Bytes taken from the file at once, between two looks at the watch.
const CHUNK: usize = 1 << 18;
/// Most bytes that a packed file may hold: no table for a program in memory is larger, and a few bytes can claim any size.
const MOST_UNPACKED: u64 = 1 << 36;
/// How long a silent pipe may keep the watch waiting.
const PATIENCE: Duration = Duration::from_millis(100);

/// A data file that is being read.
pub(super) struct Input<'a> {
    /// Name for messages; `-` is standard input.
    pub(super) file: String,
    /// Whether it was packed.
    pub(super) packed: bool,
    reader: Box<dyn Read + 'a>,
    watch: Watch<'a>,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    taken: u64,
    most: u64,
}

impl<'a> Input<'a> {
    /// Opens a file, or standard input if `path` is `-`.
    pub(super) fn open(path: &Path, watch: Watch<'a>) -> Result<Self, DataError> {
        let failed = |source| DataError::Io { file: path.to_owned(), source };
        let name = path.display().to_string();
        if path.as_os_str() == "-" {
            return Self::new(Box::new(Pipe::new(io::stdin(), watch)), name, watch, MOST_UNPACKED);
        }
        let file = std::fs::File::open(path).map_err(failed)?;
        let regular = file.metadata().map_err(failed)?.is_file();
        let reader: Box<dyn Read> = if regular { Box::new(file) } else { Box::new(Pipe::new(file, watch)) };
        Self::new(reader, name, watch, MOST_UNPACKED)
    }

    /// Bytes in memory under a name for messages.
    pub(super) fn bytes(bytes: &'a [u8], file: &str, watch: Watch<'a>) -> Result<Self, DataError> {
        Self::new(Box::new(bytes), file.to_owned(), watch, MOST_UNPACKED)
    }

    fn new(reader: Box<dyn Read + 'a>, file: String, watch: Watch<'a>, most: u64) -> Result<Self, DataError> {
        let mut reader = BufReader::with_capacity(CHUNK, reader);
        let mut input = Self {
            file,
            packed: false,
            reader: Box::new(io::empty()),
            watch,
            buffer: vec![],
            at: 0,
            ended: false,
            taken: 0,
            most,
        };
        let head = reader.fill_buf().map_err(|source| input.failed(source))?;
        input.packed = head.starts_with(&[0x1f, 0x8b]);
        input.reader = if input.packed { Box::new(MultiGzDecoder::new(reader)) } else { Box::new(reader) };
        input.more(CHUNK)?;
        if let Some(what) = foreign(input.window()) {
            return Err(input.problem(None, DataProblem::Encoding(what)));
        }
        if input.window().starts_with(b"\xef\xbb\xbf") {
            input.consume(3);
            if input.window().starts_with(b"\xef\xbb\xbf") {
                return Err(
                    input.problem(Some(1), DataProblem::Encoding("two byte order marks; leave out one or both"))
                );
            }
        }
        Ok(input)
    }

    /// What was read and not yet consumed.
    pub(super) fn window(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    /// Whether nothing follows the window.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// The last `bytes` that left the window; they stay until it grows.
    pub(super) fn consumed(&self, bytes: usize) -> &[u8] {
        &self.buffer[self.at - bytes..self.at]
    }

    /// Moves the window's start.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Adds at least `bytes` to the window, or all that is left.
    pub(super) fn more(&mut self, bytes: usize) -> Result<(), DataError> {
        self.buffer.drain(..std::mem::take(&mut self.at));
        let wanted = self.buffer.len() + bytes.max(CHUNK);
        while !self.ended && self.buffer.len() < wanted {
            if (self.watch)() {
                return Err(DataError::Stopped { file: self.file.clone().into() });
            }
            let taken = self.reader.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer);
            let taken = taken.map_err(|source| self.failed(source))?;
            self.ended = taken == 0;
            self.taken += taken as u64;
            if self.packed && self.taken > self.most {
                return Err(self.problem(None, DataProblem::Unpacked(self.most)));
            }
        }
        Ok(())
    }

    /// An error in this file.
    pub(super) fn problem(&self, line: Option<u64>, problem: DataProblem) -> DataError {
        DataError::File { file: self.file.clone().into(), line, problem }
    }

    /// The error for one of the source, which the watch may have caused.
    fn failed(&self, source: io::Error) -> DataError {
        let file = self.file.clone().into();
        match source.raw_os_error() {
            _ if (self.watch)() => DataError::Stopped { file },
            None if self.packed => self.problem(None, DataProblem::Damaged),
            _ => DataError::Io { file, source },
        }
    }
}

/// What bytes are that are no text in UTF-8, by how they begin; with what to do.
fn foreign(head: &[u8]) -> Option<&'static str> {
    const ARCHIVE: &str = "a packed archive; unpack it (gzip alone is read as it is)";
    let known: [(&[u8], &str); 10] = [
        (b"\xff\xfe\0\0", "UTF-32 text; save the file as UTF-8"),
        (b"\0\0\xfe\xff", "UTF-32 text; save the file as UTF-8"),
        (b"\xff\xfe", "UTF-16 text; save the file as UTF-8"),
        (b"\xfe\xff", "UTF-16 text; save the file as UTF-8"),
        (b"PK\x03\x04", "a zip archive or a spreadsheet; export the table as CSV"),
        (b"\xd0\xcf\x11\xe0", "a spreadsheet of the old binary kind; export the table as CSV"),
        (b"PAR1\x15", "a Parquet file; export the table as CSV"),
        (b"BZh", ARCHIVE),
        (b"\xfd7zXZ\0", ARCHIVE),
        (b"\x28\xb5\x2f\xfd", ARCHIVE),
    ];
    if let Some((_, what)) = known.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(what);
    }
    // Without a mark: every other byte of plain text is zero.
    match head {
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some("UTF-16 text; save the file as UTF-8"),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some("UTF-16 text; save the file as UTF-8"),
        [a, 0, 0, 0, ..] | [0, 0, 0, a, ..] if *a != 0 => Some("UTF-32 text; save the file as UTF-8"),
        // No encoding that is read has a zero in text.
        _ if head.contains(&0) => Some("a file of bytes, not of text; export the table as CSV"),
        _ => None,
    }
}

/// A source that may be silent for long, read on a thread of its own so that the watch is asked meanwhile.
struct Pipe<'a> {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    used: usize,
    watch: Watch<'a>,
}

impl<'a> Pipe<'a> {
    fn new(mut source: impl Read + Send + 'static, watch: Watch<'a>) -> Self {
        const AHEAD: usize = 4;
        let (send, chunks) = sync_channel(AHEAD);
        // Ends with the source, or when nobody receives any more.
        std::thread::spawn(move || {
            loop {
                let mut chunk = vec![0; CHUNK];
                let read = match source.read(&mut chunk) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read.map(|bytes| {
                        chunk.truncate(bytes);
                        chunk
                    }),
                };
                let last = read.as_ref().map_or(true, Vec::is_empty);
                if send.send(read).is_err() || last {
                    return;
                }
            }
        });
        Self { chunks, chunk: vec![], used: 0, watch }
    }
}

impl Read for Pipe<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.used == self.chunk.len() {
            match self.chunks.recv_timeout(PATIENCE) {
                Ok(chunk) => (self.chunk, self.used) = (chunk?, 0),
                Err(RecvTimeoutError::Timeout) if (self.watch)() => {
                    return Err(io::Error::other("stopped"));
                }
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
            if self.chunk.is_empty() {
                return Ok(0);
            }
        }
        let bytes = target.len().min(self.chunk.len() - self.used);
        target[..bytes].copy_from_slice(&self.chunk[self.used..self.used + bytes]);
        self.used += bytes;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn packed_bytes_have_a_limit() {
        let bytes = packed(&vec![b'\n'; 1 << 20]);
        let read = |most| {
            let mut input = Input::new(Box::new(&bytes[..]), "data.csv".to_owned(), NEVER, most)?;
            input.more(1 << 21).map(|()| input.window().len())
        };
        assert_eq!(read(1 << 20).unwrap(), 1 << 20);
        let message = read((1 << 20) - 1).unwrap_err().to_string();
        assert_eq!(message, "data.csv: more than 1048575 bytes once unpacked; unpack the file and take what is needed");
    }

    #[test]
    fn a_silent_pipe_hears_the_watch() {
        struct Silent;
        impl Read for Silent {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                std::thread::sleep(Duration::from_secs(3600));
                Ok(0)
            }
        }
        let began = ::budget::Instant::now();
        let watch = || began.elapsed() > Duration::from_millis(50);
        let pipe: Box<dyn Read> = Box::new(Pipe::new(Silent, &watch));
        let read = Input::new(pipe, "-".to_owned(), &watch, 1);
        assert!(matches!(read.err(), Some(DataError::Stopped { .. })));
        assert!(began.elapsed() < Duration::from_secs(60));
    }
}

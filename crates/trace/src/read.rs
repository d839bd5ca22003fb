//! Reading traces, line by line.

use crate::record::{Line, Record, VERSION};
use flate2::bufread::MultiGzDecoder;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

/// Bytes of the longest line.
const LONGEST: u64 = 1 << 24;
/// How packed files begin.
const PACKED: [u8; 2] = [0x1f, 0x8b];

/// What is wrong with a trace, and where.
#[derive(Debug)]
pub struct Error {
    /// The file, as it was named.
    pub name: String,
    /// The line from 1, 0 for the file as a whole.
    pub line: u64,
    /// What is wrong, and what to do.
    pub why: String,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.name, self.why),
            line => write!(out, "{}: line {line}: {}", self.name, self.why),
        }
    }
}

impl std::error::Error for Error {}

/// The lines of a trace. The first is a [`Record::Start`] of a version that is known; what it does not know it gives as
/// [`Record::Unknown`]. A trace that ends within a line, or within a packed part, is one whose run was killed: the lines before
/// are given and [`Reader::is_torn`] says so. Memory is that of the longest line, at most 16 MB.
///
/// ```
/// use trace::{Reader, Record};
///
/// let text = "{\"e\":\"start\",\"v\":1}\n{\"e\":\"bound\",\"value\":2.5,\"t\":0.1,\"w\":40}\n{\"e\":\"bou";
/// let mut reader = Reader::new("a trace", text.as_bytes())?;
/// let lines: Vec<_> = reader.by_ref().collect::<Result<_, _>>()?;
/// assert!(matches!(&lines[1].record, Record::Bound(bound) if bound.value == Some(2.5)));
/// assert!(lines.len() == 2 && reader.is_torn());
///
/// let text = "{\"e\":\"start\",\"v\":1}\n{\"e\":\"bound\",\"value\":\"x\"}\n";
/// let wrong = Reader::new("a trace", text.as_bytes())?.find_map(Result::err).expect("x is no number");
/// assert!(wrong.to_string().starts_with("a trace: line 2: "));
/// # Ok::<(), trace::Error>(())
/// ```
pub struct Reader<'a> {
    name: String,
    source: Box<dyn BufRead + 'a>,
    buffer: Vec<u8>,
    line: u64,
    torn: bool,
    over: bool,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reader").field("name", &self.name).field("line", &self.line).finish_non_exhaustive()
    }
}

impl Reader<'static> {
    /// A file, packed by gzip or not by its first bytes.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Self::new(name, file),
            Err(error) => Err(Error { name, line: 0, why: error.to_string() }),
        }
    }
}

impl<'a> Reader<'a> {
    /// From anything that can be read, packed or not, with a name for messages.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn new(name: impl Into<String>, source: impl Read + 'a) -> Result<Self, Error> {
        let name = name.into();
        // The first bytes are looked at without taking more from a pipe than it has.
        let mut source = BufReader::with_capacity(1 << 16, source);
        let first = loop {
            match source.fill_buf() {
                Ok(bytes) => break bytes.iter().copied().take(2).collect::<Vec<u8>>(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Error { name, line: 0, why: error.to_string() }),
            }
        };
        // A pipe may bring one byte alone at first: text does not begin as packed files do.
        let packed = first.first() == PACKED.first() && first.get(1).is_none_or(|byte| *byte == PACKED[1]);
        let source: Box<dyn BufRead + 'a> =
            if packed { Box::new(BufReader::new(MultiGzDecoder::new(source))) } else { Box::new(source) };
        Ok(Self { name, source, buffer: vec![], line: 0, torn: false, over: false })
    }

    /// The name that messages give it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line that was given last, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Whether the trace ended within a line; known once the lines are over.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.torn
    }

    fn error(&self, why: impl Into<String>) -> Error {
        Error { name: self.name.clone(), line: self.line, why: why.into() }
    }

    /// The next line, `None` at the end.
    fn read(&mut self) -> Result<Option<Line<'static>>, Error> {
        loop {
            self.buffer.clear();
            self.line += 1;
            let read = (&mut self.source).take(LONGEST).read_until(b'\n', &mut self.buffer);
            match read {
                // A packed part that ends too early: so did the run.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof && self.line > 1 => {
                    self.torn = true;
                    return Ok(None);
                }
                Err(error) => return Err(self.unreadable(&error)),
                Ok(0) if self.line == 1 => return Err(self.error("it is empty, and no trace")),
                Ok(0) => return Ok(None),
                Ok(_) => {}
            }
            let is_whole = self.buffer.last() == Some(&b'\n');
            if !is_whole && self.buffer.len() as u64 >= LONGEST {
                return Err(self.error(format!("longer than {LONGEST} bytes: this is no trace")));
            }
            if self.buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return match serde_json::from_slice(&self.buffer) {
                Ok(line) => self.known(line).map(Some),
                Err(_) if !is_whole && self.line > 1 => {
                    self.torn = true;
                    Ok(None)
                }
                Err(error) => Err(self.error(wrong(&error))),
            };
        }
    }

    /// The line, if a trace may have it here.
    fn known(&self, line: Line<'static>) -> Result<Line<'static>, Error> {
        match &line.record {
            Record::Start(start) if start.v == VERSION && self.line == 1 => Ok(line),
            Record::Start(start) if self.line == 1 => Err(self.error(format!(
                "a trace of version {}; this program reads version {VERSION}: use the program that wrote it, or a newer one",
                start.v
            ))),
            Record::Start(_) => Err(self.error("a second start: one file holds one run")),
            _ if self.line == 1 => Err(self.error("a trace begins with a line whose \"e\" is \"start\"")),
            _ => Ok(line),
        }
    }

    fn unreadable(&self, error: &io::Error) -> Error {
        match error.kind() {
            ErrorKind::InvalidInput | ErrorKind::InvalidData => self.error(format!("packed, but damaged: {error}")),
            _ => self.error(error.to_string()),
        }
    }
}

/// What is wrong with a line, with the column.
fn wrong(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match error.column() {
        0 => format!("no line of a trace: {text}"),
        column => format!("column {column}: no line of a trace: {text}"),
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Line<'static>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.read().transpose();
        self.over = !matches!(read, Some(Ok(_)));
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    const TEXT: &str = "{\"e\":\"start\",\"v\":1,\"command\":\"solve\"}\n\n{\"e\":\"restart\",\"count\":1,\"t\":0.5,\"w\":3}\r\n{\"e\":\"new\"}\n";

    fn packed(text: &str) -> Vec<u8> {
        let mut out = GzEncoder::new(vec![], Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    }

    fn all(bytes: &[u8]) -> (Vec<Line<'static>>, Option<String>, bool) {
        let mut reader = match Reader::new("t.jsonl", bytes) {
            Ok(reader) => reader,
            Err(error) => return (vec![], Some(error.to_string()), false),
        };
        let (mut lines, mut error) = (vec![], None);
        for line in reader.by_ref() {
            match line {
                Ok(line) => lines.push(line),
                Err(wrong) => error = Some(wrong.to_string()),
            }
        }
        (lines, error, reader.is_torn())
    }

    #[test]
    fn plain_and_packed_files_say_the_same() {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in [("a.jsonl", TEXT.as_bytes().to_vec()), ("b", packed(TEXT))] {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let lines: Vec<_> = Reader::open(&path).unwrap().collect::<Result<_, _>>().unwrap();
            assert_eq!(lines.len(), 3);
            assert_eq!((lines[1].t, lines[1].w, &lines[2].record), (0.5, 3, &Record::Unknown));
        }
        let missing = Reader::open(&dir.path().join("none")).unwrap_err().to_string();
        assert!(missing.contains("none: "), "{missing}");
    }

    #[test]
    fn what_a_killed_run_leaves_is_read() {
        let (lines, error, torn) = all(&TEXT.as_bytes()[..TEXT.len() - 4]);
        assert_eq!((lines.len(), error, torn), (2, None, true));
        let long = TEXT.to_owned() + &"{\"e\":\"bound\",\"value\":1.5,\"t\":0.5,\"w\":3}\n".repeat(1000);
        let bytes = packed(&long);
        let (lines, error, torn) = all(&bytes[..bytes.len() - 9]);
        assert!(error.is_none() && torn && lines.len() > 2, "{error:?} {torn}");
        // The end of a line that is complete without its end is taken.
        let (lines, error, torn) = all(TEXT.trim_end().as_bytes());
        assert_eq!((lines.len(), error, torn), (3, None, false));
    }

    #[test]
    fn errors_name_file_and_line() {
        let start = "{\"e\":\"start\",\"v\":1}\n";
        for (text, part) in [
            (String::new(), "t.jsonl: line 1: it is empty"),
            ("x,y\n1,2\n".to_owned(), "t.jsonl: line 1: column 1: no line of a trace"),
            ("{\"e\":\"restart\",\"count\":1}\n".to_owned(), "line 1: a trace begins with"),
            ("{\"e\":\"start\",\"v\":2}\n".to_owned(), "line 1: a trace of version 2"),
            (start.repeat(2), "line 2: a second start"),
            (format!("{start}\n{{\"e\":\"restart\"}}\n"), "line 3: "),
            (format!("{start}[1]\n"), "line 2: "),
        ] {
            let (_, error, _) = all(text.as_bytes());
            assert!(error.as_ref().is_some_and(|error| error.contains(part)), "{text}: {error:?}");
        }
        let mut damaged = packed(TEXT);
        let middle = damaged.len() / 2;
        damaged[middle..middle + 4].fill(0xff);
        assert!(all(&damaged).1.is_some_and(|error| error.contains("damaged")));
        let (_, error, _) = all(&vec![b' '; (1 << 24) + 1]);
        assert!(error.is_some_and(|error| error.contains("longer than")));
    }
}

//! Where text comes from: a named stream, read line by line with a limit on the length of a line.

use crate::Error;
use crate::budget::{Budget, Spent};
use crate::limits;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Bytes that are read before the budget is asked.
const BLOCK: u64 = 1 << 16;

/// A named stream of text.
pub struct Source<'a> {
    name: String,
    reader: Box<dyn BufRead + 'a>,
    line: u64,
    budget: Budget,
    /// The last word was followed by the end of its line.
    line_ended: bool,
}

impl<'a> Source<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// [`Error::Unreadable`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Ok(Self::new(name, BufReader::new(file))),
            Err(reason) => Err(Error::Unreadable { file: name, reason }),
        }
    }

    /// Any reader (standard input, a decompressor, a byte slice) under a name for messages.
    pub fn new(name: impl Into<String>, reader: impl BufRead + 'a) -> Self {
        Self { name: name.into(), reader: Box::new(reader), line: 0, budget: Budget::default(), line_ended: false }
    }

    /// With a budget that it shares with the other files of a check, instead of one of its own.
    #[must_use]
    pub fn within(self, budget: &Budget) -> Self {
        Self { budget: budget.clone(), ..self }
    }

    /// The budget of the check.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Takes note of steps beside reading.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), Error> {
        self.budget.spend(steps).map_err(|spent| self.unfinished(spent))
    }

    /// Takes note of memory that is about to be allocated.
    pub(crate) fn hold(&self, count: usize, size: usize) -> Result<(), Error> {
        self.budget.hold(count, size).map_err(|spent| self.unfinished(spent))
    }

    /// The check ends on the current line.
    pub(crate) fn unfinished(&self, Spent(what): Spent) -> Error {
        Error::Unfinished { file: self.name.clone(), line: self.line, what }
    }

    /// The name for messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The number of the line read last, from 1; 0 before the first.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next line into `text`, without its end (LF or CRLF) and, on the first line, without a byte order
    /// mark. False at the end of the stream.
    pub(crate) fn next_line(&mut self, text: &mut String) -> Result<bool, Error> {
        let mut bytes = std::mem::take(text).into_bytes();
        bytes.clear();
        let limit = limits::LINE_BYTES as u64 + 1;
        let read = self.reader.by_ref().take(limit).read_until(b'\n', &mut bytes);
        let read = read.map_err(|reason| Error::Unreadable { file: self.name.clone(), reason })?;
        if read == 0 {
            return Ok(false);
        }
        self.budget.read(read).map_err(|spent| self.unfinished(spent))?;
        self.line += 1;
        if read as u64 == limit {
            return Err(self.malformed(format!("line longer than {} bytes", limits::LINE_BYTES)));
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        let Ok(line) = String::from_utf8(bytes) else {
            return Err(self.malformed("not UTF-8 text"));
        };
        *text = line;
        if self.line == 1 && text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(true)
    }

    /// Reads the next word between ASCII blanks into `word`, at most `limit` bytes of it. A word that starts with
    /// `comment` is skipped with the rest of its line. False at the end of the stream.
    pub(crate) fn next_word(&mut self, word: &mut String, limit: usize, comment: u8) -> Result<bool, Error> {
        let mut bytes = std::mem::take(word).into_bytes();
        bytes.clear();
        let mut in_comment = false;
        self.line = self.line.max(1) + u64::from(std::mem::take(&mut self.line_ended));
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(reason) if reason.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(reason) => return Err(Error::Unreadable { file: self.name.clone(), reason }),
            };
            if buffer.is_empty() {
                break;
            }
            let mut used = 0;
            let mut ended = false;
            for &byte in buffer {
                used += 1;
                let blank = byte.is_ascii_whitespace();
                if blank && !bytes.is_empty() {
                    // The line counts as ended when the word after it is read.
                    self.line_ended = byte == b'\n';
                    ended = true;
                    break;
                }
                self.line += u64::from(byte == b'\n');
                in_comment = (in_comment && byte != b'\n') || (!blank && bytes.is_empty() && byte == comment);
                if !blank && !in_comment {
                    bytes.push(byte);
                }
                if bytes.len() > limit {
                    return Err(self.malformed(format!("a word longer than {limit} bytes")));
                }
            }
            self.reader.consume(used);
            self.budget.read(used).map_err(|spent| self.unfinished(spent))?;
            if ended {
                break;
            }
        }
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(self.malformed("not UTF-8 text"));
        };
        *word = text;
        Ok(!word.is_empty())
    }

    /// Reads all that is left, at most `limit` bytes.
    pub(crate) fn read_whole(&mut self, limit: usize) -> Result<String, Error> {
        let bytes = self.read_bytes(limit)?;
        String::from_utf8(bytes).map_err(|_| self.malformed("not UTF-8 text"))
    }

    /// Reads all that is left of a file that may be old, at most `limit` bytes: a byte order mark is left out, CR LF and
    /// CR end lines as LF does, and bytes that are not UTF-8 are Latin-1, so that no two names become one.
    pub(crate) fn read_lines(&mut self, limit: usize) -> Result<String, Error> {
        let bytes = self.read_bytes(limit)?;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(self.malformed("UTF-16; save it as UTF-8"));
        }
        let text =
            String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
        let plain = !text.starts_with('\u{feff}') && !text.contains(['\r', '\0']);
        if plain {
            return Ok(text);
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
        match (1..).zip(text.lines()).find(|(_, line)| line.contains('\0')) {
            None => Ok(text),
            Some((line, _)) => Err(self.malformed_at(line, "a NUL byte: no text file, or one in UTF-16")),
        }
    }

    /// Reads all that is left, at most `limit` bytes.
    pub(crate) fn read_bytes(&mut self, limit: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        loop {
            let read = self.reader.by_ref().take(BLOCK).read_to_end(&mut bytes);
            let read = read.map_err(|reason| Error::Unreadable { file: self.name.clone(), reason })?;
            self.budget.read(read).map_err(|spent| self.unfinished(spent))?;
            if bytes.len() > limit {
                return Err(self.malformed(format!("larger than {limit} bytes")));
            }
            if read == 0 {
                return Ok(bytes);
            }
        }
    }

    /// A format error on the current line.
    pub(crate) fn malformed(&self, what: impl Into<String>) -> Error {
        self.malformed_at(self.line, what)
    }

    /// A format error on another line.
    pub(crate) fn malformed_at(&self, line: u64, what: impl Into<String>) -> Error {
        Error::Malformed { file: self.name.clone(), line, what: what.into() }
    }

    /// A false or unproven claim; `line` 0 for the file as a whole.
    pub(crate) fn refuted_at(&self, line: u64, what: impl Into<String>) -> Error {
        Error::Refuted { file: self.name.clone(), line, what: what.into() }
    }
}

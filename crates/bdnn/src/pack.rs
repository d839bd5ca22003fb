//! Writing files that may be packed (gzip, RFC 1952).

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// A writer that packs what it is given, or hands it on as it is. What is not finished is lost.
#[derive(Debug)]
pub struct Packer<W: Write> {
    way: Way<W>,
    level: Compression,
}

/// `None` only while bytes are handed on in between.
#[derive(Debug)]
enum Way<W: Write> {
    Plain(Option<W>),
    Packed(Option<GzEncoder<W>>),
}

impl<W: Write> Packer<W> {
    /// Hands on to `out`, packed or not.
    #[must_use]
    pub fn new(out: W, packed: bool) -> Self {
        Self::at_level(out, packed, Compression::default())
    }

    /// As [`Packer::new`], packed less tightly and in a third of the time: for what comes during a search.
    #[must_use]
    pub fn fast(out: W, packed: bool) -> Self {
        Self::at_level(out, packed, Compression::fast())
    }

    fn at_level(out: W, packed: bool, level: Compression) -> Self {
        let way = if packed { Way::Packed(Some(GzEncoder::new(out, level))) } else { Way::Plain(Some(out)) };
        Self { way, level }
    }

    /// Lets `write` put bytes behind what was written so far as they are, packed already if this packer packs: packed files are
    /// sequences of members (section 2.2), so nothing is packed anew.
    ///
    /// # Errors
    /// Those of writing.
    pub fn with_inner<T>(&mut self, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        match &mut self.way {
            Way::Plain(out) => write(out.as_mut().ok_or_else(spent)?),
            Way::Packed(encoder) => {
                let mut out = encoder.take().ok_or_else(spent)?.finish()?;
                let written = write(&mut out);
                *encoder = Some(GzEncoder::new(out, self.level));
                written
            }
        }
    }

    /// Writes the end, and gives back what stands below.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(self) -> io::Result<W> {
        match self.way {
            Way::Plain(out) => out.ok_or_else(spent),
            Way::Packed(encoder) => encoder.ok_or_else(spent)?.finish(),
        }
    }
}

fn spent() -> io::Error {
    io::Error::other("an earlier failure of this file")
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.way {
            Way::Plain(out) => out.as_mut().ok_or_else(spent)?.write(bytes),
            Way::Packed(encoder) => encoder.as_mut().ok_or_else(spent)?.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::Plain(out) => out.as_mut().ok_or_else(spent)?.flush(),
            Way::Packed(encoder) => encoder.as_mut().ok_or_else(spent)?.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::bufread::MultiGzDecoder;
    use std::io::Read;

    /// What was packed apart and put in between comes out in its place.
    #[test]
    fn members_follow_one_another() {
        for packed in [false, true] {
            let mut part = Packer::fast(vec![], packed);
            part.write_all(b"in between\n").unwrap();
            let part = part.finish().unwrap();
            let mut whole = Packer::new(vec![], packed);
            whole.write_all(b"before\n").unwrap();
            whole.with_inner(|out| out.write_all(&part)).unwrap();
            whole.write_all(b"after\n").unwrap();
            let bytes = whole.finish().unwrap();
            let mut text = String::new();
            if packed {
                MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
            } else {
                text = String::from_utf8(bytes).unwrap();
            }
            assert_eq!(text, "before\nin between\nafter\n");
        }
    }
}

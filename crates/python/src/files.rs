//! Files for the checker, packed or not.

use checker::{Budget, Source};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// What a packed file may unpack to: this, and as many bytes for each of its own. What packs to a thousandth was made to fill a disk.
const UNPACKED: u64 = 1 << 26;
const UNPACKED_PER_BYTE: u64 = 200;

/// Opens a file; what starts like gzip is unpacked.
pub fn open(path: &Path, budget: &Budget) -> io::Result<Source<'static>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    let packed = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let reader: Box<dyn BufRead> = if packed {
        let most = UNPACKED.saturating_add(UNPACKED_PER_BYTE.saturating_mul(size));
        Box::new(BufReader::new(Limited { inner: MultiGzDecoder::new(reader), left: most }))
    } else {
        Box::new(reader)
    };
    Ok(Source::new(path.display().to_string(), reader).within(budget))
}

/// A stream that is refused beyond its limit.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| io::Error::other("it unpacks to far more than its size; unpack it yourself"))?;
        Ok(read)
    }
}

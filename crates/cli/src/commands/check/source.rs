//! Files for the checker: packed or not, or standard input.

use crate::console::Console;
use crate::failure::Failure;
use crate::global::is_dash;
use checker::{Budget, Format, Model, Source, limits};
use flate2::bufread::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// Bytes that any packed file may unpack to, and more for each of its own bytes. Certificates and proofs pack to a tenth; what
/// packs to a thousandth was made to fill a disk or a day.
const UNPACKED: u64 = 1 << 26;
const UNPACKED_PER_BYTE: u64 = 200;

/// Opens a file for the checker, as [`reader`] does.
pub fn open(path: &Path, budget: &Budget) -> Result<Source<'static>, Failure> {
    Ok(Source::new(path.display().to_string(), reader(path)?).within(budget))
}

/// All of a file that is kept whole, as [`reader`] gives it.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = limits::DATA_BYTES as u64;
    reader(path)?.take(most + 1).read_to_end(&mut bytes).map_err(|source| Failure::file(path, source))?;
    if bytes.len() as u64 > most {
        return Err(Failure::Input(format!("{}: larger than {most} bytes", path.display())));
    }
    Ok(bytes)
}

/// A stream that counts what was read from it.
struct Counted<R> {
    inner: R,
    read: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

/// What a packed stream unpacks to, as long as that is in proportion to it.
struct Unpacked<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| match error.raw_os_error() {
            None => io::Error::new(error.kind(), "the packed file is damaged or cut off; copy it anew"),
            Some(_) => error,
        })?;
        self.unpacked += read as u64;
        let packed = self.packed.get();
        if self.unpacked > UNPACKED.saturating_add(UNPACKED_PER_BYTE.saturating_mul(packed)) {
            let what = format!("{packed} packed bytes unpack to more than {} bytes; unpack it yourself", self.unpacked);
            return Err(io::Error::other(what));
        }
        Ok(read)
    }
}

/// Opens a file; `-` is standard input, and what starts like gzip is unpacked.
fn reader(path: &Path) -> Result<Box<dyn BufRead>, Failure> {
    let failed = |source| Failure::file(path, source);
    let mut reader: Box<dyn BufRead> = if is_dash(path) {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(failed)?))
    };
    let packed = reader.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
    if !packed {
        return Ok(reader);
    }
    let count = Rc::new(Cell::new(0));
    let counted = BufReader::new(Counted { inner: reader, read: Rc::clone(&count) });
    Ok(Box::new(BufReader::new(Unpacked { inner: MultiGzDecoder::new(counted), packed: count, unpacked: 0 })))
}

/// Reads a model in the format that its name or its first word tells.
pub fn model(path: &Path, budget: &Budget) -> Result<Model, Failure> {
    Ok(Model::read(open(path, budget)?, Format::of_name(&path.display().to_string()))?)
}

/// The same, and warns of what the file does not say as it seems to.
pub fn model_with_remarks(path: &Path, budget: &Budget, console: &Console) -> Result<Model, Failure> {
    let model = model(path, budget)?;
    for remark in &model.remarks {
        console.warn(&format!("{}:{}: {}", path.display(), remark.line, remark.what));
    }
    Ok(model)
}

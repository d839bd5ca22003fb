//! Files for the checker: packed or not, or standard input.

use crate::args::is_dash;
use crate::failure::Failure;
use checker::{Format, Model, Source};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Opens a file for the checker, as [`reader`] does.
pub fn open(path: &Path) -> Result<Source<'static>, Failure> {
    Ok(Source::new(path.display().to_string(), reader(path)?))
}

/// All of a file, as [`reader`] gives it.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    reader(path)?.read_to_end(&mut bytes).map_err(|source| Failure::file(path, source))?;
    Ok(bytes)
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
    Ok(if packed { Box::new(BufReader::new(MultiGzDecoder::new(reader))) } else { reader })
}

/// Reads a model in the format that its name or its first word tells.
pub fn model(path: &Path) -> Result<Model, Failure> {
    Ok(Model::read(open(path)?, Format::of_name(&path.display().to_string()))?)
}

//! Reading and writing model and solution files.
//!
//! [`read_model`] and [`write_model`] choose the format by extension (`.mps`, `.lp`, each also with `.gz`); the path
//! `-` is standard input or output. [`parse_mps`], [`parse_lp`], [`to_mps`], [`to_lp`] work on text in memory.
//! Whatever is read and written again is the same model, bit for bit.
//!
//! Invariants: a reader never panics and never guesses; what it does not understand is an [`Error::Parse`] with file,
//! line and advice. Features beyond linear models (semi-continuous columns, special ordered sets, quadratic terms,
//! indicator rows) are refused rather than ignored.

mod lp_lexer;
mod lp_reader;
mod lp_writer;
mod mps_reader;
mod mps_writer;
mod number;
mod solution;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

use crate::{Error, Model};

pub use lp_reader::parse_lp;
pub use lp_writer::to_lp;
pub use mps_reader::parse_mps;
pub use mps_writer::to_mps;
pub use solution::{parse_solution, read_solution, to_solution, write_solution};

/// A model file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Mathematical Programming System, fixed or free.
    Mps,
    /// The CPLEX LP format.
    Lp,
}

impl Format {
    /// The format that the extension names, before `.gz`; `None` for any other.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "mps" => Some(Self::Mps),
            "lp" => Some(Self::Lp),
            _ => None,
        }
    }

    /// Guesses the format of a text without a telling name: LP files open with the sense of their objective.
    fn of_text(text: &str) -> Self {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['*', '\\']));
        let word = line.unwrap_or("").split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        if word.starts_with("min") || word.starts_with("max") { Self::Lp } else { Self::Mps }
    }
}

/// Reads a model; `-` is standard input. Files without `.mps` or `.lp` in their name are told apart by their first
/// word.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Parse`] when it cannot be understood.
pub fn read_model(path: &Path) -> Result<Model, Error> {
    read(path, Precision::Rounded)
}

/// Like [`read_model`], and refuses files whose numbers (or sums of numbers that form one side of a row) are not the
/// shortest decimals of the floats they are read as. Then the model is exactly that of the file, which a certificate needs.
///
/// # Errors
/// Those of [`read_model`], and [`Error::Parse`] for numbers with more digits than a float holds.
pub fn read_model_exactly(path: &Path) -> Result<Model, Error> {
    read(path, Precision::Exact)
}

fn read(path: &Path, precision: Precision) -> Result<Model, Error> {
    let text = read_text(path)?;
    match Format::of_path(path).unwrap_or_else(|| Format::of_text(&text)) {
        Format::Mps => mps_reader::parse(&text, path, precision),
        Format::Lp => lp_reader::parse(&text, path, precision),
    }
}

/// What happens to a number that a float cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precision {
    Rounded,
    /// It is an error.
    Exact,
}

/// Writes a model; `-` is standard output. Names other than `.lp` (and `.lp.gz`) mean MPS.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written, [`Error::Model`] when a name cannot stand in that format.
pub fn write_model(model: &Model, path: &Path) -> Result<(), Error> {
    let text = match Format::of_path(path).unwrap_or(Format::Mps) {
        Format::Mps => to_mps(model)?,
        Format::Lp => to_lp(model)?,
    };
    write_text(&text, path)
}

/// The text of a file, unpacked when it starts with gzip's magic bytes (whatever its name). Bytes that are not UTF-8
/// become replacement characters: they only matter in names.
fn read_text(path: &Path) -> Result<String, Error> {
    let io = |source| Error::Io { path: path.to_path_buf(), source };
    let mut bytes = Vec::new();
    if is_standard(path) {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(io)?;
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map_err(io)?;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).map_err(io)?;
        bytes = unpacked;
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|failure| String::from_utf8_lossy(failure.as_bytes()).into_owned()))
}

/// Writes a text, packed when the name ends in `.gz`.
fn write_text(text: &str, path: &Path) -> Result<(), Error> {
    let write = || {
        if is_standard(path) {
            let mut out = std::io::stdout().lock();
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

/// Refuses models whose names are empty or not unique, or fail `allowed`; files refer to rows and columns by name.
fn check_names(model: &Model, format: &str, allowed: impl Fn(&str) -> bool) -> Result<(), Error> {
    let refuse = |message| Err(Error::Model { model: model.name.clone(), message });
    let check = |what: &str, names: &mut Vec<&str>| {
        if let Some(name) = names.iter().find(|name| !allowed(name)) {
            return refuse(format!("the {what} name '{name}' cannot stand in an {format} file; rename it"));
        }
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => refuse(format!("two {what}s are named '{}'; files need unique names", pair[0])),
            None => Ok(()),
        }
    };
    check("column", &mut model.variables.iter().map(|var| var.name.as_str()).collect())?;
    check("row", &mut model.rows.iter().map(|row| row.name.as_str()).collect())
}

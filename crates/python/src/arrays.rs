//! Arrays that come as bytes, and go so.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The bytes of a number.
const BYTES: usize = 8;

/// Rows of `n` numbers, one after the other.
pub struct Rows {
    numbers: Vec<f64>,
    n: usize,
}

impl Rows {
    /// From the bytes of a row-major array of binary64.
    pub fn new(bytes: &[u8], n: usize) -> PyResult<Self> {
        let numbers = numbers(bytes)?;
        if n == 0 || numbers.len() % n != 0 {
            return Err(PyValueError::new_err(format!("{} numbers make no rows of {n}", numbers.len())));
        }
        Ok(Self { numbers, n })
    }

    /// A slice a row.
    pub fn slices(&self) -> Vec<&[f64]> {
        self.numbers.chunks_exact(self.n).collect()
    }
}

/// The numbers of an array of binary64.
pub fn numbers(bytes: &[u8]) -> PyResult<Vec<f64>> {
    read(bytes, f64::from_ne_bytes)
}

/// Classes by their numbers, each below `classes`.
pub fn labels(bytes: &[u8], classes: usize) -> PyResult<Vec<usize>> {
    let labels = read(bytes, i64::from_ne_bytes)?;
    let class = |label: i64| {
        let class = usize::try_from(label).ok().filter(|class| *class < classes);
        class.ok_or_else(|| PyValueError::new_err(format!("class {label} of {classes}")))
    };
    labels.into_iter().map(class).collect()
}

/// The bytes of an array of 64-bit integers.
pub fn integers(numbers: &[usize]) -> Vec<u8> {
    numbers.iter().flat_map(|&number| (number as i64).to_ne_bytes()).collect()
}

/// The bytes of an array of binary64.
pub fn floats(numbers: Vec<f64>) -> Vec<u8> {
    numbers.into_iter().flat_map(f64::to_ne_bytes).collect()
}

fn read<T>(bytes: &[u8], number: impl Fn([u8; BYTES]) -> T) -> PyResult<Vec<T>> {
    let (chunks, rest) = bytes.as_chunks::<BYTES>();
    if !rest.is_empty() {
        return Err(PyValueError::new_err(format!("{} bytes are no array of 64-bit numbers", bytes.len())));
    }
    Ok(chunks.iter().map(|&chunk| number(chunk)).collect())
}

//! How large a model will be, before it is built.

use crate::Error;
use bdnn::Problem;

/// Entries of the largest model that anybody should wait for.
const MOST_ENTRIES: f64 = 5e8;

/// Bytes of an entry in the model, with its share of names and rows: measured, as the others, at 20 features and 20,000 to 100,000
/// points.
const BYTES_BUILT: f64 = 40.0;
/// Bytes of an entry in the solver: the model, its columns and rows for the simplex method, and for propagation.
const BYTES_SOLVED: f64 = 250.0;
/// Bytes of an entry in a file of the model, beside the model.
const BYTES_WRITTEN: f64 = 60.0;

/// The size of the model of a problem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Entries of the matrix, about.
    pub entries: f64,
}

/// What is done with a model, and so how much memory it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is built.
    Build,
    /// It is built and written down.
    Write,
    /// It is built and solved.
    Solve,
}

impl Size {
    /// Cost O(m) at most.
    #[must_use]
    pub fn of(problem: &Problem) -> Self {
        let widths = problem.architecture.widths();
        let points = problem.points.len() as f64;
        let parts = problem.partition.as_ref();
        let parts = parts.map_or(points, |parts| parts.iter().max().map_or(0.0, |most| *most as f64 + 1.0));
        let layer = |(k, pair): (usize, &[usize])| {
            let (inputs, outputs) = (pair[0] as f64, pair[1] as f64);
            // Two rows a neuron, in the first layer one pair a point; in later layers four short rows a product as well.
            if k == 0 { points * outputs * 2.0 * (inputs + 2.0) } else { parts * outputs * (12.0 * inputs + 4.0) }
        };
        Self { entries: widths.windows(2).enumerate().map(layer).sum() }
    }

    /// Of so many models.
    #[must_use]
    pub(crate) fn times(self, count: usize) -> Self {
        Self { entries: self.entries * count as f64 }
    }

    /// A program with a row a point, over weights, bias and margin.
    #[must_use]
    pub(crate) fn of_rows(points: usize, features: usize) -> Self {
        Self { entries: points as f64 * (features as f64 + 2.0) }
    }

    /// About how many bytes a use of the model takes.
    #[must_use]
    pub fn bytes(self, purpose: Use) -> f64 {
        self.entries
            * match purpose {
                Use::Build => BYTES_BUILT,
                Use::Write => BYTES_BUILT + BYTES_WRITTEN,
                Use::Solve => BYTES_SOLVED,
            }
    }

    /// Refuses what does not fit into `room` bytes (`None`: there is no telling), and what nobody should wait for.
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub fn check(self, purpose: Use, room: Option<u64>) -> Result<(), Error> {
        let (entries, bytes) = (self.entries, self.bytes(purpose));
        if entries <= MOST_ENTRIES && room.is_none_or(|room| bytes <= room as f64) {
            return Ok(());
        }
        Err(Error::TooLarge { entries, gigabytes: bytes / 1e9, room: room.map(|room| room as f64 / 1e9) })
    }
}

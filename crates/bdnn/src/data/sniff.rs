//! What the first rows of a text say of its form: the delimiter, and delimiters that end every line.

use super::cell::{Cell, classify, decimal_comma};
use super::error::DataError;
use super::input::Input;
use super::lexer::{ROW_BYTES, Sample, sample};

/// Rows that the form is judged by.
const SAMPLE_ROWS: usize = 50;

/// The form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) delimiter: u8,
    /// Columns at the end that are empty in every sampled row, the header included: delimiters that end the lines.
    pub(super) trailing: usize,
    /// Whether every cell of the first row stands in quotes and no number of the second does, as programs write a header that
    /// quote text and nothing else.
    pub(super) quoted_header: bool,
}

impl Form {
    /// Looks at the first rows, which stay in the window.
    pub(super) fn sniff(input: &mut Input<'_>) -> Result<Self, DataError> {
        loop {
            let samples = [b'\t', b';', b',']
                .map(|delimiter| (delimiter, sample(input.window(), input.ended(), delimiter, SAMPLE_ROWS)));
            if samples.iter().all(|(_, sample)| sample.whole) || input.window().len() > ROW_BYTES {
                return Ok(Self::of(samples));
            }
            input.more(input.window().len())?;
        }
    }

    /// The delimiter under which the rows look most like a table: equal widths first, then numbers, then columns; on a tie
    /// the one that is rarer in text. A decimal comma counts as part of a number here, so that such a file is refused
    /// for its numbers rather than cut at them. Where no delimiter makes columns, one that meets a faulty quote does: the quote is
    /// what is wrong, not the delimiter.
    fn of(samples: [(u8, Sample); 3]) -> Self {
        let is_number = |cell: &str| matches!(classify(cell), Cell::Number(_)) || decimal_comma(cell);
        let no_table = samples.iter().all(|(_, sample)| sample.rows.iter().all(|row| row.len() == 1));
        let score = |sample: &Sample| {
            let rows = &sample.rows;
            let width = rows.first().map_or(0, Vec::len);
            let even = width > 1 && rows.iter().all(|row| row.len() == width);
            let numbers = rows.iter().flatten().filter(|(cell, _)| is_number(cell)).count();
            (no_table && sample.faulty, even, numbers, width)
        };
        let [mut best, semicolon, comma] = samples.map(|(delimiter, sample)| (score(&sample), delimiter, sample.rows));
        for other in [semicolon, comma] {
            if other.0 > best.0 {
                best = other;
            }
        }
        let (_, delimiter, rows) = best;
        let width = rows.iter().map(Vec::len).min().unwrap_or(0);
        let even = rows.iter().all(|row| row.len() == width);
        let empty = |j: usize| rows.iter().all(|row| row[j].0.is_empty());
        // One column stays, whatever it holds.
        let trailing = if even { (1..width).rev().take_while(|&j| empty(j)).count() } else { 0 };
        let quoted_header = match &rows[..] {
            [first, second, ..] => {
                first.iter().all(|(cell, quoted)| *quoted || cell.is_empty())
                    && first.iter().any(|(_, quoted)| *quoted)
                    && second.iter().any(|(cell, quoted)| !quoted && is_number(cell))
                    && second.iter().all(|(cell, quoted)| !quoted || !is_number(cell))
            }
            _ => false,
        };
        Self { delimiter, trailing, quoted_header }
    }
}

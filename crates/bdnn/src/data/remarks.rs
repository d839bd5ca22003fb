//! What a reader found beside the rows: the form of the file, and what a user should know before the rows are used.

/// The form of a file and remarks on its content, which name columns and lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remarks {
    /// Whether the first row is a header.
    pub header: bool,
    /// Between the cells.
    pub delimiter: char,
    /// Whether the file was packed (gzip).
    pub packed: bool,
    /// Empty, unnamed columns at the end that were left out.
    pub trailing: usize,
    /// What is no cause for concern.
    pub notes: Vec<String>,
    /// What may be.
    pub warnings: Vec<String>,
}

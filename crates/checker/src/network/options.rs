//! How data is read.

/// How the data is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Leave out rows with a missing value, instead of refusing the file.
    pub drop_missing: bool,
    /// Whether the first row is a header, where the file does not tell.
    pub header: Option<bool>,
    /// The training rows, by the line each starts on and in the order of training, if other rows were kept apart.
    /// Nobody has to be trusted for it: only the right rows in the right order have the model's fingerprint.
    pub lines: Option<Vec<u64>>,
}

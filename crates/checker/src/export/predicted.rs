//! What an exported network says of a row.

/// The class of a row, or why there is none.
pub(super) enum Predicted {
    /// By its place, and whether nothing was rounded on the way.
    Class { class: usize, is_exact: bool },
    /// A feature that it does not take, and why.
    NotTaken(String),
    /// What the form does not define, at this line of the file (0 where there are none).
    Fault(u64, String),
}

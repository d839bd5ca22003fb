//! What one cell of a data file is.

/// The kinds of cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// Empty, `?`, `NA` or `NaN`, the last two in any case.
    Missing,
    /// A finite number.
    Number(f64),
    /// Infinite as written, or too large for a float.
    NotFinite,
    /// Anything else.
    Text,
}

/// Classifies a trimmed cell.
pub(super) fn classify(cell: &str) -> Cell {
    if cell.is_empty() || cell == "?" || cell.eq_ignore_ascii_case("na") || cell.eq_ignore_ascii_case("nan") {
        return Cell::Missing;
    }
    match cell.parse::<f64>() {
        Ok(value) if value.is_finite() => Cell::Number(value),
        Ok(value) if value.is_infinite() => Cell::NotFinite,
        Ok(_) => Cell::Missing,
        Err(_) => Cell::Text,
    }
}

/// Whether a cell is a number but for its decimal comma. Such files are refused, with a message that says so.
pub(super) fn decimal_comma(cell: &str) -> bool {
    cell.contains(',') && matches!(classify(&cell.replacen(',', ".", 1)), Cell::Number(_))
}

/// A cell as it may stand in a message.
pub(super) fn shorten(cell: &str) -> String {
    const LONGEST: usize = 40;
    if cell.chars().count() <= LONGEST {
        return cell.escape_debug().collect();
    }
    let head: String = cell.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    format!("{head}..")
}

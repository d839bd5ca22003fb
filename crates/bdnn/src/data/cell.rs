//! What one cell of a data file is.

/// The kinds of cells in a column of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing, or a word for it: see [`classify`].
    Missing,
    /// A finite number.
    Number(f64),
    /// Infinite as written, too large for a float, or with more digits or a larger exponent than any number needs.
    NotFinite,
    /// Anything else.
    Text,
}

/// Most characters of a number, and the largest decimal exponent.
const MOST_CHARS: usize = 100_000;
const MOST_EXPONENT: u64 = 5_000;

/// Classifies a trimmed cell of a column of numbers. Missing, in any case: what [`is_missing`] says, `none`, `-`, `--`
/// and `.`.
pub(super) fn classify(cell: &str) -> Cell {
    let Some(first) = cell.bytes().next() else { return Cell::Missing };
    if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.') {
        match cell.parse::<f64>() {
            Ok(value) if value.is_nan() => return Cell::Missing,
            Ok(value) if value.is_finite() && is_moderate(cell, value) => return Cell::Number(value),
            Ok(_) => return Cell::NotFinite,
            Err(_) => {}
        }
    }
    let is = |word: &str| cell.eq_ignore_ascii_case(word);
    if is_missing(cell) || ["none", "-", "--", "."].into_iter().any(is) {
        Cell::Missing
    } else if is("inf") || is("infinity") {
        Cell::NotFinite
    } else {
        Cell::Text
    }
}

/// Whether a trimmed cell of any column, the label included, is missing: nothing, `?`, `NA`, `N/A`, `#N/A`, `<NA>`, `NaN`
/// or `null`, in any case. (`-` and `none` may well be classes.)
pub(super) fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 9] = ["?", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "+nan", "null"];
    cell.is_empty() || (cell.len() <= 4 && WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word)))
}

/// Whether a number stays within the limits on its length and exponent.
fn is_moderate(cell: &str, value: f64) -> bool {
    // Any other number is moderate: an exponent beyond the limit takes as many digits to come back from.
    if value != 0.0 && cell.len() < MOST_EXPONENT as usize - 400 {
        return true;
    }
    let exponent = cell.find(['e', 'E']).map_or("", |at| cell[at + 1..].trim_start_matches(['+', '-']));
    let exponent = exponent.trim_start_matches('0');
    cell.len() <= MOST_CHARS && (exponent.is_empty() || exponent.parse::<u64>().is_ok_and(|e| e <= MOST_EXPONENT))
}

/// Whether a cell is a number but for its decimal comma. Such files are refused, with a message that says so.
pub(super) fn decimal_comma(cell: &str) -> bool {
    cell.contains(',') && matches!(classify(&cell.replacen(',', ".", 1)), Cell::Number(_))
}

/// Why a text that is no number may have been meant as one, and what to do.
pub(super) fn hint(cell: &str) -> Option<&'static str> {
    let digits = cell.bytes().any(|byte| byte.is_ascii_digit());
    let number = |text: &str| matches!(classify(text.trim()), Cell::Number(_));
    let without = |marks: &[char]| number(&cell.replace(marks, ""));
    if !digits {
        let truth = ["true", "false", "yes", "no"].iter().any(|word| cell.eq_ignore_ascii_case(word));
        return truth.then_some("write 1 and 0 for yes and no (or is this the label? then say --label)");
    }
    if decimal_comma(cell) {
        return Some(
            "numbers are written with a decimal point: replace the decimal comma (or leave it out if it divides thousands)",
        );
    }
    if cell.contains([',', ';']) {
        return Some(
            "numbers are written with a decimal point, without thousands separators, and one delimiter divides all \
             columns",
        );
    }
    let bare = cell.trim_start_matches(['+', '-']);
    if bare.len() > 2 && bare.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x")) {
        return Some("hexadecimal numbers are not read; write it in decimals");
    }
    if cell.ends_with('%') && number(cell.trim_end_matches('%')) {
        return Some("leave out the percent sign");
    }
    if without(&[' ', '\'', '_', '\u{a0}', '\u{202f}', '\u{2019}']) || cell.matches('.').count() > 1 && without(&['.'])
    {
        return Some("numbers are written without thousands separators");
    }
    if cell.contains(['d', 'D']) && number(&cell.replace(['d', 'D'], "e")) {
        return Some("the exponent is written with e");
    }
    if cell.contains('\u{2212}') && number(&cell.replace('\u{2212}', "-")) {
        return Some("the sign is not the minus of the keyboard");
    }
    None
}

/// What may divide a line that is one cell, or why it is none of the table.
pub(super) fn undivided(cell: &str) -> &'static str {
    if cell.starts_with('#') {
        "; the line begins with #, but there are no comments in such a file: leave it out"
    } else if cell.starts_with("%PDF-") {
        "; this is a PDF document and no table of text: export the table as CSV"
    } else if cell.starts_with('<') {
        "; this is a page of HTML or XML and no table of text: get the file that it shows"
    } else if cell.contains(char::is_control) {
        "; these are bytes and no table of text: export the table as CSV"
    } else if cell.contains('|') {
        "; `|` stands here: replace it"
    } else if cell.split_whitespace().count() > 1 {
        "; blanks stand here: replace them"
    } else {
        ""
    }
}

/// Up to a dozen names for a message.
pub(super) fn list(names: &[String]) -> String {
    const MOST: usize = 12;
    let mut text = names.iter().take(MOST).map(|name| shorten(name)).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(", ..");
    }
    text
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

/// The first cells of a row, for a message.
pub(super) fn list_cells(cells: &[String]) -> String {
    cells.iter().take(8).map(|cell| shorten(cell)).collect::<Vec<_>>().join(", ")
}

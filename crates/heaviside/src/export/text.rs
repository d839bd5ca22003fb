//! Names that come from files, as they may stand in C.

use bdnn::acts;
use std::fmt::Write as _;

/// A name within a comment: nothing ends the comment, begins another, or acts on who sees it.
pub(super) fn in_comment(name: &str) -> String {
    let escaped: String =
        name.chars().flat_map(|c| if acts(c) { c.escape_default().collect() } else { vec![c] }).collect();
    // A backslash at the end of a line would join it with the next, and so would the trigraph for it.
    let escaped = escaped.replace('\\', "/").replace("*/", "* /").replace("/*", "/ *").replace("//", "/ /");
    escaped.replace("??", "? ?")
}

/// A string literal of ASCII: bytes beyond as octal escapes, which end after three digits. `?` begins no trigraph.
pub(super) fn literal(text: &str) -> String {
    let mut out = "\"".to_owned();
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' | b'?' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => write!(out, "\\{byte:03o}").expect("strings take it"),
        }
    }
    out.push('"');
    out
}

/// Values with commas between, in lines of at most `width` characters behind an indent.
pub(super) fn listed(values: impl IntoIterator<Item = String>, width: usize) -> String {
    const INDENT: &str = "    ";
    let (mut out, mut line) = (String::new(), String::new());
    for value in values {
        if !line.is_empty() && INDENT.len() + line.len() + value.len() + 2 > width {
            out += &format!("{INDENT}{}\n", line.trim_end());
            line.clear();
        }
        line += &value;
        line += ", ";
    }
    out += &format!("{INDENT}{}\n", line.trim_end().trim_end_matches(','));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_nothing_in_comments() {
        assert_eq!(in_comment("a */ b // c\u{1b}[1m"), "a * / b / / c/u{1b}[1m");
        // Text that is turned around would show another program than the compiler reads.
        assert_eq!(in_comment("\u{202e}x\u{2069}\u{61c}"), "/u{202e}x/u{2069}/u{61c}");
    }
}

//! Characters of names that do something where a name is shown.

/// Whether a character does something to a terminal, a page or a source file instead of being seen: control characters, separators of lines and paragraphs, and those
/// that turn the direction of text or have no width.
///
/// ```
/// assert!("größer 変数".chars().all(|c| !bdnn::acts(c)));
/// assert!(bdnn::acts('\u{1b}') && bdnn::acts('\u{202e}'));
/// ```
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
